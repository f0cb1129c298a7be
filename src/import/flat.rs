//! Tables that came as lines of text, parted by tabs or spaces or flattened to one cell a line, and tables whose heads lost their merged
//! cells.
//!
//! Such a table is put together again by the form: known labels, each followed by as many values as its row has cells. Where a
//! row has another number of values, nobody can say which cell is missing: the lines stay text, and that is said.

use super::figures::REGISTRY;
use super::lines::{Block, Line, Removed};
use super::ruled;
use super::shape::{Shaped, shape};
use crate::diag::Words;
use crate::model::{Layout, Reading, Table};
use crate::text::is_han;
use crate::text::labels::{label_key, plain_key};
use crate::text::numbers::read_cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Lines of the rows and cells of tables.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Places {
    rows: BTreeMap<usize, Vec<usize>>,
    /// Of a table that was put together each cell has its own.
    cells: BTreeMap<usize, Vec<Vec<usize>>>,
}

impl Places {
    /// Line of a cell of the table that begins at a line.
    pub(super) fn line(&self, table: usize, row: usize, column: usize) -> usize {
        let of_row = self.cells.get(&table).and_then(|rows| rows.get(row));
        let own = of_row.and_then(|cells| cells.get(column).or(cells.first()));
        own.copied().or_else(|| self.rows.get(&table)?.get(row).copied()).unwrap_or(table)
    }

    pub(super) fn has_rows(&self, table: usize) -> bool {
        self.rows.contains_key(&table)
    }

    pub(super) fn set_rows(&mut self, table: usize, lines: Vec<usize>) {
        self.rows.insert(table, lines);
    }

    pub(super) fn set_cells(&mut self, table: usize, lines: Vec<Vec<usize>>) {
        self.cells.insert(table, lines);
    }
}

/// What could not be read of a table, with its line.
pub(super) type Doubt = (Words, usize);

/// The tables of all forms with their labels, those of the latest form first.
pub(super) static TABLES: LazyLock<Vec<(&'static Table, Labels)>> = LazyLock::new(|| {
    let tables = REGISTRY.forms().iter().rev().flat_map(|form| &form.tables);
    tables.map(|table| (table, Labels::of(table))).collect()
});

/// Turns runs of lines that are tables into tables; says where one has lost its numbers.
pub(super) fn rebuild(lines: &mut Vec<Line>, removed: &mut Vec<Removed>, rows: BTreeMap<usize, Vec<usize>>) -> (Places, Vec<Doubt>) {
    let mut places = Places { rows, ..Places::default() };
    ruled::pipes(lines, removed, &mut places);
    ruled::stack(lines, &mut places);
    ruled::part(lines, &mut places);
    let mut pieces: Vec<Pieces> = lines.iter().map(|line| Pieces::of(line, &places)).collect();
    for (table, labels) in &*TABLES {
        flattened(lines, &mut pieces, removed, (table, labels), &mut places);
    }
    let doubts = TABLES.iter().flat_map(|(table, labels)| lost(lines, &mut pieces, table, labels)).collect();
    (places, doubts)
}

/// A table in the layout of a form, where its cells in their order leave one way only.
pub(super) fn reshaped(line: &Line, places: &Places) -> Vec<Shaped> {
    let pieces = Pieces::of(line, places);
    let tables = TABLES.iter().filter(|(_, labels)| pieces.keys.iter().all(|keys| labels.knows(keys)));
    tables.filter_map(|(table, labels)| shape(table, labels, &pieces.tokens)).collect()
}

pub(super) fn text_of(line: &Line) -> Option<&str> {
    match &line.block {
        Block::Text(text) | Block::Item(_, text) => Some(text),
        Block::Heading(..) | Block::Table(_) => None,
    }
}

/// What a piece of a line is in a form's tables.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    Label(String),
    Value(String),
}

/// Labels of a table, for comparison.
pub(super) struct Labels {
    pub(super) rows: BTreeSet<String>,
    heads: BTreeSet<String>,
}

impl Labels {
    pub(super) fn of(table: &Table) -> Labels {
        let mut labels = Labels { rows: BTreeSet::new(), heads: BTreeSet::new() };
        for row in &table.rows {
            labels.rows.extend(row.keys.iter().cloned());
            // A row's label may stand with its groups' glued to it.
            labels.heads.extend(row.group_keys.iter().cloned());
            labels.heads.extend(row.groups.iter().map(|group| plain_key(group)));
        }
        for column in &table.columns {
            labels.heads.insert(column.key.clone());
            labels.heads.extend(column.group_key.clone());
            labels.heads.extend(column.group.as_deref().map(label_key));
        }
        let known = [
            "信息内容",
            "申请人情况",
            "法人或其他组织",
            "统计指标",
            "单位",
            "统计数",
            "行政诉讼",
            "行政复议",
            "未经复议直接起诉",
            "复议后起诉",
            "总计",
            "合计",
            "指标",
            "项目",
            "数量",
            "本年度办理结果",
            "数值",
        ];
        labels.heads.extend(known.map(str::to_string));
        labels
    }

    pub(super) fn knows(&self, Keys { label, plain }: &Keys) -> bool {
        let row = |key: &String| !key.is_empty() && plain.ends_with(key.as_str()) && self.heads.iter().any(|head| plain.contains(head.as_str()));
        self.heads.contains(label) || self.heads.contains(plain) || self.rows.contains(label) || self.rows.iter().any(row) || plain.contains("勾稽关系")
    }
}

/// A label as it is compared: without and with its numbering.
pub(super) struct Keys {
    label: String,
    plain: String,
}

impl Keys {
    pub(super) fn of(label: &str) -> Keys {
        Keys { label: label_key(label), plain: plain_key(label) }
    }
}

/// What a line or a table is made of, in order, each with its line; empty cells say nothing, and headings are no part of a table.
struct Pieces {
    tokens: Vec<(usize, Token)>,
    /// Of its labels.
    keys: Vec<Keys>,
    is_text: bool,
}

impl Pieces {
    fn of(line: &Line, places: &Places) -> Pieces {
        let tokens: Vec<(usize, Token)> = match &line.block {
            Block::Table(rows) => {
                let cells = rows.iter().enumerate().flat_map(|(row, cells)| cells.iter().enumerate().map(move |(column, cell)| (row, column, cell)));
                let filled = cells.filter(|(.., cell)| !cell.trim().is_empty());
                let token = |cell: &String| if read_cell(cell).is_some() { Token::Value(cell.clone()) } else { Token::Label(cell.clone()) };
                filled.map(|(row, column, cell)| (places.line(line.number, row, column), token(cell))).collect()
            }
            _ => text_of(line).map(tokens).unwrap_or_default().into_iter().map(|token| (line.number, token)).collect(),
        };
        let labels = tokens.iter().filter_map(|(_, token)| if let Token::Label(label) = token { Some(label) } else { None });
        // No label is a sentence, and most lines of a report are.
        let key = |label: &String| if label.contains('。') { Keys { label: "。".into(), plain: "。".into() } } else { Keys::of(label) };
        let keys = labels.map(key).collect();
        Pieces { tokens, keys, is_text: text_of(line).is_some() }
    }

    fn ends_with_value(&self) -> bool {
        matches!(self.tokens.last(), Some((_, Token::Value(_))))
    }
}

/// Pieces of a line: parted by tabs or wide gaps, values at its end by single spaces.
fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    for piece in text.split(['\t', '\u{3000}', '|']).flat_map(|piece| piece.split("  ")).map(str::trim).filter(|piece| !piece.is_empty()) {
        // 不予公开 is a value of a cell and the name of a group of rows; in a line of its own it is the name.
        let is_value =
            |word: &str| word.chars().count() <= 12 && read_cell(word).is_some_and(|cell| cell.reading != Reading::Withheld || !word.contains(is_han));
        let words: Vec<&str> = piece.split(' ').filter(|word| !word.is_empty()).collect();
        let values = words.iter().rev().take_while(|word| is_value(word)).count();
        let label = words[..words.len() - values].join(" ");
        if !label.is_empty() {
            found.push(Token::Label(label));
        }
        found.extend(words[words.len() - values..].iter().map(|word| Token::Value(word.to_string())));
    }
    found
}

fn flattened(lines: &mut Vec<Line>, pieces: &mut Vec<Pieces>, removed: &mut Vec<Removed>, (table, labels): (&Table, &Labels), places: &mut Places) {
    let mut at = 0;
    while at < lines.len() {
        let length = run_length(&pieces[at..], labels, table);
        // A table may be cut off in the middle of a row: the rows before it stand.
        let ends = at + length + 2 >= lines.len();
        let shortest = if ends { length.saturating_sub(LONGEST_ROW).max(3) } else { length };
        let shaped = (shortest.max(2)..=length).rev().find_map(|length| {
            let run: Vec<(usize, Token)> = pieces[at..at + length].iter().flat_map(|pieces| pieces.tokens.iter().cloned()).collect();
            Some((length, shape(table, labels, &run)?))
        });
        if let Some((length, (rows, of_cells))) = shaped {
            let number = lines[at].number;
            let text = lines[at..at + length].iter().map(Line::all_words).collect::<Vec<_>>().join(" ");
            removed.push(Removed { line: number, text, why: put_together() });
            places.set_cells(number, of_cells);
            let rebuilt = Line { number, block: Block::Table(rows) };
            pieces.splice(at..at + length, [Pieces::of(&rebuilt, places)]);
            lines.splice(at..at + length, [rebuilt]);
        }
        at += 1;
    }
}

/// Most lines that a row of a statutory table takes when each cell has its own.
const LONGEST_ROW: usize = 12;

pub(super) fn put_together() -> Words {
    Words::new("打散的表格，已按法定格式还原", "a table taken apart, put together in the form's layout")
}

/// Lines from the first on that hold nothing but labels and values of the table; a table may be among them, where its heads alone kept
/// their shape.
fn run_length(lines: &[Pieces], labels: &Labels, table: &Table) -> usize {
    let fits = |line: &Pieces| {
        let mut keys = line.keys.iter();
        !line.tokens.is_empty()
            && line.tokens.iter().all(|(_, token)| match token {
                Token::Label(label) => keys.next().is_some_and(|keys| labels.knows(keys)) || table.layout == Layout::Sheet && is_unit(label),
                Token::Value(_) => true,
            })
    };
    // A table begins with a label, and ends with a value.
    if !lines.first().is_some_and(|line| fits(line) && line.keys.iter().any(|keys| labels.knows(keys))) {
        return 0;
    }
    let mut length = lines.iter().take_while(|line| fits(line)).count();
    while length > 0 && !lines[length - 1].ends_with_value() {
        length -= 1;
    }
    // What came as a table and nothing else is read as one.
    let texts = lines[..length].iter().filter(|line| line.is_text).count();
    if texts == 0 || length < 3 && texts == length { 0 } else { length }
}

/// Labels of a form's table, one a line, that nothing could put together: they are rows and no headings, and where numbers are missing
/// nobody can say whose they are.
fn lost(lines: &mut [Line], pieces: &mut [Pieces], table: &Table, labels: &Labels) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let run = pieces[at..].iter().zip(&lines[at..]).take_while(|(pieces, line)| is_row(pieces, line, labels)).count();
        let named = |pieces: &Pieces| pieces.keys.iter().any(|keys| labels.rows.contains(&keys.label));
        let all = at..at + run;
        // A label or the beginning of one after everything else is the row at which the table was cut off.
        let after_table = at > 0 && matches!(lines[at - 1].block, Block::Table(_));
        let cut = after_table && at + run.max(1) == lines.len() && (run > 0 || begins_label(&pieces[at], labels));
        if cut {
            lines[at..].iter_mut().for_each(as_item);
        } else if pieces[all.clone()].iter().filter(|pieces| named(pieces)).count() >= 3 {
            let first = all.clone().find(|place| named(&pieces[*place])).map_or(lines[at].number, |place| lines[place].number);
            let words = Words::new(
                format!("“{}”打散了，数字缺了或断了，没有读取，请对照原件填写", table.title),
                format!("`{}` came apart and has lost numbers, which were not read; compare with the original", table.title_en),
            );
            doubts.push((words, first));
            lines[all].iter_mut().for_each(as_item);
        }
        at += run.max(1);
    }
    doubts
}

fn as_item(line: &mut Line) {
    if let Block::Text(text) = &line.block {
        line.block = Block::Item(None, text.clone());
    }
}

/// Whether a line is the beginning of a row's label: 三、本年度.
fn begins_label(pieces: &Pieces, labels: &Labels) -> bool {
    let [Keys { label, .. }] = &pieces.keys[..] else { return false };
    label.chars().count() >= 2 && labels.rows.iter().chain(&labels.heads).any(|known| known.starts_with(label.as_str()))
}

fn is_row(pieces: &Pieces, line: &Line, labels: &Labels) -> bool {
    matches!(line.block, Block::Text(_)) && !pieces.tokens.is_empty() && pieces.keys.iter().all(|keys| labels.knows(keys))
}

pub(super) fn is_unit(word: &str) -> bool {
    ["条", "件", "次", "个", "人", "人次", "篇", "万元", "元", "份", "项"].contains(&word)
}
