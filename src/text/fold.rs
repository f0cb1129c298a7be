//! Text as search compares it: NFKC, case folded, without white space, in UTF-16 units as browsers count them.
//!
//! `search.js` folds what a reader types, and the sentences it shows, in the very same way.

use unicode_normalization::UnicodeNormalization;

/// The folded text. A match in it is a match in the text for every reader who does not care for width, case and space.
pub fn folded(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len() / 2);
    if text.chars().all(is_simple) {
        // Nearly all of a Chinese report: each sign stands for itself, full-width forms for their ASCII ones.
        units.extend(text.chars().filter(|c| !c.is_whitespace()).map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => ((c as u32 - 0xfee0) as u8).to_ascii_lowercase().into(),
            c => c.to_ascii_lowercase() as u16,
        }));
        return units;
    }
    let mut pair = [0; 2];
    for c in text.nfkc().filter(|c| !c.is_whitespace() && *c != '\0') {
        // Upper case first, so that letters with two lower cases (σ ς) and ß are one with their capitals.
        for c in c.to_uppercase().flat_map(char::to_lowercase) {
            units.extend_from_slice(c.encode_utf16(&mut pair));
        }
    }
    units
}

/// Signs that compatibility normalization changes one by one and in a known way, whatever stands beside them.
pub(super) fn is_simple(c: char) -> bool {
    matches!(c, '\u{1}'..='\u{7f}' | '\u{b7}' | '\u{2014}' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{3000}'..='\u{3002}' | '\u{3008}'..='\u{3011}'
        | '\u{3007}' | '\u{3014}' | '\u{3015}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        String::from_utf16(&folded(text)).unwrap()
    }

    #[test]
    fn width_case_and_space_are_forgotten() {
        assert_eq!(shown("第 １２ 号　ＡＢ\u{a0}c"), "第12号abc");
        assert_eq!(shown("…：，（一）"), "...:,(一)");
        assert_eq!(shown("Straße ΣΑΣ Å"), "strasseσασå");
        assert_eq!(shown("𠮷野"), "𠮷野");
        assert_eq!(folded("𠮷").len(), 2);
    }

    #[test]
    fn simple_signs_fold_as_all_others_do() {
        for c in (1..=0xffffu32).filter_map(char::from_u32).filter(|c| is_simple(*c)) {
            // A sign outside the simple ones leads to the long way; the joiner folds to itself.
            assert_eq!(shown(&format!("{c}\u{2060}")), format!("{}\u{2060}", shown(&c.to_string())), "{:x}", c as u32);
        }
    }
}
