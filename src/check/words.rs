//! The text itself: words of another level or body, stale programmes, lost and doubled characters, brackets, document numbers, and what a
//! web page left behind.

use super::Subject;
use crate::diag::{Diagnostic, Span, Words};
use crate::model::{Level, Paragraph, TextBlock};
use crate::text::{injected, is_han, is_unseen};
use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static ABOVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(?:我|全)(?:省|市|区|州|旗)|各级(?:人民)?政府|各(?:县|区|市|州)(?:（市、区）|市区|区)?(?:人民政府|政府|部门)|市直(?:各)?(?:单位|部门)|各乡镇(?:（街道）)?(?:人民政府|要|应|均|都)").expect("a pattern of ours")
});

static BELOW: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?:我|全|本)(?:镇|乡|街道)").expect("a pattern of ours"));

static FOREIGN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[，。、；：\s“（]|[和与由经向]|按照|根据)(\p{Han}{2,4}(?:镇|乡))(?:人民政府|党委)").expect("a pattern of ours"));

/// A pattern that begins with any characters is slow; what it ends in is soon found.
static FOREIGN_ENDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    // The bytes that would be looked for first are in most characters.
    AhoCorasick::builder().prefilter(false).build(["镇人民政府", "乡人民政府", "镇党委", "乡党委"]).expect("words of ours")
});

static PROGRAMME_NAMES: LazyLock<AhoCorasick> = LazyLock::new(|| any_of(PROGRAMMES.map(|programme| programme.0)));

static SLIPS: LazyLock<AhoCorasick> = LazyLock::new(|| any_of(MISSPELT.map(|slip| slip.0)));

static SINGLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("的的|了了[^之]|和和|在在|及及|与与|将将|政政|对对[^错]|年年度|公公|为为|我我|镇镇(?:[^长]|$)|。。|，，|、、|；；").expect("a pattern of ours")
});

/// Everything wrong with the wording of a report.
pub(super) fn words(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    invisible(subject, found);
    issuers(subject, found);
    let mut once = BTreeSet::new();
    lost(subject, found);
    numbers(subject, found);
    // What is nowhere in the text is looked for in no block.
    let pattern: Option<&'static LazyLock<Regex>> = match subject.body.level {
        Level::Township | Level::Village => Some(&ABOVE),
        Level::County | Level::City | Level::Province => Some(&BELOW),
        Level::Department | Level::Country => None,
    };
    let other_levels: Option<&Regex> = pattern.map(|pattern| &**pattern).filter(|pattern| subject.has(pattern));
    let here = Here {
        foreign: subject.body.level == Level::Township && FOREIGN_ENDS.is_match(subject.joined),
        programmes: PROGRAMME_NAMES.is_match(subject.joined),
        singles: subject.has(&SINGLE),
        slips: SLIPS.is_match(subject.joined),
    };
    for paragraph in subject.paragraphs {
        if paragraph.block != TextBlock::Cell {
            if let Some(pattern) = other_levels {
                level(subject, pattern, paragraph, found);
            }
            bodies(subject, here.foreign, paragraph, &mut once, found);
            if here.programmes {
                programmes(subject, paragraph, found);
            }
            doubled(subject, here, paragraph, found);
            brackets(subject, paragraph, found);
        }
    }
    residue(subject, found);
}

/// What is somewhere in the text.
#[derive(Clone, Copy)]
struct Here {
    foreign: bool,
    programmes: bool,
    singles: bool,
    slips: bool,
}

/// Signs that nobody sees: in the whole file, front matter included.
fn invisible(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen: std::collections::BTreeMap<char, (usize, usize)> = std::collections::BTreeMap::new();
    if subject.text.is_ascii() {
        return;
    }
    for (at, c) in subject.text.char_indices() {
        // Nearly all signs of a report are Latin or Han.
        let is_common = c.is_ascii() || ('\u{3000}'..='\u{9fff}').contains(&c);
        let begins_the_file = at == 0 && c == '\u{feff}';
        if !is_common && !begins_the_file && is_unseen(c) {
            let entry = seen.entry(c).or_insert((at, 0));
            entry.1 += 1;
        }
    }
    for (c, (at, count)) in seen {
        let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let code = if turns { "text/direction-control" } else { "text/invisible" };
        let sign = format!("U+{:04X}", c as u32);
        let words = if turns {
            Words::new(format!("有改变文字方向的控制字符 {sign}，共 {count} 处"), format!("{count} of the direction control {sign}"))
        } else {
            Words::new(format!("有看不见的字符 {sign}，共 {count} 处"), format!("{count} of the invisible character {sign}"))
        };
        found.push(Diagnostic::new(code, &subject.report.file, Some(Span::new(at, at + c.len_utf8())), words).about(sign, count.to_string()).help(
            "多半是从网页或文档里粘贴带来的：重新输入这一处，或运行 gongkai check --fix。",
            "most likely pasted from a page or document: type it again, or run `gongkai check --fix`.",
        ));
    }
}

/// Title, `issuer` and signature name the body the folder is for.
fn issuers(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    static OFFICE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(\p{Han}{2,12}?(?:镇|乡|街道|县|区|市|局|委员会|办公室|办事处|中心))(?:人民政府|办事处)?").expect("a pattern of ours"));
    let names = subject.lexicon.own_names(subject.tree, subject.body);
    let is_own = |text: &str| names.iter().any(|name| text.contains(name.as_str()));
    let mut said = |place: Option<Span>, what: (&str, &str), text: &str| {
        // A county's office reports for the county.
        let named = OFFICE.captures(text).and_then(|caught| caught.get(1)).map(|office| office.as_str().to_string());
        if let Some(office) = named.filter(|_| !is_own(text)) {
            let words = Words::new(
                format!("{}写的是“{office}”，这里是{}的目录", what.0, subject.body.title),
                format!("the {} names `{office}`; this is the folder of {}", what.1, subject.body.title),
            );
            found.push(
                Diagnostic::new("year/body-differs", &subject.report.file, place, words)
                    .about(what.1, office)
                    .help("放错了目录或抄了别的机关的稿子：请核对。", "a wrong folder, or another body's text: check."),
            );
        }
    };
    said(None, ("标题", "title"), &subject.report.title);
    if let Some(issuer) = &subject.report.issuer {
        said(None, ("发布机关", "issuer"), issuer);
    }
    // A signature is short, names an office and ends in its day or stands last.
    for paragraph in subject.prose().rev().take(3).filter(|paragraph| paragraph.text.chars().count() <= 40) {
        let signs = paragraph.text.contains("人民政府") || paragraph.text.contains("办事处");
        if signs && !paragraph.text.contains(['，', '。', '：', '；']) {
            said(Some(paragraph.span), ("署名", "signature"), &paragraph.text);
        }
    }
}

/// 全市, 全区, 各级政府 in a township's report.
fn level(subject: &Subject<'_>, pattern: &Regex, paragraph: &Paragraph, found: &mut Vec<Diagnostic>) {
    for hit in pattern.find_iter(&paragraph.text) {
        let (before, after) = (&paragraph.text[..hit.start()], &paragraph.text[hit.end()..]);
        // 在全市排名, 被评为全市先进, 全国 and 全区域 are said of others, by right.
        let of_others = ["在", "被", "为", "向", "于", "获", "居", "列", "受", "由", "经", "按照", "根据", "“", "《", "、国家、省、", "国家、"]
            .iter()
            .any(|word| before.ends_with(word));
        if of_others
            || after.contains("要求") && after.find("要求").is_some_and(|at| at <= 36)
            || after.starts_with(['域', '先', '优', '第', '排', '前', '首', '政', '统'])
            || before.ends_with(['健', '安', '完', '齐'])
        {
            continue;
        }
        let words = Words::new(
            format!("“{}”不是{}这一级的说法", hit.as_str(), subject.body.title),
            format!("`{}` is not how {} speaks of itself", hit.as_str(), subject.body.title),
        );
        found.push(subject.quoted("text/other-level", paragraph, hit.range(), words).help(
            "多半抄自上级文件：请改成本机关的说法，并核对数字是不是本机关的。",
            "most likely taken from a superior's paper: use this body's own words, and check whose figures they are.",
        ));
    }
}

/// Names of other bodies.
fn bodies(subject: &Subject<'_>, foreign: bool, paragraph: &Paragraph, once: &mut BTreeSet<String>, found: &mut Vec<Diagnostic>) {
    let mut say = |name: &str, at: std::ops::Range<usize>| {
        // Who links to another's page means it.
        let rest = subject.text.get(subject.span(paragraph, at.clone()).start as usize..).unwrap_or_default();
        let linked = rest.find(']').is_some_and(|close| close < 60 && rest[close..].starts_with("]("));
        if !linked && once.insert(name.to_string()) {
            let words = Words::new(format!("{}的年报里出现“{name}”", subject.body.title), format!("the report of {} names `{name}`", subject.body.title));
            found.push(subject.quoted("text/other-body", paragraph, at, words).about(name, "").help(
                "若是抄来的，请改成本机关的名称和事实；确需提到别的机关的，用 [[accept]] 写明。",
                "if it was copied, use this body's name and facts; if the other body is meant, say so under [[accept]].",
            ));
        }
    };
    for (name, at) in subject.lexicon.others(subject.tree, subject.body, &paragraph.text) {
        say(&name, at);
    }
    if foreign && FOREIGN_ENDS.is_match(&paragraph.text) {
        let names = subject.lexicon.own_names(subject.tree, subject.body);
        for caught in FOREIGN.captures_iter(&paragraph.text) {
            let name = caught.get(1).expect("group 1");
            let known = names.iter().any(|own| name.as_str().ends_with(own.as_str()))
                || ["乡镇", "各镇", "各乡", "我镇", "我乡", "本镇", "本乡", "全镇", "全乡", "该镇", "该乡", "由镇", "经镇", "由乡", "经乡"]
                    .iter()
                    .any(|word| name.as_str().ends_with(word));
            if !known {
                say(name.as_str(), name.range());
            }
        }
    }
}

/// Campaigns, plans and decrees with the years in which a report can speak of them; the last is open where they go on.
const PROGRAMMES: [(&str, i16, i16); 19] = [
    ("保持共产党员先进性教育", 2005, 2006),
    ("学习实践科学发展观活动", 2008, 2010),
    ("创先争优活动", 2010, 2013),
    ("党的群众路线教育实践活动", 2013, 2015),
    ("群众路线教育实践活动", 2013, 2015),
    ("“三严三实”专题教育", 2015, 2016),
    ("“两学一做”学习教育", 2016, 2020),
    ("“不忘初心、牢记使命”主题教育", 2019, 2021),
    ("党史学习教育", 2021, i16::MAX),
    ("党纪学习教育", 2024, 2025),
    ("“十一五”", 2005, 2011),
    ("“十二五”", 2010, 2016),
    ("“十三五”", 2015, 2021),
    ("“十四五”", 2020, 2026),
    ("国务院令第492号", 2007, 2018),
    ("国务院令第711号", 2019, i16::MAX),
    ("国办公开办函〔2019〕60号", 2019, 2021),
    ("国办公开办函〔2021〕30号", 2021, i16::MAX),
    ("新冠肺炎疫情", 2019, 2023),
];

fn any_of<const N: usize>(words: [&str; N]) -> AhoCorasick {
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).expect("words of ours")
}

fn programmes(subject: &Subject<'_>, paragraph: &Paragraph, found: &mut Vec<Diagnostic>) {
    let year = subject.report.id.year.number();
    let mut taken: Vec<&str> = Vec::new();
    for hit in PROGRAMME_NAMES.find_iter(&paragraph.text) {
        let (name, from, until) = PROGRAMMES[hit.pattern().as_usize()];
        let at = hit.start();
        if (from..=until).contains(&year) || taken.contains(&name) {
            continue;
        }
        taken.push(name);
        let years = if until == i16::MAX {
            (format!("{from}年以后"), format!("from {from} on"))
        } else {
            (format!("{from}至{until}年"), format!("of {from} to {until}"))
        };
        let words = Words::new(
            format!("“{}”是{}的，{year} 年度的年报不应写到", name.trim_matches(['“', '”']), years.0),
            format!("`{name}` is {}; the report is for {year}", years.1),
        );
        found.push(
            subject
                .quoted("text/programme-out-of-time", paragraph, at..at + name.len(), words)
                .help("多半是沿用旧稿或抄了别年的稿子：请改成当年的。", "most likely an old or another year's text: write what belongs to the year."),
        );
    }
}

/// 2012-, 全-工作, 面积平方公里: characters that got lost on the way through a web page.
fn lost(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    static LOST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?:19|20)\d{2}[-－](?:[，,。]|\p{Han})|(?m:^|[全今本一每当])[-－][\p{Han}]|(?:19|20)\d{2}来|\d+余(?m:[，。；、,;]|$)|\d{1,2}[-－](?:[，,]|份|底|初)",
            r"|(?:面积|人口|申请|信息|收到|培训|共计|累计)(?:约|为|达)?(?:平方公里|万人|条|件|次|人次|期|份)(?m:[，。；、,;]|$)"
        ))
        .expect("a pattern of ours")
    });
    if !subject.has(&LOST) {
        return;
    }
    let prose = || subject.paragraphs.iter().filter(|paragraph| paragraph.block != TextBlock::Cell);
    let hits: Vec<(&Paragraph, std::ops::Range<usize>)> =
        prose().flat_map(|paragraph| LOST.find_iter(&paragraph.text).map(move |hit| (paragraph, hit.range()))).collect();
    let Some((paragraph, at)) = hits.first() else { return };
    let shown: Vec<String> = hits.iter().take(4).map(|(paragraph, at)| format!("“{}”", paragraph.text[at.clone()].trim())).collect();
    let count = hits.len();
    let words = Words::new(
        format!("像是丢了年、月、日或数字，共 {count} 处：{}", shown.join("、")),
        format!("a sign of year, month, day or a number seems lost in {count} places: {}", shown.join(", ")),
    );
    found.push(subject.quoted("text/character-lost", paragraph, at.clone(), words).about("lost", count.to_string()).help(
        "请按原件补上；补不出的保持原样并用 [[accept]] 说明。",
        "complete it from the original; if that cannot be done keep it and say so under [[accept]].",
    ));
}

/// Words that Chinese doubles by right.
const DOUBLES: [&str; 13] = ["公开", "研究", "讨论", "学习", "了解", "商量", "检查", "介绍", "锻炼", "点点", "多多", "实实", "整整"];

/// Words that are mistyped, with what is meant.
const MISSPELT: [(&str, &str); 14] = [
    ("工作告年度报", "工作年度报告"),
    ("政府信公开", "政府信息公开"),
    ("政府息公开", "政府信息公开"),
    ("信息公公开", "信息公开"),
    ("公开条列", "公开条例"),
    ("中华人民国", "中华人民共和国"),
    ("主动公布开", "主动公开"),
    ("依申情公开", "依申请公开"),
    ("行政复义", "行政复议"),
    ("行政诉颂", "行政诉讼"),
    ("渡过难关期", "度过难关期"),
    ("再接再励", "再接再厉"),
    ("按步就班", "按部就班"),
    ("以至公开不及时", "以致公开不及时"),
];

fn doubled(subject: &Subject<'_>, here: Here, paragraph: &Paragraph, found: &mut Vec<Diagnostic>) {
    let text = &paragraph.text;
    let mut say = |code: &str, at: std::ops::Range<usize>, zh: String, en: String| {
        found.push(subject.quoted(code, paragraph, at, Words::new(zh, en)).help("请按原意改正。", "correct it."));
    };
    for hit in here.singles.then(|| SINGLE.find_iter(text)).into_iter().flatten() {
        say("text/character-doubled", hit.range(), format!("“{}”：叠字", hit.as_str()), format!("`{}` is typed twice", hit.as_str()));
    }
    let chars: Vec<(usize, char)> = if repeats(text) { text.char_indices().collect() } else { Vec::new() };
    let mut at = 0;
    while at + 4 <= chars.len() {
        let longest = (2..=4).rev().find(|&length| {
            let Some(part) = chars.get(at..at + 2 * length) else { return false };
            let (a, b) = part.split_at(length);
            a.iter().zip(b).all(|(x, y)| x.1 == y.1 && is_han(x.1)) && a.iter().any(|x| x.1 != a[0].1)
        });
        let Some(length) = longest else {
            at += 1;
            continue;
        };
        let start = chars[at].0;
        let end = chars.get(at + 2 * length).map_or(text.len(), |next| next.0);
        let word: String = chars[at..at + length].iter().map(|(_, c)| *c).collect();
        if !DOUBLES.contains(&word.as_str()) && !word.contains('一') && !word.starts_with(['年', '月', '天', '户', '村', '家', '步', '层']) {
            say("text/character-doubled", start..end, format!("“{word}”写了两遍"), format!("`{word}` is typed twice"));
        }
        at += 2 * length;
    }
    for hit in here.slips.then(|| SLIPS.find_iter(text)).into_iter().flatten() {
        let (wrong, right) = MISSPELT[hit.pattern().as_usize()];
        say("text/misspelt", hit.start()..hit.end(), format!("“{wrong}”应作“{right}”"), format!("`{wrong}` should be `{right}`"));
    }
}

/// Whether two to four Han characters stand right after themselves: nearly all texts are told to be without in one pass.
fn repeats(text: &str) -> bool {
    let (mut before, mut runs) = (['\0'; 4], [0usize; 4]);
    for c in text.chars() {
        let han = is_han(c);
        for length in 2..=4 {
            let run = &mut runs[length - 1];
            *run = if han && before[length - 1] == c { *run + 1 } else { 0 };
            if *run == length {
                return true;
            }
        }
        before = [c, before[0], before[1], before[2]];
    }
    false
}

/// Each bracket that opens closes, in one paragraph.
fn brackets(subject: &Subject<'_>, paragraph: &Paragraph, found: &mut Vec<Diagnostic>) {
    // The pair a sign is of, and whether it opens.
    let side = |c: char| {
        Some(match c {
            '（' | '(' => (0, true),
            '）' | ')' => (0, false),
            '《' => (1, true),
            '》' => (1, false),
            '“' => (2, true),
            '”' => (2, false),
            '〔' => (3, true),
            '〕' => (3, false),
            '【' => (4, true),
            '】' => (4, false),
            '「' => (5, true),
            '」' => (5, false),
            _ => return None,
        })
    };
    let text = &paragraph.text;
    let mut pairs: [(Vec<usize>, Option<usize>); 6] = Default::default();
    for (at, c) in text.char_indices() {
        let Some((pair, opens)) = side(c) else { continue };
        let (waiting, stray): &mut (Vec<usize>, Option<usize>) = &mut pairs[pair];
        if opens {
            waiting.push(at);
        } else if waiting.pop().is_none() && !counts(&text[..at]) {
            *stray = stray.or(Some(at));
        }
    }
    for (waiting, stray) in pairs {
        let Some(at) = stray.or(waiting.first().copied()) else { continue };
        // A broken document number has been said.
        let place = subject.span(paragraph, at..at + text[at..].chars().next().map_or(1, char::len_utf8));
        if found
            .iter()
            .any(|known| known.rule.code == "text/document-number" && known.span.is_some_and(|span| span.start <= place.start && place.start < span.end))
        {
            continue;
        }
        let sign = text[at..].chars().next().unwrap_or_default();
        let words = if stray.is_some() {
            Words::new(format!("符号 {sign} 没有前一半"), format!("`{sign}` closes what was never opened"))
        } else {
            Words::new(format!("符号 {sign} 没有后一半"), format!("`{sign}` is never closed"))
        };
        // The words around it say which bracket is meant.
        let end = text[at..].char_indices().nth(6).map_or(text.len(), |(next, _)| at + next);
        found.push(subject.quoted("text/bracket-unbalanced", paragraph, at..end, words).help("请补上或删去另一半。", "add or remove the other half."));
    }
}

/// 1） and 二) count, they close nothing.
fn counts(before: &str) -> bool {
    let number = before.chars().rev().take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c)).count();
    let start = before.char_indices().rev().nth(number.saturating_sub(1)).map_or(before.len(), |(at, _)| at);
    number > 0 && (start == 0 || before[..start].ends_with(['。', '；', '：', ' ', '，', '、']))
}

/// 盈政办发[2016]132号 and 岳县政办函〔2012118号.
fn numbers(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    static BROKEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\p{Han}{2,14}[〔\[［(（]\s*(?:19|20)\d{2}\d{1,4}\s*号|\p{Han}{2,14}〔(?:19|20)\d{2}〕(?:第)?号|\p{Han}{2,14}〔\d{1,3}〕\d{1,5}号|\p{Han}{2,14}〔(?:19|20)\d{2}〕第\d{1,5}号").expect("a pattern of ours")
    });
    let prose = || subject.paragraphs.iter().filter(|paragraph| paragraph.block != TextBlock::Cell);
    let mut wrong: Vec<(&Paragraph, std::ops::Range<usize>, String)> = Vec::new();
    for paragraph in prose() {
        for (at, right) in super::fixes::document_numbers(&paragraph.text) {
            if !wrong.iter().any(|(known, place, _)| known.text[place.clone()] == paragraph.text[at.clone()]) {
                wrong.push((paragraph, at, right));
            }
        }
    }
    if let Some((paragraph, at, _)) = wrong.first() {
        let shown: Vec<String> = wrong.iter().take(3).map(|(paragraph, at, right)| format!("“{}”应作“{right}”", &paragraph.text[at.clone()])).collect();
        let count = wrong.len();
        let more = if count > 3 { "等" } else { "" };
        let words = Words::new(
            format!("{count} 个文号的括号不是六角括号：{}{more}", shown.join("，")),
            format!("{count} document numbers are not in 〔〕: {}", shown.join(", ")),
        );
        let all: Vec<&str> = wrong.iter().map(|(paragraph, at, _)| &paragraph.text[at.clone()]).collect();
        found.push(
            subject
                .quoted("text/document-number", paragraph, at.clone(), words)
                .about("brackets", all.join(" "))
                .help("运行 gongkai check --fix 可以一次改正。", "`gongkai check --fix` corrects them all."),
        );
    }
    // What a broken number ends in: to begin with any two characters is slow.
    static ENDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[〔\[［(（]\s*(?:19|20)\d{2}\d{1,4}\s*号|〔(?:19|20)\d{2}〕(?:第)?号|〔\d{1,3}〕\d{1,5}号|〔(?:19|20)\d{2}〕第\d{1,5}号")
            .expect("a pattern of ours")
    });
    if !subject.has(&ENDS) {
        return;
    }
    let mut once = BTreeSet::new();
    for paragraph in prose() {
        for hit in BROKEN.find_iter(&paragraph.text).filter(|hit| once.insert(hit.as_str())) {
            let words = Words::new(
                format!("文号“{}”残缺：应写机关代字、〔四位年份〕、序号，序号前不写“第”", hit.as_str()),
                format!("the document number `{}` is broken", hit.as_str()),
            );
            found.push(
                subject.quoted("text/document-number", paragraph, hit.range(), words).help("请按原文件改正文号。", "correct it from the document itself."),
            );
        }
    }
}

/// What a web page left behind: counters, buttons, advertising, words for search engines.
fn residue(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:浏览|点击|阅读|访问)(?:次数|量|数|率)\s*[:：]|字[体号]\s*[:：]\s*[【\[（(大]|[【\[]\s*(?:大\s+中\s+小|打印|关闭)|分享到|打印本[页文]|关闭(?:本页|窗口)|上一篇\s*[:：]|下一篇\s*[:：]|当前位置\s*[:：]|您(?:现在)?的位置|(?:信息)?来源\s*[:：]\s*(?m:$)|责任编辑\s*[:：]|登录\s*[|｜/]?\s*注册|版权所有|(?:[\p{Han}])ICP备|返回(?:顶部|首页)|相关(?:链接|阅读|新闻)\s*[:：]|发布(?:时间|日期)\s*[:：]|(?m:^)打印|收藏本[页站]|扫一扫在手机").expect("a pattern of ours")
    });
    static ADVERTISING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:加|咨询|客服)?(?:微信|QQ|扣扣|威信|薇信)(?:号)?\s*[:：]\s*[A-Za-z0-9_-]{5,}|代开(?:各类)?发票|代办(?:证件|文凭|学历)|考试包过|刷单|日结兼职|限时(?:优惠|抢购)|免费领取|点击(?:领取|下载APP|进入官网)|招商加盟|加盟热线|秒批|低息贷款|无抵押贷款").expect("a pattern of ours")
    });
    let hits = |pattern: &'static LazyLock<Regex>| {
        let there = subject.has(pattern);
        subject.paragraphs.iter().filter(move |_| there).flat_map(move |paragraph| pattern.find_iter(&paragraph.text).map(move |hit| (paragraph, hit)))
    };
    for (paragraph, hit) in hits(&PAGE) {
        let words = Words::new(format!("“{}”是网页上带下来的", hit.as_str().trim()), format!("`{}` was left by a web page", hit.as_str().trim()));
        found.push(
            subject.quoted("text/page-residue", paragraph, hit.range(), words).help(
                "不是报告的内容，请删去；发布日期写进信息栏的 date。",
                "it is no part of the report: remove it; the day of publication goes into `date`.",
            ),
        );
    }
    for (paragraph, hit) in hits(&ADVERTISING) {
        let words = Words::new(format!("“{}”像是广告", crate::text::shortened(hit.as_str(), 12)), "this looks like advertising");
        found.push(
            subject
                .quoted("text/advertising", paragraph, hit.range(), words)
                .help("请删去，并检查来源网页是否被篡改。", "remove it, and see whether the source page was tampered with."),
        );
    }
    if !injected::is_there(subject.joined) {
        return;
    }
    for (paragraph, range) in subject.paragraphs.iter().flat_map(|paragraph| injected::find(&paragraph.text).into_iter().map(move |range| (paragraph, range))) {
        let word = &paragraph.text[range.clone()];
        let words = Words::new(format!("混入“{word}”一类的词"), format!("the injected keyword `{word}`"));
        found.push(subject.quoted("text/keywords-injected", paragraph, range, words).help(
            "来源网页多半被劫持过：请换用可靠的原件，并逐句核对。",
            "the source page was most likely hijacked: use a reliable original and compare sentence by sentence.",
        ));
    }
}
