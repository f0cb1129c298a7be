//! Findings for a terminal: rule, sentence, source line with the mark under it, next step.

use super::{Finding, Language, Severity};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, renderer::DecorStyle};

/// Prints findings in one language, with or without color.
#[derive(Clone, Debug)]
pub struct Printer {
    renderer: Renderer,
    language: Language,
}

impl Printer {
    /// A printer; `color` says whether the terminal takes escape sequences.
    pub fn new(language: Language, color: bool) -> Printer {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        Printer { renderer: renderer.decor_style(DecorStyle::Ascii), language }
    }

    /// One finding as text, ending in a line break.
    pub fn print(&self, finding: &Finding) -> String {
        let diagnostic = &finding.diagnostic;
        let level = match (finding.severity, self.language) {
            (Severity::Error, Language::Zh) => Level::ERROR.with_name("错误"),
            (Severity::Warning, Language::Zh) => Level::WARNING.with_name("提示"),
            (Severity::Note, Language::Zh) => Level::NOTE.with_name("说明"),
            (Severity::Error, Language::En) => Level::ERROR,
            (Severity::Warning, Language::En) => Level::WARNING,
            (Severity::Note, Language::En) => Level::NOTE,
        };
        let title = level.primary_title(clean(diagnostic.message.in_language(self.language))).id(diagnostic.rule.code);
        let excerpt = finding.place.as_ref().map(|place| spaced(&place.excerpt));
        let mut report = match (&finding.place, &excerpt) {
            (Some(place), Some(excerpt)) => {
                let (start, end) = place.mark;
                let snippet = Snippet::source(excerpt.as_str()).line_start(place.line).path(diagnostic.file.as_str());
                title.element(snippet.annotation(AnnotationKind::Primary.span(start..end.max(start))))
            }
            _ => title.element(annotate_snippets::Origin::path(diagnostic.file.as_str())),
        };
        for related in &diagnostic.related {
            report =
                report.element(Level::NOTE.with_name("=").no_name().message(format!("{}: {}", related.file, clean(related.words.in_language(self.language)))));
        }
        let names = match self.language {
            Language::Zh => ("依据", "怎么办"),
            Language::En => ("law", "help"),
        };
        if let Some(law) = diagnostic.law() {
            report = report.element(Level::NOTE.with_name(names.0).message(law.to_string()));
        }
        if let Some(help) = diagnostic.next_step(self.language) {
            report = report.element(Level::HELP.with_name(names.1).message(clean(help)));
        }
        if diagnostic.rule.acceptable && finding.severity > Severity::Note && diagnostic.rule.family() != "review" {
            // What `[[accept]]` asks for.
            let name = if self.language == Language::Zh { "编号" } else { "id" };
            let place =
                if diagnostic.rule.at && !diagnostic.subject.is_empty() { format!(" (at = \"{}\")", clean(&diagnostic.subject)) } else { String::new() };
            report = report.element(Level::NOTE.with_name(name).message(format!("{}{place}", finding.id())));
        }
        let mut text = self.renderer.render(&[report]);
        if let Some(place) = &finding.place {
            // The excerpt may start inside a long line; the column that is printed is the file's own.
            let shown = format!("{}:{}:", diagnostic.file, place.line);
            if let Some(at) = text.find(&shown) {
                let digits = text[at + shown.len()..].bytes().take_while(u8::is_ascii_digit).count();
                text.replace_range(at + shown.len()..at + shown.len() + digits, &place.column.to_string());
            }
        }
        text.push('\n');
        text
    }
}

/// The source line with every character that a terminal would not show as itself made into spaces of the same length in bytes, so
/// that the mark keeps its place.
fn spaced(excerpt: &str) -> String {
    let mut text = String::with_capacity(excerpt.len());
    for c in excerpt.chars() {
        let unseen =
            c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffc}');
        if unseen { text.extend(std::iter::repeat_n(' ', c.len_utf8())) } else { text.push(c) }
    }
    text
}

/// Control characters never reach a terminal.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect::<String>()
}
