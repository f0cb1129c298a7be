//! The order of the stages, and the only place that knows it.
//!
//! Two walks. *Gather*, body by body: read, parse, keep the facts, drop the text. Then what crosses bodies: totals, links, the
//! plan. *Emit*, body by body: read again, render, write. Memory is the facts and, per thread, the texts of one body.

mod beside;
mod build;
mod corpus;
mod dossier;
mod emit;
mod facts;
mod faults;
mod gather;
mod outlet;
mod recall;
mod repair;
mod search;
#[cfg(feature = "shards")]
pub mod shard;
mod site;
mod still;
mod times;
mod tree;

pub use crate::publish::Files;
pub use build::{Built, Caching, Preview, Remade, build, preview};
pub use gather::{Gathered, Held};
pub use recall::Memory;
pub use repair::{Repair, repairs};
pub use site::{Failure, Setup, Site};
pub use still::Told;
pub use times::{Lap, Stage};

use crate::analyze::Calendar;
use crate::check;
use crate::config::FailOn;
use crate::diag::{Finding, Severity};
use crate::model::{Accept, Year};
use crate::plan::{self, Inputs, Plan, Totals};
use crate::render::{Assets, Engine, Strings, assets};
use crate::source::Theme;
use recall::Recall;
use std::collections::BTreeSet;
use times::{Spent, Watch};

/// How far a long work has come; called from many threads.
pub type Progress<'p> = &'p (dyn Fn(Step, usize, usize) + Sync);

/// What is being done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Bodies read.
    Reading,
    /// Bodies and pages written.
    Writing,
}

/// A site that was read and checked, with everything its pages need but the texts.
#[derive(Debug)]
pub struct Examined {
    /// Bodies, facts and indexes.
    pub gathered: Gathered,
    /// What will be made; nothing if there is no root body.
    pub plan: Plan,
    /// Theme files.
    theme: Theme,
    strings: Strings,
    engine: Option<Engine>,
    assets: Assets,
    /// Addresses of files that are not pages.
    files: BTreeSet<String>,
    /// Every finding with its configured severity, in order of file and line.
    pub findings: Vec<Finding>,
    /// Findings that were accepted, each with its reason.
    pub accepted: Vec<(Finding, Accept)>,
    /// Whether the findings stop a build.
    pub stops: bool,
}

/// Reads and checks a site; writes nothing.
pub fn check(site: &Site, progress: Progress<'_>) -> Result<Examined, Failure> {
    examine(site, &Recall::nothing(), progress, &mut Watch::start())
}

fn examine(site: &Site, recall: &Recall, progress: Progress<'_>, watch: &mut Watch) -> Result<Examined, Failure> {
    let checking = Spent::default();
    let gathered = gather::gather(site, recall, progress, &checking)?;
    watch.lap(Stage::Gather);
    watch.within(Stage::Check, &checking);
    judge(site, recall, gathered, watch)
}

/// What is wrong across bodies, added to what was found in each; and what will be made.
fn judge(site: &Site, recall: &Recall, mut gathered: Gathered, watch: &mut Watch) -> Result<Examined, Failure> {
    let mut findings = std::mem::take(&mut gathered.findings);
    let dress = Dress::of(site, &mut findings)?;
    findings.extend(corpus::findings(site, recall, &mut gathered, &dress.theme));
    watch.lap(Stage::Indexes);
    let totals = std::mem::take(&mut gathered.totals);
    let laid = Laid::out(site, &gathered, totals, &dress, &mut findings);
    findings.extend(check::links(&gathered.pending, &laid.plan, &laid.files, &gathered.tree, &gathered.facts, &site.registry));
    gathered.facts.are_whole()?;
    let settled = check::settle(configured(site, findings), &gathered.accepts, site.today);
    let findings = configured(site, settled.open);
    let examined = Examined::of(site, gathered, dress, laid, (findings, settled.accepted));
    watch.lap(Stage::Plan);
    Ok(examined)
}

/// What pages wear.
struct Dress {
    theme: Theme,
    strings: Strings,
}

impl Dress {
    fn of(site: &Site, findings: &mut Vec<Finding>) -> Result<Dress, Failure> {
        let (theme, mut wrong) = Theme::load(&site.root, &site.config.theme, &site.config.default_language).map_err(Failure::Read)?;
        findings.append(&mut wrong);
        let (strings, mut wrong) = Strings::read(&theme.strings);
        findings.append(&mut wrong);
        Ok(Dress { theme, strings })
    }
}

/// What will be made, and what makes it.
struct Laid {
    plan: Plan,
    files: BTreeSet<String>,
    engine: Option<Engine>,
}

impl Laid {
    fn out(site: &Site, gathered: &Gathered, totals: Totals, dress: &Dress, findings: &mut Vec<Finding>) -> Laid {
        let calendar = Calendar { config: &site.config, registry: &site.registry, today: site.today };
        let mut plan = match gathered.tree.root() {
            None => Plan::default(),
            Some(_) => plan::plan(
                Inputs {
                    registry: &site.registry,
                    tree: &gathered.tree,
                    filed: &gathered.filed,
                    links: &gathered.links,
                    calendar,
                    broken_down: &gathered.broken_down,
                    sections: &gathered.sections,
                },
                totals,
            ),
        };
        let aliases = beside::aliases(gathered, &site.registry, findings);
        let files = beside::files(gathered, &dress.theme, &plan);
        let claimed = beside::claimed(gathered, &dress.theme, &plan, &aliases);
        findings.extend(plan::claims(claimed.iter().map(|(file, source)| (file.as_str(), source.as_str()))).into_iter().map(|found| found.unplaced()));
        plan.add_aliases(aliases.into_iter().map(|alias| (alias.from, alias.to)).collect());
        let view = emit::site_view(site, gathered, &dress.strings);
        let engine = match Engine::new(&dress.theme, &dress.strings, &view) {
            Ok(engine) => Some(engine),
            Err(broken) => {
                findings.extend(broken);
                None
            }
        };
        Laid { plan, files, engine }
    }
}

/// How many pages the bodies with public findings take.
fn quality_pages(gathered: &Gathered, open: &[Finding], accepted: &[(Finding, Accept)]) -> usize {
    let files: BTreeSet<&str> = open
        .iter()
        .chain(accepted.iter().map(|(finding, _)| finding))
        .filter(|finding| finding.is_public())
        .map(|finding| finding.diagnostic.file.as_str())
        .collect();
    let concerned = |facts: &crate::analyze::Filed| {
        files.contains(gathered.tree.body(facts.body).file.as_str()) || facts.published().any(|report| files.contains(&*report.file))
    };
    gathered.filed.iter().filter(|facts| concerned(facts)).count().div_ceil(plan::PAGE_OF_BODIES)
}

/// Findings with the severities the site has set, in order.
fn configured(site: &Site, findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = findings
        .into_iter()
        .filter_map(|mut finding| {
            let (body, year) = place(&finding.diagnostic.file);
            finding.severity = site.config.severity(finding.diagnostic.rule, body, year)?;
            Some(finding)
        })
        .collect();
    kept.sort_by(|a, b| a.order().cmp(&b.order()));
    kept.dedup();
    kept
}

/// Body and year of a content file: `content/yunxi/2024.md`.
fn place(file: &str) -> (Option<&str>, Option<Year>) {
    let Some(path) = file.strip_prefix("content/") else { return (None, None) };
    let path = path.strip_suffix("/index.md").or_else(|| path.strip_suffix(".md")).unwrap_or(path);
    let (body, name) = path.rsplit_once('/').unwrap_or(("", path));
    (Some(body), Year::from_digits(name))
}

fn stops(site: &Site, finding: &Finding) -> bool {
    finding.diagnostic.rule.always_stops
        || match site.config.fail_on {
            FailOn::Never => false,
            FailOn::Error => finding.severity == Severity::Error,
            FailOn::Warning => finding.severity >= Severity::Warning,
        }
}

impl Examined {
    /// Everything together, with the findings as they stand: open and accepted.
    fn of(site: &Site, gathered: Gathered, dress: Dress, laid: Laid, (findings, accepted): (Vec<Finding>, Vec<(Finding, Accept)>)) -> Examined {
        let stops = findings.iter().any(|finding| stops(site, finding));
        let (Dress { theme, strings }, Laid { mut plan, files, engine }) = (dress, laid);
        plan.add_quality(quality_pages(&gathered, &findings, &accepted));
        let assets = assets(&theme);
        Examined { gathered, plan, theme, strings, engine, assets, files, findings, accepted, stops }
    }

    /// Exit code of a run that published nothing because of its findings: 4 where a limit was passed, else 1.
    pub fn exit_code(&self) -> u8 {
        let limit = |finding: &Finding| matches!(finding.diagnostic.rule.code, "parse/file-too-large" | "parse/nested-too-deep");
        if !self.stops {
            0
        } else if self.findings.iter().any(limit) {
            4
        } else {
            1
        }
    }
}
