//! `[[accept]]`: findings that stay, with their reason. What they settle leaves the list; what they fail to settle is said.

use crate::diag::{Diagnostic, Finding, Place, Words};
use crate::model::Accept;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// An accept and the file it stands in.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Standing {
    /// What is accepted, and why.
    pub accept: Accept,
    /// File, relative to the root.
    pub file: String,
    /// Where it stands.
    pub place: Option<Place>,
}

impl Standing {
    /// Accepts of one file with their lines.
    pub fn of<'a>(accepts: &'a [Accept], file: &'a str, text: &'a str) -> impl Iterator<Item = Standing> + 'a {
        accepts.iter().map(move |accept| {
            let prototype = Diagnostic::new("review/accept-unused", file, Some(accept.span), Words::new("", ""));
            Standing { accept: accept.clone(), file: file.to_string(), place: prototype.locate(text).place }
        })
    }

    fn say(&self, code: &str, words: Words, help: (&str, &str)) -> Finding {
        let what = self.accept.id.as_deref().or(self.accept.at.as_deref()).unwrap_or_default();
        let mut finding = Diagnostic::new(code, &self.file, None, words).about(format!("{} {what}", self.accept.rule), "").help(help.0, help.1).unplaced();
        finding.place.clone_from(&self.place);
        finding
    }

    fn is_for(&self, finding: &Finding) -> bool {
        let diagnostic = &finding.diagnostic;
        let named = || self.accept.id.as_deref().is_some_and(|id| id == finding.id());
        let placed = || diagnostic.rule.at && self.accept.at.as_deref().is_some_and(|at| at == diagnostic.subject);
        // A report in a folder speaks for the attachments beside it.
        let beside = || self.file.strip_suffix("index.md").is_some_and(|folder| diagnostic.file.starts_with(folder) && !diagnostic.file.ends_with(".md"));
        diagnostic.rule.code == self.accept.rule && (diagnostic.file == self.file || beside()) && (named() || placed())
    }
}

/// Findings that stay open, and those that were accepted with what settles them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settled {
    /// Still open.
    pub open: Vec<Finding>,
    /// Accepted, with the reason.
    pub accepted: Vec<(Finding, Accept)>,
}

/// Longest time a privacy finding is accepted for, in days.
const LONGEST: i32 = 366;

/// Parts findings into open and accepted ones on a day.
pub fn settle(findings: Vec<Finding>, standing: &[Standing], today: Date) -> Settled {
    let mut settled = Settled::default();
    let mut used = vec![false; standing.len()];
    let mut by_rule: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, one) in standing.iter().enumerate() {
        by_rule.entry(one.accept.rule.as_str()).or_default().push(place);
    }
    for finding in findings {
        let of_rule = by_rule.get(finding.diagnostic.rule.code).map_or(&[][..], Vec::as_slice);
        match of_rule.iter().find(|place| standing[**place].is_for(&finding)) {
            Some(place) => {
                used[*place] = true;
                let accept = &standing[*place].accept;
                match fault(&finding, accept, today) {
                    None => settled.accepted.push((finding, accept.clone())),
                    Some((code, words, help)) => {
                        settled.open.push(finding);
                        settled.open.push(standing[*place].say(code, words, help));
                    }
                }
            }
            None => settled.open.push(finding),
        }
    }
    for (one, _) in standing.iter().zip(&used).filter(|(_, used)| !**used) {
        let rule = &one.accept.rule;
        let words = Words::new(format!("[[accept]] {rule} 没有对应的问题"), format!("the accept of {rule} matches no finding"));
        settled.open.push(one.say(
            "review/accept-unused",
            words,
            (
                "问题已经改正的，删去这一条；数字改过的，编号会变，请重新核对后填写 check 给出的新编号。",
                "remove it if the cause is gone; if a value changed, so did the id: look again and write the one `check` prints.",
            ),
        ));
    }
    settled
}

/// Why an accept cannot stand for a finding.
fn refused(finding: &Finding, accept: &Accept, today: Date) -> Option<Words> {
    let rule = finding.diagnostic.rule;
    if !rule.acceptable {
        return Some(Words::new(format!("{} 不能保留，只能改正", rule.code), format!("{} cannot be accepted, only corrected", rule.code)));
    }
    if rule.family() == "privacy" {
        let near = accept.until.is_some_and(|until| today.until(until).is_ok_and(|span| span.get_days() <= LONGEST));
        if !near {
            return Some(Words::new(
                "个人信息类问题的 [[accept]] 须写 until，最长 12 个月",
                "an accept of a privacy finding needs `until`, at most 12 months ahead",
            ));
        }
        let two = accept.by.as_deref().is_some_and(|by| by.split(['、', ',', '，']).filter(|name| !name.trim().is_empty()).count() >= 2);
        if rule.code == "privacy/minors" && !two {
            return Some(Words::new("未成年人名单的 [[accept]] 须由两人署名（by 用顿号隔开）", "an accept of a list of minors needs two names in `by`"));
        }
    }
    None
}

/// Why an accept does not settle a finding: it cannot stand, or its time is over.
fn fault(finding: &Finding, accept: &Accept, today: Date) -> Option<(&'static str, Words, (&'static str, &'static str))> {
    if let Some(words) = refused(finding, accept, today) {
        return Some(("review/accept-refused", words, ("请改正问题本身，或补齐这一条。", "correct the cause, or complete the accept.")));
    }
    let until = accept.until.filter(|until| *until < today)?;
    let words = Words::new(format!("[[accept]] {} 到 {until} 为止，已过期", accept.rule), format!("the accept of {} ended on {until}", accept.rule));
    Some(("review/accept-expired", words, ("重新核对后改 until，或删去。", "look again and move `until`, or remove it.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Span;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 3, 1);

    fn finding(code: &str, subject: &str, values: &str) -> Finding {
        Diagnostic::new(code, "content/a/2024.md", None, Words::new("一", "one")).about(subject, values).unplaced()
    }

    fn standing(rule: &str, id: Option<String>, at: Option<&str>, until: Option<Date>, by: Option<&str>) -> Standing {
        let accept =
            Accept {
                rule: rule.into(), id, at: at.map(str::to_string), reason: "原件如此".into(), by: by.map(str::to_string), until, span: Span::new(0, 0)
            };
        Standing { accept, file: "content/a/2024.md".into(), place: None }
    }

    fn codes(settled: &Settled) -> Vec<&str> {
        settled.open.iter().map(|finding| finding.diagnostic.rule.code).collect()
    }

    #[test]
    fn an_accept_settles_one_finding_by_id_or_place() {
        let sum = finding("figure/sum-mismatch", "applications_new.total", "4 5");
        let by_id = settle(vec![sum.clone()], &[standing("figure/sum-mismatch", Some(sum.id()), None, None, None)], TODAY);
        assert_eq!((by_id.open.len(), by_id.accepted.len()), (0, 1));
        let by_place = settle(vec![sum.clone()], &[standing("figure/sum-mismatch", None, Some("applications_new.total"), None, None)], TODAY);
        assert_eq!(by_place.accepted.len(), 1);
        let other = settle(vec![sum], &[standing("figure/sum-mismatch", None, Some("applications_new.other"), None, None)], TODAY);
        assert_eq!(codes(&other), ["figure/sum-mismatch", "review/accept-unused"]);
    }

    #[test]
    fn a_changed_value_is_a_new_finding() {
        let old = finding("figure/sum-mismatch", "x.total", "4 5").id();
        let settled = settle(vec![finding("figure/sum-mismatch", "x.total", "4 6")], &[standing("figure/sum-mismatch", Some(old), None, None, None)], TODAY);
        assert_eq!(codes(&settled), ["figure/sum-mismatch", "review/accept-unused"]);
    }

    #[test]
    fn an_accept_ends() {
        let late = finding("date/late", "date", "2025-02-01");
        let settled = settle(vec![late.clone()], &[standing("date/late", Some(late.id()), None, Some(date(2026, 2, 28)), None)], TODAY);
        assert_eq!(codes(&settled), ["date/late", "review/accept-expired"]);
    }

    #[test]
    fn identity_numbers_stay_with_nobody_and_lists_of_minors_need_two() {
        let id = finding("privacy/id-number", "3 7f", "");
        assert_eq!(
            codes(&settle(vec![id.clone()], &[standing("privacy/id-number", Some(id.id()), None, Some(date(2026, 6, 1)), None)], TODAY)),
            ["privacy/id-number", "review/accept-refused"]
        );
        let minors = finding("privacy/minors", "表", "");
        let one = |by, until| settle(vec![minors.clone()], &[standing("privacy/minors", Some(minors.id()), None, until, Some(by))], TODAY);
        assert_eq!(codes(&one("王某", Some(date(2026, 9, 1)))), ["privacy/minors", "review/accept-refused"]);
        assert_eq!(codes(&one("王某、李某", Some(date(2028, 9, 1)))), ["privacy/minors", "review/accept-refused"]);
        assert_eq!(one("王某、李某", Some(date(2026, 9, 1))).accepted.len(), 1);
    }
}
