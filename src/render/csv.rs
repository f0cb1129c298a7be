//! Tables for download: UTF-8 with a byte order mark, lines end in CRLF, and no cell that a spreadsheet would run.

use super::portal::Portal;
use super::view::{Matrix, MatrixColumn, Value};
use super::{DossierText, ReportText};
use crate::model::{Figure, Origin, Reading, TimeSpan};
use crate::plan::Page;
use std::borrow::Cow;

/// A table being written.
pub(super) struct Csv {
    bytes: Vec<u8>,
    columns: usize,
}

impl Csv {
    /// An empty table with its head.
    pub(super) fn new(head: &[&str]) -> Csv {
        let mut csv = Csv { bytes: "\u{feff}".as_bytes().to_vec(), columns: head.len() };
        csv.row(head.iter().copied());
        csv
    }

    /// Adds a row of as many cells as the head has.
    pub(super) fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        let mut count = 0;
        for cell in cells {
            if count > 0 {
                self.bytes.push(b',');
            }
            self.cell(cell);
            count += 1;
        }
        assert_eq!(count, self.columns, "rows are of one length");
        self.bytes.extend_from_slice(b"\r\n");
    }

    fn cell(&mut self, cell: &str) {
        let guard = if is_formula(cell) { "'" } else { "" };
        if cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
            self.bytes.extend_from_slice(format!("\"{guard}{}\"", cell.replace('"', "\"\"")).as_bytes());
        } else {
            self.bytes.extend_from_slice(guard.as_bytes());
            self.bytes.extend_from_slice(cell.as_bytes());
        }
    }

    /// The bytes.
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Whether a spreadsheet would take a cell for a formula; numbers stay numbers.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) && cell.parse::<f64>().is_err()
}

/// Columns of `figures.csv`.
pub(super) const FIGURES: [&str; 15] = [
    "body",
    "year",
    "indicator",
    "breakdown",
    "reading",
    "value",
    "about",
    "span",
    "unit",
    "stated_unit",
    "form",
    "revision",
    "source_page",
    "source_line",
    "stated_value",
];

/// Every figure of a body's reports, one a row.
pub(super) fn figures(portal: &Portal<'_>, dossier: &DossierText<'_>) -> Vec<u8> {
    let mut csv = Csv::new(&FIGURES);
    let body = portal.body(dossier.body).path.as_str();
    for ReportText { report, lines, .. } in &dossier.reports {
        let (year, edition) = (report.id.year.to_string(), portal.form(report.form).edition.as_str());
        let page = format!("{}#", Page::Report(report.id).address(portal.tree, portal.registry));
        let mut place = page.clone();
        for (figure, line) in report.figures.iter().zip(lines) {
            let indicator = portal.indicator(figure.key.indicator);
            place.truncate(page.len());
            place.push_str(&indicator.key);
            csv.row([
                body,
                &year,
                &indicator.key,
                portal.registry.breakdown_name(figure.key.breakdown).0,
                figure.reading.word(),
                &amount(figure),
                figure.about.map_or("", |about| about.word()),
                if figure.time == TimeSpan::Cumulative { "cumulative" } else { "year" },
                &indicator.unit,
                figure.stated.as_ref().map_or("", |(_, unit)| &**unit),
                edition,
                "0",
                &place,
                &line.to_string(),
                &figure.stated.as_ref().map_or_else(String::new, |(amount, _)| amount.to_string()),
            ]);
        }
    }
    csv.finish()
}

fn amount(figure: &Figure) -> Cow<'static, str> {
    match figure.reading {
        Reading::Stated(amount) => amount.to_string().into(),
        Reading::Blank | Reading::NotApplicable | Reading::Withheld => "".into(),
    }
}

/// Where a figure was read, for data files.
pub(super) fn origin(figure: &Figure) -> &'static str {
    match figure.origin {
        Origin::FrontMatter => "front-matter",
        Origin::Table(_) => "table",
    }
}

/// A table of a page as it stands, numbers without separators, and a word where there is no number.
pub(super) fn matrix(matrix: &Matrix) -> Vec<u8> {
    matrices(&[matrix])
}

/// Tables of the same columns as one.
pub(super) fn matrices(tables: &[&Matrix]) -> Vec<u8> {
    let matrix = tables[0];
    let names: Vec<String> = matrix.columns.iter().map(column_name).collect();
    let mut head = vec!["group", "id", matrix.corner.as_str(), "unit"];
    head.extend(names.iter().map(String::as_str));
    let mut csv = Csv::new(&head);
    for group in tables.iter().flat_map(|table| &table.groups) {
        for row in &group.rows {
            let cells: Vec<Cow<'_, str>> = row.cells.iter().map(plain).collect();
            let head = [group.title.as_str(), row.id.as_deref().unwrap_or_default(), &row.text, row.unit.as_deref().unwrap_or_default()];
            csv.row(head.into_iter().chain(cells.iter().map(AsRef::as_ref)));
        }
    }
    csv.finish()
}

/// `2024`, or `青石乡 2014` where it is another body's.
pub(super) fn column_name(column: &MatrixColumn) -> String {
    column.whose.as_ref().map_or_else(|| column.text.clone(), |whose| format!("{whose} {}", column.text))
}

/// `1204`, `blank`, `no-report`.
pub(super) fn plain(value: &Value) -> Cow<'_, str> {
    match value.kind {
        "number" | "zero" if value.text.contains([',', '\u{2212}']) => value.text.replace(',', "").replace('\u{2212}', "-").into(),
        "number" | "zero" => value.text.as_str().into(),
        "blank" => "blank".into(),
        "na" => "not-applicable".into(),
        "withheld" => "withheld".into(),
        "missing" => "no-report".into(),
        "held" => "not-published".into(),
        "nobody" => "no-body".into(),
        "absent" => "not-in-form".into(),
        "change" => value.change.as_ref().map_or(Cow::Borrowed(""), |change| match &change.percent {
            Some(percent) => format!("{}（{percent}）", change.text).into(),
            None => change.text.as_str().into(),
        }),
        _ => "not-stated".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_cannot_run() {
        let mut csv = Csv::new(&["a", "b"]);
        csv.row(["=1+1", "-5"]);
        csv.row(["@x", "甲,\"乙\""]);
        assert_eq!(String::from_utf8(csv.finish()).unwrap(), "\u{feff}a,b\r\n'=1+1,-5\r\n'@x,\"甲,\"\"乙\"\"\"\r\n");
    }
}
