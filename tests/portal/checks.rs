//! The pages of `docs/checks` as tests: every example is put into a report that is right in all else, and exactly the findings marked in
//! it are made. An unexpected finding and an unmet expectation both fail.

use crate::site::{Site, demo};
use gongkai::diag::RULES;
use gongkai::draft::canonical_table;
use gongkai::model::{Breakdown, Registry, Year};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A finding as a page marks it: file, line if it has one, severity, rule.
type Marked = (String, Option<usize>, String, String);

/// A report that is right: the form's sections and tables, every sum balanced, 2 applications, both granted.
pub(crate) fn right(body: &str, year: i32) -> String {
    let registry = Registry::built_in();
    let form = registry.form_for(Year::new(i64::from(year)).unwrap());
    let cell = |key: gongkai::model::FigureKey| {
        let name = registry.indicator(key.indicator).key.as_str();
        let total = key.breakdown == Breakdown::TOTAL || registry.breakdown_name(key.breakdown).0 == "natural_person";
        let two =
            ["applications_new", "granted_full", "results_total", "applications_online", "completed", "completed_on_time", "replies_total", "reply_granted"];
        let number = match name {
            _ if two.contains(&name) && total => 2,
            "proactive_disclosed_total" => 60,
            "via_website" => 40,
            "via_other" => 20,
            "normative_documents_in_force" | "normative_documents_public" => 3,
            "admin_permits" => 12,
            "admin_penalties" => 3 + year % 5,
            "staff_total" | "staff_full_time" => 1,
            "reading_points" => 1,
            _ => 0,
        };
        number.to_string()
    };
    let mut text = format!(
        "+++\ntitle = \"{body}人民政府{year}年政府信息公开工作年度报告\"\ndate = {}-01-20\n[report]\nissuer = \"{body}人民政府\"\n[figures]\nproactive_disclosed_total = 60\n+++\n\n按照有关规定，编制本报告。统计期限为{year}年1月1日至{year}年12月31日。\n",
        year + 1
    );
    let own = year % 7;
    for section in &form.sections {
        let numeral = if section.numeral.is_empty() {
            let place = form.sections.iter().position(|known| known.id == section.id).unwrap();
            "一二三四五六七八九".chars().nth(place).unwrap().to_string()
        } else {
            section.numeral.clone()
        };
        text.push_str(&format!("\n## {numeral}、{}\n\n", section.title));
        text.push_str(&match section.id.as_str() {
            "applications" => "收到申请2件，都已按时答复。\n".to_string(),
            "disputes" => "没有行政复议，也没有行政诉讼。\n".to_string(),
            "problems" => format!("存在的问题是培训偏少。明年办{}期培训。\n", own + 1),
            "charges" | "other" => "没有收取信息处理费。\n".to_string(),
            _ => "主动公开政府信息60条。\n".to_string(),
        });
        let place = form.section_place(&section.id);
        for table in form.tables.iter().filter(|table| Some(table.section) == place) {
            text.push_str(&format!("\n{}", canonical_table(table, &registry, &cell)));
        }
    }
    text + &format!("\n{body}人民政府\n{}年1月15日\n", year + 1)
}

/// An identity number of a person who cannot exist: the region was never assigned, the birth lies before 1900. Made when a test runs, so
/// that none stands in the repository.
pub(crate) fn identity(serial: usize) -> String {
    let head = format!("439001185{}0307{:03}", serial / 1000 % 10, serial % 1000);
    let sum = head.bytes().fold(0u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let last = (12 - sum % 11) % 11;
    format!("{head}{}", if last == 10 { "X".into() } else { last.to_string() })
}

/// What stands for a name in double braces.
fn made_up(name: &str) -> String {
    let id = identity(123);
    match name {
        "id" => id,
        "id-masked" => format!("{}********{}", &id[..6], &id[14..]),
        "id-hidden" => format!("{}****************", &id[..2]),
        "mobile" => ["139", "0000", "1111"].concat(),
        "card" => {
            let head = ["622848", "000000000000"].concat();
            let luhn = |text: &str| {
                text.bytes()
                    .rev()
                    .enumerate()
                    .map(|(place, digit)| (u32::from(digit - b'0') << (place % 2)) / 10 + (u32::from(digit - b'0') << (place % 2)) % 10)
                    .sum::<u32>()
            };
            (0..10).map(|last| format!("{head}{last}")).find(|card| luhn(card) % 10 == 0).unwrap()
        }
        // The finding of one example, as `check` would print it.
        "late-id" => {
            let words = gongkai::diag::Words::new("", "");
            gongkai::diag::Diagnostic::new("date/late", "content/yi/2023.md", None, words).about("date", "2024-02-03").unplaced().id()
        }
        "zero-width" => "\u{200b}".into(),
        "direction" => "\u{202e}".into(),
        _ => panic!("{name}"),
    }
}

/// One example: the files of its site, and what is to be found.
struct Example {
    files: BTreeMap<String, String>,
    expected: BTreeSet<Marked>,
    last_year: i32,
}

/// Takes `<!-- severity: [code] -->` out of a line.
fn unmarked(line: &str) -> (String, Vec<(String, String)>) {
    let mut marks = Vec::new();
    let mut rest = line.to_string();
    while let (Some(at), Some(end)) = (rest.find(" <!-- "), rest.find("] -->")) {
        let (severity, code) = rest[at + " <!-- ".len()..end].split_once(": [").expect("<!-- severity: [code] -->");
        marks.push((severity.to_string(), code.to_string()));
        rest.replace_range(at..end + "] -->".len(), "");
    }
    (rest, marks)
}

fn example(block: &str) -> Example {
    let mut files = BTreeMap::new();
    let mut expected = BTreeSet::new();
    let mut last_year = 2008;
    let mut segments: Vec<(String, Vec<String>)> = Vec::new();
    for line in block.lines() {
        let line = line.split("{{").enumerate().fold(String::new(), |done, (place, part)| match part.split_once("}}").filter(|_| place > 0) {
            Some((name, rest)) => done + &made_up(name) + rest,
            None => done + part,
        });
        match line.strip_prefix("=== ") {
            Some(head) => segments.push((head.to_string(), Vec::new())),
            None => segments.last_mut().expect("an example begins with ===").1.push(line),
        }
    }
    for (head, lines) in segments {
        let (head, whole) = unmarked(&head);
        let mut words = head.split_whitespace();
        let (name, mode) = (words.next().unwrap(), words.next().unwrap_or("file"));
        let own: Option<i32> = name.rsplit('/').next().unwrap().parse().ok();
        let file = match own {
            Some(_) => format!("content/{name}.md"),
            None => name.to_string(),
        };
        let year = own.or_else(|| words.next()?.parse().ok());
        last_year = last_year.max(year.unwrap_or(0));
        for (severity, code) in whole {
            expected.insert((file.clone(), None, severity, code));
        }
        let base = || {
            right(
                if name.starts_with("bing") {
                    "丙山镇"
                } else if name.contains('/') {
                    "乙镇"
                } else {
                    "甲县"
                },
                year.expect("a report"),
            )
        };
        let plain: Vec<(String, Vec<(String, String)>)> = lines.iter().map(|line| unmarked(line)).collect();
        let mut marked_lines: Vec<(String, Vec<(String, String)>)> = match mode {
            "file" => plain,
            // What a word processor of old writes begins like this, and no program reads on.
            "binary" => vec![("\u{fffd}".to_string(), Vec::new())],
            "text" => {
                let mut all: Vec<_> = base().lines().map(|line| (line.to_string(), Vec::new())).collect();
                let at = all.iter().position(|(line, _)| line.starts_with("## 二、")).expect("a second section");
                all.splice(at..at, plain.into_iter().chain([(String::new(), Vec::new())]));
                all
            }
            "edit" => {
                let mut all: Vec<_> = base().lines().map(|line| (line.to_string(), Vec::new())).collect();
                let mut at = None;
                for (line, marks) in plain {
                    if let Some(old) = line.strip_prefix("- ") {
                        at = Some(all.iter().position(|(known, _)| known == old).unwrap_or_else(|| panic!("{head}: no line `{old}`")));
                        all.remove(at.unwrap());
                    } else if let Some(new) = line.strip_prefix("+ ").or(line.strip_prefix('+')) {
                        let place = at.expect("- before +");
                        all.insert(place, (new.to_string(), marks));
                        at = Some(place + 1);
                    }
                }
                all
            }
            other => panic!("{other}: text, edit or file"),
        };
        for (place, (_, marks)) in marked_lines.iter_mut().enumerate() {
            for (severity, code) in marks.drain(..) {
                expected.insert((file.clone(), Some(place + 1), severity, code));
            }
        }
        let text: Vec<String> = marked_lines.into_iter().map(|(line, _)| line).collect();
        files.insert(file, text.join("\n") + "\n");
    }
    Example { files, expected, last_year }
}

fn found(example: &Example) -> BTreeSet<Marked> {
    let site = Site::small();
    std::fs::remove_dir_all(site.path().join("content")).unwrap();
    site.put("config.toml", format!("today = 2026-03-01\n[portal]\nlast_year = {}\n", example.last_year));
    site.put("content/_index.md", "+++\ntitle = \"甲县\"\n[contact]\nphone = \"000-0000000\"\n+++\n");
    for (path, title) in [("yi", "乙镇"), ("bing", "丙山镇")] {
        site.put(&format!("content/{path}/_index.md"), format!("+++\ntitle = \"{title}\"\n[body]\nlevel = \"township\"\n+++\n"));
    }
    for (path, text) in &example.files {
        if path.ends_with(".doc") {
            site.put(path, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]);
        } else {
            site.put(path, text);
        }
    }
    let checked = site.run(&["check", "--format", "json"]);
    let lines = checked.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    // Who is told of a fault is told the next step.
    let silent: Vec<String> = lines
        .clone()
        .filter(|finding| finding["severity"] != "note" && finding["help"].is_null())
        .map(|finding| format!("{} {}", finding["rule"], finding["message"]))
        .collect();
    assert!(silent.is_empty(), "no next step: {silent:?}");
    let mut all: BTreeSet<Marked> = lines
        .map(|finding| {
            let word = |key: &str| finding[key].as_str().unwrap_or_default().to_string();
            (word("file"), finding["line"].as_u64().map(|line| line as usize), word("severity"), word("rule"))
        })
        .collect();
    // A configuration that cannot be read ends the run before there is a list.
    if checked.code == 2 {
        for rule in RULES.iter().filter(|rule| checked.err.contains(&format!("[{}]", rule.code))) {
            all.insert(("config.toml".into(), None, "error".into(), rule.code.into()));
        }
    }
    all
}

fn pages() -> BTreeMap<String, (PathBuf, String)> {
    let mut pages = BTreeMap::new();
    for (name, bytes) in crate::site::tree(&demo().join("docs/checks")) {
        if let Some(code) = name.strip_suffix(".md").filter(|name| name.contains('/')) {
            pages.insert(code.to_string(), (demo().join("docs/checks").join(&name), String::from_utf8(bytes).unwrap()));
        }
    }
    pages
}

/// What stands above a page's own words.
fn head(rule: &gongkai::diag::Rule) -> String {
    let severity = match (rule.severity, rule.always_stops) {
        (_, true) if rule.acceptable => "错误，任何设置都不能放行，只能用 [[accept]] 说明 error, stops until accepted",
        (_, true) => "错误，任何设置都不能放行 error, always stops",
        (gongkai::diag::Severity::Error, _) => "错误 error",
        (gongkai::diag::Severity::Warning, _) => "提示 warning",
        (gongkai::diag::Severity::Note, _) => "说明 note",
    };
    let law = rule.law.map_or(String::new(), |law| format!(" · 依据：{law}"));
    let at = if rule.at { " · [[accept]] 可用 at" } else { "" };
    format!("# {}\n\n**{}** {}\n\n> {severity}{law}{at}\n", rule.code, rule.title, rule.title_en)
}

#[test]
fn every_rule_has_its_page_and_every_page_its_rule() {
    let pages = pages();
    let codes: BTreeSet<String> = RULES.iter().map(|rule| rule.code.to_string()).collect();
    let written: BTreeSet<String> = pages.keys().cloned().collect();
    assert_eq!(written.difference(&codes).collect::<Vec<_>>(), Vec::<&String>::new(), "pages without a rule");
    assert_eq!(codes.difference(&written).collect::<Vec<_>>(), Vec::<&String>::new(), "rules without a page");
    let sources: String = crate::site::tree(&demo().join("tests"))
        .into_values()
        .chain(crate::site::tree(&demo().join("src")).into_values())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    for rule in RULES {
        let (path, text) = &pages[rule.code];
        let (_, rest) = text.split_once("\n> ").and_then(|(top, rest)| Some((top, rest.split_once('\n')?.1))).unwrap_or(("", text));
        let wanted = head(rule) + rest;
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &wanted).unwrap();
        } else {
            assert_eq!(text, &wanted, "{}: run the tests once with UPDATE_DOCS=1", path.display());
        }
        // Found in an example, or by the test that is named.
        let shown = text.contains(&format!(": [{}] -->", rule.code));
        let named = text.split("<!-- test: ").nth(1).and_then(|rest| rest.split(" -->").next());
        assert!(shown || named.is_some_and(|name| sources.contains(&format!("fn {name}("))), "{}: no example and no test", rule.code);
    }
}

#[test]
fn the_index_of_rules_is_current() {
    let families = [
        ("figure", "数字 Figures"),
        ("date", "日期 Days"),
        ("year", "年度和机关 Year and body"),
        ("form", "格式 Form"),
        ("text", "文字 Wording"),
        ("reuse", "雷同 Text taken from elsewhere"),
        ("privacy", "个人信息和保密 Private data and secrecy"),
        ("review", "审核和说明 Approval and accepts"),
        ("link", "链接 Links"),
        ("site", "网站 Site"),
        ("parse", "文件写法 Writing of files"),
    ];
    let mut index = String::from(
        "# 检查规则 What the check finds\n\n每条规则一页：查什么、依据、怎么改、会报和不报的例子。`gongkai explain 编号` 显示同一页。级别可以在 config.toml 里改（docs/config.md）。\n\nOne page a rule, with examples that are tests: in ```` ```check ```` blocks a file begins with `===`; `text` puts lines into the first section of a report\nthat is right in all else, `edit` replaces lines of it, `file` is a whole file; a comment marks the finding that has to be made on its line.\n",
    );
    for (family, title) in families {
        index.push_str(&format!("\n## {title}\n\n"));
        for rule in RULES.iter().filter(|rule| rule.family() == family) {
            index.push_str(&format!("- [{}]({}.md) {} · {}\n", rule.code, rule.code, rule.title, rule.title_en));
        }
    }
    assert!(RULES.iter().all(|rule| families.iter().any(|(family, _)| *family == rule.family())));
    let path = demo().join("docs/checks/README.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, index).unwrap();
    } else {
        assert_eq!(std::fs::read_to_string(path).unwrap(), index, "run the tests once with UPDATE_DOCS=1");
    }
}

#[test]
fn every_example_is_found_as_its_page_says() {
    let mut wrong = Vec::new();
    let only = std::env::var("ONLY").ok();
    for (code, (_, text)) in pages().iter().filter(|(code, _)| only.as_ref().is_none_or(|only| code.contains(only.as_str()))) {
        for (place, block) in text.split("```check\n").skip(1).enumerate() {
            let example = example(block.split("```").next().unwrap());
            let found = match std::panic::catch_unwind(|| found(&example)) {
                Ok(found) => found,
                Err(panic) => {
                    wrong.push(format!("{code} example {}: {}", place + 1, panic.downcast_ref::<String>().cloned().unwrap_or_default()));
                    continue;
                }
            };
            if found != example.expected {
                let unmet: Vec<_> = example.expected.difference(&found).collect();
                let unexpected: Vec<_> = found.difference(&example.expected).collect();
                wrong.push(format!("{code} example {}:\n  not found {unmet:?}\n  unexpected {unexpected:?}", place + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_right_report_has_no_finding_in_any_year() {
    for year in [2010, 2013, 2014, 2018, 2019, 2020, 2021, 2024] {
        let files = BTreeMap::from([(format!("content/yi/{year}.md"), right("乙镇", year))]);
        let found = found(&Example { files, expected: BTreeSet::new(), last_year: year });
        assert_eq!(found, BTreeSet::new(), "{year}\n{}", right("乙镇", year));
    }
}
