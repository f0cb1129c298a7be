//! What a chart shows, in words: first, last, greatest, least, gaps. No adjective, cause or forecast.

use super::{Bar, Mark, Point, Stack, breaks};
use crate::model::Year;
use crate::render::portal::Portal;

/// Years named one by one; more are counted.
const NAMED: usize = 4;

/// A series in words; `name` says whose and what, so that no two charts say the same.
pub(in crate::render) fn sentence(portal: &Portal<'_>, name: &str, unit: &str, points: &[Point]) -> String {
    let strings = portal.strings;
    let numbers: Vec<(&Point, f64)> = points.iter().filter_map(|point| Some((point, point.number()?))).collect();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return String::new() };
    let year = |point: &Point| point.year.to_string();
    let mut text = if numbers.len() == 1 {
        strings.fill("chart.one", &[("name", name), ("year", &year(last.0)), ("value", &last.0.label), ("unit", unit)])
    } else {
        let values = [("name", name), ("first", &year(first.0)), ("a", &first.0.label), ("last", &year(last.0)), ("b", &last.0.label), ("unit", unit)];
        strings.fill("chart.span", &values)
    };
    let value = |by: fn(&f64, &f64) -> std::cmp::Ordering| numbers.iter().map(|(_, value)| *value).max_by(by);
    let (most, least) = (value(f64::total_cmp), value(|a, b| b.total_cmp(a)));
    if let (Some(most), Some(least)) = (most, least)
        && most > least
    {
        let at = |wanted: f64| numbers.iter().filter(move |(_, value)| *value == wanted).map(|(point, _)| *point);
        let label = |wanted: f64| at(wanted).next().map_or("", |point| point.label.as_str());
        let (m, l) = (years(portal, at(most)), years(portal, at(least)));
        let values = [("most", m.as_str()), ("m", label(most)), ("least", &l), ("l", label(least)), ("unit", unit)];
        text.push_str(&strings.fill("chart.extremes", &values));
    } else if numbers.len() > 1 {
        text.push_str(strings.get("chart.level"));
    }
    text.push_str(strings.get("sentence.stop"));
    text.push_str(&gaps(portal, points));
    let changes: Vec<&Point> = breaks(points).map(|at| &points[at]).collect();
    if !changes.is_empty() {
        text.push_str(&strings.fill("chart.breaks", &[("years", &years(portal, changes.into_iter()))]));
    }
    text
}

/// Years without a report by reason, and blank cells.
fn gaps(portal: &Portal<'_>, points: &[Point]) -> String {
    let mut text = String::new();
    let mut reasons: Vec<&str> = points.iter().filter(|point| point.mark == Mark::NoReport).map(|point| point.label.as_str()).collect();
    reasons.dedup();
    let mut told: Vec<&str> = Vec::new();
    for why in reasons {
        if !told.contains(&why) {
            told.push(why);
            let those = points.iter().filter(|point| point.mark == Mark::NoReport && point.label == why);
            text.push_str(&portal.strings.fill("chart.missing", &[("years", &years(portal, those)), ("why", why)]));
        }
    }
    if points.iter().any(|point| point.mark == Mark::Blank) {
        let those = points.iter().filter(|point| point.mark == Mark::Blank);
        text.push_str(&portal.strings.fill("chart.blank", &[("years", &years(portal, those))]));
    }
    text
}

/// 2019年、2021年, or how many there are.
fn years<'p>(portal: &Portal<'_>, points: impl Iterator<Item = &'p Point>) -> String {
    let years: Vec<String> = points.map(|point| portal.strings.fill("word.year", &[("year", &point.year.to_string())])).collect();
    if years.len() > NAMED { portal.strings.fill("chart.many", &[("n", &years.len().to_string())]) } else { portal.joined(&years) }
}

/// Stacked bars in words: the last year with its parts, the year with most, gaps.
pub(in crate::render) fn stacked_sentence(portal: &Portal<'_>, name: &str, unit: &str, parts: &[(String, Vec<String>)], stacks: &[Stack]) -> String {
    let strings = portal.strings;
    let points: Vec<Point> = stacks.iter().map(|stack| stack.point.clone()).collect();
    let Some(last) = points.iter().rposition(|point| point.number().is_some()) else { return String::new() };
    let shown: Vec<String> = parts.iter().filter(|(_, labels)| !labels[last].is_empty()).map(|(part, labels)| format!("{part}{}", labels[last])).collect();
    let values =
        [("name", name), ("year", &points[last].year.to_string()), ("value", points[last].label.as_str()), ("unit", unit), ("parts", &portal.joined(&shown))];
    let mut text = strings.fill("chart.parts", &values);
    let most = points.iter().filter_map(Point::number).fold(f64::MIN, f64::max);
    let those: Vec<&Point> = points.iter().filter(|point| point.number() == Some(most)).collect();
    text.push_str(&strings.fill("chart.most", &[("most", &years(portal, those.iter().copied())), ("m", &those[0].label), ("unit", unit)]));
    text.push_str(&gaps(portal, &points));
    text
}

/// Many small charts on one axis in words: how many, the years, the common height, who has gaps.
pub(in crate::render) fn shared_sentence(portal: &Portal<'_>, name: &str, unit: &str, charts: &[(String, Vec<Point>)]) -> String {
    let all = charts.iter().flat_map(|(_, points)| points);
    let Some((_, label)) = all.clone().filter_map(|point| Some((point.number()?, &point.label))).max_by(|a, b| a.0.total_cmp(&b.0)) else {
        return String::new();
    };
    let year = |year: Option<i16>| year.map_or(String::new(), |year| year.to_string());
    let values = [
        ("name", name),
        ("n", &charts.len().to_string()),
        ("first", &year(all.clone().map(|point| point.year).min())),
        ("last", &year(all.map(|point| point.year).max())),
        ("m", label),
        ("unit", unit),
    ];
    let mut text = portal.strings.fill("chart.shared", &values);
    let missing: Vec<String> =
        charts.iter().filter(|(_, points)| points.iter().any(|point| point.mark == Mark::NoReport)).map(|(body, _)| body.clone()).collect();
    if !missing.is_empty() {
        text.push_str(&portal.strings.fill("chart.shared_gaps", &[("bodies", &portal.joined(&missing))]));
    }
    text
}

/// Bars of one year in words: how many state a number, and between which two they lie. Nobody is named: this is no ranking.
pub(in crate::render) fn bars_sentence(portal: &Portal<'_>, name: &str, unit: &str, year: Year, bars: &[Bar]) -> String {
    let mut numbers: Vec<(f64, &str)> = bars.iter().filter_map(|bar| Some((bar.value?, bar.label.as_str()))).collect();
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(least), Some(most)) = (numbers.first(), numbers.last()) else { return String::new() };
    let values = [
        ("name", name),
        ("year", &year.to_string()),
        ("n", &bars.len().to_string()),
        ("k", &numbers.len().to_string()),
        ("most", most.1),
        ("least", least.1),
        ("unit", unit),
    ];
    portal.strings.fill("chart.bars", &values)
}
