//! One request, one answer, from the map of the last good build.

use crate::driver::Files;
use crate::media;

/// What the preview shows.
#[derive(Debug, Default)]
pub struct Shown {
    /// Files of the last good build.
    pub files: Files,
    /// What is wrong with the sources now.
    pub error: Option<String>,
    /// Grows with every build.
    pub version: u64,
}

/// Status, media type and body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub media: String,
    /// Where to go instead.
    pub location: Option<String>,
    /// Bytes.
    pub body: Vec<u8>,
}

/// Where the preview's own files stand; no page of a portal can, since addresses hold no underscore at their beginning.
const OWN: &str = "/_gongkai/";

const RELOAD: &str = "(function(){var was;setInterval(function(){fetch('/_gongkai/version').then(function(r){return r.text()}).then(function(now){if(was&&was!==now)location.reload();was=now}).catch(function(){})},700)})();";

const BANNER: &str = "#gongkai-error{position:relative;z-index:9;margin:0;padding:1rem;background:#FDECEA;color:#7A0000;border-bottom:4px solid #9B1C1C;font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap}";

/// Answers a request. `host` is the one `Host` the request names.
pub(super) fn answer(shown: &Shown, method: &str, host: Option<&str>, path: &str) -> Answer {
    let plain = |status: u16, text: &str| Answer { status, media: "text/plain; charset=utf-8".into(), location: None, body: text.as_bytes().to_vec() };
    if !host.is_some_and(is_local) {
        return plain(421, "this preview answers only to localhost\n");
    }
    if !matches!(method, "GET" | "HEAD") {
        return plain(405, "only GET\n");
    }
    match path.strip_prefix(OWN) {
        Some("version") => return plain(200, &shown.version.to_string()),
        Some("reload.js") => return Answer { media: "text/javascript; charset=utf-8".into(), ..plain(200, RELOAD) },
        Some("banner.css") => return Answer { media: "text/css; charset=utf-8".into(), ..plain(200, BANNER) },
        Some(_) => return plain(404, "not found\n"),
        None => {}
    }
    let Some(wanted) = decoded(path) else { return plain(400, "not an address\n") };
    let wanted = wanted.trim_start_matches('/');
    let file = if wanted.is_empty() || wanted.ends_with('/') { format!("{wanted}index.html") } else { wanted.to_string() };
    if let Some(bytes) = shown.files.get(&file) {
        return found(shown, 200, &file, bytes);
    }
    if shown.files.contains_key(&format!("{file}/index.html")) {
        // Relative to the last part, so that no other host can be meant.
        let last = path.rsplit('/').next().unwrap_or_default();
        return Answer { location: Some(format!("./{last}/")), ..plain(301, "moved\n") };
    }
    match shown.files.get("404.html") {
        Some(bytes) => found(shown, 404, "404.html", bytes),
        None => found(
            shown,
            404,
            "404.html",
            b"<!doctype html><html lang=\"zh-Hans\"><head><meta charset=\"utf-8\"><title>gongkai</title></head><body></body></html>",
        ),
    }
}

fn found(shown: &Shown, status: u16, file: &str, bytes: &[u8]) -> Answer {
    let body = if file.ends_with(".html") { with_reload(bytes, shown.error.as_deref()) } else { bytes.to_vec() };
    Answer { status, media: media::of(file), location: None, body }
}

/// The page with the script that reloads it, and the errors over it. Both stand at addresses of the portal's own origin, which the
/// policy of the page allows.
fn with_reload(bytes: &[u8], error: Option<&str>) -> Vec<u8> {
    let page = String::from_utf8_lossy(bytes);
    let script = "<script src=\"/_gongkai/reload.js\" defer></script></body>";
    let mut page = if page.contains("</body>") { page.replacen("</body>", script, 1) } else { format!("{page}{script}") };
    if let Some(error) = error {
        let banner = format!("<link rel=\"stylesheet\" href=\"/_gongkai/banner.css\"><pre id=\"gongkai-error\" role=\"alert\">{}</pre>", escaped(error));
        let at = page.find("<body").and_then(|at| page[at..].find('>').map(|end| at + end + 1)).unwrap_or(0);
        page.insert_str(at, &banner);
    }
    page.into_bytes()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Whether a `Host` names this machine: localhost or a loopback address, with or without a port.
fn is_local(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some(("::1", port)) => ("localhost", port.strip_prefix(':').or(port.is_empty().then_some(""))),
            _ => return false,
        },
        None => host.split_once(':').map_or((host, Some("")), |(name, port)| (name, Some(port))),
    };
    let Some(port) = port else { return false };
    let digits = port.is_empty() && !host.ends_with(':') || !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    digits && (name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1")
}

/// `%E4%BA%91` decoded once. Nothing for what is no text, or has bytes that no address holds.
fn decoded(path: &str) -> Option<String> {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            out.push(u8::from_str_radix(path.get(at + 1..at + 3)?, 16).ok()?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).ok().filter(|path| !path.contains(['\0', '\\']) && !path.contains("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(error: Option<&str>) -> Shown {
        let page = b"<html><head></head><body class=\"x\">hi</body></html>".to_vec();
        let files = [("index.html", page.clone()), ("a/index.html", page.clone()), ("404.html", page), ("x.csv", b"1".to_vec())];
        Shown { files: files.into_iter().map(|(path, bytes)| (path.to_string(), bytes.into())).collect(), error: error.map(str::to_string), version: 7 }
    }

    fn get(path: &str) -> Answer {
        answer(&shown(None), "GET", Some("localhost:1111"), path)
    }

    #[test]
    fn pages_come_from_the_map() {
        assert_eq!(get("/").status, 200);
        assert_eq!(get("/a/").status, 200);
        assert_eq!((get("/a").status, get("/a").location.as_deref()), (301, Some("./a/")));
        assert_eq!(get("/x.csv").body, b"1");
        assert_eq!(get("/_gongkai/version").body, b"7");
        assert_eq!(answer(&shown(None), "POST", Some("localhost"), "/").status, 405);
    }

    #[test]
    fn no_path_leads_out() {
        for path in [
            "/../etc/passwd",
            "/%2e%2e/etc/passwd",
            "/..%2fetc",
            "/a/%5c..",
            "//etc",
            "/%00",
            "/%",
            "/%zz",
            "/C:/x",
            "/.git/config",
            "/a/../../x",
            "/%252e%252e/",
        ] {
            let answer = get(path);
            assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        }
    }

    #[test]
    fn only_local_hosts_are_answered() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:1111", "[::1]", "[::1]:1111"] {
            assert_eq!(answer(&shown(None), "GET", Some(host), "/").status, 200, "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil",
            "localhost.",
            "localhost.evil:80",
            "",
            "127.0.0.2",
            "0.0.0.0",
            "localhost:",
            "localhost:8x",
            "[::1",
            "[::2]",
            "[::1]x",
            "evil@localhost",
            "user:pw@127.0.0.1",
        ] {
            assert_eq!(answer(&shown(None), "GET", Some(host), "/").status, 421, "{host}");
        }
        assert_eq!(answer(&shown(None), "GET", None, "/").status, 421);
    }

    #[test]
    fn errors_stand_over_the_last_good_page_as_text() {
        let good = String::from_utf8(get("/").body).unwrap();
        assert!(good.contains("reload.js") && !good.contains("gongkai-error"));
        let broken = answer(&shown(Some("<img onerror=alert(1)>")), "GET", Some("localhost"), "/");
        let page = String::from_utf8(broken.body).unwrap();
        assert_eq!(broken.status, 200);
        assert!(page.contains("&lt;img onerror") && !page.contains("<img") && page.contains("hi"), "{page}");
    }
}
