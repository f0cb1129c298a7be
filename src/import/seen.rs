//! What of a web page a reader sees: hidden parts, furniture of the site, and things that are no text.

use crate::diag::Words;
use scraper::ElementRef;
use scraper::node::Element;
use std::collections::BTreeSet;

/// Most rules of style sheets that are looked at.
const MOST_RULES: usize = 5_000;

/// Classes and ids that a page's own style sheets hide.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Hiding {
    classes: BTreeSet<String>,
    ids: BTreeSet<String>,
}

impl Hiding {
    /// Reads style sheets. Rules for other media, such as print, and selectors of several parts are not followed.
    pub(super) fn read(sheets: &str) -> Hiding {
        let mut hiding = Hiding::default();
        let mut rest = sheets;
        for _ in 0..MOST_RULES {
            let Some((selectors, after)) = rest.split_once('{') else { break };
            let selectors = selectors.rsplit(['}', ';']).next().unwrap_or_default();
            let selectors = selectors.rsplit("*/").next().unwrap_or_default().trim();
            if selectors.starts_with('@') {
                rest = after_block(after);
                continue;
            }
            let Some((declarations, after)) = after.split_once('}') else { break };
            rest = after;
            if !hides(declarations) {
                continue;
            }
            for selector in selectors.split(',').map(str::trim) {
                let name = |start: char| selector.strip_prefix(start).filter(|name| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')));
                hiding.classes.extend(name('.').map(str::to_string));
                hiding.ids.extend(name('#').map(str::to_string));
            }
        }
        hiding
    }

    /// Why an element is left out; nothing if it is read.
    pub(super) fn why_dropped(&self, element: &Element, found: ElementRef<'_>) -> Option<Words> {
        let words = |zh: &str, en: &str| Some(Words::new(zh, en));
        let name = element.name();
        if name != "br" && self.is_hidden(element) {
            return words("网页里隐藏、看不见的内容", "hidden content");
        }
        match name {
            "script" | "style" | "noscript" | "template" => words("脚本或样式", "script or style"),
            "nav" => words("网页导航", "navigation"),
            "header" if !holds_article(found) => words("网页页头", "page header"),
            "footer" if !holds_article(found) => words("网页页脚", "page footer"),
            // Some sites put the whole page into one form.
            "form" if !holds_article(found) => words("表单", "form"),
            "button" | "input" | "select" | "textarea" => words("表单控件", "form control"),
            "rt" | "rp" => words("拼音标注", "phonetic reading"),
            "iframe" | "object" | "embed" | "svg" | "canvas" | "audio" | "video" | "img" => words("图片、视频或嵌入内容", "picture, video or embedded content"),
            _ => None,
        }
    }

    fn is_hidden(&self, element: &Element) -> bool {
        element.attr("hidden").is_some()
            || element.attr("style").is_some_and(hides)
            || (!self.ids.is_empty() && element.attr("id").is_some_and(|id| self.ids.contains(id)))
            || (!self.classes.is_empty() && element.classes().any(|class| self.classes.contains(class)))
    }
}

/// What follows a block with blocks inside.
fn after_block(text: &str) -> &str {
    let mut depth = 1usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    ""
}

/// Whether declarations make what they style invisible.
fn hides(declarations: &str) -> bool {
    let bare: String = declarations.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let mut clipped = false;
    let mut flat = false;
    for declaration in bare.split(';').filter_map(|declaration| declaration.trim_end_matches("!important").split_once(':')) {
        match declaration {
            ("display", "none") | ("visibility", "hidden" | "collapse") | ("mso-hide", "all") => return true,
            ("font-size" | "opacity", "0" | "0px" | "0pt" | "0em" | "0%" | "0.0") => return true,
            ("text-indent" | "left" | "top" | "margin-left", value) if value.strip_prefix('-').is_some_and(is_far) => return true,
            ("overflow", "hidden") => clipped = true,
            ("height" | "max-height" | "width" | "max-width", "0" | "0px" | "1px") => flat = true,
            _ => {}
        }
    }
    clipped && flat
}

/// So far that it is outside every window.
fn is_far(length: &str) -> bool {
    let digits = length.bytes().take_while(u8::is_ascii_digit).count();
    digits >= 4 || (digits == 3 && length.starts_with('9') && !length.ends_with("em")) || (digits == 3 && length.ends_with("em"))
}

/// Whether an element that is usually furniture holds the report itself.
fn holds_article(found: ElementRef<'_>) -> bool {
    let inside = found.ancestors().filter_map(ElementRef::wrap).any(|outer| matches!(outer.value().name(), "article" | "main"));
    let length: usize = found.text().map(|text| text.trim().chars().count()).sum();
    let paragraphs = found.descendent_elements().any(|inner| matches!(inner.value().name(), "p" | "h1" | "table"));
    let report = found.descendent_elements().any(|inner| inner.value().name() == "h1" && inner.text().collect::<String>().contains("报告"));
    let speaks_of_one = length > 200 || found.text().any(|text| text.contains("报告"));
    inside || report || (found.value().name() == "form" && paragraphs && speaks_of_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_that_hide() {
        for style in [
            "display: none",
            "color:red;DISPLAY:NONE !important",
            "visibility:hidden",
            "font-size:0px",
            "opacity: 0",
            "position:absolute; left:-9999px",
            "text-indent:-999px",
            "height:0;overflow:hidden",
            "mso-hide:all",
        ] {
            assert!(hides(style), "{style}");
        }
        for style in
            ["display:block", "font-size:10px", "opacity:0.9", "text-indent:-24px", "margin-left:-120px", "overflow:hidden", "height:1px", "left:-50px"]
        {
            assert!(!hides(style), "{style}");
        }
    }

    #[test]
    fn style_sheets_hide_by_class_and_id() {
        let hiding = Hiding::read("/* x */ .a, p .b { color: red; display:none } @media print { .c { display:none } } #d{visibility:hidden}.e{font-size:12px}");
        assert_eq!((hiding.classes, hiding.ids), (BTreeSet::from(["a".into()]), BTreeSet::from(["d".into()])));
    }
}
