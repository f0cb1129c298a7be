//! The last stage: bytes go to the output folder, all of them or none.
//!
//! A [`Directory`] is prepared before any content is read, so that a wrong target, a running build or a foreign file is
//! said at once. Many threads then [`write`](Sink::write) into a staging folder beside the portal, and
//! [`Directory::commit`] puts it in the place of the old portal in one step. The old portal is never opened for writing:
//! until that step it is what it was, and afterwards it stands beside as `.NAME.previous`.
//!
//! Beside the output `public` may stand `.public.lock` (always), `.public.previous`, and, while a build runs or after a
//! crash, `.public.staging` and `.public.outgoing`; all of them are ours. A crashed build needs no repair: the next one clears up.
//! After the first publication `.public.previous` is a second tree of the same portal ([`Published::back_tree`]).
//!
//! Files that did not change are hard links of the old portal's, compared byte by byte before. What the bytes say is of no
//! concern here: that is the work of the stages before.

mod back;
mod directory;
mod disk;
mod draft;
mod error;
mod exchange;
mod left;
mod log;
mod manifest;
mod memory;
mod pack;
mod path;
mod place;
mod recovery;
mod rollback;
mod scratch;
mod store;
mod sums;
mod tree;

#[cfg(test)]
mod tests;

pub use directory::{Directory, Published, Target};
pub use draft::Draft;
pub use error::{Doing, PublishError, Refusal};
pub use left::{Left, Lefts};
pub use log::{Index, Log};
pub use manifest::{Manifest, Seal};
pub use memory::{Files, Memory};
pub use pack::{Pack, PackError, Packing};
pub use path::{LONGEST_PART, LONGEST_PATH, OutputPath, PathError, PathFault};
pub use rollback::rollback;
pub use scratch::{Put, Scratch};
pub use store::Store;
pub use sums::Sums;

use crate::diag::Words;
use crate::digest::Sha256Sum;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A file of the portal, known without its bytes.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Made {
    /// Its path.
    pub path: String,
    /// The digest of its bytes.
    pub sum: Sha256Sum,
    /// How many they are.
    pub length: u64,
}

/// Where artifacts go. Written from many threads, each path once.
pub trait Sink: Sync {
    /// Takes the bytes of one output.
    fn write(&self, path: &OutputPath, bytes: &[u8]) -> Result<Made, PublishError>;

    /// Takes files of the portal before as they are, unread: all of them, or none if one is not there or was changed since it was
    /// published. Then their bytes have to be written.
    fn keep(&self, made: &[Made]) -> Result<bool, PublishError>;

    /// The bytes of a file of the portal before; none if they are not those.
    fn held(&self, made: &Made) -> Option<Vec<u8>>;

    /// Room to put bytes aside until the portal is made; nothing of it is published.
    fn scratch(&self) -> Result<Scratch, PublishError>;
}

/// What publishing is told beside the folder.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Foreign files and folders of the output that are carried over: `[publish] foreign`.
    pub foreign: Vec<String>,
    /// `--two-renames`: where the file system cannot exchange two folders. The portal is absent for a moment.
    pub two_renames: bool,
    /// The day of the build as pages print it. A portal that differs from the live one only by this is not published.
    pub day: Option<String>,
    /// Set by a signal: the next write, or the exchange, stops with [`PublishError::Interrupted`].
    pub interrupt: Arc<AtomicBool>,
    /// The home folder, which is never written to; none: the user's.
    pub home: Option<PathBuf>,
}

/// What was published.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Files of the portal, without `SHA256SUMS`, the marker and foreign files.
    pub files: usize,
    /// Bytes of these files.
    pub bytes: u64,
    /// Paths that were not there before.
    pub added: usize,
    /// Paths with other bytes than before.
    pub changed: usize,
    /// Paths that are no more.
    pub removed: usize,
    /// Every byte was as before, but for the day of the build: nothing was exchanged.
    pub unchanged: bool,
    /// The day of the build was the one difference.
    pub only_day: bool,
    /// What the operator should look at; it did not stop the publication.
    pub warnings: Vec<Words>,
}
