//! How a portal was left: its files and folders, by which a later build sees in one look that nobody has touched them.
//!
//! Kept beside what a build remembers, a line for each file with its length and the time of its bytes, sorted by path; a folder's line ends
//! with a slash and comes before what is in it. A portal that holds foreign files is not kept so: they have to be looked for.

use super::exchange::{Seen, look_below, open_folder};
use super::path::{MARKER, SUMS};
use crate::digest::Sha256Sum;
use rayon::prelude::*;
use std::cmp::Ordering;
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
    lines: String,
}

/// How the live portal and the back tree were left; none where that is not known.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Deserialize, serde::Serialize)]
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
        let mut known = before.into_iter().flat_map(|before| before.lines.lines()).peekable();
        let mut lines = String::with_capacity(before.map_or(0, |before| before.lines.len()));
        let mut last = "";
        for LeftFile { path, length, same } in files {
            add_folders(&mut lines, last, path);
            last = path;
            while known.next_if(|line| path_of(line) < path).is_some() {}
            match known.peek().copied().filter(|line| same && path_of(line) == path) {
                Some(line) => lines.push_str(line),
                None => {
                    let seen = look_below(&handle, portal, path).filter(|seen| seen.is_file && seen.length == length).ok_or(io::ErrorKind::NotFound)?;
                    write!(lines, "{path}\t{length}\t{}", seen.modified).expect("a string takes every text");
                }
            }
            lines.push('\n');
        }
        let proofs = proofs(&handle, portal).ok_or(io::ErrorKind::NotFound)?;
        Ok(Left { sealed: proofs[0].modified, proofs, lines })
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
        let as_left = |line: &str| {
            if let Some(folder) = line.strip_suffix('/') {
                return look_below(&handle, portal, folder).is_some_and(|seen| seen.is_folder && (seen.changed < self.sealed || self.knows_all(portal, line)));
            }
            let mut parts = line.split('\t');
            let (Some(path), Some(length), Some(modified)) = (parts.next(), parts.next(), parts.next()) else { return false };
            let number = |digits: &str| digits.parse::<i128>().ok();
            look_below(&handle, portal, path)
                .is_some_and(|seen| seen.is_file && number(length) == Some(seen.length.into()) && number(modified) == Some(seen.modified))
        };
        self.is_sealed_at(portal) && self.knows_all(portal, "") && self.lines.par_lines().all(as_left)
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
        let (mut from, mut to) = (0, self.lines.len());
        while from < to {
            let middle = self.lines.floor_char_boundary(from + (to - from) / 2);
            let start = self.lines[from..middle].rfind('\n').map_or(from, |at| from + at + 1);
            let end = self.lines[start..to].find('\n').map_or(to, |at| start + at + 1);
            match path_of(self.lines[start..end].trim_end_matches('\n')).cmp(path) {
                Ordering::Equal => return true,
                Ordering::Less => from = end,
                Ordering::Greater => to = start,
            }
        }
        false
    }
}

fn path_of(line: &str) -> &str {
    line.split('\t').next().unwrap_or(line)
}

/// The folders of a file that those of the file before it were not.
fn add_folders(lines: &mut String, before: &str, path: &str) {
    for (at, _) in path.match_indices('/') {
        if !before.starts_with(&path[..=at]) {
            lines.push_str(&path[..=at]);
            lines.push('\n');
        }
    }
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
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/c")).unwrap();
        for path in FILES {
            fs::write(folder.path().join(path), path).unwrap();
        }
        for proof in [SUMS, MARKER] {
            fs::write(folder.path().join(proof), "").unwrap();
        }
        let left = left(folder.path(), &FILES, None);
        // Longer than a tick of the kernel's clock.
        sleep(Duration::from_millis(30));
        (folder, left)
    }

    fn left(portal: &Path, files: &[&str], before: Option<&Left>) -> Left {
        Left::of(portal, files.iter().map(|path| LeftFile { path, length: path.len() as u64, same: before.is_some() }), before).unwrap()
    }

    #[test]
    fn lists_every_folder_before_its_files() {
        let (_folder, left) = portal();
        let paths: Vec<&str> = left.lines.lines().map(path_of).collect();
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
        assert!(left(folder.path(), &FILES[2..], Some(&before)).lines.starts_with("a/\na/c/\na/c/d.html\t10\t"));
    }
}
