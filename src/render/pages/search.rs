//! Search: the form and what its script needs; for those without script, lists of everything the script would find by name.

use super::Making;
use crate::diag::Finding;
use crate::model::{Body, BodyId};
use crate::plan::Page;
use crate::render::portal::{At, Portal};
use crate::render::view::{Choice, Entry, Link, ListGroup, SearchView};
use crate::text::initials;
use std::collections::BTreeMap;

/// Bodies listed letter by letter; beyond, those right below the root, and a way to all.
const BODIES: usize = 500;
/// Documents listed; beyond, a way to their pages.
const DOCUMENTS: usize = 100;
/// Words of the script, by their key in `[search]`.
const WORDS: [&str; 24] = [
    "looking",
    "found",
    "found_checking",
    "found_many",
    "none",
    "none_next",
    "section_lead",
    "year",
    "failed",
    "failed_next",
    "damaged",
    "damaged_next",
    "offline",
    "folder",
    "folder_next",
    "changed",
    "changed_next",
    "retry",
    "kind_body",
    "kind_former",
    "kind_year",
    "kind_indicator",
    "kind_document",
    "page_title",
];

pub(super) fn search(portal: &Portal<'_>, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let view = view(&at);
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let frame = at.frame("search", &view.title, &view.answer.join(""), at.crumbs_to(root), "search");
    to.page(&at, &frame, &view)
}

fn view(at: &At<'_>) -> SearchView {
    let portal = at.portal;
    let word = |key: &str| portal.word(&format!("search.{key}")).to_string();
    let all: Vec<&Body> = portal.tree.iter().filter(|body| body.parent.is_some()).collect();
    let root = portal.tree.root().expect("a portal has a root body");
    let listed: Vec<&Body> = if all.len() <= BODIES { all } else { root.children.iter().map(|child| portal.body(*child)).collect() };
    let complete = listed.len() + 1 == portal.tree.iter().len();
    let choice = |value: &str, text: &str| Choice { value: value.to_string(), text: text.to_string() };
    let years = portal.all_filed().iter().flat_map(|facts| facts.published()).map(|report| report.id.year).collect::<std::collections::BTreeSet<_>>();
    SearchView {
        title: word("title"),
        answer: vec![word("answer")],
        action: at.to("search/"),
        root: at.to("").trim_end_matches("index.html").to_string(),
        first: portal.search().map(|search| at.to(&search.address)),
        integrity: portal.search().filter(|_| !portal.relative_urls).map(|search| search.integrity.clone()),
        name_files: portal.relative_urls,
        bodies: listed.iter().map(|body| choice(&body.path, &body.title)).collect(),
        years: years.iter().rev().map(|year| choice(&year.to_string(), &portal.strings.fill("word.year", &[("year", &year.to_string())]))).collect(),
        sections: sections(portal),
        names: names(at, &listed),
        all_bodies: (!complete).then(|| at.link(&Page::SiteMap, portal.word("ui.foot_bodies"))).flatten(),
        lists: [years_list(at, root.id), indicators(at, root.id), documents(at)].into_iter().filter(|group| !group.entries.is_empty()).collect(),
        words: WORDS.iter().map(|key| choice(key, &word(key))).collect(),
    }
}

/// Sections by their id, newest form first.
fn sections(portal: &Portal<'_>) -> Vec<Choice> {
    let mut sections: Vec<Choice> = Vec::new();
    for section in portal.registry.forms().iter().rev().flat_map(|form| &form.sections) {
        if !sections.iter().any(|known| known.value == section.id) {
            let text = if portal.english() { &section.title_en } else { &section.title };
            sections.push(Choice { value: section.id.clone(), text: text.clone() });
        }
    }
    sections
}

/// Bodies by the first letter of their names; former names lead to the name of today.
fn names(at: &At<'_>, bodies: &[&Body]) -> Vec<ListGroup> {
    let portal = at.portal;
    let mut letters: BTreeMap<String, Vec<(String, Entry)>> = BTreeMap::new();
    let mut add = |name: &str, pinyin: Option<&str>, entry: Entry| {
        let order = pinyin.map_or_else(|| initials::of(name), str::to_lowercase);
        let letter = order.chars().next().filter(char::is_ascii_alphabetic).map_or("#".to_string(), |letter| letter.to_ascii_uppercase().to_string());
        letters.entry(letter).or_default().push((format!("{order} {name}"), entry));
    };
    for body in bodies {
        let link = at.body_link(body.id);
        let above = body.parent.map(|parent| portal.body(parent)).filter(|parent| parent.parent.is_some()).map(|parent| parent.title.clone());
        add(&body.title, body.pinyin.as_deref(), Entry { link: link.clone(), sub: above, ..Entry::default() });
        for former in &body.former_names {
            let now = portal.strings.fill("search.now_called", &[("name", &body.title)]);
            add(&former.title, None, Entry { link: Link { text: former.title.clone(), ..link.clone() }, sub: Some(now), ..Entry::default() });
        }
    }
    let groups = letters.into_iter().map(|(letter, mut entries)| {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        ListGroup {
            id: Some(format!("letter-{}", if letter == "#" { "other" } else { &letter })),
            title: letter,
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        }
    });
    groups.collect()
}

fn group(at: &At<'_>, id: &str, word: &str, links: impl Iterator<Item = Link>) -> ListGroup {
    let entries = links.map(|link| Entry { link, ..Entry::default() }).collect();
    ListGroup { title: at.portal.word(word).to_string(), id: Some(id.to_string()), entries }
}

fn years_list(at: &At<'_>, root: BodyId) -> ListGroup {
    let years = at.portal.years_below(root).iter().rev();
    group(
        at,
        "years",
        "ui.nav_years",
        years.filter_map(|year| at.link(&Page::Year(root, *year, 1), at.portal.strings.fill("word.year", &[("year", &year.to_string())]))),
    )
}

fn indicators(at: &At<'_>, root: BodyId) -> ListGroup {
    let indicators = at.portal.indicators_below(root).iter();
    group(at, "indicators", "ui.nav_indicators", indicators.filter_map(|id| at.link(&Page::Indicator(root, *id, 1), at.portal.name(*id))))
}

/// Documents by name; where they are many, the way to their list.
fn documents(at: &At<'_>) -> ListGroup {
    let portal = at.portal;
    let mut all: Vec<(String, Link)> = Vec::new();
    let known = portal.documents();
    if known.len() <= DOCUMENTS {
        let named = known.filter_map(|(id, entry)| {
            let name = entry.name();
            Some((name.clone(), at.link(&Page::Document(id.clone(), 1), name)?))
        });
        all.extend(named);
        all.sort_by(|a, b| (&a.0, &a.1.href).cmp(&(&b.0, &b.1.href)));
    } else {
        all.extend(at.link(&Page::Documents(1), portal.word("sentence.documents_title")).map(|link| (String::new(), link)));
    }
    group(at, "documents", "ui.nav_documents", all.into_iter().map(|(_, link)| link))
}
