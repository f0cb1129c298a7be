//! Whatever is wrong, it is said where, and the old portal stays.

use crate::site::{Run, Site, report, skipped};

/// Builds a good portal, breaks the site, builds again: the exit code and words are right and the portal is as it was.
#[track_caller]
fn broken(code: i32, words: &[&str], breaking: impl FnOnce(&Site)) -> Run {
    let site = Site::small();
    site.build(&[]);
    let before = site.all();
    breaking(&site);
    let built = site.run(&["build"]);
    assert_eq!(built.code, code, "{}", built.err);
    for word in words {
        assert!(built.err.contains(word), "`{word}` is not in:\n{}", built.err);
    }
    assert!(site.all() == before, "the old portal changed");
    let left: Vec<String> = std::fs::read_dir(site.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("staging"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    built
}

fn put(text: impl AsRef<[u8]>) -> impl FnOnce(&Site) {
    move |site| {
        site.put("content/yi/2024.md", text);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_not_missing() {
    let site = Site::small();
    site.put("config.toml", "today = 2026-03-01\n[portal]\nlast_year = 2024\n");
    site.put("content/yi/2024.md", "");
    let built = site.run(&["build"]);
    assert!(built.err.contains("parse/empty-file") && !built.err.contains("date/report-missing"), "{}", built.err);
}

#[test]
fn files_that_are_no_reports() {
    broken(1, &["parse/empty-file", "content/yi/2024.md"], put(""));
    broken(1, &["parse/front-matter-missing", "content/yi/2024.md:1:1"], put("# 2024\n"));
    broken(1, &["parse/front-matter-unclosed", "content/yi/2024.md"], put("+++\ntitle = \"x\"\n\ntext\n"));
    broken(1, &["parse/front-matter-syntax", "content/yi/2024.md:2:"], put("+++\ntitle = \n+++\n"));
    broken(1, &["parse/byte-not-utf8", "content/yi/2024.md", "gongkai import"], put(b"+++\ntitle = \"\xd4\xc6\"\n+++\n"));
}

#[test]
fn keys_and_values() {
    broken(1, &["parse/key-unknown", "content/yi/2024.md:3:1", "title"], put("+++\ntitle = \"2024\"\ntitel = 1\n+++\n"));
    broken(1, &["parse/value-type", "content/yi/2024.md:3:"], put("+++\ntitle = \"2024\"\ndate = \"soon\"\n+++\n"));
    broken(1, &["parse/key-missing", "title"], put("+++\ndate = 2025-01-02\n+++\n"));
    broken(1, &["content/yi/2024.md:3:"], put("+++\ntitle = \"2024\"\ndate = 2025-02-30\n+++\n"));
    broken(2, &["config.toml:1:", "parse/key-unknown", "title"], |site| {
        site.put("config.toml", "titel = 1\n");
    });
}

#[test]
fn every_finding_of_a_run_is_said() {
    let built = broken(1, &["parse/key-unknown", "parse/value-type", "site/body-missing"], |site| {
        site.put("content/yi/2024.md", "+++\ntitle = \"2024\"\nx = 1\ndate = 5\n+++\n").put("content/bing/2024.md", report(2024, "", ""));
    });
    assert!(built.err.contains("什么都没有") || built.err.contains("没有发布"), "{}", built.err);
}

#[test]
fn two_claims_of_one_address() {
    broken(1, &["site/address-taken", "2024"], |site| {
        site.put("content/yi/2024/index.md", report(2024, "", ""));
    });
    broken(1, &["site/address-taken", "static/yi/2024/index.html"], |site| {
        site.put("static/yi/2024/index.html", "x");
    });
    broken(1, &["site/address-taken"], |site| {
        site.put("content/yi/2024.md", report(2024, "", "").replace("date =", "aliases = [\"yi/2023/\"]\ndate ="));
    });
    broken(1, &["site/address-taken"], |site| {
        site.put("static/a.txt", "x").put("static/A.TXT", "y");
    });
}

#[test]
fn places_without_a_body() {
    broken(1, &["site/body-missing", "content/bing"], |site| {
        site.put("content/bing/2024.md", report(2024, "", ""));
    });
    broken(1, &["site/address-reserved", "content/years"], |site| {
        site.put("content/years/_index.md", "+++\ntitle = \"x\"\n+++\n");
    });
}

#[test]
fn tables_that_do_not_fit() {
    let table = "|申请人情况|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计|\n|---|--:|--:|--:|--:|--:|--:|--:|\n|一、本年新收政府信息公开申请数量|4|0|0|0|0|0|4|\n|二、上年结转政府信息公开申请数量|0|0|0|0|0|0|\n|三、本年度办理结果（一）予以公开|4|0|0|0|0|0|4|\n|（七）总计|4|0|0|0|0|0|4|\n|四、结转下年度继续办理|0|0|0|0|0|0|0|\n";
    broken(1, &["form/row-length", "content/yi/2024.md:12:"], put(report(2024, "", table)));
    broken(
        1,
        &["form/value-conflict", "本年新收申请"],
        put(report(2024, "applications_new = 5\n", &table.replace("|0|0|0|0|0|0|\n|三", "|0|0|0|0|0|0|0|\n|三"))),
    );
}

#[test]
fn marks_and_line_ends_are_read_with_a_note() {
    let site = Site::small();
    site.put("content/yi/2024.md", format!("\u{feff}{}", report(2024, "applications_new = 7\n", "x\n").replace('\n', "\r\n")));
    let quiet = site.build(&[]);
    assert!(!quiet.err.contains("parse/byte-order-mark"));
    assert!(site.page("yi/2024/").contains(">7<"));
    let noted = site.run(&["-v", "check"]);
    assert_eq!(noted.code, 0);
    assert!(noted.err.contains("parse/byte-order-mark") && noted.err.contains("parse/carriage-return"), "{}", noted.err);
}

#[test]
fn large_and_deep_texts() {
    let site = Site::small();
    site.put("content/yi/2024.md", report(2024, "", &format!("{}\n", "字".repeat(5 * 1024 * 1024 / 3))));
    site.build(&[]);
    assert!(site.page("yi/2024/").len() > 5 * 1024 * 1024);
    broken(4, &["parse/nested-too-deep", "content/yi/2024.md"], put(report(2024, "", &format!("{}x\n", "> ".repeat(10_000)))));
    broken(4, &["parse/file-too-large"], put(vec![b'x'; 33 << 20]));
}

#[cfg(unix)]
#[test]
fn links_pipes_and_locked_files() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    broken(1, &["parse/file-refused", "content/yi/2022.md"], |site| symlink("/etc/passwd", site.path().join("content/yi/2022.md")).unwrap());
    broken(1, &["content/ding"], |site| symlink("/etc", site.path().join("content/ding")).unwrap());
    broken(1, &["parse/file-refused"], |site| {
        assert!(std::process::Command::new("mkfifo").arg(site.path().join("content/yi/2021.md")).status().unwrap().success());
    });
    // Root reads everything; the case is only there for others.
    let probe = tempfile::NamedTempFile::new().unwrap();
    std::fs::set_permissions(probe.path(), std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(probe.path()).is_err() {
        broken(3, &["content/yi/2024.md"], |site| {
            std::fs::set_permissions(site.path().join("content/yi/2024.md"), std::fs::Permissions::from_mode(0o000)).unwrap()
        });
    } else {
        skipped("an unreadable file, since root reads everything");
    }
}

#[test]
fn outputs_that_are_not_ours() {
    let site = Site::small();
    site.build(&[]);
    let before = site.all();
    for (target, code) in [(".", 2), ("content", 2), ("content/yi", 2), ("..", 2), ("/", 2), ("themes", 2)] {
        let built = site.run(&["build", "-o", target]);
        assert_eq!(built.code, code, "{target}: {}", built.err);
    }
    site.put("mine/notes.txt", "keep me");
    let built = site.run(&["build", "-o", "mine"]);
    assert_eq!(built.code, 2, "{}", built.err);
    assert_eq!(std::fs::read_to_string(site.path().join("mine/notes.txt")).unwrap(), "keep me");
    site.put("public/CNAME", "x");
    let built = site.run(&["build"]);
    assert!(built.code == 1 && built.err.contains("CNAME"), "{} {}", built.code, built.err);
    std::fs::remove_file(site.public().join("CNAME")).unwrap();
    assert!(site.all() == before);
    site.put("public/CNAME", "x").put("config.toml", "today = 2026-03-01\n[publish]\nforeign = [\"CNAME\"]\n");
    site.put("content/yi/2024.md", report(2024, "", "changed\n"));
    site.build(&[]);
    assert_eq!(site.page("CNAME"), "x");
}

#[test]
fn broken_templates_name_file_and_line() {
    broken(1, &["templates/pages/report.html:2:", "nosuchfilter"], |site| {
        site.put("templates/pages/report.html", "x\n{{ page.title | nosuchfilter }}\n");
    });
    // What fails only on a page is said for all templates, with the first page of each.
    broken(1, &["templates/pages/report.html:1:", "/yi/2023/", "共 2 页", "templates/pages/filing.html:2:", "/filing/", "2 处"], |site| {
        site.put("templates/pages/report.html", "{{ page.nothing.at.all }}\n").put("templates/pages/filing.html", "x\n{{ page.neither.this }}\n");
    });
    broken(1, &["site/template-broken"], |site| {
        site.put("templates/components/prose.html", "{% include \"components/prose.html\" %}");
    });
    broken(1, &["i18n/zh-CN.toml:2:1", "nav_years"], |site| {
        site.put("i18n/zh-CN.toml", "[ui]\nnav_yeers = \"x\"\n");
    });
}

#[test]
fn front_matter_of_any_kind_never_panics() {
    let texts: Vec<Vec<u8>> = (0..=255u8)
        .map(|byte| vec![byte])
        .chain([
            b"\xef\xbb\xbf".to_vec(),
            b"+++".to_vec(),
            b"+++\n+++".to_vec(),
            b"+++\n+++\n".to_vec(),
            b"++++\n".to_vec(),
            b"\n+++\ntitle=\"x\"\n+++\n".to_vec(),
        ])
        .collect();
    let site = Site::small();
    for (place, text) in texts.iter().enumerate() {
        site.put(&format!("content/yi/{}.md", 1950 + place % 60), text);
        if place % 60 == 59 || place + 1 == texts.len() {
            let checked = site.run(&["check"]);
            assert_eq!(checked.code, 1, "{}", checked.err);
            assert!(!checked.err.contains("panicked"), "{}", checked.err);
        }
    }
}
