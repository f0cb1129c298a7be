//! The review sheet: findings by body on paper, one page a body, for an editor to send back and a clerk to answer.

use gongkai::diag::{Finding, Language, Severity};
use gongkai::driver::{Examined, Site};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A whole HTML file that needs nothing beside it. Notes are left out: nobody has to answer them.
pub(super) fn sheet(site: &Site, examined: &Examined, language: Language) -> String {
    let zh = language == Language::Zh;
    let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
    let mut bodies: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in examined.findings.iter().filter(|finding| finding.severity > Severity::Note) {
        bodies.entry(folder(&finding.diagnostic.file)).or_default().push(finding);
    }
    let tree = &examined.gathered.tree;
    let title = |path: &str| tree.iter().find(|body| body.path == path).map_or_else(|| path.to_string(), |body| body.title.clone());
    let portal = tree.root().map_or(String::new(), |root| root.title.clone());
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{} {}</title><style>{STYLE}</style></head><body>\n",
        say("zh-Hans", "en"),
        escape(&portal),
        say("年报审核意见", "review sheet")
    );
    let checked: usize = examined.gathered.filed.iter().map(|facts| facts.reports.len()).sum();
    if bodies.is_empty() {
        let _ =
            writeln!(page, "<h1>{}</h1><p>{} {checked}</p>", escape(&portal), say("没有需要答复的问题。检查年报份数：", "Nothing to answer. Reports checked:"));
    }
    for (path, findings) in &bodies {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let _ = writeln!(
            page,
            "<section><h1>{}</h1><p>{} {} · {} {errors} · {} {}</p><table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>",
            escape(&title(path)),
            say("检查日", "checked on"),
            site.today,
            say("错误", "errors"),
            say("提示", "warnings"),
            findings.len() - errors,
            say("编号", "id"),
            say("位置", "place"),
            say("问题与依据", "finding and law"),
            say("怎么办", "next step"),
            say("答复（改正／说明）", "answer"),
        );
        for finding in findings {
            let diagnostic = &finding.diagnostic;
            let line = finding
                .place
                .as_ref()
                .map_or(String::new(), |place| format!("{} {}", say("第", "line"), if zh { format!("{} 行", place.line) } else { place.line.to_string() }));
            let excerpt = finding
                .place
                .as_ref()
                .filter(|place| !place.excerpt.is_empty())
                .map_or(String::new(), |place| format!("<q>{}</q>", escape(place.excerpt.trim())));
            let law = diagnostic.law().map_or(String::new(), |law| format!("<small>{}</small>", escape(law)));
            let related: String = diagnostic
                .related
                .iter()
                .map(|related| format!("<small>{}: {}</small>", escape(&related.file), escape(related.words.in_language(language))))
                .collect();
            let help = diagnostic.next_step(language).map_or(String::new(), escape);
            let _ = writeln!(
                page,
                "<tr class=\"{}\"><td>{}<small>{}</small></td><td>{}<small>{line}</small></td><td>{}{excerpt}{law}{related}</td><td>{help}</td><td></td></tr>",
                finding.severity.word(),
                finding.id(),
                diagnostic.rule.code,
                escape(diagnostic.file.trim_start_matches("content/")),
                escape(diagnostic.message.in_language(language)),
            );
        }
        let _ = writeln!(
            page,
            "</tbody></table><p class=\"sign\">{}：__________ {}：__________ {}：__________</p></section>",
            say("经办人", "clerk"),
            say("负责人", "head of office"),
            say("日期", "date")
        );
    }
    page.push_str("</body></html>\n");
    page
}

/// The body a file belongs to.
fn folder(file: &str) -> &str {
    let Some(path) = file.strip_prefix("content/") else { return "" };
    let path = path
        .strip_suffix("/_index.md")
        .or_else(|| path.strip_suffix("/index.md").and_then(|rest| rest.rsplit_once('/')).map(|(folder, _)| folder))
        .unwrap_or(path);
    if path.ends_with(".md") { path.rsplit_once('/').map_or("", |(folder, _)| folder) } else { path }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = "body{font:16px/1.6 \"Noto Sans SC\",\"Microsoft YaHei\",sans-serif;margin:2em auto;max-width:70em;color:#111}\
section{page-break-after:always}h1{font-size:1.5em}table{border-collapse:collapse;width:100%}th,td{border:1px solid #777;padding:.4em .6em;\
text-align:left;vertical-align:top}th{background:#eee}td:last-child{width:22%}small,q{display:block;color:#444;font-size:.85em}\
q{background:#f4f4f4;padding:.1em .3em;overflow-wrap:anywhere}tr.error td:first-child{border-left:6px solid #a40000}.sign{margin-top:2em}\
@media print{body{margin:0;font-size:11pt}tr{page-break-inside:avoid}}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_belong_to_bodies() {
        for (file, path) in [
            ("content/2024.md", ""),
            ("content/_index.md", ""),
            ("content/a/b/2024.md", "a/b"),
            ("content/a/2024/index.md", "a"),
            ("content/a/_index.md", "a"),
            ("config.toml", ""),
        ] {
            assert_eq!(folder(file), path, "{file}");
        }
    }
}
