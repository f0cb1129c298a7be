//! Statutory tables of the body, found by their official labels and read into figures.
//!
//! Published reports print the same form in many ways: one table or several, group labels in a column of their own or glued
//! to the row, heads that lost their merged cells, full-width digits, units in the cell. Rows and columns are therefore
//! found by label, and by place only where labels leave exactly one reading. What is not recognised stays a plain table.

use super::figures::{Converted, converted};
use super::in_file;
use crate::diag::{Diagnostic, Span, Words};
use crate::markdown::{Grid, GridCell, GridRow};
use crate::model::{Column, Figure, FigureKey, Form, Layout, Origin, Reading, Registry, ReportTable, Row, Table, TableRow, TimeSpan};
use crate::text::labels::plain_key;
use crate::text::numbers::{CellReading, read_cell};

/// Figures, recognised tables, and what was wrong with them.
#[derive(Debug, Default)]
pub(super) struct TablesRead {
    pub(super) figures: Vec<Figure>,
    pub(super) tables: Vec<ReportTable>,
    pub(super) found: Vec<Diagnostic>,
}

/// Reads every grid that is one of the form's tables, or a part of one.
pub(super) fn read(file: &str, grids: &[Grid], start: usize, form: &Form, registry: &Registry) -> TablesRead {
    let mut reader = Reader { file, start, registry, out: TablesRead::default() };
    for grid in grids {
        let candidates = form.tables.iter().enumerate().filter_map(|(place, table)| Some((place as u8, table, layout(table, grid)?)));
        if let Some((place, table, found)) = candidates.max_by_key(|(_, _, found)| found.rows.iter().flatten().count()) {
            reader.table(place, table, grid, &found);
        }
    }
    reader.out
}

/// How a grid lies over a table of the form: for each grid row the form's row and the grid column of each of its cells.
#[derive(Debug)]
struct Found {
    /// One entry a grid row; none for heads and unrecognised rows.
    rows: Vec<Option<FoundRow>>,
}

#[derive(Debug)]
struct FoundRow {
    /// Anchor of the grid row.
    anchor: FigureKey,
    /// Grid column, key, unit of the form, and span of time of each figure cell.
    cells: Vec<(usize, FigureKey, Option<String>, TimeSpan)>,
}

fn layout(table: &Table, grid: &Grid) -> Option<Found> {
    match table.layout {
        Layout::Sheet => sheet(table, grid),
        Layout::Matrix => matrix(table, grid),
        Layout::Blocks => blocks(table, grid),
        Layout::Outcomes => outcomes(table, grid),
    }
}

/// The row of a form that label cells name: the longest label that the joined cells end with; of equal labels the first
/// after the row matched before, since the form's order is kept.
fn row_named(rows: &[Row], labels: &[&str], after: usize) -> Option<usize> {
    let last = *labels.last()?;
    let last_length = last.chars().count();
    let mut best: Option<(usize, usize)> = None;
    let joined = labels.concat();
    let mut consider = |place: usize, length: usize| {
        let better = match best {
            None => true,
            Some((_, longest)) if length > longest => true,
            Some((earlier, longest)) => length == longest && earlier < after && place >= after,
        };
        if better {
            best = Some((place, length));
        }
    };
    for (place, row) in rows.iter().enumerate() {
        for key in &row.keys {
            // One byte tells most labels apart.
            let ends_alike = key.is_empty() || key.as_bytes().last() == joined.as_bytes().last();
            let begins_alike = key.as_bytes().get(2) == last.as_bytes().get(2);
            if ends_alike && let Some(before) = joined.strip_suffix(key.as_str()) {
                // A group's label glued to the row's explains as many more characters: 工作人员数1.专职人员数 is the row, not its group.
                let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
                let group = row.group_keys.last().filter(|group| !group.is_empty() && before.ends_with(group.as_str()));
                consider(place, key.chars().count() + group.map_or(0, |group| group.chars().count()));
            } else if last_length >= 6 && begins_alike && (key.starts_with(last) || last.starts_with(key.as_str()) && key.chars().count() >= 6) {
                // A label cut short, or with a remark after it.
                consider(place, last_length.min(key.chars().count()) - 1);
            }
        }
    }
    best.map(|(place, _)| place)
}

fn texts(cells: &[GridCell]) -> Vec<&str> {
    let mut labels: Vec<&str> = Vec::new();
    for cell in cells {
        // A merged cell may have been repeated over the columns it spanned.
        if !cell.key.is_empty() && labels.last() != Some(&cell.key.as_str()) {
            labels.push(&cell.key);
        }
    }
    labels
}

fn is_value(cell: &GridCell) -> bool {
    // Most cells are plain numbers, and asked several times.
    let plain = cell.text.len() <= 9 && cell.text.bytes().all(|byte| byte.is_ascii_digit());
    plain || read_cell(&cell.text).is_some()
}

fn sheet(table: &Table, grid: &Grid) -> Option<Found> {
    let head = grid.rows.first()?;
    let named = |words: &[&str]| head.cells.iter().position(|cell| words.iter().any(|word| cell.key.contains(word)));
    let unit_column = named(&["单位"]);
    let numbers: Vec<(usize, TimeSpan)> = {
        let cumulative = named(&["累计"]).map(|column| (column, TimeSpan::Cumulative));
        let yearly = named(&["统计数", "数量", "数值", "本年", "年度"]).filter(|column| Some(*column) != unit_column);
        let last =
            (0..head.cells.len()).rev().find(|&column| grid.rows.iter().skip(1).any(|row| !row.cells[column].text.is_empty() && is_value(&row.cells[column])));
        let yearly = yearly.or(last.filter(|column| cumulative.is_none_or(|(at, _)| at != *column)));
        yearly.map(|column| (column, TimeSpan::Year)).into_iter().chain(cumulative).collect()
    };
    let first_number = numbers.iter().map(|(column, _)| *column).min()?;
    let label_end = unit_column.map_or(first_number, |unit| unit.min(first_number));
    let mut after = 0;
    let rows: Vec<Option<FoundRow>> = grid
        .rows
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let states = numbers.iter().any(|(column, _)| !row.cells[*column].text.is_empty());
            if place == 0 || label_end == 0 {
                return None;
            }
            let named = row_named(&table.rows, &texts(&row.cells[..label_end]), after)?;
            let key = table.rows[named].cells.first()?.key;
            // 一、主动公开情况 with an empty number is a group's head, not a blank figure.
            let group = !states
                && texts(&row.cells[..label_end]).last().is_some_and(|label| table.rows.iter().any(|row| row.group_keys.iter().any(|group| group == label)));
            if group {
                return None;
            }
            after = named + 1;
            let unit =
                unit_column.map(|column| row.cells[column].text.trim().to_string()).filter(|unit| !unit.is_empty()).or_else(|| table.rows[named].unit.clone());
            Some(FoundRow { anchor: key, cells: numbers.iter().map(|(column, time)| (*column, key, unit.clone(), *time)).collect() })
        })
        .collect();
    enough(rows, 3)
}

fn enough(rows: Vec<Option<FoundRow>>, least: usize) -> Option<Found> {
    (rows.iter().flatten().count() >= least).then_some(Found { rows })
}

fn matrix(table: &Table, grid: &Grid) -> Option<Found> {
    let width = table.columns.len();
    // Rows whose last cells are all values are data; label columns are those left of the values.
    let data: Vec<usize> = (0..grid.rows.len())
        .filter(|&place| {
            let row = &grid.rows[place];
            row.cells.iter().filter(|cell| !cell.text.is_empty() && is_value(cell)).count() * 2 >= width && row.cells.iter().any(|cell| !is_value(cell))
        })
        .collect();
    // One cell that holds text where a number belongs does not make its column a label column: most rows decide.
    let ends: Vec<usize> = data.iter().filter_map(|&place| grid.rows[place].cells.iter().rposition(|cell| !is_value(cell))).collect();
    let labels_end = ends.iter().copied().max_by_key(|end| (ends.iter().filter(|other| *other == end).count(), *end))? + 1;
    let heads = &grid.rows[..*data.first()?];
    let by_label: Option<Vec<usize>> =
        table.columns.iter().map(|column| heads.iter().rev().find_map(|row| row.cells.iter().position(|cell| cell.key == column.key))).collect();
    let usable = |columns: &Vec<usize>| columns[0] >= labels_end && columns.windows(2).all(|pair| pair[0] < pair[1]);
    // Heads that are all there, in their order, make a table of two rows one of the form: it was cut off, or is a part of it.
    let by_label = by_label.filter(usable);
    let least = if by_label.is_some() { 2 } else { 4 };
    let columns = by_label.or_else(|| {
        // Heads that lost their merged cells: the values stand in the form's order right of the labels.
        let filled = grid.rows.first()?.cells.len();
        (filled >= labels_end + width).then(|| (labels_end..labels_end + width).collect())
    })?;
    let mut after = 0;
    let rows = grid
        .rows
        .iter()
        .map(|row| {
            if !columns.iter().any(|&column| is_value(&row.cells[column]))
                || columns.iter().any(|&column| !row.cells[column].text.is_empty() && row.cells[column].key == table.columns[0].key)
            {
                return None;
            }
            // Rows whose first label spans several columns end their labels early; the first column of values ends all.
            let labels = texts(&row.cells[..columns[0]]);
            let named = row_named(&table.rows, &labels, after)?;
            let form_row = &table.rows[named];
            let anchor = form_row.cells.first()?.key;
            // A group's own line, 三、本年度办理结果 with nothing beside it, states no figure.
            after = named + 1;
            let cells = form_row
                .cells
                .iter()
                .map(|cell| (columns[cell.column as usize], cell.key, table.columns[cell.column as usize].unit.clone(), TimeSpan::Year))
                .collect();
            Some(FoundRow { anchor, cells })
        })
        .collect();
    enough(rows, least)
}

fn blocks(table: &Table, grid: &Grid) -> Option<Found> {
    let mut placed: Vec<(usize, usize)> = Vec::new();
    let mut rows: Vec<Option<FoundRow>> = Vec::new();
    let mut heads = 0;
    for row in &grid.rows {
        let columns = column_places(&table.columns, row);
        if !columns.is_empty() {
            placed = columns;
            heads += 1;
            rows.push(None);
            continue;
        }
        let label = row.cells.iter().find(|cell| !cell.text.is_empty()).map(|cell| &cell.key);
        let named = label.and_then(|label| table.rows.iter().find(|row| row.keys.contains(label)));
        let clause = || {
            row.cells.iter().filter(|cell| !cell.text.is_empty() && !is_value(cell)).any(|cell| {
                let key = plain_key(&cell.text);
                table.columns.iter().any(|column| column.group_key.as_ref() == Some(&key))
            })
        };
        let found = named.filter(|_| !clause()).and_then(|form_row| {
            let label_at = row.cells.iter().position(|cell| !cell.text.is_empty())?;
            let cells: Vec<_> = form_row
                .cells
                .iter()
                .enumerate()
                .filter_map(|(nth, cell)| {
                    let column = placed.iter().find(|(column, _)| same_label(&table.columns[*column], &table.columns[cell.column as usize])).map(|(_, at)| *at);
                    let at = column.or((placed.is_empty()).then_some(label_at + 1 + nth))?;
                    (at < row.cells.len()).then(|| (at, cell.key, table.columns[cell.column as usize].unit.clone(), TimeSpan::Year))
                })
                .collect();
            (!cells.is_empty()).then(|| FoundRow { anchor: form_row.cells[0].key, cells })
        });
        rows.push(found);
    }
    let found = rows.iter().flatten().count();
    (found >= 1 && heads >= 1).then_some(Found { rows })
}

fn same_label(a: &Column, b: &Column) -> bool {
    a.key == b.key
}

/// Columns of a block that a row names: (column of the form, column of the grid).
fn column_places(columns: &[Column], row: &GridRow) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    for (at, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
        if let Some(place) = columns.iter().position(|column| column.key == cell.key) {
            places.push((place, at));
        }
    }
    places
}

fn outcomes(table: &Table, grid: &Grid) -> Option<Found> {
    let width = table.columns.len();
    let labels: Vec<&String> = table.columns.iter().map(|column| &column.key).collect();
    // Labels that reach over two lines of the head stand in both: the line that names most columns is the last of it.
    let named_in = |row: &GridRow| row.cells.iter().filter(|cell| labels.contains(&&cell.key)).count();
    let head = (0..grid.rows.len()).rev().max_by_key(|&place| named_in(&grid.rows[place])).filter(|&place| named_in(&grid.rows[place]) >= width)?;
    let named: Vec<(usize, usize)> =
        grid.rows[head].cells.iter().enumerate().filter_map(|(at, cell)| Some((at, labels.iter().position(|label| **label == cell.key)?))).collect();
    let mut rows: Vec<Option<FoundRow>> = (0..grid.rows.len()).map(|_| None).collect();
    if named.len() >= width * table.rows.len() {
        // One line of numbers: the n-th run of outcomes belongs to the n-th group.
        let line = (head + 1..grid.rows.len()).find(|&place| named.iter().all(|(at, _)| is_value(&grid.rows[place].cells[*at])))?;
        let cells = named.iter().take(width * table.rows.len()).enumerate().filter_map(|(nth, (at, column))| {
            let cell = table.rows[nth / width].cells.iter().find(|cell| cell.column as usize == *column)?;
            Some((*at, cell.key, None, TimeSpan::Year))
        });
        rows[line] = Some(FoundRow { anchor: table.rows[0].cells[0].key, cells: cells.collect() });
        return Some(Found { rows });
    }
    for place in head + 1..grid.rows.len() {
        let row = &grid.rows[place];
        let first = named.first()?.0;
        let label = texts(&row.cells[..first]);
        let Some(named_row) = row_named(&table.rows, &label, 0) else { continue };
        let form_row = &table.rows[named_row];
        let cells = named
            .iter()
            .take(width)
            .filter_map(|(at, column)| Some((*at, form_row.cells.iter().find(|cell| cell.column as usize == *column)?.key, None, TimeSpan::Year)));
        rows[place] = Some(FoundRow { anchor: form_row.cells[0].key, cells: cells.collect() });
    }
    enough(rows, 1)
}

struct Reader<'a> {
    file: &'a str,
    start: usize,
    registry: &'a Registry,
    out: TablesRead,
}

impl Reader<'_> {
    fn table(&mut self, place: u8, table: &Table, grid: &Grid, found: &Found) {
        let width = grid.rows.first().map_or(0, |row| row.printed);
        let mut rows = Vec::with_capacity(grid.rows.len());
        for (row, found) in grid.rows.iter().zip(&found.rows) {
            if row.printed != width && (found.is_some() || row.cells.iter().any(|cell| !cell.text.is_empty())) {
                let words =
                    Words::new(format!("这一行有 {} 格，表头有 {width} 格", row.printed), format!("this row has {} cells, the head has {width}", row.printed));
                let diagnostic = Diagnostic::new("form/row-length", self.file, Some(in_file(row.span, self.start)), words);
                self.out
                    .found
                    .push(diagnostic.help("请补上空格（用 | 隔开），或删去多余的格。", "add the missing cells between | signs, or remove the surplus."));
                rows.push(TableRow::default());
                continue;
            }
            let Some(found) = found else {
                self.unknown_row(table, row);
                rows.push(TableRow::default());
                continue;
            };
            let before = self.out.figures.len();
            for (column, key, unit, time) in &found.cells {
                self.cell(place, &row.cells[*column], *key, unit.as_deref(), *time);
            }
            let zero = |figure: &Figure| figure.reading.amount().is_some_and(|amount| amount.is_zero());
            let read = &self.out.figures[before..];
            rows.push(TableRow {
                anchor: Some(self.registry.indicator(found.anchor.indicator).key.clone()),
                all_zero: !read.is_empty() && read.iter().all(zero),
            });
        }
        self.out.tables.push(ReportTable { table: place, span: in_file(grid.span, self.start), rows });
    }

    /// A line with numbers that the form does not have: said, so that no figure is lost unseen.
    fn unknown_row(&mut self, table: &Table, row: &GridRow) {
        let numbers = row.cells.iter().filter(|cell| read_cell(&cell.text).is_some_and(|cell| cell.reading.amount().is_some())).count();
        let label = row.cells.iter().find(|cell| !cell.text.is_empty() && !is_value(cell)).map(|cell| cell.text.clone());
        if let Some(label) = label.filter(|_| numbers > 0) {
            let words = Words::new(
                format!("“{label}”这一行不在{}里，数字没有读取", table.title),
                format!("the row `{label}` is not in the form's table; its numbers were not read"),
            );
            let diagnostic = Diagnostic::new("form/row-unknown", self.file, Some(in_file(row.span, self.start)), words);
            self.out
                .found
                .push(diagnostic.help("请对照法定表的行名改正，或用 [figures] 写明。", "use the row's official label, or state the figure under [figures]."));
        }
    }

    fn cell(&mut self, table: u8, cell: &GridCell, key: FigureKey, unit: Option<&str>, time: TimeSpan) {
        let span = in_file(cell.span, self.start);
        let Some(read) = read_cell(&cell.text) else {
            let words = Words::new(format!("“{}”读不出数字", cell.text), format!("`{}` is not a number", cell.text));
            let diagnostic = Diagnostic::new("form/value-unreadable", self.file, Some(span), words);
            self.out.found.push(
                diagnostic
                    .help("请只写数字（可带单位）；没有就写 0，不适用写 /。", "write the number alone (with its unit); 0 for none, / for not applicable."),
            );
            return;
        };
        let CellReading { reading, about, unit: printed } = read;
        let unit = printed.as_deref().or(unit).unwrap_or_default();
        let read = match reading {
            Reading::Stated(amount) => {
                converted(self.registry, key.indicator, amount, unit).map(|(amount, stated): Converted| (Reading::Stated(amount), stated))
            }
            other => Ok((other, None)),
        };
        match read {
            Ok((reading, stated)) => self.keep(Figure { key, reading, about, time, stated, origin: Origin::Table(table), span }, span),
            Err((rule, words)) => self.out.found.push(Diagnostic::new(rule, self.file, Some(span), words)),
        }
    }

    fn keep(&mut self, figure: Figure, span: Span) {
        let same = |known: &&Figure| known.key == figure.key && known.time == figure.time;
        match self.out.figures.iter().find(same) {
            Some(known) if known.reading == figure.reading => {}
            Some(known) => {
                let name = &self.registry.indicator(figure.key.indicator).name;
                let said = |figure: &Figure| figure.reading.amount().map_or_else(|| figure.reading.word().to_string(), |amount| amount.to_string());
                let words = Words::new(
                    format!("“{name}”在本报告的表格里出现两次，数不同：{} 和 {}", said(known), said(&figure)),
                    format!("`{}` stands twice in the tables, as {} and {}", self.registry.figure_name(figure.key), said(known), said(&figure)),
                );
                self.out.found.push(Diagnostic::new("form/table-twice", self.file, Some(span), words).help("请只留一张表。", "keep one of the tables."));
            }
            None => self.out.figures.push(figure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;
    use crate::model::Year;
    use std::collections::BTreeMap;

    fn figures(year: i64, text: &str) -> (BTreeMap<String, String>, Vec<&'static str>) {
        let registry = Registry::built_in();
        let form = registry.form_for(Year::new(year).unwrap());
        let read = read("t.md", &markdown::grids(&markdown::read(text), text), 0, form, &registry);
        let said = read.figures.iter().map(|figure| {
            let value = figure.reading.amount().map_or_else(|| figure.reading.word().to_string(), |amount| amount.to_string());
            (registry.figure_name(figure.key), value)
        });
        (said.collect(), read.found.iter().map(|found| found.rule.code).collect())
    }

    #[track_caller]
    fn expect(year: i64, text: &str, expected: &[(&str, &str)]) {
        let (read, found) = figures(year, text);
        assert_eq!(found, Vec::<&str>::new());
        for (key, value) in expected {
            assert_eq!(read.get(*key).map(String::as_str), Some(*value), "{key} of {read:?}");
        }
    }

    const HEAD: &str = "|申请人情况|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计|\n|--|--|--|--|--|--|--|--|\n";

    #[test]
    fn part_three_with_glued_groups() {
        let text = format!(
            "{HEAD}|一、本年新收政府信息公开申请数量|3|0|0|0|0|1|4|\n|二、上年结转政府信息公开申请数量|0|0|0|0|0|0|0|\n|三、本年度办理结果（一）予以公开|2|0|0|0|0|1|3|\n\
             |（二）部分公开（区分处理的，只计这一情形，不计其他情形）|0|0|0|0|0|0|0|\n|（三）不予公开 1.属于国家秘密|0|0|0|0|0|0|0|\n|2.其他法律行政法规禁止公开|1|0|0|0|0|0|1|\n\
             |（六）其他处理 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请|0|0|0|0|0|0|0|\n|3.其他|0|0|0|0|0|0|0|\n|（七）总计|3|0|0|0|0|1|4|\n|四、结转下年度继续办理|0|0|0|0|0|0|0|\n"
        );
        expect(
            2023,
            &text,
            &[
                ("applications_new.natural_person", "3"),
                ("applications_new", "4"),
                ("granted_full.other", "1"),
                ("refused_law", "1"),
                ("other_results_other", "0"),
                ("results_total", "4"),
                ("carried_out", "0"),
            ],
        );
        expect(
            2019,
            &text
                .replace("（六）其他处理 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "（六）其他处理")
                .replace("|3.其他|0|0|0|0|0|0|0|\n", ""),
            &[("other_results", "0")],
        );
    }

    #[test]
    fn part_three_whose_head_lost_its_merged_cells() {
        let text = "|（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）||申请人情况|||||||\n|--|--|--|--|--|--|--|--|--|\n|||自然人|法人或其他组织|||||总计|\n||||商业企业|科研机构|社会公益组织|法律服务机构|其他||\n\
                    |一、本年新收政府信息公开申请数量||１２|0|0|0|0|0|12|\n|二、上年结转政府信息公开申请数量||0|0|0|0|0|0|0|\n|三、本年度办理结果|（一）予以公开|5|0|0|0|0|0|5|\n|三、本年度办理结果|（二）部分公开|/|0|0|0|0|0||\n\
                    |（五）不予处理|2.重复申请|7|0|0|0|0|0|7|\n||（七）总计|12|0|0|0|0|0|12|\n|四、结转下年度继续办理||0|0|0|0|0|0|0|\n";
        expect(
            2021,
            text,
            &[
                ("applications_new.natural_person", "12"),
                ("applications_new", "12"),
                ("granted_full", "5"),
                ("granted_partial.natural_person", "not-applicable"),
                ("granted_partial", "blank"),
                ("declined_repeat", "7"),
                ("results_total", "12"),
            ],
        );
    }

    #[test]
    fn part_two_in_one_table_and_in_several() {
        let one = "|第二十条第（一）项||||\n|---|--:|--:|--:|\n|信息内容|本年制发件数|本年废止件数|现行有效件数|\n|规章|0|0|0|\n|行政规范性文件|2|1|5|\n|第二十条第（五）项||||\n|信息内容|本年处理决定数量|||\n|行政许可|41|||\n\
                   |第二十条第（六）项||||\n|信息内容|本年处理决定数量|||\n|行政处罚|7|||\n|行政强制|0|||\n|第二十条第（八）项||||\n|信息内容|本年收费金额（单位：万元）|||\n|行政事业性收费|3.5|||\n";
        let expected = [
            ("normative_documents_issued", "2"),
            ("normative_documents_in_force", "5"),
            ("regulations_issued", "0"),
            ("admin_permits", "41"),
            ("admin_penalties", "7"),
            ("admin_coercion", "0"),
            ("admin_fees", "35000"),
        ];
        expect(2024, one, &expected);
        let several = "|信息内容|本年制发件数|本年废止件数|现行有效件数|\n|--|--|--|--|\n|规章|0|0|0|\n|行政规范性文件|2|1|5|\n\n第二十条第（五）项\n\n|信息内容|本年处理决定数量|\n|--|--|\n|行政许可|41|\n\n|信息内容|本年处理决定数量|\n|--|--|\n|行政处罚|7|\n|行政强制|0|\n\n|信息内容|本年收费金额（单位：万元）|\n|--|--|\n|行政事业性收费|3.5|\n";
        expect(2024, several, &expected);
    }

    #[test]
    fn part_two_of_2019_reads_units_in_cells() {
        let text = "|第二十条第（五）项||||\n|---|--:|--:|--:|\n|信息内容|上一年项目数量|本年增/减|处理决定数量|\n|行政许可|12|-1|40|\n|其他对外管理服务事项|8|0|9|\n|第二十条第（九）项||||\n|信息内容|采购项目数量|采购总金额||\n|政府集中采购|6|90万元||\n";
        expect(
            2020,
            text,
            &[
                ("permit_items_last_year", "12"),
                ("permit_items_change", "-1"),
                ("admin_permits", "40"),
                ("procurement_projects", "6"),
                ("procurement_total", "900000"),
            ],
        );
    }

    #[test]
    fn part_four_in_one_line_and_with_three_heads() {
        let line = "|3|0|0|1|4|1|0|0|0|1|0|0|0|0|0|\n";
        let outcomes = format!("{}|\n", "|结果维持|结果纠正|其他结果|尚未审结|总计".repeat(3));
        let rule = format!("{}|\n", "|--".repeat(15));
        let groups = "|行政复议|||||行政诉讼·未经复议直接起诉|||||行政诉讼·复议后起诉|||||\n";
        let expected = [
            ("reconsideration.upheld", "3"),
            ("reconsideration.pending", "1"),
            ("reconsideration", "4"),
            ("litigation_direct", "1"),
            ("litigation_after_reconsideration", "0"),
        ];
        expect(2021, &format!("{groups}{rule}{outcomes}{line}"), &expected);
        expect(2021, &format!("|行政复议|||||行政诉讼||||||||||\n{rule}||||||未经复议直接起诉|||||复议后起诉|||||\n{outcomes}{line}"), &expected);
        // As a page merges them: the outcomes of the first group reach over two lines.
        let merged = "|结果维持|结果纠正|其他结果|尚未审结|总计|未经复议直接起诉|||||复议后起诉|||||\n";
        expect(2021, &format!("|行政复议|||||行政诉讼||||||||||\n{rule}{merged}{outcomes}{line}"), &expected);
    }

    #[test]
    fn the_sheet_with_groups_numbering_and_units() {
        let text = "|指标名称|计量单位|数量|\n|--|--|--|\n|一、主动公开情况|——||\n|（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）|条|312|\n|其中：主动公开规范性文件数|条|2|\n|2.政府网站公开政府信息数|条|200条|\n\
                    |（一）收到申请数|件|4|\n|1.当面申请数|件|1|\n|四、行政复议数量|件|1|\n|（一）维持具体行政行为数|件|1|\n|（二）被依法纠错数|件|0|\n|五、行政诉讼数量|件|2|\n|（二）被依法纠错数|件|2|\n";
        expect(
            2016,
            text,
            &[
                ("proactive_disclosed_total", "312"),
                ("via_website", "200"),
                ("reconsideration", "1"),
                ("reconsideration_corrected", "0"),
                ("litigation_total", "2"),
                ("litigation_corrected", "2"),
            ],
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_rule() {
        let text = format!(
            "{HEAD}|一、本年新收政府信息公开申请数量|三件|0|0|0|0|1|4|\n|二、上年结转政府信息公开申请数量|0|0|0|0|0|0|\n|三、本年度办理结果（一）予以公开|0|0|0|0|0|0|0|\n|（二）部分公开|0|0|0|0|0|0|0|\n|（三）不予公开 1.属于国家秘密|0|0|0|0|0|0|0|\n|2.其他法律行政法规禁止公开|1|0|0|0|0|0|1|\n|3.危及“三安全一稳定”|0|0|0|0|0|0|0|\n|4.保护第三方合法权益|0|0|0|0|0|0|0|\n|（八）自己加的一行|0|0|0|0|0|0|2|\n"
        );
        let (read, found) = figures(2023, &text);
        assert_eq!(found, ["form/value-unreadable", "form/row-length", "form/row-unknown"]);
        assert_eq!(read.get("applications_new").map(String::as_str), Some("4"));
        assert!(!read.contains_key("applications_carried_in"));
    }
}
