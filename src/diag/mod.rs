//! What is wrong with a report, as plain data, and how it is said.
//!
//! A [`Diagnostic`] knows a byte range of the whole file; line and column are found when it becomes a [`Finding`], while
//! the text is still at hand, so that findings stay small when the text is dropped.

mod json;
mod printer;
mod rules;
mod sarif;

pub use json::json_line;
pub use printer::Printer;
pub use rules::{RULES, Rule, Scope};
pub use sarif::{annotation, sarif};

use crate::private;
use std::ops::Range;

/// A byte range of a whole file, front matter included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, serde::Deserialize, serde::Serialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

impl Span {
    /// A span of byte offsets; files over 4 GiB do not reach this point.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 }
    }

    /// The span as a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The span moved by the length of what stands before.
    pub fn shifted(self, by: usize) -> Span {
        Span::new(self.start as usize + by, self.end as usize + by)
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}

/// Language of messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// Chinese, the clerk's.
    #[default]
    Zh,
    /// English.
    En,
}

/// One sentence in both languages.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Deserialize, serde::Serialize)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Words {
        Words { zh: zh.into(), en: en.into() }
    }

    /// The sentence in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// How bad it is. Errors stop a build, warnings do not, notes are for information.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Deserialize, serde::Serialize)]
pub enum Severity {
    /// Said, never counted.
    Note,
    /// Published all the same, unless the county asks for more.
    Warning,
    /// Stops the build.
    Error,
}

impl Severity {
    /// `note`, `warning`, `error`.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Another place that belongs to a finding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Deserialize, serde::Serialize)]
pub struct Related {
    /// File, relative to the root.
    pub file: String,
    /// What stands there.
    pub words: Words,
}

/// One cause, one place, one next step.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Diagnostic {
    /// The rule it comes from.
    #[serde(with = "rules::by_code")]
    pub rule: &'static Rule,
    /// File, relative to the root, with `/`.
    pub file: String,
    /// Where in the file; none if it is about the file as a whole.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: Words,
    /// What to do next.
    pub help: Option<Words>,
    /// Source of law.
    pub law: Option<String>,
    /// Other places concerned.
    pub related: Vec<Related>,
    /// What it is about: an indicator, a heading, a quoted phrase. `[[accept]]` may name it.
    pub subject: String,
    /// The values concerned, as one word; with the subject they make the finding's id.
    pub values: String,
}

impl Diagnostic {
    /// A finding of the rule with `code`, which has to stand in [`RULES`].
    pub fn new(code: &str, file: &str, span: Option<Span>, message: Words) -> Diagnostic {
        Diagnostic {
            rule: rules::named(code),
            file: file.to_string(),
            span,
            message,
            help: None,
            law: None,
            related: Vec::new(),
            subject: String::new(),
            values: String::new(),
        }
    }

    /// With the next step.
    pub fn help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        self.help = Some(Words::new(zh, en));
        self
    }

    /// With another place.
    pub fn related(mut self, file: &str, zh: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        self.related.push(Related { file: file.to_string(), words: Words::new(zh, en) });
        self
    }

    /// With what it is about and the values concerned.
    pub fn about(mut self, subject: impl Into<String>, values: impl Into<String>) -> Diagnostic {
        self.subject = subject.into();
        self.values = values.into();
        self
    }

    /// The clause behind it: its own, or its rule's.
    pub fn law(&self) -> Option<&str> {
        self.law.as_deref().or(self.rule.law)
    }

    /// What to do next: its own words, or its rule's.
    pub fn next_step(&self, language: Language) -> Option<&str> {
        match (&self.help, self.rule.next) {
            (Some(help), _) => Some(help.in_language(language)),
            (None, Some((zh, en))) => Some(if language == Language::Zh { zh } else { en }),
            (None, None) => None,
        }
    }

    /// Finds line and column while the text is at hand.
    pub fn locate(self, text: &str) -> Finding {
        let mut place = self.span.map(|span| Place::of(span, text));
        if let Some(place) = place.as_mut().filter(|_| self.rule.family() == "privacy") {
            // A number that goes on in the next line is only half of one here.
            let (start, end) = place.mark;
            place.excerpt.replace_range(start..end, &"*".repeat(end - start));
        }
        Finding { severity: self.rule.severity, diagnostic: self.masked(), place }
    }

    /// A finding about a file as a whole, or about none.
    pub fn unplaced(self) -> Finding {
        Finding { severity: self.rule.severity, diagnostic: self.masked(), place: None }
    }

    /// Numbers of persons are quoted by no message (RELIABILITY.md J11).
    fn masked(mut self) -> Diagnostic {
        let hide = |text: &mut String| {
            if let std::borrow::Cow::Owned(masked) = private::mask(text) {
                *text = masked;
            }
        };
        for words in std::iter::once(&mut self.message).chain(&mut self.help).chain(self.related.iter_mut().map(|related| &mut related.words)) {
            hide(&mut words.zh);
            hide(&mut words.en);
        }
        hide(&mut self.subject);
        hide(&mut self.values);
        self
    }
}

/// A place as people count: lines and columns from 1, columns in Unicode scalars.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Deserialize, serde::Serialize)]
pub struct Place {
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// Column after the last character.
    pub end_column: usize,
    /// The first line's text around the place, cut to a readable length.
    pub excerpt: String,
    /// Where the marked part begins in `excerpt`, in bytes.
    pub mark: (usize, usize),
}

/// Characters of a source line shown with a finding.
const EXCERPT: usize = 120;

impl Place {
    /// A line of which nothing else is known.
    pub fn line_only(line: usize) -> Place {
        Place { line, column: 1, end_line: line, end_column: 1, excerpt: String::new(), mark: (0, 0) }
    }

    fn of(span: Span, text: &str) -> Place {
        let start = floor(text, span.start as usize);
        let end = floor(text, (span.end as usize).max(start));
        let position = |offset: usize| {
            let line_start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
            (text[..offset].matches('\n').count() + 1, text[line_start..offset].chars().filter(|&c| c != '\u{feff}').count() + 1, line_start)
        };
        let (line, column, line_start) = position(start);
        let (end_line, end_column, _) = position(end);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let marked_end = end.min(line_end);
        // Long lines are cut on both sides of the mark, at character borders; numbers of persons are never shown.
        let before = text[line_start..start].char_indices().rev().nth(EXCERPT / 2).map_or(line_start, |(at, _)| line_start + at);
        let shown_end = text[start..line_end].char_indices().nth(EXCERPT).map_or(line_end, |(at, _)| start + at);
        let marked_end = marked_end.min(shown_end);
        let masked = private::mask(&text[line_start..line_end]);
        let excerpt = masked.get(before - line_start..shown_end - line_start).unwrap_or_default().trim_end_matches('\r').to_string();
        let mark = (start - before, (marked_end - before).min(excerpt.len()).max(start - before));
        Place { line, column, end_line, end_column, excerpt, mark }
    }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A diagnostic with its line and its severity after configuration.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Finding {
    /// Severity, as configured.
    pub severity: Severity,
    /// What it says.
    pub diagnostic: Diagnostic,
    /// Where it stands; none if it is about a file as a whole.
    pub place: Option<Place>,
}

impl Finding {
    /// Whether residents may see it on pages: nothing that would lead them to private data, and nothing that is the clerk's alone.
    pub fn is_public(&self) -> bool {
        self.severity > Severity::Note && matches!(self.diagnostic.rule.family(), "figure" | "date" | "year" | "form" | "text" | "reuse" | "link")
    }

    /// Order of lists: file, line, column, rule, text.
    pub fn order(&self) -> (&str, usize, usize, &str, &str) {
        let (line, column) = self.place.as_ref().map_or((0, 0), |place| (place.line, place.column));
        (&self.diagnostic.file, line, column, self.diagnostic.rule.code, &self.diagnostic.message.zh)
    }

    /// First 8 hexadecimal digits of the SHA-256 of rule, file, subject and the values concerned.
    pub fn id(&self) -> String {
        let mut hash = crate::digest::Digest::new();
        let Diagnostic { rule, file, subject, values, message, .. } = &self.diagnostic;
        // Rules of the writing have one cause, and their sentence names it.
        let subject = if subject.is_empty() { &message.en } else { subject };
        for part in [rule.code, file, subject, values] {
            hash.update(part.as_bytes());
            hash.update(b"\0");
        }
        hash.finish().hex()[..8].to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, part: &str) -> Place {
        let start = text.find(part).expect("part of the text");
        Place::of(Span::new(start, start + part.len()), text)
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let found = place("第一行\n共收到申请42件\n", "42");
        assert_eq!((found.line, found.column, found.end_line, found.end_column), (2, 6, 2, 8));
        assert_eq!(&found.excerpt[found.mark.0..found.mark.1], "42");
    }

    #[test]
    fn the_byte_order_mark_has_no_column() {
        assert_eq!(place("\u{feff}+++\n", "+++").column, 1);
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let text = format!("{}错{}", "前".repeat(5000), "后".repeat(5000));
        let found = place(&text, "错");
        assert!(found.excerpt.chars().count() <= EXCERPT + EXCERPT / 2 + 2);
        assert_eq!(&found.excerpt[found.mark.0..found.mark.1], "错");
        assert_eq!(found.column, 5001);
    }

    #[test]
    fn a_span_beyond_the_text_points_to_its_end() {
        assert_eq!(Place::of(Span::new(90, 95), "短\n").line, 2);
    }
}
