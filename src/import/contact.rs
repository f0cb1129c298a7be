//! Where residents can ask, as the text says it: office lines, addresses, office hours. A mobile number is nobody's office line.

use super::lines::{Line, Removed};
use crate::model::Contact;

/// Contact details of the text. Only what stands after its own label is read.
pub(super) fn read(lines: &[Line]) -> Option<Contact> {
    let mut contact = Contact::default();
    for line in lines {
        let Some(text) = line.words() else { continue };
        let place = |labels: &[&str]| labels.iter().find_map(|label| after(text, label));
        let fill = |slot: &mut Option<String>, value: Option<&str>, fits: fn(&str) -> bool| {
            if slot.is_none() {
                *slot = value.map(str::trim).filter(|value| !value.is_empty() && fits(value)).map(str::to_string);
            }
        };
        fill(&mut contact.phone, place(&["联系电话", "咨询电话", "办公电话", "电话"]), is_office_line);
        fill(&mut contact.fax, place(&["传真号码", "传真"]), is_office_line);
        fill(&mut contact.address, place(&["联系地址", "通讯地址", "办公地址", "地址"]), |value| {
            value.chars().count() >= 4 && value.chars().count() <= 60
        });
        fill(&mut contact.postcode, place(&["邮政编码", "邮编"]), |value| value.len() == 6 && value.bytes().all(|b| b.is_ascii_digit()));
        fill(&mut contact.email, place(&["电子邮箱", "电子邮件", "邮箱"]), |value| value.contains('@') && !value.contains("qq.com"));
        fill(&mut contact.hours, place(&["办公时间", "工作时间"]), |value| value.chars().count() <= 60);
        fill(&mut contact.office, place(&["受理机构", "联系单位", "联系科室"]), |value| value.chars().count() <= 30);
    }
    (contact != Contact::default()).then_some(contact)
}

/// What follows a label and its colon, up to the next stop.
fn after<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let rest = &text[text.find(label)? + label.len()..];
    let rest = rest.trim_start().strip_prefix(['：', ':'])?.trim_start();
    let end = rest.find(['，', '。', '；', ';', '（', '\u{3000}']).unwrap_or(rest.len());
    let end = rest[..end].find("  ").unwrap_or(end);
    Some(rest[..end].trim_end_matches(['）', ')', ',', '.', '、']))
}

fn is_office_line(value: &str) -> bool {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let signs = value.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '—' | '－' | '(' | ')' | '（' | '）' | ' ' | '、' | '/' | '转'));
    signs && (5..=13).contains(&digits.len()) && !(digits.len() == 11 && digits.starts_with('1') && !digits.starts_with("10"))
}

/// The number under which a catalogue lists the report: 索引号.
pub(super) fn index_number(lines: &[Line], removed: &[Removed]) -> Option<(String, usize)> {
    let removed = removed.iter().map(|removed| (removed.text.clone(), removed.line));
    let kept = lines.iter().take(12).map(|line| (line.all_words(), line.number));
    let all: Vec<(String, usize)> = removed.chain(kept).collect();
    let find = |(text, line): &(String, usize)| {
        let rest = &text[text.find("索引号")? + "索引号".len()..];
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '：' | ':' | '|'));
        let number: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '〔' | '〕' | '[' | ']')).collect();
        (number.len() >= 4 && number.contains(|c: char| c.is_ascii_digit())).then_some((number, *line))
    };
    // 索引号 at the head of a column, the number under it.
    let under = |(text, line): &(String, usize)| {
        text.trim_start_matches(|c: char| c.is_whitespace() || c == '|').strip_prefix("索引号")?;
        let (below, line) = all.iter().find(|(_, other)| *other == line + 1)?;
        find(&(format!("索引号 {below}"), *line))
    };
    all.iter().find_map(find).or_else(|| all.iter().find_map(under))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_what_follows_them() {
        let lines = [Line::text(1, "联系地址：云溪镇政府街1号，邮编：414000，联系电话：0730-1234567，电子邮箱：yx@example.gov.cn。")];
        let contact = read(&lines).unwrap();
        assert_eq!(
            (contact.address.as_deref(), contact.postcode.as_deref(), contact.phone.as_deref(), contact.email.as_deref()),
            (Some("云溪镇政府街1号"), Some("414000"), Some("0730-1234567"), Some("yx@example.gov.cn"))
        );
    }

    #[test]
    fn mobiles_and_private_mail_are_none() {
        assert_eq!(read(&[Line::text(1, "联系电话：13800000000，邮箱：12345@qq.com")]), None);
        assert_eq!(read(&[Line::text(1, "畅通电话咨询渠道。")]), None);
    }

    #[test]
    fn index_numbers_of_many_styles() {
        let removed = |text: &str| [Removed { line: 3, text: text.into(), why: crate::diag::Words::new("", "") }];
        for (text, number) in
            [("索引号： 431/2022-001 发布机构：某镇", "431/2022-001"), ("信息索引号:QZ05905-0200-2012-00001", "QZ05905-0200-2012-00001"), ("索 引 号", "")]
        {
            assert_eq!(index_number(&[], &removed(text)).map(|found| found.0), (!number.is_empty()).then(|| number.to_string()), "{text}");
        }
    }
}
