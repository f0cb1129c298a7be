//! `gongkai new`: a draft in the form in force, and the canonical layout of the form's tables.

use crate::atomic::{self, WriteError};
use crate::diag::Words;
use crate::driver::{Examined, Failure, Site};
use crate::fields::nearest;
use crate::model::{FigureKey, Form, Layout, Registry, Relation, ReportId, Row, Table, Year};
use crate::parse::{self, ReportContext};
use crate::source::Opened;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Why no draft was written.
#[derive(Debug)]
pub enum DraftError {
    /// No such body; the nearest address.
    UnknownBody(String, Option<String>),
    /// The report is there.
    Exists(PathBuf),
    /// The site could not be read.
    Failure(Failure),
    /// The disk refused.
    Write(WriteError),
}

impl DraftError {
    /// Exit code of the run.
    pub fn exit_code(&self) -> u8 {
        match self {
            DraftError::UnknownBody(..) | DraftError::Exists(_) => 2,
            DraftError::Failure(failure) => failure.exit_code(),
            DraftError::Write(error) => error.exit_code(),
        }
    }

    /// What happened and what to do.
    pub fn words(&self) -> Words {
        match self {
            DraftError::UnknownBody(path, None) => Words::new(
                format!("content/ 下没有机关 `{path}`。先建目录和 _index.md。"),
                format!("there is no body `{path}` under content/. Make its folder and _index.md first."),
            ),
            DraftError::UnknownBody(path, Some(near)) => Words::new(
                format!("content/ 下没有机关 `{path}`。是不是 `{near}`？"),
                format!("there is no body `{path}` under content/; did you mean `{near}`?"),
            ),
            DraftError::Exists(path) => Words::new(format!("{} 已经存在，没有改动", path.display()), format!("{} exists and was not touched", path.display())),
            DraftError::Failure(failure) => failure.words(),
            DraftError::Write(error) => error.words(),
        }
    }
}

/// Writes `content/<body>/<year>.md` and gives its path.
pub fn new(site: &Site, examined: &Examined, body: &str, year: Year) -> Result<PathBuf, DraftError> {
    let path = body.trim_matches('/').trim_start_matches("content/").to_string();
    let tree = &examined.gathered.tree;
    let Some(known) = tree.by_path(&path) else {
        let near = nearest(&path, tree.iter().map(|body| body.path.as_str())).map(str::to_string);
        return Err(DraftError::UnknownBody(path, near));
    };
    let folder = site.root().join("content").join(&known.path);
    let file = folder.join(format!("{year}.md"));
    let other = folder.join(year.to_string()).join("index.md");
    if let Some(existing) = [&file, &other].into_iter().find(|path| path.exists()) {
        return Err(DraftError::Exists(existing.clone()));
    }
    let form = site.registry.form_for(year);
    let opening = opening(site, &known.path, ReportId { body: known.id, year: year.previous() }, form)?;
    let text = draft(form, &site.registry, known.title_in(year), year, &opening);
    atomic::write_new(&file, text.as_bytes()).map_err(DraftError::Write)?;
    Ok(file)
}

/// Opening balances: what last year's report of the same edition states as its closing balances.
fn opening(site: &Site, path: &str, last: ReportId, form: &Form) -> Result<BTreeMap<FigureKey, String>, DraftError> {
    let mut filled = BTreeMap::new();
    let folder = if path.is_empty() { "content".to_string() } else { format!("content/{path}") };
    for file in [format!("{folder}/{}.md", last.year), format!("{folder}/{}/index.md", last.year)] {
        if !site.root().join(&file).is_file() {
            continue;
        }
        let Opened::File(source) = site.read(&file).map_err(DraftError::Failure)? else { continue };
        let read = parse::report(ReportContext { registry: &site.registry, id: last, attachments: &[] }, &file, &source.text);
        let Some(report) = read.report.filter(|report| report.form == form.id) else { continue };
        for relation in &form.relations {
            let Relation::Columns { left, right, at_most: false, .. } = relation else { continue };
            let ([to], [from]) = (left.as_slice(), right.as_slice()) else { continue };
            if to.last_year || !from.last_year || from.minus {
                continue;
            }
            for figure in report.figures.iter().filter(|figure| figure.key.indicator == from.indicator) {
                if let Some(amount) = figure.reading.amount() {
                    filled.insert(FigureKey { indicator: to.indicator, breakdown: figure.key.breakdown }, amount.to_string());
                }
            }
        }
    }
    Ok(filled)
}

fn draft(form: &Form, registry: &Registry, body: &str, year: Year, opening: &BTreeMap<FigureKey, String>) -> String {
    let mut text = format!(
        "+++\ntitle = \"{body}{year}年政府信息公开工作年度报告\"\ndraft = true\n# date = {}-01-20    # 发布日期，发布前填写\n\n[report]\nform = \"{}\"\nperiod = {{ from = {year}-01-01, to = {year}-12-31 }}\nissuer = \"{body}\"\n# number = \"\"          # 文号\n# signed = {}-01-15\n\n[figures]\n# 法定表以外的数字写在这里，例如 proactive_disclosed_total = 0\n+++\n",
        year.next(),
        form.edition,
        year.next()
    );
    for (place, section) in form.sections.iter().enumerate() {
        let numeral = if section.numeral.is_empty() { String::new() } else { format!("{}、", section.numeral) };
        let _ = write!(text, "\n## {numeral}{}\n", section.title);
        for table in form.tables.iter().filter(|table| table.section as usize == place) {
            let _ = write!(text, "\n{}", canonical_table(table, registry, &|key| opening.get(&key).cloned().unwrap_or_default()));
        }
    }
    text
}

/// A table of a form as this program writes it: every row and column with its official label, each cell as `cell` says.
pub fn canonical_table(table: &Table, registry: &Registry, cell: &dyn Fn(FigureKey) -> String) -> String {
    match table.layout {
        Layout::Blocks => blocks(table, cell),
        Layout::Matrix => matrix(table, cell),
        Layout::Outcomes => outcomes(table, cell),
        Layout::Sheet => sheet(table, registry, cell),
    }
}

fn line<'c>(out: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    out.push('|');
    for cell in cells {
        out.push_str(cell);
        out.push('|');
    }
    out.push('\n');
}

/// Label columns to the left, numbers to the right.
fn rule(out: &mut String, labels: usize, numbers: usize) {
    line(out, std::iter::repeat_n("---", labels).chain(std::iter::repeat_n("--:", numbers)));
}

fn blocks(table: &Table, cell: &dyn Fn(FigureKey) -> String) -> String {
    let mut out = String::new();
    let groups: Vec<&str> = table.rows.iter().filter_map(|row| row.groups.first().map(String::as_str)).fold(Vec::new(), |mut seen, group| {
        if !seen.contains(&group) {
            seen.push(group);
        }
        seen
    });
    let of = |group: &str| table.columns.iter().enumerate().filter(move |(_, column)| column.group.as_deref() == Some(group)).collect::<Vec<_>>();
    let width = groups.iter().map(|group| of(group).len()).max().unwrap_or(1);
    for (place, group) in groups.iter().enumerate() {
        let columns = of(group);
        let padded = |cells: Vec<String>| cells.into_iter().chain(std::iter::repeat(String::new())).take(width).collect::<Vec<_>>();
        let names = padded(columns.iter().map(|(_, column)| column.label.clone()).collect());
        line(&mut out, std::iter::once(*group).chain(std::iter::repeat_n("", width)));
        if place == 0 {
            rule(&mut out, 1, width);
        }
        line(&mut out, std::iter::once("信息内容").chain(names.iter().map(String::as_str)));
        for row in table.rows.iter().filter(|row| row.groups.first().map(String::as_str) == Some(*group)) {
            let values = padded(columns.iter().map(|(at, _)| value(row, *at, cell)).collect());
            line(&mut out, std::iter::once(row.label.as_str()).chain(values.iter().map(String::as_str)));
        }
    }
    out
}

fn value(row: &Row, column: usize, cell: &dyn Fn(FigureKey) -> String) -> String {
    row.cells.iter().find(|known| known.column as usize == column).map_or(String::new(), |known| cell(known.key))
}

/// The whole row label in the first column; a group's name stands once, before its first row.
fn matrix(table: &Table, cell: &dyn Fn(FigureKey) -> String) -> String {
    let mut out = String::new();
    line(&mut out, std::iter::once("申请人情况").chain(table.columns.iter().map(|column| column.label.as_str())));
    rule(&mut out, 1, table.columns.len());
    let mut before: &[String] = &[];
    for row in &table.rows {
        let same = row.groups.iter().zip(before).take_while(|(a, b)| a == b).count();
        let new = row.groups[same..].concat();
        let sub = !new.is_empty() && !new.ends_with('果');
        let label = format!("{new}{}{}", if sub { " " } else { "" }, row.label);
        let values: Vec<String> = (0..table.columns.len()).map(|at| value(row, at, cell)).collect();
        line(&mut out, std::iter::once(label.as_str()).chain(values.iter().map(String::as_str)));
        before = &row.groups;
    }
    out
}

/// One line of numbers under two heads: the groups, each over its columns, and the columns.
fn outcomes(table: &Table, cell: &dyn Fn(FigureKey) -> String) -> String {
    let mut out = String::new();
    let width = table.columns.len();
    let names: Vec<String> = table.rows.iter().map(|row| row.groups.iter().chain([&row.label]).map(String::as_str).collect::<Vec<_>>().join("·")).collect();
    line(&mut out, names.iter().flat_map(|name| std::iter::once(name.as_str()).chain(std::iter::repeat_n("", width - 1))));
    rule(&mut out, 0, width * names.len());
    line(&mut out, names.iter().flat_map(|_| table.columns.iter().map(|column| column.label.as_str())));
    let values: Vec<String> = table.rows.iter().flat_map(|row| (0..width).map(move |at| value(row, at, cell))).collect();
    line(&mut out, values.iter().map(String::as_str));
    out
}

fn sheet(table: &Table, registry: &Registry, cell: &dyn Fn(FigureKey) -> String) -> String {
    let mut out = String::new();
    line(&mut out, ["统计指标", "单位", "统计数"]);
    line(&mut out, ["---", "---", "--:"]);
    for row in &table.rows {
        let Some(first) = row.cells.first() else { continue };
        let unit = row.unit.as_deref().unwrap_or(&registry.indicator(first.key.indicator).unit);
        line(&mut out, [row.label.as_str(), unit, &cell(first.key)]);
    }
    out
}

/// Every figure a table can hold, in order of its rows.
pub fn keys(table: &Table) -> Vec<FigureKey> {
    table.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BodyId, Reading, TimeSpan};

    #[test]
    fn what_is_written_is_read() {
        let registry = Registry::built_in();
        for form in registry.forms() {
            for table in &form.tables {
                let keys = keys(table);
                let number = |key: FigureKey| (1000 + keys.iter().position(|known| *known == key).unwrap()).to_string();
                let written = canonical_table(table, &registry, &number);
                let text = format!("+++\ntitle = \"甲镇年报\"\n[report]\nform = \"{}\"\n+++\n\n{written}", form.edition);
                let year = form.first_year;
                let read = parse::report(ReportContext { registry: &registry, id: ReportId { body: BodyId(0), year }, attachments: &[] }, "x.md", &text);
                assert!(read.found.is_empty(), "{} {}: {:?}\n{written}", form.edition, table.id, read.found);
                let report = read.report.unwrap();
                for key in &keys {
                    let figure = report.figures.iter().find(|figure| figure.key == *key && figure.time == TimeSpan::Year);
                    let indicator = registry.indicator(key.indicator);
                    let stated = figure.and_then(|figure| figure.stated.as_ref().map(|(amount, _)| *amount).or(figure.reading.amount()));
                    assert_eq!(stated.map(|amount| amount.to_string()), Some(number(*key)), "{} {} {}\n{written}", form.edition, table.id, indicator.key);
                }
                assert!(report.figures.iter().all(|figure| !matches!(figure.reading, Reading::Blank)));
            }
        }
    }
}
