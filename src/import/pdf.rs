//! PDF files through the program `pdftotext`, where the clerk has it. Official PDFs often hold no table of characters, and
//! no PDF holds paragraphs: what comes out is marked for review.

use super::chrome;
use super::decode::decode;
use super::lines::{Line, Lines, Note, trimmed};
use super::outline;
use super::read::Refusal;
use crate::diag::Words;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longest that the program may take, and most bytes it may say.
const LONGEST: Duration = Duration::from_secs(60);
const MOST: u64 = 16 << 20;
/// Characters a page has if it is text and no picture.
const FEWEST: usize = 20;

/// The text of a PDF, or what to do instead.
pub(super) fn read(bytes: &[u8]) -> Result<Lines, Refusal> {
    let text = extracted(bytes, "pdftotext")?;
    let shown = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{fffd}').count();
    if shown < FEWEST {
        return Err(Words::new(
            "这份 PDF 里没有文字（多半是扫描件）：请用 WPS 或其他软件识别文字（OCR），校对后存为 .docx 再导入",
            "this PDF holds no text (it is probably a scan): recognize its text (OCR), read it through, and save it as .docx",
        )
        .into());
    }
    let mut lines = of_pages(&text);
    let words = Words::new(
        "从 PDF 读出：段落、表格和个别文字可能有误，请逐字对照原件",
        "read from a PDF: paragraphs, tables and single characters may be wrong; compare word by word",
    );
    lines.notes.push(Note { rule: "import/pdf", message: words, line: None });
    Ok(lines)
}

/// What the program says of the file.
fn extracted(bytes: &[u8], program: &str) -> Result<String, Refusal> {
    let child = Command::new(program).args(["-enc", "UTF-8", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else {
        return Err(Words::new(
            "这是 PDF 文件，读它需要 pdftotext 程序（poppler），这台电脑上没有：请安装它，或在 WPS 里“另存为” .docx 后导入",
            "this is a PDF, and the program pdftotext (poppler) that reads it is not installed: install it, or save the file as .docx in WPS",
        )
        .into());
    };
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let began = Instant::now();
    let said = std::thread::scope(|scope| {
        scope.spawn(|| stdin.map(|mut stdin| stdin.write_all(bytes)));
        let said = scope.spawn(|| {
            let mut said = Vec::new();
            let read = stdout.map(|stdout| stdout.take(MOST).read_to_end(&mut said));
            read.map(|_| said)
        });
        // Reading ends when the program does; one that takes too long is ended.
        while !said.is_finished() && began.elapsed() < LONGEST {
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        said.join().ok().flatten()
    });
    let ended = child.wait().is_ok_and(|status| status.success() || status.code().is_none());
    let late = began.elapsed() >= LONGEST;
    match said.filter(|said| !late && (ended || !said.is_empty())) {
        Some(said) if !said.is_empty() || ended => Ok(decode(&said, None)?.text),
        _ => Err(Words::new(
            "pdftotext 读不出这份 PDF（损坏、加密或太复杂）：请用 WPS 打开，去掉密码，“另存为” .docx 后导入",
            "pdftotext cannot read this PDF (damaged, locked or too complex): open it in WPS, take the password off and save it as .docx",
        )
        .into()),
    }
}

/// Pages as blocks: page numbers are left out, lines that were only wrapped are joined.
fn of_pages(text: &str) -> Lines {
    let mut out = Lines::default();
    let widest = text.lines().map(|line| trimmed(line).chars().count()).max().unwrap_or(0);
    let mut number = 0;
    for page in text.split('\u{c}') {
        let lines: Vec<&str> = page.lines().collect();
        let last = lines.iter().rposition(|line| !trimmed(line).is_empty());
        let mut wraps = false;
        for (place, line) in lines.iter().enumerate() {
            number += 1;
            let words = out.cleaned(number, line);
            if Some(place) == last && is_page_number(&words) {
                out.remove(number, &words, Words::new("页码", "page number"));
            } else if words.is_empty() {
                wraps = false;
            } else {
                let begins = outline::numbered(&words).is_some();
                let full = words.chars().count() * 10 >= widest * 8 && widest >= 20;
                let ends = words.ends_with(['。', '！', '？', '：', '；']);
                match out.lines.last_mut().map(|line| &mut line.block) {
                    Some(super::lines::Block::Text(before)) if wraps && !begins => before.push_str(&words),
                    _ => out.lines.push(Line::text(number, words)),
                }
                // Lines of the page around the text are whole as they are.
                wraps = full && !ends && !chrome::is_furniture(line);
            }
        }
    }
    out
}

/// `- 3 -`, `3`, `第 3 页 共 9 页`, alone at the end of a page.
fn is_page_number(words: &str) -> bool {
    let bare: String = words.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '—' | '–' | '－' | '第' | '页' | '共' | '/' | '·')).collect();
    !bare.is_empty() && bare.len() <= 6 && bare.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_are_joined_and_page_numbers_listed() {
        let full = "甲".repeat(29);
        let text = format!("一、概述\n{full}乙\n丙丁。\n（一）机制\n- 1 -\n\u{c}{full}，\n尾。\n第 2 页 共 2 页\n");
        let found = of_pages(&text);
        let lines: Vec<String> = found.lines.iter().map(Line::all_words).collect();
        assert_eq!(lines, ["一、概述".to_string(), format!("{full}乙丙丁。"), "（一）机制".into(), format!("{full}，尾。")]);
        assert_eq!(found.removed.len(), 2);
    }

    #[test]
    fn without_the_program_the_message_says_what_to_do() {
        let words = extracted(b"%PDF-1.4", "no-such-program-anywhere").unwrap_err().words;
        assert!(words.zh.contains("pdftotext") && words.zh.contains("另存为"));
    }

    /// A page with one line of letters, as small as a PDF can be.
    #[test]
    fn a_page_of_letters() {
        if Command::new("pdftotext").arg("-v").stderr(Stdio::null()).status().is_err() {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), b"skipped: pdftotext is not here\n");
            return;
        }
        let content = "BT /F1 12 Tf 72 700 Td (Annual report of a township, 2014, in letters) Tj ET";
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_string(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>".into(),
            format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        ];
        let mut file = String::from("%PDF-1.4\n");
        for (index, object) in objects.iter().enumerate() {
            file.push_str(&format!("{} 0 obj{object}endobj\n", index + 1));
        }
        file.push_str("trailer<</Root 1 0 R>>\n");
        let found = read(file.as_bytes()).unwrap();
        assert_eq!(found.lines[0].all_words(), "Annual report of a township, 2014, in letters");
        assert_eq!(found.notes[0].rule, "import/pdf");
        assert!(read(b"%PDF-1.4 nothing").unwrap_err().words.zh.contains("另存为"));
    }
}
