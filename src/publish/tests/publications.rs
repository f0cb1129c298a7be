//! What is published, what is kept, what is counted.

use super::*;
use crate::digest::Sha256Sum;
use crate::publish::{Made, rollback};
use std::process::Command;
use std::sync::atomic::Ordering;

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let files = tree(folder).into_iter().filter(|(name, _)| !name.ends_with('/') && name != "SHA256SUMS" && name != "gongkai.json");
    files.map(|(name, bytes)| (name, String::from_utf8(bytes).expect("text"))).collect()
}

fn expected(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect()
}

#[test]
fn the_first_and_the_next_publication() {
    let site = Site::new();
    let first = site.publish(OLD).expect("published");
    assert_eq!((first.files, first.bytes, first.added, first.changed, first.removed), (4, 14, 4, 0, 0));
    assert_eq!(texts(&site.live("")), expected(OLD));
    let second = site.publish(NEW).expect("published");
    assert_eq!((second.files, second.added, second.changed, second.removed, second.unchanged), (4, 1, 1, 1, false));
    assert_eq!(texts(&site.live("")), expected(NEW));
    assert_eq!(texts(&site.at("site/.public.previous")), expected(OLD), "a step back");
    assert_eq!(site.helpers(), [".public.lock", ".public.previous"]);
    assert!(second.warnings.is_empty(), "{:?}", second.warnings);
    site.publish(OLD).expect("published");
    assert_eq!(texts(&site.at("site/.public.previous")), expected(NEW), "one step, not two");
}

#[test]
fn sums_are_checked_by_the_common_tool() {
    let site = Site::new();
    site.publish(NEW).expect("published");
    let sums = fs::read_to_string(site.live("SHA256SUMS")).expect("there");
    assert_eq!(sums.lines().count(), 4);
    assert!(sums.is_ascii() || sums.contains("附件"));
    assert!(sums.contains("0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5  yunxi/2023/index.html\n"), "{sums}");
    if let Ok(run) = Command::new("sha256sum").args(["--strict", "--quiet", "-c", "SHA256SUMS"]).current_dir(site.live("")).output() {
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
}

#[test]
fn equal_bytes_publish_nothing() {
    let site = Site::new();
    site.publish(OLD).expect("published");
    let before = tree(&site.at("site"));
    let summary = site.publish(&OLD.iter().rev().copied().collect::<Vec<_>>()).expect("nothing to do");
    assert!(summary.unchanged && summary.files == 4 && summary.added + summary.changed + summary.removed == 0);
    assert_eq!(tree(&site.at("site")), before);
}

#[test]
fn a_folder_is_the_same_whatever_was_before() {
    let (one, other) = (Site::new(), Site::new());
    one.publish(OLD).expect("published");
    one.publish(NEW).expect("published");
    other.publish(NEW).expect("published");
    assert_eq!(tree(&one.live("")), tree(&other.live("")));
}

#[cfg(unix)]
#[test]
fn unchanged_files_are_links_and_changed_ones_new_files() {
    use std::os::unix::fs::MetadataExt;
    let site = Site::new();
    site.publish(OLD).expect("published");
    let inode = |path: &str| fs::metadata(site.live(path)).expect("there").ino();
    let (same, changed) = (inode("yunxi/2023/index.html"), inode("index.html"));
    site.publish(NEW).expect("published");
    assert_eq!(inode("yunxi/2023/index.html"), same);
    assert_ne!(inode("index.html"), changed);
}

#[test]
fn a_file_changed_by_hand_is_mended_and_said() {
    let site = Site::new();
    site.publish(OLD).expect("published");
    site.put("site/public/index.html", "odl");
    fs::remove_file(site.live("yunxi/2022/index.html")).expect("removed");
    let summary = site.publish(OLD).expect("published");
    assert!(!summary.unchanged && summary.changed == 2);
    assert!(summary.warnings[0].en.contains("index.html yunxi/2022/index.html"), "{:?}", summary.warnings);
    assert_eq!(texts(&site.live("")), expected(OLD));
}

#[test]
fn d13_foreign_files_stop_the_build_or_are_carried() {
    let mut site = Site::new();
    site.publish(OLD).expect("published");
    site.put("site/public/CNAME", "yunxi.example");
    site.put("site/public/notes/a.txt", "a");
    site.put("site/public/notes/deep/b.txt", "b");
    site.put("site/public/yunxi/2023/index.html~", "editor");
    fs::create_dir(site.live("void")).expect("made");
    let before = tree(&site.at("site"));
    let error = site.publish(NEW).expect_err("foreign files");
    assert_eq!(error.exit_code(), 1);
    let PublishError::Foreign { files, .. } = error else { panic!("{error:?}") };
    assert_eq!(files, ["CNAME", "notes/a.txt", "notes/deep/b.txt", "void/", "yunxi/2023/index.html~"]);
    let after: BTreeMap<_, _> = tree(&site.at("site")).into_iter().filter(|(name, _)| name != ".public.lock").collect();
    assert_eq!(after, before.into_iter().filter(|(name, _)| name != ".public.lock").collect());

    site.options.foreign = vec!["CNAME".into(), "notes/".into(), "void".into(), "yunxi/2023/index.html~".into()];
    let summary = site.publish(NEW).expect("published");
    assert_eq!((summary.files, summary.removed), (4, 1), "foreign files are not counted");
    let live = texts(&site.live(""));
    assert_eq!((&*live["CNAME"], &*live["notes/deep/b.txt"], &*live["yunxi/2023/index.html~"]), ("yunxi.example", "b", "editor"));
    assert!(site.live("void").is_dir());
    assert!(!fs::read_to_string(site.live("SHA256SUMS")).expect("there").contains("CNAME"));
    for files in [OLD, NEW, OLD] {
        let summary = site.publish(files).expect("published");
        assert!(summary.warnings.is_empty(), "{:?}", summary.warnings);
        assert_eq!(texts(&site.live(""))["CNAME"], "yunxi.example");
    }
    assert_eq!(site.helpers(), [".public.lock", ".public.previous"]);
}

#[test]
fn d13_foreign_files_that_come_during_the_build() {
    let site = Site::new();
    site.publish(OLD).expect("published");
    let directory = site.prepare_at("site/public").expect("prepared");
    write_all(&directory, NEW).expect("written");
    site.put("site/public/late.txt", "late");
    let error = directory.commit().expect_err("foreign file");
    assert!(matches!(&error, PublishError::Foreign { files, .. } if files == &["late.txt"]), "{error:?}");
    assert_eq!(texts(&site.live(""))["index.html"], "old");
    assert_eq!(site.helpers(), [".public.lock", ".public.previous"]);
}

#[test]
fn a_foreign_file_is_never_covered_by_a_page() {
    let mut site = Site::new();
    site.publish(OLD).expect("published");
    site.options.foreign = vec!["robots.txt".into(), "about".into()];
    site.put("site/public/robots.txt", "mine");
    let error = site.publish(&[("robots.txt", "ours")]).expect_err("taken");
    assert!(matches!(&error, PublishError::Collision { path } if path == "robots.txt") && error.exit_code() == 1, "{error:?}");
    fs::remove_file(site.live("robots.txt")).expect("removed");
    site.put("site/public/about", "mine");
    let error = site.publish(&[("about/index.html", "ours")]).expect_err("taken");
    assert!(matches!(&error, PublishError::Collision { .. }), "{error:?}");
    assert_eq!(texts(&site.live(""))["about"], "mine");
}

#[cfg(unix)]
#[test]
fn a_first_publication_is_given_a_back_tree_of_the_same_files() {
    use std::os::unix::fs::MetadataExt as _;
    let site = Site::new();
    let directory = site.prepare_at("site/public").expect("prepared");
    write_all(&directory, OLD).expect("written");
    assert_eq!(directory.commit().expect("published").back_tree().expect("made"), Some(4));
    let number = |path: String| fs::metadata(site.at(&path)).expect("there").ino();
    assert_eq!(tree(&site.live("")), tree(&site.at("site/.public.previous")));
    for (path, _) in OLD {
        assert_eq!(number(format!("site/public/{path}")), number(format!("site/.public.previous/{path}")), "{path}");
    }
    assert_eq!(rollback(&site.at("site/public"), &site.at("site"), &site.options).expect("looked at"), None, "no other portal to step back to");
    let folder = number("site/.public.previous".into());
    let directory = site.prepare_at("site/public").expect("prepared");
    write_all(&directory, NEW).expect("written");
    assert_eq!(directory.commit().expect("published").back_tree().expect("looked at"), None, "the old portal is the back tree");
    assert_eq!(number("site/public".into()), folder);
    // A portal whose back tree was lost has one again as soon as anybody builds, even if nothing changed.
    fs::remove_dir_all(site.at("site/.public.previous")).expect("removed");
    assert!(site.publish(NEW).expect("looked at").unchanged);
    assert_eq!(tree(&site.live("")), tree(&site.at("site/.public.previous")));
}

#[test]
fn a_signal_stops_the_making_of_the_back_tree_and_not_the_publication() {
    let site = Site::new();
    let directory = site.prepare_at("site/public").expect("prepared");
    write_all(&directory, OLD).expect("written");
    let mut published = directory.commit().expect("published");
    site.options.interrupt.store(true, Ordering::SeqCst);
    assert_eq!(published.back_tree().expect("stopped"), None);
    drop(published);
    assert_eq!(texts(&site.live("")), expected(OLD));
    site.options.interrupt.store(false, Ordering::SeqCst);
    site.publish(OLD).expect("nothing to do");
    assert_eq!(tree(&site.live("")), tree(&site.at("site/.public.previous")));
}

#[cfg(unix)]
#[test]
fn the_portal_before_the_last_becomes_the_next_one() {
    use std::os::unix::fs::MetadataExt as _;
    let site = Site::new();
    let number = |path: &str| fs::metadata(site.at(path)).expect("there").ino();
    site.publish(OLD).expect("published");
    site.publish(NEW).expect("published");
    for files in [OLD, NEW, &[("yunxi", "a file where a folder was"), ("a/b/c", "deep")], NEW] {
        let (before, live) = (number("site/.public.previous"), number("site/public"));
        let shown = texts(&site.live(""));
        site.publish(files).expect("published");
        assert_eq!((number("site/public"), number("site/.public.previous")), (before, live), "the same two folders, exchanged");
        assert_eq!((texts(&site.live("")), texts(&site.at("site/.public.previous"))), (expected(files), shown));
        let other = Site::new();
        other.publish(files).expect("published");
        assert_eq!(tree(&site.live("")), tree(&other.live("")), "no folder and no mark is left over");
        assert_eq!(site.helpers(), [".public.lock", ".public.previous"]);
    }
    site.publish(OLD).expect("published");
    let same = "yunxi/2023/index.html";
    assert_eq!(number(&format!("site/public/{same}")), number(&format!("site/.public.previous/{same}")), "one file in both");
}

#[test]
fn files_are_kept_unread_unless_they_were_touched() {
    let site = Site::new();
    site.publish(OLD).expect("published");
    let made = |path: &str, text: &str| Made { path: path.into(), sum: Sha256Sum::of(text.as_bytes()), length: text.len() as u64 };
    let same = made("yunxi/2023/index.html", "same");
    let directory = site.prepare_at("site/public").expect("prepared");
    assert!(!directory.keep(&[same.clone(), made("index.html", "other")]).expect("looked at"), "all or none");
    assert!(!directory.keep(&[made("none", "")]).expect("looked at"));
    assert!(directory.keep(std::slice::from_ref(&same)).expect("looked at"));
    write_all(&directory, &[("index.html", "new")]).expect("written");
    assert_eq!(directory.held(&same).as_deref(), Some(&b"same"[..]));
    directory.commit().expect("published");
    assert_eq!(texts(&site.live("")), expected(&[("index.html", "new"), ("yunxi/2023/index.html", "same")]));
    // Of the same length, and later than the portal was sealed.
    let path = site.live("yunxi/2023/index.html");
    fs::remove_file(&path).expect("removed");
    fs::write(&path, "mess").expect("written");
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(1);
    fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(later)).expect("timed");
    let directory = site.prepare_at("site/public").expect("prepared");
    assert!(!directory.keep(std::slice::from_ref(&same)).expect("looked at") && directory.held(&same).is_none());
    write_all(&directory, &[("index.html", "new"), ("yunxi/2023/index.html", "same")]).expect("written");
    assert!(!directory.keep(std::slice::from_ref(&same)).expect("looked at"));
    directory.commit().expect("published");
    assert_eq!(texts(&site.live("")), expected(&[("index.html", "new"), ("yunxi/2023/index.html", "same")]));
}

#[test]
fn a_step_back_and_forth() {
    for two_renames in [false, true] {
        let mut site = Site::new();
        site.options.two_renames = two_renames;
        site.options.foreign = vec!["CNAME".into()];
        let back = |site: &Site| rollback(&site.at("site/public"), &site.at("site"), &site.options);
        assert_eq!(back(&site).expect("looked at"), None, "no portal at all");
        site.publish(OLD).expect("published");
        assert_eq!(back(&site).expect("looked at"), None, "no portal before");
        site.publish(NEW).expect("published");
        site.put("site/public/CNAME", "yunxi.example");
        let with_name = |files| {
            let mut all = expected(files);
            all.insert("CNAME".into(), "yunxi.example".into());
            all
        };
        for files in [OLD, NEW, OLD] {
            assert_eq!(back(&site).expect("stepped"), Some(4));
            assert_eq!(texts(&site.live("")), with_name(files));
        }
        assert_eq!(site.helpers(), [".public.lock", ".public.previous"]);
        site.publish(NEW).expect("published");
        assert_eq!(texts(&site.live("")), with_name(NEW));
        assert_eq!(texts(&site.at("site/.public.previous")), with_name(OLD));
        site.put("site/public/notes.txt", "mine");
        assert!(matches!(back(&site), Err(PublishError::Foreign { .. })), "nobody's file is left behind");
    }
}

#[test]
fn what_is_strange_in_the_previous_portal_stays() {
    let site = Site::new();
    site.publish(OLD).expect("published");
    site.publish(NEW).expect("published");
    site.put("site/.public.previous/thesis.doc", "years of work");
    site.put("site/.public.previous/index.html", "edited there");
    let summary = site.publish(OLD).expect("published");
    assert!(summary.warnings[0].zh.contains(".public.previous.1"), "{:?}", summary.warnings);
    let aside = texts(&site.at("site/.public.previous.1"));
    assert_eq!(aside, expected(&[("index.html", "edited there"), ("thesis.doc", "years of work")]));
    assert_eq!(texts(&site.at("site/.public.previous")), expected(NEW));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_previous_portal_leads_removal_nowhere() {
    let site = Site::new();
    site.publish(OLD).expect("published");
    site.publish(NEW).expect("published");
    site.put("elsewhere/index.html", "gone");
    fs::remove_dir_all(site.at("site/.public.previous/yunxi/2022")).expect("removed");
    std::os::unix::fs::symlink(site.at("elsewhere"), site.at("site/.public.previous/yunxi/2022")).expect("linked");
    site.publish(OLD).expect("published");
    assert_eq!(fs::read(site.at("elsewhere/index.html")).expect("still there"), b"gone");
}

#[test]
fn two_renames_do_the_same() {
    let mut site = Site::new();
    site.options.two_renames = true;
    for files in [OLD, NEW, OLD, NEW] {
        site.publish(files).expect("published");
        assert_eq!(texts(&site.live("")), expected(files));
    }
    assert_eq!(texts(&site.at("site/.public.previous")), expected(OLD));
    assert_eq!(site.helpers(), [".public.lock", ".public.previous"]);
}

#[cfg(unix)]
#[test]
fn permissions_of_the_portal_folder_stay() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    site.publish(OLD).expect("published");
    fs::set_permissions(site.live(""), fs::Permissions::from_mode(0o750)).expect("set");
    site.publish(NEW).expect("published");
    assert_eq!(fs::metadata(site.live("")).expect("there").permissions().mode() & 0o777, 0o750);
}

#[test]
fn d14_an_interrupted_build_leaves_nothing() {
    let site = Site::new();
    site.publish(OLD).expect("published");
    let before = tree(&site.at("site"));
    let directory = site.prepare_at("site/public").expect("prepared");
    write_all(&directory, &NEW[..2]).expect("written");
    site.options.interrupt.store(true, Ordering::SeqCst);
    assert!(matches!(write_all(&directory, &NEW[2..]), Err(PublishError::Interrupted)));
    assert!(matches!(directory.commit(), Err(PublishError::Interrupted)));
    assert_eq!(tree(&site.at("site")), before);
}

#[test]
fn a_build_that_is_given_up_leaves_nothing() {
    let site = Site::new();
    let directory = site.prepare_at("site/public").expect("prepared");
    write_all(&directory, NEW).expect("written");
    assert_eq!(site.helpers(), [".public.lock", ".public.staging"]);
    drop(directory);
    assert_eq!(site.helpers(), [".public.lock"]);
    assert!(!site.live("").exists());
}

#[test]
fn an_address_is_taken_once() {
    let site = Site::new();
    site.publish(OLD).expect("published");
    for twice in [
        &[("index.html", "a"), ("index.html", "b")][..],
        &[("yunxi/2023/index.html", "same"), ("yunxi/2023/index.html", "same")],
        &[("a", "x"), ("a/b", "x")],
        &[("a/b", "x"), ("a", "x")],
    ] {
        let error = site.publish(twice).expect_err("one address");
        assert!(matches!(error, PublishError::Twice { .. }), "{twice:?} gave {error:?}");
    }
    let directory = site.prepare_at("site/public").expect("prepared");
    write_all(&directory, &[("a", "x")]).expect("written");
    write_all(&directory, &[("a", "x")]).expect_err("twice");
    assert!(matches!(directory.commit(), Err(PublishError::Incomplete)), "a failed write cannot be overlooked");
    assert_eq!(texts(&site.live("")), expected(OLD));
}

#[test]
fn many_threads_write_one_portal() {
    let site = Site::new();
    let directory = site.prepare_at("site/public").expect("prepared");
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let directory = &directory;
            scope.spawn(move || {
                for page in 0..50 {
                    let path = format!("b{}/{}/index.html", page % 7, worker * 100 + page);
                    write_all(directory, &[(&path, &path)]).expect("written");
                }
            });
        }
    });
    let summary = directory.commit().expect("published").summary;
    assert_eq!((summary.files, summary.added), (400, 400));
    let live = texts(&site.live(""));
    assert!(live.len() == 400 && live.iter().all(|(path, text)| path == text));
}
