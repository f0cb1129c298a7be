//! `gongkai rollback`

use super::{Common, say};
use clap::Args;
use gongkai::config::Overlay;
use gongkai::diag::Words;
use gongkai::publish::{self, Options};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Folder of the portal 输出目录
    #[arg(short, long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
    /// Where the file system cannot exchange folders: the portal is absent for a moment 改用两次改名
    #[arg(long)]
    two_renames: bool,
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        let output = self.output_dir.as_ref().map(|dir| std::path::absolute(dir).unwrap_or_else(|_| dir.clone()).to_string_lossy().into_owned());
        let site = match common.open(Overlay { output_dir: output, ..Overlay::default() }, false, false) {
            Ok(site) => site,
            Err(code) => return code,
        };
        let options = Options { foreign: site.config.foreign.clone(), two_renames: self.two_renames, ..Options::default() };
        let shown = site.output().display().to_string();
        match publish::rollback(&site.output(), site.root(), &options) {
            Ok(Some(files)) => {
                common.tell(&Words::new(
                    format!("{shown} 已换回上一版，共 {files} 个文件。再运行一次就换回来；改正源文件后用 gongkai build 发布新版。"),
                    format!(
                        "{shown} is the portal before again, {files} files. Run it once more to return; mend the sources and publish anew with `gongkai build`."
                    ),
                ));
                0
            }
            Ok(None) => {
                say(Words::new(format!("{shown} 没有可以退回的上一版。"), format!("There is no portal before {shown} to step back to."))
                    .in_language(common.language()));
                1
            }
            Err(error) => {
                say(&format!("{}{}", common.words("错误：", "error: "), error.words().in_language(common.language())));
                error.exit_code()
            }
        }
    }
}
