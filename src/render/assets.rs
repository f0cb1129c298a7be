//! What pages load: one style sheet, joined from the theme's `css/*.css` in order of their names, and its `js/*.js`. Each stands in
//! `assets/` under a name that changes with its bytes, so that a browser may keep it for ever.

use crate::digest::Sha256Sum;
use crate::source::Theme;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A file that pages load.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asset {
    /// `assets/site.1a2b3c4d.css`
    pub address: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Value of `integrity`.
    pub integrity: String,
}

/// Everything that pages load.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assets {
    /// The style sheet.
    pub style: Asset,
    /// Scripts by their name in the theme: `site` is `js/site.js`.
    pub scripts: BTreeMap<String, Asset>,
}

/// Style sheet and scripts of a theme.
pub fn assets(theme: &Theme) -> Assets {
    let of = |folder: &'static str, kind: &'static str| {
        theme.statics.iter().filter_map(move |(path, (_, bytes))| Some((named(path, folder, kind)?, String::from_utf8_lossy(bytes))))
    };
    let css: String = of("css/", ".css").map(|(_, text)| trimmed(&without_comments(&text))).collect();
    let scripts = of("js/", ".js").map(|(name, text)| (name.to_string(), Asset::new(name, "js", script(&text).into_owned())));
    Assets { style: Asset::new("site", "css", css), scripts: scripts.collect() }
}

/// Static files of a theme that are published as they are: all but style sheets and scripts.
pub fn statics(theme: &Theme) -> impl Iterator<Item = (&str, &[u8])> {
    let bundled = |path: &str| named(path, "css/", ".css").is_some() || named(path, "js/", ".js").is_some();
    theme.statics.iter().filter(move |(path, _)| !bundled(path)).map(|(path, (_, bytes))| (path.as_str(), bytes.as_slice()))
}

fn named<'p>(path: &'p str, folder: &str, kind: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_suffix(kind).filter(|name| !name.is_empty() && !name.contains('/'))
}

impl Asset {
    fn new(name: &str, kind: &str, text: String) -> Asset {
        let sum = Sha256Sum::of(text.as_bytes());
        Asset { address: format!("assets/{name}.{}.{kind}", &sum.hex()[..8]), bytes: text.into_bytes(), integrity: sum.integrity() }
    }
}

impl Assets {
    /// Every file.
    pub fn all(&self) -> impl Iterator<Item = &Asset> {
        std::iter::once(&self.style).chain(self.scripts.values())
    }

    /// The script at an address of the portal.
    pub fn script_at(&self, address: &str) -> Option<&Asset> {
        self.scripts.values().find(|script| script.address == address)
    }
}

/// A script without indentation and lines of comment. Lines mean something inside template literals, continued strings and block
/// comments: a script that has one of them stays as it is.
fn script(text: &str) -> Cow<'_, str> {
    let spans_lines = text.contains(['`', '\u{2028}', '\u{2029}']) || text.contains("/*") || text.lines().any(|line| line.ends_with('\\'));
    if spans_lines {
        return Cow::Borrowed(text);
    }
    let kept: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    Cow::Owned(trimmed(&kept.join("\n")))
}

fn trimmed(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
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

    fn theme(files: &[(&str, &str)]) -> Theme {
        let mut theme = Theme::default();
        for (path, text) in files {
            theme.statics.insert(path.to_string(), (path.to_string(), text.as_bytes().to_vec()));
        }
        theme
    }

    #[test]
    fn sheets_are_joined_in_order_and_named_by_content() {
        let theme = theme(&[("css/2-b.css", "b{\n  x:1;\n}/* gone */\n"), ("css/1-a.css", "a{}\n"), ("logo.svg", "<svg/>"), ("css/x/y.css", "z")]);
        let style = assets(&theme).style;
        assert_eq!(String::from_utf8_lossy(&style.bytes), "a{}\nb{\nx:1;\n}\n");
        assert!(style.address.starts_with("assets/site.") && style.address.len() == "assets/site.12345678.css".len());
        assert_eq!(statics(&theme).map(|(path, _)| path).collect::<Vec<_>>(), ["css/x/y.css", "logo.svg"]);
    }

    #[test]
    fn scripts_keep_their_names_and_change_with_their_bytes() {
        let one = theme(&[("js/site.js", "a();\n"), ("js/search.js", "b();\n"), ("js/lib/c.js", "c();\n")]);
        let made = assets(&one);
        assert_eq!(made.scripts.keys().collect::<Vec<_>>(), ["search", "site"]);
        assert_eq!(statics(&one).map(|(path, _)| path).collect::<Vec<_>>(), ["js/lib/c.js"]);
        let site = &made.scripts["site"];
        assert_eq!(made.script_at(&site.address), Some(site));
        assert!(site.address.starts_with("assets/site.") && site.address.ends_with(".js") && site.integrity.starts_with("sha256-"));
        assert_ne!(assets(&theme(&[("js/site.js", "a(1);\n")])).scripts["site"].address, site.address);
    }

    #[test]
    fn only_lines_that_mean_nothing_leave_a_script() {
        assert_eq!(script("// why\nif (a) {\n  // more\n  b(\"//c\");\n\n}\n"), "if (a) {\nb(\"//c\");\n}\n");
        for kept in ["x = `\n  // text\n`;\n", "x = \"a\\\n  // b\";\n", "/*\n// a */ b();\n"] {
            assert_eq!(script(kept), kept);
        }
    }
}
