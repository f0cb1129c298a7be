//! How applications ended, year by year: the kinds of result that the form adds up to its total, as a chart and as the table beside it.

use super::columns::{self, Column};
use super::parts::{self, Part, Whole};
use crate::analyze::{CellState, ReportFacts};
use crate::model::{Amount, Form, IndicatorId, Relation};
use crate::render::cells::seal;
use crate::render::portal::{At, Portal};
use crate::render::view::{ChartView, Link, Matrix, MatrixGroup, MatrixRow, Value};

/// The indicator that the kinds of result add up to.
const TOTAL: &str = "results_total";

/// A chart and its table.
pub(super) struct Results {
    pub(super) chart: ChartView,
    pub(super) matrix: Matrix,
}

/// 予以公开 and its one row, 不予公开 and its eight.
struct Kind<'f> {
    label: &'f str,
    of: Vec<IndicatorId>,
}

/// The results of a body's years; none where no two kinds ever occur.
pub(super) fn results(at: &At<'_>, body: crate::model::BodyId) -> Option<Results> {
    let portal = at.portal;
    let total = portal.registry.indicators().iter().find(|indicator| indicator.key == TOTAL)?.id;
    let mut columns = columns::columns(portal, body);
    columns.retain(|column| column.body == body);
    let oldest = columns.iter().rposition(|column| column.report.is_some_and(|report| !kinds(portal.form(report.form), total).is_empty()))?;
    columns.truncate(oldest + 1);
    // Labels of the newest edition first; an older one adds what it alone has.
    let mut labels: Vec<&str> = Vec::new();
    for kind in columns.iter().filter_map(|column| column.report).flat_map(|report| kinds(portal.form(report.form), total)) {
        if !labels.contains(&kind.label) {
            labels.push(kind.label);
        }
    }
    let sums: Vec<Vec<Option<(Amount, IndicatorId)>>> =
        labels.iter().map(|label| columns.iter().map(|column| sum(portal, column.report?, label, total)).collect()).collect();
    let shown = |place: &usize| sums[*place].iter().flatten().any(|(amount, _)| !amount.is_zero());
    let places: Vec<usize> = (0..labels.len()).filter(shown).collect();
    let part = |place: &usize| Part {
        name: name(portal, labels[*place]),
        numbers: sums[*place].iter().rev().map(|sum| sum.map(|(amount, _)| (amount.coordinate(), amount.grouped()))).collect(),
    };
    let unit = portal.unit(total).unwrap_or_default();
    let title = portal.word("compare.result").to_string();
    let whole = Whole {
        id: "results",
        title: if unit.is_empty() { title } else { format!("{title}（{unit}）") },
        name: portal.strings.fill("compare.chart_name", &[("body", &portal.body(body).title), ("name", portal.name(total))]),
        unit,
        points: columns.iter().rev().map(|column| column.point(portal, total_cell(portal, column, total))).collect(),
    };
    let chart = parts::stacked(portal, whole, places.iter().map(part).collect())?;
    let mut rows: Vec<MatrixRow> = places.iter().map(|place| kind_row(at, name(portal, labels[*place]), &columns, &sums[*place])).collect();
    rows.push(total_row(at, &columns, total));
    let mut matrix = Matrix {
        caption: portal.strings.fill("compare.results_caption", &[("body", &portal.body(body).title), ("title", &chart.title)]),
        corner: portal.word("compare.result").to_string(),
        columns: columns::heads(at, &columns),
        runs: columns::runs(at, &columns),
        fits: true,
        groups: vec![MatrixGroup { rows, ..MatrixGroup::default() }],
        notes: vec![portal.word("compare.results_note").to_string()],
        downloads: vec![Link { href: at.to(&format!("{}figures.csv", at.address)), text: portal.word("ui.all_figures_csv").to_string() }],
        ..Matrix::default()
    };
    // Which years can be hidden is a matter of pages with a choice of editions.
    matrix.columns.iter_mut().for_each(|column| column.run = None);
    seal(&mut matrix, portal.strings);
    Some(Results { chart, matrix })
}

/// The kinds that an edition's own sum names: the group a row stands in, or the row itself.
fn kinds(form: &Form, total: IndicatorId) -> Vec<Kind<'_>> {
    let terms = form.relations.iter().find_map(|relation| match relation {
        Relation::Columns { left, right, .. } if left.len() == 1 && left[0].indicator == total => Some(right),
        _ => None,
    });
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    for indicator in terms.into_iter().flatten().map(|term| term.indicator) {
        let rows = form.tables.iter().flat_map(|table| &table.rows);
        let Some(row) = rows.clone().find(|row| row.cells.iter().any(|cell| cell.key.indicator == indicator)) else { continue };
        let label = plain(row.groups.get(1).unwrap_or(&row.label));
        match kinds.iter_mut().find(|kind| kind.label == label) {
            Some(kind) => kind.of.push(indicator),
            None => kinds.push(Kind { label, of: vec![indicator] }),
        }
    }
    kinds
}

/// （二）部分公开（区分处理的，只计这一情形） → 部分公开
fn plain(label: &str) -> &str {
    let words = label.strip_prefix('（').and_then(|rest| rest.split_once('）')).map_or(label, |(_, words)| words);
    words.split('（').next().unwrap_or(words)
}

/// A label in the pages' language: as the glossary or the registry has it.
fn name(portal: &Portal<'_>, label: &str) -> String {
    if !portal.english() {
        return label.to_string();
    }
    let term = portal.registry.glossary().all().find(|entry| entry.term == label).map(|entry| entry.term_en.clone());
    let known = || portal.registry.indicators().iter().find(|indicator| indicator.name == label).map(|indicator| indicator.name_en.clone());
    term.or_else(known).unwrap_or_else(|| label.to_string())
}

/// The sum of a kind in a report, and the first row it is made of; none where the report states none of its rows.
fn sum(portal: &Portal<'_>, report: &ReportFacts, label: &str, total: IndicatorId) -> Option<(Amount, IndicatorId)> {
    let kind = kinds(portal.form(report.form), total).into_iter().find(|kind| kind.label == label)?;
    let stated = kind.of.iter().filter_map(|indicator| {
        let figure = report.totals.iter().find(|figure| figure.key == crate::model::FigureKey::total(*indicator))?;
        Some((figure.reading.amount()?, *indicator))
    });
    stated.reduce(|(sum, row), (amount, other)| (sum.plus(amount).unwrap_or(sum), if sum.is_zero() && !amount.is_zero() { other } else { row }))
}

fn total_cell<'a>(portal: &Portal<'a>, column: &Column<'a>, total: IndicatorId) -> Option<CellState<'a>> {
    column.cell(portal, crate::model::FigureKey::total(total))
}

fn kind_row(at: &At<'_>, text: String, columns: &[Column<'_>], sums: &[Option<(Amount, IndicatorId)>]) -> MatrixRow {
    let cell = |(column, sum): (&Column<'_>, &Option<(Amount, IndicatorId)>)| match (column.report, sum) {
        (None, _) => column.nothing(),
        (Some(_), None) => Value { kind: "absent", ..Value::default() },
        (Some(report), Some((amount, row))) => {
            Value { kind: if amount.is_zero() { "zero" } else { "number" }, text: amount.grouped(), href: Some(at.row(report.id, *row)), ..Value::default() }
        }
    };
    MatrixRow { text, cells: columns.iter().zip(sums).map(cell).collect(), ..MatrixRow::default() }
}

fn total_row(at: &At<'_>, columns: &[Column<'_>], total: IndicatorId) -> MatrixRow {
    let portal = at.portal;
    let cell = |column: &Column<'_>| match (column.report, total_cell(portal, column, total)) {
        (Some(report), Some(state)) => {
            let href = matches!(state, CellState::Figure(_)).then(|| at.row(report.id, total));
            Value { href, ..portal.cell_value(state) }
        }
        _ => column.nothing(),
    };
    MatrixRow { text: portal.name(total).to_string(), summary: true, cells: columns.iter().map(cell).collect(), ..MatrixRow::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbering_and_remarks_are_no_part_of_a_kind() {
        assert_eq!(plain("（二）部分公开（区分处理的，只计这一情形，不计其他情形）"), "部分公开");
        assert_eq!(plain("（三）不予公开"), "不予公开");
        assert_eq!(plain("予以公开"), "予以公开");
    }
}
