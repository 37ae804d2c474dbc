//! Cancelling what cancels exactly, before any rounding.

use std::collections::BTreeMap;

use rug::Rational;

use crate::expr::fold::{fold, is_polynomial};
use crate::expr::{Expr, Formula};

/// The term with literal multiples distributed over sums and equal summands combined:
/// `x + t - x` becomes `t`, `1 - (1 - v)` becomes `v`. Evaluated in floating point, the result
/// does not lose the digits that the original loses. Equal wherever the original is defined;
/// summands that may be undefined are not cancelled.
pub(super) fn collect(e: &Expr) -> Expr {
    let inner = e.map(&mut collect, &mut |f: &Formula| f.map(&mut collect));
    match fold(&inner) {
        sum @ (Expr::Add(_) | Expr::Mul(_)) => combine(&sum),
        other => other,
    }
}

fn combine(sum: &Expr) -> Expr {
    let mut order: Vec<Expr> = vec![];
    let mut factors: BTreeMap<Expr, Rational> = BTreeMap::new();
    scatter(sum, &Rational::from(1), &mut |term, by| {
        if !factors.contains_key(&term) {
            order.push(term.clone());
        }
        *factors.entry(term).or_default() += by;
    });
    let terms = order
        .into_iter()
        .filter_map(|term| {
            let by = factors.remove(&term)?;
            (by != 0 || !is_polynomial(&term)).then(|| fold(&Expr::Mul(vec![Expr::Num(by), term])))
        })
        .collect();
    fold(&Expr::Add(terms))
}

/// Splits `by * e` into terms without literal factors and their multiples.
fn scatter(e: &Expr, by: &Rational, give: &mut dyn FnMut(Expr, Rational)) {
    match e {
        Expr::Num(n) => give(Expr::int(1), Rational::from(by * n)),
        Expr::Add(xs) => xs.iter().for_each(|x| scatter(x, by, give)),
        Expr::Mul(xs) => {
            let mut literal = by.clone();
            let mut rest = vec![];
            for x in xs {
                match x {
                    Expr::Num(n) => literal *= n,
                    x => rest.push(x.clone()),
                }
            }
            match rest.len() {
                0 => give(Expr::int(1), literal),
                1 => scatter(&rest.remove(0), &literal, give),
                _ => {
                    rest.sort();
                    give(Expr::Mul(rest), literal);
                }
            }
        }
        other => give(other.clone(), by.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_and_taken_away_is_gone() {
        let (x, t) = (Expr::sym("x"), Expr::sym("t"));
        assert_eq!(collect(&(x.clone() + t.clone() - x)), t);
        assert_eq!(collect(&(Expr::int(1) - (Expr::int(1) - t.clone()))), t);
    }

    #[test]
    fn what_may_be_undefined_is_not_cancelled() {
        let r = Expr::recip(Expr::sym("x"));
        let kept = collect(&(r.clone() - r));
        assert!(kept.mentions(&"x".into()), "{kept:?}");
    }
}
