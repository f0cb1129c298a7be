//! Pieces of bytes, each under the digest of what it was made from: put after each other, found by an index, read one at a time.
//!
//! What a build remembers grows with the site, and stays on disk. Nothing that was written is written again: an index names the pieces that
//! hold, so that a log without its index, or with a later end than the index knows, costs nothing but space. Each piece has its own check.

use super::{Put, Scratch};
use crate::digest::Sha256Sum;
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of pieces that hold no more, from which on a log is written anew, if they are also more than those that do.
const WASTE: u64 = 16 << 20;

/// The pieces of a log that hold, by their digest.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Deserialize, serde::Serialize)]
pub struct Index(BTreeMap<Sha256Sum, Piece>);

#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
struct Piece {
    put: Put,
    check: [u8; 16],
}

impl Piece {
    fn check_of(bytes: &[u8]) -> [u8; 16] {
        *Sha256Sum::of(bytes).0.first_chunk().expect("a digest has 32 bytes")
    }
}

impl Index {
    fn bytes(&self) -> u64 {
        self.0.values().map(|piece| piece.put.length() as u64).sum()
    }

    /// Where the last piece ends: what stands behind it in a file is of a build that did not end.
    pub fn end(&self) -> u64 {
        self.0.values().map(|piece| piece.put.end()).max().unwrap_or(0)
    }
}

/// The pieces of the build before, and those of this one in the making.
#[derive(Debug)]
pub struct Log {
    bytes: Arc<Scratch>,
    before: Index,
    next: Mutex<Index>,
    grown: AtomicBool,
    failed: Mutex<Option<io::Error>>,
}

impl Log {
    /// A log whose pieces are named by an index; others are never read.
    pub fn of(bytes: Arc<Scratch>, before: Index) -> Log {
        Log { bytes, before, next: Mutex::default(), grown: AtomicBool::new(false), failed: Mutex::default() }
    }

    fn next(&self) -> MutexGuard<'_, Index> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A piece of the build before, if it is whole; it is kept for the next build.
    pub fn get(&self, key: Sha256Sum) -> Option<Vec<u8>> {
        let bytes = self.look(key)?;
        self.keep(key);
        Some(bytes)
    }

    /// A piece of the build before, if it is whole; the next build will not know it.
    pub fn look(&self, key: Sha256Sum) -> Option<Vec<u8>> {
        let piece = self.before.0.get(&key)?;
        self.bytes.read(piece.put).ok().filter(|bytes| Piece::check_of(bytes) == piece.check)
    }

    /// Keeps a piece of the build before for the next one without reading it.
    pub fn keep(&self, key: Sha256Sum) {
        if let Some(piece) = self.before.0.get(&key) {
            self.next().0.entry(key).or_insert(*piece);
        }
    }

    /// Keeps all pieces of the build before.
    pub fn keep_all(&self) {
        let mut next = self.next();
        for (key, piece) in &self.before.0 {
            next.0.entry(*key).or_insert(*piece);
        }
    }

    /// Puts a piece aside for the next build. After a failure nothing more is put; [`Log::failure`] says why.
    pub fn put(&self, key: Sha256Sum, bytes: &[u8]) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_some() {
            return;
        }
        match self.bytes.put(bytes) {
            Ok(put) => {
                drop(failed);
                self.grown.store(true, Ordering::Relaxed);
                self.next().0.insert(key, Piece { put, check: Piece::check_of(bytes) });
            }
            Err(cause) => *failed = Some(io::Error::other(cause.to_string())),
        }
    }

    /// Why pieces are missing; none if all were put.
    pub fn failure(&self) -> Option<io::Error> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether the next build will know other pieces than this one did.
    pub fn has_changed(&self) -> bool {
        self.grown.load(Ordering::Relaxed) || self.next().0.len() != self.before.0.len()
    }

    /// The pieces that hold for the next build.
    pub fn index(&self) -> Index {
        self.next().clone()
    }

    /// The bytes of the log, for whoever keeps it open.
    pub fn bytes(&self) -> Arc<Scratch> {
        Arc::clone(&self.bytes)
    }

    /// Whether most of the log holds no more.
    pub fn is_wasteful(&self) -> bool {
        let (held, all) = (self.next().bytes(), self.bytes.length());
        all - held.min(all) > WASTE.max(held)
    }

    /// The pieces that hold, after each other in another place; those that are damaged are left out.
    pub fn moved_to(&self, place: Scratch) -> io::Result<Log> {
        let moved = Log::of(Arc::new(place), Index::default());
        for (key, piece) in &self.next().0 {
            match self.bytes.read(piece.put) {
                Ok(bytes) if Piece::check_of(&bytes) == piece.check => moved.put(*key, &bytes),
                _ => {}
            }
        }
        moved.failure().map_or(Ok(moved), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Sha256Sum {
        Sha256Sum::of(name.as_bytes())
    }

    #[test]
    fn a_build_keeps_what_it_asks_for_and_what_it_puts() {
        let bytes = Arc::new(Scratch::memory());
        let first = Log::of(Arc::clone(&bytes), Index::default());
        for name in ["a", "b", "c"] {
            first.put(key(name), name.repeat(3).as_bytes());
        }
        let second = Log::of(bytes, first.index());
        assert_eq!((second.get(key("a")), second.get(key("x"))), (Some(b"aaa".to_vec()), None));
        second.keep(key("b"));
        second.keep(key("x"));
        assert!(second.has_changed(), "c was not asked for");
        second.keep_all();
        assert!(!second.has_changed());
        second.put(key("a"), b"other");
        let third = Log::of(second.bytes(), second.index());
        assert_eq!((third.get(key("a")), third.get(key("b"))), (Some(b"other".to_vec()), Some(b"bbb".to_vec())));
    }

    #[test]
    fn what_holds_no_more_is_left_behind() {
        let log = Log::of(Arc::new(Scratch::memory()), Index::default());
        log.put(key("kept"), b"kept");
        for _ in 0..18 {
            log.put(key("a"), &vec![7; 1 << 20]);
        }
        assert!(log.is_wasteful());
        let moved = log.moved_to(Scratch::memory()).unwrap();
        assert!(!moved.is_wasteful());
        assert_eq!((moved.bytes.length(), moved.index().end()), ((1 << 20) + 4, (1 << 20) + 4));
        let next = Log::of(moved.bytes(), moved.index());
        assert_eq!(next.get(key("kept")), Some(b"kept".to_vec()));
    }
}
