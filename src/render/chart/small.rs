//! Charts without words beside a number or a name: the sparkline, and one of many small ones on a common axis.

use super::{Mark, Point, breaks, gaps, highest, runs, tenth};
use crate::render::view::Html;
use std::fmt::Write as _;

/// A small chart of 96 × 24 beside a number; none when fewer than two years have numbers.
pub(in crate::render) fn sparkline(points: &[Point]) -> Option<Html> {
    let count = points.iter().filter(|point| matches!(point.mark, Mark::Number(_))).count();
    (count >= 2).then(|| drawing(points, "spark", (96.0, 24.0), highest(points)))
}

/// One of many charts of 150 × 60 that share their years and the height of their axis.
pub(in crate::render) fn small(points: &[Point], top: f64) -> Html {
    drawing(points, "spark small", (150.0, 60.0), top)
}

/// The height that all of them share.
pub(in crate::render) fn shared_top<'p>(all: impl Iterator<Item = &'p [Point]>) -> f64 {
    all.map(highest).fold(1.0, f64::max)
}

fn drawing(points: &[Point], class: &str, (w, h): (f64, f64), top: f64) -> Html {
    let step = (w - 6.0) / (points.len() - 1).max(1) as f64;
    let x = |at: usize| 3.0 + step * at as f64;
    let y = |value: f64| h - 3.0 - (h - 6.0) * value / top;
    let mut svg = format!("<svg class=\"{class}\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" aria-hidden=\"true\" focusable=\"false\">");
    let mut path = |class: &str, d: String| {
        if !d.is_empty() {
            let _ = write!(svg, "<path class=\"{class}\" d=\"{d}\"/>");
        }
    };
    let half = (step / 2.0).min(4.0);
    let band = |(from, to): (usize, usize)| format!("M{} 2H{}V{}H{0}z", tenth((x(from) - half).max(0.0)), tenth((x(to) + half).min(w)), h - 2.0);
    path("g", gaps(points).into_iter().map(band).collect());
    path("b", breaks(points).map(|at| format!("M{} 0V{h}", tenth(x(at) - step / 2.0))).collect());
    if h > 24.0 {
        path("a", format!("M0 {}H{w}", h - 3.0));
    }
    let mut line = String::new();
    runs(points, |at, value, first| {
        let _ = write!(line, "{}{} {}", if first { 'M' } else { 'L' }, tenth(x(at)), tenth(y(value)));
        // A number between two gaps is a piece of its own: a round cap makes a dot of it.
        let alone = points.get(at + 1).is_none_or(|next| next.number().is_none() || next.edition != points[at].edition);
        if first && alone {
            line.push_str("h0");
        }
    });
    // The last number is a dot drawn with the line's own stroke: a page of all years has a hundred such drawings.
    if let Some((at, value)) = points.iter().enumerate().rev().find_map(|(at, point)| Some((at, point.number()?))) {
        let _ = write!(line, "M{} {}a.75.75 0 1 0 1.5 0a.75.75 0 1 0-1.5 0m-.75 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0", tenth(x(at) - 0.75), tenth(y(value)));
    }
    path("l", line);
    for (at, _) in points.iter().enumerate().filter(|(_, point)| point.mark == Mark::Blank) {
        let _ = write!(svg, "<circle class=\"r\" cx=\"{}\" cy=\"{}\" r=\"1.8\"/>", tenth(x(at)), h - 3.0);
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
}

#[cfg(test)]
mod tests {
    use super::super::tests::gappy;
    use super::*;

    #[test]
    fn nothing_is_drawn_across_gaps_and_breaks() {
        let points = gappy();
        let spark = sparkline(&points).unwrap();
        let line = spark.as_str().split("class=\"l\" d=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
        assert_eq!((line.matches('M').count(), line.matches('L').count(), line.matches("h0").count()), (4, 1, 2), "{line}");
        let of = |class: &str| spark.as_str().split(&format!("class=\"{class}\" d=\"")).nth(1).unwrap().split('"').next().unwrap().matches('M').count();
        assert_eq!((of("b"), of("g")), (2, 1));
        assert_eq!(spark.as_str().matches("class=\"r\"").count(), 1);
        assert!(sparkline(&points[..1]).is_none());
    }

    #[test]
    fn small_multiples_share_their_axis() {
        let points = gappy();
        assert_eq!(shared_top([&points[..2], &points[..]].into_iter()), 4.0);
        let low = small(&points[..2], 40.0);
        // Two of forty stands near the foot of the drawing.
        assert!(low.as_str().contains(" 54.3a"), "{}", low.as_str());
    }
}
