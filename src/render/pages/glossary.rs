//! Words explained: what the site says itself, marks, words of the reports, and every number that a report here states.

use super::Making;
use super::about::{ProsePage, html, toc};
use crate::diag::Finding;
use crate::model::{BodyId, Explained, Indicator, IndicatorId};
use crate::plan::Page;
use crate::render::portal::{At, Portal};
use crate::render::view::{GlossaryView, TermGroup, TermView, TocLine};
use std::collections::BTreeSet;

pub(super) fn glossary(portal: &Portal<'_>, page: &Page, pages: &[ProsePage<'_>], to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let own = pages.iter().find(|own| own.name == "glossary");
    let words = |key: &str, id: &str, words: &[Explained]| TermGroup {
        title: portal.word(key).to_string(),
        id: id.to_string(),
        terms: words.iter().map(|entry| of_word(portal, entry)).collect(),
    };
    let mut groups =
        vec![words("ui.glossary_marks", "marks", &portal.registry.glossary().marks), words("ui.glossary_words", "words", &portal.registry.glossary().words)];
    for id in in_use(portal) {
        let indicator = portal.indicator(id);
        let part = format!("part-{}", indicator.part);
        if groups.last().is_none_or(|group| group.id != part) {
            let title = portal.strings.fill("sentence.glossary_part", &[("part", &portal.part(&indicator.part))]);
            groups.push(TermGroup { title, id: part, terms: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.terms.push(of_indicator(&at, indicator));
        }
    }
    let mut lines: Vec<TocLine> = own.map(|own| toc(&own.document)).unwrap_or_default().into_iter().filter(|line| line.level == 2).collect();
    lines.extend(groups.iter().map(|group| TocLine { href: format!("#{}", group.id), text: group.title.clone(), level: 2 }));
    let view = GlossaryView {
        title: own.and_then(|own| own.title.clone()).unwrap_or_else(|| portal.word("ui.foot_glossary").to_string()),
        answer: vec![portal.word("sentence.glossary_answer").to_string()],
        toc: lines,
        own: own.map(|own| html(&at, &own.document)),
        groups,
    };
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let frame = at.frame("glossary", &view.title, &view.answer.join(""), at.crumbs_to(root), "glossary");
    to.page(&at, &frame, &view)
}

/// Indicators that a statutory table has or a published report states: rows of reports lead to each of them. By part, in the order of
/// the registry.
fn in_use(portal: &Portal<'_>) -> Vec<IndicatorId> {
    let tables = portal.registry.forms().iter().flat_map(|form| &form.tables).flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let mut used: BTreeSet<IndicatorId> = tables.map(|cell| cell.key.indicator).collect();
    used.extend(portal.stated());
    let mut parts: Vec<&str> = Vec::new();
    for indicator in portal.registry.indicators() {
        if !parts.contains(&indicator.part.as_str()) {
            parts.push(&indicator.part);
        }
    }
    let mut all: Vec<IndicatorId> = used.into_iter().collect();
    all.sort_by_key(|id| (parts.iter().position(|part| *part == portal.indicator(*id).part), *id));
    all
}

fn of_word(portal: &Portal<'_>, entry: &Explained) -> TermView {
    let english = portal.english();
    TermView {
        id: format!("t-{}", entry.id),
        term: if english { entry.term_en.clone() } else { entry.term.clone() },
        text: if english { entry.text_en.clone() } else { entry.text.clone() },
        law: entry.law.clone(),
        more: None,
    }
}

fn of_indicator(at: &At<'_>, indicator: &Indicator) -> TermView {
    let portal = at.portal;
    let meaning = if portal.english() { &indicator.meaning_en } else { &indicator.meaning };
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    TermView {
        id: format!("i-{}", indicator.key),
        term: portal.name(indicator.id).to_string(),
        text: meaning.clone(),
        law: indicator.law.clone(),
        more: at.link(&Page::Indicator(root, indicator.id, 1), portal.word("ui.its_numbers")),
    }
}
