//! Tables of a text: statutory ones with rows that can be linked to, all others as they stand.

use super::{Statutory, Writer, end_of, escaped};
use crate::diag::Span;
use crate::markdown::Document;
use crate::model::{Breakdown, Figure, FigureKey, IndicatorId, Layout, Origin, Reading, Report, ReportTable, Table, TableRow};
use pulldown_cmark::{Alignment, Event, Tag, TagEnd};
use std::collections::BTreeSet;
use std::fmt::Write as _;

impl<'a> Writer<'a, '_> {
    pub(super) fn table(&mut self, document: &Document<'a>, at: usize, alignments: &[Alignment]) -> usize {
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
        self.plain_tables += 1;
        let mut label = escaped(self.setting.strings.get("ui.table_region")).into_owned();
        // Two regions of one name are one to those who hear the page.
        if self.plain_tables > 1 {
            let _ = write!(label, " · {}", self.plain_tables);
        }
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
        let mut caption = self.caption(table, statutory, *self.pieces.get(&found.table).unwrap_or(&1));
        if outcomes && first {
            let _ = write!(caption, " · {}", escaped(self.setting.strings.get("word.as_printed")));
        }
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
                None => head_row(&mut out, row, head, statutory, zeros > 1 && heads_zeros_alone(&found.rows, place, &rows, &cells, statutory)),
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
                None if place < first_value && !cell.text.is_empty() && !self.is_unit(&cell.text) => {
                    let group = context.filter(|group| !labelled && !row.iter().any(|cell| cell.text.contains(group)));
                    let group = group.map_or(String::new(), |group| format!("<small class=\"sub\">{}</small>", escaped(group)));
                    labelled = true;
                    let start = self.setting.statutory.map_or(0, |statutory| statutory.report.text_start);
                    let own = |at: u32| read.iter().flatten().any(|figure| figure.span.start as usize == at as usize + start);
                    let marks: String = self.setting.marks.iter().filter(|(at, _)| own(*at)).map(|(_, number)| self.mark(*number)).collect();
                    let label = match (self.setting.statutory, read[first_value]) {
                        (Some(statutory), Some(figure)) => {
                            explained(statutory, &format!("i-{}", statutory.registry.indicator(figure.key.indicator).key), &cell.text)
                        }
                        _ => escaped(&cell.text).into_owned(),
                    };
                    let _ = write!(out, "<th scope=\"row\">{group}{label}{marks}</th>");
                }
                None => {
                    let _ = write!(out, "<td>{}</td>", escaped(&cell.text));
                }
            }
        }
        out.push_str("</tr>\n");
    }

    fn is_unit(&self, text: &str) -> bool {
        self.setting.statutory.is_some_and(|statutory| statutory.registry.is_unit(text))
    }

    fn reading(&self, figure: &Figure, printed: &str) -> String {
        let strings = self.setting.strings;
        match figure.reading {
            // Converted and rounded numbers stay as the report prints them.
            Reading::Stated(_) if figure.stated.is_some() || figure.about.is_some() => escaped(printed).into_owned(),
            Reading::Stated(amount) => amount.grouped(),
            Reading::Blank => format!("<span class=\"blank\">{}</span>", escaped(strings.get("word.blank"))),
            Reading::NotApplicable => escaped(strings.get("word.na")).into_owned(),
            Reading::Withheld => escaped(strings.get("word.withheld")).into_owned(),
        }
    }

    /// Fifteen columns in one line are three rows of five to the eye: this is the table for narrow screens, and where links lead.
    fn outcome_table(&mut self, out: &mut String, table: &Table, statutory: Statutory<'_>) {
        let strings = self.setting.strings;
        let columns: Vec<Breakdown> = table.rows.first().map(|row| row.cells.iter().map(|cell| cell.key.breakdown).collect()).unwrap_or_default();
        let name = |breakdown: Breakdown| {
            let (_, zh, en) = statutory.registry.breakdown_name(breakdown);
            if statutory.english { en } else { zh }.to_string()
        };
        let id = format!("cap-{}-short", table.id);
        let _ = write!(
            out,
            "<div class=\"scroll narrow-only\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{id}\"><table class=\"statutory outcomes listed\"><caption id=\"{id}\">{}</caption><thead><tr><td></td>",
            self.caption(table, statutory, 1)
        );
        for breakdown in &columns {
            let id = statutory.registry.breakdown_name(*breakdown).1;
            let text = match statutory.registry.glossary().of_label(id) {
                Some(word) => explained(statutory, &format!("t-{}", word.id), &name(*breakdown)),
                None => escaped(&name(*breakdown)).into_owned(),
            };
            let _ = write!(out, "<th scope=\"col\">{text}</th>");
        }
        out.push_str("</tr></thead><tbody>");
        let rows: BTreeSet<IndicatorId> = table.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.key.indicator).collect();
        for indicator in rows {
            let known = statutory.registry.indicator(indicator);
            let id = if self.ids.insert(known.key.clone()) { format!(" id=\"{}\"", known.key) } else { String::new() };
            let _ = write!(
                out,
                "<tr{id}><th scope=\"row\">{}</th>",
                explained(statutory, &format!("i-{}", known.key), if statutory.english { &known.name_en } else { &known.name })
            );
            for breakdown in &columns {
                let key = FigureKey { indicator, breakdown: *breakdown };
                match statutory.report.figures.iter().find(|figure| figure.key == key) {
                    Some(figure) => {
                        let (class, name) = (class_of(figure.reading), name(*breakdown));
                        let label = escaped(&name);
                        let _ = write!(out, "<td class=\"n {class}\" data-label=\"{label}\">{}</td>", self.reading(figure, ""));
                    }
                    None => {
                        let name = name(*breakdown);
                        let label = escaped(&name);
                        let _ = write!(out, "<td class=\"n v-unstated\" data-label=\"{label}\">{}</td>", escaped(strings.get("word.unstated")));
                    }
                }
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div>");
    }
}

/// A label that leads to its explanation.
fn explained(statutory: Statutory<'_>, anchor: &str, label: &str) -> String {
    if statutory.glossary.is_empty() {
        return escaped(label).into_owned();
    }
    format!("<a class=\"term\" href=\"{}#{anchor}\">{}</a>", escaped(statutory.glossary), escaped(label))
}

/// Whether a head stands over rows that are all zero: it folds with them.
fn heads_zeros_alone(info: &[TableRow], place: usize, rows: &[Vec<RawCell>], cells: &[&Figure], statutory: Statutory<'_>) -> bool {
    let holds = |row: &Vec<RawCell>| row.iter().any(|cell| figure_at(cells, statutory.report.text_start, cell).is_some());
    let below = (place + 1..rows.len()).skip_while(|at| !holds(&rows[*at])).take_while(|at| holds(&rows[*at]));
    let mut below = below.peekable();
    below.peek().is_some() && below.all(|at| info.get(at).is_some_and(|row| row.all_zero))
}

fn head_row(out: &mut String, row: &[RawCell], head: bool, statutory: Statutory<'_>, zero: bool) {
    let filled = row.iter().filter(|cell| !cell.text.is_empty()).count();
    if !head && filled <= 1 {
        let text = row.iter().find(|cell| !cell.text.is_empty()).map_or("", |cell| cell.text.as_str());
        let _ = writeln!(
            out,
            "<tr class=\"block{}\"><th colspan=\"{}\" scope=\"colgroup\">{}</th></tr>",
            if zero { " zero" } else { "" },
            row.len().max(1),
            escaped(text)
        );
        return;
    }
    out.push_str(if head {
        "<tr>"
    } else if zero {
        "<tr class=\"heads zero\">"
    } else {
        "<tr class=\"heads\">"
    });
    for (place, cell) in row.iter().enumerate() {
        let _ = if cell.text.is_empty() {
            write!(out, "<td></td>")
        } else {
            let text = match statutory.registry.glossary().of_label(&cell.text) {
                Some(word) => explained(statutory, &format!("t-{}", word.id), &cell.text),
                None => escaped(&cell.text).into_owned(),
            };
            write!(out, "<th scope=\"col\"{}>{text}</th>", if place == 0 { "" } else { " class=\"n\"" })
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
fn class_of(reading: Reading) -> &'static str {
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
