//! Who filed when, on the day of the build.

use super::Making;
use crate::analyze::Filing;
use crate::diag::Finding;
use crate::model::{BodyId, Year};
use crate::plan::{PAGE_OF_BODIES, Page};
use crate::render::csv::Csv;
use crate::render::json;
use crate::render::portal::{Portal, slice};
use crate::render::view::{FilingRow, FilingView, Link, NavLink, YearMark};
use std::collections::BTreeSet;

/// Columns of the table beside the page.
pub(super) const COLUMNS: [&str; 6] = ["body", "title", "year", "state", "published", "deadline"];

/// States in the order of the legend, each with what it means.
const LEGEND: [(Filing, &str); 6] = [
    (Filing::OnTime, "sentence.means_filed"),
    (Filing::Undated, "sentence.means_undated"),
    (Filing::Missing, "sentence.means_missing"),
    (Filing::NotDue, "sentence.means_pending"),
    (Filing::Held, "sentence.means_held"),
    (Filing::Nobody, "sentence.means_nobody"),
];

pub(super) fn filing(portal: &Portal<'_>, number: usize, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let bodies: Vec<BodyId> = portal.tree.iter().filter(|body| !portal.filed_of(body.id).reports.is_empty()).map(|body| body.id).collect();
    let shown = slice(&bodies, number, PAGE_OF_BODIES);
    let mut years: Vec<Year> = shown.iter().flat_map(|&body| portal.years(body)).collect::<BTreeSet<_>>().into_iter().collect();
    years.reverse();
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let rows = shown.iter().map(|&body| {
        let own = portal.years(body);
        let marks = years.iter().map(|&year| if own.contains(&year) { at.year_mark(body, year) } else { not_expected(portal, body, year) });
        FilingRow { link: at.body_link(body), marks: marks.collect() }
    });
    let strings = portal.strings;
    let mark = |filing: Filing, key: &str| YearMark {
        year: String::new(),
        state: filing.key(),
        word: format!("{}：{}", portal.filing_word(filing), strings.get(key)),
        href: None,
    };
    let mut legend: Vec<YearMark> = LEGEND.iter().map(|(filing, key)| mark(*filing, key)).collect();
    legend.insert(
        1,
        YearMark { year: String::new(), state: "late", word: format!("{}：{}", strings.get("word.late"), strings.get("sentence.means_late")), href: None },
    );
    // As digits, whatever the language: a build that differs from the live portal by this day alone publishes nothing, and is known by it.
    let today = portal.today().to_string();
    let latest = years.iter().find(|year| bodies.iter().any(|body| portal.filing(*body, **year).is_filed()));
    let mut answer = vec![strings.fill("sentence.filing_day", &[("date", &today)])];
    if let Some(&year) = latest {
        answer.insert(0, overall(portal, &bodies, year));
    }
    let deadlines: Vec<String> = portal
        .registry
        .forms()
        .iter()
        .filter(|form| !form.by_name_only && years.iter().any(|year| portal.registry.form_for(*year).id == form.id))
        .map(|form| deadline(portal, form))
        .collect();
    let lines = lines(portal, shown, &years);
    let csv = {
        let mut csv = Csv::new(&COLUMNS);
        lines.iter().for_each(|line| csv.row(line.iter().map(String::as_str)));
        csv.finish()
    };
    let view = FilingView {
        title: strings.get("sentence.filing_title").to_string(),
        answer,
        caption: strings.get("sentence.filing_caption").to_string(),
        years: years
            .iter()
            .map(|&year| NavLink { href: at.page(&Page::Year(root, year, 1)).unwrap_or_default(), text: year.to_string(), ..NavLink::default() })
            .collect(),
        rows: rows.collect(),
        legend,
        notes: vec![strings.get("sentence.missing_note").to_string(), strings.fill("sentence.deadlines", &[("list", &portal.joined(&deadlines))])],
        downloads: vec![Link { href: "table.csv".into(), text: "CSV".into() }, Link { href: "index.json".into(), text: "JSON".into() }],
        pages: at.numbered(bodies.len().div_ceil(PAGE_OF_BODIES), number, Page::Filing),
    };
    to.file(format!("{}table.csv", at.address), csv);
    to.file(format!("{}index.json", at.address), json::rows(&view.title, &COLUMNS, &lines));
    let frame = at.frame("filing", &view.title, &view.answer.join(""), at.crumbs_to(root), "filing");
    to.page(&at, &frame, &view)
}

/// A year before a body's first report, or outside its life: an empty place, not a gap.
fn not_expected(portal: &Portal<'_>, body: BodyId, year: Year) -> YearMark {
    let exists = portal.body(body).exists_at_end_of(year);
    YearMark {
        year: year.to_string(),
        state: "nobody",
        word: if exists { portal.word("word.not_expected").to_string() } else { portal.filing_word(Filing::Nobody) },
        href: None,
    }
}

/// All reporting bodies of the portal in one sentence.
fn overall(portal: &Portal<'_>, bodies: &[BodyId], year: Year) -> String {
    let mut tally = crate::analyze::Tally::default();
    for &body in bodies {
        if portal.years(body).contains(&year) {
            tally.add(portal.filing(body, year));
        }
    }
    super::body::tally_words(portal, tally, year)
}

fn deadline(portal: &Portal<'_>, form: &crate::model::Form) -> String {
    let said = |deadline: crate::model::Deadline, key: &str| {
        let day = deadline.for_year(form.first_year);
        let (month, day) = (day.month().to_string(), day.day().to_string());
        portal.strings.fill(key, &[("edition", &portal.edition(form.id)), ("month", &month), ("day", &day)])
    };
    match portal.config.deadlines.iter().find(|(edition, _)| *edition == form.edition) {
        Some((_, deadline)) => said(*deadline, "sentence.deadline_of"),
        None if form.deadline_of_governments == form.deadline => said(form.deadline, "sentence.deadline_of"),
        None => said(form.deadline, "sentence.deadline_of") + &said(form.deadline_of_governments, "sentence.deadline_of_governments"),
    }
}

/// Every body and year with its state, in the order of [`COLUMNS`].
fn lines(portal: &Portal<'_>, bodies: &[BodyId], years: &[Year]) -> Vec<[String; 6]> {
    let mut lines = Vec::new();
    for &body in bodies {
        let known = portal.body(body);
        for year in portal.years(body).into_iter().filter(|year| years.contains(year)) {
            let published = portal.filed_of(body).published_in(year).and_then(|report| report.date).map_or(String::new(), |day| day.to_string());
            let deadline = portal.deadline(body, year).to_string();
            let state = portal.filing(body, year).key().to_string();
            lines.push([known.path.clone(), known.title.clone(), year.to_string(), state, published, deadline]);
        }
    }
    lines
}
