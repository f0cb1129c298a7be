//! Year by year: every indicator and every year of one body, and one statutory row by kind of applicant.

use super::{DossierText, Making, csv, json};
use crate::analyze::{CellState, Change};
use crate::diag::Finding;
use crate::model::{Breakdown, FigureKey, IndicatorId, ReportId, TimeSpan, Year};
use crate::plan::Page;
use crate::render::ReportText;
use crate::render::chart::{self, Mark, Point, sparkline};
use crate::render::cite;
use crate::render::portal::{At, Portal};
use crate::render::view::{ChartView, CompareView, Html, Link, Matrix, MatrixColumn, MatrixGroup, MatrixRow, Value};
use std::collections::BTreeMap;

/// Headline indicators with a large chart.
const CHARTS: usize = 4;

pub(super) fn compare(portal: &Portal<'_>, dossier: &DossierText<'_>, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let body = portal.body(dossier.body);
    let lines = columns(portal, dossier);
    let matrix = matrix(&at, dossier, &lines);
    let first = lines.last().map_or(String::new(), |line| line.year.to_string());
    let last = lines.first().map_or(String::new(), |line| line.year.to_string());
    let title = portal.strings.fill("sentence.compare_title", &[("body", &body.title), ("first", &first), ("last", &last)]);
    let view = CompareView {
        title,
        body: at.body_link(dossier.body),
        answer: answer(portal, dossier, &lines),
        charts: charts(&at, dossier),
        pairs: pairs(&at, dossier),
        others: Vec::new(),
        matrix,
    };
    finish(&at, dossier, view, to)
}

pub(super) fn breakdown(portal: &Portal<'_>, dossier: &DossierText<'_>, indicator: IndicatorId, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let body = portal.body(dossier.body);
    let lines = columns(portal, dossier);
    let name = portal.name(indicator);
    let rows = portal.indicator(indicator).breakdowns.iter().filter_map(|breakdown| {
        let key = FigureKey { indicator, breakdown: *breakdown };
        let (word, zh, en) = portal.registry.breakdown_name(*breakdown);
        let mut row = row(&at, &lines, key, if portal.english() { en } else { zh })?;
        row.id = Some(word.to_string());
        row.summary = *breakdown == Breakdown::TOTAL;
        Some(row)
    });
    // The total first, then the parts as the form has them.
    let rows: Vec<MatrixRow> = rows.collect();
    let unit = portal.unit(indicator).map_or(String::new(), |unit| format!("（{unit}）"));
    let caption = portal.strings.fill("sentence.breakdown_caption", &[("name", &format!("{name}{unit}")), ("body", &body.title)]);
    let columns = lines.iter().map(|line| line.column(&at)).collect();
    let matrix = Matrix {
        caption,
        corner: portal.word("ui.breakdown").to_string(),
        sparks: true,
        columns: editions(portal, &lines, columns),
        groups: vec![MatrixGroup { rows, ..MatrixGroup::default() }],
        notes: notes(portal, dossier, &lines),
        downloads: vec![Link { href: "table.csv".into(), text: "CSV".into() }, Link { href: "index.json".into(), text: "JSON".into() }],
    };
    let others = portal.plan.breakdowns.get(&dossier.body).into_iter().flatten().filter(|other| **other != indicator);
    let others = others.filter_map(|other| at.link(&Page::Breakdown(dossier.body, *other), portal.name(*other))).collect();
    let view = CompareView {
        title: portal.strings.fill("sentence.breakdown_title", &[("body", &body.title), ("name", name)]),
        body: at.body_link(dossier.body),
        answer: vec![portal.strings.fill("sentence.breakdown_answer", &[("name", name), ("n", &dossier.reports.len().to_string())])],
        charts: Vec::new(),
        matrix,
        pairs: Vec::new(),
        others,
    };
    finish(&at, dossier, view, to)
}

fn finish(at: &At<'_>, dossier: &DossierText<'_>, view: CompareView, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let description = view.answer.join("");
    let mut crumbs = at.crumbs_to(dossier.body);
    if !view.others.is_empty() || at.address.matches("compare/").count() == 1 && !at.address.ends_with("compare/") {
        crumbs.extend(at.link(&Page::Compare(dossier.body), at.portal.word("ui.door_compare")));
    }
    let mut frame = at.frame("compare", &view.title, &description, crumbs, "reports");
    let table = csv::matrix(&view.matrix);
    frame.cite = Some(cite::table(at, &view.title, &table));
    to.file(format!("{}table.csv", at.address), table);
    to.file(format!("{}index.json", at.address), json::matrix(&view.title, &view.matrix));
    to.page(at, &frame, &view)
}

/// A year of the table: its report, or why there is none.
struct Line<'d> {
    year: Year,
    report: Option<&'d ReportText<'d>>,
    state: &'static str,
    word: String,
    body: crate::model::BodyId,
}

impl Line<'_> {
    fn column(&self, at: &At<'_>) -> MatrixColumn {
        MatrixColumn {
            text: self.year.to_string(),
            href: self.report.and_then(|text| at.page(&Page::Report(text.report.id))),
            state: self.report.is_none().then(|| self.word.clone()),
            ..MatrixColumn::default()
        }
    }

    fn edition(&self, portal: &Portal<'_>) -> u8 {
        self.report.map_or_else(|| portal.registry.form_for(self.year).id, |text| text.report.form).0
    }
}

/// Every year between the first and the last report, newest first.
fn columns<'d>(portal: &Portal<'_>, dossier: &'d DossierText<'d>) -> Vec<Line<'d>> {
    let facts = portal.facts_of(dossier.body);
    let body = portal.body(dossier.body);
    let (Some(first), Some(last)) = (dossier.reports.first(), dossier.reports.last()) else { return Vec::new() };
    let (first, last) = (first.report.id.year, last.report.id.year);
    let mut years = portal.calendar.years(body, facts);
    years.retain(|year| (first..=last).contains(year));
    years.reverse();
    let line = |year: Year| {
        let filing = portal.filing(dossier.body, year);
        let value = portal.no_report(filing);
        Line {
            year,
            report: dossier.reports.iter().find(|text| text.report.id.year == year),
            state: value.kind,
            word: if value.kind == "missing" { portal.word("word.no_report").to_string() } else { portal.filing_word(filing) },
            body: dossier.body,
        }
    };
    years.into_iter().map(line).collect()
}

/// Names the edition on the first column after a break.
fn editions(portal: &Portal<'_>, lines: &[Line<'_>], mut columns: Vec<MatrixColumn>) -> Vec<MatrixColumn> {
    for place in 1..lines.len() {
        let edition = lines[place].edition(portal);
        if lines[place - 1].edition(portal) != edition {
            columns[place].edition = Some(portal.edition(crate::model::FormId(edition)));
        }
    }
    columns
}

fn matrix(at: &At<'_>, dossier: &DossierText<'_>, lines: &[Line<'_>]) -> Matrix {
    let portal = at.portal;
    let body = portal.body(dossier.body);
    let mut indicators: Vec<IndicatorId> = dossier
        .reports
        .iter()
        .flat_map(|text| &text.report.figures)
        .filter(|figure| figure.key.breakdown == Breakdown::TOTAL && figure.time == TimeSpan::Year)
        .map(|figure| figure.key.indicator)
        .collect();
    indicators.sort_unstable();
    indicators.dedup();
    let breakdowns = portal.plan.breakdowns.get(&dossier.body);
    let mut groups: Vec<(String, MatrixGroup)> = Vec::new();
    for indicator in indicators {
        let known = portal.indicator(indicator);
        let Some(mut row) = row(at, lines, FigureKey::total(indicator), portal.name(indicator)) else { continue };
        row.id = Some(known.key.clone());
        row.unit = portal.unit(indicator);
        if breakdowns.is_some_and(|rows| rows.contains(&indicator)) {
            row.more = at.link(&Page::Breakdown(dossier.body, indicator), portal.word("ui.by_applicant"));
        }
        let place = groups.iter().position(|(part, _)| *part == known.part).unwrap_or_else(|| {
            groups.push((
                known.part.clone(),
                MatrixGroup { title: portal.part(&known.part), id: Some(format!("part-{}", known.part)), ..MatrixGroup::default() },
            ));
            groups.len() - 1
        });
        let group = &mut groups[place].1;
        if row.cells.iter().all(|cell| matches!(cell.kind, "zero" | "absent" | "unstated" | "missing" | "held" | "nobody")) {
            row.spark = None;
            group.zero_rows.push(row);
        } else {
            group.rows.push(row);
        }
    }
    let columns = lines.iter().map(|line| line.column(at)).collect();
    Matrix {
        caption: portal.strings.fill("sentence.compare_caption", &[("body", &body.title)]),
        corner: portal.word("ui.indicator").to_string(),
        sparks: true,
        columns: editions(portal, lines, columns),
        groups: groups.into_iter().map(|(_, group)| group).collect(),
        notes: notes(portal, dossier, lines),
        downloads: vec![
            Link { href: "table.csv".into(), text: portal.word("ui.this_table_csv").to_string() },
            Link { href: at.to(&figures_csv(portal, dossier)), text: portal.word("ui.all_figures_csv").to_string() },
            Link { href: "index.json".into(), text: "JSON".into() },
        ],
    }
}

fn figures_csv(portal: &Portal<'_>, dossier: &DossierText<'_>) -> String {
    let path = &portal.body(dossier.body).path;
    if path.is_empty() { "figures.csv".into() } else { format!("{path}/figures.csv") }
}

fn cell<'d>(portal: &Portal<'_>, text: &'d ReportText<'_>, key: FigureKey) -> CellState<'d> {
    CellState::of(key, &text.report.figures, portal.form(text.report.form), portal.registry.forms())
}

/// One row over all years; none if no year has a figure.
fn row(at: &At<'_>, lines: &[Line<'_>], key: FigureKey, text: &str) -> Option<MatrixRow> {
    let portal = at.portal;
    let mut any = false;
    let mut cells = Vec::with_capacity(lines.len());
    let mut points = Vec::with_capacity(lines.len());
    for (place, line) in lines.iter().enumerate() {
        let Some(report) = line.report else {
            cells.push(Value { kind: line.state, ..Value::default() });
            points.push(Point { year: line.year.number(), mark: Mark::NoReport, edition: line.edition(portal), label: String::new() });
            continue;
        };
        let state = cell(portal, report, key);
        let mut value = portal.cell_value(state);
        points.push(portal.point(line.year, report.report.form, state));
        if let CellState::Figure(_) = state {
            any = true;
            value.href = Some(at.row(ReportId { body: line.body, year: line.year }, key.indicator));
            // The column to the right is the year before; a gap there leaves nothing to compare with.
            if let Some(before) = lines.get(place + 1).and_then(|line| line.report) {
                value.change = portal.change(Change::between((cell(portal, before, key), before.report.form), (state, report.report.form)));
            }
        }
        cells.push(value);
    }
    points.reverse();
    any.then(|| MatrixRow { text: text.to_string(), spark: sparkline(&points), cells, ..MatrixRow::default() })
}

fn answer(portal: &Portal<'_>, dossier: &DossierText<'_>, lines: &[Line<'_>]) -> Vec<String> {
    let strings = portal.strings;
    let mut editions: Vec<u8> = dossier.reports.iter().map(|text| text.report.form.0).collect();
    editions.dedup();
    let count = dossier.reports.len().to_string();
    let mut answer = vec![strings.fill("sentence.compare_answer", &[("n", &count), ("forms", &editions.len().to_string())])];
    let gaps: Vec<String> = lines
        .iter()
        .rev()
        .filter(|line| line.report.is_none())
        .map(|line| format!("{}{}", strings.fill("word.year", &[("year", &line.year.to_string())]), line.word))
        .collect();
    if !gaps.is_empty() {
        answer.push(strings.fill("sentence.compare_gaps", &[("years", &portal.joined(&gaps))]));
    }
    if editions.len() > 1 {
        answer.push(strings.get("sentence.break").to_string());
    }
    answer
}

fn notes(portal: &Portal<'_>, dossier: &DossierText<'_>, lines: &[Line<'_>]) -> Vec<String> {
    let strings = portal.strings;
    let mut notes = vec![strings.get("sentence.newest_first").to_string(), strings.get("sentence.numbers_lead").to_string()];
    let mut spans: BTreeMap<u8, (Year, Year)> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.report.is_some()) {
        let span = spans.entry(line.edition(portal)).or_insert((line.year, line.year));
        *span = (span.0.min(line.year), span.1.max(line.year));
    }
    let spans: Vec<String> = spans
        .iter()
        .map(|(form, (first, last))| {
            let years = if first == last { first.to_string() } else { format!("{first}—{last}") };
            strings.fill("sentence.edition_years", &[("edition", &portal.edition(crate::model::FormId(*form))), ("years", &years)])
        })
        .collect();
    if spans.len() > 1 {
        notes.push(strings.fill("sentence.editions", &[("list", &portal.joined(&spans))]));
    }
    let body = portal.body(dossier.body);
    if !body.predecessors.is_empty() {
        let names: Vec<String> = body.predecessors.iter().map(|id| portal.body(*id).title.clone()).collect();
        notes.push(
            strings.fill("sentence.merged", &[("names", &portal.joined(&names)), ("year", &body.since.map_or(String::new(), |day| day.year().to_string()))]),
        );
    }
    notes
}

fn charts(at: &At<'_>, dossier: &DossierText<'_>) -> Vec<ChartView> {
    let portal = at.portal;
    let drawn = portal.headlines().filter_map(|indicator| {
        let points = portal.points(dossier.body, indicator.id);
        let numbers: Vec<&Point> = points.iter().filter(|point| matches!(point.mark, Mark::Number(_))).collect();
        let any = numbers.iter().any(|point| matches!(point.mark, Mark::Number(value) if value > 0.0));
        if numbers.len() < 3 || !any {
            return None;
        }
        let unit = portal.unit(indicator.id).map_or(String::new(), |unit| format!("（{unit}）"));
        let title = format!("{}{unit}", portal.name(indicator.id));
        let sentence = sentence(portal, indicator.id, &points);
        Some(ChartView { svg: series(portal, &format!("c-{}", indicator.key), &title, &sentence, &points), title, sentence })
    });
    drawn.take(CHARTS).collect()
}

/// A large chart of one body's years.
pub(super) fn series(portal: &Portal<'_>, id: &str, title: &str, sentence: &str, points: &[Point]) -> Html {
    let edition = |form: u8| portal.edition(crate::model::FormId(form));
    chart::series(&chart::Series { id, title, sentence, points, edition: &edition, blank: portal.word("word.blank"), missing: portal.word("word.no_report") })
}

/// What a chart shows, in words: last number, extremes, gaps.
pub(super) fn sentence(portal: &Portal<'_>, indicator: IndicatorId, points: &[Point]) -> String {
    let strings = portal.strings;
    let unit = &portal.indicator(indicator).unit;
    let numbers: Vec<(&Point, f64)> =
        points.iter().filter_map(|point| if let Mark::Number(value) = point.mark { Some((point, value)) } else { None }).collect();
    let (Some(last), Some(most), Some(least)) =
        (numbers.last(), numbers.iter().max_by(|a, b| a.1.total_cmp(&b.1)), numbers.iter().min_by(|a, b| a.1.total_cmp(&b.1)))
    else {
        return String::new();
    };
    let fill = |key: &str, point: &Point| strings.fill(key, &[("year", &point.year.to_string()), ("value", &point.label), ("unit", unit)]);
    let mut text = fill("sentence.chart_last", last.0);
    if most.1 > least.1 {
        text.push_str(&strings.fill(
            "sentence.chart_extremes",
            &[("most", &most.0.year.to_string()), ("m", &most.0.label), ("least", &least.0.year.to_string()), ("l", &least.0.label)],
        ));
    }
    let missing = points.iter().filter(|point| point.mark == Mark::NoReport).count();
    let blank = points.iter().filter(|point| point.mark == Mark::Blank).count();
    if missing > 0 {
        text.push_str(&strings.fill("sentence.chart_missing", &[("n", &missing.to_string())]));
    }
    if blank > 0 {
        text.push_str(&strings.fill("sentence.chart_blank", &[("n", &blank.to_string())]));
    }
    let breaks: Vec<String> = points
        .windows(2)
        .filter(|pair| pair[0].edition != pair[1].edition)
        .map(|pair| strings.fill("word.year", &[("year", &pair[1].year.to_string())]))
        .collect();
    if !breaks.is_empty() {
        text.push_str(&strings.fill("sentence.chart_breaks", &[("years", &portal.joined(&breaks))]));
    }
    text
}

fn pairs(at: &At<'_>, dossier: &DossierText<'_>) -> Vec<Link> {
    let years: Vec<Year> = dossier.reports.iter().map(|text| text.report.id.year).collect();
    let link = |pair: &[Year]| {
        let text = at.portal.strings.fill("sentence.pair_years", &[("older", &pair[0].to_string()), ("newer", &pair[1].to_string())]);
        at.link(&Page::Pair(dossier.body, pair[0], pair[1]), text)
    };
    years.windows(2).rev().filter_map(link).collect()
}
