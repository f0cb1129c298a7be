//! What is answered before any text: names, years, indicators, numbers of documents.

use super::pack::packed;
use super::{Grid, Places};
use crate::digest::Sha256Sum;
use crate::model::Body;
use crate::plan::Page;
use crate::render::{Artifact, Portal};
use serde_json::json;
use std::collections::BTreeMap;

/// Bytes of names in the first file; with years, indicators and trees it stays below 60 kB.
const NAMES: usize = 32_000;
/// Bytes of numbers that stand in one file; beyond, there is one for each year in brackets.
const NUMBERS: usize = 400_000;

/// The first file and those beside it.
#[derive(Debug)]
pub struct Names {
    /// Address of the first file.
    pub address: String,
    /// Its digest, for `integrity`.
    pub integrity: String,
    /// All of them.
    pub files: Vec<Artifact>,
}

/// Makes the first file, and those of names and numbers.
pub fn names(portal: &Portal<'_>, grid: &Grid, places: &Places) -> Names {
    let all: Vec<String> = (0..grid.order.len()).map(|place| name(portal, grid, place)).collect();
    let mut files = Vec::new();
    let fits = all.iter().map(String::len).sum::<usize>() <= NAMES;
    let listed: String = if fits {
        all.concat()
    } else {
        files.push(Artifact { path: "search/names.bin".into(), bytes: packed(all.concat().as_bytes()) });
        uppermost(portal, grid, &all)
    };
    let (numbers, by_year) = numbers(portal, grid);
    files.extend(numbers);
    let root = portal.tree.root().map(|root| root.id);
    let years = root.map_or(&[][..], |root| portal.years_below(root));
    let indicators = root.map_or(&[][..], |root| portal.indicators_below(root));
    let sections = grid.sections.iter().map(|id| {
        let section = portal.registry.forms().iter().rev().flat_map(|form| &form.sections).find(|section| section.id == *id);
        section.map_or(id.as_str(), |section| if portal.english() { &section.title_en } else { &section.title })
    });
    let value = json!({
        "first": grid.first,
        "years": grid.years,
        "sections": sections.collect::<Vec<_>>(),
        "bodies": listed,
        "more": !fits,
        "year": years.iter().map(|year| year.number()).collect::<Vec<_>>(),
        "indicators": indicators.iter().map(|id| format!("{}\t{}\n", portal.indicator(*id).key, portal.name(*id))).collect::<String>(),
        "numbers": by_year,
        "index": places.index,
        "texts": places.texts,
    });
    let bytes = format!("var gongkai_search={value};\n").into_bytes();
    let sum = Sha256Sum::of(&bytes);
    let address = format!("search/first.{}.js", &sum.hex()[..8]);
    files.push(Artifact { path: address.clone(), bytes });
    Names { address, integrity: sum.integrity(), files }
}

/// Place, bodies from here down, name, address, initials, former names.
fn name(portal: &Portal<'_>, grid: &Grid, place: usize) -> String {
    let body: &Body = portal.tree.body(grid.order[place]);
    let letters = |name: &str| crate::text::initials::of(name);
    let own = body.pinyin.as_deref().map_or_else(|| letters(&body.title), words_of);
    let former: Vec<String> = body.former_names.iter().map(|name| format!("{}|{}", plain(&name.title), letters(&name.title))).collect();
    let mut fields = vec![place.to_string(), grid.sizes[place].to_string(), plain(&body.title), body.path.clone(), own];
    if !former.is_empty() {
        fields.push(former.join("|"));
    }
    format!("{}\n", fields.join("\t"))
}

/// First letters of pinyin as written, one letter a word; what is written without spaces stays as it is.
fn words_of(pinyin: &str) -> String {
    let words: Vec<&str> = pinyin.split([' ', '-', '\'']).filter(|word| !word.is_empty()).collect();
    let letters: String = if words.len() < 2 { pinyin.to_string() } else { words.iter().filter_map(|word| word.chars().next()).collect() };
    plain(&letters.to_lowercase())
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| *c != '|').collect()
}

/// The names of as many upper levels of the tree as there is room for.
fn uppermost(portal: &Portal<'_>, grid: &Grid, all: &[String]) -> String {
    let depths: Vec<usize> = grid.order.iter().map(|body| portal.tree.ancestors(*body).len()).collect();
    let mut weights: BTreeMap<usize, usize> = BTreeMap::new();
    for (depth, name) in depths.iter().zip(all) {
        *weights.entry(*depth).or_insert(0) += name.len();
    }
    let mut room = NAMES;
    let levels = weights.into_iter().take_while(|(_, weight)| {
        let fits = *weight <= room;
        room = room.saturating_sub(*weight);
        fits
    });
    let deepest = levels.last().map_or(0, |(depth, _)| depth);
    all.iter().zip(&depths).filter(|(_, depth)| **depth <= deepest).map(|(name, _)| name.as_str()).collect()
}

/// Numbers of documents that have a page, and of reports, a line each: number, address, what it is called. Where they are many,
/// by the year between the brackets.
fn numbers(portal: &Portal<'_>, grid: &Grid) -> (Vec<Artifact>, Vec<String>) {
    let mut lines: Vec<(String, String)> = Vec::new();
    for (id, entry) in portal.documents() {
        let number = entry.number.clone().unwrap_or_default();
        let title = entry.title().unwrap_or_default();
        lines.push((plain_line(&number), format!("{}\td\t{id}\t{}\n", plain_line(&number), plain_line(title))));
    }
    for body in &grid.order {
        for report in portal.filed_of(*body).published() {
            let Some(number) = report.number.as_deref() else { continue };
            let address = Page::Report(report.id).address(portal.tree, portal.registry);
            lines.push((plain_line(number), format!("{}\tr\t{address}\t{}\n", plain_line(number), plain_line(&report.title))));
        }
    }
    lines.sort();
    if lines.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let one = lines.iter().map(|(_, line)| line.len()).sum::<usize>() <= NUMBERS;
    for (number, line) in lines {
        let part = if one { "all".to_string() } else { year_of(&number).unwrap_or_else(|| "none".into()) };
        files.entry(part).or_default().push_str(&line);
    }
    let parts = files.keys().cloned().collect();
    (files.into_iter().map(|(part, lines)| Artifact { path: format!("search/n/{part}.bin"), bytes: packed(lines.as_bytes()) }).collect(), parts)
}

fn plain_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The first four digits in a row that could be a year: 云政发〔2015〕6号.
fn year_of(number: &str) -> Option<String> {
    let folded = String::from_utf16_lossy(&crate::text::fold::folded(number));
    let runs = folded.split(|c: char| !c.is_ascii_digit());
    runs.into_iter().find(|run| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"))).map(str::to_string)
}
