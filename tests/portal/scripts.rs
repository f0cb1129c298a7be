//! Scripts of a theme: under names of their content, with their digest, and none but them.

use crate::site::Site;

fn with_scripts() -> Site {
    let site = Site::small();
    site.put("themes/mine/static/js/site.js", "// Remembers what is chosen.\n(function () {\n  document.title += \"1\";\n})();\n");
    site.put("themes/mine/static/js/report.js", "let a = `\n  kept`;\n");
    site.put("config.toml", "today = 2026-03-01\ntheme = \"mine\"\nbase_url = \"https://gk.example/nb/\"\n");
    site
}

/// The tags of scripts, JSON-LD aside.
fn tags(page: &str) -> Vec<&str> {
    page.match_indices("<script").map(|(at, _)| page[at..].split('>').next().unwrap()).filter(|tag| !tag.contains("ld+json")).collect()
}

#[test]
fn pages_carry_the_script_of_every_page_and_that_of_their_kind() {
    let site = with_scripts();
    site.build(&[]);
    let files = site.all();
    let found = |name: &str| files.keys().find(|path| path.starts_with(&format!("assets/{name}.")) && path.ends_with(".js")).unwrap();
    assert_eq!(String::from_utf8_lossy(&files[found("site")]), "(function () {\ndocument.title += \"1\";\n})();\n");
    assert_eq!(String::from_utf8_lossy(&files[found("report")]), "let a = `\n  kept`;\n");
    assert!(!files.keys().any(|path| path.starts_with("js/")));
    let (report, home, missing) = (site.page("yi/2024/"), site.page(""), site.page("404.html"));
    for (page, way, expected) in [(&report, "../../", 2), (&home, "", 1), (&missing, "/nb/", 1)] {
        let tags = tags(page);
        assert_eq!(tags.len(), expected, "{tags:?}");
        assert!(tags[0].starts_with(&format!("<script src=\"{way}{}\" integrity=\"sha256-", found("site"))), "{tags:?}");
    }
    assert!(tags(&report)[1].contains(found("report").as_str()) && tags(&report)[1].contains(" defer "), "only settings run before the page is painted");
    // Another byte is another name, and the old file is gone.
    let before = found("site").clone();
    site.put("themes/mine/static/js/site.js", "let b;\n");
    site.build(&[]);
    assert!(!site.all().contains_key(&before) && site.page("").contains("assets/site."));
}

#[test]
fn a_portal_for_a_folder_has_no_digests_that_browsers_refuse() {
    let site = with_scripts();
    site.build(&["--relative-urls"]);
    let page = site.page("yi/2024/");
    assert!(tags(&page)[0].starts_with("<script src=\"../../assets/site.") && !page.contains("integrity"), "{page}");
}

#[test]
fn no_other_script_is_let_through() {
    let page = |markup: &str| format!("{{% extends \"base.html\" %}}{{% block main %}}<h1>x</h1>{markup}{{% endblock main %}}");
    for (markup, why) in [
        ("<script>1</script>", "frame.scripts"),
        ("<script src=\"https://a.example/x.js\" defer></script>", "frame.scripts"),
        ("<script src=\"../../js/own.js\" defer></script>", "frame.scripts"),
        ("<script src=\"{{ frame.root }}js/own.js\" defer></script>", "none of the portal's own"),
        ("<script src=\"{{ frame.css }}\" defer></script>", "none of the portal's own"),
        ("{% for s in frame.scripts %}<script src=\"{{ s.src }}\" defer></script>{% endfor %}", "none of the portal's own"),
        ("{% for s in frame.scripts %}<script src=\"{{ s.src }}\" async integrity=\"{{ s.integrity }}\"></script>{% endfor %}", "an inline script"),
        ("<SCRIPT>1</SCRIPT>", "an inline script"),
    ] {
        let site = with_scripts();
        site.put("static/js/deep/own.js", "1");
        site.put("templates/pages/report.html", page(markup));
        let built = site.run(&["--lang", "en", "build"]);
        assert_eq!(built.code, 1, "{markup}: {}", built.err);
        assert!(built.err.contains(why), "{markup}: {}", built.err);
        assert!(!site.public().exists(), "{markup}");
    }
    let site = with_scripts();
    let own = "{% for s in frame.scripts %}<script src=\"{{ s.src }}\" defer integrity=\"{{ s.integrity }}\"></script>{% endfor %}";
    site.put("templates/pages/report.html", page(own));
    site.build(&[]);
}
