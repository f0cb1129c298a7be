//! One statutory row by kind of applicant or by outcome: every part, every year.

use super::columns::{self, Column, columns};
use super::compare::{figures_csv, remarks, row};
use super::{DossierText, Making, csv, json};
use crate::analyze::CellState;
use crate::diag::Finding;
use crate::model::{Breakdown, FigureKey, FormId, IndicatorId};
use crate::plan::Page;
use crate::render::cells::seal;
use crate::render::chart::{self, MOST_PARTS, Mark, Stack, Stacked};
use crate::render::cite;
use crate::render::portal::{At, Portal};
use crate::render::view::{ChartView, CompareView, Link, Matrix, MatrixGroup, MatrixRow, Said};

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
    seal(&mut matrix, portal.strings);
    let others = portal.breakdowns(dossier.body).iter().filter(|other| **other != indicator);
    let others = others.filter_map(|other| at.link(&Page::Breakdown(dossier.body, *other), portal.name(*other))).collect();
    let chart = stacked(portal, dossier, indicator, &columns);
    let said = chart.as_ref().map_or_else(
        || portal.strings.fill("sentence.breakdown_answer", &[("name", name), ("n", &dossier.reports.len().to_string())]),
        |chart| chart.sentence.clone(),
    );
    let view = CompareView {
        title,
        body: at.body_link(dossier.body),
        answer: vec![Said { text: said, href: newest(&at, &columns, indicator) }],
        charts: chart.into_iter().collect(),
        matrix,
        remarks: remarks(&at, dossier),
        others,
        ..CompareView::default()
    };
    let description = view.answer[0].text.clone();
    let mut crumbs = at.crumbs_to(dossier.body);
    crumbs.extend(at.link(&Page::Compare(dossier.body), portal.word("ui.door_compare")));
    let mut frame = at.frame("compare", &view.title, &description, crumbs, "reports");
    frame.cite = Some(cite);
    to.page(&at, &frame, &view)
}

fn newest(at: &At<'_>, columns: &[Column<'_>], indicator: IndicatorId) -> Option<String> {
    columns.iter().find(|column| column.report.is_some()).map(|column| at.row(column.id(), indicator))
}

fn part_name<'p>(portal: &Portal<'p>, breakdown: Breakdown) -> &'p str {
    let (_, zh, en) = portal.registry.breakdown_name(breakdown);
    if portal.english() { en } else { zh }
}

fn cell<'d>(portal: &Portal<'d>, dossier: &'d DossierText<'_>, column: &Column<'_>, key: FigureKey) -> Option<CellState<'d>> {
    let text = dossier.reports.iter().find(|text| text.report.id == column.id())?;
    Some(CellState::of(key, &text.report.figures, portal.form(text.report.form), portal.registry.forms()))
}

fn parts_of<'p>(portal: &Portal<'p>, indicator: IndicatorId) -> impl Iterator<Item = Breakdown> + use<'p> {
    portal.indicator(indicator).breakdowns.iter().copied().filter(|breakdown| *breakdown != Breakdown::TOTAL)
}

/// The parts over the years as stacked bars; none when fewer than two parts ever hold a number.
fn stacked(portal: &Portal<'_>, dossier: &DossierText<'_>, indicator: IndicatorId, columns: &[Column<'_>]) -> Option<ChartView> {
    // Editions before the first that knows the parts would only be empty room.
    let known = |column: &Column<'_>| {
        parts_of(portal, indicator).any(|breakdown| matches!(cell(portal, dossier, column, FigureKey { indicator, breakdown }), Some(CellState::Figure(_))))
    };
    let columns = &columns[..columns.iter().rposition(known)? + 1];
    let number = |column: &Column<'_>, breakdown: Breakdown| match portal.point(
        column.year,
        FormId(0),
        cell(portal, dossier, column, FigureKey { indicator, breakdown })?,
    ) {
        chart::Point { mark: Mark::Number(value), label, .. } => Some((value, label)),
        _ => None,
    };
    let mut parts: Vec<Breakdown> =
        parts_of(portal, indicator).filter(|part| columns.iter().any(|column| number(column, *part).is_some_and(|(value, _)| value > 0.0))).collect();
    if parts.len() < 2 {
        return None;
    }
    let mut names: Vec<(String, Vec<String>)> = parts
        .iter()
        .map(|part| {
            let labels = columns.iter().rev().map(|column| number(column, *part).filter(|(value, _)| *value > 0.0).map_or(String::new(), |(_, label)| label));
            (part_name(portal, *part).to_string(), labels.collect())
        })
        .collect();
    // The sentence names every part; the drawing keeps to four patterns, the least of the parts drawn as one.
    let mut drawn: Vec<(String, Vec<Breakdown>)> = parts.iter().map(|part| (part_name(portal, *part).to_string(), vec![*part])).collect();
    if drawn.len() > MOST_PARTS {
        let sum = |part: &Breakdown| columns.iter().filter_map(|column| number(column, *part)).map(|(value, _)| value).sum::<f64>();
        let mut by_size = parts.clone();
        by_size.sort_by(|a, b| sum(b).total_cmp(&sum(a)));
        let small: Vec<Breakdown> = parts.iter().copied().filter(|part| by_size[MOST_PARTS - 1..].contains(part)).collect();
        parts.retain(|part| !small.contains(part));
        drawn.retain(|(_, of)| !small.contains(&of[0]));
        drawn.push((portal.strings.fill("chart.rest", &[("n", &small.len().to_string())]), small));
    }
    let stacks: Vec<Stack> = columns
        .iter()
        .rev()
        .map(|column| Stack {
            point: column.point(portal, cell(portal, dossier, column, FigureKey::total(indicator))),
            heights: drawn.iter().map(|(_, of)| of.iter().filter_map(|part| number(column, *part)).map(|(value, _)| value).sum()).collect(),
        })
        .collect();
    let unit = portal.unit(indicator).map_or(String::new(), |unit| format!("（{unit}）"));
    let title = format!("{}{unit}", portal.name(indicator));
    let name = portal.strings.fill("compare.chart_name", &[("body", &portal.body(dossier.body).title), ("name", portal.name(indicator))]);
    names.retain(|(_, labels)| labels.iter().any(|label| !label.is_empty()));
    let sentence = chart::stacked_sentence(portal, &name, &portal.indicator(indicator).unit, &names, &stacks);
    let parts: Vec<String> = drawn.into_iter().map(|(name, _)| name).collect();
    let edition = |form: u8| portal.edition(FormId(form));
    let svg = chart::stacked(&Stacked { id: "parts", title: &title, sentence: &sentence, parts: &parts, stacks: &stacks, edition: &edition });
    Some(ChartView { title, sentence, svg })
}
