//! `gongkai check`

use super::{Common, counted, print, say};
use crate::cli::build::{Bar, in_pool};
use clap::{Args, ValueEnum};
use gongkai::config::Overlay;
use gongkai::diag::{Severity, Words, json_line};
use gongkai::driver;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What is printed 输出格式
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Fail on warnings, too 有提示也算不通过
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    Human,
    Json,
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
        let bar = Bar::new(common);
        let examined = in_pool(None, || driver::check(&site, &|step, done, total| bar.step(step, done, total)));
        bar.finish();
        let examined = match examined {
            Ok(examined) => examined,
            Err(failure) => return common.failed(&failure),
        };
        match self.format {
            Format::Human => common.findings(&examined.findings),
            Format::Json => {
                for finding in &examined.findings {
                    print(&format!("{}\n", json_line(finding, common.language())));
                }
            }
        }
        let (errors, warnings, notes) = counted(&examined.findings);
        let reports: usize = examined.gathered.facts.iter().map(|facts| facts.reports.len()).sum();
        let words = if errors + warnings + notes == 0 {
            Words::new(format!("检查了 {reports} 份年报，没有发现问题。"), format!("Checked {reports} reports; nothing found."))
        } else {
            Words::new(
                format!("检查了 {reports} 份年报：错误 {errors} 处，提示 {warnings} 处，说明 {notes} 处。"),
                format!("Checked {reports} reports: {errors} errors, {warnings} warnings, {notes} notes."),
            )
        };
        if !common.quiet {
            say(words.in_language(common.language()));
        }
        let denied = self.deny == Some(Deny::Warnings) && examined.findings.iter().any(|finding| finding.severity >= Severity::Warning);
        if denied { examined.exit_code().max(1) } else { examined.exit_code() }
    }
}
