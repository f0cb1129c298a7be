//! The calls that change the disk, in one place, so that tests can make any one of them fail.
//!
//! Every call passes `step` first. In tests it counts, and fails from a chosen call on: that is a full disk, and with the
//! cleaning up failing as well, it is a process that was killed at this very call.

use super::exchange;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// The disk as `publish` changes it.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    #[cfg(test)]
    pub(super) faults: Option<std::sync::Arc<Faults>>,
}

impl Disk {
    #[cfg(not(test))]
    fn step(&self) -> io::Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&self) -> io::Result<()> {
        self.faults.as_ref().map_or(Ok(()), |faults| faults.step())
    }

    pub(super) fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        fs::create_dir(path)
    }

    pub(super) fn make_folders(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        fs::create_dir_all(path)
    }

    /// Writes a new file below the folder of the handle.
    pub(super) fn write_below(&self, handle: &File, folder: &Path, relative: &str, bytes: &[u8]) -> io::Result<File> {
        self.step()?;
        let mut file = exchange::create_below(handle, folder, relative)?;
        self.step()?;
        file.write_all(bytes)?;
        Ok(file)
    }

    /// Opens a file to put bytes aside; it has no name afterwards, where the system allows that.
    pub(super) fn open_scratch(&self, path: &Path) -> io::Result<File> {
        self.step()?;
        let file = fs::OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        // Elsewhere it goes with its folder.
        let _ = fs::remove_file(path);
        Ok(file)
    }

    pub(super) fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        self.step()?;
        file.write_all(bytes)
    }

    pub(super) fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        fs::hard_link(from, to)
    }

    pub(super) fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        fs::copy(from, to).map(drop)
    }

    pub(super) fn copy_symlink(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        exchange::copy_symlink(from, to)
    }

    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        fs::rename(from, to)
    }

    pub(super) fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        self.step()?;
        #[cfg(test)]
        if let Some(error) = self.faults.as_ref().and_then(|faults| faults.at_exchange()) {
            return Err(error);
        }
        exchange::exchange(one, other)
    }

    pub(super) fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        fs::remove_file(path)
    }

    pub(super) fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        fs::remove_dir(path)
    }

    pub(super) fn remove_tree(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        fs::remove_dir_all(path)
    }

    pub(super) fn save<'f>(&self, handle: &File, folder: &Path, files: impl Iterator<Item = &'f str>) -> io::Result<()> {
        self.step()?;
        exchange::save(handle, folder, files)
    }

    pub(super) fn save_folder(&self, folder: &Path) -> io::Result<()> {
        self.step()?;
        exchange::save_folder(folder)
    }
}

/// A disk that fails.
#[cfg(test)]
#[derive(Debug)]
pub(super) struct Faults {
    count: std::sync::atomic::AtomicUsize,
    /// The first call that fails, counted from 0.
    from: usize,
    /// How many calls fail.
    calls: usize,
    kind: io::ErrorKind,
    /// The file system does not know the exchange.
    no_exchange: bool,
}

#[cfg(test)]
impl Faults {
    pub(super) fn new(from: usize, calls: usize, kind: io::ErrorKind) -> std::sync::Arc<Faults> {
        std::sync::Arc::new(Faults { count: 0.into(), from, calls, kind, no_exchange: false })
    }

    #[cfg(target_os = "linux")]
    pub(super) fn without_exchange() -> std::sync::Arc<Faults> {
        std::sync::Arc::new(Faults { count: 0.into(), from: usize::MAX, calls: 0, kind: io::ErrorKind::Other, no_exchange: true })
    }

    #[cfg(target_os = "linux")]
    fn at_exchange(&self) -> Option<io::Error> {
        self.no_exchange.then(|| rustix::io::Errno::INVAL.into())
    }

    #[cfg(not(target_os = "linux"))]
    fn at_exchange(&self) -> Option<io::Error> {
        None
    }

    fn step(&self) -> io::Result<()> {
        let now = self.count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        if now >= self.from && now - self.from < self.calls { Err(self.kind.into()) } else { Ok(()) }
    }

    /// Whether the fault was met.
    pub(super) fn met(&self) -> bool {
        self.count.load(std::sync::atomic::Ordering::SeqCst) > self.from
    }
}
