//! Two claimants of one address, however it is typed: an error that names both, before anything is written.

use super::Plan;
use crate::diag::{Diagnostic, Words};
use std::collections::BTreeMap;

/// Findings for addresses (files of the portal) that more than one source claims. `claimed` lists file and source;
/// names that differ only in case, width or composition are one address on some servers.
pub fn claims<'c>(claimed: impl Iterator<Item = (&'c str, &'c str)>) -> Vec<Diagnostic> {
    let mut by_key: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
    for (file, source) in claimed {
        by_key.entry(crate::text::key(file)).or_default().push((file, source));
    }
    let mut found = Vec::new();
    for mut claimants in by_key.into_values().filter(|claimants| claimants.len() > 1) {
        claimants.sort_unstable();
        let (file, first) = claimants[0];
        let sources: Vec<&str> = claimants.iter().map(|(_, source)| *source).collect();
        let words = Words::new(format!("{} 都要占地址 /{file}", sources.join(" 和 ")), format!("{} all claim the address /{file}", sources.join(" and ")));
        let mut diagnostic = Diagnostic::new("site/address-taken", first, None, words)
            .help("请改动其中一个的名称或旧地址（aliases）。", "rename one of them, or change its aliases.");
        for (_, source) in &claimants[1..] {
            diagnostic = diagnostic.related(source, "占同一个地址", "claims the same address");
        }
        found.push(diagnostic);
    }
    found
}

/// The file that a page of the portal writes itself and that a file of the site would be taken for, with the page. Addresses of pages are what
/// they are folded to.
pub fn written_by_page(plan: &Plan, file: &str) -> Option<(String, String)> {
    let file = crate::text::key(file);
    let (folder, name) = file.rsplit_once('/').map_or(("", &*file), |(folder, name)| (folder, name));
    let beside = matches!(name, "index.html" | "index.json" | "table.csv" | "figures.csv" | "atom.xml");
    let address = match folder {
        "" if beside => String::new(),
        _ if beside => format!("{folder}/"),
        _ => file.clone(),
    };
    plan.has(&address).then(|| (file, format!("/{address}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_names_are_one_address() {
        let found = claims([("a/x.pdf", "one"), ("a/X.pdf", "two"), ("a/y.pdf", "three"), ("a/ｙ.pdf", "four"), ("b", "five")].into_iter());
        let named: Vec<&str> = found.iter().map(|found| found.message.en.as_str()).collect();
        assert_eq!(named, ["two and one all claim the address /a/X.pdf", "three and four all claim the address /a/y.pdf"]);
    }
}
