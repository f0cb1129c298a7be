//! `gongkai init [DIR]`

use super::{Common, say};
use clap::Args;
use gongkai::diag::Words;
use gongkai::starter::{self, StarterError};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Folder of the new site 新网站的目录
    dir: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        let folder = self.dir.unwrap_or_else(|| common.root.clone());
        match starter::init(&folder) {
            Ok(files) => {
                let folder = folder.display();
                common.tell(&Words::new(
                    format!("在 {folder} 写了 {} 个文件。下一步：gongkai serve -r {folder}，然后改 config.toml 和 content/。", files.len()),
                    format!("Wrote {} files in {folder}. Next: gongkai serve -r {folder}, then edit config.toml and content/.", files.len()),
                ));
                0
            }
            Err(StarterError::Exists(files)) => {
                let list: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
                let words = Words::new(
                    format!("已有同名文件，什么都没有写：{}", list.join("、")),
                    format!("these files exist, so nothing was written: {}", list.join(", ")),
                );
                say(words.in_language(common.language()));
                2
            }
            Err(StarterError::Write(error)) => {
                say(error.words().in_language(common.language()));
                error.exit_code()
            }
        }
    }
}
