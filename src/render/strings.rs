//! Every word that residents read and no report says: one file a language, overridden key by key by a site.

use crate::diag::{Finding, Span, Words};
use crate::fields::{self, Complaints};
use crate::source::ThemeText;
use std::collections::BTreeMap;

/// Strings by `table.key`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Strings {
    words: BTreeMap<String, String>,
}

impl Strings {
    /// Reads the files of one language in overlay order; the first is the built-in one and says which keys there are.
    pub fn read(files: &[ThemeText]) -> (Strings, Vec<Finding>) {
        let mut strings = Strings::default();
        let mut found = Vec::new();
        for (place, file) in files.iter().enumerate() {
            let mut complaints = Complaints::new(&file.file, 0);
            let mut top = fields::read(&file.text, &mut complaints);
            for (table, value) in top.rest() {
                let Some(mut inner) = value.fields(&table.value) else {
                    complaints.add("parse/value-type", table.span, Words::new("应是 [表] 下的一项", "must stand under a [table]"));
                    continue;
                };
                for (key, value) in inner.rest() {
                    let name = format!("{}.{}", table.value, key.value);
                    match value.text() {
                        None => {
                            complaints.add("parse/value-type", value.span(), Words::new("应是文字", "must be text"));
                        }
                        Some(text) => strings.take(&name, key.span, value.span(), text, place == 0, &mut complaints),
                    }
                }
            }
            found.extend(complaints.found.into_iter().map(|diagnostic| diagnostic.locate(&file.text)));
        }
        (strings, found)
    }

    fn take(&mut self, name: &str, key: Span, value: Span, text: &str, first: bool, complaints: &mut Complaints<'_>) {
        match self.words.get(name) {
            None if !first => fields::unknown_key(name, name, key, self.words.keys().map(String::as_str), complaints),
            Some(known) if placeholders(text).any(|wanted| !placeholders(known).any(|have| have == wanted)) => {
                let have: Vec<String> = placeholders(known).map(|name| format!("{{{name}}}")).collect();
                let words = Words::new(format!("这里只能用 {}", have.join(" ")), format!("only {} can stand here", have.join(" ")));
                complaints.add("parse/value-invalid", value, words);
            }
            _ => {
                self.words.insert(name.to_string(), text.to_string());
            }
        }
    }

    /// The string of a key.
    ///
    /// # Panics
    /// If there is none: keys are constants of the program, held by tests.
    pub fn get(&self, key: &str) -> &str {
        self.words.get(key).unwrap_or_else(|| panic!("no string `{key}`"))
    }

    /// The string of a key that may be missing: names of parts and levels that a site has added.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }

    /// The string with `{name}` replaced by values.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = String::new();
        let mut rest = self.get(key);
        while let Some(at) = rest.find('{') {
            let Some(end) = rest[at..].find('}') else { break };
            text.push_str(&rest[..at]);
            let name = &rest[at + 1..at + end];
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => text.push_str(value),
                None => panic!("`{key}` wants {{{name}}}"),
            }
            rest = &rest[at + end + 1..];
        }
        text.push_str(rest);
        text
    }

    /// All strings as nested tables, for templates.
    pub fn tables(&self) -> BTreeMap<&str, BTreeMap<&str, &str>> {
        let mut tables: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for (name, text) in &self.words {
            let (table, key) = name.split_once('.').expect("names are made of two parts");
            tables.entry(table).or_default().insert(key, text);
        }
        tables
    }
}

fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Layer, Theme};

    fn file(text: &str) -> ThemeText {
        ThemeText { name: "zh-CN".into(), layer: Layer::Site, file: "i18n/zh-CN.toml".into(), text: text.into() }
    }

    #[test]
    fn a_site_overrides_single_keys() {
        let base = file("[a]\nx = \"{n}件\"\ny = \"乙\"\n");
        let (strings, found) = Strings::read(&[base.clone(), file("[a]\nx = \"共{n}件\"\n")]);
        assert!(found.is_empty());
        assert_eq!((strings.fill("a.x", &[("n", "3")]).as_str(), strings.get("a.y")), ("共3件", "乙"));
        let (strings, found) = Strings::read(&[base, file("[a]\nxx = \"1\"\ny = \"{n}\"\n")]);
        assert_eq!(found.iter().map(|found| found.diagnostic.rule.code).collect::<Vec<_>>(), ["parse/key-unknown", "parse/value-invalid"]);
        assert_eq!(strings.get("a.y"), "乙");
    }

    #[test]
    fn languages_have_the_same_keys_and_places() {
        let read = |language| {
            let (strings, found) = Strings::read(&Theme::built_in(language).strings);
            assert!(found.is_empty(), "{found:?}");
            assert!(!strings.words.is_empty());
            let shape = |(key, text): (&String, &String)| {
                let mut names: Vec<String> = placeholders(text).map(str::to_string).collect();
                names.sort();
                names.dedup();
                (key.clone(), names)
            };
            strings.words.iter().map(shape).collect::<Vec<_>>()
        };
        let (zh, en) = (read("zh-CN"), read("en"));
        for (zh, en) in zh.iter().zip(&en) {
            assert_eq!(zh, en);
        }
        assert_eq!(zh.len(), en.len());
    }
}
