//! The third step: the pages of a shard's bodies, and its share of the lists, in one file.

use super::{Emitted, Failure, PartHead, Progress, Shard, ShardError, Step, Work};
use crate::driver::beside::attachments_of;
use crate::driver::dossier;
use crate::driver::emit::{Making, Shown, Steps};
use crate::driver::recall::Recall;
use crate::driver::search::{Field, Gleaner, Wanted};
use crate::driver::times::{Stage, Watch};
use crate::model::BodyId;
use crate::plan::Page;
use crate::publish::Packing;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a page says where search begins: that is known only when all texts are together.
pub(super) fn asks_for_search(page: &Page) -> bool {
    matches!(page, Page::Search)
}

/// A shard's share of the pages made from facts alone: those over the same children together, since they are made from the same facts.
fn lists(shard: Shard, corpus: &[Page]) -> Vec<&Page> {
    let parents: BTreeSet<BodyId> = corpus.iter().filter_map(Page::parent).collect();
    let places: BTreeMap<BodyId, usize> = parents.into_iter().enumerate().map(|(place, parent)| (parent, place)).collect();
    let mut alone = 0..;
    let mut takes = |page: &Page| page.parent().map(|parent| places[&parent]).or_else(|| alone.next()).is_some_and(|place| shard.takes(place));
    corpus.iter().filter(|page| !asks_for_search(page) && takes(page)).collect()
}

impl Work<'_> {
    /// Makes the pages of a shard's bodies with the files beside them, and its share of the pages made from facts alone.
    pub fn emit(&self, shard: Shard, progress: Progress<'_>) -> Result<Emitted, Failure> {
        let mut watch = Watch::start();
        let (examined, seal, merged) = self.restore(progress, &mut watch)?;
        if seal.shards != shard.of {
            let change = super::Change::Shards(seal.shards);
            return Err(ShardError::Changed { file: self.merged(), change, step: (Step::Gather, None) }.into());
        }
        let nothing = Recall::nothing();
        let shown = Shown::of(&examined);
        let part = Packing::create(&self.part(shard), self.interrupt.clone())?;
        let places = shard.bodies(examined.gathered.tree.iter().len());
        let bodies: Vec<BodyId> = places.clone().map(|place| BodyId(place as u32)).collect();
        let lists = lists(shard, &examined.plan.corpus);
        let steps = Steps::new(progress, bodies.len() + lists.len());
        let (making, answers) = Making::of(self.site, &nothing, &examined, &shown, &part, steps);
        let field = self.site.config.search.then(|| Field::of(&examined.gathered, &self.site.registry));
        let keep = |body: BodyId, gleaned| Ok(part.aside(body.0, &postcard::to_stdvec(&gleaned).expect("plain values are always written"))?);
        let gleaner = field.as_ref().map(|field| Gleaner { field, recall: &nothing, wanted: &Wanted::All, keep: &keep });
        let mut make = || {
            making.dossiers(&answers, &bodies, gleaner)?;
            watch.lap(Stage::Emit);
            making.lists(&answers, None, lists.iter().copied())?;
            making.attachments(&answers, attachments_of(&examined.gathered, places.clone()))
        };
        make().map_err(|failure| self.told(&examined, seal.shards, failure))?;
        watch.lap(Stage::Lists);
        watch.within(Stage::Inspect, &making.outlet.inspecting);
        watch.within(Stage::Write, &making.outlet.writing);
        making.end()?;
        let (files, bytes) = part.size();
        part.finish(postcard::to_stdvec(&PartHead { seal, merged }).expect("plain values are always written"))?;
        Ok(Emitted { files, bytes, laps: watch.laps() })
    }

    /// A text that is not what it was names the step to begin with.
    pub(super) fn told(&self, examined: &super::Examined, shards: u16, failure: Failure) -> Failure {
        let Failure::Read(error) = &failure else { return failure };
        if !dossier::is_change(error) {
            return failure;
        }
        let dirs = &examined.gathered.dirs;
        let within = |path: &str| {
            error.path.strip_prefix("content/").is_some_and(|file| path.is_empty() || file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
        };
        // Bodies stand after those they are below.
        let place = dirs.iter().rposition(|dir| within(&dir.path));
        let shard = place.and_then(|place| Shard::all(shards).find(|shard| shard.bodies(dirs.len()).contains(&place)));
        ShardError::Source { folder: self.folder.clone(), file: error.path.clone(), shard }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Year;

    #[test]
    fn every_list_is_one_shards_and_those_of_a_parent_stay_together() {
        let year = Year::new(2024).unwrap();
        let mut corpus: Vec<Page> = (0..20).flat_map(|parent| (1..4).map(move |page| Page::Year(BodyId(parent * 7), year, page))).collect();
        corpus.extend([Page::Data, Page::About, Page::Glossary, Page::Search, Page::SiteMap]);
        for of in [1, 2, 7] {
            let shares: Vec<Vec<&Page>> = Shard::all(of).map(|shard| lists(shard, &corpus)).collect();
            let mut all: Vec<&Page> = shares.concat();
            all.sort();
            let mut expected: Vec<&Page> = corpus.iter().filter(|page| **page != Page::Search).collect();
            expected.sort();
            assert_eq!(all, expected);
            for share in shares {
                assert!((20 / usize::from(of) * 3..=(20 / usize::from(of) + 1) * 3 + 5).contains(&share.len()), "{}", share.len());
                assert!(
                    share.iter().filter_map(|page| page.parent()).collect::<BTreeSet<_>>().len() * 3
                        == share.iter().filter(|page| page.parent().is_some()).count()
                );
            }
        }
    }
}
