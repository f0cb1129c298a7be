//! Archives that may be hostile: Word, Excel and OpenDocument files, and plain zips.
//!
//! Entries are read one by one, by number or by name, into memory; nothing is unpacked to disk. Sizes are counted while
//! an entry inflates, never by what it claims.

use std::io::{Cursor, Read as _};
use zip::ZipArchive;
use zip::result::ZipError;

/// Entries of an archive that are looked at.
pub const MOST_ENTRIES: usize = 2_000;
/// Bytes of one entry, inflated.
pub const LARGEST_ENTRY: u64 = 64 << 20;
/// Bytes of all entries, inflated.
pub const LARGEST_ARCHIVE: u64 = 256 << 20;
/// How many times its size an entry may inflate to, beyond the first megabyte.
pub const WIDEST_RATIO: u64 = 200;

/// Why an archive or an entry cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Cut off, damaged, or packed in a way that is not known.
    Broken,
    /// Locked with a password.
    Encrypted,
    /// Larger, or made of more parts, than is ever read; or its parts lie over each other.
    Limit,
}

/// An archive in memory.
pub struct Archive<'b> {
    zip: ZipArchive<Bytes<'b>>,
    left: u64,
}

type Bytes<'b> = Cursor<&'b [u8]>;

impl<'b> Archive<'b> {
    /// Opens an archive by its list of entries.
    pub fn open(bytes: &'b [u8]) -> Result<Archive<'b>, Fault> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
        if zip.len() > MOST_ENTRIES {
            return Err(Fault::Limit);
        }
        match zip.has_overlapping_files() {
            Ok(false) => Ok(Archive { zip, left: LARGEST_ARCHIVE }),
            Ok(true) => Err(Fault::Limit),
            Err(_) => Err(Fault::Broken),
        }
    }

    /// Names of the entries that are no folders, in the order of the archive's list. Names that are no text are left out.
    pub fn names(&self) -> Vec<String> {
        self.zip.file_names().filter_map(Result::ok).map(|name| name.into_owned()).filter(|name| !name.ends_with('/')).collect()
    }

    /// How many entries there are, folders included.
    pub fn len(&self) -> usize {
        self.zip.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.zip.len() == 0
    }

    /// Name and content of an entry by its place; the content of a folder is empty.
    pub fn at(&mut self, place: usize) -> Result<(String, Vec<u8>), Fault> {
        let entry = self.zip.by_index(place).map_err(fault)?;
        let name = entry.name().map_err(|_| Fault::Broken)?.into_owned();
        let limit = LARGEST_ENTRY.min(self.left).min((1 << 20) + WIDEST_RATIO * entry.compressed_size());
        let mut content = Vec::new();
        let read = entry.take(limit + 1).read_to_end(&mut content);
        self.left = self.left.saturating_sub(content.len() as u64);
        match read {
            _ if content.len() as u64 > limit => Err(Fault::Limit),
            Ok(_) => Ok((name, content)),
            Err(_) => Err(Fault::Broken),
        }
    }

    /// The content of an entry by its name; nothing if there is none.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        match self.zip.index_for_name(name) {
            Some(place) => self.at(place).map(|(_, content)| Some(content)),
            None => Ok(None),
        }
    }
}

fn fault(error: ZipError) -> Fault {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => Fault::Encrypted,
        _ => Fault::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use zip::write::SimpleFileOptions;

    fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let mut file = zip::ZipWriter::new(&mut bytes);
        for (name, content) in entries {
            file.start_file(*name, SimpleFileOptions::default()).unwrap();
            file.write_all(content).unwrap();
        }
        file.finish().unwrap();
        bytes.into_inner()
    }

    #[test]
    fn entries_by_name() {
        let bytes = packed(&[("a/b.xml", b"one"), ("../c", b"two")]);
        let mut archive = Archive::open(&bytes).unwrap();
        assert_eq!(archive.names(), ["a/b.xml", "../c"]);
        assert_eq!(archive.read("a/b.xml").unwrap().as_deref(), Some(&b"one"[..]));
        assert_eq!(archive.read("none"), Ok(None));
    }

    #[test]
    fn bombs_are_limits_and_cut_off_files_are_broken() {
        // 40 MB of zeros in 40 kB: far beyond the ratio, below the size.
        let bytes = packed(&[("bomb", &vec![0; 40 << 20])]);
        assert_eq!(Archive::open(&bytes).unwrap().read("bomb"), Err(Fault::Limit));
        let names: Vec<String> = (0..=MOST_ENTRIES).map(|number| number.to_string()).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(Archive::open(&packed(&many)).err(), Some(Fault::Limit));
        let whole = packed(&[("a", b"some text that is long enough to be packed"), ("b", b"two")]);
        for end in 0..whole.len() {
            if let Ok(mut archive) = Archive::open(&whole[..end]) {
                let _ = archive.read("a");
            }
        }
        assert_eq!(Archive::open(&whole[..whole.len() / 2]).err(), Some(Fault::Broken));
    }

    #[test]
    fn entries_over_each_other_are_refused() {
        let mut bytes = packed(&[("a", b"one"), ("b", b"two")]);
        // The list says that both begin where the first does.
        let list: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, sign)| sign == b"PK\x01\x02").map(|(at, _)| at).collect();
        bytes[list[1] + 42..list[1] + 46].fill(0);
        assert!(Archive::open(&bytes).map_or(true, |mut archive| archive.read("b").is_err()));
    }
}
