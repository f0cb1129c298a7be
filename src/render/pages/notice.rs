//! The sheet for a body's notice board: its newest report on one page, to be printed on A4 or A3.
//!
//! One a body, always of its newest report, at an address that stays: a sheet is put up once a year, and older reports have their own
//! pages for whoever wants to print them. A portal of 100,000 reports would otherwise carry as many sheets that nobody puts up.

use super::body::contact;
use super::report::{answer, headlines, imprint, pieces};
use super::{DossierText, Making};
use crate::analyze::Filing;
use crate::diag::Finding;
use crate::model::{Body, Reading};
use crate::plan::Page;
use crate::render::ReportText;
use crate::render::chart::{self, Mark};
use crate::render::portal::{At, Portal};
use crate::render::qr::qr;
use crate::render::view::{ChartView, Fact, NoticeView};

pub(super) fn notice(portal: &Portal<'_>, dossier: &DossierText<'_>, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let Some((text, before)) = dossier.reports.split_last() else { return Ok(()) };
    let body = portal.body(dossier.body);
    let report = &text.report;
    let address = portal.full(&Page::Report(report.id).address(portal.tree, portal.registry));
    let view = NoticeView {
        heading: pieces(&portal.strings.fill("sentence.notice_head", &[("body", body.title_in(report.id.year)), ("year", &report.id.year.to_string())])),
        report: at.link(&Page::Report(report.id), portal.word("ui.whole_report")).unwrap_or_default(),
        published: report.date.map(|day| portal.strings.fill("sentence.published_on_day", &[("date", &portal.date(day))])),
        number: report.number.clone(),
        answer: answer(&at, text, before.last()),
        headlines: headlines(&at, text, before.last()),
        chart: chart(portal, body),
        missing: missing(&at, body, text),
        contact: asked(portal, body),
        qr: address.as_deref().and_then(|address| qr(address, portal.word("ui.qr"))),
        address,
        imprint: imprint(&at, text),
    };
    let title = portal.strings.fill("sentence.notice_title", &[("body", &body.title), ("year", &report.id.year.to_string())]);
    let frame = at.frame("notice", &title, &view.answer.join(""), at.crumbs_to(body.id), "reports");
    to.page(&at, &frame, &view)
}

/// The first headline indicator over the years, if three of them state it.
fn chart(portal: &Portal<'_>, body: &Body) -> Option<ChartView> {
    portal.headlines().find_map(|indicator| {
        let points = portal.points(body.id, indicator.id);
        let numbers = points.iter().filter(|point| matches!(point.mark, Mark::Number(value) if value > 0.0)).count();
        if numbers < 3 {
            return None;
        }
        let unit = portal.unit(indicator.id).unwrap_or_default();
        let name = portal.strings.fill("compare.chart_name", &[("body", &body.title), ("name", portal.name(indicator.id))]);
        let title = portal.name(indicator.id).to_string();
        let sentence = chart::sentence(portal, &name, &unit, &points);
        Some(ChartView { svg: super::compare::series(portal, "series", &title, &sentence, &points), title, sentence })
    })
}

/// What the reader of the sheet does not see on it: years without a report, blank cells, open findings.
fn missing(at: &At<'_>, body: &Body, text: &ReportText<'_>) -> Vec<String> {
    let portal = at.portal;
    let strings = portal.strings;
    let years = portal.years(body.id);
    let gone: Vec<String> = years.iter().filter(|year| portal.filing(body.id, **year) == Filing::Missing).map(|year| year.to_string()).collect();
    let mut missing = Vec::new();
    if !gone.is_empty() {
        missing.push(strings.fill("sentence.notice_missing", &[("years", &portal.joined(&gone))]));
    }
    let blank = text.report.figures.iter().filter(|figure| figure.reading == Reading::Blank).count();
    if blank > 0 {
        missing.push(strings.fill("sentence.blank_cells", &[("n", &blank.to_string())]));
    }
    let open = super::quality::of_report(portal, &text.report).iter().filter(|finding| finding.reason.is_none()).count();
    if open > 0 {
        missing.push(strings.fill("sentence.notice_findings", &[("n", &open.to_string())]));
    }
    if missing.is_empty() {
        missing.push(portal.word("sentence.notice_complete").to_string());
    }
    missing
}

/// Where to ask: the body itself, else the nearest above it that says.
fn asked(portal: &Portal<'_>, body: &Body) -> Vec<Fact> {
    let mut asked = Some(body);
    while let Some(one) = asked {
        let lines = contact(portal, one);
        if !lines.is_empty() {
            return lines;
        }
        asked = one.parent.map(|parent| portal.body(parent));
    }
    let own = portal.config.furniture.contact.clone();
    own.map(|text| Fact { label: portal.word("ui.contact").to_string(), text, ..Fact::default() }).into_iter().collect()
}
