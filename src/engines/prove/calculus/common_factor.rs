//! Powers that the terms of a sum have in common.

use std::collections::BTreeMap;

use rug::Rational;

use crate::expr::Expr;
use crate::expr::fold::fold;

/// A product of powers: for each base and each symbolic part of its exponent the literal part.
#[derive(Clone, Debug, Default)]
struct Powers {
    literals: Vec<Expr>,
    powers: BTreeMap<(Expr, Expr), Rational>,
}

/// A sum as `factor · rest`, where the factor is the product of the powers of smallest exponents
/// (a power that a term lacks has the exponent zero there, so that denominators are cleared).
/// `None` if that is one. That the product equals the sum remains to be shown.
pub(super) fn common_factor(e: &Expr) -> Option<(Expr, Expr)> {
    let Expr::Add(terms) = e else { return None };
    let terms: Vec<Powers> = terms.iter().map(Powers::of).collect();
    let mut keys: Vec<&(Expr, Expr)> = terms.iter().flat_map(|t| t.powers.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut common = Powers::default();
    for key in keys {
        // Only literal exponents are comparable with the exponent zero.
        let everywhere = terms.iter().all(|t| t.powers.contains_key(key));
        if !everywhere && !key.1.is_zero() {
            continue;
        }
        let exponents = terms.iter().map(|t| t.powers.get(key).cloned().unwrap_or_default());
        let least = exponents.min().expect("a sum has terms");
        if least != 0 || !key.1.is_zero() {
            common.powers.insert(key.clone(), least);
        }
    }
    if common.powers.is_empty() {
        return None;
    }
    let rest = terms.iter().map(|t| t.over(&common).term()).collect();
    Some((fold(&common.term()), fold(&Expr::Add(rest))))
}

impl Powers {
    fn of(e: &Expr) -> Powers {
        let mut out = Powers::default();
        let factors = match e {
            Expr::Mul(xs) => xs.clone(),
            other => vec![other.clone()],
        };
        for f in factors {
            match f {
                Expr::Num(_) => out.literals.push(f),
                Expr::Pow(b, x) => {
                    let (symbolic, literal) = parted(&x);
                    *out.powers.entry((*b, symbolic)).or_default() += literal;
                }
                other => *out.powers.entry((other, Expr::int(0))).or_default() += 1,
            }
        }
        out
    }

    fn over(&self, other: &Powers) -> Powers {
        let mut out = self.clone();
        for ((b, x), n) in &other.powers {
            let here = out.powers.entry((b.clone(), x.clone())).or_default();
            *here -= n;
            // The symbolic part goes with the literal one.
            if !x.is_zero() {
                let left = std::mem::take(here);
                out.powers.remove(&(b.clone(), x.clone()));
                *out.powers.entry((b.clone(), Expr::int(0))).or_default() += left;
            }
        }
        out.powers.retain(|(_, x), n| *n != 0 || !x.is_zero());
        out
    }

    fn term(&self) -> Expr {
        let powers = self.powers.iter().map(|((b, x), n)| {
            let exponent = fold(&(x.clone() + Expr::Num(n.clone())));
            fold(&Expr::pow(b.clone(), exponent))
        });
        Expr::Mul(self.literals.iter().cloned().chain(powers).collect())
    }
}

/// An exponent as a symbolic part and a literal one.
fn parted(x: &Expr) -> (Expr, Rational) {
    match x {
        Expr::Num(n) => (Expr::int(0), n.clone()),
        Expr::Add(xs) => {
            let (literal, symbolic): (Vec<Expr>, Vec<Expr>) =
                xs.iter().cloned().partition(|x| x.as_num().is_some());
            let sum = literal.iter().filter_map(Expr::as_num).sum();
            (fold(&Expr::Add(symbolic)), sum)
        }
        other => (other.clone(), Rational::new()),
    }
}
