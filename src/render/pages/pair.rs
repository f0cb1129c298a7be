//! Year against year: which figures changed, and how the text differs, section by section.

use super::{DossierText, Making};
use crate::analyze::pair::{Block, Piece, SectionPair, TextPair};
use crate::analyze::{CellState, Change};
use crate::diag::Finding;
use crate::model::{Breakdown, FigureKey, Reading, TimeSpan, Year};
use crate::plan::Page;
use crate::render::ReportText;
use crate::render::portal::{At, Portal};
use crate::render::view::{DiffBlock, DiffPiece, DiffSection, Matrix, MatrixColumn, MatrixGroup, MatrixRow, PairView};

pub(super) fn pair(
    portal: &Portal<'_>,
    dossier: &DossierText<'_>,
    years: (Year, Year),
    text: Option<&TextPair>,
    page: &Page,
    to: &mut Making<'_>,
) -> Result<(), Box<Finding>> {
    let at = portal.at_page(page);
    let find = |year: Year| dossier.reports.iter().position(|text| text.report.id.year == year).expect("planned reports are read again");
    let place = find(years.0);
    let (older, newer) = (&dossier.reports[place], &dossier.reports[find(years.1)]);
    let body = portal.body(dossier.body);
    let names = [("body", body.title.as_str()), ("older", &years.0.to_string()), ("newer", &years.1.to_string())];
    let (changed, unchanged) = figures(&at, older, newer);
    let neighbour = |from: Option<usize>| {
        let from = from?;
        let (a, b) = (dossier.reports.get(from)?.report.id.year, dossier.reports.get(from + 1)?.report.id.year);
        at.link(&Page::Pair(dossier.body, a, b), portal.strings.fill("sentence.pair_years", &[("older", &a.to_string()), ("newer", &b.to_string())]))
    };
    let report_link = |text: &ReportText<'_>| {
        let words = portal.strings.fill("word.report_year", &[("year", &text.report.id.year.to_string())]);
        at.link(&Page::Report(text.report.id), words).unwrap_or_default()
    };
    let view = PairView {
        title: portal.strings.fill("sentence.pair_title", &names),
        body: at.body_link(dossier.body),
        older: report_link(older),
        newer: report_link(newer),
        answer: answer(portal, older, newer, rows_of(&changed), text),
        changed,
        unchanged,
        sections: text.map(|text| text.sections.iter().map(|section| section_view(portal, section)).collect()).unwrap_or_default(),
        remarks: [remarks(portal, text), super::quality::reuse_between(portal, &older.report, &newer.report)].concat(),
        previous: neighbour(place.checked_sub(1)),
        next: neighbour(Some(place + 1)),
    };
    let description = view.answer.join("");
    let frame = at.frame("pair", &view.title, &description, at.crumbs_to(dossier.body), "reports");
    to.page(&at, &frame, &view)
}

fn rows_of(matrix: &Matrix) -> usize {
    matrix.groups.iter().map(|group| group.rows.len()).sum()
}

/// Changed figures, and those that stayed.
fn figures(at: &At<'_>, older: &ReportText<'_>, newer: &ReportText<'_>) -> (Matrix, Matrix) {
    let portal = at.portal;
    let mut indicators: Vec<_> = [older, newer]
        .iter()
        .flat_map(|text| &text.report.figures)
        .filter(|figure| figure.key.breakdown == Breakdown::TOTAL && figure.time == TimeSpan::Year)
        .map(|figure| figure.key.indicator)
        .collect();
    indicators.sort_unstable();
    indicators.dedup();
    let (mut changed, mut unchanged) = (Groups::default(), Groups::default());
    for indicator in indicators {
        let key = FigureKey::total(indicator);
        let state = |text: &'_ ReportText<'_>| -> Option<Reading> {
            match CellState::of(key, &text.report.figures, portal.form(text.report.form), portal.registry.forms()) {
                CellState::Figure(figure) => Some(figure.reading),
                _ => None,
            }
        };
        let cell = |text: &ReportText<'_>| {
            let state = CellState::of(key, &text.report.figures, portal.form(text.report.form), portal.registry.forms());
            let mut value = portal.cell_value(state);
            if let CellState::Figure(_) = state {
                value.href = Some(at.row(text.report.id, indicator));
            }
            value
        };
        let change = Change::between(
            (CellState::of(key, &older.report.figures, portal.form(older.report.form), portal.registry.forms()), older.report.form),
            (CellState::of(key, &newer.report.figures, portal.form(newer.report.form), portal.registry.forms()), newer.report.form),
        );
        let (before, mut after) = (cell(older), cell(newer));
        after.change = portal.change(change);
        let known = portal.indicator(indicator);
        let row = MatrixRow {
            id: Some(known.key.clone()),
            text: portal.name(indicator).to_string(),
            unit: portal.unit(indicator),
            cells: vec![before, after],
            ..MatrixRow::default()
        };
        let same = change == Change::Same || matches!(change, Change::None) && state(older) == state(newer);
        if same { &mut unchanged } else { &mut changed }.add(&portal.part(&known.part), row);
    }
    let matrix = |groups: Groups, caption: &str| Matrix {
        caption: portal.strings.fill(caption, &[("n", &groups.0.iter().map(|group| group.rows.len()).sum::<usize>().to_string())]),
        corner: portal.word("ui.indicator").to_string(),
        columns: [older, newer]
            .iter()
            .map(|text| MatrixColumn { text: text.report.id.year.to_string(), href: at.page(&Page::Report(text.report.id)), ..MatrixColumn::default() })
            .collect(),
        groups: groups.0,
        ..Matrix::default()
    };
    (matrix(changed, "sentence.pair_changed"), matrix(unchanged, "sentence.pair_unchanged"))
}

#[derive(Default)]
struct Groups(Vec<MatrixGroup>);

impl Groups {
    fn add(&mut self, title: &str, row: MatrixRow) {
        match self.0.iter_mut().find(|group| group.title == title) {
            Some(group) => group.rows.push(row),
            None => self.0.push(MatrixGroup { title: title.to_string(), rows: vec![row], ..MatrixGroup::default() }),
        }
    }
}

fn answer(portal: &Portal<'_>, older: &ReportText<'_>, newer: &ReportText<'_>, changed: usize, text: Option<&TextPair>) -> Vec<String> {
    let strings = portal.strings;
    let mut answer = Vec::new();
    let (a, b) = (&older.report, &newer.report);
    if a.form == b.form {
        answer.push(strings.fill("sentence.pair_answer", &[("n", &changed.to_string())]));
    } else {
        answer.push(strings.fill("sentence.form_changed", &[("old", &portal.edition(a.form)), ("new", &portal.edition(b.form))]));
    }
    if a.id.year.next() != b.id.year {
        answer.push(strings.fill("sentence.gap_between", &[("from", &a.id.year.next().to_string()), ("to", &b.id.year.previous().to_string())]));
    }
    if let Some(text) = text.filter(|text| text.total > 0) {
        let count = |n: usize| crate::model::Amount::whole(n as i64).grouped();
        let share = (text.reused * 100 + text.total / 2) / text.total;
        answer.push(strings.fill("sentence.reused", &[("share", &share.to_string()), ("same", &count(text.reused)), ("total", &count(text.total))]));
    }
    answer
}

fn remarks(portal: &Portal<'_>, text: Option<&TextPair>) -> Vec<String> {
    let Some(text) = text else { return vec![portal.word("sentence.no_text_compared").to_string()] };
    let mut remarks = Vec::new();
    if text.years_replaced > 0 {
        remarks.push(portal.strings.fill("sentence.years_replaced", &[("n", &text.years_replaced.to_string())]));
    }
    remarks
}

fn section_view(portal: &Portal<'_>, section: &SectionPair) -> DiffSection {
    let strings = portal.strings;
    let length = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let (mut removed, mut added, mut changed, mut moved, mut same_length) = (0, 0, 0, 0, 0);
    for block in &section.blocks {
        match block {
            Block::Same(sentences) => same_length += sentences.iter().map(|text| length(text)).sum::<usize>(),
            Block::Changed(_) => changed += 1,
            Block::Added(_) => added += 1,
            Block::Removed(_) => removed += 1,
            Block::Moved { .. } => moved += 1,
        }
    }
    let same = removed + added + changed + moved == 0 && !section.only_newer && !section.only_older;
    let parts = [("sentence.diff_removed", removed), ("sentence.diff_added", added), ("sentence.diff_changed", changed), ("sentence.diff_moved", moved)];
    let parts: Vec<String> = parts.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| strings.fill(key, &[("n", &n.to_string())])).collect();
    let summary = if same {
        strings.fill("sentence.diff_same", &[("n", &same_length.to_string())])
    } else if section.only_newer {
        strings.get("sentence.diff_only_newer").to_string()
    } else if section.only_older {
        strings.get("sentence.diff_only_older").to_string()
    } else {
        parts.join(" ")
    };
    let title = if section.title.is_empty() { strings.get("ui.before_first_heading").to_string() } else { section.title.clone() };
    DiffSection { id: section.anchor.clone(), title, summary, same, blocks: section.blocks.iter().map(|block| block_view(portal, block)).collect() }
}

fn block_view(portal: &Portal<'_>, block: &Block) -> DiffBlock {
    let piece = |kind: &'static str, text: &str| DiffPiece { kind, text: text.to_string() };
    match block {
        Block::Same(sentences) => {
            let length: usize = sentences.iter().map(|text| text.chars().filter(|c| !c.is_whitespace()).count()).sum();
            let label = portal.strings.fill("sentence.diff_unchanged", &[("n", &sentences.len().to_string()), ("chars", &length.to_string())]);
            DiffBlock { kind: "same", label: Some(label), paragraphs: sentences.clone(), ..DiffBlock::default() }
        }
        Block::Changed(pieces) => {
            let view = |p: &Piece| match p {
                Piece::Same(text) => piece("same", text),
                Piece::Added(text) => piece("ins", text),
                Piece::Removed(text) => piece("del", text),
            };
            DiffBlock { kind: "changed", pieces: pieces.iter().map(view).collect(), ..DiffBlock::default() }
        }
        Block::Added(text) => DiffBlock { kind: "added", pieces: vec![piece("ins", text)], ..DiffBlock::default() },
        Block::Removed(text) => DiffBlock { kind: "removed", pieces: vec![piece("del", text)], ..DiffBlock::default() },
        Block::Moved { text, from } => {
            let from = if from.is_empty() { portal.word("ui.before_first_heading") } else { from };
            DiffBlock {
                kind: "moved",
                label: Some(portal.strings.fill("sentence.diff_moved_from", &[("from", from)])),
                pieces: vec![piece("same", text)],
                ..DiffBlock::default()
            }
        }
    }
}
