//! Opening below the root: regular files only, never through a link, never more than [`LARGEST`] bytes.

use crate::diag::{Diagnostic, Span, Words};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Largest source file, in bytes.
pub const LARGEST: u64 = 32 * 1024 * 1024;

/// A file as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// Path relative to the root, with `/`.
    pub path: String,
    /// The whole file, byte order mark included.
    pub text: String,
}

/// The disk failed: not the file's fault.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct ReadError {
    /// The file or folder.
    pub path: String,
    /// What the system said.
    pub cause: io::Error,
}

/// A file, or why it is not one that can be read.
#[derive(Debug)]
pub enum Opened {
    /// Its text.
    File(SourceFile),
    /// What is wrong with it, with the place in `text` when there is one.
    Refused(Box<Diagnostic>, Vec<u8>),
}

/// The root of a site, held open.
#[derive(Debug)]
pub struct Root {
    path: PathBuf,
    #[cfg(target_os = "linux")]
    handle: std::os::fd::OwnedFd,
}

impl Root {
    /// Holds the root open.
    pub fn open(path: &Path) -> Result<Root, ReadError> {
        let named = |cause: io::Error| ReadError { path: path.display().to_string(), cause };
        let path = path.canonicalize().map_err(named)?;
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{Mode, OFlags};
            let handle = rustix::fs::open(&path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).map_err(|e| named(e.into()))?;
            Ok(Root { path, handle })
        }
        #[cfg(not(target_os = "linux"))]
        Ok(Root { path })
    }

    /// The root as an absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of a regular file below the root; none if it is not there.
    pub fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let mut file = match self.regular(path)? {
            None => return Ok(None),
            Some(file) => file,
        };
        let disk = |cause: io::Error| Refusal::Disk(ReadError { path: path.to_string(), cause });
        let length = file.metadata().map_err(disk)?.len();
        if length > LARGEST {
            return Err(Refusal::TooLarge(length));
        }
        let mut bytes = Vec::with_capacity(length as usize + 1);
        // A file that grows while it is read stays below the limit all the same.
        (&mut file).take(LARGEST + 1).read_to_end(&mut bytes).map_err(disk)?;
        if bytes.len() as u64 > LARGEST { Err(Refusal::TooLarge(bytes.len() as u64)) } else { Ok(Some(bytes)) }
    }

    /// The text of a content file. What is wrong with the file is a diagnostic; what is wrong with the disk is an error.
    pub fn read(&self, path: &str) -> Result<Opened, ReadError> {
        let refused = |code: &str, words: Words| Opened::Refused(Box::new(Diagnostic::new(code, path, None, words)), Vec::new());
        match self.bytes(path) {
            Ok(Some(bytes)) => Ok(decoded(path, bytes)),
            Ok(None) => Err(ReadError { path: path.to_string(), cause: io::ErrorKind::NotFound.into() }),
            Err(Refusal::Disk(error)) => Err(error),
            Err(Refusal::NotRegular) => Ok(refused(
                "parse/file-refused",
                Words::new(
                    "不是普通文件（链接、管道或设备），没有读取。请换成文件本身。",
                    "not a regular file (a link, pipe or device), not read. Put the file itself here.",
                ),
            )),
            Err(Refusal::TooLarge(length)) => Ok(refused(
                "parse/file-too-large",
                Words::new(
                    format!("文件有 {} MB，上限 32 MB。请把附件放到同名目录里，正文只留文字。", length >> 20),
                    format!("the file has {} MB, the limit is 32 MB. Keep the text here and put attachments beside it.", length >> 20),
                ),
            )),
        }
    }

    /// Names of the TOML files of a folder below the root, in order; none if there is no such folder.
    pub fn toml_files(&self, folder: &str) -> Result<Vec<String>, ReadError> {
        let path = self.path.join(folder);
        if !path.is_dir() {
            return Ok(Vec::new());
        }
        let named = |cause: io::Error| ReadError { path: folder.to_string(), cause };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&path).map_err(named)? {
            let name = entry.map_err(named)?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".toml") && !name.starts_with('.') {
                files.push(format!("{folder}/{name}"));
            }
        }
        files.sort_unstable();
        Ok(files)
    }

    #[cfg(target_os = "linux")]
    fn regular(&self, path: &str) -> Result<Option<std::fs::File>, Refusal> {
        use rustix::fs::{FileType, Mode, OFlags, ResolveFlags};
        use rustix::io::Errno;
        // A pipe would wait for a writer without NONBLOCK; links are refused at every step of the path.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        let handle = match rustix::fs::openat2(&self.handle, path, flags, Mode::empty(), resolve) {
            Ok(handle) => handle,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP | Errno::NXIO | Errno::XDEV) => return Err(Refusal::NotRegular),
            Err(error) => return Err(Refusal::Disk(ReadError { path: path.to_string(), cause: error.into() })),
        };
        let stat = rustix::fs::fstat(&handle).map_err(|error| Refusal::Disk(ReadError { path: path.to_string(), cause: error.into() }))?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(Refusal::NotRegular);
        }
        Ok(Some(handle.into()))
    }

    /// Without directory handles the check and the opening are two steps; docs/architecture.md says so.
    #[cfg(not(target_os = "linux"))]
    fn regular(&self, path: &str) -> Result<Option<std::fs::File>, Refusal> {
        let disk = |cause| Refusal::Disk(ReadError { path: path.to_string(), cause });
        let mut full = self.path.clone();
        for part in path.split('/') {
            full.push(part);
            match std::fs::symlink_metadata(&full) {
                Ok(found) if found.is_symlink() => return Err(Refusal::NotRegular),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(disk(error)),
            }
        }
        if !full.is_file() {
            return Err(Refusal::NotRegular);
        }
        std::fs::File::open(&full).map(Some).map_err(disk)
    }
}

/// Why a file below the root was not read.
#[derive(Debug)]
pub enum Refusal {
    /// A link, pipe, device or folder.
    NotRegular,
    /// More than [`LARGEST`] bytes.
    TooLarge(u64),
    /// The disk failed.
    Disk(ReadError),
}

fn decoded(path: &str, bytes: Vec<u8>) -> Opened {
    match String::from_utf8(bytes) {
        Ok(text) => Opened::File(SourceFile { path: path.to_string(), text }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let words = Words::new(format!("第 {} 个字节起不是 UTF-8 编码", at + 1), format!("not UTF-8 from byte {} on", at + 1));
            let help =
                ("请用“另存为”选 UTF-8 编码保存，或用 gongkai import 导入原文件。", "save the file as UTF-8, or bring the original in with `gongkai import`.");
            let diagnostic = Diagnostic::new("parse/byte-not-utf8", path, Some(Span::new(at, at + 1)), words).help(help.0, help.1);
            Opened::Refused(Box::new(diagnostic), error.into_bytes())
        }
    }
}

impl Opened {
    /// The finding of a refused file, located in as much of its text as is readable.
    pub fn refusal(diagnostic: Diagnostic, bytes: &[u8]) -> crate::diag::Finding {
        match diagnostic.span {
            Some(span) => {
                let mut text = String::from_utf8_lossy(&bytes[..span.start as usize]).into_owned();
                text.push('\u{fffd}');
                diagnostic.locate(&text)
            }
            None => diagnostic.unplaced(),
        }
    }
}
