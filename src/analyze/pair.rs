//! Two reports of one body, text against text: section by section, sentence by sentence, down to the phrase.
//!
//! The older text is first carried into the newer year: its own year and the year it was published in are replaced, so
//! that "2023年" becoming "2024年" everywhere is said once and never counted as a change. Sections are aligned by the form's
//! ids, then by their headings; sentences by a longest common subsequence; changed sentences by characters.

use crate::model::{Paragraph, Report, TextBlock};
use crate::text::{labels, sentences};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;

/// A piece of a changed sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the newer.
    Added(String),
    /// Only in the older.
    Removed(String),
}

/// A run of sentences.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// In both, as they stand in the newer report.
    Same(Vec<String>),
    /// A sentence that was rewritten.
    Changed(Vec<Piece>),
    /// Only in the newer.
    Added(String),
    /// Only in the older.
    Removed(String),
    /// In both, elsewhere.
    Moved {
        /// The sentence.
        text: String,
        /// Heading it came from.
        from: String,
    },
}

/// One section in the newer report's order; sections only the older has come where they stood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SectionPair {
    /// Anchor of the section.
    pub anchor: String,
    /// Level of its heading; 2 for the text before the first.
    pub level: u8,
    /// Heading as printed in the newer, else in the older report; empty for the text before the first heading.
    pub title: String,
    /// Whether only the newer report has it.
    pub only_newer: bool,
    /// Whether only the older report has it.
    pub only_older: bool,
    /// Its text.
    pub blocks: Vec<Block>,
}

/// The comparison of two texts. Lengths are characters without white space.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TextPair {
    /// Sections in order.
    pub sections: Vec<SectionPair>,
    /// Characters of the newer text that the older has, too.
    pub reused: usize,
    /// Characters of the newer text.
    pub total: usize,
    /// How often a year was replaced in the older text.
    pub years_replaced: usize,
}

struct Section<'t> {
    anchor: &'t str,
    level: u8,
    title: &'t str,
    sentences: Vec<&'t str>,
}

/// Compares the texts of two reports. Table cells are left to the figures.
pub fn compare(older: (&Report, &[Paragraph]), newer: (&Report, &[Paragraph])) -> TextPair {
    let mut pair = TextPair::default();
    let years = [(older.0.id.year, newer.0.id.year), (older.0.id.year.next(), newer.0.id.year.next())];
    let years = years.map(|(from, to)| (from.to_string(), to.to_string()));
    let texts: Vec<String> = running(older.1).map(|text| carried(text, &years, &mut pair.years_replaced)).collect();
    let mut old = sections(older, texts.iter().map(String::as_str));
    let new = sections(newer, running(newer.1));
    let partners = align(&old, &new);
    let mut taken = vec![false; old.len()];
    for place in partners.iter().flatten() {
        taken[*place] = true;
    }
    let mut next_old = 0;
    for (section, partner) in new.into_iter().zip(partners) {
        if let Some(partner) = partner {
            // Sections that only the older report has keep their place among the others.
            while next_old < partner {
                if !taken[next_old] {
                    pair.sections.push(only_older(&mut old[next_old]));
                }
                next_old += 1;
            }
            next_old = next_old.max(partner + 1);
        }
        let before = partner.map(|place| std::mem::take(&mut old[place].sentences)).unwrap_or_default();
        pair.sections.push(SectionPair {
            anchor: section.anchor.to_string(),
            level: section.level,
            title: section.title.to_string(),
            only_newer: partner.is_none(),
            only_older: false,
            blocks: blocks(&before, &section.sentences),
        });
    }
    for place in next_old..old.len() {
        if !taken[place] {
            pair.sections.push(only_older(&mut old[place]));
        }
    }
    find_moves(&mut pair.sections);
    pair.sections = with_parents(std::mem::take(&mut pair.sections));
    count(&mut pair);
    pair
}

/// Sections with text, and headings that have such sections below them.
fn with_parents(sections: Vec<SectionPair>) -> Vec<SectionPair> {
    let mut kept: Vec<SectionPair> = Vec::with_capacity(sections.len());
    for section in sections.into_iter().rev() {
        if !section.blocks.is_empty() || !section.title.is_empty() && kept.last().is_some_and(|below| below.level > section.level) {
            kept.push(section);
        }
    }
    kept.reverse();
    kept
}

fn only_older(section: &mut Section<'_>) -> SectionPair {
    let blocks = section.sentences.iter().map(|sentence| Block::Removed(sentence.to_string())).collect();
    SectionPair {
        anchor: format!("old-{}", section.anchor),
        level: section.level,
        title: section.title.to_string(),
        only_newer: false,
        only_older: true,
        blocks,
    }
}

/// The older year becomes the newer one. The second pair of years is the one of publication; where it is the first pair's
/// newer year, replacing in one sweep keeps the two apart.
fn carried(text: &str, years: &[(String, String)], count: &mut usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.bytes().position(|byte| byte.is_ascii_digit()) {
        let length = rest[start..].bytes().take_while(u8::is_ascii_digit).count();
        let (before, after) = rest.split_at(start);
        let (number, after) = after.split_at(length);
        let carried = years.iter().find(|(from, _)| from == number);
        *count += usize::from(carried.is_some());
        out.push_str(before);
        out.push_str(carried.map_or(number, |(_, to)| to));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The texts of paragraphs in order, headings and cells aside.
fn running(paragraphs: &[Paragraph]) -> impl Iterator<Item = &str> {
    paragraphs.iter().filter(|paragraph| paragraph.block == TextBlock::Paragraph).map(|paragraph| paragraph.text.as_str())
}

/// Sections with the sentences of `texts`, which are those of the report's paragraphs.
fn sections<'t>((report, paragraphs): (&'t Report, &'t [Paragraph]), mut texts: impl Iterator<Item = &'t str>) -> Vec<Section<'t>> {
    let mut sections = vec![Section { anchor: "lead", level: 2, title: "", sentences: Vec::new() }];
    for paragraph in paragraphs {
        match paragraph.block {
            TextBlock::Heading => {
                let heading = paragraph.heading.and_then(|place| report.headings.get(place as usize));
                let anchor = heading.map_or("", |heading| heading.anchor.as_str());
                let level = heading.map_or(2, |heading| heading.level);
                sections.push(Section { anchor, level, title: &paragraph.text, sentences: Vec::new() });
            }
            TextBlock::Paragraph => {
                let text = texts.next().expect("a paragraph has its text");
                let last = sections.last_mut().expect("the lead comes first");
                last.sentences.extend(sentences(text).into_iter().map(str::trim));
            }
            TextBlock::Cell => {}
        }
    }
    sections
}

/// For each newer section the older one it answers: same statutory id, else same heading without numbering, each once.
fn align(old: &[Section<'_>], new: &[Section<'_>]) -> Vec<Option<usize>> {
    let mut taken = vec![false; old.len()];
    let mut partners = vec![None; new.len()];
    let printed = |anchor: &str| anchor.starts_with("s-");
    for (place, section) in new.iter().enumerate().filter(|(_, section)| !printed(section.anchor)) {
        if let Some(found) = (0..old.len()).find(|&at| !taken[at] && old[at].anchor == section.anchor) {
            partners[place] = Some(found);
            taken[found] = true;
        }
    }
    let keys: Vec<String> = old.iter().zip(&taken).map(|(section, taken)| if *taken { String::new() } else { labels::label_key(section.title) }).collect();
    for (place, section) in new.iter().enumerate() {
        if partners[place].is_some() {
            continue;
        }
        let key = labels::label_key(section.title);
        if !key.is_empty() {
            // The nearest of equal headings after the partner of the section before.
            let after = partners[..place].iter().rev().flatten().next().map_or(0, |at| at + 1);
            let same = |at: &usize| !taken[*at] && keys[*at] == key;
            if let Some(found) = (after..old.len()).find(same).or_else(|| (0..after.min(old.len())).find(same)) {
                partners[place] = Some(found);
                taken[found] = true;
            }
        }
    }
    partners
}

fn blocks(old: &[&str], new: &[&str]) -> Vec<Block> {
    let owned = |sentences: &[&str]| sentences.iter().map(|sentence| sentence.to_string()).collect::<Vec<_>>();
    let mut blocks = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        match op {
            DiffOp::Equal { new_index, len, .. } => blocks.push(Block::Same(owned(&new[new_index..new_index + len]))),
            DiffOp::Delete { old_index, old_len, .. } => blocks.extend(owned(&old[old_index..old_index + old_len]).into_iter().map(Block::Removed)),
            DiffOp::Insert { new_index, new_len, .. } => blocks.extend(owned(&new[new_index..new_index + new_len]).into_iter().map(Block::Added)),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                replaced(&old[old_index..old_index + old_len], &new[new_index..new_index + new_len], &mut blocks)
            }
        }
    }
    blocks
}

/// Below this share of common characters a sentence is another sentence, not a rewritten one.
const REWRITTEN: f64 = 0.5;
/// Above this many comparisons, sentences are paired in order only.
const MOST_COMPARISONS: usize = 2_500;

/// Pairs removed and added sentences that are alike, in order; the others stand alone.
fn replaced(old: &[&str], new: &[&str], blocks: &mut Vec<Block>) {
    let removed = |sentence: &&str| Block::Removed(sentence.to_string());
    let known: Vec<Vec<u64>> = old.iter().map(|sentence| pairs(sentence)).collect();
    let far = old.len() * new.len() > MOST_COMPARISONS;
    let mut from = 0;
    for sentence in new {
        let own = pairs(sentence);
        let reach = if far { (from + 1).min(old.len()) } else { old.len() };
        let best = (from..reach)
            .map(|at| (at, likeness(&known[at], &own)))
            .fold(None, |best: Option<(usize, f64)>, next| if next.1 >= REWRITTEN && best.is_none_or(|b| next.1 > b.1) { Some(next) } else { best });
        match best {
            Some((at, _)) => {
                blocks.extend(old[from..at].iter().map(removed));
                blocks.push(Block::Changed(pieces(old[at], sentence)));
                from = at + 1;
            }
            None => blocks.push(Block::Added(sentence.to_string())),
        }
    }
    blocks.extend(old[from..].iter().map(removed));
}

/// Each character of a sentence with the next one, as one number, sorted.
fn pairs(sentence: &str) -> Vec<u64> {
    let mut pairs: Vec<u64> = sentence.chars().zip(sentence.chars().skip(1)).map(|(a, b)| u64::from(a) << 32 | u64::from(b)).collect();
    pairs.sort_unstable();
    pairs
}

/// Share of the longer sentence's character pairs that the other has, too.
fn likeness(a: &[u64], b: &[u64]) -> f64 {
    let longest = a.len().max(b.len());
    if longest == 0 || a.len().min(b.len()) * 2 < longest {
        return 0.0;
    }
    let (mut common, mut i, mut j) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Equal => (common, i, j) = (common + 1, i + 1, j + 1),
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    common as f64 / longest as f64
}

/// Numbers and Latin words are one token each, Han characters and signs one each.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '%';
        let end = chars.peek().map_or(text.len(), |(next, _)| *next);
        let goes_on = word(c) && chars.peek().is_some_and(|(_, next)| word(*next));
        if !goes_on {
            tokens.push(&text[start..end]);
            start = end;
        }
        debug_assert!(at < end);
    }
    tokens
}

/// Phrases, not confetti: an unchanged island of one character between two changes belongs to the change.
fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (a, b) = (tokens(old), tokens(new));
    let mut pieces: Vec<(String, String, bool)> = Vec::new();
    let ops = capture_diff_slices(Algorithm::Myers, &a, &b);
    for (place, op) in ops.iter().enumerate() {
        let (tag, before, after) = op.as_tag_tuple();
        let (before, after) = (a[before].concat(), b[after].concat());
        let inside = place > 0 && place + 1 < ops.len();
        let same = tag == similar::DiffTag::Equal && !(inside && before.chars().count() < 2);
        match pieces.last_mut() {
            Some(last) if last.2 == same => {
                last.0.push_str(&before);
                last.1.push_str(&after);
            }
            _ => pieces.push((before, after, same)),
        }
    }
    let mut out = Vec::new();
    for (before, after, same) in pieces {
        if same {
            out.push(Piece::Same(after));
        } else {
            out.extend((!before.is_empty()).then_some(Piece::Removed(before)));
            out.extend((!after.is_empty()).then_some(Piece::Added(after)));
        }
    }
    out
}

/// Shortest sentence that counts as moved, in characters: shorter ones recur by chance.
const SHORTEST_MOVE: usize = 12;

/// A sentence removed in one place and added in another has moved: shown once, where it stands now.
fn find_moves(sections: &mut [SectionPair]) {
    let is_added = |block: &Block| matches!(block, Block::Added(_));
    if !sections.iter().flat_map(|section| &section.blocks).any(is_added) {
        return;
    }
    let mut removed: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, section) in sections.iter().enumerate() {
        for (nth, block) in section.blocks.iter().enumerate() {
            if let Block::Removed(text) = block
                && text.chars().count() >= SHORTEST_MOVE
            {
                removed.entry(text.clone()).or_default().push((at, nth));
            }
        }
    }
    let mut gone: Vec<(usize, usize)> = Vec::new();
    for at in 0..sections.len() {
        for nth in 0..sections[at].blocks.len() {
            let Block::Added(text) = &sections[at].blocks[nth] else { continue };
            if let Some(place) = removed.get_mut(text).and_then(Vec::pop) {
                let moved = Block::Moved { text: text.clone(), from: sections[place.0].title.clone() };
                sections[at].blocks[nth] = moved;
                gone.push(place);
            }
        }
    }
    gone.sort_unstable();
    for (at, nth) in gone.into_iter().rev() {
        sections[at].blocks.remove(nth);
    }
}

fn count(pair: &mut TextPair) {
    let length = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    for block in pair.sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Same(sentences) => {
                let characters: usize = sentences.iter().map(|sentence| length(sentence)).sum();
                pair.reused += characters;
                pair.total += characters;
            }
            Block::Changed(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Same(text) => {
                            pair.reused += length(text);
                            pair.total += length(text);
                        }
                        Piece::Added(text) => pair.total += length(text),
                        Piece::Removed(_) => {}
                    }
                }
            }
            Block::Added(text) => pair.total += length(text),
            Block::Moved { text, .. } => {
                pair.reused += length(text);
                pair.total += length(text);
            }
            Block::Removed(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BodyId, Registry, ReportId, Year};
    use crate::parse::{ReportContext, report};
    use proptest::prelude::*;

    fn read(year: i64, body: &str) -> (Report, Vec<Paragraph>) {
        let registry = Registry::built_in();
        let id = ReportId { body: BodyId(0), year: Year::new(year).unwrap() };
        let text = format!("+++\ntitle = \"{year}年年报\"\n+++\n{body}");
        let reading = report(ReportContext { registry: &registry, id, attachments: &[] }, "a.md", &text);
        (reading.report.unwrap(), reading.paragraphs)
    }

    fn compared(old: &str, new: &str) -> TextPair {
        let (old, new) = (read(2023, old), read(2024, new));
        compare((&old.0, &old.1), (&new.0, &new.1))
    }

    #[test]
    fn a_year_that_moves_on_is_no_change() {
        let pair = compared("## 一、总体情况\n\n2023年共公开。2024年1月发布。", "## 一、总体情况\n\n2024年共公开。2025年1月发布。");
        assert_eq!((pair.reused, pair.total, pair.years_replaced), (19, 19, 2));
        assert!(matches!(&pair.sections[0].blocks[..], [Block::Same(same)] if same.len() == 2));
    }

    #[test]
    fn a_changed_number_is_one_piece() {
        let pair = compared("## 一、总体情况\n\n全年举办培训班2期，参训46人次。", "## 一、总体情况\n\n全年举办培训班3期，参训71人次。");
        let Block::Changed(pieces) = &pair.sections[0].blocks[0] else { panic!("{pair:?}") };
        assert_eq!(
            pieces[..],
            [
                Piece::Same("全年举办培训班".into()),
                Piece::Removed("2".into()),
                Piece::Added("3".into()),
                Piece::Same("期，参训".into()),
                Piece::Removed("46".into()),
                Piece::Added("71".into()),
                Piece::Same("人次。".into()),
            ]
        );
    }

    #[test]
    fn sections_meet_by_their_meaning_and_moves_are_shown_once() {
        let old = "## 一、总体情况\n\n一句旧话留在原处。这一整句话后来搬到了别的地方去了。\n\n## 五、存在的主要问题及改进情况\n\n问题一。";
        let new = "## 一、总体情况\n\n一句旧话留在原处。\n\n## 五、存在的主要问题及改进情况\n\n问题一。这一整句话后来搬到了别的地方去了。\n\n## 六、其他需要报告的事项\n\n无。";
        let pair = compared(old, new);
        let titles: Vec<&str> = pair.sections.iter().map(|section| section.title.as_str()).collect();
        assert_eq!(titles, ["一、总体情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"]);
        assert_eq!(pair.sections[1].blocks[1], Block::Moved { text: "这一整句话后来搬到了别的地方去了。".into(), from: "一、总体情况".into() });
        assert!(pair.sections[2].only_newer);
        assert_eq!(pair.sections[0].blocks.len(), 1);
    }

    /// What the newer text says can be read back from the comparison, and so can the older.
    fn sides(pair: &TextPair) -> (Vec<char>, Vec<char>) {
        let (mut old, mut new) = (String::new(), String::new());
        for block in pair.sections.iter().flat_map(|section| &section.blocks) {
            match block {
                Block::Same(same) => {
                    old.push_str(&same.concat());
                    new.push_str(&same.concat());
                }
                Block::Changed(pieces) => {
                    for piece in pieces {
                        match piece {
                            Piece::Same(text) => {
                                old.push_str(text);
                                new.push_str(text);
                            }
                            Piece::Added(text) => new.push_str(text),
                            Piece::Removed(text) => old.push_str(text),
                        }
                    }
                }
                Block::Added(text) => new.push_str(text),
                Block::Removed(text) => old.push_str(text),
                Block::Moved { text, .. } => {
                    old.push_str(text);
                    new.push_str(text);
                }
            }
        }
        let sorted = |text: String| {
            let mut chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            chars.sort_unstable();
            chars
        };
        (sorted(old), sorted(new))
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_invented(old in prop::collection::vec("[甲乙丙丁12]{1,14}。", 0..8), new in prop::collection::vec("[甲乙丙丁12]{1,14}。", 0..8)) {
            let text = |sentences: &[String]| format!("## 一、总体情况\n\n{}", sentences.concat());
            let pair = compared(&text(&old), &text(&new));
            let sorted = |sentences: &[String]| { let mut chars: Vec<char> = sentences.concat().chars().collect(); chars.sort_unstable(); chars };
            let (a, b) = sides(&pair);
            prop_assert_eq!(a, sorted(&old));
            prop_assert_eq!(b, sorted(&new));
            prop_assert!(pair.reused <= pair.total);
        }
    }
}
