//! What stands right before and after the numbers of a text: patterns are slow, and most can be told not to fit by these signs alone.

use super::pattern::{FILLERS, expanded};
use crate::text::{is_han, numerals};

/// Signs beside numbers, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Beside {
    before: u128,
    after: u128,
}

/// What every text has, whatever stands beside its numbers.
const ANY: u128 = 1;

impl Beside {
    /// Whether a text has what a pattern wants.
    pub(super) fn meets(self, text: Beside) -> bool {
        self.before & text.before != 0 && self.after & text.after != 0
    }
}

/// The signs that patterns want, each with its bit.
#[derive(Debug, Default)]
pub(super) struct Signs {
    before: Vec<char>,
    after: Vec<char>,
}

impl Signs {
    /// What a pattern wants beside its number; anything where that cannot be said.
    pub(super) fn wanted(&mut self, pattern: &str) -> Beside {
        let (before, after) = around_number(pattern).unwrap_or_default();
        Beside { before: wanted(&mut self.before, &last_signs(before)), after: wanted(&mut self.after, &first_signs(after)) }
    }

    /// What a text has beside its numbers. Words such as 共计, which patterns pass over, may stand in between.
    pub(super) fn of(&self, text: &str) -> Beside {
        let mut beside = Beside { before: ANY, after: ANY };
        let mut counted = false;
        for (at, c) in text.char_indices() {
            if counted {
                beside.after |= bit(&self.after, c);
            }
            let number = is_of_number(c);
            counted = number || matches!(c, '余' | '多' | '万' | '亿' | '千');
            if number {
                let mut starts = vec![at];
                let mut next = 0;
                while let Some(start) = starts.get(next).copied() {
                    next += 1;
                    let before = &text[..start];
                    beside.before |= before.chars().next_back().map_or(0, |c| bit(&self.before, c));
                    if !before.ends_with(ends_filler) {
                        continue;
                    }
                    for shorter in FILLERS.iter().filter_map(|filler| before.strip_suffix(filler)) {
                        if !starts.contains(&shorter.len()) {
                            starts.push(shorter.len());
                        }
                    }
                }
            }
        }
        beside
    }
}

/// Whether a sign may be one of a number that patterns look for.
pub(super) fn is_of_number(c: char) -> bool {
    if is_han(c) { numerals::is_numeral(c) || c == '两' } else { c.is_ascii_digit() || !c.is_ascii() && c.is_numeric() }
}

/// The last signs of the words that patterns pass over.
fn ends_filler(c: char) -> bool {
    matches!(
        c,
        '：' | '“'
            | '”'
            | '量'
            | '数'
            | '计'
            | '的'
            | '了'
            | '有'
            | '共'
            | '为'
            | '到'
            | '达'
            | '已'
            | '是'
            | '约'
            | '近'
            | '过'
            | '超'
            | '逾'
            | '于'
            | '仅'
            | '只'
    )
}

fn bit(known: &[char], sign: char) -> u128 {
    known.iter().position(|known| *known == sign).map_or(0, |place| ANY << (place + 1))
}

fn wanted(known: &mut Vec<char>, signs: &[char]) -> u128 {
    let mut bits = 0;
    for sign in signs {
        if !known.contains(sign) {
            if known.len() == 127 {
                return ANY;
            }
            known.push(*sign);
        }
        bits |= bit(known, *sign);
    }
    if bits == 0 { ANY } else { bits }
}

/// What stands before and after the number of a pattern that cannot fit without it.
pub(super) fn around_number(pattern: &str) -> Option<(&str, &str)> {
    let (before, after) = pattern.split_once("{n}").filter(|(_, after)| !after.contains("{n}"))?;
    let (mut depth, mut parted) = (0, false);
    for c in pattern.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        parted |= c == '|' && depth == 0;
    }
    let inside = before.matches('(').count() != before.matches(')').count();
    (!parted && !inside).then_some((before, after))
}

fn is_plain(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric()
}

/// Signs one of which ends every text that a pattern fits.
fn last_signs(mut pattern: &str) -> Vec<char> {
    let mut signs = Vec::new();
    loop {
        let group = [(")*?", true), (")??", true), (")?", true), (")*", true), (")", false)];
        let Some((inner, optional)) = group.iter().find_map(|(end, optional)| Some((pattern.strip_suffix(end)?, *optional))) else {
            return match pattern.chars().next_back().filter(|c| is_plain(*c) && !pattern[..pattern.len() - c.len_utf8()].ends_with('\\')) {
                Some(c) => {
                    signs.push(c);
                    signs
                }
                None => Vec::new(),
            };
        };
        let Some((rest, words)) = inner.rsplit_once('(').filter(|(rest, words)| !words.contains(')') && !rest.ends_with('\\')) else { return Vec::new() };
        let words = words.strip_prefix("?:").unwrap_or(words).split('|');
        let last: Option<Vec<char>> = words.map(|word| word.chars().next_back().filter(|_| word.chars().all(is_plain))).collect();
        let Some(last) = last else { return Vec::new() };
        signs.extend(last);
        if !optional {
            return signs;
        }
        pattern = rest;
    }
}

/// Signs one of which begins every text that a pattern fits.
fn first_signs(pattern: &str) -> Vec<char> {
    let (unit, rest) = match pattern.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
        Some((name, rest)) => (expanded(&format!("{{{name}}}")), rest),
        None => match pattern.chars().next().filter(|c| is_han(*c)) {
            Some(c) => (c.to_string(), &pattern[c.len_utf8()..]),
            None => return Vec::new(),
        },
    };
    let words = unit.trim_start_matches("(?:").trim_end_matches(')').split('|');
    let signs: Vec<char> = words.filter_map(|word| word.chars().next().filter(|_| word.chars().all(is_han))).collect();
    if rest.starts_with(['?', '*', '{']) || signs.len() != unit.split('|').count() { Vec::new() } else { signs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Registry;
    use proptest::prelude::*;
    use regex::Regex;
    use std::sync::LazyLock;

    #[test]
    fn what_stands_beside_a_number_is_read_from_its_pattern() {
        let signs = |pattern: &str| {
            let (before, after) = around_number(pattern).unwrap_or_default();
            [last_signs(before), first_signs(after)].map(|signs| signs.into_iter().collect::<String>())
        };
        assert_eq!(signs("公开(?:政府|各类)?(?:信息)?{n}{条}(?:各类)*信息"), ["息府类开", "条篇条篇项件则份"]);
        assert_eq!(signs("(?:总量|条数){n}处"), ["量数", "处"]);
        for open in ["(?:{n}{条})?甲", "甲{n}{条}|乙", "无甲", "{n}{条}和{n}{件}"] {
            assert_eq!(around_number(open), None, "{open}");
        }
        for open in ["{n}{条}?", "占{g}{n}%", "(?:甲(?:乙)?)?{n}(?:条|件)", "甲?{n}{g}", r"甲\.{n}{s}"] {
            assert_eq!(signs(open), ["", ""], "{open}");
        }
    }

    #[test]
    fn words_that_are_passed_over_end_in_known_signs() {
        assert!(FILLERS.iter().all(|filler| filler.ends_with(ends_filler)));
    }

    type Ready = (Vec<(Regex, Beside)>, Signs, Vec<String>);

    /// Some patterns of the registry, what they want, and the words of them all.
    static READY: LazyLock<Ready> = LazyLock::new(|| {
        let registry = Registry::built_in();
        let mut signs = Signs::default();
        let written: Vec<&String> = registry.indicators().iter().flat_map(|indicator| indicator.said.iter().chain(&indicator.listed)).collect();
        let patterns = written.iter().step_by(7).map(|written| (Regex::new(&expanded(written)).unwrap(), signs.wanted(written))).collect();
        let mut words: Vec<String> = written
            .iter()
            .step_by(7)
            .flat_map(|written| written.split(|c: char| !is_han(c)))
            .map(str::to_string)
            .chain(FILLERS.map(str::to_string))
            .chain(["1", "20", "3,000", "2.5", "一", "两", "十二", "万", "余", "多", "千", "条", "件", "人次", "，", "。"].map(str::to_string))
            .filter(|word| !word.is_empty())
            .collect();
        words.sort();
        words.dedup();
        (patterns, signs, words)
    });

    proptest! {
        #[test]
        fn no_pattern_that_fits_is_passed_over(places in prop::collection::vec(any::<prop::sample::Index>(), 1..14)) {
            let (patterns, signs, words) = &*READY;
            let text: String = places.iter().map(|place| place.get(words).as_str()).collect();
            let has = signs.of(&text);
            for (pattern, wants) in patterns {
                prop_assert!(wants.meets(has) || !pattern.is_match(&text), "{} in {}", pattern, text);
            }
        }
    }
}
