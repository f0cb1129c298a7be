//! A report file: front matter, figures, text.

use super::{LinkSpot, figures, front, markdown_of, outline, tables};
use crate::diag::{Diagnostic, RULES, Span, Words};
use crate::digest::Digest;
use crate::fields::{self, Complaints, Fields, nearest};
use crate::markdown::{self, Document};
use crate::model::{Accept, Figure, FormId, Paragraph, Period, Registry, Report, ReportId, Review, Revision, Year};
use jiff::civil::Date;

/// What is known of a report before it is opened.
#[derive(Clone, Copy, Debug)]
pub struct ReportContext<'a> {
    /// Forms and indicators.
    pub registry: &'a Registry,
    /// Whose report, and of which year.
    pub id: ReportId,
    /// Names of attachments beside it.
    pub attachments: &'a [String],
}

/// A report as read.
#[derive(Debug)]
pub struct Reading<'t> {
    /// The report; none if its front matter could not be read at all.
    pub report: Option<Report>,
    /// Its Markdown.
    pub document: Document<'t>,
    /// Its plain text.
    pub paragraphs: Vec<Paragraph>,
    /// Its links.
    pub links: Vec<LinkSpot>,
    /// What was wrong.
    pub found: Vec<Diagnostic>,
}

/// Reads one report file.
pub fn report<'t>(context: ReportContext<'_>, file: &str, text: &'t str) -> Reading<'t> {
    let mut found = front::writing(file, text);
    let (toml, span) = match front::split(file, text) {
        Ok(front) => front,
        Err(diagnostic) => {
            found.push(*diagnostic);
            return Reading { report: None, document: Document::default(), paragraphs: Vec::new(), links: Vec::new(), found };
        }
    };
    let text_start = span.end as usize;
    let registry = context.registry;
    let mut complaints = Complaints::new(file, span.start as usize);
    let header = Header::read(toml, context.id.year, registry, &mut complaints);
    found.append(&mut complaints.found);
    let (document, links, mut wrong) = markdown_of(file, text, text_start);
    found.append(&mut wrong);
    let form = registry.form(header.form);
    let outline = outline::outline(&document, text_start, form);
    let grids = markdown::grids(&document, &text[text_start..]);
    let mut read = tables::read(file, &grids, text_start, form, registry);
    found.append(&mut read.found);
    let figures = merged(file, read.figures, header.figures.clone(), registry, &mut found);
    title_year(file, &header, context.id.year, &mut found);
    let digest = header.digest(&figures, &text[text_start..], registry);
    let report = header.title.is_some().then(|| Report {
        id: context.id,
        title: header.title.map(|title| title.value).unwrap_or_default(),
        date: header.date,
        draft: header.draft,
        form: header.form,
        period: header.period,
        issuer: header.issuer,
        number: header.number,
        signed: header.signed,
        source: header.source,
        review: header.review,
        revisions: header.revisions,
        accepts: header.accepts,
        aliases: header.aliases,
        figures,
        headings: outline.headings,
        tables: read.tables,
        citations: outline.citations,
        file: file.to_string(),
        text_start,
        digest,
        attachments: context.attachments.to_vec(),
    });
    Reading { report, document, paragraphs: outline.paragraphs, links, found }
}

/// The front matter of a report.
struct Header {
    title: Option<fields::Placed<String>>,
    date: Option<Date>,
    draft: bool,
    form: FormId,
    period: Option<Period>,
    issuer: Option<String>,
    number: Option<String>,
    signed: Option<Date>,
    source: Option<String>,
    review: Option<Review>,
    revisions: Vec<Revision>,
    accepts: Vec<Accept>,
    aliases: Vec<String>,
    figures: Vec<Figure>,
}

impl Header {
    fn read(toml: &str, year: Year, registry: &Registry, to: &mut Complaints<'_>) -> Header {
        let mut top = fields::read(toml, to);
        let title = top.text("title", to).filter(|title| !title.value.trim().is_empty());
        if title.is_none() {
            top.missing("title", to);
        }
        let mut header = Header {
            title,
            date: top.date("date", to).map(|date| date.value),
            draft: top.flag("draft", to).is_some_and(|flag| flag.value),
            form: registry.form_for(year).id,
            period: None,
            issuer: None,
            number: None,
            signed: None,
            source: None,
            review: None,
            revisions: revisions(&mut top, to),
            accepts: accepts(&mut top, to),
            aliases: top.texts("aliases", to).into_iter().map(|placed| placed.value).collect(),
            figures: Vec::new(),
        };
        if let Some(mut report) = top.table("report", to) {
            header.read_report(&mut report, registry, to);
            report.finish(to);
        }
        if let Some(mut stated) = top.table("figures", to) {
            header.figures = figures::read(&mut stated, registry, to);
            stated.finish(to);
        }
        if let Some(mut review) = top.table("review", to) {
            let by = review.text("approved_by", to).or_else(|| review.missing("approved_by", to).and(None));
            let on = review.date("approved_on", to).map(|date| date.value);
            let text = review.text("text", to).map(|text| text.value);
            review.finish(to);
            header.review = by.map(|by| Review { approved_by: by.value, approved_on: on, text });
        }
        if let Some(mut provenance) = top.table("provenance", to) {
            // Kept for people and for `import`, which recognises a source by its digest.
            provenance.text("file", to);
            provenance.text("sha256", to);
            // Which report of a file that held several, and the catalogue's number of the original.
            provenance.whole("part", to);
            provenance.text("index", to);
            provenance.finish(to);
        }
        top.finish(to);
        header
    }

    fn read_report(&mut self, fields: &mut Fields<'_>, registry: &Registry, to: &mut Complaints<'_>) {
        if let Some(edition) = fields.text("form", to) {
            match registry.form_named(&edition.value) {
                Some(form) => self.form = form.id,
                None => {
                    let known: Vec<&str> = registry.forms().iter().map(|form| form.edition.as_str()).collect();
                    let message = Words::new(
                        format!("没有“{}”这一版式；有 {}", edition.value, known.join("、")),
                        format!("no edition `{}`; there are {}", edition.value, known.join(", ")),
                    );
                    let near = nearest(&edition.value, known.into_iter()).map(str::to_string);
                    let diagnostic = to.add("form/edition-unknown", edition.span, message);
                    diagnostic.help = near.map(|near| Words::new(format!("是不是 \"{near}\"？"), format!("did you mean \"{near}\"?")));
                }
            }
        }
        if let Some(mut period) = fields.table("period", to) {
            let from = period.date("from", to).or_else(|| period.missing("from", to).and(None));
            let until = period.date("to", to).or_else(|| period.missing("to", to).and(None));
            if let (Some(from), Some(until)) = (&from, &until) {
                if until.value < from.value {
                    to.add("parse/value-invalid", until.span, Words::new("统计期的结束日早于开始日", "the period ends before it begins"));
                } else {
                    self.period = Some(Period { from: from.value, to: until.value });
                }
            }
            period.finish(to);
        }
        let mut text = |key| fields.text(key, to).map(|placed| placed.value);
        self.issuer = text("issuer");
        self.number = text("number");
        if let Some(source) = fields.text("source", to) {
            if source.value.starts_with("https://") || source.value.starts_with("http://") {
                self.source = Some(source.value);
            } else {
                to.add(
                    "parse/value-invalid",
                    source.span,
                    Words::new(
                        "`source` 应是原件网址，以 https:// 或 http:// 开头",
                        "`source` is the address of the original and begins with https:// or http://",
                    ),
                );
            }
        }
        self.signed = fields.date("signed", to).map(|date| date.value);
    }

    /// What an approval is given for: title, date, `[report]`, figures and text, whatever the order of keys.
    fn digest(&self, figures: &[Figure], body: &str, registry: &Registry) -> String {
        let mut digest = Digest::new();
        let mut line = |key: &str, value: &str| {
            digest.update(key.as_bytes());
            digest.update(b"=");
            digest.update(value.as_bytes());
            digest.update(b"\n");
        };
        let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        line("title", self.title.as_ref().map_or("", |title| &title.value));
        line("date", &date(self.date));
        line("form", &registry.form(self.form).edition);
        line("period", &self.period.map(|period| format!("{}/{}", period.from, period.to)).unwrap_or_default());
        line("issuer", self.issuer.as_deref().unwrap_or_default());
        line("number", self.number.as_deref().unwrap_or_default());
        line("signed", &date(self.signed));
        line("source", self.source.as_deref().unwrap_or_default());
        for figure in figures.iter().filter(|figure| figure.origin == crate::model::Origin::FrontMatter) {
            let number = figure.reading.amount().map(|amount| amount.to_string()).unwrap_or_default();
            line(&registry.figure_name(figure.key), &format!("{} {number} {:?} {:?}", figure.reading.word(), figure.about, figure.time));
        }
        digest.update(b"\n");
        if body.contains('\r') {
            digest.update(body.replace("\r\n", "\n").as_bytes());
        } else {
            digest.update(body.as_bytes());
        }
        format!("sha256:{}", digest.finish().hex())
    }
}

/// `[[revisions]]`: number, day and reason of each change after publication, numbered from 1 in order.
fn revisions(top: &mut Fields<'_>, to: &mut Complaints<'_>) -> Vec<Revision> {
    let mut revisions: Vec<Revision> = Vec::new();
    for mut fields in top.tables("revisions", to) {
        let no = fields.whole("no", to).or_else(|| fields.missing("no", to).and(None));
        let date = fields.date("date", to).or_else(|| fields.missing("date", to).and(None));
        let reason = fields.text("reason", to).filter(|reason| !reason.value.trim().is_empty()).or_else(|| fields.missing("reason", to).and(None));
        fields.finish(to);
        let (Some(no), Some(date), Some(reason)) = (no, date, reason) else { continue };
        let wanted = revisions.len() as i64 + 1;
        if no.value != wanted {
            let words = Words::new(format!("更正的序号应是 {wanted}"), format!("this revision is number {wanted}"));
            to.add("parse/value-invalid", no.span, words);
        } else if revisions.last().is_some_and(|last| date.value < last.date) {
            to.add("parse/value-invalid", date.span, Words::new("更正日期早于前一次更正", "a revision before the one above it"));
        }
        revisions.push(Revision { no: no.value, date: date.value, reason: reason.value });
    }
    revisions
}

/// `[[accept]]`: each with its rule, its reason, and either the finding's id or its place.
pub(super) fn accepts(top: &mut Fields<'_>, to: &mut Complaints<'_>) -> Vec<Accept> {
    let mut accepts = Vec::new();
    for mut fields in top.tables("accept", to) {
        let span = to.place(fields.span);
        let rule = fields.text("rule", to).or_else(|| fields.missing("rule", to).and(None));
        let reason = fields.text("reason", to).filter(|reason| !reason.value.trim().is_empty()).or_else(|| fields.missing("reason", to).and(None));
        let [id, at, by] = ["id", "at", "by"].map(|key| fields.text(key, to).map(|placed| placed.value));
        let until = fields.date("until", to).map(|date| date.value);
        if id.is_none() && at.is_none() {
            to.add("parse/key-missing", fields.span, Words::new("[[accept]] 缺 `id` 或 `at`", "[[accept]] needs `id` or `at`"));
        }
        if let Some(rule) = rule.as_ref().filter(|rule| !RULES.iter().any(|known| known.code == rule.value)) {
            fields::unknown_key(&rule.value, &rule.value, rule.span, RULES.iter().map(|known| known.code), to);
        }
        fields.finish(to);
        if let (Some(rule), Some(reason)) = (rule, reason) {
            accepts.push(Accept { rule: rule.value, id, at, reason: reason.value, by, until, span });
        }
    }
    accepts
}

/// Table figures and front matter figures together, in order of the registry. Both present and different is a finding.
fn merged(file: &str, table: Vec<Figure>, front: Vec<Figure>, registry: &Registry, found: &mut Vec<Diagnostic>) -> Vec<Figure> {
    let mut figures = table;
    for figure in front {
        match figures.iter().find(|read| read.key == figure.key && read.time == figure.time) {
            None => figures.push(figure),
            Some(read) if read.reading == figure.reading => {}
            Some(read) => {
                let name = &registry.indicator(figure.key.indicator).name;
                let said = |figure: &Figure| match figure.reading.amount() {
                    Some(amount) => amount.to_string(),
                    None => figure.reading.word().to_string(),
                };
                let words = Words::new(
                    format!("“{name}”在表格里是 {}，在 [figures] 里是 {}", said(read), said(&figure)),
                    format!("`{}` is {} in the table and {} in [figures]", registry.figure_name(figure.key), said(read), said(&figure)),
                );
                found.push(Diagnostic::new("form/value-conflict", file, Some(figure.span), words).help(
                    "请核对原件，改正一处，或删去 [figures] 里的这一行。",
                    "compare with the original, then correct one of them or remove the line in [figures].",
                ));
            }
        }
    }
    figures.sort_by_key(|figure| (figure.key, figure.time == crate::model::TimeSpan::Cumulative));
    figures
}

/// A title that names another year than the file is a slip that residents would see first.
fn title_year(file: &str, header: &Header, year: Year, found: &mut Vec<Diagnostic>) {
    let Some(title) = &header.title else { return };
    let years: Vec<Year> =
        title.value.match_indices('年').filter_map(|(at, _)| title.value[..at].get(at.checked_sub(4)?..).and_then(Year::from_digits)).collect();
    if let Some(stated) = years.first()
        && !years.contains(&year)
    {
        let words = Words::new(format!("标题写的是{stated}年，文件名是{year}年"), format!("the title says {stated}, the file's name says {year}"));
        let found_at = Diagnostic::new("site/year-mismatch", file, Some(Span::new(0, 3)), words);
        found.push(found_at.help("请改正标题或文件名。", "correct the title or the file's name."));
    }
}
