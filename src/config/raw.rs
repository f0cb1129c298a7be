//! The file as written, read key by key so that every mistake is found in one run.

use super::{Config, FailOn, Furniture, ServerFile, SeverityOverride, with_slash};
use crate::diag::{Diagnostic, RULES, Severity, Span, Words};
use crate::fields::{self, Complaints, Fields, Placed};
use crate::model::{Deadline, Registry, Year};

/// Reads `config.toml`; complaints name the file as `file`.
pub fn read(file: &str, text: &str, registry: &Registry) -> (Config, Vec<Diagnostic>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut complaints = Complaints::new(file, 0);
    let mut top = fields::read(text, &mut complaints);
    let config = from(&mut top, registry, &mut complaints);
    top.finish(&mut complaints);
    (config, complaints.found)
}

fn from(top: &mut Fields<'_>, registry: &Registry, to: &mut Complaints<'_>) -> Config {
    let mut config = Config::default();
    let mut text = |key, to: &mut Complaints<'_>| top.text(key, to).map(|placed| placed.value);
    config.title = text("title", to).unwrap_or_default();
    config.description = text("description", to).unwrap_or_default();
    config.theme = text("theme", to).unwrap_or(config.theme);
    config.output_dir = text("output_dir", to).unwrap_or(config.output_dir);
    if let Some(url) = top.text("base_url", to) {
        if url.value.is_empty() || url.value.starts_with("https://") || url.value.starts_with("http://") {
            config.base_url = with_slash(url.value);
        } else {
            invalid(to, url.span, "`base_url` 应以 https:// 或 http:// 开头", "`base_url` must begin with https:// or http://");
        }
    }
    if let Some(language) = top.text("default_language", to) {
        if matches!(language.value.as_str(), "zh-CN" | "en") {
            config.default_language = language.value;
        } else {
            invalid(to, language.span, "`default_language` 只能是 zh-CN 或 en", "`default_language` is zh-CN or en");
        }
    }
    config.today = top.date("today", to).map(|date| date.value);
    if let Some(mut portal) = top.table("portal", to) {
        config.notice = portal.text("notice", to).map(|placed| placed.value);
        config.first_year = portal.whole("first_year", to).and_then(|number| year(number, to));
        config.last_year = portal.whole("last_year", to).and_then(|number| year(number, to));
        portal.finish(to);
    }
    if let Some(mut deadlines) = top.table("deadlines", to) {
        config.deadlines = read_deadlines(&mut deadlines, registry, to);
    }
    if let Some(mut review) = top.table("review", to) {
        config.review_required_from = review.date("required_from", to).map(|date| date.value);
        review.finish(to);
    }
    if let Some(mut check) = top.table("check", to) {
        read_check(&mut check, &mut config, to);
        check.finish(to);
    }
    if let Some(mut privacy) = top.table("privacy", to) {
        config.office_lines = privacy.texts("office_lines", to).into_iter().map(|line| line.value).collect();
        privacy.finish(to);
    }
    if let Some(mut publish) = top.table("publish", to) {
        config.foreign = publish.texts("foreign", to).into_iter().filter_map(|name| inside(name, to)).collect();
        if publish.has("server_files") {
            config.server_files = publish.texts("server_files", to).into_iter().filter_map(|name| server_file(&name, to)).collect();
        }
        config.hsts = publish.flag("hsts", to).is_some_and(|flag| flag.value);
        publish.finish(to);
    }
    if let Some(mut pages) = top.table("pages", to) {
        config.pair_text = pages.flag("pair_text", to).is_none_or(|flag| flag.value);
        config.precompress = pages.flag("precompress", to).is_some_and(|flag| flag.value);
        config.search = pages.flag("search", to).is_none_or(|flag| flag.value);
        pages.finish(to);
    }
    if let Some(mut security) = top.table("security", to) {
        if let Some(contact) = security.text("contact", to) {
            if ["https://", "mailto:", "tel:"].iter().any(|scheme| contact.value.starts_with(scheme)) && !contact.value.contains(char::is_whitespace) {
                config.security = Some(contact.value);
            } else {
                invalid(to, contact.span, "应以 https://、mailto: 或 tel: 开头", "must begin with https://, mailto: or tel:");
            }
        }
        config.security_expires = security.date("expires", to).map(|date| date.value);
        security.finish(to);
    }
    if let Some(mut furniture) = top.table("furniture", to) {
        let mut text = |key| furniture.text(key, to).map(|placed| placed.value);
        config.furniture = Furniture {
            site_id: text("site_id"),
            icp: text("icp"),
            police: text("police"),
            host: text("host"),
            organizer: text("organizer"),
            contact: text("contact"),
            report_errors_url: text("report_errors_url"),
        };
        furniture.finish(to);
    }
    config
}

fn invalid(to: &mut Complaints<'_>, span: Span, zh: &str, en: &str) {
    to.add("parse/value-invalid", span, Words::new(zh, en));
}

fn year(number: Placed<i64>, to: &mut Complaints<'_>) -> Option<Year> {
    let year = Year::new(number.value);
    if year.is_none() {
        invalid(to, number.span, "不是年份", "not a year");
    }
    year
}

fn inside(name: Placed<String>, to: &mut Complaints<'_>) -> Option<String> {
    let plain = !name.value.is_empty()
        && !name.value.starts_with('/')
        && !name.value.contains('\\')
        && name.value.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !plain {
        invalid(to, name.span, "只能写输出目录里的相对路径", "must be a plain path inside the output folder");
    }
    plain.then_some(name.value)
}

fn server_file(name: &Placed<String>, to: &mut Complaints<'_>) -> Option<ServerFile> {
    let found = ServerFile::ALL.into_iter().find(|file| file.name() == name.value);
    if found.is_none() {
        invalid(to, name.span, "只能写 _headers、.htaccess、web.config", "only _headers, .htaccess and web.config");
    }
    found
}

/// `2019 = "01-31"`, by edition; also used by `[body] deadlines`.
pub(crate) fn read_deadlines(fields: &mut Fields<'_>, registry: &Registry, to: &mut Complaints<'_>) -> Vec<(String, Deadline)> {
    let mut deadlines = Vec::new();
    for (edition, value) in fields.rest() {
        if registry.form_named(&edition.value).is_none() {
            let known = registry.forms().iter().map(|form| form.edition.as_str());
            fields::unknown_key(&format!("deadlines.{}", edition.value), &edition.value, edition.span, known, to);
            continue;
        }
        match value.text().and_then(Deadline::parse) {
            Some(deadline) => deadlines.push((edition.value, deadline)),
            None => invalid(to, value.span(), "截止日应写成 \"01-31\" 的样子", "a deadline is written like \"01-31\""),
        }
    }
    deadlines
}

fn read_check(check: &mut Fields<'_>, config: &mut Config, to: &mut Complaints<'_>) {
    if let Some(fail_on) = check.text("fail_on", to) {
        match fail_on.value.as_str() {
            "error" => config.fail_on = FailOn::Error,
            "warning" => config.fail_on = FailOn::Warning,
            "never" => config.fail_on = FailOn::Never,
            _ => invalid(to, fail_on.span, "`fail_on` 只能是 error、warning 或 never", "`fail_on` is error, warning or never"),
        }
    }
    if let Some(mut severities) = check.table("severity", to) {
        for (rule, value) in severities.rest() {
            let span = value.span();
            let word = value.text().map(str::to_string);
            if let (Some(rule), Some(severity)) = (known_rule(rule, to), severity(word.as_deref(), span, to)) {
                config.severities.push(SeverityOverride { rule, body: None, years: Vec::new(), severity });
            }
        }
    }
    for mut set in check.tables("override", to) {
        let rule = set.text("rule", to).or_else(|| set.missing("rule", to).and(None)).and_then(|rule| known_rule(rule, to));
        let body = set.text("body", to).map(|body| body.value.trim_matches('/').to_string());
        let years = match set.scalar("years") {
            None => Vec::new(),
            Some(years) => years.amount().map_or_else(|| years_of(&years, to), |one| one.to_string().parse().ok().and_then(Year::new).into_iter().collect()),
        };
        let word = set.text("severity", to);
        let span = word.as_ref().map_or(set.span, |word| word.span);
        let severity = severity(word.as_ref().map(|word| word.value.as_str()), span, to);
        set.finish(to);
        if let (Some(rule), Some(severity)) = (rule, severity) {
            config.severities.push(SeverityOverride { rule, body, years, severity });
        }
    }
}

/// `"2014..2018"`, both included.
fn years_of(value: &fields::Scalar<'_>, to: &mut Complaints<'_>) -> Vec<Year> {
    let bounds = value.text().and_then(|text| text.split_once("..")).and_then(|(from, to)| Some((Year::from_digits(from)?, Year::from_digits(to)?)));
    match bounds {
        Some((first, last)) if first <= last => std::iter::successors(Some(first), |year| Some(year.next())).take_while(|year| *year <= last).collect(),
        _ => {
            invalid(to, value.span(), "`years` 写成 2019 或 \"2014..2018\"", "`years` is 2019 or \"2014..2018\"");
            Vec::new()
        }
    }
}

fn known_rule(rule: Placed<String>, to: &mut Complaints<'_>) -> Option<String> {
    let found = RULES.iter().find(|known| known.code == rule.value);
    match found {
        Some(known) if known.always_stops => {
            invalid(to, rule.span, "这条规则不能关闭或改级", "this rule cannot be changed");
            None
        }
        Some(_) => Some(rule.value),
        None => {
            fields::unknown_key(&rule.value, &rule.value, rule.span, RULES.iter().map(|known| known.code), to);
            None
        }
    }
}

/// The inner option is the severity; `"off"` is none.
fn severity(word: Option<&str>, span: Span, to: &mut Complaints<'_>) -> Option<Option<Severity>> {
    match word {
        Some("error") => Some(Some(Severity::Error)),
        Some("warning") => Some(Some(Severity::Warning)),
        Some("note") => Some(Some(Severity::Note)),
        Some("off") => Some(None),
        _ => {
            invalid(to, span, "级别只能是 error、warning、note 或 off", "severity is error, warning, note or off");
            None
        }
    }
}
