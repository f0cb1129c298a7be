//! Where a site stands and how it is set up.

use crate::config::{self, Config, Overlay};
use crate::diag::{Finding, Words};
use crate::digest::Sha256Sum;
use crate::model::Registry;
use crate::publish::PublishError;
use crate::source::{Opened, ReadError, Root};
use jiff::civil::Date;
use std::path::{Path, PathBuf};

/// What the command line says of a site.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Folder of the site.
    pub root: PathBuf,
    /// Configuration file; none: `config.toml` of the root, if there is one.
    pub config: Option<PathBuf>,
    /// What the command line sets over it.
    pub overlay: Overlay,
    /// The day, if neither the command line nor the configuration says one.
    pub now: Date,
    /// Show drafts and reports that are held back.
    pub drafts: bool,
    /// Links name `index.html`.
    pub relative_urls: bool,
}

/// A site whose configuration and forms have been read.
#[derive(Debug)]
pub struct Site {
    pub(super) root: Root,
    /// Its configuration, with the command line over it.
    pub config: Config,
    /// Forms and indicators, its own included.
    pub registry: Registry,
    /// Digest of its own indicators and forms.
    pub(super) forms: Sha256Sum,
    /// The day of the build.
    pub today: Date,
    pub(super) drafts: bool,
    pub(super) relative_urls: bool,
}

/// Why a run ended without an answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration or a form is wrong.
    #[error("configuration")]
    Setup(Vec<Finding>),
    /// The disk failed while reading.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The output could not be written.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// Pages could not be made: templates failed on them. One finding a cause, with the first of its pages.
    #[error("{} templates failed", .0.len())]
    Pages(Vec<Finding>),
    /// What was remembered of the last build led to other bytes than a build from nothing: files that differ.
    #[error("{} files differ from a build from nothing", .0.len())]
    Remembered(Vec<String>),
    /// A step of a build in shards could not be taken.
    #[cfg(feature = "shards")]
    #[error(transparent)]
    Shard(#[from] super::shard::ShardError),
    /// The program itself failed on a page.
    #[error("page {0}: {1}")]
    Bug(String, String),
}

impl Failure {
    /// Exit code of the run.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Setup(_) => 2,
            Failure::Read(_) => 3,
            Failure::Publish(error) => error.exit_code(),
            #[cfg(feature = "shards")]
            Failure::Shard(error) => error.exit_code(),
            Failure::Pages(_) | Failure::Remembered(_) | Failure::Bug(..) => 1,
        }
    }

    /// What happened and what to do.
    pub fn words(&self) -> Words {
        match self {
            Failure::Setup(found) => Words::new(format!("配置有误：{} 处", found.len()), format!("the configuration is wrong in {} places", found.len())),
            Failure::Read(error) => Words::new(format!("读不了 {}：{}", error.path, error.cause), format!("cannot read {}: {}", error.path, error.cause)),
            Failure::Publish(error) => error.words(),
            #[cfg(feature = "shards")]
            Failure::Shard(error) => error.words(),
            Failure::Pages(findings) => Words::new(
                format!("模板有 {} 处在页面上出错，什么都没有发布", findings.len()),
                format!("templates failed in {} places; nothing was published", findings.len()),
            ),
            Failure::Remembered(files) => {
                let (count, first) = (files.len(), files.first().map_or("", String::as_str));
                Words::new(
                    format!("用缓存生成的与从头生成的有 {count} 个文件不同（如 {first}），什么都没有发布。缓存已清除，请重新运行，并把这条信息告诉开发者。"),
                    format!(
                        "{count} files made with the cache differ from those made from nothing ({first}); nothing was published. The cache was removed; run again, and please report this."
                    ),
                )
            }
            Failure::Bug(page, what) => Words::new(
                format!("程序在页面 /{page} 上出错（{what}），什么都没有发布。请把这条信息告诉开发者。"),
                format!("the program failed on the page /{page} ({what}); nothing was published. Please report this."),
            ),
        }
    }
}

impl Site {
    /// Opens a site: its configuration, its own indicators and forms.
    pub fn open(setup: Setup) -> Result<Site, Failure> {
        let root = Root::open(&setup.root)?;
        let (registry, forms) = registry(&root)?;
        let (config, found) = configuration(&root, setup.config.as_deref(), &registry)?;
        if !found.is_empty() {
            return Err(Failure::Setup(found));
        }
        let config = setup.overlay.over(config);
        let today = config.today.unwrap_or(setup.now);
        Ok(Site { root, config, registry, forms, today, drafts: setup.drafts, relative_urls: setup.relative_urls })
    }

    /// The folder of the site.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// A file of the site, for those that write content.
    pub(crate) fn read(&self, file: &str) -> Result<Opened, Failure> {
        Ok(self.root.read(file)?)
    }

    /// The folder of the portal.
    pub fn output(&self) -> PathBuf {
        self.root.path().join(&self.config.output_dir)
    }
}

fn configuration(root: &Root, named: Option<&Path>, registry: &Registry) -> Result<(Config, Vec<Finding>), Failure> {
    let (file, text) = match named {
        Some(path) => {
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|cause| ReadError { path: shown.clone(), cause })?;
            (shown, text)
        }
        None if !root.path().join("config.toml").exists() => return Ok((Config::default(), Vec::new())),
        None => match root.read("config.toml")? {
            Opened::File(source) => (source.path, source.text),
            Opened::Refused(diagnostic, bytes) => return Err(Failure::Setup(vec![Opened::refusal(*diagnostic, &bytes)])),
        },
    };
    let (config, found) = config::read(&file, &text, registry);
    Ok((config, found.into_iter().map(|diagnostic| diagnostic.locate(&text)).collect()))
}

/// The built-in forms and those of the site: `indicators.toml` and `forms/*.toml` beside `config.toml`.
fn registry(root: &Root) -> Result<(Registry, Sha256Sum), Failure> {
    let read = |path: &str| -> Result<(String, String), Failure> {
        match root.read(path)? {
            Opened::File(source) => Ok((source.path, source.text)),
            Opened::Refused(diagnostic, bytes) => Err(Failure::Setup(vec![Opened::refusal(*diagnostic, &bytes)])),
        }
    };
    let mut indicators = Vec::new();
    if root.path().join("indicators.toml").exists() {
        indicators.push(read("indicators.toml")?);
    }
    let forms = root.toml_files("forms")?.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let sum = Sha256Sum::of_value(&(&indicators, &forms));
    let registry = Registry::with_site(&indicators, &forms).map_err(|error| {
        let words = Words::new(format!("版式或指标文件有误：{}", error.cause), error.cause.clone());
        let mut finding = crate::diag::Diagnostic::new("form/file-broken", &error.file, None, words).unplaced();
        finding.place = error.line.map(crate::diag::Place::line_only);
        Failure::Setup(vec![finding])
    })?;
    Ok((registry, sum))
}
