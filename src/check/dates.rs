//! Years and days: title, lead, period, signature and publication have to tell one story, and nothing may be known before it happened.

use super::Subject;
use crate::analyze::{Calendar, Facts, Filing};
use crate::diag::{Diagnostic, Words};
use crate::model::{Body, Paragraph, Year};
use crate::text::dates;
use jiff::civil::Date;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static FULL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:((?:19|20)\d{2})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]").expect("a pattern of ours"));

static LOST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{4}年\d{1,2}月日|\d{4}年月\d{0,2}日?|\d{1,2}月日|(?:19|20)\d{2}年\d{1,2}日|(?:19|20)\d{3}月\d{1,2}日|(?:19|20)\d{6}[日，,]")
        .expect("a pattern of ours")
});

static MASKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:19|20)(?:[XxＸ×*＊_＿]{2}|\d[XxＸ×*＊_＿])\s*年|[XxＸ×＊○〇]{4}\s*年|(?m:^|[^\p{Han}\d])年月日").expect("a pattern of ours")
});

static EVENT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d{1,2}月\d{1,2}日").expect("a pattern of ours"));

/// Everything wrong with years and days of a report.
pub(super) fn dates(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let signature = signature(subject);
    publication(subject, signature.as_ref(), found);
    period(subject, found);
    lead(subject, found);
    let (lost, masked, events) = (subject.has(&LOST), subject.has(&MASKED), subject.last.is_some() && subject.has(&EVENT));
    for paragraph in subject.prose() {
        facts(subject, paragraph, signature.as_ref(), found);
        let names_month = paragraph.text.contains('月');
        if names_month {
            impossible(subject, paragraph, found);
        }
        if lost {
            incomplete(subject, paragraph, found);
        }
        if masked {
            unfilled(subject, paragraph, found);
        }
        if events && names_month {
            stale(subject, paragraph, found);
        }
    }
}

/// The day under the text, and the paragraph that holds it.
struct Signature<'a> {
    date: Date,
    paragraph: Option<&'a Paragraph>,
}

fn signature<'a>(subject: &Subject<'a>) -> Option<Signature<'a>> {
    let printed = subject.prose().rev().take(4).find_map(|paragraph| {
        let text = paragraph.text.trim_end_matches(['。', ' ', '）', ')']);
        let last = dates::find(text).pop()?;
        // A signature is short, and the day is its end.
        (text.chars().count() <= 48 && last.range.end == text.len() && !text.contains(['，', '；']))
            .then_some(Signature { date: last.date, paragraph: Some(paragraph) })
    });
    printed.or_else(|| subject.report.signed.map(|date| Signature { date, paragraph: None }))
}

fn period_end(subject: &Subject<'_>) -> Date {
    let year_end = subject.report.id.year.last_day();
    let end = subject.report.period.map_or(year_end, |period| period.to);
    subject.body.until.map_or(end, |until| until.min(end))
}

fn publication(subject: &Subject<'_>, signature: Option<&Signature<'_>>, found: &mut Vec<Diagnostic>) {
    let (report, end) = (subject.report, period_end(subject));
    let year = report.id.year;
    match report.date {
        None if !report.draft => found.push(subject.whole("date/not-stated", Words::new("没有写明发布日期", "the day of publication is not stated")).help(
            "查到原件发布日期后在信息栏写 date = 年-月-日；查不到就保持空缺，页面会注明“发布日期未载明”。",
            "write `date` once the original's day is known; if it cannot be known, leave it out: the page says so.",
        )),
        None => {}
        Some(date) => {
            if date <= end {
                let words = Words::new(
                    format!("发布日期 {date} 早于统计期结束日 {end}：报告年度、发布日期至少有一个不对"),
                    format!("published on {date}, before the period ended on {end}: the year or the day is wrong"),
                );
                found.push(subject.whole("date/published-early", words).about("date", date.to_string()).help(
                    "核对原件的发布日期和报告年度；疑似改过发稿日期的，请发布机关说明。",
                    "compare day and year with the original; if the day was changed, ask the body that published it.",
                ));
            }
            if date > subject.deadline {
                let days = subject.deadline.until(date).map_or(0, |span| span.get_days());
                let words = Words::new(
                    format!("{date} 发布，晚于截止日 {}，逾期 {days} 天", subject.deadline),
                    format!("published on {date}, {days} days after the deadline of {}", subject.deadline),
                );
                found.push(subject.whole("date/late", words).about("date", date.to_string()).help(
                    "日期写错的请改正；确属逾期的，用 [[accept]] 写明原因和责任人。",
                    "correct the day if it is wrong; if it was late, give the reason under [[accept]].",
                ));
            }
        }
    }
    if i64::from(year.number()) >= i64::from(subject.today.year()) && !report.draft && report.period.is_none_or(|period| period.to >= subject.today) {
        let words = Words::new(format!("今天是 {}，{year} 年度还没有过完", subject.today), format!("today is {}: the year {year} is not over", subject.today));
        found.push(
            subject.whole("year/future", words).about(year.to_string(), "").help("请核对报告年度和文件名。", "check the report's year and the file's name."),
        );
    }
    let Some(signature) = signature else { return };
    let signed = signature.date;
    let at = |code: &str, words: Words| {
        let diagnostic = match signature.paragraph {
            Some(paragraph) => subject.quoted(code, paragraph, 0..paragraph.text.len(), words),
            None => subject.whole(code, words),
        };
        diagnostic.about("signed", signed.to_string())
    };
    let latest = report.date.map_or(year.next().number(), |date| date.year().max(year.next().number()));
    if signed.year() < year.number() || signed.year() > latest {
        let words = Words::new(format!("{year} 年度的年报署名日期是 {signed}"), format!("the report for {year} is signed on {signed}"));
        found.push(at("year/signature-differs", words).help("请改正署名日期的年份。", "correct the year of the signature."));
    } else if signed <= end && subject.body.until.is_none_or(|until| until > end) {
        let words = Words::new(format!("署名日期 {signed} 早于统计期结束日 {end}"), format!("signed on {signed}, before the period ended on {end}"));
        found.push(
            at("date/signed-early", words)
                .help("年度没有过完，数字不可能完整；请核对署名日期。", "the year was not over, so the figures cannot be whole; check the day of signature."),
        );
    }
    if let Some(date) = report.date.filter(|date| signed > *date && signed.year() <= latest) {
        let words = Words::new(format!("署名日期 {signed} 晚于发布日期 {date}"), format!("signed on {signed}, after it was published on {date}"));
        found
            .push(at("date/signed-after-publication", words).help("先签后发：请核对两个日期。", "a report is signed before it is published: check both days."));
    }
}

fn period(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (report, year) = (subject.report, subject.report.id.year);
    let whole = (year.first_day(), year.last_day());
    // A body that began or ended within the year answers for its part of it.
    let partial = |day: Option<Date>| day.is_some_and(|day| day > whole.0 && day <= whole.1);
    let fits = |from: Date, to: Date| {
        (from == whole.0 || partial(subject.body.since))
            && (to == whole.1 || partial(subject.body.until))
            && from.year() == year.number()
            && to.year() == year.number()
    };
    let words = |from: Date, to: Date| {
        Words::new(
            format!("统计期写 {from} 至 {to}，{year} 年度应是 {} 至 {}", whole.0, whole.1),
            format!("the period is {from} to {to}; for {year} it is {} to {}", whole.0, whole.1),
        )
    };
    let help = (
        "统计期应是当年1月1日至12月31日；机关年中成立或撤销的，在 _index.md 写 since 或 until。",
        "the period runs from 1 January to 31 December; for a body set up or abolished within the year write `since` or `until` in its _index.md.",
    );
    if let Some(period) = report.period.filter(|period| !fits(period.from, period.to)) {
        found.push(
            subject.whole("year/period-differs", words(period.from, period.to)).about("period", format!("{} {}", period.from, period.to)).help(help.0, help.1),
        );
    }
    static NAMES_PERIOD: LazyLock<Regex> = LazyLock::new(|| Regex::new("统计期|期限|所列数据|数据自|起至|起到|统计时间").expect("a pattern of ours"));
    if !subject.has(&NAMES_PERIOD) {
        return;
    }
    for paragraph in subject.prose().filter(|paragraph| NAMES_PERIOD.is_match(&paragraph.text)) {
        let Some(dates::FoundPeriod { from, to, .. }) = dates::period(&paragraph.text) else { continue };
        let stated = report.period.is_some_and(|period| (period.from, period.to) == (from, to));
        if !fits(from, to) && !stated {
            let at = dates::find(&paragraph.text).first().map_or(0..paragraph.text.len(), |first| first.range.clone());
            found.push(subject.quoted("year/period-differs", paragraph, at, words(from, to)).help(help.0, help.1));
        }
    }
}

/// The first paragraphs say which year they are about.
fn lead(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    static LEAD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*((?:19|20)\d{2})\s*年(?:度|来|以来)?[，,]|((?:19|20)\d{2})\s*年(?:度)?(?:政府)?(?:政务)?信息公开(?:工作)?(?:年度)?(?:报告|情况)")
            .expect("a pattern of ours")
    });
    let year = subject.report.id.year;
    let latest = subject.report.date.map_or(year.next().number(), |date| date.year());
    let mut seen = false;
    for paragraph in subject.prose().take(4) {
        for caught in LEAD.captures_iter(&paragraph.text) {
            let Some(group) = caught.get(1).or_else(|| caught.get(2)) else { continue };
            let Ok(stated) = group.as_str().parse::<i16>() else { continue };
            // What is later than the publication is said as that; last year's report is named by many.
            let named = caught.get(2).is_some_and(|_| stated == year.number() - 1 && Subject::sentence(&paragraph.text, group.start()).contains(['上', '去']));
            if stated == year.number() || stated > latest || named || seen {
                continue;
            }
            seen = true;
            let words = Words::new(format!("{year} 年度的年报，正文开头写的是{stated}年"), format!("the report is for {year}, its lead speaks of {stated}"));
            found.push(
                subject
                    .quoted("year/lead-differs", paragraph, group.range(), words)
                    .about(stated.to_string(), year.to_string())
                    .help("多半是沿用旧稿：请改正年份，并通读全文。", "most likely an old text was used again: correct the year and read the whole text."),
            );
        }
    }
}

/// Words of a sentence that speaks of what is to come.
const PLANS: [&str; 26] = [
    "将",
    "拟",
    "计划",
    "下一步",
    "力争",
    "规划",
    "预计",
    "明年",
    "目标",
    "争取",
    "打算",
    "准备",
    "继续",
    "截止日",
    "有效期",
    "到期",
    "届时",
    "安排在",
    "前完成",
    "前改",
    "以前",
    "之前",
    "启用",
    "施行",
    "改到",
    "提出",
];

/// What happened after the report was published, or years after the one it is about.
fn facts(subject: &Subject<'_>, paragraph: &Paragraph, signature: Option<&Signature<'_>>, found: &mut Vec<Diagnostic>) {
    let year = subject.report.id.year;
    let text = &paragraph.text;
    if signature.and_then(|signature| signature.paragraph).is_some_and(|signed| std::ptr::eq(signed, paragraph)) {
        return;
    }
    let limit = subject.report.date;
    let last_year = limit.map_or(year.next().number(), |date| date.year());
    let planned = |at: usize| PLANS.iter().any(|word| Subject::sentence(text, at).contains(word));
    let mut days: Vec<std::ops::Range<usize>> = Vec::new();
    for day in dates::find(text) {
        // A period's last day is no event.
        let later = day.date != year.last_day() && limit.map_or(day.date.year() > last_year, |limit| day.date > limit);
        if later && !planned(day.range.start) {
            let published = limit.map_or(("报告年度".to_string(), "the report's year".to_string()), |limit| {
                (format!("发布日期 {limit}"), format!("the publication on {limit}"))
            });
            let words = Words::new(format!("正文写到 {}，晚于{}", day.date, published.0), format!("the text speaks of {}, after {}", day.date, published.1));
            found.push(subject.quoted("date/fact-after-publication", paragraph, day.range.clone(), words).help(
                "发布时不可能知道以后的事：请核对这个日期、报告年度和发布日期。",
                "nothing later can be known when a report is published: check this day, the year and the day of publication.",
            ));
        }
        days.push(day.range);
    }
    for named in dates::years(text) {
        let inside = days.iter().any(|day| day.contains(&named.range.start));
        let numbered = text[..named.range.start].ends_with(['〔', '[', '［', '【']);
        if inside || !(named.named || numbered) || named.year <= last_year || (planned(named.range.start) && !numbered) || in_range(text, &named.range) {
            continue;
        }
        let words =
            Words::new(format!("正文写到{}年，{year} 年度的年报不应出现", named.year), format!("the text speaks of {}; the report is for {year}", named.year));
        found.push(
            subject
                .quoted("date/fact-after-publication", paragraph, named.range, words)
                .help("核对这个年份；若正文属于别的年度，请换成本年度的正文。", "check this year; if the text belongs to another year, use the right text."),
        );
    }
}

/// 2021—2025年: a plan's years.
fn in_range(text: &str, range: &std::ops::Range<usize>) -> bool {
    let joins = ['-', '—', '－', '–', '至', '到', '~', '～'];
    text[..range.start].ends_with(joins) || text[range.end..].starts_with(joins) || text[..range.start].ends_with(['《', '届'])
}

/// Days that are no days.
fn impossible(subject: &Subject<'_>, paragraph: &Paragraph, found: &mut Vec<Diagnostic>) {
    let text = &paragraph.text;
    for caught in FULL.captures_iter(text) {
        let whole = caught.get(0).expect("group 0").range();
        let number = |group: usize| caught.get(group).and_then(|group| group.as_str().parse::<i16>().ok());
        let (Some(month), Some(day)) = (number(2), number(3)) else { continue };
        // Digits run together are said as that.
        if text[..whole.start].ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        // Without a year 29 February may be right.
        let year = number(1).unwrap_or(2020);
        if Date::new(year, month as i8, day as i8).is_err() {
            let words = Words::new(format!("没有“{}”这一天", &text[whole.clone()]), format!("there is no such day as {}", &text[whole.clone()]));
            found.push(subject.quoted("date/impossible", paragraph, whole, words).help("请按原件改正月、日。", "correct month and day from the original."));
        }
    }
}

/// Days of which a part is missing.
fn incomplete(subject: &Subject<'_>, paragraph: &Paragraph, found: &mut Vec<Diagnostic>) {
    for lost in LOST.find_iter(&paragraph.text) {
        let words = Words::new(format!("日期“{}”不完整或数字粘连", lost.as_str()), format!("the day `{}` is incomplete or run together", lost.as_str()));
        found.push(
            subject
                .quoted("date/incomplete", paragraph, lost.range(), words)
                .help("请按原件补全年、月、日。", "complete year, month and day from the original."),
        );
    }
}

/// Years that were never filled in.
fn unfilled(subject: &Subject<'_>, paragraph: &Paragraph, found: &mut Vec<Diagnostic>) {
    for masked in MASKED.find_iter(&paragraph.text) {
        let words = Words::new(format!("“{}”：年份没有填", masked.as_str()), format!("`{}`: the year was never filled in", masked.as_str()));
        found.push(subject.quoted("year/masked", paragraph, masked.range(), words).help("请填上年份。", "fill in the year."));
    }
}

/// A day of last year in a sentence that last year's report already had, word for word.
fn stale(subject: &Subject<'_>, paragraph: &Paragraph, found: &mut Vec<Diagnostic>) {
    static LAW: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("施行|修订|颁布|公布|印发|起至|期限|统计|12月31日|成立|建成|起执行|生效").expect("a pattern of ours"));
    let Some(last) = subject.last else { return };
    if !EVENT.is_match(&paragraph.text) {
        return;
    }
    for sentence in crate::text::sentences(&paragraph.text) {
        let Some(day) = EVENT.find(sentence).filter(|_| sentence.chars().count() >= 12 && !LAW.is_match(sentence)) else { continue };
        if !last.paragraphs.iter().any(|old| old.text.contains(sentence)) {
            continue;
        }
        let at = sentence.as_ptr() as usize - paragraph.text.as_ptr() as usize + day.start();
        let words = Words::new(
            format!("这一句连日期（{}）与上年年报一字不差", day.as_str()),
            format!("this sentence, its day ({}) included, is last year's word for word", day.as_str()),
        );
        found.push(
            subject
                .quoted("date/stale", paragraph, at..at + day.len(), words)
                .related(&last.report.file, "上年的同一句在这里", "last year's sentence stands here")
                .help("写的若是上年的事，请改成本年度的。", "if it happened last year, write what happened this year."),
        );
    }
}

/// Years without a report after the deadline, said where the body stands.
///
/// `there` are the years that have a file: one that cannot be read is not missing, and has been said.
pub fn missing(calendar: Calendar<'_>, body: &Body, facts: &Facts, there: &BTreeSet<Year>) -> Vec<Diagnostic> {
    let absent = |year: &Year| !there.contains(year) && calendar.filing(body, *year, facts.report(*year).map(|report| &report.filed)) == Filing::Missing;
    // Years in a row are one finding.
    let mut runs: Vec<(Year, Year)> = Vec::new();
    for year in calendar.years(body, facts).into_iter().filter(absent) {
        match runs.last_mut().filter(|run| run.1.next() == year) {
            Some(run) => run.1 = year,
            None => runs.push((year, year)),
        }
    }
    runs.into_iter()
        .map(|(first, last)| {
            let deadline = calendar.deadline(body, last);
            let years = if first == last { first.to_string() } else { format!("{first}—{last}") };
            let words = Words::new(
                format!("没有见到{}{years}年度的年报，最近一个截止日是 {deadline}", body.title),
                format!("no report of {} for {years}; the latest deadline was {deadline}", body.title),
            );
            Diagnostic::new("date/report-missing", &body.file, None, words).about(years, "").help(
                "找到年报后放进这个目录，没有写的用 gongkai new 起草；机关当年不存在的，写 since 或 until；确未编制的，用 [[accept]] 写明。",
                "put the report into this folder, or begin one with `gongkai new`; write `since` or `until` if the body did not exist; if none was made, say so under [[accept]].",
            )
        })
        .collect()
}
