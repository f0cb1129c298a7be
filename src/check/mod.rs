//! What is wrong beyond the writing, and why: figures, days, form, text, reuse, private data, links.
//!
//! Comes in: reports with their text, last year's beside them, links found while reading, the plan, the facts. Goes out: findings. It
//! repairs nothing. One file a family; every rule stands in [`RULES`](crate::diag::RULES) and has its page in `docs/checks`.

mod accepts;
mod dates;
mod figures;
mod fixes;
mod forms;
mod lexicon;
mod links;
mod privacy;
mod reuse;
mod security;
mod series;
mod statements;
mod subject;
mod words;

pub use accepts::{Settled, Standing, settle};
pub use dates::missing;
pub use fixes::fixed;
pub use lexicon::Lexicon;
pub use links::{Pending, link, links};
pub use privacy::privacy;
pub use reuse::{Pieces, ReuseIndex, Shared, Sketch, other_body, shared};
pub use security::{SecurityTxt, security};
pub use series::{Series, children};
pub use subject::{Read, Subject, joined};

use crate::diag::Diagnostic;

/// Everything wrong with one report.
pub fn report(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    figures::figures(subject.registry, subject.body.level, subject.report, subject.last.map(|last| &last.report), &mut found);
    // A draft is still being written: what is missing is not yet wrong.
    if subject.report.draft {
        return found;
    }
    figures::empty(subject, &mut found);
    figures::without_unit(subject, &mut found);
    statements::statements(subject, &mut found);
    dates::dates(subject, &mut found);
    forms::forms(subject, &mut found);
    words::words(subject, &mut found);
    if let Some(last) = subject.last {
        reuse::last_year(subject.report, subject.paragraphs, subject.pieces, last, &mut found);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, BodyId, BodyTree, Registry, ReportId, Year};
    use crate::parse::{self, ReportContext};
    use jiff::civil::date;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    /// Pieces of reports, good and bad, and what else a file may hold.
    fn text() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "其中",
            "收到申请",
            "12件",
            "，",
            "。",
            "；",
            "占7%",
            "比上年增加4件",
            "同比增长9.5%",
            "共",
            "余",
            "2023年",
            "13月",
            "40日",
            "（",
            "）",
            "“",
            "”",
            "《",
            "》",
            "〔2023〕",
            "8号",
            "[2023",
            "]8号",
            "云政办发",
            "\n\n",
            "## 一、总体情况\n\n",
            "### （三）\n\n",
            "|甲|乙|\n|-|-|\n|1|2|\n",
            "全市",
            "丙山镇",
            "138",
            "1234",
            "5678",
            "O0l1",
            "秘密★",
            "a@qq.com",
            "\u{200b}",
            "𠀀",
            "😀",
            "Ⅷ",
            "１２",
            "一二三四五六七八九十一二三四五六七八",
            "- ",
            "> ",
            "[x](#y)",
            "年月日",
            "20XX年",
            "-",
            "率",
            "办结",
            "3936件",
            "99.28%",
            "\u{202e}",
            "e\u{301}",
            "\t",
        ]);
        prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
    }

    /// Made once: phrases are made ready when they are first needed, and stay so.
    static READY: LazyLock<(Registry, BodyTree, Lexicon)> = LazyLock::new(|| {
        let registry = Registry::built_in();
        let body = |id: u32, parent: Option<u32>, title: &str| Body::unnamed(BodyId(id), parent.map(BodyId), title, String::new());
        let tree = BodyTree::new(vec![body(0, None, "甲县"), body(1, Some(0), "乙镇"), body(2, Some(0), "丙山镇")]);
        let (lexicon, broken) = Lexicon::new(&registry, &tree);
        assert!(broken.is_empty());
        (registry, tree, lexicon)
    });

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn no_text_makes_a_rule_panic(one in text(), two in text()) {
            let (registry, tree, lexicon) = &*READY;
            for year in [2012, 2016, 2020, 2023] {
                let read = |year: i64, text: &str| {
                    let file = format!("+++\ntitle = \"乙镇{year}年年报\"\ndate = {}-01-20\n+++\n\n{text}", year + 1);
                    let id = ReportId { body: BodyId(1), year: Year::new(year).unwrap() };
                    let read = parse::report(ReportContext { registry, id, attachments: &[] }, "content/yi/2023.md", &file);
                    (read.report.unwrap(), read.paragraphs, file.clone())
                };
                let (old, old_paragraphs, _) = read(year - 1, &one);
                let (report_read, paragraphs, file) = read(year, &two);
                let last = Read { report: old, pieces: Pieces::of(&old_paragraphs), paragraphs: old_paragraphs };
                let (pieces, joined) = (Pieces::of(&paragraphs), joined(&paragraphs));
                let subject = Subject {
                    registry, tree, lexicon, body: tree.body(BodyId(1)), report: &report_read, paragraphs: &paragraphs,
                    pieces: &pieces, joined: &joined, text: &file, last: Some(&last), deadline: date(2024, 1, 31), today: date(2026, 3, 1),
                };
                for diagnostic in report(&subject).into_iter().chain(privacy("content/yi/2023.md", &file, &[], 2023)) {
                    diagnostic.locate(&file);
                }
                if let Some(fixed) = fixed(&file) {
                    prop_assert_eq!(super::fixed(&fixed), None, "what is fixed once is fixed");
                }
            }
            let masked = crate::private::mask(&two);
            prop_assert_eq!(masked.len(), two.len());
        }
    }
}
