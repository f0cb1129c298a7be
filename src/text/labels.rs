//! Labels of statutory tables and headings, compared without numbering, remarks and punctuation.

/// A label for comparison: NFKC, without white space, numbering, bracketed remarks, 其中 and punctuation.
///
/// `（三）不予公开` and `不予公开` are equal; so are `1.当面申请数` and `当面申请数`.
pub fn label_key(label: &str) -> String {
    // Most cells of a table are plain numbers.
    if label.bytes().all(|byte| byte.is_ascii_digit()) {
        return label.to_string();
    }
    let mut kept = super::compatible(label);
    if kept.contains(['(', ')', '[', ']', '〔', '〕', '【', '】']) {
        let mut depth = 0usize;
        kept.retain(|c| {
            match c {
                '(' | '[' | '〔' | '【' => depth += 1,
                ')' | ']' | '〕' | '】' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        });
    }
    let mut rest = kept.as_str();
    loop {
        let shorter = without_numbering(rest);
        let shorter = shorter.strip_prefix("其中").unwrap_or(shorter);
        let shorter = shorter.trim_start_matches([':', '、', '.', ',', ')', '-', '·']);
        if shorter == rest || shorter.is_empty() {
            break;
        }
        rest = shorter;
    }
    let start = kept.len() - rest.len();
    kept.drain(..start);
    kept.retain(|c| !is_mark(c));
    kept
}

/// A label for comparison with its numbers: NFKC without white space and punctuation.
pub fn plain_key(label: &str) -> String {
    let mut key = super::compatible(label);
    key.retain(|c| !is_mark(c));
    key
}

fn is_mark(c: char) -> bool {
    !super::is_han(c) && !c.is_alphanumeric() && c != '%'
}

/// A numeral at the start is numbering only with its sign: `三、`, `3.`, `12、`.
fn without_numbering(text: &str) -> &str {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() < text.len() && digits.starts_with(['.', '、', ')', '．']) {
        return &digits[digits.chars().next().map_or(0, char::len_utf8)..];
    }
    let numerals = text.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '零', '〇']);
    if numerals.len() < text.len() && numerals.starts_with(['、', '.', ':']) {
        return &numerals[numerals.chars().next().map_or(0, char::len_utf8)..];
    }
    text
}

/// The numbering a heading begins with, as printed: `一、`, `（一）`, `1.`, `第二部分`; empty if none.
pub fn numbering(heading: &str) -> &str {
    let trimmed = heading.trim_start();
    let end = |rest: &str, sign: usize| trimmed.len() - rest.len() + sign;
    let is_numeral = |c: char| "一二三四五六七八九十零〇百".contains(c) || c.is_ascii_digit() || ('０'..='９').contains(&c);
    for (open, close) in [('（', '）'), ('(', ')'), ('〔', '〕')] {
        if let Some(inner) = trimmed.strip_prefix(open) {
            let rest = inner.trim_start_matches(is_numeral);
            if rest.len() < inner.len() && (rest.starts_with(close) || rest.starts_with(['）', ')'])) {
                return &trimmed[..end(rest, rest.chars().next().map_or(0, char::len_utf8))];
            }
        }
    }
    let rest = trimmed.trim_start_matches(is_numeral);
    if rest.len() < trimmed.len() && rest.starts_with(['、', '.', '．', '，', ',', '：']) {
        return &trimmed[..end(rest, rest.chars().next().map_or(0, char::len_utf8))];
    }
    if rest.len() < trimmed.len() && rest.starts_with([' ', '\u{3000}']) {
        return &trimmed[..end(rest, 0)];
    }
    ""
}

/// The printed number without its signs: 一、 → 1, （十二） → 12, 3. → 3; none if it is no number.
pub fn number_of(numbering: &str) -> Option<String> {
    let inner: String = numbering.chars().filter(|c| c.is_alphanumeric()).collect();
    if inner.is_empty() {
        return None;
    }
    let digits: String =
        inner.chars().filter_map(|c| if c.is_ascii_digit() { Some(c) } else { char::from_digit((c as u32).checked_sub('０' as u32)?, 10) }).collect();
    if digits.chars().count() == inner.chars().count() {
        return Some(digits);
    }
    let value = |c: char| "零一二三四五六七八九".chars().position(|numeral| numeral == c);
    let (mut total, mut pending) = (0, None);
    for c in inner.chars() {
        match c {
            '十' => {
                total += pending.take().unwrap_or(1) * 10;
            }
            '百' => total += pending.take().unwrap_or(1) * 100,
            _ => pending = Some(value(if c == '〇' { '零' } else { c })?),
        }
    }
    Some((total + pending.unwrap_or(0)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbering_remarks_and_punctuation_do_not_count() {
        for label in ["不予公开", "（三）不予公开", "(三) 不予公开", "3.不予公开", "三、不予公开", "其中：不予公开", "３．不予公开："]
        {
            assert_eq!(label_key(label), "不予公开", "{label}");
        }
        assert_eq!(label_key("（二）部分公开（区分处理的，只计这一情形，不计其他情形）"), "部分公开");
        assert_eq!(label_key("3.危及“三安全一稳定”"), "危及三安全一稳定");
    }

    #[test]
    fn a_number_that_belongs_to_the_name_stays() {
        assert_eq!(label_key("20个工作日内公开率"), "20个工作日内公开率");
        assert_eq!(label_key("三安全一稳定"), "三安全一稳定");
    }

    #[test]
    fn clauses_keep_their_numbers() {
        assert_ne!(plain_key("第二十条第（一）项"), plain_key("第二十条第（五）项"));
        assert_eq!(plain_key("第二十条第(一)项"), plain_key("第二十条 第（一）项"));
    }

    #[test]
    fn numbering_as_printed() {
        assert_eq!(numbering("一、总体情况"), "一、");
        assert_eq!(numbering("（二）依申请公开"), "（二）");
        assert_eq!(numbering("(三)平台"), "(三)");
        assert_eq!(numbering("3长效机制"), "");
        assert_eq!(numbering("12.其他"), "12.");
        assert_eq!(numbering("总体情况"), "");
    }

    #[test]
    fn numbers_as_printed() {
        assert_eq!(number_of("（十二）").as_deref(), Some("12"));
        assert_eq!(number_of("二十、").as_deref(), Some("20"));
        assert_eq!(number_of("３.").as_deref(), Some("3"));
        assert_eq!(number_of(""), None);
    }
}
