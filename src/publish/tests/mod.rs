//! Publications into temporary trees. Every test sees a whole tree before and after, byte for byte.

mod faults;
mod publications;
mod refusals;

use super::disk::Disk;
use super::{Directory, Options, OutputPath, PublishError, Sink, Summary};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A source folder whose portal is `public`, and a home folder of its own.
struct Site {
    folder: tempfile::TempDir,
    options: Options,
}

impl Site {
    fn new() -> Site {
        Site::at_folder(tempfile::tempdir().expect("temporary folder"))
    }

    /// Where a disk would have to be waited for thousands of times.
    fn in_memory() -> Site {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Site::at_folder(tempfile::tempdir_in(memory).expect("temporary folder")) } else { Site::new() }
    }

    fn at_folder(folder: tempfile::TempDir) -> Site {
        let site = Site { options: Options { home: Some(folder.path().join("home")), ..Options::default() }, folder };
        for path in ["site/content", "site/themes/default", "site/static", "home"] {
            fs::create_dir_all(site.at(path)).expect("made");
        }
        fs::write(site.at("site/content/_index.md"), "+++\n+++\n").expect("written");
        site
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().expect("there").join(path)
    }

    fn live(&self, path: &str) -> PathBuf {
        self.at("site/public").join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("has a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn prepare_at(&self, output: &str) -> Result<Directory, PublishError> {
        Directory::prepare(&self.at(output), &self.at("site"), &self.options)
    }

    fn publish(&self, files: &[(&str, &str)]) -> Result<Summary, PublishError> {
        self.publish_on(Disk::default(), files)
    }

    fn publish_on(&self, disk: Disk, files: &[(&str, &str)]) -> Result<Summary, PublishError> {
        let directory = Directory::prepare_on(disk, &self.at("site/public"), &self.at("site"), &self.options)?;
        write_all(&directory, files)?;
        let mut published = directory.commit()?;
        let summary = published.summary.clone();
        // What goes wrong after the exchange is no error of the publication.
        let _ = published.back_tree();
        Ok(summary)
    }

    /// Names in the source folder that publishing made.
    fn helpers(&self) -> Vec<String> {
        let names = fs::read_dir(self.at("site")).expect("readable").map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned());
        let mut helpers: Vec<String> = names.filter(|name| name.starts_with(".public.")).collect();
        helpers.sort();
        helpers
    }
}

fn write_all(sink: &impl Sink, files: &[(&str, &str)]) -> Result<(), PublishError> {
    files.iter().try_for_each(|(path, text)| sink.write(&OutputPath::new(path).expect("plain"), text.as_bytes()).map(drop))
}

/// Every file of a tree with its bytes, links with their target; folders end with a slash.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(at) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&at) else { continue };
        for entry in entries {
            let path = entry.expect("entry").path();
            let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
            let kind = path.symlink_metadata().expect("there").file_type();
            if kind.is_dir() {
                found.insert(format!("{name}/"), Vec::new());
                waiting.push(path);
            } else if kind.is_symlink() {
                found.insert(name, fs::read_link(&path).expect("a link").to_string_lossy().into_owned().into_bytes());
            } else {
                found.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

const OLD: &[(&str, &str)] = &[("index.html", "old"), ("yunxi/2023/index.html", "same"), ("yunxi/2022/index.html", "gone"), ("附件/年报 (一).pdf", "pdf")];
const NEW: &[(&str, &str)] = &[("index.html", "new"), ("yunxi/2023/index.html", "same"), ("yunxi/2024/index.html", "more"), ("附件/年报 (一).pdf", "pdf")];
