//! The second walk: texts read again body by body, pages rendered and written.

use super::gather::{Gathered, attachments};
use super::outlet::Outlet;
use super::search::Shelf;
use super::site::{Failure, Site};
use super::times::{Lap, Stage, Watch};
use super::{Examined, Progress, Step, examine};
use crate::analyze::Calendar;
use crate::analyze::pair::{self, TextPair};
use crate::diag::{Finding, Related, Words};
use crate::markdown::Document;
use crate::model::{Accept, BodyId, Report, ReportId, Year};
use crate::parse::{self, ReportContext};
use crate::plan::{FIGURES_IN_ONE_PIECE, Page};
use crate::publish::{Directory, Memory, Options, Sink, Summary};
use crate::render::{self, Artifact, DossierText, Portal, ProsePage, ReportText, Sources, Strings, view::SiteView};
use crate::source::{Opened, ReadError, SourceFile};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// What was read and found.
    pub examined: Examined,
    /// What was published; nothing where findings stopped the build.
    pub summary: Option<Summary>,
    /// How long its stages took, in order.
    pub laps: Vec<Lap>,
}

/// A portal in memory.
#[derive(Debug)]
pub struct Preview {
    /// What was read and found.
    pub examined: Examined,
    /// Files by path; none where findings stopped it.
    pub files: Option<BTreeMap<String, Vec<u8>>>,
}

/// Reads, checks, renders and publishes a site, all or nothing.
pub fn build(site: &Site, options: &Options, progress: Progress<'_>) -> Result<Built, Failure> {
    let directory = Directory::prepare(&site.output(), site.root(), options)?;
    let mut watch = Watch::start();
    let examined = examine(site, progress, &mut watch)?;
    if examined.stops || examined.gathered.tree.root().is_none() {
        return Ok(Built { examined, summary: None, laps: watch.laps() });
    }
    emit(site, &examined, &directory, progress, &mut watch)?;
    let summary = directory.commit()?;
    watch.lap(Stage::Publish);
    Ok(Built { examined, summary: Some(summary), laps: watch.laps() })
}

/// The same portal, kept in memory for `serve`.
pub fn preview(site: &Site, progress: Progress<'_>) -> Result<Preview, Failure> {
    let mut watch = Watch::start();
    let examined = examine(site, progress, &mut watch)?;
    if examined.stops || examined.gathered.tree.root().is_none() {
        return Ok(Preview { examined, files: None });
    }
    let memory = Memory::new();
    emit(site, &examined, &memory, progress, &mut watch)?;
    Ok(Preview { examined, files: Some(memory.into_files()) })
}

/// What templates see of the site.
pub(super) fn site_view(site: &Site, gathered: &Gathered, strings: &Strings) -> SiteView {
    let root = gathered.tree.root().map_or("", |root| root.title.as_str());
    let portal_title = strings.find("sentence.portal_title").map(|_| strings.fill("sentence.portal_title", &[("body", root)]));
    SiteView {
        title: if site.config.title.is_empty() { portal_title.unwrap_or_default() } else { site.config.title.clone() },
        description: site.config.description.clone(),
        lang: if site.config.default_language == "en" { "en" } else { "zh-Hans" }.to_string(),
        notice: site.config.notice.clone(),
        furniture: site.config.furniture.clone(),
        generator: concat!("gongkai ", env!("CARGO_PKG_VERSION")).to_string(),
        relative_urls: site.relative_urls,
    }
}

fn emit(site: &Site, examined: &Examined, sink: &impl Sink, progress: Progress<'_>, watch: &mut Watch) -> Result<(), Failure> {
    let outlet = &Outlet::new(site, examined, sink);
    let gathered = &examined.gathered;
    // What is wrong with a report that is held back is no more public than the report.
    let held: BTreeSet<&str> = gathered.held.iter().map(|held| held.file.as_str()).collect();
    let findings: Vec<Finding> = examined.findings.iter().filter(|finding| !held.contains(finding.diagnostic.file.as_str())).cloned().collect();
    let mut accepted: Vec<(Finding, Accept)> =
        examined.accepted.iter().filter(|(finding, _)| !held.contains(finding.diagnostic.file.as_str())).cloned().collect();
    accepted.sort_by(|a, b| a.0.order().cmp(&b.0.order()));
    let sources = Sources {
        config: &site.config,
        registry: &site.registry,
        tree: &gathered.tree,
        facts: &gathered.facts,
        plan: &examined.plan,
        links: &gathered.links,
        calendar: Calendar { config: &site.config, registry: &site.registry, today: site.today },
        strings: &examined.strings,
        assets: &examined.assets,
        relative_urls: site.relative_urls,
        files: &examined.files,
        findings: &findings,
        accepted: &accepted,
        search: None,
    };
    let portal = Portal::new(sources);
    let engine = examined.engine.as_ref().expect("a broken template is a finding that stops");
    let bodies: Vec<BodyId> = gathered.tree.iter().map(|body| body.id).collect();
    let (done, total) = (AtomicUsize::new(0), bodies.len() + examined.plan.corpus.len());
    let step = || progress(Step::Writing, done.fetch_add(1, Ordering::Relaxed) + 1, total);
    let faults = Faults::default();
    let figures: u64 = gathered.facts.iter().flat_map(|facts| facts.published()).map(|report| u64::from(report.figure_count)).sum();
    let one_piece = figures <= FIGURES_IN_ONE_PIECE;
    let shelf = if site.config.search { Some(Shelf::new(site, gathered, outlet)?) } else { None };
    let tables: Vec<Option<Vec<u8>>> = bodies
        .par_iter()
        .map(|&body| {
            let table = dossier(site, examined, &portal, body, &faults, shelf.as_ref(), outlet)?;
            step();
            Ok(table.filter(|_| one_piece))
        })
        .collect::<Result<_, Failure>>()?;
    watch.lap(Stage::Emit);
    if one_piece && figures > 0 {
        outlet.artifact(&Artifact { path: "data/figures.csv".into(), bytes: joined(tables) })?;
    }
    let search = shelf.map(|shelf| shelf.files(&portal, outlet, |artifact| outlet.artifact(artifact))).transpose()?;
    watch.lap(Stage::Search);
    let portal = portal.with_search(search.as_ref());
    let sources = prose_sources(site, gathered)?;
    let prose: Vec<ProsePage<'_>> = sources
        .iter()
        .map(|(name, source)| {
            let read = parse::prose(&source.path, &source.text);
            ProsePage { name: name.clone(), title: read.title, document: read.document }
        })
        .collect();
    examined.plan.corpus.par_iter().try_for_each(|page| {
        let made = faults.of(&portal, page, || render::corpus(&portal, engine, page, &prose))?;
        step();
        made.iter().try_for_each(|artifact| outlet.artifact(artifact))
    })?;
    rest(site, examined, &portal, &faults, outlet)?;
    watch.lap(Stage::Lists);
    watch.within(Stage::Inspect, &outlet.inspecting);
    watch.within(Stage::Write, &outlet.writing);
    faults.end()
}

/// Files that are no pages: style sheet, static files, attachments, sitemap, robots.
fn rest(site: &Site, examined: &Examined, portal: &Portal<'_>, faults: &Faults, outlet: &Outlet<'_, impl Sink>) -> Result<(), Failure> {
    let engine = examined.engine.as_ref().expect("a broken template is a finding that stops");
    let mut made = faults.named("sitemap.xml", render::sitemaps(portal, engine));
    made.extend(examined.assets.all().map(|asset| Artifact { path: asset.address.clone(), bytes: asset.bytes.clone() }));
    let own: Vec<(&str, &[u8])> = render::statics(&examined.theme).collect();
    // A site's own robots.txt or security.txt takes the place of ours.
    let is_own = |path: &str| own.iter().any(|(known, _)| *known == path);
    if !is_own("robots.txt") {
        made.push(Artifact { path: "robots.txt".into(), bytes: render::robots(portal) });
    }
    if let Some(bytes) = render::security(portal).filter(|_| !is_own(".well-known/security.txt")) {
        made.push(Artifact { path: ".well-known/security.txt".into(), bytes });
    }
    made.extend(render::server_files(&site.config).into_iter().filter(|file| !is_own(&file.path)));
    for (path, bytes) in own {
        outlet.bytes(path, bytes)?;
    }
    for artifact in &made {
        outlet.artifact(artifact)?;
    }
    for (path, file) in attachments(&examined.gathered) {
        let bytes = site.root.bytes(&file).ok().flatten().ok_or_else(|| changed(&file))?;
        outlet.bytes(&path, &bytes)?;
    }
    Ok(())
}

/// One body: its texts read again, its pages made and written. Gives its `figures.csv`, for the table of all bodies.
fn dossier(
    site: &Site,
    examined: &Examined,
    portal: &Portal<'_>,
    body: BodyId,
    faults: &Faults,
    shelf: Option<&Shelf>,
    outlet: &Outlet<'_, impl Sink>,
) -> Result<Option<Vec<u8>>, Failure> {
    let gathered = &examined.gathered;
    let engine = examined.engine.as_ref().expect("a broken template is a finding that stops");
    let dir = &gathered.dirs[body.0 as usize];
    let index = source(site, &gathered.tree.body(body).file)?;
    let facts = &gathered.facts[body.0 as usize];
    let files: Vec<_> = dir.reports.iter().filter(|file| facts.published_in(file.year).is_some()).collect();
    let sources: Vec<SourceFile> = files.iter().map(|file| source(site, &file.file)).collect::<Result<_, _>>()?;
    let mut reports = Vec::with_capacity(files.len());
    for (file, source) in files.iter().zip(&sources) {
        let context = ReportContext { registry: &site.registry, id: ReportId { body, year: file.year }, attachments: &file.attachments };
        let read = parse::report(context, &file.file, &source.text);
        let report = read.report.ok_or_else(|| changed(&file.file))?;
        let lines = lines(&report, &source.text);
        reports.push(ReportText { report, document: read.document, paragraphs: read.paragraphs, lines });
    }
    let intro = parse::body(&index.path, &index.text, &site.registry).map_or_else(|_| Document::default(), |header| header.document);
    let text = DossierText { body, intro, reports };
    if let Some(shelf) = shelf {
        shelf.add(&text)?;
    }
    let pages = examined.plan.dossiers.get(&body).map_or(&[][..], Vec::as_slice);
    for page in pages {
        let compared = match page {
            Page::Pair(_, older, newer) if site.config.pair_text => compared(&text, *older, *newer),
            _ => None,
        };
        let made = faults.of(portal, page, || render::dossier_page(portal, engine, &text, page, compared.as_ref()))?;
        made.iter().try_for_each(|artifact| outlet.artifact(artifact))?;
    }
    let mut table = None;
    for artifact in faults.named(&format!("{}/atom.xml", dir.path), render::dossier_files(portal, engine, &text)) {
        outlet.artifact(&artifact)?;
        if artifact.path.ends_with("figures.csv") {
            table = Some(artifact.bytes);
        }
    }
    Ok(table)
}

fn compared(text: &DossierText<'_>, older: Year, newer: Year) -> Option<TextPair> {
    let find = |year: Year| text.reports.iter().find(|text| text.report.id.year == year);
    let (older, newer) = (find(older)?, find(newer)?);
    Some(pair::compare((&older.report, &older.paragraphs), (&newer.report, &newer.paragraphs)))
}

/// The line of each figure.
fn lines(report: &Report, text: &str) -> Vec<u32> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    report.figures.iter().map(|figure| starts.partition_point(|start| *start <= figure.span.start as usize) as u32).collect()
}

fn source(site: &Site, file: &str) -> Result<SourceFile, Failure> {
    match site.root.read(file)? {
        Opened::File(source) => Ok(source),
        Opened::Refused(..) => Err(changed(file)),
    }
}

fn prose_sources(site: &Site, gathered: &Gathered) -> Result<Vec<(String, SourceFile)>, Failure> {
    gathered.pages.iter().map(|page| Ok((page.name.clone(), source(site, &page.file)?))).collect()
}

/// A file that could be read a moment ago.
fn changed(file: &str) -> Failure {
    let cause = std::io::Error::other("the file changed while the portal was being built; build again / 构建时文件被改动，请重新构建");
    Failure::Read(ReadError { path: file.to_string(), cause })
}

/// What templates got wrong on pages: collected, so that all of it is said in one run.
#[derive(Debug, Default)]
struct Faults(Mutex<Vec<(String, Finding)>>);

impl Faults {
    /// Makes a page. A template that fails on it is kept for the end; a panic ends the build with the page's name.
    fn of(&self, portal: &Portal<'_>, page: &Page, make: impl FnOnce() -> Result<Vec<Artifact>, Box<Finding>>) -> Result<Vec<Artifact>, Failure> {
        let address = page.address(portal.tree, portal.registry);
        Ok(self.named(&address, guarded(&address, make)?))
    }

    fn named(&self, page: &str, made: Result<Vec<Artifact>, Box<Finding>>) -> Vec<Artifact> {
        made.unwrap_or_else(|finding| {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push((page.to_string(), *finding));
            Vec::new()
        })
    }

    /// One finding a cause, with the first of its pages and how many there are.
    fn end(self) -> Result<(), Failure> {
        let mut all = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.sort_by(|a, b| (a.1.order(), &a.0).cmp(&(b.1.order(), &b.0)));
        let mut causes: Vec<(Finding, String, usize)> = Vec::new();
        for (page, finding) in all {
            match causes.last_mut().filter(|(known, ..)| *known == finding) {
                Some((_, _, count)) => *count += 1,
                None => causes.push((finding, page, 1)),
            }
        }
        let told = causes.into_iter().map(|(mut finding, page, count)| {
            let words = Words::new(format!("共 {count} 页，这是第一页"), format!("the first of {count} pages"));
            finding.diagnostic.related.push(Related { file: format!("/{page}"), words });
            finding
        });
        let told: Vec<Finding> = told.collect();
        if told.is_empty() { Ok(()) } else { Err(Failure::Pages(told)) }
    }
}

/// Makes a page; a panic in it ends the build with the page's name.
fn guarded<T>(page: &str, make: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(make)).map_err(|panic| {
        let what = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
        Failure::Bug(page.to_string(), what.unwrap_or_else(|| "panic".into()))
    })
}

/// The bodies' tables after each other, with one head.
fn joined(tables: Vec<Option<Vec<u8>>>) -> Vec<u8> {
    let mut all: Vec<u8> = Vec::new();
    for table in tables.into_iter().flatten() {
        let body = if all.is_empty() { 0 } else { table.iter().position(|byte| *byte == b'\n').map_or(table.len(), |at| at + 1) };
        all.extend_from_slice(&table[body..]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_names_its_page() {
        let made = guarded("yunxi/2024/", || {
            if true {
                panic!("row {}", 7)
            }
        });
        assert!(matches!(made, Err(Failure::Bug(page, what)) if page == "yunxi/2024/" && what == "row 7"));
        assert!(guarded("x/", || 1).is_ok_and(|made| made == 1));
    }

    #[test]
    fn tables_are_joined_under_one_head() {
        let table = |text: &str| Some(text.as_bytes().to_vec());
        assert_eq!(joined(vec![table("h\r\na\r\n"), None, table("h\r\nb\r\n")]), b"h\r\na\r\nb\r\n");
    }
}
