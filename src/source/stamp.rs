//! Whether a file is still the one that was read: what the system says of it, and when that can be believed.

use super::Root;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file changed so shortly before it was read could change again within the same tick of the clock.
const SETTLED: Duration = Duration::from_secs(2);

/// What the system says of a file. The time at which its entry changed cannot be set by anybody, unlike that of its bytes; where there is
/// no such time, no stamp is taken and files are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Stamp {
    device: u64,
    number: u64,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Root {
    /// The stamp of a regular file below the root.
    #[cfg(unix)]
    pub fn stamp(&self, path: &str) -> Option<Stamp> {
        use std::os::unix::fs::MetadataExt as _;
        let found = std::fs::symlink_metadata(self.path().join(path)).ok().filter(std::fs::Metadata::is_file)?;
        Some(Stamp {
            device: found.dev(),
            number: found.ino(),
            length: found.len(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }

    /// The stamp of a regular file below the root.
    #[cfg(not(unix))]
    pub fn stamp(&self, _: &str) -> Option<Stamp> {
        None
    }
}

impl Stamp {
    /// Whether bytes read at a moment were settled: a file with this stamp then has those bytes for as long as the stamp stays.
    pub fn is_settled(&self, read: SystemTime) -> bool {
        let seconds = self.modified.0.max(self.changed.0);
        let last = UNIX_EPOCH.checked_add(Duration::from_secs(seconds.max(0) as u64 + 1));
        last.and_then(|last| last.checked_add(SETTLED)).is_some_and(|last| last <= read)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn an_edit_of_the_same_size_and_time_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "one").unwrap();
        let (stamp, modified) = (root.stamp("a").unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
        assert_eq!(root.stamp("a"), Some(stamp));
        // Longer than a tick of the kernel's clock.
        std::thread::sleep(Duration::from_millis(30));
        fs::write(&path, "two").unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), modified);
        assert_ne!(root.stamp("a"), Some(stamp));
        assert!(root.stamp("b").is_none());
    }

    #[test]
    fn what_was_just_written_or_comes_from_the_future_is_not_settled() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        fs::write(folder.path().join("a"), "one").unwrap();
        let stamp = root.stamp("a").unwrap();
        let now = SystemTime::now();
        assert!(!stamp.is_settled(now) && stamp.is_settled(now + Duration::from_secs(5)));
        fs::File::options().write(true).open(folder.path().join("a")).unwrap().set_modified(now + Duration::from_secs(1_000_000)).unwrap();
        assert!(!root.stamp("a").unwrap().is_settled(now + Duration::from_secs(5)));
    }
}
