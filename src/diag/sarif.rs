//! Findings as SARIF 2.1.0 (OASIS) and as workflow annotations: for the places where engineers read findings.

use super::{Finding, Language, RULES, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One SARIF log with one run. Columns count Unicode code points.
pub fn sarif(findings: &[Finding], language: Language) -> String {
    let places: BTreeMap<&str, usize> = RULES.iter().enumerate().map(|(place, rule)| (rule.code, place)).collect();
    let rules: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            let title = if language == Language::Zh { rule.title } else { rule.title_en };
            json!({
                "id": rule.code,
                "shortDescription": {"text": title},
                "defaultConfiguration": {"level": rule.severity.word()},
                "properties": {"scope": rule.scope.word(), "law": rule.law},
            })
        })
        .collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &places, language)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "gongkai", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"SITE": {"description": {"text": "the folder of the site"}}},
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(finding: &Finding, places: &BTreeMap<&str, usize>, language: Language) -> Value {
    let diagnostic = &finding.diagnostic;
    let message = diagnostic.message.in_language(language);
    let text = match diagnostic.next_step(language) {
        Some(help) => format!("{message}\n{help}"),
        None => message.to_string(),
    };
    let mut location = json!({"physicalLocation": {"artifactLocation": {"uri": address(&diagnostic.file), "uriBaseId": "SITE"}}});
    if let Some(place) = &finding.place {
        location["physicalLocation"]["region"] =
            json!({"startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column.max(1)});
    }
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .map(|related| {
            json!({
                "physicalLocation": {"artifactLocation": {"uri": address(&related.file), "uriBaseId": "SITE"}},
                "message": {"text": related.words.in_language(language)},
            })
        })
        .collect();
    let mut result = json!({
        "ruleId": diagnostic.rule.code,
        "ruleIndex": places.get(diagnostic.rule.code),
        "level": finding.severity.word(),
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"gongkai/v1": finding.id()},
    });
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    result
}

/// A path as a relative URI.
fn address(path: &str) -> String {
    path.bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

/// One line of a GitHub workflow: `::error file=…,line=…::message`.
pub fn annotation(finding: &Finding, language: Language) -> String {
    let diagnostic = &finding.diagnostic;
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut line = format!("::{kind} file={}", property(&diagnostic.file));
    if let Some(place) = &finding.place {
        let _ = write!(line, ",line={},endLine={},col={},endColumn={}", place.line, place.end_line, place.column, place.end_column);
    }
    let help = diagnostic.next_step(language).map_or(String::new(), |help| format!("\n{help}"));
    let _ = write!(line, ",title={}::{}", property(diagnostic.rule.code), escaped(&format!("{}{help}", diagnostic.message.in_language(language))));
    line
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Diagnostic, Span, Words};

    fn finding() -> Finding {
        let text = "一\n二三四\n";
        Diagnostic::new("figure/sum-mismatch", "content/甲/2024.md", Some(Span::new(7, 10)), Words::new("差 1：a,b", "off"))
            .help("改", "mend")
            .related("content/甲/2023.md", "上年", "last year")
            .locate(text)
    }

    #[test]
    fn one_run_with_rules_places_and_fingerprints() {
        let log: Value = serde_json::from_str(&sarif(&[finding()], Language::Zh)).unwrap();
        let run = &log["runs"][0];
        let result = &run["results"][0];
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        let place = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][place]["id"], "figure/sum-mismatch");
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!((region["startLine"].as_u64(), region["startColumn"].as_u64(), region["endColumn"].as_u64()), (Some(2), Some(2), Some(3)));
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "content/%E7%94%B2/2024.md");
        assert_eq!(result["partialFingerprints"]["gongkai/v1"].as_str().unwrap().len(), 8);
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "上年");
    }

    #[test]
    fn annotations_are_one_line() {
        let line = annotation(&finding(), Language::Zh);
        assert_eq!(line, "::warning file=content/甲/2024.md,line=2,endLine=2,col=2,endColumn=3,title=figure/sum-mismatch::差 1：a,b%0A改");
    }
}
