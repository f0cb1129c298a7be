//! Headings with their anchors and statutory sections, paragraphs of plain text, links, citations.

use super::in_file;
use crate::diag::Span;
use crate::markdown::Document;
use crate::model::{Citation, Form, Heading, Paragraph, TextBlock};
use crate::text::{citations, labels};
use pulldown_cmark::{Event, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};

/// A link or image of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkSpot {
    /// Target as written.
    pub target: String,
    /// Where it stands in the file.
    pub span: Span,
    /// Whether it is an image.
    pub image: bool,
    /// Whether it has no words of its own: an image without a text for those who cannot see it.
    pub wordless: bool,
}

/// Links and images of a document whose Markdown begins at `start`.
pub(super) fn links(document: &Document<'_>, start: usize) -> Vec<LinkSpot> {
    let wordless = |place: usize| matches!(document.events.get(place + 1), Some((Event::End(_), _)));
    let spot = |target: &str, range: &std::ops::Range<usize>, image, place| LinkSpot {
        target: target.to_string(),
        span: in_file(range.clone().into(), start),
        image,
        wordless: wordless(place),
    };
    let links = document.events.iter().enumerate().filter_map(|(place, (event, range))| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(spot(dest_url, range, false, place)),
        Event::Start(Tag::Image { dest_url, .. }) => Some(spot(dest_url, range, true, place)),
        _ => None,
    });
    links.collect()
}

/// What the text of a report holds.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) headings: Vec<Heading>,
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) citations: Vec<Citation>,
}

/// Reads headings, paragraphs and citations of a report in a form's edition.
pub(super) fn outline(document: &Document<'_>, start: usize, form: &Form) -> Outline {
    let mut outline = Outline::default();
    let mut anchors = Anchors::default();
    let mut seen = BTreeSet::new();
    let mut text = String::new();
    let mut block_start = 0;
    let mut code = false;
    for (event, range) in &document.events {
        match event {
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::TableCell | Tag::Item) => {
                flush(&mut outline, &mut text, TextBlock::Paragraph, in_file((block_start..range.start).into(), start), &mut seen);
                block_start = range.start;
            }
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => {
                code = false;
                text.clear();
            }
            Event::Text(piece) | Event::Code(piece) if !code => text.push_str(piece),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Heading(level)) => {
                let title = text.trim().to_string();
                let span = in_file(range.clone().into(), start);
                let section = section_of(&title, *level as u8, form, &outline.headings);
                let anchor = anchors.next(&title, *level as u8, section.map(|place| form.sections[place as usize].id.as_str()));
                outline.headings.push(Heading { level: *level as u8, title, anchor, section, span });
                flush(&mut outline, &mut text, TextBlock::Heading, span, &mut seen);
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                flush(&mut outline, &mut text, TextBlock::Paragraph, in_file((block_start..range.end).into(), start), &mut seen);
            }
            Event::End(TagEnd::TableCell) => flush(&mut outline, &mut text, TextBlock::Cell, in_file(range.clone().into(), start), &mut seen),
            _ => {}
        }
    }
    outline
}

fn flush(outline: &mut Outline, text: &mut String, block: TextBlock, span: Span, seen: &mut BTreeSet<(Option<String>, Option<String>)>) {
    let plain = text.trim();
    if plain.is_empty() {
        text.clear();
        return;
    }
    for found in citations::find(plain) {
        let key = match &found.number {
            Some(number) => (None, Some(number.clone())),
            None => (found.title.as_deref().map(citations::title_key), None),
        };
        if seen.insert(key) {
            outline.citations.push(Citation { title: found.title, number: found.number, span });
        }
    }
    let heading = outline.headings.len().checked_sub(1).map(|place| place as u16);
    outline.paragraphs.push(Paragraph { block, heading, text: plain.to_string(), span });
    text.clear();
}

/// The form's section a heading opens: its label is the section's, or holds one of the words reports use for it.
/// A section is opened once; lower headings than the first one that was recognised stay the author's own.
fn section_of(title: &str, level: u8, form: &Form, before: &[Heading]) -> Option<u8> {
    let recognised = |heading: &&Heading| heading.section.is_some();
    if before.iter().find(recognised).is_some_and(|first| level > first.level) || level > 3 {
        return None;
    }
    let taken: Vec<u8> = before.iter().filter_map(|heading| heading.section).collect();
    let key = labels::label_key(title);
    let open = || form.sections.iter().enumerate().filter(|(place, _)| !taken.contains(&(*place as u8)));
    let exact = open().find(|(_, section)| section.key == key);
    let near = || open().find(|(_, section)| section.also_keys.iter().any(|word| key.contains(word)));
    exact.or_else(near).map(|(place, _)| place as u8)
}

/// Anchors in order: section ids, else `s-` and the printed numbers down from the section.
#[derive(Default)]
struct Anchors {
    numbers: Vec<(u8, String)>,
    used: BTreeMap<String, usize>,
}

impl Anchors {
    fn next(&mut self, title: &str, level: u8, section: Option<&str>) -> String {
        self.numbers.retain(|(above, _)| *above < level);
        let number = labels::number_of(labels::numbering(title));
        let own = number.unwrap_or_else(|| "x".to_string());
        self.numbers.push((level, own));
        let base = match section {
            Some(id) => id.to_string(),
            None => format!("s-{}", self.numbers.iter().map(|(_, number)| number.as_str()).collect::<Vec<_>>().join("-")),
        };
        let count = self.used.entry(base.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { base } else { format!("{base}-{count}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;
    use crate::model::{Registry, Year};

    fn read(year: i64, text: &str) -> Outline {
        let registry = Registry::built_in();
        outline(&markdown::read(text), 0, registry.form_for(Year::new(year).unwrap()))
    }

    #[test]
    fn statutory_headings_get_their_ids_and_others_their_numbers() {
        let text = "## 一、总体情况\n\n### （一）主动公开\n\n### （二）依申请公开\n\n## 二、主动公开政府信息情况\n\n## 五、存在的主要问题及改进情况\n\n### 无编号\n\n### 无编号\n";
        let anchors: Vec<String> = read(2024, text).headings.into_iter().map(|heading| heading.anchor).collect();
        assert_eq!(anchors, ["overview", "s-1-1", "s-1-2", "proactive", "problems", "s-5-x", "s-5-x-2"]);
    }

    #[test]
    fn paragraphs_know_their_heading() {
        let outline = read(2024, "引言\n\n## 一、总体情况\n\n甲\n\n- 乙\n- 丙\n\n|a|b|\n|-|-|\n|1|2|\n");
        let said: Vec<(&str, Option<u16>)> =
            outline.paragraphs.iter().filter(|p| p.block == TextBlock::Paragraph).map(|p| (p.text.as_str(), p.heading)).collect();
        assert_eq!(said, [("引言", None), ("甲", Some(0)), ("乙", Some(0)), ("丙", Some(0))]);
        assert_eq!(outline.paragraphs.iter().filter(|p| p.block == TextBlock::Cell).count(), 4);
    }

    #[test]
    fn a_document_is_cited_once() {
        let outline =
            read(2024, "按照《要点》（云政办发〔2023〕8号），落实云政办发[2023]8号。\n\n再看《中华人民共和国政府信息公开条例》和《政府信息公开条例》。");
        assert_eq!(outline.citations.len(), 2);
    }
}
