//! Exact decimal numbers, for adding and comparing values as the servers hold them: as text.
//! No floating point takes part, so that 0.1 and 0.2 make 0.3 and a sum of whole numbers is
//! exact however many there are.

use std::cmp::Ordering;

/// A decimal number: `units` of the place given by `places` behind the point.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    units: i128,
    places: u32,
}

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self {
        units: 0,
        places: 0,
    };

    /// Reads a number as servers keep it: `12`, `-0.50`, `007`; no exponent, no blanks, no
    /// comma. None for anything else, and for more digits than fit (some 38).
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (digits, ""),
        };
        if whole.is_empty() {
            return None;
        }
        let mut units: i128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            units = units
                .checked_mul(10)?
                .checked_add(i128::from(byte - b'0'))?;
        }
        Some(Self {
            units: if negative { -units } else { units },
            places: u32::try_from(fraction.len()).ok()?,
        })
    }

    /// The exact sum; none where it has more digits than fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        Some(Self {
            units: self.at(places)?.checked_add(other.at(places)?)?,
            places,
        })
    }

    /// Which is larger; none where they cannot be brought to the same place.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        let places = self.places.max(other.places);
        Some(self.at(places)?.cmp(&other.at(places)?))
    }

    /// Its units at a place at least as far behind the point.
    fn at(self, places: u32) -> Option<i128> {
        let factor = 10_i128.checked_pow(places.checked_sub(self.places)?)?;
        self.units.checked_mul(factor)
    }

    /// Its plain form: no zeros at the end of the fraction, no point without one, no `-0`.
    pub fn to_text(self) -> String {
        let digits = self.units.unsigned_abs().to_string();
        let places = self.places as usize;
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.units < 0 { "-" } else { "" };
        if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(texts: &[&str]) -> Option<String> {
        texts
            .iter()
            .try_fold(Decimal::ZERO, |sum, text| {
                sum.checked_add(Decimal::parse(text)?)
            })
            .map(Decimal::to_text)
    }

    #[test]
    fn sums_are_exact() {
        let check = |texts: &[&str], expected: &str| {
            assert_eq!(sum(texts).as_deref(), Some(expected), "{texts:?}");
        };
        check(&["0.1", "0.2"], "0.3");
        check(&["12", "30"], "42");
        check(&["12.50", "0.5"], "13");
        check(&["1", "-1"], "0");
        check(&["-0.5", "0.25"], "-0.25");
        check(&["-3", "1"], "-2");
        check(&["9007199254740993", "1"], "9007199254740994");
        check(&["007", "1"], "8");
        check(&["0.05", "-0.04"], "0.01");
        check(&[], "0");
    }

    #[test]
    fn what_is_no_number_or_too_long_has_no_sum() {
        for text in [
            "", "-", ".5", "5.", "1e3", "1,5", " 5", "+5", "true", "--1", "1.2.3", "1.-2",
        ] {
            assert_eq!(sum(&[text]), None, "{text:?}");
        }
        let huge = "9".repeat(38);
        assert_eq!(sum(&[&huge]), Some(huge.clone()));
        assert_eq!(sum(&[&huge, &huge, "0.1"]), None);
        assert_eq!(sum(&[&"9".repeat(40)]), None);
    }

    #[test]
    fn order() {
        let compare = |a, b| Decimal::parse(a)?.compare(Decimal::parse(b)?);
        assert_eq!(compare("2", "10"), Some(Ordering::Less));
        assert_eq!(compare("2.0", "2"), Some(Ordering::Equal));
        assert_eq!(compare("-2", "-10"), Some(Ordering::Greater));
        assert_eq!(compare("0.09", "0.1"), Some(Ordering::Less));
    }
}
