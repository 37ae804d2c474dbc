//! Symbols for the terms of a goal that are not algebraic, and bounds on these terms: a guess, for the search.

use std::collections::BTreeSet;

use rug::{Integer, Rational};

use super::goal::Goal;
use crate::expr::{Expr, Formula, Function, Relation, Symbol};
use crate::prove::evaluate::{Point, Value, value};

/// More terms are not named.
const MOST: usize = 8;

/// A symbol for each term that is not algebraic and stands in no other such term, in the statement or in a
/// hypothesis that is a relation; `None` where there are none, or too many.
pub(super) fn named(goal: &Goal) -> Option<Vec<(Symbol, Expr)>> {
    let relations: Vec<&Formula> = std::iter::once(&goal.statement).chain(&goal.hypotheses).collect();
    let mut terms: Vec<Expr> = vec![];
    let mut taken = BTreeSet::new();
    for f in relations {
        taken.extend(f.free());
        if let Formula::Rel(a, _, b) = f {
            collect(a, &mut terms);
            collect(b, &mut terms);
        }
    }
    if terms.is_empty() || terms.len() > MOST {
        return None;
    }
    let free = (1..).map(|i| Symbol::new(&format!("t_{{{i}}}"))).filter(|s| !taken.contains(s));
    Some(free.zip(terms).collect())
}

fn collect(e: &Expr, out: &mut Vec<Expr>) {
    let algebraic = match e {
        Expr::Fun(f, _) => !matches!(f, Function::Ln | Function::Exp),
        Expr::Pow(_, exponent) => exponent.as_num().is_some(),
        _ => true,
    };
    if algebraic {
        e.children().into_iter().for_each(|c| collect(c, out));
    } else if !out.contains(e) {
        out.push(e.clone());
    }
}

/// Decimals of the rationals between which a number is put: few of them keep polynomials small.
pub(super) const DECIMALS: [u32; 2] = [6, 26];

/// Bits at which a number is evaluated, for the rationals beside it.
const BITS: u32 = 128;

/// What may be true of the term: where it is a number, that it lies between two rationals near it;
/// otherwise its signs, the strict ones first.
pub(super) fn candidates(term: &Expr, decimals: u32) -> Vec<Formula> {
    let beside = |r, q: Rational| Formula::Rel(term.clone(), r, Expr::Num(q));
    if !term.free().is_empty() {
        let signs = [Relation::Gt, Relation::Lt, Relation::Ge, Relation::Le];
        return signs.into_iter().map(|r| beside(r, Rational::new())).collect();
    }
    let Value::Enclosed(ball) = value(term, &Point::new(), BITS) else { return vec![] };
    let unit = Integer::from(Integer::u_pow_u(10, decimals));
    let (Some(lo), Some(hi)) = (ball.lo().to_rational(), ball.hi().to_rational()) else { return vec![] };
    let lo = Rational::from(((lo * &unit).floor().into_numer_denom().0, unit.clone()));
    let hi = Rational::from(((hi * &unit).ceil().into_numer_denom().0, unit));
    vec![beside(Relation::Ge, lo), beside(Relation::Le, hi)]
}
