//! Where a report goes: the folder of its body, a new one, or aside; and what was imported before.
//!
//! The shelf remembers what this run has planned, so that a dry run says the same as a real one.

use super::recognize::Recognized;
use crate::model::{Level, name_fault};
use crate::text::{self, key};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// A folder of content into which reports are imported.
#[derive(Debug)]
pub(super) struct Shelf {
    root: PathBuf,
    own: Vec<String>,
    children: Vec<Child>,
    /// Digest of a source file, with `/2` for its second report → the content file made of it, relative to the folder.
    imported: BTreeMap<String, String>,
    /// Files this run has written or would have written.
    planned: BTreeSet<String>,
}

#[derive(Debug)]
struct Child {
    directory: String,
    /// Title and former names, as keys; empty for a folder without `_index.md`.
    names: Vec<String>,
}

/// Where a report goes; paths are relative to the folder, with `/`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// The same source was imported before.
    Known(String),
    /// A file that is not there yet.
    New { file: String, new_body: Option<String> },
    /// A file that is there and may be replaced; the old text goes to `backup`.
    Instead { file: String, backup: String },
    /// Set aside, because year or body is unknown (`taken` is none) or the year has another report.
    Aside { file: String, taken: Option<String> },
}

// Deepest folder that is searched for earlier imports.
const DEEPEST: usize = 16;
/// Bytes of a content file in which its front matter is looked for.
const FRONT: u64 = 64 << 10;

impl Shelf {
    /// What a folder holds; one that does not exist yet holds nothing.
    pub(super) fn open(root: &Path) -> io::Result<Shelf> {
        let mut shelf = Shelf { root: root.to_path_buf(), own: Vec::new(), children: Vec::new(), imported: BTreeMap::new(), planned: BTreeSet::new() };
        if !root.exists() {
            return Ok(shelf);
        }
        shelf.own = names_of(&root.join("_index.md"));
        for (name, is_directory) in entries(root)? {
            if is_directory && !name.starts_with(['.', '_']) {
                let names = names_of(&root.join(&name).join("_index.md"));
                shelf.children.push(Child { directory: name, names });
            }
        }
        shelf.remember(root, "", 0)?;
        Ok(shelf)
    }

    /// Collects the digests of all sources imported below a folder.
    fn remember(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        for (name, is_directory) in entries(folder)? {
            let relative = format!("{prefix}{name}");
            if is_directory && depth < DEEPEST && !name.starts_with('.') {
                self.remember(&folder.join(&name), &format!("{relative}/"), depth + 1)?;
            } else if !is_directory
                && name.ends_with(".md")
                && let Some(digest) = digest_of(&folder.join(&name))
            {
                self.imported.entry(digest).or_insert(relative);
            }
        }
        Ok(())
    }

    /// Where a report goes. Plans it: the next report sees it there.
    pub(super) fn place(&mut self, report: &Recognized, digest: &str, slug: Option<&str>, replace: bool) -> Place {
        let known = self.imported.get(digest).cloned();
        // What was set aside because its place was taken comes in when the clerk says so.
        if let Some(file) = known.clone().filter(|file| !(replace && file.starts_with("_import/"))) {
            return Place::Known(file);
        }
        let place = match self.fresh_place(report, digest, slug, replace) {
            Place::Aside { file, .. } if known.as_ref() == Some(&file) => Place::Known(file),
            place => place,
        };
        let (Place::New { file, .. } | Place::Instead { file, .. } | Place::Aside { file, .. } | Place::Known(file)) = &place;
        self.planned.insert(file.clone());
        self.imported.insert(digest.to_string(), file.clone());
        place
    }

    fn fresh_place(&mut self, report: &Recognized, digest: &str, slug: Option<&str>, replace: bool) -> Place {
        let part = digest.split_once('/').map(|(_, part)| format!("-{part}")).unwrap_or_default();
        let aside = |taken| Place::Aside { file: format!("_import/{}{part}.md", &digest[..12]), taken };
        let (Some(body), Some(year)) = (&report.body, &report.year) else { return aside(None) };
        // A page that was tampered with is no source; it waits for a clerk to look.
        if report.notes.iter().any(|note| note.rule == "import/injected") {
            return aside(None);
        }
        let wanted = key(&body.value);
        let (prefix, new_body) = if self.own.contains(&wanted) {
            (String::new(), None)
        } else if let Some(child) = self.children.iter().find(|child| child.names.contains(&wanted)) {
            (format!("{}/", child.directory), None)
        } else {
            let directory = self.free_name(slug.map_or_else(|| initials(&body.value), str::to_string));
            self.children.push(Child { directory: directory.clone(), names: vec![wanted] });
            (format!("{directory}/"), Some(directory))
        };
        let year = year.value;
        let (plain, folder) = (format!("{prefix}{year}.md"), format!("{prefix}{year}/index.md"));
        let taken = [&plain, &folder].into_iter().find(|file| self.planned.contains(*file) || self.root.join(file).exists());
        match taken {
            None => Place::New { file: plain, new_body },
            // A report written a moment ago is another one's; only what stood there before can be replaced. Files beside
            // `index.md` are published, so its old text goes one folder up.
            Some(file) if replace && !self.planned.contains(file) => Place::Instead { file: file.clone(), backup: self.free_backup(&plain) },
            Some(file) => aside(Some(file.clone())),
        }
    }

    fn free_backup(&self, plain: &str) -> String {
        let names = std::iter::once(format!("{plain}.bak")).chain((2..).map(|count| format!("{}.{count}.md.bak", plain.trim_end_matches(".md"))));
        names.into_iter().find(|name| !self.root.join(name).exists()).expect("the count goes on until a name is free")
    }

    fn free_name(&self, wanted: String) -> String {
        let is_free = |name: &String| {
            let lower = name.to_lowercase();
            name_fault(name).is_none()
                && !self.children.iter().any(|child| child.directory.to_lowercase() == lower)
                && !self.root.join(format!("{name}.md")).exists()
                && !self.root.join(name).exists()
        };
        std::iter::once(wanted.clone()).chain((2..).map(|count| format!("{wanted}-{count}"))).find(is_free).expect("the count goes on until a name is free")
    }
}

/// Directory of a body whose name has been read.
fn initials(name: &str) -> String {
    let letters = text::initials::of(name);
    if letters.is_empty() { "body".into() } else { letters }
}

/// Title and former names in an `_index.md`, as keys. One that cannot be read has none: `check` says what is wrong with it.
fn names_of(index: &Path) -> Vec<String> {
    let Some(table) = front_matter(index).and_then(|front| toml::from_str::<toml::Table>(&front).ok()) else { return Vec::new() };
    let title = |value: &toml::Value| value.get("title").and_then(toml::Value::as_str).map(|title| without_office(&key(title)));
    let own = table.get("title").and_then(toml::Value::as_str).map(|title| without_office(&key(title)));
    let former = table.get("former_names").and_then(toml::Value::as_array).into_iter().flatten().filter_map(title);
    own.into_iter().chain(former).collect()
}

/// A clerk may have called a body by its government.
fn without_office(title: &str) -> String {
    title.strip_suffix("人民政府").or(title.strip_suffix("办事处")).unwrap_or(title).to_string()
}

fn front_matter(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(FRONT).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    lines.next().filter(|line| line.trim_end() == "+++")?;
    Some(lines.take_while(|line| line.trim_end() != "+++").collect::<Vec<_>>().join("\n"))
}

/// The digest in `[provenance]` of a content file.
fn digest_of(path: &Path) -> Option<String> {
    let front = front_matter(path).filter(|front| front.contains("[provenance]"))?;
    let table: toml::Table = toml::from_str(&front).ok()?;
    let provenance = table.get("provenance")?;
    let digest = provenance.get("sha256")?.as_str()?;
    Some(provenance.get("part").and_then(toml::Value::as_integer).map_or_else(|| digest.to_string(), |part| format!("{digest}/{part}")))
}

/// Names in a folder in order, and whether each is a folder; links are passed over, so that no walk leaves the folder.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<(String, bool)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if let Ok(name) = entry.file_name().into_string()
            && (kind.is_dir() || kind.is_file())
        {
            found.push((name, kind.is_dir()));
        }
    }
    found.sort();
    Ok(found)
}

/// Level and county of a new body, for its `_index.md`.
pub(super) fn new_body_of(report: &Recognized) -> (Option<Level>, Option<&str>) {
    (report.level, report.county.as_ref().map(|county| county.value.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::lines::of_plain_text;
    use crate::import::recognize::recognize;

    fn report(body: &str, year: &str) -> Recognized {
        recognize(of_plain_text(&format!("{body}{year}年政府信息公开工作年度报告\n一、概述\n")))
    }

    fn digest(letter: char) -> String {
        letter.to_string().repeat(64)
    }

    fn shelf(files: &[(&str, &str)]) -> (tempfile::TempDir, Shelf) {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let shelf = Shelf::open(dir.path()).unwrap();
        (dir, shelf)
    }

    fn new(file: &str, body: Option<&str>) -> Place {
        Place::New { file: file.into(), new_body: body.map(str::to_string) }
    }

    #[test]
    fn the_folder_itself_a_child_or_a_new_one() {
        let (_dir, mut shelf) = shelf(&[
            ("_index.md", "+++\ntitle = \"云溪县\"\n+++\n"),
            ("shiqiao/_index.md", "+++\ntitle = \"石桥街道\"\nformer_names = [{ title = \"石桥镇\", until = 2015-12-31 }]\n+++\n"),
            ("yxz/notes.md", "x"),
        ]);
        assert_eq!(shelf.place(&report("云溪县", "2014"), &digest('a'), None, false), new("2014.md", None));
        assert_eq!(shelf.place(&report("石桥镇", "2014"), &digest('b'), None, false), new("shiqiao/2014.md", None));
        assert_eq!(shelf.place(&report("云溪镇", "2014"), &digest('c'), None, false), new("yxz-2/2014.md", Some("yxz-2")));
        assert_eq!(shelf.place(&report("云溪镇", "2015"), &digest('d'), None, false), new("yxz-2/2015.md", None));
        assert_eq!(shelf.place(&report("北山乡", "2015"), &digest('e'), Some("north"), false), new("north/2015.md", Some("north")));
    }

    #[test]
    fn what_cannot_be_placed_is_set_aside() {
        let (_dir, mut shelf) = shelf(&[]);
        let unknown = recognize(of_plain_text("政府信息公开年报\n"));
        assert_eq!(shelf.place(&unknown, &digest('a'), None, false), Place::Aside { file: "_import/aaaaaaaaaaaa.md".into(), taken: None });
        shelf.place(&report("云溪镇", "2014"), &digest('b'), None, true);
        let second = shelf.place(&report("云溪镇", "2014"), &digest('c'), None, true);
        assert_eq!(second, Place::Aside { file: "_import/cccccccccccc.md".into(), taken: Some("yxz/2014.md".into()) });
    }

    #[test]
    fn what_stands_there_stays_unless_it_may_be_replaced() {
        let index = "+++\ntitle = \"云溪镇人民政府\"\n+++\n";
        let files = [("yx/_index.md", index), ("yx/2014.md", "+++\n+++\n"), ("yx/2015/index.md", "+++\n+++\n"), ("yx/2015.md.bak", "")];
        let (_dir, mut shelf) = shelf(&files);
        assert!(matches!(shelf.place(&report("云溪镇", "2014"), &digest('a'), None, false), Place::Aside { taken: Some(_), .. }));
        assert_eq!(
            shelf.place(&report("云溪镇", "2014"), &digest('b'), None, true),
            Place::Instead { file: "yx/2014.md".into(), backup: "yx/2014.md.bak".into() }
        );
        assert_eq!(
            shelf.place(&report("云溪镇", "2015"), &digest('c'), None, true),
            Place::Instead { file: "yx/2015/index.md".into(), backup: "yx/2015.2.md.bak".into() }
        );
    }

    #[test]
    fn a_source_is_known_by_its_digest_wherever_it_went() {
        let text = format!("+++\ntitle = \"x\"\n[provenance]\nfile = \"a.txt\"\nsha256 = \"{}\"\n+++\n", digest('a'));
        let (_dir, mut shelf) = shelf(&[("moved/here/2014.md", &text)]);
        assert_eq!(shelf.place(&report("云溪镇", "2014"), &digest('a'), None, true), Place::Known("moved/here/2014.md".into()));
    }

    #[test]
    fn names_of_directories() {
        assert_eq!(initials("芷江镇"), "zjz");
        assert_eq!(initials("旧城镇"), "jcz");
        assert_eq!(initials("㐂"), initials("㐂"));
    }
}
