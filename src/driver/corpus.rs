//! What only shows when all bodies have been read: text taken from another body, children that add up to more than their parent.

use super::beside;
use super::gather::Gathered;
use super::recall::Recall;
use super::site::Site;
use crate::check;
use crate::diag::{Diagnostic, Finding, Words};
use crate::digest::Sha256Sum;
use crate::inspect;
use crate::model::{Report, ReportId};
use crate::parse::{self, ReportContext};
use crate::render;
use crate::source::{Opened, Theme};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Findings across bodies, with their lines.
pub(super) fn findings(site: &Site, recall: &Recall, gathered: &mut Gathered, theme: &Theme) -> Vec<Finding> {
    let candidates = gathered.reuse.candidates();
    // Both texts are read again for each pair: memory does not follow the number of pairs.
    let mut found: Vec<Finding> = candidates.par_iter().filter_map(|(newer, older)| shared(site, recall, gathered, *newer, *older)).collect();
    for body in gathered.tree.iter() {
        for diagnostic in check::children(&site.registry, &gathered.tree, &gathered.facts, body) {
            found.push(match text(site, &diagnostic.file) {
                Some(text) => diagnostic.locate(&text),
                None => diagnostic.unplaced(),
            });
        }
    }
    found.extend(contact(site, gathered));
    found.extend(security(site, gathered, theme));
    let (carried, sums) = carried(site, recall, gathered, theme);
    found.extend(carried);
    gathered.sums.extend(sums);
    found
}

/// Whether `security.txt` will be there and hold.
fn security(site: &Site, gathered: &Gathered, theme: &Theme) -> Option<Finding> {
    let own = theme.statics.get(".well-known/security.txt").map(|(file, bytes)| (file, String::from_utf8_lossy(bytes)));
    let file = match (&own, render::security_until(&site.config, &gathered.filed)) {
        (Some((file, text)), _) => check::SecurityTxt::Own(file, text),
        (None, Some(day)) => check::SecurityTxt::Made(day),
        (None, None) => check::SecurityTxt::None,
    };
    // A portal that is still empty and has named somebody gets its file with the first report.
    let wanted = !site.config.base_url.is_empty() && site.config.security_contact().is_none();
    check::security(file, wanted, site.today)
}

/// Private data in attachments and in the site's own static files, whatever their kind.
fn carried(site: &Site, recall: &Recall, gathered: &Gathered, theme: &Theme) -> (Vec<Finding>, Vec<(String, Sha256Sum)>) {
    let attached: Vec<(String, String)> = beside::attachments(gathered).collect();
    let of = |file: &str, bytes: &[u8]| -> Vec<Finding> {
        let words = inspect::words(file, bytes);
        let own = |text: &str| check::privacy(file, text, &site.config.office_lines, site.today.year());
        let mut found: Vec<Finding> = words.texts.iter().flat_map(|text| own(text).into_iter().map(Diagnostic::unplaced)).collect();
        if words.opaque {
            let said = Words::new(
                "机器看不进这个附件，要由人检查有没有个人信息和密级标志",
                "this attachment cannot be looked into: a person has to look for private data and marks of secrecy",
            );
            let diagnostic =
                Diagnostic::new("privacy/not-looked-into", file, None, said).about(file.rsplit('/').next().unwrap_or(file), Sha256Sum::of(bytes).hex());
            found.push(
                diagnostic
                    .help(
                        "检查过的，在报告里用 [[accept]] 写明谁在哪天看过；能换成 docx、xlsx、csv 的请换。",
                        "say under [[accept]] who looked at it and when; use docx, xlsx or csv where possible.",
                    )
                    .unplaced(),
            );
        }
        found
    };
    let key = |file: &str, sum: Sha256Sum| Sha256Sum::of_value(&("attachment", gathered.setting, file, sum));
    let looked: Vec<(Vec<Finding>, (String, Sha256Sum))> = attached
        .par_iter()
        .filter_map(|(_, file)| {
            if let Some(sum) = recall.unchanged(site, file)
                && let Some(known) = recall.piece(key(file, sum))
            {
                return Some((known, (file.clone(), sum)));
            }
            let stamp = site.root.stamp(file);
            let bytes = site.root.bytes(file).ok().flatten()?;
            let sum = Sha256Sum::of(&bytes);
            recall.was_read(site, file, stamp, sum);
            let found = recall.piece(key(file, sum)).unwrap_or_else(|| of(file, &bytes));
            recall.found(key(file, sum), &found);
            Some((found, (file.clone(), sum)))
        })
        .collect();
    let (found, sums): (Vec<Vec<Finding>>, Vec<(String, Sha256Sum)>) = looked.into_iter().unzip();
    let mut found: Vec<Finding> = found.concat();
    // Pictures of the theme are nobody's papers: of static files only what can be read is looked at.
    let statics = render::statics(theme).map(|(path, bytes)| (theme.statics[path].0.clone(), bytes));
    found.extend(statics.flat_map(|(file, bytes)| of(&file, bytes)).filter(|finding| finding.diagnostic.rule.code != "privacy/not-looked-into"));
    (found, sums)
}

fn text(site: &Site, file: &str) -> Option<String> {
    match site.root.read(file) {
        Ok(Opened::File(source)) => Some(source.text),
        _ => None,
    }
}

/// A report read again; nothing if it has changed since.
fn read(site: &Site, gathered: &Gathered, id: ReportId) -> Option<(Report, Vec<crate::model::Paragraph>, String)> {
    let file = &gathered.filed[id.body.0 as usize].report(id.year)?.file;
    let text = text(site, file)?;
    let context = ReportContext { registry: &site.registry, id, attachments: &[] };
    let (report, paragraphs) = {
        let read = parse::report(context, file, &text);
        (read.report?, read.paragraphs)
    };
    Some((report, paragraphs, text))
}

/// What two reports share, as found before in the same two files.
fn shared(site: &Site, recall: &Recall, gathered: &Gathered, newer: ReportId, older: ReportId) -> Option<Finding> {
    let of = |id: ReportId| -> Option<(&str, Sha256Sum)> {
        let file = &*gathered.filed[id.body.0 as usize].report(id.year)?.file;
        Some((file, *gathered.sums.get(file)?))
    };
    let key = Sha256Sum::of_value(&("shared", gathered.setting, newer, older, of(newer)?, of(older)?));
    recall.piece(key).unwrap_or_else(|| {
        let found = compared(site, gathered, newer, older);
        recall.found(key, &found);
        found
    })
}

fn compared(site: &Site, gathered: &Gathered, newer: ReportId, older: ReportId) -> Option<Finding> {
    let (new, old) = (read(site, gathered, newer)?, read(site, gathered, older)?);
    check::other_body(&gathered.tree, (&new.0, &new.1), (&old.0, &old.1)).map(|diagnostic| diagnostic.locate(&new.2))
}

/// One finding for the portal: bodies a resident cannot ask, because neither they nor anyone above says how.
fn contact(site: &Site, gathered: &Gathered) -> Option<Finding> {
    let tree = &gathered.tree;
    let says = |body: &crate::model::Body| body.contact.phone.is_some() || body.contact.address.is_some() || body.contact.email.is_some();
    let mut reachable: BTreeMap<u32, bool> = BTreeMap::new();
    let mut without = 0;
    for body in tree.iter() {
        let own = says(body) || body.parent.is_some_and(|parent| reachable.get(&parent.0).copied().unwrap_or(false));
        reachable.insert(body.id.0, own);
        let files = gathered.filed[body.id.0 as usize].published().next().is_some();
        without += usize::from(!own && files && body.until.is_none());
    }
    // Until a site is set up for residents, nobody can ask yet.
    let furniture = &site.config.furniture;
    let set_up = !site.config.base_url.is_empty() || furniture.host.is_some() || furniture.organizer.is_some() || tree.iter().any(says);
    if without == 0 || !set_up || furniture.contact.is_some() {
        return None;
    }
    let words = Words::new(
        format!("{without} 个机关没有写联系方式，上级和页脚也没有"),
        format!("{without} bodies say nowhere how to ask them, nor do those above or the footer"),
    );
    let finding = Diagnostic::new("site/contact-missing", "content/_index.md", None, words).about("contact", without.to_string()).help(
        "在机关的 _index.md 写 [contact]，或在 config.toml 的 [furniture] 写 contact。",
        "write [contact] in the body's _index.md, or `contact` under [furniture] in config.toml.",
    );
    Some(finding.unplaced())
}
