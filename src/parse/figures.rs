//! `[figures]` of the front matter: what the tables do not say.

use crate::diag::{Span, Words};
use crate::fields::{Complaints, Fields, Scalar, unknown_key};
use crate::model::{About, Amount, Breakdown, Figure, FigureKey, IndicatorId, Kind, Origin, Reading, Registry, TimeSpan};

/// Reads `[figures]`.
pub(super) fn read(fields: &mut Fields<'_>, registry: &Registry, to: &mut Complaints<'_>) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for (key, value) in fields.rest() {
        let Some(indicator) = registry.indicator_named(&key.value) else {
            unknown_key(&format!("figures.{}", key.value), &key.value, key.span, registry.indicator_keys(), to);
            continue;
        };
        let implied = registry.unit_implied(&key.value).unwrap_or_default().to_string();
        let reader = Reader { registry, indicator, implied: &implied };
        match value.fields(&key.value) {
            None => figures.extend(reader.figure(&value, Breakdown::TOTAL, to)),
            Some(table) => reader.table(table, &value, &mut figures, to),
        }
    }
    let mut kept: Vec<Figure> = Vec::with_capacity(figures.len());
    for figure in figures {
        // An alias and its base id, both present, would be two numbers for one thing.
        if let Some(first) = kept.iter().find(|first| first.key == figure.key && first.time == figure.time) {
            let name = registry.figure_name(first.key);
            let at = Span::new(
                figure.span.start as usize - to.place(Span::default()).start as usize,
                figure.span.end as usize - to.place(Span::default()).start as usize,
            );
            to.add("parse/value-invalid", at, Words::new(format!("`{name}` 写了两次"), format!("`{name}` is stated twice")));
            continue;
        }
        kept.push(figure);
    }
    kept
}

struct Reader<'r> {
    registry: &'r Registry,
    indicator: IndicatorId,
    implied: &'r str,
}

impl Reader<'_> {
    /// A table is one figure (`value`, `about`, `unit`, `span`) or a row of breakdowns.
    fn table(&self, mut table: Fields<'_>, whole: &Scalar<'_>, figures: &mut Vec<Figure>, to: &mut Complaints<'_>) {
        if let Some(value) = table.scalar("value") {
            let about = table.text("about", to).and_then(|word| {
                let about = About::from_word(&word.value);
                if about.is_none() {
                    to.add("parse/value-invalid", word.span, Words::new("`about` 只能是 余、多、近、超、约", "`about` is one of 余, 多, 近, 超, 约"));
                }
                about
            });
            let time = table.text("span", to).map_or(TimeSpan::Year, |word| match word.value.as_str() {
                "year" => TimeSpan::Year,
                "cumulative" => TimeSpan::Cumulative,
                _ => {
                    to.add("parse/value-invalid", word.span, Words::new("`span` 只能是 year 或 cumulative", "`span` is year or cumulative"));
                    TimeSpan::Year
                }
            });
            let unit = table.text("unit", to);
            table.finish(to);
            let unit_name = unit.as_ref().map_or(self.implied, |unit| unit.value.as_str()).to_string();
            if let Some(mut figure) = self.read(&value, &unit_name, Breakdown::TOTAL, to) {
                figure.about = about;
                figure.time = time;
                figure.span = to.place(whole.span());
                figures.push(figure);
            }
            return;
        }
        for (key, value) in table.rest() {
            let known = self.registry.breakdown_named(&key.value);
            let allowed = |breakdown: &Breakdown| self.registry.indicator(self.indicator).breakdowns.contains(breakdown);
            match known.filter(allowed) {
                Some(breakdown) => figures.extend(self.figure(&value, breakdown, to)),
                None => {
                    let names = self.registry.indicator(self.indicator).breakdowns.iter().map(|breakdown| self.registry.breakdown_name(*breakdown).0);
                    let full = format!("figures.{}.{}", self.registry.indicator(self.indicator).key, key.value);
                    unknown_key(&full, &key.value, key.span, names.chain(["value"]), to);
                }
            }
        }
    }

    fn figure(&self, value: &Scalar<'_>, breakdown: Breakdown, to: &mut Complaints<'_>) -> Option<Figure> {
        self.read(value, self.implied, breakdown, to)
    }

    fn read(&self, value: &Scalar<'_>, unit: &str, breakdown: Breakdown, to: &mut Complaints<'_>) -> Option<Figure> {
        let key = FigureKey { indicator: self.indicator, breakdown };
        let span = to.place(value.span());
        let figure = |reading, stated| Some(Figure { key, reading, about: None, time: TimeSpan::Year, stated, origin: Origin::FrontMatter, span });
        let name = self.registry.figure_name(key);
        match (value.amount(), value.text()) {
            (Some(amount), _) => match converted(self.registry, self.indicator, amount, unit) {
                Ok((amount, stated)) => figure(Reading::Stated(amount), stated),
                Err(words) => {
                    to.add(words.0, value.span(), words.1);
                    None
                }
            },
            (None, Some("blank")) => figure(Reading::Blank, None),
            (None, Some("n/a")) => figure(Reading::NotApplicable, None),
            (None, Some("withheld")) => figure(Reading::Withheld, None),
            _ => {
                let message = Words::new(
                    format!("`{name}` 应为数字，或 \"blank\"、\"n/a\"、\"withheld\""),
                    format!("`{name}` must be a number, or \"blank\", \"n/a\", \"withheld\""),
                );
                to.add("parse/value-type", value.span(), message).help =
                    Some(Words::new("数字不加引号；没有写明就整行删去。", "numbers have no quotes; leave the line out if the report does not say."));
                None
            }
        }
    }
}

/// A converted number: in the indicator's unit, and as printed where that differs.
pub(super) type Converted = (Amount, Option<(Amount, Box<str>)>);

/// A number in the indicator's unit, or the rule and words for why it cannot be.
pub(super) fn converted(registry: &Registry, indicator: IndicatorId, amount: Amount, unit: &str) -> Result<Converted, (&'static str, Words)> {
    let known = registry.indicator(indicator);
    let Some(read) = registry.convert(indicator, amount, unit) else {
        let words = Words::new(
            format!("“{}”的单位是{}，这里写的是{unit}，不能换算", known.name, known.unit),
            format!("`{}` is in {}, which {unit} cannot be converted to", known.key, known.unit),
        );
        return Err(("form/unit-mismatch", words));
    };
    if known.kind == Kind::Count && !read.amount.is_whole() {
        let words =
            Words::new(format!("“{}”应为整数，这里是 {amount}{unit}", known.name), format!("`{}` counts whole things, this is {amount}{unit}", known.key));
        return Err(("form/value-unreadable", words));
    }
    Ok((read.amount, read.stated))
}
