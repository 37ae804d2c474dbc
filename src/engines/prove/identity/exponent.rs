//! Exponents as rational combinations of fixed units.

use std::collections::BTreeMap;

use rug::Rational;

use super::frac::Frac;
use super::poly::Poly;

/// The exponent as a literal plus a combination of units, each a monomial over a denominator:
/// `k/(k-1)` is `1 + 1/(k-1)`. Two exponents that differ by an integer have the same units.
pub fn parts(x: &Frac) -> (Rational, Vec<(Frac, Rational)>) {
    let mut sum: BTreeMap<Frac, Rational> = BTreeMap::new();
    collect(&x.numerator, &x.denominator, &mut sum);
    let constant = sum.remove(&Frac::constant(1)).unwrap_or_default();
    (constant, sum.into_iter().filter(|(_, q)| *q != 0).collect())
}

/// Adds `numerator/denominator` to the sum, with the numerator divided by every factor of the
/// denominator as far as it goes.
fn collect(numerator: &Poly, denominator: &BTreeMap<Poly, u32>, sum: &mut BTreeMap<Frac, Rational>) {
    let mut rest = numerator.clone();
    for (f, n) in denominator {
        let (quotient, remainder) = rest.div_rem(&f.power(*n));
        if !quotient.is_zero() {
            let mut others = denominator.clone();
            others.remove(f);
            collect(&quotient, &others, sum);
            rest = remainder;
        }
    }
    for (m, c) in rest.terms() {
        let unit = Frac {
            numerator: Poly::monomial(m.clone(), Rational::from(1)),
            denominator: denominator.clone(),
        };
        *sum.entry(unit).or_default() += c;
    }
}
