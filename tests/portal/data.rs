//! What people take away: tables, their description, citations, anchors that stay.

use crate::site::{Site, demo, gongkai, run, skipped, tree};
use scraper::{Html, Selector};
use sha2::Digest as _;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

fn built(to: &Path, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let built = run(gongkai().arg("build").arg("-r").arg(demo()).arg("-o").arg(to).args(more));
    assert_eq!(built.code, 0, "{}", built.err);
    tree(to)
}

fn sha256(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8_lossy(files.get(path).unwrap_or_else(|| panic!("{path}"))).into_owned()
}

/// Names of the columns of a table.
fn columns(table: &str) -> Vec<&str> {
    table.trim_start_matches('\u{feff}').lines().next().unwrap().split(',').collect()
}

/// The words of the data page in a language.
fn words(language: &str) -> String {
    let file = demo().join("themes/default/i18n").join(format!("{language}.toml"));
    let strings: toml::Table = std::fs::read_to_string(file).unwrap().parse().unwrap();
    strings["doc"]["data"].as_str().unwrap().to_string()
}

#[test]
fn every_table_is_listed_and_every_column_described() {
    let folder = tempfile::tempdir().unwrap();
    let files = built(folder.path(), &["-u", "https://gk.example/nb/"]);
    let package: serde_json::Value = serde_json::from_str(&text(&files, "data/datapackage.json")).unwrap();
    let mut listed = BTreeSet::new();
    let mut names = BTreeSet::new();
    for resource in package["resources"].as_array().unwrap() {
        let name = resource["name"].as_str().unwrap();
        assert!(names.insert(name), "{name} stands twice");
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c)), "{name}");
        let paths = resource["path"].as_array().cloned().unwrap_or_else(|| vec![resource["path"].clone()]);
        for path in paths.iter().map(|path| path.as_str().unwrap()) {
            let file = path.strip_prefix("https://gk.example/nb/").map_or_else(|| format!("data/{path}"), str::to_string);
            assert!(!path.contains("..") && files.contains_key(&file), "{name}: {path}");
            if let Some(fields) = resource["schema"]["fields"].as_array() {
                let described: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
                assert_eq!(columns(&text(&files, &file)), described, "{file}");
            }
            listed.insert(file);
        }
    }
    let missing: Vec<&String> = files.keys().filter(|path| (path.ends_with(".csv") || path.ends_with("index.json")) && !listed.contains(*path)).collect();
    assert!(missing.is_empty(), "not in the data package: {missing:?}");
    for language in ["zh-CN", "en"] {
        let words = words(language);
        for name in ["figures", "bodies", "indicators", "reports", "findings"] {
            let section = words.split(&format!("### {name}.csv")).nth(1).unwrap_or_else(|| panic!("{language}: {name}")).split("\n##").next().unwrap();
            for column in columns(&text(&files, &format!("data/{name}.csv"))) {
                assert!(section.contains(&format!("`{column}`")), "{language}: {name}.csv: {column}");
            }
        }
        assert!(columns(&text(&files, "filing/table.csv")).iter().all(|column| words.contains(&format!("`{column}`"))));
    }
}

#[test]
fn every_page_with_a_table_of_figures_has_it_as_csv_and_json() {
    let folder = tempfile::tempdir().unwrap();
    let files = built(folder.path(), &[]);
    let mut pages = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("index.html")) {
        let page = String::from_utf8_lossy(bytes);
        if !["page-compare", "page-matrix", "page-filing"].iter().any(|kind| page.contains(&format!("<body class=\"{kind}\""))) {
            continue;
        }
        pages += 1;
        for beside in ["table.csv", "index.json"] {
            assert!(files.contains_key(&path.replace("index.html", beside)) && page.contains(&format!("href=\"{beside}\"")), "{path}: {beside}");
        }
        let json: serde_json::Value = serde_json::from_str(&text(&files, &path.replace("index.html", "index.json"))).unwrap();
        let rows = text(&files, &path.replace("index.html", "table.csv")).trim_end().lines().count() - 1;
        assert_eq!(json["rows"].as_array().unwrap().len(), rows, "{path}");
    }
    assert!(pages > 100, "{pages}");
}

#[test]
fn pages_say_how_they_are_cited() {
    let folder = tempfile::tempdir().unwrap();
    let files = built(folder.path(), &["-u", "https://gk.example/nb/"]);
    let select = Selector::parse("details#cite dd").unwrap();
    let cited =
        |path: &str| -> Vec<String> { Html::parse_document(&text(&files, path)).select(&select).map(|element| element.text().collect::<String>()).collect() };
    let report: serde_json::Value = serde_json::from_str(&text(&files, "yunxi/2024/index.json")).unwrap();
    let (title, published) = (report["title"].as_str().unwrap(), report["published"].as_str().unwrap());
    let issuer = report["issuer"].as_str().unwrap();
    let said = cited("yunxi/2024/index.html");
    assert_eq!(said[0], format!("{issuer}. {title}[R/OL]. ({published})[年-月-日]. https://gk.example/nb/yunxi/2024/."));
    let digest = report["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
    assert!(said[1].contains(digest) && said[1].contains("https://gk.example/nb/yunxi/2024/"), "{said:?}");
    for path in ["yunxi/compare/", "years/2024/", "indicators/applications_new/", "yunxi/compare/applications_new/", "yunxi/2024-2025/"] {
        let said = cited(&format!("{path}index.html"));
        assert!(said[0].contains("[DS/OL]. [年-月-日]. ") && said[0].ends_with(&format!("https://gk.example/nb/{path}.")), "{said:?}");
        assert!(said[1].contains(&sha256(&files[&format!("{path}table.csv")])), "{path}: {said:?}");
    }
    // A portal that does not know where it stands says so, and every such page has its citation.
    let unknown = built(&folder.path().join("unknown"), &[]);
    for (path, bytes) in unknown.iter().filter(|(path, _)| path.ends_with("index.html")) {
        let page = String::from_utf8_lossy(bytes);
        let kind = ["page-report", "page-compare", "page-matrix", "page-pair"].iter().any(|kind| page.contains(&format!("<body class=\"{kind}\"")));
        assert_eq!(page.contains("<details class=\"fold cite\" id=\"cite\">"), kind, "{path}");
        assert!(!kind || page.contains("（本站网址）/"), "{path}");
    }
}

/// Whoever has cited a row finds it: anchors are the names of indicators and do not follow order, figures or edition.
#[test]
fn rows_keep_their_anchors() {
    let folder = tempfile::tempdir().unwrap();
    let files = built(folder.path(), &[]);
    let ids = Selector::parse("[id]").unwrap();
    let indicators: BTreeSet<String> =
        text(&files, "data/indicators.csv").trim_end().lines().skip(1).map(|line| line.split(',').next().unwrap().to_string()).collect();
    let mut seen = 0;
    let figures = text(&files, "data/figures.csv");
    let mut of_page: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in figures.trim_end().lines().skip(1) {
        let cell: Vec<&str> = line.split(',').collect();
        let (page, anchor) = cell[12].split_once('#').unwrap();
        assert_eq!(anchor, cell[2], "{line}");
        assert!(indicators.contains(anchor));
        if cell[0] == "yunxi" {
            let found = of_page.entry(page).or_insert_with(|| {
                let document = Html::parse_document(&text(&files, &format!("{page}index.html")));
                document.select(&ids).filter_map(|element| element.value().id().map(str::to_string)).collect::<Vec<_>>()
            });
            assert_eq!(found.iter().filter(|id| *id == anchor).count(), 1, "{page}#{anchor}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
    // Another order of the same rows, another year beside them: the same anchors.
    let site = Site::small();
    let anchors = |site: &Site, address: &str| -> BTreeSet<String> {
        Html::parse_document(&site.page(address))
            .select(&ids)
            .filter_map(|element| element.value().id().map(str::to_string))
            .filter(|id| indicators.contains(id))
            .collect()
    };
    site.build(&[]);
    let before = (anchors(&site, "yi/2024/"), anchors(&site, "yi/compare/"));
    assert!(before.0.contains("applications_new") && before.1.contains("applications_new"), "{before:?}");
    let turned = crate::site::report(2024, "applications_new = 40\nproactive_disclosed_total = 5\n", "全年公开5条。\n");
    site.put("content/yi/2024.md", turned).put("content/yi/2022.md", crate::site::report(2022, "applications_new = 1\n", "全年。\n"));
    site.build(&[]);
    assert_eq!(before, (anchors(&site, "yi/2024/"), anchors(&site, "yi/compare/")));
}

/// The example that readers copy works on the files they take.
#[test]
fn the_example_in_python_runs() {
    let folder = tempfile::tempdir().unwrap();
    let files = built(folder.path(), &[]);
    for language in ["zh-CN", "en"] {
        let words = words(language);
        let code = words.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
        let ran = match Command::new("python3").arg("-c").arg(code).current_dir(folder.path().join("data")).output() {
            Ok(ran) => ran,
            Err(_) => return skipped("python3 is not installed"),
        };
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let expected: Vec<String> = text(&files, "data/figures.csv")
            .lines()
            .map(|line| line.split(',').map(str::to_string).collect::<Vec<_>>())
            .filter(|cell| cell[2] == "applications_new" && cell[3] == "total" && cell[4] == "stated")
            .map(|cell| format!("{} {} {}", cell[0], cell[1], cell[5]))
            .collect();
        assert!(expected.len() > 50);
        assert_eq!(String::from_utf8_lossy(&ran.stdout).lines().collect::<Vec<_>>(), expected);
    }
}

/// What an old phone on a slow line has to fetch, as `gzip -9` packs it: the budgets of the whole.
#[test]
fn pages_style_and_scripts_weigh_little() {
    use std::io::Write as _;
    let packed = |bytes: &[u8]| {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap().len()
    };
    let folder = tempfile::tempdir().unwrap();
    let files = built(folder.path(), &[]);
    let (mut style, mut search, mut script) = (0, 0, 0);
    for (path, bytes) in &files {
        if path.ends_with(".html") && String::from_utf8_lossy(bytes).contains("<body class=\"page-report\"") {
            let size = packed(bytes);
            assert!(size <= 15_000, "{path}: {size} bytes");
        }
        match path.strip_prefix("assets/") {
            Some(name) if name.ends_with(".css") => style += packed(bytes),
            Some(name) if name.ends_with(".js") && name.starts_with("search") => search += packed(bytes),
            Some(name) if name.ends_with(".js") => script += packed(bytes),
            _ => assert!(!path.ends_with(".css"), "{path} is no part of the style sheet"),
        }
    }
    assert!(style > 0 && style <= 10_000, "all style sheets: {style} bytes");
    assert!(search <= 10_000, "the script of the search: {search} bytes");
    assert!(script <= 5_000, "all other scripts: {script} bytes");
}
