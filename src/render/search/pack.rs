//! Bytes of search files: numbers of variable length, packed with zlib's check sum, so that a damaged file is known as such.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write as _;

/// A number in groups of seven bits, lowest first; all but the last have the high bit.
pub(super) fn number(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// The bytes as they are stored. Servers of folders compress nothing, and old browsers unpack nothing by themselves: `search.js` does.
pub(super) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(6));
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes all bytes")
}
