//! The registry's patterns made ready, and where they fit a sentence.

use super::beside::{Beside, Signs, around_number, is_of_number};
use super::known::{Known, shape};
use super::pattern::{always_has, expanded, is_of_clause, names_digits, needles};
use super::{NOTHING, STOPS};
use crate::model::{IndicatorId, Registry};
use crate::text::numerals;
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The registry's patterns, ready to be found.
#[derive(Debug, Default)]
pub struct Phrases {
    phrases: Vec<Phrase>,
    /// Those that fit within a clause and to which all digits are alike: what they fit is known of every clause of the same shape.
    /// Names and places make every sentence another, and leave most of its clauses as they were.
    of_clause: Needles,
    /// Those that reach over clauses, and labels, to which all digits are alike.
    alike: Needles,
    /// Those that name a number, 12345热线.
    naming: Needles,
    /// What phrases want beside their numbers.
    signs: Signs,
    clauses: Mutex<Known>,
    sentences: Mutex<Known>,
}

/// Whether an indicator is asked for, or leads to one that is.
pub(super) type Asked<'a> = &'a dyn Fn(IndicatorId) -> bool;

/// A pattern that is none: its indicator, and what is wrong.
pub type Broken = Vec<(IndicatorId, String)>;

#[derive(Debug)]
struct Phrase {
    indicator: IndicatorId,
    /// Made ready when a text first holds its needle: most phrases of the registry are in no report of a county.
    pattern: OnceLock<Option<Regex>>,
    source: String,
    /// A whole label of a list.
    listed: bool,
    /// What has to stand beside its number.
    beside: Beside,
}

/// Words by which it is told what phrases a text may fit.
#[derive(Debug, Default)]
struct Needles {
    needles: Option<AhoCorasick>,
    /// The sets of words that each needle is in.
    of: Vec<Vec<usize>>,
    sets: usize,
    /// Phrases in the order of the registry; every text that one fits has a word of each of its sets.
    phrases: Vec<(usize, Vec<usize>)>,
}

/// A phrase that fits a sentence: places in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fit {
    pub(super) indicator: IndicatorId,
    pub(super) number: Option<Range<usize>>,
    pub(super) words: Range<usize>,
    /// Whether the words say that the number is that of each of several things.
    pub(super) joint: bool,
    /// Where the label of a list ends that it is.
    pub(super) label: Option<usize>,
    /// Its place in the registry.
    phrase: usize,
}

impl Phrases {
    /// The patterns of a registry; what is wrong with a site's own comes beside it.
    pub fn new(registry: &Registry) -> (Phrases, Broken) {
        let (mut phrases, mut broken) = (Phrases::default(), Broken::new());
        let (mut of_clause, mut alike, mut naming) = (Vec::new(), Vec::new(), Vec::new());
        // Labels are told apart by one another, so all of them are of one kind.
        let labels_name = registry.indicators().iter().flat_map(|indicator| &indicator.listed).any(|listed| names_digits(listed));
        for indicator in registry.indicators() {
            for (written, listed) in indicator.said.iter().map(|said| (said, false)).chain(indicator.listed.iter().map(|listed| (listed, true))) {
                let expanded = expanded(written);
                let source = if listed { format!("^(?:{expanded})") } else { expanded };
                // The built-in patterns are held by a test.
                if !registry.is_built_in(indicator.id)
                    && let Err(cause) = Regex::new(&source)
                {
                    broken.push((indicator.id, cause.to_string()));
                    continue;
                }
                let kind = match listed {
                    true if labels_name => &mut naming,
                    true => &mut alike,
                    false if names_digits(written) => &mut naming,
                    false if is_of_clause(written) && (around_number(written).is_some() || always_has(written, &NOTHING)) => &mut of_clause,
                    false => &mut alike,
                };
                kind.push((phrases.phrases.len(), needles(written)));
                let beside = phrases.signs.wanted(written);
                phrases.phrases.push(Phrase { indicator: indicator.id, pattern: OnceLock::new(), source, listed, beside });
            }
        }
        (phrases.of_clause, phrases.alike, phrases.naming) = (Needles::of(of_clause), Needles::of(alike), Needles::of(naming));
        (phrases, broken)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Every phrase that fits a sentence: what is said, in the order of the registry, then labels as they stand in it. None if none of
    /// them is asked for: most sentences of a report are about other things.
    pub(super) fn fits(&self, registry: &Registry, sentence: &str, asked: Asked<'_>) -> Vec<Fit> {
        let mut fits = Vec::new();
        let mut start = 0;
        for clause in sentence.split(['，', '；']) {
            // Both commas are of one length.
            let moved = |place: &Range<usize>| start + place.start..start + place.end;
            if clause.contains(is_of_number) || NOTHING.iter().any(|word| clause.contains(word)) {
                let known = self.known(&self.clauses, clause, |shape| self.search(self.of_clause.candidates(shape), registry, shape));
                fits.extend(known.iter().map(|fit| Fit { number: fit.number.as_ref().map(moved), words: moved(&fit.words), ..fit.clone() }));
            }
            start += clause.len() + '，'.len_utf8();
        }
        let (alike, naming) = (self.alike.candidates(sentence), self.naming.candidates(sentence));
        let leads = |place: &usize| asked(self.phrases[*place].indicator);
        if !fits.iter().any(|fit| asked(fit.indicator)) && !alike.iter().chain(&naming).any(leads) {
            return Vec::new();
        }
        if !alike.is_empty() {
            fits.extend_from_slice(&self.known(&self.sentences, sentence, |shape| self.search(alike, registry, shape)));
        }
        fits.extend(self.search(naming, registry, sentence));
        fits.sort_by_key(|fit| (fit.label, fit.phrase));
        if fits.iter().any(|fit| asked(fit.indicator)) { fits } else { Vec::new() }
    }

    /// What fits all texts of a shape: known, or found.
    fn known(&self, known: &Mutex<Known>, text: &str, find: impl FnOnce(&str) -> Vec<Fit>) -> Arc<[Fit]> {
        let known = || known.lock().unwrap_or_else(PoisonError::into_inner);
        let shape = shape(text);
        let seen = known().get(&shape);
        seen.unwrap_or_else(|| {
            let found: Arc<[Fit]> = find(&shape).into();
            known().add(shape.into(), Arc::clone(&found));
            found
        })
    }

    /// Where candidates fit a text.
    fn search(&self, candidates: Vec<usize>, registry: &Registry, sentence: &str) -> Vec<Fit> {
        let mut fits = Vec::new();
        if candidates.is_empty() {
            return fits;
        }
        let beside = self.signs.of(sentence);
        for &place in candidates.iter().filter(|place| !self.phrases[**place].listed) {
            let phrase = &self.phrases[place];
            // Most candidates fit nothing, and asking that costs less than looking for their groups.
            let Some(pattern) = phrase.pattern().filter(|pattern| phrase.beside.meets(beside) && pattern.is_match(sentence)) else { continue };
            let number_group = pattern.capture_names().position(|name| name == Some("n"));
            let mut groups = pattern.capture_locations();
            let mut from = 0;
            while let Some(whole) = pattern.captures_read_at(&mut groups, sentence, from) {
                let joint = whole.as_str().contains(['均', '都']);
                let number = number_group.and_then(|group| groups.get(group)).map(|(start, end)| start..end);
                fits.push(Fit { indicator: phrase.indicator, number, words: whole.range(), joint, label: None, phrase: place });
                from = whole.end().max(from + 1);
                while !sentence.is_char_boundary(from) && from < sentence.len() {
                    from += 1;
                }
                if from >= sentence.len() {
                    break;
                }
            }
        }
        let listed: Vec<usize> = candidates.into_iter().filter(|place| self.phrases[*place].listed).collect();
        if !listed.is_empty() {
            self.labels(&listed, registry, sentence, &mut fits);
        }
        fits
    }

    /// Labels of lists: each label whole, before its number.
    fn labels(&self, listed: &[usize], registry: &Registry, sentence: &str, fits: &mut Vec<Fit>) {
        // 村（居）委会 is one label.
        let joined = |at: usize, c: char| match c {
            '（' => sentence[at..].chars().skip(1).take(5).any(|c| c == '）'),
            '）' => sentence[..at].chars().rev().take(5).any(|c| c == '（'),
            _ => false,
        };
        let stops = sentence.char_indices().filter(|(at, c)| STOPS.contains(c) && !joined(*at, *c)).map(|(at, c)| (at, at + c.len_utf8()));
        let mut start = 0;
        for (stop, next) in stops.chain([(sentence.len(), sentence.len())]) {
            let label = &sentence[start..stop];
            start = next;
            if !label.contains(|c: char| c.is_ascii_digit() || numerals::is_numeral(c)) {
                continue;
            }
            let beside = self.signs.of(label);
            let labels = without_leads(label);
            for &place in listed.iter().filter(|place| self.phrases[**place].beside.meets(beside)) {
                let phrase = &self.phrases[place];
                let Some(pattern) = phrase.pattern() else { continue };
                let Some((at, caught)) = labels.iter().find_map(|label| Some((stop - label.len(), pattern.captures(label)?))) else { continue };
                if registry.indicator(phrase.indicator).part == "classes" && self.is_joint(listed, phrase.indicator, &sentence[..stop - label.len()]) {
                    continue;
                }
                let whole = caught.get(0).expect("group 0");
                let number = caught.name("n").map(|n| at + n.start()..at + n.end());
                fits.push(Fit { indicator: phrase.indicator, number, words: at..at + whole.end(), joint: false, label: Some(stop), phrase: place });
            }
        }
    }

    /// Whether the label before, joined by 、 and without a number of its own, is another class: 安全生产、应急管理类信息5条 are of both.
    fn is_joint(&self, listed: &[usize], own: IndicatorId, before: &str) -> bool {
        let Some(before) = before.strip_suffix('、') else { return false };
        let label = before.rsplit(STOPS).next().unwrap_or_default();
        if label.is_empty() || label.contains(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let counted = format!("{label}1条");
        let labels = without_leads(&counted);
        let others = listed.iter().map(|place| &self.phrases[*place]).filter(|phrase| phrase.indicator != own);
        others.filter_map(Phrase::pattern).any(|pattern| labels.iter().any(|label| pattern.is_match(label)))
    }
}

impl Needles {
    /// Phrases by their places, each with its sets of words.
    fn of(phrases: Vec<(usize, Vec<Vec<String>>)>) -> Needles {
        let (mut sets, mut words): (BTreeMap<Vec<String>, usize>, BTreeMap<String, Vec<usize>>) = Default::default();
        let mut number = |set: Vec<String>| {
            let next = sets.len();
            *sets.entry(set).or_insert_with_key(|set| {
                set.iter().for_each(|word| words.entry(word.clone()).or_default().push(next));
                next
            })
        };
        let phrases = phrases.into_iter().map(|(place, sets)| (place, sets.into_iter().map(&mut number).collect())).collect();
        Needles { needles: AhoCorasick::new(words.keys()).ok(), of: words.into_values().collect(), sets: sets.len(), phrases }
    }

    /// Phrases that may fit a text, in the order of the registry.
    fn candidates(&self, text: &str) -> Vec<usize> {
        let mut met = vec![self.needles.is_none(); self.sets];
        for hit in self.needles.iter().flat_map(|needles| needles.find_overlapping_iter(text)) {
            self.of[hit.pattern().as_usize()].iter().for_each(|set| met[*set] = true);
        }
        self.phrases.iter().filter(|(_, sets)| sets.iter().all(|set| met[*set])).map(|(place, _)| *place).collect()
    }
}

impl Phrase {
    fn pattern(&self) -> Option<&Regex> {
        self.pattern.get_or_init(|| Regex::new(&self.source).ok()).as_ref()
    }
}

/// A label, and the label without the words before it that may be no part of it: 公开栏42条 begins with none, 公开财务信息3条 with one.
fn without_leads(label: &str) -> Vec<&str> {
    const LEADS: [&str; 32] = [
        "其中",
        "主要",
        "包括",
        "包含",
        "分别为",
        "分别是",
        "涉及",
        "分为",
        "公开",
        "发布",
        "公示",
        "主动",
        "通过",
        "利用",
        "在",
        "以",
        "为",
        "有",
        "是",
        "和",
        "及",
        "以及",
        "含",
        "共",
        "另",
        "一是",
        "二是",
        "三是",
        "四是",
        "五是",
        "的",
        "即",
    ];
    let mut labels = vec![label];
    let mut rest = label;
    // 1.概况类信息: the number of a point.
    let point = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if point.len() < rest.len() && point.starts_with('.') {
        rest = &point[1..];
        labels.push(rest);
    }
    // （一）县门户网站74条
    if let Some((number, after)) = rest.strip_prefix('（').and_then(|inner| inner.split_once('）'))
        && number.chars().all(|c| c.is_ascii_digit() || numerals::is_numeral(c))
    {
        rest = after;
        labels.push(rest);
    }
    while let Some(shorter) = LEADS.iter().filter_map(|lead| rest.strip_prefix(lead)).min_by_key(|shorter| shorter.len()) {
        rest = shorter;
        labels.push(rest);
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_registry_is_one() {
        let registry = Registry::built_in();
        for phrase in Phrases::new(&registry).0.phrases {
            if let Err(cause) = Regex::new(&phrase.source) {
                panic!("{}: {cause}", registry.indicator(phrase.indicator).key);
            }
        }
    }

    #[test]
    fn what_is_known_of_a_sentence_holds_for_all_of_its_shape() {
        let registry = Registry::built_in();
        let asked = Phrases::new(&registry).0;
        let all = |_| true;
        for sentence in [
            "2023年全镇主动公开政府信息312条，其中通过政府网站公开120条，公开栏42条",
            "2024年全镇主动公开政府信息907条，其中通过政府网站公开501条，公开栏55条",
            "12345热线受理群众来电20件",
            "54321热线受理群众来电30件",
            "行政诉讼案件为0件",
            "行政诉讼案件为1件",
            "20个工作日内公开率99.5%",
            "30个工作日内公开率98.7%",
            "其中政策法规类信息338条、规划计划类信息138条",
        ] {
            let first = Phrases::new(&registry).0.fits(&registry, sentence, &all);
            for _ in 0..2 {
                assert_eq!(asked.fits(&registry, sentence, &all), first, "{sentence}");
            }
        }
    }
}
