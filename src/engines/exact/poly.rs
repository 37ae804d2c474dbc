//! Polynomials in several variables with integer coefficients.

use rug::ops::Pow as _;
use rug::{Integer, Rational};
use serde::{Deserialize, Serialize};

/// A variable: a small index. The largest one of a polynomial is its main variable.
pub type Var = u32;

/// A polynomial over the integers, as a polynomial in its main variable whose coefficients are
/// polynomials in smaller variables.
///
/// The representation is canonical (equal polynomials are equal values): a `Sum` has degree at
/// least one in its variable, and its last coefficient is not zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<(String, Vec<Var>)>", into = "Vec<(String, Vec<Var>)>")]
pub enum Poly {
    /// A constant.
    Const(Integer),
    /// `coeffs[0] + coeffs[1] var + …`
    Sum { var: Var, coeffs: Vec<Poly> },
}

impl Poly {
    /// The constant `n`.
    pub fn int(n: i64) -> Poly {
        Poly::Const(Integer::from(n))
    }
    /// Zero.
    pub fn zero() -> Poly {
        Poly::Const(Integer::new())
    }
    /// One.
    pub fn one() -> Poly {
        Poly::int(1)
    }
    /// The variable `v`.
    pub fn var(v: Var) -> Poly {
        Poly::Sum { var: v, coeffs: vec![Poly::zero(), Poly::one()] }
    }
    /// `coeffs[0] + coeffs[1] var + …`; the coefficients contain only variables below `var`.
    pub fn from_coeffs(var: Var, mut coeffs: Vec<Poly>) -> Poly {
        while coeffs.last().is_some_and(Poly::is_zero) {
            coeffs.pop();
        }
        match coeffs.len() {
            0 => Poly::zero(),
            1 => coeffs.remove(0),
            _ => Poly::Sum { var, coeffs },
        }
    }
    /// The sum of terms, each a coefficient and the exponents of variables 0, 1, 2, …
    pub fn from_terms<'a>(terms: impl IntoIterator<Item = (Integer, &'a [u32])>) -> Poly {
        let mut sum = Poly::zero();
        for (c, exponents) in terms {
            let mut term = Poly::Const(c);
            for (v, e) in exponents.iter().enumerate() {
                if *e > 0 {
                    let mut coeffs = vec![Poly::zero(); *e as usize];
                    coeffs.push(term);
                    term = Poly::from_coeffs(v as Var, coeffs);
                }
            }
            sum = &sum + &term;
        }
        sum
    }
    /// The terms: coefficient and exponents of variables 0, 1, 2, …, without trailing zeros.
    pub fn terms(&self) -> Vec<(Integer, Vec<u32>)> {
        match self {
            Poly::Const(c) if *c == 0 => vec![],
            Poly::Const(c) => vec![(c.clone(), vec![])],
            Poly::Sum { var, coeffs } => {
                let mut out = vec![];
                for (e, c) in coeffs.iter().enumerate() {
                    for (n, mut exponents) in c.terms() {
                        if e > 0 {
                            exponents.resize(*var as usize, 0);
                            exponents.push(e as u32);
                        }
                        out.push((n, exponents));
                    }
                }
                out
            }
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        matches!(self, Poly::Const(c) if *c == 0)
    }
    /// The value, if it is a constant.
    pub fn as_const(&self) -> Option<&Integer> {
        match self {
            Poly::Const(c) => Some(c),
            Poly::Sum { .. } => None,
        }
    }
    /// The largest variable that occurs.
    pub fn main(&self) -> Option<Var> {
        match self {
            Poly::Const(_) => None,
            Poly::Sum { var, .. } => Some(*var),
        }
    }
    /// Whether `v` occurs.
    pub fn mentions(&self, v: Var) -> bool {
        match self {
            Poly::Const(_) => false,
            Poly::Sum { var, coeffs } => *var == v || (*var > v && coeffs.iter().any(|c| c.mentions(v))),
        }
    }
    /// The degree in the main variable; 0 for constants.
    pub fn degree(&self) -> usize {
        match self {
            Poly::Const(_) => 0,
            Poly::Sum { coeffs, .. } => coeffs.len() - 1,
        }
    }
    /// The degree in `v`, for any variable.
    pub fn degree_in(&self, v: Var) -> usize {
        match self {
            Poly::Sum { var, .. } if *var == v => self.degree(),
            Poly::Sum { var, coeffs } if *var > v => coeffs.iter().map(|c| c.degree_in(v)).max().unwrap_or(0),
            _ => 0,
        }
    }
    /// The largest degree of a term.
    pub fn total_degree(&self) -> usize {
        match self {
            Poly::Const(_) => 0,
            Poly::Sum { coeffs, .. } => coeffs
                .iter()
                .enumerate()
                .filter(|(_, c)| !c.is_zero())
                .map(|(e, c)| e + c.total_degree())
                .max()
                .unwrap_or(0),
        }
    }
    /// The degree in `v`, which must be the main variable or larger.
    pub fn degree_main(&self, v: Var) -> usize {
        if self.main() == Some(v) { self.degree() } else { 0 }
    }
    /// The coefficients as a polynomial in `v`, the main variable or larger; `[self]` if `v` does
    /// not occur.
    pub fn coeffs(&self, v: Var) -> &[Poly] {
        match self {
            Poly::Sum { var, coeffs } if *var == v => coeffs,
            other => std::slice::from_ref(other),
        }
    }
    /// The leading coefficient as a polynomial in `v`, the main variable or larger.
    pub fn lead(&self, v: Var) -> &Poly {
        self.coeffs(v).last().expect("a polynomial has a coefficient")
    }
    /// The integer in front of the leading term (main variable first).
    pub fn lead_integer(&self) -> &Integer {
        match self {
            Poly::Const(c) => c,
            Poly::Sum { coeffs, .. } => coeffs.last().expect("degree at least one").lead_integer(),
        }
    }
    /// A measure of size: the number of coefficients, weighted by their length in words.
    pub fn size(&self) -> u64 {
        match self {
            Poly::Const(c) => 1 + u64::from(c.significant_bits()) / 64,
            Poly::Sum { coeffs, .. } => coeffs.iter().map(Poly::size).sum(),
        }
    }

    /// `self * c`
    pub fn scale(&self, c: &Integer) -> Poly {
        if *c == 0 {
            return Poly::zero();
        }
        self.map_integers(&|n| Integer::from(n * c))
    }
    /// Applies a map that keeps non-zero integers non-zero to each coefficient.
    pub(super) fn map_integers(&self, f: &impl Fn(&Integer) -> Integer) -> Poly {
        match self {
            Poly::Const(c) if *c == 0 => Poly::zero(),
            Poly::Const(c) => Poly::Const(f(c)),
            Poly::Sum { var, coeffs } => {
                Poly::Sum { var: *var, coeffs: coeffs.iter().map(|c| c.map_integers(f)).collect() }
            }
        }
    }
    /// The `n`-th power.
    pub fn pow(&self, n: u32) -> Poly {
        match self {
            Poly::Const(c) => Poly::Const(c.clone().pow(n)),
            _ => {
                let mut out = Poly::one();
                let mut square = self.clone();
                let mut n = n;
                while n > 0 {
                    if n & 1 == 1 {
                        out = &out * &square;
                    }
                    n >>= 1;
                    if n > 0 {
                        square = &square * &square;
                    }
                }
                out
            }
        }
    }
    /// `self * v^n`, where `v` is the main variable or larger.
    pub fn shift(&self, v: Var, n: usize) -> Poly {
        if n == 0 || self.is_zero() {
            return self.clone();
        }
        let mut coeffs = vec![Poly::zero(); n];
        coeffs.extend_from_slice(self.coeffs(v));
        Poly::from_coeffs(v, coeffs)
    }
    /// The derivative by `v`.
    pub fn derivative(&self, v: Var) -> Poly {
        match self {
            Poly::Sum { var, coeffs } if *var == v => Poly::from_coeffs(
                v,
                coeffs.iter().enumerate().skip(1).map(|(e, c)| c.scale(&Integer::from(e))).collect(),
            ),
            Poly::Sum { var, coeffs } if *var > v => {
                Poly::from_coeffs(*var, coeffs.iter().map(|c| c.derivative(v)).collect())
            }
            _ => Poly::zero(),
        }
    }

    /// The quotient, if `other` divides `self` with integer coefficients.
    pub fn divide(&self, other: &Poly) -> Option<Poly> {
        match (self, other) {
            (_, Poly::Const(d)) if *d == 0 => None,
            (Poly::Const(a), Poly::Const(d)) => {
                a.is_divisible(d).then(|| Poly::Const(a.clone().div_exact(d)))
            }
            (a, _) if a.is_zero() => Some(Poly::zero()),
            (Poly::Const(_), Poly::Sum { .. }) => None,
            (Poly::Sum { var, coeffs }, Poly::Const(_)) => {
                let quotient: Option<Vec<_>> = coeffs.iter().map(|c| c.divide(other)).collect();
                Some(Poly::from_coeffs(*var, quotient?))
            }
            (Poly::Sum { var, coeffs }, d) if d.main() < Some(*var) => {
                let quotient: Option<Vec<_>> = coeffs.iter().map(|c| c.divide(d)).collect();
                Some(Poly::from_coeffs(*var, quotient?))
            }
            (Poly::Sum { var, .. }, Poly::Sum { var: w, .. }) if w > var => None,
            (Poly::Sum { var, coeffs }, Poly::Sum { coeffs: divisor, .. }) => {
                Some(Poly::from_coeffs(*var, long_division(coeffs.clone(), divisor)?))
            }
        }
    }

    /// The value with `v` replaced by the rational `r`, times a positive integer (a power of the
    /// denominator of `r`): the sign everywhere is that of the substituted polynomial.
    pub fn at_rational(&self, v: Var, r: &Rational) -> Poly {
        let degree = self.degree_in(v);
        if degree == 0 {
            return self.clone();
        }
        let (a, b) = (r.numer(), r.denom());
        // weights[e] = a^e b^(degree - e)
        let weights: Vec<Integer> =
            (0..=degree).map(|e| a.clone().pow(e as u32) * b.clone().pow((degree - e) as u32)).collect();
        self.weigh(v, &weights)
    }

    fn weigh(&self, v: Var, weights: &[Integer]) -> Poly {
        match self {
            Poly::Sum { var, coeffs } if *var == v => {
                let mut sum = Poly::zero();
                for (c, w) in coeffs.iter().zip(weights) {
                    sum = &sum + &c.scale(w);
                }
                sum
            }
            Poly::Sum { var, coeffs } if *var > v => {
                Poly::from_coeffs(*var, coeffs.iter().map(|c| c.weigh(v, weights)).collect())
            }
            other => other.scale(&weights[0]),
        }
    }

    /// `den^degree_in(v)` times the value with `v` replaced by `num/den`.
    pub fn at_quotient(&self, v: Var, num: &Poly, den: &Poly) -> Poly {
        let degree = self.degree_in(v) as u32;
        let mut sum = Poly::zero();
        for (e, c) in self.collect(v).iter().enumerate() {
            if !c.is_zero() {
                sum = &sum + &(&(c * &num.pow(e as u32)) * &den.pow(degree - e as u32));
            }
        }
        sum
    }

    /// The coefficients as a polynomial in any variable `v`.
    pub fn collect(&self, v: Var) -> Vec<Poly> {
        match self {
            Poly::Sum { var, coeffs } if *var > v => {
                let mut out = vec![vec![]; self.degree_in(v) + 1];
                for c in coeffs {
                    let mut inner = c.collect(v);
                    inner.resize(out.len(), Poly::zero());
                    for (slot, p) in out.iter_mut().zip(inner) {
                        slot.push(p);
                    }
                }
                out.into_iter().map(|cs| Poly::from_coeffs(*var, cs)).collect()
            }
            other => other.coeffs(v).to_vec(),
        }
    }

    /// The polynomial with each variable `v` renamed to `to(v)`, which must be injective.
    pub fn rename(&self, to: &impl Fn(Var) -> Var) -> Poly {
        let terms: Vec<(Integer, Vec<u32>)> = self
            .terms()
            .into_iter()
            .map(|(c, exponents)| {
                let mut renamed = vec![];
                for (v, e) in exponents.into_iter().enumerate().filter(|(_, e)| *e > 0) {
                    let w = to(v as Var) as usize;
                    if renamed.len() <= w {
                        renamed.resize(w + 1, 0);
                    }
                    renamed[w] = e;
                }
                (c, renamed)
            })
            .collect();
        Poly::from_terms(terms.iter().map(|(c, e)| (c.clone(), e.as_slice())))
    }

    /// The variables that occur, ascending.
    pub fn variables(&self) -> Vec<Var> {
        let mut out = std::collections::BTreeSet::new();
        self.collect_variables(&mut out);
        out.into_iter().collect()
    }

    fn collect_variables(&self, out: &mut std::collections::BTreeSet<Var>) {
        if let Poly::Sum { var, coeffs } = self {
            out.insert(*var);
            coeffs.iter().for_each(|c| c.collect_variables(out));
        }
    }

    /// The value at a rational point; variables beyond the point's length must not occur.
    pub fn value(&self, point: &[Rational]) -> Rational {
        match self {
            Poly::Const(c) => Rational::from(c),
            Poly::Sum { var, coeffs } => {
                let x = &point[*var as usize];
                let mut sum = Rational::new();
                for c in coeffs.iter().rev() {
                    sum *= x;
                    sum += c.value(point);
                }
                sum
            }
        }
    }
}

/// Divides coefficient lists; `None` unless the division is exact.
fn long_division(mut rest: Vec<Poly>, divisor: &[Poly]) -> Option<Vec<Poly>> {
    if rest.len() < divisor.len() {
        return None;
    }
    let lead = divisor.last().expect("a divisor has a leading coefficient");
    let mut quotient = vec![Poly::zero(); rest.len() - divisor.len() + 1];
    for k in (0..quotient.len()).rev() {
        let top = &rest[k + divisor.len() - 1];
        if top.is_zero() {
            continue;
        }
        let q = top.divide(lead)?;
        for (i, d) in divisor.iter().enumerate() {
            if !d.is_zero() {
                rest[k + i] = &rest[k + i] - &(&q * d);
            }
        }
        quotient[k] = q;
    }
    rest.iter().all(Poly::is_zero).then_some(quotient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x(v: Var) -> Poly {
        Poly::var(v)
    }

    #[test]
    fn a_product_is_divided_by_its_factors_and_by_nothing_else() {
        let (p, q) = (&(&x(0) * &x(2)) - &Poly::int(5), &x(1).pow(2) + &x(0));
        let product = &p * &q;
        assert_eq!(product.divide(&p), Some(q.clone()));
        assert_eq!(product.divide(&q), Some(p));
        assert_eq!((&product + &Poly::one()).divide(&q), None);
        assert_eq!(q.divide(&Poly::zero()), None);
    }

    #[test]
    fn substituting_a_rational_keeps_the_sign() {
        // x0 x1 - x1^2 at x1 = -1/2: -x0/2 - 1/4, times 4
        let p = &(&x(0) * &x(1)) - &x(1).pow(2);
        let at = p.at_rational(1, &Rational::from((-1, 2)));
        assert_eq!(at, &x(0).scale(&Integer::from(-2)) - &Poly::one());
    }

    #[test]
    fn substituting_a_quotient_clears_its_denominator() {
        let p = &x(1).pow(2) - &x(0);
        assert_eq!(p.at_quotient(1, &x(2), &x(3)), &x(2).pow(2) - &(&x(0) * &x(3).pow(2)));
    }

    #[test]
    fn renaming_and_storing_keep_the_polynomial() {
        let p = &(&x(0).pow(3) * &x(2)) - &x(1).scale(&Integer::from(7));
        let swapped = p.rename(&|v| 2 - v);
        assert_eq!(swapped, &(&x(2).pow(3) * &x(0)) - &x(1).scale(&Integer::from(7)));
        let text = serde_json::to_string(&p).expect("plain data");
        assert_eq!(serde_json::from_str::<Poly>(&text).expect("what was written"), p);
        assert_eq!(swapped.to_string(), "x0*x2^3 - 7*x1");
    }
}
