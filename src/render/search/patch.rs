//! The files of the index after some bodies' texts have changed, from those of the portal before.
//!
//! What stands in a file depends on the keys of its part alone, and of each key on the reports that hold it. Reports of bodies that did not
//! change are read from the old files; only of these bodies all places are known, before and now. So a key has changed if these bodies'
//! reports of it are others, and what no changed key stands in is as it was. Where a beginning now has too many reports to be left as it
//! was, the texts of these few are read. What cannot be said in this way has no patch, and everything is made anew.

use super::glean::{Doc, texts};
use super::index::{Census, DEPTH, Entries, FEW, File, Kept, Key, Records, are_few, carries_unit, file, is_told, key_at, merge, weight};
use super::radix::Part;
use flate2::read::ZlibDecoder;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::sync::Arc;

/// What a build remembers of the index.
#[derive(Debug, Deserialize, Serialize)]
pub struct Index {
    /// What its ranges were found by.
    pub census: Census,
    /// Weight of the heaviest file.
    pub weight: u64,
    /// Its files, in order.
    pub files: Vec<Kept>,
}

/// Where a patch finds what it needs; none ends it.
pub trait Before: Sync {
    /// The bytes of a file of the portal before.
    fn file(&self, part: Part) -> Option<Vec<u8>>;

    /// The distinct texts, put aside, of the body that has a report.
    fn texts(&self, cell: u32) -> Option<Arc<Vec<u8>>>;
}

/// A file of the index: as it was, or made anew.
#[derive(Debug)]
pub enum Patched {
    /// Nothing in it has changed.
    Kept(Kept),
    /// Something has.
    Made(File),
}

/// Changed texts, and the index before.
pub struct Patch<'a> {
    index: &'a Index,
    before: &'a dyn Before,
    /// The census as it is now.
    pub census: Census,
    ranges: Vec<(Part, u64)>,
    /// All places of changed bodies as they are now.
    new: Records,
    /// Whether a report is a changed body's.
    is_changed: &'a (dyn Fn(u32) -> bool + Sync),
    /// Keys that have other reports than before, in order.
    keys: Vec<u128>,
}

impl<'a> Patch<'a> {
    /// From the distinct texts of changed bodies, before and now; none if its ranges are no more what they were.
    pub fn of(index: &'a Index, before: &'a dyn Before, old: &[u8], new: &[u8], is_changed: &'a (dyn Fn(u32) -> bool + Sync)) -> Option<Patch<'a>> {
        let census = index.census.after(old, new)?;
        let ranges = census.parts();
        if !ranges.iter().map(|(part, _)| part).eq(index.census.parts().iter().map(|(part, _)| part)) {
            return None;
        }
        let keys = suspects(old, new);
        let records = |bytes: &[u8]| {
            let mut records = Records::of(0);
            records.take(Part::default(), bytes);
            records.sort();
            records
        };
        let (old, new) = (records(old), records(new));
        let keys = keys.into_iter().filter(|key| {
            let part = Part { bits: *key, depth: 128 };
            merged(old.docs_within(part)) != merged(new.docs_within(part))
        });
        Some(Patch { index, before, census, ranges, keys: keys.collect(), new, is_changed })
    }

    /// How many ranges there are.
    pub fn ranges(&self) -> usize {
        self.ranges.len()
    }

    /// The files of a range.
    pub fn files(&self, range: usize) -> Option<Vec<Patched>> {
        let bounds = self.ranges[range].0;
        let carries = carries_unit(&self.ranges, range);
        let unit = Part { bits: bounds.bits, depth: 16 };
        let old = self.files_of(bounds);
        let is_touched = self.touches(bounds) || carries && self.touches(unit);
        if !is_touched {
            return Some(old.iter().map(|kept| Patched::Kept(*kept)).collect());
        }
        let mut work = Mending { patch: self, bounds, old, line: Entries::default(), whole: BTreeMap::new(), unions: BTreeMap::new(), is_many: false };
        work.groups()?;
        work.line()?;
        let parents = if carries { vec![(1, self.union(&work.old.first()?.part, 1, unit)?)] } else { Vec::new() };
        let end = work.line.list.len();
        let mut cutting = Cutting { work: &work, parents, out: Vec::new() };
        cutting.divide((0, end), bounds)?;
        Some(cutting.out)
    }

    /// The keys that have changed within a part.
    fn keys_of(&self, part: Part) -> &[u128] {
        let last = part.last();
        &self.keys[self.keys.partition_point(|key| *key < part.bits)..self.keys.partition_point(|key| *key <= last)]
    }

    fn touches(&self, part: Part) -> bool {
        !self.keys_of(part).is_empty()
    }

    /// The old files within a part.
    fn files_of(&self, part: Part) -> &'a [Kept] {
        let files = &self.index.files;
        let last = part.last();
        let from = files.partition_point(|file| file.part.bits < part.bits);
        let files = &files[from..files.partition_point(|file| file.part.bits <= last)];
        // One that begins where the part does may be larger.
        if files.first().is_some_and(|file| file.part.depth < part.depth) { &[] } else { files }
    }

    /// The reports of a group as they are now, from the list that the first of its old files carries.
    fn union(&self, first: &Part, depth: u8, group: Part) -> Option<Vec<Doc>> {
        let (lists, _) = decoded(&self.before.file(*first)?, *first)?;
        let docs = lists.into_iter().find(|(own, _)| *own == depth)?.1;
        Some(merged(self.now(&docs, group)))
    }

    /// Old documents of a group, and changed bodies' documents as they are now; in no order, and some of them twice.
    fn now<'d>(&'d self, old: &'d [Doc], group: Part) -> impl Iterator<Item = Doc> + 'd {
        old.iter().copied().filter(|doc| !(self.is_changed)(doc.cell)).chain(self.new.docs_within(group))
    }
}

/// Keys of all texts that are only among the old ones or only among the new ones, or have other documents there.
fn suspects(old: &[u8], new: &[u8]) -> Vec<u128> {
    let mut known: BTreeSet<(&[u8], &[u8])> = BTreeSet::new();
    texts(old, |text, docs| {
        known.insert((text, docs));
    });
    let mut keys = Vec::new();
    let mut add = |text: &[u8]| keys.extend((0..text.len()).step_by(2).map(|at| key_at(text, at)));
    texts(new, |text, docs| {
        if !known.remove(&(text, docs)) {
            add(text);
        }
    });
    for (text, _) in known {
        add(text);
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn merged(docs: impl Iterator<Item = Doc>) -> Vec<Doc> {
    let mut docs = docs.collect();
    merge(&mut docs, 0);
    docs
}

/// The group of keys that share so many units with one, as far as it lies within a range.
fn group(key: u128, depth: usize, bounds: Part) -> Part {
    let bits = 16 * depth as u8;
    if bits <= bounds.depth { bounds } else { Part { bits: key & (u128::MAX << (128 - bits)), depth: bits } }
}

/// One range while it is patched.
struct Mending<'p> {
    patch: &'p Patch<'p>,
    bounds: Part,
    /// Its old files.
    old: &'p [Kept],
    /// Its entries; in place of those of an old file in which no key has changed stands one that is none.
    line: Entries,
    /// These files, by their place in the line.
    whole: BTreeMap<usize, Kept>,
    /// Reports of groups that were in several files, as they are now.
    unions: BTreeMap<Part, Vec<Doc>>,
    is_many: bool,
}

impl<'p> Mending<'p> {
    /// Finds the reports of all groups of changed keys that are in several files. They have to be more than a few still.
    fn groups(&mut self) -> Option<()> {
        for key in self.patch.keys_of(self.bounds) {
            for depth in 1..=DEPTH {
                let part = Part { bits: group(*key, depth, Part::default()).bits, depth: 16 * depth as u8 };
                if part.depth < self.bounds.depth || self.unions.contains_key(&part) {
                    continue;
                }
                let files = self.patch.files_of(part);
                let Some(first) = files.first().filter(|first| first.part != part) else { break };
                let docs = self.patch.union(&first.part, depth as u8, part)?;
                if docs.len() <= FEW {
                    return None;
                }
                self.unions.insert(part, docs);
            }
        }
        Some(())
    }

    /// Lays out the range: old files as they are, and the entries of those in which keys have changed, mended.
    fn line(&mut self) -> Option<()> {
        let mut keys = self.patch.keys_of(self.bounds);
        for kept in self.old {
            let before = keys.partition_point(|key| *key < kept.part.bits);
            self.between(&keys[..before])?;
            keys = &keys[before..];
            let within = keys.partition_point(|key| *key <= kept.part.last());
            if within == 0 {
                self.is_many |= kept.is_many;
                self.whole.insert(self.line.list.len(), *kept);
                self.line.list.push(Key { bits: kept.part.bits, depth: 0, end: self.line.docs.len() as u32 });
                continue;
            }
            let (_, old) = decoded(&self.patch.before.file(kept.part)?, kept.part)?;
            let start = self.line.list.len();
            let depth = if kept.part == self.bounds { 0 } else { usize::from(kept.part.depth.div_ceil(16)) };
            self.mend_groups(&old, (0, old.list.len()), &keys[..within], depth)?;
            self.is_many |= !are_few(self.line.docs_of(start, self.line.list.len()).iter().copied());
            keys = &keys[within..];
        }
        self.between(keys)?;
        // All files of the range together have to be more than a few reports' still.
        let alone = matches!(self.old, [] | [_]) && self.old.first().is_none_or(|kept| kept.part == self.bounds);
        if !alone && !self.is_many {
            return None;
        }
        self.line.weights.push(0);
        let mut sum = 0;
        for place in 0..self.line.list.len() {
            sum += self.whole.get(&place).map_or_else(|| weight(self.line.docs_of(place, place + 1)), |kept| kept.weight);
            self.line.weights.push(sum);
        }
        Some(())
    }

    /// Entries for keys that stand where no old file is.
    fn between(&mut self, keys: &[u128]) -> Option<()> {
        let mut rest = keys;
        while let Some(key) = rest.first() {
            // The first group in which nothing was.
            let free = |depth: &usize| {
                let part = group(*key, *depth, self.bounds);
                !self.old.iter().any(|kept| part.has(kept.part) || kept.part.has(part))
            };
            let depth = (0..=DEPTH).find(free)?;
            let part = group(*key, depth, self.bounds);
            let within = rest.partition_point(|key| *key <= part.last());
            self.mend(&Entries::default(), (0, 0), &rest[..within], depth)?;
            rest = &rest[within..];
        }
        Some(())
    }

    /// Goes through groups of so many shared units.
    fn mend_groups(&mut self, old: &Entries, (from, to): (usize, usize), keys: &[u128], depth: usize) -> Option<()> {
        let (mut from, mut keys) = (from, keys);
        while from < to || !keys.is_empty() {
            let next = match (old.list[from..to].first(), keys.first()) {
                (Some(entry), Some(key)) => entry.bits.min(*key),
                (Some(entry), None) => entry.bits,
                (None, key) => *key?,
            };
            let last = if depth == 0 { u128::MAX } else { Part { bits: group(next, depth, Part::default()).bits, depth: 16 * depth as u8 }.last() };
            let entries = from + old.list[from..to].partition_point(|entry| entry.bits <= last);
            let within = keys.partition_point(|key| *key <= last);
            self.mend(old, (from, entries), &keys[..within], depth)?;
            (from, keys) = (entries, &keys[within..]);
        }
        Some(())
    }

    /// Entries of a group of so many shared units, from its old ones and the keys that have changed in it.
    fn mend(&mut self, old: &Entries, (from, to): (usize, usize), keys: &[u128], depth: usize) -> Option<()> {
        let Some(key) = keys.first() else {
            for place in from..to {
                self.line.add(old.list[place].bits, old.list[place].depth, [old.docs_of(place, place + 1)].into_iter());
            }
            return Some(());
        };
        let part = group(*key, depth, self.bounds);
        let before = old.docs_of(from, to);
        if is_told(*key, depth) || are_few(self.patch.now(before, part)) {
            let docs = merged(self.patch.now(before, part));
            if !docs.is_empty() {
                self.line.add(*key, depth as u8, [docs.as_slice()].into_iter());
            }
            return Some(());
        }
        if from == to || old.list[from].depth > depth as u8 {
            return self.mend_groups(old, (from, to), keys, depth + 1);
        }
        // It was left as it was because it had few reports: their texts tell it apart.
        let mut records = Records::of(0);
        let mut last: Option<Arc<Vec<u8>>> = None;
        for doc in before.iter().filter(|doc| !(self.patch.is_changed)(doc.cell)) {
            let texts = self.patch.before.texts(doc.cell)?;
            // Neighboring reports may be one body's: each text is taken once.
            if !last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &texts)) {
                records.take(part, &texts);
                last = Some(texts);
            }
        }
        records.take_from(part, &self.patch.new);
        records.sort();
        records.all_entries(depth, &mut self.line);
        Some(())
    }
}

/// A range while it is cut into files.
struct Cutting<'m> {
    work: &'m Mending<'m>,
    /// The reports of shorter strings that the next file will carry.
    parents: Vec<(u8, Vec<Doc>)>,
    out: Vec<Patched>,
}

impl Cutting<'_> {
    fn divide(&mut self, (from, to): (usize, usize), part: Part) -> Option<()> {
        let Mending { patch, line, whole, unions, .. } = self.work;
        if from == to {
            return Some(());
        }
        let light = line.weights[to] - line.weights[from] <= patch.index.weight * 10;
        let is_single = to - from == 1 && whole.get(&from).is_none_or(|kept| kept.entries == 1);
        if light || is_single {
            return match whole.get(&from).filter(|kept| to - from == 1 && kept.part == part) {
                Some(kept) => self.old(*kept, part),
                None => self.made((from, to), part),
            };
        }
        if !patch.touches(part) {
            self.old(*whole.get(&from)?, part)?;
            let rest = whole.range(from + 1..to).map(|(_, kept)| Patched::Kept(*kept));
            self.out.extend(rest);
            return Some(());
        }
        if part.depth > 0 && part.depth.is_multiple_of(16) {
            let docs = match unions.get(&part) {
                Some(docs) => docs.clone(),
                None if whole.range(from..to).next().is_none() => merged(line.docs_of(from, to).iter().copied()),
                None => return None,
            };
            self.parents.push((part.depth / 16, docs));
        }
        let (lower, upper) = part.halves();
        let middle = from + line.list[from..to].partition_point(|key| key.bits < upper.bits);
        self.divide((from, middle), lower)?;
        self.divide((middle, to), upper)
    }

    /// An old file, the first within a part in which nothing has changed: what it carries of strings outside of it may have.
    fn old(&mut self, kept: Kept, part: Part) -> Option<()> {
        let inside = |depth: u8| 16 * depth >= part.depth;
        if self.parents.is_empty() && !(1..8).any(|depth| kept.carries & 1 << depth != 0 && !inside(depth)) {
            self.out.push(Patched::Kept(kept));
            return Some(());
        }
        let (lists, entries) = decoded(&self.work.patch.before.file(kept.part)?, kept.part)?;
        let mut parents = std::mem::take(&mut self.parents);
        parents.extend(lists.into_iter().filter(|(depth, _)| inside(*depth)));
        self.out.push(Patched::Made(file(&entries, 0, entries.list.len(), kept.part, &parents)));
        Some(())
    }

    fn made(&mut self, (from, to): (usize, usize), part: Part) -> Option<()> {
        let Mending { patch, line, whole, .. } = self.work;
        let mut all = Entries::default();
        for place in from..to {
            match whole.get(&place) {
                Some(kept) => {
                    let (_, old) = decoded(&patch.before.file(kept.part)?, kept.part)?;
                    for place in 0..old.list.len() {
                        all.add(old.list[place].bits, old.list[place].depth, [old.docs_of(place, place + 1)].into_iter());
                    }
                }
                None => all.add(line.list[place].bits, line.list[place].depth, [line.docs_of(place, place + 1)].into_iter()),
            }
        }
        all.weigh();
        self.out.push(Patched::Made(file(&all, 0, all.list.len(), part, &std::mem::take(&mut self.parents))));
        Some(())
    }
}

/// The reports of shorter strings that a file carries, by their depth.
type Carried = Vec<(u8, Vec<Doc>)>;

/// Lists of shorter strings, and entries, of a file of the index.
fn decoded(bytes: &[u8], part: Part) -> Option<(Carried, Entries)> {
    let mut plain = Vec::new();
    ZlibDecoder::new(bytes).read_to_end(&mut plain).ok()?;
    let mut reader = Reader { rest: &plain };
    let length = reader.number()? as usize;
    if reader.bytes(length)? != part.name().as_bytes() {
        return None;
    }
    let mut parents = Vec::new();
    for _ in 0..reader.number()? {
        parents.push((reader.bytes(1)?[0], reader.number()? as usize));
    }
    let (entries, added) = (reader.number()? as usize, reader.number()? as usize);
    let (shapes, mut high, mut low) = (reader.bytes(entries)?, reader.bytes(added)?, reader.bytes(added)?);
    let mut out = Entries::default();
    let mut key = 0u128;
    let mut end = 0;
    for shape in shapes {
        let (shared, depth) = (shape >> 4, (shape >> 4) + (shape & 15));
        key &= u128::MAX.checked_shl(128 - 16 * u32::from(shared)).unwrap_or(0);
        for place in shared..depth {
            let unit = u16::from_be_bytes([*high.split_off_first()?, *low.split_off_first()?]);
            key |= u128::from(unit).checked_shl(112 - 16 * u32::from(place))?;
        }
        end += reader.number()?;
        out.list.push(Key { bits: key, depth, end });
    }
    let mut all: Vec<Doc> = Vec::with_capacity(end as usize);
    let counts: Vec<usize> = (0..entries).map(|place| (out.list[place].end - place.checked_sub(1).map_or(0, |before| out.list[before].end)) as usize).collect();
    for count in parents.iter().map(|(_, count)| *count).chain(counts) {
        let mut cell = 0;
        for _ in 0..count {
            cell += reader.number()?;
            all.push(Doc { cell, slots: 0 });
        }
    }
    let slots = reader.bytes(all.len())?;
    all.iter_mut().zip(slots).for_each(|(doc, slots)| doc.slots = *slots);
    let mut lists = Vec::new();
    for (depth, count) in parents {
        lists.push((depth, all.drain(..count).collect()));
    }
    out.docs = all;
    out.weigh();
    reader.rest.is_empty().then_some((lists, out))
}

struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        self.rest.split_off(..count)
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in (0..32).step_by(7) {
            let byte = self.bytes(1)?[0];
            value |= u32::from(byte & 127).checked_shl(shift)?;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Distinct texts of a body, each with its documents.
    type Body = BTreeMap<Vec<u16>, Vec<Doc>>;

    const YEARS: u32 = 4;

    fn bytes(body: &Body) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (text, docs) in body {
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend((docs.len() as u32).to_le_bytes());
            bytes.extend(text.iter().flat_map(|unit| unit.to_le_bytes()));
            for doc in docs {
                bytes.extend(doc.cell.to_le_bytes());
                bytes.push(doc.slots);
            }
        }
        bytes
    }

    /// The index of some bodies, and its files.
    fn whole(bodies: &[Body], at_once: u64, weight: u64) -> (Index, BTreeMap<Part, Vec<u8>>) {
        let mut first = vec![0u64; 1 << 16];
        bodies.iter().flat_map(|body| body.keys().flatten()).for_each(|unit| first[usize::from(*unit)] += 1);
        let cells = bodies.len() * YEARS as usize;
        let all: Vec<Vec<u8>> = bodies.iter().map(bytes).collect();
        let (mut census, _) = Census::with(at_once, first, cells);
        all.iter().for_each(|bytes| census.look(bytes));
        let files = census.ranges().into_iter().flat_map(|mut range| {
            all.iter().for_each(|bytes| range.take(bytes));
            range.files(weight, cells)
        });
        let files: Vec<File> = files.collect();
        (Index { census, weight, files: files.iter().map(|file| file.kept).collect() }, files.into_iter().map(|file| (file.kept.part, file.bytes)).collect())
    }

    struct Portal<'a>(&'a BTreeMap<Part, Vec<u8>>, &'a [Body]);

    impl Before for Portal<'_> {
        fn file(&self, part: Part) -> Option<Vec<u8>> {
            self.0.get(&part).cloned()
        }

        fn texts(&self, cell: u32) -> Option<Arc<Vec<u8>>> {
            Some(Arc::new(bytes(&self.1[(cell / YEARS) as usize])))
        }
    }

    #[test]
    fn a_patched_index_is_the_one_made_anew() {
        let mut state = 11u64;
        let mut below = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % limit
        };
        const SIGNS: [u16; 12] = [0x4e00, 0x4e01, 0x4e02, 0x8000, 0x30, 0xd842, 0xdfb7, 0x4f80, 0x31, 0x9000, 0xff00, 0x4e03];
        let (mut patched, mut kept) = (0, 0);
        for turn in 0..120 {
            // Few bodies and many, texts that share much and little, of one range and many, of one file and many.
            let (count, signs, longest) = (1 + below(if turn % 3 == 0 { 4 } else { 25 }), 2 + below(10), 1 + below(25));
            let (at_once, weight) = ([u64::MAX, u64::MAX, 400, 90][below(4)], [1_000_000, 200, 60, 20, 8][below(5)]);
            let text = |below: &mut dyn FnMut(usize) -> usize| -> Vec<u16> { (0..=below(longest)).map(|_| SIGNS[below(signs)]).collect() };
            let docs = |below: &mut dyn FnMut(usize) -> usize, body: usize| -> Vec<Doc> {
                let (first, step) = (below(YEARS as usize), 1 + below(YEARS as usize));
                (first..YEARS as usize).step_by(step).map(|year| Doc { cell: body as u32 * YEARS + year as u32, slots: 1 << below(3) }).collect()
            };
            let bodies: Vec<Body> = (0..count).map(|body| (0..below(12)).map(|_| (text(&mut below), docs(&mut below, body))).collect()).collect();
            let (index, files) = whole(&bodies, at_once, weight);
            let (mut after, mut changed) = (bodies.clone(), BTreeSet::new());
            for _ in 0..1 + below(4) {
                let body = below(count);
                changed.insert(body);
                let texts = &mut after[body];
                let known = texts.keys().nth(below(texts.len() + 1)).cloned();
                match (below(4), known) {
                    (0, Some(known)) => drop(texts.remove(&known)),
                    (1, Some(known)) => drop(texts.insert(known, docs(&mut below, body))),
                    (2, Some(mut known)) => {
                        let held = texts.remove(&known).unwrap();
                        let at = below(known.len());
                        known[at] = SIGNS[below(12)];
                        texts.insert(known, held);
                    }
                    _ => drop(texts.insert(text(&mut below), docs(&mut below, body))),
                }
            }
            let joined = |bodies: &[Body]| changed.iter().flat_map(|body| bytes(&bodies[*body])).collect::<Vec<u8>>();
            let is_changed = |cell: u32| changed.contains(&((cell / YEARS) as usize));
            let before = Portal(&files, &after);
            let (old, new) = (joined(&bodies), joined(&after));
            let Some(patch) = Patch::of(&index, &before, &old, &new, &is_changed) else { continue };
            let Some(found) = (0..patch.ranges()).map(|range| patch.files(range)).collect::<Option<Vec<_>>>() else { continue };
            patched += 1;
            let (clean, clean_files) = whole(&after, at_once, weight);
            let kept_of = |file: &Patched| match file {
                Patched::Kept(kept) => *kept,
                Patched::Made(file) => file.kept,
            };
            assert_eq!(found.iter().flatten().map(kept_of).collect::<Vec<_>>(), clean.files, "{turn}");
            for file in found.into_iter().flatten() {
                match file {
                    Patched::Kept(file) => {
                        kept += 1;
                        assert_eq!(files[&file.part], clean_files[&file.part], "{turn} {}", file.part.name());
                    }
                    Patched::Made(file) => assert_eq!(file.bytes, clean_files[&file.kept.part], "{turn} {}", file.kept.part.name()),
                }
            }
        }
        assert!(patched > 60 && kept > 600, "{patched} {kept}");
    }
}
