//! Texts in traditional characters: said to be so, and turned into simplified ones where the clerk asks for it.
//!
//! Reports of the mainland are published in simplified characters; traditional ones come from mirrors. The original of
//! every line that changes is listed.

use super::lines::{Block, Line, Lines, Note};
use crate::diag::Words;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use std::sync::LazyLock;

/// Characters that only traditional texts have, among those that every report uses.
const SIGNS: &str = "開務縣鎮鄉報條機關會區國為與這個們來時對發業產實現學經過還進後門間題應該華號點據關總結處責權審單";
/// How many of them make a text traditional: names and quotations have a few.
const ENOUGH: usize = 12;

static TO_SIMPLIFIED: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// Notes that a text is traditional; converts it if `convert`.
pub(super) fn look(lines: &mut Lines, convert: bool) {
    let count: usize = lines.lines.iter().map(|line| line.all_words().chars().filter(|c| SIGNS.contains(*c)).count()).sum();
    if count < ENOUGH {
        return;
    }
    let converted = if convert { TO_SIMPLIFIED.as_ref().map(|converter| self::convert(lines, converter)) } else { None };
    let message = match converted {
        Some(changed) => Words::new(
            format!("原文是繁体，已把 {changed} 行转为简体，原文列在“未导入”里：请核对人名、地名"),
            format!("the text is in traditional characters; {changed} lines were converted, their originals are listed: check names"),
        ),
        None => Words::new(
            "原文是繁体：要转为简体，请加 --simplified 重新导入",
            "the text is in traditional characters: import it again with --simplified to convert it",
        ),
    };
    lines.notes.push(Note { rule: "import/traditional", message, line: None });
}

fn convert(lines: &mut Lines, converter: &OpenCC) -> usize {
    let mut originals = Vec::new();
    for line in &mut lines.lines {
        let before = line.all_words();
        match &mut line.block {
            Block::Text(text) | Block::Heading(_, text) | Block::Item(_, text) => *text = converter.convert(text),
            Block::Table(rows) => rows.iter_mut().flatten().for_each(|cell| *cell = converter.convert(cell)),
        }
        if line.all_words() != before {
            originals.push(Line::text(line.number, before));
        }
    }
    let changed = originals.len();
    for original in originals {
        lines.remove(original.number, &original.all_words(), Words::new("繁体原文", "the original in traditional characters"));
    }
    let meta = &mut lines.meta;
    meta.title = meta.title.take().map(|title| converter.convert(&title));
    changed
}

#[cfg(test)]
mod tests {
    use super::super::plain::of_plain_text;
    use super::*;

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
        look(&mut lines, false);
        assert_eq!((lines.lines, lines.notes.len()), (before, 1));
        let mut simplified = of_plain_text("云溪镇與芷江鎮2014年政府信息公开工作年度报告");
        look(&mut simplified, true);
        assert_eq!(simplified.notes, []);
    }
}
