//! D1, D3, D5, D9, D18: every call that changes the disk fails once, fails from here on, or is where the process dies.

use super::*;
use crate::publish::disk::Faults;
use crate::publish::place;
use crate::publish::rollback::rollback_on;
use crate::publish::tree::{STAGING, is_staging};
use std::io::ErrorKind;

const FIRST: &[(&str, &str)] = &[("index.html", "first")];
const BACKS: [Back; 3] = [Back::Whole, Back::None, Back::HalfDone];

/// The tree that a clean build gives.
fn portal(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let site = Site::in_memory();
    site.publish(files).expect("published");
    tree(&site.live(""))
}

/// What stands at the back tree's name before a publication.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Back {
    Whole,
    None,
    /// Left by a build that was killed: some of it, some of it wrong.
    HalfDone,
}

/// Publishes [`NEW`] over [`OLD`] with every fault there is, until one is not met.
fn with_every_fault(two_renames: bool, back: Back, calls: usize, kind: ErrorKind, judge: impl Fn(&Site, Result<Summary, PublishError>, usize)) {
    for from in 0.. {
        let mut site = Site::in_memory();
        site.options.two_renames = two_renames;
        site.options.foreign = vec!["CNAME".into()];
        if back == Back::Whole {
            site.publish(FIRST).expect("published");
        }
        site.publish(OLD).expect("published");
        site.put("site/public/CNAME", "yunxi.example");
        match back {
            Back::Whole => {}
            Back::None => fs::remove_dir_all(site.at("site/.public.previous")).expect("removed"),
            Back::HalfDone => leave_half_done(&site),
        }
        let faults = Faults::new(from, calls, kind);
        let result = site.publish_on(Disk { faults: Some(faults.clone()) }, NEW);
        if !faults.met() {
            result.expect("no fault, no error");
            assert!(from > 15, "only {from} calls were tried");
            return;
        }
        judge(&site, result, from);
    }
}

fn leave_half_done(site: &Site) {
    let back = site.at("site/.public.previous");
    for (path, text) in [("index.html", "new"), ("yunxi/2024/index.html", "mo"), ("yunxi/stray/index.html", "of nobody"), (STAGING, "")] {
        let _ = fs::remove_file(back.join(path));
        site.put(&format!("site/.public.previous/{path}"), text);
    }
    for path in ["SHA256SUMS", "gongkai.json", "附件/年报 (一).pdf"] {
        fs::remove_file(back.join(path)).expect("removed");
    }
}

fn with_cname(mut portal: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    portal.insert("CNAME".into(), b"yunxi.example".to_vec());
    portal
}

#[test]
fn d1_d3_d5_one_failed_call_leaves_the_old_portal_or_gives_the_new_one() {
    let (old, new) = (with_cname(portal(OLD)), with_cname(portal(NEW)));
    for (two_renames, back) in BACKS.into_iter().flat_map(|back| [(false, back), (true, back)]) {
        for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
            with_every_fault(two_renames, back, 1, kind, |site, result, from| {
                let live = tree(&site.live(""));
                match result {
                    Ok(_) => {
                        assert!(live == new, "call {from}: published, but not whole");
                        let kept = [".public.previous", ".public.staging", ".public.outgoing"].iter().any(|helper| tree(&site.at("site").join(helper)) == old);
                        assert!(kept, "call {from}: the step back is lost");
                    }
                    Err(error) => {
                        assert!(live == old, "call {from}: the old portal was touched: {error}");
                        assert_eq!(error.exit_code(), 3, "call {from}: {error}");
                        assert!(!site.at("site/.public.staging").exists(), "call {from}: staging stays");
                    }
                }
            });
        }
    }
}

#[test]
fn d9_d18_after_a_crash_at_any_call_the_next_build_needs_no_repair() {
    let (old, new) = (with_cname(portal(OLD)), with_cname(portal(NEW)));
    let last = with_cname(portal(&[("index.html", "last")]));
    for (two_renames, back) in BACKS.into_iter().flat_map(|back| [(false, back), (true, back)]) {
        // From here on every call fails, the cleaning up as well: so it is when the process is gone.
        with_every_fault(two_renames, back, usize::MAX, ErrorKind::Other, |site, result, from| {
            let live = tree(&site.live(""));
            let absent = two_renames && live.is_empty() && site.at("site/.public.outgoing").exists();
            assert!(live == old || live == new || absent, "call {from}: {:?}", live.keys());
            assert!(!(result.is_err() && !two_renames && live == new) || site.at("site/.public.staging").exists(), "call {from}");
            let shown = if live == new { &new } else { &old };
            let summary = site.publish(&[("index.html", "last")]).unwrap_or_else(|error| panic!("call {from}: {error}"));
            assert!(summary.warnings.is_empty(), "call {from}: {:?}", summary.warnings);
            assert!(tree(&site.live("")) == last, "call {from}");
            assert!(&tree(&site.at("site/.public.previous")) == shown, "call {from}: the step back is what people saw");
            assert_eq!(site.helpers(), [".public.lock", ".public.previous"], "call {from}");
        });
    }
}

#[test]
fn after_a_crash_at_any_call_a_step_back_shows_nothing_that_was_never_live() {
    let (first, old, new) = (portal(FIRST), with_cname(portal(OLD)), with_cname(portal(NEW)));
    for (two_renames, back) in BACKS.into_iter().flat_map(|back| [(false, back), (true, back)]) {
        with_every_fault(two_renames, back, usize::MAX, ErrorKind::Other, |site, _, from| {
            let published = tree(&site.live("")) == new;
            let stepped = rollback_on(&Disk::default(), &site.at("site/public"), &site.at("site"), &site.options);
            let stepped = stepped.unwrap_or_else(|error| panic!("call {from}: {error}"));
            let wanted = match (published, stepped) {
                (true, Some(_)) => old.clone(),
                (true, None) => panic!("call {from}: the step back is lost"),
                (false, Some(_)) => with_cname(first.clone()),
                (false, None) => old.clone(),
            };
            assert!(tree(&site.live("")) == wanted, "call {from}, {back:?}: {:?}", tree(&site.live("")).keys());
        });
    }
}

#[test]
fn a_first_publication_cut_off_at_any_call_is_whole_or_none_and_its_back_tree_is_made_later() {
    for (calls, from) in [1, usize::MAX].into_iter().flat_map(|calls| (0..200).map(move |from| (calls, from))) {
        let site = Site::in_memory();
        let faults = Faults::new(from, calls, ErrorKind::StorageFull);
        let result = site.publish_on(Disk { faults: Some(faults.clone()) }, OLD);
        if !faults.met() {
            assert!(from > 25 && tree(&site.at("site/.public.previous")) == portal(OLD), "{from}");
            continue;
        }
        let (live, back) = (tree(&site.live("")), site.at("site/.public.previous"));
        // Where even the step back fails, what is shown is whole all the same.
        let none = result.is_err() && live.is_empty();
        assert!(none || (live == portal(OLD) && (result.is_ok() || calls > 1)), "call {from}: {:?}", live.keys());
        let whole = !back.exists() || place::is_empty(&back).expect("readable") || is_staging(&back) || tree(&back) == portal(OLD);
        assert!(whole, "call {from}: {:?}", tree(&back).keys());
        // With the same bytes there is nothing to publish; what was left half done is made whole all the same.
        site.publish(OLD).unwrap_or_else(|error| panic!("call {from}: {error}"));
        assert!(tree(&back) == portal(OLD), "call {from}: {:?}", tree(&back).keys());
        assert_eq!(site.publish(NEW).expect("published").warnings, [], "call {from}");
        assert!(tree(&site.live("")) == portal(NEW) && tree(&back) == portal(OLD), "call {from}");
        assert_eq!(site.helpers(), [".public.lock", ".public.previous"], "call {from}");
    }
}

#[cfg(unix)]
#[test]
fn a_back_tree_left_half_done_is_gone_on_with() {
    use std::os::unix::fs::MetadataExt as _;
    let site = Site::in_memory();
    site.publish(OLD).expect("published");
    leave_half_done(&site);
    let number = |path: &str| fs::metadata(site.at(path)).expect("there").ino();
    let (folder, same) = (number("site/.public.previous"), number("site/.public.previous/yunxi/2023/index.html"));
    assert_eq!(rollback_on(&Disk::default(), &site.at("site/public"), &site.at("site"), &site.options).expect("looked at"), None, "it is no step back");
    let summary = site.publish(NEW).expect("published");
    assert_eq!((summary.added, summary.changed, summary.removed, summary.warnings.len()), (1, 1, 1, 0));
    assert_eq!((number("site/public"), number("site/public/yunxi/2023/index.html")), (folder, same), "the same tree, and what fits in it");
    assert!(tree(&site.live("")) == portal(NEW) && tree(&site.at("site/.public.previous")) == portal(OLD));
}

#[test]
fn a_step_back_that_fails_or_is_cut_off_shows_one_portal_or_the_other() {
    for (two_renames, calls) in [(false, 1), (false, usize::MAX), (true, 1), (true, usize::MAX)] {
        for from in 0.. {
            let mut site = Site::in_memory();
            site.options.two_renames = two_renames;
            site.publish(OLD).expect("published");
            site.publish(NEW).expect("published");
            let faults = Faults::new(from, calls, ErrorKind::Other);
            let disk = Disk { faults: Some(faults.clone()) };
            let result = rollback_on(&disk, &site.at("site/public"), &site.at("site"), &site.options);
            if !faults.met() {
                assert_eq!(result.expect("no fault, no error"), Some(4));
                break;
            }
            // The next build puts in order what was cut off between two renames.
            drop(site.prepare_at("site/public").unwrap_or_else(|error| panic!("call {from}: {error}")));
            let live = tree(&site.live(""));
            assert!(live == portal(OLD) || live == portal(NEW), "call {from}: {:?}", live.keys());
            let other = if live == portal(OLD) { NEW } else { OLD };
            assert!(tree(&site.at("site/.public.previous")) == portal(other), "call {from}: the other portal is lost");
        }
    }
}

#[test]
fn a_crash_between_the_exchange_and_its_clearing_keeps_the_step_back() {
    let site = Site::in_memory();
    site.publish(OLD).expect("published");
    let before = crate::publish::Seal::read(&site.live("")).expect("readable");
    let crate::publish::Seal::Whole(manifest) = before else { panic!("{before:?}") };
    site.publish(NEW).expect("published");
    // As it is when the process dies right after the exchange.
    fs::rename(site.at("site/.public.previous"), site.at("site/.public.staging")).expect("renamed");
    fs::write(site.at("site/.public.lock"), manifest.digest().hex()).expect("written");
    drop(site.prepare_at("site/public").expect("prepared"));
    assert!(tree(&site.at("site/.public.previous")) == portal(OLD));
    assert!(tree(&site.live("")) == portal(NEW));
}

#[test]
fn a_full_disk_says_how_many_bytes_it_took() {
    let site = Site::in_memory();
    site.publish(OLD).expect("published");
    let faults = Faults::new(4, usize::MAX, ErrorKind::StorageFull);
    let error = site.publish_on(Disk { faults: Some(faults) }, &[("a", "12345"), ("b", "x")]).expect_err("full");
    assert!(matches!(error, PublishError::Io { written: 5, .. }) || matches!(error, PublishError::Io { written: 0, .. }), "{error:?}");
    assert!(error.words().zh.contains("磁盘空间"), "{}", error.words().zh);
    assert!(tree(&site.live("")) == portal(OLD));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_system_without_exchange_names_the_way_out() {
    let mut site = Site::in_memory();
    site.publish(OLD).expect("published");
    let faults = Faults::without_exchange();
    let error = site.publish_on(Disk { faults: Some(faults) }, NEW).expect_err("refused");
    assert!(matches!(error, PublishError::NoExchange { .. }) && error.exit_code() == 3, "{error:?}");
    assert!(error.words().en.contains("--two-renames"));
    assert!(tree(&site.live("")) == portal(OLD));
    assert_eq!(site.helpers(), [".public.lock", ".public.previous"]);
    site.options.two_renames = true;
    site.publish(NEW).expect("published");
    assert!(tree(&site.live("")) == portal(NEW) && tree(&site.at("site/.public.previous")) == portal(OLD));
}
