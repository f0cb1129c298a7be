//! Page furniture around a report: breadcrumbs, tools, counters, publication lines, neighbours, footers.
//!
//! Only the head (up to the first paragraph) and the tail (after the last) are looked at, so that no sentence of a report
//! can be taken for furniture. Every line that goes is listed whole; dates and numbers are read from it first.

use super::lines::{Block, Line, Removed, compact};
use super::title::{Title, is_body};
use super::{names, outline, title};
use crate::diag::Words;
use crate::text::{citations, dates};
use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

/// What was read from lines that were removed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Said {
    /// Day of publication and its line.
    pub(super) published: Option<(Date, usize)>,
    /// Document number of the report and its line.
    pub(super) number: Option<(String, usize)>,
    /// County whose site it is, and the line.
    pub(super) county: Option<(String, usize)>,
}

/// Longest line that can be furniture.
const LONGEST: usize = 200;

/// Removes furniture before and after the report.
pub(super) fn strip(lines: &mut Vec<Line>, title: Option<&Title>, removed: &mut Vec<Removed>) -> Said {
    let before_title = title.map_or(0, |title| title.place);
    let is_block = |line: &Line| matches!(line.block, Block::Table(_) | Block::Item(..)) && !is_catalogue(&line.all_words());
    let head = lines.iter().enumerate().position(|(place, line)| is_body(line) || (place >= before_title && is_block(line))).unwrap_or(lines.len());
    let tail = lines.iter().rposition(is_substantial).map_or(0, |last| last + 1).max(head);
    let mut said = Said::default();
    let mut kept = Vec::with_capacity(lines.len());
    for (place, line) in std::mem::take(lines).into_iter().enumerate() {
        let outside = place < head || place >= tail;
        let text = line.all_words();
        let length = compact(&text).chars().count();
        let words = |zh: &str, en: &str| Some(Words::new(zh, en));
        let why = match line.block {
            _ if !outside => None,
            Block::Table(_) if place < head && is_catalogue(&text) => words("公开目录信息表", "catalogue entry"),
            Block::Table(_) | Block::Item(..) if place < before_title && length <= LONGEST => words("标题之前的页面文字", "text of the page before the title"),
            Block::Table(_) | Block::Item(..) => None,
            _ if reason(&text).is_some() => reason(&text),
            _ if place < head && is_day_line(&text) => words("发布时间一行", "publication line"),
            _ if place < before_title && length <= 40 => words("标题之前的页面文字", "text of the page before the title"),
            _ if place >= tail && title::is_title(&text) => words("页面上其他报告的标题", "title of another report on the page"),
            _ if place < head && own_number(&text).is_some() => words("文号，已写入信息栏", "document number, written to the front matter"),
            _ => None,
        };
        match why {
            Some(why) => {
                read(&line, &text, place < head, &mut said);
                removed.push(Removed { line: line.number, text, why });
            }
            None => kept.push(line),
        }
    }
    *lines = kept;
    said
}

/// Whether a table is the entry of a disclosure catalogue, which sites print above the text.
fn is_catalogue(text: &str) -> bool {
    text.contains("索引号") && compact(text).chars().count() <= 2 * LONGEST
}

/// Whether a line certainly belongs to the report, so that the tail begins after it.
fn is_substantial(line: &Line) -> bool {
    match &line.block {
        Block::Table(_) | Block::Item(..) => true,
        Block::Heading(_, text) | Block::Text(text) => {
            let ends = text.ends_with(['。', '；', ';', '！', '：', ':']) && compact(text).chars().count() > 8;
            reason(text).is_none() && !title::is_title(text) && (ends || compact(text).chars().count() >= 30 || outline::numbered(text).is_some())
        }
    }
}

/// Whether a line is furniture wherever it stands outside the report.
pub(super) fn is_furniture(text: &str) -> bool {
    reason(text).is_some()
}

/// Reads what a removed line says.
fn read(line: &Line, text: &str, in_head: bool, said: &mut Said) {
    const DAYS: [&str; 9] = ["发布时间", "发布日期", "公开日期", "公开时间", "发布于", "发表时间", "更新时间", "日期", "时间"];
    for label in DAYS {
        if said.published.is_none()
            && let Some(at) = text.find(label)
            && let Some(day) = dates::find(&text[at..]).into_iter().next()
        {
            said.published = Some((day.date, line.number));
        }
    }
    if said.published.is_none() && in_head && is_day_line(text) {
        said.published = dates::find(text).into_iter().next().map(|day| (day.date, line.number));
    }
    if said.number.is_none() && in_head {
        said.number = own_number(text).map(|number| (number, line.number));
    }
    let county = text
        .split(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '>' | '|'))
        .find_map(|word| names::office(word).filter(|_| names::is_office(word)).and_then(|named| named.county));
    // The host of a site stands in its footer.
    if said.county.is_none() && (in_head || text.contains("主办")) {
        said.county = county.map(|county| (county, line.number));
    }
}

/// Whether a line of the head is a day and nothing but what sites print beside it: 时间：2012-04-12 10:47, 云溪县石桥镇 2024-01-30.
fn is_day_line(text: &str) -> bool {
    static CLOCK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?").expect("a pattern of ours"));
    let days = dates::find(text);
    let [day] = &days[..] else { return false };
    let rest = format!("{} {}", &text[..day.range.start], &text[day.range.end..]);
    let rest = CLOCK.replace_all(&rest, " ");
    let mut words = rest.split(|c: char| c.is_whitespace() || "|｜·【】[]()（）:：,，、/-".contains(c)).filter(|word| !word.is_empty());
    compact(text).chars().count() <= 80
        && words.all(|word| {
            let known = TOOLS.contains(&word) || LABELS.contains(&word) || ["时间", "日期", "本站原创", "原创", "次", "管理员", "本站"].contains(&word);
            known || word.chars().all(|c| c.is_ascii_digit()) || names::split(word).is_some() || names::is_office(word)
        })
}

/// A document number that stands alone on its line or after 文号.
fn own_number(text: &str) -> Option<String> {
    let found = citations::find(text).into_iter().find(|found| found.title.is_none() && found.number.is_some())?;
    let before = compact(&text[..found.range.start]);
    let alone = before.is_empty() && compact(&text[found.range.end..]).is_empty();
    (alone || before.ends_with("文号:") || before.ends_with("文号：")).then_some(found.number).flatten()
}

/// Why a line is furniture; nothing if it may be text of the report.
fn reason(text: &str) -> Option<Words> {
    let label = compact(text);
    let length = label.chars().count();
    let words = |zh: &str, en: &str| Some(Words::new(zh, en));
    if length == 0 || length > LONGEST {
        return None;
    }
    if (label.contains("位置") && ["当前位置", "您的位置", "所在位置", "现在的位置", "当前的位置", "所在的位置"].iter().any(|words| label.contains(words)))
        || is_breadcrumb(text)
    {
        return words("网页导航（面包屑）", "breadcrumb");
    }
    if ["发布时间", "发布日期", "公开日期", "发表时间", "更新时间"].iter().any(|word| has_label(&label, word)) && length <= 120 {
        return words("发布时间一行", "publication line");
    }
    if ["版权所有", "ICP备", "公网安备", "网站标识码", "Copyright", "技术支持", "主办单位：", "主办单位:", "网站地图"].iter().any(|word| label.contains(word))
    {
        return words("网页页脚", "page footer");
    }
    if length <= 80
        && LABELS.iter().any(|start| label.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '：', '】', ']', '，'])))
    {
        return words("网页信息行", "line of page details");
    }
    if NEIGHBOURS.iter().any(|start| label.starts_with(start)) {
        return words("上一篇、下一篇", "neighbouring pages");
    }
    if is_widget(&label) {
        return words("网页功能（分享、计数、客户端提示）", "widget of the page");
    }
    is_tools(text).then(|| Words::new("网页工具和栏目名", "page tools and column names"))
}

/// Lines before lists of other pages.
const NEIGHBOURS: [&str; 14] = [
    "友情链接",
    "相关搜索",
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "上一页：",
    "下一页：",
    "相关链接",
    "相关阅读",
    "相关新闻",
    "相关文章",
    "推荐阅读",
    "热点推荐",
];

/// Counters, share buttons and hints of a site, which are sentences of a kind.
fn is_widget(label: &str) -> bool {
    const STARTS: [&str; 14] = [
        "您是第",
        "本页访问",
        "本站访问",
        "总访问",
        "访问统计",
        "扫一扫",
        "扫描二维码",
        "打开微信",
        "微信扫一扫",
        "手机扫一扫",
        "用微信扫",
        "点击收听",
        "我为政府网站找错",
        "我为政府网站纠错",
    ];
    const PARTS: [&str; 8] = ["位访问者", "位访客", "分享到朋友圈", "使用“扫一扫”", "使用\"扫一扫\"", "建议使用IE", "浏览器浏览", "分辨率"];
    label.chars().count() <= 60 && (STARTS.iter().any(|start| label.starts_with(start)) || PARTS.iter().any(|part| label.contains(part)))
}

/// A label at the start of a line or after a space, with its colon.
fn has_label(label: &str, word: &str) -> bool {
    label.find(word).is_some_and(|at| label[at + word.len()..].starts_with([':', '：']) || at == 0)
}

/// Two or more separators between short names, the first of them 首页.
fn is_breadcrumb(text: &str) -> bool {
    let parts: Vec<String> = text.split(['>', '＞', '»', '›', '→']).map(compact).collect();
    parts.len() >= 2
        && parts.iter().all(|part| part.chars().count() <= 20)
        && (parts[0].contains("首页") || parts.len() >= 3 && parts.iter().all(|part| !part.is_empty()))
}

/// Whether every word of a line is a tool or a column of a site: 打印 来源:, 【字体：大 中 小】.
fn is_tools(text: &str) -> bool {
    let mut words = text.split(|c: char| c.is_whitespace() || "|｜·【】[]()（）:：,，、/".contains(c)).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| TOOLS.contains(&word) || LABELS.contains(&word))
}

const TOOLS: [&str; 111] = [
    "首页",
    "网站首页",
    "打印",
    "打印本页",
    "打印此页",
    "关闭",
    "关闭窗口",
    "关闭本页",
    "返回",
    "返回顶部",
    "返回首页",
    "登录",
    "注册",
    "登录注册",
    "退出",
    "字体",
    "字号",
    "大",
    "中",
    "小",
    "特大",
    "分享",
    "分享到",
    "收藏",
    "加入收藏",
    "设为首页",
    "纠错",
    "我要纠错",
    "无障碍",
    "无障碍浏览",
    "长辈版",
    "关怀版",
    "适老版",
    "繁体",
    "简体",
    "手机版",
    "微信",
    "微博",
    "QQ空间",
    "二维码",
    "扫一扫",
    "搜索",
    "导航",
    "政府信息公开",
    "信息公开",
    "政务公开",
    "政府信息公开年报",
    "政府信息公开年度报告",
    "信息公开年报",
    "年度报告",
    "年报",
    "政府信息公开工作年度报告",
    "通知公告",
    "政务动态",
    "联系我们",
    "点击收听",
    "语音朗读",
    "朗读",
    "下载",
    "全文下载",
    "打印文章",
    "打印本文",
    "打印页面",
    "关闭此页",
    "关闭页面",
    "返回列表",
    "返回上页",
    "上一页",
    "下一页",
    "末页",
    "主页",
    "网站主页",
    "网站导航",
    "网站支持IPv6",
    "English",
    "RSS",
    "RSS订阅",
    "邮箱",
    "政务邮箱",
    "收藏本站",
    "收藏本页",
    "添加收藏",
    "用户登录",
    "会员登录",
    "立即登录",
    "免费注册",
    "忘记密码",
    "注销",
    "一键分享",
    "分享本页",
    "分享至",
    "微信好友",
    "朋友圈",
    "新浪微博",
    "腾讯微博",
    "QQ",
    "QQ好友",
    "人人网",
    "豆瓣",
    "更多",
    "点赞",
    "放大",
    "缩小",
    "默认",
    "恢复",
    "护眼色",
    "夜间",
    "我要评论",
    "老年模式",
    "A+",
    "A-",
];

/// Labels of details that sites print around a text.
const LABELS: [&str; 78] = [
    "来源",
    "信息来源",
    "稿件来源",
    "文章来源",
    "作者",
    "编辑",
    "责任编辑",
    "责编",
    "审核",
    "浏览次数",
    "浏览量",
    "点击数",
    "点击率",
    "点击次数",
    "访问量",
    "访问次数",
    "阅读",
    "阅读次数",
    "阅读量",
    "字体",
    "字号",
    "分享到",
    "索引号",
    "信息索引号",
    "发布机构",
    "公开方式",
    "公开范围",
    "信息分类",
    "主题分类",
    "体裁分类",
    "有效性",
    "文号",
    "生成日期",
    "关键词",
    "摄影",
    "录入",
    "录入时间",
    "录入者",
    "发布人",
    "发布者",
    "发布单位",
    "发文单位",
    "发文机关",
    "供稿",
    "供稿单位",
    "核稿",
    "校对",
    "签发",
    "初审",
    "复审",
    "终审",
    "点击",
    "点击量",
    "浏览",
    "人气",
    "阅读数",
    "访问",
    "已阅",
    "字号大小",
    "字体大小",
    "视力保护",
    "视力保护色",
    "保护视力色",
    "背景色",
    "分享",
    "收藏",
    "成文日期",
    "公开日期",
    "公开主体",
    "组配分类",
    "名称",
    "有效期",
    "失效日期",
    "责任部门",
    "信息名称",
    "公开形式",
    "公开时限",
    "内容概述",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture() {
        for text in [
            "首页 > 政府信息公开 > 年度报告",
            "您当前的位置：首页 >> 公开",
            "【字体：大 中 小】 打印本页 关闭窗口",
            "打印 来源:",
            "浏览次数: 1",
            "某县人民政府 发布时间: 2013-02-15 10:20",
            "登录 | 注册",
            "上一篇：某镇2011年政府信息公开工作报告",
            "政府信息公开",
            "版权所有 某县人民政府 湘ICP备12345678号",
            "责任编辑：某某",
            "分享到： 微信 新浪微博 QQ空间 人人网",
            "字号：[大] [中] [小] 视力保护色：",
            "您是第 12345 位访问者",
            "扫一扫在手机打开当前页",
            "打开微信，点击底部的“发现”，使用“扫一扫”即可将网页分享至朋友圈",
            "来源：某镇 录入：某某 点击：123",
            "相关链接：",
            "初审：某某 复审：某某 终审：某某",
            "A+ A- 默认",
        ] {
            assert!(is_furniture(text), "{text}");
        }
    }

    #[test]
    fn text_of_reports_is_no_furniture() {
        for text in [
            "某镇人民政府",
            "2012年12月10日",
            "一、概述",
            "附件：政府信息公开情况统计表",
            "本年度无依申请公开情况。",
            "联系电话：12345",
            "编辑部设在党政办。",
            "阅读室一间",
            "点击数据库查询。",
            "访问网站群众12人次。",
            "初审和复审由党政办负责。",
            "更多群众了解政策",
        ] {
            assert!(!is_furniture(text), "{text}");
        }
    }

    #[test]
    fn only_head_and_tail_are_stripped() {
        let text = ["政府信息公开", "（云政发〔2015〕6号）", "打印", "一、概述", "打印", "本年度无其他需要报告的事项。", "某镇人民政府", "打印 来源:"];
        let mut lines: Vec<Line> = text.iter().enumerate().map(|(index, text)| Line::text(index + 1, *text)).collect();
        let mut removed = Vec::new();
        strip(&mut lines, None, &mut removed);
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [2, 4, 5, 6, 7]);
        assert_eq!(removed.iter().map(|removed| removed.line).collect::<Vec<_>>(), [1, 3, 8]);
    }

    #[test]
    fn what_removed_lines_say() {
        let text = ["某某侗族自治县人民政府 发布时间: 2013-02-15 10:20", "云政发〔2015〕6号", "一、概述"];
        let mut lines: Vec<Line> = text.iter().enumerate().map(|(index, text)| Line::text(index + 1, *text)).collect();
        let said = strip(&mut lines, None, &mut Vec::new());
        assert_eq!(said.published, Some((jiff::civil::date(2013, 2, 15), 1)));
        for text in [
            "日期：2013-02-15",
            "    时间:2013-02-15 10:47",
            "云溪县石桥镇 2013-02-15",
            "2013-02-15　阅读（118）",
            "作者:本站原创 | 来源:本站原创 | 时间:2013-02-15 点击数:- 分享到:",
        ] {
            assert!(is_day_line(text), "{text}");
        }
        assert!(!is_day_line("截至2013年2月15日，我镇公开信息3条"));
        assert_eq!(said.number, Some(("云政发〔2015〕6号".into(), 2)));
        assert_eq!(said.county, Some(("某某侗族自治县".into(), 1)));
        assert_eq!(lines.len(), 1);
    }
}
