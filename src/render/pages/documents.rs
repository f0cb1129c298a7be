//! Laws and documents that reports cite: the list, and each with everyone who cites it.

use super::Making;
use super::report::report_name;
use crate::analyze::DocumentEntry;
use crate::diag::Finding;
use crate::model::{BodyId, ReportId};
use crate::plan::{PAGE_OF_BODIES, PAGE_OF_DOCUMENTS, Page};
use crate::render::portal::{Portal, slice};
use crate::render::view::{Entry, Fact, ListGroup, ListView};
use std::collections::BTreeMap;

pub(super) fn documents(portal: &Portal<'_>, number: usize, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    // Numbered documents after laws; within each, the name decides.
    let mut all: Vec<(&String, String, &DocumentEntry)> = portal.documents().map(|(id, entry)| (id, entry.name(), entry)).collect();
    all.sort_by(|a, b| (a.2.number.is_some(), &a.1, a.0).cmp(&(b.2.number.is_some(), &b.1, b.0)));
    let mut groups: Vec<ListGroup> = Vec::new();
    for (id, name, entry_of) in slice(&all, number, PAGE_OF_DOCUMENTS) {
        let title = portal.word(if entry_of.number.is_some() { "ui.numbered_documents" } else { "ui.laws" }).to_string();
        let Some(link) = at.link(&Page::Document(id.to_string(), 1), name) else { continue };
        let sub = portal.strings.fill("sentence.cited_by", &[("n", &entry_of.cited_by.len().to_string())]);
        let entry = Entry { link, sub: Some(sub), ..Entry::default() };
        match groups.last_mut().filter(|group| group.title == title) {
            Some(group) => group.entries.push(entry),
            None => groups.push(ListGroup { title, entries: vec![entry], ..ListGroup::default() }),
        }
    }
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let view = ListView {
        title: portal.word("sentence.documents_title").to_string(),
        answer: vec![portal.strings.fill("sentence.documents_answer", &[("n", &all.len().to_string())])],
        groups,
        pages: at.numbered(all.len().div_ceil(PAGE_OF_DOCUMENTS), number, Page::Documents),
        ..ListView::default()
    };
    let frame = at.frame("list", &view.title, &view.answer.join(""), at.crumbs_to(root), "documents");
    to.page(&at, &frame, &view)
}

pub(super) fn document(portal: &Portal<'_>, id: &str, number: usize, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let document = portal.document(id).expect("planned documents are known");
    let mut by_body: BTreeMap<BodyId, Vec<ReportId>> = BTreeMap::new();
    for report in &document.cited_by {
        by_body.entry(report.body).or_default().push(*report);
    }
    let bodies: Vec<(&BodyId, &Vec<ReportId>)> = by_body.iter().collect();
    let entries = slice(&bodies, number, PAGE_OF_BODIES).iter().map(|(body, reports)| {
        let years = reports.iter().rev().filter_map(|report| at.link(&Page::Report(*report), report.year.to_string()));
        Entry { link: at.body_link(**body), more: years.collect(), ..Entry::default() }
    });
    let mut facts = Vec::new();
    if let Some(number) = &document.number {
        facts.push(Fact { label: portal.word("ui.number").to_string(), text: number.clone(), ..Fact::default() });
    }
    let others: Vec<String> = document.titles.keys().filter(|title| Some(title.as_str()) != document.title()).map(|title| format!("《{title}》")).collect();
    if !others.is_empty() {
        facts.push(Fact { label: portal.word("ui.also_printed").to_string(), text: portal.joined(&others), ..Fact::default() });
    }
    let counts = [("n", document.cited_by.len().to_string()), ("bodies", by_body.len().to_string())];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let mut answer = vec![portal.strings.fill("sentence.document_answer", &counts)];
    if let Some(first) = document.cited_by.iter().min_by_key(|report| (report.year, report.body)) {
        answer.push(portal.strings.fill("sentence.document_first", &[("report", &report_name(portal, *first))]));
    }
    let view = ListView {
        title: document.name(),
        answer,
        facts,
        groups: vec![ListGroup { entries: entries.collect(), ..ListGroup::default() }],
        pages: at.numbered(bodies.len().div_ceil(PAGE_OF_BODIES), number, |number| Page::Document(id.to_string(), number)),
        ..ListView::default()
    };
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let mut crumbs = at.crumbs_to(root);
    crumbs.extend(at.link(&Page::Documents(1), portal.word("ui.nav_documents")));
    let frame = at.frame("list", &view.title, &view.answer.join(""), crumbs, "documents");
    to.page(&at, &frame, &view)
}
