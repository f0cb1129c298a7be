//! Search files: texts put aside while pages are made, then read again, range by range of the index.

use super::gather::Gathered;
use super::outlet::Outlet;
use super::recall::Recall;
use super::site::Failure;
use crate::digest::Sha256Sum;
use crate::model::{BodyId, Registry};
use crate::publish::{PublishError, Put, Scratch, Sink};
use crate::render::search::{self, Census, File, Gleaned, Grid, MOST_FILES, Names, Part, Places};
use crate::render::{Artifact, DossierText, Portal};
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

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
}

/// Takes of bodies' texts what search needs, and hands it on.
#[derive(Clone, Copy)]
pub(super) struct Gleaner<'a> {
    pub(super) field: &'a Field,
    pub(super) recall: &'a Recall,
    /// Whether it is asked for; if not, what is known stays so.
    pub(super) is_wanted: bool,
    /// Where it goes.
    pub(super) keep: &'a (dyn Fn(BodyId, Gleaned) -> Result<(), Failure> + Sync),
}

impl Gleaner<'_> {
    /// Takes it of a body's texts. `own` is the digest of these texts.
    pub(super) fn add(&self, own: Sha256Sum, dossier: &DossierText<'_>) -> Result<(), Failure> {
        let gleaned = search::glean(&self.field.grid, dossier);
        self.recall.found(self.key(own, dossier.body), &gleaned);
        (self.keep)(dossier.body, gleaned)
    }

    /// Hands on what was taken before; false if that is wanted and not known.
    pub(super) fn recalls(&self, own: Sha256Sum, body: BodyId) -> Result<bool, Failure> {
        if !self.is_wanted {
            self.recall.keeps(self.key(own, body));
            return Ok(true);
        }
        match self.recall.piece::<Gleaned>(self.key(own, body)) {
            Some(gleaned) => (self.keep)(body, gleaned).map(|()| true),
            None => Ok(false),
        }
    }

    fn key(&self, own: Sha256Sum, body: BodyId) -> Sha256Sum {
        Sha256Sum::of_value(&(self.field.sum, own, body))
    }
}

/// Texts on their way into the index.
#[derive(Debug)]
pub(super) struct Shelf<'a> {
    pub(super) field: &'a Field,
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
    pub(super) fn new(field: &'a Field, bodies: usize, outlet: &Outlet<'_, impl Sink>) -> Result<Shelf<'a>, Failure> {
        let bodies = vec![(Put::default(), Put::default()); bodies];
        let counts = Mutex::new(Counts { bodies, weights: Vec::new(), starts: vec![0; 1 << 16] });
        Ok(Shelf { field, units: outlet.scratch()?, lines: outlet.scratch()?, counts })
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
                files.into_iter().map(|file| Ok((file.part, made.put(&file.bytes)?))).collect::<Result<Vec<(Part, Put)>, PublishError>>()
            });
            let files: Vec<(Part, Put)> = files.collect::<Result<Vec<_>, _>>()?.concat();
            if files.len() <= MOST_FILES {
                break (files, made);
            }
            weight = search::heavier(weight);
        };
        files.par_iter().try_for_each(|(part, put)| write(&Artifact { path: File::path(*part), bytes: made.read(*put)? }))?;
        let parts: Vec<Part> = files.iter().map(|(part, _)| *part).collect();
        let names = search::names(portal, grid, &Places::of(&parts, &blocks));
        names.files.iter().try_for_each(write)?;
        Ok(names)
    }
}
