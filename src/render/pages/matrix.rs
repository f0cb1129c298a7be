//! A body's children side by side: one year with its headline indicators, one indicator over all years, and the lists of both.

use super::body::{sum_value, tally_sentence};
use super::{Making, csv, json};
use crate::diag::Finding;
use crate::model::{BodyId, IndicatorId, Year};
use crate::plan::{PAGE_OF_BODIES, Page, children_in_year, children_stating};
use crate::render::chart::sparkline;
use crate::render::cite;
use crate::render::portal::{At, Portal, slice};
use crate::render::view::{Entry, Fact, Link, ListGroup, ListView, Matrix, MatrixColumn, MatrixGroup, MatrixRow, MatrixView, Value};

/// Years of a list of years: each with who filed.
pub(super) fn years(portal: &Portal<'_>, body: BodyId, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let years = &portal.plan.years[&body];
    let entries = years.iter().rev().filter_map(|&year| {
        let link = at.link(&Page::Year(body, year, 1), portal.strings.fill("word.year", &[("year", &year.to_string())]))?;
        Some(Entry { link, excerpt: Some(tally_sentence(portal, body, year)), ..Entry::default() })
    });
    let name = &portal.body(body).title;
    let view = ListView {
        title: portal.strings.fill("sentence.years_title", &[("body", name)]),
        answer: vec![portal.strings.fill(
            "sentence.years_answer",
            &[("n", &years.len().to_string()), ("first", &years[0].to_string()), ("last", &years[years.len() - 1].to_string())],
        )],
        groups: vec![ListGroup { entries: entries.collect(), ..ListGroup::default() }],
        ..ListView::default()
    };
    let frame = at.frame("list", &view.title, &view.answer.join(""), at.crumbs_to(body), "years");
    to.page(&at, &frame, &view)
}

pub(super) fn year(portal: &Portal<'_>, body: BodyId, year: Year, number: usize, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let parent = portal.body(body);
    let indicators: Vec<IndicatorId> =
        portal.headlines().map(|indicator| indicator.id).filter(|indicator| portal.plan.totals.children(body, year, *indicator).is_some()).collect();
    let expected = portal.plan.totals.children_filing(body, year).expected();
    let children = children_in_year(portal.tree, portal.facts, body, year);
    let rows = slice(&children, number, PAGE_OF_BODIES).iter().map(|&child| {
        let facts = portal.facts_of(child);
        let report = facts.published_in(year);
        let mut cells = vec![filing_cell(&at, child, year)];
        let before = portal.before(child, year);
        cells.extend(indicators.iter().map(|&indicator| match report {
            Some(report) => at.value(report, indicator, before),
            None if facts.reports.is_empty() => group_value(&at, child, year, indicator),
            None => portal.no_report_said(portal.filing(child, year)),
        }));
        let link = at.body_link(child);
        MatrixRow { text: portal.body(child).title_in(year).to_string(), href: Some(link.href), cells, ..MatrixRow::default() }
    });
    let mut rows: Vec<MatrixRow> = rows.collect();
    if number == 1 {
        if let Some(own) = portal.facts_of(body).published_in(year) {
            let before = portal.before(body, year);
            let mut cells = vec![filing_cell(&at, body, year)];
            cells.extend(indicators.iter().map(|&indicator| at.value(own, indicator, before)));
            let text = portal.strings.fill("sentence.own_row", &[("body", &parent.title)]);
            rows.push(MatrixRow { text, href: at.page(&Page::Report(own.id)), cells, summary: true, ..MatrixRow::default() });
        }
        let mut cells = vec![Value { kind: "unstated", ..Value::default() }];
        cells.extend(indicators.iter().map(|&indicator| sum_value(&at, body, year, indicator, expected)));
        rows.push(MatrixRow { text: portal.word("ui.children_sum").to_string(), cells, summary: true, ..MatrixRow::default() });
    }
    let mut columns = vec![MatrixColumn { text: portal.word("ui.filing").to_string(), ..MatrixColumn::default() }];
    columns.extend(indicators.iter().map(|&indicator| MatrixColumn {
        text: portal.name(indicator).to_string(),
        unit: portal.unit(indicator),
        href: at.page(&Page::Indicator(body, indicator, 1)),
        ..MatrixColumn::default()
    }));
    let text = year.to_string();
    let matrix = Matrix {
        caption: portal.strings.fill("sentence.year_caption", &[("body", &parent.title), ("year", &text)]),
        corner: portal.word("ui.body").to_string(),
        columns,
        groups: vec![MatrixGroup { rows, ..MatrixGroup::default() }],
        notes: vec![portal.word("sentence.order_by_code").into(), portal.word("sentence.sum_note").into(), portal.word("sentence.missing_note").into()],
        downloads: downloads(portal),
        ..Matrix::default()
    };
    let list = &portal.plan.years[&body];
    let neighbour = |place: Option<usize>| {
        let year = *list.get(place?)?;
        at.link(&Page::Year(body, year, 1), portal.strings.fill("word.year", &[("year", &year.to_string())]))
    };
    let place = list.iter().position(|known| *known == year);
    let view = MatrixView {
        title: portal.strings.fill("sentence.year_title", &[("body", &parent.title), ("year", &text)]),
        answer: vec![tally_sentence(portal, body, year)],
        matrix,
        previous: neighbour(place.and_then(|place| place.checked_sub(1))),
        next: neighbour(place.map(|place| place + 1)),
        pages: at.numbered(children.len().div_ceil(PAGE_OF_BODIES), number, |number| Page::Year(body, year, number)),
        ..MatrixView::default()
    };
    let mut crumbs = at.crumbs_to(body);
    crumbs.extend(at.link(&Page::Years(body), portal.word("ui.nav_years")));
    finish(&at, view, crumbs, "years", to)
}

/// The sum below a body that only groups others, or nothing.
fn group_value(at: &At<'_>, child: BodyId, year: Year, indicator: IndicatorId) -> Value {
    match at.portal.plan.totals.figure(child, year, indicator).and_then(|sum| sum.amount) {
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

fn filing_cell(at: &At<'_>, body: BodyId, year: Year) -> Value {
    if at.portal.facts_of(body).reports.is_empty() {
        return super::report::nothing();
    }
    let mark = at.year_mark(body, year);
    Value { kind: mark.state, text: mark.word, href: mark.href, ..Value::default() }
}

fn downloads(portal: &Portal<'_>) -> Vec<Link> {
    vec![Link { href: "table.csv".into(), text: portal.word("ui.this_table_csv").into() }, Link { href: "index.json".into(), text: "JSON".into() }]
}

fn finish(at: &At<'_>, view: MatrixView, crumbs: Vec<Link>, section: &str, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let mut frame = at.frame("matrix", &view.title, &view.answer.join(""), crumbs, section);
    let table = csv::matrix(&view.matrix);
    frame.cite = Some(cite::table(at, &view.title, &table));
    to.file(format!("{}table.csv", at.address), table);
    to.file(format!("{}index.json", at.address), json::matrix(&view.title, &view.matrix));
    to.page(at, &frame, &view)
}

/// The list of indicators that some child states, by part of the report.
pub(super) fn indicators(portal: &Portal<'_>, body: BodyId, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let mut groups: Vec<ListGroup> = Vec::new();
    let list = &portal.plan.indicators[&body];
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
    let stated = |year: Year| portal.plan.totals.children(body, year, indicator).is_some();
    let all = &portal.plan.years[&body];
    let first = all.iter().position(|year| stated(*year)).unwrap_or(0);
    let last = all.iter().rposition(|year| stated(*year)).unwrap_or(0);
    let mut years: Vec<Year> = all[first..=last].to_vec();
    years.reverse();
    let children = children_stating(portal.tree, portal.facts, &portal.plan.totals, body, indicator);
    let mut rows: Vec<MatrixRow> = slice(&children, number, PAGE_OF_BODIES).iter().map(|&child| child_row(&at, child, indicator, &years)).collect();
    if number == 1 {
        if years.iter().any(|year| has_figure(portal, body, *year, indicator)) {
            let mut own = child_row(&at, body, indicator, &years);
            own.text = portal.strings.fill("sentence.own_row", &[("body", &parent.title)]);
            own.summary = true;
            rows.push(own);
        }
        let cells = years.iter().map(|&year| {
            let mut value = sum_value(&at, body, year, indicator, portal.plan.totals.children_filing(body, year).expected());
            value.href = at.page(&Page::Year(body, year, 1));
            value
        });
        rows.push(MatrixRow { text: portal.word("ui.children_sum").to_string(), cells: cells.collect(), summary: true, ..MatrixRow::default() });
    }
    let unit = portal.unit(indicator).map_or(String::new(), |unit| format!("（{unit}）"));
    let column = |&year: &Year| MatrixColumn { text: year.to_string(), href: at.page(&Page::Year(body, year, 1)), ..MatrixColumn::default() };
    let mut columns: Vec<MatrixColumn> = years.iter().map(column).collect();
    for place in 1..years.len() {
        let (newer, older) = (portal.registry.form_for(years[place - 1]).id, portal.registry.form_for(years[place]).id);
        if newer != older {
            columns[place].edition = Some(portal.edition(older));
        }
    }
    let matrix = Matrix {
        caption: portal.strings.fill("sentence.indicator_caption", &[("name", &format!("{name}{unit}")), ("body", &parent.title)]),
        corner: portal.word("ui.body").to_string(),
        sparks: true,
        columns,
        groups: vec![MatrixGroup { rows, ..MatrixGroup::default() }],
        notes: vec![
            portal.word("sentence.newest_first").into(),
            portal.word("sentence.order_by_code").into(),
            portal.word("sentence.sum_note").into(),
            portal.word("sentence.break").into(),
        ],
        downloads: downloads(portal),
    };
    let list = &portal.plan.indicators[&body];
    let place = list.iter().position(|other| *other == indicator);
    let neighbour = |place: Option<usize>| {
        let other = *list.get(place?)?;
        at.link(&Page::Indicator(body, other, 1), portal.name(other))
    };
    let view = MatrixView {
        title: portal.strings.fill("sentence.indicator_title", &[("name", name), ("body", &parent.title)]),
        answer: vec![indicator_answer(portal, body, indicator, years.first().copied())],
        facts: facts(&at, body, known),
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

fn child_row(at: &At<'_>, child: BodyId, indicator: IndicatorId, years: &[Year]) -> MatrixRow {
    let portal = at.portal;
    let facts = portal.facts_of(child);
    let cells = years.iter().map(|&year| match facts.published_in(year) {
        Some(report) => {
            // Only the year before stands in the next column; across a gap there is nothing to compare with.
            let before = facts.published_in(year.previous());
            at.value(report, indicator, before)
        }
        None if facts.reports.is_empty() => group_value(at, child, year, indicator),
        None => {
            let first = facts.published().next().is_some_and(|first| year < first.id.year);
            let body = portal.body(child);
            if first && portal.config.first_year.is_none() && body.exists_at_end_of(year) {
                super::report::nothing()
            } else {
                portal.no_report_said(portal.filing(child, year))
            }
        }
    });
    let link = at.body_link(child);
    MatrixRow { text: link.text, href: Some(link.href), spark: sparkline(&portal.points(child, indicator)), cells: cells.collect(), ..MatrixRow::default() }
}

/// 2024年20个中有19个有数，共61件。
fn indicator_answer(portal: &Portal<'_>, body: BodyId, indicator: IndicatorId, year: Option<Year>) -> String {
    let strings = portal.strings;
    let Some(year) = year else { return String::new() };
    let Some(sum) = portal.plan.totals.children(body, year, indicator) else { return String::new() };
    let expected = portal.plan.totals.children_filing(body, year).expected().max(sum.stated);
    let values = [
        ("year", year.to_string()),
        ("of", expected.to_string()),
        ("n", sum.stated.to_string()),
        ("unit", portal.indicator(indicator).unit.clone()),
        ("sum", sum.amount.map_or(String::new(), |amount| amount.grouped())),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    strings.fill(if sum.amount.is_some() { "sentence.indicator_answer" } else { "sentence.indicator_no_sum" }, &values)
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
