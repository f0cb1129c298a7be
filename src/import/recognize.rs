//! What a report says about itself: title, year, body, days, signature, number. What it does not say stays unknown.

use super::chrome::{self, Said};
use super::figures::{self, FoundFigure, OtherNumber};
use super::flat::Places;
use super::lines::{Block, Line, Lines, Note, Removed, compact};
use super::names::{self, Named};
use super::outline::{self, Section};
use super::own::{self, Own};
use super::tables::Unfilled;
use super::{contact, doubts, split, tables, title, verified, whose};
use crate::diag::Words;
use crate::model::{Contact, Level, Period, Year};
use crate::text::{citations, dates, key};
use jiff::civil::Date;

/// A value and the line of the source file it was read from; none if it stands in the head of a web page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read<T> {
    /// The value.
    pub value: T,
    /// Line of the source file.
    pub line: Option<usize>,
}

impl<T> Read<T> {
    fn at(value: T, line: usize) -> Read<T> {
        Read { value, line: Some(line) }
    }
}

/// A law or document the text names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize)]
pub struct Document {
    /// Title between 《》.
    pub title: Option<String>,
    /// Number in its official form.
    pub number: Option<String>,
}

/// A report as it was understood.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Recognized {
    /// Title as printed.
    pub title: Option<Read<String>>,
    /// Issuing body.
    pub body: Option<Read<String>>,
    /// County the text names.
    pub county: Option<Read<String>>,
    /// Level of the body.
    pub level: Option<Level>,
    /// Report year.
    pub year: Option<Read<Year>>,
    /// Day of publication.
    pub published: Option<Read<Date>>,
    /// Day of signature.
    pub signed: Option<Read<Date>>,
    /// Days the report covers.
    pub period: Option<Read<Period>>,
    /// Signature.
    pub issuer: Option<Read<String>>,
    /// Document number of the report itself.
    pub number: Option<Read<String>>,
    /// Number under which a catalogue lists it.
    pub index_number: Option<Read<String>>,
    /// Where residents can ask.
    pub contact: Option<Contact>,
    /// Address of the original.
    pub url: Option<String>,
    /// Edition of the form, where its tables are in another than the year's.
    pub form: Option<String>,
    /// Figures of tables and text, in order.
    pub figures: Vec<FoundFigure>,
    /// Numbers of the text that are no figures.
    pub others: Vec<OtherNumber>,
    /// Cells of statutory tables without a number.
    pub unfilled: Vec<Unfilled>,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Documents named, each once, in order.
    pub documents: Vec<Document>,
    /// What is doubtful.
    pub notes: Vec<Note>,
    /// What was left out.
    pub removed: Vec<Removed>,
    pub(super) lines: Vec<Line>,
    /// Lines of the rows and cells of tables.
    pub(super) places: Places,
}

/// Lines at the beginning of a text in which the body is looked for that neither title nor signature names.
const FIRST: usize = 8;

/// Understands a source file: its reports in order, nearly always one.
pub(super) fn reports(source: Lines) -> Vec<Recognized> {
    let parts = split::parts(source);
    let several = parts.len();
    let mut reports: Vec<Recognized> = parts.into_iter().map(recognize).collect();
    for (place, report) in reports.iter_mut().enumerate().filter(|_| several > 1) {
        let message = Words::new(
            format!("这个文件里有 {several} 份报告，这是第 {} 份，请核对从哪里分开", place + 1),
            format!("the file holds {several} reports; this is number {}: check where they were parted", place + 1),
        );
        let line = report.title.as_ref().and_then(|title| title.line);
        report.note("import/several-reports", message, line);
    }
    reports
}

/// Understands one report.
pub(super) fn recognize(source: Lines) -> Recognized {
    let Lines { mut lines, mut removed, meta, notes, rows } = source;
    let own = own::strip(&mut lines, &mut removed);
    let (found, others) = title::take(&mut lines, &mut removed);
    let said = chrome::strip(&mut lines, found.as_ref(), &mut removed);
    removed.sort_by_key(|removed| removed.line);
    let mut report = Recognized { lines, removed, notes, ..Recognized::default() };
    report.title = found
        .map(|title| Read::at(title.text, title.line))
        .or_else(|| meta.title.and_then(|window| title::in_window_title(&window)).map(|value| Read { value, line: None }));
    for (line, other) in others {
        let words = Words::new(format!("正文里另有标题“{other}”，与采用的标题不同"), format!("another title is printed: “{other}”"));
        report.note("import/title-differs", words, Some(line));
    }
    report.url = meta.url;
    report.read_days(&said, meta.published.as_deref());
    report.read_signature();
    report.read_year();
    report.read_body(&said);
    report.number = said.number.map(|(number, line)| Read::at(number, line));
    if let Some(own) = &own {
        report.read_own(own);
    }
    let mut lines = std::mem::take(&mut report.lines);
    let tables = tables::read(&mut lines, &mut report.removed, rows, report.year.as_ref().map(|year| year.value));
    report.removed.sort_by_key(|removed| removed.line);
    report.lines = lines;
    report.sections = outline::sections(&report.lines);
    report.documents = documents(&report.lines);
    report.index_number = contact::index_number(&report.lines, &report.removed).map(|(number, line)| Read::at(number, line));
    report.contact = contact::read(&report.lines);
    report.unfilled = tables.unfilled;
    report.places = tables.places;
    if tables.other_edition {
        report.form = Some(tables.form.edition.clone());
        let edition = &tables.form.edition;
        let words = Words::new(format!("表格用的是 {edition} 版格式，不是该年度的"), format!("the tables are in the {edition} edition, not the year's"));
        report.note("import/form-differs", words, None);
    }
    for (words, line) in tables.doubts {
        report.note("import/table-doubtful", words, Some(line));
    }
    figures::add(&mut report, tables.form, tables.figures, own.map_or_else(Vec::new, |own| own.stated));
    doubts::add(&mut report);
    verified::add(&mut report);
    report
}

impl Recognized {
    pub(super) fn note(&mut self, rule: &'static str, message: Words, line: Option<usize>) {
        self.notes.push(Note { rule, message, line });
    }

    /// Lines of text before the first section.
    pub(super) fn lead(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines.iter().take_while(|line| outline::heading_rank(line).is_none()).filter_map(|line| Some((line.number, line.words()?)))
    }

    /// What a page of our own says in its head comes before what the text is understood to say.
    fn read_own(&mut self, own: &Own) {
        let day = |day: Option<(Date, usize)>| day.map(|(day, line)| Read::at(day, line));
        let words = |words: &Option<(String, usize)>| words.clone().map(|(words, line)| Read::at(words, line));
        self.published = day(own.published).or(self.published.take());
        self.signed = day(own.signed).or(self.signed.take());
        self.period = own.period.map(|(period, line)| Read::at(period, line)).or(self.period.take());
        self.issuer = words(&own.issuer).or(self.issuer.take());
        self.number = words(&own.number).or(self.number.take());
    }

    fn read_days(&mut self, said: &Said, meta: Option<&str>) {
        let from_head = || meta.and_then(|text| dates::find(text).into_iter().next()).map(|day| Read { value: day.date, line: None });
        self.published = said.published.map(|(day, line)| Read::at(day, line)).or_else(from_head);
        let counts = |text: &str| ["统计", "数据", "期限", "时限", "起止", "期间"].iter().any(|word| text.contains(word));
        let later = self.lines.iter().filter_map(|line| Some((line.number, line.words()?))).filter(|(_, text)| counts(text));
        let period = self.lead().chain(later).find_map(|(line, text)| Some((dates::period(text)?, line)));
        let Some((dates::FoundPeriod { from, to, glued }, line)) = period else { return };
        self.period = Some(Read::at(Period { from, to }, line));
        if let Some(printed) = glued {
            let message =
                Words::new(format!("统计期限里印作“{printed}”，读作 {to}，请核对"), format!("the period ends on a day printed “{printed}” and read as {to}"));
            self.note("import/characters-lost", message, Some(line));
        }
    }

    /// Texts of the source in order, what was left out first.
    fn texts(&self) -> Vec<whose::Place<'_>> {
        let removed = self.removed.iter().map(|removed| (removed.line, removed.text.as_str()));
        removed.chain(self.lines.iter().filter_map(|line| Some((line.number, line.words()?)))).collect()
    }

    /// The last day that stands alone, or after the name of an office; and the office beside it.
    fn read_signature(&mut self) {
        let words: Vec<(usize, &str)> = self.lines.iter().map(|line| (line.number, line.words().unwrap_or_default())).collect();
        let signed = words.iter().enumerate().rev().find_map(|(place, (_, text))| {
            if let Some(day) = dates::whole(text) {
                return Some((place, day.date, day.century_assumed, None));
            }
            let day = dates::find(text).pop().filter(|day| compact(&text[day.range.end..]).is_empty())?;
            let office = compact(&text[..day.range.start]);
            names::is_office(&office).then_some((place, day.date, false, Some(office)))
        });
        let office_at = |place: usize| words.get(place).filter(|(_, text)| names::is_office(text)).map(|(line, text)| Read::at(compact(text), *line));
        let mut short = None;
        match signed {
            Some((place, day, century_assumed, office)) => {
                let line = words[place].0;
                short = century_assumed.then(|| (line, words[place].1.to_string(), day));
                self.issuer = office.map(|office| Read::at(office, line)).or_else(|| place.checked_sub(1).and_then(office_at)).or_else(|| office_at(place + 1));
                self.signed = Some(Read::at(day, line));
            }
            None => {
                // A day without its figures, 20XX年X月X日, stands under an office all the same.
                let masked = words.last().is_some_and(|(_, text)| text.ends_with('日') && text.chars().count() <= 16);
                self.issuer = words.len().checked_sub(1 + usize::from(masked)).and_then(office_at);
            }
        }
        if self.issuer.is_none() {
            let of_title = self.title.as_ref().and_then(|title| names::in_title(&title.value));
            let own = |office: &str| of_title.as_ref().is_none_or(|title| names::office(office).is_some_and(|named| key(&named.body) == key(&title.body)));
            self.issuer = whose::labeled_office(&self.texts()).filter(|(office, _)| own(office)).map(|(office, line)| Read::at(office, line));
        }
        if let Some((line, printed, day)) = short {
            let message =
                Words::new(format!("落款日期印作“{printed}”，读作 {day}，请核对"), format!("the signature day is printed “{printed}” and read as {day}"));
            self.note("import/date-incomplete", message, Some(line));
        }
    }

    /// The year of the title; without one, the single year the lead states a report for.
    fn read_year(&mut self) {
        if let Some(title) = &self.title {
            let mut years: Vec<i16> = dates::years(&title.value).into_iter().map(|year| year.year).collect();
            years.dedup();
            if let [year] = years[..] {
                self.year = Year::new(i64::from(year)).map(|value| Read { value, line: title.line });
                return;
            }
        }
        let mut stated: Vec<(i16, usize)> = Vec::new();
        if let Some(period) = &self.period
            && period.value.from.year() == period.value.to.year()
        {
            stated.push((period.value.from.year(), period.line.unwrap_or_default()));
        }
        for (line, text) in self.lead() {
            let of_report = |after: &str| after.starts_with("度") || after.starts_with("政府信息公开") || after.starts_with("政务公开");
            stated.extend(dates::years(text).into_iter().filter(|year| year.named && of_report(&text[year.range.end..])).map(|year| (year.year, line)));
        }
        if stated.is_empty() {
            stated = self.years_of_text();
        }
        let Some(&(year, line)) = stated.first().filter(|(first, _)| stated.iter().all(|(year, _)| year == first)) else {
            self.note("import/year-unknown", Words::new("标题和导语都没有写明是哪一年的报告", "neither title nor lead states the report's year"), None);
            return;
        };
        self.year = Year::new(i64::from(year)).map(|value| Read::at(value, line));
        self.note(
            "import/year-from-text",
            Words::new(format!("标题没有写年度，按正文读作 {year} 年"), format!("the title names no year; the text says {year}")),
            Some(line),
        );
    }

    /// Years with which sentences begin: 2023年，我镇…, 截至2023年底.
    fn years_of_text(&self) -> Vec<(i16, usize)> {
        let begins = |before: &str| {
            let before = before.trim_end();
            before.is_empty() || before.ends_with(['。', '；', ';', '，', ',', '：', ':', '）', ')']) || before.ends_with("截至") || before.ends_with("截止")
        };
        let lines = self.lines.iter().filter_map(|line| Some((line.number, line.words()?)));
        lines
            .flat_map(|(line, text)| {
                let years = dates::years(text).into_iter().filter(move |year| year.named && begins(&text[..year.range.start]));
                years.map(move |year| (year.year, line))
            })
            .collect()
    }

    /// The body of the title, else of the signature or of who filled it in, else of the text; its county from them, from the page around it,
    /// or from the text.
    fn read_body(&mut self, said: &Said) {
        let of_title = self.title.as_ref().and_then(|title| names::in_title(&title.value).map(|named| (named, title.line)));
        let of_issuer = self.issuer.as_ref().and_then(|issuer| names::office(&issuer.value).map(|named| (named, issuer.line)));
        if let (Some((title, _)), Some((issuer, line))) = (&of_title, &of_issuer)
            && key(&title.body) != key(&issuer.body)
            && !issuer.body.starts_with(&title.body)
        {
            let (title, issuer, line) = (title.body.clone(), issuer.body.clone(), *line);
            self.note(
                "import/body-differs",
                Words::new(format!("标题写的是“{title}”，落款是“{issuer}”"), format!("the title names {title}, the signature {issuer}")),
                line,
            );
        }
        let county = [&of_title, &of_issuer].into_iter().flatten().find_map(|(named, line)| named.county.clone().map(|value| Read { value, line: *line }));
        let of_text = || {
            let texts = self.texts();
            let first = texts.iter().filter(|(line, _)| self.lines.get(FIRST).is_none_or(|last| *line < last.number));
            whose::body_of_text(&first.copied().collect::<Vec<_>>()).map(|(named, line)| (named, Some(line)))
        };
        let printed = of_title.or(of_issuer);
        let from_text = printed.is_none();
        let Some((Named { body, level, county: own }, line)) = printed.or_else(of_text) else {
            self.note("import/body-unknown", Words::new("标题和落款都没有写明是哪个机关的报告", "neither title nor signature names the issuing body"), None);
            return;
        };
        if from_text {
            let message = Words::new(
                format!("标题和落款都没有写明机关，按正文读作“{body}”，请核对"),
                format!("neither title nor signature names the body; the text speaks of {body}"),
            );
            self.note("import/body-from-text", message, line);
        }
        let county = county.or(own.map(|value| Read { value, line }));
        self.body = Some(Read { value: body, line });
        self.level = Some(level);
        self.county = county;
        if level == Level::City {
            self.note(
                "import/level-doubtful",
                Words::new("“市”可能是县级市：请核对 _index.md 里的 level", "a city may be of county level: check `level` in _index.md"),
                line,
            );
        }
        if self.county.is_none() && matches!(level, Level::Township | Level::Village | Level::Department) {
            let body = self.body.as_ref().map(|body| body.value.clone()).unwrap_or_default();
            self.county = whose::county_before(&self.texts(), &body)
                .or_else(|| said.county.clone())
                .or_else(|| whose::county_of_site(&self.texts()))
                .map(|(county, line)| Read::at(county, line))
                .or_else(|| self.county_of_text());
        }
    }

    /// The only county the text names; two names are none.
    fn county_of_text(&self) -> Option<Read<String>> {
        let named: Vec<(String, usize)> =
            self.lines.iter().flat_map(|line| names::counties_in(&line.all_words()).into_iter().map(|county| (county, line.number))).collect();
        let (first, line) = named.first()?;
        named.iter().all(|(county, _)| county == first).then(|| Read::at(first.clone(), *line))
    }
}

fn documents(lines: &[Line]) -> Vec<Document> {
    let mut documents: Vec<Document> = Vec::new();
    let texts = lines.iter().flat_map(|line| match &line.block {
        Block::Table(rows) => rows.iter().flatten().cloned().collect(),
        _ => vec![line.all_words()],
    });
    for found in texts.flat_map(|text| citations::find(&text)) {
        let document = Document { title: found.title, number: found.number };
        if !documents.contains(&document) {
            documents.push(document);
        }
    }
    documents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::lines::of_plain_text;
    use jiff::civil::date;

    fn report(text: &str) -> Recognized {
        recognize(of_plain_text(text))
    }

    fn rules(report: &Recognized) -> Vec<&'static str> {
        report.notes.iter().map(|note| note.rule).filter(|rule| rule.starts_with("import/")).collect()
    }

    #[test]
    fn a_report_with_everything() {
        let found = report(
            "云溪县人民政府 发布时间：2015-03-31\n云溪镇2014年政府信息公开工作年度报告\n云政发〔2015〕6号\n本报告所列数据自2014年1月1日起至2014年12月31日止。依据《条例》（国务院令第492号）编制。\n一、概述\n内容。\n云溪镇人民政府\n二〇一五年三月二十日\n",
        );
        assert_eq!(found.title.as_ref().map(|title| (title.value.as_str(), title.line)), Some(("云溪镇2014年政府信息公开工作年度报告", Some(2))));
        assert_eq!(found.body, Some(Read::at("云溪镇".into(), 2)));
        assert_eq!(found.county, Some(Read::at("云溪县".into(), 1)));
        assert_eq!(found.year.as_ref().map(|year| year.value), Year::new(2014));
        assert_eq!(found.published, Some(Read::at(date(2015, 3, 31), 1)));
        assert_eq!(found.signed, Some(Read::at(date(2015, 3, 20), 8)));
        assert_eq!(found.issuer, Some(Read::at("云溪镇人民政府".into(), 7)));
        assert_eq!(found.number, Some(Read::at("云政发〔2015〕6号".into(), 3)));
        assert_eq!(found.period.as_ref().map(|period| (period.value.from, period.value.to)), Some((date(2014, 1, 1), date(2014, 12, 31))));
        assert_eq!(found.documents, [Document { title: Some("条例".into()), number: Some("国务院令第492号".into()) }]);
        assert_eq!(rules(&found), Vec::<&str>::new());
        assert_eq!(found.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [4, 5, 6, 7, 8]);
    }

    #[test]
    fn what_is_not_said_stays_unknown() {
        let found = report("政府信息公开工作情况汇报\n一、概述\n内容。\n");
        assert!(found.title.is_none() && found.year.is_none() && found.body.is_none() && found.published.is_none() && found.signed.is_none());
        assert_eq!(rules(&found), ["import/year-unknown", "import/body-unknown", "import/title-unknown"]);
    }

    #[test]
    fn a_year_from_the_lead_is_said_to_be() {
        let found = report("云溪镇政府信息公开工作年度报告\n现将2011年度情况汇报如下。\n一、概述\n内容。\n");
        assert_eq!(found.year.as_ref().map(|year| (year.value.number(), year.line)), Some((2011, Some(2))));
        assert_eq!(rules(&found), ["import/year-from-text"]);
    }

    #[test]
    fn a_sheet_says_who_filled_it_in() {
        for line in ["填报单位（盖章）：云溪镇人民政府", "填报单位：云溪镇人民政府填报日期：2017年1月10日", "|填报单位 云溪镇人民政府|2017|"]
        {
            let found = report(&format!("政府信息公开情况统计表\n（2016年度）\n{line}\n一、概述\n"));
            assert_eq!(found.body.map(|body| (body.value, body.line)), Some(("云溪镇".to_string(), Some(3))), "{line}");
        }
        assert_eq!(report("政府信息公开情况统计表\n填报单位：\n").body, None);
    }

    #[test]
    fn two_years_in_the_title_are_none() {
        let found = report("云溪镇2011年至2012年政府信息公开工作年度报告\n一、概述\n");
        assert_eq!(found.year, None);
    }

    #[test]
    fn signature_and_day_on_one_line() {
        let found = report("云溪镇2014年政府信息公开工作年度报告\n一、概述\n内容若干，写在这里。\n云溪镇人民政府 2015年1月20日\n");
        assert_eq!(found.issuer.map(|issuer| issuer.value), Some("云溪镇人民政府".into()));
        assert_eq!(found.signed, Some(Read::at(date(2015, 1, 20), 4)));
    }

    #[test]
    fn title_and_signature_that_disagree() {
        let found = report("云溪镇2014年政府信息公开工作年度报告\n一、概述\n内容。\n石桥镇人民政府\n2015年1月20日\n");
        assert_eq!(found.body.as_ref().map(|body| body.value.as_str()), Some("云溪镇"));
        assert!(rules(&found).contains(&"import/body-differs"));
    }
}
