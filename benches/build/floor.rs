//! The raw floor: read all, Markdown to HTML, Tera, write all. No checks, no lists, no comparison, no links, no search.

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use tera::{Context, Tera};

/// Makes a page of every report below a folder.
pub(crate) fn run(content: &Path, output: &Path) {
    let mut tera = Tera::new();
    tera.add_raw_template("page.html", include_str!("page.html")).unwrap();
    let paths = walkdir::WalkDir::new(content).into_iter().map(|entry| entry.unwrap().into_path());
    let reports: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|ending| ending == "md") && !path.ends_with("_index.md")).collect();
    reports.par_iter().for_each(|path| {
        let text = fs::read_to_string(path).unwrap();
        let (front, body) = text.trim_start_matches("+++\n").split_once("\n+++\n").unwrap();
        let rows: Vec<(&str, &str)> = front.lines().filter_map(|line| line.split_once(" = ")).map(|(key, value)| (key, value.trim_matches('"'))).collect();
        let mut page = String::with_capacity(body.len() * 2);
        html::push_html(&mut page, Parser::new_ext(body, Options::ENABLE_TABLES));
        let mut context = Context::new();
        context.insert("title", rows[0].1);
        context.insert("rows", &rows);
        context.insert("body", &page);
        let folder = output.join(path.strip_prefix(content).unwrap()).with_extension("");
        fs::create_dir_all(&folder).unwrap();
        let mut file = Vec::with_capacity(16 * 1024);
        tera.render_to("page.html", &context, &mut file).unwrap();
        fs::write(folder.join("index.html"), file).unwrap();
    });
}
