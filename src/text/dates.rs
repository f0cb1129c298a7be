//! Dates and years in running text: 2013-02-15, 2012年12月10日, 二〇一三年三月二十七日, full-width digits included.
//!
//! A day is only read where year, month and day are all printed; nothing is completed, but the century of a signature
//! such as 一三年三月二十七日, and that is said.

use super::numerals::{digit, digit_run, number};
use jiff::civil::Date;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A day in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundDate {
    /// The day.
    pub date: Date,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// Whether only the last two digits of the year were printed.
    pub century_assumed: bool,
}

/// A year in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundYear {
    /// The year.
    pub year: i16,
    /// Where it stands, 年 included, in bytes.
    pub range: Range<usize>,
    /// Whether 年 follows.
    pub named: bool,
}

/// Every day in a text, in order.
pub fn find(text: &str) -> Vec<FoundDate> {
    if !may_name_year(text) {
        return Vec::new();
    }
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let starts = is_digit(chars[at].1) && (at == 0 || !is_digit(chars[at - 1].1));
        match starts.then(|| date_at(&chars, at, false)).flatten() {
            Some((date, end)) => {
                let end_byte = chars.get(end).map_or(text.len(), |(byte, _)| *byte);
                found.push(FoundDate { date, range: chars[at].0..end_byte, century_assumed: false });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The day that a text consists of, brackets and white space aside. A two-digit year counts from 2000.
pub fn whole(text: &str) -> Option<FoundDate> {
    let inner = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '（' | '）' | '(' | ')' | '。' | '.'));
    let start = inner.as_ptr() as usize - text.as_ptr() as usize;
    let chars: Vec<(usize, char)> = inner.char_indices().collect();
    let read = |short| date_at(&chars, 0, short).filter(|(_, end)| *end == chars.len()).map(|(date, _)| date);
    let (date, century_assumed) = read(false).map(|date| (date, false)).or_else(|| read(true).map(|date| (date, true)))?;
    Some(FoundDate { date, range: start..start + inner.len(), century_assumed })
}

/// Every year of four digits between 1900 and 2099, in order.
pub fn years(text: &str) -> Vec<FoundYear> {
    if !may_name_year(text) {
        return Vec::new();
    }
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !is_digit(chars[at].1) {
            at += 1;
            continue;
        }
        let end = run_end(&chars, at);
        let after = spaces_end(&chars, end);
        let named = chars.get(after).is_some_and(|(_, c)| *c == '年');
        let end_byte = |end: usize| chars.get(end).map_or(text.len(), |(byte, _)| *byte);
        if let Some(year) = year_of(&chars[at..end], false) {
            let shown = if named { after + 1 } else { end };
            found.push(FoundYear { year, range: chars[at].0..end_byte(shown), named });
        }
        at = end;
    }
    found
}

/// Whether four digits stand in a row: most sentences have no year.
fn may_name_year(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        run = if is_digit(c) { run + 1 } else { 0 };
        run == 4
    })
}

/// The year that somebody took out of a text: 20XX年, 201×年度.
pub fn masked(text: &str) -> Option<Range<usize>> {
    static MASKED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:19|20)(?:[XxＸｘ×*＊]{2}|\d[XxＸｘ×*＊])\s*年").expect("a pattern of ours"));
    MASKED.find(text).map(|found| found.range())
}

/// Whether a year was taken out of a text.
pub fn is_masked(text: &str) -> bool {
    masked(text).is_some()
}

/// A period in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundPeriod {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The last day as printed, where digits are glued to its year: 202020年12月31日.
    pub glued: Option<String>,
}

/// The first period printed as two days: 2015年1月1日至2015年12月31日, 2015年1月1日至12月31日, or 2015年（1月1日至12月31日）.
pub fn period(text: &str) -> Option<FoundPeriod> {
    let dates = find(text);
    let whole = dates.iter().enumerate().find_map(|(place, from)| {
        let rest = text[from.range.end..].trim_start();
        let rest = ["起至", "至", "到", "—", "－", "-", "~", "～"].iter().find_map(|word| rest.strip_prefix(word))?.trim_start_matches(['—', '-', ' ']);
        let (to, glued) = match dates.get(place + 1) {
            Some(next) if next.range.start == text.len() - rest.len() => (next.date, None),
            _ => last_day(rest, from.date.year())?,
        };
        (from.date < to).then_some(FoundPeriod { from: from.date, to, glued })
    });
    whole.or_else(|| {
        // 2011年（1月1日至12月31日）: the year stands before the bracket.
        let (year, inner) = years(text).into_iter().filter(|year| year.named).find_map(|year| {
            let inner = text[year.range.end..].trim_start_matches('度').strip_prefix(['（', '('])?;
            Some((year, inner.chars().take_while(|c| !matches!(c, '）' | ')')).take(20).collect::<String>()))
        })?;
        period(&format!("{}年{inner}", year.year)).filter(|found| found.to.year() == year.year)
    })
}

/// The day a text begins with, in the year given: month and day alone, or behind a year to which digits are glued.
fn last_day(rest: &str, year: i16) -> Option<(Date, Option<String>)> {
    let rest: String = rest.chars().take(20).collect();
    let in_year = |words: &str| find(&format!("{year}年{words}")).into_iter().next().filter(|day| day.range.start == 0);
    if let Some(day) = in_year(&rest) {
        return Some((day.date, None));
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let glued = (5..=8).contains(&digits) && rest[..digits].ends_with(&year.to_string());
    let after = rest[digits..].strip_prefix('年').filter(|_| glued)?;
    let day = in_year(after)?;
    let printed: String = rest.split_inclusive('日').next()?.to_string();
    Some((day.date, Some(printed)))
}

fn is_digit(c: char) -> bool {
    // A Latin O is a digit only between digits; it never starts or stands alone, and `year_of` asks for four.
    digit(c).is_some()
}

fn is_number_char(c: char) -> bool {
    is_digit(c) || c == '十'
}

fn run_end(chars: &[(usize, char)], at: usize) -> usize {
    at + chars[at..].iter().take_while(|(_, c)| is_digit(*c)).count()
}

fn spaces_end(chars: &[(usize, char)], at: usize) -> usize {
    at + chars[at.min(chars.len())..].iter().take_while(|(_, c)| c.is_whitespace()).count()
}

fn text_of(chars: &[(usize, char)]) -> String {
    chars.iter().map(|(_, c)| *c).collect()
}

fn year_of(run: &[(usize, char)], short: bool) -> Option<i16> {
    let value = digit_run(&text_of(run))?;
    match run.len() {
        4 if (1900..2100).contains(&value) => i16::try_from(value).ok(),
        // Two Chinese digits: 一三. Two Arabic ones could as well be a day.
        2 if short && !run.iter().any(|(_, c)| is_arabic(*c)) => i16::try_from(2000 + value).ok(),
        _ => None,
    }
}

fn is_arabic(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// The day that starts at a character, and the place after it.
fn date_at(chars: &[(usize, char)], at: usize, short: bool) -> Option<(Date, usize)> {
    let end = (at < chars.len()).then(|| run_end(chars, at))?;
    let year = year_of(&chars[at..end], short)?;
    let (separator, at) = separator_at(chars, end)?;
    let (month, at) = number_at(chars, at)?;
    let (second, at) = separator_at(chars, at)?;
    let named = separator == '年';
    if named != (second == '月') || (!named && separator != second) {
        return None;
    }
    let (day, mut end) = number_at(chars, at)?;
    if named {
        end = spaces_end(chars, end);
        chars.get(end).filter(|(_, c)| matches!(c, '日' | '号'))?;
        end += 1;
    } else if chars.get(end).is_some_and(|(_, c)| is_number_char(*c)) {
        return None;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, end))
}

fn separator_at(chars: &[(usize, char)], at: usize) -> Option<(char, usize)> {
    let at = spaces_end(chars, at);
    let separator = match chars.get(at)?.1 {
        '年' => '年',
        '月' => '月',
        '-' | '－' | '—' | '–' => '-',
        '/' | '／' => '/',
        '.' | '．' => '.',
        _ => return None,
    };
    Some((separator, spaces_end(chars, at + 1)))
}

/// A month or a day: at most two Arabic digits, or Chinese up to three signs.
fn number_at(chars: &[(usize, char)], at: usize) -> Option<(u32, usize)> {
    let length = chars[at.min(chars.len())..].iter().take_while(|(_, c)| is_number_char(*c)).count();
    let run = chars.get(at..at + length).filter(|run| (1..=3).contains(&run.len()))?;
    let value = number(&text_of(run)).filter(|value| (1..=31).contains(value))?;
    (length <= 2 || run.iter().any(|(_, c)| *c == '十')).then_some((value, at + length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn days(text: &str) -> Vec<Date> {
        find(text).into_iter().map(|found| found.date).collect()
    }

    #[test]
    fn every_way_of_printing_a_day() {
        for text in [
            "2013-03-27",
            "2013/3/27",
            "2013.03.27",
            "2013年3月27日",
            "２０１３年３月２７日",
            "2013 年 3 月 27 日",
            "二〇一三年三月二十七日",
            "二○一三年三月二十七日",
            "二O一三年三月廿七日",
        ] {
            let expected = if text.contains('廿') { vec![] } else { vec![date(2013, 3, 27)] };
            assert_eq!(days(text), expected, "{text}");
        }
        assert_eq!(days("发布时间: 2013-02-15 10:20"), [date(2013, 2, 15)]);
    }

    #[test]
    fn what_is_no_day() {
        for text in ["2013-", "2013年3月", "2013年13月1日", "2013年2月30日", "2013-02-155", "12013-02-15", "20131月5日", "2013年3月份", "12345热线"]
        {
            assert_eq!(days(text), [], "{text}");
        }
    }

    #[test]
    fn ranges_are_bytes_of_the_text() {
        let text = "签于2012年12月10日。";
        assert_eq!(&text[find(text)[0].range.clone()], "2012年12月10日");
        let text = "  （2012年12月10日）";
        assert_eq!(&text[whole(text).unwrap().range], "2012年12月10日");
    }

    #[test]
    fn a_short_year_only_where_nothing_else_stands() {
        let found = whole(" 一三-三-二十七").unwrap();
        assert_eq!((found.date, found.century_assumed), (date(2013, 3, 27), true));
        assert_eq!(whole("一三年三月二十七日").unwrap().date, date(2013, 3, 27));
        assert_eq!(days("一三-三-二十七"), []);
        assert_eq!(whole("13-3-27"), None);
        assert_eq!(whole("截至2013年3月27日"), None);
    }

    #[test]
    fn years_with_and_without_their_sign() {
        let found = |text: &str| years(text).into_iter().map(|year| (year.year, year.named)).collect::<Vec<_>>();
        assert_eq!(found("2016年度与2014来，12345热线"), [(2016, true), (2014, false)]);
        assert_eq!(found("二〇一二年"), [(2012, true)]);
        assert_eq!(found("20161231"), []);
    }

    #[test]
    fn periods() {
        let read = |text: &str| period(text).map(|found| (found.from, found.to, found.glued));
        let year = Some((date(2015, 1, 1), date(2015, 12, 31), None));
        assert_eq!(read("统计期限自2015年1月1日起至2015年12月31日止"), year);
        assert_eq!(read("数据自2015年1月1日至12月31日"), year);
        assert_eq!(read("我镇2015年（1月1日至12月31日）的情况"), year);
        assert_eq!(read("现公布2015年度（1月1日至12月31日）情况"), year);
        assert_eq!(read("自2020年1月1日起至202020年12月31日止").map(|found| found.2), Some(Some("202020年12月31日".into())));
        assert_eq!(read("2015年1月1日召开会议"), None);
        assert_eq!(read("自2015年1月1日至99999年12月31日"), None);
    }
}
