//! Who cites what and who links where: indexes that cross bodies and merge in any order.

use crate::digest::Sha256Sum;
use crate::model::{Citation, ReportId};
use crate::text::citations::title_key;
use std::collections::{BTreeMap, BTreeSet};

/// A cited document and every report that cites it.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Deserialize, serde::Serialize)]
pub struct DocumentEntry {
    /// Titles as printed, with how often; the most frequent one is shown.
    pub titles: BTreeMap<String, u32>,
    /// Its number in official form.
    pub number: Option<String>,
    /// Reports that cite it.
    pub cited_by: BTreeSet<ReportId>,
}

impl DocumentEntry {
    /// The title most reports print; the first of equals.
    pub fn title(&self) -> Option<&str> {
        let most = self.titles.values().max()?;
        self.titles.iter().find(|(_, count)| *count == most).map(|(title, _)| title.as_str())
    }

    /// 《标题》（文号）, or one of them.
    pub fn name(&self) -> String {
        match (self.title(), &self.number) {
            (Some(title), Some(number)) => format!("《{title}》（{number}）"),
            (Some(title), None) => format!("《{title}》"),
            (None, Some(number)) => number.clone(),
            (None, None) => String::new(),
        }
    }
}

/// Citations and links of all reports.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Deserialize, serde::Serialize)]
pub struct LinkIndex {
    /// Documents by id.
    pub documents: BTreeMap<String, DocumentEntry>,
    /// Addresses inside the portal (without outer slashes) and the reports whose text links there.
    pub backlinks: BTreeMap<String, BTreeSet<ReportId>>,
}

impl LinkIndex {
    /// Adds a report's citations; `county` tells equal numbers of two counties apart.
    pub fn cite(&mut self, report: ReportId, citations: &[Citation], county: &str) {
        for citation in citations {
            let entry = self.documents.entry(document_id(citation, county)).or_default();
            if let Some(title) = &citation.title {
                *entry.titles.entry(title.clone()).or_insert(0) += 1;
            }
            if entry.number.is_none() {
                entry.number.clone_from(&citation.number);
            }
            entry.cited_by.insert(report);
        }
    }

    /// Both indexes in one; the order of merging changes nothing.
    pub fn merge(mut self, other: LinkIndex) -> LinkIndex {
        for (id, entry) in other.documents {
            let own = self.documents.entry(id).or_default();
            for (title, count) in entry.titles {
                *own.titles.entry(title).or_insert(0) += count;
            }
            own.number = own.number.take().or(entry.number);
            own.cited_by.extend(entry.cited_by);
        }
        for (address, reports) in other.backlinks {
            self.backlinks.entry(address).or_default().extend(reports);
        }
        self
    }
}

/// `d-` and 10 hexadecimal digits of the SHA-256 of the number with the issuer's county, or of the full title.
///
/// National numbers (国, 中) are the same document everywhere.
pub fn document_id(citation: &Citation, county: &str) -> String {
    let key = match (&citation.number, &citation.title) {
        (Some(number), _) if number.starts_with("国") || number.starts_with("中") => number.clone(),
        (Some(number), _) => format!("{county}\n{number}"),
        (None, title) => title_key(title.as_deref().unwrap_or_default()),
    };
    format!("d-{}", &Sha256Sum::of(key.as_bytes()).hex()[..10])
}

/// Where a link of a text leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A page or file of the portal: its address without a leading slash (`yunxi/2023/`), and an anchor.
    Internal {
        /// Address without a leading slash.
        path: String,
        /// Place on the page.
        anchor: Option<String>,
    },
    /// Another site, a mail address or a telephone number.
    External,
    /// A scheme that pages may not carry, or a path that leaves the portal.
    Refused,
}

/// Resolves a link written on the page at `from` (an address without outer slashes).
pub fn resolve(target: &str, from: &str) -> Target {
    plainly(target, from).unwrap_or_else(|| closely(target, from))
}

/// What nearly all links are: steps up, then names of plain letters.
fn plainly(target: &str, from: &str) -> Option<Target> {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_'));
    if path.is_empty() || !is_plain(path) || !is_plain(anchor) {
        return None;
    }
    let (mut rest, mut folder) = (path.strip_prefix("./").unwrap_or(path), from);
    while let Some(after) = rest.strip_prefix("../") {
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        rest = after;
    }
    if rest.starts_with(['/', '.']) || rest.contains("//") || rest.contains("./") || rest.contains("/.") || rest.ends_with('.') {
        return None;
    }
    let names = rest.trim_end_matches('/');
    let mut joined = String::with_capacity(folder.len() + rest.len() + 2);
    joined.push_str(folder);
    if !folder.is_empty() && !names.is_empty() {
        joined.push('/');
    }
    joined.push_str(names);
    let is_file = joined.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if !joined.is_empty() && (path.ends_with('/') || !is_file) {
        joined.push('/');
    }
    if joined.ends_with("index.html") {
        joined.truncate(joined.len() - "index.html".len());
    }
    Some(Target::Internal { path: joined, anchor: (!anchor.is_empty()).then(|| anchor.to_string()) })
}

fn closely(target: &str, from: &str) -> Target {
    // Browsers drop control characters and white space around before they look for a scheme.
    let clean: String = target.trim().chars().filter(|c| !c.is_control()).collect();
    let lower = clean.to_ascii_lowercase();
    if ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme)) {
        return Target::External;
    }
    let head = clean.split(['/', '?', '#']).next().unwrap_or_default();
    if head.contains(':') || clean.starts_with("//") || clean.contains('\\') {
        return Target::Refused;
    }
    let (path, anchor) = clean.split_once('#').map_or((clean.as_str(), None), |(path, anchor)| (path, Some(decoded(anchor))));
    let path = path.split('?').next().unwrap_or_default();
    let anchor = anchor.filter(|anchor| !anchor.is_empty());
    if path.is_empty() {
        return Target::Internal { path: if from.is_empty() { String::new() } else { format!("{from}/") }, anchor };
    }
    let mut parts: Vec<String> = if path.starts_with('/') { Vec::new() } else { from.split('/').filter(|part| !part.is_empty()).map(str::to_string).collect() };
    for part in path.split('/') {
        match decoded(part).as_str() {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Target::Refused;
                }
            }
            part if part.contains('/') => return Target::Refused,
            part => parts.push(part.to_string()),
        }
    }
    let mut joined = parts.join("/");
    let file = parts.last().is_some_and(|last| last.contains('.'));
    if !joined.is_empty() && (path.ends_with('/') || path.ends_with("..") || path.ends_with('.') || !file) {
        joined.push('/');
    }
    if let Some(folder) = joined.strip_suffix("index.html") {
        joined = folder.to_string();
    }
    Target::Internal { path: joined, anchor }
}

/// `%E4%BA%91` → 云; what is not valid stays as written.
fn decoded(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| part.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok())).flatten();
        match hex {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| part.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn internal(path: &str) -> Target {
        Target::Internal { path: path.into(), anchor: None }
    }

    #[test]
    fn links_are_read_as_a_browser_reads_them() {
        assert_eq!(resolve("../2023/", "yunxi/2024"), internal("yunxi/2023/"));
        assert_eq!(resolve("../2023", "yunxi/2024"), internal("yunxi/2023/"));
        assert_eq!(resolve("../../baita/2021/#overview", "yunxi/2024"), Target::Internal { path: "baita/2021/".into(), anchor: Some("overview".into()) });
        assert_eq!(resolve("附件.pdf", "yunxi/2024"), internal("yunxi/2024/附件.pdf"));
        assert_eq!(resolve("%E9%99%84%E4%BB%B6.pdf", "yunxi/2024"), internal("yunxi/2024/附件.pdf"));
        assert_eq!(resolve("/yunxi/", "baita/2020"), internal("yunxi/"));
        assert_eq!(resolve("#x", "a/2020"), Target::Internal { path: "a/2020/".into(), anchor: Some("x".into()) });
        assert_eq!(resolve("../..", "yunxi/2024"), internal(""));
        assert_eq!(resolve("https://example.org", ""), Target::External);
    }

    proptest! {
        #[test]
        fn the_short_way_leads_where_the_long_one_does(target in "(\\./)?(\\.\\./){0,3}([a-z.]{0,4}/){0,2}([a-z.]{0,4}|index\\.html)(#[a-z_.]{0,3})?", from in "([a-z.]{1,3}(/[a-z]{1,2}){0,2})?") {
            if let Some(found) = plainly(&target, &from) {
                prop_assert_eq!(found, closely(&target, &from));
            }
        }
    }

    #[test]
    fn schemes_and_ways_out_are_refused() {
        for target in [
            "javascript:alert(1)",
            "JaVa\tScript:alert(1)",
            " data:text/html,x",
            "vbscript:x",
            "//evil.example",
            "../../../x",
            "..%2f..%2fx",
            "\\\\evil",
            "file:///etc/passwd",
        ] {
            assert_eq!(resolve(target, "a/2020"), Target::Refused, "{target}");
        }
    }

    #[test]
    fn a_title_has_one_id_however_it_is_printed() {
        let id = |title: &str| document_id(&Citation { title: Some(title.into()), number: None, span: Default::default() }, "a");
        assert_eq!(id("中华人民共和国政府信息公开条例"), id("政府信息公开条例"));
        let number = |county| document_id(&Citation { title: None, number: Some("云政发〔2023〕8号".into()), span: Default::default() }, county);
        assert_ne!(number("a"), number("b"));
    }
}
