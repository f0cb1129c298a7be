//! Reports that are right, broken in every way the rules name, one way at a time: at least 99 of 100 have to be found with default
//! settings. Seeded, so that a miss can be looked at again.

use crate::checks::{identity, right};
use crate::site::Site;
use std::collections::{BTreeMap, BTreeSet};

/// Small reproducible sequence.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound as u64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A year of the 2021 form.
const YEAR: i32 = 2023;

/// A report that is right, with sentences of every kind the rules read.
fn whole(title: &str, seed: usize) -> String {
    let parts = [40 + seed % 50, 30 + seed % 7, 20 + seed % 11];
    let total: usize = parts.iter().sum();
    let share = |part: usize| ((part * 1000 / total) as f64 / 10.0).round();
    let (got, answered) = (200 + seed % 90, 150 + seed % 40);
    let rate = (answered as f64 * 10_000.0 / got as f64).round() / 100.0;
    let more = format!(
        "落实《{title}政务公开要点》（甲政办发〔{YEAR}〕{}号），推行“三项制度”。编印资料{total}份，其中指南{}份，占{}%；问答{}份，占{}%；其他{}份，占{}%。\n\n受理咨询{got}件，答复{answered}件，答复率达{rate}%。办理来信{}件，其中土地{}件，道路{}件。6月{}日组织宣讲。\n\n",
        1 + seed % 40,
        parts[0],
        share(parts[0]),
        parts[1],
        share(parts[1]),
        parts[2],
        share(parts[2]),
        30 + seed % 9 + 12,
        30 + seed % 9,
        12,
        1 + seed % 28,
    );
    right(title, YEAR).replacen("## 二、", &format!("{more}## 二、"), 1)
}

/// Replaces the nth line for which `is` holds by what `new` makes of it.
fn line(text: &str, nth: usize, is: impl Fn(&str) -> bool, new: impl Fn(&str) -> String) -> String {
    let places: Vec<usize> = text.lines().enumerate().filter(|(_, line)| is(line)).map(|(place, _)| place).collect();
    let chosen = places[nth % places.len()];
    text.lines().enumerate().map(|(place, line)| if place == chosen { new(line) } else { line.to_string() }).collect::<Vec<_>>().join("\n") + "\n"
}

/// One cell of a table row changed.
fn cell(row: &str, nth: usize, new: impl Fn(&str) -> String) -> String {
    let mut cells: Vec<String> = row.trim_matches('|').split('|').map(str::to_string).collect();
    let numbers: Vec<usize> = cells.iter().enumerate().filter(|(_, cell)| cell.parse::<i64>().is_ok()).map(|(place, _)| place).collect();
    let place = numbers[nth % numbers.len()];
    cells[place] = new(&cells[place]);
    format!("|{}|", cells.join("|"))
}

/// A paragraph put into the first section.
fn with(text: &str, sentence: &str) -> String {
    text.replacen("## 二、", &format!("{sentence}\n\n## 二、"), 1)
}

/// A number in a sentence moved by one to nine.
fn number(text: &str, before: &str, by: usize) -> String {
    let at = text.find(before).unwrap() + before.len();
    let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
    text.replacen(&format!("{before}{digits}"), &format!("{before}{}", digits.parse::<usize>().unwrap() + 1 + by), 1)
}

type Break = (&'static str, &'static [&'static str], fn(&str, &mut Seeded) -> String);

const BREAKS: [Break; 56] = [
    ("one cell of part three off by one", &["figure/sum-mismatch"], |text, seeded| {
        let (row, place) = (seeded.below(23), seeded.below(7));
        line(
            text,
            row,
            |line| line.matches('|').count() == 9 && line.contains("|0|0|0|0|"),
            |line| cell(line, place, |old| (old.parse::<i64>().unwrap() + 1).to_string()),
        )
    }),
    ("one cell of part four off by one", &["figure/sum-mismatch"], |text, seeded| {
        let place = seeded.below(15);
        line(text, 0, |line| line.starts_with("|0|0|0|"), |line| cell(line, place, |_| "1".into()))
    }),
    ("a cell left blank", &["figure/cell-empty"], |text, seeded| {
        let (row, place) = (seeded.below(23), seeded.below(7));
        line(text, row, |line| line.matches('|').count() == 9 && line.contains("|0|0|0|0|"), |line| cell(line, place, |_| String::new()))
    }),
    ("a cell struck", &["figure/cell-empty"], |text, seeded| {
        let place = seeded.below(15);
        line(text, 0, |line| line.starts_with("|0|0|0|"), |line| cell(line, place, |_| "/".into()))
    }),
    ("a township's regulation", &["figure/regulation-by-township"], |text, seeded| {
        let place = seeded.below(3);
        line(text, 0, |line| line.starts_with("|规章|"), |line| cell(line, place, |_| "2".into()))
    }),
    ("applications in prose", &["figure/prose-table-mismatch"], |text, seeded| number(text, "收到申请", seeded.below(9))),
    ("proactive disclosure in prose", &["figure/prose-table-mismatch"], |text, seeded| number(text, "主动公开政府信息", seeded.below(9))),
    ("none in prose, some in the table", &["figure/prose-table-mismatch"], |text, _| text.replace("收到申请2件，都已按时答复", "没有收到政府信息公开申请")),
    ("one part in prose", &["figure/prose-sum-mismatch"], |text, seeded| number(text, "其中土地", seeded.below(9))),
    ("the total in prose", &["figure/prose-sum-mismatch"], |text, seeded| number(text, "办理来信", seeded.below(9))),
    ("a percentage", &["figure/percentage-mismatch"], |text, seeded| number(text, "份，占", 1 + seeded.below(8))),
    ("a rate", &["figure/percentage-mismatch"], |text, seeded| number(text, "答复率达", seeded.below(9))),
    ("published before the year was over", &["date/published-early"], |text, seeded| {
        text.replace("date = 2024-01-20", &format!("date = 2023-{:02}-{:02}", 1 + seeded.below(12), 1 + seeded.below(28)))
    }),
    ("published late", &["date/late"], |text, seeded| {
        text.replace("date = 2024-01-20", &format!("date = 2024-{:02}-{:02}", 2 + seeded.below(11), 1 + seeded.below(28)))
    }),
    ("no date", &["date/not-stated"], |text, _| text.replace("date = 2024-01-20\n", "")),
    ("signed before the year was over", &["date/signed-early"], |text, seeded| {
        text.replace("2024年1月15日", &format!("2023年{}月{}日", 1 + seeded.below(12), 1 + seeded.below(28)))
    }),
    ("signed after publication", &["date/signed-after-publication"], |text, seeded| {
        text.replace("2024年1月15日", &format!("2024年{}月{}日", 2 + seeded.below(10), 1 + seeded.below(28)))
    }),
    ("signed in another year", &["year/signature-differs"], |text, seeded| text.replace("2024年1月15日", &format!("{}年1月15日", 2015 + seeded.below(8)))),
    ("an impossible day", &["date/impossible"], |text, seeded| {
        let at = text.find("6月").unwrap();
        let end = at + text[at..].find('日').unwrap();
        text.replace(&text[at..end], seeded.one(&["6月31", "2月30", "13月5", "9月31", "0月8"]))
    }),
    ("a month without its day", &["date/incomplete"], |text, seeded| with(text, &format!("{YEAR}年{}月日召开会议。", 1 + seeded.below(12)))),
    ("year and month run together", &["date/incomplete"], |text, seeded| {
        with(text, &format!("{YEAR}{}月{}日召开会议。", 1 + seeded.below(9), 1 + seeded.below(28)))
    }),
    ("a day after publication", &["date/fact-after-publication"], |text, seeded| {
        with(text, &format!("截至{}年{}月9日，办理业务十余件。", 2024 + seeded.below(3), 2 + seeded.below(11)))
    }),
    ("a year after publication", &["date/fact-after-publication"], |text, seeded| with(text, &format!("{}年，我镇以新任务为契机。", 2025 + seeded.below(4)))),
    ("another year in the lead", &["year/lead-differs"], |text, seeded| {
        text.replacen("按照有关规定", &format!("{}年，按照有关规定", 2012 + seeded.below(11)), 1)
    }),
    ("another period", &["year/period-differs"], |text, seeded| {
        let year = 2012 + seeded.below(11);
        text.replace("2023年1月1日至2023年12月31日", &format!("{year}年1月1日至{year}年12月31日"))
    }),
    ("a year left unfilled", &["year/masked"], |text, seeded| with(text, &format!("{}年培训一期。", seeded.one(&["20XX", "202X", "20××", "20**"])))),
    ("another year in the title", &["site/year-mismatch"], |text, seeded| {
        text.replace("人民政府2023年政府", &format!("人民政府{}年政府", 2010 + seeded.below(13)))
    }),
    ("another body in the title", &["year/body-differs"], |text, _| {
        line(text, 0, |line| line.starts_with("title"), |_| "title = \"外山镇人民政府2023年年报\"".into())
    }),
    ("another issuer", &["year/body-differs"], |text, seeded| {
        line(text, 0, |line| line.starts_with("issuer"), |_| "issuer = \"外山镇人民政府\"".to_string()).replacen(
            "外山",
            seeded.one(&["外山", "北坡", "新河", "高桥"]),
            1,
        )
    }),
    ("another signature", &["year/body-differs"], |text, _| {
        line(text, 0, |line| line.ends_with("人民政府") && !line.contains('='), |_| "外山镇人民政府".to_string())
    }),
    ("a section without its heading", &["form/section-missing"], |text, seeded| {
        let place = seeded.below(6);
        line(text, place, |line| line.starts_with("## "), |_| String::new())
    }),
    ("a heading without its section", &["form/section-empty"], |text, _| text.replace("存在的问题是培训偏少。明年办1期培训。", "")),
    ("a number skipped", &["form/heading-number"], |text, _| text.replace("## 六、", "## 七、")),
    ("a number twice", &["form/heading-number"], |text, seeded| text.replace(seeded.one(&["## 六、", "## 五、"]), "## 四、")),
    ("a heading without its number", &["form/heading-number"], |text, seeded| {
        let place = 1 + seeded.below(4);
        line(text, place, |line| line.starts_with("## "), |line| format!("## {}", line.split_once('、').unwrap().1))
    }),
    ("sections out of order", &["form/section-order"], |text, _| {
        text.replace("## 五、存在的主要问题及改进情况", "## 五、@")
            .replace("## 六、其他需要报告的事项", "## 六、存在的主要问题及改进情况")
            .replace("## 五、@", "## 五、其他需要报告的事项")
    }),
    ("a table lost", &["form/table-missing"], |text, _| text.lines().filter(|line| line.matches('|').count() != 16).collect::<Vec<_>>().join("\n") + "\n"),
    ("nothing said of fees", &["form/statement-missing"], |text, _| text.replace("没有收取信息处理费。", "没有别的事项。")),
    ("other parts announced", &["form/parts-announced"], |text, seeded| with(text, &format!("本报告由{}部分组成。", seeded.one(&["五", "七", "四", "八"])))),
    ("advice left in", &["form/instruction-left"], |text, seeded| {
        with(text, seeded.one(&["公开网址：（具体网址）", "（单位名称）开展培训。", "XX镇开展培训。", "请在此填写工作亮点。"]))
    }),
    ("one thing counted twice", &["form/count-differs"], |text, seeded| with(text, &format!("坚持“{}项制度”不动摇。", seeded.one(&["四", "五", "六", "2"])))),
    ("another level", &["text/other-level"], |text, seeded| {
        with(text, seeded.one(&["全市主动公开工作稳步开展。", "全区公开信息有序发布。", "各级政府认真落实条例。", "我市公开平台运行良好。"]))
    }),
    ("another body", &["text/other-body"], |text, _| with(text, "丙山镇不断完善公开栏。")),
    ("a programme of other years", &["text/programme-out-of-time"], |text, seeded| {
        with(text, &format!("落实{}要求。", seeded.one(&["“十二五”", "“十一五”", "党的群众路线教育实践活动", "“两学一做”学习教育"])))
    }),
    ("years lost", &["text/character-lost"], |text, seeded| {
        with(text, seeded.one(&["全-工作平稳有序。", "2023-,全面落实条例。", "2023来工作平稳。", "镇域总面积平方公里。", "本-度没有诉讼。"]))
    }),
    ("a word twice", &["text/character-doubled"], |text, seeded| {
        with(text, seeded.one(&["对政政务公开不熟悉。", "提高了工作工作效率。", "制定的的制度执行良好。", "群众满意度度度提高，群众群众满意。"]))
    }),
    ("a bracket lost", &["text/bracket-unbalanced"], |text, seeded| {
        let sign = seeded.one(&["》", "”", "《", "“"]);
        text.replacen(sign, "", 1)
    }),
    ("brackets of a document number", &["text/document-number"], |text, seeded| {
        let (open, close) = seeded.one(&[("[", "]"), ("（", "）"), ("【", "】"), ("(", ")")]);
        text.replacen('〔', open, 1).replacen('〕', close, 1)
    }),
    ("a broken document number", &["text/document-number"], |text, _| text.replacen('〕', "", 1)),
    ("remains of a page", &["text/page-residue"], |text, seeded| {
        with(text, seeded.one(&["浏览次数：31", "上一篇：没有了", "当前位置：首页", "字号：【大 中 小】", "打印本页"]))
    }),
    ("advertising", &["text/advertising"], |text, seeded| with(text, seeded.one(&["代开发票，联系客服。", "加微信：abc12345", "限时优惠，点击领取。"]))),
    ("injected keywords", &["text/keywords-injected"], |text, seeded| with(text, seeded.one(&["百家乐在这里。", "开户送彩金。", "成人视频在线。"]))),
    ("signs nobody sees", &["text/invisible", "text/direction-control"], |text, seeded| {
        text.replacen("公开", &format!("公{}开", seeded.one(&["\u{200b}", "\u{2060}", "\u{202e}", "\u{ad}"])), 1)
    }),
    ("an identity number", &["privacy/id-number"], |text, seeded| {
        let id = identity(seeded.below(10_000));
        with(text, &format!("户主身份证{id}。"))
    }),
    ("a mobile number", &["privacy/mobile"], |text, seeded| {
        let number = format!("139{:08}", seeded.below(100_000_000));
        with(text, &format!("联系人电话{number}。"))
    }),
    ("a mark of secrecy", &["privacy/secrecy-mark"], |text, seeded| with(text, seeded.one(&["秘密★5年", "内部资料，请勿外传", "机 密★", "绝密"]))),
];

/// A county of townships, each with a report that is broken in one way, and the rules that may say so.
struct Trials {
    site: Site,
    expected: BTreeMap<String, (&'static str, &'static [&'static str])>,
}

impl Trials {
    fn new() -> Trials {
        let site = Site::small();
        std::fs::remove_dir_all(site.path().join("content")).unwrap();
        site.put("config.toml", format!("today = 2026-03-01\n[portal]\nlast_year = {YEAR}\n"));
        site.put("content/_index.md", "+++\ntitle = \"甲县\"\n[contact]\nphone = \"000-0000000\"\n+++\n");
        site.put("content/bing/_index.md", "+++\ntitle = \"丙山镇\"\n+++\n");
        Trials { site, expected: BTreeMap::new() }
    }

    /// Puts a township's report; gives its file.
    fn put(&self, folder: &str, year: i32, text: &str) -> String {
        self.site.put(&format!("content/{folder}/_index.md"), "+++\ntitle = \"乙镇\"\n[body]\nlevel = \"township\"\n+++\n");
        let file = format!("content/{folder}/{year}.md");
        self.site.put(&file, text);
        file
    }

    /// File, rule and message of every finding.
    fn found(&self) -> Vec<[String; 3]> {
        let checked = self.site.run(&["check", "--format", "json"]);
        let findings = checked.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        findings.map(|finding| ["file", "rule", "message"].map(|key| finding[key].as_str().unwrap().to_string())).collect()
    }

    /// At least 99 of 100 broken reports are found by a rule that names the way.
    fn hold(&self, found: &[[String; 3]]) {
        let said: BTreeSet<(&str, &str)> = found.iter().map(|[file, rule, _]| (file.as_str(), rule.as_str())).collect();
        let is_missed = |(file, (_, rules)): &(&String, &(&str, &[&str]))| !rules.iter().any(|rule| said.contains(&(file.as_str(), rule)));
        let missed: Vec<String> = self.expected.iter().filter(is_missed).map(|(file, (name, _))| format!("{name}: {file}")).collect();
        let all = self.expected.len();
        assert!(missed.len() * 100 <= all, "{} of {all} missed:\n{}", missed.len(), missed.join("\n"));
    }
}

#[test]
fn what_is_broken_is_found() {
    const EACH: usize = 24;
    let mut trials = Trials::new();
    let mut seeded = Seeded(20_260_301);
    for (place, (name, rules, breaking)) in BREAKS.iter().enumerate() {
        for seed in 0..EACH {
            let good = whole("乙镇", place * EACH + seed);
            let bad = breaking(&good, &mut seeded);
            assert_ne!(good, bad, "{name} changes nothing");
            let file = trials.put(&format!("b{place}-{seed}"), YEAR, &bad);
            trials.expected.insert(file, (name, rules));
        }
    }
    // And reports that nobody broke.
    for seed in 0..EACH {
        trials.put(&format!("g-{seed}"), YEAR, &whole("乙镇", seed));
    }
    let found = trials.found();
    trials.hold(&found);
    let alarms: Vec<_> = found.iter().filter(|[file, rule, _]| file.starts_with("content/g-") && !rule.starts_with("reuse/")).collect();
    assert!(alarms.is_empty(), "{alarms:?}");
}

type BreakOfTwo = (&'static str, &'static [&'static str], fn(&str, &mut Seeded) -> String, fn(&str, &mut Seeded) -> String);

fn as_it_is(text: &str, _: &mut Seeded) -> String {
    text.to_string()
}

/// What only shows beside the report of the year before: the older report's change, the newer one's.
const BREAKS_OF_TWO: [BreakOfTwo; 7] = [
    ("carried over, not carried out", &["figure/carried-over"], as_it_is, |text, seeded| {
        let place = seeded.below(7);
        line(text, 0, |line| line.starts_with("|二、上年结转"), |line| cell(line, place, |_| "1".into()))
    }),
    (
        "carried out, not carried over",
        &["figure/carried-over"],
        |text, seeded| {
            let place = seeded.below(7);
            line(text, 0, |line| line.starts_with("|四、结转下年度"), |line| cell(line, place, |_| "1".into()))
        },
        as_it_is,
    ),
    ("in force does not follow", &["figure/carried-over"], as_it_is, |text, seeded| {
        let count = 4 + seeded.below(9);
        text.replace("|行政规范性文件|0|0|3|", &format!("|行政规范性文件|0|0|{count}|"))
    }),
    ("a change in number", &["figure/change-mismatch"], as_it_is, |text, seeded| {
        with(text, &format!("收到申请2件，比上年{}{}件。", seeded.one(&["增加", "减少"]), 1 + seeded.below(9)))
    }),
    ("a change in percent", &["figure/change-mismatch"], as_it_is, |text, seeded| {
        with(text, &format!("作出行政处罚6件，同比{}%。", seeded.one(&["增长25", "下降20", "增长12.5", "增长2"])))
    }),
    (
        "a day of last year",
        &["date/stale"],
        |text, _| with(text, "5月12日组织机关干部到村里宣讲公开政策。"),
        |text, _| with(text, "5月12日组织机关干部到村里宣讲公开政策。"),
    ),
    (
        "元 for 万元",
        &["figure/unit-doubtful"],
        |text, _| text.replace("|行政事业性收费|0|||", "|行政事业性收费|3.2|||"),
        |text, seeded| {
            let amount = 28_000 + seeded.below(9_000);
            text.replace("|行政事业性收费|0|||", &format!("|行政事业性收费|{amount}|||"))
        },
    ),
];

#[test]
fn what_is_broken_between_two_years_is_found() {
    const EACH: usize = 20;
    let mut trials = Trials::new();
    let mut seeded = Seeded(7);
    for (place, (name, rules, older, newer)) in BREAKS_OF_TWO.iter().enumerate() {
        for seed in 0..EACH {
            let folder = format!("b{place}-{seed}");
            trials.put(&folder, YEAR - 1, &older(&right("乙镇", YEAR - 1), &mut seeded));
            let file = trials.put(&folder, YEAR, &newer(&right("乙镇", YEAR), &mut seeded));
            trials.expected.insert(file, (name, rules));
        }
    }
    trials.hold(&trials.found());
}
