//! One indicator of a body's children over all years, and the list of indicators.

use super::body::sum_value;
use super::compare::{MARK, said};
use super::years::DRAWN;
use super::{Making, csv, json};
use crate::diag::Finding;
use crate::model::{Amount, BodyId, IndicatorId, Year};
use crate::plan::{PAGE_OF_BODIES, Page};
use crate::render::cells::seal;
use crate::render::chart::{self, Mark, Point};
use crate::render::cite;
use crate::render::portal::{At, Portal, slice};
use crate::render::view::{
    ByValue, Entry, Fact, Link, ListGroup, ListView, Matrix, MatrixColumn, MatrixGroup, MatrixRow, MatrixRun, MatrixView, Multiple, Multiples, Said, Tied,
    Value,
};

/// Rows after which a phone needs the head again.
const CHUNK: usize = 10;

/// Rows in pieces, each with its head where the head cannot stick.
pub(super) fn chunks(rows: Vec<MatrixRow>) -> Vec<MatrixGroup> {
    let mut groups: Vec<MatrixGroup> = Vec::new();
    for row in rows {
        match groups.last_mut().filter(|group| group.rows.len() < CHUNK) {
            Some(group) => group.rows.push(row),
            None => groups.push(MatrixGroup { rows: vec![row], ..MatrixGroup::default() }),
        }
    }
    groups
}

/// The sum below a body that only groups others, or nothing.
pub(super) fn group_value(at: &At<'_>, child: BodyId, year: Year, indicator: IndicatorId) -> Value {
    match at.portal.sum_of(child, year, indicator).and_then(|sum| sum.amount) {
        Some(amount) => Value {
            kind: if amount.is_zero() { "zero" } else { "number" },
            text: amount.grouped(),
            note: Some(at.portal.word("word.sum").to_string()),
            href: at.page(&Page::Year(child, year, 1)),
            ..Value::default()
        },
        None => super::report::nothing(),
    }
}

pub(super) fn downloads(portal: &Portal<'_>) -> Vec<Link> {
    vec![Link { href: "table.csv".into(), text: portal.word("ui.this_table_csv").into() }, Link { href: "index.json".into(), text: "JSON".into() }]
}

pub(super) fn finish(at: &At<'_>, mut view: MatrixView, crumbs: Vec<Link>, section: &str, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let description = view.answer.iter().map(|said| said.text.as_str()).collect::<String>();
    let mut frame = at.frame("matrix", &view.title, &description, crumbs, section);
    let table = csv::matrix(&view.matrix);
    frame.cite = Some(cite::table(at, &view.title, &table));
    to.file(format!("{}table.csv", at.address), table);
    to.file(format!("{}index.json", at.address), json::matrix(&view.title, &view.matrix));
    let changes = view.matrix.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells).filter_map(|value| value.change.as_ref());
    view.percents = changes.into_iter().any(|change| change.percent.is_some());
    view.matrix.marks = at.marks(&view.matrix);
    seal(&mut view.matrix, at.portal.strings);
    to.page(at, &frame, &view)
}

/// The list of indicators that some child states, by part of the report.
pub(super) fn indicators(portal: &Portal<'_>, body: BodyId, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let mut groups: Vec<ListGroup> = Vec::new();
    let list = portal.indicators_below(body);
    for &indicator in list {
        let known = portal.indicator(indicator);
        let title = portal.part(&known.part);
        let Some(link) = at.link(&Page::Indicator(body, indicator, 1), portal.name(indicator)) else { continue };
        let meaning = if portal.english() { &known.meaning_en } else { &known.meaning };
        let entry = Entry { link, sub: portal.unit(indicator), excerpt: (!meaning.is_empty()).then(|| meaning.clone()), ..Entry::default() };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.entries.push(entry),
            None => groups.push(ListGroup { title, id: Some(format!("part-{}", known.part)), entries: vec![entry] }),
        }
    }
    let view = ListView {
        title: portal.strings.fill("sentence.indicators_title", &[("body", &portal.body(body).title)]),
        answer: vec![portal.strings.fill("sentence.indicators_answer", &[("n", &list.len().to_string())])],
        groups,
        ..ListView::default()
    };
    let frame = at.frame("list", &view.title, &view.answer.join(""), at.crumbs_to(body), "indicators");
    to.page(&at, &frame, &view)
}

pub(super) fn indicator(
    portal: &Portal<'_>,
    body: BodyId,
    indicator: IndicatorId,
    number: usize,
    page: &Page,
    to: &mut Making<'_>,
) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let parent = portal.body(body);
    let known = portal.indicator(indicator);
    let name = portal.name(indicator);
    let stated = |year: Year| portal.sum_below(body, year, indicator).is_some();
    let all = portal.years_below(body);
    let first = all.iter().position(|year| stated(*year)).unwrap_or(0);
    let last = all.iter().rposition(|year| stated(*year)).unwrap_or(0);
    let mut years: Vec<Year> = all[first..=last].to_vec();
    years.reverse();
    let children = portal.children_stating(body, indicator);
    let here = slice(&children, number, PAGE_OF_BODIES);
    let mut groups = chunks(here.iter().map(|&child| child_row(&at, child, indicator, &years)).collect());
    if number == 1 {
        let mut rows = Vec::new();
        if years.iter().any(|year| has_figure(portal, body, *year, indicator)) {
            let mut own = child_row(&at, body, indicator, &years);
            own.text = portal.strings.fill("sentence.own_row", &[("body", &parent.title)]);
            own.summary = true;
            rows.push(own);
        }
        let cells = years.iter().map(|&year| {
            let mut value = sum_value(&at, body, year, indicator, portal.filed_below(body, year).expected());
            value.href = value.href.and_then(|_| at.page(&Page::Year(body, year, 1)));
            value
        });
        let text = portal.word("ui.children_sum").to_string();
        rows.push(MatrixRow { id: Some("sum".into()), text, cells: cells.collect(), summary: true, ..MatrixRow::default() });
        groups.push(MatrixGroup { rows, ..MatrixGroup::default() });
    }
    let unit = portal.unit(indicator).map_or(String::new(), |unit| format!("（{unit}）"));
    let (columns, runs) = heads(&at, body, &years);
    let matrix = Matrix {
        caption: portal.strings.fill("sentence.indicator_caption", &[("name", &format!("{name}{unit}")), ("body", &parent.title)]),
        corner: portal.word("ui.body").to_string(),
        breaks: (!runs.is_empty()).then(|| portal.word("sentence.break").to_string()),
        fits: super::columns::fits(columns.len()),
        columns,
        runs,
        groups,
        notes: vec![portal.word("sentence.newest_first").into(), portal.word("sentence.order_by_code").into(), portal.word("sentence.sum_note").into()],
        downloads: downloads(portal),
        ..Matrix::default()
    };
    let list = portal.indicators_below(body);
    let place = list.iter().position(|other| *other == indicator);
    let neighbour = |place: Option<usize>| {
        let other = *list.get(place?)?;
        at.link(&Page::Indicator(body, other, 1), portal.name(other))
    };
    let view = MatrixView {
        title: portal.strings.fill("sentence.indicator_title", &[("name", name), ("body", &parent.title)]),
        answer: indicator_answer(portal, body, indicator, years.first().copied(), number).unwrap_or_default(),
        facts: facts(&at, body, known),
        multiples: multiples(&at, here, indicator, &years),
        by_value: years.first().filter(|_| children.len() <= PAGE_OF_BODIES).and_then(|year| by_value(&at, &children, indicator, *year)),
        matrix,
        previous: neighbour(place.and_then(|place| place.checked_sub(1))),
        next: neighbour(place.map(|place| place + 1)),
        pages: at.numbered(children.len().div_ceil(PAGE_OF_BODIES), number, |number| Page::Indicator(body, indicator, number)),
        ..MatrixView::default()
    };
    let mut crumbs = at.crumbs_to(body);
    crumbs.extend(at.link(&Page::Indicators(body), portal.word("ui.nav_indicators")));
    finish(&at, view, crumbs, "indicators", to)
}

fn has_figure(portal: &Portal<'_>, body: BodyId, year: Year, indicator: IndicatorId) -> bool {
    portal.facts_of(body).published_in(year).is_some_and(|report| report.totals.iter().any(|figure| figure.key.indicator == indicator))
}

/// Years as columns, newest first, and the editions they belong to.
fn heads(at: &At<'_>, body: BodyId, years: &[Year]) -> (Vec<MatrixColumn>, Vec<MatrixRun>) {
    let portal = at.portal;
    let mut columns: Vec<MatrixColumn> = Vec::new();
    let mut runs: Vec<(crate::model::FormId, MatrixRun)> = Vec::new();
    for &year in years {
        let form = portal.registry.form_for(year).id;
        let begins = runs.last().is_none_or(|(known, _)| *known != form);
        let text = portal.edition(form);
        columns.push(MatrixColumn {
            text: year.to_string(),
            href: at.page(&Page::Year(body, year, 1)),
            edition: (begins && !runs.is_empty()).then(|| text.clone()),
            ..MatrixColumn::default()
        });
        match runs.last_mut().filter(|_| !begins) {
            Some((_, run)) => run.span += 1,
            None => runs.push((form, MatrixRun { text, span: 1, ..MatrixRun::default() })),
        }
    }
    let runs: Vec<MatrixRun> = runs.into_iter().map(|(_, run)| run).collect();
    (columns, if runs.len() > 1 { runs } else { Vec::new() })
}

fn child_row(at: &At<'_>, child: BodyId, indicator: IndicatorId, years: &[Year]) -> MatrixRow {
    let portal = at.portal;
    let facts = portal.facts_of(child);
    let body = portal.body(child);
    let mut cells: Vec<Value> = Vec::with_capacity(years.len());
    for &year in years {
        let value = match facts.published_in(year) {
            // Only the year before stands in the next column; across a gap there is nothing to compare with.
            Some(report) => at.value(report, indicator, facts.published_in(year.previous())),
            None if facts.reports.is_empty() => group_value(at, child, year, indicator),
            None if body.until.is_some_and(|until| until < year.last_day()) => gone(at, child),
            None if !body.exists_at_end_of(year) || before_first(portal, child, year) => Value {
                kind: "nobody",
                text: portal.word(if body.exists_at_end_of(year) { "compare.not_listed" } else { "word.filing_nobody" }).to_string(),
                ..Value::default()
            },
            None => portal.no_report_said(portal.filing(child, year)),
        };
        cells.push(value);
    }
    join(&mut cells);
    let link = at.body_link(child);
    MatrixRow { text: link.text, href: Some(link.href), cells, ..MatrixRow::default() }
}

/// Years before a body's first report, where the portal does not say when reports begin.
fn before_first(portal: &Portal<'_>, child: BodyId, year: Year) -> bool {
    portal.config.first_year.is_none() && portal.filed_of(child).published().next().is_some_and(|first| year < first.id.year)
}

/// A body that has been merged leads to the one that took over.
fn gone(at: &At<'_>, child: BodyId) -> Value {
    let portal = at.portal;
    let successor = portal.body(child).succeeded_by;
    let text = successor
        .map_or_else(|| portal.word("compare.ended").to_string(), |id| portal.strings.fill("compare.merged_into", &[("name", &portal.body(id).title)]));
    Value { kind: "nobody", text, href: successor.and_then(|id| at.page(&Page::Compare(id))), ..Value::default() }
}

/// Neighboring cells that say the same of a body that is not there become one.
fn join(cells: &mut [Value]) {
    let mut start = 0;
    for at in 1..=cells.len() {
        let goes_on = at < cells.len() && cells[at].kind == "nobody" && cells[start].kind == "nobody" && cells[at].text == cells[start].text;
        if goes_on {
            cells[at].span = Some(0);
        } else {
            if at - start > 1 {
                cells[start].span = Some(at - start);
            }
            start = at;
        }
    }
}

/// Points of a child in the years of the page, oldest first.
fn points(portal: &Portal<'_>, child: BodyId, indicator: IndicatorId, years: &[Year]) -> Vec<Point> {
    let known = portal.points(child, indicator);
    let point = |year: &Year| {
        let form = portal.registry.form_for(*year).id.0;
        let nothing = Point { year: year.number(), mark: Mark::Nothing, edition: form, label: String::new() };
        known.iter().find(|point| point.year == year.number()).cloned().unwrap_or(nothing)
    };
    years.iter().rev().map(point).collect()
}

/// Small charts of all children on one axis, in official order; none for long lists.
fn multiples(at: &At<'_>, children: &[BodyId], indicator: IndicatorId, years: &[Year]) -> Option<Multiples> {
    let portal = at.portal;
    let drawn: Vec<(BodyId, Vec<Point>)> = children
        .iter()
        .map(|child| (*child, points(portal, *child, indicator, years)))
        .filter(|(_, points)| points.iter().filter(|point| matches!(point.mark, Mark::Number(_))).count() > 1)
        .collect();
    let any = drawn.iter().flat_map(|(_, points)| points).any(|point| matches!(point.mark, Mark::Number(value) if value > 0.0));
    if drawn.len() < 2 || drawn.len() > DRAWN || !any {
        return None;
    }
    let top = chart::shared_top(drawn.iter().map(|(_, points)| points.as_slice()));
    let unit = &portal.indicator(indicator).unit;
    let charts = drawn.iter().map(|(child, points)| {
        let last = points.iter().rev().find(|point| matches!(point.mark, Mark::Number(_)));
        let value = last.map_or(String::new(), |last| {
            let values = [("year", last.year.to_string()), ("value", last.label.clone()), ("unit", unit.clone())];
            portal.strings.fill("compare.multiple", &values.each_ref().map(|(key, value)| (*key, value.as_str())))
        });
        let link = at.link(&Page::Compare(*child), &portal.body(*child).title).unwrap_or_else(|| at.body_link(*child));
        Multiple { link, value, svg: chart::small(points, top) }
    });
    let named: Vec<(String, Vec<Point>)> = drawn.iter().map(|(child, points)| (portal.body(*child).title.clone(), points.clone())).collect();
    let title = portal.unit(indicator).map_or(String::new(), |unit| format!("（{unit}）"));
    Some(Multiples {
        title: format!("{}{title}", portal.name(indicator)),
        sentence: chart::shared_sentence(portal, portal.name(indicator), unit, &named),
        charts: charts.collect(),
    })
}

/// The children by their number in one year, ties together, those without a number last and named.
fn by_value(at: &At<'_>, children: &[BodyId], indicator: IndicatorId, year: Year) -> Option<ByValue> {
    let portal = at.portal;
    let mut lines: Vec<(Amount, Tied)> = Vec::new();
    let mut none = Vec::new();
    for &child in children {
        let facts = portal.facts_of(child);
        let (name, report) = (&portal.body(child).title, facts.published_in(year));
        let value = match report {
            Some(report) => at.value(report, indicator, None),
            None => portal.no_report_said(portal.filing(child, year)),
        };
        let amount = report.and_then(|report| portal.cell(report, indicator).amount());
        match (amount, value.href) {
            (Some(amount), Some(href)) => {
                let link = Link { href, text: name.clone() };
                match lines.iter_mut().find(|(known, line)| *known == amount && line.value == value.text) {
                    Some((_, line)) => line.bodies.push(link),
                    None => lines.push((amount, Tied { value: value.text, bodies: vec![link], tie: false })),
                }
            }
            (_, href) => {
                let text = portal.strings.fill("compare.without", &[("body", name), ("why", &value.text)]);
                none.push(Link { href: href.unwrap_or_else(|| at.body_link(child).href), text });
            }
        }
    }
    if lines.len() < 2 {
        return None;
    }
    lines.sort_by_key(|(amount, _)| std::cmp::Reverse(*amount));
    let lines = lines.into_iter().map(|(_, line)| Tied { tie: line.bodies.len() > 1, ..line }).collect();
    Some(ByValue { title: portal.strings.fill("compare.by_value", &[("year", &year.to_string())]), lines, none })
}

/// 2024年20个中有19个有数，共61件。
fn indicator_answer(portal: &Portal<'_>, body: BodyId, indicator: IndicatorId, year: Option<Year>, number: usize) -> Option<Vec<Said>> {
    let year = year?;
    let sum = portal.sum_below(body, year, indicator)?;
    let expected = portal.filed_below(body, year).expected().max(sum.stated);
    let values = [
        ("year", year.to_string()),
        ("of", expected.to_string()),
        ("n", sum.stated.to_string()),
        ("sum", sum.amount.map_or(String::new(), |amount| format!("{MARK}{}{}{MARK}", amount.grouped(), portal.indicator(indicator).unit))),
    ];
    let key = if sum.amount.is_some() { "sentence.indicator_answer" } else { "sentence.indicator_no_sum" };
    let text = portal.strings.fill(key, &values.each_ref().map(|(key, value)| (*key, value.as_str())));
    Some(said(&text, Some(if number == 1 { "#sum" } else { "#cap-matrix" }.into())))
}

fn facts(at: &At<'_>, body: BodyId, known: &crate::model::Indicator) -> Vec<Fact> {
    let portal = at.portal;
    let mut facts = Vec::new();
    let mut add = |label: &str, text: String, href: Option<String>| {
        if !text.is_empty() {
            facts.push(Fact { label: portal.word(label).to_string(), text, href, datetime: None });
        }
    };
    add("ui.meaning", if portal.english() { known.meaning_en.clone() } else { known.meaning.clone() }, None);
    add("ui.unit", known.unit.clone(), None);
    add("ui.law", known.law.clone().unwrap_or_default(), None);
    let editions: Vec<String> =
        portal.registry.forms().iter().filter(|form| form.has_cell(crate::model::FigureKey::total(known.id))).map(|form| portal.edition(form.id)).collect();
    add("ui.in_forms", portal.joined(&editions), None);
    for before in portal.registry.indicators().iter().filter(|other| other.successor == Some(known.id)) {
        add("ui.predecessor_indicator", portal.name(before.id).to_string(), at.page(&Page::Indicator(body, before.id, 1)));
    }
    if let Some(after) = known.successor {
        add("ui.successor_indicator", portal.name(after).to_string(), at.page(&Page::Indicator(body, after, 1)));
    }
    add("ui.id", known.key.clone(), None);
    facts
}
