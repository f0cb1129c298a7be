//! Figures over the years: what stands in a cell, and how it changed.

use crate::model::{Amount, Figure, FigureKey, Form, FormId, TimeSpan};

/// What a report says of one figure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum CellState<'a> {
    /// A figure, stated or blank.
    Figure(&'a Figure),
    /// The form has the cell, or could; the report does not say.
    Unstated,
    /// The form of that year has no such cell.
    Absent,
}

impl<'a> CellState<'a> {
    /// The figure of a key among a report's figures, sorted by key; yearly figures only.
    ///
    /// An indicator that another edition has in its tables and this one has not is absent; one that stands in no table can be
    /// stated by any report and is unstated.
    pub fn of(key: FigureKey, figures: &'a [Figure], form: &Form, forms: &[Form]) -> CellState<'a> {
        let first = figures.partition_point(|figure| figure.key < key);
        let figure = figures[first..].iter().take_while(|figure| figure.key == key).find(|figure| figure.time == TimeSpan::Year);
        match figure {
            Some(figure) => CellState::Figure(figure),
            None if form.has_cell(key) || !forms.iter().any(|form| form.has_cell(key)) => CellState::Unstated,
            None => CellState::Absent,
        }
    }

    /// The stated number.
    pub fn amount(self) -> Option<Amount> {
        match self {
            CellState::Figure(figure) => figure.reading.amount(),
            _ => None,
        }
    }
}

/// How a number changed from one report to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// More: the difference, and the percentage unless the base is under 5.
    Rise(Amount, Option<Amount>),
    /// Less.
    Fall(Amount, Option<Amount>),
    /// The same number.
    Same,
    /// The forms differ: the two cannot be compared directly.
    Break,
    /// One of the two states no number, or only about one.
    None,
}

/// Bases under this state no percentage.
const SMALL_BASE: i64 = 5;

impl Change {
    /// The change between two cells of two reports in their editions.
    pub fn between(older: (CellState<'_>, FormId), newer: (CellState<'_>, FormId)) -> Change {
        let (CellState::Figure(before), CellState::Figure(after)) = (older.0, newer.0) else { return Change::None };
        let (Some(base), Some(amount)) = (before.reading.amount(), after.reading.amount()) else { return Change::None };
        if older.1 != newer.1 {
            return Change::Break;
        }
        Change::of(base, amount)
    }

    /// The change between two numbers that can be compared.
    pub fn of(base: Amount, amount: Amount) -> Change {
        let Some(difference) = amount.minus(base) else { return Change::None };
        let percent = if base.magnitude() < Amount::whole(SMALL_BASE) { None } else { amount.percent_change_from(base) };
        if difference.is_zero() {
            Change::Same
        } else if difference.is_negative() {
            Change::Fall(difference.magnitude(), percent)
        } else {
            Change::Rise(difference, percent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Span;
    use crate::model::{Breakdown, Origin, Reading, Registry};

    fn figure(registry: &Registry, key: &str, reading: Reading) -> Figure {
        let key = FigureKey { indicator: registry.indicator_named(key).unwrap(), breakdown: Breakdown::TOTAL };
        Figure { key, reading, about: None, time: TimeSpan::Year, stated: None, origin: Origin::FrontMatter, span: Span::default() }
    }

    #[test]
    fn changes_say_amount_and_percent() {
        let change = |a: i64, b: i64| Change::of(Amount::whole(a), Amount::whole(b));
        assert_eq!(change(287, 312), Change::Rise(Amount::whole(25), Some("8.7".parse().unwrap())));
        assert_eq!(change(47, 41), Change::Fall(Amount::whole(6), Some("-12.8".parse().unwrap())));
        assert_eq!(change(4, 9), Change::Rise(Amount::whole(5), None));
        assert_eq!(change(0, 3), Change::Rise(Amount::whole(3), None));
        assert_eq!(change(0, 0), Change::Same);
    }

    #[test]
    fn blank_is_never_compared_and_forms_break() {
        let registry = Registry::built_in();
        let forms = registry.forms();
        let one = [figure(&registry, "applications_new", Reading::Stated(Amount::whole(3)))];
        let blank = [figure(&registry, "applications_new", Reading::Blank)];
        let key = one[0].key;
        let cell = |figures| CellState::of(key, figures, &forms[3], forms);
        assert_eq!(Change::between((cell(&blank), forms[3].id), (cell(&one), forms[3].id)), Change::None);
        assert_eq!(Change::between((cell(&one), forms[2].id), (cell(&one), forms[3].id)), Change::Break);
        assert_eq!(cell(&[]), CellState::Unstated);
        assert_eq!(CellState::of(key, &[], &forms[0], forms), CellState::Absent);
    }
}
