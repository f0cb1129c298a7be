//! Figures of a portal reckoned anew from its `figures.csv`, for tests of what its pages say.

use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;
use std::path::Path;

/// (indicator, breakdown, year) → reading, value, about.
pub(crate) type Figures = BTreeMap<(String, String, i32), (String, String, String)>;

/// Everything `figures.csv` of one body says of its years.
pub(crate) struct Body {
    pub(crate) figures: Figures,
    /// Edition of each year with a report.
    pub(crate) forms: BTreeMap<i32, String>,
}

impl Body {
    /// Yearly figures; what a body has summed up since counting began is no part of any series.
    pub(crate) fn read(folder: &Path) -> Body {
        let text = std::fs::read_to_string(folder.join("figures.csv")).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let head = reader.headers().unwrap().clone();
        let mut body = Body { figures: Figures::new(), forms: BTreeMap::new() };
        for row in reader.records() {
            let row = row.unwrap();
            let cell = |name: &str| row[head.iter().position(|known| known == name).unwrap()].to_string();
            let year: i32 = cell("year").parse().unwrap();
            body.forms.insert(year, cell("form"));
            if cell("span") == "year" {
                body.figures.insert((cell("indicator"), cell("breakdown"), year), (cell("reading"), cell("value"), cell("about")));
            }
        }
        body
    }

    pub(crate) fn total(&self, indicator: &str, year: i32) -> Option<&(String, String, String)> {
        self.figures.get(&(indicator.to_string(), "total".to_string(), year))
    }

    /// The stated total, in thousandths.
    pub(crate) fn number(&self, indicator: &str, year: i32) -> Option<i64> {
        self.total(indicator, year).filter(|figure| figure.0 == "stated").map(|figure| thousandths(&figure.1))
    }
}

/// A decimal as thousandths: exact for everything the forms hold.
pub(crate) fn thousandths(value: &str) -> i64 {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let fraction: i64 = format!("{fraction:0<3}")[..3].parse().unwrap();
    let whole: i64 = whole.parse().unwrap();
    if value.starts_with('-') { whole * 1000 - fraction } else { whole * 1000 + fraction }
}

/// A number as pages print it.
pub(crate) fn shown(thousandths: i64) -> String {
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

/// 增25 and +8.7%, given two numbers of one edition.
pub(crate) fn change(base: i64, now: i64) -> (String, Option<String>) {
    if base == now {
        return ("持平".into(), None);
    }
    let words = if now > base { format!("增{}", shown(now - base)) } else { format!("减{}", shown(base - now)) };
    if base.abs() < 5000 {
        return (words, Some("基数小".to_string()));
    }
    // Tenths of a percent, halves away from zero.
    let tenths = ((now - base).abs() * 2000 + base.abs()) / (2 * base.abs());
    let sign = if now > base { "+" } else { "\u{2212}" };
    (words, Some(format!("{sign}{}.{}%", shown(tenths / 10 * 1000), tenths % 10)))
}

pub(crate) fn select(query: &str) -> Selector {
    Selector::parse(query).unwrap()
}

pub(crate) fn page(path: &Path) -> Html {
    Html::parse_document(&std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}")))
}

pub(crate) fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().trim().to_string()
}

/// Words of the first element below another.
pub(crate) fn first(element: ElementRef<'_>, query: &str) -> Option<String> {
    element.select(&select(query)).next().map(text)
}

/// Cells of a row, each as often as it spans columns.
pub(crate) fn cells(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let span = |cell: &ElementRef<'_>| cell.value().attr("colspan").map_or(1, |span| span.parse().unwrap());
    row.child_elements().filter(|cell| cell.value().name() == "td").flat_map(|cell| std::iter::repeat_n(cell, span(&cell))).collect()
}

/// The bodies below the portal's root that have reports.
pub(crate) fn bodies(portal: &Path) -> Vec<String> {
    let mut bodies = vec![String::new()];
    for entry in std::fs::read_dir(portal).unwrap() {
        let path = entry.unwrap().path();
        if path.join("figures.csv").exists() && path.join("index.html").exists() && !path.ends_with("data") {
            bodies.push(path.file_name().unwrap().to_str().unwrap().to_string());
        }
    }
    bodies.sort();
    bodies
}
