//! The theme's files: those built in, over them a theme of the site, over them the site's own.
//!
//! `templates/`, `static/` and `i18n/` are layered file by file, strings later key by key. Nothing is interpreted here. Names that
//! begin with a dot are left alone, but for `.well-known`.

use super::{Opened, ReadError, Root};
use crate::diag::{Diagnostic, Finding, Words};
use include_dir::{Dir, DirEntry, include_dir};
use std::collections::BTreeMap;
use walkdir::WalkDir;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// Where a file of the theme comes from; the later wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Layer {
    /// Compiled into the program.
    BuiltIn,
    /// `themes/<name>/` of the site.
    Theme,
    /// `templates/`, `static/`, `i18n/` of the site.
    Site,
}

/// A text file of the theme.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ThemeText {
    /// Name inside its folder: `pages/report.html`, `zh-CN.toml`.
    pub name: String,
    /// Which layer it stands in.
    pub layer: Layer,
    /// File as messages name it.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// All files of a theme.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Theme {
    /// Templates of every layer.
    pub templates: Vec<ThemeText>,
    /// Strings of one language, in the order in which they overlay each other.
    pub strings: Vec<ThemeText>,
    /// Static files by address, the last layer's bytes, and the file they come from.
    pub statics: BTreeMap<String, (String, Vec<u8>)>,
}

impl Theme {
    /// The theme compiled into the program.
    pub fn built_in(language: &str) -> Theme {
        let mut theme = Theme::default();
        let mut files = Vec::new();
        collect(&BUILT_IN, &mut files);
        for (path, bytes) in files {
            let text = || String::from_utf8_lossy(bytes).into_owned();
            theme.add(path, Layer::BuiltIn, &format!("themes/default/{path}"), language, text, || bytes.to_vec());
        }
        theme
    }

    /// The theme `name` for a site, with the site's own files over it. What cannot be read is a finding.
    pub fn load(root: &Root, name: &str, language: &str) -> Result<(Theme, Vec<Finding>), ReadError> {
        let mut theme = Theme::built_in(language);
        let mut found = Vec::new();
        let folder = format!("themes/{name}");
        if root.path().join(&folder).is_dir() {
            theme.overlay(root, &folder, "", Layer::Theme, language, &mut found)?;
        } else if name != "default" {
            let words = Words::new(format!("没有主题 `{name}`：缺目录 {folder}"), format!("there is no theme `{name}`: the folder {folder} is missing"));
            found.push(Diagnostic::new("parse/value-invalid", "config.toml", None, words).unplaced());
        }
        for part in ["templates", "static", "i18n"] {
            theme.overlay(root, part, part, Layer::Site, language, &mut found)?;
        }
        Ok((theme, found))
    }

    fn overlay(&mut self, root: &Root, folder: &str, part: &str, layer: Layer, language: &str, found: &mut Vec<Finding>) -> Result<(), ReadError> {
        let base = root.path().join(folder);
        if !base.is_dir() {
            return Ok(());
        }
        let hidden = |name: &str| name.starts_with('.') && name != ".well-known";
        let walk = WalkDir::new(&base).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| entry.depth() == 0 || !hidden(&entry.file_name().to_string_lossy())) {
            let entry = entry.map_err(|error| ReadError { path: folder.to_string(), cause: error.into() })?;
            if entry.file_type().is_dir() {
                continue;
            }
            let Some(inside) = entry.path().strip_prefix(&base).ok().and_then(|path| path.to_str()).map(|path| path.replace('\\', "/")) else { continue };
            let path = if part.is_empty() { inside.clone() } else { format!("{part}/{inside}") };
            let file = format!("{folder}/{inside}");
            if path.starts_with("static/") {
                match root.bytes(&file) {
                    Ok(Some(bytes)) => self.add(&path, layer, &file, language, String::new, || bytes),
                    Ok(None) => {}
                    Err(super::Refusal::Disk(error)) => return Err(error),
                    Err(_) => {
                        let words = Words::new("不是普通文件，或超过 32 MB，不能发布。", "not a regular file, or over 32 MB: cannot be published.");
                        found.push(Diagnostic::new("parse/file-refused", &file, None, words).unplaced());
                    }
                }
                continue;
            }
            match root.read(&file)? {
                Opened::File(source) => self.add(&path, layer, &file, language, || source.text, Vec::new),
                Opened::Refused(diagnostic, bytes) => found.push(Opened::refusal(*diagnostic, &bytes)),
            }
        }
        Ok(())
    }

    fn add(&mut self, path: &str, layer: Layer, file: &str, language: &str, text: impl FnOnce() -> String, bytes: impl FnOnce() -> Vec<u8>) {
        if let Some(name) = path.strip_prefix("templates/") {
            self.templates.push(ThemeText { name: name.to_string(), layer, file: file.to_string(), text: text() });
        } else if let Some(name) = path.strip_prefix("static/") {
            self.statics.insert(name.to_string(), (file.to_string(), bytes()));
        } else if path.strip_prefix("i18n/").and_then(|name| name.strip_suffix(".toml")) == Some(language) {
            self.strings.push(ThemeText { name: language.to_string(), layer, file: file.to_string(), text: text() });
        }
    }
}

fn collect(dir: &Dir<'static>, files: &mut Vec<(&'static str, &'static [u8])>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, files),
            DirEntry::File(file) => {
                let path = file.path().to_str().expect("the theme's own names are ASCII");
                files.push((path, file.contents()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_overlays_file_by_file() {
        let site = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = site.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("templates/pages/alias.html", "mine");
        put("static/.well-known/x.txt", "x");
        put("static/.secret", "no");
        put("themes/plain/static/logo.svg", "theme");
        put("static/logo.svg", "site");
        let root = Root::open(site.path()).unwrap();
        let (theme, found) = Theme::load(&root, "plain", "zh-CN").unwrap();
        assert!(found.is_empty());
        let alias: Vec<_> = theme.templates.iter().filter(|file| file.name == "pages/alias.html").map(|file| file.layer).collect();
        assert_eq!(alias, [Layer::BuiltIn, Layer::Site]);
        assert_eq!(theme.statics["logo.svg"].1, b"site");
        assert!(theme.statics.contains_key(".well-known/x.txt") && !theme.statics.contains_key(".secret"));
        assert_eq!(Theme::load(&root, "absent", "en").unwrap().1.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(site.path().join("static")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", site.path().join("static/leak.txt")).unwrap();
        let (theme, found) = Theme::load(&Root::open(site.path()).unwrap(), "default", "zh-CN").unwrap();
        assert!(!theme.statics.contains_key("leak.txt"));
        assert_eq!(found[0].diagnostic.rule.code, "parse/file-refused");
    }
}
