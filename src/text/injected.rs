//! Words that hijacked pages carry: gambling, pornography, black markets. A sentence about fighting them is no injection.

use aho_corasick::{AhoCorasick, MatchKind};
use std::ops::Range;
use std::sync::LazyLock;

const WORDS: [&str; 46] = [
    "博彩",
    "娱乐城",
    "百家乐",
    "老虎机",
    "六合彩",
    "时时彩",
    "体育投注",
    "彩票投注",
    "真人荷官",
    "真人娱乐",
    "开户送",
    "葡京",
    "威尼斯人",
    "太阳城",
    "皇冠现金",
    "澳门银河",
    "澳门新濠",
    "澳门金沙",
    "棋牌下载",
    "棋牌游戏下载",
    "棋牌平台",
    "投注平台",
    "购彩平台",
    "北京赛车",
    "亚博体育",
    "成人视频",
    "成人电影",
    "成人网站",
    "裸聊",
    "约炮",
    "色情网站",
    "色情视频",
    "色情直播",
    "无码视频",
    "传奇私服",
    "外挂下载",
    "伟哥",
    "催情",
    "代孕",
    "迷药",
    "bet365",
    "首存优惠",
    "娱乐官网",
    "彩票平台",
    "倍返利",
    "注册送",
];

const AGAINST: [&str; 14] = ["打击", "整治", "查处", "查禁", "严禁", "禁止", "防范", "扫黄", "取缔", "查获", "清理", "治理", "抵制", "非法"];

static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(WORDS).expect("words of ours"));

/// Whether any such word stands in a text, fought or not.
pub fn is_there(text: &str) -> bool {
    FINDER.is_match(text)
}

/// Where such words stand, in bytes, in order.
pub fn find(text: &str) -> Vec<Range<usize>> {
    FINDER.find_iter(text).map(|hit| hit.range()).filter(|range| !is_fought(text, range.start)).collect()
}

fn is_fought(text: &str, at: usize) -> bool {
    let ends = ['。', '！', '？', '；', '\n'];
    let start = text[..at].rfind(ends).unwrap_or(0);
    let end = text[at..].find(ends).map_or(text.len(), |found| at + found);
    AGAINST.iter().any(|word| text[start..end].contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn injected_and_fought() {
        let text = "我镇百家乐公开信息。全年打击六合彩3次。";
        let found: Vec<&str> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["百家乐"]);
    }
}
