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

/// Whether all that a pattern fits stands in one clause, between commas and semicolons, wherever the clause stands in its sentence.
pub(super) fn is_of_clause(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some((before, inside)) = rest.split_once("[^") {
        let Some((class, after)) = inside.split_once(']') else { return false };
        let keeps_out = class.contains('，') && class.contains('；') && !class.contains(['[', '&', '-', '~']);
        if !keeps_out || may_leave_clause(before) {
            return false;
        }
        rest = after;
    }
    !may_leave_clause(rest)
}

fn may_leave_clause(pattern: &str) -> bool {
    let known_class = |rest: &str| rest.starts_with('d') || rest.starts_with("p{Han}");
    pattern.contains(['，', '；', '^', '$', '.', '[']) || pattern.split('\\').skip(1).any(|rest| !known_class(rest))
}

/// Whether every text that a pattern fits has one of the words.
pub(super) fn always_has(pattern: &str, words: &[&str]) -> bool {
    sets(pattern).iter().any(|set| set.iter().all(|word| words.iter().any(|wanted| word.contains(wanted))))
}

/// The sets of words by which it is told whether a text may fit: single signs are nearly everywhere, and looked for only where there is
/// nothing else.
pub(super) fn needles(pattern: &str) -> Vec<Vec<String>> {
    let sets = sets(pattern);
    let shortest = |set: &Vec<String>| set.iter().map(|word| word.chars().count()).min().unwrap_or_default();
    match sets.iter().map(shortest).max() {
        Some(longest) => sets.into_iter().filter(|set| shortest(set) >= longest.min(2)).collect(),
        None => sets,
    }
}

/// Sets of Han words, of each of which every text has one that the pattern fits: runs that are not optional, and groups of such words.
fn sets(pattern: &str) -> Vec<Vec<String>> {
    let chars: Vec<char> = pattern.chars().collect();
    let is_counted = |at: usize| chars.get(at) == Some(&'{') && chars.get(at + 1).is_some_and(char::is_ascii_digit);
    let optional = |at: usize| matches!(chars.get(at), Some('?' | '*')) || is_counted(at);
    let (mut sets, mut run) = (Vec::new(), String::new());
    let close = |run: &mut String, sets: &mut Vec<Vec<String>>| {
        if !run.is_empty() {
            sets.push(vec![std::mem::take(run)]);
        }
    };
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if crate::text::is_han(c) && !optional(at + 1) {
            run.push(c);
            at += 1;
            continue;
        }
        close(&mut run, &mut sets);
        match c {
            '(' => {
                let end = end_of_group(&chars, at);
                let inner: String = chars[at + 1..end.saturating_sub(1).max(at + 1)].iter().collect();
                at = end;
                if !optional(at) {
                    let words: Vec<String> = inner.trim_start_matches("?:").split('|').map(str::to_string).collect();
                    let plain = |word: &String| !word.is_empty() && word.chars().all(|c| crate::text::is_han(c) || c.is_ascii_alphanumeric());
                    sets.extend(words.iter().all(plain).then_some(words));
                }
            }
            '|' => return Vec::new(),
            '{' | '[' => {
                let end = if c == '{' { '}' } else { ']' };
                at += chars[at..].iter().position(|c| *c == end).unwrap_or(chars.len()) + 1;
            }
            '\\' => at += 2,
            _ => at += 1,
        }
    }
    close(&mut run, &mut sets);
    sets
}

/// The place after the bracket that closes the one at a place.
fn end_of_group(chars: &[char], open: usize) -> usize {
    let (mut at, mut depth) = (open, 0);
    while at < chars.len() {
        match chars[at] {
            '(' => depth += 1,
            ')' => depth -= 1,
            '\\' => at += 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at.min(chars.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_every_text_has_that_fits() {
        let sets = |pattern: &str| needles(pattern).iter().map(|set| set.join("|")).collect::<Vec<_>>().join(" ");
        assert_eq!(sets("(?:公报|政报)[^，]{0,22}?(?:公开|发布)(?:了|各类)*(?:信息)?{n}{条}"), "公报|政报 公开|发布");
        assert_eq!(sets("(?:没有|未)收到(?:过)?申请{0,2}公开信?息"), "收到 公开");
        assert_eq!(sets("(?:甲乙){0,1}丙{n}条"), "丙 条");
        assert_eq!(sets("主动公开{n}{条}|发布"), "");
        assert_eq!(sets("\\(公开\\)(?:\\)|信息)发布"), "公开 发布");
    }

    #[test]
    fn patterns_that_stay_in_a_clause() {
        for pattern in ["主动公开{n}{条}", "收到[^，。；：\\d]{0,12}?申请{n}{件}", "向\\p{Han}{1,6}?公开{g}{n}{条}", "(?:没有|无)上年结转"]
        {
            assert!(is_of_clause(pattern), "{pattern}");
        }
        for pattern in ["^公开{n}条", "公开{n}条(?:，|$)", "公报[^。；]{0,30}?{n}条", "公开.{3}{n}条", "公开\\S{n}条", "公开[，、]{n}条", "[^，；&&[^，]]"]
        {
            assert!(!is_of_clause(pattern), "{pattern}");
        }
        assert!(always_has("依申请公开(?:：|为)(?:无|没有)", &["无", "没有"]));
        assert!(!always_has("(?:没有|不)收费", &["无", "没有"]));
        assert!(!always_has("(?:没有)?收费", &["无", "没有"]));
    }

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
