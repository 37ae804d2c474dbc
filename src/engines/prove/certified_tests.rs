use super::*;
use crate::expr::{Case, Expr, Function, Relation, Set};

type Side<'a> = (&'a str, (i64, i64), (i64, i64));

fn region(of: &[Side<'_>]) -> Region {
    of.iter().map(|(s, a, b)| (Symbol::new(s), (Rational::from(*a), Rational::from(*b)))).collect()
}
fn s(name: &str) -> Expr {
    Expr::sym(name)
}
fn n(v: i64) -> Expr {
    Expr::int(v)
}
fn rel(a: Expr, r: Relation, b: Expr) -> Formula {
    Formula::Rel(a, r, b)
}
fn proved(f: &Formula, on: &Region) -> Certificate {
    match prove_on_box(f, on, Budget::default()) {
        Outcome::Proved(c) => {
            assert_eq!(c.recheck(), Ok(()));
            c
        }
        other => panic!("{f:?}: {other:?}"),
    }
}

#[test]
fn inequalities_with_room_are_proved_and_their_certificates_accepted() {
    let x = || s("x");
    let square = || Expr::pow(x(), n(2));
    proved(&rel(square() - x() + n(1), Relation::Gt, n(0)), &region(&[("x", (-10, 1), (10, 1))]));
    let ln = Expr::Fun(Function::Ln, vec![x()]);
    proved(&rel(ln, Relation::Lt, x() - n(1)), &region(&[("x", (11, 10), (1000, 1))]));
    let exp = Expr::Fun(Function::Exp, vec![x()]);
    proved(&rel(exp, Relation::Gt, n(1) + x()), &region(&[("x", (1, 100), (5, 1))]));
}

#[test]
fn an_equality_on_the_border_is_proved_by_monotonicity() {
    // Bernoulli's inequality, an equality wherever k = 1.
    let power = Expr::pow(s("x"), s("k"));
    let f = rel(power, Relation::Ge, n(1) + s("k") * (s("x") - n(1)));
    let c = proved(&f, &region(&[("x", (2, 1), (3, 1)), ("k", (1, 1), (4, 1))]));
    assert!(c.cover.len() < 50, "{}", c.cover.len());
}

#[test]
fn a_statement_over_six_orders_of_magnitude_needs_few_parts() {
    let mean = (s("a") + s("b")) / n(2);
    let harmonic = n(2) * s("a") * s("b") / (s("a") + s("b"));
    let f = Formula::implies(rel(s("a"), Relation::Ge, n(2) * s("b")), rel(mean, Relation::Gt, harmonic));
    proved(&f, &region(&[("a", (1, 1000), (1000, 1)), ("b", (1, 1), (1, 1))]));
}

#[test]
fn a_false_statement_gives_a_point_at_which_it_fails() {
    let f = rel(Expr::pow(s("x"), n(2)), Relation::Ge, s("x"));
    let outcome = prove_on_box(&f, &region(&[("x", (0, 1), (2, 1))]), Budget::default());
    assert_eq!(
        outcome,
        Outcome::Fails(Point::from([(Symbol::new("x"), Rational::from((1, 2)))]), Truth::False)
    );
}

#[test]
fn a_point_at_which_a_side_is_undefined_is_a_failure() {
    let f = rel(Expr::pow(s("x") - n(1), n(-2)), Relation::Gt, n(0));
    let outcome = prove_on_box(&f, &region(&[("x", (0, 1), (2, 1))]), Budget::default());
    assert_eq!(
        outcome,
        Outcome::Fails(Point::from([(Symbol::new("x"), Rational::from(1))]), Truth::Undefined)
    );
    let negated = !rel(Expr::recip(s("x")), Relation::Eq, n(0));
    let outcome = prove_on_box(&negated, &region(&[("x", (-1, 1), (2, 1))]), Budget::default());
    assert_eq!(outcome, Outcome::Fails(Point::from([(Symbol::new("x"), Rational::new())]), Truth::Undefined));
}

#[test]
fn an_equality_in_the_interior_is_left_undecided() {
    let f = rel(s("x") * s("y") * n(2), Relation::Le, Expr::pow(s("x"), n(2)) + Expr::pow(s("y"), n(2)));
    let on = region(&[("x", (1, 1), (3, 1)), ("y", (1, 1), (3, 1))]);
    let outcome = prove_on_box(&f, &on, Budget { parts: 500, bits: 64, ..Budget::default() });
    assert!(matches!(outcome, Outcome::Undecided(_)), "{outcome:?}");
}

#[test]
fn what_is_not_elementary_or_has_no_side_is_undecided() {
    let f = rel(s("x"), Relation::Ge, s("y"));
    let outcome = prove_on_box(&f, &region(&[("x", (1, 1), (3, 1))]), Budget::default());
    assert!(matches!(outcome, Outcome::Undecided(_)));
    let named = Formula::In(s("x"), Set::Named(Symbol::new("S")));
    let outcome = prove_on_box(&named, &region(&[("x", (1, 1), (1, 1))]), Budget::default());
    assert!(matches!(outcome, Outcome::Undecided(_)));
    let empty = region(&[("x", (3, 1), (1, 1))]);
    let outcome = prove_on_box(&rel(s("x"), Relation::Gt, n(0)), &empty, Budget::default());
    assert!(matches!(outcome, Outcome::Undecided(_)));
}

#[test]
fn continuous_cases_are_followed_across_their_border() {
    let below = Case { value: n(1) - s("x"), condition: Some(rel(s("x"), Relation::Lt, n(1))) };
    let distance = Expr::Cases(vec![below, Case { value: s("x") - n(1), condition: None }]);
    proved(&rel(distance, Relation::Gt, n(-1)), &region(&[("x", (0, 1), (3, 1))]));
}

#[test]
fn a_certificate_that_was_tampered_with_is_refused() {
    let f = rel(Expr::pow(s("x"), n(2)) - s("x") + n(1), Relation::Gt, n(0));
    let good = proved(&f, &region(&[("x", (-10, 1), (10, 1))]));
    assert!(good.cover.len() > 1);
    let mut short = good.clone();
    short.cover.pop();
    assert!(matches!(short.recheck(), Err(RecheckError::Cover(_))));
    let mut long = good.clone();
    long.cover.push(Step::Holds);
    assert!(matches!(long.recheck(), Err(RecheckError::Cover(_))));
    let mut lazy = good.clone();
    lazy.cover = vec![Step::Holds];
    assert_eq!(lazy.recheck(), Err(RecheckError::Part(0)));
    let mut outside = good.clone();
    outside.cover = vec![Step::Cut(Symbol::new("x"), Rational::from(11)), Step::Holds, Step::Holds];
    assert!(matches!(outside.recheck(), Err(RecheckError::Cut(_))));
    let mut other = good;
    other.formula = rel(Expr::pow(s("x"), n(2)) - s("x"), Relation::Gt, n(0));
    assert!(matches!(other.recheck(), Err(RecheckError::Part(_))));
}
