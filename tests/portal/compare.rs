//! Comparison pages against an independent reckoning: the figures of `figures.csv`, compared here with plain fractions.

use crate::reckoning::{Body, bodies, cells, change, first, page, select, shown, text, thousandths};
use crate::site::{Site, demo, gongkai, report, run};
use scraper::ElementRef;
use std::collections::{BTreeMap, BTreeSet};

fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let built = run(gongkai().arg("build").arg("-r").arg(demo()).arg("-o").arg(folder.path()));
    assert_eq!(built.code, 0, "{}", built.err);
    folder
}

/// Whose year each column of a table is: the heads above the years name the bodies that came before.
fn columns(table: ElementRef<'_>, body: &str) -> Vec<(String, i32)> {
    let mut whose: Vec<String> = Vec::new();
    for run in table.select(&select("tr.runs th")) {
        let span: usize = run.value().attr("colspan").unwrap().parse().unwrap();
        let other =
            run.select(&select("a")).next().map(|link| link.value().attr("href").unwrap().trim_start_matches("../").trim_end_matches("/compare/").to_string());
        whose.extend(std::iter::repeat_n(other.unwrap_or_else(|| body.to_string()), span));
    }
    let heads = select("tr.heads th:not(.corner)");
    let years = table.select(&heads).map(|head| text(head).chars().take(4).collect::<String>().parse().unwrap());
    years.enumerate().map(|(place, year)| (whose.get(place).cloned().unwrap_or_else(|| body.to_string()), year)).collect()
}

#[test]
fn every_cell_of_every_comparison_is_right() {
    let folder = built();
    let all: BTreeMap<String, Body> = bodies(folder.path()).into_iter().map(|body| (body.clone(), Body::read(&folder.path().join(&body)))).collect();
    assert_eq!(all.len(), 9);
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for body in all.keys() {
        let page = page(&folder.path().join(body).join("compare/index.html"));
        let mut seen = BTreeSet::new();
        let main = columns(page.select(&select("table.years")).next().unwrap(), body);
        let own: Vec<i32> = main.iter().filter(|column| column.0 == *body).map(|column| column.1).collect();
        assert!(own.windows(2).all(|pair| pair[0] == pair[1] + 1), "{body}: no year is left out: {own:?}");
        for table in page.select(&select("table.matrix")) {
            let columns = columns(table, body);
            for row in table.select(&select("tbody tr[id]:not(.block)")) {
                let indicator = row.value().id().unwrap();
                assert!(seen.insert(indicator.to_string()), "{body} {indicator} stands twice");
                let cells = cells(row);
                assert_eq!(cells.len(), columns.len(), "{body} {indicator}");
                for (cell, (whose, year)) in cells.into_iter().zip(&columns) {
                    let of = &all[whose];
                    let place = format!("{body} {indicator} {whose} {year}");
                    let class = cell.value().attr("class").unwrap();
                    let Some(figure) = of.total(indicator, *year) else {
                        let kinds: &[&str] = if of.forms.contains_key(year) { &["v-unstated", "v-absent"] } else { &["v-missing", "v-held", "v-nobody"] };
                        assert!(kinds.iter().any(|kind| class.contains(kind)), "{place}: {class}");
                        *counted.entry("none").or_default() += 1;
                        continue;
                    };
                    let number = first(cell, "a").unwrap_or_default();
                    match figure.0.as_str() {
                        "stated" => assert_eq!(number.trim_end_matches(['余', '多']), shown(thousandths(&figure.1)), "{place}"),
                        "blank" => assert!(class.contains("v-blank") && number == "空", "{place}"),
                        _ => assert!(class.contains("v-na") || class.contains("v-withheld"), "{place}"),
                    }
                    let href = cell.select(&select("a")).next().unwrap().value().attr("href").unwrap();
                    let report = if whose.is_empty() { format!("/{year}/") } else { format!("/{whose}/{year}/") };
                    let report = if whose == body { format!("../{year}/") } else { report };
                    assert!(href.ends_with(&format!("{report}#{indicator}")), "{place}: {href}");
                    let (wanted, percent) = match (of.number(indicator, year - 1), of.number(indicator, *year)) {
                        (Some(_), Some(_)) if of.forms[&(year - 1)] != of.forms[year] => (Some("‡".to_string()), None),
                        (Some(0), Some(0)) => (None, None),
                        (Some(base), Some(now)) => (Some(change(base, now).0), change(base, now).1),
                        _ => (None, None),
                    };
                    assert_eq!(first(cell, ".change"), wanted, "{place}");
                    let found = cell.select(&select("[data-pc]")).next().and_then(|change| change.value().attr("data-pc").map(str::to_string));
                    assert_eq!(found, percent, "{place}");
                    let kind = wanted.and_then(|words| words.chars().next()).map_or("quiet", |sign| match sign {
                        '增' => "rise",
                        '减' => "fall",
                        '‡' => "break",
                        _ => "same",
                    });
                    *counted.entry(kind).or_default() += 1;
                }
            }
        }
        let of = |whose: &String| all[whose].figures.keys().filter(|key| key.1 == "total").map(|key| key.0.clone()).collect::<BTreeSet<String>>();
        let wanted = of(body);
        assert_eq!(seen, wanted, "{body}: every indicator of its own has its row");
        // What only the bodies before it state stands on their pages; this one says how much, and its CSV has all of it.
        let before: BTreeSet<String> = main.iter().filter(|column| column.0 != *body).flat_map(|column| of(&column.0)).collect();
        let elsewhere = before.difference(&wanted).count();
        let csv = std::fs::read_to_string(folder.path().join(body).join("compare/table.csv")).unwrap();
        assert!(before.iter().all(|indicator| csv.contains(&format!(",{indicator},"))), "{body}");
        assert_eq!(text(page.root_element()).contains(&format!("另有{elsewhere}项只见于")), elsewhere > 0, "{body}: {elsewhere}");
    }
    assert!(counted.len() == 6 && counted.values().all(|count| *count > 50), "gaps, rises, falls, breaks and equals all occur: {counted:?}");
}

/// Any two filed years can be chosen: neighbors lead to their page, others carry their difference in the table.
#[test]
fn any_two_years_stand_side_by_side_with_their_difference() {
    let folder = built();
    let css = std::fs::read_dir(folder.path().join("assets"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "css"));
    let css = std::fs::read_to_string(css.unwrap()).unwrap();
    let (mut pages, mut places, mut differences) = (0, 0, 0);
    for name in bodies(folder.path()) {
        let body = Body::read(&folder.path().join(&name));
        let page = page(&folder.path().join(&name).join("compare/index.html"));
        let table = page.select(&select("table.years")).next().unwrap();
        let columns = columns(table, &name);
        let filed: Vec<i32> = body.forms.keys().rev().copied().collect();
        let mut offered: BTreeSet<(i32, i32)> = BTreeSet::new();
        for line in page.select(&select(".pick div")) {
            let newer: i32 = first(line, "dt").unwrap()[..4].parse().unwrap();
            for link in line.select(&select("a")) {
                let older: i32 = text(link).parse().unwrap();
                assert!(offered.insert((newer, older)), "{name}: {newer} {older} twice");
                let href = link.value().attr("href").unwrap();
                if href == format!("../{older}-{newer}/") {
                    pages += 1;
                    continue;
                }
                places += 1;
                assert_eq!((href, link.value().id().unwrap()), (format!("#{older}-{newer}").as_str(), format!("{older}-{newer}").as_str()));
                let at = |year: i32| columns.iter().position(|column| *column == (name.clone(), year)).unwrap() + 1;
                let class = link.value().attr("class").unwrap();
                let differ = body.forms[&newer] != body.forms[&older];
                assert_eq!(class, format!("two k{} k{} o{}{}", at(newer), at(older), at(older), if differ { " x" } else { "" }), "{name} {newer} {older}");
                for rule in [format!(":has(.k{}:target)", at(newer)), format!(":has(.o{}:target)", at(older))] {
                    assert!(css.contains(&rule), "the style sheet has no {rule}");
                }
                for row in table.select(&select("tbody tr[id]:not(.block)")) {
                    let indicator = row.value().id().unwrap();
                    let cell = cells(row)[at(newer) - 1];
                    let found = cell.value().attr(&format!("data-o{}", at(older)));
                    let wanted = match (body.number(indicator, older), body.number(indicator, newer)) {
                        (Some(base), Some(now)) if !differ && (base, now) != (0, 0) => {
                            let (words, percent) = change(base, now);
                            Some(percent.map_or(words.clone(), |percent| format!("{words}（{percent}）")))
                        }
                        _ => None,
                    };
                    differences += usize::from(wanted.is_some());
                    assert_eq!(found, wanted.as_deref(), "{name} {indicator} {newer} against {older}");
                }
            }
        }
        assert_eq!(offered.len(), filed.len() * (filed.len() - 1) / 2, "{name}: every two of {filed:?}");
    }
    assert!(pages > 60 && places > 200 && differences > 500, "{pages} {places} {differences}");
}

#[test]
fn year_against_year_says_what_changed() {
    let folder = built();
    let mut seen = BTreeMap::<&str, usize>::new();
    for name in bodies(folder.path()) {
        let body = Body::read(&folder.path().join(&name));
        let years: Vec<i32> = body.forms.keys().copied().collect();
        for pair in years.windows(2) {
            let (older, newer) = (pair[0], pair[1]);
            let page = page(&folder.path().join(&name).join(format!("{older}-{newer}/index.html")));
            let same_form = body.forms[&older] == body.forms[&newer];
            let mut rows = BTreeSet::new();
            for row in page.select(&select("table.matrix tbody tr[id]:not(.block)")) {
                let indicator = row.value().id().unwrap();
                rows.insert(indicator.to_string());
                let cells = cells(row);
                let place = format!("{name} {older}-{newer} {indicator}");
                for (cell, year) in cells.iter().zip([older, newer]) {
                    if let Some(number) = body.number(indicator, year) {
                        assert_eq!(first(*cell, "a").unwrap().trim_end_matches(['余', '多']), shown(number), "{place}");
                        assert!(
                            cell.select(&select("a")).next().unwrap().value().attr("href").unwrap().ends_with(&format!("../{year}/#{indicator}")),
                            "{place}"
                        );
                    }
                }
                let wanted = match (body.total(indicator, older), body.total(indicator, newer)) {
                    (Some(_), Some(_)) => match (body.number(indicator, older), body.number(indicator, newer)) {
                        (Some(_), Some(_)) if !same_form => Some("‡".to_string()),
                        (Some(base), Some(now)) => {
                            let (words, percent) = change(base, now);
                            Some(percent.map_or(words.clone(), |percent| format!("{words}（{percent}）")))
                        }
                        _ => None,
                    },
                    (None, _) => Some("上一份未写明".to_string()),
                    (_, None) => Some("本份未写明".to_string()),
                };
                assert_eq!(first(cells[2], ".change"), wanted, "{place}");
                *seen
                    .entry(wanted.map_or("none", |words| {
                        if words.starts_with('增') {
                            "rise"
                        } else if words.starts_with('减') {
                            "fall"
                        } else {
                            "other"
                        }
                    }))
                    .or_default() += 1;
            }
            // The page's own CSV has the same rows, in one table.
            let csv = std::fs::read_to_string(folder.path().join(&name).join(format!("{older}-{newer}/table.csv"))).unwrap();
            let mut listed = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
            for row in listed.records().map(Result::unwrap) {
                for (place, year) in [(4, older), (5, newer)] {
                    let wanted = body.number(&row[1], year).map(|number| shown(number).replace(',', "").replace('\u{2212}', "-"));
                    assert!(wanted.is_none_or(|wanted| row[place].trim_end_matches(['余', '多']) == wanted), "{name} {older}-{newer}: {row:?}");
                }
            }
            assert_eq!(csv.lines().count() - 1, rows.len(), "{name} {older}-{newer}");
            let stated = body.figures.keys().filter(|key| key.1 == "total" && (key.2 == older || key.2 == newer)).map(|key| key.0.clone());
            assert_eq!(rows, stated.collect::<BTreeSet<_>>(), "{name} {older}-{newer}");
        }
    }
    assert!(seen["rise"] > 100 && seen["fall"] > 100 && seen["other"] > 100, "{seen:?}");
}

/// Sentences on top of a text comparison are whole sentences of one report that the other lacks, and lead to their place.
#[test]
fn what_is_new_and_what_is_gone_leads_to_its_place() {
    let folder = built();
    let page = page(&folder.path().join("yunxi/2023-2024/index.html"));
    let plain = |year: i32| text(crate::reckoning::page(&folder.path().join(format!("yunxi/{year}/index.html"))).root_element());
    let (old, new) = (plain(2023), plain(2024));
    let mut counted = [0, 0];
    for (place, (list, has, lacks)) in [("added", &new, &old), ("removed", &old, &new)].into_iter().enumerate() {
        for link in page.select(&select(&format!(".sentences.{list} a"))) {
            let target = link.value().attr("href").unwrap();
            let at = page.select(&select(&format!("p.{list}[id='{}']", &target[1..]))).next().unwrap_or_else(|| panic!("{target}"));
            let sentence = text(at.select(&select("ins, del")).next().unwrap()).trim_start_matches("新增：").trim_start_matches("删去：").to_string();
            assert!(sentence.starts_with(text(link).trim_end_matches('…')), "{sentence}");
            // A footnote's sign may stand before the closing mark.
            let said = sentence.trim_end_matches(['。', '；']);
            let carried = said.replace("2024", "2023");
            assert!(has.contains(said) || has.contains(&carried), "{list}: {sentence}");
            let whole = lacks.match_indices(&sentence).any(|(at, _)| lacks[..at].ends_with(['。', '；', '！', '？', '\n']));
            assert!(!whole, "{list}: {sentence}");
            counted[place] += 1;
        }
    }
    assert!(counted.iter().all(|count| *count > 5), "{counted:?}");
}

/// Year and indicator matrices: every child's number, and sums of how many of how many.
#[test]
fn matrices_over_the_children_are_right() {
    let folder = built();
    let children: BTreeMap<String, Body> =
        bodies(folder.path()).into_iter().filter(|body| !body.is_empty()).map(|body| (body.clone(), Body::read(&folder.path().join(&body)))).collect();
    let (mut numbers, mut sums) = (0, 0);
    for entry in std::fs::read_dir(folder.path().join("indicators")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let indicator = path.file_name().unwrap().to_str().unwrap().to_string();
        let page = page(&path.join("index.html"));
        let table = page.select(&select("table.matrix")).next().unwrap();
        let columns: Vec<i32> = table.select(&select("tr.heads th:not(.corner)")).map(|head| text(head).parse().unwrap()).collect();
        for row in table.select(&select("tbody tr")) {
            let Some(head) = row.select(&select("th[scope=row] a")).next() else { continue };
            let name = head.value().attr("href").unwrap().trim_start_matches("../").trim_end_matches('/');
            let Some(body) = children.get(name) else { continue };
            for (cell, year) in cells(row).into_iter().zip(&columns) {
                if let Some(number) = body.number(&indicator, *year) {
                    assert_eq!(first(cell, "a").unwrap().trim_end_matches(['余', '多']), shown(number), "{indicator} {name} {year}");
                    numbers += 1;
                } else {
                    assert!(!cell.value().attr("class").unwrap().contains("number"), "{indicator} {name} {year}");
                }
            }
        }
        let row = table.select(&select("#sum")).next().unwrap();
        for (cell, year) in cells(row).into_iter().zip(&columns) {
            let stated: Vec<(i64, &String)> = children.values().filter_map(|body| Some((body.number(&indicator, *year)?, &body.forms[year]))).collect();
            let editions: BTreeSet<&String> = stated.iter().map(|(_, form)| *form).collect();
            let wanted = (editions.len() == 1).then(|| shown(stated.iter().map(|(number, _)| number).sum()));
            assert_eq!(first(cell, "a"), wanted, "{indicator} {year}");
            if wanted.is_some() {
                let note = first(cell, ".note").unwrap();
                assert!(note.starts_with(&format!("{}/", stated.len())), "{indicator} {year}: {note}");
                sums += 1;
            }
        }
        // The list by number holds the same numbers, ties on one line.
        let mut listed = Vec::new();
        for line in page.select(&select(".by-value li strong")) {
            let line = ElementRef::wrap(line.parent().unwrap()).unwrap();
            let value = first(line, "strong").unwrap();
            let bodies = line.select(&select("a")).count();
            assert_eq!(first(line, "small").is_some(), bodies > 1, "{indicator}: ties are said");
            listed.extend(std::iter::repeat_n(value, bodies));
        }
        if !listed.is_empty() {
            let mut wanted: Vec<i64> = children.values().filter_map(|body| body.number(&indicator, columns[0])).collect();
            wanted.sort_unstable_by(|a, b| b.cmp(a));
            assert_eq!(
                listed.iter().map(|value| value.trim_end_matches(['余', '多'])).collect::<Vec<_>>(),
                wanted.iter().map(|n| shown(*n)).collect::<Vec<_>>(),
                "{indicator}"
            );
        }
    }
    assert!(numbers > 1000 && sums > 200, "{numbers} {sums}");
}

/// One year over the children: filing, every headline number with its change, and the sum of how many of how many.
#[test]
fn a_year_over_the_children_is_right() {
    let folder = built();
    let children: BTreeMap<String, Body> =
        bodies(folder.path()).into_iter().filter(|body| !body.is_empty()).map(|body| (body.clone(), Body::read(&folder.path().join(&body)))).collect();
    let filing = std::fs::read_to_string(folder.path().join("filing/table.csv")).unwrap();
    let (mut numbers, mut changes, mut breaks, mut sums) = (0, 0, 0, 0);
    for year in 2012..=2025 {
        let page = page(&folder.path().join(format!("years/{year}/index.html")));
        let table = page.select(&select("table.matrix")).next().unwrap();
        // The first column says who filed; the heads of the others lead to their indicator.
        let indicators: Vec<String> = table
            .select(&select("tr.heads th.n a"))
            .map(|head| head.value().attr("href").unwrap().trim_end_matches('/').rsplit('/').next().unwrap().to_string())
            .collect();
        assert_eq!(table.select(&select("tr.heads th.n")).count(), indicators.len() + 1, "{year}");
        let mut rows = 0;
        for row in table.select(&select("tbody tr:not(.summary):not(.again)")) {
            let name = row.select(&select("th a")).next().unwrap().value().attr("href").unwrap().trim_matches(['.', '/']).to_string();
            let body = &children[&name];
            rows += 1;
            let cells = cells(row);
            let state = cells[0].value().attr("class").unwrap().trim_start_matches("v-").split(' ').next().unwrap();
            let listed = filing.lines().find(|line| line.starts_with(&format!("{name},")) && line.contains(&format!(",{year},")));
            assert_eq!(listed.map_or("nobody", |line| line.split(',').nth(3).unwrap()), state, "{year} {name}");
            for (cell, indicator) in cells[1..].iter().zip(&indicators) {
                let place = format!("{year} {name} {indicator}");
                let Some(now) = body.number(indicator, year) else {
                    assert!(!["v-number", "v-zero"].iter().any(|kind| cell.value().attr("class").unwrap().contains(kind)), "{place}");
                    continue;
                };
                assert_eq!(first(*cell, "a").unwrap().trim_end_matches(['余', '多']), shown(now), "{place}");
                let href = cell.select(&select("a")).next().unwrap().value().attr("href").unwrap();
                assert_eq!(href, format!("../../{name}/{year}/#{indicator}"));
                numbers += 1;
                let wanted = body
                    .number(indicator, year - 1)
                    .map(|base| if body.forms[&(year - 1)] == body.forms[&year] { change(base, now).0 } else { "‡".to_string() });
                breaks += usize::from(wanted.as_deref() == Some("‡"));
                changes += usize::from(wanted.is_some());
                assert_eq!(first(*cell, ".change"), wanted, "{place}");
            }
        }
        assert!(rows >= children.values().filter(|body| body.forms.contains_key(&year)).count(), "{year}: everyone who filed has a row");
        let sum = table.select(&select("#sum")).next().unwrap();
        for (cell, indicator) in cells(sum)[1..].iter().zip(&indicators) {
            let stated: Vec<(i64, &String)> = children.values().filter_map(|body| Some((body.number(indicator, year)?, &body.forms[&year]))).collect();
            let one_form = stated.iter().map(|(_, form)| *form).collect::<BTreeSet<_>>().len() == 1;
            let wanted = one_form.then(|| shown(stated.iter().map(|(number, _)| number).sum()));
            assert_eq!(first(*cell, "a"), wanted, "{year} {indicator}");
            sums += usize::from(wanted.is_some());
        }
    }
    assert!(numbers > 400 && changes > 300 && breaks > 50 && sums > 60, "{numbers} {changes} {breaks} {sums}");
}

/// The parts of a statutory row: every part, every year, each led to the row it was read from.
#[test]
fn breakdowns_are_right() {
    let folder = built();
    let (mut pages, mut numbers, mut changes) = (0, 0, 0);
    for name in bodies(folder.path()) {
        let body = Body::read(&folder.path().join(&name));
        let compare = folder.path().join(&name).join("compare");
        let folders = std::fs::read_dir(&compare).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
        for path in folders {
            let indicator = path.file_name().unwrap().to_str().unwrap().to_string();
            let page = page(&path.join("index.html"));
            let table = page.select(&select("table.years")).next().unwrap();
            let columns = columns(table, &name);
            pages += 1;
            let mut seen = BTreeSet::new();
            for row in table.select(&select("tbody tr[id]")) {
                let part = row.value().id().unwrap();
                seen.insert(part.to_string());
                for (cell, (_, year)) in cells(row).into_iter().zip(&columns) {
                    let place = format!("{name} {indicator}.{part} {year}");
                    let number = |year: i32| {
                        let figure = body.figures.get(&(indicator.clone(), part.to_string(), year))?;
                        (figure.0 == "stated").then(|| thousandths(&figure.1))
                    };
                    let Some(now) = number(*year) else {
                        assert!(!["v-number", "v-zero"].iter().any(|kind| cell.value().attr("class").unwrap().contains(kind)), "{place}");
                        continue;
                    };
                    assert_eq!(first(cell, "a").unwrap(), shown(now), "{place}");
                    assert_eq!(cell.select(&select("a")).next().unwrap().value().attr("href").unwrap(), format!("../../{year}/#{indicator}"), "{place}");
                    numbers += 1;
                    let wanted = number(year - 1).and_then(|base| match (body.forms[&(year - 1)] == body.forms[year], base, now) {
                        (false, ..) => Some("‡".to_string()),
                        (true, 0, 0) => None,
                        (true, base, now) => Some(change(base, now).0),
                    });
                    changes += usize::from(wanted.is_some());
                    assert_eq!(first(cell, ".change"), wanted, "{place}");
                }
            }
            let wanted: BTreeSet<String> = body.figures.keys().filter(|key| key.0 == indicator).map(|key| key.1.clone()).collect();
            assert_eq!(seen, wanted, "{name} {indicator}");
        }
    }
    assert!(pages > 40 && numbers > 1500 && changes > 300, "{pages} {numbers} {changes}");
}

/// A town made of two: their columns before its own, each marked as theirs, nothing added up; and theirs lead on to it.
#[test]
fn mergers_bridge_to_what_came_before() {
    let folder = built();
    let page_of = |name: &str| page(&folder.path().join(name).join("compare/index.html"));
    let merged = page_of("qinghe");
    let table = merged.select(&select("table.years")).next().unwrap();
    let whose: BTreeSet<String> = columns(table, "qinghe").into_iter().map(|column| column.0).collect();
    assert_eq!(whose, ["hewan", "qinghe", "qingshi"].map(String::from).into());
    let csv = std::fs::read_to_string(folder.path().join("qinghe/compare/table.csv")).unwrap();
    assert!(csv.lines().next().unwrap().contains(",2020,河湾乡 2019,") && csv.lines().next().unwrap().contains("青石乡 2014"), "{csv}");
    let words = text(merged.root_element());
    assert!(words.contains("2020年由河湾乡、青石乡合并设立，之前分列，不相加。"), "{words}");
    let before = page_of("hewan");
    let link = before.select(&select("main a")).find(|link| text(*link).contains("由青河镇承接")).unwrap();
    assert_eq!(link.value().attr("href"), Some("../../qinghe/compare/"));
    // Where bodies stand side by side, the years after the merger say where they went.
    let indicator = page(&folder.path().join("indicators/applications_new/index.html"));
    let gone = indicator.select(&select("td.v-nobody a")).map(text).collect::<Vec<_>>();
    assert_eq!(gone, ["已并入青河镇", "已并入青河镇"]);
}

/// Converted units, blanks, withheld and approximate numbers, sums since counting began: each as stated, none mixed.
#[test]
fn readings_are_never_mixed() {
    let site = Site::small();
    site.put(
        "content/yi/2023.md",
        report(2023, "proactive_disclosed_total = { value = 900, about = \"余\" }\napplications_new = \"blank\"\npolicy_interpretations = \"withheld\"\ndisclosure_budget = { value = 0.9, unit = \"万元\" }\ntrainings = { value = 120, span = \"cumulative\" }\n", "全年公开900余条。\n"),
    );
    site.put(
        "content/yi/2024.md",
        report(
            2024,
            "proactive_disclosed_total = 950\napplications_new = 4\npolicy_interpretations = 2\ndisclosure_budget = 12000\ntrainings = 3\n",
            "全年公开950条。\n",
        ),
    );
    site.put(
        "content/yi/2025.md",
        report(2025, "proactive_disclosed_total = 1000\napplications_new = 0\npolicy_interpretations = \"n/a\"\ntrainings = 4\n", "全年公开1000条。\n"),
    );
    site.build(&[]);
    let page = page(&site.public().join("yi/compare/index.html"));
    let row = |indicator: &str| -> Vec<(String, String)> {
        let row = page.select(&select(&format!("tr[id='{indicator}']"))).next().unwrap_or_else(|| panic!("{indicator}"));
        cells(row).into_iter().map(|cell| (cell.value().attr("class").unwrap().split(' ').next().unwrap().to_string(), text(cell))).collect()
    };
    let is = |indicator: &str, wanted: [(&str, &str); 3]| {
        assert_eq!(row(indicator), wanted.map(|(class, words)| (class.to_string(), words.to_string())), "{indicator}")
    };
    is("proactive_disclosed_total", [("v-number", "1,000增50"), ("v-number", "950增50"), ("v-number", "900余")]);
    is("applications_new", [("v-zero", "0减4"), ("v-number", "4"), ("v-blank", "空")]);
    is("policy_interpretations", [("v-na", "—"), ("v-number", "2"), ("v-withheld", "不公开")]);
    is("disclosure_budget", [("v-absent", "此版式没有这一项"), ("v-number", "12,000增3,000"), ("v-number", "9,0000.9万元")]);
    // 120 since counting began is no point of the series.
    is("trainings", [("v-number", "4增1"), ("v-number", "3"), ("v-absent", "此版式没有这一项")]);
    let chart = page.select(&select("figure.chart")).next().unwrap();
    assert!(text(chart).contains("≈900"), "{}", text(chart));
}

#[test]
fn a_comparison_of_eighteen_years_stays_light() {
    let site = Site::small();
    for year in 2008..=2025 {
        let figures = format!("proactive_disclosed_total = {year}\napplications_new = {}\npolicy_interpretations = 1\n", year % 7);
        site.put(&format!("content/yi/{year}.md"), report(year, &figures, "全年公开。\n"));
    }
    site.build(&[]);
    let page = page(&site.public().join("yi/compare/index.html"));
    // What every page has and the choice of any two of eighteen years take less than a third of the three thousand; the rest is for rows.
    assert!(page.select(&select("*")).count() < 900, "{}", page.select(&select("*")).count());
}

/// A number read from a report leads to its row, a computed one to the list it was computed from: on every page.
#[test]
fn every_number_leads_somewhere() {
    let folder = built();
    let mut lost: BTreeMap<String, usize> = BTreeMap::new();
    let mut followed = 0;
    for (path, bytes) in crate::site::tree(folder.path()).into_iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = scraper::Html::parse_document(&String::from_utf8_lossy(&bytes));
        let kind = page.select(&select("body")).next().and_then(|body| body.value().attr("class").map(str::to_string)).unwrap_or_default();
        for cell in page.select(&select("td.v-number, td.v-zero, td.v-blank, td.v-na, td.v-withheld, .big.v-number, .big.v-zero, .big.v-blank")) {
            // In the tables of a report's own page the number is at home, in the very row that others lead to: the row has its anchor. The
            // fifteen columns of part four, as printed, stand with the same numbers in rows that have theirs. Only what changed since the
            // year before comes from elsewhere.
            let is = |around: &ElementRef<'_>, wanted: &str| around.value().attr("class").is_some_and(|class| class.split(' ').any(|class| class == wanted));
            let around: Vec<ElementRef<'_>> = cell.ancestors().filter_map(ElementRef::wrap).collect();
            let anchored = |row: &ElementRef<'_>| row.value().id().is_some() || row.select(&select("td[id]")).next().is_some();
            let row = around.iter().find(|row| row.value().name() == "tr").is_some_and(anchored);
            let block = around.iter().find(|block| is(block, "stat-part_four")).is_some_and(|block| block.select(&select("tr[id]")).next().is_some());
            let changed = around.iter().any(|around| is(around, "changes"));
            let at_home = kind.contains("page-report") && cell.value().name() == "td" && (row || block) && !changed;
            if at_home || cell.select(&select("a[href]")).next().is_some() {
                followed += 1;
            } else {
                *lost.entry(format!("{kind} {path}")).or_default() += 1;
            }
        }
    }
    assert!(lost.is_empty() && followed > 5000, "{followed} lead on, these do not: {lost:#?}");
}
