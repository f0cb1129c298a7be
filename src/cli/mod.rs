//! One file a verb. Standard output carries what was asked for and nothing else; messages go to standard error.

mod approve;
mod build;
mod check;
mod explain;
mod hosting;
#[cfg(feature = "import")]
mod import;
mod init;
mod list;
mod new;
mod rollback;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "shards")]
mod shards;
mod sheet;

use clap::{Args, Parser, Subcommand, ValueEnum};
use gongkai::config::Overlay;
use gongkai::diag::{Finding, Language, Printer, Severity, Words};
use gongkai::driver::{Failure, Setup, Site};
use jiff::civil::Date;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Disclosure reports in, a public portal out. 把政府信息公开年报做成公开门户。
#[derive(Parser, Debug)]
#[command(name = "gongkai", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb understands.
#[derive(Args, Clone, Debug)]
struct Common {
    /// Folder of the site 网站目录
    #[arg(short, long, global = true, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Configuration file 配置文件
    #[arg(short, long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Only errors 只显示错误
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Notes, too 连同说明一起显示
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Colors in messages 提示是否用颜色
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,
    /// Language of messages 提示语言
    #[arg(long, global = true, value_enum, default_value_t = Lang::Zh)]
    lang: Lang,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Start a site that builds with no edits 新建一个可直接生成的网站
    Init(init::Arguments),
    /// Start a draft report in the form in force 新建一份年报草稿
    New(new::Arguments),
    /// Turn published reports into content files 把已发布的年报转成内容文件
    #[cfg(feature = "import")]
    Import(import::Arguments),
    /// Find everything that is wrong 检查，列出问题和怎么办
    Check(check::Arguments),
    /// Say what a rule finds and how to mend it 解释一条规则
    Explain(explain::Arguments),
    /// Bind an approval to a report as it stands 审核一份年报
    Approve(approve::Arguments),
    /// List bodies, reports and what is missing 列出机关、年报和缺报
    List(list::Arguments),
    /// Make the portal 生成门户
    Build(build::Arguments),
    /// Step back to the portal before 退回上一版
    Rollback(rollback::Arguments),
    /// Say how a web server is set up for the portal 打印网页服务器的配置
    Hosting(hosting::Arguments),
    /// Preview with live reload 本机预览
    #[cfg(feature = "serve")]
    Serve(serve::Arguments),
}

/// Runs the verb. Exit codes: 0 done, 1 findings, 2 usage or configuration, 3 disk, permission or lock, 4 a limit.
pub(crate) fn run() -> ExitCode {
    let Arguments { common, verb } = Arguments::parse();
    let code = match verb {
        Verb::Init(verb) => verb.run(&common),
        Verb::New(verb) => verb.run(&common),
        #[cfg(feature = "import")]
        Verb::Import(verb) => verb.run(&common),
        Verb::Check(verb) => verb.run(&common),
        Verb::Explain(verb) => verb.run(&common),
        Verb::Approve(verb) => verb.run(&common),
        Verb::List(verb) => verb.run(&common),
        Verb::Build(verb) => verb.run(&common),
        Verb::Rollback(verb) => verb.run(&common),
        Verb::Hosting(verb) => verb.run(&common),
        #[cfg(feature = "serve")]
        Verb::Serve(verb) => verb.run(&common),
    };
    ExitCode::from(code)
}

impl Common {
    fn language(&self) -> Language {
        match self.lang {
            Lang::Zh => Language::Zh,
            Lang::En => Language::En,
        }
    }

    fn printer(&self) -> Printer {
        let color = match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        };
        Printer::new(self.language(), color)
    }

    /// What the command line and the environment say of a site; `overlay` is what the verb's own flags say.
    fn setup(&self, mut overlay: Overlay, drafts: bool, relative_urls: bool) -> Result<Setup, u8> {
        if overlay.today.is_none() {
            overlay.today = day_of_epoch().map_err(|words| {
                say(words.in_language(self.language()));
                2
            })?;
        }
        Ok(Setup { root: self.root.clone(), config: self.config.clone(), overlay, now: today_in_china(), drafts, relative_urls })
    }

    /// Opens the site. The error has been said; it is the exit code.
    fn open(&self, overlay: Overlay, drafts: bool, relative_urls: bool) -> Result<Site, u8> {
        Site::open(self.setup(overlay, drafts, relative_urls)?).map_err(|failure| self.failed(&failure))
    }

    /// Says why a run ended without an answer; gives its exit code.
    fn failed(&self, failure: &Failure) -> u8 {
        match failure {
            Failure::Setup(findings) | Failure::Pages(findings) => self.findings(findings),
            _ => {}
        }
        say(&format!("{}{}", self.words("错误：", "error: "), failure.words().in_language(self.language())));
        failure.exit_code()
    }

    /// Whether a finding is shown: errors always, warnings unless quiet, notes when verbose.
    fn shows(&self, finding: &Finding) -> bool {
        match finding.severity {
            Severity::Error => true,
            Severity::Warning => !self.quiet,
            Severity::Note => self.verbose,
        }
    }

    /// Prints findings for the clerk.
    fn findings(&self, findings: &[Finding]) {
        let printer = self.printer();
        for finding in findings.iter().filter(|finding| self.shows(finding)) {
            say(printer.print(finding).trim_end());
            say("");
        }
    }

    fn words<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        match self.language() {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// A message that `--quiet` leaves out.
    fn tell(&self, words: &Words) {
        if !self.quiet {
            say(words.in_language(self.language()));
        }
    }
}

/// The day in China: civil dates are counted at +08:00.
fn today_in_china() -> Date {
    let now = jiff::Timestamp::now();
    jiff::tz::Offset::constant(8).to_datetime(now).date()
}

/// The day of `SOURCE_DATE_EPOCH`, if it is set.
fn day_of_epoch() -> Result<Option<Date>, Words> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH") else { return Ok(None) };
    let seconds = value.to_str().and_then(|text| text.parse::<i64>().ok()).and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    match seconds {
        Some(moment) => Ok(Some(jiff::tz::Offset::constant(8).to_datetime(moment).date())),
        None => Err(Words::new("SOURCE_DATE_EPOCH 不是秒数", "SOURCE_DATE_EPOCH is not a number of seconds")),
    }
}

/// Findings by severity: errors, warnings, notes.
fn counted(findings: &[Finding]) -> (usize, usize, usize) {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    (count(Severity::Error), count(Severity::Warning), count(Severity::Note))
}

/// Writes to standard output; a reader that has closed it is no error.
fn print(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Writes a message for the clerk.
fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
