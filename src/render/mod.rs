//! The bytes of one output: page, chart, feed, sitemap, table, JSON. Reads and writes no file.
//!
//! [`view`] says what each template may see, `pages` fills the views from facts, [`Engine`] turns a view into HTML. Pages of
//! one body are made from its [`DossierText`]; all others from facts alone.

mod assets;
mod cells;
mod chart;
mod cite;
mod compress;
mod csv;
mod engine;
mod feeds;
mod highlight;
mod hosting;
mod json;
mod pages;
mod portal;
mod prose;
mod qr;
mod quoted;
pub mod search;
mod strings;
pub mod view;

pub use assets::{Asset, Assets, assets, statics};
pub use compress::compressed;
pub use engine::Engine;
pub use feeds::{robots, security, security_until, sitemaps};
pub use hosting::{POLICY, Server, hosting, server_files};
pub use pages::{ProsePage, corpus, dossier_files, dossier_page};
pub use portal::{Answers, Desk, Leaf, Portal, Sources};
pub use strings::Strings;

use crate::markdown::Document;
use crate::model::{BodyId, Paragraph, Report};

/// The bytes of one file of the portal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artifact {
    /// Path of the file: `yunxi/2024/index.html`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One report with its text, while its body's pages are made.
#[derive(Debug)]
pub struct ReportText<'t> {
    /// The report.
    pub report: Report,
    /// Its Markdown.
    pub document: Document<'t>,
    /// Its plain text.
    pub paragraphs: Vec<Paragraph>,
    /// The line of the file on which each of its figures stands.
    pub lines: Vec<u32>,
}

/// One body with the texts of its published reports, by year.
#[derive(Debug)]
pub struct DossierText<'t> {
    /// The body.
    pub body: BodyId,
    /// Its introduction.
    pub intro: Document<'t>,
    /// Its reports.
    pub reports: Vec<ReportText<'t>>,
}
