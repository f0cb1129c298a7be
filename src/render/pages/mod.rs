//! From facts to views, one file a kind of page.

mod about;
mod body;
mod breakdown;
mod columns;
mod compare;
mod corrections;
mod data;
mod diff;
mod documents;
mod filing;
mod glossary;
mod matrix;
mod notice;
mod pair;
mod parts;
mod quality;
mod report;
mod results;
mod search;
mod topics;
mod years;

pub use about::ProsePage;

use super::portal::{At, Portal};
use super::view::Frame;
use super::{Artifact, DossierText, Engine, csv, feeds, json};
use crate::analyze::pair::TextPair;
use crate::diag::Finding;
use crate::plan::{Page, file_of};
use serde::Serialize;

/// What pages have become so far.
struct Making<'a> {
    engine: &'a Engine,
    made: Vec<Artifact>,
}

impl Making<'_> {
    /// Renders a page to the file of its address.
    fn page<V: Serialize>(&mut self, at: &At<'_>, frame: &Frame, view: &V) -> Result<(), Box<Finding>> {
        let bytes = self.engine.page(frame, view)?;
        self.file(file_of(&at.address), bytes);
        Ok(())
    }

    /// Adds a file.
    fn file(&mut self, path: String, bytes: Vec<u8>) {
        self.made.push(Artifact { path, bytes });
    }
}

/// One page of a body that needs its texts, with the data beside it. `compared` is the text comparison of a pair page; none where
/// the site has turned it off.
pub fn dossier_page(
    portal: &Portal<'_>,
    engine: &Engine,
    dossier: &DossierText<'_>,
    page: &Page,
    compared: Option<&TextPair>,
) -> Result<Vec<Artifact>, Box<Finding>> {
    let mut making = Making { engine, made: Vec::new() };
    let to = &mut making;
    match page {
        Page::Body(_) => body::profile(portal, dossier, page, to)?,
        Page::Report(id) => {
            let place = dossier.reports.iter().position(|text| text.report.id == *id).expect("planned reports are read again");
            report::report(portal, dossier, place, page, to)?;
        }
        Page::Compare(_) => compare::compare(portal, dossier, page, to)?,
        Page::Notice(_) => notice::notice(portal, dossier, page, to)?,
        Page::Breakdown(_, indicator) => breakdown::breakdown(portal, dossier, *indicator, page, to)?,
        Page::Pair(_, older, newer) => pair::pair(portal, dossier, (*older, *newer), compared, page, to)?,
        _ => {}
    }
    Ok(making.made)
}

/// A body's figures and its feed.
pub fn dossier_files(portal: &Portal<'_>, engine: &Engine, dossier: &DossierText<'_>) -> Result<Vec<Artifact>, Box<Finding>> {
    let path = &portal.body(dossier.body).path;
    let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
    let mut made = vec![Artifact { path: format!("{folder}atom.xml"), bytes: feeds::atom(portal, engine, dossier.body)? }];
    if !dossier.reports.is_empty() {
        made.push(Artifact { path: format!("{folder}figures.csv"), bytes: csv::figures(portal, dossier) });
    }
    Ok(made)
}

/// One page made from facts alone, with the data beside it. `prose` are the site's own pages of text.
pub fn corpus(portal: &Portal<'_>, engine: &Engine, page: &Page, prose: &[ProsePage<'_>]) -> Result<Vec<Artifact>, Box<Finding>> {
    let mut making = Making { engine, made: Vec::new() };
    let to = &mut making;
    match page {
        Page::Years(body) => years::years(portal, *body, page, to)?,
        Page::Year(body, year, number) => years::year(portal, *body, *year, *number, page, to)?,
        Page::Indicators(body) => matrix::indicators(portal, *body, page, to)?,
        Page::Indicator(body, indicator, number) => matrix::indicator(portal, *body, *indicator, *number, page, to)?,
        Page::Documents(number) => documents::documents(portal, *number, page, to)?,
        Page::Document(id, number) => documents::document(portal, id, *number, page, to)?,
        Page::Topics => topics::topics(portal, page, to)?,
        Page::Topic(section, number) => topics::topic(portal, section, *number, page, to)?,
        Page::Filing(number) => filing::filing(portal, *number, page, to)?,
        Page::Quality(number) => quality::quality(portal, *number, page, to)?,
        Page::Data => data::data(portal, page, to)?,
        Page::Corrections(number) => corrections::corrections(portal, *number, page, to)?,
        Page::About => about::about(portal, page, prose, to)?,
        Page::Glossary => glossary::glossary(portal, page, prose, to)?,
        Page::Search => search::search(portal, page, to)?,
        Page::SiteMap => about::bodies(portal, page, to)?,
        Page::NotFound => about::not_found(portal, page, to)?,
        Page::Alias(from, target) => about::alias(portal, from, target, page, to)?,
        Page::Body(_) | Page::Report(_) | Page::Compare(_) | Page::Breakdown(..) | Page::Pair(..) | Page::Notice(_) => {}
    }
    Ok(making.made)
}
