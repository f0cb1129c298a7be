//! Facts of the bodies that pages made together ask for: read when one is asked for first, there until the pages are done.

use crate::analyze::{AllFacts, Facts, ReportFacts};
use crate::model::BodyId;
use crate::plan::Part;
use elsa::sync::FrozenMap;

/// The facts some pages are made from.
#[derive(Default)]
pub struct Desk(FrozenMap<BodyId, Box<Facts>>);

impl std::fmt::Debug for Desk {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "facts of {} bodies", self.0.len())
    }
}

/// The part of those facts that one of the pages is made from: a page cannot see what it has not asked for.
pub struct Leaf {
    pub(super) part: Part,
    facts: FrozenMap<BodyId, Box<Facts>>,
}

impl std::fmt::Debug for Leaf {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{:?} of {} bodies", self.part, self.facts.len())
    }
}

impl Leaf {
    /// Nothing has been asked for.
    pub fn of(part: Part) -> Leaf {
        Leaf { part, facts: FrozenMap::new() }
    }

    pub(super) fn facts(&self, whole: &Facts) -> &Facts {
        self.facts.get(&whole.body).unwrap_or_else(|| self.facts.insert(whole.body, Box::new(part_of(whole, self.part))))
    }
}

/// All reports as they were filed, with the figures of a part alone.
fn part_of(whole: &Facts, part: Part) -> Facts {
    let reports = whole.reports.iter().map(|report| {
        let year = report.id.year;
        let totals = match part {
            Part::Year(wanted) if year == wanted || year == wanted.previous() => report.totals.clone(),
            Part::Year(_) => Vec::new(),
            Part::Indicator(wanted) => report.totals.iter().filter(|figure| figure.key.indicator == wanted).cloned().collect(),
        };
        let (excerpts, anchors) = Default::default();
        ReportFacts { filed: report.filed.clone(), totals, excerpts, anchors, speaks_for_all: false }
    });
    Facts { body: whole.body, reports: reports.collect() }
}

impl Desk {
    pub(super) fn facts(&self, of: &dyn AllFacts, body: BodyId) -> &Facts {
        self.0.get(&body).unwrap_or_else(|| self.0.insert(body, Box::new(of.of(body))))
    }
}
