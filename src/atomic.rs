//! One file, written whole or not at all: how `import`, `init` and `new` write content files.
//!
//! The bytes go to a temporary name beside the file, onto the disk, and only then to their name. A reader, and an editor
//! that has the file open, sees the old bytes or the new ones.

use crate::diag::Words;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;

/// A file that could not be written; what stood there is as it was.
#[derive(Debug, Error)]
#[error("{}: {cause}", path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub cause: io::Error,
}

impl WriteError {
    /// Whether there is such a file already.
    pub fn already_exists(&self) -> bool {
        self.cause.kind() == io::ErrorKind::AlreadyExists
    }

    /// 2 if the file exists (a file nobody asked to replace), else 3.
    pub fn exit_code(&self) -> u8 {
        if self.already_exists() { 2 } else { 3 }
    }

    /// What happened and what to do.
    pub fn words(&self) -> Words {
        let (path, cause) = (self.path.display(), &self.cause);
        if self.already_exists() {
            Words::new(
                format!("{path} 已经存在，没有改动。请换一个名称，或先把它移走"),
                format!("{path} exists already and was not touched; choose another name, or move it away first"),
            )
        } else {
            Words::new(
                format!("写入 {path} 时出错：{cause}。该文件没有改动，请检查磁盘空间和权限"),
                format!("writing {path}: {cause}; the file was not touched. Check disk space and permissions"),
            )
        }
    }
}

/// Writes a new file; fails if there is one.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    in_two_steps(path, bytes, |temporary| match fs::hard_link(temporary, path) {
        Ok(()) => fs::remove_file(temporary),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Where the file system knows no links: the name is taken first, so that nobody's file is lost.
        Err(_) => {
            File::create_new(path)?;
            fs::rename(temporary, path).inspect_err(|_| {
                let _ = fs::remove_file(path);
            })
        }
    })
}

/// Writes a file in the place of an old one, or new. Permissions of the old one stay; a link is followed.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    in_two_steps(&target, bytes, |temporary| {
        if let Ok(old) = fs::metadata(&target) {
            fs::set_permissions(temporary, old.permissions())?;
        }
        fs::rename(temporary, &target)
    })
}

fn in_two_steps(path: &Path, bytes: &[u8], name: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), WriteError> {
    let temporary = temporary_beside(path);
    let write = || {
        let mut file = File::create_new(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        name(&temporary)?;
        save_folder_of(path)
    };
    write().map_err(|cause| {
        // Gone already if only the last step failed.
        let _ = fs::remove_file(&temporary);
        WriteError { path: path.to_path_buf(), cause }
    })
}

/// A hidden name beside the file that no other process or thread uses.
fn temporary_beside(path: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut name = OsString::from(".");
    // Cut, so that the longest names still have room for the ending.
    name.push(path.file_name().unwrap_or_default().to_string_lossy().chars().take(30).collect::<String>());
    name.push(format!(".{}-{}.tmp", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    path.with_file_name(name)
}

/// Waits until the new name is on disk. Windows has no such call for folders.
fn save_folder_of(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).expect("readable").map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_is_written_once() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join(format!("{}.md", "年".repeat(80)));
        write_new(&path, b"one").expect("written");
        let error = write_new(&path, b"two").expect_err("exists");
        assert!(error.already_exists() && error.exit_code() == 2 && error.words().zh.contains("已经存在"));
        assert_eq!(fs::read(&path).expect("readable"), b"one");
        assert_eq!(names(folder.path()).len(), 1, "no temporary file stays");
    }

    #[test]
    fn replacing_makes_a_new_file_under_the_old_name() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("2023.md");
        replace(&path, b"one").expect("written");
        let mut open = File::open(&path).expect("readable");
        replace(&path, b"two").expect("written");
        assert_eq!(fs::read(&path).expect("readable"), b"two");
        let mut seen = String::new();
        io::Read::read_to_string(&mut open, &mut seen).expect("readable");
        assert_eq!(seen, "one", "who had it open reads the old text to the end");
        assert_eq!(names(folder.path()), ["2023.md"]);
    }

    #[test]
    fn a_failure_names_the_file_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temporary folder");
        fs::create_dir(folder.path().join("taken")).expect("made");
        let error = replace(&folder.path().join("taken"), b"x").expect_err("a folder is in the way");
        assert!(error.path.ends_with("taken") && error.exit_code() == 3);
        assert_eq!(names(folder.path()), ["taken"]);
        assert_eq!(write_new(&folder.path().join("no/such.md"), b"x").expect_err("no folder").exit_code(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_of_the_old_file_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("temporary folder");
        let (path, link) = (folder.path().join("a.md"), folder.path().join("b.md"));
        replace(&path, b"one").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        symlink("a.md", &link).expect("linked");
        replace(&link, b"two").expect("written");
        assert_eq!(fs::read(&path).expect("readable"), b"two");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
        assert!(link.symlink_metadata().expect("there").is_symlink());
    }
}
