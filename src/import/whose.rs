//! Whose report it is, where title and signature leave it open: the office that a page or a sheet names as its source, the body that the
//! lead speaks of, the county printed right before the body's name.

use super::names::{self, Named};
use crate::model::Level;
use crate::text::{is_han, key};
use regex::Regex;
use std::sync::LazyLock;

/// A text of the source with its line.
pub(super) type Place<'t> = (usize, &'t str);

/// The office that a line names as the one that filled in or published: 填报单位（盖章）：云溪县石桥镇人民政府, 来源：石桥镇人民政府.
pub(super) fn labeled_office(texts: &[Place<'_>]) -> Option<(String, usize)> {
    /// The first few stand in the head of a sheet, where the colon may be a space.
    const LABELS: [&str; 10] = ["填报单位", "填表单位", "报送单位", "编制单位", "填报机关", "发布机构", "发布单位", "信息来源", "文章来源", "来源"];
    LABELS.iter().enumerate().find_map(|(place, label)| {
        texts.iter().find_map(|(line, text)| {
            let rest = text[text.find(label)? + label.len()..].trim_start();
            let rest = rest.trim_start_matches("（盖章）").trim_start_matches("(盖章)");
            let rest = if place < 5 { rest } else { rest.strip_prefix([':', '：'])? };
            let rest = rest.trim_start_matches([' ', '|', '\u{3000}', '\u{a0}', ':', '：']);
            let name: String = rest.chars().take_while(|c| is_han(*c)).collect();
            let name = name.split("填报").next().unwrap_or_default();
            let own = !name.starts_with(['县', '市', '区', '省', '州', '镇', '乡', '本', '我', '街']);
            (own && names::office(name).is_some()).then(|| (name.to_string(), *line))
        })
    })
}

/// The only body that the first paragraphs speak of as the one that reports: a township or a department, else the county of 我县.
pub(super) fn body_of_text(texts: &[Place<'_>]) -> Option<(Named, usize)> {
    static TOWNSHIP: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(\p{Han}{1,24}?(?:镇|乡|街道))(?:人民政府|政府|办事处|党政|编制|(?:19|20)\d\d年)").expect("a pattern of ours"));
    static DEPARTMENT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(\p{Han}{2,24}?(?:局|委员会|办公室|服务中心))(?:19|20)\d\d年(?:度)?(?:政府信息|政务|信息)公开").expect("a pattern of ours")
    });
    static COUNTY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\p{Han}{1,24}?(?:县|旗))(?:人民政府|政府)").expect("a pattern of ours"));
    // A sentence has such words where a name would have none: 及时更新镇政府网站, 汇报我镇2023年. 七里坪镇 has four characters, 某族自治乡 more.
    let is_name = |body: &str| {
        let length = body.chars().count();
        let fits = length <= 6 || (length <= 12 && body.contains('族'));
        fits && !body.contains(['我', '本', '该', '各', '全', '及', '等', '报', '时', '由'])
            && !["更新", "维护", "负责", "完善"].iter().any(|verb| body.contains(verb))
    };
    let only = |pattern: &Regex, fits: fn(Level) -> bool| {
        let named: Vec<(Named, usize)> = texts
            .iter()
            .flat_map(|(line, text)| pattern.captures_iter(text).filter_map(|found| Some((names::split(without_leads(found.get(1)?.as_str()))?, *line))))
            .filter(|(named, _)| fits(named.level) && (named.level == Level::Department || is_name(&named.body)))
            .collect();
        // The same body with its county says more.
        let best = named.iter().find(|(named, _)| named.county.is_some()).or(named.first())?.clone();
        named.iter().all(|(other, _)| key(&other.body) == key(&best.0.body)).then_some(best)
    };
    let ours = |word: &str| texts.iter().any(|(_, text)| text.contains(word));
    only(&TOWNSHIP, |level| level == Level::Township)
        .or_else(|| only(&DEPARTMENT, |level| level == Level::Department))
        .or_else(|| ours("我县").then(|| only(&COUNTY, |level| level == Level::County)).flatten())
}

/// The county printed right before a body's name: 公布云溪县石桥镇2015年度情况.
pub(super) fn county_before(texts: &[Place<'_>], body: &str) -> Option<(String, usize)> {
    let found: Vec<(String, usize)> = texts
        .iter()
        .flat_map(|(line, text)| text.match_indices(body).map(move |(at, _)| (*line, &text[..at])))
        .filter_map(|(line, before)| {
            let start = before.char_indices().rev().take_while(|(_, c)| is_han(*c)).last().map_or(before.len(), |(start, _)| start);
            // The body itself may stand before it, with another county.
            let outer = before[start..].rsplit(body).next().unwrap_or_default();
            let outer = without_leads(outer);
            // 全县乡镇 and 我县 are no names, and a name of many characters is a sentence.
            let named = names::split(&format!("{outer}{body}")).filter(|named| key(&named.body) == key(body))?;
            let county = named.county?;
            let length = county.chars().count();
            let plausible = (2..=5).contains(&length) || (length <= 12 && county.contains("族自治"));
            (plausible && !county.starts_with(['全', '我', '本', '各', '该'])).then_some((county, line))
        })
        .collect();
    let first = found.first()?;
    found.iter().all(|(county, _)| *county == first.0).then(|| first.clone())
}

/// The only county on whose site the report can be read: 可在云溪县人民政府网站下载.
pub(super) fn county_of_site(texts: &[Place<'_>]) -> Option<(String, usize)> {
    static SITE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:在|登录|访问|通过|查阅)“?(\p{Han}{2,3}(?:县|区|旗)|\p{Han}{2,8}族自治县)(?:人民政府|政府)(?:门户)?网").expect("a pattern of ours")
    });
    let found: Vec<(String, usize)> = texts
        .iter()
        .flat_map(|(line, text)| SITE.captures_iter(text).filter_map(|found| Some((found.get(1)?.as_str().to_string(), *line))))
        // 利用县政府网站 names no county called 利用.
        .filter(|(name, _)| names::level_of(name).is_some() && !name.contains(['我', '本', '各', '全', '该', '用', '托', '助', '过', '级']))
        .collect();
    let first = found.first()?;
    found.iter().all(|(name, _)| *name == first.0).then(|| first.clone())
}

/// A name without the verbs and prepositions before it.
fn without_leads(run: &str) -> &str {
    const WORDS: [&str; 35] = [
        "编制", "公布", "发布", "印发", "关于", "根据", "按照", "落实", "位于", "地处", "隶属", "属于", "贯彻", "执行", "联系", "地址", "现将", "作为", "来自",
        "通过", "登录", "单位", "机构", "来源", "公开", "社会", "如下", "年度", "今年", "去年", "本年", "由", "与", "请", "在",
    ];
    const SIGNS: [char; 13] = ['是', '为', '和', '向', '经', '对', '到', '自', '把', '将', '据', '从', '及'];
    let from = WORDS.iter().filter_map(|word| run.rfind(word).map(|at| at + word.len())).max().unwrap_or(0);
    let rest = &run[from..];
    let shorter = rest.trim_start_matches(SIGNS);
    // 和平镇 begins with a word that could be a preposition: what is left has to be a name still.
    if names::level_of(shorter).is_some() && shorter.chars().count() > 2 { shorter } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_after_their_label() {
        let office = |text: &str| labeled_office(&[(1, text)]).map(|found| found.0);
        assert_eq!(office("填报单位：云溪县石桥镇人民政府").as_deref(), Some("云溪县石桥镇人民政府"));
        assert_eq!(office("发布日期：2016-03-21  来源：石桥镇人民政府").as_deref(), Some("石桥镇人民政府"));
        for text in ["来源：本站原创", "来源：县政府办公室", "信息来源 打印"] {
            assert_eq!(office(text), None, "{text}");
        }
    }

    #[test]
    fn bodies_of_the_lead() {
        let body = |text: &str| body_of_text(&[(1, text)]).map(|(named, _)| (named.body, named.county));
        assert_eq!(body("本报告由石桥镇人民政府党政办公室编制。"), Some(("石桥镇".into(), None)));
        assert_eq!(body("编制云溪县石桥镇2014年政府信息公开工作年度报告"), Some(("石桥镇".into(), Some("云溪县".into()))));
        assert_eq!(body("编制完成《云溪县水务局2014年政府信息公开工作年度报告》"), Some(("云溪县水务局".into(), Some("云溪县".into()))));
        assert_eq!(body("石桥镇人民政府与柳林镇人民政府联合编制。"), None);
        assert_eq!(body("请在云溪县人民政府网站查阅。"), None);
        assert_eq!(body("我县在云溪县人民政府网站公开。"), Some(("云溪县".into(), Some("云溪县".into()))));
        assert_eq!(body("我镇人民政府公开信息。"), None);
        assert_eq!(body("由党政办负责，及时维护和更新镇政府网站。"), None);
        assert_eq!(body("从存在的主要问题及改进情况等六个方面汇报我镇2023年工作。"), None);
        assert_eq!(body("本年度石桥镇人民政府公开信息。"), Some(("石桥镇".into(), None)));
    }

    #[test]
    fn the_county_whose_site_it_is() {
        let county = |text: &str| county_of_site(&[(1, text)]).map(|found| found.0);
        assert_eq!(county("公众可在南岸区政府网站下载本报告。").as_deref(), Some("南岸区"));
        assert_eq!(county("在利用县政府网站上公开，我县政府网站"), None);
    }

    #[test]
    fn counties_before_the_body() {
        let county = |text: &str| county_before(&[(1, text)], "石桥镇").map(|found| found.0);
        assert_eq!(county("依据条例，公布云溪县石桥镇2015年度情况").as_deref(), Some("云溪县"));
        assert_eq!(county("与平江市南岸区石桥镇政府联系").as_deref(), Some("南岸区"));
        for text in ["全县石桥镇最多", "石桥镇公开", "云溪县石桥镇和南岸区石桥镇"] {
            assert_eq!(county(text), None, "{text}");
        }
    }
}
