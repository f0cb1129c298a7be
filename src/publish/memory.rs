//! A publication that stays in memory: the preview server and tests read it from there.

use super::{Made, OutputPath, PublishError, Scratch, Sink};
use crate::digest::Sha256Sum;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

/// Files by path.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// A portal in memory, in the making.
#[derive(Debug, Default)]
pub struct Memory {
    before: Files,
    files: Mutex<Files>,
}

impl Memory {
    /// Nothing written yet; files of the portal before can be kept.
    pub fn after(before: Files) -> Memory {
        Memory { before, files: Mutex::default() }
    }

    /// All that was written.
    pub fn into_files(self) -> Files {
        self.files.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, path: &str, bytes: Arc<[u8]>) -> Result<(), PublishError> {
        match self.files.lock().unwrap_or_else(PoisonError::into_inner).entry(path.to_string()) {
            Entry::Vacant(place) => {
                place.insert(bytes);
                Ok(())
            }
            Entry::Occupied(_) => Err(PublishError::Twice { path: path.to_string() }),
        }
    }
}

impl Sink for Memory {
    fn write(&self, path: &OutputPath, bytes: &[u8]) -> Result<Made, PublishError> {
        self.take(path.as_str(), bytes.into())?;
        Ok(Made { path: path.to_string(), sum: Sha256Sum::of(bytes), length: bytes.len() as u64 })
    }

    fn keep(&self, made: &[Made]) -> Result<bool, PublishError> {
        // Nobody else writes here: what was remembered with these files is what they are.
        let before: Option<Vec<&Arc<[u8]>>> = made.iter().map(|made| self.before.get(&made.path)).collect();
        let Some(before) = before else { return Ok(false) };
        made.iter().zip(before).try_for_each(|(made, bytes)| self.take(&made.path, Arc::clone(bytes)))?;
        Ok(true)
    }

    fn held(&self, made: &Made) -> Option<Vec<u8>> {
        self.before.get(&made.path).map(|bytes| bytes.to_vec())
    }

    fn scratch(&self) -> Result<Scratch, PublishError> {
        Ok(Scratch::memory())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_out_sorted_and_an_address_is_taken_once() {
        let memory = Memory::default();
        for path in ["b", "a/x"] {
            memory.write(&OutputPath::new(path).expect("plain"), path.as_bytes()).expect("memory takes it");
        }
        assert!(matches!(memory.write(&OutputPath::new("b").expect("plain"), b"2"), Err(PublishError::Twice { .. })));
        let files = memory.into_files();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["a/x", "b"]);
        assert_eq!(&*files["b"], b"b");
        let next = Memory::after(files);
        let made = |path: &str| Made { path: path.into(), sum: Sha256Sum::of(b"b"), length: 1 };
        assert!(next.keep(&[made("b")]).expect("memory takes it") && !next.keep(&[made("a/x"), made("c")]).expect("memory takes it"));
        assert_eq!(next.into_files().keys().collect::<Vec<_>>(), ["b"]);
    }
}
