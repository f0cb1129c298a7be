//! `gongkai build --step …`: one step of a build that several processes make together.

use super::build::{Bar, back_tree, found, in_pool, published, stopped, timings};
use super::{Common, say};
use clap::{Args, ValueEnum};
use gongkai::diag::Words;
use gongkai::driver::shard::{self, Shard, Work};
use gongkai::driver::{Lap, Site};
use gongkai::publish::Options;
use std::path::PathBuf;
use std::time::Instant;

#[derive(Args, Debug)]
pub(super) struct Shards {
    /// One step of a build by several processes 多个进程一起生成时的一步
    #[arg(long, value_enum, value_name = "STEP", requires = "work", conflicts_with_all = ["no_cache", "verify_cache"])]
    step: Option<Step>,
    /// Which part of how many; for gather and emit 第几份、共几份，用于 gather 和 emit
    #[arg(long, value_name = "I/N", requires = "step")]
    shard: Option<Shard>,
    /// Folder of the files between the steps 各步之间的文件放在哪个目录
    #[arg(long, value_name = "DIR", requires = "step")]
    work: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Step {
    /// Read and check the reports of a shard 读取、检查一份
    Gather,
    /// Put together what was read, say what is wrong 合并，列出问题
    Merge,
    /// Make the pages of a shard 生成一份的页面
    Emit,
    /// Put the portal together and publish it 合成门户并发布
    Publish,
}

/// A step with what it needs.
#[derive(Clone, Debug)]
pub(super) struct Task {
    kind: Kind,
    folder: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Gather(Shard),
    Merge,
    Emit(Shard),
    Publish,
}

impl Shards {
    /// The step that was asked for, if any. The error has been said; it is the exit code.
    pub(super) fn task(&self, common: &Common, two_renames: bool) -> Result<Option<Task>, u8> {
        let (Some(step), Some(folder)) = (self.step, &self.work) else { return Ok(None) };
        let refuse = |zh: &str, en: &str| {
            say(Words::new(zh, en).in_language(common.language()));
            Err(2)
        };
        let kind = match (step, self.shard) {
            (Step::Gather, Some(shard)) => Kind::Gather(shard),
            (Step::Emit, Some(shard)) => Kind::Emit(shard),
            (Step::Merge, None) => Kind::Merge,
            (Step::Publish, None) => Kind::Publish,
            (Step::Gather | Step::Emit, None) => {
                return refuse("--step gather 和 --step emit 要写明是哪一份，如 --shard 2/7", "--step gather and --step emit need a shard: --shard 2/7");
            }
            (Step::Merge | Step::Publish, Some(_)) => {
                return refuse(
                    "--step merge 和 --step publish 对所有各份只运行一次，不写 --shard",
                    "--step merge and --step publish are for all shards: leave out --shard",
                );
            }
        };
        if two_renames && kind != Kind::Publish {
            return refuse("--two-renames 只用于 --step publish", "--two-renames belongs to --step publish");
        }
        // A folder named on the command line is seen from where the command runs, not from the site.
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        Ok(Some(Task { kind, folder }))
    }
}

impl Task {
    /// Takes the step; gives its exit code.
    pub(super) fn run(self, common: &Common, site: &Site, options: &Options, jobs: Option<u16>, timed: bool) -> u8 {
        let started = Instant::now();
        let bar = Bar::new(common);
        let progress = |step, done, total| bar.step(step, done, total);
        let taken = in_pool(jobs, || {
            let work = Work::new(site, self.folder.clone(), options.interrupt.clone())?;
            Ok(match self.kind {
                Kind::Gather(shard) => Taken::Gather(shard, work.gather(shard, &progress)?),
                Kind::Merge => Taken::Merge(Box::new(work.merge(&progress)?)),
                Kind::Emit(shard) => Taken::Emit(shard, work.emit(shard, &progress)?),
                Kind::Publish => Taken::Publish(Box::new(work.publish(options, &progress)?)),
            })
        });
        bar.finish();
        let code = taken.map(|taken| {
            if timed {
                timings(common, taken.laps());
            }
            taken.report(common, site)
        });
        let code = code.unwrap_or_else(|failure| common.failed(&failure));
        if code == 0 {
            let seconds = started.elapsed().as_secs_f64();
            common.tell(&Words::new(format!("用时 {seconds:.1} 秒。"), format!("Took {seconds:.1} s.")));
        }
        code
    }
}

/// A step that was taken.
enum Taken {
    Gather(Shard, shard::Collected),
    Merge(Box<shard::Merged>),
    Emit(Shard, shard::Emitted),
    Publish(Box<gongkai::driver::Built>),
}

impl Taken {
    fn laps(&self) -> &[Lap] {
        match self {
            Taken::Gather(_, collected) => &collected.laps,
            Taken::Merge(merged) => &merged.laps,
            Taken::Emit(_, emitted) => &emitted.laps,
            Taken::Publish(built) => &built.laps,
        }
    }

    fn report(&self, common: &Common, site: &Site) -> u8 {
        match self {
            Taken::Gather(shard, shard::Collected { bodies, reports, figures, .. }) => common.tell(&Words::new(
                format!("第 {shard} 份：读取 {bodies} 个机关、{reports} 份年报，{figures} 个数字。"),
                format!("Shard {shard}: read {bodies} bodies, {reports} reports, {figures} figures."),
            )),
            Taken::Merge(merged) => {
                found(common, &merged.told);
                if let Some(code) = merged.stopped {
                    return stopped(common, code);
                }
                let shards = merged.shards;
                common.tell(&Words::new(format!("{shards} 份已合并，可以生成页面。"), format!("{shards} shards merged; pages can be made.")));
            }
            Taken::Emit(shard, shard::Emitted { files, bytes, .. }) => {
                let size = *bytes as f64 / 1_048_576.0;
                common.tell(&Words::new(
                    format!("第 {shard} 份：生成 {files} 个文件（{size:.1} MB）。"),
                    format!("Shard {shard}: made {files} files ({size:.1} MB)."),
                ));
            }
            Taken::Publish(built) => {
                if let Some(summary) = &built.summary {
                    published(common, site, summary, built.told.published);
                    back_tree(common, built);
                }
            }
        }
        0
    }
}
