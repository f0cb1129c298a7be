//! Real web servers with the instructions that the program writes for them. A server that this machine does not have is skipped.

use crate::site::{Site, copy, demo, run, skipped, tree};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: BTreeMap<String, Vec<String>>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The one value of a header; none if it is not there.
    #[track_caller]
    fn header(&self, name: &str) -> Option<&str> {
        let values = self.headers.get(name)?;
        assert_eq!(values.len(), 1, "{name}: {values:?}");
        Some(&values[0])
    }
}

/// A server running over a portal.
pub(crate) struct Running {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    pub(crate) fn get(&self, path: &str, packed: bool) -> Answer {
        self.ask(path, if packed { "Accept-Encoding: gzip\r\n" } else { "" })
    }

    fn ask(&self, path: &str, more: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{more}Connection: close\r\n\r\n", self.port).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n").unwrap_or_else(|| panic!("{path}: {}", String::from_utf8_lossy(&bytes)));
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(": ")) {
            headers.entry(name.to_ascii_lowercase()).or_default().push(value.to_string());
        }
        let body = bytes[end + 4..].to_vec();
        let chunked = headers.get("transfer-encoding").is_some_and(|value| value[0] == "chunked");
        Answer { status, headers, body: if chunked { unchunked(&body) } else { body } }
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|part| part == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    body
}

/// The demonstration portal with compressed siblings, for a path; built once a path and shared by the servers.
fn portal(path: &'static str) -> &'static Path {
    static ROOT: OnceLock<(Site, PathBuf)> = OnceLock::new();
    static BELOW: OnceLock<(Site, PathBuf)> = OnceLock::new();
    let made = if path == "/" { &ROOT } else { &BELOW };
    let (_, folder) = made.get_or_init(|| {
        let site = Site::small();
        std::fs::remove_dir_all(site.path().join("content")).unwrap();
        copy(&demo().join("content"), &site.path().join("content"));
        let config = std::fs::read_to_string(demo().join("config.toml")).unwrap();
        let set = |config: String, head: &str, line: &str| -> String {
            assert!(config.contains(head), "{config}");
            config.replacen(head, &format!("{head}\n{line}"), 1)
        };
        let config = set(config, "[pages]", "precompress = true");
        site.put("config.toml", format!("{config}\n[publish]\nserver_files = [\"_headers\", \".htaccess\", \"web.config\"]\n"));
        site.put("static/js/site.js", "// A script of every page.\n\"use strict\";\n".repeat(60));
        // Never published, so that only a server could find it.
        site.build(&["-u", &format!("https://gk.example{path}")]);
        let public = site.public();
        std::fs::create_dir(public.join(".git")).unwrap();
        std::fs::write(public.join(".git/config"), "secret").unwrap();
        std::fs::write(public.join(".env"), "secret").unwrap();
        // Apache gives up being root, and has to look in all the same.
        #[cfg(unix)]
        std::fs::set_permissions(site.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        (site, public)
    });
    folder
}

/// What the program says for a server, over a portal at a path.
fn hosting(server: &str, path: &'static str, more: &str) -> String {
    let site = Site::small();
    site.put("config.toml", format!("today = 2026-03-01\n{more}"));
    let folder = portal(path).display().to_string();
    let said = site.run(&["--lang", "en", "hosting", server, "--folder", &folder, "-u", &format!("https://gk.example{path}")]);
    assert_eq!(said.code, 0, "{}", said.err);
    said.out
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let places = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&places).chain([PathBuf::from("/usr/sbin")]).map(|place| place.join(name)).find(|path| path.is_file());
    if found.is_none() {
        skipped(&format!("{name} is not installed"));
    }
    found
}

/// Starts a server in a folder of its own; `configure` writes its configuration and gives the command.
fn start(program: &Path, configure: impl Fn(&Path, u16) -> Vec<String>) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let arguments = configure(folder.path(), port);
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).env("HOME", folder.path()).env("XDG_CONFIG_HOME", folder.path()).env("XDG_DATA_HOME", folder.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    let mut running = Running { child: command.spawn().unwrap(), port, _folder: folder };
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return running;
        }
        let log = || std::fs::read_to_string(running._folder.path().join("log")).unwrap_or_default();
        assert!(running.child.try_wait().unwrap().is_none(), "the server ended: {}", log());
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the server does not answer: {}", std::fs::read_to_string(running._folder.path().join("log")).unwrap_or_default());
}

fn nginx(path: &'static str, more: &str) -> Option<Running> {
    nginx_with(&hosting("nginx", path, more))
}

/// nginx over the portal of a site.
pub(crate) fn nginx_over(site: &Site) -> Option<Running> {
    let said = site.run(&["--lang", "en", "hosting", "nginx", "--folder", &site.public().display().to_string(), "-u", "https://gk.example/"]);
    assert_eq!(said.code, 0, "{}", said.err);
    nginx_with(&said.out)
}

fn nginx_with(snippet: &str) -> Option<Running> {
    let program = program("nginx")?;
    Some(start(&program, |folder, port| {
        let temporary: String =
            ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].iter().map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display())).collect();
        let user = if is_root() { "user root;\n" } else { "" };
        let config = format!(
            "daemon off;\n{user}pid {0}/pid;\nerror_log {0}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}server {{\nlisten 127.0.0.1:{port};\n{snippet}}}\n}}\n",
            folder.display()
        );
        std::fs::write(folder.join("nginx.conf"), config).unwrap();
        vec!["-e".into(), "stderr".into(), "-p".into(), folder.display().to_string(), "-c".into(), folder.join("nginx.conf").display().to_string()]
    }))
}

fn caddy(path: &'static str, more: &str) -> Option<Running> {
    let program = program("caddy")?;
    let snippet = hosting("caddy", path, more);
    Some(start(&program, |folder, port| {
        let config = format!("{{\nadmin off\nauto_https off\n}}\nhttp://127.0.0.1:{port} {{\nbind 127.0.0.1\n{snippet}}}\n");
        std::fs::write(folder.join("Caddyfile"), config).unwrap();
        vec!["run".into(), "--adapter".into(), "caddyfile".into(), "--config".into(), folder.join("Caddyfile").display().to_string()]
    }))
}

/// Apache with the instructions in its own configuration, or in the portal's `.htaccess`.
fn apache(path: &'static str, more: &str, own: bool) -> Option<Running> {
    let program = program("apache2")?;
    let modules = Path::new("/usr/lib/apache2/modules");
    if !modules.is_dir() {
        skipped("modules of Apache are not where Debian has them");
        return None;
    }
    let folder = portal(path).display();
    let bare = path.trim_end_matches('/');
    let snippet = match own {
        true => hosting("apache", path, more),
        false => {
            let place = if bare.is_empty() { format!("DocumentRoot \"{folder}\"") } else { format!("Alias \"{bare}\" \"{folder}\"") };
            format!("{place}\n<Directory \"{folder}\">\nAllowOverride FileInfo Indexes Options=Indexes,MultiViews\nRequire all granted\n</Directory>\n")
        }
    };
    Some(start(&program, |folder, port| {
        let names = ["mpm_event", "authz_core", "alias", "dir", "headers", "mime", "rewrite", "setenvif", "env", "filter", "deflate"];
        let loaded: String = names.iter().map(|name| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules.display())).collect();
        let config = format!(
            "ServerRoot {0}\nPidFile {0}/pid\nErrorLog {0}/error.log\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\n{loaded}TypesConfig /dev/null\nAddEncoding x-gzip .gz\nUser #{1}\nGroup #{1}\n<VirtualHost *:{port}>\n{snippet}</VirtualHost>\n",
            folder.display(),
            if is_root() { 65534 } else { 0 },
        );
        std::fs::write(folder.join("apache.conf"), config).unwrap();
        vec!["-X".into(), "-f".into(), folder.join("apache.conf").display().to_string()]
    }))
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).out.trim() == "0"
}

const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Everything that is promised of a server, over one portal at one path.
fn keeps_the_promises(server: &Running, path: &'static str) {
    let folder = portal(path);
    let files = tree(folder);
    let script = files.keys().find(|file| file.starts_with("assets/") && file.ends_with(".js")).unwrap();
    let style = files.keys().find(|file| file.starts_with("assets/") && file.ends_with(".css")).unwrap();
    let at = |inside: &str| format!("{path}{inside}");
    let expected: [(String, &str, &str, &str); 9] = [
        (at(""), "index.html", "text/html; charset=utf-8", "no-cache"),
        (at("yunxi/2024/"), "yunxi/2024/index.html", "text/html; charset=utf-8", "no-cache"),
        (at("yunxi/2024/index.json"), "yunxi/2024/index.json", "application/json; charset=utf-8", "no-cache"),
        (at("yunxi/figures.csv"), "yunxi/figures.csv", "text/csv; charset=utf-8", "no-cache"),
        (at("robots.txt"), "robots.txt", "text/plain; charset=utf-8", "no-cache"),
        (at("sitemap.xml"), "sitemap.xml", "application/xml; charset=utf-8", "no-cache"),
        (at(style), style, "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        (at(script), script, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        (at(".well-known/security.txt"), ".well-known/security.txt", "text/plain; charset=utf-8", "no-cache"),
    ];
    let safe = |answer: &Answer, what: &str| {
        for (name, value) in HEADERS {
            assert_eq!(answer.header(name), Some(value), "{what}: {name}");
        }
    };
    for (address, file, kind, kept) in &expected {
        let Some(bytes) = files.get(*file) else { panic!("{file} is not there") };
        let plain = server.get(address, false);
        assert_eq!(plain.status, 200, "{address}");
        assert!(plain.body == *bytes, "{address}: other bytes than {file}");
        assert_eq!(plain.header("content-type").unwrap().to_ascii_lowercase(), *kind, "{address}");
        assert_eq!(plain.header("cache-control"), Some(*kept), "{address}");
        assert_eq!(plain.header("content-encoding"), None, "{address}");
        safe(&plain, address);
        let packed = server.get(address, true);
        assert_eq!(packed.status, 200, "{address}");
        assert_eq!(packed.header("content-type").unwrap().to_ascii_lowercase(), *kind, "{address} packed");
        assert_eq!(packed.header("cache-control"), Some(*kept), "{address} packed");
        safe(&packed, address);
        if let Some(sibling) = files.get(&format!("{file}.gz")) {
            assert_eq!(packed.header("content-encoding"), Some("gzip"), "{address}");
            assert!(packed.body == *sibling, "{address}: not the sibling");
            assert!(packed.header("vary").unwrap_or_default().to_ascii_lowercase().contains("accept-encoding"), "{address}: {packed:?}");
        }
    }
    // Asked for anew, what has not changed costs an empty answer.
    for (address, accept) in [(at("yunxi/2024/"), ""), (at("yunxi/2024/"), "Accept-Encoding: gzip\r\n"), (at(style), "Accept-Encoding: gzip\r\n")] {
        let first = server.ask(&address, accept);
        let tag = first.header("etag").unwrap_or_else(|| panic!("{address}: no tag")).to_string();
        let again = server.ask(&address, &format!("{accept}If-None-Match: {tag}\r\n"));
        assert_eq!((again.status, again.body.len()), (304, 0), "{address} {accept}{tag}");
        assert_eq!(again.header("cache-control"), first.header("cache-control"), "{address}");
        safe(&again, &address);
    }
    // A folder without its slash leads there, and nowhere else.
    for (address, to) in [(at("yunxi/2024"), at("yunxi/2024/")), (path.trim_end_matches('/').to_string(), path.to_string())] {
        if address.is_empty() {
            continue;
        }
        let moved = server.get(&address, false);
        assert!(matches!(moved.status, 301 | 308), "{address}: {}", moved.status);
        let location = moved.header("location").unwrap();
        assert!(
            location == to || location == format!("http://127.0.0.1:{}{to}", server.port) || to.ends_with(&format!("/{location}")),
            "{address}: {location}"
        );
        safe(&moved, &address);
    }
    // What is missing, what is a folder without a page, and what begins with a dot all get the portal's own page.
    let page = &files["404.html"];
    for address in [
        at("missing/"),
        at("yunxi/2024/missing.csv"),
        at("missing.json"),
        at("assets/x.00000000.css"),
        at("assets/"),
        at(".git/config"),
        at(".env"),
        at(".htaccess"),
    ] {
        let missing = server.get(&address, false);
        assert!(matches!(missing.status, 403 | 404), "{address}: {}", missing.status);
        assert!(missing.body == *page, "{address}: not the page for what is missing: {}", String::from_utf8_lossy(&missing.body));
        assert_eq!(missing.header("content-type").unwrap().to_ascii_lowercase(), "text/html; charset=utf-8", "{address}");
        assert_eq!(missing.header("cache-control"), Some("no-cache"), "{address}");
        safe(&missing, &address);
    }
    let astray = server.get(&at("%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd"), false);
    assert!(astray.status != 200 || astray.body.is_empty(), "{astray:?} {}", String::from_utf8_lossy(&astray.body));
}

#[test]
fn nginx_keeps_the_promises() {
    for path in ["/", "/nb/"] {
        let Some(server) = nginx(path, "") else { return };
        keeps_the_promises(&server, path);
    }
}

#[test]
fn caddy_keeps_the_promises() {
    for path in ["/", "/nb/"] {
        let Some(server) = caddy(path, "") else { return };
        keeps_the_promises(&server, path);
    }
}

#[test]
fn apache_keeps_the_promises() {
    for path in ["/", "/nb/"] {
        for own in [true, false] {
            let Some(server) = apache(path, "", own) else { return };
            keeps_the_promises(&server, path);
        }
    }
}

/// What the Observatory of MDN gives for an answer over HTTPS with a valid certificate and a redirection from HTTP: its rules as of
/// version 4, for the results that a portal can have. Extra credit counts from 90 points on.
fn observatory(answer: &Answer, page: &str) -> i32 {
    let policy: BTreeMap<&str, Vec<&str>> = answer
        .header("content-security-policy")
        .unwrap_or_default()
        .split(';')
        .filter_map(|directive| directive.trim().split_once(' ').map(|(name, values)| (name, values.split(' ').collect())))
        .collect();
    let fallback = |name: &str| policy.get(name).or(policy.get("default-src")).cloned().unwrap_or(vec!["*"]);
    let broad = |sources: &[&str]| {
        sources.iter().any(|source| matches!(*source, "*" | "http:" | "https:" | "ftp:") || source.starts_with("http://*") || source.starts_with("https://*"))
    };
    let inline = |sources: &[&str]| sources.iter().any(|source| matches!(*source, "'unsafe-inline'" | "data:"));
    let (script, object, style) = (fallback("script-src"), fallback("object-src"), fallback("style-src"));
    let csp = match () {
        () if policy.is_empty() => -25,
        () if broad(&script) || inline(&script) || broad(&object) => -20,
        () if policy.values().flatten().any(|source| source.starts_with("http:") || source.starts_with("ftp:")) => -20,
        () if [&script, &style].into_iter().flatten().any(|source| *source == "'unsafe-eval'") => -10,
        () if broad(&style) || inline(&style) => 0,
        () if policy.get("default-src").is_some_and(|sources| sources == &["'none'"]) => 10,
        () => 5,
    };
    let framing = if policy.get("frame-ancestors").is_some_and(|sources| !broad(sources)) {
        5
    } else if matches!(answer.header("x-frame-options"), Some("DENY" | "SAMEORIGIN")) {
        0
    } else {
        -20
    };
    let referrer = match answer.header("referrer-policy") {
        Some("no-referrer" | "same-origin" | "strict-origin" | "strict-origin-when-cross-origin") => 5,
        None => 0,
        Some(_) => -5,
    };
    let age = answer
        .header("strict-transport-security")
        .and_then(|value| value.split(';').find_map(|part| part.trim().strip_prefix("max-age=")?.parse::<u64>().ok()));
    let hsts = match age {
        Some(age) if age >= 15_768_000 => 0,
        Some(_) => -10,
        None => -20,
    };
    let sniff = if answer.header("x-content-type-options") == Some("nosniff") { 0 } else { -5 };
    let resource = match answer.header("cross-origin-resource-policy") {
        Some("same-origin" | "same-site") => 10,
        Some("cross-origin") | None => 0,
        Some(_) => -5,
    };
    let scripts: Vec<&str> = page.match_indices("<script src=").map(|(at, _)| page[at..].split('>').next().unwrap()).collect();
    let elsewhere = scripts.iter().any(|tag| tag.contains("//"));
    let integrity = match () {
        () if elsewhere => -5,
        () if scripts.iter().any(|tag| tag.contains(" integrity=\"sha256-")) => 5,
        () => 0,
    };
    let all = [csp, framing, referrer, hsts, sniff, resource, integrity];
    let without_credit = 100 + all.iter().filter(|points| **points < 0).sum::<i32>();
    if without_credit >= 90 { 100 + all.iter().sum::<i32>() } else { without_credit }
}

#[test]
fn the_observatory_is_pleased() {
    let Some(server) = nginx("/", "[publish]\nhsts = true\n") else { return };
    let home = server.get("/", false);
    assert_eq!(home.header("strict-transport-security"), Some("max-age=31536000"));
    let page = String::from_utf8_lossy(&home.body).into_owned();
    assert_eq!(observatory(&home, &page), 135);
    // Without a script on the page there is no credit for its digest.
    assert_eq!(observatory(&home, ""), 130);
    // The rules do tell servers apart.
    let Some(bare) = nginx("/", "") else { return };
    assert_eq!(observatory(&bare.get("/", false), &page), 80);
    let mut weaker = server.get("/", false);
    weaker.headers.remove("content-security-policy");
    assert_eq!(observatory(&weaker, &page), 75);
    weaker.headers.insert("content-security-policy".into(), vec!["default-src 'self'; script-src 'self' 'unsafe-inline'".into()]);
    assert_eq!(observatory(&weaker, &page), 80);
}

/// What cannot be tried here is at least what its server can read.
#[test]
fn instructions_for_other_servers_are_well_formed() {
    let site = Site::small();
    site.put(
        "config.toml",
        "today = 2026-03-01\nbase_url = \"https://gk.example/nb/\"\n[publish]\nserver_files = [\"_headers\", \"web.config\", \".htaccess\"]\nhsts = true\n",
    );
    site.build(&[]);
    let headers = site.page("_headers");
    let blocks: Vec<&str> = headers.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(blocks, ["/*", "/assets/*"]);
    for (name, value) in HEADERS {
        assert_eq!(headers.to_ascii_lowercase().matches(&format!("\n  {name}: {}\n", value.to_ascii_lowercase())).count(), 1, "{name}\n{headers}");
    }
    assert!(headers.contains("\n  Strict-Transport-Security: max-age=31536000\n"));
    assert!(headers.lines().all(|line| line.len() < 2000), "Cloudflare reads lines of 2,000 signs");
    let iis = site.page("web.config");
    let mut open: Vec<&str> = Vec::new();
    for tag in iis.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.starts_with('?') || tag.ends_with('/') => {}
            None => open.push(tag.split(' ').next().unwrap()),
        }
        assert!(tag.matches('"').count().is_multiple_of(2) && !tag.contains('&'), "{tag}");
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(iis.contains("path=\"/nb/404.html\"") && iis.contains("fileExtension=\".csv\" mimeType=\"text/csv; charset=utf-8\""));
    assert!(site.page(".htaccess").contains("ErrorDocument 404 /nb/404.html"));
    // They are part of the publication like any file.
    let sums = site.page("SHA256SUMS");
    assert!(["_headers", ".htaccess", "web.config"].iter().all(|name| sums.contains(&format!("  {name}\n"))), "{sums}");
    assert!(!["@", "  \n"].iter().any(|left| iis.contains(left)), "{iis}");
}

#[test]
fn what_cannot_stand_in_a_configuration_is_refused() {
    let site = Site::small();
    for arguments in [["--folder", "/srv/a b"], ["--folder", "/srv/x;}"], ["-u", "https://gk.example/a\";b/"]] {
        let said = site.run(&[&["hosting", "nginx"], arguments.as_slice()].concat());
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}: {}", said.err);
    }
    site.put("config.toml", "[publish]\nserver_files = [\"httpd.conf\"]\n");
    assert_eq!(site.run(&["check"]).code, 2);
    site.put("config.toml", "[publish]\nserver_files = []\nhsts = true\n");
    site.build(&[]);
    assert!(!site.public().join("_headers").exists());
    let said = site.run(&["--lang", "en", "hosting", "caddy"]);
    assert!(said.out.contains("Strict-Transport-Security") && said.err.contains("cannot be taken back"), "{}", said.err);
}

/// Uploads in the order of the script, stopped after every single file: no page there misses what it loads.
#[test]
fn an_upload_cut_off_anywhere_leaves_no_page_without_its_assets() {
    if program("rsync").is_none() {
        return;
    }
    let site = Site::small();
    site.put("config.toml", "today = 2026-03-01\n[pages]\nprecompress = true\n").put("static/js/site.js", "let a;\n");
    site.build(&[]);
    let live = site.path().join("live");
    copy(&site.public(), &live);
    site.put("static/css/9-own.css", "p { color: green; }\n").put("static/js/site.js", "let b;\n");
    std::fs::remove_file(site.path().join("content/yi/2023.md")).unwrap();
    site.build(&[]);
    let script = site.path().join("publish.sh");
    std::fs::write(&script, site.run(&["hosting", "rsync"]).out).unwrap();
    let publish = |rsync: &str| {
        let mut command = Command::new("sh");
        let said = run(command.arg(&script).arg(site.public()).arg(&live).env("RSYNC", rsync).env("PAUSE", "0"));
        assert_eq!(said.code, 0, "{}", said.err);
        said.out
    };
    let steps = publish("rsync --dry-run --out-format=%o:%n");
    let steps: Vec<(&str, &str)> = steps.lines().filter_map(|line| line.split_once(':')).filter(|(_, name)| !name.ends_with('/')).collect();
    let kinds = |kind: &str| steps.iter().filter(|(operation, _)| *operation == kind).count();
    assert!(kinds("send") > 20 && kinds("del.") > 3, "{steps:?}");
    let whole = |state: &BTreeMap<String, Vec<u8>>, after: &str| {
        for (path, bytes) in state.iter().filter(|(path, _)| path.ends_with(".html")) {
            let page = String::from_utf8_lossy(bytes);
            for asset in page.split("assets/").skip(1).map(|rest| format!("assets/{}", rest.split('"').next().unwrap())) {
                assert!(state.contains_key(&asset), "{path} misses {asset} after {after}");
            }
        }
    };
    let (mut state, new) = (tree(&live), tree(&site.public()));
    whole(&state, "nothing");
    for (operation, name) in &steps {
        match *operation {
            "send" => state.insert(name.to_string(), new[*name].clone()),
            _ => state.remove(*name),
        };
        whole(&state, name);
    }
    assert!(state == new, "the upload is not complete");
    publish("rsync");
    assert!(tree(&live) == new);
}
