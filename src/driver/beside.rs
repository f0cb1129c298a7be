//! What stands in the portal beside its pages: attachments, static files, data, and old addresses that lead to pages.

use super::gather::Gathered;
use crate::analyze::Filed;
use crate::diag::{Diagnostic, Finding, Words};
use crate::model::Registry;
use crate::plan::{self, Page, Plan};
use crate::render;
use crate::source::Theme;
use std::collections::BTreeSet;
use std::ops::Range;

/// An old address, the page it leads to, and the file that says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Alias {
    pub(super) from: String,
    pub(super) to: String,
    file: String,
}

/// Old addresses of published pages. What is no plain address of this portal is a finding.
pub(super) fn aliases(gathered: &Gathered, registry: &Registry, findings: &mut Vec<Finding>) -> Vec<Alias> {
    let mut wanted: Vec<(String, String, String)> = Vec::new();
    for body in gathered.tree.iter() {
        let to = Page::Body(body.id).address(&gathered.tree, registry);
        wanted.extend(body.aliases.iter().map(|alias| (alias.clone(), to.clone(), body.file.clone())));
    }
    for report in gathered.filed.iter().flat_map(Filed::published) {
        let to = Page::Report(report.id).address(&gathered.tree, registry);
        wanted.extend(report.aliases.iter().map(|alias| (alias.clone(), to.clone(), report.file.to_string())));
    }
    for (alias, name) in &gathered.page_aliases {
        wanted.push((alias.clone(), format!("{name}/"), format!("content/{name}.md")));
    }
    let mut aliases = Vec::new();
    for (alias, to, file) in wanted {
        let inner = alias.trim_matches('/');
        let from = if inner.ends_with(".html") || inner.ends_with(".htm") { inner.to_string() } else { format!("{inner}/") };
        let plain = !inner.is_empty() && !alias.starts_with("//") && !inner.contains(['%', '?', '#', ':']);
        if plain && crate::publish::OutputPath::new(&plan::file_of(&from)).is_ok() {
            aliases.push(Alias { from, to, file });
        } else {
            let words = Words::new(format!("旧地址 `{alias}` 不是本站的地址"), format!("the alias `{alias}` is no address of this portal"));
            findings.push(Diagnostic::new("site/name-invalid", &file, None, words).help("写成 old/path/ 的样子。", "write it like old/path/.").unplaced());
        }
    }
    aliases
}

/// Every file beside pages that texts can link to: attachments, static files, data.
pub(super) fn files(gathered: &Gathered, theme: &Theme, plan: &Plan) -> BTreeSet<String> {
    let mut files: BTreeSet<String> = attachments(gathered).map(|(address, _)| address).collect();
    files.extend(render::statics(theme).map(|(path, _)| path.to_string()));
    for body in gathered.tree.iter() {
        let folder = if body.path.is_empty() { String::new() } else { format!("{}/", body.path) };
        files.insert(format!("{folder}atom.xml"));
        if gathered.filed.get(body.id.0 as usize).is_some_and(|facts| facts.published().next().is_some()) {
            files.insert(format!("{folder}figures.csv"));
        }
    }
    if plan.has("data/") {
        files.extend(["bodies", "indicators", "reports"].map(|name| format!("data/{name}.csv")));
        files.insert("data/datapackage.json".into());
    }
    files
}

/// Attachments of published reports: address, and file below the root.
pub(super) fn attachments(gathered: &Gathered) -> impl Iterator<Item = (String, String)> + '_ {
    attachments_of(gathered, 0..gathered.dirs.len())
}

/// Those of some bodies.
pub(super) fn attachments_of(gathered: &Gathered, bodies: Range<usize>) -> impl Iterator<Item = (String, String)> + '_ {
    gathered.filed[bodies.clone()].iter().zip(&gathered.dirs[bodies]).flat_map(|(facts, dir)| {
        let folder = if dir.path.is_empty() { String::new() } else { format!("{}/", dir.path) };
        dir.reports.iter().filter(|file| facts.published_in(file.year).is_some()).flat_map(move |file| {
            let folder = folder.clone();
            file.attachments.iter().map(move |name| (format!("{folder}{}/{name}", file.year), format!("content/{folder}{}/{name}", file.year)))
        })
    })
}

/// Files of the portal that a site's own files may claim, each with its source.
pub(super) fn claimed(gathered: &Gathered, theme: &Theme, plan: &Plan, aliases: &[Alias]) -> Vec<(String, String)> {
    let mut own: Vec<(String, String)> = attachments(gathered).collect();
    own.extend(render::statics(theme).map(|(path, _)| (path.to_string(), theme.statics[path].0.clone())));
    own.extend(aliases.iter().map(|alias| (plan::file_of(&alias.from), alias.file.clone())));
    // Against what the portal itself writes.
    let pages: BTreeSet<(String, String)> = own.iter().filter_map(|(file, _)| plan::written_by_page(plan, file)).collect();
    own.extend(pages);
    own
}
