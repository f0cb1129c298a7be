//! One file a verb. Standard output carries what was asked for and nothing else; messages go to standard error.

#[cfg(feature = "import")]
mod import;

use clap::{Parser, Subcommand, ValueEnum};
use gongkai::diag::Language;
use std::process::ExitCode;

/// Disclosure reports in, a public portal out. 把政府信息公开年报做成公开门户。
#[derive(Parser, Debug)]
#[command(name = "gongkai", version, disable_help_subcommand = true)]
struct Arguments {
    /// Language of messages 提示语言
    #[arg(long, global = true, value_enum, default_value_t = Lang::Zh)]
    lang: Lang,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Turn published reports into content files 把已发布的年报转成内容文件
    #[cfg(feature = "import")]
    Import(import::Arguments),
}

/// Runs the verb. Exit codes: 0 done, 1 findings, 2 usage or configuration, 3 disk, permission or lock, 4 a limit.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let language = match arguments.lang {
        Lang::Zh => Language::Zh,
        Lang::En => Language::En,
    };
    let code = match arguments.verb {
        #[cfg(feature = "import")]
        Verb::Import(verb) => verb.run(language),
    };
    ExitCode::from(code)
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
