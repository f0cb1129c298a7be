//! D1, D3, D5, D9, D18: every call that changes the disk fails once, fails from here on, or is where the process dies.

use super::*;
use crate::publish::disk::Faults;
use std::io::ErrorKind;

/// The tree that a clean build gives.
fn portal(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let site = Site::new();
    site.publish(files).expect("published");
    tree(&site.live(""))
}

/// Publishes [`NEW`] over [`OLD`] with every fault there is, until one is not met.
fn with_every_fault(two_renames: bool, calls: usize, kind: ErrorKind, judge: impl Fn(&Site, Result<Summary, PublishError>, usize)) {
    for from in 0.. {
        let mut site = Site::new();
        site.options.two_renames = two_renames;
        site.options.foreign = vec!["CNAME".into()];
        site.publish(&[("index.html", "first")]).expect("published");
        site.publish(OLD).expect("published");
        site.put("site/public/CNAME", "yunxi.example");
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

fn with_cname(mut portal: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    portal.insert("CNAME".into(), b"yunxi.example".to_vec());
    portal
}

#[test]
fn d1_d3_d5_one_failed_call_leaves_the_old_portal_or_gives_the_new_one() {
    let (old, new) = (with_cname(portal(OLD)), with_cname(portal(NEW)));
    for two_renames in [false, true] {
        for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
            with_every_fault(two_renames, 1, kind, |site, result, from| {
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
    for two_renames in [false, true] {
        // From here on every call fails, the cleaning up as well: so it is when the process is gone.
        with_every_fault(two_renames, usize::MAX, ErrorKind::Other, |site, result, from| {
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
fn a_step_back_that_fails_or_is_cut_off_shows_one_portal_or_the_other() {
    for (two_renames, calls) in [(false, 1), (false, usize::MAX), (true, 1), (true, usize::MAX)] {
        for from in 0.. {
            let mut site = Site::new();
            site.options.two_renames = two_renames;
            site.publish(OLD).expect("published");
            site.publish(NEW).expect("published");
            let faults = Faults::new(from, calls, ErrorKind::Other);
            let disk = Disk { faults: Some(faults.clone()) };
            let result = crate::publish::rollback::rollback_on(&disk, &site.at("site/public"), &site.at("site"), &site.options);
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
    let site = Site::new();
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
    let site = Site::new();
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
    let site = Site::new();
    site.publish(OLD).expect("published");
    let faults = Faults::without_exchange();
    let error = site.publish_on(Disk { faults: Some(faults) }, NEW).expect_err("refused");
    assert!(matches!(error, PublishError::NoExchange { .. }) && error.exit_code() == 3, "{error:?}");
    assert!(error.words().en.contains("--two-renames"));
    assert!(tree(&site.live("")) == portal(OLD));
    assert_eq!(site.helpers(), [".public.lock"]);
}
