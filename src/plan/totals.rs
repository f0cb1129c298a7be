//! Sums over the bodies below a body: of how many of how many, and left out where forms differ.

use crate::analyze::{Calendar, Facts, Tally};
use crate::digest::Sha256Sum;
use crate::model::{Amount, BodyId, BodyTree, FormId, IndicatorId, TimeSpan, Year};
use std::collections::BTreeMap;

/// A sum with what it is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Sum {
    /// The sum of the stated numbers; none where editions differ or the sum does not fit.
    pub amount: Option<Amount>,
    /// How many bodies state a number.
    pub stated: u32,
    /// The edition all of them use.
    form: Option<FormId>,
}

impl Sum {
    fn merge(self, other: Sum) -> Sum {
        let form = self.form.filter(|form| Some(*form) == other.form);
        let amount = form.and(self.amount.zip(other.amount)).and_then(|(a, b)| a.plus(b));
        Sum { amount, stated: self.stated + other.stated, form }
    }
}

/// Sums and filing counts, by body.
///
/// A body that has reports counts with its own; one that has none (a province that only groups counties) counts with the sum of the
/// bodies below it.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    figures: Vec<BTreeMap<(Year, IndicatorId), Sum>>,
    filings: Vec<BTreeMap<Year, Tally>>,
    children_figures: Vec<BTreeMap<(Year, IndicatorId), Sum>>,
    children_filings: Vec<BTreeMap<Year, Tally>>,
}

impl Totals {
    /// Sums from the leaves up.
    pub fn of(tree: &BodyTree, facts: &[Facts], calendar: &Calendar<'_>) -> Totals {
        let count = tree.iter().len();
        let mut totals = Totals {
            figures: vec![BTreeMap::new(); count],
            filings: vec![BTreeMap::new(); count],
            children_figures: vec![BTreeMap::new(); count],
            children_filings: vec![BTreeMap::new(); count],
        };
        // Children have higher ids than their parents.
        let mut ids: Vec<BodyId> = tree.iter().map(|body| body.id).collect();
        ids.reverse();
        for id in ids {
            let at = id.0 as usize;
            let (body, own) = (tree.body(id), &facts[at]);
            let (mut figures, mut filings) = (BTreeMap::new(), BTreeMap::new());
            if own.reports.is_empty() {
                figures.clone_from(&totals.children_figures[at]);
                filings.clone_from(&totals.children_filings[at]);
            } else {
                for report in own.published() {
                    for figure in report.totals.iter().filter(|figure| figure.time == TimeSpan::Year) {
                        if let Some(amount) = figure.reading.amount() {
                            figures.insert((report.id.year, figure.key.indicator), Sum { amount: Some(amount), stated: 1, form: Some(report.form) });
                        }
                    }
                }
                for year in calendar.years(body, own) {
                    let mut tally = Tally::default();
                    tally.add(calendar.filing(body, year, own.report(year)));
                    filings.insert(year, tally);
                }
            }
            if let Some(parent) = body.parent {
                let parent = parent.0 as usize;
                for (key, sum) in &figures {
                    totals.children_figures[parent].entry(*key).and_modify(|known| *known = known.merge(*sum)).or_insert(*sum);
                }
                for (year, tally) in &filings {
                    totals.children_filings[parent].entry(*year).and_modify(|known| *known = known.merge(*tally)).or_insert(*tally);
                }
            }
            totals.figures[at] = figures;
            totals.filings[at] = filings;
        }
        totals
    }

    /// A digest of all that is known of a body and its children.
    pub fn digest(&self, body: BodyId) -> Sha256Sum {
        let at = body.0 as usize;
        Sha256Sum::of_value(&(&self.figures[at], &self.filings[at], &self.children_figures[at], &self.children_filings[at]))
    }

    /// A body's own number, or the sum below one that has no reports.
    pub fn figure(&self, body: BodyId, year: Year, indicator: IndicatorId) -> Option<Sum> {
        self.figures[body.0 as usize].get(&(year, indicator)).copied()
    }

    /// The sum over a body's direct children.
    pub fn children(&self, body: BodyId, year: Year, indicator: IndicatorId) -> Option<Sum> {
        self.children_figures[body.0 as usize].get(&(year, indicator)).copied()
    }

    /// Whether a body, or one below one that has no reports, states a number for an indicator in some year.
    pub fn states(&self, body: BodyId, indicator: IndicatorId) -> bool {
        self.figures[body.0 as usize].keys().any(|(_, known)| *known == indicator)
    }

    /// Filing states of a body, or of the bodies below one that has no reports.
    pub fn filing(&self, body: BodyId, year: Year) -> Tally {
        self.filings[body.0 as usize].get(&year).copied().unwrap_or_default()
    }

    /// Filing states of all reporting bodies below a body.
    pub fn children_filing(&self, body: BodyId, year: Year) -> Tally {
        self.children_filings[body.0 as usize].get(&year).copied().unwrap_or_default()
    }

    /// Years in which some child has a published report, each with the indicators that some child states.
    pub fn of_children(&self, body: BodyId) -> BTreeMap<Year, Vec<IndicatorId>> {
        let at = body.0 as usize;
        let mut years: BTreeMap<Year, Vec<IndicatorId>> = BTreeMap::new();
        for (year, tally) in &self.children_filings[at] {
            if tally.filed() > 0 {
                years.insert(*year, Vec::new());
            }
        }
        for (year, indicator) in self.children_figures[at].keys() {
            years.entry(*year).or_default().push(*indicator);
        }
        years
    }
}
