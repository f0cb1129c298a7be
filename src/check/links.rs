//! Links that lead nowhere, or not where they seem to.

use crate::analyze::AllFacts;
use crate::diag::{Diagnostic, Finding, Span, Words};
use crate::model::{BodyId, BodyTree, Registry};
use crate::plan::Plan;
use std::collections::{BTreeSet, HashMap};

/// A link to look up, with the finding it becomes if its target does not exist.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Pending {
    /// Address it leads to.
    pub path: String,
    /// Place on that page.
    pub anchor: Option<String>,
    /// What is said if there is no such page.
    pub finding: Finding,
}

/// Links to pages, files and anchors that do not exist. Anchors are known of reports; on other pages they are the portal's own.
pub fn links(pending: &[Pending], plan: &Plan, files: &BTreeSet<String>, tree: &BodyTree, facts: &dyn AllFacts, registry: &Registry) -> Vec<Finding> {
    let bodies: HashMap<&str, BodyId> = tree.iter().map(|body| (body.path.as_str(), body.id)).collect();
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
        let Some((year, body)) = crate::model::Year::from_digits(name).zip(bodies.get(body)) else { continue };
        let facts = facts.of(*body);
        let Some(report) = facts.published_in(year) else { continue };
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

/// What is wrong with a link or image as written: a host that passes for a government's, an image without words.
pub fn link(file: &str, span: Span, target: &str, wordless_image: bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if wordless_image {
        let words = Words::new("图片没有替代文字", "an image without text");
        found.push(Diagnostic::new("site/image-text-missing", file, Some(span), words).about(target, "").help(
            "在方括号里写图片内容：![图上是什么](文件名)。看不见图的人听的就是这一句。",
            "say in the brackets what it shows: ![what it shows](file). Those who cannot see it hear this sentence.",
        ));
    }
    if let Some(host) = host(target).filter(|host| looks_official(host)) {
        let words = Words::new(format!("网址 {host} 像 .gov.cn 而不是"), format!("the host {host} looks like .gov.cn and is not"));
        found.push(
            Diagnostic::new("link/host-lookalike", file, Some(span), words)
                .about(host, "")
                .help("多半是仿冒网站或打错的网址：请换成真正的 .gov.cn 网址。", "most likely a fake or a slip: use the real .gov.cn address."),
        );
    }
    found
}

fn host(target: &str) -> Option<String> {
    let rest = ["https://", "http://", "//"].iter().find_map(|scheme| target.strip_prefix(scheme))?;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    Some(host.split(':').next()?.trim_end_matches('.').to_lowercase())
}

/// Hosts that name gov.cn without ending in it, as they stand or once look-alike letters are read as what they pass for.
fn looks_official(host: &str) -> bool {
    if host == "gov.cn" || host.ends_with(".gov.cn") {
        // Letters of another alphabet before the real ending are a name like any other.
        return false;
    }
    let plain: String = host
        .chars()
        .filter_map(|c| match c {
            '0' | 'о' | 'ο' | 'օ' | 'ｏ' => Some('o'),
            'ѵ' | 'ν' | 'ｖ' => Some('v'),
            'ɡ' | 'ց' | 'ｇ' | '9' => Some('g'),
            'с' | 'ϲ' | 'ｃ' => Some('c'),
            'п' | 'ո' | 'ｎ' => Some('n'),
            '-' | '_' | '．' | '。' => Some('.'),
            '\u{200b}'..='\u{200d}' | '\u{ad}' => None,
            c => Some(c),
        })
        .collect();
    let labels: Vec<&str> = plain.split('.').collect();
    let pair = labels.windows(2).any(|pair| matches!(pair, ["gov" | "gvo" | "goov" | "govv", "cn"]));
    pair || labels.iter().any(|label| label.ends_with("govcn"))
        || plain.ends_with(".gov.cm")
        || plain.ends_with(".gov.con")
        || host.contains("xn--") && plain.contains("gov")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_pass_for_a_government() {
        for fake in [
            "https://www.yunze.g0v.cn/",
            "http://yunze.gov.cn.example.com/a",
            "https://yunze-gov-cn.com",
            "https://yunze.gоv.cn",
            "https://yunzegovcn.com",
            "//user@yunze.gov.cm/",
        ] {
            assert_eq!(link("a", Span::new(0, 1), fake, false).len(), 1, "{fake}");
        }
        for real in [
            "https://www.yunze.gov.cn/a",
            "https://gov.cn",
            "https://www.gov.uk/",
            "https://example.com/gov.cn",
            "../2023/",
            "mailto:a@b.example",
            "https://government.example",
        ] {
            assert_eq!(link("a", Span::new(0, 1), real, false).len(), 0, "{real}");
        }
    }

    #[test]
    fn images_have_words() {
        assert_eq!(link("a", Span::new(0, 1), "a.png", true)[0].rule.code, "site/image-text-missing");
    }
}
