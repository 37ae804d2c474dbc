//! The behaviour of a sum of powers at an end of the range: its leading term, exactly, and an
//! enclosure of the function divided by it on a whole neighbourhood of the end.
//!
//! Near an end, at distance `x`, each term is `c x^r A(x)` with `A` analytic: a product of
//! powers of `d ± x`, `d > 0`. The exact Taylor coefficients of the `A` are collected by their
//! exponents `r + n`; those that cancel exactly are dropped, and what is left is enclosed with
//! the remainders in Lagrange's form (Moore, *Interval Analysis*, 1966, chapter 11).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rug::{Integer, Rational};

use super::SolveError;
use super::place::{End, Place, power};
use super::powersum::{PowerSum, Range};
use super::radical::Surd;
use crate::ball::Ball;

/// The number of Taylor coefficients that are looked at.
const MOST_ORDERS: usize = 16;

/// What a sum of powers does at one end of the range.
pub(super) struct AtEnd<'a> {
    pub(super) range: &'a Range,
    end: End,
    terms: Vec<Term>,
    exponent: Rational,
    /// The sign in a neighbourhood of the end, without the end itself.
    pub(super) sign: Ordering,
}

struct Term {
    constant: Surd,
    exponent: Rational,
    others: Vec<Other>,
}

/// The factor `(d + slope x)^e`.
struct Other {
    z: Rational,
    d: Rational,
    slope: i32,
    e: Rational,
}

impl<'a> AtEnd<'a> {
    /// The leading term of a sum that is not identically zero. `Err` if it is hidden behind more
    /// cancellations than are looked at.
    pub(super) fn new(sum: &PowerSum, range: &'a Range, end: End) -> Result<AtEnd<'a>, SolveError> {
        let terms: Vec<Term> = sum
            .terms
            .iter()
            .map(|(factors, c)| {
                let others = factors.iter().filter(|(z, _)| *z != end.of(range));
                Term {
                    constant: c.clone(),
                    exponent: factors.get(end.of(range)).cloned().unwrap_or_default(),
                    others: others.map(|(z, e)| Other::new(z, e, range, end)).collect(),
                }
            })
            .collect();
        let series = terms.iter().map(Term::series).collect::<Result<Vec<_>, _>>()?;
        let mut exponents = BTreeSet::new();
        for t in &terms {
            exponents.extend((0..MOST_ORDERS).map(|n| &t.exponent + Rational::from(n)));
        }
        // Beyond this exponent the sums below would miss coefficients.
        let first = exponents.first().cloned().unwrap_or_default();
        let last = first + Rational::from(MOST_ORDERS);
        for exponent in exponents.into_iter().filter(|e| *e < last) {
            let mut leading = Surd::default();
            for (t, coefficients) in terms.iter().zip(&series) {
                let n = Rational::from(&exponent - &t.exponent);
                let n = (*n.denom() == 1).then(|| n.numer().to_usize()).flatten();
                if let Some(c) = n.and_then(|n| coefficients.get(n)) {
                    leading = leading.add(c)?;
                }
            }
            if !leading.is_zero() {
                let sign = leading.sign().ok_or(SolveError::TooLarge)?;
                return Ok(AtEnd { range, end, terms, exponent, sign });
            }
        }
        Err(SolveError::Undecided("the slope at an end of the range"))
    }

    /// An enclosure, for all distances in `(0, x]`, of the function divided by its leading power.
    pub(super) fn enclosure(&self, x: &Rational, bits: u32) -> Option<Ball> {
        let x = Ball::from_ends(&Rational::new(), x, bits).ok()?;
        let place = Place { end: self.end, x };
        let mut sum = Ball::from_int(0, bits);
        for t in &self.terms {
            // The coefficients below the leading exponent cancel in the sum over all terms.
            let skipped = Rational::from(&self.exponent - &t.exponent).ceil();
            let skipped = skipped.numer().to_usize().unwrap_or(0);
            let rest = t.exponent.clone() + Rational::from(skipped) - &self.exponent;
            let tail = t.tail(skipped, &place, self.range)?;
            let mut product = t.constant.ball(bits)?.mul(&tail).ok()?;
            if rest != 0 {
                product = product.mul(&power(&place.x, &rest)?).ok()?;
            }
            sum = sum.add(&product).ok()?;
        }
        Some(sum)
    }
}

impl Other {
    fn new(z: &Rational, e: &Rational, range: &Range, end: End) -> Other {
        let slope = range.direction(z) * end.direction();
        Other { z: z.clone(), d: range.distance(end.of(range), z), slope, e: e.clone() }
    }
}

impl Term {
    /// The exact Taylor coefficients at the end.
    fn series(&self) -> Result<Vec<Surd>, SolveError> {
        let mut product = vec![Rational::new(); MOST_ORDERS];
        product[0] += 1;
        let mut constant = self.constant.clone();
        for o in &self.others {
            constant = constant.mul(&Surd::rational(o.d.clone()).power(&o.e)?)?;
            let ratio = Rational::from(o.slope) / &o.d;
            let mut factor = vec![Rational::from(1)];
            for n in 1..MOST_ORDERS {
                let next = Rational::from(&factor[n - 1] * &ratio) * binomial_step(&o.e, n);
                factor.push(next);
            }
            product = (0..MOST_ORDERS)
                .map(|n| (0..=n).map(|i| Rational::from(&product[i] * &factor[n - i])).sum())
                .collect();
        }
        Ok(product.iter().map(|q| constant.scale(q)).collect())
    }

    /// The Taylor coefficient of order `n` of the analytic factor, about every point of the
    /// place: what `x^n` is multiplied by once the lower coefficients are taken out.
    fn tail(&self, n: usize, place: &Place, range: &Range) -> Option<Ball> {
        let bits = place.x.bits();
        let mut product: Vec<Ball> = (0..=n).map(|i| Ball::from_int(i64::from(i == 0), bits)).collect();
        for o in &self.others {
            let distance = place.distance(&o.z, range)?;
            let mut coefficient = Rational::from(1);
            let mut factor = vec![];
            for i in 0..=n {
                if i > 0 {
                    coefficient *= binomial_step(&o.e, i) * o.slope;
                }
                if coefficient == 0 {
                    factor.push(Ball::from_int(0, bits));
                    continue;
                }
                let lowered = &o.e - Rational::from(i);
                let c = Ball::from_rational(&coefficient, bits).ok()?;
                let raised = if lowered == 0 { c } else { c.mul(&power(&distance, &lowered)?).ok()? };
                factor.push(raised);
            }
            let mut next = vec![];
            for k in 0..=n {
                let zero = Ball::from_int(0, bits);
                next.push(
                    (0..=k).try_fold(zero, |sum, i| sum.add(&product[i].mul(&factor[k - i]).ok()?).ok())?,
                );
            }
            product = next;
        }
        product.pop()
    }
}

/// `binomial(e, n) / binomial(e, n - 1)`
fn binomial_step(e: &Rational, n: usize) -> Rational {
    (e.clone() - Rational::from(n) + Integer::from(1)) / Rational::from(n)
}
