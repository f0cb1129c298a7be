//! The text of a Word file, element by element.

use super::super::grid::{Grid, only_places};
use super::super::lines::{Block, Line, Lines, trimmed};
use super::super::read::Refusal;
use super::super::xml::{Piece, Tag, Xml};
use super::numbering::{Mark, Numbering};
use super::styles::{Styles, read_number};
use crate::diag::Words;
use std::collections::BTreeMap;

/// Longest paragraph that its style makes a heading, in characters.
const LONGEST_HEADING: usize = 60;

/// The reader of a document.
pub(super) struct Body {
    /// What was read so far.
    pub(super) out: Lines,
    styles: Styles,
    numbering: Numbering,
    links: BTreeMap<String, String>,
    line: usize,
    /// Footnotes and endnotes by kind and id, until they are referred to.
    notes: BTreeMap<(bool, String), String>,
    printed_notes: Vec<String>,
    /// Text of a paragraph whose end was deleted: it goes on in the next.
    carried: String,
    /// How many tables are around, and how many of their cells or styles give the ground a color.
    shaded: usize,
}

/// What a paragraph says.
#[derive(Default)]
struct Gathered {
    /// Visible text; `\n` ends a line.
    text: String,
    hidden: String,
    deleted: String,
    readings: String,
    pictures: Vec<String>,
    /// Blocks of text boxes.
    after: Vec<Line>,
    /// Whether the style of the paragraph, or its ground, changes what is seen.
    style_hides: bool,
    shaded: bool,
}

#[derive(Default)]
struct Properties {
    style: Option<String>,
    number: Option<(String, usize)>,
    unnumbered: bool,
    outline: Option<u8>,
    end_deleted: bool,
    shaded: bool,
}

impl Body {
    pub(super) fn new(styles: Styles, numbering: Numbering, links: BTreeMap<String, String>) -> Body {
        Body { out: Lines::default(), styles, numbering, links, line: 0, notes: BTreeMap::new(), printed_notes: Vec::new(), carried: String::new(), shaded: 0 }
    }

    /// Reads the main part.
    pub(super) fn read(&mut self, part: &str) -> Result<(), Refusal> {
        let mut lines = Vec::new();
        Xml::new(part)
            .children(|xml, _document| xml.children(|xml, tag| if tag.name == "body" { self.blocks(xml, &mut lines) } else { xml.skip().map(drop) }))?;
        self.out.lines = lines;
        Ok(())
    }

    /// Reads footnotes or endnotes, to be printed where they are referred to.
    pub(super) fn read_notes(&mut self, part: &str) -> Result<(), Refusal> {
        Xml::new(part).children(|xml, _root| {
            xml.children(|xml, tag| {
                let is_line = matches!(tag.get("type"), Some("separator" | "continuationSeparator" | "continuationNotice"));
                let mut lines = Vec::new();
                self.blocks(xml, &mut lines)?;
                if !is_line {
                    let text = lines.iter().map(Line::all_words).collect::<Vec<_>>().join(" ");
                    self.notes.insert((tag.name == "endnote", tag.get("id").unwrap_or_default().to_string()), text);
                }
                Ok(())
            })
        })?;
        self.line = 0;
        Ok(())
    }

    /// All that was read: notes at the end.
    pub(super) fn finish(mut self) -> Lines {
        for note in std::mem::take(&mut self.printed_notes) {
            self.line += 1;
            let number = self.line;
            self.out.push_text(number, &note);
        }
        for note in std::mem::take(&mut self.notes).into_values() {
            self.out.remove(1, &note, Words::new("正文没有引用的脚注", "footnote that nothing refers to"));
        }
        self.out
    }

    fn blocks(&mut self, xml: &mut Xml<'_>, into: &mut Vec<Line>) -> Result<(), Refusal> {
        xml.children(|xml, tag| self.block(xml, tag, into))
    }

    fn block(&mut self, xml: &mut Xml<'_>, tag: Tag, into: &mut Vec<Line>) -> Result<(), Refusal> {
        match tag.name.as_str() {
            "p" => self.paragraph(xml, into),
            "tbl" => self.table(xml, into),
            "sdt" => self.control(xml, |body, xml| body.blocks(xml, into)),
            "customXml" | "smartTag" | "ins" | "moveTo" => self.blocks(xml, into),
            "del" | "moveFrom" => self.deleted(xml),
            "AlternateContent" => self.chosen(xml, |body, xml| body.blocks(xml, into)),
            _ => xml.skip().map(drop),
        }
    }

    /// A content control; one that holds a table of contents is left out.
    fn control(&mut self, xml: &mut Xml<'_>, mut read: impl FnMut(&mut Body, &mut Xml<'_>) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let mut is_contents = false;
        xml.children(|xml, tag| match tag.name.as_str() {
            "sdtPr" => gallery(xml).map(|gallery| is_contents = gallery.contains("Table of Contents")),
            "sdtContent" if is_contents => {
                let mut contents = Vec::new();
                let numbers = self.line;
                self.blocks(xml, &mut contents)?;
                let text: Vec<String> = contents.iter().map(Line::all_words).collect();
                self.out.remove(numbers + 1, &text.join(" "), contents_words());
                Ok(())
            }
            "sdtContent" => read(self, xml),
            _ => xml.skip().map(drop),
        })
    }

    /// Of the ways in which newer and older programs say the same, the first.
    fn chosen(&mut self, xml: &mut Xml<'_>, mut read: impl FnMut(&mut Body, &mut Xml<'_>) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let mut chosen = false;
        xml.children(|xml, tag| {
            if chosen || !matches!(tag.name.as_str(), "Choice" | "Fallback") {
                return xml.skip().map(drop);
            }
            chosen = true;
            read(self, xml)
        })
    }

    fn deleted(&mut self, xml: &mut Xml<'_>) -> Result<(), Refusal> {
        let text = xml.skip()?;
        self.out.remove(self.line.max(1), &text, deleted_words());
        Ok(())
    }

    fn paragraph(&mut self, xml: &mut Xml<'_>, into: &mut Vec<Line>) -> Result<(), Refusal> {
        let mut properties = Properties::default();
        let mut gathered = Gathered::default();
        self.line += 1;
        let number = self.line;
        xml.children(|xml, tag| {
            if tag.name == "pPr" {
                properties = read_properties(xml)?;
                gathered.style_hides = properties.style.as_ref().is_some_and(|style| self.styles.is_hidden(style));
                gathered.shaded = properties.shaded;
                return Ok(());
            }
            self.inline(xml, tag, &mut gathered)
        })?;
        self.out.remove(number, &gathered.hidden, Words::new("隐藏文字（不显示或与底色相同）", "hidden text"));
        self.out.remove(number, &gathered.deleted, deleted_words());
        self.out.remove(number, &gathered.readings, Words::new("拼音标注", "phonetic reading"));
        for picture in &gathered.pictures {
            self.out.remove(number, &format!("[图片{picture}]"), Words::new("图片", "picture"));
        }
        let text = std::mem::take(&mut self.carried) + &gathered.text;
        if properties.end_deleted {
            self.carried = text;
        } else {
            self.end_paragraph(&properties, number, &text, into);
        }
        into.append(&mut gathered.after);
        Ok(())
    }

    fn end_paragraph(&mut self, properties: &Properties, number: usize, text: &str, into: &mut Vec<Line>) {
        let style = properties.style.as_deref().unwrap_or_default();
        let list = properties.number.clone().or_else(|| self.styles.number(style)).filter(|_| !properties.unnumbered);
        let mark = list.and_then(|(list, level)| self.numbering.mark(&list, level));
        if self.styles.is_contents(style) {
            self.out.remove(number, text, contents_words());
            return;
        }
        let rank = properties.outline.map(|outline| outline + 1).filter(|rank| *rank <= 6).or_else(|| self.styles.heading(style));
        for (index, part) in text.split('\n').enumerate() {
            let part = self.out.cleaned(number, part);
            if part.is_empty() {
                continue;
            }
            let block = match (&mark, rank) {
                (Some(Mark::Bullet), _) if index == 0 => Block::Item(None, part),
                (mark, rank) => {
                    let part = match mark {
                        Some(Mark::Number(printed)) if index == 0 => numbered(printed, &part),
                        _ => part,
                    };
                    let is_heading = part.chars().count() <= LONGEST_HEADING && !part.contains('。');
                    rank.filter(|_| is_heading).map_or_else(|| Block::Text(part.clone()), |rank| Block::Heading(rank, part.clone()))
                }
            };
            into.push(Line { number, block });
        }
    }

    /// Something inside a paragraph.
    fn inline(&mut self, xml: &mut Xml<'_>, tag: Tag, gathered: &mut Gathered) -> Result<(), Refusal> {
        match tag.name.as_str() {
            "r" => self.run(xml, gathered),
            "del" | "moveFrom" => xml.skip().map(|text| gathered.deleted.push_str(&text)),
            "hyperlink" => {
                xml.children(|xml, tag| self.inline(xml, tag, gathered))?;
                if let Some(target) = tag.get("id").and_then(|id| self.links.get(id)).cloned() {
                    self.out.remove(self.line, &target, Words::new("链接的地址（链接的文字已保留）", "address of a link (its text is kept)"));
                }
                Ok(())
            }
            "sdt" => self.control(xml, |body, xml| xml.children(|xml, tag| body.inline(xml, tag, gathered))),
            "AlternateContent" => self.chosen(xml, |body, xml| xml.children(|xml, tag| body.inline(xml, tag, gathered))),
            // Whatever else stands around runs: fields, formulas, marks of other programs.
            _ => xml.children(|xml, tag| self.inline(xml, tag, gathered)),
        }
    }

    fn run(&mut self, xml: &mut Xml<'_>, gathered: &mut Gathered) -> Result<(), Refusal> {
        let mut look = Look { hidden: gathered.style_hides, shaded: gathered.shaded || self.shaded > 0, white: false };
        xml.children(|xml, tag| {
            if tag.name == "rPr" {
                return look.read(xml, &self.styles);
            }
            self.run_part(xml, tag, &look, gathered)
        })
    }

    fn run_part(&mut self, xml: &mut Xml<'_>, tag: Tag, look: &Look, gathered: &mut Gathered) -> Result<(), Refusal> {
        let shown: String = match tag.name.as_str() {
            "t" => xml.skip()?,
            "delText" => {
                let text = xml.skip()?;
                gathered.deleted.push_str(&text);
                return Ok(());
            }
            "tab" | "ptab" => " ".into(),
            "br" | "cr" => "\n".into(),
            "noBreakHyphen" => "-".into(),
            "sym" => symbol(&tag),
            "footnoteReference" | "endnoteReference" => self.note(&tag),
            "drawing" | "pict" | "object" => return self.picture(xml, gathered),
            "AlternateContent" => {
                return self.chosen(xml, |body, xml| xml.children(|xml, tag| body.run_part(xml, tag, look, gathered)));
            }
            "ruby" => {
                return xml.children(|xml, tag| match tag.name.as_str() {
                    "rt" => xml.skip().map(|text| gathered.readings.push_str(&text)),
                    _ => xml.children(|xml, tag| self.inline(xml, tag, gathered)),
                });
            }
            _ => return xml.skip().map(drop),
        };
        if tag.name != "t" {
            xml.skip()?;
        }
        if look.is_unseen() {
            gathered.hidden.push_str(&shown)
        } else {
            gathered.text.push_str(&shown)
        }
        Ok(())
    }

    /// The sign of a note, whose text is printed at the end.
    fn note(&mut self, tag: &Tag) -> String {
        let key = (tag.name == "endnoteReference", tag.get("id").unwrap_or_default().to_string());
        let Some(text) = self.notes.remove(&key) else { return String::new() };
        let place = self.printed_notes.len() + 1;
        self.printed_notes.push(format!("注{place}：{text}"));
        format!("（注{place}）")
    }

    /// A picture or a text box.
    fn picture(&mut self, xml: &mut Xml<'_>, gathered: &mut Gathered) -> Result<(), Refusal> {
        let (mut boxes, mut named) = (false, String::new());
        self.drawing(xml, gathered, &mut boxes, &mut named)?;
        if !boxes {
            gathered.pictures.push(if named.is_empty() { named } else { format!("：{named}") });
        }
        Ok(())
    }

    fn drawing(&mut self, xml: &mut Xml<'_>, gathered: &mut Gathered, boxes: &mut bool, named: &mut String) -> Result<(), Refusal> {
        xml.children(|xml, tag| match tag.name.as_str() {
            "txbxContent" => {
                *boxes = true;
                let mut lines = Vec::new();
                let carried = std::mem::take(&mut self.carried);
                self.blocks(xml, &mut lines)?;
                self.carried = carried;
                gathered.after.append(&mut lines);
                Ok(())
            }
            "AlternateContent" => self.chosen(xml, |body, xml| body.drawing(xml, gathered, boxes, named)),
            _ => {
                if let Some(words) = tag.get("descr").filter(|words| !words.is_empty()) {
                    *named = words.to_string();
                }
                // Text of drawings that are no text boxes, such as diagrams and old word art.
                if let Some(words) = tag.get("string").filter(|_| tag.name == "textpath") {
                    gathered.text.push_str(words);
                }
                self.drawing(xml, gathered, boxes, named)
            }
        })
    }

    fn table(&mut self, xml: &mut Xml<'_>, into: &mut Vec<Line>) -> Result<(), Refusal> {
        let first = self.line + 1;
        let around = self.shaded;
        let mut rows: Vec<Row> = Vec::new();
        xml.children(|xml, tag| {
            if tag.name == "tblPr" {
                return xml.children(|xml, tag| {
                    // A style may color rows; what it does is not followed.
                    self.shaded += usize::from(tag.name == "tblStyle" || is_shaded(&tag));
                    xml.skip().map(drop)
                });
            }
            self.row(xml, tag, &mut rows)
        })?;
        self.shaded = around;
        let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let nested = rows.iter().flat_map(|row| &row.cells).any(|cell| cell.lines.iter().any(|line| matches!(line.block, Block::Table(_))));
        let longest = rows.iter().flat_map(|row| &row.cells).map(|cell| cell.text().chars().count()).max().unwrap_or(0);
        if nested || only_places(rows.len(), columns, longest) {
            into.extend(rows.into_iter().flat_map(|row| row.cells).flat_map(|cell| cell.lines));
            return Ok(());
        }
        self.out.rows.insert(first, rows.iter().map(|row| row.number).collect());
        let table = self.grid(&rows);
        if table.iter().flatten().any(|cell| !cell.is_empty()) {
            into.push(Line { number: first, block: Block::Table(table) });
        }
        Ok(())
    }

    fn grid(&mut self, rows: &[Row]) -> Vec<Vec<String>> {
        let mut grid = Grid::default();
        for (index, row) in rows.iter().enumerate() {
            grid.begin_row();
            let mut column = row.before;
            for cell in &row.cells {
                let text = cell.text();
                match cell.merge {
                    Merge::Continued if index > 0 => {
                        // Word does not show what stands in a cell that another one covers.
                        self.out.remove(row.number, &text, Words::new("被合并单元格盖住的文字", "text covered by a merged cell"));
                        column += cell.wide;
                    }
                    _ => {
                        let goes_on = |row: &&Row| row.cell_at(column).is_some_and(|below| below.merge == Merge::Continued);
                        let tall = if cell.merge == Merge::Begins { 1 + rows[index + 1..].iter().take_while(goes_on).count() } else { 1 };
                        column = grid.put(column, cell.wide, tall, &text);
                    }
                }
            }
        }
        grid.rows()
    }

    fn row(&mut self, xml: &mut Xml<'_>, tag: Tag, rows: &mut Vec<Row>) -> Result<(), Refusal> {
        match tag.name.as_str() {
            "tr" => {}
            "sdt" => return self.control(xml, |body, xml| xml.children(|xml, tag| body.row(xml, tag, rows))),
            "ins" | "moveTo" | "customXml" | "sdtContent" => return xml.children(|xml, tag| self.row(xml, tag, rows)),
            "del" | "moveFrom" => return self.deleted(xml),
            _ => return xml.skip().map(drop),
        }
        let mut row = Row::default();
        let number = self.line + 1;
        let mut why = None;
        xml.children(|xml, tag| {
            if tag.name != "trPr" {
                return self.cell(xml, tag, &mut row);
            }
            xml.children(|xml, tag| {
                match tag.name.as_str() {
                    "gridBefore" => row.before = number_of(&tag).min(64),
                    "del" => why = Some(deleted_words()),
                    "hidden" if tag.is_on() => why = Some(Words::new("隐藏的行", "hidden row")),
                    _ => {}
                }
                xml.skip().map(drop)
            })
        })?;
        // A row is one line, however many paragraphs its cells hold.
        self.line = number;
        row.number = number;
        for line in row.cells.iter_mut().flat_map(|cell| &mut cell.lines) {
            line.number = number;
        }
        match why {
            Some(why) => {
                let text: Vec<String> = row.cells.iter().map(Cell::text).collect();
                self.out.remove(number, &text.join(" "), why);
            }
            None => rows.push(row),
        }
        Ok(())
    }

    fn cell(&mut self, xml: &mut Xml<'_>, tag: Tag, row: &mut Row) -> Result<(), Refusal> {
        match tag.name.as_str() {
            "tc" => {}
            "sdt" => return self.control(xml, |body, xml| xml.children(|xml, tag| body.cell(xml, tag, row))),
            "ins" | "customXml" => return xml.children(|xml, tag| self.cell(xml, tag, row)),
            _ => return xml.skip().map(drop),
        }
        let mut cell = Cell { wide: 1, merge: Merge::None, lines: Vec::new() };
        let around = self.shaded;
        xml.children(|xml, tag| {
            if tag.name != "tcPr" {
                return self.block(xml, tag, &mut cell.lines);
            }
            xml.children(|xml, tag| {
                match tag.name.as_str() {
                    "gridSpan" => cell.wide = number_of(&tag).clamp(1, 64),
                    "vMerge" if tag.get("val") == Some("restart") => cell.merge = Merge::Begins,
                    "vMerge" => cell.merge = Merge::Continued,
                    _ => self.shaded += usize::from(is_shaded(&tag)),
                }
                xml.skip().map(drop)
            })
        })?;
        self.shaded = around;
        row.cells.push(cell);
        Ok(())
    }
}

#[derive(Default)]
struct Row {
    number: usize,
    /// Columns that the row leaves out at its start.
    before: usize,
    cells: Vec<Cell>,
}

impl Row {
    /// The cell that begins in a column.
    fn cell_at(&self, column: usize) -> Option<&Cell> {
        let mut at = self.before;
        self.cells.iter().find(|cell| {
            let found = at == column;
            at += cell.wide;
            found
        })
    }
}

struct Cell {
    wide: usize,
    merge: Merge,
    lines: Vec<Line>,
}

impl Cell {
    fn text(&self) -> String {
        trimmed(&self.lines.iter().map(Line::all_words).collect::<Vec<_>>().join(" ")).to_string()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Merge {
    None,
    Begins,
    Continued,
}

/// How a run looks.
struct Look {
    hidden: bool,
    shaded: bool,
    white: bool,
}

impl Look {
    fn read(&mut self, xml: &mut Xml<'_>, styles: &Styles) -> Result<(), Refusal> {
        xml.children(|xml, tag| {
            match tag.name.as_str() {
                "vanish" | "specVanish" => self.hidden = tag.is_on(),
                "rStyle" => self.hidden |= tag.get("val").is_some_and(|style| styles.is_hidden(style)),
                "color" => self.white = tag.get("val").is_some_and(|color| color.eq_ignore_ascii_case("ffffff")),
                "highlight" => self.shaded |= tag.get("val").is_some_and(|color| !matches!(color, "none" | "white")),
                _ => self.shaded |= is_shaded(&tag),
            }
            xml.skip().map(drop)
        })
    }

    fn is_unseen(&self) -> bool {
        self.hidden || self.white && !self.shaded
    }
}

fn is_shaded(tag: &Tag) -> bool {
    let colored = |name: &str| tag.get(name).is_some_and(|color| !matches!(color.to_ascii_lowercase().as_str(), "auto" | "ffffff" | ""));
    tag.name == "shd" && (colored("fill") || tag.get("themeFill").is_some() || (colored("color") && tag.get("val").is_some_and(|pattern| pattern != "clear")))
}

fn number_of(tag: &Tag) -> usize {
    tag.get("val").and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn read_properties(xml: &mut Xml<'_>) -> Result<Properties, Refusal> {
    let mut properties = Properties::default();
    xml.children(|xml, tag| {
        match tag.name.as_str() {
            "pStyle" => properties.style = tag.get("val").map(str::to_string),
            "outlineLvl" => properties.outline = tag.get("val").and_then(|level| level.parse().ok()).filter(|level| *level < 9),
            "numPr" => {
                let (number, level) = read_number(xml)?;
                properties.unnumbered = number.as_deref() == Some("0");
                properties.number = number.map(|number| (number, level.unwrap_or(0)));
                return Ok(());
            }
            "rPr" => {
                return xml.children(|xml, tag| {
                    properties.end_deleted |= matches!(tag.name.as_str(), "del" | "moveFrom");
                    xml.skip().map(drop)
                });
            }
            _ => properties.shaded |= is_shaded(&tag),
        }
        xml.skip().map(drop)
    })?;
    Ok(properties)
}

/// What kind of part a content control holds.
fn gallery(xml: &mut Xml<'_>) -> Result<String, Refusal> {
    let mut found = String::new();
    xml.children(|xml, tag| {
        if tag.name != "docPartObj" {
            return xml.skip().map(drop);
        }
        xml.children(|xml, tag| {
            if tag.name == "docPartGallery" {
                found = tag.get("val").unwrap_or_default().to_string();
            }
            xml.skip().map(drop)
        })
    })?;
    Ok(found)
}

/// A number before its paragraph: 一、概述, but 1. 概述.
fn numbered(printed: &str, text: &str) -> String {
    let tight = printed.chars().next_back().is_some_and(|c| crate::text::is_wide(c) || c.is_whitespace());
    format!("{printed}{}{text}", if tight { "" } else { " " })
}

/// Signs of picture fonts that forms use; others are shown as a box, which says that something stands there.
fn symbol(tag: &Tag) -> String {
    let code = tag.get("char").and_then(|code| u32::from_str_radix(code, 16).ok()).unwrap_or(0);
    let sign = match code & 0xff {
        _ if (0x20..0xe000).contains(&code) && !tag.get("font").is_some_and(|font| font.starts_with("Wingdings") || font == "Symbol") => char::from_u32(code),
        0x52 | 0xfe => Some('☑'),
        0x53 | 0xfd => Some('☒'),
        0xfc | 0x50 => Some('✓'),
        0xa3 | 0xa8 | 0x6f => Some('□'),
        0x6c | 0xb7 => Some('●'),
        _ => None,
    };
    sign.unwrap_or('□').to_string()
}

fn deleted_words() -> Words {
    Words::new("修订中删除的文字", "text deleted by a tracked change")
}

fn contents_words() -> Words {
    Words::new("目录", "table of contents")
}

/// All words of a part that is not imported, paragraphs parted by spaces.
pub(super) fn plain(part: &str) -> Result<String, Refusal> {
    let mut xml = Xml::new(part);
    let mut words = String::new();
    let mut inside: Vec<String> = Vec::new();
    loop {
        match xml.next()? {
            Piece::Open(tag) => inside.push(tag.name),
            Piece::Close => {
                if inside.pop().as_deref() == Some("p") {
                    words.push(' ');
                }
            }
            Piece::Text(text) if inside.last().is_some_and(|name| name == "t") => words.push_str(&text),
            Piece::Text(_) => {}
            Piece::End => return Ok(words),
        }
    }
}
