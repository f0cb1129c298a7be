//! One step back: the portal before takes the place of the live one, in one step, and can be brought back the same way.

use super::disk::Disk;
use super::error::{Doing, PublishError};
use super::manifest::Seal;
use super::place::Old;
use super::recovery::{self, rename_twice};
use super::{Options, exchange, tree};
use std::path::Path;

/// Exchanges the live portal with the one before it. Gives the number of files of the portal that is live now; none if there is no portal
/// before, or if it is no other than the live one.
///
/// Foreign files of the live portal that the configuration names stay where people see them.
pub fn rollback(output: &Path, source_root: &Path, options: &Options) -> Result<Option<usize>, PublishError> {
    rollback_on(&Disk::default(), output, source_root, options)
}

pub(super) fn rollback_on(disk: &Disk, output: &Path, source_root: &Path, options: &Options) -> Result<Option<usize>, PublishError> {
    let (place, _lock) = recovery::open(disk, output, source_root, options, &mut None)?;
    let failed = |doing, path: &Path| {
        let path = path.to_path_buf();
        move |cause| PublishError::io(doing, &path, cause)
    };
    let Old::Portal(live) = place.look()? else { return Ok(None) };
    if tree::is_staging(&place.previous) {
        return Ok(None);
    }
    let Seal::Whole(before) = Seal::read(&place.previous).map_err(failed(Doing::Reading, &place.previous))? else { return Ok(None) };
    if before.digest() == live.digest() {
        return Ok(None);
    }
    let foreign = |folder: &Path, manifest| tree::foreign(folder, manifest, &options.foreign).map_err(failed(Doing::Reading, folder));
    let here = foreign(&place.live, &live)?;
    let there = foreign(&place.previous, &before)?;
    for (folder, found) in [(&place.live, &here), (&place.previous, &there)] {
        if !found.unknown.is_empty() {
            return Err(PublishError::Foreign { folder: folder.clone(), files: found.unknown.clone() });
        }
    }
    for path in there.kept.iter().filter(|path| !path.ends_with('/')) {
        disk.remove_file(&place.previous.join(path)).map_err(failed(Doing::Removing, &place.previous))?;
    }
    tree::carry(disk, &here.kept, &place.live, &place.previous)?;
    let saved = exchange::open_folder(&place.previous).and_then(|handle| disk.save(&handle, &place.previous, before.iter().map(|(path, _)| path)));
    saved.map_err(failed(Doing::Saving, &place.previous))?;
    let step = if exchange::ONE_STEP && !options.two_renames {
        match disk.exchange(&place.previous, &place.live) {
            Err(cause) if exchange::is_refused(&cause) => return Err(PublishError::NoExchange { path: place.live, cause }),
            result => result,
        }
    } else {
        rename_twice(disk, &place.live, &place.outgoing, &place.previous).and_then(|()| disk.rename(&place.outgoing, &place.previous))
    };
    step.and_then(|()| disk.save_folder(&place.parent)).map_err(failed(Doing::Exchanging, &place.live))?;
    Ok(Some(before.len()))
}
