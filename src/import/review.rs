//! The review of one imported report: what is doubtful, what was repaired, what should be there and is not; what was read and from which
//! line; what was left out. One list of groups, shown on a terminal or, by `page`, on paper.

mod page;

pub use page::ReviewSheet;

use super::figures::{self, FoundFigure};
use super::imported::Imported;
use super::lines::Block;
use super::recognize::{Read, Recognized};
use crate::diag::Language;
use crate::model::{About, Level, Period, TimeSpan};
use std::fmt::{Display, Write as _};

/// One line of a review.
struct Row {
    label: String,
    value: String,
    /// The words of the source, where they say more than the value.
    quote: String,
    line: Option<usize>,
    /// The rule that asks; empty in other rows.
    rule: &'static str,
}

/// Lines under one heading.
struct Group {
    /// Name of the group in links.
    id: &'static str,
    title: String,
    rows: Vec<Row>,
    /// Whether somebody has to look at it.
    asks: bool,
}

/// How much of a report somebody has to look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Asks {
    /// What is doubtful.
    pub doubtful: usize,
    /// What was completed or repaired.
    pub repaired: usize,
    /// What a report of that year should have and has not.
    pub missing: usize,
}

impl Asks {
    /// What a report asks.
    pub(super) fn of(report: &Recognized) -> Asks {
        let count = |kind: Asked| report.notes.iter().filter(|note| asked(note.rule) == kind).count();
        Asks { doubtful: count(Asked::Doubtful), repaired: count(Asked::Repaired), missing: count(Asked::Missing) }
    }

    /// The counts in words.
    pub(super) fn words(self, language: Language) -> String {
        match language {
            Language::Zh => format!("待核 {}，补读和修复 {}，该有而没有 {}", self.doubtful, self.repaired, self.missing),
            Language::En => format!("{} doubtful, {} repaired, {} missing", self.doubtful, self.repaired, self.missing),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Doubtful,
    Repaired,
    Missing,
}

fn asked(rule: &str) -> Asked {
    match rule {
        "date/not-stated" | "import/year-unknown" | "import/body-unknown" | "import/title-unknown" => Asked::Missing,
        "import/date-incomplete" | "import/repaired" | "import/year-from-text" => Asked::Repaired,
        _ if rule.starts_with("form/") && rule.ends_with("-missing") => Asked::Missing,
        _ => Asked::Doubtful,
    }
}

/// The review of a report in a language; what asks comes first.
fn of(imported: &Imported, language: Language) -> Vec<Group> {
    let say = |zh: &str, en: &str| if language == Language::Zh { zh.to_string() } else { en.to_string() };
    let report = &imported.report;
    let mut groups = Vec::new();
    let mut group = |id, title, rows: Vec<Row>, asks| groups.push(Group { id, title, rows, asks });
    let notes = |kind: Asked| -> Vec<Row> {
        let chosen = report.notes.iter().filter(|note| asked(note.rule) == kind);
        chosen
            .map(|note| Row {
                label: String::new(),
                value: note.message.in_language(language).to_string(),
                quote: note.line.map_or_else(String::new, |line| words_of(report, line, &note.message.zh)),
                line: note.line,
                rule: note.rule,
            })
            .collect()
    };
    group("doubtful", say("待核", "doubtful"), notes(Asked::Doubtful), true);
    group("repaired", say("补读和修复", "completed or repaired"), notes(Asked::Repaired), true);
    group("missing", say("该有而没有的", "what should be there and is not"), notes(Asked::Missing), true);
    group("report", say("报告", "report"), stated(report, language), false);
    let (in_tables, in_text): (Vec<&FoundFigure>, Vec<&FoundFigure>) = report.figures.iter().partition(|figure| figure.in_table);
    group("text", say("正文里的数", "figures of the text"), in_text.into_iter().map(|one| figure(one, language)).collect(), false);
    group("tables", say("表格里的数", "figures of the tables"), by_row(&in_tables, language), false);
    let others = report.others.iter().map(|other| {
        let why = other.why.in_language(language).to_string();
        Row { label: other.quote.clone(), line: Some(other.line), ..Row::plain(why) }
    });
    group("others", say("留在正文里的数", "numbers left as text"), others.collect(), false);
    let sections = report.sections.iter().map(|section| {
        let number = section.number.as_deref().unwrap_or("—");
        let label = format!("{}{number}", "　".repeat(usize::from(section.level.saturating_sub(1))));
        Row { label, line: Some(section.line), ..Row::plain(section.title.clone()) }
    });
    group("sections", say("章节", "sections"), sections.collect(), false);
    let documents = report.documents.iter().map(|document| {
        let named: Vec<String> = document.title.iter().map(|title| format!("《{title}》")).chain(document.number.clone()).collect();
        Row::plain(named.join(" "))
    });
    group("documents", say("提到的文件", "documents named"), documents.collect(), false);
    let removed = report.removed.iter().map(|removed| Row {
        label: removed.why.in_language(language).to_string(),
        line: Some(removed.line),
        ..Row::plain(removed.text.clone())
    });
    group("left-out", say("未导入", "left out"), removed.collect(), false);
    groups.retain(|group| !group.rows.is_empty());
    groups
}

impl Row {
    fn plain(value: String) -> Row {
        Row { label: String::new(), value, quote: String::new(), line: None, rule: "" }
    }
}

/// What the report says of itself.
fn stated(report: &Recognized, language: Language) -> Vec<Row> {
    let say = |zh: &str, en: &str| if language == Language::Zh { zh.to_string() } else { en.to_string() };
    let mut rows = Vec::new();
    let mut add = |label: String, value: Option<(String, Option<usize>)>, always: bool| {
        let Some((value, line)) = value.or_else(|| always.then(|| (say("（未载明）", "(not stated)"), None))) else { return };
        rows.push(Row { label, line, ..Row::plain(value) });
    };
    add(say("标题", "title"), shown(&report.title), true);
    add(say("机关", "body"), shown(&report.body), true);
    add(say("层级", "level"), report.level.map(|level| (level_word(level, language), None)), true);
    add(say("所属县", "county"), shown(&report.county), true);
    add(say("年度", "year"), shown(&report.year), true);
    add(say("发布日期", "published"), shown(&report.published), true);
    add(say("落款日期", "signed"), shown(&report.signed), true);
    add(say("落款", "issuer"), shown(&report.issuer), true);
    add(say("统计期间", "period"), report.period.as_ref().map(|Read { value: Period { from, to }, line }| (format!("{from} — {to}"), *line)), true);
    add(say("文号", "number"), shown(&report.number), false);
    add(say("索引号", "index number"), shown(&report.index_number), false);
    add(say("版式", "edition"), report.form.clone().map(|form| (form, None)), false);
    if let Some(contact) = &report.contact {
        let parts = [&contact.office, &contact.address, &contact.phone, &contact.fax, &contact.email, &contact.hours, &contact.postcode];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        add(say("联系方式", "contact"), Some((parts.join(" · "), None)), false);
    }
    rows
}

/// Figures of tables; a row of the form is one line of the review.
fn by_row(figures: &[&FoundFigure], language: Language) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for one in figures {
        let next = figure(one, language);
        match rows.last_mut().filter(|last| last.quote == next.quote && last.line == next.line) {
            Some(last) => {
                if !last.label.contains(&next.label) {
                    let _ = write!(last.label, "、{}", next.label);
                }
                let _ = write!(last.value, " {}", next.value);
            }
            None => rows.push(next),
        }
    }
    rows
}

/// How many characters of a line are shown beside a doubt, and how many of them before what it is about.
const SHOWN: usize = 60;
const BEFORE: usize = 20;

/// The words of a line of the source around those that a message quotes, cut where they are many; none of a line within a table.
fn words_of(report: &Recognized, line: usize, message: &str) -> String {
    let in_table = || report.figures.iter().find(|figure| figure.in_table && figure.line == line).map(|figure| figure.quote.clone());
    let in_text = report.lines.iter().find(|known| known.number == line && !matches!(known.block, Block::Table(_))).map(|line| line.all_words());
    let Some(words) = in_text.or_else(in_table) else { return String::new() };
    let quoted = message.split('“').skip(1).filter_map(|rest| rest.split_once('”')).find_map(|(quoted, _)| words.find(quoted));
    // A message that names an indicator is about the words that state it.
    let stating = || report.figures.iter().filter(|figure| figure.line == line && message.contains(&name(figure, Language::Zh)));
    let quoted = quoted.or_else(|| stating().find_map(|figure| words.find(&figure.quote))).unwrap_or(0);
    let start = words[..quoted].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let end = words[start..].char_indices().nth(SHOWN).map_or(words.len(), |(at, _)| start + at);
    let (more_before, more_after) = (if start > 0 { "……" } else { "" }, if end < words.len() { "……" } else { "" });
    format!("{more_before}{}{more_after}", &words[start..end])
}

fn name(figure: &FoundFigure, language: Language) -> String {
    let indicator = figures::REGISTRY.indicator(figure.key.indicator);
    if language == Language::Zh { indicator.name.clone() } else { indicator.name_en.clone() }
}

fn figure(figure: &FoundFigure, language: Language) -> Row {
    let indicator = figures::REGISTRY.indicator(figure.key.indicator);
    let (amount, unit) = figure.stated.as_ref().map_or((figure.amount, indicator.unit.as_str()), |(amount, unit)| (*amount, unit.as_str()));
    let span = match (figure.time, language) {
        (TimeSpan::Year, _) => "",
        (TimeSpan::Cumulative, Language::Zh) => "（累计）",
        (TimeSpan::Cumulative, Language::En) => " (cumulative)",
    };
    let value = if figure.in_table { amount.grouped() } else { format!("{}{}{unit}{span}", amount.grouped(), figure.about.map_or("", About::word)) };
    Row { label: name(figure, language), value, quote: figure.quote.clone(), line: Some(figure.line), rule: "" }
}

fn level_word(level: Level, language: Language) -> String {
    let zh = match level {
        Level::Country => "国家",
        Level::Province => "省",
        Level::City => "市",
        Level::County => "县（区）",
        Level::Township => "乡镇（街道）",
        Level::Village => "村（社区）",
        Level::Department => "部门",
    };
    if language == Language::Zh { zh.to_string() } else { level.key().to_string() }
}

fn shown<T: Display>(read: &Option<Read<T>>) -> Option<(String, Option<usize>)> {
    read.as_ref().map(|read| (read.value.to_string(), read.line))
}

/// The review of a report for a terminal; what asks comes last, where the eye is. Ends in a line break.
pub(super) fn text(imported: &Imported, source: &str, language: Language) -> String {
    let colon = if language == Language::Zh { "：" } else { ": " };
    let mut out = format!("{}\n  {}\n", clean(source), imported.placement_words(language));
    let mut groups = of(imported, language);
    groups.sort_by_key(|group| group.asks);
    for group in groups {
        let _ = writeln!(out, "  {}{}", group.title, colon.trim_end());
        for Row { label, value, quote, line, rule } in &group.rows {
            let label = if label.is_empty() { String::new() } else { format!("{}{colon}", clean(label)) };
            let quote = if quote.is_empty() || quote == value { String::new() } else { format!(" “{}”", clean(quote)) };
            let rule = if rule.is_empty() { String::new() } else { format!(" [{rule}]") };
            let _ = writeln!(out, "    {label}{}{quote}{}{rule}", clean(value), at(*line, language));
        }
    }
    out
}

/// One line for a terminal that shows many reports.
pub(super) fn brief(imported: &Imported, source: &str, language: Language) -> String {
    let (source, placement, asks) = (clean(source), imported.placement_words(language), Asks::of(&imported.report));
    let asks = if asks == Asks::default() { String::new() } else { asks.words(language) };
    let (colon, stop) = if language == Language::Zh { ("：", "；") } else { (": ", "; ") };
    let stop = if asks.is_empty() { "" } else { stop };
    format!("{source}{colon}{placement}{stop}{asks}\n")
}

fn at(line: Option<usize>, language: Language) -> String {
    match (line, language) {
        (None, _) => String::new(),
        (Some(line), Language::Zh) => format!("（第 {line} 行）"),
        (Some(line), Language::En) => format!(" (line {line})"),
    }
}

/// Control characters and signs that turn the direction of text never reach a terminal.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') { '\u{fffd}' } else { c }).collect()
}
