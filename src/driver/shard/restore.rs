//! What was gathered taken together again: judged by the merge, and then as it was judged by the steps after it.

use super::figures::{Broken, Totals};
use super::{Change, Examined, Failure, GatherHead, MergeHead, Merged, Progress, Seal, Shard, ShardError, Step, Work, theme_sum};
use crate::diag::Finding;
use crate::digest::{Digest, Sha256Sum};
use crate::driver::gather::{Gathered, OfBody, Opening};
use crate::driver::recall::Recall;
use crate::driver::times::{Stage, Watch};
use crate::driver::{Dress, Laid, Told, judge};
use crate::driver::{beside, facts};
use crate::model::Accept;
use crate::publish::{Pack, PackError, Packing};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Read as _;

/// What a merge has found.
#[derive(Deserialize, Serialize)]
struct Judged {
    findings: Vec<Finding>,
    accepted: Vec<(Finding, Accept)>,
    /// Digests of attachments, as they were looked into.
    attached: Vec<(String, Sha256Sum)>,
}

/// What all shards have gathered.
struct Together {
    gathered: Gathered,
    seal: Seal,
    /// Names of the gathered files.
    names: Vec<Sha256Sum>,
}

impl Work<'_> {
    /// Puts together what all shards have gathered, and finds what is wrong across them. What findings stop leaves nothing for the next step.
    pub fn merge(&self, progress: Progress<'_>) -> Result<Merged, Failure> {
        let mut watch = Watch::start();
        let shards = self.shards()?;
        // From here on nothing of an earlier merge is to be taken for this one's.
        let merged = self.merged();
        match std::fs::remove_file(&merged) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(ShardError::Io { file: merged, cause }.into()),
            _ => {}
        }
        let Together { gathered, seal, names } = self.together(shards, progress)?;
        watch.lap(Stage::Gather);
        let examined = judge(self.site, &Recall::nothing(), gathered, &mut watch)?;
        if !examined.stops && examined.gathered.tree.root().is_some() {
            let sum = |file: String| examined.gathered.sums.get(&file).map(|sum| (file.clone(), *sum));
            let judged = Judged {
                findings: examined.findings.clone(),
                accepted: examined.accepted.clone(),
                attached: beside::attachments(&examined.gathered).filter_map(|(_, file)| sum(file)).collect(),
            };
            let head = MergeHead { seal, theme: theme_sum(&examined.theme), gathered: names };
            let packing = Packing::create(&merged, self.interrupt.clone())?;
            packing.aside(0, &postcard::to_stdvec(&judged).expect("plain values are always written"))?;
            packing.finish(postcard::to_stdvec(&head).expect("plain values are always written"))?;
        }
        let stopped = (examined.stops || examined.gathered.tree.root().is_none()).then(|| examined.exit_code());
        Ok(Merged { told: Told::of(examined), stopped, shards, laps: watch.laps() })
    }

    /// What was merged, and all it was made from; with its name.
    pub(super) fn restore(&self, progress: Progress<'_>, watch: &mut Watch) -> Result<(Examined, Seal, Sha256Sum), Failure> {
        let path = self.merged();
        let (pack, head) = self.open::<MergeHead>(&path, (Step::Merge, None))?;
        let Together { mut gathered, seal, names } = self.together(head.seal.shards, progress)?;
        let changed = |change, step| ShardError::Changed { file: path.clone(), change, step: (step, None) };
        if let Some(change) = head.seal.differs(&seal) {
            return Err(changed(change, Step::Gather).into());
        }
        if head.gathered != names {
            return Err(changed(Change::Earlier, Step::Merge).into());
        }
        let Judged { findings, accepted, attached } = self.piece(&path, &pack, 0, (Step::Merge, None))?;
        gathered.sums.extend(attached);
        watch.lap(Stage::Gather);
        // The same was found by the merge, and is in what it has settled.
        let mut known = Vec::new();
        let dress = Dress::of(self.site, &mut known)?;
        if theme_sum(&dress.theme) != head.theme {
            return Err(changed(Change::Theme, Step::Merge).into());
        }
        let totals = std::mem::take(&mut gathered.totals);
        let laid = Laid::out(self.site, &gathered, totals, &dress, &mut known);
        let examined = Examined::of(self.site, gathered, dress, laid, (findings, accepted));
        watch.lap(Stage::Plan);
        Ok((examined, seal, pack.sum()))
    }

    fn together(&self, shards: u16, progress: Progress<'_>) -> Result<Together, Failure> {
        let missing: Vec<Shard> = Shard::all(shards).filter(|shard| !self.rest(*shard).exists() || !self.figures(*shard).exists()).collect();
        if !missing.is_empty() {
            let name = |shard: &Shard| self.rest(*shard).file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let steps = missing.iter().map(|shard| (Step::Gather, Some(*shard))).collect();
            return Err(ShardError::Missing { folder: self.folder.clone(), files: missing.iter().map(name).collect(), steps }.into());
        }
        let nothing = Recall::nothing();
        let mut opening = Opening::of(self.site, &nothing)?;
        let seal = Seal::of(self.site, &opening, shards);
        let mut names = Vec::with_capacity(shards.into());
        for shard in Shard::all(shards) {
            let step = (Step::Gather, Some(shard));
            let path = self.rest(shard);
            let (pack, head) = self.open::<GatherHead>(&path, step)?;
            if let Some(change) = head.seal.differs(&seal) {
                return Err(ShardError::Changed { file: path, change, step }.into());
            }
            names.push(pack.sum());
            self.take(shard, &pack, head.figures, &mut opening)?;
            progress(super::super::Step::Reading, shard.number.into(), shards.into());
        }
        Ok(Together { gathered: opening.close(self.site, &nothing)?, seal, names })
    }

    /// Takes what one shard has gathered, with the totals from its file of figures.
    fn take(&self, shard: Shard, pack: &Pack, figures: Sha256Sum, opening: &mut Opening) -> Result<(), ShardError> {
        let step = (Step::Gather, Some(shard));
        let (rest, path) = (self.rest(shard), self.figures(shard));
        let broken = |Broken| ShardError::Damaged { file: path.clone(), step };
        let io = |cause| ShardError::of(PackError::of(&path, cause), &self.folder, step);
        if sum_of(File::open(&path).map_err(io)?).map_err(io)? != figures {
            return Err(broken(Broken));
        }
        let mut totals = Totals::open(File::open(&path).map_err(io)?, &self.site.registry).map_err(broken)?;
        for number in pack.numbers() {
            let found: Vec<OfBody> = self.piece(&rest, pack, number, step)?;
            for mut body in found {
                let path = opening.tree().body(body.found.facts.body).path.clone();
                for report in &mut body.found.facts.reports {
                    report.totals = totals.of(&path, report.id.year.number().into()).map_err(broken)?;
                }
                let packed = facts::packed(&body.found.facts);
                opening.take(self.site, body, packed);
            }
        }
        if totals.is_empty().map_err(broken)? { Ok(()) } else { Err(broken(Broken)) }
    }
}

fn sum_of(mut file: File) -> std::io::Result<Sha256Sum> {
    let (mut digest, mut piece) = (Digest::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(digest.finish()),
            read => digest.update(&piece[..read]),
        }
    }
}
