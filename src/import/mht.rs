//! Saved web pages of one file (.mht): a mail with the page and its pictures. The page is read, pictures are not.

use super::decode::decode;
use super::html;
use super::lines::Lines;
use super::read::Refusal;
use crate::diag::Words;

/// Deepest nesting of parts, and most parts.
const DEEPEST: usize = 8;
const MOST_PARTS: usize = 2_000;

/// Whether a file is a saved web page: the head of a mail that consists of parts.
pub(super) fn is_mht(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let named = head.lines().take_while(|line| !line.trim().is_empty()).any(|line| line.starts_with("mime-version:"));
    named && head.contains("content-type:") && head.contains("multipart/")
}

/// The page with the most words; other pages of the file are listed.
pub(super) fn read(bytes: &[u8]) -> Result<Lines, Refusal> {
    let mut pages = Vec::new();
    let mut count = 0;
    parts(bytes, 0, &mut count, &mut pages)?;
    let mut read = Vec::new();
    for page in pages {
        let bytes = page.content();
        let decoded = decode(&bytes, page.charset.as_deref())?;
        let mut lines = html::read(&decoded.text)?;
        lines.notes.extend(decoded.note);
        read.push(lines);
    }
    let words = |lines: &Lines| lines.lines.iter().map(|line| line.all_words().chars().count()).sum::<usize>();
    let Some(main) = (0..read.len()).max_by_key(|place| (words(&read[*place]), std::cmp::Reverse(*place))) else {
        return Err(Words::new(
            "这个网页文件（.mht）里没有网页正文：请用浏览器重新打开原网页，“另存为”网页（.html）后导入",
            "no page in this file: open the page in a browser and save it as .html",
        )
        .into());
    };
    let mut lines = read.swap_remove(main);
    for other in read {
        let text: Vec<String> = other.lines.iter().map(|line| line.all_words()).collect();
        lines.remove(1, &text.join(" "), Words::new("同一文件里的其他网页", "other pages of the file"));
    }
    Ok(lines)
}

/// A part of type text/html, still encoded.
struct Page {
    charset: Option<String>,
    encoding: String,
    body: Vec<u8>,
}

impl Page {
    fn content(&self) -> Vec<u8> {
        match self.encoding.as_str() {
            "quoted-printable" => quoted(&self.body),
            "base64" => base64(&self.body),
            _ => self.body.clone(),
        }
    }
}

/// Collects the pages of a part and of the parts inside it.
fn parts(bytes: &[u8], depth: usize, count: &mut usize, pages: &mut Vec<Page>) -> Result<(), Refusal> {
    *count += 1;
    if depth > DEEPEST || *count > MOST_PARTS {
        return Err(Refusal::limit(
            format!("网页文件（.mht）的部件超过上限（{DEEPEST} 层、{MOST_PARTS} 个）：请用浏览器打开，“另存为”网页（.html）后导入"),
            format!("more than {MOST_PARTS} parts or {DEEPEST} levels: open it in a browser and save it as .html"),
        ));
    }
    let (head, body) = split_head(bytes);
    let kind = field(&head, "content-type").unwrap_or_else(|| "text/plain".into());
    if let Some(boundary) = parameter(&kind, "boundary").filter(|_| kind.to_ascii_lowercase().starts_with("multipart/")) {
        for part in between(body, format!("--{boundary}").as_bytes()) {
            parts(part, depth + 1, count, pages)?;
        }
    } else if kind.to_ascii_lowercase().starts_with("text/html") {
        let encoding = field(&head, "content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase();
        pages.push(Page { charset: parameter(&kind, "charset"), encoding, body: body.to_vec() });
    }
    Ok(())
}

/// Head and body, parted by the first empty line; continued lines of the head are joined.
fn split_head(bytes: &[u8]) -> (Vec<String>, &[u8]) {
    let mut head: Vec<String> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end + 1);
        let line = String::from_utf8_lossy(&bytes[at..end]);
        at = end;
        if line.trim().is_empty() {
            // Files may begin with empty lines.
            if head.is_empty() && at < 16 {
                continue;
            }
            break;
        }
        match head.last_mut().filter(|_| line.starts_with([' ', '\t'])) {
            Some(last) => last.push_str(line.trim_end()),
            None => head.push(line.trim_end().to_string()),
        }
    }
    (head, &bytes[at..])
}

fn field(head: &[String], name: &str) -> Option<String> {
    let own = head.iter().find(|line| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) && line[name.len()..].starts_with(':'))?;
    Some(own[name.len() + 1..].trim().to_string())
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let own = value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_string())
    })?;
    (!own.is_empty()).then_some(own)
}

/// What stands between lines that begin with a boundary, before the closing one.
fn between<'b>(body: &'b [u8], boundary: &[u8]) -> Vec<&'b [u8]> {
    let mut found = Vec::new();
    let mut start = None;
    let mut at = 0;
    while at < body.len() {
        let end = body[at..].iter().position(|byte| *byte == b'\n').map_or(body.len(), |end| at + end + 1);
        if let Some(rest) = body[at..end].strip_prefix(boundary) {
            let closing = rest.starts_with(b"--");
            if closing || rest.iter().all(u8::is_ascii_whitespace) {
                found.extend(start.map(|start| &body[start..at]));
                start = (!closing).then_some(end);
            }
        }
        at = end;
    }
    // A file that is cut off ends without its closing line.
    found.extend(start.map(|start| &body[start..]));
    found
}

fn quoted(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(byte) = body.get(at) {
        at += 1;
        if *byte != b'=' {
            plain.push(*byte);
            continue;
        }
        let digit = |place: usize| body.get(place).and_then(|byte| char::from(*byte).to_digit(16));
        match (digit(at), digit(at + 1)) {
            (Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 2;
            }
            // A line break after the sign is none of the text.
            _ if body[at..].starts_with(b"\r\n") => at += 2,
            _ if body[at..].starts_with(b"\n") => at += 1,
            _ => plain.push(b'='),
        }
    }
    plain
}

fn base64(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(body.len() * 3 / 4);
    let (mut bits, mut held) = (0u32, 0);
    for byte in body {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            plain.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::super::lines::Block;
    use super::*;

    fn mail(encoding: &str, charset: &str, body: &[u8]) -> Vec<u8> {
        let mut file = format!(
            "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--=_x\"\r\n\r\n----=_x\r\nContent-Type: text/html; charset=\"{charset}\"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        )
        .into_bytes();
        file.extend(body);
        file.extend(b"\r\n----=_x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n----=_x--\r\n");
        file
    }

    #[test]
    fn pages_in_every_encoding() {
        let page = "<html><body><p>概述=内容</p></body></html>";
        let gbk: Vec<u8> = [&b"<p>"[..], b"=B8=C5=\r\n=CA=F6=3D=C4=DA=C8=DD</p>"].concat();
        let base: &[u8] = b"PHA+5qaC6L+wPeWG\r\nheWuuTwvcD4=";
        for (encoding, charset, body) in [("8bit", "utf-8", page.as_bytes()), ("quoted-printable", "gb2312", &gbk[..]), ("base64", "utf-8", base)] {
            let file = mail(encoding, charset, body);
            assert!(is_mht(&file));
            let found = read(&file).unwrap();
            assert_eq!(found.lines.iter().map(|line| line.block.clone()).collect::<Vec<_>>(), [Block::Text("概述=内容".into())], "{encoding}");
        }
    }

    #[test]
    fn parts_without_end_are_bounded() {
        let mut nested = b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n".to_vec();
        for _ in 0..5_000 {
            nested.extend(b"--a\nContent-Type: text/plain\n\nx\n");
        }
        assert!(read(&nested).unwrap_err().limit);
        assert!(read(b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n--a--\n").unwrap_err().words.zh.contains("另存为"));
    }
}
