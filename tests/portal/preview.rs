//! The preview server, over real sockets.

use crate::site::{Site, gongkai, report};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

pub(crate) struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn serve(site: &Site) -> Server {
    let mut child = gongkai().args(["serve", "-p", "0"]).current_dir(site.path()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.split("http://").nth(1).map(|rest| rest.split('/').next().unwrap().to_string()))
        .expect("says where it listens");
    std::thread::spawn(move || lines.for_each(drop));
    Server { child, address }
}

impl Server {
    /// Sends raw request text and gives status and body.
    fn raw(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, text.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_string()))
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    }

    /// Asks again until the page is as wanted.
    #[track_caller]
    pub(crate) fn wait(&self, path: &str, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let (_, body) = self.get(path);
            if wanted(&body) {
                return body;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "the page did not become as wanted: {body}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn changes_show_and_a_broken_site_keeps_its_last_good_pages() {
    let site = Site::small();
    let server = serve(&site);
    let (status, page) = server.get("/yi/2024/");
    assert!(status == 200 && page.contains("全年公开50条") && page.contains("/_gongkai/reload.js"), "{page}");
    assert!(!site.public().exists(), "the preview writes nothing");
    site.put("content/yi/2024.md", report(2024, "", "改过的话\n"));
    server.wait("/yi/2024/", |page| page.contains("改过的话"));
    site.put("content/yi/2024.md", "+++\ntitle = \"<img src=x onerror=alert(1)>\"\nnope = 1\n+++\n");
    let broken = server.wait("/yi/2024/", |page| page.contains("gongkai-error"));
    assert!(broken.contains("改过的话") && broken.contains("parse/key-unknown") && !broken.contains("<img src=x"), "{broken}");
    site.put("content/yi/2024.md", report(2024, "", "又好了\n"));
    let mended = server.wait("/yi/2024/", |page| page.contains("又好了"));
    assert!(!mended.contains("gongkai-error"));
    assert_eq!(server.get("/no/such/").0, 404);
}

#[test]
fn strangers_and_ways_out_get_nothing() {
    let site = Site::small();
    site.put("content/.secret", "canary-91b");
    let server = serve(&site);
    for host in ["evil.example", "127.0.0.1.evil", "localhost.evil", "localhost.", "", "evil@localhost"] {
        assert_eq!(server.raw(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).0, 421, "{host:?}");
    }
    assert_ne!(server.raw("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n").0, 200);
    assert_ne!(server.raw("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").0, 200);
    for path in [
        "/../config.toml",
        "/%2e%2e/config.toml",
        "/..%2fconfig.toml",
        "/content/.secret",
        "/.secret",
        "//config.toml",
        "/%5c..%5cconfig.toml",
        "/config.toml",
        "/%00",
    ] {
        let (status, body) = server.get(path);
        assert!(matches!(status, 400 | 404), "{path}: {status}");
        assert!(!body.contains("canary-91b") && !body.contains("today ="), "{path}");
    }
    assert_eq!(server.raw("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").0, 405);
}

#[test]
fn only_this_machine_is_served() {
    let site = Site::small();
    assert_eq!(site.run(&["serve", "-i", "0.0.0.0", "-p", "0"]).code, 2);
    let server = serve(&site);
    let port = server.address.rsplit(':').next().unwrap().to_string();
    let taken = site.run(&["serve", "-p", &port]);
    assert!(taken.code == 3 && taken.err.contains(&port), "{}", taken.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_browser_opens_only_when_asked_for() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::small();
    let opener = site.path().join("bin/xdg-open");
    site.put("bin/xdg-open", "#!/bin/sh\necho \"$1\" > opened\n");
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", site.path().join("bin").display(), std::env::var("PATH").unwrap());
    let start = |arguments: &[&str]| {
        let mut child =
            gongkai().args(["serve", "-p", "0"]).args(arguments).env("PATH", &path).current_dir(site.path()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address =
            lines.by_ref().map_while(Result::ok).find_map(|line| line.split("http://").nth(1).map(|rest| rest.split('/').next().unwrap().to_string())).unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, address }
    };
    let opened = site.path().join("opened");
    let server = start(&[]);
    assert_eq!(server.get("/").0, 200);
    assert!(!opened.exists());
    drop(server);
    let server = start(&["-O"]);
    let started = Instant::now();
    while !std::fs::read_to_string(&opened).is_ok_and(|url| url.contains(&server.address)) {
        assert!(started.elapsed() < Duration::from_secs(10), "no browser was opened");
        std::thread::sleep(Duration::from_millis(20));
    }
}
