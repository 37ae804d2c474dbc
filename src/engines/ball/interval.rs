//! The interval itself: construction, order, sums, products and quotients.

use std::cmp::Ordering;
use std::fmt;

use rug::float::Round;
use rug::ops::AssignRound;
use rug::{Float, Rational};

use super::BallError;

/// The precisions that are honoured; others are moved to the nearer of the two.
const PRECISIONS: std::ops::RangeInclusive<u32> = 16..=1 << 20;

/// The binary exponent up to which an end is turned into a rational: beyond it the rational
/// would fill the memory.
const LARGEST_RATIONAL_EXPONENT: i32 = 1 << 20;

/// A closed interval `[lo, hi]` of real numbers with finite ends.
///
/// Every operation returns a ball that contains the exact result for every choice of members of
/// its operands; its precision is the larger of theirs.
#[derive(Clone, Debug, PartialEq)]
pub struct Ball {
    lo: Float,
    hi: Float,
}

impl Ball {
    /// The tightest ball of `bits` bits around `q` (`bits` is moved into 16 ..= 2^20).
    pub fn from_rational(q: &Rational, bits: u32) -> Result<Ball, BallError> {
        let bits = bits.clamp(*PRECISIONS.start(), *PRECISIONS.end());
        Ball::rounded(bits, q, q)
    }

    /// The tightest ball of `bits` bits around the integer `n`.
    pub fn from_int(n: i64, bits: u32) -> Ball {
        Ball::from_rational(&Rational::from(n), bits).expect("an i64 is within MPFR's range")
    }

    /// The tightest ball around all numbers from `lo` to `hi`.
    pub fn from_ends(lo: &Rational, hi: &Rational, bits: u32) -> Result<Ball, BallError> {
        if lo > hi {
            return Err(BallError::Disordered);
        }
        let bits = bits.clamp(*PRECISIONS.start(), *PRECISIONS.end());
        Ball::rounded(bits, lo, hi)
    }

    /// The ball whose ends are `lo` rounded down and `hi` rounded up.
    pub(super) fn rounded<A, B>(bits: u32, lo: A, hi: B) -> Result<Ball, BallError>
    where
        Float: AssignRound<A, Round = Round, Ordering = Ordering>,
        Float: AssignRound<B, Round = Round, Ordering = Ordering>,
    {
        let lo = Float::with_val_round(bits, lo, Round::Down).0;
        let hi = Float::with_val_round(bits, hi, Round::Up).0;
        Ball::checked(lo, hi)
    }

    /// The ball with these ends, once they are seen to be finite; `lo <= hi` is the caller's.
    pub(super) fn checked(lo: Float, hi: Float) -> Result<Ball, BallError> {
        if !lo.is_finite() || !hi.is_finite() {
            return Err(BallError::Overflow);
        }
        debug_assert!(lo <= hi, "the ends of a ball are in order");
        Ok(Ball { lo: unsigned_zero(lo), hi: unsigned_zero(hi) })
    }

    /// The lower end.
    pub fn lo(&self) -> &Float {
        &self.lo
    }

    /// The upper end.
    pub fn hi(&self) -> &Float {
        &self.hi
    }

    /// The lower end alone, as a ball.
    pub fn lower_end(&self) -> Ball {
        Ball { lo: self.lo.clone(), hi: self.lo.clone() }
    }

    /// The upper end alone, as a ball.
    pub fn upper_end(&self) -> Ball {
        Ball { lo: self.hi.clone(), hi: self.hi.clone() }
    }

    /// The precision of the ends in bits.
    pub fn bits(&self) -> u32 {
        self.lo.prec().max(self.hi.prec())
    }

    /// Whether the ball is one number.
    pub fn is_point(&self) -> bool {
        self.lo == self.hi
    }

    /// Whether `q` belongs to the ball; exact.
    pub fn contains(&self, q: &Rational) -> bool {
        self.lo <= *q && self.hi >= *q
    }

    /// Whether zero belongs to the ball.
    pub fn contains_zero(&self) -> bool {
        self.lo <= 0 && self.hi >= 0
    }

    /// An upper bound of `hi - lo`; infinite if that overflows.
    pub fn width(&self) -> Float {
        Float::with_val_round(self.bits(), &self.hi - &self.lo, Round::Up).0
    }

    /// The midpoint, exactly; `None` if an end is so large or so small (beyond 2^(±2^20)) that
    /// the rational would be too long to work with.
    pub fn midpoint(&self) -> Option<Rational> {
        let manageable = |x: &Float| {
            x.get_exp().is_none_or(|e| e.unsigned_abs() <= LARGEST_RATIONAL_EXPONENT.unsigned_abs())
        };
        if !manageable(&self.lo) || !manageable(&self.hi) {
            return None;
        }
        Some((self.lo.to_rational()? + self.hi.to_rational()?) / 2)
    }

    /// The sign that all members share (`Equal` for zero alone); `None` if they do not.
    pub fn sign(&self) -> Option<Ordering> {
        self.lo.cmp0().filter(|_| self.lo.cmp0() == self.hi.cmp0())
    }

    /// How every member of this ball compares with every member of the other; `None` if the
    /// balls overlap (unless both are the same point).
    pub fn compare(&self, other: &Ball) -> Option<Ordering> {
        if self.hi < other.lo {
            Some(Ordering::Less)
        } else if self.lo > other.hi {
            Some(Ordering::Greater)
        } else if self.is_point() && other.is_point() {
            Some(Ordering::Equal)
        } else {
            None
        }
    }

    /// The numbers in both balls; `None` if there are none.
    pub fn intersect(&self, other: &Ball) -> Option<Ball> {
        let (lo, hi) = (larger(&self.lo, &other.lo), smaller(&self.hi, &other.hi));
        (lo <= hi).then(|| Ball { lo: lo.clone(), hi: hi.clone() })
    }

    /// The smallest ball around both.
    pub fn hull(&self, other: &Ball) -> Ball {
        Ball { lo: smaller(&self.lo, &other.lo).clone(), hi: larger(&self.hi, &other.hi).clone() }
    }

    /// `a + b`
    pub fn add(&self, other: &Ball) -> Result<Ball, BallError> {
        Ball::rounded(self.bits().max(other.bits()), &self.lo + &other.lo, &self.hi + &other.hi)
    }

    /// `a - b`
    pub fn sub(&self, other: &Ball) -> Result<Ball, BallError> {
        Ball::rounded(self.bits().max(other.bits()), &self.lo - &other.hi, &self.hi - &other.lo)
    }

    /// `-a`; exact.
    pub fn neg(&self) -> Ball {
        let (lo, hi) = (-self.hi.clone(), -self.lo.clone());
        Ball { lo: unsigned_zero(lo), hi: unsigned_zero(hi) }
    }

    /// `a b`
    pub fn mul(&self, other: &Ball) -> Result<Ball, BallError> {
        let bits = self.bits().max(other.bits());
        if self.lo >= 0 && other.lo >= 0 {
            return Ball::rounded(bits, &self.lo * &other.lo, &self.hi * &other.hi);
        }
        corners(self, other, |x, y, round| Float::with_val_round(bits, x * y, round).0)
    }

    /// `a / b`; [`BallError::DivisorMayBeZero`] if `b` contains zero.
    pub fn div(&self, other: &Ball) -> Result<Ball, BallError> {
        if other.contains_zero() {
            return Err(BallError::DivisorMayBeZero);
        }
        let bits = self.bits().max(other.bits());
        corners(self, other, |x, y, round| Float::with_val_round(bits, x / y, round).0)
    }

    /// `|a|`
    pub fn abs(&self) -> Ball {
        if self.lo >= 0 {
            return self.clone();
        }
        let flipped = self.neg();
        if self.hi <= 0 {
            return flipped;
        }
        Ball { lo: Float::new(self.bits()), hi: larger(&self.hi, &flipped.hi).clone() }
    }

    /// The larger of `a` and `b`.
    pub fn max(&self, other: &Ball) -> Ball {
        Ball { lo: larger(&self.lo, &other.lo).clone(), hi: larger(&self.hi, &other.hi).clone() }
    }

    /// The smaller of `a` and `b`.
    pub fn min(&self, other: &Ball) -> Ball {
        Ball { lo: smaller(&self.lo, &other.lo).clone(), hi: smaller(&self.hi, &other.hi).clone() }
    }
}

/// The range of an operation over a pair of balls on which it is monotone in each operand: its
/// extremes lie at the corners.
pub(super) fn corners(
    a: &Ball,
    b: &Ball,
    op: impl Fn(&Float, &Float, Round) -> Float,
) -> Result<Ball, BallError> {
    let pairs = [(&a.lo, &b.lo), (&a.lo, &b.hi), (&a.hi, &b.lo), (&a.hi, &b.hi)];
    let extreme = |round: Round, keep: Ordering| {
        let mut best: Option<Float> = None;
        for (x, y) in pairs {
            let value = op(x, y, round);
            // Compared on its own, so that no comparison below is with a NaN.
            if !value.is_finite() {
                return Err(BallError::Overflow);
            }
            if best.as_ref().is_none_or(|b| value.partial_cmp(b) == Some(keep)) {
                best = Some(value);
            }
        }
        Ok(best.expect("there are four corners"))
    };
    Ball::checked(extreme(Round::Down, Ordering::Less)?, extreme(Round::Up, Ordering::Greater)?)
}

/// Zero without a sign: ends are compared, printed and divided by as numbers.
fn unsigned_zero(x: Float) -> Float {
    if x.is_zero() { Float::new(x.prec()) } else { x }
}

fn larger<'a>(x: &'a Float, y: &'a Float) -> &'a Float {
    if x >= y { x } else { y }
}

fn smaller<'a>(x: &'a Float, y: &'a Float) -> &'a Float {
    if x <= y { x } else { y }
}

/// The ends, rounded outwards to 20 significant digits.
impl fmt::Display for Ball {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lo = self.lo.to_string_radix_round(10, Some(20), Round::Down);
        let hi = self.hi.to_string_radix_round(10, Some(20), Round::Up);
        write!(f, "[{lo}, {hi}]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ball::samples::{ball, q};

    #[test]
    fn a_rational_that_is_no_binary_fraction_lies_strictly_inside_its_ball() {
        let third = Ball::from_rational(&q(1, 3), 64).expect("small");
        assert!(third.contains(&q(1, 3)) && !third.is_point());
        assert!(third.width() < 1e-19);
        assert!(Ball::from_rational(&q(3, 4), 64).expect("small").is_point());
    }

    #[test]
    fn ends_out_of_order_are_an_error() {
        assert_eq!(Ball::from_ends(&q(2, 1), &q(1, 1), 64), Err(BallError::Disordered));
    }

    #[test]
    fn dividing_by_a_ball_that_touches_zero_is_an_error() {
        for divisor in [ball(-1, 1), ball(0, 1), ball(-1, 0), ball(0, 0)] {
            assert_eq!(ball(1, 1).div(&divisor), Err(BallError::DivisorMayBeZero), "{divisor}");
        }
        assert_eq!(
            ball(1, 2).div(&ball(-4, -2)),
            Ok(Ball::from_ends(&q(-1, 1), &q(-1, 4), 64).expect("in order"))
        );
    }

    #[test]
    fn a_product_of_mixed_signs_takes_its_extremes_at_the_corners() {
        assert_eq!(ball(-2, 3).mul(&ball(-5, 7)), Ok(ball(-15, 21)));
        assert_eq!(ball(-3, -2).mul(&ball(5, 7)), Ok(ball(-21, -10)));
    }

    #[test]
    fn overflow_is_an_error_and_not_an_infinity() {
        let huge = ball(2, 2).powi(1 << 29).expect("below the largest exponent");
        assert_eq!(huge.mul(&huge).and_then(|h| h.mul(&huge)), Err(BallError::Overflow));
        assert_eq!(huge.neg().mul(&huge).and_then(|h| h.mul(&huge)), Err(BallError::Overflow));
        assert_eq!(huge.midpoint(), None);
    }

    #[test]
    fn underflow_keeps_the_true_value_inside() {
        let tiny = ball(2, 2).powi(-(1 << 29)).expect("above the smallest exponent");
        let product = tiny.mul(&tiny).and_then(|t| t.mul(&tiny)).expect("underflow is enclosed");
        assert!(product.lo().is_zero() && *product.hi() > 0);
        assert_eq!(product.sign(), None);
    }

    #[test]
    fn overlapping_balls_do_not_compare() {
        assert_eq!(ball(0, 2).compare(&ball(1, 3)), None);
        assert_eq!(ball(0, 1).compare(&ball(1, 3)), None);
        assert_eq!(ball(0, 1).compare(&ball(2, 3)), Some(Ordering::Less));
        assert_eq!(ball(2, 2).compare(&ball(2, 2)), Some(Ordering::Equal));
    }

    #[test]
    fn zero_has_no_sign_bit() {
        let zero = ball(0, 0).neg();
        assert!(!zero.lo().is_sign_negative() && !zero.hi().is_sign_negative());
        assert_eq!(zero.sign(), Some(Ordering::Equal));
        let product = ball(-1, -1).mul(&ball(0, 0)).expect("small");
        assert!(!product.lo().is_sign_negative());
    }

    #[test]
    fn intersection_hull_and_extremes() {
        assert_eq!(ball(0, 2).intersect(&ball(1, 3)), Some(ball(1, 2)));
        assert_eq!(ball(0, 1).intersect(&ball(2, 3)), None);
        assert_eq!(ball(0, 1).hull(&ball(2, 3)), ball(0, 3));
        assert_eq!(ball(-3, 2).abs(), ball(0, 3));
        assert_eq!(ball(0, 2).max(&ball(1, 1)), ball(1, 2));
        assert_eq!(ball(0, 2).min(&ball(1, 1)), ball(0, 1));
        assert_eq!(ball(1, 2).midpoint(), Some(q(3, 2)));
    }
}
