//! The one dialect of Markdown, shared by `parse` and `render`.
//!
//! CommonMark with tables, footnotes, strikethrough and task lists. Raw HTML is text. A line break between two Chinese
//! characters is no space. `**“强调”**紧跟` is emphasis, as Chinese writers expect.

use crate::diag::Span;
use crate::text::is_wide;
use crate::text::labels::label_key;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Deepest nesting of quotes and lists that is read.
pub const DEEPEST: usize = 200;

/// A text as events, each with its byte range in the Markdown.
#[derive(Debug, Default)]
pub struct Document<'t> {
    /// Events in order; raw HTML has become text.
    pub events: Vec<(Event<'t>, Range<usize>)>,
    /// Where raw HTML was shown as text.
    pub raw_html: Vec<Span>,
    /// Where nesting passed [`DEEPEST`]; nothing was read.
    pub too_deep: Option<Span>,
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
}

/// Reads Markdown. Never fails: what is nested too deep is refused as a whole and said so.
pub fn read(text: &str) -> Document<'_> {
    if let Some(line) = deepest_line(text) {
        return Document { too_deep: Some(line), ..Document::default() };
    }
    let document = events(text);
    if !text.contains("**") || !emphasis_was_missed(&document) {
        return document;
    }
    let (helped, inserted) = with_emphasis_helped(text);
    let mut again = events(&helped);
    let original = |offset: usize| offset - HELPER.len() * inserted.partition_point(|&at| at < offset);
    again.events.retain(|(event, _)| !matches!(event, Event::Text(text) if text.as_ref() == HELPER));
    again.raw_html.retain(|span| &helped[span.range()] != HELPER);
    Document {
        events: again.events.into_iter().map(|(event, range)| (event.into_static(), original(range.start)..original(range.end))).collect(),
        raw_html: again.raw_html.into_iter().map(|span| Span::new(original(span.start as usize), original(span.end as usize))).collect(),
        too_deep: again.too_deep,
    }
}

fn events(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let mut depth = 0usize;
    let mut in_html_block = false;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Document { too_deep: Some(range.into()), ..Document::default() };
        }
        let event = match event {
            Event::Start(Tag::HtmlBlock) => {
                in_html_block = true;
                Event::Start(Tag::Paragraph)
            }
            Event::End(TagEnd::HtmlBlock) => {
                in_html_block = false;
                Event::End(TagEnd::Paragraph)
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                document.raw_html.push(range.clone().into());
                Event::Text(html)
            }
            Event::SoftBreak if !in_html_block && between_wide(text, &range) => continue,
            other => other,
        };
        document.events.push((event, range));
    }
    document
}

/// A line break between two Chinese characters carries no space.
fn between_wide(text: &str, at: &Range<usize>) -> bool {
    let before = text[..at.start].trim_end().chars().next_back();
    let after = text[at.end..].trim_start_matches([' ', '\t', '>', '\n']).chars().next();
    before.is_some_and(is_wide) && after.is_some_and(is_wide)
}

/// The first line that opens more containers than are read: a cheap guard before the parser sees the text.
fn deepest_line(text: &str) -> Option<Span> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let opening =
            line.bytes().take_while(|b| matches!(b, b'>' | b' ' | b'\t' | b'-' | b'*' | b'+')).filter(|b| *b == b'>' || *b == b'-' || *b == b'+').count();
        // A rule of dashes is no nesting.
        let rule = || line.trim().bytes().all(|b| matches!(b, b'-' | b' ' | b'*' | b'_'));
        if opening > DEEPEST && !rule() {
            return Some(Span::new(start, start + line.len()));
        }
        start += line.len();
    }
    None
}

const HELPER: &str = "<!---->";

/// Whether `**` is left in the text beside a Chinese character, where a writer meant emphasis.
fn emphasis_was_missed(document: &Document<'_>) -> bool {
    let text = |event: &Event<'_>| matches!(event, Event::Text(text) if text.contains('*'));
    let mut code = false;
    document.events.windows(2).any(|pair| {
        match &pair[0].0 {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            _ => {}
        }
        !code && text(&pair[0].0)
    })
}

/// Puts an empty comment between `**` and an adjoining Chinese character, so that punctuation inside does not forbid the
/// emphasis. Never at the start of a line, where it would open an HTML block.
fn with_emphasis_helped(text: &str) -> (String, Vec<usize>) {
    let mut helped = String::with_capacity(text.len() + 64);
    let mut inserted = Vec::new();
    let mut rest = text;
    let mut previous = '\n';
    while let Some(at) = rest.find("**") {
        let (before, after) = rest.split_at(at);
        helped.push_str(before);
        previous = before.chars().next_back().unwrap_or(previous);
        if is_wide(previous) && previous.is_alphanumeric() {
            inserted.push(helped.len());
            helped.push_str(HELPER);
        }
        helped.push_str("**");
        rest = &after[2..];
        previous = '*';
        if rest.chars().next().is_some_and(|c| is_wide(c) && c.is_alphanumeric()) {
            inserted.push(helped.len());
            helped.push_str(HELPER);
        }
    }
    helped.push_str(rest);
    (helped, inserted)
}

/// Anchors of the headings of a page of prose, in order: `s-1`, `s-2`. Reports have anchors of their form.
pub fn anchors(document: &Document<'_>) -> Vec<String> {
    let count = document.events.iter().filter(|(event, _)| matches!(event, Event::Start(Tag::Heading { .. }))).count();
    (1..=count).map(|number| format!("s-{number}")).collect()
}

/// A cell of a table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GridCell {
    /// Plain text, trimmed.
    pub text: String,
    /// The text as a label for comparison.
    pub key: String,
    /// Where it stands in the Markdown.
    pub span: Span,
}

/// A row of a table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GridRow {
    /// Cells, as many as the head row has.
    pub cells: Vec<GridCell>,
    /// How many cells the line really has.
    pub printed: usize,
    /// Where it stands.
    pub span: Span,
}

/// A table of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Grid {
    /// Rows, the head row first.
    pub rows: Vec<GridRow>,
    /// Where the table stands.
    pub span: Span,
    /// Place of its first event in the document.
    pub event: usize,
}

/// Every table of a document, `text` being its Markdown.
pub fn grids(document: &Document<'_>, text: &str) -> Vec<Grid> {
    let mut grids: Vec<Grid> = Vec::new();
    let mut open = false;
    let mut in_cell = false;
    for (place, (event, range)) in document.events.iter().enumerate() {
        match event {
            Event::Start(Tag::Table(_)) => {
                open = true;
                grids.push(Grid { rows: Vec::new(), span: range.clone().into(), event: place });
            }
            Event::End(TagEnd::Table) => open = false,
            _ if !open => {}
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                let line = text[range.clone()].lines().next().unwrap_or_default();
                let row = GridRow { cells: Vec::new(), printed: printed_cells(line), span: Span::new(range.start, range.start + line.len()) };
                grids.last_mut().expect("a table is open").rows.push(row);
            }
            Event::Start(Tag::TableCell) => {
                in_cell = true;
                let cell = GridCell { span: trimmed(text, range), ..GridCell::default() };
                grids.last_mut().and_then(|grid| grid.rows.last_mut()).expect("a row is open").cells.push(cell);
            }
            Event::End(TagEnd::TableCell) => {
                in_cell = false;
                if let Some(cell) = grids.last_mut().and_then(|grid| grid.rows.last_mut()).and_then(|row| row.cells.last_mut()) {
                    if cell.text.trim().len() < cell.text.len() {
                        cell.text = cell.text.trim().to_string();
                    }
                    cell.key = label_key(&cell.text);
                }
            }
            Event::Text(piece) | Event::Code(piece) if in_cell => push(&mut grids, piece),
            Event::SoftBreak | Event::HardBreak if in_cell => push(&mut grids, &CowStr::Borrowed(" ")),
            _ => {}
        }
    }
    grids
}

fn push(grids: &mut [Grid], piece: &str) {
    if let Some(cell) = grids.last_mut().and_then(|grid| grid.rows.last_mut()).and_then(|row| row.cells.last_mut()) {
        cell.text.push_str(piece);
    }
}

fn trimmed(text: &str, range: &Range<usize>) -> Span {
    let inside = text[range.clone()].trim_matches(['|', ' ', '\t', '\n', '\r']);
    if inside.is_empty() {
        return range.clone().into();
    }
    let start = inside.as_ptr() as usize - text.as_ptr() as usize;
    Span::new(start, start + inside.len())
}

/// Cells of a table line: unescaped pipes, the outer ones not counted.
fn printed_cells(line: &str) -> usize {
    let line = line.trim();
    let mut pipes = 0;
    let mut escaped = false;
    for c in line.chars() {
        pipes += usize::from(c == '|' && !escaped);
        escaped = c == '\\' && !escaped;
    }
    let ends_open = line.ends_with('|') && !line.ends_with("\\|");
    pipes + 1 - usize::from(line.starts_with('|')) - usize::from(ends_open && pipes > 0)
}

/// Plain text of the events from `start` to the matching end.
pub fn plain_text(events: &[(Event<'_>, Range<usize>)]) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::Text(piece) | Event::Code(piece) => text.push_str(piece),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text.trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let mut out = String::new();
        pulldown_cmark::html::push_html(&mut out, read(text).events.into_iter().map(|(event, _)| event));
        out
    }

    #[test]
    fn line_breaks_between_chinese_are_no_spaces() {
        assert_eq!(html("第一行\n第二行"), "<p>第一行第二行</p>\n");
        assert_eq!(html("first\nsecond"), "<p>first\nsecond</p>\n");
        assert_eq!(html("一，\n二"), "<p>一，二</p>\n");
    }

    #[test]
    fn emphasis_with_chinese_quotes_beside_chinese_letters() {
        assert_eq!(html("推行**“四张清单”**制度"), "<p>推行<strong>“四张清单”</strong>制度</p>\n");
        assert_eq!(html("**“四张清单”**制度"), "<p><strong>“四张清单”</strong>制度</p>\n");
        assert_eq!(html("`**“x”**字`"), "<p><code>**“x”**字</code></p>\n");
    }

    #[test]
    fn offsets_survive_the_second_pass() {
        let text = "推行**“四张清单”**制度，见《条例》";
        let document = read(text);
        let (_, range) = document.events.iter().find(|(event, _)| matches!(event, Event::Text(piece) if piece.contains("条例"))).unwrap();
        assert!(text[range.clone()].contains("《条例》"));
    }

    #[test]
    fn raw_html_is_text() {
        assert_eq!(html("<script>alert(1)</script>"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
        assert_eq!(html("a <b onclick=x>b</b>"), "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n");
        assert_eq!(read("<div>\n<p>x").raw_html.len(), 2);
    }

    #[test]
    fn deep_nesting_is_refused_at_once() {
        for text in [">".repeat(10_000), "> ".repeat(10_000), "- ".repeat(300) + "x"] {
            assert!(read(&text).too_deep.is_some());
        }
        assert!(read(&"-".repeat(400)).too_deep.is_none());
        assert!(read(&format!("{}x", "> ".repeat(100))).too_deep.is_none());
    }

    #[test]
    fn grids_know_how_many_cells_were_printed() {
        let text = "|a|b|\n|--|--|\n|1|2|\n|3|\n|4|5|6|\n";
        let grid = &grids(&read(text), text)[0];
        assert_eq!(grid.rows.iter().map(|row| row.printed).collect::<Vec<_>>(), [2, 2, 1, 3]);
        assert_eq!(grid.rows[1].cells[1].text, "2");
        assert_eq!(&text[grid.rows[1].cells[1].span.range()], "2");
    }
}
