//! Normal forms: a quotient of two expanded polynomials without a common factor.
//!
//! What is not rational in a term (roots, powers with symbolic exponents, logarithms,
//! exponentials) is first replaced by unknowns, the *generators*, one for each base and each
//! independent part of its exponents: `x^{k+1/2}` is `g·h` with `g = x^k` and `h = x^{1/2}`. A
//! root has a relation, `h^2 = x`, by which numerator and denominator are reduced. This is the
//! representation by an algebraic tower of Geddes, Czapor and Labahn, *Algorithms for Computer
//! Algebra* (1992), chapter 3 and section 11.3, kept small: no algebraic dependence between
//! generators is looked for. Hence a numerator that vanishes proves the term zero, and one that
//! does not proves nothing unless the term has no generators.
//!
//! `b^{p+q} = b^p b^q` and `b^{pq} = (b^p)^q` for integer `q` hold wherever both sides are
//! defined: by the semantics of terms the base of a power with a non-integer exponent is
//! positive, or zero with positive exponents, where both sides are zero. `(ab)^p = a^p b^p` and
//! `ln ab = ln a + ln b` are used only where `a` is known to be positive: a positive literal, a
//! power with a non-integer exponent, a symbol that the caller says is positive, and sums,
//! products and powers of these.

mod generators;
mod quotient;

use std::collections::BTreeSet;

use symbolica::atom::Atom;

pub(super) use self::generators::Generators;
pub(super) use self::quotient::coefficients;
use super::decode::decode;
use super::encode::encode;
use super::wire::neutral;
use super::worker::Refusal;
use crate::expr::{Expr, Symbol};

/// A term as a quotient of polynomials in its symbols and generators.
pub struct Fraction {
    pub numerator: Atom,
    pub denominator: Atom,
    generators: Generators,
}

impl Fraction {
    /// The normal form of a term, for positive values of the symbols in `positive`. [`Refusal::Undefined`] if its denominator vanishes identically.
    pub fn of(e: &Expr, positive: &BTreeSet<Symbol>) -> Result<Fraction, Refusal> {
        let mut generators = Generators { list: vec![], positive: positive.clone() };
        generators.survey(e)?;
        let (n, d) = generators.quotient(e)?;
        Ok(Fraction { numerator: n, denominator: d, generators })
    }

    /// Whether the term is zero wherever it is defined: `Some(true)` is certain, and so is
    /// `Some(false)`, which says that it is not zero everywhere.
    pub fn is_zero(&self) -> Option<bool> {
        match self.numerator.is_zero() {
            true => Some(true),
            false if self.generators.list.is_empty() => Some(false),
            false => None,
        }
    }

    /// A polynomial in symbols and generators as a term.
    pub fn to_term(&self, a: &Atom) -> Result<Expr, Refusal> {
        self.generators.restore(&decode(a)?)
    }

    /// Numerator over denominator as a term.
    pub fn quotient(&self) -> Result<Expr, Refusal> {
        let n = encode(&self.to_term(&self.numerator)?)?;
        let d = encode(&self.to_term(&self.denominator)?)?;
        decode(&(n / d))
    }

    /// Whether a generator depends on the symbol at `place`.
    pub fn hides(&self, place: usize) -> bool {
        let symbol = neutral(place);
        self.generators.list.iter().any(|g| match self.generators.restore(&g.value) {
            Ok(value) => value.mentions(&symbol),
            Err(_) => true,
        })
    }
}

fn unsurveyed() -> Refusal {
    Refusal::Outside("a power that was not foreseen".into())
}
