//! Theme files.
