//! Numbered lines: which are headings, which only begin with a number, and the tree they make.

use super::lines::{Block, Line, compact};
use crate::text::numerals;

/// The number a line begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Numbered<'t> {
    /// 1 for 一、, 2 for （一）, 3 for 1、.
    pub(super) level: u8,
    /// The number as printed, without brackets and stops.
    pub(super) number: &'t str,
    /// What follows it, outer white space aside.
    pub(super) rest: &'t str,
}

/// A section of the report.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Section {
    /// 1 for 一、, 2 for （一）.
    pub level: u8,
    /// Number as printed, without brackets and stops; none where none was printed.
    pub number: Option<String>,
    /// Title as printed, without its number.
    pub title: String,
    /// Line of the source file.
    pub line: usize,
}

/// Longest heading, in characters.
const LONGEST: usize = 40;

/// The number a line begins with, if it begins with one.
pub(super) fn numbered(text: &str) -> Option<Numbered<'_>> {
    let text = text.trim();
    let open = text.chars().next().filter(|c| matches!(c, '（' | '('));
    let inner = open.map_or(text, |c| &text[c.len_utf8()..]);
    let end = inner.find(|c: char| !(numerals::is_numeral(c) && c != 'O')).unwrap_or(inner.len());
    let number = &inner[..end];
    let value = numerals::number(number).filter(|value| (1..100).contains(value))?;
    let after = &inner[end..];
    let sign = after.trim_start().chars().next()?;
    let rest = after.trim_start()[sign.len_utf8()..].trim_start();
    let arabic = number.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let level = match (open, sign, arabic) {
        (Some(_), '）' | ')', false) => 2,
        (Some(_), '）' | ')', true) => 4,
        (None, '、' | '．' | '.' | '，' | ',' | '：' | ':', false) => 1,
        // 3.79亿元 is no third point.
        // 一 概述: a space in place of the sign, before a few words that are no number.
        _ if open.is_none() && !arabic && after.starts_with(char::is_whitespace) && is_label(after) => {
            return Some(Numbered { level: 1, number, rest: after.trim_start() });
        }
        (None, '、' | '．' | '.', true) if !rest.starts_with(|c: char| c.is_ascii_digit()) => 3,
        _ => return None,
    };
    let rest = if open.is_some() { rest.trim_start_matches(['、', '.', '．']).trim_start() } else { rest };
    (value > 0 && !rest.is_empty()).then_some(Numbered { level, number, rest })
}

/// Whether words after a bare number are a heading.
fn is_label(after: &str) -> bool {
    let words = after.trim();
    let first = words.chars().next();
    (2..=20).contains(&words.chars().count())
        && words.chars().all(|c| crate::text::is_han(c) || c == '、')
        && !first.is_some_and(|c| numerals::is_numeral(c) || "年月日是个、".contains(c))
}

/// The Markdown rank of a block that is a heading: 2 for 一、, 3 for （一）. Nothing for text.
pub(super) fn heading_rank(line: &Line) -> Option<u8> {
    let (text, html) = match &line.block {
        Block::Text(text) => (text, None),
        Block::Heading(rank, text) => (text, Some(*rank)),
        Block::Item(..) | Block::Table(_) => return None,
    };
    match (numbered(text), html) {
        (Some(Numbered { level: level @ (1 | 2), rest, .. }), _) if is_heading(rest) => Some(level + 1),
        // A page's own headings are believed where no number says more; its first rank is the title's.
        (_, Some(rank)) => Some(rank.clamp(2, 4)),
        _ => None,
    }
}

/// Whether words are a heading: short, and no sentence.
fn is_heading(words: &str) -> bool {
    let words = words.trim_end_matches(['：', ':']);
    // 分类：政策类14条: what follows the colon is no title any more.
    let told = words.split_once(['：', ':']).is_some_and(|(_, after)| after.contains(|c: char| c.is_ascii_digit() || matches!(c, '，' | ',')));
    !told && compact(words).chars().count() <= LONGEST && !words.contains(['。', '；', ';', '！', '？', '!', '?']) && !words.ends_with(['，', ',', '、'])
}

/// The sections of a report in order: its headings, and points （一） whose first sentence is a title run into the text.
pub(super) fn sections(lines: &[Line]) -> Vec<Section> {
    lines.iter().filter_map(section).collect()
}

fn section(line: &Line) -> Option<Section> {
    let text = line.words()?;
    let (level, number, title) = match (heading_rank(line), numbered(text)) {
        (Some(rank), Some(found)) if found.level <= 2 => (rank - 1, Some(found.number.to_string()), found.rest),
        (Some(rank), _) => (rank - 1, None, text),
        (None, Some(found)) if found.level <= 2 => (found.level, Some(found.number.to_string()), run_in(found.rest)?),
        (None, _) => return None,
    };
    let title = title.trim_end_matches(['：', ':', ' ']).to_string();
    Some(Section { level, number, title, line: line.number })
}

/// The title before the first full stop, where text follows it.
fn run_in(text: &str) -> Option<&str> {
    let (title, after) = text.split_once('。')?;
    (!after.trim().is_empty() && is_heading(title)).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<(u8, &str, &str)> {
        numbered(text).map(|found| (found.level, found.number, found.rest))
    }

    #[test]
    fn numbers_as_printed() {
        assert_eq!(number("一、概述"), Some((1, "一", "概述")));
        assert_eq!(number("十二、 突出重点"), Some((1, "十二", "突出重点")));
        assert_eq!(number("（三）机制"), Some((2, "三", "机制")));
        assert_eq!(number("(二)机制"), Some((2, "二", "机制")));
        assert_eq!(number("3、公开"), Some((3, "3", "公开")));
        assert_eq!(number("1. 公开"), Some((3, "1", "公开")));
        assert_eq!(number("二 主动公开情况"), Some((1, "二", "主动公开情况")));
        for text in [
            "一是公开",
            "2013-02-15",
            "3.79亿元",
            "3长效机制",
            "2012年",
            "一、",
            "二〇一三年三月",
            "（以下简称《条例》）",
            "一般情况",
            "二 〇一三年",
            "一 是公开",
            "一 内容若干，写在这里。",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn headings_are_short_and_no_sentences() {
        let rank = |text: &str| heading_rank(&Line::text(1, text));
        assert_eq!(rank("一、概述"), Some(2));
        assert_eq!(rank("七、存在问题："), Some(2));
        assert_eq!(rank("（一）目前存在的问题"), Some(3));
        assert_eq!(rank("（一）完善机制。年初制定了要点"), None);
        assert_eq!(rank("二、及时发布；"), None);
        assert_eq!(rank("（一）分类：政策类14条，财务类21条"), None);
        assert_eq!(rank("1、公开"), None);
        assert_eq!(rank(&format!("一、{}", "长".repeat(60))), None);
        assert_eq!(heading_rank(&Line { number: 1, block: Block::Heading(1, "总体情况".into()) }), Some(2));
    }

    #[test]
    fn titles_run_into_the_text_are_sections() {
        let lines = [
            Line::text(1, "一、概述"),
            Line::text(2, "（一）完善机制。年初制定了要点。"),
            Line::text(3, "（二）及时发布信息，做到准确。"),
            Line::text(4, "1、公开。内容"),
        ];
        let found: Vec<(u8, Option<String>, String)> = sections(&lines).into_iter().map(|section| (section.level, section.number, section.title)).collect();
        assert_eq!(found, [(1, Some("一".into()), "概述".into()), (2, Some("一".into()), "完善机制".into())]);
    }
}
