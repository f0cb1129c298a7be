//! Every change to a report after its publication, newest first.

use super::Making;
use super::report::report_name;
use crate::analyze::{Filed, FiledReport};
use crate::diag::Finding;
use crate::model::{BodyId, Revision};
use crate::plan::{PAGE_OF_DOCUMENTS, Page};
use crate::render::portal::{At, Portal, slice};
use crate::render::view::{Entry, Link, ListGroup, ListView};

pub(super) fn corrections(portal: &Portal<'_>, number: usize, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let reports: Vec<&FiledReport> = portal.all_filed().iter().flat_map(Filed::published).collect();
    let mut all: Vec<(&Revision, &FiledReport)> = reports.iter().flat_map(|&report| report.revisions.iter().map(move |revision| (revision, report))).collect();
    all.sort_by_key(|(revision, report)| (std::cmp::Reverse((revision.date, revision.no)), report.id));
    let title = portal.word("sentence.corrections_title").to_string();
    let mut groups: Vec<ListGroup> = Vec::new();
    for (revision, report) in slice(&all, number, PAGE_OF_DOCUMENTS) {
        let year = portal.strings.fill("word.year", &[("year", &revision.date.year().to_string())]);
        let entry = entry(&at, revision, report);
        match groups.last_mut().filter(|group| group.title == year) {
            Some(group) => group.entries.push(entry),
            None => groups.push(ListGroup { title: year, entries: vec![entry], ..ListGroup::default() }),
        }
    }
    let view = ListView {
        answer: vec![answer(portal, &reports, all.len()), portal.word("sentence.corrections_note").to_string()],
        title,
        groups,
        pages: at.numbered(all.len().div_ceil(PAGE_OF_DOCUMENTS), number, Page::Corrections),
        ..ListView::default()
    };
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let frame = at.frame("list", &view.title, &view.answer.join(""), at.crumbs_to(root), "corrections");
    to.page(&at, &frame, &view)
}

/// How many of how many; without any, since when none was made.
fn answer(portal: &Portal<'_>, reports: &[&FiledReport], count: usize) -> String {
    let strings = portal.strings;
    let all = reports.len().to_string();
    if count > 0 {
        let corrected = reports.iter().filter(|report| !report.revisions.is_empty()).count().to_string();
        return strings.fill("sentence.corrections_answer", &[("all", &all), ("n", &corrected), ("times", &count.to_string())]);
    }
    match reports.iter().filter_map(|report| report.date).min() {
        Some(since) => strings.fill("sentence.corrections_none_since", &[("all", &all), ("date", &portal.date(since))]),
        None => strings.fill("sentence.corrections_none", &[("all", &all)]),
    }
}

fn entry(at: &At<'_>, revision: &Revision, report: &FiledReport) -> Entry {
    let portal = at.portal;
    let page = Page::Report(report.id).address(portal.tree, portal.registry);
    Entry {
        link: Link { href: at.to(&format!("{page}#revision-{}", revision.no)), text: report_name(portal, report.id) },
        date: Some(portal.day(revision.date)),
        sub: Some(portal.strings.fill("sentence.correction_number", &[("n", &revision.no.to_string())])),
        excerpt: Some(revision.reason.clone()),
        ..Entry::default()
    }
}
