//! Years of a body's children: one year with its headline indicators side by side, and the list of all years.

use super::Making;
use super::body::{sum_value, tally_sentence};
use super::compare::{MARK, said};
use super::matrix::{chunks, downloads, finish, group_value};
use crate::analyze::{CellState, Filing, Tally};
use crate::diag::Finding;
use crate::model::{BodyId, FigureKey, IndicatorId, Year};
use crate::plan::{PAGE_OF_BODIES, Page};
use crate::render::chart::{self, Bar, Bars, Grid};
use crate::render::portal::{At, Portal, slice};
use crate::render::view::{ChartView, Html, Matrix, MatrixColumn, MatrixGroup, MatrixRow, MatrixView, Said, Value};

/// Bodies up to which a chart shows each of them.
pub(super) const DRAWN: usize = 60;
/// Headline indicators with bars.
const BARS: usize = 2;

/// Every year with how many filed how, and a sign for each body and year.
pub(super) fn years(portal: &Portal<'_>, body: BodyId, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let years = portal.years_below(body);
    let name = &portal.body(body).title;
    let tally = |year: Year| portal.filed_below(body, year);
    type Count = fn(Tally) -> u32;
    let counts: [(&str, Count); 7] = [
        ("compare.expected", |tally| tally.expected()),
        ("word.filing_filed", |tally| tally.on_time),
        ("word.late", |tally| tally.late),
        ("word.filing_undated", |tally| tally.undated),
        ("word.filing_missing", |tally| tally.missing),
        ("word.filing_held", |tally| tally.held),
        ("word.filing_pending", |tally| tally.not_due),
    ];
    let shown: Vec<_> = counts.iter().filter(|(_, count)| years.iter().any(|year| count(tally(*year)) > 0)).collect();
    let row = |year: &Year| {
        let href = at.page(&Page::Year(body, *year, 1));
        let cells = shown.iter().map(|(_, count)| {
            let n = count(tally(*year));
            Value { kind: if n == 0 { "zero" } else { "number" }, text: n.to_string(), href: href.clone(), ..Value::default() }
        });
        MatrixRow {
            id: Some(format!("y{year}")),
            text: portal.strings.fill("word.year", &[("year", &year.to_string())]),
            href: href.clone(),
            cells: cells.collect(),
            ..MatrixRow::default()
        }
    };
    let rows: Vec<MatrixRow> = years.iter().rev().map(row).collect();
    let title = portal.strings.fill("sentence.years_title", &[("body", name)]);
    let matrix = Matrix {
        caption: portal.strings.fill("compare.years_caption", &[("body", name)]),
        corner: portal.word("compare.year").to_string(),
        columns: shown.iter().map(|(word, _)| MatrixColumn { text: portal.word(word).to_string(), ..MatrixColumn::default() }).collect(),
        fits: true,
        groups: vec![MatrixGroup { rows, ..MatrixGroup::default() }],
        notes: vec![portal.word("sentence.missing_note").into()],
        downloads: downloads(portal),
        ..Matrix::default()
    };
    let values = [("n", years.len().to_string()), ("first", years[0].to_string()), ("last", years[years.len() - 1].to_string())];
    let text = portal.strings.fill("sentence.years_answer", &values.each_ref().map(|(key, value)| (*key, value.as_str())));
    let newest = years[years.len() - 1];
    let answer = vec![Said { text, href: None }, Said { text: tally_sentence(portal, body, newest), href: Some(format!("#y{newest}")) }];
    let view = MatrixView { title, answer, matrix, charts: filing_chart(portal, body, years).into_iter().collect(), ..MatrixView::default() };
    finish(&at, view, at.crumbs_to(body), "years", to)
}

/// ● ◐ ○ … for each reporting child and year.
fn filing_chart(portal: &Portal<'_>, body: BodyId, years: &[Year]) -> Option<ChartView> {
    let children: Vec<BodyId> = portal.body(body).children.iter().copied().filter(|child| !portal.filed_of(*child).reports.is_empty()).collect();
    if children.is_empty() || children.len() > DRAWN {
        return None;
    }
    let mut seen: Vec<Filing> = Vec::new();
    let mut sign = |child: BodyId, year: Year| {
        let own = portal.years(child).contains(&year);
        let filing = if own { portal.filing(child, year) } else { Filing::Nobody };
        if !seen.iter().any(|known| known.key() == filing.key()) {
            seen.push(filing);
        }
        sign_of(filing)
    };
    let rows: Vec<(String, String)> =
        children.iter().map(|child| (portal.body(*child).title.clone(), years.iter().map(|year| sign(*child, *year)).collect())).collect();
    seen.sort_by_key(|filing| ORDER.iter().position(|key| *key == filing.key()));
    let legend: Vec<String> = seen
        .iter()
        .map(|filing| {
            let word = match filing {
                Filing::Late(_) => portal.word("word.late").to_string(),
                Filing::Nobody => portal.word("compare.nobody").to_string(),
                other => portal.filing_word(*other),
            };
            format!("{} {word}", sign_of(*filing))
        })
        .collect();
    let values = [
        ("body", portal.body(body).title.clone()),
        ("n", children.len().to_string()),
        ("first", years[0].to_string()),
        ("last", years[years.len() - 1].to_string()),
        ("legend", portal.joined(&legend)),
    ];
    let sentence = portal.strings.fill("compare.filing_chart", &values.each_ref().map(|(key, value)| (*key, value.as_str())));
    let title = portal.word("sentence.filing_title").to_string();
    let numbers: Vec<i16> = years.iter().map(|year| year.number()).collect();
    let svg = chart::grid(&Grid { id: "filed", title: &title, sentence: &sentence, years: &numbers, rows: &rows });
    Some(ChartView { title, sentence, svg })
}

const ORDER: [&str; 7] = ["filed", "late", "missing", "pending", "undated", "held", "nobody"];

fn sign_of(filing: Filing) -> char {
    match filing {
        Filing::OnTime => '●',
        Filing::Late(_) => '◐',
        Filing::Missing => '○',
        Filing::NotDue => '◌',
        Filing::Undated => '□',
        Filing::Held => '▤',
        Filing::Nobody => '·',
    }
}

pub(super) fn year(portal: &Portal<'_>, body: BodyId, year: Year, number: usize, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let parent = portal.body(body);
    let indicators: Vec<IndicatorId> =
        portal.headlines().map(|indicator| indicator.id).filter(|indicator| portal.sum_below(body, year, *indicator).is_some()).collect();
    let expected = portal.filed_below(body, year).expected();
    let children = portal.children_in_year(body, year);
    let here = slice(&children, number, PAGE_OF_BODIES);
    let mut groups = chunks(here.iter().map(|&child| child_row(&at, child, year, &indicators)).collect());
    if number == 1 {
        let mut rows = Vec::new();
        if let Some(own) = portal.facts_of(body).published_in(year) {
            let before = portal.before(body, year);
            let mut cells = vec![filing_cell(&at, body, year)];
            cells.extend(indicators.iter().map(|&indicator| at.value(own, indicator, before)));
            let text = portal.strings.fill("sentence.own_row", &[("body", &parent.title)]);
            rows.push(MatrixRow { text, href: at.page(&Page::Report(own.id)), cells, summary: true, ..MatrixRow::default() });
        }
        let mut cells = vec![Value { kind: "unstated", ..Value::default() }];
        cells.extend(indicators.iter().map(|&indicator| sum_value(&at, body, year, indicator, expected)));
        let text = portal.word("ui.children_sum").to_string();
        rows.push(MatrixRow { id: Some("sum".into()), text, cells, summary: true, ..MatrixRow::default() });
        groups.push(MatrixGroup { rows, ..MatrixGroup::default() });
    }
    let mut columns = vec![MatrixColumn { text: portal.word("ui.filing").to_string(), ..MatrixColumn::default() }];
    columns.extend(indicators.iter().map(|&indicator| MatrixColumn {
        text: portal.short(indicator).to_string(),
        unit: portal.unit(indicator),
        href: at.page(&Page::Indicator(body, indicator, 1)),
        ..MatrixColumn::default()
    }));
    let text = year.to_string();
    let breaks = portal.registry.form_for(year).id != portal.registry.form_for(year.previous()).id;
    let matrix = Matrix {
        caption: portal.strings.fill("sentence.year_caption", &[("body", &parent.title), ("year", &text)]),
        corner: portal.word("ui.body").to_string(),
        columns,
        fits: true,
        listed: true,
        groups,
        breaks: breaks.then(|| portal.word("sentence.break").to_string()),
        notes: vec![portal.word("sentence.order_by_code").into(), portal.word("sentence.sum_note").into(), portal.word("sentence.missing_note").into()],
        downloads: downloads(portal),
        ..Matrix::default()
    };
    let list = portal.years_below(body);
    let neighbour = |place: Option<usize>| {
        let year = *list.get(place?)?;
        at.link(&Page::Year(body, year, 1), portal.strings.fill("word.year", &[("year", &year.to_string())]))
    };
    let place = list.iter().position(|known| *known == year);
    let mut answer = vec![Said { text: tally_sentence(portal, body, year), href: Some("#cap-matrix".into()) }];
    answer.extend(indicators.first().and_then(|indicator| sum_said(portal, body, year, *indicator, expected)).filter(|_| number == 1).into_iter().flatten());
    let view = MatrixView {
        title: portal.strings.fill("sentence.year_title", &[("body", &parent.title), ("year", &text)]),
        answer,
        charts: if number == 1 { indicators.iter().filter_map(|indicator| bars(portal, &children, year, *indicator)).take(BARS).collect() } else { Vec::new() },
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

fn child_row(at: &At<'_>, child: BodyId, year: Year, indicators: &[IndicatorId]) -> MatrixRow {
    let portal = at.portal;
    let facts = portal.facts_of(child);
    let report = facts.published_in(year);
    let before = portal.before(child, year);
    let without = no_report(portal, child, year);
    let mut cells = vec![match &without {
        Some(value) if value.kind == "nobody" => value.clone(),
        _ => filing_cell(at, child, year),
    }];
    cells.extend(indicators.iter().enumerate().map(|(place, &indicator)| match (report, &without) {
        (Some(report), _) => at.value(report, indicator, before),
        (None, None) => group_value(at, child, year, indicator),
        // Said once, across the row.
        (None, Some(value)) => Value { span: Some(if place == 0 { indicators.len() } else { 0 }), ..value.clone() },
    }));
    MatrixRow { text: portal.body(child).title_in(year).to_string(), href: Some(at.body_link(child).href), cells, ..MatrixRow::default() }
}

/// What stands for a body that has no report of a year: a word for why, or nothing for a body that only groups others. Before its reports begin
/// nothing is missing.
fn no_report(portal: &Portal<'_>, child: BodyId, year: Year) -> Option<Value> {
    if portal.facts_of(child).reports.is_empty() {
        return None;
    }
    if portal.body(child).exists_at_end_of(year) && !portal.years(child).contains(&year) {
        return Some(Value { kind: "nobody", text: portal.word("compare.not_listed").to_string(), ..Value::default() });
    }
    Some(portal.no_report_said(portal.filing(child, year)))
}

/// 有数的6个下级机关主动公开政府信息数合计2,279条（6/6）。
fn sum_said(portal: &Portal<'_>, body: BodyId, year: Year, indicator: IndicatorId, expected: u32) -> Option<Vec<Said>> {
    let sum = portal.sum_below(body, year, indicator)?;
    let values = [
        ("n", sum.stated.to_string()),
        ("of", expected.max(sum.stated).to_string()),
        ("name", portal.short(indicator).to_string()),
        ("sum", format!("{MARK}{}{}{MARK}", sum.amount?.grouped(), portal.indicator(indicator).unit)),
    ];
    let text = portal.strings.fill("compare.sum_said", &values.each_ref().map(|(key, value)| (*key, value.as_str())));
    Some(said(&text, Some("#sum".into())))
}

/// One indicator of all children as bars; none for long lists, or where fewer than two state a number above zero.
fn bars(portal: &Portal<'_>, children: &[BodyId], year: Year, indicator: IndicatorId) -> Option<ChartView> {
    let bar = |child: &BodyId| {
        let facts = portal.facts_of(*child);
        let name = portal.body(*child).title_in(year).to_string();
        let Some(report) = facts.published_in(year) else {
            return Bar { name, value: None, label: no_report(portal, *child, year).map_or(String::new(), |value| value.text) };
        };
        let cell = CellState::of(FigureKey::total(indicator), &report.totals, portal.form(report.form), portal.registry.forms());
        let point = portal.point(year, report.form, cell);
        match point.mark {
            chart::Mark::Number(value) => Bar { name, value: Some(value), label: point.label },
            _ => Bar { name, value: None, label: portal.cell_value(cell).text },
        }
    };
    let reporting: Vec<Bar> = children.iter().filter(|child| !portal.filed_of(**child).reports.is_empty()).map(bar).collect();
    if reporting.len() > DRAWN || reporting.iter().filter(|bar| bar.value.is_some_and(|value| value > 0.0)).count() < 2 {
        return None;
    }
    let unit = portal.unit(indicator).map_or(String::new(), |unit| format!("（{unit}）"));
    let title = format!("{}{unit}", portal.name(indicator));
    let sentence = chart::bars_sentence(portal, portal.name(indicator), &portal.indicator(indicator).unit, year, &reporting);
    let svg: Html = chart::bars(&Bars { id: &format!("b-{}", portal.indicator(indicator).key), title: &title, sentence: &sentence, bars: &reporting });
    Some(ChartView { title, sentence, svg })
}

fn filing_cell(at: &At<'_>, body: BodyId, year: Year) -> Value {
    if at.portal.filed_of(body).reports.is_empty() {
        return super::report::nothing();
    }
    let mark = at.year_mark(body, year);
    Value { kind: mark.state, text: mark.word, href: mark.href, ..Value::default() }
}
