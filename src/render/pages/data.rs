//! `/data/`: what there is to take away, with examples, and the files that list bodies, indicators and reports.

use super::Making;
use super::about;
use crate::diag::Finding;
use crate::markdown;
use crate::model::BodyId;
use crate::plan::Page;
use crate::render::csv::{Csv, FIGURES};
use crate::render::json;
use crate::render::portal::Portal;
use crate::render::view::{Fact, ProseView};
use serde_json::{Value, json};

/// Files of `/data/` but the large `figures.csv`, which the driver joins from its parts: name, what it holds, its columns.
const BODIES: [&str; 10] = ["path", "title", "level", "code", "parent", "since", "until", "former_names", "succeeded_by", "reports"];
const INDICATORS: [&str; 10] = ["id", "name", "name_en", "unit", "kind", "part", "headline", "law", "successor", "forms"];
const FINDINGS: [&str; 8] = ["id", "rule", "severity", "file", "line", "column", "message", "message_en"];
const REPORTS: [&str; 10] = ["body", "year", "title", "published", "state", "form", "issuer", "figures", "address", "file"];

/// Columns that hold whole numbers.
const INTEGERS: [&str; 8] = ["year", "reports", "source_line", "figures", "revision", "line", "column", "headline"];

pub(super) fn data(portal: &Portal<'_>, page: &Page, to: &mut Making<'_>) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let tables = [("bodies.csv", bodies(portal)), ("indicators.csv", indicators(portal)), ("reports.csv", reports(portal)), ("findings.csv", findings(portal))];
    let count = portal.figure_count();
    let one_piece = count <= crate::plan::FIGURES_IN_ONE_PIECE && count > 0;
    let mut files: Vec<Fact> = tables
        .iter()
        .map(|(name, (bytes, rows))| {
            let what = portal.word(match *name {
                "bodies.csv" => "sentence.data_bodies",
                "indicators.csv" => "sentence.data_indicators",
                "findings.csv" => "sentence.data_findings",
                _ => "sentence.data_reports",
            });
            let size = portal.strings.fill("sentence.data_size", &[("rows", &rows.to_string()), ("kb", &bytes.len().div_ceil(1024).to_string())]);
            Fact { label: what.to_string(), text: format!("{name}（{size}）"), href: Some((*name).to_string()), datetime: None }
        })
        .collect();
    if one_piece {
        let rows = portal.strings.fill("sentence.data_rows", &[("rows", &count.to_string())]);
        files.push(Fact {
            label: portal.word("sentence.data_figures").to_string(),
            text: format!("figures.csv（{rows}）"),
            href: Some("figures.csv".into()),
            datetime: None,
        });
    } else {
        files.push(Fact {
            label: portal.word("sentence.data_figures_by_body").to_string(),
            text: "figures.csv".into(),
            href: at.page(&Page::SiteMap),
            datetime: None,
        });
    }
    files.push(Fact {
        label: portal.word("sentence.data_package").to_string(),
        text: "datapackage.json".into(),
        href: Some("datapackage.json".into()),
        datetime: None,
    });
    to.file(format!("{}datapackage.json", at.address), json::bytes(&package(portal, one_piece)));
    for (name, (bytes, _)) in tables {
        to.file(format!("{}{name}", at.address), bytes);
    }
    let document = markdown::read(portal.word("doc.data"));
    let view = ProseView {
        title: portal.word("sentence.data_title").to_string(),
        answer: vec![portal.word("sentence.data_answer").to_string()],
        body: Some(about::html(&at, &document)),
        toc: about::toc(&document),
        files,
        ..ProseView::default()
    };
    let root = portal.tree.root().map_or(BodyId(0), |root| root.id);
    let frame = at.frame("prose", &view.title, &view.answer.join(""), at.crumbs_to(root), "data");
    to.page(&at, &frame, &view)
}

fn bodies(portal: &Portal<'_>) -> (Vec<u8>, usize) {
    let mut csv = Csv::new(&BODIES);
    for body in portal.tree.iter() {
        let day = |day: Option<jiff::civil::Date>| day.map_or(String::new(), |day| day.to_string());
        let former: Vec<&str> = body.former_names.iter().map(|name| name.title.as_str()).collect();
        csv.row([
            body.path.as_str(),
            &body.title,
            body.level.key(),
            body.code.as_deref().unwrap_or_default(),
            body.parent.map_or("", |parent| portal.body(parent).path.as_str()),
            &day(body.since),
            &day(body.until),
            &former.join(";"),
            body.succeeded_by.map_or("", |successor| portal.body(successor).path.as_str()),
            &portal.filed_of(body.id).published().count().to_string(),
        ]);
    }
    (csv.finish(), portal.tree.iter().len())
}

fn indicators(portal: &Portal<'_>) -> (Vec<u8>, usize) {
    let mut csv = Csv::new(&INDICATORS);
    for known in portal.registry.indicators() {
        let forms: Vec<&str> = portal
            .registry
            .forms()
            .iter()
            .filter(|form| known.breakdowns.iter().any(|breakdown| form.has_cell(crate::model::FigureKey { indicator: known.id, breakdown: *breakdown })))
            .map(|form| form.edition.as_str())
            .collect();
        csv.row([
            known.key.as_str(),
            &known.name,
            &known.name_en,
            &known.unit,
            match known.kind {
                crate::model::Kind::Count => "count",
                crate::model::Kind::Money => "money",
                crate::model::Kind::Percent => "percent",
                crate::model::Kind::Measure => "measure",
            },
            &known.part,
            &known.headline.map_or(String::new(), |rank| rank.to_string()),
            known.law.as_deref().unwrap_or_default(),
            known.successor.map_or("", |successor| portal.indicator(successor).key.as_str()),
            &forms.join(";"),
        ]);
    }
    (csv.finish(), portal.registry.indicators().len())
}

fn reports(portal: &Portal<'_>) -> (Vec<u8>, usize) {
    let mut csv = Csv::new(&REPORTS);
    let mut rows = 0;
    for facts in portal.all_filed() {
        for report in facts.published() {
            rows += 1;
            csv.row([
                portal.body(report.id.body).path.as_str(),
                &report.id.year.to_string(),
                &report.title,
                &report.date.map_or(String::new(), |day| day.to_string()),
                portal.filing(report.id.body, report.id.year).key(),
                &portal.form(report.form).edition,
                report.issuer.as_deref().unwrap_or_default(),
                &report.figure_count.to_string(),
                &Page::Report(report.id).address(portal.tree, portal.registry),
                &report.file,
            ]);
        }
    }
    (csv.finish(), rows)
}

/// What the check found and the publisher let stand.
fn findings(portal: &Portal<'_>) -> (Vec<u8>, usize) {
    let mut csv = Csv::new(&FINDINGS);
    // A list of where private data stands would lead readers to it.
    let listed: Vec<&Finding> = portal.findings().iter().filter(|finding| finding.diagnostic.rule.family() != "privacy").collect();
    for finding in &listed {
        let number = |number: Option<usize>| number.map_or(String::new(), |number| number.to_string());
        let place = finding.place.as_ref();
        let diagnostic = &finding.diagnostic;
        csv.row([
            finding.id().as_str(),
            diagnostic.rule.code,
            finding.severity.word(),
            &diagnostic.file,
            &number(place.map(|place| place.line)),
            &number(place.map(|place| place.column)),
            &diagnostic.message.zh,
            &diagnostic.message.en,
        ]);
    }
    (csv.finish(), listed.len())
}

/// A Data Package (version 2) that lists every table of the portal, and the JSON beside its pages.
///
/// The standard allows no `../` in a path, so files elsewhere in the portal are named by full address; a portal that does not know its own has no other way.
fn package(portal: &Portal<'_>, one_piece: bool) -> Value {
    let elsewhere = |address: String| portal.full(&address).unwrap_or_else(|| format!("../{address}"));
    let table = |name: &str, path: String| json!({ "name": name, "path": path, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8" });
    let typed = |name: &str, path: String, columns: &[&str]| {
        let fields: Vec<Value> =
            columns.iter().map(|column| json!({ "name": column, "type": if INTEGERS.contains(column) { "integer" } else { "string" } })).collect();
        let mut table = table(name, path);
        table["schema"] = json!({ "fields": fields });
        table
    };
    let mut resources = vec![
        typed("bodies", "bodies.csv".into(), &BODIES),
        typed("indicators", "indicators.csv".into(), &INDICATORS),
        typed("reports", "reports.csv".into(), &REPORTS),
        typed("findings", "findings.csv".into(), &FINDINGS),
    ];
    if one_piece {
        resources.push(typed("figures", "figures.csv".into(), &FIGURES));
    }
    for body in portal.tree.iter().filter(|body| portal.filed_of(body.id).published().next().is_some()) {
        let (name, path) = if body.path.is_empty() {
            ("root".to_string(), "figures.csv".to_string())
        } else {
            (body.path.replace('/', "."), format!("{}/figures.csv", body.path))
        };
        resources.push(typed(&format!("figures-{name}"), elsewhere(path), &FIGURES));
    }
    // Files of one kind have one shape, and are one resource.
    let (mut profiles, mut reports, mut tables) = (Vec::new(), Vec::new(), Vec::new());
    for page in portal.pages() {
        let address = page.address(portal.tree, portal.registry);
        let json = elsewhere(format!("{address}index.json"));
        match page {
            Page::Body(_) => profiles.push(json),
            Page::Report(_) => reports.push(json),
            Page::Compare(_) | Page::Breakdown(..) | Page::Years(_) | Page::Year(..) | Page::Indicator(..) | Page::Filing(_) => {
                let name = format!("table-{}", address.trim_end_matches('/').replace('/', "."));
                let mut resource = table(&name, elsewhere(format!("{address}table.csv")));
                if matches!(page, Page::Filing(_)) {
                    resource = typed(&name, elsewhere(format!("{address}table.csv")), &super::filing::COLUMNS);
                }
                resources.push(resource);
                tables.push(json);
            }
            // A pair has two years for columns, and its words are no data.
            Page::Pair(..) => {
                let name = format!("table-{}", address.trim_end_matches('/').replace('/', "."));
                resources.push(table(&name, elsewhere(format!("{address}table.csv"))));
            }
            _ => {}
        }
    }
    for (name, paths) in [("profiles-json", profiles), ("reports-json", reports), ("tables-json", tables)] {
        if !paths.is_empty() {
            resources.push(json!({ "name": name, "path": paths, "format": "json", "mediatype": "application/json", "encoding": "utf-8" }));
        }
    }
    let mut value = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "gongkai",
        "title": portal.title(),
        "description": portal.config.description,
        "resources": resources,
    });
    if !portal.config.base_url.is_empty() {
        value["homepage"] = portal.config.base_url.clone().into();
    }
    value
}
