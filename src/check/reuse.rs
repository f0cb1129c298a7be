//! Text taken from an earlier report or from another body's.
//!
//! A report's running text, statutory phrases set aside, is cut into pieces of eight characters. The share of two reports is the
//! pieces they have in common over the pieces of the shorter one (noted from 0.15, a warning from 0.25, and from 0.90 with identical
//! figures what inspections call copied). Between bodies, candidates come from sketches: of each report the smallest hash in each
//! of 64 classes of pieces. Two reports that share enough meet in some class; what meets is compared piece by piece before it is said.

use super::Read;
use crate::diag::{Diagnostic, Words};
use crate::model::{Amount, BodyTree, FigureKey, Paragraph, Report, ReportId, TextBlock, TimeSpan};
use crate::text::is_han;
use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// Characters of a piece.
const PIECE: usize = 8;
/// Classes of a sketch.
const CLASSES: usize = 64;
/// Share from which text is said to be shared; below a warning it is only noted.
const NOTED: f64 = 0.15;
/// Share from which it is a warning.
const WARNED: f64 = 0.25;
/// Share from which, with identical figures, only the year has been changed.
const COPIED: f64 = 0.90;
/// Fewer pieces than this prove nothing.
const FEWEST: usize = 240;
/// A class's value that so many reports share is a phrase everybody uses.
const COMMON: usize = 40;
/// Classes in which two reports have to meet before their texts are compared.
const MEETINGS: usize = 4;

/// Pieces of one report's own words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pieces {
    /// Their hashes, sorted, each once.
    all: Vec<u64>,
    /// Hashes in order, by the place of the paragraph.
    texts: Vec<(usize, Vec<u64>)>,
}

/// The smallest hash of each class; `u32::MAX` where the report has none.
#[derive(Clone, PartialEq, Eq, Debug, serde::Deserialize, serde::Serialize)]
#[serde(try_from = "Vec<u32>", into = "Vec<u32>")]
pub struct Sketch(Box<[u32; CLASSES]>);

impl TryFrom<Vec<u32>> for Sketch {
    type Error = &'static str;

    fn try_from(classes: Vec<u32>) -> Result<Sketch, &'static str> {
        classes.into_boxed_slice().try_into().map(Sketch).map_err(|_| "a sketch of another length")
    }
}

impl From<Sketch> for Vec<u32> {
    fn from(sketch: Sketch) -> Vec<u32> {
        sketch.0.to_vec()
    }
}

/// What two texts share.
#[derive(Clone, PartialEq, Debug)]
pub struct Shared {
    /// Common pieces over those of the shorter text, 0 to 1.
    pub share: f64,
    /// Characters of the longest run they have in common.
    pub longest: usize,
    /// Places, in the first text's paragraphs, of those that stand mostly in the other.
    pub paragraphs: Vec<usize>,
    /// The paragraph with most in common.
    pub main: Option<usize>,
}

/// Sentences that the law or the form prescribes, and phrases every report opens with.
const STATUTORY: [&str; 26] = [
    "没有因政府信息公开引起的行政复议和行政诉讼",
    "没有发生因政府信息公开引起的行政复议行政诉讼",
    "政府信息公开工作情况报告如下",
    "所列数据的统计期限为",
    "中华人民共和国政府信息公开条例",
    "政府信息公开工作年度报告",
    "政府信息公开年度报告",
    "本报告由总体情况主动公开政府信息情况收到和处理政府信息公开申请情况",
    "行政复议和行政诉讼情况存在的主要问题及改进情况其他需要报告的事项组成",
    "因政府信息公开工作被申请行政复议提起行政诉讼情况",
    "政府信息公开行政复议行政诉讼情况",
    "收到和处理政府信息公开申请情况",
    "存在的主要问题及改进情况",
    "主动公开政府信息情况",
    "其他需要报告的事项",
    "现将本年度政府信息公开工作情况报告如下",
    "所列数据的统计期限",
    "月1日起至12月31日止",
    "发出收费通知的件数和总金额以及实际收取的总金额",
    "按照国务院办公厅政府信息公开信息处理费管理办法",
    "没有其他需要报告的事项",
    "无其他需要报告的事项",
    "本年度未收取信息处理费",
    "重点领域信息公开",
    "依申请公开政府信息",
    "政府信息公开工作",
];

/// The words of a report as they are compared: letters, Han characters and digits of its running text, without the names of laws,
/// document numbers and days, which reports of one year share by right.
fn own_words(text: &str) -> String {
    const DAYS: &str = r"《[^》]*》|\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日";
    static NAMES: LazyLock<[Regex; 2]> = LazyLock::new(|| {
        let numbers = r"[（(][^（()）]{0,24}号[）)]|\p{Han}{2,8}[〔\[［(（]\d{4}[〕\]］)）]\d+号";
        [DAYS, &format!("{numbers}|{DAYS}")].map(|pattern| Regex::new(pattern).expect("a pattern of ours"))
    });
    static PHRASES: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(STATUTORY).expect("phrases of ours"));
    let mut words = String::with_capacity(text.len());
    let mut at = 0;
    let mut keep = |part: &str, end: &str| {
        // Han characters, rare ones included, and plain digits are their own normal form.
        if part.chars().all(|c| is_han(c) || c.is_ascii_digit() || matches!(c, '，' | '。' | '、' | '；' | '：' | '“' | '”')) {
            words.extend(part.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c) || c.is_alphanumeric()));
        } else {
            crate::text::push_letters(part, &mut words);
        }
        words.push_str(end);
    };
    // Many paragraphs have none; document numbers may begin with any character, and are slow to look for.
    let names = text.contains(['《', '月', '年', '号']).then(|| NAMES[usize::from(text.contains('号'))].find_iter(text));
    for name in names.into_iter().flatten() {
        keep(&text[at..name.start()], "\n");
        at = name.end();
    }
    keep(&text[at..], "");
    if PHRASES.is_match(&words) { PHRASES.replace_all(&words, &[BREAK; STATUTORY.len()]) } else { words }
}

/// What stands in place of a statutory phrase: no piece reaches over it.
const BREAK: &str = "\n";

/// Hashes of pieces are hashes already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

fn pieces_of(text: &str) -> Vec<u64> {
    let mut pieces = Vec::with_capacity(text.len() / 3);
    for part in own_words(text).split('\n') {
        let chars: Vec<u64> = part.chars().map(u64::from).collect();
        pieces.extend(chars.windows(PIECE).map(|window| {
            let hash = window.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, c| (hash ^ c).wrapping_mul(0x0100_0000_01b3));
            hash ^ (hash >> 29)
        }));
    }
    pieces
}

fn is_text(paragraph: &Paragraph) -> bool {
    paragraph.block == TextBlock::Paragraph
}

impl Pieces {
    /// Pieces of a report's running text; tables and headings are not its own words.
    pub fn of(paragraphs: &[Paragraph]) -> Pieces {
        let texts: Vec<(usize, Vec<u64>)> =
            paragraphs.iter().enumerate().filter(|(_, paragraph)| is_text(paragraph)).map(|(place, paragraph)| (place, pieces_of(&paragraph.text))).collect();
        let mut all: Vec<u64> = texts.iter().flat_map(|(_, hashes)| hashes).copied().collect();
        all.sort_unstable();
        all.dedup();
        Pieces { all, texts }
    }

    /// Common pieces over those of the shorter text; nothing where one is too short to prove anything.
    pub fn share(&self, other: &Pieces) -> Option<f64> {
        let shorter = self.all.len().min(other.all.len());
        if shorter < FEWEST {
            return None;
        }
        let (mut a, mut b, mut common) = (0, 0, 0usize);
        while a < self.all.len() && b < other.all.len() {
            match self.all[a].cmp(&other.all[b]) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => {
                    common += 1;
                    a += 1;
                    b += 1;
                }
            }
        }
        Some(common as f64 / shorter as f64)
    }

    /// The sketch by which reports of different bodies meet.
    pub fn sketch(&self) -> Option<Sketch> {
        if self.all.len() < FEWEST {
            return None;
        }
        let mut classes = Box::new([u32::MAX; CLASSES]);
        for hash in &self.all {
            let mixed = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let class = (mixed >> 58) as usize;
            classes[class] = classes[class].min((mixed >> 20) as u32);
        }
        Some(Sketch(classes))
    }
}

/// Compares two texts in full.
pub fn shared(newer: &[Paragraph], older: &[Paragraph]) -> Option<Shared> {
    compared(&Pieces::of(newer), &Pieces::of(older))
}

fn compared(new: &Pieces, old: &Pieces) -> Option<Shared> {
    let share = new.share(old)?;
    let known: HashSet<u64, BuildHasherDefault<Same>> = old.all.iter().copied().collect();
    let mut longest = 0;
    let mut paragraphs = Vec::new();
    let mut main: Option<(usize, usize)> = None;
    for (place, hashes) in &new.texts {
        let (mut run, mut common) = (0usize, 0usize);
        for hash in hashes {
            if known.contains(hash) {
                common += 1;
                run += 1;
                longest = longest.max(run + PIECE - 1);
            } else {
                run = 0;
            }
        }
        if common > main.map_or(0, |(most, _)| most) {
            main = Some((common, *place));
        }
        if hashes.len() >= PIECE && common * 10 >= hashes.len() * 7 {
            paragraphs.push(*place);
        }
    }
    Some(Shared { share, longest, paragraphs, main: main.map(|(_, place)| place) })
}

/// A report beside the same body's of the year before.
pub(super) fn last_year(report: &Report, paragraphs: &[Paragraph], pieces: &Pieces, last: &Read, found: &mut Vec<Diagnostic>) {
    let same_figures = identical(report, &last.report);
    let told = pieces.share(&last.pieces).filter(|share| *share >= WARNED).and_then(|_| compared(pieces, &last.pieces));
    if let Some(shared) = told {
        let percent = (shared.share * 100.0).round() as u32;
        let copied = shared.share >= COPIED && same_figures.is_some();
        let (code, words) = if copied {
            let zh = format!("文字 {percent}% 与上年年报相同，数字也完全相同：像是只改了年份");
            ("reuse/copied", Words::new(zh, format!("{percent}% of the text and every figure are last year's: only the year seems to have been changed")))
        } else {
            let (longest, count) = (shared.longest, shared.paragraphs.len());
            let zh = format!("文字 {percent}% 与上年年报相同，最长连续 {longest} 字，共 {count} 段");
            ("reuse/last-year", Words::new(zh, format!("{percent}% of the text is last year's, up to {longest} characters in a row, in {count} paragraphs")))
        };
        let span = shared.main.map(|place| paragraphs[place].span);
        found.push(
            Diagnostic::new(code, &report.file, span, words)
                .about("text", percent.to_string())
                .related(&last.report.file, "上年年报", "last year's report")
                .help(
                    "法定套话已经不计。请写本年度的实际情况，不要在旧稿上改年份。",
                    "statutory phrases are not counted. Write what happened this year instead of changing the year of an old text.",
                ),
        );
    }
    if let Some(count) = same_figures {
        let words = Words::new(format!("{count} 个不为零的数与上年完全相同"), format!("all {count} figures that are not zero are last year's"));
        found.push(
            Diagnostic::new("reuse/figures-identical", &report.file, None, words)
                .about("figures", count.to_string())
                .related(&last.report.file, "上年年报", "last year's report")
                .help("请逐项核对是不是照抄了上年的数。", "check each one against the register: they look copied."),
        );
    }
}

/// How many figures other than zero two reports state, if all they both state are equal and they are enough to prove something.
fn identical(report: &Report, last: &Report) -> Option<usize> {
    // Both are in the order of the registry, each figure once.
    if report.form != last.form || !stated(report).eq(stated(last)) {
        return None;
    }
    let telling: Vec<Amount> = stated(report).map(|(_, _, amount)| amount).filter(|amount| !amount.is_zero()).collect();
    let distinct: HashSet<String> = telling.iter().map(ToString::to_string).collect();
    (telling.len() >= 6 && distinct.len() >= 4).then_some(telling.len())
}

fn stated(report: &Report) -> impl Iterator<Item = (FigureKey, TimeSpan, Amount)> {
    report.figures.iter().filter_map(|figure| Some((figure.key, figure.time, figure.reading.amount()?)))
}

/// Sketches of all reports. Memory: 256 bytes a report.
#[derive(Clone, PartialEq, Debug, Default, serde::Deserialize, serde::Serialize)]
pub struct ReuseIndex(Vec<(ReportId, Sketch)>);

impl ReuseIndex {
    /// Takes a report's sketch in.
    pub fn add(&mut self, id: ReportId, sketch: Sketch) {
        self.0.push((id, sketch));
    }

    /// Two indexes as one, in whatever order.
    pub fn merge(mut self, mut other: ReuseIndex) -> ReuseIndex {
        self.0.append(&mut other.0);
        self
    }

    /// For each report the other body's report it most likely shares text with, the earlier or the first of two as source.
    ///
    /// A guess: whoever asks compares the two texts before saying anything.
    pub fn candidates(&mut self) -> Vec<(ReportId, ReportId)> {
        self.0.sort_unstable_by_key(|(id, _)| *id);
        let classes: Vec<Class> = (0..CLASSES).map(|place| Class::of(&self.0, place)).collect();
        let mut met: Vec<u32> = Vec::new();
        let mut found = Vec::new();
        for (at, (taker, _)) in self.0.iter().enumerate() {
            met.clear();
            for class in &classes {
                met.extend(class.with(at).iter().filter(|other| {
                    let source = self.0[**other as usize].0;
                    // The later year takes from the earlier; of one year, the later body from the earlier.
                    source.body != taker.body && (taker.year, taker.body) > (source.year, source.body)
                }));
            }
            met.sort_unstable();
            let meetings = met.chunk_by(|a, b| a == b).filter(|run| run.len() >= MEETINGS);
            // Of several as likely, the first.
            if let Some(best) = meetings.reduce(|best, run| if run.len() > best.len() { run } else { best }) {
                found.push((*taker, self.0[best[0] as usize].0));
            }
        }
        found
    }
}

/// The reports by their smallest hash of one class: those with the same one stand together. Memory: 9 bytes a report.
struct Class {
    order: Vec<u32>,
    /// Where in `order` the group of each report begins.
    starts: Vec<u32>,
    /// How many are in it; none where they are too many to tell anything.
    counts: Vec<u8>,
}

impl Class {
    fn of(reports: &[(ReportId, Sketch)], place: usize) -> Class {
        let hash = |at: u32| reports[at as usize].1.0[place];
        let mut order: Vec<u32> = (0..reports.len() as u32).filter(|at| hash(*at) != u32::MAX).collect();
        order.sort_unstable_by_key(|at| (hash(*at), *at));
        let (mut starts, mut counts) = (vec![0; reports.len()], vec![0; reports.len()]);
        let mut start = 0;
        for group in order.chunk_by(|a, b| hash(*a) == hash(*b)) {
            let count = if (2..=COMMON).contains(&group.len()) { group.len() as u8 } else { 0 };
            for at in group {
                (starts[*at as usize], counts[*at as usize]) = (start, count);
            }
            start += group.len() as u32;
        }
        Class { order, starts, counts }
    }

    /// The reports of the group of one, itself included.
    fn with(&self, at: usize) -> &[u32] {
        let start = self.starts[at] as usize;
        &self.order[start..start + usize::from(self.counts[at])]
    }
}

/// What is said of two reports of different bodies, once their texts have been compared.
pub fn other_body(tree: &BodyTree, newer: (&Report, &[Paragraph]), older: (&Report, &[Paragraph])) -> Option<Diagnostic> {
    let shared = shared(newer.1, older.1).filter(|shared| shared.share >= NOTED)?;
    let percent = (shared.share * 100.0).round() as u32;
    let name = &tree.body(older.0.id.body).title;
    let year = older.0.id.year;
    let words = Words::new(
        format!("文字 {percent}% 与{name}{year}年度年报相同，最长连续 {} 字，共 {} 段", shared.longest, shared.paragraphs.len()),
        format!("{percent}% of the text is that of {name} for {year}, up to {} characters in a row, in {} paragraphs", shared.longest, shared.paragraphs.len()),
    );
    let span = shared.main.map(|place| newer.1[place].span);
    Some(
        Diagnostic::new(if shared.share >= WARNED { "reuse/other-body" } else { "reuse/some-shared" }, &newer.0.file, span, words)
            .about(&older.0.file, percent.to_string())
            .related(&older.0.file, format!("{name}{year}年度年报"), format!("the report of {name} for {year}"))
            .help(
                "法定套话已经不计。同用一个模板的，请各写各的实际情况；先写的一方没有问题的，在后写的一方用 [[accept]] 说明。",
                "statutory phrases are not counted. Whoever shares a template writes their own facts; if this is as it should be, say so under [[accept]].",
            ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Span;
    use crate::model::{BodyId, Year};

    fn text(parts: &[&str]) -> Vec<Paragraph> {
        parts.iter().map(|part| Paragraph { block: TextBlock::Paragraph, heading: None, text: part.to_string(), span: Span::new(0, 0) }).collect()
    }

    /// Words that no two seeds share.
    fn essay(seed: u32, length: u32) -> String {
        (0..length).map(|place| char::from_u32(0x4E00 + (seed.wrapping_mul(7919) + place * place * 31 + place * 17) % 20_000).unwrap()).collect()
    }

    #[test]
    fn the_share_is_of_the_shorter_text() {
        let (a, b) = (essay(1, 400), essay(2, 400));
        let mixed = format!("{}{}", &a[..a.len() / 2], b);
        let half = shared(&text(&[&mixed]), &text(&[&a])).unwrap();
        assert!((0.45..0.52).contains(&half.share), "{half:?}");
        assert_eq!(shared(&text(&[&a]), &text(&[&b])).unwrap().share, 0.0);
        assert_eq!(shared(&text(&["短"]), &text(&["短"])), None);
    }

    #[test]
    fn statutory_phrases_do_not_count() {
        let phrases = STATUTORY.concat();
        let (a, b) = (format!("{}{phrases}", essay(1, 400)), format!("{phrases}{}", essay(2, 400)));
        assert_eq!(shared(&text(&[&a]), &text(&[&b])).unwrap().share, 0.0);
    }

    #[test]
    fn shared_paragraphs_are_named() {
        let (own, copied) = (essay(3, 300), essay(4, 300));
        let shared = shared(&text(&[&own, &copied]), &text(&[&essay(5, 400), &copied])).unwrap();
        assert_eq!(shared.paragraphs, [1]);
        assert!(shared.longest >= 190);
    }

    #[test]
    fn reports_that_share_a_third_meet_and_others_do_not() {
        let id = |body: u32, year| ReportId { body: BodyId(body), year: Year::new(year).unwrap() };
        let mut index = ReuseIndex::default();
        let mut missed = 0;
        for body in 0..200 {
            let own = essay(body + 10, 900);
            // Every tenth takes its last third from the body before it.
            let words = if body % 10 == 1 { format!("{}{}", essay(body + 5_000, 600), &essay(body + 9, 900)[..900]) } else { own };
            index.add(id(body, 2023), Pieces::of(&text(&[&words])).sketch().unwrap());
        }
        let candidates = index.candidates();
        for body in (1..200).step_by(10) {
            missed += usize::from(!candidates.contains(&(id(body, 2023), id(body - 1, 2023))));
        }
        assert_eq!(missed, 0);
        assert!(candidates.len() < 40, "{candidates:?}");
    }

    #[test]
    fn merging_does_not_mind_the_order() {
        let id = |body: u32| ReportId { body: BodyId(body), year: Year::new(2023).unwrap() };
        let one = |body: u32| {
            let mut index = ReuseIndex::default();
            index.add(id(body), Pieces::of(&text(&[&essay(body, 300)])).sketch().unwrap());
            index
        };
        let sorted = |mut index: ReuseIndex| {
            index.candidates();
            index
        };
        assert_eq!(sorted(one(1).merge(one(2)).merge(one(3))), sorted(one(3).merge(one(1).merge(one(2)))));
    }
}
