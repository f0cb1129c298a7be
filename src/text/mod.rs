//! Normalizing for comparison, numerals, dates, citations, figures in sentences. Keys are for comparing; published text stays as filed.

pub mod citations;
pub mod dates;
pub mod fold;
pub mod initials;
pub mod injected;
pub mod labels;
pub mod numbers;
pub mod numerals;
pub mod plain;
pub mod said;

use unicode_normalization::UnicodeNormalization;

/// NFKC and lower case without white space: what two texts share when only their typing differs.
pub fn key(text: &str) -> String {
    let mut key = compatible(text);
    // Signs outside ASCII have cases, too, but few texts have such.
    if key.chars().all(fold::is_simple) {
        key.make_ascii_lowercase();
        return key;
    }
    key.chars().flat_map(char::to_lowercase).collect()
}

/// Adds the letters and digits of a text's key.
pub fn push_letters(text: &str, letters: &mut String) {
    if !text.chars().all(fold::is_simple) {
        letters.extend(key(text).chars().filter(|c| c.is_alphanumeric()));
        return;
    }
    letters.extend(text.chars().filter_map(|c| match c {
        '\u{4e00}'..='\u{9fff}' | '〇' => Some(c),
        '\u{ff01}'..='\u{ff5e}' => Some(char::from((c as u32 - 0xfee0) as u8)).filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()),
        c => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
    }));
}

/// NFKC without white space.
fn compatible(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    if text.chars().all(fold::is_simple) {
        // Nearly all that reports are made of; tables of decompositions are asked for the rest.
        let ascii = |c: char| if ('\u{ff01}'..='\u{ff5e}').contains(&c) { char::from((c as u32 - 0xfee0) as u8) } else { c };
        normal.extend(text.chars().filter(|c| !c.is_whitespace()).map(ascii));
    } else {
        normal.extend(text.nfkc().filter(|c| !c.is_whitespace()));
    }
    normal
}

/// Han characters and the full-width signs that stand between them without a space.
pub fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{303F}' | '\u{3041}'..='\u{33FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' | '\u{20000}'..='\u{3FFFF}' | '“' | '”' | '‘' | '’' | '…' | '—')
}

/// Signs that nobody sees: soft hyphens, zero-width and direction controls, joiners, tags, byte order marks.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Han characters alone.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}

/// The first `limit` characters, with an ellipsis where something was left out.
pub fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_string(),
        Some((at, _)) => format!("{}…", text[..at].trim_end_matches(['，', '、', '；', '：', ' '])),
    }
}

/// Sentences of a paragraph, each with its closing marks.
pub fn sentences(paragraph: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = paragraph.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '。' | '！' | '？' | '；' | '\n') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            if !matches!(next, '”' | '’' | '」' | '）' | '。' | '！' | '？') {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        if !paragraph[start..end].trim().is_empty() {
            sentences.push(&paragraph[start..end]);
        }
        start = end;
    }
    if !paragraph[start..].trim().is_empty() {
        sentences.push(&paragraph[start..]);
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_every_character() {
        let text = "一是建章立制；二是“抓落实。”三是完。尾";
        let parts = sentences(text);
        assert_eq!(parts, ["一是建章立制；", "二是“抓落实。”", "三是完。", "尾"]);
        assert_eq!(parts.concat(), text);
    }

    #[test]
    fn the_short_way_to_nfkc_is_nfkc() {
        for c in (1..=0xffffu32).filter_map(char::from_u32).filter(|c| fold::is_simple(*c)) {
            let expected: String = c.nfkc().filter(|c| !c.is_whitespace()).collect();
            assert_eq!(compatible(&c.to_string()), expected, "{:x}", c as u32);
            let mut letters = String::new();
            push_letters(&c.to_string(), &mut letters);
            assert_eq!(letters, expected.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>(), "{:x}", c as u32);
        }
    }

    #[test]
    fn keys_forget_width_and_space() {
        assert_eq!(key("第 １２ 号 ＡＢ"), "第12号ab");
    }
}
