//! Media types of the files a portal may hold, by the ending of their names: one table for the preview, the hosting snippets and the data package.

/// Endings, media types, and whether the file is text (all of ours are UTF-8, and say so).
pub const MEDIA: [(&str, &str, bool); 28] = [
    ("html", "text/html", true),
    ("htm", "text/html", true),
    ("css", "text/css", true),
    ("js", "text/javascript", true),
    ("csv", "text/csv", true),
    ("txt", "text/plain", true),
    ("json", "application/json", true),
    ("webmanifest", "application/manifest+json", true),
    ("xml", "application/xml", true),
    ("svg", "image/svg+xml", true),
    ("png", "image/png", false),
    ("jpg", "image/jpeg", false),
    ("jpeg", "image/jpeg", false),
    ("gif", "image/gif", false),
    ("webp", "image/webp", false),
    ("ico", "image/x-icon", false),
    ("woff2", "font/woff2", false),
    ("pdf", "application/pdf", false),
    ("doc", "application/msword", false),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", false),
    ("xls", "application/vnd.ms-excel", false),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false),
    ("ppt", "application/vnd.ms-powerpoint", false),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", false),
    ("wps", "application/vnd.ms-works", false),
    ("ofd", "application/ofd", false),
    ("zip", "application/zip", false),
    // Files of the search.
    ("bin", "application/octet-stream", false),
];

/// The value of `Content-Type` for a file.
pub fn of(path: &str) -> String {
    let ending = path.rsplit('.').next().unwrap_or_default();
    match MEDIA.iter().find(|(known, ..)| known.eq_ignore_ascii_case(ending)) {
        Some((_, kind, true)) => format!("{kind}; charset=utf-8"),
        Some((_, kind, false)) => kind.to_string(),
        None => "application/octet-stream".into(),
    }
}

/// Whether a file is text, so that it is worth compressing.
pub fn is_text(path: &str) -> bool {
    of(path).ends_with("charset=utf-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_say_what_a_file_is() {
        assert_eq!(of("a/figures.csv"), "text/csv; charset=utf-8");
        assert_eq!(of("a/附件.PDF"), "application/pdf");
        assert_eq!(of("SHA256SUMS"), "application/octet-stream");
        assert!(is_text("index.html") && !is_text("x.png"));
    }
}
