//! Why a step of a build in shards could not be taken: which file, what is wrong with it, which step comes next.

use super::{Shard, Step};
use crate::diag::Words;
use crate::publish::PackError;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Files named in one message; the rest is counted.
const LISTED: usize = 10;

/// What is different from when a file of the work folder was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Another build of the program made it.
    Program,
    /// Configuration, forms, day or flags were others.
    Setting,
    /// Bodies or reports came, went or were renamed, or a body's own file changed.
    Sources,
    /// Templates, strings or static files were others.
    Theme,
    /// It was made with other files of the work folder than those that are there now.
    Earlier,
    /// The number of shards was another.
    Shards(u16),
}

/// Why a step could not be taken.
#[derive(Debug, Error)]
pub enum ShardError {
    /// The work folder is one of the site's or the portal's own.
    #[error("{}: no place for work", folder.display())]
    Place {
        /// The folder.
        folder: PathBuf,
    },
    /// Files of an earlier step are not there.
    #[error("{}: {} files missing", folder.display(), files.len())]
    Missing {
        /// The work folder.
        folder: PathBuf,
        /// Names of the files.
        files: Vec<String>,
        /// Steps that make them, as they are written on the command line.
        steps: Vec<(Step, Option<Shard>)>,
    },
    /// A file is not as it was written.
    #[error("{}: damaged", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// The step that makes it.
        step: (Step, Option<Shard>),
    },
    /// A file is of another program, setting or state of the sources.
    #[error("{}: {change:?}", file.display())]
    Changed {
        /// The file.
        file: PathBuf,
        /// What is different.
        change: Change,
        /// The step to begin with.
        step: (Step, Option<Shard>),
    },
    /// A source file is not what it was when its shard was gathered.
    #[error("{file}: changed since it was gathered")]
    Source {
        /// The work folder.
        folder: PathBuf,
        /// The file, relative to the root.
        file: String,
        /// The shard that reads it.
        shard: Option<Shard>,
    },
    /// The work folder holds files of different numbers of shards.
    #[error("{}: shards of {counts:?}", folder.display())]
    Mixed {
        /// The work folder.
        folder: PathBuf,
        /// The numbers.
        counts: Vec<u16>,
    },
    /// The system refused to read a file.
    #[error("{}: {cause}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// What it said.
        #[source]
        cause: std::io::Error,
    },
}

impl ShardError {
    pub(super) fn of(error: PackError, folder: &Path, step: (Step, Option<Shard>)) -> ShardError {
        match error {
            PackError::Missing(path) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                ShardError::Missing { folder: folder.to_path_buf(), files: vec![name], steps: vec![step] }
            }
            PackError::Damaged(file) => ShardError::Damaged { file, step },
            PackError::Io { path: file, cause } => ShardError::Io { file, cause },
        }
    }

    /// 2: the steps were called with different settings; 3: files that are missing, damaged, changed or cannot be read.
    pub fn exit_code(&self) -> u8 {
        match self {
            ShardError::Place { .. } | ShardError::Mixed { .. } | ShardError::Changed { change: Change::Program | Change::Setting | Change::Shards(_), .. } => {
                2
            }
            _ => 3,
        }
    }

    /// What happened and what to do.
    pub fn words(&self) -> Words {
        match self {
            ShardError::Place { folder } => {
                let folder = folder.display();
                Words::new(
                    format!("工作目录不能放在 {folder}：里面的文件会被当作网站或门户的文件。请用 --work 另指一个目录"),
                    format!("{folder} is no place for work: its files would be taken for the site's or the portal's. Name another folder with --work"),
                )
            }
            ShardError::Missing { folder, files, steps } => {
                let (next, folder) = (commands(folder, steps), folder.display());
                let list = files.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(" ");
                let (zh, en) = match files.len() {
                    count if count > LISTED => (format!(" … 共 {count} 个"), format!(" … {count} in all")),
                    _ => Default::default(),
                };
                Words::new(
                    format!("工作目录 {folder} 里缺 {list}{zh}。请先运行 {next}"),
                    format!("missing from the work folder {folder}: {list}{en}. First run {next}"),
                )
            }
            ShardError::Damaged { file, step } => {
                let (next, file) = (commands(above(file), &[*step]), file.display());
                Words::new(format!("{file} 不完整或被改动过。请重新运行 {next}"), format!("{file} is incomplete or was changed. Run {next} again"))
            }
            ShardError::Changed { file, change, step } => {
                let (next, file) = (commands(above(file), &[*step]), file.display());
                let (zh, en) = why(*change);
                Words::new(format!("{file} 不能接着用：{zh}。请重新运行 {next}"), format!("{file} cannot be taken up: {en}. Run {next} again"))
            }
            ShardError::Source { folder, file, shard } => {
                let next = commands(folder, &[(Step::Gather, *shard)]);
                Words::new(
                    format!("{file} 在读取之后又有改动。请重新运行 {next}，再依次运行后面各步"),
                    format!("{file} has changed since it was gathered. Run {next} again, and then the steps after it"),
                )
            }
            ShardError::Mixed { folder, counts } => {
                let (folder, list) = (folder.display(), counts.iter().map(u16::to_string).collect::<Vec<_>>());
                Words::new(
                    format!("工作目录 {folder} 里有份数不同的文件（{}）。请删去不用的，或换一个空目录", list.join("、")),
                    format!(
                        "the work folder {folder} holds files of different numbers of shards ({}). Remove those not wanted, or take an empty folder",
                        list.join(", ")
                    ),
                )
            }
            ShardError::Io { file, cause } => {
                let file = file.display();
                Words::new(
                    format!("读取 {file} 时出错：{cause}。请检查磁盘和权限后再次运行"),
                    format!("reading {file}: {cause}. Check disk and permissions and run again"),
                )
            }
        }
    }
}

fn why(change: Change) -> (String, String) {
    let plain = |zh: &str, en: &str| (zh.to_string(), en.to_string());
    match change {
        Change::Program => plain("它由另一版程序生成", "another build of the program made it"),
        Change::Setting => plain("配置、版式、日期或命令行参数与当时不同", "configuration, forms, day or flags are not those it was made with"),
        Change::Sources => plain(
            "机关或年报文件在那之后有增减、改名，或机关的 _index.md 有改动",
            "bodies or reports came, went or were renamed since, or an _index.md changed",
        ),
        Change::Theme => plain("模板、文字或静态文件与当时不同", "templates, strings or static files are not those it was made with"),
        Change::Earlier => plain("它所依据的前一步文件已经重新生成", "the files it was made from have been made anew"),
        Change::Shards(count) => {
            (format!("它是分成 {count} 份时的文件，各步的份数要一样"), format!("it was made for {count} shards, and all steps need one number"))
        }
    }
}

fn above(file: &Path) -> &Path {
    file.parent().unwrap_or(file)
}

/// `gongkai build --work DIR --step gather --shard 2/7`.
fn commands(folder: &Path, steps: &[(Step, Option<Shard>)]) -> String {
    let folder = folder.display();
    let one = |(step, shard): &(Step, Option<Shard>)| match shard {
        Some(shard) => format!("`gongkai build --work {folder} --step {} --shard {shard}`", step.word()),
        None => format!("`gongkai build --work {folder} --step {}`", step.word()),
    };
    let more = if steps.len() > LISTED { " …" } else { "" };
    format!("{}{more}", steps.iter().take(LISTED).map(one).collect::<Vec<_>>().join(" "))
}
