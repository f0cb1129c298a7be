//! What the styles of a Word file say about their paragraphs: headings, numbers, hidden text.

use super::super::read::Refusal;
use super::super::xml::{Tag, Xml};
use std::collections::BTreeMap;

/// Styles by their ids.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    number: Option<String>,
    level: Option<usize>,
    outline: Option<u8>,
    hidden: Option<bool>,
}

impl Styles {
    /// Reads `styles.xml`.
    pub(super) fn read(part: &str) -> Result<Styles, Refusal> {
        let mut styles = BTreeMap::new();
        Xml::new(part).children(|xml, _root| {
            xml.children(|xml, tag| {
                if tag.name == "style" {
                    let style = read_style(xml)?;
                    styles.insert(tag.get("styleId").unwrap_or_default().to_string(), style);
                    return Ok(());
                }
                xml.skip().map(drop)
            })
        })?;
        Ok(Styles(styles))
    }

    /// The list and level that a style numbers its paragraphs with.
    pub(super) fn number(&self, id: &str) -> Option<(String, usize)> {
        let number = self.up(id).find_map(|style| style.number.clone())?;
        Some((number, self.up(id).find_map(|style| style.level).unwrap_or(0)))
    }

    /// The rank of a heading, 1 to 6.
    pub(super) fn heading(&self, id: &str) -> Option<u8> {
        self.up(id).find_map(|style| {
            let name = style.name.to_lowercase();
            let rank = name.strip_prefix("heading ").or_else(|| name.strip_prefix("标题 ")).and_then(|rank| rank.trim().parse().ok());
            if matches!(name.as_str(), "title" | "标题") { Some(1) } else { rank.or(style.outline.map(|outline| outline + 1)) }
                .filter(|rank| (1..=6).contains(rank))
        })
    }

    /// Whether paragraphs of a style are lines of a table of contents.
    pub(super) fn is_contents(&self, id: &str) -> bool {
        self.0.get(id).is_some_and(|style| style.name.to_lowercase().strip_prefix("toc").is_some_and(|rest| rest.trim().parse::<u8>().is_ok()))
    }

    /// Whether a style hides its text.
    pub(super) fn is_hidden(&self, id: &str) -> bool {
        self.up(id).find_map(|style| style.hidden).unwrap_or(false)
    }

    /// A style and those it is made from.
    fn up<'s>(&'s self, id: &str) -> impl Iterator<Item = &'s Style> {
        let first = self.0.get(id);
        // Styles that are made from each other end somewhere.
        std::iter::successors(first, |style| style.based_on.as_ref().and_then(|id| self.0.get(id))).take(16)
    }
}

fn read_style(xml: &mut Xml<'_>) -> Result<Style, Refusal> {
    let mut style = Style::default();
    xml.children(|xml, tag| {
        let value = || tag.get("val").map(str::to_string);
        match tag.name.as_str() {
            "name" => style.name = value().unwrap_or_default(),
            "basedOn" => style.based_on = value(),
            "pPr" => {
                return xml.children(|xml, tag| match tag.name.as_str() {
                    "numPr" => {
                        (style.number, style.level) = read_number(xml)?;
                        Ok(())
                    }
                    "outlineLvl" => {
                        style.outline = tag.get("val").and_then(|level| level.parse().ok()).filter(|level| *level < 9);
                        xml.skip().map(drop)
                    }
                    _ => xml.skip().map(drop),
                });
            }
            "rPr" => {
                return xml.children(|xml, tag: Tag| {
                    if tag.name == "vanish" {
                        style.hidden = Some(tag.is_on());
                    }
                    xml.skip().map(drop)
                });
            }
            _ => {}
        }
        xml.skip().map(drop)
    })?;
    Ok(style)
}

/// The list and level of a `numPr`, each where stated.
pub(super) fn read_number(xml: &mut Xml<'_>) -> Result<(Option<String>, Option<usize>), Refusal> {
    let (mut number, mut level) = (None, None);
    xml.children(|xml, tag| {
        match tag.name.as_str() {
            "numId" => number = tag.get("val").map(str::to_string),
            "ilvl" => level = tag.get("val").and_then(|level| level.parse().ok()),
            _ => {}
        }
        xml.skip().map(drop)
    })?;
    Ok((number, level))
}
