//! Bodies side by side in one year: horizontal bars from zero, in official order.

use super::{close, open, tenth, text};
use crate::render::view::Html;
use std::fmt::Write as _;

/// One body.
pub(in crate::render) struct Bar {
    /// Its name.
    pub(in crate::render) name: String,
    /// Its number; none where it states none.
    pub(in crate::render) value: Option<f64>,
    /// The number as printed, or why there is none.
    pub(in crate::render) label: String,
}

/// Bars of one year.
pub(in crate::render) struct Bars<'a> {
    /// Unique on the page: ids begin with it.
    pub(in crate::render) id: &'a str,
    /// Name and unit.
    pub(in crate::render) title: &'a str,
    /// What they show, in words.
    pub(in crate::render) sentence: &'a str,
    /// Bodies in official order.
    pub(in crate::render) bars: &'a [Bar],
}

/// Height of a line.
const LINE: f64 = 26.0;
/// Where the bars begin.
const FOOT: f64 = 148.0;
/// How far the longest goes.
const LONGEST: f64 = 264.0;
/// Characters of a name before it is cut; the table beside it has the whole.
const NAME: usize = 8;

/// A chart of 480 units and one line a body.
pub(in crate::render) fn bars(chart: &Bars<'_>) -> Html {
    let highest = chart.bars.iter().filter_map(|bar| bar.value).fold(1.0, f64::max);
    let height = LINE * chart.bars.len() as f64 + 4.0;
    let mut svg = open(chart.id, "series bars", height, chart.title, chart.sentence);
    let mut drawn = String::new();
    for (at, bar) in chart.bars.iter().enumerate() {
        let y = LINE * at as f64;
        text(&mut svg, "num", FOOT - 6.0, y + 18.0, &shortened(&bar.name));
        let length = bar.value.unwrap_or_default() / highest * LONGEST;
        if length > 0.0 {
            let _ = write!(drawn, "M{FOOT} {}h{}v16H{FOOT}z", y + 5.0, tenth(length));
        }
        text(&mut svg, if bar.value.is_some() { "val end" } else { "lbl end" }, FOOT + length + 6.0, y + 18.0, &bar.label);
    }
    let _ = write!(svg, "<path class=\"bar\" d=\"{drawn}\"/><path class=\"axis\" d=\"M{FOOT} 0V{height}\"/>");
    close(svg)
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME { name.to_string() } else { name.chars().take(NAME - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_keep_their_order_and_gaps_have_words() {
        let bar = |name: &str, value: Option<f64>, label: &str| Bar { name: name.into(), value, label: label.into() };
        let all = [bar("甲镇", Some(2.0), "2"), bar("乙镇", None, "无报告"), bar("很长很长很长的局名", Some(4.0), "4")];
        let svg = bars(&Bars { id: "b", title: "丙", sentence: "丁", bars: &all });
        let svg = svg.as_str();
        assert!(svg.find("甲镇") < svg.find("乙镇") && svg.contains("很长很长很长的…"), "{svg}");
        assert!(svg.contains("M148 5h132v16") && svg.contains("h264v16") && svg.matches("v16").count() == 2, "{svg}");
        assert!(svg.contains(">无报告<"));
    }
}
