//! Bases of powers, split where they may be split.

use rug::{Integer, Rational};

use symbolica::atom::{AtomCore as _, AtomView};

use super::decode::{decode, literal};
use super::encode::{encode, number};
use super::normal::Generators;
use super::worker::Refusal;
use crate::expr::{Expr, Function};

/// Literals are split into the primes below this; what remains counts as one more.
const PRIMES_BELOW: u32 = 1000;

/// A factor of a base (`None` is Euler's number) and the exponent with which it occurs.
pub type Piece = (Option<Expr>, Expr);

impl Generators {
    /// The canonical base `b` as a product of powers of pieces, such that
    /// `b^p = Π piece^{p·exponent}` for real `p` wherever both sides are defined: all pieces but
    /// at most one are positive.
    pub(super) fn split_base(&self, b: &Expr) -> Result<Vec<Piece>, Refusal> {
        let factored = encode(b)?.factor();
        let mut pieces = vec![];
        let mut rest = vec![];
        match factored.as_view() {
            AtomView::Mul(m) => m.iter().try_for_each(|f| self.sort_piece(f, &mut pieces, &mut rest))?,
            f => self.sort_piece(f, &mut pieces, &mut rest)?,
        }
        let rest = decode(&encode(&Expr::Mul(rest))?)?;
        if !rest.is_one() {
            pieces.push((Some(self.canonical(&rest)?), Expr::int(1)));
        }
        Ok(pieces)
    }

    fn sort_piece(
        &self,
        f: AtomView<'_>,
        pieces: &mut Vec<Piece>,
        rest: &mut Vec<Expr>,
    ) -> Result<(), Refusal> {
        let (base, times) = match f {
            AtomView::Pow(p) => match literal(p.get_exp()) {
                Some(times) => (decode(&p.get_base().to_owned())?, times),
                None => (decode(&f.to_owned())?, Rational::from(1)),
            },
            f => (decode(&f.to_owned())?, Rational::from(1)),
        };
        if let Expr::Num(n) = &base {
            // The sign stays behind: only the magnitude is positive.
            if *n < 0 {
                rest.push(Expr::pow(Expr::int(-1), Expr::Num(times.clone())));
            }
            pieces.extend(
                primes(&n.clone().abs())
                    .into_iter()
                    .map(|(p, k)| (Some(Expr::Num(p)), Expr::Num(Rational::from(k) * &times))),
            );
        } else if let Some((base, exponent)) = self.meaning(&base) {
            pieces.push((base, exponent * Expr::Num(times)));
        } else if self.is_positive(&base) {
            pieces.push((Some(self.canonical(&base)?), Expr::Num(times)));
        } else {
            rest.push(decode(&encode(&base)?.pow(number(&times)))?);
        }
        Ok(())
    }

    /// Whether a term in symbols and generators is positive wherever it is defined and not zero.
    fn is_positive(&self, e: &Expr) -> bool {
        match e {
            Expr::Num(n) => *n > 0,
            Expr::Sym(s) => self.positive.contains(s) || self.meaning(e).is_some(),
            Expr::Add(xs) | Expr::Mul(xs) => xs.iter().all(|x| self.is_positive(x)),
            Expr::Pow(b, _) => self.is_positive(b),
            Expr::Fun(Function::Exp, _) => true,
            _ => false,
        }
    }
}

/// The prime factors of a positive rational with their exponents.
fn primes(n: &Rational) -> Vec<(Rational, i32)> {
    let mut found = vec![];
    for (mut part, sign) in [(n.numer().clone(), 1), (n.denom().clone(), -1)] {
        for p in 2..PRIMES_BELOW {
            let times = part.remove_factor_mut(&Integer::from(p));
            if let Some(times) = i32::try_from(times).ok().filter(|t| *t > 0) {
                found.push((Rational::from(p), sign * times));
            }
        }
        if part != 1 {
            found.push((Rational::from(part), sign));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prime_factors_multiply_back_to_the_number() {
        for (n, d) in [(1, 1), (360, 7), (1_000_003, 2), (1, 1024), (1_018_081, 1)] {
            let n = Rational::from((n, d));
            let mut product = Rational::from(1);
            for (p, k) in primes(&n) {
                product *= rug::ops::Pow::pow(p, k);
            }
            assert_eq!(product, n);
        }
    }
}
