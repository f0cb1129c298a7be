//! Figures in running text: which indicator a number states, with its unit, its qualifier and the time it covers.
//!
//! The patterns are data of the registry. `said` states its indicator wherever it stands; `listed` is a whole label of a list or of a
//! point, 政策法规类信息338条, and counts only where the text before it speaks of the matter. A number that two patterns claim goes to the
//! one that explains more of the words before it. What belongs to another year, another body or a plan is found and said to be so.

use super::numerals;
use super::plain::Plain;
use crate::model::{About, Amount, Form, IndicatorId, Registry, TimeSpan, Year};
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

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

/// The registry's patterns, ready to be found.
#[derive(Debug, Default)]
pub struct Phrases {
    phrases: Vec<Phrase>,
    /// Words one of which stands in every text that a phrase fits.
    needles: Option<AhoCorasick>,
    /// The phrase of each needle.
    owners: Vec<usize>,
    /// Phrases without a needle.
    free: Vec<usize>,
}

#[derive(Debug)]
struct Phrase {
    indicator: IndicatorId,
    /// Made ready when a text first holds its needle: most phrases of the registry are in no report of a county.
    pattern: OnceLock<Option<Regex>>,
    source: String,
    /// A whole label of a list.
    listed: bool,
}

/// A pattern that is none: its indicator, and what is wrong.
pub type Broken = Vec<(IndicatorId, String)>;

const NUMBER: &str = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百]{1,6}";

impl Phrases {
    /// The patterns of a registry; what is wrong with a site's own comes beside it.
    pub fn new(registry: &Registry) -> (Phrases, Broken) {
        let (mut phrases, mut broken, mut words) = (Phrases::default(), Broken::new(), Vec::new());
        for indicator in registry.indicators() {
            for (written, listed) in indicator.said.iter().map(|said| (said, false)).chain(indicator.listed.iter().map(|listed| (listed, true))) {
                let expanded = expanded(written);
                let source = if listed { format!("^(?:{expanded})") } else { expanded };
                // The built-in patterns are held by a test.
                if !registry.is_built_in(indicator.id)
                    && let Err(cause) = Regex::new(&source)
                {
                    broken.push((indicator.id, cause.to_string()));
                    continue;
                }
                let place = phrases.phrases.len();
                let own = needles(written);
                if own.is_empty() {
                    phrases.free.push(place);
                }
                phrases.owners.extend(own.iter().map(|_| place));
                words.extend(own);
                phrases.phrases.push(Phrase { indicator: indicator.id, pattern: OnceLock::new(), source, listed });
            }
        }
        phrases.needles = AhoCorasick::new(words).ok();
        (phrases, broken)
    }

    /// Phrases that may fit a text, in the order of the registry.
    fn candidates(&self, text: &str) -> Vec<&Phrase> {
        let mut places = self.free.clone();
        match &self.needles {
            Some(needles) => places.extend(needles.find_overlapping_iter(text).map(|hit| self.owners[hit.pattern().as_usize()])),
            None => places.extend(0..self.phrases.len()),
        }
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| &self.phrases[place]).collect()
    }

    /// Every number of a text that states an indicator, in order; and zeros that are said in words.
    pub fn read(&self, registry: &Registry, scope: Scope<'_>, printed: &str) -> Vec<Statement> {
        let plain = Plain::of(printed);
        let text = plain.text.as_str();
        let mut hits: Vec<Hit> = Vec::new();
        for sentence in sentences(text) {
            let words = &text[sentence.clone()];
            if !words.contains(|c: char| c.is_ascii_digit() || numerals::is_numeral(c)) && !NOTHING.iter().any(|word| words.contains(word)) {
                continue;
            }
            let candidates = self.candidates(words);
            for phrase in candidates.iter().filter(|phrase| !phrase.listed) {
                let mut from = 0;
                // Most candidates fit nothing, and asking that costs less than looking for their groups.
                let Some(pattern) = phrase.pattern().filter(|pattern| pattern.is_match(words)) else { continue };
                while let Some(caught) = pattern.captures_at(words, from) {
                    let whole = caught.get(0).expect("group 0");
                    from = whole.end().max(from + 1);
                    while !words.is_char_boundary(from) && from < words.len() {
                        from += 1;
                    }
                    let number = caught.name("n").map(|n| sentence.start + n.start()..sentence.start + n.end());
                    hits.push(Hit { indicator: phrase.indicator, number, words: sentence.start + whole.start()..sentence.start + whole.end(), rank: 1 });
                    if from >= words.len() {
                        break;
                    }
                }
            }
            let listed: Vec<&Phrase> = candidates.into_iter().filter(|phrase| phrase.listed).collect();
            if !listed.is_empty() {
                lists(&listed, registry, scope, text, sentence, &mut hits);
            }
        }
        let mut found: Vec<Statement> =
            settled(hits, registry, scope).into_iter().filter_map(|hit| statement(registry, scope, &plain, printed, &hit)).collect();
        changes(registry, scope, &plain, printed, &mut found);
        found.sort_by_key(|statement| (statement.range.start, statement.indicator));
        found
    }
}

/// Labels of lists: each label whole, before its number.
fn lists(phrases: &[&Phrase], registry: &Registry, scope: Scope<'_>, text: &str, sentence: Range<usize>, hits: &mut Vec<Hit>) {
    let before_all = &text[..sentence.start];
    let mut start = sentence.start;
    let words = &text[sentence.clone()];
    // 村（居）委会 is one label.
    let joined = |at: usize, c: char| match c {
        '（' => words[at..].chars().skip(1).take(5).any(|c| c == '）'),
        '）' => words[..at].chars().rev().take(5).any(|c| c == '（'),
        _ => false,
    };
    let stops =
        words.char_indices().filter(|(at, c)| STOPS.contains(c) && !joined(*at, *c)).map(|(at, c)| (sentence.start + at, sentence.start + at + c.len_utf8()));
    for (stop, next) in stops.chain([(sentence.end, sentence.end)]).collect::<Vec<_>>() {
        let label = &text[start..stop];
        start = next;
        if !label.contains(|c: char| c.is_ascii_digit() || numerals::is_numeral(c)) {
            continue;
        }
        let labels = without_leads(label);
        for phrase in phrases {
            let Some(pattern) = phrase.pattern() else { continue };
            let Some((at, caught)) = labels.iter().find_map(|label| Some((stop - label.len(), pattern.captures(label)?))) else { continue };
            if !speaks_of(&registry.indicator(phrase.indicator).part, scope.section, before_all, &text[sentence.start..stop]) {
                continue;
            }
            let whole = caught.get(0).expect("group 0");
            let number = caught.name("n").map(|n| at + n.start()..at + n.end());
            hits.push(Hit { indicator: phrase.indicator, number, words: at..at + whole.end(), rank: 0 });
        }
    }
}

impl Phrase {
    fn pattern(&self) -> Option<&Regex> {
        self.pattern.get_or_init(|| Regex::new(&self.source).ok()).as_ref()
    }
}

/// A pattern that fitted: places in the searched text.
#[derive(Clone, Debug)]
struct Hit {
    indicator: IndicatorId,
    number: Option<Range<usize>>,
    words: Range<usize>,
    /// `said` before `listed` where both explain as much.
    rank: u8,
}

const STOPS: [char; 9] = ['，', '。', '；', '：', '、', '（', '）', '！', '？'];

/// Words one of which is in every zero that is said without a number.
const NOTHING: [&str; 4] = ["无", "没有", "未", "不存在"];

/// A label, and the label without the words before it that may be no part of it: 公开栏42条 begins with none, 公开财务信息3条 with one.
fn without_leads(label: &str) -> Vec<&str> {
    const LEADS: [&str; 32] = [
        "其中",
        "主要",
        "包括",
        "包含",
        "分别为",
        "分别是",
        "涉及",
        "分为",
        "公开",
        "发布",
        "公示",
        "主动",
        "通过",
        "利用",
        "在",
        "以",
        "为",
        "有",
        "是",
        "和",
        "及",
        "以及",
        "含",
        "共",
        "另",
        "一是",
        "二是",
        "三是",
        "四是",
        "五是",
        "的",
        "即",
    ];
    let mut labels = vec![label];
    let mut rest = label;
    // 1.概况类信息: the number of a point.
    let point = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if point.len() < rest.len() && point.starts_with('.') {
        rest = &point[1..];
        labels.push(rest);
    }
    while let Some(shorter) = LEADS.iter().filter_map(|lead| rest.strip_prefix(lead)).min_by_key(|shorter| shorter.len()) {
        rest = shorter;
        labels.push(rest);
    }
    labels
}

/// Whether the text speaks of what a list of a part of the form counts.
fn speaks_of(part: &str, section: &str, before: &str, sentence: &str) -> bool {
    let said = |words: &[&str]| words.iter().any(|word| section.contains(word) || before.contains(word) || sentence.contains(word));
    match part {
        "proactive" | "classes" | "interpretation" => said(&["公开", "发布", "信息"]),
        "applications" => said(&["申请"]),
        "disputes" => said(&["复议", "诉讼", "投诉", "举报"]),
        "profile" => sentence.contains('辖') || before.contains("辖") || sentence.contains("人口") || sentence.contains("面积"),
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
            (Some(a), Some(b)) => a.start < b.end && b.start < a.end,
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
    let (elsewhere, dated) = elsewhere(scope, text, hit, &around);
    let Some(number) = &hit.number else {
        let none = Statement {
            indicator: hit.indicator,
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
            registry.convert(hit.indicator, amount, unit)?
        }
    };
    if known.kind == crate::model::Kind::Count && !converted.amount.is_whole() {
        return None;
    }
    let about = read.about.or_else(|| text[end..].starts_with("以上").then_some(About::More));
    Some(Statement {
        indicator: hit.indicator,
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
    let about_before = [("将近", "近"), ("接近", "近"), ("超过", "超"), ("大约", "约"), ("近", "近"), ("超", "超"), ("约", "约"), ("逾", "超")]
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
    if own || held { TimeSpan::Year } else { TimeSpan::Cumulative }
}

/// Whose or when a number is, if not this report's own.
fn elsewhere(scope: Scope<'_>, text: &str, hit: &Hit, clause: &Range<usize>) -> (Option<Elsewhere>, Option<i16>) {
    let at = hit.number.as_ref().map_or(hit.words.start, |number| number.start);
    let before = &text[clause.start..at];
    let after = &text[at..clause.end];
    let sentence = text[..at].rfind(['。', '！', '？']).map_or(0, |stop| stop + '。'.len_utf8());
    let dated = year_of(scope, &text[sentence..at]);
    let any = |words: &[&str]| words.iter().any(|word| before.contains(word));
    // 规划计划类信息 is no plan to inform.
    let ahead = &text[clause.start..hit.words.start.clamp(clause.start, at)];
    let ahead = ahead.rsplit('、').next().unwrap_or_default();
    if ["计划", "力争", "预计", "争取", "拟于", "目标", "应当", "须", "不得"].iter().any(|word| ahead.contains(word)) || before.ends_with(['拟', '将'])
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
    let grown = hit.rank < 2 && ["增加", "新增", "增配", "增设", "新设", "减少", "扩建"].iter().any(|word| before.contains(word));
    let one_matter = ["围绕", "聚焦", "针对"].iter().any(|word| sentence_words.contains(word)) && !sentence_words.contains("其中");
    if grown || one_matter || before.ends_with("的有") && !before.contains("公开") {
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

static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:同比|环比|与上年(?:度)?相比|与去年相比|(?:比|较)(?:上年|去年|上一年|前一年|\d{4}年)(?:度)?(?:同期)?)(?:数量|总数)?(?:有所)?(?P<way>增加|增长|上升|提高|多|减少|下降|降低|少)(?:了|到|约|近)?(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:万|亿)?(?:余|多)?(?P<u>条|件|个|次|份|项|宗|起|例|篇|人|元|%)",
    )
    .expect("a pattern of ours")
});

/// 比上年增加4件, 同比增长9.5%: the change of the indicator that was stated right before it in the sentence.
fn changes(registry: &Registry, scope: Scope<'_>, plain: &Plain, printed: &str, found: &mut Vec<Statement>) {
    let text = plain.text.as_str();
    let mut new = Vec::new();
    let mut last = None;
    for caught in CHANGE.captures_iter(text) {
        let (whole, number) = (caught.get(0).expect("group 0"), caught.name("n").expect("always there"));
        let at = plain.printed(whole.range()).start;
        let sentence = text[..whole.start()].rfind(['。', '！', '？']).map_or(0, |stop| stop + '。'.len_utf8());
        let from = plain.printed(sentence..sentence + 1).start;
        let subject = found.iter().filter(|known| known.range.end <= at && known.range.start >= from && !known.none).max_by_key(|known| known.range.end);
        // A second change, 同比增长9.5%, is about what the first is about.
        let chained =
            last.as_ref().filter(|(end, _): &&(usize, Statement)| *end <= at && *end >= from && subject.is_none_or(|subject| subject.range.end <= *end));
        let Some((end, subject)) = chained.cloned().or_else(|| subject.map(|subject| (subject.range.end, subject.clone()))) else { continue };
        // Words of another matter between the two, or a number of which nothing is known: the change may be that one's.
        let between = &printed[end..at];
        if between.chars().count() > 16 || between.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let indicator = registry.indicator(subject.indicator);
        let percent = &caught["u"] == "%";
        let Some(indicator) = (if percent { indicator.growth } else { indicator.change }) else { continue };
        let hit = Hit { indicator, number: Some(number.range()), words: whole.range(), rank: 2 };
        if let Some(mut change) = statement(registry, scope, plain, printed, &hit) {
            if ["减少", "下降", "降低", "少"].contains(&&caught["way"]) {
                change.amount = Amount::ZERO.minus(change.amount).unwrap_or(change.amount);
                change.stated = change.stated.and_then(|(amount, unit)| Some((Amount::ZERO.minus(amount)?, unit)));
            }
            change.elsewhere = subject.elsewhere;
            change.dated = subject.dated;
            change.time = TimeSpan::Year;
            last = Some((change.range.end, subject));
            new.push(change);
        }
    }
    found.retain(|known| !new.iter().any(|change: &Statement| change.range.start == known.range.start && change.indicator != known.indicator));
    found.extend(new);
}

/// A pattern with the house's short signs written out.
fn expanded(pattern: &str) -> String {
    let number = format!(
        "(?:：|“|”|数量|总数|总量|总计|数|的|了|共计|合计|累计|共有|共|计|为|达到|达|有|已|是|约为|约|将近|近|超过|超|逾|大约|仅)*?(?P<n>{NUMBER})(?:余|多)?(?:万|亿|千)?(?:余|多)?"
    );
    pattern
        .replace("{n}", &number)
        .replace("{g}", r"[^，。；：！？\d]{0,14}?")
        .replace("{s}", r"[^，。；：、！？\d]{0,7}?")
        .replace("{条}", "(?:条次|篇次|条|篇|项|件|则|份)")
        .replace("{件}", "(?:件次|人次|件|宗|起|例|份|个|条|次|项|笔)")
        .replace("{次}", "(?:场次|批次|班次|场|次|期|批|轮|个班|班|个)")
        .replace("{人}", "(?:人|名|个)")
        .replace("{元}", "元")
}

/// Runs of Han characters one of which every text has that the pattern fits: the longest that is neither optional nor one of several.
fn needles(pattern: &str) -> Vec<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let optional = |after: Option<&char>| matches!(after, Some('?' | '*' | '{'));
    let (mut best, mut run) = (String::new(), String::new());
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut at = 0;
    let close = |run: &mut String, best: &mut String| {
        if run.chars().count() > best.chars().count() {
            *best = run.clone();
        }
        run.clear();
    };
    while at < chars.len() {
        match chars[at] {
            '(' => {
                close(&mut run, &mut best);
                let mut depth = 0;
                let start = at;
                while at < chars.len() {
                    match chars[at] {
                        '(' => depth += 1,
                        ')' => depth -= 1,
                        _ => {}
                    }
                    at += 1;
                    if depth == 0 {
                        break;
                    }
                }
                let inner: String = chars[start + 1..at.saturating_sub(1)].iter().collect();
                // A `{` after a group may be one of the short signs, so only ? and * make it optional.
                if !matches!(chars.get(at), Some('?' | '*')) && !inner.contains('(') {
                    let parts: Vec<String> = inner.trim_start_matches("?:").split('|').map(str::to_string).collect();
                    if parts.iter().all(|part| !part.is_empty() && part.chars().all(|c| super::is_han(c) || c.is_ascii_alphanumeric())) {
                        groups.push(parts);
                    }
                }
            }
            '|' => return Vec::new(),
            '{' | '[' => {
                let end = if chars[at] == '{' { '}' } else { ']' };
                // A count such as {0,3} makes what stands before it optional.
                if chars[at] == '{' && chars.get(at + 1).is_some_and(char::is_ascii_digit) {
                    run.pop();
                }
                close(&mut run, &mut best);
                while at < chars.len() && chars[at] != end {
                    at += 1;
                }
                at += 1;
            }
            c if super::is_han(c) && !optional(chars.get(at + 1).filter(|next| **next != '{')) => {
                run.push(c);
                at += 1;
            }
            _ => {
                close(&mut run, &mut best);
                at += 1;
            }
        }
    }
    close(&mut run, &mut best);
    if best.chars().count() >= 2 {
        return vec![best];
    }
    groups
        .into_iter()
        .max_by_key(|parts| parts.iter().map(|part| part.chars().count()).min())
        .unwrap_or_else(|| if best.is_empty() { Vec::new() } else { vec![best] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(year: i64, section: &str, text: &str) -> Vec<String> {
        let registry = Registry::built_in();
        let (phrases, broken) = Phrases::new(&registry);
        assert_eq!(broken, []);
        let year = Year::new(year);
        let scope = Scope { section, year, form: year.map(|year| registry.form_for(year)), township: true };
        let shown = |said: Statement| {
            let mut line = format!("{}={}", registry.indicator(said.indicator).key, said.amount);
            line.push_str(said.about.map_or("", About::word));
            line.push_str(if said.time == TimeSpan::Cumulative { "累计" } else { "" });
            line.push_str(&said.dated.map_or(String::new(), |year| format!("@{year}")));
            if let Some(elsewhere) = said.elsewhere {
                line.push_str(&format!(" {elsewhere:?}"));
            }
            line
        };
        phrases.read(&registry, scope, text).into_iter().map(shown).collect()
    }

    #[test]
    fn every_pattern_of_the_registry_is_one() {
        let registry = Registry::built_in();
        for phrase in Phrases::new(&registry).0.phrases {
            if let Err(cause) = Regex::new(&phrase.source) {
                panic!("{}: {cause}", registry.indicator(phrase.indicator).key);
            }
        }
    }

    #[test]
    fn totals_channels_and_classes() {
        assert_eq!(
            read(
                2023,
                "一、总体情况",
                "2023年，我镇主动公开政府信息312条，比上年增加25条，同比增长8.7%，其中通过政府网站公开120条，微信公众号“云溪发布”推送150余条，公开栏42条。"
            ),
            [
                "proactive_disclosed_total=312",
                "proactive_yoy_increase=25",
                "proactive_yoy_growth_rate=8.7",
                "via_website=120",
                "via_wechat=150余",
                "via_bulletin_board=42"
            ]
        );
        assert_eq!(
            read(2012, "二、主动公开", "全年公开信息1,204条。其中，政策法规类信息338条,占7%;规划计划类信息138条、其它类信息12条。"),
            ["proactive_disclosed_total=1204", "info_policy_regulation=338", "info_plan=138", "info_other=12"]
        );
    }

    #[test]
    fn applications_by_way_and_answer() {
        assert_eq!(
            read(
                2015,
                "三、依申请公开",
                "2015年共收到信息公开申请6件，其中当面申请2件，网络申请3件、信函申请1件。已办结6件，同意公开4件，部分公开1件，不予公开1件。"
            ),
            [
                "applications_new=6",
                "applications_in_person=2",
                "applications_online=3",
                "applications_letter=1",
                "completed=6",
                "reply_granted=4",
                "reply_granted_partial=1",
                "reply_refused=1"
            ]
        );
        assert_eq!(
            read(2023, "三", "收到申请三件，上年结转1件，予以公开2件，结转下年度办理0件。"),
            ["applications_new=3", "applications_carried_in=1", "granted_full=2", "carried_out=0"]
        );
    }

    #[test]
    fn zeros_in_words() {
        assert_eq!(read(2013, "", "本年度无依申请公开情况。"), ["applications_new=0"]);
        assert_eq!(read(2013, "", "本年度没有因政府信息公开申请行政复议、提起行政诉讼的情况。"), ["reconsideration=0", "litigation_total=0"]);
        assert_eq!(read(2013, "", "未收取任何费用。"), ["fees=0"]);
        assert_eq!(read(2013, "", "全年没有收到公民、法人和其他组织提出的政府信息公开申请。"), ["applications_new=0"]);
    }

    #[test]
    fn what_is_not_this_years() {
        assert_eq!(
            read(2013, "", "2012年主动公开政府信息90条。计划主动公开信息100条，每月主动公开信息5条。"),
            ["proactive_disclosed_total=90@2012", "proactive_disclosed_total=100 Plan", "proactive_disclosed_total=5 Each"]
        );
        assert_eq!(read(2013, "", "截至2013年底累计主动公开政府信息904条。"), ["proactive_disclosed_total=904累计"]);
        assert_eq!(read(2013, "", "根据《条例》第二十条，云政发〔2013〕6号，共12条规定。"), Vec::<String>::new());
    }

    #[test]
    fn staff_training_places() {
        assert_eq!(
            read(2015, "", "全镇总面积77.39平方公里，人口9.4万人，下辖12个社区，16个村。"),
            ["area_km2=77.39", "population=94000", "communities=12", "villages=16"]
        );
        assert_eq!(
            read(2015, "", "配备专职人员1名、兼职人员3名，设查阅点2处，举办培训班2期，培训人员120人次，发放宣传资料5000余份。"),
            ["staff_full_time=1", "staff_part_time=3", "reading_points=2", "trainings=2", "trained_people=120", "leaflets_distributed=5000余"]
        );
        assert_eq!(
            read(2023, "", "全年制发行政规范性文件2件，废止行政规范性文件1件，作出行政处罚决定14件，办理行政许可32件。"),
            ["normative_documents_issued=2", "normative_documents_abolished=1", "admin_penalties=14", "admin_permits=32"]
        );
    }

    #[test]
    fn halls_are_not_disclosure() {
        assert_eq!(
            read(2012, "", "2012-中心共受理各类办件30604件,同比增加11279件,共收取各类费用3.79亿元,同比增加2.67亿元,按时办结率为100%各乡镇。"),
            [
                "service_center_cases=30604",
                "service_center_cases_yoy_increase=11279",
                "service_center_fees=379000000",
                "service_center_fees_yoy_increase=267000000",
                "service_center_on_time_rate=100"
            ]
        );
    }
}
