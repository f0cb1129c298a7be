//! The back tree: the portal before, brought up to date. What differs since it was live is replaced, and it becomes the next portal.
//!
//! Most of its files are hard links of the live portal's, and stay. So a publication costs what it changes, and not a second tree. A portal
//! that has none, since it was just published for the first time, is given one: links of its own files.
//!
//! While it is worked on, the tree carries the mark of a portal in the making. A build that is killed leaves it marked, and the next one
//! trusts nothing in it: every file is compared with what is wanted, what fits stays, the rest goes. Nothing in it is ever opened for
//! writing: what differs is removed, and comes anew under its name.

use super::disk::Disk;
use super::exchange;
use super::left::Left;
use super::manifest::{Manifest, Seal};
use super::path::{MARKER, SUMS};
use super::place::{self, Place};
use super::tree;
use crate::digest::Sha256Sum;
use rayon::prelude::*;
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// What has to be done to the back tree.
#[derive(Debug, Default)]
pub(super) struct Turn<'m> {
    /// Files that go, or are replaced.
    remove: Vec<String>,
    /// Folders that go, deepest first.
    folders: Vec<String>,
    /// Foreign files that were carried into it.
    foreign: Vec<String>,
    /// Files that come, and whether the live portal has them.
    place: Vec<(&'m str, bool)>,
}

impl<'m> Turn<'m> {
    /// Looks at the back tree, and touches nothing. None if there is none, or if anything in it is not as we left it: then it is put away
    /// as it is, and a new tree is made.
    ///
    /// `named` are the foreign files that may stand in it; `left` is how it was left, if that is known. `same` tells of each path of the new
    /// portal whether the live file has its bytes.
    pub(super) fn of(
        place: &Place,
        (named, left): (&[String], Option<&Left>),
        manifest: &'m Manifest,
        same: impl Fn(&str) -> bool,
    ) -> io::Result<Option<Turn<'m>>> {
        if tree::is_staging(&place.previous) {
            return Turn::of_half_done(place, manifest, same);
        }
        if place.previous.symlink_metadata().is_err() {
            return Ok(None);
        }
        let Seal::Whole(back) = Seal::read(&place.previous)? else { return Ok(None) };
        let as_left = left.is_some_and(|left| left.is_whole_at(&place.previous));
        let Some(foreign) = (if as_left { Some(Vec::new()) } else { as_published(place, &back, named)? }) else { return Ok(None) };
        let mut turn = Turn { foreign, ..Turn::default() };
        let files: Vec<(&str, Sha256Sum)> = back.iter().collect();
        // What the live portal has otherwise is replaced even where the old bytes return: under their old time, browsers would not
        // see that they are not those of yesterday.
        let stays = |(path, sum): &(&str, Sha256Sum)| manifest.sum(path) == Some(*sum) && same(path);
        turn.remove = files.iter().filter(|file| !stays(file)).map(|(path, _)| path.to_string()).collect();
        let gone: Vec<&str> = turn.remove.iter().map(String::as_str).collect();
        let stays = |path: &str| back.sum(path).is_some() && gone.binary_search(&path).is_err();
        turn.place = manifest.iter().filter(|(path, _)| !stays(path)).map(|(path, _)| (path, same(path))).collect();
        turn.folders = back.folders().into_iter().map(str::to_string).collect();
        Ok(Some(turn.without(manifest)))
    }

    /// A marked tree: whatever stands in it was put there by a build that did not come to its end. None if it has a name that no build
    /// has written.
    fn of_half_done(place: &Place, manifest: &'m Manifest, same: impl Fn(&str) -> bool) -> io::Result<Option<Turn<'m>>> {
        let mut turn = Turn::default();
        let mut stays = Vec::new();
        let mut waiting = vec![String::new()];
        while let Some(prefix) = waiting.pop() {
            for entry in fs::read_dir(place.previous.join(&prefix))? {
                let entry = entry?;
                let Ok(name) = entry.file_name().into_string() else { return Ok(None) };
                let path = format!("{prefix}{name}");
                if entry.file_type()?.is_dir() {
                    waiting.push(format!("{path}/"));
                    turn.folders.push(path);
                } else if [MARKER, SUMS, tree::STAGING].contains(&path.as_str()) {
                    continue;
                } else if same(&path)
                    && (exchange::is_same_file(&entry.path(), &place.live.join(&path)) || tree::sum_of_file(&entry.path())? == manifest.sum(&path))
                {
                    stays.push(path);
                } else {
                    turn.remove.push(path);
                }
            }
        }
        stays.sort_unstable();
        let missing = |path: &str| stays.binary_search_by(|known| known.as_str().cmp(path)).is_err();
        turn.place = manifest.iter().filter(|(path, _)| missing(path)).map(|(path, _)| (path, same(path))).collect();
        Ok(Some(turn.without(manifest)))
    }

    /// Of the folders that stand there, those go that the portal does not have; the deepest first.
    fn without(mut self, manifest: &Manifest) -> Turn<'m> {
        let wanted = manifest.folders();
        self.folders.retain(|folder| !wanted.contains(folder.as_str()));
        self.folders.sort_unstable_by(|one, other| other.cmp(one));
        self
    }

    /// Does it. `staging` holds the new files. Afterwards the tree is the new portal, still marked and without manifest.
    pub(super) fn make(&self, disk: &Disk, place: &Place, mut step: impl FnMut() -> io::Result<()>) -> io::Result<File> {
        let back = &place.previous;
        let handle = mark(disk, back)?;
        for proof in [MARKER, SUMS] {
            match disk.remove_file(&back.join(proof)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                result => result?,
            }
        }
        let foreign = self.foreign.iter().map(String::as_str);
        for path in self.remove.iter().map(String::as_str).chain(foreign.clone().filter(|path| !path.ends_with('/'))) {
            step()?;
            disk.remove_file(&back.join(path))?;
        }
        for folder in foreign.rev().filter_map(|path| path.strip_suffix('/')).chain(self.folders.iter().map(String::as_str)) {
            match disk.remove_folder(&back.join(folder)) {
                // A folder of both: of ours and of what was carried.
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => {}
                result => result?,
            }
        }
        let mut made = "";
        for (path, live) in &self.place {
            step()?;
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if folder != made {
                disk.make_folders(&back.join(folder))?;
                made = folder;
            }
            let to = back.join(path);
            if *live { bring(disk, &place.live.join(path), &to)? } else { disk.rename(&place.staging.join(path), &to)? }
        }
        Ok(handle)
    }
}

/// The foreign files of a back tree in which all else is as it was published; none if anything is not.
fn as_published(place: &Place, back: &Manifest, named: &[String]) -> io::Result<Option<Vec<String>>> {
    let tree::Foreign { kept, unknown } = tree::foreign(&place.previous, back, named)?;
    let folders = back.folders();
    // Where a folder of ours was replaced by a link, our names lead elsewhere.
    if !unknown.is_empty() || kept.iter().any(|path| folders.contains(path.as_str())) {
        return Ok(None);
    }
    let is_there = |(path, sum): &(&str, Sha256Sum)| {
        let there = place.previous.join(path);
        Ok(exchange::is_same_file(&there, &place.live.join(path)) || tree::sum_of_file(&there)? == Some(*sum))
    };
    let files: Vec<(&str, Sha256Sum)> = back.iter().collect();
    // On all threads: these are two looks for each file of the portal.
    let found: Option<io::Result<bool>> = files.par_iter().map(is_there).find_any(|found| !matches!(found, Ok(true)));
    found.map_or(Ok(Some(kept)), |strange| strange.map(|_| None))
}

/// Whether there is a whole back tree.
pub(super) fn is_whole(place: &Place) -> bool {
    let back = &place.previous;
    !tree::is_staging(back) && matches!(Seal::is_ours(back), Ok(true))
}

/// Gives the live portal a back tree where it has none, or one that was left half done. Gives the number of files brought into it; none
/// if there was a whole one.
pub(super) fn complete(disk: &Disk, place: &Place, step: impl FnMut() -> io::Result<()>) -> io::Result<Option<usize>> {
    let back = &place.previous;
    if !tree::is_staging(back) && back.symlink_metadata().is_ok() && !place::is_empty(back)? {
        return Ok(None);
    }
    let Seal::Whole(live) = Seal::read(&place.live)? else { return Ok(None) };
    disk.make_folders(back)?;
    mark(disk, back)?;
    let Some(turn) = Turn::of(place, (&[], None), &live, |path| live.sum(path).is_some())? else { return Ok(None) };
    let handle = turn.make(disk, place, step)?;
    for name in [SUMS, MARKER] {
        bring(disk, &place.live.join(name), &back.join(name))?;
    }
    fs::set_permissions(back, fs::metadata(&place.live)?.permissions())?;
    // The mark goes when all else is on disk: a tree without it is whole, whatever happens to the machine.
    disk.save(&handle, back, live.iter().map(|(path, _)| path).chain([SUMS, MARKER]))?;
    disk.remove_file(&back.join(tree::STAGING))?;
    Ok(Some(turn.place.len()))
}

/// Marks a folder as one in the making, if it is not marked. Gives its handle.
pub(super) fn mark(disk: &Disk, folder: &Path) -> io::Result<File> {
    let handle = exchange::open_folder(folder)?;
    if !tree::is_staging(folder) {
        disk.write_below(&handle, folder, tree::STAGING, b"")?;
    }
    Ok(handle)
}

/// Brings a file into another tree: the same file where the system links, else a copy with its time.
pub(super) fn bring(disk: &Disk, from: &Path, to: &Path) -> io::Result<()> {
    match disk.link(from, to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) => {
            disk.copy(from, to)?;
            let time = fs::metadata(from)?.modified()?;
            File::options().write(true).open(to)?.set_modified(time)
        }
        Ok(()) => Ok(()),
    }
}
