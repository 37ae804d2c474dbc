//! The values of a parameter from one to another: `c_1 = 1/10:10:50, log`.

use rug::ops::Pow as _;
use rug::{Float, Rational};
use thiserror::Error;

use crate::expr::Symbol;

use super::number::number;

/// The most values of one parameter.
pub const MOST_VALUES: usize = 1_000_000;
/// Significant digits of a value between the ends of a logarithmic grid.
const DIGITS: u32 = 6;
/// Bits with which these are found.
const BITS: u32 = 128;

/// A parameter with its values, in the order in which they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    pub symbol: Symbol,
    /// At least two.
    pub values: Vec<Rational>,
    /// Whether they are at equal ratios rather than distances.
    pub is_log: bool,
}

/// Why a text is no grid of values.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{text}` is no grid: {why}")]
pub struct AxisError {
    text: String,
    why: String,
}

impl Axis {
    /// Reads `SYMBOL = FROM:TO:COUNT[,log]`; numbers are exact, as [`number`] reads them.
    pub fn read(text: &str) -> Result<Axis, AxisError> {
        let wrong = |why: &str| AxisError { text: text.to_owned(), why: why.to_owned() };
        let (name, range) = text.split_once('=').ok_or_else(|| wrong("it names no parameter"))?;
        if name.trim().is_empty() {
            return Err(wrong("it names no parameter"));
        }
        let (range, is_log) = match range.split_once(',') {
            Some((range, kind)) if kind.trim() == "log" => (range, true),
            Some(_) => return Err(wrong("`log` is all that may stand behind a comma")),
            None => (range, false),
        };
        let parts: Vec<&str> = range.split(':').map(str::trim).collect();
        let [from, to, count] = parts[..] else {
            return Err(wrong("it needs two ends and how many values"));
        };
        let end = |text: &str| number(text).ok_or_else(|| wrong(&format!("`{text}` is no number")));
        let (from, to) = (end(from)?, end(to)?);
        let count = count.parse::<usize>().ok().filter(|n| (2..=MOST_VALUES).contains(n));
        let count = count.ok_or_else(|| wrong("it needs at least two values"))?;
        if is_log && (from <= 0 || to <= 0) {
            return Err(wrong("equal ratios need positive ends"));
        }
        let values = if is_log { ratios(&from, &to, count) } else { steps(&from, &to, count) };
        Ok(Axis { symbol: Symbol::new(name.trim()), values, is_log })
    }
}

/// Values at equal distances, exact.
fn steps(from: &Rational, to: &Rational, count: usize) -> Vec<Rational> {
    let step = Rational::from(to - from) / Rational::from(count - 1);
    (0..count).map(|i| &step * Rational::from(i) + from).collect()
}

/// Values at equal ratios: the ends exact, those between them decimals near the irrational ones.
fn ratios(from: &Rational, to: &Rational, count: usize) -> Vec<Rational> {
    let start = Float::with_val(BITS, from);
    let whole = Float::with_val(BITS, Float::with_val(BITS, to) / &start);
    let between = |i: usize| {
        let power = Float::with_val(BITS, i) / Float::with_val(BITS, count - 1);
        decimal(&Float::with_val(BITS, &start * Float::with_val(BITS, whole.clone().pow(power))))
    };
    let inner = (1..count - 1).map(between);
    std::iter::once(from.clone()).chain(inner).chain([to.clone()]).collect()
}

/// The nearest decimal number of few significant digits.
fn decimal(x: &Float) -> Rational {
    let exponent = Float::with_val(BITS, x.log10_ref()).floor().to_f64() as i32 + 1 - DIGITS as i32;
    let unit = Rational::from(10).pow(exponent);
    let whole = Float::with_val(BITS, x / Float::with_val(BITS, &unit)).round();
    Rational::from(whole.to_integer().unwrap_or_default()) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Axis::read(text).expect("a grid").values.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn steps_are_equal_and_exact() {
        assert_eq!(values("c_1=0:1:4"), ["0", "1/3", "2/3", "1"]);
        assert_eq!(values("c_1 = 2 : 1/2 : 2"), ["2", "1/2"]);
    }

    #[test]
    fn ratios_are_equal_to_six_digits_and_the_ends_exact() {
        assert_eq!(values("c_1=1/10:10:3,log"), ["1/10", "1", "10"]);
        assert_eq!(values("c_1=1:2:3,log"), ["1", "141421/100000", "2"]);
        assert_eq!(values("c_1=1e-30:1e30:3,log")[1], "1");
    }

    #[test]
    fn what_is_no_grid_is_refused() {
        for text in ["c_1", "=1:2:3", "c=1:2", "c=1:2:1", "c=a:2:3", "c=0:1:3,log", "c=1:2:3,lin", "c=1:2:x"]
        {
            assert!(Axis::read(text).is_err(), "{text}");
        }
    }
}
