//! A whole and its parts over the years, as one stacked chart: the parts of a statutory row, and how applications ended.

use crate::model::FormId;
use crate::render::chart::{self, MOST_PARTS, Point, Stack, Stacked};
use crate::render::portal::Portal;
use crate::render::view::ChartView;

/// What the parts make up.
pub(super) struct Whole {
    /// Unique on the page: ids begin with it.
    pub(super) id: &'static str,
    /// Name and unit, over the chart.
    pub(super) title: String,
    /// Whose and what, in the sentence.
    pub(super) name: String,
    /// Unit; may be empty.
    pub(super) unit: String,
    /// Its years, oldest first.
    pub(super) points: Vec<Point>,
}

/// One part, with its number and how it is printed for each year of the whole.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) numbers: Vec<Option<(f64, String)>>,
}

impl Part {
    fn height(&self, year: usize) -> f64 {
        self.numbers[year].as_ref().map_or(0.0, |(value, _)| *value)
    }

    fn sum(&self) -> f64 {
        (0..self.numbers.len()).map(|year| self.height(year)).sum()
    }
}

/// The parts as stacked bars; none when fewer than two of them ever hold a number above zero.
pub(super) fn stacked(portal: &Portal<'_>, mut whole: Whole, mut parts: Vec<Part>) -> Option<ChartView> {
    // Editions before the first that knows the parts would only be empty room.
    let known = (0..whole.points.len()).find(|year| parts.iter().any(|part| part.numbers[*year].is_some()))?;
    whole.points.drain(..known);
    parts.iter_mut().for_each(|part| drop(part.numbers.drain(..known)));
    parts.retain(|part| part.sum() > 0.0);
    if parts.len() < 2 {
        return None;
    }
    // The sentence names every part; the drawing keeps to four patterns, the least of the parts drawn as one.
    let mut drawn: Vec<(String, Vec<&Part>)> = parts.iter().map(|part| (part.name.clone(), vec![part])).collect();
    if drawn.len() > MOST_PARTS {
        let mut sums: Vec<f64> = parts.iter().map(Part::sum).collect();
        sums.sort_by(|a, b| b.total_cmp(a));
        let least = sums[MOST_PARTS - 2];
        let mut kept = 0;
        let mut small = Vec::new();
        drawn.retain(|(_, of)| {
            let keep = of[0].sum() >= least && kept < MOST_PARTS - 1;
            kept += usize::from(keep);
            small.extend((!keep).then_some(of[0]));
            keep
        });
        drawn.push((portal.strings.fill("chart.rest", &[("n", &small.len().to_string())]), small));
    }
    let heights = |year: usize| drawn.iter().map(|(_, of)| of.iter().map(|part| part.height(year)).sum()).collect();
    let stacks: Vec<Stack> = whole.points.iter().enumerate().map(|(year, point)| Stack { point: point.clone(), heights: heights(year) }).collect();
    let label = |number: &Option<(f64, String)>| number.as_ref().filter(|(value, _)| *value > 0.0).map_or(String::new(), |(_, label)| label.clone());
    let named: Vec<(String, Vec<String>)> = parts.iter().map(|part| (part.name.clone(), part.numbers.iter().map(label).collect())).collect();
    let sentence = chart::stacked_sentence(portal, &whole.name, &whole.unit, &named, &stacks);
    let names: Vec<String> = drawn.iter().map(|(name, _)| name.clone()).collect();
    let edition = |form: u8| portal.edition(FormId(form));
    let svg = chart::stacked(&Stacked { id: whole.id, title: &whole.title, sentence: &sentence, parts: &names, stacks: &stacks, edition: &edition });
    Some(ChartView { title: whole.title, sentence, svg })
}
