//! Running text with one way of typing: ASCII digits, full-width stops, no white space; each place in it leads back to the text
//! as printed.

use std::ops::Range;

/// A text as it is searched, and where each byte of it stands in the text as printed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plain {
    /// The searched text.
    pub text: String,
    /// For each byte of it: the printed character it came from.
    places: Vec<(usize, usize)>,
}

impl Plain {
    /// One text. White space is dropped but between two digits, where it parts numbers.
    pub fn of(printed: &str) -> Plain {
        let chars: Vec<(usize, char)> = printed.char_indices().filter(|(_, c)| !super::is_unseen(*c)).collect();
        let mut plain = Plain { text: String::with_capacity(printed.len()), places: Vec::with_capacity(printed.len()) };
        for (place, &(at, c)) in chars.iter().enumerate() {
            let after = &chars[place + 1..];
            let digit_before = place > 0 && is_digit(chars[place - 1].1);
            let digit_after = after.first().is_some_and(|(_, c)| is_digit(*c));
            let c = match c {
                '\n' => '。',
                c if c.is_whitespace() => {
                    let parts =
                        plain.text.ends_with(|c: char| c.is_ascii_digit()) && after.iter().map(|(_, c)| *c).find(|c| !c.is_whitespace()).is_some_and(is_digit);
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
                '它' if plain.text.ends_with('其') => '他',
                c => c,
            };
            plain.text.push(c);
            plain.places.resize(plain.text.len(), (at, at + chars[place].1.len_utf8()));
        }
        plain
    }

    /// The range of the printed text that a range of the searched one was made of.
    pub fn printed(&self, range: Range<usize>) -> Range<usize> {
        let start = self.places.get(range.start).or(self.places.last()).map_or(0, |(start, _)| *start);
        let end = range.end.checked_sub(1).and_then(|last| self.places.get(last)).map_or(start, |(_, end)| *end);
        start..end.max(start)
    }
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
    fn places_lead_back() {
        let text = "专栏设６ 个栏目，共";
        let plain = Plain::of(text);
        let at = plain.text.find("6个").unwrap();
        assert_eq!(&text[plain.printed(at..at + "6个".len())], "６ 个");
        let all = plain.printed(0..plain.text.len());
        assert_eq!(&text[all], text);
    }
}
