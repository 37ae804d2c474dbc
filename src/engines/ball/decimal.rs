//! Decimal digits that are certain.

use rug::Float;
use rug::float::Round;

use super::Ball;

/// Numbers from 10^-6 up are written without an exponent.
const SMALLEST_FIXED_EXPONENT: i32 = -6;

/// No more digits than this are worked out.
const MOST_DIGITS: usize = 1 << 16;

/// Digits of a number `± 0.d1 d2 d3 … × 10^exponent` with `d1 != 0`.
#[derive(Clone, PartialEq, Eq)]
struct Digits {
    negative: bool,
    digits: String,
    exponent: i32,
}

impl Ball {
    /// The number in decimals, at most `max` significant digits, all of them certain; `None` if
    /// not even the first is.
    ///
    /// The digits are those of the decimal expansion cut off (not rounded), the same for every
    /// number in the ball. Only where the expansions part because the ball lies around a short
    /// decimal (0.4999…, 0.5000…) they are those of the correctly rounded number, again the same
    /// for every number in the ball. A ball around zero gives zeros: `0.000` if every number in
    /// it rounds to that. A ball that is one number with a finite expansion of at most `max`
    /// digits gives exactly these. No exponent is used where the digits reach the decimal point
    /// and the number is at least 10^-6 in size.
    pub fn decimals(&self, max: usize) -> Option<String> {
        self.shown(max).map(|shown| match shown {
            Shown::Zeros(0) => "0".to_owned(),
            Shown::Zeros(places) => format!("0.{}", "0".repeat(places)),
            Shown::Number(d) if d.fits_fixed() => d.fixed(),
            Shown::Number(d) => d.scientific(),
        })
    }

    /// The digits of [`Ball::decimals`] as `d.ddde±x`; `None` also for a ball around zero.
    pub fn scientific(&self, max: usize) -> Option<String> {
        match self.shown(max)? {
            Shown::Number(d) => Some(d.scientific()),
            Shown::Zeros(_) => None,
        }
    }

    /// The number of significant digits, at most `max`, to which every member of one ball agrees
    /// with every member of the other: the largest `d` seen with `|x - y| <= 10^-d max(|x|, |y|)`,
    /// or with `|x - y| <= 10^-d` where the size may be zero.
    pub fn agreeing_digits(&self, other: &Ball, max: usize) -> usize {
        let size = self.abs().max(&other.abs()).lower_end();
        let error = self.sub(other).and_then(|difference| {
            let distance = difference.abs().upper_end();
            if size.contains_zero() { Ok(distance) } else { distance.div(&size) }
        });
        let Ok(error) = error else {
            return 0;
        };
        // No digits: the error is zero.
        let Some(bound) = cut(error.hi(), 1, Round::AwayZero) else {
            return max;
        };
        // error <= d 10^(e-1), with d = 1 to 9.
        let digits = if bound.digits == "1" { 1 - bound.exponent } else { -bound.exponent };
        usize::try_from(digits).unwrap_or(0).min(max)
    }

    /// Whether [`Ball::decimals`] shows the number in full.
    pub fn is_shown_exactly(&self, max: usize) -> bool {
        self.is_point() && (self.lo().is_zero() || self.shorter_than(max.clamp(1, MOST_DIGITS)))
    }

    fn shorter_than(&self, max: usize) -> bool {
        let up = cut(self.lo(), max, Round::AwayZero);
        up.is_some() && up == cut(self.lo(), max, Round::Zero)
    }

    fn shown(&self, max: usize) -> Option<Shown> {
        let max = max.clamp(1, MOST_DIGITS);
        if self.contains_zero() {
            return self.zeros(max).map(Shown::Zeros);
        }
        if self.is_shown_exactly(max) {
            let mut d = cut(self.lo(), max, Round::Zero)?;
            let kept = d.digits.trim_end_matches('0').len();
            // The zeros before the decimal point stay: they are certain too.
            d.digits.truncate(kept.max(usize::try_from(d.exponent).unwrap_or(0)));
            return Some(Shown::Number(d));
        }
        let truncated = self.common_prefix(max);
        let reached = truncated.as_ref().map_or(0, |d| d.digits.len());
        // One digit more by rounding is no gain over digits of the expansion itself; a ball of
        // different numbers has fewer certain decimal digits than bits.
        let most = max.min(self.bits() as usize);
        let rounded = (reached + 2..=most).rev().find_map(|n| self.agreed(n));
        rounded.or(truncated).map(Shown::Number)
    }

    /// The digits that the expansions of both ends, and so of all members, begin with.
    fn common_prefix(&self, max: usize) -> Option<Digits> {
        let (mut a, b) = (cut(self.lo(), max, Round::Zero)?, cut(self.hi(), max, Round::Zero)?);
        if a.negative != b.negative || a.exponent != b.exponent {
            return None;
        }
        let common = a.digits.bytes().zip(b.digits.bytes()).take_while(|(x, y)| x == y).count();
        a.digits.truncate(common);
        (common > 0).then_some(a)
    }

    /// What both ends, and so all members, round to at `n` digits.
    fn agreed(&self, n: usize) -> Option<Digits> {
        let lo = cut(self.lo(), n, Round::Nearest)?;
        (Some(&lo) == cut(self.hi(), n, Round::Nearest).as_ref()).then_some(lo)
    }

    /// The number of decimal places, at most `max`, to which every member rounds to zero.
    fn zeros(&self, max: usize) -> Option<usize> {
        if self.is_point() {
            return Some(0);
        }
        let size = self.abs();
        let largest = cut(size.hi(), 1, Round::AwayZero)?;
        // |x| <= d 10^(e-1) is less than half of 10^-p for p = -e if d < 5, for p = -e - 1 always.
        let places = if largest.digits.as_str() < "5" { -largest.exponent } else { -1 - largest.exponent };
        usize::try_from(places).ok().filter(|p| *p > 0).map(|p| p.min(max))
    }
}

enum Shown {
    Zeros(usize),
    Number(Digits),
}

/// The first `n` digits of a finite number that is not zero.
fn cut(x: &Float, n: usize, round: Round) -> Option<Digits> {
    let (negative, digits, exponent) = x.to_sign_string_exp_round(10, Some(n), round);
    Some(Digits { negative, digits, exponent: exponent? })
}

impl Digits {
    fn fits_fixed(&self) -> bool {
        let integer_part = usize::try_from(self.exponent).unwrap_or(0);
        self.exponent > SMALLEST_FIXED_EXPONENT && integer_part <= self.digits.len().max(1)
    }

    fn fixed(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let Ok(integer_part) = usize::try_from(self.exponent) else {
            let zeros = self.exponent.unsigned_abs() as usize;
            return format!("{sign}0.{}{}", "0".repeat(zeros), self.digits);
        };
        let (whole, fraction) = self.digits.split_at(integer_part.min(self.digits.len()));
        match (whole, fraction) {
            ("", fraction) => format!("{sign}0.{fraction}"),
            (whole, "") => format!("{sign}{whole}"),
            (whole, fraction) => format!("{sign}{whole}.{fraction}"),
        }
    }

    fn scientific(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        let (first, rest) = self.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}e{}", i64::from(self.exponent) - 1)
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;
    use rug::Rational;
    use rug::ops::Pow as _;

    use super::*;

    fn between(a: (i64, i64), b: (i64, i64)) -> Ball {
        Ball::from_ends(&Rational::from(a), &Rational::from(b), 128).expect("in order")
    }
    fn of(n: i64, d: i64) -> Ball {
        between((n, d), (n, d))
    }

    #[test]
    fn digits_of_a_periodic_fraction_are_cut_off_and_not_rounded() {
        assert_eq!(of(2, 3).decimals(6).as_deref(), Some("0.666666"));
        assert_eq!(of(-2, 3).decimals(6).as_deref(), Some("-0.666666"));
        assert!(!of(2, 3).is_shown_exactly(6));
    }

    #[test]
    fn a_short_decimal_is_shown_in_full() {
        assert_eq!(of(3, 4).decimals(10).as_deref(), Some("0.75"));
        assert_eq!(of(-7, 1).decimals(10).as_deref(), Some("-7"));
        assert_eq!(of(100, 1).decimals(10).as_deref(), Some("100"));
        assert_eq!(of(1_000_000, 1).decimals(3).as_deref(), Some("1.00e6"));
        assert!(of(3, 4).is_shown_exactly(2) && !of(3, 4).is_shown_exactly(1));
    }

    #[test]
    fn a_ball_around_a_short_decimal_is_rounded() {
        let near_half = between((499_999_999_999, 1_000_000_000_000), (500_000_000_001, 1_000_000_000_000));
        assert_eq!(near_half.decimals(40).as_deref(), Some("0.50000000000"));
    }

    #[test]
    fn only_digits_that_all_members_share_are_shown() {
        assert_eq!(between((123_456, 1000), (123_459, 1000)).decimals(40).as_deref(), Some("123.45"));
        assert_eq!(between((1, 1), (3, 1)).decimals(40), None);
        assert_eq!(between((-1, 1), (3, 1)).decimals(40), None);
    }

    #[test]
    fn uncertain_integer_digits_are_not_filled_with_zeros() {
        assert_eq!(between((123_456, 1), (123_999, 1)).decimals(40).as_deref(), Some("1.23e5"));
    }

    #[test]
    fn a_ball_around_zero_shows_the_zeros_that_are_certain() {
        assert_eq!(between((-3, 1000), (3, 1000)).decimals(40).as_deref(), Some("0.00"));
        assert_eq!(between((-6, 1000), (4, 1000)).decimals(40).as_deref(), Some("0.0"));
        assert_eq!(between((-1, 1_000_001), (0, 1)).decimals(3).as_deref(), Some("0.000"));
        assert_eq!(of(0, 1).decimals(5).as_deref(), Some("0"));
    }

    /// The number that a decimal stands for and the value of its last digit's unit.
    fn read(text: &str) -> (Rational, Rational) {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let places = mantissa.split_once('.').map_or(0, |(_, f)| f.len() as i32);
        let digits: rug::Integer = mantissa.replace('.', "").parse().expect("digits");
        let unit = Rational::from(10).pow(exponent.parse::<i32>().expect("an exponent") - places);
        (unit.clone() * digits, unit)
    }

    #[test]
    fn no_member_is_a_unit_of_the_last_digit_away_from_what_is_shown() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let (mut shown, mut around_zero) = (0, 0);
        for _ in 0..20_000 {
            let width: Rational = Rational::from((rng.random_range(0..100), 7))
                * Rational::from(10).pow(-rng.random_range(0..20));
            let q = if rng.random_range(0..20) == 0 {
                -width.clone() / 3
            } else {
                Rational::from((rng.random_range(-2000..2000), rng.random_range(1..300)))
            };
            let other = q.clone() + &width;
            let b = Ball::from_ends(&q, &other, 64).expect("in order");
            let Some(text) = b.decimals(rng.random_range(1..25)) else {
                continue;
            };
            shown += 1;
            around_zero += usize::from(b.contains_zero());
            let (value, unit) = read(&text);
            for member in [&q, &other] {
                let distance = Rational::from(member - &value).abs();
                assert!(distance < unit || *member == value, "{text} for {b}");
            }
        }
        assert!(shown > 10_000 && around_zero > 20, "{shown} {around_zero}");
    }

    #[test]
    fn agreeing_digits_bound_the_relative_distance_of_all_members() {
        assert_eq!(of(1, 1).agreeing_digits(&of(1, 1), 40), 40);
        assert_eq!(of(1, 1000).agreeing_digits(&of(1001, 1_000_000), 40), 3);
        assert_eq!(of(1, 3).agreeing_digits(&of(1, 3), 60), 38);
        assert_eq!(of(1, 1).agreeing_digits(&of(-1, 1), 40), 0);
        assert_eq!(of(0, 1).agreeing_digits(&of(0, 1), 40), 40);
        assert_eq!(between((0, 1), (1, 2000)).agreeing_digits(&of(0, 1), 40), 3);
        assert_eq!(between((1, 1), (3, 1)).agreeing_digits(&between((1, 1), (3, 1)), 40), 0);
    }

    #[test]
    fn an_absurd_number_of_digits_is_not_worked_out() {
        assert_eq!(of(1, 3).decimals(usize::MAX).map(|s| s.len() < 60), Some(true));
        assert_eq!(of(3, 4).decimals(usize::MAX).as_deref(), Some("0.75"));
    }

    #[test]
    fn small_and_large_numbers_take_an_exponent() {
        assert_eq!(of(1, 3_000_000_000).decimals(3).as_deref(), Some("3.33e-10"));
        assert_eq!(of(1, 300_000).decimals(3).as_deref(), Some("0.00000333"));
        assert_eq!(of(2, 3).scientific(3).as_deref(), Some("6.66e-1"));
    }
}
