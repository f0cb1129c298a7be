//! What an output is made from, as the output itself asked for it: the memory that tells a later build whether it is stale.
//!
//! Pages reach facts, plan and indexes through a portal that writes down each question. If every answer is what it was, the bytes are
//! what they were; if one differs, that is the reason why the page is made again.

use crate::model::{BodyId, IndicatorId, Year};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The part of facts and sums that a list page is made from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub enum Part {
    /// Figures of a year and of the one before it.
    Year(Year),
    /// One indicator in all years.
    Indicator(IndicatorId),
}

/// One question.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub enum Key {
    /// What a body has filed, and where its years stand on the day.
    Facts(BodyId),
    /// A part of what a body states, without texts.
    FactsIn(BodyId, Part),
    /// Every indicator that some published report states.
    Stated,
    /// What a body has filed, without figures and texts.
    Filed(BodyId),
    /// What all bodies have filed, without figures and texts.
    AllFiled,
    /// First words of sections of a body's reports.
    Excerpts(BodyId),
    /// Those of one section.
    ExcerptsIn(BodyId, String),
    /// Sums and filing counts of a body and of its children.
    Totals(BodyId),
    /// A part of the sums of a body's children, with their filing counts.
    SumsIn(BodyId, Part),
    /// The pages of a body's own reports.
    Pages(BodyId),
    /// The year and indicator pages of a body's children.
    Below(BodyId),
    /// The lists of the portal: documents, sections, filing, findings.
    Lists,
    /// Every address of the portal.
    Addresses,
    /// Whether a page stands at an address.
    Address(String),
    /// Whether the site has a file at an address.
    File(String),
    /// Who cites a document, and whether it has a page.
    Document(String),
    /// All documents that have a page.
    Documents,
    /// Which bodies have words in a statutory section.
    Section(String),
    /// Reports whose text links to an address.
    Backlinks(String),
    /// Open and accepted findings of a file.
    FindingsIn(String),
    /// All findings.
    Findings,
    /// Where search begins.
    Search,
    /// The day of the build.
    Today,
}

/// The questions of one output, each once.
#[derive(Debug, Default)]
pub struct Asked(Mutex<BTreeSet<Key>>);

impl Asked {
    /// Writes a question down.
    pub fn note(&self, key: Key) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
    }

    /// All questions, in order.
    pub fn into_keys(self) -> Vec<Key> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
    }
}

/// Why an output is made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// No build of this program, for this folder and configuration, is remembered.
    Unknown,
    /// Templates, strings, configuration, forms, bodies or the program changed: all pages are made.
    Everything,
    /// The output was not made before, or what was made is not in the folder any more.
    New,
    /// A source file of its own changed.
    Source,
    /// What it asked for has another answer.
    Answer(Key),
}
