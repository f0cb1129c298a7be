//! Home page and profile: every year, headline figures, the bodies below, the ways on.

use super::report::{entry, feed_of, json_ld_of, report_name, way};
use super::{DossierText, Making, json};
use crate::analyze::{Filing, ReportFacts, Tally};
use crate::diag::Finding;
use crate::model::{Body, BodyId, IndicatorId, ReportId, Year};
use crate::plan::{PAGE_OF_BODIES, Page};
use crate::render::chart::sparkline;
use crate::render::portal::{At, Portal};
use crate::render::prose::{self, Setting};
use crate::render::view::{BodyView, ChildRow, Door, Entry, Fact, Headline, Html, Link, MatrixColumn, MatrixRow, ResultsView, Value};

/// Newest reports on a profile.
const NEWEST: usize = 6;
/// Gaps that are listed one by one; all of them stand on the filing page.
const GAPS: usize = 6;
/// Places that a way on names before it is followed.
const PLACES: usize = 6;
/// Marks that the home page explains itself.
const MARKS: [&str; 6] = ["blank", "zero", "unstated", "missing", "break", "of-how-many"];

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
        text: portal.short(*indicator).to_string(),
        unit: portal.unit(*indicator),
        href: at.page(&Page::Indicator(body.id, *indicator, 1)),
        ..MatrixColumn::default()
    };
    let root = body.parent.is_none();
    let (children, ended): (Vec<BodyId>, Vec<BodyId>) = body.children.iter().partition(|child| child_year.is_none_or(|year| has_row(portal, **child, year)));
    BodyView {
        root,
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
        children: children.iter().take(PAGE_OF_BODIES).map(|child| child_row(at, *child, &columns, child_year)).collect(),
        ended: ended.iter().take(PAGE_OF_BODIES).map(|child| ended_row(at, *child)).collect(),
        child_sum: child_year.and_then(|year| child_sum(at, body, &columns, year)),
        results: super::results::results(at, body.id).map(|found| ResultsView { chart: found.chart, matrix: found.matrix }),
        newest: if body.children.is_empty() { Vec::new() } else { newest_reports(at, body) },
        gaps: if body.children.is_empty() { Vec::new() } else { gaps(at, body) },
        gaps_more: at.link(&Page::Filing(1), portal.word("ui.nav_filing")),
        doors: doors(at, body),
        reading: if root { reading(at) } else { Vec::new() },
        contact: contact(portal, body),
        downloads,
    }
}

/// Whether a body stands in the table of a year: it has to file for it, or did all the same.
fn has_row(portal: &Portal<'_>, child: BodyId, year: Year) -> bool {
    portal.body(child).exists_at_end_of(year) || portal.filed_of(child).published_in(year).is_some()
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
    portal.years_below(body.id).last().copied()
}

/// The first three headline indicators that children state in a year.
fn child_columns(portal: &Portal<'_>, body: &Body, year: Year) -> Vec<IndicatorId> {
    portal.headlines().map(|indicator| indicator.id).filter(|indicator| portal.sum_below(body.id, year, *indicator).is_some()).take(3).collect()
}

fn answer(at: &At<'_>, body: &Body, child_year: Option<Year>) -> Vec<String> {
    let portal = at.portal;
    let strings = portal.strings;
    let facts = portal.facts_of(body.id);
    let mut answer = Vec::new();
    // Who looks for a township asks of the bodies below first; a body's own reports follow.
    let tally = child_year.map(|year| tally_sentence(portal, body.id, year));
    if body.parent.is_none() {
        answer.extend(tally.clone());
    }
    let years = portal.years(body.id);
    let filed = facts.published().count();
    if filed > 0 {
        let missing: Vec<String> = years.iter().filter(|year| portal.filing(body.id, **year) == Filing::Missing).map(|year| year.to_string()).collect();
        let count = filed.to_string();
        let name = if body.children.is_empty() { String::new() } else { strings.fill("sentence.own_prefix", &[("body", &body.title)]) };
        answer.push(if missing.is_empty() {
            strings.fill("sentence.published_all", &[("body", &name), ("n", &count)])
        } else {
            strings.fill("sentence.published_but", &[("body", &name), ("n", &count), ("years", &portal.joined(&missing)), ("m", &missing.len().to_string())])
        });
        if let Some(last) = facts.published().next_back() {
            let year = last.id.year.to_string();
            let filing = portal.filing_word(portal.filing(body.id, last.id.year));
            answer.push(match last.date {
                Some(date) => strings.fill("sentence.latest", &[("year", &year), ("date", &portal.date(date)), ("filing", &filing)]),
                None => strings.fill("sentence.latest_undated", &[("year", &year)]),
            });
        }
    }
    if body.parent.is_some() {
        answer.extend(tally);
    }
    if let Some(successor) = body.succeeded_by {
        answer.push(
            strings.fill("sentence.succeeded", &[("date", &body.until.map_or(String::new(), |day| portal.date(day))), ("name", &portal.body(successor).title)]),
        );
    }
    if answer.is_empty() {
        answer.push(strings.get("sentence.no_reports").to_string());
    }
    answer
}

/// 2024年应提交21份：按时18份，逾期2份，未见报告1份。
pub(super) fn tally_sentence(portal: &Portal<'_>, parent: BodyId, year: Year) -> String {
    tally_words(portal, portal.filed_below(parent, year), year)
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
        add("ui.former_name", portal.strings.fill("sentence.former_name", &[("name", &name.title), ("until", &portal.date(name.until))]), None);
    }
    if let Some(since) = body.since {
        add("ui.since", portal.date(since), None);
    }
    if let Some(until) = body.until {
        add("ui.until", portal.date(until), None);
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
        Some(Headline {
            text: portal.short(indicator.id).to_string(),
            term: at.explained(indicator.id),
            value,
            spark: sparkline(&portal.points(report.id.body, indicator.id)),
        })
    });
    stated.take(4).collect()
}

fn child_row(at: &At<'_>, child: BodyId, columns: &[IndicatorId], year: Option<Year>) -> ChildRow {
    let portal = at.portal;
    let body = portal.body(child);
    let facts = portal.facts_of(child);
    let former: Vec<String> = body.former_names.iter().map(|name| name.title.clone()).collect();
    let sub = (!former.is_empty()).then(|| portal.strings.fill("sentence.formerly", &[("names", &portal.joined(&former))]));
    let report = year.and_then(|year| facts.published_in(year));
    let before = report.and_then(|report| portal.before(child, report.id.year));
    let values = columns.iter().enumerate().map(|(place, indicator)| match (report, year) {
        (Some(report), _) => at.value(report, *indicator, before),
        // A province that only groups counties has no report of its own; its children's sum stands on its page.
        (None, Some(year)) if facts.reports.is_empty() => match portal.sum_of(child, year, *indicator).and_then(|sum| sum.amount) {
            Some(amount) => Value {
                kind: if amount.is_zero() { "zero" } else { "number" },
                text: amount.grouped(),
                href: at.page(&Page::Year(child, year, 1)),
                note: Some(portal.word("word.sum").into()),
                ..Value::default()
            },
            None => Value { kind: "missing", ..Value::default() },
        },
        // Said once, across the row.
        (None, Some(year)) => Value { span: Some(if place == 0 { columns.len() } else { 0 }), ..portal.no_report_said(portal.filing(child, year)) },
        (None, None) => Value::default(),
    });
    let filing = match year {
        Some(year) if !facts.reports.is_empty() => at.year_mark(child, year),
        _ => Default::default(),
    };
    let spark = columns.first().and_then(|indicator| sparkline(&portal.points(child, *indicator)));
    ChildRow { link: at.body_link(child), sub, values: values.filter(|value| value.span != Some(0)).collect(), spark, filing }
}

fn child_sum(at: &At<'_>, body: &Body, columns: &[IndicatorId], year: Year) -> Option<MatrixRow> {
    let portal = at.portal;
    let expected = portal.filed_below(body.id, year).expected();
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
    match at.portal.sum_below(parent, year, indicator) {
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
        all.extend(portal.filed_of(id).published().rev().take(NEWEST).filter_map(|report| Some((report.date?, report.id))));
    }
    all.sort_by(|a, b| b.cmp(a));
    all.truncate(NEWEST);
    all.into_iter().filter_map(|(_, id)| entry(at, id)).collect()
}

/// Years for which a body below, or the body itself, has no published report though one was due.
fn gaps(at: &At<'_>, body: &Body) -> Vec<Entry> {
    let portal = at.portal;
    let mut all: Vec<(Year, BodyId, Filing)> = Vec::new();
    for id in std::iter::once(body.id).chain(body.children.iter().copied()) {
        let years = portal.years(id).into_iter();
        all.extend(years.map(|year| (year, id, portal.filing(id, year))).filter(|(.., filing)| matches!(filing, Filing::Missing | Filing::Held)));
    }
    all.sort_by_key(|(year, id, _)| (std::cmp::Reverse(*year), *id));
    let entry = |(year, id, filing): (Year, BodyId, Filing)| Entry {
        link: Link { href: at.body_link(id).href, text: report_name(portal, ReportId { body: id, year }) },
        sub: Some(portal.filing_word(filing)),
        ..Entry::default()
    };
    all.into_iter().take(GAPS).map(entry).collect()
}

/// A body that is no more: until when, and who came after it.
fn ended_row(at: &At<'_>, id: BodyId) -> Entry {
    let portal = at.portal;
    let body = portal.body(id);
    let successor = body.succeeded_by.map(|successor| portal.body(successor).title.as_str());
    let sub = match (body.until, successor) {
        (Some(until), Some(name)) => Some(portal.strings.fill("sentence.ended_into", &[("date", &portal.date(until)), ("name", name)])),
        (Some(until), None) => Some(portal.strings.fill("sentence.ended", &[("date", &portal.date(until))])),
        (None, _) => None,
    };
    Entry { link: at.body_link(id), sub, ..Entry::default() }
}

/// The ways on. Each names the first places behind it, so that most readers need one step and not two.
fn doors(at: &At<'_>, body: &Body) -> Vec<Door> {
    let portal = at.portal;
    let filed: Vec<Year> = portal.filed_of(body.id).published().map(|report| report.id.year).collect();
    let mut doors = Vec::new();
    let mut add = |page: Option<Page>, label: &str, text: &str, more: Vec<Link>| {
        if let Some(link) = page.and_then(|page| at.link(&page, portal.word(label))) {
            doors.push(Door { link, text: portal.word(text).to_string(), more });
        }
    };
    let pairs = filed.windows(2).rev().take(PLACES / 2).filter_map(|pair| {
        let years = [("older", pair[0].to_string()), ("newer", pair[1].to_string())];
        let text = portal.strings.fill("sentence.pair_years", &years.each_ref().map(|(key, year)| (*key, year.as_str())));
        at.link(&Page::Pair(body.id, pair[0], pair[1]), text)
    });
    let pair = filed.windows(2).last().map(|pair| Page::Pair(body.id, pair[0], pair[1]));
    let years = portal.years_below(body.id).iter().rev().take(PLACES);
    let years = years.filter_map(|year| at.link(&Page::Year(body.id, *year, 1), year.to_string()));
    let indicators = portal.headlines().filter_map(|indicator| at.link(&Page::Indicator(body.id, indicator.id, 1), portal.short(indicator.id))).take(PLACES);
    if body.parent.is_none() {
        let topics = portal.topics().iter().take(PLACES);
        let topics = topics.filter_map(|section| at.link(&Page::Topic(section.clone(), 1), super::topics::section_title(portal, section)));
        add(Some(Page::Years(body.id)), "ui.nav_years", "sentence.door_years", years.collect());
        add(Some(Page::Compare(body.id)), "ui.door_compare", "sentence.door_compare_own", pairs.collect());
        add(Some(Page::Topics), "ui.nav_topics", "sentence.door_topics", topics.collect());
        add(Some(Page::Indicators(body.id)), "ui.nav_indicators", "sentence.door_indicators", indicators.collect());
        add(Some(Page::Documents(1)), "ui.nav_documents", "sentence.door_documents", Vec::new());
        add(Some(Page::Filing(1)), "ui.nav_filing", "sentence.door_filing", Vec::new());
        add(Some(Page::Quality(1)), "ui.nav_quality", "sentence.door_quality", Vec::new());
        add(Some(Page::Corrections(1)), "ui.nav_corrections", "sentence.door_corrections", Vec::new());
        add(Some(Page::Data), "ui.nav_data", "sentence.door_data", Vec::new());
        add(Some(Page::SiteMap), "ui.foot_map", "sentence.door_bodies", Vec::new());
        add(Some(Page::Notice(body.id)), "ui.notice", "sentence.door_notice", Vec::new());
        return doors;
    }
    add(Some(Page::Compare(body.id)), "ui.door_compare", "sentence.door_compare", Vec::new());
    add(pair, "ui.door_pair", "sentence.door_pair", pairs.collect());
    add(Some(Page::Years(body.id)), "ui.nav_years", "sentence.door_years", years.collect());
    add(Some(Page::Indicators(body.id)), "ui.nav_indicators", "sentence.door_indicators", indicators.collect());
    add(Some(Page::Notice(body.id)), "ui.notice", "sentence.door_notice", Vec::new());
    doors
}

/// The marks that a reader meets first, in words.
fn reading(at: &At<'_>) -> Vec<Fact> {
    let portal = at.portal;
    let english = portal.english();
    let of = |entry: &crate::model::Explained| Fact {
        label: if english { entry.term_en.clone() } else { entry.term.clone() },
        text: if english { entry.text_en.clone() } else { entry.text.clone() },
        href: at.term(&entry.id),
        datetime: None,
    };
    MARKS.iter().filter_map(|id| portal.registry.glossary().marks.iter().find(|entry| entry.id == *id).map(of)).collect()
}

pub(super) fn contact(portal: &Portal<'_>, body: &Body) -> Vec<Fact> {
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
