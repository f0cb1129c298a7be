//! `gongkai import FILE… --into DIR`

use clap::{Args, ValueEnum};
use gongkai::atomic;
use gongkai::diag::{Language, Words};
use gongkai::import::{ImportError, Request, ReviewSheet, run_each};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Published reports: files, folders of them, or - for standard input 已发布的年报文件或文件夹
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Folder under content/ that takes the reports 放进哪个目录
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Directory name for a new body 新机关的目录名
    #[arg(long)]
    slug: Option<String>,
    /// Replace an edited file, keeping the old text beside it 替换已有文件并留下旧稿
    #[arg(long)]
    replace: bool,
    /// Turn traditional characters into simplified ones 繁体转为简体
    #[arg(long)]
    simplified: bool,
    /// Read and report, write nothing 只读不写
    #[arg(long)]
    dry_run: bool,
    /// What is printed 输出格式
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Write a review sheet: what was read from which line, what is doubtful, what is missing 写一份核对单
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    Human,
    Json,
}

impl Arguments {
    pub(crate) fn run(self, language: Language) -> u8 {
        let request =
            Request { inputs: self.inputs, into: self.into, slug: self.slug, replace: self.replace, simplified: self.simplified, dry_run: self.dry_run };
        let mut failures = (false, false);
        let mut sheet = self.report.as_ref().map(|_| ReviewSheet::new(language));
        let result = run_each(&request, |result| match result {
            Ok(report) => {
                if let Some(sheet) = &mut sheet {
                    sheet.add(&report);
                }
                match self.format {
                    Format::Json => super::print(&format!("{}\n", report.json_line())),
                    Format::Human => super::print(&report.human(language)),
                }
            }
            Err(failure) => {
                if let Some(sheet) = &mut sheet {
                    sheet.add_failure(&failure);
                }
                failures = (true, failures.1 || failure.limit);
                super::say(&format!("{}: {}", failure.input.display(), failure.words.in_language(language)));
            }
        });
        if let (Some(path), Some(sheet)) = (&self.report, sheet) {
            if let Err(error) = atomic::replace(path, sheet.finish().as_bytes()) {
                super::say(error.words().in_language(language));
                return error.exit_code();
            }
            let path = path.display();
            super::say(Words::new(format!("核对单写在 {path}。"), format!("The review sheet is {path}.")).in_language(language));
        }
        match (result, failures) {
            (Err(error), _) => {
                super::say(words(&error).in_language(language));
                if error.is_usage() { 2 } else { 3 }
            }
            (Ok(()), (_, true)) => 4,
            (Ok(()), (failed, false)) => u8::from(failed),
        }
    }
}

fn words(error: &ImportError) -> Words {
    match error {
        ImportError::IntoMissing => {
            Words::new("请用 --into 指明放进哪个目录，或用 --dry-run 只看不写。", "name the folder with --into, or look first with --dry-run.")
        }
        ImportError::IntoNoFolder(path) => Words::new(format!("{} 不是目录", path.display()), format!("{} is not a folder", path.display())),
        ImportError::SlugInvalid(slug) => Words::new(
            format!("`{slug}` 不能作目录名：只用小写字母、数字和连字符"),
            format!("`{slug}` cannot be a directory name: lower-case letters, digits and hyphens only"),
        ),
        ImportError::Disk { path, cause } => Words::new(format!("{}：{cause}", path.display()), format!("{}: {cause}", path.display())),
    }
}
