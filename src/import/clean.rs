//! Noise inside the text: phonetic readings in brackets, leftovers of document shops, words of hijacked pages.
//!
//! Only what is proven to be noise goes: a reading that spells the characters before it, a phrase that no report has.
//! Everything that goes is listed with its line. A page with injected words is not mended at all: it is kept apart.

use super::lines::{Block, Lines, Note};
use crate::diag::Words;
use crate::text::{dates, injected, is_han};
use pinyin::ToPinyinMulti;
use regex::Regex;
use std::sync::LazyLock;

/// Cleans all text of a file.
pub(super) fn clean(lines: &mut Lines) {
    let mut removed = Vec::new();
    let mut injections: Vec<(usize, String)> = Vec::new();
    let mut masked: Vec<usize> = Vec::new();
    for line in &mut lines.lines {
        let number = line.number;
        let mut each = |text: &mut String| {
            injections.extend(injected::find(text).into_iter().map(|range| (number, text[range].to_string())));
            if dates::is_masked(text) {
                masked.push(number);
            }
            let (cleaned, gone) = cleaned(text);
            if !gone.is_empty() {
                *text = super::lines::trimmed(&cleaned).to_string();
                removed.extend(gone.into_iter().map(|(gone, why)| (number, gone, why)));
            }
        };
        match &mut line.block {
            Block::Text(text) | Block::Heading(_, text) | Block::Item(_, text) => each(text),
            Block::Table(rows) => rows.iter_mut().flatten().for_each(each),
        }
    }
    lines.lines.retain(|line| !line.all_words().trim().is_empty());
    for (number, gone, why) in removed {
        lines.remove(number, &gone, why);
    }
    let wide = lines.lines.iter().filter(|line| line.all_words().contains(|c| ('０'..='９').contains(&c))).count();
    if wide > 0 {
        let message = Words::new(
            format!("有 {wide} 行的数字是全角的，已按半角读取，文字按原文保留"),
            format!("{wide} lines have full-width digits; they were read as plain ones and kept as printed"),
        );
        lines.notes.push(Note { rule: "import/full-width", message, line: None });
    }
    if let Some(site) = foreign_site(lines) {
        lines.notes.push(site);
    }
    if let Some(first) = masked.first() {
        let message = Words::new(
            format!("年份印成 20XX 一类的样子（{} 行），没有当作年份", masked.len()),
            format!("years are masked as 20XX on {} lines and were not read", masked.len()),
        );
        lines.notes.push(Note { rule: "import/year-masked", message, line: Some(*first) });
    }
    if let Some((first, word)) = injections.first() {
        let message = Words::new(
            format!("原件混入“{word}”一类的词（{} 处），多半取自被篡改的网页：没有放进目录，请换用可靠的原件", injections.len()),
            format!("words such as “{word}” were injected ({} places): the page was probably hijacked; use a reliable original", injections.len()),
        );
        lines.notes.push(Note { rule: "import/injected", message, line: Some(*first) });
    }
}

/// A domain glued to the words after it, time and again: what a mirror puts where it took a name away.
fn foreign_site(lines: &Lines) -> Option<Note> {
    static GLUED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)(?:^|[^a-z0-9@./:-])([a-z0-9-]{3,}\.(?:com|net|cc|org|xyz|top|vip|info))\p{Han}").expect("a pattern of ours"));
    let mut found: Vec<(usize, String)> = Vec::new();
    for line in lines.lines.iter().filter(|line| line.words().is_none_or(|words| words.contains('.'))) {
        found.extend(GLUED.captures_iter(&line.all_words()).map(|caught| (line.number, caught[1].to_lowercase())));
    }
    let (first, site) = found.first()?;
    let times = found.iter().filter(|(_, other)| other == site).count();
    (times >= 2).then(|| {
        let message = Words::new(
            format!("“{site}”混在文字里（{times} 处），多半取自镜像网站：没有放进目录，请换用可靠的原件"),
            format!("“{site}” stands inside the text ({times} places): this is probably a mirror; use a reliable original"),
        );
        Note { rule: "import/injected", message, line: Some(*first) }
    })
}

type Gone = Vec<(String, Words)>;

fn cleaned(text: &str) -> (String, Gone) {
    let mut gone = Vec::new();
    let text = without_readings(text, &mut gone);
    let text = without_residue(&text, &mut gone);
    (text, gone)
}

/// Leftovers of document shops: phrases that stand in no report, with the brackets around them.
fn without_residue(text: &str, gone: &mut Gone) -> String {
    static RESIDUE: LazyLock<Regex> = LazyLock::new(|| {
        const SHOPS: &str = r"百度文库|道客巴巴|豆丁网|人人文库|第一范文网|原创力文档|金锄头文库|淘豆网|学习啦|范文大全|无忧考网|精品文库|文档大全|360doc个人图书馆|个人图书馆|好范文网|范文网|文秘网|公文网";
        const SITES: &str = r"(?:https?://)?(?:www\.|m\.|wenku\.)?[a-z0-9-]*(?:wenku|fanwen|docin|doc88|book118|wendang|wenmi|xuexila|renrendoc|jinchutou|taodocs|360doc|unjs|zuowen|gongwen)[a-z0-9-]*\.(?:com|net|cn|org)(?:\.cn)?[a-z0-9/_.?=&-]*";
        const PHRASES: &str = r"学习必备\s*[，,]?\s*欢迎下载|精品文档\s*[，,]?\s*(?:欢迎下载|仅供学习|可编辑)[^，。；（）\[\]【】]{0,12}|(?:精选|优质|最新)(?:文档|资料|范文)\s*[，,]?\s*(?:值得|欢迎|仅供|可编辑|分享)[^，。；（）\[\]【】]{0,12}|本文(?:档)?是?(?:由|来自|来源于?|转自|选自|出自)[^，。；（）\[\]【】]{0,24}(?:整理|提供|收集|搜集|文库|范文|网站|网)|(?:文档|资料|文章)(?:收集|搜集|来源|下载)(?:于|自|请)[^，。；（）\[\]【】]{0,20}|更多(?:相关)?(?:范文|文章|文档|论文)[^，。；（）\[\]【】]{0,20}|(?:资料|文档|内容)仅供(?:学习)?参考[^，。；（）\[\]【】]{0,12}|(?:文档|本文)下载后可[^，。；（）\[\]【】]{0,12}|下载(?:本文|本文档|文档|全文)需?[^，。；（）\[\]【】]{0,6}积分(?:[，,][^，。；（）\[\]【】]{0,16})?|扫码(?:关注)?(?:领取|领|送)[^，。；（）]{0,16}|扫码关注[^，。；（）]{0,6}(?:优惠|红包|福利|礼品)[^，。；（）]{0,8}|更多精品[^，。；（）\[\]【】]{0,24}|如有侵权[^。（）\[\]【】]{0,16}(?:删除|联系)[^，。；（）\[\]【】]{0,8}|(?:点击|免费)下载(?:文档|全文|本文|范文|word版)";
        let any = format!("(?:{PHRASES}|{SITES}|{SHOPS})");
        Regex::new(&format!(r"(?i)[（(\[【〖《][^（）()\[\]【】〖〗《》。；]{{0,20}}{any}[^（）()\[\]【】〖〗《》。；]{{0,20}}[）)\]】〗》]|{PHRASES}|{SITES}|(?:{SHOPS})\s*[-_|]?")).expect("a pattern of ours")
    });
    // A quick look first: most lines of most reports hold none of these signs.
    const SIGNS: [&str; 16] =
        ["下载", "扫码", "更多精品", "文库", "文档", "范文", "本文", "侵权", "参考", ".com", ".net", ".cn", "道客", "豆丁", "学习", "公文网"];
    if !SIGNS.iter().any(|sign| text.contains(sign)) && !text.contains("网") && !text.contains("图书馆") {
        return text.to_string();
    }
    let kept = RESIDUE.replace_all(text, |found: &regex::Captures<'_>| {
        gone.push((found[0].to_string(), Words::new("广告或文库网站的残留", "leftover of an advertisement or a document shop")));
        String::new()
    });
    kept.into_owned()
}

/// Text without readings: 政府（zhèng fǔ）, 涿(zhuo)州, 信xìn息xī, ㄓㄥˋ.
fn without_readings(text: &str, gone: &mut Gone) -> String {
    if !text.chars().any(|c| c.is_alphabetic() && !is_han(c)) {
        return text.to_string();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = reading_at(&chars, at).filter(|end| *end > at);
        match end {
            Some(end) => {
                gone.push((chars[at..end].iter().collect(), Words::new("夹在正文里的拼音", "phonetic reading inside the text")));
                at = end;
            }
            None => {
                kept.push(chars[at]);
                at += 1;
            }
        }
    }
    kept
}

/// Longest reading, in characters.
const LONGEST_READING: usize = 80;

/// Where a reading that begins here ends.
fn reading_at(chars: &[char], at: usize) -> Option<usize> {
    let before = at.checked_sub(1).map(|before| chars[before]);
    let bopomofo = chars[at..].iter().take_while(|c| matches!(c, '\u{3105}'..='\u{312f}' | 'ˊ' | 'ˇ' | 'ˋ' | '˙')).count();
    if bopomofo > 0 && matches!(chars[at], '\u{3105}'..='\u{312f}') {
        return Some(at + bopomofo);
    }
    if !before.is_some_and(is_han) {
        return None;
    }
    let close = match chars[at] {
        '（' | '(' => Some(['）', ')']),
        '[' | '【' => Some([']', '】']),
        _ => None,
    };
    let start = at + usize::from(close.is_some());
    let inner: Vec<char> = chars[start..]
        .iter()
        .copied()
        .take(LONGEST_READING)
        .take_while(|c| is_letter(*c) || (close.is_some() && matches!(c, ' ' | '\'' | '’' | '-' | '·' | '\u{a0}')))
        .collect();
    let end = start + inner.len();
    let letters: String = inner.iter().filter(|c| is_letter(**c)).map(|c| plain(*c)).collect();
    let toned = inner.iter().any(|c| is_letter(*c) && !c.is_ascii());
    if letters.is_empty() || close.is_some_and(|close| !chars.get(end).is_some_and(|c| close.contains(c))) {
        return None;
    }
    // Without brackets only tones tell a reading from a name such as 微信APP.
    let spelled = spells(&chars[..at], &letters);
    match close {
        Some(_) if spelled || toned && inner.iter().filter(|c| is_letter(**c)).count() > 1 => Some(end + 1),
        None if toned && spelled => Some(end),
        _ => None,
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || TONED.iter().any(|(toned, _)| toned.contains(c))
}

const TONED: [(&str, char); 7] = [("āáǎàĀÁǍÀ", 'a'), ("ēéěèĒÉĚÈ", 'e'), ("īíǐì", 'i'), ("ōóǒòŌÓǑÒ", 'o'), ("ūúǔùü", 'u'), ("ǖǘǚǜ", 'u'), ("ńňǹ", 'n')];

fn plain(c: char) -> char {
    TONED.iter().find(|(toned, _)| toned.contains(c)).map_or_else(|| c.to_ascii_lowercase(), |(_, plain)| *plain)
}

/// Whether letters are the readings of the last characters before them, in any of the ways each can be read.
fn spells(before: &[char], letters: &str) -> bool {
    let mut open = vec![letters.len()];
    for c in before.iter().rev().take(LONGEST_READING / 2) {
        if !is_han(*c) {
            return false;
        }
        let Some(readings) = c.to_pinyin_multi() else { return false };
        let ends: Vec<String> = readings.into_iter().map(|reading| reading.plain().replace('ü', "u")).collect();
        let mut next: Vec<usize> = Vec::new();
        for end in open {
            next.extend(ends.iter().filter(|reading| letters[..end].ends_with(reading.as_str())).map(|reading| end - reading.len()));
        }
        next.sort_unstable();
        next.dedup();
        if next.contains(&0) {
            return true;
        }
        if next.is_empty() {
            return false;
        }
        open = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::plain::of_plain_text;
    use super::*;

    fn found(text: &str) -> Lines {
        let mut lines = of_plain_text(text);
        clean(&mut lines);
        lines
    }

    fn only(text: &str) -> String {
        found(text).lines.first().map(super::super::lines::Line::all_words).unwrap_or_default()
    }

    #[test]
    fn readings_go() {
        for text in ["政府（zhèng fǔ）信息公开", "政府(zhengfu)信息公开", "政zhèng府fǔ信息公开", "政府【Zhèngfǔ】信息公开", "政府ㄓㄥˋㄈㄨˇ信息公开"]
        {
            assert_eq!(only(text), "政府信息公开", "{text}");
        }
        assert_eq!(only("重庆（chong qing）长（chang）安"), "重庆长安");
        for text in ["办公自动化（OA）系统", "微信APP", "电子邮箱（yunxi@example.cn）", "文化站（cultural station）", "市（A）类", "QQ群"]
        {
            assert_eq!(only(text), text);
        }
        assert_eq!(found("政府（zhèng fǔ）信息").removed[0].text, "（zhèng fǔ）");
    }

    #[test]
    fn leftovers_of_document_shops_go() {
        for (before, after) in [
            ("全年公开信息12条（本文由某某范文网整理提供），其中", "全年公开信息12条，其中"),
            ("全年公开信息【www.abcfanwen.com】12条。", "全年公开信息12条。"),
            ("全年公开学习必备 欢迎下载信息12条。", "全年公开信息12条。"),
            ("更多相关范文请访问", ""),
            ("全年公开12条，扫码关注领取20元优惠券，其中网站3条。", "全年公开12条，，其中网站3条。"),
            ("报告如下。(下载本文需5积分，会员免费)", "报告如下。"),
        ] {
            assert_eq!(only(before), after);
        }
        for text in [
            "门户网站（http://www.yunxi.gov.cn）公开12条。",
            "表格可在网站下载。",
            "微信公众号（云溪发布）推送参考信息。",
            "图书馆、档案馆设查阅点。",
            "学习《条例》，规范文书，更多群众了解公开。",
        ] {
            assert_eq!(only(text), text);
        }
    }

    #[test]
    fn injected_words_and_masked_years_are_said() {
        let rules = |text: &str| found(text).notes.into_iter().map(|note| (note.rule, note.line)).collect::<Vec<_>>();
        assert_eq!(rules("一、概述\n我镇百家乐公开信息。"), [("import/injected", Some(2))]);
        assert_eq!(rules("全年打击六合彩等赌博活动3次。"), []);
        assert_eq!(rules("现将20XX年情况报告如下。"), [("import/year-masked", Some(1))]);
    }
}
