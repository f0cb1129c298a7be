//! Bytes of a foreign file to text, and what kind of file it is. Names are not asked: files are renamed too often.

use super::decode::{Decoded, decode};
use super::html;
use super::lines::{Lines, of_plain_text};
use crate::diag::Words;

/// Largest file that is read: a report of a million characters fits many times.
pub(super) const LARGEST: u64 = 16 << 20;

/// Why a file cannot be read, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refusal {
    pub(super) words: Words,
    /// Whether a stated limit was passed.
    pub(super) limit: bool,
}

impl From<Words> for Refusal {
    fn from(words: Words) -> Refusal {
        Refusal { words, limit: false }
    }
}

impl Refusal {
    /// A limit that was passed.
    pub(super) fn limit(zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal { words: Words::new(zh, en), limit: true }
    }
}

/// Blocks of a file, or why it cannot be read.
pub(super) fn read(bytes: &[u8]) -> Result<Lines, Refusal> {
    if bytes.is_empty() {
        return Err(Words::new("文件是空的", "the file is empty").into());
    }
    if let Some((zh, en)) = packed(bytes) {
        return Err(Words::new(
            format!("这是{zh}，现在只能导入文字和网页：请在原来的软件里另存为“纯文本（UTF-8）”或“网页”，再导入"),
            format!("this is {en}; only text and web pages can be imported: save it as plain text (UTF-8) or as a web page"),
        )
        .into());
    }
    let Decoded { text, note } = decode(bytes, None)?;
    let mut lines = if looks_like_html(&text) { html::read(&text)? } else { of_plain_text(&text) };
    if lines.lines.is_empty() {
        return Err(Words::new("文件里没有可见的文字", "the file holds no visible text").into());
    }
    lines.notes.extend(note);
    Ok(lines)
}

/// Word, Excel, PDF and pictures by their first bytes.
fn packed(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const KINDS: [(&[u8], &str, &str); 6] = [
        (b"PK\x03\x04", "Word、Excel 文件或压缩包", "a Word or Excel file or an archive"),
        (b"\xd0\xcf\x11\xe0", "旧版 Word、Excel 文件", "an old Word or Excel file"),
        (b"%PDF", "PDF 文件", "a PDF file"),
        (b"{\\rtf", "RTF 文件", "an RTF file"),
        (b"\x89PNG", "图片", "a picture"),
        (b"\xff\xd8\xff", "图片", "a picture"),
    ];
    KINDS.iter().find(|(start, ..)| bytes.starts_with(start)).map(|(_, zh, en)| (*zh, *en))
}

/// Whether a text is a web page: it opens with one, or it closes the elements that pages are made of.
fn looks_like_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(64).collect::<String>().to_ascii_lowercase();
    if ["<!doctype html", "<html", "<head", "<body"].iter().any(|opening| start.starts_with(opening)) {
        return true;
    }
    let mut closed = 0;
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        closed += usize::from(rest[name.len()..].starts_with('>') && BLOCKS.contains(&name.as_str()));
        if closed >= 2 || (closed == 1 && start.starts_with('<')) {
            return true;
        }
    }
    false
}

const BLOCKS: [&str; 14] = ["p", "div", "table", "tr", "td", "span", "body", "html", "h1", "h2", "h3", "li", "font", "strong"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_text() {
        assert_eq!(read("\u{feff}标题".as_bytes()).unwrap().lines, of_plain_text("标题").lines);
    }

    #[test]
    fn packed_files_and_empty_ones_say_what_to_do() {
        for bytes in [&b"PK\x03\x04rest"[..], b"%PDF-1.4", b"\xd0\xcf\x11\xe0"] {
            assert!(read(bytes).unwrap_err().words.zh.contains("另存为"));
        }
        assert!(read(b"").is_err() && read(b" \n\n").is_err());
    }

    #[test]
    fn the_kind_is_told_by_the_content() {
        for page in ["<!DOCTYPE html><p>x", "\n<html>", "<div>文</div>", "文字<p>一</p><p>二</p>"] {
            assert!(looks_like_html(page), "{page}");
        }
        for text in ["《湖南省实施<中华人民共和国政府信息公开条例>办法》", "a < b", "标题", "<注>见附件</注>"] {
            assert!(!looks_like_html(text), "{text}");
        }
    }
}
