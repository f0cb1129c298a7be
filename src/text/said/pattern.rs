//! The registry's patterns as regular expressions: short signs written out, and the words by which a text is known to be worth looking at.

use super::NUMBER;

/// Words that may stand between what is counted and its number.
pub(super) const FILLERS: [&str; 34] = [
    "：", "“", "”", "数量", "总数", "总量", "总计", "数", "的", "了", "共计", "合计", "累计", "共有", "共", "计", "为", "达到", "达", "有", "已", "是", "约为",
    "约", "将近", "近", "超过", "超", "逾", "大约", "多于", "高于", "仅", "只",
];

/// A pattern with the house's short signs written out.
pub(super) fn expanded(pattern: &str) -> String {
    let number = format!("(?:{})*?(?P<n>{NUMBER})(?:余|多)?(?:万|亿|千)?(?:余|多)?", FILLERS.join("|"));
    pattern
        .replace("{n}", &number)
        .replace("{g}", r"[^，。；：！？\d]{0,14}?")
        .replace("{s}", r"[^，。；：、！？\d]{0,7}?")
        .replace("{条}", "(?:条次|篇次|条|篇|项|件|则|份)")
        .replace("{件}", "(?:件次|人次|件|宗|起|例|份|个|条|次|项|笔)")
        .replace("{次}", "(?:场次|批次|班次|场|次|期|批|轮|个班|班|个)")
        .replace("{人}", "(?:人|名|个)")
        .replace("{元}", "元")
}

/// Whether a pattern speaks of certain digits, as 12345热线 does; to others any digit is like another.
pub(super) fn names_digits(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit() || c == '{') {
        let count =
            rest[at..].strip_prefix('{').and_then(|inner| inner.split_once('}')).filter(|(count, _)| count.chars().all(|c| c.is_ascii_digit() || c == ','));
        match count {
            Some((_, after)) => rest = after,
            None if rest[at..].starts_with('{') => rest = &rest[at + 1..],
            None => return true,
        }
    }
    false
}

/// Runs of Han characters one of which every text has that the pattern fits: the longest that is neither optional nor one of several.
pub(super) fn needles(pattern: &str) -> Vec<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let optional = |after: Option<&char>| matches!(after, Some('?' | '*' | '{'));
    let (mut best, mut run) = (String::new(), String::new());
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut at = 0;
    let close = |run: &mut String, best: &mut String| {
        if run.chars().count() > best.chars().count() {
            *best = run.clone();
        }
        run.clear();
    };
    while at < chars.len() {
        match chars[at] {
            '(' => {
                close(&mut run, &mut best);
                let mut depth = 0;
                let start = at;
                while at < chars.len() {
                    match chars[at] {
                        '(' => depth += 1,
                        ')' => depth -= 1,
                        _ => {}
                    }
                    at += 1;
                    if depth == 0 {
                        break;
                    }
                }
                let inner: String = chars[start + 1..at.saturating_sub(1)].iter().collect();
                // A `{` after a group may be one of the short signs, so only ? and * make it optional.
                if !matches!(chars.get(at), Some('?' | '*')) && !inner.contains('(') {
                    let parts: Vec<String> = inner.trim_start_matches("?:").split('|').map(str::to_string).collect();
                    if parts.iter().all(|part| !part.is_empty() && part.chars().all(|c| crate::text::is_han(c) || c.is_ascii_alphanumeric())) {
                        groups.push(parts);
                    }
                }
            }
            '|' => return Vec::new(),
            '{' | '[' => {
                let end = if chars[at] == '{' { '}' } else { ']' };
                // A count such as {0,3} makes what stands before it optional.
                if chars[at] == '{' && chars.get(at + 1).is_some_and(char::is_ascii_digit) {
                    run.pop();
                }
                close(&mut run, &mut best);
                while at < chars.len() && chars[at] != end {
                    at += 1;
                }
                at += 1;
            }
            c if crate::text::is_han(c) && !optional(chars.get(at + 1).filter(|next| **next != '{')) => {
                run.push(c);
                at += 1;
            }
            _ => {
                close(&mut run, &mut best);
                at += 1;
            }
        }
    }
    close(&mut run, &mut best);
    if best.chars().count() >= 2 {
        return vec![best];
    }
    groups
        .into_iter()
        .max_by_key(|parts| parts.iter().map(|part| part.chars().count()).min())
        .unwrap_or_else(|| if best.is_empty() { Vec::new() } else { vec![best] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_are_named() {
        for pattern in ["12345热线{n}件", "[0-9]{2}个", "第\\x31条", "(?:0|零)件", "{n}条[^5]"] {
            assert!(names_digits(pattern), "{pattern}");
        }
        for pattern in ["\\d{4}年{n}{条}", "[^，\\d]{0,14}?{n}件", "公开{g}{n,}条{", ""] {
            assert!(!names_digits(pattern), "{pattern}");
        }
    }
}
