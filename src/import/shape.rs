//! The form's layout out of labels and values in a row: which label a value belongs to is told by how many values each row has.

use super::flat::{Labels, Token, is_unit};
use crate::model::{Layout, Table};
use crate::text::labels::{label_key, plain_key};

/// Rows of cells, and the lines of the cells.
pub(super) type Shaped = (Vec<Vec<String>>, Vec<Vec<usize>>);

/// The rows of a run of labels and values; nothing where a row has another number of values than the form.
pub(super) fn shape(table: &Table, labels: &Labels, run: &[(usize, Token)]) -> Option<Shaped> {
    match table.layout {
        Layout::Matrix => matrix(table, labels, run),
        Layout::Outcomes => outcomes(table, run),
        Layout::Blocks => blocks(table, run),
        Layout::Sheet => sheet(table, labels, run),
    }
}

/// A row: the line of its own label, its labels, its values with their lines.
type Stretch = (usize, Vec<String>, Vec<(usize, String)>);

/// Labels and values in turn: 一、…数量, seven values, 二、…
fn stretches(run: &[(usize, Token)]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for (line, token) in run {
        match token {
            Token::Label(label) => match found.last_mut().filter(|(_, _, values)| values.is_empty()) {
                // A row stands where its own label does, not where its groups' do.
                Some((at, labels, _)) => {
                    *at = *line;
                    labels.push(label.clone());
                }
                None => found.push((*line, vec![label.clone()], Vec::new())),
            },
            Token::Value(value) => match found.last_mut() {
                Some((_, _, values)) => values.push((*line, value.clone())),
                None => found.push((*line, Vec::new(), vec![(*line, value.clone())])),
            },
        }
    }
    found
}

/// A row of a label and its values, with their lines.
fn row(line: usize, label: String, values: &[(usize, String)]) -> (Vec<String>, Vec<usize>) {
    let cells = std::iter::once(label).chain(values.iter().map(|(_, value)| value.clone())).collect();
    (cells, std::iter::once(line).chain(values.iter().map(|(line, _)| *line)).collect())
}

fn matrix(table: &Table, labels: &Labels, run: &[(usize, Token)]) -> Option<Shaped> {
    let width = table.columns.len();
    let mut rows = vec![std::iter::once("申请人情况".to_string()).chain(table.columns.iter().map(|column| column.label.clone())).collect::<Vec<_>>()];
    let mut of_lines = vec![vec![run.first()?.0]];
    let stretches: Vec<_> = stretches(run);
    for (line, names, values) in &stretches {
        if values.is_empty() {
            continue;
        }
        if values.len() != width {
            return None;
        }
        // The heads stand before the first row's own label.
        let own: Vec<&String> = names
            .iter()
            .filter(|name| {
                let key = label_key(name);
                labels.rows.contains(&key)
                    || table.rows.iter().any(|row| row.group_keys.contains(&key) || row.groups.iter().any(|group| plain_key(group) == plain_key(name)))
                    || labels.rows.iter().any(|row| plain_key(name).ends_with(row.as_str()))
            })
            .filter(|name| {
                !table.columns.iter().any(|column| column.key == label_key(name))
                    || label_key(name) == "总计" && names.len() == 1
                    || *name == names.last().expect("not empty")
            })
            .collect();
        let label = own.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ");
        let (cells, lines) = row(*line, label, values);
        rows.push(cells);
        of_lines.push(lines);
    }
    (rows.len() >= 3).then_some((rows, of_lines))
}

fn outcomes(table: &Table, run: &[(usize, Token)]) -> Option<Shaped> {
    let width = table.columns.len() * table.rows.len();
    let values: Vec<&(usize, Token)> = run.iter().filter(|(_, token)| matches!(token, Token::Value(_))).collect();
    let labels: Vec<String> = run.iter().filter_map(|(_, token)| if let Token::Label(label) = token { Some(label_key(label)) } else { None }).collect();
    let named = table.columns.iter().all(|column| labels.iter().filter(|label| **label == column.key).count() == table.rows.len());
    let after = run.iter().position(|(_, token)| matches!(token, Token::Value(_)))?;
    if values.len() != width || !named || run[after..].len() != width {
        return None;
    }
    let mut groups = Vec::new();
    let mut heads = Vec::new();
    for row in &table.rows {
        groups.push(row.groups.iter().chain(std::iter::once(&row.label)).filter(|label| !label.is_empty()).cloned().collect::<Vec<_>>().join("·"));
        groups.extend(std::iter::repeat_n(String::new(), table.columns.len() - 1));
        heads.extend(table.columns.iter().map(|column| column.label.clone()));
    }
    let numbers = values.iter().filter_map(|(_, token)| if let Token::Value(value) = token { Some(value.clone()) } else { None }).collect();
    let first = run.first()?.0;
    Some((vec![groups, heads, numbers], vec![vec![first], vec![first], values.iter().map(|(line, _)| *line).collect()]))
}

fn blocks(table: &Table, run: &[(usize, Token)]) -> Option<Shaped> {
    let wide = 1 + table.rows.iter().map(|row| row.cells.len()).max()?;
    let padded = |cells: Vec<String>| cells.into_iter().chain(std::iter::repeat(String::new())).take(wide).collect::<Vec<_>>();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut of_lines: Vec<Vec<usize>> = Vec::new();
    for (line, names, values) in stretches(run) {
        let own = names.last()?;
        let row = table.rows.iter().find(|row| row.keys.contains(&label_key(own)))?;
        // What stands before the row's own label: the clause and the heads of its columns.
        let mut heads: Vec<String> = Vec::new();
        for name in &names[..names.len() - 1] {
            let key = plain_key(name);
            if table.columns.iter().any(|column| column.group_key.as_ref() == Some(&key)) {
                if !heads.is_empty() {
                    return None;
                }
                rows.push(padded(vec![name.clone()]));
                of_lines.push(vec![line]);
            } else {
                heads.push(name.clone());
            }
        }
        if !heads.is_empty() {
            let named = heads.iter().filter(|head| table.columns.iter().any(|column| column.key == label_key(head))).count();
            if named != row.cells.len() {
                return None;
            }
            rows.push(padded(heads));
            of_lines.push(vec![line]);
        }
        if values.len() != row.cells.len() {
            return None;
        }
        let (cells, lines) = self::row(line, own.clone(), &values);
        rows.push(padded(cells));
        of_lines.push(lines);
    }
    (rows.len() >= 3).then_some((rows, of_lines))
}

fn sheet(table: &Table, labels: &Labels, run: &[(usize, Token)]) -> Option<Shaped> {
    let mut rows = vec![vec!["统计指标".to_string(), "单位".into(), "统计数".into()]];
    let mut of_lines = vec![vec![run.first()?.0]];
    let mut found = 0;
    for (line, names, values) in stretches(run) {
        let unit = names.last().filter(|name| is_unit(name)).cloned();
        let names: Vec<&String> = names.iter().filter(|name| !is_unit(name)).collect();
        let (own, groups) = names.split_last()?;
        for group in groups.iter().filter(|name| !["统计指标", "单位", "统计数", "指标", "项目", "数量", "数值"].contains(&label_key(name).as_str()))
        {
            rows.push(vec![group.to_string(), String::new(), String::new()]);
            of_lines.push(vec![line]);
        }
        if values.len() != 1 || !labels.rows.contains(&label_key(own)) {
            return None;
        }
        let (at, value) = values[0].clone();
        rows.push(vec![own.to_string(), unit.unwrap_or_default(), value]);
        of_lines.push(vec![line, line, at]);
        found += 1;
    }
    (found >= 4 && table.rows.len() >= found).then_some((rows, of_lines))
}
