//! The data of a page as JSON beside it: what is not known is `null`.

use super::ReportText;
use super::csv;
use super::portal::Portal;
use super::view::Matrix;
use crate::model::{Body, TimeSpan};
use crate::plan::Page;
use serde_json::{Value, json};

/// Bytes of a value, indented, with a closing line break.
pub(super) fn bytes(value: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("a value has text keys");
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

/// A profile: the body, its years, its children.
pub(super) fn profile(portal: &Portal<'_>, of: &Body) -> Value {
    let facts = portal.facts_of(of.id);
    let years = portal.calendar.years(of, facts).into_iter().map(|year| {
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
pub(super) fn report(portal: &Portal<'_>, text: &ReportText<'_>) -> Value {
    let report = &text.report;
    let figures = report.figures.iter().zip(&text.lines).map(|(figure, line)| {
        json!({
            "indicator": portal.indicator(figure.key.indicator).key,
            "breakdown": portal.registry.breakdown_name(figure.key.breakdown).0,
            "reading": figure.reading.word(),
            "value": figure.reading.amount().map(|amount| amount.to_string()),
            "about": figure.about.map(|about| about.word()),
            "span": if figure.time == TimeSpan::Cumulative { "cumulative" } else { "year" },
            "unit": portal.unit(figure.key.indicator),
            "stated_value": figure.stated.as_ref().map(|(amount, _)| amount.to_string()),
            "stated_unit": figure.stated.as_ref().map(|(_, unit)| unit),
            "read_from": csv::origin(figure),
            "line": line,
        })
    });
    json!({
        "body": portal.body(report.id.body).path,
        "year": report.id.year.number(),
        "title": report.title,
        "published": report.date.map(|day| day.to_string()),
        "signed": report.signed.map(|day| day.to_string()),
        "period": report.period.map(|period| json!({ "from": period.from.to_string(), "to": period.to.to_string() })),
        "issuer": report.issuer,
        "number": report.number,
        "form": portal.form(report.form).edition,
        "source": report.source,
        "file": report.file,
        "digest": report.digest,
        "figures": figures.collect::<Vec<_>>(),
    })
}

/// A table of a page: columns, and rows with a reading for each.
pub(super) fn matrix(title: &str, matrix: &Matrix) -> Value {
    let rows = matrix.groups.iter().flat_map(|group| group.rows.iter().chain(&group.zero_rows).map(move |row| (group, row)));
    let rows = rows.map(|(group, row)| {
        json!({
            "group": group.title,
            "id": row.id,
            "name": row.text,
            "unit": row.unit,
            "values": row.cells.iter().map(|value| {
                let number = matches!(value.kind, "number" | "zero");
                json!({
                    "reading": if number { "stated".to_string() } else { csv::plain(value) },
                    "value": number.then(|| csv::plain(value)),
                })
            }).collect::<Vec<_>>(),
        })
    });
    let columns: Vec<Value> = matrix.columns.iter().map(|column| json!({ "name": column.text, "unit": column.unit, "edition": column.edition })).collect();
    json!({ "title": title, "caption": matrix.caption, "columns": columns, "rows": rows.collect::<Vec<_>>() })
}
