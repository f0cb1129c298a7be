//! Foreign files into content files: the side door through which reports of earlier years come in.
//!
//! `read` turns bytes into blocks (`lines`; `html`, `table` and `meta` for web pages), `title` finds the title, `chrome`
//! takes away the page around the report, `recognize` reads what the report says of itself (with `names`, `whose` and `outline`),
//! `split` parts a file that holds several reports, `tables` (with `ruled`, `flat` and `shape`) and `figures` read what is stated in numbers,
//! `doubts` says what does not fit together and `verified` what the check would find, `content` writes Markdown (with `escape`) and
//! `shelf` decides where it goes; `review` shows a clerk what was read and from which line. What was left out is listed with its line, so that nothing is lost in silence; what is not known
//! stays unknown, so that nothing is made up.

mod chrome;
mod clean;
mod contact;
mod content;
mod decode;
mod doubts;
mod escape;
mod figures;
mod flat;
mod grid;
mod html;
mod imported;
mod inputs;
mod legacy;
mod lines;
mod meta;
mod mht;
mod names;
mod outline;
mod own;
mod pdf;
mod plain;
mod read;
mod recognize;
mod repair;
mod review;
mod ruled;
mod seen;
mod shape;
mod sheet;
mod shelf;
mod split;
mod table;
mod tables;
mod title;
mod traditional;
mod verified;
mod whose;
mod word;
mod xml;

pub use figures::{FoundFigure, OtherNumber};
pub use imported::{Imported, Placement};
pub use lines::{Note, Removed};
pub use outline::Section;
pub use read::hush_caught_panics;
pub use recognize::{Document, Read, Recognized};
pub use review::{Asks, ReviewSheet};
pub use tables::Unfilled;

use crate::atomic::{self, WriteError};
use crate::diag::Words;
use crate::digest::Sha256Sum;
use content::Origin;
use inputs::Input;
use rayon::prelude::*;
use read::Refusal;
use shelf::{Place, Shelf};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What to import, and where.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Request {
    /// Files; folders stand for all files in them, in order of their names; `-` is standard input.
    pub inputs: Vec<PathBuf>,
    /// Folder of content; without it nothing can be written.
    pub into: Option<PathBuf>,
    /// Directory of a body that has none yet; pinyin initials without it.
    pub slug: Option<String>,
    /// Whether another text of the same body and year is replaced; it is kept beside the new one.
    pub replace: bool,
    /// Whether traditional characters become simplified ones; the original of each line is listed.
    pub simplified: bool,
    /// Read and say, write nothing.
    pub dry_run: bool,
}

/// What became of the inputs, in their order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outcome {
    /// Reports that were read.
    pub reports: Vec<Imported>,
    /// Inputs that gave no file, and why.
    pub failed: Vec<Failure>,
}

/// An input that gave no file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The input as it was named.
    pub input: PathBuf,
    /// Why, and what to do.
    pub words: Words,
    /// Whether a stated limit was passed: size, depth, entries.
    pub limit: bool,
}

/// Why an import stopped as a whole.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no folder to write to.
    #[error("缺少 --into 目录：请写明导入到哪个目录，或用 --dry-run 只看结果 (--into is missing; use --dry-run to write nothing)")]
    IntoMissing,
    /// A file stands where the folder should be.
    #[error("{} 不是目录 (not a directory)", .0.display())]
    IntoNoFolder(PathBuf),
    /// A name that cannot be an address.
    #[error(
        "--slug “{0}” 不能作网址：只能用小写字母、数字和连字符，且不能是保留字 (not a valid address: lower-case letters, digits and hyphens, no reserved name)"
    )]
    SlugInvalid(String),
    /// The disk refused.
    #[error("读写 {} 失败：{cause} (cannot read or write)", path.display())]
    Disk {
        /// What was read or written.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
}

impl ImportError {
    fn disk(path: &Path) -> impl FnOnce(io::Error) -> ImportError {
        let path = path.to_path_buf();
        move |cause| ImportError::Disk { path, cause }
    }

    /// Whether the command line is wrong, and not the disk.
    pub fn is_usage(&self) -> bool {
        !matches!(self, ImportError::Disk { .. })
    }
}

/// Imports reports and gathers what became of them; see [`run_each`].
pub fn run(request: &Request) -> Result<Outcome, ImportError> {
    let mut outcome = Outcome::default();
    run_each(request, |result| match result {
        Ok(report) => outcome.reports.push(report),
        Err(failure) => outcome.failed.push(failure),
    })?;
    Ok(outcome)
}

/// Inputs that are read at a time: enough for all threads, few enough for memory to stay flat.
const AT_A_TIME: usize = 64;

/// Imports reports; inputs are read on all threads, written and handed over in their order. An input that cannot be read is
/// handed over as such and the others go on; a disk that refuses to write stops the run.
pub fn run_each(request: &Request, mut each: impl FnMut(Result<Imported, Failure>)) -> Result<(), ImportError> {
    if let Some(slug) = request.slug.as_ref().filter(|slug| crate::model::name_fault(slug).is_some()) {
        return Err(ImportError::SlugInvalid(slug.clone()));
    }
    let mut shelf = match &request.into {
        None if !request.dry_run => return Err(ImportError::IntoMissing),
        None => None,
        Some(into) if into.exists() && !into.is_dir() => return Err(ImportError::IntoNoFolder(into.clone())),
        Some(into) => Some(Shelf::open(into).map_err(ImportError::disk(into))?),
    };
    let inputs = inputs::files(&request.inputs);
    let mut chunks = inputs.chunks(AT_A_TIME).map(|some| some.par_iter().map(|input| (input, understand(request, input))).collect::<Vec<_>>());
    let mut read = chunks.next();
    while let Some(understood) = read {
        // Where a report goes depends on those before it; reading the next files and writing these can go on side by side.
        let placed: Vec<Placed<'_>> = understood.into_iter().flat_map(|(input, result)| placed(request, shelf.as_mut(), input, result)).collect();
        let (next, written) = rayon::join(|| chunks.next(), || placed.into_par_iter().map(|placed| written(request, placed)).collect::<Vec<_>>());
        for result in written {
            each(result?);
        }
        read = next;
    }
    Ok(())
}

/// An input that gave nothing, or a report with the place it goes to.
type Placed<'i> = Result<(&'i Input, Box<Imported>, Option<Place>), Failure>;

/// The reports of an input, each with its place.
fn placed<'i>(request: &Request, mut shelf: Option<&mut Shelf>, input: &'i Input, result: Result<(Vec<Recognized>, String), Refusal>) -> Vec<Placed<'i>> {
    let (reports, sha256) = match result {
        Err(Refusal { words, limit }) => return vec![Err(Failure { input: input.path.clone(), words, limit })],
        Ok(read) => read,
    };
    let several = reports.len() > 1;
    let reports = reports.into_iter().enumerate();
    let placed = reports.map(|(place, report)| {
        let part = several.then_some(place + 1);
        let origin = Origin { part, file: "", sha256: &sha256 };
        let place = shelf.as_mut().map(|shelf| shelf.place(&report, &origin.key(), request.slug.as_deref(), request.replace));
        let source = shown(&input.path);
        let imported = Imported { source, sha256: sha256.clone(), part, report, placement: Placement::Nowhere, dry_run: request.dry_run };
        Ok((input, Box::new(imported), place))
    });
    placed.collect()
}

/// Writes a report to its place.
fn written(request: &Request, placed: Placed<'_>) -> Result<Result<Imported, Failure>, ImportError> {
    let (input, mut imported, place) = match placed {
        Err(failure) => return Ok(Err(failure)),
        Ok(placed) => placed,
    };
    if let (Some(place), Some(into)) = (place, &request.into) {
        let name = input.name();
        let origin = Origin { part: imported.part, file: &name, sha256: &imported.sha256 };
        imported.placement = shelve(place, into, request, &imported.report, origin)?;
    }
    Ok(Ok(*imported))
}

/// The reports of a file, with the digest of the file.
fn understand(request: &Request, input: &Input) -> Result<(Vec<Recognized>, String), Refusal> {
    let bytes = input.bytes()?;
    let mut lines = read::read(&bytes)?;
    let printed = traditional::look(&mut lines, request.simplified);
    let mut reports = recognize::reports(lines);
    for report in &mut reports {
        if let Some(printed) = &printed {
            printed.restore(report);
        }
        // What a report says is read as printed; only then is its text mended.
        report.notes.extend(repair::apply(&mut report.lines));
    }
    Ok((reports, Sha256Sum::of(&bytes).hex()))
}

/// Writes a report to its place, unless the run is dry.
fn shelve(place: Place, into: &Path, request: &Request, report: &Recognized, origin: Origin<'_>) -> Result<Placement, ImportError> {
    let text = || content::write(report, origin);
    let write = |file: &str, bytes: &[u8], how: fn(&Path, &[u8]) -> Result<(), WriteError>| {
        let path = into.join(file);
        if request.dry_run {
            return Ok(());
        }
        path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| how(&path, bytes).map_err(|error| error.cause)).map_err(ImportError::disk(&path))
    };
    Ok(match place {
        Place::Known(file) => Placement::Unchanged { file },
        Place::New { file, new_body } => {
            if let (Some(directory), Some(body)) = (&new_body, &report.body) {
                let (level, county) = shelf::new_body_of(report);
                write(
                    &format!("{directory}/_index.md"),
                    content::write_index(&body.value, level, county, report.contact.as_ref()).as_bytes(),
                    atomic::write_new,
                )?;
            }
            write(&file, text().as_bytes(), atomic::write_new)?;
            Placement::Written { file, new_body }
        }
        Place::Instead { file, backup } => {
            let path = into.join(&file);
            let old = fs::read(&path).map_err(ImportError::disk(&path))?;
            // The old text is safe before the new one takes its place.
            write(&backup, &old, atomic::write_new)?;
            write(&file, text().as_bytes(), atomic::replace)?;
            Placement::Replaced { file, backup }
        }
        Place::Aside { file, taken } => {
            write(&file, text().as_bytes(), atomic::write_new)?;
            Placement::SetAside { file, taken }
        }
    })
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests;
