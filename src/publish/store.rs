//! What a build remembers for the next one: named pieces of bytes under `.gongkai/`, beside the configuration, a folder for each output.
//!
//! Nothing of it is ever published or trusted: each piece carries its digest, and a piece that is damaged, cut off or missing is as if
//! it had never been written. A folder that cannot be written costs time, and nothing else.

use super::Scratch;
use super::disk::Disk;
use crate::digest::Sha256Sum;
use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folder beside the configuration.
const FOLDER: &str = ".gongkai";
/// Characters of a folder's name.
const NAME: usize = 12;
/// Output folders remembered for one site; the one not built for longest is forgotten first.
const FOLDERS: usize = 8;
/// Bytes of the digest before a piece.
const SUM: usize = 32;

/// The memory of one output folder.
#[derive(Clone, Debug)]
pub struct Store {
    above: PathBuf,
    folder: PathBuf,
}

impl Store {
    /// The memory for a site and an output; nothing is made or read yet.
    pub fn of(root: &Path, output: &Path) -> Store {
        let output = std::path::absolute(output).unwrap_or_else(|_| output.to_path_buf());
        let name = &Sha256Sum::of(output.to_string_lossy().as_bytes()).hex()[..NAME];
        let above = root.join(FOLDER);
        Store { folder: above.join(name), above }
    }

    /// A piece as it was written; none if there is none that is whole.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(name);
        // A link would let a memory be taken from elsewhere.
        for part in [&self.above, &self.folder] {
            fs::symlink_metadata(part).ok().filter(fs::Metadata::is_dir)?;
        }
        fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
        let mut bytes = fs::read(&path).ok()?;
        let sum: [u8; SUM] = bytes.get(..SUM)?.try_into().ok()?;
        bytes.drain(..SUM);
        (Sha256Sum::of(&bytes).0 == sum).then_some(bytes)
    }

    /// Writes a piece: whole, or not at all.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.make()?;
        let (path, draft) = (self.folder.join(name), self.folder.join(format!("{name}.new")));
        let mut file = fs::File::create(&draft)?;
        file.write_all(&Sha256Sum::of(bytes).0)?;
        file.write_all(bytes)?;
        drop(file);
        fs::rename(&draft, &path)
    }

    /// A file of the store to which bytes are put, of which so many hold; made if there is none, and emptied if none hold.
    pub fn scratch(&self, name: &str, hold: u64) -> io::Result<Scratch> {
        self.make()?;
        let path = self.folder.join(name);
        if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let file = fs::File::options().read(true).write(true).create(true).truncate(hold == 0).open(&path)?;
        Ok(Scratch::after(Disk::default(), path, file, hold))
    }

    /// Removes a piece.
    pub fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.folder.join(name));
    }

    /// Removes every piece but those named. What cannot be removed stays; it is never read.
    pub fn keep_only(&self, names: &HashSet<String>) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_str().is_none_or(|name| !names.contains(name)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Forgets output folders beyond [`FOLDERS`]: whoever builds into a new folder each time fills no disk.
    fn tidy(&self) {
        let Ok(entries) = fs::read_dir(&self.above) else { return };
        let ours =
            |path: &Path| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.len() == NAME && name.bytes().all(|b| b.is_ascii_hexdigit()));
        let folders = entries.flatten().map(|entry| entry.path()).filter(|path| ours(path) && *path != self.folder);
        let mut folders: Vec<_> =
            folders.filter_map(|path| Some((path.symlink_metadata().ok().filter(fs::Metadata::is_dir)?.modified().ok()?, path))).collect();
        folders.sort_unstable();
        for (_, folder) in folders.iter().rev().skip(FOLDERS - 1) {
            let _ = fs::remove_dir_all(folder);
        }
    }

    fn make(&self) -> io::Result<()> {
        if self.folder.is_dir() {
            return Ok(());
        }
        self.tidy();
        for folder in [&self.above, &self.folder] {
            if fs::symlink_metadata(folder).is_ok_and(|found| !found.is_dir()) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::create_dir_all(folder)?;
        }
        // Whoever keeps the site in git need not know of it.
        fs::write(self.above.join(".gitignore"), "*\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_back_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::of(folder.path(), &folder.path().join("public"));
        assert_eq!(store.read("a"), None);
        store.write("a", b"one").unwrap();
        store.write("a", b"two").unwrap();
        store.write("b", b"").unwrap();
        assert_eq!((store.read("a").unwrap(), store.read("b").unwrap()), (b"two".to_vec(), Vec::new()));
        assert_eq!(Store::of(folder.path(), &folder.path().join("other")).read("a"), None);
        let path = store.folder.join("a");
        for at in 0..fs::read(&path).unwrap().len() {
            let mut bytes = fs::read(&path).unwrap();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            assert_eq!(store.read("a"), None, "byte {at}");
            bytes[at] ^= 1;
            fs::write(&path, &bytes[..at]).unwrap();
            assert_eq!(store.read("a"), None, "cut at {at}");
            fs::write(&path, &bytes).unwrap();
        }
        for other in 0..20 {
            Store::of(folder.path(), &folder.path().join(format!("other-{other}"))).write("a", b"x").unwrap();
        }
        assert_eq!(fs::read_dir(folder.path().join(FOLDER)).unwrap().count(), FOLDERS + 1, "these and .gitignore");
        let store = Store::of(folder.path(), &folder.path().join("public"));
        for (name, bytes) in [("a", &b"two"[..]), ("b", b"")] {
            store.write(name, bytes).unwrap();
        }
        store.keep_only(&HashSet::from(["b".to_string()]));
        assert_eq!((store.read("a"), store.read("b")), (None, Some(Vec::new())));
    }
}
