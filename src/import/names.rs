//! Names of issuing bodies: 芷江镇 out of a title, 岳阳县 out of 岳阳县人民政府, and the level a name ends in.

use super::lines::compact;
use crate::model::Level;
use crate::text::{dates, is_han};

/// A body as its name tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// The name without the county before it; a department keeps its own county, which is part of its name.
    pub(super) body: String,
    /// The county printed before it, or the body itself where it is one.
    pub(super) county: Option<String>,
    /// Level by the last characters.
    pub(super) level: Level,
}

/// Longest name of a body, in characters.
const LONGEST: usize = 30;

/// Endings of names, longest first where one is the end of another.
const ENDINGS: [(&str, Level); 30] = [
    ("自治州", Level::City),
    ("自治县", Level::County),
    ("自治区", Level::Province),
    ("自治旗", Level::County),
    ("民族乡", Level::Township),
    ("社区", Level::Village),
    ("街道", Level::Township),
    ("地区", Level::City),
    ("苏木", Level::Township),
    ("新区", Level::County),
    ("开发区", Level::County),
    ("镇", Level::Township),
    ("乡", Level::Township),
    ("县", Level::County),
    ("区", Level::County),
    ("旗", Level::County),
    ("市", Level::City),
    ("省", Level::Province),
    ("村", Level::Village),
    ("委员会", Level::Department),
    ("办公室", Level::Department),
    ("办公厅", Level::Department),
    ("中心", Level::Department),
    ("局", Level::Department),
    ("委", Level::Department),
    ("厅", Level::Department),
    ("院", Level::Department),
    ("站", Level::Department),
    ("所", Level::Department),
    ("大队", Level::Department),
];

/// The level a name ends in; nothing if it is no name of a body.
pub(super) fn level_of(name: &str) -> Option<Level> {
    let length = name.chars().count();
    if !(2..=LONGEST).contains(&length) || !name.chars().all(is_han) {
        return None;
    }
    // 全县, 我镇, 本区 speak of a body and do not name it.
    if length == 2 && name.starts_with(['全', '我', '本', '各', '该', '市', '省', '州', '乡', '镇', '区', '县', '两', '三', '辖']) {
        return None;
    }
    ENDINGS.iter().find(|(ending, _)| name.ends_with(ending) && name.len() > ending.len()).map(|(_, level)| *level)
}

/// The body a report's title names.
pub(super) fn in_title(title: &str) -> Option<Named> {
    let title = compact(title);
    let year = dates::years(&title).into_iter().next().map(|year| year.range).or_else(|| dates::masked(&title));
    let (before, after) = match &year {
        Some(year) => (&title[..year.start], title[year.end..].trim_start_matches('度')),
        None => (title.as_str(), ""),
    };
    [before, after].into_iter().find_map(|part| office(until_topic(part.strip_prefix("关于").unwrap_or(part))))
}

/// A title's words up to what the report is about.
fn until_topic(part: &str) -> &str {
    const TOPICS: [&str; 9] = ["政府信息公开", "政务公开", "政府信息", "信息公开", "公布", "发布", "公开", "年度", "关于"];
    let end = TOPICS.iter().filter_map(|topic| part.find(topic)).min().unwrap_or(part.len());
    // 芷江镇人民政府信息公开 reads 人民政府 and 政府信息公开 out of the same four characters.
    let end = if part[end..].starts_with("政府信息") && part[..end].ends_with("人民") { end + "政府".len() } else { end };
    part[..end].trim_end_matches(['的', '，', ',', '、', '-', '—'])
}

/// A body out of the name of its office: 芷江镇人民政府, 城关街道办事处, 云溪县教育局.
pub(super) fn office(text: &str) -> Option<Named> {
    let text = compact(text);
    let text = text.trim_matches(|c: char| matches!(c, '（' | '）' | '(' | ')' | '《' | '》' | '“' | '”'));
    let name = ["人民政府", "政府", "办事处", "管理委员会", "管委会", "村民委员会", "居民委员会"]
        .iter()
        .find_map(|ending| text.strip_suffix(ending).filter(|name| level_of(name).is_some_and(|level| level != Level::Department)))
        .unwrap_or(text);
    split(name)
}

/// Whether a line is the name of an office and nothing else, as signatures are.
pub(super) fn is_office(text: &str) -> bool {
    const OFFICES: [&str; 12] = ["人民政府", "政府", "办事处", "委员会", "管委会", "局", "办公室", "办公厅", "厅", "院", "中心", "委"];
    let text = compact(text);
    text.chars().count() <= LONGEST && text.chars().all(is_han) && OFFICES.iter().any(|office| text.ends_with(office)) && office(&text).is_some()
}

/// A name parted from the provinces, cities and counties before it.
pub(super) fn split(name: &str) -> Option<Named> {
    let level = level_of(name)?;
    let mut rest = name;
    let mut county = None;
    let mut city = None;
    while let Some((outer, inner)) = parted(rest) {
        match level_of(outer) {
            Some(Level::County) => county = Some(outer.to_string()),
            Some(Level::City) => city = Some(outer.to_string()),
            _ => {}
        }
        rest = inner;
    }
    let county = match level {
        Level::County => Some(rest.to_string()),
        // A county-level city stands right before its townships; a city with counties does not.
        Level::Township | Level::Village | Level::Department => county.or(city),
        _ => None,
    };
    // 云溪县教育局 is called by its whole name: 教育局 alone is in every county.
    let body = if level == Level::Department { name } else { rest };
    Some(Named { body: body.to_string(), county, level })
}

/// The first outer unit of a name and the rest, where the rest is a name of its own.
fn parted(name: &str) -> Option<(&str, &str)> {
    const OUTER: [&str; 7] = ["省", "自治区", "自治州", "市", "县", "区", "旗"];
    name.char_indices().skip(1).find_map(|(at, c)| {
        let end = at + c.len_utf8();
        let (outer, inner) = name.split_at(end);
        let known = OUTER.iter().any(|ending| outer.ends_with(ending)) && !outer.ends_with("社区");
        (known && level_of(outer).is_some() && level_of(inner).is_some()).then_some((outer, inner))
    })
}

/// County names in running text, each after a word that no name ends in: 印发盈江县2016年, 位于云溪县.
pub(super) fn counties_in(text: &str) -> Vec<String> {
    const LEADS: [&str; 16] = ["印发", "关于", "根据", "按照", "落实", "位于", "地处", "隶属", "属于", "贯彻", "执行", "是", "在", "和", "与", "为"];
    let mut found: Vec<String> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| *c == '县') {
        let before = &text[..at];
        let start = before.char_indices().rev().take(LONGEST).take_while(|(_, c)| is_han(*c)).last().map_or(at, |(start, _)| start);
        let run = &before[start..];
        let lead = LEADS.iter().filter_map(|lead| run.rfind(lead).map(|place| place + lead.len())).max();
        let name = format!("{}{c}", &run[lead.unwrap_or(0)..]);
        let length = name.chars().count();
        let plausible = (3..=4).contains(&length) || (length <= 12 && name.ends_with("族自治县"));
        // 在利用县政府平台 names no county called 利用县: before 政府 and 委 the word may well be a verb.
        let after = text[at + c.len_utf8()..].chars().next();
        if plausible
            && !name.contains(['全', '我', '本', '各', '该', '市', '省', '州', '由', '经', '镇', '乡'])
            && !after.is_some_and(|c| matches!(c, '政' | '委' | '人' | '级' | '直' | '长' | '城' | '内' | '里' | '域' | '有'))
            && lead.is_some()
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(title: &str) -> Option<(String, Option<String>, Level)> {
        in_title(title).map(|named| (named.body, named.county, named.level))
    }

    fn named(body: &str, county: Option<&str>, level: Level) -> Option<(String, Option<String>, Level)> {
        Some((body.into(), county.map(str::to_string), level))
    }

    #[test]
    fn titles_name_their_body() {
        assert_eq!(title("旧城镇2016年度政府信息公开工作报告"), named("旧城镇", None, Level::Township));
        assert_eq!(title("岳阳县人民政府公布2012年政府信息公开工作报告"), named("岳阳县", Some("岳阳县"), Level::County));
        assert_eq!(title("2012年芷江镇人民政府信息公开年度报告"), named("芷江镇", None, Level::Township));
        assert_eq!(title("盈江县旧城镇人民政府2016年政府信息公开工作年度报告"), named("旧城镇", Some("盈江县"), Level::Township));
        assert_eq!(title("关于云溪县教育局2014年度政府信息公开工作的报告"), named("云溪县教育局", Some("云溪县"), Level::Department));
        assert_eq!(title("云溪县人民政府办公室2014年政府信息公开年报"), named("云溪县人民政府办公室", Some("云溪县"), Level::Department));
        assert_eq!(title("城关街道办事处二〇一二年政府信息公开年报"), named("城关街道", None, Level::Township));
        assert_eq!(title("2012年政府信息公开工作年度报告"), None);
    }

    #[test]
    fn outer_units_are_parted() {
        let part = |name: &str| split(name).map(|named| (named.body, named.county));
        assert_eq!(part("芷江侗族自治县芷江镇"), Some(("芷江镇".into(), Some("芷江侗族自治县".into()))));
        assert_eq!(part("岳阳市岳阳县"), Some(("岳阳县".into(), Some("岳阳县".into()))));
        assert_eq!(part("郑州市中原区"), Some(("中原区".into(), Some("中原区".into()))));
        assert_eq!(part("禹州市顺店镇"), Some(("顺店镇".into(), Some("禹州市".into()))));
        assert_eq!(part("新市镇"), Some(("新市镇".into(), None)));
        assert_eq!(part("县街街道"), Some(("县街街道".into(), None)));
        assert_eq!(part("湖南省"), Some(("湖南省".into(), None)));
    }

    #[test]
    fn signatures_are_offices_and_nothing_else() {
        assert!(is_office("芷江镇人民政府") && is_office("云溪县 教育局") && is_office("城关街道办事处"));
        for text in ["县委、县政府", "我镇政府", "2012年12月10日", "开展政府信息公开工作。", "政府信息公开"] {
            assert!(!is_office(text), "{text}");
        }
    }

    #[test]
    fn counties_in_running_text() {
        assert_eq!(counties_in("关于印发盈江县2016年要点的通知，按照县委、县政府部署，全县共二十个乡镇"), ["盈江县"]);
        assert_eq!(counties_in("参照执行县政府制定的制度，一是在利用县政府平台，县城所在地"), Vec::<String>::new());
    }
}
