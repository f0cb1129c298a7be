//! Walking and clearing trees: which files are foreign, carrying them over, removing only what is ours.

use super::disk::Disk;
use super::error::{Doing, PublishError};
use super::exchange;
use super::manifest::{Manifest, Seal};
use super::path::{MARKER, SUMS};
use crate::digest::Digest;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Marks a staging folder as ours while it has no manifest. Hidden, so that no output can have its name.
pub(super) const STAGING: &str = ".gongkai-staging";

/// What stands in a portal beside its manifest.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Foreign {
    /// Named in the configuration: files, links, and folders with a closing slash; folders before what is in them.
    pub(super) kept: Vec<String>,
    /// Named by nobody; an empty folder ends with a slash.
    pub(super) unknown: Vec<String>,
}

/// Lists what is neither in the manifest nor ours in another way. Folders are read on all threads: there are as many as pages.
pub(super) fn foreign(folder: &Path, manifest: &Manifest, named: &[String]) -> io::Result<Foreign> {
    let folders = manifest.folders();
    let mut found = Look { manifest, named, folders: &folders }.at(folder, "")?;
    found.kept.sort();
    found.unknown.sort();
    Ok(found)
}

/// A look for what is foreign.
struct Look<'a> {
    manifest: &'a Manifest,
    named: &'a [String],
    folders: &'a BTreeSet<&'a str>,
}

impl Look<'_> {
    fn is_named(&self, path: &str) -> bool {
        let mut names = self.named.iter().map(|name| name.trim_matches('/'));
        names.any(|name| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    /// What is foreign in a folder and below it; `prefix` is its path with a slash.
    fn at(&self, folder: &Path, prefix: &str) -> io::Result<Foreign> {
        let mut found = Foreign::default();
        let mut below = Vec::new();
        let mut entries = 0;
        for entry in fs::read_dir(folder)? {
            entries += 1;
            let entry = entry?;
            // A name that is no UTF-8 cannot be ours; the list shows it as well as it can, and it is never carried.
            let name = entry.file_name();
            let path = format!("{prefix}{}", name.to_string_lossy());
            let kept = self.is_named(&path) && name.to_str().is_some();
            if entry.file_type()?.is_dir() {
                if kept && !self.folders.contains(&*path) {
                    found.kept.push(format!("{path}/"));
                }
                below.push((entry.path(), format!("{path}/")));
            } else if self.manifest.sum(&path).is_some() || path == MARKER || path == SUMS {
                continue;
            } else if kept {
                found.kept.push(path);
            } else {
                found.unknown.push(path);
            }
        }
        let path = prefix.trim_end_matches('/');
        if entries == 0 && !path.is_empty() && !self.folders.contains(path) && !self.is_named(path) {
            found.unknown.push(prefix.to_string());
        }
        let deeper = below.into_par_iter().map(|(folder, prefix)| self.at(&folder, &prefix)).try_reduce(Foreign::default, |mut one, mut other| {
            one.kept.append(&mut other.kept);
            one.unknown.append(&mut other.unknown);
            Ok(one)
        })?;
        found.kept.extend(deeper.kept);
        found.unknown.extend(deeper.unknown);
        Ok(found)
    }
}

/// Whether something came into a folder of a portal, or went, at a time or later: then it has to be looked at again.
pub(super) fn is_changed_since(portal: &Path, manifest: &Manifest, kept: &[String], time: SystemTime) -> bool {
    let kept = kept.iter().filter_map(|path| path.strip_suffix('/'));
    let folders: Vec<&str> = manifest.folders().into_iter().chain(kept).chain([""]).collect();
    folders.into_par_iter().any(|folder| exchange::entries_changed(&portal.join(folder)).is_none_or(|changed| changed >= time))
}

/// Brings kept files into another tree: as the same file where the system links, else as a copy.
pub(super) fn carry(disk: &Disk, kept: &[String], from: &Path, to: &Path) -> Result<(), PublishError> {
    for path in kept {
        let (source, target) = (from.join(path), to.join(path));
        let result = (|| {
            if path.ends_with('/') {
                return disk.make_folders(&target);
            }
            if let Some(parent) = target.parent() {
                disk.make_folders(parent)?;
            }
            let kind = fs::symlink_metadata(&source)?.file_type();
            if kind.is_symlink() {
                return disk.copy_symlink(&source, &target);
            }
            match disk.link(&source, &target) {
                // A copy would replace what stands there.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists || !kind.is_file() => Err(error),
                Err(_) => disk.copy(&source, &target),
                Ok(()) => Ok(()),
            }
        })();
        result.map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => PublishError::Collision { path: path.clone() },
            _ => PublishError::Io { doing: Doing::Carrying, path: source, written: 0, cause },
        })?;
    }
    // Last, and the deepest first: a folder may be closed to ourselves.
    for path in kept.iter().rev().filter(|path| path.ends_with('/')) {
        let (source, target) = (from.join(path), to.join(path));
        let copied = fs::metadata(&source).and_then(|found| fs::set_permissions(&target, found.permissions()));
        copied.map_err(|cause| PublishError::Io { doing: Doing::Carrying, path: source, written: 0, cause })?;
    }
    Ok(())
}

/// Whether a folder is a staging folder of ours.
pub(super) fn is_staging(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(STAGING)).is_ok_and(|found| found.is_file())
}

/// Removes a staging folder. What proves that it is ours goes last, so that a removal cut off can be taken up again.
pub(super) fn remove_staging(disk: &Disk, folder: &Path) -> io::Result<()> {
    let proof = if is_staging(folder) { STAGING } else { MARKER };
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == proof || (proof == MARKER && entry.file_name() == SUMS) {
            continue;
        }
        if entry.file_type()?.is_dir() { disk.remove_tree(&entry.path())? } else { disk.remove_file(&entry.path())? }
    }
    for proof in [SUMS, proof] {
        gone(disk.remove_file(&folder.join(proof)))?;
    }
    disk.remove_folder(folder)
}

/// Removes an old publication: what its manifest names and is unchanged, what was carried over, its marker. If anything
/// else is left, the rest is moved aside and its new name returned: nothing is deleted that we did not write.
///
/// `live` holds most of the files under the same names; where it is the very same file, the content need not be read.
pub(super) fn remove_publication(disk: &Disk, folder: &Path, live: &Path, named: &[String]) -> io::Result<Option<PathBuf>> {
    if let Seal::Whole(manifest) = Seal::read(folder)? {
        let Foreign { kept, unknown } = foreign(folder, &manifest, named)?;
        // Where a folder of ours was replaced by a link, our names lead elsewhere.
        let leads_away = |path: &str| unknown.iter().chain(&kept).any(|other| path.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('/')));
        for (path, sum) in manifest.iter().filter(|(path, _)| !leads_away(path)) {
            let (old, new) = (folder.join(path), live.join(path));
            if exchange::is_same_file(&old, &new) || sum_of_file(&old)? == Some(sum) {
                gone(disk.remove_file(&old))?;
            }
        }
        for path in kept.iter().filter(|path| !path.ends_with('/')) {
            gone(disk.remove_file(&folder.join(path)))?;
        }
        let folders = manifest.folders();
        let kept_folders = kept.iter().filter_map(|path| path.strip_suffix('/'));
        let mut own: Vec<PathBuf> = folders.iter().copied().chain(kept_folders).filter(|path| !leads_away(path)).map(|path| folder.join(path)).collect();
        // Deepest first.
        own.sort_unstable_by(|one, other| other.cmp(one));
        for path in own {
            match disk.remove_folder(&path) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                result => gone(result)?,
            }
        }
    }
    if only_proof_is_left(folder)? {
        for proof in [SUMS, MARKER] {
            gone(disk.remove_file(&folder.join(proof)))?;
        }
        disk.remove_folder(folder)?;
        return Ok(None);
    }
    let free = (1..).map(|number| folder.with_file_name(format!("{}.{number}", folder.file_name().unwrap_or_default().to_string_lossy())));
    let aside = free.into_iter().find(|path| path.symlink_metadata().is_err()).expect("numbers do not end");
    disk.rename(folder, &aside)?;
    Ok(Some(aside))
}

fn only_proof_is_left(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name != SUMS && name != MARKER {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The digest of a regular file, read piece by piece; none if it is none.
pub(super) fn sum_of_file(path: &Path) -> io::Result<Option<crate::digest::Sha256Sum>> {
    match path.symlink_metadata() {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Ok(None),
        Err(error) => return gone(Err(error)).map(|()| None),
    }
    let mut file = File::open(path)?;
    let mut digest = Digest::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Some(digest.finish())),
            read => digest.update(&piece[..read]),
        }
    }
}

/// What is gone already need not be removed.
fn gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        result => result,
    }
}
