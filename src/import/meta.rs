//! What a government page says about itself in its head: `ArticleTitle`, `PubDate`, `Url`.

use super::html::collapsed;
use super::lines::{Meta, trimmed};
use scraper::Html;

/// The head of a page. Names are compared without regard to case; empty values are none.
pub(super) fn read(page: &Html) -> Meta {
    let mut meta = Meta::default();
    let mut page_title = None;
    for element in page.root_element().descendent_elements() {
        let value = element.value();
        match value.name() {
            "title" if page_title.is_none() => page_title = filled(&element.text().collect::<String>()),
            "meta" => {
                let name = value.attr("name").unwrap_or_default().to_ascii_lowercase();
                let content = value.attr("content").and_then(filled);
                match name.as_str() {
                    "articletitle" => meta.title = meta.title.or(content),
                    "pubdate" => meta.published = meta.published.or(content),
                    "url" => meta.url = meta.url.or(content).filter(|url| is_address(url)),
                    _ => {}
                }
            }
            "link" if value.attr("rel") == Some("canonical") => meta.url = meta.url.or(value.attr("href").and_then(filled)).filter(|url| is_address(url)),
            _ => {}
        }
    }
    meta.title = meta.title.or(page_title);
    meta
}

fn filled(text: &str) -> Option<String> {
    let text = collapsed(trimmed(text));
    (!text.is_empty()).then_some(text)
}

fn is_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn government_tags_come_before_the_title_element() {
        let page = "<title>某报告-某县政府网</title><meta name='ArticleTitle' content='某报告'><meta name='PubDate' content='2015-03-31 10:00'><meta name=Url content='https://example.gov.cn/a'>";
        let meta = read(&Html::parse_document(page));
        assert_eq!(
            (meta.title.as_deref(), meta.published.as_deref(), meta.url.as_deref()),
            (Some("某报告"), Some("2015-03-31 10:00"), Some("https://example.gov.cn/a"))
        );
        assert_eq!(read(&Html::parse_document("<title> 题 </title>")).title.as_deref(), Some("题"));
    }
}
