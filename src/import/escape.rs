//! Text as Markdown that shows the same text: nothing a source printed may become markup.

/// Text inside a paragraph or cell.
pub(super) fn inline(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let active = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '~' => true,
            // An entity begins with a letter or a number sign; a bare ampersand is itself.
            '&' => chars.peek().is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#'),
            _ => false,
        };
        if active {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A paragraph: what only counts at the start of a line, too.
pub(super) fn paragraph(text: &str) -> String {
    let escaped = inline(text);
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    if escaped.starts_with(['#', '-', '+', '>', '=']) {
        return format!("\\{escaped}");
    }
    // `1.` and `1)` open a list; `1、` does not.
    if digits > 0 && escaped[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &escaped[..digits], &escaped[digits..]);
    }
    escaped
}

/// A heading: braces at its end would be attributes, number signs would be dropped.
pub(super) fn heading(text: &str) -> String {
    inline(text).replace('{', "\\{").replace('}', "\\}").replace('#', "\\#")
}

/// A string of TOML in double quotes.
pub(super) fn toml(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        markdown::plain_text(&markdown::read(text).events)
    }

    #[test]
    fn markdown_signs_survive() {
        for text in [
            "1. 公开",
            "3、公开",
            "1) 公开",
            "# 号",
            "- 年",
            "+ 加",
            "> 引",
            "*重*",
            "a_b_c",
            "<b>粗</b>",
            "[链接](x)",
            "a|b",
            "~~删~~",
            "&lt;",
            "\\",
            "`代码`",
            "***",
            "---",
            "===",
            "+++",
            "![图](x)",
            "[^1]: 注",
            "**“强”**调",
        ] {
            assert_eq!(shown(&paragraph(text)), text, "{text}");
            assert_eq!(markdown::read(&paragraph(text)).raw_html, [], "{text}");
        }
        assert_eq!(paragraph("3、公开"), "3、公开");
    }

    #[test]
    fn heading_signs_survive() {
        for text in ["一、标题 {#id}", "标题 ##", "C# 语言", "[x]"] {
            assert_eq!(shown(&format!("## {}", heading(text))), text, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_paragraph_reads_as_it_was(text in "[ -~一年、。（）“”]{1,40}") {
            let text = text.trim();
            prop_assert_eq!(shown(&paragraph(text)), text);
            let table = format!("| 甲 | 乙 |\n|---|---|\n| {} | 丙 |\n", inline(text));
            let document = markdown::read(&table);
            let grid = &markdown::grids(&document, &table)[0];
            prop_assert_eq!(&grid.rows[1].cells[0].text, text);
            prop_assert_eq!(&grid.rows[1].cells[1].text, "丙");
        }

        #[test]
        fn any_string_is_toml(text in "\\PC{0,40}|[\\x00-\\x7f]{0,20}") {
            let table: toml::Table = toml::from_str(&format!("a = {}", toml(&text))).unwrap();
            prop_assert_eq!(table["a"].as_str().unwrap(), text);
        }
    }
}
