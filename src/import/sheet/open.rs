//! OpenDocument sheets (.ods): cells as they are shown.

use super::super::lines::Lines;
use super::super::read::Refusal;
use super::super::word::part;
use super::super::xml::{Piece, Tag, Xml, broken};
use super::excel::too_many;
use super::{MOST_CELLS, Sheet, lines};
use crate::archive::Archive;
use std::collections::BTreeSet;

/// Whether an archive is an OpenDocument sheet.
pub(in super::super) fn is_open(archive: &mut Archive<'_>) -> bool {
    archive.names().iter().any(|name| name == "content.xml")
        && archive.read("mimetype").is_ok_and(|kind| kind.is_some_and(|kind| kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet")))
}

/// An .ods file.
pub(in super::super) fn read(archive: &mut Archive<'_>) -> Result<Lines, Refusal> {
    let text = part(archive, "content.xml")?.ok_or_else(broken)?;
    let mut xml = Xml::new(&text);
    let mut hidden_styles = BTreeSet::new();
    let mut style = String::new();
    let mut sheets = Vec::new();
    loop {
        match xml.next()? {
            Piece::Open(tag) if tag.name == "style" => style = tag.get("name").unwrap_or_default().to_string(),
            Piece::Open(tag) if tag.name == "table-properties" && tag.get("display") == Some("false") => drop(hidden_styles.insert(style.clone())),
            Piece::Open(tag) if tag.name == "table" => {
                let hidden = tag.get("style-name").is_some_and(|name| hidden_styles.contains(name));
                let mut sheet = Sheet { name: tag.get("name").unwrap_or_default().to_string(), hidden, ..Sheet::default() };
                let mut place = (0, 0);
                xml.children(|xml, tag| of_table(xml, tag, &mut sheet, &mut place))?;
                sheets.push(sheet);
            }
            Piece::End => return Ok(lines(sheets)),
            _ => {}
        }
    }
}

fn times(tag: &Tag, name: &str) -> u32 {
    tag.get(name).and_then(|times| times.parse().ok()).unwrap_or(1).clamp(1, 2_000_000)
}

fn is_unseen(tag: &Tag) -> bool {
    matches!(tag.get("visibility"), Some("collapse" | "filter"))
}

/// A row, a column, or a group of them; `place` is the row and the column that come next.
fn of_table(xml: &mut Xml<'_>, tag: Tag, sheet: &mut Sheet, place: &mut (u32, u32)) -> Result<(), Refusal> {
    match tag.name.as_str() {
        "table-row" => {
            let times = times(&tag, "number-rows-repeated");
            let mut column = 0;
            let mut row = Vec::new();
            xml.children(|xml, tag| cell(xml, &tag, (place.0, &mut column), sheet, &mut row))?;
            // Rows repeated to the end of the sheet are empty ones.
            for again in (0..times).take_while(|_| !row.is_empty()) {
                if sheet.cells.len() + row.len() > MOST_CELLS {
                    return Err(too_many());
                }
                sheet.cells.extend(row.iter().map(|(column, text): &(u32, String)| ((place.0 + again, *column), text.clone())));
                if is_unseen(&tag) {
                    sheet.hidden_rows.insert(place.0 + again);
                }
            }
            place.0 = place.0.saturating_add(times);
            Ok(())
        }
        "table-column" => {
            let times = times(&tag, "number-columns-repeated").min(16_384);
            if is_unseen(&tag) {
                sheet.hidden_columns.extend(place.1..place.1 + times);
            }
            place.1 += times;
            xml.skip().map(drop)
        }
        "table-rows" | "table-row-group" | "table-header-rows" | "table-columns" | "table-column-group" | "table-header-columns" => {
            xml.children(|xml, tag| of_table(xml, tag, sheet, place))
        }
        _ => xml.skip().map(drop),
    }
}

fn cell(xml: &mut Xml<'_>, tag: &Tag, (row, column): (u32, &mut u32), sheet: &mut Sheet, into: &mut Vec<(u32, String)>) -> Result<(), Refusal> {
    if !matches!(tag.name.as_str(), "table-cell" | "covered-table-cell") {
        return xml.skip().map(drop);
    }
    let mut paragraphs: Vec<String> = Vec::new();
    xml.children(|xml, tag| match tag.name.as_str() {
        "p" => paragraph(xml).map(|text| paragraphs.push(text)),
        // A note that hangs on the cell.
        _ => xml.skip().map(drop),
    })?;
    let text = paragraphs.join("\n");
    let (times, wide, tall) = (times(tag, "number-columns-repeated"), times(tag, "number-columns-spanned"), times(tag, "number-rows-spanned"));
    if !text.trim().is_empty() {
        if wide > 1 || tall > 1 {
            sheet.merged.push(((row, *column), (row.saturating_add(tall - 1), column.saturating_add(wide - 1))));
        }
        for again in 0..times {
            if into.len() >= MOST_CELLS {
                return Err(too_many());
            }
            into.push((column.saturating_add(again), text.clone()));
        }
    }
    *column = column.saturating_add(times);
    Ok(())
}

/// Text of a paragraph with its spaces and breaks.
fn paragraph(xml: &mut Xml<'_>) -> Result<String, Refusal> {
    let mut text = String::new();
    let mut depth = 0usize;
    loop {
        match xml.next()? {
            Piece::Open(tag) => {
                match tag.name.as_str() {
                    "s" => text.push_str(&" ".repeat(tag.get("c").and_then(|count| count.parse().ok()).unwrap_or(1usize).min(100))),
                    "tab" => text.push(' '),
                    "line-break" => text.push('\n'),
                    _ => {}
                }
                depth += 1;
            }
            Piece::Close if depth == 0 => return Ok(text),
            Piece::Close => depth -= 1,
            Piece::Text(part) => text.push_str(&part),
            Piece::End => return Err(broken()),
        }
    }
}
