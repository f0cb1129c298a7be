//! Where the portal stands, its helpers beside it, and which places are refused.
//!
//! All refusals are found by looking alone: until [`Place::lock`] nothing on the disk is touched.

use super::error::{Doing, PublishError, Refusal};
use super::exchange;
use super::manifest::{Manifest, Seal};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

/// Folders of the source in which no portal is put.
const SOURCES: [&str; 3] = ["content", "themes", "static"];

/// The output folder and its siblings.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) parent: PathBuf,
    /// The portal that people see.
    pub(super) live: PathBuf,
    /// The portal in the making.
    pub(super) staging: PathBuf,
    /// The portal before this one.
    pub(super) previous: PathBuf,
    /// The old portal between two renames.
    pub(super) outgoing: PathBuf,
    pub(super) lock: PathBuf,
}

/// What stood at the output folder.
#[derive(Debug)]
pub(super) enum Old {
    Nothing,
    EmptyFolder,
    Portal(Manifest),
}

impl Place {
    /// Resolves the output folder and refuses wrong targets.
    pub(super) fn find(output: &Path, source: &Path, home: Option<&Path>) -> Result<Place, PublishError> {
        let live = resolve(output)?;
        let refuse = |why| Err(PublishError::Refused { path: live.clone(), why });
        let (Some(parent), Some(name)) = (live.parent(), live.file_name()) else { return refuse(Refusal::FileSystemRoot) };
        if fs::symlink_metadata(&live).is_ok_and(|found| found.file_type().is_symlink()) {
            return refuse(Refusal::Symlink);
        }
        let canonical = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let source = canonical(source);
        if live == source {
            return refuse(Refusal::Source);
        }
        if source.starts_with(&live) {
            return refuse(Refusal::AboveSource);
        }
        if SOURCES.iter().any(|folder| live.starts_with(canonical(&source.join(folder)))) {
            return refuse(Refusal::InSource);
        }
        if home.is_some_and(|home| !home.as_os_str().is_empty() && canonical(home).starts_with(&live)) {
            return refuse(Refusal::Home);
        }
        if live.components().any(|part| part == Component::Normal(OsStr::new(".git"))) || fs::symlink_metadata(live.join(".git")).is_ok() {
            return refuse(Refusal::Git);
        }
        let sibling = |ending: &str| {
            let mut sibling = OsString::from(".");
            sibling.push(name);
            sibling.push(ending);
            parent.join(sibling)
        };
        Ok(Place {
            parent: parent.to_path_buf(),
            staging: sibling(".staging"),
            previous: sibling(".previous"),
            outgoing: sibling(".outgoing"),
            lock: sibling(".lock"),
            live,
        })
    }

    /// Looks at what stands there; refuses what is not ours.
    pub(super) fn look(&self) -> Result<Old, PublishError> {
        let reading = |cause| PublishError::Io { doing: Doing::Reading, path: self.live.clone(), written: 0, cause };
        let refuse = |why| Err(PublishError::Refused { path: self.live.clone(), why });
        match fs::symlink_metadata(&self.live) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Old::Nothing),
            Err(error) => return Err(reading(error)),
            Ok(found) if found.file_type().is_symlink() => return refuse(Refusal::Symlink),
            Ok(found) if !found.is_dir() => return refuse(Refusal::NotAFolder),
            Ok(_) => {}
        }
        if exchange::is_mount_point(&self.live).map_err(reading)? {
            return refuse(Refusal::MountPoint);
        }
        let old = if is_empty(&self.live).map_err(reading)? {
            Old::EmptyFolder
        } else {
            match Seal::read(&self.live).map_err(reading)? {
                Seal::None => return refuse(Refusal::NotOurs),
                Seal::Broken => return refuse(Refusal::Unsealed),
                Seal::Whole(manifest) => Old::Portal(manifest),
            }
        };
        exchange::may_write(&self.live).map_err(|cause| PublishError::Io { doing: Doing::Writing, path: self.live.clone(), written: 0, cause })?;
        Ok(old)
    }

    /// Refuses helper names that something else has.
    pub(super) fn look_at_helpers(&self, is_staging: impl Fn(&Path) -> bool) -> Result<(), PublishError> {
        let refuse = |path: &Path| Err(PublishError::Refused { path: path.to_path_buf(), why: Refusal::HelperTaken });
        for path in [&self.staging, &self.previous, &self.outgoing] {
            let Ok(found) = fs::symlink_metadata(path) else { continue };
            let ours = || is_empty(path).unwrap_or(false) || is_staging(path) || Seal::is_ours(path).unwrap_or(false);
            if !found.is_dir() || !ours() {
                return refuse(path);
            }
        }
        if fs::symlink_metadata(&self.lock).is_ok_and(|found| !found.is_file()) {
            return refuse(&self.lock);
        }
        Ok(())
    }

    /// Makes the parent if it is missing, and takes the lock. The first write of all: it shows whether the parent can be written.
    pub(super) fn lock(&self) -> Result<Lock, PublishError> {
        let failed = |path: &Path, cause| PublishError::Io { doing: Doing::Locking, path: path.to_path_buf(), written: 0, cause };
        fs::create_dir_all(&self.parent).map_err(|cause| failed(&self.parent, cause))?;
        let file = File::options().read(true).write(true).create(true).truncate(false).open(&self.lock).map_err(|cause| failed(&self.lock, cause))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(PublishError::Locked { lock: self.lock.clone() }),
            Err(TryLockError::Error(cause)) => Err(failed(&self.lock, cause)),
        }
    }
}

/// A lock of the kernel, gone with the process. Its file stays: removing it would let two builds hold two locks.
///
/// The file holds the digest of the portal that is being replaced, and is empty otherwise. After a crash it tells
/// whether the helper folder is the old portal or the new one.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Notes which portal leaves.
    pub(super) fn note(&self, leaving: &str) -> io::Result<()> {
        let mut file = &self.0;
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(leaving.as_bytes())
    }

    /// The time by the clock of the disk. Later changes beside the lock have this time or a later one.
    pub(super) fn now(&self) -> io::Result<SystemTime> {
        self.note(" ")?;
        let time = self.0.metadata()?.modified()?;
        self.note("")?;
        Ok(time)
    }

    /// The portal that was leaving when a build crashed; empty if none.
    pub(super) fn noted(&self) -> io::Result<String> {
        let mut file = &self.0;
        let mut text = String::new();
        file.rewind()?;
        file.take(256).read_to_string(&mut text)?;
        Ok(text)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a child process that was just forked holds the same lock until it runs its program.
        let _ = self.0.unlock();
    }
}

/// Whether a folder has no entry.
pub(super) fn is_empty(folder: &Path) -> io::Result<bool> {
    Ok(fs::read_dir(folder)?.next().is_none())
}

/// The absolute path with every link of the folders above resolved, but not a link at its end.
fn resolve(output: &Path) -> Result<PathBuf, PublishError> {
    let no_name = || PublishError::Refused { path: output.to_path_buf(), why: Refusal::NoName };
    if output.as_os_str().is_empty() {
        return Err(no_name());
    }
    let absolute: PathBuf = std::path::absolute(output).map_err(|_| no_name())?.components().collect();
    let reading = |cause| PublishError::Io { doing: Doing::Reading, path: absolute.clone(), written: 0, cause };
    let (Some(above), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        // `/`, or a path that ends with `..`.
        return fs::canonicalize(&absolute).map_err(reading);
    };
    // Folders above may be missing: they are made later. What exists of them is resolved, the rest must be plain.
    let mut missing = vec![name.to_os_string()];
    let mut existing = above;
    loop {
        match fs::canonicalize(existing) {
            Ok(found) => return Ok(missing.iter().rev().fold(found, |path, part| path.join(part))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A dangling link would be taken for a missing folder.
                let plain = existing.symlink_metadata().is_err();
                let (Some(above), Some(name), true) = (existing.parent(), existing.file_name(), plain) else { return Err(no_name()) };
                missing.push(name.to_os_string());
                existing = above;
            }
            Err(error) => return Err(reading(error)),
        }
    }
}
