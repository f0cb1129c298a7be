//! Writing files whole or not at all: a file appears under its name only when all its bytes are on the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file that must not exist yet.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let waiting = write_beside(path, bytes)?;
    // A link refuses to take the place of a file; a rename would not. Where links are refused, the check has to do.
    let done = match fs::hard_link(&waiting, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => return fs::rename(&waiting, path),
        done => done,
    };
    fs::remove_file(&waiting)?;
    done
}

/// Writes a file in the place of another.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let waiting = write_beside(path, bytes)?;
    fs::rename(waiting, path)
}

/// The bytes in a hidden file of the same folder, which no build reads. One left by a run that was cut off is overwritten.
fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    let waiting = path.with_file_name(format!(".{name}.importing"));
    match fs::remove_file(&waiting) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(&waiting)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_takes_no_place_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("2014.md");
        write_new(&path, b"one").unwrap();
        assert_eq!(write_new(&path, b"two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        replace(&path, b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_cut_off_run_left_is_in_nobodys_way() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(".2014.md.importing"), "half").unwrap();
        write_new(&dir.path().join("2014.md"), b"whole").unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
