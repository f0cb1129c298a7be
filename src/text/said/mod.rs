//! Figures in running text: which indicator a number states, with its unit, its qualifier and the time it covers.
//!
//! The patterns are data of the registry. `said` states its indicator wherever it stands; `listed` is a whole label of a list or of a
//! point, 政策法规类信息338条, and counts only where the text before it speaks of the matter. A number that two patterns claim goes to the
//! one that explains more of the words before it. What belongs to another year, another body or a plan is found and said to be so.

mod after;
mod beside;
mod known;
mod pattern;
mod phrases;

use phrases::Asked;
pub use phrases::{Broken, Phrases};

use super::numerals;
use super::plain::Plain;
use crate::model::{About, Amount, Breakdown, Form, IndicatorId, Kind, Registry, TimeSpan, Year};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What is known of the place a text stands in.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Title of the section, empty before the first.
    pub section: &'a str,
    /// Year of the report.
    pub year: Option<Year>,
    /// Form of the report: of two indicators that are said alike, the one that is in it.
    pub form: Option<&'a Form>,
    /// Whether the body is below a county, so that 全县 is said of others.
    pub township: bool,
}

/// Why a number states nothing of this report's year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Elsewhere {
    /// Another year's.
    Year,
    /// A plan or a demand.
    Plan,
    /// A rate a month, a village, a person.
    Each,
    /// Another body's.
    Body,
    /// What came about, not what there is; or one matter of many.
    Part,
}

/// A number of a text with what it states.
#[derive(Clone, PartialEq, Debug)]
pub struct Statement {
    /// What is counted.
    pub indicator: IndicatorId,
    /// Of whom or with what result; nearly always the total.
    pub breakdown: Breakdown,
    /// The number in the indicator's unit.
    pub amount: Amount,
    /// Number and unit as printed, where the unit is another.
    pub stated: Option<(Amount, Box<str>)>,
    /// 余, 近, 超, 约.
    pub about: Option<About>,
    /// This year, or since counting began.
    pub time: TimeSpan,
    /// Why it is not this report's, if it is not.
    pub elsewhere: Option<Elsewhere>,
    /// A year before or after the report's that the words name for it.
    pub dated: Option<i16>,
    /// Whether the words say that there is none, without a number.
    pub none: bool,
    /// Number and unit in the printed text; of a statement without a number, the words.
    pub range: Range<usize>,
    /// The words that were understood.
    pub words: Range<usize>,
    /// The clause around it.
    pub clause: Range<usize>,
}

const NUMBER: &str = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百]{1,6}";

impl Phrases {
    /// Every number of a text that states an indicator, in order; and zeros that are said in words.
    pub fn read(&self, registry: &Registry, scope: Scope<'_>, printed: &str) -> Vec<Statement> {
        self.read_asked(registry, scope, printed, &|_| true)
    }

    /// The same of those sentences that state an indicator which is asked for. What a sentence states hangs on no other one's statements.
    pub fn read_of(&self, registry: &Registry, scope: Scope<'_>, printed: &str, wanted: &dyn Fn(IndicatorId) -> bool) -> Vec<Statement> {
        self.read_asked(registry, scope, printed, &|indicator| wanted(indicator) || after::led_to(registry, indicator).any(wanted))
    }

    fn read_asked(&self, registry: &Registry, scope: Scope<'_>, printed: &str, asked: Asked<'_>) -> Vec<Statement> {
        if self.is_empty() {
            return Vec::new();
        }
        let plain = Plain::of(printed);
        let text = plain.text.as_str();
        let mut hits: Vec<Hit> = Vec::new();
        for sentence in sentences(text) {
            let words = &text[sentence.clone()];
            if !words.contains(|c: char| c.is_ascii_digit() || numerals::is_numeral(c)) && !NOTHING.iter().any(|word| words.contains(word)) {
                continue;
            }
            let moved = |place: Range<usize>| sentence.start + place.start..sentence.start + place.end;
            let mut of_list = Vec::new();
            for fit in self.fits(registry, words, asked) {
                let rank = u8::from(fit.label.is_none());
                let hit = Hit { indicator: fit.indicator, number: fit.number.map(moved), words: moved(fit.words), rank, joint: fit.joint };
                match fit.label {
                    None => hits.push(hit),
                    Some(end) if speaks_of(&registry.indicator(hit.indicator).part, scope.section, &text[..sentence.start], &words[..end]) => of_list.push(hit),
                    Some(_) => {}
                }
            }
            without_doubled(&mut of_list, registry, text);
            hits.extend(of_list);
        }
        let mut found: Vec<Statement> =
            settled(hits, registry, scope).into_iter().filter_map(|hit| statement(registry, scope, &plain, printed, &hit)).collect();
        after::changes(registry, scope, &plain, printed, &mut found);
        after::parts(registry, scope, &plain, printed, &mut found);
        after::sums(registry, scope, &plain, printed, &mut found);
        found.sort_by_key(|statement| (statement.range.start, statement.indicator));
        found
    }
}

/// Two labels of a list that mean one class with different numbers, 镇街动态455条，部门动态798条: neither is the class.
fn without_doubled(hits: &mut Vec<Hit>, registry: &Registry, text: &str) {
    let class = |hit: &Hit| hit.rank == 0 && registry.indicator(hit.indicator).part == "classes";
    let doubled: Vec<IndicatorId> = hits
        .iter()
        .filter(|hit| class(hit))
        .filter(|hit| hits.iter().any(|other| class(other) && other.indicator == hit.indicator && printed(text, other) != printed(text, hit)))
        .map(|hit| hit.indicator)
        .collect();
    hits.retain(|hit| !(class(hit) && doubled.contains(&hit.indicator)));
}

fn printed<'t>(text: &'t str, hit: &Hit) -> &'t str {
    hit.number.clone().map_or("", |number| &text[number])
}

/// A pattern that fitted: places in the searched text.
#[derive(Clone, Debug)]
struct Hit {
    indicator: IndicatorId,
    number: Option<Range<usize>>,
    words: Range<usize>,
    /// `said` before `listed` where both explain as much.
    rank: u8,
    /// Whether the words say that the number is that of each of several things.
    joint: bool,
}

const STOPS: [char; 9] = ['，', '。', '；', '：', '、', '（', '）', '！', '？'];

/// Words one of which is in every zero that is said without a number.
const NOTHING: [&str; 4] = ["无", "没有", "未", "不存在"];

/// Whether the text speaks of what a list of a part of the form counts.
fn speaks_of(part: &str, section: &str, before: &str, sentence: &str) -> bool {
    let said = |words: &[&str]| words.iter().any(|word| section.contains(word) || before.contains(word) || sentence.contains(word));
    match part {
        "proactive" | "classes" | "interpretation" => said(&["公开", "发布", "信息"]),
        "applications" => said(&["申请"]),
        "disputes" => said(&["复议", "诉讼", "投诉", "举报"]),
        "profile" => {
            ["全镇", "全乡", "全街道"].iter().any(|word| sentence.contains(word))
                || sentence.contains('辖')
                || before.contains("辖")
                || sentence.contains("人口")
                || sentence.contains("面积")
        }
        "service" | "county" => said(&["大厅", "中心", "窗口", "热线", "咨询", "网站", "信箱"]),
        "fees" => said(&["收费", "费用"]),
        _ => true,
    }
}

/// Of hits on one number the one that explains most; of zeros each indicator once a sentence.
fn settled(mut hits: Vec<Hit>, registry: &Registry, scope: Scope<'_>) -> Vec<Hit> {
    let in_form = |hit: &Hit| scope.form.is_none_or(|form| form.states(hit.indicator, registry));
    hits.sort_by_key(|hit| {
        let start = hit.number.as_ref().map_or(hit.words.start, |number| number.start);
        (start, hit.words.start, !in_form(hit), std::cmp::Reverse(hit.rank), hit.indicator)
    });
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        let same = |known: &Hit| match (&known.number, &hit.number) {
            // 行政许可、行政处罚均为0件 is said of both.
            (Some(a), Some(b)) => a.start < b.end && b.start < a.end && !(known.joint && hit.joint && known.indicator != hit.indicator),
            (None, None) => known.indicator == hit.indicator && known.words.start < hit.words.end && hit.words.start < known.words.end,
            _ => false,
        };
        if !kept.iter().any(same) {
            kept.push(hit);
        }
    }
    kept
}

/// Sentences of the searched text.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '。' | '！' | '？')) {
        found.push(start..at);
        start = at + c.len_utf8();
    }
    if start < text.len() {
        found.push(start..text.len());
    }
    found
}

/// The clause around a place: between stops, commas included, lists joined by 、 whole.
fn clause(text: &str, place: Range<usize>) -> Range<usize> {
    const ENDS: [char; 8] = ['，', '。', '；', '：', '！', '？', '（', '）'];
    let start = text[..place.start].rfind(ENDS).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let end = text[place.end..].find(ENDS).map_or(text.len(), |at| place.end + at);
    start..end
}

/// Units, longest first where one begins another.
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^(?:平方公里|平方千米|平方米|个百分点|人次|户次|条次|件次|场次|篇次|批次|班次|亩|元|人|名|条|件|个|次|份|篇|期|项|宗|起|例|户|场|处|批|类|则|部|册|张|本|笔|家|轮|课时|%|㎡)").expect("a pattern of ours")
});

fn statement(registry: &Registry, scope: Scope<'_>, plain: &Plain, printed: &str, hit: &Hit) -> Option<Statement> {
    let text = plain.text.as_str();
    let around = clause(text, hit.number.clone().unwrap_or(hit.words.clone()));
    let (elsewhere, dated) = elsewhere(registry, scope, text, hit, &around);
    if is_other_matter(registry, scope, text, hit) {
        return None;
    }
    let Some(number) = &hit.number else {
        let none = Statement {
            indicator: hit.indicator,
            breakdown: Breakdown::TOTAL,
            amount: Amount::ZERO,
            stated: None,
            about: None,
            time: TimeSpan::Year,
            elsewhere,
            dated,
            none: true,
            range: plain.printed(hit.words.clone()),
            words: plain.printed(hit.words.clone()),
            clause: plain.printed(around),
        };
        return Some(none);
    };
    let read = number_at(text, number.clone())?;
    // 同一条, 一份 are turns of speech where things are counted by the hundred.
    let digit = text[number.clone()].chars().count() == 1 && !text[number.clone()].starts_with(|c: char| c.is_ascii_digit());
    if digit && matches!(registry.indicator(hit.indicator).part.as_str(), "proactive" | "classes") {
        return None;
    }
    let unit = UNIT.find(&text[read.end..]).map_or("", |unit| unit.as_str());
    let end = read.end + unit.len();
    let unit_printed = format!("{}{unit}", read.times);
    let known = registry.indicator(hit.indicator);
    let converted = match registry.convert(hit.indicator, read.amount, &unit_printed) {
        Some(converted) => converted,
        // 2千余条: the unit without its thousand.
        None => {
            let amount = read.amount.times(Amount::whole(factor(read.times)))?;
            let mut converted = registry.convert(hit.indicator, amount, unit)?;
            converted.stated = Some((read.amount, unit_printed.clone().into()));
            converted
        }
    };
    if known.kind == Kind::Count && !converted.amount.is_whole() {
        return None;
    }
    let about = read.about.or_else(|| text[end..].starts_with("以上").then_some(About::More));
    Some(Statement {
        indicator: hit.indicator,
        breakdown: Breakdown::TOTAL,
        amount: converted.amount,
        stated: converted.stated,
        about,
        time: time(scope, text, &around, number.start),
        elsewhere,
        dated,
        none: false,
        range: plain.printed(number.start..end),
        words: plain.printed(hit.words.clone()),
        clause: plain.printed(around),
    })
    .filter(|found| printed[found.range.clone()].chars().next().is_some())
}

/// Words that go on to speak of something else: 未发生申请 before 行政复议, 行政复议 before 机关; and answers of the sheet of 2014 in a
/// report whose form counts others.
fn is_other_matter(registry: &Registry, scope: Scope<'_>, text: &str, hit: &Hit) -> bool {
    let known = registry.indicator(hit.indicator);
    let rest = &text[hit.words.end..];
    let goes_on = |words: &[&str]| hit.number.is_none() && words.iter().any(|word| rest.starts_with(word));
    match known.part.as_str() {
        "applications" if goes_on(&["行政复议", "行政诉讼", "复议", "诉讼", "人"]) => true,
        "applications" => known.key.starts_with("reply_") && scope.form.is_some_and(|form| !form.tables.is_empty() && !form.states(hit.indicator, registry)),
        "disputes" => goes_on(&["机关", "决定", "部门", "意见", "应诉", "工作"]),
        // 复印费15元、邮寄费6元 are one kind each.
        "fees" => ONE_OF_FEES.is_match(rest),
        // A township's 便民服务中心 is no 政务服务中心 of a county.
        "county" => {
            let sentence = text[..hit.words.end].rsplit('。').next().unwrap_or_default();
            scope.township && known.key.starts_with("service_center") && ["便民", "为民"].iter().any(|word| sentence.contains(word))
        }
        _ => false,
    }
}

static ONE_OF_FEES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^(?:、|，|和)[^，。；：、\d]{1,6}费\d").expect("a pattern of ours"));

/// A number of the searched text with what stands around it.
struct NumberRead<'t> {
    amount: Amount,
    about: Option<About>,
    /// 万, 亿, 千, or nothing.
    times: &'t str,
    /// Where the unit begins.
    end: usize,
}

fn number_at(text: &str, number: Range<usize>) -> Option<NumberRead<'_>> {
    let printed = &text[number.clone()];
    let before = &text[..number.start];
    let arabic = printed.starts_with(|c: char| c.is_ascii_digit());
    if before
        .ends_with(|c: char| matches!(c, '.' | '第' | '-' | '—' | '－' | '~' | '～' | '/' | ' ') || (arabic && (c.is_ascii_digit() || c.is_ascii_alphabetic())))
    {
        // 2012-,500条 has a year before its hyphen; 3-5条 is a range.
        let lost_year = before.ends_with('-')
            && before.trim_end_matches('-').ends_with(|c: char| c.is_ascii_digit())
            && before.trim_end_matches('-').len() >= 4
            && super::dates::years(before.trim_end_matches('-')).last().is_some_and(|year| year.range.end == before.trim_end_matches('-').len());
        if !lost_year {
            return None;
        }
    }
    let amount = if arabic { printed.replace(',', "").parse().ok()? } else { Amount::whole(i64::from(numerals::number(&printed.replace('两', "二"))?)) };
    let about_before = [
        ("将近", "近"),
        ("接近", "近"),
        ("超过", "超"),
        ("多于", "超"),
        ("高于", "超"),
        ("大约", "约"),
        ("近", "近"),
        ("超", "超"),
        ("约", "约"),
        ("逾", "超"),
    ]
    .iter()
    .find(|(word, _)| before.ends_with(word))
    .and_then(|(_, word)| About::from_word(word));
    let mut rest = &text[number.end..];
    let mut about_after = None;
    let mut times = "";
    for _ in 0..2 {
        if let Some(word) = ["余", "多"].iter().find(|word| rest.starts_with(**word)) {
            about_after = About::from_word(word);
            rest = &rest[word.len()..];
        }
        if times.is_empty()
            && let Some(word) = ["万", "亿", "千"].iter().find(|word| rest.starts_with(**word))
        {
            times = &rest[..word.len()];
            rest = &rest[word.len()..];
        }
    }
    Some(NumberRead { amount, about: about_after.or(about_before), times, end: text.len() - rest.len() })
}

fn factor(times: &str) -> i64 {
    match times {
        "千" => 1_000,
        "万" => 10_000,
        "亿" => 100_000_000,
        _ => 1,
    }
}

/// Since counting began: 累计 without words that hold it to the year.
fn time(scope: Scope<'_>, text: &str, clause: &Range<usize>, at: usize) -> TimeSpan {
    const SINCE: [&str; 4] = ["累计", "历年", "以来", "截至目前"];
    const THIS_YEAR: [&str; 11] = ["全年", "本年", "年内", "今年", "年度", "一年来", "本-", "全-", "-内", "当年", "年来"];
    let before = &text[clause.start..at];
    if !SINCE.iter().any(|word| before.contains(word)) {
        return TimeSpan::Year;
    }
    let sentence = text[..at].rfind(['。', '！', '？']).map_or(0, |stop| stop + '。'.len_utf8());
    let scope_words = &text[sentence..at];
    let own = scope.year.is_some_and(|year| {
        super::dates::years(scope_words).iter().any(|found| {
            let rest = scope_words[found.range.end..].trim_start_matches('-');
            // 截至2014年12月 is a day up to which is counted, not a year that is counted.
            found.year == year.number()
                && !rest.starts_with(|c: char| c.is_ascii_digit())
                && !scope_words[..found.range.start].ends_with(['至', '到', '自', '从'])
        })
    });
    let held = THIS_YEAR.iter().any(|word| scope_words.contains(word)) && !scope_words.contains("历年");
    // 历年累计 is no year's, whichever year the sentence began with.
    if (own || held) && !before.contains("历年") { TimeSpan::Year } else { TimeSpan::Cumulative }
}

/// 计划举办培训3次; 按计划 and 规划计划类 are none.
static PLANNED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("计划(?:再|全年)?(?:举办|办|开展|召开|组织|安排|新建|建设|发放|印发|设立|培训)").expect("a pattern of ours"));

/// Whose or when a number is, if not this report's own.
fn elsewhere(registry: &Registry, scope: Scope<'_>, text: &str, hit: &Hit, clause: &Range<usize>) -> (Option<Elsewhere>, Option<i16>) {
    let at = hit.number.as_ref().map_or(hit.words.start, |number| number.start);
    let before = &text[clause.start..at];
    let after = &text[at..clause.end];
    let sentence = text[..at].rfind(['。', '！', '？']).map_or(0, |stop| stop + '。'.len_utf8());
    let dated = year_of(scope, &text[sentence..at]);
    let any = |words: &[&str]| words.iter().any(|word| before.contains(word));
    // 规划计划类信息 is no plan to inform.
    let ahead = &text[clause.start..hit.words.start.clamp(clause.start, at)];
    let ahead = ahead.rsplit('、').next().unwrap_or_default();
    let hoped = ["力争", "争取", "拟于", "预计", "下一步"].iter().any(|word| before.contains(word));
    if hoped || PLANNED.is_match(before) || ["计划", "目标", "应当", "须", "不得"].iter().any(|word| ahead.contains(word)) || before.ends_with(['拟', '将'])
    {
        return (Some(Elsewhere::Plan), dated);
    }
    if any(&["每月", "每季", "每年", "每周", "每村", "每个", "每名", "每人", "平均", "人均", "年均", "不少于", "不低于", "至少", "原则上", "不超过"])
        || before.ends_with('每')
        || any(&["各设", "各配", "各有", "各安排", "各建", "各确定", "分别设", "分别配"])
        || after.contains("以内")
        || after.contains("以下")
    {
        return (Some(Elsewhere::Each), dated);
    }
    let sentence_words = &text[sentence..at];
    // 增加专职人员1名 says how many came; 围绕春耕发布信息12条 how many of one matter; 当天回应的有8次 how many of those.
    // 新增主动公开信息312条 are the year's.
    let disclosed = ["新增主动公开", "新增公开", "新增发布"].iter().any(|word| before.contains(word));
    let grown = hit.rank < 2 && !disclosed && ["增加", "新增", "增配", "增设", "新设", "减少", "扩建"].iter().any(|word| before.contains(word));
    let one_matter = ["围绕", "聚焦", "针对"].iter().any(|word| sentence_words.contains(word)) && !sentence_words.contains("其中");
    // 被纠正的复议1件、诉讼1件 are those of a result.
    let of_result = registry.indicator(hit.indicator).part == "disputes" && any(&["纠正的", "维持的", "败诉的", "胜诉的", "驳回的", "撤销的"]);
    if grown || one_matter || of_result || before.ends_with("的有") && !before.contains("公开") {
        return (Some(Elsewhere::Part), dated);
    }
    let own = &text[clause.start..hit.words.start.clamp(clause.start, at)];
    if scope.township && ["全县", "全市", "全省", "全国", "全区共", "县政府网站共"].iter().any(|word| before.contains(word))
        || ["各村", "各单位", "各部门", "其他乡镇", "各站所"].iter().any(|word| own.contains(word))
    {
        return (Some(Elsewhere::Body), dated);
    }
    let last_year = ["上年同期", "去年同期", "去年", "上年", "上一年", "往年", "前年"]
        .iter()
        .filter_map(|word| sentence_words.rfind(word).map(|place| (place, place + word.len())))
        .max();
    let this_year = ["今年", "本年", "全年", "本年度", "年内"].iter().filter_map(|word| sentence_words.rfind(word)).max();
    let compared = |place: usize| sentence_words[..place].ends_with(['比', '较', '与', '同']);
    // 上年结转 is this year's figure of what was left.
    if let Some((place, end)) = last_year
        && this_year.is_none_or(|this| this < place)
        && !compared(place)
        && !sentence_words[end..].trim_start_matches('度').starts_with("结转")
        && !text[place + sentence..].starts_with("上年结转")
    {
        return (Some(Elsewhere::Year), dated);
    }
    (None, dated)
}

/// The year, other than the report's, that the words before a number put it in.
fn year_of(scope: Scope<'_>, before: &str) -> Option<i16> {
    let own = scope.year?.number();
    let years = super::dates::years(before);
    let last = years.iter().rev().find(|year| {
        let named = year.named || before[year.range.end..].starts_with('-');
        // 2012年，公开… and 截至2014年… say when; 根据2019年修订的条例 does not.
        let ahead = &before[..year.range.start];
        named && (ahead.is_empty() || ahead.ends_with(['，', '。', '；', '：', '、', '至', '到', '自', '从', '于', '在']))
    })?;
    (last.year != own).then_some(last.year)
}

#[cfg(test)]
mod tests;
