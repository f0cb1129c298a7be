//! Search: what the script in the browser finds in the files of a portal, compared with a plain scan of the content.

use crate::site::{Site, copy, demo, report, run, skipped};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

fn node(script: &str) -> Option<Command> {
    if Command::new("node").arg("--version").output().is_err() {
        skipped("the browser's part of search needs node to be tested");
        return None;
    }
    let mut node = Command::new("node");
    node.arg(demo().join("tests/search").join(script));
    Some(node)
}

/// Asks for many strings and compares; none if there is no node.
fn checked(content: &Path, portal: &Path, strings: &str, nowhere: &str) -> Option<Value> {
    let told = run(node("check.cjs")?.arg(content).arg(portal).args([strings, nowhere, "7"]));
    assert_eq!(told.code, 0, "{}{}", told.err, told.out);
    Some(serde_json::from_str(&told.out).unwrap())
}

fn ask(site: &Site, questions: &Value) -> Option<Vec<Value>> {
    let told = run(node("ask.cjs")?.arg(site.public()).arg(questions.to_string()));
    assert_eq!(told.code, 0, "{}", told.err);
    Some(told.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Answers to single questions, in their order.
fn answers(site: &Site, questions: &[&str]) -> Option<Vec<Value>> {
    ask(site, &questions.iter().map(|question| json!({ "q": question })).collect())
}

const TEXT: &str = "推进秸秆禁烧宣传１２次，印发ＡＢc手册。\u{3000}群众满意率 99.5％。\n\n\
    - 㐂田村的𠮷野工程𠮷庆\n- ｶﾞｽ e\u{301}té…：完\n\n|项目|件数|\n|---|--:|\n|甲乙|丙丁|\n\n### （一）其他事项\n\n末尾一段\n接着说。\n";

#[test]
fn strings_are_found_whatever_their_width_and_case_and_only_within_one_text() {
    let site = Site::small();
    site.put("content/yi/2024.md", report(2024, "", TEXT));
    site.build(&[]);
    let found = |question: &str, expected: &[&str]| (question.to_string(), expected.iter().map(|hit| hit.to_string()).collect::<Vec<_>>());
    let cases = [
        found("秸秆禁烧", &["yi/2024#overview 推进[秸秆禁烧]宣传１２次，印发ＡＢc手册。"]),
        found("１２ 次,印发aｂC", &["yi/2024#overview 推进秸秆禁烧宣传[１２次，印发ＡＢc]手册。"]),
        found("99.5%", &["yi/2024#overview 群众满意率 [99.5％]。"]),
        found("烧", &["yi/2024#overview 推进秸秆禁[烧]宣传１２次，印发ＡＢc手册。"]),
        found("𠮷", &["yi/2024#overview 㐂田村的[𠮷]野工程𠮷庆"]),
        found("𠮷庆", &["yi/2024#overview 㐂田村的𠮷野工程[𠮷庆]"]),
        found("ガス", &["yi/2024#overview [ｶﾞｽ] e\u{301}té…：完"]),
        found("ガスÉTÉ...:完", &["yi/2024#overview [ｶﾞｽ e\u{301}té…：完]"]),
        found("末尾一段接着说", &["yi/2024#s-1-1 [末尾一段接着说]。"]),
        found("(一)其他", &["yi/2024#s-1-1 [（一）其他]事项"]),
        found(
            "推进秸秆禁烧宣传12次,印发abc手册。群众满意率99.5%。",
            &["yi/2024#overview [推进秸秆禁烧宣传１２次，印发ＡＢc手册。\u{3000}群众满意率 99.5％。]"],
        ),
        // Across the borders of cells, items, paragraphs, headings.
        found("甲乙丙丁", &[]),
        found("庆ガス", &[]),
        found("完项目", &[]),
        found("事项末尾", &[]),
        found("推进秸秆禁烧宣传13次,印发abc手册。群众满意率99.5%。", &[]),
    ];
    let Some(answers) = answers(&site, &cases.iter().map(|(question, _)| question.as_str()).collect::<Vec<_>>()) else { return };
    for ((question, expected), answer) in cases.iter().zip(answers) {
        assert_eq!(answer["hits"], json!(expected), "{question}: {answer}");
        assert_eq!(answer["count"], expected.len().to_string(), "{question}: {answer}");
    }
}

#[test]
fn filters_and_names() {
    let site = Site::small();
    site.put("content/yi/_index.md", "+++\ntitle = \"乙镇\"\n[body]\nformer_names = [{ title = \"老乙乡\", until = 2012-06-30 }]\n+++\n");
    site.put("content/bing/_index.md", "+++\ntitle = \"丙江镇\"\n+++\n");
    site.put(
        "content/bing/2024.md",
        report(2024, "applications_new = 1\n", "全年公开50条。\n\n## 五、存在的主要问题及改进情况\n\n公开不够。\n")
            .replace("[figures]", "[report]\nnumber = \"丙政发〔2025〕3号\"\n[figures]"),
    );
    site.build(&[]);
    let questions = json!([
        { "q": "公开", "only": { "year": 2023 } },
        { "q": "公开", "only": { "slot": 5 } },
        { "q": "公开不够", "only": { "slot": 1 } },
        { "q": "全年公开", "only": { "from": 1, "to": 2 } },
        { "q": "bjz" },
        { "q": "老乙" },
        { "q": "2024年" },
        { "q": "丙政发[2025]3号" },
        { "q": "新收申请" },
    ]);
    let Some(answers) = ask(&site, &questions) else { return };
    let hits = |place: usize| answers[place]["hits"].as_array().unwrap().iter().map(|hit| hit.as_str().unwrap().split('#').next().unwrap()).collect::<Vec<_>>();
    assert_eq!(hits(0), ["yi/2023"]);
    assert_eq!(hits(1), ["bing/2024"]);
    assert_eq!(hits(2), Vec::<&str>::new());
    assert_eq!(hits(3), ["bing/2024"]);
    let names = |place: usize| answers[place]["names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(names(4), ["body 丙江镇 bing"]);
    assert_eq!(names(5), ["former 老乙乡 yi"]);
    assert_eq!(names(6), ["year 2024 years/2024"]);
    assert_eq!(names(7), ["document 丙政发〔2025〕3号 bing/2024"]);
    assert!(names(8).iter().any(|name| name.starts_with("indicator ") && name.ends_with("indicators/applications_new")), "{:?}", names(8));
}

#[test]
fn the_demonstration_county_is_searched_without_a_miss() {
    let site = Site::small();
    std::fs::remove_dir_all(site.path().join("content")).unwrap();
    copy(&demo().join("content"), &site.path().join("content"));
    site.put("config.toml", std::fs::read_to_string(demo().join("config.toml")).unwrap());
    site.build(&[]);
    let drafts = site.run(&["list", "drafts"]).out;
    assert!(!drafts.is_empty(), "the demonstration has a report that is held back");
    // What is held back is in no content the scan may see.
    for line in drafts.lines() {
        if let Some(file) = line.split_whitespace().find(|word| word.ends_with(".md")) {
            std::fs::remove_file(site.path().join(file.trim_end_matches(':'))).unwrap();
        }
    }
    let Some(sum) = checked(&site.path().join("content"), &site.public(), "400", "80") else { return };
    assert_eq!((sum["missed"].as_u64(), sum["wrong"].as_u64(), sum["counts"].as_u64()), (Some(0), Some(0), Some(0)), "{sum}");
    assert!(sum["first"].as_u64() < Some(60_000), "{sum}");
}

#[test]
fn drafts_are_in_no_file_of_the_search() {
    let site = Site::small();
    site.put("content/yi/2025.md", report(2025, "", "尚未发布的独有字样。\n").replace("date = 2026-01-20", "date = 2026-01-20\ndraft = true"));
    site.build(&[]);
    let Some(answers) = answers(&site, &["独有字样", "未发", "独"]) else { return };
    assert!(answers.iter().all(|answer| answer["hits"] == json!([]) && answer["count"] == "0"), "{answers:?}");
}

#[test]
fn damaged_missing_and_foreign_files_are_said_so() {
    let site = Site::small();
    site.build(&[]);
    let all: Vec<String> = site.all().into_keys().filter(|path| path.starts_with("search/i/") || path.starts_with("search/t/")).collect();
    let file = |kind: &str| site.public().join(all.iter().find(|path| path.starts_with(kind)).unwrap());
    let trouble = || Some(answers(&site, &["全年公开"])?[0]["trouble"].clone());
    let Some(none) = trouble() else { return };
    assert_eq!(none, Value::Null);
    for kind in ["search/i/", "search/t/"] {
        let path = file(kind);
        let bytes = std::fs::read(&path).unwrap();
        for at in [3, bytes.len() / 2, bytes.len() - 1] {
            let mut broken = bytes.clone();
            broken[at] ^= 0x10;
            std::fs::write(&path, &broken).unwrap();
            assert_eq!(trouble().unwrap(), "damaged", "{kind} at {at}");
        }
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert_eq!(trouble().unwrap(), "damaged", "{kind}");
        std::fs::write(&path, b"<html>not here</html>").unwrap();
        assert_eq!(trouble().unwrap(), "damaged", "{kind}");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(trouble().unwrap(), "failed", "{kind}");
        std::fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(trouble().unwrap(), Value::Null);
}

#[test]
fn a_changed_text_changes_few_files_and_threads_none() {
    let site = Site::small();
    for place in 0..60 {
        site.put(&format!("content/b{place}/_index.md"), format!("+++\ntitle = \"第{place}镇\"\n+++\n"));
        let text: String = (0..8_000u32).map(|n| char::from_u32(0x4e00 + (n * n * 31 + n * 7919 + place * 104_729) % 20_000).unwrap()).collect();
        site.put(&format!("content/b{place}/2024.md"), report(2024, "", &format!("{text}。\n")));
    }
    site.build(&["--jobs", "1"]);
    let before = site.all();
    site.build(&["--jobs", "4", "-o", "again"]);
    assert_eq!(crate::site::tree(&site.path().join("again")), before);
    let one = std::fs::read_to_string(site.path().join("content/b7/2024.md")).unwrap();
    site.put("content/b7/2024.md", format!("{one}\n换了一句话。\n"));
    site.build(&[]);
    let after = site.all();
    let search = |path: &&String| path.starts_with("search/") && path.ends_with(".bin");
    let changed = after.iter().filter(|(path, bytes)| search(path) && before.get(*path) != Some(*bytes)).count();
    let total = after.keys().filter(search).count();
    // The block of its text, and a file for each place of the new sentence.
    assert!(total > 20 && (2..=8).contains(&changed), "{changed} of {total}");
}

#[test]
fn without_search_there_is_no_trace_of_it() {
    let site = Site::small();
    site.put("config.toml", "today = 2026-03-01\n[pages]\nsearch = false\n");
    site.build(&[]);
    assert!(!site.all().keys().any(|path| path.starts_with("search/")));
    assert!(!site.page("").contains("search/") && !site.page("yi/").contains("role=\"search\""));
}

#[test]
fn the_page_lists_everything_for_those_without_script() {
    let site = Site::small();
    site.put("content/yi/_index.md", "+++\ntitle = \"乙镇\"\n[body]\nformer_names = [{ title = \"老乙乡\", until = 2012-06-30 }]\n+++\n");
    site.build(&["--relative-urls"]);
    let page = site.page("search/");
    for expected in [
        "href=\"../yi/index.html\">乙镇</a>",
        ">老乙乡</a>",
        "id=\"letter-Y\"",
        "id=\"letter-L\"",
        "years/2024/index.html",
        "indicators/applications_new/index.html",
        "<noscript>",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    assert!(page.contains("action=\"./index.html\"") || page.contains("action=\"index.html\""), "{page}");
    assert!(site.page("").contains("action=\"search/index.html\"") && !page.contains("integrity"));
}
