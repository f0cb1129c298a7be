//! Texts of neighboring reports together, from which results show their sentence.

use super::glean;
use super::grid::Grid;
use super::pack::packed;
use super::radix::{Part, cut};
use crate::model::BodyTree;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// The reports whose texts stand in one file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
    pub(super) part: Part,
}

/// Cuts the field of reports into files of at most about `most` bytes of lines. `weights` are bytes by report number, in order.
pub(super) fn blocks(weights: &[(u32, u32)], most: u64) -> Vec<Block> {
    let mut sums = vec![0u64];
    sums.extend(weights.iter().scan(0, |sum, (_, weight)| {
        *sum += u64::from(*weight);
        Some(*sum)
    }));
    let mut parts = Vec::new();
    let mut weigh = |part: Part| {
        let cells = cells(part);
        let (from, to) = (weights.partition_point(|(cell, _)| cell < cells.start()), weights.partition_point(|(cell, _)| cell <= cells.end()));
        if to - from == 1 { None } else { Some(sums[to] - sums[from]) }
    };
    cut(Part::default(), most, &mut weigh, &mut parts);
    parts.into_iter().map(|part| Block { part }).collect()
}

/// Report numbers are the first 32 bits of a key.
fn cells(part: Part) -> RangeInclusive<u32> {
    (part.bits >> 96) as u32..=(part.last() >> 96) as u32
}

impl Block {
    /// Places of the bodies whose reports stand in it.
    pub fn bodies(&self, grid: &Grid) -> RangeInclusive<usize> {
        let cells = cells(self.part);
        (cells.start() / grid.years) as usize..=((cells.end() / grid.years) as usize).min(grid.order.len().saturating_sub(1))
    }

    /// Its name: `search/t/24-00001a.bin`.
    pub fn path(&self) -> String {
        format!("search/t/{}.bin", self.part.name())
    }

    /// Its bytes, from the lines of its bodies put aside. Lines that came before are named by their number.
    pub fn bytes(&self, grid: &Grid, tree: &BodyTree, gleaned: &[Vec<u8>]) -> Vec<u8> {
        let cells = cells(self.part);
        let mut out = format!("~{}\n", self.part.name());
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut body = u32::MAX;
        for bytes in gleaned {
            glean::lines(bytes, |cell, lines| {
                if !cells.contains(&cell) {
                    return;
                }
                if cell / grid.years != body {
                    body = cell / grid.years;
                    let shown = tree.body(grid.order[body as usize]);
                    let _ = writeln!(out, "@{body}\t{}\t{}", shown.path, shown.title);
                }
                for line in lines.lines() {
                    let literal = line.starts_with([' ', '#']);
                    match known.get(line).filter(|_| literal) {
                        Some(number) => {
                            let _ = writeln!(out, "={number}");
                        }
                        None => {
                            if literal {
                                known.insert(line.to_string(), known.len());
                            }
                            out.push_str(line);
                            out.push('\n');
                        }
                    }
                }
            });
        }
        packed(out.as_bytes())
    }
}
