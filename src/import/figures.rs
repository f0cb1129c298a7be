//! Figures of a report: what its tables and its sentences state, each with the words it was read from; and the numbers that state
//! nothing, each with why.

use super::lines::{Block, Line};
use super::outline;
use super::recognize::Recognized;
use super::tables::TableFigure;
use crate::diag::Words;
use crate::model::{About, Amount, Breakdown, FigureKey, Form, Level, Registry, TimeSpan, Year};
use crate::text::numbers::{read_cell, runs};
use crate::text::said::{Elsewhere, Phrases, Scope, Statement};
use crate::text::{citations, dates, plain::Plain};
use std::ops::Range;
use std::sync::LazyLock;

/// A figure and where it was read.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundFigure {
    /// What is counted.
    pub key: FigureKey,
    /// The number in the indicator's unit.
    pub amount: Amount,
    /// Number and unit as printed, where the unit is another.
    pub stated: Option<(Amount, String)>,
    /// 余, 近, 超, 约.
    pub about: Option<About>,
    /// This year, or since counting began.
    pub time: TimeSpan,
    /// The words of the source, exactly.
    pub quote: String,
    /// Line of the source file.
    pub line: usize,
    /// Whether it stands in a statutory table, which the content file keeps as such.
    pub in_table: bool,
    /// Whether a table of the report states another number: the text's is shown, and stands in no data.
    pub conflict: bool,
}

/// A number of the text that is no figure of the report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OtherNumber {
    /// The number with its unit, as printed.
    pub quote: String,
    /// Line of the source file.
    pub line: usize,
    /// Why it was left as text.
    pub why: Words,
}

/// Forms and indicators that come with the program, and the phrases by which texts state them.
pub(super) static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::built_in);
static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&REGISTRY).0);

/// Reads the figures of the text beside those of the tables.
pub(super) fn add(report: &mut Recognized, form: &'static Form, of_tables: Vec<TableFigure>, of_page: Vec<(String, String, String, usize)>) {
    for TableFigure { key, amount, stated, about, time, quote, line } in of_tables {
        report.figures.push(FoundFigure { key, amount, stated, about, time, quote, line, in_table: true, conflict: false });
    }
    for (name, unit, value, line) in of_page {
        report.figures.extend(of_own_page(&name, &unit, &value, line));
    }
    let year = report.year.as_ref().map(|year| year.value);
    let township = matches!(report.level, Some(Level::Township | Level::Village));
    let mut found = Found { report: Recognized::default(), year };
    std::mem::swap(&mut found.report, report);
    let lines = found.report.lines.clone();
    let mut section = String::new();
    for line in &lines {
        if outline::heading_rank(line).is_some() {
            // （一） stands under 一、, and what the outer one says goes on.
            let words = line.all_words();
            let inner = outline::numbered(&words).is_some_and(|number| number.level > 1);
            section = if inner { format!("{} {words}", section.split(' ').next().unwrap_or_default()) } else { words };
            continue;
        }
        if let Block::Text(text) | Block::Heading(_, text) | Block::Item(_, text) = &line.block {
            let scope = Scope { section: &section, year, form: Some(form), township };
            found.sentences(scope, line.number, text);
        }
    }
    found.only_nothing(&lines);
    found.only_channel();
    found.cut_off(&lines);
    found.town_count();
    std::mem::swap(&mut found.report, report);
}

/// A row of the table in which a page of ours lists what stands in no other.
fn of_own_page(name: &str, unit: &str, value: &str, line: usize) -> Option<FoundFigure> {
    let indicator = REGISTRY.indicators().iter().find(|indicator| indicator.name == name)?;
    let (time, printed) = value.strip_prefix("累计").map_or((TimeSpan::Year, value), |rest| (TimeSpan::Cumulative, rest.trim()));
    // What was printed stands in brackets after a number that was converted.
    let number = printed.split(['（', '(', ' ']).next().unwrap_or_default();
    let cell = read_cell(number)?;
    let amount = cell.reading.amount()?;
    let read = REGISTRY.convert(indicator.id, amount, cell.unit.as_deref().unwrap_or(unit))?;
    let quote = format!("{name} {value}");
    Some(FoundFigure {
        key: FigureKey::total(indicator.id),
        amount: read.amount,
        stated: None,
        about: cell.about,
        time,
        quote,
        line,
        in_table: false,
        conflict: false,
    })
}

struct Found {
    report: Recognized,
    year: Option<Year>,
}

impl Found {
    fn sentences(&mut self, scope: Scope<'_>, line: usize, text: &str) {
        let statements = PHRASES.read(&REGISTRY, scope, text);
        let mut explained: Vec<Range<usize>> = Vec::new();
        for statement in &statements {
            if let Some(why) = refusal(scope, statement, text) {
                // A zero in words of another year leaves no number behind.
                if !statement.none {
                    explained.push(statement.range.clone());
                    self.report.others.push(OtherNumber { quote: text[statement.range.clone()].to_string(), line, why });
                }
                continue;
            }
            explained.push(statement.range.clone());
            self.take(statement, line, text);
        }
        self.rest(line, text, explained);
    }

    fn take(&mut self, statement: &Statement, line: usize, text: &str) {
        let key = FigureKey { indicator: statement.indicator, breakdown: statement.breakdown };
        let of = REGISTRY.indicator(statement.indicator);
        let (name, id) = (&of.name, &of.key);
        let mut conflict = false;
        if let Some(known) = self.report.figures.iter().find(|known| known.key == key && known.time == statement.time) {
            let told = known.amount != statement.amount && !(statement.about.is_some() || known.about.is_some());
            // Staff, channels and classes are spoken of in parts; what the form sums up is not.
            let summed = of.headline.is_some() || matches!(of.part.as_str(), "applications" | "decisions" | "disputes" | "fees");
            conflict = told && summed && known.in_table && statement.time == TimeSpan::Year;
            let (first, at, here) = (known.amount, known.line, statement.amount);
            let words = if conflict {
                Words::new(
                    format!("正文与表格不一致：“{name}”在表格里（第 {at} 行）是 {first}，正文是 {here}；采用表格的"),
                    format!("`{id}` is {first} in the table (line {at}) and {here} in the text; the table's is kept"),
                )
            } else {
                Words::new(
                    format!("“{name}”前后不一：第 {at} 行是 {first}，这里是 {here}；采用前者"),
                    format!("`{id}` is stated twice: {first} in line {at}, {here} here; the first is kept"),
                )
            };
            if told {
                self.report.note("import/figure-differs", words, Some(line));
            }
            if !conflict {
                return;
            }
        }
        if let Some(year) = statement.dated {
            let words = Words::new(
                format!("“{name}”说的是 {year} 年的情况，请核对是不是本年度的"),
                format!("`{id}` is said of {year}: check whether it belongs to this report"),
            );
            let later = self.year.is_some_and(|own| year > own.number());
            self.report.note(if later { "import/year-later" } else { "import/year-earlier" }, words, Some(line));
        }
        self.report.figures.push(FoundFigure {
            key,
            amount: statement.amount,
            stated: statement.stated.as_ref().map(|(amount, unit)| (*amount, unit.to_string())),
            about: statement.about,
            time: statement.time,
            quote: text[statement.clause.clone()].trim().to_string(),
            line,
            in_table: false,
            conflict,
        });
    }

    /// Numbers that nothing explains: neither figure nor day, document number or numbering.
    fn rest(&mut self, line: usize, text: &str, explained: Vec<Range<usize>>) {
        let mut covered = explained;
        covered.extend(dates::find(text).into_iter().map(|day| day.range));
        covered.extend(dates::years(text).into_iter().filter(|year| year.named || text[year.range.end..].starts_with(['-', '—', '来'])).map(|year| year.range));
        covered.extend(citations::find(text).into_iter().map(|found| found.range));
        // 3长效机制: a point whose sign was forgotten.
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let bare = digits <= 2 && text[digits..].starts_with(|c: char| crate::text::is_han(c) && !"年月日号条件个项次人名份篇期元点".contains(c));
        let body = outline::numbered(text).map_or(if bare { digits } else { 0 }, |numbered| text.len() - numbered.rest.len());
        for token in runs(text) {
            let own = token.start < body || covered.iter().any(|known| known.start < token.end && token.start < known.end);
            if !own {
                let quote = text[token.clone()].to_string();
                let why = reason(text, &token, &quote);
                self.report.others.push(OtherNumber { quote, line, why });
            }
        }
    }

    /// 收费及减免情况 with nothing under it but 无。: the section's own zero.
    fn only_nothing(&mut self, lines: &[Line]) {
        const ZEROS: [(&str, &[&str]); 4] =
            [("收费", &["fees"]), ("复议", &["reconsideration"]), ("诉讼", &["litigation_total"]), ("依申请公开", &["applications_new"])];
        for pair in lines.windows(2) {
            let (Some(heading), Some(text)) = (pair[0].words(), pair[1].words()) else { continue };
            let plain = Plain::of(text).text;
            let bare = plain.trim_matches(['。', '；']);
            let nothing =
                ["无", "没有", "本年度无", "本年度没有", "无此类情况", "本年无", "本年度无此类情况", "无此情况", "本年度未发生", "未发生", "本年度无此情况"]
                    .contains(&bare);
            if outline::heading_rank(&pair[0]).is_none() || !nothing {
                continue;
            }
            for (word, keys) in ZEROS.iter().filter(|(word, _)| heading.contains(word)) {
                for indicator in keys.iter().filter_map(|key| REGISTRY.indicator_named(key)) {
                    let key = FigureKey::total(indicator);
                    let other = *word == "依申请公开" && heading.contains("复议");
                    if other || self.report.figures.iter().any(|known| known.key == key) {
                        continue;
                    }
                    self.report.figures.push(FoundFigure {
                        key,
                        amount: Amount::ZERO,
                        stated: None,
                        about: None,
                        time: TimeSpan::Year,
                        quote: bare.to_string(),
                        line: pair[1].number,
                        in_table: false,
                        conflict: false,
                    });
                }
            }
        }
    }

    /// 在门户网站主动公开信息29条, and nothing said of any other channel or of a total: what was disclosed there is what was disclosed.
    fn only_channel(&mut self) {
        let (Some(total), Some(site)) = (REGISTRY.indicator_named("proactive_disclosed_total"), REGISTRY.indicator_named("via_website")) else { return };
        let is_channel = |figure: &FoundFigure| REGISTRY.indicator(figure.key.indicator).key.starts_with("via_");
        let alone = !self.report.figures.iter().any(|figure| figure.key.indicator == total || is_channel(figure) && figure.key.indicator != site);
        let Some(figure) = self.report.figures.iter_mut().find(|figure| alone && figure.key.indicator == site && !figure.in_table) else { return };
        if figure.quote.contains("主动公开") {
            figure.key = FigureKey::total(total);
            let line = figure.line;
            let words = Words::new(
                "只写了在网站主动公开的“主动公开政府信息数”，没有另写总数：按总数读取，请核对",
                "only what was disclosed on the website is stated, and no total: it is read as the total",
            );
            self.report.note("import/figure-doubtful", words, Some(line));
        }
    }

    /// A text that stops in the middle of a sentence, a table or a heading; a number at its very end is not read.
    fn cut_off(&mut self, lines: &[Line]) {
        let Some(last) = lines.last() else { return };
        let words = last.all_words();
        let text = words.trim_end_matches(|c: char| c.is_whitespace() || c == '|' || c == '…' || c == '.');
        let day = dates::whole(text).is_some() || dates::find(text).last().is_some_and(|day| day.range.end == text.len());
        let has_han = text.contains(crate::text::is_han);
        let digits = text.ends_with(|c: char| c.is_ascii_digit()) && text.chars().count() > 8 && has_han && !day && !matches!(last.block, Block::Table(_));
        let phone = ["电话", "传真", "邮编", "热线"].iter().any(|word| text.contains(word));
        let at = Some(lines.last().map_or(0, |line| line.number));
        if digits && !phone {
            let words = Words::new("文字在一个数中间断了，这个数没有读取", "the text ends in the middle of a number, which was not read");
            self.report.note("import/cut-off", words, at);
            return;
        }
        let prose = last.words().is_some() && has_han && !day;
        let open_sentence = prose && text.chars().count() > 30 && text.ends_with(|c: char| crate::text::is_han(c) || matches!(c, '，' | ',' | '、' | '：'));
        // Nothing follows the last heading, or a few words after which a report goes on.
        let signature = super::names::is_office(text) || text.ends_with(['日', '。', '；', ')', '）']);
        let heading = prose && !signature && outline::numbered(text).is_some();
        let fragment = prose && !signature && !heading && text.chars().count() <= 30 && lines.len() > 3 && !has_end(text);
        if open_sentence || heading || fragment || cut_table(lines) {
            let words = Words::new("文字在结尾处断了，可能不全，请对照原件", "the text stops in the middle: it may be cut off");
            self.report.note("import/cut-off", words, at);
        }
    }

    /// 20个乡镇, said twice in a county's report and never otherwise, is how many it has.
    fn town_count(&mut self) {
        let Some(indicator) = REGISTRY.indicator_named("townships") else { return };
        let key = FigureKey::total(indicator);
        if self.report.level != Some(Level::County) || self.report.figures.iter().any(|known| known.key == key) {
            return;
        }
        let mut said: Vec<(Amount, usize, String, Range<usize>)> = Vec::new();
        for line in &self.report.lines {
            let Some(text) = line.words() else { continue };
            for (at, _) in text.match_indices("个乡镇") {
                let start = text[..at]
                    .trim_end()
                    .rfind(|c: char| !c.is_ascii_digit())
                    .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
                if let Ok(amount) = text[start..at].trim().parse::<Amount>() {
                    said.push((amount, line.number, text.to_string(), start..at + '个'.len_utf8()));
                }
            }
        }
        let Some((amount, line, text, range)) = said.first().filter(|first| said.len() >= 2 && said.iter().all(|other| other.0 == first.0)).cloned() else {
            return;
        };
        let stops = ['，', ',', '。', '；', ';', '：'];
        let start = text[..range.start].rfind(stops).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        let end = text[range.end..].find(stops).map_or(text.len(), |at| range.end + at);
        let place = self.report.figures.iter().position(|known| known.line > line).unwrap_or(self.report.figures.len());
        let quote = text[start..end].trim().to_string();
        self.report.others.retain(|other| !(other.line == line && other.quote == text[range.clone()]));
        self.report
            .figures
            .insert(place, FoundFigure { key, amount, stated: None, about: None, time: TimeSpan::Year, quote, line, in_table: false, conflict: false });
    }
}

/// Whether the text ends inside a statutory table: with a row that has no number, or with a label.
fn cut_table(lines: &[Line]) -> bool {
    let Some((last, before)) = lines.split_last() else { return false };
    match &last.block {
        Block::Item(_, text) => {
            let after_table = before.last().is_some_and(|line| matches!(line.block, Block::Table(_)));
            after_table || super::flat::TABLES.iter().any(|(_, labels)| labels.knows(&super::flat::Keys::of(text)))
        }
        Block::Table(rows) => rows.last().is_some_and(|row| {
            let mut filled = row.iter().filter(|cell| !cell.is_empty()).peekable();
            filled.peek().is_some() && filled.all(|cell| read_cell(cell).is_none())
        }),
        _ => false,
    }
}

/// Words with which a short last line may end as it stands.
fn has_end(text: &str) -> bool {
    let ends = ["报告", "年报", "附件", "附表", "如下", "无", "没有", "打印", "关闭", "公开", "政府", "办公室", "首页", "docx", "pdf", "doc", "xls", "xlsx"];
    ends.iter().any(|end| text.ends_with(end)) || text.contains(['：', ':', '@']) || text.starts_with(['附', '（', '(', '注'])
}

/// Why a statement is no figure of this report.
fn refusal(scope: Scope<'_>, statement: &Statement, text: &str) -> Option<Words> {
    match statement.elsewhere {
        Some(Elsewhere::Year) => return Some(Words::new("上一年或往年的数", "another year's")),
        Some(Elsewhere::Plan) => return Some(Words::new("计划或要求", "a plan or a demand")),
        Some(Elsewhere::Each) => return Some(Words::new("平均数、限度或频次", "an average, a limit or a rate")),
        Some(Elsewhere::Body) => return Some(Words::new("说的是别的单位", "said of another body")),
        Some(Elsewhere::Part) => return Some(Words::new("增加的数，或某一方面的数", "an increase, or one matter's")),
        None => {}
    }
    let part = REGISTRY.indicator(statement.indicator).part.as_str();
    // Halls, windows, areas and staff stand; what is counted through a year belongs to it.
    let stands = matches!(part, "profile" | "organization" | "county")
        || ["service_windows", "service_cases_pending"].contains(&REGISTRY.indicator(statement.indicator).key.as_str());
    if let Some(year) = statement.dated.filter(|_| !stands && statement.time == TimeSpan::Year) {
        return Some(Words::new(format!("{year} 年的数"), format!("{year}'s")));
    }
    let ahead = ["下一步", "下步", "打算", "工作计划", "努力方向"].iter().any(|word| scope.section.contains(word));
    // Where problems stand beside what is planned, a number is of the problem unless its sentence looks ahead.
    let sentence = text[..statement.range.start].rsplit(['。', '！', '？']).next().unwrap_or_default();
    let looks =
        ["将", "要", "计划", "力争", "争取", "拟", "明年", "下一步", "下步", "确保", "力求", "达到", "进一步"].iter().any(|word| sentence.contains(word));
    (ahead && (looks || !scope.section.contains("问题"))).then(|| Words::new("下一步的打算", "what is planned"))
}

fn reason(text: &str, token: &Range<usize>, quote: &str) -> Words {
    let before = &text[..token.start];
    if quote.ends_with(['%', '％']) {
        return Words::new("百分比，没有对应的指标", "a percentage of no indicator");
    }
    if quote.ends_with('-') || quote.contains('-') {
        return Words::new("缺字的日期或号码", "a day or number with characters lost");
    }
    if before.ends_with('第') {
        return Words::new("条款或序号", "an article or a number in order");
    }
    let digits = quote.chars().filter(char::is_ascii_digit).count();
    if quote.chars().all(|c| c.is_ascii_digit()) && digits >= 5 || quote.ends_with('号') {
        return Words::new("号码", "a number of a line, a document or a file");
    }
    Words::new("没有对应的指标，留在正文里", "no indicator; left in the text")
}

/// Name of a figure's indicator in files.
pub(super) fn indicator_key(figure: &FoundFigure) -> &'static str {
    &REGISTRY.indicator(figure.key.indicator).key
}

/// Name of its breakdown in files.
pub(super) fn breakdown_name(key: FigureKey) -> &'static str {
    if key.breakdown == Breakdown::TOTAL { "total" } else { REGISTRY.breakdown_name(key.breakdown).0 }
}
