//! Data from outside the project: real bodies, published reports, a large corpus. Where it is not there, the test says `skipped`.

use crate::site::{Site, gongkai, run, skipped, tree};
use gongkai::model::{BodyId, FigureKey, Layout, Origin, Registry, ReportId, Year};
use gongkai::parse::{self, ReportContext};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Shared data beside the project, if it is there.
fn shared(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(part);
    if path.exists() {
        return Some(path);
    }
    skipped(&format!("no {part} beside the project"));
    None
}

/// Townships of the synthetic corpus: 56, or as many as `GONGKAI_TOWNSHIPS` says.
fn townships() -> usize {
    std::env::var("GONGKAI_TOWNSHIPS").map_or(56, |count| count.parse().unwrap())
}

/// Writes the synthetic corpus into a folder. False where that cannot be done.
fn corpus(content: &Path) -> bool {
    let Some(generator) = shared("bench/gen_corpus.py") else { return false };
    let townships = townships().to_string();
    let options = ["--format", "gongkai", "--townships", &townships, "--years", "2008..2025", "--out"];
    let made = Command::new("python3").arg(generator).args(options).arg(content).output().is_ok_and(|made| made.status.success());
    if !made {
        skipped("no python3");
    }
    made
}

#[test]
fn real_bodies_with_sparse_years() {
    let Some(facts) = shared("facts/reports.csv") else { return };
    let units: BTreeMap<String, String> = run(gongkai().args(["list", "indicators"]))
        .out
        .lines()
        .filter_map(|line| {
            let mut parts = line.split('\t');
            Some((parts.next()?.to_string(), parts.nth(1)?.to_string()))
        })
        .collect();
    let mut reports: BTreeMap<(String, String), Vec<BTreeMap<String, String>>> = BTreeMap::new();
    let mut names: BTreeMap<Vec<String>, String> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(facts).unwrap();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        if row["note"].contains("DERIVED") {
            continue;
        }
        let place: Vec<String> = ["province", "city", "county", "township"].iter().map(|key| row[*key].clone()).collect();
        let next = format!("b{}", names.len());
        let slug = names.entry(place).or_insert(next).clone();
        reports.entry((slug, row["year"].clone())).or_default().push(row);
    }
    assert_eq!(names.len(), 78);
    let site = Site::small();
    std::fs::remove_dir_all(site.path().join("content/yi")).unwrap();
    site.put("content/_index.md", "+++\ntitle = \"各地\"\n[body]\nlevel = \"country\"\n+++\n");
    for (place, slug) in &names {
        let row = reports.iter().find(|((body, _), _)| body == slug).unwrap().1.first().unwrap();
        let host = row["source_url"].split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or("来源不明");
        let title = match place[3].as_str() {
            "(市级)" => place[1].clone(),
            "(县级)" => format!("{}{}", place[1], place[2]),
            unnamed if unnamed.starts_with('(') => format!("{}{}（{host}）", place[2], unnamed.trim_matches(['(', ')']).split(',').next().unwrap()),
            named => format!("{}{named}", place[2]),
        };
        let level = match place[3].as_str() {
            "(市级)" => "city",
            "(县级)" => "county",
            _ => "township",
        };
        site.put(&format!("content/{slug}/_index.md"), format!("+++\ntitle = \"{title}\"\n[body]\nlevel = \"{level}\"\n+++\n"));
    }
    let mut with_source = Vec::new();
    let mut undated = Vec::new();
    for ((slug, year), rows) in &reports {
        let first = &rows[0];
        let mut text = format!("+++\ntitle = \"{year}年政府信息公开工作年度报告\"\n");
        match rows.iter().map(|row| row["publish_date"].as_str()).find(|date| !date.is_empty()) {
            Some(date) => text.push_str(&format!("date = {date}\n")),
            None => undated.push((slug.clone(), year.clone())),
        }
        if let Some(row) = rows.iter().find(|row| !row["source_url"].is_empty()) {
            text.push_str(&format!("[report]\nsource = \"{}\"\n", row["source_url"]));
            with_source.push((slug.clone(), year.clone(), row["source_url"].clone()));
        }
        text.push_str("[figures]\n");
        let mut seen = BTreeSet::new();
        for row in rows.iter().filter(|row| seen.insert(row["indicator"].clone())) {
            let own = units.get(&row["indicator"]).map_or("", String::as_str);
            if own == row["unit"] || row["indicator"].ends_with("_wan_yuan") || row["indicator"].ends_with("_wan") || row["indicator"].ends_with("_yi_yuan") {
                text.push_str(&format!("{} = {}\n", row["indicator"], row["value"]));
            } else {
                text.push_str(&format!("{} = {{ value = {}, unit = \"{}\" }}\n", row["indicator"], row["value"], row["unit"]));
            }
        }
        text.push_str("+++\n");
        let _ = first;
        site.put(&format!("content/{slug}/{year}.md"), text);
    }
    let built = site.build(&[]);
    assert!(!built.err.contains("错误") || built.err.contains("错误 0 处"), "{}", built.err);
    for (slug, year, source) in &with_source {
        assert!(site.page(&format!("{slug}/{year}/")).contains(&source.replace('&', "&amp;")), "{slug} {year}");
    }
    for (slug, year) in &undated {
        assert!(site.page(&format!("{slug}/{year}/")).contains("未载明"), "{slug} {year}");
    }
    // A year without a report has its place and no number: nothing between two reports is made up.
    for slug in names.values() {
        let years: Vec<i32> = reports.keys().filter(|(body, _)| body == slug).map(|(_, year)| year.parse().unwrap()).collect();
        for year in years[0]..=years[years.len() - 1] {
            assert_eq!(site.public().join(format!("{slug}/{year}/index.html")).exists(), years.contains(&year), "{slug} {year}");
        }
        let figures = site.page(&format!("{slug}/figures.csv"));
        let rows = figures.lines().skip(1).count();
        let stated: usize =
            reports.iter().filter(|((body, _), _)| body == slug).map(|(_, rows)| rows.iter().map(|row| &row["indicator"]).collect::<BTreeSet<_>>().len()).sum();
        assert_eq!(rows, stated, "{slug}: every figure once, and none more");
    }
    for (path, bytes) in site.all().iter().filter(|(path, _)| path.ends_with(".html")) {
        let text = String::from_utf8_lossy(bytes);
        let main = text.split("<main").nth(1).unwrap_or_default();
        assert!(main.matches('<').count() > 3, "{path} is empty");
    }
}

#[test]
fn published_reports_become_pages() {
    let Some(samples) = shared("samples") else { return };
    let site = Site::small();
    std::fs::remove_dir_all(site.path().join("content/yi")).unwrap();
    site.put("content/_index.md", "+++\ntitle = \"样本\"\n[body]\nlevel = \"city\"\n+++\n");
    let mut files: Vec<PathBuf> = std::fs::read_dir(samples)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    let imported = run(gongkai().arg("import").args(&files).args(["--into", "content"]).current_dir(site.path()));
    assert_eq!(imported.code, 0, "{}{}", imported.out, imported.err);
    site.build(&[]);
    let pages: Vec<(String, String)> = site
        .all()
        .into_iter()
        .filter(|(path, _)| {
            path.split('/').rev().nth(1).is_some_and(|part| part.len() == 4 && part.starts_with("20"))
                && path.ends_with("/index.html")
                && !path.starts_with("years/")
        })
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect();
    assert_eq!(pages.len(), 3, "{:?}", pages.iter().map(|(path, _)| path).collect::<Vec<_>>());
    for (year, name) in [("2016", "旧城镇"), ("2012", "岳阳县"), ("2012", "芷江镇")] {
        let found = pages.iter().find(|(path, page)| path.contains(year) && page.contains(name));
        let (path, page) = found.unwrap_or_else(|| panic!("no page for {name} {year}"));
        assert!(page.split("<h1>").nth(1).is_some_and(|rest| rest.split("</h1>").next().unwrap().contains(year)), "{path}");
        assert!(page.matches("<h2 id=").count() >= 3, "{path} has its sections");
    }
}

/// The corpus is clean: outside the texts its reports share, whatever is found in it is a false alarm.
#[test]
fn at_most_one_false_alarm_in_a_thousand_reports() {
    let site = Site::small();
    std::fs::remove_dir_all(site.path().join("content")).unwrap();
    if !corpus(&site.path().join("content")) {
        return;
    }
    let checked = site.run(&["check", "--format", "json"]);
    let alarms: Vec<&str> = checked.out.lines().filter(|line| !line.contains("\"rule\":\"reuse/")).collect();
    let reports = tree(&site.path().join("content")).keys().filter(|path| !path.ends_with("_index.md")).count();
    assert!(alarms.len() * 1000 <= reports, "{} in {reports}: {}", alarms.len(), alarms.join("\n"));
}

/// What a careful reader sees in the published reports, and nothing that is right in them.
#[test]
fn the_defects_of_published_reports_are_found() {
    let Some(samples) = shared("samples") else { return };
    let site = Site::small();
    std::fs::remove_dir_all(site.path().join("content/yi")).unwrap();
    site.put("config.toml", "today = 2026-03-01\n[portal]\nlast_year = 2012\n");
    site.put("content/_index.md", "+++\ntitle = \"样本\"\n[body]\nlevel = \"city\"\n[contact]\nphone = \"000-0000000\"\n+++\n");
    for (path, title, level) in [("zhijiang", "芷江镇", "township"), ("jiucheng", "旧城镇", "township"), ("yueyang", "岳阳县", "county")] {
        site.put(&format!("content/{path}/_index.md"), format!("+++\ntitle = \"{title}\"\n[body]\nlevel = \"{level}\"\n+++\n"));
    }
    let files: Vec<PathBuf> = ["jiucheng-2016.txt", "yueyang-2012.txt", "zhijiang-2012.txt"].iter().map(|name| samples.join(name)).collect();
    assert_eq!(run(gongkai().arg("import").args(&files).args(["--into", "content"]).current_dir(site.path())).code, 0);
    let checked = site.run(&["check", "--format", "json"]);
    let found: Vec<(String, String, String)> = checked
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|finding| ["file", "rule", "message"].map(|key| finding[key].as_str().unwrap().to_string()))
        .map(|[file, rule, message]| (file.split('/').nth(1).unwrap().to_string(), rule, message))
        .collect();
    let mut expected = vec![
        ("yueyang", "figure/prose-sum-mismatch", "7,999"),
        ("yueyang", "figure/percentage-mismatch", "写的是 7%"),
        ("yueyang", "figure/percentage-mismatch", "写的是 43%"),
        ("yueyang", "figure/percentage-truncated", "写的是 1%"),
        ("yueyang", "figure/percentage-truncated", "写的是 49%"),
        // 3,908 of 3,936 is 99.2886 %: rounded 99.29, cut 99.28.
        ("yueyang", "figure/percentage-truncated", "写的是 99.28%"),
        ("yueyang", "date/published-early", "2012-03-28"),
        ("yueyang", "date/signed-after-publication", "2013-03-27"),
        // The import has mended the others, where the text proves them.
        ("yueyang", "text/character-lost", "1 处"),
        ("yueyang", "text/bracket-unbalanced", "”"),
        ("yueyang", "text/document-number", "〔2011〕22号"),
        ("yueyang", "text/document-number", "2012118号"),
        ("zhijiang", "date/fact-after-publication", "2014年"),
        ("zhijiang", "date/fact-after-publication", "2014-12-09"),
        ("zhijiang", "date/signed-early", "2012-12-10"),
        ("zhijiang", "text/programme-out-of-time", "群众路线"),
        ("zhijiang", "form/count-differs", "七个窗口"),
        ("zhijiang", "form/heading-number", "四、"),
        ("zhijiang", "form/statement-missing", "行政复议"),
        ("jiucheng", "date/not-stated", ""),
        ("jiucheng", "form/signature-missing", ""),
        ("jiucheng", "form/statement-missing", "行政复议"),
        ("jiucheng", "text/document-number", "132号"),
        ("jiucheng", "text/character-lost", "2016来"),
        ("jiucheng", "text/character-doubled", "政政"),
        ("jiucheng", "reuse/other-body", "芷江镇2012"),
    ];
    let mut surplus = Vec::new();
    for (body, rule, message) in &found {
        match expected.iter().position(|(wanted, code, part)| wanted == body && code == rule && message.contains(part)) {
            Some(place) => {
                expected.remove(place);
            }
            None => surplus.push(format!("{body} {rule} {message}")),
        }
    }
    assert!(expected.is_empty() && surplus.is_empty(), "not found: {expected:?}\nnot expected: {surplus:#?}");
}

/// Numbers of the corpus's statutory tables and sheets, in order of the file: the generator writes them plainly.
fn printed(body: &str) -> Vec<String> {
    let rows = body.lines().filter(|line| line.starts_with('|'));
    rows.flat_map(|line| line.trim_matches('|').split('|'))
        .map(|cell| cell.trim().trim_end_matches("万元"))
        .filter(|cell| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_string)
        .collect()
}

/// Indicators of the generator's nine sheet rows, in its order.
const SHEET: [&str; 9] = [
    "proactive_disclosed_total",
    "via_website",
    "via_wechat",
    "via_other",
    "normative_documents_issued",
    "applications_new",
    "completed",
    "reconsideration",
    "litigation_total",
];

#[test]
fn every_cell_of_the_corpus_is_read_as_stated() {
    let folder = tempfile::tempdir().unwrap();
    if !corpus(&folder.path().join("content")) {
        return;
    }
    let registry = Registry::built_in();
    let (mut reports, mut cells) = (0usize, 0usize);
    for (path, bytes) in tree(&folder.path().join("content")) {
        let Some(year) = path.rsplit('/').next().and_then(|name| name.strip_suffix(".md")).and_then(Year::from_digits) else { continue };
        let text = String::from_utf8(bytes).unwrap();
        let read = parse::report(ReportContext { registry: &registry, id: ReportId { body: BodyId(0), year }, attachments: &[] }, &path, &text);
        assert!(read.found.is_empty(), "{path}: {:?}", read.found);
        let report = read.report.unwrap();
        let mut figures: Vec<_> = report.figures.iter().filter(|figure| figure.origin != Origin::FrontMatter).collect();
        figures.sort_by_key(|figure| figure.span);
        let stated: Vec<String> = figures
            .iter()
            .map(|figure| {
                figure.stated.as_ref().map_or(figure.reading.amount(), |(amount, _)| Some(*amount)).expect("the corpus leaves no cell empty").to_string()
            })
            .collect();
        let body = text.splitn(3, "+++").nth(2).unwrap();
        assert_eq!(stated, printed(body), "{path}");
        // The cells follow each other as in the form, each under its own key.
        let form = registry.form(report.form);
        let keys: Vec<FigureKey> = figures.iter().map(|figure| figure.key).collect();
        let order: Vec<FigureKey> = form.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells).map(|cell| cell.key).collect();
        if form.tables.iter().all(|table| table.layout == Layout::Sheet) {
            let named: Vec<&str> = keys.iter().map(|key| registry.indicator(key.indicator).key.as_str()).collect();
            assert!(named.is_empty() || named == SHEET, "{path}: {named:?}");
        } else {
            assert_eq!(keys, order, "{path}");
        }
        reports += 1;
        cells += figures.len();
    }
    let expected: usize = townships() * 18;
    assert_eq!(reports, expected);
    eprintln!("{reports} reports, {cells} cells read as stated");
    assert!(cells > reports * 50, "{cells} cells");
}
