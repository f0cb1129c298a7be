//! What a source file is made of before anyone judges it: blocks with their line numbers, and what was left out.

#[cfg(test)]
pub(super) use super::plain::of_plain_text;
use crate::diag::Words;
use std::collections::BTreeMap;

/// A block of visible text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Block {
    /// A line of text; in HTML a paragraph or what stands between two breaks.
    Text(String),
    /// A heading of an HTML page with its rank, 1 to 6.
    Heading(u8, String),
    /// An item of an HTML list; the number is the one a browser shows.
    Item(Option<usize>, String),
    /// Rows of cells, all of one length.
    Table(Vec<Vec<String>>),
}

/// A block and the line of the source file where it begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: usize,
    /// What stands there.
    pub(super) block: Block,
}

impl Line {
    /// A line of text.
    pub(super) fn text(number: usize, text: impl Into<String>) -> Line {
        Line { number, block: Block::Text(text.into()) }
    }

    /// The text of a line or heading; nothing for items and tables, which are never page furniture.
    pub(super) fn words(&self) -> Option<&str> {
        match &self.block {
            Block::Text(text) | Block::Heading(_, text) => Some(text),
            Block::Item(..) | Block::Table(_) => None,
        }
    }

    /// All text of the block, cells parted by spaces.
    pub(super) fn all_words(&self) -> String {
        match &self.block {
            Block::Text(text) | Block::Heading(_, text) | Block::Item(_, text) => text.clone(),
            Block::Table(rows) => rows.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" "),
        }
    }
}

/// Something of the source that is not in the content file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removed {
    /// Line of the source file.
    pub line: usize,
    /// The text that was left out, whole.
    pub text: String,
    /// Why.
    pub why: Words,
}

/// Something a clerk should know or look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// `import/what-is-doubtful`.
    pub rule: &'static str,
    /// What it is.
    pub message: Words,
    /// Line of the source file.
    pub line: Option<usize>,
}

/// What an HTML page says about itself in its head.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Meta {
    /// `ArticleTitle`, else `<title>`.
    pub(super) title: Option<String>,
    /// `PubDate` as printed.
    pub(super) published: Option<String>,
    /// Address of the page.
    pub(super) url: Option<String>,
}

/// A source file as blocks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Lines {
    /// Blocks in order; none is empty.
    pub(super) lines: Vec<Line>,
    /// What was left out on the way.
    pub(super) removed: Vec<Removed>,
    /// What is doubtful about the file as such: its encoding, its origin, what it carries.
    pub(super) notes: Vec<Note>,
    /// The head of an HTML page.
    pub(super) meta: Meta,
    /// Lines of the rows of a table by the line it begins at, where each row has its own.
    pub(super) rows: BTreeMap<usize, Vec<usize>>,
}

impl Lines {
    /// Adds a line of text unless it is empty.
    pub(super) fn push_text(&mut self, number: usize, text: &str) {
        let text = self.cleaned(number, text);
        if !text.is_empty() {
            self.lines.push(Line::text(number, text));
        }
    }

    /// Text without outer white space and without characters that neither HTML nor XML can carry; those are listed.
    pub(super) fn cleaned(&mut self, number: usize, text: &str) -> String {
        let mut refused = String::new();
        let mut kept = String::with_capacity(text.len());
        for c in text.chars() {
            if is_refused(c) {
                refused.push_str(&format!("U+{:04X} ", c as u32));
            } else {
                kept.push(c);
            }
        }
        if !refused.is_empty() {
            self.remove(number, refused.trim_end(), Words::new("看不见的控制字符", "control characters"));
        }
        trimmed(&kept).to_string()
    }

    /// Lists something that is left out, unless it is empty.
    pub(super) fn remove(&mut self, line: usize, text: &str, why: Words) {
        let text = trimmed(text);
        if !text.is_empty() {
            self.removed.push(Removed { line, text: text.to_string(), why });
        }
    }
}

/// Text without outer white space, ideographic spaces, zero-width signs and byte order marks.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_zero_width(c))
}

/// Signs without width, which white space does not include.
pub(super) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}')
}

fn is_refused(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// Text without any white space, for comparing labels.
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !is_zero_width(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_listed() {
        let lines = of_plain_text("正\u{7}文\0");
        assert_eq!(lines.lines, [Line::text(1, "正文")]);
        assert_eq!(lines.removed[0].text, "U+0007 U+0000");
    }
}
