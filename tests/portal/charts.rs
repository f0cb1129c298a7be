//! What charts say in words, reckoned anew from `figures.csv`.

use crate::reckoning::{Body, bodies, first, page, select, shown, text, thousandths};
use crate::site::{demo, gongkai, run, tree};
use std::collections::{BTreeMap, BTreeSet};

fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let built = run(gongkai().arg("build").arg("-r").arg(demo()).arg("-o").arg(folder.path()));
    assert_eq!(built.code, 0, "{}", built.err);
    folder
}

/// 2019年、2021年, or how many there are.
fn years(years: &[i32]) -> String {
    if years.len() > 4 { format!("{}个年度", years.len()) } else { years.iter().map(|year| format!("{year}年")).collect::<Vec<_>>().join("、") }
}

fn edition(body: &Body, year: i32) -> String {
    let in_force = match year {
        ..2014 => "2008",
        2014..2019 => "2014",
        2019..2021 => "2019",
        _ => "2021",
    };
    body.forms.get(&year).cloned().unwrap_or_else(|| in_force.to_string())
}

/// Gaps by reason, then blank cells.
fn gaps(body: &Body, indicator: &str, columns: &[(i32, Option<String>)]) -> String {
    let mut out = String::new();
    let mut told = BTreeSet::new();
    for why in columns.iter().filter_map(|(_, why)| why.as_ref()) {
        if told.insert(why) {
            let those: Vec<i32> = columns.iter().filter(|(_, other)| other.as_ref() == Some(why)).map(|(year, _)| *year).collect();
            out.push_str(&format!("{}{why}。", years(&those)));
        }
    }
    let blank: Vec<i32> = columns.iter().map(|(year, _)| *year).filter(|year| body.total(indicator, *year).is_some_and(|figure| figure.0 == "blank")).collect();
    if !blank.is_empty() {
        out.push_str(&format!("{}此格空白，不按0计算。", years(&blank)));
    }
    out
}

fn series(name: &str, unit: &str, body: &Body, indicator: &str, columns: &[(i32, Option<String>)]) -> String {
    let numbers: Vec<(i32, i64)> = columns.iter().filter_map(|(year, _)| Some((*year, body.number(indicator, *year)?))).collect();
    let label = |(year, number): (i32, i64)| format!("{}{}", if body.total(indicator, year).unwrap().2.is_empty() { "" } else { "≈" }, shown(number));
    let (a, b) = (numbers[0], numbers[numbers.len() - 1]);
    let mut out = format!("{name}：{}年{}{unit}，{}年{}{unit}", a.0, label(a), b.0, label(b));
    let (most, least) = (numbers.iter().map(|n| n.1).max().unwrap(), numbers.iter().map(|n| n.1).min().unwrap());
    if most > least {
        let at = |value: i64| numbers.iter().filter(|n| n.1 == value).copied().collect::<Vec<_>>();
        let words = |value: i64| (years(&at(value).iter().map(|n| n.0).collect::<Vec<_>>()), label(at(value)[0]));
        let ((m, mv), (l, lv)) = (words(most), words(least));
        out.push_str(&format!("；最多是{m}（{mv}{unit}），最少是{l}（{lv}{unit}）"));
    } else {
        out.push_str("，各年相同");
    }
    out.push('。');
    out.push_str(&gaps(body, indicator, columns));
    let breaks: Vec<i32> = columns.windows(2).filter(|pair| edition(body, pair[0].0) != edition(body, pair[1].0)).map(|pair| pair[1].0).collect();
    if !breaks.is_empty() {
        out.push_str(&format!("{}起版式不同，前后不可直接比较。", years(&breaks)));
    }
    out
}

#[test]
fn every_sentence_is_reckoned_anew() {
    let folder = built();
    let mut counted = [0, 0, 0];
    for name in bodies(folder.path()) {
        let body = Body::read(&folder.path().join(&name));
        let compare = page(&folder.path().join(&name).join("compare/index.html"));
        // A body's own years come first, down to its earliest.
        let (title, columns) = years_of(folder.path(), &name, &body);
        for chart in compare.select(&select("figure.chart svg.series")) {
            let id = first(chart, "title").unwrap();
            let (words, unit) = id.split_once('（').map_or((id.as_str(), ""), |(words, unit)| (words, unit.trim_end_matches('）')));
            let indicator = chart.select(&select("title")).next().unwrap().value().id().unwrap().trim_start_matches("c-").trim_end_matches("-t");
            assert_eq!(first(chart, "desc").unwrap(), series(&format!("{title}{words}"), unit, &body, indicator, &columns), "{name} {indicator}");
            counted[0] += 1;
        }
    }
    // Small charts on one axis, and bars of one year: over the bodies below the root.
    let children: Vec<(String, Body)> =
        bodies(folder.path()).into_iter().filter(|body| !body.is_empty()).map(|body| (body.clone(), Body::read(&folder.path().join(&body)))).collect();
    for (path, _) in
        tree(folder.path()).into_iter().filter(|(path, _)| path.starts_with("indicators/") && path.matches('/').count() == 2 && path.ends_with(".html"))
    {
        let indicator = path.split('/').nth(1).unwrap();
        let found = page(&folder.path().join(&path));
        let Some(figure) = found.select(&select("figure.multiples")).next() else { continue };
        let drawn = figure.select(&select("li")).count();
        let with = children.iter().filter(|(_, body)| body.forms.keys().filter(|year| body.number(indicator, **year).is_some()).count() > 1);
        let top = with.clone().flat_map(|(_, body)| body.forms.keys().filter_map(|year| body.number(indicator, *year))).max().unwrap();
        assert_eq!(drawn, with.count(), "{indicator}");
        let words = first(figure, "figcaption").unwrap();
        assert!(words.contains(&format!("：{drawn}个机关，")) && words.contains(&format!("从0到{}", shown(top))), "{indicator}: {words}");
        counted[1] += 1;
    }
    for year in 2012..=2025 {
        let found = page(&folder.path().join(format!("years/{year}/index.html")));
        for chart in found.select(&select("figure.chart svg.bars")) {
            let id = chart.select(&select("title")).next().unwrap().value().id().unwrap();
            let indicator = id.trim_start_matches("b-").trim_end_matches("-t");
            let mut numbers: Vec<i64> = children.iter().filter_map(|(_, body)| body.number(indicator, year)).collect();
            numbers.sort_unstable();
            let title = first(chart, "title").unwrap();
            let (name, unit) = title.split_once('（').map_or((title.as_str(), ""), |(name, unit)| (name, unit.trim_end_matches('）')));
            let rows = found.select(&select("table.matrix tbody tr:not(.summary):not(.again)")).count();
            let (least, most) = (shown(numbers[0]), shown(numbers[numbers.len() - 1]));
            let wanted = format!("{year}年{name}：{rows}个机关中{}个有数，在{least}{unit}与{most}{unit}之间；按官方顺序排列，不排名。", numbers.len());
            assert_eq!(first(chart, "desc").unwrap(), wanted, "{year} {indicator}");
            counted[2] += 1;
        }
    }
    assert!(counted[0] > 25 && counted[1] > 20 && counted[2] > 15, "{counted:?}");
}

/// A stacked chart in words: the last year with its parts, the year with most, gaps.
fn stacked(name: &str, unit: &str, body: &Body, indicator: &str, parts: &[(String, Vec<Option<i64>>)], columns: &[(i32, Option<String>)]) -> Option<String> {
    let known = (0..columns.len()).find(|at| parts.iter().any(|(_, numbers)| numbers[*at].is_some()))?;
    let columns = &columns[known..];
    if parts.iter().filter(|(_, numbers)| numbers.iter().flatten().any(|number| *number > 0)).count() < 2 {
        return None;
    }
    let last = columns.iter().rposition(|(year, _)| body.number(indicator, *year).is_some())?;
    let total = body.number(indicator, columns[last].0).unwrap();
    let named: Vec<String> = parts
        .iter()
        .filter_map(|(part, numbers)| numbers[known + last].filter(|number| *number > 0).map(|number| format!("{part}{}", shown(number))))
        .collect();
    let most = columns.iter().filter_map(|(year, _)| body.number(indicator, *year)).max().unwrap();
    let those: Vec<i32> = columns.iter().map(|(year, _)| *year).filter(|year| body.number(indicator, *year) == Some(most)).collect();
    let mut out = format!("{name}：{}年{}{unit}，其中{}。", columns[last].0, shown(total), named.join("、"));
    out.push_str(&format!("历年最多是{}（{}{unit}）。", years(&those), shown(most)));
    out.push_str(&gaps(body, indicator, columns));
    Some(out)
}

/// Years of a body from its first report on, with why one has no report, as its comparison heads them.
fn years_of(folder: &std::path::Path, name: &str, body: &Body) -> (String, Vec<(i32, Option<String>)>) {
    let compare = page(&folder.join(name).join("compare/index.html"));
    let title = first(compare.root_element(), "h1").unwrap().split("逐年比较").next().unwrap().to_string();
    let mut columns: Vec<(i32, Option<String>)> = Vec::new();
    for head in compare.select(&select("table.years tr.heads th:not(.corner)")) {
        let year: i32 = text(head)[..4].parse().unwrap();
        if columns.last().is_some_and(|last| last.0 != year + 1) {
            break;
        }
        columns.push((year, first(head, "small.state")));
    }
    columns.retain(|(year, _)| body.forms.keys().next().is_none_or(|first| year >= first));
    columns.reverse();
    (title, columns)
}

#[test]
fn stacked_charts_say_what_the_figures_say() {
    let folder = built();
    let mut counted = [0, 0, 0];
    for name in bodies(folder.path()) {
        let body = Body::read(&folder.path().join(&name));
        let (title, columns) = years_of(folder.path(), &name, &body);
        for entry in std::fs::read_dir(folder.path().join(&name).join("compare")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
            let indicator = entry.file_name().unwrap().to_str().unwrap().to_string();
            let found = page(&entry.join("index.html"));
            let number = |part: &str, year: i32| {
                body.figures.get(&(indicator.clone(), part.to_string(), year)).filter(|figure| figure.0 == "stated").map(|figure| thousandths(&figure.1))
            };
            let rows_of = select("table.years tbody tr[id]");
            let rows = found.select(&rows_of).filter(|row| row.value().id() != Some("total"));
            let parts = rows.map(|row| (first(row, "th").unwrap(), columns.iter().map(|(year, _)| number(row.value().id().unwrap(), *year)).collect()));
            let parts: Vec<(String, Vec<Option<i64>>)> = parts.collect();
            let words = first(found.root_element(), "h1").unwrap();
            let words = words.split_once('：').unwrap().1.trim_end_matches("的分项").to_string();
            let wanted = stacked(&format!("{title}{words}"), "件", &body, &indicator, &parts, &columns);
            let said = found.select(&select("svg.series desc")).next().map(text);
            assert_eq!(said, wanted, "{name} {indicator}");
            counted[0] += usize::from(said.is_some());
        }
        // How applications ended, on the body's own page: kinds are sums of rows, which their ids tell apart.
        let kinds = [
            ("予以公开", "granted_full"),
            ("部分公开", "granted_partial"),
            ("不予公开", "refused_"),
            ("无法提供", "unavailable_"),
            ("不予处理", "declined_"),
            ("其他处理", "other_results"),
        ];
        let sum = |prefix: &str, year: i32| {
            let stated = body.figures.iter().filter(|(key, figure)| key.0.starts_with(prefix) && key.1 == "total" && key.2 == year && figure.0 == "stated");
            stated.map(|(_, figure)| thousandths(&figure.1)).reduce(|a, b| a + b)
        };
        let parts: Vec<(String, Vec<Option<i64>>)> =
            kinds.iter().map(|(kind, prefix)| (kind.to_string(), columns.iter().map(|(year, _)| sum(prefix, *year)).collect())).collect();
        let profile = page(&folder.path().join(&name).join("index.html"));
        let wanted = stacked(&format!("{title}办理结果总计"), "件", &body, "results_total", &parts, &columns);
        assert_eq!(profile.select(&select("#results-d")).next().map(text), wanted, "{name}");
        counted[1] += usize::from(wanted.is_some());
        for row in profile.select(&select("table.results tbody tr:not(.summary):not(.again)")) {
            let kind = first(row, "th").unwrap();
            let prefix = kinds.iter().find(|(known, _)| *known == kind).unwrap_or_else(|| panic!("{name}: {kind}")).1;
            let heads_of = select("table.results tr.heads th:not(.corner)");
            let heads = profile.select(&heads_of).map(|head| text(head)[..4].parse::<i32>().unwrap());
            for (cell, year) in row.select(&select("td")).zip(heads) {
                assert_eq!(first(cell, "a"), sum(prefix, year).map(shown), "{name} {kind} {year}");
                if let Some(link) = cell.select(&select("a")).next() {
                    assert!(link.value().attr("href").unwrap().contains(&format!("{year}/#{prefix}")), "{name} {kind} {year}");
                    counted[2] += 1;
                }
            }
        }
    }
    assert!(counted[0] > 20 && counted[1] > 5 && counted[2] > 100, "{counted:?}");
}

/// The grid of signs is the filing table once more: a sign for each body and year, and a legend of the signs that occur.
#[test]
fn signs_are_those_of_the_filing_table() {
    let folder = built();
    let csv = std::fs::read_to_string(folder.path().join("filing/table.csv")).unwrap();
    let mut states: BTreeMap<(String, i32), String> = BTreeMap::new();
    for line in csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes()).records().map(Result::unwrap) {
        states.insert((line[1].to_string(), line[2].parse().unwrap()), line[3].to_string());
    }
    let signs = [
        ("filed", '●', "按时"),
        ("late", '◐', "逾期"),
        ("missing", '○', "未见报告"),
        ("pending", '◌', "未到期"),
        ("undated", '□', "日期未载明"),
        ("held", '▤', "未发布"),
        ("nobody", '·', "未设立、已撤并或未列入"),
    ];
    let found = page(&folder.path().join("years/index.html"));
    let chart = found.select(&select("svg.grid")).next().unwrap();
    let mut seen: BTreeSet<char> = BTreeSet::new();
    let names: Vec<String> = chart.select(&select("text.num")).map(text).collect();
    for (name, row) in names.iter().zip(chart.select(&select("text.sign"))) {
        let wanted: String = (2012..=2025)
            .map(|year| states.get(&(name.clone(), year)).map_or("nobody", String::as_str))
            .map(|state| signs.iter().find(|sign| sign.0 == state).unwrap_or_else(|| panic!("{state}")).1)
            .collect();
        assert_eq!(text(row), wanted, "{name}");
        seen.extend(wanted.chars());
    }
    assert_eq!(names.len(), 8);
    let legend: Vec<String> = signs.iter().filter(|sign| seen.contains(&sign.1)).map(|(_, sign, word)| format!("{sign} {word}")).collect();
    assert_eq!(first(chart, "desc").unwrap(), format!("云泽县8个下级机关，2012—2025年：{}。", legend.join("、")));
}

/// Two charts with different data never say the same, and each is small.
#[test]
fn no_two_charts_say_the_same() {
    let folder = built();
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for (path, bytes) in tree(folder.path()).into_iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = scraper::Html::parse_document(&String::from_utf8_lossy(&bytes));
        for chart in page.select(&select("figure.chart svg[role=img]")) {
            let drawing: Vec<&str> =
                chart.select(&select("path, rect, circle")).filter_map(|part| part.value().attr("d").or(part.value().attr("cx"))).collect();
            let drawing = drawing.join(" ");
            let words = first(chart, "desc").unwrap();
            assert!(!words.is_empty() && first(chart, "title").is_some(), "{path}");
            assert!(chart.html().len() < 8000, "{path}: {}", chart.html().len());
            let known = said.entry(words.clone()).or_insert_with(|| drawing.clone());
            assert_eq!(*known, drawing, "{path}: {words}");
        }
    }
    assert!(said.len() > 80, "{}", said.len());
}
