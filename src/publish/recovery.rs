//! How a publication and a step back begin: the place is found and locked, and what a crashed build left is finished or cleared.

use super::disk::Disk;
use super::error::{Doing, PublishError};
use super::left::Left;
use super::manifest::Seal;
use super::place::{self, Lock, Place};
use super::{Options, back, tree};
use std::io;
use std::path::{Path, PathBuf};

/// Before the digest of a portal that was put together at the back tree's name. Found there after a crash, it has never been live.
pub(super) const COMING: &str = "coming ";

/// Refuses wrong targets, takes the lock, and puts in order what a crashed build left.
///
/// Nothing is touched before all refusals that can be seen have been seen. Another build may have ended just before the lock was taken:
/// the place has to be looked at once more. A portal that is sealed as `left` says is ours; if it is not,
/// `left` is forgotten.
pub(super) fn open(disk: &Disk, output: &Path, source_root: &Path, options: &Options, left: &mut Option<Left>) -> Result<(Place, Lock), PublishError> {
    let home = options.home.clone().or_else(std::env::home_dir);
    let place = Place::find(output, source_root, home.as_deref())?;
    left.take_if(|left| !left.is_sealed_at(&place.live));
    if left.is_none() {
        place.look()?;
    }
    place.look_at_helpers(tree::is_staging)?;
    let lock = place.lock()?;
    left.take_if(|left| !left.is_sealed_at(&place.live));
    recover(disk, &place, &lock, options).map_err(|cause| PublishError::io(Doing::Removing, &place.staging, cause))?;
    Ok((place, lock))
}

fn recover(disk: &Disk, place: &Place, lock: &Lock, options: &Options) -> io::Result<()> {
    let exists = |path: &Path| path.symlink_metadata().is_ok();
    let named = |folder: &Path| match Seal::read(folder) {
        Ok(Seal::Whole(manifest)) => Some(manifest.digest().hex()),
        _ => None,
    };
    let noted = lock.noted()?;
    if let Some(coming) = noted.strip_prefix(COMING)
        && named(&place.previous).is_some_and(|there| there == coming)
    {
        // Whole, but nobody has seen it: no step back, and the next build compares it file by file.
        back::mark(disk, &place.previous)?;
    }
    if exists(&place.outgoing) {
        if exists(&place.live) {
            rotate(disk, place, &place.outgoing, options)?;
        } else {
            // Cut off between two renames: the portal is absent, and this is it.
            disk.rename(&place.outgoing, &place.live)?;
        }
    }
    if exists(&place.staging) {
        let is_old = !noted.is_empty()
            && !tree::is_staging(&place.staging)
            && named(&place.staging).as_ref() == Some(&noted)
            && named(&place.live).as_ref() != Some(&noted);
        if is_old {
            rotate(disk, place, &place.staging, options)?;
        } else {
            tree::remove_staging(disk, &place.staging)?;
        }
    }
    lock.note("")
}

/// Makes a portal the previous one; gives the place of what could not be removed of the one before that.
pub(super) fn rotate(disk: &Disk, place: &Place, leaving: &Path, options: &Options) -> io::Result<Option<PathBuf>> {
    if place::is_empty(leaving)? {
        return disk.remove_folder(leaving).map(|()| None);
    }
    let mut aside = None;
    if place.previous.symlink_metadata().is_ok() {
        aside = tree::remove_publication(disk, &place.previous, &place.live, &options.foreign)?;
    }
    disk.rename(leaving, &place.previous)?;
    Ok(aside)
}

/// Moves `live` to `away` and `coming` to `live`; undoes the first if the second fails.
pub(super) fn rename_twice(disk: &Disk, live: &Path, away: &Path, coming: &Path) -> io::Result<()> {
    disk.rename(live, away)?;
    disk.rename(coming, live).inspect_err(|_| {
        // If this fails as well, the next build finds the old portal under its helper name.
        let _ = disk.rename(away, live);
    })
}
