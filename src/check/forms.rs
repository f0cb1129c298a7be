//! The form: right edition, sections there and in order, tables there, headings numbered, nothing of the form's own advice left in.

use super::Subject;
use crate::diag::{Diagnostic, Words};
use crate::model::{Heading, TextBlock};
use crate::text::{labels, numerals};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Everything wrong with the form of a report.
pub(super) fn forms(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    edition(subject, found);
    if subject.form().fixed_sections {
        sections(subject, found);
        tables(subject, found);
    }
    statements(subject, found);
    numbering(subject, found);
    announced(subject, found);
    instructions(subject, found);
    counts(subject, found);
}

fn edition(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (form, year) = (subject.form(), subject.report.id.year);
    let due = subject.registry.form_for(year);
    if due.id != form.id && !form.by_name_only {
        let words = Words::new(
            format!("{year} 年度应用“{}”，这里用的是“{}”", due.title, form.title),
            format!("the form for {year} is `{}`, this report uses `{}`", due.title_en, form.title_en),
        );
        found.push(subject.whole("form/edition-differs", words).about(&form.edition, &due.edition).help(
            "原件确用旧版式的保留 form 一项并用 [[accept]] 说明；否则改用当年版式。",
            "if the original used the old form keep `form` and say so under [[accept]]; otherwise use the form of the year.",
        ));
    }
}

fn sections(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (form, headings) = (subject.form(), &subject.report.headings);
    let mut highest: Option<u8> = None;
    for heading in headings {
        let Some(place) = heading.section else { continue };
        let section = &form.sections[place as usize];
        if let Some(before) = highest.filter(|before| *before > place) {
            let words = Words::new(
                format!("“{}”应在“{}”之前", section.title, form.sections[before as usize].title),
                format!("`{}` belongs before `{}`", section.title_en, form.sections[before as usize].title_en),
            );
            found.push(
                at_heading(subject, "form/section-order", heading, words).help("请按格式规定的次序排列各部分。", "put the sections in the order of the form."),
            );
        }
        highest = highest.max(Some(place));
    }
    let mut missing: Vec<&crate::model::FormSection> = Vec::new();
    for (place, section) in form.sections.iter().enumerate() {
        match headings.iter().position(|heading| heading.section == Some(place as u8)) {
            None => missing.push(section),
            Some(at) if is_empty(subject, at) => {
                let words = Words::new(format!("“{}”只有标题，没有内容", section.title), format!("`{}` has a heading and nothing under it", section.title_en));
                found.push(
                    at_heading(subject, "form/section-empty", &headings[at], words)
                        .about(&section.id, "")
                        .help("请写上内容；没有发生的写明没有。", "write its content, or that there was nothing."),
                );
            }
            Some(_) => {}
        }
    }
    if !missing.is_empty() {
        let zh: Vec<String> = missing.iter().map(|section| format!("“{}、{}”", section.numeral, section.title)).collect();
        let en: Vec<String> = missing.iter().map(|section| format!("`{}`", section.title_en)).collect();
        let ids: Vec<&str> = missing.iter().map(|section| section.id.as_str()).collect();
        let words = Words::new(format!("缺法定部分：{}", zh.join("")), format!("missing sections: {}", en.join(", ")));
        found.push(
            subject
                .whole("form/section-missing", words)
                .about(ids.join(" "), "")
                .help("请补上标题和内容；没有发生的也要写明“无”或 0。", "add heading and content; say `none` or 0 where nothing happened."),
        );
    }
}

/// Whether nothing stands under a heading and its own lower headings.
fn is_empty(subject: &Subject<'_>, at: usize) -> bool {
    let headings = &subject.report.headings;
    let level = headings[at].level;
    let end = headings[at + 1..].iter().position(|next| next.level <= level).map_or(headings.len(), |next| at + 1 + next);
    !subject.paragraphs.iter().any(|paragraph| paragraph.block != TextBlock::Heading && paragraph.heading.is_some_and(|of| (at..end).contains(&(of as usize))))
}

fn tables(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (place, table) in subject.form().tables.iter().enumerate() {
        let drawn = subject.report.tables.iter().any(|drawn| drawn.table as usize == place);
        let stated = || table.rows.iter().flat_map(|row| &row.cells).any(|cell| subject.report.figures.iter().any(|figure| figure.key == cell.key));
        // Where the whole section is missing, that has been said.
        let there = subject.report.headings.iter().any(|heading| heading.section == Some(table.section));
        if there && !drawn && !stated() {
            let words = Words::new(format!("没有“{}”的表", table.title), format!("the table `{}` is missing", table.title_en));
            found.push(
                subject
                    .whole("form/table-missing", words)
                    .about(&table.id, "")
                    .help("请补上法定表；gongkai new 写出的草稿里有空表可以照抄。", "add the statutory table; a draft made by `gongkai new` has it empty."),
            );
        }
    }
}

/// What every edition asks for, and the words by which it is recognised.
fn statements(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    type Wanted = (&'static str, &'static str, &'static str, fn(&str) -> bool);
    const WANTED: [Wanted; 4] = [
        ("applications", "依申请公开（收到多少、怎样办理）", "applications received and handled", |text| text.contains("申请")),
        ("fees", "收费（信息处理费；没有收取也要写明）", "fees charged, or that none were", names_fees),
        ("disputes", "行政复议和行政诉讼（没有也要写明）", "reconsideration and litigation, or that there was none", names_disputes),
        ("problems", "存在的主要问题和改进情况", "problems and improvements", |text| {
            ["问题", "不足", "困难", "薄弱"].iter().any(|word| text.contains(word))
        }),
    ];
    // The form's own labels say nothing; disputes may be named in one paragraph each.
    let said: Vec<&str> = subject.paragraphs.iter().filter(|paragraph| paragraph.block != TextBlock::Cell).map(|paragraph| paragraph.text.as_str()).collect();
    let said = said.join("\n");
    // A missing statutory section has been said already.
    let missing: Vec<_> = WANTED.iter().filter(|(id, _, _, states)| !(states(&said) || subject.form().fixed_sections && *id != "fees")).collect();
    if !missing.is_empty() {
        let join = |pick: fn(&Wanted) -> &'static str, with: &str| missing.iter().map(|one| pick(one)).collect::<Vec<_>>().join(with);
        let words = Words::new(format!("没有写明{}", join(|one| one.1, "；")), format!("nothing is said of {}", join(|one| one.2, "; ")));
        let ids: Vec<&str> = missing.iter().map(|one| one.0).collect();
        found.push(
            subject
                .whole("form/statement-missing", words)
                .about(ids.join(" "), "")
                .help("请补写；没有发生的写明没有。", "add it; say so where nothing happened."),
        );
    }
    let signed = subject.report.issuer.is_some()
        || names_an_office(&subject.report.title)
        || subject.prose().rev().take(4).any(|paragraph| paragraph.text.chars().count() <= 60 && names_an_office(&paragraph.text));
    if !signed {
        found.push(
            subject
                .whole("form/signature-missing", Words::new("没有写明发布机关", "no body signs the report"))
                .about("issuer", "")
                .help("在 [report] 里写 issuer，或在正文末尾署名。", "write `issuer` under [report], or sign at the end of the text."),
        );
    }
}

fn names_fees(text: &str) -> bool {
    static FEES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("信息处理费|收费通知|收费金额|收费[及和与、]?减免|收费情况|(?:信息公开|依申请公开|公开政府信息|政府信息)[^。]{0,12}(?:收费|费用|收取)|(?:未|没有|无|不|均未)[^。，]{0,10}(?:收取|收费|产生[^。，]{0,6}费用|发生[^。，]{0,6}费用)|收取[^。，]{0,12}费|(?:检索|复制|邮寄)[^。，]{0,8}费").expect("a pattern of ours")
    });
    /// No text that the pattern fits is longer, in characters.
    const LONGEST: usize = 32;
    // What it fits holds one of two words: to look around them is faster than to look everywhere.
    ["费", "收取"].iter().flat_map(|word| text.match_indices(word)).any(|(at, _)| {
        let start = text[..at].char_indices().rev().nth(LONGEST - 1).map_or(0, |(at, _)| at);
        let end = text[at..].char_indices().nth(LONGEST).map_or(text.len(), |(after, _)| at + after);
        FEES.is_match(&text[start..end])
    })
}

fn names_disputes(text: &str) -> bool {
    let both = |first: &str, then: &str| text.find(first).is_some_and(|at| text[at..].contains(then));
    both("复议", "诉讼") || both("诉讼", "复议") || text.contains("申诉")
}

fn names_an_office(text: &str) -> bool {
    ["人民政府", "办事处", "委员会", "办公室", "局"].iter().any(|office| text.contains(office))
}

/// Headings of one level under one parent: their numbers go up by one.
fn numbering(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let headings = &subject.report.headings;
    let mut groups: BTreeMap<(u8, usize), Vec<&Heading>> = BTreeMap::new();
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (place, heading) in headings.iter().enumerate() {
        open.retain(|(level, _)| *level < heading.level);
        let parent = open.last().map_or(0, |(_, place)| place + 1);
        // Annexes are not counted.
        if !heading.title.starts_with('附') {
            groups.entry((heading.level, parent)).or_default().push(heading);
        }
        open.push((heading.level, place));
    }
    for group in groups.values() {
        let mut before: Option<(u32, String)> = None;
        let numbered = group.iter().filter(|heading| !labels::numbering(&heading.title).is_empty()).count();
        for heading in group {
            let printed = labels::numbering(&heading.title);
            let Some(number) = labels::number_of(printed).and_then(|number| number.parse::<u32>().ok()) else {
                if numbered >= 2 && numbered * 2 >= group.len() {
                    let words = Words::new(
                        format!("“{}”没有编号，前后的标题都有", short(&heading.title)),
                        format!("`{}` has no number; its neighbours have", short(&heading.title)),
                    );
                    found.push(at_heading(subject, "form/heading-number", heading, words).help("请补上编号。", "add its number."));
                }
                continue;
            };
            let style = style(printed);
            if let Some((last, _)) = before.as_ref().filter(|(last, old)| *old == style && number != last + 1) {
                let words = if number == *last {
                    Words::new(format!("编号“{printed}”出现两次"), format!("the number `{printed}` stands twice"))
                } else {
                    Words::new(format!("编号从 {last} 跳到 {number}"), format!("the numbers go from {last} to {number}"))
                };
                found.push(
                    at_heading(subject, "form/heading-number", heading, words)
                        .help("请按顺序改正编号；缺了一部分的请补上。", "number the headings in order; add the part that is missing."),
                );
            } else if before.is_none() && number != 1 && group.len() > 1 {
                let words = Words::new(format!("第一个标题的编号是 {number}"), format!("the first heading is number {number}"));
                found.push(
                    at_heading(subject, "form/heading-number", heading, words).help("请核对是否缺了前面的部分。", "check whether a part before it is missing."),
                );
            }
            before = Some((number, style));
        }
    }
}

/// 一、 and （一） and 1. are three ways of counting.
fn style(printed: &str) -> String {
    let kind = |c: char| {
        if c.is_ascii_digit() {
            '1'
        } else if numerals::is_numeral(c) {
            '一'
        } else {
            c
        }
    };
    let mut style: String = printed.chars().map(kind).filter(|c| *c != ' ').collect();
    style = style.replace(['（', '('], "(").replace(['）', ')'], ")");
    while style.contains("11") || style.contains("一一") {
        style = style.replace("11", "1").replace("一一", "一");
    }
    style
}

/// 全文由六部分组成.
fn announced(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    static SAYS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:由|分为|分|共|包括|包含|含)[^。；！]{0,200}?([一二三四五六七八九十]{1,3}|\d{1,2})\s*个?(?:大)?部分").expect("a pattern of ours")
    });
    // The pattern looks far ahead; most texts have no number of parts.
    if !numbers_parts(subject.joined) {
        return;
    }
    let Some(level) = subject.report.headings.iter().map(|heading| heading.level).min().filter(|_| subject.has(&SAYS)) else { return };
    let real = subject.report.headings.iter().filter(|heading| heading.level == level).count() as u32;
    // Further down it may be said of something else.
    let speaks =
        |(place, paragraph): &(usize, &crate::model::Paragraph)| *place < 4 || ["本报告", "全文", "本年报"].iter().any(|word| paragraph.text.contains(word));
    for (_, paragraph) in subject.prose().enumerate().filter(speaks) {
        for caught in SAYS.captures_iter(&paragraph.text) {
            let group = caught.get(1).expect("group 1");
            let Some(said) = numerals::number(group.as_str()).filter(|said| *said != real) else { continue };
            let words = Words::new(format!("写明由{said}部分组成，实际有 {real} 部分"), format!("{said} parts are announced, there are {real}"));
            found.push(
                subject
                    .quoted("form/parts-announced", paragraph, group.range(), words)
                    .about(said.to_string(), real.to_string())
                    .help("请改正部分数，或补上缺的部分。", "correct the number, or add the part that is missing."),
            );
        }
    }
}

/// Whether a number stands before 部分.
fn numbers_parts(text: &str) -> bool {
    let is_number = |c: char| c.is_numeric() || numerals::is_numeral(c);
    text.match_indices("部分").any(|(at, _)| text[..at].trim_end_matches('大').trim_end_matches('个').trim_end().ends_with(is_number))
}

/// The form's own advice to those who fill it in.
fn instructions(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    static LEFT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"具体网址|具体链接|填写说明|填表说明|填报说明|此处(?:填写|插入|粘贴|添加|应)|请(?:在此)?(?:填写|插入|补充)|[（(【\[](?:单位|机关|行政机关|部门|乡镇)(?:全称|名称)[）)】\]]",
            r"|(?:[XxＸ×○〇]{2,}|\*{2,}|＿{2,}|_{2,})(?:省|市|县|区|镇|乡|街道|局|办|村|单位|部门|人民政府|月|日|件|条|次)|[（(]可(?:根据实际情况)?(?:自行)?(?:增减|删减|添加|另附)[^）)]*[）)]|本(?:模板|模版|样表)",
            r"|删除(?:本|此)(?:段|行|句)|[（(]此(?:部分|处|项)[^）)]{0,30}[）)]"
        ))
        .expect("a pattern of ours")
    });
    if !subject.has(&LEFT) {
        return;
    }
    for paragraph in subject.paragraphs.iter().filter(|paragraph| paragraph.block != TextBlock::Cell) {
        for left in LEFT.find_iter(&paragraph.text) {
            let words = Words::new(format!("“{}”像是格式里的填写说明", left.as_str()), format!("`{}` looks like advice of the form", left.as_str()));
            found.push(
                subject
                    .quoted("form/instruction-left", paragraph, left.range(), words)
                    .help("请换成实际内容，或删去。", "write what it asks for, or remove it."),
            );
        }
    }
}

/// “九个窗口” here and “七个窗口” there.
fn counts(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    static NAMED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"[“"「]([一二两三四五六七八九十百\d]{1,4})(个|项|条|大|类|张)(\p{Han}{1,6})[”"」]"#).expect("a pattern of ours"));
    if !subject.has(&NAMED) {
        return;
    }
    let mut first: BTreeMap<String, (String, String)> = BTreeMap::new();
    for paragraph in subject.paragraphs.iter().filter(|paragraph| paragraph.block != TextBlock::Cell) {
        for caught in NAMED.captures_iter(&paragraph.text) {
            let [number, unit, noun] = [1, 2, 3].map(|group| caught.get(group).map_or("", |group| group.as_str()));
            let value = numerals::number(&number.replace('两', "二")).map_or(number.to_string(), |value| value.to_string());
            let (known, said) = first.entry(format!("{unit}{noun}")).or_insert_with(|| (value.clone(), format!("{number}{unit}{noun}")));
            if *known != value {
                let words = Words::new(format!("前面写“{said}”，这里写“{number}{unit}{noun}”"), format!("`{said}` above, `{number}{unit}{noun}` here"));
                found.push(
                    subject
                        .quoted("form/count-differs", paragraph, caught.get(0).expect("group 0").range(), words)
                        .help("同一样事物前后数目应当一致，请核对。", "one thing has one number: check which is right."),
                );
            }
        }
    }
}

fn at_heading(subject: &Subject<'_>, code: &str, heading: &Heading, words: Words) -> Diagnostic {
    Diagnostic::new(code, &subject.report.file, Some(heading.span), words).about(&heading.title, "")
}

fn short(text: &str) -> String {
    crate::text::shortened(text, 20)
}
