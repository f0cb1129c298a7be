//! One annual report as data. Its text is not kept here; places in it are.

use super::{BodyId, Figure, FormId, Period, Year};
use crate::diag::Span;
use jiff::civil::Date;

/// A report is one body's for one year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub struct ReportId {
    /// Whose.
    pub body: BodyId,
    /// For which year.
    pub year: Year,
}

/// Who approved publication, and of which text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    /// Name as signed.
    pub approved_by: String,
    /// Day of approval.
    pub approved_on: Option<Date>,
    /// `sha256:` digest of the approved text.
    pub text: Option<String>,
}

/// A finding that stays, and why.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Accept {
    /// Code of the rule.
    pub rule: String,
    /// The finding's id, as `check` prints it.
    pub id: Option<String>,
    /// Or the place: an indicator, a heading, a quoted phrase.
    pub at: Option<String>,
    /// Why it stays; residents read it beside the finding.
    pub reason: String,
    /// Who answers for that.
    pub by: Option<String>,
    /// Last day it holds.
    pub until: Option<Date>,
    /// Where it stands in the file.
    pub span: Span,
}

/// A change after publication.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Revision {
    /// Its number, from 1.
    pub no: i64,
    /// Day of the change.
    pub date: Date,
    /// What changed, and why.
    pub reason: String,
}

/// A heading of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading {
    /// 1 to 6, as in Markdown.
    pub level: u8,
    /// Text as printed, numeral included.
    pub title: String,
    /// Anchor on the page: the form's section id, else `s-` and the printed number.
    pub anchor: String,
    /// Place in `Form::sections` where the heading is one of the form's.
    pub section: Option<u8>,
    /// Where it stands.
    pub span: Span,
}

/// A law, policy or numbered document named in the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Citation {
    /// Title between 《》, if one was printed.
    pub title: Option<String>,
    /// Normalised number 云政办发〔2023〕8号, if one was printed.
    pub number: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// What a block of text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextBlock {
    /// A heading; comparison aligns by these.
    Heading,
    /// A paragraph or list item.
    Paragraph,
    /// A table cell.
    Cell,
}

/// One block of plain text, in order of the page, for comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paragraph {
    /// Kind of block.
    pub block: TextBlock,
    /// Place in [`Report::headings`] of the heading it stands under.
    pub heading: Option<u16>,
    /// Plain text without markup.
    pub text: String,
    /// Where the block stands in the file.
    pub span: Span,
}

/// A row of a recognised table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TableRow {
    /// Anchor of the row: an indicator id; none for heads and rows that are not figures.
    pub anchor: Option<String>,
    /// Whether every figure of the row is a stated zero.
    pub all_zero: bool,
}

/// A table of the body that was recognised as one of the form's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportTable {
    /// Place in `Form::tables`.
    pub table: u8,
    /// The Markdown of the table in the file.
    pub span: Span,
    /// Its rows in order, the head row first.
    pub rows: Vec<TableRow>,
}

/// One annual report: figures, outline and citations, each with its place; not the text.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// Whose and for which year.
    pub id: ReportId,
    /// Title as published.
    pub title: String,
    /// Day of publication; none means the report does not say.
    pub date: Option<Date>,
    /// Not to be published yet.
    pub draft: bool,
    /// Edition of the form.
    pub form: FormId,
    /// Days the figures cover, where stated.
    pub period: Option<Period>,
    /// Signing body as printed.
    pub issuer: Option<String>,
    /// Document number of the report itself.
    pub number: Option<String>,
    /// Day of signature.
    pub signed: Option<Date>,
    /// Where the original stands.
    pub source: Option<String>,
    /// Approval of publication.
    pub review: Option<Review>,
    /// Changes after publication, in order.
    pub revisions: Vec<Revision>,
    /// Findings that stay.
    pub accepts: Vec<Accept>,
    /// Old addresses that lead here.
    pub aliases: Vec<String>,
    /// Figures in order of the form, front matter figures merged in.
    pub figures: Vec<Figure>,
    /// Headings in order.
    pub headings: Vec<Heading>,
    /// Recognised tables in order.
    pub tables: Vec<ReportTable>,
    /// Laws and documents named, in order, each once.
    pub citations: Vec<Citation>,
    /// File, relative to the root, with `/`.
    pub file: String,
    /// Where the Markdown begins, in bytes of the file.
    pub text_start: usize,
    /// `sha256:` digest of title, date, `[report]`, `[figures]` and body: what an approval is given for.
    pub digest: String,
    /// File names beside `index.md` that are published with the report.
    pub attachments: Vec<String>,
}
