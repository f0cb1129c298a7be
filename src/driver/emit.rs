//! The second walk: what is stale is made from texts read again body by body, and everything is handed over.

use super::beside::attachments;
use super::build::Remade;
use super::dossier::{self, changed, with_text};
use super::faults::Faults;
use super::gather::Gathered;
use super::outlet::Outlet;
use super::recall::Recall;
use super::search::{Before, Field, Gleaner, Shelf, Wanted};
use super::site::{Failure, Site};
use super::times::{Stage, Watch};
use super::{Examined, Progress, Step};
use crate::analyze::Calendar;
use crate::analyze::pair::{self, TextPair};
use crate::diag::Finding;
use crate::digest::Sha256Sum;
use crate::model::{Accept, BodyId, Year};
use crate::parse;
use crate::plan::{Asked, FIGURES_IN_ONE_PIECE, Page, Reason};
use crate::publish::{Made, Sink};
use crate::render::search::Names;
use crate::render::{self, Answers, Artifact, Desk, DossierText, Engine, Leaf, Portal, ProsePage, Sources, Strings, view::SiteView};
use crate::source::SourceFile;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

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

/// Makes what is stale and hands everything over; says what was made, and why.
pub(super) fn emit(
    site: &Site,
    recall: &Recall,
    examined: &Examined,
    sink: &impl Sink,
    progress: Progress<'_>,
    watch: &mut Watch,
) -> Result<Vec<Remade>, Failure> {
    let (gathered, plan) = (&examined.gathered, &examined.plan);
    let shown = Shown::of(examined);
    let bodies: Vec<BodyId> = gathered.tree.iter().map(|body| body.id).collect();
    let (making, mut answers) = Making::of(site, recall, examined, &shown, sink, Steps::new(progress, bodies.len() + plan.corpus.len()));
    let field = site.config.search.then(|| Field::of(gathered, &site.registry));
    let search = field.as_ref().map(|field| making.shelf(&answers, field)).transpose()?;
    let keep = |body, gleaned| search.as_ref().map_or(Ok(()), |search| search.shelf.put(body, gleaned));
    let gleaner = search.as_ref().map(|search| Gleaner { field: search.shelf.field, recall, wanted: &search.wanted, keep: &keep });
    let tables = making.dossiers(&answers, &bodies, gleaner)?;
    making.one_piece(&answers, &bodies, &tables)?;
    drop(tables);
    watch.lap(Stage::Emit);
    let names = search.map(|search| making.search(&answers, search)).transpose()?;
    watch.lap(Stage::Search);
    answers.search(names.as_ref());
    making.lists(&answers, names.as_ref(), plan.corpus.iter())?;
    making.attachments(&answers, attachments(gathered))?;
    making.rest(&answers)?;
    watch.lap(Stage::Lists);
    watch.within(Stage::Inspect, &making.outlet.inspecting);
    watch.within(Stage::Write, &making.outlet.writing);
    making.end()
}

/// What pages may show of what was found. What is wrong with a report that is held back is no more public than the report.
pub(super) struct Shown<'e> {
    findings: Cow<'e, [Finding]>,
    accepted: Vec<(Finding, Accept)>,
}

impl<'e> Shown<'e> {
    pub(super) fn of(examined: &'e Examined) -> Shown<'e> {
        let gathered = &examined.gathered;
        let held: BTreeSet<&str> = gathered.held.iter().map(|held| held.file.as_str()).collect();
        let is_public = |finding: &Finding| !held.contains(finding.diagnostic.file.as_str());
        let mut accepted: Vec<(Finding, Accept)> = examined.accepted.iter().filter(|(finding, _)| is_public(finding)).cloned().collect();
        accepted.sort_by(|a, b| a.0.order().cmp(&b.0.order()));
        let findings = if examined.findings.iter().all(is_public) {
            Cow::Borrowed(examined.findings.as_slice())
        } else {
            examined.findings.iter().filter(|finding| is_public(finding)).cloned().collect()
        };
        Shown { findings, accepted }
    }

    fn sources<'a>(&'a self, site: &'a Site, examined: &'a Examined) -> Sources<'a> {
        let gathered = &examined.gathered;
        Sources {
            config: &site.config,
            registry: &site.registry,
            tree: &gathered.tree,
            facts: &gathered.facts,
            filed: &gathered.filed,
            figure_count: gathered.figure_count,
            sections: &gathered.sections,
            plan: &examined.plan,
            links: &gathered.links,
            calendar: Calendar { config: &site.config, registry: &site.registry, today: site.today },
            strings: &examined.strings,
            assets: &examined.assets,
            relative_urls: site.relative_urls,
            files: &examined.files,
            findings: &self.findings,
            accepted: &self.accepted,
            search: None,
        }
    }
}

/// How far the pages have come.
pub(super) struct Steps<'p> {
    progress: Progress<'p>,
    done: AtomicUsize,
    total: usize,
}

impl<'p> Steps<'p> {
    pub(super) fn new(progress: Progress<'p>, total: usize) -> Steps<'p> {
        Steps { progress, done: AtomicUsize::new(0), total }
    }

    fn step(&self) {
        (self.progress)(Step::Writing, self.done.fetch_add(1, Ordering::Relaxed) + 1, self.total);
    }
}

/// The unit of all files of search.
const SEARCH: &str = "search";
/// The figures of all bodies in one piece.
const ONE_PIECE: &str = "data/figures.csv";

/// What every page is made with. Where this differs, all are stale.
fn shared(site: &Site, examined: &Examined, sources: &Sources<'_>) -> Sha256Sum {
    let templates: Vec<(&str, &str, &str)> =
        examined.theme.templates.iter().map(|template| (template.name.as_str(), template.file.as_str(), template.text.as_str())).collect();
    // A site's own compressed sibling takes the place of ours.
    let siblings: Vec<&String> = examined.files.iter().filter(|file| file.ends_with(".gz")).collect();
    Sha256Sum::of_value(&(sources.shared(), site.forms, site.drafts, templates, siblings))
}

/// A unit to be made or kept: its name, the digest of its own sources, why it is stale.
type Task = (String, Sha256Sum, Option<Reason>);

/// A body's `figures.csv`: as just made, or where it stands.
pub(super) enum Table {
    New(Made, Vec<u8>),
    Kept(Made),
}

impl Table {
    fn made(&self) -> &Made {
        match self {
            Table::New(made, _) | Table::Kept(made) => made,
        }
    }
}

/// The files of search, before any text has been put aside.
pub(super) struct Search<'a> {
    pub(super) shelf: Shelf<'a>,
    own: Sha256Sum,
    stale: Option<Reason>,
    /// Whose texts have to be put on the shelf.
    wanted: Wanted,
    /// What the build before left of its own, if it can be used.
    before: Option<Before>,
}

/// Pages on their way.
pub(super) struct Making<'a, S> {
    site: &'a Site,
    recall: &'a Recall,
    examined: &'a Examined,
    engine: &'a Engine,
    portal: Portal<'a>,
    /// Whether what all pages share is as it was.
    same: bool,
    pub(super) outlet: Outlet<'a, S>,
    faults: Faults,
    /// Whether the figures of all bodies are few enough for one file.
    joins: bool,
    remade: Mutex<Vec<Remade>>,
    steps: Steps<'a>,
}

impl<'a, S: Sink> Making<'a, S> {
    /// Nothing is made yet; with it, the answers to what pages ask.
    pub(super) fn of(
        site: &'a Site,
        recall: &'a Recall,
        examined: &'a Examined,
        shown: &'a Shown<'_>,
        sink: &'a S,
        steps: Steps<'a>,
    ) -> (Making<'a, S>, Answers<'a>) {
        let sources = shown.sources(site, examined);
        let bodies: Vec<BodyId> = examined.gathered.tree.iter().map(|body| body.id).collect();
        let answers = Answers::new(sources, bodies.par_iter().map(|body| sources.fact_sums(*body)).collect());
        let making = Making {
            site,
            recall,
            examined,
            engine: examined.engine.as_ref().expect("a broken template is a finding that stops"),
            portal: Portal::new(sources),
            same: recall.share(shared(site, examined, &sources)),
            outlet: Outlet::new(site, examined, sink),
            faults: Faults::default(),
            joins: (1..=FIGURES_IN_ONE_PIECE).contains(&examined.gathered.figure_count),
            remade: Mutex::default(),
            steps,
        };
        (making, answers)
    }

    /// The pages of some bodies; gives their `figures.csv`. Whoever wants their texts for search gets them.
    pub(super) fn dossiers(&self, answers: &Answers<'_>, bodies: &[BodyId], gleaner: Option<Gleaner<'_>>) -> Result<Vec<Option<Table>>, Failure> {
        let gathered = &self.examined.gathered;
        let made = bodies.par_iter().map(|&body| {
            let (name, own) = (format!("{}/", gathered.tree.body(body).path), dossier::digest(gathered, body));
            let stale = self.recall.stale(&name, own, self.same, answers);
            let table = self.dossier(answers, body, (name, own, stale), gleaner)?;
            self.steps.step();
            Ok(table)
        });
        made.collect()
    }

    /// Pages made from facts alone. Only the page of search asks where search begins.
    pub(super) fn lists<'p>(&self, answers: &Answers<'_>, names: Option<&Names>, pages: impl Iterator<Item = &'p Page>) -> Result<(), Failure> {
        let Making { site, examined, portal, .. } = self;
        let gathered = &examined.gathered;
        let portal = portal.with_search(names);
        let texts: Vec<SourceFile> = gathered.pages.iter().map(|page| dossier::source(site, gathered, &page.file)).collect::<Result<_, _>>()?;
        let prose: Vec<ProsePage<'_>> = gathered
            .pages
            .iter()
            .zip(&texts)
            .map(|(page, source)| {
                let read = parse::prose(&source.path, &source.text);
                ProsePage { name: page.name.clone(), title: read.title, document: read.document }
            })
            .collect();
        let prose_sum = Sha256Sum::of_value(&texts.iter().map(|source| (&source.path, &source.text)).collect::<Vec<_>>());
        // Pages over the same children are made from the same facts.
        let mut together: BTreeMap<Option<BodyId>, Vec<&Page>> = BTreeMap::new();
        for page in pages {
            together.entry(page.parent()).or_default().push(page);
        }
        let alone: Vec<&Page> = together.remove(&None).unwrap_or_default();
        let groups = alone.chunks(1).chain(together.values().map(Vec::as_slice)).collect::<Vec<_>>();
        groups.into_par_iter().map(|pages| (pages, Desk::default())).try_for_each(|(pages, desk)| {
            pages.iter().try_for_each(|page| {
                let own = if matches!(page, Page::About | Page::Glossary) { prose_sum } else { Sha256Sum::of_value(page) };
                let name = page.address(&gathered.tree, &site.registry);
                let stale = self.recall.stale(&name, own, self.same, answers);
                let leaf = page.part().map(Leaf::of);
                self.unit(&portal.in_part(leaf.as_ref()), answers, &desk, (name, own, stale), |portal, files| {
                    let made = self.faults.of(&page.address(portal.tree, portal.registry), || render::corpus(portal, self.engine, page, &prose))?;
                    made.iter().try_for_each(|artifact| self.outlet.artifact(artifact, files))
                })?;
                self.steps.step();
                Ok(())
            })
        })
    }

    /// Keeps a unit that is fresh and still there; makes any other. Says what it became.
    fn unit(
        &self,
        portal: &Portal<'_>,
        answers: &Answers<'_>,
        desk: &Desk,
        (name, own, stale): Task,
        make: impl FnOnce(&Portal<'_>, &mut Vec<Made>) -> Result<(), Failure>,
    ) -> Result<Vec<Made>, Failure> {
        let reason = match stale {
            Some(reason) => reason,
            None => match self.recall.files(&name) {
                Some(files) if self.outlet.keep(&files)? => return Ok(files),
                _ => Reason::New,
            },
        };
        let asked = Asked::default();
        let mut files = Vec::new();
        make(&portal.noting(&asked, desk), &mut files)?;
        self.recall.made(&name, own, asked.into_keys(), answers, &files);
        let remade = Remade { address: name, files: files.len(), reason };
        self.remade.lock().unwrap_or_else(PoisonError::into_inner).push(remade);
        Ok(files)
    }

    /// One body: its texts read again, its pages made and handed over. Gives its `figures.csv`, where all are to be joined.
    fn dossier(&self, answers: &Answers<'_>, body: BodyId, task: Task, gleaner: Option<Gleaner<'_>>) -> Result<Option<Table>, Failure> {
        let own = task.1;
        let gathered = &self.examined.gathered;
        let (mut table, mut gleaned) = (None, false);
        let files = self.unit(&self.portal, answers, &Desk::default(), task, |portal, files| {
            with_text(self.site, gathered, body, |text| {
                if let Some(gleaner) = gleaner.filter(|gleaner| gleaner.wanted.has(body)) {
                    gleaner.add(own, text)?;
                    gleaned = true;
                }
                table = self.dossier_pages(portal, text, files)?;
                Ok(())
            })
        })?;
        if let Some(gleaner) = gleaner.filter(|_| !gleaned)
            && !gleaner.recalls(own, body)?
        {
            with_text(self.site, gathered, body, |text| gleaner.add(own, text))?;
        }
        if !self.joins {
            return Ok(None);
        }
        let kept = || files.iter().find(|made| is_table(&made.path)).cloned();
        Ok(table.map(|(made, bytes)| Table::New(made, bytes)).or_else(|| kept().map(Table::Kept)))
    }

    fn dossier_pages(&self, portal: &Portal<'_>, text: &DossierText<'_>, files: &mut Vec<Made>) -> Result<Option<(Made, Vec<u8>)>, Failure> {
        let pages = self.examined.plan.dossiers.get(&text.body).map_or(&[][..], Vec::as_slice);
        for page in pages {
            let compared = match page {
                Page::Pair(_, older, newer) if self.site.config.pair_text => compared(text, *older, *newer),
                _ => None,
            };
            let address = page.address(portal.tree, portal.registry);
            let made = self.faults.of(&address, || render::dossier_page(portal, self.engine, text, page, compared.as_ref()))?;
            made.iter().try_for_each(|artifact| self.outlet.artifact(artifact, files))?;
        }
        let mut table = None;
        let path = &portal.tree.body(text.body).path;
        for artifact in self.faults.named(&format!("{path}/atom.xml"), render::dossier_files(portal, self.engine, text)) {
            self.outlet.artifact(&artifact, files)?;
            if is_table(&artifact.path)
                && let Some(made) = files.iter().find(|made| made.path == artifact.path)
            {
                table = Some((made.clone(), artifact.bytes));
            }
        }
        Ok(table)
    }

    /// The figures of all bodies in one file, unless there are too many.
    pub(super) fn one_piece(&self, answers: &Answers<'_>, bodies: &[BodyId], tables: &[Option<Table>]) -> Result<(), Failure> {
        if !self.joins {
            return Ok(());
        }
        let own = Sha256Sum::of_value(&tables.iter().flatten().map(Table::made).collect::<Vec<_>>());
        let stale = self.recall.stale(ONE_PIECE, own, self.same, answers);
        self.unit(&self.portal, answers, &Desk::default(), (ONE_PIECE.into(), own, stale), |portal, files| {
            let mut all = Vec::with_capacity(tables.len());
            for (body, table) in bodies.iter().zip(tables) {
                match table {
                    None => {}
                    Some(Table::New(_, bytes)) => all.push(bytes.clone()),
                    Some(Table::Kept(made)) => all.push(match self.outlet.held(made) {
                        Some(bytes) => bytes,
                        // Not what it was when it was published, though nothing shows it: made once more.
                        None => self.table(portal, *body)?,
                    }),
                }
            }
            self.outlet.artifact(&Artifact { path: ONE_PIECE.into(), bytes: joined(all) }, files)
        })?;
        Ok(())
    }

    fn table(&self, portal: &Portal<'_>, body: BodyId) -> Result<Vec<u8>, Failure> {
        with_text(self.site, &self.examined.gathered, body, |text| {
            let made = self.faults.named(&format!("{}/", portal.tree.body(body).path), render::dossier_files(portal, self.engine, text));
            Ok(made.into_iter().find(|artifact| is_table(&artifact.path)).map(|artifact| artifact.bytes).unwrap_or_default())
        })
    }

    /// Room for the texts of search. They are wanted only if the files of search are stale, and only those that have changed, where little has.
    pub(super) fn shelf<'f>(&self, answers: &Answers<'_>, field: &'f Field) -> Result<Search<'f>, Failure> {
        let gathered = &self.examined.gathered;
        let bodies: Vec<BodyId> = gathered.tree.iter().map(|body| body.id).collect();
        let texts: Vec<Sha256Sum> = bodies.par_iter().map(|body| dossier::digest(gathered, *body)).collect();
        let own = Sha256Sum::of_value(&(Sha256Sum::of_value(&texts), field.sum));
        let stale = self.recall.stale(SEARCH, own, self.same, answers);
        let keys: Vec<Sha256Sum> = bodies.iter().zip(&texts).map(|(body, own)| field.key(*own, *body)).collect();
        let before = stale.as_ref().filter(|_| self.same).and_then(|_| Before::of(self.recall, self.recall.files(SEARCH)?, &keys));
        let wanted = match (&stale, &before) {
            (None, _) => Wanted::Nothing,
            (Some(_), Some(before)) => Wanted::Some(before.changed.clone()),
            (Some(_), None) => Wanted::All,
        };
        Ok(Search { shelf: Shelf::new(field, keys, &self.outlet)?, own, stale, wanted, before })
    }

    /// The files of search; kept, where no text and no name has changed.
    pub(super) fn search(&self, answers: &Answers<'_>, search: Search<'_>) -> Result<Names, Failure> {
        let Search { shelf, own, stale, wanted, before } = search;
        let gathered = &self.examined.gathered;
        let mut names = None;
        self.unit(&self.portal, answers, &Desk::default(), (SEARCH.into(), own, stale), |portal, files| {
            let all = Mutex::new(Vec::new());
            let write = |artifact: &Artifact| {
                let mut made = Vec::new();
                self.outlet.artifact(artifact, &mut made)?;
                all.lock().unwrap_or_else(PoisonError::into_inner).append(&mut made);
                Ok(())
            };
            if let Some(before) = before {
                names = shelf.patched(self.recall, before, portal, &self.outlet, files, write)?;
            }
            if names.is_none() {
                // What has not been put on the shelf: everything, where files are fresh but not as they were published.
                let gleaner = Gleaner { field: shelf.field, recall: self.recall, wanted: &Wanted::All, keep: &|body, gleaned| shelf.put(body, gleaned) };
                let missing: Vec<BodyId> = gathered.tree.iter().map(|body| body.id).filter(|body| !wanted.has(*body)).collect();
                missing.par_iter().try_for_each(|body| {
                    let own = dossier::digest(gathered, *body);
                    if gleaner.recalls(own, *body)? { Ok(()) } else { with_text(self.site, gathered, *body, |text| gleaner.add(own, text)) }
                })?;
                names = Some(shelf.files(self.recall, portal, &self.outlet, write)?);
            }
            files.append(&mut all.into_inner().unwrap_or_else(PoisonError::into_inner));
            files.sort_by(|a, b| a.path.cmp(&b.path));
            Ok(())
        })?;
        let names = match (names, self.recall.search()) {
            (Some(names), _) => names,
            (None, Some((address, integrity))) => {
                Before::keep(self.recall);
                Names { address: address.clone(), integrity: integrity.clone(), files: Vec::new() }
            }
            (None, None) => unreachable!("files of search are kept together with where they begin"),
        };
        self.recall.searched(&names.address, &names.integrity);
        Ok(names)
    }

    /// Files beside reports: address, and file below the root.
    pub(super) fn attachments(&self, answers: &Answers<'_>, attached: impl Iterator<Item = (String, String)>) -> Result<(), Failure> {
        let Making { site, examined, outlet, .. } = self;
        for (path, file) in attached {
            let sum = examined.gathered.sums.get(&file).copied().ok_or_else(|| changed(&file))?;
            let stale = self.recall.stale(&path, sum, self.same, answers);
            self.unit(&self.portal, answers, &Desk::default(), (path.clone(), sum, stale), |_, files| {
                let bytes = site.root.bytes(&file).ok().flatten().filter(|bytes| Sha256Sum::of(bytes) == sum).ok_or_else(|| changed(&file))?;
                outlet.bytes(&path, &bytes, files)
            })?;
        }
        Ok(())
    }

    /// Files that are no pages: style sheet, static files, sitemap, robots.
    pub(super) fn rest(&self, answers: &Answers<'_>) -> Result<(), Failure> {
        let Making { site, examined, outlet, portal, .. } = self;
        let nothing = Sha256Sum::of(b"");
        let stale = self.recall.stale("sitemap.xml", nothing, self.same, answers);
        self.unit(portal, answers, &Desk::default(), ("sitemap.xml".into(), nothing, stale), |portal, files| {
            let made = self.faults.named("sitemap.xml", render::sitemaps(portal, self.engine));
            made.iter().try_for_each(|artifact| outlet.artifact(artifact, files))
        })?;
        let files = &mut Vec::new();
        let mut made: Vec<Artifact> = examined.assets.all().map(|asset| Artifact { path: asset.address.clone(), bytes: asset.bytes.clone() }).collect();
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
        for (path, bytes) in &own {
            outlet.bytes(path, bytes, files)?;
        }
        for artifact in &made {
            outlet.artifact(artifact, files)?;
        }
        Ok(())
    }

    /// Says what was made, and why.
    pub(super) fn end(self) -> Result<Vec<Remade>, Failure> {
        self.faults.end()?;
        self.examined.gathered.facts.are_whole()?;
        let mut remade = self.remade.into_inner().unwrap_or_else(PoisonError::into_inner);
        remade.sort_by(|a, b| a.address.cmp(&b.address));
        Ok(remade)
    }
}

fn compared(text: &DossierText<'_>, older: Year, newer: Year) -> Option<TextPair> {
    let find = |year: Year| text.reports.iter().find(|text| text.report.id.year == year);
    let (older, newer) = (find(older)?, find(newer)?);
    Some(pair::compare((&older.report, &older.paragraphs), (&newer.report, &newer.paragraphs)))
}

pub(super) fn is_table(path: &str) -> bool {
    path.rsplit('/').next() == Some("figures.csv")
}

/// The bodies' tables after each other, with one head.
fn joined(tables: Vec<Vec<u8>>) -> Vec<u8> {
    let mut all: Vec<u8> = Vec::new();
    for table in tables {
        let body = if all.is_empty() { 0 } else { table.iter().position(|byte| *byte == b'\n').map_or(table.len(), |at| at + 1) };
        all.extend_from_slice(&table[body..]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_joined_under_one_head() {
        assert_eq!(joined(vec![b"h\r\na\r\n".to_vec(), b"h\r\nb\r\n".to_vec()]), b"h\r\na\r\nb\r\n");
    }
}
