//! Charts as small SVG: classes only, so that pages need no inline style, and every one stands beside its table.
//!
//! The line is interrupted where the form changes and where a year has no number; nothing is drawn across a gap. Floating point
//! is used for coordinates alone. Drawings are 480 units wide, so that one drawing serves a phone (two thirds) and half a wide
//! page (about one to one); the style sheet gives labels a size for each.

mod bars;
mod grid;
mod series;
mod small;
mod stacked;
mod words;

pub(super) use bars::{Bar, Bars, bars};
pub(super) use grid::{Grid, grid};
pub(super) use series::{Series, series};
pub(super) use small::{shared_top, small, sparkline};
pub(super) use stacked::{MOST_PARTS, Stack, Stacked, stacked};
pub(super) use words::{bars_sentence, sentence, shared_sentence, stacked_sentence};

use super::prose::escaped;
use super::view::Html;
use std::fmt::Write as _;

/// What stands in a year.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Mark {
    /// A number.
    Number(f64),
    /// The cell is there and empty.
    Blank,
    /// There is no report; the point's label says why.
    NoReport,
    /// The form has no such cell, or the report does not say.
    Nothing,
}

/// One year of a series, oldest first.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Point {
    /// Year.
    pub(super) year: i16,
    /// What stands in it.
    pub(super) mark: Mark,
    /// Edition of the form; a change interrupts the line.
    pub(super) edition: u8,
    /// Number as printed, or why there is no report.
    pub(super) label: String,
}

impl Point {
    fn number(&self) -> Option<f64> {
        if let Mark::Number(value) = self.mark { Some(value) } else { None }
    }
}

/// Opens a drawing with its name and sentence; ids begin with `id`.
fn open(id: &str, class: &str, height: f64, title: &str, sentence: &str) -> String {
    format!(
        "<svg class=\"{class}\" viewBox=\"0 0 480 {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
        escaped(title),
        escaped(sentence)
    )
}

/// Closes a drawing.
fn close(mut svg: String) -> Html {
    svg.push_str("</svg>");
    Html::trusted(svg)
}

/// The hatch of years without a report: a pattern, so that it survives black-and-white printing.
fn hatch(svg: &mut String, id: &str) {
    let _ = write!(
        svg,
        "<pattern id=\"{id}-h\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path class=\"hatch\" d=\"M0 0V6\"/></pattern>"
    );
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, words: &str) {
    let _ = write!(svg, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>", tenth(x), tenth(y), escaped(words));
}

/// Calls `draw` for each number; `first` where a new piece of the line begins.
fn runs(points: &[Point], mut draw: impl FnMut(usize, f64, bool)) {
    let mut before: Option<u8> = None;
    for (at, point) in points.iter().enumerate() {
        match point.mark {
            Mark::Number(value) => {
                draw(at, value, before != Some(point.edition));
                before = Some(point.edition);
            }
            _ => before = None,
        }
    }
}

/// Neighbouring years without a report, as first and last place.
fn gaps(points: &[Point]) -> Vec<(usize, usize)> {
    let mut gaps: Vec<(usize, usize)> = Vec::new();
    for (at, point) in points.iter().enumerate().filter(|(_, point)| point.mark == Mark::NoReport) {
        match gaps.last_mut() {
            Some(gap) if gap.1 + 1 == at && points[gap.0].label == point.label => gap.1 = at,
            _ => gaps.push((at, at)),
        }
    }
    gaps
}

/// Places where another edition begins.
fn breaks(points: &[Point]) -> impl Iterator<Item = usize> + '_ {
    (1..points.len()).filter(|at| points[at - 1].edition != points[*at].edition)
}

fn highest(points: &[Point]) -> f64 {
    let highest = points.iter().filter_map(Point::number).fold(0.0, f64::max);
    if highest > 0.0 { highest } else { 1.0 }
}

/// A round step and at most four steps that reach `highest`.
fn scale(highest: f64) -> (f64, u8) {
    let power = 10f64.powf((highest / 4.0).log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| highest <= step * 4.0).unwrap_or(10.0 * power);
    // Counts have no halves.
    let step = if highest >= 1.0 { step.max(1.0) } else { step };
    let step = if step > 1.0 && step.fract() != 0.0 && highest < 12.0 { step.ceil() } else { step };
    (step, (highest / step).ceil().clamp(1.0, 4.0) as u8)
}

fn tick_label(value: f64) -> String {
    if value.fract() == 0.0 { crate::model::Amount::whole(value as i64).grouped() } else { format!("{value}") }
}

/// Coordinates to a tenth, without a useless zero.
fn tenth(value: f64) -> String {
    let tenths = (value * 10.0).round();
    // Away from the middle between two tenths the whole number of them is the rounded one.
    if tenths.abs() < 1e9 && (value * 10.0 - tenths).abs() < 0.49 && tenths >= 1.0 {
        let tenths = tenths as u64;
        return if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) };
    }
    let rounded = format!("{value:.1}");
    rounded.strip_suffix(".0").map_or(rounded.clone(), str::to_string)
}

/// Width of a label in units at the size of a phone: Han characters are square.
fn width(words: &str) -> f64 {
    words.chars().map(|c| if c.is_ascii() { 9.4 } else { 16.5 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_rounded_as_numbers_are_printed() {
        for at in -4_000..40_000 {
            let value = f64::from(at) / 80.0;
            let printed = format!("{value:.1}");
            assert_eq!(tenth(value), printed.strip_suffix(".0").unwrap_or(&printed), "{value}");
        }
    }

    pub(super) fn point(year: i16, mark: Mark, edition: u8) -> Point {
        let label = match mark {
            Mark::Number(n) => format!("{n}"),
            Mark::NoReport => "无报告".to_string(),
            _ => String::new(),
        };
        Point { year, mark, edition, label }
    }

    pub(super) fn gappy() -> [Point; 6] {
        use Mark::*;
        [
            point(2018, Number(1.0), 1),
            point(2019, Number(2.0), 2),
            point(2020, NoReport, 2),
            point(2021, Number(4.0), 3),
            point(2022, Number(3.0), 3),
            point(2023, Blank, 3),
        ]
    }

    #[test]
    fn ticks_are_round_and_few() {
        for (highest, step, ticks) in [(312.0, 100.0, 4), (1.0, 1.0, 1), (7.0, 2.0, 4), (9.0, 3.0, 3), (4000.0, 1000.0, 4), (1150.0, 500.0, 3), (0.5, 0.2, 3)] {
            assert_eq!(scale(highest), (step, ticks), "{highest}");
        }
    }

    #[test]
    fn neighbouring_gaps_are_one() {
        let points = [point(2018, Mark::NoReport, 1), point(2019, Mark::NoReport, 2), point(2020, Mark::Number(1.0), 2), point(2021, Mark::NoReport, 2)];
        assert_eq!(gaps(&points), [(0, 1), (3, 3)]);
        assert_eq!(breaks(&points).collect::<Vec<_>>(), [1]);
    }
}
