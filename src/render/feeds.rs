//! Feeds, sitemap, robots and security.txt.

use super::Artifact;
use super::Engine;
use super::portal::Portal;
use super::view::{FeedEntry, FeedView};
use crate::analyze::Filed;
use crate::config::Config;
use crate::diag::Finding;
use crate::model::{BodyId, ReportId};
use crate::plan::{Page, relative};
use jiff::civil::Date;
use serde_json::json;

/// Entries of a feed.
const NEWEST: usize = 50;
/// Addresses in one sitemap.
const URLS: usize = 50_000;

/// The Atom feed of a body: its own reports, and at the root those of everyone.
pub(super) fn atom(portal: &Portal<'_>, engine: &Engine, body: BodyId) -> Result<Vec<u8>, Box<Finding>> {
    let known = portal.body(body);
    let all = known.parent.is_none();
    let mut newest: Vec<(Date, ReportId)> = Vec::new();
    let sources = if all { portal.all_filed() } else { std::slice::from_ref(portal.filed_of(body)) };
    for report in sources.iter().flat_map(|facts| facts.published()) {
        newest.extend(report.date.map(|date| (date, report.id)));
    }
    newest.sort_by(|a, b| b.cmp(a));
    newest.truncate(NEWEST);
    let page = Page::Body(body).address(portal.tree, portal.registry);
    let own = format!("{page}atom.xml");
    let href = |address: &str| portal.full(address).unwrap_or_else(|| relative(&own, address, portal.relative_urls));
    let entries: Vec<FeedEntry> = newest.iter().map(|(date, id)| entry(portal, *id, *date, &href)).collect();
    let title = if all { portal.title() } else { portal.strings.fill("sentence.feed_title", &[("body", &known.title), ("portal", &portal.title())]) };
    let view = FeedView {
        id: identity(portal, &own),
        title,
        href: href(&page),
        own: href(&own),
        // A feed without entries has no newest day; the epoch of the civil calendar says so and changes nothing.
        updated: newest.first().map_or_else(|| moment(jiff::civil::date(2008, 5, 1)), |(date, _)| moment(*date)),
        entries,
    };
    engine.feed("atom.xml", &view)
}

fn entry(portal: &Portal<'_>, id: ReportId, date: Date, href: &dyn Fn(&str) -> String) -> FeedEntry {
    let address = Page::Report(id).address(portal.tree, portal.registry);
    let body = portal.body(id.body);
    let report = portal.excerpts_of(id.body).published_in(id.year).expect("entries are published reports");
    let summary = report.excerpts.first().map_or_else(String::new, |excerpt| excerpt.text.to_string());
    FeedEntry {
        id: identity(portal, &address),
        href: href(&address),
        title: report.title.to_string(),
        updated: moment(date),
        author: report.issuer.as_deref().unwrap_or(&body.title).to_string(),
        summary,
    }
}

/// Midnight in China, where the days are counted.
pub(super) fn moment(day: Date) -> String {
    format!("{day}T00:00:00+08:00")
}

/// An id that stays when the portal's address is unknown.
pub(super) fn identity(portal: &Portal<'_>, address: &str) -> String {
    portal.full(address).unwrap_or_else(|| format!("urn:gongkai:{}:{address}", &crate::digest::Sha256Sum::of(portal.title().as_bytes()).hex()[..16]))
}

/// The sitemap of all pages, in parts behind an index when it is large. It needs full addresses: without `base_url` there is none.
pub fn sitemaps(portal: &Portal<'_>, engine: &Engine) -> Result<Vec<Artifact>, Box<Finding>> {
    if portal.config.base_url.is_empty() {
        return Ok(Vec::new());
    }
    let urls: Vec<serde_json::Value> =
        portal.addresses().filter(|address| *address != "404.html").filter_map(|address| Some(json!({ "loc": portal.full(address)? }))).collect();
    if urls.len() <= URLS {
        return Ok(vec![Artifact { path: "sitemap.xml".into(), bytes: engine.feed("sitemap.xml", &json!({ "urls": urls }))? }]);
    }
    let mut made = Vec::new();
    let mut parts = Vec::new();
    for (place, part) in urls.chunks(URLS).enumerate() {
        let path = format!("sitemap-{}.xml", place + 1);
        parts.extend(portal.full(&path).map(|loc| json!({ "loc": loc })));
        made.push(Artifact { path, bytes: engine.feed("sitemap.xml", &json!({ "urls": part }))? });
    }
    made.push(Artifact { path: "sitemap.xml".into(), bytes: engine.feed("sitemap-index.xml", &json!({ "sitemaps": parts }))? });
    Ok(made)
}

/// `robots.txt`: everything may be read.
pub fn robots(portal: &Portal<'_>) -> Vec<u8> {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if let Some(sitemap) = portal.full("sitemap.xml") {
        text.push_str(&format!("Sitemap: {sitemap}\n"));
    }
    text.into_bytes()
}

/// `.well-known/security.txt` (RFC 9116), if the portal says whom to tell.
pub fn security(portal: &Portal<'_>) -> Option<Vec<u8>> {
    let contact = portal.config.security_contact()?;
    let until = security_until(portal.config, portal.all_filed())?;
    let mut text = format!("Contact: {contact}\nExpires: {until}T23:59:59+08:00\nPreferred-Languages: zh, en\n");
    if let Some(canonical) = portal.full(".well-known/security.txt") {
        text.push_str(&format!("Canonical: {canonical}\n"));
    }
    Some(text.into_bytes())
}

/// The last day of `security.txt`: as configured, else the end of the year in which the report after the newest is published, so that the
/// day of the build does not change its bytes. Nothing if there is nobody to tell.
pub fn security_until(config: &Config, filed: &[Filed]) -> Option<Date> {
    config.security_contact()?;
    let newest = filed.iter().flat_map(|facts| facts.published()).map(|report| report.id.year).max();
    config.security_expires.or_else(|| newest.map(|year| jiff::civil::date(year.next().next().number(), 12, 31)))
}
