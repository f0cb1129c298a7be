//! `gongkai build`

use super::{Common, counted, say};
use clap::Args;
use gongkai::analyze::Standing;
use gongkai::config::Overlay;
use gongkai::diag::Words;
use gongkai::driver::{self, Built, Caching, Failure, Lap, Remade, Site, Stage, Step, Told};
use gongkai::plan::{Key, Reason};
use gongkai::publish::{Options, Summary};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Stack of a worker: deep texts are refused long before it is used up.
const STACK: usize = 16 << 20;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Folder of the portal 输出目录
    #[arg(short, long, value_name = "DIR")]
    output_dir: Option<PathBuf>,
    /// Where the portal will stand 门户网址
    #[arg(short = 'u', long, value_name = "URL")]
    base_url: Option<String>,
    /// Show drafts and reports held back 连同草稿和未发布的一起生成
    #[arg(long)]
    drafts: bool,
    /// Links that work from a folder, without a server 不用服务器也能打开
    #[arg(long)]
    relative_urls: bool,
    /// Threads 线程数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    jobs: Option<u16>,
    /// The day of the build 按这一天判断逾期和缺报
    #[arg(long, value_name = "DATE")]
    clock: Option<Date>,
    /// Where the file system cannot exchange folders: the portal is absent for a moment 改用两次改名
    #[arg(long)]
    two_renames: bool,
    /// How long each stage took 显示各步用时
    #[arg(long)]
    timings: bool,
    /// Make everything anew, whatever the last build remembers 不用缓存，全部重新生成
    #[arg(long, conflicts_with = "verify_cache")]
    no_cache: bool,
    /// Make everything once more from nothing and compare every byte 另外从头生成一遍，逐字节核对
    #[arg(long)]
    verify_cache: bool,
    #[cfg(feature = "shards")]
    #[command(flatten)]
    shards: super::shards::Shards,
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        let started = Instant::now();
        #[cfg(feature = "shards")]
        let task = match self.shards.task(common, self.two_renames) {
            Ok(task) => task,
            Err(code) => return code,
        };
        let site = match self.site(common) {
            Ok(site) => site,
            Err(code) => return code,
        };
        let options = Options { foreign: site.config.foreign.clone(), two_renames: self.two_renames, day: Some(site.today.to_string()), ..Options::default() };
        let interrupt = options.interrupt.clone();
        // A second handler cannot be set; the first one does.
        let _ = ctrlc::set_handler(move || interrupt.store(true, Ordering::SeqCst));
        #[cfg(feature = "shards")]
        if let Some(task) = task {
            return task.run(common, &site, &options, self.jobs, self.timings);
        }
        let bar = Bar::new(common);
        let built = in_pool(self.jobs, || {
            if common.verbose {
                let threads = rayon::current_num_threads();
                common.tell(&Words::new(format!("用 {threads} 个线程。"), format!("On {threads} threads.")));
            }
            driver::build(&site, &options, self.caching(), &|step, done, total| bar.step(step, done, total))
        });
        bar.finish();
        match built {
            Ok(built) => {
                if self.timings {
                    timings(common, &built.laps);
                }
                report(common, &site, &built, started.elapsed())
            }
            Err(failure) => common.failed(&failure),
        }
    }

    fn caching(&self) -> Caching {
        match (self.no_cache, self.verify_cache) {
            (true, _) => Caching::Renew,
            (_, true) => Caching::Verify,
            _ => Caching::Use,
        }
    }

    fn site(&self, common: &Common) -> Result<Site, u8> {
        if let Some(url) = self.base_url.as_deref().filter(|url| !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://")) {
            let words = Words::new(format!("-u {url}：网址应以 https:// 或 http:// 开头"), format!("-u {url}: an address begins with https:// or http://"));
            say(words.in_language(common.language()));
            return Err(2);
        }
        // A folder named on the command line is seen from where the command runs, not from the site.
        let output = self.output_dir.as_ref().map(|dir| std::path::absolute(dir).unwrap_or_else(|_| dir.clone()).to_string_lossy().into_owned());
        let overlay = Overlay { base_url: self.base_url.clone(), output_dir: output, today: self.clock };
        common.open(overlay, self.drafts, self.relative_urls)
    }
}

/// Runs in a pool of threads with large stacks, one for each core unless told otherwise.
pub(super) fn in_pool<T: Send>(jobs: Option<u16>, work: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
    let mut pool = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    if let Some(jobs) = jobs {
        pool = pool.num_threads(jobs.into());
    }
    pool.build().expect("threads can be started").install(work)
}

/// Progress on a terminal.
pub(super) struct Bar {
    bar: ProgressBar,
    reading: &'static str,
    writing: &'static str,
}

impl Bar {
    pub(super) fn new(common: &Common) -> Bar {
        let shown = !common.quiet && std::io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new(0) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        let chinese = common.language() == gongkai::diag::Language::Zh;
        Bar { bar, reading: if chinese { "读取" } else { "reading" }, writing: if chinese { "生成" } else { "writing" } }
    }

    pub(super) fn step(&self, step: Step, done: usize, total: usize) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_length(total as u64);
        self.bar.set_message(match step {
            Step::Reading => self.reading,
            Step::Writing => self.writing,
        });
        self.bar.set_position(done as u64);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Says what was read, published and held back, and why; gives the exit code.
fn report(common: &Common, site: &Site, built: &Built, time: Duration) -> u8 {
    found(common, &built.told);
    match (&built.summary, built.stopped) {
        (None, code) => stopped(common, code.unwrap_or_default()),
        (Some(summary), _) => {
            if common.verbose {
                remade(common, &built.remade);
                if let Some(error) = &built.forgotten {
                    common.tell(&Words::new(
                        format!("缓存没有写成（{error}），下次全部重新生成。"),
                        format!("The cache could not be written ({error}); the next build makes everything anew."),
                    ));
                }
            }
            published(common, site, summary, built.told.published);
            back_tree(common, built);
            let seconds = time.as_secs_f64();
            common.tell(&Words::new(format!("用时 {seconds:.1} 秒。"), format!("Took {seconds:.1} s.")));
            0
        }
    }
}

/// Says that findings stopped a build; gives the exit code.
pub(super) fn stopped(common: &Common, code: u8) -> u8 {
    // Said even when quiet: nothing was published.
    let words = Words::new(
        "没有发布，原来的门户保持不变。请改正上面的错误后再运行。",
        "Nothing was published; the old portal stays as it was. Mend the errors above and run again.",
    );
    say(words.in_language(common.language()));
    code.max(1)
}

/// Says what was read and held back, and what was found.
pub(super) fn found(common: &Common, told: &Told) {
    let Told { findings, bodies, reports, held, .. } = told;
    common.findings(findings);
    let (errors, warnings, notes) = counted(findings);
    common.tell(&Words::new(format!("读取 {bodies} 个机关、{reports} 份年报。"), format!("Read {bodies} bodies, {reports} reports.")));
    for report in held {
        let (zh, en) = why(report.standing);
        common.tell(&Words::new(format!("未发布 {}：{zh}", report.file), format!("Held back {}: {en}", report.file)));
    }
    if errors + warnings + notes > 0 {
        common.tell(&Words::new(
            format!("查出错误 {errors} 处、提示 {warnings} 处、说明 {notes} 处。"),
            format!("Found {errors} errors, {warnings} warnings, {notes} notes."),
        ));
    }
}

/// What was made anew, and why; one line where all of it was for the same reason.
fn remade(common: &Common, remade: &[Remade]) {
    let files: usize = remade.iter().map(|remade| remade.files).sum();
    let whole = remade.first().filter(|first| matches!(first.reason, Reason::Unknown | Reason::Everything));
    if let Some(first) = whole.filter(|first| remade.iter().all(|remade| remade.reason == first.reason)) {
        let (zh, en) = reason(&first.reason);
        common.tell(&Words::new(format!("全部重新生成，共 {files} 个文件：{zh}。"), format!("Everything was made anew, {files} files: {en}.")));
        return;
    }
    for Remade { address, files, reason: why } in remade {
        let (zh, en) = reason(why);
        let address = address.trim_start_matches('/');
        common.tell(&Words::new(format!("重新生成 /{address}（{files} 个文件）：{zh}"), format!("Made anew /{address} ({files} files): {en}")));
    }
}

fn reason(reason: &Reason) -> (String, String) {
    match reason {
        Reason::Unknown => ("没有上次的缓存".into(), "no earlier build is remembered".into()),
        Reason::Everything => {
            ("模板、文字、配置、版式、机关或程序有变".into(), "templates, strings, configuration, forms, bodies or the program changed".into())
        }
        Reason::New => ("门户里还没有".into(), "not in the portal before".into()),
        Reason::Source => ("原文改了".into(), "its text changed".into()),
        Reason::Answer(key) => asked(key),
    }
}

/// What a page asked for and got another answer to.
fn asked(key: &Key) -> (String, String) {
    let plain = |zh: &str, en: &str| (zh.to_string(), en.to_string());
    match key {
        Key::Filed(_) => plain("用到的年报有增减，或标题、日期、状态变了", "reports it names came, went or were filed otherwise"),
        Key::AllFiled => plain("全站的年报有增减，或标题、日期、状态变了", "reports of the portal came, went or were filed otherwise"),
        Key::Excerpts(_) | Key::ExcerptsIn(..) => plain("用到的正文摘录变了", "first words it quotes changed"),
        Key::Facts(_) | Key::FactsIn(..) => plain("用到的年报数字或状态变了", "figures or filing of a body it shows changed"),
        Key::Stated => plain("全站年报里有的指标增减", "other indicators are stated in the portal"),
        Key::Totals(_) | Key::SumsIn(..) => plain("下级合计变了", "sums of the bodies below changed"),
        Key::Pages(_) => plain("机关的页面有增减", "a body it links to has other pages"),
        Key::Below(_) => plain("下级的年份或指标页有增减", "other year or indicator pages"),
        Key::Lists => plain("栏目有增减", "other lists of the portal"),
        Key::Addresses => plain("页面有增减", "other pages"),
        Key::Address(path) => (format!("/{path} 有无变了"), format!("/{path} came or went")),
        Key::File(path) => (format!("文件 /{path} 有无变了"), format!("the file /{path} came or went")),
        Key::Document(id) => (format!("引用文件 {id} 的情况变了"), format!("who cites the document {id} changed")),
        Key::Section(_) => plain("写有这一部分的机关有增减", "other bodies have words in this section"),
        Key::Documents => plain("引用文件有变", "cited documents changed"),
        Key::Backlinks(path) => (format!("链到 /{path} 的年报变了"), format!("reports that link to /{path} changed")),
        Key::FindingsIn(file) => (format!("{file} 的问题变了"), format!("findings in {file} changed")),
        Key::Findings => plain("查出的问题变了", "findings changed"),
        Key::Search => plain("检索文件变了", "search files changed"),
        Key::Today => plain("日期变了", "the day changed"),
    }
}

/// A line a stage; those that lie within others are summed over threads.
pub(super) fn timings(common: &Common, laps: &[Lap]) {
    for lap in laps {
        let (zh, en) = match lap.stage {
            Stage::Recall => ("读缓存", "recall"),
            Stage::Gather => ("读取、解析", "gather"),
            Stage::Check => ("逐份检查", "check"),
            Stage::Indexes => ("跨机关的检查和索引", "indexes"),
            Stage::Plan => ("安排页面", "plan"),
            Stage::Emit => ("生成各机关的页面", "emit"),
            Stage::Inspect => ("复查成品", "inspect"),
            Stage::Write => ("写文件", "write"),
            Stage::Join => ("合并各份", "join"),
            Stage::Search => ("检索文件", "search"),
            Stage::Lists => ("列表和其他文件", "lists"),
            Stage::Publish => ("发布", "publish"),
            Stage::Remember => ("写缓存", "remember"),
            Stage::Back => ("建后备目录", "back tree"),
            Stage::Verify => ("核对", "verify"),
        };
        let milliseconds = lap.time.as_secs_f64() * 1000.0;
        let words = if lap.within {
            Words::new(format!("　其中{zh}：各线程合计 {milliseconds:.1} 毫秒"), format!("  of which {en}: {milliseconds:.1} ms on all threads"))
        } else {
            Words::new(format!("{zh}：{milliseconds:.1} 毫秒"), format!("{en}: {milliseconds:.1} ms"))
        };
        say(words.in_language(common.language()));
    }
}

pub(super) fn published(common: &Common, site: &Site, summary: &Summary, reports: usize) {
    let output = site.output().display().to_string();
    for warning in &summary.warnings {
        say(warning.in_language(common.language()));
    }
    if summary.only_day {
        common.tell(&Words::new(
            format!("与上次发布相比只有日期不同，{output} 没有改动。"),
            format!("Only the day differs from what is published; {output} was not touched."),
        ));
        return;
    }
    if summary.unchanged {
        common.tell(&Words::new(format!("内容与上次发布相同，{output} 没有改动。"), format!("Everything is as published before; {output} was not touched.")));
        return;
    }
    let size = summary.bytes as f64 / 1_048_576.0;
    let (files, added, changed, removed) = (summary.files, summary.added, summary.changed, summary.removed);
    common.tell(&Words::new(
        format!("发布 {reports} 份年报，共 {files} 个文件（{size:.1} MB）：新增 {added}，改动 {changed}，删去 {removed}。"),
        format!("Published {reports} reports in {files} files ({size:.1} MB): {added} new, {changed} changed, {removed} removed."),
    ));
    common.tell(&Words::new(format!("门户在 {output}，复制到任意网页服务器即可。"), format!("The portal is in {output}; copy it to any web server.")));
}

/// What was done for the next publication, once this one stood.
pub(super) fn back_tree(common: &Common, built: &Built) {
    match &built.back {
        Ok(None) => {}
        Ok(Some(files)) => {
            let time = built.laps.iter().filter(|lap| lap.stage == Stage::Back).map(|lap| lap.time).sum::<Duration>().as_secs_f64();
            common.tell(&Words::new(
                format!("已备好后备目录：{files} 个文件，用时 {time:.1} 秒；以后发布只写改动的部分。"),
                format!("Made the back tree: {files} files in {time:.1} s; from now on a publication writes what changes."),
            ));
        }
        Err(error) => common.tell(&Words::new(
            format!("已发布，但后备目录没有建成（{error}），下次生成时再建。"),
            format!("Published, but the back tree could not be made ({error}); the next build makes it."),
        )),
    }
}

fn why(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Published => ("", ""),
        Standing::Draft => ("草稿（draft = true）", "a draft (draft = true)"),
        Standing::Future => ("发布日期未到", "its date is in the future"),
        Standing::Unapproved => ("还没有审核通过这份文字", "this text has not been approved"),
    }
}
