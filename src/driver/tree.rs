//! Bodies from their `_index.md`, put together as a tree.

use super::recall::{self, Recall};
use super::site::Site;
use crate::analyze::{Target, links};
use crate::check::{self, Pending, Standing};
use crate::diag::{Diagnostic, Finding, Span, Words};
use crate::digest::Sha256Sum;
use crate::fields::{Placed, nearest};
use crate::model::{Body, BodyId, BodyTree, Level};
use crate::parse;
use crate::source::{BodyDir, Opened, ReadError};
use std::collections::{BTreeMap, HashMap};

/// The tree, the links of the introductions, and what was wrong.
#[derive(Debug, Default)]
pub(super) struct TreeRead {
    pub(super) tree: BodyTree,
    pub(super) pending: Vec<Pending>,
    pub(super) accepts: Vec<Standing>,
    pub(super) findings: Vec<Finding>,
    /// Digests of the files, as read.
    pub(super) sums: BTreeMap<String, Sha256Sum>,
}

/// Reads every body's own file; parents come before children in `dirs`.
pub(super) fn read(site: &Site, recall: &Recall, dirs: &[BodyDir]) -> Result<TreeRead, ReadError> {
    let mut out = TreeRead::default();
    let mut bodies: Vec<Body> = Vec::with_capacity(dirs.len());
    let mut successors: Vec<(usize, Placed<String>, String)> = Vec::new();
    let mut places: HashMap<&str, BodyId> = HashMap::new();
    for dir in dirs {
        let file = if dir.path.is_empty() { "content/_index.md".to_string() } else { format!("content/{}/_index.md", dir.path) };
        let id = BodyId(bodies.len() as u32);
        let parent = nearest_parent(&dir.path, &places);
        let source = match recall::read(site, recall, &file)? {
            Opened::File(source) => source,
            Opened::Refused(diagnostic, bytes) => {
                out.findings.push(Opened::refusal(*diagnostic, &bytes));
                bodies.push(Body::unnamed(id, parent, &dir.path, file));
                places.insert(&dir.path, id);
                continue;
            }
        };
        out.sums.insert(file.clone(), Sha256Sum::of(source.text.as_bytes()));
        match parse::body(&file, &source.text, &site.registry) {
            Err(found) => {
                out.findings.extend(found.into_iter().map(|diagnostic| diagnostic.locate(&source.text)));
                bodies.push(Body::unnamed(id, parent, &dir.path, file));
            }
            Ok(header) => {
                out.findings.extend(header.found.into_iter().map(|diagnostic| diagnostic.locate(&source.text)));
                pending_links(&header.links, &dir.path, &file, &source.text, &mut out);
                out.accepts.extend(Standing::of(&header.accepts, &file, &source.text));
                let private = check::privacy(&file, &source.text, &site.config.office_lines, site.today.year());
                out.findings.extend(private.into_iter().map(|diagnostic| diagnostic.locate(&source.text)));
                if let Some(successor) = header.succeeded_by {
                    successors.push((bodies.len(), successor, source.text.clone()));
                }
                bodies.push(Body {
                    level: header.level.unwrap_or(if parent.is_none() { Level::County } else { Level::Township }),
                    code: header.code,
                    former_names: header.former_names,
                    since: header.since,
                    until: header.until,
                    pinyin: header.pinyin,
                    contact: header.contact,
                    deadlines: header.deadlines,
                    aliases: header.aliases,
                    text_start: header.text_start,
                    title: header.title,
                    ..Body::unnamed(id, parent, &dir.path, file)
                });
            }
        }
        places.insert(&dir.path, id);
    }
    for (place, named, text) in successors {
        let path = named.value.trim_matches('/');
        match places.get(path) {
            Some(successor) => {
                let id = bodies[place].id;
                bodies[place].succeeded_by = Some(*successor);
                bodies[successor.0 as usize].predecessors.push(id);
            }
            None => out.findings.push(unknown_successor(&bodies[place].file, &named, places.keys().copied(), &text)),
        }
    }
    children(&mut bodies);
    out.tree = BodyTree::new(bodies);
    Ok(out)
}

fn nearest_parent(path: &str, places: &HashMap<&str, BodyId>) -> Option<BodyId> {
    let mut rest = path;
    while !rest.is_empty() {
        rest = rest.rsplit_once('/').map_or("", |(parent, _)| parent);
        if let Some(id) = places.get(rest) {
            return Some(*id);
        }
    }
    None
}

/// Children in official order: administrative code, those without one after, then address.
fn children(bodies: &mut [Body]) {
    let mut order: Vec<BodyId> = bodies.iter().map(|body| body.id).collect();
    order.sort_by_key(|id| {
        let body = &bodies[id.0 as usize];
        (body.code.is_none(), body.code.clone(), body.path.clone())
    });
    for id in order {
        if let Some(parent) = bodies[id.0 as usize].parent {
            bodies[parent.0 as usize].children.push(id);
        }
    }
}

fn unknown_successor<'k>(file: &str, named: &Placed<String>, known: impl Iterator<Item = &'k str>, text: &str) -> Finding {
    let words = Words::new(format!("没有地址为 {} 的机关", named.value), format!("there is no body at the address {}", named.value));
    let mut known: Vec<&str> = known.filter(|path| !path.is_empty()).collect();
    known.sort_unstable();
    let mut diagnostic = Diagnostic::new("parse/value-invalid", file, Some(place_in(text, named.span)), words);
    if let Some(near) = nearest(&named.value, known.into_iter()) {
        diagnostic = diagnostic.help(format!("是不是 `{near}`？"), format!("did you mean `{near}`?"));
    }
    diagnostic.locate(text)
}

/// A span of the front matter in the whole file: after the line of `+++`.
fn place_in(text: &str, span: Span) -> Span {
    span.shifted(text.find('\n').map_or(0, |at| at + 1))
}

/// Links of a text that have to be looked up in the plan, and those no page may carry.
pub(super) fn pending_links(spots: &[parse::LinkSpot], from: &str, file: &str, text: &str, out: &mut TreeRead) {
    for spot in spots {
        let place = |code: &str, words: Words| Diagnostic::new(code, file, Some(spot.span), words);
        out.findings.extend(check::link(file, spot.span, &spot.target, spot.image && spot.wordless).into_iter().map(|found| found.locate(text)));
        match links::resolve(&spot.target, from) {
            Target::External => {}
            Target::Refused => {
                let words = Words::new(format!("链接 {} 不能放进页面", spot.target), format!("the link {} cannot stand on a page", spot.target));
                let help = ("只用 https、http、mailto、tel 或本站的相对地址。", "use https, http, mailto, tel or a relative address of this site.");
                out.findings.push(place("link/scheme-refused", words).help(help.0, help.1).locate(text));
            }
            Target::Internal { path, anchor } => {
                let words = Words::new(format!("链接 {} 指向的页面或文件不存在", spot.target), format!("the link {} leads to no page or file", spot.target));
                out.pending.push(Pending { path, anchor, finding: place("link/target-missing", words).locate(text) });
            }
        }
    }
}
