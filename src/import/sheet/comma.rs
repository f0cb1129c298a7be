//! Tables as plain text: fields parted by commas, semicolons or tabs.

use super::super::lines::Lines;
use super::{MOST_CELLS, Sheet, lines};

/// Rows that are looked at to tell a table from a text.
const LOOKED_AT: usize = 200;

/// The sign between fields, if a text is a table: at least two rows, most of them of the same two or more fields, and no
/// row a sentence.
pub(in super::super) fn separator(text: &str) -> Option<u8> {
    [b'\t', b',', b';'].into_iter().find(|sign| {
        let rows = records(text, *sign, LOOKED_AT);
        let filled: Vec<&Vec<String>> = rows.iter().map(|(_, row)| row).filter(|row| row.iter().any(|field| !field.trim().is_empty())).collect();
        let widest = filled.iter().map(|row| row.len()).max().unwrap_or(0);
        let wide = filled.iter().filter(|row| row.len() == widest).count();
        let is_prose = |row: &&Vec<String>| row.len() < widest && row.iter().any(|field| field.contains('。') && field.chars().count() > 40);
        widest >= 2 && wide >= 2 && wide * 10 >= filled.len() * 7 && !filled.iter().any(is_prose)
    })
}

/// Rows and fields of a table.
pub(in super::super) fn read(text: &str, separator: u8) -> Lines {
    // The reader counts a line break of Windows only with the record after it.
    let text = &text.replace("\r\n", "\n");
    let mut sheet = Sheet::default();
    for (row, record) in records(text, separator, MOST_CELLS).into_iter() {
        let cells = record.into_iter().enumerate().filter(|(_, field)| !field.trim().is_empty());
        sheet.cells.extend(cells.map(|(column, field)| ((row, column as u32), field)));
    }
    lines(vec![sheet])
}

/// Rows with their numbers, counted from 0.
fn records(text: &str, separator: u8, most: usize) -> Vec<(u32, Vec<String>)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    reader
        .records()
        .take(most)
        .filter_map(Result::ok)
        .map(|record| (record.position().map_or(0, |at| at.line() as u32 - 1), record.iter().map(str::to_string).collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::lines::{Block, Line};
    use super::*;

    #[test]
    fn tables_are_told_from_texts() {
        assert_eq!(separator("统计指标,单位,统计数\n主动公开,条,\"1,200\"\n其中,条,3\n"), Some(b','));
        assert_eq!(separator("指标\t数\n申请\t3\n"), Some(b'\t'));
        for text in ["云溪镇年报\n一、概述\n内容若干,写在这里,如此。\n", "一行,两行", "我镇召开会议,部署工作,落实责任。\n全年公开信息,及时准确。\n二、概述\n"]
        {
            assert_eq!(separator(text), None, "{text}");
        }
    }

    #[test]
    fn fields_become_cells() {
        let windows = read("标题,,\r\n甲,乙,1\r\n丙,丁,2\r\n", b',');
        assert_eq!(windows.rows.get(&2), Some(&vec![2, 3]));
        let found = read("统计指标,单位,统计数\n主动公开,条,\"1,200\"\n", b',').lines;
        let rows = [["统计指标", "单位", "统计数"], ["主动公开", "条", "1,200"]];
        assert_eq!(found, [Line { number: 1, block: Block::Table(rows.iter().map(|row| row.map(String::from).to_vec()).collect()) }]);
    }
}
