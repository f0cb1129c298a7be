//! Addresses: permanent, lower-case ASCII, ending in `/`; links between them, relative.

use super::Page;
use crate::model::{BodyTree, Registry};

impl Page {
    /// The address inside the portal, without a leading slash: `""`, `yunxi/2024/`, `404.html`.
    pub fn address(&self, tree: &BodyTree, registry: &Registry) -> String {
        let body = |id: &crate::model::BodyId| {
            let path = &tree.body(*id).path;
            if path.is_empty() { String::new() } else { format!("{path}/") }
        };
        let numbered = |base: String, page: &usize| if *page > 1 { format!("{base}page/{page}/") } else { base };
        let key = |id: &crate::model::IndicatorId| registry.indicator(*id).key.as_str();
        match self {
            Page::Body(id) => body(id),
            Page::Report(report) => format!("{}{}/", body(&report.body), report.year),
            Page::Compare(id) => format!("{}compare/", body(id)),
            Page::Breakdown(id, indicator) => format!("{}compare/{}/", body(id), key(indicator)),
            Page::Pair(id, older, newer) => format!("{}{older}-{newer}/", body(id)),
            Page::Years(id) => format!("{}years/", body(id)),
            Page::Year(id, year, page) => numbered(format!("{}years/{year}/", body(id)), page),
            Page::Indicators(id) => format!("{}indicators/", body(id)),
            Page::Indicator(id, indicator, page) => numbered(format!("{}indicators/{}/", body(id), key(indicator)), page),
            Page::Documents(page) => numbered("documents/".into(), page),
            Page::Document(id, page) => numbered(format!("documents/{id}/"), page),
            Page::Topics => "topics/".into(),
            Page::Topic(section, page) => numbered(format!("topics/{section}/"), page),
            Page::Quality(page) => numbered("quality/".into(), page),
            Page::Filing(page) => numbered("filing/".into(), page),
            Page::Corrections(page) => numbered("corrections/".into(), page),
            Page::Notice(id) => format!("{}notice/", body(id)),
            Page::Data => "data/".into(),
            Page::About => "about/".into(),
            Page::Glossary => "glossary/".into(),
            Page::Search => "search/".into(),
            Page::SiteMap => "bodies/".into(),
            Page::NotFound => "404.html".into(),
            Page::Alias(from, _) => from.clone(),
        }
    }
}

/// The file an address is served from: `yunxi/2024/index.html`.
pub fn file_of(address: &str) -> String {
    if address.is_empty() || address.ends_with('/') { format!("{address}index.html") } else { address.to_string() }
}

/// The way from one address to another: `yunxi/2024/` to `yunxi/compare/` is `../compare/`. With `name_files` it names
/// `index.html`, so that a portal opens from a folder.
pub fn relative(from: &str, to: &str, name_files: bool) -> String {
    let folder = &from[..from.rfind('/').map_or(0, |at| at + 1)];
    let same = folder.bytes().zip(to.bytes()).take_while(|(a, b)| a == b).count();
    let common = folder.as_bytes()[..same].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    let mut way = String::with_capacity(to.len() + 16);
    folder[common..].bytes().filter(|byte| *byte == b'/').for_each(|_| way.push_str("../"));
    way.push_str(&to[common..]);
    if way.is_empty() {
        way.push_str("./");
    }
    if name_files && (way.ends_with('/')) {
        way.push_str("index.html");
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_between_pages() {
        for (from, to, way) in [
            ("", "", "./"),
            ("", "yunxi/", "yunxi/"),
            ("yunxi/2024/", "yunxi/compare/", "../compare/"),
            ("yunxi/2024/", "", "../../"),
            ("yunxi/2024/", "yunxi/2024/", "./"),
            ("yunxi/2024/", "baita/2021/", "../../baita/2021/"),
            ("404.html", "yunxi/", "yunxi/"),
            ("yunxi/", "assets/site.css", "../assets/site.css"),
            ("a/b/", "a/", "../"),
            ("ab/", "abc/", "../abc/"),
        ] {
            assert_eq!(relative(from, to, false), way, "{from} to {to}");
        }
        assert_eq!(relative("yunxi/", "", true), "../index.html");
        assert_eq!(relative("yunxi/", "yunxi/figures.csv", true), "figures.csv");
    }
}
