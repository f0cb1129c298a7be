//! `init`, `new`, `check`, `list`.

use crate::site::{Site, demo, gongkai, report, run};

#[test]
fn a_new_site_builds_with_no_edits() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let made = run(gongkai().arg("init").arg(&site));
    assert_eq!(made.code, 0, "{}", made.err);
    let built = run(gongkai().arg("build").arg("-r").arg(&site));
    assert_eq!(built.code, 0, "{}", built.err);
    assert!(site.join("public/xizhen/2024/index.html").exists());
    let again = run(gongkai().arg("init").arg(&site));
    assert_eq!(again.code, 2);
    assert!(again.err.contains("config.toml"), "{}", again.err);
}

#[test]
fn a_draft_has_the_form_and_last_years_balances() {
    let site = Site::small();
    let table = "|申请人情况|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计|\n|---|--:|--:|--:|--:|--:|--:|--:|\n|一、本年新收政府信息公开申请数量|4|0|0|0|0|0|4|\n|二、上年结转政府信息公开申请数量|0|0|0|0|0|0|0|\n|三、本年度办理结果（一）予以公开|1|0|0|0|0|0|1|\n|（七）总计|1|0|0|0|0|0|1|\n|四、结转下年度继续办理|3|0|0|0|0|0|3|\n";
    site.put("content/yi/2024.md", report(2024, "", table));
    let made = site.run(&["new", "yi", "2025"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let text = std::fs::read_to_string(site.path().join("content/yi/2025.md")).unwrap();
    assert!(text.contains("draft = true") && text.contains("## 三、收到和处理政府信息公开申请情况"), "{text}");
    assert!(text.contains("|二、上年结转政府信息公开申请数量|3|0|0|0|0|0|3|") && text.contains("|一、本年新收政府信息公开申请数量||||||||"), "{text}");
    let checked = site.run(&["check", "-v"]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert_eq!(checked.err.matches("form/cells-empty").count(), 1, "{}", checked.err);
    assert_eq!(site.run(&["new", "yi", "2025"]).code, 2, "an existing file is never replaced");
    let lost = site.run(&["new", "yii", "2025"]);
    assert!(lost.code == 2 && lost.err.contains("`yi`"), "{}", lost.err);
    site.build(&[]);
    assert!(!site.public().join("yi/2025").exists());
}

#[test]
fn findings_as_json_are_alone_on_standard_output() {
    let site = Site::small();
    site.put("content/yi/2024.md", "+++\ntitle = \"2024\"\nnope = 1\n+++\n");
    let checked = site.run(&["check", "--format", "json"]);
    let lines = checked.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("one object on one line"));
    let finding = lines.into_iter().find(|finding| finding["rule"] == "parse/key-unknown").expect("the unknown key");
    assert_eq!(
        (finding["rule"].as_str(), finding["file"].as_str(), finding["line"].as_u64(), finding["column"].as_u64()),
        (Some("parse/key-unknown"), Some("content/yi/2024.md"), Some(3), Some(1))
    );
    for key in ["id", "rule", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "law", "related"] {
        assert!(finding.get(key).is_some(), "{key}");
    }
    assert!(!site.public().exists(), "check writes nothing");
}

#[test]
fn lists_say_what_is_there_and_what_is_not() {
    let list = |what: &str| {
        let listed = run(gongkai().args(["list", what, "-r"]).arg(demo()));
        assert_eq!(listed.code, 0, "{}", listed.err);
        listed.out
    };
    assert!(list("bodies").contains("/yunxi\t云溪镇\ttownship\t14\n"));
    assert!(list("reports").contains("content/yunxi/2024.md\t2024\t2025-01-20\t2021\t"));
    assert_eq!(list("missing"), "/songling\t松岭乡\t2020\t2021-01-31\n");
    assert_eq!(list("late"), "/baita\t白塔镇\t2022\t2023-01-31\t17\n");
    assert_eq!(list("drafts"), "content/baita/2025.md\tdraft\n");
    assert!(list("indicators").contains("applications_new\t本年新收申请\t件\n"));
    assert!(list("rules").lines().count() > 30 && list("rules").contains("parse/key-unknown\terror\t"));
    assert!(list("pages").contains("/yunxi/2023-2024/\n"));
}

#[test]
fn the_indicator_page_of_the_docs_is_current() {
    let listed = run(gongkai().args(["list", "indicators", "-r"]).arg(demo()));
    let docs = std::fs::read_to_string(demo().join("docs/indicators.md")).expect("docs/indicators.md is there");
    let table: String = listed.out.lines().map(|line| format!("|{}|\n", line.replacen('\t', "`|", 1).replacen('\t', "|", 1)).replacen('|', "|`", 1)).collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let head = docs.split("|`").next().unwrap().to_string();
        std::fs::write(demo().join("docs/indicators.md"), head + &table).unwrap();
        return;
    }
    assert!(docs.ends_with(&table), "docs/indicators.md is out of date: run the tests once with UPDATE_DOCS=1");
}

#[test]
fn the_canonical_tables_of_the_docs_are_what_is_written() {
    use gongkai::draft::{canonical_table, keys};
    let path = demo().join("docs/format.md");
    let docs = std::fs::read_to_string(&path).unwrap();
    let registry = gongkai::model::Registry::built_in();
    let mut printed = String::new();
    for form in registry.forms().iter().filter(|form| !form.tables.is_empty()) {
        printed.push_str(&format!("\n### {}\n", form.title));
        for table in &form.tables {
            let keys = keys(table);
            let number = |key| (1 + keys.iter().position(|known| *known == key).unwrap()).to_string();
            printed.push_str(&format!("\n{}\n\n```\n{}```\n", table.title, canonical_table(table, &registry, &number)));
        }
    }
    let marker = "the_canonical_tables -->\n";
    let at = docs.find(marker).unwrap() + marker.len();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{}{printed}", &docs[..at])).unwrap();
        return;
    }
    assert_eq!(&docs[at..], printed, "docs/format.md is out of date: run the tests once with UPDATE_DOCS=1");
}

#[test]
fn the_reports_and_settings_of_the_docs_are_read() {
    let fenced = |file: &str| -> Vec<String> {
        let text = std::fs::read_to_string(demo().join("docs").join(file)).unwrap();
        text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_string()).collect()
    };
    let registry = gongkai::model::Registry::built_in();
    let settings = &fenced("config.md")[0];
    let (config, found) = gongkai::config::read("docs/config.md", settings, &registry);
    assert!(found.is_empty(), "{found:?}");
    let shown = |config: &gongkai::config::Config| format!("{config:#?}").lines().map(str::to_string).collect::<Vec<_>>();
    let (set, plain) = (shown(&config), shown(&gongkai::config::Config::default()));
    // Every field but those whose documented value is the default differs from it; the foot is looked at by itself.
    assert!(!format!("{:?}", config.furniture).contains("None"));
    let fields = |lines: &[String]| {
        lines.iter().filter(|line| line.starts_with("    ") && !line.starts_with("     ") && line.contains(':')).cloned().collect::<Vec<_>>()
    };
    let same: Vec<String> = fields(&plain).into_iter().filter(|line| fields(&set).contains(line)).collect();
    assert_eq!(
        same.iter().map(|line| line.trim().split(':').next().unwrap()).collect::<Vec<_>>(),
        ["theme", "default_language", "output_dir", "fail_on", "server_files", "hsts", "furniture"]
    );
    let site = Site::small();
    let examples = fenced("format.md");
    site.put("content/qinghe/_index.md", "+++\ntitle = \"青河镇\"\n+++\n");
    site.put("content/yunxi/_index.md", &examples[0]);
    site.put("content/yunxi/2024.md", &examples[1]);
    let checked = site.run(&["check"]);
    assert_eq!(checked.code, 0, "{}", checked.err);
}

#[test]
fn published_pages_come_in_as_content() {
    let site = Site::small();
    let page = "<html><body><div class=\"nav\">首页 新闻 公告</div><h1>丙镇2022年政府信息公开工作年度报告</h1><p>发布时间：2023-01-15</p><p>根据《中华人民共和国政府信息公开条例》，编制本报告。</p><h2>一、总体情况</h2><p>全年主动公开政府信息88条。</p><h2>二、主动公开政府信息情况</h2><p>无。</p></body></html>";
    site.put("in/report.html", page);
    let dry = site.run(&["import", "in/report.html", "--into", "content", "--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.err);
    assert_eq!(std::fs::read_dir(site.path().join("content")).unwrap().count(), 2, "a dry run writes nothing");
    let json = site.run(&["import", "in", "--dry-run", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_str(json.out.lines().next().unwrap()).unwrap();
    assert_eq!((read["year"].as_i64(), read["body"].as_str(), read["published"].as_str()), (Some(2022), Some("丙镇"), Some("2023-01-15")));
    let sheet = site.run(&["import", "in", "--dry-run", "--report", "review.html"]);
    let review = std::fs::read_to_string(site.path().join("review.html")).unwrap();
    assert!(review.starts_with("<!doctype html>") && review.contains("导入核对单") && !review.contains("http"), "{}{review}", sheet.err);
    assert!(review.contains("<h2>") && review.contains("该有而没有的") && review.contains("全年主动公开政府信息88条"), "{review}");
    assert_eq!(site.run(&["import", "in/report.html"]).code, 2, "nowhere to put it");
    let made = site.run(&["import", "in/report.html", "--into", "content", "--slug", "bing"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let file = site.path().join("content/bing/2022.md");
    assert!(std::fs::read_to_string(&file).unwrap().contains("全年主动公开政府信息88条"));
    // An edited file is replaced only when asked for, and its text stays beside it.
    let edited = std::fs::read_to_string(&file).unwrap().replace("88", "89");
    std::fs::write(&file, &edited).unwrap();
    site.put("in/report.html", page.replace("88", "90"));
    site.run(&["import", "in/report.html", "--into", "content"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), edited);
    let replaced = site.run(&["import", "in/report.html", "--into", "content", "--replace"]);
    assert_eq!(replaced.code, 0, "{}{}", replaced.out, replaced.err);
    assert!(std::fs::read_to_string(&file).unwrap().contains("90条"));
    site.build(&[]);
    assert!(site.page("bing/2022/").contains("全年主动公开政府信息90条") && !site.page("bing/2022/").contains("首页 新闻 公告"));
    assert_eq!(site.run(&["import", "in/none.html", "--into", "content"]).code, 1);
}
