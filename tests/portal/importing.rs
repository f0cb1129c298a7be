//! `gongkai import` as a clerk runs it: what stands on the screen, what standard input is, names of files, runs that are cut short.

use crate::site::{Run, Site, gongkai, run, tree};
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

fn report(town: &str, year: i32) -> String {
    format!(
        "{town}{year}年政府信息公开工作年度报告\n发布时间：{}-01-20\n一、概述\n全年主动公开政府信息12条，写在这里。\n二、依申请公开\n收到申请3件。\n{town}人民政府\n{}年1月15日\n",
        year + 1,
        year + 1
    )
}

fn with_input(site: &Site, arguments: &[&str], text: &str) -> Run {
    let mut child = gongkai().args(arguments).current_dir(site.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn standard_input_is_a_file() {
    let site = Site::small();
    let text = report("丙镇", 2014);
    let json = with_input(&site, &["import", "-", "--dry-run", "--format", "json"], &text);
    let read: serde_json::Value = serde_json::from_str(json.out.trim()).unwrap();
    assert_eq!((read["source"].as_str(), read["body"].as_str(), read["year"].as_i64()), (Some("-"), Some("丙镇"), Some(2014)));
    let made = with_input(&site, &["import", "-", "--into", "content"], &text);
    assert_eq!(made.code, 0, "{}", made.err);
    let file = std::fs::read_to_string(site.path().join("content/bz/2014.md")).unwrap();
    assert!(file.contains("file = \"stdin\"") && file.contains("proactive_disclosed_total = 12"), "{file}");
    // The same words from a file are the same source.
    site.put("in/a.txt", &text);
    assert!(site.run(&["import", "in/a.txt", "--into", "content"]).out.contains("没有改动"));
    let empty = with_input(&site, &["import", "-", "--dry-run"], "");
    assert_eq!((empty.code, empty.err.contains("文件是空的")), (1, true), "{}", empty.err);
}

/// One report is shown whole; of many each is a line, and a sum ends the run.
#[test]
fn many_files_do_not_flood_the_screen() {
    let site = Site::small();
    for year in 2008..2018 {
        site.put(&format!("in/{year}.txt"), report("丙镇", year));
    }
    site.put("in/empty.docx", "");
    let one = site.run(&["import", "in/2014.txt", "--dry-run"]);
    assert!(one.out.contains("主动公开政府信息数：12条 “全年主动公开政府信息12条”（第 4 行）"), "{}", one.out);
    // What asks stands last, where the eye is.
    assert!(one.out.find("未导入：") < one.out.find("该有而没有的："), "{}", one.out);
    let many = site.run(&["import", "in", "--into", "content"]);
    assert_eq!((many.code, many.out.lines().count()), (1, 12), "{}", many.out);
    assert!(many.out.contains("in/2014.txt：已写入 bz/2014.md；待核 0，补读和修复 0，该有而没有 1\n"), "{}", many.out);
    assert!(many.out.contains("共 10 份报告：写入 10，没有改动 0，另存待放 0；有要核对的 10 份。读不出的文件 1 个。"), "{}", many.out);
    assert!(many.err.contains("empty.docx") && many.out.contains("--report"), "{}{}", many.err, many.out);
    let whole = site.run(&["import", "in", "--into", "content", "-v"]);
    assert_eq!(whole.out.matches("主动公开政府信息数：12条").count(), 10);
    assert!(whole.out.contains("没有改动 10"), "{}", whole.out);
    let quiet = site.run(&["import", "in", "--into", "content", "-q"]);
    assert_eq!((quiet.out.as_str(), quiet.err.lines().count()), ("", 1), "{}", quiet.err);
    let english = site.run(&["--lang", "en", "import", "in", "--into", "content"]);
    assert!(
        english.out.contains("10 reports: 0 written, 10 unchanged, 0 set aside; 10 with something to check. 1 files could not be read."),
        "{}",
        english.out
    );
}

/// `--into` is a folder of the site, wherever the clerk stands.
#[test]
fn the_root_leads_to_the_content() {
    let site = Site::small();
    site.put("in/a.txt", report("丙镇", 2014));
    let made = run(gongkai().args(["-r", "..", "import", "a.txt", "--into", "content"]).current_dir(site.path().join("in")));
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(site.path().join("content/bz/2014.md").exists());
}

#[test]
fn exit_codes() {
    let site = Site::small();
    site.put("in/a.txt", report("丙镇", 2014));
    site.put("in/bomb.html", format!("<html>{}", "<div>".repeat(5_000)));
    site.put("a-file", "");
    let code = |arguments: &[&str]| site.run(&[&["import"], arguments].concat()).code;
    assert_eq!(code(&["in/a.txt", "--dry-run"]), 0);
    assert_eq!(code(&["in/none.txt", "--dry-run"]), 1);
    assert_eq!(code(&["in/a.txt"]), 2);
    assert_eq!(code(&["in/a.txt", "--into", "content", "--slug", "2014"]), 2);
    assert_eq!(code(&["in/a.txt", "--into", "a-file"]), 2);
    assert_eq!(code(&["in", "--dry-run"]), 4, "a limit");
    assert_eq!(code(&["in/a.txt", "--dry-run", "--report", "none/review.html"]), 3);
}

/// G7: a hundred names that are no UTF-8, as archives made on Windows leave them.
#[cfg(unix)]
#[test]
fn names_that_are_no_text() {
    use std::os::unix::ffi::OsStringExt as _;
    let site = Site::small();
    let folder = site.path().join("in");
    std::fs::create_dir_all(&folder).unwrap();
    for nth in 0..100 {
        // 年报 in GBK, then a number.
        let mut name = b"\xc4\xea\xb1\xa8".to_vec();
        name.extend(format!("{nth}.txt").bytes());
        std::fs::write(folder.join(std::ffi::OsString::from_vec(name)), report(["丙镇", "丁镇", "戊乡", "己乡"][nth as usize % 4], 1990 + nth / 4)).unwrap();
    }
    let made = site.run(&["import", "in", "--into", "content"]);
    assert!(made.code == 0 && !made.err.contains("panicked"), "{}", made.err);
    let files = tree(&site.path().join("content"));
    let made_of_it = files.iter().filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("[provenance]")).count();
    assert_eq!(made_of_it, 100, "{}", made.out);
    let one = String::from_utf8(files["bz/2010.md"].clone()).unwrap();
    assert!(one.contains("file = \"\u{fffd}"), "{one}");
    assert_eq!(site.run(&["import", "in", "--into", "content"]).out.matches("没有改动").count(), 101);
}

/// I10: a run that is killed leaves every file that was there as it was, no half file, and the next run makes the rest.
#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_nothing_half_done() {
    let site = Site::small();
    for nth in 0..120 {
        site.put(&format!("in/{nth:03}.txt"), report(["丙镇", "丁镇", "戊乡", "己乡"][nth as usize % 4], 1990 + nth / 4));
    }
    let import = |site: &Site| {
        let mut command = gongkai();
        command.args(["import", "in", "--into", "content"]).current_dir(site.path()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let before = tree(&site.path().join("content"));
    let mut cut_short = 0;
    for moment in 0..16 {
        let mut child = import(&site).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(moment * 9));
        cut_short += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let after = tree(&site.path().join("content"));
        assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)), "a file that was there changed");
        for (name, bytes) in after.iter().filter(|(name, _)| name.ends_with(".md") && !before.contains_key(*name)) {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.starts_with("+++\n") && (name.ends_with("_index.md") || text.ends_with("1月15日\n")), "{name} is cut off: {text}");
        }
        if moment % 4 == 3 {
            for town in ["bz", "dz", "wx", "jx"] {
                let _ = std::fs::remove_dir_all(site.path().join("content").join(town));
            }
        }
    }
    assert!(cut_short > 0, "every run had ended before it was killed");
    assert!(import(&site).status().unwrap().success());
    let made = tree(&site.path().join("content"));
    assert_eq!(made.keys().filter(|name| name.ends_with(".md") && !name.ends_with("_index.md") && !before.contains_key(*name)).count(), 120);
}
