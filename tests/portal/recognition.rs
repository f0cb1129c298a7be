//! How well the import reads: documents that somebody else made and labeled, scored as `examples/score-import` scores them.
//!
//! The floors are what was reached; a change that reads worse fails, and one that reads better may raise them.

#[path = "../../examples/score-import/score.rs"]
mod score;

use crate::site::skipped;
use std::path::{Path, PathBuf};

/// A row of the score with the least precision and recall, in hundredths of a percent.
type Floor = (&'static str, usize, usize);

/// What is asked of published reports.
const AIM: [Floor; 8] = [
    ("figures", 9900, 9500),
    ("field title", 9800, 9800),
    ("field body", 9800, 9800),
    ("field year", 9800, 9800),
    ("field published", 9800, 9800),
    ("field signed", 9800, 9800),
    ("field period", 9800, 9800),
    ("documents", 9800, 9800),
];

/// What is reached on the documents on which recognition was tuned.
const REACHED: [Floor; 17] = [
    ("figures", 10000, 9985),
    ("figures, prose", 10000, 9880),
    ("figures, table", 10000, 9990),
    ("of them in tables, not 0", 10000, 9950),
    ("of them 0 said in words", 10000, 10000),
    ("field title", 10000, 10000),
    ("field body", 10000, 10000),
    ("field county", 10000, 9750),
    ("field level", 10000, 10000),
    ("field year", 10000, 10000),
    ("field published", 10000, 10000),
    ("field signed", 10000, 10000),
    ("field period", 10000, 10000),
    ("field number", 10000, 10000),
    ("sections", 10000, 9850),
    ("documents", 10000, 10000),
    ("notes that must be", 10000, 10000),
];

/// What is reached on the third that was set aside until the end. Its first score, before anything was mended, stands in docs/import.md.
const SET_ASIDE: [Floor; 9] = [
    ("figures", 10000, 9870),
    ("figures, prose", 10000, 8400),
    ("figures, table", 10000, 10000),
    ("field title", 10000, 9580),
    ("field body", 10000, 10000),
    ("field year", 10000, 10000),
    ("field published", 10000, 10000),
    ("field signed", 10000, 10000),
    ("sections", 10000, 10000),
];

/// Folders of made-up documents with their floors.
const MADE: [(&str, &[Floor]); 2] = [("open", &REACHED), ("sealed", &SET_ASIDE)];

#[test]
fn made_documents_are_read_as_labeled() {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/made");
    for (folder, floors) in MADE {
        let folder = made.join(folder);
        reaches(&folder, floors);
    }
}

#[test]
fn labels_are_not_there_for_nothing() {
    let open = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/made/open");
    let scores = score::score(&[open]).unwrap();
    assert_eq!((scores.documents, scores.reports), (40, 41));
    let figures = scores.row("figures");
    assert!(figures.right + figures.missed > 4000, "{figures:?}");
}

#[test]
fn published_reports_are_read_as_labeled() {
    // Their texts are not the project's: whoever has them names the folder.
    let folder = std::env::var_os("GONGKAI_LABELS").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/labels"), PathBuf::from);
    if folder.is_dir() {
        reaches(&folder, &AIM);
    } else {
        skipped("no labeled reports: name their folder in GONGKAI_LABELS");
    }
}

fn reaches(folder: &Path, floors: &[Floor]) {
    let scores = score::score(&[folder.to_path_buf()]).unwrap();
    assert!(scores.documents > 0, "{} holds no labeled document", folder.display());
    let mut low: Vec<String> = Vec::new();
    for (row, precision, recall) in floors {
        let tally = scores.row(row);
        if tally.precision() < *precision || tally.recall() < *recall {
            low.push(format!("{row}: {tally:?}"));
        }
    }
    if scores.unnoted() > 0 {
        low.push(format!("{} wrong values carry no note", scores.unnoted()));
    }
    assert!(low.is_empty(), "{}\n\n{}\n\n{}", low.join("\n"), scores.misses.join("\n"), scores.table());
}
