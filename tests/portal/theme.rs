//! The theme's own promises: contrast in every scheme, and a style sheet that an old phone can load.

use crate::site::demo;
use std::collections::BTreeMap;

/// What a color token is where its modes hold: `--ink-d: var(--D) #E8ECEF` counts where `--D` is empty, and the plain value where
/// none of the others does.
fn tokens(dark: bool, high: bool) -> BTreeMap<String, String> {
    let css = css("1-tokens.css");
    let root = block(&css, "\n:root");
    let declared: BTreeMap<&str, &str> =
        root.split(';').filter_map(|declaration| declaration.split_once(':')).map(|(name, value)| (name.trim(), value.trim())).collect();
    let mut all = BTreeMap::new();
    for (name, value) in &declared {
        let Some(fallback) = value.rsplit([',', ' ']).next().filter(|last| value.starts_with("var(") && last.contains('#')) else { continue };
        if name.ends_with("-d") || name.ends_with("-h") || name.ends_with("-x") {
            continue;
        }
        // The order in which the sheet itself asks: `var(--ink-x, var(--ink-h, var(--ink-d, #16202A)))`.
        let asked = value.matches("var(").count();
        let mut chosen = fallback.trim_end_matches(')').to_string();
        let names: Vec<&str> = value.split("var(").skip(1).map(|part| part.split(',').next().unwrap().trim()).collect();
        assert_eq!(names.len(), asked);
        for variant in names.iter().rev() {
            let value = declared.get(variant).unwrap_or_else(|| panic!("no {variant}"));
            let holds = (!value.contains("var(--D)") || dark) && (!value.contains("var(--H)") || high);
            if holds {
                chosen = value.rsplit(' ').next().unwrap().to_string();
            }
        }
        all.insert(name.to_string(), chosen);
    }
    all
}

fn luminance(color: &str) -> f64 {
    let hex = color.trim_start_matches('#');
    let hex: String = if hex.len() == 3 { hex.chars().flat_map(|digit| [digit, digit]).collect() } else { hex.to_string() };
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn css(name: &str) -> String {
    std::fs::read_to_string(demo().join("themes/default/static/css").join(name)).unwrap()
}

/// The declarations of the first block after a mark.
fn block<'c>(css: &'c str, mark: &str) -> &'c str {
    let start = css.find(mark).unwrap_or_else(|| panic!("no {mark}"));
    let open = start + mark.len() + css[start + mark.len()..].find('{').map_or(0, |at| at + 1);
    &css[open..open + css[open..].find('}').unwrap()]
}

#[test]
fn text_is_readable_in_every_scheme() {
    let schemes = [("light", tokens(false, false)), ("dark", tokens(true, false)), ("high", tokens(false, true)), ("high dark", tokens(true, true))];
    assert_eq!(schemes[1].1["--ink"], "#E8ECEF");
    assert_eq!(schemes[3].1["--link"], "#8FD8FF");
    for (name, scheme) in &schemes {
        for text in ["--ink", "--muted", "--link", "--visited", "--rise", "--fall", "--warn", "--stop"] {
            let on_paper = contrast(&scheme[text], &scheme["--paper"]);
            assert!(on_paper >= 7.0, "{name}: {text} on paper is {on_paper:.1}");
            for ground in ["--surface", "--sunk"] {
                let ratio = contrast(&scheme[text], &scheme[ground]);
                assert!(ratio >= 4.5, "{name}: {text} on {ground} is {ratio:.1}");
            }
        }
        for (text, ground) in [
            ("--warn", "--tint-warn"),
            ("--ink", "--tint-ins"),
            ("--ink", "--tint-del"),
            ("--muted", "--tint-del"),
            ("--ink", "--tint-hit"),
            ("--link", "--tint-hit"),
            ("--ink", "--tint-warn"),
            ("--link", "--tint-warn"),
        ] {
            let ratio = contrast(&scheme[text], &scheme[ground]);
            assert!(ratio >= 4.5, "{name}: {text} on {ground} is {ratio:.1}");
        }
        assert!(contrast(&scheme["--edge"], &scheme["--paper"]) >= 3.0, "{name}: edges");
        // One of outline and ring shows on any ground.
        for ground in ["--paper", "--surface", "--sunk"] {
            assert!(contrast(&scheme["--focus"], &scheme[ground]) >= 3.0, "{name}: focus on {ground}");
        }
    }
}

#[test]
fn the_style_sheet_loads_nothing_and_is_small() {
    let mut all = String::new();
    for entry in std::fs::read_dir(demo().join("themes/default/static/css")).unwrap() {
        all.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    assert!(!all.contains("url(") && !all.contains("@import"), "a style sheet that loads more");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, all.as_bytes()).unwrap();
    let packed = packed.finish().unwrap().len();
    assert!(packed <= 10_000, "{packed} bytes on the wire");
    let important = all.matches("!important").count();
    let print = css("6-print.css").matches("!important").count();
    assert_eq!(important, print, "!important only in print");
}

#[test]
fn pages_carry_the_tags_of_government_websites() {
    let site = crate::site::Site::small();
    site.put("config.toml", "today = 2026-03-01\nbase_url = \"https://www.jia.gov.cn/nb/\"\n[furniture]\nsite_id = \"4300000001\"\n");
    site.build(&[]);
    let report = site.page("yi/2024/");
    for tag in [
        "<meta name=\"SiteName\" content=\"",
        "<meta name=\"SiteDomain\" content=\"www.jia.gov.cn\">",
        "<meta name=\"SiteIDCode\" content=\"4300000001\">",
        "<meta name=\"ArticleTitle\" content=\"乙镇2024年政府信息公开工作年度报告\">",
        "<meta name=\"PubDate\" content=\"2025-01-20\">",
        "<meta name=\"ContentSource\" content=\"乙镇\">",
        "<meta name=\"Url\" content=\"https://www.jia.gov.cn/nb/yi/2024/\">",
    ] {
        assert!(report.contains(tag), "{tag}\n{report}");
    }
    let filing = site.page("filing/");
    assert!(filing.contains("<meta name=\"ColumnName\" content=\"提交情况\">") && filing.contains("ColumnDescription") && !filing.contains("ArticleTitle"));
}
