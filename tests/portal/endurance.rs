//! What a portal goes through on a machine: crashes, other disks, clocks that are wrong, bits that flip, files edited while they are read,
//! readers while it is published. The numbers are small here and large by night (`.ci/nightly`); `.ci/crashes` kills at every call.

use crate::incremental::{edit, fixture, reports};
use crate::preview::serve;
use crate::servers::{nginx_over, program};
use crate::site::{Site, gongkai, skipped, tree};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

/// How often something is done: `GONGKAI_TIMES`, else a few times.
fn times(few: usize) -> usize {
    std::env::var("GONGKAI_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(few)
}

/// A fixed sequence below a bound.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound as u64) as usize
    }
}

/// What publishing left beside the portal.
fn helpers(site: &Site) -> Vec<String> {
    let names = fs::read_dir(site.path()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(".public")).collect();
    names.sort();
    names
}

/// Flips a bit of a file in place; its time stays, as it does on a disk that rots.
fn flip(path: &Path, chance: &mut Chance) {
    let modified = fs::metadata(path).unwrap().modified().unwrap();
    let mut bytes = fs::read(path).unwrap();
    let at = chance.below(bytes.len());
    bytes[at] ^= 1 << chance.below(8);
    fs::write(path, bytes).unwrap();
    fs::File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
}

#[test]
fn d16_a_portal_on_another_disk_is_put_together_there() {
    let site = fixture();
    let Some(other) = other_disk(site.path()) else { return skipped("a portal on another disk: there is only one") };
    let (public, trace) = (other.path().join("public"), site.path().join("trace"));
    let strace = program("strace");
    for round in 0..3 {
        fs::write(site.path().join("content/about.md"), format!("+++\ntitle = \"关于\"\n+++\n\n第{round}版。\n")).unwrap();
        let mut command = match &strace {
            None => gongkai(),
            Some(strace) => {
                let mut command = Command::new(strace);
                command.args(["-f", "-qqq", "-e", "trace=/^(rename|link)", "-o"]).arg(&trace).arg(env!("CARGO_BIN_EXE_gongkai"));
                command
            }
        };
        let built = command.args(["build", "-q", "-r"]).arg(site.path()).arg("-o").arg(&public).output().unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        if strace.is_some() {
            let calls = fs::read_to_string(&trace).unwrap();
            assert!(calls.contains("public") && !calls.contains("EXDEV"), "{calls}");
        }
    }
    assert!(fs::read_to_string(public.join("about/index.html")).unwrap().contains("第2版"));
    assert!(fs::read_to_string(other.path().join(".public.previous/about/index.html")).unwrap().contains("第1版"));
    assert!(helpers(&site).is_empty(), "nothing of it beside the site");
}

/// A folder on another disk than this one.
#[cfg(unix)]
fn other_disk(path: &Path) -> Option<tempfile::TempDir> {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    let places = [Path::new("/dev/shm"), Path::new("/var/tmp")];
    places.into_iter().filter(|place| device(place) != device(path)).find_map(|place| tempfile::tempdir_in(place).ok())
}

#[cfg(not(unix))]
fn other_disk(_: &Path) -> Option<tempfile::TempDir> {
    None
}

#[test]
fn d17_whatever_the_clock_says_what_changed_is_published() {
    let site = fixture();
    let path = site.path().join(REPORT);
    let stamp = |seconds: u64| {
        for report in reports(site.path()) {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            fs::File::options().write(true).open(report).unwrap().set_modified(time).unwrap();
        }
    };
    // In the year 2099, at the beginning of time, all in one second; each text as long as the one before.
    for (words, seconds) in [("培训偏少", 4_090_000_000), ("经费偏少", 4_090_000_000), ("人员偏少", 0), ("设备偏少", 0), ("车辆偏少", 1_700_000_000)]
    {
        let text = fs::read_to_string(&path).unwrap();
        let old = text.split_once("问题是").unwrap().1.split_once('。').unwrap().0.to_string();
        fs::write(&path, text.replace(&old, words)).unwrap();
        stamp(seconds);
        site.build(&[]);
        assert!(site.page("bing/2023/").contains(words), "{words} at {seconds}");
        let whole = site.all();
        site.build(&["--no-cache"]);
        assert!(site.all() == whole, "{words} at {seconds}");
    }
}

#[test]
fn d18_after_many_crashes_one_build_leaves_one_portal_and_the_one_before() {
    let site = fixture();
    site.build(&[]);
    let release: u64 = site.all().values().map(|bytes| bytes.len() as u64).sum();
    let mut chance = Chance(18);
    for crash in 0..times(12) {
        fs::write(site.path().join("content/about.md"), format!("+++\ntitle = \"关于\"\n+++\n\n第{crash}版。\n")).unwrap();
        let mut child = gongkai().args(["build", "-q"]).current_dir(site.path()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(chance.below(400_000) as u64));
        // SIGKILL.
        let _ = child.kill();
        child.wait().unwrap();
    }
    site.build(&[]);
    assert_eq!(helpers(&site), [".public.lock", ".public.previous"]);
    let drafts: Vec<String> = tree(&site.path().join(".gongkai")).into_keys().filter(|path| path.ends_with(".new")).collect();
    assert!(drafts.is_empty(), "{drafts:?}");
    let back: u64 = tree(&site.path().join(".public.previous")).values().map(|bytes| bytes.len() as u64).sum();
    assert!(back < release + release / 5, "{back} bytes beside {release}");
    let whole = site.all();
    site.build(&["--no-cache"]);
    assert!(site.all() == whole);
}

#[test]
fn d20_a_bit_that_flips_in_the_memory_changes_nothing_and_one_in_the_portal_is_found() {
    let site = fixture();
    site.build(&[]);
    let whole = site.all();
    let mut chance = Chance(20);
    for _ in 0..times(20) {
        let memory = site.path().join(".gongkai");
        let pieces: Vec<PathBuf> = tree(&memory).into_iter().filter(|(_, bytes)| bytes.len() > 2).map(|(path, _)| memory.join(path)).collect();
        flip(&pieces[chance.below(pieces.len())], &mut chance);
        site.build(&[]);
        assert!(site.all() == whole);
    }
    // In the portal: the sums name every file that is not as it was published. `--no-cache` reads all and mends them.
    let names: Vec<&String> = whole.iter().filter(|(path, bytes)| !bytes.is_empty() && *path != "gongkai.json").map(|(path, _)| path).collect();
    let mut found = 0;
    for _ in 0..times(20).div_ceil(20) {
        let flipped: BTreeSet<&String> = (0..20).map(|_| names[chance.below(names.len())]).filter(|path| *path != "SHA256SUMS").collect();
        for path in &flipped {
            flip(&site.public().join(path), &mut chance);
        }
        let listed = fs::read_to_string(site.public().join("SHA256SUMS")).unwrap();
        let wrong = |line: &str| {
            let (sum, path) = line.split_once("  ").unwrap();
            (gongkai::digest::Sha256Sum::of(&fs::read(site.public().join(path)).unwrap()).hex() != sum).then(|| path.to_string())
        };
        let wrong: BTreeSet<String> = listed.lines().filter_map(wrong).collect();
        assert_eq!(wrong.iter().collect::<BTreeSet<_>>(), flipped);
        found += wrong.len();
        let said = site.build(&["--no-cache", "--lang", "en"]).err;
        assert!(site.all() == whole && said.contains("had been changed or lost"), "{said}");
    }
    eprintln!("{} flips in the memory without effect, {found} in the portal found and mended", times(20));
}

#[test]
fn e3_a_file_that_is_edited_while_it_is_read_is_one_version_or_the_other() {
    let site = fixture();
    let paths: Vec<PathBuf> = reports(site.path()).into_iter().filter(|path| path.parent().is_some_and(|folder| !folder.ends_with("ding"))).collect();
    let texts: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let stop = AtomicBool::new(false);
    let (mut published, mut refused) = (0, 0);
    site.build(&[]);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut chance = Chance(3);
            for version in 0.. {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let at = chance.below(paths.len());
                // Two places, far from each other: a page of one version has the same number in both.
                let text = texts[at].replacen("60条。", &format!("60条，记{version}号。"), 1);
                fs::write(&paths[at], format!("{text}\n末尾也记{version}号。\n")).unwrap();
                std::thread::sleep(Duration::from_millis(chance.below(500) as u64));
            }
        });
        for _ in 0..times(8) {
            let built = site.run(&["build", "-q"]);
            assert!(matches!(built.code, 0 | 1 | 3) && !built.err.contains("panicked"), "{}: {}", built.code, built.err);
            *if built.code == 0 { &mut published } else { &mut refused } += 1;
            for (path, bytes) in site.all() {
                let page = String::from_utf8_lossy(&bytes);
                let is_report = path.ends_with("/index.html") && path.matches('/').count() == 2 && path.split('/').nth(1).is_some_and(|year| year.len() == 4);
                if is_report {
                    let numbers: BTreeSet<&str> = page
                        .split("记")
                        .skip(1)
                        .filter_map(|rest| rest.split_once("号。"))
                        .map(|(number, _)| number)
                        .filter(|number| number.len() < 9)
                        .collect();
                    assert!(numbers.len() < 2, "{path} is of several versions: {numbers:?}");
                }
            }
        }
        stop.store(true, Ordering::SeqCst);
    });
    eprintln!("{published} builds while files were edited, {refused} that said so and published nothing");
    for (path, text) in paths.iter().zip(&texts) {
        fs::write(path, text).unwrap();
    }
    site.build(&["--verify-cache"]);
}

/// Asks for pages, and for what each of them loads, until it is told to stop; gives how many answers there were.
fn read_on(get: &(dyn Fn(&str) -> (u16, String) + Sync), pages: &[&str], stop: &AtomicBool, answers: &AtomicUsize) {
    for page in pages.iter().cycle() {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let (status, text) = get(page);
        assert_eq!(status, 200, "{page}");
        assert!(text.trim_end().ends_with("</html>"), "{page} is cut off: {text}");
        let loaded: BTreeSet<&str> = text.split('"').filter(|part| part.contains("assets/") && !part.contains(' ')).collect();
        assert!(!loaded.is_empty(), "{page} loads nothing: {text}");
        for asset in loaded {
            let asset = asset.trim_start_matches("../");
            let (status, _) = get(&format!("/{}", asset.trim_start_matches('/')));
            assert_eq!(status, 200, "{page} loads {asset}");
            answers.fetch_add(1, Ordering::SeqCst);
        }
        answers.fetch_add(1, Ordering::SeqCst);
    }
}

const REPORT: &str = "content/bing/2023.md";
const READ: [&str; 4] = ["/", "/bing/", "/bing/2023/", "/years/2023/"];

#[test]
fn e6_readers_see_no_gap_while_the_portal_is_published() {
    let site = fixture();
    site.build(&[]);
    #[cfg(unix)]
    fs::set_permissions(site.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let Some(server) = nginx_over(&site) else { return };
    let get = |path: &str| {
        let answer = server.get(path, false);
        (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
    };
    let publish = |round: usize| {
        edit(&site.path().join(REPORT), |text| format!("{text}\n又过了{round}天。\n"));
        site.build(&["-q"]);
        get("/bing/2023/").1.contains(&format!("又过了{round}天"))
    };
    let answers = publish_before_readers(&get, &publish);
    eprintln!("nginx: {} publications, {answers} answers, each whole, and everything that pages load", times(6));
}

#[test]
fn e6_readers_of_the_preview_see_no_gap() {
    let site = fixture();
    let server = serve(&site);
    let get = |path: &str| server.get(path);
    let publish = |round: usize| {
        edit(&site.path().join(REPORT), |text| format!("{text}\n又过了{round}天。\n"));
        server.wait("/bing/2023/", |page| page.contains(&format!("又过了{round}天")));
        true
    };
    let answers = publish_before_readers(&get, &publish);
    eprintln!("the preview: {} edits, {answers} answers, each whole, and everything that pages load", times(6));
}

/// Publishes while four readers ask; `publish` says whether the new text is seen at once. Gives the number of answers.
fn publish_before_readers(get: &(dyn Fn(&str) -> (u16, String) + Sync), publish: &dyn Fn(usize) -> bool) -> usize {
    let (stop, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        // Readers stop even where publishing fails: a scope waits for them.
        struct Stop<'s>(&'s AtomicBool);
        impl Drop for Stop<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let _stop = Stop(&stop);
        for reader in 0..4 {
            let (stop, answers) = (&stop, &answers);
            let pages: Vec<&str> = READ.iter().cycle().skip(reader).take(READ.len()).copied().collect();
            scope.spawn(move || read_on(get, &pages, stop, answers));
        }
        for round in 0..times(6) {
            assert!(publish(round), "the publication {round} is not seen");
        }
    });
    let answers = answers.into_inner();
    assert!(answers > 20, "only {answers} answers");
    answers
}
