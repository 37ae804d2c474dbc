//! Fractions of polynomials with the denominator kept in factors.

use std::collections::BTreeMap;

use rug::Rational;

use super::poly::{Monomial, Poly};
use crate::expr::Expr;
use crate::expr::fold::fold;
use crate::prove::effort;

/// The largest literal exponent to which a sum is raised.
const LARGEST_POWER: i64 = 24;
/// A polynomial with more terms is not worked on.
pub const LARGEST_POLY: usize = 1500;
/// A polynomial of a larger total degree is not worked on: exponents are machine words.
const LARGEST_DEGREE: u64 = 1 << 16;
/// Two polynomials with more pairs of terms are not multiplied.
const LARGEST_PRODUCT: usize = 100_000;

/// `numerator / product of factor^n`. Every factor is primitive with a positive leading
/// coefficient and is not constant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Frac {
    pub numerator: Poly,
    pub denominator: BTreeMap<Poly, u32>,
}

impl Frac {
    /// A polynomial as a fraction.
    pub fn poly(p: Poly) -> Frac {
        Frac { numerator: p, denominator: BTreeMap::new() }
    }
    /// A constant.
    pub fn constant(c: impl Into<Rational>) -> Frac {
        Frac::poly(Poly::constant(c))
    }
    /// Whether it is literally zero.
    pub fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }
    /// The value, if it is a constant.
    pub fn as_constant(&self) -> Option<Rational> {
        self.denominator.is_empty().then(|| self.numerator.as_constant()).flatten()
    }
    /// The denominator, multiplied out.
    pub fn expanded_denominator(&self) -> Poly {
        self.denominator.iter().fold(Poly::constant(1), |acc, (f, n)| acc.times(&f.power(*n)))
    }

    /// The sum, over the least common multiple of the factored denominators.
    pub fn plus(&self, other: &Frac) -> Frac {
        let mut common = self.denominator.clone();
        for (f, n) in &other.denominator {
            let entry = common.entry(f.clone()).or_insert(0);
            *entry = (*entry).max(*n);
        }
        let numerator = self.lifted(&common).plus(&other.lifted(&common));
        Frac { numerator, denominator: common }.cancelled()
    }
    /// The sum; `None` where it would take too long.
    pub fn small_plus(&self, other: &Frac) -> Option<Frac> {
        let lifts = |from: &Frac, to: &Frac| {
            let missing = to.denominator.iter().map(|(f, n)| {
                let n = n.saturating_sub(from.denominator.get(f).copied().unwrap_or(0));
                terms_of_power(f.size(), n)
            });
            missing.fold(from.numerator.size(), usize::saturating_mul) <= LARGEST_PRODUCT
        };
        let degree = self.degree() + other.degree();
        (degree <= LARGEST_DEGREE && lifts(self, other) && lifts(other, self)).then(|| self.plus(other))
    }
    /// The numerator over the denominator `common`, a multiple of this one.
    fn lifted(&self, common: &BTreeMap<Poly, u32>) -> Poly {
        common.iter().fold(self.numerator.clone(), |acc, (f, n)| {
            let here = self.denominator.get(f).copied().unwrap_or(0);
            acc.times(&f.power(n - here))
        })
    }
    /// The negation.
    pub fn negated(&self) -> Frac {
        Frac { numerator: self.numerator.scaled(&Rational::from(-1)), denominator: self.denominator.clone() }
    }
    /// The difference.
    pub fn minus(&self, other: &Frac) -> Frac {
        self.plus(&other.negated())
    }
    /// The product.
    pub fn times(&self, other: &Frac) -> Frac {
        let mut denominator = self.denominator.clone();
        for (f, n) in &other.denominator {
            *denominator.entry(f.clone()).or_insert(0) += n;
        }
        Frac { numerator: self.numerator.times(&other.numerator), denominator }.cancelled()
    }
    /// The product; `None` where it would take too long.
    pub fn small_times(&self, other: &Frac) -> Option<Frac> {
        let pairs = self.numerator.size() * other.numerator.size();
        let degree = self.degree() + other.degree();
        (pairs <= LARGEST_PRODUCT && degree <= LARGEST_DEGREE).then(|| self.times(other))
    }
    /// A bound on the degrees of numerator and denominator.
    fn degree(&self) -> u64 {
        let below = self.denominator.iter().map(|(f, n)| f.total_degree() * u64::from(*n)).sum();
        self.numerator.total_degree().max(below)
    }
    /// The reciprocal; `known` are factors to look for in the numerator. `None` for zero.
    pub fn inverted(&self, known: &[Poly]) -> Option<Frac> {
        let (content, factors) = factors(&self.numerator, known)?;
        let numerator = self.expanded_denominator().scaled(&content.recip());
        Some(Frac { numerator, denominator: factors }.cancelled())
    }
    /// The `n`-th power; `None` for a negative power of zero and for a power too large.
    pub fn power(&self, n: i64, known: &[Poly]) -> Option<Frac> {
        if n < 0 {
            return self.inverted(known)?.power(n.checked_neg()?, known);
        }
        let small = self.numerator.size() <= 1 && n <= 1000;
        if n > LARGEST_POWER && !small {
            return None;
        }
        let n = u32::try_from(n).ok()?;
        if self.degree() * u64::from(n) > LARGEST_DEGREE {
            return None;
        }
        if terms_of_power(self.numerator.size(), n) > LARGEST_POLY {
            return None;
        }
        let denominator = self.denominator.iter().map(|(f, m)| (f.clone(), m * n)).filter(|(_, m)| *m > 0);
        Some(Frac { numerator: self.numerator.power(n), denominator: denominator.collect() })
    }

    /// Factors of the denominator that divide the numerator, taken out of both. A factor of a
    /// denominator is nonzero wherever the term it came from is defined.
    fn cancelled(mut self) -> Frac {
        let mut denominator = BTreeMap::new();
        for (f, mut n) in std::mem::take(&mut self.denominator) {
            while n > 0
                && let Some(q) = self.numerator.exactly_over(&f)
            {
                self.numerator = q;
                n -= 1;
            }
            if n > 0 {
                denominator.insert(f, n);
            }
        }
        if self.numerator.is_zero() {
            denominator.clear();
        }
        Frac { numerator: self.numerator, denominator }
    }

    /// The fraction as a term.
    pub fn to_expr(&self) -> Expr {
        let mut parts = vec![];
        let (content, rest) = self.numerator.primitive();
        if self.denominator.is_empty() {
            return self.numerator.to_expr();
        }
        if rest.as_constant().is_none() {
            parts.push(rest.to_expr());
        }
        if content != 1 || parts.is_empty() {
            parts.insert(0, Expr::Num(content));
        }
        for (f, n) in &self.denominator {
            parts.push(Expr::pow(f.to_expr(), Expr::int(-i64::from(*n))));
        }
        if parts.len() == 1 { parts.remove(0) } else { Expr::Mul(parts) }
    }

    /// The fraction of an elementary term over its symbols, its powers with other than literal
    /// integer exponents, its functions and its case distinctions, each of these taken as a
    /// whole. It has the term's value wherever the term is defined. `None` where a literal
    /// division by zero, an operator or too large a polynomial is in the way, and once the effort
    /// for the question is used up.
    pub fn of(e: &Expr) -> Option<Frac> {
        effort::spend(1)?;
        let out = match e {
            Expr::Num(n) => Frac::constant(n.clone()),
            Expr::Add(xs) => {
                let mut acc = Frac::constant(0);
                for x in xs {
                    acc = acc.small_plus(&Frac::of(x)?)?;
                }
                acc
            }
            Expr::Mul(xs) => {
                let mut acc = Frac::constant(1);
                for x in xs {
                    acc = acc.small_times(&Frac::of(x)?)?;
                }
                acc
            }
            Expr::Pow(b, x) => match x.as_int() {
                Some(n) => Frac::of(b)?.power(n, &[])?,
                None => Frac::poly(Poly::generator(fold(e))),
            },
            Expr::Sym(_) => Frac::poly(Poly::generator(e.clone())),
            Expr::Fun(..) | Expr::Cases(_) => Frac::poly(Poly::generator(fold(e))),
            _ => return None,
        };
        (out.numerator.size() <= LARGEST_POLY && out.degree() <= LARGEST_DEGREE).then_some(out)
    }
}

/// At most how many terms the `n`-th power of a sum of `t` terms has: `n + t - 1` over `t - 1`,
/// or a number past the limit once it is passed.
fn terms_of_power(t: usize, n: u32) -> usize {
    let mut out: usize = 1;
    for i in 1..t {
        out = out * (n as usize + i) / i;
        if out > LARGEST_POLY {
            break;
        }
    }
    out
}

/// `p = content * product of factor^n`: its generators, those of `known` that divide, contents
/// and repeated factors are found; what is left counts as one factor. `None` for zero.
pub fn factors(p: &Poly, known: &[Poly]) -> Option<(Rational, BTreeMap<Poly, u32>)> {
    let mut out = BTreeMap::new();
    if p.is_zero() {
        return None;
    }
    let (content, mut rest) = p.primitive();
    let common = rest.monomial_content();
    for (g, n) in common.factors() {
        out.insert(Poly::monomial(Monomial::power(g.clone(), 1), Rational::from(1)), *n);
    }
    rest =
        rest.exactly_over(&Poly::monomial(common, Rational::from(1))).expect("the common monomial divides");
    for k in known.iter().filter(|k| k.size() > 1) {
        while let Some(q) = rest.exactly_over(k) {
            *out.entry(k.clone()).or_insert(0) += 1;
            rest = q;
        }
    }
    split(rest, 1, &mut out);
    let product = out.iter().fold(Poly::constant(1), |acc, (f, n)| acc.times(&f.power(*n)));
    let (found, _) = product.primitive();
    debug_assert_eq!(found, Rational::from(1), "a product of primitive polynomials is primitive");
    Some((content, out))
}

/// Splits a primitive polynomial by contents and repeated factors.
fn split(p: Poly, times: u32, out: &mut BTreeMap<Poly, u32>) {
    if p.as_constant().is_some() {
        return;
    }
    let generators = p.generators();
    // Linear in a generator with a constant coefficient: irreducible.
    let is_linear = |g: &Expr| match &p.coefficients(g)[..] {
        [_, c] => c.as_constant().is_some(),
        _ => false,
    };
    if generators.iter().any(|g| is_linear(g)) {
        *out.entry(p).or_insert(0) += times;
        return;
    }
    for g in generators {
        let mut divisors = vec![super::poly::content_in(&p, &g)];
        if p.degree(&g) > 1 {
            divisors.push(super::poly::gcd(&p, &p.derivative(&g)));
        }
        for d in divisors {
            if d.as_constant().is_none()
                && d != p
                && let Some(q) = p.exactly_over(&d)
            {
                split(d, times, out);
                split(q.primitive().1, times, out);
                return;
            }
        }
    }
    *out.entry(p).or_insert(0) += times;
}
