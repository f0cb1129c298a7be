//! Which way the arrows point: a stage imports the ground and the types of stages before it, and each foreign crate has one home.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What each module of the library may import from the crate.
const ALLOWED: [(&str, &[&str]); 26] = [
    ("digest", &[]),
    ("media", &[]),
    ("archive", &[]),
    // Ground: numbers of a cell are read into the nouns of the law, and forms keep their labels as they are compared.
    ("text", &["model"]),
    ("private", &["text"]),
    ("diag", &["digest", "private"]),
    ("atomic", &["diag"]),
    ("markdown", &["diag", "text"]),
    ("fields", &["diag", "model"]),
    ("model", &["diag", "text"]),
    ("config", &["diag", "fields", "model"]),
    ("source", &["diag", "model"]),
    ("parse", &["diag", "text", "markdown", "fields", "model", "config", "digest", "source"]),
    ("analyze", &["diag", "text", "model", "config", "digest"]),
    ("plan", &["diag", "digest", "text", "model", "analyze"]),
    ("check", &["diag", "text", "private", "model", "analyze", "plan"]),
    ("render", &["diag", "digest", "media", "text", "markdown", "fields", "model", "config", "source", "analyze", "plan"]),
    ("inspect", &["archive", "private"]),
    ("publish", &["diag", "digest"]),
    ("driver", &["diag", "digest", "fields", "markdown", "model", "config", "source", "parse", "analyze", "plan", "check", "render", "inspect", "publish"]),
    ("serve", &["diag", "media", "driver"]),
    ("import", &["archive", "diag", "digest", "text", "markdown", "atomic", "model", "parse", "fields", "config", "source", "check"]),
    ("draft", &["diag", "atomic", "fields", "model", "parse", "source", "driver"]),
    ("approve", &["diag", "atomic", "model", "parse", "source", "driver"]),
    ("starter", &["atomic"]),
    ("lib", &[]),
];

/// Foreign crates and the only modules that name them.
const HOMES: [(&str, &[&str]); 21] = [
    ("postcard", &["digest", "driver", "publish"]),
    ("parquet", &["driver"]),
    ("regex", &["check", "private", "text", "import"]),
    ("aho_corasick", &["check", "text"]),
    ("memchr", &["inspect"]),
    ("toml_edit", &["approve"]),
    ("zip", &["archive"]),
    ("flate2", &["inspect", "render"]),
    ("pinyin", &["text", "import"]),
    ("walkdir", &["source", "import"]),
    ("pulldown_cmark", &["markdown", "parse", "render"]),
    ("tera", &["render"]),
    ("syntect", &["render"]),
    ("toml", &["fields", "model", "import"]),
    ("rayon", &["driver", "import", "publish"]),
    ("axum", &["serve"]),
    ("sha2", &["digest"]),
    ("csv", &["render", "import"]),
    ("similar", &["analyze"]),
    ("include_dir", &["source", "starter"]),
    ("annotate_snippets", &["diag"]),
];

fn sources() -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.insert(path, text);
            }
        }
    }
    files
}

/// The module a file belongs to; none for the binary, which may call everything the library shows.
fn module(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_string();
    (!matches!(first.as_str(), "main" | "cli")).then_some(first)
}

/// The code of a file without its tests: those may reach further.
fn code(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod ").map_or(text, |at| &text[..at])
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests") || path.file_name().is_some_and(|name| name == "tests.rs")
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !is_test(path)) {
        let Some(module) = module(path) else { continue };
        let allowed = ALLOWED.iter().find(|(name, _)| *name == module).unwrap_or_else(|| panic!("`{module}` has no line in ALLOWED")).1;
        for (at, _) in code(text).match_indices("crate::") {
            let rest = &text[at + "crate::".len()..];
            let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if name != module && !name.is_empty() && !allowed.contains(&name.as_str()) {
                let line = text[..at].matches('\n').count() + 1;
                wrong.push(format!("{}:{line}: {module} imports {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn foreign_crates_have_one_home() {
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !is_test(path)) {
        let Some(module) = module(path) else { continue };
        for (foreign, homes) in HOMES {
            if homes.contains(&module.as_str()) {
                continue;
            }
            for line in code(text).lines().filter(|line| line.starts_with(&format!("use {foreign}::")) || line.contains(&format!(" {foreign}::"))) {
                if !line.trim_start().starts_with("//") && !line.contains(&format!("crate::{foreign}")) {
                    wrong.push(format!("{}: {line}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_code_between_the_doors_is_pure() {
    let pure = ["model", "text", "markdown", "parse", "analyze", "check", "plan", "render", "config"];
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !is_test(path)) {
        if !module(path).is_some_and(|module| pure.contains(&module.as_str())) {
            continue;
        }
        for word in ["std::fs", "std::env::", "Timestamp::now", "SystemTime", "Instant::now", "println!", "eprintln!", "std::process"] {
            if code(text).lines().any(|line| line.contains(word) && !line.trim_start().starts_with("//")) {
                wrong.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_module_is_a_stub() {
    for (path, text) in sources() {
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//")).count();
        assert!(lines > 1, "{} holds nothing", path.display());
    }
}
