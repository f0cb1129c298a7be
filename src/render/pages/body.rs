//! Home page and profile: every year, headline figures, the bodies below, the ways on.

use super::report::{entry, feed_of, json_ld_of, way};
use super::{DossierText, Making, json};
use crate::analyze::{Filing, ReportFacts, Tally};
use crate::diag::Finding;
use crate::model::{Body, BodyId, IndicatorId, ReportId, Year};
use crate::plan::{PAGE_OF_BODIES, Page};
use crate::render::chart::sparkline;
use crate::render::portal::{At, Portal};
use crate::render::prose::{self, Setting};
use crate::render::view::{BodyView, ChildRow, Entry, Fact, Headline, Html, Link, MatrixColumn, MatrixRow, Value};

/// Newest reports on a profile.
const NEWEST: usize = 6;

pub(super) fn profile(portal: &Portal<'_>, dossier: &DossierText<'_>, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let body = portal.body(dossier.body);
    let view = view(&at, body, dossier);
    let description = view.answer.join("");
    let mut crumbs = at.crumbs_to(body.id);
    crumbs.pop();
    let title = if view.root { portal.title() } else { view.title.clone() };
    let mut frame = at.frame("body", &title, &description, crumbs, "reports");
    frame.feed = Some(Link { href: at.to(&feed_of(portal, body.id)), text: body.title.clone() });
    frame.json_ld = Some(json_ld(&at, body));
    to.file(format!("{}index.json", at.address), json::bytes(&json::profile(portal, body)));
    to.page(&at, &frame, &view)
}

fn view(at: &At<'_>, body: &Body, dossier: &DossierText<'_>) -> BodyView {
    let portal = at.portal;
    let facts = portal.facts_of(body.id);
    let newest = facts.published().next_back();
    let before = newest.and_then(|report| portal.before(body.id, report.id.year));
    let child_year = child_year(portal, body);
    let columns = child_year.map(|year| child_columns(portal, body, year)).unwrap_or_default();
    let mut downloads = vec![Link { href: at.to(&format!("{}index.json", at.address)), text: "JSON".into() }];
    if newest.is_some() {
        downloads.insert(0, Link { href: at.to(&format!("{}figures.csv", at.address)), text: "CSV".into() });
    }
    let column = |indicator: &IndicatorId| MatrixColumn {
        text: portal.name(*indicator).to_string(),
        unit: portal.unit(*indicator),
        href: at.page(&Page::Indicator(body.id, *indicator, 1)),
        ..MatrixColumn::default()
    };
    BodyView {
        root: body.parent.is_none(),
        title: body.title.clone(),
        answer: answer(at, body, child_year),
        remarks: remarks(at, body),
        intro: (!dossier.intro.events.is_empty()).then(|| intro(at, dossier)),
        headlines: newest.map(|report| headlines(at, report, before)).unwrap_or_default(),
        headline_year: newest.map(|report| report.id.year.to_string()),
        years: at.year_marks(body.id),
        child_columns: columns.iter().map(column).collect(),
        child_year: child_year.map(|year| year.to_string()),
        child_caption: child_caption(portal, body, child_year),
        children: body.children.iter().take(PAGE_OF_BODIES).map(|child| child_row(at, *child, &columns, child_year)).collect(),
        child_sum: child_year.and_then(|year| child_sum(at, body, &columns, year)),
        newest: newest_reports(at, body),
        doors: doors(at, body),
        contact: contact(portal, body),
        downloads,
    }
}

/// What the table of children shows; a long list says that it goes on elsewhere.
fn child_caption(portal: &Portal<'_>, body: &Body, year: Option<Year>) -> String {
    let mut caption = year.map_or(String::new(), |year| portal.strings.fill("sentence.children_caption", &[("year", &year.to_string())]));
    if body.children.len() > PAGE_OF_BODIES {
        caption.push_str(&portal.strings.fill("sentence.children_first", &[("n", &PAGE_OF_BODIES.to_string()), ("all", &body.children.len().to_string())]));
    }
    caption
}

/// The latest year for which some child has a published report.
fn child_year(portal: &Portal<'_>, body: &Body) -> Option<Year> {
    portal.plan.years.get(&body.id)?.last().copied()
}

/// The first three headline indicators that children state in a year.
fn child_columns(portal: &Portal<'_>, body: &Body, year: Year) -> Vec<IndicatorId> {
    portal.headlines().map(|indicator| indicator.id).filter(|indicator| portal.plan.totals.children(body.id, year, *indicator).is_some()).take(3).collect()
}

fn answer(at: &At<'_>, body: &Body, child_year: Option<Year>) -> Vec<String> {
    let portal = at.portal;
    let strings = portal.strings;
    let facts = portal.facts_of(body.id);
    let mut answer = Vec::new();
    let years = portal.calendar.years(body, facts);
    let filed = facts.published().count();
    if filed > 0 {
        let missing: Vec<String> = years.iter().filter(|year| portal.filing(body.id, **year) == Filing::Missing).map(|year| year.to_string()).collect();
        let count = filed.to_string();
        answer.push(if missing.is_empty() {
            strings.fill("sentence.published_all", &[("n", &count)])
        } else {
            strings.fill("sentence.published_but", &[("n", &count), ("years", &portal.joined(&missing)), ("m", &missing.len().to_string())])
        });
        if let Some(last) = facts.published().next_back() {
            let year = last.id.year.to_string();
            let filing = portal.filing_word(portal.filing(body.id, last.id.year));
            answer.push(match last.date {
                Some(date) => strings.fill("sentence.latest", &[("year", &year), ("date", &date.to_string()), ("filing", &filing)]),
                None => strings.fill("sentence.latest_undated", &[("year", &year)]),
            });
        }
    }
    if let Some(year) = child_year {
        answer.push(tally_sentence(portal, body.id, year));
    }
    if let Some(successor) = body.succeeded_by {
        answer.push(
            strings.fill("sentence.succeeded", &[("date", &body.until.map_or(String::new(), |day| day.to_string())), ("name", &portal.body(successor).title)]),
        );
    }
    if answer.is_empty() {
        answer.push(strings.get("sentence.no_reports").to_string());
    }
    answer
}

/// 2024年应提交21份：按时18份，逾期2份，未见报告1份。
pub(super) fn tally_sentence(portal: &Portal<'_>, parent: BodyId, year: Year) -> String {
    tally_words(portal, portal.plan.totals.children_filing(parent, year), year)
}

/// How many bodies are in which state, in words.
pub(super) fn tally_words(portal: &Portal<'_>, tally: Tally, year: Year) -> String {
    let strings = portal.strings;
    let parts = [
        ("sentence.tally_on_time", tally.on_time),
        ("sentence.tally_late", tally.late),
        ("sentence.tally_undated", tally.undated),
        ("sentence.tally_missing", tally.missing),
        ("sentence.tally_held", tally.held),
        ("sentence.tally_not_due", tally.not_due),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| strings.fill(key, &[("n", &count.to_string())])).collect();
    strings.fill("sentence.tally", &[("year", &year.to_string()), ("n", &tally.expected().to_string()), ("parts", &parts.join(strings.get("sentence.comma")))])
}

fn remarks(at: &At<'_>, body: &Body) -> Vec<Fact> {
    let portal = at.portal;
    let mut facts = Vec::new();
    let mut add = |label: &str, text: String, href: Option<String>| facts.push(Fact { label: portal.word(label).to_string(), text, href, datetime: None });
    for name in &body.former_names {
        add("ui.former_name", portal.strings.fill("sentence.former_name", &[("name", &name.title), ("until", &name.until.to_string())]), None);
    }
    if let Some(since) = body.since {
        add("ui.since", since.to_string(), None);
    }
    if let Some(until) = body.until {
        add("ui.until", until.to_string(), None);
    }
    for predecessor in &body.predecessors {
        let link = at.body_link(*predecessor);
        add("ui.predecessor", link.text, Some(link.href));
    }
    if let Some(successor) = body.succeeded_by {
        let link = at.body_link(successor);
        add("ui.successor", link.text, Some(link.href));
    }
    if let Some(code) = &body.code {
        add("ui.code", code.clone(), None);
    }
    facts
}

fn intro(at: &At<'_>, dossier: &DossierText<'_>) -> Html {
    let anchors = crate::markdown::anchors(&dossier.intro);
    let setting = Setting {
        strings: at.portal.strings,
        anchors: anchors.iter().map(String::as_str).collect(),
        way: &|target| way(at, target),
        document: &|_| None,
        marks: &[],
        statutory: None,
    };
    prose::html(&dossier.intro, &setting)
}

fn headlines(at: &At<'_>, report: &ReportFacts, before: Option<&ReportFacts>) -> Vec<Headline> {
    let portal = at.portal;
    let stated = portal.headlines().filter_map(|indicator| {
        let mut value = at.value(report, indicator.id, before);
        value.href.as_ref()?;
        value.unit = portal.unit(indicator.id);
        Some(Headline { text: portal.name(indicator.id).to_string(), value, spark: sparkline(&portal.points(report.id.body, indicator.id)) })
    });
    stated.take(4).collect()
}

fn child_row(at: &At<'_>, child: BodyId, columns: &[IndicatorId], year: Option<Year>) -> ChildRow {
    let portal = at.portal;
    let body = portal.body(child);
    let facts = portal.facts_of(child);
    let level = portal.strings.find(&format!("level.{}", body.level.key())).unwrap_or(body.level.key());
    let former: Vec<String> = body.former_names.iter().map(|name| name.title.clone()).collect();
    let sub = if former.is_empty() {
        level.to_string()
    } else {
        portal.strings.fill("sentence.level_and_former", &[("level", level), ("names", &portal.joined(&former))])
    };
    let report = year.and_then(|year| facts.published_in(year));
    let before = report.and_then(|report| portal.before(child, report.id.year));
    let values = columns.iter().map(|indicator| match (report, year) {
        (Some(report), _) => at.value(report, *indicator, before),
        // A province that only groups counties has no report of its own; its children's sum stands on its page.
        (None, Some(year)) if facts.reports.is_empty() => match portal.plan.totals.figure(child, year, *indicator).and_then(|sum| sum.amount) {
            Some(amount) => Value {
                kind: if amount.is_zero() { "zero" } else { "number" },
                text: amount.grouped(),
                href: at.page(&Page::Year(child, year, 1)),
                note: Some(portal.word("word.sum").into()),
                ..Value::default()
            },
            None => Value { kind: "missing", ..Value::default() },
        },
        (None, Some(year)) => portal.no_report_said(portal.filing(child, year)),
        (None, None) => Value::default(),
    });
    let filing = match year {
        Some(year) if !facts.reports.is_empty() => at.year_mark(child, year),
        _ => Default::default(),
    };
    let spark = columns.first().and_then(|indicator| sparkline(&portal.points(child, *indicator)));
    ChildRow { link: at.body_link(child), sub: Some(sub), values: values.collect(), spark, filing }
}

fn child_sum(at: &At<'_>, body: &Body, columns: &[IndicatorId], year: Year) -> Option<MatrixRow> {
    let portal = at.portal;
    let expected = portal.plan.totals.children_filing(body.id, year).expected();
    let cells: Vec<Value> = columns.iter().map(|indicator| sum_value(at, body.id, year, *indicator, expected)).collect();
    cells.iter().any(|cell| cell.kind != "unstated").then(|| MatrixRow {
        text: portal.word("ui.children_sum").to_string(),
        cells,
        summary: true,
        ..MatrixRow::default()
    })
}

/// A sum over children with how many of how many; left out where editions differ.
pub(super) fn sum_value(at: &At<'_>, parent: BodyId, year: Year, indicator: IndicatorId, expected: u32) -> Value {
    match at.portal.plan.totals.children(parent, year, indicator) {
        Some(sum) => match sum.amount {
            Some(amount) => Value {
                kind: if amount.is_zero() { "zero" } else { "number" },
                text: amount.grouped(),
                href: at.page(&Page::Indicator(parent, indicator, 1)).or_else(|| at.page(&Page::Year(parent, year, 1))),
                note: Some(format!("{}/{}", sum.stated, expected.max(sum.stated))),
                ..Value::default()
            },
            None => super::report::nothing(),
        },
        None => super::report::nothing(),
    }
}

fn newest_reports(at: &At<'_>, body: &Body) -> Vec<Entry> {
    let portal = at.portal;
    let mut all: Vec<(jiff::civil::Date, ReportId)> = Vec::new();
    for id in std::iter::once(body.id).chain(body.children.iter().copied()) {
        all.extend(portal.facts_of(id).published().rev().take(NEWEST).filter_map(|report| Some((report.date?, report.id))));
    }
    all.sort_by(|a, b| b.cmp(a));
    all.truncate(NEWEST);
    all.into_iter().filter_map(|(_, id)| entry(at, id)).collect()
}

fn doors(at: &At<'_>, body: &Body) -> Vec<Fact> {
    let portal = at.portal;
    let newest_pair = portal.facts_of(body.id).published().map(|report| report.id.year).collect::<Vec<_>>();
    let pair = newest_pair.windows(2).last().map(|pair| Page::Pair(body.id, pair[0], pair[1]));
    let mut entries = vec![("ui.door_compare", "sentence.door_compare", Some(Page::Compare(body.id))), ("ui.door_pair", "sentence.door_pair", pair)];
    entries.extend([
        ("ui.nav_years", "sentence.door_years", Some(Page::Years(body.id))),
        ("ui.nav_indicators", "sentence.door_indicators", Some(Page::Indicators(body.id))),
    ]);
    if body.parent.is_none() {
        entries.extend([
            ("ui.nav_topics", "sentence.door_topics", Some(Page::Topics)),
            ("ui.nav_documents", "sentence.door_documents", Some(Page::Documents(1))),
            ("ui.nav_filing", "sentence.door_filing", Some(Page::Filing(1))),
            ("ui.nav_quality", "sentence.door_quality", Some(Page::Quality(1))),
            ("ui.nav_data", "sentence.door_data", Some(Page::Data)),
            ("ui.foot_bodies", "sentence.door_bodies", Some(Page::SiteMap)),
        ]);
    }
    let made = entries.into_iter().filter_map(|(label, text, page)| {
        Some(Fact { label: portal.word(label).to_string(), text: portal.word(text).to_string(), href: Some(at.page(&page?)?), datetime: None })
    });
    made.collect()
}

fn contact(portal: &Portal<'_>, body: &Body) -> Vec<Fact> {
    let contact = &body.contact;
    let lines = [
        ("ui.contact_office", &contact.office),
        ("ui.contact_address", &contact.address),
        ("ui.contact_phone", &contact.phone),
        ("ui.contact_fax", &contact.fax),
        ("ui.contact_email", &contact.email),
        ("ui.contact_hours", &contact.hours),
        ("ui.contact_postcode", &contact.postcode),
    ];
    lines
        .into_iter()
        .filter_map(|(label, text)| Some(Fact { label: portal.word(label).to_string(), text: text.clone()?, href: None, datetime: None }))
        .collect()
}

fn json_ld(at: &At<'_>, body: &Body) -> Html {
    let portal = at.portal;
    let mut value = serde_json::json!({ "@context": "https://schema.org", "@type": "GovernmentOrganization", "name": body.title });
    if let Some(url) = portal.full(&at.address) {
        value["url"] = url.into();
    }
    if let Some(parent) = body.parent {
        value["parentOrganization"] = serde_json::json!({ "@type": "GovernmentOrganization", "name": portal.body(parent).title });
    }
    json_ld_of(&value)
}
