//! The first step: the reports of a shard read and checked, and all that was found written down.

use super::figures::{Seeing, Writing};
use super::{Collected, GatherHead, Progress, Seal, Shard, Work};
use crate::driver::gather::{Opening, RUN, Reading};
use crate::driver::recall::Recall;
use crate::driver::site::Failure;
use crate::driver::times::{Spent, Stage, Watch};
use crate::publish::Packing;

impl Work<'_> {
    /// Reads and checks the reports of a shard's bodies. The bodies' own files are read by every shard: rules name other bodies.
    pub fn gather(&self, shard: Shard, progress: Progress<'_>) -> Result<Collected, Failure> {
        let Work { site, .. } = self;
        let (mut watch, checking, nothing) = (Watch::start(), Spent::default(), Recall::nothing());
        let opening = Opening::of(site, &nothing)?;
        let bodies = shard.bodies(opening.len());
        let mut figures = Writing::create(&self.figures(shard), opening.tree(), &site.registry)?;
        let rest = Packing::create(&self.rest(shard), self.interrupt.clone())?;
        let mut collected = Collected { bodies: bodies.len(), reports: 0, figures: 0, laps: Vec::new() };
        for (number, start) in bodies.clone().step_by(RUN).enumerate() {
            let seeing = Seeing::default();
            let onward = |step, done, _| progress(step, start - bodies.start + done, bodies.len());
            let reading = Reading { site, recall: &nothing, progress: &onward, checking: &checking, see: &|report, standing| seeing.see(report, standing) };
            let mut found = opening.read(reading, start..bodies.end.min(start + RUN))?;
            figures.add(&seeing.into_reports())?;
            for report in found.iter_mut().flat_map(|body| &mut body.found.facts.reports) {
                collected.reports += 1;
                collected.figures += u64::from(report.figure_count);
                // They are read back from the file of figures.
                report.totals.clear();
            }
            rest.aside(number as u32, &postcard::to_stdvec(&found).expect("plain values are always written"))?;
        }
        let head = GatherHead { seal: Seal::of(site, &opening, shard.of), figures: figures.finish()? };
        rest.finish(postcard::to_stdvec(&head).expect("plain values are always written"))?;
        watch.lap(Stage::Gather);
        watch.within(Stage::Check, &checking);
        Ok(Collected { laps: watch.laps(), ..collected })
    }
}
