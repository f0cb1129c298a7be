//! All that one template may see, and nothing else.
//!
//! Every number, date and sentence in a view is ready to print and every address ready to follow (relative to the page),
//! so that templates hold no logic beyond `if` and `for`. A template named `pages/<kind>.html` sees `frame` ([`Frame`]) and
//! `page` (the view of that kind), beside the global `site` ([`SiteView`]) and `t` (the strings of the language).

use serde::Serialize;
use serde::ser::SerializeMap;

/// Markup made by `render` alone. Serializes as `{ html = "…" }`, which only the component `prose` opens.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Html(String);

impl Html {
    /// Markup that render itself has written; every piece of content in it is already escaped.
    pub(super) fn trusted(markup: String) -> Html {
        Html(markup)
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Html {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("html", &self.0)?;
        map.end()
    }
}

/// Text that leads somewhere.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Link {
    /// Address relative to the page.
    pub href: String,
    /// Words to follow.
    pub text: String,
}

/// The same on every page of the portal.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct SiteView {
    /// Name of the portal.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// `zh-Hans` or `en`, for `lang`.
    pub lang: String,
    /// Sentence shown on every page, such as "a made-up county".
    pub notice: Option<String>,
    /// Foot of every page.
    pub furniture: crate::config::Furniture,
    /// Name and version of the program.
    pub generator: String,
    /// Whether pages are meant to open from `file://`: no integrity attributes.
    pub relative_urls: bool,
}

/// What surrounds one page.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Frame {
    /// Kind of page: name of its template.
    pub kind: &'static str,
    /// Title for the browser, without the portal's name.
    pub title: String,
    /// One sentence for search engines.
    pub description: String,
    /// Full address, where the portal's own is known.
    pub canonical: Option<String>,
    /// Way to the portal's root: `""`, `"../"`, `"../../"`.
    pub root: String,
    /// Address of the style sheet.
    pub css: String,
    /// Its `integrity`; none with relative addresses.
    pub integrity: Option<String>,
    /// The sign of the portal in the browser's tabs, if theme or site have one.
    pub icon: Option<String>,
    /// Scripts in order: that of every page, then the page's own. No page needs one to be read.
    pub scripts: Vec<Script>,
    /// How the page is cited, where it is something to cite.
    pub cite: Option<Cite>,
    /// From the portal's root to the parent; the page itself is not in it.
    pub crumbs: Vec<Link>,
    /// 年报 指标 年份 文件 提交情况 数据 …; `current` marks the place of the page.
    pub nav: Vec<NavLink>,
    /// Address of the search page, for a form that leads there.
    pub search: Option<String>,
    /// Foot links: about, glossary, data, site map.
    pub foot: Vec<Link>,
    /// Tags by which government search engines file a page: site, column or article.
    pub tags: Vec<MetaTag>,
    /// Feed of the page's body.
    pub feed: Option<Link>,
    /// JSON-LD with `<` escaped, ready for the one inline script.
    pub json_ld: Option<Html>,
}

/// A citation, ready to copy.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Cite {
    /// As GB/T 7714—2015 wants it.
    pub standard: String,
    /// In plain words, with the digest.
    pub plain: String,
}

/// Search: the form, what the script needs, and the lists for those who have none.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct SearchView {
    /// Title of the page.
    pub title: String,
    /// Answer sentence.
    pub answer: Vec<String>,
    /// Address the form leads to.
    pub action: String,
    /// Way to the portal's root.
    pub root: String,
    /// Address of the first file of names; none in a portal that has not been searched through yet.
    pub first: Option<String>,
    /// Its `integrity`; none with relative addresses.
    pub integrity: Option<String>,
    /// Whether addresses name `index.html`.
    pub name_files: bool,
    /// Choices of the filter of bodies.
    pub bodies: Vec<Choice>,
    /// Choices of the filter of years.
    pub years: Vec<Choice>,
    /// Choices of the filter of sections.
    pub sections: Vec<Choice>,
    /// Bodies by the first letter of their names.
    pub names: Vec<ListGroup>,
    /// Where all bodies are, if these are not all.
    pub all_bodies: Option<Link>,
    /// Years, indicators and documents, each with its heading.
    pub lists: Vec<ListGroup>,
    /// What the script says, by key.
    pub words: Vec<Choice>,
}

/// One of several choices, or a word by its key.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Choice {
    /// What is chosen.
    pub value: String,
    /// Words.
    pub text: String,
}

/// A script that a page loads.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Script {
    /// Address relative to the page.
    pub src: String,
    /// Its `integrity`; none with relative addresses.
    pub integrity: Option<String>,
}

/// One `<meta>` of the guide for government websites (国办发〔2017〕47号).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MetaTag {
    /// `SiteName`, `ColumnName`, `ArticleTitle`, …
    pub name: &'static str,
    /// What it says.
    pub content: String,
}

/// A link of the site line.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct NavLink {
    /// Where.
    pub href: String,
    /// Words.
    pub text: String,
    /// Whether the page stands here.
    pub current: bool,
    /// Whether a phone leaves it to the foot of the page.
    pub more: bool,
}

/// A change beside a value: 增25（+8.7%）.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Change {
    /// `rise`, `fall`, `same`, `new`, `gone`, `break`.
    pub kind: &'static str,
    /// 增25, 减6, 持平, 新, 无, ‡.
    pub text: String,
    /// +8.7%, or 基数小; empty where there is none.
    pub percent: Option<String>,
    /// Why it cannot be compared, for breaks.
    pub note: Option<String>,
}

/// One value of a table or headline.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Value {
    /// `number`, `zero`, `blank` 空, `na` —, `withheld` 不公开, `absent` (the form has no such cell), `missing` 无报告, `held` 未发布,
    /// `unstated` (the report does not say), `nobody` (the body did not exist).
    pub kind: &'static str,
    /// What is printed: `1,204`, 空, —, 不公开, or empty.
    pub text: String,
    /// Unit, where it is not said by the row or column.
    pub unit: Option<String>,
    /// The row or list it comes from.
    pub href: Option<String>,
    /// Qualifiers and conversions: 约, 累计, 3.79亿元.
    pub note: Option<String>,
    /// Against the year before.
    pub change: Option<Change>,
    /// How many columns the cell spans; 0 where the cell before spans it.
    pub span: Option<usize>,
}

/// A column of a matrix.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MatrixColumn {
    /// Words: 2024, 主动公开.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Unit, where the column has one.
    pub unit: Option<String>,
    /// Name of the edition, on the first column of each edition after a break; draws the double rule.
    pub edition: Option<String>,
    /// 无报告, 未发布 … once at the head of a column that has no report.
    pub state: Option<String>,
    /// Whose column it is, where a table has columns of several bodies.
    pub whose: Option<String>,
    /// Number of the group of columns it stands in, where such groups can be hidden.
    pub run: Option<usize>,
}

/// Columns under a common head: the years of one edition, or of a body that came before.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MatrixRun {
    /// 2021版, 青石乡 2014版.
    pub text: String,
    /// The body's own comparison, for one that came before.
    pub href: Option<String>,
    /// Columns in it.
    pub span: usize,
    /// Its number, from 1.
    pub run: usize,
    /// Years in words, for the choice of editions: 5年.
    pub years: String,
}

/// A row of a matrix.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MatrixRow {
    /// Anchor.
    pub id: Option<String>,
    /// Words of the row.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Small words under it: level, 曾用名, n/m.
    pub sub: Option<String>,
    /// Unit, where the row has one.
    pub unit: Option<String>,
    /// Small chart beside it.
    pub spark: Option<Html>,
    /// Values in column order.
    pub cells: Vec<Value>,
    /// Differences between columns that are not neighbors: places of newer and older, and words.
    #[serde(skip)]
    pub differences: Vec<(usize, usize, String)>,
    /// A sum or the parent's own row: set apart.
    pub summary: bool,
    /// A link to the row's own page (breakdown).
    pub more: Option<Link>,
}

/// Rows under a common head.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MatrixGroup {
    /// Head; empty for none.
    pub title: String,
    /// Anchor of the head.
    pub id: Option<String>,
    /// Whether a phone needs the years once more above it.
    pub again: bool,
    /// Rows in order, until they have become `markup`.
    #[serde(skip)]
    pub rows: Vec<MatrixRow>,
    /// The rows, `<tr>` by `<tr>`.
    pub markup: Html,
}

/// A chart with the table it was drawn from.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ResultsView {
    /// The chart.
    pub chart: ChartView,
    /// Its table.
    pub matrix: Matrix,
}

/// A table of values: compare, breakdown, year and indicator pages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Matrix {
    /// What, unit, years.
    pub caption: String,
    /// Head of the label column.
    pub corner: String,
    /// Whether rows carry a small chart.
    pub sparks: bool,
    /// Columns.
    pub columns: Vec<MatrixColumn>,
    /// Groups of columns, in order; empty where there is only one.
    pub runs: Vec<MatrixRun>,
    /// Whether the table finds room on a wide page, so that its head can stick.
    pub fits: bool,
    /// Whether cells carry the name of their column, so that 长辈版 can show each row as a list.
    pub listed: bool,
    /// Groups of rows.
    pub groups: Vec<MatrixGroup>,
    /// Why ‡ cannot be compared; every ‡ leads here.
    pub breaks: Option<String>,
    /// Remarks under the table: order, sums.
    pub notes: Vec<String>,
    /// Marks that stand in the table, each led to its explanation.
    pub marks: Vec<Link>,
    /// Downloads under the table.
    pub downloads: Vec<Link>,
}

/// A fact of the provenance line: 发布日期, 原件, 数据.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Fact {
    /// 发布日期, 文号, 成文日期; may be empty.
    pub label: String,
    /// 2025-01-20（按时）.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// `datetime` value where the text is a date.
    pub datetime: Option<String>,
}

/// A headline figure with its change and small chart.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Headline {
    /// 主动公开
    pub text: String,
    /// Where the word is explained.
    pub term: Option<String>,
    /// Its value.
    pub value: Value,
    /// Small chart of all years.
    pub spark: Option<Html>,
}

/// A year of the strip on profile and home.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct YearMark {
    /// 2024
    pub year: String,
    /// `filed`, `late`, `undated`, `missing`, `pending`, `held`, `nobody`.
    pub state: &'static str,
    /// 按时, 逾期3天, 未见报告 …
    pub word: String,
    /// The report.
    pub href: Option<String>,
}

/// A child in the list of a body's page.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ChildRow {
    /// Name and profile.
    pub link: Link,
    /// Former names.
    pub sub: Option<String>,
    /// Its headline values in the order of [`BodyView::child_columns`].
    pub values: Vec<Value>,
    /// Small chart of the first headline indicator.
    pub spark: Option<Html>,
    /// Filing state of the latest year.
    pub filing: YearMark,
}

/// A day as machines and as people read it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Day {
    /// 2025-01-20
    pub iso: String,
    /// 2025年1月20日
    pub text: String,
}

/// A way on, with the first places behind it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Door {
    /// The way.
    pub link: Link,
    /// What is behind it.
    pub text: String,
    /// The first places.
    pub more: Vec<Link>,
}

/// A dated entry: newest reports.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Entry {
    /// Where.
    pub link: Link,
    /// Day it is of.
    pub date: Option<Day>,
    /// Small words: body, year, part.
    pub sub: Option<String>,
    /// A sentence from it.
    pub excerpt: Option<String>,
    /// Further links: other years.
    pub more: Vec<Link>,
}

/// A finding beside the report it concerns.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct FindingNote {
    /// What was found.
    pub text: String,
    /// The row or section it concerns.
    pub href: Option<String>,
    /// Source of law.
    pub law: Option<String>,
    /// Why it stays, where the body has said so.
    pub reason: Option<String>,
    /// Who said so.
    pub by: Option<String>,
}

/// Home page and profile of a body.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct BodyView {
    /// Whether it is the portal's home.
    pub root: bool,
    /// Name.
    pub title: String,
    /// First sentences: what is here.
    pub answer: Vec<String>,
    /// Former names, mergers, years of existence.
    pub remarks: Vec<Fact>,
    /// Introduction from `_index.md`.
    pub intro: Option<Html>,
    /// Headline figures of its newest report.
    pub headlines: Vec<Headline>,
    /// Which year the headline figures are of.
    pub headline_year: Option<String>,
    /// Every year expected or filed, newest first.
    pub years: Vec<YearMark>,
    /// Heads of the children's value columns, with unit.
    pub child_columns: Vec<MatrixColumn>,
    /// Which year the children's values are of.
    pub child_year: Option<String>,
    /// Caption of the children's table.
    pub child_caption: String,
    /// Bodies below it.
    pub children: Vec<ChildRow>,
    /// Sum row of the children, with 20/21.
    pub child_sum: Option<MatrixRow>,
    /// How its applications ended, over the years.
    pub results: Option<ResultsView>,
    /// Former bodies below it, whose reports stay.
    pub ended: Vec<Entry>,
    /// Newest reports of the body and its children.
    pub newest: Vec<Entry>,
    /// Years of the body and its children without a published report, newest first; [`BodyView::gaps_more`] where the list goes on.
    pub gaps: Vec<Entry>,
    /// The page of all filings.
    pub gaps_more: Option<Link>,
    /// Compare, year, indicator, document, topic, filing, data pages.
    pub doors: Vec<Door>,
    /// How to read the marks: word, what it means, where it is explained.
    pub reading: Vec<Fact>,
    /// Contact lines.
    pub contact: Vec<Fact>,
    /// Downloads.
    pub downloads: Vec<Link>,
}

/// A line of the contents list.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct TocLine {
    /// `#anchor`.
    pub href: String,
    /// Heading.
    pub text: String,
    /// 2 to 4.
    pub level: u8,
}

/// One report.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ReportView {
    /// Title as published.
    pub title: String,
    /// The same in pieces between which a line may end.
    pub heading: Vec<String>,
    /// First sentences: the year in figures.
    pub answer: Vec<String>,
    /// The line under them: date and filing, number, original, corrections.
    pub provenance: Vec<Fact>,
    /// Folded at the end: issuer, dates, form, digest, number of the revision.
    pub details: Vec<Fact>,
    /// Headline figures.
    pub headlines: Vec<Headline>,
    /// Figures that changed most since the report before.
    pub changes: Vec<MatrixRow>,
    /// The sheet for the notice board, on the newest report.
    pub notice: Option<Link>,
    /// The pair page.
    pub pair: Option<Link>,
    /// Figures stated outside the tables, each with its anchor.
    pub stated: Vec<MatrixRow>,
    /// Contents list.
    pub toc: Vec<TocLine>,
    /// The text.
    pub body: Html,
    /// Laws and documents cited.
    pub documents: Vec<Link>,
    /// Other years and bodies that link here.
    pub backlinks: Vec<Link>,
    /// Attachments.
    pub attachments: Vec<Link>,
    /// Year before.
    pub previous: Option<Link>,
    /// Year after.
    pub next: Option<Link>,
    /// The same year elsewhere.
    pub elsewhere: Vec<Link>,
    /// What the check found, and what the body says to it.
    pub findings: Vec<FindingNote>,
    /// Changes after publication, in order: day and reason.
    pub revisions: Vec<String>,
    /// Remarks: form, merger, findings; each may lead somewhere.
    pub remarks: Vec<Fact>,
    /// Downloads.
    pub downloads: Vec<Link>,
    /// What a printed copy says at its foot: address, day, revision, digest.
    pub imprint: Vec<String>,
}

/// The sheet for a notice board.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct NoticeView {
    /// Body and year, in pieces between which a line may end.
    pub heading: Vec<String>,
    /// Its page.
    pub report: Link,
    /// When it was published.
    pub published: Option<String>,
    /// 文号
    pub number: Option<String>,
    /// First sentences of the report.
    pub answer: Vec<String>,
    /// Four figures.
    pub headlines: Vec<Headline>,
    /// One of them over the years.
    pub chart: Option<ChartView>,
    /// What is not there, or that nothing is missing.
    pub missing: Vec<String>,
    /// Where to ask.
    pub contact: Vec<Fact>,
    /// Its full address as a QR code; none where the portal does not know its own.
    pub qr: Option<Html>,
    /// The same in letters.
    pub address: Option<String>,
    /// Revision and digest.
    pub imprint: Vec<String>,
}

/// Year by year: every indicator, every year.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct CompareView {
    /// Heading.
    pub title: String,
    /// Body.
    pub body: Link,
    /// First sentences; a number leads to its row.
    pub answer: Vec<Said>,
    /// Charts of the headline indicators, each with its sentence.
    pub charts: Vec<ChartView>,
    /// Any two years, by the newer.
    pub pick: Vec<PickLine>,
    /// The table.
    pub matrix: Matrix,
    /// Rows that are all zero, and rows that only an older edition has: folded under their count.
    pub folded: Vec<Matrix>,
    /// Bodies that came before or after, and names that were in use.
    pub remarks: Vec<Said>,
    /// Other breakdown pages, on such a page; else empty.
    pub others: Vec<Link>,
}

/// A sentence that may lead somewhere.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Said {
    /// Words.
    pub text: String,
    /// The row or list that bears them out.
    pub href: Option<String>,
}

/// The years that one year can be compared with.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct PickLine {
    /// The newer year: 2024年与.
    pub text: String,
    /// The older ones, newest first.
    pub links: Vec<Pick>,
}

/// A choice of two years: a page of their own, or two columns of the table.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Pick {
    /// The older year.
    pub text: String,
    /// The pair page, or the place of the choice itself.
    pub href: String,
    /// `2014-2016`, for a choice within the table.
    pub id: Option<String>,
    /// Classes that show the two columns: `k1 k3 o3`, and `x` where the editions differ.
    pub class: String,
}

/// A chart with what it says.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ChartView {
    /// Name and unit.
    pub title: String,
    /// What it shows, in words.
    pub sentence: String,
    /// The drawing.
    pub svg: Html,
}

/// A piece of changed text.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct DiffPiece {
    /// `same`, `ins`, `del`.
    pub kind: &'static str,
    /// Text.
    pub text: String,
}

/// One block of a text comparison.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct DiffBlock {
    /// Anchor of a sentence that stands in a list on top.
    pub id: Option<String>,
    /// `same` (folded run), `changed`, `added`, `removed`, `moved`.
    pub kind: &'static str,
    /// 未变 6段（412字）, or 移自“…”.
    pub label: Option<String>,
    /// Pieces of a changed, added, removed or moved block.
    pub pieces: Vec<DiffPiece>,
    /// Paragraphs of an unchanged run.
    pub paragraphs: Vec<String>,
}

/// One section of a text comparison.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct DiffSection {
    /// Anchor.
    pub id: String,
    /// Heading.
    pub title: String,
    /// 删3句 增4句, or 本节文字与上年相同（218字）.
    pub summary: String,
    /// Whether nothing changed.
    pub same: bool,
    /// Whether it stands under another heading.
    pub deep: bool,
    /// Blocks in the newer year's order.
    pub blocks: Vec<DiffBlock>,
}

/// Sentences that one of two texts has.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct SentenceList {
    /// 新增的话（12句）
    pub title: String,
    /// The first of them, each led to its place.
    pub first: Vec<Said>,
    /// The others, folded.
    pub rest: Vec<Said>,
    /// 其余6句
    pub more: String,
}

/// Year against year.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct PairView {
    /// Heading.
    pub title: String,
    /// Body.
    pub body: Link,
    /// Older report.
    pub older: Link,
    /// Newer report.
    pub newer: Link,
    /// First sentences, gaps and breaks included.
    pub answer: Vec<Said>,
    /// Sentences that only the newer report has, each led to its place.
    pub fresh: Option<SentenceList>,
    /// Sentences that only the older report had.
    pub gone: Option<SentenceList>,
    /// Figures that changed: older, newer, change.
    pub changed: Matrix,
    /// Figures that stayed: folded.
    pub unchanged: Matrix,
    /// Figures that only one of the two has: folded.
    pub one_sided: Matrix,
    /// Text by section; empty when text comparison is off.
    pub sections: Vec<DiffSection>,
    /// Years that moved on with the calendar, said once.
    pub replaced: Option<String>,
    /// Remarks: text that recurs word for word.
    pub remarks: Vec<String>,
    /// All years of the body.
    pub compare: Option<Link>,
    /// Pair before.
    pub previous: Option<Link>,
    /// Pair after.
    pub next: Option<Link>,
}

/// A table page: one year's matrix, one indicator's matrix, years.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MatrixView {
    /// Heading.
    pub title: String,
    /// First sentences; a sum leads to the list it is made of.
    pub answer: Vec<Said>,
    /// Definition, law, unit, form, predecessor, successor.
    pub facts: Vec<Fact>,
    /// Charts.
    pub charts: Vec<ChartView>,
    /// The table.
    pub matrix: Matrix,
    /// Year or indicator before.
    pub previous: Option<Link>,
    /// Year or indicator after.
    pub next: Option<Link>,
    /// Further pages of the list.
    pub pages: Vec<NavLink>,
    /// Legend of filing marks.
    pub legend: Vec<YearMark>,
    /// Whether some change has a percentage, so that showing them can be chosen.
    pub percents: bool,
    /// Small charts on one axis, one a body.
    pub multiples: Option<Multiples>,
    /// The bodies by their number: folded, ties together.
    pub by_value: Option<ByValue>,
}

/// Small charts that share their axis.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Multiples {
    /// Name and unit.
    pub title: String,
    /// What they show, in words.
    pub sentence: String,
    /// One a body, in official order.
    pub charts: Vec<Multiple>,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Multiple {
    /// The body and its comparison.
    pub link: Link,
    /// Its newest number with its year: 2024年 4.
    pub value: String,
    /// The drawing.
    pub svg: Html,
}

/// Bodies by their number.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ByValue {
    /// 按2024年数值看（多少不等于好坏）
    pub title: String,
    /// A number with all that have it.
    pub lines: Vec<Tied>,
    /// Who has none, and why.
    pub none: Vec<Link>,
}

/// Bodies with the same number.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Tied {
    /// The number.
    pub value: String,
    /// The bodies, led to their rows.
    pub bodies: Vec<Link>,
    /// 并列, where there are several.
    pub tie: bool,
}

/// A body of the filing page.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct FilingRow {
    /// Name and profile.
    pub link: Link,
    /// One mark a column.
    pub marks: Vec<YearMark>,
}

/// Who filed when.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct FilingView {
    /// Heading.
    pub title: String,
    /// First sentences, with the day.
    pub answer: Vec<String>,
    /// Caption of the table.
    pub caption: String,
    /// Years, newest first.
    pub years: Vec<NavLink>,
    /// Bodies.
    pub rows: Vec<FilingRow>,
    /// Meaning of each mark.
    pub legend: Vec<YearMark>,
    /// What it does not mean, which deadlines held.
    pub notes: Vec<String>,
    /// Downloads.
    pub downloads: Vec<Link>,
    /// Further pages of the list.
    pub pages: Vec<NavLink>,
}

/// A list of links in groups: indicators, documents, topics, site map.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ListGroup {
    /// Head; empty for none.
    pub title: String,
    /// Anchor.
    pub id: Option<String>,
    /// Entries.
    pub entries: Vec<Entry>,
}

/// A page that is a list.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ListView {
    /// Heading.
    pub title: String,
    /// First sentences.
    pub answer: Vec<String>,
    /// Facts about what is listed.
    pub facts: Vec<Fact>,
    /// Groups.
    pub groups: Vec<ListGroup>,
    /// Further pages of the list.
    pub pages: Vec<NavLink>,
    /// Page before.
    pub previous: Option<Link>,
    /// Page after.
    pub next: Option<Link>,
}

/// A page of prose: about, glossary, 404, data.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ProseView {
    /// Heading.
    pub title: String,
    /// First sentences.
    pub answer: Vec<String>,
    /// The text.
    pub body: Option<Html>,
    /// Files, on the data page: what, size in words, rows.
    pub files: Vec<Fact>,
    /// Ways on.
    pub doors: Vec<Link>,
    /// Contents list.
    pub toc: Vec<TocLine>,
}

/// A word or mark with what it means.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct TermView {
    /// Anchor.
    pub id: String,
    /// The word.
    pub term: String,
    /// What it means.
    pub text: String,
    /// Source of law.
    pub law: Option<String>,
    /// Where its numbers stand.
    pub more: Option<Link>,
}

/// Words of one kind.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct TermGroup {
    /// Head.
    pub title: String,
    /// Anchor of the head.
    pub id: String,
    /// Words in order.
    pub terms: Vec<TermView>,
}

/// Words explained.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct GlossaryView {
    /// Heading.
    pub title: String,
    /// First sentences.
    pub answer: Vec<String>,
    /// Contents list.
    pub toc: Vec<TocLine>,
    /// What the site explains itself.
    pub own: Option<Html>,
    /// The built-in words.
    pub groups: Vec<TermGroup>,
}

/// A page that leads to another address.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct AliasView {
    /// Where the page has gone.
    pub target: Link,
}

/// An entry of a feed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct FeedEntry {
    /// Permanent id.
    pub id: String,
    /// Full address, or relative where the portal's is unknown.
    pub href: String,
    /// Title.
    pub title: String,
    /// RFC 3339 time.
    pub updated: String,
    /// Issuer.
    pub author: String,
    /// One sentence.
    pub summary: String,
}

/// An Atom feed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct FeedView {
    /// Permanent id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Address of the page it belongs to.
    pub href: String,
    /// Its own address.
    pub own: String,
    /// RFC 3339 time of the newest entry.
    pub updated: String,
    /// Newest first, at most 50.
    pub entries: Vec<FeedEntry>,
}
