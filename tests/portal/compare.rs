//! Comparison pages against an independent reckoning: the figures of `figures.csv`, compared here with plain fractions.

use crate::site::{demo, gongkai, run};
use scraper::{ElementRef, Html, Selector};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// (indicator, year) → reading and value of totals in their year.
type Figures = BTreeMap<(String, i32), (String, String)>;

fn figures(folder: &Path) -> (Figures, BTreeMap<i32, String>) {
    let text = std::fs::read_to_string(folder.join("figures.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let head = reader.headers().unwrap().clone();
    let (mut figures, mut forms) = (Figures::new(), BTreeMap::new());
    for row in reader.records() {
        let row = row.unwrap();
        let cell = |name: &str| row[head.iter().position(|known| known == name).unwrap()].to_string();
        let year: i32 = cell("year").parse().unwrap();
        forms.insert(year, cell("form"));
        if cell("breakdown") == "total" && cell("span") == "year" {
            figures.insert((cell("indicator"), year), (cell("reading"), cell("value")));
        }
    }
    (figures, forms)
}

/// A decimal as thousandths: exact for everything the forms hold.
fn thousandths(value: &str) -> i64 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let fraction: i64 = format!("{fraction:0<3}")[..3].parse().unwrap();
    let whole: i64 = whole.parse().unwrap();
    if value.starts_with('-') { whole * 1000 - fraction } else { whole * 1000 + fraction }
}

fn shown(thousandths: i64) -> String {
    let (whole, rest) = (thousandths.abs() / 1000, thousandths.abs() % 1000);
    let digits = whole.to_string();
    let mut grouped = if thousandths < 0 { "\u{2212}".to_string() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest == 0 { grouped } else { format!("{grouped}.{}", format!("{rest:03}").trim_end_matches('0')) }
}

/// What has to stand under a number, given the year before in the table.
fn expected(older: Option<&(String, String)>, newer: &(String, String), same_form: bool) -> Option<(String, Option<String>)> {
    let older = older?;
    if older.0 != "stated" || newer.0 != "stated" {
        return None;
    }
    if !same_form {
        return Some(("‡".into(), None));
    }
    let (base, now) = (thousandths(&older.1), thousandths(&newer.1));
    if base == now {
        return Some(("持平".into(), None));
    }
    let words = if now > base { format!("增{}", shown(now - base)) } else { format!("减{}", shown(base - now)) };
    let percent = if base.abs() < 5000 {
        "基数小".to_string()
    } else {
        // Tenths of a percent, halves away from zero.
        let tenths = ((now - base).abs() * 2000 + base.abs()) / (2 * base.abs());
        let sign = if now > base { "+" } else { "\u{2212}" };
        format!("{sign}{}.{}%", shown(tenths / 10 * 1000), tenths % 10)
    };
    Some((words, Some(percent)))
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().trim().to_string()
}

fn percent_of(change: &str) -> Option<String> {
    change.split_once('（').map(|(_, rest)| rest.trim_end_matches('）').to_string())
}

#[test]
fn every_cell_of_every_comparison_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let built = run(gongkai().arg("build").arg("-r").arg(demo()).arg("-o").arg(folder.path()));
    assert_eq!(built.code, 0, "{}", built.err);
    let select = |query: &str| Selector::parse(query).unwrap();
    let (rows, heads, cells) = (select("table.matrix tbody tr[id]:not(.block)"), select("table.matrix thead th"), select("td"));
    let (change, link, row_head) = (select("small.change"), select("a"), select("th"));
    let mut counted = [0usize; 5];
    for body in ["", "baita", "hewan", "longquan", "nongye", "qinghe", "qingshi", "songling", "yunxi"] {
        let (figures, forms) = figures(&folder.path().join(body));
        let page = Html::parse_document(&std::fs::read_to_string(folder.path().join(body).join("compare/index.html")).unwrap());
        let mut columns: Vec<i32> = Vec::new();
        for head in page.select(&heads) {
            let words: Vec<char> = text(head).chars().collect();
            let four = |place: usize| words[place..place + 4].iter().collect::<String>();
            let digits = |four: &String| four.bytes().all(|byte| byte.is_ascii_digit());
            // The edition's name may stand before the year.
            let year = (0..words.len().saturating_sub(3)).map(four).rfind(digits).unwrap_or_default();
            if let Ok(year) = year.parse() {
                if columns.contains(&year) {
                    break;
                }
                columns.push(year);
            }
        }
        assert!(columns.windows(2).all(|pair| pair[0] == pair[1] + 1), "{body}: no year is left out: {columns:?}");
        let mut seen = BTreeSet::new();
        for row in page.select(&rows) {
            let indicator = row.value().id().unwrap().to_string();
            seen.insert(indicator.clone());
            assert!(row.select(&row_head).next().is_some());
            for (place, cell) in row.select(&cells).enumerate() {
                let year = columns[place];
                let class = cell.value().attr("class").unwrap();
                let Some(figure) = figures.get(&(indicator.clone(), year)) else {
                    let kinds: &[&str] = if forms.contains_key(&year) { &["v-unstated", "v-absent"] } else { &["v-missing", "v-held", "v-nobody"] };
                    assert!(kinds.iter().any(|kind| class.contains(kind)), "{body} {indicator} {year}: {class}");
                    counted[0] += 1;
                    continue;
                };
                let number = cell.select(&link).next().map(text).unwrap_or_default();
                match figure.0.as_str() {
                    "stated" => assert_eq!(number, shown(thousandths(&figure.1)), "{body} {indicator} {year}"),
                    "blank" => assert!(class.contains("v-blank") && number == "空", "{body} {indicator} {year}"),
                    _ => assert!(class.contains("v-na") || class.contains("v-withheld"), "{body} {indicator} {year}"),
                }
                let href = cell.select(&link).next().unwrap().value().attr("href").unwrap();
                assert!(href.ends_with(&format!("{year}/#{indicator}")), "{href}");
                let same = forms.get(&(year - 1)) == forms.get(&year);
                let wanted = expected(figures.get(&(indicator.clone(), year - 1)), figure, same);
                let found = cell.select(&change).next().map(text);
                assert_eq!(
                    found.as_deref().map(|words| words.split('（').next().unwrap().to_string()),
                    wanted.as_ref().map(|(words, _)| words.clone()),
                    "{body} {indicator} {year}"
                );
                if let Some((words, percent)) = wanted {
                    assert_eq!(found.as_deref().and_then(percent_of), percent, "{body} {indicator} {year}");
                    counted[match words.chars().next().unwrap() {
                        '增' => 1,
                        '减' => 2,
                        '‡' => 3,
                        _ => 4,
                    }] += 1;
                }
            }
        }
        let stated: BTreeSet<String> = figures.keys().map(|(indicator, _)| indicator.clone()).collect();
        assert_eq!(seen, stated, "{body}: every indicator has its row");
    }
    assert!(counted.iter().all(|count| *count > 50), "gaps, rises, falls, breaks and equals all occur: {counted:?}");
}
