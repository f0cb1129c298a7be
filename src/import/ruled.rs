//! Tables that were drawn with signs: rows between pipes that are not all of one width, rows that broke off a table, and sheets in which
//! the heading of a section stands between two tables.

use super::flat::{Keys, Places, TABLES, text_of};
use super::lines::{Block, Line, Removed};
use crate::diag::Words;
use crate::text::labels::label_key;
use crate::text::numbers::read_cell;

/// Cells of a line between pipes.
fn cells(line: &Line) -> Option<Vec<String>> {
    let text = text_of(line)?.trim();
    let text: String = text.chars().map(|c| if matches!(c, '｜' | '│' | '┃' | '║') { '|' } else { c }).collect();
    if text.matches('|').count() < 2 || !text.starts_with('|') && text.matches('|').count() < 3 {
        return None;
    }
    let inner = text.strip_prefix('|').unwrap_or(&text);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    Some(inner.split('|').map(|cell| cell.trim().to_string()).collect())
}

/// Cells of a row right after a table: a label, then at least one number.
fn row_after(line: &Line) -> Option<Vec<String>> {
    let text = text_of(line)?.trim();
    let cells: Vec<String> = text.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect();
    let numbers = cells.iter().skip(1).filter(|cell| !cell.is_empty() && read_cell(cell).is_some()).count();
    let labeled = !cells[0].is_empty() && read_cell(&cells[0]).is_none();
    // 四、结转下年度继续办理 is a row; 六、其他 is a section.
    let row = cells[0].chars().count() >= 8 && TABLES.iter().any(|(_, labels)| labels.rows.contains(&label_key(&cells[0])));
    let heading = super::outline::numbered(&cells[0]).is_some_and(|number| number.level == 1) && !row;
    (numbers > 0 && labeled && !heading).then_some(cells)
}

fn is_rule(cells: &[String]) -> bool {
    cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | '─' | '=' | ' ')))
}

/// Rows between pipes that are not all of one width: |甲|乙|, also with box-drawing signs. Rows right after a table, which other signs
/// at their end parted from it, belong to it.
pub(super) fn pipes(lines: &mut Vec<Line>, removed: &mut Vec<Removed>, places: &mut Places) {
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    let mut at = 0;
    let all = std::mem::take(lines);
    while at < all.len() {
        if goes_on(kept.last(), &all[at], places) {
            append(&mut kept, &all[at], removed, places);
            at += 1;
            continue;
        }
        let run: Vec<(usize, Vec<String>)> = all[at..].iter().map_while(|line| Some((line.number, cells(line)?))).collect();
        // One row alone is a line with signs in it; a menu has no number.
        let values = run.iter().flat_map(|(_, cells)| cells).filter(|cell| !cell.is_empty() && read_cell(cell).is_some()).count();
        if run.len() < 2 || values == 0 {
            let stay = run.len().max(1);
            kept.extend(all[at..at + stay].iter().cloned());
            at += stay;
            continue;
        }
        let number = all[at].number;
        let rows: Vec<&(usize, Vec<String>)> = run.iter().filter(|(_, cells)| !is_rule(cells)).collect();
        let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        let filled = rows.iter().map(|(_, cells)| cells.iter().cloned().chain(std::iter::repeat(String::new())).take(width).collect());
        places.set_rows(number, rows.iter().map(|(line, _)| *line).collect());
        kept.push(Line { number, block: Block::Table(filled.collect()) });
        all[at..at + run.len()].iter().for_each(|line| drop_signs(line, removed));
        at += run.len();
    }
    *lines = kept;
}

fn drop_signs(line: &Line, removed: &mut Vec<Removed>) {
    let signs: String = text_of(line).unwrap_or_default().chars().filter(|c| "|｜│┃║-:─=".contains(*c)).collect();
    removed
        .push(Removed { line: line.number, text: signs, why: Words::new("表格的竖线和横线，已排成表格", "lines of a table drawn with signs") });
}

/// Whether a line or a table is the next row of the table before it.
fn goes_on(before: Option<&Line>, line: &Line, places: &Places) -> bool {
    let Some(Line { number, block: Block::Table(rows) }) = before else { return false };
    if places.line(*number, rows.len() - 1, 0) + 1 != line.number {
        return false;
    }
    match &line.block {
        Block::Table(_) => places.has_rows(*number) && places.has_rows(line.number),
        _ => row_after(line).is_some() && places.has_rows(*number),
    }
}

fn append(kept: &mut [Line], line: &Line, removed: &mut Vec<Removed>, places: &mut Places) {
    let Some(Line { number, block: Block::Table(rows) }) = kept.last_mut() else { return };
    let mut of_lines: Vec<usize> = (0..rows.len()).map(|row| places.line(*number, row, 0)).collect();
    match &line.block {
        Block::Table(more) => {
            of_lines.extend((0..more.len()).map(|row| places.line(line.number, row, 0)));
            rows.extend(more.iter().cloned());
        }
        _ => {
            of_lines.push(line.number);
            rows.extend(row_after(line));
            drop_signs(line, removed);
        }
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    rows.iter_mut().for_each(|row| row.resize(width, String::new()));
    places.set_rows(*number, of_lines);
}

/// Puts the halves of a table under each other whose heads are printed twice side by side, 统计指标|单位|统计数|统计指标|单位|统计数.
pub(super) fn stack(lines: &mut [Line], places: &mut Places) {
    for line in lines {
        let Block::Table(rows) = &mut line.block else { continue };
        let Some(head) = rows.first().filter(|head| !head[0].is_empty()) else { continue };
        let keys: Vec<String> = head.iter().map(|cell| label_key(cell)).collect();
        let Some(wide) = (2..=keys.len() / 2).find(|wide| keys.len().is_multiple_of(*wide) && keys.chunks(*wide).all(|part| *part == keys[..*wide])) else {
            continue;
        };
        // Outcomes of reviews repeat, too, and are columns of their own: a table of halves begins each with labels.
        let labeled = |row: &[String]| row.chunks(wide).all(|part| part[0].is_empty() || read_cell(&part[0]).is_none());
        if wide < 2 || rows.len() < 3 || !rows[1..].iter().all(|row| labeled(row)) {
            continue;
        }
        let (mut stacked, mut of_lines) = (vec![rows[0][..wide].to_vec()], vec![places.line(line.number, 0, 0)]);
        for part in 0..keys.len() / wide {
            for (at, row) in rows.iter().enumerate().skip(1) {
                let cells = &row[part * wide..(part + 1) * wide];
                if cells.iter().any(|cell| !cell.is_empty()) {
                    stacked.push(cells.to_vec());
                    of_lines.push(places.line(line.number, at, 0));
                }
            }
        }
        *rows = stacked;
        places.set_rows(line.number, of_lines);
    }
}

/// Parts tables in which the heading of a section stands between two, alone in its row, as in sheets.
pub(super) fn part(lines: &mut Vec<Line>, places: &mut Places) {
    let heading = |row: &[String]| -> Option<String> {
        let mut filled = row.iter().filter(|cell| !cell.is_empty());
        let (Some(words), None) = (filled.next(), filled.next()) else { return None };
        let numbered = super::outline::numbered(words).is_some_and(|number| number.level == 1);
        (numbered && words.contains("情况") && !TABLES.iter().any(|(_, labels)| labels.knows(&Keys::of(words)))).then(|| words.clone())
    };
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    for line in std::mem::take(lines) {
        let rows = match &line.block {
            Block::Table(rows) if rows.iter().any(|row| heading(row).is_some()) => rows,
            _ => {
                kept.push(line);
                continue;
            }
        };
        let of_lines: Vec<usize> = (0..rows.len()).map(|row| places.line(line.number, row, 0)).collect();
        let mut open: Vec<(usize, Vec<String>)> = Vec::new();
        let close = |open: &mut Vec<(usize, Vec<String>)>, kept: &mut Vec<Line>, places: &mut Places| {
            if let Some((number, _)) = open.first() {
                places.set_rows(*number, open.iter().map(|(line, _)| *line).collect());
                kept.push(Line { number: *number, block: Block::Table(open.drain(..).map(|(_, row)| row).collect()) });
            }
        };
        for (row, number) in rows.iter().zip(&of_lines) {
            match heading(row) {
                Some(words) => {
                    close(&mut open, &mut kept, places);
                    kept.push(Line::text(*number, words));
                }
                None => open.push((*number, row.clone())),
            }
        }
        close(&mut open, &mut kept, places);
    }
    *lines = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Line {
        Line { number: 1, block: Block::Table(rows.iter().map(|row| row.iter().map(|cell| (*cell).to_string()).collect()).collect()) }
    }

    #[test]
    fn halves_side_by_side_are_put_under_each_other() {
        let mut lines = [table(&[&["指标", "数", "指标", "数"], &["甲", "1", "丙", "3"], &["乙", "2", "", ""]])];
        let mut places = Places::default();
        places.set_rows(1, vec![1, 3, 4]);
        stack(&mut lines, &mut places);
        assert_eq!(lines[0], table(&[&["指标", "数"], &["甲", "1"], &["乙", "2"], &["丙", "3"]]));
        assert_eq!((places.line(1, 2, 1), places.line(1, 3, 1)), (4, 3));
        let outcomes = [table(&[&["维持", "总计", "维持", "总计"], &["0", "1", "0", "2"], &["0", "0", "0", "0"]])];
        let mut same = outcomes.clone();
        stack(&mut same, &mut places);
        assert_eq!(same, outcomes);
    }

    #[test]
    fn rows_after_a_table_belong_to_it() {
        let mut lines = vec![table(&[&["行政许可", "1", ""], &["行政处罚", "2", ""]]), Line::text(3, "行政强制 | 0 |"), Line::text(4, "六、其他 | 无")];
        let mut places = Places::default();
        places.set_rows(1, vec![1, 2]);
        pipes(&mut lines, &mut Vec::new(), &mut places);
        assert_eq!(lines[0], table(&[&["行政许可", "1", ""], &["行政处罚", "2", ""], &["行政强制", "0", ""]]));
        assert_eq!(lines.len(), 2);
    }
}
