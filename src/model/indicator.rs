//! The registry: every indicator with its unit, name and successor, and the forms that state it.
//!
//! Read from `indicators.toml` and `forms/<edition>.toml`, built in and extendable by a site. What a file gets wrong
//! is a [`FormError`] with the file's name: the built-in files are held by a test, a site's own are the clerk's.

use super::form::{self, Form, FormError, FormId};
use super::{Amount, Breakdown, FigureKey, Glossary, Year};
use serde::Deserialize;
use std::collections::HashMap;

/// The place of an indicator in the [`Registry`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub struct IndicatorId(pub u16);

/// What kind of number an indicator holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Whole numbers of things.
    Count,
    /// Money, exact decimals.
    Money,
    /// Percentages as stated.
    Percent,
    /// Areas and other measures, exact decimals.
    Measure,
}

/// One indicator: one id, one meaning, one unit.
#[derive(Clone, PartialEq, Debug)]
pub struct Indicator {
    /// Its place in the registry.
    pub id: IndicatorId,
    /// Its id in files and addresses.
    pub key: String,
    /// Chinese name, as residents read it.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// A shorter name for sentences and narrow heads; the name itself where there is none.
    pub short: String,
    /// The same in English.
    pub short_en: String,
    /// The unit all its figures are converted to; empty where the source never says.
    pub unit: String,
    /// Kind of number.
    pub kind: Kind,
    /// Part of the report it belongs to: a key of `strings` `part.*`.
    pub part: String,
    /// Its place among the headline indicators of home, profile and year pages; none for all others.
    pub headline: Option<u8>,
    /// Definition in Chinese.
    pub meaning: String,
    /// Definition in English.
    pub meaning_en: String,
    /// Source of law, where one asks for it.
    pub law: Option<String>,
    /// The indicator that took its place in the next edition.
    pub successor: Option<IndicatorId>,
    /// How running text states it: patterns in which `{n}` is the number; one without says zero.
    pub said: Vec<String>,
    /// How a list names it: patterns of a whole label with its number, that count where the text speaks of the matter.
    pub listed: Vec<String>,
    /// The indicator of its stated change over the year before, in things.
    pub change: Option<IndicatorId>,
    /// The indicator of its stated change in percent.
    pub growth: Option<IndicatorId>,
    /// Breakdowns it can have, the total first.
    pub breakdowns: Vec<Breakdown>,
}

/// A number read in a unit: in the indicator's own, or as printed where that is another.
#[derive(Clone, PartialEq, Debug)]
pub struct UnitReading {
    /// The number in the indicator's unit.
    pub amount: Amount,
    /// Number and unit as printed, if it was converted.
    pub stated: Option<(Amount, Box<str>)>,
}

#[derive(Clone, Debug)]
struct Unit {
    base: String,
    factor: Amount,
}

/// All indicators, breakdowns, units and forms.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    indicators: Vec<Indicator>,
    by_key: HashMap<String, (IndicatorId, Option<String>)>,
    breakdowns: Vec<(String, String, String)>,
    units: HashMap<String, Unit>,
    forms: Vec<Form>,
    /// Indicators of the built-in files; a site's own come after them.
    built_in: usize,
    glossary: Glossary,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegistry {
    #[serde(default)]
    unit: Vec<RawUnit>,
    #[serde(default)]
    breakdown: Vec<RawBreakdown>,
    #[serde(default)]
    indicator: Vec<RawIndicator>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUnit {
    name: String,
    base: String,
    factor: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBreakdown {
    id: String,
    name: String,
    name_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIndicator {
    id: String,
    name: String,
    name_en: String,
    short: Option<String>,
    short_en: Option<String>,
    unit: String,
    kind: Kind,
    part: String,
    headline: Option<u8>,
    meaning: String,
    meaning_en: String,
    law: Option<String>,
    successor: Option<String>,
    #[serde(default)]
    said: Vec<String>,
    #[serde(default)]
    listed: Vec<String>,
    change: Option<String>,
    growth: Option<String>,
    #[serde(default)]
    aliases: Vec<RawAlias>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlias {
    id: String,
    unit: Option<String>,
}

/// One indicator that names another; resolved when all are read.
struct Link {
    file: String,
    from: IndicatorId,
    to: String,
    kind: LinkKind,
}

enum LinkKind {
    Successor,
    Change,
    Growth,
}

const BUILT_IN_INDICATORS: &str = include_str!("indicators.toml");
const BUILT_IN_FORMS: [(&str, &str); 4] = [
    ("forms/2008.toml", include_str!("forms/2008.toml")),
    ("forms/2014.toml", include_str!("forms/2014.toml")),
    ("forms/2019.toml", include_str!("forms/2019.toml")),
    ("forms/2021.toml", include_str!("forms/2021.toml")),
];

impl Registry {
    /// The built-in indicators and forms.
    ///
    /// # Panics
    /// Never in a released binary: a unit test reads the same bytes.
    pub fn built_in() -> Registry {
        Registry::with_site(&[], &[]).expect("the built-in forms are held by a test")
    }

    /// The built-in registry and a site's own files: `(file name, text)` of indicator files and of form files.
    ///
    /// A site may add indicators and editions and extend an edition (`extends = "2021"`); it may not change the
    /// meaning of a built-in id.
    pub fn with_site(indicators: &[(String, String)], forms: &[(String, String)]) -> Result<Registry, FormError> {
        let breakdowns = vec![("total".into(), "总计".into(), "Total".into())];
        let mut registry = Registry { breakdowns, glossary: Glossary::built_in(), ..Registry::default() };
        let mut links = Vec::new();
        registry.read_indicators("indicators.toml", BUILT_IN_INDICATORS, &mut links)?;
        registry.built_in = registry.indicators.len();
        for (file, text) in indicators {
            registry.read_indicators(file, text, &mut links)?;
        }
        for Link { file, from, to, kind } in links {
            let to = Some(registry.indicator_named(&to).ok_or_else(|| FormError::unknown_indicator(&file, &to))?);
            let from = &mut registry.indicators[from.0 as usize];
            match kind {
                LinkKind::Successor => from.successor = to,
                LinkKind::Change => from.change = to,
                LinkKind::Growth => from.growth = to,
            }
        }
        let built_in = BUILT_IN_FORMS.iter().map(|(file, text)| (file.to_string(), text.to_string()));
        for (file, text) in built_in.chain(forms.iter().cloned()) {
            let id = FormId(u8::try_from(registry.forms.len()).map_err(|_| FormError::new(&file, "too many editions"))?);
            let form = form::read(&file, &text, id, &registry)?;
            for key in form.tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells).map(|cell| cell.key) {
                let known = &mut registry.indicators[key.indicator.0 as usize].breakdowns;
                if !known.contains(&key.breakdown) {
                    known.push(key.breakdown);
                    known.sort_unstable();
                }
            }
            registry.forms.push(form);
        }
        Ok(registry)
    }

    fn read_indicators(&mut self, file: &str, text: &str, links: &mut Vec<Link>) -> Result<(), FormError> {
        let raw: RawRegistry = toml::from_str(text).map_err(|error| FormError::toml(file, text, &error))?;
        for unit in raw.unit {
            let factor = i64::try_from(unit.factor).map_err(|_| FormError::new(file, "a unit's factor is too large"))?;
            self.units.insert(unit.name, Unit { base: unit.base, factor: Amount::whole(factor) });
        }
        for breakdown in raw.breakdown {
            if self.breakdown_named(&breakdown.id).is_none() {
                self.breakdowns.push((breakdown.id, breakdown.name, breakdown.name_en));
            }
        }
        for raw in raw.indicator {
            let id = IndicatorId(self.indicators.len() as u16);
            let names = std::iter::once((raw.id.clone(), None)).chain(raw.aliases.into_iter().map(|alias| (alias.id, alias.unit)));
            for (key, unit) in names {
                if self.by_key.insert(key.clone(), (id, unit)).is_some() {
                    return Err(FormError::new(file, &format!("indicator `{key}` is defined twice")));
                }
            }
            let named = [(raw.successor, LinkKind::Successor), (raw.change, LinkKind::Change), (raw.growth, LinkKind::Growth)];
            links.extend(named.into_iter().filter_map(|(to, kind)| Some(Link { file: file.to_string(), from: id, to: to?, kind })));
            self.indicators.push(Indicator {
                id,
                key: raw.id,
                short: raw.short.unwrap_or_else(|| raw.name.clone()),
                short_en: raw.short_en.unwrap_or_else(|| raw.name_en.clone()),
                name: raw.name,
                name_en: raw.name_en,
                unit: raw.unit,
                kind: raw.kind,
                part: raw.part,
                headline: raw.headline,
                meaning: raw.meaning,
                meaning_en: raw.meaning_en,
                law: raw.law,
                successor: None,
                said: raw.said,
                listed: raw.listed,
                change: None,
                growth: None,
                breakdowns: vec![Breakdown::TOTAL],
            });
        }
        Ok(())
    }

    /// Every indicator, in the order of the registry's files: the order of pages and tables.
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    /// One indicator.
    pub fn indicator(&self, id: IndicatorId) -> &Indicator {
        &self.indicators[id.0 as usize]
    }

    /// Whether an indicator comes with the program.
    pub fn is_built_in(&self, id: IndicatorId) -> bool {
        usize::from(id.0) < self.built_in
    }

    /// The indicator of an id or alias, as files name it.
    pub fn indicator_named(&self, key: &str) -> Option<IndicatorId> {
        self.by_key.get(key).map(|(id, _)| *id)
    }

    /// The unit that an alias such as `fees_wan_yuan` implies, else the indicator's own.
    pub fn unit_implied(&self, key: &str) -> Option<&str> {
        let (id, unit) = self.by_key.get(key)?;
        Some(unit.as_deref().unwrap_or(&self.indicator(*id).unit))
    }

    /// The breakdown of a key such as `natural_person`.
    pub fn breakdown_named(&self, key: &str) -> Option<Breakdown> {
        self.breakdowns.iter().position(|(known, ..)| known == key).map(|place| Breakdown(place as u8))
    }

    /// Key, Chinese name and English name of a breakdown.
    pub fn breakdown_name(&self, breakdown: Breakdown) -> (&str, &str, &str) {
        let (key, name, name_en) = &self.breakdowns[breakdown.0 as usize];
        (key, name, name_en)
    }

    /// `applications_new.natural_person`; the total has the bare indicator id.
    pub fn figure_name(&self, key: FigureKey) -> String {
        let indicator = &self.indicator(key.indicator).key;
        if key.breakdown == Breakdown::TOTAL { indicator.clone() } else { format!("{indicator}.{}", self.breakdown_name(key.breakdown).0) }
    }

    /// Every indicator id and alias, for "did you mean".
    pub fn indicator_keys(&self) -> impl Iterator<Item = &str> {
        let mut keys: Vec<&str> = self.by_key.keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys.into_iter()
    }

    /// A number printed in `unit`, converted to the indicator's unit; nothing if the two cannot be converted.
    pub fn convert(&self, indicator: IndicatorId, amount: Amount, unit: &str) -> Option<UnitReading> {
        let own = self.indicator(indicator).unit.as_str();
        if unit.is_empty() || unit == own {
            return Some(UnitReading { amount, stated: None });
        }
        let stated = Some((amount, unit.into()));
        if own.is_empty() {
            // The indicator has no unit of its own because sources never agree on one.
            return Some(UnitReading { amount, stated });
        }
        let base = |name: &str| self.units.get(name).map_or((name.to_string(), Amount::whole(1)), |u| (u.base.clone(), u.factor));
        let (from, to) = (base(unit), base(own));
        if from.0 != to.0 || to.1 != Amount::whole(1) {
            return None;
        }
        Some(UnitReading { amount: amount.times(from.1)?, stated })
    }

    /// Whether a word is a unit that some indicator or conversion knows.
    pub fn is_unit(&self, word: &str) -> bool {
        self.units.contains_key(word) || self.indicators.iter().any(|indicator| indicator.unit == word)
    }

    /// Words of the forms and marks of the portal, explained.
    pub fn glossary(&self) -> &Glossary {
        &self.glossary
    }

    /// Every form, oldest edition first, a site's own after the built-in ones.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// One form.
    pub fn form(&self, id: FormId) -> &Form {
        &self.forms[id.0 as usize]
    }

    /// The form of an edition's name.
    pub fn form_named(&self, edition: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.edition == edition)
    }

    /// The form in force for a report year: the latest edition that covers it; the earliest for years before all.
    pub fn form_for(&self, year: Year) -> &Form {
        let covers = |form: &&Form| form.first_year <= year && form.last_year.is_none_or(|last| year <= last) && !form.by_name_only;
        self.forms.iter().rev().find(covers).unwrap_or(&self.forms[0])
    }
}
