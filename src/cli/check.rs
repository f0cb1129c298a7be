//! `gongkai check`

use super::{Common, counted, print, say, sheet};
use crate::cli::build::{Bar, in_pool};
use clap::{Args, ValueEnum};
use gongkai::atomic;
use gongkai::config::Overlay;
use gongkai::diag::{Severity, Words, annotation, json_line, sarif};
use gongkai::driver::{self, Examined, Repair, Site};
use gongkai::private;
use gongkai::text::is_unseen;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What is printed 输出格式
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Fail on warnings, too 有提示也算不通过
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
    /// Put right what is safe, after showing it 先显示再改正可以放心改的写法
    #[arg(long)]
    fix: bool,
    /// Write a review sheet to send back to each body 写一份发回各机关的审核意见
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    Human,
    Json,
    Sarif,
    Github,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Deny {
    Warnings,
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        // Drafts are looked at like everything else; they are only never published.
        let site = match common.open(Overlay::default(), false, false) {
            Ok(site) => site,
            Err(code) => return code,
        };
        if self.fix
            && let Err(code) = fix(common, &site)
        {
            return code;
        }
        let bar = Bar::new(common);
        let examined = in_pool(None, || driver::check(&site, &|step, done, total| bar.step(step, done, total)));
        bar.finish();
        let examined = match examined {
            Ok(examined) => examined,
            Err(failure) => return common.failed(&failure),
        };
        self.show(common, &examined);
        if let Some(path) = &self.report {
            let text = sheet::sheet(&site, &examined, common.language());
            if let Err(error) = atomic::replace(path, text.as_bytes()) {
                say(error.words().in_language(common.language()));
                return error.exit_code();
            }
            let path = path.display();
            common
                .tell(&Words::new(format!("审核意见写在 {path}，可以打印或直接发给各机关。"), format!("The review sheet is {path}, ready to print or send.")));
        }
        summary(common, &examined);
        let denied = self.deny == Some(Deny::Warnings) && examined.findings.iter().any(|finding| finding.severity >= Severity::Warning);
        if denied { examined.exit_code().max(1) } else { examined.exit_code() }
    }

    fn show(&self, common: &Common, examined: &Examined) {
        let language = common.language();
        match self.format {
            Format::Human => common.findings(&examined.findings),
            Format::Json => examined.findings.iter().for_each(|finding| print(&format!("{}\n", json_line(finding, language)))),
            Format::Sarif => print(&sarif(&examined.findings, language)),
            Format::Github => {
                examined.findings.iter().filter(|finding| common.shows(finding)).for_each(|finding| print(&format!("{}\n", annotation(finding, language))))
            }
        }
    }
}

fn summary(common: &Common, examined: &Examined) {
    let (errors, warnings, notes) = counted(&examined.findings);
    let accepted = examined.accepted.len();
    let reports: usize = examined.gathered.filed.iter().map(|facts| facts.reports.len()).sum();
    let mut words = if errors + warnings + notes == 0 {
        Words::new(format!("检查了 {reports} 份年报，没有发现问题。"), format!("Checked {reports} reports; nothing found."))
    } else {
        Words::new(
            format!("检查了 {reports} 份年报：错误 {errors} 处，提示 {warnings} 处，说明 {notes} 处。"),
            format!("Checked {reports} reports: {errors} errors, {warnings} warnings, {notes} notes."),
        )
    };
    if accepted > 0 {
        words.zh.push_str(&format!("另有 {accepted} 处已用 [[accept]] 说明。"));
        words.en.push_str(&format!(" {accepted} more are accepted."));
    }
    if errors + warnings > 0 {
        words.zh.push_str("某一条看不明白的，运行 gongkai explain 加方括号里的编号。");
        words.en.push_str(" `gongkai explain` with the code in brackets says more of each.");
    }
    common.tell(&words);
}

/// Shows what can be put right, asks where there is somebody to ask, and writes it.
fn fix(common: &Common, site: &Site) -> Result<(), u8> {
    let repairs = driver::repairs(site).map_err(|failure| common.failed(&failure))?;
    if repairs.is_empty() {
        common.tell(&Words::new("没有可以自动改正的写法。", "Nothing can be put right automatically."));
        return Ok(());
    }
    for repair in &repairs {
        say(&difference(repair));
    }
    let count = repairs.len();
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        let words =
            Words::new(format!("要改正这 {count} 个文件吗？输入 y 改正，其他不改："), format!("Write these {count} files? y writes, anything else does not:"));
        say(words.in_language(common.language()));
        let mut answer = String::new();
        let _ = std::io::stdin().lock().read_line(&mut answer);
        if !matches!(answer.trim(), "y" | "Y" | "yes" | "是") {
            common.tell(&Words::new("没有改动。", "Nothing was changed."));
            return Ok(());
        }
    }
    for repair in &repairs {
        atomic::replace(&site.root().join(&repair.file), repair.new.as_bytes()).map_err(|error| {
            say(error.words().in_language(common.language()));
            error.exit_code()
        })?;
    }
    common.tell(&Words::new(format!("改正了 {count} 个文件，数字都没有变。"), format!("Put {count} files right; no figure changed.")));
    for repair in repairs.iter().filter(|repair| repair.approved) {
        common.tell(&Words::new(
            format!("{} 审核过，文字有改动，需要重新审核（gongkai approve）。", repair.file),
            format!("{} was approved; its text has changed and has to be approved again.", repair.file),
        ));
    }
    Ok(())
}

/// Changed lines, old and new. Signs that nobody sees are named, numbers of persons are not shown.
fn difference(repair: &Repair) -> String {
    let mut text = format!("--- {}\n", repair.file);
    let visible = |line: &str| {
        private::mask(line).chars().map(|c| if c == '\r' || is_unseen(c) { format!("<U+{:04X}>", c as u32) } else { c.to_string() }).collect::<String>()
    };
    let mut shown = 0;
    let mut hidden = 0;
    for (number, (old, new)) in repair.old.split('\n').zip(repair.new.split('\n')).enumerate() {
        if old == new {
            continue;
        }
        // A file of Windows line ends differs everywhere: a few lines say it.
        if shown >= 8 && old.trim_end_matches('\r') == new {
            hidden += 1;
            continue;
        }
        shown += 1;
        text.push_str(&format!("{:>5} - {}\n      + {}\n", number + 1, visible(old), visible(new)));
    }
    if hidden > 0 {
        text.push_str(&format!("      … {hidden}\n"));
    }
    text
}
