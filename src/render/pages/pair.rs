//! Year against year: which figures changed, and how the text differs, section by section.

use super::compare::{MARK, figures_csv, said};
use super::{DossierText, Making, csv, diff};
use crate::analyze::pair::TextPair;
use crate::analyze::{CellState, Change};
use crate::diag::Finding;
use crate::model::{Breakdown, FigureKey, IndicatorId, TimeSpan, Year};
use crate::plan::Page;
use crate::render::ReportText;
use crate::render::cells::seal;
use crate::render::cite;
use crate::render::portal::{At, Portal};
use crate::render::view::{Change as ChangeView, Link, Matrix, MatrixColumn, MatrixGroup, MatrixRow, PairView, Said, Value};
use std::collections::BTreeSet;

pub(super) fn pair(
    portal: &Portal<'_>,
    dossier: &DossierText<'_>,
    years: (Year, Year),
    text: Option<&TextPair>,
    page: &Page,
    to: &mut Making<'_>,
) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let find = |year: Year| dossier.reports.iter().position(|text| text.report.id.year == year).expect("planned reports are read again");
    let place = find(years.0);
    let (older, newer) = (&dossier.reports[place], &dossier.reports[find(years.1)]);
    let body = portal.body(dossier.body);
    let names = [("body", body.title.as_str()), ("older", &years.0.to_string()), ("newer", &years.1.to_string())];
    let [mut changed, mut one_sided, mut unchanged] = figures(&at, dossier, older, newer);
    let table = csv::matrices(&[&changed, &one_sided, &unchanged]);
    let neighbour = |from: Option<usize>| {
        let from = from?;
        let (a, b) = (dossier.reports.get(from)?.report.id.year, dossier.reports.get(from + 1)?.report.id.year);
        at.link(&Page::Pair(dossier.body, a, b), portal.strings.fill("sentence.pair_years", &[("older", &a.to_string()), ("newer", &b.to_string())]))
    };
    let report_link = |text: &ReportText<'_>| {
        let words = portal.strings.fill("word.report_year", &[("year", &text.report.id.year.to_string())]);
        at.link(&Page::Report(text.report.id), words).unwrap_or_default()
    };
    let answer = answer(&at, older, newer, rows_of(&changed), text);
    for table in [&mut changed, &mut one_sided, &mut unchanged] {
        table.marks = at.marks(table);
        seal(table, portal.strings);
    }
    let diff = text.map(|text| diff::view(portal, text)).unwrap_or_default();
    let replaced = text.map_or(0, |text| text.years_replaced);
    let untold = text.is_none().then(|| portal.word("sentence.no_text_compared").to_string());
    let view = PairView {
        title: portal.strings.fill("sentence.pair_title", &names),
        body: at.body_link(dossier.body),
        older: report_link(older),
        newer: report_link(newer),
        answer,
        fresh: diff.fresh,
        gone: diff.gone,
        changed,
        one_sided,
        unchanged,
        sections: diff.sections,
        replaced: (replaced > 0).then(|| portal.strings.fill("sentence.years_replaced", &[("n", &replaced.to_string())])),
        remarks: untold.into_iter().chain(super::quality::reuse_between(portal, &older.report, &newer.report)).collect(),
        compare: at.link(&Page::Compare(dossier.body), portal.word("ui.door_compare")),
        previous: neighbour(place.checked_sub(1)),
        next: neighbour(Some(place + 1)),
    };
    let description = view.answer.iter().map(|said| said.text.as_str()).collect::<String>();
    let mut frame = at.frame("pair", &view.title, &description, at.crumbs_to(dossier.body), "reports");
    frame.cite = Some(cite::table(&at, &view.title, &table));
    to.file(format!("{}table.csv", at.address), table);
    to.page(&at, &frame, &view)
}

fn rows_of(matrix: &Matrix) -> usize {
    matrix.groups.iter().map(|group| group.rows.len()).sum()
}

fn cell<'t>(portal: &Portal<'t>, text: &'t ReportText<'_>, indicator: IndicatorId) -> CellState<'t> {
    CellState::of(FigureKey::total(indicator), &text.report.figures, portal.form(text.report.form), portal.registry.forms())
}

/// Changed figures, those that only one report has, and those that stayed.
fn figures(at: &At<'_>, dossier: &DossierText<'_>, older: &ReportText<'_>, newer: &ReportText<'_>) -> [Matrix; 3] {
    let portal = at.portal;
    let totals = [older, newer].into_iter().flat_map(|text| &text.report.figures);
    let indicators: BTreeSet<IndicatorId> =
        totals.filter(|figure| figure.key.breakdown == Breakdown::TOTAL && figure.time == TimeSpan::Year).map(|figure| figure.key.indicator).collect();
    let (mut changed, mut one_sided, mut unchanged) = (Groups::default(), Groups::default(), Groups::default());
    let ways = [older, newer].map(|text| at.to(&Page::Report(text.report.id).address(portal.tree, portal.registry)));
    for indicator in indicators {
        let (then, now) = (cell(portal, older, indicator), cell(portal, newer, indicator));
        let shown = |way: &str, state: CellState<'_>| {
            let href = matches!(state, CellState::Figure(_)).then(|| format!("{way}#{}", portal.indicator(indicator).key));
            Value { href, ..portal.cell_value(state) }
        };
        let change = Change::between((then, older.report.form), (now, newer.report.form));
        let reading = |state: CellState<'_>| if let CellState::Figure(figure) = state { Some(figure.reading) } else { None };
        let words = match (change, then, now) {
            (Change::None, CellState::Figure(_), CellState::Figure(_)) => None,
            (Change::None, _, CellState::Figure(_)) => Some(("new", "compare.new")),
            (Change::None, CellState::Figure(_), _) => Some(("gone", "compare.gone")),
            _ => None,
        };
        let words = words.map(|(kind, key)| ChangeView { kind, text: portal.word(key).to_string(), ..ChangeView::default() });
        let known = portal.indicator(indicator);
        let row = MatrixRow {
            id: Some(known.key.clone()),
            text: portal.name(indicator).to_string(),
            unit: portal.unit(indicator),
            cells: vec![shown(&ways[0], then), shown(&ways[1], now), Value { kind: "change", change: portal.change(change).or(words), ..Value::default() }],
            ..MatrixRow::default()
        };
        let same = change == Change::Same || matches!(change, Change::None) && reading(then) == reading(now);
        let alone = !matches!((then, now), (CellState::Figure(_), CellState::Figure(_)));
        let list = if alone {
            &mut one_sided
        } else if same {
            &mut unchanged
        } else {
            &mut changed
        };
        list.add(&portal.part(&known.part), row);
    }
    let mut columns: Vec<MatrixColumn> = [older, newer]
        .into_iter()
        .map(|text| MatrixColumn {
            text: portal.strings.fill("word.year", &[("year", &text.report.id.year.to_string())]),
            href: at.page(&Page::Report(text.report.id)),
            ..MatrixColumn::default()
        })
        .collect();
    columns.push(MatrixColumn { text: portal.word("compare.change").to_string(), ..MatrixColumn::default() });
    let matrix = |groups: Groups, caption: &str| Matrix {
        caption: portal.strings.fill(caption, &[("n", &groups.0.iter().map(|group| group.rows.len()).sum::<usize>().to_string())]),
        corner: portal.word("ui.indicator").to_string(),
        columns: columns.clone(),
        fits: true,
        listed: true,
        groups: groups.0,
        downloads: vec![
            Link { href: "table.csv".into(), text: portal.word("ui.this_table_csv").to_string() },
            Link { href: at.to(&figures_csv(portal, dossier)), text: portal.word("ui.all_figures_csv").to_string() },
        ],
        ..Matrix::default()
    };
    let differ = older.report.form != newer.report.form;
    let mut changed = matrix(changed, if differ { "compare.both_state" } else { "sentence.pair_changed" });
    changed.breaks = differ.then(|| portal.word("sentence.break").to_string());
    [changed, matrix(one_sided, "compare.one_sided"), matrix(unchanged, "sentence.pair_unchanged")]
}

#[derive(Default)]
struct Groups(Vec<MatrixGroup>);

impl Groups {
    fn add(&mut self, title: &str, row: MatrixRow) {
        match self.0.iter_mut().find(|group| group.title == title) {
            Some(group) => group.rows.push(row),
            None => self.0.push(MatrixGroup { title: title.to_string(), rows: vec![row], ..MatrixGroup::default() }),
        }
    }
}

/// How many figures changed, the first of them in words, what cannot be compared, and how much of the text was there before.
fn answer(at: &At<'_>, older: &ReportText<'_>, newer: &ReportText<'_>, changed: usize, text: Option<&TextPair>) -> Vec<Said> {
    let portal = at.portal;
    let strings = portal.strings;
    let mut answer = Vec::new();
    let mut add = |text: String, href: Option<&str>| answer.extend(said(&text, href.map(str::to_string)));
    let marked = |words: &str| format!("{MARK}{words}{MARK}");
    let (a, b) = (&older.report, &newer.report);
    if a.form == b.form {
        add(strings.fill("sentence.pair_answer", &[("n", &marked(&changed.to_string()))]), Some("#figures"));
        for indicator in portal.headlines() {
            let (then, now) = (cell(portal, older, indicator.id), cell(portal, newer, indicator.id));
            let change = Change::between((then, a.form), (now, b.form));
            let (Change::Rise(..) | Change::Fall(..), CellState::Figure(from), CellState::Figure(to)) = (change, then, now) else { continue };
            let words = portal
                .change(change)
                .map_or(String::new(), |change| change.percent.map_or(change.text.clone(), |percent| format!("{}（{percent}）", change.text)));
            let (from, to) = (portal.reading(from).text, portal.reading(to).text);
            let values = [("name", portal.short(indicator.id)), ("from", &from), ("to", &to), ("unit", &indicator.unit), ("change", &marked(&words))];
            add(strings.fill("compare.from_to", &values), Some(&format!("#{}", indicator.key)));
            break;
        }
    } else {
        add(
            marked(&strings.fill("sentence.form_changed", &[("old", &portal.edition(a.form)), ("new", &portal.edition(b.form))])),
            (changed > 0).then_some("#breaks"),
        );
    }
    if a.id.year.next() != b.id.year {
        add(strings.fill("sentence.gap_between", &[("from", &a.id.year.next().to_string()), ("to", &b.id.year.previous().to_string())]), None);
    }
    if let Some(text) = text.filter(|text| text.total > 0) {
        let count = |n: usize| crate::model::Amount::whole(n as i64).grouped();
        let share = (text.reused * 100 + text.total / 2) / text.total;
        add(
            strings.fill("sentence.reused", &[("share", &share.to_string()), ("same", &marked(&count(text.reused))), ("total", &count(text.total))]),
            Some("#text"),
        );
    }
    answer
}
