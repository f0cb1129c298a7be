//! What every page may ask of the portal: names, addresses as seen from the page, values and changes ready to print.

mod desk;
mod sources;

pub use desk::{Desk, Leaf};
pub use sources::Answers;

use super::assets::{Asset, Assets};
use super::chart::{Mark, Point};
use super::search::Names;
use super::strings::Strings;
use super::view::{Change as ChangeView, Day, Frame, Link, Matrix, MetaTag, NavLink, Script, Value, YearMark};
use crate::analyze::{AllFacts, Calendar, CellState, Change, Filed, Filing, LinkIndex, ReportFacts};
use crate::config::Config;
use crate::diag::Finding;
use crate::model::{
    Accept, Amount, Body, BodyId, BodyTree, Figure, FigureKey, Form, FormId, Indicator, IndicatorId, Reading, Registry, ReportId, TimeSpan, Year,
};
use crate::plan::{Asked, Page, Plan, relative};
use std::collections::BTreeMap;

/// Name of the script that every page carries; a kind's own is named like the kind.
const EVERY_PAGE: &str = "site";
/// Where a theme or a site may put the sign of the portal in the browser's tabs.
const ICON: &str = "icon.svg";

/// Everything pages are made from, but texts.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Configuration.
    pub config: &'a Config,
    /// Forms and indicators.
    pub registry: &'a Registry,
    /// Bodies.
    pub tree: &'a BodyTree,
    /// Facts of all bodies.
    pub facts: &'a dyn AllFacts,
    /// Reports without figures and texts, one entry a body.
    pub filed: &'a [Filed],
    /// How many figures published reports state, breakdowns included.
    pub figure_count: u64,
    /// Bodies with words in a statutory section, by its id.
    pub sections: &'a BTreeMap<Box<str>, Vec<BodyId>>,
    /// What is made.
    pub plan: &'a Plan,
    /// Citations and links.
    pub links: &'a LinkIndex,
    /// Deadlines and the day.
    pub calendar: Calendar<'a>,
    /// Words of the pages' language.
    pub strings: &'a Strings,
    /// Style sheet and scripts.
    pub assets: &'a Assets,
    /// Links name `index.html`.
    pub relative_urls: bool,
    /// Whether the site has files at these addresses: attachments, static files.
    pub files: &'a std::collections::BTreeSet<String>,
    /// What the check found and was left standing; nothing of reports that are held back.
    pub findings: &'a [Finding],
    /// What it found and the body has explained.
    pub accepted: &'a [(Finding, Accept)],
    /// Where search begins, once its files are made.
    pub search: Option<&'a Names>,
}

/// What pages ask. What may differ from build to build is private: whoever asks for it leaves a trace.
#[derive(Clone, Copy, Debug)]
pub struct Portal<'a> {
    /// Configuration.
    pub config: &'a Config,
    /// Forms and indicators.
    pub registry: &'a Registry,
    /// Bodies.
    pub tree: &'a BodyTree,
    /// Words of the pages' language.
    pub strings: &'a Strings,
    /// Style sheet and scripts.
    pub assets: &'a Assets,
    /// Links name `index.html`.
    pub relative_urls: bool,
    sources: Sources<'a>,
    asked: Option<&'a Asked>,
    desk: Option<&'a Desk>,
    leaf: Option<&'a Leaf>,
}

impl<'a> Portal<'a> {
    /// Whether pages are in English.
    pub(super) fn english(&self) -> bool {
        self.config.default_language == "en"
    }

    pub(super) fn word(&self, key: &str) -> &'a str {
        self.strings.get(key)
    }

    pub(super) fn indicator(&self, id: IndicatorId) -> &'a Indicator {
        self.registry.indicator(id)
    }

    /// Name of an indicator in the pages' language.
    pub(super) fn name(&self, id: IndicatorId) -> &'a str {
        let indicator = self.indicator(id);
        if self.english() { &indicator.name_en } else { &indicator.name }
    }

    /// Its shorter name, for sentences and narrow heads.
    pub(super) fn short(&self, id: IndicatorId) -> &'a str {
        let indicator = self.indicator(id);
        if self.english() { &indicator.short_en } else { &indicator.short }
    }

    /// Unit of an indicator in the pages' language; none where it has none.
    pub(super) fn unit(&self, id: IndicatorId) -> Option<String> {
        let unit = &self.indicator(id).unit;
        (!unit.is_empty()).then(|| self.strings.find(&format!("unit.{unit}")).unwrap_or(unit).to_string())
    }

    /// A day for machines and for people.
    pub(super) fn day(&self, day: jiff::civil::Date) -> Day {
        Day { iso: day.to_string(), text: self.date(day) }
    }

    /// A day as the language writes it: 2025年1月20日, 20 January 2025.
    pub(super) fn date(&self, day: jiff::civil::Date) -> String {
        let month = self.word(&format!("month.m{}", day.month()));
        self.strings.fill("word.date", &[("year", &day.year().to_string()), ("month", month), ("day", &day.day().to_string())])
    }

    /// Name of a part of the registry, the raw key for a part that a site has added.
    pub(super) fn part(&self, part: &str) -> String {
        self.strings.find(&format!("part.{part}")).unwrap_or(part).to_string()
    }

    /// `2021版`.
    pub(super) fn edition(&self, form: FormId) -> String {
        self.strings.fill("word.edition", &[("edition", &self.registry.form(form).edition)])
    }

    pub(super) fn form(&self, id: FormId) -> &'a Form {
        self.registry.form(id)
    }

    pub(super) fn body(&self, body: BodyId) -> &'a Body {
        self.tree.body(body)
    }

    /// Headline indicators in their own order.
    pub(super) fn headlines(&self) -> impl Iterator<Item = &'a Indicator> + use<'a> {
        let mut ranked: Vec<(u8, &'a Indicator)> = self.registry.indicators().iter().filter_map(|indicator| Some((indicator.headline?, indicator))).collect();
        ranked.sort_by_key(|(rank, indicator)| (*rank, indicator.id));
        ranked.into_iter().map(|(_, indicator)| indicator)
    }

    /// Title of the portal.
    pub fn title(&self) -> String {
        if !self.config.title.is_empty() {
            return self.config.title.clone();
        }
        let root = self.tree.root().map_or("", |root| root.title.as_str());
        self.strings.fill("sentence.portal_title", &[("body", root)])
    }

    /// The portal seen from an address.
    pub(super) fn at(&'a self, address: impl Into<String>) -> At<'a> {
        At { portal: self, address: address.into() }
    }

    /// The portal seen from a page.
    pub(super) fn at_page(&'a self, page: &Page) -> At<'a> {
        self.at(page.address(self.tree, self.registry))
    }

    /// Total figures of a report for one indicator.
    pub(super) fn cell(&self, report: &'a ReportFacts, indicator: IndicatorId) -> CellState<'a> {
        CellState::of(FigureKey::total(indicator), &report.totals, self.form(report.form), self.registry.forms())
    }

    /// The published report of the year before: across a gap nothing is compared silently.
    pub(super) fn before(&self, body: BodyId, year: Year) -> Option<&'a ReportFacts> {
        self.facts_of(body).published_in(year.previous())
    }

    /// Points of an indicator over the years of a body, oldest first, gaps included.
    pub(super) fn points(&self, body: BodyId, indicator: IndicatorId) -> Vec<Point> {
        let facts = self.facts_of(body);
        let years = self.years(body);
        let last = facts.published().next_back().map(|report| report.id.year);
        let first = facts.published().next().map(|report| report.id.year);
        years
            .into_iter()
            .filter(|year| first.is_some_and(|first| *year >= first) && last.is_some_and(|last| *year <= last))
            .map(|year| match facts.published_in(year) {
                Some(report) => self.point(year, report.form, self.cell(report, indicator)),
                None => Point {
                    year: year.number(),
                    mark: Mark::NoReport,
                    edition: self.registry.form_for(year).id.0,
                    label: self.no_report_said(self.filing(body, year)).text,
                },
            })
            .collect()
    }

    pub(super) fn point(&self, year: Year, form: FormId, cell: CellState<'_>) -> Point {
        let (mark, label) = match cell {
            CellState::Figure(figure) => match figure.reading {
                Reading::Stated(amount) => {
                    let about = if figure.about.is_some() { "≈" } else { "" };
                    (Mark::Number(amount.coordinate()), format!("{about}{}", amount.grouped()))
                }
                Reading::Blank => (Mark::Blank, String::new()),
                Reading::NotApplicable | Reading::Withheld => (Mark::Nothing, String::new()),
            },
            CellState::Unstated | CellState::Absent => (Mark::Nothing, String::new()),
        };
        Point { year: year.number(), mark, edition: form.0, label }
    }

    /// What a figure says, without link and change.
    pub(super) fn reading(&self, figure: &Figure) -> Value {
        let (kind, text) = match figure.reading {
            Reading::Stated(amount) => {
                let about = figure.about.map_or("", |about| about.word());
                let leads = matches!(about, "近" | "超" | "约");
                let text = if leads { format!("{about}{}", amount.grouped()) } else { format!("{}{about}", amount.grouped()) };
                (if amount.is_zero() { "zero" } else { "number" }, text)
            }
            Reading::Blank => ("blank", self.word("word.blank").to_string()),
            Reading::NotApplicable => ("na", self.word("word.na").to_string()),
            Reading::Withheld => ("withheld", self.word("word.withheld").to_string()),
        };
        // 23篇 read as 23 件 is the same count; 0.9万元 read as 9,000元 is said both ways.
        let converted = |stated: &Amount| figure.reading.amount() != Some(*stated);
        let stated = figure.stated.as_ref().filter(|(amount, _)| converted(amount)).map(|(amount, unit)| format!("{}{unit}", amount.grouped()));
        let cumulative = (figure.time == TimeSpan::Cumulative).then(|| self.word("word.cumulative").to_string());
        let note = match (stated, cumulative) {
            (Some(stated), Some(cumulative)) => Some(format!("{cumulative} {stated}")),
            (stated, cumulative) => stated.or(cumulative),
        };
        Value { kind, text, note, ..Value::default() }
    }

    /// A cell without link and change.
    pub(super) fn cell_value(&self, cell: CellState<'_>) -> Value {
        match cell {
            CellState::Figure(figure) => self.reading(figure),
            CellState::Unstated => Value { kind: "unstated", text: self.word("word.unstated").to_string(), ..Value::default() },
            CellState::Absent => Value { kind: "absent", ..Value::default() },
        }
    }

    /// A change as pages print it.
    pub(super) fn change(&self, change: Change) -> Option<ChangeView> {
        let shown = |kind, key: &str, difference: Amount, percent: Option<Amount>| {
            let percent = match percent {
                Some(percent) => format!("{}{}%", if percent.is_negative() { "" } else { "+" }, percent.grouped()),
                None => self.word("word.small_base").to_string(),
            };
            Some(ChangeView { kind, text: self.strings.fill(key, &[("n", &difference.grouped())]), percent: Some(percent), note: None })
        };
        let plain = |kind, key: &str, note: Option<&str>| {
            Some(ChangeView { kind, text: self.word(key).to_string(), percent: None, note: note.map(|key| self.word(key).to_string()) })
        };
        match change {
            Change::Rise(difference, percent) => shown("rise", "word.rise", difference, percent),
            Change::Fall(difference, percent) => shown("fall", "word.fall", difference, percent),
            Change::Same => plain("same", "word.same", None),
            Change::Break => plain("break", "word.break", Some("sentence.break")),
            Change::None => None,
        }
    }

    /// 按时, 逾期3天, 未见报告 …
    pub(super) fn filing_word(&self, filing: Filing) -> String {
        match filing {
            Filing::Late(days) => self.strings.fill("word.filing_late", &[("n", &days.to_string())]),
            other => self
                .word(match other {
                    Filing::OnTime => "word.filing_filed",
                    Filing::Undated => "word.filing_undated",
                    Filing::Missing => "word.filing_missing",
                    Filing::NotDue => "word.filing_pending",
                    Filing::Held => "word.filing_held",
                    Filing::Nobody | Filing::Late(_) => "word.filing_nobody",
                })
                .to_string(),
        }
    }

    /// A value for a year without a published report.
    pub(super) fn no_report(&self, filing: Filing) -> Value {
        let kind = match filing {
            Filing::Held => "held",
            Filing::Nobody => "nobody",
            _ => "missing",
        };
        Value { kind, text: String::new(), ..Value::default() }
    }

    /// The same with its word, where no column head says it.
    pub(super) fn no_report_said(&self, filing: Filing) -> Value {
        let word = match filing {
            Filing::Held | Filing::Nobody | Filing::NotDue => self.filing_word(filing),
            _ => self.word("word.no_report").to_string(),
        };
        Value { text: word, ..self.no_report(filing) }
    }

    /// Full address of a page, where the portal knows its own.
    pub(super) fn full(&self, address: &str) -> Option<String> {
        (!self.config.base_url.is_empty()).then(|| format!("{}{address}", self.config.base_url))
    }

    /// Names joined as the language does it.
    pub(super) fn joined(&self, names: &[String]) -> String {
        names.join(if self.english() { ", " } else { "、" })
    }
}

/// Entries of the site line that fit on a phone; the others stand at the foot of the page, and there on every screen.
const NAV_ON_PHONES: usize = 5;

/// Columns of the portal in the order of the site line: key, page, name.
pub(super) fn columns(root: BodyId) -> [(&'static str, Page, &'static str); 10] {
    [
        ("reports", Page::Body(root), "ui.nav_reports"),
        ("years", Page::Years(root), "ui.nav_years"),
        ("indicators", Page::Indicators(root), "ui.nav_indicators"),
        ("search", Page::Search, "ui.nav_search"),
        ("filing", Page::Filing(1), "ui.nav_filing"),
        ("topics", Page::Topics, "ui.nav_topics"),
        ("documents", Page::Documents(1), "ui.nav_documents"),
        ("quality", Page::Quality(1), "ui.nav_quality"),
        ("corrections", Page::Corrections(1), "ui.nav_corrections"),
        ("data", Page::Data, "ui.nav_data"),
    ]
}

/// The portal seen from one page: every address is relative to it.
#[derive(Clone, Debug)]
pub(super) struct At<'a> {
    pub(super) portal: &'a Portal<'a>,
    /// Address of the page.
    pub(super) address: String,
}

impl<'a> At<'a> {
    /// The way to an address of the portal.
    pub(super) fn to(&self, address: &str) -> String {
        let (path, anchor) = address.split_once('#').unwrap_or((address, ""));
        self.to_place(path, anchor)
    }

    /// The way to a place on a page, by its address.
    fn to_place(&self, path: &str, anchor: &str) -> String {
        let portal = self.portal;
        let mut way = if path == self.address && !anchor.is_empty() {
            String::new()
        } else if self.address == "404.html" && !portal.relative_urls && !portal.config.base_url.is_empty() {
            // A server shows this page at any address, so that only whole paths lead somewhere.
            format!("{}{path}", portal.config.base_path())
        } else {
            relative(&self.address, path, portal.relative_urls)
        };
        if !anchor.is_empty() {
            way.push('#');
            way.push_str(anchor);
        }
        way
    }

    /// The way to a page, if it is planned.
    pub(super) fn page(&self, page: &Page) -> Option<String> {
        self.portal.address_of(page).map(|address| self.to(&address))
    }

    /// A link to a page, if it is planned.
    pub(super) fn link(&self, page: &Page, text: impl Into<String>) -> Option<Link> {
        self.page(page).map(|href| Link { href, text: text.into() })
    }

    /// A link to a body's profile.
    pub(super) fn body_link(&self, body: BodyId) -> Link {
        let body = self.portal.body(body);
        self.link(&Page::Body(body.id), &body.title).unwrap_or_else(|| Link { href: self.to(""), text: body.title.clone() })
    }

    /// The place of an indicator's row on a report's page.
    pub(super) fn row(&self, report: ReportId, indicator: IndicatorId) -> String {
        let address = Page::Report(report).address(self.portal.tree, self.portal.registry);
        self.to_place(&address, &self.portal.indicator(indicator).key)
    }

    /// A total of a report, linked to its row, with its change since the report before.
    pub(super) fn value(&self, report: &'a ReportFacts, indicator: IndicatorId, before: Option<&'a ReportFacts>) -> Value {
        let portal = self.portal;
        let cell = portal.cell(report, indicator);
        let mut value = portal.cell_value(cell);
        if let CellState::Figure(_) = cell {
            value.href = Some(self.row(report.id, indicator));
        }
        if let Some(before) = before {
            let change = Change::between((portal.cell(before, indicator), before.form), (cell, report.form));
            value.change = portal.change(change);
        }
        value
    }

    /// Where a word or mark is explained; `id` is that of the glossary.
    pub(super) fn term(&self, id: &str) -> Option<String> {
        debug_assert!(self.portal.registry.glossary().all().any(|entry| entry.id == id), "no word `{id}`");
        self.page(&Page::Glossary).map(|page| format!("{page}#t-{id}"))
    }

    /// The marks that stand in a table, each led to its explanation, in the glossary's order.
    pub(super) fn marks(&self, table: &Matrix) -> Vec<Link> {
        let cells = || table.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells);
        let kind = |kinds: &[&str]| cells().any(|value| kinds.contains(&value.kind));
        let change = |wanted: &dyn Fn(&ChangeView) -> bool| cells().filter_map(|value| value.change.as_ref()).any(wanted);
        let small = self.portal.word("word.small_base");
        let stands = |id: &str| match id {
            "blank" => kind(&["blank"]),
            "not-applicable" => kind(&["na"]),
            "withheld" => kind(&["withheld"]),
            "not-in-form" => kind(&["absent"]),
            "unstated" => cells().any(|value| value.kind == "unstated" && !value.text.is_empty()),
            "missing" => kind(&["missing"]),
            "held" => kind(&["held"]),
            "nobody" => kind(&["nobody"]),
            "break" => change(&|change| change.kind == "break"),
            "small-base" => change(&|change| change.percent.as_deref() == Some(small)),
            "of-how-many" => cells().any(|value| value.note.as_ref().is_some_and(|note| note.contains('/'))),
            _ => false,
        };
        let words = self.portal.registry.glossary().marks.iter().filter(|entry| stands(&entry.id));
        let english = self.portal.english();
        words.filter_map(|entry| Some(Link { href: self.term(&entry.id)?, text: if english { &entry.term_en } else { &entry.term }.clone() })).collect()
    }

    /// Where an indicator is explained.
    pub(super) fn explained(&self, indicator: IndicatorId) -> Option<String> {
        self.page(&Page::Glossary).map(|page| format!("{page}#i-{}", self.portal.indicator(indicator).key))
    }

    /// The marks of a body's years, newest first.
    pub(super) fn year_marks(&self, body: BodyId) -> Vec<YearMark> {
        let mut years = self.portal.years(body);
        years.reverse();
        years.into_iter().map(|year| self.year_mark(body, year)).collect()
    }

    /// The mark of one year of a body.
    pub(super) fn year_mark(&self, body: BodyId, year: Year) -> YearMark {
        let filing = self.portal.filing(body, year);
        let href = filing.is_filed().then(|| self.page(&Page::Report(ReportId { body, year }))).flatten();
        YearMark { year: year.to_string(), state: filing.key(), word: self.portal.filing_word(filing), href }
    }

    /// Breadcrumbs down to a body, itself included.
    pub(super) fn crumbs_to(&self, body: BodyId) -> Vec<Link> {
        let mut chain: Vec<BodyId> = self.portal.tree.ancestors(body).iter().map(|body| body.id).collect();
        chain.push(body);
        chain.into_iter().map(|body| self.body_link(body)).collect()
    }

    /// What surrounds the page; `section` is the entry of the site line it belongs to.
    pub(super) fn frame(&self, kind: &'static str, title: &str, description: &str, crumbs: Vec<Link>, section: &str) -> Frame {
        let portal = self.portal;
        let root = portal.tree.root().map(|root| root.id).unwrap_or(BodyId(0));
        let entries = columns(root);
        let nav = entries.iter().enumerate().filter_map(|(place, (key, page, word))| {
            let (href, text) = (self.page(page)?, portal.word(word).to_string());
            Some(NavLink { href, text, current: *key == section, more: place >= NAV_ON_PHONES })
        });
        let column = entries.iter().find(|(key, ..)| *key == section).map_or(title, |(_, _, word)| portal.word(word)).to_string();
        let foot = entries[NAV_ON_PHONES..].iter().map(|(_, page, word)| (page.clone(), *word));
        let foot = foot.chain([(Page::About, "ui.foot_about"), (Page::Glossary, "ui.foot_glossary"), (Page::SiteMap, "ui.foot_map")]);
        Frame {
            kind,
            title: title.to_string(),
            description: description.to_string(),
            canonical: portal.full(&self.address),
            root: self.to(""),
            css: self.to(&portal.assets.style.address),
            integrity: self.integrity(&portal.assets.style),
            icon: portal.has_file(ICON).then(|| self.to(ICON)),
            scripts: [EVERY_PAGE, kind].iter().filter_map(|name| self.script(name)).collect(),
            cite: None,
            crumbs,
            nav: nav.collect(),
            search: self.page(&Page::Search),
            foot: foot.filter_map(|(page, word)| self.link(&page, portal.word(word))).collect(),
            tags: self.tags(kind, title, description, &column),
            feed: None,
            json_ld: None,
        }
    }

    /// The script `js/<name>.js`, if the theme has it: for [`Frame::scripts`] of a page that asks for more than the script of its kind.
    pub(super) fn script(&self, name: &str) -> Option<Script> {
        let script = self.portal.assets.scripts.get(name)?;
        Some(Script { src: self.to(&script.address), integrity: self.integrity(script) })
    }

    /// What browsers compare a file with; they refuse it on `file://`.
    fn integrity(&self, asset: &Asset) -> Option<String> {
        (!self.portal.relative_urls).then(|| asset.integrity.clone())
    }

    /// Site and column, or site and article: what the guide for government websites asks of each page.
    fn tags(&self, kind: &str, title: &str, description: &str, column: &str) -> Vec<MetaTag> {
        let portal = self.portal;
        let mut tags = Vec::new();
        let mut add = |name: &'static str, content: &str| {
            if !content.is_empty() {
                tags.push(MetaTag { name, content: content.to_string() });
            }
        };
        let root = portal.tree.root().map_or("", |root| root.title.as_str());
        let site = if portal.config.title.is_empty() { portal.strings.fill("sentence.portal_title", &[("body", root)]) } else { portal.config.title.clone() };
        add("SiteName", &site);
        add("SiteDomain", portal.config.base_url.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default());
        add("SiteIDCode", portal.config.furniture.site_id.as_deref().unwrap_or_default());
        add("ColumnName", column);
        add("ColumnType", portal.word("ui.column_type"));
        if kind == "report" {
            add("ArticleTitle", title);
        } else {
            add("ColumnDescription", description);
        }
        add("Url", &portal.full(&self.address).unwrap_or_default());
        tags
    }

    /// Numbered pages of a long list; empty for a list of one page.
    pub(super) fn numbered(&self, pages: usize, current: usize, page: impl Fn(usize) -> Page) -> Vec<NavLink> {
        if pages < 2 {
            return Vec::new();
        }
        (1..=pages)
            .filter_map(|number| Some(NavLink { href: self.page(&page(number))?, text: number.to_string(), current: number == current, more: false }))
            .collect()
    }
}

/// Slice of a long list that stands on a page.
pub(super) fn slice<T>(list: &[T], page: usize, on_a_page: usize) -> &[T] {
    let start = ((page - 1) * on_a_page).min(list.len());
    &list[start..(start + on_a_page).min(list.len())]
}
