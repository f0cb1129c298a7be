//! Search files: texts put aside while pages are made, then read again, range by range of the index; or, where few bodies' texts have
//! changed, the files of the portal before and what differs.

use super::gather::Gathered;
use super::outlet::Outlet;
use super::recall::Recall;
use super::site::Failure;
use crate::digest::Sha256Sum;
use crate::model::{BodyId, Registry};
use crate::publish::{Made, PublishError, Put, Scratch, Sink};
use crate::render::search::{self, Block, Census, File, Gleaned, Grid, Index, Kept, MOST_FILES, Names, Part, Patch, Patched, Places};
use crate::render::{Artifact, DossierText, Portal};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Most bodies whose changed texts are patched into the files of the portal before; and, the same, one in so many.
const MOST_CHANGED: usize = 64;
const ONE_IN: usize = 4;

/// Where every report stands in the index.
#[derive(Debug)]
pub(super) struct Field {
    grid: Grid,
    /// Digest of the grid.
    pub(super) sum: Sha256Sum,
}

impl Field {
    pub(super) fn of(gathered: &Gathered, registry: &Registry) -> Field {
        let grid = Grid::of(&gathered.tree, &gathered.filed, registry);
        Field { sum: Sha256Sum::of_value(&format!("{grid:?}")), grid }
    }

    /// Under which key a body's part is remembered. `own` is the digest of its texts.
    pub(super) fn key(&self, own: Sha256Sum, body: BodyId) -> Sha256Sum {
        Sha256Sum::of_value(&(self.sum, own, body))
    }
}

/// Whose texts are wanted for search.
#[derive(Debug)]
pub(super) enum Wanted {
    /// Nobody's: what is known stays so.
    Nothing,
    Some(BTreeSet<BodyId>),
    All,
}

impl Wanted {
    pub(super) fn has(&self, body: BodyId) -> bool {
        match self {
            Wanted::Nothing => false,
            Wanted::Some(bodies) => bodies.contains(&body),
            Wanted::All => true,
        }
    }
}

/// Takes of bodies' texts what search needs, and hands it on.
#[derive(Clone, Copy)]
pub(super) struct Gleaner<'a> {
    pub(super) field: &'a Field,
    pub(super) recall: &'a Recall,
    pub(super) wanted: &'a Wanted,
    /// Where it goes.
    pub(super) keep: &'a (dyn Fn(BodyId, Gleaned) -> Result<(), Failure> + Sync),
}

impl Gleaner<'_> {
    /// Takes it of a body's texts. `own` is the digest of these texts.
    pub(super) fn add(&self, own: Sha256Sum, dossier: &DossierText<'_>) -> Result<(), Failure> {
        let gleaned = search::glean(&self.field.grid, dossier);
        self.recall.found(self.field.key(own, dossier.body), &gleaned);
        (self.keep)(dossier.body, gleaned)
    }

    /// Hands on what was taken before; false if that is wanted and not known.
    pub(super) fn recalls(&self, own: Sha256Sum, body: BodyId) -> Result<bool, Failure> {
        let key = self.field.key(own, body);
        if !self.wanted.has(body) {
            self.recall.keeps(key);
            return Ok(true);
        }
        match self.recall.piece::<Gleaned>(key) {
            Some(gleaned) => (self.keep)(body, gleaned).map(|()| true),
            None => Ok(false),
        }
    }
}

/// What a build remembers of its files of search.
#[derive(Debug, Deserialize, Serialize)]
struct Remembered {
    /// Of each body, under which key its part is remembered.
    keys: Vec<Sha256Sum>,
    weights: Vec<(u32, u32)>,
    index: Index,
}

/// The files of search of the portal before, and whose texts are others now.
#[derive(Debug)]
pub(super) struct Before {
    remembered: Remembered,
    files: Vec<Made>,
    pub(super) changed: BTreeSet<BodyId>,
}

impl Before {
    fn key() -> Sha256Sum {
        Sha256Sum::of(b"files of search")
    }

    /// From what was remembered; none if too much has changed.
    pub(super) fn of(recall: &Recall, files: Vec<Made>, keys: &[Sha256Sum]) -> Option<Before> {
        let remembered: Remembered = recall.last(Before::key())?;
        if remembered.keys.len() != keys.len() {
            return None;
        }
        let changed: BTreeSet<BodyId> = (0..keys.len()).filter(|body| remembered.keys[*body] != keys[*body]).map(|body| BodyId(body as u32)).collect();
        (changed.len() <= MOST_CHANGED.min(keys.len() / ONE_IN + 1)).then_some(Before { remembered, files, changed })
    }

    /// Leaves it to the next build as it is.
    pub(super) fn keep(recall: &Recall) {
        recall.keeps(Before::key());
    }
}

/// Texts on their way into the index.
#[derive(Debug)]
pub(super) struct Shelf<'a> {
    pub(super) field: &'a Field,
    /// Of each body, under which key its part is remembered.
    keys: Vec<Sha256Sum>,
    units: Scratch,
    lines: Scratch,
    counts: Mutex<Counts>,
}

#[derive(Debug)]
struct Counts {
    /// By body: where its distinct texts and its lines were put.
    bodies: Vec<(Put, Put)>,
    weights: Vec<(u32, u32)>,
    starts: Vec<u64>,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(field: &'a Field, keys: Vec<Sha256Sum>, outlet: &Outlet<'_, impl Sink>) -> Result<Shelf<'a>, Failure> {
        let bodies = vec![(Put::default(), Put::default()); keys.len()];
        let counts = Mutex::new(Counts { bodies, weights: Vec::new(), starts: vec![0; 1 << 16] });
        Ok(Shelf { field, keys, units: outlet.scratch()?, lines: outlet.scratch()?, counts })
    }

    /// Puts a body's texts aside.
    pub(super) fn put(&self, body: BodyId, Gleaned { units, lines, weights, starts }: Gleaned) -> Result<(), Failure> {
        let puts = (self.units.put(&units)?, self.lines.put(&lines)?);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.bodies[body.0 as usize] = puts;
        counts.weights.extend(weights);
        for (unit, count) in starts {
            counts.starts[usize::from(unit)] += u64::from(count);
        }
        Ok(())
    }

    /// Makes all files and gives them to `write`; says where the first one stands.
    pub(super) fn files(
        self,
        recall: &Recall,
        portal: &Portal<'_>,
        outlet: &Outlet<'_, impl Sink>,
        write: impl Fn(&Artifact) -> Result<(), Failure> + Sync,
    ) -> Result<Names, Failure> {
        let grid = &self.field.grid;
        let Counts { bodies, mut weights, starts } = self.counts.into_inner().unwrap_or_else(PoisonError::into_inner);
        weights.sort_unstable();
        let blocks = search::blocks(&weights);
        blocks.par_iter().try_for_each(|block| {
            let lines = block.bodies(grid).map(|place| self.lines.read(bodies[grid.body(place).0 as usize].1));
            let lines: Vec<Vec<u8>> = lines.collect::<Result<_, _>>()?;
            write(&Artifact { path: block.path(), bytes: block.bytes(grid, portal.tree, &lines) })
        })?;
        let texts: Vec<Put> = (0..bodies.len()).map(|place| bodies[grid.body(place).0 as usize].0).collect();
        let each = |see: &mut dyn FnMut(&[u8])| -> Result<(), PublishError> { texts.iter().try_for_each(|put| self.units.read(*put).map(|bytes| see(&bytes))) };
        let (mut census, look) = Census::new(starts, grid.cells());
        if look {
            each(&mut |bytes| census.look(bytes))?;
        }
        let mut weight = search::file_weight(&census);
        let (files, made) = loop {
            // Files wait until it is known that they are not too many.
            let made = outlet.scratch()?;
            let files = census.ranges().into_par_iter().map(|mut range| {
                each(&mut |bytes| range.take(bytes))?;
                let files = range.files(weight, grid.cells());
                files.into_iter().map(|file| Ok((file.kept, made.put(&file.bytes)?))).collect::<Result<Vec<(Kept, Put)>, PublishError>>()
            });
            let files: Vec<(Kept, Put)> = files.collect::<Result<Vec<_>, _>>()?.concat();
            if files.len() <= MOST_FILES {
                break (files, made);
            }
            weight = search::heavier(weight);
        };
        files.par_iter().try_for_each(|(kept, put)| write(&Artifact { path: File::path(kept.part), bytes: made.read(*put)? }))?;
        let index = Index { census, weight, files: files.into_iter().map(|(kept, _)| kept).collect() };
        let names = names(portal, grid, &index, &blocks, write)?;
        recall.found(Before::key(), &Remembered { keys: self.keys, weights, index });
        Ok(names)
    }

    /// The same from the files of the portal before, with only changed bodies' texts on the shelf: what differs is given to `write`, all
    /// else is kept and added to `files`. None, and nothing done, if that cannot be.
    pub(super) fn patched(
        &self,
        recall: &Recall,
        before: Before,
        portal: &Portal<'_>,
        outlet: &Outlet<'_, impl Sink>,
        files: &mut Vec<Made>,
        write: impl Fn(&Artifact) -> Result<(), Failure> + Sync,
    ) -> Result<Option<Names>, Failure> {
        let (grid, room) = (&self.field.grid, outlet.scratch()?);
        let Before { remembered, files: before, changed } = before;
        let Some(old) = changed.iter().map(|body| recall.last(remembered.keys[body.0 as usize])).collect::<Option<Vec<Gleaned>>>() else { return Ok(None) };
        let (bodies, mut weights) = {
            let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            (counts.bodies.clone(), counts.weights.clone())
        };
        let puts = |body: &BodyId| bodies[body.0 as usize];
        let is_changed = |cell: u32| changed.contains(&grid.body_of(cell));
        weights.extend(remembered.weights.iter().filter(|(cell, _)| !is_changed(*cell)));
        weights.sort_unstable();
        let by_path: HashMap<&str, &Made> = before.iter().map(|made| (made.path.as_str(), made)).collect();
        let source = Portals { recall, outlet, files: &by_path, keys: &self.keys, grid, texts: Mutex::default() };
        let new = changed.iter().map(|body| self.units.read(puts(body).0)).collect::<Result<Vec<_>, _>>()?.concat();
        let old_units = old.iter().map(|gleaned| gleaned.units.as_slice()).collect::<Vec<_>>().concat();
        let patch = Patch::of(&remembered.index, &source, &old_units, &new, &is_changed);
        let Some(patch) = patch.filter(|patch| patch.census.fits() && search::file_weight(&patch.census) == remembered.index.weight) else { return Ok(None) };
        let Some(index) = mended(&patch, &room)?.filter(|index| index.len() <= MOST_FILES) else { return Ok(None) };
        // Lines of a body that has changed otherwise stay in the block where they were.
        let lines = changed.iter().map(|body| self.lines.read(puts(body).1)).collect::<Result<Vec<_>, _>>()?;
        let lines = changed.iter().zip(lines).zip(&old).map(|((body, now), old)| (*body, (now != old.lines, now)));
        let lines: BTreeMap<BodyId, (bool, Vec<u8>)> = lines.collect();
        let blocks = search::blocks(&weights);
        let anew = search::changed_blocks(&search::blocks(&remembered.weights), &blocks, grid, |body| lines.get(&body).is_some_and(|(differ, _)| *differ));
        let lines_of = |body: BodyId| match lines.get(&body) {
            Some((_, now)) => Some(now.clone()),
            None => Some(recall.piece::<Gleaned>(self.keys[body.0 as usize])?.lines),
        };
        let texts = blocks.par_iter().zip(anew).map(|(block, anew)| {
            if !anew {
                return Ok(Some(None));
            }
            let Some(lines) = block.bodies(grid).map(|place| lines_of(grid.body(place))).collect::<Option<Vec<_>>>() else { return Ok(None) };
            room.put(&block.bytes(grid, portal.tree, &lines)).map(|put| Some(Some(put)))
        });
        let Some(texts) = texts.collect::<Result<Vec<_>, PublishError>>()?.into_iter().collect::<Option<Vec<Option<Put>>>>() else { return Ok(None) };
        let outputs = index.iter().map(|(kept, put)| (File::path(kept.part), *put)).chain(blocks.iter().map(Block::path).zip(texts));
        let outputs: Vec<(String, Option<Put>)> = outputs.collect();
        let kept: HashSet<&str> = outputs.iter().filter(|(_, put)| put.is_none()).map(|(path, _)| path.as_str()).collect();
        let kept_files: Vec<Made> = before.iter().filter(|made| kept.contains(made.path.strip_suffix(".gz").unwrap_or(&made.path))).cloned().collect();
        if !kept.iter().all(|path| by_path.contains_key(path)) || !outlet.keep(&kept_files)? {
            return Ok(None);
        }
        files.extend(kept_files);
        outputs.par_iter().try_for_each(|(path, put)| match put {
            None => Ok(()),
            Some(put) => write(&Artifact { path: path.clone(), bytes: room.read(*put)? }),
        })?;
        let index = Index { census: patch.census, weight: remembered.index.weight, files: index.into_iter().map(|(kept, _)| kept).collect() };
        let names = names(portal, grid, &index, &blocks, write)?;
        recall.found(Before::key(), &Remembered { keys: self.keys.clone(), weights, index });
        Ok(Some(names))
    }
}

/// A file of the index, with the place where it was put if it was made anew.
type Mended = (Kept, Option<Put>);

/// The files of the index; none if there is no patch.
fn mended(patch: &Patch<'_>, room: &Scratch) -> Result<Option<Vec<Mended>>, PublishError> {
    let ranges = (0..patch.ranges()).into_par_iter().map(|range| {
        let Some(files) = patch.files(range) else { return Ok(None) };
        let files = files.into_iter().map(|file| match file {
            Patched::Kept(kept) => Ok((kept, None)),
            Patched::Made(file) => Ok((file.kept, Some(room.put(&file.bytes)?))),
        });
        files.collect::<Result<Vec<_>, PublishError>>().map(Some)
    });
    Ok(ranges.collect::<Result<Vec<_>, _>>()?.into_iter().collect::<Option<Vec<_>>>().map(|ranges| ranges.concat()))
}

/// The first file, and those beside it.
fn names(portal: &Portal<'_>, grid: &Grid, index: &Index, blocks: &[Block], write: impl Fn(&Artifact) -> Result<(), Failure>) -> Result<Names, Failure> {
    let parts: Vec<Part> = index.files.iter().map(|kept| kept.part).collect();
    let names = search::names(portal, grid, &Places::of(&parts, blocks));
    names.files.iter().try_for_each(write)?;
    Ok(names)
}

/// The portal before, and the texts of bodies that have not changed.
struct Portals<'a, S> {
    recall: &'a Recall,
    outlet: &'a Outlet<'a, S>,
    files: &'a HashMap<&'a str, &'a Made>,
    keys: &'a [Sha256Sum],
    grid: &'a Grid,
    /// Texts asked for once are asked for again soon.
    texts: Mutex<BTreeMap<BodyId, Arc<Vec<u8>>>>,
}

impl<S: Sink> search::Before for Portals<'_, S> {
    fn file(&self, part: Part) -> Option<Vec<u8>> {
        self.outlet.held(self.files.get(File::path(part).as_str())?)
    }

    fn texts(&self, cell: u32) -> Option<Arc<Vec<u8>>> {
        let body = self.grid.body_of(cell);
        if let Some(known) = self.texts.lock().unwrap_or_else(PoisonError::into_inner).get(&body) {
            return Some(Arc::clone(known));
        }
        let units = Arc::new(self.recall.piece::<Gleaned>(self.keys[body.0 as usize])?.units);
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).insert(body, Arc::clone(&units));
        Some(units)
    }
}
