//! A seeded country: townships with reports in every edition of the form, as this program reads them and as Hugo does.

use gongkai::draft;
use gongkai::model::{FigureKey, Registry, Year};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// Report years of each township.
pub(crate) const YEARS: std::ops::RangeInclusive<u32> = 2008..=2025;
/// Townships of a county.
const COUNTY: usize = 18;

/// Rows of the table of applications with the same number.
const APPLIED: [&str; 3] = ["applications_new", "granted_full", "results_total"];

const WORDS: [&str; 12] = [
    "本镇通过公开栏、便民服务大厅和政府网站公布",
    "群众最关心的",
    "低保、危房改造和惠农补贴",
    "各村每季度上墙公示",
    "并由监督小组核对",
    "工作人员对照目录逐项检查",
    "发现公布不及时的",
    "当月补齐",
    "受理的申请都在规定期限内答复",
    "没有收取费用",
    "存在的问题是更新不够快",
    "下一步将把责任落实到站所",
];

/// Small numbers from a fixed sequence.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Writes the same reports to `own/content` and to `hugo/content`. With `GENERATOR`, a maker of corpora with the arguments
/// `--format gongkai|hugo --townships N --years FROM..TO --out DIR` does it instead.
pub(crate) fn write(folder: &Path, townships: usize) {
    if let Some(maker) = std::env::var_os("GENERATOR") {
        for (format, place) in [("gongkai", "own"), ("hugo", "hugo")] {
            let years = format!("{}..{}", YEARS.start(), YEARS.end());
            let mut command = Command::new("python3");
            command.arg(&maker).args(["--format", format, "--townships", &townships.to_string(), "--years", &years, "--out"]);
            let made = command.arg(folder.join(place).join("content")).status().unwrap();
            assert!(made.success(), "the maker of the corpus");
        }
        return;
    }
    let put = |place: &str, path: &str, text: String| {
        let path = folder.join(place).join("content").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let mut random = Seeded(2025);
    let registry = Registry::built_in();
    put("own", "_index.md", "+++\ntitle = \"测国\"\n[body]\nlevel = \"country\"\n+++\n".into());
    put("hugo", "_index.md", "+++\ntitle = \"测国\"\n+++\n".into());
    for county in 0..townships.div_ceil(COUNTY) {
        put("own", &format!("q{county}/_index.md"), format!("+++\ntitle = \"第{county}县\"\n[body]\nlevel = \"county\"\n+++\n"));
        put("hugo", &format!("q{county}/_index.md"), format!("+++\ntitle = \"第{county}县\"\nlayout = \"region\"\n+++\n"));
    }
    for township in 0..townships {
        let (path, name) = (format!("q{}/t{township}", township / COUNTY), format!("第{township}镇"));
        put("own", &format!("{path}/_index.md"), format!("+++\ntitle = \"{name}\"\n+++\n"));
        put("hugo", &format!("{path}/_index.md"), format!("+++\ntitle = \"{name}\"\nlayout = \"township\"\n+++\n"));
        for year in YEARS {
            let head = format!("+++\ntitle = \"{name}{year}年政府信息公开工作年度报告\"\ndate = {}-01-20\n", year + 1);
            let body = body(&registry, &name, year, &mut random);
            let listed = format!("via_bulletin_board = {}\n", random.below(200));
            let number = format!("{name}发〔{}〕{}号", year + 1, random.below(40) + 1);
            put(
                "own",
                &format!("{path}/{year}.md"),
                format!("{head}[report]\nissuer = \"{name}人民政府\"\nnumber = \"{number}\"\n[figures]\n{listed}+++\n\n{body}"),
            );
            put(
                "hugo",
                &format!("{path}/{year}.md"),
                format!(
                    "{head}years = [\"{year}\"]\n[params]\nyear = {year}\npublisher = \"{name}人民政府\"\ndoc_no = \"{number}\"\n[params.figures]\n{listed}+++\n\n{body}"
                ),
            );
        }
    }
}

fn body(registry: &Registry, name: &str, year: u32, random: &mut Seeded) -> String {
    let form = registry.form_for(Year::new(year.into()).unwrap());
    let mut text = format!("本报告按照《中华人民共和国政府信息公开条例》编制，统计期限为{year}年1月1日至12月31日。\n\n");
    for (place, section) in form.sections.iter().enumerate() {
        let _ = write!(text, "## {}、{}\n\n", section.numeral, section.title);
        for paragraph in 0..3 {
            let _ = write!(text, "{name}{year}年第{}次会议研究了第{paragraph}项工作，", random.below(60));
            for _ in 0..6 {
                let word = WORDS[random.below(WORDS.len() as u64) as usize];
                let _ = write!(text, "{word}，");
            }
            let _ = write!(text, "全年检查{}次。\n\n", random.below(30) + 1);
        }
        for table in form.tables.iter().filter(|table| table.section as usize == place) {
            // What one row takes in, another gives out: the arithmetic of the form holds.
            let (applied, permits) = (random.below(20), random.below(200));
            let cell = |key: FigureKey| match registry.figure_name(key).as_str() {
                "admin_permits" => permits,
                name if APPLIED.contains(&name.trim_end_matches(".natural_person")) => applied,
                _ => 0,
            };
            let _ = writeln!(text, "{}", draft::canonical_table(table, registry, &|key| cell(key).to_string()));
        }
    }
    text
}
