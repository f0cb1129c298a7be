//! XML of office files, piece by piece. Names are local names; document type declarations and entities of one's own are
//! refused, and so is what is deeper or wider than any program writes.

use super::read::Refusal;
use crate::diag::Words;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Deepest nesting of elements.
const DEEPEST: usize = 256;
/// Most bytes of one tag, and most attributes.
const LONGEST_TAG: usize = 64 << 10;
const MOST_ATTRIBUTES: usize = 256;

/// A start tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tag {
    /// Name without its prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute, by its name without prefix.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of the last attribute of a name: two may differ by their prefixes alone.
    pub(super) fn get_last(&self, name: &str) -> Option<&str> {
        self.attributes.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether an element that switches something on does so: `<w:vanish/>`, `<w:vanish w:val="1"/>`.
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.get("val"), Some("0" | "false" | "off" | "none"))
    }
}

/// What comes next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    Open(Tag),
    Close,
    Text(String),
    End,
}

/// A part of an office file.
pub(super) struct Xml<'x> {
    reader: Reader<&'x [u8]>,
    depth: usize,
}

impl<'x> Xml<'x> {
    pub(super) fn new(text: &'x str) -> Xml<'x> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Xml { reader, depth: 0 }
    }

    /// The next piece. Ends of elements match their starts, or the file is refused.
    pub(super) fn next(&mut self) -> Result<Piece, Refusal> {
        loop {
            return Ok(match self.reader.read_event().map_err(|_| broken())? {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(too_deep());
                    }
                    Piece::Open(tag(&start)?)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Piece::Close
                }
                Event::Text(text) => Piece::Text(text.into_inner().into_owned()),
                Event::CData(text) => Piece::Text(text.into_inner().into_owned()),
                Event::GeneralRef(entity) => {
                    let known = match &*entity {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => entity.resolve_char_ref().map_err(|_| broken())?,
                    };
                    Piece::Text(known.ok_or_else(own_entities)?.to_string())
                }
                Event::DocType(_) => return Err(own_entities()),
                Event::Eof if self.depth > 0 => return Err(broken()),
                Event::Eof => Piece::End,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => continue,
            });
        }
    }

    /// Passes over the element that was just opened and gives the text inside it.
    pub(super) fn skip(&mut self) -> Result<String, Refusal> {
        let mut text = String::new();
        let mut depth = 0usize;
        loop {
            match self.next()? {
                Piece::Open(_) => depth += 1,
                Piece::Close if depth == 0 => return Ok(text),
                Piece::Close => depth -= 1,
                Piece::Text(part) => text.push_str(&part),
                Piece::End => return Err(broken()),
            }
        }
    }

    /// Calls `each` for every child element of the one just opened; `each` has to read it to its end.
    pub(super) fn children(&mut self, mut each: impl FnMut(&mut Self, Tag) -> Result<(), Refusal>) -> Result<(), Refusal> {
        loop {
            match self.next()? {
                Piece::Open(tag) => each(self, tag)?,
                Piece::Close | Piece::End => return Ok(()),
                Piece::Text(_) => {}
            }
        }
    }
}

fn tag(start: &BytesStart<'_>) -> Result<Tag, Refusal> {
    if start.len() > LONGEST_TAG {
        return Err(too_deep());
    }
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| broken())?;
        if attributes.len() == MOST_ATTRIBUTES {
            return Err(too_deep());
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| own_entities())?;
        attributes.push((attribute.key.local_name().as_ref().to_string(), value.into_owned()));
    }
    Ok(Tag { name: start.local_name().as_ref().to_string(), attributes })
}

pub(super) fn broken() -> Refusal {
    Words::new(
        "文件已损坏或没有下载完整：请用 Word 或 WPS 打开它，能打开的话“另存为”一份 .docx（或 .xlsx）再导入；打不开请重新下载",
        "the file is damaged or cut off: open it in Word or WPS and save it as a new .docx (.xlsx), or fetch it again",
    )
    .into()
}

fn own_entities() -> Refusal {
    Words::new(
        "文件里有外部定义（DTD 实体），Word 和 WPS 都不会写这样的文件，不读取：请在 WPS 里打开后“另存为” .docx（或 .xlsx）",
        "the file declares entities of its own, which no office program does: open it and save it as a new .docx (.xlsx)",
    )
    .into()
}

fn too_deep() -> Refusal {
    Refusal::limit(
        format!("文件的结构超过上限（{DEEPEST} 层、每个标签 {MOST_ATTRIBUTES} 个属性），不读取：请在 Word 或 WPS 里把正文复制到新文件再导入"),
        format!("deeper than {DEEPEST} elements or a tag with more than {MOST_ATTRIBUTES} attributes: copy the text into a new file"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> Result<String, Refusal> {
        let mut reader = Xml::new(xml);
        let mut text = String::new();
        loop {
            match reader.next()? {
                Piece::Text(part) => text.push_str(&part),
                Piece::End => return Ok(text),
                _ => {}
            }
        }
    }

    #[test]
    fn text_with_references() {
        assert_eq!(text("<a:p x=\"1\"><t>甲&amp;乙&#49;</t><![CDATA[<丙>]]></a:p>").unwrap(), "甲&乙1<丙>");
    }

    #[test]
    fn bombs_are_refused() {
        let laughs = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        assert!(!text(laughs).unwrap_err().limit);
        assert!(text("<a>&canary;</a>").is_err() && text("<a x='&canary;'/>").is_err());
        assert!(text(&"<a>".repeat(100_000)).unwrap_err().limit);
        let attributes: String = (0..80_000).map(|number| format!(" a{number}=''")).collect();
        assert!(text(&format!("<a{attributes}/>")).unwrap_err().limit);
        assert!(text("<a>").is_err() && text("<a></b>").is_err());
    }
}
