//! Excel files of both kinds (.xlsx and .xls) through calamine.

use super::super::lines::{Lines, Note};
use super::super::read::Refusal;
use super::super::word::{encrypted, part, refusal};
use super::super::xml::broken;
use super::{MOST_CELLS, Sheet, format, hidden, lines};
use crate::archive::Archive;
use crate::diag::Words;
use calamine::{Data, DataRef, Dimensions, Reader as _, SheetVisible, Xls, XlsError, Xlsx};
use std::io::Cursor;

/// Whether an archive is an Excel file.
pub(in super::super) fn is_excel(archive: &Archive<'_>) -> bool {
    archive.names().iter().any(|name| name.eq_ignore_ascii_case("xl/workbook.xml"))
}

/// An .xlsx file. The library inflates without limits, so every part is inflated within them first.
pub(in super::super) fn read_new(bytes: &[u8], archive: &mut Archive<'_>) -> Result<Lines, Refusal> {
    let mut passengers = Vec::new();
    for place in 0..archive.len() {
        let (name, content) = archive.at(place).map_err(refusal)?;
        if name.ends_with("vbaProject.bin") || name.contains("/embeddings/") {
            passengers.push(name.clone());
        }
        if name.to_ascii_lowercase().ends_with(".xml") && content.windows(9).any(|part| part == b"<!DOCTYPE") {
            return Err(broken());
        }
    }
    let mut aspects = hidden::of_new(archive)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut count = 0;
    let mut sheets = Vec::new();
    for about in workbook.sheets_metadata().to_vec() {
        let hidden::Aspects { unseen: (rows, columns), merged } = aspects.remove(&about.name).unwrap_or_default();
        let hidden = about.visible != SheetVisible::Visible;
        let mut sheet = Sheet { name: about.name.clone(), hidden, merged, hidden_rows: rows, hidden_columns: columns, ..Sheet::default() };
        // Sheets of charts and of macros have no cells.
        let Ok(mut reader) = workbook.worksheet_cells_reader(&about.name) else { continue };
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| broken())? {
            let code = reader.styles().get(style).and_then(|style| style.number_format.as_ref()).map_or("", |format| format.format_code.as_str());
            let text = match cell.get_value() {
                DataRef::SharedString(text) => (*text).to_string(),
                DataRef::Float(number) => format::number(*number, code),
                DataRef::DateTime(day) => format::day(*day, code),
                other => shown(&Data::from(other.clone()), code),
            };
            count += 1;
            if count > MOST_CELLS {
                return Err(too_many());
            }
            if !text.trim().is_empty() {
                sheet.cells.insert(cell.get_position(), text);
            }
        }
        sheets.push(sheet);
    }
    let mut lines = lines(sheets);
    for name in passengers {
        lines.remove(1, &name, Words::new("宏或嵌入的文件，没有打开", "macros or embedded file, not opened"));
    }
    for name in archive.names().into_iter().filter(|name| name.starts_with("xl/comments") || name.starts_with("xl/threadedComments/")) {
        if let Some(comments) = part(archive, &name)? {
            let words = hidden::words(&comments)?;
            lines.remove(1, &words, Words::new("批注", "comments"));
        }
    }
    Ok(lines)
}

/// An .xls file, from the stream that holds its sheets.
pub(in super::super) fn read_old(bytes: &[u8], stream: &[u8]) -> Result<Lines, Refusal> {
    let seen = hidden::of_old(stream);
    if seen.area > MOST_CELLS as u64 * 4 {
        return Err(too_many());
    }
    if seen.encrypted {
        return Err(encrypted());
    }
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| if matches!(error, XlsError::Password) { encrypted() } else { broken() })?;
    let mut sheets = Vec::new();
    let mut fractions = false;
    for (index, about) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        let Ok(range) = workbook.worksheet_range(&about.name) else { continue };
        let merged = workbook.merge_cells_by_sheet_name(&about.name).unwrap_or_default().iter().map(corners).collect();
        let (hidden_rows, hidden_columns) = seen.sheets.get(index).cloned().unwrap_or_default();
        let hidden = about.visible != SheetVisible::Visible;
        let mut sheet = Sheet { name: about.name.clone(), hidden, merged, hidden_rows, hidden_columns, ..Sheet::default() };
        let start = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            fractions |= matches!(value, Data::Float(number) if number.fract() != 0.0);
            let text = shown(value, "");
            if !text.trim().is_empty() {
                sheet.cells.insert((start.0 + row as u32, start.1 + column as u32), text);
            }
        }
        sheets.push(sheet);
    }
    let mut lines = lines(sheets);
    if fractions {
        let words = Words::new(
            "旧版 .xls 的数字格式没有读取，百分数显示为小数：请与原件核对，或另存为 .xlsx 再导入",
            "number formats of .xls files are not read, so percentages appear as fractions: compare with the original or save it as .xlsx",
        );
        lines.notes.push(Note { rule: "import/number-format", message: words, line: None });
    }
    Ok(lines)
}

fn shown(value: &Data, code: &str) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => format::number(*number, code),
        Data::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_string(),
        Data::DateTime(day) => format::day(*day, code),
        Data::Error(error) => error.to_string(),
    }
}

fn corners(range: &Dimensions) -> (super::Place, super::Place) {
    (range.start, range.end)
}

pub(super) fn too_many() -> Refusal {
    Refusal::limit(
        format!("工作表超过上限 {MOST_CELLS} 个单元格，不读取：请把年报所在的区域复制到新工作表，另存后再导入"),
        format!("more than {MOST_CELLS} cells: copy the part that holds the report into a new sheet"),
    )
}
