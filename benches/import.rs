//! Imports of many web pages: wall time, pages a second and peak memory, each size in a process of its own.
//!
//! `cargo bench --bench import` imports 1,000 and 10,000 pages, with as much text as published reports have, three times each and prints the median; another
//! number adds a size. Memory that follows the number of pages would show between the two.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const RUNS: usize = 3;

fn main() {
    let mut sizes = vec![1_000, 10_000];
    sizes.extend(std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok()));
    for pages in sizes {
        let folder = tempfile::tempdir().unwrap();
        let bytes = pages_of(folder.path(), pages);
        let mut runs: Vec<(f64, u64)> = (0..RUNS).map(|run| import(folder.path(), run)).collect();
        runs.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (seconds, kilobytes) = runs[RUNS / 2];
        println!(
            "{pages} pages of {} kB: {seconds:.2} s (of {:.2} to {:.2}), {:.0} pages/s, peak {} MB",
            bytes / pages / 1024,
            runs[0].0,
            runs[RUNS - 1].0,
            pages as f64 / seconds,
            kilobytes / 1024
        );
    }
}

/// One import into a fresh folder; seconds and peak memory in kilobytes.
fn import(folder: &Path, run: usize) -> (f64, u64) {
    let into = folder.join(format!("content-{run}"));
    let started = Instant::now();
    let mut child =
        Command::new(env!("CARGO_BIN_EXE_gongkai")).arg("import").arg(folder.join("pages")).arg("--into").arg(&into).stdout(Stdio::null()).spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak);
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    assert!(status.success(), "every page has to be imported");
    let seconds = started.elapsed().as_secs_f64();
    std::fs::remove_dir_all(&into).unwrap();
    (seconds, peak)
}

/// What a section says: with six sections about 2,400 characters and two dozen numbers a page, as the shortest of three published reports has.
const SENTENCES: [&str; 9] = [
    "按照《中华人民共和国政府信息公开条例》和县政府的统一部署，本镇主动公开政府信息{n}条，内容涉及村务、财务和民生。",
    "政府网站公开信息{n}条，栏目每月更新，由党政办公室专人负责登记和核对。",
    "通过公开栏公开信息{n}条，各村的公开栏设在村部门口，便于群众随时查看。",
    "共收到政府信息公开申请{n}件，都在规定期限内办结，没有超过期限的，也没有延长答复期限的。",
    "全年举办政府信息公开工作培训{n}次，各站所和村的信息员都参加了学习，学习内容包括条例和保密规定。",
    "发放宣传资料{n}份，在集市和学校向群众讲解怎样查阅、怎样申请，解答大家关心的问题。",
    "因政府信息公开申请行政复议{n}件，有关材料按时报送，配合复议机关查清事实。",
    "设立政府信息公开查阅点{n}个，配备了电脑和资料架，工作日由值班人员接待。",
    "{year}年工作中也有不足，主要是有的站所报送不够及时，内容不够详细，下一步将健全制度，加强检查和考核。",
];

/// Pages as government sites print them, ten years a township: menus, a catalogue entry, six sections, a table.
fn pages_of(folder: &Path, pages: usize) -> usize {
    let folder = folder.join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    const HAN: [&str; 40] = [
        "东", "西", "南", "北", "中", "上", "下", "大", "小", "青", "白", "红", "金", "银", "石", "木", "水", "火", "土", "山", "川", "河", "江", "湖", "林",
        "田", "桥", "井", "泉", "沙", "云", "风", "雨", "雪", "松", "竹", "梅", "兰", "龙", "凤",
    ];
    let mut bytes = 0;
    for page in 0..pages {
        let (township, year) = (page / 10, 2012 + page % 10);
        let name = format!("{}{}{}镇", HAN[township % 40], HAN[township / 40 % 40], HAN[township / 1600 % 40]);
        let mut text = format!(
            "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{name}{year}年政府信息公开工作年度报告_测县人民政府</title><meta name=\"PubDate\" content=\"{}-01-20 09:00\"><style>.x{{display:none}}</style><script>var a = 1;</script></head><body><div class=\"nav\"><ul>",
            year + 1
        );
        for item in 0..30 {
            let _ = write!(text, "<li><a href=\"/c/{item}.html\">栏目{item}</a></li>");
        }
        let _ = write!(
            text,
            "</ul></div><div>当前位置：首页 &gt; 政府信息公开 &gt; 年报</div><h1>{name}{year}年政府信息公开工作年度报告</h1><p>发布时间：{}-01-20 浏览次数：{page} 【字体：大 中 小】 打印</p>",
            year + 1
        );
        for (place, numeral) in ["一", "二", "三", "四", "五", "六"].iter().enumerate() {
            let _ = write!(text, "<p style=\"text-indent:2em\"><strong>{numeral}、第{place}部分情况</strong></p>");
            for (sentence, words) in SENTENCES.iter().enumerate() {
                // A figure is stated in one section; elsewhere the sentence says the same without it.
                let number = if sentence % 6 == place { format!("{}", page % 97 + 3 * sentence + 2) } else { "若干".to_string() };
                let words = words.replace("{n}", &number).replace("{year}", &year.to_string());
                let _ = write!(text, "<p style=\"text-indent:2em\"><span style=\"font-family:宋体;font-size:16px\">{words}</span></p>");
            }
        }
        text.push_str("<table border=1><tr><td colspan=3>第二十条第（一）项</td></tr><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td></tr>");
        for row in ["规章", "行政规范性文件"] {
            let _ = write!(text, "<tr><td>{row}</td><td>{}</td><td>0</td></tr>", page % 5);
        }
        let _ = write!(text, "</table><p>{name}人民政府</p><p>{}年1月15日</p><div>主办：测县人民政府 版权所有</div></body></html>", year + 1);
        bytes += text.len();
        std::fs::write(folder.join(format!("{page:06}.html")), text).unwrap();
    }
    bytes
}
