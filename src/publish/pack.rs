//! One file that holds many: what a process leaves for the next where several make one portal.
//!
//! The files stand one after another; behind them stand a list of them with places and digests, the digest of the list, its length, and
//! four letters. So many threads write, a reader takes what it needs, and no byte is believed that is not as it was written.

use super::draft::Draft;
use super::error::{Doing, PublishError};
use super::{Made, OutputPath, Scratch, Sink};
use crate::digest::Sha256Sum;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use thiserror::Error;

/// The last bytes of a pack.
const LETTERS: &[u8; 4] = b"GKPK";
/// Bytes behind the list: its digest, its length, the letters.
const END: u64 = 32 + 8 + 4;

/// What is behind the files.
#[derive(Debug, Default, Deserialize, Serialize)]
struct List {
    head: Vec<u8>,
    files: Vec<(Made, u64)>,
    asides: Vec<(u32, Made, u64)>,
}

/// A pack being written: a sink for files of the portal, and for pieces that are no files of it.
#[derive(Debug)]
pub struct Packing {
    state: Mutex<(Draft, List)>,
    interrupt: Arc<AtomicBool>,
}

impl Packing {
    /// Nothing written yet. `interrupt` is set by a signal: the next write fails.
    pub fn create(path: &Path, interrupt: Arc<AtomicBool>) -> Result<Packing, PublishError> {
        Ok(Packing { state: Mutex::new((Draft::create(path)?, List::default())), interrupt })
    }

    /// Adds a piece with a number of its own.
    pub fn aside(&self, number: u32, bytes: &[u8]) -> Result<(), PublishError> {
        self.add(String::new(), bytes, |list, made, start| list.asides.push((number, made, start))).map(drop)
    }

    /// How many files of the portal it holds, and how many bytes they are.
    pub fn size(&self) -> (usize, u64) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.1.files.len(), state.1.files.iter().map(|(made, _)| made.length).sum())
    }

    fn add(&self, path: String, bytes: &[u8], note: impl FnOnce(&mut List, Made, u64)) -> Result<Made, PublishError> {
        if self.interrupt.load(Ordering::SeqCst) {
            return Err(PublishError::Interrupted);
        }
        let made = Made { path, sum: Sha256Sum::of(bytes), length: bytes.len() as u64 };
        let (draft, list) = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let start = draft.length();
        draft.write_all(bytes).map_err(|cause| draft.failed(cause))?;
        note(list, made.clone(), start);
        Ok(made)
    }

    /// Writes the list and gives the pack its name. `head` says what it is; the digest names it.
    ///
    /// # Panics
    /// Never: a list of paths and digests is always written.
    pub fn finish(self, head: Vec<u8>) -> Result<Sha256Sum, PublishError> {
        let (mut draft, mut list) = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        list.head = head;
        list.files.sort_by(|a, b| a.0.path.cmp(&b.0.path));
        list.asides.sort_by_key(|aside| aside.0);
        if let Some(twice) = list.files.windows(2).find(|pair| pair[0].0.path == pair[1].0.path) {
            return Err(PublishError::Twice { path: twice[0].0.path.clone() });
        }
        let bytes = postcard::to_stdvec(&list).expect("plain values are always written");
        let (sum, length) = (Sha256Sum::of(&bytes), bytes.len() as u64);
        for part in [&bytes[..], &sum.0, &length.to_le_bytes(), LETTERS] {
            draft.write_all(part).map_err(|cause| draft.failed(cause))?;
        }
        draft.finish()?;
        Ok(sum)
    }
}

impl Sink for Packing {
    fn write(&self, path: &OutputPath, bytes: &[u8]) -> Result<Made, PublishError> {
        self.add(path.to_string(), bytes, |list, made, start| list.files.push((made, start)))
    }

    fn keep(&self, _: &[Made]) -> Result<bool, PublishError> {
        Ok(false)
    }

    fn held(&self, _: &Made) -> Option<Vec<u8>> {
        None
    }

    fn scratch(&self) -> Result<Scratch, PublishError> {
        Ok(Scratch::memory())
    }
}

/// Why a pack cannot be read.
#[derive(Debug, Error)]
pub enum PackError {
    /// There is no such file.
    #[error("{}: not there", .0.display())]
    Missing(PathBuf),
    /// It is not as it was written.
    #[error("{}: damaged", .0.display())]
    Damaged(PathBuf),
    /// The system refused.
    #[error("{}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

impl PackError {
    /// The error for a path.
    pub fn of(path: &Path, cause: io::Error) -> PackError {
        let path = path.to_path_buf();
        match cause.kind() {
            io::ErrorKind::NotFound => PackError::Missing(path),
            io::ErrorKind::UnexpectedEof => PackError::Damaged(path),
            _ => PackError::Io { path, cause },
        }
    }
}

impl From<PackError> for PublishError {
    fn from(error: PackError) -> PublishError {
        let (path, cause) = match error {
            PackError::Missing(path) => (path, io::ErrorKind::NotFound.into()),
            PackError::Damaged(path) => (path, io::ErrorKind::InvalidData.into()),
            PackError::Io { path, cause } => (path, cause),
        };
        PublishError::Io { doing: Doing::Reading, path, written: 0, cause }
    }
}

/// A pack being read.
#[derive(Debug)]
pub struct Pack {
    path: PathBuf,
    file: Mutex<File>,
    list: List,
    sum: Sha256Sum,
}

impl Pack {
    /// Opens a pack and reads its list; its files are read when they are asked for.
    pub fn open(path: &Path) -> Result<Pack, PackError> {
        let damaged = || PackError::Damaged(path.to_path_buf());
        let io = |cause| PackError::of(path, cause);
        let mut file = File::open(path).map_err(io)?;
        let whole = file.metadata().map_err(io)?.len();
        let mut end = [0; END as usize];
        file.seek(SeekFrom::Start(whole.checked_sub(END).ok_or_else(damaged)?)).map_err(io)?;
        file.read_exact(&mut end).map_err(io)?;
        let (sum, rest) = end.split_first_chunk::<32>().ok_or_else(damaged)?;
        let (length, letters) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
        let length = u64::from_le_bytes(*length);
        let start = (whole - END).checked_sub(length).filter(|_| letters == LETTERS).ok_or_else(damaged)?;
        let mut bytes = vec![0; length as usize];
        file.seek(SeekFrom::Start(start)).map_err(io)?;
        file.read_exact(&mut bytes).map_err(io)?;
        let list: List = postcard::from_bytes(&bytes).ok().filter(|_| Sha256Sum::of(&bytes).0 == *sum).ok_or_else(damaged)?;
        Ok(Pack { path: path.to_path_buf(), file: Mutex::new(file), list, sum: Sha256Sum(*sum) })
    }

    /// What the pack says of itself.
    pub fn head(&self) -> &[u8] {
        &self.list.head
    }

    /// Names the pack: the digest of its list, and so of everything in it.
    pub fn sum(&self) -> Sha256Sum {
        self.sum
    }

    /// Files of the portal, by path.
    pub fn files(&self) -> impl ExactSizeIterator<Item = &Made> {
        self.list.files.iter().map(|(made, _)| made)
    }

    /// The bytes of a file; none if it is not among them.
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>, PackError> {
        match self.list.files.binary_search_by(|(made, _)| made.path.as_str().cmp(path)) {
            Ok(at) => self.read(&self.list.files[at].0, self.list.files[at].1).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Numbers of the other pieces, in order.
    pub fn numbers(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.list.asides.iter().map(|(number, ..)| *number)
    }

    /// The bytes of a piece; none if there is no such number.
    pub fn piece(&self, number: u32) -> Result<Option<Vec<u8>>, PackError> {
        match self.list.asides.binary_search_by_key(&number, |aside| aside.0) {
            Ok(at) => self.read(&self.list.asides[at].1, self.list.asides[at].2).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn read(&self, made: &Made, start: u64) -> Result<Vec<u8>, PackError> {
        let mut bytes = vec![0; made.length as usize];
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            let read = file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut bytes));
            read.map_err(|cause| PackError::of(&self.path, cause))?;
        }
        if Sha256Sum::of(&bytes) == made.sum { Ok(bytes) } else { Err(PackError::Damaged(self.path.clone())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn packed(path: &Path) -> Sha256Sum {
        let packing = Packing::create(path, Arc::default()).unwrap();
        packing.aside(7, b"seven").unwrap();
        for path in ["b/index.html", "a.css"] {
            packing.write(&OutputPath::new(path).unwrap(), path.as_bytes()).unwrap();
        }
        packing.aside(3, b"").unwrap();
        packing.finish(b"head".to_vec()).unwrap()
    }

    /// Everything in a pack, as far as it can be read.
    fn read(path: &Path) -> Result<Vec<Vec<u8>>, PackError> {
        let pack = Pack::open(path)?;
        let mut all = vec![pack.head().to_vec()];
        for made in pack.files() {
            all.extend(pack.file(&made.path)?);
        }
        for number in pack.numbers() {
            all.extend(pack.piece(number)?);
        }
        Ok(all)
    }

    #[test]
    fn files_and_pieces_come_back_and_no_damaged_byte_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("part");
        assert!(matches!(Pack::open(&path), Err(PackError::Missing(_))));
        let sum = packed(&path);
        assert_eq!(read(&path).unwrap(), [&b"head"[..], b"a.css", b"b/index.html", b"", b"seven"]);
        let pack = Pack::open(&path).unwrap();
        assert_eq!((pack.sum(), pack.file("c").unwrap(), pack.piece(4).unwrap()), (sum, None, None));
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            assert!(matches!(read(&path), Err(PackError::Damaged(_))), "byte {at}");
            fs::write(&path, &whole[..at]).unwrap();
            assert!(matches!(read(&path), Err(PackError::Damaged(_))), "cut at {at}");
        }
    }

    #[test]
    fn an_interrupted_pack_and_one_with_two_files_of_a_name_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("part");
        let packing = Packing::create(&path, Arc::new(AtomicBool::new(true))).unwrap();
        assert!(matches!(packing.aside(1, b"x"), Err(PublishError::Interrupted)));
        drop(packing);
        let packing = Packing::create(&path, Arc::default()).unwrap();
        let twice = OutputPath::new("a").unwrap();
        packing.write(&twice, b"1").unwrap();
        packing.write(&twice, b"2").unwrap();
        assert!(matches!(packing.finish(Vec::new()), Err(PublishError::Twice { .. })));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
