//! Content is hostile until proven otherwise.

use crate::site::{Site, report};
use scraper::{Html, Selector};

/// Whether a page holds anything that could run.
#[track_caller]
fn inert(page: &str) {
    let document = Html::parse_document(page);
    for element in document.select(&Selector::parse("*").unwrap()) {
        let value = element.value();
        assert!(!matches!(value.name(), "iframe" | "object" | "embed" | "style" | "math"), "<{}> in {page}", value.name());
        // The one form is the search of the first page.
        assert!(value.name() != "form" || value.attr("role") == Some("search"), "<form> in {page}");
        if value.name() == "script" && value.attr("src").is_some_and(|src| src.contains("assets/site.")) {
            assert_eq!(element.text().count(), 0);
        } else if value.name() == "script" {
            assert_eq!(value.attr("type"), Some("application/ld+json"));
            let json: serde_json::Value = serde_json::from_str(&element.text().collect::<String>()).expect("JSON-LD is whole");
            assert!(json.is_object());
        }
        for (name, text) in value.attrs() {
            assert!(!name.starts_with("on") && name != "style", "{name} in {page}");
            let lower: String = text.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            assert!(!matches!(name, "href" | "src") || !["javascript:", "data:", "vbscript:"].iter().any(|scheme| lower.starts_with(scheme)), "{text}");
        }
    }
}

#[test]
fn html_and_templates_in_texts_are_shown_as_text() {
    let site = Site::small();
    let body = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n{{ get_env(name=\"HOME\") }} {% include \"x\" %}\n\n</main><iframe src=//evil></iframe>\n";
    site.put("content/yi/2024.md", report(2024, "", body));
    site.build(&[]);
    let page = site.page("yi/2024/");
    inert(&page);
    assert!(page.contains("{{ get_env(name=&quot;HOME&quot;) }}") || page.contains("{{ get_env(name=\"HOME\") }}"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn breaking_out_of_titles_and_data_fails() {
    let site = Site::small();
    let hostile = "</script><script>alert(1)</script>\\\"><svg onload=alert(1)>";
    site.put("content/yi/_index.md", format!("+++\ntitle = \"{hostile}\"\n+++\n"));
    site.put("content/yi/2024.md", format!("+++\ntitle = \"{hostile}2024年\"\ndate = 2025-01-02\n[report]\nissuer = \"{hostile}\"\nnumber = \"{hostile}\"\n+++\n\n## {hostile}\n\n```\"><b x=\"\n<b>\n```\n\n|{hostile}|b|\n|-|-|\n|1|2|\n"));
    site.build(&[]);
    for address in ["", "yi/", "yi/2024/", "yi/compare/", "yi/2023-2024/", "years/2024/", "filing/", "bodies/", "data/"] {
        inert(&site.page(address));
    }
    let feed = site.page("yi/atom.xml");
    assert!(!feed.contains("<script>") && !feed.contains("<svg"), "{feed}");
}

#[test]
fn links_that_run_are_refused_with_their_place() {
    for link in [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,1)",
        "[x](vbscript:1)",
        "[x](//evil.example)",
        "![x](javascript:1)",
        "[x][r]\n\n[r]: javascript:1",
        "<javascript:alert(1)>",
        "[x](&#106;avascript:alert(1))",
    ] {
        let site = Site::small();
        site.put("content/yi/2024.md", report(2024, "", &format!("{link}\n")));
        let checked = site.run(&["check", "--format", "json"]);
        assert_eq!(checked.code, 1, "{link}: {}", checked.err);
        let mut lines = checked.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let finding = lines.find(|finding| finding["rule"] == "link/scheme-refused").unwrap_or_else(|| panic!("{link}"));
        assert!(finding["line"].as_u64().unwrap() >= 9, "{link}: {finding}");
    }
}

#[test]
fn broken_links_are_found_and_good_ones_are_not() {
    let site = Site::small();
    let good = "[a](../2023/) [b](../../) [c](/yi/2023/) [d](#overview) [e](../2023/#applications_new) [f](../compare/) [g](https://a.example/x) [h](%E9%99%84.pdf) [i](../figures.csv)\n";
    let bad = "[a](../2022/) [b](/no/) [c](#none) [d](../2023/#none) [e](no.pdf) [f](../../../..)\n";
    site.put("content/yi/2024/附.pdf", "pdf");
    std::fs::remove_file(site.path().join("content/yi/2024.md")).unwrap();
    site.put("content/yi/2024/index.md", report(2024, "", &format!("{good}\n{bad}")));
    let checked = site.run(&["check", "--format", "json"]);
    let rules: Vec<String> = checked
        .out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["rule"].as_str().unwrap().to_string())
        .filter(|rule| rule.starts_with("link/"))
        .collect();
    assert_eq!(rules.len(), 6, "{}", checked.out);
    assert_eq!(rules.iter().filter(|rule| *rule == "link/target-missing").count(), 3);
    assert_eq!(rules.iter().filter(|rule| *rule == "link/anchor-missing").count(), 2);
    site.put("content/yi/2024/index.md", report(2024, "", good));
    site.build(&[]);
    assert_eq!(site.all()["yi/2024/附.pdf"], b"pdf");
}

#[test]
fn spreadsheets_run_nothing() {
    let site = Site::small();
    site.put("content/yi/_index.md", "+++\ntitle = \"=HYPERLINK(1)\"\n+++\n");
    site.put("content/yi/2024.md", "+++\ntitle = \"@SUM(A1)2024年\"\ndate = 2025-01-02\n+++\n");
    site.build(&[]);
    assert!(site.page("data/bodies.csv").contains(",'=HYPERLINK(1),"));
    assert!(site.page("data/reports.csv").contains(",'@SUM(A1)2024年,"));
}

#[test]
fn control_characters_do_not_reach_feeds() {
    let site = Site::small();
    site.put("content/yi/2024.md", report(2024, "", "甲\u{1}\u{b}\u{ffff}乙\n"));
    site.build(&[]);
    let feed = site.page("yi/atom.xml");
    assert!(feed.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)), "{feed:?}");
    assert!(feed.contains("甲乙"));
}

#[test]
fn hidden_files_and_backups_are_not_published() {
    let site = Site::small();
    for name in ["content/.env", "content/yi/.git/config", "content/yi/2024.md~", "content/yi/2024.md.bak", "static/.secret", "static/.git/HEAD"] {
        site.put(name, "canary-7d1f");
    }
    site.put("static/ok.txt", "fine");
    site.build(&[]);
    for (path, bytes) in site.all() {
        assert!(!String::from_utf8_lossy(&bytes).contains("canary-7d1f"), "{path}");
    }
    assert_eq!(site.page("ok.txt"), "fine");
}

#[test]
fn a_site_overrides_single_templates_strings_and_files() {
    let site = Site::small();
    site.put("templates/pages/filing.html", "{% extends \"base.html\" %}{% block main %}<h1>自己的提交页</h1>{% endblock main %}");
    site.put("i18n/zh-CN.toml", "[ui]\nnav_filing = \"谁交了\"\n");
    site.put("static/robots.txt", "User-agent: *\nDisallow: /\n");
    site.put("static/css/9-own.css", "h1 { color: red; }\n");
    site.build(&[]);
    assert!(site.page("filing/").contains("自己的提交页"));
    assert!(site.page("").contains(">谁交了</a>"));
    assert!(site.page("robots.txt").contains("Disallow: /"));
    let css = site.all().into_iter().find(|(path, _)| path.starts_with("assets/site.") && path.ends_with(".css")).unwrap().1;
    assert!(String::from_utf8(css).unwrap().contains("color: red"));
    assert!(site.page("years/2024/").contains("乙镇"));
}

#[test]
fn where_errors_are_reported_is_said_twice() {
    let site = Site::small();
    site.build(&[]);
    assert!(!site.public().join(".well-known").exists());
    site.put("config.toml", "today = 2026-03-01\n[furniture]\nreport_errors_url = \"https://a.example/errors\"\nicp = \"甲ICP备1号\"\n");
    site.build(&["-u", "https://gk.example/"]);
    let text = site.page(".well-known/security.txt");
    assert!(
        text.contains("Contact: https://a.example/errors\n")
            && text.contains("Expires: 2026-12-31")
            && text.contains("Canonical: https://gk.example/.well-known/security.txt"),
        "{text}"
    );
    assert!(site.page("yi/").contains("href=\"https://a.example/errors\"") && site.page("").contains("甲ICP备1号"));
}

#[test]
fn a_site_adds_an_edition_and_an_indicator() {
    let site = Site::small();
    site.put("indicators.toml", "[[indicator]]\nid = \"tea_gardens\"\nname = \"茶园数\"\nname_en = \"Tea gardens\"\nunit = \"个\"\nkind = \"count\"\npart = \"profile\"\nmeaning = \"\"\nmeaning_en = \"\"\n");
    site.put("forms/2027.toml", "edition = \"2027\"\nextends = \"2021\"\nfirst_year = 2027\ndeadline = \"02-15\"\n");
    site.put("content/yi/2024.md", report(2024, "tea_gardens = 12\n", "x\n"));
    site.put("content/yi/2025.md", report(2025, "tea_gardens = 9\n", "x\n").replace("[figures]", "[report]\nform = \"2027\"\n[figures]"));
    site.build(&[]);
    let compare = site.page("yi/compare/");
    assert!(compare.contains("茶园数") && compare.contains("‡"), "{compare}");
    let broken = site.put("forms/2027.toml", "edition = \"2027\"\nextends = \"1999\"\n").run(&["build"]);
    assert_eq!(broken.code, 2, "{}", broken.err);
    assert!(broken.err.contains("forms/2027.toml") && broken.err.contains("1999"), "{}", broken.err);
}

#[test]
fn an_old_address_leads_to_the_new_one() {
    let site = Site::small();
    site.put("content/yi/2024.md", report(2024, "", "x\n").replace("date =", "aliases = [\"old/2024.html\", \"was/here/\"]\ndate ="));
    site.build(&[]);
    for path in ["old/2024.html", "was/here/"] {
        let page = site.page(path);
        assert!(page.contains("yi/2024/") && page.contains("noindex"), "{page}");
    }
    for alias in ["//evil.example/", "../x", "a/../../b", "https://evil.example/", "a%2f..", "C:\\x", ""] {
        let alias = alias.replace('\\', "\\\\");
        site.put("content/yi/2024.md", report(2024, "", "x\n").replace("date =", &format!("aliases = [\"{alias}\"]\ndate =")));
        let checked = site.run(&["check"]);
        assert_eq!(checked.code, 1, "{alias}: {}", checked.err);
    }
}
