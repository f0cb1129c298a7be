//! 年, 月 and 日 that a site lost or turned into hyphens, put back where the text proves which stood there.
//!
//! What a report says is read before; quotes stay as printed. Two kinds of proof: the signs around a single place leave
//! only one reading (2012-3月28日), or the whole text has lost the character everywhere (three or more bare years with a
//! hyphen, and not one 年 after a number). Every repair is a note with the words before and after; all else stays.

use super::lines::{Block, Line, Note};
use crate::diag::Words;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Mends the lines and says what was mended.
pub(super) fn apply(lines: &mut [Line]) -> Vec<Note> {
    let lost = lost_everywhere(lines);
    let mut notes = Vec::new();
    for line in lines {
        let number = line.number;
        let mut mend = |text: &mut String| {
            let (mended, repairs) = text_of(text, lost);
            if !repairs.is_empty() {
                *text = mended;
            }
            notes.extend(repairs.into_iter().map(|(before, after)| note(&before, &after, number)));
        };
        match &mut line.block {
            Block::Text(text) | Block::Heading(_, text) | Block::Item(_, text) => mend(text),
            Block::Table(rows) => rows.iter_mut().flatten().for_each(mend),
        }
    }
    notes
}

fn note(before: &str, after: &str, line: usize) -> Note {
    let message = Words::new(
        format!("“{before}”按上下文补为“{after}”，请核对"),
        format!("“{before}” was mended to “{after}”, as the words around it prove; compare with the original"),
    );
    Note { rule: "import/repaired", message, line: Some(line) }
}

/// Whether the text has lost every 年 after a number.
fn lost_everywhere(lines: &[Line]) -> bool {
    static BARE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:19|20)\d\d-(?:[^\d-]|$)").expect("a pattern of ours"));
    static NAMED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d\s*年").expect("a pattern of ours"));
    let (mut bare, mut named) = (0, 0);
    for line in lines {
        let text = line.all_words();
        bare += BARE.find_iter(&text).count();
        named += NAMED.find_iter(&text).count();
    }
    bare >= 3 && named == 0
}

type Repairs = Vec<(String, String)>;

/// A text with its dates mended, and each place before and after.
fn text_of(text: &str, lost: bool) -> (String, Repairs) {
    // Each pattern has what stands before the place, the place, and what follows it: only the place changes.
    static SINGLE: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        patterns(&[
            // 2012-3月28日, 2012 -12月
            (r"(?P<before>(?:19|20)\d\d)\s?[-－—](?P<after>(?:1[0-2]|0?[1-9])月)", "年"),
            // 2012年3-28日
            (r"(?P<before>(?:19|20)\d\d年(?:1[0-2]|0?[1-9]))[-－—](?P<after>(?:3[01]|[12]\d|0?[1-9])日)", "月"),
            // 20121月5日 and 201212月5日: the first four digits are a year, and the others a month in one way only.
            (r"(?P<before>(?:^|\D)(?:19|20)\d\d)(?P<after>(?:1[0-2]|0?[1-9])月(?:3[01]|[12]\d|0?[1-9])日)", "年"),
            // 2012年12月31， and 自2012年1月1至
            (r"(?P<before>(?:19|20)\d\d年(?:1[0-2]|0?[1-9])月(?:3[01]|[12]\d|0?[1-9]))(?P<after>\s*[，,。；;）)]|\s*[起至到]|\s*$)", "日"),
        ])
    });
    static LOST: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        patterns(&[
            (r"(?P<before>(?:19|20)\d\d)-(?P<after>[^\d-]|$)", "年"),
            (r"(?P<before>[全今去每历]|近几)-(?P<after>[\p{Han}，,。、；：])", "年"),
            (r"(?P<before>[本上])-(?P<after>度)", "年"),
            (r"(?P<before>^|[，。；：、,;])-(?P<after>[初底末])", "年"),
            (r"(?P<before>(?:^|[^\d.-])(?:1[0-2]|[1-9]))-(?P<after>份)", "月"),
        ])
    });
    static DAY: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?P<before>(?:19|20)\d\d)(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])日").expect("a pattern of ours"));
    let mut repairs = Vec::new();
    let mut mended = text.to_string();
    // One of these signs is in whatever a pattern mends.
    if !text.contains(['-', '－', '—', '月', '日']) {
        return (mended, repairs);
    }
    let groups = [Some(&*SINGLE), lost.then_some(&*LOST)];
    for (pattern, sign) in groups.into_iter().flatten().flatten() {
        let replaced = pattern.replace_all(&mended, |found: &Captures<'_>| {
            let after = format!("{}{sign}{}", &found["before"], &found["after"]);
            repairs.push((found[0].trim().to_string(), after.trim().to_string()));
            after
        });
        mended = replaced.into_owned();
    }
    let replaced = DAY.replace_all(&mended, |found: &Captures<'_>| {
        let after = format!("{}年{}月{}日", &found["before"], found["month"].trim_start_matches('0'), found["day"].trim_start_matches('0'));
        repairs.push((found[0].to_string(), after.clone()));
        after
    });
    (replaced.into_owned(), repairs)
}

fn patterns(sources: &[(&str, &'static str)]) -> Vec<(Regex, &'static str)> {
    sources.iter().map(|(source, sign)| (Regex::new(source).expect("a pattern of ours"), *sign)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        text_of(text, false).0
    }

    #[test]
    fn what_the_signs_around_it_prove() {
        for (before, after) in [
            ("2012-3月28日召开", "2012年3月28日召开"),
            ("2012年3-28日召开", "2012年3月28日召开"),
            ("截至20121月5日", "截至2012年1月5日"),
            ("截至20101231日", "截至2010年12月31日"),
            ("自2012年1月1起至2012年12月31，", "自2012年1月1日起至2012年12月31日，"),
        ] {
            assert_eq!(mended(before), after);
        }
    }

    #[test]
    fn what_nothing_proves_stays() {
        for text in [
            "2012-03-28",
            "2012-2013年",
            "2012-，我镇",
            "10-，召开",
            "全-工作",
            "12-13页",
            "2012年12月3件",
            "电话0745-12345678",
            "索引号 4312/2012-00001",
            "2012年12月31日，",
            "2012年1月15户",
            "20123月报表",
        ] {
            assert_eq!(mended(text), text);
        }
    }

    #[test]
    fn a_text_that_lost_the_character_everywhere() {
        let texts = ["2012-，我县全-公开，本-度无", "根据《2012-要点》，-初制定，10-份完成，10-，结束", "2012-中心", "电话0745-1234567，12-13页"];
        let mut lines: Vec<Line> = texts.iter().enumerate().map(|(index, text)| Line::text(index + 1, *text)).collect();
        let notes = apply(&mut lines);
        let found: Vec<String> = lines.iter().map(Line::all_words).collect();
        assert_eq!(found, ["2012年，我县全年公开，本年度无", "根据《2012年要点》，年初制定，10月份完成，10-，结束", "2012年中心", "电话0745-1234567，12-13页"]);
        assert_eq!((notes.len(), notes[0].rule, notes[0].line), (7, "import/repaired", Some(1)));
        // One 年 that was kept, and nothing is certain.
        lines = vec![Line::text(1, "2012-，2013-，2014-，于2011年")];
        assert_eq!(apply(&mut lines), []);
    }
}
