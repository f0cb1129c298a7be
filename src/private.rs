//! Numbers that belong to a person: identity cards, mobiles, bank cards; and how they are kept out of every message.
//!
//! Numbers are read as people hide them: full-width or Chinese digits, spaces, hyphens, zero-width characters, line breaks, cells
//! of a table, letters that look like digits. What is found is a place and a kind; the value itself is never passed on.
//! Identity numbers: GB 11643-1999, check digit ISO 7064 MOD 11-2. Bank cards: issuer prefix, Luhn sum and a word that says so.

use crate::text::is_unseen;
use std::borrow::Cow;
use std::ops::Range;

/// What kind of number was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// A full identity number; the year of birth printed in it.
    Identity {
        /// Year of birth.
        born: i16,
    },
    /// An identity number of which too little is hidden: so many numbers are still possible.
    WeaklyMasked {
        /// Numbers that agree with what is shown.
        candidates: u64,
    },
    /// A mobile number.
    Mobile,
    /// A bank card or account.
    BankCard,
}

/// A number and where it stands, in bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Private {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub range: Range<usize>,
    /// Its digits, kept inside this module and its tests.
    digits: String,
}

impl Private {
    /// Whether the number is one of the office lines a site lists.
    pub fn is_one_of(&self, lines: &[String]) -> bool {
        lines.iter().any(|line| line.chars().filter(char::is_ascii_digit).eq(self.digits.chars()))
    }

    /// Eight bits of the number: tells an edited number from the old one and gives nothing away.
    pub fn fingerprint(&self) -> u8 {
        self.digits.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))).to_le_bytes().iter().fold(0, |a, b| a ^ b)
    }
}

/// A number weakly masked leaves fewer candidates than this.
const ENOUGH: u64 = 100_000;

/// A sign of the text that may belong to a number.
#[derive(Clone, Copy, Debug)]
struct Sign {
    /// Byte where it begins.
    at: usize,
    /// Byte after it.
    end: usize,
    /// The digit, `x` for the check digit ten, `*` for a masked place.
    digit: u8,
    /// What stands between it and the sign before.
    gap: Gap,
    /// Whether it is a letter that only looks like a digit.
    alike: bool,
}

/// What stands between two signs of a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Gap {
    /// Nothing.
    None,
    /// Spaces, hyphens, dots, invisible characters.
    Thin,
    /// The border of a cell or a line break.
    Cell,
    /// Anything else: another number begins.
    Wide,
}

/// Every number of a person in a text, in order.
pub fn find(text: &str) -> Vec<Private> {
    let mut found = Vec::new();
    for region in regions(text) {
        let signs = signs(text, region);
        let mut start = 0;
        while start < signs.len() {
            let end = start + 1 + signs[start + 1..].iter().take_while(|sign| sign.gap != Gap::Wide).count();
            run(text, &signs[start..end], &mut found);
            start = end;
        }
    }
    found
}

/// The text with every number of a person overwritten by as many bytes of `*`.
pub fn mask(text: &str) -> Cow<'_, str> {
    let found = find(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for private in found {
        masked.push_str(&text[at..private.range.start]);
        masked.extend(std::iter::repeat_n('*', private.range.len()));
        at = private.range.end;
    }
    masked.push_str(&text[at..]);
    Cow::Owned(masked)
}

/// Fewest places a number of a person has.
const FEWEST: usize = 11;
/// Most signs between two places of one number.
const WIDEST: u32 = 4;

/// Parts of a text that hold enough digits with little between them to be a number: most texts have none.
fn regions(text: &str) -> Vec<Range<usize>> {
    let mut regions = Vec::new();
    let (mut start, mut end, mut places, mut between) = (0, 0, 0, 0);
    let mut close = |start: usize, end: usize, places: usize| {
        if places >= FEWEST {
            // Letters that look like digits may begin or end the number.
            let before = text[..start].bytes().rev().take_while(|byte| b"OoIl".contains(byte)).count();
            let after = text[end..].bytes().take_while(|byte| b"OoIl".contains(byte)).count();
            regions.push(start - before..end + after);
        }
    };
    for (at, c) in text.char_indices() {
        let is_digit = if c.is_ascii() { c.is_ascii_digit() || matches!(c, '*' | 'x' | 'X' | '#') } else { digit(c).is_some() };
        if is_digit {
            if places == 0 {
                start = at;
            }
            places += 1;
            end = at + c.len_utf8();
            between = 0;
        } else if places > 0 && !is_unseen(c) {
            between += 1;
            if between > WIDEST {
                close(start, end, places);
                (places, between) = (0, 0);
            }
        }
    }
    close(start, end, places);
    regions
}

fn digit(c: char) -> Option<u8> {
    let value = match c {
        '0'..='9' => c as u32 - '0' as u32,
        '０'..='９' => c as u32 - '０' as u32,
        '〇' | '零' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        'x' | 'X' | 'ｘ' | 'Ｘ' | '×' => return Some(b'x'),
        '*' | '＊' | '#' | '●' | '•' | '█' | '■' => return Some(b'*'),
        '\u{1D7CE}'..='\u{1D7FF}' => (c as u32 - 0x1D7CE) % 10,
        '⁰' => 0,
        _ => return None,
    };
    Some(b'0' + value as u8)
}

fn signs(text: &str, region: Range<usize>) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::new();
    let mut gap = Gap::Wide;
    let mut width = 0;
    let mut before = false;
    for (at, c) in text[region.clone()].char_indices().map(|(at, c)| (region.start + at, c)) {
        let alike = matches!(c, 'O' | 'o' | 'l' | 'I');
        // A letter is taken for a digit only next to one: words are no numbers.
        let looks = || alike && (before || text[at + 1..].starts_with(|next: char| next.is_ascii_digit() || matches!(next, 'O' | 'o' | 'l' | 'I')));
        let value = digit(c).or_else(|| looks().then_some(if matches!(c, 'O' | 'o') { b'0' } else { b'1' }));
        if let Some(digit) = value {
            signs.push(Sign { at, end: at + c.len_utf8(), digit, gap, alike });
            (gap, width) = (Gap::None, 0);
        } else {
            width += 1;
            let kind = match c {
                ' ' | '\t' | '-' | '－' | '.' | '·' | '_' | '\u{3000}' | '\u{a0}' | '—' | '‑' | '‐' => Gap::Thin,
                c if is_unseen(c) => {
                    width -= 1;
                    Gap::Thin
                }
                '|' | '\n' | '\r' => Gap::Cell,
                _ => Gap::Wide,
            };
            gap = if width > WIDEST { Gap::Wide } else { gap.max(kind) };
        }
        before = value.is_some();
    }
    // One x is a check digit; three in a row hide something.
    let mut place = 0;
    while place < signs.len() {
        let length = signs[place..].iter().enumerate().take_while(|(at, sign)| sign.digit == b'x' && (*at == 0 || sign.gap == Gap::None)).count();
        if length >= 3 {
            signs[place..place + length].iter_mut().for_each(|sign| sign.digit = b'*');
        }
        place += length.max(1);
    }
    signs
}

fn run(text: &str, signs: &[Sign], found: &mut Vec<Private>) {
    let mut at = 0;
    while at < signs.len() {
        let hit = identity(signs, at)
            .or_else(|| old_identity(text, signs, at))
            .or_else(|| masked(signs, at))
            .or_else(|| bank_card(text, signs, at))
            .or_else(|| mobile(text, signs, at));
        match hit {
            Some((kind, length)) => {
                let part = &signs[at..at + length];
                let digits = part.iter().filter(|sign| sign.digit != b'*').map(|sign| sign.digit as char).collect();
                found.push(Private { kind, range: part[0].at..part[length - 1].end, digits });
                at += length;
            }
            None => at += 1,
        }
    }
}

/// A window of signs that is a number of its own: no digit stands right before or after it.
fn window(signs: &[Sign], at: usize, length: usize) -> Option<&[Sign]> {
    let part = signs.get(at..at + length)?;
    let free_before = at == 0 || part[0].gap != Gap::None || signs[at - 1].digit == b'*';
    let free_after = signs.get(at + length).is_none_or(|next| next.gap != Gap::None || next.digit == b'*' || next.digit == b'x');
    let cells = part[1..].iter().filter(|sign| sign.gap == Gap::Cell).count();
    (free_before && free_after && cells <= 5).then_some(part)
}

/// Eighteen places with one `*` between each or a few: the signs without the stars.
fn identity(signs: &[Sign], at: usize) -> Option<(Kind, usize)> {
    if signs[at].digit == b'*' {
        return None;
    }
    // Stars strewn in between hide nothing.
    let mut digits = [0u8; 18];
    let (mut count, mut length, mut alike, mut cells) = (0, 0, 0, 0);
    for sign in &signs[at..] {
        if count == 18 {
            break;
        }
        length += 1;
        if sign.digit == b'*' {
            continue;
        }
        digits[count] = sign.digit;
        alike += usize::from(sign.alike);
        cells += usize::from(count > 0 && sign.gap == Gap::Cell);
        count += 1;
    }
    if count < 18 || length > 36 || alike > 3 || cells > 3 {
        return None;
    }
    let free_before = at == 0 || signs[at].gap != Gap::None || !signs[at - 1].digit.is_ascii_digit();
    let free_after = signs.get(at + length).is_none_or(|next| next.gap != Gap::None || !next.digit.is_ascii_digit());
    if !free_before || !free_after || digits[..17].contains(&b'x') || !checks(&digits) || !province(&digits) {
        return None;
    }
    let born = birth(&digits[6..14])?;
    Some((Kind::Identity { born }, length))
}

/// ISO 7064 MOD 11-2.
fn checks(digits: &[u8; 18]) -> bool {
    let sum = digits[..17].iter().fold(0u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let expected = (12 - sum % 11) % 11;
    digits[17] == if expected == 10 { b'x' } else { b'0' + expected as u8 }
}

fn province(digits: &[u8]) -> bool {
    matches!((digits[0] - b'0') * 10 + (digits[1] - b'0'), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91)
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}

fn day_exists(month: u32, day: u32) -> bool {
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// The year of an eight-digit day of birth.
fn birth(digits: &[u8]) -> Option<i16> {
    let year = number(&digits[..4]);
    ((1800..2100).contains(&year) && day_exists(number(&digits[4..6]), number(&digits[6..8]))).then_some(year as i16)
}

/// Fifteen digits, as issued until 1999; they carry no check digit, so a word has to say what they are.
fn old_identity(text: &str, signs: &[Sign], at: usize) -> Option<(Kind, usize)> {
    let part = window(signs, at, 15)?;
    let digits: Vec<u8> = part.iter().map(|sign| sign.digit).collect();
    let plain = digits.iter().all(u8::is_ascii_digit) && part.iter().all(|sign| !sign.alike);
    let valid = plain && province(&digits) && day_exists(number(&digits[8..10]), number(&digits[10..12]));
    (valid && says(text, part[0].at, &["身份证", "证件号", "公民身份", "户主"])).then(|| (Kind::Identity { born: 1900 + number(&digits[6..8]) as i16 }, 15))
}

/// Digits with stars where some are hidden: how many numbers remain possible.
fn masked(signs: &[Sign], at: usize) -> Option<(Kind, usize)> {
    let first = &signs[at];
    if !first.digit.is_ascii_digit() || (at > 0 && first.gap == Gap::None) {
        return None;
    }
    let length = 1 + signs[at + 1..].iter().take_while(|sign| sign.gap == Gap::None).count();
    let part = &signs[at..at + length];
    let stars = part.iter().filter(|sign| sign.digit == b'*').count();
    let first_star = part.iter().position(|sign| sign.digit == b'*')?;
    let last_star = part.iter().rposition(|sign| sign.digit == b'*')?;
    // One group of stars, digits before it, and places that make eighteen; people also type too few or too many stars.
    if last_star - first_star + 1 != stars || stars < 3 || first_star < 6 || !province(&[part[0].digit, part[1].digit]) {
        return None;
    }
    let tail = &part[last_star + 1..];
    if tail.len() > 4 && tail.len() + first_star > 17 {
        return None;
    }
    let whole = length == 18 || (first_star == 6 && tail.len() == 4) || (first_star >= 10 && (15..=20).contains(&length));
    if !whole || (first_star == 6 && tail.is_empty()) {
        return None;
    }
    let hidden = 18 - first_star - tail.len().min(18 - first_star);
    // Days of a century where the day of birth is hidden, ten for each other place, an eleventh where the check digit is shown.
    let born_hidden = 14usize.saturating_sub(first_star).min(hidden);
    let days: u64 = match born_hidden {
        0 => 1,
        1..=2 => 31,
        3..=4 => 366,
        5..=6 => 3_653,
        _ => 36_525,
    };
    let rest = (hidden - born_hidden) as u32;
    let shown_check = !tail.is_empty();
    let candidates = days.saturating_mul(10u64.saturating_pow(rest)) / if shown_check { 11 } else { 1 };
    let candidates = if !shown_check && rest > 0 { candidates / 10 } else { candidates }.max(1);
    (candidates < ENOUGH).then_some((Kind::WeaklyMasked { candidates }, length))
}

/// Eleven digits in the groups people write: 3-4-4, 3-3-5, 4-4-3, one by one, or none.
fn mobile(text: &str, signs: &[Sign], at: usize) -> Option<(Kind, usize)> {
    let country = |signs: &[Sign], at: usize| {
        let part = signs.get(at.checked_sub(2)?..at)?;
        (part[0].digit == b'8' && part[1].digit == b'6').then_some(())
    };
    let part = signs.get(at..at + 11)?;
    if part[0].digit != b'1' || !(b'3'..=b'9').contains(&part[1].digit) || part.iter().any(|sign| !sign.digit.is_ascii_digit() || sign.alike) {
        return None;
    }
    let free_before = at == 0 || part[0].gap != Gap::None || country(signs, at).is_some();
    let free_after = signs.get(at + 11).is_none_or(|next| next.gap != Gap::None || !next.digit.is_ascii_digit());
    let cuts: Vec<usize> = (1..11).filter(|place| part[*place].gap != Gap::None).collect();
    let grouped = matches!(cuts.as_slice(), [] | [3, 7] | [3, 6] | [4, 8] | [_]) || cuts.len() == 10;
    if !free_before || !free_after || !grouped || part.iter().skip(1).any(|sign| sign.gap == Gap::Cell) {
        return None;
    }
    // Eleven digits among letters are part of a code.
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let word = text[..part[0].at].ends_with("el") || text[..part[0].at].ends_with("hone");
    if in_address(text, part[0].at) || (letter(text[..part[0].at].chars().next_back()) && !word) || letter(text[part[10].end..].chars().next()) {
        return None;
    }
    // Chinese numerals in a row are years and amounts more often than numbers to call.
    let plain = part.iter().filter(|sign| sign.end - sign.at == 1 || text[sign.at..sign.end].starts_with(|c| ('０'..='９').contains(&c))).count();
    (plain == 11 || says(text, part[0].at, &["电话", "手机", "联系", "热线"])).then_some((Kind::Mobile, 11))
}

/// Whether a place is inside a web address, where eleven digits number a page, and nothing says that they are to be called.
fn in_address(text: &str, at: usize) -> bool {
    let start = text[..at].rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | '<' | '>' | '，' | '。')).map_or(0, |found| found + 1);
    let Some(token) = text.get(start..at) else { return false };
    token.contains("://") && !["tel", "phone", "mobile"].iter().any(|word| token.contains(word))
}

/// Sixteen to nineteen digits with an issuer's prefix and a Luhn sum, where a word says that it is an account.
fn bank_card(text: &str, signs: &[Sign], at: usize) -> Option<(Kind, usize)> {
    for length in [19, 16, 18, 17] {
        let Some(part) = window(signs, at, length) else { continue };
        let digits: Vec<u8> = part.iter().map(|sign| sign.digit).collect();
        if !digits.iter().all(u8::is_ascii_digit) || part.iter().any(|sign| sign.alike) || !issuer(&digits) || !luhn(&digits) {
            continue;
        }
        if says(text, part[0].at, &["账号", "帐号", "卡号", "银行", "信用社", "一卡通", "存折", "惠农", "开户", "账户", "帐户"]) {
            return Some((Kind::BankCard, length));
        }
    }
    None
}

fn issuer(digits: &[u8]) -> bool {
    let two = number(&digits[..2]);
    digits[0] == b'4' || matches!(two, 51..=55 | 62 | 60 | 34 | 37) || number(&digits[..4]) == 9558
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Characters before a number in which a word may say what it is; a table's head stands further away than a sentence's noun.
const NEAR: usize = 600;

/// Whether one of the words stands shortly before a place.
fn says(text: &str, at: usize, words: &[&str]) -> bool {
    let mut from = at.saturating_sub(NEAR);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    words.iter().any(|word| text[from..at].contains(word))
}

mod marks;

pub use marks::{List, Mark, lists, marks};

#[cfg(test)]
mod tests;
