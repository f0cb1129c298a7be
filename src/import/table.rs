//! Tables of web pages: which hold figures and which only place things, and their cells in rows of one length.

use super::grid::{Grid, WIDEST, only_places};
use crate::text::numbers::read_cell;
use scraper::ElementRef;

/// Whether a table only places things on the page.
pub(super) fn is_layout(table: ElementRef<'_>) -> bool {
    let holds = |name: &str| table.descendent_elements().skip(1).any(|inner| inner.value().name() == name);
    let rows = own_rows(table);
    let columns = rows.iter().map(|row| cells(*row).len()).max().unwrap_or(0);
    let length = |cell: ElementRef<'_>| cell.text().map(|text| text.trim().chars().count()).sum::<usize>();
    let longest = rows.iter().flat_map(|row| cells(*row)).map(length).max().unwrap_or(0);
    only_places(rows.len(), columns, longest) || holds("table") || holds("h1")
}

/// Rows of cells, as [`Grid`] spreads them; `words` says what is seen of a cell.
pub(super) fn rows(table: ElementRef<'_>, words: &mut impl FnMut(ElementRef<'_>) -> String) -> Vec<Vec<String>> {
    let mut grid = Grid::default();
    for row in own_rows(table) {
        grid.begin_row();
        let mut column = 0;
        for cell in cells(row) {
            let text = words(cell);
            column = grid.put(column, span(cell, "colspan"), span(cell, "rowspan"), &text);
        }
    }
    grid.rows()
}

/// A row of a table that is no `table`: its element and its cells.
pub(super) type DividedRow<'a> = (ElementRef<'a>, Vec<ElementRef<'a>>);

/// Rows and cells of a table that a page makes of other elements; nothing where it is none: rows of short cells, most of one width, with
/// numbers in at least two of them and without links, as menus have.
pub(super) fn divided(found: ElementRef<'_>) -> Option<Vec<DividedRow<'_>>> {
    /// Longest text of a cell, in bytes.
    const LONGEST: usize = 180;
    if !matches!(found.value().name(), "div" | "section" | "ul") || own_text(found) {
        return None;
    }
    let mut rows = Vec::new();
    for row in found.child_elements() {
        let cells: Vec<ElementRef<'_>> = row.child_elements().filter(|_| !own_text(row)).collect();
        let cells = if cells.is_empty() { vec![row] } else { cells };
        for cell in &cells {
            let is_long = cell.text().scan(0, |length, text| Some(*length + text.len()).inspect(|sum| *length = *sum)).any(|length| length > LONGEST);
            let holds = |names: &[&str]| cell.descendent_elements().any(|inner| names.contains(&inner.value().name()));
            if is_long || holds(&["a", "table", "h1", "h2", "p", "li", "input", "img"]) {
                return None;
            }
        }
        rows.push((row, cells));
    }
    let width = rows.iter().map(|(_, cells)| cells.len()).max().filter(|width| (2..=30).contains(width))?;
    let whole = rows.iter().filter(|(_, cells)| cells.len() == width);
    let numbers = whole.clone().filter(|(_, cells)| cells.iter().skip(1).any(|cell| is_number(*cell))).count();
    (numbers >= 2 && whole.count() * 2 > rows.len() && rows.len() >= 3).then_some(rows)
}

fn is_number(cell: ElementRef<'_>) -> bool {
    let text: String = cell.text().collect();
    read_cell(text.trim()).is_some_and(|cell| cell.reading.amount().is_some())
}

/// Whether text stands in an element itself, beside its children.
fn own_text(found: ElementRef<'_>) -> bool {
    found.children().any(|child| child.value().as_text().is_some_and(|text| !text.trim().is_empty()))
}

/// Rows of a table, without those of tables inside it.
pub(super) fn own_rows(table: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut rows = Vec::new();
    for child in table.child_elements() {
        match child.value().name() {
            "tr" => rows.push(child),
            "thead" | "tbody" | "tfoot" => rows.extend(child.child_elements().filter(|row| row.value().name() == "tr")),
            _ => {}
        }
    }
    rows
}

fn cells(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th")).collect()
}

fn span(cell: ElementRef<'_>, name: &str) -> usize {
    cell.value().attr(name).and_then(|span| span.trim().parse().ok()).unwrap_or(1).clamp(1, WIDEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::{Html, Selector};

    fn read(table: &str) -> Vec<Vec<String>> {
        let page = Html::parse_document(table);
        let selector = Selector::parse("table").unwrap();
        rows(page.select(&selector).next().unwrap(), &mut |cell| cell.text().collect())
    }

    #[test]
    fn spans_become_cells() {
        let found = read(
            "<table><tr><td rowspan=2>申请</td><td colspan=2>自然人</td></tr><tr><td rowspan=2>3</td><td>4</td></tr><tr><td>尾</td><td>5</td></tr></table>",
        );
        assert_eq!(found, [["申请", "自然人", ""], ["申请", "3", "4"], ["尾", "", "5"]]);
    }

    #[test]
    fn rows_have_one_length() {
        let found = read("<table><thead><tr><th>一</th></tr></thead><tbody><tr><td>二</td><td>三</td></tr></tbody></table>");
        assert_eq!(found, [["一", ""], ["二", "三"]]);
        assert_eq!(read("<table><tr><td colspan=99999999 rowspan=99999999>宽</td></tr></table>")[0].len(), WIDEST);
    }
}
