//! Charts as small SVG: classes only, so that pages need no inline style, and every one stands beside its table.
//!
//! The line is interrupted where the form changes and where a year has no number; nothing is drawn across a gap. Floating point
//! is used for coordinates alone.

use super::view::Html;
use std::fmt::Write as _;

/// What stands in a year.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Mark {
    /// A number.
    Number(f64),
    /// The cell is there and empty.
    Blank,
    /// There is no report.
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
    /// Number as printed.
    pub(super) label: String,
}

/// A large chart.
pub(super) struct Series<'a> {
    /// Unique on the page: ids begin with it.
    pub(super) id: &'a str,
    /// Name and unit.
    pub(super) title: &'a str,
    /// What it shows, in words.
    pub(super) sentence: &'a str,
    /// Years, oldest first, none left out.
    pub(super) points: &'a [Point],
    /// Name of each edition: 2019版.
    pub(super) edition: &'a dyn Fn(u8) -> String,
    /// 空
    pub(super) blank: &'a str,
    /// 无报告
    pub(super) missing: &'a str,
}

/// A small chart of 96 × 24 beside a number; none when fewer than two years have numbers.
pub(super) fn sparkline(points: &[Point]) -> Option<Html> {
    const W: f64 = 96.0;
    const H: f64 = 24.0;
    let count = points.iter().filter(|point| matches!(point.mark, Mark::Number(_))).count();
    if count < 2 {
        return None;
    }
    let top = highest(points);
    let x = |at: usize| 3.0 + (W - 6.0) * at as f64 / (points.len() - 1).max(1) as f64;
    let y = |value: f64| H - 3.0 - (H - 6.0) * value / top;
    let mut svg = String::from("<svg class=\"spark\" viewBox=\"0 0 96 24\" width=\"96\" height=\"24\" aria-hidden=\"true\" focusable=\"false\">");
    for (at, pair) in points.windows(2).enumerate() {
        if pair[0].edition != pair[1].edition {
            let _ = write!(svg, "<path class=\"b\" d=\"M{} 0V24\"/>", tenth((x(at) + x(at + 1)) / 2.0));
        }
    }
    for (at, _) in points.iter().enumerate().filter(|(_, point)| point.mark == Mark::NoReport) {
        let half = (W - 6.0) / (points.len() - 1).max(1) as f64 / 2.0;
        let _ = write!(svg, "<rect class=\"g\" x=\"{}\" y=\"2\" width=\"{}\" height=\"20\"/>", tenth((x(at) - half).max(0.0)), tenth((2.0 * half).min(8.0)));
    }
    svg.push_str("<path class=\"l\" d=\"");
    runs(points, |at, value, first| {
        let _ = write!(svg, "{}{} {}", if first { 'M' } else { 'L' }, tenth(x(at)), tenth(y(value)));
    });
    svg.push_str("\"/>");
    for (at, point) in points.iter().enumerate() {
        if point.mark == Mark::Blank {
            let _ = write!(svg, "<circle class=\"r\" cx=\"{}\" cy=\"21\" r=\"1.8\"/>", tenth(x(at)));
        }
    }
    if let Some((at, Mark::Number(value))) =
        points.iter().enumerate().rev().find_map(|(at, point)| matches!(point.mark, Mark::Number(_)).then_some((at, point.mark)))
    {
        let _ = write!(svg, "<circle class=\"p\" cx=\"{}\" cy=\"{}\" r=\"2.2\"/>", tenth(x(at)), tenth(y(value)));
    }
    svg.push_str("</svg>");
    Some(Html::trusted(svg))
}

/// A chart of 640 × 240 with axis, breaks, gaps, and the least, the greatest and the last number written out.
pub(super) fn series(chart: &Series<'_>) -> Html {
    let (left, right, top_y, bottom) = (72.0, 608.0, 28.0, 204.0);
    let points = chart.points;
    let (step, ticks) = scale(highest(points));
    let top = step * ticks as f64;
    let x = |at: f64| left + 12.0 + (right - left - 24.0) * at / (points.len() - 1).max(1) as f64;
    let y = |value: f64| bottom - (bottom - top_y) * value / top;
    let mut svg = format!(
        "<svg class=\"series\" viewBox=\"0 0 640 240\" role=\"img\" aria-labelledby=\"{0}-t {0}-d\"><title id=\"{0}-t\">{1}</title><desc id=\"{0}-d\">{2}</desc>",
        chart.id,
        super::prose::escaped(chart.title),
        super::prose::escaped(chart.sentence)
    );
    for tick in 0..=ticks {
        let value = step * f64::from(tick);
        let class = if tick == 0 { "axis" } else { "tick" };
        let _ = write!(svg, "<path class=\"{class}\" d=\"M{left} {0}H{right}\"/>", tenth(y(value)));
        let _ = write!(svg, "<text class=\"num\" x=\"{}\" y=\"{}\">{}</text>", left - 6.0, tenth(y(value) + 4.0), tick_label(value));
    }
    let every = points.len().div_ceil(10).max(1);
    for (at, point) in points.iter().enumerate() {
        // Counted from the newest year, so that the last is always written out.
        if (points.len() - 1 - at).is_multiple_of(every) {
            let _ = write!(svg, "<text class=\"yr\" x=\"{}\" y=\"224\">{}</text>", tenth(x(at as f64)), point.year);
        }
        match point.mark {
            Mark::NoReport => {
                let half = ((right - left - 24.0) / (points.len() - 1).max(1) as f64 / 2.0).min(18.0);
                let _ = write!(
                    svg,
                    "<rect class=\"gap\" x=\"{}\" y=\"{top_y}\" width=\"{}\" height=\"{}\"/>",
                    tenth(x(at as f64) - half),
                    tenth(2.0 * half),
                    bottom - top_y
                );
                let _ = write!(svg, "<text class=\"lbl\" x=\"{}\" y=\"{}\">{}</text>", tenth(x(at as f64)), bottom - 8.0, super::prose::escaped(chart.missing));
            }
            Mark::Blank => {
                let _ = write!(svg, "<circle class=\"ring\" cx=\"{}\" cy=\"{bottom}\" r=\"4\"/>", tenth(x(at as f64)));
                let _ = write!(svg, "<text class=\"lbl\" x=\"{}\" y=\"{}\">{}</text>", tenth(x(at as f64)), bottom - 8.0, super::prose::escaped(chart.blank));
            }
            Mark::Number(_) | Mark::Nothing => {}
        }
    }
    for (at, pair) in points.windows(2).enumerate() {
        if pair[0].edition != pair[1].edition {
            let place = tenth(x(at as f64 + 0.5));
            let _ = write!(
                svg,
                "<path class=\"brk\" d=\"M{place} 18V{bottom}\"/><text class=\"lbl\" x=\"{place}\" y=\"13\">{}</text>",
                super::prose::escaped(&(chart.edition)(pair[1].edition))
            );
        }
    }
    svg.push_str("<path class=\"line\" d=\"");
    runs(points, |at, value, first| {
        let _ = write!(svg, "{}{} {}", if first { 'M' } else { 'L' }, tenth(x(at as f64)), tenth(y(value)));
    });
    svg.push_str("\"/>");
    let numbers: Vec<(usize, f64)> =
        points.iter().enumerate().filter_map(|(at, point)| if let Mark::Number(value) = point.mark { Some((at, value)) } else { None }).collect();
    for (at, value) in &numbers {
        let _ = write!(svg, "<circle class=\"pt\" cx=\"{}\" cy=\"{}\" r=\"3\"/>", tenth(x(*at as f64)), tenth(y(*value)));
    }
    let mut named: Vec<usize> = [numbers.iter().min_by(|a, b| a.1.total_cmp(&b.1)), numbers.iter().max_by(|a, b| a.1.total_cmp(&b.1)), numbers.last()]
        .into_iter()
        .flatten()
        .map(|(at, _)| *at)
        .collect();
    named.sort_unstable();
    named.dedup();
    for (place, &at) in named.iter().enumerate() {
        if let Mark::Number(value) = points[at].mark {
            // Two numbers side by side would run into each other: the later one stands below its point.
            let crowded = place > 0 && at - named[place - 1] < 2 && y(value) + 24.0 < bottom;
            let height = if crowded { y(value) + 22.0 } else { (y(value) - 8.0).max(top_y - 2.0) };
            let _ =
                write!(svg, "<text class=\"val\" x=\"{}\" y=\"{}\">{}</text>", tenth(x(at as f64)), tenth(height), super::prose::escaped(&points[at].label));
        }
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
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

fn highest(points: &[Point]) -> f64 {
    let highest = points.iter().filter_map(|point| if let Mark::Number(value) = point.mark { Some(value) } else { None }).fold(0.0, f64::max);
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
    let rounded = format!("{value:.1}");
    rounded.strip_suffix(".0").map_or(rounded.clone(), str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(year: i16, mark: Mark, edition: u8) -> Point {
        Point { year, mark, edition, label: if let Mark::Number(n) = mark { format!("{n}") } else { String::new() } }
    }

    #[test]
    fn nothing_is_drawn_across_gaps_and_breaks() {
        use Mark::*;
        let points = [
            point(2018, Number(1.0), 1),
            point(2019, Number(2.0), 2),
            point(2020, NoReport, 2),
            point(2021, Number(4.0), 3),
            point(2022, Number(3.0), 3),
            point(2023, Blank, 3),
        ];
        let spark = sparkline(&points).unwrap();
        let line = spark.as_str().split("class=\"l\" d=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
        assert_eq!((line.matches('M').count(), line.matches('L').count()), (3, 1), "{line}");
        assert_eq!(spark.as_str().matches("class=\"b\"").count(), 2);
        assert_eq!(spark.as_str().matches("class=\"g\"").count(), 1);
        assert_eq!(spark.as_str().matches("class=\"r\"").count(), 1);
        assert!(sparkline(&points[..1]).is_none());
        let chart =
            Series {
                id: "c1", title: "甲<乙", sentence: "丙", points: &points, edition: &|edition| format!("{edition}版"), blank: "空", missing: "无报告"
            };
        let svg = series(&chart);
        for part in ["甲&lt;乙", "3版", "无报告", ">空<", ">2018<", ">2023<", ">4<"] {
            assert!(svg.as_str().contains(part), "{part} in {}", svg.as_str());
        }
        assert!(!svg.as_str().contains("style="));
    }

    #[test]
    fn ticks_are_round_and_few() {
        for (highest, step, ticks) in [(312.0, 100.0, 4), (1.0, 1.0, 1), (7.0, 2.0, 4), (9.0, 3.0, 3), (4000.0, 1000.0, 4), (1150.0, 500.0, 3), (0.5, 0.2, 3)] {
            assert_eq!(scale(highest), (step, ticks), "{highest}");
        }
    }
}
