//! Sums of rational multiples of roots of rationals: the constants of payoffs, kept exactly.
//!
//! Source: positive radicals whose ratios are pairwise irrational are linearly independent over
//! the rationals (A. S. Besicovitch, *On the linear independence of fractional powers of
//! integers*, 1940; L. J. Mordell, 1953). So a sum that is grouped by rational ratio is zero
//! exactly if it is empty.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rug::ops::Pow as _;
use rug::{Integer, Rational};

use super::SolveError;
use crate::ball::Ball;

/// The size in bits above which a power is not kept exactly.
const LARGEST: u64 = 1 << 16;
/// The precisions at which the sign of a sum is looked for.
const SIGN_BITS: [u32; 6] = [64, 128, 256, 1024, 4096, 16384];

/// `coefficient * b_1^e_1 * ... * b_n^e_n` with pairwise coprime integers `b_i > 1` and
/// exponents strictly between 0 and 1, no `b_i` a perfect power for a prime divisor of the
/// denominator of its exponent. Rational exactly if `n = 0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Radical {
    coefficient: Rational,
    roots: BTreeMap<Integer, Rational>,
}

impl Radical {
    pub(super) fn rational(q: Rational) -> Radical {
        Radical { coefficient: q, roots: BTreeMap::new() }
    }

    /// `self^e`; for a negative number `e` must be an integer.
    fn power(&self, e: &Rational) -> Result<Radical, SolveError> {
        if self.coefficient == 0 {
            return if *e > 0 { Ok(Radical::rational(Rational::new())) } else { Err(SolveError::Undefined) };
        }
        let odd = e.numer().is_odd();
        if self.coefficient < 0 && *e.denom() != 1 {
            return Err(SolveError::Undefined);
        }
        let sign = if self.coefficient < 0 && odd { -1 } else { 1 };
        let mut powers: Vec<(Integer, Rational)> = vec![
            (self.coefficient.numer().clone().abs(), e.clone()),
            (self.coefficient.denom().clone(), Rational::from(-e)),
        ];
        powers.extend(self.roots.iter().map(|(b, f)| (b.clone(), Rational::from(f * e))));
        let mut out = normal(powers)?;
        out.coefficient *= sign;
        Ok(out)
    }

    fn mul(&self, other: &Radical) -> Result<Radical, SolveError> {
        let both = self.roots.iter().chain(&other.roots);
        let mut out = normal(both.map(|(b, e)| (b.clone(), e.clone())).collect())?;
        out.coefficient *= Rational::from(&self.coefficient * &other.coefficient);
        Ok(out)
    }

    /// `self / other`, if it is rational; `other` is not zero.
    fn ratio(&self, other: &Radical) -> Result<Option<Rational>, SolveError> {
        let quotient = self.mul(&other.power(&Rational::from(-1))?)?;
        Ok(quotient.roots.is_empty().then_some(quotient.coefficient))
    }

    fn ball(&self, bits: u32) -> Option<Ball> {
        let mut out = Ball::from_rational(&self.coefficient, bits).ok()?;
        for (b, e) in &self.roots {
            let base = Ball::from_rational(&Rational::from(b), bits).ok()?;
            out = out.mul(&base.pow_rational(e).ok()?).ok()?;
        }
        Some(out)
    }
}

/// The product of positive integers to rational powers, in normal form.
fn normal(powers: Vec<(Integer, Rational)>) -> Result<Radical, SolveError> {
    let mut coefficient = Rational::from(1);
    let mut roots = BTreeMap::new();
    for (base, exponent) in coprime(powers) {
        let (mut base, mut exponent) = (base, exponent);
        // b = c^d turns b^(a/(dn)) into c^(a/n).
        let mut d = 2;
        while *exponent.denom() >= d && u64::from(base.significant_bits()) > u64::from(d) {
            if exponent.denom().is_divisible_u(d)
                && let Some(root) = perfect_root(&base, d)
            {
                (base, exponent) = (root, exponent * d);
            } else {
                d += 1;
            }
        }
        let whole = Integer::from(exponent.floor_ref());
        coefficient *= integer_power(&base, &whole)?;
        let rest = exponent - whole;
        if rest != 0 {
            roots.insert(base, rest);
        }
    }
    Ok(Radical { coefficient, roots })
}

fn integer_power(base: &Integer, n: &Integer) -> Result<Rational, SolveError> {
    let n = n.to_i32().ok_or(SolveError::TooLarge)?;
    if u64::from(base.significant_bits()) * u64::from(n.unsigned_abs()) > LARGEST {
        return Err(SolveError::TooLarge);
    }
    Ok(Rational::from(base).pow(n))
}

/// The `d`-th root of `b > 1`, if it is an integer.
fn perfect_root(b: &Integer, d: u32) -> Option<Integer> {
    let (root, rest) = b.clone().root_rem(Integer::new(), d);
    (rest == 0).then_some(root)
}

/// The same product over pairwise coprime bases greater than one.
fn coprime(mut todo: Vec<(Integer, Rational)>) -> Vec<(Integer, Rational)> {
    let mut done: Vec<(Integer, Rational)> = vec![];
    while let Some((base, exponent)) = todo.pop() {
        if base == 1 || exponent == 0 {
            continue;
        }
        let clash = done.iter().position(|(b, _)| Integer::from(b.gcd_ref(&base)) != 1);
        let Some(i) = clash else {
            done.push((base, exponent));
            continue;
        };
        let (b, e) = done.swap_remove(i);
        let g = Integer::from(b.gcd_ref(&base));
        // Every split divides the product of all bases by g > 1, so this ends.
        todo.push((b.div_exact(&g), e.clone()));
        todo.push((base.div_exact(&g), exponent.clone()));
        todo.push((g, e + exponent));
    }
    done
}

/// A sum of radicals, none of them zero, with pairwise irrational ratios: zero exactly if empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Surd(Vec<Radical>);

impl Surd {
    pub(super) fn rational(q: Rational) -> Surd {
        Surd(if q == 0 { vec![] } else { vec![Radical::rational(q)] })
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// The number, if it is rational.
    pub(super) fn as_rational(&self) -> Option<Rational> {
        match self.0.as_slice() {
            [] => Some(Rational::new()),
            [r] if r.roots.is_empty() => Some(r.coefficient.clone()),
            _ => None,
        }
    }

    fn push(&mut self, r: Radical) -> Result<(), SolveError> {
        if r.coefficient == 0 {
            return Ok(());
        }
        for i in 0..self.0.len() {
            if let Some(ratio) = r.ratio(&self.0[i])? {
                self.0[i].coefficient *= ratio + 1u32;
                if self.0[i].coefficient == 0 {
                    self.0.remove(i);
                }
                return Ok(());
            }
        }
        self.0.push(r);
        Ok(())
    }

    pub(super) fn add(&self, other: &Surd) -> Result<Surd, SolveError> {
        let mut out = self.clone();
        for r in &other.0 {
            out.push(r.clone())?;
        }
        Ok(out)
    }

    pub(super) fn mul(&self, other: &Surd) -> Result<Surd, SolveError> {
        let mut out = Surd::default();
        for a in &self.0 {
            for b in &other.0 {
                out.push(a.mul(b)?)?;
            }
        }
        Ok(out)
    }

    #[must_use]
    pub(super) fn scale(&self, q: &Rational) -> Surd {
        if *q == 0 {
            return Surd::default();
        }
        let scaled =
            |r: &Radical| Radical { coefficient: Rational::from(&r.coefficient * q), roots: r.roots.clone() };
        Surd(self.0.iter().map(scaled).collect())
    }

    /// `self^e`: for a single radical, and for zero with `e > 0`.
    pub(super) fn power(&self, e: &Rational) -> Result<Surd, SolveError> {
        match self.0.as_slice() {
            [] if *e > 0 => Ok(Surd::default()),
            [] => Err(SolveError::Undefined),
            [r] => Ok(Surd(vec![r.power(e)?])),
            _ => Err(SolveError::Unsupported("a sum of roots under a power")),
        }
    }

    pub(super) fn ball(&self, bits: u32) -> Option<Ball> {
        let mut out = Ball::from_int(0, bits);
        for r in &self.0 {
            out = out.add(&r.ball(bits)?).ok()?;
        }
        Some(out)
    }

    /// The sign; `None` if a number that is not zero is too small to be told from it.
    pub(super) fn sign(&self) -> Option<Ordering> {
        if self.is_zero() {
            return Some(Ordering::Equal);
        }
        SIGN_BITS.iter().find_map(|bits| self.ball(*bits)?.sign())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(n: i64, d: i64, e: (i64, i64)) -> Surd {
        Surd::rational(Rational::from((n, d))).power(&Rational::from(e)).expect("small numbers")
    }

    #[test]
    fn radicals_with_a_rational_ratio_are_combined() {
        let sum =
            root(8, 1, (1, 2)).add(&root(2, 1, (1, 2)).scale(&Rational::from(-2))).expect("small numbers");
        assert!(sum.is_zero());
        let sum = root(12, 1, (1, 2)).add(&root(1, 3, (1, 2))).expect("small numbers");
        assert_eq!(sum.mul(&sum).expect("small numbers").as_rational(), Some(Rational::from((49, 3))));
    }

    #[test]
    fn a_product_of_roots_that_is_rational_is_recognised() {
        let product = root(2, 1, (1, 2)).mul(&root(8, 1, (1, 2))).expect("small numbers");
        assert_eq!(product.as_rational(), Some(Rational::from(4)));
        let product = root(6, 35, (2, 3)).mul(&root(36, 1225, (1, 6))).expect("small numbers");
        assert_eq!(product.as_rational(), Some(Rational::from((6, 35))));
        assert_eq!(root(4, 1, (1, 4)), root(2, 1, (1, 2)));
    }

    #[test]
    fn different_roots_do_not_cancel() {
        let sum = root(2, 1, (1, 2)).add(&root(3, 1, (1, 2))).expect("small numbers");
        let nearly = sum.add(&root(10, 1, (1, 2)).scale(&Rational::from(-1))).expect("small numbers");
        assert!(!nearly.is_zero() && nearly.as_rational().is_none());
        assert_eq!(nearly.sign(), Some(Ordering::Less));
    }

    #[test]
    fn an_even_root_of_a_negative_number_is_undefined() {
        let minus = Surd::rational(Rational::from(-2));
        assert!(minus.power(&Rational::from((1, 2))).is_err());
        assert_eq!(
            minus.power(&Rational::from(-3)).expect("small numbers").as_rational(),
            Some(Rational::from((-1, 8)))
        );
        assert!(Surd::default().power(&Rational::new()).is_err());
    }
}
