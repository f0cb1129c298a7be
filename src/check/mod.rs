//! What is wrong beyond the writing, and why: figures, days, form, text, reuse, private data, links.
//!
//! Comes in: reports with their text, last year's beside them, links found while reading, the plan, the facts. Goes out: findings. It
//! repairs nothing. One file a family; every rule stands in [`RULES`](crate::diag::RULES) and has its page in `docs/checks`.

mod accepts;
mod dates;
mod figures;
mod fixes;
mod forms;
mod links;
mod privacy;
mod reuse;
mod series;
mod statements;
mod subject;
mod words;

pub use accepts::{Settled, Standing, settle};
pub use dates::missing;
pub use fixes::fixed;
pub use links::{Pending, link, links};
pub use privacy::privacy;
pub use reuse::{Pieces, ReuseIndex, Shared, Sketch, other_body, shared};
pub use series::{Series, children};
pub use subject::{Read, Subject, joined};

use crate::diag::Diagnostic;
use crate::model::{BodyId, BodyTree, IndicatorId, Registry};
use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use std::collections::BTreeMap;

/// Names and phrases made ready once for a portal.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Every body's name, to be found in one pass.
    names: Option<AhoCorasick>,
    /// The names with the bodies that bear them.
    named: Vec<(String, Vec<BodyId>)>,
    /// How texts state an indicator.
    said: Vec<(IndicatorId, Vec<Regex>)>,
}

impl Lexicon {
    /// Names of all bodies and the registry's phrases.
    ///
    /// What is wrong with a site's own phrases comes beside it.
    pub fn new(registry: &Registry, tree: &BodyTree) -> (Lexicon, Vec<Diagnostic>) {
        let mut named: BTreeMap<String, Vec<BodyId>> = BTreeMap::new();
        for body in tree.iter() {
            for title in std::iter::once(&body.title).chain(body.former_names.iter().map(|name| &name.title)) {
                named.entry(title.clone()).or_default().push(body.id);
            }
        }
        // Two characters are a word as often as a name.
        let named: Vec<(String, Vec<BodyId>)> = named.into_iter().filter(|(name, _)| name.chars().count() >= 3).collect();
        let names = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(named.iter().map(|(name, _)| name)).ok();
        let (said, broken) = statements::patterns(registry);
        (Lexicon { names, named, said }, broken)
    }

    fn said(&self) -> &[(IndicatorId, Vec<Regex>)] {
        &self.said
    }
}

/// Everything wrong with one report.
pub fn report(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    figures::figures(subject.registry, subject.body.level, subject.report, subject.last.map(|last| &last.report), &mut found);
    // A draft is still being written: what is missing is not yet wrong.
    if subject.report.draft {
        return found;
    }
    figures::empty(subject, &mut found);
    figures::without_unit(subject, &mut found);
    statements::statements(subject, &mut found);
    dates::dates(subject, &mut found);
    forms::forms(subject, &mut found);
    words::words(subject, &mut found);
    if let Some(last) = subject.last {
        reuse::last_year(subject.report, subject.paragraphs, subject.pieces, last, &mut found);
    }
    found
}
