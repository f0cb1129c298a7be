//! Open findings as residents may see them, by body; and those that the body has explained.
//!
//! Findings about private data, marks of secrecy and the site's own files are the clerk's alone: a page that named them would lead
//! readers to what must not be seen. Notes are left out.

use super::Making;
use crate::diag::Finding;
use crate::model::{Accept, BodyId, Report, Year};
use crate::plan::{PAGE_OF_BODIES, Page};
use crate::render::portal::{At, Portal, slice};
use crate::render::view::{Entry, Fact, FindingNote, Link, ListGroup, ListView};
use std::collections::{BTreeMap, HashMap};

/// Body and year of a content file that is on some page.
fn place(portal: &Portal<'_>, bodies: &HashMap<&str, BodyId>, file: &str) -> Option<(BodyId, Option<Year>)> {
    let path = file.strip_prefix("content/")?;
    let path = path.strip_suffix(".md")?;
    let path = path.strip_suffix("/index").unwrap_or(path);
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let body = *bodies.get(folder)?;
    match Year::from_digits(name) {
        Some(year) => portal.filed_of(body).published_in(year).map(|_| (body, Some(year))),
        None => (name == "_index").then_some((body, None)),
    }
}

/// A finding, the year of its report if it is about one, and what settles it.
type Said<'p> = (&'p Finding, Option<Year>, Option<&'p Accept>);

/// Public findings by body, in the order of the tree.
fn by_body<'p>(portal: &Portal<'p>) -> BTreeMap<BodyId, Vec<Said<'p>>> {
    let mut bodies: BTreeMap<BodyId, Vec<Said<'_>>> = BTreeMap::new();
    let addresses: HashMap<&str, BodyId> = portal.tree.iter().map(|body| (body.path.as_str(), body.id)).collect();
    let open = portal.findings().iter().map(|finding| (finding, None));
    let accepted = portal.accepted().iter().map(|(finding, accept)| (finding, Some(accept)));
    for (finding, accept) in open.chain(accepted).filter(|(finding, _)| finding.is_public()) {
        if let Some((body, year)) = place(portal, &addresses, &finding.diagnostic.file) {
            bodies.entry(body).or_default().push((finding, year, accept));
        }
    }
    for list in bodies.values_mut() {
        list.sort_by(|a, b| (b.1, a.2.is_some(), a.0.order()).cmp(&(a.1, b.2.is_some(), b.0.order())));
    }
    bodies
}

pub(super) fn quality(portal: &Portal<'_>, number: usize, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let strings = portal.strings;
    let bodies = by_body(portal);
    let all: Vec<BodyId> = bodies.keys().copied().collect();
    let open = bodies.values().flatten().filter(|(_, _, accept)| accept.is_none()).count();
    let explained = bodies.values().flatten().count() - open;
    let checked = portal.all_filed().iter().flat_map(|facts| facts.published()).count().to_string();
    let answer = if open + explained == 0 {
        vec![strings.fill("sentence.quality_none", &[("n", &checked)])]
    } else {
        let said = [("n", checked), ("open", open.to_string()), ("explained", explained.to_string())];
        let key = if open == 0 { "sentence.quality_explained" } else { "sentence.quality_answer" };
        vec![strings.fill(key, &said.each_ref().map(|(key, value)| (*key, value.as_str())))]
    };
    let groups = slice(&all, number, PAGE_OF_BODIES).iter().map(|body| {
        let entries = bodies[body].iter().map(|(finding, year, accept)| entry(&at, *body, finding, *year, *accept));
        ListGroup { title: portal.body(*body).title.clone(), entries: entries.collect(), ..ListGroup::default() }
    });
    let groups = groups.collect();
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let view = ListView {
        title: portal.word("sentence.quality_title").to_string(),
        answer: [answer, vec![portal.word("sentence.quality_note").to_string()]].concat(),
        facts: by_rule(portal, bodies.values().flatten().filter(|(_, _, accept)| accept.is_none()).map(|(finding, ..)| *finding)),
        groups,
        pages: at.numbered(all.len().div_ceil(PAGE_OF_BODIES), number, Page::Quality),
        ..ListView::default()
    };
    let frame = at.frame("list", &view.title, &view.answer.join(""), at.crumbs_to(root), "quality");
    to.page(&at, &frame, &view)
}

/// Open findings counted by rule, most first.
fn by_rule<'f>(portal: &Portal<'_>, findings: impl Iterator<Item = &'f Finding>) -> Vec<Fact> {
    let mut counts: BTreeMap<&str, (usize, &Finding)> = BTreeMap::new();
    for finding in findings {
        counts.entry(finding.diagnostic.rule.code).or_insert((0, finding)).0 += 1;
    }
    let mut counts: Vec<(usize, &Finding)> = counts.into_values().collect();
    counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.diagnostic.rule.code.cmp(b.1.diagnostic.rule.code)));
    let title = |finding: &Finding| if portal.english() { finding.diagnostic.rule.title_en } else { finding.diagnostic.rule.title };
    counts
        .into_iter()
        .map(|(count, finding)| Fact {
            label: title(finding).to_string(),
            text: portal.strings.fill("sentence.quality_count", &[("n", &count.to_string())]),
            ..Fact::default()
        })
        .collect()
}

fn entry(at: &At<'_>, body: BodyId, finding: &Finding, year: Option<Year>, accept: Option<&Accept>) -> Entry {
    let portal = at.portal;
    let page = match year {
        Some(year) => Page::Report(crate::model::ReportId { body, year }),
        None => Page::Body(body),
    };
    let text = year.map_or_else(|| portal.body(body).title.clone(), |year| portal.strings.fill("word.year", &[("year", &year.to_string())]));
    let anchor = if year.is_some() { "#findings" } else { "" };
    let href = at.to(&format!("{}{anchor}", page.address(portal.tree, portal.registry)));
    let excerpt = accept.map(|accept| portal.strings.fill("sentence.explained", &[("reason", &accept.reason)]));
    Entry { link: Link { href, text: message(portal, finding) }, sub: Some(text), excerpt, ..Entry::default() }
}

fn message(portal: &Portal<'_>, finding: &Finding) -> String {
    let language = if portal.english() { crate::diag::Language::En } else { crate::diag::Language::Zh };
    finding.diagnostic.message.in_language(language).to_string()
}

/// Public findings of a file, open ones first. Both lists are in order of file.
fn of_file<'p>(portal: &Portal<'p>, file: &str) -> impl Iterator<Item = (&'p Finding, Option<&'p Accept>)> {
    let (open, accepted) = portal.findings_in(file);
    let all = open.iter().map(|finding| (finding, None)).chain(accepted.iter().map(|(finding, accept)| (finding, Some(accept))));
    all.filter(|(finding, _)| finding.is_public())
}

/// Findings of one report, open ones first, each with the place on the page that it concerns.
pub(super) fn of_report(portal: &Portal<'_>, report: &Report) -> Vec<FindingNote> {
    of_file(portal, &report.file)
        .map(|(finding, accept)| {
            let diagnostic = &finding.diagnostic;
            let figure = diagnostic.span.and_then(|span| report.figures.iter().find(|figure| figure.span == span));
            let heading = || {
                let span = diagnostic.span.filter(|span| span.start as usize >= report.text_start)?;
                report.headings.iter().rev().find(|heading| heading.span.start <= span.start).map(|heading| heading.anchor.clone())
            };
            let anchor = figure.map(|figure| portal.indicator(figure.key.indicator).key.clone()).or_else(heading);
            FindingNote {
                text: message(portal, finding),
                href: anchor.map(|anchor| format!("#{anchor}")),
                law: diagnostic.law().map(str::to_string),
                reason: accept.map(|accept| accept.reason.clone()),
                by: accept.and_then(|accept| accept.by.clone()),
            }
        })
        .collect()
}

/// What the check says of text or figures a report shares with an earlier one of the same body.
pub(super) fn reuse_between(portal: &Portal<'_>, older: &Report, newer: &Report) -> Vec<String> {
    of_file(portal, &newer.file)
        .filter(|(finding, _)| finding.diagnostic.rule.family() == "reuse" && finding.diagnostic.related.iter().any(|related| related.file == older.file))
        .map(|(finding, _)| message(portal, finding))
        .collect()
}

/// Where the findings of a report stand in its file, each with its number in the list.
pub(super) fn marks(portal: &Portal<'_>, report: &Report) -> Vec<(u32, usize)> {
    of_file(portal, &report.file).enumerate().filter_map(|(place, (finding, _))| Some((finding.diagnostic.span?.start, place + 1))).collect()
}
