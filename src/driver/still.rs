//! Whether anything has changed since the last build: one look at every source file and at every file of the portal, and nothing is read.
//!
//! Remembered are a digest of all that decides what a build says and makes, files by their stamps, with what it said; and how the portal was left.
//! If both are as they were, the next build has nothing to do. Otherwise, or where anything is in doubt, it is made as always.

use super::recall::identity;
use super::site::Site;
use super::{Examined, Held};
use crate::diag::Finding;
use crate::digest::Sha256Sum;
use crate::publish::{Left, Lefts, Store, Summary};
use crate::source::{self, BodyDir, Stamp, Theme, ThemeText};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::time::SystemTime;

/// The part of the store that says how the live portal was left.
pub(super) const LEFT: &str = "left";
/// The part that says how the back tree was left.
pub(super) const BACK: &str = "left-back";
/// The part that holds what the last build said.
pub(super) const TOLD: &str = "told";

/// What a build has to say of its sources.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, Serialize)]
pub struct Told {
    /// Every finding with its configured severity, in order of file and line.
    pub findings: Vec<Finding>,
    /// How many bodies were read.
    pub bodies: usize,
    /// How many reports were read.
    pub reports: usize,
    /// How many of them are published.
    pub published: usize,
    /// Those that are there and not published.
    pub held: Vec<Held>,
}

impl Told {
    /// What is said of a site that was read and checked.
    pub fn of(examined: Examined) -> Told {
        let gathered = examined.gathered;
        Told {
            bodies: gathered.tree.iter().len(),
            reports: gathered.filed.iter().map(|facts| facts.reports.len()).sum(),
            published: gathered.filed.iter().map(|facts| facts.published().count()).sum(),
            held: gathered.held,
            findings: examined.findings,
        }
    }
}

/// A build that went well, for one that finds the world and the portal as they were.
#[derive(Deserialize)]
struct Kept {
    _key: Sha256Sum,
    files: usize,
    bytes: u64,
    told: Told,
}

/// How a tree was left by the last build.
pub(super) fn left(store: &Store, name: &str) -> Option<Left> {
    postcard::from_bytes(&store.read(name)?).ok()
}

/// A world, and the portal that was made of it.
fn key(world: Sha256Sum, left: &Left) -> Sha256Sum {
    Sha256Sum::of_value(&(world, left.seal()))
}

/// What the last build said and published, if it made this portal of this world.
pub(super) fn recall(store: &Store, world: Sha256Sum, left: &Left) -> Option<(Told, Summary)> {
    let bytes = store.read(TOLD)?;
    // Findings may be many: whether they are wanted is seen first.
    let (known, _) = postcard::take_from_bytes::<Sha256Sum>(&bytes).ok()?;
    let Kept { files, bytes, told, .. } = (known == key(world, left)).then(|| postcard::from_bytes(&bytes).ok())??;
    Some((told, Summary { files, bytes, unchanged: true, ..Summary::default() }))
}

/// Leaves to the next build how the trees were left, and what was said of the world; what cannot be written is not remembered.
pub(super) fn remember(store: &Store, (lefts, are_new): (&Lefts, bool), world: Option<Sha256Sum>, summary: &Summary, told: &Told) {
    let write = |name: &str, bytes: postcard::Result<Vec<u8>>| {
        if bytes.ok().and_then(|bytes| store.write(name, &bytes).ok()).is_none() {
            store.remove(name);
        }
    };
    // What is known no more is left as it is: it fits no tree.
    for (name, left) in [(LEFT, &lefts.live), (BACK, &lefts.back)].into_iter().filter(|_| are_new) {
        if let Some(left) = left {
            write(name, postcard::to_stdvec(left));
        }
    }
    // A portal that differs by the day alone is not what this build would publish.
    match world.zip(lefts.live.as_ref()).filter(|_| !summary.only_day) {
        Some((world, left)) => write(TOLD, postcard::to_stdvec(&(key(world, left), summary.files, summary.bytes, told))),
        None => store.remove(TOLD),
    }
}

/// A digest of all that decides what a build says and makes. None where it cannot be told without reading: a file was written just now,
/// or cannot be looked at.
pub(super) fn world(site: &Site) -> Option<Sha256Sum> {
    let now = SystemTime::now();
    let (theme, _) = Theme::load(&site.root, &site.config.theme, &site.config.default_language).ok().filter(|(_, found)| found.is_empty())?;
    let texts = |texts: &[ThemeText]| -> Vec<Sha256Sum> { texts.iter().map(|text| Sha256Sum::of_value(&(&text.name, &text.file, &text.text))).collect() };
    let scan = site.root.path().join("content").is_dir().then(|| source::scan(&site.root))?.ok()?;
    let bodies: Option<Vec<Sha256Sum>> = scan.bodies.par_iter().map(|dir| body(site, dir, now)).collect();
    let (config, set) = (format!("{:?}", site.config), (site.forms, site.today.to_string(), site.drafts, site.relative_urls));
    Some(Sha256Sum::of_value(&(
        identity(site),
        config,
        set,
        texts(&theme.templates),
        texts(&theme.strings),
        theme.statics,
        bodies?,
        format!("{:?}", scan.found),
    )))
}

fn body(site: &Site, dir: &BodyDir, now: SystemTime) -> Option<Sha256Sum> {
    let folder = if dir.path.is_empty() { "content".to_string() } else { format!("content/{}", dir.path) };
    let stamp = |file: &str| site.root.stamp(file).filter(|stamp| stamp.is_settled(now));
    let reports = dir.reports.iter().map(|report| {
        let beside = report.attachments.iter().map(|name| Some((name, stamp(&format!("{folder}/{}/{name}", report.year))?)));
        Some((&report.file, stamp(&report.file)?, beside.collect::<Option<Vec<(&String, Stamp)>>>()?))
    });
    let reports: Vec<_> = reports.collect::<Option<_>>()?;
    let pages: Vec<(&String, Stamp)> = dir.pages.iter().map(|page| Some((&page.file, stamp(&page.file)?))).collect::<Option<_>>()?;
    Some(Sha256Sum::of_value(&(&dir.path, stamp(&format!("{folder}/_index.md"))?, reports, pages)))
}
