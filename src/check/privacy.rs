//! Private data and marks of secrecy in a content file: where, never what.

use crate::diag::{Diagnostic, Span, Words};
use crate::private::{self, Kind, List, Mark};

/// Everything private in a file's text. `office_lines` are numbers the county publishes on purpose.
pub fn privacy(file: &str, text: &str, office_lines: &[String], as_of: i16) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for (place, number) in private::find(text).into_iter().enumerate() {
        if number.kind == Kind::Mobile && number.is_one_of(office_lines) {
            continue;
        }
        let (code, words) = said(number.kind);
        let span = Span::new(number.range.start, number.range.end);
        found.push(
            help(Diagnostic::new(code, file, Some(span), words))
                .about(format!("{} {:02x}", place + 1, number.fingerprint()), line_without(text, number.range.start)),
        );
    }
    for (mark, range) in private::marks(text) {
        let (code, words) = match mark {
            Mark::Secrecy => ("privacy/secrecy-mark", Words::new("有密级标志、“内部”或未定稿字样", "a mark of secrecy, or of a paper that is not final")),
            Mark::Mailbox => ("privacy/personal-contact", Words::new("联系方式用的是公众邮箱，不是单位邮箱", "the contact is a mailbox of a public provider")),
        };
        let subject = if mark == Mark::Mailbox { "mailbox".to_string() } else { text[range.clone()].split_whitespace().collect() };
        found.push(help(Diagnostic::new(code, file, Some(Span::new(range.start, range.end)), words)).about(subject, ""));
    }
    for (at, rows) in tables(text) {
        for list in private::lists(&rows, as_of) {
            let (code, words) = match list {
                List::Addresses => ("privacy/address", Words::new("表中姓名旁有门牌号住址", "a table with home addresses beside names")),
                List::Health => ("privacy/health", Words::new("表中姓名旁有疾病或残疾情况", "a table with illness or disability beside names")),
                List::Minors => ("privacy/minors", Words::new("表中有不满十四周岁未成年人的信息", "a table with data of children under fourteen")),
            };
            let head = rows[0].join(" ");
            found.push(help(Diagnostic::new(code, file, Some(Span::new(at, at)), words)).about(head.trim(), rows.len().to_string()));
        }
    }
    found
}

/// Code and sentence of a number.
pub(crate) fn said(kind: Kind) -> (&'static str, Words) {
    match kind {
        Kind::Identity { .. } => ("privacy/id-number", Words::new("有完整的身份证号码", "a full identity number")),
        Kind::WeaklyMasked { candidates } => (
            "privacy/id-number-weakly-masked",
            Words::new(format!("身份证号码遮得太少，只剩约 {candidates} 种可能"), format!("an identity number of which about {candidates} candidates remain")),
        ),
        Kind::Mobile => ("privacy/mobile", Words::new("有手机号码", "a mobile number")),
        Kind::BankCard => ("privacy/bank-card", Words::new("有银行卡号或账号", "a bank card or account number")),
    }
}

fn help(diagnostic: Diagnostic) -> Diagnostic {
    match diagnostic.rule.code {
        "privacy/bank-card" => diagnostic.help(
            "必须删去：补助发放名单不需要公布账号。已经发布过的，请立即下线并通知本人。",
            "remove it: a list of payments needs no account. If it was published, take it down now and tell whose it is.",
        ),
        "privacy/id-number" => diagnostic.help(
            "必须删去；确需公示的，身份证只留前两位和后两位以内。已经发布过的，请立即下线并通知本人。",
            "remove it; where people have to be told apart show no more than two digits at each end. If it was published, take it down now.",
        ),
        "privacy/id-number-weakly-masked" => diagnostic
            .help("请再遮几位：出生日期和末四位不要同时可推。", "hide more: neither the day of birth nor the last four places together with the region."),
        "privacy/mobile" => diagnostic.help(
            "个人手机请删去；确是办公电话的，写进 config.toml 的 [privacy] office_lines。",
            "remove a person's number; list an office line in config.toml under [privacy] office_lines.",
        ),
        "privacy/secrecy-mark" => diagnostic.help(
            "请停止发布，按保密规定核实；本检查不能代替人工保密审查。",
            "do not publish; have it examined under the rules of secrecy. This check replaces no human review.",
        ),
        "privacy/personal-contact" => diagnostic.help("请换成单位邮箱。", "use the office's own mailbox."),
        _ => diagnostic.help("请删去这一列，或只留能够区分的最少信息（如姓和村名）。", "remove the column, or keep the least that tells people apart."),
    }
}

/// The line around a place with its digits taken out: an edit of the line ends an accept, and nothing is given away.
fn line_without(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    text[start..end].chars().filter(|c| !c.is_numeric() && !"一二三四五六七八九零〇xX".contains(*c)).collect()
}

/// Pipe tables of Markdown and comma tables: where each begins, and its cells.
fn tables(text: &str) -> Vec<(usize, Vec<Vec<&str>>)> {
    let mut tables: Vec<(usize, Vec<Vec<&str>>)> = Vec::new();
    let mut at = 0;
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let cells: Option<Vec<&str>> = if trimmed.starts_with('|') {
            Some(trimmed.trim_matches('|').split('|').map(str::trim).collect())
        } else if trimmed.contains([',', '\t']) && !trimmed.contains('。') {
            Some(trimmed.split([',', '\t']).map(|cell| cell.trim().trim_matches('"')).collect())
        } else {
            None
        };
        match cells {
            Some(cells) if cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':'))) => {}
            Some(cells) => {
                if !inside {
                    tables.push((at, Vec::new()));
                }
                inside = true;
                if let Some(table) = tables.last_mut() {
                    table.1.push(cells);
                }
            }
            None => inside = false,
        }
        at += line.len();
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&'static str> {
        privacy("content/a/2024.md", text, &["13900000000".into()], 2024).iter().map(|found| found.rule.code).collect()
    }

    #[test]
    fn a_finding_says_where_and_never_what() {
        let text = "第一行\n联系人王某，电话13812345678。\n";
        let found = privacy("content/a/2024.md", text, &[], 2024).remove(0).locate(text);
        let said = format!("{found:?}");
        assert!(found.place.as_ref().is_some_and(|place| (place.line, place.column) == (2, 9)), "{said}");
        assert!(!said.contains("13812345678") && !said.contains("12345678"), "{said}");
    }

    #[test]
    fn an_edited_line_is_another_finding() {
        let id = |text: &str| privacy("content/a/2024.md", text, &[], 2024).remove(0).locate(text).id();
        let masked = |name: &str, last: &str| format!("户主{name}，身份证439001********{last}。");
        assert_eq!(id(&masked("王某", "1234")), id(&masked("王某", "1234")));
        assert_ne!(id(&masked("王某", "1234")), id(&masked("李某", "1234")), "another line");
        assert_ne!(id(&masked("王某", "1234")), id(&masked("王某", "1235")), "another number");
    }

    #[test]
    fn office_lines_are_left_alone() {
        assert_eq!(codes("电话139-0000-0000"), Vec::<&str>::new());
        assert_eq!(codes("电话138-0000-0000"), ["privacy/mobile"]);
    }

    #[test]
    fn lists_of_people() {
        assert_eq!(codes("|姓名|住址|\n|---|---|\n|王某某|青石村3组12号|\n"), ["privacy/address"]);
        assert_eq!(codes("姓名,病种\n王某某,尿毒症\n"), ["privacy/health"]);
    }
}
