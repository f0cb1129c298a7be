//! What is said of a figure right after it: how it changed, what it comes to since counting began, and its parts by applicant and result.

use super::super::plain::Plain;
use super::{Hit, Scope, Statement, statement};
use crate::model::{Amount, Breakdown, IndicatorId, Registry, TimeSpan};
use regex::{Captures, Regex};
use std::sync::LazyLock;

static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:同比|环比|与上年(?:度)?相比|与去年相比|(?:比|较)(?:上年|去年|上一年|前一年|\d{4}年|\d{2}XX年)(?:度)?(?:同期)?(?:的\d+(?:条|件|个|次|份|项|宗|人|元))?)(?:数量|总数)?(?:有所)?(?P<way>增加|增长|上升|提高|多|减少|下降|降低|少)(?:了|到|约|近)?(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:万|亿)?(?:余|多)?(?P<u>条|件|个|次|份|项|宗|起|例|篇|人|元|%)",
    )
    .expect("a pattern of ours")
});

/// The indicators, other than its own, that words after a figure may state.
pub(super) fn led_to(registry: &Registry, indicator: IndicatorId) -> impl Iterator<Item = IndicatorId> {
    let known = registry.indicator(indicator);
    let base = RESULTS_OF.contains(&known.key.as_str()).then(|| known.key.trim_end_matches("_total"));
    let results = base.into_iter().flat_map(|base| RESULTS.map(|result| format!("{base}_{result}")));
    known.change.into_iter().chain(known.growth).chain(results.filter_map(|key| registry.indicator_named(&key)))
}

/// What is counted by its results.
const RESULTS_OF: [&str; 2] = ["reconsideration", "litigation_total"];
/// The results.
const RESULTS: [&str; 4] = ["upheld", "corrected", "other", "pending"];

/// 比上年增加4件, 同比增长9.5%: the change of the indicator that was stated right before it in the sentence.
pub(super) fn changes(registry: &Registry, scope: Scope<'_>, plain: &Plain, printed: &str, found: &mut Vec<Statement>) {
    let text = plain.text.as_str();
    let mut new = Vec::new();
    let mut last = None;
    for caught in CHANGE.captures_iter(text).flat_map(|caught| with_next(text, caught)) {
        let (whole, number) = (caught.get(0).expect("group 0"), caught.name("n").expect("always there"));
        let at = plain.printed(whole.range()).start;
        let sentence = text[..whole.start()].rfind(['。', '！', '？']).map_or(0, |stop| stop + '。'.len_utf8());
        let from = plain.printed(sentence..sentence + 1).start;
        let subject = found.iter().filter(|known| known.range.end <= at && known.range.start >= from && !known.none).max_by_key(|known| known.range.end);
        // A second change, 同比增长9.5%, is about what the first is about.
        let chained =
            last.as_ref().filter(|(end, _): &&(usize, Statement)| *end <= at && *end >= from && subject.is_none_or(|subject| subject.range.end <= *end));
        let Some((end, subject)) = chained.cloned().or_else(|| subject.map(|subject| (subject.range.end, subject.clone()))) else { continue };
        // Words of another matter between the two, or a number of which nothing is known: the change may be that one's.
        let between = without_brackets(&printed[end..at]);
        if between.chars().count() > 16 || between.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let indicator = registry.indicator(subject.indicator);
        let percent = &caught["u"] == "%";
        let Some(indicator) = (if percent { indicator.growth } else { indicator.change }) else { continue };
        let hit = Hit { indicator, number: Some(number.range()), words: whole.range(), rank: 2, joint: false };
        if let Some(mut change) = statement(registry, scope, plain, printed, &hit) {
            if ["减少", "下降", "降低", "少", "降幅"].contains(&&caught["way"]) {
                change.amount = Amount::ZERO.minus(change.amount).unwrap_or(change.amount);
                change.stated = change.stated.and_then(|(amount, unit)| Some((Amount::ZERO.minus(amount)?, unit)));
            }
            change.elsewhere = subject.elsewhere;
            change.dated = subject.dated;
            change.time = TimeSpan::Year;
            last = Some((change.range.end, subject));
            new.push(change);
        }
    }
    found.retain(|known| !new.iter().any(|change: &Statement| change.range.start == known.range.start && change.indicator != known.indicator));
    found.extend(new);
}

/// Words without what stands in brackets: the parts of a number are beside the point of its sentence.
fn without_brackets(words: &str) -> String {
    let (mut kept, mut depth) = (String::new(), 0usize);
    for c in words.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// A change, and the growth said right after it: 增加28条，增长28.6%.
fn with_next<'t>(text: &'t str, caught: Captures<'t>) -> Vec<Captures<'t>> {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:，|、|（)(?P<way>增长|增幅|上升|下降|降幅)(?:了|约|近|为|达)*(?P<n>\d+(?:\.\d+)?)(?P<u>%)").expect("a pattern of ours")
    });
    let end = caught.get(0).expect("group 0").end();
    let next = NEXT.captures_at(text, end).filter(|next| next.get(0).is_some_and(|whole| whole.start() == end));
    std::iter::once(caught).chain(next).collect()
}

/// Words of the part of a figure, its number, and its unit.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?P<who>自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他)(?:提出|提交|申请|的)*(?P<n>\d+)(?:件次|人次|件|宗|份|起|条)|(?P<way>(?:结果)?维持|(?:依法|结果)?纠错|(?:结果|依法)?纠正|驳回[^，。；、：\d]{0,8}|其他结果|其他情形|尚未审结|未审结)(?:的|结果)*(?P<m>\d+)(?:件|宗|起|例)",
    )
    .expect("a pattern of ours")
});

/// 收到申请10件（自然人9件、商业企业1件）, 行政复议2件，维持1件、纠错1件: the parts of what was stated right before them, one after the other.
pub(super) fn parts(registry: &Registry, scope: Scope<'_>, plain: &Plain, printed: &str, found: &mut Vec<Statement>) {
    let text = plain.text.as_str();
    const SIGNS: [&str; 6] = ["自然人", "商业企业", "维持", "纠", "驳回", "审结"];
    if !SIGNS.iter().any(|sign| text.contains(sign)) {
        return;
    }
    let mut new: Vec<Statement> = Vec::new();
    let mut last: Option<(usize, Statement)> = None;
    for caught in PART.captures_iter(text) {
        let whole = caught.get(0).expect("group 0");
        let number = caught.name("n").or(caught.name("m")).expect("one of both").range();
        let at = plain.printed(whole.range()).start;
        let subject =
            found.iter().filter(|known| known.range.end <= at && !known.none && known.breakdown == Breakdown::TOTAL).max_by_key(|known| known.range.end);
        let chained = last.as_ref().filter(|(end, _)| *end <= at && is_link(&printed[*end..at]) && subject.is_none_or(|subject| subject.range.end <= *end));
        let near = || subject.filter(|subject| is_link(&printed[subject.range.end..at]));
        let Some(subject) = chained.map(|(_, subject)| subject.clone()).or_else(|| near().cloned()) else { continue };
        // 其他1件 is a part only beside another one.
        let applicant = caught
            .name("who")
            .map(|who| who.as_str())
            .filter(|who| *who != "其他" || last.as_ref().is_some_and(|(end, _)| *end <= at && is_link(&printed[*end..at])));
        let key = registry.indicator(subject.indicator).key.as_str();
        let part = match (applicant, caught.name("way").map(|way| way.as_str())) {
            (Some(who), _) => applicants(registry, key, who),
            (None, Some(way)) => results(registry, scope, key, way),
            (None, None) => None,
        };
        let Some((indicator, breakdown)) = part else { continue };
        let hit = Hit { indicator, number: Some(number), words: whole.range(), rank: 2, joint: false };
        if let Some(mut said) = statement(registry, scope, plain, printed, &hit) {
            (said.breakdown, said.elsewhere, said.dated, said.time) = (breakdown, subject.elsewhere, subject.dated, subject.time);
            last = Some((said.range.end, subject));
            new.push(said);
        }
    }
    found.retain(|known| !new.iter().any(|part| part.range.start < known.range.end && known.range.start < part.range.end));
    found.extend(new);
}

/// Signs and words that join a figure and its parts.
fn is_link(between: &str) -> bool {
    let words = between.trim_matches(|c: char| c.is_whitespace() || matches!(c, '，' | ',' | '、' | '（' | '(' | '：' | ':' | '；' | ';'));
    ["", "其中", "其中：", "均为", "分别为", "包括", "和", "复议结果", "结果", "诉讼结果", "按申请人分"].contains(&words) && !between.contains(['。', '\n'])
}

fn applicants(registry: &Registry, key: &str, who: &str) -> Option<(IndicatorId, Breakdown)> {
    let breakdown = ["natural_person", "commercial", "research", "social_organization", "legal_services", "other"]
        .into_iter()
        .filter_map(|key| registry.breakdown_named(key))
        .find(|breakdown| registry.breakdown_name(*breakdown).1 == who)?;
    (key == "applications_new").then(|| Some((registry.indicator_named(key)?, breakdown))).flatten()
}

/// What became of reconsiderations and suits: rows of their own in the sheet of 2014, columns of one row since 2019. Since then suits are
/// counted by what came before them, which a sentence does not say.
fn results(registry: &Registry, scope: Scope<'_>, key: &str, way: &str) -> Option<(IndicatorId, Breakdown)> {
    let result = match way {
        way if way.ends_with("维持") || way.starts_with("驳回") => RESULTS[0],
        way if way.contains("纠") => RESULTS[1],
        way if way.starts_with("其他") => RESULTS[2],
        _ => RESULTS[3],
    };
    let own = registry.indicator_named(&format!("{}_{result}", key.trim_end_matches("_total")));
    if let Some(own) = own.filter(|own| scope.form.is_none_or(|form| form.tables.is_empty() || form.states(*own, registry))) {
        return RESULTS_OF.contains(&key).then_some((own, Breakdown::TOTAL));
    }
    // A suit that was dismissed is none of a reconsideration.
    (key == "reconsideration" && !way.starts_with("驳回原告")).then(|| Some((registry.indicator_named(key)?, registry.breakdown_named(result)?))).flatten()
}

/// 11条，历年累计234条: the same figure since counting began.
pub(super) fn sums(registry: &Registry, scope: Scope<'_>, plain: &Plain, printed: &str, found: &mut Vec<Statement>) {
    static SUM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:，|（|、)(?:历年|历史)(?:来)?(?:累计|共|总计)(?:公开|主动公开|收到|受理|达|为|共)*(?P<n>\d+(?:\.\d+)?)(?:余|多)?万?(?:余|多)?(?:条|件|次|份)",
        )
        .expect("a pattern of ours")
    });
    if !plain.text.contains('历') {
        return;
    }
    let mut new: Vec<Statement> = Vec::new();
    for caught in SUM.captures_iter(plain.text.as_str()) {
        let (whole, number) = (caught.get(0).expect("group 0"), caught.name("n").expect("always there"));
        let at = plain.printed(whole.range()).start;
        let Some(subject) = found.iter().find(|known| known.range.end == at && !known.none) else { continue };
        let hit = Hit { indicator: subject.indicator, number: Some(number.range()), words: whole.range(), rank: 2, joint: false };
        if let Some(mut sum) = statement(registry, scope, plain, printed, &hit) {
            (sum.time, sum.breakdown, sum.elsewhere) = (TimeSpan::Cumulative, subject.breakdown, None);
            new.push(sum);
        }
    }
    found.retain(|known| !new.iter().any(|sum| sum.range.start == known.range.start));
    found.extend(new);
}
