//! The arithmetics in which one program is evaluated.

use std::cmp::Ordering;

use rug::ops::Pow as _;
use rug::{Float, Rational};

/// A literal of a program, with its nearest machine number.
#[derive(Clone, Debug)]
pub(super) struct Literal {
    pub exact: Rational,
    pub near: f64,
}

impl Literal {
    pub fn new(exact: &Rational) -> Literal {
        Literal { exact: exact.clone(), near: exact.to_f64() }
    }
}

/// A number that programs are evaluated in: a machine number, one with a running error, a float
/// of chosen precision, or a truncated power series over any of these.
pub(super) trait Number: Clone {
    /// What is needed to make a number out of a literal: a precision, an order.
    type Context: Copy;
    fn literal(value: &Literal, cx: Self::Context) -> Self;
    fn add(&self, other: &Self) -> Self;
    fn mul(&self, other: &Self) -> Self;
    fn neg(&self) -> Self;
    fn recip(&self) -> Option<Self>;
    fn integer_power(&self, n: i64) -> Option<Self>;
    /// A power whose exponent is not a literal integer.
    fn power(&self, exponent: &Self) -> Option<Self>;
    fn ln(&self) -> Option<Self>;
    fn exp(&self) -> Self;
    /// How the values compare; `None` if one of them is not a number, or if errors leave a doubt.
    fn compare(&self, other: &Self) -> Option<Ordering>;
    /// Whether the two are the same number, derivatives included.
    fn identical(&self, other: &Self) -> bool;
}

/// A number that is not a series: what linear systems are solved in.
pub(super) trait Scalar: Number {
    /// The integer `n`, to the precision of this number.
    fn like(&self, n: i64) -> Self;
    fn is_zero(&self) -> bool;
    /// The nearest number to `value`.
    fn from_float(value: &Float, cx: Self::Context) -> Self;
    /// Whether `|self| > |other|`.
    fn exceeds(&self, other: &Self) -> bool;
    /// Whether the value can be computed with.
    fn is_finite(&self) -> bool;
    /// The binary exponent, within one; `None` for zero and for what is not finite.
    fn exponent(&self) -> Option<i32>;
}

impl Number for f64 {
    type Context = ();
    fn literal(value: &Literal, (): ()) -> f64 {
        value.near
    }
    fn add(&self, other: &f64) -> f64 {
        self + other
    }
    fn mul(&self, other: &f64) -> f64 {
        self * other
    }
    fn neg(&self) -> f64 {
        -self
    }
    fn recip(&self) -> Option<f64> {
        (*self != 0.0).then(|| 1.0 / self)
    }
    fn integer_power(&self, n: i64) -> Option<f64> {
        (*self != 0.0 || n >= 0)
            .then(|| i32::try_from(n).map_or_else(|_| self.powf(n as f64), |n| self.powi(n)))
    }
    fn power(&self, exponent: &f64) -> Option<f64> {
        (*self > 0.0 || (*self == 0.0 && *exponent > 0.0)).then(|| self.powf(*exponent))
    }
    fn ln(&self) -> Option<f64> {
        (*self > 0.0).then(|| f64::ln(*self))
    }
    fn exp(&self) -> f64 {
        f64::exp(*self)
    }
    fn compare(&self, other: &f64) -> Option<Ordering> {
        self.partial_cmp(other)
    }
    fn identical(&self, other: &f64) -> bool {
        self == other
    }
}

impl Scalar for f64 {
    fn like(&self, n: i64) -> f64 {
        n as f64
    }
    fn from_float(value: &Float, (): ()) -> f64 {
        value.to_f64()
    }
    fn is_zero(&self) -> bool {
        *self == 0.0
    }
    fn exceeds(&self, other: &f64) -> bool {
        self.abs() > other.abs()
    }
    fn is_finite(&self) -> bool {
        f64::is_finite(*self)
    }
    fn exponent(&self) -> Option<i32> {
        (*self != 0.0 && f64::is_finite(*self)).then(|| self.abs().log2().ceil() as i32)
    }
}

impl Number for Float {
    /// The precision in bits.
    type Context = u32;
    fn literal(value: &Literal, precision: u32) -> Float {
        Float::with_val(precision, &value.exact)
    }
    fn add(&self, other: &Float) -> Float {
        Float::with_val(self.prec(), self + other)
    }
    fn mul(&self, other: &Float) -> Float {
        Float::with_val(self.prec(), self * other)
    }
    fn neg(&self) -> Float {
        Float::with_val(self.prec(), -self)
    }
    fn recip(&self) -> Option<Float> {
        (!Float::is_zero(self)).then(|| self.clone().recip())
    }
    fn integer_power(&self, n: i64) -> Option<Float> {
        (!Float::is_zero(self) || n >= 0).then(|| Float::with_val(self.prec(), self.pow(n)))
    }
    fn power(&self, exponent: &Float) -> Option<Float> {
        (*self > 0 || (Float::is_zero(self) && *exponent > 0))
            .then(|| Float::with_val(self.prec(), self.pow(exponent)))
    }
    fn ln(&self) -> Option<Float> {
        (*self > 0).then(|| self.clone().ln())
    }
    fn exp(&self) -> Float {
        self.clone().exp()
    }
    fn compare(&self, other: &Float) -> Option<Ordering> {
        self.partial_cmp(other)
    }
    fn identical(&self, other: &Float) -> bool {
        self == other
    }
}

impl Scalar for Float {
    fn like(&self, n: i64) -> Float {
        Float::with_val(self.prec(), n)
    }
    fn from_float(value: &Float, precision: u32) -> Float {
        Float::with_val(precision, value)
    }
    fn is_zero(&self) -> bool {
        Float::is_zero(self)
    }
    fn exceeds(&self, other: &Float) -> bool {
        self.cmp_abs(other) == Some(Ordering::Greater)
    }
    fn is_finite(&self) -> bool {
        Float::is_finite(self)
    }
    fn exponent(&self) -> Option<i32> {
        self.get_exp()
    }
}

/// Half a unit in the last place of a machine number near one.
const UNIT: f64 = f64::EPSILON / 2.0;

/// A machine number with an estimate of its error, first order in the errors of the operands
/// (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 3.3). It tells
/// which signs have to be looked at with more precision; it proves nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Noisy {
    pub value: f64,
    pub error: f64,
}

impl Noisy {
    fn rounded(value: f64, error: f64) -> Noisy {
        Noisy { value, error: error + UNIT * value.abs() }
    }
    /// The sign, where the error leaves no doubt of it.
    pub fn sign(self) -> Option<Ordering> {
        (self.value.is_finite() && self.error.is_finite() && self.value.abs() > self.error)
            .then(|| self.value.total_cmp(&0.0))
    }
    fn scaled(value: f64, slope: f64, error: f64) -> Noisy {
        Noisy { value, error: (slope * error).abs() + 4.0 * UNIT * value.abs() }
    }
}

impl Number for Noisy {
    type Context = ();
    fn literal(value: &Literal, (): ()) -> Noisy {
        let error = if value.near.fract() == 0.0 { 0.0 } else { UNIT * value.near.abs() };
        Noisy { value: value.near, error }
    }
    fn add(&self, other: &Noisy) -> Noisy {
        Noisy::rounded(self.value + other.value, self.error + other.error)
    }
    fn mul(&self, other: &Noisy) -> Noisy {
        let carried =
            self.value.abs() * other.error + other.value.abs() * self.error + self.error * other.error;
        Noisy::rounded(self.value * other.value, carried)
    }
    fn neg(&self) -> Noisy {
        Noisy { value: -self.value, error: self.error }
    }
    fn recip(&self) -> Option<Noisy> {
        let value = Number::recip(&self.value)?;
        Some(Noisy::scaled(value, value * value, self.error))
    }
    fn integer_power(&self, n: i64) -> Option<Noisy> {
        let value = self.value.integer_power(n)?;
        let slope = if n == 0 { 0.0 } else { n as f64 * self.value.integer_power(n - 1)? };
        Some(Noisy::scaled(value, slope, self.error))
    }
    fn power(&self, exponent: &Noisy) -> Option<Noisy> {
        let value = self.value.power(&exponent.value)?;
        if self.value == 0.0 {
            return Some(Noisy { value, error: self.error.powf(exponent.value) });
        }
        let by_base = exponent.value * value / self.value * self.error;
        let by_exponent = value * f64::ln(self.value) * exponent.error;
        Some(Noisy::scaled(value, 1.0, by_base.abs() + by_exponent.abs()))
    }
    fn ln(&self) -> Option<Noisy> {
        Some(Noisy::scaled(Number::ln(&self.value)?, 1.0 / self.value, self.error))
    }
    fn exp(&self) -> Noisy {
        let value = f64::exp(self.value);
        Noisy::scaled(value, value, self.error)
    }
    fn compare(&self, other: &Noisy) -> Option<Ordering> {
        // A branch taken in doubt would give a slope without any doubt.
        let doubt = self.error + other.error;
        let difference = (self.value - other.value).abs();
        if doubt == 0.0 || difference > doubt { self.value.partial_cmp(&other.value) } else { None }
    }
    fn identical(&self, other: &Noisy) -> bool {
        self.value == other.value
    }
}

impl Scalar for Noisy {
    fn like(&self, n: i64) -> Noisy {
        Noisy { value: n as f64, error: 0.0 }
    }
    fn from_float(value: &Float, (): ()) -> Noisy {
        Noisy::rounded(value.to_f64(), 0.0)
    }
    fn is_zero(&self) -> bool {
        self.value == 0.0
    }
    fn exceeds(&self, other: &Noisy) -> bool {
        self.value.abs() > other.value.abs()
    }
    fn is_finite(&self) -> bool {
        self.value.is_finite() && self.error.is_finite()
    }
    fn exponent(&self) -> Option<i32> {
        self.value.exponent()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_nearly_equal_numbers_has_no_certain_sign() {
        let third = Literal::new(&Rational::from((1, 3)));
        let (a, b) = (Noisy::literal(&third, ()), Noisy::rounded(1.0 / 3.0 + 5e-17, 0.0));
        assert_eq!(b.add(&a.neg()).sign(), None);
        assert_eq!(Noisy::rounded(0.5, 0.0).add(&a.neg()).sign(), Some(Ordering::Greater));
    }

    #[test]
    fn zero_has_no_power_with_a_negative_exponent() {
        assert_eq!(0.0.power(&-0.5), None);
        assert_eq!(0.0.power(&0.5), Some(0.0));
        assert!(Float::with_val(80, 0).power(&Float::with_val(80, -1)).is_none());
    }
}
