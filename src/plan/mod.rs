//! Every output of the portal with its address, and who claims an address twice.
//!
//! Comes in: the tree of bodies, facts and indexes. Goes out: a [`Plan`] of keys, never content. No page is planned that would be
//! empty, and what is not planned is linked from nowhere: whoever wants to link asks [`Plan::has`].

mod address;
mod asked;
mod claims;
mod totals;

pub use address::{file_of, relative};
pub use asked::{Asked, Key, Part, Reason};
pub use claims::{claims, written_by_page};
pub use totals::{Sum, Totals, own_sum};

use crate::analyze::{Calendar, Filed, LinkIndex};
use crate::model::{BodyId, BodyTree, Breakdown, Form, IndicatorId, Registry, ReportId, Year};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Bodies on one page of a list.
pub const PAGE_OF_BODIES: usize = 100;
/// Entries on one page of a list of documents.
pub const PAGE_OF_DOCUMENTS: usize = 200;
/// Rows up to which `/data/figures.csv` is written in one piece.
pub const FIGURES_IN_ONE_PIECE: u64 = 100_000;

/// One page.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub enum Page {
    /// Home, or profile of a body.
    Body(BodyId),
    /// One report.
    Report(ReportId),
    /// Year by year.
    Compare(BodyId),
    /// One statutory row, its breakdowns by year.
    Breakdown(BodyId, IndicatorId),
    /// Year against year.
    Pair(BodyId, Year, Year),
    /// The years of a body's children.
    Years(BodyId),
    /// One year of a body's children; further pages from 2.
    Year(BodyId, Year, usize),
    /// The indicators of a body's children.
    Indicators(BodyId),
    /// One indicator of a body's children.
    Indicator(BodyId, IndicatorId, usize),
    /// Laws and documents cited at least twice.
    Documents(usize),
    /// One of them.
    Document(String, usize),
    /// Statutory sections.
    Topics,
    /// One section across bodies.
    Topic(String, usize),
    /// Who filed when.
    Filing(usize),
    /// Open findings.
    Quality(usize),
    /// Every change after publication.
    Corrections(usize),
    /// The sheet for a body's notice board: its newest report.
    Notice(BodyId),
    /// Files for analysts.
    Data,
    /// About this site.
    About,
    /// Words explained.
    Glossary,
    /// Search.
    Search,
    /// All bodies, for those without script.
    SiteMap,
    /// Not found.
    NotFound,
    /// An old address and the address it leads to.
    Alias(String, String),
}

impl Page {
    /// The body whose children the page lists.
    pub fn parent(&self) -> Option<BodyId> {
        match self {
            Page::Years(body) | Page::Year(body, ..) | Page::Indicators(body) | Page::Indicator(body, ..) => Some(*body),
            _ => None,
        }
    }

    /// The part of the facts the page is made from; none for all of them.
    pub fn part(&self) -> Option<Part> {
        match self {
            Page::Year(_, year, _) => Some(Part::Year(*year)),
            Page::Indicator(_, indicator, _) => Some(Part::Indicator(*indicator)),
            _ => None,
        }
    }
}

/// Everything the portal will hold.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Pages that need a body's texts, by body: reports, comparisons, profile.
    pub dossiers: BTreeMap<BodyId, Vec<Page>>,
    /// Pages made from facts alone.
    pub corpus: Vec<Page>,
    /// Addresses of all pages, asked for by every link.
    addresses: HashSet<String>,
    aliases: BTreeSet<String>,
    /// Statutory rows that have a breakdown page, by body.
    pub breakdowns: BTreeMap<BodyId, Vec<IndicatorId>>,
    /// Years on year pages, by parent.
    pub years: BTreeMap<BodyId, Vec<Year>>,
    /// Indicators on indicator pages, by parent.
    pub indicators: BTreeMap<BodyId, Vec<IndicatorId>>,
    /// Ids of documents that have a page.
    pub documents: BTreeSet<String>,
    /// Ids of sections that have a page, in order of the newest form.
    pub topics: Vec<String>,
    /// Sums over children.
    pub totals: Totals,
}

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// Forms and indicators.
    pub registry: &'a Registry,
    /// Bodies.
    pub tree: &'a BodyTree,
    /// Reports, one entry a body.
    pub filed: &'a [Filed],
    /// Citations.
    pub links: &'a LinkIndex,
    /// Deadlines and the day.
    pub calendar: Calendar<'a>,
    /// Rows with a non-zero breakdown in some published report, by body.
    pub broken_down: &'a BTreeMap<BodyId, Vec<IndicatorId>>,
    /// Bodies with words in a statutory section, by the id of the section.
    pub sections: &'a BTreeMap<Box<str>, Vec<BodyId>>,
}

/// Decides what is to be made.
pub fn plan(inputs: Inputs<'_>, totals: Totals) -> Plan {
    let mut plan = Plan { totals, ..Plan::default() };
    for body in inputs.tree.iter() {
        let facts = &inputs.filed[body.id.0 as usize];
        let filed: Vec<Year> = facts.published().map(|report| report.id.year).collect();
        let mut pages = vec![Page::Body(body.id)];
        pages.extend(filed.iter().map(|&year| Page::Report(ReportId { body: body.id, year })));
        pages.extend((!filed.is_empty()).then_some(Page::Notice(body.id)));
        pages.extend(filed.windows(2).map(|pair| Page::Pair(body.id, pair[0], pair[1])));
        if filed.len() > 1 {
            pages.push(Page::Compare(body.id));
            let rows = inputs.broken_down.get(&body.id).cloned().unwrap_or_default();
            pages.extend(rows.iter().map(|&indicator| Page::Breakdown(body.id, indicator)));
            plan.breakdowns.insert(body.id, rows);
        }
        plan.dossiers.insert(body.id, pages);
        if !body.children.is_empty() {
            parent(&mut plan, &inputs, body.id);
        }
    }
    let cited = inputs.links.documents.iter().filter(|(_, entry)| entry.cited_by.len() > 1);
    for (id, entry) in cited {
        let bodies: BTreeSet<BodyId> = entry.cited_by.iter().map(|report| report.body).collect();
        plan.corpus.extend(numbered(bodies.len(), PAGE_OF_BODIES).map(|page| Page::Document(id.clone(), page)));
        plan.documents.insert(id.clone());
    }
    if !plan.documents.is_empty() {
        plan.corpus.extend(numbered(plan.documents.len(), PAGE_OF_DOCUMENTS).map(Page::Documents));
    }
    topics(&mut plan, &inputs);
    let reporting = inputs.filed.iter().filter(|facts| !facts.reports.is_empty()).count();
    if reporting > 0 {
        plan.corpus.extend(numbered(reporting, PAGE_OF_BODIES).map(Page::Filing));
        plan.corpus.extend([Page::Quality(1), Page::Data]);
        let corrected = inputs.filed.iter().flat_map(Filed::published).map(|report| report.revisions.len()).sum();
        plan.corpus.extend(numbered(corrected, PAGE_OF_DOCUMENTS).map(Page::Corrections));
    }
    plan.corpus.extend([Page::About, Page::Glossary, Page::SiteMap, Page::NotFound]);
    if inputs.calendar.config.search {
        plan.corpus.push(Page::Search);
    }
    plan.corpus.sort();
    plan.addresses = plan.dossiers.values().flatten().chain(&plan.corpus).map(|page| page.address(inputs.tree, inputs.registry)).collect();
    plan
}

/// Year and indicator pages of a body with children: where some child has a report, and a number.
fn parent(plan: &mut Plan, inputs: &Inputs<'_>, body: BodyId) {
    let (mut years, mut indicators) = (BTreeSet::new(), BTreeSet::new());
    for (year, indicator) in plan.totals.of_children(body) {
        years.insert(year);
        indicators.extend(indicator);
    }
    if !years.is_empty() {
        plan.corpus.push(Page::Years(body));
        for &year in &years {
            let rows = children_in_year(inputs.tree, inputs.filed, body, year).len();
            plan.corpus.extend(numbered(rows, PAGE_OF_BODIES).map(|page| Page::Year(body, year, page)));
        }
    }
    if !indicators.is_empty() {
        plan.corpus.push(Page::Indicators(body));
        for &indicator in &indicators {
            let rows = children_stating(inputs.tree, &plan.totals, body, indicator).len();
            plan.corpus.extend(numbered(rows, PAGE_OF_BODIES).map(|page| Page::Indicator(body, indicator, page)));
        }
    }
    plan.years.insert(body, years.into_iter().collect());
    plan.indicators.insert(body, indicators.into_iter().collect());
}

fn topics(plan: &mut Plan, inputs: &Inputs<'_>) {
    let mut bodies: BTreeMap<&str, usize> = inputs.sections.iter().map(|(section, bodies)| (&**section, bodies.len())).collect();
    let newest_first = inputs.registry.forms().iter().rev().flat_map(|form: &Form| &form.sections);
    for section in newest_first {
        if let Some(holders) = bodies.remove(section.id.as_str()) {
            plan.corpus.extend(numbered(holders, PAGE_OF_BODIES).map(|page| Page::Topic(section.id.clone(), page)));
            plan.topics.push(section.id.clone());
        }
    }
    if !plan.topics.is_empty() {
        plan.corpus.push(Page::Topics);
    }
}

/// Children with a row on the page of a year: those that existed at its end, and those that filed all the same.
pub fn children_in_year(tree: &BodyTree, filed: &[Filed], body: BodyId, year: Year) -> Vec<BodyId> {
    let has_row = |child: &BodyId| tree.body(*child).exists_at_end_of(year) || filed[child.0 as usize].report(year).is_some();
    tree.body(body).children.iter().copied().filter(has_row).collect()
}

/// Children with a row on the page of an indicator: those that state it in some year, or whose own children do.
pub fn children_stating(tree: &BodyTree, totals: &Totals, body: BodyId, indicator: IndicatorId) -> Vec<BodyId> {
    tree.body(body).children.iter().copied().filter(|child| totals.stated(*child).contains(&indicator)).collect()
}

/// Pages 1 to n of a list of so many entries.
fn numbered(entries: usize, on_a_page: usize) -> impl Iterator<Item = usize> {
    1..=entries.div_ceil(on_a_page).max(1)
}

impl Plan {
    /// Whether a page stands at an address such as `yunxi/2024/`.
    pub fn has(&self, address: &str) -> bool {
        self.addresses.contains(address)
    }

    /// Addresses of all pages, in order.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let mut all: Vec<&str> = self.addresses.iter().map(String::as_str).collect();
        all.sort_unstable();
        all.into_iter()
    }

    /// How many pages there are.
    pub fn page_count(&self) -> usize {
        self.addresses.len()
    }

    /// Whether an address is an old one that leads elsewhere.
    pub fn is_alias(&self, address: &str) -> bool {
        self.aliases.contains(address)
    }

    /// Adds the further pages of the list of findings, which is known only when all has been checked.
    pub fn add_quality(&mut self, pages: usize) {
        for number in 2..=pages {
            self.addresses.insert(format!("quality/page/{number}/"));
            self.corpus.push(Page::Quality(number));
        }
    }

    /// Adds old addresses that lead to pages; those another page claims are left to [`claims`].
    pub fn add_aliases(&mut self, aliases: Vec<(String, String)>) {
        for (from, to) in aliases {
            if self.addresses.insert(from.clone()) {
                self.aliases.insert(from.clone());
                self.corpus.push(Page::Alias(from, to));
            }
        }
    }
}

/// Statutory rows whose parts, and not only the total, hold a number other than zero in some report.
pub fn broken_down<'r>(reports: impl Iterator<Item = &'r crate::model::Report>) -> Vec<IndicatorId> {
    let mut rows = BTreeSet::new();
    for figure in reports.flat_map(|report| &report.figures) {
        if figure.key.breakdown != Breakdown::TOTAL && figure.reading.amount().is_some_and(|amount| !amount.is_zero()) {
            rows.insert(figure.key.indicator);
        }
    }
    rows.into_iter().collect()
}
