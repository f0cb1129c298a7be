//! Each flag changes what is observed.

use crate::site::{Site, gongkai, report, run};

#[test]
fn root_and_config_and_output() {
    let site = Site::small();
    let elsewhere = tempfile::tempdir().unwrap();
    let built = run(gongkai().args(["build", "-r"]).arg(site.path()).current_dir(elsewhere.path()));
    assert_eq!(built.code, 0, "{}", built.err);
    assert!(site.public().join("index.html").exists());
    assert_ne!(run(gongkai().arg("build").current_dir(elsewhere.path())).code, 0);
    site.put("other.toml", "today = 2026-03-01\ntitle = \"另一个名字\"\n");
    site.build(&["-c", "other.toml"]);
    assert!(site.page("").contains("另一个名字"));
    site.build(&[]);
    assert!(!site.page("").contains("另一个名字"));
    let out = elsewhere.path().join("portal");
    site.build(&["-o", out.to_str().unwrap()]);
    assert!(out.join("yi/2024/index.html").exists());
}

#[test]
fn base_url_makes_full_addresses() {
    let site = Site::small();
    site.build(&[]);
    assert!(!site.page("yi/2024/").contains("rel=\"canonical\"") && !site.public().join("sitemap.xml").exists());
    site.build(&["-u", "https://a.example/gk"]);
    assert!(site.page("yi/2024/").contains("<link rel=\"canonical\" href=\"https://a.example/gk/yi/2024/\">"));
    assert!(site.page("sitemap.xml").contains("<loc>https://a.example/gk/yi/2024/</loc>"));
    assert!(site.page("atom.xml").contains("https://a.example/gk/yi/2024/"));
    assert!(site.page("robots.txt").contains("https://a.example/gk/sitemap.xml"));
    assert!(site.page("404.html").contains("href=\"/gk/"));
    assert_eq!(site.run(&["build", "-u", "a.example"]).code, 2);
}

#[test]
fn drafts_are_shown_when_asked_for() {
    let site = Site::small();
    site.put("content/yi/2025.md", report(2025, "", "草稿里的话\n").replace("date =", "draft = true\ndate ="));
    let built = site.build(&[]);
    assert!(built.err.contains("未发布 content/yi/2025.md") && !site.public().join("yi/2025").exists());
    site.build(&["--drafts"]);
    assert!(site.page("yi/2025/").contains("草稿里的话"));
    // What is wrong with a draft stays with the clerk.
    let table = "|第二十条第（一）项||||\n|---|--:|--:|--:|\n|信息内容|本年制发件数|本年废止件数|现行有效件数|\n|规章|777|0|0|\n";
    site.put("content/yi/2025.md", report(2025, "", table).replace("date =", "draft = true\ndate ="));
    assert!(site.build(&[]).err.contains("figure/regulation-by-township"));
    assert!(!site.page("data/findings.csv").contains("2025"));
    site.put("content/yi/2024.md", report(2024, "", &table.replace("777", "3")));
    site.build(&[]);
    assert!(site.page("data/findings.csv").contains("figure/regulation-by-township,warning,content/yi/2024.md,12,"), "{}", site.page("data/findings.csv"));
}

#[test]
fn relative_urls_name_files_and_carry_no_integrity() {
    let site = Site::small();
    site.build(&[]);
    assert!(site.page("yi/").contains("href=\"2024/\"") && site.page("yi/").contains("integrity="));
    site.build(&["--relative-urls"]);
    assert!(site.page("yi/").contains("href=\"2024/index.html\"") && !site.page("yi/").contains("integrity="));
}

#[test]
fn the_day_decides_what_is_missing() {
    let site = Site::small();
    site.put("content/yi/2025.md", report(2025, "", "x\n").replace("2026-01-20", "2026-05-05"));
    site.build(&["--clock", "2026-01-15"]);
    assert!(site.page("filing/").contains("截至2026-01-15") && site.page("yi/").contains("未发布"));
    site.build(&["--clock", "2026-06-01"]);
    assert!(site.page("yi/2025/").contains("逾期94天") && site.page("filing/").contains("截至2026-06-01"));
    // The environment comes after the flag and before the configuration. A folder of its own each: a day alone is not published.
    let day = |arguments: &[&str], folder: &str| {
        let built = run(gongkai().args(arguments).args(["-o", folder]).env("SOURCE_DATE_EPOCH", "1785600000").current_dir(site.path()));
        assert_eq!(built.code, 0, "{}", built.err);
        std::fs::read_to_string(site.path().join(folder).join("filing/index.html")).unwrap()
    };
    assert!(day(&["build"], "one").contains("截至2026-08-02"));
    assert!(day(&["build", "--clock", "2026-06-02"], "two").contains("截至2026-06-02"));
    let late = |epoch: &str| run(gongkai().args(["list", "missing"]).env("SOURCE_DATE_EPOCH", epoch).current_dir(site.path()));
    assert_eq!(late("1785600000").out, "");
    assert!(late("1803000000").out.contains("/yi\t乙镇\t2026\t"), "the day counts for every verb");
    assert_eq!(late("soon").code, 2);
}

#[test]
fn a_day_alone_publishes_nothing() {
    let site = Site::small();
    site.build(&["--clock", "2026-03-01"]);
    let before = site.all();
    let built = site.build(&["--clock", "2026-03-02"]);
    assert!(built.err.contains("只有日期不同") && site.all() == before, "{}", built.err);
    // A day on which something becomes late, or a page that changed with it, is published.
    site.put("i18n/zh-CN.toml", "[ui]\ncolophon = \"别的话\"\n");
    site.build(&["--clock", "2026-03-02"]);
    assert!(site.page("filing/").contains("截至2026-03-02"));
    site.put("content/yi/2025.md", report(2025, "", "x\n").replace("2026-01-20", "2026-03-03"));
    site.build(&["--clock", "2026-03-03"]);
    assert!(site.page("yi/2025/").contains("逾期31天"));
}

#[test]
fn jobs_are_counted() {
    let site = Site::small();
    assert_eq!(site.run(&["build", "--jobs", "0"]).code, 2);
    assert_eq!(site.run(&["build", "--jobs", "x"]).code, 2);
    assert!(site.build(&["-v", "--jobs", "3"]).err.contains("用 3 个线程"));
    let cores = std::thread::available_parallelism().unwrap();
    assert!(site.build(&["-v"]).err.contains(&format!("用 {cores} 个线程")));
}

#[test]
fn languages_of_messages() {
    let site = Site::small();
    assert!(site.build(&[]).err.contains("读取 2 个机关"));
    assert!(site.build(&["--lang", "en"]).err.contains("Read 2 bodies"));
}

#[test]
fn quiet_and_verbose() {
    let site = Site::small();
    assert_eq!(site.build(&["-q"]).err, "");
    site.put("content/yi/2024.md", report(2024, "", "<b>x</b>\n"));
    assert!(!site.run(&["check"]).err.contains("parse/html-shown-as-text"));
    assert!(site.run(&["check", "-v"]).err.contains("parse/html-shown-as-text"));
    site.put("content/yi/2024.md", "");
    assert!(site.run(&["build", "-q"]).err.contains("parse/empty-file"), "errors are never quiet");
}

#[test]
fn color_only_when_wanted() {
    let site = Site::small();
    site.put("content/yi/2024.md", "");
    assert!(!site.run(&["check"]).err.contains("\u{1b}["));
    assert!(site.run(&["check", "--color", "always"]).err.contains("\u{1b}["));
    assert!(!site.run(&["check", "--color", "never"]).err.contains("\u{1b}["));
}

#[test]
fn two_renames_publish_too() {
    let site = Site::small();
    site.build(&["--two-renames"]);
    site.put("content/yi/2024.md", report(2024, "", "neu\n"));
    site.build(&["--two-renames"]);
    assert!(site.page("yi/2024/").contains("neu"));
}

#[test]
fn timings_name_every_stage_and_change_nothing() {
    let site = Site::small();
    site.build(&[]);
    let plain = site.all();
    let told = site.build(&["--timings", "-q", "--lang", "en"]).err;
    for stage in ["gather", "check", "indexes", "plan", "emit", "inspect", "write", "search", "lists", "publish"] {
        let line = told.lines().find(|line| line.contains(&format!("{stage}: "))).unwrap_or_else(|| panic!("no {stage}: {told}"));
        assert!(line.split_whitespace().any(|word| word.parse::<f64>().is_ok_and(|time| time >= 0.0)), "{line}");
    }
    assert_eq!(site.all(), plain);
    assert!(!site.build(&["-v", "--lang", "en"]).err.contains("gather: "));
}

#[test]
fn unknown_verbs_and_flags_are_usage_errors() {
    let site = Site::small();
    for arguments in
        [&["frobnicate"][..], &["verify"], &["build", "--no-such-flag"], &["build", "--clock", "soon"], &["list", "nothing"], &["new", "yi", "20x4"], &[]]
    {
        assert_eq!(site.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn warnings_can_be_denied_and_thresholds_moved() {
    let site = Site::small();
    let table = "|统计指标|单位|统计数|\n|---|---|--:|\n|主动公开政府信息数|条|4|\n|政府网站公开政府信息数|条|4|\n|收到申请数|件|1|\n|不认识的行|件|9|\n";
    site.put("content/yi/2016.md", report(2016, "", table));
    let checked = site.run(&["check"]);
    assert!(checked.code == 0 && checked.err.contains("form/row-unknown"), "{}", checked.err);
    assert_eq!(site.run(&["check", "--deny", "warnings"]).code, 1);
    site.put("config.toml", "today = 2026-03-01\n[check]\nfail_on = \"warning\"\n");
    assert_eq!(site.run(&["check"]).code, 1);
    site.put("config.toml", "today = 2026-03-01\n[check]\nfail_on = \"warning\"\n[check.severity]\n\"form/row-unknown\" = \"off\"\n");
    assert!(!site.run(&["check"]).err.contains("form/row-unknown"));
    site.put(
        "config.toml",
        "today = 2026-03-01\n[[check.override]]\nrule = \"form/row-unknown\"\nbody = \"yi\"\nyears = \"2014..2018\"\nseverity = \"error\"\n",
    );
    assert_eq!(site.run(&["check"]).code, 1);
}

#[test]
fn approvals_are_asked_for() {
    let site = Site::small();
    site.put("config.toml", "today = 2026-03-01\n[review]\nrequired_from = 2025-01-01\n");
    let built = site.build(&[]);
    assert!(built.err.contains("未发布 content/yi/2024.md") && !site.public().join("yi/2024").exists(), "{}", built.err);
    assert!(site.public().join("yi/2023").exists());
    assert!(site.page("yi/").contains("未发布"));
}

#[test]
fn texts_get_compressed_siblings_when_asked_for() {
    use std::io::Read as _;
    let site = Site::small();
    site.build(&[]);
    assert!(!site.all().keys().any(|path| path.ends_with(".gz")));
    site.put("config.toml", "today = 2026-03-01\n[pages]\nprecompress = true\n");
    site.put("static/list.csv", "甲,乙\n".repeat(200)).put("static/list.csv.gz", "the author's own").put("static/noise.bin", [7u8; 4096]);
    site.build(&[]);
    let files = site.all();
    let sums = site.page("SHA256SUMS");
    let mut siblings = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with(".gz") && !matches!(path.as_str(), "SHA256SUMS" | "gongkai.json" | "list.csv")) {
        let text = ["html", "css", "csv", "json", "xml", "txt", "js", "svg"].contains(&path.rsplit('.').next().unwrap());
        let sibling = files.get(&format!("{path}.gz"));
        assert_eq!(sibling.is_some(), text && bytes.len() >= 1024, "{path}");
        if let Some(sibling) = sibling {
            let mut back = Vec::new();
            flate2::read::GzDecoder::new(sibling.as_slice()).read_to_end(&mut back).unwrap();
            assert!(back == *bytes && sums.contains(&format!("  {path}.gz\n")), "{path}");
            siblings += 1;
        }
    }
    assert!(siblings > 20, "{siblings}");
    assert_eq!(files["list.csv.gz"], b"the author's own");
    let again = site.build(&[]);
    assert!(again.err.contains("没有改动"), "{}", again.err);
}
