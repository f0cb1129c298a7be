//! The portal before the last, brought up to date: what differs since it was live is replaced, and it becomes the next portal.
//!
//! Most of its files are hard links of the live portal's, and stay. So a publication costs what it changes, and not a second tree. While
//! it is worked on, the tree carries the mark of a portal in the making: a build that is killed leaves it marked, and the next one clears
//! it away. Nothing in it is ever opened for writing: what differs is removed, and comes anew under its name.

use super::disk::Disk;
use super::exchange;
use super::manifest::{Manifest, Seal};
use super::path::{MARKER, SUMS};
use super::place::Place;
use super::tree;
use std::fs::File;
use std::io;
use std::path::Path;

/// What has to be done to the back tree.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// Files that go, or are replaced.
    remove: Vec<String>,
    /// Folders that go, deepest first.
    folders: Vec<String>,
    /// Foreign files that were carried into it.
    foreign: Vec<String>,
    /// Files that come, and whether the live portal has them.
    place: Vec<(String, bool)>,
}

impl Turn {
    /// Looks at the back tree, and touches nothing. None if there is none, or if anything in it is not as we left it: then it is put away
    /// as it is, and a new tree is made.
    ///
    /// `same` tells of each path of the new portal whether the live file has its bytes.
    pub(super) fn of(place: &Place, named: &[String], manifest: &Manifest, same: impl Fn(&str) -> bool) -> io::Result<Option<Turn>> {
        if place.previous.symlink_metadata().is_err() || tree::is_staging(&place.previous) {
            return Ok(None);
        }
        let Seal::Whole(back) = Seal::read(&place.previous)? else { return Ok(None) };
        let tree::Foreign { kept, unknown } = tree::foreign(&place.previous, &back, named)?;
        let folders = back.folders();
        // Where a folder of ours was replaced by a link, our names lead elsewhere.
        if !unknown.is_empty() || kept.iter().any(|path| folders.contains(path.as_str())) {
            return Ok(None);
        }
        let mut turn = Turn { foreign: kept, ..Turn::default() };
        for (path, sum) in back.iter() {
            let (there, live) = (place.previous.join(path), place.live.join(path));
            let linked = exchange::is_same_file(&there, &live);
            if !linked && tree::sum_of_file(&there)? != Some(sum) {
                return Ok(None);
            }
            // What the live portal has otherwise is replaced even where the old bytes return: under their old time, browsers would not
            // see that they are not those of yesterday.
            if manifest.sum(path) == Some(sum) && same(path) {
                continue;
            }
            turn.remove.push(path.to_string());
        }
        let gone: Vec<&str> = turn.remove.iter().map(String::as_str).collect();
        let stays = |path: &str| back.sum(path).is_some() && gone.binary_search(&path).is_err();
        turn.place = manifest.iter().filter(|(path, _)| !stays(path)).map(|(path, _)| (path.to_string(), same(path))).collect();
        let wanted = manifest.folders();
        turn.folders = folders.into_iter().filter(|folder| !wanted.contains(folder)).map(str::to_string).collect();
        turn.folders.sort_unstable_by(|one, other| other.cmp(one));
        Ok(Some(turn))
    }

    /// Does it. `staging` holds the new files. Afterwards the tree is the new portal, still marked and without manifest.
    pub(super) fn make(&self, disk: &Disk, place: &Place, mut step: impl FnMut() -> io::Result<()>) -> io::Result<File> {
        let back = &place.previous;
        let handle = exchange::open_folder(back)?;
        disk.write_below(&handle, back, tree::STAGING, b"")?;
        let paths = [MARKER, SUMS].into_iter().chain(self.remove.iter().map(String::as_str));
        let foreign = self.foreign.iter().map(String::as_str);
        for path in paths.chain(foreign.clone().filter(|path| !path.ends_with('/'))) {
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

/// Brings a file into another tree: the same file where the system links, else a copy with its time.
pub(super) fn bring(disk: &Disk, from: &Path, to: &Path) -> io::Result<()> {
    match disk.link(from, to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) => {
            disk.copy(from, to)?;
            let time = std::fs::metadata(from)?.modified()?;
            File::options().write(true).open(to)?.set_modified(time)
        }
        Ok(()) => Ok(()),
    }
}
