//! One statutory row by kind of applicant or by outcome: every part, every year.

use super::columns::{self, Column, columns};
use super::compare::{MARK, figures_csv, remarks, row, said};
use super::parts::{self, Part, Whole};
use super::{DossierText, Making, csv, json};
use crate::analyze::CellState;
use crate::diag::Finding;
use crate::model::{Breakdown, FigureKey, FormId, IndicatorId};
use crate::plan::Page;
use crate::render::cells::seal;
use crate::render::chart::{Mark, Point};
use crate::render::cite;
use crate::render::portal::{At, Portal};
use crate::render::view::{ChartView, CompareView, Link, Matrix, MatrixGroup, MatrixRow};

pub(super) fn breakdown(portal: &Portal<'_>, dossier: &DossierText<'_>, indicator: IndicatorId, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let body = portal.body(dossier.body);
    let mut columns = columns(portal, dossier.body);
    // Of the bodies that came before, the portal keeps totals only; their own pages have the parts.
    columns.retain(|column| column.body == dossier.body);
    let name = portal.name(indicator);
    let unit = portal.unit(indicator).map_or(String::new(), |unit| format!("（{unit}）"));
    let rows = portal.indicator(indicator).breakdowns.iter().filter_map(|breakdown| {
        let key = FigureKey { indicator, breakdown: *breakdown };
        let mut row = row(&at, &columns, key, part_name(portal, *breakdown), |column, key| cell(portal, dossier, column, key))?;
        row.id = Some(portal.registry.breakdown_name(*breakdown).0.to_string());
        row.summary = *breakdown == Breakdown::TOTAL;
        Some(row)
    });
    let rows: Vec<MatrixRow> = rows.collect();
    let mut matrix = Matrix {
        listed: false,
        marks: Vec::new(),
        caption: portal.strings.fill("sentence.breakdown_caption", &[("name", &format!("{name}{unit}")), ("body", &body.title)]),
        corner: portal.word("ui.breakdown").to_string(),
        sparks: true,
        columns: columns::heads(&at, &columns),
        runs: columns::runs(&at, &columns),
        fits: columns::fits(columns.len()),
        groups: vec![MatrixGroup { rows, ..MatrixGroup::default() }],
        breaks: (columns.last().is_some_and(|column| column.run > 1)).then(|| portal.word("sentence.break").to_string()),
        notes: vec![portal.word("sentence.newest_first").to_string(), portal.word("sentence.numbers_lead").to_string()],
        downloads: vec![
            Link { href: "table.csv".into(), text: portal.word("ui.this_table_csv").to_string() },
            Link { href: at.to(&figures_csv(portal, dossier)), text: portal.word("ui.all_figures_csv").to_string() },
            Link { href: "index.json".into(), text: "JSON".into() },
        ],
    };
    let title = portal.strings.fill("sentence.breakdown_title", &[("body", &body.title), ("name", name)]);
    let table = csv::matrix(&matrix);
    let cite = cite::table(&at, &title, &table);
    to.file(format!("{}table.csv", at.address), table);
    to.file(format!("{}index.json", at.address), json::matrix(&title, &matrix));
    matrix.marks = at.marks(&matrix);
    seal(&mut matrix, portal.strings);
    let others = portal.breakdowns(dossier.body).iter().filter(|other| **other != indicator);
    let others = others.filter_map(|other| at.link(&Page::Breakdown(dossier.body, *other), portal.name(*other))).collect();
    let chart = stacked(portal, dossier, indicator, &columns);
    let words = chart.as_ref().map_or_else(
        || portal.strings.fill("sentence.breakdown_answer", &[("name", name), ("n", &dossier.reports.len().to_string())]),
        |chart| chart.sentence.clone(),
    );
    let newest = newest(&at, &columns, indicator);
    // The newest total is the link; the sentence around it is plain.
    let marked = newest.as_ref().map_or(words.clone(), |(value, _)| words.replacen(value.as_str(), &format!("{MARK}{value}{MARK}"), 1));
    let view = CompareView {
        title,
        body: at.body_link(dossier.body),
        answer: said(&marked, newest.map(|(_, href)| href)),
        charts: chart.into_iter().collect(),
        matrix,
        remarks: remarks(&at, dossier),
        others,
        ..CompareView::default()
    };
    let mut crumbs = at.crumbs_to(dossier.body);
    crumbs.extend(at.link(&Page::Compare(dossier.body), portal.word("ui.door_compare")));
    let mut frame = at.frame("compare", &view.title, &words, crumbs, "reports");
    frame.cite = Some(cite);
    to.page(&at, &frame, &view)
}

/// The newest total as sentences print it, and its row.
fn newest(at: &At<'_>, columns: &[Column<'_>], indicator: IndicatorId) -> Option<(String, String)> {
    let portal = at.portal;
    columns.iter().find_map(|column| {
        let point = column.point(portal, column.cell(portal, FigureKey::total(indicator)));
        let number = matches!(point.mark, Mark::Number(_)).then(|| format!("{}{}", point.label, portal.indicator(indicator).unit))?;
        Some((number, at.row(column.id(), indicator)))
    })
}

fn part_name<'p>(portal: &Portal<'p>, breakdown: Breakdown) -> &'p str {
    let (_, zh, en) = portal.registry.breakdown_name(breakdown);
    if portal.english() { en } else { zh }
}

fn cell<'d>(portal: &Portal<'d>, dossier: &'d DossierText<'_>, column: &Column<'_>, key: FigureKey) -> Option<CellState<'d>> {
    let text = dossier.reports.iter().find(|text| text.report.id == column.id())?;
    Some(CellState::of(key, &text.report.figures, portal.form(text.report.form), portal.registry.forms()))
}

/// The parts over the years as stacked bars; none when fewer than two parts ever hold a number.
fn stacked(portal: &Portal<'_>, dossier: &DossierText<'_>, indicator: IndicatorId, columns: &[Column<'_>]) -> Option<ChartView> {
    let number = |column: &Column<'_>, breakdown: Breakdown| {
        let state = cell(portal, dossier, column, FigureKey { indicator, breakdown })?;
        match portal.point(column.year, FormId(0), state) {
            Point { mark: Mark::Number(value), label, .. } => Some((value, label)),
            _ => None,
        }
    };
    let parts = portal.indicator(indicator).breakdowns.iter().filter(|breakdown| **breakdown != Breakdown::TOTAL).map(|breakdown| Part {
        name: part_name(portal, *breakdown).to_string(),
        numbers: columns.iter().rev().map(|column| number(column, *breakdown)).collect(),
    });
    let unit = portal.unit(indicator).map_or(String::new(), |unit| format!("（{unit}）"));
    let whole = Whole {
        id: "parts",
        title: format!("{}{unit}", portal.name(indicator)),
        name: portal.strings.fill("compare.chart_name", &[("body", &portal.body(dossier.body).title), ("name", portal.name(indicator))]),
        unit: portal.indicator(indicator).unit.clone(),
        points: columns.iter().rev().map(|column| column.point(portal, cell(portal, dossier, column, FigureKey::total(indicator)))).collect(),
    };
    parts::stacked(portal, whole, parts.collect())
}
