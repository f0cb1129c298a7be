//! An approval bound to a text: `[review]` in the report's front matter with the digest of what was read.

use crate::atomic::{self, WriteError};
use crate::diag::Words;
use crate::driver::{Failure, Site};
use crate::model::{BodyId, ReportId, Year};
use crate::parse::{self, ReportContext};
use crate::source::Opened;
use std::path::Path;
use toml_edit::{DocumentMut, Item, Table, value};

/// Why no approval was written.
#[derive(Debug)]
pub enum ApproveError {
    /// The path is no report of this site.
    NoReport(String),
    /// The name is empty.
    NoName,
    /// The file could not be read.
    Unreadable(String),
    /// Reading the site failed.
    Failure(Failure),
    /// The disk refused.
    Write(WriteError),
}

impl ApproveError {
    /// Exit code of the run.
    pub fn exit_code(&self) -> u8 {
        match self {
            ApproveError::NoReport(_) | ApproveError::NoName => 2,
            ApproveError::Unreadable(_) => 1,
            ApproveError::Failure(failure) => failure.exit_code(),
            ApproveError::Write(error) => error.exit_code(),
        }
    }

    /// What happened and what to do.
    pub fn words(&self) -> Words {
        match self {
            ApproveError::NoReport(path) => Words::new(
                format!("{path} 不是这个网站的年报文件，应是 content/机关/年份.md"),
                format!("{path} is no report of this site; name content/<body>/<year>.md"),
            ),
            ApproveError::NoName => Words::new("--by 后面要写审核人姓名", "--by needs the name of who approves"),
            ApproveError::Unreadable(file) => {
                Words::new(format!("{file} 读不通，先运行 gongkai check"), format!("{file} cannot be read; run `gongkai check` first"))
            }
            ApproveError::Failure(failure) => failure.words(),
            ApproveError::Write(error) => error.words(),
        }
    }
}

/// The report a path means, relative to the site: as given from the site's folder, or from where the command runs.
pub fn report_file(site: &Site, path: &Path) -> Result<String, ApproveError> {
    let shown = path.display().to_string();
    let from_root = site.root().join(path);
    let chosen = if from_root.is_file() { from_root } else { path.to_path_buf() };
    let absolute = std::fs::canonicalize(&chosen).map_err(|_| ApproveError::NoReport(shown.clone()))?;
    let root = std::fs::canonicalize(site.root()).map_err(|_| ApproveError::NoReport(shown.clone()))?;
    let inside = absolute.strip_prefix(&root).map_err(|_| ApproveError::NoReport(shown.clone()))?;
    let file = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    year_of(&file).map(|_| file).ok_or(ApproveError::NoReport(shown))
}

fn year_of(file: &str) -> Option<Year> {
    let path = file.strip_prefix("content/")?;
    let path = path.strip_suffix("/index.md").or_else(|| path.strip_suffix(".md"))?;
    Year::from_digits(path.rsplit('/').next()?)
}

/// Writes the approval of a report as it stands; gives the digest it is bound to.
pub fn approve(site: &Site, file: &str, by: &str) -> Result<String, ApproveError> {
    if by.trim().is_empty() {
        return Err(ApproveError::NoName);
    }
    let unreadable = || ApproveError::Unreadable(file.to_string());
    let year = year_of(file).ok_or_else(|| ApproveError::NoReport(file.to_string()))?;
    let Opened::File(source) = site.read(file).map_err(ApproveError::Failure)? else { return Err(unreadable()) };
    let id = ReportId { body: BodyId(0), year };
    let read = parse::report(ReportContext { registry: &site.registry, id, attachments: &[] }, file, &source.text);
    let report = read.report.ok_or_else(unreadable)?;
    let text = written(&source.text, by.trim(), &site.today.to_string(), &report.digest).ok_or_else(unreadable)?;
    atomic::replace(&site.root().join(file), text.as_bytes()).map_err(ApproveError::Write)?;
    Ok(report.digest)
}

/// The file with its approval; comments and order of the front matter stay.
fn written(text: &str, by: &str, on: &str, digest: &str) -> Option<String> {
    let start = text.find("+++")? + text[text.find("+++")?..].find('\n')? + 1;
    let end = start + text[start..].find("\n+++").map(|at| at + 1).or_else(|| text[start..].starts_with("+++").then_some(0))?;
    let mut front: DocumentMut = text[start..end].parse().ok()?;
    if !front.contains_key("review") {
        front.insert("review", Item::Table(Table::new()));
    }
    let review = front["review"].as_table_mut()?;
    review["approved_by"] = value(by);
    review["approved_on"] = value(on.parse::<toml_edit::Datetime>().ok()?);
    review["text"] = value(digest);
    Some(format!("{}{front}{}", &text[..start], &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_everything_else_stay() {
        let text = "+++\n# 说明\ntitle = \"甲\" # 题\n[figures]\na = 1\n+++\n正文 +++\n";
        let once = written(text, "王某", "2026-03-01", "sha256:1").unwrap();
        assert_eq!(
            once,
            "+++\n# 说明\ntitle = \"甲\" # 题\n[figures]\na = 1\n\n[review]\napproved_by = \"王某\"\napproved_on = 2026-03-01\ntext = \"sha256:1\"\n+++\n正文 +++\n"
        );
        let again = written(&once, "李某", "2026-03-02", "sha256:2").unwrap();
        assert_eq!(again.matches("[review]").count(), 1);
        assert!(again.contains("approved_by = \"李某\"") && again.contains("sha256:2") && !again.contains("sha256:1"));
    }

    #[test]
    fn only_reports_are_approved() {
        assert_eq!(year_of("content/a/2024.md").map(|year| year.to_string()).as_deref(), Some("2024"));
        assert!(year_of("content/a/2024/index.md").is_some());
        for other in ["content/a/_index.md", "2024.md", "content/a/2024.txt", "content/about.md"] {
            assert_eq!(year_of(other), None, "{other}");
        }
    }
}
