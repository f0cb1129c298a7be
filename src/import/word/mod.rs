//! Word files (.docx): what a reader sees on paper, in order, and a list of what Word does not show.
//!
//! Inserted text is kept and deleted text dropped, as if all changes were accepted. Numbers that Word prints but does not
//! store are counted again. Lines count paragraphs; a row of a table is one line. Text boxes stand after the paragraph
//! they hang on, footnotes at the end. Hidden text, comments, page headers, tables of contents and pictures are left out
//! and listed; macros and embedded files are not opened, and nothing is fetched.

mod body;
pub(super) mod numbering;
mod styles;

use super::lines::Lines;
use super::read::Refusal;
use super::xml::{Piece, Xml, broken};
use crate::archive::{Archive, Fault};
use crate::diag::Words;
use body::Body;
use numbering::Numbering;
use std::collections::BTreeMap;
use styles::Styles;

/// Whether an archive is a Word file.
pub(super) fn is_word(archive: &Archive<'_>) -> bool {
    archive.names().iter().any(|name| name == "word/document.xml" || name.ends_with("/document.xml") || name.ends_with("/document2.xml"))
}

/// What a Word file shows.
pub(super) fn read(archive: &mut Archive<'_>) -> Result<Lines, Refusal> {
    let main = main_part(archive)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_string();
    let beside = |name: &str| if folder.is_empty() { name.to_string() } else { format!("{folder}/{name}") };
    let links = relations(archive, &beside(&format!("_rels/{}.rels", main.rsplit('/').next().unwrap_or_default())))?;
    let styles = part(archive, &beside("styles.xml"))?.map_or(Ok(Styles::default()), |part| Styles::read(&part))?;
    let numbering = part(archive, &beside("numbering.xml"))?.map_or(Ok(Numbering::default()), |part| Numbering::read(&part))?;
    let text = part(archive, &main)?.ok_or_else(broken)?;
    let mut body = Body::new(styles, numbering, links.iter().map(|(id, relation)| (id.clone(), relation.target.clone())).collect());
    for name in ["footnotes.xml", "endnotes.xml"] {
        if let Some(part) = part(archive, &beside(name))? {
            body.read_notes(&part)?;
        }
    }
    body.read(&text)?;
    for (name, why) in around(archive, &folder) {
        if let Some(part) = part(archive, &name)? {
            let words = body::plain(&part)?;
            body.out.remove(1, &words, why);
        }
    }
    let mut lines = body.finish();
    list_passengers(archive, &links, &mut lines)?;
    list_names(archive, &mut lines)?;
    Ok(lines)
}

/// Names of people and offices that Word keeps about a file: who wrote it, who saved it, where.
fn list_names(archive: &mut Archive<'_>, lines: &mut Lines) -> Result<(), Refusal> {
    const NAMES: [&str; 4] = ["creator", "lastModifiedBy", "Manager", "Company"];
    for name in ["docProps/core.xml", "docProps/app.xml"] {
        let Some(text) = part(archive, name)? else { continue };
        let mut xml = Xml::new(&text);
        let mut inside = String::new();
        loop {
            match xml.next()? {
                Piece::Open(tag) => inside = tag.name,
                Piece::Close => inside.clear(),
                Piece::Text(text) if NAMES.contains(&inside.as_str()) => {
                    lines.remove(1, &text, Words::new("文件属性里的作者、单位", "author or office in the file's properties"))
                }
                Piece::Text(_) => {}
                Piece::End => break,
            }
        }
    }
    Ok(())
}

/// Parts of the file that paper shows elsewhere or not at all.
fn around(archive: &Archive<'_>, folder: &str) -> Vec<(String, Words)> {
    let mut found = Vec::new();
    for name in archive.names() {
        let Some(own) = name.strip_prefix(folder).map(|own| own.trim_start_matches('/')).filter(|own| own.ends_with(".xml") && !own.contains('/')) else {
            continue;
        };
        if own.starts_with("header") || own.starts_with("footer") {
            found.push((name.clone(), Words::new("页眉或页脚", "page header or footer")));
        } else if own == "comments.xml" {
            found.push((name.clone(), Words::new("批注", "comments")));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

/// Macros, embedded files and addresses outside: listed, never opened.
fn list_passengers(archive: &Archive<'_>, links: &BTreeMap<String, Relation>, lines: &mut Lines) -> Result<(), Refusal> {
    for name in archive.names() {
        if name.ends_with("vbaProject.bin") {
            lines.remove(1, &name, Words::new("宏，没有读取", "macros, not read"));
        } else if name.contains("/embeddings/") || name.contains("/activeX/") || name.contains("/afchunk") {
            lines.remove(1, &name, Words::new("嵌入的文件，没有打开", "embedded file, not opened"));
        }
    }
    for relation in links.values().filter(|relation| relation.external && relation.kind != "hyperlink") {
        lines.remove(1, &relation.target, Words::new("外部引用（模板或图片），没有读取", "reference to another place, not followed"));
    }
    Ok(())
}

/// Where a relation leads.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Relation {
    kind: String,
    target: String,
    external: bool,
}

fn relations(archive: &mut Archive<'_>, name: &str) -> Result<BTreeMap<String, Relation>, Refusal> {
    let mut relations = BTreeMap::new();
    let Some(text) = part(archive, name)? else { return Ok(relations) };
    let mut xml = Xml::new(&text);
    loop {
        match xml.next()? {
            Piece::Open(tag) if tag.name == "Relationship" => {
                let value = |name: &str| tag.get(name).unwrap_or_default().to_string();
                let kind = value("Type").rsplit('/').next().unwrap_or_default().to_string();
                relations.insert(value("Id"), Relation { kind, target: value("Target"), external: tag.get("TargetMode") == Some("External") });
            }
            Piece::End => return Ok(relations),
            _ => {}
        }
    }
}

/// The part that holds the text.
fn main_part(archive: &mut Archive<'_>) -> Result<String, Refusal> {
    let named = relations(archive, "_rels/.rels")?.into_values().find(|relation| relation.kind == "officeDocument").map(|relation| relation.target);
    Ok(named.map_or_else(|| "word/document.xml".to_string(), |target| target.trim_start_matches('/').to_string()))
}

/// A part of the file as text; nothing if there is none.
pub(super) fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, Refusal> {
    let Some(bytes) = archive.read(name).map_err(refusal)? else { return Ok(None) };
    Ok(Some(super::decode::decode(&bytes, None)?.text))
}

/// Why an archive cannot be read, for the clerk.
pub(super) fn refusal(fault: Fault) -> Refusal {
    match fault {
        Fault::Broken => broken(),
        Fault::Encrypted => encrypted(),
        Fault::Limit => Refusal::limit(
            "文件解开后超过上限（部件 2000 个、单个 64 MB、合计 256 MB、压缩比 200 倍），不读取：请删去其中的大图片，或在 Word、WPS 里“另存为”后再导入",
            "the file unpacks beyond the limits (2,000 parts, 64 MB a part, 256 MB in all, 200 times its size): take pictures out or save it anew",
        ),
    }
}

/// What to do with a file that asks for a password.
pub(super) fn encrypted() -> Refusal {
    Words::new(
        "文件有密码保护：请在 Word 或 WPS 里输入密码打开，在“文件 → 信息（文档加密）”里去掉密码，“另存为”后再导入",
        "the file is locked with a password: open it, take the password off, save it and import it again",
    )
    .into()
}
