//! Parts of a whole over the years, as stacked bars: at most four parts, told apart by pattern as well as by color.

use super::series::{BOTTOM, HEIGHT, LEFT, TOP, axis, editions, years};
use super::{Mark, Point, close, hatch, open, scale, tenth, text, width};
use crate::render::view::Html;
use std::fmt::Write as _;

/// Parts with a pattern of their own.
pub(in crate::render) const MOST_PARTS: usize = 4;

/// One year of the bars.
pub(in crate::render) struct Stack {
    /// Year, edition, and why there is no report.
    pub(in crate::render) point: Point,
    /// The parts' numbers in the order of [`Stacked::parts`]; what is not stated has no height.
    pub(in crate::render) heights: Vec<f64>,
}

/// Stacked bars.
pub(in crate::render) struct Stacked<'a> {
    /// Unique on the page: ids begin with it.
    pub(in crate::render) id: &'a str,
    /// Name and unit.
    pub(in crate::render) title: &'a str,
    /// What it shows, in words.
    pub(in crate::render) sentence: &'a str,
    /// Names of the parts, the lowest first.
    pub(in crate::render) parts: &'a [String],
    /// Years, oldest first, none left out.
    pub(in crate::render) stacks: &'a [Stack],
    /// Name of each edition.
    pub(in crate::render) edition: &'a dyn Fn(u8) -> String,
}

/// Room for a part's sample before its name.
const SAMPLE: f64 = 17.0;

/// A chart of 480 × 230 with the names of its parts at the right.
pub(in crate::render) fn stacked(chart: &Stacked<'_>) -> Html {
    let points: Vec<Point> = chart.stacks.iter().map(|stack| stack.point.clone()).collect();
    let highest = chart.stacks.iter().map(|stack| stack.heights.iter().sum::<f64>()).fold(1.0, f64::max);
    let (step, ticks) = scale(highest);
    let top = step * f64::from(ticks);
    // The names of the parts take the room at the right that the longest of them needs.
    let names = 478.0 - SAMPLE - chart.parts.iter().map(|name| width(name)).fold(0.0, f64::max);
    let pace = (names - 14.0 - LEFT) / points.len().max(1) as f64;
    let bar = (pace * 0.7).min(30.0);
    let x = |at: usize| LEFT + pace * (at as f64 + 0.5);
    let height = |value: f64| (BOTTOM - TOP) * value / top;
    let mut svg = open(chart.id, "series", HEIGHT, chart.title, chart.sentence);
    axis(&mut svg, step, ticks, names - 14.0);
    years(&mut svg, points.iter().map(|point| point.year), pace, x);
    editions(&mut svg, &points, chart.edition, |at| x(at) - pace / 2.0);
    let none: Vec<usize> = (0..points.len()).filter(|at| points[*at].mark == Mark::NoReport).collect();
    if !none.is_empty() {
        hatch(&mut svg, chart.id);
    }
    for at in none {
        let _ = write!(
            svg,
            "<rect class=\"gap\" fill=\"url(#{}-h)\" x=\"{}\" y=\"{TOP}\" width=\"{}\" height=\"{}\"/><text class=\"why\" x=\"{}\" y=\"{}\">{}</text>",
            chart.id,
            tenth(x(at) - bar / 2.0),
            tenth(bar),
            BOTTOM - TOP,
            tenth(x(at)),
            (TOP + BOTTOM) / 2.0,
            super::escaped(&points[at].label)
        );
    }
    for (place, name) in chart.parts.iter().enumerate() {
        let mut bars = String::new();
        for (at, stack) in chart.stacks.iter().enumerate() {
            let value = stack.heights.get(place).copied().unwrap_or_default();
            if value > 0.0 {
                let foot = BOTTOM - height(stack.heights[..place].iter().sum());
                let left = x(at) - bar / 2.0;
                let _ = write!(bars, "M{} {}H{}V{}H{0}z", tenth(left), tenth(foot), tenth(left + bar), tenth(foot - height(value)));
            }
        }
        // The name's sample stands in the order of the stack: the lowest part at the foot.
        let sample = BOTTOM - 12.0 - 26.0 * place as f64;
        let _ = write!(bars, "M{} {sample}h12v-12h-12z", tenth(names));
        part(&mut svg, chart.id, place, &bars);
        text(&mut svg, "nm", names + SAMPLE, sample - 1.0, name);
    }
    close(svg)
}

/// Solid, slanted lines, dots, paper with an edge.
fn part(svg: &mut String, id: &str, place: usize, bars: &str) {
    let pattern = match place {
        1 => "<path class=\"p1\" d=\"M0 6L6 0\"/>",
        2 => "<circle class=\"p2\" cx=\"3\" cy=\"3\" r=\"1.4\"/>",
        _ => "",
    };
    if pattern.is_empty() {
        let _ = write!(svg, "<path class=\"s{place}\" d=\"{bars}\"/>");
    } else {
        let _ = write!(
            svg,
            "<pattern id=\"{id}-{place}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">{pattern}</pattern><path class=\"s{place}\" fill=\"url(#{id}-{place})\" d=\"{bars}\"/>"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::point;
    use super::*;

    #[test]
    fn parts_stand_on_each_other_and_differ_without_color() {
        let stacks = [
            Stack { point: point(2022, Mark::Number(3.0), 3), heights: vec![2.0, 1.0, 0.0] },
            Stack { point: point(2023, Mark::NoReport, 3), heights: Vec::new() },
            Stack { point: point(2024, Mark::Number(4.0), 3), heights: vec![1.0, 0.0, 3.0] },
        ];
        let parts = ["自然人".to_string(), "商业企业".to_string(), "其他".to_string()];
        let svg = stacked(&Stacked { id: "s", title: "甲", sentence: "乙", parts: &parts, stacks: &stacks, edition: &|_| String::new() });
        let svg = svg.as_str();
        let bars = |class: &str| {
            svg.split(&format!("class=\"{class}\"")).nth(1).unwrap().split("d=\"").nth(1).unwrap().split('"').next().unwrap().matches('M').count() - 1
        };
        assert_eq!((bars("s0"), bars("s1"), bars("s2")), (2, 1, 1), "{svg}");
        for part in ["url(#s-1)", "url(#s-2)", "url(#s-h)", "无报告", "自然人"] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
    }
}
