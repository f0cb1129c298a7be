//! Tables that came as lines of text: drawn with pipes, parted by tabs or spaces, or flattened to one cell a line.
//!
//! A flattened table is put together again by the form: known labels, each followed by as many values as its row has cells. Where a
//! row has another number of values, nobody can say which cell is missing: the lines stay text, and that is said.

use super::figures::REGISTRY;
use super::lines::{Block, Line, Removed};
use crate::diag::Words;
use crate::model::{Layout, Table};
use crate::text::labels::{label_key, plain_key};
use crate::text::numbers::read_cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Lines of the rows of tables that were put together.
#[derive(Debug, Default)]
pub(super) struct Places {
    rows: BTreeMap<usize, Vec<usize>>,
}

impl Places {
    /// Line of a row of the table that begins at a line.
    pub(super) fn line(&self, table: usize, row: usize) -> usize {
        self.rows.get(&table).and_then(|rows| rows.get(row)).copied().unwrap_or(table)
    }
}

/// Turns runs of lines that are tables into tables.
pub(super) fn rebuild(lines: &mut Vec<Line>, removed: &mut Vec<Removed>, rows: BTreeMap<usize, Vec<usize>>) -> Places {
    static TABLES: LazyLock<Vec<(&'static Table, Labels)>> = LazyLock::new(|| {
        let tables = REGISTRY.forms().iter().rev().flat_map(|form| &form.tables);
        tables.map(|table| (table, Labels::of(table))).collect()
    });
    let mut places = Places { rows };
    pipes(lines, removed, &mut places);
    let mut pieces: Vec<Pieces> = lines.iter().map(Pieces::of).collect();
    for (table, labels) in &*TABLES {
        flattened(lines, &mut pieces, removed, (table, labels), &mut places);
    }
    places
}

fn text_of(line: &Line) -> Option<&str> {
    match &line.block {
        Block::Text(text) | Block::Item(_, text) => Some(text),
        Block::Heading(..) | Block::Table(_) => None,
    }
}

/// Rows between pipes that are not all of one width: |甲|乙|, also with box-drawing signs.
fn pipes(lines: &mut Vec<Line>, removed: &mut Vec<Removed>, places: &mut Places) {
    let cells = |line: &Line| -> Option<Vec<String>> {
        let text = text_of(line)?.trim();
        let text: String = text.chars().map(|c| if matches!(c, '｜' | '│' | '┃' | '║') { '|' } else { c }).collect();
        if text.matches('|').count() < 2 || !text.starts_with('|') && text.matches('|').count() < 3 {
            return None;
        }
        let inner = text.strip_prefix('|').unwrap_or(&text);
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        Some(inner.split('|').map(|cell| cell.trim().to_string()).collect())
    };
    let is_rule = |cells: &Vec<String>| cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | '─' | '=' | ' ')));
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    let mut at = 0;
    let all = std::mem::take(lines);
    while at < all.len() {
        let run: Vec<(usize, Vec<String>)> = all[at..].iter().map_while(|line| Some((line.number, cells(line)?))).collect();
        // One row alone is a line with signs in it; a menu has no number.
        let values = run.iter().flat_map(|(_, cells)| cells).filter(|cell| !cell.is_empty() && read_cell(cell).is_some()).count();
        if run.len() < 2 || values == 0 {
            let stay = run.len().max(1);
            kept.extend(all[at..at + stay].iter().cloned());
            at += stay;
            continue;
        }
        let number = all[at].number;
        let rows: Vec<&(usize, Vec<String>)> = run.iter().filter(|(_, cells)| !is_rule(cells)).collect();
        let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        let filled = rows.iter().map(|(_, cells)| cells.iter().cloned().chain(std::iter::repeat(String::new())).take(width).collect());
        places.rows.insert(number, rows.iter().map(|(line, _)| *line).collect());
        kept.push(Line { number, block: Block::Table(filled.collect()) });
        let signs = all[at..at + run.len()].iter().filter_map(text_of).flat_map(str::chars).filter(|c| "|｜│┃║-:─=".contains(*c)).collect::<String>();
        removed.push(Removed { line: number, text: signs, why: Words::new("表格的竖线和横线，已排成表格", "lines of a table drawn with signs") });
        at += run.len();
    }
    *lines = kept;
}

/// What a piece of a line is in a form's tables.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Label(String),
    Value(String),
}

/// Labels of a table, for comparison.
struct Labels {
    rows: BTreeSet<String>,
    heads: BTreeSet<String>,
}

impl Labels {
    fn of(table: &Table) -> Labels {
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

    fn knows(&self, Keys { label, plain }: &Keys) -> bool {
        let row = |key: &String| !key.is_empty() && plain.ends_with(key.as_str()) && self.heads.iter().any(|head| plain.contains(head.as_str()));
        self.heads.contains(label) || self.heads.contains(plain) || self.rows.contains(label) || self.rows.iter().any(row) || plain.contains("勾稽关系")
    }
}

/// A label as it is compared: without and with its numbering.
struct Keys {
    label: String,
    plain: String,
}

/// What a line is made of; nothing, if it is a heading or a table.
struct Pieces {
    tokens: Vec<Token>,
    /// Of its labels, in order.
    keys: Vec<Keys>,
}

impl Pieces {
    fn of(line: &Line) -> Pieces {
        let tokens = text_of(line).map(tokens).unwrap_or_default();
        let labels = tokens.iter().filter_map(|token| if let Token::Label(label) = token { Some(label) } else { None });
        // No label is a sentence, and most lines of a report are.
        let key = |label: &String| match label.contains('。') {
            true => Keys { label: "。".into(), plain: "。".into() },
            false => Keys { label: label_key(label), plain: plain_key(label) },
        };
        let keys = labels.map(key).collect();
        Pieces { tokens, keys }
    }
}

/// Pieces of a line: parted by tabs or wide gaps, values at its end by single spaces.
fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    for piece in text.split(['\t', '\u{3000}', '|']).flat_map(|piece| piece.split("  ")).map(str::trim).filter(|piece| !piece.is_empty()) {
        let is_value = |word: &str| word.chars().count() <= 12 && read_cell(word).is_some();
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
        let all = at..at + length;
        let run = || -> Vec<(usize, Token)> {
            let parts = lines[all.clone()].iter().zip(&pieces[all.clone()]);
            parts.flat_map(|(line, pieces)| pieces.tokens.iter().map(|token| (line.number, token.clone()))).collect()
        };
        if length >= 3
            && let Some((rows, of_lines)) = shape(table, labels, &run())
        {
            let number = lines[at].number;
            let text = lines[all.clone()].iter().filter_map(text_of).collect::<Vec<_>>().join(" ");
            removed.push(Removed {
                line: number,
                text,
                why: Words::new("打散的表格，已按法定格式还原", "a table taken apart, put together in the form's layout"),
            });
            places.rows.insert(number, of_lines);
            let rebuilt = Line { number, block: Block::Table(rows) };
            pieces.splice(all.clone(), [Pieces::of(&rebuilt)]);
            lines.splice(all, [rebuilt]);
        }
        at += 1;
    }
}

/// Lines from the first on that hold nothing but labels and values of the table.
fn run_length(lines: &[Pieces], labels: &Labels, table: &Table) -> usize {
    let known = |keys: &Keys| labels.knows(keys);
    let fits = |line: &Pieces| {
        let mut keys = line.keys.iter();
        !line.tokens.is_empty()
            && line.tokens.iter().all(|token| match token {
                Token::Label(label) => keys.next().is_some_and(known) || table.layout == Layout::Sheet && is_unit(label),
                Token::Value(_) => true,
            })
    };
    // A table begins with a label, and ends with a value.
    if !lines.first().is_some_and(|first| fits(first) && first.keys.iter().any(known)) {
        return 0;
    }
    let mut length = lines.iter().take_while(|line| fits(line)).count();
    while length > 0 && !matches!(lines[length - 1].tokens.last(), Some(Token::Value(_))) {
        length -= 1;
    }
    length
}

fn is_unit(word: &str) -> bool {
    ["条", "件", "次", "个", "人", "人次", "篇", "万元", "元", "份", "项"].contains(&word)
}

/// Rows of cells with the line of each; nothing where a row has another number of values than the form.
type Shaped = (Vec<Vec<String>>, Vec<usize>);

fn shape(table: &Table, labels: &Labels, run: &[(usize, Token)]) -> Option<Shaped> {
    match table.layout {
        Layout::Matrix => matrix(table, labels, run),
        Layout::Outcomes => outcomes(table, run),
        Layout::Blocks => blocks(table, run),
        Layout::Sheet => sheet(table, labels, run),
    }
}

/// Labels and values in turn: 一、…数量, seven values, 二、…
fn stretches(run: &[(usize, Token)]) -> Vec<(usize, Vec<String>, Vec<String>)> {
    let mut found: Vec<(usize, Vec<String>, Vec<String>)> = Vec::new();
    for (line, token) in run {
        match token {
            Token::Label(label) => match found.last_mut().filter(|(_, _, values)| values.is_empty()) {
                // A row stands where its own label does, not where its groups' do.
                Some((at, labels, _)) => {
                    *at = *line;
                    labels.push(label.clone());
                }
                None => found.push((*line, vec![label.clone()], Vec::new())),
            },
            Token::Value(value) => match found.last_mut() {
                Some((_, _, values)) => values.push(value.clone()),
                None => found.push((*line, Vec::new(), vec![value.clone()])),
            },
        }
    }
    found
}

fn matrix(table: &Table, labels: &Labels, run: &[(usize, Token)]) -> Option<Shaped> {
    let width = table.columns.len();
    let mut rows = vec![std::iter::once("申请人情况".to_string()).chain(table.columns.iter().map(|column| column.label.clone())).collect::<Vec<_>>()];
    let mut of_lines = vec![run.first()?.0];
    let stretches: Vec<_> = stretches(run);
    for (line, names, values) in &stretches {
        if values.is_empty() {
            continue;
        }
        if values.len() != width {
            return None;
        }
        // The heads stand before the first row's own label.
        let own: Vec<&String> = names
            .iter()
            .filter(|name| {
                let key = label_key(name);
                labels.rows.contains(&key)
                    || table.rows.iter().any(|row| row.group_keys.contains(&key) || row.groups.iter().any(|group| plain_key(group) == plain_key(name)))
                    || labels.rows.iter().any(|row| plain_key(name).ends_with(row.as_str()))
            })
            .filter(|name| {
                !table.columns.iter().any(|column| column.key == label_key(name))
                    || label_key(name) == "总计" && names.len() == 1
                    || *name == names.last().expect("not empty")
            })
            .collect();
        let label = own.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ");
        rows.push(std::iter::once(label).chain(values.iter().cloned()).collect());
        of_lines.push(*line);
    }
    (rows.len() >= 5).then_some((rows, of_lines))
}

fn outcomes(table: &Table, run: &[(usize, Token)]) -> Option<Shaped> {
    let width = table.columns.len() * table.rows.len();
    let values: Vec<&(usize, Token)> = run.iter().filter(|(_, token)| matches!(token, Token::Value(_))).collect();
    let labels: Vec<String> = run.iter().filter_map(|(_, token)| if let Token::Label(label) = token { Some(label_key(label)) } else { None }).collect();
    let named = table.columns.iter().all(|column| labels.iter().filter(|label| **label == column.key).count() == table.rows.len());
    let after = run.iter().position(|(_, token)| matches!(token, Token::Value(_)))?;
    if values.len() != width || !named || run[after..].len() != width {
        return None;
    }
    let mut groups = Vec::new();
    let mut heads = Vec::new();
    for row in &table.rows {
        groups.push(row.groups.iter().chain(std::iter::once(&row.label)).filter(|label| !label.is_empty()).cloned().collect::<Vec<_>>().join("·"));
        groups.extend(std::iter::repeat_n(String::new(), table.columns.len() - 1));
        heads.extend(table.columns.iter().map(|column| column.label.clone()));
    }
    let numbers = values.iter().filter_map(|(_, token)| if let Token::Value(value) = token { Some(value.clone()) } else { None }).collect();
    Some((vec![groups, heads, numbers], vec![run.first()?.0, run.first()?.0, values.first()?.0]))
}

fn blocks(table: &Table, run: &[(usize, Token)]) -> Option<Shaped> {
    let wide = 1 + table.rows.iter().map(|row| row.cells.len()).max()?;
    let padded = |cells: Vec<String>| cells.into_iter().chain(std::iter::repeat(String::new())).take(wide).collect::<Vec<_>>();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut of_lines = Vec::new();
    for (line, names, values) in stretches(run) {
        let own = names.last()?;
        let row = table.rows.iter().find(|row| row.keys.contains(&label_key(own)))?;
        // What stands before the row's own label: the clause and the heads of its columns.
        let mut heads: Vec<String> = Vec::new();
        for name in &names[..names.len() - 1] {
            let key = plain_key(name);
            if table.columns.iter().any(|column| column.group_key.as_ref() == Some(&key)) {
                if !heads.is_empty() {
                    return None;
                }
                rows.push(padded(vec![name.clone()]));
                of_lines.push(line);
            } else {
                heads.push(name.clone());
            }
        }
        if !heads.is_empty() {
            let named = heads.iter().filter(|head| table.columns.iter().any(|column| column.key == label_key(head))).count();
            if named != row.cells.len() {
                return None;
            }
            rows.push(padded(heads));
            of_lines.push(line);
        }
        if values.len() != row.cells.len() {
            return None;
        }
        rows.push(padded(std::iter::once(own.clone()).chain(values).collect()));
        of_lines.push(line);
    }
    (rows.len() >= 3).then_some((rows, of_lines))
}

fn sheet(table: &Table, labels: &Labels, run: &[(usize, Token)]) -> Option<Shaped> {
    let mut rows = vec![vec!["统计指标".to_string(), "单位".into(), "统计数".into()]];
    let mut of_lines = vec![run.first()?.0];
    let mut found = 0;
    for (line, names, values) in stretches(run) {
        let unit = names.last().filter(|name| is_unit(name)).cloned();
        let names: Vec<&String> = names.iter().filter(|name| !is_unit(name)).collect();
        let (own, groups) = names.split_last()?;
        for group in groups.iter().filter(|name| !["统计指标", "单位", "统计数", "指标", "项目", "数量", "数值"].contains(&label_key(name).as_str()))
        {
            rows.push(vec![group.to_string(), String::new(), String::new()]);
            of_lines.push(line);
        }
        if values.len() != 1 || !labels.rows.contains(&label_key(own)) {
            return None;
        }
        rows.push(vec![own.to_string(), unit.unwrap_or_default(), values[0].clone()]);
        of_lines.push(line);
        found += 1;
    }
    (found >= 4 && table.rows.len() >= found).then_some((rows, of_lines))
}
