//! Statutory tables of a source, read into the rows and columns of the form; tables that lost their shape are put together again where
//! the form leaves exactly one way.

use super::content;
use super::figures::REGISTRY;
use super::flat;
use super::lines::{Block, Line, Removed};
use crate::diag::{Diagnostic, Words};
use crate::model::{About, Amount, Figure, FigureKey, Form, Layout, Reading, TimeSpan, Year};
use crate::parse;
use crate::text::labels::label_key;
use crate::text::numbers::read_cell;
use std::collections::{BTreeMap, BTreeSet};

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

/// A cell of a table that holds no number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unfilled {
    /// What would be counted.
    pub key: FigureKey,
    /// Empty, not applicable or withheld.
    pub reading: Reading,
    /// This year, or since counting began.
    pub time: TimeSpan,
    /// The row as printed, cells parted by spaces.
    pub quote: String,
    /// Line of the source file.
    pub line: usize,
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
    pub(super) unfilled: Vec<Unfilled>,
    /// Lines of the rows and cells.
    pub(super) places: flat::Places,
    /// Numbers read of each table, by its line.
    counts: BTreeMap<usize, usize>,
    /// Tables of which nothing was read: how many numbers they hold, and their line.
    unread: Vec<(usize, usize)>,
    /// What could not be read, with its line.
    pub(super) doubts: Vec<(Words, usize)>,
}

/// Puts tables together and reads them.
pub(super) fn read(lines: &mut Vec<Line>, removed: &mut Vec<Removed>, rows: BTreeMap<usize, Vec<usize>>, year: Option<Year>) -> TablesRead {
    let own = year.map(|year| REGISTRY.form_for(year));
    let (mut places, mut doubts) = flat::rebuild(lines, removed, rows);
    doubts.extend(own.map_or_else(Vec::new, |form| mend_heads(lines, &places, form)));
    let mut best = choose(lines, own, &places);
    if reshape(lines, removed, &mut places, &best) {
        best = choose(lines, own, &places);
    }
    for (numbers, line) in std::mem::take(&mut best.unread) {
        let words = Words::new(
            format!("这张表里的 {numbers} 个数没有读入：行名、列名不是法定表格的，或合并的单元格丢了；整张表留在正文里，请核对"),
            format!("none of the {numbers} numbers of this table was read: it has no official rows or columns, or lost its merged cells, and stays as it is"),
        );
        best.doubts.push((words, line));
    }
    best.doubts.extend(doubts);
    best.places = places;
    best
}

/// The tables in the edition that explains them: the year's, or another that fits better.
fn choose(lines: &[Line], own: Option<&'static Form>, places: &flat::Places) -> TablesRead {
    let latest = REGISTRY.forms().last().expect("forms are built in");
    let mut best = attempt(lines, own.unwrap_or(latest), places);
    let mut other_edition = false;
    for form in REGISTRY.forms().iter().filter(|form| own.is_none_or(|own| own.id != form.id) && !form.tables.is_empty()) {
        // Another edition has to explain clearly more: editions share most of their rows.
        let tried = attempt(lines, form, places);
        if weight(&tried) > weight(&best) + 2 {
            other_edition = own.is_some();
            best = tried;
        }
    }
    best.other_edition = other_edition;
    best
}

/// How many cells of a table are numbers.
fn numbers_in(rows: &[Vec<String>]) -> usize {
    rows.iter().flatten().filter(|cell| read_cell(cell).is_some_and(|cell| cell.reading.amount().is_some())).count()
}

/// Puts tables whose heads and labels lost their merged cells into the form's layout: only where every label is followed by as many values
/// as its row has, and where that reads more figures than the cells as they stand.
fn reshape(lines: &mut [Line], removed: &mut Vec<Removed>, places: &mut flat::Places, best: &TablesRead) -> bool {
    let mut changed = false;
    for line in lines {
        let Block::Table(rows) = &line.block else { continue };
        let known = best.counts.get(&line.number).copied().unwrap_or_default();
        if known >= numbers_in(rows) {
            continue;
        }
        let read = |rows: &[Vec<String>]| {
            let forms = REGISTRY.forms().iter().filter(|form| !form.tables.is_empty());
            let figures = |form| parse::tables_in(&content::table(rows), form, &REGISTRY).0.iter().filter(|figure| figure.reading.amount().is_some()).count();
            forms.map(figures).max().unwrap_or(0)
        };
        if let Some((shaped, of_cells)) = flat::reshaped(line, places).into_iter().find(|(shaped, _)| read(shaped) > known) {
            removed.push(Removed { line: line.number, text: line.all_words(), why: flat::put_together() });
            places.set_cells(line.number, of_cells);
            line.block = Block::Table(shaped);
            changed = true;
        }
    }
    changed
}

/// The row at which a table that could not be read begins to state numbers of the form; its first one otherwise.
fn first_row(rows: &[Vec<String>]) -> usize {
    let states = |row: &Vec<String>| {
        let number = row.iter().any(|cell| read_cell(cell).is_some_and(|cell| cell.reading.amount().is_some()));
        number && row.iter().any(|cell| flat::TABLES.iter().any(|(_, labels)| labels.rows.contains(&label_key(cell))))
    };
    rows.iter().position(states).unwrap_or(0)
}

/// Heads that were cut short, 本年新 for 本年新制作数量, where their place and a whole head beside them say which they are.
fn mend_heads(lines: &mut [Line], places: &flat::Places, form: &Form) -> Vec<flat::Doubt> {
    let mut doubts = Vec::new();
    for line in lines {
        let number = line.number;
        let Block::Table(rows) = &mut line.block else { continue };
        for (at, row) in rows.iter_mut().enumerate() {
            if row.first().is_none_or(|first| label_key(first) != "信息内容") {
                continue;
            }
            let filled = row.iter().filter(|cell| !cell.is_empty()).count();
            let printed = row.join(" ");
            for table in form.tables.iter().filter(|table| table.layout == Layout::Blocks) {
                let groups: BTreeSet<Option<&String>> = table.columns.iter().map(|column| column.group.as_ref()).collect();
                for group in groups {
                    let labels: Vec<&String> = table.columns.iter().filter(|column| column.group.as_ref() == group).map(|column| &column.label).collect();
                    let cut = |cell: &String, label: &&String| cell.chars().count() >= 2 && label.starts_with(cell.as_str());
                    let heads = &row[1.min(row.len())..];
                    let fits = filled == labels.len() + 1 && heads.len() >= labels.len() && heads.iter().zip(&labels).all(|(cell, label)| cut(cell, label));
                    let whole = heads.iter().zip(&labels).filter(|(cell, label)| cell == *label).count();
                    if fits && (1..labels.len()).contains(&whole) {
                        row[1..].iter_mut().zip(&labels).for_each(|(cell, label)| *cell = (*label).clone());
                        let words = Words::new(
                            format!("表头印作“{printed}”，缺字，按法定列名读取，请核对"),
                            format!("the head “{printed}” was cut short and is read as the form's columns"),
                        );
                        doubts.push((words, places.line(number, at, 0)));
                    }
                }
            }
        }
    }
    doubts
}

fn weight(read: &TablesRead) -> usize {
    (read.figures.len() + read.unfilled.len()).saturating_sub(3 * read.doubts.len())
}

fn attempt(lines: &[Line], form: &'static Form, places: &flat::Places) -> TablesRead {
    let mut read = TablesRead {
        form,
        other_edition: false,
        figures: Vec::new(),
        unfilled: Vec::new(),
        places: flat::Places::default(),
        counts: BTreeMap::new(),
        unread: Vec::new(),
        doubts: Vec::new(),
    };
    for line in lines {
        let Block::Table(rows) = &line.block else { continue };
        let markdown = content::table(rows);
        let (figures, found) = parse::tables_in(&markdown, form, &REGISTRY);
        let cell_of = |offset: usize| content::cell_after(&markdown[..offset.min(markdown.len())]);
        let line_of = |offset: usize| {
            let (row, column) = cell_of(offset);
            places.line(line.number, row, column)
        };
        let start = read.figures.len();
        read.counts.insert(line.number, figures.iter().filter(|figure| figure.reading.amount().is_some()).count());
        let numbers = numbers_in(rows);
        if figures.is_empty() && numbers > 0 {
            read.unread.push((numbers, places.line(line.number, first_row(rows), 0)));
        }
        for figure in figures {
            let at = figure.span.start as usize;
            let row = cell_of(at).0;
            if read.figures[..start].iter().any(|known| known.key == figure.key && known.time == figure.time) {
                continue;
            }
            let quote = rows.get(row).map(|cells| quote(cells)).unwrap_or_default();
            let Figure { key, reading, stated, about, time, .. } = figure;
            let Some(amount) = reading.amount() else {
                // A column of all years that is empty says nothing of any.
                if time == TimeSpan::Cumulative {
                    continue;
                }
                read.unfilled.push(Unfilled { key, reading, time, quote, line: line_of(at) });
                continue;
            };
            let stated = stated.map(|(amount, unit)| (amount, unit.to_string()));
            read.figures.push(TableFigure { key, amount, stated, about, time, quote, line: line_of(at) });
        }
        read.doubts.extend(found.iter().map(|found: &Diagnostic| (found.message.clone(), line_of(found.span.map_or(0, |span| span.start as usize)))));
    }
    read
}

fn quote(cells: &[String]) -> String {
    cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")
}
