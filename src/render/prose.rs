//! A text as HTML: headings with ids, statutory tables with rows that can be linked to, citations that lead to their page.
//!
//! pulldown-cmark writes everything but what the portal needs in its own way: headings, tables, code, links, footnotes.

use super::highlight::highlight;
use super::strings::Strings;
use super::view::Html;
use crate::diag::Span;
use crate::markdown::Document;
use crate::model::{Breakdown, Figure, FigureKey, Form, IndicatorId, Layout, Origin, Reading, Registry, Report, ReportTable, Table};
use crate::text::citations;
use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, Tag, TagEnd, html};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Text with `& < > " '` escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Where a link of the text may lead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Way {
    /// An address, ready for the page.
    Href(String),
    /// Another site.
    Outside(String),
    /// Nowhere: only its words are shown.
    Nowhere,
}

/// What a text needs to become a part of a page.
pub(super) struct Setting<'a> {
    /// Words of tables.
    pub(super) strings: &'a Strings,
    /// Anchors of headings in order.
    pub(super) anchors: Vec<&'a str>,
    /// Resolves a link as written.
    pub(super) way: &'a dyn Fn(&str) -> Way,
    /// The page of a cited document, if it has one.
    pub(super) document: &'a dyn Fn(&citations::Found) -> Option<String>,
    /// Where findings stand, in bytes of the Markdown, each with its number in the list below the text.
    pub(super) marks: &'a [(u32, usize)],
    /// Statutory tables, if the text is a report's.
    pub(super) statutory: Option<Statutory<'a>>,
}

/// A report whose tables are drawn as the form's.
#[derive(Clone, Copy)]
pub(super) struct Statutory<'a> {
    /// The report.
    pub(super) report: &'a Report,
    /// Its form.
    pub(super) form: &'a Form,
    /// Names of rows and columns.
    pub(super) registry: &'a Registry,
    /// English labels beside tables.
    pub(super) english: bool,
    /// The body's CSV file.
    pub(super) csv: &'a str,
}

/// The document as HTML.
pub(super) fn html(document: &Document<'_>, setting: &Setting<'_>) -> Html {
    let mut writer = Writer {
        setting,
        out: Vec::with_capacity(document.events.len()),
        heading: 0,
        top: top_level(document),
        links: Vec::new(),
        notes: BTreeMap::new(),
        cited: BTreeSet::new(),
        ids: setting.anchors.iter().map(|anchor| anchor.to_string()).collect(),
        pieces: BTreeMap::new(),
    };
    let mut at = 0;
    while at < document.events.len() {
        at = writer.event(document, at);
    }
    let mut markup = String::new();
    html::push_html(&mut markup, writer.out.into_iter());
    Html::trusted(markup)
}

/// Level of the highest heading of a text.
pub(super) fn top_level(document: &Document<'_>) -> usize {
    let levels =
        document.events.iter().filter_map(|(event, _)| if let Event::Start(Tag::Heading { level, .. }) = event { Some(*level as usize) } else { None });
    levels.min().unwrap_or(2)
}

/// Level on the page, whose title is the first.
pub(super) fn drawn_level(level: usize, top: usize) -> usize {
    (level - top + 2).min(6)
}

struct Writer<'a, 's> {
    setting: &'s Setting<'s>,
    out: Vec<Event<'a>>,
    heading: usize,
    /// Level of the highest headings: they stand right below the title.
    top: usize,
    /// Whether each open link is really written.
    links: Vec<bool>,
    notes: BTreeMap<String, usize>,
    cited: BTreeSet<String>,
    ids: BTreeSet<String>,
    /// How many pieces of each statutory table have been drawn.
    pieces: BTreeMap<u8, usize>,
}

impl<'a> Writer<'a, '_> {
    fn markup(&mut self, markup: impl Into<CowStr<'a>>) {
        self.out.push(Event::Html(markup.into()));
    }

    /// Writes one event, or a whole table or code block; returns the place of the next.
    fn event(&mut self, document: &Document<'a>, at: usize) -> usize {
        let (event, range) = &document.events[at];
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let level = drawn_level(*level as usize, self.top);
                let anchor = self.setting.anchors.get(self.heading).copied().unwrap_or_default();
                let markup = format!("<h{level} id=\"{}\">", escaped(anchor));
                self.markup(markup);
            }
            Event::End(TagEnd::Heading(level)) => {
                let level = drawn_level(*level as usize, self.top);
                self.heading += 1;
                self.marks(range);
                self.markup(format!("</h{level}>\n"));
            }
            Event::End(TagEnd::Paragraph) => {
                self.marks(range);
                self.out.push(event.clone());
            }
            Event::Start(Tag::Table(alignments)) => return self.table(document, at, alignments),
            Event::Start(Tag::CodeBlock(kind)) => return self.code(document, at, kind),
            Event::Start(Tag::Link { dest_url, title, .. }) => {
                let (href, relation) = match (self.setting.way)(dest_url) {
                    Way::Href(href) => (href, ""),
                    Way::Outside(href) => (href, " rel=\"external noopener\""),
                    Way::Nowhere => {
                        self.links.push(false);
                        return at + 1;
                    }
                };
                self.links.push(true);
                let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(title)) };
                self.out.push(Event::InlineHtml(format!("<a href=\"{}\"{title}{relation}>", escaped(&href)).into()));
            }
            Event::End(TagEnd::Link) => {
                if self.links.pop() == Some(true) {
                    self.out.push(Event::InlineHtml("</a>".into()));
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => return self.image(document, at, dest_url),
            Event::Start(Tag::FootnoteDefinition(name)) => {
                let number = self.note(name);
                self.markup(format!("<div class=\"footnote-definition\" id=\"fn-{number}\"><sup class=\"footnote-definition-label\">{number}</sup>"));
            }
            Event::End(TagEnd::FootnoteDefinition) => self.markup("</div>\n"),
            Event::FootnoteReference(name) => {
                let number = self.note(name);
                self.out.push(Event::InlineHtml(format!("<sup class=\"footnote-reference\"><a href=\"#fn-{number}\">{number}</a></sup>").into()));
            }
            Event::Text(text) if self.links.is_empty() && text.contains(['《', '〔', '﹝', '[', '【', '（']) => self.text(text),
            other => self.out.push(other.clone()),
        }
        at + 1
    }

    /// Leads from a heading or paragraph to what was found in it.
    fn marks(&mut self, range: &std::ops::Range<usize>) {
        let found: String = self.setting.marks.iter().filter(|(at, _)| range.contains(&(*at as usize))).map(|(_, number)| self.mark(*number)).collect();
        if !found.is_empty() {
            self.out.push(Event::InlineHtml(found.into()));
        }
    }

    fn mark(&self, number: usize) -> String {
        format!(
            " <a class=\"finding-mark\" href=\"#finding-{number}\">{}</a>",
            escaped(&self.setting.strings.fill("word.finding_mark", &[("n", &number.to_string())]))
        )
    }

    fn note(&mut self, name: &str) -> usize {
        let next = self.notes.len() + 1;
        *self.notes.entry(name.to_string()).or_insert(next)
    }

    /// Running text: the first mention of a document leads to its page, numbers stay on one line.
    fn text(&mut self, text: &CowStr<'a>) {
        let found = citations::find(text);
        let mut from = 0;
        for citation in &found {
            let Some(href) = (self.setting.document)(citation) else { continue };
            if !self.cited.insert(href.clone()) {
                continue;
            }
            let words = &text[citation.range.clone()];
            self.out.push(Event::Text(text[from..citation.range.start].to_string().into()));
            self.out.push(Event::InlineHtml(format!("<a class=\"doc\" href=\"{}\">{}</a>", escaped(&href), escaped(words)).into()));
            from = citation.range.end;
        }
        if from == 0 {
            self.out.push(Event::Text(text.clone()));
        } else {
            self.out.push(Event::Text(text[from..].to_string().into()));
        }
    }

    /// Pictures of the portal are shown; others are links, since pages load nothing from elsewhere.
    fn image(&mut self, document: &Document<'a>, at: usize, target: &str) -> usize {
        let end = end_of(document, at);
        let alt = escaped(&crate::markdown::plain_text(&document.events[at..end]));
        let markup = match (self.setting.way)(target) {
            Way::Href(href) => format!("<img src=\"{}\" alt=\"{alt}\" loading=\"lazy\">", escaped(&href)),
            Way::Outside(href) => format!("<a href=\"{}\" rel=\"external noopener\">{}</a>", escaped(&href), if alt.is_empty() { escaped(&href) } else { alt }),
            Way::Nowhere => alt,
        };
        self.out.push(Event::InlineHtml(markup.into()));
        end + 1
    }

    fn code(&mut self, document: &Document<'a>, at: usize, kind: &CodeBlockKind<'a>) -> usize {
        let end = end_of(document, at);
        let code: String =
            document.events[at + 1..end].iter().filter_map(|(event, _)| if let Event::Text(text) = event { Some(text.as_ref()) } else { None }).collect();
        let language = match kind {
            CodeBlockKind::Fenced(language) => language.split([' ', ',']).next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        let inner = highlight(&code, language).unwrap_or_else(|| escaped(&code));
        self.markup(format!("<pre tabindex=\"0\"><code>{inner}</code></pre>\n"));
        end + 1
    }

    fn table(&mut self, document: &Document<'a>, at: usize, alignments: &[Alignment]) -> usize {
        let end = end_of(document, at);
        let span: Span = document.events[at].1.clone().into();
        let statutory = self.setting.statutory.and_then(|statutory| {
            let start = statutory.report.text_start;
            statutory.report.tables.iter().find(|table| table.span == span.shifted(start)).map(|table| (statutory, table))
        });
        match statutory {
            Some((statutory, table)) => self.statutory(document, at, end, statutory, table),
            None => self.plain(document, at, end, alignments),
        }
        end + 1
    }

    /// A table of the author's own. It scrolls by itself on a narrow screen.
    fn plain(&mut self, document: &Document<'a>, at: usize, end: usize, alignments: &[Alignment]) {
        let label = escaped(self.setting.strings.get("ui.table_region"));
        self.markup(format!("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\"><table class=\"plain\">"));
        let (mut head, mut column) = (false, 0);
        let mut inner = at + 1;
        while inner < end {
            match &document.events[inner].0 {
                Event::Start(Tag::TableHead) => {
                    head = true;
                    column = 0;
                    self.markup("<thead><tr>");
                }
                Event::End(TagEnd::TableHead) => {
                    head = false;
                    self.markup("</tr></thead><tbody>\n");
                }
                Event::Start(Tag::TableRow) => {
                    column = 0;
                    self.markup("<tr>");
                }
                Event::End(TagEnd::TableRow) => self.markup("</tr>\n"),
                Event::Start(Tag::TableCell) => {
                    let class = match alignments.get(column) {
                        Some(Alignment::Right) => " class=\"al-end\"",
                        Some(Alignment::Center) => " class=\"al-center\"",
                        _ => "",
                    };
                    self.markup(if head { format!("<th scope=\"col\"{class}>") } else { format!("<td{class}>") });
                }
                Event::End(TagEnd::TableCell) => {
                    column += 1;
                    self.markup(if head { "</th>" } else { "</td>" });
                }
                _ => {
                    inner = self.event(document, inner);
                    continue;
                }
            }
            inner += 1;
        }
        self.markup("</tbody></table></div>\n");
    }

    /// A table of the form, row by row as the report prints it, each figure as it was read.
    fn statutory(&mut self, document: &Document<'a>, at: usize, end: usize, statutory: Statutory<'_>, found: &ReportTable) {
        let table = &statutory.form.tables[found.table as usize];
        let piece = self.pieces.entry(found.table).or_insert(0);
        *piece += 1;
        let caption_id = if *piece == 1 { format!("cap-{}", table.id) } else { format!("cap-{}-{piece}", table.id) };
        let first = *piece == 1;
        let rows = rows_of(document, at, end);
        let cells = figures_by_place(statutory.report, found.table);
        let zeros = found.rows.iter().filter(|row| row.all_zero).count();
        let mut out = String::new();
        let outcomes = table.layout == Layout::Outcomes;
        let _ = write!(out, "<div class=\"stat-block stat-{}\">", table.id);
        if outcomes && first {
            self.outcome_table(&mut out, table, statutory);
        }
        if zeros > 1 && !outcomes {
            let label = self.setting.strings.fill("sentence.show_zero_rows", &[("n", &zeros.to_string())]);
            let _ = write!(out, "<label class=\"zero-fold\"><input type=\"checkbox\"> {}</label>", escaped(&label));
        }
        let caption = self.caption(table, statutory, *self.pieces.get(&found.table).unwrap_or(&1));
        let _ = write!(
            out,
            "<div class=\"scroll{}\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{caption_id}\"><table class=\"statutory {}\"><caption id=\"{caption_id}\">{caption}</caption>",
            if outcomes { " wide-only" } else { "" },
            table.id
        );
        for (place, row) in rows.iter().enumerate() {
            let info = found.rows.get(place);
            let read: Vec<Option<&Figure>> = row.iter().map(|cell| figure_at(&cells, statutory.report.text_start, cell)).collect();
            let head = place == 0;
            if head {
                out.push_str("<thead>");
            } else if place == 1 {
                out.push_str("<tbody>");
            }
            match read.iter().position(Option::is_some) {
                Some(first_value) => self.figure_row(&mut out, table, row, &read, first_value, info.is_some_and(|row| row.all_zero)),
                None => head_row(&mut out, row, head),
            }
            if head {
                out.push_str("</thead>");
            }
        }
        out.push_str(if rows.len() > 1 { "</tbody></table></div>" } else { "</table></div>" });
        let _ = write!(
            out,
            "<p class=\"source\">{} <a href=\"{}\" download>CSV</a></p></div>",
            escaped(self.setting.strings.get("sentence.table_source")),
            escaped(statutory.csv)
        );
        self.markup(out);
    }

    fn caption(&self, table: &Table, statutory: Statutory<'_>, piece: usize) -> String {
        let title = if statutory.english { &table.title_en } else { &table.title };
        let mut caption = format!("{}（{}）", escaped(title), statutory.report.id.year);
        if piece > 1 {
            let _ = write!(caption, " · {piece}");
        }
        caption
    }

    fn figure_row(&mut self, out: &mut String, table: &Table, row: &[RawCell], read: &[Option<&Figure>], first_value: usize, all_zero: bool) {
        let outcomes = table.layout == Layout::Outcomes;
        let context = read[first_value].and_then(|figure| context(table, figure.key.indicator));
        let mut labelled = false;
        let anchor = |writer: &mut Self, figure: &Figure| -> Option<String> {
            let registry = writer.setting.statutory?.registry;
            let id = registry.indicator(figure.key.indicator).key.clone();
            (!outcomes && writer.ids.insert(id.clone())).then_some(id)
        };
        let id = read[first_value].and_then(|figure| anchor(self, figure)).map_or(String::new(), |id| format!(" id=\"{id}\""));
        let class = if all_zero { " class=\"zero\"" } else { "" };
        let _ = write!(out, "<tr{id}{class}>");
        for (place, cell) in row.iter().enumerate() {
            match read[place] {
                Some(figure) => {
                    let id = if place == first_value { None } else { anchor(self, figure) }.map_or(String::new(), |id| format!(" id=\"{id}\""));
                    let _ = write!(out, "<td{id} class=\"n {}\">{}</td>", class_of(figure.reading), self.reading(figure, &cell.text));
                }
                None if place < first_value && !cell.text.is_empty() => {
                    let group = context.filter(|group| !labelled && !row.iter().any(|cell| cell.text.contains(group)));
                    let group = group.map_or(String::new(), |group| format!("<small class=\"sub\">{}</small>", escaped(group)));
                    labelled = true;
                    let start = self.setting.statutory.map_or(0, |statutory| statutory.report.text_start);
                    let own = |at: u32| read.iter().flatten().any(|figure| figure.span.start as usize == at as usize + start);
                    let marks: String = self.setting.marks.iter().filter(|(at, _)| own(*at)).map(|(_, number)| self.mark(*number)).collect();
                    let _ = write!(out, "<th scope=\"row\">{group}{}{marks}</th>", escaped(&cell.text));
                }
                None => {
                    let _ = write!(out, "<td>{}</td>", escaped(&cell.text));
                }
            }
        }
        out.push_str("</tr>\n");
    }

    fn reading(&self, figure: &Figure, printed: &str) -> String {
        let strings = self.setting.strings;
        match figure.reading {
            // Converted and rounded numbers stay as the report prints them.
            Reading::Stated(_) if figure.stated.is_some() || figure.about.is_some() => escaped(printed),
            Reading::Stated(amount) => amount.grouped(),
            Reading::Blank => format!("<span class=\"blank\">{}</span>", escaped(strings.get("word.blank"))),
            Reading::NotApplicable => escaped(strings.get("word.na")),
            Reading::Withheld => escaped(strings.get("word.withheld")),
        }
    }

    /// Fifteen columns in one line are three rows of five to the eye: this is the table for narrow screens, and where links lead.
    fn outcome_table(&mut self, out: &mut String, table: &Table, statutory: Statutory<'_>) {
        let strings = self.setting.strings;
        let columns: Vec<Breakdown> = table.rows.first().map(|row| row.cells.iter().map(|cell| cell.key.breakdown).collect()).unwrap_or_default();
        let name = |breakdown: Breakdown| {
            let (_, zh, en) = statutory.registry.breakdown_name(breakdown);
            escaped(if statutory.english { en } else { zh })
        };
        let id = format!("cap-{}-short", table.id);
        let _ = write!(
            out,
            "<div class=\"scroll narrow-only\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{id}\"><table class=\"statutory outcomes\"><caption id=\"{id}\">{}</caption><thead><tr><td></td>",
            self.caption(table, statutory, 1)
        );
        for breakdown in &columns {
            let _ = write!(out, "<th scope=\"col\">{}</th>", name(*breakdown));
        }
        out.push_str("</tr></thead><tbody>");
        let rows: BTreeSet<IndicatorId> = table.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.key.indicator).collect();
        for indicator in rows {
            let known = statutory.registry.indicator(indicator);
            let id = if self.ids.insert(known.key.clone()) { format!(" id=\"{}\"", known.key) } else { String::new() };
            let _ = write!(out, "<tr{id}><th scope=\"row\">{}</th>", escaped(if statutory.english { &known.name_en } else { &known.name }));
            for breakdown in &columns {
                let key = FigureKey { indicator, breakdown: *breakdown };
                match statutory.report.figures.iter().find(|figure| figure.key == key) {
                    Some(figure) => {
                        let _ = write!(out, "<td class=\"n {}\">{}</td>", class_of(figure.reading), self.reading(figure, ""));
                    }
                    None => {
                        let _ = write!(out, "<td class=\"n v-unstated\">{}</td>", escaped(strings.get("word.unstated")));
                    }
                }
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div>");
    }
}

fn head_row(out: &mut String, row: &[RawCell], head: bool) {
    let filled = row.iter().filter(|cell| !cell.text.is_empty()).count();
    if !head && filled <= 1 {
        let text = row.iter().find(|cell| !cell.text.is_empty()).map_or("", |cell| cell.text.as_str());
        let _ = writeln!(out, "<tr class=\"block\"><th colspan=\"{}\" scope=\"colgroup\">{}</th></tr>", row.len().max(1), escaped(text));
        return;
    }
    out.push_str(if head { "<tr>" } else { "<tr class=\"heads\">" });
    for (place, cell) in row.iter().enumerate() {
        let _ = if cell.text.is_empty() {
            write!(out, "<td></td>")
        } else {
            write!(out, "<th scope=\"col\"{}>{}</th>", if place == 0 { "" } else { " class=\"n\"" }, escaped(&cell.text))
        };
    }
    out.push_str("</tr>\n");
}

/// The group a row of the form stands in below its part: 4.保护第三方合法权益 says little when the rows before it are folded.
fn context(table: &Table, indicator: IndicatorId) -> Option<&str> {
    let row = table.rows.iter().find(|row| row.cells.first().is_some_and(|cell| cell.key.indicator == indicator))?;
    row.groups.get(1).map(String::as_str)
}

/// Class of a cell by how it was read.
pub(super) fn class_of(reading: Reading) -> &'static str {
    match reading {
        Reading::Stated(amount) if amount.is_zero() => "v-zero",
        Reading::Stated(_) => "v-number",
        Reading::Blank => "v-blank",
        Reading::NotApplicable => "v-na",
        Reading::Withheld => "v-withheld",
    }
}

struct RawCell {
    text: String,
    start: usize,
    end: usize,
}

fn rows_of(document: &Document<'_>, at: usize, end: usize) -> Vec<Vec<RawCell>> {
    let mut rows: Vec<Vec<RawCell>> = Vec::new();
    for (event, range) in &document.events[at + 1..end] {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => rows.last_mut().expect("a row is open").push(RawCell { text: String::new(), start: range.start, end: range.end }),
            Event::End(TagEnd::TableCell) => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.text = cell.text.trim().to_string();
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.text.push_str(text);
                }
            }
            _ => {}
        }
    }
    rows
}

fn figures_by_place(report: &Report, table: u8) -> Vec<&Figure> {
    let mut figures: Vec<&Figure> = report.figures.iter().filter(|figure| figure.origin == Origin::Table(table)).collect();
    figures.sort_by_key(|figure| figure.span);
    figures
}

fn figure_at<'f>(figures: &[&'f Figure], text_start: usize, cell: &RawCell) -> Option<&'f Figure> {
    let start = (cell.start + text_start) as u32;
    let at = figures.partition_point(|figure| figure.span.start < start);
    figures.get(at).copied().filter(|figure| (figure.span.start as usize) < (cell.end + text_start).max(cell.start + text_start + 1))
}

/// The place of the event that closes the one at `at`.
fn end_of(document: &Document<'_>, at: usize) -> usize {
    let mut depth = 0;
    for (place, (event, _)) in document.events.iter().enumerate().skip(at) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => {
                depth -= 1;
                if depth == 0 {
                    return place;
                }
            }
            _ => {}
        }
    }
    document.events.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;
    use crate::source::Theme;

    fn render(text: &str) -> String {
        let (strings, _) = Strings::read(&Theme::built_in("zh-CN").strings);
        let way = |target: &str| match target {
            "no" => Way::Nowhere,
            out if out.starts_with("https:") => Way::Outside(out.to_string()),
            inside => Way::Href(inside.to_string()),
        };
        let document = |found: &citations::Found| found.number.as_ref().map(|_| "../documents/d-1/".to_string());
        let setting = Setting { strings: &strings, anchors: vec!["overview", "s-1"], way: &way, document: &document, marks: &[], statutory: None };
        html(&markdown::read(text), &setting).as_str().to_string()
    }

    #[test]
    fn headings_carry_ids_below_the_title() {
        assert_eq!(render("# 甲\n\n## 乙\n"), "<h2 id=\"overview\">甲</h2>\n<h3 id=\"s-1\">乙</h3>\n");
        assert!(render("## 甲\n").starts_with("<h2 id=\"overview\">"));
    }

    #[test]
    fn links_lead_where_they_may() {
        let page = render("[内](x/) [外](https://a.example) [无](no) ![图](p.png \"t\") ![外图](https://a.example/x.png)");
        assert!(page.contains("<a href=\"x/\">内</a>") && page.contains("rel=\"external noopener\">外</a> 无 "), "{page}");
        assert!(page.contains("<img src=\"p.png\" alt=\"图\"") && page.contains(">外图</a>"), "{page}");
    }

    #[test]
    fn a_document_is_linked_once() {
        let page = render("按照《要点》（云政办发〔2023〕8号）和云政办发〔2023〕8号。<b>");
        assert_eq!(page.matches("<a class=\"doc\"").count(), 1);
        assert!(page.contains(">《要点》（云政办发〔2023〕8号</a>") || page.contains("〔2023〕8号）</a>"), "{page}");
        assert!(page.contains("&lt;b&gt;"));
    }

    #[test]
    fn tables_scroll_and_carry_no_style() {
        let page = render("|a|b|\n|:-|-:|\n|1|**2**|\n");
        assert!(page.contains("<th scope=\"col\">a</th><th scope=\"col\" class=\"al-end\">b</th>"), "{page}");
        assert!(page.contains("<td class=\"al-end\"><strong>2</strong></td>") && !page.contains("style="), "{page}");
    }

    #[test]
    fn footnotes_and_code() {
        let page = render("甲[^注]\n\n[^注]: 乙\n\n```sql\nSELECT 1;\n```\n");
        assert!(page.contains("href=\"#fn-1\"") && page.contains("id=\"fn-1\"") && page.contains("<code><span class=\"hl-"), "{page}");
    }
}
