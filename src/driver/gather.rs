//! The first walk: every file read once, its facts kept, its text dropped.

use super::facts::{self, FactStore};
use super::recall::{self, Recall};
use super::site::{Failure, Site};
use super::times::Spent;
use super::tree::{self, TreeRead};
use super::{Progress, Step};
use crate::analyze::{Calendar, Facts, Filed, LinkIndex, ReportFacts, Standing};
use crate::check::{self, Lexicon, Pending, Pieces, Read, ReuseIndex, Subject};
use crate::diag::{Diagnostic, Finding, Words};
use crate::digest::Sha256Sum;
use crate::model::{BodyId, BodyTree, IndicatorId, Report, ReportId, Year};
use crate::parse::{self, ReportContext};
use crate::plan::{self, Totals};
use crate::source::{self, BodyDir, Opened, ReadError};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A report that is there and not published.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Held {
    /// Whose, for which year.
    pub id: ReportId,
    /// Its file.
    pub file: String,
    /// Why.
    pub standing: Standing,
}

/// Everything known after the first walk.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Bodies.
    pub tree: BodyTree,
    /// Directories of the bodies, by body.
    pub(super) dirs: Vec<BodyDir>,
    /// Reports, by body.
    pub filed: Vec<Filed>,
    /// Their facts.
    pub(super) facts: FactStore,
    /// Sums over them.
    pub(super) totals: Totals,
    /// How many figures published reports state, breakdowns included.
    pub(super) figure_count: u64,
    /// Bodies with words in a statutory section, by its id.
    pub(super) sections: BTreeMap<Box<str>, Vec<BodyId>>,
    /// Citations and links.
    pub links: LinkIndex,
    /// Links to look up.
    pub(super) pending: Vec<Pending>,
    /// Rows with breakdowns, by body.
    pub(super) broken_down: BTreeMap<BodyId, Vec<IndicatorId>>,
    /// Pages of prose.
    pub(super) pages: Vec<source::Page>,
    /// Old addresses of pages of prose, with the page.
    pub(super) page_aliases: Vec<(String, String)>,
    /// Reports that are held back.
    pub held: Vec<Held>,
    /// Findings that are to stay.
    pub(super) accepts: Vec<check::Standing>,
    /// By which reports of different bodies meet.
    pub(super) reuse: ReuseIndex,
    /// What was wrong.
    pub(super) findings: Vec<Finding>,
    /// Digests of files of content, as they were read.
    pub(super) sums: BTreeMap<String, Sha256Sum>,
    /// What every finding and fact was made with: configuration, forms, the tree, the day.
    pub(super) setting: Option<Sha256Sum>,
}

/// Bodies read at once: what was found in them is in memory together.
pub(super) const RUN: usize = 64;

/// Reads the whole site.
pub(super) fn gather(site: &Site, recall: &Recall, progress: Progress<'_>, checking: &Spent) -> Result<Gathered, Failure> {
    let mut opening = Opening::of(site, recall)?;
    let bodies = opening.len();
    for start in (0..bodies).step_by(RUN) {
        let onward = |step, done, _| progress(step, start + done, bodies);
        let found = opening.read(Reading { site, recall, progress: &onward, checking, see: &|_, _| {} }, start..bodies.min(start + RUN))?;
        let packed: Vec<_> = found.par_iter().map(|body| facts::packed(&body.found.facts)).collect();
        for (body, packed) in found.into_iter().zip(packed) {
            opening.take(site, body, packed);
        }
    }
    opening.close(site, recall)
}

/// The folders of `content/` and the bodies' own files: what every report is read with, and to which what is found in reports is added.
pub(super) struct Opening {
    gathered: Gathered,
    lexicon: Lexicon,
    setting: Sha256Sum,
}

/// How reports are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) site: &'a Site,
    pub(super) recall: &'a Recall,
    pub(super) progress: Progress<'a>,
    pub(super) checking: &'a Spent,
    /// Is shown each report with its standing while all its figures are there; not those that are recalled.
    pub(super) see: &'a (dyn Fn(&Report, Standing) + Sync),
}

impl Opening {
    /// Looks for bodies and reports, and reads the bodies' own files.
    pub(super) fn of(site: &Site, recall: &Recall) -> Result<Opening, Failure> {
        let content = site.root.path().join("content");
        if !content.is_dir() {
            let words = Words::new("没有 content/ 目录", "there is no content/ folder");
            let finding = Diagnostic::new("site/body-missing", "content", None, words).help(
                "请在网站目录里运行，或用 -r 指明；新站用 gongkai init。",
                "run in the site's folder or name it with -r; `gongkai init` makes a new one.",
            );
            return Err(Failure::Setup(vec![finding.unplaced()]));
        }
        let scan = source::scan(&site.root)?;
        let mut gathered = Gathered { findings: scan.found.into_iter().map(Diagnostic::unplaced).collect(), ..Gathered::default() };
        let TreeRead { tree, pending, accepts, mut findings, sums } = tree::read(site, recall, &scan.bodies)?;
        gathered.findings.append(&mut findings);
        let (lexicon, broken) = Lexicon::new(&site.registry, &tree);
        gathered.findings.extend(broken.into_iter().map(Diagnostic::unplaced));
        let setting = setting(site, &tree);
        gathered = Gathered { tree, dirs: scan.bodies, pending, accepts, sums, setting: Some(setting), ..gathered };
        Ok(Opening { gathered, lexicon, setting })
    }

    /// How many bodies there are.
    pub(super) fn len(&self) -> usize {
        self.gathered.dirs.len()
    }

    /// Their folders, in order of the tree.
    #[cfg(feature = "shards")]
    pub(super) fn dirs(&self) -> &[BodyDir] {
        &self.gathered.dirs
    }

    /// The bodies.
    #[cfg(feature = "shards")]
    pub(super) fn tree(&self) -> &BodyTree {
        &self.gathered.tree
    }

    /// Reads the reports of some bodies on all threads; what was found comes in the order of the bodies.
    pub(super) fn read(&self, reading: Reading<'_>, bodies: Range<usize>) -> Result<Vec<OfBody>, ReadError> {
        let Reading { progress, .. } = reading;
        let shared = Shared { reading, tree: &self.gathered.tree, lexicon: &self.lexicon, setting: self.setting };
        let (done, total) = (AtomicUsize::new(0), bodies.len());
        let dirs = self.gathered.dirs[bodies.clone()].par_iter().zip(bodies.into_par_iter());
        let read = dirs.map(|(dir, place)| {
            let read = body(&shared, BodyId(place as u32), dir);
            progress(Step::Reading, done.fetch_add(1, Ordering::Relaxed) + 1, total);
            read
        });
        read.collect()
    }

    /// Adds what was found in the reports of the next body; `packed` are its facts.
    pub(super) fn take(&mut self, site: &Site, OfBody { found, sums }: OfBody, packed: postcard::Result<Vec<u8>>) {
        let gathered = &mut self.gathered;
        gathered.sums.extend(sums);
        gathered.links = std::mem::take(&mut gathered.links).merge(found.links);
        gathered.pending.extend(found.pending);
        gathered.findings.extend(found.findings);
        gathered.held.extend(found.held);
        gathered.accepts.extend(found.accepts);
        gathered.reuse = std::mem::take(&mut gathered.reuse).merge(found.reuse);
        if !found.broken_down.is_empty() {
            gathered.broken_down.insert(found.facts.body, found.broken_down);
        }
        let facts = found.facts;
        let calendar = Calendar { config: &site.config, registry: &site.registry, today: site.today };
        gathered.totals.add(gathered.tree.body(facts.body), &facts, &calendar);
        gathered.figure_count += facts.published().map(|report| u64::from(report.figure_count)).sum::<u64>();
        let excerpts = facts.published().flat_map(|report| &report.excerpts).filter(|excerpt| !excerpt.text.is_empty());
        for section in excerpts.map(|excerpt| &excerpt.section).collect::<BTreeSet<_>>() {
            gathered.sections.entry(section.clone()).or_default().push(facts.body);
        }
        gathered.facts.push(packed);
        gathered.filed.push(Filed { body: facts.body, reports: facts.reports.into_iter().map(|report| report.filed).collect() });
    }

    /// Reads the pages of prose, which are few. All bodies have been taken.
    pub(super) fn close(mut self, site: &Site, recall: &Recall) -> Result<Gathered, Failure> {
        self.gathered.totals.pass_on(&self.gathered.tree);
        prose(site, recall, &mut self.gathered)?;
        Ok(self.gathered)
    }
}

/// Digests of files.
type Sums = Vec<(String, Sha256Sum)>;

/// What all bodies are read with.
struct Shared<'a> {
    reading: Reading<'a>,
    tree: &'a BodyTree,
    lexicon: &'a Lexicon,
    setting: Sha256Sum,
}

/// What was found in a body's reports, and the digests of their files.
#[derive(serde::Deserialize, serde::Serialize)]
pub(super) struct OfBody {
    pub(super) found: Found,
    pub(super) sums: Sums,
}

/// What was found in a body's reports.
#[derive(serde::Deserialize, serde::Serialize)]
pub(super) struct Found {
    pub(super) facts: Facts,
    links: LinkIndex,
    pending: Vec<Pending>,
    findings: Vec<Finding>,
    held: Vec<Held>,
    accepts: Vec<check::Standing>,
    reuse: ReuseIndex,
    broken_down: Vec<IndicatorId>,
}

/// A digest of everything but a body's own files that decides what is found in them.
fn setting(site: &Site, tree: &BodyTree) -> Sha256Sum {
    let mut config = site.config.clone();
    // Where the portal stands on this disk decides nothing, and the day is counted as it is used.
    (config.output_dir, config.today) = (String::new(), None);
    Sha256Sum::of_value(&(site.forms, format!("{config:?}"), format!("{tree:?}"), site.today.to_string(), site.drafts))
}

/// A body as the build before found it, if its files and all that is around them are the same; else read.
fn body(shared: &Shared<'_>, id: BodyId, dir: &BodyDir) -> Result<OfBody, ReadError> {
    let Shared { reading: Reading { site, recall, .. }, setting, .. } = *shared;
    let mut held: Vec<Option<Opened>> = Vec::with_capacity(dir.reports.len());
    let mut sums: Vec<Option<Sha256Sum>> = Vec::with_capacity(dir.reports.len());
    for file in &dir.reports {
        match recall.unchanged(site, &file.file) {
            Some(sum) => {
                sums.push(Some(sum));
                held.push(None);
            }
            None => {
                let opened = recall::read(site, recall, &file.file)?;
                sums.push(sum(&opened));
                held.push(Some(opened));
            }
        }
    }
    let key = |sums: &[Option<Sha256Sum>]| -> Option<Sha256Sum> {
        // What cannot be read has no digest, and is looked at each time.
        let sums: Option<Vec<Sha256Sum>> = sums.iter().copied().collect();
        let files: Vec<_> = dir.reports.iter().map(|file| (file.year, &file.file, &file.attachments)).collect();
        Some(Sha256Sum::of_value(&(setting, id, &dir.path, files, sums?)))
    };
    let named = |sums: &[Option<Sha256Sum>]| -> Sums { dir.reports.iter().zip(sums).filter_map(|(file, sum)| Some((file.file.clone(), (*sum)?))).collect() };
    if let Some(found) = key(&sums).and_then(|key| recall.piece::<Found>(key)) {
        return Ok(OfBody { found, sums: named(&sums) });
    }
    let mut opened = Vec::with_capacity(held.len());
    for ((file, held), known) in dir.reports.iter().zip(held).zip(&mut sums) {
        let read = match held {
            Some(opened) => opened,
            None => recall::read(site, recall, &file.file)?,
        };
        *known = sum(&read);
        opened.push(read);
    }
    let found = read(shared, id, dir, opened);
    if let Some(key) = key(&sums) {
        recall.found(key, &found);
    }
    Ok(OfBody { found, sums: named(&sums) })
}

fn sum(opened: &Opened) -> Option<Sha256Sum> {
    match opened {
        Opened::File(source) => Some(Sha256Sum::of(source.text.as_bytes())),
        Opened::Refused(..) => None,
    }
}

fn read(shared: &Shared<'_>, id: BodyId, dir: &BodyDir, opened: Vec<Opened>) -> Found {
    let Shared { reading: Reading { site, checking, see, .. }, tree, lexicon, .. } = *shared;
    let county = tree.county_of(id).map_or("", |county| county.path.as_str());
    let mut of = Found {
        facts: Facts { body: id, reports: Vec::new() },
        links: LinkIndex::default(),
        pending: Vec::new(),
        findings: Vec::new(),
        held: Vec::new(),
        accepts: Vec::new(),
        reuse: ReuseIndex::default(),
        broken_down: Vec::new(),
    };
    let mut rows = BTreeSet::new();
    let calendar = Calendar { config: &site.config, registry: &site.registry, today: site.today };
    let mut last: Option<Read> = None;
    let mut series = check::Series::default();
    for (file, opened) in dir.reports.iter().zip(opened) {
        let source = match opened {
            Opened::File(source) => source,
            Opened::Refused(diagnostic, bytes) => {
                of.findings.push(Opened::refusal(*diagnostic, &bytes));
                continue;
            }
        };
        let report_id = ReportId { body: id, year: file.year };
        let context = ReportContext { registry: &site.registry, id: report_id, attachments: &file.attachments };
        let read = parse::report(context, &file.file, &source.text);
        // What could not be read is not judged.
        let unread = read.found.iter().any(|diagnostic| diagnostic.rule.always_stops);
        of.findings.extend(read.found.into_iter().map(|diagnostic| diagnostic.locate(&source.text)));
        let Some(report) = read.report else { continue };
        let standing = Standing::of(&report, &site.config, site.today, site.drafts);
        see(&report, standing);
        if report.draft {
            of.findings.extend(empty_cells(&report));
        }
        let before = last.take().filter(|last: &Read| last.report.id.year.next() == file.year);
        let pieces = Pieces::of(&read.paragraphs);
        let joined = check::joined(&read.paragraphs);
        of.accepts.extend(check::Standing::of(&report.accepts, &file.file, &source.text));
        let mut wrong = checking.on(|| check::privacy(&file.file, &source.text, &site.config.office_lines, file.year.number()));
        let subject = Subject {
            registry: &site.registry,
            tree,
            lexicon,
            body: tree.body(id),
            report: &report,
            paragraphs: &read.paragraphs,
            pieces: &pieces,
            joined: &joined,
            text: &source.text,
            last: before.as_ref(),
            deadline: calendar.deadline(tree.body(id), file.year),
            today: site.today,
        };
        if !unread {
            wrong.extend(checking.on(|| check::report(&subject)));
        }
        if !report.draft {
            wrong.extend(checking.on(|| series.next(&site.registry, &report)));
        }
        of.findings.extend(wrong.into_iter().map(|diagnostic| diagnostic.locate(&source.text)));
        let sections: Vec<&str> = site.registry.form(report.form).sections.iter().map(|section| section.id.as_str()).collect();
        of.facts.reports.push(ReportFacts::of(&report, &read.paragraphs, standing, &sections));
        rows.extend((standing == Standing::Published).then(|| plan::broken_down(std::iter::once(&report))).into_iter().flatten());
        if standing == Standing::Published {
            of.links.cite(report_id, &report.citations, county);
        }
        if let Some(sketch) = pieces.sketch().filter(|_| standing == Standing::Published) {
            of.reuse.add(report_id, sketch);
        }
        of.findings.extend(held_back(&report, standing, site.config.review_required_from));
        last = Some(Read { report, paragraphs: read.paragraphs, pieces });
        if standing != Standing::Published {
            of.held.push(Held { id: report_id, file: file.file.clone(), standing });
            continue;
        }
        let from = if dir.path.is_empty() { file.year.to_string() } else { format!("{}/{}", dir.path, file.year) };
        let mut found = TreeRead::default();
        tree::pending_links(&read.links, &from, &file.file, &source.text, &mut found);
        for pending in &found.pending {
            of.links.backlinks.entry(pending.path.trim_matches('/').to_string()).or_default().insert(report_id);
        }
        of.pending.append(&mut found.pending);
        of.findings.append(&mut found.findings);
    }
    of.broken_down = rows.into_iter().collect();
    let there: BTreeSet<Year> = dir.reports.iter().map(|file| file.year).collect();
    of.findings.extend(check::missing(calendar, tree.body(id), &of.facts, &there).into_iter().map(Diagnostic::unplaced));
    of
}

/// Why a report is not published.
fn held_back(report: &Report, standing: Standing, from: Option<jiff::civil::Date>) -> Option<Finding> {
    let (code, words, help) = match standing {
        Standing::Published => return None,
        Standing::Draft => (
            "review/draft",
            Words::new("这是草稿，没有发布", "a draft: not published"),
            ("写好后写上 date，删去 draft = true。", "when it is done set `date` and remove `draft = true`."),
        ),
        Standing::Future => (
            "review/date-future",
            Words::new("发布日期还没有到，没有发布", "its day has not come: not published"),
            ("到那一天再生成就会发布；日期写错的请改正。", "it appears when the portal is built on that day; correct the day if it is wrong."),
        ),
        Standing::Unapproved if report.review.is_none() => (
            "review/approval-missing",
            Words::new(
                format!("{} 起发布的年报要先审核，这一份还没有", from.map_or_else(String::new, |day| day.to_string())),
                format!("reports from {} on need an approval; this one has none", from.map_or_else(String::new, |day| day.to_string())),
            ),
            ("审核人看过后运行 gongkai approve 文件 --by 姓名。", "once it has been read, run `gongkai approve FILE --by NAME`."),
        ),
        Standing::Unapproved => (
            "review/text-changed",
            Words::new("审核之后文字、数字或日期改过，没有发布", "changed after it was approved: not published"),
            ("请审核人重新看过，再运行 gongkai approve。", "have it read again, then run `gongkai approve` again."),
        ),
    };
    Some(Diagnostic::new(code, &report.file, None, words).about("review", "").help(help.0, help.1).unplaced())
}

/// A draft's empty cells, counted once: it is still being filled in.
fn empty_cells(report: &Report) -> Option<Finding> {
    let empty = report.figures.iter().filter(|figure| figure.reading == crate::model::Reading::Blank).count();
    let words = Words::new(format!("草稿的法定表还有 {empty} 格空着"), format!("{empty} cells of the draft's tables are empty"));
    let finding = Diagnostic::new("form/cells-empty", &report.file, None, words)
        .help("没有就写 0，原表空白的留空。", "write 0 for none; leave a cell empty only where the original is blank.");
    (empty > 0).then(|| finding.unplaced())
}

/// `about.md` and `glossary.md`: checked here, read again when they are rendered.
fn prose(site: &Site, recall: &Recall, gathered: &mut Gathered) -> Result<(), ReadError> {
    let pages: Vec<source::Page> = gathered.dirs.iter().flat_map(|dir| dir.pages.iter().cloned()).collect();
    for page in pages {
        match recall::read(site, recall, &page.file)? {
            Opened::Refused(diagnostic, bytes) => gathered.findings.push(Opened::refusal(*diagnostic, &bytes)),
            Opened::File(source) => {
                gathered.sums.insert(page.file.clone(), Sha256Sum::of(source.text.as_bytes()));
                let read = parse::prose(&page.file, &source.text);
                gathered.findings.extend(read.found.into_iter().map(|diagnostic| diagnostic.locate(&source.text)));
                let private = check::privacy(&page.file, &source.text, &site.config.office_lines, site.today.year());
                gathered.findings.extend(private.into_iter().map(|diagnostic| diagnostic.locate(&source.text)));
                let mut found = TreeRead::default();
                tree::pending_links(&read.links, &page.name, &page.file, &source.text, &mut found);
                gathered.pending.append(&mut found.pending);
                gathered.findings.append(&mut found.findings);
                gathered.page_aliases.extend(read.aliases.into_iter().map(|alias| (alias, page.name.clone())));
                gathered.pages.push(page);
            }
        }
    }
    Ok(())
}
