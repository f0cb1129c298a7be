//! A site in a folder of its own, and the program run on it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A site being tested.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

/// What a run said.
#[derive(Debug)]
pub(crate) struct Run {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

/// The demonstration portal's own folder.
pub(crate) fn demo() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A command that sees nothing of the developer's environment.
pub(crate) fn gongkai() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.env_remove("SOURCE_DATE_EPOCH").env("NO_COLOR", "1");
    command
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Run {
    command.output().expect("the program starts").into()
}

impl Site {
    /// A county with one township and a report for 2023 and one for 2024, as of 2026.
    pub(crate) fn small() -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        site.put("config.toml", "today = 2026-03-01\n");
        site.put("content/_index.md", "+++\ntitle = \"甲县\"\n+++\n");
        site.put("content/yi/_index.md", "+++\ntitle = \"乙镇\"\n[body]\nlevel = \"township\"\n+++\n");
        site.put("content/yi/2023.md", report(2023, "proactive_disclosed_total = 40\napplications_new = 3\n", "全年公开40条。\n"));
        site.put("content/yi/2024.md", report(2024, "proactive_disclosed_total = 50\napplications_new = 4\n", "全年公开50条。\n"));
        site
    }

    /// The site's folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The portal's folder.
    pub(crate) fn public(&self) -> PathBuf {
        self.path().join("public")
    }

    /// Writes a file of the site.
    pub(crate) fn put(&self, path: &str, text: impl AsRef<[u8]>) -> &Site {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Runs the program in the site.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run(gongkai().args(arguments).current_dir(self.path()))
    }

    /// Builds, and fails the test if that fails.
    #[track_caller]
    pub(crate) fn build(&self, arguments: &[&str]) -> Run {
        let built = self.run(&[&["build"], arguments].concat());
        assert_eq!(built.code, 0, "{}", built.err);
        built
    }

    /// A page or file of the portal.
    #[track_caller]
    pub(crate) fn page(&self, address: &str) -> String {
        let path = if address.is_empty() || address.ends_with('/') { format!("{address}index.html") } else { address.to_string() };
        std::fs::read_to_string(self.public().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Every file of the portal with its bytes.
    pub(crate) fn all(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.public())
    }
}

/// Every file below a folder.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, bytes) in tree(from) {
        let path = to.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// A report on time in the form in force.
pub(crate) fn report(year: i32, figures: &str, body: &str) -> String {
    format!("+++\ntitle = \"乙镇{year}年政府信息公开工作年度报告\"\ndate = {}-01-20\n[figures]\n{figures}+++\n\n## 一、总体情况\n\n{body}", year + 1)
}

/// Says that a test had nothing to work on. Written past the test harness, which swallows what passing tests print.
pub(crate) fn skipped(why: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
