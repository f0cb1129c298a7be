//! Year by year: every indicator and every year of one body, with those of the bodies it was made from.

use super::columns::{self, Column, columns};
use super::{DossierText, Making, csv, json};
use crate::analyze::{CellState, Change};
use crate::diag::Finding;
use crate::model::{FigureKey, FormId, IndicatorId, TimeSpan};
use crate::plan::Page;
use crate::render::cells::seal;
use crate::render::chart::{self, Mark, Point, sparkline};
use crate::render::cite;
use crate::render::portal::{At, Portal};
use crate::render::view::{ChartView, CompareView, Html, Link, Matrix, MatrixGroup, MatrixRow, Pick, PickLine, Said, Value};
use std::collections::BTreeSet;

/// Headline indicators with a large chart.
const CHARTS: usize = 4;
/// Headline indicators whose newest number is said in words.
const SAID: usize = 2;
/// Put around the words of a sentence that lead somewhere.
pub(super) const MARK: char = '\u{1}';

/// A sentence in pieces: what stands between two marks is the link.
pub(super) fn said(text: &str, href: Option<String>) -> Vec<Said> {
    let piece = |(nth, text): (usize, &str)| Said { text: text.to_string(), href: href.clone().filter(|_| nth % 2 == 1) };
    text.split(MARK).enumerate().filter(|(_, text)| !text.is_empty()).map(piece).collect()
}

/// Columns among which any two can be chosen: the style sheet has a rule for each.
const CHOICE: usize = 20;

pub(super) fn compare(portal: &Portal<'_>, dossier: &DossierText<'_>, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let body = portal.body(dossier.body);
    let columns = columns(portal, dossier.body);
    let own: Vec<&Column<'_>> = columns.iter().filter(|column| column.body == dossier.body).collect();
    let year = |column: Option<&&Column<'_>>| column.map_or(String::new(), |column| column.year.to_string());
    let title = portal.strings.fill("sentence.compare_title", &[("body", &body.title), ("first", &year(own.last())), ("last", &year(own.first()))]);
    let whole = matrix(&at, dossier, &columns);
    let table = csv::matrix(&whole);
    let cite = cite::table(&at, &title, &table);
    to.file(format!("{}table.csv", at.address), table);
    to.file(format!("{}index.json", at.address), json::matrix(&title, &whole));
    let marks = at.marks(&whole);
    let (mut matrix, mut folded) = fold(&at, whole, &columns);
    matrix.marks = marks;
    for row in folded.iter_mut().flat_map(|table| &mut table.groups).flat_map(|group| &mut group.rows) {
        join_absent(&mut row.cells, &columns);
    }
    for table in std::iter::once(&mut matrix).chain(&mut folded) {
        seal(table, portal.strings);
    }
    // One note explains every ‡ of the page.
    folded.iter_mut().for_each(|table| table.breaks = None);
    let view = CompareView {
        title,
        body: at.body_link(dossier.body),
        answer: answer(&at, &own),
        charts: charts(&at, dossier, &own),
        pick: pick(&at, &columns),
        remarks: remarks(&at, dossier),
        others: Vec::new(),
        matrix,
        folded,
    };
    let description = view.answer.iter().map(|said| said.text.as_str()).collect::<String>();
    let mut frame = at.frame("compare", &view.title, &description, at.crumbs_to(dossier.body), "reports");
    frame.cite = Some(cite);
    to.page(&at, &frame, &view)
}

fn matrix(at: &At<'_>, dossier: &DossierText<'_>, columns: &[Column<'_>]) -> Matrix {
    let portal = at.portal;
    let totals = columns.iter().filter_map(|column| column.report).flat_map(|report| &report.totals);
    let indicators: BTreeSet<IndicatorId> = totals.filter(|figure| figure.time == TimeSpan::Year).map(|figure| figure.key.indicator).collect();
    let breakdowns = portal.breakdowns(dossier.body);
    let mut groups: Vec<(&str, MatrixGroup)> = Vec::new();
    for indicator in indicators {
        let known = portal.indicator(indicator);
        let Some(mut row) = row(at, columns, FigureKey::total(indicator), portal.name(indicator), |column, key| column.cell(portal, key)) else { continue };
        row.id = Some(known.key.clone());
        row.unit = portal.unit(indicator);
        if breakdowns.contains(&indicator) {
            row.more = at.link(&Page::Breakdown(dossier.body, indicator), portal.word("ui.by_applicant"));
        }
        let place = groups.iter().position(|(part, _)| *part == known.part).unwrap_or_else(|| {
            groups.push((&known.part, MatrixGroup { title: portal.part(&known.part), id: Some(format!("part-{}", known.part)), ..MatrixGroup::default() }));
            groups.len() - 1
        });
        groups[place].1.rows.push(row);
    }
    Matrix {
        caption: portal.strings.fill("sentence.compare_caption", &[("body", &portal.body(dossier.body).title)]),
        corner: portal.word("ui.indicator").to_string(),
        sparks: true,
        columns: columns::heads(at, columns),
        runs: columns::runs(at, columns),
        fits: columns::fits(columns.len()),
        groups: groups.into_iter().map(|(_, group)| group).collect(),
        listed: false,
        breaks: breaks(at, columns),
        notes: notes(at, columns),
        marks: Vec::new(),
        downloads: vec![
            Link { href: "table.csv".into(), text: portal.word("ui.this_table_csv").to_string() },
            Link { href: at.to(&figures_csv(portal, dossier)), text: portal.word("ui.all_figures_csv").to_string() },
            Link { href: "index.json".into(), text: "JSON".into() },
        ],
    }
}

pub(super) fn figures_csv(portal: &Portal<'_>, dossier: &DossierText<'_>) -> String {
    let path = &portal.body(dossier.body).path;
    if path.is_empty() { "figures.csv".into() } else { format!("{path}/figures.csv") }
}

/// One row over all years; none if no year has a figure.
pub(super) fn row<'c>(
    at: &At<'_>,
    columns: &'c [Column<'_>],
    key: FigureKey,
    text: &str,
    cell: impl Fn(&'c Column<'_>, FigureKey) -> Option<CellState<'c>>,
) -> Option<MatrixRow> {
    let portal = at.portal;
    let states: Vec<Option<CellState<'c>>> = columns.iter().map(|column| cell(column, key)).collect();
    if !states.iter().any(|state| matches!(state, Some(CellState::Figure(_)))) {
        return None;
    }
    let own = columns[0].body;
    let mut points = Vec::with_capacity(columns.len());
    let mut cells = Vec::with_capacity(columns.len());
    for (place, (column, state)) in columns.iter().zip(&states).enumerate() {
        if column.body == own {
            points.push(column.point(portal, *state));
        }
        let Some(state) = *state else {
            cells.push(column.nothing());
            continue;
        };
        let mut value = portal.cell_value(state);
        if let CellState::Figure(_) = state {
            value.href = Some(at.row(column.id(), key.indicator));
            // The column to the right is the year before; a gap there, or another body, leaves nothing to compare with.
            let change = change(portal, columns, &states, place, place + 1);
            // Nought after nought is no news, and there is much of it.
            let quiet = change == Change::Same && state.amount().is_some_and(|amount| amount.is_zero());
            value.change = if quiet { None } else { portal.change(change) };
            if let Some(change) = value.change.as_mut().filter(|change| change.kind == "break") {
                let editions = [("old", portal.edition(columns[place + 1].edition(portal))), ("new", portal.edition(column.edition(portal)))];
                change.note = Some(portal.strings.fill("compare.break", &editions.each_ref().map(|(key, edition)| (*key, edition.as_str()))));
            }
        }
        cells.push(value);
    }
    points.reverse();
    let differences = differences(portal, columns, &states);
    let mut row = MatrixRow { text: text.to_string(), spark: sparkline(&points), cells, differences, ..MatrixRow::default() };
    if is_zero(&row) {
        row.spark = None;
    }
    Some(row)
}

fn change(portal: &Portal<'_>, columns: &[Column<'_>], states: &[Option<CellState<'_>>], newer: usize, older: usize) -> Change {
    let (Some(Some(before)), Some(after)) = (states.get(older), states[newer]) else { return Change::None };
    if columns[older].body != columns[newer].body {
        return Change::None;
    }
    Change::between((*before, columns[older].edition(portal)), (after, columns[newer].edition(portal)))
}

/// Differences between years of one edition that are not neighbors, for the choice of any two.
fn differences(portal: &Portal<'_>, columns: &[Column<'_>], states: &[Option<CellState<'_>>]) -> Vec<(usize, usize, String)> {
    let mut all = Vec::new();
    let amount = |place: usize| states[place].and_then(CellState::amount);
    let last = columns.len().min(CHOICE);
    for newer in 0..last {
        let Some(now) = amount(newer) else { continue };
        for older in newer + 2..last {
            if columns[older].run != columns[newer].run {
                break;
            }
            if amount(older).is_none_or(|before| before.is_zero() && now.is_zero()) {
                continue;
            }
            if let Some(change) = portal.change(change(portal, columns, states, newer, older)) {
                let percent = change.percent.map_or(String::new(), |percent| format!("（{percent}）"));
                all.push((newer, older, format!("{}{percent}", change.text)));
            }
        }
    }
    all
}

fn is_zero(row: &MatrixRow) -> bool {
    row.cells.iter().all(|cell| matches!(cell.kind, "zero" | "absent" | "unstated" | "missing" | "held" | "nobody"))
}

/// Whether a body's own reports state anything in a row; what only those before it state stands on their pages.
fn is_own(row: &MatrixRow, columns: &[Column<'_>]) -> bool {
    let stated = |cell: &Value| !matches!(cell.kind, "absent" | "unstated" | "missing" | "held" | "nobody");
    row.cells.iter().zip(columns).any(|(cell, column)| column.body == columns[0].body && stated(cell))
}

/// Sets apart what would hide the rest: rows that only an older edition has, with the years of that edition alone, and rows of zeros.
/// Rows of the bodies before it alone are left to their own pages, and counted.
fn fold(at: &At<'_>, mut whole: Matrix, columns: &[Column<'_>]) -> (Matrix, Vec<Matrix>) {
    let portal = at.portal;
    let mut others = 0;
    for group in &mut whole.groups {
        let all = group.rows.len();
        group.rows.retain(|row| is_own(row, columns));
        others += all - group.rows.len();
    }
    if others > 0 {
        let names: Vec<String> = portal.body(columns[0].body).predecessors.iter().map(|id| portal.body(*id).title.clone()).collect();
        whole.notes.push(portal.strings.fill("compare.of_before", &[("n", &others.to_string()), ("names", &portal.joined(&names))]));
    }
    let editions: Vec<FormId> = columns.iter().map(|column| column.edition(portal)).collect();
    let only_in = |row: &MatrixRow| {
        let mut those = row
            .cells
            .iter()
            .zip(&editions)
            .filter(|(cell, _)| !matches!(cell.kind, "absent" | "unstated" | "missing" | "held" | "nobody"))
            .map(|(_, edition)| *edition);
        let first = those.next()?;
        (first != editions[0] && those.all(|edition| edition == first)).then_some(first)
    };
    let mut older: Vec<FormId> = editions.clone();
    older.dedup();
    let mut seen = BTreeSet::new();
    older.retain(|edition| *edition != editions[0] && seen.insert(*edition));
    let part = |keep: &dyn Fn(&MatrixRow) -> bool| -> Vec<MatrixGroup> {
        let of = |group: &MatrixGroup| MatrixGroup {
            title: group.title.clone(),
            rows: group.rows.iter().filter(|row| keep(row)).cloned().collect(),
            ..MatrixGroup::default()
        };
        whole.groups.iter().map(of).filter(|group| !group.rows.is_empty()).collect()
    };
    let table = |groups: Vec<MatrixGroup>, caption: String| Matrix {
        caption,
        corner: whole.corner.clone(),
        sparks: true,
        columns: whole.columns.clone(),
        runs: whole.runs.clone(),
        fits: whole.fits,
        groups,
        ..Matrix::default()
    };
    let count = |groups: &[MatrixGroup]| groups.iter().map(|group| group.rows.len()).sum::<usize>().to_string();
    let mut folded = Vec::new();
    let zeros = part(&|row| is_zero(row) && only_in(row).is_none());
    if !zeros.is_empty() {
        let caption = portal.strings.fill("compare.zero_rows", &[("n", &count(&zeros))]);
        folded.push(table(zeros, caption));
    }
    for edition in older {
        let groups = part(&|row| only_in(row) == Some(edition));
        if groups.is_empty() {
            continue;
        }
        let caption = portal.strings.fill("compare.only_in", &[("edition", &portal.edition(edition)), ("n", &count(&groups))]);
        let mut only = table(groups, caption);
        let keep: Vec<bool> = editions.iter().map(|other| *other == edition).collect();
        let mut places = keep.iter();
        only.columns.retain(|_| *places.next().expect("a column has its edition"));
        for row in only.groups.iter_mut().flat_map(|group| &mut group.rows) {
            let mut places = keep.iter();
            row.cells.retain(|_| *places.next().expect("a cell has its column"));
            row.differences.clear();
            // A few years of one edition are seen in their numbers.
            row.spark = None;
        }
        let runs: BTreeSet<usize> = columns.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(column, _)| column.run).collect();
        only.runs.retain(|run| runs.contains(&run.run));
        only.fits = true;
        folded.push(only);
    }
    let mut groups = part(&|row| !is_zero(row) && only_in(row).is_none());
    for group in &mut groups {
        group.id = whole.groups.iter().find(|known| known.title == group.title).and_then(|known| known.id.clone());
    }
    (Matrix { groups, ..whole }, folded)
}

/// Years of one edition that has no such cell become one cell: in folded tables no two years are chosen.
fn join_absent(cells: &mut [Value], columns: &[Column<'_>]) {
    if cells.len() != columns.len() {
        return;
    }
    let mut start = 0;
    for at in 1..=cells.len() {
        let goes_on = at < cells.len() && columns[at].run == columns[start].run && cells[at].kind == "absent" && cells[start].kind == "absent";
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

/// How many reports, the newest numbers, gaps, breaks.
fn answer(at: &At<'_>, own: &[&Column<'_>]) -> Vec<Said> {
    let portal = at.portal;
    let strings = portal.strings;
    let plain = |text: String| Said { text, href: None };
    let filed: Vec<&&Column<'_>> = own.iter().filter(|column| column.report.is_some()).collect();
    let mut editions: Vec<FormId> = filed.iter().map(|column| column.edition(portal)).collect();
    editions.dedup();
    let mut answer = vec![plain(strings.fill("sentence.compare_answer", &[("n", &filed.len().to_string()), ("forms", &editions.len().to_string())]))];
    if let Some(newest) = filed.first() {
        answer.extend(portal.headlines().filter_map(|indicator| latest(at, own, newest, indicator.id)).take(SAID).flatten());
    }
    let mut reasons: Vec<&str> = own.iter().filter(|column| column.report.is_none()).map(|column| column.why.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for why in reasons {
        let years: Vec<String> = own
            .iter()
            .rev()
            .filter(|column| column.report.is_none() && column.why == why)
            .map(|column| strings.fill("word.year", &[("year", &column.year.to_string())]))
            .collect();
        answer.push(plain(strings.fill("compare.gaps", &[("years", &portal.joined(&years)), ("why", why)])));
    }
    if editions.len() > 1 {
        answer.push(Said { text: strings.get("sentence.break").to_string(), href: Some("#breaks".into()) });
    }
    answer
}

/// 2025年主动公开政府信息数305条，比2024年减7。
fn latest(at: &At<'_>, own: &[&Column<'_>], newest: &Column<'_>, indicator: IndicatorId) -> Option<Vec<Said>> {
    let portal = at.portal;
    let key = FigureKey::total(indicator);
    let now = newest.cell(portal, key)?;
    let CellState::Figure(figure) = now else { return None };
    figure.reading.amount()?;
    let before = own.iter().find(|column| column.year == newest.year.previous());
    let change = before.and_then(|before| Some(Change::between((before.cell(portal, key)?, before.edition(portal)), (now, newest.edition(portal)))));
    let year = newest.year.previous().to_string();
    let change = match change {
        Some(Change::Rise(n, _)) => portal.strings.fill("sentence.more_than", &[("year", &year), ("n", &n.grouped())]),
        Some(Change::Fall(n, _)) => portal.strings.fill("sentence.less_than", &[("year", &year), ("n", &n.grouped())]),
        Some(Change::Same) => portal.strings.fill("sentence.same_as", &[("year", &year)]),
        _ => String::new(),
    };
    let values = [
        ("year", newest.year.to_string()),
        ("name", portal.short(indicator).to_string()),
        ("value", format!("{MARK}{}{}{MARK}", portal.reading(figure).text, portal.indicator(indicator).unit)),
        ("change", change),
    ];
    let text = portal.strings.fill("compare.latest", &values.each_ref().map(|(key, value)| (*key, value.as_str())));
    Some(said(&text, Some(at.row(newest.id(), indicator))))
}

/// Which edition is in force when, and that the two sides of a break cannot be compared.
fn breaks(at: &At<'_>, columns: &[Column<'_>]) -> Option<String> {
    let portal = at.portal;
    let mut spans: Vec<(FormId, String, String)> = Vec::new();
    for column in columns.iter().rev().filter(|column| column.report.is_some() && column.body == columns[0].body) {
        let (form, year) = (column.edition(portal), column.year.to_string());
        match spans.last_mut().filter(|span| span.0 == form) {
            Some(span) => span.2 = year,
            None => spans.push((form, year.clone(), year)),
        }
    }
    let word = |(form, first, last): &(FormId, String, String)| {
        let years = if first == last { first.clone() } else { format!("{first}—{last}") };
        portal.strings.fill("sentence.edition_years", &[("edition", &portal.edition(*form)), ("years", &years)])
    };
    let words: Vec<String> = spans.iter().map(word).collect();
    (spans.len() > 1).then(|| format!("{}{}", portal.word("sentence.break"), portal.strings.fill("sentence.editions", &[("list", &portal.joined(&words))])))
}

fn notes(at: &At<'_>, columns: &[Column<'_>]) -> Vec<String> {
    let strings = at.portal.strings;
    let mut notes = vec![strings.get("sentence.newest_first").to_string(), strings.get("sentence.numbers_lead").to_string()];
    if columns.iter().any(|column| column.report.is_none()) {
        notes.push(strings.get("sentence.missing_note").to_string());
    }
    notes
}

/// Names that were in use, bodies that came before, the body that came after.
pub(super) fn remarks(at: &At<'_>, dossier: &DossierText<'_>) -> Vec<Said> {
    let portal = at.portal;
    let strings = portal.strings;
    let body = portal.body(dossier.body);
    let mut remarks = Vec::new();
    for name in &body.former_names {
        remarks.push(Said { text: strings.fill("compare.once_called", &[("until", &portal.date(name.until)), ("name", &name.title)]), href: None });
    }
    let names: Vec<String> = body.predecessors.iter().map(|id| portal.body(*id).title.clone()).collect();
    if !names.is_empty() {
        let since = body.since.map_or(String::new(), |day| day.year().to_string());
        let key = if names.len() > 1 { "sentence.merged" } else { "compare.followed" };
        remarks.push(Said { text: strings.fill(key, &[("names", &portal.joined(&names)), ("year", &since)]), href: None });
        remarks.extend(body.predecessors.iter().filter_map(|id| {
            let text = strings.fill("compare.of_predecessor", &[("name", &portal.body(*id).title)]);
            Some(Said { text, href: Some(at.page(&Page::Compare(*id)).or_else(|| at.page(&Page::Body(*id)))?) })
        }));
    }
    if let Some(successor) = body.succeeded_by {
        let until = body.until.map_or(String::new(), |day| portal.date(day));
        let text = strings.fill("sentence.succeeded", &[("date", &until), ("name", &portal.body(successor).title)]);
        remarks.push(Said { text, href: at.page(&Page::Compare(successor)).or_else(|| at.page(&Page::Body(successor))) });
    }
    remarks
}

fn charts(at: &At<'_>, dossier: &DossierText<'_>, own: &[&Column<'_>]) -> Vec<ChartView> {
    let portal = at.portal;
    let drawn = portal.headlines().filter_map(|indicator| {
        let mut points: Vec<Point> = own.iter().map(|column| column.point(portal, column.cell(portal, FigureKey::total(indicator.id)))).collect();
        points.reverse();
        let numbers = points.iter().filter(|point| matches!(point.mark, Mark::Number(_))).count();
        let any = points.iter().any(|point| matches!(point.mark, Mark::Number(value) if value > 0.0));
        if numbers < 3 || !any {
            return None;
        }
        let unit = portal.unit(indicator.id).map_or(String::new(), |unit| format!("（{unit}）"));
        let title = format!("{}{unit}", portal.name(indicator.id));
        let name = portal.strings.fill("compare.chart_name", &[("body", &portal.body(dossier.body).title), ("name", portal.name(indicator.id))]);
        let sentence = chart::sentence(portal, &name, &portal.unit(indicator.id).unwrap_or_default(), &points);
        Some(ChartView { svg: series(portal, &format!("c-{}", indicator.key), &title, &sentence, &points), title, sentence })
    });
    drawn.take(CHARTS).collect()
}

/// A large chart of one body's years.
pub(super) fn series(portal: &Portal<'_>, id: &str, title: &str, sentence: &str, points: &[Point]) -> Html {
    let edition = |form: u8| portal.edition(FormId(form));
    chart::series(&chart::Series { id, title, sentence, points, edition: &edition, blank: portal.word("word.blank") })
}

/// Any two filed years: neighbors have a page, others stand side by side in the table.
fn pick(at: &At<'_>, columns: &[Column<'_>]) -> Vec<PickLine> {
    let portal = at.portal;
    let own = columns.first().map(|column| column.body);
    let filed: Vec<(usize, &Column<'_>)> =
        columns.iter().enumerate().take(CHOICE).filter(|(_, column)| column.report.is_some() && Some(column.body) == own).collect();
    let choice = |newer: (usize, &Column<'_>), older: (usize, &Column<'_>), neighbors: bool| {
        let text = older.1.year.to_string();
        if neighbors {
            let href = at.page(&Page::Pair(newer.1.body, older.1.year, newer.1.year))?;
            return Some(Pick { text, href, ..Pick::default() });
        }
        let id = format!("{}-{}", older.1.year, newer.1.year);
        let (k, o) = (newer.0 + 1, older.0 + 1);
        let differ = if newer.1.edition(portal) == older.1.edition(portal) { "" } else { " x" };
        Some(Pick { text, href: format!("#{id}"), id: Some(id), class: format!("two k{k} k{o} o{o}{differ}") })
    };
    let line = |(place, newer): (usize, &(usize, &Column<'_>))| {
        let links = filed[place + 1..].iter().enumerate().filter_map(|(nth, older)| choice(*newer, *older, nth == 0)).collect::<Vec<_>>();
        (!links.is_empty()).then(|| PickLine { text: portal.strings.fill("compare.with", &[("year", &newer.1.year.to_string())]), links })
    };
    filed.iter().enumerate().filter_map(line).collect()
}
