//! A body's figures over the years, and a parent's beside its children's.
//!
//! A jump is judged on the logarithm of the figure against the median of the years before, in units of their own spread (median
//! absolute deviation), and never on small numbers: what a township counts on its fingers doubles every other year.

use crate::analyze::{AllFacts, Facts, ReportFacts};
use crate::diag::{Diagnostic, Words};
use crate::model::{Amount, Body, BodyTree, Breakdown, FigureKey, FormId, IndicatorId, Kind, Registry, Report, TimeSpan};
use std::collections::BTreeMap;

/// Years before a figure that have to state it.
const YEARS_BEFORE: usize = 4;
/// Below this neither a figure nor its past is looked at.
const SMALL: f64 = 30.0;
/// What can be counted on the fingers goes up and down as it pleases.
const FEW: f64 = 8.0;
/// A figure this many times larger or smaller than the median is looked at.
const TIMES: f64 = 8.0;
/// And only if it lies so many spreads away.
const SPREADS: f64 = 6.0;

/// A body's totals, year by year.
#[derive(Clone, Debug, Default)]
pub struct Series {
    past: BTreeMap<IndicatorId, Vec<f64>>,
    form: Option<FormId>,
}

impl Series {
    /// Looks at the next year's report, then remembers it: jumps, and amounts ten thousand times last year's.
    pub fn next(&mut self, registry: &Registry, report: &Report) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        // In the first year of an edition, another way of counting explains more than a slip.
        let new_form = self.form.replace(report.form).is_some_and(|form| form != report.form);
        for figure in report.figures.iter().filter(|figure| figure.time == TimeSpan::Year && figure.key.breakdown == Breakdown::TOTAL) {
            let Some(amount) = figure.reading.amount().filter(|amount| !amount.is_negative()) else { continue };
            let known = registry.indicator(figure.key.indicator);
            if known.kind == Kind::Percent || known.key.contains("in_force") {
                continue;
            }
            // Money is judged in the unit it was printed in: 1 and 11 (万元) are small numbers.
            let value = figure.stated.as_ref().map_or(amount, |(printed, _)| *printed).coordinate();
            let before = self.past.entry(figure.key.indicator).or_default();
            let last = before.last().copied();
            if known.kind == Kind::Money && unit_slip(value, last) {
                let last = last.unwrap_or_default();
                let words = Words::new(
                    format!("“{}”写 {value}，上年写 {last}：相差约一万倍，像是把元写成了万元（或相反）", known.name),
                    format!("`{}` is {value} and was {last} the year before: about ten thousand times, as if 元 and 万元 were mixed up", known.name_en),
                );
                found.push(
                    at(report, figure.span, "figure/unit-doubtful", words)
                        .about(&known.key, format!("{amount} {last}"))
                        .help("请核对单位。", "check the unit."),
                );
            } else if let Some(median) = jump(value, before).filter(|_| !new_form) {
                let words = Words::new(
                    format!("“{}”是 {}，往年的中间值是 {median}", known.name, amount.grouped()),
                    format!("`{}` is {}; the median of the years before is {median}", known.name_en, amount.grouped()),
                );
                found.push(at(report, figure.span, "figure/jump", words).about(&known.key, amount.to_string()).help(
                    "请核对有没有多写、少写一位数，或改了统计口径；确实如此的，用 [[accept]] 写明原因。",
                    "look for a digit too many or too few, or another way of counting; if it is right, give the reason under [[accept]].",
                ));
            }
            before.push(value);
        }
        found
    }
}

fn at(report: &Report, span: crate::diag::Span, code: &str, words: Words) -> Diagnostic {
    Diagnostic::new(code, &report.file, Some(span), words)
}

fn unit_slip(value: f64, last: Option<f64>) -> bool {
    last.is_some_and(|last| last > 0.0 && value > 0.0 && ((5_000.0..=20_000.0).contains(&(value / last)) || (5_000.0..=20_000.0).contains(&(last / value))))
}

/// The median of the years before, where the value is far from it and from last year's.
fn jump(value: f64, before: &[f64]) -> Option<f64> {
    if before.len() < YEARS_BEFORE {
        return None;
    }
    let middle = median(before.to_vec());
    // What has begun, or ended, is news and not a slip.
    if value.max(middle) < SMALL || value.min(middle) < FEW {
        return None;
    }
    let log = |value: f64| (value + 1.0).ln();
    let spread = median(before.iter().map(|old| (log(*old) - log(middle)).abs()).collect()) * 1.4826;
    let distance = (log(value) - log(middle)).abs();
    let step = (log(value) - log(before[before.len() - 1])).abs();
    (distance > TIMES.ln() && step > TIMES.ln() && distance > SPREADS * spread).then_some(middle)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { (values[half - 1] + values[half]) / 2.0 }
}

/// A parent that states for its whole territory less than its children add up to. Only where every child that filed states the figure.
/// A body that states its own office's figures says nothing of its children: only reports that speak for all below them are judged.
pub fn children(registry: &Registry, tree: &BodyTree, facts: &dyn AllFacts, body: &Body) -> Vec<Diagnostic> {
    // Counted for a county by adding up its townships and departments; other figures overlap.
    const ADDED_UP: [&str; 3] = ["applications_new", "results_total", "reconsideration"];
    let mut found = Vec::new();
    if body.children.len() < 2 {
        return found;
    }
    let own = facts.of(body.id);
    let speaking: Vec<&ReportFacts> = own.published().filter(|report| report.speaks_for_all).collect();
    if speaking.is_empty() {
        return found;
    }
    let below: Vec<Facts> = body.children.iter().map(|child| facts.of(*child)).collect();
    for report in speaking {
        for key in ADDED_UP {
            let Some(indicator) = registry.indicator_named(key) else { continue };
            let stated = |report: &ReportFacts| {
                let wanted = FigureKey { indicator, breakdown: Breakdown::TOTAL };
                report.totals.iter().find(|figure| figure.key == wanted && figure.time == TimeSpan::Year).map(|figure| (figure.reading.amount(), figure.span))
            };
            let Some((Some(own), span)) = stated(report) else { continue };
            let of_children: Vec<Amount> = below.iter().filter_map(|child| child.published_in(report.id.year)).filter_map(|child| stated(child)?.0).collect();
            let Some(sum) = of_children.iter().try_fold(Amount::ZERO, |sum, amount| sum.plus(*amount)).filter(|sum| *sum > own && of_children.len() >= 2)
            else {
                continue;
            };
            let known = registry.indicator(indicator);
            let (own_said, sum_said, count) = (own.grouped(), sum.grouped(), of_children.len());
            let words = Words::new(
                format!("“{}”本级年报写 {own_said}，{count} 个下级相加为 {sum_said}，多 {}", known.name, sum.minus(own).map_or(String::new(), Amount::grouped)),
                format!("`{}` is {own_said} here, {count} children add up to {sum_said}", known.name_en),
            );
            found.push(
                Diagnostic::new("figure/children-exceed-parent", &report.file, Some(span), words)
                    .about(key, format!("{own} {sum}"))
                    .related(&tree.body(body.children[0]).file, "下级的年报在这一级目录", "the children's reports stand beside this one")
                    .help(
                        "汇总时可能漏了乡镇或部门；本级只统计本机关的，用 [[accept]] 写明口径。",
                        "a township or department may have been left out; if only its own offices are counted, say so under [[accept]].",
                    ),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_are_judged_by_the_series_itself() {
        assert_eq!(jump(2_870.0, &[240.0, 251.0, 262.0, 287.0]), Some(256.5));
        assert_eq!(jump(28.0, &[240.0, 251.0, 262.0, 287.0]), Some(256.5));
        assert_eq!(jump(300.0, &[240.0, 251.0, 262.0, 287.0]), None);
        assert_eq!(jump(12.0, &[1.0, 0.0, 1.0, 2.0]), None, "small numbers are quiet");
        assert_eq!(jump(5_000.0, &[20.0, 900.0, 60.0, 4_000.0]), None, "a wild series is left alone");
        assert_eq!(jump(2_870.0, &[240.0, 251.0]), None, "two years are no series");
    }

    #[test]
    fn ten_thousand_times_is_a_unit() {
        assert!(unit_slip(70_000.0, Some(7.0)) && unit_slip(7.2, Some(70_000.0)));
        assert!(!unit_slip(70.0, Some(7.0)) && !unit_slip(7.0, None) && !unit_slip(7.0, Some(0.0)));
    }
}
