//! Search without a server: files from which a browser finds every report that holds a string.
//!
//! Comes in: of each body, while its pages are made, what [`glean`] takes of its texts, as bytes that the driver puts aside; at the end
//! these bytes again, body by body. Goes out: files of the index, blocks of texts, and the first file, which knows where all others are.
//! Memory is one range of the index a thread, whatever the number of reports.
//!
//! | file | holds |
//! |---|---|
//! | `search/first.<digest>.js` | names, years, indicators, where the other files are: a script that sets one value |
//! | `search/names.bin` | names of all bodies, where the first file has not the room |
//! | `search/n/<part>.bin` | numbers of documents and of reports |
//! | `search/i/<part>.bin` | which reports hold a string, see `index.rs` |
//! | `search/t/<part>.bin` | the texts of neighboring reports, see `blocks.rs` |
//!
//! Which file holds what depends on what is in it alone: a changed text changes its block, and the files of the index that its own
//! strings stand in.

mod blocks;
mod first;
mod glean;
mod grid;
mod index;
mod pack;
mod patch;
mod radix;

pub use blocks::Block;
pub use first::{Names, names};
pub use glean::{Gleaned, glean};
pub use grid::Grid;
pub use index::{Census, File, Kept, Range};
pub use patch::{Before, Index, Patch, Patched};
pub use radix::Part;

use crate::model::BodyId;

/// Most files of the index; with [`MOST_BLOCKS`] and the few others fewer than 6,000.
pub const MOST_FILES: usize = 2_400;
const MOST_BLOCKS: usize = 3_400;
/// Heaviest file of the index, in bytes, before a portal is so large that there would be too many of them.
const FILE: u64 = 24_000;
/// Bytes of text in a block, before it is packed to about a twelfth.
const BLOCK: u64 = 160_000;

/// The weight of the heaviest file of the index to begin with.
pub fn file_weight(census: &Census) -> u64 {
    let mut weight = FILE;
    // A place takes about a byte, and files are full to two thirds.
    while census.places() / weight > MOST_FILES as u64 * 6 / 10 {
        weight = heavier(weight);
    }
    weight
}

/// The next size of files, where there are too many of this one.
pub fn heavier(weight: u64) -> u64 {
    weight + weight / 4
}

/// The blocks of texts. `weights` are bytes of lines by report number, in order.
pub fn blocks(weights: &[(u32, u32)]) -> Vec<Block> {
    let mut weight = BLOCK;
    loop {
        let blocks = blocks::blocks(weights, weight);
        if blocks.len() <= MOST_BLOCKS {
            return blocks;
        }
        weight = heavier(weight);
    }
}

/// The blocks of texts, and which of them hold other reports than before, or a changed body's.
pub fn changed_blocks(old: &[Block], new: &[Block], grid: &Grid, is_changed: impl Fn(BodyId) -> bool) -> Vec<bool> {
    let is_old = |block: &Block| old.binary_search_by_key(&block.part.bits, |old| old.part.bits).is_ok_and(|place| old[place] == *block);
    new.iter().map(|block| !is_old(block) || block.bodies(grid).any(|place| is_changed(grid.body(place)))).collect()
}

/// Where the files of a portal are: trees of cuts as the first file has them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Places {
    index: String,
    texts: String,
}

impl Places {
    /// From the parts of all files of the index, in order, and all blocks.
    pub fn of(files: &[Part], blocks: &[Block]) -> Places {
        let blocks: Vec<Part> = blocks.iter().map(|block| block.part).collect();
        Places { index: radix::tree(files), texts: radix::tree(&blocks) }
    }
}
