//! SHA-256, as published digests use it.

use sha2::{Digest as _, Sha256};

/// A digest being computed.
#[derive(Clone, Debug, Default)]
pub struct Digest(Sha256);

/// A finished SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub struct Sha256Sum(pub [u8; 32]);

impl Digest {
    /// Nothing read yet.
    pub fn new() -> Digest {
        Digest::default()
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The sum.
    pub fn finish(self) -> Sha256Sum {
        Sha256Sum(self.0.finalize().into())
    }
}

impl Sha256Sum {
    /// The sum of some bytes.
    pub fn of(bytes: &[u8]) -> Sha256Sum {
        Sha256Sum(Sha256::digest(bytes).into())
    }

    /// The sum of a value's fields, the same for equal values on every machine.
    ///
    /// # Panics
    /// If the value cannot be written as bytes: maps without an order and the like do not occur in what is compared.
    pub fn of_value(value: &impl serde::Serialize) -> Sha256Sum {
        Sha256Sum::of(&postcard::to_stdvec(value).expect("plain values are always written"))
    }

    /// 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            text.push(DIGITS[usize::from(byte >> 4)] as char);
            text.push(DIGITS[usize::from(byte & 15)] as char);
        }
        text
    }

    /// The sum in the form of `integrity` attributes: `sha256-` and base64.
    pub fn integrity(&self) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::from("sha256-");
        for chunk in self.0.chunks(3) {
            let bits = chunk.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
            for place in 0..4 {
                let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63] as char;
                text.push(if place <= chunk.len() { letter } else { '=' });
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_sums() {
        let empty = Sha256Sum::of(b"");
        assert_eq!(empty.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(empty.integrity(), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
