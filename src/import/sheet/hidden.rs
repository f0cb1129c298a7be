//! Rows and columns that a sheet hides, which the library does not tell; and how large a sheet of the old kind claims to be.

use super::super::read::Refusal;
use super::super::word::part;
use super::super::xml::{Piece, Xml, broken};
use super::Place;
use crate::archive::Archive;
use std::collections::{BTreeMap, BTreeSet};

/// Hidden rows and columns, counted from 0.
pub(super) type Unseen = (BTreeSet<u32>, BTreeSet<u32>);

/// What the library does not tell of a sheet, or not safely.
#[derive(Debug, Default)]
pub(super) struct Aspects {
    pub(super) unseen: Unseen,
    /// First and last cell of each merged range.
    pub(super) merged: Vec<(Place, Place)>,
}

/// Aspects of an .xlsx file's sheets by their names. Names of cells that are none are refused: the library reckons with them.
pub(super) fn of_new(archive: &mut Archive<'_>) -> Result<BTreeMap<String, Aspects>, Refusal> {
    let mut targets = BTreeMap::new();
    let mut sheets = Vec::new();
    for (name, element) in [("xl/_rels/workbook.xml.rels", "Relationship"), ("xl/workbook.xml", "sheet")] {
        let Some(text) = part(archive, name)? else { continue };
        let mut xml = Xml::new(&text);
        loop {
            match xml.next()? {
                Piece::Open(tag) if tag.name == element => {
                    let value = |name: &str| tag.get(name).unwrap_or_default().to_string();
                    if element == "sheet" {
                        sheets.push((value("name"), tag.get_last("id").unwrap_or_default().to_string()));
                    } else {
                        targets.insert(value("Id"), value("Target"));
                    }
                }
                Piece::End => break,
                _ => {}
            }
        }
    }
    let mut found = BTreeMap::new();
    for (name, id) in sheets {
        let Some(target) = targets.get(&id) else { continue };
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_string);
        if let Some(text) = part(archive, &path)? {
            found.insert(name, of_sheet(&text)?);
        }
    }
    Ok(found)
}

/// The place a cell's name stands for: B3 is the third row's second cell.
fn place(name: &str) -> Result<Place, Refusal> {
    let name = name.replace('$', "");
    let letters = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let row = name[letters..].parse::<u32>().ok().filter(|row| (1..=1_048_576).contains(row) && name[letters..].len() <= 7);
    let column = name.bytes().take(letters).fold(0u32, |column, letter| column.saturating_mul(26) + u32::from(letter - b'A') + 1);
    row.filter(|_| (1..=3).contains(&letters) && column <= 16_384).map(|row| (row - 1, column - 1)).ok_or_else(broken)
}

fn of_sheet(text: &str) -> Result<Aspects, Refusal> {
    let mut aspects = Aspects::default();
    let unseen = &mut aspects.unseen;
    let mut xml = Xml::new(text);
    let mut row = 0u32;
    loop {
        let tag = match xml.next()? {
            Piece::Open(tag) => tag,
            Piece::End => return Ok(aspects),
            _ => continue,
        };
        let number = |name: &str| tag.get(name).and_then(|number| number.parse::<u32>().ok());
        let hidden = matches!(tag.get("hidden"), Some("1" | "true"));
        match tag.name.as_str() {
            "row" => {
                row = match tag.get("r") {
                    Some(_) => number("r").filter(|row| *row <= 1_048_576).ok_or_else(broken)?,
                    None => row + 1,
                };
                if hidden {
                    unseen.0.insert(row.saturating_sub(1));
                }
            }
            "c" => drop(tag.get("r").map(place).transpose()?),
            "dimension" | "mergeCell" => {
                let corners = tag.get("ref").unwrap_or_default().split(':').map(place).collect::<Result<Vec<_>, _>>()?;
                if let ("mergeCell", [from, to]) = (tag.name.as_str(), &corners[..]) {
                    aspects.merged.push((*from, *to));
                }
            }
            "col" if hidden => {
                let (from, to) = (number("min").unwrap_or(1), number("max").unwrap_or(1));
                unseen.1.extend((from..=to.min(from.saturating_add(16_384))).map(|column| column.saturating_sub(1)));
            }
            _ => {}
        }
    }
}

/// All words of a part.
pub(super) fn words(text: &str) -> Result<String, Refusal> {
    let mut xml = Xml::new(text);
    let mut words = String::new();
    loop {
        match xml.next()? {
            Piece::Text(text) => words.push_str(text.trim()),
            Piece::Close if !words.ends_with(' ') => words.push(' '),
            Piece::End => return Ok(words),
            _ => {}
        }
    }
}

/// What a workbook of the old kind says of its sheets.
#[derive(Debug, Default)]
pub(super) struct Old {
    /// Cells between the first and the last of each sheet, all together: that many the library makes room for.
    pub(super) area: u64,
    pub(super) encrypted: bool,
    /// Sheets in the order in which they are stored.
    pub(super) sheets: Vec<Unseen>,
}

/// Walks over the records of a workbook stream.
pub(super) fn of_old(stream: &[u8]) -> Old {
    let mut old = Old::default();
    let mut corner = (0u64, 0u64);
    let mut depth = 0;
    let mut at = 0;
    while let Some(head) = stream.get(at..at + 4) {
        let (kind, length) = (u16::from_le_bytes([head[0], head[1]]), usize::from(u16::from_le_bytes([head[2], head[3]])));
        let Some(record) = stream.get(at + 4..at + 4 + length) else { break };
        at += 4 + length;
        let word = |at: usize| record.get(at..at + 2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
        match kind {
            // Begin and end of a part; the first part is the workbook itself.
            0x0809 => {
                depth += 1;
                if depth == 1 && word(2) == Some(0x0010) {
                    old.sheets.push(Unseen::default());
                }
            }
            0x000a => {
                depth = i32::max(depth - 1, 0);
                old.area += corner.0 * corner.1;
                corner = (0, 0);
            }
            0x002f => old.encrypted = true,
            // Rows and columns with their sign of being hidden.
            0x0208 => {
                if let (Some(row), Some(flags), Some(sheet)) = (word(0), word(12), old.sheets.last_mut())
                    && flags & 0x20 != 0
                {
                    sheet.0.insert(u32::from(row));
                }
            }
            0x007d => {
                if let (Some(from), Some(to), Some(flags), Some(sheet)) = (word(0), word(2), word(8), old.sheets.last_mut())
                    && flags & 1 != 0
                {
                    sheet.1.extend(u32::from(from)..=u32::from(to.min(256)));
                }
            }
            // Cells of all kinds begin with their row and column.
            0x00fd | 0x0203 | 0x027e | 0x00bd | 0x00be | 0x0201 | 0x0204 | 0x0205 | 0x0006 | 0x00d6 => {
                if let (Some(row), Some(column)) = (word(0), word(2)) {
                    corner = (corner.0.max(u64::from(row) + 1), corner.1.max(u64::from(column) + 1));
                }
            }
            _ => {}
        }
    }
    old
}
