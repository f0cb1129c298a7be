//! The questions a page may ask of what differs from build to build. Each is written down, and each has a digest of its answer.

use super::{Desk, Leaf, Portal, Sources};
use crate::analyze::{DocumentEntry, Facts, Filed, FiledReport, Filing, ReportFacts, Tally};
use crate::diag::{Finding, Span};
use crate::digest::Sha256Sum;
use crate::model::{Accept, BodyId, Figure, IndicatorId, ReportId, Year};
use crate::plan::{self, Asked, Key, Page, Part, Sum};
use crate::render::search::Names;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

impl<'a> Portal<'a> {
    /// A portal whose questions nobody writes down.
    pub fn new(sources: Sources<'a>) -> Portal<'a> {
        let Sources { config, registry, tree, strings, assets, relative_urls, .. } = sources;
        Portal { config, registry, tree, strings, assets, relative_urls, sources, asked: None, desk: None, leaf: None }
    }

    /// The same portal, of whose figures a part is seen.
    pub fn in_part(self, leaf: Option<&'a Leaf>) -> Portal<'a> {
        Portal { leaf, ..self }
    }

    /// The part that is seen, if it is a year or holds it, and an indicator or holds that.
    fn seen_part(&self, year: Option<Year>, indicator: Option<IndicatorId>) -> Option<Part> {
        self.leaf.map(|leaf| leaf.part).filter(|part| match part {
            Part::Year(of) => year.is_some_and(|year| year == *of),
            Part::Indicator(of) => indicator.is_none_or(|indicator| indicator == *of),
        })
    }

    fn ask_sums(&self, body: BodyId, part: Option<Part>) {
        self.ask(|| part.map_or(Key::Totals(body), |part| Key::SumsIn(body, part)));
    }

    /// The same portal; questions are written down, and facts that are asked for lie on a desk.
    pub fn noting(self, asked: &'a Asked, desk: &'a Desk) -> Portal<'a> {
        Portal { asked: Some(asked), desk: Some(desk), ..self }
    }

    fn facts(&self, body: BodyId) -> &'a Facts {
        self.desk.expect("pages with figures are made at a desk").facts(self.sources.facts, body)
    }

    /// The same portal with search files.
    pub fn with_search(self, search: Option<&'a Names>) -> Portal<'a> {
        Portal { sources: Sources { search, ..self.sources }, ..self }
    }

    fn ask(&self, key: impl FnOnce() -> Key) {
        if let Some(asked) = self.asked {
            asked.note(key());
        }
    }

    pub(in crate::render) fn facts_of(&self, body: BodyId) -> &'a Facts {
        let Some(leaf) = self.leaf else {
            self.ask(|| Key::Facts(body));
            return self.facts(body);
        };
        self.ask(|| Key::Filed(body));
        self.ask(|| Key::FactsIn(body, leaf.part));
        leaf.facts(self.facts(body))
    }

    /// How many figures published reports state, breakdowns included.
    pub(in crate::render) fn figure_count(&self) -> u64 {
        self.ask(|| Key::AllFiled);
        self.sources.figure_count
    }

    /// Every indicator that some published report states.
    pub(in crate::render) fn stated(&self) -> BTreeSet<IndicatorId> {
        self.ask(|| Key::Stated);
        self.sources.stated()
    }

    /// Bodies with words in a statutory section, in order of the tree.
    pub(in crate::render) fn bodies_with(&self, section: &str) -> &'a [BodyId] {
        self.ask(|| Key::Section(section.to_string()));
        self.sources.sections.get(section).map_or(&[], Vec::as_slice)
    }

    /// What a body has filed, without figures and texts: for pages that only name or link its reports.
    pub(in crate::render) fn filed_of(&self, body: BodyId) -> &'a Filed {
        self.ask(|| Key::Filed(body));
        &self.sources.filed[body.0 as usize]
    }

    /// What all bodies have filed, without figures and texts.
    pub(in crate::render) fn all_filed(&self) -> &'a [Filed] {
        self.ask(|| Key::AllFiled);
        self.sources.filed
    }

    /// The same facts, for pages that show first words of sections. Whoever reads `excerpts` asks here.
    pub(in crate::render) fn excerpts_of(&self, body: BodyId) -> &'a Facts {
        self.ask(|| Key::Excerpts(body));
        self.facts(body)
    }

    /// First words of a statutory section in a body's published reports that have any, newest first.
    pub(in crate::render) fn section_of(&self, body: BodyId, section: &str) -> Vec<(&'a FiledReport, &'a str)> {
        self.ask(|| Key::Filed(body));
        self.ask(|| Key::ExcerptsIn(body, section.to_string()));
        let first_words = |report: &'a ReportFacts| {
            let excerpt = report.excerpts.iter().find(|excerpt| &*excerpt.section == section && !excerpt.text.is_empty())?;
            Some((&report.filed, &*excerpt.text))
        };
        self.facts(body).published().rev().filter_map(first_words).collect()
    }

    /// The years a body has filed or should have filed for, oldest first.
    pub(in crate::render) fn years(&self, body: BodyId) -> Vec<Year> {
        self.sources.calendar.years(self.body(body), self.filed_of(body))
    }

    /// The last day on which a report is on time.
    pub(in crate::render) fn deadline(&self, body: BodyId, year: Year) -> jiff::civil::Date {
        self.sources.calendar.deadline(self.body(body), year)
    }

    /// The filing state of a body and year.
    pub(in crate::render) fn filing(&self, body: BodyId, year: Year) -> Filing {
        self.sources.calendar.filing(self.body(body), year, self.filed_of(body).report(year))
    }

    /// The day of the build.
    pub(in crate::render) fn today(&self) -> jiff::civil::Date {
        self.ask(|| Key::Today);
        self.sources.calendar.today
    }

    /// The address of a page, if it is made.
    pub(in crate::render) fn address_of(&self, page: &Page) -> Option<String> {
        self.ask(|| asked_by(page));
        Some(page.address(self.tree, self.registry)).filter(|address| self.sources.plan.has(address))
    }

    /// Whether a page stands at an address.
    pub(in crate::render) fn has_address(&self, address: &str) -> bool {
        self.ask(|| Key::Address(address.to_string()));
        self.sources.plan.has(address)
    }

    /// Whether the site has a file at an address.
    pub(in crate::render) fn has_file(&self, path: &str) -> bool {
        self.ask(|| Key::File(path.to_string()));
        self.sources.files.contains(path)
    }

    /// Addresses of all pages but old ones that lead elsewhere, in order.
    pub(in crate::render) fn addresses(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.ask(|| Key::Addresses);
        let plan = self.sources.plan;
        plan.addresses().filter(move |address| !plan.is_alias(address))
    }

    /// All pages, those of bodies first.
    pub(in crate::render) fn pages(&self) -> impl Iterator<Item = &'a Page> + use<'a> {
        self.ask(|| Key::Addresses);
        self.sources.plan.dossiers.values().flatten().chain(&self.sources.plan.corpus)
    }

    /// Years on the year pages of a body's children.
    pub(in crate::render) fn years_below(&self, body: BodyId) -> &'a [Year] {
        self.ask(|| Key::Below(body));
        self.sources.plan.years.get(&body).map_or(&[], Vec::as_slice)
    }

    /// Indicators on the indicator pages of a body's children.
    pub(in crate::render) fn indicators_below(&self, body: BodyId) -> &'a [IndicatorId] {
        self.ask(|| Key::Below(body));
        self.sources.plan.indicators.get(&body).map_or(&[], Vec::as_slice)
    }

    /// Statutory rows of a body that have a breakdown page.
    pub(in crate::render) fn breakdowns(&self, body: BodyId) -> &'a [IndicatorId] {
        self.ask(|| Key::Pages(body));
        self.sources.plan.breakdowns.get(&body).map_or(&[], Vec::as_slice)
    }

    /// Ids of sections that have a page.
    pub(in crate::render) fn topics(&self) -> &'a [String] {
        self.ask(|| Key::Lists);
        &self.sources.plan.topics
    }

    /// Documents that have a page, by id.
    pub(in crate::render) fn documents(&self) -> impl ExactSizeIterator<Item = (&'a String, &'a DocumentEntry)> + use<'a> {
        self.ask(|| Key::Documents);
        let links = self.sources.links;
        self.sources.plan.documents.iter().map(move |id| (id, &links.documents[id]))
    }

    /// A document, if it has a page.
    pub(in crate::render) fn document(&self, id: &str) -> Option<&'a DocumentEntry> {
        self.ask(|| Key::Document(id.to_string()));
        self.sources.plan.documents.contains(id).then(|| &self.sources.links.documents[id])
    }

    /// Reports whose text links to an address without outer slashes.
    pub(in crate::render) fn backlinks(&self, address: &str) -> impl Iterator<Item = ReportId> + use<'a> {
        self.ask(|| Key::Backlinks(address.to_string()));
        self.sources.links.backlinks.get(address).into_iter().flatten().copied()
    }

    /// A body's own number, or the sum below one that has no reports.
    pub(in crate::render) fn sum_of(&self, body: BodyId, year: Year, indicator: IndicatorId) -> Option<Sum> {
        if self.filed_of(body).reports.is_empty() {
            self.ask_sums(body, self.seen_part(Some(year), Some(indicator)));
            return self.sources.plan.totals.children(body, year, indicator);
        }
        plan::own_sum(self.facts_of(body).published_in(year)?, indicator)
    }

    /// The sum over a body's direct children.
    pub(in crate::render) fn sum_below(&self, body: BodyId, year: Year, indicator: IndicatorId) -> Option<Sum> {
        self.ask_sums(body, self.seen_part(Some(year), Some(indicator)));
        self.sources.plan.totals.children(body, year, indicator)
    }

    /// Filing states of all reporting bodies below a body.
    pub(in crate::render) fn filed_below(&self, body: BodyId, year: Year) -> Tally {
        self.ask_sums(body, self.seen_part(Some(year), None));
        self.sources.plan.totals.children_filing(body, year)
    }

    /// Children with a row on the page of a year.
    pub(in crate::render) fn children_in_year(&self, body: BodyId, year: Year) -> Vec<BodyId> {
        self.tree.body(body).children.iter().for_each(|child| self.ask(|| Key::Filed(*child)));
        plan::children_in_year(self.tree, self.sources.filed, body, year)
    }

    /// Children with a row on the page of an indicator.
    pub(in crate::render) fn children_stating(&self, body: BodyId, indicator: IndicatorId) -> Vec<BodyId> {
        self.tree.body(body).children.iter().for_each(|child| self.ask_sums(*child, self.seen_part(None, Some(indicator))));
        plan::children_stating(self.tree, &self.sources.plan.totals, body, indicator)
    }

    /// Open findings that pages may name, in order.
    pub(in crate::render) fn findings(&self) -> &'a [Finding] {
        self.ask(|| Key::Findings);
        self.sources.findings
    }

    /// Accepted findings, in order.
    pub(in crate::render) fn accepted(&self) -> &'a [(Finding, Accept)] {
        self.ask(|| Key::Findings);
        self.sources.accepted
    }

    /// Open and accepted findings of one file.
    pub(in crate::render) fn findings_in(&self, file: &str) -> (&'a [Finding], &'a [(Finding, Accept)]) {
        self.ask(|| Key::FindingsIn(file.to_string()));
        self.sources.findings_in(file)
    }

    /// Where search begins.
    pub(in crate::render) fn search(&self) -> Option<&'a Names> {
        self.ask(|| Key::Search);
        self.sources.search
    }
}

/// The question whether a page is made: pages of one body are one answer.
fn asked_by(page: &Page) -> Key {
    match page {
        Page::Body(body) | Page::Compare(body) | Page::Breakdown(body, _) | Page::Pair(body, ..) | Page::Notice(body) => Key::Pages(*body),
        Page::Report(report) => Key::Pages(report.body),
        Page::Document(id, _) => Key::Document(id.clone()),
        Page::Alias(from, _) => Key::Address(from.clone()),
        _ => page.parent().map_or(Key::Lists, Key::Below),
    }
}

impl<'a> Sources<'a> {
    fn findings_in(&self, file: &str) -> (&'a [Finding], &'a [(Finding, Accept)]) {
        let open = &self.findings[self.findings.partition_point(|finding| *finding.diagnostic.file < *file)..];
        let open = &open[..open.partition_point(|finding| *finding.diagnostic.file == *file)];
        let accepted = &self.accepted[self.accepted.partition_point(|(finding, _)| *finding.diagnostic.file < *file)..];
        (open, &accepted[..accepted.partition_point(|(finding, _)| *finding.diagnostic.file == *file)])
    }

    /// Every indicator that some published report states.
    fn stated(&self) -> BTreeSet<IndicatorId> {
        self.tree.iter().flat_map(|body| self.plan.totals.stated(body.id)).copied().collect()
    }

    /// Digests of what is known of a body, and of where its years stand on the day.
    pub fn fact_sums(&self, body: BodyId) -> FactSums {
        let (mut whole, filed) = (self.facts.of(body), &self.filed[body.0 as usize]);
        let (known, calendar) = (self.tree.body(body), self.calendar);
        let years = calendar.years(known, filed).into_iter();
        let standing: Vec<String> = years.map(|year| format!("{year} {:?}", calendar.filing(known, year, filed.report(year)))).collect();
        let excerpts: Vec<_> = whole.reports.iter().map(|report| (report.id, &report.excerpts, report.standing)).collect();
        let excerpts = Sha256Sum::of_value(&excerpts);
        let mut by_section: BTreeMap<&str, Vec<(ReportId, &str)>> = BTreeMap::new();
        for (report, excerpt) in whole.reports.iter().flat_map(|report| report.excerpts.iter().map(move |excerpt| (report, excerpt))) {
            by_section.entry(&excerpt.section).or_default().push((report.id, &excerpt.text));
        }
        let sections = by_section.into_iter().map(|(section, texts)| (section.into(), Sha256Sum::of_value(&texts))).collect();
        for report in &mut whole.reports {
            (report.excerpts, report.anchors) = Default::default();
            // Where in its file a figure stands is no page's matter but its own report's, which is read again.
            report.totals.iter_mut().for_each(|figure| figure.span = Span::default());
        }
        let parts = part_sums(&whole);
        FactSums { facts: Sha256Sum::of_value(&(whole, &standing)), filed: Sha256Sum::of_value(&(filed, &standing)), excerpts, sections, parts }
    }

    /// What all pages share: where it differs, every page is made again. Templates, and files of forms and indicators, come on top of it.
    pub fn shared(&self) -> Sha256Sum {
        let mut config = self.config.clone();
        // Where the portal stands on this disk, and the day, which is a question of its own, are on no page.
        (config.output_dir, config.today) = (String::new(), None);
        let assets: Vec<(&str, &str)> = self.assets.all().map(|asset| (asset.address.as_str(), asset.integrity.as_str())).collect();
        let shown = (format!("{config:?}"), format!("{:?}", self.tree), format!("{:?}", self.strings), assets, self.relative_urls);
        Sha256Sum::of_value(&shown)
    }
}

/// Digests of a body's facts, by what pages see of them.
#[derive(Clone, Debug)]
pub struct FactSums {
    facts: Sha256Sum,
    filed: Sha256Sum,
    excerpts: Sha256Sum,
    /// First words by section, in order.
    sections: Vec<(Box<str>, Sha256Sum)>,
    /// Parts in which there is any figure, in order.
    parts: Vec<(Part, Sha256Sum)>,
}

/// Digests of the figures of every part in which there are any.
fn part_sums(facts: &Facts) -> Vec<(Part, Sha256Sum)> {
    let years: BTreeMap<Year, Sha256Sum> = facts.reports.iter().map(|report| (report.id.year, Sha256Sum::of_value(&report.totals))).collect();
    let in_year = |year: Year| (Part::Year(year), Sha256Sum::of_value(&(years.get(&year), years.get(&year.previous()))));
    let shown: BTreeSet<Year> = years.keys().flat_map(|year| [*year, year.next()]).collect();
    let mut figures: BTreeMap<IndicatorId, Vec<(Year, &Figure)>> = BTreeMap::new();
    for (year, figure) in facts.reports.iter().flat_map(|report| report.totals.iter().map(|figure| (report.id.year, figure))) {
        figures.entry(figure.key.indicator).or_default().push((year, figure));
    }
    let of_indicators = figures.into_iter().map(|(indicator, figures)| (Part::Indicator(indicator), Sha256Sum::of_value(&figures)));
    shown.into_iter().map(in_year).chain(of_indicators).collect()
}

/// Digests of answers, each reckoned once.
#[derive(Debug)]
pub struct Answers<'a> {
    sources: Sources<'a>,
    facts: Vec<FactSums>,
    below: HashMap<BodyId, Vec<&'a Page>>,
    known: Mutex<HashMap<Key, Sha256Sum>>,
}

impl<'a> Answers<'a> {
    /// `facts` are the digests of [`Sources::fact_sums`], by body: there are many, and they can be reckoned side by side.
    pub fn new(sources: Sources<'a>, facts: Vec<FactSums>) -> Answers<'a> {
        let mut below: HashMap<BodyId, Vec<&Page>> = HashMap::new();
        for page in &sources.plan.corpus {
            if let Key::Below(body) = asked_by(page) {
                below.entry(body).or_default().push(page);
            }
        }
        Answers { sources, facts, below, known: Mutex::default() }
    }

    /// Search begins somewhere now.
    pub fn search(&mut self, search: Option<&'a Names>) {
        self.sources.search = search;
    }

    /// The digest of an answer.
    pub fn of(&self, key: &Key) -> Sha256Sum {
        if !is_large(key) {
            return self.reckon(key);
        }
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sum) = known().get(key) {
            return *sum;
        }
        let sum = self.reckon(key);
        known().insert(key.clone(), sum);
        sum
    }

    fn reckon(&self, key: &Key) -> Sha256Sum {
        let Sources { plan, links, files, findings, accepted, search, calendar, .. } = self.sources;
        match key {
            Key::Facts(body) => self.facts[body.0 as usize].facts,
            Key::FactsIn(body, part) => {
                let parts = &self.facts[body.0 as usize].parts;
                parts.binary_search_by_key(part, |(part, _)| *part).map_or(Sha256Sum([0; 32]), |at| parts[at].1)
            }
            Key::ExcerptsIn(body, section) => {
                let sections = &self.facts[body.0 as usize].sections;
                sections.binary_search_by(|(known, _)| (**known).cmp(section)).map_or(Sha256Sum([0; 32]), |at| sections[at].1)
            }
            Key::Stated => Sha256Sum::of_value(&self.sources.stated()),
            Key::Filed(body) => self.facts[body.0 as usize].filed,
            Key::AllFiled => Sha256Sum::of_value(&self.facts.iter().map(|of| of.filed).collect::<Vec<_>>()),
            Key::Excerpts(body) => self.facts[body.0 as usize].excerpts,
            Key::Totals(body) => Sha256Sum::of_value(&(self.facts[body.0 as usize].facts, plan.totals.digest(*body))),
            Key::SumsIn(body, part) => plan.totals.digest_in(*body, *part),
            Key::Pages(body) => Sha256Sum::of_value(&(plan.dossiers.get(body), plan.breakdowns.get(body))),
            Key::Below(body) => Sha256Sum::of_value(&(self.below.get(body), plan.years.get(body), plan.indicators.get(body))),
            Key::Lists => {
                let lists: Vec<&Page> = plan.corpus.iter().filter(|page| asked_by(page) == Key::Lists).collect();
                Sha256Sum::of_value(&(lists, &plan.topics))
            }
            Key::Addresses => {
                let all: Vec<(&str, bool)> = plan.addresses().map(|address| (address, plan.is_alias(address))).collect();
                Sha256Sum::of_value(&all)
            }
            Key::Address(address) => Sha256Sum::of_value(&plan.has(address)),
            Key::File(path) => Sha256Sum::of_value(&files.contains(path)),
            Key::Document(id) => Sha256Sum::of_value(&(plan.documents.contains(id), links.documents.get(id))),
            Key::Section(section) => Sha256Sum::of_value(&self.sources.sections.get(section.as_str())),
            Key::Documents => {
                let all: Vec<(&String, Option<&DocumentEntry>)> = plan.documents.iter().map(|id| (id, links.documents.get(id))).collect();
                Sha256Sum::of_value(&all)
            }
            Key::Backlinks(address) => Sha256Sum::of_value(&links.backlinks.get(address)),
            Key::FindingsIn(file) => Sha256Sum::of_value(&self.sources.findings_in(file)),
            Key::Findings => Sha256Sum::of_value(&(findings, accepted)),
            Key::Search => Sha256Sum::of_value(&search.map(|names| (&names.address, &names.integrity))),
            Key::Today => Sha256Sum::of_value(&calendar.today.to_string()),
        }
    }
}

/// Whether an answer takes long enough to be held; there are few such questions, and as many small ones as reports. A law may be cited by
/// every report, and every report asks for it.
fn is_large(key: &Key) -> bool {
    use Key::{Addresses, AllFiled, Below, Document, Documents, Findings, Lists, Pages, Section, Stated, SumsIn, Totals};
    matches!(key, Addresses | AllFiled | Below(_) | Document(_) | Documents | Findings | Lists | Pages(_) | Section(_) | Stated | SumsIn(..) | Totals(_))
}
