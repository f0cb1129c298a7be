//! Report years and the periods their figures cover.

use jiff::civil::Date;
use std::fmt;

/// The year a report speaks of, 1900 to 2999; not the year in which it was published.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
#[serde(transparent)]
pub struct Year(u16);

impl Year {
    /// The year, if it lies between 1900 and 2999.
    pub fn new(year: i64) -> Option<Year> {
        u16::try_from(year).ok().filter(|y| (1900..3000).contains(y)).map(Year)
    }

    /// Exactly four digits, as in a file name.
    pub fn from_digits(text: &str) -> Option<Year> {
        (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten().and_then(Year::new)
    }

    /// The year as a number.
    pub fn number(self) -> i16 {
        self.0 as i16
    }

    /// The year after this one.
    pub fn next(self) -> Year {
        Year(self.0 + 1)
    }

    /// The year before this one.
    pub fn previous(self) -> Year {
        Year(self.0 - 1)
    }

    /// 31 December of this year.
    pub fn last_day(self) -> Date {
        jiff::civil::date(self.number(), 12, 31)
    }

    /// 1 January of this year.
    pub fn first_day(self) -> Date {
        jiff::civil::date(self.number(), 1, 1)
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The days a report's figures cover, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}
