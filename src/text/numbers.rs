//! Cells and stated values: what a printed number says, exactly, and when it is no number at all.

use crate::model::{About, Amount, Reading};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A cell as read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CellReading {
    /// The number, or why there is none.
    pub reading: Reading,
    /// 余, 近, 超, 约.
    pub about: Option<About>,
    /// Unit printed in the cell.
    pub unit: Option<String>,
}

impl CellReading {
    fn plain(reading: Reading) -> CellReading {
        CellReading { reading, about: None, unit: None }
    }
}

/// Reads a cell; nothing if it holds text that is no number.
///
/// Empty is blank; `/ — -- 不适用` not applicable; `*** 不予公开 涉密` withheld; `无` is zero. Digits may be full-width and
/// grouped by commas; a qualifier and a unit may stand around them.
pub fn read_cell(text: &str) -> Option<CellReading> {
    // Most cells of a table are plain numbers.
    if (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(CellReading::plain(Reading::Stated(Amount::whole(text.parse().ok()?))));
    }
    // Most others are labels: what begins with such a sign is neither a number nor one of the words below.
    let first = text.trim_start().chars().next();
    if first.is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c) && !matches!(c, '不' | '涉' | '保' | '无' | '零' | '没' | '大' | '超' | '约' | '近'))
    {
        return None;
    }
    let mut normal = super::compatible(text);
    normal.retain(|c| c != '\u{200b}');
    let reading = match normal.as_str() {
        "" => Some(Reading::Blank),
        "/" | "\\" | "-" | "--" | "—" | "——" | "–" | "―" | "不适用" | "N/A" | "n/a" => Some(Reading::NotApplicable),
        "*" | "**" | "***" | "****" | "不予公开" | "涉密" | "保密" | "不公开" => Some(Reading::Withheld),
        "无" | "零" | "没有" => Some(Reading::Stated(Amount::ZERO)),
        _ => None,
    };
    if let Some(reading) = reading {
        return Some(CellReading::plain(reading));
    }
    let (about, rest) = before(&normal);
    let (negative, rest) = match rest.strip_prefix(['-', '−', '－']) {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix('+').unwrap_or(rest)),
    };
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.' || c == '，')).unwrap_or(rest.len());
    let digits = ungrouped(&rest[..end])?;
    let amount: Amount = if negative { format!("-{digits}") } else { digits }.parse().ok()?;
    let (after, unit) = after(&rest[end..]);
    let unit_is_word = unit.chars().all(|c| c.is_alphabetic() || c == '%' || c == '㎡');
    (unit_is_word && unit.chars().count() <= 4).then(|| CellReading {
        reading: Reading::Stated(amount),
        about: about.or(after),
        unit: (!unit.is_empty()).then(|| unit.to_string()),
    })
}

fn before(text: &str) -> (Option<About>, &str) {
    for word in ["大约", "超过", "约", "近", "超"] {
        if let Some(rest) = text.strip_prefix(word) {
            return (About::from_word(word), rest);
        }
    }
    (None, text)
}

fn after(text: &str) -> (Option<About>, &str) {
    for word in ["余", "多"] {
        if let Some(rest) = text.strip_prefix(word) {
            return (About::from_word(word), rest);
        }
    }
    (None, text)
}

/// Digits without their grouping; nothing if the groups are not of three.
fn ungrouped(text: &str) -> Option<String> {
    let text = text.replace('，', ",");
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    if first.is_empty() || (whole.contains(',') && first.len() > 3) {
        return None;
    }
    let mut digits = first.to_string();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    match fraction {
        None => Some(digits),
        Some(f) if !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()) => Some(format!("{digits}.{f}")),
        Some(_) => None,
    }
}

/// Runs of digits with the signs that go with them: 96128, 3- 20, 10-, 5点30分, 60%, 3条.
pub fn runs(text: &str) -> Vec<Range<usize>> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[0-9０-９](?:[0-9０-９,，.．]*[0-9０-９])?").expect("a pattern of ours"));
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:-\s*\d{1,2}|-|点(?:\d{1,2}分)?|号|%|％|\s?(?:余|多)?(?:万|亿)?(?:元|平方公里|平方米|人次|场次|条|件|个|项|次|人|名|份|篇|期|户|家|处|级|日|月|天))")
            .expect("a pattern of ours")
    });
    let mut found: Vec<Range<usize>> = Vec::new();
    for hit in NUMBER.find_iter(text) {
        if found.last().is_some_and(|last| hit.start() < last.end) {
            continue;
        }
        let end = AFTER.find(&text[hit.end()..]).map_or(hit.end(), |after| hit.end() + after.end());
        found.push(hit.start()..end);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(text: &str) -> Option<(String, Option<About>, Option<String>)> {
        let cell = read_cell(text)?;
        cell.reading.amount().map(|amount| (amount.to_string(), cell.about, cell.unit))
    }

    #[test]
    fn numbers_as_reports_print_them() {
        let plain = |number: &str| Some((number.to_string(), None, None));
        assert_eq!(stated(" 42 "), plain("42"));
        assert_eq!(stated("０"), plain("0"));
        assert_eq!(stated("１２"), plain("12"));
        assert_eq!(stated("1,204"), plain("1204"));
        assert_eq!(stated("无"), plain("0"));
        assert_eq!(stated("-3"), plain("-3"));
        assert_eq!(stated("12件"), Some(("12".into(), None, Some("件".into()))));
        assert_eq!(stated("90万元"), Some(("90".into(), None, Some("万元".into()))));
        assert_eq!(stated("900余条"), Some(("900".into(), Some(About::More), Some("条".into()))));
        assert_eq!(stated("近3.5万人"), Some(("3.5".into(), Some(About::Nearly), Some("万人".into()))));
        assert_eq!(stated("99.28%"), Some(("99.28".into(), None, Some("%".into()))));
    }

    #[test]
    fn readings_that_are_not_numbers() {
        assert_eq!(read_cell("").unwrap().reading, Reading::Blank);
        for text in ["/", "—", "--", "－－", "不适用"] {
            assert_eq!(read_cell(text).unwrap().reading, Reading::NotApplicable, "{text}");
        }
        for text in ["***", "不予公开", "涉密"] {
            assert_eq!(read_cell(text).unwrap().reading, Reading::Withheld, "{text}");
        }
    }

    #[test]
    fn text_and_broken_numbers_are_refused() {
        for text in ["自然人", "1,20", "1.2.3", "12.", "见附件", "2024年1月", "3（另有2件）", "1234,567"] {
            assert_eq!(read_cell(text), None, "{text}");
        }
    }
}
