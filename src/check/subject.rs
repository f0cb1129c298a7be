//! One report with everything a rule may look at: its text while it is at hand, last year's beside it, the body it speaks for.

use super::{Lexicon, Pieces};
use crate::diag::{Diagnostic, Span, Words};
use crate::model::{Body, BodyTree, Form, Paragraph, Registry, Report, TextBlock};
use jiff::civil::Date;
use regex::Regex;
use std::ops::Range;

/// A report and its plain text.
#[derive(Clone, Debug)]
pub struct Read {
    /// Figures, outline, dates.
    pub report: Report,
    /// Its text by block.
    pub paragraphs: Vec<Paragraph>,
    /// Its text in pieces, for comparison.
    pub pieces: Pieces,
}

/// The report under examination.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Forms and indicators.
    pub registry: &'a Registry,
    /// All bodies.
    pub tree: &'a BodyTree,
    /// Names and phrases made ready once for the whole portal.
    pub lexicon: &'a Lexicon,
    /// Whose report it is.
    pub body: &'a Body,
    /// The report.
    pub report: &'a Report,
    /// Its text by block.
    pub paragraphs: &'a [Paragraph],
    /// Its text in pieces, for comparison.
    pub pieces: &'a Pieces,
    /// Its text in one piece, a line a block: what is not in it is in no block.
    pub joined: &'a str,
    /// The file.
    pub text: &'a str,
    /// The report of the year before, where there is one.
    pub last: Option<&'a Read>,
    /// Last day to publish it.
    pub deadline: Date,
    /// The day of the run.
    pub today: Date,
}

/// The blocks of a text in one piece, a line each.
pub fn joined(paragraphs: &[Paragraph]) -> String {
    let mut all = String::with_capacity(paragraphs.iter().map(|paragraph| paragraph.text.len() + 1).sum());
    for paragraph in paragraphs {
        all.push_str(&paragraph.text);
        all.push('\n');
    }
    all
}

impl<'a> Subject<'a> {
    /// The form it is in.
    pub(super) fn form(&self) -> &'a Form {
        self.registry.form(self.report.form)
    }

    /// Whether a pattern is anywhere in the text: most rules find nothing, and need not look at every block.
    pub(super) fn has(&self, pattern: &Regex) -> bool {
        pattern.is_match(self.joined)
    }

    /// Running text: paragraphs and list items, in order.
    pub(super) fn prose(&self) -> impl DoubleEndedIterator<Item = &'a Paragraph> + use<'a> {
        self.paragraphs.iter().filter(|paragraph| paragraph.block == TextBlock::Paragraph)
    }

    /// Where a part of a paragraph's plain text stands in the file: the same words, counted from the paragraph's beginning; the
    /// whole paragraph where markup stands in between.
    pub(super) fn span(&self, paragraph: &Paragraph, part: Range<usize>) -> Span {
        let words = &paragraph.text[part.clone()];
        let before = paragraph.text[..part.start].matches(words).count();
        let from = paragraph.span.start as usize;
        let block = self.text.get(paragraph.span.range()).unwrap_or_default();
        match block.match_indices(words).nth(before).filter(|_| !words.is_empty()) {
            Some((at, _)) => Span::new(from + at, from + at + words.len()),
            None => Span::new(from, from + block.trim_end().len()),
        }
    }

    /// A finding in a paragraph, about the words quoted.
    pub(super) fn quoted(&self, code: &str, paragraph: &Paragraph, part: Range<usize>, words: Words) -> Diagnostic {
        let quote = paragraph.text[part.clone()].trim().to_string();
        Diagnostic::new(code, &self.report.file, Some(self.span(paragraph, part)), words).about(quote, "")
    }

    /// A finding about the report as a whole.
    pub(super) fn whole(&self, code: &str, words: Words) -> Diagnostic {
        Diagnostic::new(code, &self.report.file, None, words)
    }

    /// The sentence around a place of a text.
    pub(super) fn sentence(text: &str, at: usize) -> &str {
        let ends = ['。', '！', '？', '；', '\n'];
        let start = text[..at].rfind(ends).map_or(0, |found| found + text[found..].chars().next().map_or(1, char::len_utf8));
        let end = text[at..].find(ends).map_or(text.len(), |found| at + found);
        &text[start..end]
    }
}
