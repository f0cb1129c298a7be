//! Stated numbers, exact: integers and decimals as printed, never through floating point.

use rust_decimal::{Decimal, RoundingStrategy};
use std::{fmt, str::FromStr};

/// A stated number. Counts are whole, money and percentages keep the decimals they were printed with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize, serde::Serialize)]
#[serde(from = "[u8; 16]", into = "[u8; 16]")]
pub struct Amount(Decimal);

/// The text is not a number that can be kept exactly.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a number that can be kept exactly")]
pub struct AmountError;

impl Amount {
    /// Zero.
    pub const ZERO: Amount = Amount(Decimal::ZERO);

    /// A whole number.
    pub fn whole(number: i64) -> Amount {
        Amount(Decimal::from(number))
    }

    /// Whether the number has no fraction.
    pub fn is_whole(self) -> bool {
        self.0.is_integer()
    }

    /// Whether the number is zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether the number is below zero.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// The number without its sign.
    pub fn magnitude(self) -> Amount {
        Amount(self.0.abs())
    }

    /// The sum, or nothing when it does not fit 28 digits.
    pub fn plus(self, other: Amount) -> Option<Amount> {
        self.0.checked_add(other.0).map(Amount)
    }

    /// The difference, or nothing when it does not fit 28 digits.
    pub fn minus(self, other: Amount) -> Option<Amount> {
        self.0.checked_sub(other.0).map(Amount)
    }

    /// The number in another unit, `factor` of the old unit being one of the new.
    pub fn times(self, factor: Amount) -> Option<Amount> {
        self.0.checked_mul(factor.0).map(|d| Amount(d.normalize()))
    }

    /// Change from `base` to this number in percent, rounded half up to one decimal; nothing on a base of zero.
    pub fn percent_change_from(self, base: Amount) -> Option<Amount> {
        let difference = self.0.checked_sub(base.0)?;
        let share = difference.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(base.0.abs())?;
        let mut rounded = share.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
        // Always with its decimal, so that percentages stand under each other.
        rounded.rescale(1);
        Some(Amount(rounded))
    }

    /// This number as a percentage of `whole` with so many decimals: rounded half up, and cut. Nothing of a whole of zero.
    pub fn percent_of(self, whole: Amount, decimals: u32) -> Option<(Amount, Amount)> {
        let share = self.0.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole.0)?;
        let rounded = |strategy| Amount(share.round_dp_with_strategy(decimals, strategy));
        Some((rounded(RoundingStrategy::MidpointAwayFromZero), rounded(RoundingStrategy::ToZero)))
    }

    /// For chart coordinates only.
    pub fn coordinate(self) -> f64 {
        use std::convert::TryFrom;
        f64::try_from(self.0).unwrap_or(f64::MAX)
    }

    /// The number with thousands separators and U+2212 for minus, as pages show it.
    pub fn grouped(self) -> String {
        let plain = self.0.abs().to_string();
        // Most numbers are small and whole.
        if plain.len() <= 3 && !self.is_negative() {
            return plain;
        }
        let whole = plain.find('.').unwrap_or(plain.len());
        let mut shown = String::with_capacity(plain.len() + 6);
        if self.is_negative() {
            shown.push('\u{2212}');
        }
        for (position, sign) in plain.char_indices() {
            if position > 0 && position < whole && (whole - position).is_multiple_of(3) {
                shown.push(',');
            }
            shown.push(sign);
        }
        shown
    }
}

impl From<[u8; 16]> for Amount {
    fn from(bytes: [u8; 16]) -> Amount {
        Amount(Decimal::deserialize(bytes))
    }
}

/// The number with its decimals as stated: 3.10 is kept as such.
impl From<Amount> for [u8; 16] {
    fn from(amount: Amount) -> [u8; 16] {
        amount.0.serialize()
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    /// ASCII digits with at most one point and a leading minus; at most 28 digits.
    fn from_str(text: &str) -> Result<Amount, AmountError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.starts_with(|c: char| c.is_ascii_digit());
        if !plain || digits.ends_with('.') {
            return Err(AmountError);
        }
        Decimal::from_str_exact(text).map(Amount).map_err(|_| AmountError)
    }
}

impl fmt::Display for Amount {
    /// Plain ASCII digits, as data files carry it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().expect("a number")
    }

    #[test]
    fn keeps_decimals_exactly() {
        assert_eq!(amount("3.79").to_string(), "3.79");
        assert_eq!(amount("3.79").times(Amount::whole(100_000_000)).unwrap().to_string(), "379000000");
    }

    #[test]
    fn refuses_what_is_not_a_plain_number() {
        for text in ["", "-", "1.", ".5", "1.2.3", "１", "1e3", "+1", "--1", "99999999999999999999999999999999"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_percentage_rounded_and_cut() {
        let of = |part: &str, whole: &str, decimals| amount(part).percent_of(amount(whole), decimals).map(|(a, b)| (a.to_string(), b.to_string()));
        assert_eq!(of("138", "7954", 0), Some(("2".into(), "1".into())));
        assert_eq!(of("3908", "3936", 2), Some(("99.29".into(), "99.28".into())));
        assert_eq!(of("1", "0", 0), None);
    }

    #[test]
    fn percent_is_rounded_half_up_and_unknown_on_zero() {
        assert_eq!(amount("312").percent_change_from(amount("287")).unwrap().to_string(), "8.7");
        assert_eq!(amount("41").percent_change_from(amount("47")).unwrap().to_string(), "-12.8");
        assert_eq!(amount("5").percent_change_from(Amount::ZERO), None);
    }

    #[test]
    fn pages_group_thousands() {
        assert_eq!(amount("1204").grouped(), "1,204");
        assert_eq!(amount("-12345.60").grouped(), "\u{2212}12,345.60");
        assert_eq!(amount("999").grouped(), "999");
    }
}
