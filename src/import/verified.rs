//! What the check would find in the content file: the defects of the source, each with its line there.

use super::content;
use super::figures::REGISTRY;
use super::lines::Note;
use super::recognize::Recognized;
use crate::check::{self, Lexicon, Pieces, Subject};
use crate::model::{Body, BodyId, BodyTree, Level, ReportId};
use crate::parse::{self, ReportContext};
use jiff::civil::{Date, date};

/// Rules whose matter the import has noted in its own words, or that concern the portal and not the source.
const NOTED: [&str; 8] = [
    "date/published-early",
    "date/signed-early",
    "date/signed-after-publication",
    "date/late",
    "form/heading-number",
    "parse/html-shown-as-text",
    "year/body-differs",
    "year/title-differs",
];

/// Adds what the check finds. Without year or body nothing can be judged.
pub(super) fn add(report: &mut Recognized) {
    let (Some(year), Some(named)) = (report.year.as_ref().map(|year| year.value), report.body.as_ref().map(|body| body.value.clone())) else { return };
    let (text, places) = content::write_with_places(report);
    let id = ReportId { body: BodyId(0), year };
    let read = parse::report(ReportContext { registry: &REGISTRY, id, attachments: &[] }, "", &text);
    let Some(parsed) = read.report else { return };
    let body = alone(&named, report.level.unwrap_or(Level::Township));
    let tree = BodyTree::new(vec![body]);
    let body = tree.body(BodyId(0));
    let form = REGISTRY.form(parsed.form);
    let joined = check::joined(&read.paragraphs);
    // No other bodies are known; and what sentences state has been read, and compared with the tables, by the import itself.
    let lexicon = Lexicon::default();
    let subject = Subject {
        registry: &REGISTRY,
        tree: &tree,
        lexicon: &lexicon,
        body,
        report: &parsed,
        paragraphs: &read.paragraphs,
        pieces: &Pieces::default(),
        joined: &joined,
        text: &text,
        last: None,
        deadline: form.deadline.for_year(year),
        today: far_away(),
    };
    let mut notes = Vec::new();
    for found in read.found.into_iter().chain(check::report(&subject)) {
        if NOTED.contains(&found.rule.code) {
            continue;
        }
        let line = found.span.and_then(|span| {
            let before = &text[..(span.start as usize).min(text.len())];
            let (first, source) = places.block(before.matches('\n').count() + 1)?;
            let of_block = before.split_inclusive('\n').skip(first - 1).collect::<String>();
            let (row, column) = content::cell_after(&of_block);
            Some(report.places.line(source, row, column))
        });
        // Text against table was noted as the text was read.
        if found.rule.code == "figure/prose-table-mismatch" && report.notes.iter().any(|note| note.rule == "import/figure-differs" && note.line == line) {
            continue;
        }
        notes.push(Note { rule: found.rule.code, message: found.message, line });
    }
    report.notes.extend(notes);
}

/// Nothing of an old report lies ahead.
fn far_away() -> Date {
    date(2999, 1, 1)
}

fn alone(title: &str, level: Level) -> Body {
    Body { level, ..Body::unnamed(BodyId(0), None, title, String::new()) }
}
