//! What `check --fix` would write: files whose writing can be put right without asking, and whose figures stay the same.

use super::site::{Failure, Site};
use crate::check;
use crate::model::{BodyId, ReportId};
use crate::parse::{self, ReportContext};
use crate::source::{self, Opened};

/// A file as it stands and as it should be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repair {
    /// File, relative to the root.
    pub file: String,
    /// As it stands.
    pub old: String,
    /// As it should be written.
    pub new: String,
    /// Whether somebody has approved the old text; the approval ends with the change.
    pub approved: bool,
}

/// Every file that can be put right.
pub fn repairs(site: &Site) -> Result<Vec<Repair>, Failure> {
    let scan = source::scan(&site.root)?;
    let mut repairs = Vec::new();
    for (place, dir) in scan.bodies.iter().enumerate() {
        let index = if dir.path.is_empty() { "content/_index.md".to_string() } else { format!("content/{}/_index.md", dir.path) };
        let reports = dir.reports.iter().map(|report| (report.file.clone(), Some(report.year)));
        let pages = dir.pages.iter().map(|page| (page.file.clone(), None));
        for (file, year) in std::iter::once((index, None)).chain(reports).chain(pages) {
            // A file that cannot be read is the check's to speak of.
            let Ok(Opened::File(source)) = site.root.read(&file) else { continue };
            let Some(new) = check::fixed(&source.text) else { continue };
            let mut approved = false;
            if let Some(year) = year {
                let id = ReportId { body: BodyId(place as u32), year };
                let figures = |text: &str| {
                    let read = parse::report(ReportContext { registry: &site.registry, id, attachments: &[] }, &file, text);
                    read.report.map(|report| (report.figures.iter().map(|figure| (figure.key, figure.reading)).collect::<Vec<_>>(), report.review.is_some()))
                };
                let (before, after) = (figures(&source.text), figures(&new));
                if before != after {
                    continue;
                }
                approved = before.is_some_and(|(_, approved)| approved);
            }
            repairs.push(Repair { file, old: source.text, new, approved });
        }
    }
    Ok(repairs)
}
