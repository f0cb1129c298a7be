//! The sheet for the notice board: what it says, and that a telephone reads its code from paper.

use crate::site::{Site, skipped};
use std::process::Command;

fn with_contact(config: &str) -> Site {
    let site = Site::small();
    site.put("config.toml", format!("today = 2026-03-01\n{config}"));
    site.put("content/_index.md", "+++\ntitle = \"甲县\"\n[contact]\noffice = \"甲县公开办\"\naddress = \"城关1号\"\nhours = \"工作日\"\n+++\n");
    site.build(&[]);
    site
}

#[test]
fn the_sheet_is_of_the_newest_report_and_says_where_to_ask() {
    let site = with_contact("base_url = \"https://gk.example/nb/\"\n");
    let sheet = site.page("yi/notice/");
    for said in [
        "<h1>乙镇2024年<wbr>政府信息公开年报</h1>",
        "主动公开50条，比2023年增10",
        "甲县公开办",
        "城关1号",
        "https://gk.example/nb/yi/2024/",
        "修订号0",
        "class=\"qr\"",
    ] {
        assert!(sheet.contains(said), "{said}\n{sheet}");
    }
    assert!(site.page("yi/2024/").contains("../notice/") && !site.page("yi/2023/").contains("../notice/"), "one sheet a body");
    let refused = site.put("content/notice/_index.md", "+++\ntitle = \"丙镇\"\n+++\n").run(&["check"]);
    assert!(refused.code == 1 && refused.err.contains("address-reserved"), "{}", refused.err);
}

#[test]
fn a_portal_that_does_not_know_its_address_says_so() {
    let sheet = with_contact("").page("yi/notice/");
    assert!(!sheet.contains("class=\"qr\"") && sheet.contains("还没有登记网址"), "{sheet}");
}

/// Runs a tool; none where the machine does not have it.
fn tool(name: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(name).args(arguments).output().ok()?;
    Some(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn the_code_is_read_from_the_printed_sheet() {
    if ["chromium", "pdftoppm", "zbarimg"].iter().any(|name| tool(name, &["--version"]).is_none()) {
        skipped("chromium, pdftoppm or zbarimg is not there to print the sheet and read its code");
        return;
    }
    let site = Site::small();
    site.put("config.toml", "today = 2026-03-01\nbase_url = \"https://gk.example/nb/\"\n");
    site.build(&["--relative-urls"]);
    let path = |name: &str| site.path().join(name).display().to_string();
    let profile = format!("--user-data-dir={}", path("profile"));
    let page = format!("file://{}", site.public().join("yi/notice/index.html").display());
    let printed = tool(
        "chromium",
        &["--headless=new", "--no-sandbox", "--disable-gpu", &profile, "--no-pdf-header-footer", &format!("--print-to-pdf={}", path("sheet.pdf")), &page],
    );
    assert!(site.path().join("sheet.pdf").exists(), "{printed:?}");
    tool("pdftoppm", &["-r", "150", "-png", &path("sheet.pdf"), &path("sheet")]);
    let sheets: Vec<_> =
        std::fs::read_dir(site.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|kind| kind == "png")).collect();
    assert_eq!(sheets.len(), 1, "one page: {sheets:?}");
    let read = tool("zbarimg", &["--quiet", "--raw", &sheets[0].display().to_string()]).unwrap();
    assert!(read.contains("https://gk.example/nb/yi/2024/"), "{read}");
}
