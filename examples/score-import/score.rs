//! Compares what the import reads with what a reader wrote down before: strictly, so that no number flatters.
//!
//! Beside `<name>.<kind>` stands `<name>.json`: an array with an object for each report of the file, in their order, of the shape of
//! `import --format json`. The label is the whole truth: a figure, section, document or field that it does not have is wrong, unless it
//! says `optional` (finding it or not costs nothing, another value does). A figure is right if indicator, breakdown, value in the
//! indicator's unit, qualifier and time are; `accept` and `accept_indicator` name other answers that are right too. `place` parts prose
//! from tables, `words` marks zeros that are said without a number, `also` are further places of the same figure, `span_doubtful` leaves
//! the time open. Notes marked `must` have to be made by the import itself, at their line.

use gongkai::import::{Request, run};
use gongkai::model::{Amount, Registry};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use unicode_normalization::UnicodeNormalization;

/// Fields that hold one value, in the order in which they are printed.
const FIELDS: [&str; 11] = ["title", "body", "county", "level", "year", "published", "signed", "period", "issuer", "number", "index_number"];

/// What a reader calls a defect, and the notes by which the import says it.
const NOTES: [(&str, &[&str]); 22] = [
    ("截断", &["import/cut-off"]),
    ("年月日丢失", &["import/repaired", "import/characters-lost", "import/date-incomplete"]),
    ("统计期数字粘连", &["import/repaired", "import/characters-lost", "text/character-lost"]),
    ("数字丢失", &["import/characters-lost", "text/character-lost", "import/number-missing"]),
    ("数字粘连的文号", &["text/document-number"]),
    ("镜像注入", &["import/injected", "text/keywords-injected", "link/host-lookalike"]),
    ("网站劫持词", &["import/injected", "text/keywords-injected"]),
    ("域名不符/镜像", &["import/injected", "text/keywords-injected", "import/left-out"]),
    ("编码声明与实际不符", &["import/encoding-differs"]),
    ("广告/文库残留", &["import/left-out", "text/advertising", "text/page-residue"]),
    ("拼音噪声", &["import/left-out"]),
    ("隐藏文字", &["import/left-out"]),
    ("批注", &["import/left-out"]),
    ("修订删除", &["import/left-out"]),
    ("全角数字", &["import/full-width"]),
    ("发布早于年末", &["import/published-early"]),
    ("年份脱敏", &["import/year-masked"]),
    ("单位缺失", &["figure/unit-missing"]),
    ("空格未填", &["figure/cell-empty", "form/cells-empty"]),
    ("一文多篇", &["import/several-reports"]),
    ("正文与表不一致", &["figure/prose-table-mismatch", "import/figure-differs"]),
    ("旧版式用于新年度", &["import/form-differs", "form/edition-differs"]),
];

/// Notes about a table that lost cells or words of its head.
const TABLE_NOTES: [&str; 5] = ["import/table-doubtful", "figure/cell-empty", "form/cells-empty", "form/row-length", "form/row-unknown"];

/// What was counted of one kind of thing.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Tally {
    /// As labeled.
    pub(crate) right: usize,
    /// Read, and not so labeled.
    pub(crate) wrong: usize,
    /// Labeled, and not so read.
    pub(crate) missed: usize,
    /// Of the wrong ones those about which no note tells the clerk.
    pub(crate) unnoted: usize,
}

impl Tally {
    /// Share of what was read that is right, in hundredths of a percent; all of nothing is right.
    pub(crate) fn precision(self) -> usize {
        (self.right * 10000).checked_div(self.right + self.wrong).unwrap_or(10000)
    }

    /// Share of what is labeled that was read, in hundredths of a percent.
    pub(crate) fn recall(self) -> usize {
        (self.right * 10000).checked_div(self.right + self.missed).unwrap_or(10000)
    }
}

/// The result over all folders.
#[derive(Default)]
pub(crate) struct Scores {
    rows: BTreeMap<String, Tally>,
    /// Files that have a label.
    pub(crate) documents: usize,
    /// Reports in their labels.
    pub(crate) reports: usize,
    /// Each difference on a line.
    pub(crate) misses: Vec<String>,
}

impl Scores {
    /// A row of the table; nothing was counted in a row that does not exist.
    pub(crate) fn row(&self, name: &str) -> Tally {
        self.rows.get(name).copied().unwrap_or_default()
    }

    /// All wrong values, of fields and of figures, that carry no note.
    #[allow(dead_code, reason = "the test asks, the program prints the rows")]
    pub(crate) fn unnoted(&self) -> usize {
        self.row("all fields").unnoted + self.row("figures").unnoted
    }

    /// The scores as people read them.
    pub(crate) fn table(&self) -> String {
        let mut text = format!("{} documents, {} reports\n\n", self.documents, self.reports);
        let _ = writeln!(text, "{:<28} {:>7} {:>7} {:>7} {:>8} {:>10} {:>10}", "", "right", "wrong", "missed", "unnoted", "precision", "recall");
        let fields = FIELDS.iter().map(|field| format!("field {field}"));
        let others = self.rows.keys().filter(|name| !name.starts_with("field ")).cloned();
        for name in fields.chain(others) {
            let tally = self.row(&name);
            let share = |share: usize| format!("{}.{:02} %", share / 100, share % 100);
            let (precision, recall) = (share(tally.precision()), share(tally.recall()));
            let _ = writeln!(text, "{name:<28} {:>7} {:>7} {:>7} {:>8} {precision:>10} {recall:>10}", tally.right, tally.wrong, tally.missed, tally.unnoted);
        }
        text
    }

    fn count(&mut self, rows: &[&str], add: impl Fn(&mut Tally)) {
        for row in rows {
            add(self.rows.entry((*row).to_string()).or_default());
        }
    }
}

/// Imports every labeled document of the folders and compares.
pub(crate) fn score(folders: &[PathBuf]) -> Result<Scores, String> {
    let registry = Registry::built_in();
    let mut scores = Scores::default();
    for (document, labels) in labeled(folders) {
        scores.documents += 1;
        let text = std::fs::read(&labels).map_err(|cause| format!("{}: {cause}", labels.display()))?;
        let expected: Vec<Value> = serde_json::from_slice(&text).map_err(|cause| format!("{}: {cause}", labels.display()))?;
        let outcome = run(&Request { inputs: vec![document.clone()], dry_run: true, ..Request::default() }).map_err(|cause| cause.to_string())?;
        let name = document.file_name().unwrap_or_default().to_string_lossy().into_owned();
        scores.misses.extend(outcome.failed.iter().map(|failure| format!("{name}: not read: {}", failure.words.zh)));
        let found: Vec<Value> = outcome.reports.iter().filter_map(|report| serde_json::from_str(&report.json_line()).ok()).collect();
        if found.len() != expected.len() {
            scores.misses.push(format!("{name}: {} reports, labeled {}", found.len(), expected.len()));
        }
        for (label, report) in paired(&expected, &found) {
            scores.reports += usize::from(!label.is_null());
            let comparison = Comparison { registry: &registry, name: &name, found: report, label };
            comparison.fields(&mut scores);
            comparison.sections(&mut scores);
            comparison.documents(&mut scores);
            comparison.figures(&mut scores);
            comparison.notes(&mut scores);
        }
    }
    Ok(scores)
}

/// Documents that have labels beside them, in order.
fn labeled(folders: &[PathBuf]) -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    let mut waiting = folders.to_vec();
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let labels = path.with_extension("json");
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|kind| kind != "json") && labels.exists() {
                found.push((path, labels));
            }
        }
    }
    found.sort();
    found
}

/// Each label with its report: in their order if there are as many, else by year; what has no partner meets nothing.
fn paired<'a>(labels: &'a [Value], found: &'a [Value]) -> Vec<(&'a Value, &'a Value)> {
    const NOTHING: &Value = &Value::Null;
    if labels.len() == found.len() {
        return labels.iter().zip(found).collect();
    }
    let mut rest: Vec<&Value> = found.iter().collect();
    let mut pairs = Vec::new();
    for label in labels {
        let place = rest.iter().position(|report| report["year"] == label["year"]).or_else(|| (!rest.is_empty()).then_some(0));
        pairs.push((label, place.map_or(NOTHING, |place| rest.remove(place))));
    }
    pairs.extend(rest.into_iter().map(|report| (NOTHING, report)));
    pairs
}

/// One report with its label.
struct Comparison<'a> {
    registry: &'a Registry,
    name: &'a str,
    found: &'a Value,
    label: &'a Value,
}

/// A figure as it is compared.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Key {
    indicator: String,
    breakdown: String,
    value: String,
    about: &'static str,
    cumulative: bool,
}

impl Comparison<'_> {
    fn miss(&self, scores: &mut Scores, line: &Value, words: &str) {
        let line = line.as_u64().map_or_else(String::new, |line| line.to_string());
        scores.misses.push(format!("{}:{line}: {words}", self.name));
    }

    fn fields(&self, scores: &mut Scores) {
        for field in FIELDS {
            let (is, should) = (&self.found[field], &self.label[field]);
            let accepted = is == should || items(&self.label["accept"][field]).any(|other| other == is);
            let row = format!("field {field}");
            let rows = [row.as_str(), "all fields"];
            if accepted {
                scores.count(&rows, |tally| tally.right += usize::from(!is.is_null()));
                continue;
            }
            // Where null is accepted a wrong value is wrong, and nothing was missed.
            let missed = !should.is_null();
            let wrong = !is.is_null();
            let unnoted = wrong && !self.notes_of(|rule, _| rule.starts_with(&format!("import/{field}")) || rule == "import/injected");
            scores.count(&rows, |tally| {
                tally.missed += usize::from(missed);
                tally.wrong += usize::from(wrong);
                tally.unnoted += usize::from(unnoted);
            });
            self.miss(scores, &self.found["lines"][field], &format!("{field}: {is} instead of {should}"));
        }
    }

    fn sections(&self, scores: &mut Scores) {
        let key = |section: &Value| {
            let words = format!("{} {} {}", section["level"], plain(&section["number"]).replace(['(', ')'], ""), without_noise(&plain(&section["title"])));
            words.replace(char::is_whitespace, "")
        };
        let loose = |section: &Value| section["optional"] == true || section["run_in"] == true;
        self.list("sections", &key, items(&self.label["sections"]).filter(|one| !loose(one)), items(&self.label["sections"]).filter(|one| loose(one)), scores);
    }

    fn documents(&self, scores: &mut Scores) {
        let key = |document: &Value| format!("{} {}", plain(&document["title"]), plain(&document["number"]));
        self.list("documents", &key, items(&self.label["documents"]), items(&self.label["documents_optional"]), scores);
    }

    /// Compares two lists without regard to order and repetition.
    fn list<'v>(
        &self,
        kind: &str,
        key: &dyn Fn(&Value) -> String,
        labels: impl Iterator<Item = &'v Value>,
        loose: impl Iterator<Item = &'v Value>,
        scores: &mut Scores,
    ) {
        let found: BTreeMap<String, &Value> = items(&self.found[kind]).map(|one| (key(one), one)).collect();
        let labels: BTreeMap<String, &Value> = labels.map(|one| (key(one), one)).collect();
        let loose: Vec<String> = loose.map(key).collect();
        for (one, value) in found.iter().filter(|(one, _)| labels.contains_key(*one) || !loose.contains(one)) {
            let right = labels.contains_key(one);
            scores.count(&[kind], |tally| if right { tally.right += 1 } else { tally.wrong += 1 });
            if !right {
                self.miss(scores, &value["line"], &format!("{kind}: not labeled: {one}"));
            }
        }
        for (one, value) in labels.iter().filter(|(one, _)| !found.contains_key(*one)) {
            scores.count(&[kind], |tally| tally.missed += 1);
            self.miss(scores, &value["line"], &format!("{kind}: not found: {one}"));
        }
    }

    fn figures(&self, scores: &mut Scores) {
        let mut found: Vec<(Key, &Value)> = Vec::new();
        for figure in items(&self.found["figures"]) {
            let key = self.key(figure, &figure["indicator"]);
            if !found.iter().any(|(known, _)| *known == key) {
                found.push((key, figure));
            }
        }
        let labels: Vec<&Value> = items(&self.label["figures"]).collect();
        let mut partner: Vec<Option<usize>> = vec![None; found.len()];
        let mut taken = vec![false; labels.len()];
        // Its own name before another that is accepted.
        for others in [false, true] {
            for (place, (key, _)) in found.iter().enumerate().filter(|(place, _)| partner[*place].is_none()).collect::<Vec<_>>() {
                if let Some(at) = (0..labels.len()).find(|at| !taken[*at] && self.is(key, labels[*at], others)) {
                    taken[at] = true;
                    partner[place] = Some(at);
                }
            }
        }
        for ((key, figure), at) in found.iter().zip(partner) {
            match at {
                Some(at) => self.found_figure(figure, labels[at], scores),
                None => self.wrong_figure(key, figure, scores),
            }
        }
        for (label, _) in labels.iter().zip(taken).filter(|(label, taken)| !taken && label["optional"] != true) {
            let near: Vec<String> = found.iter().filter(|(key, _)| key.indicator == label["indicator"]).map(|(key, _)| shown(key)).take(3).collect();
            let near = if near.is_empty() { String::new() } else { format!("; read: {}", near.join(", ")) };
            scores.count(&rows(label), |tally| tally.missed += 1);
            let key = self.key(label, &label["indicator"]);
            self.miss(scores, &label["line"], &format!("figures: not found: {} “{}”{near}", shown(&key), label["quote"].as_str().unwrap_or_default()));
        }
    }

    fn wrong_figure(&self, key: &Key, figure: &Value, scores: &mut Scores) {
        let name = self.registry.indicator_named(&key.indicator).map(|id| self.registry.indicator(id).name.as_str()).unwrap_or_default();
        // A note tells of a figure if it stands in its line and names it, or doubts the numbers of the line as such.
        let noted = self.notes_of(|rule, note| {
            let here = note["line"].is_u64() && note["line"] == figure["line"];
            let doubts = ["import/table-doubtful", "import/cut-off", "import/figure-differs", "figure/unit-missing"].contains(&rule);
            here && (doubts || note["message"].as_str().is_some_and(|words| rule != "import/left-out" && words.contains(name)))
        });
        let row = if figure["place"] == "table" { "figures, table" } else { "figures, prose" };
        scores.count(&[row, "figures"], |tally| {
            tally.wrong += 1;
            tally.unnoted += usize::from(!noted);
        });
        let doubt = if noted { " (noted)" } else { "" };
        self.miss(scores, &figure["line"], &format!("figures: not labeled: {}{doubt} “{}”", shown(key), figure["quote"].as_str().unwrap_or_default()));
    }

    /// A figure that is right; where it was read from and in what unit is counted beside it.
    fn found_figure(&self, figure: &Value, label: &Value, scores: &mut Scores) {
        if label["optional"] == true {
            return;
        }
        scores.count(&rows(label), |tally| tally.right += 1);
        let places = || std::iter::once(label).chain(items(&label["also"]));
        let mut check = |row: &str, right: bool, words: String| {
            scores.count(&[row], |tally| if right { tally.right += 1 } else { tally.wrong += 1 });
            if !right {
                self.miss(scores, &figure["line"], &words);
            }
        };
        let shown = shown(&self.key(figure, &figure["indicator"]));
        if label["line"].is_u64() {
            let right = places().any(|place| place["line"] == figure["line"]);
            check("lines of figures", right, format!("line of {shown}: labeled {}", label["line"]));
        }
        // Rows are quoted with one sign or another between their cells, and texts with or without the sounds in brackets.
        let words = |quote: &Value| without_noise(&plain(quote)).replace(',', "");
        let quoted = places().any(|place| place["quote"].is_string());
        let right = !quoted || places().any(|place| overlaps(&words(&figure["quote"]), &words(&place["quote"])));
        check("quotes of figures", right, format!("quote of {shown}: {} instead of {}", figure["quote"], label["quote"]));
        let factor = |unit: &Value| unit.as_str().unwrap_or_default().chars().find(|c| ['千', '万', '亿'].contains(c));
        if factor(&label["stated_unit"]).is_some() {
            let right = factor(&figure["stated_unit"]) == factor(&label["stated_unit"]);
            check("stated units", right, format!("stated unit of {shown}: {} instead of {}", figure["stated_unit"], label["stated_unit"]));
        }
    }

    fn is(&self, found: &Key, label: &Value, others: bool) -> bool {
        let names = items(&label["accept_indicator"]).filter(|_| others).chain(std::iter::once(&label["indicator"]).filter(|_| !others));
        names.map(|name| self.key(label, name)).any(|key| {
            let time = found.cumulative == key.cumulative || label["span_doubtful"] == true;
            time && Key { cumulative: found.cumulative, ..key } == *found
        })
    }

    fn key(&self, figure: &Value, indicator: &Value) -> Key {
        let printed = indicator.as_str().unwrap_or_default();
        let known = self.registry.indicator_named(printed);
        let value = figure["value"].as_str().map_or_else(|| figure["value"].to_string(), str::to_string);
        // A label may name an alias, whose numbers are in the alias's unit.
        let unit = figure["unit"].as_str().filter(|unit| !unit.is_empty()).or_else(|| self.registry.unit_implied(printed)).unwrap_or_default();
        let value = match (known, value.parse::<Amount>()) {
            (Some(id), Ok(amount)) => trimmed(self.registry.convert(id, amount, unit).map_or(amount, |read| read.amount)),
            _ => value,
        };
        Key {
            indicator: known.map_or(printed, |id| self.registry.indicator(id).key.as_str()).to_string(),
            breakdown: figure["breakdown"].as_str().unwrap_or("total").to_string(),
            value,
            about: match figure["about"].as_str().unwrap_or_default() {
                "余" | "多" => "余",
                "超" | "超过" | "逾" | "多于" | "以上" => "超",
                "约" | "大约" => "约",
                "近" | "将近" | "接近" => "近",
                _ => "",
            },
            cumulative: figure["span"] == "cumulative",
        }
    }

    /// Notes that a reader holds to be the import's own duty; each counts once.
    fn notes(&self, scores: &mut Scores) {
        let mut rest: Vec<&Value> = items(&self.found["notes"]).collect();
        for label in items(&self.label["notes"]).filter(|label| label["must"] == true) {
            let kind = label["kind"].as_str().unwrap_or_default();
            let rules = NOTES.iter().find(|(name, _)| *name == kind).map_or(&TABLE_NOTES[..], |(_, rules)| rules);
            let place = rest.iter().position(|note| {
                let named = note["rule"].as_str().is_some_and(|rule| rules.contains(&rule));
                named && (label["line"].is_null() || note["line"].is_null() || note["line"] == label["line"])
            });
            scores.count(&["notes that must be"], |tally| if place.is_some() { tally.right += 1 } else { tally.missed += 1 });
            match place {
                Some(place) => _ = rest.remove(place),
                None => self.miss(scores, &label["line"], &format!("notes: not made: {kind} {}", label["anchor"])),
            }
        }
    }

    fn notes_of(&self, is: impl Fn(&str, &Value) -> bool) -> bool {
        items(&self.found["notes"]).any(|note| is(note["rule"].as_str().unwrap_or_default(), note))
    }
}

/// Rows that a labeled figure counts in.
fn rows(label: &Value) -> Vec<&'static str> {
    let table = label["place"] == "table";
    let mut rows = vec!["figures", if table { "figures, table" } else { "figures, prose" }];
    if table && label["value"] != "0" {
        rows.push("of them in tables, not 0");
    }
    if label["words"] == true {
        rows.push("of them 0 said in words");
    }
    rows
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn shown(key: &Key) -> String {
    format!("{}.{} = {}{}{}", key.indicator, key.breakdown, key.value, key.about, if key.cumulative { " cumulative" } else { "" })
}

/// 3.50 and 3.5 are one number.
fn trimmed(amount: Amount) -> String {
    let text = amount.to_string();
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// Text in one shape: width, white space and the bars between cells are no difference.
fn plain(text: &Value) -> String {
    text.as_str().unwrap_or_default().nfkc().filter(|c| !c.is_whitespace() && *c != '|').collect()
}

/// A title without sounds in brackets, 費(fèi), which a text may keep or lose.
fn without_noise(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let close = rest[open..].find(')').map_or(rest.len(), |close| open + close + 1);
        let inner = &rest[open..close];
        let sound = inner.trim_matches(['(', ')']).chars().all(|c| c.is_alphabetic() && (c as u32) < 0x300);
        kept.push_str(&rest[..open]);
        kept.push_str(if sound && inner.len() > 2 { "" } else { inner });
        rest = &rest[close..];
    }
    kept + rest
}

/// Whether two quotes share half of the shorter one in a piece.
fn overlaps(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut longest = 0;
    let mut row = vec![0usize; b.len() + 1];
    for x in &a {
        for at in (0..b.len()).rev() {
            row[at + 1] = if *x == b[at] { row[at] + 1 } else { 0 };
            longest = longest.max(row[at + 1]);
        }
    }
    // A row of empty cells has no words.
    (longest > 0 || a.is_empty() && b.is_empty()) && longest * 2 >= a.len().min(b.len())
}
