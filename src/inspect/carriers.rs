//! The words in a file of any kind that is about to be published: pages, data, feeds, attachments.
//!
//! Word and Excel files are opened within limits (entries, bytes, no nesting); of a PDF what its streams say in plain letters is read.
//! What cannot be looked into is said to be so.

use crate::archive::{Archive, LARGEST_ARCHIVE, LARGEST_ENTRY};
use std::io::Read as _;

/// Words of a file, part by part.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Words {
    /// Each part as running text; cells are parted by `|`, blocks by line breaks.
    pub texts: Vec<String>,
    /// Whether the file may hold words that were not read: pictures, scanned pages, formats of old programs.
    pub opaque: bool,
}

/// The words of a file, told by its name and its first bytes.
pub fn words(name: &str, bytes: &[u8]) -> Words {
    let lower = name.to_ascii_lowercase();
    let is = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if bytes.starts_with(b"PK\x03\x04") {
        return archive(bytes);
    }
    if bytes.starts_with(b"%PDF") {
        return pdf(bytes);
    }
    if is(&[".html", ".htm", ".xml", ".svg", ".xhtml"]) {
        return Words { texts: vec![visible(&String::from_utf8_lossy(bytes))], opaque: false };
    }
    let text = std::str::from_utf8(bytes);
    match text {
        Ok(text) => Words { texts: vec![text.to_string()], opaque: false },
        // Pictures carry notes in plain letters: who took them, and where.
        Err(_) => Words { texts: vec![letters(bytes)], opaque: !is(&[".css", ".js", ".woff2", ".woff", ".ttf", ".ico"]) },
    }
}

/// The words of markup: text, cells parted by `|`, and the values of attributes in lines of their own.
pub fn visible(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len() / 2);
    let mut values = String::new();
    let mut rest = markup;
    while let Some(open) = rest.find('<') {
        push_decoded(&rest[..open], &mut text);
        let tag_end = rest[open..].find('>').map_or(rest.len(), |at| open + at + 1);
        let tag = &rest[open..tag_end];
        if let Some(comment) = tag.strip_prefix("<!--") {
            values.push('\n');
            values.push_str(comment);
        }
        let name: String = tag.trim_start_matches(['<', '/']).chars().take_while(|c| c.is_ascii_alphanumeric() || *c == ':').collect();
        match name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "td" | "th" | "tc" | "c" => text.push('|'),
            // Runs inside a word break no number.
            "a" | "b" | "i" | "em" | "strong" | "span" | "mark" | "wbr" | "u" | "sub" | "sup" | "ins" | "del" | "r" | "t" | "rpr" | "rfonts" | "font"
            | "tspan" => {}
            _ => {
                if !text.ends_with('\n') {
                    text.push('\n');
                }
            }
        }
        for value in tag.split('"').skip(1).step_by(2).filter(|value| value.len() >= 11) {
            values.push('\n');
            push_decoded(value, &mut values);
        }
        rest = &rest[tag_end..];
    }
    push_decoded(rest, &mut text);
    text.push_str(&values);
    text
}

fn push_decoded(part: &str, out: &mut String) {
    if !part.contains('&') {
        out.push_str(part);
        return;
    }
    let mut rest = part;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(';').map(|end| at + end).filter(|end| end - at <= 10);
        let named = end.and_then(|end| {
            let name = &rest[at + 1..end];
            let code = name
                .strip_prefix("#x")
                .or_else(|| name.strip_prefix("#X"))
                .map(|hex| u32::from_str_radix(hex, 16))
                .or_else(|| name.strip_prefix('#').map(str::parse));
            match (name, code) {
                ("amp", _) => Some('&'),
                ("lt", _) => Some('<'),
                ("gt", _) => Some('>'),
                ("quot", _) => Some('"'),
                ("nbsp", _) => Some('\u{a0}'),
                (_, Some(Ok(code))) => char::from_u32(code),
                _ => None,
            }
        });
        match (named, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
}

/// Word, Excel, OpenDocument and plain archives: the markup and texts inside.
fn archive(bytes: &[u8]) -> Words {
    let mut words = Words::default();
    let Ok(mut archive) = Archive::open(bytes) else {
        return Words { opaque: true, ..words };
    };
    for place in 0..archive.len() {
        let Ok((name, content)) = archive.at(place) else {
            words.opaque = true;
            continue;
        };
        let name = name.to_ascii_lowercase();
        if name.ends_with('/') {
            continue;
        }
        words.texts.push(name.clone());
        let markup = [".xml", ".rels", ".html", ".htm", ".xhtml", ".svg"].iter().any(|ending| name.ends_with(ending));
        match std::str::from_utf8(&content) {
            Ok(text) if markup => words.texts.push(visible(text)),
            Ok(text) => words.texts.push(text.to_string()),
            Err(_) => {
                words.texts.push(letters(&content));
                // A picture or a file inside a file was not looked into.
                words.opaque = true;
            }
        }
    }
    words
}

/// What the streams of a PDF say in plain letters. Texts in most Chinese fonts are numbers of glyphs, so the file stays opaque.
fn pdf(bytes: &[u8]) -> Words {
    let mut texts = vec![letters(bytes)];
    let mut left = LARGEST_ARCHIVE;
    let mut at = 0;
    while let Some(start) = find(&bytes[at..], b"stream").map(|found| at + found + b"stream".len()) {
        let Some(end) = find(&bytes[start..], b"endstream").map(|found| start + found) else { break };
        let body = bytes[start..end].strip_prefix(b"\r\n").or_else(|| bytes[start..end].strip_prefix(b"\n")).unwrap_or(&bytes[start..end]);
        let mut inflated = Vec::new();
        let limit = LARGEST_ENTRY.min(left);
        let _ = flate2::read::ZlibDecoder::new(body).take(limit).read_to_end(&mut inflated);
        left = left.saturating_sub(inflated.len() as u64);
        let mut said = String::new();
        for part in letters(&inflated).split('(').skip(1) {
            said.push_str(part.split(')').next().unwrap_or_default());
        }
        texts.push(said);
        at = end + b"endstream".len();
    }
    Words { texts, opaque: true }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

/// Plain letters of a file that is no text; everything else is a break.
fn letters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '\u{1}' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn markup_becomes_cells_and_lines() {
        let text = visible("<p>甲<b>乙</b>&#49;</p><table><tr><td>1</td><td>2</td></tr></table><img alt=\"一二三四五六七八九十\">");
        assert!(text.contains("甲乙1") && text.contains("|1||2|") && text.ends_with("一二三四五六七八九十"), "{text:?}");
    }

    #[test]
    fn office_files_are_opened() {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut file = zip::ZipWriter::new(&mut bytes);
        file.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
        file.write_all("<w:p><w:r><w:t>1234</w:t></w:r><w:r><w:t>5678</w:t></w:r></w:p>".as_bytes()).unwrap();
        file.finish().unwrap();
        let words = words("a.docx", bytes.get_ref());
        assert!(words.texts.iter().any(|text| text.contains("12345678")) && !words.opaque, "{words:?}");
    }

    #[test]
    fn what_cannot_be_looked_into_says_so() {
        assert!(words("a.doc", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1]).opaque);
        assert!(words("a.pdf", b"%PDF-1.4").opaque);
        assert!(words("a.zip", b"PK\x03\x04 broken").opaque);
        assert!(!words("a.csv", "甲,乙".as_bytes()).opaque);
    }
}
