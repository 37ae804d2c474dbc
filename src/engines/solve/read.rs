//! From terms to sums of powers.

use rug::Rational;

use super::SolveError;
use super::powersum::{PowerSum, Range};
use super::radical::Surd;
use crate::expr::fold::fold;
use crate::expr::{Expr, Symbol};

/// The term as a sum of products of powers of distances of the share.
///
/// `Err`: other symbols than the share, other operations than sums, products and rational
/// powers, and powers that are not defined on the whole closed range.
pub(super) fn power_sum(e: &Expr, share: &Symbol, range: &Range) -> Result<PowerSum, SolveError> {
    Reader { share, range }.term(&fold(e))
}

struct Reader<'a> {
    share: &'a Symbol,
    range: &'a Range,
}

impl Reader<'_> {
    fn term(&self, e: &Expr) -> Result<PowerSum, SolveError> {
        match e {
            Expr::Num(q) => Ok(PowerSum::constant(Surd::rational(q.clone()))),
            Expr::Sym(s) if s == self.share => Ok(PowerSum::share(self.range)),
            Expr::Sym(_) => Err(SolveError::Unsupported("a symbol other than the share")),
            Expr::Add(xs) => self.sum(xs),
            Expr::Mul(xs) => {
                let one = PowerSum::constant(Surd::rational(Rational::from(1)));
                xs.iter().try_fold(one, |product, x| product.mul(&self.term(x)?))
            }
            Expr::Pow(base, exponent) => self.power(base, exponent),
            _ => Err(SolveError::Unsupported("functions or case distinctions")),
        }
    }

    fn sum(&self, xs: &[Expr]) -> Result<PowerSum, SolveError> {
        let sum = xs.iter().try_fold(PowerSum::default(), |sum, x| sum.add(&self.term(x)?))?;
        // A distance from an end (`1 - s`) is one factor, which is exact near that end.
        let ends = [&self.range.lower, &self.range.upper];
        match sum.linear_factor(self.range)? {
            Some(factor) if factor.terms.keys().flat_map(|f| f.keys()).any(|z| ends.contains(&z)) => {
                Ok(factor)
            }
            _ => Ok(sum),
        }
    }

    fn power(&self, base: &Expr, exponent: &Expr) -> Result<PowerSum, SolveError> {
        let exponent = self.term(exponent)?;
        let constant = exponent.terms.keys().all(|f| f.is_empty());
        let value = exponent.terms.values().next().map_or(Some(Rational::new()), Surd::as_rational);
        let (true, Some(value)) = (constant, value) else {
            return Err(SolveError::Unsupported("an exponent that is not a rational number"));
        };
        self.term(base)?.power(&value, self.range)
    }
}
