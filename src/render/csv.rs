//! Tables for download: UTF-8 with a byte order mark, lines end in CRLF, and no cell that a spreadsheet would run.

use super::portal::Portal;
use super::view::{Matrix, MatrixColumn, Value};
use super::{DossierText, ReportText};
use crate::model::{Figure, Origin, Reading, TimeSpan};
use crate::plan::Page;
use std::borrow::Cow;

/// A table being written.
pub(super) struct Csv(::csv::Writer<Vec<u8>>);

impl Csv {
    /// An empty table with its head.
    pub(super) fn new(head: &[&str]) -> Csv {
        let writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).flexible(false).from_writer("\u{feff}".as_bytes().to_vec());
        let mut csv = Csv(writer);
        csv.row(head.iter().copied());
        csv
    }

    /// Adds a row of as many cells as the head has.
    pub(super) fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        self.0.write_record(cells.into_iter().map(guarded)).expect("memory takes rows of one length");
    }

    /// The bytes.
    pub(super) fn finish(self) -> Vec<u8> {
        self.0.into_inner().expect("memory has nothing to flush")
    }
}

/// A cell that a spreadsheet does not take for a formula; numbers stay numbers.
fn guarded(cell: &str) -> Cow<'_, [u8]> {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) && cell.parse::<f64>().is_err();
    if formula { Cow::Owned(format!("'{cell}").into_bytes()) } else { Cow::Borrowed(cell.as_bytes()) }
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
    for text in &dossier.reports {
        for row in figure_rows(portal, text) {
            csv.row(row.iter().map(AsRef::as_ref));
        }
    }
    csv.finish()
}

fn figure_rows<'r>(portal: &'r Portal<'_>, text: &'r ReportText<'_>) -> impl Iterator<Item = [Cow<'r, str>; 15]> + 'r {
    let report = &text.report;
    let page = Page::Report(report.id).address(portal.tree, portal.registry);
    let body = portal.body(report.id.body).path.as_str();
    let edition = portal.form(report.form).edition.as_str();
    let year = report.id.year.to_string();
    report.figures.iter().zip(&text.lines).map(move |(figure, line)| {
        let indicator = portal.indicator(figure.key.indicator);
        let (stated_value, stated_unit) = figure.stated.as_ref().map_or((Cow::Borrowed(""), ""), |(amount, unit)| (Cow::Owned(amount.to_string()), unit));
        [
            body.into(),
            year.clone().into(),
            indicator.key.as_str().into(),
            portal.registry.breakdown_name(figure.key.breakdown).0.into(),
            figure.reading.word().into(),
            amount(figure),
            figure.about.map_or("", |about| about.word()).into(),
            if figure.time == TimeSpan::Cumulative { "cumulative" } else { "year" }.into(),
            indicator.unit.as_str().into(),
            stated_unit.into(),
            edition.into(),
            "0".into(),
            format!("{page}#{}", indicator.key).into(),
            line.to_string().into(),
            stated_value,
        ]
    })
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
            let mut cells = vec![group.title.clone(), row.id.clone().unwrap_or_default(), row.text.clone(), row.unit.clone().unwrap_or_default()];
            cells.extend(row.cells.iter().map(plain));
            csv.row(cells.iter().map(String::as_str));
        }
    }
    csv.finish()
}

/// `2024`, or `青石乡 2014` where it is another body's.
pub(super) fn column_name(column: &MatrixColumn) -> String {
    column.whose.as_ref().map_or_else(|| column.text.clone(), |whose| format!("{whose} {}", column.text))
}

/// `1204`, `blank`, `no-report`.
pub(super) fn plain(value: &Value) -> String {
    match value.kind {
        "number" | "zero" => value.text.replace(',', "").replace('\u{2212}', "-"),
        "blank" => "blank".into(),
        "na" => "not-applicable".into(),
        "withheld" => "withheld".into(),
        "missing" => "no-report".into(),
        "held" => "not-published".into(),
        "nobody" => "no-body".into(),
        "absent" => "not-in-form".into(),
        "change" => value.change.as_ref().map_or(String::new(), |change| match &change.percent {
            Some(percent) => format!("{}（{percent}）", change.text),
            None => change.text.clone(),
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
