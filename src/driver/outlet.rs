//! The last look at finished bytes, and their way to where they are published.

use super::Examined;
use super::site::{Failure, Site};
use super::times::Spent;
use crate::analyze::links;
use crate::inspect;
use crate::publish::{Made, OutputPath, PublishError, Scratch, Sink};
use crate::render::{self, Artifact};
use std::borrow::Cow;

/// Everything that is published goes through here.
#[derive(Debug)]
pub(super) struct Outlet<'a, S> {
    site: &'a Site,
    examined: &'a Examined,
    sink: &'a S,
    pub(super) inspecting: Spent,
    pub(super) writing: Spent,
}

impl<'a, S: Sink> Outlet<'a, S> {
    pub(super) fn new(site: &'a Site, examined: &'a Examined, sink: &'a S) -> Outlet<'a, S> {
        Outlet { site, examined, sink, inspecting: Spent::default(), writing: Spent::default() }
    }

    /// Room to put bytes aside.
    pub(super) fn scratch(&self) -> Result<Scratch, PublishError> {
        self.sink.scratch()
    }

    /// Keeps files of the portal before, which were looked at when they were made; all or none.
    pub(super) fn keep(&self, files: &[Made]) -> Result<bool, PublishError> {
        self.writing.on(|| self.sink.keep(files))
    }

    /// The bytes of a file that was kept.
    pub(super) fn held(&self, made: &Made) -> Option<Vec<u8>> {
        self.sink.held(made)
    }

    /// Hands over what the program made, and adds the files it became to `files`.
    pub(super) fn artifact(&self, artifact: &Artifact, files: &mut Vec<Made>) -> Result<(), Failure> {
        self.inspecting.on(|| self.look(artifact))?;
        self.bytes(&artifact.path, &artifact.bytes, files)
    }

    /// Hands over bytes as they will be published. Sources have been looked through for private data; this is the last look.
    pub(super) fn bytes(&self, path: &str, bytes: &[u8], files: &mut Vec<Made>) -> Result<(), Failure> {
        let leak = self.inspecting.on(|| inspect::leak(path, bytes, &self.site.config.office_lines));
        if let Some(kind) = leak {
            return Err(Failure::Bug(path.to_string(), format!("{kind} in the finished file / 成品文件里有个人信息")));
        }
        let mut send = |path: &str, bytes: &[u8]| -> Result<(), PublishError> {
            let path = OutputPath::new(path)?;
            files.push(self.writing.on(|| self.sink.write(&path, bytes))?);
            Ok(())
        };
        send(path, bytes)?;
        if self.site.config.precompress
            && let Some(packed) = render::compressed(path, bytes)
        {
            let sibling = format!("{path}.gz");
            // A site's own file of that name is what its author wants there.
            if !self.examined.files.contains(&sibling) {
                send(&sibling, &packed)?;
            }
        }
        Ok(())
    }

    fn look(&self, artifact: &Artifact) -> Result<(), Failure> {
        if !artifact.path.ends_with(".html") {
            return Ok(());
        }
        let places = inspect::page(&artifact.bytes, &|script| own(self.site, self.examined, &artifact.path, script))
            .map_err(|found| Failure::Bug(artifact.path.clone(), format!("{}: {}", found.why, found.tag)))?;
        if artifact.path.ends_with("index.html")
            && let Some(target) = astray(self.examined, &artifact.path, &places)
        {
            return Err(Failure::Bug(artifact.path.clone(), format!("the link {target} leads nowhere / 链接 {target} 没有去处")));
        }
        Ok(())
    }
}

/// Whether a script is one of ours, under its own name and, but where pages open from a folder, with its own digest.
fn own(site: &Site, examined: &Examined, page: &str, script: inspect::Script<'_>) -> bool {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Only the page for what is missing names whole paths.
    let path = match script.src.strip_prefix('/') {
        Some(rest) if page == "404.html" => rest.strip_prefix(site.config.base_path().trim_start_matches('/')).map(str::to_string),
        Some(_) => None,
        None => match links::resolve(script.src, folder) {
            links::Target::Internal { path, .. } => Some(path),
            _ => None,
        },
    };
    let known = path.and_then(|path| examined.assets.script_at(&path));
    known.is_some_and(|known| script.integrity == (!site.relative_urls).then_some(known.integrity.as_str()))
}

/// The first link of a finished page that leads to no page, file or place. Texts' own links were looked up before; what is found only
/// here was made by a template or by the program. Places on other pages are the plan's promise, and are followed by a test.
fn astray<'p>(examined: &Examined, path: &str, places: &inspect::Places<'p>) -> Option<&'p str> {
    let from = path.trim_end_matches("index.html").trim_end_matches('/');
    let leads = |target: &str| {
        if let Some(place) = target.strip_prefix('#') {
            return place.is_empty() || place == "top" || places.has(place);
        }
        let plain = if target.contains('&') { Cow::Owned(target.replace("&amp;", "&")) } else { Cow::Borrowed(target) };
        match links::resolve(&plain, from) {
            links::Target::External => true,
            links::Target::Refused => false,
            links::Target::Internal { path, .. } => is_written(examined, &path),
        }
    };
    // Rows of one report are one page: each page is looked up once.
    let mut before = "";
    places.targets.iter().copied().find(|target| {
        let page = target.split('#').next().unwrap_or_default();
        let known = !page.is_empty() && page == before;
        before = page;
        !known && !leads(target)
    })
}

/// Whether the portal has something at an address: a page, a file of the site, the data beside a page.
fn is_written(examined: &Examined, path: &str) -> bool {
    let page = path.strip_suffix("index.html").unwrap_or(path);
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let beside = || {
        let page = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        matches!(name, "index.json" | "table.csv") && examined.plan.has(&page)
    };
    let data = || matches!(path, "data/figures.csv" | "data/findings.csv") || examined.assets.all().any(|asset| asset.address == path);
    examined.plan.has(page) || examined.files.contains(path) || data() || beside()
}
