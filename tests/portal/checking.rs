//! What the check says and does: formats, accepts, repairs, approvals, the review sheet, pages made from findings, private data.

use crate::checks::{identity, right};
use crate::site::{Site, demo, gongkai, run};
use std::io::Write as _;

/// A county with one township and one report that is right but for what a test changes.
fn site(change: impl Fn(String) -> String) -> Site {
    let site = Site::small();
    std::fs::remove_dir_all(site.path().join("content")).unwrap();
    site.put("config.toml", "today = 2026-03-01\n[portal]\nlast_year = 2023\n");
    site.put("content/_index.md", "+++\ntitle = \"甲县\"\n[contact]\nphone = \"000-0000000\"\n+++\n");
    site.put("content/yi/_index.md", "+++\ntitle = \"乙镇\"\n[body]\nlevel = \"township\"\n+++\n");
    site.put("content/yi/2023.md", change(right("乙镇", 2023)));
    site
}

fn late(text: String) -> String {
    text.replace("date = 2024-01-20", "date = 2024-02-03")
}

fn lines(out: &str) -> Vec<serde_json::Value> {
    out.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect()
}

#[test]
fn a_rule_is_explained_and_a_slip_is_guessed() {
    let page = run(gongkai().args(["explain", "figure/sum-mismatch"]));
    assert!(page.code == 0 && page.out.starts_with("# figure/sum-mismatch") && page.out.contains("改法"), "{}", page.out);
    let slip = run(gongkai().args(["explain", "figure/sum-mismach"]));
    assert!(slip.code == 2 && slip.out.is_empty() && slip.err.contains("figure/sum-mismatch"), "{}", slip.err);
    for line in run(gongkai().args(["list", "rules"])).out.lines() {
        let code = line.split('\t').next().unwrap();
        assert_eq!(run(gongkai().args(["explain", code])).code, 0, "{code}");
    }
}

#[test]
fn findings_as_sarif_and_as_annotations() {
    let site = site(late);
    let sarif: serde_json::Value = serde_json::from_str(&site.run(&["check", "--format", "sarif"]).out).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!((results.len(), results[0]["ruleId"].as_str(), results[0]["level"].as_str()), (1, Some("date/late"), Some("warning")));
    let github = site.run(&["check", "--format", "github"]);
    assert!(github.out.starts_with("::warning file=content/yi/2023.md,title=date/late::"), "{}", github.out);
    assert_eq!(github.out.lines().count(), 1);
}

#[test]
fn an_accept_keeps_a_finding_with_its_reason_on_the_page() {
    let site = site(late);
    let finding = &lines(&site.run(&["check", "--format", "json"]).out)[0];
    let accept = format!("[[accept]]\nrule = \"date/late\"\nid = {}\nreason = \"停电三周\"\nby = \"王某\"\n+++\n\n按照", finding["id"]);
    site.put("content/yi/2023.md", late(right("乙镇", 2023)).replacen("+++\n\n按照", &accept, 1));
    let checked = site.run(&["check", "--deny", "warnings"]);
    assert!(checked.code == 0 && checked.err.contains("1 处已用 [[accept]]"), "{}", checked.err);
    site.build(&[]);
    let page = site.page("yi/2023/");
    assert!(page.contains("逾期 3 天") && page.contains("停电三周") && page.contains("王某"));
    assert!(site.page("quality/").contains("停电三周"));
    assert!(!site.page("data/findings.csv").contains("date/late"));
}

#[test]
fn open_findings_stand_where_they_concern() {
    let site = site(|text| text.replace("|行政强制|0|||", "|行政强制|/|||").replace("主动公开政府信息60条。\n\n## 二", "主动公开政府信息61条。\n\n## 二"));
    site.build(&[]);
    let page = site.page("yi/2023/");
    assert!(page.contains("id=\"finding-1\"") && page.contains("id=\"finding-2\""));
    let row = page.split("行政强制").nth(1).unwrap().split("</th>").next().unwrap();
    assert!(row.contains("href=\"#finding-"), "{row}");
    let paragraph = page.split("61条").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(paragraph.contains("href=\"#finding-"), "{paragraph}");
    let quality = site.page("quality/");
    assert!(quality.contains("乙镇") && quality.contains("还有2处") && quality.contains("2023/#findings"), "{quality}");
    // Nothing open: the page says what was checked.
    let clean = self::site(|text| text);
    clean.build(&[]);
    assert!(clean.page("quality/").contains("没有发现"));
    assert!(!clean.page("yi/2023/").contains("id=\"findings\""));
}

#[test]
fn a_sheet_goes_back_to_each_body() {
    let site = site(late);
    let checked = site.run(&["check", "--report", "sheet.html"]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    let sheet = std::fs::read_to_string(site.path().join("sheet.html")).unwrap();
    assert!(sheet.contains("<h1>乙镇</h1>") && sheet.contains("date/late") && sheet.contains("经办人"));
    assert!(!sheet.contains("<script"));
    let page = scraper::Html::parse_document(&sheet);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
}

#[test]
fn what_is_safe_is_put_right_after_it_was_shown() {
    let bad = right("乙镇", 2023).replace("|行政许可|12|||", "|行政许可|１２|||").replacen("按照有关规定", "按照甲政办发[2023]4号", 1).replace('\n', "\r\n");
    let site = site(|_| format!("\u{feff}{bad}"));
    let fixed = site.run(&["check", "--fix"]);
    assert_eq!(fixed.code, 0, "{}", fixed.err);
    assert!(fixed.err.contains("--- content/yi/2023.md") && fixed.err.contains("+ |行政许可|12|||") && fixed.err.contains("〔2023〕4号"), "{}", fixed.err);
    let text = std::fs::read_to_string(site.path().join("content/yi/2023.md")).unwrap();
    assert!(!text.contains('\r') && !text.starts_with('\u{feff}') && text.contains("甲政办发〔2023〕4号") && text.contains("|行政许可|12|||"));
    assert!(site.run(&["check", "--fix"]).err.contains("没有可以自动改正"));
    // Without the flag nothing is written.
    site.put("content/yi/2023.md", &bad);
    site.run(&["check"]);
    assert_eq!(std::fs::read_to_string(site.path().join("content/yi/2023.md")).unwrap(), bad);
}

#[test]
fn an_approval_is_bound_to_the_text() {
    let site = site(|text| text);
    site.put("config.toml", "today = 2026-03-01\n[portal]\nlast_year = 2023\n[review]\nrequired_from = 2024-01-01\n");
    assert!(site.run(&["check", "-v"]).err.contains("review/approval-missing"));
    let approved = site.run(&["approve", "content/yi/2023.md", "--by", "王某"]);
    assert_eq!(approved.code, 0, "{}", approved.err);
    site.build(&[]);
    assert!(site.page("yi/2023/").contains("乙镇"));
    let text = std::fs::read_to_string(site.path().join("content/yi/2023.md")).unwrap();
    site.put("content/yi/2023.md", text.replace("培训偏少", "培训太少"));
    assert!(site.run(&["check"]).err.contains("review/text-changed"));
    site.put("content/yi/2023.md", text.replace("|行政强制|0|||", "|行政强制|约莫|||"));
    let refused = site.run(&["approve", "content/yi/2023.md", "--by", "王某"]);
    assert!(refused.code == 1 && refused.err.contains("form/value-unreadable"), "{}", refused.err);
    assert_eq!(site.run(&["approve", "content/yi/_index.md", "--by", "王某"]).code, 2);
    assert_eq!(site.run(&["approve", "content/yi/2023.md"]).code, 2);
}

#[test]
fn changes_after_publication_are_listed_and_shown() {
    let revision = "[[revisions]]\nno = 1\ndate = 2024-03-06\nreason = \"漏计一块公开栏\"\n[figures]\n";
    let site = site(|text| text.replacen("[figures]\n", revision, 1));
    site.put("config.toml", "today = 2026-03-01\n[portal]\nlast_year = 2023\n");
    let listed = site.run(&["list", "revised"]);
    assert_eq!((listed.code, listed.out.as_str()), (0, "content/yi/2023.md\t1\t2024-03-06\t漏计一块公开栏\n"), "{}", listed.err);
    site.build(&[]);
    assert!(site.page("yi/2023/").contains("<li id=\"revision-1\">2024年3月6日更正：漏计一块公开栏"));
    let corrections = site.page("corrections/");
    assert!(corrections.contains("../yi/2023/#revision-1") && corrections.contains("共1次") && corrections.contains("漏计一块公开栏"), "{corrections}");
    let wrong = self::site(|text| text.replacen("[figures]\n", &revision.replace("no = 1", "no = 3"), 1));
    assert!(wrong.run(&["check"]).err.contains("更正的序号应是 1"));
}

#[test]
fn shared_text_is_marked_on_the_pair_page() {
    let site = site(|text| text.replace("|行政处罚|6|||", "|行政处罚|5|||"));
    site.put("content/yi/2022.md", right("乙镇", 2022));
    let checked = site.run(&["check"]);
    assert!(checked.err.contains("reuse/figures-identical"), "{}", checked.err);
    site.build(&[]);
    assert!(site.page("yi/2022-2023/").contains("与上年完全相同"));
}

fn archive(name: &str, content: &str) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut file = zip::ZipWriter::new(&mut bytes);
    file.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    file.write_all(content.as_bytes()).unwrap();
    file.finish().unwrap();
    bytes.into_inner()
}

#[test]
fn j9_j11_private_data_in_any_carrier_stops_the_build_and_is_printed_nowhere() {
    let id = identity(123);
    let split: Vec<String> = id.chars().collect::<Vec<_>>().chunks(6).map(|part| part.iter().collect()).collect();
    let report = |change: &dyn Fn(String) -> String| change(right("乙镇", 2023)).into_bytes();
    let text = |sentence: &str| report(&|text: String| text.replacen("## 二、", &format!("{sentence}\n\n## 二、"), 1));
    let carriers: Vec<(&str, Vec<u8>)> = vec![
        ("content/yi/2023/index.md", text(&format!("户主{id}。"))),
        ("content/yi/2023/index.md", text(&format!("- 第一项\n- {id}"))),
        ("content/yi/2023/index.md", text(&format!("> 引文{id}"))),
        ("content/yi/2023/index.md", text(&format!("`{id}`"))),
        ("content/yi/2023/index.md", text(&format!("```\n{id}\n```"))),
        ("content/yi/2023/index.md", text(&format!("[链接](https://a.example/?id={id})"))),
        ("content/yi/2023/index.md", text(&format!("[链接](https://a.example/ \"{id}\")"))),
        ("content/yi/2023/index.md", text(&format!("注[^1]\n\n[^1]: {id}"))),
        ("content/yi/2023/index.md", text(&format!("<!-- {id} -->"))),
        ("content/yi/2023/index.md", text(&format!("|姓名|号|\n|-|-|\n|某|{id}|"))),
        ("content/yi/2023/index.md", text(&format!("|甲|乙|丙|\n|-|-|-|\n|{}|", split.join("|")))),
        ("content/yi/2023/index.md", text(&format!("### 标题{id}"))),
        ("content/yi/2023/index.md", text(&format!("**{}**{}", &id[..9], &id[9..]).replace("****", ""))),
        ("content/yi/2023/index.md", report(&|text| text.replace("政府信息公开工作年度报告\"", &format!("年报{id}\"")))),
        ("content/yi/2023/index.md", report(&|text| text.replace("issuer = \"", &format!("issuer = \"{id}")))),
        ("content/yi/2023/index.md", report(&|text| text.replace("[figures]", &format!("# {id}\n[figures]")))),
        ("content/yi/_index.md", format!("+++\ntitle = \"乙镇\"\n+++\n简介{id}。\n").into_bytes()),
        ("content/yi/_index.md", format!("+++\ntitle = \"乙镇\"\n[contact]\noffice = \"{id}\"\n+++\n").into_bytes()),
        ("content/about.md", format!("+++\ntitle = \"关于\"\n+++\n{id}\n").into_bytes()),
        ("content/yi/2023/名单.csv", format!("姓名,号\n某,{id}\n").into_bytes()),
        ("content/yi/2023/名单.txt", id.clone().into_bytes()),
        ("content/glossary.md", format!("+++\ntitle = \"名词\"\n+++\n\n- 号码{id}\n").into_bytes()),
        ("static/list.xml", format!("<a b=\"{id}\"/>").into_bytes()),
        ("content/yi/2023/名单.json", format!("{{\"a\":\"{id}\"}}").into_bytes()),
        ("content/yi/2023/名单.docx", archive("word/document.xml", &format!("<w:t>{}</w:t><w:t>{}</w:t>", &id[..4], &id[4..]))),
        ("content/yi/2023/名单.xlsx", archive("xl/sharedStrings.xml", &format!("<si><t>{id}</t></si>"))),
        ("content/yi/2023/名单.docx", archive("docProps/core.xml", &format!("<dc:creator>{id}</dc:creator>"))),
        ("content/yi/2023/名单.pdf", format!("%PDF-1.4\n1 0 obj<</Author({id})>>endobj\n").into_bytes()),
        ("content/yi/2023/照片.jpg", [&[0xff, 0xd8, 0xff, 0xe1][..], id.as_bytes(), &[0xff]].concat()),
        ("static/list.csv", format!("号\n{id}\n").into_bytes()),
    ];
    assert_eq!(carriers.len(), 30);
    let half = &id[4..14];
    for (place, (file, bytes)) in carriers.iter().enumerate() {
        let site = site(|text| text);
        std::fs::create_dir_all(site.path().join("content/yi/2023")).unwrap();
        std::fs::rename(site.path().join("content/yi/2023.md"), site.path().join("content/yi/2023/index.md")).unwrap();
        site.put(file, bytes);
        let built = site.run(&["build"]);
        assert!(built.code == 1 && built.err.contains("privacy/id-number"), "carrier {place} {file}: {}", built.err);
        assert!(!site.public().exists(), "carrier {place} {file}: published");
        for said in [
            &built.err,
            &site.run(&["check", "-v"]).err,
            &site.run(&["check", "--format", "json"]).out,
            &site.run(&["check", "--format", "sarif"]).out,
            &site.run(&["check", "--report", "s.html"]).err,
            &site.run(&["list", "reports"]).err,
        ] {
            assert!(!said.contains(half), "carrier {place} {file} is printed: {said}");
        }
        assert!(!std::fs::read_to_string(site.path().join("s.html")).unwrap().contains(half));
    }
}

#[test]
fn no_page_or_table_leads_readers_to_private_data() {
    let masked = format!("{}********{}", &identity(123)[..6], &identity(123)[14..]);
    let site = site(|text| late(text).replacen("## 二、", &format!("身份证{masked}，邮箱zw@qq.com。\n\n## 二、"), 1));
    let built = site.build(&[]);
    assert!(built.err.contains("privacy/id-number-weakly-masked") && built.err.contains("privacy/personal-contact"), "{}", built.err);
    for (path, bytes) in site.all() {
        assert!(!String::from_utf8_lossy(&bytes).contains("privacy/"), "{path}");
    }
    assert!(site.page("data/findings.csv").contains("date/late"));
    assert!(!site.page("quality/").contains("身份证"));
}

#[test]
fn no_setting_lets_a_list_of_people_out_and_an_accept_may() {
    let list = "|姓名|家庭住址|\n|---|---|\n|王某某|青石村3组12号|\n\n## 二、";
    let site = site(|text| text.replacen("## 二、", list, 1));
    let config = "today = 2026-03-01\n[portal]\nlast_year = 2023\n[check]\nfail_on = \"never\"\n";
    site.put("config.toml", config);
    let built = site.run(&["build"]);
    assert!(built.code == 1 && built.err.contains("privacy/address"), "{}", built.err);
    site.put("config.toml", format!("{config}[check.severity]\n\"privacy/address\" = \"off\"\n"));
    assert_eq!(site.run(&["build"]).code, 2);
    site.put("config.toml", config);
    let accept =
        "[[accept]]\nrule = \"privacy/address\"\nat = \"姓名 家庭住址\"\nreason = \"公开信的收件人，本人同意\"\nby = \"王某\"\nuntil = 2026-12-31\n[figures]\n";
    let text = std::fs::read_to_string(site.path().join("content/yi/2023.md")).unwrap();
    site.put("content/yi/2023.md", text.replacen("[figures]\n", accept, 1));
    site.build(&[]);
}

#[test]
fn a_finished_page_leads_nowhere_into_the_void() {
    let own = std::fs::read_to_string(demo().join("themes/default/templates/pages/filing.html")).unwrap();
    for broken in ["<a href=\"../nowhere/\">x</a>", "<a href=\"#nowhere\">x</a>", "<img src=\"../no.png\" alt=\"x\">"] {
        let site = site(|text| text);
        site.put("templates/pages/filing.html", own.replace("<h1>", &format!("{broken}<h1>")));
        let built = site.run(&["build"]);
        assert!(built.code == 1 && built.err.contains("filing/index.html") && built.err.contains("no"), "{}", built.err);
        assert!(!site.public().exists());
    }
    let site = site(|text| text);
    site.put("templates/pages/filing.html", own.replace("<h1>", "<a href=\"../yi/2023/#overview\">x</a><a href=\"https://a.example/\">y</a><h1>"));
    site.build(&[]);
}

#[test]
fn the_demonstration_has_only_what_it_explains() {
    let checked = run(gongkai().args(["check", "--format", "json"]).current_dir(demo()));
    let open: Vec<_> = lines(&checked.out).into_iter().filter(|finding| finding["severity"] != "note").collect();
    assert!(open.is_empty(), "{open:?}");
    assert!(checked.err.contains("已用 [[accept]]"), "{}", checked.err);
}
