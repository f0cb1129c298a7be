//! One report: its year in a sentence, its figures, its text, and the ways on.

use super::{DossierText, Making, json};
use crate::analyze::{CellState, Change, links};
use crate::diag::Finding;
use crate::model::{Breakdown, FigureKey, Heading, Origin, Reading, ReportId};
use crate::plan::Page;
use crate::render::ReportText;
use crate::render::chart::sparkline;
use crate::render::cite;
use crate::render::portal::{At, Portal};
use crate::render::prose::{self, Setting, Statutory, Way};
use crate::render::view::{Entry, Fact, Headline, Html, Link, MatrixRow, MetaTag, ReportView, TocLine, Value};
use crate::text::citations::Found;
use std::collections::BTreeSet;

/// Brothers and sisters of the same year that are listed one by one; beyond, the year page lists them.
const ELSEWHERE: usize = 30;
/// Headline figures above the text; the others stand in its tables.
const HEADLINES: usize = 4;
/// Changes shown before the pair page has to be opened.
const CHANGES: usize = 8;

pub(super) fn report(portal: &Portal<'_>, dossier: &DossierText<'_>, place: usize, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let text = &dossier.reports[place];
    let before = place.checked_sub(1).map(|place| &dossier.reports[place]);
    let after = dossier.reports.get(place + 1);
    let view = view(&at, text, before, after);
    let description = view.answer.join("");
    let mut frame = at.frame("report", &view.title, &description, at.crumbs_to(dossier.body), "reports");
    frame.feed = Some(Link { href: at.to(&feed_of(portal, dossier.body)), text: portal.body(dossier.body).title.clone() });
    let report = &text.report;
    let published = report.date.map(|date| date.to_string());
    let source = report.issuer.clone().unwrap_or_else(|| portal.body(dossier.body).title.clone());
    let keywords = format!("{},{},{}", portal.word("ui.column_type"), portal.body(dossier.body).title, report.id.year);
    let article = [("PubDate", published), ("ContentSource", Some(source)), ("Keywords", Some(keywords)), ("Description", Some(view.answer.join("")))];
    frame.tags.extend(article.into_iter().filter_map(|(name, content)| Some(MetaTag { name, content: content? })));
    frame.json_ld = Some(json_ld(&at, text));
    frame.cite = Some(cite::report(&at, report));
    to.file(format!("{}index.json", at.address), json::report(portal, text));
    to.page(&at, &frame, &view)
}

pub(super) fn feed_of(portal: &Portal<'_>, body: crate::model::BodyId) -> String {
    let path = &portal.body(body).path;
    if path.is_empty() { "atom.xml".to_string() } else { format!("{path}/atom.xml") }
}

fn view(at: &At<'_>, text: &ReportText<'_>, before: Option<&ReportText<'_>>, after: Option<&ReportText<'_>>) -> ReportView {
    let portal = at.portal;
    let report = &text.report;
    let id = report.id;
    let csv = at.to(&figures_of(portal, id));
    let year_link = |other: Option<&ReportText<'_>>| {
        other.and_then(|other| at.link(&Page::Report(other.report.id), portal.strings.fill("word.year", &[("year", &other.report.id.year.to_string())])))
    };
    ReportView {
        title: report.title.clone(),
        heading: pieces(&report.title),
        answer: answer(at, text, before),
        provenance: provenance(at, text),
        headlines: headlines(at, text, before),
        changes: before.map(|before| changes(at, text, before)).unwrap_or_default(),
        notice: after.is_none().then(|| at.link(&Page::Notice(id.body), portal.word("ui.notice"))).flatten(),
        pair: before.and_then(|before| {
            let years = [("older", before.report.id.year.to_string()), ("newer", id.year.to_string())];
            at.link(
                &Page::Pair(id.body, before.report.id.year, id.year),
                portal.strings.fill("sentence.pair_link", &years.each_ref().map(|(key, year)| (*key, year.as_str()))),
            )
        }),
        stated: stated(at, text),
        toc: toc(&report.headings),
        body: body(at, text, &csv),
        documents: documents(at, text),
        backlinks: backlinks(at, id),
        attachments: report.attachments.iter().map(|name| Link { href: at.to(&format!("{}{}", at.address, encoded(name))), text: name.clone() }).collect(),
        previous: year_link(before),
        next: year_link(after),
        elsewhere: elsewhere(at, id),
        findings: super::quality::of_report(portal, report),
        revisions: report
            .revisions
            .iter()
            .map(|revision| portal.strings.fill("sentence.revised", &[("date", &portal.date(revision.date)), ("reason", &revision.reason)]))
            .collect(),
        remarks: remarks(at, text, before),
        details: details(at, text),
        imprint: imprint(at, text),
        downloads: vec![Link { href: csv, text: "CSV".into() }, Link { href: at.to(&format!("{}index.json", at.address)), text: "JSON".into() }],
    }
}

/// A title in two pieces, the first up to its year: 云溪镇2024年 and 政府信息公开工作年度报告, each whole on a line of its own.
pub(super) fn pieces(title: &str) -> Vec<String> {
    let year = title.match_indices('年').map(|(at, _)| at).find(|at| title[..*at].bytes().rev().take_while(u8::is_ascii_digit).count() == 4);
    let (first, rest) = title.split_at(year.map_or(0, |at| at + '年'.len_utf8()));
    [first, rest].into_iter().filter(|piece| !piece.is_empty()).map(str::to_string).collect()
}

fn figures_of(portal: &Portal<'_>, id: ReportId) -> String {
    let path = &portal.body(id.body).path;
    if path.is_empty() { "figures.csv".to_string() } else { format!("{path}/figures.csv") }
}

fn cell<'r>(portal: &Portal<'_>, text: &'r ReportText<'_>, indicator: crate::model::IndicatorId) -> CellState<'r> {
    CellState::of(FigureKey::total(indicator), &text.report.figures, portal.form(text.report.form), portal.registry.forms())
}

/// 主动公开312条，比2023年增25；新收申请4件，增2；办结4件，结转下年0件。
pub(super) fn answer(at: &At<'_>, text: &ReportText<'_>, before: Option<&ReportText<'_>>) -> Vec<String> {
    let portal = at.portal;
    let strings = portal.strings;
    let mut pieces = Vec::new();
    // The year compared with is said once.
    let mut year_said = false;
    for indicator in portal.headlines() {
        if pieces.len() == 3 {
            break;
        }
        let now = cell(portal, text, indicator.id);
        let CellState::Figure(figure) = now else { continue };
        if figure.reading.amount().is_none() {
            continue;
        }
        let value = portal.reading(figure);
        let unit = portal.unit(indicator.id).unwrap_or_default();
        let mut piece = strings.fill("sentence.figure", &[("name", portal.short(indicator.id)), ("value", &value.text), ("unit", &unit)]);
        if let Some(before) = before {
            let year = before.report.id.year.to_string();
            let change = Change::between((cell(portal, before, indicator.id), before.report.form), (now, text.report.form));
            let said = match change {
                Change::Rise(n, _) => Some((["sentence.more_than", "sentence.more"], n.grouped())),
                Change::Fall(n, _) => Some((["sentence.less_than", "sentence.less"], n.grouped())),
                Change::Same => Some((["sentence.same_as", "sentence.same"], String::new())),
                Change::Break | Change::None => None,
            };
            if let Some(([first, later], n)) = said {
                piece.push_str(&strings.fill(if year_said { later } else { first }, &[("year", &year), ("n", &n)]));
                year_said = true;
            }
        }
        pieces.push(piece);
    }
    if pieces.is_empty() {
        return vec![portal.word("sentence.no_figures").to_string()];
    }
    vec![format!("{}{}", pieces.join(portal.word("sentence.semicolon")), portal.word("sentence.stop"))]
}

/// Date, number, original, corrections: the same order on every report.
fn provenance(at: &At<'_>, text: &ReportText<'_>) -> Vec<Fact> {
    let portal = at.portal;
    let report = &text.report;
    let strings = portal.strings;
    let filing = portal.filing_word(portal.filing(report.id.body, report.id.year));
    let mut facts = vec![match report.date {
        Some(date) => Fact {
            text: strings.fill("sentence.published_on", &[("date", &portal.date(date)), ("filing", &filing)]),
            datetime: Some(date.to_string()),
            ..Fact::default()
        },
        None => Fact { text: portal.word("sentence.published_undated").to_string(), ..Fact::default() },
    }];
    facts.extend(report.number.clone().map(|text| Fact { text, ..Fact::default() }));
    let source = report.source.clone().filter(|source| matches!(links::resolve(source, ""), links::Target::External));
    facts.push(match source {
        Some(source) => Fact { text: strings.fill("sentence.original_at", &[("host", &host(&source))]), href: Some(source), ..Fact::default() },
        None if !report.attachments.is_empty() => Fact { text: portal.word("ui.original").to_string(), href: Some("#attachments".into()), ..Fact::default() },
        None => Fact { text: portal.word("sentence.no_original").to_string(), ..Fact::default() },
    });
    facts.push(match report.revisions.len() {
        0 => Fact { text: portal.word("sentence.never_corrected").to_string(), ..Fact::default() },
        count => Fact {
            text: strings.fill("sentence.corrected_times", &[("n", &count.to_string())]),
            href: at.page(&Page::Corrections(1)).map(|_| "#revision-1".to_string()),
            ..Fact::default()
        },
    });
    facts
}

/// What proves where the page comes from, folded at its end.
fn details(at: &At<'_>, text: &ReportText<'_>) -> Vec<Fact> {
    let portal = at.portal;
    let report = &text.report;
    let mut facts = Vec::new();
    let mut add = |label: &str, text: Option<String>| facts.extend(text.map(|text| Fact { label: portal.word(label).to_string(), text, ..Fact::default() }));
    add("ui.issuer", report.issuer.clone());
    add("ui.number", report.number.clone());
    add("ui.signed", report.signed.map(|day| portal.date(day)));
    add("ui.published", report.date.map(|day| portal.date(day)));
    add("ui.period", report.period.map(|period| format!("{}—{}", portal.date(period.from), portal.date(period.to))));
    add("ui.form", Some(portal.edition(report.form)));
    add("ui.revision", Some(report.revisions.len().to_string()));
    add("ui.digest", Some(short_digest(&report.digest)));
    facts
}

/// First 12 digits of a digest, as printed sheets carry it.
pub(super) fn short_digest(digest: &str) -> String {
    digest.strip_prefix("sha256:").unwrap_or(digest).chars().take(12).collect()
}

/// The foot of a printed copy.
pub(super) fn imprint(at: &At<'_>, text: &ReportText<'_>) -> Vec<String> {
    let portal = at.portal;
    let report = &text.report;
    let address = Page::Report(report.id).address(portal.tree, portal.registry);
    let mut lines = vec![portal.word("sentence.printed_copy").to_string()];
    lines.push(match portal.full(&address) {
        Some(full) => portal.strings.fill("sentence.printed_from", &[("address", &full)]),
        None => portal.word("sentence.printed_from_unknown").to_string(),
    });
    let published = report.date.map_or_else(|| portal.word("word.no_date").to_string(), |day| portal.date(day));
    let revision = report.revisions.len().to_string();
    lines.push(portal.strings.fill("sentence.printed_state", &[("date", &published), ("n", &revision), ("digest", &short_digest(&report.digest))]));
    lines
}

/// The host of an address, which is what a reader can judge.
fn host(url: &str) -> String {
    url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or(url).to_string()
}

pub(super) fn headlines(at: &At<'_>, text: &ReportText<'_>, before: Option<&ReportText<'_>>) -> Vec<Headline> {
    let portal = at.portal;
    let stated = portal.headlines().filter_map(|indicator| {
        let now = cell(portal, text, indicator.id);
        let CellState::Figure(figure) = now else { return None };
        let mut value = portal.reading(figure);
        value.unit = portal.unit(indicator.id);
        value.href = Some(at.row(text.report.id, indicator.id));
        if let Some(before) = before {
            value.change = portal.change(Change::between((cell(portal, before, indicator.id), before.report.form), (now, text.report.form)));
        }
        Some(Headline {
            text: portal.short(indicator.id).to_string(),
            term: at.explained(indicator.id),
            value,
            spark: sparkline(&portal.points(text.report.id.body, indicator.id)),
        })
    });
    stated.take(HEADLINES).collect()
}

/// The largest changes since the report before, largest share of the greater number first.
fn changes(at: &At<'_>, text: &ReportText<'_>, before: &ReportText<'_>) -> Vec<MatrixRow> {
    let portal = at.portal;
    let mut rows: Vec<(f64, MatrixRow)> = Vec::new();
    let mut indicators: Vec<_> =
        text.report.figures.iter().filter(|figure| figure.key.breakdown == Breakdown::TOTAL).map(|figure| figure.key.indicator).collect();
    indicators.dedup();
    for indicator in indicators {
        let (then, now) = (cell(portal, before, indicator), cell(portal, text, indicator));
        let change = Change::between((then, before.report.form), (now, text.report.form));
        let (Change::Rise(..) | Change::Fall(..), CellState::Figure(old), CellState::Figure(new)) = (change, then, now) else { continue };
        let (Some(a), Some(b)) = (old.reading.amount(), new.reading.amount()) else { continue };
        let share = (b.coordinate() - a.coordinate()).abs() / a.coordinate().abs().max(b.coordinate().abs()).max(1.0);
        // A small base weighs little: 1 to 2 is no news.
        let weight = share * a.coordinate().abs().max(b.coordinate().abs()).sqrt();
        let mut older = portal.reading(old);
        older.href = Some(at.row(before.report.id, indicator));
        let mut newer = portal.reading(new);
        newer.href = Some(format!("#{}", portal.indicator(indicator).key));
        newer.change = portal.change(change);
        rows.push((
            weight,
            MatrixRow { text: portal.name(indicator).to_string(), unit: portal.unit(indicator), cells: vec![older, newer], ..MatrixRow::default() },
        ));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.into_iter().take(CHANGES).map(|(_, row)| row).collect()
}

/// Figures that no table of the report states, each with its anchor.
fn stated(at: &At<'_>, text: &ReportText<'_>) -> Vec<MatrixRow> {
    let portal = at.portal;
    let figures = &text.report.figures;
    let in_tables: BTreeSet<_> = figures.iter().filter(|figure| figure.origin != Origin::FrontMatter).map(|figure| figure.key.indicator).collect();
    let mut used = BTreeSet::new();
    let rows = figures.iter().filter(|figure| figure.origin == Origin::FrontMatter).map(|figure| {
        let indicator = figure.key.indicator;
        let (key, zh, en) = portal.registry.breakdown_name(figure.key.breakdown);
        let mut name = portal.name(indicator).to_string();
        if key != "total" {
            name = format!("{name} · {}", if portal.english() { en } else { zh });
        }
        let anchor = !in_tables.contains(&indicator) && used.insert(indicator);
        let id = anchor.then(|| portal.indicator(indicator).key.clone());
        MatrixRow { id, text: name, href: at.explained(indicator), unit: portal.unit(indicator), cells: vec![portal.reading(figure)], ..MatrixRow::default() }
    });
    rows.collect()
}

fn toc(headings: &[Heading]) -> Vec<TocLine> {
    let top = headings.iter().map(|heading| usize::from(heading.level)).min().unwrap_or(2);
    let level = |heading: &Heading| prose::drawn_level(heading.level.into(), top) as u8;
    let lines = headings.iter().map(|heading| TocLine { href: format!("#{}", heading.anchor), text: heading.title.clone(), level: level(heading) });
    lines.filter(|line| line.level <= 3).collect()
}

fn body(at: &At<'_>, text: &ReportText<'_>, csv: &str) -> Html {
    let portal = at.portal;
    let report = &text.report;
    let county = portal.tree.county_of(report.id.body).map_or("", |county| county.path.as_str());
    let start = report.text_start as u32;
    let glossary = at.page(&Page::Glossary).unwrap_or_default();
    let marks: Vec<(u32, usize)> =
        super::quality::marks(portal, report).into_iter().filter_map(|(at, number)| Some((at.checked_sub(start)?, number))).collect();
    let setting = Setting {
        strings: portal.strings,
        anchors: report.headings.iter().map(|heading| heading.anchor.as_str()).collect(),
        way: &|target| way(at, target),
        document: &|found: &Found| document_href(at, found, county),
        marks: &marks,
        statutory: Some(Statutory { report, form: portal.form(report.form), registry: portal.registry, english: portal.english(), csv, glossary: &glossary }),
    };
    prose::html(&text.document, &setting)
}

/// Where a link on a page leads.
pub(super) fn way(at: &At<'_>, target: &str) -> Way {
    match links::resolve(target, at.address.trim_end_matches('/')) {
        links::Target::External => Way::Outside(target.trim().to_string()),
        links::Target::Refused => Way::Nowhere,
        links::Target::Internal { path, anchor } => {
            let file = at.portal.has_file(&path);
            if !file && !at.portal.has_address(&path) {
                return Way::Nowhere;
            }
            let path = if file { path.split('/').map(encoded).collect::<Vec<_>>().join("/") } else { path };
            Way::Href(at.to(&anchor.map_or(path.clone(), |anchor| format!("{path}#{anchor}"))))
        }
    }
}

fn document_href(at: &At<'_>, found: &Found, county: &str) -> Option<String> {
    let citation = crate::model::Citation { title: found.title.clone(), number: found.number.clone(), span: Default::default() };
    let id = links::document_id(&citation, county);
    at.page(&Page::Document(id, 1))
}

/// A file name as part of an address.
pub(super) fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    name.bytes().map(|byte| if plain(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn documents(at: &At<'_>, text: &ReportText<'_>) -> Vec<Link> {
    let portal = at.portal;
    let county = portal.tree.county_of(text.report.id.body).map_or("", |county| county.path.as_str());
    let mut seen = BTreeSet::new();
    let ids = text.report.citations.iter().map(|citation| links::document_id(citation, county));
    let known = ids.filter_map(|id| Some((portal.document(&id)?, id)));
    known.filter(|(_, id)| seen.insert(id.clone())).filter_map(|(entry, id)| at.link(&Page::Document(id, 1), entry.name())).collect()
}

fn backlinks(at: &At<'_>, id: ReportId) -> Vec<Link> {
    let portal = at.portal;
    let own = at.address.trim_matches('/');
    let from = portal.backlinks(own).filter(|report| *report != id);
    from.filter_map(|report| at.link(&Page::Report(report), report_name(portal, report))).collect()
}

/// 云溪镇2024年
pub(super) fn report_name(portal: &Portal<'_>, id: ReportId) -> String {
    let body = portal.body(id.body);
    portal.strings.fill("word.report_of", &[("body", body.title_in(id.year)), ("year", &id.year.to_string())])
}

/// The same year of the bodies beside this one.
fn elsewhere(at: &At<'_>, id: ReportId) -> Vec<Link> {
    let portal = at.portal;
    let Some(parent) = portal.body(id.body).parent else { return Vec::new() };
    let text = portal.strings.fill("sentence.year_elsewhere", &[("year", &id.year.to_string())]);
    let mut all: Vec<Link> = at.link(&Page::Year(parent, id.year, 1), text).into_iter().collect();
    let siblings = &portal.body(parent).children;
    if siblings.len() <= ELSEWHERE {
        let filed = siblings.iter().filter(|sibling| **sibling != id.body && portal.filed_of(**sibling).published_in(id.year).is_some());
        all.extend(filed.filter_map(|&body| at.link(&Page::Report(ReportId { body, year: id.year }), portal.body(body).title_in(id.year))));
    }
    all
}

fn remarks(at: &At<'_>, text: &ReportText<'_>, before: Option<&ReportText<'_>>) -> Vec<Fact> {
    let portal = at.portal;
    let strings = portal.strings;
    let report = &text.report;
    let body = portal.body(report.id.body);
    let mut remarks = Vec::new();
    let mut add = |text: String, href: Option<String>| remarks.push(Fact { text, href, ..Fact::default() });
    if report.draft {
        add(strings.get("sentence.draft").to_string(), None);
    }
    if body.title_in(report.id.year) != body.title {
        add(strings.fill("sentence.then_called", &[("name", body.title_in(report.id.year))]), None);
    }
    if let Some(before) = before {
        if before.report.id.year.next() != report.id.year {
            let (from, to) = (before.report.id.year.next().to_string(), report.id.year.previous().to_string());
            let key = if from == to { "sentence.gap_before_one" } else { "sentence.gap_before" };
            add(strings.fill(key, &[("from", &from), ("to", &to)]), None);
        }
        if before.report.form != report.form {
            let (old, new) = (portal.edition(before.report.form), portal.edition(report.form));
            add(strings.fill("sentence.form_changed", &[("old", &old), ("new", &new)]), at.term("break"));
        }
    }
    let blank = report.figures.iter().filter(|figure| figure.reading == Reading::Blank).count();
    if blank > 0 {
        add(strings.fill("sentence.blank_cells", &[("n", &blank.to_string())]), at.term("blank"));
    }
    let open = super::quality::of_report(portal, report).iter().filter(|finding| finding.reason.is_none()).count();
    if open > 0 {
        add(strings.fill("sentence.findings_below", &[("n", &open.to_string())]), Some("#findings".into()));
    }
    remarks
}

fn json_ld(at: &At<'_>, text: &ReportText<'_>) -> Html {
    let portal = at.portal;
    let report = &text.report;
    let body = portal.body(report.id.body);
    let publisher = serde_json::json!({ "@type": "GovernmentOrganization", "name": report.issuer.as_deref().unwrap_or(&body.title) });
    let mut value = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Report",
        "name": report.title,
        "inLanguage": if portal.english() { "en" } else { "zh-Hans" },
        "temporalCoverage": report.id.year.to_string(),
        "publisher": publisher,
    });
    let mut add = |key: &str, text: Option<String>| {
        if let Some(text) = text {
            value[key] = text.into();
        }
    };
    add("datePublished", report.date.map(|day| day.to_string()));
    add("reportNumber", report.number.clone());
    add("isBasedOn", report.source.clone());
    add("url", portal.full(&at.address));
    json_ld_of(&value)
}

/// JSON-LD that cannot end its own element.
pub(super) fn json_ld_of(value: &serde_json::Value) -> Html {
    Html::trusted(value.to_string().replace('<', "\\u003c"))
}

/// An entry that leads to a report: name, date, first words.
pub(super) fn entry(at: &At<'_>, id: ReportId) -> Option<Entry> {
    let portal = at.portal;
    let facts = portal.filed_of(id.body).published_in(id.year)?;
    Some(Entry { link: at.link(&Page::Report(id), report_name(portal, id))?, date: facts.date.map(|day| portal.day(day)), ..Entry::default() })
}

/// A value that says nothing was stated.
pub(super) fn nothing() -> Value {
    Value { kind: "unstated", ..Value::default() }
}
