//! What can be put right without asking: widths of digits, brackets of document numbers, line endings, signs that nobody sees.
//!
//! Only the writing changes, never a figure: a fixed file states the same numbers.

use crate::text::is_unseen;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Document numbers whose year is not in 〔〕, from the opening bracket on, with the right form: `[2016]132号` is `〔2016〕132号`.
pub(super) fn document_numbers(text: &str) -> Vec<(Range<usize>, String)> {
    static BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\p{Han}{2,14}(([\[［(（【﹝{<〈])\s*((?:19|20)\d{2})\s*[\]］)）】﹞}>〉]\s*第?\s*(\d{1,5})\s*号)").expect("a pattern of ours")
    });
    // To begin with any characters is slow; most brackets open something else.
    let opens_year = |(at, bracket): (usize, &str)| {
        let inside = text[at + bracket.len()..].trim_start();
        inside.starts_with("19") || inside.starts_with("20")
    };
    if !text.contains('号') || !text.match_indices(['[', '［', '(', '（', '【', '﹝', '{', '<', '〈']).any(opens_year) {
        return Vec::new();
    }
    BRACKETS.captures_iter(text).filter_map(|caught| Some((caught.get(1)?.range(), format!("〔{}〕{}号", &caught[3], &caught[4])))).collect()
}

/// The file as it should be written; none if nothing changes.
pub fn fixed(text: &str) -> Option<String> {
    let text_without_mark = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut fixed = text_without_mark.replace("\r\n", "\n").replace('\r', "\n");
    fixed.retain(|c| !is_unseen(c));
    let fixed: String = fixed.chars().map(|c| if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xFEE0).unwrap_or(c) } else { c }).collect();
    let mut out = String::with_capacity(fixed.len());
    let mut at = 0;
    for (range, right) in document_numbers(&fixed) {
        // A link's text or target is not a document number.
        if fixed[range.end..].starts_with(']') || fixed[..range.start].ends_with(']') {
            continue;
        }
        out.push_str(&fixed[at..range.start]);
        out.push_str(&right);
        at = range.end;
    }
    out.push_str(&fixed[at..]);
    (out != text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_of_document_numbers() {
        assert_eq!(fixed("按（盈政办发[2016]132号）和云政发（2019）第8号").as_deref(), Some("按（盈政办发〔2016〕132号）和云政发〔2019〕8号"));
        assert_eq!(fixed("云政办发〔2023〕8号，国务院令第711号"), None);
    }

    #[test]
    fn digits_line_ends_and_unseen_signs() {
        assert_eq!(fixed("\u{feff}a\r\n|１２|\r\n二\u{200b}零\u{e0041}").as_deref(), Some("a\n|12|\n二零"));
        assert_eq!(fixed(&fixed("１\r\n").unwrap()), None);
    }
}
