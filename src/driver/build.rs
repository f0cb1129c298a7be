//! A build from the first file to the exchange of the portals, and the same in memory.

use super::emit::emit;
use super::recall::{Memory, Recall};
use super::site::{Failure, Site};
use super::still::{self, Told};
use super::times::{Lap, Stage, Watch};
use super::{Examined, Progress, examine};
use crate::digest::Sha256Sum;
use crate::plan::Reason;
use crate::publish::{self, Files, Options, Store, Summary, Target};
use std::collections::{BTreeMap, BTreeSet};

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// What was read and found.
    pub told: Told,
    /// The exit code of findings that stopped the build, or that there was no body; none if it went on.
    pub stopped: Option<u8>,
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
    let mut watch = Watch::start();
    let store = Store::of(site.root(), &site.output());
    let left = if caching == Caching::Use { still::left(&store, still::LEFT) } else { None };
    let (target, world) = rayon::join(|| Target::open(&site.output(), site.root(), options, left), || still::world(site));
    let target = target?;
    if let (Some(world), Some(left), true) = (world, target.as_left(), target.has_back_tree())
        && let Some((told, summary)) = still::recall(&store, world, left)
    {
        watch.lap(Stage::Recall);
        return Ok(Built { told, stopped: None, summary: Some(summary), remade: Vec::new(), forgotten: None, back: Ok(None), laps: watch.laps() });
    }
    let directory = target.prepare()?;
    let recall = Recall::of(site, caching == Caching::Renew);
    watch.lap(Stage::Recall);
    let examined = examine(site, &recall, progress, &mut watch)?;
    if examined.stops || examined.gathered.tree.root().is_none() {
        let (forgotten, stopped) = (recall.save().err(), Some(examined.exit_code()));
        return Ok(Built { told: Told::of(examined), stopped, summary: None, remade: Vec::new(), forgotten, back: Ok(None), laps: watch.laps() });
    }
    let remade = emit(site, &recall, &examined, &directory, progress, &mut watch)?;
    if caching == Caching::Verify {
        verify(site, &directory.made(), &recall)?;
        watch.lap(Stage::Verify);
    }
    let mut published = directory.commit_over(|| still::left(&store, still::BACK))?;
    watch.lap(Stage::Publish);
    let forgotten = recall.save().err();
    watch.lap(Stage::Remember);
    let (summary, told) = (published.summary.clone(), Told::of(examined));
    let back = published.back_tree();
    watch.lap(Stage::Back);
    still::remember(&store, published.lefts(), world, &summary, &told);
    watch.lap(Stage::Remember);
    Ok(Built { told, stopped: None, summary: Some(summary), remade, forgotten, back, laps: watch.laps() })
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
