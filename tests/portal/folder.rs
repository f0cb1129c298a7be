//! A portal without a server, opened from a folder in a real browser. Without Chromium the test is skipped.

use crate::site::{Site, copy, demo, skipped};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a browser made of a file: the page as it stands after its scripts, and what it complained of.
fn opened(file: &Path, profile: &Path) -> Option<(String, Vec<String>)> {
    let run = |program: &str| {
        let mut command = Command::new(program);
        command.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom"]);
        command.arg(format!("--user-data-dir={}", profile.display())).arg(format!("file://{}", file.display()));
        command.stdin(Stdio::null()).output()
    };
    let Some(ran) = ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|program| run(program).ok()) else {
        skipped("no Chromium");
        return None;
    };
    let complaints = String::from_utf8_lossy(&ran.stderr).lines().filter(|line| line.contains(":CONSOLE")).map(str::to_string).collect();
    Some((String::from_utf8_lossy(&ran.stdout).into_owned(), complaints))
}

fn portal(arguments: &[&str]) -> Site {
    let site = Site::small();
    std::fs::remove_dir_all(site.path().join("content")).unwrap();
    for part in ["content", "themes"] {
        copy(&demo().join(part), &site.path().join(part));
    }
    site.put("config.toml", std::fs::read(demo().join("config.toml")).unwrap());
    // A script of report pages and a last line of the style sheet tell that both were taken.
    site.put("static/css/9-probe.css", ":root { --probe: applied; }\n");
    site.put(
        "static/js/report.js",
        "document.documentElement.dataset.probe = getComputedStyle(document.documentElement).getPropertyValue(\"--probe\").trim();\n",
    );
    site.build(arguments);
    site
}

#[test]
fn a_portal_opens_from_a_folder() {
    let site = portal(&["--relative-urls"]);
    let profile = tempfile::tempdir().unwrap();
    for page in ["", "yunxi/", "yunxi/2024/", "yunxi/compare/", "yunxi/2023-2024/", "years/2024/", "indicators/applications_new/", "filing/", "data/"] {
        let Some((dom, complaints)) = opened(&site.public().join(page).join("index.html"), profile.path()) else { return };
        assert!(dom.contains("<main"), "{page}: {dom}");
        assert!(complaints.is_empty(), "{page}: {complaints:#?}");
        assert_eq!(dom.contains("data-probe=\"applied\""), page == "yunxi/2024/", "{page}: style sheet or script was not taken");
    }
    // The test can see a refusal: pages made for a server carry digests, which browsers refuse on file://.
    let served = portal(&[]);
    let (dom, complaints) = opened(&served.public().join("yunxi/2024/index.html"), profile.path()).unwrap();
    assert!(complaints.iter().any(|line| line.contains("integrity")) && !dom.contains("data-probe"), "{complaints:#?}");
}
