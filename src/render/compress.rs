//! Compressed siblings: `index.html.gz` beside `index.html`, for servers that hand them out as they are.

use crate::media;
use flate2::{Compression, GzBuilder};
use std::io::Write as _;

/// Below this a packet holds the file anyway.
const WORTH: usize = 1024;

/// The gzip form of a file, if it is text and large enough to gain by it. No time and no system in it: the same bytes on any machine.
pub fn compressed(path: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < WORTH || !media::is_text(path) {
        return None;
    }
    let mut writer = GzBuilder::new().mtime(0).operating_system(255).write(Vec::with_capacity(bytes.len() / 3), Compression::best());
    writer.write_all(bytes).expect("memory takes every byte");
    Some(writer.finish().expect("memory takes every byte"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn texts_come_back_as_they_were() {
        let text = "云泽县".repeat(500).into_bytes();
        let packed = compressed("a/index.html", &text).unwrap();
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut back).unwrap();
        assert_eq!(back, text);
        // Magic, deflate, no flags, no time, the strongest level, no system.
        assert_eq!(packed[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
        assert_eq!(compressed("a.csv", b"short"), None);
        assert_eq!(compressed("a.png", &text), None);
    }
}
