//! The files that an import reads: named ones, all of a folder, or standard input.

use super::read::{LARGEST, Refusal};
use crate::diag::Words;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// One input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Input {
    /// As it was named; below a folder, its path.
    pub(super) path: PathBuf,
}

impl Input {
    /// File name without its folder.
    pub(super) fn name(&self) -> String {
        if self.is_standard() {
            return "stdin".into();
        }
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The whole file. Larger ones than [`LARGEST`], folders that cannot be listed and what is no plain file are refused.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Refusal> {
        let failed = |cause: io::Error| Refusal::from(Words::new(format!("打不开文件：{cause}"), format!("cannot be read: {cause}")));
        let mut bytes = Vec::new();
        if self.is_standard() {
            io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
        } else {
            // Pipes and devices would never end.
            let about = fs::metadata(&self.path).map_err(failed)?;
            if !about.is_file() {
                return Err(Words::new("不是普通文件，不读取", "not a plain file").into());
            }
            if about.len() > LARGEST {
                return Err(too_large());
            }
            fs::File::open(&self.path).map_err(failed)?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
        }
        if bytes.len() as u64 > LARGEST { Err(too_large()) } else { Ok(bytes) }
    }

    fn is_standard(&self) -> bool {
        self.path.as_os_str() == "-"
    }
}

fn too_large() -> Refusal {
    Refusal::limit(
        format!("文件超过上限 {LARGEST} 字节：请删去其中的大图片，或另存为“纯文本”，再导入"),
        format!("the file has more than {LARGEST} bytes: take large pictures out of it or save it as plain text"),
    )
}

/// Files of the inputs, folders opened, in order of their names. Passed over are hidden files, the lock files of office
/// programs, and the folder that a browser saves beside a page (页面_files). A folder that cannot be listed is an input
/// that cannot be read.
pub(super) fn files(inputs: &[PathBuf]) -> Vec<Input> {
    let mut files = Vec::new();
    let mut waiting: Vec<PathBuf> = inputs.iter().rev().cloned().collect();
    while let Some(path) = waiting.pop() {
        match path.is_dir().then(|| entries(&path)) {
            Some(Ok(entries)) => waiting.extend(entries_read(&entries).into_iter().rev().map(|name| path.join(name))),
            _ => files.push(Input { path }),
        }
    }
    files
}

/// Names in a folder in order, and whether each is a folder; names that are no text as well, which archives of Windows leave. Links are
/// passed over.
fn entries(folder: &Path) -> io::Result<Vec<(OsString, bool)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() || kind.is_file() {
            found.push((entry.file_name(), kind.is_dir()));
        }
    }
    found.sort();
    Ok(found)
}

fn entries_read(entries: &[(OsString, bool)]) -> Vec<&OsString> {
    let stem = |name: &OsString| Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let pages: BTreeSet<String> = entries.iter().filter(|(_, is_directory)| !is_directory).filter_map(|(name, _)| stem(name)).collect();
    let beside_page = |name: &str| ["_files", ".files", "_file"].iter().any(|end| name.strip_suffix(end).is_some_and(|page| pages.contains(page)));
    let is_read = |(name, is_directory): &&(OsString, bool)| {
        let name = name.to_string_lossy();
        !(name.starts_with(['.', '~']) || *is_directory && beside_page(&name))
    };
    entries.iter().filter(is_read).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_opened_without_what_programs_leave_in_them() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.htm", "b_files/style.css", "a/c.txt", ".hidden", "~$d.docx", "e_files/f.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found: Vec<String> = files(&[folder.path().to_path_buf(), "-".into()])
            .iter()
            .map(|input| input.path.to_string_lossy().replace(&*folder.path().to_string_lossy(), ""))
            .collect();
        assert_eq!(found, ["/a/c.txt", "/b.htm", "/e_files/f.txt", "-"]);
    }

    #[test]
    fn what_is_too_large_is_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        fs::File::create(&path).unwrap().set_len(LARGEST + 1).unwrap();
        assert!(Input { path }.bytes().unwrap_err().limit);
        assert!(!Input { path: folder.path().to_path_buf() }.bytes().unwrap_err().limit);
    }
}
