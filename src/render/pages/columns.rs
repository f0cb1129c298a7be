//! The years of a body as columns, newest first: its own, then those of the bodies it was made from, each marked as theirs.

use crate::analyze::{CellState, Facts, ReportFacts};
use crate::model::{BodyId, FigureKey, FormId, ReportId, Year};
use crate::plan::Page;
use crate::render::chart::{Mark, Point};
use crate::render::portal::{At, Portal};
use crate::render::view::{MatrixColumn, MatrixRun, Value};

/// A year of one body: its report, or why there is none.
pub(super) struct Column<'a> {
    pub(super) body: BodyId,
    pub(super) year: Year,
    pub(super) report: Option<&'a ReportFacts>,
    /// `missing`, `held`, `nobody`.
    state: &'static str,
    /// 无报告, 未发布 …
    pub(super) why: String,
    /// Group of columns: one edition of one body, from 1.
    pub(super) run: usize,
}

/// Every year of a body, and every year of those it took over from before it began.
pub(super) fn columns<'a>(portal: &Portal<'a>, body: BodyId) -> Vec<Column<'a>> {
    let mut columns = Vec::new();
    let mut seen = vec![body];
    own(portal, body, &mut columns);
    let mut next = 0;
    // Predecessors of predecessors, too; a circle of successions would never end.
    while next < seen.len() {
        for &before in &portal.body(seen[next]).predecessors {
            if !seen.contains(&before) {
                seen.push(before);
                own(portal, before, &mut columns);
            }
        }
        next += 1;
    }
    let mut run = 0;
    for at in 0..columns.len() {
        let begins = at == 0 || columns[at - 1].body != columns[at].body || columns[at - 1].edition(portal) != columns[at].edition(portal);
        run += usize::from(begins);
        columns[at].run = run;
    }
    columns
}

fn own<'a>(portal: &Portal<'a>, body: BodyId, columns: &mut Vec<Column<'a>>) {
    let facts: &'a Facts = portal.facts_of(body);
    if facts.published().next().is_none() {
        return;
    }
    let mut years = portal.years(body);
    years.reverse();
    columns.extend(years.into_iter().map(|year| {
        let filing = portal.filing(body, year);
        let value = portal.no_report_said(filing);
        Column { body, year, report: facts.published_in(year), state: value.kind, why: value.text, run: 0 }
    }));
}

impl<'a> Column<'a> {
    pub(super) fn edition(&self, portal: &Portal<'_>) -> FormId {
        self.report.map_or_else(|| portal.registry.form_for(self.year).id, |report| report.form)
    }

    /// What stands in the column for a figure of the report's totals; nothing without a report.
    pub(super) fn cell(&self, portal: &Portal<'a>, key: FigureKey) -> Option<CellState<'a>> {
        self.report.map(|report| CellState::of(key, &report.totals, portal.form(report.form), portal.registry.forms()))
    }

    /// A cell of a year without a report: the column's head says why.
    pub(super) fn nothing(&self) -> Value {
        Value { kind: self.state, ..Value::default() }
    }

    pub(super) fn id(&self) -> ReportId {
        ReportId { body: self.body, year: self.year }
    }

    /// The point of a chart.
    pub(super) fn point(&self, portal: &Portal<'a>, cell: Option<CellState<'_>>) -> Point {
        match (self.report, cell) {
            (Some(report), Some(cell)) => portal.point(self.year, report.form, cell),
            _ => Point { year: self.year.number(), mark: Mark::NoReport, edition: self.edition(portal).0, label: self.why.clone() },
        }
    }
}

/// Heads of the columns; the first of each group carries its edition.
pub(super) fn heads(at: &At<'_>, columns: &[Column<'_>]) -> Vec<MatrixColumn> {
    let portal = at.portal;
    let several = columns.last().is_some_and(|column| column.run > 1);
    let own = columns.first().map(|column| column.body);
    let head = |(place, column): (usize, &Column<'_>)| {
        let begins = place > 0 && columns[place - 1].run != column.run;
        let name = &portal.body(column.body).title;
        MatrixColumn {
            text: column.year.to_string(),
            href: column.report.and_then(|report| at.page(&Page::Report(report.id))),
            edition: begins.then(|| portal.edition(column.edition(portal))),
            state: column.report.is_none().then(|| column.why.clone()),
            whose: (Some(column.body) != own).then(|| name.clone()),
            run: several.then_some(column.run),
            ..MatrixColumn::default()
        }
    };
    columns.iter().enumerate().map(head).collect()
}

/// Groups of columns; none where all are of one edition and one body.
pub(super) fn runs(at: &At<'_>, columns: &[Column<'_>]) -> Vec<MatrixRun> {
    let portal = at.portal;
    let own = columns.first().map(|column| column.body);
    let mut runs: Vec<MatrixRun> = Vec::new();
    for column in columns {
        match runs.last_mut().filter(|run| run.run == column.run) {
            Some(run) => run.span += 1,
            None => {
                let edition = portal.edition(column.edition(portal));
                let other = Some(column.body) != own;
                let text = if other { format!("{} {edition}", portal.body(column.body).title) } else { edition };
                let href = other.then(|| at.page(&Page::Compare(column.body))).flatten();
                runs.push(MatrixRun { text, href, span: 1, run: column.run, years: String::new() });
            }
        }
    }
    if runs.len() < 2 {
        return Vec::new();
    }
    for run in &mut runs {
        run.years = portal.strings.fill("compare.run_years", &[("n", &run.span.to_string())]);
    }
    runs
}

/// Columns up to which a table of years finds room on a wide page.
const FITS: usize = 16;

/// Whether a table with so many columns of years finds room on a wide page.
pub(super) fn fits(columns: usize) -> bool {
    columns <= FITS
}
