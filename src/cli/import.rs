//! `gongkai import FILE… --into DIR`

use super::Common;
use clap::{Args, ValueEnum};
use gongkai::atomic;
use gongkai::diag::{Language, Words};
use gongkai::import::{self, Failure, ImportError, Imported, Placement, Request, ReviewSheet, run_each};
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
    pub(crate) fn run(self, common: &Common) -> u8 {
        let language = common.language();
        import::hush_caught_panics();
        let request = Request {
            inputs: self.inputs,
            into: self.into.map(|into| common.root.join(into)),
            slug: self.slug,
            replace: self.replace,
            simplified: self.simplified,
            dry_run: self.dry_run,
        };
        let mut sheet = self.report.as_ref().map(|_| ReviewSheet::new(language));
        let mut screen = Screen::new(language, self.format, common);
        let result = run_each(&request, |result| match result {
            Ok(report) => {
                if let Some(sheet) = &mut sheet {
                    sheet.add(&report);
                }
                screen.report(&report);
            }
            Err(failure) => {
                if let Some(sheet) = &mut sheet {
                    sheet.add_failure(&failure);
                }
                screen.failure(&failure);
            }
        });
        screen.finish(self.report.is_some());
        if let (Some(path), Some(sheet)) = (&self.report, sheet) {
            if let Err(error) = atomic::replace(path, sheet.finish().as_bytes()) {
                super::say(error.words().in_language(language));
                return error.exit_code();
            }
            let path = path.display();
            common.tell(&Words::new(format!("核对单写在 {path}。"), format!("The review sheet is {path}.")));
        }
        match result {
            Err(error) => {
                super::say(words(&error).in_language(language));
                if error.is_usage() { 2 } else { 3 }
            }
            Ok(()) if screen.limit => 4,
            Ok(()) => u8::from(screen.failed > 0),
        }
    }
}

/// Up to how many reports are shown whole; of more, a line each.
const WHOLE: usize = 3;

/// What the clerk sees of a run: a few reports whole, many as a line each, and a sum at the end.
struct Screen {
    language: Language,
    format: Format,
    quiet: bool,
    verbose: bool,
    /// The first reports, whole and as a line, until it is known whether there are many.
    waiting: Vec<(String, String)>,
    reports: usize,
    written: usize,
    unchanged: usize,
    aside: usize,
    asking: usize,
    failed: usize,
    /// Whether a limit was passed.
    limit: bool,
}

impl Screen {
    fn new(language: Language, format: Format, common: &Common) -> Screen {
        let (quiet, verbose) = (common.quiet, common.verbose);
        let (reports, written, unchanged, aside, asking, failed) = (0, 0, 0, 0, 0, 0);
        Screen { language, format, quiet, verbose, waiting: Vec::new(), reports, written, unchanged, aside, asking, failed, limit: false }
    }

    fn report(&mut self, report: &Imported) {
        self.reports += 1;
        match report.placement {
            Placement::Written { .. } | Placement::Replaced { .. } => self.written += 1,
            Placement::Unchanged { .. } => self.unchanged += 1,
            Placement::SetAside { .. } => self.aside += 1,
            Placement::Nowhere => {}
        }
        self.asking += usize::from(report.asks() != import::Asks::default());
        match self.format {
            Format::Json => super::print(&format!("{}\n", report.json_line())),
            Format::Human if self.quiet => {}
            Format::Human if self.verbose => super::print(&report.human(self.language)),
            Format::Human if self.reports <= WHOLE => self.waiting.push((report.human(self.language), report.brief(self.language))),
            Format::Human => {
                for (_, line) in self.waiting.drain(..) {
                    super::print(&line);
                }
                super::print(&report.brief(self.language));
            }
        }
    }

    fn failure(&mut self, failure: &Failure) {
        self.failed += 1;
        self.limit |= failure.limit;
        super::say(&format!("{}: {}", failure.input.display(), failure.words.in_language(self.language)));
    }

    fn finish(&mut self, has_sheet: bool) {
        for (whole, _) in self.waiting.drain(..) {
            super::print(&whole);
        }
        if self.quiet || self.format == Format::Json || self.reports + self.failed < 2 {
            return;
        }
        let Screen { reports, written, unchanged, aside, asking, failed, .. } = self;
        super::print(&match self.language {
            Language::Zh => {
                format!("共 {reports} 份报告：写入 {written}，没有改动 {unchanged}，另存待放 {aside}；有要核对的 {asking} 份。读不出的文件 {failed} 个。\n")
            }
            Language::En => format!(
                "{reports} reports: {written} written, {unchanged} unchanged, {aside} set aside; {asking} with something to check. {failed} files could not be read.\n"
            ),
        });
        if *reports > WHOLE && !self.verbose && !has_sheet {
            super::print(match self.language {
                Language::Zh => "逐份核对：再运行一次，加 --report 核对单.html（用浏览器看），或加 -v（在这里看）；同一份原件不会重复写入。\n",
                Language::En => "To check each: run again with --report review.html, or with -v; the same source is not written twice.\n",
            });
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
