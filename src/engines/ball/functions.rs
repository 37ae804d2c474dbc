//! Powers, exponentials and logarithms.

use rug::float::Round;
use rug::ops::Pow as _;
use rug::{Float, Integer, Rational};

use super::interval::corners;
use super::{Ball, BallError};

impl Ball {
    /// `a^n` for a literal integer: defined everywhere for `n >= 0` (`0^0 = 1`), away from zero
    /// for `n < 0`.
    pub fn powi(&self, n: i64) -> Result<Ball, BallError> {
        if n < 0 && self.contains_zero() {
            return Err(BallError::DivisorMayBeZero);
        }
        if n == 0 {
            return Ok(Ball::from_int(1, self.bits()));
        }
        let exponent = Integer::from(n);
        let at = |x: &Float, round| Float::with_val_round(self.bits(), x.pow(&exponent), round).0;
        let (lo, hi) = if n % 2 == 0 {
            let size = self.abs();
            // Falling in |a| for n < 0, rising for n > 0.
            let (near, far) = if n > 0 { (size.lo(), size.hi()) } else { (size.hi(), size.lo()) };
            (at(near, Round::Down), at(far, Round::Up))
        } else if n > 0 {
            (at(self.lo(), Round::Down), at(self.hi(), Round::Up))
        } else {
            // Falling on either side of zero, which the ball does not contain.
            (at(self.hi(), Round::Down), at(self.lo(), Round::Up))
        };
        Ball::checked(lo, hi)
    }

    /// `a^r` for a rational `r`, by roots: defined for `a > 0`, and for `a = 0` with `r > 0`.
    pub fn pow_rational(&self, r: &Rational) -> Result<Ball, BallError> {
        let small = r.denom().to_u32().zip(r.numer().to_i64());
        let Some((q, p)) = small else {
            return self.pow(&Ball::from_rational(r, self.bits())?);
        };
        if *self.lo() < 0 || (*self.lo() == 0 && p <= 0) {
            return Err(BallError::Domain("power"));
        }
        if q == 1 {
            return self.powi(p);
        }
        let root = Ball::rounded(self.bits(), self.lo().root_ref(q), self.hi().root_ref(q))?;
        root.powi(p)
    }

    /// `a^b`: defined for `a > 0`, and for `a = 0` with `b > 0`, where it is 0.
    pub fn pow(&self, exponent: &Ball) -> Result<Ball, BallError> {
        if *self.lo() < 0 || (*self.lo() == 0 && *exponent.lo() <= 0) {
            return Err(BallError::Domain("power"));
        }
        let bits = self.bits().max(exponent.bits());
        // Monotone in the base for each exponent and in the exponent for each base.
        corners(self, exponent, |x, y, round| Float::with_val_round(bits, x.pow(y), round).0)
    }

    /// The natural logarithm, for `a > 0`.
    pub fn ln(&self) -> Result<Ball, BallError> {
        if *self.lo() <= 0 {
            return Err(BallError::Domain("ln"));
        }
        Ball::rounded(self.bits(), self.lo().ln_ref(), self.hi().ln_ref())
    }

    /// The exponential.
    pub fn exp(&self) -> Result<Ball, BallError> {
        Ball::rounded(self.bits(), self.lo().exp_ref(), self.hi().exp_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ball::samples::{ball, q};

    #[test]
    fn an_even_power_of_a_ball_around_zero_starts_at_zero() {
        assert_eq!(ball(-2, 3).powi(2), Ok(ball(0, 9)));
        assert_eq!(ball(-2, 3).powi(3), Ok(ball(-8, 27)));
        assert_eq!(ball(-2, 3).powi(0), Ok(ball(1, 1)));
    }

    #[test]
    fn negative_powers_keep_the_ends_in_order() {
        let e = |a, b| Ball::from_ends(&a, &b, 64).expect("in order");
        assert_eq!(ball(2, 4).powi(-1), Ok(e(q(1, 4), q(1, 2))));
        assert_eq!(ball(-4, -2).powi(-1), Ok(e(q(-1, 2), q(-1, 4))));
        assert_eq!(ball(-4, -2).powi(-2), Ok(e(q(1, 16), q(1, 4))));
        assert_eq!(ball(0, 4).powi(-1), Err(BallError::DivisorMayBeZero));
    }

    #[test]
    fn the_domain_borders_of_real_powers_are_those_of_terms() {
        assert_eq!(ball(0, 4).pow_rational(&q(1, 2)), Ok(ball(0, 2)));
        assert_eq!(ball(0, 4).pow_rational(&q(-1, 2)), Err(BallError::Domain("power")));
        assert_eq!(ball(0, 0).pow_rational(&q(0, 1)), Err(BallError::Domain("power")));
        assert_eq!(ball(-1, 4).pow_rational(&q(1, 2)), Err(BallError::Domain("power")));
        assert_eq!(ball(0, 4).pow(&ball(1, 2)), Ok(ball(0, 16)));
        assert_eq!(ball(0, 4).pow(&ball(0, 2)), Err(BallError::Domain("power")));
        assert_eq!(ball(0, 4).pow(&ball(-1, 2)), Err(BallError::Domain("power")));
        assert_eq!(ball(-1, 4).pow(&ball(2, 2)), Err(BallError::Domain("power")));
    }

    #[test]
    fn a_base_below_one_falls_as_its_exponent_rises() {
        let base = Ball::from_ends(&q(1, 4), &q(4, 1), 64).expect("in order");
        let expected = Ball::from_ends(&q(1, 16), &q(16, 1), 64).expect("in order");
        assert_eq!(base.pow(&ball(-2, 2)), Ok(expected));
    }

    #[test]
    fn logarithm_and_exponential_have_their_borders() {
        assert_eq!(ball(0, 1).ln(), Err(BallError::Domain("ln")));
        assert_eq!(ball(1, 1).ln(), Ok(ball(0, 0)));
        assert_eq!(ball(0, 0).exp(), Ok(ball(1, 1)));
        assert_eq!(ball(1 << 40, 1 << 40).exp(), Err(BallError::Overflow));
        assert_eq!(ball(-(1 << 40), 0).exp().map(|b| b.lo().is_zero()), Ok(true));
    }
}
