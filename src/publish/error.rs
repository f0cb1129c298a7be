//! Why nothing was published, with the path, the cause and the next step.

use super::path::PathError;
use crate::diag::Words;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Foreign files named in one message; the rest is counted.
const LISTED: usize = 20;

/// What was done when the system refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    /// Looking at what stands there.
    Reading,
    /// Making a folder or a file.
    Writing,
    /// Removing a folder or a file of ours.
    Removing,
    /// Carrying a foreign file over.
    Carrying,
    /// Waiting until the disk has it.
    Saving,
    /// Putting the new portal in the place of the old.
    Exchanging,
    /// Opening the lock.
    Locking,
}

/// Why a folder is not written to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The root of the file system.
    FileSystemRoot,
    /// The home folder, or a folder above it.
    Home,
    /// The source folder.
    Source,
    /// A folder above the source.
    AboveSource,
    /// In the folder of content, themes or static files.
    InSource,
    /// A folder under version control, or a part of one's records.
    Git,
    /// Another file system is mounted there.
    MountPoint,
    /// A symbolic link.
    Symlink,
    /// Not a folder.
    NotAFolder,
    /// Not empty, and not ours.
    NotOurs,
    /// Our marker, but no list that fits to it.
    Unsealed,
    /// One of the helper names beside the output (staging, previous, lock) is taken by something else.
    HelperTaken,
    /// The path has no last part, or leads through a missing folder and back.
    NoName,
}

/// Why nothing was published. The old portal is as it was.
#[derive(Debug, Error)]
pub enum PublishError {
    /// The output folder is a wrong target.
    #[error("{}: refused as output: {why:?}", path.display())]
    Refused {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        why: Refusal,
    },
    /// Another build holds the lock.
    #[error("{}: another build is running", lock.display())]
    Locked {
        /// The lock file.
        lock: PathBuf,
    },
    /// Files in the old portal that we did not write and nobody named.
    #[error("{}: {} foreign files", folder.display(), files.len())]
    Foreign {
        /// The output folder.
        folder: PathBuf,
        /// All of them, sorted, with `/`.
        files: Vec<String>,
    },
    /// A foreign file that was to be carried over stands where the portal has a file of its own.
    #[error("foreign file {path} collides with a page")]
    Collision {
        /// The path.
        path: String,
    },
    /// Two outputs at one address.
    #[error("{path} is written twice")]
    Twice {
        /// The path.
        path: String,
    },
    /// A name that cannot be published.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The system refused something.
    #[error("{}: {doing:?}: {cause}", path.display())]
    Io {
        /// What was being done.
        doing: Doing,
        /// Where.
        path: PathBuf,
        /// Bytes of the new portal written until then.
        written: u64,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The file system cannot exchange two folders in one step.
    #[error("{}: no exchange in one step: {cause}", path.display())]
    NoExchange {
        /// The output folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// Stopped by a signal.
    #[error("interrupted")]
    Interrupted,
    /// A write had failed and was not heeded.
    #[error("an earlier write had failed")]
    Incomplete,
}

impl PublishError {
    pub(super) fn io(doing: Doing, path: &Path, cause: io::Error) -> PublishError {
        PublishError::Io { doing, path: path.to_path_buf(), written: 0, cause }
    }

    /// 1: nothing published because of what was found; 2: a wrong target; 3: disk, permission, lock, signal.
    pub fn exit_code(&self) -> u8 {
        match self {
            PublishError::Foreign { .. } | PublishError::Collision { .. } | PublishError::Twice { .. } | PublishError::Path(_) => 1,
            PublishError::Refused { .. } => 2,
            PublishError::Locked { .. } | PublishError::Io { .. } | PublishError::NoExchange { .. } | PublishError::Interrupted | PublishError::Incomplete => 3,
        }
    }

    /// What happened and what to do.
    pub fn words(&self) -> Words {
        match self {
            PublishError::Refused { path, why } => refused(path, *why),
            PublishError::Locked { lock } => {
                let lock = lock.display();
                Words::new(
                    format!("另一个生成任务正在写同一个输出目录(锁文件 {lock})。请等它结束后再运行；锁随进程结束自动释放，不必删除锁文件"),
                    format!(
                        "another build is writing the same output folder (lock file {lock}); run again when it has ended. The lock goes with its process: the file need not be deleted"
                    ),
                )
            }
            PublishError::Foreign { folder, files } => foreign(folder, files),
            PublishError::Collision { path } => Words::new(
                format!("输出目录中的外来文件“{path}”与本次要发布的文件同名。请移走该文件，或从 [publish] foreign 中去掉它"),
                format!(
                    "the foreign file `{path}` of the output folder has the name of a file to be published; move it away, or take it out of [publish] foreign"
                ),
            ),
            PublishError::Twice { path } => Words::new(
                format!("有两个页面要写到同一个地址“{path}”，没有发布。这是程序缺陷，请报告"),
                format!("two pages would be written to one address, `{path}`; nothing was published. This is a defect of the program, please report it"),
            ),
            PublishError::Path(error) => error.words(),
            PublishError::Io { doing, path, written, cause } => io_words(*doing, path, *written, cause),
            PublishError::NoExchange { path, cause } => {
                let path = path.display();
                Words::new(
                    format!(
                        "{path} 所在的文件系统不能一步交换新旧目录({cause})。原有网站未改动。请改用本地磁盘，或加 --two-renames 再次运行(网站会有一瞬间不可访问)"
                    ),
                    format!(
                        "the file system of {path} cannot exchange two folders in one step ({cause}); the old portal is untouched. Use a local disk, or run again with --two-renames (the portal is absent for a moment)"
                    ),
                )
            }
            PublishError::Interrupted => Words::new(
                "已按要求中断，没有发布，原有网站未改动。需要时重新运行即可",
                "interrupted as asked; nothing was published, the old portal is untouched. Run again when you like",
            ),
            PublishError::Incomplete => Words::new(
                "先前有文件写入失败，没有发布，原有网站未改动。请先处理前面报告的错误",
                "a file could not be written before; nothing was published, the old portal is untouched. Mend the error reported above first",
            ),
        }
    }
}

fn refused(path: &Path, why: Refusal) -> Words {
    let (zh, en) = match why {
        Refusal::FileSystemRoot => ("是文件系统的根目录", "is the root of the file system"),
        Refusal::Home => ("是个人主目录或其上级目录", "is the home folder or above it"),
        Refusal::Source => ("就是源文件目录", "is the source folder"),
        Refusal::AboveSource => ("是源文件目录的上级目录", "is above the source folder"),
        Refusal::InSource => ("位于 content、themes 或 static 目录中", "is in the folder of content, themes or static files"),
        Refusal::Git => ("是 git 目录(含有 .git)", "is a git folder (it contains .git)"),
        Refusal::MountPoint => ("是挂载点，无法整体替换", "is a mount point and cannot be replaced as a whole"),
        Refusal::Symlink => ("是符号链接", "is a symbolic link"),
        Refusal::NotAFolder => ("不是目录", "is not a folder"),
        Refusal::NotOurs => ("不是空目录，也没有本程序的标记文件 gongkai.json", "is not empty and does not carry our marker gongkai.json"),
        Refusal::Unsealed => (
            "有标记文件 gongkai.json,但 SHA256SUMS 缺失或被改动，无法分辨哪些文件由本程序写出",
            "carries gongkai.json, but SHA256SUMS is missing or was changed: which files are ours cannot be told",
        ),
        Refusal::HelperTaken => ("是发布时要用的名称，但已被其他文件或目录占用", "is a name that publishing needs, and something else has it"),
        Refusal::NoName => ("不是明确的目录路径", "is no plain path of a folder"),
    };
    let (zh_step, en_step) = match why {
        Refusal::HelperTaken => ("请把它移到别处后再运行", "Move it away and run again"),
        Refusal::Unsealed | Refusal::NotOurs => {
            ("请用 -o 指定一个空目录，或先把该目录改名保存", "Name an empty folder with -o, or move that folder away first")
        }
        _ => ("请用 -o 指定一个专用的空目录，例如 public", "Name an empty folder of its own with -o, such as public"),
    };
    let path = path.display();
    Words::new(format!("不能输出到 {path}:它{zh}。{zh_step}"), format!("cannot write to {path}: it {en}. {en_step}"))
}

fn foreign(folder: &Path, files: &[String]) -> Words {
    let folder = folder.display();
    let mut list: String = files.iter().take(LISTED).map(|file| format!("\n  {}", file.escape_debug())).collect();
    if files.len() > LISTED {
        list.push_str("\n  …");
    }
    let count = files.len();
    Words::new(
        format!("输出目录 {folder} 中有 {count} 个文件不是本程序写出的，为免误删，没有发布。请移走，或列入 config.toml 的 [publish] foreign 予以保留：{list}"),
        format!(
            "the output folder {folder} has {count} files that we did not write; nothing was published, so that none is lost. Move them away, or keep them by naming them under [publish] foreign in config.toml:{list}"
        ),
    )
}

fn io_words(doing: Doing, path: &Path, written: u64, cause: &io::Error) -> Words {
    let path = path.display();
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Words::new(
            format!("磁盘空间或配额不足：写入 {path} 时已写出新网站的 {written} 字节({cause})。没有发布，原有网站未改动。请腾出比这更多的空间后再次运行"),
            format!(
                "the disk or the quota is full: at {path}, {written} bytes of the new portal had been written ({cause}). Nothing was published, the old portal is untouched. Make room for more than that and run again"
            ),
        ),
        _ => {
            let (zh, en) = match doing {
                Doing::Reading => ("读取", "reading"),
                Doing::Writing => ("写入", "writing"),
                Doing::Removing => ("删除", "removing"),
                Doing::Carrying => ("保留外来文件", "carrying over the foreign file"),
                Doing::Saving => ("落盘", "saving to disk"),
                Doing::Exchanging => ("替换网站目录", "exchanging the portal"),
                Doing::Locking => ("打开锁文件", "opening the lock file"),
            };
            Words::new(
                format!("{zh} {path} 时出错：{cause}。没有发布，原有网站未改动。请检查磁盘和该目录的权限后再次运行"),
                format!(
                    "{en} {path}: {cause}. Nothing was published, the old portal is untouched. Check the disk and the permissions of that folder and run again"
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io(kind: io::ErrorKind) -> PublishError {
        PublishError::Io { doing: Doing::Writing, path: "out/a".into(), written: 4711, cause: kind.into() }
    }

    #[test]
    fn a_full_disk_says_how_far_it_came() {
        let error = io(io::ErrorKind::StorageFull);
        assert_eq!(error.exit_code(), 3);
        let words = error.words();
        assert!(words.zh.contains("4711 字节") && words.zh.contains("原有网站未改动"), "{}", words.zh);
        assert!(words.en.contains("4711 bytes") && words.en.contains("untouched"), "{}", words.en);
    }

    #[test]
    fn classes_follow_the_design() {
        assert_eq!(io(io::ErrorKind::PermissionDenied).exit_code(), 3);
        assert_eq!(PublishError::Refused { path: "/".into(), why: Refusal::FileSystemRoot }.exit_code(), 2);
        assert_eq!(PublishError::Foreign { folder: "out".into(), files: vec!["CNAME".into()] }.exit_code(), 1);
        let refused = PublishError::NoExchange { path: "out".into(), cause: io::ErrorKind::Unsupported.into() };
        assert_eq!(refused.exit_code(), 3);
        assert!(refused.words().zh.contains("--two-renames"));
    }

    #[test]
    fn a_long_list_of_foreign_files_is_cut_but_counted() {
        let files = (0..50).map(|n| format!("f{n}\u{1b}")).collect();
        let words = PublishError::Foreign { folder: "out".into(), files }.words();
        assert!(words.zh.contains("50 个文件") && words.zh.contains("f19") && !words.zh.contains("f20"), "{}", words.zh);
        assert!(!words.zh.contains('\u{1b}'));
    }
}
