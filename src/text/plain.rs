//! Running text with one way of typing: ASCII digits, full-width stops, no white space; each place in it leads back to the text
//! as printed.

use std::ops::Range;

/// A text as it is searched, and where each byte of it stands in the text as printed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plain {
    /// The searched text.
    pub text: String,
    /// For each byte of it: the printed character it came from. None where the text is searched as it is printed.
    places: Option<Vec<(usize, usize)>>,
}

impl Plain {
    /// One text. White space is dropped but between two digits, where it parts numbers.
    pub fn of(printed: &str) -> Plain {
        if is_plain(printed) {
            return Plain { text: printed.to_string(), places: None };
        }
        let chars: Vec<(usize, char)> = printed.char_indices().filter(|(_, c)| !super::is_unseen(*c)).collect();
        let (mut text, mut places) = (String::with_capacity(printed.len()), Vec::with_capacity(printed.len()));
        for (place, &(at, c)) in chars.iter().enumerate() {
            let after = &chars[place + 1..];
            let digit_before = place > 0 && is_digit(chars[place - 1].1);
            let digit_after = after.first().is_some_and(|(_, c)| is_digit(*c));
            let c = match c {
                '\n' => '。',
                c if c.is_whitespace() => {
                    let parts =
                        text.ends_with(|c: char| c.is_ascii_digit()) && after.iter().map(|(_, c)| *c).find(|c| !c.is_whitespace()).is_some_and(is_digit);
                    if !parts {
                        continue;
                    }
                    ' '
                }
                c if is_digit(c) && !c.is_ascii_digit() => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
                ',' | '，' if digit_before && groups(after) => ',',
                '.' | '．' if digit_before && digit_after => '.',
                ',' => '，',
                ';' => '；',
                ':' => '：',
                '!' => '！',
                '?' => '？',
                '(' => '（',
                ')' => '）',
                '％' | '﹪' => '%',
                '它' if text.ends_with('其') => '他',
                c => c,
            };
            text.push(c);
            places.resize(text.len(), (at, at + chars[place].1.len_utf8()));
        }
        Plain { text, places: Some(places) }
    }

    /// The range of the printed text that a range of the searched one was made of.
    pub fn printed(&self, range: Range<usize>) -> Range<usize> {
        let start = self.place(range.start).or_else(|| self.place(self.text.len().checked_sub(1)?)).map_or(0, |(start, _)| start);
        let end = range.end.checked_sub(1).and_then(|last| self.place(last)).map_or(start, |(_, end)| end);
        start..end.max(start)
    }

    /// The printed character that a byte came from.
    fn place(&self, at: usize) -> Option<(usize, usize)> {
        match &self.places {
            Some(places) => places.get(at).copied(),
            None if at >= self.text.len() => None,
            None => {
                let start = (0..=at).rev().find(|at| self.text.is_char_boundary(*at))?;
                let end = (at + 1..=self.text.len()).find(|at| self.text.is_char_boundary(*at))?;
                Some((start, end))
            }
        }
    }
}

/// Whether a text is already typed as it is searched: nearly all paragraphs of reports are.
fn is_plain(text: &str) -> bool {
    let mut before = ' ';
    text.chars().all(|c| {
        let plain = match c {
            ',' | ';' | ':' | '!' | '?' | '(' | ')' | '．' | '％' | '﹪' | '０'..='９' => false,
            // Between digits it may group thousands.
            '，' => !is_digit(before),
            '它' => before != '其',
            c => !c.is_whitespace() && !super::is_unseen(c),
        };
        before = c;
        plain
    })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Whether exactly three digits follow, so that the sign before them groups thousands.
fn groups(after: &[(usize, char)]) -> bool {
    after.iter().take_while(|(_, c)| is_digit(*c)).count() == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_of_typing() {
        assert_eq!(Plain::of("公开 １，２０４条,占 7％;3， 4 条").text, "公开1,204条，占7%；3，4条");
        assert_eq!(Plain::of("3 4 条\n其它").text, "3 4条。其他");
        assert_eq!(Plain::of("2012-, 3.79 亿元").text, "2012-，3.79亿元");
    }

    #[test]
    fn what_is_typed_so_stays() {
        let text = "公开1.5万条，其中“网站”120条";
        let plain = Plain::of(text);
        assert_eq!((plain.text.as_str(), &plain.places), (text, &None));
        let at = text.find("其中").unwrap();
        assert_eq!(plain.printed(at..at + 6), at..at + 6);
        assert_eq!(plain.printed(at..at + 1), at..at + 3);
        assert_eq!(plain.printed(text.len()..text.len() + 1), text.len() - 3..text.len() - 3);
        assert_eq!(Plain::of("").printed(0..0), 0..0);
    }

    #[test]
    fn places_lead_back() {
        let text = "专栏设６ 个栏目，共";
        let plain = Plain::of(text);
        let at = plain.text.find("6个").unwrap();
        assert_eq!(&text[plain.printed(at..at + "6个".len())], "６ 个");
        let all = plain.printed(0..plain.text.len());
        assert_eq!(&text[all], text);
    }
}
