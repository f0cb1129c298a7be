//! What only Linux has, each with a portable way beside it.
//!
//! | promise | Linux | elsewhere |
//! |---|---|---|
//! | the new portal appears in one step | exchange of two names | two renames; the portal is absent for a moment |
//! | nothing is written through a planted link | opened below a folder handle | new files only (`create_new`), links not looked for |
//! | on disk before it is shown | one `syncfs` | every file on its own |
//! | mount points are recognised | bind mounts, too | other file systems (Unix), not at all (Windows) |

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Whether [`exchange`] can work at all.
pub(super) const ONE_STEP: bool = cfg!(target_os = "linux");

/// Exchanges two folders in one step.
#[cfg(target_os = "linux")]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Never called: [`ONE_STEP`] is false.
#[cfg(not(target_os = "linux"))]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether the file system, not the state of the folders, is why an exchange failed.
#[cfg(target_os = "linux")]
pub(super) fn is_refused(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP].iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

/// The portable way has one cause of failure.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_refused(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported
}

/// Creates a file below a folder; fails if it exists.
#[cfg(target_os = "linux")]
pub(super) fn create_below(handle: &File, folder: &Path, relative: &str) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
    use rustix::io::Errno;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let within = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    match openat2(handle, relative, flags, Mode::from_raw_mode(0o666), within) {
        Ok(file) => Ok(file.into()),
        // Kernels before 5.6, and containers whose filter does not know the call.
        Err(Errno::NOSYS | Errno::PERM) => create_plainly(folder, relative),
        Err(error) => Err(error.into()),
    }
}

/// Creates a file below a folder; fails if it exists.
#[cfg(not(target_os = "linux"))]
pub(super) fn create_below(_: &File, folder: &Path, relative: &str) -> io::Result<File> {
    create_plainly(folder, relative)
}

fn create_plainly(folder: &Path, relative: &str) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(folder.join(relative))
}

/// A handle of a folder, for [`create_below`] and [`save`]. Windows opens folders only with a special flag and needs none.
pub(super) fn open_folder(folder: &Path) -> io::Result<File> {
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt;
        const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
        OpenOptions::new().read(true).custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(folder)
    }
    #[cfg(not(windows))]
    File::open(folder)
}

/// Waits until everything below the folder is on disk.
#[cfg(target_os = "linux")]
pub(super) fn save<'f>(handle: &File, _: &Path, _: impl Iterator<Item = &'f str>) -> io::Result<()> {
    Ok(rustix::fs::syncfs(handle)?)
}

/// Waits until everything below the folder is on disk.
#[cfg(not(target_os = "linux"))]
pub(super) fn save<'f>(_: &File, folder: &Path, files: impl Iterator<Item = &'f str>) -> io::Result<()> {
    for file in files {
        // Windows flushes only handles that may write.
        OpenOptions::new().read(true).write(cfg!(windows)).open(folder.join(file))?.sync_all()?;
    }
    save_folder(folder)
}

/// Waits until the names in a folder are on disk.
pub(super) fn save_folder(folder: &Path) -> io::Result<()> {
    // Windows has no such call for folders; its file system keeps a journal of names.
    if cfg!(unix) { open_folder(folder)?.sync_all() } else { Ok(()) }
}

/// Whether another file system, or another part of the same one, is mounted at the folder.
#[cfg(target_os = "linux")]
pub(super) fn is_mount_point(folder: &Path) -> io::Result<bool> {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    if let Ok(found) = statx(CWD, folder, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS)
        && found.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT)
    {
        return Ok(found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT));
    }
    on_another_device(folder)
}

/// Whether another file system is mounted at the folder.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_mount_point(folder: &Path) -> io::Result<bool> {
    on_another_device(folder)
}

#[cfg(unix)]
fn on_another_device(folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let Some(parent) = folder.parent() else { return Ok(true) };
    Ok(folder.symlink_metadata()?.dev() != parent.metadata()?.dev())
}

#[cfg(not(unix))]
fn on_another_device(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Whether this process may change the entries of a folder.
#[cfg(unix)]
pub(super) fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::fs::{Access, access};
    Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

/// Windows says so only when it is tried.
#[cfg(not(unix))]
pub(super) fn may_write(_: &Path) -> io::Result<()> {
    Ok(())
}

/// When something last came into a folder or went; a time that nobody can set. None where it is not known.
#[cfg(unix)]
pub(super) fn entries_changed(folder: &Path) -> Option<std::time::SystemTime> {
    use std::os::unix::fs::MetadataExt;
    let found = folder.symlink_metadata().ok().filter(std::fs::Metadata::is_dir)?;
    let since = std::time::Duration::new(found.ctime().try_into().ok()?, found.ctime_nsec().try_into().ok()?);
    std::time::SystemTime::UNIX_EPOCH.checked_add(since)
}

/// Not known: the caller looks again.
#[cfg(not(unix))]
pub(super) fn entries_changed(_: &Path) -> Option<std::time::SystemTime> {
    None
}

/// What the system says of a file or folder, its name not followed. Times are nanoseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub(super) struct Seen {
    pub(super) is_file: bool,
    pub(super) is_folder: bool,
    pub(super) number: u64,
    pub(super) length: u64,
    /// When its bytes were written.
    pub(super) modified: i128,
    /// When its entry last changed, or anything came into a folder or went; a time that nobody can set.
    pub(super) changed: i128,
}

/// Looks at a name below a folder. The handle spares the way to the folder, which is most of what a look costs.
#[cfg(unix)]
pub(super) fn look_below(handle: &File, _: &Path, relative: &str) -> Option<Seen> {
    use rustix::fs::{AtFlags, FileType, statat};
    let found = statat(handle, relative, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    let kind = FileType::from_raw_mode(found.st_mode);
    let time = |seconds: i128, nanoseconds: i128| seconds * 1_000_000_000 + nanoseconds;
    Some(Seen {
        is_file: kind.is_file(),
        is_folder: kind.is_dir(),
        number: found.st_ino,
        length: u64::try_from(found.st_size).ok()?,
        modified: time(found.st_mtime.into(), found.st_mtime_nsec.into()),
        changed: time(found.st_ctime.into(), found.st_ctime_nsec.into()),
    })
}

/// Looks at a name below a folder. When a folder changed is not known: as if it had just now.
#[cfg(not(unix))]
pub(super) fn look_below(_: &File, folder: &Path, relative: &str) -> Option<Seen> {
    let found = folder.join(relative).symlink_metadata().ok()?;
    let modified = found.modified().ok()?.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?.as_nanos() as i128;
    Some(Seen { is_file: found.is_file(), is_folder: found.is_dir(), number: 0, length: found.len(), modified, changed: i128::MAX })
}

/// Whether two names lead to one and the same file, so that removing one name loses nothing.
#[cfg(unix)]
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (one.symlink_metadata(), other.symlink_metadata()) {
        (Ok(one), Ok(other)) => one.dev() == other.dev() && one.ino() == other.ino(),
        _ => false,
    }
}

/// Not known: the caller compares the content instead.
#[cfg(not(unix))]
pub(super) fn is_same_file(_: &Path, _: &Path) -> bool {
    false
}

/// Makes a symbolic link like another one.
#[cfg(unix)]
pub(super) fn copy_symlink(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(std::fs::read_link(from)?, to)
}

/// Windows asks for a privilege; a link there is rather refused than followed.
#[cfg(not(unix))]
pub(super) fn copy_symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
