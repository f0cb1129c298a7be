//! What web servers are told: headers, media types, what may be kept, what is not shown. One set of rules, written as each server
//! wants it. The files in `hosting/` are configurations with `@NAME@` where something of the portal stands.
//!
//! Everything but `_headers`, `.htaccess` and `web.config` belongs outside the portal: an operator includes it once.

use super::Artifact;
use crate::config::{Config, ServerFile};
use crate::media::MEDIA;
use std::fmt::Write as _;

/// What pages are allowed. `base.html` says the same in a `<meta>`, for servers that nobody has set up.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; base-uri 'none'; form-action 'self'";

/// Fingerprinted files never change under their name.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// All else is asked for anew; an unchanged file costs an empty answer.
const REVALIDATE: &str = "no-cache";
const HSTS: (&str, &str) = ("Strict-Transport-Security", "max-age=31536000");
/// Files of which compressed siblings are served, as a pattern.
const COMPRESSED: &str = "html|css|js|csv|txt|json|xml|svg";

/// Where instructions can be written for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Server {
    /// To include inside `server { … }`.
    Nginx,
    /// To include inside `<VirtualHost>`.
    Apache,
    /// To put inside a site of the Caddyfile.
    Caddy,
    /// `.htaccess`, at the portal's own root.
    Htaccess,
    /// `web.config` of IIS, at the portal's own root.
    Iis,
    /// `_headers` of Netlify and Cloudflare Pages, at the portal's own root.
    Headers,
    /// A script that uploads a portal in an order in which no page misses its style sheet.
    Rsync,
}

/// Headers of every answer.
fn headers(hsts: bool) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("Content-Security-Policy", format!("{POLICY}; frame-ancestors 'none'")),
        ("X-Content-Type-Options", "nosniff".to_string()),
        ("Referrer-Policy", "same-origin".to_string()),
        ("X-Frame-Options", "DENY".to_string()),
        ("Cross-Origin-Opener-Policy", "same-origin".to_string()),
        ("Cross-Origin-Resource-Policy", "same-origin".to_string()),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()".to_string()),
    ];
    if hsts {
        all.push((HSTS.0, HSTS.1.to_string()));
    }
    all
}

/// The instructions for a server; `folder` is where the portal lies on it.
pub fn hosting(server: Server, config: &Config, folder: &str) -> String {
    let path = config.base_path();
    let bare = path.trim_end_matches('/');
    let folder = folder.trim_end_matches('/');
    let all = headers(config.hsts);
    let lines = |line: &dyn Fn(&str, &str) -> String| all.iter().map(|(name, value)| line(name, value)).collect::<Vec<_>>();
    let list = |line: &dyn Fn(&str, &str, bool) -> String| MEDIA.iter().map(|(ending, kind, text)| line(ending, kind, *text)).collect::<Vec<_>>();
    let text = list(&|ending, _, text| if text { ending.to_string() } else { String::new() });
    let text: Vec<&str> = text.iter().map(String::as_str).filter(|ending| !ending.is_empty()).collect();
    let mut kinds: Vec<&str> = MEDIA.iter().filter(|(.., text)| *text).map(|(_, kind, _)| *kind).filter(|kind| *kind != "text/html").collect();
    kinds.dedup();
    let apache = || {
        let siblings = COMPRESSED.split('|').map(|ending| {
            let kind = crate::media::of(&format!("x.{ending}"));
            format!("<FilesMatch \"\\.{ending}\\.gz$\">\n    ForceType \"{kind}\"\n</FilesMatch>")
        });
        filled(
            include_str!("hosting/apache-inner.conf"),
            &[
                ("HEADERS", lines(&|name, value| format!("Header always set {name} \"{value}\""))),
                ("TYPES", list(&|ending, kind, _| format!("AddType {kind} .{ending}"))),
                ("TEXT", vec![text.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(" ")]),
                ("KINDS", vec![format!("text/html {}", kinds.join(" "))]),
                ("SIBLINGS", siblings.collect()),
                ("COMPRESSED", vec![COMPRESSED.to_string()]),
                ("PATH", vec![path.to_string()]),
                ("FOREVER", vec![FOREVER.to_string()]),
                ("REVALIDATE", vec![REVALIDATE.to_string()]),
            ],
        )
    };
    let rules = [
        ("PATH", vec![path.to_string()]),
        ("BARE", vec![bare.to_string()]),
        ("FOLDER", vec![folder.to_string()]),
        ("FOREVER", vec![FOREVER.to_string()]),
        ("REVALIDATE", vec![REVALIDATE.to_string()]),
    ];
    let with = |template: &str, more: Vec<(&str, Vec<String>)>| filled(template, &[more, rules.to_vec()].concat());
    match server {
        Server::Nginx => {
            let line = |name: &str, value: &str| format!("add_header {name} \"{value}\" always;");
            let place = if bare.is_empty() { format!("root {folder};") } else { format!("alias {folder}/;") };
            let entrance = if bare.is_empty() { Vec::new() } else { vec![with(include_str!("hosting/nginx-entrance.conf"), vec![("HEADERS", lines(&line))])] };
            with(
                include_str!("hosting/nginx.conf"),
                vec![
                    ("ENTRANCE", entrance),
                    ("PLACE", vec![place]),
                    ("HEADERS", lines(&line)),
                    ("TYPES", list(&|ending, kind, _| format!("{kind} {ending};"))),
                    ("KINDS", vec![kinds.join(" ")]),
                ],
            )
        }
        Server::Apache => {
            let place = if bare.is_empty() { format!("DocumentRoot \"{folder}\"") } else { format!("Alias \"{bare}\" \"{folder}\"") };
            with(include_str!("hosting/apache.conf"), vec![("PLACE", vec![place]), ("INNER", vec![apache()])])
        }
        Server::Htaccess => apache(),
        Server::Caddy => {
            let template = if bare.is_empty() { include_str!("hosting/caddy.conf") } else { include_str!("hosting/caddy-below.conf") };
            let typed = |(kind, endings): &(&str, &str)| {
                let name = endings.trim_start_matches("*.").replace(' ', "");
                format!("@{name} {{\n    path {endings}\n    file\n}}\nheader @{name} Content-Type \"{kind}; charset=utf-8\"")
            };
            let types: Vec<String> =
                [("application/json", "*.json"), ("application/xml", "*.xml"), ("text/javascript", "*.js"), ("text/csv", "*.csv")].iter().map(typed).collect();
            with(template, vec![("HEADERS", lines(&|name, value| format!("{name} \"{value}\""))), ("TYPES", types)])
        }
        Server::Iis => {
            let escaped = |value: &str| value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
            with(
                include_str!("hosting/web.config"),
                vec![
                    ("HEADERS", lines(&|name, value| format!("<add name=\"{name}\" value=\"{}\" />", escaped(value)))),
                    (
                        "TYPES",
                        list(&|ending, kind, text| {
                            let charset = if text { "; charset=utf-8" } else { "" };
                            format!("<remove fileExtension=\".{ending}\" /><mimeMap fileExtension=\".{ending}\" mimeType=\"{kind}{charset}\" />")
                        }),
                    ),
                ],
            )
        }
        Server::Headers => {
            let mut out = String::from("/*\n");
            for (name, value) in &all {
                writeln!(out, "  {name}: {value}").expect("a string takes every text");
            }
            writeln!(out, "/assets/*\n  ! Cache-Control\n  Cache-Control: {FOREVER}").expect("a string takes every text");
            out
        }
        Server::Rsync => include_str!("hosting/publish.sh").to_string(),
    }
}

/// The instructions that stand in the portal itself, where its own root is the only place a server looks for them.
pub fn server_files(config: &Config) -> Vec<Artifact> {
    let made = config.server_files.iter().map(|file| {
        let server = match file {
            ServerFile::Headers => Server::Headers,
            ServerFile::Htaccess => Server::Htaccess,
            ServerFile::WebConfig => Server::Iis,
        };
        Artifact { path: file.name().into(), bytes: hosting(server, config, "").into_bytes() }
    });
    made.collect()
}

/// A template with its names replaced. A name alone on its line is replaced by lines, and by none if there are none.
fn filled(template: &str, with: &[(&str, Vec<String>)]) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    for line in template.lines() {
        if let Some((_, lines)) = with.iter().find(|(name, _)| line.trim() == format!("@{name}@")) {
            let indent = &line[..line.len() - line.trim_start().len()];
            for line in lines.iter().flat_map(|text| text.lines()) {
                if !line.is_empty() {
                    out.push_str(indent);
                    out.push_str(line);
                }
                out.push('\n');
            }
            continue;
        }
        let mut line = line.to_string();
        for (name, lines) in with {
            line = line.replace(&format!("@{name}@"), &lines.join("\n"));
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}
