//! Pages of a portal made by this program: what the page adds around a report is taken off again, and what it says of it is read.
//!
//! Such a page is known by the line of its digest, also after somebody saved it as a Word file; its parts by the words of the theme.

use super::lines::{Block, Line, Removed, compact};
use crate::diag::Words;
use crate::model::Period;
use crate::text::dates;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What a page of ours says of its report.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Own {
    pub(super) published: Option<(Date, usize)>,
    pub(super) signed: Option<(Date, usize)>,
    pub(super) period: Option<(Period, usize)>,
    pub(super) issuer: Option<(String, usize)>,
    pub(super) number: Option<(String, usize)>,
    /// Name of an indicator, its unit, its value as printed, the line.
    pub(super) stated: Vec<(String, String, String, usize)>,
}

static WORDS: LazyLock<toml::Table> = LazyLock::new(|| {
    let words: toml::Table = toml::from_str(include_str!("../../themes/default/i18n/zh-CN.toml")).expect("the theme's words are held by a test");
    words
});

fn word(section: &str, key: &str) -> &'static str {
    WORDS.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_str).unwrap_or("\u{0}")
}

/// Takes a page's own words off its report, if it is a page of ours.
pub(super) fn strip(lines: &mut Vec<Line>, removed: &mut Vec<Removed>) -> Option<Own> {
    let starts = |line: &Line, word: &str| line.words().is_some_and(|words| compact(words).starts_with(&compact(word)));
    let digest = lines.iter().position(|line| starts(line, word("ui", "digest")))?;
    let heading = |line: &Line, word: &str| line.words().is_some_and(|words| compact(words) == compact(word));
    let after = ["stated", "findings", "attachments", "documents", "backlinks", "elsewhere"].map(|key| word("ui", key));
    let ends = |line: &Line| matches!(line.block, Block::Heading(..)) && after.iter().any(|word| heading(line, word)) || heading(line, word("ui", "proof"));
    let tail = lines[..digest].iter().position(ends).unwrap_or(digest);
    // A page saved as a document begins with the title of its window, which names the portal, too.
    let title = lines[..tail].iter().rposition(|line| matches!(line.block, Block::Heading(1, _))).unwrap_or(0);
    let headings: Vec<String> =
        lines[..tail].iter().filter(|line| matches!(line.block, Block::Heading(..))).filter_map(|line| line.words().map(compact)).collect();
    let named = |line: &Line| {
        let words = compact(&line.all_words());
        headings.iter().any(|heading| *heading == words || words.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.') == heading)
    };
    let contents = lines[..tail].iter().position(|line| starts(line, &format!("{}（", word("ui", "contents"))) || heading(line, word("ui", "contents")));
    let head = match contents {
        Some(place) => {
            place + 1 + lines[place + 1..tail].iter().take_while(|line| !matches!(line.block, Block::Heading(..) | Block::Table(_)) && named(line)).count()
        }
        // Without a list of contents the last thing before the text is the link to the comparison with the year before.
        None => lines[..tail]
            .iter()
            .rposition(|line| line.words().is_some_and(|words| words.ends_with("对照") && words.contains("年与")))
            .map_or(title + 1, |place| place + 1),
    };
    let mut own = Own::default();
    read_facts(&lines[title..head.max(title)], &mut own);
    read_facts(&lines[tail..], &mut own);
    read_stated(&lines[tail..], &mut own);
    let why = || Words::new("门户页面在年报前后加的文字", "words the portal's page adds around the report");
    let added = around_tables(lines);
    for (place, line) in std::mem::take(lines).into_iter().enumerate() {
        if place != title && (place < head || place >= tail || added.contains(&place)) {
            removed.push(Removed { line: line.number, text: line.all_words(), why: why() });
        } else {
            lines.push(line);
        }
    }
    Some(own)
}

/// What the page puts around tables: captions, where to get the numbers, how many rows are folded; and the narrow drawing of a table that
/// follows as it was printed.
fn around_tables(lines: &[Line]) -> BTreeSet<usize> {
    let folded = word("sentence", "show_zero_rows").split("{n}").next().unwrap_or_default();
    let printed = format!("·{}", word("word", "as_printed"));
    let is_table = |place: usize| matches!(lines.get(place).map(|line| &line.block), Some(Block::Table(_)));
    let words = |place: usize| lines[place].words().map(compact).unwrap_or_default();
    // 主动公开政府信息情况（2024）
    let of_year =
        |text: &str| text.strip_suffix('）').and_then(|text| text.rsplit_once('（')).is_some_and(|(_, year)| year.len() == 4 && year.parse::<u16>().is_ok());
    let is_caption = |place: usize| is_table(place + 1) && (of_year(&words(place)) || words(place).ends_with(&printed));
    let mut added = BTreeSet::new();
    for place in 0..lines.len() {
        let text = words(place);
        if text.starts_with(word("sentence", "table_source")) || text.starts_with(folded) && text.ends_with('行') {
            added.insert(place);
        } else if is_caption(place) {
            added.insert(place);
            let drawn = (0..place).rev().find(|before| is_table(*before)).filter(|before| text.ends_with(&printed) && place - before <= 2);
            added.extend(drawn);
        }
    }
    added
}

/// 发布日期 in one line, the day in the next.
fn read_facts(lines: &[Line], own: &mut Own) {
    for pair in lines.windows(2) {
        let (Some(label), Some(value)) = (pair[0].words(), pair[1].words()) else { continue };
        let line = pair[1].number;
        let day = || dates::find(value).into_iter().next().map(|day| (day.date, line));
        let label = compact(label);
        if label == word("ui", "published") {
            own.published = own.published.or_else(day);
        } else if label == word("ui", "signed") {
            own.signed = own.signed.or_else(day);
        } else if label == word("ui", "issuer") {
            own.issuer = Some((value.to_string(), line));
        } else if label == word("ui", "number") {
            own.number = Some((value.to_string(), line));
        } else if label == word("ui", "period")
            && let [from, to] = &dates::find(value)[..]
        {
            own.period = Some((Period { from: from.date, to: to.date }, line));
        }
    }
}

/// The table of figures that stand in no other table of the report.
fn read_stated(lines: &[Line], own: &mut Own) {
    let Some(place) = lines.iter().position(|line| line.words().is_some_and(|words| compact(words) == compact(word("ui", "stated")))) else { return };
    let Some(Line { number, block: Block::Table(rows) }) = lines.get(place + 1) else { return };
    for row in rows.iter().skip(1) {
        let [label, value, ..] = &row[..] else { continue };
        let (name, unit) = label.rsplit_once('（').map_or((label.as_str(), ""), |(name, unit)| (name.trim(), unit.trim_end_matches('）')));
        own.stated.push((name.to_string(), unit.to_string(), value.trim().to_string(), *number));
    }
}
