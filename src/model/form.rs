//! One edition of the statutory form as data: sections, tables, rows, columns, sums, deadline.
//!
//! `forms/<edition>.toml` is the source. A table is a list of rows whose cells each have a [`FigureKey`]; the layout says
//! only how the table is drawn and found, so that a new edition is a new file and no code.

use super::{Breakdown, FigureKey, IndicatorId, Registry, Year};
use crate::text::labels::{label_key, plain_key};
use jiff::civil::Date;
use serde::Deserialize;

/// The place of a form in [`Registry::forms`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub struct FormId(pub u8);

/// A day of the year after the report year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deadline {
    month: i8,
    day: i8,
}

impl Deadline {
    /// `"01-31"`; 29 February is refused, since most years have none.
    pub fn parse(text: &str) -> Option<Deadline> {
        let (month, day) = text.split_once('-')?;
        let two = |part: &str| (part.len() == 2).then(|| part.parse::<i8>().ok()).flatten();
        let (month, day) = (two(month)?, two(day)?);
        Date::new(2001, month, day).ok().map(|_| Deadline { month, day })
    }

    /// The last day on which a report for `year` is on time.
    pub fn for_year(self, year: Year) -> Date {
        jiff::civil::date(year.next().number(), self.month, self.day)
    }
}

/// How a table is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Blocks under a clause's name, each with its own columns (part two).
    Blocks,
    /// Rows by columns of breakdowns (part three).
    Matrix,
    /// Groups of equal columns in one line (part four); rows here are the groups.
    Outcomes,
    /// One indicator a row, with unit and number (the 2014 sheet).
    Sheet,
}

/// A statutory section.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSection {
    /// Id for topics and anchors.
    pub id: String,
    /// 一 to 六; empty where the form does not number.
    #[serde(default)]
    pub numeral: String,
    /// Exact official title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Titles that reports of this edition also use; a heading that contains one of them belongs here.
    #[serde(default)]
    pub also: Vec<String>,
    /// The title for comparison.
    #[serde(skip)]
    pub key: String,
    /// Other titles for comparison.
    #[serde(skip)]
    pub also_keys: Vec<String>,
}

/// A column of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Exact official label.
    pub label: String,
    /// Label of the columns it stands under, or the block it belongs to.
    pub group: Option<String>,
    /// Unit of its cells, where the label states one.
    pub unit: Option<String>,
    /// Breakdown of its cells in matrix and outcome tables.
    pub breakdown: Option<Breakdown>,
    /// The label for comparison.
    pub key: String,
    /// The group's label for comparison, numbers kept.
    pub group_key: Option<String>,
}

/// A cell of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    /// Place in [`Table::columns`].
    pub column: u8,
    /// What it counts.
    pub key: FigureKey,
}

/// A row of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Exact official label with its numbering, without its groups' labels.
    pub label: String,
    /// Labels of the groups it stands in, outermost first: 三、本年度办理结果, （三）不予公开.
    pub groups: Vec<String>,
    /// Other labels seen in published reports.
    pub also: Vec<String>,
    /// Unit, in sheets.
    pub unit: Option<String>,
    /// Its cells in column order.
    pub cells: Vec<Cell>,
    /// Label and other labels for comparison.
    pub keys: Vec<String>,
    /// Labels of its groups for comparison.
    pub group_keys: Vec<String>,
}

/// A statutory table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Id: `part_two`, `part_three`, `part_four`, `sheet`.
    pub id: String,
    /// Section it belongs to, as a place in [`Form::sections`].
    pub section: u8,
    /// Caption.
    pub title: String,
    /// English caption.
    pub title_en: String,
    /// How it is drawn.
    pub layout: Layout,
    /// Columns, all blocks' columns after each other.
    pub columns: Vec<Column>,
    /// Rows in order.
    pub rows: Vec<Row>,
}

/// A term of a relation: an indicator added or taken away, of this year or the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Taken away rather than added.
    pub minus: bool,
    /// Of the year before.
    pub last_year: bool,
}

/// A sum that the form asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Relation {
    /// In each column of breakdowns: the left terms equal (or do not exceed) the right terms.
    Columns {
        /// Code of DOMAIN's list, such as `R1`.
        code: String,
        /// Source of law.
        law: String,
        /// Left side.
        left: Vec<Term>,
        /// Right side.
        right: Vec<Term>,
        /// Whether the left may be less than the right.
        at_most: bool,
    },
    /// In each row of a table: the total breakdown equals the sum of the parts.
    Rows {
        /// Code of DOMAIN's list, such as `R3`.
        code: String,
        /// Source of law.
        law: String,
        /// Place in [`Form::tables`].
        table: u8,
        /// Breakdown that holds the total.
        total: Breakdown,
        /// Breakdowns that add up to it.
        parts: Vec<Breakdown>,
    },
}

/// One edition of the form.
#[derive(Clone, PartialEq, Debug)]
pub struct Form {
    /// Its place in the registry.
    pub id: FormId,
    /// Name of the edition: `2008`, `2014`, `2019`, `2021`, or a site's own.
    pub edition: String,
    /// Title in Chinese.
    pub title: String,
    /// Title in English.
    pub title_en: String,
    /// Decree and clause it stands on.
    pub law: String,
    /// First report year.
    pub first_year: Year,
    /// Last report year, if the edition has ended.
    pub last_year: Option<Year>,
    /// Used only where a report names it, never by default.
    pub by_name_only: bool,
    /// Whether its sections are laid down: each must be there, in order.
    pub fixed_sections: bool,
    /// Last day to publish, unless the portal or body has its own.
    pub deadline: Deadline,
    /// Last day for a government from the county up, whose report gathers those of its offices (《条例》第四十九条).
    pub deadline_of_governments: Deadline,
    /// Sections in official order.
    pub sections: Vec<FormSection>,
    /// Statutory tables.
    pub tables: Vec<Table>,
    /// Sums the form asks for.
    pub relations: Vec<Relation>,
    /// Every figure that some cell of its tables holds, sorted.
    keys: Vec<FigureKey>,
}

impl Form {
    /// Whether a cell of its tables holds a figure.
    pub fn has_cell(&self, key: FigureKey) -> bool {
        self.keys.binary_search(&key).is_ok()
    }

    /// Whether reports in this form state an indicator, so far as any form does: of two that are said alike, it is the one meant. A form
    /// without tables speaks as the first that has some.
    pub fn states(&self, indicator: IndicatorId, registry: &Registry) -> bool {
        let holds = |form: &Form| form.keys.iter().any(|key| key.indicator == indicator);
        let own = if self.tables.is_empty() { registry.forms().iter().find(|form| !form.tables.is_empty()).unwrap_or(self) } else { self };
        holds(own) || !registry.forms().iter().any(holds)
    }

    /// Place of a section by its id.
    pub fn section_place(&self, id: &str) -> Option<u8> {
        self.sections.iter().position(|section| section.id == id).map(|place| place as u8)
    }
}

/// What a form or indicator file gets wrong.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}{}: {cause}", line.map(|l| format!(":{l}")).unwrap_or_default())]
pub struct FormError {
    /// The file.
    pub file: String,
    /// Line, where known.
    pub line: Option<usize>,
    /// What is wrong.
    pub cause: String,
}

impl FormError {
    pub(super) fn new(file: &str, cause: &str) -> FormError {
        FormError { file: file.to_string(), line: None, cause: cause.to_string() }
    }

    pub(super) fn unknown_indicator(file: &str, key: &str) -> FormError {
        FormError::new(file, &format!("indicator `{key}` is not in the registry"))
    }

    pub(super) fn toml(file: &str, text: &str, error: &toml::de::Error) -> FormError {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        FormError { file: file.to_string(), line, cause: error.message().to_string() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    edition: String,
    extends: Option<String>,
    title: Option<String>,
    title_en: Option<String>,
    law: Option<String>,
    first_year: Option<i64>,
    last_year: Option<i64>,
    #[serde(default)]
    by_name_only: bool,
    fixed_sections: Option<bool>,
    deadline: Option<String>,
    deadline_of_governments: Option<String>,
    #[serde(default)]
    section: Vec<FormSection>,
    #[serde(default)]
    table: Vec<RawTable>,
    #[serde(default)]
    relation: Vec<RawRelation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    id: String,
    section: String,
    title: String,
    title_en: String,
    layout: Layout,
    #[serde(default)]
    columns: Vec<RawColumn>,
    #[serde(default)]
    row: Vec<RawRow>,
    #[serde(default)]
    block: Vec<RawBlock>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    label: String,
    group: Option<String>,
    unit: Option<String>,
    breakdown: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBlock {
    label: String,
    columns: Vec<RawColumn>,
    row: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    label: String,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    unit: Option<String>,
    indicator: Option<String>,
    #[serde(default)]
    cells: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRelation {
    code: String,
    law: String,
    table: Option<String>,
    left: Vec<String>,
    right: Vec<String>,
    #[serde(default)]
    at_most: bool,
}

/// Reads one edition; the registry knows the indicators and the editions before it.
pub(super) fn read(file: &str, text: &str, id: FormId, registry: &Registry) -> Result<Form, FormError> {
    let raw: RawForm = toml::from_str(text).map_err(|error| FormError::toml(file, text, &error))?;
    let base = match &raw.extends {
        None => None,
        Some(edition) => Some(registry.form_named(edition).ok_or_else(|| FormError::new(file, &format!("edition `{edition}` to extend is not known")))?),
    };
    if registry.form_named(&raw.edition).is_some() {
        return Err(FormError::new(file, &format!("edition `{}` is defined twice", raw.edition)));
    }
    let needed = |key: &str| FormError::new(file, &format!("`{key}` is missing"));
    let year = |number: i64| Year::new(number).ok_or_else(|| FormError::new(file, &format!("{number} is not a year")));
    let day = |text: &Option<String>| {
        text.as_deref().map(|text| Deadline::parse(text).ok_or_else(|| FormError::new(file, "`deadline` is not like \"01-31\""))).transpose()
    };
    let deadline = day(&raw.deadline)?.or(base.map(|b| b.deadline)).ok_or_else(|| needed("deadline"))?;
    // A site's own edition that names one day means it for all.
    let inherited = base.filter(|_| raw.deadline.is_none()).map(|b| b.deadline_of_governments);
    let deadline_of_governments = day(&raw.deadline_of_governments)?.or(inherited).unwrap_or(deadline);
    let mut form = Form {
        id,
        edition: raw.edition,
        title: raw.title.or_else(|| base.map(|b| b.title.clone())).ok_or_else(|| needed("title"))?,
        title_en: raw.title_en.or_else(|| base.map(|b| b.title_en.clone())).ok_or_else(|| needed("title_en"))?,
        law: raw.law.or_else(|| base.map(|b| b.law.clone())).ok_or_else(|| needed("law"))?,
        first_year: raw.first_year.map(year).transpose()?.or(base.map(|b| b.first_year)).ok_or_else(|| needed("first_year"))?,
        last_year: raw.last_year.map(year).transpose()?.or(base.and_then(|b| b.last_year)),
        by_name_only: raw.by_name_only,
        fixed_sections: raw.fixed_sections.or(base.map(|b| b.fixed_sections)).unwrap_or(false),
        deadline,
        deadline_of_governments,
        sections: base.map_or(Vec::new(), |b| b.sections.clone()),
        tables: base.map_or(Vec::new(), |b| b.tables.clone()),
        relations: base.map_or(Vec::new(), |b| b.relations.clone()),
        keys: Vec::new(),
    };
    for mut section in raw.section {
        // Headings and rows share the anchors of a page.
        if registry.indicators().iter().any(|indicator| indicator.key == section.id) {
            return Err(FormError::new(file, &format!("section `{}` has the id of an indicator", section.id)));
        }
        section.key = label_key(&section.title);
        section.also_keys = section.also.iter().map(|title| label_key(title)).collect();
        match form.sections.iter_mut().find(|known| known.id == section.id) {
            Some(known) => *known = section,
            None => form.sections.push(section),
        }
    }
    for table in raw.table {
        let table = read_table(file, table, &form, registry)?;
        match form.tables.iter_mut().find(|known| known.id == table.id) {
            Some(known) => *known = table,
            None => form.tables.push(table),
        }
    }
    for relation in raw.relation {
        form.relations.push(read_relation(file, relation, &form, registry)?);
    }
    form.keys = form.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells).map(|cell| cell.key).collect();
    form.keys.sort_unstable();
    form.keys.dedup();
    Ok(form)
}

fn read_table(file: &str, raw: RawTable, form: &Form, registry: &Registry) -> Result<Table, FormError> {
    let section = form.section_place(&raw.section).ok_or_else(|| FormError::new(file, &format!("table `{}` names no section of the form", raw.id)))?;
    let mut table = Table { id: raw.id, section, title: raw.title, title_en: raw.title_en, layout: raw.layout, columns: Vec::new(), rows: Vec::new() };
    for column in &raw.columns {
        table.columns.push(read_column(file, column, column.group.clone(), registry)?);
    }
    for row in raw.row {
        let row = read_row(file, row, &table, 0, registry)?;
        table.rows.push(row);
    }
    for block in raw.block {
        let first = table.columns.len();
        for column in &block.columns {
            table.columns.push(read_column(file, column, Some(block.label.clone()), registry)?);
        }
        for mut row in block.row {
            row.groups = vec![block.label.clone()];
            let row = read_row(file, row, &table, first, registry)?;
            table.rows.push(row);
        }
    }
    Ok(table)
}

fn read_column(file: &str, raw: &RawColumn, group: Option<String>, registry: &Registry) -> Result<Column, FormError> {
    let breakdown = match &raw.breakdown {
        None => None,
        Some(key) => Some(registry.breakdown_named(key).ok_or_else(|| FormError::new(file, &format!("breakdown `{key}` is not in the registry")))?),
    };
    let group_key = group.as_deref().map(plain_key);
    Ok(Column { label: raw.label.clone(), key: label_key(&raw.label), group, group_key, unit: raw.unit.clone(), breakdown })
}

fn read_row(file: &str, raw: RawRow, table: &Table, first_column: usize, registry: &Registry) -> Result<Row, FormError> {
    let find = |key: &str| registry.indicator_named(key).ok_or_else(|| FormError::unknown_indicator(file, key));
    let mut cells = Vec::new();
    if let Some(key) = &raw.indicator {
        let indicator = find(key)?;
        match table.layout {
            Layout::Sheet => cells.push(Cell { column: 0, key: FigureKey::total(indicator) }),
            _ => {
                for (place, column) in table.columns.iter().enumerate() {
                    let breakdown = column.breakdown.ok_or_else(|| FormError::new(file, &format!("column `{}` needs a breakdown", column.label)))?;
                    cells.push(Cell { column: place as u8, key: FigureKey { indicator, breakdown } });
                }
            }
        }
    }
    for (place, key) in raw.cells.iter().enumerate() {
        // An empty name is a cell that this row does not have.
        if !key.is_empty() {
            cells.push(Cell { column: (first_column + place) as u8, key: FigureKey::total(find(key)?) });
        }
    }
    let keys = std::iter::once(&raw.label).chain(&raw.also).map(|label| label_key(label)).filter(|key| !key.is_empty()).collect();
    let group_keys = raw.groups.iter().map(|group| label_key(group)).collect();
    Ok(Row { label: raw.label, groups: raw.groups, also: raw.also, unit: raw.unit, cells, keys, group_keys })
}

fn read_relation(file: &str, raw: RawRelation, form: &Form, registry: &Registry) -> Result<Relation, FormError> {
    if let Some(id) = raw.table {
        let table =
            form.tables.iter().position(|table| table.id == id).ok_or_else(|| FormError::new(file, &format!("relation {} names no table", raw.code)))? as u8;
        let breakdown = |key: &String| registry.breakdown_named(key).ok_or_else(|| FormError::new(file, &format!("breakdown `{key}` is not in the registry")));
        let total = breakdown(raw.left.first().ok_or_else(|| FormError::new(file, "a row relation needs its total on the left"))?)?;
        let parts = raw.right.iter().map(breakdown).collect::<Result<_, _>>()?;
        return Ok(Relation::Rows { code: raw.code, law: raw.law, table, total, parts });
    }
    let term = |text: &String| {
        let (minus, rest) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
        let (last_year, key) = rest.strip_prefix("last:").map_or((false, rest), |key| (true, key));
        let indicator = registry.indicator_named(key).ok_or_else(|| FormError::unknown_indicator(file, key))?;
        Ok(Term { indicator, minus, last_year })
    };
    let left = raw.left.iter().map(term).collect::<Result<_, FormError>>()?;
    let right = raw.right.iter().map(term).collect::<Result<_, FormError>>()?;
    Ok(Relation::Columns { code: raw.code, law: raw.law, left, right, at_most: raw.at_most })
}
