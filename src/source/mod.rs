//! source
pub mod theme;
