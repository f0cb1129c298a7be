//! Where one output stands: a relative path that every file system and every web server can hold.
//!
//! Names come from content (`path`, `slug`, `url`, aliases, attachments), so they are checked before anything is opened:
//! no way out of the folder, nothing Windows refuses, nothing that a shell or a server reads as an option or hides.

use crate::diag::Words;
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// Longest part of a path in bytes. File systems allow 255; encrypted home folders on Linux only 143.
pub const LONGEST_PART: usize = 120;

/// Longest path in bytes, so that it still opens below a deep folder of the server.
pub const LONGEST_PATH: usize = 2000;

/// Files that publishing itself writes at the top of a portal.
pub(super) const MARKER: &str = "gongkai.json";
pub(super) const SUMS: &str = "SHA256SUMS";

/// A checked path below the output folder, parts joined by `/`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OutputPath(Arc<str>);

/// Why a text is no output path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathFault {
    /// Nothing, or nothing between two slashes.
    Empty,
    /// Begins with `/`, or with a drive letter.
    Absolute,
    /// `.` or `..`.
    Escape,
    /// Contains `\`.
    Backslash,
    /// A control character, or one that turns the direction of writing.
    Control,
    /// One of `< > : " | ? *`.
    Character,
    /// `CON`, `NUL`, `COM1` and such, with any ending.
    Device,
    /// Begins with a dot (but `.well-known`, and Apache's `.htaccess` at the top).
    Hidden,
    /// Begins with `-` or a space, or ends with a dot or a space.
    Edge,
    /// A part over [`LONGEST_PART`] or a path over [`LONGEST_PATH`] bytes.
    Long,
    /// A name that publishing keeps for itself: `gongkai.json`, `SHA256SUMS`.
    Reserved,
}

/// A text that is no output path.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{path:?} cannot be an output path: {}", self.reason().en)]
pub struct PathError {
    /// The text.
    pub path: String,
    /// What is wrong with it.
    pub fault: PathFault,
}

impl OutputPath {
    /// Checks a path.
    pub fn new(path: &str) -> Result<OutputPath, PathError> {
        match fault(path) {
            None => Ok(OutputPath(Arc::from(path))),
            Some(fault) => Err(PathError { path: path.to_string(), fault }),
        }
    }

    /// The path, parts joined by `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder it stands in; none at the top.
    pub fn folder(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(folder, _)| folder)
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl AsRef<str> for OutputPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

fn fault(path: &str) -> Option<PathFault> {
    let bytes = path.as_bytes();
    if path.is_empty() {
        return Some(PathFault::Empty);
    }
    if bytes[0] == b'/' || (bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':') {
        return Some(PathFault::Absolute);
    }
    if path.len() > LONGEST_PATH {
        return Some(PathFault::Long);
    }
    if [MARKER, SUMS].iter().any(|own| path.eq_ignore_ascii_case(own) || path.split('/').next().is_some_and(|top| top.eq_ignore_ascii_case(own))) {
        return Some(PathFault::Reserved);
    }
    path.split('/').enumerate().find_map(|(depth, part)| fault_of_part(depth, part))
}

fn fault_of_part(depth: usize, part: &str) -> Option<PathFault> {
    if is_plain(part) { None } else { fault_at_close_look(depth, part) }
}

fn fault_at_close_look(depth: usize, part: &str) -> Option<PathFault> {
    if part.is_empty() {
        return Some(PathFault::Empty);
    }
    if matches!(part, "." | "..") {
        return Some(PathFault::Escape);
    }
    if part.len() > LONGEST_PART {
        return Some(PathFault::Long);
    }
    if let Some(fault) = part.chars().find_map(fault_of_character) {
        return Some(fault);
    }
    if part.starts_with('.') && !(depth == 0 && matches!(part, ".well-known" | ".htaccess")) {
        return Some(PathFault::Hidden);
    }
    if part.starts_with(['-', ' ']) || part.ends_with(['.', ' ']) {
        return Some(PathFault::Edge);
    }
    is_device(part).then_some(PathFault::Device)
}

/// A name without any of what can be wrong: nearly all that the program makes, and they are many.
fn is_plain(part: &str) -> bool {
    let letters = |bytes: &[u8]| bytes.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
    let stem = part.split('.').next().unwrap_or_default();
    // Devices have three or four letters.
    let is_stem = letters(stem.as_bytes()) && (stem.len() > 4 || stem.starts_with(|c: char| c.is_ascii_digit())) && !stem.starts_with('-');
    is_stem && part.len() <= LONGEST_PART && part[stem.len()..].bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'.')) && !part.ends_with('.')
}

fn fault_of_character(character: char) -> Option<PathFault> {
    match character {
        '\\' => Some(PathFault::Backslash),
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some(PathFault::Character),
        // Marks of direction make `gpj.exe` look like a picture in a list of files.
        '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(PathFault::Control),
        _ if character.is_control() => Some(PathFault::Control),
        _ => None,
    }
}

/// Windows opens the device whatever follows the first dot, and ignores spaces before it.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end();
    if ["con", "prn", "aux", "nul", "conin$", "conout$"].iter().any(|device| stem.eq_ignore_ascii_case(device)) {
        return true;
    }
    let mut letters = stem.chars();
    let port: String = letters.by_ref().take(3).collect();
    let number = letters.next();
    (port.eq_ignore_ascii_case("com") || port.eq_ignore_ascii_case("lpt")) && matches!(number, Some('0'..='9' | '¹' | '²' | '³')) && letters.next().is_none()
}

impl PathError {
    fn reason(&self) -> Words {
        match self.fault {
            PathFault::Empty => Words::new("有空的一段", "it has an empty part"),
            PathFault::Absolute => Words::new("是绝对路径", "it is absolute"),
            PathFault::Escape => Words::new("含有 . 或 ..", "it contains . or .."),
            PathFault::Backslash => Words::new("含有反斜杠", "it contains a backslash"),
            PathFault::Control => Words::new("含有控制字符", "it contains a control character"),
            PathFault::Character => Words::new("含有 < > : \" | ? * 之一", "it contains one of < > : \" | ? *"),
            PathFault::Device => Words::new("是 Windows 保留的设备名", "it is the name of a device on Windows"),
            PathFault::Hidden => Words::new("以点开头", "a part begins with a dot"),
            PathFault::Edge => Words::new("有一段以 - 或空格开头，或以点、空格结尾", "a part begins with - or a space, or ends with a dot or a space"),
            PathFault::Long => Words::new(
                format!("有一段超过 {LONGEST_PART} 字节，或全长超过 {LONGEST_PATH} 字节"),
                format!("a part is over {LONGEST_PART} bytes or the whole over {LONGEST_PATH}"),
            ),
            PathFault::Reserved => Words::new("是发布程序自用的文件名", "the name is kept for publishing itself"),
        }
    }

    /// What is wrong and what to do.
    pub fn words(&self) -> Words {
        let reason = self.reason();
        let shown: String = self.path.chars().take(160).flat_map(char::escape_debug).collect();
        Words::new(
            format!("输出路径“{shown}”不能使用：{}。请改用另一个文件名或地址", reason.zh),
            format!("the output path `{shown}` cannot be used: {}; choose another file name or address", reason.en),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(path: &str) -> Option<PathFault> {
        OutputPath::new(path).err().map(|error| error.fault)
    }

    #[test]
    fn a_name_that_passes_unlooked_at_would_pass() {
        let parts = ["index", "aux", "com1", "con", "2019", "a", "-a", "a-", ".", "", "nul5", "page", "é", " ", "A"];
        let ends = ["", ".html", ".", ".tar.gz", "..", ".HTML", ".con", ". "];
        let names = parts.iter().flat_map(|part| ends.iter().map(move |end| format!("{part}{end}")));
        let plain: Vec<String> = names.filter(|name| is_plain(name)).collect();
        assert!(plain.len() >= 8 && plain.iter().all(|name| fault_at_close_look(0, name).is_none()), "{plain:?}");
    }

    #[test]
    fn ordinary_paths_pass() {
        for path in [
            "index.html",
            "yunxi/2023/index.html",
            ".well-known/security.txt",
            "a/2023年报 附件(一).pdf",
            "com/console.html",
            "com10",
            "lpt",
            "x/SHA256SUMS",
            "aux1/nulls",
        ] {
            assert_eq!(fault_of(path), None, "{path}");
        }
        assert_eq!(OutputPath::new("a/b/c").expect("plain").folder(), Some("a/b"));
        assert_eq!(OutputPath::new("c").expect("plain").folder(), None);
    }

    #[test]
    fn ways_out_are_refused() {
        for (path, fault) in [
            ("", PathFault::Empty),
            ("a//b", PathFault::Empty),
            ("a/", PathFault::Empty),
            ("/etc/passwd", PathFault::Absolute),
            ("C:/x", PathFault::Absolute),
            ("c:x", PathFault::Absolute),
            ("..", PathFault::Escape),
            ("a/../b", PathFault::Escape),
            ("./a", PathFault::Escape),
            ("a\\..\\b", PathFault::Backslash),
            ("a\0b", PathFault::Control),
            ("a\nb", PathFault::Control),
            ("a\u{85}b", PathFault::Control),
            ("a\u{202e}fdp.exe", PathFault::Control),
        ] {
            assert_eq!(fault_of(path), Some(fault), "{path:?}");
        }
    }

    #[test]
    fn names_windows_refuses_are_refused() {
        for path in ["CON", "con.html", "a/Nul.tar.gz", "aux .txt", "COM1", "lpt9.x", "com¹", "CONIN$"] {
            assert_eq!(fault_of(path), Some(PathFault::Device), "{path}");
        }
        for path in ["x/a:b", "a<b", "what?.html", "a|b", "\"", "*"] {
            assert_eq!(fault_of(path), Some(PathFault::Character), "{path}");
        }
        for path in ["a.", "a ", "a./b", "-rf", "x/ b"] {
            assert_eq!(fault_of(path), Some(PathFault::Edge), "{path}");
        }
    }

    #[test]
    fn hidden_own_and_long_names_are_refused() {
        for path in [".git/config", "a/.htaccess", "a/.well-known/x", "..."] {
            assert_eq!(fault_of(path), Some(PathFault::Hidden), "{path}");
        }
        for path in ["gongkai.json", "sha256sums", "SHA256SUMS/x"] {
            assert_eq!(fault_of(path), Some(PathFault::Reserved), "{path}");
        }
        assert_eq!(fault_of(&"公".repeat(40)), None);
        assert_eq!(fault_of(&"公".repeat(41)), Some(PathFault::Long));
        assert_eq!(fault_of(&"aaaa/".repeat(401)), Some(PathFault::Long));
    }

    #[test]
    fn words_never_carry_raw_control_characters() {
        let words = OutputPath::new("a\u{1b}[31m").expect_err("control").words();
        assert!(words.zh.chars().all(|c| !c.is_control()) && words.en.chars().all(|c| !c.is_control()), "{words:?}");
    }
}
