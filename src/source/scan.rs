//! What lies where under `content/`: bodies, reports, attachments; and what cannot be any of them.

use super::{ReadError, Root};
use crate::diag::{Diagnostic, Words};
use crate::model::{NameFault, Year, name_fault};
use std::collections::BTreeMap;
use walkdir::{DirEntry, WalkDir};

/// Pages of the root that are not reports.
const ROOT_PAGES: [&str; 2] = ["about", "glossary"];

/// A report's file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportFile {
    /// Year of its address.
    pub year: Year,
    /// Path relative to the root.
    pub file: String,
    /// Files beside `index.md`, relative to it.
    pub attachments: Vec<String>,
}

/// A page that is not a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// `about` or `glossary`.
    pub name: String,
    /// Path relative to the root.
    pub file: String,
}

/// A directory of `content/`: one body.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BodyDir {
    /// Address without outer slashes; empty for the root.
    pub path: String,
    /// Its reports by year.
    pub reports: Vec<ReportFile>,
    /// Its other pages.
    pub pages: Vec<Page>,
}

/// All of `content/`.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Bodies, parents before children, by address.
    pub bodies: Vec<BodyDir>,
    /// What cannot be published, and why.
    pub found: Vec<Diagnostic>,
}

/// Walks `content/`. Names decide what a file is; nothing is opened.
pub fn scan(root: &Root) -> Result<Scan, ReadError> {
    let content = root.path().join("content");
    let mut scan = Scan::default();
    let mut bodies: BTreeMap<String, BodyDir> = BTreeMap::new();
    let mut has_index = std::collections::BTreeSet::new();
    let mut attachments: Vec<(String, Year, String)> = Vec::new();
    let mut walk = WalkDir::new(&content).follow_links(false).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(&content).strip_prefix(root.path()).map_or_else(|_| "content".to_string(), |p| p.display().to_string());
            ReadError { path, cause: error.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into()) }
        })?;
        let Some(relative) = entry.path().strip_prefix(&content).ok().and_then(|path| path.to_str()).map(|path| path.replace('\\', "/")) else {
            let shown = format!("content/{}", entry.path().strip_prefix(&content).unwrap_or(entry.path()).to_string_lossy());
            scan.found.push(bad_name(&shown, "名称不是有效的 UTF-8", "the name is not UTF-8"));
            skip(&mut walk, &entry);
            continue;
        };
        let file = if relative.is_empty() { "content".to_string() } else { format!("content/{relative}") };
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.depth() > 0 && is_set_aside(&name) {
            skip(&mut walk, &entry);
            continue;
        }
        if entry.file_type().is_dir() {
            // Below a report's own directory everything is an attachment.
            if report_directory(&relative).is_some() {
                continue;
            }
            if entry.depth() > 0
                && let Some(refusal) = directory_refusal(&file, &name)
            {
                scan.found.push(refusal);
                walk.skip_current_dir();
                continue;
            }
            bodies.insert(relative.clone(), BodyDir { path: relative, ..BodyDir::default() });
            continue;
        }
        let (parent, _) = relative.rsplit_once('/').unwrap_or(("", &relative));
        if !entry.file_type().is_file() {
            let words = Words::new(
                "不是普通文件（链接、管道或设备），没有读取。请换成文件本身，或移走。",
                "not a regular file (a link, pipe or device), not read. Put the file itself here, or take it away.",
            );
            scan.found.push(Diagnostic::new("parse/file-refused", &file, None, words));
            continue;
        }
        if let Some((body, (year, inside))) = report_directory(&relative) {
            if inside == "index.md" {
                bodies.entry(body.to_string()).or_default().reports.push(ReportFile { year, file, attachments: Vec::new() });
            } else {
                match attachment_refusal(&file, inside) {
                    Some(refusal) => scan.found.push(refusal),
                    None => attachments.push((body.to_string(), year, inside.to_string())),
                }
            }
            continue;
        }
        let body = bodies.entry(parent.to_string()).or_default();
        match name.as_str() {
            "_index.md" => {
                has_index.insert(parent.to_string());
            }
            _ => match name.strip_suffix(".md") {
                Some(stem) if Year::from_digits(stem).is_some() => {
                    let year = Year::from_digits(stem).expect("just checked");
                    body.reports.push(ReportFile { year, file, attachments: Vec::new() });
                }
                Some(stem) if parent.is_empty() && ROOT_PAGES.contains(&stem) => body.pages.push(Page { name: stem.to_string(), file }),
                Some(_) => scan.found.push(
                    bad_name(&file, "文件名不是年份，不知道该发布成什么", "the file's name is not a year, so it is not clear what to publish it as").help(
                        "年报请命名为 2024.md；不发布的文件请移出 content/，或在名称前加下划线。",
                        "name reports like 2024.md; move other files out of content/, or begin the name with an underscore.",
                    ),
                ),
                None => scan.found.push(bad_name(&file, "不是 Markdown 文件", "not a Markdown file").help(
                    "附件请放到年报自己的目录里，如 2024/index.md 旁边；网站用的图片放到 static/。",
                    "put attachments beside the report in its own directory, as 2024/index.md; images of the site go to static/.",
                )),
            },
        }
    }
    for (body, year, inside) in attachments {
        if let Some(report) =
            bodies.get_mut(&body).and_then(|body| body.reports.iter_mut().find(|report| report.year == year && report.file.ends_with("/index.md")))
        {
            report.attachments.push(inside);
        } else {
            let file = format!("content/{}{year}/{inside}", if body.is_empty() { String::new() } else { format!("{body}/") });
            scan.found.push(bad_name(&file, "旁边没有 index.md，附件不知道属于哪份年报", "no index.md beside it, so the attachment belongs to no report"));
        }
    }
    for (path, body) in &bodies {
        if !has_index.contains(path) {
            let file = if path.is_empty() { "content".to_string() } else { format!("content/{path}") };
            scan.found.push(
                Diagnostic::new(
                    "site/body-missing",
                    &file,
                    None,
                    Words::new("目录里没有 _index.md，不知道是哪个机关", "no _index.md in this directory, so it is not clear which body it is"),
                )
                .help("请新建 _index.md，至少写上 title，例如 title = \"某某镇\"。", "add an _index.md with at least a title."),
            );
        }
        year_twice(body, &mut scan.found);
    }
    scan.bodies = bodies
        .into_iter()
        .filter(|(path, _)| has_index.contains(path))
        .map(|(_, mut body)| {
            body.reports.sort_by_key(|report| report.year);
            body.reports.dedup_by_key(|report| report.year);
            body
        })
        .collect();
    Ok(scan)
}

fn skip(walk: &mut walkdir::IntoIter, entry: &DirEntry) {
    if entry.file_type().is_dir() {
        walk.skip_current_dir();
    }
}

/// Dotfiles, editors' backups, and what an underscore sets aside (`_import`) are never content.
fn is_set_aside(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || name.ends_with(".bak")
        || (name.starts_with('_') && name != "_index.md")
        || (name.starts_with('#') && name.ends_with('#'))
}

/// `a/b/2024/x/y.pdf` is in the directory of `a/b`'s report for 2024, as `x/y.pdf`.
fn report_directory(relative: &str) -> Option<(&str, (Year, &str))> {
    let mut start = 0;
    for part in relative.split('/') {
        if let Some(year) = Year::from_digits(part) {
            let body = relative[..start].trim_end_matches('/');
            let inside = relative[start + part.len()..].trim_start_matches('/');
            return Some((body, (year, inside)));
        }
        start += part.len() + 1;
    }
    None
}

fn bad_name(file: &str, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::new("site/name-invalid", file, None, Words::new(zh, en))
}

fn directory_refusal(file: &str, name: &str) -> Option<Diagnostic> {
    let fault = name_fault(name);
    if fault == Some(NameFault::Form) {
        return Some(
            bad_name(file, "目录名就是网址，只能用小写字母、数字和连字符", "directory names are addresses: lower-case letters, digits and hyphens only")
                .help("请改成拼音，例如 yunxi；中文名写在 _index.md 的 title 里。", "use pinyin such as yunxi; the Chinese name is the title in _index.md."),
        );
    }
    if fault.is_some() || ROOT_PAGES.contains(&name) && file.matches('/').count() == 1 {
        let words = Words::new(format!("`{name}` 是本站自己要用的名称"), format!("`{name}` is a name the portal needs for itself"));
        return Some(Diagnostic::new("site/address-reserved", file, None, words).help("请给目录换一个名称。", "give the directory another name."));
    }
    None
}

fn attachment_refusal(file: &str, inside: &str) -> Option<Diagnostic> {
    let last = inside.rsplit('/').next().unwrap_or(inside);
    let taken = ["index.html", "index.json"].contains(&inside);
    let unsafe_name = last.len() > 120 || last.chars().any(|c| c.is_control() || "<>:\"|?*\\".contains(c)) || last.ends_with(['.', ' ']);
    let active = [".html", ".htm", ".svg", ".xhtml", ".js", ".xml", ".php"].iter().any(|end| last.to_ascii_lowercase().ends_with(end));
    if taken {
        return Some(Diagnostic::new("site/address-reserved", file, None, Words::new("这个名称是页面自己要用的", "the page itself needs this name")));
    }
    if unsafe_name {
        return Some(bad_name(file, "附件名含有 Windows 不允许的字符，或过长", "the attachment's name has characters that Windows refuses, or is too long"));
    }
    active.then(|| {
        bad_name(file, "这种附件会在浏览器里运行，不发布", "this kind of attachment runs in a browser and is not published")
            .help("请改成 PDF、Word、Excel 或图片。", "use PDF, Word, Excel or an image.")
    })
}

fn year_twice(body: &BodyDir, found: &mut Vec<Diagnostic>) {
    let mut by_year: BTreeMap<Year, Vec<&str>> = BTreeMap::new();
    for report in &body.reports {
        by_year.entry(report.year).or_default().push(&report.file);
    }
    for (year, files) in by_year.into_iter().filter(|(_, files)| files.len() > 1) {
        let words = Words::new(format!("{year}年的年报有两份：{}", files.join("、")), format!("two reports for {year}: {}", files.join(", ")));
        let mut diagnostic = Diagnostic::new("site/address-taken", files[0], None, words).help("请只留一份。", "keep one of them.");
        for file in &files[1..] {
            diagnostic = diagnostic.related(file, "占同一个地址", "claims the same address");
        }
        found.push(diagnostic);
    }
}
