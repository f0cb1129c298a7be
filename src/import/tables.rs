//! Statutory tables of a source, read into the rows and columns of the form; tables that lost their shape are put together again where
//! the form leaves exactly one way.

use super::content;
use super::figures::REGISTRY;
use super::flat;
use super::lines::{Block, Line, Removed};
use crate::diag::{Diagnostic, Words};
use crate::model::{About, Amount, Figure, FigureKey, Form, TimeSpan, Year};
use crate::parse;
use crate::text::numbers::read_cell;
use std::collections::BTreeMap;

/// A figure of a table.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct TableFigure {
    pub(super) key: FigureKey,
    pub(super) amount: Amount,
    pub(super) stated: Option<(Amount, String)>,
    pub(super) about: Option<About>,
    pub(super) time: TimeSpan,
    /// The row as printed, cells parted by spaces.
    pub(super) quote: String,
    pub(super) line: usize,
}

/// What was read from tables.
#[derive(Debug)]
pub(super) struct TablesRead {
    /// The edition they are in: the year's, or another that fits better.
    pub(super) form: &'static Form,
    /// Whether it is another edition than the year's.
    pub(super) other_edition: bool,
    pub(super) figures: Vec<TableFigure>,
    /// Cells that were printed and hold no number.
    pub(super) unfilled: usize,
    /// What could not be read, with its line.
    pub(super) doubts: Vec<(Words, usize)>,
    /// Tables of which nothing was read: how many numbers they hold, and their line.
    unread: Vec<(usize, usize)>,
}

/// Puts tables together and reads them.
pub(super) fn read(lines: &mut Vec<Line>, removed: &mut Vec<Removed>, rows: BTreeMap<usize, Vec<usize>>, year: Option<Year>) -> TablesRead {
    let places = flat::rebuild(lines, removed, rows);
    let own = year.map(|year| REGISTRY.form_for(year));
    let latest = REGISTRY.forms().last().expect("forms are built in");
    let mut best = attempt(lines, own.unwrap_or(latest), &places);
    let mut other_edition = false;
    for form in REGISTRY.forms().iter().filter(|form| own.is_none_or(|own| own.id != form.id) && !form.tables.is_empty()) {
        // Another edition has to explain clearly more: editions share most of their rows.
        let tried = attempt(lines, form, &places);
        if weight(&tried) > weight(&best) + 2 {
            other_edition = own.is_some();
            best = tried;
        }
    }
    best.other_edition = other_edition;
    for (numbers, line) in std::mem::take(&mut best.unread) {
        let words = Words::new(
            format!("这张表里的 {numbers} 个数没有读入：行名、列名不是法定表格的；整张表留在正文里，请核对"),
            format!("none of the {numbers} numbers of this table was read: it has no official rows or columns and stays as it is"),
        );
        best.doubts.push((words, line));
    }
    best
}

/// How many cells of a table are numbers, if any is.
fn numbers_in(rows: &[Vec<String>]) -> Option<usize> {
    let count = rows.iter().flatten().filter(|cell| read_cell(cell).is_some_and(|cell| cell.reading.amount().is_some())).count();
    (count > 0).then_some(count)
}

fn weight(read: &TablesRead) -> usize {
    (read.figures.len() + read.unfilled).saturating_sub(3 * read.doubts.len())
}

fn attempt(lines: &[Line], form: &'static Form, places: &flat::Places) -> TablesRead {
    let mut read = TablesRead { form, other_edition: false, figures: Vec::new(), unfilled: 0, doubts: Vec::new(), unread: Vec::new() };
    for line in lines {
        let Block::Table(rows) = &line.block else { continue };
        let markdown = content::table(rows);
        let (figures, found) = parse::tables_in(&markdown, form, &REGISTRY);
        let row_of = |offset: usize| {
            // The second line of a table in Markdown parts its head from its body.
            let nth = markdown[..offset.min(markdown.len())].matches('\n').count();
            nth.saturating_sub(usize::from(nth > 0))
        };
        let line_of = |row: usize| places.line(line.number, row);
        let start = read.figures.len();
        if figures.is_empty() {
            read.unread.extend(numbers_in(rows).map(|numbers| (numbers, line.number)));
        }
        for figure in figures {
            let row = row_of(figure.span.start as usize);
            let Some(amount) = figure.reading.amount() else {
                read.unfilled += 1;
                continue;
            };
            if read.figures[..start].iter().any(|known| known.key == figure.key && known.time == figure.time) {
                continue;
            }
            let quote = rows.get(row).map(|cells| quote(cells)).unwrap_or_default();
            let Figure { key, stated, about, time, .. } = figure;
            let stated = stated.map(|(amount, unit)| (amount, unit.to_string()));
            read.figures.push(TableFigure { key, amount, stated, about, time, quote, line: line_of(row) });
        }
        read.doubts.extend(found.iter().map(|found: &Diagnostic| (found.message.clone(), line_of(found.span.map_or(0, |span| row_of(span.start as usize))))));
    }
    read
}

fn quote(cells: &[String]) -> String {
    cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")
}
