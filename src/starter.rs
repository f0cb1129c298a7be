//! `gongkai init`: a small site that builds with no edits.

use crate::atomic::{self, WriteError};
use include_dir::{Dir, DirEntry, include_dir};
use std::path::{Path, PathBuf};

static STARTER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/starter");

/// Why nothing was written.
#[derive(Debug)]
pub enum StarterError {
    /// Files of these names are there; nothing was touched.
    Exists(Vec<PathBuf>),
    /// The disk refused.
    Write(WriteError),
}

/// Writes the starting site into a folder, which is made if it is not there. Gives the files written.
///
/// Existing files are never replaced: if one of the names is taken, nothing is written at all.
pub fn init(folder: &Path) -> Result<Vec<PathBuf>, StarterError> {
    let mut files = Vec::new();
    collect(&STARTER, &mut files);
    let taken: Vec<PathBuf> = files.iter().map(|(path, _)| folder.join(path)).filter(|path| path.exists()).collect();
    if !taken.is_empty() {
        return Err(StarterError::Exists(taken));
    }
    let mut written = Vec::new();
    for (path, bytes) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|cause| StarterError::Write(WriteError { path: parent.to_path_buf(), cause }))?;
        }
        atomic::write_new(&path, bytes).map_err(StarterError::Write)?;
        written.push(path);
    }
    Ok(written)
}

fn collect(dir: &Dir<'static>, files: &mut Vec<(&'static Path, &'static [u8])>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, files),
            DirEntry::File(file) => files.push((file.path(), file.contents())),
        }
    }
    files.sort();
}
