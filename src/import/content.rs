//! The content file of a report: front matter with what was found, doubts as comments, the body as printed.

use super::escape;
use super::figures;
use super::lines::{Block, Line};
use super::outline;
use super::recognize::{Read, Recognized};
use crate::model::{Breakdown, Contact, FigureKey, Level, Period, TimeSpan};

/// Name and digest of the source file, and which report of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Origin<'o> {
    /// Which report of a file that holds several, from 1; none of a file that holds one.
    pub(super) part: Option<usize>,
    /// File name without its folder.
    pub(super) file: &'o str,
    /// 64 hexadecimal digits.
    pub(super) sha256: &'o str,
}

impl Origin<'_> {
    /// What a source is recognised by: its digest, and which report of it.
    pub(super) fn key(&self) -> String {
        self.part.map_or_else(|| self.sha256.to_string(), |part| format!("{}/{part}", self.sha256))
    }
}

/// The whole file.
pub(super) fn write(report: &Recognized, origin: Origin<'_>) -> String {
    format!("{}\n{}", front_matter(report, origin), body(&report.lines))
}

/// Lines of the source that lines of a content file come from.
pub(super) struct Places {
    /// First line in the content file, line in the source, in order.
    blocks: Vec<(usize, usize)>,
}

impl Places {
    /// First line of the block in the content file, and its line in the source; none for the front matter.
    pub(super) fn block(&self, line: usize) -> Option<(usize, usize)> {
        self.blocks.iter().rev().find(|(first, _)| *first <= line).copied()
    }
}

/// The file as the check reads it, and where its lines come from.
pub(super) fn write_with_places(report: &Recognized) -> (String, Places) {
    let mut text = format!("{}\n", front_matter(report, Origin { part: None, file: "", sha256: "" }));
    let start = text.matches('\n').count() + 1;
    let (body, blocks) = body_with_places(&report.lines);
    text.push_str(&body);
    (text, Places { blocks: blocks.into_iter().map(|(line, source)| (start + line, source)).collect() })
}

fn front_matter(report: &Recognized, origin: Origin<'_>) -> String {
    let mut lines = vec!["+++".to_string()];
    // What the check would find, it finds again; what was doubtful in reading stands here alone.
    for note in report.notes.iter().filter(|note| note.rule.starts_with("import/")) {
        let place = note.line.map(|line| format!("（原文第 {line} 行）")).unwrap_or_default();
        lines.push(format!("# 待核：{}{place}", one_line(&note.message.zh)));
    }
    let stem = origin.file.rsplit_once('.').map_or(origin.file, |(stem, _)| stem);
    lines.push(format!("title = {}", escape::toml(report.title.as_ref().map_or(stem, |title| &title.value))));
    lines.extend(report.published.as_ref().map(|day| format!("date = {}", day.value)));
    let mut of_report: Vec<String> = Vec::new();
    of_report.extend(report.form.as_ref().map(|form| format!("form = {}", escape::toml(form))));
    let text = |key: &str, value: &Option<Read<String>>| value.as_ref().map(|read| format!("{key} = {}", escape::toml(&read.value)));
    of_report.extend(report.period.as_ref().map(|Read { value: Period { from, to }, .. }| format!("period = {{ from = {from}, to = {to} }}")));
    of_report.extend(text("issuer", &report.issuer));
    of_report.extend(text("number", &report.number));
    of_report.extend(report.signed.as_ref().map(|day| format!("signed = {}", day.value)));
    of_report.extend(report.url.as_ref().map(|url| format!("source = {}", escape::toml(url))));
    if !of_report.is_empty() {
        lines.push("[report]".into());
        lines.extend(of_report);
    }
    lines.extend(figures(report));
    lines.push("[provenance]".into());
    lines.push(format!("file = {}", escape::toml(origin.file)));
    lines.push(format!("sha256 = {}", escape::toml(origin.sha256)));
    lines.extend(origin.part.map(|part| format!("part = {part}")));
    lines.extend(report.index_number.as_ref().map(|index| format!("index = {}", escape::toml(&index.value))));
    lines.push("+++\n".into());
    lines.join("\n")
}

/// `[figures]`: what the text states and the tables do not, each below the words it was read from.
fn figures(report: &Recognized) -> Vec<String> {
    let mut lines = Vec::new();
    let mut stated: Vec<FigureKey> = report.figures.iter().filter(|figure| figure.in_table).map(|figure| figure.key).collect();
    for figure in report.figures.iter().filter(|figure| !figure.in_table) {
        // One key holds one number: where the year's and all years' are both said, the year's is kept here.
        let of_year = || report.figures.iter().any(|other| other.key == figure.key && other.time == TimeSpan::Year);
        if stated.contains(&figure.key) || figure.time == TimeSpan::Cumulative && of_year() {
            continue;
        }
        stated.push(figure.key);
        if lines.is_empty() {
            lines.push("[figures]".to_string());
        }
        lines.push(format!("# 原文第 {} 行：{}", figure.line, one_line(&figure.quote)));
        // applications_new.natural_person: a total beside its parts is written as one of them.
        let parted = report.figures.iter().any(|other| other.key.indicator == figure.key.indicator && other.key.breakdown != Breakdown::TOTAL);
        let name = figures::indicator_key(figure);
        let key = if parted { format!("{name}.{}", figures::breakdown_name(figure.key)) } else { name.to_string() };
        let (amount, unit) = figure.stated.as_ref().map_or((figure.amount, None), |(amount, unit)| (*amount, Some(unit)));
        if unit.is_none() && figure.about.is_none() && figure.time == TimeSpan::Year {
            lines.push(format!("{key} = {amount}"));
            continue;
        }
        let mut parts = vec![format!("value = {amount}")];
        parts.extend(unit.map(|unit| format!("unit = {}", escape::toml(unit))));
        parts.extend(figure.about.map(|about| format!("about = {}", escape::toml(about.word()))));
        parts.extend((figure.time == TimeSpan::Cumulative).then(|| "span = \"cumulative\"".to_string()));
        lines.push(format!("{key} = {{ {} }}", parts.join(", ")));
    }
    lines
}

/// A comment ends with its line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The Markdown of all blocks, parted by empty lines; items of one list stand together.
pub(super) fn body(lines: &[Line]) -> String {
    body_with_places(lines).0
}

/// The Markdown, and for each block its first line there, from 0, and its line in the source.
fn body_with_places(lines: &[Line]) -> (String, Vec<(usize, usize)>) {
    let mut text = String::new();
    let (mut places, mut printed) = (Vec::with_capacity(lines.len()), 0);
    let mut in_list = false;
    for line in lines {
        let is_item = matches!(line.block, Block::Item(..));
        let joins = is_item && in_list;
        if !text.is_empty() && !joins {
            text.push('\n');
            printed += 1;
        }
        let shown = block(line);
        places.push((printed, line.number));
        printed += shown.matches('\n').count() + 1;
        text.push_str(&shown);
        text.push('\n');
        in_list = is_item;
    }
    (text, places)
}

fn block(line: &Line) -> String {
    match (&line.block, outline::heading_rank(line)) {
        (Block::Text(text) | Block::Heading(_, text), Some(rank)) => format!("{} {}", "#".repeat(usize::from(rank)), escape::heading(text)),
        (Block::Text(text) | Block::Heading(_, text), None) => escape::paragraph(text),
        // Numbers of ten digits open no list.
        (Block::Item(Some(number), text), _) if *number < 1_000_000_000 => format!("{number}. {}", escape::paragraph(text)),
        (Block::Item(_, text), _) => format!("- {}", escape::paragraph(text)),
        (Block::Table(rows), _) => table(rows),
    }
}

/// Row and column of the place before which this part of a table in Markdown stands.
pub(super) fn cell_after(before: &str) -> (usize, usize) {
    // The second line parts the head from the body.
    let line = before.matches('\n').count();
    let signs = before.rsplit('\n').next().unwrap_or_default().replace("\\|", "").matches('|').count();
    (line.saturating_sub(usize::from(line > 0)), signs.saturating_sub(1))
}

/// A table in Markdown.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let row = |cells: &Vec<String>| format!("|{}|", cells.iter().map(|cell| escape::inline(cell)).collect::<Vec<_>>().join("|"));
    let width = rows.first().map_or(0, Vec::len);
    let mut lines: Vec<String> = rows.iter().map(row).collect();
    lines.insert(1.min(lines.len()), format!("|{}", "---|".repeat(width)));
    lines.join("\n")
}

/// The `_index.md` of a body that had none.
pub(super) fn write_index(title: &str, level: Option<Level>, county: Option<&str>, contact: Option<&Contact>) -> String {
    let county = county.filter(|county| *county != title).map(|county| format!("# 所属：{}\n", one_line(county))).unwrap_or_default();
    let level = level.map(|level| format!("\n[body]\nlevel = \"{}\"\n", level.key())).unwrap_or_default();
    let contact = contact.map(|contact| {
        let fields = [
            ("office", &contact.office),
            ("address", &contact.address),
            ("phone", &contact.phone),
            ("fax", &contact.fax),
            ("email", &contact.email),
            ("hours", &contact.hours),
            ("postcode", &contact.postcode),
        ];
        let lines = fields.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", escape::toml(value.as_deref()?))));
        format!("\n[contact]\n{}", lines.collect::<String>())
    });
    format!("+++\n{county}title = {}\n{level}{}+++\n", escape::toml(title), contact.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::lines::of_plain_text;
    use crate::import::recognize::recognize;

    const ORIGIN: Origin<'static> = Origin { part: None, file: "yx.txt", sha256: "00" };

    #[test]
    fn the_whole_file() {
        let report = recognize(of_plain_text(
            "云溪镇2012年政府信息公开工作年度报告\n发布时间：2013-01-15\n一、概述\n　　1. 内容若干，写在这里。\n云溪镇人民政府\n2012年12月10日\n",
        ));
        let expected = "+++\n# 待核：落款日期 2012-12-10 早于报告年度结束（2012-12-31）（原文第 6 行）\ntitle = \"云溪镇2012年政府信息公开工作年度报告\"\ndate = 2013-01-15\n[report]\nissuer = \"云溪镇人民政府\"\nsigned = 2012-12-10\n[provenance]\nfile = \"yx.txt\"\nsha256 = \"00\"\n+++\n\n## 一、概述\n\n1\\. 内容若干，写在这里。\n\n云溪镇人民政府\n\n2012年12月10日\n";
        assert_eq!(write(&report, ORIGIN), expected);
    }

    #[test]
    fn a_file_without_a_title_is_called_by_its_name() {
        let text = write(&recognize(of_plain_text("若干文字")), ORIGIN);
        assert!(text.contains("title = \"yx\"\n") && !text.contains("[report]"), "{text}");
        let front: toml::Table = toml::from_str(text.split("+++").nth(1).unwrap()).unwrap();
        assert_eq!(front["provenance"]["file"].as_str(), Some("yx.txt"));
    }

    #[test]
    fn tables_and_lists() {
        let rows = vec![vec!["项|目".to_string(), "数".into()], vec!["申请".into(), "3".into()]];
        let lines = [
            Line { number: 1, block: Block::Table(rows) },
            Line { number: 2, block: Block::Item(Some(2), "甲".into()) },
            Line { number: 3, block: Block::Item(Some(3), "- 乙".into()) },
            Line::text(4, "尾"),
        ];
        assert_eq!(body(&lines), "|项\\|目|数|\n|---|---|\n|申请|3|\n\n2. 甲\n3. \\- 乙\n\n尾\n");
    }

    #[test]
    fn the_index_of_a_new_body() {
        let text = write_index("云溪镇", Some(Level::Township), Some("云溪县"), None);
        assert_eq!(text, "+++\n# 所属：云溪县\ntitle = \"云溪镇\"\n\n[body]\nlevel = \"township\"\n+++\n");
    }
}
