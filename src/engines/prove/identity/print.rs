//! Canonical forms as readable terms.

use std::collections::BTreeMap;

use rug::Rational;

use super::canon::Canon;
use super::frac::Frac;
use super::poly::{Monomial, Poly};
use crate::expr::Expr;
use crate::prove::signs::SignSet;

/// The form as a sum of power products, terms with the same symbolic powers collected, powers of
/// one base joined (`d d^{1/(k-1)}` is `d^{k/(k-1)}`).
pub fn printed(f: &Frac, canon: &mut Canon) -> Expr {
    let mut groups: BTreeMap<Monomial, Poly> = BTreeMap::new();
    for (m, c) in f.numerator.terms() {
        let (mut power, mut plain) = (Monomial::default(), Monomial::default());
        for (g, n) in m.factors() {
            let part = Monomial::power(g.clone(), *n);
            if canon.meanings.contains_key(&**g) {
                power = power.times(&part);
            } else {
                plain = plain.times(&part);
            }
        }
        let entry = groups.entry(power).or_default();
        *entry = entry.plus(&Poly::monomial(plain, c.clone()));
    }
    let mut terms: Vec<Expr> = groups.iter().map(|(m, p)| group(m, p, f, canon)).collect();
    match terms.len() {
        0 => Expr::int(0),
        1 => terms.remove(0),
        _ => Expr::Add(terms),
    }
}

/// One coefficient times its power product over the common denominator.
fn group(power: &Monomial, coefficient: &Poly, f: &Frac, canon: &mut Canon) -> Expr {
    let mut bases = Bases { content: Rational::from(1), exponents: BTreeMap::new() };
    let (content, parts) = canon.factored(coefficient).expect("a group has a coefficient");
    bases.content *= content;
    for (g, n) in power.factors() {
        bases.raise(&Poly::generator((**g).clone()), i64::from(*n), canon);
    }
    for (p, n) in parts {
        bases.raise(&p, i64::from(n), canon);
    }
    for (p, n) in &f.denominator {
        bases.raise(p, -i64::from(*n), canon);
    }
    bases.into_expr()
}

/// Bases with the exponents gathered so far.
struct Bases {
    content: Rational,
    exponents: BTreeMap<Expr, Frac>,
}

impl Bases {
    fn raise(&mut self, p: &Poly, n: i64, canon: &mut Canon) {
        if let Some(m) = p.as_generator().and_then(|g| canon.meanings.get(&**g)) {
            self.join(m.base.clone(), m.exponent.times(&Frac::constant(n)));
            return;
        }
        // A base such as `1 - d` is met as the primitive polynomial `d - 1` here.
        let negative = p.size() > 1 && canon.signs(&p.to_expr()).within(SignSet::AT_MOST_ZERO);
        if negative {
            if n % 2 != 0 {
                self.content *= -1;
            }
            self.join(p.scaled(&Rational::from(-1)).to_expr(), Frac::constant(n));
        } else {
            self.join(p.to_expr(), Frac::constant(n));
        }
    }
    fn join(&mut self, base: Expr, exponent: Frac) {
        let entry = self.exponents.entry(base).or_insert_with(|| Frac::constant(0));
        *entry = entry.plus(&exponent);
    }
    fn into_expr(self) -> Expr {
        let mut factors = vec![];
        for (base, x) in self.exponents.into_iter().filter(|(_, x)| !x.is_zero()) {
            factors.push(if x == Frac::constant(1) { base } else { Expr::pow(base, x.to_expr()) });
        }
        if self.content != 1 || factors.is_empty() {
            factors.insert(0, Expr::Num(self.content));
        }
        if factors.len() == 1 { factors.remove(0) } else { Expr::Mul(factors) }
    }
}
