//! Names the program by its own sources, so that a portal remembered from another build of it is never taken for this one's.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher as _;
use std::path::Path;

fn main() {
    let mut hash = DefaultHasher::new();
    for name in ["Cargo.toml", "Cargo.lock", "src", "themes"] {
        println!("cargo::rerun-if-changed={name}");
        add(Path::new(name), &mut hash);
    }
    println!("cargo::rustc-env=GONGKAI_BUILD={:016x}", hash.finish());
}

fn add(path: &Path, hash: &mut DefaultHasher) {
    hash.write(path.to_string_lossy().as_bytes());
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| add(entry, hash));
    } else if let Ok(bytes) = fs::read(path) {
        hash.write(&bytes);
    }
}
