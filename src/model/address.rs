//! Which names a directory of `content/` may have: they are addresses of the portal.

use super::Year;

/// Names the portal needs for itself: no directory and no page may have them.
const RESERVED: [&str; 15] = [
    "years",
    "indicators",
    "documents",
    "topics",
    "compare",
    "notice",
    "filing",
    "quality",
    "corrections",
    "search",
    "data",
    "assets",
    "feeds",
    "page",
    "atom.xml",
];

/// What keeps a name from being an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameFault {
    /// It is not of lower-case letters, digits and hyphens, begins with a hyphen, or is longer than 120 bytes.
    Form,
    /// The portal, or Windows, needs it for itself.
    Reserved,
}

/// What is wrong with the name of a body's directory.
pub fn name_fault(name: &str) -> Option<NameFault> {
    let is_plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !is_plain || name.starts_with('-') || !(1..=120).contains(&name.len()) {
        return Some(NameFault::Form);
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_year = |text: &str| text.len() == 4 && digits(text);
    let is_pair = name.split_once('-').is_some_and(|(a, b)| Year::from_digits(a).is_some() && Year::from_digits(b).is_some());
    let is_revision = name.strip_prefix('r').is_some_and(digits);
    let is_device =
        ["con", "prn", "aux", "nul"].contains(&name) || name.len() == 4 && ["com", "lpt"].iter().any(|port| name.strip_prefix(port).is_some_and(digits));
    (is_reserved(name) || is_year(name) || is_pair || is_revision || is_device).then_some(NameFault::Reserved)
}

/// Whether the portal has a page or a folder of this name.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_directories() {
        for name in ["yunxi", "yunxi-2", "r", "road", "2", "20-21", "com", "com10"] {
            assert_eq!(name_fault(name), None, "{name}");
        }
        for name in ["", "-a", "Yunxi", "云溪", "a b", "a/b", "a.b", &"a".repeat(121)] {
            assert_eq!(name_fault(name), Some(NameFault::Form), "{name}");
        }
        for name in ["years", "page", "2024", "0001", "2023-2024", "r0", "r12", "con", "lpt1"] {
            assert_eq!(name_fault(name), Some(NameFault::Reserved), "{name}");
        }
    }
}
