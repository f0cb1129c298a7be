//! The `+++` front matter: where it is, and what is wrong with the writing of a file.

use crate::diag::{Diagnostic, Span, Words};

/// TOML between the `+++` lines, and its span in the file; `span.end` is where the Markdown begins.
pub(super) fn split<'t>(file: &str, text: &'t str) -> Result<(&'t str, Span), Box<Diagnostic>> {
    let refuse = |code: &str, span: Option<Span>, zh: &str, en: &str| Box::new(Diagnostic::new(code, file, span, Words::new(zh, en)));
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let rest = &text[mark..];
    if rest.trim().is_empty() {
        let found = refuse("parse/empty-file", None, "文件是空的", "the file is empty");
        return Err(Box::new(found.help("请填写内容，或删去这个文件。", "write the report, or remove the file.")));
    }
    let first = rest.split_inclusive('\n').next().unwrap_or(rest);
    if first.trim_end() != "+++" {
        let at = Span::new(mark, mark + first.trim_end().len().min(60));
        let found = refuse(
            "parse/front-matter-missing",
            Some(floor(at, text)),
            "第一行应是 +++，下面写 title 等信息栏",
            "the first line must be +++, followed by title and other keys",
        );
        return Err(Box::new(
            found.help("照这样写：+++ 换行 title = \"某某镇2024年政府信息公开工作年度报告\" 换行 +++", "write +++, a line title = \"…\", and +++ again."),
        ));
    }
    let start = mark + first.len();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end() == "+++" {
            return Ok((&text[start..at], Span::new(start, at + line.len())));
        }
        at += line.len();
    }
    let found = refuse(
        "parse/front-matter-unclosed",
        Some(Span::new(mark, mark + 3)),
        "信息栏只有开头的 +++，没有结尾的 +++",
        "the front matter opens with +++ and never closes",
    );
    Err(Box::new(found.help("请在信息栏最后一行之后、正文之前加一行 +++。", "put a line +++ after the last key and before the text.")))
}

fn floor(span: Span, text: &str) -> Span {
    let mut end = span.end as usize;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Span::new(span.start as usize, end)
}

/// Byte order mark, line endings and control characters: read, and said.
pub(super) fn writing(file: &str, text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if text.starts_with('\u{feff}') {
        found.push(Diagnostic::new(
            "parse/byte-order-mark",
            file,
            Some(Span::new(0, 3)),
            Words::new("文件开头有字节序标记，已略过", "a byte order mark at the start was skipped"),
        ));
    }
    if let Some(at) = text.find('\r') {
        found.push(Diagnostic::new(
            "parse/carriage-return",
            file,
            Some(Span::new(at, at + 1)),
            Words::new("行尾是回车换行（Windows 写法），已按换行读取", "lines end in CR LF, read as line breaks"),
        ));
    }
    if let Some((at, c)) = text.char_indices().find(|(_, c)| is_refused(*c)) {
        let count = text.chars().filter(|c| is_refused(*c)).count();
        let words = Words::new(
            format!("有 {count} 个看不见的控制字符（第一个是 U+{:04X}），页面上不显示", c as u32),
            format!("{count} control characters (the first is U+{:04X}), not shown on pages", c as u32),
        );
        found.push(Diagnostic::new("parse/control-character", file, Some(Span::new(at, at + c.len_utf8())), words).help("请删去。", "remove them."));
    }
    found
}

/// Characters that neither HTML nor XML may carry.
fn is_refused(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        split("a.md", text).expect_err("refused").rule.code
    }

    #[test]
    fn finds_the_front_matter() {
        let (toml, span) = split("a.md", "+++\ntitle = \"x\"\n+++\nbody").unwrap();
        assert_eq!((toml, span.end), ("title = \"x\"\n", 20));
        let (toml, span) = split("a.md", "\u{feff}+++\r\ntitle = 1\r\n+++\r\n").unwrap();
        assert_eq!((toml, span.range().len()), ("title = 1\r\n", 16));
    }

    #[test]
    fn refusals() {
        assert_eq!(code(""), "parse/empty-file");
        assert_eq!(code("\u{feff}"), "parse/empty-file");
        assert_eq!(code(" \n"), "parse/empty-file");
        assert_eq!(code("正文"), "parse/front-matter-missing");
        assert_eq!(code("+++\ntitle = 1\n"), "parse/front-matter-unclosed");
        for byte in 1..=127u8 {
            assert!(split("a.md", &(byte as char).to_string()).is_err());
        }
    }
}
