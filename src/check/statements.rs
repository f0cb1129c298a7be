//! Numbers in running text: parts against their total, percentages against their numbers, text against table, stated changes
//! against last year.
//!
//! A sentence is read as a row of quantities, each with the words before it and its unit. What stands in brackets is beside the point
//! of the sentence and is left out. Method and limits: docs/checks/figure.

use super::Subject;
use crate::diag::{Diagnostic, Words};
use crate::model::{Amount, Breakdown, FigureKey, IndicatorId, Level, Origin, Paragraph, Report, TimeSpan};
use crate::text::said::{Scope, Statement};
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// One number of a sentence.
#[derive(Clone, Debug)]
struct Quantity {
    /// The words before it, back to the last stop.
    label: String,
    /// The number as printed, for its decimals.
    printed: String,
    amount: Amount,
    unit: String,
    /// 余, 多, 近, 约: no exact number.
    about: bool,
    /// Whether it stands in brackets.
    aside: bool,
    range: Range<usize>,
}

/// A stated change: 比上年增加4件.
static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:同比|比上年|较上年|比去年|较去年|比上一年|较上一年|比\d{4}年|较\d{4}年)(?:度|同期)?(?:增加|增长|上升|多|减少|下降|少|降低)(?:了)?\s*(\d[\d,]*(?:\.\d+)?)\s*(条|件|个|次|份|项|宗|起|例|人|%|％)").expect("a pattern of ours")
});

/// Everything wrong with numbers in the running text.
pub(super) fn statements(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let changed = subject.last.is_some() && subject.has(&CHANGE);
    let scope = |paragraph: &Paragraph| Scope {
        section: paragraph.heading.and_then(|place| subject.report.headings.get(usize::from(place))).map_or("", |heading| &heading.title),
        year: Some(subject.report.id.year),
        form: Some(subject.form()),
        township: matches!(subject.body.level, Level::Township | Level::Village),
    };
    let compared = compared(subject);
    for paragraph in subject.prose() {
        let changes_here = changed && CHANGE.is_match(&paragraph.text);
        let quantities = if changes_here || may_relate(&paragraph.text) { quantities(&paragraph.text) } else { Vec::new() };
        parts(subject, paragraph, &quantities, found);
        rates(subject, paragraph, &quantities, found);
        let phrases = subject.lexicon.phrases();
        // A change is about whatever was stated before it; else only what the report states elsewhere, too, can be compared.
        let statements = if changes_here {
            phrases.read(subject.registry, scope(paragraph), &paragraph.text)
        } else {
            phrases.read_of(subject.registry, scope(paragraph), &paragraph.text, &|indicator| compared.contains(&indicator))
        };
        if changes_here {
            changes(subject, paragraph, &quantities, &statements, found);
        }
        tables(subject, paragraph, &statements, found);
    }
}

/// Signs and words one of which joins the numbers of every list and rate that is looked into.
fn may_relate(text: &str) -> bool {
    static JOINS: LazyLock<AhoCorasick> = LazyLock::new(|| AhoCorasick::new(["其中", "：", ":", "包括", "分别", "率"]).expect("words of ours"));
    JOINS.is_match(text)
}

fn quantities(text: &str) -> Vec<Quantity> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(\d[\d,，]*(?:\.\d+)?)\s*(余|多)?\s*(万元|亿元|元|万条|万件|万人次|万人|人次|户次|条次|件次|场次|个百分点|条|件|个|次|份|篇|期|项|宗|起|例|人|户|场|处|批|类|%|％)").expect("a pattern of ours")
    });
    let stops = ['，', '。', '；', '：', '、', ',', ';', ':', '（', '）', '(', ')', '\n', '！', '？'];
    NUMBER
        .captures_iter(text)
        .filter_map(|caught| {
            let number = caught.get(1)?;
            let printed = number.as_str().replace([',', '，'], "");
            let before = &text[..number.start()];
            // 1,204 is one number, 3，4 are two.
            let grouped = number.as_str().split([',', '，']).skip(1).all(|group| group.split('.').next().is_some_and(|digits| digits.len() == 3));
            if before.ends_with(|c: char| c.is_ascii_digit() || c == '.' || c == '第') || !grouped {
                return None;
            }
            let label = before.rfind(stops).map_or(before, |at| &before[at + before[at..].chars().next().map_or(1, char::len_utf8)..]);
            let opened = before.matches(['（', '(']).count();
            let closed = before.matches(['）', ')']).count();
            let about = caught.get(2).is_some() || label.ends_with(['近', '约', '超']) || label.ends_with("超过") || label.ends_with("大约");
            Some(Quantity {
                label: label.trim().to_string(),
                amount: printed.parse().ok()?,
                printed,
                unit: caught.get(3)?.as_str().replace('％', "%"),
                about,
                aside: opened > closed,
                range: number.start()..caught.get(0)?.end(),
            })
        })
        .collect()
}

/// Words that make a number a change.
const CHANGES: [&str; 12] = ["同比", "比上年", "较上年", "比去年", "较去年", "比上一年", "增加", "增长", "减少", "下降", "提高", "缩短"];
/// Words after which a list is no longer one of parts.
const OTHERWISE: [&str; 19] =
    ["同比", "比上年", "较上年", "比去年", "较去年", "增加", "增长", "减少", "下降", "累计", "共", "合计", "总计", "办结", "结转", "已", "尚", "率", "平均"];
/// Words that say a list is not whole.
const SOME: [&str; 6] = ["等", "主要", "重点", "部分", "包括", "之一"];
/// Ways of publishing: one piece of information is counted once and may be published in many.
const CHANNELS: [&str; 14] = ["网站", "微信", "微博", "公报", "公开栏", "公示栏", "宣传栏", "广播", "新媒体", "渠道", "方式", "平台", "客户端", "屏"];

/// 共 N 条，其中 A n1 条，B n2 条.
fn parts(subject: &Subject<'_>, paragraph: &Paragraph, quantities: &[Quantity], found: &mut Vec<Diagnostic>) {
    let text = &paragraph.text;
    for (at, named) in lists(text, quantities) {
        let end = text[at..].find(['。', '！', '\n']).map_or(text.len(), |stop| at + stop);
        // A second 其中 speaks of another whole, which begins at its own clause.
        let first = if named.is_none() { at + "其中".len() } else { at };
        let second = text[first..end].find("其中").map(|next| first + next);
        let end = second.map_or(end, |next| {
            let own = quantities.iter().rfind(|quantity| quantity.range.end <= next && quantity.range.start > at && !quantity.aside && quantity.unit != "%");
            own.map_or(next, |whole| whole.range.start)
        });
        let Some(total) = named.or_else(|| whole(text, quantities, at)) else { continue };
        let mut listed: Vec<(&Quantity, Option<&Quantity>)> = Vec::new();
        for quantity in quantities.iter().filter(|quantity| quantity.range.start >= at && quantity.range.end <= end && !quantity.aside) {
            if quantity.unit == "%" {
                if let Some(last) = listed.last_mut().filter(|(part, share)| share.is_none() && is_share(quantity, &text[part.range.end..quantity.range.start]))
                {
                    last.1 = Some(quantity);
                }
                continue;
            }
            let label = quantity.label.trim_start_matches("其中");
            if quantity.unit != total.unit || OTHERWISE.iter().any(|word| label.contains(word)) {
                break;
            }
            listed.push((quantity, None));
        }
        // A colon may bring in other things than parts; three of one kind are a list.
        if named.is_some() && listed.len() < 3 {
            continue;
        }
        let last_end = listed.last().map_or(at, |(part, share)| share.map_or(part.range.end, |share| share.range.end));
        shares(subject, paragraph, total, &listed, found);
        sums(subject, paragraph, total, &listed, &text[at..last_end], &text[last_end..], found);
    }
}

/// Where lists of parts begin: after 其中, and right after a number with a colon or 包括, which is then the whole.
fn lists<'q>(text: &str, quantities: &'q [Quantity]) -> Vec<(usize, Option<&'q Quantity>)> {
    let mut lists: Vec<(usize, Option<&Quantity>)> = text.match_indices("其中").map(|(at, _)| (at, None)).collect();
    let begins = |quantity: &&Quantity| {
        let after = &text[quantity.range.end..];
        let counted = !quantity.aside && !quantity.about && quantity.unit != "%" && !CHANGES.iter().any(|word| quantity.label.contains(word));
        counted
            && (after.starts_with(['：', ':']) || ["，包括", ",包括", "，分别为", "，分别是", ",分别为", ",分别是"].iter().any(|word| after.starts_with(word)))
    };
    lists.extend(quantities.iter().filter(begins).map(|quantity| (quantity.range.end, Some(quantity))));
    lists
}

/// What a list after 其中 is a part of: the last number before it that is no change and stands alone.
fn whole<'q>(text: &str, quantities: &'q [Quantity], at: usize) -> Option<&'q Quantity> {
    let before = || quantities.iter().filter(|quantity| quantity.range.end <= at && !quantity.aside);
    // Words between the last number and 其中 bring in something else.
    before().next_back().filter(|last| text[last.range.end..at].chars().count() <= 12)?;
    let counted = |quantity: &&Quantity| quantity.unit != "%" && !CHANGES.iter().any(|word| quantity.label.contains(word));
    let total = before().rfind(counted).filter(|total| !total.about)?;
    let start = text[..total.range.start].rfind(['。', '！', '\n']).map_or(0, |stop| stop + 1);
    let alone = before().filter(counted).filter(|other| other.range.start >= start && other.unit == total.unit).count() == 1;
    let new_sentence = text[total.range.end..at].contains('。');
    (alone || !new_sentence).then_some(total)
}

/// 占7%, 占比为7%, （7%）.
fn is_share(share: &Quantity, between: &str) -> bool {
    (share.label.contains('占') || share.label.is_empty()) && between.chars().count() <= 12 && !share.label.contains("率")
}

fn sums(
    subject: &Subject<'_>,
    paragraph: &Paragraph,
    total: &Quantity,
    listed: &[(&Quantity, Option<&Quantity>)],
    list: &str,
    after: &str,
    found: &mut Vec<Diagnostic>,
) {
    let mut sum = Amount::ZERO;
    for (place, (part, _)) in listed.iter().enumerate() {
        let Some(next) = sum.plus(part.amount).filter(|_| !part.about) else { return };
        sum = next;
        // What follows a whole list is another list.
        if sum == total.amount && place > 0 {
            return;
        }
    }
    if listed.len() < 2 || sum == total.amount {
        return;
    }
    let more = sum > total.amount;
    let incomplete = SOME.iter().any(|word| list.contains(word)) || after.starts_with('等');
    let channels = listed.iter().filter(|(part, _)| CHANNELS.iter().any(|word| part.label.contains(word))).count();
    if !more && incomplete {
        return;
    }
    let (Some(difference), last) = (sum.minus(total.amount).map(Amount::magnitude), listed[listed.len() - 1].0) else { return };
    let (stated, added, difference) = (total.amount.grouped(), sum.grouped(), difference.grouped());
    let unit = &total.unit;
    let place = total.range.start..last.range.end;
    if more && channels * 2 >= listed.len() {
        // Who explains it in the text has said what there is to say.
        if paragraph.text.contains("同一") {
            return;
        }
        let words = Words::new(
            format!("各渠道相加为 {added}{unit}，多于总数 {stated}{unit}"),
            format!("the channels add up to {added}, more than the total of {stated}"),
        );
        found.push(subject.quoted("figure/channels-exceed-total", paragraph, place, words).about("channels", format!("{stated} {added}")).help(
            "同一信息在几个渠道公开只计1条，各渠道之和可以大于总数；建议在文中写明这一点。",
            "one piece of information published in several channels counts once, so this may be right; say so in the text.",
        ));
        return;
    }
    let words = Words::new(
        format!("各项相加为 {added}{unit}，总数写 {stated}{unit}，差 {difference}"),
        format!("the parts add up to {added}, the total is {stated}: they differ by {difference}"),
    );
    found.push(
        subject
            .quoted("figure/prose-sum-mismatch", paragraph, place, words)
            .about(short(&total.label), format!("{stated} {added}"))
            .help("请核对总数和各项；只列举一部分的，写明“主要”或“等”。", "check total and parts; if only some are listed, say so (主要, 等)."),
    );
}

/// Each percentage against its number and the total, or the sum of the parts.
fn shares(subject: &Subject<'_>, paragraph: &Paragraph, total: &Quantity, listed: &[(&Quantity, Option<&Quantity>)], found: &mut Vec<Diagnostic>) {
    let sum = listed.iter().try_fold(Amount::ZERO, |sum, (part, _)| sum.plus(part.amount));
    for (part, share) in listed {
        let Some(share) = share else { continue };
        let judged = |whole: Amount| percentage(part.amount, whole, share);
        let (Some(of_total), of_sum) = (judged(total.amount), sum.and_then(judged)) else { continue };
        // Who added up the parts and divided by that has divided rightly.
        let verdict = of_sum.filter(|of_sum| of_sum.rank() < of_total.rank()).unwrap_or_else(|| of_total.clone());
        said(subject, paragraph, part, share, total.amount, &verdict, found);
    }
}

#[derive(Clone, Debug)]
enum Share {
    Right,
    /// Cut, not rounded; the rounded one.
    Cut(String),
    /// Neither; what it should be.
    Wrong(String),
}

impl Share {
    fn rank(&self) -> u8 {
        match self {
            Share::Right => 0,
            Share::Cut(_) => 1,
            Share::Wrong(_) => 2,
        }
    }
}

/// Judges a printed percentage: right if rounded to its own decimals, or a tenth of a point away where it has decimals.
fn percentage(part: Amount, whole: Amount, printed: &Quantity) -> Option<Share> {
    if whole.is_zero() || printed.about {
        return None;
    }
    let decimals = printed.printed.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
    let (rounded, cut) = part.percent_of(whole, decimals)?;
    if rounded == printed.amount {
        return Some(Share::Right);
    }
    if cut == printed.amount {
        return Some(Share::Cut(rounded.to_string()));
    }
    let near = decimals > 0 && rounded.minus(printed.amount)?.magnitude() <= "0.1".parse().ok()?;
    Some(if near { Share::Right } else { Share::Wrong(rounded.to_string()) })
}

fn said(subject: &Subject<'_>, paragraph: &Paragraph, part: &Quantity, share: &Quantity, whole: Amount, verdict: &Share, found: &mut Vec<Diagnostic>) {
    let (number, whole, printed) = (part.amount.grouped(), whole.grouped(), &share.printed);
    let values = format!("{number} {whole} {printed}");
    let diagnostic = match verdict {
        Share::Right => return,
        Share::Cut(rounded) => subject
            .quoted(
                "figure/percentage-truncated",
                paragraph,
                share.range.clone(),
                Words::new(
                    format!("{number} 占 {whole} 的比例四舍五入是 {rounded}%，写的是 {printed}%（截去了后面的小数）"),
                    format!("{number} of {whole} is {rounded}% rounded; {printed}% was cut off"),
                ),
            )
            .help("不算错，但各项会加不到100%；建议四舍五入。", "not wrong, but such parts do not add up to 100; round instead."),
        Share::Wrong(right) => subject
            .quoted(
                "figure/percentage-mismatch",
                paragraph,
                share.range.clone(),
                Words::new(
                    format!("{number} 占 {whole} 的比例是 {right}%，写的是 {printed}%"),
                    format!("{number} of {whole} is {right}%, the text says {printed}%"),
                ),
            )
            .help(
                "请重新计算百分比，或核对两个数。各项百分比加起来是100%不能说明每一项都对。",
                "divide again, or check both numbers; that percentages add up to 100 proves none of them.",
            ),
    };
    found.push(diagnostic.about(short(&part.label), values));
}

/// 收件3936件，办理3908件，办结率99.28%: a rate right after the two numbers it is made of.
fn rates(subject: &Subject<'_>, paragraph: &Paragraph, quantities: &[Quantity], found: &mut Vec<Diagnostic>) {
    for (place, rate) in quantities.iter().enumerate().filter(|(_, quantity)| quantity.unit == "%" && quantity.label.contains('率')) {
        // A rate of timeliness, satisfaction or growth has another numerator than the number before it.
        if ["按时", "按期", "满意", "增长", "知晓", "准确", "及时", "覆盖", "投诉", "同比"].iter().any(|word| rate.label.contains(word)) || place < 2
        {
            continue;
        }
        let (whole, part) = (&quantities[place - 2], &quantities[place - 1]);
        let joined = &paragraph.text[whole.range.start..rate.range.start];
        let counted = whole.unit == part.unit && whole.unit != "%" && !joined.contains(['。', '；', ';']) && !whole.about && !part.about && !whole.aside;
        let plain = [whole, part].iter().all(|quantity| !["同比", "比上年", "增加", "减少", "提速"].iter().any(|word| quantity.label.contains(word)));
        let made =
            ["办结", "办理", "答复", "回复", "完成", "处理", "公开", "解决"].iter().any(|word| part.label.contains(word) && rate.label.contains(&word[..3]));
        if !counted || !plain || !made || part.amount > whole.amount {
            continue;
        }
        if let Some(verdict) = percentage(part.amount, whole.amount, rate) {
            said(subject, paragraph, part, rate, whole.amount, &verdict, found);
        }
    }
}

/// A figure of a report, this year's, stated with a number.
fn figure(report: &Report, indicator: IndicatorId) -> Option<Amount> {
    let wanted = FigureKey { indicator, breakdown: Breakdown::TOTAL };
    report
        .figures
        .iter()
        .find(|figure| figure.key == wanted && figure.time == TimeSpan::Year && figure.about.is_none())
        .and_then(|figure| figure.reading.amount())
}

/// The figure, or where the form counts it in two rows, their sum.
fn stated(subject: &Subject<'_>, indicator: IndicatorId) -> Option<Amount> {
    let of = |key: &str| figure(subject.report, subject.registry.indicator_named(key)?);
    figure(subject.report, indicator).or_else(|| {
        (subject.registry.indicator(indicator).key == "litigation_total").then_some(())?;
        of("litigation_direct")?.plus(of("litigation_after_reconsideration")?)
    })
}

/// Words that make a number another year's or another body's.
const ELSEWHEN: [&str; 14] = ["上年", "去年", "上一年", "往年", "历年", "累计", "以来", "同期", "年均", "近年", "其他", "部门", "下一步", "计划"];

/// Whether what a text says of an indicator is compared with tables: staff, channels and classes are spoken of in parts; what the form sums
/// up is not.
fn is_summed(subject: &Subject<'_>, indicator: IndicatorId) -> bool {
    let known = subject.registry.indicator(indicator);
    known.headline.is_some() || matches!(known.part.as_str(), "applications" | "decisions" | "disputes" | "fees")
}

/// Indicators that the report's text is compared with.
fn compared(subject: &Subject<'_>) -> HashSet<IndicatorId> {
    let totals = subject.report.figures.iter().filter(|figure| figure.key.breakdown == Breakdown::TOTAL).map(|figure| figure.key.indicator);
    // The form may count it in two rows.
    let litigation = subject.registry.indicator_named("litigation_total");
    totals.chain(litigation).filter(|indicator| is_summed(subject, *indicator) && stated(subject, *indicator).is_some()).collect()
}

/// What the text says of an indicator against what its tables and `[figures]` say.
fn tables(subject: &Subject<'_>, paragraph: &Paragraph, statements: &[Statement], found: &mut Vec<Diagnostic>) {
    for said in statements.iter().filter(|said| said.breakdown == Breakdown::TOTAL) {
        let Some(stated) = stated(subject, said.indicator).filter(|_| is_summed(subject, said.indicator)) else { continue };
        let before = &paragraph.text[said.clause.start.min(said.words.start)..said.words.start];
        let of_others = ELSEWHEN.iter().any(|word| before.contains(word)) || said.elsewhere.is_some() || said.dated.is_some();
        if said.amount == stated || of_others || said.about.is_some() || said.time != TimeSpan::Year {
            continue;
        }
        let name = subject.registry.indicator(said.indicator);
        let row = subject.report.figures.iter().find(|figure| figure.key.indicator == said.indicator);
        let (zh, en) = if row.is_some_and(|row| row.origin == Origin::FrontMatter) { ("[figures] 里", "[figures]") } else { ("表中", "the table") };
        let words = Words::new(
            format!("正文写“{}”，{zh}“{}”是 {}，差 {}", &paragraph.text[said.words.clone()], name.name, stated.grouped(), difference(said.amount, stated)),
            format!(
                "the text says {}, `{}` in {en} is {}: they differ by {}",
                said.amount.grouped(),
                name.name_en,
                stated.grouped(),
                difference(said.amount, stated)
            ),
        );
        let mut diagnostic = subject
            .quoted("figure/prose-table-mismatch", paragraph, said.range.clone(), words)
            .about(&name.key, format!("{} {stated}", said.amount))
            .help("请对照台账核对，改正写错的一处。", "compare with the register and correct the one that is wrong.");
        if let Some(row) = row {
            let line = subject.text[..(row.span.start as usize).min(subject.text.len())].matches('\n').count() + 1;
            diagnostic = diagnostic.related(&subject.report.file, format!("另一个数在第 {line} 行"), format!("the other number stands in line {line}"));
        }
        if !found.iter().any(|known| known.rule == diagnostic.rule && known.span == diagnostic.span) {
            found.push(diagnostic);
        }
    }
}

fn difference(a: Amount, b: Amount) -> String {
    a.minus(b).map_or_else(String::new, |difference| difference.magnitude().grouped())
}

/// 比上年增加4件, 同比增长9.5%: against the table's figure and last year's report.
fn changes(subject: &Subject<'_>, paragraph: &Paragraph, quantities: &[Quantity], statements: &[Statement], found: &mut Vec<Diagnostic>) {
    let Some(last) = subject.last else { return };
    for caught in CHANGE.captures_iter(&paragraph.text) {
        let (whole, number) = (caught.get(0).expect("group 0"), caught.get(1).expect("group 1"));
        let Some(indicator) = spoken_of(subject, paragraph, quantities, statements, whole.start()) else { continue };
        let (Some(now), Some(before)) = (figure(subject.report, indicator), figure(&last.report, indicator)) else { continue };
        let printed = number.as_str().replace(',', "");
        let Ok(stated) = printed.parse::<Amount>() else { continue };
        let grows = ["增", "上升", "多"].iter().any(|word| whole.as_str().contains(word));
        let percent = matches!(&caught[2], "%" | "％");
        let Some(change) = now.minus(before) else { continue };
        let right_way = change.is_zero() && stated.is_zero() || (grows == (now > before) && now != before);
        let right = right_way
            && if percent {
                let share = Quantity {
                    label: String::new(),
                    printed: printed.clone(),
                    amount: stated,
                    unit: "%".into(),
                    about: false,
                    aside: false,
                    range: number.range(),
                };
                percentage(change.magnitude(), before, &share).is_none_or(|verdict| verdict.rank() < 2)
            } else {
                change.magnitude() == stated
            };
        if right {
            continue;
        }
        let name = subject.registry.indicator(indicator);
        let (now, before, change) = (now.grouped(), before.grouped(), change.to_string());
        let words = Words::new(
            format!("写“{}”，但“{}”上年是 {before}，今年是 {now}，实际变化是 {change}", whole.as_str(), name.name),
            format!("`{}` is said, but `{}` was {before} and is {now}: a change of {change}", whole.as_str(), name.name_en),
        );
        found.push(
            subject
                .quoted("figure/change-mismatch", paragraph, whole.range(), words)
                .about(&name.key, format!("{printed} {now} {before}"))
                .related(&last.report.file, "上年的数在这里", "the year before stands here")
                .help("请按两年的数重新计算；上年数后来改过的，请注明。", "compute it again from both years; if last year's number was corrected, say so."),
        );
    }
}

/// The indicator a stated change is about: named right before it, or by the number before it.
fn spoken_of(subject: &Subject<'_>, paragraph: &Paragraph, quantities: &[Quantity], statements: &[Statement], at: usize) -> Option<IndicatorId> {
    let text = &paragraph.text;
    let sentence_start = text[..at].rfind(['。', '；']).map_or(0, |stop| stop + '。'.len_utf8());
    let before = &text[sentence_start..at];
    let near = |said: &&Statement| {
        said.range.start >= sentence_start && said.range.end <= at && text[said.range.end..at].trim_matches(['，', ',', ' ']).chars().count() <= 1
    };
    if let Some(said) = statements.iter().rfind(near) {
        return Some(said.indicator);
    }
    let direct = !quantities
        .iter()
        .any(|quantity| quantity.range.start >= sentence_start && quantity.range.end <= at && text[quantity.range.end..at].chars().count() < 3);
    let label = before.rsplit(['，', '、']).next()?.trim_end_matches("数量").trim_end_matches('数');
    let named = |key: &str| subject.registry.indicator_named(key);
    direct
        .then(|| {
            [("行政处罚", "admin_penalties"), ("行政许可", "admin_permits"), ("主动公开政府信息", "proactive_disclosed_total")]
                .iter()
                .find(|(word, _)| label.ends_with(word))
                .and_then(|(_, key)| named(key))
        })
        .flatten()
}

fn short(label: &str) -> String {
    crate::text::shortened(label.trim_start_matches("其中"), 24)
}
