//! Chinese numerals as reports print them: 二十七, 二〇一三, ２０１３.

/// Whether a character can stand in a Chinese numeral, place signs included.
pub fn is_numeral(c: char) -> bool {
    digit(c).is_some() || matches!(c, '十' | '百')
}

/// The value of one digit: Chinese, ASCII or full-width.
///
/// `○`, `Ｏ` and `O` are what typists use for `〇`; callers have to look at what stands beside them.
pub fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '０'..='９' => Some(c as u32 - '０' as u32),
        '〇' | '零' | '○' | 'Ｏ' | 'O' => Some(0),
        '一' => Some(1),
        '二' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    }
}

/// A number below 1000 with place signs, or a run of digits: 十 is 10, 二十七 is 27, 一百零三 is 103, 12 is 12.
pub fn number(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    if !text.contains(['十', '百']) {
        return digit_run(text);
    }
    let (hundreds, rest) = match text.split_once('百') {
        Some((before, rest)) => (single(before)? * 100, rest),
        None => (0, text),
    };
    let (tens, ones) = match rest.split_once('十') {
        Some((before, ones)) => {
            let before = before.trim_start_matches('零');
            (if before.is_empty() { 10 } else { single(before)? * 10 }, ones)
        }
        None => (0, rest.trim_start_matches('零')),
    };
    let ones = if ones.is_empty() { 0 } else { single(ones)? };
    Some(hundreds + tens + ones)
}

/// Digits side by side: 二〇一三 is 2013, ２０１３ is 2013. At most nine of them.
pub fn digit_run(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 9 {
        return None;
    }
    text.chars().try_fold(0u32, |value, c| Some(value * 10 + digit(c)?))
}

fn single(text: &str) -> Option<u32> {
    let mut chars = text.chars();
    let value = digit(chars.next()?)?;
    (chars.next().is_none() && value > 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_place_signs() {
        for (text, value) in
            [("十", 10), ("十二", 12), ("二十", 20), ("二十七", 27), ("三十一", 31), ("一百零三", 103), ("一百一十", 110), ("七", 7), ("12", 12), ("０３", 3)]
        {
            assert_eq!(number(text), Some(value), "{text}");
        }
    }

    #[test]
    fn runs_of_digits() {
        for text in ["二〇一三", "二○一三", "二零一三", "二O一三", "2013", "２０１３"] {
            assert_eq!(digit_run(text), Some(2013), "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in ["", "年", "二二十", "十十", "十二三", "百", "1234567890"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
