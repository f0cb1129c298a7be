//! The bytes of one output: page, chart, feed, sitemap, table, JSON. Reads and writes no file.
//!
//! [`view`] says what each template may see, `pages` fills the views from facts, [`engine`] turns a view into HTML.

pub mod chart;
pub mod engine;
pub mod strings;
pub mod view;
