//! One style sheet: the theme's `css/*.css` in order of their names, under a name that changes with its content.

use crate::digest::Sha256Sum;
use crate::source::Theme;

/// The portal's style sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Style {
    /// `assets/site.1a2b3c4d.css`
    pub address: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Value of `integrity`.
    pub integrity: String,
}

/// Bundles the theme's style sheets. Indentation and comments are left out; nothing else is touched.
pub fn style(theme: &Theme) -> Style {
    let mut css = String::new();
    for (_, (_, bytes)) in theme.statics.iter().filter(|(path, _)| is_bundled(path)) {
        let text = String::from_utf8_lossy(bytes);
        for line in without_comments(&text).lines().map(str::trim).filter(|line| !line.is_empty()) {
            css.push_str(line);
            css.push('\n');
        }
    }
    let sum = Sha256Sum::of(css.as_bytes());
    Style { address: format!("assets/site.{}.css", &sum.hex()[..8]), bytes: css.into_bytes(), integrity: sum.integrity() }
}

/// Whether a static file goes into the style sheet rather than beside it.
pub(super) fn is_bundled(path: &str) -> bool {
    path.strip_prefix("css/").is_some_and(|name| name.ends_with(".css") && !name.contains('/'))
}

impl Style {
    /// Static files of a theme that are published as they are: all but the bundled style sheets.
    pub fn others(theme: &Theme) -> impl Iterator<Item = (&str, &[u8])> {
        theme.statics.iter().filter(|(path, _)| !is_bundled(path)).map(|(path, (_, bytes))| (path.as_str(), bytes.as_slice()))
    }
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("/*") {
        out.push_str(&rest[..at]);
        match rest[at..].find("*/") {
            Some(end) => rest = &rest[at + end + 2..],
            None => return out,
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_joined_in_order_and_named_by_content() {
        let mut theme = Theme::default();
        for (path, text) in [("css/2-b.css", "b{\n  x:1;\n}/* gone */\n"), ("css/1-a.css", "a{}\n"), ("logo.svg", "<svg/>"), ("css/x/y.css", "z")] {
            theme.statics.insert(path.into(), (path.into(), text.as_bytes().to_vec()));
        }
        let style = style(&theme);
        assert_eq!(String::from_utf8_lossy(&style.bytes), "a{}\nb{\nx:1;\n}\n");
        assert!(style.address.starts_with("assets/site.") && style.address.len() == "assets/site.12345678.css".len());
        assert_eq!(Style::others(&theme).map(|(path, _)| path).collect::<Vec<_>>(), ["css/x/y.css", "logo.svg"]);
    }
}
