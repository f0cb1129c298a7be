//! One body with its texts: read again for the second walk.

use super::gather::Gathered;
use super::recall;
use super::site::{Failure, Site};
use crate::digest::Sha256Sum;
use crate::markdown::Document;
use crate::model::{BodyId, Report, ReportId};
use crate::parse::{self, ReportContext};
use crate::render::{DossierText, ReportText};
use crate::source::{Opened, ReadError, SourceFile};

/// A digest of everything a body's own pages are made from but what they ask: its texts, and the files beside them.
pub(super) fn digest(gathered: &Gathered, body: BodyId) -> Sha256Sum {
    let sum = |file: &str| gathered.sums.get(file);
    let facts = &gathered.filed[body.0 as usize];
    let files = gathered.dirs[body.0 as usize].reports.iter().filter(|file| facts.published_in(file.year).is_some());
    let files: Vec<_> = files.map(|file| (file.year, &file.file, &file.attachments, sum(&file.file))).collect();
    Sha256Sum::of_value(&(sum(&gathered.tree.body(body).file), files))
}

/// Reads a body's published texts again, and shows them.
pub(super) fn with_text<T>(site: &Site, gathered: &Gathered, body: BodyId, see: impl FnOnce(&DossierText<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
    let dir = &gathered.dirs[body.0 as usize];
    let index = source(site, gathered, &gathered.tree.body(body).file)?;
    let facts = &gathered.filed[body.0 as usize];
    let files: Vec<_> = dir.reports.iter().filter(|file| facts.published_in(file.year).is_some()).collect();
    let sources: Vec<SourceFile> = files.iter().map(|file| source(site, gathered, &file.file)).collect::<Result<_, _>>()?;
    let mut reports = Vec::with_capacity(files.len());
    for (file, source) in files.iter().zip(&sources) {
        let context = ReportContext { registry: &site.registry, id: ReportId { body, year: file.year }, attachments: &file.attachments };
        let read = parse::report(context, &file.file, &source.text);
        let report = read.report.ok_or_else(|| changed(&file.file))?;
        let lines = lines(&report, &source.text);
        reports.push(ReportText { report, document: read.document, paragraphs: read.paragraphs, lines });
    }
    let intro = parse::body(&index.path, &index.text, &site.registry).map_or_else(|_| Document::default(), |header| header.document);
    see(&DossierText { body, intro, reports })
}

/// The line of each figure.
fn lines(report: &Report, text: &str) -> Vec<u32> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    report.figures.iter().map(|figure| starts.partition_point(|start| *start <= figure.span.start as usize) as u32).collect()
}

/// A file of content as it was in the first walk.
pub(super) fn source(site: &Site, gathered: &Gathered, file: &str) -> Result<SourceFile, Failure> {
    match site.root.read(file)? {
        Opened::File(source) if gathered.sums.get(file) == Some(&recall::sum_of(&source)) => Ok(source),
        _ => Err(changed(file)),
    }
}

/// A file that was another a moment ago.
pub(super) fn changed(file: &str) -> Failure {
    Failure::Read(ReadError { path: file.to_string(), cause: std::io::Error::other(Changed) })
}

/// Whether a file could not be used because it was another before.
#[cfg(feature = "shards")]
pub(super) fn is_change(error: &ReadError) -> bool {
    error.cause.get_ref().is_some_and(|cause| cause.is::<Changed>())
}

#[derive(Debug, thiserror::Error)]
#[error("the file changed while the portal was being built; build again / 构建时文件被改动，请重新构建")]
struct Changed;
