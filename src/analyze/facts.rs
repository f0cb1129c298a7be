//! What later stages need of a body's reports without their text: small and owned.

use crate::config::Config;
use crate::model::{BodyId, Breakdown, Figure, FormId, Paragraph, Report, ReportId, Revision, TextBlock, Year};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Whether a report is in the portal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub enum Standing {
    /// Published.
    Published,
    /// A draft.
    Draft,
    /// Its date is in the future.
    Future,
    /// Nobody has approved this text.
    Unapproved,
}

impl Standing {
    /// The standing of a report on a day. With `drafts`, drafts and future reports are shown, as in a preview.
    pub fn of(report: &Report, config: &Config, today: Date, drafts: bool) -> Standing {
        if drafts {
            return Standing::Published;
        }
        if report.draft {
            return Standing::Draft;
        }
        if report.date.is_some_and(|date| date > today) {
            return Standing::Future;
        }
        let asked = config.review_required_from.is_some_and(|from| report.date.is_none_or(|date| date >= from));
        let approved = report.review.as_ref().is_some_and(|review| review.text.as_deref() == Some(report.digest.as_str()));
        if asked && !approved { Standing::Unapproved } else { Standing::Published }
    }
}

/// The first words of a statutory section.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Excerpt {
    /// Id of the section, also its anchor.
    pub section: Box<str>,
    /// First sentences, at most 160 characters.
    pub text: Box<str>,
}

/// What is known of every report while a portal is made: what it is called, when it was filed, where it stands.
#[derive(Clone, PartialEq, Debug, serde::Deserialize, serde::Serialize)]
pub struct FiledReport {
    /// Whose and for which year.
    pub id: ReportId,
    /// Title as published.
    pub title: Box<str>,
    /// Day of publication.
    pub date: Option<Date>,
    /// Edition.
    pub form: FormId,
    /// Whether it is published.
    pub standing: Standing,
    /// Issuer as printed.
    pub issuer: Option<Box<str>>,
    /// Document number of the report itself.
    pub number: Option<Box<str>>,
    /// File, relative to the root.
    pub file: Box<str>,
    /// Where the text was read.
    pub source: Option<Box<str>>,
    /// Changes after publication.
    pub revisions: Vec<Revision>,
    /// Old addresses that lead here.
    pub aliases: Vec<String>,
    /// How many figures it states, breakdowns included: rows of the data files.
    pub figure_count: u32,
}

/// One report without its text.
#[derive(Clone, PartialEq, Debug, serde::Deserialize, serde::Serialize)]
pub struct ReportFacts {
    /// What does not come from its tables and text.
    pub filed: FiledReport,
    /// Total figures only; breakdowns stay with the report.
    pub totals: Vec<Figure>,
    /// First words of each statutory section.
    pub excerpts: Vec<Excerpt>,
    /// Anchors of its headings; those of its figures are the ids of their indicators.
    pub anchors: BTreeSet<Box<str>>,
    /// Whether its figures are said to cover all bodies below it: 全县各级行政机关, 汇总各乡镇.
    pub speaks_for_all: bool,
}

impl std::ops::Deref for ReportFacts {
    type Target = FiledReport;

    fn deref(&self) -> &FiledReport {
        &self.filed
    }
}

impl AsRef<FiledReport> for ReportFacts {
    fn as_ref(&self) -> &FiledReport {
        &self.filed
    }
}

impl AsRef<FiledReport> for FiledReport {
    fn as_ref(&self) -> &FiledReport {
        self
    }
}

/// One body's reports, by year.
#[derive(Clone, PartialEq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Reports<R> {
    /// The body.
    pub body: BodyId,
    /// Its reports, held ones included, by year.
    pub reports: Vec<R>,
}

/// One body's reports with their figures.
pub type Facts = Reports<ReportFacts>;
/// One body's reports, as every page may know them.
pub type Filed = Reports<FiledReport>;

/// Where the facts of all bodies are: they are many, and asked for one body at a time.
pub trait AllFacts: Sync + std::fmt::Debug {
    /// The facts of a body.
    fn of(&self, body: BodyId) -> Facts;
}

/// Facts of a few bodies, in order of their ids.
impl AllFacts for Vec<Facts> {
    fn of(&self, body: BodyId) -> Facts {
        self[body.0 as usize].clone()
    }
}

/// Characters of an excerpt.
const EXCERPT: usize = 160;

impl ReportFacts {
    /// The facts of a report.
    pub fn of(report: &Report, paragraphs: &[Paragraph], standing: Standing, section_ids: &[&str]) -> ReportFacts {
        let excerpts = report.headings.iter().enumerate().filter_map(|(place, heading)| {
            let section = section_ids[heading.section? as usize];
            Some(Excerpt { section: section.into(), text: excerpt(report, paragraphs, place).into() })
        });
        let anchors = report.headings.iter().map(|heading| heading.anchor.as_str().into()).collect();
        let filed = FiledReport {
            id: report.id,
            title: report.title.as_str().into(),
            date: report.date,
            form: report.form,
            standing,
            issuer: report.issuer.as_deref().map(Box::from),
            number: report.number.as_deref().map(Box::from),
            file: report.file.as_str().into(),
            source: report.source.as_deref().map(Box::from),
            revisions: report.revisions.clone(),
            aliases: report.aliases.clone(),
            figure_count: report.figures.len() as u32,
        };
        ReportFacts {
            filed,
            totals: report.figures.iter().filter(|figure| figure.key.breakdown == Breakdown::TOTAL).cloned().collect(),
            excerpts: excerpts.collect(),
            anchors,
            speaks_for_all: paragraphs.iter().any(|paragraph| speaks_for_all(&paragraph.text)),
        }
    }
}

fn speaks_for_all(text: &str) -> bool {
    text.match_indices('全').any(|(at, _)| {
        ["全县", "全区", "全市"]
            .iter()
            .filter_map(|whole| text[at..].strip_prefix(whole))
            .any(|rest| ["各级行政机关", "行政机关", "各乡镇", "汇总", "共收到", "新收", "共受理"].iter().any(|word| rest.starts_with(word)))
    })
}

/// The first paragraphs under a heading, those under its own sub-headings included.
fn excerpt(report: &Report, paragraphs: &[Paragraph], heading: usize) -> String {
    let level = report.headings[heading].level;
    let end = report.headings[heading + 1..].iter().position(|next| next.level <= level).map_or(report.headings.len(), |at| heading + 1 + at);
    let mut text = String::new();
    for paragraph in paragraphs.iter().filter(|p| p.block == TextBlock::Paragraph && p.heading.is_some_and(|at| (heading..end).contains(&(at as usize)))) {
        if text.chars().count() >= EXCERPT {
            break;
        }
        text.push_str(&paragraph.text);
    }
    crate::text::shortened(&text, EXCERPT)
}

impl<R: AsRef<FiledReport>> Reports<R> {
    /// Published reports, by year.
    pub fn published(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.reports.iter().filter(|report| report.as_ref().standing == Standing::Published)
    }

    /// The report of a year, published or held.
    pub fn report(&self, year: Year) -> Option<&R> {
        self.reports.iter().find(|report| report.as_ref().id.year == year)
    }

    /// The published report of a year.
    pub fn published_in(&self, year: Year) -> Option<&R> {
        self.report(year).filter(|report| report.as_ref().standing == Standing::Published)
    }
}

impl Facts {
    /// The same without figures and texts.
    pub fn filed(&self) -> Filed {
        Reports { body: self.body, reports: self.reports.iter().map(|report| report.filed.clone()).collect() }
    }
}
