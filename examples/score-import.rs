//! How well `gongkai import` reads: precision and recall of fields and figures over a folder of labeled documents.
//!
//! `cargo run --example score-import -- DIR…` reads every document that has a `<name>.json` (or `<name>.<kind>.json`) beside it: an array with
//! an object for each report, of the shape of `import --format json`. Only the fields that a label has are counted. A label's figures are
//! the whole truth: a figure that is found and not labeled is wrong. Values are compared in the indicator's own unit.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use gongkai::import::{Request, run};
use gongkai::model::{Amount, Registry};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Fields that hold one value, in the order in which they are printed.
const FIELDS: [&str; 11] = ["title", "body", "county", "level", "year", "published", "signed", "period", "issuer", "number", "index_number"];

/// What was counted of one kind of thing.
#[derive(Default)]
struct Score {
    right: usize,
    wrong: usize,
    missed: usize,
    /// Wrong values in whose line nothing was noted.
    unnoted: usize,
}

impl Score {
    fn add(&mut self, other: &Score) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.unnoted += other.unnoted;
    }
}

fn main() -> ExitCode {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if folders.is_empty() {
        eprintln!("usage: score-import DIR…");
        return ExitCode::from(2);
    }
    let registry = Registry::built_in();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let (mut documents, mut reports) = (0, 0);
    for (document, labels) in labeled(&folders) {
        documents += 1;
        let expected: Vec<Value> =
            match std::fs::read(&labels).map_err(|cause| cause.to_string()).and_then(|text| serde_json::from_slice(&text).map_err(|cause| cause.to_string())) {
                Ok(Value::Array(expected)) => expected,
                Ok(one) => vec![one],
                Err(cause) => {
                    eprintln!("{}: {cause}", labels.display());
                    return ExitCode::from(3);
                }
            };
        let request = Request { inputs: vec![document.clone()], dry_run: true, ..Request::default() };
        let found: Vec<Value> = match run(&request) {
            Ok(outcome) => {
                for failure in &outcome.failed {
                    println!("{}: not read: {}", document.display(), failure.words.zh);
                }
                outcome.reports.iter().filter_map(|report| serde_json::from_str(&report.json_line()).ok()).collect()
            }
            Err(cause) => {
                eprintln!("{cause}");
                return ExitCode::from(3);
            }
        };
        if found.len() != expected.len() {
            println!("{}: {} reports, labeled {}", document.display(), found.len(), expected.len());
        }
        for (place, label) in expected.iter().enumerate() {
            reports += 1;
            let nothing = Value::Null;
            let report =
                found.iter().find(|report| report["title"] == label["title"] && report["year"] == label["year"]).or(found.get(place)).unwrap_or(&nothing);
            compare(&registry, &document, report, label, &mut scores);
        }
    }
    print(&scores, documents, reports);
    ExitCode::SUCCESS
}

/// Documents that have labels beside them, in order.
fn labeled(folders: &[PathBuf]) -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    let mut waiting = folders.to_vec();
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            if path.extension().is_none_or(|kind| kind == "json") {
                continue;
            }
            let whole = PathBuf::from(format!("{}.json", path.display()));
            let labels = if whole.exists() { whole } else { path.with_extension("json") };
            if labels.exists() {
                found.push((path, labels));
            }
        }
    }
    found.sort();
    found
}

fn compare(registry: &Registry, document: &Path, found: &Value, label: &Value, scores: &mut BTreeMap<String, Score>) {
    let name = document.file_name().unwrap_or_default().to_string_lossy();
    for field in FIELDS.iter().filter(|field| label.get(**field).is_some()) {
        let (is, should) = (&found[*field], &label[*field]);
        let score = scores.entry(format!("field {field}")).or_default();
        if is == should {
            score.right += usize::from(!should.is_null());
            continue;
        }
        score.missed += usize::from(!should.is_null());
        let line = found["lines"][*field].as_u64();
        if !is.is_null() {
            score.wrong += 1;
            score.unnoted += usize::from(!noted(found, line, field));
        }
        println!("{name}:{}: {field}: {is} instead of {should}", line.map_or_else(String::new, |line| line.to_string()));
    }
    if label.get("sections").is_some() {
        let key = |section: &Value| {
            format!("{} {} {}", section["level"], section["number"], section["title"].as_str().unwrap_or_default().split_whitespace().collect::<String>())
        };
        lists(&name, "sections", &found["sections"], &label["sections"], key, found, scores);
    }
    if label.get("documents").is_some() {
        lists(&name, "documents", &found["documents"], &label["documents"], |document| format!("{} {}", document["title"], document["number"]), found, scores);
    }
    lists(&name, "figures", &found["figures"], &label["figures"], |figure| figure_key(registry, figure), found, scores);
}

/// A figure without what is said of it beside the number: indicator, breakdown, value in its own unit, qualifier, time.
fn figure_key(registry: &Registry, figure: &Value) -> String {
    let printed = figure["indicator"].as_str().unwrap_or_default();
    let indicator = registry.indicator_named(printed);
    let key = indicator.map_or(printed, |id| registry.indicator(id).key.as_str());
    let amount: Option<Amount> = match &figure["value"] {
        Value::String(text) => text.parse().ok(),
        other => other.to_string().parse().ok(),
    };
    let unit = figure["unit"].as_str().filter(|unit| !unit.is_empty()).or_else(|| registry.unit_implied(printed)).unwrap_or_default();
    let value = match (indicator, amount) {
        (Some(id), Some(amount)) => plain(registry.convert(id, amount, unit).map_or(amount, |read| read.amount)),
        _ => figure["value"].to_string(),
    };
    let breakdown = figure["breakdown"].as_str().unwrap_or("total");
    let about = figure["about"].as_str().map_or("", |word| match word {
        "多" => "余",
        "超过" | "逾" => "超",
        "大约" => "约",
        word => word,
    });
    let span = figure["span"].as_str().filter(|span| *span != "year").unwrap_or_default();
    format!("{key}.{breakdown} = {value} {about} {span}")
}

/// 3.50 and 3.5 are one number.
fn plain(amount: Amount) -> String {
    let text = amount.to_string();
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// Compares two lists without regard to order and repetition; each miss is printed.
fn lists(name: &str, kind: &str, found: &Value, label: &Value, key: impl Fn(&Value) -> String, report: &Value, scores: &mut BTreeMap<String, Score>) {
    let keyed =
        |list: &Value| -> BTreeMap<String, Option<u64>> { list.as_array().into_iter().flatten().rev().map(|one| (key(one), one["line"].as_u64())).collect() };
    let (found, label) = (keyed(found), keyed(label));
    let mut score = Score::default();
    for (one, line) in &found {
        if label.contains_key(one) {
            score.right += 1;
        } else {
            score.wrong += 1;
            score.unnoted += usize::from(!noted(report, *line, one));
            println!("{name}:{}: {kind}: not labeled: {one}", line.map_or_else(String::new, |line| line.to_string()));
        }
    }
    for (one, line) in label.iter().filter(|(one, _)| !found.contains_key(*one)) {
        score.missed += 1;
        println!("{name}:{}: {kind}: not found: {one}", line.map_or_else(String::new, |line| line.to_string()));
    }
    scores.entry(kind.to_string()).or_default().add(&score);
}

/// Whether the import noted something about a line, or about a field as such.
fn noted(report: &Value, line: Option<u64>, what: &str) -> bool {
    let field = what.split(' ').next().unwrap_or_default();
    report["notes"].as_array().into_iter().flatten().filter(|note| note["rule"] != "import/left-out").any(|note| {
        let same = line.is_some() && note["line"].as_u64() == line;
        same || note["rule"].as_str().is_some_and(|rule| rule.starts_with("import/") && rule.contains(field))
    })
}

fn print(scores: &BTreeMap<String, Score>, documents: usize, reports: usize) {
    let percent = |part: usize, whole: usize| match (part * 10000).checked_div(whole) {
        Some(share) => format!("{}.{:02} %", share / 100, share % 100),
        None => "—".to_string(),
    };
    println!("\n{documents} documents, {reports} reports\n");
    println!("{:<22} {:>7} {:>7} {:>7} {:>8} {:>11} {:>11}", "", "right", "wrong", "missed", "unnoted", "precision", "recall");
    let mut fields = Score::default();
    let row = |name: &str, score: &Score| {
        let (found, labeled) = (score.right + score.wrong, score.right + score.missed);
        println!(
            "{name:<22} {:>7} {:>7} {:>7} {:>8} {:>11} {:>11}",
            score.right,
            score.wrong,
            score.missed,
            score.unnoted,
            percent(score.right, found),
            percent(score.right, labeled)
        );
    };
    for (name, score) in scores.iter().filter(|(name, _)| name.starts_with("field ")) {
        row(name, score);
        fields.add(score);
    }
    row("all fields", &fields);
    for (name, score) in scores.iter().filter(|(name, _)| !name.starts_with("field ")) {
        row(name, score);
    }
}
