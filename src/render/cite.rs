//! A citation that can be copied from the page without a script: as GB/T 7714 wants it, and in plain words.

use super::portal::At;
use super::view::Cite;
use crate::digest::Sha256Sum;
use crate::model::Report;

/// How a report is cited: by who issued it, on which day, and the digest of its text.
pub(super) fn report(at: &At<'_>, report: &Report) -> Cite {
    let portal = at.portal;
    let issuer = report.issuer.as_deref().unwrap_or(&portal.body(report.id.body).title);
    let day = report.date.map_or_else(|| portal.word("word.no_date").to_string(), |day| day.to_string());
    made(at, "report", issuer, &report.title, &day, report.digest.strip_prefix("sha256:").unwrap_or(&report.digest))
}

/// How a table reckoned by the portal is cited: by the portal, and the digest of its CSV, which stands in `SHA256SUMS`, too.
pub(super) fn table(at: &At<'_>, title: &str, csv: &[u8]) -> Cite {
    let portal = at.portal;
    let root = portal.tree.root().map_or("", |root| root.title.as_str());
    let publisher = portal.config.furniture.host.as_deref().unwrap_or(root);
    made(at, "table", publisher, title, "", &Sha256Sum::of(csv).hex())
}

/// The day on which a reader looked is the reader's to write: a page that knew the day would change every day.
fn made(at: &At<'_>, kind: &str, author: &str, title: &str, day: &str, digest: &str) -> Cite {
    let portal = at.portal;
    let address = portal.full(&at.address).unwrap_or_else(|| portal.strings.fill("cite.no_host", &[("path", &at.address)]));
    let values = [("author", author), ("title", title), ("portal", &portal.title()), ("date", day), ("address", &address), ("digest", digest)];
    Cite { standard: portal.strings.fill(&format!("cite.{kind}_standard"), &values), plain: portal.strings.fill(&format!("cite.{kind}_plain"), &values) }
}
