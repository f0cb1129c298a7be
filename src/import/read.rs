//! Bytes of a foreign file to blocks, by what kind of file it is. Names are not asked: files are renamed too often.

use super::decode::{Decoded, decode};
use super::lines::Lines;
use super::sheet::{comma, excel, open};
use super::xml::broken;
use super::{clean, html, legacy, mht, pdf, plain, word};
use crate::archive::Archive;
use crate::diag::Words;
use std::cell::Cell;

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
    if bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
        return Err(Words::new("文件是空的：请重新下载，或换一份原件", "the file is empty: fetch it again").into());
    }
    // Libraries read some kinds; should one of them fail in an unforeseen way, it is this file that is broken and no other.
    let mut lines = caught(|| by_kind(bytes)).unwrap_or_else(|| Err(broken()))?;
    clean::clean(&mut lines);
    if lines.lines.is_empty() {
        return Err(Words::new(
            "文件里没有可见的文字：如果是扫描的图片，请识别文字（OCR）并校对后再导入",
            "the file holds no visible text: if it is a scanned picture, recognize its text (OCR) first",
        )
        .into());
    }
    Ok(lines)
}

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// What a call gives; nothing if it panics.
fn caught<T>(call: impl FnOnce() -> T + std::panic::UnwindSafe) -> Option<T> {
    CATCHING.set(true);
    let result = std::panic::catch_unwind(call);
    CATCHING.set(false);
    result.ok()
}

/// Keeps panics that are caught here from the terminal: the clerk is told that the file is broken, and has no use for a line of
/// somebody's source. All others are shown as before. For programs, once, before they import.
pub fn hush_caught_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !CATCHING.get() {
            before(panic);
        }
    }));
}

fn by_kind(bytes: &[u8]) -> Result<Lines, Refusal> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let mut archive = Archive::open(bytes).map_err(word::refusal)?;
        return of_archive(bytes, &mut archive);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return legacy::read(bytes);
    }
    if bytes[..bytes.len().min(1024)].windows(5).any(|start| start == b"%PDF-") {
        return pdf::read(bytes);
    }
    if let Some(words) = unreadable(bytes) {
        return Err(words.into());
    }
    if mht::is_mht(bytes) {
        return mht::read(bytes);
    }
    let Decoded { text, note } = decode(bytes, None)?;
    if let Some(words) = office_xml(&text) {
        return Err(words.into());
    }
    let mut lines = if looks_like_html(&text) {
        html::read(&text)?
    } else if plain::is_markdown(&text) {
        plain::of_markdown(&text)
    } else if let Some(separator) = comma::separator(&text) {
        comma::read(&text, separator)
    } else {
        plain::of_plain_text(&text)
    };
    lines.notes.extend(note);
    Ok(lines)
}

fn of_archive(bytes: &[u8], archive: &mut Archive<'_>) -> Result<Lines, Refusal> {
    if word::is_word(archive) {
        return word::read(archive);
    }
    if excel::is_excel(archive) {
        return excel::read_new(bytes, archive);
    }
    if open::is_open(archive) {
        return open::read(archive);
    }
    let names = archive.names();
    let has = |part: &str| names.iter().any(|name| name.contains(part));
    let (zh, en, next_zh, next_en) = match () {
        () if has("ppt/presentation.xml") => {
            (" PowerPoint 演示文稿", "a PowerPoint file", "把文字复制到 Word，存为 .docx 后导入", "copy its text into Word and save it as .docx")
        }
        () if has("META-INF/manifest.xml") => (" OpenDocument 文件", "an OpenDocument file", "在 WPS 或 Word 里“另存为” .docx 后导入", "save it as .docx"),
        () if has("OFD.xml") => (" OFD 版式文件", "an OFD file", "在 WPS 或 OFD 阅读器里转成 .docx 后导入", "convert it to .docx"),
        () if has("xl/workbook.bin") => (" Excel 二进制文件（.xlsb）", "a binary Excel file", "在 Excel 或 WPS 里“另存为” .xlsx 后导入", "save it as .xlsx"),
        () => ("压缩包", "an archive", "解压缩，再导入其中的文件", "unpack it and import the files inside"),
    };
    Err(Words::new(format!("这是{zh}，不能直接导入：请先{next_zh}"), format!("this is {en}: {next_en}")).into())
}

/// Kinds that hold no text this program can read, by their first bytes.
fn unreadable(bytes: &[u8]) -> Option<Words> {
    const SAVE: (&str, &str) = ("请用 WPS 或 Word 打开，“另存为” .docx 后导入", "open it in WPS or Word and save it as .docx");
    const SCAN: (&str, &str) = ("请识别其中的文字（OCR），校对后存为 .docx 再导入", "recognize its text (OCR), read it through and save it as .docx");
    const UNPACK: (&str, &str) = ("请先解压缩，再导入其中的文件", "unpack it and import the files inside");
    type Kind = (&'static [u8], (&'static str, &'static str), (&'static str, &'static str));
    const KINDS: [Kind; 11] = [
        (b"{\\rtf", (" RTF 文件", "an RTF file"), SAVE),
        (b"\xdb\xa5", ("很早的 Word 文件", "a Word file of before 1995"), SAVE),
        (b"\x89PNG", ("图片", "a picture"), SCAN),
        (b"\xff\xd8\xff", ("图片", "a picture"), SCAN),
        (b"GIF8", ("图片", "a picture"), SCAN),
        (b"II*\0", ("图片", "a picture"), SCAN),
        (b"MM\0*", ("图片", "a picture"), SCAN),
        (b"RIFF", ("图片或录音录像", "a picture or a recording"), SCAN),
        (b"Rar!", ("压缩包", "an archive"), UNPACK),
        (b"7z\xbc\xaf", ("压缩包", "an archive"), UNPACK),
        (b"\x1f\x8b", ("压缩包", "an archive"), UNPACK),
    ];
    let (_, (zh, en), (next_zh, next_en)) = KINDS.iter().find(|(start, ..)| bytes.starts_with(start))?;
    Some(Words::new(format!("这是{zh}，不能直接导入：{next_zh}"), format!("this is {en}: {next_en}")))
}

/// Word and Excel files saved as one XML file.
fn office_xml(text: &str) -> Option<Words> {
    let start: String = text.trim_start().chars().take(2000).collect();
    let is_office = ["<pkg:package", "<w:wordDocument", "progid=\"Word.Document\"", "progid=\"Excel.Sheet\"", "urn:schemas-microsoft-com:office:spreadsheet\""]
        .iter()
        .any(|sign| start.contains(sign));
    (is_office && start.starts_with("<?xml") && !start.contains("<html")).then(|| {
        Words::new(
            "这是 Word 或 Excel 的 XML 文件，不能直接导入：请在 WPS 或 Word 里打开，“另存为” .docx（表格存 .xlsx）后导入",
            "this is an XML file of Word or Excel: open it and save it as .docx (.xlsx)",
        )
    })
}

/// Whether a text is a web page: it opens with one, or it closes the elements that pages are made of.
fn looks_like_html(text: &str) -> bool {
    let start: String = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').chars().take(64).collect::<String>().to_ascii_lowercase();
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

/// One test at a time changes what the process does on a panic.
#[cfg(test)]
pub(super) static HOOK: std::sync::Mutex<()> = std::sync::Mutex::new(());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::lines::of_plain_text;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_byte_order_mark_is_no_text() {
        assert_eq!(read("\u{feff}标题".as_bytes()).unwrap().lines, of_plain_text("标题").lines);
    }

    #[test]
    fn a_panic_that_is_caught_is_not_shown() {
        // The hook is the process's, so what it saw is told apart by its words.
        static SHOWN: AtomicUsize = AtomicUsize::new(0);
        let _alone = HOOK.lock();
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| match panic.payload().downcast_ref::<&str>() {
            Some(&"a probe of the hook") => drop(SHOWN.fetch_add(1, Ordering::SeqCst)),
            _ => before(panic),
        }));
        hush_caught_panics();
        assert_eq!(caught(|| panic!("a probe of the hook")), None::<()>);
        assert_eq!((SHOWN.load(Ordering::SeqCst), caught(|| 1)), (0, Some(1)));
        assert!(std::panic::catch_unwind(|| panic!("a probe of the hook")).is_err());
        assert_eq!(SHOWN.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn what_cannot_be_read_says_what_to_do() {
        for bytes in [&b"PK\x03\x04rest"[..], b"\xd0\xcf\x11\xe0rest", b"{\\rtf1", b"<?xml version='1.0'?><pkg:package xmlns:pkg='x'>"] {
            assert!(read(bytes).unwrap_err().words.zh.contains("另存为"), "{bytes:?}");
        }
        assert!(read(b"\x89PNG").unwrap_err().words.zh.contains("OCR"));
        assert!(read(b"Rar!").unwrap_err().words.zh.contains("解压"));
        assert!(read(b"").is_err() && read(b" \n\n").is_err() && read(b"<html><p></p></html>").is_err());
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
