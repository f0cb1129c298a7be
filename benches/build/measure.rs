//! A command's time and memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run took, and what it said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Run {
    /// Wall time in seconds.
    pub(crate) wall: f64,
    /// Processor time of all threads, user and system, in seconds.
    pub(crate) cpu: f64,
    /// Peak of resident memory in bytes.
    pub(crate) peak: u64,
    pub(crate) said: String,
}

/// Runs a command to its end; it has to succeed.
pub(crate) fn run(command: &mut Command) -> Run {
    let (before, started) = (children(), Instant::now());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || std::io::read_to_string(&mut pipe).unwrap_or_default());
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        // The system keeps the high-water mark; read for as long as the process is there.
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).map_or(peak, |kilobytes| kilobytes * 1024);
        std::thread::sleep(Duration::from_millis(2));
    };
    let wall = started.elapsed().as_secs_f64();
    let said = reader.join().unwrap();
    assert!(status.success(), "{command:?}: {said}");
    Run { wall, cpu: children() - before, peak, said }
}

/// Processor seconds of all children that have ended, in steps of a hundredth; 0 where the system does not say.
fn children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields.get(13..15).map_or(0.0, |spent| spent.iter().filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0)
}

/// The run of the median wall time.
pub(crate) fn median(runs: &[Run]) -> &Run {
    let mut sorted: Vec<&Run> = runs.iter().collect();
    sorted.sort_by(|one, other| one.wall.total_cmp(&other.wall));
    sorted[sorted.len() / 2]
}
