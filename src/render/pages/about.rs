//! Pages of words: about, glossary, all bodies, not found, and old addresses.

use super::Making;
use super::report::way;
use crate::diag::Finding;
use crate::markdown::{self, Document};
use crate::model::{Body, BodyId};
use crate::plan::Page;
use crate::render::portal::{At, Portal, columns};
use crate::render::prose::{self, Setting};
use crate::render::view::{AliasView, Entry, Html, Link, ListGroup, ListView, ProseView, TocLine};
use pulldown_cmark::{Event, Tag, TagEnd};

/// A page of text that the site has written itself.
#[derive(Debug)]
pub struct ProsePage<'t> {
    /// `about` or `glossary`.
    pub name: String,
    /// Title from the front matter.
    pub title: Option<String>,
    /// Its Markdown.
    pub document: Document<'t>,
}

pub(super) fn about(portal: &Portal<'_>, page: &Page, pages: &[ProsePage<'_>], to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let own = pages.iter().find(|own| own.name == "about");
    let built_in = markdown::read(portal.word("doc.about"));
    let document = own.map_or(&built_in, |own| &own.document);
    let title = own.and_then(|own| own.title.clone()).unwrap_or_else(|| portal.word("ui.foot_about").to_string());
    let reports = portal.all_filed().iter().flat_map(|facts| facts.published());
    let years: Vec<_> = reports.map(|report| report.id.year).collect();
    let bodies = portal.all_filed().iter().filter(|facts| facts.published().next().is_some()).count();
    let answer = match (years.iter().min(), years.iter().max()) {
        (Some(first), Some(last)) => {
            let said = [("bodies", bodies.to_string()), ("n", years.len().to_string()), ("first", first.to_string()), ("last", last.to_string())];
            vec![portal.strings.fill("sentence.about_answer", &said.each_ref().map(|(key, value)| (*key, value.as_str())))]
        }
        _ => Vec::new(),
    };
    let view = ProseView { title, answer, body: Some(html(&at, document)), toc: toc(document), ..ProseView::default() };
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let frame = at.frame("prose", &view.title, &view.title, at.crumbs_to(root), "about");
    to.page(&at, &frame, &view)
}

/// Markdown of the site as a part of a page.
pub(super) fn html(at: &At<'_>, document: &Document<'_>) -> Html {
    let anchors = markdown::anchors(document);
    let setting = Setting {
        strings: at.portal.strings,
        anchors: anchors.iter().map(String::as_str).collect(),
        way: &|target| way(at, target),
        document: &|_| None,
        marks: &[],
        statutory: None,
    };
    prose::html(document, &setting)
}

pub(super) fn toc(document: &Document<'_>) -> Vec<TocLine> {
    let anchors = markdown::anchors(document);
    let top = prose::top_level(document);
    let mut lines = Vec::new();
    let mut start = None;
    for (place, (event, _)) in document.events.iter().enumerate() {
        match event {
            Event::Start(Tag::Heading { .. }) => start = Some(place),
            Event::End(TagEnd::Heading(level)) => {
                let text = start.map_or(String::new(), |start| markdown::plain_text(&document.events[start..place]));
                lines.push(TocLine { href: format!("#{}", anchors[lines.len()]), text, level: prose::drawn_level(*level as usize, top) as u8 });
            }
            _ => {}
        }
    }
    lines.retain(|line| line.level <= 3);
    lines
}

/// The site map: every column, then every body by its place in the tree. The way in for those without search.
pub(super) fn bodies(portal: &Portal<'_>, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let mut groups: Vec<ListGroup> = Vec::new();
    let entry = |body: &Body| {
        let years = portal.filed_of(body.id).published().rev().filter_map(|report| at.link(&Page::Report(report.id), report.id.year.to_string()));
        let former: Vec<String> = body.former_names.iter().map(|name| name.title.clone()).collect();
        Entry {
            link: at.body_link(body.id),
            sub: (!former.is_empty()).then(|| portal.strings.fill("sentence.formerly", &[("names", &portal.joined(&former))])),
            more: years.collect(),
            ..Entry::default()
        }
    };
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let columns = columns(root).into_iter().filter_map(|(_, page, word)| Some(Entry { link: at.link(&page, portal.word(word))?, ..Entry::default() }));
    groups.push(ListGroup { title: portal.word("ui.columns").to_string(), id: Some("columns".into()), entries: columns.collect() });
    if let Some(root) = portal.tree.root() {
        groups.push(ListGroup { title: root.title.clone(), entries: vec![entry(root)], ..ListGroup::default() });
    }
    for parent in portal.tree.iter().filter(|body| !body.children.is_empty()) {
        let entries = parent.children.iter().map(|child| entry(portal.body(*child))).collect();
        groups.push(ListGroup { title: portal.strings.fill("sentence.below", &[("body", &parent.title)]), id: Some(format!("b-{}", parent.id.0)), entries });
    }
    let view = ListView {
        title: portal.word("ui.foot_map").to_string(),
        answer: vec![portal.strings.fill("sentence.bodies_answer", &[("n", &portal.tree.iter().len().to_string())])],
        groups,
        ..ListView::default()
    };
    let frame = at.frame("list", &view.title, &view.answer.join(""), at.crumbs_to(root), "bodies");
    to.page(&at, &frame, &view)
}

pub(super) fn not_found(portal: &Portal<'_>, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let doors = [
        at.link(&Page::Body(root), portal.word("ui.home")),
        at.link(&Page::SiteMap, portal.word("ui.foot_bodies")),
        at.link(&Page::Years(root), portal.word("ui.nav_years")),
        at.link(&Page::Indicators(root), portal.word("ui.nav_indicators")),
        at.link(&Page::Documents(1), portal.word("ui.nav_documents")),
    ];
    let view = ProseView {
        title: portal.word("sentence.not_found_title").to_string(),
        answer: vec![portal.word("sentence.not_found_answer").to_string()],
        doors: doors.into_iter().flatten().collect(),
        ..ProseView::default()
    };
    let mut frame = at.frame("prose", &view.title, &view.answer.join(""), at.crumbs_to(root), "");
    frame.canonical = None;
    to.page(&at, &frame, &view)
}

pub(super) fn alias(portal: &Portal<'_>, from: &str, target: &str, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at(from);
    debug_assert_eq!(page, &Page::Alias(from.into(), target.into()));
    let view = AliasView { target: Link { href: at.to(target), text: portal.word("sentence.moved").to_string() } };
    let mut frame = at.frame("alias", &view.target.text, &view.target.text, Vec::new(), "");
    frame.canonical = portal.full(target);
    to.page(&at, &frame, &view)
}
