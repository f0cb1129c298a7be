//! Sums over the bodies below a body: of how many of how many, and left out where forms differ.

use super::Part;
use crate::analyze::{Calendar, Facts, ReportFacts, Tally};
use crate::digest::Sha256Sum;
use crate::model::{Amount, Body, BodyId, BodyTree, FormId, IndicatorId, TimeSpan, Year};
use std::collections::{BTreeMap, BTreeSet};

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

/// Sums and filing counts of the bodies below each body.
///
/// A body that has reports counts with its own; one that has none (a province that only groups counties) counts with the sum of the
/// bodies below it.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    children_figures: BTreeMap<BodyId, BTreeMap<(Year, IndicatorId), Sum>>,
    children_filings: BTreeMap<BodyId, BTreeMap<Year, Tally>>,
    /// Indicators that a body's published reports state for any time; or, of a body without reports, those below it.
    stated: Vec<BTreeSet<IndicatorId>>,
    passes_on: Vec<bool>,
}

/// A body's own number in a report.
pub fn own_sum(report: &ReportFacts, indicator: IndicatorId) -> Option<Sum> {
    let figures = report.totals.iter().rev().filter(|figure| figure.time == TimeSpan::Year && figure.key.indicator == indicator);
    let amount = figures.filter_map(|figure| figure.reading.amount()).next()?;
    Some(Sum { amount: Some(amount), stated: 1, form: Some(report.form) })
}

/// A body's own numbers in a report, as [`own_sum`] finds each.
fn own_amounts(report: &ReportFacts) -> Vec<(IndicatorId, Amount)> {
    let figures = report.totals.iter().rev().filter(|figure| figure.time == TimeSpan::Year);
    let mut amounts: Vec<(IndicatorId, Amount)> = figures.filter_map(|figure| Some((figure.key.indicator, figure.reading.amount()?))).collect();
    amounts.sort_by_key(|(indicator, _)| *indicator);
    amounts.dedup_by_key(|(indicator, _)| *indicator);
    amounts
}

impl Totals {
    /// Takes the next body in, in order of the ids.
    pub fn add(&mut self, body: &Body, facts: &Facts, calendar: &Calendar<'_>) {
        let stated = facts.published().flat_map(|report| &report.totals).map(|figure| figure.key.indicator).collect();
        self.stated.push(stated);
        self.passes_on.push(facts.reports.is_empty());
        let Some(parent) = body.parent.filter(|_| !facts.reports.is_empty()) else { return };
        for report in facts.published() {
            let known = self.children_figures.entry(parent).or_default();
            for (indicator, amount) in own_amounts(report) {
                let sum = Sum { amount: Some(amount), stated: 1, form: Some(report.form) };
                known.entry((report.id.year, indicator)).and_modify(|known| *known = known.merge(sum)).or_insert(sum);
            }
        }
        let known = self.children_filings.entry(parent).or_default();
        for year in calendar.years(body, facts) {
            let mut tally = Tally::default();
            tally.add(calendar.filing(body, year, facts.report(year).map(|report| &report.filed)));
            known.entry(year).and_modify(|known| *known = known.merge(tally)).or_insert(tally);
        }
    }

    /// Lets bodies without reports count with those below them. All bodies have been taken in.
    pub fn pass_on(&mut self, tree: &BodyTree) {
        // Children have higher ids than their parents.
        let bodies: Vec<&Body> = tree.iter().collect();
        for body in bodies.into_iter().rev().filter(|body| self.passes_on[body.id.0 as usize]) {
            let figures = self.children_figures.get(&body.id).cloned().unwrap_or_default();
            let filings = self.children_filings.get(&body.id).cloned().unwrap_or_default();
            self.stated[body.id.0 as usize].extend(figures.keys().map(|(_, indicator)| *indicator));
            let Some(parent) = body.parent else { continue };
            for (key, sum) in figures {
                self.children_figures.entry(parent).or_default().entry(key).and_modify(|known| *known = known.merge(sum)).or_insert(sum);
            }
            for (year, tally) in filings {
                self.children_filings.entry(parent).or_default().entry(year).and_modify(|known| *known = known.merge(tally)).or_insert(tally);
            }
        }
    }

    /// A digest of what is known of a body's children.
    pub fn digest(&self, body: BodyId) -> Sha256Sum {
        Sha256Sum::of_value(&(self.children_figures.get(&body), self.children_filings.get(&body)))
    }

    /// A digest of a part of what is known of a body's children, and of whether the body states the indicator.
    pub fn digest_in(&self, body: BodyId, part: Part) -> Sha256Sum {
        let (figures, filings) = (self.children_figures.get(&body).into_iter().flatten(), self.children_filings.get(&body));
        match part {
            Part::Year(year) => {
                let sums: Vec<_> = figures.filter(|((of, _), _)| *of == year).collect();
                Sha256Sum::of_value(&(sums, filings.and_then(|filings| filings.get(&year))))
            }
            Part::Indicator(indicator) => {
                let sums: Vec<_> = figures.filter(|((_, of), _)| *of == indicator).collect();
                Sha256Sum::of_value(&(sums, filings, self.stated(body).contains(&indicator)))
            }
        }
    }

    /// The sum over a body's direct children.
    pub fn children(&self, body: BodyId, year: Year, indicator: IndicatorId) -> Option<Sum> {
        self.children_figures.get(&body)?.get(&(year, indicator)).copied()
    }

    /// Indicators that a body's published reports state, or those of the bodies below one that has no reports.
    pub fn stated(&self, body: BodyId) -> &BTreeSet<IndicatorId> {
        &self.stated[body.0 as usize]
    }

    /// Filing states of all reporting bodies below a body.
    pub fn children_filing(&self, body: BodyId, year: Year) -> Tally {
        self.children_filings.get(&body).and_then(|years| years.get(&year)).copied().unwrap_or_default()
    }

    /// Years in which some child has a published report, each with the indicators that some child states.
    pub fn of_children(&self, body: BodyId) -> BTreeMap<Year, Vec<IndicatorId>> {
        let mut years: BTreeMap<Year, Vec<IndicatorId>> = BTreeMap::new();
        for (year, tally) in self.children_filings.get(&body).into_iter().flatten() {
            if tally.filed() > 0 {
                years.insert(*year, Vec::new());
            }
        }
        for (year, indicator) in self.children_figures.get(&body).into_iter().flat_map(BTreeMap::keys) {
            years.entry(*year).or_default().push(*indicator);
        }
        years
    }
}
