//! The characters of a .doc file, story by story, straight from its list of pieces: what a reader of paragraphs passes over, such as
//! hidden text, text boxes and comments, stands here and can be listed.

use encoding_rs::WINDOWS_1252;
use std::collections::BTreeMap;

/// Paragraphs of each story, in the order of the file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Stories {
    /// The text itself.
    pub(super) main: Vec<String>,
    /// Notes, page headers and footers.
    pub(super) around: Vec<String>,
    /// Comments.
    pub(super) comments: Vec<String>,
    /// Text boxes.
    pub(super) boxes: Vec<String>,
    /// How many cells of tables in the text hold something.
    pub(super) cells: usize,
}

/// Where the first block of the main stream keeps the place and length of the list of pieces.
const LIST: usize = 0x01a2;
/// Where it keeps how many characters the stories have: text, footnotes, headers, macros, comments, endnotes, boxes, boxes in headers.
const LENGTHS: usize = 0x4c;
/// Characters of a file that are looked at.
const MOST: usize = 4 << 20;

impl Stories {
    /// Reads the main stream with the stream of tables beside it; nothing where the list of pieces does not fit them.
    pub(super) fn of(stream: &[u8], tables: &[u8]) -> Option<Stories> {
        let (start, length) = (number(stream, LIST)?, number(stream, LIST + 4)?);
        let text = characters(stream, pieces(tables.get(start..start.checked_add(length)?)?)?)?;
        let mut rest: &[char] = &text;
        let mut stories: [Vec<String>; 8] = Default::default();
        let mut cells = 0;
        for (nth, story) in stories.iter_mut().enumerate() {
            let length = number(stream, LENGTHS + 4 * nth)?.min(rest.len());
            let own;
            (own, rest) = rest.split_at(length);
            *story = paragraphs(own);
            // A sign ends each cell, and each row once more.
            let full = |pair: &&[char]| pair[1] == '\u{7}' && pair[0] > ' ';
            cells += if nth == 0 { own.windows(2).filter(full).count() } else { 0 };
        }
        let [main, footnotes, headers, _, comments, endnotes, boxes, in_headers] = stories;
        Some(Stories { main, around: [footnotes, headers, endnotes].concat(), comments, boxes: [boxes, in_headers].concat(), cells })
    }
}

/// Where a list of places of characters and its length are kept: of footnotes, of headers, of endnotes.
const PLACES: [usize; 3] = [0xb2, 0xf2, 0x212];
/// Where a file of before 1997 keeps how many characters it has.
const LENGTH_BEFORE: usize = 0x34;

/// Whether the file claims no more characters than it has bytes: a reader that believed it would ask for all memory there is.
pub(super) fn is_within(stream: &[u8], tables: &[u8], is_new: bool) -> bool {
    let fits = |claimed: Option<usize>| claimed.is_none_or(|claimed| claimed <= stream.len());
    if !is_new {
        return fits(number(stream, LENGTH_BEFORE));
    }
    let places = PLACES.iter().filter_map(|at| {
        let (start, length) = (number(stream, *at)?, number(stream, at + 4)?);
        tables.get(start..start.checked_add(length)?)
    });
    (0..8).all(|nth| fits(number(stream, LENGTHS + 4 * nth))) && places.flat_map(|list| list.chunks_exact(4)).all(|place| fits(number(place, 0)))
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let found = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(found.try_into().ok()?) as usize)
}

/// The table of pieces, after what stands before it in the list.
fn pieces(mut list: &[u8]) -> Option<&[u8]> {
    while let [1, low, high, rest @ ..] = list {
        list = rest.get(usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    let [2, rest @ ..] = list else { return None };
    rest.get(4..4usize.checked_add(number(rest, 0)?)?)
}

/// All characters, in order: pieces hold one byte a character, or two.
fn characters(stream: &[u8], table: &[u8]) -> Option<Vec<char>> {
    let count = table.len().checked_sub(4)? / 12;
    let mut text = Vec::new();
    for piece in 0..count {
        let length = number(table, 4 * piece + 4)?.checked_sub(number(table, 4 * piece)?)?;
        let place = number(table, 4 * (count + 1) + 8 * piece + 2)?;
        if text.len() + length > MOST {
            return None;
        }
        let narrow = place & (1 << 30) != 0;
        let place = place & !(1 << 30);
        let (start, end) = if narrow { (place / 2, (place / 2).checked_add(length)?) } else { (place, place.checked_add(2 * length)?) };
        let bytes = stream.get(start..end)?;
        if narrow {
            text.extend(WINDOWS_1252.decode_without_bom_handling(bytes).0.chars());
        } else {
            // A character outside the first plane counts twice, in the file as here.
            let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            for c in char::decode_utf16(units) {
                let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
                text.push(c);
                text.extend((c.len_utf16() == 2).then_some('\0'));
            }
        }
    }
    Some(text)
}

/// Paragraphs and cells without the codes of fields and the signs that stand for objects.
fn paragraphs(text: &[char]) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut codes = 0usize;
    for c in text {
        match c {
            '\u{13}' => codes += 1,
            '\u{14}' | '\u{15}' => codes = codes.saturating_sub(1),
            _ if codes > 0 => {}
            '\r' | '\u{7}' | '\u{b}' | '\u{c}' => found.push(String::new()),
            '\u{1e}' => found.last_mut().expect("never empty").push('-'),
            c if *c < ' ' => {}
            c => found.last_mut().expect("never empty").push(*c),
        }
    }
    found.retain(|paragraph| !paragraph.trim().is_empty());
    found
}

/// Most steps that the search for parts takes; beyond it paragraphs are listed whole.
const PATIENCE: usize = 50_000_000;

/// The parts of paragraphs that are not among the texts that were read, white space aside. Each text explains one paragraph.
pub(super) fn missing<'t>(paragraphs: &[String], read: impl Iterator<Item = &'t str>) -> Vec<String> {
    let compact = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for text in read {
        *known.entry(compact(text)).or_insert(0) += 1;
    }
    let is_new = |paragraph: &String| match known.get_mut(paragraph).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            false
        }
        None => true,
    };
    let rest: Vec<String> = paragraphs.iter().map(|paragraph| compact(paragraph)).filter(is_new).collect();
    let mut left: String = known.into_iter().flat_map(|(text, count)| std::iter::repeat_n(text + "\n", count)).collect();
    if rest.iter().map(String::len).sum::<usize>().saturating_mul(left.len()) > PATIENCE {
        return rest;
    }
    rest.iter().flat_map(|paragraph| parts(paragraph, &mut left)).collect()
}

/// The parts of one paragraph that are not in what is left of the texts; what explains the others is taken out of it.
fn parts(paragraph: &str, left: &mut String) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut rest, mut open) = (paragraph, false);
    while let Some(first) = rest.chars().next() {
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
        let known = ends.map(|end| &rest[..end]).map_while(|part| left.find(part).map(|at| at..at + part.len())).last();
        // One character in the middle of others may stand anywhere.
        match known.filter(|known| known.len() > first.len_utf8() || known.len() == paragraph.len()) {
            Some(known) => {
                rest = &rest[known.len()..];
                left.replace_range(known, "\n");
                open = false;
            }
            None => {
                if !std::mem::replace(&mut open, true) {
                    found.push(String::new());
                }
                found.last_mut().expect("one was pushed").push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing() {
        let missing = |paragraphs: &[&str], read: &[&str]| -> Vec<String> {
            missing(&paragraphs.iter().map(|text| text.to_string()).collect::<Vec<_>>(), read.iter().copied())
        };
        assert_eq!(missing(&["甲乙丙 丁", "戊己"], &["戊己", "甲乙丙丁"]), Vec::<String>::new());
        assert_eq!(missing(&["一段藏起来都在的文字"], &["一段都在的文字"]), ["藏起来"]);
        assert_eq!(missing(&["一段文字", "接着的文字"], &["一段文字接着的文字"]), Vec::<String>::new());
        // A text explains one paragraph and no second.
        assert_eq!(missing(&["月", "月", "年"], &["月"]), ["月", "年"]);
        assert_eq!(missing(&["甲乙".repeat(4_000).as_str()], &["甲丙".repeat(4_000).as_str()]), ["甲乙".repeat(4_000)]);
    }

    #[test]
    fn fields_and_signs_are_no_text() {
        let text: Vec<char> = "甲\u{13} PAGE \u{14}3\u{15}乙\u{7}丙\u{1}\r\r".chars().collect();
        assert_eq!(paragraphs(&text), ["甲3乙", "丙"]);
    }

    #[test]
    fn lists_that_lie_are_nothing() {
        for tables in [&[][..], &[1, 0xff, 0xff], &[2, 0xff, 0xff, 0xff, 0xff], &[2, 4, 0, 0, 0, 1, 1, 1, 1]] {
            let mut stream = vec![0u8; 0x400];
            stream[LIST + 4] = tables.len() as u8;
            assert!(Stories::of(&stream, tables).is_none_or(|stories| stories == Stories::default()));
        }
    }
}
