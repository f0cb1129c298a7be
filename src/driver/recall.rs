//! What a build remembers for the next one, and how far it can be believed.
//!
//! Four memories. *Stamps*: files whose bytes are those of an earlier read, so that they need not be read again. *Pieces*: what was found
//! in sources, under the digest of everything it was found from. *Units*: outputs that are made together, with their own sources, every
//! question they asked and the files they became. *Texts* for search, which are large and read only when they are needed. Each is believed
//! for as long as what it was made from is the same, and nothing else: a memory that is gone, damaged, of another program or of another
//! place costs time alone.

use super::site::Site;
use crate::digest::Sha256Sum;
use crate::plan::{Key, Reason};
use crate::publish::{Made, Store};
use crate::render::Answers;
use crate::source::{Opened, ReadError, SourceFile, Stamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

/// The piece of the store that holds all but the texts.
const SITE: &str = "site";
/// The piece of the store that holds the texts.
const TEXTS: &str = "texts";

/// Bytes beyond which nothing is remembered: the memory of a build is held until it ends, and a build must fit where its site fits.
const MOST_BYTES: usize = 384 << 20;
/// About what a file of a unit, and an answer, take.
const FILE_BYTES: usize = 160;

/// Outputs that are made together.
#[derive(Clone, PartialEq, Debug, Deserialize, Serialize)]
pub(super) struct Unit {
    /// Digest of its own sources.
    pub(super) own: Sha256Sum,
    /// What it asked, with the digests of the answers.
    pub(super) answers: Vec<(Key, Sha256Sum)>,
    /// What it became.
    pub(super) files: Vec<Made>,
}

/// Everything remembered.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Memory {
    /// Which program it is of, and which place; none for no memory at all.
    identity: Option<Sha256Sum>,
    stamps: BTreeMap<String, (Stamp, Sha256Sum)>,
    pieces: HashMap<Sha256Sum, Bytes>,
    /// What all pages share.
    shared: Option<Sha256Sum>,
    units: BTreeMap<String, Unit>,
    /// Address and digest of the first search file.
    search: Option<(String, String)>,
    #[serde(skip)]
    texts: HashMap<Sha256Sum, Bytes>,
}

/// Bytes, as one run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(&self.0)
    }
}

impl<'d> Deserialize<'d> for Bytes {
    fn deserialize<D: Deserializer<'d>>(from: D) -> Result<Bytes, D::Error> {
        <&[u8]>::deserialize(from).map(|bytes| Bytes(bytes.to_vec()))
    }
}

/// The memory of the build before, and that of this one in the making.
#[derive(Debug)]
pub(super) struct Recall {
    before: Memory,
    store: Option<Store>,
    /// Texts of the build before, read when they are first asked for.
    texts: OnceLock<HashMap<Sha256Sum, Bytes>>,
    next: Mutex<Memory>,
    /// Whether anybody will ask: a check leaves nothing behind.
    records: bool,
    /// Whether anything differs from what was recalled.
    news: AtomicBool,
    /// Bytes of what is remembered, about; more than [`MOST_BYTES`] once that was too much.
    held: AtomicUsize,
    most: usize,
    started: SystemTime,
}

impl Recall {
    /// Nothing is remembered, before or after.
    pub(super) fn nothing() -> Recall {
        Recall::from(Memory::default())
    }

    /// What the last build of this program into this folder has left, if it is whole; nothing of it with `forget`.
    pub(super) fn of(site: &Site, forget: bool) -> Recall {
        let store = Store::of(site.root(), &site.output());
        let identity = identity(site);
        let read = || postcard::from_bytes::<Memory>(&store.read(SITE)?).ok().filter(|memory| memory.identity == Some(identity));
        let before = if forget { None } else { read() };
        let recall = Recall::from(before.unwrap_or_default());
        recall.next().identity = Some(identity);
        Recall { store: Some(store), records: true, ..recall }
    }

    /// What was kept in memory.
    pub(super) fn from(before: Memory) -> Recall {
        let next = Memory { identity: before.identity, ..Memory::default() };
        Recall {
            before,
            store: None,
            texts: OnceLock::new(),
            next: Mutex::new(next),
            records: false,
            news: AtomicBool::new(false),
            held: AtomicUsize::new(0),
            most: MOST_BYTES,
            started: SystemTime::now(),
        }
    }

    /// For a site that is previewed: kept in memory, of this place and program.
    pub(super) fn in_memory(site: &Site, before: Memory) -> Recall {
        let identity = Some(identity(site));
        let recall = Recall::from(if before.identity == identity { before } else { Memory::default() });
        recall.next().identity = identity;
        Recall { records: true, ..recall }
    }

    fn next(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is remembered by something of so many bytes; beyond the bound all of it is dropped, and nothing is taken up again.
    fn keep(&self, bytes: usize, change: impl FnOnce(&mut Memory)) {
        let held = self.held.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let mut next = self.next();
        if held <= self.most {
            change(&mut next);
        } else if next.identity.is_some() {
            *next = Memory::default();
        }
    }

    /// Whether there was more to remember than is held.
    pub(super) fn is_too_much(&self) -> bool {
        self.held.load(Ordering::Relaxed) > self.most
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
        self.keep(file.len() + FILE_BYTES, |next| {
            next.stamps.insert(file.to_string(), *known);
        });
        Some(known.1)
    }

    /// Remembers that a file's bytes had this digest; `stamp` was taken before it was read.
    pub(super) fn was_read(&self, site: &Site, file: &str, stamp: Option<Stamp>, sum: Sha256Sum) {
        if !self.records {
            return;
        }
        if let Some(stamp) = stamp.filter(|stamp| stamp.is_settled(self.started) && site.root.stamp(file) == Some(*stamp)) {
            self.news.store(true, Ordering::Relaxed);
            self.keep(file.len() + FILE_BYTES, |next| {
                next.stamps.insert(file.to_string(), (stamp, sum));
            });
        }
    }

    /// What was found before from the very same things.
    pub(super) fn piece<T: DeserializeOwned>(&self, key: Sha256Sum) -> Option<T> {
        let bytes = self.before.pieces.get(&key)?;
        let value = postcard::from_bytes(&bytes.0).ok()?;
        self.keep(bytes.0.len(), |next| {
            next.pieces.insert(key, bytes.clone());
        });
        Some(value)
    }

    /// Remembers what was found from things with this digest.
    pub(super) fn found<T: Serialize>(&self, key: Sha256Sum, value: &T) {
        if !self.records {
            return;
        }
        if let Ok(bytes) = postcard::to_stdvec(value) {
            self.news.store(true, Ordering::Relaxed);
            self.keep(bytes.len(), |next| {
                next.pieces.insert(key, Bytes(bytes));
            });
        }
    }

    /// Texts for search.
    pub(super) fn text<T: DeserializeOwned>(&self, key: Sha256Sum) -> Option<T> {
        let bytes = self.texts_before().get(&key)?;
        let value = postcard::from_bytes(&bytes.0).ok()?;
        self.keep(bytes.0.len(), |next| {
            next.texts.insert(key, bytes.clone());
        });
        Some(value)
    }

    fn texts_before(&self) -> &HashMap<Sha256Sum, Bytes> {
        let read = || postcard::from_bytes(&self.store.as_ref()?.read(TEXTS)?).ok();
        match &self.store {
            Some(_) if !self.is_empty() => self.texts.get_or_init(|| read().unwrap_or_default()),
            Some(_) => self.texts.get_or_init(HashMap::new),
            None => &self.before.texts,
        }
    }

    /// Remembers texts for search.
    pub(super) fn gleaned<T: Serialize>(&self, key: Sha256Sum, value: &T) {
        if !self.records {
            return;
        }
        if let Ok(bytes) = postcard::to_stdvec(value) {
            self.news.store(true, Ordering::Relaxed);
            self.keep(bytes.len(), |next| {
                next.texts.insert(key, Bytes(bytes));
            });
        }
    }

    /// Says what all pages share; gives whether that is as before.
    pub(super) fn share(&self, shared: Sha256Sum) -> bool {
        self.next().shared = Some(shared);
        self.before.shared == Some(shared)
    }

    /// Why a unit has to be made; none if it need not.
    pub(super) fn stale(&self, name: &str, own: Sha256Sum, same_shared: bool, answers: &mut Answers<'_>) -> Option<Reason> {
        if self.is_empty() {
            return Some(Reason::Unknown);
        }
        if !same_shared {
            return Some(Reason::Everything);
        }
        let Some(unit) = self.before.units.get(name) else { return Some(Reason::New) };
        if unit.own != own {
            return Some(Reason::Source);
        }
        unit.answers.iter().find(|(key, sum)| answers.of(key) != *sum).map(|(key, _)| Reason::Answer(key.clone()))
    }

    /// A unit of the build before.
    pub(super) fn unit(&self, name: &str) -> Option<&Unit> {
        self.before.units.get(name)
    }

    /// Remembers a unit.
    pub(super) fn made(&self, name: String, unit: Unit) {
        if self.before.units.get(&name) != Some(&unit) {
            self.news.store(true, Ordering::Relaxed);
        }
        self.keep((unit.files.len() + unit.answers.len()) * FILE_BYTES, |next| {
            next.units.insert(name, unit);
        });
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

    /// The memory of this build.
    pub(super) fn into_memory(self) -> Memory {
        if self.is_too_much() {
            return Memory::default();
        }
        let mut memory = self.next.into_inner().unwrap_or_else(PoisonError::into_inner);
        if memory.shared.is_none() {
            (memory.shared, memory.units, memory.search) = (self.before.shared, self.before.units, self.before.search);
        }
        if memory.texts.is_empty() {
            memory.texts = self.before.texts;
        }
        memory
    }

    /// Leaves the memory of this build to the next. Where it cannot be written, the next one starts anew.
    pub(super) fn save(self) -> std::io::Result<()> {
        if self.is_too_much() {
            self.forget();
            return Ok(());
        }
        let mut memory = self.next.into_inner().unwrap_or_else(PoisonError::into_inner);
        let same = |next: &Memory, before: &Memory| next.units.len() == before.units.len() && next.shared == before.shared && next.search == before.search;
        let as_before = memory.shared.is_none() || same(&memory, &self.before);
        if memory.shared.is_none() {
            // Findings stopped the build before a page was made: those of the build before are still what they were.
            (memory.shared, memory.units, memory.search) = (self.before.shared, self.before.units, self.before.search);
        }
        let Some(store) = self.store else { return Ok(()) };
        if as_before && !self.news.load(Ordering::Relaxed) {
            return Ok(());
        }
        let bytes = |written: postcard::Result<Vec<u8>>| written.map_err(std::io::Error::other);
        if !memory.texts.is_empty() {
            store.write(TEXTS, &bytes(postcard::to_stdvec(&memory.texts))?)?;
        }
        store.write(SITE, &bytes(postcard::to_stdvec(&memory))?)?;
        store.keep_only(&HashSet::from([SITE.to_string(), TEXTS.to_string()]));
        Ok(())
    }
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
fn identity(site: &Site) -> Sha256Sum {
    Sha256Sum::of_value(&(env!("GONGKAI_BUILD"), site.root().to_string_lossy(), site.output().to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_can_be_held_is_as_nothing() {
        let of = |most: usize| {
            let before = Memory { identity: Some(Sha256Sum::of(b"this program")), ..Memory::default() };
            Recall { records: true, most, ..Recall::from(before) }
        };
        let (one, other) = (Sha256Sum::of(b"one"), Sha256Sum::of(b"other"));
        let fits = of(100);
        fits.found(one, &"甲".repeat(20));
        assert!(!fits.is_too_much() && fits.into_memory().pieces.contains_key(&one));
        let much = of(100);
        much.found(one, &"甲".repeat(20));
        much.found(other, &"乙".repeat(20));
        much.found(one, &"丙");
        assert!(much.is_too_much() && much.next().pieces.is_empty());
        let memory = much.into_memory();
        assert!(memory.identity.is_none() && memory.pieces.is_empty(), "the next build starts from nothing");
    }
}
