//! `.well-known/security.txt` (RFC 9116): whether whoever finds a hole knows whom to tell, and until when that holds.

use crate::diag::{Diagnostic, Finding, Span, Words};
use jiff::civil::Date;

/// The file as it will be published.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SecurityTxt<'s> {
    /// There will be none.
    None,
    /// Made from `config.toml`; until this day.
    Made(Date),
    /// The site's own, as it stands in its file.
    Own(&'s str, &'s str),
}

/// What is wrong with it. A portal that stands nowhere yet does not want one.
pub fn security(file: SecurityTxt<'_>, wanted: bool, today: Date) -> Option<Finding> {
    let expired = |day: Date| {
        Words::new(
            format!("security.txt 到 {day} 已过期，发现漏洞的人会当作没人管"),
            format!("security.txt expired on {day}: whoever finds a hole takes it that nobody minds"),
        )
    };
    match file {
        SecurityTxt::None if wanted => {
            let words = Words::new("没有写明发现安全漏洞找谁（security.txt）", "nobody is named to whom holes can be reported (security.txt)");
            Some(Diagnostic::new("site/security-missing", "config.toml", None, words).about("security", "").unplaced())
        }
        SecurityTxt::None => None,
        SecurityTxt::Made(day) => {
            (day < today).then(|| Diagnostic::new("site/security-expired", "config.toml", None, expired(day)).about("security", day.to_string()).unplaced())
        }
        SecurityTxt::Own(path, text) => {
            let line = |name: &str| {
                text.split_inclusive('\n')
                    .scan(0, |at, line| {
                        let start = *at;
                        *at += line.len();
                        Some((start, line))
                    })
                    .find(|(_, line)| line.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)))
            };
            let Some((start, said)) = line("Expires:") else {
                let words = Words::new("security.txt 没有写 Expires", "security.txt does not say when it expires");
                return Some(Diagnostic::new("site/security-expired", path, None, words).about("security", "").unplaced());
            };
            if line("Contact:").is_none() {
                let words = Words::new("security.txt 没有写 Contact", "security.txt names no contact");
                return Some(Diagnostic::new("site/security-missing", path, None, words).about("security", "").unplaced());
            }
            let value = said["Expires:".len()..].trim();
            let day = value.get(..10).and_then(|day| day.parse::<Date>().ok());
            let words = match day {
                Some(day) if day >= today => return None,
                Some(day) => expired(day),
                None => Words::new(format!("security.txt 的 Expires 不是日期：{value}"), format!("Expires of security.txt is no time: {value}")),
            };
            let span = Span::new(start, start + said.trim_end().len());
            Some(Diagnostic::new("site/security-expired", path, Some(span), words).about("security", value).locate(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_to_hold_on_the_day() {
        let today = jiff::civil::date(2026, 3, 1);
        let said = |file, public| security(file, public, today).map(|found| (found.diagnostic.rule.code, found.place.map(|place| place.line)));
        assert_eq!(said(SecurityTxt::None, true), Some(("site/security-missing", None)));
        assert_eq!(said(SecurityTxt::None, false), None);
        assert_eq!(said(SecurityTxt::Made(today), true), None);
        assert_eq!(said(SecurityTxt::Made(jiff::civil::date(2026, 2, 28)), true), Some(("site/security-expired", None)));
        let own = |text| said(SecurityTxt::Own("static/.well-known/security.txt", text), true);
        assert_eq!(own("Contact: mailto:a@example\nexpires: 2026-03-01T00:00:00Z\n"), None);
        assert_eq!(own("Contact: mailto:a@example\nExpires: 2025-03-01T00:00:00Z\n"), Some(("site/security-expired", Some(2))));
        assert_eq!(own("Contact: mailto:a@example\nExpires: soon\n"), Some(("site/security-expired", Some(2))));
        assert_eq!(own("Contact: mailto:a@example\n"), Some(("site/security-expired", None)));
        assert_eq!(own("Expires: 2027-03-01T00:00:00Z\n"), Some(("site/security-missing", None)));
    }
}
