//! A build in steps that several processes take, on one machine or on many, with the files of a work folder between them and nothing else.
//!
//! | step | processes | reads | leaves |
//! |---|---|---|---|
//! | gather | n | the reports of its bodies | `gather-2-of-7.parquet` (figures), `gather-2-of-7.rest` (all else that was found) |
//! | merge | 1 | what was gathered | `merged`: what is wrong across bodies, findings settled; nothing where they stop a build |
//! | emit | n | what was gathered and merged, and the texts of its bodies | `part-2-of-7`: pages of its bodies, its share of the lists |
//! | publish | 1 | all of it | the portal, exchanged in one step as by a build |
//!
//! Every step calls what a build calls, so that there is one way to read, to judge and to make pages, and the portal is the same byte for
//! byte. Each may be taken again at any time and leaves the same. Each file names the program, the setting and the state of the sources it
//! was made with, and the files it was made from: a step that finds anything else says so and ends.

mod emit;
mod error;
mod figures;
mod gather;
mod publish;
mod restore;

pub use error::{Change, ShardError};

use super::gather::Opening;
use super::site::{Failure, Site};
use super::{Examined, Lap, Progress, Told};
use crate::digest::Sha256Sum;
use crate::publish::{Pack, PackError};
use crate::source::Theme;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Folders of a site whose files mean something.
const SOURCES: [&str; 6] = ["content", "themes", "templates", "static", "i18n", "forms"];

/// One of so many parts of the work, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shard {
    number: u16,
    of: u16,
}

/// The text is not `i/n` with i from 1 to n.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("写作 i/n，i 从 1 到 n，如 2/7 (write i/n, i from 1 to n: 2/7)")]
pub struct NoShard;

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Shard, NoShard> {
        let (number, of) = text.split_once('/').ok_or(NoShard)?;
        let (number, of) = (number.parse().map_err(|_| NoShard)?, of.parse().map_err(|_| NoShard)?);
        if (1..=of).contains(&number) { Ok(Shard { number, of }) } else { Err(NoShard) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl Shard {
    fn all(of: u16) -> impl Iterator<Item = Shard> {
        (1..=of).map(move |number| Shard { number, of })
    }

    /// Its bodies, neighbors in the tree: places of so many.
    fn bodies(self, count: usize) -> Range<usize> {
        let (before, up_to, of) = (usize::from(self.number - 1), usize::from(self.number), usize::from(self.of));
        count * before / of..count * up_to / of
    }

    /// Whether what stands at a place of a list is its to make. Neighbors are of one kind and weigh alike.
    fn takes(self, place: usize) -> bool {
        place % usize::from(self.of) == usize::from(self.number - 1)
    }
}

/// A step of a build in shards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Reads and checks the reports of a shard.
    Gather,
    /// Settles what crosses shards.
    Merge,
    /// Makes the pages of a shard.
    Emit,
    /// Puts the portal together and in its place.
    Publish,
}

impl Step {
    /// As it is written on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Step::Gather => "gather",
            Step::Merge => "merge",
            Step::Emit => "emit",
            Step::Publish => "publish",
        }
    }
}

/// A site and the folder through which the steps of its build speak.
#[derive(Clone, Debug)]
pub struct Work<'a> {
    site: &'a Site,
    folder: PathBuf,
    /// Set by a signal: the step ends and leaves nothing half done.
    interrupt: Arc<AtomicBool>,
}

/// A shard that was gathered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Collected {
    /// Bodies of the shard.
    pub bodies: usize,
    /// Their reports that could be read.
    pub reports: usize,
    /// Figures in them.
    pub figures: u64,
    /// How long it took.
    pub laps: Vec<Lap>,
}

/// Shards that were merged.
#[derive(Debug)]
pub struct Merged {
    /// What was read and found.
    pub told: Told,
    /// The exit code of what stops a build; then nothing is left for the next step. None if nothing does.
    pub stopped: Option<u8>,
    /// How many shards there are.
    pub shards: u16,
    /// How long it took.
    pub laps: Vec<Lap>,
}

/// A shard whose pages were made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Emitted {
    /// Files.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// How long it took.
    pub laps: Vec<Lap>,
}

/// What a file of the work folder was made with.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
struct Seal {
    // First, so that it can be read of any program's file.
    program: String,
    setting: Sha256Sum,
    sources: Sha256Sum,
    shards: u16,
}

/// Of a gathered shard: `.rest` holds it; its pieces are runs of bodies.
#[derive(Debug, Deserialize, Serialize)]
struct GatherHead {
    seal: Seal,
    /// Digest of the file of figures.
    figures: Sha256Sum,
}

/// Of what was merged; its one piece is what was found.
#[derive(Debug, Deserialize, Serialize)]
struct MergeHead {
    seal: Seal,
    theme: Sha256Sum,
    /// Names of the gathered shards.
    gathered: Vec<Sha256Sum>,
}

/// Of a shard's pages; its pieces are texts for search, by body.
#[derive(Debug, Deserialize, Serialize)]
struct PartHead {
    seal: Seal,
    /// Name of what was merged.
    merged: Sha256Sum,
}

impl Seal {
    fn of(site: &Site, opening: &Opening, shards: u16) -> Seal {
        let mut config = site.config.clone();
        // Where the portal stands is asked by the last step alone, and the day is counted as it is used.
        (config.output_dir, config.today) = (String::new(), None);
        let dirs: Vec<_> = opening.dirs().iter().map(|dir| (&dir.path, format!("{:?}{:?}", dir.reports, dir.pages))).collect();
        Seal {
            program: env!("GONGKAI_BUILD").to_string(),
            setting: Sha256Sum::of_value(&(site.forms, format!("{config:?}"), site.today.to_string(), site.drafts, site.relative_urls)),
            sources: Sha256Sum::of_value(&(dirs, format!("{:?}", opening.tree()))),
            shards,
        }
    }

    /// What is different from what is now.
    fn differs(&self, now: &Seal) -> Option<Change> {
        if self.program != now.program {
            Some(Change::Program)
        } else if self.shards != now.shards {
            Some(Change::Shards(self.shards))
        } else if self.setting != now.setting {
            Some(Change::Setting)
        } else if self.sources != now.sources {
            Some(Change::Sources)
        } else {
            None
        }
    }
}

fn theme_sum(theme: &Theme) -> Sha256Sum {
    let texts: Vec<_> = theme.templates.iter().chain(&theme.strings).map(|text| (&text.name, &text.file, &text.text)).collect();
    Sha256Sum::of_value(&(texts, &theme.statics))
}

impl<'a> Work<'a> {
    /// Refuses a folder whose files would be taken for the site's own, or for the portal's.
    pub fn new(site: &'a Site, folder: PathBuf, interrupt: Arc<AtomicBool>) -> Result<Work<'a>, ShardError> {
        let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let root = whole(site.root());
        let own = SOURCES.iter().map(|name| root.join(name)).chain([whole(&site.output())]);
        let folder = whole(&folder);
        if own.into_iter().any(|own| folder.starts_with(own)) {
            return Err(ShardError::Place { folder });
        }
        Ok(Work { site, folder, interrupt })
    }

    fn figures(&self, Shard { number, of }: Shard) -> PathBuf {
        self.folder.join(format!("gather-{number}-of-{of}.parquet"))
    }

    fn rest(&self, Shard { number, of }: Shard) -> PathBuf {
        self.folder.join(format!("gather-{number}-of-{of}.rest"))
    }

    fn merged(&self) -> PathBuf {
        self.folder.join("merged")
    }

    fn part(&self, Shard { number, of }: Shard) -> PathBuf {
        self.folder.join(format!("part-{number}-of-{of}"))
    }

    /// Opens a file of an earlier step, of this program.
    fn open<Head: for<'d> Deserialize<'d>>(&self, path: &Path, step: (Step, Option<Shard>)) -> Result<(Pack, Head), ShardError> {
        let pack = Pack::open(path).map_err(|error| ShardError::of(error, &self.folder, step))?;
        let file = || path.to_path_buf();
        match postcard::take_from_bytes::<String>(pack.head()) {
            Ok((program, _)) if program == env!("GONGKAI_BUILD") => {}
            Ok(_) => return Err(ShardError::Changed { file: file(), change: Change::Program, step: (Step::Gather, None) }),
            Err(_) => return Err(ShardError::Damaged { file: file(), step }),
        }
        let head = postcard::from_bytes(pack.head()).map_err(|_| ShardError::Damaged { file: file(), step })?;
        Ok((pack, head))
    }

    /// A piece of a file, whose number its own list has named.
    fn piece<T: for<'d> Deserialize<'d>>(&self, path: &Path, pack: &Pack, number: u32, step: (Step, Option<Shard>)) -> Result<T, ShardError> {
        let damaged = || PackError::Damaged(path.to_path_buf());
        let read = pack.piece(number).and_then(|bytes| postcard::from_bytes(&bytes.ok_or_else(damaged)?).map_err(|_| damaged()));
        read.map_err(|error| ShardError::of(error, &self.folder, step))
    }

    /// The number of shards whose gathered files stand in the folder.
    fn shards(&self) -> Result<u16, ShardError> {
        let none = || ShardError::Missing { folder: self.folder.clone(), files: vec!["gather-*".into()], steps: vec![(Step::Gather, None)] };
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(none()),
            Err(cause) => return Err(ShardError::Io { file: self.folder.clone(), cause }),
        };
        let count = |name: &str| name.strip_prefix("gather-")?.split_once("-of-")?.1.strip_suffix(".rest")?.parse().ok();
        let mut counts: Vec<u16> = entries.flatten().filter_map(|entry| count(entry.file_name().to_str()?)).collect();
        counts.sort_unstable();
        counts.dedup();
        match counts[..] {
            [] => Err(none()),
            [count] => Ok(count),
            _ => Err(ShardError::Mixed { folder: self.folder.clone(), counts }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_counted_from_one_and_share_out_everything() {
        for text in ["", "1", "0/3", "4/3", "1/0", "a/b", "-1/3", "1/70000", "1/3/5"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        let shard: Shard = "2/7".parse().unwrap();
        assert_eq!(shard.to_string(), "2/7");
        for (count, of) in [(0, 1), (1, 7), (100, 1), (100, 7), (6, 7)] {
            let bodies: Vec<usize> = Shard::all(of).flat_map(|shard| shard.bodies(count)).collect();
            assert_eq!(bodies, (0..count).collect::<Vec<_>>(), "{count} in {of}");
            assert!((0..count).all(|place| Shard::all(of).filter(|shard| shard.takes(place)).count() == 1));
        }
    }
}
