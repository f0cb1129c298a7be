//! A build from the first file to the exchange of the portals, and the same in memory.

use super::emit::emit;
use super::recall::{Memory, Recall};
use super::site::{Failure, Site};
use super::times::{Lap, Stage, Watch};
use super::{Examined, Progress, examine};
use crate::digest::Sha256Sum;
use crate::plan::Reason;
use crate::publish::{self, Directory, Files, Options, Summary};
use std::collections::{BTreeMap, BTreeSet};

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// What was read and found.
    pub examined: Examined,
    /// What was published; nothing where findings stopped the build.
    pub summary: Option<Summary>,
    /// What was made anew, and why, in order of the tree.
    pub remade: Vec<Remade>,
    /// Why the next build will not know of this one; none if it will.
    pub forgotten: Option<std::io::Error>,
    /// Files brought into a back tree made for the next publication; none where there is one, an error where it could not be made.
    pub back: std::io::Result<Option<usize>>,
    /// How long its stages took, in order.
    pub laps: Vec<Lap>,
}

/// Outputs made anew together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remade {
    /// The address of their page, or of their body; `search/` for the files of search.
    pub address: String,
    /// How many files they are.
    pub files: usize,
    /// Why they were made.
    pub reason: Reason,
}

/// What a build does with what the last one remembers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Caching {
    /// Makes what is stale.
    #[default]
    Use,
    /// Makes everything, and remembers it.
    Renew,
    /// Makes what is stale, then everything once more, and compares every byte.
    Verify,
}

/// A portal in memory.
#[derive(Debug)]
pub struct Preview {
    /// What was read and found.
    pub examined: Examined,
    /// Files by path; none where findings stopped it.
    pub files: Option<Files>,
    /// For the next preview.
    pub memory: Memory,
}

/// Reads, checks, renders and publishes a site, all or nothing.
pub fn build(site: &Site, options: &Options, caching: Caching, progress: Progress<'_>) -> Result<Built, Failure> {
    let directory = Directory::prepare(&site.output(), site.root(), options)?;
    let mut watch = Watch::start();
    let recall = Recall::of(site, caching == Caching::Renew);
    watch.lap(Stage::Recall);
    let examined = examine(site, &recall, progress, &mut watch)?;
    if examined.stops || examined.gathered.tree.root().is_none() {
        let forgotten = recall.save().err();
        return Ok(Built { examined, summary: None, remade: Vec::new(), forgotten, back: Ok(None), laps: watch.laps() });
    }
    let remade = emit(site, &recall, &examined, &directory, progress, &mut watch)?;
    if caching == Caching::Verify {
        verify(site, &directory.made(), &recall)?;
        watch.lap(Stage::Verify);
    }
    let published = directory.commit()?;
    watch.lap(Stage::Publish);
    let forgotten = recall.save().err();
    watch.lap(Stage::Remember);
    let summary = published.summary.clone();
    let back = published.back_tree();
    watch.lap(Stage::Back);
    Ok(Built { examined, summary: Some(summary), remade, forgotten, back, laps: watch.laps() })
}

/// Makes the portal once more from nothing, and compares.
fn verify(site: &Site, made: &BTreeMap<String, Sha256Sum>, recall: &Recall) -> Result<(), Failure> {
    let nothing = Recall::nothing();
    let mut watch = Watch::start();
    let examined = examine(site, &nothing, &|_, _, _| {}, &mut watch)?;
    let sums = publish::Sums::default();
    emit(site, &nothing, &examined, &sums, &|_, _, _| {}, &mut watch)?;
    let clean = sums.into_sums();
    let paths: BTreeSet<&String> = made.keys().chain(clean.keys()).collect();
    let differing: Vec<String> = paths.into_iter().filter(|path| made.get(*path) != clean.get(*path)).cloned().collect();
    if differing.is_empty() {
        return Ok(());
    }
    recall.forget();
    Err(Failure::Remembered(differing))
}

/// The same portal, kept in memory for `serve`. `before` are the files and the memory of the last one.
pub fn preview(site: &Site, before: (Files, Memory), progress: Progress<'_>) -> Result<Preview, Failure> {
    let mut watch = Watch::start();
    let (files, memory) = before;
    let recall = Recall::in_memory(site, memory);
    let examined = examine(site, &recall, progress, &mut watch)?;
    if examined.stops || examined.gathered.tree.root().is_none() {
        return Ok(Preview { examined, files: None, memory: recall.into_memory() });
    }
    let sink = publish::Memory::after(files);
    emit(site, &recall, &examined, &sink, progress, &mut watch)?;
    Ok(Preview { examined, files: Some(sink.into_files()), memory: recall.into_memory() })
}
