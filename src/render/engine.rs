//! Templates: loaded and checked all at once, then shared by every thread.

use super::strings::Strings;
use super::view::{Frame, SiteView};
use crate::diag::{Diagnostic, Finding, Span, Words};
use crate::source::{Layer, Theme};
use serde::Serialize;
use std::collections::BTreeMap;
use tera::{Context, ErrorKind, Tera, Value};

/// The only template that may open trusted markup.
const PROSE: &str = "components/prose.html";

/// Templates ready to render.
#[derive(Debug)]
pub struct Engine {
    tera: Tera,
    sources: Sources,
    /// Whether Chinese on the pages is quoted, not their own language.
    quotes: bool,
}

/// File and text of each template, by the name Tera knows it under.
type Sources = BTreeMap<String, (String, String)>;

impl Engine {
    /// Loads every template of a theme; `site` and `t` are the same for all pages.
    pub fn new(theme: &Theme, strings: &Strings, site: &SiteView) -> Result<Engine, Vec<Finding>> {
        let mut sources = Sources::new();
        let mut found = Vec::new();
        for file in &theme.templates {
            let prefix = match file.layer {
                Layer::BuiltIn => "builtin/",
                Layer::Theme => "theme/",
                Layer::Site => "",
            };
            found.extend(lint(&file.name, &file.text).into_iter().map(|(span, words)| broken(&file.file, &file.text, Some(span), words)));
            sources.insert(format!("{prefix}{}", file.name), (file.file.clone(), file.text.clone()));
        }
        let tera = load(&sources).map_err(|error| {
            // Tera stops at the first mistake; syntax of the others is looked at one by one.
            let mut all: Vec<Finding> =
                sources.iter().filter_map(|(name, (_, text))| syntax_error(name, text)).map(|error| located(&error, &sources)).collect();
            if all.is_empty() {
                all.push(located(&error, &sources));
            }
            all
        });
        match tera {
            Err(mut broken) => {
                found.append(&mut broken);
                Err(found)
            }
            Ok(_) if !found.is_empty() => Err(found),
            Ok(mut tera) => {
                let globals = tera.global_context();
                globals.insert_value("site", Value::from_serializable(site));
                globals.insert_value("t", Value::from_serializable(&strings.tables()));
                Ok(Engine { tera, sources, quotes: site.lang == "en" })
            }
        }
    }

    /// The bytes of a page: template `pages/<kind>.html` with `frame` and `page`.
    pub fn page<V: Serialize>(&self, frame: &Frame, view: &V) -> Result<Vec<u8>, Box<Finding>> {
        let mut context = Context::new();
        context.insert_value("frame", self.value(frame)?);
        let page = self.render(&format!("pages/{}.html", frame.kind), context, view)?;
        if !self.quotes {
            return Ok(page);
        }
        Ok(super::quoted::marked(&String::from_utf8(page).expect("templates are text")).into_bytes())
    }

    /// The bytes of a feed or sitemap: template `feeds/<name>` with `page`. Characters that XML forbids are left out.
    pub fn feed<V: Serialize>(&self, name: &str, view: &V) -> Result<Vec<u8>, Box<Finding>> {
        let bytes = self.render(&format!("feeds/{name}"), Context::new(), view)?;
        let text = String::from_utf8(bytes).expect("templates are text");
        let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..);
        Ok(text.chars().filter(allowed).collect::<String>().into_bytes())
    }

    fn render<V: Serialize>(&self, template: &str, mut context: Context, view: &V) -> Result<Vec<u8>, Box<Finding>> {
        context.insert_value("page", self.value(view)?);
        let mut bytes = Vec::with_capacity(16 * 1024);
        self.tera.render_to(template, &context, &mut bytes).map_err(|error| Box::new(located(&error, &self.sources)))?;
        Ok(bytes)
    }

    fn value<V: Serialize>(&self, view: &V) -> Result<Value, Box<Finding>> {
        Value::try_from_serializable(view).map_err(|error| Box::new(located(&error, &self.sources)))
    }
}

fn load(sources: &Sources) -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
    tera.set_fallback_prefixes(["theme/", "builtin/"])?;
    tera.add_raw_templates(sources.iter().map(|(name, (_, text))| (name.as_str(), text.as_str())))?;
    Ok(tera)
}

fn syntax_error(name: &str, text: &str) -> Option<tera::Error> {
    let error = Tera::new().add_raw_template(name, text).err()?;
    matches!(error.kind(), ErrorKind::SyntaxError(_)).then_some(error)
}

fn located(error: &tera::Error, sources: &Sources) -> Finding {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let (file, text) = sources.get(report.filename()).map_or(("templates", ""), |(file, text)| (file, text));
            let range = report.span().range.clone();
            let span = (range.end <= text.len()).then(|| Span::new(range.start, range.end));
            broken(file, text, span, Words::new(format!("模板有误：{}", report.message()), report.message()))
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain: chain } | ErrorKind::CircularInclude { tpl, include_chain: chain } => {
            let words =
                Words::new(format!("模板互相引用成环：{}", chain.join(" → ")), format!("templates include each other in a circle: {}", chain.join(" → ")));
            broken(file_of(tpl, sources), "", None, words)
        }
        ErrorKind::MissingParent { current, parent } => {
            let words = Words::new(format!("没有模板 `{parent}` 可以继承"), format!("there is no template `{parent}` to extend"));
            broken(file_of(current, sources), "", None, words)
        }
        _ => reported(&error.to_string(), sources),
    }
}

/// What Tera says of unknown names comes as text: `error: …`, then `--> pages/report.html:2:17`.
fn reported(text: &str, sources: &Sources) -> Finding {
    let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let words = Words::new(format!("模板有误：{message}"), message);
    let place = text.split("--> ").nth(1).and_then(|rest| rest.lines().next()).map(|place| place.rsplitn(3, ':').collect::<Vec<_>>());
    let Some([column, line, name]) = place.as_deref() else { return broken("templates", "", None, words) };
    let Some((file, source)) = sources.get(name.trim()) else { return broken("templates", "", None, words) };
    let (Ok(line), Ok(column)) = (line.trim().parse::<usize>(), column.trim().parse::<usize>()) else { return broken(file, source, None, words) };
    let start: usize = source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let inside: usize = source[start.min(source.len())..].chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    broken(file, source, Some(Span::new(start + inside, start + inside + 1)), words)
}

fn file_of<'s>(template: &'s str, sources: &'s Sources) -> &'s str {
    sources.get(template).map_or(template, |(file, _)| file.as_str())
}

fn broken(file: &str, text: &str, span: Option<Span>, words: Words) -> Finding {
    Diagnostic::new("site/template-broken", file, span, words)
        .help("请改正这个模板，或删去它以恢复自带的模板。", "mend this template, or remove it to return to the built-in one.")
        .locate(text)
}

/// What templates may not do even where Tera lets them: write values into attributes without quotes, and open markup.
fn lint(name: &str, text: &str) -> Vec<(Span, Words)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("{{").map(|at| from + at) {
        let end = text[at..].find("}}").map_or(text.len(), |end| at + end + 2);
        let inside = &text[at..end];
        // Inside quotes an equals sign is text: content="0; url={{ … }}".
        let tag = &text[text[..at].rfind('<').unwrap_or(0)..at];
        if tag.ends_with('=') && tag.matches('"').count().is_multiple_of(2) {
            let words = Words::new("属性值要加引号：=\"{{ … }}\"", "an attribute needs quotes around its value: =\"{{ … }}\"");
            found.push((Span::new(at, end), words));
        }
        let opens = inside
            .split('|')
            .skip(1)
            .any(|filter| filter.trim_start().strip_prefix("safe").is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')));
        if opens && name != PROSE {
            let words = Words::new(format!("只有 {PROSE} 可以用 `| safe`"), format!("only {PROSE} may use `| safe`"));
            found.push((Span::new(at, end), words));
        }
        from = end;
    }
    for (at, _) in text.match_indices("<script") {
        let rest = &text[at..];
        if !rest.starts_with("<script type=\"application/ld+json\">") && !rest.starts_with("<script src=\"{{") {
            let words = Words::new(
                "页面不得有内嵌或自行引用的脚本：脚本放到 static/js/，由 frame.scripts 引用",
                "pages carry no inline script and name none themselves: scripts stand in static/js/ and are listed in frame.scripts",
            );
            found.push((Span::new(at, at + 7), words));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::view::{AliasView, Html, Link};
    use crate::source::ThemeText;

    fn theme(files: &[(&str, &str)]) -> Theme {
        let text =
            |(name, text): &(&str, &str)| ThemeText { name: name.to_string(), layer: Layer::Site, file: format!("templates/{name}"), text: text.to_string() };
        Theme { templates: files.iter().map(text).collect(), ..Theme::default() }
    }

    fn engine(files: &[(&str, &str)]) -> Result<Engine, Vec<Finding>> {
        Engine::new(&theme(files), &Strings::default(), &SiteView::default())
    }

    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        engine(files).expect_err("has to fail").into_iter().map(|found| format!("{}: {}", found.diagnostic.file, found.diagnostic.message.en)).collect()
    }

    #[test]
    fn content_is_escaped_and_markup_opens_in_one_place() {
        let engine = engine(&[("pages/alias.html", "<a title=\"{{ page.target.text }}\">{{ page.target.text }}</a>")]).unwrap();
        let view = AliasView { target: Link { href: "x".into(), text: "\"><script>&'".into() } };
        let page = engine.page(&Frame { kind: "alias", ..Frame::default() }, &view).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;&amp;"), "{page}");
        let html = Value::from_serializable(&Html::trusted("<b>".into()));
        assert_eq!(html.as_map().map(|map| map.len()), Some(1));
    }

    #[test]
    fn mistakes_are_found_before_any_page_is_made() {
        let broken = messages(&[("a.html", "x\n{{ y | nofilter }}"), ("b.html", "{% if %}"), ("c.html", "{% for %}")]);
        assert_eq!(broken.len(), 2, "{broken:?}");
        assert!(broken[0].starts_with("templates/b.html:"), "{broken:?}");
        assert!(messages(&[("a.html", "x\n{{ y | nofilter }}")])[0].contains("nofilter"));
        assert!(messages(&[("a.html", "{% extends \"a.html\" %}")])[0].contains("circle"));
        assert!(messages(&[("a.html", "{% include \"b.html\" %}"), ("b.html", "{% include \"a.html\" %}")])[0].contains("circle"));
        assert!(messages(&[("a.html", "{% extends \"none.html\" %}")])[0].contains("none.html"));
    }

    #[test]
    fn unquoted_values_and_opened_markup_are_refused() {
        assert!(messages(&[("a.html", "<a href={{ x }}>")])[0].contains("quotes"));
        assert!(messages(&[("a.html", "{{ x|safe }}")])[0].contains("safe"));
        assert!(messages(&[("a.html", "<script>1</script>")])[0].contains("inline"));
        assert!(messages(&[("a.html", "<script src=\"https://a.example/x.js\" defer></script>")])[0].contains("frame.scripts"));
        assert!(engine(&[(PROSE, "{{ x | safe }}"), ("b.html", "<a href=\"{{ x }}\">{{ x.safety }}</a>")]).is_ok());
    }
}
