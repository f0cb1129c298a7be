//! From the disk to text: finds, opens and decodes content, configuration and theme files, and interprets none of them.
//!
//! Comes in: the root of a site. Goes out: a [`Scan`] of its content (which directories are bodies, which files are
//! reports) and, one by one, [`SourceFile`]s. Only regular files below the root are opened, no link is followed, and
//! what is not UTF-8 is refused with the byte that is wrong.

mod open;
mod scan;
mod stamp;
mod theme;

pub use open::{LARGEST, Opened, ReadError, Refusal, Root, SourceFile};
pub use scan::{BodyDir, Page, ReportFile, Scan, scan};
pub use stamp::Stamp;
pub use theme::{Layer, Theme, ThemeText};
