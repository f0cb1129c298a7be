//! Typed reading of TOML tables that remembers spans and collects every complaint of a file in one run.
//!
//! Front matter, configuration and theme files are read through [`Fields`]: each key is taken once with the type it must
//! have, and what nobody took is an unknown key with a "did you mean".

use crate::diag::{Diagnostic, Span, Words};
use crate::model::Amount;
use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where complaints go, and what every span is relative to.
#[derive(Debug)]
pub struct Complaints<'f> {
    file: &'f str,
    offset: usize,
    /// Everything that was wrong.
    pub found: Vec<Diagnostic>,
}

impl<'f> Complaints<'f> {
    /// A collector for one file whose TOML begins at `offset`.
    pub fn new(file: &'f str, offset: usize) -> Complaints<'f> {
        Complaints { file, offset, found: Vec::new() }
    }

    /// A complaint about a place of the TOML.
    pub fn add(&mut self, code: &str, span: Span, message: Words) -> &mut Diagnostic {
        let diagnostic = Diagnostic::new(code, self.file, Some(span.shifted(self.offset)), message);
        self.found.push(diagnostic);
        self.found.last_mut().expect("just pushed")
    }

    /// The span in the whole file.
    pub fn place(&self, span: Span) -> Span {
        span.shifted(self.offset)
    }
}

/// A value with the place where it stands, relative to the TOML.
#[derive(Clone, PartialEq, Debug)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// One table whose keys are taken one by one.
#[derive(Debug)]
pub struct Fields<'i> {
    /// `report.period` for messages; empty at the top.
    path: String,
    entries: Vec<(Placed<String>, Spanned<DeValue<'i>>, bool)>,
    known: Vec<&'static str>,
    /// Where the table stands.
    pub span: Span,
}

/// Reads TOML; every syntax error is a complaint, and what could be read is returned.
pub fn read<'i>(toml: &'i str, complaints: &mut Complaints<'_>) -> Fields<'i> {
    let (table, errors) = DeTable::parse_recoverable(toml);
    for error in &errors {
        let span = error.span().map_or(Span::default(), Span::from);
        let message = error.message().trim().replace('\n', "；");
        let known = [
            ("duplicate key", "同一项写了两次"),
            ("must be quoted", "文字没有加英文双引号"),
            ("unterminated", "引号或括号没有结尾"),
            ("invalid basic string", "引号没有结尾，或文字里有不能用的字符"),
            ("missing value", "等号后面没有值"),
            ("unexpected", "多了不认识的字符"),
        ];
        let said = known.iter().find(|(part, _)| message.contains(part)).map_or_else(|| format!("信息栏写法有误（{message}）"), |(_, said)| said.to_string());
        complaints.add("parse/front-matter-syntax", span, Words::new(said, format!("not valid TOML: {message}")));
    }
    let span = Span::new(0, toml.len());
    fields_of(String::new(), table.into_inner(), span)
}

fn fields_of(path: String, table: DeTable<'_>, span: Span) -> Fields<'_> {
    let entries = table.into_iter().map(|(key, value)| {
        let at = Span::from(key.span());
        (Placed { value: key.into_inner().into_owned(), span: at }, value, false)
    });
    Fields { path, entries: entries.collect(), known: Vec::new(), span }
}

impl<'i> Fields<'i> {
    fn entry(&mut self, key: &'static str) -> Option<&Spanned<DeValue<'i>>> {
        self.known.push(key);
        let (_, value, taken) = self.entries.iter_mut().find(|(name, ..)| name.value == key)?;
        *taken = true;
        Some(value)
    }

    /// Whether the key is written at all.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, ..)| name.value == key)
    }

    fn full(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_string() } else { format!("{}.{key}", self.path) }
    }

    fn take<T>(
        &mut self,
        key: &'static str,
        wanted: (&str, &str),
        complaints: &mut Complaints<'_>,
        read: impl Fn(&DeValue<'i>) -> Option<T>,
    ) -> Option<Placed<T>> {
        let full = self.full(key);
        let value = self.entry(key)?;
        let span = Span::from(value.span());
        match read(value.get_ref()) {
            Some(value) => Some(Placed { value, span }),
            None => {
                let message = Words::new(format!("`{full}` 应为{}", wanted.0), format!("`{full}` must be {}", wanted.1));
                complaints.add("parse/value-type", span, message);
                None
            }
        }
    }

    /// Text.
    pub fn text(&mut self, key: &'static str, complaints: &mut Complaints<'_>) -> Option<Placed<String>> {
        self.take(key, ("一段文字，写在双引号里", "text in double quotes"), complaints, |value| value.as_str().map(str::to_string))
    }

    /// A truth value.
    pub fn flag(&mut self, key: &'static str, complaints: &mut Complaints<'_>) -> Option<Placed<bool>> {
        self.take(key, ("true 或 false", "true or false"), complaints, DeValue::as_bool)
    }

    /// A whole number.
    pub fn whole(&mut self, key: &'static str, complaints: &mut Complaints<'_>) -> Option<Placed<i64>> {
        self.take(key, ("一个整数", "a whole number"), complaints, |value| value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok()))
    }

    /// A calendar date without quotes and without time of day.
    pub fn date(&mut self, key: &'static str, complaints: &mut Complaints<'_>) -> Option<Placed<Date>> {
        let wanted = ("一个日期，如 2025-01-31，不加引号", "a date such as 2025-01-31, without quotes");
        self.take(key, wanted, complaints, |value| {
            let stamp = value.as_datetime()?;
            let date = stamp.date.filter(|_| stamp.time.is_none() && stamp.offset.is_none())?;
            Date::new(i16::try_from(date.year).ok()?, date.month as i8, date.day as i8).ok()
        })
    }

    /// A list of texts.
    pub fn texts(&mut self, key: &'static str, complaints: &mut Complaints<'_>) -> Vec<Placed<String>> {
        let wanted = ("一组文字，如 [\"甲\", \"乙\"]", "a list of texts such as [\"a\", \"b\"]");
        let list = self.take(key, wanted, complaints, |value| {
            let list = value.as_array()?;
            list.iter().map(|item| item.get_ref().as_str().map(|text| Placed { value: text.to_string(), span: item.span().into() })).collect::<Option<Vec<_>>>()
        });
        list.map(|list| list.value).unwrap_or_default()
    }

    /// A table of its own.
    pub fn table(&mut self, key: &'static str, complaints: &mut Complaints<'_>) -> Option<Fields<'i>> {
        let full = self.full(key);
        let found = self.take(key, ("一个小节 [", "a table"), complaints, |value| value.as_table().cloned())?;
        Some(fields_of(full, found.value, found.span))
    }

    /// A list of tables.
    pub fn tables(&mut self, key: &'static str, complaints: &mut Complaints<'_>) -> Vec<Fields<'i>> {
        let full = self.full(key);
        let wanted = ("若干小节 [[", "a list of tables");
        let list = self.take(key, wanted, complaints, |value| {
            let list = value.as_array()?;
            list.iter().map(|item| item.get_ref().as_table().map(|table| (table.clone(), Span::from(item.span())))).collect::<Option<Vec<_>>>()
        });
        list.map(|list| list.value).unwrap_or_default().into_iter().map(|(table, span)| fields_of(full.clone(), table, span)).collect()
    }

    /// Every key with its raw value, for tables whose keys are data. Marks all as taken.
    pub fn rest(&mut self) -> Vec<(Placed<String>, Scalar<'i>)> {
        let mut rest = Vec::new();
        for (key, value, taken) in &mut self.entries {
            if !*taken {
                *taken = true;
                rest.push((key.clone(), Scalar { path: self.path.clone(), value: value.clone() }));
            }
        }
        rest
    }

    /// A complaint that a key is missing, placed on the table.
    pub fn missing(&self, key: &str, complaints: &mut Complaints<'_>) -> Option<()> {
        let full = self.full(key);
        let place = Span::new(self.span.start as usize, self.span.start as usize);
        complaints.add("parse/key-missing", place, Words::new(format!("缺少 `{full}`"), format!("`{full}` is missing")));
        None
    }

    /// Complains about every key that nobody took.
    pub fn finish(self, complaints: &mut Complaints<'_>) {
        for (key, _, taken) in &self.entries {
            if !taken {
                unknown_key(&self.full(&key.value), &key.value, key.span, self.known.iter().copied(), complaints);
            }
        }
    }
}

/// Complains about an unknown key and proposes the nearest known one.
pub fn unknown_key<'k>(full: &str, key: &str, span: Span, known: impl Iterator<Item = &'k str>, complaints: &mut Complaints<'_>) {
    let near = nearest(key, known);
    let message = Words::new(format!("不认识 `{full}` 这一项"), format!("`{full}` is not a key of this file"));
    let diagnostic = complaints.add("parse/key-unknown", span, message);
    diagnostic.help = Some(match near {
        Some(near) => Words::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => Words::new("请对照 docs/format.md 检查写法，或删去这一行。", "compare with docs/format.md, or remove the line."),
    });
}

/// The known word nearest to a misspelt one, if one is near.
pub fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let scored = known.map(|candidate| (strsim::jaro_winkler(word, candidate), candidate));
    let best = scored.fold(None, |best: Option<(f64, &str)>, next| if best.is_none_or(|best| next.0 > best.0) { Some(next) } else { best });
    best.filter(|(score, _)| *score >= 0.8).map(|(_, candidate)| candidate)
}

/// A value whose type depends on what it is.
#[derive(Debug)]
pub struct Scalar<'i> {
    path: String,
    value: Spanned<DeValue<'i>>,
}

impl<'i> Scalar<'i> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        self.value.span().into()
    }

    /// The number as printed, exactly; nothing if it is not a plain number.
    pub fn amount(&self) -> Option<Amount> {
        let printed = match self.value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => return None,
        };
        printed.strip_prefix('+').unwrap_or(printed).parse().ok()
    }

    /// Text.
    pub fn text(&self) -> Option<&str> {
        self.value.get_ref().as_str()
    }

    /// The table it is, if it is one.
    pub fn fields(&self, key: &str) -> Option<Fields<'i>> {
        let table = self.value.get_ref().as_table()?.clone();
        let path = if self.path.is_empty() { key.to_string() } else { format!("{}.{key}", self.path) };
        Some(fields_of(path, table, self.span()))
    }
}

impl<'i> Fields<'i> {
    /// A value of any type.
    pub fn scalar(&mut self, key: &'static str) -> Option<Scalar<'i>> {
        let path = self.path.clone();
        self.entry(key).cloned().map(|value| Scalar { path, value })
    }
}
