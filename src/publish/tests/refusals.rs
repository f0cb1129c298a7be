//! D12, D8, E1, E2: what is refused, and that refusing touches nothing.

use super::*;
use crate::publish::{Refusal, place};

/// The refusal for an output, after a check that nothing was touched.
fn refusal(site: &Site, output: &Path) -> Refusal {
    let before = tree(site.folder.path());
    let error = Directory::prepare(output, &site.at("site"), &site.options).expect_err("a wrong target");
    assert_eq!(tree(site.folder.path()), before, "{} was touched", output.display());
    assert_eq!(error.exit_code(), 2, "{error}");
    match error {
        PublishError::Refused { why, .. } => why,
        other => panic!("{} gave {other:?}", output.display()),
    }
}

#[test]
fn d12_source_and_what_is_around_it() {
    let site = Site::new();
    for (output, why) in [
        ("site", Refusal::Source),
        ("site/", Refusal::Source),
        ("site/content/..", Refusal::Source),
        ("site/../site", Refusal::Source),
        ("", Refusal::AboveSource),
        ("site/content", Refusal::InSource),
        ("site/content/yunxi/2023", Refusal::InSource),
        ("site/themes", Refusal::InSource),
        ("site/themes/default/out", Refusal::InSource),
        ("site/static", Refusal::InSource),
        ("home", Refusal::Home),
        ("home/../home/", Refusal::Home),
    ] {
        assert_eq!(refusal(&site, &site.at(output)), why, "{output}");
    }
    assert_eq!(refusal(&site, Path::new("/")), Refusal::FileSystemRoot);
    assert_eq!(refusal(&site, Path::new("/..")), Refusal::FileSystemRoot);
    assert_eq!(refusal(&site, Path::new("")), Refusal::NoName);
}

#[test]
fn d12_the_root_of_the_source_even_with_our_marker() {
    let site = Site::new();
    site.publish(OLD).expect("published");
    fs::copy(site.live("gongkai.json"), site.at("site/gongkai.json")).expect("copied");
    fs::copy(site.live("SHA256SUMS"), site.at("site/SHA256SUMS")).expect("copied");
    assert_eq!(refusal(&site, &site.at("site")), Refusal::Source);
}

#[test]
fn d12_folders_that_are_not_ours() {
    let site = Site::new();
    site.put("full/photo.jpg", "x");
    assert_eq!(refusal(&site, &site.at("full")), Refusal::NotOurs);
    site.put("full/gongkai.json", "{\"generator\":\"other\"}");
    assert_eq!(refusal(&site, &site.at("full")), Refusal::NotOurs);
    site.put("full/gongkai.json", "{\"generator\":\"gongkai\",\"sha256sums\":\"00\"}");
    assert_eq!(refusal(&site, &site.at("full")), Refusal::Unsealed);
    site.put("full/SHA256SUMS", "");
    assert_eq!(refusal(&site, &site.at("full")), Refusal::Unsealed);
    site.put("file", "x");
    assert_eq!(refusal(&site, &site.at("file")), Refusal::NotAFolder);
}

#[test]
fn d12_git_folders() {
    let site = Site::new();
    fs::create_dir_all(site.at("clone/.git")).expect("made");
    assert_eq!(refusal(&site, &site.at("clone")), Refusal::Git);
    assert_eq!(refusal(&site, &site.at("clone/.git")), Refusal::Git);
    assert_eq!(refusal(&site, &site.at("clone/.git/out")), Refusal::Git);
    site.put("worktree/.git", "gitdir: elsewhere");
    assert_eq!(refusal(&site, &site.at("worktree")), Refusal::Git);
    site.publish(OLD).expect("published");
    site.put("site/public/.git", "gitdir: elsewhere");
    assert_eq!(refusal(&site, &site.at("site/public")), Refusal::Git, "our marker does not make it safe");
}

#[cfg(unix)]
#[test]
fn d12_symbolic_links_to_anything() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    fs::create_dir_all(site.at("empty")).expect("made");
    for (name, target) in [("to-empty", "empty"), ("dangling", "nowhere"), ("to-site", "site")] {
        symlink(target, site.at(name)).expect("linked");
        assert_eq!(refusal(&site, &site.at(name)), Refusal::Symlink, "{name}");
        assert_eq!(refusal(&site, &site.at(&format!("{name}/"))), Refusal::Symlink, "{name} with a slash");
    }
    // A link above the output is followed, and what it leads to is judged.
    assert_eq!(refusal(&site, &site.at("to-site/content/x")), Refusal::InSource);
    assert_eq!(refusal(&site, &site.at("dangling/out")), Refusal::NoName);
}

#[cfg(target_os = "linux")]
#[test]
fn d12_mount_points() {
    let site = Site::new();
    assert_eq!(refusal(&site, Path::new("/proc")), Refusal::MountPoint);
}

#[test]
fn names_beside_the_output_are_not_taken_from_others() {
    for helper in [".public.staging/notes.txt", ".public.previous/notes.txt", ".public.outgoing/notes.txt", ".public.staging", ".public.lock/x"] {
        let site = Site::new();
        site.put(&format!("site/{helper}"), "mine");
        assert_eq!(refusal(&site, &site.at("site/public")), Refusal::HelperTaken, "{helper}");
    }
}

#[test]
fn missing_folders_above_are_made() {
    let site = Site::new();
    let directory = site.prepare_at("srv/www/portal").expect("a new place");
    write_all(&directory, OLD).expect("written");
    directory.commit().expect("published");
    assert_eq!(fs::read(site.at("srv/www/portal/index.html")).expect("there"), b"old");
    assert_eq!(refusal(&site, &site.at("nowhere/../site/public")), Refusal::NoName);
}

#[test]
fn e1_one_build_at_a_time_and_e2_the_file_alone_locks_nothing() {
    let site = Site::new();
    site.put("site/.public.lock", "left by a crash");
    let first = site.prepare_at("site/public").expect("a stale file is no lock");
    let error = site.prepare_at("site/public").expect_err("the first build runs");
    assert!(matches!(error, PublishError::Locked { .. }) && error.exit_code() == 3, "{error}");
    write_all(&first, OLD).expect("the first is not disturbed");
    first.commit().expect("published");
    assert_eq!(site.publish(NEW).expect("the lock is free").changed, 1);
}

#[cfg(unix)]
#[test]
fn d8_a_parent_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    let parent = site.at("closed");
    fs::create_dir(&parent).expect("made");
    fs::set_permissions(&parent, fs::Permissions::from_mode(0o555)).expect("closed");
    let result = site.prepare_at("closed/public");
    // The super-user is not bound by permissions; everybody else is told before reading content.
    match result {
        Ok(_) => assert!(exchange_is_allowed_to_root(&parent)),
        Err(error) => assert_eq!(error.exit_code(), 3, "{error}"),
    }
    // The same refusal where no permission helps: a file in the place of the parent.
    site.put("closed-file", "x");
    assert_eq!(site.prepare_at("closed-file/public").expect_err("no folder").exit_code(), 3);
}

#[cfg(unix)]
fn exchange_is_allowed_to_root(folder: &Path) -> bool {
    crate::publish::exchange::may_write(folder).is_ok()
}

#[test]
fn an_empty_folder_is_a_place() {
    let site = Site::new();
    fs::create_dir(site.live("")).expect("made");
    assert!(place::is_empty(&site.live("")).expect("readable"));
    assert_eq!(site.publish(OLD).expect("published").added, 4);
    assert_eq!(tree(&site.live("")), tree(&site.at("site/.public.previous")), "an empty folder is no portal to go back to");
}
