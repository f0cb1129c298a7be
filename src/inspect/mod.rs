//! A last look at the bytes as they will be published: nothing in a page may run, and no file may give a person away.
//!
//! Texts cannot bring markup in and templates are looked at when they load, so what is found here is a defect of the program or
//! of a site's own template, and stops the build with the page's name. It changes no byte.

mod carriers;

pub use carriers::{Words, visible, words};

use crate::private::{self, Kind};
use memchr::{memchr, memchr3};

/// What a file about to be published gives away: full numbers of persons that are no office lines. Their kind, never the number.
///
/// Sources were looked at before; what is found only here was brought in by a template or made by the program.
pub fn leak(path: &str, bytes: &[u8], office_lines: &[String]) -> Option<&'static str> {
    let markup = path.ends_with(".html") || path.ends_with(".xml");
    let told = |text: &str| {
        private::find(text).into_iter().find_map(|number| match number.kind {
            Kind::Identity { .. } => Some("an identity number"),
            Kind::BankCard => Some("a bank card number"),
            Kind::Mobile if !number.is_one_of(office_lines) => Some("a mobile number"),
            Kind::Mobile | Kind::WeaklyMasked { .. } => None,
        })
    };
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"%PDF") {
        return words(path, bytes).texts.iter().find_map(|text| told(text));
    }
    if !may_hold(bytes) {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    if markup { told(&visible(&text)) } else { told(&text) }
}

/// Whether digits stand close together, tags aside, that could be a number of a person. Pages are many and nearly all need no closer
/// look; what is disguised in other signs than digits was found in the sources.
fn may_hold(bytes: &[u8]) -> bool {
    let mut digits: Vec<u8> = Vec::with_capacity(64);
    // Digits of this cell, and of the fullest one: an identity number over at most four cells fills one with five.
    let (mut piece, mut fullest) = (0, 0);
    let mut at = 0;
    while at < bytes.len() {
        if digits.is_empty() {
            // Most of a page is words, which part nothing from nothing.
            at += bytes[at..].iter().take_while(|byte| !matches!(byte, b'<' | b'0'..=b'9')).count();
        }
        let Some(byte) = bytes.get(at) else { break };
        match *byte {
            digit @ b'0'..=b'9' => {
                digits.push(digit);
                piece += 1;
                fullest = fullest.max(piece);
            }
            b'<' => {
                let end = memchr(b'>', &bytes[at..]).map_or(bytes.len(), |found| at + found);
                let tag = &bytes[at..bytes.len().min(end + 1)];
                // An address or an attribute may hold the number itself.
                if tag.len() > 20
                    && tag.iter().filter(|byte| byte.is_ascii_digit()).count() >= 11
                    && tag.split(|byte| !byte.is_ascii_digit()).any(|run| run.len() >= 11 && suspect(run))
                {
                    return true;
                }
                if digits.is_empty() {
                    // Nothing to part.
                } else if tag.starts_with(b"<td") || tag.starts_with(b"<th") {
                    // A number split over cells has pieces; cells of a table of figures are mostly short.
                    if piece < 3 {
                        digits.clear();
                        fullest = 0;
                    }
                    piece = 0;
                } else if !INSIDE.iter().any(|inside| tag.starts_with(inside)) {
                    // A link, an item or a paragraph is a thing of its own.
                    if digits.len() >= 11 && fullest >= 5 && suspect(&digits) {
                        return true;
                    }
                    digits.clear();
                    (piece, fullest) = (0, 0);
                }
                at = end;
            }
            b' ' | b'-' | b'.' | b'_' | b'|' | b'*' | b'#' | b'x' | b'X' | b'O' | b'o' | b'I' | b'l' | b'\t' | b'\n' | b'\r' | b'+' => {}
            // The lead bytes of spaces and invisible signs; all others begin a letter that parts two numbers.
            0xc2 | 0xe2 | 0xe3 | 0xef | 0x80..=0xbf => {}
            _ => {
                if digits.len() >= 11 && fullest >= 5 && suspect(&digits) {
                    return true;
                }
                digits.clear();
                (piece, fullest) = (0, 0);
            }
        }
        at += 1;
    }
    digits.len() >= 11 && fullest >= 5 && suspect(&digits)
}

/// Tags that stand inside a number without parting it.
const INSIDE: [&[u8]; 11] = [b"</td", b"</th", b"<b>", b"</b>", b"<span", b"</span", b"<strong", b"</strong", b"<mark", b"</mark", b"<wbr"];

/// Eleven digits from 13 on, or enough for an identity number or a card.
fn suspect(digits: &[u8]) -> bool {
    digits.len() >= 15 || digits.windows(11).any(|part| part[0] == b'1' && part[1] >= b'3')
}

/// What must not stand on a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lively {
    /// The tag, cut to a readable length.
    pub tag: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// A script that a page loads, as its tag says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Script<'t> {
    /// Its address.
    pub src: &'t str,
    /// The digest that a browser compares it with.
    pub integrity: Option<&'t str>,
}

/// Where a page leads, and what on it can be led to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Places<'p> {
    /// Targets of links, images and scripts as written, each once, in order.
    pub targets: Vec<&'p str>,
    /// Names of places on the page, in order.
    names: Vec<&'p str>,
}

impl Places<'_> {
    /// Whether the page has a place of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.binary_search(&name).is_ok()
    }
}

/// Where a page leads; or its first tag that could run or load something from elsewhere. Of scripts only those pass that `own` knows.
pub fn page<'p>(bytes: &'p [u8], own: &dyn Fn(Script<'_>) -> bool) -> Result<Places<'p>, Lively> {
    let mut places = Places::default();
    let mut at = 0;
    while let Some(open) = memchr(b'<', &bytes[at..]).map(|found| at + found) {
        let end = end_of_tag(bytes, open);
        let tag = &bytes[open..end];
        if let Some(why) = fault(tag, own, &mut places) {
            let tag = String::from_utf8_lossy(&tag[..tag.len().min(120)]).into_owned();
            return Err(Lively { tag, why });
        }
        at = end.max(open + 1);
    }
    for list in [&mut places.targets, &mut places.names] {
        list.sort_unstable();
        list.dedup();
    }
    Ok(places)
}

/// The byte after the closing sign; signs inside quotes close nothing.
fn end_of_tag(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(found) = memchr3(b'>', b'"', b'\'', &bytes[at..]).map(|found| at + found) {
        if bytes[found] == b'>' {
            return found + 1;
        }
        match memchr(bytes[found], &bytes[found + 1..]) {
            Some(close) => at = found + close + 2,
            None => break,
        }
    }
    bytes.len()
}

fn fault<'p>(tag: &'p [u8], own: &dyn Fn(Script<'_>) -> bool, places: &mut Places<'p>) -> Option<&'static str> {
    if !tag.get(1).is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let name_end = tag[1..].iter().position(|byte| !byte.is_ascii_alphanumeric()).map_or(tag.len(), |at| at + 1);
    let name = &tag[1..name_end];
    let is = |wanted: &str| name.eq_ignore_ascii_case(wanted.as_bytes());
    // Nearly all tags of a page are cells and links.
    if matches!(name[0].to_ascii_lowercase(), b's' | b'i' | b'o' | b'e' | b'b') {
        if is("script") {
            // Data is no script; it is written in this one way.
            return match tag {
                b"<script type=\"application/ld+json\">" => None,
                _ => match loaded(&tag[name_end..]) {
                    None => Some("an inline script"),
                    Some(script) if !own(script) => Some("a script that is none of the portal's own"),
                    Some(script) => {
                        places.targets.push(script.src);
                        None
                    }
                },
            };
        }
        if ["style", "iframe", "object", "embed", "base"].iter().any(|forbidden| is(forbidden)) {
            return Some("an element that pages may not carry");
        }
    }
    // Most tags have no attribute at all.
    if name_end + 1 >= tag.len() {
        return None;
    }
    let element = name;
    attributes(&tag[name_end..]).find_map(|(name, value)| {
        if name.len() > 2 && name[..2].eq_ignore_ascii_case(b"on") {
            return Some("an event handler");
        }
        if name.eq_ignore_ascii_case(b"style") {
            return Some("an inline style");
        }
        let leads = name.eq_ignore_ascii_case(b"href") || name.eq_ignore_ascii_case(b"src");
        // As a browser reads it: without white space and control characters.
        let begins = |scheme: &[u8]| {
            let mut seen = value.iter().filter(|byte| !byte.is_ascii_whitespace() && !byte.is_ascii_control()).map(u8::to_ascii_lowercase);
            scheme.iter().all(|byte| seen.next() == Some(*byte))
        };
        if leads && (begins(b"javascript:") || begins(b"vbscript:") || begins(b"data:")) {
            return Some("a link that runs");
        }
        if leads && matches!(element, b"a" | b"link" | b"img") {
            let target = std::str::from_utf8(value).unwrap_or_default();
            // Neighboring cells often lead to one place.
            if places.targets.last() != Some(&target) {
                places.targets.push(target);
            }
        }
        if name == b"id" {
            places.names.extend(std::str::from_utf8(value));
        }
        None
    })
}

/// What a script tag loads, if it says nothing but address, digest and `defer`, each at most once. Only the settings' script runs before
/// the page is painted, without `defer`.
fn loaded(rest: &[u8]) -> Option<Script<'_>> {
    let (mut src, mut integrity, mut defer) = (None, None, false);
    for (name, value) in attributes(rest) {
        let value = std::str::from_utf8(value).ok()?;
        match name {
            b"src" if src.is_none() => src = Some(value),
            b"integrity" if integrity.is_none() => integrity = Some(value),
            b"defer" if !defer && value.is_empty() => defer = true,
            _ => return None,
        }
    }
    src.map(|src| Script { src, integrity })
}

/// Names and values of a tag's attributes.
fn attributes(mut rest: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let start = rest.iter().position(|byte| byte.is_ascii_alphabetic())?;
        rest = &rest[start..];
        let end = rest.iter().position(|byte| matches!(byte, b'=' | b' ' | b'\n' | b'\t' | b'>' | b'/')).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        let Some(after) = rest.strip_prefix(b"=") else { return Some((name, &[][..])) };
        let (value, next) = match after.first() {
            Some(sign @ (b'"' | b'\'')) => {
                let close = after[1..].iter().position(|byte| byte == sign).map_or(after.len(), |at| at + 1);
                (&after[1..close], &after[(close + 1).min(after.len())..])
            }
            _ => {
                let close = after.iter().position(|byte| matches!(byte, b' ' | b'\n' | b'>')).unwrap_or(after.len());
                (&after[..close], &after[close..])
            }
        };
        rest = next;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_leads_and_its_places() {
        let page =
            "<h2 id=\"a\">1</h2><a href=\"#a\">1</a><a class=\"x\" href=\"../b/\">2</a><img src=\"c.png\" alt=\"\"><a href=\"../b/\">3</a><abbr>x</abbr>";
        let places = super::page(page.as_bytes(), &ours).unwrap();
        assert_eq!(places.targets, ["#a", "../b/", "c.png"]);
        assert!(places.has("a") && !places.has("b"));
    }

    #[test]
    fn finished_files_are_looked_at_once_more() {
        let number = ["138", "1234", "5678"].concat();
        for (path, text) in [
            ("a.html", format!("<p>电话<b>{}</b>{}</p>", &number[..5], &number[5..])),
            ("a.html", format!("<a href=\"tel:{number}\">拨打</a>")),
            ("a.json", format!("{{\"phone\":\"{number}\"}}")),
            ("a.csv", format!("甲,{number},乙")),
            ("atom.xml", format!("<title>{number}</title>")),
        ] {
            assert_eq!(leak(path, text.as_bytes(), &[]), Some("a mobile number"), "{text}");
            assert_eq!(leak(path, text.as_bytes(), std::slice::from_ref(&number)), None);
        }
        assert_eq!(leak("a.html", "<table><tr><td>2019</td><td>2020</td><td>2021</td><td>12</td></tr></table>2024-01-19".as_bytes(), &[]), None);
    }

    #[test]
    fn what_runs_is_found() {
        for markup in [
            "<p><script>1</script>",
            "<SCRIPT type='text/javascript'>",
            "<a href=\" java\tscript:alert(1)\">",
            "<img src=\"x\" onerror=\"1\">",
            "<p title=\"a>b\" style=\"x\">",
            "<iframe>",
            "<a href=data:text/html,1>",
            "<p\nonclick='1'>",
            "<script type=\"application/ld+json\" src=\"assets/a.js\">",
            "<script title='type=\"application/ld+json\"'>",
        ] {
            assert!(page(markup.as_bytes(), &ours).is_err(), "{markup}");
        }
    }

    fn ours(script: Script<'_>) -> bool {
        script == Script { src: "assets/a.js", integrity: Some("sha256-A=") }
    }

    #[test]
    fn of_scripts_only_our_own_pass() {
        assert_eq!(page(b"<script src=\"assets/a.js\" defer integrity=\"sha256-A=\"></script>", &ours).unwrap().targets, ["assets/a.js"]);
        assert!(page(b"<script src=\"assets/a.js\" integrity=\"sha256-A=\"></script>", &ours).is_ok());
        for tag in [
            "<script src=\"assets/a.js\" defer>",
            "<script src=\"assets/a.js\" defer integrity=\"sha256-B=\">",
            "<script src=\"assets/b.js\" defer integrity=\"sha256-A=\">",
            "<script src=\"https://a.example/assets/a.js\" defer integrity=\"sha256-A=\">",
            "<script src=\"assets/a.js\" src=\"b.js\" defer integrity=\"sha256-A=\">",
            "<script src=\"assets/a.js\" defer integrity=\"sha256-A=\" type=\"module\">",
            "<script src=\"assets/a.js\" defer integrity=\"sha256-A=\" onerror=\"x()\">",
            "<script SRC=\"x\" src=\"assets/a.js\" defer integrity=\"sha256-A=\">",
            "<script defer>",
        ] {
            assert!(page(tag.as_bytes(), &ours).is_err(), "{tag}");
        }
    }

    #[test]
    fn what_is_text_is_left_alone() {
        for markup in [
            "<script type=\"application/ld+json\">{}</script>",
            "<p title=\"onclick=1 style=x\">a &lt;script&gt; onload=1</p>",
            "<a href=\"https://a.example/?u=javascript:1\" rel=\"external\">x</a>",
            "1 < 2 and 3 > 2 <",
            "<once><stylesheet></stylesheet>",
        ] {
            assert!(page(markup.as_bytes(), &ours).is_ok(), "{markup}");
        }
    }
}
