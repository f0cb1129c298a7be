//! The review sheet: one HTML file of many reports that needs nothing beside it, to be read on a screen or on paper.
//!
//! First a list of all reports, those that ask most at its head; then each report with its doubts first.

use super::{Asks, Group, Row, clean, of};
use crate::diag::Language;
use crate::import::imported::{Imported, Placement};
use std::fmt::Write as _;

/// A review sheet of many reports.
#[derive(Debug)]
pub struct ReviewSheet {
    language: Language,
    /// What could not be read, as list items.
    failures: String,
    failed: usize,
    /// One a report: how much it asks, and its row of the list.
    list: Vec<(Asks, bool, String)>,
    /// The reports, one after the other.
    reports: String,
}

impl ReviewSheet {
    /// An empty sheet.
    pub fn new(language: Language) -> ReviewSheet {
        ReviewSheet { language, failures: String::new(), failed: 0, list: Vec::new(), reports: String::new() }
    }

    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.language == Language::Zh { zh } else { en }
    }

    /// Adds a report.
    pub fn add(&mut self, imported: &Imported) {
        let number = self.list.len() + 1;
        let source = escape(&imported.source_words());
        let title = escape(imported.title().unwrap_or(&imported.source));
        let placement = escape(&imported.placement_words(self.language));
        let groups = of(imported, self.language);
        let _ = writeln!(self.reports, "<section id=\"r{number}\"><h2>{title}</h2><p>{source}<br>{placement}</p>");
        let links = groups.iter().map(|group| {
            let count = group.rows.len();
            let class = if group.asks { " class=\"asks\"" } else { "" };
            format!("<a{class} href=\"#r{number}-{}\">{} {count}</a>", group.id, escape(&group.title))
        });
        let links: Vec<String> = links.chain([format!("<a href=\"#top\">{}</a>", self.say("回目录", "all reports"))]).collect();
        let _ = writeln!(self.reports, "<p class=\"parts\">{}</p>", links.join(" "));
        for group in &groups {
            self.group(number, group);
        }
        let (by, day) = (self.say("核对人", "checked by"), self.say("日期", "date"));
        let _ = writeln!(self.reports, "<p class=\"sign\">{by}：＿＿＿＿＿＿＿＿ {day}：＿＿＿＿＿＿＿＿</p></section>");
        let asks = Asks::of(&imported.report);
        let aside = matches!(imported.placement, Placement::SetAside { .. });
        let cell = |count: usize| if count == 0 { "<td class=\"none\">0</td>".to_string() } else { format!("<td>{count}</td>") };
        let row = format!(
            "<tr{}><th scope=\"row\"><a href=\"#r{number}\">{title}</a><small>{source}</small><small>{placement}</small></th>{}{}{}{}</tr>\n",
            if aside { " class=\"aside\"" } else { "" },
            cell(asks.doubtful),
            cell(asks.repaired),
            cell(asks.missing),
            cell(imported.report.figures.len()),
        );
        self.list.push((asks, aside, row));
    }

    fn group(&mut self, number: usize, group: &Group) {
        let (class, check) = if group.asks { (" class=\"asks\"", self.say("核对", "checked")) } else { ("", "") };
        let _ = write!(
            self.reports,
            "<table id=\"r{number}-{}\"{class}><caption>{}（{}）</caption><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
            group.id,
            escape(&group.title),
            group.rows.len(),
            if check.is_empty() { self.say("原文行", "line") } else { check },
            self.say("内容", "content"),
        );
        for Row { label, value, quote, line, rule } in &group.rows {
            let line = line.map_or(String::new(), |line| line.to_string());
            let first = match (group.asks, line.is_empty()) {
                (false, _) => line,
                (true, true) => "□".to_string(),
                (true, false) => format!("□ {line}"),
            };
            let label = if label.trim().is_empty() { String::new() } else { format!("<b>{}</b> ", escape(label)) };
            let quote = if quote.is_empty() || quote == value { String::new() } else { format!("<q>{}</q>", escape(quote)) };
            let rule = if rule.is_empty() { String::new() } else { format!("<small>{rule}</small>") };
            let _ = write!(self.reports, "\n<tr><td>{first}</td><td>{label}{}{quote}{rule}</td></tr>", escape(value));
        }
        self.reports.push_str("</tbody></table>\n");
    }

    /// Adds an input that gave no report.
    pub fn add_failure(&mut self, failure: &crate::import::Failure) {
        self.failed += 1;
        let (source, words) = (escape(&failure.input.to_string_lossy()), escape(failure.words.in_language(self.language)));
        let _ = writeln!(self.failures, "<li><b>{source}</b> {words}</li>");
    }

    /// The whole file.
    pub fn finish(mut self) -> String {
        // What was set aside comes first, then what asks most; otherwise the order of the inputs stays.
        self.list.sort_by_key(|(asks, aside, _)| (!aside, std::cmp::Reverse((asks.doubtful, asks.repaired, asks.missing))));
        let asking = self.list.iter().filter(|(asks, aside, _)| *aside || *asks != Asks::default()).count();
        let (count, failed) = (self.list.len(), self.failed);
        let (lang, title, sum) = match self.language {
            Language::Zh => ("zh-Hans", "导入核对单", format!("共 {count} 份报告，{asking} 份有要核对的；读不出的文件 {failed} 个。没有写明的一律空着。")),
            Language::En => (
                "en",
                "Import review",
                format!("{count} reports, {asking} with something to check; {failed} files could not be read. What is not stated stays empty."),
            ),
        };
        let how = self.say(
            "□ 后是原文的行号。请在发布前对照原件逐项核对，有错就在内容文件里改正。",
            "The number after □ is the line of the source. Compare each item before you publish, and correct the content file.",
        );
        let mut page = format!(
            "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body>\n<h1 id=\"top\">{title}</h1>\n<p>{sum}</p>\n<p>{how}</p>\n"
        );
        if failed > 0 {
            let _ = write!(
                page,
                "<h2>{}（{failed}）</h2>\n<ul class=\"asks\">\n{}</ul>\n",
                self.say("读不出的文件", "files that could not be read"),
                self.failures
            );
        }
        if count > 0 {
            let heads = [("报告", "report"), ("待核", "doubtful"), ("补修", "repaired"), ("缺", "missing"), ("数", "figures")];
            let heads: String = heads.iter().map(|(zh, en)| format!("<th scope=\"col\">{}</th>", self.say(zh, en))).collect();
            let _ = writeln!(
                page,
                "<table class=\"list\"><caption>{}（{count}）</caption><thead><tr>{heads}</tr></thead><tbody>",
                self.say("全部报告", "all reports")
            );
            page.extend(self.list.iter().map(|(.., row)| row.as_str()));
            page.push_str("</tbody></table>\n");
        }
        page.push_str(&self.reports);
        page.push_str("</body></html>\n");
        page
    }
}

fn escape(text: &str) -> String {
    clean(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = include_str!("page.css");
