//! `config.toml`: what a county sets once. Every key has a default; unknown keys are refused.
//!
//! [`read`] turns the file into a [`Config`] that is complete and checked; stages never see the file. Flags of the
//! command line overlay it in [`Overlay`], in one place.

mod raw;

pub use raw::read;
pub(crate) use raw::read_deadlines;

use crate::diag::{Language, Severity};
use crate::model::{Deadline, Year};
use jiff::civil::Date;

/// At which findings a build stops.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FailOn {
    /// At errors.
    #[default]
    Error,
    /// At warnings, too.
    Warning,
    /// Only at what no setting can turn off.
    Never,
}

/// Who stands at the foot of every page.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Furniture {
    /// 网站标识码
    pub site_id: Option<String>,
    /// ICP 备案号
    pub icp: Option<String>,
    /// 公安备案号
    pub police: Option<String>,
    /// 主办单位
    pub host: Option<String>,
    /// 承办单位
    pub organizer: Option<String>,
    /// 联系方式
    pub contact: Option<String>,
    /// 纠错入口
    pub report_errors_url: Option<String>,
}

/// A severity set for a rule, everywhere or for one body or some years.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeverityOverride {
    /// Code of the rule.
    pub rule: String,
    /// Address of the body; none for all.
    pub body: Option<String>,
    /// Report years; empty for all.
    pub years: Vec<Year>,
    /// The severity; none turns the rule off.
    pub severity: Option<Severity>,
}

/// A file with instructions for a web server that stands at the portal's root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ServerFile {
    /// Netlify, Cloudflare Pages.
    Headers,
    /// Apache, where the server lets it.
    Htaccess,
    /// IIS.
    WebConfig,
}

impl ServerFile {
    /// All of them.
    pub const ALL: [ServerFile; 3] = [ServerFile::Headers, ServerFile::Htaccess, ServerFile::WebConfig];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            ServerFile::Headers => "_headers",
            ServerFile::Htaccess => ".htaccess",
            ServerFile::WebConfig => "web.config",
        }
    }
}

/// Everything the stages use; immutable.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// Where the portal will stand, with a closing slash; empty if unknown. Only feeds, sitemap and JSON-LD need it.
    pub base_url: String,
    /// Name of the portal; empty means the root body's title decides.
    pub title: String,
    /// One sentence for feeds and search engines.
    pub description: String,
    /// Name of the theme.
    pub theme: String,
    /// Language of pages: `zh-CN` or `en`.
    pub default_language: String,
    /// Folder of the portal, relative to the root.
    pub output_dir: String,
    /// The day, when neither a flag nor the environment says it.
    pub today: Option<Date>,
    /// Sentence shown on every page: "a made-up county".
    pub notice: Option<String>,
    /// First year every body is expected to file for; none: its own earliest report.
    pub first_year: Option<Year>,
    /// Last year of lists; none: the last whose deadline has passed.
    pub last_year: Option<Year>,
    /// Deadlines by edition.
    pub deadlines: Vec<(String, Deadline)>,
    /// Reports published from this day on need an approval of their text.
    pub review_required_from: Option<Date>,
    /// At which findings a build stops.
    pub fail_on: FailOn,
    /// Severities set for rules.
    pub severities: Vec<SeverityOverride>,
    /// Telephone numbers that the county publishes on purpose.
    pub office_lines: Vec<String>,
    /// Foreign files and folders of the output that stay.
    pub foreign: Vec<String>,
    /// Instructions for web servers that are put into the portal.
    pub server_files: Vec<ServerFile>,
    /// Whether those instructions make browsers insist on HTTPS for a year.
    pub hsts: bool,
    /// Whether texts get compressed siblings.
    pub precompress: bool,
    /// Whether pair pages compare the texts.
    pub pair_text: bool,
    /// Whom to tell of a hole in the portal; none: where errors are reported.
    pub security: Option<String>,
    /// Until when that holds; none: as long as reports follow each other.
    pub security_expires: Option<Date>,
    /// Whether there is a search.
    pub search: bool,
    /// Foot of every page.
    pub furniture: Furniture,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            base_url: String::new(),
            title: String::new(),
            description: String::new(),
            theme: "default".into(),
            default_language: "zh-CN".into(),
            output_dir: "public".into(),
            today: None,
            notice: None,
            first_year: None,
            last_year: None,
            deadlines: Vec::new(),
            review_required_from: None,
            fail_on: FailOn::Error,
            severities: Vec::new(),
            office_lines: Vec::new(),
            foreign: Vec::new(),
            server_files: vec![ServerFile::Headers],
            hsts: false,
            precompress: false,
            pair_text: true,
            security: None,
            security_expires: None,
            search: true,
            furniture: Furniture::default(),
        }
    }
}

impl Config {
    /// The severity of a rule for a body and year; none if it is turned off. What always stops a build cannot be changed.
    pub fn severity(&self, rule: &crate::diag::Rule, body: Option<&str>, year: Option<Year>) -> Option<Severity> {
        if rule.always_stops {
            return Some(rule.severity);
        }
        let applies = |set: &&SeverityOverride| {
            set.rule == rule.code
                && set
                    .body
                    .as_deref()
                    .is_none_or(|wanted| body.is_some_and(|body| body == wanted || body.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'))))
                && (set.years.is_empty() || year.is_some_and(|year| set.years.contains(&year)))
        };
        self.severities.iter().rev().find(applies).map_or(Some(rule.severity), |set| set.severity)
    }

    /// Whom to tell of a hole in the portal.
    pub fn security_contact(&self) -> Option<&str> {
        self.security.as_deref().or(self.furniture.report_errors_url.as_deref())
    }

    /// Path of the portal on its server, with both slashes: `/`, or `/nb/` below another site.
    pub fn base_path(&self) -> &str {
        let host_and_path = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        host_and_path.find('/').map_or("/", |at| &host_and_path[at..])
    }

    /// Language of messages that belongs to the language of pages.
    pub fn language(&self) -> Language {
        if self.default_language == "en" { Language::En } else { Language::Zh }
    }
}

/// What the command line sets over the file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Overlay {
    /// `--base-url`
    pub base_url: Option<String>,
    /// `--output-dir`
    pub output_dir: Option<String>,
    /// `--clock`, or `SOURCE_DATE_EPOCH`
    pub today: Option<Date>,
}

impl Overlay {
    /// The configuration with what the command line says.
    pub fn over(self, mut config: Config) -> Config {
        if let Some(url) = self.base_url {
            config.base_url = with_slash(url);
        }
        if let Some(dir) = self.output_dir {
            config.output_dir = dir;
        }
        config.today = self.today.or(config.today);
        config
    }
}

fn with_slash(mut url: String) -> String {
    if !url.is_empty() && !url.ends_with('/') {
        url.push('/');
    }
    url
}
