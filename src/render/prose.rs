//! A text as HTML: headings with ids, citations that lead to their page; tables in a file of their own.
//!
//! pulldown-cmark writes everything but what the portal needs in its own way: headings, tables, code, links, footnotes.

mod tables;

use super::highlight::highlight;
use super::strings::Strings;
use super::view::Html;
use crate::markdown::Document;
use crate::model::{Form, Registry, Report};
use crate::text::citations;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag, TagEnd, html};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Text with `& < > " '` escaped.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let is_sign = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    // Nearly no text has any.
    if !text.bytes().any(is_sign) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
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
    Cow::Owned(out)
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
    /// The glossary, where rows and heads are explained.
    pub(super) glossary: &'a str,
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
        plain_tables: 0,
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
    plain_tables: usize,
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
        let alt = crate::markdown::plain_text(&document.events[at..end]);
        let alt = escaped(&alt);
        let markup = match (self.setting.way)(target) {
            Way::Href(href) => format!("<img src=\"{}\" alt=\"{alt}\" loading=\"lazy\">", escaped(&href)),
            Way::Outside(href) => format!("<a href=\"{}\" rel=\"external noopener\">{}</a>", escaped(&href), if alt.is_empty() { escaped(&href) } else { alt }),
            Way::Nowhere => alt.into_owned(),
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
        let inner = highlight(&code, language).unwrap_or_else(|| escaped(&code).into_owned());
        self.markup(format!("<pre tabindex=\"0\"><code>{inner}</code></pre>\n"));
        end + 1
    }
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
