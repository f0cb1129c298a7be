//! What in a report does not fit together: years, days, numbers of sections, lost characters. Nothing is mended.

use super::outline::Section;
use super::recognize::Recognized;
use crate::diag::Words;
use crate::text::{dates, is_han, numerals};
use regex::Regex;
use std::sync::LazyLock;

/// Adds a note for each doubt, in the order a reader would ask.
pub(super) fn add(report: &mut Recognized) {
    if report.title.is_none() {
        report.note(
            "import/title-unknown",
            Words::new("没有找到“……政府信息公开……报告”样的标题，暂用文件名", "no title was found; the file name stands in for it"),
            None,
        );
    }
    years(report);
    days(report);
    section_numbers(report);
    lost_characters(report);
    lost_numbers(report);
    private_characters(report);
}

/// 规划计划类信息，占总体比例为9%: a class whose number is gone.
fn lost_numbers(report: &mut Recognized) {
    static GONE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Han}{2,10}类(?:信息)?[，,]\s*占").expect("a pattern of ours"));
    let found: Vec<(usize, String)> = report
        .lines
        .iter()
        .filter_map(|line| Some((line.number, line.words().filter(|words| words.contains('占'))?)))
        .flat_map(|(line, text)| GONE.find_iter(text).map(move |gone| (line, gone.as_str().to_string())))
        .collect();
    for (line, words) in found {
        let message = Words::new(format!("“{words}”前面像是丢了条数，请对照原件"), format!("a number seems to be lost at “{words}”"));
        report.note("import/number-missing", message, Some(line));
    }
}

/// A lead that speaks of another year, and years that a report of this year cannot know.
fn years(report: &mut Recognized) {
    let Some(year) = report.year.as_ref().map(|year| year.value.number()) else { return };
    let lead: Vec<(usize, i16, bool)> = report
        .lead()
        .flat_map(|(line, text)| {
            dates::years(text)
                .into_iter()
                .filter(|found| found.named)
                .map(move |found| (line, found.year, text[found.range.end..].starts_with('度')))
                .collect::<Vec<_>>()
        })
        .collect();
    if !lead.iter().any(|(_, stated, _)| *stated == year)
        && let Some((line, other, _)) = lead.iter().find(|(_, stated, annual)| *annual || *stated > year)
    {
        report.note(
            "import/year-differs",
            Words::new(format!("标题年度是 {year} 年，导语写的是 {other} 年"), format!("the title says {year}, the lead {other}")),
            Some(*line),
        );
    }
    let mut later: Vec<(i16, Vec<usize>)> = Vec::new();
    for line in &report.lines {
        // The next year is planned for and signed in; the one after it cannot have happened.
        for found in dates::years(&line.all_words()).into_iter().filter(|found| found.named && found.year > year + 1) {
            match later.iter_mut().find(|(known, _)| *known == found.year) {
                Some((_, lines)) if lines.last() == Some(&line.number) => {}
                Some((_, lines)) => lines.push(line.number),
                None => later.push((found.year, vec![line.number])),
            }
        }
    }
    for (other, lines) in later {
        let shown = lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("、");
        let message = Words::new(
            format!("{year} 年的报告写到了 {other} 年（第 {shown} 行）"),
            format!("a report for {year} speaks of {other} (lines {})", shown.replace('、', ", ")),
        );
        report.note("import/year-later", message, lines.first().copied());
    }
}

fn days(report: &mut Recognized) {
    let end = report.year.as_ref().map(|year| year.value.last_day());
    let (published, signed) = (report.published.clone(), report.signed.clone());
    for (day, rule, zh, en) in [(&published, "import/published-early", "发布", "publication"), (&signed, "import/signed-early", "落款", "signature")] {
        if let (Some(day), Some(end)) = (day, end)
            && day.value <= end
        {
            let message = Words::new(
                format!("{zh}日期 {} 早于报告年度结束（{end}）", day.value),
                format!("the day of {en}, {}, is before the year's end ({end})", day.value),
            );
            report.note(rule, message, day.line);
        }
    }
    if let (Some(published), Some(signed)) = (&published, &signed)
        && published.value < signed.value
    {
        let message = Words::new(
            format!("发布日期 {} 早于落款日期 {}", published.value, signed.value),
            format!("published {} before it was signed {}", published.value, signed.value),
        );
        report.note("import/published-before-signed", message, published.line);
    }
}

/// Numbers of one level under one heading that come twice or leave a gap; they stay as printed.
fn section_numbers(report: &mut Recognized) {
    let sections = report.sections.clone();
    let mut last: [u32; 3] = [0; 3];
    for Section { level, number, line, .. } in &sections {
        let level = usize::from((*level).min(2));
        if level == 1 {
            last[2] = 0;
        }
        let Some(value) = number.as_deref().and_then(numerals::number) else { continue };
        let printed = number.as_deref().unwrap_or_default();
        if value <= last[level] {
            report.note(
                "import/section-number-repeated",
                Words::new(format!("序号“{printed}”重复，按原文保留"), format!("the number {printed} comes again and is kept as printed")),
                Some(*line),
            );
        } else if level == 1 && value > last[level] + 1 {
            // Points （一） may be plain sentences that are no sections, so only 一、 is counted for gaps.
            report.note(
                "import/section-number-missing",
                Words::new(format!("“{printed}”之前缺序号，按原文保留"), format!("a number is missing before {printed}; kept as printed")),
                Some(*line),
            );
        }
        last[level] = value;
    }
}

/// `2012-,` and `全-工作`: a site that put hyphens where 年 and 月 stood.
fn lost_characters(report: &mut Recognized) {
    let mut count = 0;
    let mut first = None;
    for line in &report.lines {
        let text: Vec<char> = line.all_words().chars().collect();
        let hits = text.iter().enumerate().filter(|(at, c)| **c == '-' && is_gap(&text, *at)).count();
        count += hits;
        first = first.or((hits > 0).then_some(line.number));
    }
    if count >= 3 {
        let message = Words::new(
            format!("有 {count} 处“-”像是丢失的“年”“月”字：上下文能证明的已补上，逐处列出，其余按原文保留，请对照原件"),
            format!(
                "{count} hyphens stand where 年 or 月 seems to be lost; what the text proves is mended and listed, the rest kept as printed; compare with the original"
            ),
        );
        report.note("import/characters-lost", message, first);
    }
}

fn is_gap(text: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| text[before]);
    let after = text.get(at + 1).copied();
    let year = at >= 4 && text[at - 4..at].iter().all(char::is_ascii_digit);
    match (before, after) {
        (Some(before), Some(after)) if year => before.is_ascii_digit() && !after.is_ascii_digit() && after != '-',
        (Some('全' | '今' | '本' | '去' | '明' | '上' | '半'), Some(after)) => is_han(after),
        _ => false,
    }
}

/// Characters of private use look different, or like nothing, on every machine.
fn private_characters(report: &mut Recognized) {
    let is_private = |c: &char| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}' | '\u{fffd}');
    let count: usize = report.lines.iter().map(|line| line.all_words().chars().filter(|c| is_private(c)).count()).sum();
    if count > 0 {
        let first = report.lines.iter().find(|line| line.all_words().chars().any(|c| is_private(&c))).map(|line| line.number);
        report.note(
            "import/character-unreadable",
            Words::new(
                format!("有 {count} 个字在别的电脑上显示不出来（自造字或乱码），请改正"),
                format!("{count} characters are of private use or unreadable; correct them"),
            ),
            first,
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::import::lines::of_plain_text;
    use crate::import::recognize::recognize;

    fn rules(text: &str) -> Vec<(&'static str, Option<usize>)> {
        recognize(of_plain_text(text)).notes.into_iter().filter(|note| note.rule.starts_with("import/")).map(|note| (note.rule, note.line)).collect()
    }

    const HEAD: &str = "云溪镇2012年政府信息公开工作年度报告\n";

    #[test]
    fn years_that_do_not_fit() {
        assert_eq!(rules(&format!("{HEAD}现将2011年度情况报告如下。\n一、概述\n内容。\n")), [("import/year-differs", Some(2))]);
        assert_eq!(rules(&format!("{HEAD}一、概述\n截至2014年，计划2013年完成。\n到2014年止。\n")), [("import/year-later", Some(3))]);
        assert_eq!(rules(&format!("{HEAD}根据2007年公布的条例，报告2012年情况。\n一、概述\n内容。\n")), []);
    }

    #[test]
    fn days_that_do_not_fit() {
        let text = format!("{HEAD}发布时间：2012-03-28\n一、概述\n内容若干，写在这里。\n二〇一三年三月二十七日\n");
        assert_eq!(rules(&text), [("import/published-early", Some(2)), ("import/published-before-signed", Some(2))]);
        assert_eq!(rules(&format!("{HEAD}一、概述\n内容若干，写在这里。\n2012年12月10日\n")), [("import/signed-early", Some(4))]);
    }

    #[test]
    fn numbers_of_sections() {
        assert_eq!(
            rules(&format!("{HEAD}一、甲\n（一）子\n二、乙\n（一）子\n四、丁\n四、戊\n内容。\n")),
            [("import/section-number-missing", Some(6)), ("import/section-number-repeated", Some(7))]
        );
    }

    #[test]
    fn lost_and_unreadable_characters() {
        assert_eq!(rules(&format!("{HEAD}一、概述\n2012-,全-工作，本-度无，2012-03-28\n")), [("import/characters-lost", Some(3))]);
        assert_eq!(rules(&format!("{HEAD}一、概述\n2012-03-28，12-13页，某\u{e123}字\n")), [("import/character-unreadable", Some(3))]);
    }
}
