//! What a build remembers for the next one, and how far it can be believed.
//!
//! Three memories. *Stamps*: files whose bytes are those of an earlier read, so that they need not be read again. *Pieces*: what was found
//! in sources, and texts for search, under the digest of everything they were taken from. *Units*: outputs that are made together, with their
//! own sources, every question they asked and the files they became. Each is believed for as long as what it was made from is the same, and
//! nothing else: a memory that is gone, damaged, of another program or of another place costs time alone.
//!
//! Pieces and units stay on disk, in a log of which one is read at a time: while a build runs it holds where they stand.

use super::site::Site;
use super::still::{BACK, LEFT, TOLD};
use crate::digest::Sha256Sum;
use crate::plan::{Key, Reason};
use crate::publish::{Index, Log, Made, Scratch, Store};
use crate::render::Answers;
use crate::source::{Opened, ReadError, SourceFile, Stamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// The part of the store that says what is remembered.
const SITE: &str = "site";
/// The part that holds pieces and units: one of two, so that one can be written anew from the other.
const LOGS: [&str; 2] = ["log-a", "log-b"];

/// The first bytes of an answer's digest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
struct Answer([u8; 16]);

impl From<Sha256Sum> for Answer {
    fn from(sum: Sha256Sum) -> Answer {
        Answer(*sum.0.first_chunk().expect("a digest has 32 bytes"))
    }
}

/// What a unit was made from: the digest of its own sources, what it asked, and what it was told.
#[derive(Deserialize, Serialize)]
struct Origins {
    own: Sha256Sum,
    answers: Vec<(Key, Answer)>,
}

/// Everything remembered.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Memory {
    /// Which program it is of, and which place; none for no memory at all.
    identity: Option<Sha256Sum>,
    stamps: BTreeMap<String, (Stamp, Sha256Sum)>,
    /// What all pages share.
    shared: Option<Sha256Sum>,
    /// Address and digest of the first search file.
    search: Option<(String, String)>,
    /// Which of the logs holds the pieces.
    log: u8,
    pieces: Index,
    /// The log of a site that is previewed.
    #[serde(skip)]
    bytes: Option<Arc<Scratch>>,
}

/// The memory of the build before, and that of this one in the making.
#[derive(Debug)]
pub(super) struct Recall {
    before: Memory,
    next: Mutex<Memory>,
    store: Option<Store>,
    /// None where nobody will ask: a check leaves nothing behind.
    log: Option<Log>,
    /// Why there is no log, where there should be one.
    failed: Option<io::Error>,
    /// Whether anything differs from what was recalled.
    news: AtomicBool,
    started: SystemTime,
}

impl Recall {
    /// Nothing is remembered, before or after.
    pub(super) fn nothing() -> Recall {
        Recall::after(Memory::default(), None)
    }

    /// What the last build of this program into this folder has left, if it is whole; nothing of it with `forget`.
    pub(super) fn of(site: &Site, forget: bool) -> Recall {
        let store = Store::of(site.root(), &site.output());
        let identity = identity(site);
        let read = || postcard::from_bytes::<Memory>(&store.read(SITE)?).ok().filter(|memory| memory.identity == Some(identity));
        let before = if forget { None } else { read() };
        let mut before = before.unwrap_or_default();
        let pieces = std::mem::take(&mut before.pieces);
        let recall = match store.scratch(log_name(before.log), pieces.end()) {
            Ok(bytes) => Recall::after(before, Some(Log::of(Arc::new(bytes), pieces))),
            Err(cause) => Recall { failed: Some(cause), ..Recall::nothing() },
        };
        recall.next().identity = Some(identity);
        Recall { store: Some(store), ..recall }
    }

    /// For a site that is previewed: kept in memory, of this place and program.
    pub(super) fn in_memory(site: &Site, before: Memory) -> Recall {
        let identity = Some(identity(site));
        let mut before = if before.identity == identity { before } else { Memory::default() };
        let pieces = std::mem::take(&mut before.pieces);
        let bytes = before.bytes.take().unwrap_or_else(|| Arc::new(Scratch::memory()));
        let recall = Recall::after(before, Some(Log::of(bytes, pieces)));
        recall.next().identity = identity;
        recall
    }

    fn after(before: Memory, log: Option<Log>) -> Recall {
        let next = Memory { identity: before.identity, log: before.log, ..Memory::default() };
        Recall { before, next: Mutex::new(next), store: None, log, failed: None, news: AtomicBool::new(false), started: SystemTime::now() }
    }

    fn next(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is anything to recall.
    pub(super) fn is_empty(&self) -> bool {
        self.before.identity.is_none()
    }

    /// The digest of a file that has not changed since it was read.
    pub(super) fn unchanged(&self, site: &Site, file: &str) -> Option<Sha256Sum> {
        let known = self.before.stamps.get(file)?;
        if site.root.stamp(file)? != known.0 {
            return None;
        }
        self.next().stamps.insert(file.to_string(), *known);
        Some(known.1)
    }

    /// Remembers that a file's bytes had this digest; `stamp` was taken before it was read.
    pub(super) fn was_read(&self, site: &Site, file: &str, stamp: Option<Stamp>, sum: Sha256Sum) {
        if self.log.is_none() {
            return;
        }
        if let Some(stamp) = stamp.filter(|stamp| stamp.is_settled(self.started) && site.root.stamp(file) == Some(*stamp)) {
            self.news.store(true, Ordering::Relaxed);
            self.next().stamps.insert(file.to_string(), (stamp, sum));
        }
    }

    /// What was found before from the very same things.
    pub(super) fn piece<T: DeserializeOwned>(&self, key: Sha256Sum) -> Option<T> {
        postcard::from_bytes(&self.log.as_ref()?.get(key)?).ok()
    }

    /// The same, for the last time: it is not left to the next build.
    pub(super) fn last<T: DeserializeOwned>(&self, key: Sha256Sum) -> Option<T> {
        postcard::from_bytes(&self.log.as_ref()?.look(key)?).ok()
    }

    /// Remembers what was found from things with this digest.
    pub(super) fn found<T: Serialize>(&self, key: Sha256Sum, value: &T) {
        if let Some(log) = &self.log
            && let Ok(bytes) = postcard::to_stdvec(value)
        {
            log.put(key, &bytes);
        }
    }

    /// Leaves to the next build what was found before, though nobody needs it now.
    pub(super) fn keeps(&self, key: Sha256Sum) {
        if let Some(log) = &self.log {
            log.keep(key);
        }
    }

    /// Says what all pages share; gives whether that is as before.
    pub(super) fn share(&self, shared: Sha256Sum) -> bool {
        self.next().shared = Some(shared);
        self.before.shared == Some(shared)
    }

    /// Why a unit has to be made; none if it need not.
    pub(super) fn stale(&self, name: &str, own: Sha256Sum, same_shared: bool, answers: &Answers<'_>) -> Option<Reason> {
        if self.is_empty() {
            return Some(Reason::Unknown);
        }
        if !same_shared {
            return Some(Reason::Everything);
        }
        let Some(from) = self.piece::<Origins>(unit_key(name)) else { return Some(Reason::New) };
        if from.own != own {
            return Some(Reason::Source);
        }
        from.answers.into_iter().find(|(key, answer)| Answer::from(answers.of(key)) != *answer).map(|(key, _)| Reason::Answer(key))
    }

    /// The files of a unit of the build before.
    pub(super) fn files(&self, name: &str) -> Option<Vec<Made>> {
        self.piece(files_key(name))
    }

    /// Remembers a unit: the digest of its own sources, what it asked, and the files it became.
    pub(super) fn made(&self, name: &str, own: Sha256Sum, asked: Vec<Key>, answers: &Answers<'_>, files: &[Made]) {
        if self.log.is_some() {
            let answers = asked.into_iter().map(|key| (key.clone(), Answer::from(answers.of(&key)))).collect();
            self.found(unit_key(name), &Origins { own, answers });
            self.found(files_key(name), &files);
        }
    }

    /// Where search began.
    pub(super) fn search(&self) -> Option<&(String, String)> {
        self.before.search.as_ref()
    }

    /// Remembers where search begins.
    pub(super) fn searched(&self, address: &str, integrity: &str) {
        self.next().search = Some((address.to_string(), integrity.to_string()));
    }

    /// Removes what is remembered: it is not to be believed.
    pub(super) fn forget(&self) {
        if let Some(store) = &self.store {
            store.keep_only(&HashSet::new());
        }
    }

    /// What this build leaves to the next, but for its pieces; with whether it is anything new.
    fn settled(&mut self) -> (Memory, bool) {
        let mut memory = std::mem::take(self.next.get_mut().unwrap_or_else(PoisonError::into_inner));
        if memory.shared.is_none() {
            // Findings stopped the build before a page was made: those of the build before are still what they were.
            (memory.shared, memory.search) = (self.before.shared, self.before.search.take());
            if let Some(log) = &self.log {
                log.keep_all();
            }
            return (memory, *self.news.get_mut());
        }
        let differs = memory.shared != self.before.shared || memory.search != self.before.search || memory.stamps.len() != self.before.stamps.len();
        (memory, differs || *self.news.get_mut())
    }

    /// The memory of this build.
    pub(super) fn into_memory(mut self) -> Memory {
        let (mut memory, _) = self.settled();
        if let Some(log) = self.log {
            let log = if log.is_wasteful() { log.moved_to(Scratch::memory()).unwrap_or(log) } else { log };
            (memory.pieces, memory.bytes) = (log.index(), Some(log.bytes()));
        }
        memory
    }

    /// Leaves the memory of this build to the next. Where it cannot be written, the next one starts anew.
    pub(super) fn save(mut self) -> io::Result<()> {
        let (mut memory, has_news) = self.settled();
        let (mut log, store) = match (self.log, self.store, self.failed) {
            (Some(log), Some(store), None) => (log, store),
            (_, _, failed) => return failed.map_or(Ok(()), Err),
        };
        if !has_news && !log.has_changed() {
            return Ok(());
        }
        if let Some(cause) = log.failure() {
            store.keep_only(&HashSet::new());
            return Err(cause);
        }
        if log.is_wasteful() {
            memory.log = 1 - memory.log;
            log = log.moved_to(store.scratch(log_name(memory.log), 0)?)?;
        }
        memory.pieces = log.index();
        store.write(SITE, &postcard::to_stdvec(&memory).map_err(io::Error::other)?)?;
        store.keep_only(&HashSet::from([SITE, log_name(memory.log), LEFT, BACK, TOLD].map(String::from)));
        Ok(())
    }
}

fn log_name(which: u8) -> &'static str {
    LOGS[usize::from(which & 1)]
}

fn unit_key(name: &str) -> Sha256Sum {
    Sha256Sum::of_value(&("unit", name))
}

fn files_key(name: &str) -> Sha256Sum {
    Sha256Sum::of_value(&("files", name))
}

/// The digest of a file as it was read.
pub(super) fn sum_of(source: &SourceFile) -> Sha256Sum {
    Sha256Sum::of(source.text.as_bytes())
}

/// A file read once, and again if it changed meanwhile; its digest is remembered.
pub(super) fn read(site: &Site, recall: &Recall, file: &str) -> Result<Opened, ReadError> {
    const TRIES: usize = 3;
    let mut tries = 0;
    loop {
        tries += 1;
        let stamp = site.root.stamp(file);
        let opened = site.root.read(file)?;
        if let Opened::File(source) = &opened {
            recall.was_read(site, file, stamp, sum_of(source));
        }
        if tries == TRIES || site.root.stamp(file) == stamp {
            return Ok(opened);
        }
    }
}

/// The program and the place a memory is of: another's is as none.
pub(super) fn identity(site: &Site) -> Sha256Sum {
    Sha256Sum::of_value(&(env!("GONGKAI_BUILD"), site.root().to_string_lossy(), site.output().to_string_lossy()))
}
