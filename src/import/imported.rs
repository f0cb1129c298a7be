//! What became of one source file: as JSON for programs, as review text for the clerk who answers for it.

use super::figures::{self, FoundFigure};
use super::lines::{Note, Removed};
use super::outline::Section;
use super::recognize::{Read, Recognized};
use super::review::{self, Asks};
use super::tables::Unfilled;
use crate::diag::Language;
use crate::model::{About, Amount, Level, Period, Reading, TimeSpan, Year};
use jiff::civil::Date;
use serde_json::{Value, json};

/// Where a report went. Paths are relative to the folder imported into, with `/`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Placement {
    /// A new file; `new_body` is the directory made for its body, to be renamed before the first publication.
    Written {
        /// The content file.
        file: String,
        /// Directory made for its body, if there was none.
        new_body: Option<String>,
    },
    /// Another text stood there and is kept beside it.
    Replaced {
        /// The content file.
        file: String,
        /// The text before.
        backup: String,
    },
    /// The same source was imported before; nothing changed.
    Unchanged {
        /// The content file made of it.
        file: String,
    },
    /// Kept where no build reads it.
    SetAside {
        /// The content file.
        file: String,
        /// The file that holds another report of that body and year; none if year or body is unknown.
        taken: Option<String>,
    },
    /// Only read: a dry run without a folder.
    Nowhere,
}

impl Placement {
    /// The content file, if there is one.
    pub fn file(&self) -> Option<&str> {
        match self {
            Placement::Written { file, .. } | Placement::Replaced { file, .. } | Placement::Unchanged { file } | Placement::SetAside { file, .. } => Some(file),
            Placement::Nowhere => None,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Placement::Written { .. } => "written",
            Placement::Replaced { .. } => "replaced",
            Placement::Unchanged { .. } => "unchanged",
            Placement::SetAside { .. } => "set-aside",
            Placement::Nowhere => "nowhere",
        }
    }
}

/// One report that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Imported {
    /// The source file as it was named.
    pub source: String,
    /// SHA-256 of the source file, in hexadecimal.
    pub sha256: String,
    /// Which report of a file that holds several, from 1.
    pub part: Option<usize>,
    /// What the report says about itself.
    pub report: Recognized,
    /// Where it went.
    pub placement: Placement,
    /// Whether nothing was written.
    pub dry_run: bool,
}

impl Imported {
    /// Title as printed.
    pub fn title(&self) -> Option<&str> {
        self.report.title.as_ref().map(|read| read.value.as_str())
    }

    /// Issuing body.
    pub fn body(&self) -> Option<&str> {
        self.report.body.as_ref().map(|read| read.value.as_str())
    }

    /// Report year.
    pub fn year(&self) -> Option<Year> {
        self.report.year.as_ref().map(|read| read.value)
    }

    /// Level of the issuing body.
    pub fn level(&self) -> Option<Level> {
        self.report.level
    }

    /// Sections in order.
    pub fn sections(&self) -> &[Section] {
        &self.report.sections
    }

    /// What is doubtful.
    pub fn notes(&self) -> &[Note] {
        &self.report.notes
    }

    /// What was left out of the content file.
    pub fn removed(&self) -> &[Removed] {
        &self.report.removed
    }

    /// The object of `import --format json`, on one line without its line break. Messages are Chinese, the clerk's language.
    pub fn json_line(&self) -> String {
        let report = &self.report;
        let text = |read: &Option<Read<String>>| read.as_ref().map(|read| read.value.clone());
        let day = |read: &Option<Read<Date>>| read.as_ref().map(|read| read.value.to_string());
        let period = report.period.as_ref().map(|Read { value: Period { from, to }, .. }| json!({"from": from.to_string(), "to": to.to_string()}));
        let note = |note: &Note| json!({"rule": note.rule, "message": note.message.zh, "line": note.line});
        let removed =
            |removed: &Removed| json!({"rule": "import/left-out", "message": format!("未导入（{}）：{}", removed.why.zh, removed.text), "line": removed.line});
        let notes: Vec<Value> = report.notes.iter().map(note).chain(report.removed.iter().map(removed)).collect();
        json!({
            "source": self.source,
            "title": text(&report.title),
            "body": text(&report.body),
            "county": text(&report.county),
            "level": report.level.map(Level::key),
            "year": report.year.as_ref().map(|read| read.value),
            "published": day(&report.published),
            "signed": day(&report.signed),
            "period": period,
            "issuer": text(&report.issuer),
            "sections": report.sections,
            "figures": report.figures.iter().map(figure).chain(report.unfilled.iter().map(unfilled)).collect::<Vec<_>>(),
            "documents": report.documents,
            "notes": notes,
            "number": text(&report.number),
            "index_number": text(&report.index_number),
            "contact": report.contact,
            "form": report.form,
            "other_numbers": report.others.iter().map(|other| json!({"quote": other.quote, "line": other.line, "why": other.why.zh})).collect::<Vec<_>>(),
            "part": self.part,
            "lines": {
                "title": line(&report.title),
                "body": line(&report.body),
                "county": line(&report.county),
                "year": line(&report.year),
                "published": line(&report.published),
                "signed": line(&report.signed),
                "period": line(&report.period),
                "issuer": line(&report.issuer),
                "number": line(&report.number),
                "index_number": line(&report.index_number),
            },
            "sha256": self.sha256,
            "placement": self.placement.word(),
            "file": self.placement.file(),
        })
        .to_string()
    }

    /// Review text: where it went, what was read from which line, what was left out, what is doubtful and missing. Ends in a line break.
    pub fn human(&self, language: Language) -> String {
        review::text(self, &self.source_words(), language)
    }

    /// The same in one line, for runs of many files. Ends in a line break.
    pub fn brief(&self, language: Language) -> String {
        review::brief(self, &self.source_words(), language)
    }

    /// How much of it somebody has to look at.
    pub fn asks(&self) -> Asks {
        Asks::of(&self.report)
    }

    /// The source file, and which report of it.
    pub(super) fn source_words(&self) -> String {
        self.part.map_or_else(|| self.source.clone(), |part| format!("{} #{part}", self.source))
    }

    /// Where it went, in words.
    pub(super) fn placement_words(&self, language: Language) -> String {
        let would = if self.dry_run { ("将", "would be ") } else { ("已", "") };
        let (zh, en) = match &self.placement {
            Placement::Written { file, new_body: None } => (format!("{}写入 {file}", would.0), format!("{}written to {file}", would.1)),
            Placement::Written { file, new_body: Some(body) } => (
                format!("{}写入 {file}；目录 {body} 是新建的，网址由此而来，请在首次发布前改成合适的名字", would.0),
                format!("{}written to {file}; the directory {body} is new and becomes part of the address: rename it before the first publication", would.1),
            ),
            Placement::Replaced { file, backup } => {
                (format!("{}替换 {file}，原来的文字存为 {backup}", would.0), format!("{file} {}replaced, its text kept as {backup}", would.1))
            }
            Placement::Unchanged { file } => (format!("同一份原件已导入为 {file}，没有改动"), format!("imported before as {file}; nothing changed")),
            Placement::SetAside { file, taken: Some(taken) } => (
                format!("{}另存为 {file}，不会发布：{taken} 已是该年度的报告。要替换请加 --replace", would.0),
                format!("{}set aside as {file}, not published: {taken} is another report of that year; use --replace to replace it", would.1),
            ),
            Placement::SetAside { file, taken: None } => (
                format!("{}另存为 {file}，不会发布：年度或机关不明，或原件可能被篡改（见待核），请补全、核对后移到相应目录", would.0),
                format!(
                    "{}set aside as {file}, not published: year or body is unknown or the source may be tampered with (see the doubts); complete it and move it",
                    would.1
                ),
            ),
            Placement::Nowhere => ("只读取，没有写入".into(), "read only, nothing written".into()),
        };
        review::clean(if language == Language::Zh { &zh } else { &en })
    }
}

fn line<T>(read: &Option<Read<T>>) -> Option<usize> {
    read.as_ref().and_then(|read| read.line)
}

/// A figure of the JSON: the value in the indicator's unit, as figures.csv has it, and what was printed where that differs.
fn figure(figure: &FoundFigure) -> Value {
    json!({
        "indicator": figures::indicator_key(figure),
        "breakdown": figures::breakdown_name(figure.key),
        "value": number(figure.amount),
        "unit": figures::REGISTRY.indicator(figure.key.indicator).unit,
        "quote": figure.quote,
        "line": figure.line,
        "about": figure.about.map(About::word),
        "span": if figure.time == TimeSpan::Cumulative { "cumulative" } else { "year" },
        "stated_unit": figure.stated.as_ref().map(|(_, unit)| unit),
        "stated_value": figure.stated.as_ref().map(|(amount, _)| number(*amount)),
        "place": if figure.in_table { "table" } else { "prose" },
        "conflict": figure.conflict,
    })
}

/// A cell of a statutory table that states no number: `blank`, `n/a` or `withheld` is its value.
fn unfilled(cell: &Unfilled) -> Value {
    json!({
        "indicator": figures::REGISTRY.indicator(cell.key.indicator).key,
        "breakdown": figures::breakdown_name(cell.key),
        "value": if cell.reading == Reading::NotApplicable { "n/a" } else { cell.reading.word() },
        "unit": figures::REGISTRY.indicator(cell.key.indicator).unit,
        "quote": cell.quote,
        "line": cell.line,
        "about": null,
        "span": if cell.time == TimeSpan::Cumulative { "cumulative" } else { "year" },
        "stated_unit": null,
        "stated_value": null,
        "place": "table",
    })
}

/// A number of JSON with the digits of the amount.
fn number(amount: Amount) -> Value {
    serde_json::from_str(&amount.to_string()).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::lines::of_plain_text;
    use crate::import::recognize::recognize;

    fn imported() -> Imported {
        let report = recognize(of_plain_text(
            "打印\n云溪镇2012年政府信息公开工作年度报告\n发布时间：2013-01-15\n依据《条例》编制。\n一、概述\n（一）机制。内容若干，写在这里。\n云溪镇人民政府\n2012年12月10日\n",
        ));
        Imported {
            source: "a/yx.txt".into(),
            sha256: "ab".repeat(32),
            part: None,
            report,
            placement: Placement::Written { file: "yxz/2012.md".into(), new_body: Some("yxz".into()) },
            dry_run: false,
        }
    }

    #[test]
    fn json_has_every_field_of_the_contract() {
        let line = imported().json_line();
        assert!(!line.contains('\n'));
        let value: Value = serde_json::from_str(&line).unwrap();
        for field in
            ["source", "title", "body", "county", "level", "year", "published", "signed", "period", "issuer", "sections", "figures", "documents", "notes"]
        {
            assert!(value.get(field).is_some(), "{field}");
        }
        assert_eq!(value["body"], "云溪镇");
        assert_eq!(value["level"], "township");
        assert_eq!(value["year"], 2012);
        assert_eq!(value["published"], "2013-01-15");
        assert_eq!(value["county"], Value::Null);
        assert_eq!(value["sections"][1], json!({"level": 2, "number": "一", "title": "机制", "line": 6}));
        assert_eq!(value["documents"], json!([{"title": "条例", "number": null}]));
        let rules: Vec<&str> = value["notes"].as_array().unwrap().iter().map(|note| note["rule"].as_str().unwrap()).collect();
        assert_eq!(rules, ["import/signed-early", "form/statement-missing", "import/left-out", "import/left-out"]);
        assert_eq!(value["notes"][3]["line"], 3);
    }

    #[test]
    fn review_text_names_lines() {
        let zh = imported().human(Language::Zh);
        for part in ["已写入 yxz/2012.md", "年度：2012（第 2 行）", "所属县：（未载明）", "一：概述（第 5 行）", "待核：", "未导入：", "打印", "该有而没有的："]
        {
            assert!(zh.contains(part), "{part} in {zh}");
        }
        let en = imported().human(Language::En);
        assert!(en.contains("year: 2012 (line 2)") && en.contains("left out:"), "{en}");
    }

    #[test]
    fn escape_sequences_reach_no_terminal() {
        let mut imported = imported();
        imported.source = "a\u{1b}[2J\u{202e}.txt".into();
        assert!(!imported.human(Language::Zh).contains(['\u{1b}', '\u{202e}']));
    }
}
