//! Seeded numbers of people who cannot exist: issued nowhere, born before 1900. RELIABILITY.md rows J1 to J5.

use super::*;

/// Small reproducible sequence.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn identity(&mut self) -> String {
        let provinces = [11, 13, 21, 33, 43, 53, 65];
        let head = format!(
            "{}{:04}{}{:02}{:02}{:03}",
            provinces[self.below(7) as usize],
            9000 + self.below(999),
            1800 + self.below(100),
            1 + self.below(12),
            1 + self.below(28),
            self.below(1000)
        );
        let sum = head.bytes().fold(0u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
        let last = (12 - sum % 11) % 11;
        format!("{head}{}", if last == 10 { "X".to_string() } else { last.to_string() })
    }

    fn mobile(&mut self) -> String {
        format!("1{}{:09}", 3 + self.below(7), self.below(1_000_000_000))
    }

    fn card(&mut self) -> String {
        let length = [16, 19][self.below(2) as usize];
        let mut digits: Vec<u8> = b"62".to_vec();
        while digits.len() < length - 1 {
            digits.push(b'0' + self.below(10) as u8);
        }
        let last = (b'0'..=b'9').find(|last| luhn(&[digits.as_slice(), &[*last]].concat())).unwrap();
        digits.push(last);
        String::from_utf8(digits).unwrap()
    }
}

fn is_identity(text: &str) -> bool {
    find(text).iter().any(|found| matches!(found.kind, Kind::Identity { .. }))
}

fn chinese(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| "〇一二三四五六七八九".chars().nth(digit as usize).unwrap())).collect()
}

fn wide(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c }).collect()
}

fn joined(text: &str, every: usize, with: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(every).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join(with)
}

/// One way, and how it writes a number.
type Disguise = (&'static str, fn(&str) -> String);

/// Ways in which an identity number is hidden and still readable.
const DISGUISES: [Disguise; 25] = [
    ("as it is", |id| format!("身份证号{id}。")),
    ("lower-case x", |id| format!("（{}）", id.to_lowercase())),
    ("full width", |id| wide(id)),
    ("Chinese digits", |id| chinese(id)),
    ("spaces one by one", |id| joined(id, 1, " ")),
    ("spaces by six", |id| joined(id, 6, " ")),
    ("ideographic space", |id| joined(id, 6, "\u{3000}")),
    ("no-break space", |id| joined(id, 4, "\u{a0}")),
    ("hyphens", |id| joined(id, 6, "-")),
    ("full-width hyphens", |id| joined(id, 6, "－")),
    ("dots", |id| joined(id, 6, ".")),
    ("middle dots", |id| joined(id, 6, "·")),
    ("underscores", |id| joined(id, 6, "_")),
    ("zero-width space", |id| joined(id, 1, "\u{200b}")),
    ("zero-width joiner", |id| joined(id, 3, "\u{200d}")),
    ("soft hyphen", |id| joined(id, 4, "\u{ad}")),
    ("stars in between", |id| joined(id, 6, "*")),
    ("line break", |id| joined(id, 9, "\n")),
    ("carriage return", |id| joined(id, 9, "\r\n")),
    ("cells of a table", |id| format!("|张某|{}|", joined(id, 6, "|"))),
    ("letter O for zero", |id| id.replacen('0', "O", 2)),
    ("letter l for one", |id| format!("号{}{}", &id[..9], id[9..].replacen('1', "l", 1))),
    ("in an address", |id| format!("https://a.example/p?id={id}&n=1")),
    ("in a file name", |id| format!("名单_{id}.xlsx")),
    ("mathematical digits", |id| id.chars().map(|c| c.to_digit(10).map_or(c, |digit| char::from_u32(0x1D7CE + digit).unwrap())).collect()),
];

#[test]
fn j1_full_identity_numbers_are_found() {
    let mut seeded = Seeded(1);
    let missed = (0..50_000).filter(|_| !is_identity(&format!("户主某某，{}，补助", seeded.identity()))).count();
    assert_eq!(missed, 0, "of 50,000");
}

#[test]
fn j2_disguised_identity_numbers_are_found() {
    let mut seeded = Seeded(2);
    for (name, disguise) in DISGUISES {
        let missed = (0..1_000).filter(|_| !is_identity(&disguise(&seeded.identity()))).count();
        assert!(missed <= 5, "{name}: {missed} of 1,000 missed");
    }
    let old = (0..1_000).filter(|_| {
        let id = seeded.identity();
        !is_identity(&format!("身份证号：{}{}", &id[..6], &id[8..17]))
    });
    assert!(old.count() <= 20, "fifteen digits");
}

#[test]
fn j3_weak_masks_say_what_remains_possible() {
    let candidates =
        |text: &str| find(text).into_iter().find_map(|found| if let Kind::WeaklyMasked { candidates } = found.kind { Some(candidates) } else { None });
    // A hidden day of birth: some 36,525 days, an eleventh of which fit the check digit.
    assert_eq!(candidates("439001********1234"), Some(3_320));
    assert_eq!(candidates("43900119010203****"), Some(1_000));
    assert_eq!(candidates("439001190102******"), Some(31_000));
    assert_eq!(candidates("4390011901****1234"), Some(33));
    assert_eq!(candidates("439001XXXXXXXX1234"), Some(3_320));
    let mut seeded = Seeded(3);
    let wrong = (0..2_000).filter(|place| {
        let id = seeded.identity();
        let (text, weak) = match place % 4 {
            0 => (format!("{}********{}", &id[..6], &id[14..]), true),
            1 => (format!("{}****", &id[..14]), true),
            2 => (format!("{}************{}", &id[..2], &id[14..]), false),
            _ => (format!("{}************", &id[..6]), false),
        };
        candidates(&format!("身份证{text}，")).is_some() != weak
    });
    assert_eq!(wrong.count(), 0, "of 2,000");
    for strong in ["4***************34", "439***********1234", "******19010203****", "439001************", "王*华", "139****1234"] {
        assert_eq!(candidates(strong), None, "{strong}");
    }
}

#[test]
fn j4_mobile_numbers_are_found_and_office_lines_are_not() {
    let mut seeded = Seeded(4);
    let ways: [fn(&str) -> String; 6] = [
        |n| n.to_string(),
        |n| format!("+86{n}"),
        |n| format!("{} {} {}", &n[..3], &n[3..7], &n[7..]),
        |n| format!("{}-{}-{}", &n[..3], &n[3..7], &n[7..]),
        wide,
        |n| joined(n, 1, "\u{200b}"),
    ];
    let mut missed = 0;
    for place in 0..20_000 {
        let text = format!("联系人王某，电话{}，工作日", ways[place % ways.len()](&seeded.mobile()));
        missed += usize::from(!find(&text).iter().any(|found| found.kind == Kind::Mobile));
    }
    assert!(missed <= 100, "{missed} of 20,000");
    let alarms = (0..20_000).filter(|_| {
        let (area, line) = (seeded.below(900) + 100, seeded.below(9_000_000) + 1_000_000);
        !find(&format!("办公电话：0{area}-{line}，传真0{area}{line}，热线12345")).is_empty()
    });
    assert_eq!(alarms.count(), 0);
}

#[test]
fn j5_bank_cards_need_a_word_that_says_so() {
    let mut seeded = Seeded(5);
    let found = |text: &str| find(text).iter().any(|found| found.kind == Kind::BankCard);
    let missed = (0..20_000).filter(|place| {
        let card = seeded.card();
        !found(&if place % 2 == 0 { format!("惠农一卡通账号{card}") } else { format!("|姓名|银行卡号|\n|-|-|\n|某|{}|", joined(&card, 4, " ")) })
    });
    assert!(missed.count() <= 200);
    let alarms = (0..100_000).filter(|_| {
        let length = 16 + seeded.below(4) as usize;
        let number: String = (0..length).map(|_| char::from(b'0' + seeded.below(10) as u8)).collect();
        found(&format!("项目编码{number}"))
    });
    assert_eq!(alarms.count(), 0);
}

#[test]
fn numbers_that_belong_to_nobody() {
    for text in [
        "统一社会信用代码91430000MA4L16JQ9B",
        "统一社会信用代码1143010000612345XY",
        "项目代码2023-430922-48-01-123456",
        "2024年1月19日印发，云政办发〔2023〕8号，共1234567890份",
        "东经112.9388140，北纬28.2282090",
        "d-a13912345678 sha256:0f13912345678e",
        "https://a.gov.cn/art/2009/1/6/art_4433_13912345678.html",
        "ISBN 978-7-5217-1234-5",
        "|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|",
        "|2019|2020|2021|2022|2023|\n|-|-|-|-|-|\n|1234|5678|9012|3456|7890|",
        "二〇二四年一月十九日，一、二、三、四、五、六、七、八、九",
        "2008 2009 2010 2011 2012 2013 2014 2015 2016 2017 2018",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn masking_keeps_every_place() {
    let id = Seeded(9).identity();
    let text = format!("前{id}后");
    let masked = mask(&text);
    assert_eq!(masked.len(), text.len());
    assert!(masked.starts_with('前') && masked.ends_with('后') && !masked.contains(&id[4..12]));
    assert!(matches!(mask("没有"), Cow::Borrowed(_)));
}

#[test]
fn j6_j7_lists_of_people_are_found() {
    let mut seeded = Seeded(6);
    let (mut addresses, mut minors) = (0, 0);
    let names = ["王某某", "李某", "阿某·某某", "欧某某"];
    for _ in 0..2_000 {
        let name = names[seeded.below(4) as usize];
        let house = [
            format!("青石村{}组{}号", 1 + seeded.below(9), 1 + seeded.below(99)),
            format!("云溪街{}号{}栋", 1 + seeded.below(99), 1 + seeded.below(9)),
            format!("河湾社区{}室", 101 + seeded.below(900)),
            format!("向阳小区{}幢{}单元", 1 + seeded.below(20), 1 + seeded.below(4)),
        ][seeded.below(4) as usize]
            .clone();
        let head = ["住址", "家庭住址", "地址", "居住地"][seeded.below(4) as usize];
        let rows = |cells: [&str; 3]| cells.iter().map(|cell| cell.to_string()).collect::<Vec<_>>();
        let table = [rows(["姓名", head, "补助（元）"]), rows([name, &house, "300"])];
        addresses += usize::from(!lists(&table, 2024).contains(&List::Addresses));
        let told = match seeded.below(4) {
            0 => ("年龄", format!("{}", 1 + seeded.below(13))),
            1 => ("年龄", format!("{}岁", 1 + seeded.below(13))),
            2 => ("出生年月", format!("{}-{:02}", 2011 + seeded.below(13), 1 + seeded.below(12))),
            _ => ("出生日期", format!("{}年{}月", 2011 + seeded.below(13), 1 + seeded.below(12))),
        };
        let table = [rows(["姓名", told.0, "村"]), rows([name, &told.1, "青石村"])];
        minors += usize::from(!lists(&table, 2024).contains(&List::Minors));
    }
    assert!(addresses <= 100 && minors <= 20, "addresses {addresses}, minors {minors} of 2,000");
}

#[test]
fn j8_marks_and_sentences_by_the_hundred() {
    let mut seeded = Seeded(8);
    let marks_of = |text: &str| marks(text).iter().any(|(mark, _)| *mark == Mark::Secrecy);
    let mut missed = Vec::new();
    let mut alarms = Vec::new();
    for _ in 0..500 {
        let word = ["绝密", "机密", "秘密"][seeded.below(3) as usize];
        let word = if seeded.below(2) == 0 { word.to_string() } else { joined(word, 1, [" ", "　", "  "][seeded.below(3) as usize]) };
        let text = match seeded.below(6) {
            0 => format!("{word}★启用前"),
            1 => format!("正文。\n\n{word}\n\n正文。"),
            2 => format!("{word} ★ {}年", 1 + seeded.below(30)),
            3 => format!("【{word}】"),
            4 => ["内部资料，请勿外传", "内部文件 注意保存", "此件不得外传。", "内部参考，严禁复印"][seeded.below(4) as usize].to_string(),
            _ => format!("某办法（{}稿）", ["征求意见", "送审", "讨论"][seeded.below(3) as usize]),
        };
        if !marks_of(&text) {
            missed.push(text);
        }
        let about = ["保密审查", "国家秘密", "商业秘密", "工作秘密管理", "秘密载体", "机密文件销毁", "内部管理制度", "内部审计", "征求意见稿公开"]
            [seeded.below(9) as usize];
        let sentence = match seeded.below(4) {
            0 => format!("严格落实{about}要求，全年没有失密泄密事件。"),
            1 => format!("一是加强{about}；二是开展培训。"),
            2 => format!("对涉及{about}的内容逐条审核。"),
            _ => format!("修订{about}办法{}份。", 1 + seeded.below(9)),
        };
        if marks_of(&sentence) {
            alarms.push(sentence);
        }
    }
    assert!(missed.is_empty() && alarms.is_empty(), "missed {missed:?}, alarms {alarms:?}");
}

#[test]
fn j10_clean_pages_stay_quiet() {
    let mut seeded = Seeded(10);
    let mut digits = |length: usize| (0..length).map(|_| char::from(b'0' + seeded.below(10) as u8)).collect::<String>();
    let mut alarms = Vec::new();
    for page in 0..20_000 {
        let credit: String = format!("1143{}MB{}X", digits(6), digits(6));
        let text = format!(
            "统一社会信用代码{credit}，项目代码20{}-{}-{}-{}-{}，云政办发〔20{}〕{}号。\n位置：东经1{}.{}，北纬2{}.{}。ISBN 978-7-{}-{}-{}，发票号码{}，电表户号{}。\n电话：0{}-{}转{}，传真0{}{}，热线12345。\n|年度|数|\n|-|-|\n|2019|{}|\n|2020|{}|\n|2021|{}|",
            digits(2),
            digits(6),
            digits(2),
            digits(2),
            digits(6),
            digits(2),
            digits(2),
            digits(2),
            digits(6),
            digits(1),
            digits(6),
            digits(4),
            digits(4),
            digits(1),
            digits(8),
            digits(10),
            digits(3),
            digits(8),
            digits(3),
            digits(3),
            digits(7),
            digits(4),
            digits(5),
            digits(6)
        );
        alarms.extend(find(&text).into_iter().map(|found| format!("page {page}: {:?} {}", found.kind, &text[found.range])));
        alarms.extend(marks(&text).into_iter().map(|found| format!("page {page}: {found:?}")));
    }
    assert!(alarms.len() <= 20, "{} on 20,000 pages: {:?}", alarms.len(), &alarms[..alarms.len().min(12)]);
}
