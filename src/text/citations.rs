//! Laws in 《》 and document numbers (文号) in running text.
//!
//! A number is printed with many brackets: 〔2023〕 ﹝2023﹞ [2023] （2023） 【2023】. It is kept in its official form
//! 云政办发〔2023〕8号. The issuer's prefix is the run of Han characters before the bracket, without the words that lead to it.

use super::is_han;
use std::ops::Range;

/// A law, policy or numbered document named in the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Title between 《》.
    pub title: Option<String>,
    /// Number in its official form.
    pub number: Option<String>,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// Longest title between 《》 that is taken for one, in characters.
const LONGEST_TITLE: usize = 120;
/// Longest prefix of a document number, in characters.
const LONGEST_PREFIX: usize = 14;

/// Every law and numbered document in a text, in order. A number in brackets right after a title belongs to it.
pub fn find(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    // Most cells and paragraphs cite nothing.
    if !text.contains('》') && !text.contains('号') {
        return found;
    }
    let mut titles = titles(text).into_iter().peekable();
    let mut numbers = numbers(text).into_iter().peekable();
    while let Some((range, title)) = titles.next() {
        while let Some((before, number)) = numbers.next_if(|(at, _)| at.start < range.start) {
            found.push(Found { title: None, number: Some(number), range: before });
        }
        // A number inside the title is part of the title's own words.
        while numbers.next_if(|(at, _)| at.start < range.end).is_some() {}
        let next_title = titles.peek().map_or(text.len(), |(next, _)| next.start);
        let own = numbers.next_if(|(at, _)| at.start < next_title && text[range.end..at.start].chars().all(|c| matches!(c, '（' | '(' | ' ' | '\u{3000}')));
        let end = own.as_ref().map_or(range.end, |(at, _)| {
            // The bracket that was opened before the number belongs to it.
            let opened = text[range.end..at.start].contains(['（', '(']);
            let close = text[at.end..].chars().next().filter(|c| opened && matches!(c, '）' | ')'));
            at.end + close.map_or(0, char::len_utf8)
        });
        found.push(Found { title: Some(title), number: own.map(|(_, number)| number), range: range.start..end });
    }
    found.extend(numbers.map(|(range, number)| Found { title: None, number: Some(number), range }));
    found
}

fn titles(text: &str) -> Vec<(Range<usize>, String)> {
    let mut titles = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '《' => open.push(at),
            '》' => {
                if let Some(start) = open.pop()
                    && open.is_empty()
                {
                    let title = text[start + '《'.len_utf8()..at].trim();
                    if !title.is_empty() && title.chars().count() <= LONGEST_TITLE {
                        titles.push((start..at + c.len_utf8(), title.to_string()));
                    }
                }
            }
            '\n' => open.clear(),
            _ => {}
        }
    }
    titles
}

fn numbers(text: &str) -> Vec<(Range<usize>, String)> {
    let mut numbers = Vec::new();
    let mut from = 0;
    for (at, c) in text.char_indices() {
        if c != '号' || at < from {
            continue;
        }
        if let Some((start, number)) = number_before(&text[from..at]) {
            numbers.push((from + start..at + c.len_utf8(), number));
            from = at + c.len_utf8();
        }
    }
    numbers
}

/// The document number that ends where 号 begins: its start in `text` and its official form.
fn number_before(text: &str) -> Option<(usize, String)> {
    let rest = text.trim_end();
    let head = rest.trim_end_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let serial = normal_digits(&rest[head.len()..]);
    if serial.is_empty() || serial.len() > 6 {
        return None;
    }
    let head = head.trim_end_matches([' ', '\u{3000}']);
    let head = head.strip_suffix('第').unwrap_or(head).trim_end();
    if let Some(issuer) = head.strip_suffix("国务院令") {
        return Some((issuer.len(), format!("国务院令第{serial}号")));
    }
    let head = head.strip_suffix(is_closing).unwrap_or(head).trim_end();
    let before = head.trim_end_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let year = normal_digits(&head[before.len()..]);
    if year.len() != 4 || !(year.starts_with("19") || year.starts_with("20")) {
        return None;
    }
    let before = before.trim_end();
    let prefix = before.strip_suffix(is_opening)?.trim_end();
    let mut start = prefix.len();
    for (count, (at, c)) in prefix.char_indices().rev().enumerate() {
        if !(is_han(c) || c.is_ascii_alphabetic()) || count >= LONGEST_PREFIX {
            break;
        }
        start = at;
    }
    let mut issuer = &prefix[start..];
    for lead in LEADS {
        if let Some(at) = issuer.rfind(lead) {
            start += at + lead.len();
            issuer = &issuer[at + lead.len()..];
        }
    }
    (issuer.chars().count() >= 2).then(|| (start, format!("{issuer}〔{year}〕{serial}号")))
}

/// Words that lead to a number and are no part of it.
const LEADS: [&str; 17] =
    ["根据", "按照", "依据", "遵照", "关于", "印发", "转发", "下发", "制定", "执行", "落实", "以及", "文件", "条和", "款和", "项和", "的"];

fn is_opening(c: char) -> bool {
    matches!(c, '〔' | '[' | '［' | '(' | '（' | '﹝' | '【' | '〈' | '<')
}

fn is_closing(c: char) -> bool {
    matches!(c, '〕' | ']' | '］' | ')' | '）' | '﹞' | '】' | '〉' | '>')
}

fn normal_digits(text: &str) -> String {
    text.chars().filter_map(|c| if c.is_ascii_digit() { Some(c) } else { char::from_digit((c as u32).checked_sub('０' as u32)?, 10) }).collect()
}

/// A title for comparison: without 中华人民共和国, white space and quotes.
pub fn title_key(title: &str) -> String {
    super::key(title).replace(['“', '”', '"'], "").trim_start_matches("中华人民共和国").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(Option<String>, Option<String>)> {
        find(text).into_iter().map(|found| (found.title, found.number)).collect()
    }

    fn number(number: &str) -> (Option<String>, Option<String>) {
        (None, Some(number.to_string()))
    }

    #[test]
    fn every_bracket_becomes_the_official_one() {
        for printed in [
            "云政办发〔2023〕8号",
            "云政办发[2023]8号",
            "云政办发（2023）8号",
            "云政办发﹝2023﹞ 8 号",
            "云政办发【２０２３】８号",
            "云政办发〔2023〕第8号",
            "岳县政〔2023118号",
        ] {
            let expected = if printed.starts_with('岳') { vec![] } else { vec![number("云政办发〔2023〕8号")] };
            assert_eq!(said(printed), expected, "{printed}");
        }
    }

    #[test]
    fn a_number_after_a_title_belongs_to_it() {
        assert_eq!(
            said("认真落实《政务公开工作要点》（云政办发〔2023〕8号）和《信息公开条例》，根据云政发〔2022〕3号文件"),
            [(Some("政务公开工作要点".into()), Some("云政办发〔2023〕8号".into())), (Some("信息公开条例".into()), None), number("云政发〔2022〕3号"),]
        );
    }

    #[test]
    fn an_article_before_a_number_is_no_part_of_it() {
        assert_eq!(said("依照第五十条和国办公开办函〔2019〕60号规定的格式"), [number("国办公开办函〔2019〕60号")]);
        assert_eq!(said("按照云和政办发〔2023〕8号"), [number("云和政办发〔2023〕8号")]);
    }

    #[test]
    fn titles_within_titles_are_one() {
        assert_eq!(
            said("《湖南省实施<条例>办法》与《关于印发〈要点〉的通知》"),
            [(Some("湖南省实施<条例>办法".into()), None), (Some("关于印发〈要点〉的通知".into()), None)]
        );
        assert_eq!(said("《关于《要点》的通知》"), [(Some("关于《要点》的通知".into()), None)]);
    }

    #[test]
    fn decrees_and_house_numbers() {
        assert_eq!(said("（国务院令第711号）"), [number("国务院令第711号")]);
        assert_eq!(said("云溪街12号，2023年8号楼"), []);
    }

    #[test]
    fn ranges_point_to_the_text() {
        let text = "按照《条例》（国务院令第711号）办理";
        let found = find(text);
        assert_eq!(&text[found[0].range.clone()], "《条例》（国务院令第711号）");
        assert_eq!(found[0].range.end, text.find("办理").unwrap());
    }
}
