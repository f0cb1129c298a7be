//! The numbers Word prints before paragraphs, which stand in no paragraph: `numbering.xml` counts them.

use super::super::read::Refusal;
use super::super::xml::{Tag, Xml};
use std::collections::BTreeMap;

/// Levels a list has.
const LEVELS: usize = 9;

/// Lists of a document, and how far each was counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: BTreeMap<String, List>,
    /// `numId` → list, and starts of its own.
    numbers: BTreeMap<String, (String, BTreeMap<usize, u32>)>,
    counted: BTreeMap<String, [Option<u32>; LEVELS]>,
    /// Numbers whose own starts were set already.
    begun: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct List {
    levels: Vec<Level>,
    /// Another list that says the same, by the name of its style.
    style: Option<String>,
    named: Option<String>,
}

#[derive(Clone, Debug)]
struct Level {
    start: u32,
    format: String,
    text: String,
    /// Whether all numbers in it are Arabic.
    legal: bool,
}

impl Default for Level {
    fn default() -> Level {
        Level { start: 1, format: "decimal".into(), text: String::new(), legal: false }
    }
}

/// What stands before a paragraph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    /// A number with its signs: 一、 or 1.1.
    Number(String),
    /// A dot or another sign.
    Bullet,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub(super) fn read(part: &str) -> Result<Numbering, Refusal> {
        let mut numbering = Numbering::default();
        let mut xml = Xml::new(part);
        xml.children(|xml, _| {
            xml.children(|xml, tag| {
                let id = |name| tag.get(name).unwrap_or_default().to_string();
                match tag.name.as_str() {
                    "abstractNum" => {
                        let list = read_list(xml)?;
                        numbering.lists.insert(id("abstractNumId"), list);
                    }
                    "num" => {
                        let number = read_number(xml)?;
                        numbering.numbers.insert(id("numId"), number);
                    }
                    _ => drop(xml.skip()?),
                }
                Ok(())
            })
        })?;
        Ok(numbering)
    }

    /// Counts a paragraph of a list and gives what Word prints before it; nothing where it prints nothing.
    pub(super) fn mark(&mut self, number: &str, level: usize) -> Option<Mark> {
        let level = level.min(LEVELS - 1);
        let (list, starts) = self.numbers.get(number)?.clone();
        let levels = self.levels(&list)?;
        let own = levels.get(level).cloned().unwrap_or_default();
        let counted = self.counted.entry(list).or_default();
        if !starts.is_empty() && !self.begun.iter().any(|begun| begun == number) {
            self.begun.push(number.to_string());
            for at in starts.keys().filter(|at| **at < LEVELS) {
                counted[*at] = None;
            }
        }
        let start = |at: usize| starts.get(&at).copied().unwrap_or_else(|| levels.get(at).map_or(1, |level| level.start));
        counted[level] = Some(counted[level].map_or(start(level), |count| count.saturating_add(1)));
        counted[level + 1..].fill(None);
        match own.format.as_str() {
            "none" => return None,
            "bullet" => return Some(Mark::Bullet),
            _ => {}
        }
        let mut printed = String::new();
        let mut chars = own.text.chars().peekable();
        while let Some(c) = chars.next() {
            let at = (c == '%').then(|| chars.peek().and_then(|digit| digit.to_digit(10))).flatten().filter(|at| (1..=9).contains(at));
            let Some(at) = at.map(|at| at as usize - 1) else {
                printed.push(c);
                continue;
            };
            chars.next();
            let count = counted[at].unwrap_or_else(|| start(at));
            let format = levels.get(at).map_or("decimal", |level| level.format.as_str());
            printed.push_str(&in_format(count, if own.legal { "decimal" } else { format }));
        }
        (!printed.trim().is_empty()).then_some(Mark::Number(printed))
    }

    /// Levels of a list, or of the one it refers to.
    fn levels(&self, list: &str) -> Option<Vec<Level>> {
        let list = self.lists.get(list)?;
        let meant = list.style.as_ref().and_then(|style| self.lists.values().find(|other| other.named.as_ref() == Some(style)));
        Some(meant.unwrap_or(list).levels.clone())
    }
}

fn read_list(xml: &mut Xml<'_>) -> Result<List, Refusal> {
    let mut list = List::default();
    xml.children(|xml, tag| {
        match tag.name.as_str() {
            "lvl" => {
                let at = level_of(&tag);
                let level = read_level(xml)?;
                if list.levels.len() <= at {
                    list.levels.resize(at + 1, Level::default());
                }
                list.levels[at] = level;
                return Ok(());
            }
            "numStyleLink" => list.style = tag.get("val").map(str::to_string),
            "styleLink" => list.named = tag.get("val").map(str::to_string),
            _ => {}
        }
        xml.skip().map(drop)
    })?;
    Ok(list)
}

fn level_of(tag: &Tag) -> usize {
    tag.get("ilvl").and_then(|level| level.parse().ok()).unwrap_or(0).min(LEVELS - 1)
}

fn read_level(xml: &mut Xml<'_>) -> Result<Level, Refusal> {
    let mut level = Level::default();
    xml.children(|xml, tag| {
        let value = || tag.get("val").unwrap_or_default().to_string();
        match tag.name.as_str() {
            "start" => level.start = value().parse().unwrap_or(1),
            "numFmt" => level.format = value(),
            "lvlText" => level.text = value(),
            "isLgl" => level.legal = tag.is_on(),
            // A format that older programs do not know stands in a choice beside theirs.
            "AlternateContent" => {
                let mut chosen = false;
                return xml.children(|xml, choice| {
                    xml.children(|xml, tag| {
                        if tag.name == "numFmt" && !chosen {
                            level.format = tag.get("val").unwrap_or_default().to_string();
                            chosen = choice.name == "Choice" && level.format != "custom";
                        }
                        xml.skip().map(drop)
                    })
                });
            }
            _ => {}
        }
        xml.skip().map(drop)
    })?;
    Ok(level)
}

fn read_number(xml: &mut Xml<'_>) -> Result<(String, BTreeMap<usize, u32>), Refusal> {
    let (mut list, mut starts) = (String::new(), BTreeMap::new());
    xml.children(|xml, tag| {
        match tag.name.as_str() {
            "abstractNumId" => list = tag.get("val").unwrap_or_default().to_string(),
            "lvlOverride" => {
                let at = level_of(&tag);
                return xml.children(|xml, inner| {
                    if inner.name == "startOverride"
                        && let Some(start) = inner.get("val").and_then(|start| start.parse().ok())
                    {
                        starts.insert(at, start);
                    }
                    xml.skip().map(drop)
                });
            }
            _ => {}
        }
        xml.skip().map(drop)
    })?;
    Ok((list, starts))
}

/// A number as Word prints it. Formats that no Chinese program offers are printed as Arabic numbers.
pub(in super::super) fn in_format(number: u32, format: &str) -> String {
    let from = |first: char, most: u32| (1..=most).contains(&number).then(|| char::from_u32(first as u32 + number - 1)).flatten().map(String::from);
    let of = |signs: &str| number.checked_sub(1).and_then(|at| signs.chars().nth(at as usize)).map(String::from);
    let letter = |first: char| {
        let at = number.checked_sub(1)?;
        let sign = char::from_u32(first as u32 + at % 26)?;
        (at < 26 * 20).then(|| sign.to_string().repeat(at as usize / 26 + 1))
    };
    let found = match format {
        "chineseCounting" | "chineseCountingThousand" | "japaneseCounting" | "taiwaneseCounting" | "taiwaneseCountingThousand" => {
            Some(chinese(number, &CHINESE))
        }
        "chineseLegalSimplified" => Some(chinese(number, &LEGAL)),
        "ideographLegalTraditional" => Some(chinese(number, &LEGAL_TRADITIONAL)),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
            Some(number.to_string().chars().map(|digit| "〇一二三四五六七八九".chars().nth(digit as usize - '0' as usize).unwrap_or(digit)).collect())
        }
        "ideographTraditional" => of("甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => of("子丑寅卯辰巳午未申酉戌亥"),
        "ideographEnclosedCircle" => from('㊀', 10),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => from('①', 20),
        "decimalEnclosedParen" => from('⑴', 20),
        "decimalEnclosedFullstop" => from('⒈', 20),
        "decimalFullWidth" | "decimalFullWidth2" => Some(number.to_string().chars().filter_map(|digit| char::from_u32(digit as u32 + 0xfee0)).collect()),
        "decimalZero" => Some(format!("{number:02}")),
        "upperLetter" => letter('A'),
        "lowerLetter" => letter('a'),
        "upperRoman" => Some(roman(number)),
        "lowerRoman" => Some(roman(number).to_lowercase()),
        _ => None,
    };
    found.unwrap_or_else(|| number.to_string())
}

/// Digits, then the signs of ten, hundred, thousand and ten thousand.
type Signs = ([char; 10], [char; 4]);
const CHINESE: Signs = (['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'], ['十', '百', '千', '万']);
const LEGAL: Signs = (['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'], ['拾', '佰', '仟', '万']);
const LEGAL_TRADITIONAL: Signs = (['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'], ['拾', '佰', '仟', '萬']);

/// 10 is 十 and not 一十; in legal numbers it is 壹拾.
fn chinese(number: u32, signs: &Signs) -> String {
    let (digits, places) = signs;
    if number == 0 || number >= 10_000 {
        return if number == 0 { digits[0].to_string() } else { number.to_string() };
    }
    let zero = if digits[0] == '〇' { '零' } else { digits[0] };
    let mut printed = String::new();
    let mut gap = false;
    for (place, worth) in [(3usize, 1000), (2, 100), (1, 10), (0, 1)] {
        let digit = (number / worth % 10) as usize;
        if digit == 0 {
            gap = !printed.is_empty();
            continue;
        }
        if gap {
            printed.push(zero);
            gap = false;
        }
        if !(digit == 1 && place == 1 && printed.is_empty() && digits[1] == '一') {
            printed.push(digits[digit]);
        }
        if place > 0 {
            printed.push(places[place - 1]);
        }
    }
    printed
}

fn roman(number: u32) -> String {
    if number == 0 || number >= 4000 {
        return number.to_string();
    }
    let mut left = number;
    let mut printed = String::new();
    for (worth, sign) in
        [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    {
        while left >= worth {
            printed.push_str(sign);
            left -= worth;
        }
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_chinese_programs() {
        for (number, format, printed) in [
            (10, "chineseCountingThousand", "十"),
            (21, "chineseCounting", "二十一"),
            (105, "japaneseCounting", "一百零五"),
            (110, "chineseCounting", "一百一十"),
            (10, "ideographDigital", "一〇"),
            (12, "chineseLegalSimplified", "壹拾贰"),
            (3, "ideographTraditional", "丙"),
            (2, "ideographZodiac", "丑"),
            (3, "decimalEnclosedCircleChinese", "③"),
            (21, "decimalEnclosedCircle", "21"),
            (4, "decimalEnclosedParen", "⑷"),
            (12, "decimalFullWidth", "１２"),
            (27, "upperLetter", "AA"),
            (4, "lowerRoman", "iv"),
            (5, "decimalZero", "05"),
            (7, "unheardOf", "7"),
        ] {
            assert_eq!(in_format(number, format), printed, "{format}");
        }
    }

    #[test]
    fn a_root_without_a_name_holds_nothing() {
        assert!(Numbering::read("<w:></w:>").is_ok_and(|numbering| numbering.lists.is_empty() && numbering.numbers.is_empty()));
    }

    #[test]
    fn lists_are_counted_level_by_level() {
        let part = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0">
            <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
            <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
            <w:lvl w:ilvl="2"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2.%3"/><w:isLgl/></w:lvl>
            <w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl></w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
            <w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>"#;
        let mut numbering = Numbering::read(part).unwrap();
        let mut printed = |number: &str, level| match numbering.mark(number, level) {
            Some(Mark::Number(printed)) => printed,
            other => format!("{other:?}"),
        };
        let found = [printed("1", 0), printed("1", 1), printed("1", 1), printed("1", 0), printed("1", 1), printed("1", 2), printed("1", 3), printed("2", 0)];
        assert_eq!(found, ["一、", "（一）", "（二）", "二、", "（一）", "2.1.1", "Some(Bullet)", "五、"]);
        assert_eq!(numbering.mark("9", 0), None);
    }
}
