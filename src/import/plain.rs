//! Plain text and Markdown as blocks: one a line, rows between pipes as tables.
//!
//! Many texts were web pages once: their tables are rows of `|`, and single pipes are left of tables that only placed
//! paragraphs. A row is a row where another of the same width stands beside it; a pipe around a paragraph is taken away.

use super::grid::only_places;
use super::lines::{Block, Line, Lines, trimmed};
use crate::diag::Words;
use crate::markdown;

/// Most cells of a row.
const WIDEST: usize = 100;

/// Plain text as blocks; empty lines are dropped.
pub(super) fn of_plain_text(text: &str) -> Lines {
    of_lines(text, false)
}

/// Markdown as blocks. Its paragraphs are lines here; lines that were only wrapped are joined.
pub(super) fn of_markdown(text: &str) -> Lines {
    of_lines(text, true)
}

/// Whether a text is Markdown: front matter, or headings with number signs.
pub(super) fn is_markdown(text: &str) -> bool {
    front_matter(text) > 0 || text.lines().any(|line| heading(line).is_some())
}

fn of_lines(text: &str, is_markdown: bool) -> Lines {
    let mut out = Lines::default();
    // Line breaks of other systems end a paragraph, too; editors count only line feeds.
    let mut lines: Vec<(usize, &str)> = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        lines.extend(line.split(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']).map(|part| (index + 1, part)));
    }
    let mut at = if is_markdown { front_matter(text) } else { 0 };
    for (number, line) in &lines[..at.min(lines.len())] {
        out.remove(*number, line, Words::new("文件头部的信息栏", "front matter"));
    }
    let mut wrapped = false;
    while at < lines.len() {
        let (number, line) = lines[at];
        let (height, framed) = table_height(&lines[at..]);
        if height > 0 {
            table(&lines[at..at + height], framed, &mut out);
            at += height;
            wrapped = false;
            continue;
        }
        at += 1;
        let line = without_pipes(number, line, &mut out);
        if is_markdown {
            wrapped = markdown_line(number, line, wrapped, &mut out);
        } else {
            out.push_text(number, line);
        }
    }
    out
}

/// How many lines the front matter takes, its fences included.
fn front_matter(text: &str) -> usize {
    let mut lines = text.lines();
    let Some(fence) = lines.next().map(str::trim_end).filter(|line| matches!(*line, "+++" | "---")) else { return 0 };
    lines.position(|line| line.trim_end() == fence).map_or(0, |place| place + 2)
}

/// A heading of Markdown: its rank and words.
fn heading(line: &str) -> Option<(u8, &str)> {
    let rank = line.bytes().take_while(|byte| *byte == b'#').count();
    let words = line.get(rank..).filter(|rest| (1..=6).contains(&rank) && rest.starts_with(' ')).map(trimmed)?;
    (!words.is_empty()).then_some((rank as u8, words))
}

/// Adds a line of Markdown; says whether the next one may go on with its paragraph.
fn markdown_line(number: usize, line: &str, goes_on: bool, out: &mut Lines) -> bool {
    let line = line.trim_end();
    if let Some((rank, words)) = heading(line) {
        let words = out.cleaned(number, &shown(words.trim_end_matches('#')));
        if !words.is_empty() {
            out.lines.push(Line { number, block: Block::Heading(rank, words) });
        }
        return false;
    }
    let indented = line.trim_start();
    let digits = indented.bytes().take_while(u8::is_ascii_digit).count();
    let after = indented.get(digits..).and_then(|rest| rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") ")));
    let item = match after {
        Some(words) if (1..=9).contains(&digits) => Some((indented[..digits].parse().ok(), words)),
        _ => ["- ", "* ", "+ "].iter().find_map(|sign| indented.strip_prefix(sign)).map(|words| (None, words)),
    };
    if let Some((count, words)) = item {
        let words = out.cleaned(number, &shown(words));
        if !words.is_empty() {
            out.lines.push(Line { number, block: Block::Item(count, words) });
        }
        return false;
    }
    let words = out.cleaned(number, &shown(line));
    if words.is_empty() {
        return false;
    }
    let wraps = words.chars().count() >= 30 && !words.ends_with(['。', '！', '？', '；', '：', '”', '）']);
    match out.lines.last_mut() {
        Some(Line { block: Block::Text(before), .. }) if goes_on => before.push_str(&words),
        _ => out.lines.push(Line::text(number, words)),
    }
    wraps
}

/// The words of a line without its markup.
fn shown(line: &str) -> String {
    if !line.contains(['*', '`', '[', '\\', '&', '_', '~']) {
        return line.to_string();
    }
    markdown::plain_text(&markdown::read(trimmed(line)).events)
}

/// Cells of a line between pipes, if it has any.
fn cells(line: &str, framed: bool) -> Option<Vec<String>> {
    // An empty first or last cell without pipes around the row is white space.
    let line = if framed { trimmed(line) } else { line };
    let inner = line.strip_prefix(['|', '｜', '│']).filter(|_| framed).unwrap_or(line);
    if !line.contains(['|', '｜', '│']) {
        return None;
    }
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            '|' | '｜' | '│' if !escaped => cells.push(String::new()),
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            _ => {
                if let Some(cell) = cells.last_mut() {
                    if escaped && !matches!(c, '|' | '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '~' | '&') {
                        cell.push('\\');
                    }
                    cell.push(c);
                }
            }
        }
        escaped = false;
    }
    if framed && cells.len() > 1 && cells.last().is_some_and(|last| trimmed(last).is_empty()) {
        cells.pop();
    }
    Some(cells)
}

fn is_rule(cells: &[String]) -> bool {
    cells.iter().all(|cell| {
        let cell = trimmed(cell);
        cell.contains('-') && cell.chars().all(|c| matches!(c, '-' | ':' | ' '))
    })
}

/// How many lines from the first on are rows of one table, and whether pipes stand around them; 0 if they are none.
fn table_height(lines: &[(usize, &str)]) -> (usize, bool) {
    let is_pipe = |c: char| matches!(c, '|' | '｜' | '│');
    let piped = || lines.iter().map(|(_, line)| *line).take_while(|line| line.contains(is_pipe));
    let all_begin = piped().all(|line| trimmed(line).starts_with(is_pipe));
    // Without the pipes around them, rows have to look alike in more than their number of cells.
    let begins = lines.first().is_some_and(|(_, line)| trimmed(line).starts_with(is_pipe));
    for framed in if all_begin { [true, true] } else { [false, begins] } {
        let Some(first) = cells(lines[0].1, framed).filter(|cells| (2..=WIDEST).contains(&cells.len())) else { return (0, framed) };
        let is_row = |line: &str| cells(line, framed).is_some_and(|row| row.len() == first.len());
        let height = lines.iter().take_while(|(_, line)| is_row(line)).count();
        let rows: Vec<Vec<String>> = lines[..height].iter().filter_map(|(_, line)| cells(line, framed)).filter(|row| !is_rule(row)).collect();
        let longest = rows.iter().flatten().map(|cell| cell.chars().count()).max().unwrap_or(0);
        if !only_places(rows.len(), first.len(), longest) && (framed || rows.len() >= 3 && first.len() >= 3) {
            return (height, framed);
        }
    }
    (0, true)
}

fn table(lines: &[(usize, &str)], framed: bool, out: &mut Lines) {
    let number = lines[0].0;
    let own: Vec<usize> = lines.iter().filter(|(_, line)| cells(line, framed).is_some_and(|row| !is_rule(&row))).map(|(number, _)| *number).collect();
    let rows = lines.iter().filter_map(|(_, line)| cells(line, framed)).filter(|row| !is_rule(row));
    let rows: Vec<Vec<String>> = rows.map(|row| row.iter().map(|cell| out.cleaned(number, cell)).collect()).collect();
    if rows.iter().flatten().any(|cell| !cell.is_empty()) {
        out.lines.push(Line { number, block: Block::Table(rows) });
        out.rows.insert(number, own);
    }
}

/// A paragraph without the pipes of a table that only placed it.
fn without_pipes<'l>(number: usize, line: &'l str, out: &mut Lines) -> &'l str {
    let is_edge = |c: char| matches!(c, '|' | '｜' | '│') || c.is_whitespace();
    let inner = line.trim_matches(is_edge);
    let edges = line.chars().filter(|c| matches!(c, '|' | '｜' | '│')).count() - inner.chars().filter(|c| matches!(c, '|' | '｜' | '│')).count();
    if edges == 0 || inner.contains(['|', '｜', '│']) {
        return line;
    }
    out.remove(number, &"|".repeat(edges), Words::new("排版留下的竖线", "pipes of a layout"));
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<Block> {
        of_plain_text(text).lines.into_iter().map(|line| line.block).collect()
    }

    fn rows(rows: &[[&str; 2]]) -> Block {
        Block::Table(rows.iter().map(|row| row.map(String::from).to_vec()).collect())
    }

    #[test]
    fn lines_keep_their_numbers() {
        let lines = of_plain_text("标题\r\n\r\n\u{3000}\u{3000}第一段 \n第二段\r第三段\n").lines;
        assert_eq!(lines, [Line::text(1, "标题"), Line::text(3, "第一段"), Line::text(4, "第二段"), Line::text(4, "第三段")]);
    }

    #[test]
    fn rows_between_pipes_are_tables() {
        assert_eq!(
            blocks("一、概述\n| 指标 | 数 |\n|---|---|\n| 申请 | 3 |\n尾"),
            [Block::Text("一、概述".into()), rows(&[["指标", "数"], ["申请", "3"]]), Block::Text("尾".into())]
        );
        assert_eq!(
            blocks("| | 甲 | 乙\n一 | | 1 | 2\n二 | | 3 | \n"),
            [Block::Table([["", "", "甲", "乙"], ["一", "", "1", "2"], ["二", "", "3", ""]].iter().map(|row| row.map(String::from).to_vec()).collect())]
        );
        assert_eq!(blocks("|指标|数\n|申请||\n"), [rows(&[["指标", "数"], ["申请", ""]])]);
    }

    #[test]
    fn pipes_of_layout_go() {
        let found = of_plain_text("| | 一、概述 | |\n|我镇公开信息3条。|\n字号：大|中|小\n甲|乙\n");
        assert_eq!(found.lines, [Line::text(1, "一、概述"), Line::text(2, "我镇公开信息3条。"), Line::text(3, "字号：大|中|小"), Line::text(4, "甲|乙")]);
        assert_eq!(found.removed.iter().map(|removed| removed.text.as_str()).collect::<Vec<_>>(), ["||||", "||"]);
    }

    #[test]
    fn markdown_headings_lists_and_wrapped_lines() {
        let text = "---\ntitle: 甲\n---\n# 云溪镇2014年政府信息公开工作年度报告\n\n## 一、概述\n\n我镇**主动**公开信息，内容写在这里，一行写不下所以换到下一行，接着\n写完。\n\n1. 甲\n- 乙\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n";
        assert!(is_markdown(text) && !is_markdown("#1 楼\n一、概述\n"));
        let found = of_markdown(text);
        let blocks: Vec<Block> = found.lines.into_iter().map(|line| line.block).collect();
        assert_eq!(
            blocks,
            [
                Block::Heading(1, "云溪镇2014年政府信息公开工作年度报告".into()),
                Block::Heading(2, "一、概述".into()),
                Block::Text("我镇主动公开信息，内容写在这里，一行写不下所以换到下一行，接着写完。".into()),
                Block::Item(Some(1), "甲".into()),
                Block::Item(None, "乙".into()),
                rows(&[["甲", "乙"], ["1", "2"]])
            ]
        );
        assert_eq!(found.removed.len(), 3);
    }
}
