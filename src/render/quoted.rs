//! Chinese that a portal in another language quotes: names, titles and texts of reports, said to be Chinese, so that a screen reader
//! reads them with the right voice and a browser draws Chinese glyphs.

/// Elements whose text cannot hold a span, or is no text.
const CLOSED: [&str; 5] = ["title", "script", "option", "textarea", "svg"];

/// A page with every run of Chinese in its text marked `lang="zh-Hans"`. Attributes stay as they are.
pub(super) fn marked(page: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 4);
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        text(&mut out, &rest[..at]);
        let tag = &rest[at..];
        let name: &str = tag[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        // Up to the end of the tag, or of an element that stays closed.
        let end = match CLOSED.iter().find(|closed| **closed == name) {
            Some(_) => tag.find(&format!("</{name}>")).map_or(tag.len(), |end| end + name.len() + 3),
            None => tag.find('>').map_or(tag.len(), |end| end + 1),
        };
        out.push_str(&tag[..end]);
        rest = &tag[end..];
    }
    text(&mut out, rest);
    out
}

fn text(out: &mut String, text: &str) {
    // Start and end of the run that is open; the end lies behind its last Chinese sign.
    let mut run: Option<(usize, usize)> = None;
    let mut from = 0;
    let mut close = |run: &mut Option<(usize, usize)>| {
        if let Some((start, end)) = run.take() {
            out.push_str(&text[from..start]);
            out.push_str("<span lang=\"zh-Hans\">");
            out.push_str(&text[start..end]);
            out.push_str("</span>");
            from = end;
        }
    };
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match (&mut run, c) {
            (None, c) if crate::text::is_han(c) => run = Some((at, end)),
            (Some((_, last)), c) if crate::text::is_han(c) || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}') => *last = end,
            (Some(_), c) if c.is_ascii_alphabetic() || c == '&' => close(&mut run),
            _ => {}
        }
    }
    close(&mut run);
    out.push_str(&text[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_chinese_are_marked_and_nothing_else() {
        let zh = |text: &str| format!("<span lang=\"zh-Hans\">{text}</span>");
        for (page, expected) in [
            ("<p title=\"云\">No 0 Chinese</p>", "<p title=\"云\">No 0 Chinese</p>".to_string()),
            ("<a href=\"x\">云溪镇</a> 2024", format!("<a href=\"x\">{}</a> 2024", zh("云溪镇"))),
            ("<p>公开312条，增25。 More", format!("<p>{} More", zh("公开312条，增25。"))),
            ("云 itself 泽&amp;镇", format!("{} itself {}&amp;{}", zh("云"), zh("泽"), zh("镇"))),
            (
                "<title>云</title><script>\"云\"</script><svg><text>云</text></svg>x",
                "<title>云</title><script>\"云\"</script><svg><text>云</text></svg>x".to_string(),
            ),
        ] {
            assert_eq!(marked(page), expected);
        }
    }
}
