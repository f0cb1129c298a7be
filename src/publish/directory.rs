//! A publication into a folder: prepared, written by many threads, committed in one step.

use super::back::Turn;
use super::disk::Disk;
use super::error::{Doing, PublishError};
use super::left::{Left, LeftFile, Lefts};
use super::manifest::Manifest;
use super::path::{MARKER, OutputPath, SUMS};
use super::place::{Lock, Old, Place};
use super::recovery::{self, COMING, rename_twice, rotate};
use super::{Made, Options, Scratch, Sink, Summary, back, exchange, tree};
use crate::diag::Words;
use crate::digest::Sha256Sum;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::SystemTime;

/// Files that may carry the day of the build: the pages of who filed when.
const DATED: usize = 200;
/// Hand-edited files named in one warning.
const NAMED: usize = 5;

/// An output folder that is ours to publish into; its lock is held.
#[derive(Debug)]
pub struct Target {
    disk: Disk,
    options: Options,
    place: Place,
    lock: Lock,
    /// When the portal was looked at, by the clock of the disk.
    looked: SystemTime,
    left: Option<Left>,
}

/// A publication in the making. Dropped without [`commit`](Directory::commit), it leaves no trace but the lock file.
#[derive(Debug)]
pub struct Directory {
    disk: Disk,
    options: Options,
    place: Place,
    lock: Lock,
    old: Old,
    /// When foreign files of the old portal were looked for, by the clock of the disk, and those that are kept.
    looked: SystemTime,
    kept: Vec<String>,
    handle: File,
    folders: RwLock<HashSet<Box<str>>>,
    entries: Mutex<Vec<Entry>>,
    written: AtomicU64,
    bytes: AtomicU64,
    scratches: AtomicU64,
    broken: AtomicBool,
    /// When the old portal was sealed; none if that is not known.
    sealed: Option<SystemTime>,
    /// How the trees were left, and whether they stand otherwise now.
    left: Lefts,
    has_news: bool,
    /// The back tree is being made the next portal.
    turning: bool,
    /// The staging name no longer holds the new portal, so it must not be cleared.
    settled: bool,
}

/// A publication that was made; the lock is still held.
#[derive(Debug)]
pub struct Published {
    /// What was published.
    pub summary: Summary,
    directory: Directory,
}

impl Published {
    /// Makes the back tree of a portal that has none yet, so that the next publication costs what it changes. Gives the number of files brought
    /// into it; none if there was a whole one. A signal stops it; what is missing then is made by the next build.
    pub fn back_tree(&mut self) -> io::Result<Option<usize>> {
        let Directory { disk, place, options, left, has_news, .. } = &mut self.directory;
        match back::complete(disk, place, || stop_if(options)) {
            Ok(Some(files)) => {
                (left.back, *has_news) = (left.live.as_ref().and_then(|live| live.linked(&place.previous)), true);
                Ok(Some(files))
            }
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => Ok(None),
            Err(cause) => {
                // A disk that is full has no room for half of a tree.
                let _ = tree::remove_staging(disk, &place.previous);
                Err(cause)
            }
            Ok(None) => Ok(None),
        }
    }

    /// How both trees were left, for the next publication; with whether that is news.
    pub fn lefts(&self) -> (&Lefts, bool) {
        (&self.directory.left, self.directory.has_news)
    }
}

#[derive(Debug)]
struct Entry {
    path: OutputPath,
    sum: Sha256Sum,
    length: u64,
    /// The old portal has the very same bytes, and its file will be this one.
    same: bool,
}

impl Target {
    /// Refuses wrong targets, takes the lock, clears what a crashed build left. `left` is how the live portal was left, if that is known.
    ///
    /// Nothing is touched before all refusals that can be seen have been seen.
    pub fn open(output: &Path, source_root: &Path, options: &Options, left: Option<Left>) -> Result<Target, PublishError> {
        Target::open_on(Disk::default(), output, source_root, options, left)
    }

    pub(super) fn open_on(disk: Disk, output: &Path, source_root: &Path, options: &Options, mut left: Option<Left>) -> Result<Target, PublishError> {
        let (place, lock) = recovery::open(&disk, output, source_root, options, &mut left)?;
        let looked = lock.now().map_err(|cause| PublishError::io(Doing::Locking, &place.lock, cause))?;
        left.take_if(|left| !left.is_whole_at(&place.live));
        Ok(Target { disk, options: options.clone(), place, lock, looked, left })
    }

    /// How the live portal was left, if it is still so.
    pub fn as_left(&self) -> Option<&Left> {
        self.left.as_ref()
    }

    /// Whether the next publication will find a back tree.
    pub fn has_back_tree(&self) -> bool {
        back::is_whole(&self.place)
    }

    /// Makes the staging folder. A portal that is as it was left need not be looked through for what is foreign, and its files need not be
    /// looked at one by one.
    pub fn prepare(self) -> Result<Directory, PublishError> {
        let Target { disk, options, place, lock, looked, left } = self;
        let failed = |doing, path: &Path| {
            let path = path.to_path_buf();
            move |cause| PublishError::io(doing, &path, cause)
        };
        let old = place.look()?;
        let mut kept = Vec::new();
        if let (Old::Portal(manifest), None) = (&old, &left) {
            let found = tree::foreign(&place.live, manifest, &options.foreign).map_err(failed(Doing::Reading, &place.live))?;
            if !found.unknown.is_empty() {
                return Err(PublishError::Foreign { folder: place.live, files: found.unknown });
            }
            kept = found.kept;
        }
        disk.make_folder(&place.staging).map_err(failed(Doing::Writing, &place.staging))?;
        let handle = back::mark(&disk, &place.staging).map_err(|cause| {
            // Just made by us; what is left of it, the next build clears.
            let _ = tree::remove_staging(&disk, &place.staging);
            failed(Doing::Writing, &place.staging)(cause)
        })?;
        let sealed = fs::symlink_metadata(place.live.join(SUMS)).and_then(|found| found.modified()).ok();
        Ok(Directory {
            disk,
            sealed,
            left: Lefts { live: left, back: None },
            has_news: false,
            options,
            place,
            lock,
            old,
            looked,
            kept,
            handle,
            folders: RwLock::default(),
            entries: Mutex::default(),
            written: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            scratches: AtomicU64::new(0),
            broken: AtomicBool::new(false),
            turning: false,
            settled: false,
        })
    }
}

impl Directory {
    /// [`Target::open`] and [`Target::prepare`], with nothing known of the portal before.
    pub fn prepare(output: &Path, source_root: &Path, options: &Options) -> Result<Directory, PublishError> {
        Target::open(output, source_root, options, None)?.prepare()
    }

    #[cfg(test)]
    pub(super) fn prepare_on(disk: Disk, output: &Path, source_root: &Path, options: &Options) -> Result<Directory, PublishError> {
        Target::open_on(disk, output, source_root, options, None)?.prepare()
    }

    /// What the folder held before, if it held a portal of ours.
    pub fn before(&self) -> Option<&Manifest> {
        match &self.old {
            Old::Portal(manifest) => Some(manifest),
            Old::Nothing | Old::EmptyFolder => None,
        }
    }

    /// The folder that people see, resolved. Read it (the ledger, say), never write to it.
    pub fn live(&self) -> &Path {
        &self.place.live
    }

    /// What has been handed over so far, by path.
    pub fn made(&self) -> BTreeMap<String, Sha256Sum> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().map(|entry| (entry.path.to_string(), entry.sum)).collect()
    }

    /// Puts the new portal in the place of the old.
    ///
    /// An error means that the old portal is as it was. Once the portals are exchanged, what goes wrong is a warning.
    pub fn commit(self) -> Result<Published, PublishError> {
        self.commit_over(|| None)
    }

    /// The same; `back` tells how the back tree was left, where that is known. It is asked if the portal has changed.
    pub fn commit_over(mut self, back: impl FnOnce() -> Option<Left>) -> Result<Published, PublishError> {
        let summary = self.exchange(back)?;
        Ok(Published { summary, directory: self })
    }

    fn exchange(&mut self, back: impl FnOnce() -> Option<Left>) -> Result<Summary, PublishError> {
        self.stop_if_asked()?;
        if self.broken.load(Ordering::SeqCst) {
            return Err(PublishError::Incomplete);
        }
        let mut entries = mem::take(self.entries.get_mut().unwrap_or_else(PoisonError::into_inner));
        let mut summary = self.compare(&entries);
        let changed: Vec<String> = entries.iter().filter(|entry| !entry.same).take(DATED + 1).map(|entry| entry.path.to_string()).collect();
        entries.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        if let Some(twice) = entries.windows(2).find(|pair| pair[0].path == pair[1].path) {
            return Err(PublishError::Twice { path: twice[0].path.to_string() });
        }
        let manifest = Manifest::of(entries.iter().map(|entry| (entry.path.clone(), entry.sum)).collect());
        let sums = manifest.sums();
        let marker = manifest.marker(&sums);
        let as_before = |name: &str, bytes: &str| fs::read(self.place.live.join(name)).is_ok_and(|old| old == bytes.as_bytes());
        if summary.added + summary.changed + summary.removed == 0 && as_before(MARKER, &marker) && as_before(SUMS, &sums) {
            summary.unchanged = true;
            if self.left.live.is_none() {
                (self.left.live, self.has_news) = (self.left_now(&entries), true);
            }
            return Ok(summary);
        }
        if summary.added + summary.removed == 0 && self.differs_by_day_alone(&changed) {
            summary.unchanged = true;
            summary.only_day = true;
            return Ok(summary);
        }
        let coming = self.assemble(&entries, &manifest, back())?;
        self.carry_foreign(&coming)?;
        self.seal(&coming, &manifest, &sums, &marker)?;
        self.stop_if_asked()?;
        let leaving = self.switch(&coming)?;
        summary.warnings.extend(self.settle(leaving));
        let now = self.left_now(&entries);
        (self.left, self.has_news) = (Lefts { back: self.left.live.take(), live: now }, true);
        Ok(summary)
    }

    /// How the live portal stands now; not known where it holds foreign files.
    fn left_now(&self, entries: &[Entry]) -> Option<Left> {
        if !self.kept.is_empty() {
            return None;
        }
        let files = entries.iter().map(|entry| LeftFile { path: entry.path.as_str(), length: entry.length, same: entry.same });
        Left::of(&self.place.live, files, self.left.live.as_ref()).ok()
    }

    /// Puts the new portal together: in the back tree, where there is one as we left it or half done, else in the staging folder.
    /// Gives the folder.
    fn assemble(&mut self, entries: &[Entry], manifest: &Manifest, left: Option<Left>) -> Result<PathBuf, PublishError> {
        let same = |path: &str| entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).is_ok_and(|at| entries[at].same);
        let previous = self.place.previous.clone();
        let turn = if self.before().is_some() { Turn::of(&self.place, (&self.options.foreign, left.as_ref()), manifest, same) } else { Ok(None) };
        let Some(turn) = turn.map_err(|cause| self.failed(Doing::Reading, &previous, cause))? else {
            for Entry { path, .. } in entries.iter().filter(|entry| entry.same) {
                self.stop_if_asked()?;
                let new = self.place.staging.join(path.as_str());
                let brought = self.make_folder_of(path).and_then(|()| back::bring(&self.disk, &self.place.live.join(path.as_str()), &new));
                brought.map_err(|cause| self.wrong(path.as_str(), cause))?;
            }
            return Ok(self.place.staging.clone());
        };
        self.turning = true;
        self.handle = turn.make(&self.disk, &self.place, || stop_if(&self.options)).map_err(|cause| {
            if cause.kind() == io::ErrorKind::Interrupted { PublishError::Interrupted } else { self.failed(Doing::Writing, &previous, cause) }
        })?;
        Ok(previous)
    }

    /// Why a file could not be brought to its place.
    fn wrong(&self, path: &str, cause: io::Error) -> PublishError {
        match cause.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => PublishError::Twice { path: path.to_string() },
            _ => self.failed(Doing::Writing, &self.place.live.join(path), cause),
        }
    }

    fn stop_if_asked(&self) -> Result<(), PublishError> {
        stop_if(&self.options).map_err(|_| PublishError::Interrupted)
    }

    fn failed(&self, doing: Doing, path: &Path, cause: io::Error) -> PublishError {
        PublishError::Io { doing, path: path.to_path_buf(), written: self.written.load(Ordering::SeqCst), cause }
    }

    fn compare(&self, entries: &[Entry]) -> Summary {
        let mut summary = Summary { files: entries.len(), bytes: self.bytes.load(Ordering::SeqCst), ..Summary::default() };
        let mut mended: Vec<&str> = Vec::new();
        let mut known = 0;
        for entry in entries {
            let Some(old) = self.before().and_then(|old| old.sum(entry.path.as_str())) else {
                summary.added += 1;
                continue;
            };
            known += 1;
            summary.changed += usize::from(!entry.same);
            if old == entry.sum && !entry.same {
                mended.push(entry.path.as_str());
            }
        }
        summary.removed = self.before().map_or(0, Manifest::len) - known;
        if !mended.is_empty() {
            mended.sort_unstable();
            let count = mended.len();
            let list = mended.into_iter().take(NAMED).collect::<Vec<_>>().join(" ");
            summary.warnings.push(Words::new(
                format!("原有网站中有 {count} 个文件在发布后被改动或丢失，已按源文件恢复：{list}"),
                format!("{count} files of the old portal had been changed or lost after publication; they are as the sources say again: {list}"),
            ));
        }
        summary
    }

    /// Whether the changed files are the live ones with another day in the place of this one.
    fn differs_by_day_alone(&self, changed: &[String]) -> bool {
        let Some(day) = self.options.day.as_deref().filter(|_| (1..=DATED).contains(&changed.len())) else { return false };
        changed.iter().all(|path| {
            let (Ok(old), Ok(new)) = (fs::read(self.place.live.join(path)), fs::read(self.place.staging.join(path))) else { return false };
            let mut masked = old.clone();
            let mut at = 0;
            while let Some(found) = new[at..].windows(day.len()).position(|part| part == day.as_bytes()).map(|found| at + found) {
                let Some(there) = masked.get_mut(found..found + day.len()) else { return false };
                if !there.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-') {
                    return false;
                }
                there.copy_from_slice(day.as_bytes());
                at = found + day.len();
            }
            masked == new
        })
    }

    /// Looks again where something was changed: a foreign file may have come while the build ran.
    fn carry_foreign(&mut self, coming: &Path) -> Result<(), PublishError> {
        let Old::Portal(manifest) = &self.old else { return Ok(()) };
        if tree::is_changed_since(&self.place.live, manifest, &self.kept, self.looked) {
            let found =
                tree::foreign(&self.place.live, manifest, &self.options.foreign).map_err(|cause| self.failed(Doing::Reading, &self.place.live, cause))?;
            if !found.unknown.is_empty() {
                return Err(PublishError::Foreign { folder: self.place.live.clone(), files: found.unknown });
            }
            self.kept = found.kept;
        }
        tree::carry(&self.disk, &self.kept, &self.place.live, coming)
    }

    /// Makes a folder a whole portal, on disk.
    fn seal(&mut self, coming: &Path, manifest: &Manifest, sums: &str, marker: &str) -> Result<(), PublishError> {
        let sealed = (|| {
            for (name, text) in [(SUMS, sums), (MARKER, marker)] {
                self.disk.write_below(&self.handle, coming, name, text.as_bytes())?;
            }
            if !matches!(self.old, Old::Nothing) {
                fs::set_permissions(coming, fs::metadata(&self.place.live)?.permissions())?;
            }
            // Without the mark nothing else would tell after a crash whether a helper is the portal that people saw or one that nobody has seen.
            let note = match self.before() {
                Some(_) if self.turning => format!("{COMING}{}", manifest.digest().hex()),
                Some(old) => old.digest().hex(),
                None => String::new(),
            };
            self.lock.note(&note)?;
            self.disk.remove_file(&coming.join(tree::STAGING))
        })();
        sealed.map_err(|cause| self.failed(Doing::Writing, coming, cause))?;
        let files = manifest.iter().map(|(path, _)| path).chain([SUMS, MARKER]);
        self.disk.save(&self.handle, coming, files).map_err(|cause| self.failed(Doing::Saving, coming, cause))
    }

    fn one_step(&self) -> bool {
        exchange::ONE_STEP && !self.options.two_renames
    }

    /// The one step. Gives the place where the old portal stands now.
    fn switch(&mut self, coming: &Path) -> Result<Option<PathBuf>, PublishError> {
        let Place { live, outgoing, parent, .. } = self.place.clone();
        let old_at = match self.old {
            Old::Nothing => self.disk.rename(coming, &live).map(|()| None),
            _ if self.one_step() => match self.disk.exchange(coming, &live) {
                Err(cause) if exchange::is_refused(&cause) => return Err(PublishError::NoExchange { path: live, cause }),
                result => result.map(|()| Some(coming.to_path_buf())),
            },
            _ => rename_twice(&self.disk, &live, &outgoing, coming).map(|()| Some(outgoing.clone())),
        };
        let old_at = old_at.map_err(|cause| self.failed(Doing::Exchanging, &live, cause))?;
        self.settled = true;
        let Err(cause) = self.disk.save_folder(&parent) else { return Ok(old_at) };
        // The disk did not confirm the step: a publication that may be gone after a power cut is none, so back.
        let back = match &old_at {
            None => self.disk.rename(&live, coming),
            Some(place) if *place == *coming => self.disk.exchange(coming, &live),
            Some(place) => rename_twice(&self.disk, &live, coming, place),
        };
        if back.is_ok() {
            self.settled = false;
        }
        Err(self.failed(Doing::Saving, &parent, cause))
    }

    /// The portal is published. The old one becomes the previous one.
    fn settle(&self, leaving: Option<PathBuf>) -> Option<Words> {
        let Some(leaving) = leaving else {
            // A note without an old portal fits to nothing and does no harm.
            let _ = self.lock.note("");
            return None;
        };
        if self.turning {
            // Only new files stood there, and they have moved. What cannot be removed now is removed by the next build.
            let _ = tree::remove_staging(&self.disk, &self.place.staging);
            if leaving == self.place.previous {
                let _ = self.lock.note("");
                return None;
            }
        }
        match rotate(&self.disk, &self.place, &leaving, &self.options) {
            Ok(aside) => {
                let _ = self.lock.note("");
                aside.map(|path| aside_words(&path))
            }
            // The note stays: the next build takes it up again.
            Err(cause) => Some(Words::new(
                format!("已发布，但整理旧版目录 {} 时出错：{cause}。下次生成时会自动完成", leaving.display()),
                format!("published, but the old portal at {} could not be put away: {cause}. The next build does it", leaving.display()),
            )),
        }
    }

    /// Writes one file, unless the old portal has it; tells whether the bytes are the old ones.
    fn put(&self, path: &OutputPath, bytes: &[u8], sum: Sha256Sum) -> io::Result<bool> {
        let staging = &self.place.staging;
        let old = self.place.live.join(path.as_str());
        let same = self.before().and_then(|before| before.sum(path.as_str())) == Some(sum) && holds(&old, bytes);
        if !same {
            self.make_folder_of(path)?;
            self.disk.write_below(&self.handle, staging, path.as_str(), bytes)?;
            self.written.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        }
        Ok(same)
    }

    /// Whether a file of the old portal is as it was published, as far as can be seen without reading it: a regular file of that length,
    /// not written to since the portal was sealed. `verify` reads.
    fn is_untouched(&self, made: &Made) -> bool {
        if self.left.live.is_some() {
            return true;
        }
        let Some(sealed) = self.sealed else { return false };
        fs::symlink_metadata(self.place.live.join(&made.path))
            .is_ok_and(|found| found.is_file() && found.len() == made.length && found.modified().is_ok_and(|changed| changed <= sealed))
    }

    fn make_folder_of(&self, path: &OutputPath) -> io::Result<()> {
        let Some(folder) = path.folder() else { return Ok(()) };
        if self.folders.read().unwrap_or_else(PoisonError::into_inner).contains(folder) {
            return Ok(());
        }
        self.disk.make_folders(&self.place.staging.join(folder))?;
        self.folders.write().unwrap_or_else(PoisonError::into_inner).insert(Box::from(folder));
        Ok(())
    }
}

impl Sink for Directory {
    fn write(&self, path: &OutputPath, bytes: &[u8]) -> Result<Made, PublishError> {
        self.stop_if_asked()?;
        let sum = Sha256Sum::of(bytes);
        let same = self.put(path, bytes, sum).map_err(|cause| {
            self.broken.store(true, Ordering::SeqCst);
            self.wrong(path.as_str(), cause)
        })?;
        self.bytes.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(Entry { path: path.clone(), sum, length: bytes.len() as u64, same });
        Ok(Made { path: path.to_string(), sum, length: bytes.len() as u64 })
    }

    fn keep(&self, made: &[Made]) -> Result<bool, PublishError> {
        self.stop_if_asked()?;
        let Some(before) = self.before() else { return Ok(false) };
        if !made.iter().all(|made| before.sum(&made.path) == Some(made.sum) && self.is_untouched(made)) {
            return Ok(false);
        }
        let kept = made.iter().map(|made| Ok(Entry { path: OutputPath::new(&made.path)?, sum: made.sum, length: made.length, same: true }));
        let kept: Vec<Entry> = kept.collect::<Result<_, PublishError>>()?;
        self.bytes.fetch_add(made.iter().map(|made| made.length).sum(), Ordering::SeqCst);
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).extend(kept);
        Ok(true)
    }

    fn held(&self, made: &Made) -> Option<Vec<u8>> {
        self.before()?.sum(&made.path).filter(|sum| *sum == made.sum)?;
        fs::read(self.place.live.join(&made.path)).ok().filter(|bytes| Sha256Sum::of(bytes) == made.sum)
    }

    fn scratch(&self) -> Result<Scratch, PublishError> {
        let name = format!(".scratch-{}", self.scratches.fetch_add(1, Ordering::SeqCst));
        let path = self.place.staging.join(name);
        let file = self.disk.open_scratch(&path).map_err(|cause| self.failed(Doing::Writing, &path, cause))?;
        Ok(Scratch::disk(self.disk.clone(), path, file))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        if !self.settled {
            // What cannot be removed now is removed by the next build.
            let _ = tree::remove_staging(&self.disk, &self.place.staging);
            if self.turning && back::mark(&self.disk, &self.place.previous).is_err() {
                // The note says it instead.
                return;
            }
            let _ = self.lock.note("");
        }
    }
}

fn stop_if(options: &Options) -> io::Result<()> {
    if options.interrupt.load(Ordering::SeqCst) { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
}

/// Whether a regular file holds these bytes.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    let compare = || -> io::Result<bool> {
        let found = fs::symlink_metadata(path)?;
        if !found.is_file() || found.len() != bytes.len() as u64 {
            return Ok(false);
        }
        let mut file = File::open(path)?;
        let mut piece = [0; 16 * 1024];
        let mut rest = bytes;
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                return Ok(rest.is_empty());
            }
            match rest.strip_prefix(&piece[..read]) {
                Some(after) => rest = after,
                None => return Ok(false),
            }
        }
    };
    compare().unwrap_or(false)
}

fn aside_words(path: &Path) -> Words {
    let path = path.display();
    Words::new(
        format!("再前一版网站的目录中有不是本程序写出、或发布后被改动的文件，已留在 {path},请查看后自行处理"),
        format!(
            "the portal before the last held files that we did not write, or that were changed since; they are left at {path}. Look at them and put them away"
        ),
    )
}
