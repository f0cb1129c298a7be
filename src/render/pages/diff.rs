//! A text comparison as a page shows it: section by section, with what is new and what is no longer said on top.

use crate::analyze::pair::{Block, Piece, SectionPair, TextPair};
use crate::render::portal::Portal;
use crate::render::view::{DiffBlock, DiffPiece, DiffSection, Said, SentenceList};

/// Characters of a sentence in the lists on top; the whole stands at its place.
const SHOWN: usize = 90;
/// Sentences of a list before the others fold.
const FIRST: usize = 6;

/// Sections, and the sentences that only one of the two has.
#[derive(Default)]
pub(super) struct Diff {
    pub(super) sections: Vec<DiffSection>,
    pub(super) fresh: Option<SentenceList>,
    pub(super) gone: Option<SentenceList>,
}

pub(super) fn view(portal: &Portal<'_>, text: &TextPair) -> Diff {
    let mut diff = Diff::default();
    let (mut fresh, mut gone) = (Vec::new(), Vec::new());
    let top = text.sections.iter().map(|section| section.level).min().unwrap_or(2);
    for section in &text.sections {
        let mut view = section_view(portal, section);
        // The first heading is never a deep one: there is nothing above it to belong to.
        view.deep = section.level > top && !diff.sections.is_empty();
        for (block, shown) in section.blocks.iter().zip(&mut view.blocks) {
            let (list, sentence, sign) = match block {
                Block::Added(sentence) => (&mut fresh, sentence, "new"),
                Block::Removed(sentence) => (&mut gone, sentence, "gone"),
                _ => continue,
            };
            let id = format!("{sign}-{}", list.len() + 1);
            list.push(Said { text: crate::text::shortened(sentence, SHOWN), href: Some(format!("#{id}")) });
            shown.id = Some(id);
        }
        diff.sections.push(view);
    }
    diff.fresh = list(portal, "compare.fresh", fresh);
    diff.gone = list(portal, "compare.no_longer", gone);
    diff
}

fn list(portal: &Portal<'_>, title: &str, mut first: Vec<Said>) -> Option<SentenceList> {
    let count = |n: usize| n.to_string();
    let title = portal.strings.fill(title, &[("n", &count(first.len()))]);
    let rest = first.split_off(first.len().min(FIRST));
    let more = portal.strings.fill("compare.more", &[("n", &count(rest.len()))]);
    (!first.is_empty()).then_some(SentenceList { title, first, rest, more })
}

fn section_view(portal: &Portal<'_>, section: &SectionPair) -> DiffSection {
    let strings = portal.strings;
    let length = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let (mut removed, mut added, mut changed, mut moved, mut same_length) = (0, 0, 0, 0, 0);
    for block in &section.blocks {
        match block {
            Block::Same(sentences) => same_length += sentences.iter().map(|text| length(text)).sum::<usize>(),
            Block::Changed(_) => changed += 1,
            Block::Added(_) => added += 1,
            Block::Removed(_) => removed += 1,
            Block::Moved { .. } => moved += 1,
        }
    }
    let same = removed + added + changed + moved == 0 && !section.blocks.is_empty() && !section.only_newer && !section.only_older;
    let parts = [("sentence.diff_removed", removed), ("sentence.diff_added", added), ("sentence.diff_changed", changed), ("sentence.diff_moved", moved)];
    let parts: Vec<String> = parts.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| strings.fill(key, &[("n", &n.to_string())])).collect();
    let summary = if same {
        strings.fill("sentence.diff_same", &[("n", &same_length.to_string())])
    } else if section.only_newer {
        strings.get("sentence.diff_only_newer").to_string()
    } else if section.only_older {
        strings.get("sentence.diff_only_older").to_string()
    } else {
        parts.join(" ")
    };
    let title = if section.title.is_empty() { strings.get("ui.before_first_heading").to_string() } else { section.title.clone() };
    DiffSection {
        id: section.anchor.clone(),
        title,
        summary,
        same,
        deep: false,
        blocks: section.blocks.iter().map(|block| block_view(portal, block)).collect(),
    }
}

fn block_view(portal: &Portal<'_>, block: &Block) -> DiffBlock {
    let piece = |kind: &'static str, text: &str| DiffPiece { kind, text: text.to_string() };
    match block {
        Block::Same(sentences) => {
            let length: usize = sentences.iter().map(|text| text.chars().filter(|c| !c.is_whitespace()).count()).sum();
            let label = portal.strings.fill("sentence.diff_unchanged", &[("n", &sentences.len().to_string()), ("chars", &length.to_string())]);
            DiffBlock { kind: "same", label: Some(label), paragraphs: sentences.clone(), ..DiffBlock::default() }
        }
        Block::Changed(pieces) => {
            let view = |p: &Piece| match p {
                Piece::Same(text) => piece("same", text),
                Piece::Added(text) => piece("ins", text),
                Piece::Removed(text) => piece("del", text),
            };
            DiffBlock { kind: "changed", pieces: pieces.iter().map(view).collect(), ..DiffBlock::default() }
        }
        Block::Added(text) => DiffBlock { kind: "added", pieces: vec![piece("ins", text)], ..DiffBlock::default() },
        Block::Removed(text) => DiffBlock { kind: "removed", pieces: vec![piece("del", text)], ..DiffBlock::default() },
        Block::Moved { text, from } => {
            let from = if from.is_empty() { portal.word("ui.before_first_heading") } else { from };
            DiffBlock {
                kind: "moved",
                label: Some(portal.strings.fill("sentence.diff_moved_from", &[("from", from)])),
                pieces: vec![piece("same", text)],
                ..DiffBlock::default()
            }
        }
    }
}
