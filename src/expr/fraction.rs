//! Products with negative powers written as fractions, for reading.

use super::fold::fold;
use super::{Expr, Formula};

/// The term folded, with the factors of each product that have negative literal powers gathered
/// into one denominator, as a paper would print them. Equal to the term, and defined where it is.
pub fn fractions(e: &Expr) -> Expr {
    match fold(e).map(&mut fractions, &mut fractions_in) {
        Expr::Mul(factors) => gathered(factors),
        other => other,
    }
}

/// The formula with every term written with [`fractions`].
pub fn fractions_in(f: &Formula) -> Formula {
    f.map(&mut fractions)
}

fn gathered(factors: Vec<Expr>) -> Expr {
    let (mut above, mut below) = (vec![], vec![]);
    for factor in factors {
        match denominator(&factor) {
            Some(d) => below.push(d),
            None => above.push(factor),
        }
    }
    if below.is_empty() {
        return Expr::Mul(above);
    }
    // A fraction among the literals moves its denominator down.
    if let Some(Expr::Num(n)) = above.first_mut()
        && *n.denom() != 1
    {
        below.insert(0, Expr::Num(n.denom().clone().into()));
        *n = n.numer().clone().into();
        if *n == 1 {
            above.remove(0);
        }
    }
    let product = |mut xs: Vec<Expr>| if xs.len() == 1 { xs.remove(0) } else { Expr::Mul(xs) };
    let quotient = Expr::recip(product(below));
    match above.as_slice() {
        [] => quotient,
        [Expr::Num(n)] if *n == -1 => -quotient,
        _ => Expr::Mul(vec![product(above), quotient]),
    }
}

/// `d`, for a factor `1/d`.
fn denominator(factor: &Expr) -> Option<Expr> {
    let Expr::Pow(base, exponent) = factor else { return None };
    let n = exponent.as_num().filter(|n| **n < 0)?;
    Some(if *n == -1 { (**base).clone() } else { Expr::pow((**base).clone(), Expr::Num((-n).into())) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_reciprocals_is_one_fraction() {
        let (a, b, c) = (Expr::sym("a"), Expr::sym("b"), Expr::sym("c"));
        let product =
            Expr::Mul(vec![Expr::ratio(1, 4), a.clone(), Expr::recip(b.clone()), Expr::recip(c.clone())]);
        let below = Expr::Mul(vec![Expr::int(4), b, c]);
        assert_eq!(fractions(&product), Expr::Mul(vec![a, Expr::recip(below)]));
    }
}
