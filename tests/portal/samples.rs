//! Three published reports, read word by word: everything in them is imported, or listed with why it is not.
//!
//! `tests/samples/<name>.json` holds what a reader found before the program did. The reports' sentences are not part of the project, so
//! each stands there as its line, its length in characters and its SHA-256.

use crate::site::{gongkai, run, skipped};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;

#[test]
fn jiucheng_2016() {
    is_imported_as_it_was_read("jiucheng-2016");
}

#[test]
fn yueyang_2012() {
    is_imported_as_it_was_read("yueyang-2012");
}

#[test]
fn zhijiang_2012() {
    is_imported_as_it_was_read("zhijiang-2012");
}

fn is_imported_as_it_was_read(name: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sample = root.join("../shared/samples").join(format!("{name}.txt"));
    let Ok(source) = std::fs::read_to_string(&sample) else {
        skipped(&format!("no {name}.txt beside the project"));
        return;
    };
    let expected: Value = serde_json::from_slice(&std::fs::read(root.join(format!("tests/samples/{name}.json"))).unwrap()).unwrap();
    let imported = run(gongkai().args(["import", "--dry-run", "--format", "json"]).arg(&sample));
    assert_eq!(imported.code, 0, "{}", imported.err);
    let found: Value = serde_json::from_str(imported.out.trim()).expect("one report");
    let mut wrong: Vec<String> = Vec::new();
    for field in ["body", "county", "level", "year", "published", "signed", "period", "issuer", "number"] {
        if found[field] != expected[field] {
            wrong.push(format!("{field}: {} instead of {}", found[field], expected[field]));
        }
    }
    let title = found["title"].as_str().unwrap_or_default();
    if hashed(expected["title"]["line"].clone(), title) != expected["title"] {
        wrong.push(format!("title: {title}"));
    }
    let lines: Vec<&str> = source.split('\n').collect();
    let quoted = |quote: &Value, line: &Value| {
        let (text, number) = (quote.as_str().unwrap_or_default(), line.as_u64().unwrap_or_default() as usize);
        assert!(number > 0 && lines[number - 1].contains(text), "line {number} does not hold the words quoted");
        hashed(line.clone(), text)
    };
    let sections = found["sections"].as_array().unwrap().iter();
    let sections = sections.map(|found| json!({"level": found["level"], "number": found["number"], "title": quoted(&found["title"], &found["line"])}));
    compare("section", sections.collect(), &expected["sections"], &mut wrong);
    let keys = ["indicator", "breakdown", "value", "unit", "about", "span", "stated_unit"];
    let figures = found["figures"].as_array().unwrap().iter().map(|figure| {
        let mut of = serde_json::Map::new();
        for key in keys {
            let value = match key {
                "value" => Value::String(figure[key].to_string()),
                "span" if figure[key] == "year" => Value::Null,
                _ => figure[key].clone(),
            };
            of.insert(key.into(), value);
        }
        of.insert("quote".into(), quoted(&figure["quote"], &figure["line"]));
        Value::Object(of)
    });
    compare("figure", figures.collect(), &expected["figures"], &mut wrong);
    let others = found["other_numbers"].as_array().unwrap().iter().map(|other| quoted(&other["quote"], &other["line"]));
    compare("other number", others.collect(), &expected["other_numbers"], &mut wrong);
    compare("document", found["documents"].as_array().unwrap().clone(), &expected["documents"], &mut wrong);
    // Each defect that is known is noted; a note more is no harm.
    for note in expected["notes"].as_array().unwrap() {
        let is = |found: &&Value| found["rule"] == note["rule"] && (note["line"].is_null() || found["line"] == note["line"]);
        if !found["notes"].as_array().unwrap().iter().any(|found| is(&found)) {
            wrong.push(format!("no note {} in line {}", note["rule"], note["line"]));
        }
    }
    assert!(wrong.is_empty(), "{}\nnotes: {}", wrong.join("\n"), serde_json::to_string_pretty(&found["notes"]).unwrap());
}

fn hashed(line: Value, text: &str) -> Value {
    let digest: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({"line": line, "length": text.chars().count(), "sha256": digest})
}

/// Two lists without regard to order; what stands in one alone is wrong.
fn compare(what: &str, found: Vec<Value>, expected: &Value, wrong: &mut Vec<String>) {
    let mut rest = found;
    for one in expected.as_array().unwrap() {
        match rest.iter().position(|found| found == one) {
            Some(place) => {
                rest.remove(place);
            }
            None => wrong.push(format!("no {what} {one}")),
        }
    }
    wrong.extend(rest.iter().map(|surplus| format!("not expected: {what} {surplus}")));
}
