//! Full builds of seeded corpora: wall time and peak memory, each size in a process of its own so that the peaks do not mix.
//!
//! `cargo bench --bench build` builds 1,008 and 10,008 reports three times each and prints the median; `-- 100000` adds a size.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Report years of each township.
const YEARS: std::ops::RangeInclusive<u32> = 2008..=2025;
const RUNS: usize = 3;

fn main() {
    let mut sizes = vec![1_008, 10_008];
    sizes.extend(std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok()));
    for reports in sizes {
        let folder = tempfile::tempdir().unwrap();
        let townships = reports.div_ceil(YEARS.count());
        corpus(folder.path(), townships);
        let mut runs: Vec<(f64, u64, usize)> = (0..RUNS).map(|run| build(folder.path(), run)).collect();
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (seconds, kilobytes, files) = runs[RUNS / 2];
        println!(
            "{} reports: {seconds:.2} s (of {:.2} to {:.2}), {:.0} reports/s, peak {} MB, {files} files",
            townships * 18,
            runs[0].0,
            runs[RUNS - 1].0,
            (townships * 18) as f64 / seconds,
            kilobytes / 1024
        );
    }
}

/// One build into a fresh folder; seconds, peak memory in kilobytes, files.
fn build(site: &Path, run: usize) -> (f64, u64, usize) {
    let output = site.join(format!("public-{run}"));
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai")).args(["-q", "build", "-r"]).arg(site).arg("-o").arg(&output).spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        // The system keeps the high-water mark; read for as long as the process is there.
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak);
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    assert!(status.success(), "the corpus has to build");
    let seconds = started.elapsed().as_secs_f64();
    let files = std::fs::read_to_string(output.join("SHA256SUMS")).unwrap().lines().count();
    std::fs::remove_dir_all(&output).unwrap();
    (seconds, peak, files)
}

/// A county of townships with reports in every edition: small numbers from a fixed sequence, texts that mostly repeat.
fn corpus(folder: &Path, townships: usize) {
    let write = |path: String, text: String| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("config.toml".into(), "today = 2026-03-01\n".into());
    write("content/_index.md".into(), "+++\ntitle = \"测县\"\n+++\n".into());
    let mut state = 2025u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let registry = gongkai::model::Registry::built_in();
    for group in 0..townships.div_ceil(40) {
        write(format!("content/q{group}/_index.md"), format!("+++\ntitle = \"第{group}区\"\n[body]\nlevel = \"county\"\n+++\n"));
    }
    for township in 0..townships {
        let path = format!("content/q{}/t{township}", township / 40);
        write(format!("{path}/_index.md"), format!("+++\ntitle = \"第{township}镇\"\n+++\n"));
        for year in YEARS {
            let form = registry.form_for(gongkai::model::Year::new(year.into()).unwrap());
            let mut text = format!(
                "+++\ntitle = \"第{township}镇{year}年政府信息公开工作年度报告\"\ndate = {}-01-20\n[figures]\nvia_bulletin_board = {}\n+++\n\n",
                year + 1,
                random(5)
            );
            for (place, section) in form.sections.iter().enumerate() {
                let _ = write!(text, "## {}、{}\n\n", section.numeral, section.title);
                for sentence in 0..6 {
                    let _ = write!(
                        text,
                        "按照《中华人民共和国政府信息公开条例》的要求，本镇第{sentence}项工作{year}年办理{}件，公开栏更新{}次。",
                        random(40),
                        random(12)
                    );
                }
                text.push_str("\n\n");
                for table in form.tables.iter().filter(|table| table.section as usize == place) {
                    let cells: std::collections::BTreeMap<_, _> = gongkai::draft::keys(table).into_iter().map(|key| (key, random(20).to_string())).collect();
                    let _ = writeln!(text, "{}", gongkai::draft::canonical_table(table, &registry, &|key| cells[&key].clone()));
                }
            }
            write(format!("{path}/{year}.md"), text);
        }
    }
}
