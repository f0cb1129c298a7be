//! A portal made from what the last build remembers is the one made from nothing, byte for byte: after random edits of every kind, on one
//! thread and on several, with memories that are damaged, foreign or gone.

use crate::checks::right;
use crate::site::{Site, copy, skipped, tree};
use gongkai::config::Overlay;
use gongkai::driver::{self, Built, Caching, Setup};
use gongkai::publish::Options;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Small reproducible sequence.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound as u64) as usize
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.below(of.len())].clone())
    }
}

/// A county with three bodies of two or three reports, that cite and link each other.
pub(crate) fn fixture() -> Site {
    let site = Site::small();
    site.put("content/yi/2023.md", cited(&right("乙镇", 2023)));
    site.put("content/yi/2024.md", cited(&right("乙镇", 2024)).replace("## 二、", "上年的见[上一年](../2023/)。\n\n## 二、"));
    site.put("content/bing/_index.md", "+++\ntitle = \"丙镇\"\n[body]\nlevel = \"township\"\n+++\n\n丙镇在甲县西边。\n");
    for year in 2022..=2024 {
        site.put(&format!("content/bing/{year}.md"), right("丙镇", year));
    }
    site.put("content/ding/_index.md", "+++\ntitle = \"丁乡\"\n[body]\nlevel = \"township\"\n+++\n");
    site.put("content/ding/2023/index.md", right("丁乡", 2023));
    site.put("content/ding/2023/biao.txt", "附表一\n");
    site.put("static/ping.txt", "一\n");
    site
}

fn cited(report: &str) -> String {
    report.replace("主动公开政府信息60条。", "按照《甲县政务公开办法》（甲政发〔2020〕6号），主动公开政府信息60条。")
}

/// Files below `content/` that are reports.
pub(crate) fn reports(site: &Path) -> Vec<PathBuf> {
    let names = tree(&site.join("content")).into_keys().filter(|path| path.ends_with(".md") && path.contains("/20"));
    names.map(|path| site.join("content").join(path)).collect()
}

fn indexes(site: &Path) -> Vec<PathBuf> {
    tree(&site.join("content")).into_keys().filter(|path| path.ends_with("_index.md")).map(|path| site.join("content").join(path)).collect()
}

/// Changes a file; a file that is not there stays away.
pub(crate) fn edit(path: &Path, change: impl FnOnce(&str) -> String) {
    if let Ok(text) = fs::read_to_string(path) {
        fs::write(path, change(&text)).unwrap();
    }
}

/// The text with other words between the first place of one mark and the next of another.
fn between(text: &str, from: &str, to: &str, words: &str) -> String {
    let Some((before, (old, after))) = text.split_once(from).and_then(|(before, rest)| Some((before, rest.split_once(to)?))) else { return text.to_string() };
    assert!(old.len() < 100, "{old}");
    format!("{before}{from}{words}{to}{after}")
}

fn put(site: &Path, path: &str, text: &str) {
    let path = site.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The body folders but the root's.
fn bodies(site: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(site.join("content")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.join("_index.md").exists()).collect();
    folders.sort();
    folders
}

const EDITS: usize = 30;

/// One edit of the kind `kind`; says what it was.
fn change(site: &Path, random: &mut Seeded, kind: usize) -> String {
    let report = random.one(&reports(site));
    let index = random.one(&indexes(site)).unwrap();
    let body = random.one(&bodies(site));
    let n = random.below(90) + 1;
    let at = |report: &Option<PathBuf>| report.as_deref().map_or_else(String::new, |path| path.strip_prefix(site).unwrap().display().to_string());
    let on = |edited: &str, change: &dyn Fn(&str) -> String| {
        if let Some(report) = &report {
            edit(report, change);
        }
        format!("{edited} {}", at(&report))
    };
    match kind {
        0 => on("figure in front matter", &|text| between(text, "proactive_disclosed_total = ", "\n", &n.to_string())),
        1 => on("figure in table", &|text| between(text, "\n|行政许可|", "|", &n.to_string())),
        2 => on("paragraph", &|text| between(text, "问题是", "。", &format!("{n}个村的培训偏少"))),
        3 => on("last paragraph", &|text| format!("{text}\n另有{n}件事说明。\n")),
        4 => on("title", &|text| text.replacen("工作年度报告", "年度报告", 1)),
        5 => on("date", &|text| text.replacen("-01-20", &format!("-0{}-2{}", n % 5 + 1, n % 8), 1)),
        6 => on("draft", &|text| text.replacen("[report]", "draft = true\n[report]", 1)),
        7 => on("citation", &|text| text.replacen("60条", "60条，落实《甲县档案办法》", 1)),
        8 => on("number", &|text| text.replacen("[report]\n", &format!("[report]\nnumber = \"甲政发〔2024〕{n}号\"\n"), 1)),
        9 => on("revision", &|text| text.replacen("+++\n\n", "[[revisions]]\nno = 1\ndate = 2025-05-01\nreason = \"更正数字\"\n+++\n\n", 1)),
        10 => on("alias", &|text| text.replacen("[report]", &format!("aliases = [\"old/{n}/\"]\n[report]"), 1)),
        11 => on("accept", &|text| {
            text.replacen("+++\n\n", "[[accept]]\nrule = \"figure/cell-empty\"\nat = \"admin_permits\"\nreason = \"原表如此\"\nby = \"某某\"\n+++\n\n", 1)
        }),
        12 => on("link", &|text| text.replacen("## 二、", "见[丙镇](/bing/2023/)。\n\n## 二、", 1)),
        13 => {
            if let (Some(body), true) = (&body, n.is_multiple_of(2)) {
                let year = 2021 + n % 4;
                fs::write(body.join(format!("{year}.md")), right("某镇", year as i32)).unwrap();
            }
            format!("report added below {}", at(&body))
        }
        14 => {
            if let Some(report) = &report {
                fs::remove_file(report).unwrap();
            }
            format!("removed {}", at(&report))
        }
        15 => {
            if let Some(report) = report.as_ref().filter(|report| !report.ends_with("index.md")) {
                fs::rename(report, report.with_file_name(format!("{}.md", 2020 + n % 5))).unwrap();
            }
            format!("renamed {}", at(&report))
        }
        16 => {
            if let Some(body) = &body {
                let _ = fs::rename(body, body.with_file_name(format!("b{n}")));
            }
            format!("body renamed {}", at(&body))
        }
        17 => {
            let name = format!("content/xin{}", n % 3);
            put(site, &format!("{name}/_index.md"), &format!("+++\ntitle = \"新{n}镇\"\n+++\n"));
            put(site, &format!("{name}/2023.md"), &right("新镇", 2023));
            format!("body added {name}")
        }
        18 => {
            if let Some(body) = body.as_ref().filter(|_| n.is_multiple_of(3)) {
                fs::remove_dir_all(body).unwrap();
            }
            format!("body removed {}", at(&body))
        }
        19 => {
            edit(&index, |text| text.replacen("title = \"", "title = \"新", 1));
            format!("name {}", index.display())
        }
        20 => {
            edit(&index, |text| format!("{text}\n介绍第{n}段。\n"));
            format!("introduction {}", index.display())
        }
        21 => {
            let merged = site.join("content/ding/_index.md");
            edit(&merged, |text| {
                if text.contains("until") {
                    text.replace("until = 2024-03-31\nsucceeded_by = \"bing\"\n", "")
                } else {
                    text.replacen("level", "until = 2024-03-31\nsucceeded_by = \"bing\"\nlevel", 1)
                }
            });
            "merger".into()
        }
        22 => {
            let page = random.one(&["compare.html", "body.html", "report.html", "matrix.html", "list.html", "pair.html"]).unwrap();
            let own = site.join("templates/pages").join(page);
            if own.exists() {
                fs::remove_file(own).unwrap();
            } else if let Ok(text) = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/templates/pages").join(page)) {
                put(site, &format!("templates/pages/{page}"), &text.replacen("{% block main %}", &format!("{{% block main %}}<p>第{n}版</p>"), 1));
            }
            format!("template {page}")
        }
        23 => {
            put(site, "i18n/zh-CN.toml", &format!("[ui]\nnav_years = \"各年{n}\"\n"));
            "string".into()
        }
        24 => {
            if n.is_multiple_of(3) {
                fs::remove_file(site.join("static/ping.txt")).unwrap_or_default()
            } else {
                put(site, "static/ping.txt", &format!("{n}\n"))
            }
            "static file".into()
        }
        25 => {
            let line = random.one(&[
                "title = \"某县年报\"\n",
                "base_url = \"https://example.org/a/\"\n",
                "[pages]\nsearch = false\n",
                "[pages]\nprecompress = true\n",
                "[pages]\npair_text = false\n",
                "[portal]\nfirst_year = 2021\n",
                "[furniture]\nhost = \"某办\"\n",
                "",
            ]);
            let day = random.one(&["2026-03-01", "2026-03-01", "2025-06-01", "2024-01-31"]).unwrap();
            put(site, "config.toml", &format!("today = {day}\n{}", line.unwrap()));
            format!("config {line:?} {day}")
        }
        26 => {
            if let Some(folder) = reports(site).iter().find(|path| path.ends_with("index.md")).and_then(|path| path.parent()) {
                if n.is_multiple_of(4) {
                    fs::remove_file(folder.join("biao.txt")).unwrap_or_default()
                } else {
                    fs::write(folder.join("biao.txt"), format!("附表{n}\n")).unwrap()
                }
            }
            "attachment".into()
        }
        27 => {
            if n.is_multiple_of(4) {
                fs::remove_file(site.join("content/about.md")).unwrap_or_default()
            } else {
                put(site, "content/about.md", &format!("+++\ntitle = \"关于\"\n+++\n\n第{n}版。\n"))
            }
            "about".into()
        }
        28 => {
            put(site, "indicators.toml", &format!("[[indicator]]\nid = \"own_{}\"\nname = \"自定\"\nname_en = \"own\"\nunit = \"件\"\n", n % 2));
            "indicator".into()
        }
        _ => {
            // The same bytes written again: another time, nothing else.
            on("touched", &|text| text.to_string())
        }
    }
}

/// What may happen to a memory.
fn harm(site: &Path, random: &mut Seeded) -> &'static str {
    let pieces: Vec<PathBuf> =
        tree(&site.join(".gongkai")).into_keys().filter(|path| !path.ends_with(".gitignore")).map(|path| site.join(".gongkai").join(path)).collect();
    let Some(piece) = random.one(&pieces) else { return "" };
    let mut bytes = fs::read(&piece).unwrap();
    match random.below(14) {
        0 => {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
            fs::write(piece, bytes).unwrap();
            "a bit of the memory flipped"
        }
        1 => {
            bytes.truncate(random.below(bytes.len()));
            fs::write(piece, bytes).unwrap();
            "the memory cut off"
        }
        2 => {
            fs::remove_file(piece).unwrap();
            "a piece of the memory lost"
        }
        _ => "",
    }
}

fn build(site: &Path, output: &Path, caching: Caching, threads: usize) -> Result<Built, String> {
    let overlay = Overlay { output_dir: Some(output.to_string_lossy().into_owned()), ..Overlay::default() };
    let setup = Setup { root: site.to_path_buf(), config: None, overlay, now: "2026-03-01".parse().unwrap(), drafts: false, relative_urls: false };
    let work = move || {
        let site = driver::Site::open(setup).map_err(|failure| failure.words().en)?;
        driver::build(&site, &Options::default(), caching, &|_, _, _| {}).map_err(|failure| failure.words().en)
    };
    rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(8 << 20).build().unwrap().install(work)
}

/// Files with their times.
fn times(folder: &Path) -> BTreeMap<String, SystemTime> {
    tree(folder).into_keys().map(|path| (path.clone(), fs::metadata(folder.join(&path)).unwrap().modified().unwrap())).collect()
}

/// Numbers of the programs to be run: `GONGKAI_PROGRAMS=2000`, or `500..1000` for a part of them.
fn programs() -> std::ops::Range<usize> {
    let Ok(asked) = std::env::var("GONGKAI_PROGRAMS") else { return 0..EDITS };
    let (from, to) = asked.split_once("..").unwrap_or(("0", &asked));
    from.parse().unwrap()..to.parse().unwrap()
}

#[test]
fn every_kind_of_edit_changes_something() {
    let origin = fixture();
    let page = |site: &Path| build(site, &site.join("public"), Caching::Renew, 2).map(|_| tree(&site.join("public")));
    let place = tempfile::tempdir().unwrap();
    let before = place.path().join("before");
    copy(origin.path(), &before);
    let before = page(&before).unwrap();
    let mut void = Vec::new();
    // The last kind writes the same bytes again.
    for kind in 0..EDITS - 1 {
        let mut seen = false;
        for seed in 0..12 {
            let site = place.path().join(format!("{kind}-{seed}"));
            copy(origin.path(), &site);
            change(&site, &mut Seeded(seed * 7919 + 17), kind);
            // An edit that makes a finding stops the build: that is seen as well.
            seen |= page(&site).map_or(true, |after| after != before);
            if seen {
                break;
            }
        }
        void.extend((!seen).then_some(kind));
    }
    assert!(void.is_empty(), "edits of these kinds are void: {void:?}");
}

#[test]
fn after_any_edits_the_portal_is_the_one_made_from_nothing() {
    let origin = fixture();
    let place = tempfile::tempdir().unwrap();
    let (site, public, clean) = (place.path().join("site"), place.path().join("public"), place.path().join("clean"));
    let mut published = 0;
    let mut kept = 0;
    for program in programs() {
        let mut random = Seeded(program as u64 * 7919 + 17);
        if program % 8 == 0 || !site.exists() {
            // Everything begins anew but the portal and its memory: the largest edit of all.
            let memory = site.join(".gongkai");
            let _ = fs::rename(&memory, place.path().join("memory"));
            let _ = fs::remove_dir_all(&site);
            copy(origin.path(), &site);
            let _ = fs::rename(place.path().join("memory"), memory);
        }
        let saved = place.path().join("saved");
        let _ = fs::remove_dir_all(&saved);
        copy(&site, &saved);
        // Every kind of edit has its turn, some of them together.
        let mut told = vec![change(&site, &mut random, program % EDITS)];
        for _ in 0..random.below(3) {
            let kind = random.below(EDITS);
            told.push(change(&site, &mut random, kind));
        }
        told.push(harm(&site, &mut random).to_string());
        let before = (tree(&public), times(&public));
        let threads = random.one(&[1, 2, 16]).unwrap();
        let fast = build(&site, &public, Caching::Use, threads);
        let _ = fs::remove_dir_all(&clean);
        let slow = build(&site, &clean, Caching::Renew, 2);
        match (fast, slow) {
            (Ok(fast), Ok(slow)) => {
                assert_eq!(fast.told, slow.told, "{program}: {told:?}");
                assert_eq!(fast.summary.is_some(), slow.summary.is_some(), "{program}: {told:?}");
                let Some(summary) = fast.summary else {
                    assert_eq!(before.0, tree(&public), "{program}: {told:?}");
                    fs::remove_dir_all(&site).unwrap();
                    copy(&saved, &site);
                    continue;
                };
                published += 1;
                let (now, wanted) = (tree(&public), tree(&clean));
                if !summary.only_day {
                    let differing: Vec<&String> = now.keys().chain(wanted.keys()).filter(|path| now.get(*path) != wanted.get(*path)).collect();
                    assert!(differing.is_empty(), "{program}: {told:?}: {differing:?}");
                }
                let then = times(&public);
                for (path, bytes) in &now {
                    if before.0.get(path) == Some(bytes) {
                        assert_eq!(before.1[path], then[path], "{program}: {told:?}: {path} was touched");
                    }
                }
                let made: usize = fast.remade.iter().map(|remade| remade.files).sum();
                kept += usize::from(made + 20 < now.len());
            }
            (fast, slow) => {
                assert_eq!(fast.as_ref().err(), slow.as_ref().err(), "{program}: {told:?}");
                assert_eq!(before.0, tree(&public), "{program}: {told:?}");
                fs::remove_dir_all(&site).unwrap();
                copy(&saved, &site);
            }
        }
    }
    // A test that publishes nothing, or keeps nothing, would prove nothing. Of 2,000 programs 1,651 published and 561 kept most; of few, and with
    // memories harmed at places that differ from run to run, it may be fewer.
    let programs = programs().len();
    assert!(published * 2 > programs && kept * 8 > programs, "{published} published, {kept} kept of {programs}");
    eprintln!("{programs} programs of edits, {published} published, {kept} kept most of the portal");
}

/// Paths as the system lists them, folder by folder.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path.clone());
            }
            found.push(path.strip_prefix(folder).unwrap().to_path_buf());
        }
    }
    found
}

#[test]
fn the_order_in_which_folders_list_their_files_changes_nothing() {
    let origin = fixture();
    for name in ["wu", "ji", "geng"] {
        origin.put(&format!("content/{name}/_index.md"), format!("+++\ntitle = \"{name}\"\n[body]\nlevel = \"township\"\n+++\n"));
        for year in 2020..=2024 {
            origin.put(&format!("content/{name}/{year}.md"), right("某镇", year));
        }
    }
    let files: Vec<(String, Vec<u8>)> = tree(origin.path()).into_iter().collect();
    // In memory, folders list their files by when they were made; on many disks by a digest of the name, which no test can turn around.
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let site = place.path().join("site");
    let mut random = Seeded(6);
    let mut orders = BTreeSet::new();
    let mut first = None;
    for (round, threads) in [1, 2, 16, 1, 2, 16, 2, 2].into_iter().enumerate() {
        let mut shuffled = files.clone();
        for at in (1..shuffled.len()).rev() {
            shuffled.swap(at, random.below(at + 1));
        }
        // The memory of the last build stays, as far as it holds for files that are new.
        for part in ["content", "static", "config.toml"] {
            let path = site.join(part);
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
        for (path, bytes) in shuffled {
            put(&site, &path, std::str::from_utf8(&bytes).unwrap());
        }
        orders.insert(listed(&site.join("content")));
        let (public, clean) = (place.path().join("public"), place.path().join(format!("clean-{round}")));
        build(&site, &public, Caching::Use, threads).unwrap();
        build(&site, &clean, Caching::Renew, threads).unwrap();
        let wanted = first.get_or_insert_with(|| tree(&clean));
        for made in [public, clean] {
            let made = tree(&made);
            let differing: Vec<&String> = made.keys().chain(wanted.keys()).filter(|path| made.get(*path) != wanted.get(*path)).collect();
            assert!(differing.is_empty(), "{threads} threads: {differing:?}");
        }
    }
    if orders.len() == 1 {
        skipped("another order of folders: this system lists names in one order, however they were made");
    }
    assert!(!memory.is_dir() || orders.len() > 5, "{} orders", orders.len());
}

#[test]
fn nothing_is_made_where_nothing_changed_and_one_body_where_one_text_did() {
    let site = fixture();
    site.build(&[]);
    let said = site.build(&["-v", "--lang", "en"]).err;
    assert!(!said.contains("Made anew") && !said.contains("Everything was made anew"), "{said}");
    edit(&site.path().join("content/bing/2023.md"), |text| format!("{text}\n多了一段话。\n"));
    let said = site.build(&["-v", "--lang", "en"]).err;
    let made: Vec<&str> = said.lines().filter(|line| line.starts_with("Made anew /")).collect();
    assert!(made.iter().any(|line| line.starts_with("Made anew /bing/ ") && line.ends_with("its text changed")), "{said}");
    assert!(!made.iter().any(|line| line.starts_with("Made anew /yi/ ") || line.contains("/indicators/")), "{said}");
    put(site.path(), "i18n/zh-CN.toml", "[ui]\nnav_years = \"各年\"\n");
    let said = site.build(&["-v", "--lang", "en"]).err;
    assert!(said.contains("Everything was made anew") && said.contains("strings"), "{said}");
    let said = site.build(&["-v", "--lang", "en", "--no-cache"]).err;
    assert!(said.contains("no earlier build is remembered"), "{said}");
    assert_eq!(site.run(&["build", "--no-cache", "--verify-cache"]).code, 2);
}

#[test]
fn where_nothing_has_changed_nothing_is_read_and_whatever_has_is_seen() {
    let site = fixture();
    // A file written just now could change again within the same tick of the clock.
    std::thread::sleep(std::time::Duration::from_millis(3200));
    let build = |flags: &[&str]| site.build(&[&["--lang", "en", "--timings"], flags].concat()).err;
    let was_read = |said: &str| said.contains("\ngather: ") || said.starts_with("gather: ");
    let plain = |said: &str| -> Vec<String> { said.lines().filter(|line| !line.contains(" ms") && !line.starts_with("Took ")).map(str::to_string).collect() };
    build(&[]);
    let whole = site.all();
    let read = build(&["--verify-cache"]);
    let still = build(&[]);
    assert!(was_read(&read) && !was_read(&still), "{read}{still}");
    assert_eq!(plain(&read), plain(&still));
    assert!(was_read(&build(&["--no-cache"])));
    let page = site.public().join("bing/2023/index.html");
    let modified = fs::metadata(&page).unwrap().modified().unwrap();
    let deeds: [(&str, &dyn Fn()); 6] = [
        ("a page written to", &|| edit(&page, |text| text.replace("丙镇", "丁镇"))),
        ("a page written to, and given back its time", &|| {
            edit(&page, |text| text.replace("丙镇", "丁镇（改）"));
            fs::File::options().write(true).open(&page).unwrap().set_modified(modified).unwrap();
        }),
        ("a page that is gone", &|| fs::remove_file(&page).unwrap()),
        ("a list that is gone", &|| fs::remove_file(site.public().join("SHA256SUMS")).unwrap()),
        ("a step back", &|| {
            put(site.path(), "static/a.txt", "a");
            site.build(&[]);
            fs::remove_file(site.path().join("static/a.txt")).unwrap();
            site.build(&[]);
            assert_eq!(site.run(&["rollback"]).code, 0);
        }),
        ("no back tree", &|| fs::remove_dir_all(site.path().join(".public.previous")).unwrap()),
    ];
    for (deed, done) in deeds {
        done();
        let run = site.run(&["build", "--lang", "en", "--timings"]);
        if deed == "a list that is gone" {
            // Nobody can tell any more which files are ours.
            assert_eq!(run.code, 2, "{deed}: {}", run.err);
            fs::remove_dir_all(site.public()).unwrap();
            site.build(&[]);
        } else {
            assert!(run.code == 0 && was_read(&run.err), "{deed}: {}", run.err);
        }
        assert!(site.all() == whole, "{deed}");
        assert!(!was_read(&build(&[])), "{deed}");
    }
    put(site.public().as_path(), "notes.txt", "mine");
    assert_eq!(site.run(&["build"]).code, 1, "a foreign file");
    fs::remove_file(site.public().join("notes.txt")).unwrap();
    assert!(was_read(&build(&["--clock", "2031-01-01"])) && was_read(&build(&["--relative-urls"])) && was_read(&build(&[])));
    assert!(site.all() == whole && !was_read(&build(&[])));
    edit(&site.path().join("content/bing/2023.md"), |text| text.replace("培训偏少", "经费偏少"));
    assert!(was_read(&build(&[])) && site.page("bing/2023/").contains("经费偏少"));
}

#[test]
fn an_edit_of_the_same_length_and_time_is_seen() {
    let site = fixture();
    let path = site.path().join("content/bing/2023.md");
    site.build(&[]);
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    edit(&path, |text| text.replace("培训偏少", "经费偏少"));
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    site.build(&[]);
    assert!(site.page("bing/2023/").contains("经费偏少"));
}

#[test]
fn a_file_of_the_portal_that_was_changed_is_mended() {
    let site = fixture();
    site.build(&[]);
    let whole = site.all();
    let path = site.public().join("bing/2023/index.html");
    edit(&path, |text| text.replace("丙镇", "丁镇"));
    let said = site.build(&["--lang", "en"]).err;
    assert_eq!(site.all(), whole);
    assert!(said.contains("had been changed or lost"), "{said}");
    fs::remove_file(site.public().join("bing/figures.csv")).unwrap();
    site.build(&[]);
    assert_eq!(site.all(), whole);
}

#[test]
fn a_cache_is_checked_against_a_build_from_nothing() {
    let site = fixture();
    site.build(&["--verify-cache"]);
    edit(&site.path().join("content/yi/2024.md"), |text| text.replace("60条", "61条"));
    let whole = site.build(&["--verify-cache", "--timings", "--lang", "en"]).err;
    assert!(whole.contains("verify: "), "{whole}");
    // A source that cannot be written to costs nothing but the memory.
    let ignored = fs::read_to_string(site.path().join(".gongkai/.gitignore")).unwrap();
    assert_eq!(ignored, "*\n");
    fs::remove_dir_all(site.path().join(".gongkai")).unwrap();
    fs::write(site.path().join(".gongkai"), "").unwrap();
    let said = site.build(&["-v", "--lang", "en"]).err;
    assert!(said.contains("The cache could not be written"), "{said}");
}

#[test]
fn the_portal_before_comes_back_and_the_next_build_goes_on_from_there() {
    let site = fixture();
    assert_eq!(site.run(&["rollback"]).code, 1, "no portal at all");
    let said = site.build(&["--timings", "--lang", "en"]).err;
    assert!(said.contains("Made the back tree: ") && said.contains("\nback tree: "), "{said}");
    let said = site.build(&["--lang", "en"]).err;
    assert!(!said.contains("back tree"), "{said}");
    assert_eq!(site.run(&["rollback"]).code, 1, "the back tree is the same portal");
    let first = site.all();
    edit(&site.path().join("content/bing/2023.md"), |text| text.replace("培训偏少", "经费偏少"));
    site.build(&[]);
    let second = site.all();
    let back = site.run(&["rollback", "--lang", "en"]);
    assert!(back.code == 0 && back.err.contains("portal before"), "{}", back.err);
    assert!(site.all() == first);
    assert_eq!(site.run(&["rollback", "--two-renames", "-q"]).code, 0);
    assert!(site.all() == second);
    site.run(&["rollback"]);
    site.build(&[]);
    assert!(site.all() == second);
    edit(&site.path().join("content/bing/2023.md"), |text| text.replace("经费偏少", "人员偏少"));
    site.build(&["--verify-cache"]);
    assert!(site.page("bing/2023/").contains("人员偏少"));
}
