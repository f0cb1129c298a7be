//! The whole door: files in, content folder out; and that no character is lost on the way.

use super::*;
use crate::diag::Language;
use crate::model::Level;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeMap;

mod formats;
mod promises;
mod safety;

const REPORT: &str = "云溪镇2014年政府信息公开工作年度报告\n\n一、概述\n内容若干，写在这里。\n\n云溪镇人民政府\n2015年1月20日\n";

struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        Desk { dir: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, text: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn request(&self, inputs: &[PathBuf]) -> Request {
        Request { inputs: inputs.to_vec(), into: Some(self.dir.path().join("content")), ..Request::default() }
    }

    fn content(&self) -> BTreeMap<String, String> {
        fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
            for (name, is_directory) in shelf::entries(folder).unwrap_or_default() {
                let path = folder.join(&name);
                if is_directory {
                    walk(&path, &format!("{prefix}{name}/"), found);
                } else {
                    found.insert(format!("{prefix}{name}"), fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut found = BTreeMap::new();
        walk(&self.dir.path().join("content"), "", &mut found);
        found
    }
}

#[test]
fn a_report_of_a_new_body() {
    let desk = Desk::new();
    let input = desk.file("yx.txt", REPORT.as_bytes());
    let outcome = run(&desk.request(&[input])).unwrap();
    assert_eq!(outcome.reports[0].placement, Placement::Written { file: "yxz/2014.md".into(), new_body: Some("yxz".into()) });
    let content = desk.content();
    assert_eq!(content.keys().collect::<Vec<_>>(), ["yxz/2014.md", "yxz/_index.md"]);
    assert!(content["yxz/_index.md"].contains("title = \"云溪镇\"") && content["yxz/_index.md"].contains("level = \"township\""));
    assert!(content["yxz/2014.md"].contains(&format!("sha256 = \"{}\"", Sha256Sum::of(REPORT.as_bytes()).hex())));
}

#[test]
fn importing_twice_changes_nothing() {
    let desk = Desk::new();
    let inputs = [desk.file("a.txt", REPORT.as_bytes()), desk.file("b.txt", "政府信息公开情况".as_bytes())];
    run(&desk.request(&inputs)).unwrap();
    let before = desk.content();
    assert_eq!(before.len(), 3);
    let again = run(&Request { replace: true, ..desk.request(&inputs) }).unwrap();
    assert!(again.reports.iter().all(|report| matches!(report.placement, Placement::Unchanged { .. })));
    assert_eq!(desk.content(), before);
}

#[test]
fn an_edited_file_is_replaced_only_on_request_and_kept() {
    let desk = Desk::new();
    let first = desk.file("a.txt", REPORT.as_bytes());
    run(&desk.request(&[first])).unwrap();
    let path = desk.dir.path().join("content/yxz/2014.md");
    let edited = fs::read_to_string(&path).unwrap() + "手工改过\n";
    fs::write(&path, &edited).unwrap();
    let second = desk.file("b.txt", REPORT.replace("若干", "很多").as_bytes());
    let aside = run(&desk.request(std::slice::from_ref(&second))).unwrap();
    assert!(matches!(&aside.reports[0].placement, Placement::SetAside { taken: Some(taken), .. } if taken == "yxz/2014.md"));
    assert_eq!(desk.content()["yxz/2014.md"], edited);
    fs::remove_dir_all(desk.dir.path().join("content/_import")).unwrap();
    let replaced = run(&Request { replace: true, ..desk.request(&[second]) }).unwrap();
    assert_eq!(replaced.reports[0].placement, Placement::Replaced { file: "yxz/2014.md".into(), backup: "yxz/2014.md.bak".into() });
    let content = desk.content();
    assert_eq!(content["yxz/2014.md.bak"], edited);
    assert!(content["yxz/2014.md"].contains("很多"));
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let desk = Desk::new();
    let inputs = [desk.file("a.txt", REPORT.as_bytes()), desk.file("b.txt", REPORT.replace("若干", "很多").as_bytes())];
    let dry = run(&Request { dry_run: true, ..desk.request(&inputs) }).unwrap();
    assert!(desk.content().is_empty() && !desk.dir.path().join("content").exists());
    let wet = run(&desk.request(&inputs)).unwrap();
    let placements = |outcome: &Outcome| outcome.reports.iter().map(|report| report.placement.clone()).collect::<Vec<_>>();
    assert_eq!(placements(&dry), placements(&wet));
    let nowhere = run(&Request { inputs: inputs.to_vec(), dry_run: true, ..Request::default() }).unwrap();
    assert_eq!(nowhere.reports[0].placement, Placement::Nowhere);
}

#[test]
fn what_cannot_be_read_is_listed_and_the_others_go_on() {
    let desk = Desk::new();
    desk.file("in/1.txt", b"\xd5\xfe\xb8\xae");
    desk.file("in/2.txt", REPORT.as_bytes());
    desk.file("in/.hidden", b"x");
    let inputs = [desk.dir.path().join("in"), desk.dir.path().join("none.txt")];
    let outcome = run(&desk.request(&inputs)).unwrap();
    assert_eq!((outcome.reports.len(), outcome.failed.len()), (1, 2));
    assert!(outcome.failed[0].input.ends_with("1.txt") && outcome.failed[0].words.zh.contains("UTF-8"));
}

#[test]
fn wrong_requests() {
    let desk = Desk::new();
    assert!(matches!(run(&Request::default()), Err(ImportError::IntoMissing)));
    let slug = Request { slug: Some("years".into()), ..desk.request(&[]) };
    assert!(matches!(run(&slug), Err(ImportError::SlugInvalid(_))));
    let file = desk.file("content", b"");
    assert!(matches!(run(&Request { into: Some(file), ..Request::default() }), Err(error) if error.is_usage()));
}

#[test]
fn a_web_page() {
    let desk = Desk::new();
    let page = "<!DOCTYPE html><html><head><title>报告-云溪县</title><meta name='PubDate' content='2015-01-25 09:00'></head><body><nav>首页</nav>\
        <div class='crumb'>首页 &gt; 信息公开</div><h1>云溪镇2014年政府信息公开工作年度报告</h1><p>一、概述</p><p>&emsp;内容若干，<b>写</b>在这里。</p>\
        <table><tr><td>指标</td><td>数</td></tr><tr><td>申请</td><td>3</td></tr></table><p>云溪镇人民政府</p><p>2015年1月20日</p><script>x()</script></body></html>";
    let outcome = run(&desk.request(&[desk.file("page.txt", page.as_bytes())])).unwrap();
    let content = &desk.content()["yxz/2014.md"];
    let body = content.split("+++\n").nth(2).unwrap();
    assert_eq!(body, "\n## 一、概述\n\n内容若干，写在这里。\n\n|指标|数|\n|---|---|\n|申请|3|\n\n云溪镇人民政府\n\n2015年1月20日\n");
    assert!(content.contains("date = 2015-01-25"));
    let removed: Vec<&str> = outcome.reports[0].removed().iter().map(|removed| removed.text.as_str()).collect();
    assert_eq!(removed, ["报告-云溪县", "首页", "<script> 1", "首页 > 信息公开"]);
}

/// How many sites were built before style sheets: one form, tables for everything, a catalogue entry above the text.
#[test]
fn a_page_made_of_tables() {
    let page = "<html><head><title>石桥镇2021年政府信息公开工作年度报告_云溪县人民政府</title></head><body><form><ul><li>首页</li></ul>
        <table><tr><td>您现在的位置：首页&gt;&gt;年报</td></tr></table>
        <table><tr><td>索引号：</td><td>431/2022-001</td></tr><tr><td>发布日期：</td><td>2022-01-20</td></tr></table>
        <table><tr><td><b>石桥镇2021年政府信息公开工作年度报告</b></td></tr>
        <tr><td>来源：石桥镇　【字体：<a href='javascript:a()'>大</a> 中 小】</td></tr>
        <tr><td><p>　　一、总体情况</p><p>我镇主动公开信息120条。<br>&nbsp;&nbsp;其中公众号30条。</p>
        <table><tr><td colspan=3>第二十条第（一）项</td></tr><tr><td>信息内容</td><td>制发</td><td>废止</td></tr><tr><td>规章</td><td>0</td><td>0</td></tr></table>
        <p>六、其他事项</p><p>无。</p></td></tr></table>
        <div>上一篇：石桥镇2020年政府信息公开工作年度报告</div><div>主办：云溪县人民政府　ICP备123号</div></form></body></html>";
    let report = recognize::recognize(read::read(page.as_bytes()).unwrap());
    assert_eq!(value(&report.title).as_deref(), Some("石桥镇2021年政府信息公开工作年度报告"));
    assert_eq!((value(&report.county).as_deref(), value(&report.published)), (Some("云溪县"), day(2022, 1, 20)));
    let expected = "## 一、总体情况\n\n我镇主动公开信息120条。\n\n其中公众号30条。\n\n|第二十条第（一）项|||\n|---|---|---|\n|信息内容|制发|废止|\n|规章|0|0|\n\n## 六、其他事项\n\n无。\n";
    assert_eq!(content::body(&report.lines), expected);
    assert_eq!(report.removed.len(), 7, "{:?}", report.removed);
}

/// The real reports are not part of the repository; without them their tests pass and say so.
fn sample(name: &str) -> Option<(Recognized, String, String)> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples")).join(name);
    let Ok(source) = fs::read_to_string(&path) else {
        // Past the test harness, which swallows what passing tests print.
        let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("skipped: {name} is not here\n"));
        return None;
    };
    let report = recognize::recognize(read::read(source.as_bytes()).unwrap());
    let text = content::write(&report, Origin { part: None, file: name, sha256: "00" });
    Some((report, text, source))
}

fn sections(report: &Recognized, level: u8) -> Vec<String> {
    report.sections.iter().filter(|section| section.level == level).filter_map(|section| section.number.clone()).collect()
}

fn has_rule(report: &Recognized, rule: &str) -> bool {
    report.notes.iter().any(|note| note.rule == rule)
}

fn value<T: Clone>(read: &Option<Read<T>>) -> Option<T> {
    read.as_ref().map(|read| read.value.clone())
}

fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Some(date(year, month, day))
}

#[test]
fn sample_jiucheng_2016() {
    let Some((report, text, source)) = sample("jiucheng-2016.txt") else { return };
    assert_eq!(value(&report.title).as_deref(), Some("旧城镇2016年度政府信息公开工作报告"));
    assert_eq!((value(&report.body).as_deref(), value(&report.county).as_deref(), report.level), (Some("旧城镇"), Some("盈江县"), Some(Level::Township)));
    assert_eq!((value(&report.year).map(|year| year.number()), &report.published, &report.signed), (Some(2016), &None, &None));
    assert_eq!(sections(&report, 1), ["一", "二", "三", "四", "五", "六"]);
    assert_eq!((sections(&report, 2).len(), text.matches("\n## ").count()), (0, 6));
    assert_eq!(report.removed, []);
    nothing_lost(&source, &text, &report).unwrap();
}

#[test]
fn sample_yueyang_2012() {
    let Some((report, text, source)) = sample("yueyang-2012.txt") else { return };
    assert_eq!(value(&report.title).as_deref(), Some("岳阳县人民政府公布2012年政府信息公开工作报告"));
    assert_eq!((value(&report.body).as_deref(), report.level), (Some("岳阳县"), Some(Level::County)));
    assert_eq!(value(&report.year).map(|year| year.number()), Some(2012));
    assert_eq!((value(&report.published), value(&report.signed)), (day(2012, 3, 28), day(2013, 3, 27)));
    assert_eq!(sections(&report, 1), ["一", "二", "三", "四", "五", "六", "七", "八"]);
    assert_eq!(sections(&report, 2), ["一", "二", "三", "四", "五", "六", "七", "一", "二"]);
    assert_eq!((text.matches("\n## ").count(), text.matches("\n### ").count()), (8, 2));
    for rule in ["import/published-early", "import/published-before-signed", "import/characters-lost", "import/date-incomplete"] {
        assert!(has_rule(&report, rule), "{rule}");
    }
    assert_eq!(report.removed.iter().map(|removed| removed.line).collect::<Vec<_>>(), [1, 5]);
    nothing_lost(&source, &text, &report).unwrap();
}

#[test]
fn sample_zhijiang_2012() {
    let Some((report, text, source)) = sample("zhijiang-2012.txt") else { return };
    assert_eq!(value(&report.title).as_deref(), Some("2012年芷江镇人民政府信息公开年度报告"));
    assert_eq!(
        (value(&report.body).as_deref(), value(&report.county).as_deref(), report.level),
        (Some("芷江镇"), Some("芷江侗族自治县"), Some(Level::Township))
    );
    assert_eq!(value(&report.year).map(|year| year.number()), Some(2012));
    assert_eq!(
        (value(&report.published), value(&report.signed), value(&report.issuer).as_deref()),
        (day(2013, 2, 15), day(2012, 12, 10), Some("芷江镇人民政府"))
    );
    assert_eq!(sections(&report, 1), ["一", "二", "三", "四", "四"]);
    for rule in ["import/section-number-repeated", "import/year-later", "import/year-differs", "import/title-differs", "import/signed-early"] {
        assert!(has_rule(&report, rule), "{rule}");
    }
    nothing_lost(&source, &text, &report).unwrap();
}

fn visible(text: &str) -> BTreeMap<char, usize> {
    let mut count = BTreeMap::new();
    for c in text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !lines::is_zero_width(*c)) {
        *count.entry(c).or_insert(0) += 1;
    }
    count
}

/// Every visible character of a source is in the page's text, in the title, or in a line listed as left out.
fn nothing_lost(source: &str, content: &str, report: &Recognized) -> Result<(), String> {
    compared(source, &kept(content, report))
}

/// The same over all reports of a file; what was mended stands in the notes.
fn nothing_lost_of(source: &str, reports: &[(Recognized, String)]) -> Result<(), String> {
    let notes = |report: &Recognized| report.notes.iter().filter(|note| note.rule == "import/repaired").map(|note| note.message.zh.clone()).collect::<String>();
    compared(source, &reports.iter().map(|(report, content)| kept(content, report) + &notes(report)).collect::<String>())
}

fn kept(content: &str, report: &Recognized) -> String {
    let body = content.splitn(3, "+++\n").nth(2).unwrap();
    let document = crate::markdown::read(body);
    let shown: String =
        document.events.iter().filter_map(|(event, _)| if let pulldown_cmark::Event::Text(text) = event { Some(text.as_ref()) } else { None }).collect();
    let title = report.title.as_ref().map(|title| title.value.as_str()).unwrap_or_default();
    let removed: String = report.removed.iter().map(|removed| removed.text.as_str()).collect();
    format!("{shown}{title}{removed}")
}

fn compared(source: &str, kept: &str) -> Result<(), String> {
    let kept = visible(kept);
    match visible(source).into_iter().find(|(c, count)| kept.get(c).copied().unwrap_or(0) < *count) {
        Some((c, count)) => Err(format!("{c:?} stands {count} times in the source and {} times after it", kept.get(&c).copied().unwrap_or(0))),
        None => Ok(()),
    }
}

/// Lines as reports have them, among lines of anything.
fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("云溪镇2014年政府信息公开工作年度报告".to_string()),
        Just("云溪镇人民政府".to_string()),
        Just("2014年度政府信息公开工作报告".to_string()),
        Just("政府信息公开 打印 来源：".to_string()),
        Just("发布时间：2015-01-20 浏览次数：3".to_string()),
        Just("二〇一五年一月二十日".to_string()),
        Just("云政发〔2015〕6号".to_string()),
        "[一二三四](、|是)[主动公开情况，。]{1,50}",
        "[（(][一二三][)）][工作机制，。]{1,60}",
        "[ \u{3000}]{0,3}[0-9]{1,2}[.、)][公开 ]{0,20}",
        "[ -~一年、。（）\u{3000}\u{a0}]{0,60}",
        "\\PC{0,30}",
    ]
}

proptest! {
    #[test]
    fn no_visible_character_is_lost(lines in prop::collection::vec(any_line(), 1..14)) {
        let source = lines.join("\n");
        // Text that closes elements is a web page, whose tags are not its text.
        prop_assume!(!source.contains("</") && !source.trim().is_empty());
        if let Ok(found) = read::read(source.as_bytes()) {
            let report = recognize::recognize(found);
            let text = content::write(&report, Origin { part: None, file: "a.txt", sha256: "00" });
            if let Err(lost) = nothing_lost(&source, &text, &report) {
                return Err(TestCaseError::fail(format!("{lost}\n{text}")));
            }
            let front: Result<toml::Table, _> = toml::from_str(text.split("+++\n").nth(1).unwrap());
            prop_assert!(front.is_ok(), "{}", text);
        }
    }

    #[test]
    fn no_input_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), page in "(<(/)?(p|td|tr|table|li|ol|h1|div|form|a)( rowspan=3| colspan=2)?>|[一。 3]){0,60}") {
        for source in [&bytes[..], page.as_bytes()] {
            if let Ok(found) = read::read(source) {
                let report = recognize::recognize(found);
                content::write(&report, Origin { part: None, file: "a.txt", sha256: "00" });
            }
        }
    }
}

#[test]
fn the_review_text_of_a_run_is_the_same_each_time() {
    let desk = Desk::new();
    let request = Request { dry_run: true, ..desk.request(&[desk.file("a.txt", REPORT.as_bytes())]) };
    let once = run(&request).unwrap().reports[0].human(Language::Zh);
    assert_eq!(once, run(&request).unwrap().reports[0].human(Language::Zh));
    assert!(once.contains("将写入 yxz/2014.md"), "{once}");
}
