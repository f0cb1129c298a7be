//! Every place of every text, by what follows it: the files that tell which reports hold a string.
//!
//! A key is what stands at a place of a text and after it, up to [`DEPTH`] UTF-16 units; at the end of the text it closes with a zero
//! unit. Keys that share a beginning are told apart only as far as more than [`FEW`] reports have it: what is left is looked up in the
//! texts, which have to be fetched for their sentences anyway. So a string of up to [`DEPTH`] units is answered by one file, exactly, or
//! by at most [`FEW`] reports that may hold it; a longer one by a few files whose reports are then looked at.
//!
//! The line of keys is cut into [`Part`]s twice: into ranges small enough to be sorted in memory, then into files. A string that has
//! several files below it finds its reports in the first of them.

use super::glean::{Doc, docs, texts};
use super::pack::{number, packed};
use super::radix::{Part, cut};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest key, in UTF-16 units.
pub(super) const DEPTH: usize = 8;
/// Reports for which a beginning is not told apart any further.
pub(super) const FEW: usize = 4;
/// Places that are sorted at once; each takes 32 bytes, and about as much again while its file is made.
const AT_ONCE: u64 = 250_000;
/// All texts are gone through for each range: where there would be far more ranges than this, they are larger.
const RANGES: u64 = 128;
/// Bytes of a text that are looked through together.
const AT_A_GLANCE: usize = 64;

/// How many places begin with each UTF-16 unit, and for those with too many, what follows.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Census {
    at_once: u64,
    first: Vec<u64>,
    second: BTreeMap<u16, Vec<u32>>,
    /// Reports that hold a unit whose places are sorted in several ranges.
    #[serde(skip)]
    holders: BTreeMap<u16, Vec<u8>>,
}

impl Census {
    /// From the first units of all places; says whether [`Census::look`] has to go through all texts once.
    pub fn new(first: Vec<u64>, cells: usize) -> (Census, bool) {
        Census::with(at_once(first.iter().sum()), first, cells)
    }

    pub(super) fn with(at_once: u64, first: Vec<u64>, cells: usize) -> (Census, bool) {
        let many: Vec<u16> = (0..=u16::MAX).filter(|unit| first[usize::from(*unit)] > at_once).collect();
        let census = Census {
            at_once,
            first,
            second: many.iter().map(|unit| (*unit, vec![0; 1 << 16])).collect(),
            holders: many.iter().map(|unit| (*unit, vec![0; cells])).collect(),
        };
        let wanted = !many.is_empty();
        (census, wanted)
    }

    /// Whether ranges are as large as they would be in a new census.
    pub fn fits(&self) -> bool {
        self.at_once == at_once(self.places())
    }

    /// Counts what follows frequent units in texts put aside.
    pub fn look(&mut self, bytes: &[u8]) {
        texts(bytes, |text, holders| {
            let mut seen: Vec<u16> = Vec::new();
            for at in (0..text.len()).step_by(2) {
                let unit = unit(text, at);
                let Some(second) = self.second.get_mut(&unit) else { continue };
                second[usize::from(self::unit(text, at + 2))] += 1;
                if !seen.contains(&unit) {
                    seen.push(unit);
                }
            }
            for unit in seen {
                let cells = self.holders.get_mut(&unit).expect("counted above");
                docs(holders).for_each(|doc| cells[doc.cell as usize] |= doc.slots);
            }
        });
    }

    /// Places in all.
    pub fn places(&self) -> u64 {
        self.first.iter().sum()
    }

    /// The census after some texts have become others; none if another number of units is counted to the second then.
    pub(super) fn after(&self, old: &[u8], new: &[u8]) -> Option<Census> {
        let mut census = self.clone();
        for (bytes, sign) in [(old, -1i64), (new, 1)] {
            texts(bytes, |text, _| {
                for at in (0..text.len()).step_by(2) {
                    let first = &mut census.first[usize::from(unit(text, at))];
                    *first = first.wrapping_add_signed(sign);
                    if let Some(second) = census.second.get_mut(&unit(text, at)) {
                        let second = &mut second[usize::from(unit(text, at + 2))];
                        *second = second.wrapping_add_signed(sign as i32);
                    }
                }
            });
        }
        let many = |unit: &u16| census.first[usize::from(*unit)] > census.at_once;
        (0..=u16::MAX).filter(many).eq(census.second.keys().copied()).then_some(census)
    }

    /// The parts of the line that are sorted one at a time, each with how many places it has.
    pub(super) fn parts(&self) -> Vec<(Part, u64)> {
        let mut parts = Vec::new();
        let count = |part: Part| -> u64 {
            let (low, high) = ((part.bits >> 96) as u32, (part.last() >> 96) as u32);
            match self.second.get(&((low >> 16) as u16)) {
                Some(second) if part.depth > 16 => second[(low & 0xffff) as usize..=(high & 0xffff) as usize].iter().map(|count| u64::from(*count)).sum(),
                _ => self.first[(low >> 16) as usize..=(high >> 16) as usize].iter().sum(),
            }
        };
        let mut weigh = |part: Part| {
            let places = count(part);
            (part.depth < 32 || places == 0).then_some(places)
        };
        cut(Part::default(), self.at_once, &mut weigh, &mut parts);
        parts.into_iter().map(|part| (part, count(part))).collect()
    }

    /// Ranges of keys that are sorted one at a time.
    pub fn ranges(&self) -> Vec<Range> {
        let parts = self.parts();
        let ranges = parts.iter().enumerate().map(|(place, (part, places))| {
            let holders = carries_unit(&parts, place).then(|| self.holders[&part.unit()].iter().enumerate().filter(|(_, slots)| **slots > 0));
            let holders = holders.map(|cells| cells.map(|(cell, slots)| Doc { cell: cell as u32, slots: *slots }).collect());
            Range { part: *part, holders, records: Records::of(*places as usize) }
        });
        ranges.collect()
    }
}

/// Places in a range at most. Larger by powers of two, so that few edits make ranges others.
fn at_once(places: u64) -> u64 {
    let mut at_once = AT_ONCE;
    while places / at_once > RANGES {
        at_once *= 2;
    }
    at_once
}

/// Whether the range at a place is the first of a unit that has several: it carries the reports of the unit itself.
pub(super) fn carries_unit(parts: &[(Part, u64)], place: usize) -> bool {
    let part = parts[place].0;
    part.depth > 16 && place.checked_sub(1).is_none_or(|before| parts[before].0.unit() != part.unit())
}

/// The unit at a place of a text put aside; zero behind its end.
fn unit(text: &[u8], at: usize) -> u16 {
    text.get(at..at + 2).map_or(0, |unit| u16::from_le_bytes([unit[0], unit[1]]))
}

/// One range of keys while it is made.
#[derive(Debug)]
pub struct Range {
    part: Part,
    /// Reports of the unit all keys of this range begin with, where other ranges have it too and this is the first.
    holders: Option<Vec<Doc>>,
    records: Records,
}

/// Places of texts by the keys that stand there.
#[derive(Debug)]
pub(super) struct Records {
    /// How many they are at most.
    places: usize,
    /// Key and text.
    keys: Vec<(u128, u32)>,
    docs: Vec<Doc>,
    /// Where the documents of each text begin.
    starts: Vec<u32>,
}

/// What a build remembers of a file of the index.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
pub struct Kept {
    /// Keys it covers.
    pub part: Part,
    /// In tenths of a byte.
    pub(super) weight: u64,
    /// How many entries it has.
    pub(super) entries: u32,
    /// Depths of the shorter strings whose reports it carries, a bit each.
    pub(super) carries: u8,
    /// Whether more than [`FEW`] reports stand in its entries.
    pub(super) is_many: bool,
}

/// A file of the index.
#[derive(Debug)]
pub struct File {
    /// What is remembered of it.
    pub kept: Kept,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    /// Where the file of a part stands: `search/i/16-4e00.bin`.
    pub fn path(part: Part) -> String {
        format!("search/i/{}.bin", part.name())
    }
}

impl Range {
    /// Takes the places of this range from texts put aside.
    pub fn take(&mut self, bytes: &[u8]) {
        self.records.take(self.part, bytes);
    }

    /// The files of the range, none heavier than about `most` bytes unless one key alone is. `cells` is the number of reports of the
    /// field, with room for more.
    pub fn files(mut self, most: u64, cells: usize) -> Vec<File> {
        self.records.sort();
        let mut entries = Entries::default();
        self.records.entries(0, self.records.keys.len(), 0, &mut entries);
        drop(self.records);
        entries.weigh();
        let mut parents: Vec<(u8, Vec<Doc>)> = self.holders.take().into_iter().map(|docs| (1, docs)).collect();
        let mut out = Vec::new();
        divide(&entries, (0, entries.list.len()), self.part, most, &mut Union::of(cells), &mut parents, &mut out);
        out
    }
}

impl Records {
    pub(super) fn of(places: usize) -> Records {
        Records { places, keys: Vec::new(), docs: Vec::new(), starts: vec![0] }
    }

    /// Takes the places whose keys lie in a part.
    pub(super) fn take(&mut self, part: Part, bytes: &[u8]) {
        let (low, span) = (part.unit(), (part.last() >> 112) as u16 - part.unit());
        let is_near = |unit: &[u8]| u16::from_le_bytes([unit[0], unit[1]]).wrapping_sub(low) <= span;
        let all = part.bits..=part.last();
        // All at once: a list that grows is there twice while it moves.
        self.keys.reserve_exact(self.places.saturating_sub(self.keys.len()));
        texts(bytes, |text, holders| {
            let mut known = false;
            for (start, some) in (0..).step_by(AT_A_GLANCE).zip(text.chunks(AT_A_GLANCE)) {
                // Most texts have nothing of a range: many units are compared at once.
                if !some.chunks_exact(2).fold(false, |any, unit| any | is_near(unit)) {
                    continue;
                }
                for at in (start..start + some.len()).step_by(2).filter(|at| is_near(&text[*at..])) {
                    let key = key_at(text, at);
                    if !all.contains(&key) {
                        continue;
                    }
                    if !known {
                        known = true;
                        self.docs.extend(docs(holders));
                        self.starts.push(self.docs.len() as u32);
                    }
                    self.keys.push((key, self.starts.len() as u32 - 2));
                }
            }
        });
    }

    /// Takes from others the places whose keys lie in a part.
    pub(super) fn take_from(&mut self, part: Part, others: &Records) {
        for (key, text) in &others.keys[others.within(part)] {
            self.docs.extend_from_slice(others.docs_of(*text));
            self.starts.push(self.docs.len() as u32);
            self.keys.push((*key, self.starts.len() as u32 - 2));
        }
    }

    pub(super) fn sort(&mut self) {
        self.keys.sort_unstable();
        self.keys.dedup();
    }

    /// Where the keys of a part stand, once they are sorted.
    fn within(&self, part: Part) -> std::ops::Range<usize> {
        let (first, last) = (part.bits, part.last());
        self.keys.partition_point(|(key, _)| *key < first)..self.keys.partition_point(|(key, _)| *key <= last)
    }

    /// The documents of all keys of a part, in no order, and some of them twice.
    pub(super) fn docs_within(&self, part: Part) -> impl Iterator<Item = Doc> + '_ {
        self.keys[self.within(part)].iter().flat_map(|(_, text)| self.docs_of(*text)).copied()
    }

    /// Entries for all keys, of which the first `depth` units are shared and known to be more than a few reports'.
    pub(super) fn all_entries(&self, depth: usize, out: &mut Entries) {
        self.told_apart(0, self.keys.len(), depth, out);
    }

    /// Entries for the records from `from` to `to`, which share `depth` units.
    fn entries(&self, from: usize, to: usize, depth: usize, out: &mut Entries) {
        if from == to {
            return;
        }
        if is_told(self.keys[from].0, depth) || self.are_few(from, to) {
            out.add(self.keys[from].0, depth as u8, self.keys[from..to].iter().map(|(_, text)| self.docs_of(*text)));
            return;
        }
        self.told_apart(from, to, depth, out);
    }

    fn told_apart(&self, from: usize, to: usize, depth: usize, out: &mut Entries) {
        let mut start = from;
        while start < to {
            let unit = unit_of(self.keys[start].0, depth);
            let end = start + self.keys[start..to].partition_point(|(key, _)| unit_of(*key, depth) == unit);
            self.entries(start, end, depth + 1, out);
            start = end;
        }
    }

    fn docs_of(&self, text: u32) -> &[Doc] {
        &self.docs[self.starts[text as usize] as usize..self.starts[text as usize + 1] as usize]
    }

    fn are_few(&self, from: usize, to: usize) -> bool {
        are_few(self.keys[from..to].iter().flat_map(|(_, text)| self.docs_of(*text)).copied())
    }
}

/// Whether a key has no more than `depth` units.
pub(super) fn is_told(key: u128, depth: usize) -> bool {
    depth == DEPTH || depth > 0 && unit_of(key, depth - 1) == 0
}

/// Whether documents are of no more than [`FEW`] reports.
pub(super) fn are_few(docs: impl Iterator<Item = Doc>) -> bool {
    let mut seen = [u32::MAX; FEW];
    let mut count = 0;
    for doc in docs {
        if seen[..count].contains(&doc.cell) {
            continue;
        }
        if count == FEW {
            return false;
        }
        seen[count] = doc.cell;
        count += 1;
    }
    true
}

/// The key of a place of a text put aside.
pub(super) fn key_at(text: &[u8], at: usize) -> u128 {
    (0..DEPTH).fold(0u128, |key, place| key << 16 | u128::from(unit(text, at + 2 * place)))
}

pub(super) fn unit_of(key: u128, place: usize) -> u16 {
    (key >> (112 - 16 * place)) as u16
}

/// Keys in order, each with its reports.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) list: Vec<Key>,
    pub(super) docs: Vec<Doc>,
    /// Weight of all entries before each, in tenths of a byte.
    pub(super) weights: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) bits: u128,
    pub(super) depth: u8,
    /// Where its documents end.
    pub(super) end: u32,
}

impl Entries {
    pub(super) fn add<'d>(&mut self, key: u128, depth: u8, docs: impl ExactSizeIterator<Item = &'d [Doc]>) {
        let (start, are_many) = (self.docs.len(), docs.len() > 1);
        docs.for_each(|docs| self.docs.extend_from_slice(docs));
        // The documents of one text, or of one entry, are in order.
        if are_many {
            merge(&mut self.docs, start);
        }
        let kept = u128::MAX << (128 - 16 * u32::from(depth)).min(127);
        let bits = if depth == 0 { 0 } else { key & kept };
        self.list.push(Key { bits, depth, end: self.docs.len() as u32 });
    }

    pub(super) fn docs_of(&self, from: usize, to: usize) -> &[Doc] {
        let start = if from == 0 { 0 } else { self.list[from - 1].end as usize };
        if from == to { &[] } else { &self.docs[start..self.list[to - 1].end as usize] }
    }

    pub(super) fn weigh(&mut self) {
        let mut sum = 0;
        self.weights.push(0);
        for place in 0..self.list.len() {
            sum += weight(self.docs_of(place, place + 1));
            self.weights.push(sum);
        }
    }
}

/// About what an entry takes once it is packed, in tenths of a byte: key, count and the first report; near reports; far ones.
pub(super) fn weight(docs: &[Doc]) -> u64 {
    let near = docs.windows(2).filter(|pair| pair[1].cell - pair[0].cell < 3).count() as u64;
    25 + near * 2 + (docs.len() as u64 - 1 - near) * 6
}

/// Puts the documents behind `start` in order, each report once.
pub(super) fn merge(all: &mut Vec<Doc>, start: usize) {
    // Texts stand in order of their bodies, so that runs of documents are nearly in order.
    all[start..].sort();
    let mut last = start;
    for place in start + 1..all.len() {
        let doc = all[place];
        if all[last].cell == doc.cell {
            all[last].slots |= doc.slots;
        } else {
            last += 1;
            all[last] = doc;
        }
    }
    all.truncate(last + 1);
}

/// Reports of many entries together.
struct Union {
    cells: Vec<u8>,
}

impl Union {
    fn of(cells: usize) -> Union {
        Union { cells: vec![0; cells] }
    }

    fn merged(&mut self, docs: &[Doc]) -> Vec<Doc> {
        let mut all: Vec<Doc> = Vec::new();
        for doc in docs {
            let slots = &mut self.cells[doc.cell as usize];
            if *slots == 0 {
                all.push(Doc { cell: doc.cell, slots: 0 });
            }
            *slots |= doc.slots;
        }
        all.sort_unstable();
        for doc in &mut all {
            doc.slots = std::mem::take(&mut self.cells[doc.cell as usize]);
        }
        all
    }
}

/// Cuts a range into files. `parents` are the reports of shorter strings that the next file made will carry.
fn divide(entries: &Entries, (from, to): (usize, usize), part: Part, most: u64, union: &mut Union, parents: &mut Vec<(u8, Vec<Doc>)>, out: &mut Vec<File>) {
    if from == to {
        return;
    }
    let weight = entries.weights[to] - entries.weights[from];
    if weight <= most * 10 || to - from == 1 {
        out.push(file(entries, from, to, part, &std::mem::take(parents)));
        return;
    }
    if part.depth > 0 && part.depth.is_multiple_of(16) {
        parents.push((part.depth / 16, union.merged(entries.docs_of(from, to))));
    }
    let (lower, upper) = part.halves();
    let middle = from + entries.list[from..to].partition_point(|key| key.bits < upper.bits);
    divide(entries, (from, middle), lower, most, union, parents, out);
    divide(entries, (middle, to), upper, most, union, parents, out);
}

/// A file of some entries.
pub(super) fn file(entries: &Entries, from: usize, to: usize, part: Part, parents: &[(u8, Vec<Doc>)]) -> File {
    let kept = Kept {
        part,
        weight: entries.weights[to] - entries.weights[from],
        entries: (to - from) as u32,
        carries: parents.iter().fold(0, |carries, (depth, _)| carries | 1 << depth),
        is_many: !are_few(entries.docs_of(from, to).iter().copied()),
    };
    File { kept, bytes: encoded(entries, from, to, part, parents) }
}

/// The bytes of a file: its name; reports of shorter strings; then the entries in columns.
fn encoded(entries: &Entries, from: usize, to: usize, part: Part, parents: &[(u8, Vec<Doc>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let name = part.name();
    number(&mut bytes, name.len() as u32);
    bytes.extend(name.as_bytes());
    number(&mut bytes, parents.len() as u32);
    for (depth, docs) in parents {
        bytes.push(*depth);
        number(&mut bytes, docs.len() as u32);
    }
    number(&mut bytes, (to - from) as u32);
    let (mut shapes, mut high, mut low, mut counts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut before = 0u128;
    for place in from..to {
        let key = &entries.list[place];
        let shared = ((before ^ key.bits).leading_zeros() / 16).min(u32::from(key.depth)) as u8;
        shapes.push(shared << 4 | (key.depth - shared));
        for unit in shared..key.depth {
            let [a, b] = unit_of(key.bits, unit.into()).to_be_bytes();
            high.push(a);
            low.push(b);
        }
        before = key.bits;
        number(&mut counts, entries.docs_of(place, place + 1).len() as u32);
    }
    number(&mut bytes, high.len() as u32);
    for column in [shapes, high, low, counts] {
        bytes.extend(column);
    }
    let lists = parents.iter().map(|(_, docs)| docs.as_slice()).chain((from..to).map(|place| entries.docs_of(place, place + 1)));
    let mut slots = Vec::new();
    for docs in lists {
        let mut last = 0;
        for doc in docs {
            number(&mut bytes, doc.cell - last);
            last = doc.cell;
            slots.push(doc.slots);
        }
    }
    bytes.extend(slots);
    packed(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::ZlibDecoder;
    use std::collections::BTreeSet;
    use std::io::Read as _;

    /// Reports of a string, as `search.js` reads them: whether all of them hold it, and their numbers.
    fn ask(files: &[File], string: &[u16]) -> (bool, BTreeSet<u32>) {
        let low = string.iter().enumerate().fold(0u128, |key, (place, unit)| key | u128::from(*unit) << (112 - 16 * place));
        let high = low | u128::MAX.checked_shr(16 * string.len() as u32).unwrap_or(0);
        let of: Vec<&File> = files.iter().filter(|file| file.kept.part.bits <= high && file.kept.part.last() >= low).collect();
        let Some(file) = of.first() else { return (true, BTreeSet::new()) };
        let parent = of.len() > 1 || file.kept.part.bits > low || file.kept.part.last() < high;
        let mut bytes = Vec::new();
        ZlibDecoder::new(file.bytes.as_slice()).read_to_end(&mut bytes).unwrap();
        let mut at = 0;
        let number = |bytes: &[u8], at: &mut usize| {
            let mut value = 0u32;
            for shift in (0..).step_by(7) {
                let byte = bytes[*at];
                *at += 1;
                value |= u32::from(byte & 127) << shift;
                if byte < 128 {
                    return value as usize;
                }
            }
            unreachable!()
        };
        let name = number(&bytes, &mut at);
        assert_eq!(std::str::from_utf8(&bytes[at..at + name]).unwrap(), file.kept.part.name());
        at += name;
        let mut lists: Vec<(usize, bool)> = Vec::new();
        for _ in 0..number(&bytes, &mut at) {
            let depth = usize::from(bytes[at]);
            at += 1;
            lists.push((number(&bytes, &mut at), parent && depth == string.len()));
        }
        assert!(!parent || lists.iter().any(|(_, hit)| *hit), "a string with several files has its reports in the first");
        let (entries, added) = (number(&bytes, &mut at), number(&bytes, &mut at));
        let (shapes, rest) = bytes[at..].split_at(entries);
        let (upper, lower) = (&rest[..added], &rest[added..2 * added]);
        at += entries + 2 * added;
        let (mut key, mut unit, mut sure): (Vec<u16>, usize, bool) = (Vec::new(), 0, true);
        for shape in shapes {
            key.truncate(usize::from(shape >> 4));
            for _ in 0..shape & 15 {
                key.push(u16::from_be_bytes([upper[unit], lower[unit]]));
                unit += 1;
            }
            let hit = !parent && (key.starts_with(string) || string.starts_with(&key));
            sure &= !hit || key.len() >= string.len();
            lists.push((number(&bytes, &mut at), hit));
        }
        let mut found = BTreeSet::new();
        for (count, hit) in lists {
            let mut cell = 0;
            for _ in 0..count {
                cell += number(&bytes, &mut at) as u32;
                found.extend(hit.then_some(cell));
            }
        }
        (sure, found)
    }

    #[test]
    fn every_string_is_answered_however_finely_the_line_is_cut() {
        // Texts over few letters repeat each other's beginnings; each is held by one to three reports.
        let mut state = 7u32;
        let mut below = |limit: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % limit
        };
        let texts: Vec<(Vec<u16>, Vec<Doc>)> = (0..300u32)
            .map(|place| {
                let text = (0..1 + below(30)).map(|_| [0x4e00, 0x4e01, 0x8000, 0x30, 0xd842, 0xdfb7][below(6) as usize]).collect();
                (text, (0..1 + place % 3).map(|more| Doc { cell: place / 2 + more * 40, slots: 1 << (place % 8) }).collect())
            })
            .collect();
        let mut bytes = Vec::new();
        let mut first = vec![0u64; 1 << 16];
        for (text, docs) in &texts {
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend((docs.len() as u32).to_le_bytes());
            for unit in text {
                first[usize::from(*unit)] += 1;
                bytes.extend(unit.to_le_bytes());
            }
            for doc in docs {
                bytes.extend(doc.cell.to_le_bytes());
                bytes.push(doc.slots);
            }
        }
        let strings: Vec<Vec<u16>> = texts
            .iter()
            .flat_map(|(text, _)| (1..=DEPTH).filter_map(|length| text.get(text.len() / 3..text.len() / 3 + length)))
            .map(<[u16]>::to_vec)
            .collect();
        for (at_once, most) in [(u64::MAX, 1_000_000), (u64::MAX, 60), (400, 60), (90, 20), (20, 1)] {
            let (mut census, look) = Census::with(at_once, first.clone(), 400);
            assert_eq!(look, at_once < 1_000);
            if look {
                census.look(&bytes);
            }
            let files: Vec<File> = census
                .ranges()
                .into_iter()
                .flat_map(|mut range| {
                    range.take(&bytes);
                    range.files(most, 400)
                })
                .collect();
            assert!(files.windows(2).all(|pair| pair[0].kept.part.last() < pair[1].kept.part.bits), "in order, and apart");
            for string in &strings {
                let holds = |text: &[u16]| text.windows(string.len()).any(|part| part == string);
                let truth: BTreeSet<u32> = texts.iter().filter(|(text, _)| holds(text)).flat_map(|(_, docs)| docs).map(|doc| doc.cell).collect();
                let (sure, found) = ask(&files, string);
                assert!(if sure { found == truth } else { found.is_superset(&truth) && found.len() <= FEW }, "{string:x?} {at_once} {most}");
            }
        }
    }
}
