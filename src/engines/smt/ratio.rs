//! Quotients of polynomials, with every long product broken up so that the clock is looked at.

use rug::{Integer, Rational};

use crate::exact::gcd::gcd;
use crate::exact::{Exhausted, Meter, Poly, Var};

/// Why a quotient was not computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    #[error("the problem is too large")]
    TooLarge,
}

/// A quotient of polynomials in lowest terms; the denominator is not zero and its leading integer
/// is positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratio {
    pub num: Poly,
    pub den: Poly,
}

/// The largest size of a polynomial.
const LARGEST: u64 = 1_000_000;
/// The largest degree of a power, and the largest number of words of an integer's power.
const LARGEST_DEGREE: u64 = 4096;
/// The work of a product that is done without looking at the clock.
const CHUNK: u64 = 1 << 18;

impl Ratio {
    /// A number.
    pub fn number(r: &Rational) -> Ratio {
        Ratio { num: Poly::Const(r.numer().clone()), den: Poly::Const(r.denom().clone()) }
    }
    /// A variable.
    pub fn variable(v: Var) -> Ratio {
        Ratio { num: Poly::var(v), den: Poly::one() }
    }
    /// Its negative.
    pub fn negated(&self) -> Ratio {
        Ratio { num: -&self.num, den: self.den.clone() }
    }
}

/// Arithmetic within a budget.
pub struct Arithmetic<'m> {
    pub meter: &'m Meter,
}

impl Arithmetic<'_> {
    /// `a b`
    pub fn times(&self, a: &Poly, b: &Poly) -> Result<Poly, Stop> {
        let work = a.size().saturating_mul(b.size());
        let Some(v) = a.main().max(b.main()).filter(|_| work > CHUNK) else {
            if a.size() + b.size() > LARGEST {
                return Err(Stop::TooLarge);
            }
            self.meter.charge(work)?;
            return Ok(a * b);
        };
        let (xs, ys) = (a.coeffs(v), b.coeffs(v));
        let mut out = vec![Poly::zero(); xs.len() + ys.len() - 1];
        let mut size = 0;
        for (i, x) in xs.iter().enumerate().filter(|(_, x)| !x.is_zero()) {
            for (j, y) in ys.iter().enumerate().filter(|(_, y)| !y.is_zero()) {
                let product = self.times(x, y)?;
                size += product.size();
                // Terms of different pairs may meet, so that this is a bound with room to spare.
                if size > 64 * LARGEST {
                    return Err(Stop::TooLarge);
                }
                out[i + j] = self.plus(&out[i + j], &product)?;
            }
        }
        self.checked(Poly::from_coeffs(v, out))
    }

    /// `a + b`
    pub fn plus(&self, a: &Poly, b: &Poly) -> Result<Poly, Stop> {
        self.meter.charge(a.size() + b.size())?;
        self.checked(a + b)
    }

    fn checked(&self, p: Poly) -> Result<Poly, Stop> {
        if p.size() > LARGEST { Err(Stop::TooLarge) } else { Ok(p) }
    }

    /// The sum of many, in pairs, so that no long partial sum is copied for each summand.
    pub fn sum(&self, mut parts: Vec<Ratio>) -> Result<Ratio, Stop> {
        while parts.len() > 1 {
            let mut halved = Vec::with_capacity(parts.len().div_ceil(2));
            let mut rest = parts.into_iter();
            while let Some(a) = rest.next() {
                halved.push(match rest.next() {
                    Some(b) => self.add(&a, &b)?,
                    None => a,
                });
            }
            parts = halved;
        }
        Ok(parts.pop().unwrap_or_else(|| Ratio::number(&Rational::new())))
    }

    /// `a + b`, where both denominators are not zero.
    pub fn add(&self, a: &Ratio, b: &Ratio) -> Result<Ratio, Stop> {
        if a.den == b.den {
            return self.cancel(self.plus(&a.num, &b.num)?, a.den.clone());
        }
        let g = gcd(&a.den, &b.den, self.meter)?;
        let (p, q) = (exact(&a.den, &g), exact(&b.den, &g));
        let num = self.plus(&self.times(&a.num, &q)?, &self.times(&b.num, &p)?)?;
        self.cancel(num, self.times(&a.den, &q)?)
    }

    /// `a b`, where both denominators are not zero.
    pub fn multiply(&self, a: &Ratio, b: &Ratio) -> Result<Ratio, Stop> {
        self.cancel(self.times(&a.num, &b.num)?, self.times(&a.den, &b.den)?)
    }

    /// `a / b`, where `b` and both denominators are not zero.
    pub fn divide(&self, a: &Ratio, b: &Ratio) -> Result<Ratio, Stop> {
        self.cancel(self.times(&a.num, &b.den)?, self.times(&a.den, &b.num)?)
    }

    /// `a^n`; one for `n = 0`.
    pub fn power(&self, a: &Ratio, n: u32) -> Result<Ratio, Stop> {
        let degree = (a.num.total_degree() + a.den.total_degree()) as u64;
        let words = if degree == 0 { a.num.size() + a.den.size() } else { degree };
        let trivial =
            degree == 0 && [&a.num, &a.den].iter().all(|p| p.as_const().is_some_and(is_unit_or_zero));
        if !trivial && words.saturating_mul(u64::from(n)) > LARGEST_DEGREE {
            return Err(Stop::TooLarge);
        }
        let (mut out, mut square, mut n) = (Ratio::number(&Rational::from(1)), a.clone(), n);
        while n > 0 {
            if n & 1 == 1 {
                out = self.multiply(&out, &square)?;
            }
            n >>= 1;
            if n > 0 {
                square = self.multiply(&square, &square)?;
            }
        }
        Ok(out)
    }

    /// The quotient in lowest terms: equal wherever the denominator given is not zero.
    fn cancel(&self, num: Poly, den: Poly) -> Result<Ratio, Stop> {
        self.meter.charge(num.size() + den.size())?;
        let g = match den.as_const() {
            Some(d) => Poly::Const(Integer::from(num.integer_content().gcd_ref(d))),
            None => gcd(&num, &den, self.meter)?,
        };
        let g = if *den.lead_integer() < 0 { -&g } else { g };
        Ok(Ratio { num: exact(&num, &g), den: exact(&den, &g) })
    }
}

fn is_unit_or_zero(c: &Integer) -> bool {
    *c == 0 || *c == 1 || *c == -1
}

fn exact(p: &Poly, d: &Poly) -> Poly {
    p.divide(d).expect("a common divisor divides")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_that_is_broken_up_is_the_product() {
        let meter = Meter::unlimited();
        let a = Arithmetic { meter: &meter };
        let sum = &(&(&Poly::var(0) + &Poly::var(1)) + &Poly::var(2)) + &Poly::int(3);
        let (p, q) = (sum.pow(14), (&sum - &Poly::var(1).pow(2)).pow(12));
        assert!(p.size() * q.size() > CHUNK);
        assert_eq!(a.times(&p, &q), Ok(&p * &q));
    }

    #[test]
    fn a_denominator_that_is_negative_or_common_is_normalised() {
        let meter = Meter::unlimited();
        let a = Arithmetic { meter: &meter };
        let x = Ratio::variable(0);
        let minus_x = x.negated();
        let one = a.divide(&minus_x, &x).expect("small");
        assert_eq!(one, Ratio::number(&Rational::from(-1)));
        let half = a.divide(&Ratio::number(&Rational::from(1)), &Ratio::number(&Rational::from(-2)));
        assert_eq!(half, Ok(Ratio::number(&Rational::from((-1, 2)))));
    }

    #[test]
    fn powers_beyond_the_limit_are_refused_and_not_computed() {
        let meter = Meter::unlimited();
        let a = Arithmetic { meter: &meter };
        assert_eq!(a.power(&Ratio::number(&Rational::from(2)), u32::MAX), Err(Stop::TooLarge));
        assert_eq!(a.power(&Ratio::variable(0), u32::MAX), Err(Stop::TooLarge));
        assert_eq!(a.power(&Ratio::variable(0), 0), Ok(Ratio::number(&Rational::from(1))));
    }
}
