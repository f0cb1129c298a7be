//! A file that holds several reports, as reports one after the other.

use super::lines::{Block, Line, Lines, compact};
use super::names;
use super::outline;
use super::title;
use crate::text::{dates, key};

/// The reports of a file; nearly always one.
pub(super) fn parts(source: Lines) -> Vec<Lines> {
    let starts = starts(&source.lines);
    if starts.len() < 2 {
        return vec![source];
    }
    let Lines { lines, removed, notes, meta, rows } = source;
    let mut parts: Vec<Lines> = Vec::with_capacity(starts.len());
    let mut removed = removed.into_iter().peekable();
    for (place, line) in lines.into_iter().enumerate() {
        // What stands before the first title belongs to the first report.
        if parts.is_empty() || starts[1..].contains(&place) {
            parts.push(Lines::default());
        }
        let part = parts.last_mut().expect("one was pushed");
        while let Some(left) = removed.next_if(|left| left.line <= line.number) {
            part.removed.push(left);
        }
        part.lines.push(line);
    }
    // What is doubtful about the file is doubtful about each report in it.
    for part in &mut parts {
        part.notes = notes.clone();
        part.rows = rows.clone();
    }
    let last = parts.last_mut().expect("at least two");
    last.removed.extend(removed);
    for part in &mut parts {
        // The page is all reports' page; its title and day are none's.
        part.meta.url = meta.url.clone();
    }
    parts
}

/// Places where a report begins: a title of another year or body with text under it, after the text of the one before.
fn starts(lines: &[Line]) -> Vec<usize> {
    let mut starts: Vec<(usize, String)> = Vec::new();
    let mut place = 0;
    while place < lines.len() {
        match title_at(lines, place) {
            Some((title, length)) if begins(lines, place + length) => {
                let own = identity(&title);
                let new = starts.last().is_none_or(|(start, before)| *before != own && lines[*start..place].iter().any(is_text));
                if new {
                    starts.push((place, own));
                }
                place += length;
            }
            Some((_, length)) => place += length,
            None => place += 1,
        }
    }
    starts.into_iter().map(|(place, _)| place).collect()
}

fn title_at(lines: &[Line], place: usize) -> Option<(String, usize)> {
    title::title_at(lines, place, lines.len())
}

/// Whether a report's text follows soon, before another title.
fn begins(lines: &[Line], from: usize) -> bool {
    for (place, line) in lines.iter().enumerate().skip(from).take(14) {
        if is_text(line) || line.words().is_some_and(|words| outline::numbered(words).is_some_and(|number| number.level == 1)) {
            return true;
        }
        if title_at(lines, place).is_some_and(|(title, _)| place > from + 2 && names::in_title(&title).is_some()) {
            return false;
        }
    }
    false
}

/// Whether a line is of a report's text: words, or a table of figures, as a sheet has nothing else. The entry of a catalogue has few rows.
fn is_text(line: &Line) -> bool {
    let is_figures = |rows: &Vec<Vec<String>>| rows.iter().filter(|row| row.iter().any(|cell| cell.trim().parse::<u64>().is_ok())).count() >= 10;
    title::is_body(line) || matches!(&line.block, Block::Table(rows) if is_figures(rows))
}

/// Year and body of a title.
fn identity(title: &str) -> String {
    let year = dates::years(title).first().map(|year| year.year.to_string()).unwrap_or_default();
    let body = names::in_title(title).map_or_else(|| if year.is_empty() { compact(title) } else { String::new() }, |named| named.body);
    format!("{year} {}", key(&body))
}
