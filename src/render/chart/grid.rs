//! Bodies by years as signs: who filed when. A sign is a shape, and the table beside it has the words.

use super::{close, open, tenth, text, width};
use crate::render::view::Html;
use std::fmt::Write as _;

/// Signs by body and year.
pub(in crate::render) struct Grid<'a> {
    /// Unique on the page: ids begin with it.
    pub(in crate::render) id: &'a str,
    /// Name.
    pub(in crate::render) title: &'a str,
    /// What it shows, in words.
    pub(in crate::render) sentence: &'a str,
    /// Years, oldest first.
    pub(in crate::render) years: &'a [i16],
    /// Name of each body, and a sign for each year.
    pub(in crate::render) rows: &'a [(String, String)],
}

const LINE: f64 = 24.0;
const HEAD: f64 = 30.0;

/// A chart of 480 units, a line for each body.
pub(in crate::render) fn grid(chart: &Grid<'_>) -> Html {
    let names = chart.rows.iter().map(|(name, _)| width(name)).fold(0.0, f64::max) + 6.0;
    let pace = (480.0 - names - 8.0) / chart.years.len().max(1) as f64;
    let x = |at: usize| names + 4.0 + pace * (at as f64 + 0.5);
    let every = (44.0 / pace).ceil().max(1.0) as usize;
    let mut svg = open(chart.id, "series grid", HEAD + LINE * chart.rows.len() as f64, chart.title, chart.sentence);
    for (at, year) in chart.years.iter().enumerate() {
        if (chart.years.len() - 1 - at).is_multiple_of(every) {
            text(&mut svg, "yr", x(at), 20.0, &year.to_string());
        }
    }
    // One element a body: a place for each of its signs.
    let places: Vec<String> = (0..chart.years.len()).map(|at| tenth(x(at))).collect();
    let places = places.join(" ");
    for (at, (name, signs)) in chart.rows.iter().enumerate() {
        let y = HEAD + LINE * at as f64 + 17.0;
        text(&mut svg, "num", names - 4.0, y, name);
        let _ = write!(svg, "<text class=\"sign\" x=\"{places}\" y=\"{}\">{}</text>", tenth(y), super::escaped(signs));
    }
    close(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_for_each_year() {
        let rows = [("甲镇".to_string(), "●○".to_string()), ("乙镇".to_string(), "◐·".to_string())];
        let svg = grid(&Grid { id: "g", title: "丙", sentence: "丁", years: &[2023, 2024], rows: &rows });
        let svg = svg.as_str();
        assert!(svg.contains("●○") && svg.contains("◐·") && svg.contains(">2024<"), "{svg}");
        assert_eq!(svg.matches("x=\"151.2 367.8\"").count(), 2, "{svg}");
    }
}
