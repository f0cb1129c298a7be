//! What search keeps of one body's reports: each distinct text folded, with the reports that hold it; and the lines that are shown.

use super::grid::Grid;
use crate::model::TextBlock;
use crate::render::{DossierText, ReportText};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A report, and in which of its sections: one bit a slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Doc {
    pub(super) cell: u32,
    pub(super) slots: u8,
}

/// One body's part of the index, as bytes that can be put aside.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Deserialize, serde::Serialize)]
pub struct Gleaned {
    /// Distinct texts, each with the reports that hold it: read by [`texts`].
    pub units: Vec<u8>,
    /// Lines of each report: read by [`lines`].
    pub lines: Vec<u8>,
    /// Bytes of lines by report number, in order.
    pub weights: Vec<(u32, u32)>,
    /// How many places of distinct texts begin with each UTF-16 unit.
    pub starts: Vec<(u16, u32)>,
}

/// Takes what search needs of a body's texts.
pub fn glean(grid: &Grid, dossier: &DossierText<'_>) -> Gleaned {
    let mut gleaned = Gleaned::default();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut units: Vec<(Vec<u16>, Vec<Doc>)> = Vec::new();
    let mut by_fold: HashMap<Vec<u16>, usize> = HashMap::new();
    for text in &dossier.reports {
        let cell = grid.cell(text.report.id);
        for (slot, piece) in pieces(grid, text) {
            let place = *known.entry(piece).or_insert_with(|| {
                // Texts that differ in width or space alone are one.
                let folded = crate::text::fold::folded(piece);
                match by_fold.entry(folded) {
                    Entry::Occupied(place) => *place.get(),
                    Entry::Vacant(free) => {
                        units.push((free.key().clone(), Vec::new()));
                        *free.insert(units.len() - 1)
                    }
                }
            });
            let docs = &mut units[place].1;
            match docs.last_mut() {
                Some(last) if last.cell == cell => last.slots |= 1 << slot,
                _ => docs.push(Doc { cell, slots: 1 << slot }),
            }
        }
        let lines = shown(grid, text);
        gleaned.weights.push((cell, lines.len() as u32));
        gleaned.lines.extend(cell.to_le_bytes());
        gleaned.lines.extend((lines.len() as u32).to_le_bytes());
        gleaned.lines.extend(lines.as_bytes());
    }
    let mut starts = vec![0u32; 1 << 16];
    for (text, docs) in &units {
        gleaned.units.extend((text.len() as u32).to_le_bytes());
        gleaned.units.extend((docs.len() as u32).to_le_bytes());
        for unit in text {
            starts[usize::from(*unit)] += 1;
            gleaned.units.extend(unit.to_le_bytes());
        }
        for doc in docs {
            gleaned.units.extend(doc.cell.to_le_bytes());
            gleaned.units.push(doc.slots);
        }
    }
    gleaned.starts = starts.into_iter().enumerate().filter(|(_, count)| *count > 0).map(|(unit, count)| (unit as u16, count)).collect();
    gleaned
}

/// Title and blocks of a report, each with the slot of its section.
fn pieces<'t>(grid: &'t Grid, text: &'t ReportText<'_>) -> impl Iterator<Item = (u8, &'t str)> {
    let slots = slots(grid, text);
    let blocks = text.paragraphs.iter().map(move |block| (block.heading.map_or(0, |heading| slots[usize::from(heading)]), block.text.as_str()));
    std::iter::once((0, text.report.title.as_str())).chain(blocks)
}

/// The slot of each heading: a heading below a statutory one belongs to it.
fn slots(grid: &Grid, text: &ReportText<'_>) -> Vec<u8> {
    // Reports are read in their own form, whose sections are named like those of the field.
    let mut slot = 0;
    let mut level = 0;
    let headings = text.report.headings.iter().map(|heading| {
        if heading.section.is_some() {
            slot = grid.slot(Some(section_of(&heading.anchor)));
            level = heading.level;
        } else if heading.level <= level {
            slot = 0;
        }
        slot
    });
    headings.collect()
}

/// A statutory heading's anchor is the id of its section; one that is opened twice has a number behind it.
fn section_of(anchor: &str) -> &str {
    anchor.rsplit_once('-').filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit())).map_or(anchor, |(id, _)| id)
}

/// What is shown of a report, one block a line: `%` year, `!` slot where it changes, `#` anchor and heading, a space before any other
/// block, the title first.
fn shown(grid: &Grid, text: &ReportText<'_>) -> String {
    let slots = slots(grid, text);
    let mut lines = format!("%{}\n {}\n", text.report.id.year, one_line(&text.report.title));
    let (mut slot, mut heading) = (0, None);
    for block in &text.paragraphs {
        let own = block.heading.map_or(0, |heading| slots[usize::from(heading)]);
        if own != slot {
            slot = own;
            lines.push_str(&format!("!{slot}\n"));
        }
        if block.heading != heading {
            heading = block.heading;
            if block.block != TextBlock::Heading {
                lines.push_str(&format!("#{}\t\n", heading.map_or("", |heading| &text.report.headings[usize::from(heading)].anchor)));
            }
        }
        match (block.block, heading) {
            (TextBlock::Heading, Some(heading)) => lines.push_str(&format!("#{}\t", text.report.headings[usize::from(heading)].anchor)),
            _ => lines.push(' '),
        }
        lines.push_str(&one_line(&block.text));
        lines.push('\n');
    }
    lines
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Goes through distinct texts put aside: the text's units as bytes, and its documents as bytes.
pub(super) fn texts<'b>(mut bytes: &'b [u8], mut see: impl FnMut(&'b [u8], &'b [u8])) {
    while let Some((head, rest)) = bytes.split_at_checked(8) {
        let length = word(head) as usize * 2;
        let docs = word(&head[4..]) as usize * DOC;
        see(&rest[..length], &rest[length..length + docs]);
        bytes = &rest[length + docs..];
    }
}

/// Bytes of a document put aside.
const DOC: usize = 5;

/// Documents put aside.
pub(super) fn docs(bytes: &[u8]) -> impl Iterator<Item = Doc> + '_ {
    bytes.chunks_exact(DOC).map(|doc| Doc { cell: word(doc), slots: doc[4] })
}

/// Goes through the lines of reports put aside, by report number.
pub(super) fn lines(mut bytes: &[u8], mut see: impl FnMut(u32, &str)) {
    while let Some((head, rest)) = bytes.split_at_checked(8) {
        let (lines, after) = rest.split_at(word(&head[4..]) as usize);
        see(word(head), std::str::from_utf8(lines).expect("lines were put aside as text"));
        bytes = after;
    }
}

fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
