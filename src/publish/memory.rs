//! A publication that stays in memory: the preview server and tests read it from there.

use super::{OutputPath, PublishError, Scratch, Sink};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Mutex, PoisonError};

/// Files by path.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Memory {
    /// Nothing written yet.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// All that was written.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Memory {
    fn write(&self, path: &OutputPath, bytes: &[u8]) -> Result<(), PublishError> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        match files.entry(path.as_str().to_string()) {
            Entry::Vacant(place) => {
                place.insert(bytes.to_vec());
                Ok(())
            }
            Entry::Occupied(_) => Err(PublishError::Twice { path: path.to_string() }),
        }
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
        let memory = Memory::new();
        for path in ["b", "a/x"] {
            memory.write(&OutputPath::new(path).expect("plain"), path.as_bytes()).expect("memory takes it");
        }
        assert!(matches!(memory.write(&OutputPath::new("b").expect("plain"), b"2"), Err(PublishError::Twice { .. })));
        let files = memory.into_files();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["a/x", "b"]);
        assert_eq!(files["b"], b"b");
    }
}
