//! The program as people use it: sites on disk, one command, the portal it writes.

#![allow(clippy::unwrap_used)]

mod bad_input;
mod charts;
mod checking;
mod checks;
mod compare;
mod content;
mod data;
mod demo;
mod endurance;
mod flags;
mod folder;
mod importing;
mod incremental;
mod mutations;
mod notice;
mod outside;
mod preview;
mod reckoning;
mod recognition;
mod roundtrip;
mod samples;
mod scripts;
mod search;
mod servers;
#[cfg(feature = "shards")]
mod shards;
mod site;
mod theme;
mod verbs;
