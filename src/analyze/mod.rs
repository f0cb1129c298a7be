//! Facts from reports: what was filed when, how figures changed, how texts differ, who cites what. It never judges.
//!
//! Comes in: the reports of one body ([`Facts`]), or the facts of all bodies. Goes out: filing states, cells with their
//! changes, text differences, and indexes that cross bodies and merge in any order.

pub mod facts;
pub mod filing;
pub mod links;
pub mod pair;
pub mod series;

pub use facts::{AllFacts, Excerpt, Facts, Filed, FiledReport, ReportFacts, Reports, Standing};
pub use filing::{Calendar, Filing, Tally};
pub use links::{DocumentEntry, LinkIndex, Target};
pub use series::{CellState, Change};
