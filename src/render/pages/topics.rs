//! One statutory section across bodies: what each wrote last, and the years before.

use super::Making;
use super::report::report_name;
use crate::analyze::FiledReport;
use crate::diag::Finding;
use crate::model::BodyId;
use crate::plan::{PAGE_OF_BODIES, Page};
use crate::render::portal::{Portal, slice};
use crate::render::view::{Entry, ListGroup, ListView};

/// Years before the newest that are linked beside an excerpt.
const OTHER_YEARS: usize = 30;

pub(super) fn topics(portal: &Portal<'_>, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let entries = portal.topics().iter().filter_map(|section| {
        let link = at.link(&Page::Topic(section.clone(), 1), section_title(portal, section))?;
        let count = portal.bodies_with(section).len().to_string();
        Some(Entry { link, sub: Some(portal.strings.fill("sentence.topic_bodies", &[("n", &count)])), ..Entry::default() })
    });
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let view = ListView {
        title: portal.word("sentence.topics_title").to_string(),
        answer: vec![portal.word("sentence.topics_answer").to_string()],
        groups: vec![ListGroup { entries: entries.collect(), ..ListGroup::default() }],
        ..ListView::default()
    };
    let frame = at.frame("list", &view.title, &view.answer.join(""), at.crumbs_to(root), "topics");
    to.page(&at, &frame, &view)
}

/// Title of a section in the newest form that has it.
pub(super) fn section_title(portal: &Portal<'_>, section: &str) -> String {
    let found = portal.registry.forms().iter().rev().flat_map(|form| &form.sections).find(|known| known.id == section);
    found.map_or_else(|| section.to_string(), |known| if portal.english() { known.title_en.clone() } else { known.title.clone() })
}

pub(super) fn topic(portal: &Portal<'_>, section: &str, number: usize, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let bodies = portal.bodies_with(section);
    let entries = slice(bodies, number, PAGE_OF_BODIES).iter().filter_map(|&body| {
        let with = portal.section_of(body, section);
        let (newest, text) = with.first()?;
        let href = |report: &FiledReport| at.to(&format!("{}#{section}", Page::Report(report.id).address(portal.tree, portal.registry)));
        let more = with[1..].iter().take(OTHER_YEARS).map(|(report, _)| crate::render::view::Link { href: href(report), text: report.id.year.to_string() });
        let link = crate::render::view::Link { href: href(newest), text: report_name(portal, newest.id) };
        Some(Entry { link, excerpt: Some(text.to_string()), more: more.collect(), ..Entry::default() })
    });
    let title = section_title(portal, section);
    let view = ListView {
        answer: vec![portal.strings.fill("sentence.topic_answer", &[("title", &title), ("n", &bodies.len().to_string())])],
        groups: vec![ListGroup { entries: entries.collect(), ..ListGroup::default() }],
        pages: at.numbered(bodies.len().div_ceil(PAGE_OF_BODIES), number, |number| Page::Topic(section.to_string(), number)),
        title,
        ..ListView::default()
    };
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let mut crumbs = at.crumbs_to(root);
    crumbs.extend(at.link(&Page::Topics, portal.word("ui.nav_topics")));
    let frame = at.frame("list", &view.title, &view.answer.join(""), crumbs, "topics");
    to.page(&at, &frame, &view)
}
