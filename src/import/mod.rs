//! Foreign files into content files: the side door through which reports of earlier years come in.
//!
//! `read` turns bytes into blocks (`lines`; `html`, `table` and `meta` for web pages), `title` finds the title, `chrome`
//! takes away the page around the report, `recognize` reads what the report says of itself (with `names` and `outline`),
//! `doubts` says what does not fit together, `content` writes Markdown (with `escape`), `shelf` decides where it goes and
//! `store` writes it. What was left out is listed with its line, so that nothing is lost in silence; what is not known
//! stays unknown, so that nothing is made up. Figures in the text stay text.

mod chrome;
mod content;
mod doubts;
mod escape;
mod html;
mod imported;
mod lines;
mod meta;
mod names;
mod outline;
mod read;
mod recognize;
mod shelf;
mod table;
mod title;

pub use imported::{Imported, Placement};
pub use lines::Removed;
pub use outline::Section;
pub use recognize::{Document, Note, Read, Recognized};

use crate::atomic::{self, WriteError};
use crate::diag::Words;
use crate::digest::Sha256Sum;
use content::Origin;
use shelf::{Place, Shelf};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What to import, and where.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Request {
    /// Files; folders stand for all files in them, in order of their names.
    pub inputs: Vec<PathBuf>,
    /// Folder of content; without it nothing can be written.
    pub into: Option<PathBuf>,
    /// Directory of a body that has none yet; pinyin initials without it.
    pub slug: Option<String>,
    /// Whether another text of the same body and year is replaced; it is kept beside the new one.
    pub replace: bool,
    /// Read and say, write nothing.
    pub dry_run: bool,
}

/// What became of the inputs, in their order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Reports that were read.
    pub reports: Vec<Imported>,
    /// Inputs that gave no file, and why.
    pub failed: Vec<(PathBuf, Words)>,
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

/// Imports reports one after the other. An input that cannot be read is listed and the others go on; a disk that refuses
/// to write stops the run.
pub fn run(request: &Request) -> Result<Outcome, ImportError> {
    let mut outcome = Outcome::default();
    if let Some(slug) = request.slug.as_ref().filter(|slug| !shelf::is_address(slug)) {
        return Err(ImportError::SlugInvalid(slug.clone()));
    }
    let mut shelf = match &request.into {
        None if !request.dry_run => return Err(ImportError::IntoMissing),
        None => None,
        Some(into) if into.exists() && !into.is_dir() => return Err(ImportError::IntoNoFolder(into.clone())),
        Some(into) => Some(Shelf::open(into).map_err(ImportError::disk(into))?),
    };
    for input in files(&request.inputs, &mut outcome.failed) {
        match understand(&input) {
            Err(words) => outcome.failed.push((input, words)),
            Ok((report, sha256)) => {
                let placement = match (&mut shelf, &request.into) {
                    (Some(shelf), Some(into)) => shelve(shelf, into, request, &report, &sha256, &input)?,
                    _ => Placement::Nowhere,
                };
                outcome.reports.push(Imported { source: shown(&input), sha256, report, placement, dry_run: request.dry_run });
            }
        }
    }
    Ok(outcome)
}

/// A report out of a file, with the digest of the file.
fn understand(input: &Path) -> Result<(Recognized, String), Words> {
    let failed = |cause: io::Error| Words::new(format!("打不开文件：{cause}"), format!("cannot be read: {cause}"));
    let size = fs::metadata(input).map_err(failed)?.len();
    if size > read::LARGEST {
        return Err(Words::new(
            format!("文件有 {size} 字节，超过上限 {} 字节", read::LARGEST),
            format!("the file has {size} bytes, more than {}", read::LARGEST),
        ));
    }
    let bytes = fs::read(input).map_err(failed)?;
    let lines = read::read(&bytes)?;
    Ok((recognize::recognize(lines), Sha256Sum::of(&bytes).hex()))
}

/// Decides where a report goes and, unless the run is dry, writes it there.
fn shelve(shelf: &mut Shelf, into: &Path, request: &Request, report: &Recognized, sha256: &str, input: &Path) -> Result<Placement, ImportError> {
    let place = shelf.place(report, sha256, request.slug.as_deref(), request.replace);
    let name = input.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let text = content::write(report, Origin { file: &name, sha256 });
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
                write(&format!("{directory}/_index.md"), content::write_index(&body.value, level, county).as_bytes(), atomic::write_new)?;
            }
            write(&file, text.as_bytes(), atomic::write_new)?;
            Placement::Written { file, new_body }
        }
        Place::Instead { file, backup } => {
            let path = into.join(&file);
            let old = fs::read(&path).map_err(ImportError::disk(&path))?;
            // The old text is safe before the new one takes its place.
            write(&backup, &old, atomic::write_new)?;
            write(&file, text.as_bytes(), atomic::replace)?;
            Placement::Replaced { file, backup }
        }
        Place::Aside { file, taken } => {
            write(&file, text.as_bytes(), atomic::write_new)?;
            Placement::SetAside { file, taken }
        }
    })
}

/// Files of the inputs, folders opened; hidden files are passed over.
fn files(inputs: &[PathBuf], failed: &mut Vec<(PathBuf, Words)>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut waiting: Vec<PathBuf> = inputs.iter().rev().cloned().collect();
    while let Some(path) = waiting.pop() {
        if !path.is_dir() {
            files.push(path);
            continue;
        }
        match shelf::entries(&path) {
            Err(cause) => failed.push((path, Words::new(format!("打不开目录：{cause}"), format!("the folder cannot be read: {cause}")))),
            Ok(entries) => waiting.extend(entries.into_iter().rev().filter(|(name, _)| !name.starts_with('.')).map(|(name, _)| path.join(name))),
        }
    }
    files
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests;
