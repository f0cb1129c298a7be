//! One JSON object a finding, on one line, with the fields of the `check --format json` contract.

use super::{Finding, Language};
use serde_json::{Value, json};

/// One line of JSON without its line break.
pub fn json_line(finding: &Finding, language: Language) -> String {
    let place = finding.place.as_ref();
    let number = |pick: fn(&super::Place) -> usize| place.map_or(Value::Null, |place| json!(pick(place)));
    let related: Vec<Value> = finding.diagnostic.related.iter().map(|r| json!({"file": r.file, "message": r.words.in_language(language)})).collect();
    json!({
        "id": finding.id(),
        "rule": finding.diagnostic.rule.code,
        "severity": finding.severity.word(),
        "message": finding.diagnostic.message.in_language(language),
        "file": finding.diagnostic.file,
        "line": number(|p| p.line),
        "column": number(|p| p.column),
        "end_line": number(|p| p.end_line),
        "end_column": number(|p| p.end_column),
        "help": finding.diagnostic.next_step(language),
        "law": finding.diagnostic.law(),
        "related": related,
    })
    .to_string()
}
