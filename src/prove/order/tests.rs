//! Known answers, end to end.

use super::*;
use crate::expr::{Expr, Formula, Relation, Relation::*};

fn s(name: &str) -> Expr {
    Expr::sym(name)
}

fn n(k: i64) -> Expr {
    Expr::int(k)
}

fn rel(a: Expr, r: Relation, b: Expr) -> Formula {
    Formula::Rel(a, r, b)
}

fn pow(a: Expr, k: i64) -> Expr {
    Expr::pow(a, n(k))
}

/// Decides, re-checks the certificate, and names the outcome.
fn outcome(assumptions: &[Formula], conclusion: &Formula) -> &'static str {
    let budget = Budget::default();
    let (claim, certificate, name) = match decide(assumptions, conclusion, &budget) {
        Decision::Always(c) => (Claim::Always, c, "always"),
        Decision::Never(c) => (Claim::Never, c, "never"),
        Decision::Vacuous(c) => (Claim::Vacuous, c, "vacuous"),
        Decision::Sometimes { .. } => return "sometimes",
        Decision::Unknown(why) => panic!("{why}"),
        Decision::Unsupported(why) => panic!("{why}"),
    };
    if let Err(e) = recheck(claim, &certificate, assumptions, conclusion, &budget) {
        panic!("{name}: {e}: {certificate:?}");
    }
    name
}

#[test]
fn a_square_is_never_negative() {
    let (x, y) = (s("x"), s("y"));
    assert_eq!(outcome(&[], &rel(pow(x.clone() - y.clone(), 2), Ge, n(0))), "always");
    assert_eq!(outcome(&[], &rel(pow(x.clone() - y.clone(), 2), Gt, n(0))), "sometimes");
    assert_eq!(outcome(&[], &rel(pow(x - y, 2), Lt, n(0))), "never");
}

#[test]
fn the_inequality_of_means_holds_for_three_numbers() {
    let (a, b, c) = (s("a"), s("b"), s("c"));
    let positive: Vec<Formula> = [&a, &b, &c].map(|v| rel(v.clone(), Gt, n(0))).to_vec();
    let sum = Expr::sum(vec![a.clone(), b.clone(), c.clone()]);
    let product = Expr::product(vec![n(27), a, b, c]);
    assert_eq!(outcome(&positive, &rel(pow(sum, 3), Ge, product)), "always");
}

#[test]
fn an_undefined_quotient_satisfies_nothing() {
    let x = s("x");
    let q = x.clone() / x.clone();
    assert_eq!(outcome(&[], &rel(q.clone(), Eq, n(1))), "sometimes");
    assert_eq!(outcome(&[rel(x, Eq, n(0))], &rel(q, Eq, n(1))), "never");
}

#[test]
fn a_square_root_is_the_non_negative_one() {
    let x = s("x");
    let root = Expr::sqrt(pow(x.clone(), 2));
    assert_eq!(outcome(&[], &rel(root.clone(), Eq, Expr::Fun(crate::expr::Function::Abs, vec![x.clone()]))), "always");
    assert_eq!(outcome(&[], &rel(root, Eq, x)), "sometimes");
}

#[test]
fn irrational_section_points_are_decided() {
    let (x, y) = (s("x"), s("y"));
    // x^2 = 2, y^2 = x, x > 0: then y^4 = 2
    let given = [rel(pow(x.clone(), 2), Eq, n(2)), rel(pow(y.clone(), 2), Eq, x)];
    assert_eq!(outcome(&given, &rel(pow(y.clone(), 4), Eq, n(2))), "always");
    assert_eq!(outcome(&given, &rel(y, Gt, n(0))), "sometimes");
}
