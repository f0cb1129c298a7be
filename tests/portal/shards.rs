//! A build in shards: the portal of one build for any number of them, every wrong input said, and the command lines of docs/scale.md.

use crate::site::{Run, Site, demo, gongkai, report, run, skipped, tree};
use gongkai::publish::Packing;
use parquet::file::reader::FileReader as _;
use parquet::file::serialized_reader::SerializedFileReader;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

/// Runs a step in a site, with its work folder `work`.
fn step(site: &Site, step: &str, more: &[&str]) -> Run {
    site.run(&[&["build", "--work", "work", "--step", step], more].concat())
}

#[track_caller]
fn take(site: &Site, name: &str, more: &[&str]) -> Run {
    let taken = step(site, name, more);
    assert_eq!(taken.code, 0, "{name} {more:?}: {}", taken.err);
    taken
}

/// Takes all steps, the last shard first; gives what the merge said.
#[track_caller]
fn sharded(site: &Site, shards: usize, flags: &[&str]) -> Run {
    let shard = |number: usize| format!("{number}/{shards}");
    (1..=shards).rev().for_each(|number| drop(take(site, "gather", &[&["--shard", &shard(number)], flags].concat())));
    let merged = take(site, "merge", flags);
    (1..=shards).rev().for_each(|number| drop(take(site, "emit", &[&["--shard", &shard(number)], flags].concat())));
    take(site, "publish", flags);
    merged
}

/// Five bodies, attachments, aliases, prose, a static file, a draft, findings.
fn fixture() -> Site {
    let site = Site::small();
    site.put("config.toml", "today = 2026-03-01\nbase_url = \"https://example.org/nb/\"\n[pages]\nprecompress = true\n");
    for body in ["bing", "ding", "wu"] {
        site.put(&format!("content/{body}/_index.md"), format!("+++\ntitle = \"{body}镇\"\naliases = [\"old/{body}/\"]\n+++\n"));
        for year in 2022..=2024 {
            let text = format!("全年公开{year}条。按照《甲县政务公开办法》（甲政发〔2020〕6号）办理。见[乙镇](../../yi/2024/)。\n");
            let text = report(year, &format!("proactive_disclosed_total = {}\napplications_new = {{ natural_person = 2, total = 3 }}\n", year - 1900), &text);
            site.put(&format!("content/{body}/{year}/index.md"), text.replace("乙镇", &format!("{body}镇")));
        }
        site.put(&format!("content/{body}/2023/biao.txt"), format!("{body}附表一\n"));
    }
    site.put("content/wu/2025.md", report(2025, "", "还没有写好。\n").replace("[figures]", "draft = true\n[figures]"));
    site.put("content/about.md", "+++\ntitle = \"关于本站\"\n+++\n\n甲县的年报。\n");
    site.put("static/ping.txt", "一\n");
    site
}

/// Portal and lock beside it, as one build makes them of the same site.
fn built(site: &Site, flags: &[&str]) -> (BTreeMap<String, Vec<u8>>, Run) {
    let run = site.build(&[&["-o", "one", "--no-cache"], flags].concat());
    (tree(&site.path().join("one")), run)
}

/// Files that differ, by name.
fn differing(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    one.keys().chain(other.keys()).filter(|path| one.get(*path) != other.get(*path)).cloned().collect()
}

#[test]
fn one_two_and_seven_shards_make_the_portal_of_one_build() {
    let site = fixture();
    let (one, said) = built(&site, &[]);
    assert!(one.len() > 150 && one.contains_key("SHA256SUMS") && one.contains_key("ding/2023/biao.txt") && one.contains_key("data/figures.csv"));
    for shards in [1, 2, 7] {
        fs::remove_dir_all(site.path().join("work")).ok();
        fs::remove_dir_all(site.public()).ok();
        fs::remove_dir_all(site.path().join(".public.previous")).ok();
        let merged = sharded(&site, shards, &[]);
        let found = |said: &str| said.lines().filter(|line| line.starts_with("查出") || line.starts_with("未发布")).map(str::to_string).collect::<Vec<_>>();
        assert!(found(&merged.err).len() == 2 && found(&merged.err) == found(&said.err), "{}{}", merged.err, said.err);
        assert_eq!(differing(&site.all(), &one), [""; 0], "{shards} shards");
        let again = take(&site, "publish", &[]);
        assert!(again.err.contains("内容与上次发布相同"), "{}", again.err);
    }
    // The next build takes up where this one left.
    let next = site.build(&[]);
    assert!(next.err.contains("内容与上次发布相同"), "{}", next.err);
}

#[test]
fn the_demonstration_portal_and_its_flags() {
    let folder = tempfile::tempdir().unwrap();
    let run_in = |more: &[&str]| {
        let taken = run(gongkai().args(["build", "--relative-urls", "-u", "https://example.org/a/", "-r"]).arg(demo()).args(more).current_dir(folder.path()));
        assert_eq!(taken.code, 0, "{more:?}: {}", taken.err);
    };
    run_in(&["-o", "one", "--no-cache"]);
    for name in ["gather", "merge", "emit", "publish"] {
        match name {
            "gather" | "emit" => ["1/3", "2/3", "3/3"].iter().for_each(|shard| run_in(&["--work", "work", "--step", name, "--shard", shard])),
            _ => run_in(&["--work", "work", "--step", name, "-o", "public"]),
        }
    }
    assert_eq!(differing(&tree(&folder.path().join("public")), &tree(&folder.path().join("one"))), [""; 0]);
}

#[test]
fn a_step_taken_again_leaves_the_same() {
    let site = fixture();
    let (one, _) = built(&site, &[]);
    let work = site.path().join("work");
    take(&site, "gather", &["--shard", "1/2"]);
    take(&site, "gather", &["--shard", "2/2"]);
    let first = tree(&work);
    // A process that was killed has left its file behind.
    fs::write(work.join(".gather-1-of-2.rest.0123456789abcdef.tmp"), "half").unwrap();
    take(&site, "gather", &["--shard", "1/2"]);
    assert_eq!(differing(&tree(&work), &first), [""; 0]);
    take(&site, "merge", &[]);
    take(&site, "merge", &[]);
    for shard in ["1/2", "2/2", "1/2"] {
        take(&site, "emit", &["--shard", shard, "--jobs", "1"]);
    }
    take(&site, "publish", &[]);
    assert_eq!(differing(&site.all(), &one), [""; 0]);
}

/// Killed at any moment, or stopped, a step leaves nothing that the next would take for whole.
#[test]
#[cfg(unix)]
fn a_step_that_is_killed_is_taken_again() {
    let site = fixture();
    sharded(&site, 2, &[]);
    let before = site.all();
    site.put("static/ping.txt", "二\n");
    let (changed, _) = built(&site, &[]);
    for signal in ["-KILL", "-TERM"] {
        for (name, shard) in
            [("gather", Some("1/2")), ("gather", Some("2/2")), ("merge", None), ("emit", Some("1/2")), ("emit", Some("2/2")), ("publish", None)]
        {
            for wait in [0, 15, 40, 90] {
                let mut command = gongkai();
                command
                    .args(["build", "-q", "--work", "work", "--step", name])
                    .args(shard.iter().flat_map(|shard| ["--shard", *shard]))
                    .current_dir(site.path());
                let mut child = command.stderr(std::process::Stdio::null()).spawn().unwrap();
                std::thread::sleep(std::time::Duration::from_millis(wait));
                run(Command::new("kill").args([signal, &child.id().to_string()]));
                child.wait().unwrap();
                let now = site.all();
                assert!(now == before || now == changed, "{signal} after {wait} ms in {name}: {:?}", differing(&now, &before));
            }
            take(&site, name, &shard.iter().flat_map(|shard| ["--shard", *shard]).collect::<Vec<_>>());
        }
        assert_eq!(differing(&site.all(), &changed), [""; 0]);
        assert!(tree(&site.path().join("work")).keys().all(|name| !name.ends_with(".tmp")));
    }
}

#[test]
fn findings_stop_the_merge_as_they_stop_a_build() {
    let site = fixture();
    sharded(&site, 2, &[]);
    let before = site.all();
    let broken = report(2024, "proactive_disclosed_total = \"many\"\n", "联系人身份证号110101199003074477。\n");
    for (path, text, code) in [("content/yi/2024.md", broken.as_bytes(), 1), ("content/bing/2024/index.md", &[b' '; 33 << 20][..], 4)] {
        site.put(path, text);
        let build = site.run(&["build", "-o", "one"]);
        take(&site, "gather", &["--shard", "1/2"]);
        take(&site, "gather", &["--shard", "2/2"]);
        let merged = step(&site, "merge", &[]);
        assert_eq!((merged.code, build.code), (code, code), "{}", merged.err);
        let other = merged.err.lines().zip(build.err.lines()).find(|(merged, build)| merged != build);
        assert!(merged.err == build.err, "{other:?}");
        let emit = step(&site, "emit", &["--shard", "1/2"]);
        assert!(emit.code == 3 && emit.err.contains("merged") && emit.err.contains("--step merge"), "{}", emit.err);
        let publish = step(&site, "publish", &[]);
        assert_eq!((publish.code, differing(&site.all(), &before)), (3, Vec::new()), "{}", publish.err);
    }
}

#[test]
fn what_does_not_fit_is_named_with_the_step_to_take() {
    let site = fixture();
    let work = site.path().join("work");
    // What is called, its exit code, and what is said of it.
    let expect = |name: &str, more: &[&str], code: i32, said: &[&str]| {
        let taken = step(&site, name, more);
        assert_eq!(taken.code, code, "{name} {more:?}: {}", taken.err);
        said.iter().for_each(|part| assert!(taken.err.contains(part), "{part}: {}", taken.err));
    };
    expect("merge", &[], 3, &["--step gather"]);
    expect("emit", &["--shard", "1/2"], 3, &["merged", "--step merge"]);
    expect("publish", &[], 3, &["merged", "--step merge"]);
    assert!(!site.public().exists(), "nothing was published");
    take(&site, "gather", &["--shard", "1/2"]);
    expect("merge", &[], 3, &["gather-2-of-2", "--step gather --shard 2/2"]);
    take(&site, "gather", &["--shard", "1/3"]);
    expect("merge", &[], 2, &["2、3"]);
    fs::remove_file(work.join("gather-1-of-3.rest")).unwrap();
    take(&site, "gather", &["--shard", "2/2"]);
    expect("merge", &["-u", "https://example.org/other/"], 2, &["gather-1-of-2.rest", "参数", "--step gather --shard 1/2"]);
    expect("merge", &["--clock", "2026-03-02"], 2, &["日期"]);
    take(&site, "merge", &[]);
    expect("publish", &[], 3, &["part-1-of-2 part-2-of-2", "--step emit --shard 1/2", "--step emit --shard 2/2"]);
    expect("emit", &["--shard", "1/3"], 2, &["2 份"]);
    take(&site, "emit", &["--shard", "1/2"]);
    take(&site, "emit", &["--shard", "2/2"]);

    // Every byte that is not as it was written.
    let next = |name: &str| {
        if name.starts_with("part") {
            ("publish", "emit")
        } else if name == "merged" {
            ("publish", "merge")
        } else {
            ("merge", "gather")
        }
    };
    for (name, whole) in tree(&work).iter().filter(|(name, _)| !name.contains("of-3")) {
        let (reader, writer) = next(name);
        let merged = fs::read(work.join("merged")).unwrap();
        for at in [0, whole.len() / 2, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x20;
            fs::write(work.join(name), &bytes).unwrap();
            expect(reader, &[], 3, &[name, &format!("--step {writer}")]);
            fs::write(work.join(name), &whole[..at]).unwrap();
            expect(reader, &[], 3, &[name, &format!("--step {writer}")]);
        }
        fs::write(work.join(name), whole).unwrap();
        fs::write(work.join("merged"), merged).unwrap();
    }

    // Another program's file.
    let other = Packing::create(&work.join("part-2-of-2"), Default::default()).unwrap();
    other.finish(postcard::to_stdvec(&("another program", 1, 2, 3)).unwrap()).unwrap();
    expect("publish", &[], 2, &["part-2-of-2", "另一版程序"]);
    take(&site, "emit", &["--shard", "2/2"]);

    // A file made from others than those that are there.
    take(&site, "merge", &[]);
    take(&site, "publish", &[]);
    site.put("content/wu/2024/index.md", report(2024, "proactive_disclosed_total = 7\n", "全年公开7条。\n"));
    let place = ["1/2", "2/2"].into_iter().find(|shard| step(&site, "emit", &["--shard", shard]).code != 0).expect("a shard reads the file");
    expect("emit", &["--shard", place], 3, &["content/wu/2024/index.md", &format!("--step gather --shard {place}")]);
    take(&site, "gather", &["--shard", place]);
    expect("emit", &["--shard", "1/2"], 3, &["merged", "--step merge"]);
    take(&site, "merge", &[]);
    expect("publish", &[], 3, &["part-1-of-2", "--step emit --shard 1/2"]);

    // Sources and theme that changed between the steps.
    site.put("static/ping.txt", "二\n");
    expect("emit", &["--shard", "1/2"], 3, &["静态文件", "--step merge"]);
    take(&site, "merge", &[]);
    site.put("content/ji/_index.md", "+++\ntitle = \"己镇\"\n+++\n");
    expect("emit", &["--shard", "1/2"], 3, &["gather-1-of-2.rest", "增减", "--step gather"]);
}

#[test]
fn a_call_that_makes_no_sense_is_refused() {
    let site = Site::small();
    let wrong: [&[&str]; 13] = [
        &["--step", "gather", "--shard", "1/2"],
        &["--work", "work"],
        &["--shard", "1/2"],
        &["--step", "gather", "--work", "work"],
        &["--step", "emit", "--work", "work"],
        &["--step", "merge", "--work", "work", "--shard", "1/2"],
        &["--step", "publish", "--work", "work", "--shard", "1/2"],
        &["--step", "gather", "--work", "work", "--shard", "0/2"],
        &["--step", "gather", "--work", "work", "--shard", "3/2"],
        &["--step", "gather", "--work", "work", "--shard", "1/2", "--two-renames"],
        &["--step", "merge", "--work", "work", "--no-cache"],
        &["--step", "gather", "--work", "content/work", "--shard", "1/2"],
        &["--step", "gather", "--work", "public/work", "--shard", "1/2"],
    ];
    for more in wrong {
        let refused = site.run(&[&["build"], more].concat());
        assert_eq!(refused.code, 2, "{more:?}: {}", refused.err);
    }
    let left = tree(site.path());
    assert!(left.keys().all(|path| path == "config.toml" || path.starts_with("content/yi/") || path == "content/_index.md"), "{:?}", left.keys());
}

/// The block of docs/scale.md that begins with this line.
fn block(kind: &str) -> String {
    let page = fs::read_to_string(demo().join("docs/scale.md")).unwrap();
    let (_, rest) = page.split_once(&format!("```{kind}\n")).unwrap_or_else(|| panic!("docs/scale.md has no {kind}"));
    rest.split_once("```").unwrap().0.to_string()
}

/// Where a program stands, if it does.
fn found(program: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join(program).is_file())
}

/// A command in the site that finds `gongkai` as its own.
fn with_gongkai(program: &str, site: &Site, before: &[&Path]) -> Command {
    let own = Path::new(env!("CARGO_BIN_EXE_gongkai")).parent().unwrap().to_path_buf();
    let known = std::env::var_os("PATH").unwrap_or_default();
    let folders = before.iter().map(|path| path.to_path_buf()).chain([own]).chain(std::env::split_paths(&known));
    let mut command = Command::new(program);
    command.env_remove("SOURCE_DATE_EPOCH").env("NO_COLOR", "1").env("PATH", std::env::join_paths(folders).unwrap()).current_dir(site.path());
    command
}

#[test]
#[cfg(unix)]
fn the_lines_for_gnu_parallel_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = fixture();
    let (one, _) = built(&site, &[]);
    let loops = tempfile::tempdir().unwrap();
    let mut before = Vec::new();
    if !found("parallel") {
        skipped("GNU parallel is not installed: a loop stands for it");
        let stand_in = "#!/bin/sh\nshift 2\nwhile read -r line; do $(printf '%s ' \"$@\" | sed \"s/{}/$line/g\") </dev/null || exit 1; done\n";
        fs::write(loops.path().join("parallel"), stand_in).unwrap();
        fs::set_permissions(loops.path().join("parallel"), fs::Permissions::from_mode(0o755)).unwrap();
        before.push(loops.path());
    }
    let script = block("sh");
    assert!(script.contains("parallel --halt now,fail=1 gongkai"), "{script}");
    let ran = run(with_gongkai("sh", &site, &before).arg("-c").arg(&script));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(site.path().join("work/part-7-of-7").exists());
    assert_eq!(differing(&site.all(), &one), [""; 0]);
}

#[test]
#[cfg(unix)]
fn the_makefile_runs_and_goes_on_where_it_was_stopped() {
    if !found("make") {
        return skipped("make is not installed");
    }
    let site = fixture();
    let (one, _) = built(&site, &[]);
    site.put("Makefile", block("make"));
    let make = |more: &[&str]| run(with_gongkai("make", &site, &[]).args(more));
    let first = make(&["work/part-3-of-7"]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(!site.path().join("work/part-4-of-7").exists());
    let all = make(&["-j2"]);
    assert_eq!(all.code, 0, "{}", all.err);
    assert_eq!(all.out.matches("--step emit").count(), 6, "{}", all.out);
    assert!(!all.out.contains("--step merge") && !all.out.contains("--step gather"), "{}", all.out);
    assert_eq!(differing(&site.all(), &one), [""; 0]);
    assert!(make(&["clean"]).code == 0 && !site.path().join("work").exists());
}

#[test]
#[cfg(unix)]
fn the_containers_of_the_manifest_run() {
    let site = fixture();
    let (one, _) = built(&site, &[]);
    let manifest = block("yaml");
    let field = |job: &str, name: &str| job.lines().find_map(|line| line.trim().strip_prefix(&format!("{name}: ")).map(str::to_string));
    let jobs: Vec<&str> = manifest.split("\n---\n").collect();
    assert_eq!(jobs.len(), 4);
    for job in jobs {
        // A list of YAML on one line, with quotes, is one of JSON.
        let command: Vec<String> = serde_json::from_str(&field(job, "command").unwrap()).unwrap();
        let place = |word: &str| {
            let mounts = [("/site", site.path().to_path_buf()), ("/work", site.path().join("work")), ("/portal", site.path().to_path_buf())];
            mounts.iter().fold(word.to_string(), |word, (mount, path)| word.replace(mount, &path.to_string_lossy()))
        };
        let pods: u32 = field(job, "completions").map_or(1, |count| count.parse().unwrap());
        assert_eq!(pods > 1, job.contains("completionMode: Indexed"));
        for index in 0..pods {
            let ran =
                run(with_gongkai(&command[0], &site, &[]).args(command[1..].iter().map(|word| place(word))).env("JOB_COMPLETION_INDEX", index.to_string()));
            assert_eq!(ran.code, 0, "{command:?}: {}", ran.err);
        }
    }
    assert_eq!(differing(&site.all(), &one), [""; 0]);
}

#[test]
fn the_columns_are_those_of_the_page_and_the_query_answers() {
    let site = fixture();
    take(&site, "gather", &["--shard", "1/2"]);
    take(&site, "gather", &["--shard", "2/2"]);
    let reader = SerializedFileReader::new(File::open(site.path().join("work/gather-1-of-2.parquet")).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr();
    let page = fs::read_to_string(demo().join("docs/scale.md")).unwrap();
    let (_, table) = page.split_once("| column | type | what |").unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|')).map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let said: Vec<(String, String)> = rows.map(|row| (row[1].trim_matches('`').to_string(), row[2].to_string())).collect();
    let columns = schema.columns().iter().map(|column| {
        let kind = if column.physical_type() == parquet::basic::Type::INT32 { "int32" } else { "text" };
        (column.name().to_string(), if column.self_type().is_optional() { format!("{kind} or null") } else { kind.to_string() })
    });
    assert_eq!(said, columns.collect::<Vec<_>>());

    let ask = "import duckdb, sys; print(duckdb.sql(sys.stdin.read()).fetchall())";
    let known = Command::new("python3").args(["-c", "import duckdb"]).output().is_ok_and(|tried| tried.status.success());
    if !known {
        return skipped("python3 has no duckdb");
    }
    let mut asking = Command::new("python3");
    fs::write(site.path().join("query.sql"), block("sql")).unwrap();
    let answer = run(asking.args(["-c", ask]).current_dir(site.path()).stdin(File::open(site.path().join("query.sql")).unwrap()));
    assert_eq!(answer.out.trim(), "[(2022, Decimal('9.00'), 3), (2023, Decimal('12.00'), 4), (2024, Decimal('13.00'), 4)]", "{}", answer.err);
}
