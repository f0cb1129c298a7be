//! What is wrong beyond the writing: sums that do not hold, links that lead nowhere.
//!
//! Comes in: reports, links found while reading, the plan, the facts. Goes out: findings. It repairs nothing.

mod figures;

pub use figures::figures;

use crate::analyze::Facts;
use crate::diag::{Diagnostic, Finding, Words};
use crate::model::{BodyTree, Registry};
use crate::plan::Plan;
use std::collections::{BTreeSet, HashMap};

/// A link to look up, with the finding it becomes if its target does not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pending {
    /// Address it leads to.
    pub path: String,
    /// Place on that page.
    pub anchor: Option<String>,
    /// What is said if there is no such page.
    pub finding: Finding,
}

/// Links to pages, files and anchors that do not exist. Anchors are known of reports; on other pages they are the portal's own.
pub fn links(pending: &[Pending], plan: &Plan, files: &BTreeSet<String>, tree: &BodyTree, facts: &[Facts], registry: &Registry) -> Vec<Finding> {
    let mut bodies: HashMap<&str, usize> = HashMap::new();
    for body in tree.iter() {
        bodies.insert(&body.path, body.id.0 as usize);
    }
    let mut found = Vec::new();
    for link in pending {
        if files.contains(&link.path) {
            continue;
        }
        if !plan.has(&link.path) {
            found.push(link.finding.clone());
            continue;
        }
        let Some(anchor) = &link.anchor else { continue };
        let path = link.path.trim_end_matches('/');
        let (body, name) = path.rsplit_once('/').unwrap_or(("", path));
        let report = crate::model::Year::from_digits(name).and_then(|year| facts.get(*bodies.get(body)?)?.published_in(year));
        let Some(report) = report else { continue };
        let row = registry.indicator_named(anchor).is_some_and(|id| report.totals.iter().any(|figure| figure.key.indicator == id));
        if !row && !report.anchors.contains(anchor.as_str()) {
            let words = Words::new(format!("页面 /{} 上没有 #{anchor}", link.path), format!("the page /{} has no place #{anchor}", link.path));
            let Finding { place, .. } = &link.finding;
            let file = &link.finding.diagnostic.file;
            let mut finding = Diagnostic::new("link/anchor-missing", file, link.finding.diagnostic.span, words).unplaced();
            finding.place.clone_from(place);
            found.push(finding);
        }
    }
    found
}
