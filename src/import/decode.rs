//! Bytes to text: byte order mark, strict UTF-8, what the file declares, then what its bytes look like.
//!
//! Every decoding is strict: one byte that does not fit and the encoding is not it. Without a declaration GBK and Big5
//! texts can each be read as the other, so a text is only taken for one of them if the detector says so, if common
//! characters say so, too, and if there is enough of it. What remains doubtful is refused: a wrong character that nobody
//! sees is worse than a clerk who has to save the file again.

use super::lines::Note;
use crate::diag::Words;
use crate::text::is_han;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// A text and what is to be said about how it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) note: Option<Note>,
}

/// Han characters below which no encoding is detected.
const FEWEST: usize = 12;
/// Share of common characters, in hundredths, that Chinese text has; texts read in a wrong encoding stay below 4.
const PLAUSIBLE: usize = 12;

/// The text of a file. `declared` is the name of an encoding that something around the file states, such as a MIME header.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Decoded, Words> {
    let sure = |text: String| Ok(Decoded { text, note: None });
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = strictly(encoding, &bytes[mark..]).ok_or_else(|| unfit(bytes, mark, encoding))?;
        return sure(text);
    }
    let declared = declared.map(str::as_bytes).and_then(Encoding::for_label).or_else(|| declaration(bytes)).map(whole);
    let broken = match std::str::from_utf8(bytes) {
        Ok(text) if !is_twofold(text, bytes) => {
            // Browsers believe the page and show it garbled; its bytes say what it is.
            let other = declared.filter(|encoding| *encoding != UTF_8 && text.contains(is_han));
            let note = other.map(|declared| Note {
                rule: "import/encoding-differs",
                message: Words::new(
                    format!("文件自称是 {} 编码，内容却是 UTF-8，已按内容读取", shown(declared)),
                    format!("the file says {} but is UTF-8, and was read so", shown(declared)),
                ),
                line: None,
            });
            return Ok(Decoded { text: text.to_string(), note });
        }
        Ok(_) => return declared.and_then(|encoding| strictly(encoding, bytes)).map_or_else(|| Err(twofold()), sure),
        Err(error) => error,
    };
    if let Some(text) = unmarked_utf16(bytes) {
        return sure(text);
    }
    if let Some(range) = utf8_run(bytes) {
        return Err(mixed(bytes, range));
    }
    let readings: Vec<Reading> = [GB18030, BIG5].into_iter().filter_map(|encoding| Reading::of(encoding, bytes)).collect();
    if let Some(declared) = declared.filter(|encoding| *encoding != UTF_8) {
        let own = Reading::of(declared, bytes);
        let better = readings.iter().find(|reading| reading.encoding != declared && reading.is_plausible());
        match (own, better) {
            (Some(own), None) => return sure(own.text),
            (Some(own), Some(_)) if own.is_plausible() => return sure(own.text),
            (_, Some(better)) if confirms(bytes, better.encoding) => {
                let words = Words::new(
                    format!("文件自称是 {} 编码，内容却是 {}，已按内容读取", shown(declared), shown(better.encoding)),
                    format!("the file says {} but is {}, and was read so", shown(declared), shown(better.encoding)),
                );
                return Ok(Decoded { text: better.text.clone(), note: Some(Note { rule: "import/encoding-differs", message: words, line: None }) });
            }
            _ => {}
        }
    }
    let mut plausible = readings.iter().filter(|reading| reading.is_plausible());
    match (plausible.next(), plausible.next()) {
        (Some(reading), None) if confirms(bytes, reading.encoding) => {
            let name = shown(reading.encoding);
            let words =
                Words::new(format!("文件没有写明编码，按内容判断为 {name}，请核对文字"), format!("no encoding is declared; by its content it is {name}"));
            Ok(Decoded { text: reading.text.clone(), note: Some(Note { rule: "import/encoding-detected", message: words, line: None }) })
        }
        _ => Err(refused(bytes, broken)),
    }
}

/// The encoding a page or an XML file declares in its first bytes.
fn declaration(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let after = |sign: &str| start.find(sign).map(|at| &start[at + sign.len()..]);
    let value = after("charset=").or_else(|| after("encoding="))?;
    let label: String = value.trim_start_matches(['"', '\'', ' ']).chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    Encoding::for_label(label.as_bytes())
}

/// GB18030 reads all of GBK, which pages call gb2312, and the names of people that GBK lacks.
fn whole(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

fn shown(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 { "GBK/GB18030" } else { encoding.name() }
}

/// Whether the detector agrees, told where such a file would come from.
fn confirms(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let region: &[u8] = if encoding == BIG5 { b"tw" } else { b"cn" };
    whole(detector.guess(Some(region), Utf8Detection::Deny)) == encoding
}

/// A file read in one encoding without a fault.
struct Reading {
    encoding: &'static Encoding,
    text: String,
    han: usize,
    common: usize,
}

impl Reading {
    fn of(encoding: &'static Encoding, bytes: &[u8]) -> Option<Reading> {
        let text = strictly(encoding, bytes)?;
        let (mut han, mut common) = (0, 0);
        for c in text.chars() {
            han += usize::from(is_han(c));
            common += usize::from(COMMON.contains(c));
        }
        Some(Reading { encoding, text, han, common })
    }

    /// Whether this is Chinese as people write it, and enough of it to say so.
    fn is_plausible(&self) -> bool {
        self.han >= FEWEST && self.common * 100 >= self.han * PLAUSIBLE
    }
}

/// Characters that reports on disclosure use most, in both scripts. They make up a third of such texts.
const COMMON: &str = "的一是在不了有和人这為为中大上个個国國我以要来來用们們到作地于於出就分对對成会會可主发發年动動同工也能下过過行学學法所民得经經\
    政府信息公开開情况況报報告申请請镇鎮县縣市乡鄉街道办辦理务務网網站条條件依及与與本各月日机機关關制度建设設进進落实實加强強";

fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(String::from)
}

/// UTF-16 without a mark: the zero bytes of its digits and line breaks stand in no other text.
fn unmarked_utf16(bytes: &[u8]) -> Option<String> {
    let both = (bytes.len().is_multiple_of(2) && bytes.contains(&0)).then_some([UTF_16LE, UTF_16BE])?;
    both.into_iter().filter_map(|encoding| Reading::of(encoding, bytes)).find(Reading::is_plausible).map(|reading| reading.text)
}

/// Three Han characters of UTF-8 in a row, in a file that is not UTF-8: no text in another encoding has them.
fn utf8_run(bytes: &[u8]) -> Option<std::ops::Range<usize>> {
    let is_han_at = |at: usize| matches!(bytes.get(at..at + 3), Some([0xe4..=0xe9, 0x80..=0xbf, 0x80..=0xbf]));
    let start = (0..bytes.len()).find(|at| is_han_at(*at) && is_han_at(at + 3) && is_han_at(at + 6))?;
    let mut end = start;
    while is_han_at(end) {
        end += 3;
    }
    Some(start..end)
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

fn mixed(bytes: &[u8], run: std::ops::Range<usize>) -> Words {
    let first_other = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
    let (line, other) = (line_of(bytes, run.start), line_of(bytes, first_other));
    Words::new(
        format!(
            "文件混用了两种编码：第 {line} 行（第 {}–{} 个字节）是 UTF-8，第 {other} 行（第 {first_other} 个字节起）不是。请用记事本打开原件，重新输入乱码的部分，“另存为”时编码选 UTF-8",
            run.start, run.end
        ),
        format!(
            "two encodings in one file: line {line} (bytes {}-{}) is UTF-8, line {other} (from byte {first_other}) is not; mend the part that shows wrong characters and save the file as UTF-8",
            run.start, run.end
        ),
    )
}

fn unfit(bytes: &[u8], mark: usize, encoding: &'static Encoding) -> Words {
    let name = encoding.name();
    let at = if encoding == UTF_8 { std::str::from_utf8(&bytes[mark..]).map_or_else(|error| error.valid_up_to() + mark, |_| 0) } else { 0 };
    let (zh, en) = if encoding == UTF_8 {
        (format!("第 {} 行，第 {at} 个字节起", line_of(bytes, at)), format!("line {}, byte {at}", line_of(bytes, at)))
    } else {
        ("其中有不成字的字节".to_string(), "some bytes are no characters".to_string())
    };
    Words::new(
        format!("文件开头标明是 {name} 编码，但{zh}不符，可能没有下载完整：请重新下载，或用记事本打开后另存为 UTF-8"),
        format!("marked as {name}, but {en} does not fit; it may be cut off: fetch it again, or save it as UTF-8"),
    )
}

/// Whether a text of few characters is good UTF-8 without a Han character, and Chinese in GBK: 溪 and Ϫ have the same bytes.
fn is_twofold(text: &str, bytes: &[u8]) -> bool {
    let is_foreign = !text.is_ascii() && !text.chars().any(is_han);
    is_foreign && strictly(GB18030, bytes).is_some_and(|other| other.chars().any(is_han))
}

fn twofold() -> Words {
    Words::new(
        "文件里没有一个确定的汉字：按 UTF-8 和按 GBK 都读得通，不能断定是哪种编码。请用记事本打开，“另存为”时编码选“带有 BOM 的 UTF-8”，再导入",
        "no character in it is surely Chinese: it can be read as UTF-8 and as GBK; save the file as UTF-8 with a byte order mark and import it again",
    )
}

fn refused(bytes: &[u8], broken: std::str::Utf8Error) -> Words {
    let at = broken.valid_up_to();
    let (line, byte) = (line_of(bytes, at), bytes[at]);
    if broken.error_len().is_none() {
        return Words::new(
            format!("文件的最后一个字不完整（第 {line} 行），可能没有下载完：请重新下载后导入"),
            format!("the last character is cut off (line {line}); fetch the file again"),
        );
    }
    Words::new(
        format!(
            "第 {line} 行，文件的第 {at} 个字节（0x{byte:02X}，从 0 数起）起不是 UTF-8 编码，也不能断定是哪种编码：请用记事本打开，“另存为”时编码选 UTF-8，再导入"
        ),
        format!("line {line}, byte {at} (0x{byte:02X}) is not UTF-8, and no other encoding is certain: save the file as UTF-8 and import it again"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "云溪镇2014年政府信息公开工作年度报告\r\n一、概述\r\n根据有关规定，现公布本镇政府信息公开情况，共收到申请３件，已全部办理。\r\n";
    const TRADITIONAL: &str = "雲溪鎮2014年政府信息公開工作年度報告\n一、概述\n根據有關規定，現公布本鎮政府信息公開情況，共收到申請3件，已全部辦理。\n";

    fn text(bytes: &[u8]) -> Result<String, Words> {
        decode(bytes, None).map(|decoded| decoded.text)
    }

    fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    fn in_encoding(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        let (bytes, _, lost) = encoding.encode(text);
        assert!(!lost, "{text}");
        bytes.into_owned()
    }

    #[test]
    fn marks_decide() {
        assert_eq!(text("\u{feff}标题".as_bytes()).unwrap(), "标题");
        for little in [true, false] {
            assert_eq!(text(&utf16(TEXT, little, true)).unwrap(), TEXT);
            assert_eq!(text(&utf16(TEXT, little, false)).unwrap(), TEXT);
        }
        let mut lone = utf16(TEXT, true, true);
        lone.extend([0x00, 0xd8]);
        assert!(text(&lone).is_err());
    }

    #[test]
    fn chinese_encodings_are_told_apart() {
        for (encoding, source) in [(GBK, TEXT), (GB18030, TEXT), (BIG5, TRADITIONAL), (GBK, TRADITIONAL)] {
            let decoded = decode(&in_encoding(encoding, source), None).unwrap();
            assert_eq!(decoded.text, source);
            assert_eq!(decoded.note.unwrap().rule, "import/encoding-detected");
        }
        let rare = format!("{TEXT}联系人：𠮷某、䶮某。");
        assert_eq!(text(&in_encoding(GB18030, &rare)).unwrap(), rare);
    }

    #[test]
    fn declarations_are_believed_where_they_can_be_true() {
        let page =
            |charset: &str, words: &str| format!("<html><head><meta http-equiv=Content-Type content=\"text/html; charset={charset}\"></head>{words}</html>");
        let read = |encoding, charset: &str, words: &str| decode(&in_encoding(encoding, &page(charset, words)), None);
        // A short text that nothing but its declaration explains.
        assert_eq!(read(GBK, "gb2312", "概述").unwrap(), Decoded { text: page("gb2312", "概述"), note: None });
        assert_eq!(read(BIG5, "big5", "概述").unwrap().text, page("big5", "概述"));
        let plain = read(UTF_8, "gb2312", TEXT).unwrap();
        assert_eq!((plain.text, plain.note.map(|note| note.rule)), (page("gb2312", TEXT), Some("import/encoding-differs")));
        let wrong = read(GBK, "big5", TEXT).unwrap();
        assert_eq!((wrong.text, wrong.note.map(|note| note.rule)), (page("big5", TEXT), Some("import/encoding-differs")));
        assert_eq!(read(GBK, "utf-8", TEXT).unwrap().text, page("utf-8", TEXT));
        assert_eq!(decode(&in_encoding(GBK, "概述"), Some("gbk")).unwrap().text, "概述");
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused_unless_declared() {
        let bytes = in_encoding(GBK, "溪");
        assert!(text(&bytes).unwrap_err().zh.contains("都读得通"));
        assert_eq!(decode(&bytes, Some("gbk")).unwrap().text, "溪");
        assert_eq!(decode(&bytes, Some("utf-8")).unwrap().text, "Ϫ");
        assert_eq!(text("气温 20 °C，溪".as_bytes()).unwrap(), "气温 20 °C，溪");
    }

    #[test]
    fn short_and_mixed_texts_are_refused_with_their_place() {
        let words = text(b"\xe4\xb8\x80\n\xd5\xfe\xb8\xae").unwrap_err();
        assert!(words.zh.contains("第 2 行") && words.zh.contains("第 4 个字节"), "{}", words.zh);
        assert!(words.en.contains("byte 4 (0xD5)"));
        let mut mixed = "第一段是网页上的文字。\n".as_bytes().to_vec();
        mixed.extend(in_encoding(GBK, TEXT));
        let words = text(&mixed).unwrap_err();
        assert!(words.zh.contains("两种编码") && words.zh.contains("第 2 行"), "{}", words.zh);
        assert!(text(&"标题".as_bytes()[..5]).unwrap_err().zh.contains("不完整"));
    }

    proptest! {
        /// A snippet is read as it was written or refused; never silently as something else.
        #[test]
        fn snippets_are_right_or_refused(start in 0usize..40, length in 1usize..64, rare in "[\u{4e00}-\u{9fa5}]{0,12}") {
            for (encoding, source) in [(GBK, TEXT), (BIG5, TRADITIONAL)] {
                let snippet: String = source.chars().filter(|c| is_han(*c)).cycle().skip(start).take(length).chain(rare.chars()).collect();
                let (bytes, _, lost) = encoding.encode(&snippet);
                if !lost && let Ok(decoded) = decode(&bytes, None) {
                    prop_assert_eq!(decoded.text, snippet);
                }
            }
        }

        #[test]
        fn any_bytes_are_text_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(decoded) = decode(&bytes, None) {
                let whole = !decoded.text.contains('\u{fffd}') || std::str::from_utf8(&bytes).is_ok();
                prop_assert!(whole);
            }
        }
    }
}
