//! Files of Word 97 to 2003 and its kin: what kind of container it is, and the text of a .doc file through undoc. What undoc passes over,
//! such as hidden text, is found in the file's own list of characters (`stories`) and listed.

mod stories;

use super::grid::{Grid, only_places};
use super::lines::{Block, Line, Lines, Note};
use super::read::Refusal;
use super::sheet::excel;
use super::word::encrypted;
use super::xml::broken;
use crate::diag::Words;
use cfb::CompoundFile;
use std::io::{Cursor, Read as _};
use stories::Stories;
use undoc::doc::DocParser;
use undoc::model::{Block as Part, ListType, Paragraph, RevisionType, Table};

/// Reads what the streams of a container say it is.
pub(super) fn read(bytes: &[u8]) -> Result<Lines, Refusal> {
    let mut container = CompoundFile::open(Cursor::new(bytes)).map_err(|_| broken())?;
    let has = |name: &str| container.exists(name);
    if has("/EncryptedPackage") {
        return Err(encrypted());
    }
    if let Some(name) = ["/Workbook", "/Book"].into_iter().find(|name| has(name)) {
        let stream = stream(&mut container, name)?;
        return excel::read_old(bytes, &stream);
    }
    if has("/WordDocument") {
        let main = stream(&mut container, "/WordDocument")?;
        // One bit says which of two streams holds the tables.
        let name = if main.get(0x0b).is_some_and(|flags| flags & 2 != 0) { "/1Table" } else { "/0Table" };
        let tables = if container.exists(name) { stream(&mut container, name)? } else { Vec::new() };
        return of_word(bytes, &main, &tables);
    }
    let (zh, en) = match () {
        () if has("/PowerPoint Document") => ("旧版 PowerPoint 演示文稿", "a PowerPoint file"),
        () if has("/__properties_version1.0") => ("Outlook 邮件", "an Outlook message"),
        () => ("Word、WPS 旧版或其他软件的文件", "a file of an old office program"),
    };
    Err(Words::new(
        format!("这是{zh}，读不出正文：请在 WPS 或 Word 里打开，“另存为” .docx（表格存 .xlsx）后导入"),
        format!("this is {en}, whose text cannot be read: open it in WPS or Word and save it as .docx (.xlsx)"),
    )
    .into())
}

fn stream(container: &mut CompoundFile<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    container.open_stream(name).and_then(|stream| stream.take(64 << 20).read_to_end(&mut bytes)).map_err(|_| broken())?;
    Ok(bytes)
}

fn of_word(bytes: &[u8], stream: &[u8], tables: &[u8]) -> Result<Lines, Refusal> {
    let word = |at: usize| stream.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
    // The first block of the main stream says whether the text is locked.
    if word(0x0a) & 0x0100 != 0 {
        return Err(encrypted());
    }
    let is_new = word(0x02) >= 0x00c1;
    if !stories::is_within(stream, tables, is_new) {
        return Err(broken());
    }
    let document = DocParser::from_bytes(bytes.to_vec()).and_then(|mut parser| parser.parse()).map_err(|_| broken())?;
    let mut reader = Reader::default();
    for section in &document.sections {
        for part in &section.content {
            reader.part(part);
        }
        for paragraph in section.header.iter().chain(&section.footer).flatten() {
            reader.out.remove(1, &text(paragraph), Words::new("页眉或页脚", "page header or footer"));
        }
    }
    let Reader { mut out, numbered, .. } = reader;
    let stories = if is_new { Stories::of(stream, tables) } else { None };
    match stories {
        Some(stories) => list_unread(&stories, &mut out),
        None => {
            let words = Words::new(
                "旧版 .doc 的内部结构读不全，隐藏文字、文本框和批注可能没有读出：请与原件核对，或“另存为” .docx 再导入",
                "the inner lists of this .doc file cannot be read; hidden text, text boxes and comments may be missing: compare, or save it as .docx",
            );
            out.notes.push(Note { rule: "import/not-read", message: words, line: None });
        }
    }
    if numbered > 0 {
        let words = Words::new(
            format!("有 {numbered} 段用了自动编号，旧版 .doc 读不出编号的样式（如“一、”）：请与原件核对，或“另存为” .docx 再导入"),
            format!(
                "{numbered} paragraphs are numbered by Word, in a style that cannot be read from .doc files: compare with the original or save it as .docx"
            ),
        );
        out.notes.push(Note { rule: "import/numbering", message: words, line: None });
    }
    Ok(out)
}

/// Cells that may go missing without a word.
const FEW: usize = 5;

fn full_cells(rows: &[Vec<String>]) -> usize {
    rows.iter().flatten().filter(|cell| !cell.is_empty()).count()
}

/// Lists the words of the file that are not in what was read, and says so of tables and text boxes.
fn list_unread(stories: &Stories, out: &mut Lines) {
    let read = out.lines.iter().flat_map(|line| match &line.block {
        Block::Text(text) | Block::Heading(_, text) | Block::Item(_, text) => vec![text.as_str()],
        Block::Table(rows) => rows.iter().flatten().map(String::as_str).collect(),
    });
    let read = read.chain(out.removed.iter().map(|removed| removed.text.as_str()));
    let paragraphs = [stories.main.as_slice(), stories.around.as_slice()].concat();
    for part in stories::missing(&paragraphs, read) {
        out.remove(1, &part, Words::new("隐藏文字，或旧版 .doc 里读不出位置的文字", "hidden text, or text whose place cannot be read"));
    }
    let cells: usize = out.lines.iter().map(|line| if let Block::Table(rows) = &line.block { full_cells(rows) } else { 0 }).sum();
    // Cells of several paragraphs, and tables that only place things, differ by a few.
    if stories.cells > cells + FEW {
        let lost = stories.cells - cells;
        let words = Words::new(
            format!("有 {lost} 个表格单元格没有读成表格，成了一格一行的文字：请与原件核对，或在 WPS 或 Word 里“另存为” .docx 再导入"),
            format!("{lost} cells of tables became lines of text: compare with the original, or save the file as .docx and import it again"),
        );
        out.notes.push(Note { rule: "import/not-read", message: words, line: None });
    }
    for comment in &stories.comments {
        out.remove(1, comment, Words::new("批注", "comment"));
    }
    for text in &stories.boxes {
        out.remove(1, text, Words::new("文本框里的文字（旧版 .doc 读不出它的位置）", "text of a text box, whose place cannot be read"));
    }
    if !stories.boxes.is_empty() {
        let words = Words::new(
            "文本框里的文字没有放进正文，列在“未导入”里：请核对，或在 WPS 或 Word 里“另存为” .docx 再导入",
            "the text of text boxes is listed and not part of the text: check it, or save the file as .docx and import it again",
        );
        out.notes.push(Note { rule: "import/not-read", message: words, line: None });
    }
}

#[derive(Default)]
struct Reader {
    out: Lines,
    line: usize,
    /// Paragraphs that Word numbers itself.
    numbered: usize,
}

impl Reader {
    fn part(&mut self, part: &Part) {
        match part {
            Part::Paragraph(paragraph) => {
                self.line += 1;
                let lines = self.paragraph(paragraph);
                self.out.lines.extend(lines);
            }
            Part::Table(table) => self.table(table),
            Part::Note { label, content } => {
                for paragraph in content {
                    self.line += 1;
                    let (number, text) = (self.line, text(paragraph));
                    self.out.push_text(number, &format!("注{label}：{text}"));
                }
            }
            Part::PageBreak | Part::SectionBreak => {}
            Part::Image { alt_text, .. } => {
                let line = self.line.max(1);
                self.out.remove(line, &format!("[图片{}]", alt_text.as_deref().unwrap_or_default()), Words::new("图片", "picture"));
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph) -> Vec<Line> {
        let number = self.line;
        let deleted: String = paragraph.runs.iter().filter(|run| run.revision == RevisionType::Deleted).map(|run| run.text.as_str()).collect();
        self.out.remove(number, &deleted, Words::new("修订中删除的文字", "text deleted by a tracked change"));
        for _ in &paragraph.images {
            self.out.remove(number, "[图片]", Words::new("图片", "picture"));
        }
        let list = paragraph.list_info.as_ref().filter(|list| list.list_type != ListType::None);
        let mut lines = Vec::new();
        for (index, part) in text(paragraph).split('\n').enumerate() {
            let part = self.out.cleaned(number, part);
            if part.is_empty() {
                continue;
            }
            let block = match list {
                Some(list) if index == 0 => {
                    self.numbered += usize::from(list.list_type == ListType::Numbered);
                    Block::Item(list.number.map(|number| number as usize), part)
                }
                _ if paragraph.heading.is_heading() && part.chars().count() <= 60 && !part.contains('。') => {
                    Block::Heading(paragraph.heading.level().clamp(1, 6), part)
                }
                _ => Block::Text(part),
            };
            lines.push(Line { number, block });
        }
        lines
    }

    fn table(&mut self, table: &Table) {
        let first = self.line + 1;
        let mut rows: Vec<Vec<(u32, u32, Vec<Line>)>> = Vec::new();
        let mut nested = Vec::new();
        for row in &table.rows {
            self.line += 1;
            let mut cells = Vec::new();
            for cell in &row.cells {
                cells.push((cell.col_span, cell.row_span, cell.content.iter().flat_map(|paragraph| self.paragraph(paragraph)).collect::<Vec<Line>>()));
                nested.extend(&cell.nested_tables);
            }
            rows.push(cells);
        }
        let words = |lines: &[Line]| lines.iter().map(Line::all_words).collect::<Vec<_>>().join(" ");
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let longest = rows.iter().flatten().map(|(_, _, lines)| words(lines).chars().count()).max().unwrap_or(0);
        if !nested.is_empty() || only_places(rows.len(), columns, longest) {
            self.out.lines.extend(rows.into_iter().flatten().flat_map(|(_, _, lines)| lines));
        } else {
            let mut grid = Grid::default();
            for row in &rows {
                grid.begin_row();
                let mut column = 0;
                for (wide, tall, lines) in row {
                    column = grid.put(column, *wide as usize, *tall as usize, &words(lines));
                }
            }
            self.out.rows.insert(first, (first..first + rows.len()).collect());
            self.out.lines.push(Line { number: first, block: Block::Table(grid.rows()) });
        }
        for table in nested {
            self.table(table);
        }
    }
}

/// Visible text of a paragraph; `\n` ends a line, a note's sign stands in brackets.
fn text(paragraph: &Paragraph) -> String {
    let mut text = String::new();
    for run in paragraph.runs.iter().filter(|run| run.revision != RevisionType::Deleted) {
        match &run.note {
            Some(label) => text.push_str(&format!("（注{label}）")),
            None => text.push_str(&run.text.replace('\t', " ")),
        }
        if run.line_break || run.page_break {
            text.push('\n');
        }
    }
    text
}
