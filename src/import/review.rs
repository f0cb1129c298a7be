//! The review of one imported report: what was read and from which line, what was repaired, what is doubtful, what should be there and is
//! not, what was left out. One list of groups, shown on a terminal or as a page of paper.

use super::figures::{self, FoundFigure};
use super::imported::Imported;
use super::recognize::Read;
use crate::diag::Language;
use crate::model::{About, Level, Period, TimeSpan};
use std::fmt::{Display, Write as _};

/// One line of a review.
pub(super) struct Row {
    label: String,
    value: String,
    /// The words of the source, where they say more than the value.
    quote: String,
    line: Option<usize>,
}

/// Lines under one heading.
pub(super) struct Group {
    title: String,
    rows: Vec<Row>,
    /// Whether somebody has to look at it.
    asks: bool,
}

/// The review of a report in a language.
pub(super) fn of(imported: &Imported, language: Language) -> Vec<Group> {
    let say = |zh: &str, en: &str| if language == Language::Zh { zh.to_string() } else { en.to_string() };
    let report = &imported.report;
    let mut groups = Vec::new();
    let mut stated = Vec::new();
    let mut add = |label: String, value: Option<(String, Option<usize>)>, always: bool| {
        let Some((value, line)) = value.or_else(|| always.then(|| (say("（未载明）", "(not stated)"), None))) else { return };
        stated.push(Row { label, value, quote: String::new(), line });
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
    groups.push(Group { title: say("报告", "report"), rows: stated, asks: false });
    let sections = report.sections.iter().map(|section| Row {
        label: format!("{}{}", "　".repeat(usize::from(section.level.saturating_sub(1))), section.number.as_deref().unwrap_or("—")),
        value: section.title.clone(),
        quote: String::new(),
        line: Some(section.line),
    });
    groups.push(Group { title: say("章节", "sections"), rows: sections.collect(), asks: false });
    let (in_tables, in_text): (Vec<&FoundFigure>, Vec<&FoundFigure>) = report.figures.iter().partition(|figure| figure.in_table);
    groups.push(Group {
        title: say("正文里的数", "figures of the text"), rows: in_text.into_iter().map(|one| figure(one, language)).collect(), asks: false
    });
    let mut rows: Vec<Row> = Vec::new();
    for one in in_tables {
        // A row of the form is one line of the review.
        let next = figure(one, language);
        match rows.last_mut().filter(|last| last.quote == next.quote && last.line == next.line) {
            Some(last) => {
                if !last.label.contains(&name(one, language)) {
                    let _ = write!(last.label, "、{}", name(one, language));
                }
                let _ = write!(last.value, " {}", next.value);
            }
            None => rows.push(Row { label: name(one, language), ..next }),
        }
    }
    groups.push(Group { title: say("表格里的数", "figures of the tables"), rows, asks: false });
    let documents = report.documents.iter().map(|document| {
        let named: Vec<String> = document.title.iter().map(|title| format!("《{title}》")).chain(document.number.clone()).collect();
        Row { label: String::new(), value: named.join(" "), quote: String::new(), line: None }
    });
    groups.push(Group { title: say("提到的文件", "documents named"), rows: documents.collect(), asks: false });
    let note =
        |note: &super::Note| Row { label: note.rule.to_string(), value: note.message.in_language(language).to_string(), quote: String::new(), line: note.line };
    let is_missing = |rule: &str| {
        rule.ends_with("-missing") && rule.starts_with("form/")
            || matches!(rule, "date/not-stated" | "import/year-unknown" | "import/body-unknown" | "import/title-unknown")
    };
    let is_repair = |rule: &str| matches!(rule, "import/date-incomplete" | "import/repaired" | "import/year-from-text");
    let pick = |fits: &dyn Fn(&str) -> bool| report.notes.iter().filter(|note| fits(note.rule)).map(note).collect::<Vec<_>>();
    groups.push(Group { title: say("补读和修复", "completed or repaired"), rows: pick(&|rule| is_repair(rule)), asks: true });
    groups.push(Group { title: say("待核", "doubtful"), rows: pick(&|rule| !is_repair(rule) && !is_missing(rule)), asks: true });
    groups.push(Group { title: say("该有而没有的", "what should be there and is not"), rows: pick(&|rule| is_missing(rule)), asks: true });
    let others = report.others.iter().map(|other| Row {
        label: String::new(),
        value: other.quote.clone(),
        quote: other.why.in_language(language).to_string(),
        line: Some(other.line),
    });
    groups.push(Group { title: say("留在正文里的数", "numbers left as text"), rows: others.collect(), asks: false });
    let removed = report.removed.iter().map(|removed| Row {
        label: removed.why.in_language(language).to_string(),
        value: removed.text.clone(),
        quote: String::new(),
        line: Some(removed.line),
    });
    groups.push(Group { title: say("未导入", "left out"), rows: removed.collect(), asks: false });
    groups.retain(|group| !group.rows.is_empty());
    groups
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
    Row { label: name(figure, language), value, quote: figure.quote.clone(), line: Some(figure.line) }
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

/// The review as text for a terminal. Ends in a line break.
pub(super) fn text(source: &str, placement: &str, groups: &[Group], language: Language) -> String {
    let colon = if language == Language::Zh { "：" } else { ": " };
    let mut out = format!("{}\n  {placement}\n", clean(source));
    for group in groups {
        let _ = writeln!(out, "  {}{}", group.title, colon.trim_end());
        for Row { label, value, quote, line } in &group.rows {
            let label = if label.is_empty() { String::new() } else { format!("{}{colon}", clean(label)) };
            let quote = if quote.is_empty() || quote == value { String::new() } else { format!(" “{}”", clean(quote)) };
            let _ = writeln!(out, "    {label}{}{quote}{}", clean(value), at(*line, language));
        }
    }
    out
}

/// A review sheet of many reports: one HTML file that needs nothing beside it.
#[derive(Debug)]
pub struct ReviewSheet {
    language: Language,
    page: String,
    reports: usize,
}

impl ReviewSheet {
    /// An empty sheet.
    pub fn new(language: Language) -> ReviewSheet {
        ReviewSheet { language, page: String::new(), reports: 0 }
    }

    /// Adds a report.
    pub fn add(&mut self, imported: &Imported) {
        let say = |zh: &'static str, en: &'static str| if self.language == Language::Zh { zh } else { en };
        self.reports += 1;
        let title = imported.title().unwrap_or(&imported.source);
        let _ = writeln!(
            self.page,
            "<section><h2>{}</h2><p>{} · {}</p>",
            escape(title),
            escape(&imported.source),
            escape(&imported.placement_words(self.language))
        );
        for group in of(imported, self.language) {
            let class = if group.asks { " class=\"asks\"" } else { "" };
            let _ = writeln!(
                self.page,
                "<table{class}><caption>{}（{}）</caption><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
                escape(&group.title),
                group.rows.len(),
                say("原文行", "line"),
                say("项目", "item"),
                say("内容", "content"),
            );
            for Row { label, value, quote, line } in &group.rows {
                let quote = if quote.is_empty() || quote == value { String::new() } else { format!("<q>{}</q>", escape(quote)) };
                let line = line.map_or(String::new(), |line| line.to_string());
                let _ = writeln!(self.page, "<tr><td>{line}</td><th scope=\"row\">{}</th><td>{}{quote}</td></tr>", escape(label), escape(value));
            }
            self.page.push_str("</tbody></table>\n");
        }
        let _ = writeln!(self.page, "<p class=\"sign\">{}：__________ {}：__________</p></section>", say("核对人", "checked by"), say("日期", "date"));
    }

    /// Adds an input that gave no report.
    pub fn add_failure(&mut self, failure: &super::Failure) {
        let source = failure.input.display().to_string();
        let _ =
            writeln!(self.page, "<section><h2>{}</h2><p class=\"failed\">{}</p></section>", escape(&source), escape(failure.words.in_language(self.language)));
    }

    /// The whole file.
    pub fn finish(self) -> String {
        let (lang, title, count) = match self.language {
            Language::Zh => ("zh-Hans", "导入核对单", format!("共 {} 份报告。没有写明的一律空着；每一项请对照原件核对。", self.reports)),
            Language::En => ("en", "Import review", format!("{} reports. What is not stated stays empty; compare each item with the original.", self.reports)),
        };
        format!(
            "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1><p>{count}</p>\n{}</body></html>\n",
            self.page
        )
    }
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

fn escape(text: &str) -> String {
    clean(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = "body{font:16px/1.6 \"Noto Sans SC\",\"Microsoft YaHei\",sans-serif;margin:2em auto;padding:0 1em;max-width:60em;color:#111}\
section{margin-top:3em;border-top:3px solid #111}h1{font-size:1.6em}h2{font-size:1.25em;overflow-wrap:anywhere}\
table{border-collapse:collapse;width:100%;margin:1.2em 0}caption{text-align:left;font-weight:bold;padding:.3em 0}\
th,td{border:1px solid #777;padding:.3em .6em;text-align:left;vertical-align:top;overflow-wrap:anywhere}thead th{background:#eee}\
tbody th{font-weight:normal;width:30%}td:first-child,thead th:first-child{width:4.5em;text-align:right}q{display:block;color:#444;font-size:.9em}\
table.asks{border-left:6px solid #a40000}.failed{border-left:6px solid #a40000;padding-left:.6em}.sign{margin-top:2em}\
@media print{body{margin:0;font-size:11pt}section{page-break-before:always;border:0}tr{page-break-inside:avoid}}";
