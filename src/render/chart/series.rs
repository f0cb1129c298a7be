//! One indicator of one body over its years: axis, breaks, gaps, and the first, least, greatest and last number written out.

use super::{Mark, Point, breaks, close, gaps, hatch, highest, open, runs, scale, tenth, text, tick_label, width};
use crate::render::view::Html;
use std::fmt::Write as _;

/// A large chart.
pub(in crate::render) struct Series<'a> {
    /// Unique on the page: ids begin with it.
    pub(in crate::render) id: &'a str,
    /// Name and unit.
    pub(in crate::render) title: &'a str,
    /// What it shows, in words.
    pub(in crate::render) sentence: &'a str,
    /// Years, oldest first, none left out.
    pub(in crate::render) points: &'a [Point],
    /// Name of each edition: 2019版.
    pub(in crate::render) edition: &'a dyn Fn(u8) -> String,
    /// 空
    pub(in crate::render) blank: &'a str,
}

pub(super) const LEFT: f64 = 58.0;
pub(super) const RIGHT: f64 = 474.0;
pub(super) const TOP: f64 = 52.0;
pub(super) const BOTTOM: f64 = 204.0;
pub(super) const HEIGHT: f64 = 230.0;

/// A chart of 480 × 230.
pub(in crate::render) fn series(chart: &Series<'_>) -> Html {
    let points = chart.points;
    let (step, ticks) = scale(highest(points));
    let top = step * f64::from(ticks);
    let pace = (RIGHT - LEFT - 40.0) / (points.len() - 1).max(1) as f64;
    let x = |at: usize| LEFT + 16.0 + pace * at as f64;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * value / top;
    let mut svg = open(chart.id, "series", HEIGHT, chart.title, chart.sentence);
    axis(&mut svg, step, ticks, RIGHT);
    years(&mut svg, points.iter().map(|point| point.year), pace, x);
    editions(&mut svg, points, chart.edition, |at| x(at) - pace / 2.0);
    let gaps = gaps(points);
    if !gaps.is_empty() {
        hatch(&mut svg, chart.id);
    }
    for (from, to) in gaps {
        let half = (pace / 2.0).min(16.0);
        let (a, b) = (x(from) - half, x(to) + half);
        let _ = write!(
            svg,
            "<path class=\"gap\" fill=\"url(#{}-h)\" d=\"M{} {TOP}H{}V{BOTTOM}H{1}z\"/><text class=\"why\" x=\"{}\" y=\"{}\">{}</text>",
            chart.id,
            tenth(a),
            tenth(b),
            tenth((a + b) / 2.0),
            (TOP + BOTTOM) / 2.0,
            super::escaped(&points[from].label)
        );
    }
    for (at, _) in points.iter().enumerate().filter(|(_, point)| point.mark == Mark::Blank) {
        let _ = write!(svg, "<circle class=\"ring\" cx=\"{}\" cy=\"{BOTTOM}\" r=\"4\"/>", tenth(x(at)));
        text(&mut svg, "lbl", x(at), BOTTOM - 9.0, chart.blank);
    }
    let (mut line, mut dots) = (String::new(), String::new());
    runs(points, |at, value, first| {
        let _ = write!(line, "{}{} {}", if first { 'M' } else { 'L' }, tenth(x(at)), tenth(y(value)));
        let _ = write!(dots, "M{} {}h0", tenth(x(at)), tenth(y(value)));
    });
    let _ = write!(svg, "<path class=\"line\" d=\"{line}\"/><path class=\"pt\" d=\"{dots}\"/>");
    values(&mut svg, points, x, y);
    close(svg)
}

/// Hairlines with their numbers; the lowest is the axis.
pub(super) fn axis(svg: &mut String, step: f64, ticks: u8, right: f64) {
    let y = |tick: u8| BOTTOM - (BOTTOM - TOP) * f64::from(tick) / f64::from(ticks);
    for tick in 0..=ticks {
        let class = if tick == 0 { "axis" } else { "tick" };
        let _ = write!(svg, "<path class=\"{class}\" d=\"M{LEFT} {}H{}\"/>", tenth(y(tick)), tenth(right));
        text(svg, "num", LEFT - 5.0, y(tick) + 5.0, &tick_label(step * f64::from(tick)));
    }
}

/// Years under the axis, as many as find room; counted from the newest, so that the last is always written out.
pub(super) fn years(svg: &mut String, years: impl ExactSizeIterator<Item = i16>, pace: f64, x: impl Fn(usize) -> f64) {
    let count = years.len();
    let every = (44.0 / pace).ceil().max(1.0) as usize;
    for (at, year) in years.enumerate() {
        if (count - 1 - at).is_multiple_of(every) {
            text(svg, "yr", x(at), BOTTOM + 20.0, &year.to_string());
        }
    }
}

/// Dashed lines where another edition begins, with the name of each on its first years; two that are near stand in two lines.
pub(super) fn editions(svg: &mut String, points: &[Point], name: &dyn Fn(u8) -> String, line: impl Fn(usize) -> f64) {
    let breaks: Vec<usize> = breaks(points).collect();
    if breaks.is_empty() {
        return;
    }
    let dashes: String = breaks.iter().map(|at| format!("M{} 4V{BOTTOM}", tenth(line(*at)))).collect();
    let _ = write!(svg, "<path class=\"brk\" d=\"{dashes}\"/>");
    let (mut end, mut low) = (0.0, false);
    let first = breaks[0];
    for at in std::iter::once(0).chain(breaks) {
        let words = name(points[at].edition);
        let left = if at == 0 { LEFT.min(line(first) - width(&words) - 4.0).max(0.0) } else { line(at) + 4.0 };
        let left = left.min(480.0 - width(&words));
        low = left < end && !low;
        text(svg, "ed", left, if low { 31.0 } else { 14.0 }, &words);
        end = left + width(&words) + 4.0;
    }
}

/// First, least, greatest and last number; two that are near stand one above and one below their points.
fn values(svg: &mut String, points: &[Point], x: impl Fn(usize) -> f64, y: impl Fn(f64) -> f64) {
    let numbers: Vec<(usize, f64)> = points.iter().enumerate().filter_map(|(at, point)| Some((at, point.number()?))).collect();
    let least = numbers.iter().rev().min_by(|a, b| a.1.total_cmp(&b.1));
    let most = numbers.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let mut named: Vec<(usize, f64)> = [numbers.first(), least, most, numbers.last()].into_iter().flatten().copied().collect();
    named.sort_by_key(|(at, _)| *at);
    named.dedup();
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for (at, value) in named {
        let words = &points[at].label;
        // Three units of air on either side: numbers that touch read as one.
        let half = width(words) / 2.0 + 3.0;
        let center = x(at).clamp(LEFT + half, 478.0 - half);
        let free = |height: f64| taken.iter().all(|(from, to, other)| center + half < *from || center - half > *to || (height - other).abs() > 15.0);
        let above = y(value) - 8.0;
        let below = y(value) + 20.0;
        let Some(height) = [above, below].into_iter().find(|height| *height < BOTTOM + 2.0 && free(*height)) else { continue };
        taken.push((center - half, center + half, height));
        text(svg, "val", center, height, words);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{gappy, point};
    use super::*;

    fn drawn(points: &[Point]) -> String {
        let chart = Series { id: "c1", title: "甲<乙", sentence: "丙", points, edition: &|edition| format!("{edition}版"), blank: "空" };
        series(&chart).as_str().to_string()
    }

    #[test]
    fn gaps_breaks_blanks_and_extremes_are_written_out() {
        let svg = drawn(&gappy());
        for part in ["甲&lt;乙", "1版", "3版", "无报告", ">空<", ">2018<", ">2023<", ">4<", "url(#c1-h)", "id=\"c1-h\""] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert!(!svg.contains("style="));
        let line = svg.split("class=\"line\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!((line.matches('M').count(), line.matches('L').count()), (3, 1), "{line}");
    }

    #[test]
    fn thirty_years_have_room() {
        let points: Vec<Point> = (2008..2038).map(|year| point(year, Mark::Number(f64::from(year - 2000)), (year > 2020) as u8)).collect();
        let svg = drawn(&points);
        assert!(svg.matches("class=\"yr\"").count() <= 10, "{svg}");
        assert!(svg.contains(">2037<"));
        assert_eq!(svg.matches("class=\"val\"").count(), 2);
    }
}
