//! How well `gongkai import` reads: precision and recall of fields and figures over folders of labeled documents.
//!
//! `cargo run --example score-import -- [--misses] DIR…`; what a label looks like and what counts is told in `score.rs`. With `--misses` every
//! difference is printed with its file, line and label, and with what was read in its place.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod score;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let (flags, folders): (Vec<_>, Vec<_>) = std::env::args_os().skip(1).partition(|word| word.to_string_lossy().starts_with("--"));
    let folders: Vec<PathBuf> = folders.into_iter().map(PathBuf::from).collect();
    if folders.is_empty() || flags.iter().any(|flag| flag != "--misses") {
        eprintln!("usage: score-import [--misses] DIR…");
        return ExitCode::from(2);
    }
    match score::score(&folders) {
        Ok(scores) => {
            if !flags.is_empty() {
                println!("{}\n", scores.misses.join("\n"));
            }
            println!("{}", scores.table());
            ExitCode::SUCCESS
        }
        Err(cause) => {
            eprintln!("{cause}");
            ExitCode::from(3)
        }
    }
}
