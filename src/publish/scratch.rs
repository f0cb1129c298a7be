//! Bytes put aside while a portal is made, and read again before it is done.
//!
//! Beside a portal on disk they stand in a file of the staging folder that loses its name as soon as it is open: a build that is killed
//! leaves nothing. Where an open file keeps its name, it goes with the staging folder.

use super::disk::Disk;
use super::error::{Doing, PublishError};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Bytes put aside by many threads.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    store: Mutex<Store>,
}

#[derive(Debug)]
enum Store {
    Memory(Vec<u8>),
    Disk { disk: Disk, file: File, length: u64 },
}

impl Store {
    fn length(&self) -> u64 {
        match self {
            Store::Memory(all) => all.len() as u64,
            Store::Disk { length, .. } => *length,
        }
    }
}

/// Where bytes were put.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Deserialize, serde::Serialize)]
pub struct Put {
    start: u64,
    length: usize,
}

impl Put {
    pub(super) fn length(self) -> usize {
        self.length
    }

    pub(super) fn end(self) -> u64 {
        self.start.saturating_add(self.length as u64)
    }
}

impl Scratch {
    /// In memory.
    pub fn memory() -> Scratch {
        Scratch { path: PathBuf::new(), store: Mutex::new(Store::Memory(Vec::new())) }
    }

    pub(super) fn disk(disk: Disk, path: PathBuf, file: File) -> Scratch {
        Scratch::after(disk, path, file, 0)
    }

    /// In a file of which the first `length` bytes hold.
    pub(super) fn after(disk: Disk, path: PathBuf, file: File, length: u64) -> Scratch {
        Scratch { path, store: Mutex::new(Store::Disk { disk, file, length }) }
    }

    /// How many bytes were put aside.
    pub(super) fn length(&self) -> u64 {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).length()
    }

    /// Puts bytes aside.
    pub fn put(&self, bytes: &[u8]) -> Result<Put, PublishError> {
        let start = match &mut *self.store.lock().unwrap_or_else(PoisonError::into_inner) {
            Store::Memory(all) => {
                all.extend_from_slice(bytes);
                (all.len() - bytes.len()) as u64
            }
            Store::Disk { disk, file, length } => {
                let start = *length;
                let mut put = || {
                    file.seek(SeekFrom::Start(start))?;
                    disk.append(file, bytes)
                };
                put().map_err(|cause| self.failed(Doing::Writing, cause))?;
                *length += bytes.len() as u64;
                start
            }
        };
        Ok(Put { start, length: bytes.len() })
    }

    /// Reads bytes that were put aside.
    pub fn read(&self, put: Put) -> Result<Vec<u8>, PublishError> {
        let store = &mut *self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if put.end() > store.length() {
            // No place of ours: no reason to ask for that much memory.
            return Err(self.failed(Doing::Reading, io::ErrorKind::UnexpectedEof.into()));
        }
        let mut bytes = vec![0; put.length];
        match store {
            Store::Memory(all) => bytes.copy_from_slice(&all[put.start as usize..put.start as usize + put.length]),
            Store::Disk { file, .. } => {
                let read = file.seek(SeekFrom::Start(put.start)).and_then(|_| file.read_exact(&mut bytes));
                read.map_err(|cause| self.failed(Doing::Reading, cause))?;
            }
        }
        Ok(bytes)
    }

    fn failed(&self, doing: Doing, cause: io::Error) -> PublishError {
        PublishError::Io { doing, path: self.path.clone(), written: 0, cause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_memory_and_disk() {
        let on_disk = Scratch::disk(Disk::default(), PathBuf::new(), tempfile::tempfile().unwrap());
        for scratch in [Scratch::memory(), on_disk] {
            let puts: Vec<Put> = [&b"one"[..], b"", b"three"].iter().map(|bytes| scratch.put(bytes).unwrap()).collect();
            assert_eq!(scratch.read(puts[2]).unwrap(), b"three");
            assert_eq!(scratch.read(puts[0]).unwrap(), b"one");
            assert_eq!(scratch.read(puts[1]).unwrap(), b"");
        }
    }
}
