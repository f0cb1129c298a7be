//! `_index.md`: who a body is.

use super::{LinkSpot, front};
use crate::diag::{Diagnostic, Words};
use crate::fields::{self, Complaints, Fields, nearest};
use crate::markdown::Document;
use crate::model::{Accept, Contact, Deadline, FormerName, Level, Registry};
use jiff::civil::Date;

/// A body as its file describes it; names of other bodies are still addresses.
#[derive(Debug)]
pub struct BodyHeader<'t> {
    /// Name today.
    pub title: String,
    /// Level, where stated.
    pub level: Option<Level>,
    /// Administrative code.
    pub code: Option<String>,
    /// Names it once had.
    pub former_names: Vec<FormerName>,
    /// First day.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Address of the body that took over.
    pub succeeded_by: Option<fields::Placed<String>>,
    /// Pinyin of the name.
    pub pinyin: Option<String>,
    /// Where residents can ask.
    pub contact: Contact,
    /// Its own deadlines.
    pub deadlines: Vec<(String, Deadline)>,
    /// Old addresses.
    pub aliases: Vec<String>,
    /// Findings about this file that stay.
    pub accepts: Vec<Accept>,
    /// The introduction.
    pub document: Document<'t>,
    /// Where the introduction begins.
    pub text_start: usize,
    /// Links of the introduction.
    pub links: Vec<LinkSpot>,
    /// What was wrong.
    pub found: Vec<Diagnostic>,
}

/// Reads a body's `_index.md`. Nothing if it has no front matter or no title; `found` says why.
pub fn body<'t>(file: &str, text: &'t str, registry: &Registry) -> Result<BodyHeader<'t>, Vec<Diagnostic>> {
    let mut found = front::writing(file, text);
    let (toml, span) = match front::split(file, text) {
        Ok(front) => front,
        Err(diagnostic) => {
            found.push(*diagnostic);
            return Err(found);
        }
    };
    let text_start = span.end as usize;
    let mut complaints = Complaints::new(file, span.start as usize);
    let to = &mut complaints;
    let mut top = fields::read(toml, to);
    let title = top.text("title", to).filter(|title| !title.value.trim().is_empty());
    if title.is_none() {
        top.missing("title", to);
    }
    let aliases = top.texts("aliases", to).into_iter().map(|placed| placed.value).collect();
    let accepts = super::report::accepts(&mut top, to);
    let (document, links, mut wrong) = super::markdown_of(file, text, text_start);
    let mut header = BodyHeader {
        title: title.as_ref().map(|title| title.value.clone()).unwrap_or_default(),
        level: None,
        code: None,
        former_names: Vec::new(),
        since: None,
        until: None,
        succeeded_by: None,
        pinyin: None,
        contact: Contact::default(),
        deadlines: Vec::new(),
        aliases,
        accepts,
        document,
        text_start,
        links,
        found,
    };
    if let Some(mut fields) = top.table("body", to) {
        read_body(&mut fields, &mut header, registry, to);
        fields.finish(to);
    }
    if let Some(mut fields) = top.table("contact", to) {
        let mut text = |key| fields.text(key, to).map(|placed| placed.value);
        header.contact = Contact {
            office: text("office"),
            address: text("address"),
            phone: text("phone"),
            fax: text("fax"),
            email: text("email"),
            hours: text("hours"),
            postcode: text("postcode"),
        };
        fields.finish(to);
    }
    top.finish(to);
    header.found.append(&mut complaints.found);
    header.found.append(&mut wrong);
    if title.is_none() { Err(header.found) } else { Ok(header) }
}

fn read_body(fields: &mut Fields<'_>, header: &mut BodyHeader<'_>, registry: &Registry, to: &mut Complaints<'_>) {
    if let Some(word) = fields.text("level", to) {
        header.level = Level::ALL.into_iter().find(|level| level.key() == word.value);
        if header.level.is_none() {
            let near = nearest(&word.value, Level::ALL.iter().map(|level| level.key()));
            let list = Level::ALL.map(Level::key).join("、");
            let message = Words::new(format!("`level` 只能是 {list}"), format!("`level` is one of {}", Level::ALL.map(Level::key).join(", ")));
            let diagnostic = to.add("parse/value-invalid", word.span, message);
            diagnostic.help = near.map(|near| Words::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")));
        }
    }
    header.code = fields.text("code", to).map(|placed| placed.value);
    header.pinyin = fields.text("pinyin", to).map(|placed| placed.value);
    header.since = fields.date("since", to).map(|placed| placed.value);
    let until = fields.date("until", to);
    header.until = until.as_ref().map(|placed| placed.value);
    if let (Some(since), Some(until)) = (header.since, &until)
        && until.value < since
    {
        to.add("parse/value-invalid", until.span, Words::new("`until` 早于 `since`", "`until` is before `since`"));
    }
    header.succeeded_by = fields.text("succeeded_by", to);
    for mut name in fields.tables("former_names", to) {
        let title = name.text("title", to).or_else(|| name.missing("title", to).and(None));
        let until = name.date("until", to).or_else(|| name.missing("until", to).and(None));
        name.finish(to);
        if let (Some(title), Some(until)) = (title, until) {
            header.former_names.push(FormerName { title: title.value, until: until.value });
        }
    }
    header.former_names.sort_by_key(|name| name.until);
    if let Some(mut deadlines) = fields.table("deadlines", to) {
        header.deadlines = crate::config::read_deadlines(&mut deadlines, registry, to);
    }
}
