//! Words of the reports and marks of the portal, each explained in plain language: what tables, labels and marks lead to.

use crate::text::labels::label_key;
use serde::Deserialize;
use std::collections::HashMap;

/// A word or mark with what it means.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explained {
    /// Its anchor on the glossary page.
    pub id: String,
    /// The word as reports and pages print it.
    pub term: String,
    /// The same in English.
    pub term_en: String,
    /// One to three plain sentences.
    pub text: String,
    /// The same in English.
    pub text_en: String,
    /// Source of law.
    pub law: Option<String>,
    /// Heads of columns and rows of statutory tables that it explains.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// The built-in glossary.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Glossary {
    /// Marks that stand where a number or a change would.
    pub marks: Vec<Explained>,
    /// Words of the reports.
    pub words: Vec<Explained>,
    by_label: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    mark: Vec<Explained>,
    term: Vec<Explained>,
}

impl Glossary {
    /// The glossary that comes with the program.
    ///
    /// # Panics
    /// Never in a released binary: a unit test reads the same bytes.
    pub fn built_in() -> Glossary {
        let raw: Raw = toml::from_str(include_str!("glossary.toml")).expect("the built-in glossary is held by a test");
        let labels = raw.term.iter().enumerate().flat_map(|(place, word)| word.labels.iter().map(move |label| (label_key(label), place)));
        Glossary { by_label: labels.collect(), marks: raw.mark, words: raw.term }
    }

    /// The word that explains a head of a statutory table, however it is spaced.
    pub fn of_label(&self, label: &str) -> Option<&Explained> {
        self.by_label.get(&label_key(label)).map(|place| &self.words[*place])
    }

    /// Marks, then words.
    pub fn all(&self) -> impl Iterator<Item = &Explained> {
        self.marks.iter().chain(&self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_is_whole_and_has_an_anchor_of_its_own() {
        let glossary = Glossary::built_in();
        let mut ids = BTreeSet::new();
        for entry in glossary.all() {
            assert!(ids.insert(&entry.id), "{} stands twice", entry.id);
            assert!(entry.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", entry.id);
            for text in [&entry.term, &entry.term_en, &entry.text, &entry.text_en] {
                assert!(!text.trim().is_empty(), "{}", entry.id);
            }
            assert!(entry.text.ends_with('。') && entry.text_en.ends_with('.'), "{}: a sentence ends", entry.id);
        }
    }

    #[test]
    fn heads_of_the_statutory_tables_are_explained() {
        let glossary = Glossary::built_in();
        for head in ["自然人", "商业企业", "总计", "结果维持", "本年制发件数", "现行有效件数", "本年收费金额 （单位：万元）"]
        {
            assert!(glossary.of_label(head).is_some(), "{head}");
        }
        assert!(glossary.of_label("甲").is_none());
    }
}
