//! Words rather than numbers: marks of secrecy, personal mailboxes, and tables that are lists of people.

use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What a phrase gives away.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Mark {
    /// 绝密★, 内部资料 不得外传, （征求意见稿） in a title.
    Secrecy,
    /// A mailbox of a public provider.
    Mailbox,
}

/// What a table of people tells about them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum List {
    /// Names with addresses down to the house.
    Addresses,
    /// Names with illness or disability.
    Health,
    /// Names of children.
    Minors,
}

/// Every mark of a text, in order.
pub fn marks(text: &str) -> Vec<(Mark, Range<usize>)> {
    // A mark stands with its star, in a line of its own, or says that the paper must not go out; a sentence about secrecy is none.
    static SECRECY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?m)(?:绝\s*密|机\s*密|秘\s*密)\s*[★☆✩＊*]|^[\s#>*|　【\[（(]*(?:绝\s*密|机\s*密|秘\s*密)(?:[\s　]*(?:长期|\d{1,2}\s*年))?[\s*|　】\])）]*$",
            r"|(?:内\s*部\s*(?:资\s*料|文\s*件|材\s*料|参\s*考|使\s*用))[\s，,、；;！!（(　]*(?:请勿|不得|严禁|禁止|切勿|注意|妥善|不要)|^[\s#>*|　【\[（(]*内\s*部\s*(?:资\s*料|文\s*件|材\s*料)[\s*|　】\])）]*$",
            r"|^[\s#>*|　【\[（(]*工\s*作\s*秘\s*密[\s*|　】\])）]*$|不\s*得\s*外\s*传|严\s*禁\s*外\s*传|请\s*勿\s*外\s*传|[（(【\[](?:征\s*求\s*意\s*见|送\s*审|讨\s*论|内\s*部\s*审\s*议)\s*稿[）)】\]]\s*$"
        ))
        .expect("a pattern of ours")
    });
    static MAILBOX: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)[a-z0-9][a-z0-9._+-]{1,40}\s*[@＠]\s*(?:qq|vip\.qq|foxmail|163|vip\.163|126|yeah|sina|vip\.sina|sohu|139|189|wo|aliyun|gmail|hotmail|outlook|live|yahoo|icloud|21cn|tom)\.(?:com|cn|net)").expect("a pattern of ours")
    });
    let mut found: Vec<(Mark, Range<usize>)> = Vec::new();
    if ["密", "内", "传", "稿"].iter().any(|sign| text.contains(sign)) {
        found.extend(SECRECY.find_iter(text).map(|hit| (Mark::Secrecy, hit.range())));
    }
    if text.contains(['@', '＠']) {
        found.extend(MAILBOX.find_iter(text).map(|hit| (Mark::Mailbox, hit.range())));
    }
    found.sort_by_key(|(_, range)| range.start);
    found
}

/// What a table tells about the people it names, by its head and its cells. `as_of` is the year in which ages are counted.
pub fn lists<S: AsRef<str>>(rows: &[Vec<S>], as_of: i16) -> Vec<List> {
    let Some((head, body)) = rows.split_first() else { return Vec::new() };
    let column = |words: &[&str]| head.iter().position(|cell| words.iter().any(|word| cell.as_ref().contains(word)));
    let named = column(&["姓名", "户主", "申请人", "监护人", "名单", "受助人", "学生", "幼儿", "儿童"]);
    let Some(named) = named.filter(|_| !body.is_empty()) else { return Vec::new() };
    let people = || body.iter().filter(|row| row.get(named).is_some_and(|name| is_name(name.as_ref())));
    let mut found = Vec::new();
    let address = column(&["住址", "地址", "家庭住址", "住所", "所在村组", "居住地"]);
    static HOUSE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:组|社|屯|路|街|巷|弄|村|小区|号院).{0,8}?\d+\s*(?:号|栋|幢|室|单元|户)|\d+\s*(?:号|栋|幢|室)").expect("a pattern of ours")
    });
    if address.is_some() && people().any(|row| HOUSE.is_match(cell(row, address))) {
        found.push(List::Addresses);
    }
    let health = column(&["残疾", "病种", "疾病", "病情", "诊断", "健康状况", "孕检", "患病"]);
    if health.is_some()
        && people().any(|row| {
            let told = cell(row, health);
            !told.is_empty() && !matches!(told, "无" | "/" | "—" | "良好" | "健康" | "正常")
        })
    {
        found.push(List::Health);
    }
    let children =
        head.iter().any(|cell| ["学生", "幼儿", "孤儿", "儿童", "未成年", "适龄", "入学", "班级", "监护人"].iter().any(|word| cell.as_ref().contains(word)))
            || rows.iter().flatten().any(|cell| ["孤儿", "留守儿童", "困境儿童", "事实无人抚养"].iter().any(|word| cell.as_ref().contains(word)));
    let age = column(&["年龄"]);
    let born = column(&["出生", "生日", "身份证", "证件号"]);
    let young = |row: &Vec<S>| {
        let by_age = cell(row, age).trim_end_matches('岁').trim().parse::<i16>().is_ok_and(|age| age < 14);
        let told = cell(row, born);
        let digits: String = told.chars().filter(char::is_ascii_digit).collect();
        let birth = if digits.len() >= 17 { digits.get(6..10) } else { digits.get(..4) };
        by_age || birth.and_then(|year| year.parse::<i16>().ok()).is_some_and(|year| year > as_of - 14 && year <= as_of)
    };
    if people().any(|row| young(row) || (children && (age.is_some() || born.is_some()))) {
        found.push(List::Minors);
    }
    found
}

fn cell<S: AsRef<str>>(row: &[S], at: Option<usize>) -> &str {
    at.and_then(|at| row.get(at)).map_or("", AsRef::as_ref)
}

/// Two to four Han characters, · in names of other nationalities; stars hide a name well enough.
fn is_name(cell: &str) -> bool {
    let name = cell.trim();
    let count = name.chars().count();
    (2..=12).contains(&count)
        && (count <= 4 || name.contains('·'))
        && name.chars().all(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}' | '·'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrecy(text: &str) -> bool {
        marks(text).iter().any(|(mark, _)| *mark == Mark::Secrecy)
    }

    #[test]
    fn j8_marks_of_secrecy_and_sentences_about_it() {
        for mark in ["绝密", "机密", "秘密"] {
            let spaced: String = mark.chars().flat_map(|c| [c, ' ']).collect();
            for text in [
                format!("{mark}★启用前"),
                format!("{spaced}★ 5年"),
                mark.to_string(),
                format!("  {spaced}"),
                format!("# {mark}"),
                format!("【{mark}】"),
                format!("正文\n\n{mark}　长期\n\n正文"),
                format!("{}\n{}★", &mark[..3], &mark[3..]),
            ] {
                assert!(secrecy(&text), "{text}");
            }
        }
        for text in
            ["内部资料，请勿外传", "内 部 资 料　注意保存", "内部文件 不得公开", "工作秘密", "此件不得外传", "关于某事的通知（征求意见稿）", "某办法【送审稿】"]
        {
            assert!(secrecy(text), "{text}");
        }
        for text in [
            "严格执行保密审查制度，未发生失密泄密事件",
            "属于国家秘密的不予公开",
            "对涉及国家秘密、商业秘密和个人隐私的内容一律不予公开",
            "1.属于国家秘密",
            "就《办法》（征求意见稿）公开征求意见，收到意见11条",
            "保守国家秘密，人人有责",
            "内部工作流程信息可以不予公开",
            "机密级以上文件由专人管理",
            "秘密、机密、绝密三级的划分",
        ] {
            assert!(!secrecy(text), "{text}");
        }
    }

    #[test]
    fn mailboxes_of_public_providers() {
        let is = |text: &str| marks(text).iter().any(|(mark, _)| *mark == Mark::Mailbox);
        assert!(is("邮箱：12345678@qq.com") && is("联系 a.b@163.com") && is("ABC＠Foxmail.com"));
        assert!(!is("邮箱：zwgk@yunze.gov.cn") && !is("a@b.example"));
    }

    fn table(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split('|').map(|cell| cell.trim().to_string()).collect()).collect()
    }

    #[test]
    fn j6_j7_lists_of_people() {
        assert_eq!(lists(&table("姓名|家庭住址|补助\n王某某|青石村3组12号|300\n"), 2024), [List::Addresses]);
        assert_eq!(lists(&table("姓名|残疾类别\n王某某|视力一级\n"), 2024), [List::Health]);
        assert_eq!(lists(&table("姓名|年龄\n王某某|9\n"), 2024), [List::Minors]);
        assert_eq!(lists(&table("学生姓名|出生年月\n王某某|2015-03\n"), 2024), [List::Minors]);
        assert_eq!(lists(&table("姓名|身份证号\n王某某|43900120150302123X\n"), 2024), [List::Minors]);
        assert_eq!(lists(&table("窗口|地址|电话\n综合窗口|云溪街1号|000\n"), 2024), []);
        assert_eq!(lists(&table("姓名|补助金额\n王某某|300\n"), 2024), []);
        assert_eq!(lists(&table("姓名|住址\n王**|青石村3组12号\n"), 2024), []);
        assert_eq!(lists(&table("姓名|年龄\n王某某|44\n"), 2024), []);
    }
}
