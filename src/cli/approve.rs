//! `gongkai approve FILE --by NAME`: writes who approved exactly this text into its front matter.

use super::{Common, say};
use clap::Args;
use gongkai::approve::{self, ApproveError};
use gongkai::config::Overlay;
use gongkai::diag::{Severity, Words};
use gongkai::driver;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Report file, from here or from the site's folder 年报文件
    file: PathBuf,
    /// Who approves 审核人姓名
    #[arg(long, value_name = "NAME")]
    by: String,
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        let site = match common.open(Overlay::default(), false, false) {
            Ok(site) => site,
            Err(code) => return code,
        };
        let examined = match driver::check(&site, &|_, _, _| {}) {
            Ok(examined) => examined,
            Err(failure) => return common.failed(&failure),
        };
        let file = match approve::report_file(&site, &self.file) {
            Ok(file) => file,
            Err(error) => return failed(common, &error),
        };
        // Who approves sees what was found; what stops a build cannot be approved.
        let own: Vec<_> = examined.findings.iter().filter(|finding| finding.diagnostic.file == file).cloned().collect();
        common.findings(&own);
        if own.iter().any(|finding| finding.severity == Severity::Error) {
            say(Words::new("有错误没有改正，没有写审核。", "errors stand open; no approval was written.").in_language(common.language()));
            return 1;
        }
        match approve::approve(&site, &file, &self.by) {
            Ok(digest) => {
                let short = digest.get(..19).unwrap_or(&digest);
                common.tell(&Words::new(
                    format!("{file}：审核人 {}，文字摘要 {short}…。此后改动一个字，审核即失效。", self.by),
                    format!("{file}: approved by {}, digest {short}…. The approval ends with the first change of the text.", self.by),
                ));
                0
            }
            Err(error) => failed(common, &error),
        }
    }
}

fn failed(common: &Common, error: &ApproveError) -> u8 {
    say(error.words().in_language(common.language()));
    error.exit_code()
}
