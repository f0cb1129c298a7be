//! Hostile and broken files: no panic, nothing beyond the limits, no character lost without a word.

use super::super::read::{HOOK, read};
use super::super::{content, recognize, repair};
use super::formats::{docx, ods, p, packed, xlsx};
use super::{nothing_lost_of, visible};
use proptest::prelude::*;
use std::cell::Cell;
use std::io::{Seek as _, SeekFrom, Write as _};

/// Reads a file as far as an import does before it writes.
fn imported(bytes: &[u8]) -> Option<Vec<(recognize::Recognized, String)>> {
    let mut reports = recognize::reports(read(bytes).ok()?);
    for report in &mut reports {
        report.notes.extend(repair::apply(&mut report.lines));
    }
    let origin = content::Origin { file: "a", sha256: "00", part: None };
    Some(
        reports
            .into_iter()
            .map(|report| {
                let text = content::write(&report, origin);
                (report, text)
            })
            .collect(),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What a file shows: paragraphs, then a table, then something hidden.
#[derive(Clone, Debug)]
struct Shown {
    paragraphs: Vec<String>,
    table: Vec<[String; 3]>,
    hidden: String,
}

const KINDS: [&str; 12] = ["txt", "gbk", "utf16", "html", "mht", "md", "csv", "docx", "doc", "xlsx", "xls", "ods"];

/// Files as an office program wrote them, each text a slot of [`SLOT`] equal characters, from 㐀 on: eight paragraphs, four rows of three
/// cells, then something hidden. The .xls file has the rows alone.
const SLOTS: [(&str, &[u8]); 2] = [("doc", include_bytes!("slots.doc")), ("xls", include_bytes!("slots.xls"))];
const SLOT: usize = 40;

/// Puts a text into the slot of its number.
fn fill(file: &mut [u8], number: u32, text: &str) {
    let units = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let slot = units(&char::from_u32(0x3400 + number).unwrap().to_string().repeat(SLOT));
    let mut filled = units(text);
    filled.truncate(slot.len());
    while filled.len() < slot.len() {
        filled.extend(units(" "));
    }
    let at = file.windows(slot.len()).position(|window| window == slot).expect("the file has the slot");
    file[at..at + slot.len()].copy_from_slice(&filled);
}

impl Shown {
    fn all(&self) -> String {
        self.paragraphs.concat() + &self.table.concat().concat()
    }

    fn html(&self) -> String {
        let paragraphs: String = self.paragraphs.iter().map(|text| format!("<p>{}</p>\n", escaped(text))).collect();
        let rows: String =
            self.table.iter().map(|row| format!("<tr>{}</tr>", row.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect::<String>())).collect();
        format!(
            "<html><head><meta charset=utf-8></head><body>{paragraphs}<table>{rows}</table><div style='display:none'>{}</div></body></html>",
            escaped(&self.hidden)
        )
    }

    fn text(&self) -> String {
        self.paragraphs.join("\n") + "\n" + &self.table.iter().map(|row| format!("|{}|\n", row.join("|"))).collect::<String>()
    }

    fn file(&self, kind: &str) -> Vec<u8> {
        let cells = |open: &str, close: &str| -> Vec<String> {
            self.table.iter().map(|row| row.iter().map(|cell| format!("{open}{}{close}", escaped(cell))).collect()).collect()
        };
        match kind {
            "gbk" => encoding_rs::GB18030.encode(&self.text()).0.into_owned(),
            "utf16" => std::iter::once(0xfeff).chain(self.text().encode_utf16()).flat_map(u16::to_le_bytes).collect(),
            "html" => self.html().into_bytes(),
            "mht" => {
                let body: String = self
                    .html()
                    .bytes()
                    .map(|byte| if byte.is_ascii_graphic() && byte != b'=' { char::from(byte).to_string() } else { format!("={byte:02X}") })
                    .collect();
                format!("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{body}\r\n--b--\r\n").into_bytes()
            }
            "md" => format!("# {}\n\n{}\n", self.paragraphs[0], self.paragraphs[1..].join("\n\n")).into_bytes(),
            "csv" => self.table.iter().map(|row| format!("{}\n", row.join(","))).collect::<String>().into_bytes(),
            "docx" => {
                let rows: String = cells("<w:tc><w:p><w:r><w:t>", "</w:t></w:r></w:p></w:tc>").iter().map(|row| format!("<w:tr>{row}</w:tr>")).collect();
                let hidden = format!("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{}</w:t></w:r></w:p>", escaped(&self.hidden));
                docx(&format!("{}<w:tbl>{rows}</w:tbl>{hidden}", self.paragraphs.iter().map(|text| p(&escaped(text))).collect::<String>()), &[])
            }
            "xlsx" => {
                let rows: String = cells("<c t=\"inlineStr\"><is><t>", "</t></is></c>").iter().map(|row| format!("<row>{row}</row>")).collect();
                xlsx(&format!("<sheetData>{rows}</sheetData>"))
            }
            "ods" => ods(&cells("<table:table-cell><text:p>", "</text:p></table:table-cell>")
                .iter()
                .map(|row| format!("<table:table-row>{row}</table:table-row>"))
                .collect::<String>()),
            "doc" | "xls" => {
                let mut file = SLOTS.iter().find(|slots| slots.0 == kind).expect("a kind with slots").1.to_vec();
                for number in (0..8).filter(|_| kind == "doc") {
                    fill(&mut file, number as u32, self.paragraphs.get(number).map_or("", String::as_str));
                }
                let cells = self.table.iter().flatten().map(String::as_str).chain(std::iter::repeat("")).take(12);
                for (number, cell) in cells.chain([self.hidden.as_str()]).enumerate() {
                    fill(&mut file, 8 + number as u32, cell);
                }
                file
            }
            _ => self.text().into_bytes(),
        }
    }

    /// What has to be found again: the kinds that hold no paragraphs, or no table, show less.
    fn seen(&self, kind: &str) -> String {
        match kind {
            "md" => self.paragraphs.concat(),
            "csv" | "xlsx" | "ods" => self.table.concat().concat(),
            "xls" => self.table.concat().concat() + &self.hidden,
            "html" | "mht" | "docx" | "doc" => self.all() + &self.hidden,
            _ => self.all(),
        }
    }
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[一二三政府信息公开申请办理情况镇县年月日0-9，。；：（）]{1,40}",
        1 => Just("云溪镇2014年政府信息公开工作年度报告".to_string()),
        1 => Just("一、主动公开政府信息情况".to_string()),
        1 => Just("2012-3月28日，政府（zhengfu）【百度文库】打印".to_string()),
        1 => "[a-zA-Z%.&<>开]{1,12}",
    ]
}

fn shown() -> impl Strategy<Value = Shown> {
    let row = [words(), words(), words()].prop_map(|row| row.map(|cell| cell.chars().take(20).collect::<String>()));
    (prop::collection::vec(words(), 2..8), prop::collection::vec(row, 2..5), words()).prop_map(|(paragraphs, table, hidden)| Shown {
        paragraphs,
        table,
        hidden,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// I12, over all kinds: every visible character of the source is in the result or in a list.
    #[test]
    fn no_visible_character_is_lost_in_any_kind(shown in shown()) {
        for kind in KINDS {
            // Text that looks like markup is markup in the kinds that are plain text.
            if matches!(kind, "txt" | "gbk" | "utf16" | "md" | "csv") && shown.seen(kind).contains(['<', '&', '>']) {
                continue;
            }
            let bytes = shown.file(kind);
            let Some(reports) = imported(&bytes) else {
                // A short text in an old encoding is refused; nothing else is.
                prop_assert!(kind == "gbk" || visible(&shown.seen(kind)).is_empty(), "{kind} was refused: {:?}", read(&bytes).err());
                continue;
            };
            if let Err(lost) = nothing_lost_of(&shown.seen(kind), &reports) {
                return Err(TestCaseError::fail(format!("{kind}: {lost}\n{:?}", reports)));
            }
        }
    }
}

/// A sequence of numbers that is the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end.max(1)
    }

    /// Bytes changed in a few places: turned, cut, doubled, put in from elsewhere.
    fn broken(&mut self, bytes: &[u8], words: &[&[u8]]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            if bytes.is_empty() {
                break;
            }
            let at = self.below(bytes.len());
            let end = (at + 1 + self.below(24)).min(bytes.len());
            match self.below(6) {
                0 => bytes[at] = self.below(256) as u8,
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece.repeat(1 + self.below(3)));
                }
                3 => bytes.truncate(at),
                4 => drop(bytes.splice(at..at, words[self.below(words.len())].iter().copied())),
                _ => drop(bytes.splice(at..end, words[self.below(words.len())].iter().copied())),
            }
        }
        bytes
    }
}

/// Kind of an archive and the part of it that is changed; none for files that are changed as a whole.
type Part = Option<(&'static str, &'static str)>;

/// Small files of every kind with something of everything in them; archives by their main part.
fn specimens() -> Vec<(Part, Vec<u8>)> {
    let shown = Shown {
        paragraphs: [
            "云溪镇2014年政府信息公开工作年度报告",
            "发布时间：2015-01-20 浏览次数：3",
            "一、概述",
            "（一）全年公开信息120余条，收到申请3件。",
            "云溪镇人民政府",
            "二〇一五年一月二十日",
        ]
        .map(String::from)
        .to_vec(),
        table: vec![
            ["第二十条第（一）项", "", ""].map(String::from),
            ["信息内容", "本年制发件数", "现行有效件数"].map(String::from),
            ["规章", "0", "/"].map(String::from),
        ],
        hidden: "藏".into(),
    };
    let rich = "<w:p><w:pPr><w:pStyle w:val=\"1\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/><w:vMerge w:val=\"restart\"/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl><w:sdt><w:sdtContent><w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p></w:sdtContent></w:sdt>";
    let sheet = "<cols><col min=\"3\" max=\"4\" hidden=\"1\"/></cols><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>项</t></is></c><c r=\"B1\" s=\"1\"><v>0.985</v></c></row><row r=\"2\" hidden=\"1\"><c r=\"A2\" s=\"2\"><v>45322</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:A2\"/></mergeCells>";
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{rich}</w:body></w:document>");
    let worksheet = format!("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{sheet}</worksheet>");
    let mut files: Vec<_> = KINDS.iter().map(|kind| (None, shown.file(kind))).collect();
    files.push((Some(("docx", "word/document.xml")), document.into_bytes()));
    files.push((Some(("xlsx", "xl/worksheets/sheet1.xml")), worksheet.into_bytes()));
    let numbering = "<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"%1、%9\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>";
    files.push((Some(("docx", "word/numbering.xml")), numbering.as_bytes().to_vec()));
    files
}

/// A file again around a part that was changed.
fn around(part: Part, bytes: Vec<u8>) -> Vec<u8> {
    let Some((kind, name)) = part else { return bytes };
    let content = String::from_utf8_lossy(&bytes).into_owned();
    if kind == "xlsx" {
        let inner = content.split_once('>').map_or(content.as_str(), |(_, inner)| inner.trim_end_matches("</worksheet>"));
        return xlsx(inner);
    }
    if name == "word/document.xml" {
        return packed(&[(name, &content)]);
    }
    docx("<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>文</w:t></w:r></w:p>", &[(name, &content)])
}

/// Files broken in thousands of ways from a fixed seed; for `GONGKAI_FUZZ_SECONDS` where it is set, without an end otherwise
/// than by time. A panic of a library would be one of ours.
#[test]
fn no_broken_file_makes_it_panic() {
    const WORDS: [&[u8]; 16] = [
        b"<",
        b">",
        b"&",
        b"</w:p>",
        b"<w:tc>",
        b"<table>",
        b"rowspan=99",
        b"\xff\xfe",
        b"\0\0",
        b"PK\x03\x04",
        b"=\r\n",
        "年".as_bytes(),
        "（".as_bytes(),
        b"|",
        b"99999999999999999999",
        b"\xa3\xa8",
    ];
    let seconds: u64 = std::env::var("GONGKAI_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    let began = std::time::Instant::now();
    let specimens = specimens();
    let mut numbers = Numbers(2026);
    let (mut rounds, mut of_libraries) = (0u64, 0u64);
    watch_panics();
    while rounds < 1_500 || began.elapsed().as_secs() < seconds {
        let (part, bytes) = &specimens[numbers.below(specimens.len())];
        let broken = around(*part, numbers.broken(bytes, &WORDS));
        let kept = broken.clone();
        let result = std::panic::catch_unwind(move || imported(&broken).map(|reports| reports.len()));
        // What the reader catches may be a library's panic, and never one of ours.
        let places = PANICS.take().unwrap_or_default();
        let ours = places.iter().any(|place| place.starts_with("src/"));
        assert!(
            result.is_ok() && !ours,
            "round {rounds} of {part:?} panicked at {places:?}; the file in hexadecimal: {}",
            kept.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        );
        of_libraries += u64::from(!places.is_empty());
        PANICS.set(Some(Vec::new()));
        rounds += 1;
    }
    PANICS.set(None);
    if seconds > 0 {
        let words = format_args!("{rounds} broken files, no panic of ours; {of_libraries} of libraries were caught\n");
        let _ = std::io::Write::write_fmt(&mut std::io::stderr(), words);
    }
}

thread_local! {
    /// Where panics came from since somebody looked; none where nobody watches.
    static PANICS: Cell<Option<Vec<String>>> = const { Cell::new(None) };
}

/// Notes where panics of this thread come from, and keeps them off the screen.
fn watch_panics() {
    let _alone = HOOK.lock();
    PANICS.set(Some(Vec::new()));
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| match PANICS.take() {
        Some(mut places) => {
            places.extend(panic.location().map(|place| format!("{}:{}", place.file(), place.line())));
            PANICS.set(Some(places));
        }
        None => before(panic),
    }));
}

/// A .doc file that claims more characters than it has bytes: a reader that believes it asks for gigabytes, and the run ends.
#[test]
fn doc_files_that_claim_too_much_are_broken() {
    let changed = |stream: &str, at: u64, bytes: &[u8]| {
        let mut container = cfb::CompoundFile::open(std::io::Cursor::new(SLOTS[0].1.to_vec())).unwrap();
        let mut open = container.open_stream(stream).unwrap();
        open.seek(SeekFrom::Start(at)).unwrap();
        open.write_all(bytes).unwrap();
        open.flush().unwrap();
        drop(open);
        container.into_inner().into_inner()
    };
    assert!(read(&changed("/WordDocument", 0x4c, &[])).is_ok());
    for nth in 0..8 {
        assert!(read(&changed("/WordDocument", 0x4c + 4 * nth, &[0xff, 0xff, 0xff, 0x7f])).is_err(), "length {nth}");
    }
    // Its first bytes, taken for places of footnotes, are far beyond the end.
    assert!(read(&changed("/WordDocument", 0xb2, &[0, 0, 0, 0, 0xff, 0xff, 0, 0])).is_ok(), "no list");
    assert!(read(&changed("/WordDocument", 0xb2, &[0, 0, 0, 0, 0x40, 0, 0, 0])).is_err());
}

#[test]
fn bombs_end_at_their_limits() {
    let limit = |bytes: &[u8]| read(bytes).unwrap_err().limit;
    assert!(limit(&docx(&" ".repeat(80 << 20), &[])), "inflated size and ratio");
    assert!(limit(&docx(&"<w:sdt>".repeat(2_000), &[])), "depth");
    assert!(limit(format!("<html>{}", "<div>".repeat(50_000)).as_bytes()), "depth of a page");
    let cells = "<c t=\"inlineStr\"><is><t>炸</t></is></c>".repeat(2_000);
    assert!(limit(&xlsx(&format!("<sheetData>{}</sheetData>", format!("<row>{cells}</row>").repeat(300)))), "cells");
    let entity = "<!DOCTYPE w [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let file =
        packed(&[("word/document.xml", &format!("{entity}<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>&x;&b;</w:t></w:r></w:p></w:body></w:document>"))]);
    assert!(read(&file).unwrap_err().words.zh.contains("DTD"));
    // A cell in the last corner asks for a table of seventeen thousand million cells; only the one is read.
    let corner = "<sheetData><row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t>角</t></is></c></row></sheetData>";
    assert_eq!(read(&xlsx(corner)).unwrap().lines.len(), 1);
    // Names that lead elsewhere are names and nothing more.
    assert!(read(&packed(&[("../../word/document.xml", "<w:p/>"), ("/etc/passwd", "x")])).is_err());
}
