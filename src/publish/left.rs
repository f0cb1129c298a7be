//! How a portal was left: its files and folders, by which a later build sees in one look that nobody has touched them.
//!
//! Kept beside what a build remembers, a line for each file with its length and the time of its bytes, sorted by path; a folder's line ends
//! with a slash and comes before what is in it. A portal that holds foreign files is not kept so: they have to be looked for.
//!
//! Lines are many and alike: each says how much of the path before it goes on. A part of so many lines begins anew, so that threads share them.

use super::exchange::{Seen, look_below, open_folder};
use super::path::{MARKER, SUMS};
use crate::digest::Sha256Sum;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// How a portal was left.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Left {
    /// `SHA256SUMS` and the marker, which name every byte of the portal.
    proofs: [Seen; 2],
    /// Whatever came into a folder before this moment was looked at then.
    sealed: i128,
    parts: Vec<String>,
}

/// How the live portal and the back tree were left; none where that is not known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lefts {
    /// The portal that people see.
    pub live: Option<Left>,
    /// The portal before.
    pub back: Option<Left>,
}

/// A file as it is published, and whether the portal before has the very same.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeftFile<'a> {
    pub(super) path: &'a str,
    pub(super) length: u64,
    pub(super) same: bool,
}

impl Left {
    /// Writes down how a portal stands. `files` are sorted by path; those that stayed are as the portal before was left, if that is known.
    pub(super) fn of<'a>(portal: &Path, files: impl Iterator<Item = LeftFile<'a>>, before: Option<&Left>) -> io::Result<Left> {
        let handle = open_folder(portal)?;
        let mut known = Lines::of(before.map_or(&[], |before| &before.parts));
        let mut is_known = known.next();
        let mut writing = Writing::default();
        let mut last = "";
        for LeftFile { path, length, same } in files {
            for (at, _) in path.match_indices('/').filter(|(at, _)| !last.starts_with(&path[..=*at])) {
                writing.line(&path[..=at], "");
            }
            last = path;
            while is_known && known.path.as_str() < path {
                is_known = known.next();
            }
            if is_known && same && known.path == path {
                writing.line(path, known.stamp);
                continue;
            }
            let seen = look_below(&handle, portal, path).filter(|seen| seen.is_file && seen.length == length).ok_or(io::ErrorKind::NotFound)?;
            writing.line(path, &stamp(&seen));
        }
        let proofs = proofs(&handle, portal).ok_or(io::ErrorKind::NotFound)?;
        Ok(Left { sealed: proofs[0].modified, proofs, parts: writing.parts })
    }

    /// The same of a tree that was just made of links, the proofs last.
    pub(super) fn linked(&self, portal: &Path) -> Option<Left> {
        let sealed = look_below(&open_folder(portal).ok()?, portal, SUMS)?.changed;
        Some(Left { sealed, ..self.clone() })
    }

    /// A digest of the files that name every byte of the portal, as the system sees them.
    pub fn seal(&self) -> Sha256Sum {
        Sha256Sum::of_value(&self.proofs)
    }

    /// Whether a portal is sealed as it was left.
    pub(super) fn is_sealed_at(&self, portal: &Path) -> bool {
        open_folder(portal).ok().and_then(|handle| proofs(&handle, portal)).as_ref() == Some(&self.proofs)
    }

    /// Whether a portal is as it was left: nothing has come, nothing has gone, nobody has written to a file. What its files say is not read.
    pub(super) fn is_whole_at(&self, portal: &Path) -> bool {
        let Ok(handle) = open_folder(portal) else { return false };
        let as_left = |line: &Lines<'_>| {
            let path = line.path.as_str();
            let Some(seen) = look_below(&handle, portal, path.trim_end_matches('/')) else { return false };
            if path.ends_with('/') {
                return seen.is_folder && (seen.changed < self.sealed || self.knows_all(portal, path));
            }
            seen.is_file && stamp(&seen) == line.stamp
        };
        let all_as_left = |part: &String| {
            let mut lines = Lines::of(std::slice::from_ref(part));
            while lines.next() {
                if !as_left(&lines) {
                    return false;
                }
            }
            true
        };
        self.is_sealed_at(portal) && self.knows_all(portal, "") && self.parts.par_iter().all(all_as_left)
    }

    /// Whether everything in a folder is in the list; `prefix` is its path with a slash.
    fn knows_all(&self, portal: &Path, prefix: &str) -> bool {
        let Ok(mut entries) = fs::read_dir(portal.join(prefix)) else { return false };
        entries.all(|entry| {
            let Some((name, kind)) = entry.ok().and_then(|entry| Some((entry.file_name().into_string().ok()?, entry.file_type().ok()?))) else { return false };
            let path = format!("{prefix}{name}{}", if kind.is_dir() { "/" } else { "" });
            self.has(&path) || [MARKER, SUMS].contains(&path.as_str())
        })
    }

    fn has(&self, path: &str) -> bool {
        let starts_before = |part: &String| {
            let mut lines = Lines::of(std::slice::from_ref(part));
            lines.next() && lines.path.as_str() <= path
        };
        let Some(part) = self.parts.partition_point(starts_before).checked_sub(1) else { return false };
        let mut lines = Lines::of(&self.parts[part..=part]);
        while lines.next() {
            if lines.path == path {
                return true;
            }
        }
        false
    }
}

/// Lines of a part.
const LINES: usize = 256;

#[derive(Default)]
struct Writing {
    parts: Vec<String>,
    count: usize,
    last: String,
}

impl Writing {
    fn line(&mut self, path: &str, stamp: &str) {
        if self.count.is_multiple_of(LINES) {
            self.parts.push(String::new());
            self.last.clear();
        }
        let alike = self.last.bytes().zip(path.bytes()).take_while(|(one, other)| one == other).count();
        let alike = path.floor_char_boundary(alike);
        if let Some(part) = self.parts.last_mut() {
            writeln!(part, "{alike}\t{}\t{stamp}", &path[alike..]).expect("a string takes every text");
        }
        self.count += 1;
        self.last.clear();
        self.last.push_str(path);
    }
}

/// Lines of parts, one after the other.
struct Lines<'a> {
    lines: std::iter::FlatMap<std::slice::Iter<'a, String>, std::str::Lines<'a>, fn(&'a String) -> std::str::Lines<'a>>,
    path: String,
    stamp: &'a str,
}

impl<'a> Lines<'a> {
    fn of(parts: &'a [String]) -> Lines<'a> {
        let lines: fn(&'a String) -> std::str::Lines<'a> = |part| part.lines();
        Lines { lines: parts.iter().flat_map(lines), path: String::new(), stamp: "" }
    }

    /// Goes to the next line; false behind the last. Nothing was written but what [`Writing`] writes.
    fn next(&mut self) -> bool {
        let mut fields = self.lines.next().unwrap_or_default().split('\t');
        let (Some(alike), Some(rest), Some(stamp)) = (fields.next().and_then(|digits| digits.parse().ok()), fields.next(), fields.next()) else { return false };
        self.path.truncate(alike);
        self.path.push_str(rest);
        self.stamp = stamp;
        true
    }
}

/// Length and time of a file.
fn stamp(seen: &Seen) -> String {
    format!("{:x}.{:x}", seen.length, seen.modified)
}

fn proofs(handle: &File, portal: &Path) -> Option<[Seen; 2]> {
    let seen = |name| look_below(handle, portal, name).filter(|seen| seen.is_file).map(|seen| Seen { changed: 0, ..seen });
    Some([seen(SUMS)?, seen(MARKER)?])
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::thread::sleep;
    use std::time::Duration;

    const FILES: [&str; 5] = ["a.html", "a/b.html", "a/c/d.html", "a/c/e f.html", "附件.pdf"];

    fn portal() -> (tempfile::TempDir, Left) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(folder.path().join("a/c")).expect("a temporary folder");
        for path in FILES {
            fs::write(folder.path().join(path), path).expect("a temporary folder");
        }
        for proof in [SUMS, MARKER] {
            fs::write(folder.path().join(proof), "").expect("a temporary folder");
        }
        let left = left(folder.path(), &FILES, None);
        // Longer than a tick of the kernel's clock.
        sleep(Duration::from_millis(30));
        (folder, left)
    }

    fn left(portal: &Path, files: &[&str], before: Option<&Left>) -> Left {
        Left::of(portal, files.iter().map(|path| LeftFile { path, length: path.len() as u64, same: before.is_some() }), before).expect("a temporary folder")
    }

    fn paths(left: &Left) -> Vec<String> {
        let mut lines = Lines::of(&left.parts);
        std::iter::from_fn(|| lines.next().then(|| lines.path.clone())).collect()
    }

    #[test]
    fn long_lists_are_read_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..3 * LINES).map(|number| format!("页{number:04}.html")).collect();
        for name in names.iter().map(String::as_str).chain([SUMS, MARKER]) {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let written = left(folder.path(), &names, None);
        assert!(written.parts.len() == 3 && written.is_whole_at(folder.path()));
        assert_eq!(paths(&written), names);
        assert!(names.iter().all(|name| written.has(name)) && !written.has("页0300") && !written.has("a") && !written.has("页9999.html"));
        assert_eq!(paths(&left(folder.path(), &names, Some(&written))), names);
    }

    #[test]
    fn lists_every_folder_before_its_files() {
        let (_folder, left) = portal();
        let paths = paths(&left);
        assert_eq!(paths, ["a.html", "a/", "a/b.html", "a/c/", "a/c/d.html", "a/c/e f.html", "附件.pdf"]);
        assert!(paths.iter().all(|path| left.has(path)));
        assert!(["", "a", "a/c", "b", "z", "a/c/e"].iter().all(|path| !left.has(path)));
    }

    #[test]
    fn whatever_is_done_to_a_portal_is_seen() {
        type Deed = fn(&Path);
        let deeds: [Deed; 8] = [
            |portal| fs::write(portal.join("a/b.html"), "A/B.html").unwrap(),
            |portal| fs::write(portal.join("a/b.html"), "longer than before").unwrap(),
            |portal| fs::remove_file(portal.join("a/c/d.html")).unwrap(),
            |portal| fs::write(portal.join("CNAME"), "").unwrap(),
            |portal| fs::write(portal.join("a/c/.x"), "").unwrap(),
            |portal| fs::create_dir(portal.join("a/c/x")).unwrap(),
            |portal| fs::write(portal.join(SUMS), "other").unwrap(),
            |portal| {
                fs::remove_file(portal.join("a.html")).unwrap();
                std::os::unix::fs::symlink("a/b.html", portal.join("a.html")).unwrap();
            },
        ];
        for (number, deed) in deeds.into_iter().enumerate() {
            let (folder, left) = portal();
            assert!(left.is_whole_at(folder.path()));
            deed(folder.path());
            assert!(!left.is_whole_at(folder.path()), "deed {number}");
        }
    }

    #[test]
    fn what_stays_keeps_its_line_though_somebody_wrote_to_it_meanwhile() {
        let (folder, before) = portal();
        fs::write(folder.path().join("a/b.html"), "A/B.html").unwrap();
        assert!(!left(folder.path(), &FILES, Some(&before)).is_whole_at(folder.path()));
        assert!(left(folder.path(), &FILES, None).is_whole_at(folder.path()));
        fs::remove_file(folder.path().join("a.html")).unwrap();
        let less = left(folder.path(), &FILES[2..], Some(&before));
        assert_eq!(paths(&less), ["a/", "a/c/", "a/c/d.html", "a/c/e f.html", "附件.pdf"]);
    }
}
