//! From text to typed values that remember where they stand.
//!
//! Comes in: one [`SourceFile`](crate::source::SourceFile). Goes out: a [`Report`] with figures, outline, tables and
//! citations, its Markdown as events, its plain text by paragraph, its links; or a body's own data. It never fails: it
//! returns what it could read *and* what was wrong. It judges nothing but the writing.

mod body;
mod figures;
mod front;
mod outline;
mod report;
mod tables;

pub use body::{BodyHeader, body};
pub use outline::LinkSpot;
pub use report::{Reading, ReportContext, report};

use crate::diag::{Diagnostic, Span, Words};
use crate::fields::Complaints;
use crate::markdown::{self, Document};
use crate::model::{Figure, Form, Registry};

/// The figures of the statutory tables in a piece of Markdown, in a form's edition; and what in them could not be read.
pub fn tables_in(markdown: &str, form: &Form, registry: &Registry) -> (Vec<Figure>, Vec<Diagnostic>) {
    let document = markdown::read(markdown);
    let read = tables::read("", &markdown::grids(&document, markdown), 0, form, registry);
    (read.figures, read.found)
}

/// A page of prose: `about.md`, `glossary.md`, the introduction of a body.
#[derive(Debug)]
pub struct Prose<'t> {
    /// Title from the front matter.
    pub title: Option<String>,
    /// Old addresses.
    pub aliases: Vec<String>,
    /// The Markdown.
    pub document: Document<'t>,
    /// Where the Markdown begins, in bytes of the file.
    pub text_start: usize,
    /// Links in it.
    pub links: Vec<LinkSpot>,
    /// What was wrong.
    pub found: Vec<Diagnostic>,
}

/// Reads a page of prose.
pub fn prose<'t>(file: &str, text: &'t str) -> Prose<'t> {
    let mut found = front::writing(file, text);
    let (front, text_start) = match front::split(file, text) {
        Ok(front) => (front.0, front.1.end as usize),
        Err(diagnostic) => {
            found.push(*diagnostic);
            ("", text.len())
        }
    };
    let mut complaints = Complaints::new(file, front.as_ptr() as usize - text.as_ptr() as usize);
    let mut fields = crate::fields::read(front, &mut complaints);
    let title = fields.text("title", &mut complaints).map(|placed| placed.value);
    let aliases = fields.texts("aliases", &mut complaints).into_iter().map(|placed| placed.value).collect();
    fields.finish(&mut complaints);
    found.append(&mut complaints.found);
    let (document, links, mut wrong) = markdown_of(file, text, text_start);
    found.append(&mut wrong);
    Prose { title, aliases, document, text_start, links, found }
}

/// The Markdown of a file from `start` on, with its links and what is wrong with it.
fn markdown_of<'t>(file: &str, text: &'t str, start: usize) -> (Document<'t>, Vec<LinkSpot>, Vec<Diagnostic>) {
    let document = markdown::read(&text[start..]);
    let mut found = Vec::new();
    if let Some(span) = document.too_deep {
        let words =
            Words::new(format!("引用或列表嵌套超过 {} 层", markdown::DEEPEST), format!("quotes or lists are nested more than {} deep", markdown::DEEPEST));
        found.push(
            Diagnostic::new("parse/nested-too-deep", file, Some(span.shifted(start)), words)
                .help("请删去多余的 > 或缩进。", "remove the surplus > or indentation."),
        );
    }
    if let Some(first) = document.raw_html.first() {
        let words = Words::new(
            format!("正文里有 {} 处 HTML 代码，已按文字显示", document.raw_html.len()),
            format!("{} pieces of HTML code are shown as text", document.raw_html.len()),
        );
        found.push(Diagnostic::new("parse/html-shown-as-text", file, Some(first.shifted(start)), words));
    }
    let links = outline::links(&document, start);
    (document, links, found)
}

/// A span of Markdown in the whole file.
fn in_file(span: Span, start: usize) -> Span {
    span.shifted(start)
}
