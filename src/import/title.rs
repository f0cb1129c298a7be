//! The title of a report: which line it is, also where it is split over two lines or printed twice.

use super::lines::{Block, Line, Removed, compact};
use super::names;
use crate::diag::Words;
use crate::text::{dates, key};

/// A title that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Title {
    /// As printed; parts of a split title joined.
    pub(super) text: String,
    /// Line of its first part.
    pub(super) line: usize,
    /// Place in the remaining lines before which it stood.
    pub(super) place: usize,
}

/// The title in the title of a browser window, which may name the site, too: 某报告_某县人民政府.
pub(super) fn in_window_title(window: &str) -> Option<String> {
    window.split(['_', '-', '|', '—', '–']).map(str::trim).find(|part| is_title(part)).map(str::to_string)
}

/// Titles printed a second time, in other words.
pub(super) type Others = Vec<(usize, String)>;

/// Furthest line in which a title is looked for.
const HEAD: usize = 60;

/// Takes the title and its repetitions out of the lines.
pub(super) fn take(lines: &mut Vec<Line>, removed: &mut Vec<Removed>) -> (Option<Title>, Others) {
    let body = lines.iter().take(HEAD).position(is_body).unwrap_or(lines.len().min(HEAD));
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    let mut place = 0;
    while place < body {
        match title_at(lines, place, body) {
            Some((text, length)) => {
                found.push((place, length, text));
                place += length;
            }
            None => place += 1,
        }
    }
    // The heading of a page is its title; lists of other reports may stand before it.
    let chosen = found.iter().position(|(place, ..)| matches!(lines[*place].block, Block::Heading(..))).unwrap_or(0);
    let Some((start, _, text)) = found.get(chosen).cloned() else {
        return (None, Vec::new());
    };
    let title = Title { line: lines[start].number, place: start - found[..chosen].iter().map(|(_, length, _)| length).sum::<usize>(), text: narrow(&text) };
    let mut others = Vec::new();
    for (index, (place, _, text)) in found.iter().enumerate() {
        if index == chosen {
            continue;
        }
        let line = lines[*place].number;
        let why =
            if key(text) == key(&title.text) { Words::new("重复的标题", "title printed again") } else { Words::new("另一个标题", "another title") };
        if key(text) != key(&title.text) {
            others.push((line, text.clone()));
        }
        removed.push(Removed { line, text: text.clone(), why });
    }
    for (place, length, _) in found.iter().rev() {
        lines.drain(*place..place + length);
    }
    (Some(title), others)
}

/// A title with ASCII digits for full-width ones.
fn narrow(text: &str) -> String {
    text.chars().map(|c| if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c }).collect()
}

/// Whether a line is text of the report and no longer its head. Lists and tables may be either: menus are lists, and a
/// catalogue entry is a table.
pub(super) fn is_body(line: &Line) -> bool {
    match &line.block {
        Block::Table(_) | Block::Item(..) => false,
        Block::Text(text) | Block::Heading(_, text) => {
            let length = compact(text).chars().count();
            super::outline::numbered(text).is_some_and(|number| number.level == 1)
                || (length > 60 && !super::chrome::is_furniture(text))
                || (length >= 30 && text.contains('。'))
        }
    }
}

/// The title that begins at a line, and over how many lines it goes.
pub(super) fn title_at(lines: &[Line], place: usize, end: usize) -> Option<(String, usize)> {
    let first = lines[place].words()?;
    let next = lines.get(place + 1).filter(|_| place + 1 < end).and_then(Line::words);
    if let Some(next) = next
        && may_join(first, next)
    {
        return Some((format!("{first}{next}"), 2));
    }
    is_title(first).then(|| (first.to_string(), 1))
}

/// Whether two lines are one title: neither is one alone, or the first is only the body's name.
fn may_join(first: &str, next: &str) -> bool {
    let joined = format!("{first}{next}");
    let (head, tail) = (compact(first), compact(next));
    if !is_title(&joined) || is_title(first) || super::chrome::is_furniture(first) || tail.chars().count() > 40 {
        return false;
    }
    if is_title(next) {
        // 旧城镇人民政府 / 2016年度政府信息公开工作报告
        return names::office(&head).is_some() && names::in_title(next).is_none();
    }
    let begins = !dates::years(&head).is_empty() || names::in_title(&head).is_some();
    begins && head.chars().count() <= 40 && tail.ends_with(['告', '报'])
}

/// Whether a line reads like the title of an annual report on disclosure.
pub(super) fn is_title(text: &str) -> bool {
    // The cheap questions first: every line of a file is asked.
    if !text.contains('公') || text.contains(['>', '＞', '»', '。', '；', ';', '！', '|', '│']) {
        return false;
    }
    let text = compact(text);
    let bare = text.split_once(['（', '(']).filter(|(before, _)| before.ends_with(['告', '报'])).map_or(text.as_str(), |(before, _)| before);
    let topic = ["信息公开", "政务公开"].iter().any(|topic| bare.contains(topic));
    let dated = !dates::years(&text).is_empty() || dates::is_masked(&text);
    // A table that is published alone is called after what it counts, and names year and body.
    let table = ["统计表", "情况表", "数据表", "附表", "申请情况"].iter().any(|ending| bare.ends_with(ending)) && dated && names::in_title(&text).is_some();
    let ends = bare.ends_with("报告") || bare.ends_with("年报") || table;
    let length = text.chars().count();
    let prefixed = ["上一", "下一", "附件", "当前", "您"].iter().any(|prefix| text.starts_with(prefix)) || text.contains("位置");
    // A bare 政府信息公开年报 is the name of a column of the site.
    let names_something = || dated || names::in_title(&text).is_some();
    topic && ends && (8..=70).contains(&length) && !prefixed && names_something()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> (Option<String>, usize, Vec<String>) {
        let mut lines: Vec<Line> = lines.iter().enumerate().map(|(index, text)| Line::text(index + 1, *text)).collect();
        let mut removed = Vec::new();
        let (title, _) = take(&mut lines, &mut removed);
        (title.map(|title| title.text), lines.len(), removed.into_iter().map(|removed| removed.text).collect())
    }

    #[test]
    fn one_line() {
        assert_eq!(
            found(&["政府信息公开", "某县人民政府公布2012年政府信息公开工作报告", "一、概述"]),
            (Some("某县人民政府公布2012年政府信息公开工作报告".into()), 2, vec![])
        );
    }

    #[test]
    fn split_and_repeated() {
        let (title, left, removed) =
            found(&["2012年某镇人民政府信息公开年度报告", "某县人民政府 发布时间: 2013-02-15", "2012年某镇人民政府信息公开工作", "年度报告", "一、概述"]);
        assert_eq!(title.as_deref(), Some("2012年某镇人民政府信息公开年度报告"));
        assert_eq!((left, removed), (2, vec!["2012年某镇人民政府信息公开工作年度报告".to_string()]));
        assert_eq!(found(&["某镇人民政府", "2016年度政府信息公开工作报告"]).0.as_deref(), Some("某镇人民政府2016年度政府信息公开工作报告"));
    }

    #[test]
    fn what_is_no_title() {
        for text in ["首页 > 政府信息公开 > 年度报告", "政府信息公开年报", "上一篇：某镇2011年政府信息公开工作报告", "现将2012年政府信息公开工作报告如下："]
        {
            assert!(!is_title(text), "{text}");
        }
    }

    #[test]
    fn tables_published_alone_and_masked_years() {
        for text in ["云溪县教育局2018年政府信息公开情况统计表", "石桥乡2022年收到和处理政府信息公开申请情况", "20XX年石桥镇政府信息公开工作年度报告"]
        {
            assert!(is_title(text), "{text}");
        }
    }

    #[test]
    fn menus_and_tables_before_the_title() {
        let table = Block::Table(vec![vec!["索引号".into(), "1".into()]]);
        let mut lines = vec![
            Line { number: 1, block: Block::Item(None, "首页".into()) },
            Line { number: 2, block: table },
            Line::text(3, "某镇2011年政府信息公开工作报告"),
        ];
        assert_eq!(take(&mut lines, &mut Vec::new()).0.map(|title| (title.line, title.place)), Some((3, 2)));
        assert_eq!(in_window_title("某镇2011年政府信息公开工作报告-某县人民政府").as_deref(), Some("某镇2011年政府信息公开工作报告"));
        assert_eq!(in_window_title("某县人民政府"), None);
    }

    #[test]
    fn the_page_heading_wins_over_lists_before_it() {
        let mut lines =
            vec![Line::text(1, "某镇2010年政府信息公开工作报告"), Line { number: 2, block: Block::Heading(1, "某镇2011年政府信息公开工作报告".into()) }];
        let mut removed = Vec::new();
        let (title, others) = take(&mut lines, &mut removed);
        assert_eq!((title.unwrap().line, others.len(), lines.len()), (2, 1, 0));
    }
}
