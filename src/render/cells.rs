//! Rows of large tables as markup: a county has millions of cells, too many to pass one by one through a template.
//!
//! A number is a link to its row; its change stands under it. Two elements a number, three with a change, one where there is
//! none. Percentages are shown on request and stand in an attribute. What the cells look like is the style sheet's affair.

use super::prose::escaped;
use super::strings::Strings;
use super::view::{Html, Matrix, MatrixColumn, MatrixRow, Value};
use std::fmt::Write as _;

/// Rows after which a phone needs the head once more.
const AGAIN: usize = 8;

/// Turns the values of a finished table into markup; nothing reads them afterwards.
pub(super) fn seal(matrix: &mut Matrix, strings: &Strings) {
    let mut since = 0;
    for group in &mut matrix.groups {
        group.again = since >= AGAIN;
        since = if group.again { 0 } else { since } + group.rows.len();
    }
    let mut rows = matrix.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells);
    let broken = rows.any(|value| value.change.as_ref().is_some_and(|change| change.kind == "break"));
    // Every ‡ leads to the note that explains it.
    if broken && matrix.breaks.is_none() {
        matrix.breaks = Some(strings.get("sentence.break").to_string());
    }
    let (columns, listed) = (&matrix.columns, matrix.listed);
    for group in &mut matrix.groups {
        let mut out = String::with_capacity(group.rows.iter().map(|row| 160 + row.cells.len() * 100).sum());
        for row in std::mem::take(&mut group.rows) {
            head(&mut out, &row);
            cells(&mut out, &row, columns, listed, strings);
            out.push_str("</tr>\n");
        }
        group.markup = Html::trusted(out);
    }
}

fn head(out: &mut String, row: &MatrixRow) {
    let some = |text: &'_ Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(|text| escaped(text).into_owned());
    out.push_str("<tr");
    if let Some(id) = some(&row.id) {
        let _ = write!(out, " id=\"{id}\"");
    }
    out.push_str(if row.summary { " class=\"summary\"><th scope=\"row\">" } else { "><th scope=\"row\">" });
    match some(&row.href) {
        Some(href) => drop(write!(out, "<a href=\"{href}\">{}</a>", escaped(&row.text))),
        None => out.push_str(&escaped(&row.text)),
    }
    if let Some(unit) = some(&row.unit) {
        let _ = write!(out, "<small class=\"unit\">（{unit}）</small>");
    }
    if let Some(words) = some(&row.sub) {
        let _ = write!(out, "<small class=\"sub\">{words}</small>");
    }
    if let Some(more) = &row.more {
        let _ = write!(out, "<small class=\"more\"><a href=\"{}\">{}</a></small>", escaped(&more.href), escaped(&more.text));
    }
    out.push_str(row.spark.as_ref().map_or("", Html::as_str));
    out.push_str("</th>");
}

fn cells(out: &mut String, row: &MatrixRow, columns: &[MatrixColumn], listed: bool, strings: &Strings) {
    for (place, value) in row.cells.iter().enumerate().filter(|(_, value)| value.span != Some(0)) {
        let column = columns.get(place);
        out.push_str("<td class=\"v-");
        out.push_str(value.kind);
        if place > 0 && column.is_some_and(|column| column.edition.is_some()) {
            out.push_str(" brk");
        }
        if let Some(run) = column.and_then(|column| column.run) {
            let _ = write!(out, " e{run}");
        }
        out.push('"');
        if let Some(column) = column.filter(|_| listed && value.span.is_none()) {
            let _ = write!(out, " data-label=\"{}\"", escaped(&column.text));
        }
        if let Some(span) = value.span {
            let _ = write!(out, " colspan=\"{span}\"");
        }
        for (_, older, words) in row.differences.iter().filter(|(newer, ..)| *newer == place) {
            let _ = write!(out, " data-o{}=\"{}\"", older + 1, escaped(words));
        }
        out.push('>');
        content(out, value, strings);
        out.push_str("</td>");
    }
}

fn content(out: &mut String, value: &Value, strings: &Strings) {
    match &value.href {
        Some(href) if !value.text.is_empty() => {
            for piece in ["<a href=\"", &escaped(href), "\">", &escaped(&value.text), "</a>"] {
                out.push_str(piece);
            }
        }
        // Pushed out of sight by the style sheet, for those who do not see the sunk ground.
        _ if value.kind == "absent" => out.push_str(strings.get("ui.absent")),
        _ => out.push_str(&escaped(&value.text)),
    }
    if let Some(note) = &value.note {
        let _ = write!(out, "<small class=\"note\">{}</small>", escaped(note));
    }
    let Some(change) = &value.change else { return };
    if change.kind == "break" {
        let why = change.note.as_deref().unwrap_or_default();
        let _ = write!(out, "<a class=\"change break\" href=\"#breaks\" title=\"{}\">{}</a>", escaped(why), escaped(&change.text));
        return;
    }
    let _ = write!(out, "<small class=\"change {}\"", change.kind);
    match &change.percent {
        // A column of its own has room for both.
        Some(percent) if value.kind == "change" => drop(write!(out, ">{}（{}）", escaped(&change.text), escaped(percent))),
        Some(percent) => drop(write!(out, " data-pc=\"{}\">{}", escaped(percent), escaped(&change.text))),
        None => drop(write!(out, ">{}", escaped(&change.text))),
    }
    out.push_str("</small>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::view::{Change, MatrixGroup};
    use crate::source::Theme;

    #[test]
    fn content_is_escaped_and_runs_are_one_cell() {
        let (strings, _) = Strings::read(&Theme::built_in("zh-CN").strings);
        let change = Change { kind: "rise", text: "增2".into(), percent: Some("+20.0%".into()), note: None };
        let number = Value { kind: "number", text: "<1>".into(), href: Some("../2024/#a\"b".into()), change: Some(change), ..Value::default() };
        let gone = |span| Value { kind: "nobody", text: "已撤并".into(), span: Some(span), ..Value::default() };
        let column = |edition: Option<&str>, run| MatrixColumn { edition: edition.map(str::to_string), run, ..MatrixColumn::default() };
        let row = MatrixRow {
            id: Some("a".into()),
            text: "甲&乙".into(),
            href: Some("../".into()),
            unit: Some("件".into()),
            summary: true,
            cells: vec![number, Value { kind: "absent", ..Value::default() }, gone(2), gone(0)],
            differences: vec![(0, 2, "减3".into())],
            ..MatrixRow::default()
        };
        let mut matrix = Matrix {
            columns: vec![column(Some("2021版"), Some(1)), column(Some("2019版"), Some(2)), column(None, None), column(None, None)],
            groups: vec![MatrixGroup { rows: vec![row], ..MatrixGroup::default() }],
            ..Matrix::default()
        };
        seal(&mut matrix, &strings);
        assert_eq!(
            matrix.groups[0].markup.as_str(),
            format!(
                "<tr id=\"a\" class=\"summary\"><th scope=\"row\"><a href=\"../\">甲&amp;乙</a><small class=\"unit\">（件）</small></th><td class=\"v-number e1\" data-o3=\"减3\"><a href=\"../2024/#a&quot;b\">&lt;1&gt;</a><small class=\"change rise\" data-pc=\"+20.0%\">增2</small></td><td class=\"v-absent brk e2\">{}</td><td class=\"v-nobody\" colspan=\"2\">已撤并</td></tr>\n",
                strings.get("ui.absent")
            )
        );
    }
}
