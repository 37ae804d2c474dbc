//! What is read, and as what.

use super::*;
use crate::expr::{Entry, Kind, Relation, Set};

pub(super) fn scope(variables: &str, functions: &str, names: &[&str]) -> Scope {
    let mut scope = Scope::new();
    let mut add = |latex: &str, kind: Kind| {
        scope.redeclare(Entry { symbol: Symbol::new(latex), kind, domain: vec![] });
    };
    variables.split_whitespace().for_each(|v| add(v, Kind::Variable));
    functions.split_whitespace().for_each(|f| add(f, Kind::Function));
    names.iter().for_each(|n| add(n, Kind::Name));
    scope
}

fn letters() -> Scope {
    scope(r"a b c x y z n k \delta c_0 c_1", "f g u_A u_B", &["x^*", r"\delta^{\text{Large } G}", "S"])
}

fn read(src: &str) -> Expr {
    parse_expr(src, &letters()).unwrap_or_else(|e| panic!("{src}: {e:?}"))
}

fn refused(src: &str) -> TexError {
    match parse_formula(src, &letters()) {
        Ok(f) => panic!("{src} was read as {f:?}"),
        Err(e) => e,
    }
}

#[test]
fn terms_keep_the_shape_in_which_they_are_written() {
    let (a, b, c) = (Expr::sym("a"), Expr::sym("b"), Expr::sym("c"));
    assert_eq!(
        read("a - b c"),
        Expr::Add(vec![a.clone(), Expr::Mul(vec![Expr::int(-1), b.clone(), c.clone()])])
    );
    assert_eq!(read(r"\frac{a}{b}"), Expr::Mul(vec![a.clone(), Expr::recip(b.clone())]));
    assert_eq!(read(r"\frac{1}{b}"), Expr::recip(b.clone()));
    assert_eq!(read(r"\frac12"), Expr::ratio(1, 2));
    assert_eq!(read("0.75"), Expr::ratio(3, 4));
    assert_eq!(read(r"\sqrt[3]{a}"), Expr::pow(a.clone(), Expr::ratio(1, 3)));
    assert_eq!(read(r"{}^{b-1}\sqrt{a}"), Expr::pow(a, Expr::recip(b - Expr::int(1))));
}
