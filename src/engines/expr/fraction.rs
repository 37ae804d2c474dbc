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

/// A folded product whose sums do not begin with a minus, as far as the signs can be taken from one factor
/// into another: `(-a + b) / (-c + d)` is `(a - b) / (c - d)`. Equal to the term.
pub fn sign_within(e: &Expr) -> Expr {
    let Expr::Mul(factors) = e else { return e.clone() };
    let is_negative = |f: &Expr| f.as_num().is_some_and(|n| *n < 0);
    let mut turned: Vec<(usize, Expr)> =
        factors.iter().enumerate().filter_map(|(i, f)| Some((i, turned(f)?))).collect();
    let is_odd = |n: usize| !n.is_multiple_of(2);
    if is_odd(turned.len()) && !factors.iter().any(is_negative) {
        turned.pop();
    }
    let mut all = factors.clone();
    if is_odd(turned.len()) {
        all.push(Expr::int(-1));
    }
    for (i, sum) in turned {
        all[i] = sum;
    }
    fold(&Expr::Mul(all))
}

/// `a - b` for `-a + b`, and an odd power of the one for that of the other.
fn turned(e: &Expr) -> Option<Expr> {
    match e {
        Expr::Add(terms) if begins_with_minus(terms) => {
            Some(fold(&Expr::Add(terms.iter().map(|t| fold(&-t.clone())).collect())))
        }
        Expr::Pow(base, n) if n.as_int().is_some_and(|n| n % 2 != 0) => {
            Some(Expr::pow(turned(base)?, (**n).clone()))
        }
        _ => None,
    }
}

fn begins_with_minus(terms: &[Expr]) -> bool {
    match terms.first() {
        Some(Expr::Num(n)) => *n < 0,
        Some(Expr::Mul(xs)) => xs.iter().any(|x| x.as_num().is_some_and(|n| *n < 0)),
        _ => false,
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

    #[test]
    fn a_sign_goes_into_a_sum_that_begins_with_a_minus() {
        let (a, b, c) = (Expr::sym("a"), Expr::sym("b"), Expr::sym("c"));
        let sum = fold(&(-(Expr::int(4) * a.clone()) + b.clone()));
        let product = fold(&Expr::Mul(vec![Expr::int(-1), c.clone(), Expr::recip(sum.clone())]));
        let expected = fold(&Expr::Mul(vec![c.clone(), Expr::recip(Expr::int(4) * a.clone() - b.clone())]));
        assert_eq!(sign_within(&product), expected);
        let square = fold(&Expr::Mul(vec![Expr::int(-1), c, Expr::pow(sum, Expr::int(2))]));
        assert_eq!(sign_within(&square), square);
        let (d, f) = (Expr::sym("d"), Expr::sym("f"));
        let both = fold(&((-a.clone() + b.clone()) / (-d.clone() + f.clone())));
        assert_eq!(sign_within(&both), fold(&((a.clone() - b.clone()) / (d - f))));
        let one = fold(&(Expr::int(2) * (-a + b)));
        assert_eq!(sign_within(&one), one);
    }
}
