//! Tables of web pages: which hold figures and which only place things, and their cells in rows of one length.

use super::grid::{Grid, WIDEST, only_places};
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
