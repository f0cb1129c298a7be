//! A report that was built and is imported again says the same: as the page itself, and as the page saved by Word processors.

use crate::site::{Site, gongkai, run, skipped};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Reports of all four editions.
const REPORTS: [(&str, &str); 6] = [("yunxi", "2012"), ("yunxi", "2016"), ("yunxi", "2020"), ("yunxi", "2024"), ("qinghe", "2022"), ("baita", "2014")];

fn demo() -> (Site, PathBuf) {
    let site = Site::small();
    let out = site.path().join("demo");
    let built = run(gongkai().args(["build", "-o"]).arg(&out).current_dir(env!("CARGO_MANIFEST_DIR")));
    assert_eq!(built.code, 0, "{}", built.err);
    (site, out)
}

fn import(file: &Path) -> Value {
    let imported = run(gongkai().args(["import", "--dry-run", "--format", "json"]).arg(file));
    assert_eq!(imported.code, 0, "{}", imported.err);
    serde_json::from_str(imported.out.trim()).expect("one report")
}

/// Figures by name: value as digits, qualifier, time.
fn figures(list: &Value) -> BTreeMap<String, String> {
    let number = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_string);
    let about = |figure: &Value| figure["about"].as_str().unwrap_or_default().to_string();
    let stated = list.as_array().unwrap().iter().filter(|figure| !figure["value"].is_null());
    stated
        .map(|figure| {
            (
                format!("{}.{}", figure["indicator"].as_str().unwrap(), figure["breakdown"].as_str().unwrap()),
                format!("{} {}", number(&figure["value"]), about(figure)),
            )
        })
        .collect()
}

/// What is read again says what the portal's data say of the report; its sentences may state more.
fn says_the_same(name: &str, page: &Value, data: &Value, source: &Value) {
    for field in ["title", "published", "signed", "issuer", "number"] {
        assert_eq!(page[field], data[field], "{name} {field}");
    }
    assert_eq!(page["period"], data["period"], "{name} period");
    assert_eq!(page["year"], data["year"], "{name}");
    let (again, stated, in_text) = (figures(&page["figures"]), figures(&data["figures"]), figures(&source["figures"]));
    let lost: Vec<_> = stated.iter().filter(|(key, value)| again.get(*key) != Some(value)).map(|(key, value)| (key, value, again.get(key))).collect();
    assert!(lost.is_empty(), "{name}: {lost:?}");
    let surplus: Vec<_> = again.iter().filter(|(key, value)| stated.get(*key) != Some(value) && in_text.get(*key) != Some(value)).collect();
    assert!(surplus.is_empty(), "{name}: {surplus:?}");
    let titles = |report: &Value| -> Vec<String> {
        let sections = report["sections"].as_array().unwrap().iter();
        sections.map(|section| format!("{} {} {}", section["level"], section["number"], section["title"].as_str().unwrap())).collect()
    };
    assert_eq!(titles(page), titles(source), "{name}");
}

#[test]
fn a_page_imported_again_says_the_same() {
    let (_site, out) = demo();
    for (body, year) in REPORTS {
        let data: Value = serde_json::from_slice(&std::fs::read(out.join(format!("{body}/{year}/index.json"))).unwrap()).unwrap();
        let source = import(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("content/{body}/{year}.md")));
        let page = import(&out.join(format!("{body}/{year}/index.html")));
        says_the_same(&format!("{body}/{year}"), &page, &data, &source);
    }
}

#[test]
fn a_page_saved_as_a_word_file_says_the_same() {
    let (site, out) = demo();
    let pages = site.path().join("pages");
    std::fs::create_dir_all(&pages).unwrap();
    let name = |(body, year): (&str, &str)| format!("{body}-{year}");
    for report @ (body, year) in REPORTS {
        std::fs::copy(out.join(format!("{body}/{year}/index.html")), pages.join(format!("{}.html", name(report)))).unwrap();
    }
    let mut saved: Vec<(&str, PathBuf)> = Vec::new();
    for report in REPORTS {
        let file = site.path().join(format!("{}.docx", name(report)));
        let page = pages.join(format!("{}.html", name(report)));
        if Command::new("pandoc").args(["-f", "html", "-o"]).arg(&file).arg(page).output().is_ok_and(|made| made.status.success()) {
            saved.push(("pandoc", site.path().to_path_buf()));
        }
    }
    // LibreOffice takes as long for one file as for six.
    let profile = format!("-env:UserInstallation=file://{}/profile", site.path().display());
    let mut office = Command::new("soffice");
    office.args(["--headless", "--norestore", &profile, "--infilter=HTML (StarWriter)", "--convert-to", "docx:MS Word 2007 XML", "--outdir"]).arg(&pages);
    if office.args(REPORTS.map(|report| pages.join(format!("{}.html", name(report))))).output().is_ok_and(|made| made.status.success()) {
        saved.push(("LibreOffice", pages.clone()));
    }
    saved.dedup();
    for (program, folder) in &saved {
        for report @ (body, year) in REPORTS {
            let data: Value = serde_json::from_slice(&std::fs::read(out.join(format!("{body}/{year}/index.json"))).unwrap()).unwrap();
            let source = import(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("content/{body}/{year}.md")));
            let again = import(&folder.join(format!("{}.docx", name(report))));
            says_the_same(&format!("{body}/{year} by {program}"), &again, &data, &source);
            let notes = again["notes"].as_array().unwrap();
            assert!(!notes.iter().any(|note| note["rule"] == "import/table-doubtful"), "{body}/{year} by {program}: {notes:?}");
            // What the page puts around a table is no text of the report.
            let sources = notes.iter().filter(|note| note["message"].as_str().unwrap().contains("来源：本年报。")).count();
            assert!(sources > 0 || year == "2012", "{body}/{year} by {program}: {notes:?}");
        }
    }
    for program in ["pandoc", "LibreOffice"] {
        if !saved.iter().any(|(known, _)| *known == program) {
            skipped(&format!("no {program}"));
        }
    }
}
