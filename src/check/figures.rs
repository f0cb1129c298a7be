//! Statutory arithmetic: the sums a form asks for, column by column and row by row, within a report and against the year before.
//!
//! The relations are data of the form. A relation is held only against cells that state a number: blank, withheld and missing cells
//! make no sum wrong. Only totals that balance while their columns do not would hide a slip, so every column is looked at.

use super::Subject;
use crate::analyze::CellState;
use crate::diag::{Diagnostic, Words};
use crate::model::{Amount, Breakdown, FigureKey, Form, IndicatorId, Kind, Level, Origin, Reading, Registry, Relation, Report, Term};
use std::collections::BTreeSet;

/// What is wrong with a report's figures; `last` is the report of the year before, where there is one.
pub(super) fn figures(registry: &Registry, level: Level, report: &Report, last: Option<&Report>, found: &mut Vec<Diagnostic>) {
    let form = registry.form(report.form);
    let sums = Sums { registry, form, report, last };
    for relation in &form.relations {
        match relation {
            Relation::Columns { law, left, right, at_most, .. } => sums.columns(law, left, right, *at_most, found),
            Relation::Rows { law, table, total, parts, .. } => sums.rows(law, *table, *total, parts, found),
        }
    }
    if matches!(level, Level::Township | Level::Village | Level::Department) {
        regulations(registry, report, found);
    }
}

struct Sums<'a> {
    registry: &'a Registry,
    form: &'a Form,
    report: &'a Report,
    last: Option<&'a Report>,
}

impl Sums<'_> {
    fn amount(&self, report: &Report, indicator: IndicatorId, breakdown: Breakdown) -> Option<Amount> {
        CellState::of(FigureKey { indicator, breakdown }, &report.figures, self.form, self.registry.forms()).amount()
    }

    /// The sum of one side in one column; nothing if a term states no number.
    fn side(&self, terms: &[Term], breakdown: Breakdown) -> Option<Amount> {
        terms.iter().try_fold(Amount::ZERO, |sum, term| {
            let report = if term.last_year { self.last? } else { self.report };
            let amount = self.amount(report, term.indicator, breakdown)?;
            if term.minus { sum.minus(amount) } else { sum.plus(amount) }
        })
    }

    fn columns(&self, law: &str, left: &[Term], right: &[Term], at_most: bool, found: &mut Vec<Diagnostic>) {
        let crosses = left.iter().chain(right).any(|term| term.last_year);
        if crosses && self.last.is_none() {
            return;
        }
        let breakdowns: BTreeSet<Breakdown> = left.iter().flat_map(|term| &self.registry.indicator(term.indicator).breakdowns).copied().collect();
        for breakdown in breakdowns {
            let (Some(a), Some(b)) = (self.side(left, breakdown), self.side(right, breakdown)) else { continue };
            if a == b || at_most && a < b {
                continue;
            }
            let code = match (crosses, at_most) {
                (true, _) => "figure/carried-over",
                (false, true) => "figure/part-exceeds-whole",
                (false, false) => "figure/sum-mismatch",
            };
            let (_, column, column_en) = self.registry.breakdown_name(breakdown);
            let (column, column_en) =
                if breakdown == Breakdown::TOTAL { (String::new(), String::new()) } else { (format!("（{column}列）"), format!(" ({column_en})")) };
            let difference = a.minus(b).map_or(Amount::ZERO, Amount::magnitude).grouped();
            let (zh, en) = (self.said(left, false), self.said(left, true));
            let (zh_right, en_right) = (self.said(right, false), self.said(right, true));
            let values = format!("{a} {b}");
            let (a, b) = (a.grouped(), b.grouped());
            let words = if at_most {
                Words::new(
                    format!("{zh}{column}为 {a}，多于{zh_right}的 {b}，多 {difference}"),
                    format!("{en}{column_en} is {a}, more than {en_right}, which is {b}, by {difference}"),
                )
            } else {
                Words::new(
                    format!("{zh}{column}为 {a}，{zh_right}为 {b}，差 {difference}"),
                    format!("{en}{column_en} is {a} and {en_right} is {b}: they differ by {difference}"),
                )
            };
            found.push(self.diagnostic(code, law, FigureKey { indicator: left[0].indicator, breakdown }, crosses, words, values));
        }
    }

    fn rows(&self, law: &str, table: u8, total: Breakdown, parts: &[Breakdown], found: &mut Vec<Diagnostic>) {
        let indicators: BTreeSet<IndicatorId> =
            self.form.tables[table as usize].rows.iter().flat_map(|row| &row.cells).map(|cell| cell.key.indicator).collect();
        for indicator in indicators {
            let sum = parts.iter().try_fold(Amount::ZERO, |sum, part| sum.plus(self.amount(self.report, indicator, *part)?));
            let (Some(stated), Some(sum)) = (self.amount(self.report, indicator, total), sum) else { continue };
            if stated == sum {
                continue;
            }
            let known = self.registry.indicator(indicator);
            let difference = stated.minus(sum).map_or(Amount::ZERO, Amount::magnitude).grouped();
            let values = format!("{stated} {sum}");
            let (stated, sum) = (stated.grouped(), sum.grouped());
            let words = Words::new(
                format!("“{}”一行合计写 {stated}，各列相加为 {sum}，差 {difference}", known.name),
                format!("the row `{}` states a total of {stated}, its columns add up to {sum}: they differ by {difference}", known.name_en),
            );
            found.push(self.diagnostic("figure/sum-mismatch", law, FigureKey { indicator, breakdown: total }, false, words, values));
        }
    }

    /// 本年新收申请与上年结转申请之和; of many terms only how many they are.
    fn said(&self, terms: &[Term], english: bool) -> String {
        let name = |term: &Term| {
            let known = self.registry.indicator(term.indicator);
            match (english, term.last_year) {
                (false, true) => format!("上年的“{}”", known.name),
                (false, false) => format!("“{}”", known.name),
                (true, true) => format!("last year's `{}`", known.name_en),
                (true, false) => format!("`{}`", known.name_en),
            }
        };
        let mut said = String::new();
        for (place, term) in terms.iter().take(3).enumerate() {
            if place > 0 || term.minus {
                said.push_str(match (term.minus, english) {
                    (true, true) => " minus ",
                    (true, false) => "减",
                    (false, true) => " plus ",
                    (false, false) => "加",
                });
            }
            said.push_str(&name(term));
        }
        if terms.len() > 3 {
            said = if english {
                format!("the sum of {} and {} others", name(&terms[0]), terms.len() - 1)
            } else {
                format!("{}等 {} 项之和", name(&terms[0]), terms.len())
            };
        }
        said
    }

    fn diagnostic(&self, code: &str, law: &str, key: FigureKey, crosses: bool, words: Words, values: String) -> Diagnostic {
        let span = self.report.figures.iter().find(|figure| figure.key == key).map(|figure| figure.span);
        let mut diagnostic = Diagnostic::new(code, &self.report.file, span, words).help(
            "请对照原表核对，改正写错的数；原件如此的照录，并请发布机关核实。",
            "compare with the original and correct the slip; if the original says so, keep it and ask the body that published it.",
        );
        diagnostic = diagnostic.about(self.registry.figure_name(key), format!("{law} {values}"));
        diagnostic.law = Some(law.to_string());
        if let Some(last) = self.last.filter(|_| crosses) {
            diagnostic = diagnostic.related(&last.file, "上年的数在这里", "the year before stands here");
        }
        diagnostic
    }
}

/// Cells that hold nothing where the form asks for 0. One finding a table, with the rows.
pub(super) fn empty(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (report, form, registry) = (subject.report, subject.form(), subject.registry);
    if !form.fixed_sections {
        return;
    }
    for (place, table) in form.tables.iter().enumerate() {
        let unfilled =
            |figure: &&crate::model::Figure| figure.origin == Origin::Table(place as u8) && matches!(figure.reading, Reading::Blank | Reading::NotApplicable);
        let empty: Vec<_> = report.figures.iter().filter(unfilled).collect();
        let Some(first) = empty.iter().min_by_key(|figure| figure.span.start) else { continue };
        let mut rows: Vec<&str> = Vec::new();
        let mut rows_en: Vec<&str> = Vec::new();
        for figure in &empty {
            let known = registry.indicator(figure.key.indicator);
            if rows.last() != Some(&known.name.as_str()) {
                rows.push(&known.name);
                rows_en.push(&known.name_en);
            }
        }
        let more = if rows.len() > 3 { (format!("等 {} 行", rows.len()), format!(" and {} more rows", rows.len() - 3)) } else { Default::default() };
        let count = empty.len();
        let words = Words::new(
            format!("“{}”有 {count} 格是空的或画了斜线：{}{}", table.title, rows[..rows.len().min(3)].join("、"), more.0),
            format!("{count} cells of `{}` are empty or struck: {}{}", table.title_en, rows_en[..rows_en.len().min(3)].join(", "), more.1),
        );
        let keys: Vec<String> = empty.iter().map(|figure| registry.figure_name(figure.key)).collect();
        found.push(Diagnostic::new("figure/cell-empty", &report.file, Some(first.span), words).about(&table.id, keys.join(" ")).help(
            "没有发生的填 0；确实不知道的保持空白，用 [[accept]] 写明原因。页面上空白格显示为“未填”，不当作 0。",
            "write 0 for none; what is not known stays empty, with the reason under [[accept]]. Pages never show a blank as 0.",
        ));
    }
}

/// Amounts whose column names no unit and whose cell has none: 8040 元 and 8040 万元 are two things.
pub(super) fn without_unit(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (report, form, registry) = (subject.report, subject.form(), subject.registry);
    for figure in &report.figures {
        let (Origin::Table(table), Some(amount)) = (figure.origin, figure.reading.amount()) else { continue };
        let known = registry.indicator(figure.key.indicator);
        if known.kind != Kind::Money || amount.is_zero() {
            continue;
        }
        let table = &form.tables[table as usize];
        let printed = subject.text.get(figure.span.range()).unwrap_or_default();
        let row = table.rows.iter().find(|row| row.cells.iter().any(|cell| cell.key == figure.key));
        let column = row.and_then(|row| row.cells.iter().find(|cell| cell.key == figure.key)).map(|cell| &table.columns[cell.column as usize]);
        let named = row.is_some_and(|row| row.unit.is_some()) || column.is_some_and(|column| column.unit.is_some());
        if named || printed.contains('元') {
            continue;
        }
        let words = Words::new(
            format!("“{}”写 {}，没有单位：元还是万元？", known.name, amount.grouped()),
            format!("`{}` is {} without a unit: 元 or 万元?", known.name_en, amount.grouped()),
        );
        found.push(
            Diagnostic::new("figure/unit-missing", &report.file, Some(figure.span), words)
                .about(registry.figure_name(figure.key), amount.to_string())
                .help("在格里写上单位，如 51万元。没有写的按元计。", "write the unit into the cell, as 51万元; without one it is read as 元."),
        );
    }
}

/// A township makes no regulations: the row is there for others, and a number in it is nearly always a normative document's.
fn regulations(registry: &Registry, report: &Report, found: &mut Vec<Diagnostic>) {
    for figure in &report.figures {
        let known = registry.indicator(figure.key.indicator);
        let Some(amount) = figure.reading.amount().filter(|amount| known.key.starts_with("regulations_") && !amount.is_zero()) else { continue };
        let words = Words::new(
            format!("“{}”写 {}，乡镇、村和部门没有规章制定权", known.name, amount.grouped()),
            format!("`{}` is {}, but townships, villages and departments make no regulations", known.name_en, amount.grouped()),
        );
        let diagnostic = Diagnostic::new("figure/regulation-by-township", &report.file, Some(figure.span), words)
            .about(registry.figure_name(figure.key), amount.to_string())
            .help("若是行政规范性文件，请移到下一行；否则写 0。", "if these are normative documents, move the number one row down; otherwise write 0.");
        found.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BodyId, ReportId, Year};
    use crate::parse::{self, ReportContext};

    const HEAD: &str = "|申请人情况|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计|\n|---|--:|--:|--:|--:|--:|--:|--:|\n";

    fn report(registry: &Registry, year: i64, table: &str) -> Report {
        let text = format!("+++\ntitle = \"甲镇{year}年年报\"\n+++\n\n{table}");
        let id = ReportId { body: BodyId(0), year: Year::new(year).unwrap() };
        parse::report(ReportContext { registry, id, attachments: &[] }, &format!("content/a/{year}.md"), &text).report.unwrap()
    }

    /// A balanced part three with one row replaced.
    fn part_three(new: &str, carried_out: &str) -> String {
        let mut rows = String::from(HEAD);
        let zero = "|0|0|0|0|0|0|0|\n";
        rows += &format!(
            "|一、本年新收政府信息公开申请数量{new}\n|二、上年结转政府信息公开申请数量|1|0|0|0|0|0|1|\n|三、本年度办理结果（一）予以公开|3|0|0|0|0|1|4|\n"
        );
        rows += &format!("|（二）部分公开（区分处理的，只计这一情形，不计其他情形）{zero}");
        for label in [
            "（三）不予公开 1.属于国家秘密",
            "2.其他法律行政法规禁止公开",
            "3.危及“三安全一稳定”",
            "4.保护第三方合法权益",
            "5.属于三类内部事务信息",
            "6.属于四类过程性信息",
            "7.属于行政执法案卷",
            "8.属于行政查询事项",
            "（四）无法提供 1.本机关不掌握相关政府信息",
            "2.没有现成信息需要另行制作",
            "3.补正后申请内容仍不明确",
            "（五）不予处理 1.信访举报投诉类申请",
            "2.重复申请",
            "3.要求提供公开出版物",
            "4.无正当理由大量反复申请",
            "5.要求行政机关确认或重新出具已获取信息",
            "（六）其他处理 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "3.其他",
        ] {
            rows += &format!("|{label}{zero}");
        }
        rows + &format!("|（七）总计|3|0|0|0|0|1|4|\n|四、结转下年度继续办理{carried_out}\n")
    }

    fn all(registry: &Registry, level: Level, report: &Report, last: Option<&Report>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        figures(registry, level, report, last, &mut found);
        found
    }

    fn found(report: &Report, last: Option<&Report>, registry: &Registry) -> Vec<(&'static str, String)> {
        all(registry, Level::Township, report, last).into_iter().map(|found| (found.rule.code, found.message.en)).collect()
    }

    #[test]
    fn a_balanced_table_is_left_alone() {
        let registry = Registry::built_in();
        let good = report(&registry, 2023, &part_three("|3|0|0|0|0|1|4|", "|1|0|0|0|0|0|1|"));
        assert_eq!(found(&good, None, &registry), []);
    }

    #[test]
    fn a_column_that_does_not_balance_is_found_though_totals_do() {
        let registry = Registry::built_in();
        let bad = report(&registry, 2023, &part_three("|4|0|0|0|0|0|4|", "|1|0|0|0|0|0|1|"));
        let found = found(&bad, None, &registry);
        assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["figure/sum-mismatch"; 2]);
        assert!(found[0].1.contains("is 5") && found[0].1.contains("is 4") && found[0].1.ends_with("differ by 1"), "{found:?}");
    }

    #[test]
    fn a_row_whose_total_is_off_is_found() {
        let registry = Registry::built_in();
        let bad = report(&registry, 2023, &part_three("|3|0|0|0|0|1|5|", "|1|0|0|0|0|0|1|"));
        let found = found(&bad, None, &registry);
        assert!(found.iter().any(|(_, words)| words.contains("states a total of 5, its columns add up to 4")), "{found:?}");
    }

    #[test]
    fn blank_cells_make_no_sum_wrong() {
        let registry = Registry::built_in();
        let open = report(&registry, 2023, &part_three("||0|0|0|0|1||", "|1|0|0|0|0|0|1|"));
        assert_eq!(found(&open, None, &registry), []);
    }

    #[test]
    fn what_is_carried_over_agrees_with_last_year() {
        let registry = Registry::built_in();
        let table = part_three("|3|0|0|0|0|1|4|", "|1|0|0|0|0|0|1|");
        let (last, this) = (report(&registry, 2022, &table), report(&registry, 2023, &table));
        assert_eq!(found(&this, Some(&last), &registry), []);
        let other = report(&registry, 2022, &part_three("|4|0|0|0|0|1|5|", "|2|0|0|0|0|0|2|"));
        let all = all(&registry, Level::Township, &this, Some(&other));
        assert_eq!(all.iter().map(|found| found.rule.code).collect::<Vec<_>>(), ["figure/carried-over"; 2]);
        assert_eq!(all[0].related[0].file, "content/a/2022.md");
        assert!(all[0].law.as_deref().is_some_and(|law| law.contains("表三")));
    }

    #[test]
    fn townships_make_no_regulations() {
        let registry = Registry::built_in();
        let table = "|第二十条第（一）项||||\n|---|--:|--:|--:|\n|信息内容|本年制发件数|本年废止件数|现行有效件数|\n|规章|2|0|0|\n|行政规范性文件|1|0|1|\n";
        let bad = report(&registry, 2023, table);
        assert_eq!(all(&registry, Level::Township, &bad, None).len(), 1);
        assert_eq!(all(&registry, Level::City, &bad, None).len(), 0);
    }
}
