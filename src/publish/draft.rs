//! A file that is not there until it is whole: written under a name of its own, saved, and renamed.

use super::error::{Doing, PublishError};
use super::exchange;
use crate::digest::{Digest, Sha256Sum};
use std::ffi::OsString;
use std::fs::{self, File};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file in the making. Dropped before [`finish`](Draft::finish), it leaves no trace, and what stood under its name stays.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    temporary: PathBuf,
    file: File,
    digest: Digest,
    length: u64,
}

impl Draft {
    /// Opens a new file beside `path`. What writers that were killed have left for the same name is cleared away.
    ///
    /// A writer of the same name that still runs fails when it ends: of two that make the same, the later one counts.
    pub fn create(path: &Path) -> Result<Draft, PublishError> {
        let failed = |cause| failed(path, 0, cause);
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(failed)?;
        let mut start = OsString::from(".");
        start.push(path.file_name().unwrap_or_default());
        start.push(".");
        let is_left = |name: &OsString| name.as_encoded_bytes().starts_with(start.as_encoded_bytes()) && name.as_encoded_bytes().ends_with(b".tmp");
        for entry in fs::read_dir(folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if is_left(&name) {
                let _ = fs::remove_file(folder.join(name));
            }
        }
        // Processes on several machines may have one number.
        let mut name = start.clone();
        name.push(format!("{:016x}.tmp", RandomState::new().build_hasher().finish()));
        let temporary = folder.join(name);
        let file = File::options().read(true).write(true).create_new(true).open(&temporary).map_err(failed)?;
        Ok(Draft { path: path.to_path_buf(), temporary, file, digest: Digest::new(), length: 0 })
    }

    /// Bytes written so far.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Why the file could not be written.
    pub fn failed(&self, cause: io::Error) -> PublishError {
        failed(&self.path, self.length, cause)
    }

    /// Waits until the disk has the bytes, and gives the file its name. Gives the digest of the bytes.
    pub fn finish(mut self) -> Result<Sha256Sum, PublishError> {
        let finish = || {
            self.file.sync_all()?;
            fs::rename(&self.temporary, &self.path)?;
            exchange::save_folder(self.path.parent().unwrap_or(Path::new(".")))
        };
        finish().map_err(|cause| self.failed(cause))?;
        Ok(std::mem::take(&mut self.digest).finish())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Gone already if it has its name.
        let _ = fs::remove_file(&self.temporary);
    }
}

fn failed(path: &Path, written: u64, cause: io::Error) -> PublishError {
    PublishError::Io { doing: Doing::Writing, path: path.to_path_buf(), written, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finished_is_not_there_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below/piece");
        let write = |bytes: &[u8]| {
            let mut draft = Draft::create(&path).unwrap();
            draft.write_all(bytes).unwrap();
            draft
        };
        assert_eq!(write(b"one").finish().unwrap(), Sha256Sum::of(b"one"));
        drop(write(b"two"));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        // Killed: nothing of it was run any more.
        std::mem::forget(write(b"three"));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 2);
        let late = write(b"four");
        assert_eq!(write(b"five").finish().unwrap(), Sha256Sum::of(b"five"));
        assert!(late.finish().is_err(), "a later writer of the same name was there");
        assert_eq!(fs::read(&path).unwrap(), b"five");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
