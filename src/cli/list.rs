//! `gongkai list WHAT`: one entry a line, columns parted by tabs.

use super::{Common, print};
use clap::{Args, ValueEnum};
use gongkai::analyze::{Calendar, Filing};
use gongkai::config::Overlay;
use gongkai::diag::{Language, RULES};
use gongkai::driver::{self, Examined, Site};
use std::fmt::Write as _;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What to list 列出什么
    #[arg(value_enum)]
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum What {
    /// Bodies with their addresses 机关
    Bodies,
    /// Reports with date and form 年报
    Reports,
    /// Years without a report after the deadline 未见报告的年度
    Missing,
    /// Reports published after the deadline 逾期发布的年报
    Late,
    /// Reports changed after publication 发布后更正过的年报
    Revised,
    /// Drafts and reports held back 草稿和未发布的年报
    Drafts,
    /// Rules of the check 检查规则
    Rules,
    /// Indicators 指标
    Indicators,
    /// Pages of the portal 门户的页面
    Pages,
}

impl Arguments {
    pub(crate) fn run(self, common: &Common) -> u8 {
        if self.what == What::Rules {
            print(&rules(common.language()));
            return 0;
        }
        let site = match common.open(Overlay::default(), false, false) {
            Ok(site) => site,
            Err(code) => return code,
        };
        if self.what == What::Indicators {
            print(&indicators(&site, common.language()));
            return 0;
        }
        match driver::check(&site, &|_, _, _| {}) {
            Err(failure) => common.failed(&failure),
            Ok(examined) => {
                print(&self.of_site(&site, &examined));
                // A list of a site that cannot be read would be short without saying so.
                if examined.exit_code() > 0 {
                    common.findings(&examined.findings);
                }
                examined.exit_code()
            }
        }
    }

    fn of_site(&self, site: &Site, examined: &Examined) -> String {
        match self.what {
            What::Bodies => bodies(examined),
            What::Reports => reports(site, examined),
            What::Missing => filings(site, examined, |filing| filing == Filing::Missing),
            What::Late => filings(site, examined, |filing| matches!(filing, Filing::Late(_))),
            What::Drafts => drafts(examined),
            What::Revised => revised(examined),
            What::Pages => examined.plan.addresses().fold(String::new(), |mut all, address| {
                let _ = writeln!(all, "/{address}");
                all
            }),
            What::Rules | What::Indicators => String::new(),
        }
    }
}

fn rules(language: Language) -> String {
    RULES.iter().fold(String::new(), |mut all, rule| {
        let _ = writeln!(all, "{}\t{}\t{}", rule.code, rule.severity.word(), if language == Language::Zh { rule.title } else { rule.title_en });
        all
    })
}

fn indicators(site: &Site, language: Language) -> String {
    site.registry.indicators().iter().fold(String::new(), |mut all, known| {
        let _ = writeln!(all, "{}\t{}\t{}", known.key, if language == Language::Zh { &known.name } else { &known.name_en }, known.unit);
        all
    })
}

fn bodies(examined: &Examined) -> String {
    examined.gathered.tree.iter().fold(String::new(), |mut all, body| {
        let _ = writeln!(all, "/{}\t{}\t{}\t{}", body.path, body.title, body.level.key(), examined.gathered.filed[body.id.0 as usize].reports.len());
        all
    })
}

fn reports(site: &Site, examined: &Examined) -> String {
    let mut all = String::new();
    for report in examined.gathered.filed.iter().flat_map(|facts| facts.published()) {
        let date = report.date.map_or("—".to_string(), |date| date.to_string());
        let _ = writeln!(all, "{}\t{}\t{}\t{}\t{}", report.file, report.id.year, date, site.registry.form(report.form).edition, report.title);
    }
    all
}

fn filings(site: &Site, examined: &Examined, wanted: impl Fn(Filing) -> bool) -> String {
    let calendar = Calendar { config: &site.config, registry: &site.registry, today: site.today };
    let mut all = String::new();
    for body in examined.gathered.tree.iter() {
        let facts = &examined.gathered.filed[body.id.0 as usize];
        for year in calendar.years(body, facts) {
            let filing = calendar.filing(body, year, facts.report(year));
            if wanted(filing) {
                let days = if let Filing::Late(days) = filing { format!("\t{days}") } else { String::new() };
                let _ = writeln!(all, "/{}\t{}\t{year}\t{}{days}", body.path, body.title, calendar.deadline(body, year));
            }
        }
    }
    all
}

fn revised(examined: &Examined) -> String {
    let mut all = String::new();
    for report in examined.gathered.filed.iter().flat_map(|facts| facts.published()) {
        for revision in &report.revisions {
            let _ = writeln!(all, "{}\t{}\t{}\t{}", report.file, revision.no, revision.date, revision.reason);
        }
    }
    all
}

fn drafts(examined: &Examined) -> String {
    examined.gathered.held.iter().fold(String::new(), |mut all, held| {
        let why = match held.standing {
            gongkai::analyze::Standing::Draft => "draft",
            gongkai::analyze::Standing::Future => "future",
            gongkai::analyze::Standing::Unapproved => "unapproved",
            gongkai::analyze::Standing::Published => "published",
        };
        let _ = writeln!(all, "{}\t{why}", held.file);
        all
    })
}
