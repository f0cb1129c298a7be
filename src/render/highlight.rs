//! Code in texts, highlighted with classes, so that pages need no inline style.

use std::sync::LazyLock;
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// The code as markup with classes `hl-…`; nothing for a language that is not known.
pub(super) fn highlight(code: &str, language: &str) -> Option<String> {
    let syntax = SYNTAXES.find_syntax_by_token(language)?;
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, &SYNTAXES, ClassStyle::SpacedPrefixed { prefix: "hl-" });
    for line in LinesWithEndings::from(code) {
        generator.parse_html_for_line_which_includes_newline(line).ok()?;
    }
    Some(generator.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_languages_get_classes_and_stay_escaped() {
        let html = highlight("SELECT '<b>' FROM t;\n", "sql").unwrap();
        assert!(html.contains("class=\"hl-") && html.contains("&lt;b&gt;") && !html.contains("style="), "{html}");
        assert_eq!(highlight("x", "no-such-language"), None);
    }
}
