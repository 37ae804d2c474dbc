//! Sparse multivariate polynomials over the rationals, whose generators are terms.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rug::{Integer, Rational};

use crate::expr::Expr;
use crate::prove::effort;

/// What a polynomial is a polynomial in: a symbol, or any other term taken as a whole.
pub type Generator = Arc<Expr>;

/// A product of positive powers of generators, sorted by generator. The order is lexicographic
/// with the smallest generator the most significant; it is a monomial order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Monomial(Vec<(Generator, u32)>);

impl Monomial {
    /// `g^n`
    pub fn power(g: Generator, n: u32) -> Monomial {
        Monomial(if n == 0 { vec![] } else { vec![(g, n)] })
    }
    /// The generators with their exponents, in order.
    pub fn factors(&self) -> &[(Generator, u32)] {
        &self.0
    }
    /// Whether it is the empty product.
    pub fn is_one(&self) -> bool {
        self.0.is_empty()
    }
    /// The exponent of `g`.
    pub fn degree(&self, g: &Expr) -> u32 {
        self.0.iter().find(|(h, _)| **h == *g).map_or(0, |(_, n)| *n)
    }
    /// The monomial without `g`.
    pub fn without(&self, g: &Expr) -> Monomial {
        Monomial(self.0.iter().filter(|(h, _)| **h != *g).cloned().collect())
    }
    /// The product.
    pub fn times(&self, other: &Monomial) -> Monomial {
        let mut out = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some((g, m)), Some((h, n))) = (a.peek(), b.peek()) {
            match g.cmp(h) {
                Ordering::Less => out.extend(a.next().cloned()),
                Ordering::Greater => out.extend(b.next().cloned()),
                Ordering::Equal => {
                    out.push((g.clone(), m + n));
                    a.next();
                    b.next();
                }
            }
        }
        out.extend(a.cloned());
        out.extend(b.cloned());
        Monomial(out)
    }
    /// The quotient, where `other` divides.
    pub fn over(&self, other: &Monomial) -> Option<Monomial> {
        let mut out = self.clone();
        for (g, n) in &other.0 {
            let entry = out.0.iter_mut().find(|(h, _)| h == g)?;
            entry.1 = entry.1.checked_sub(*n)?;
        }
        out.0.retain(|(_, n)| *n > 0);
        Some(out)
    }
    /// The greatest common divisor.
    pub fn gcd(&self, other: &Monomial) -> Monomial {
        let common = self.0.iter().map(|(g, n)| (g.clone(), (*n).min(other.degree(g))));
        Monomial(common.filter(|(_, n)| *n > 0).collect())
    }
}

impl PartialOrd for Monomial {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Monomial {
    fn cmp(&self, other: &Self) -> Ordering {
        for ((g, m), (h, n)) in self.0.iter().zip(&other.0) {
            // A smaller generator is more significant: having it makes the monomial larger.
            let here = h.cmp(g).then(m.cmp(n));
            if here.is_ne() {
                return here;
            }
        }
        self.0.len().cmp(&other.0.len())
    }
}

/// A polynomial; no coefficient is zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Poly(BTreeMap<Monomial, Rational>);

impl Poly {
    /// The polynomial `0`.
    pub fn zero() -> Poly {
        Poly::default()
    }
    /// A constant.
    pub fn constant(c: impl Into<Rational>) -> Poly {
        Poly::monomial(Monomial::default(), c.into())
    }
    /// A generator by itself.
    pub fn generator(g: Expr) -> Poly {
        Poly::monomial(Monomial::power(Arc::new(g), 1), Rational::from(1))
    }
    /// `c m`
    pub fn monomial(m: Monomial, c: Rational) -> Poly {
        Poly(if c == 0 { BTreeMap::new() } else { BTreeMap::from([(m, c)]) })
    }
    /// The terms, smallest monomial first.
    pub fn terms(&self) -> impl DoubleEndedIterator<Item = (&Monomial, &Rational)> {
        self.0.iter()
    }
    /// The number of terms.
    pub fn size(&self) -> usize {
        self.0.len()
    }
    /// Whether it is the polynomial `0`.
    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }
    /// The value, if it is a constant.
    pub fn as_constant(&self) -> Option<Rational> {
        match self.0.len() {
            0 => Some(Rational::new()),
            1 => self.0.iter().next().filter(|(m, _)| m.is_one()).map(|(_, c)| c.clone()),
            _ => None,
        }
    }
    /// The generator, if it is one by itself with coefficient one.
    pub fn as_generator(&self) -> Option<&Generator> {
        let (m, c) = self.0.iter().next().filter(|_| self.0.len() == 1)?;
        match m.factors() {
            [(g, 1)] if *c == 1 => Some(g),
            _ => None,
        }
    }
    /// The largest monomial and its coefficient; `None` for zero.
    pub fn leading(&self) -> Option<(&Monomial, &Rational)> {
        self.0.iter().next_back()
    }
    /// Every generator that occurs.
    pub fn generators(&self) -> BTreeSet<Generator> {
        self.0.keys().flat_map(|m| m.0.iter().map(|(g, _)| g.clone())).collect()
    }
    /// The largest total degree of a term.
    pub fn total_degree(&self) -> u64 {
        self.0.keys().map(|m| m.0.iter().map(|(_, n)| u64::from(*n)).sum()).max().unwrap_or(0)
    }
    /// The degree in `g`.
    pub fn degree(&self, g: &Expr) -> u32 {
        self.0.keys().map(|m| m.degree(g)).max().unwrap_or(0)
    }

    fn add_term(&mut self, m: Monomial, c: Rational) {
        if c == 0 {
            return;
        }
        match self.0.entry(m) {
            std::collections::btree_map::Entry::Vacant(v) => {
                v.insert(c);
            }
            std::collections::btree_map::Entry::Occupied(mut o) => {
                *o.get_mut() += c;
                if *o.get() == 0 {
                    o.remove();
                }
            }
        }
    }

    /// The sum.
    pub fn plus(&self, other: &Poly) -> Poly {
        let mut out = self.clone();
        for (m, c) in &other.0 {
            out.add_term(m.clone(), c.clone());
        }
        out
    }
    /// The difference.
    pub fn minus(&self, other: &Poly) -> Poly {
        self.plus(&other.scaled(&Rational::from(-1)))
    }
    /// `c` times the polynomial.
    pub fn scaled(&self, c: &Rational) -> Poly {
        if *c == 0 {
            return Poly::zero();
        }
        Poly(self.0.iter().map(|(m, d)| (m.clone(), Rational::from(c * d))).collect())
    }
    /// The product.
    pub fn times(&self, other: &Poly) -> Poly {
        effort::note(self.size() * other.size());
        let mut out = Poly::zero();
        for (m, c) in &self.0 {
            for (n, d) in &other.0 {
                out.add_term(m.times(n), Rational::from(c * d));
            }
        }
        out
    }
    /// The `n`-th power.
    pub fn power(&self, n: u32) -> Poly {
        (0..n).fold(Poly::constant(1), |acc, _| acc.times(self))
    }

    /// Quotient and remainder on division by `other` (not zero) in the monomial order: no term
    /// of the remainder is divisible by the divisor's leading monomial.
    pub fn div_rem(&self, other: &Poly) -> (Poly, Poly) {
        let (lead, coefficient) = other.leading().expect("the divisor is not zero");
        let (mut rest, mut quotient, mut remainder) = (self.clone(), Poly::zero(), Poly::zero());
        while let Some((m, c)) = rest.leading().map(|(m, c)| (m.clone(), c.clone())) {
            match m.over(lead) {
                Some(q) => {
                    let c = c / coefficient;
                    rest.subtract(&q, &c, other);
                    quotient.add_term(q, c);
                }
                None => {
                    rest.0.remove(&m);
                    remainder.add_term(m, c);
                }
            }
        }
        (quotient, remainder)
    }
    /// The quotient, where `other` divides.
    pub fn exactly_over(&self, other: &Poly) -> Option<Poly> {
        let (lead, coefficient) = other.leading()?;
        let (mut rest, mut quotient) = (self.clone(), Poly::zero());
        while let Some((m, c)) = rest.leading() {
            // A term that the leading one does not divide is one of the remainder.
            let (q, c) = (m.over(lead)?, Rational::from(c / coefficient));
            rest.subtract(&q, &c, other);
            quotient.add_term(q, c);
        }
        Some(quotient)
    }

    /// Takes away `c m` times the other polynomial.
    fn subtract(&mut self, m: &Monomial, c: &Rational, other: &Poly) {
        effort::note(other.size());
        for (n, d) in &other.0 {
            self.add_term(m.times(n), -Rational::from(c * d));
        }
    }

    /// `self = c p` with `p` of coprime integer coefficients and positive leading coefficient.
    /// Zero gives `(0, 0)`.
    pub fn primitive(&self) -> (Rational, Poly) {
        let Some((_, lead)) = self.leading() else { return (Rational::new(), Poly::zero()) };
        let (mut numer, mut denom) = (Integer::new(), Integer::from(1));
        for c in self.0.values() {
            numer.gcd_mut(c.numer());
            denom.lcm_mut(c.denom());
        }
        let mut content = Rational::from((numer, denom));
        if *lead < 0 {
            content = -content;
        }
        // Most are primitive already.
        let p = if content == 1 { self.clone() } else { self.scaled(&content.clone().recip()) };
        (content, p)
    }
    /// The largest monomial that divides every term.
    pub fn monomial_content(&self) -> Monomial {
        let mut monomials = self.0.keys();
        let Some(first) = monomials.next() else { return Monomial::default() };
        monomials.fold(first.clone(), |acc, m| acc.gcd(m))
    }

    /// The coefficients of `1, g, g^2, …` as polynomials in the other generators.
    pub fn coefficients(&self, g: &Expr) -> Vec<Poly> {
        let mut out = vec![Poly::zero(); self.degree(g) as usize + 1];
        for (m, c) in &self.0 {
            out[m.degree(g) as usize].add_term(m.without(g), c.clone());
        }
        out
    }
    /// The polynomial whose coefficients of `1, g, g^2, …` are given.
    pub fn from_coefficients(g: &Expr, coefficients: &[Poly]) -> Poly {
        let g = Arc::new(g.clone());
        let mut out = Poly::zero();
        for (n, c) in (0..).zip(coefficients) {
            let power = Poly::monomial(Monomial::power(g.clone(), n), Rational::from(1));
            out = out.plus(&c.times(&power));
        }
        out
    }
    /// The polynomial with `value` for `g`.
    pub fn substituted(&self, g: &Expr, value: &Poly) -> Poly {
        let coefficients = self.coefficients(g);
        coefficients.iter().rev().fold(Poly::zero(), |acc, c| acc.times(value).plus(c))
    }
    /// The partial derivative by the generator `g`.
    pub fn derivative(&self, g: &Expr) -> Poly {
        let scaled: Vec<Poly> =
            (0u32..).zip(self.coefficients(g)).skip(1).map(|(n, c)| c.scaled(&Rational::from(n))).collect();
        Poly::from_coefficients(g, &scaled)
    }

    /// The polynomial as a term: positive terms before negative ones, each by falling monomial.
    pub fn to_expr(&self) -> Expr {
        let (plus, minus): (Vec<_>, Vec<_>) = self.0.iter().rev().partition(|(_, c)| **c > 0);
        let mut terms: Vec<Expr> = plus.into_iter().chain(minus).map(|(m, c)| monomial_expr(m, c)).collect();
        match terms.len() {
            0 => Expr::int(0),
            1 => terms.remove(0),
            _ => Expr::Add(terms),
        }
    }
}

fn monomial_expr(m: &Monomial, c: &Rational) -> Expr {
    let mut factors = vec![];
    if *c != 1 || m.is_one() {
        factors.push(Expr::Num(c.clone()));
    }
    for (g, n) in m.factors() {
        factors.push(if *n == 1 {
            (**g).clone()
        } else {
            Expr::pow((**g).clone(), Expr::int(i64::from(*n)))
        });
    }
    if factors.len() == 1 { factors.remove(0) } else { Expr::Mul(factors) }
}

/// Past this many terms the greatest common divisor is not looked for.
const LARGEST_GCD_OPERAND: usize = 120;

/// A greatest common divisor, primitive with positive leading coefficient, by primitive
/// remainder sequences (Knuth, *The Art of Computer Programming* 2, 4.6.1, algorithm E with
/// contents removed). For operands or remainders that grow too large, and once the effort for the
/// question is used up, it gives `1`, which is a common divisor still, if not the greatest.
pub fn gcd(p: &Poly, q: &Poly) -> Poly {
    let (p, q) = (p.primitive().1, q.primitive().1);
    if p.is_zero() {
        return q;
    }
    if q.is_zero() || p == q {
        return p;
    }
    let shared = p.generators().intersection(&q.generators()).next().cloned();
    let small = p.size().max(q.size()) <= LARGEST_GCD_OPERAND && !effort::is_used_up();
    let (Some(g), true) = (shared, small) else {
        return Poly::constant(1);
    };
    let (cp, cq) = (content_in(&p, &g), content_in(&q, &g));
    let content = gcd(&cp, &cq);
    let mut a = p.exactly_over(&cp).expect("a content divides");
    let mut b = q.exactly_over(&cq).expect("a content divides");
    if a.degree(&g) < b.degree(&g) {
        std::mem::swap(&mut a, &mut b);
    }
    while !b.is_zero() {
        if b.degree(&g) == 0 {
            return content;
        }
        let r = pseudo_remainder(&a, &b, &g);
        if r.size() > LARGEST_GCD_OPERAND || effort::is_used_up() {
            return content;
        }
        let c = content_in(&r, &g);
        a = b;
        b = if r.is_zero() { r } else { r.exactly_over(&c).expect("a content divides").primitive().1 };
    }
    content.times(&a).primitive().1
}

/// The greatest common divisor of the coefficients with respect to `g`.
pub fn content_in(p: &Poly, g: &Expr) -> Poly {
    let mut out = Poly::zero();
    for c in p.coefficients(g) {
        out = gcd(&out, &c);
        if out.as_constant().is_some_and(|c| c != 0) {
            break;
        }
    }
    if out.is_zero() { Poly::constant(1) } else { out }
}

fn pseudo_remainder(a: &Poly, b: &Poly, g: &Expr) -> Poly {
    let coefficients = b.coefficients(g);
    let (n, lead) = (b.degree(g), coefficients.last().expect("one coefficient at least").clone());
    let shared = Arc::new(g.clone());
    let mut r = a.clone();
    while !r.is_zero() && r.degree(g) >= n {
        let m = r.degree(g);
        let top = r.coefficients(g).pop().expect("one coefficient at least");
        let shift = Poly::monomial(Monomial::power(shared.clone(), m - n), Rational::from(1));
        r = r.times(&lead).minus(&top.times(&shift).times(b));
    }
    r
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x() -> Poly {
        Poly::generator(Expr::sym("x"))
    }
    fn y() -> Poly {
        Poly::generator(Expr::sym("y"))
    }

    #[test]
    fn the_greatest_common_divisor_of_products_with_a_common_factor_is_that_factor() {
        let f = x().times(&y()).minus(&Poly::constant(1));
        let a = f.times(&x().plus(&y()));
        let b = f.times(&x().minus(&y().scaled(&Rational::from(3))));
        assert_eq!(gcd(&a, &b), f);
        assert_eq!(gcd(&x().plus(&y()), &x().minus(&y())), Poly::constant(1));
    }

    #[test]
    fn division_is_exact_only_by_a_divisor() {
        let f = x().times(&x()).minus(&y().times(&y()));
        assert_eq!(f.exactly_over(&x().plus(&y())), Some(x().minus(&y())));
        assert_eq!(f.exactly_over(&x().plus(&Poly::constant(1))), None);
    }

    #[test]
    fn the_primitive_part_has_coprime_integers_and_a_positive_leading_coefficient() {
        let p = x().scaled(&Rational::from((-2, 3))).plus(&Poly::constant((4, 3)));
        let (c, q) = p.primitive();
        assert_eq!(c, Rational::from((-2, 3)));
        assert_eq!(q, x().minus(&Poly::constant(2)));
    }
}
