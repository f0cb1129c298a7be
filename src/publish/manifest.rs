//! What a publication consists of, path by path: `SHA256SUMS`, and the marker `gongkai.json` that seals it.
//!
//! A folder is ours when the marker says so and the sums have the digest that the marker names. Only then do we know
//! which of its files we wrote, and only those are ever removed.

use super::path::{MARKER, OutputPath, SUMS};
use crate::digest::Sha256Sum;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// The files of one publication with their digests, sorted by path; without `SHA256SUMS` and the marker.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Manifest {
    entries: Vec<(OutputPath, Sha256Sum)>,
}

/// What a folder says about itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seal {
    /// Not a folder of ours.
    None,
    /// The marker is ours, but `SHA256SUMS` is missing, changed or unreadable.
    Broken,
    /// Marker and sums fit.
    Whole(Manifest),
}

impl Manifest {
    /// Sorts the entries. Paths are different from each other.
    pub(super) fn of(mut entries: Vec<(OutputPath, Sha256Sum)>) -> Manifest {
        entries.sort_unstable();
        Manifest { entries }
    }

    /// Paths and digests in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Sha256Sum)> {
        self.entries.iter().map(|(path, sum)| (path.as_str(), *sum))
    }

    /// Number of files.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was published.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The digest of a path.
    pub fn sum(&self, path: &str) -> Option<Sha256Sum> {
        self.entries.binary_search_by(|(known, _)| known.as_str().cmp(path)).ok().map(|at| self.entries[at].1)
    }

    /// Every folder that holds a file of the publication.
    pub(super) fn folders(&self) -> BTreeSet<&str> {
        let mut folders = BTreeSet::new();
        for (path, _) in &self.entries {
            let mut rest = path.as_str();
            while let Some((folder, _)) = rest.rsplit_once('/') {
                if !folders.insert(folder) {
                    break;
                }
                rest = folder;
            }
        }
        folders
    }

    /// The bytes of `SHA256SUMS` as `sha256sum -c` reads them.
    pub(super) fn sums(&self) -> String {
        let mut text = String::with_capacity(self.entries.iter().map(|(path, _)| path.as_str().len() + 67).sum());
        for (path, sum) in &self.entries {
            writeln!(text, "{}  {path}", sum.hex()).expect("a string takes every text");
        }
        text
    }

    /// The digest of `SHA256SUMS`: it names this publication.
    pub fn digest(&self) -> Sha256Sum {
        Sha256Sum::of(self.sums().as_bytes())
    }

    /// The bytes of the marker. No clock in it: the same portal has the same marker.
    pub(super) fn marker(&self, sums: &str) -> String {
        let marker = serde_json::json!({
            "generator": "gongkai",
            "version": env!("CARGO_PKG_VERSION"),
            "files": self.len(),
            "sha256sums": Sha256Sum::of(sums.as_bytes()).hex(),
        });
        format!("{marker}\n")
    }

    fn parse(text: &str) -> Option<Manifest> {
        let mut entries = Vec::new();
        for line in text.lines() {
            let (sum, path) = line.split_once("  ")?;
            // A path we could not have written would lead removal out of the folder.
            entries.push((OutputPath::new(path).ok()?, sum_of(sum)?));
        }
        Some(Manifest::of(entries))
    }
}

impl Seal {
    /// Whether a folder has a marker of ours, whatever else is in it.
    pub(super) fn is_ours(folder: &Path) -> io::Result<bool> {
        let marker = text_of(&folder.join(MARKER))?.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
        Ok(marker.is_some_and(|marker| marker["generator"] == "gongkai"))
    }

    /// Reads the marker and the sums of a folder. Follows no symbolic link at either name.
    pub fn read(folder: &Path) -> io::Result<Seal> {
        let Some(marker) = text_of(&folder.join(MARKER))? else { return Ok(Seal::None) };
        let Ok(marker) = serde_json::from_str::<serde_json::Value>(&marker) else { return Ok(Seal::None) };
        if marker["generator"] != "gongkai" {
            return Ok(Seal::None);
        }
        let Some(sums) = text_of(&folder.join(SUMS))? else { return Ok(Seal::Broken) };
        if marker["sha256sums"] != Sha256Sum::of(sums.as_bytes()).hex().as_str() {
            return Ok(Seal::Broken);
        }
        Ok(Manifest::parse(&sums).map_or(Seal::Broken, Seal::Whole))
    }
}

/// The text of a regular file; none if there is no such file, or it is something else.
fn text_of(path: &Path) -> io::Result<Option<String>> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => match fs::read(path) {
            Ok(bytes) => Ok(String::from_utf8(bytes).ok()),
            Err(error) => Err(error),
        },
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn sum_of(hex: &str) -> Option<Sha256Sum> {
    let digits = hex.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut sum = [0; 32];
    for (byte, pair) in sum.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    }
    Some(Sha256Sum(sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let entry = |path: &str| (OutputPath::new(path).expect("plain"), Sha256Sum::of(path.as_bytes()));
        Manifest::of(vec![entry("b.html"), entry("a/2023/index.html"), entry("a b/附件.pdf")])
    }

    #[test]
    fn what_is_written_reads_back() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let sums = manifest().sums();
        assert_eq!(Seal::read(folder.path()).expect("readable"), Seal::None);
        fs::write(folder.path().join(MARKER), manifest().marker(&sums)).expect("written");
        assert_eq!(Seal::read(folder.path()).expect("readable"), Seal::Broken);
        fs::write(folder.path().join(SUMS), &sums).expect("written");
        assert_eq!(Seal::read(folder.path()).expect("readable"), Seal::Whole(manifest()));
        fs::write(folder.path().join(SUMS), sums.replace("b.html", "c.html")).expect("written");
        assert_eq!(Seal::read(folder.path()).expect("readable"), Seal::Broken);
    }

    #[test]
    fn paths_are_sorted_found_and_their_folders_known() {
        let manifest = manifest();
        let paths: Vec<&str> = manifest.iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["a b/附件.pdf", "a/2023/index.html", "b.html"]);
        assert_eq!(manifest.sum("b.html"), Some(Sha256Sum::of(b"b.html")));
        assert_eq!(manifest.sum("c.html"), None);
        assert_eq!(manifest.folders().into_iter().collect::<Vec<_>>(), ["a", "a b", "a/2023"]);
    }

    #[test]
    fn sums_that_lead_out_of_the_folder_are_no_manifest() {
        assert_eq!(Manifest::parse(&format!("{}  ../x\n", "0".repeat(64))), None);
        assert_eq!(Manifest::parse("00  x\n"), None);
        assert_eq!(Manifest::parse(""), Some(Manifest::default()));
    }

    #[test]
    fn the_marker_has_no_clock() {
        assert_eq!(
            Manifest::default().marker(""),
            format!(
                "{{\"generator\":\"gongkai\",\"version\":\"{}\",\"files\":0,\"sha256sums\":\"{}\"}}\n",
                env!("CARGO_PKG_VERSION"),
                Sha256Sum::of(b"").hex()
            )
        );
    }
}
