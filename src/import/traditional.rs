//! Texts in traditional characters: said to be so, and turned into simplified ones where the clerk asks for it.
//!
//! Reports of the mainland are published in simplified characters; traditional ones come from mirrors. The original of
//! every line that changes is listed.

use super::lines::{Block, Lines, Note, Removed};
use super::recognize::Recognized;
use crate::diag::Words;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Characters that only traditional texts have, among those that every report uses.
const SIGNS: &str = "開務縣鎮鄉報條機關會區國為與這個們來時對發業產實現學經過還進後門間題應該華號點據關總結處責權審單";
/// How many of them make a text traditional: names and quotations have a few.
const ENOUGH: usize = 12;

static TO_SIMPLIFIED: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// Notes that a text is traditional. It is read in simplified characters either way; unless `convert`, what was read is to be shown as
/// printed, by what is returned.
pub(super) fn look(lines: &mut Lines, convert: bool) -> Option<Printed> {
    let count: usize = lines.lines.iter().map(|line| line.all_words().chars().filter(|c| SIGNS.contains(*c)).count()).sum();
    if count < ENOUGH {
        return None;
    }
    let mut printed = Printed::default();
    if let Some(converter) = TO_SIMPLIFIED.as_ref() {
        printed = simplify(lines, converter);
    }
    let message = if convert {
        let changed = printed.pieces.len();
        for (line, piece) in std::mem::take(&mut printed.pieces) {
            lines.remove(line, &piece.printed, original());
        }
        Words::new(
            format!("原文是繁体，已把 {changed} 行转为简体，原文列在“未导入”里：请核对人名、地名"),
            format!("the text is in traditional characters; {changed} lines were converted, their originals are listed: check names"),
        )
    } else {
        Words::new(
            "原文是繁体，按简体读取，文字按原文保留：要转为简体，请加 --simplified 重新导入",
            "the text is in traditional characters; it was read as simplified ones and kept as printed: import it again with --simplified to convert it",
        )
    };
    lines.notes.push(Note { rule: "import/traditional", message, line: None });
    (!convert).then_some(printed)
}

fn original() -> Words {
    Words::new("繁体原文", "the original in traditional characters")
}

/// A block in both scripts.
#[derive(Debug)]
struct Piece {
    simplified: String,
    printed: String,
    table: bool,
}

/// The text as printed, beside the simplified one that was read.
#[derive(Debug, Default)]
pub(super) struct Printed {
    /// Blocks that changed, with their line.
    pieces: Vec<(usize, Piece)>,
    /// What each sign was printed as, where it stood first.
    signs: BTreeMap<char, char>,
}

fn simplify(lines: &mut Lines, converter: &OpenCC) -> Printed {
    let mut found = Printed::default();
    for line in &mut lines.lines {
        let printed = line.all_words();
        match &mut line.block {
            Block::Text(text) | Block::Heading(_, text) | Block::Item(_, text) => *text = converter.convert(text),
            Block::Table(rows) => rows.iter_mut().flatten().for_each(|cell| *cell = converter.convert(cell)),
        }
        let simplified = line.all_words();
        if simplified == printed {
            continue;
        }
        if simplified.chars().count() == printed.chars().count() {
            for (to, from) in simplified.chars().zip(printed.chars()).filter(|(to, from)| to != from) {
                found.signs.entry(to).or_insert(from);
            }
        }
        found.pieces.push((line.number, Piece { simplified, printed, table: matches!(line.block, Block::Table(_)) }));
    }
    let meta = &mut lines.meta;
    meta.title = meta.title.take().map(|title| converter.convert(&title));
    found
}

impl Printed {
    /// Shows what was read as it was printed. Tables keep the simplified labels, by which they are known as the form's, and their
    /// originals are listed.
    pub(super) fn restore(&self, report: &mut Recognized) {
        for (read, line) in [&mut report.title, &mut report.body, &mut report.county, &mut report.issuer, &mut report.number]
            .into_iter()
            .filter_map(Option::as_mut)
            .map(|read| (&mut read.value, read.line))
        {
            *read = self.back(line, read);
        }
        for section in &mut report.sections {
            section.title = self.back(Some(section.line), &section.title);
        }
        let figures = report.figures.iter_mut().map(|figure| (&mut figure.quote, figure.line));
        let others = report.others.iter_mut().map(|other| (&mut other.quote, other.line));
        let unfilled = report.unfilled.iter_mut().map(|cell| (&mut cell.quote, cell.line));
        for (quote, line) in figures.chain(others).chain(unfilled) {
            *quote = self.back(Some(line), quote);
        }
        for document in &mut report.documents {
            for words in [&mut document.title, &mut document.number].into_iter().filter_map(Option::as_mut) {
                *words = self.back(None, words);
            }
        }
        let contact = report.contact.iter_mut().flat_map(|contact| [&mut contact.address, &mut contact.office, &mut contact.hours]);
        for words in contact.filter_map(Option::as_mut) {
            *words = self.back(None, words);
        }
        for removed in report.removed.iter_mut().filter(|removed| !removed.text.contains(|c| SIGNS.contains(c))) {
            removed.text = self.back(Some(removed.line), &removed.text);
        }
        for line in &mut report.lines {
            match &mut line.block {
                Block::Text(text) | Block::Heading(_, text) | Block::Item(_, text) => *text = self.back(Some(line.number), text),
                Block::Table(_) => {
                    let own = self.pieces.iter().filter(|(number, piece)| *number == line.number && piece.table);
                    report.removed.extend(own.map(|(line, piece)| Removed { line: *line, text: piece.printed.clone(), why: original() }));
                }
            }
        }
        report.removed.sort_by_key(|removed| removed.line);
    }

    /// The printed words: from their line, else from any other, else sign by sign.
    fn back(&self, line: Option<usize>, words: &str) -> String {
        let here = self.pieces.iter().filter(|(number, _)| Some(*number) == line);
        let elsewhere = self.pieces.iter().filter(|(number, _)| Some(*number) != line);
        let found = here.chain(elsewhere).find_map(|(_, Piece { simplified, printed, .. })| {
            let at = simplified.find(words)?;
            let (before, length) = (simplified[..at].chars().count(), words.chars().count());
            (simplified.chars().count() == printed.chars().count()).then(|| printed.chars().skip(before).take(length).collect())
        });
        found.unwrap_or_else(|| words.chars().map(|c| self.signs.get(&c).copied().unwrap_or(c)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::plain::of_plain_text;
    use super::*;
    use crate::import::recognize::recognize;

    const TEXT: &str =
        "雲溪鎮2014年政府信息公開工作年度報告\n一、概述\n根據有關條例，本鎮對申請辦理情況進行總結，經審查後答覆，幹部乾淨。\n會議研究部署，單位負責。";

    #[test]
    fn converted_on_request_with_the_original_kept() {
        let mut lines = of_plain_text(TEXT);
        look(&mut lines, true);
        assert_eq!(lines.lines[0].all_words(), "云溪镇2014年政府信息公开工作年度报告");
        assert_eq!(lines.lines[2].all_words(), "根据有关条例，本镇对申请办理情况进行总结，经审查后答复，干部干净。");
        assert_eq!(lines.removed[0].text, "雲溪鎮2014年政府信息公開工作年度報告");
        assert_eq!((lines.removed.len(), lines.notes[0].rule), (3, "import/traditional"));
    }

    #[test]
    fn without_request_it_is_only_said() {
        let mut lines = of_plain_text(TEXT);
        let before = lines.lines.clone();
        let printed = look(&mut lines, false).unwrap();
        assert_eq!((lines.lines[0].all_words().as_str(), lines.notes.len()), ("云溪镇2014年政府信息公开工作年度报告", 1));
        let mut report = recognize(lines);
        printed.restore(&mut report);
        assert_eq!(report.title.unwrap().value, "雲溪鎮2014年政府信息公開工作年度報告");
        assert_eq!(report.body.unwrap().value, "雲溪鎮");
        assert_eq!(report.lines, before[1..]);
        let mut simplified = of_plain_text("云溪镇與芷江鎮2014年政府信息公开工作年度报告");
        look(&mut simplified, true);
        assert_eq!(simplified.notes, []);
    }
}
