//! Tables of web pages: which hold figures and which only place things, and their cells in rows of one length.

use super::html::collapsed;
use scraper::ElementRef;

/// Longest text of a cell in a table of figures; longer ones are paragraphs that a table only places.
const LONGEST_CELL: usize = 400;
/// Most rows or columns a cell is spread over; pages that ask for more are broken or hostile.
const WIDEST: usize = 100;

/// Whether a table only places things on the page.
pub(super) fn is_layout(table: ElementRef<'_>) -> bool {
    let holds = |name: &str| table.descendent_elements().skip(1).any(|inner| inner.value().name() == name);
    let rows = own_rows(table);
    let columns = rows.iter().map(|row| cells(*row).len()).max().unwrap_or(0);
    let long = rows.iter().flat_map(|row| cells(*row)).any(|cell| cell.text().map(|text| text.trim().chars().count()).sum::<usize>() > LONGEST_CELL);
    holds("table") || holds("h1") || rows.len() < 2 || columns < 2 || long
}

/// Rows of cells. A cell that spans columns stands in the first and leaves the others empty, as in the statutory layout; a
/// label that spans rows is repeated in each of them, so that no row loses its label. A number is never repeated: it would
/// become a figure that nobody stated.
pub(super) fn rows(table: ElementRef<'_>) -> Vec<Vec<String>> {
    let mut grid: Vec<Vec<Option<String>>> = Vec::new();
    for (index, row) in own_rows(table).into_iter().enumerate() {
        let mut column = 0;
        for cell in cells(row) {
            while taken(&grid, index, column) {
                column += 1;
            }
            let text = collapsed(&cell.text().collect::<Vec<_>>().join(" ")).trim().to_string();
            let is_number = !text.is_empty() && text.chars().all(|c| !c.is_alphabetic());
            let (wide, tall) = (span(cell, "colspan"), span(cell, "rowspan"));
            for down in 0..tall {
                for right in 0..wide {
                    let shown = right == 0 && (down == 0 || !is_number);
                    put(&mut grid, index + down, column + right, if shown { text.clone() } else { String::new() });
                }
            }
            column += wide;
        }
        if grid.len() <= index {
            grid.resize(index + 1, Vec::new());
        }
    }
    // A span beyond the last row makes no rows of its own.
    grid.truncate(own_rows(table).len());
    let width = grid.iter().map(Vec::len).max().unwrap_or(0);
    grid.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).chain(std::iter::repeat(String::new())).take(width).collect()).collect()
}

fn own_rows(table: ElementRef<'_>) -> Vec<ElementRef<'_>> {
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

fn taken(grid: &[Vec<Option<String>>], row: usize, column: usize) -> bool {
    grid.get(row).and_then(|cells| cells.get(column)).is_some_and(Option::is_some)
}

fn put(grid: &mut Vec<Vec<Option<String>>>, row: usize, column: usize, text: String) {
    if grid.len() <= row {
        grid.resize(row + 1, Vec::new());
    }
    if grid[row].len() <= column {
        grid[row].resize(column + 1, None);
    }
    // Where spans overlap, the first cell stands; the text of the other is kept beside it.
    match &mut grid[row][column] {
        Some(first) if !text.is_empty() => *first = format!("{first} {text}").trim().to_string(),
        Some(_) => {}
        empty => *empty = Some(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::{Html, Selector};

    fn read(table: &str) -> Vec<Vec<String>> {
        let page = Html::parse_document(table);
        let selector = Selector::parse("table").unwrap();
        rows(page.select(&selector).next().unwrap())
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
