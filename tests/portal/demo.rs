//! The demonstration portal: every page reached, every link and anchor there, the same bytes on any machine.

use crate::site::{copy, demo, gongkai, run, tree};
use scraper::{Html, Selector};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn build(to: &Path, more: &[&str]) {
    let built = run(gongkai().arg("build").arg("-r").arg(demo()).arg("-o").arg(to).args(more));
    assert_eq!(built.code, 0, "{}", built.err);
}

/// `a/b/` and `../c/?x#y` make `a/c/` and `y`; nothing for other sites.
fn target(from: &str, href: &str) -> Option<(String, String)> {
    if href.contains("://") || href.starts_with("mailto:") || href.starts_with("tel:") {
        return None;
    }
    assert!(!href.starts_with('/'), "{from}: {href} does not work under a sub-path");
    let (path, anchor) = href.split_once('#').unwrap_or((href, ""));
    let mut parts: Vec<&str> = from.split('/').collect();
    let own = parts.pop().unwrap();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => assert!(parts.pop().is_some(), "{from}: {href} leads out of the portal"),
            part => parts.push(part),
        }
    }
    let mut file = if path.is_empty() { parts.iter().chain([&own]).copied().collect::<Vec<_>>().join("/") } else { parts.join("/") };
    if !path.is_empty() && (path.ends_with('/') || path.ends_with('.')) {
        file = if file.is_empty() { "index.html".into() } else { format!("{file}/index.html") };
    }
    Some((file, anchor.to_string()))
}

struct Page {
    links: Vec<(String, String)>,
    ids: BTreeSet<String>,
}

fn pages(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Page> {
    let links = Selector::parse("a[href], link[href], img[src], script[src]").unwrap();
    let ids = Selector::parse("[id]").unwrap();
    let html = files.iter().filter(|(path, _)| path.ends_with(".html"));
    html.map(|(path, bytes)| {
        let document = Html::parse_document(&String::from_utf8_lossy(bytes));
        let mut page = Page { links: Vec::new(), ids: BTreeSet::new() };
        for element in document.select(&ids) {
            let id = element.value().id().unwrap().to_string();
            assert!(page.ids.insert(id.clone()), "{path}: the id {id} stands twice");
        }
        for element in document.select(&links) {
            let href = element.value().attr("href").or(element.value().attr("src")).unwrap();
            page.links.extend(target(path, href));
        }
        (path.clone(), page)
    })
    .collect()
}

/// Every link leads to a file, every anchor to a place, and a walk from the first page reaches all.
fn crawl(files: &BTreeMap<String, Vec<u8>>) {
    let pages = pages(files);
    for (path, page) in &pages {
        for (file, anchor) in &page.links {
            assert!(files.contains_key(file), "{path} links to {file}, which is not there");
            if !anchor.is_empty()
                && let Some(target) = pages.get(file)
            {
                assert!(target.ids.contains(anchor), "{path} links to {file}#{anchor}, which is not there");
            }
        }
    }
    let mut seen = BTreeSet::from(["index.html".to_string()]);
    let mut open = vec!["index.html".to_string()];
    while let Some(path) = open.pop() {
        for (file, _) in pages.get(&path).map(|page| page.links.as_slice()).unwrap_or_default() {
            if seen.insert(file.clone()) {
                open.push(file.clone());
            }
        }
    }
    let lost: Vec<&String> = pages.keys().filter(|path| !seen.contains(*path) && *path != "404.html").collect();
    assert!(lost.is_empty(), "not reached from the first page: {lost:?}");
}

#[test]
fn every_page_is_reached_and_no_link_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    build(&folder.path().join("plain"), &[]);
    let files = tree(&folder.path().join("plain"));
    assert!(files.keys().filter(|path| path.ends_with(".html")).count() > 400, "{}", files.len());
    crawl(&files);
    build(&folder.path().join("files"), &["--relative-urls"]);
    let files = tree(&folder.path().join("files"));
    crawl(&files);
    for (path, page) in pages(&files) {
        let folders: Vec<_> = page.links.iter().filter(|(file, _)| file.is_empty() || !file.contains('.')).collect();
        assert!(folders.is_empty(), "{path}: {folders:?} would list a folder");
    }
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name);
    build(&out("a"), &["--jobs", "1"]);
    // Another place, other times of files, other order of creation.
    let elsewhere = folder.path().join("a much longer name 云泽/site");
    for part in ["content", "themes"] {
        copy(&demo().join(part), &elsewhere.join(part));
    }
    std::fs::copy(demo().join("config.toml"), elsewhere.join("config.toml")).unwrap();
    let other = |name: &str, environment: &[(&str, &str)], jobs: &str| {
        let built = run(gongkai().arg("build").arg("-r").arg(&elsewhere).arg("-o").arg(out(name)).args(["--jobs", jobs]).envs(environment.iter().copied()));
        assert_eq!(built.code, 0, "{}", built.err);
    };
    other("b", &[("TZ", "America/Los_Angeles"), ("LC_ALL", "tr_TR.UTF-8"), ("USER", "x"), ("HOME", "/nonexistent")], "16");
    other("c", &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "C")], "3");
    let (a, b, c) = (tree(&out("a")), tree(&out("b")), tree(&out("c")));
    for (path, bytes) in &a {
        assert!(b.get(path) == Some(bytes) && c.get(path) == Some(bytes), "{path} differs");
    }
    assert_eq!((a.len(), a.len()), (b.len(), c.len()));
    let again = run(gongkai().arg("build").arg("-r").arg(demo()).arg("-o").arg(out("a")));
    assert!(again.err.contains("没有改动"), "{}", again.err);
}

#[test]
fn a_draft_is_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), &[]);
    let held = std::fs::read_to_string(demo().join("content/baita/2025.md")).unwrap();
    let sentence = held.lines().rfind(|line| line.chars().count() > 40 && !line.starts_with('|')).unwrap();
    let token: String = sentence.chars().take(20).collect();
    for (path, bytes) in tree(folder.path()) {
        assert!(!String::from_utf8_lossy(&bytes).contains(&token), "{path} holds text of a draft");
        assert!(!path.starts_with("baita/2025/"), "{path}");
    }
    let profile = std::fs::read_to_string(folder.path().join("baita/index.html")).unwrap();
    assert!(profile.contains("未发布"));
}

#[test]
fn pages_run_and_load_our_own_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), &[]);
    let all = Selector::parse("*").unwrap();
    let files = tree(folder.path());
    let digests: BTreeMap<&str, String> =
        files.iter().filter(|(path, _)| path.starts_with("assets/")).map(|(path, bytes)| (path.as_str(), integrity(bytes))).collect();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let document = Html::parse_document(&String::from_utf8_lossy(bytes));
        for element in document.select(&all) {
            let value = element.value();
            let json = value.name() == "script" && value.attr("type") == Some("application/ld+json");
            if value.name() == "script" && !json || value.name() == "link" && value.attr("rel") == Some("stylesheet") {
                let (file, _) = target(path, value.attr("src").or(value.attr("href")).expect("a script names its file")).expect("a file of ours");
                assert_eq!(value.attr("integrity"), digests.get(file.as_str()).map(String::as_str), "{path}: {file}");
                assert_eq!(element.text().collect::<String>(), "", "{path}: {file}");
            }
            assert!(!matches!(value.name(), "style" | "iframe" | "object" | "embed" | "base"), "{path}: <{}>", value.name());
            assert!(value.name() != "form" || value.attr("action").is_some_and(|action| !action.contains("//")), "{path}: a form leads elsewhere");
            for (name, content) in value.attrs() {
                assert!(name != "style" && !name.starts_with("on"), "{path}: {name}");
                let loads = matches!(name, "src" | "srcset") || name == "href" && value.name() == "link" && value.attr("rel") != Some("canonical");
                assert!(!loads || !content.contains("//"), "{path}: loads {content}");
            }
        }
        let text = String::from_utf8_lossy(bytes);
        assert!(text.contains("云泽县及其人物、地名、数字均为虚构"), "{path} does not say that the county is made up");
        assert_eq!(text.matches(POLICY).count(), 1, "{path} has no policy");
    }
}

#[test]
fn the_kept_events_show() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), &[]);
    let page = |address: &str| std::fs::read_to_string(folder.path().join(address).join("index.html")).unwrap();
    assert!(page("qinghe/compare").contains("之前分列，不相加"));
    assert!(page("yunxi").contains("云溪乡"));
    assert!(page("yunxi/2016").contains("当时名称：云溪乡"));
    assert!(page("songling").contains("未见2020年的1份"));
    assert!(page("songling/2019-2021").contains("缺2020至2020年度"));
    assert!(page("filing").contains("逾期17天"));
    assert!(page("songling/2023").contains("格空白，不按0计算"));
    assert!(page("data").contains("class=\"hl-"));
}

/// What pages are allowed, by their own word.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'\">";

/// SHA-256 in base64, reckoned beside the program's own way.
fn integrity(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let bits: String = sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:08b}")).collect();
    let letters: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let coded: String = (0..258).step_by(6).map(|at| letters[usize::from_str_radix(&format!("{bits:0<258}")[at..at + 6], 2).unwrap()]).collect();
    format!("sha256-{coded}=")
}

/// Columns of a row, cells that span several counted as such.
fn width(row: scraper::ElementRef<'_>) -> usize {
    let cells = row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th"));
    cells.map(|cell| cell.value().attr("colspan").and_then(|span| span.parse().ok()).unwrap_or(1)).sum()
}

/// What a validator would say of a page: parse errors, tables that do not fit, children where they may not stand.
fn faults(page: &str) -> Vec<String> {
    let document = Html::parse_document(page);
    let select = |query: &str| Selector::parse(query).unwrap();
    let mut faults: Vec<String> = document.errors.iter().map(|error| error.to_string()).collect();
    let mut expect = |good: bool, what: &str| {
        if !good {
            faults.push(what.to_string());
        }
    };
    expect(document.select(&select("h1")).count() == 1, "one h1");
    expect(document.select(&select("title")).all(|title| !title.text().collect::<String>().trim().is_empty()), "a title");
    expect(document.select(&select("html[lang]")).count() == 1, "a language");
    expect(document.select(&select("th:not([scope])")).next().is_none(), "th with scope");
    expect(
        document
            .select(&select("ul > :not(li), ol > :not(li), dl > :not(div):not(dt):not(dd), tr > :not(td):not(th), details > summary ~ summary"))
            .next()
            .is_none(),
        "children in their place",
    );
    expect(
        document.select(&select("p p, p div, p ul, p table, a a, button button, label label, span div, small div, caption table")).next().is_none(),
        "no block in a line",
    );
    expect(document.select(&select("[href=''], [id=''], [class='']")).next().is_none(), "no empty attribute");
    expect(document.select(&select("img:not([alt])")).next().is_none(), "pictures have words");
    for labelled in document.select(&select("[aria-labelledby]")) {
        for id in labelled.value().attr("aria-labelledby").unwrap().split(' ') {
            expect(document.select(&select(&format!("[id='{id}']"))).count() == 1, &format!("the label {id}"));
        }
    }
    for input in document.select(&select("input")) {
        expect(input.ancestors().filter_map(scraper::ElementRef::wrap).any(|parent| parent.value().name() == "label"), "an input has its label");
    }
    for table in document.select(&select("table")) {
        let widths: BTreeSet<usize> = table.select(&select("tr")).map(width).collect();
        expect(widths.len() == 1, &format!("rows of one table have {widths:?} columns"));
        let named = table.select(&select("caption")).next().is_some();
        let region = table.ancestors().filter_map(scraper::ElementRef::wrap).next().unwrap();
        expect(named || region.value().attr("aria-label").is_some() || region.value().attr("aria-labelledby").is_some(), "a table has its name");
    }
    let mut level = 1;
    for heading in document.select(&select("h2, h3, h4, h5, h6")) {
        let own: usize = heading.value().name()[1..].parse().unwrap();
        expect(own <= level + 1, &format!("h{own} after h{level}"));
        level = own;
    }
    faults
}

#[test]
fn pages_of_every_kind_are_valid() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), &["-u", "https://gk.example/x/"]);
    let mut kinds = BTreeMap::new();
    for (path, bytes) in tree(folder.path()).iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = String::from_utf8_lossy(bytes);
        let kind = page.split("<body class=\"").nth(1).map_or("alias", |rest| rest.split('"').next().unwrap()).to_string();
        let found = faults(&page);
        assert!(found.is_empty(), "{path}: {found:#?}");
        *kinds.entry(kind).or_insert(0) += 1;
    }
    assert_eq!(
        kinds.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "page-body",
            "page-compare",
            "page-filing",
            "page-glossary",
            "page-list",
            "page-matrix",
            "page-notice",
            "page-pair",
            "page-prose",
            "page-report",
            "page-search"
        ]
    );
    for (path, bytes) in tree(folder.path()).iter().filter(|(path, _)| path.ends_with(".xml")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<"), "{path}");
        let (opened, closed) =
            (text.matches("<entry>").count() + text.matches("<url>").count(), text.matches("</entry>").count() + text.matches("</url>").count());
        assert_eq!(opened, closed, "{path}");
    }
}

#[test]
fn the_portal_speaks_english_too() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    copy(&demo().join("content"), &site.join("content"));
    std::fs::write(site.join("config.toml"), "default_language = \"en\"\ntoday = 2026-03-01\n").unwrap();
    let built = run(gongkai().arg("build").arg("-r").arg(&site));
    assert_eq!(built.code, 0, "{}", built.err);
    let files = tree(&site.join("public"));
    crawl(&files);
    let page = |path: &str| String::from_utf8_lossy(&files[path]).into_owned();
    assert!(page("yunxi/2024/index.html").contains("<html lang=\"en\">") && page("yunxi/2024/index.html").contains("25 more than in 2023"));
    assert!(page("filing/index.html").contains("17 days late"));
    assert!(page("yunxi/compare/index.html").contains("New applications received") || page("yunxi/compare/index.html").contains("Applications"));
    // What is quoted is said to be Chinese: no Han outside an element that says so, titles and drawings aside.
    let all = Selector::parse("body *").unwrap();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let document = Html::parse_document(&String::from_utf8_lossy(bytes));
        for element in document.select(&all) {
            let own: String = element.children().filter_map(|node| node.value().as_text().map(|text| text.to_string())).collect();
            let chain = || std::iter::once(element).chain(element.ancestors().filter_map(scraper::ElementRef::wrap));
            let said = chain()
                .any(|near| near.value().attr("lang").is_some_and(|lang| lang.starts_with("zh")) || matches!(near.value().name(), "svg" | "script" | "option"));
            assert!(said || !own.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{path}: {own}");
        }
    }
    // Words of the portal are English; Chinese is left to what the reports say.
    let words = page("404.html");
    let main = words.split("<main").nth(1).unwrap();
    let han = main.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    assert_eq!(han, 0, "{main}");
}
