//! Sheets of Excel, OpenDocument and CSV files as blocks: rows of several cells are tables, lonely cells above and below
//! them are lines of text. Lines count rows; a second sheet goes on where the first ends.

pub(super) mod comma;
pub(super) mod excel;
mod format;
mod hidden;
pub(super) mod open;

use super::grid::{Grid, only_places};
use super::lines::{Block, Line, Lines};
use crate::diag::Words;
use std::collections::{BTreeMap, BTreeSet};

/// Cells with text that are read from one file.
pub(super) const MOST_CELLS: usize = 500_000;

/// A cell's row and column, counted from 0.
type Place = (u32, u32);

/// A sheet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// Whether the program does not show it.
    pub(super) hidden: bool,
    /// Cells with text, as they are shown.
    pub(super) cells: BTreeMap<Place, String>,
    /// First and last cell of each merged range.
    pub(super) merged: Vec<(Place, Place)>,
    pub(super) hidden_rows: BTreeSet<u32>,
    pub(super) hidden_columns: BTreeSet<u32>,
}

/// All sheets of a file.
pub(super) fn lines(sheets: Vec<Sheet>) -> Lines {
    let mut out = Lines::default();
    let mut before = 0;
    let several = sheets.iter().filter(|sheet| !sheet.hidden && !sheet.cells.is_empty()).count() > 1;
    for sheet in sheets {
        let rows = sheet.cells.keys().map(|(row, _)| *row as usize + 1).max().unwrap_or(0);
        if sheet.hidden {
            let text: Vec<&str> = sheet.cells.values().map(String::as_str).collect();
            let words = Words::new(format!("隐藏的工作表“{}”", sheet.name), format!("hidden sheet “{}”", sheet.name));
            out.remove(before + 1, &text.join(" "), words);
        } else {
            out.remove(before + 1, &sheet.name, Words::new("工作表的名称", "name of a sheet"));
            if several && rows > 0 {
                let words = Words::new(format!("工作表“{}”从这一行开始", sheet.name), format!("sheet “{}” begins here", sheet.name));
                out.notes.push(super::lines::Note { rule: "import/sheet", message: words, line: Some(before + 1) });
            }
            add(&sheet, before, &mut out);
        }
        before += rows;
    }
    out
}

fn add(sheet: &Sheet, before: usize, out: &mut Lines) {
    let mut rows: BTreeMap<u32, Vec<(u32, &str)>> = BTreeMap::new();
    let mut unseen: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for ((row, column), text) in &sheet.cells {
        if sheet.hidden_rows.contains(row) || sheet.hidden_columns.contains(column) {
            unseen.entry(*row).or_default().push(text);
        } else {
            rows.entry(*row).or_default().push((*column, text));
        }
    }
    for (row, texts) in unseen {
        out.remove(before + row as usize + 1, &texts.join(" "), Words::new("隐藏的行或列", "hidden row or column"));
    }
    // Rows that only a merged cell reaches into belong to the table, too.
    for (from, to) in sheet.merged.iter().filter(|(from, _)| sheet.cells.contains_key(from)) {
        for row in (from.0..=to.0.min(from.0 + 100)).filter(|row| !sheet.hidden_rows.contains(row)) {
            rows.entry(row).or_default();
        }
    }
    let mut run: Vec<(u32, Vec<(u32, &str)>)> = Vec::new();
    for (row, cells) in rows {
        let goes_on = run.last().is_none_or(|(last, _)| (*last + 1..row).all(|between| sheet.hidden_rows.contains(&between)));
        if !goes_on {
            add_run(sheet, std::mem::take(&mut run), before, out);
        }
        run.push((row, cells));
    }
    add_run(sheet, run, before, out);
}

/// Rows without an empty one between them.
fn add_run(sheet: &Sheet, run: Vec<(u32, Vec<(u32, &str)>)>, before: usize, out: &mut Lines) {
    let covered = |row: u32| sheet.merged.iter().any(|(from, to)| from.0 < to.0 && (from.0..=to.0).contains(&row));
    // The name of a clause stands alone in its row and belongs to the table under it.
    let is_line = |(row, cells): &(u32, Vec<(u32, &str)>)| cells.len() == 1 && !covered(*row) && !(cells[0].1.starts_with('第') && cells[0].1.contains('条'));
    let first = run.iter().position(|row| !is_line(row)).unwrap_or(run.len());
    let last = run.iter().rposition(|row| !is_line(row)).map_or(first, |last| last + 1);
    let number = |row: u32| before + row as usize + 1;
    let text = |rows: &[(u32, Vec<(u32, &str)>)], out: &mut Lines| {
        for (row, cells) in rows {
            for line in cells.iter().flat_map(|(_, text)| text.split('\n')) {
                out.push_text(number(*row), line);
            }
        }
    };
    text(&run[..first], out);
    let table = &run[first..last];
    let columns: BTreeSet<u32> = table.iter().flat_map(|(_, cells)| cells.iter().map(|(column, _)| *column)).collect();
    let longest = table.iter().flat_map(|(_, cells)| cells.iter().map(|(_, text)| text.chars().count())).max().unwrap_or(0);
    if only_places(table.len(), columns.len(), longest) {
        text(table, out);
    } else if let Some((row, _)) = table.first() {
        out.rows.insert(number(*row), table.iter().map(|(row, _)| number(*row)).collect());
        let rows = grid(sheet, table, &columns);
        let rows = rows.into_iter().map(|cells| cells.into_iter().map(|cell| out.cleaned(number(*row), &cell.replace('\n', " "))).collect()).collect();
        out.lines.push(Line { number: number(*row), block: Block::Table(rows) });
    }
    text(&run[last..], out);
}

/// The rows of a table without its empty columns.
fn grid(sheet: &Sheet, table: &[(u32, Vec<(u32, &str)>)], columns: &BTreeSet<u32>) -> Vec<Vec<String>> {
    let place = |column: u32| columns.range(..column).count();
    let mut grid = Grid::default();
    for (row, cells) in table {
        grid.begin_row();
        for (column, text) in cells {
            let range = sheet.merged.iter().find(|(from, _)| *from == (*row, *column));
            let (wide, tall) = range.map_or((1, 1), |(from, to)| {
                let tall = table.iter().filter(|(row, _)| (from.0..=to.0).contains(row)).count();
                (columns.range(from.1..=to.1.max(from.1)).count(), tall)
            });
            grid.put(place(*column), wide, tall, text);
        }
    }
    grid.rows()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]], merged: &[(Place, Place)]) -> Sheet {
        let cells = rows.iter().enumerate().flat_map(|(row, cells)| {
            cells.iter().enumerate().filter(|(_, text)| !text.is_empty()).map(move |(column, text)| ((row as u32, column as u32), text.to_string()))
        });
        Sheet { name: "Sheet1".into(), cells: cells.collect(), merged: merged.to_vec(), ..Sheet::default() }
    }

    #[test]
    fn titles_are_lines_and_rows_are_tables() {
        let found = lines(vec![sheet(
            &[
                &["统计表", "", ""],
                &["", "", ""],
                &["第二十条第（一）项"],
                &["信息内容", "", "件数"],
                &["规章", "", "0"],
                &["合计", "", "0"],
                &["填表人：某某"],
            ],
            &[((0, 0), (0, 2)), ((2, 0), (2, 2))],
        )]);
        let table = [["第二十条第（一）项", ""], ["信息内容", "件数"], ["规章", "0"], ["合计", "0"]];
        assert_eq!(found.lines[0], Line::text(1, "统计表"));
        assert_eq!(found.lines[1], Line { number: 3, block: Block::Table(table.iter().map(|row| row.map(String::from).to_vec()).collect()) });
        assert_eq!(found.lines[2], Line::text(7, "填表人：某某"));
    }

    #[test]
    fn labels_over_several_rows_and_hidden_rows() {
        let mut sheet = sheet(&[&["申请", "自然人", "3"], &["", "法人", "4"], &["藏", "藏", "9"], &["尾", "合计", "7"]], &[((0, 0), (1, 0))]);
        sheet.hidden_rows.insert(2);
        let found = lines(vec![sheet]);
        let Block::Table(rows) = &found.lines[0].block else { panic!("{found:?}") };
        assert_eq!(*rows, [["申请", "自然人", "3"], ["申请", "法人", "4"], ["尾", "合计", "7"]]);
        assert_eq!(found.removed.iter().map(|removed| removed.text.as_str()).collect::<Vec<_>>(), ["Sheet1", "藏 藏 9"]);
    }
}
