//! The last step: parts joined, what needs all of them made, and the portal put in its place in one step.

use super::emit::asks_for_search;
use super::{Change, Examined, Failure, PartHead, Progress, Seal, Shard, ShardError, Step, Work};
use crate::digest::Sha256Sum;
use crate::driver::emit::{Making, Shown, Steps, Table, is_table};
use crate::driver::recall::Recall;
use crate::driver::search::{Field, Shelf};
use crate::driver::times::{Stage, Watch};
use crate::driver::{Built, Told};
use crate::model::BodyId;
use crate::publish::{Directory, Made, Options, OutputPath, Pack, PublishError, Scratch, Sink};
use crate::render::search::Gleaned;
use rayon::prelude::*;
use std::collections::HashMap;

/// The portal in the making, with the parts that are in it already.
struct Joining<'a> {
    directory: &'a Directory,
    parts: &'a [Pack],
}

impl Sink for Joining<'_> {
    fn write(&self, path: &OutputPath, bytes: &[u8]) -> Result<Made, PublishError> {
        self.directory.write(path, bytes)
    }

    fn keep(&self, _: &[Made]) -> Result<bool, PublishError> {
        Ok(false)
    }

    fn held(&self, made: &Made) -> Option<Vec<u8>> {
        self.parts.iter().find_map(|part| part.file(&made.path).ok().flatten())
    }

    fn scratch(&self) -> Result<Scratch, PublishError> {
        self.directory.scratch()
    }
}

impl Work<'_> {
    /// Joins all parts, makes what needs all of them (search, figures in one piece, the files that are no pages), and publishes.
    pub fn publish(&self, options: &Options, progress: Progress<'_>) -> Result<Built, Failure> {
        let site = self.site;
        let directory = Directory::prepare(&site.output(), site.root(), options)?;
        let mut watch = Watch::start();
        let (examined, seal, merged) = self.restore(progress, &mut watch)?;
        let parts = self.parts(&seal, merged)?;
        self.join(&parts, &directory)?;
        watch.lap(Stage::Join);
        let (nothing, shown) = (Recall::nothing(), Shown::of(&examined));
        let joining = Joining { directory: &directory, parts: &parts };
        let plan = &examined.plan;
        let last = || plan.corpus.iter().filter(|page| asks_for_search(page));
        let (making, mut answers) = Making::of(site, &nothing, &examined, &shown, &joining, Steps::new(progress, last().count()));
        let bodies: Vec<BodyId> = examined.gathered.tree.iter().map(|body| body.id).collect();
        let told = |failure| self.told(&examined, seal.shards, failure);
        making.one_piece(&answers, &bodies, &tables(&examined, &parts)).map_err(told)?;
        let field = site.config.search.then(|| Field::of(&examined.gathered, &site.registry));
        let names = match &field {
            None => None,
            Some(field) => {
                let search = making.shelf(&answers, field)?;
                self.fill(&parts, &search.shelf)?;
                Some(making.search(&answers, search)?)
            }
        };
        watch.lap(Stage::Search);
        answers.search(names.as_ref());
        making.lists(&answers, names.as_ref(), last()).map_err(told)?;
        making.rest(&answers)?;
        watch.lap(Stage::Lists);
        let remade = making.end()?;
        let mut published = directory.commit()?;
        watch.lap(Stage::Publish);
        let summary = published.summary.clone();
        let back = published.back_tree();
        watch.lap(Stage::Back);
        Ok(Built { told: Told::of(examined), stopped: None, summary: Some(summary), remade, forgotten: None, back, laps: watch.laps() })
    }

    /// Hands over the files of all parts. They were looked at when they were made, and are still what they were.
    fn join(&self, parts: &[Pack], directory: &Directory) -> Result<(), Failure> {
        let files: Vec<(Shard, &Pack, &Made)> = numbered(parts).flat_map(|(shard, part)| part.files().map(move |made| (shard, part, made))).collect();
        files.par_iter().try_for_each(|(shard, part, made)| {
            let damaged = |error| ShardError::of(error, &self.folder, (Step::Emit, Some(*shard)));
            let bytes = part.file(&made.path).map_err(damaged)?.unwrap_or_default();
            directory.write(&OutputPath::new(&made.path).map_err(PublishError::from)?, &bytes)?;
            Ok(())
        })
    }

    /// Puts the texts of all bodies on the shelf.
    fn fill(&self, parts: &[Pack], shelf: &Shelf<'_>) -> Result<(), Failure> {
        let texts: Vec<(Shard, &Pack, u32)> = numbered(parts).flat_map(|(shard, part)| part.numbers().map(move |number| (shard, part, number))).collect();
        texts.par_iter().try_for_each(|(shard, part, number)| {
            let gleaned: Gleaned = self.piece(&self.part(*shard), part, *number, (Step::Emit, Some(*shard)))?;
            shelf.put(BodyId(*number), gleaned)
        })
    }

    /// The parts of all shards, made from what was merged.
    fn parts(&self, seal: &Seal, merged: Sha256Sum) -> Result<Vec<Pack>, ShardError> {
        let missing: Vec<Shard> = Shard::all(seal.shards).filter(|shard| !self.part(*shard).exists()).collect();
        if !missing.is_empty() {
            let name = |shard: &Shard| self.part(*shard).file_name().unwrap_or_default().to_string_lossy().into_owned();
            let steps = missing.iter().map(|shard| (Step::Emit, Some(*shard))).collect();
            return Err(ShardError::Missing { folder: self.folder.clone(), files: missing.iter().map(name).collect(), steps });
        }
        let part = |shard: Shard| {
            let (path, step) = (self.part(shard), (Step::Emit, Some(shard)));
            let (pack, head) = self.open::<PartHead>(&path, step)?;
            match head.seal.differs(seal) {
                Some(change) => Err(ShardError::Changed { file: path, change, step }),
                None if head.merged != merged => Err(ShardError::Changed { file: path, change: Change::Earlier, step }),
                None => Ok(pack),
            }
        };
        Shard::all(seal.shards).map(part).collect()
    }
}

/// All parts, each with its shard.
fn numbered(parts: &[Pack]) -> impl Iterator<Item = (Shard, &Pack)> {
    Shard::all(parts.len() as u16).zip(parts)
}

/// Each body's `figures.csv`, where it stands.
fn tables(examined: &Examined, parts: &[Pack]) -> Vec<Option<Table>> {
    let tables: HashMap<&str, &Made> = parts.iter().flat_map(Pack::files).filter(|made| is_table(&made.path)).map(|made| (made.path.as_str(), made)).collect();
    let path = |path: &str| if path.is_empty() { "figures.csv".to_string() } else { format!("{path}/figures.csv") };
    examined.gathered.tree.iter().map(|body| tables.get(path(&body.path).as_str()).map(|made| Table::Kept((*made).clone()))).collect()
}
