//! What evaluation knows of a term, and how it is shown.

use std::cmp::Ordering;
use std::fmt;

use rug::Rational;

use super::exact_power::{LARGEST_EXACT, integer_power, size};
use super::truth::Truth;
use crate::ball::Ball;
use crate::expr::{Expr, Relation};

/// What is known of a term at a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The term is defined and is this number.
    Exact(Rational),
    /// The term is defined and lies in the ball.
    Enclosed(Ball),
    /// The term is certainly undefined.
    Undefined(Reason),
    /// Not decided: too little precision, a symbol without a value, an operator that is not
    /// elementary, a number out of range.
    Unknown,
}

/// Why a term is undefined at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub why: Why,
    /// The smallest subterm that is undefined.
    pub term: Expr,
}

/// The ways in which an elementary term can be undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    DivisionByZero,
    ZeroToNonPositivePower,
    NegativeBase,
    LogarithmOfNonPositive,
    NoCaseApplies,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::DivisionByZero => "division by zero",
            Why::ZeroToNonPositivePower => "zero to a power that is not positive",
            Why::NegativeBase => "a negative base under an exponent that is not a literal integer",
            Why::LogarithmOfNonPositive => "logarithm of a number that is not positive",
            Why::NoCaseApplies => "no case of the distinction applies",
        })
    }
}

impl Value {
    /// The value as a ball of `bits` bits; `None` if it is undefined, unknown or out of range.
    pub fn ball(&self, bits: u32) -> Option<Ball> {
        match self {
            Value::Exact(q) => Ball::from_rational(q, bits).ok(),
            Value::Enclosed(b) => Some(b.clone()),
            Value::Undefined(_) | Value::Unknown => None,
        }
    }

    /// At most `digits` significant digits, all certain, with `…` behind them where the
    /// expansion goes on; `None` if none is certain.
    pub fn decimals(&self, digits: usize) -> Option<String> {
        // Enough bits for the digits and for the sizes of exact numbers.
        let bits = u32::try_from(digits).unwrap_or(LARGEST_EXACT).saturating_mul(4).saturating_add(64);
        let bits = match self {
            Value::Exact(q) => bits.saturating_add(size(q)),
            _ => bits,
        };
        let ball = self.ball(bits)?;
        let shown = ball.decimals(digits)?;
        let in_full = match self {
            Value::Exact(q) => decimal_is(&shown, q),
            _ => ball.is_shown_exactly(digits),
        };
        Some(if in_full { without_trailing_zeros(&shown) } else { shown + "…" })
    }

    pub(super) fn sign(&self) -> Option<Ordering> {
        match self {
            Value::Exact(q) => Some(q.cmp0()),
            Value::Enclosed(b) => b.sign(),
            Value::Undefined(_) | Value::Unknown => None,
        }
    }
}

/// `0.100` as `0.1`, `1.00e5` as `1e5`.
fn without_trailing_zeros(text: &str) -> String {
    let end = text.find('e').unwrap_or(text.len());
    let (mantissa, exponent) = text.split_at(end);
    if !mantissa.contains('.') {
        return text.to_owned();
    }
    format!("{}{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.'))
}

/// Whether the decimal `text` (possibly with an exponent) is exactly `q`.
fn decimal_is(text: &str, q: &Rational) -> bool {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let places = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let (Ok(digits), Ok(exponent), Ok(places)) =
        (digits.parse::<rug::Integer>(), exponent.parse::<i64>(), i64::try_from(places))
    else {
        return false;
    };
    integer_power(&Rational::from(10), exponent - places).is_some_and(|scale| scale * digits == *q)
}

pub(super) fn undefined(why: Why, term: &Expr) -> Value {
    Value::Undefined(Reason { why, term: term.clone() })
}

/// The number of digits of a number in scientific notation.
pub(super) fn significant(s: &str) -> usize {
    s.split('e').next().unwrap_or_default().chars().filter(char::is_ascii_digit).count()
}

/// The ways in which two values may compare; each value is one number of its enclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Possible {
    pub less: bool,
    pub equal: bool,
    pub greater: bool,
}

impl Possible {
    /// What the enclosures leave open; everything if one of the values has none.
    pub fn of(a: &Value, b: &Value) -> Possible {
        match (low_against_high(a, b), low_against_high(b, a)) {
            (Some(ab), Some(ba)) => {
                Possible { less: ab.is_lt(), equal: ab.is_le() && ba.is_le(), greater: ba.is_lt() }
            }
            _ => Possible { less: true, equal: true, greater: true },
        }
    }

    /// The only way, if there is just one.
    pub fn only(self) -> Option<Ordering> {
        match (self.less, self.equal, self.greater) {
            (true, false, false) => Some(Ordering::Less),
            (false, true, false) => Some(Ordering::Equal),
            (false, false, true) => Some(Ordering::Greater),
            _ => None,
        }
    }

    /// Whether the relation holds in all of the ways or in none.
    pub fn decide(self, r: Relation) -> Option<Truth> {
        let ways =
            [(self.less, Ordering::Less), (self.equal, Ordering::Equal), (self.greater, Ordering::Greater)];
        let mut open = ways.into_iter().filter(|(possible, _)| *possible).map(|(_, o)| r.holds(o));
        let first = open.next()?;
        open.all(|holds| holds == first).then_some(if first { Truth::True } else { Truth::False })
    }
}

/// The lower end of `a` against the upper end of `b`.
fn low_against_high(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Exact(x), Value::Exact(y)) => Some(x.cmp(y)),
        // Rationals are compared with the ends themselves, not with enclosures of their own.
        (Value::Exact(x), Value::Enclosed(y)) => y.hi().partial_cmp(x).map(Ordering::reverse),
        (Value::Enclosed(x), Value::Exact(y)) => x.lo().partial_cmp(y),
        (Value::Enclosed(x), Value::Enclosed(y)) => x.lo().partial_cmp(y.hi()),
        _ => None,
    }
}
