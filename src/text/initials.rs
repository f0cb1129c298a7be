//! First letters of names as people type them on a telephone.

use pinyin::ToPinyin;

/// First letters of the pinyin of a name: 芷江镇 is zjz. Letters and digits stand for themselves, all other signs for nothing.
pub fn of(name: &str) -> String {
    let letter =
        |c: char| if c.is_ascii_alphanumeric() { Some(c.to_ascii_lowercase()) } else { c.to_pinyin()?.plain().chars().next().filter(char::is_ascii_lowercase) };
    name.chars().filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_initials() {
        assert_eq!(of("芷江镇"), "zjz");
        assert_eq!(of("A区·第3村"), "aqd3c");
    }
}
