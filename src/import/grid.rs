//! Cells that span rows and columns into rows of one length, whatever file they come from.

/// Most rows or columns a cell is spread over; files that ask for more are broken or hostile.
pub(super) const WIDEST: usize = 100;
/// Most rows of a table, and most of its columns.
const LARGEST: (usize, usize) = (20_000, 500);

/// A table that is being filled.
///
/// A cell that spans columns stands in the first and leaves the others empty, as in the statutory layout; a label that
/// spans rows is repeated in each of them, so that no row loses its label. A number is never repeated: it would become a
/// figure that nobody stated.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Grid {
    cells: Vec<Vec<Option<String>>>,
    rows: usize,
}

impl Grid {
    /// Begins a row; cells that follow go there.
    pub(super) fn begin_row(&mut self) {
        self.rows += 1;
        if self.cells.len() < self.rows {
            self.cells.push(Vec::new());
        }
    }

    /// Puts a cell into the first free column of the row at or after `from`; gives the column after it.
    pub(super) fn put(&mut self, from: usize, wide: usize, tall: usize, text: &str) -> usize {
        let row = self.rows.saturating_sub(1);
        let mut column = from;
        while self.is_taken(row, column) {
            column += 1;
        }
        let is_number = !text.is_empty() && text.chars().all(|c| !c.is_alphabetic());
        let (wide, tall) = (wide.clamp(1, WIDEST), tall.clamp(1, WIDEST));
        for down in 0..tall {
            for right in 0..wide {
                let shown = right == 0 && (down == 0 || !is_number);
                self.fill(row + down, column + right, if shown { text } else { "" });
            }
        }
        column + wide
    }

    /// The rows that were begun, all of one length. A span beyond the last row makes no rows of its own.
    pub(super) fn rows(mut self) -> Vec<Vec<String>> {
        self.cells.truncate(self.rows);
        let width = self.cells.iter().map(Vec::len).max().unwrap_or(0);
        let filled = |row: Vec<Option<String>>| row.into_iter().map(Option::unwrap_or_default).chain(std::iter::repeat(String::new())).take(width).collect();
        self.cells.into_iter().map(filled).collect()
    }

    fn is_taken(&self, row: usize, column: usize) -> bool {
        self.cells.get(row).and_then(|cells| cells.get(column)).is_some_and(Option::is_some)
    }

    fn fill(&mut self, row: usize, column: usize, text: &str) {
        let (row, column) = (row.min(LARGEST.0), column.min(LARGEST.1));
        if self.cells.len() <= row {
            self.cells.resize(row + 1, Vec::new());
        }
        if self.cells[row].len() <= column {
            self.cells[row].resize(column + 1, None);
        }
        // Where spans overlap, the first cell stands; the text of the other is kept beside it.
        match &mut self.cells[row][column] {
            Some(first) if !text.is_empty() => *first = format!("{first} {text}").trim().to_string(),
            Some(_) => {}
            empty => *empty = Some(text.to_string()),
        }
    }
}

/// Whether a table only places paragraphs: a single row or column, or paragraphs in its cells.
pub(super) fn only_places(rows: usize, columns: usize, longest_cell: usize) -> bool {
    /// Longest text of a cell in a table of figures, in characters.
    const LONGEST_CELL: usize = 400;
    rows < 2 || columns < 2 || longest_cell > LONGEST_CELL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_become_cells() {
        let mut grid = Grid::default();
        grid.begin_row();
        let next = grid.put(0, 1, 2, "申请");
        grid.put(next, 2, 1, "自然人");
        grid.begin_row();
        let next = grid.put(0, 1, 2, "3");
        grid.put(next, 1, 1, "4");
        grid.begin_row();
        let next = grid.put(0, 1, 1, "尾");
        grid.put(next, 1, 1, "5");
        assert_eq!(grid.rows(), [["申请", "自然人", ""], ["申请", "3", "4"], ["尾", "", "5"]]);
    }

    #[test]
    fn spans_are_bounded() {
        let mut grid = Grid::default();
        grid.begin_row();
        grid.put(0, usize::MAX, usize::MAX, "宽");
        let rows = grid.rows();
        assert_eq!((rows.len(), rows[0].len()), (1, WIDEST));
    }
}
