//! The data of a page as JSON beside it: what is not known is `null`. Written without spaces: a county has thousands of them.

use super::ReportText;
use super::csv;
use super::portal::Portal;
use super::view::Matrix;
use crate::model::{Body, Figure, TimeSpan};
use crate::plan::Page;
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Bytes of a value, with a closing line break.
pub(super) fn bytes<V: Serialize>(value: &V) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4096);
    serde_json::to_writer(&mut bytes, value).expect("a value has text keys");
    bytes.push(b'\n');
    bytes
}

/// A body as data.
pub(super) fn body(body: &Body) -> Value {
    json!({
        "path": body.path,
        "title": body.title,
        "level": body.level.key(),
        "code": body.code,
        "former_names": body.former_names.iter().map(|name| json!({ "title": name.title, "until": name.until.to_string() })).collect::<Vec<_>>(),
        "since": body.since.map(|day| day.to_string()),
        "until": body.until.map(|day| day.to_string()),
    })
}

/// A table of words, one object a row; what is empty is `null`.
pub(super) fn rows<const N: usize>(title: &str, columns: &[&str; N], rows: &[[String; N]]) -> Vec<u8> {
    let object = |row: &[String; N]| -> Value {
        let cell = |(column, cell): (&&str, &String)| match *column {
            "year" => (column.to_string(), cell.parse::<i16>().map_or(Value::Null, Value::from)),
            column => (column.to_string(), if cell.is_empty() && column == "published" { Value::Null } else { cell.as_str().into() }),
        };
        columns.iter().zip(row).map(cell).collect::<serde_json::Map<_, _>>().into()
    };
    bytes(&json!({ "title": title, "rows": rows.iter().map(object).collect::<Vec<_>>() }))
}

/// A profile: the body, its years, its children.
pub(super) fn profile(portal: &Portal<'_>, of: &Body) -> Value {
    let facts = portal.facts_of(of.id);
    let years = portal.years(of.id).into_iter().map(|year| {
        let report = facts.published_in(year);
        json!({
            "year": year.number(),
            "state": portal.filing(of.id, year).key(),
            "title": report.map(|report| &report.title),
            "published": report.and_then(|report| report.date).map(|day| day.to_string()),
            "form": report.map(|report| &portal.form(report.form).edition),
            "address": report.map(|report| Page::Report(report.id).address(portal.tree, portal.registry)),
        })
    });
    let mut value = body(of);
    value["years"] = years.collect();
    value["children"] = of.children.iter().map(|child| Value::from(portal.body(*child).path.as_str())).collect();
    value
}

/// A report with all its figures.
#[derive(Serialize)]
struct ReportData<'r> {
    body: &'r str,
    year: i16,
    title: &'r str,
    published: Option<String>,
    signed: Option<String>,
    period: Option<PeriodData>,
    issuer: Option<&'r str>,
    number: Option<&'r str>,
    form: &'r str,
    source: Option<&'r str>,
    file: &'r str,
    digest: &'r str,
    figures: Vec<FigureData<'r>>,
}

#[derive(Serialize)]
struct PeriodData {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct FigureData<'r> {
    indicator: &'r str,
    breakdown: &'r str,
    reading: &'static str,
    value: Option<String>,
    about: Option<&'static str>,
    span: &'static str,
    unit: Option<&'r str>,
    stated_value: Option<String>,
    stated_unit: Option<&'r str>,
    read_from: &'static str,
    line: u32,
}

/// The bytes of a report's data.
pub(super) fn report(portal: &Portal<'_>, text: &ReportText<'_>) -> Vec<u8> {
    let report = &text.report;
    let figure = |(figure, line): (&'_ Figure, &u32)| {
        let indicator = portal.indicator(figure.key.indicator);
        FigureData {
            indicator: &indicator.key,
            breakdown: portal.registry.breakdown_name(figure.key.breakdown).0,
            reading: figure.reading.word(),
            value: figure.reading.amount().map(|amount| amount.to_string()),
            about: figure.about.map(|about| about.word()),
            span: if figure.time == TimeSpan::Cumulative { "cumulative" } else { "year" },
            unit: Some(indicator.unit.as_str()).filter(|unit| !unit.is_empty()),
            stated_value: figure.stated.as_ref().map(|(amount, _)| amount.to_string()),
            stated_unit: None,
            read_from: csv::origin(figure),
            line: *line,
        }
    };
    let mut figures: Vec<FigureData<'_>> = report.figures.iter().zip(&text.lines).map(figure).collect();
    for (data, figure) in figures.iter_mut().zip(&report.figures) {
        data.stated_unit = figure.stated.as_ref().map(|(_, unit)| &**unit);
    }
    bytes(&ReportData {
        body: &portal.body(report.id.body).path,
        year: report.id.year.number(),
        title: &report.title,
        published: report.date.map(|day| day.to_string()),
        signed: report.signed.map(|day| day.to_string()),
        period: report.period.map(|period| PeriodData { from: period.from.to_string(), to: period.to.to_string() }),
        issuer: report.issuer.as_deref(),
        number: report.number.as_deref(),
        form: &portal.form(report.form).edition,
        source: report.source.as_deref(),
        file: &report.file,
        digest: &report.digest,
        figures,
    })
}

/// A page's table as data.
#[derive(Serialize)]
struct MatrixData<'m> {
    title: &'m str,
    caption: &'m str,
    columns: Vec<ColumnData<'m>>,
    rows: Vec<RowData<'m>>,
}

#[derive(Serialize)]
struct ColumnData<'m> {
    name: String,
    unit: Option<&'m str>,
    edition: Option<&'m str>,
}

#[derive(Serialize)]
struct RowData<'m> {
    group: &'m str,
    id: Option<&'m str>,
    name: &'m str,
    unit: Option<&'m str>,
    values: Vec<ValueData<'m>>,
}

#[derive(Serialize)]
struct ValueData<'m> {
    reading: Cow<'m, str>,
    value: Option<Cow<'m, str>>,
}

/// The bytes of a table of a page: columns, and rows with a reading for each.
pub(super) fn matrix(title: &str, matrix: &Matrix) -> Vec<u8> {
    fn data(value: &super::view::Value) -> ValueData<'_> {
        let plain = csv::plain(value);
        if matches!(value.kind, "number" | "zero") {
            ValueData { reading: "stated".into(), value: Some(plain) }
        } else {
            ValueData { reading: plain, value: None }
        }
    }
    let rows = matrix.groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group, row)));
    let rows = rows.map(|(group, row)| RowData {
        group: &group.title,
        id: row.id.as_deref(),
        name: &row.text,
        unit: row.unit.as_deref(),
        values: row.cells.iter().map(data).collect(),
    });
    let columns =
        matrix.columns.iter().map(|column| ColumnData { name: csv::column_name(column), unit: column.unit.as_deref(), edition: column.edition.as_deref() });
    bytes(&MatrixData { title, caption: &matrix.caption, columns: columns.collect(), rows: rows.collect() })
}
