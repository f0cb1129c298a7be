//! Figures as a Parquet file: every figure of a shard's reports, one a row, for the merge and for any tool that reads such files.
//!
//! Numbers are text, digit for digit as the report states them in the indicator's own unit, since no type of Parquet keeps both 3.10 and
//! twenty-eight digits. Bodies stand in order of their addresses, so many of them in two groups of rows: totals, then breakdowns. What a
//! merge needs are the totals; the statistics of the column `breakdown` tell it, and any other reader, which groups can hold them.

use crate::analyze::Standing;
use crate::diag::Span;
use crate::digest::Sha256Sum;
use crate::model::{About, Amount, BodyTree, Breakdown, Figure, FigureKey, FormId, IndicatorId, Origin, Reading, Registry, Report, ReportId, TimeSpan};
use crate::publish::{Doing, Draft, PublishError};
use parquet::basic::Compression;
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader as _, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The column that tells totals from breakdowns.
const BREAKDOWN: &str = "breakdown";

/// A row, as columns see it.
struct Row<'a> {
    tree: &'a BodyTree,
    registry: &'a Registry,
    report: &'a Seen,
    figure: &'a Figure,
}

/// A column: its name and what it holds of a row. A text column that may be empty is one whose value can be none.
enum Column {
    Text(&'static str, fn(&Row<'_>) -> String),
    MaybeText(&'static str, fn(&Row<'_>) -> Option<String>),
    Number(&'static str, fn(&Row<'_>) -> i32),
    MaybeNumber(&'static str, fn(&Row<'_>) -> Option<i32>),
}

/// Columns, in order. Names and words are those of `figures.csv`, where it has them.
const COLUMNS: [Column; 18] = [
    Column::Text("body", |row| row.tree.body(row.report.id.body).path.clone()),
    Column::Text("body_name", |row| row.tree.body(row.report.id.body).title.clone()),
    Column::Number("year", |row| row.report.id.year.number().into()),
    Column::Text("indicator", |row| row.registry.indicator(row.figure.key.indicator).key.clone()),
    Column::Text(BREAKDOWN, |row| row.registry.breakdown_name(row.figure.key.breakdown).0.to_string()),
    Column::Text("reading", |row| row.figure.reading.word().to_string()),
    Column::MaybeText("value", |row| row.figure.reading.amount().map(|amount| amount.to_string())),
    Column::MaybeText("about", |row| row.figure.about.map(|about| about.word().to_string())),
    Column::Text("span", |row| if row.figure.time == TimeSpan::Cumulative { CUMULATIVE } else { "year" }.to_string()),
    Column::Text("unit", |row| row.registry.indicator(row.figure.key.indicator).unit.clone()),
    Column::MaybeText("stated_value", |row| row.figure.stated.as_ref().map(|(amount, _)| amount.to_string())),
    Column::MaybeText("stated_unit", |row| row.figure.stated.as_ref().map(|(_, unit)| unit.to_string())),
    Column::Text("form", |row| row.registry.form(row.report.form).edition.clone()),
    // What is not published is here, too: it has to be checked.
    Column::Text("standing", |row| format!("{:?}", row.report.standing).to_lowercase()),
    Column::Text("file", |row| row.report.file.clone()),
    // Bytes of the file, from and before.
    Column::Number("from_byte", |row| row.figure.span.start.cast_signed()),
    Column::Number("to_byte", |row| row.figure.span.end.cast_signed()),
    // The place of the statutory table in the form; none for `[figures]`.
    Column::MaybeNumber("table", |row| match row.figure.origin {
        Origin::FrontMatter => None,
        Origin::Table(place) => Some(place.into()),
    }),
];

const CUMULATIVE: &str = "cumulative";

impl Column {
    fn name(&self) -> &'static str {
        match self {
            Column::Text(name, _) | Column::MaybeText(name, _) | Column::Number(name, _) | Column::MaybeNumber(name, _) => name,
        }
    }

    fn declared(&self) -> String {
        let kind = match self {
            Column::Text(..) => ("required binary", " (STRING)"),
            Column::MaybeText(..) => ("optional binary", " (STRING)"),
            Column::Number(..) => ("required int32", ""),
            Column::MaybeNumber(..) => ("optional int32", ""),
        };
        format!("{} {}{};", kind.0, self.name(), kind.1)
    }
}

fn schema() -> String {
    format!("message figures {{ {} }}", COLUMNS.iter().map(Column::declared).collect::<Vec<_>>().join(" "))
}

/// A report while all its figures are there.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Seen {
    id: ReportId,
    standing: Standing,
    form: FormId,
    file: String,
    figures: Vec<Figure>,
}

/// Reports that are being read by many threads.
#[derive(Debug, Default)]
pub(super) struct Seeing(Mutex<BTreeMap<ReportId, Seen>>);

impl Seeing {
    pub(super) fn see(&self, report: &Report, standing: Standing) {
        let seen = Seen { id: report.id, standing, form: report.form, file: report.file.clone(), figures: report.figures.clone() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(report.id, seen);
    }

    /// All of them in order.
    pub(super) fn into_reports(self) -> Vec<Seen> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
    }
}

/// The file in the making.
pub(super) struct Writing<'a> {
    tree: &'a BodyTree,
    registry: &'a Registry,
    path: PathBuf,
    writer: SerializedFileWriter<Draft>,
}

impl<'a> Writing<'a> {
    pub(super) fn create(path: &Path, tree: &'a BodyTree, registry: &'a Registry) -> Result<Writing<'a>, PublishError> {
        let draft = Draft::create(path)?;
        let schema = Arc::new(parse_message_type(&schema()).expect("the columns have plain names"));
        // No clock and no machine in it: the same figures make the same bytes.
        let properties = WriterProperties::builder()
            .set_compression(Compression::GZIP(parquet::basic::GzipLevel::default()))
            .set_created_by(concat!("gongkai ", env!("CARGO_PKG_VERSION")).to_string())
            .build();
        let writer = SerializedFileWriter::new(draft, schema, Arc::new(properties)).map_err(|error| wrong(path, error))?;
        Ok(Writing { tree, registry, path: path.to_path_buf(), writer })
    }

    /// Adds the figures of some reports: their totals, then their breakdowns.
    pub(super) fn add(&mut self, reports: &[Seen]) -> Result<(), PublishError> {
        for totals in [true, false] {
            let rows: Vec<Row<'_>> = reports
                .iter()
                .flat_map(|report| report.figures.iter().map(move |figure| (report, figure)))
                .filter(|(_, figure)| (figure.key.breakdown == Breakdown::TOTAL) == totals)
                .map(|(report, figure)| Row { tree: self.tree, registry: self.registry, report, figure })
                .collect();
            if !rows.is_empty() {
                group(&mut self.writer, &rows).map_err(|error| wrong(&self.path, error))?;
            }
        }
        Ok(())
    }

    /// Closes the file; gives its digest.
    pub(super) fn finish(self) -> Result<Sha256Sum, PublishError> {
        self.writer.into_inner().map_err(|error| wrong(&self.path, error))?.finish()
    }
}

fn wrong(path: &Path, error: ParquetError) -> PublishError {
    let cause = match error {
        // What the system said, if it was the system.
        ParquetError::External(inner) => inner.downcast::<io::Error>().map_or_else(io::Error::other, |cause| *cause),
        other => io::Error::other(other),
    };
    PublishError::Io { doing: Doing::Writing, path: path.to_path_buf(), written: 0, cause }
}

fn group(writer: &mut SerializedFileWriter<Draft>, rows: &[Row<'_>]) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for column in &COLUMNS {
        let mut written = group.next_column()?.expect("the schema is made of these columns");
        let bytes = |text: String| ByteArray::from(text.into_bytes());
        match column {
            Column::Text(_, of) => {
                let values: Vec<ByteArray> = rows.iter().map(|row| bytes(of(row))).collect();
                written.typed::<ByteArrayType>().write_batch(&values, None, None)?;
            }
            Column::MaybeText(_, of) => {
                let cells: Vec<Option<ByteArray>> = rows.iter().map(|row| of(row).map(bytes)).collect();
                let levels: Vec<i16> = cells.iter().map(|cell| cell.is_some().into()).collect();
                let values: Vec<ByteArray> = cells.into_iter().flatten().collect();
                written.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
            }
            Column::Number(_, of) => {
                let values: Vec<i32> = rows.iter().map(of).collect();
                written.typed::<Int32Type>().write_batch(&values, None, None)?;
            }
            Column::MaybeNumber(_, of) => {
                let cells: Vec<Option<i32>> = rows.iter().map(of).collect();
                let levels: Vec<i16> = cells.iter().map(|cell| cell.is_some().into()).collect();
                let values: Vec<i32> = cells.into_iter().flatten().collect();
                written.typed::<Int32Type>().write_batch(&values, Some(&levels), None)?;
            }
        }
        written.close()?;
    }
    group.close().map(drop)
}

/// The totals of a file, report by report in the order in which they were written.
pub(super) struct Totals<'a> {
    registry: &'a Registry,
    reader: SerializedFileReader<File>,
    group: usize,
    waiting: VecDeque<Total>,
}

/// The total of an indicator.
struct Total {
    body: ByteArray,
    year: i32,
    figure: Figure,
}

/// The file is not as [`Writing`] leaves it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Broken;

impl From<ParquetError> for Broken {
    fn from(_: ParquetError) -> Broken {
        Broken
    }
}

impl<'a> Totals<'a> {
    pub(super) fn open(file: File, registry: &'a Registry) -> Result<Totals<'a>, Broken> {
        let reader = SerializedFileReader::new(file)?;
        let columns = reader.metadata().file_metadata().schema_descr();
        let names: Vec<&str> = columns.columns().iter().map(|column| column.name()).collect();
        if names != COLUMNS.iter().map(Column::name).collect::<Vec<_>>() {
            return Err(Broken);
        }
        Ok(Totals { registry, reader, group: 0, waiting: VecDeque::new() })
    }

    /// The totals of the next report, if it is this one; none, if the next ones are another's.
    pub(super) fn of(&mut self, body: &str, year: i32) -> Result<Vec<Figure>, Broken> {
        let mut totals = Vec::new();
        // A report's rows stand in one group.
        self.fill()?;
        while let Some(total) = self.waiting.pop_front_if(|next| next.year == year && next.body.data() == body.as_bytes()) {
            totals.push(total.figure);
        }
        Ok(totals)
    }

    /// Whether all have been taken.
    pub(super) fn is_empty(&mut self) -> Result<bool, Broken> {
        self.fill()?;
        Ok(self.waiting.is_empty())
    }

    fn fill(&mut self) -> Result<(), Broken> {
        while self.waiting.is_empty() && self.group < self.reader.num_row_groups() {
            let group = self.reader.get_row_group(self.group)?;
            self.group += 1;
            if may_hold_totals(&*group, self.registry) {
                self.waiting = read(&*group, self.registry)?;
            }
        }
        Ok(())
    }
}

fn place(name: &str) -> usize {
    COLUMNS.iter().position(|column| column.name() == name).expect("one of the columns")
}

/// By the least and the greatest word of the column.
fn may_hold_totals(group: &dyn RowGroupReader, registry: &Registry) -> bool {
    let total = registry.breakdown_name(Breakdown::TOTAL).0.as_bytes();
    let statistics = group.metadata().column(place(BREAKDOWN)).statistics();
    let bounds = statistics.and_then(|known| Some((known.min_bytes_opt()?, known.max_bytes_opt()?)));
    bounds.is_none_or(|(least, greatest)| least <= total && total <= greatest)
}

fn read(group: &dyn RowGroupReader, registry: &Registry) -> Result<VecDeque<Total>, Broken> {
    let texts = |name| texts(group, name);
    let (body, indicator, breakdown) = (texts("body")?, texts("indicator")?, texts(BREAKDOWN)?);
    let (reading, value, about, span) = (texts("reading")?, texts("value")?, texts("about")?, texts("span")?);
    let (stated_value, stated_unit) = (texts("stated_value")?, texts("stated_unit")?);
    let numbers = |name| numbers(group, name);
    let (year, from, to, table) = (numbers("year")?, numbers("from_byte")?, numbers("to_byte")?, numbers("table")?);
    let word = |cells: &[Option<ByteArray>], row: usize| -> Result<Option<String>, Broken> {
        cells[row].as_ref().map(|cell| cell.as_utf8().map(str::to_string).map_err(Broken::from)).transpose()
    };
    let amount = |text: &str| text.parse::<Amount>().map_err(|_| Broken);
    let total = registry.breakdown_name(Breakdown::TOTAL).0.as_bytes();
    let mut rows = VecDeque::new();
    for row in 0..body.len() {
        if breakdown[row].as_ref().ok_or(Broken)?.data() != total {
            continue;
        }
        let indicator: IndicatorId = registry.indicator_named(&word(&indicator, row)?.ok_or(Broken)?).ok_or(Broken)?;
        let reading = match (word(&reading, row)?.ok_or(Broken)?.as_str(), word(&value, row)?) {
            ("stated", Some(number)) => Reading::Stated(amount(&number)?),
            (known, None) => *[Reading::Blank, Reading::NotApplicable, Reading::Withheld].iter().find(|reading| reading.word() == known).ok_or(Broken)?,
            _ => return Err(Broken),
        };
        let stated = match (word(&stated_value, row)?, word(&stated_unit, row)?) {
            (Some(number), Some(unit)) => Some((amount(&number)?, unit.into())),
            (None, None) => None,
            _ => return Err(Broken),
        };
        let figure = Figure {
            key: FigureKey::total(indicator),
            reading,
            about: word(&about, row)?.map(|word| About::from_word(&word).ok_or(Broken)).transpose()?,
            time: if word(&span, row)?.as_deref() == Some(CUMULATIVE) { TimeSpan::Cumulative } else { TimeSpan::Year },
            stated,
            origin: match table[row] {
                None => Origin::FrontMatter,
                Some(place) => Origin::Table(place.try_into().map_err(|_| Broken)?),
            },
            span: Span { start: from[row].ok_or(Broken)?.cast_unsigned(), end: to[row].ok_or(Broken)?.cast_unsigned() },
        };
        rows.push_back(Total { body: body[row].clone().ok_or(Broken)?, year: year[row].ok_or(Broken)?, figure });
    }
    Ok(rows)
}

/// The cells of a column; none where it is empty.
fn texts(group: &dyn RowGroupReader, name: &str) -> Result<Vec<Option<ByteArray>>, Broken> {
    let ColumnReader::ByteArrayColumnReader(mut reader) = group.get_column_reader(place(name))? else { return Err(Broken) };
    let (rows, mut levels, mut values) = (rows_of(group)?, Vec::new(), Vec::new());
    reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    spread(rows, &levels, values)
}

fn numbers(group: &dyn RowGroupReader, name: &str) -> Result<Vec<Option<i32>>, Broken> {
    let ColumnReader::Int32ColumnReader(mut reader) = group.get_column_reader(place(name))? else { return Err(Broken) };
    let (rows, mut levels, mut values) = (rows_of(group)?, Vec::new(), Vec::new());
    reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    spread(rows, &levels, values)
}

fn rows_of(group: &dyn RowGroupReader) -> Result<usize, Broken> {
    group.metadata().num_rows().try_into().map_err(|_| Broken)
}

/// Values on the rows that have one: all of them in a column without levels.
fn spread<T>(rows: usize, levels: &[i16], values: Vec<T>) -> Result<Vec<Option<T>>, Broken> {
    let mut values = values.into_iter();
    let cells: Vec<Option<T>> = match levels {
        [] => values.by_ref().map(Some).collect(),
        levels => levels.iter().map(|level| if *level > 0 { values.next() } else { None }).collect(),
    };
    if cells.len() == rows && values.next().is_none() { Ok(cells) } else { Err(Broken) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, BodyId, Year};
    use parquet::record::RowAccessor as _;
    use proptest::prelude::*;

    fn tree() -> BodyTree {
        let named =
            |id: u32, path: &str, title: &str| Body { title: title.into(), ..Body::unnamed(BodyId(id), (id > 0).then_some(BodyId(0)), path, String::new()) };
        BodyTree::new(vec![named(0, "", "甲县"), named(1, "yi", "乙镇"), named(2, "yi/cun", "丙村")])
    }

    fn amount() -> impl Strategy<Value = Amount> {
        prop_oneof!["-?[0-9]{1,12}", "-?[0-9]{1,14}\\.[0-9]{1,13}"].prop_filter_map("a number", |text| text.parse().ok())
    }

    fn figure(indicators: u16) -> impl Strategy<Value = Figure> {
        let reading = prop_oneof![amount().prop_map(Reading::Stated), Just(Reading::Blank), Just(Reading::NotApplicable), Just(Reading::Withheld)];
        let about = proptest::option::of(prop_oneof![Just(About::More), Just(About::Nearly), Just(About::Over), Just(About::Roughly)]);
        let stated = proptest::option::of((amount(), prop_oneof![Just("万元"), Just("亿元")]).prop_map(|(amount, unit)| (amount, Box::from(unit))));
        let origin = prop_oneof![Just(Origin::FrontMatter), any::<u8>().prop_map(Origin::Table)];
        let key = (0..indicators, 0..3u8).prop_map(|(indicator, breakdown)| FigureKey { indicator: IndicatorId(indicator), breakdown: Breakdown(breakdown) });
        (key, reading, about, any::<bool>(), stated, origin, any::<(u32, u32)>()).prop_map(|(key, reading, about, whole, stated, origin, (start, end))| {
            Figure { key, reading, about, time: if whole { TimeSpan::Cumulative } else { TimeSpan::Year }, stated, origin, span: Span { start, end } }
        })
    }

    /// Three bodies, in runs of one and two, with reports that may have no figures.
    fn reports() -> impl Strategy<Value = Vec<Vec<Seen>>> {
        let indicators = Registry::built_in().indicators().len() as u16;
        let figures = proptest::collection::vec(figure(indicators), 0..12);
        proptest::collection::vec(figures, 5).prop_map(|all| {
            let standing = [Standing::Published, Standing::Draft, Standing::Future, Standing::Unapproved, Standing::Published];
            let places = [(0, 2023), (1, 2023), (1, 2024), (2, 2022), (2, 2024)];
            let seen = all.into_iter().zip(standing).zip(places).map(|((figures, standing), (body, year))| Seen {
                id: ReportId { body: BodyId(body), year: Year::new(year).unwrap() },
                standing,
                form: FormId(0),
                file: format!("content/{body}/{year}.md"),
                figures,
            });
            let seen: Vec<Seen> = seen.collect();
            vec![seen[..1].to_vec(), seen[1..].to_vec()]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Totals come back to the last digit, in their order; every figure stands in the file as `figures.csv` has it.
        #[test]
        fn what_is_written_reads_back(runs in reports()) {
            let (folder, tree, registry) = (tempfile::tempdir().unwrap(), tree(), Registry::built_in());
            let path = folder.path().join("figures.parquet");
            let write = || {
                let mut writing = Writing::create(&path, &tree, &registry).unwrap();
                runs.iter().for_each(|run| writing.add(run).unwrap());
                writing.finish().unwrap()
            };
            prop_assert_eq!(write(), write(), "the same figures make the same bytes");
            let mut totals = Totals::open(File::open(&path).unwrap(), &registry).unwrap();
            for report in runs.iter().flatten() {
                let own = |figure: &&Figure| figure.key.breakdown == Breakdown::TOTAL;
                let expected: Vec<Figure> = report.figures.iter().filter(own).cloned().collect();
                let back = totals.of(&tree.body(report.id.body).path, report.id.year.number().into()).unwrap();
                let bytes = |figures: &[Figure]| postcard::to_stdvec(figures).unwrap();
                prop_assert_eq!(bytes(&back), bytes(&expected), "digits count: 3.10 is not 3.1");
            }
            prop_assert!(totals.is_empty().unwrap());
            let rows: Vec<(String, i32, String)> = SerializedFileReader::new(File::open(&path).unwrap())
                .unwrap()
                .into_iter()
                .map(|row| row.unwrap())
                .map(|row| (row.get_string(0).unwrap().clone(), row.get_int(2).unwrap(), row.get_string(5).unwrap().clone()))
                .collect();
            let mut expected: Vec<(String, i32, String)> = Vec::new();
            for report in runs.iter().flatten() {
                let place = (tree.body(report.id.body).path.clone(), i32::from(report.id.year.number()));
                expected.extend(report.figures.iter().map(|figure| (place.0.clone(), place.1, figure.reading.word().to_string())));
            }
            let sorted = |mut rows: Vec<(String, i32, String)>| { rows.sort(); rows };
            prop_assert_eq!(sorted(rows), sorted(expected));
        }
    }

    #[test]
    fn what_is_no_file_of_figures_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        for bytes in [&b""[..], b"PAR1", b"PAR1PAR1PAR1PAR1"] {
            std::fs::write(&path, bytes).unwrap();
            assert!(Totals::open(File::open(&path).unwrap(), &Registry::built_in()).is_err());
        }
    }
}
