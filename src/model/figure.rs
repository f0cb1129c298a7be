//! One figure of a report: what it counts, how it was read, and where it stands.

use super::{Amount, IndicatorId};
use crate::diag::Span;

/// How a cell or a stated figure was read. None of the last three is ever turned into zero.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub enum Reading {
    /// A number was stated; zero included.
    Stated(Amount),
    /// The cell is there and empty.
    Blank,
    /// `/`, `—`, 不适用.
    NotApplicable,
    /// `***`, 不予公开, 涉密.
    Withheld,
}

impl Reading {
    /// The number, where one was stated.
    pub fn amount(self) -> Option<Amount> {
        match self {
            Reading::Stated(amount) => Some(amount),
            _ => None,
        }
    }

    /// The word of the data files: `stated`, `blank`, `not-applicable`, `withheld`.
    pub fn word(self) -> &'static str {
        match self {
            Reading::Stated(_) => "stated",
            Reading::Blank => "blank",
            Reading::NotApplicable => "not-applicable",
            Reading::Withheld => "withheld",
        }
    }
}

/// A breakdown of an indicator, as an index into [`super::Registry::breakdown_name`]; 0 is the total.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub struct Breakdown(pub u8);

impl Breakdown {
    /// The whole, key `total`.
    pub const TOTAL: Breakdown = Breakdown(0);
}

/// What a figure counts: an indicator and one of its breakdowns.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub struct FigureKey {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The breakdown; most indicators have only the total.
    pub breakdown: Breakdown,
}

impl FigureKey {
    /// The total of an indicator.
    pub fn total(indicator: IndicatorId) -> FigureKey {
        FigureKey { indicator, breakdown: Breakdown::TOTAL }
    }
}

/// A qualifier printed with the number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub enum About {
    /// 余, 多: at least.
    More,
    /// 近: a little less.
    Nearly,
    /// 超: more than.
    Over,
    /// 约: roughly.
    Roughly,
}

impl About {
    /// The qualifier of a printed word.
    pub fn from_word(word: &str) -> Option<About> {
        match word {
            "余" | "多" => Some(About::More),
            "近" => Some(About::Nearly),
            "超" | "超过" => Some(About::Over),
            "约" | "大约" => Some(About::Roughly),
            _ => None,
        }
    }

    /// The printed word.
    pub fn word(self) -> &'static str {
        match self {
            About::More => "余",
            About::Nearly => "近",
            About::Over => "超",
            About::Roughly => "约",
        }
    }
}

/// Which time a number covers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, serde::Deserialize, serde::Serialize)]
pub enum TimeSpan {
    /// The report's year.
    #[default]
    Year,
    /// Since counting began; never joined with yearly figures.
    Cumulative,
}

/// Where a figure was read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Deserialize, serde::Serialize)]
pub enum Origin {
    /// `[figures]` of the front matter.
    FrontMatter,
    /// A statutory table of the body, by its place in `Form::tables`.
    Table(u8),
}

/// One figure as the report states it, in the indicator's own unit.
#[derive(Clone, PartialEq, Debug, serde::Deserialize, serde::Serialize)]
pub struct Figure {
    /// What is counted.
    pub key: FigureKey,
    /// The number, or why there is none.
    pub reading: Reading,
    /// 余, 近, 超, 约.
    pub about: Option<About>,
    /// This year, or since counting began.
    pub time: TimeSpan,
    /// The number and unit as printed, where the unit is not the indicator's.
    pub stated: Option<(Amount, Box<str>)>,
    /// Table or front matter.
    pub origin: Origin,
    /// Where the value stands in the file.
    pub span: Span,
}
