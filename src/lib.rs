//! Gongkai turns a folder of disclosure reports into a public portal.
//!
//! A build is one walk in one direction: `source` reads, `parse` understands, `analyze` compares, `check` judges,
//! `plan` decides what is to be made, `render` makes the bytes, `inspect` reads them once more, `publish` writes them
//! all or not at all. Under the stages lies the ground (`model`, `diag`, `text`, `markdown`, `config`, `digest`,
//! `private`, `media`, `archive`, `atomic`), which knows none of them; above them stands `driver`, the only file that knows the order.

pub mod analyze;
pub mod approve;
pub mod archive;
pub mod atomic;
pub mod check;
pub mod config;
pub mod diag;
pub mod digest;
pub mod draft;
pub mod driver;
pub mod fields;
#[cfg(feature = "import")]
pub mod import;
pub mod inspect;
pub mod markdown;
pub mod media;
pub mod model;
pub mod parse;
pub mod plan;
pub mod private;
pub mod publish;
pub mod render;
#[cfg(feature = "serve")]
pub mod serve;
pub mod source;
pub mod starter;
pub mod text;
