//! Facts put aside while a portal is made: in memory while they are few, else in a file without a name in the system's temporary folder.

use crate::analyze::{AllFacts, Facts};
use crate::model::BodyId;
use crate::source::ReadError;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::{Mutex, OnceLock, PoisonError};
use tempfile::SpooledTempFile;

/// Bytes up to which facts stay in memory: those of about thirty thousand reports.
const IN_MEMORY: usize = 64 << 20;

/// The facts of all bodies, in order of their ids.
#[derive(Debug)]
pub(super) struct FactStore {
    bytes: Mutex<SpooledTempFile>,
    /// Where the facts of each body end.
    ends: Vec<u64>,
    failed: OnceLock<io::Error>,
}

impl Default for FactStore {
    fn default() -> FactStore {
        FactStore { bytes: Mutex::new(SpooledTempFile::new(IN_MEMORY)), ends: Vec::new(), failed: OnceLock::new() }
    }
}

/// Facts as they are put aside.
pub(super) fn packed(facts: &Facts) -> postcard::Result<Vec<u8>> {
    postcard::to_stdvec(facts)
}

impl FactStore {
    /// Puts the facts of the next body aside, as [`packed`] gives them.
    pub(super) fn push(&mut self, packed: postcard::Result<Vec<u8>>) {
        let start = self.ends.last().copied().unwrap_or(0);
        let written = packed.map_err(io::Error::other).and_then(|bytes| {
            let file = self.bytes.get_mut().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(start))?;
            file.write_all(&bytes).map(|()| bytes.len() as u64)
        });
        self.ends.push(start + *written.as_ref().unwrap_or(&0));
        self.note(written);
    }

    /// An error if facts were lost: whoever has asked for facts asks this before anything is published.
    pub(super) fn are_whole(&self) -> Result<(), ReadError> {
        let lost = |cause: &io::Error| ReadError { path: std::env::temp_dir().display().to_string(), cause: io::Error::new(cause.kind(), cause.to_string()) };
        self.failed.get().map_or(Ok(()), |cause| Err(lost(cause)))
    }

    fn note<T>(&self, result: io::Result<T>) -> Option<T> {
        result.map_err(|cause| self.failed.set(cause)).ok()
    }

    fn read(&self, body: BodyId) -> io::Result<Facts> {
        let at = body.0 as usize;
        let (start, end) = (at.checked_sub(1).map_or(0, |before| self.ends[before]), self.ends[at]);
        let mut bytes = vec![0; usize::try_from(end - start).map_err(io::Error::other)?];
        {
            let mut file = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(start))?;
            file.read_exact(&mut bytes)?;
        }
        postcard::from_bytes(&bytes).map_err(io::Error::other)
    }
}

impl AllFacts for FactStore {
    fn of(&self, body: BodyId) -> Facts {
        self.note(self.read(body)).unwrap_or(Facts { body, reports: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_come_back_and_lost_ones_are_said() {
        let mut store = FactStore::default();
        for body in 0..3 {
            store.push(packed(&Facts { body: BodyId(body), reports: Vec::new() }));
        }
        assert_eq!(store.of(BodyId(1)).body, BodyId(1));
        assert!(store.are_whole().is_ok());
        store.bytes.get_mut().unwrap().set_len(1).unwrap();
        assert!(store.of(BodyId(2)).reports.is_empty());
        assert!(store.are_whole().is_err());
    }
}
