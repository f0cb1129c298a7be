//! Numbers and days as a sheet shows them: 0.985 in the format `0.0%` is 98.5%.

use calamine::ExcelDateTime;

/// A number in the format of its cell. Formats with more than digits, signs and words are read as plain numbers.
pub(super) fn number(value: f64, format: &str) -> String {
    let section = format.split(';').next().unwrap_or_default();
    if value == 0.0 && value.is_sign_negative() {
        return number(0.0, format);
    }
    let plain = format!("{value}");
    if section.is_empty() || section.eq_ignore_ascii_case("general") || section == "@" {
        return plain;
    }
    let Some(Pattern { before, decimals, fixed, percent, grouped, after }) = pattern(section) else { return plain };
    // A float is as exact as the file: it is only written, never reckoned with.
    let scaled = if percent { value * 100.0 } else { value };
    let mut digits = format!("{:.*}", decimals, scaled.abs());
    if decimals > fixed {
        let shortest = digits.find('.').map_or(digits.len(), |dot| dot + 1 + fixed);
        while digits.len() > shortest && digits.ends_with('0') {
            digits.pop();
        }
        digits = digits.trim_end_matches('.').to_string();
    }
    if grouped {
        digits = with_groups(&digits);
    }
    let sign = if scaled < 0.0 && digits.contains(|c: char| c.is_ascii_digit() && c != '0') { "-" } else { "" };
    format!("{before}{sign}{digits}{}{after}", if percent { "%" } else { "" })
}

struct Pattern {
    before: String,
    /// Most decimals, and how many of them are always shown.
    decimals: usize,
    fixed: usize,
    percent: bool,
    grouped: bool,
    after: String,
}

fn pattern(section: &str) -> Option<Pattern> {
    let mut found = Pattern { before: String::new(), decimals: 0, fixed: 0, percent: false, grouped: false, after: String::new() };
    let (mut digits, mut fraction) = (false, false);
    let mut chars = section.chars();
    while let Some(c) = chars.next() {
        let words = if digits { &mut found.after } else { &mut found.before };
        match c {
            '0' | '#' | '?' => {
                if !found.after.trim().is_empty() {
                    return None;
                }
                digits = true;
                found.decimals += usize::from(fraction);
                found.fixed += usize::from(fraction && c == '0');
            }
            '.' if !fraction => fraction = true,
            ',' => found.grouped = true,
            '%' => found.percent = true,
            '"' => words.extend(chars.by_ref().take_while(|c| *c != '"')),
            '\\' => words.extend(chars.next()),
            // A space as wide as a sign, or as many as fill the cell.
            '_' | '*' => drop(chars.next()),
            '[' => {
                let inner: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let currency = inner.strip_prefix('$').map(|inner| inner.split('-').next().unwrap_or_default().to_string());
                words.push_str(&currency.filter(|sign| !sign.is_empty()).unwrap_or_default());
            }
            ' ' | '-' | '+' | '(' | ')' | '¥' | '￥' | '$' => words.push(c),
            c if !c.is_ascii() => words.push(c),
            _ => return None,
        }
    }
    found.before = found.before.trim().trim_matches(['-', '(', ')', '+']).to_string();
    found.after = found.after.trim().trim_matches(['-', '(', ')', '+']).to_string();
    digits.then_some(found)
}

fn with_groups(digits: &str) -> String {
    let (whole, rest) = digits.find('.').map_or((digits, ""), |dot| digits.split_at(dot));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

/// A day as the cell shows it; without a Chinese format 2024-01-31, with a time of day behind it.
pub(super) fn day(value: ExcelDateTime, format: &str) -> String {
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    if value.is_duration() {
        return format!("{}", value.as_f64());
    }
    let date = match (format.contains('年'), format.contains('月'), format.contains('日')) {
        (true, true, true) => format!("{year}年{month}月{day}日"),
        (true, true, false) => format!("{year}年{month}月"),
        (true, false, false) => format!("{year}年"),
        (false, true, true) => format!("{month}月{day}日"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    };
    match (hour, minute, second) {
        (0, 0, 0) => date,
        (_, _, 0) => format!("{date} {hour:02}:{minute:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    #[test]
    fn numbers_as_they_are_shown() {
        for (value, format, shown) in [
            (12.0, "General", "12"),
            (3.79, "General", "3.79"),
            (0.1 + 0.2, "0.0", "0.3"),
            (0.985, "0.0%", "98.5%"),
            (1.0, "0%", "100%"),
            (1234567.5, "#,##0.00", "1,234,567.50"),
            (-12.0, "#,##0;[Red]-#,##0", "-12"),
            (12.0, "0\"件\"", "12件"),
            (3.5, "¥#,##0.00_);(¥#,##0.00)", "¥3.50"),
            (7.0, "[$¥-804]0.00", "¥7.00"),
            (5.0, "0_ ", "5"),
            (0.25, "0.##", "0.25"),
            (2.0, "0.##", "2"),
            (1e21, "0.00E+00", "1000000000000000000000"),
            (8.0, "@", "8"),
        ] {
            assert_eq!(number(value, format), shown, "{format}");
        }
    }

    #[test]
    fn days_as_they_are_shown() {
        let value = ExcelDateTime::new(45322.0, ExcelDateTimeType::DateTime, false);
        assert_eq!(day(value, "m/d/yy"), "2024-01-31");
        assert_eq!(day(value, "yyyy\"年\"m\"月\"d\"日\""), "2024年1月31日");
        assert_eq!(day(value, "yyyy\"年\"m\"月\""), "2024年1月");
        assert_eq!(day(ExcelDateTime::new(45322.375, ExcelDateTimeType::DateTime, false), "h:mm"), "2024-01-31 09:00");
    }
}
