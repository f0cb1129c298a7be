//! A line of keys cut into files: halved at fixed places until no part weighs too much.
//!
//! Where a part ends depends on what lies in it alone, so that a changed text moves no border but, at most, its own. The tree of
//! cuts is all a reader's browser has to know to find the file of a key: about two bits a cut.

/// A part of the line: all keys that begin with the first `depth` bits of `bits`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, serde::Deserialize, serde::Serialize)]
pub struct Part {
    /// First key of the part.
    pub(super) bits: u128,
    /// How many bits its keys share, at most 128.
    pub(super) depth: u8,
}

impl Part {
    /// Its lower and its upper half.
    pub(super) fn halves(self) -> (Part, Part) {
        let depth = self.depth + 1;
        (Part { bits: self.bits, depth }, Part { bits: self.bits | 1 << (128 - depth), depth })
    }

    /// Its last key.
    pub(super) fn last(self) -> u128 {
        self.bits | u128::MAX.checked_shr(self.depth.into()).unwrap_or(0)
    }

    /// The first UTF-16 unit of its first key.
    pub(super) fn unit(self) -> u16 {
        (self.bits >> 112) as u16
    }

    /// Whether a part lies in it.
    pub(super) fn has(self, other: Part) -> bool {
        other.depth >= self.depth && (self.bits..=self.last()).contains(&other.bits)
    }

    /// Its name: the number of shared bits, and these in hexadecimal digits.
    pub(super) fn name(self) -> String {
        let digits = usize::from(self.depth).div_ceil(4);
        let all = format!("{:032x}", self.bits);
        format!("{}-{}", self.depth, &all[..digits])
    }
}

/// Halves a part until each piece is light enough, or cannot be cut. `weigh` gives the weight of a piece; nothing for a piece
/// that must stay whole.
pub(super) fn cut(part: Part, most: u64, weigh: &mut impl FnMut(Part) -> Option<u64>, pieces: &mut Vec<Part>) {
    match weigh(part) {
        Some(weight) if weight > most && part.depth < 128 => {
            let (lower, upper) = part.halves();
            cut(lower, most, weigh, pieces);
            cut(upper, most, weigh, pieces);
        }
        Some(0) => {}
        _ => pieces.push(part),
    }
}

/// The tree of cuts as text: for each part, parents before children and lower before upper, `1` for a cut, `01` for a file, `00` for
/// nothing; six bits a letter.
pub(super) fn tree(pieces: &[Part]) -> String {
    let mut bits = Vec::new();
    grow(Part::default(), pieces, &mut bits);
    bits.chunks(6).map(|chunk| LETTERS[chunk.iter().enumerate().map(|(place, bit)| usize::from(*bit) << (5 - place)).sum::<usize>()] as char).collect()
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn grow(part: Part, pieces: &[Part], bits: &mut Vec<bool>) {
    match pieces {
        [] => bits.extend([false, false]),
        [piece] if *piece == part => bits.extend([false, true]),
        _ => {
            bits.push(true);
            let (lower, upper) = part.halves();
            let (low, high) = pieces.split_at(pieces.partition_point(|piece| piece.bits < upper.bits));
            grow(lower, low, bits);
            grow(upper, high, bits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_by_weight_and_named_by_their_bits() {
        let keys: Vec<u128> = [0x1000u128, 0x1001, 0x9000, 0xa000].iter().map(|key| key << 112).collect();
        let mut weigh = |part: Part| Some(keys.iter().filter(|key| (part.bits..=part.last()).contains(key)).count() as u64);
        let mut pieces = Vec::new();
        cut(Part::default(), 2, &mut weigh, &mut pieces);
        assert_eq!(pieces.iter().map(|part| part.name()).collect::<Vec<_>>(), ["1-0", "1-8"]);
        assert_eq!(tree(&pieces), tree(&[pieces[0], pieces[1]]));
        // A cut, a file, a file: 1 01 01.
        assert_eq!(tree(&pieces), "q");
        let mut fine = Vec::new();
        cut(Part::default(), 1, &mut weigh, &mut fine);
        assert_eq!(fine.len(), 4);
        assert_eq!(fine[0].name(), "16-1000");
        assert_eq!(Part { bits: u128::MAX, depth: 128 }.last(), u128::MAX);
    }
}
