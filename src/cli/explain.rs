//! `gongkai explain RULE`: the rule's page, as it stands in docs/checks.

use super::{Common, print, say};
use clap::Args;
use gongkai::diag::{RULES, Words};
use gongkai::fields::nearest;
use include_dir::{Dir, include_dir};

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/docs/checks");

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Code of the rule, as `check` prints it 规则编号，如 figure/sum-mismatch
    rule: String,
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        let page = PAGES.get_file(format!("{}.md", self.rule)).and_then(|file| file.contents_utf8());
        if let Some(page) = page.filter(|_| RULES.iter().any(|rule| rule.code == self.rule)) {
            print(page);
            return 0;
        }
        let near = nearest(&self.rule, RULES.iter().map(|rule| rule.code))
            .map(|near| (format!("；是不是 {near}？"), format!("; did you mean {near}?")))
            .unwrap_or_default();
        let words = Words::new(
            format!("没有 {} 这条规则{}全部规则见 gongkai list rules。", self.rule, if near.0.is_empty() { "。".to_string() } else { near.0 }),
            format!("there is no rule {}{} `gongkai list rules` names all.", self.rule, if near.1.is_empty() { ";".to_string() } else { near.1 }),
        );
        say(words.in_language(common.language()));
        2
    }
}
