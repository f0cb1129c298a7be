//! Names of bodies and phrases of indicators, made ready once for a portal and found in any text.

use crate::diag::{Diagnostic, Words};
use crate::model::{Body, BodyId, BodyTree, Level, Registry};
use crate::text::said::Phrases;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Names and phrases made ready once for a portal.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Every body's name, to be found in one pass.
    names: Option<AhoCorasick>,
    /// The names with the bodies that bear them.
    named: Vec<(String, Vec<BodyId>)>,
    /// How texts state an indicator.
    phrases: Phrases,
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
        let (phrases, broken) = Phrases::new(registry);
        let broken = broken.into_iter().map(|(indicator, cause)| {
            let key = &registry.indicator(indicator).key;
            let words = Words::new(
                format!("指标 {key} 的 said 或 listed 不是正确的表达式：{cause}"),
                format!("`said` or `listed` of the indicator {key} is no pattern: {cause}"),
            );
            Diagnostic::new("form/file-broken", "indicators.toml", None, words)
        });
        let broken = broken.collect();
        (Lexicon { names, named, phrases }, broken)
    }

    /// How texts state indicators.
    pub(super) fn phrases(&self) -> &Phrases {
        &self.phrases
    }

    /// How the body may call itself: its names, its predecessors' and its county's, with and without 人民政府.
    pub(super) fn own_names(&self, tree: &BodyTree, body: &Body) -> Vec<String> {
        let mut names = Vec::new();
        let mut add = |title: &str| {
            let short = title.trim_end_matches("人民政府").trim_end_matches("办事处").to_string();
            // 云溪 of 云溪镇: departments and offices shorten names.
            if let Some(stem) = short.strip_suffix(['镇', '乡', '县', '区', '市', '局']).filter(|stem| stem.chars().count() >= 2) {
                names.push(stem.to_string());
            }
            names.push(short);
        };
        add(&body.title);
        body.former_names.iter().for_each(|name| add(&name.title));
        body.predecessors.iter().for_each(|id| add(&tree.body(*id).title));
        names
    }

    /// Names of bodies in a text that are neither the body's own nor its kin's.
    pub(super) fn others(&self, tree: &BodyTree, body: &Body, text: &str) -> Vec<(String, Range<usize>)> {
        let Some(names) = &self.names else { return Vec::new() };
        let mut found = Vec::new();
        for hit in names.find_iter(text) {
            let (name, ids) = &self.named[hit.pattern().as_usize()];
            // A name that several bodies share says nothing; kin are named by right.
            let foreign = !ids.iter().any(|id| is_kin(tree, body, *id))
                && !self.own_names(tree, body).iter().any(|own| own.contains(name.as_str()) || name.contains(own.as_str()));
            if foreign {
                found.push((name.clone(), hit.start()..hit.end()));
            }
        }
        found
    }
}

fn is_kin(tree: &BodyTree, body: &Body, other: BodyId) -> bool {
    let above = |mut id: BodyId, wanted: BodyId| loop {
        if id == wanted {
            return true;
        }
        match tree.body(id).parent {
            Some(parent) => id = parent,
            None => return false,
        }
    };
    let merged = |one: &Body, two: BodyId| one.succeeded_by == Some(two) || one.predecessors.contains(&two);
    let joined = tree.body(other).succeeded_by.is_some_and(|successor| body.succeeded_by == Some(successor));
    // A department's work is in the townships of its county.
    let field = body.level == Level::Department && body.parent.is_some_and(|parent| above(other, parent));
    above(body.id, other) || above(other, body.id) || merged(body, other) || joined || field || tree.body(other).level == Level::Department
}
