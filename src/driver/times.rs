//! How long the stages of a build took.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A part of a build whose time is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// What the last build remembers, read; sources and portal looked at.
    Recall,
    /// Every file read and parsed, facts kept; the rules on single reports are part of it.
    Gather,
    /// The rules on single reports, private data included. On all threads together.
    Check,
    /// What crosses bodies: indexes merged, shared texts, attachments, theme, strings.
    Indexes,
    /// Every page with its address; addresses and links looked up; templates loaded; findings settled.
    Plan,
    /// Texts read again and pages of bodies made.
    Emit,
    /// The last look at finished bytes. On all threads together.
    Inspect,
    /// Bytes handed to the folder of the new portal. On all threads together.
    Write,
    /// Pages that other processes have made, put together.
    Join,
    /// Search files.
    Search,
    /// Lists over bodies, years and indicators, and files that are no pages.
    Lists,
    /// The new portal made durable and put in the place of the old.
    Publish,
    /// What the next build is to know, written.
    Remember,
    /// The back tree made, for a portal that had none.
    Back,
    /// Everything made once more and compared, where that was asked for.
    Verify,
}

/// The time of one stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lap {
    /// The stage.
    pub stage: Stage,
    /// How long it took: on the clock, or summed over threads.
    pub time: Duration,
    /// Whether `time` is summed over threads and lies within other stages.
    pub within: bool,
}

/// A stop watch for one build.
#[derive(Debug)]
pub(super) struct Watch {
    last: Instant,
    laps: Vec<Lap>,
}

impl Watch {
    pub(super) fn start() -> Watch {
        Watch { last: Instant::now(), laps: Vec::new() }
    }

    /// What passed since the last lap belongs to this stage, which may come more than once.
    pub(super) fn lap(&mut self, stage: Stage) {
        let now = Instant::now();
        let time = now - self.last;
        match self.laps.iter_mut().find(|lap| lap.stage == stage && !lap.within) {
            Some(lap) => lap.time += time,
            None => self.laps.push(Lap { stage, time, within: false }),
        }
        self.last = now;
    }

    pub(super) fn within(&mut self, stage: Stage, spent: &Spent) {
        self.laps.push(Lap { stage, time: Duration::from_nanos(spent.0.load(Ordering::Relaxed)), within: true });
    }

    pub(super) fn laps(self) -> Vec<Lap> {
        self.laps
    }
}

/// Time of all threads on one kind of work.
#[derive(Debug, Default)]
pub(super) struct Spent(AtomicU64);

impl Spent {
    pub(super) fn on<T>(&self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.0.fetch_add(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        done
    }
}
