//! Known answers, end to end.

use rug::Rational;

use super::*;
use crate::exact::{Coord, Poly};
use crate::expr::{Case, Expr, Formula, Function, Relation, Relation::*, Symbol, derive};

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
    assert_eq!(outcome(&[], &rel(root.clone(), Eq, Expr::Fun(Function::Abs, vec![x.clone()]))), "always");
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

/// `U(x) = x^2/(4 a) + x/(2 b) - x^2/(2 b)`
fn first_payoff(x: &Expr) -> Expr {
    let (a, b) = (s("a"), s("b"));
    let square = pow(x.clone(), 2);
    square.clone() / (n(4) * a) + x.clone() / (n(2) * b.clone()) - square / (n(2) * b)
}

/// `V(x) = (1 - x) x/(2 a) + (1 - x)^2/(4 b)`
fn second_payoff(x: &Expr) -> Expr {
    let (a, b) = (s("a"), s("b"));
    let y = n(1) - x.clone();
    y.clone() * x.clone() / (n(2) * a) + pow(y, 2) / (n(4) * b)
}

fn both_positive() -> Vec<Formula> {
    vec![rel(s("a"), Gt, n(0)), rel(s("b"), Gt, n(0))]
}

fn in_unit_interval(x: &Expr) -> Formula {
    Formula::And(vec![rel(x.clone(), Ge, n(0)), rel(x.clone(), Le, n(1))])
}

/// `a/(2 a - b)` if `b < a`, else 1.
fn best_share() -> Expr {
    let (a, b) = (s("a"), s("b"));
    Expr::Cases(vec![
        Case {
            value: a.clone() / (n(2) * a.clone() - b.clone()),
            condition: Some(rel(b.clone(), Lt, a.clone())),
        },
        Case { value: n(1), condition: Some(rel(b, Ge, a)) },
    ])
}

/// `(2 a - b - sqrt(a^2 - a b + b^2)) / (3 (a - b))`
fn equal_share() -> Expr {
    let (a, b) = (s("a"), s("b"));
    let root = Expr::sqrt(pow(a.clone(), 2) - a.clone() * b.clone() + pow(b.clone(), 2));
    (n(2) * a.clone() - b.clone() - root) / (n(3) * (a - b))
}

#[test]
fn the_maximiser_of_a_quadratic_payoff_is_a_maximiser_and_the_only_one() {
    let x = s("x");
    let mut given = both_positive();
    given.push(in_unit_interval(&x));
    let at_best = first_payoff(&best_share());
    assert_eq!(outcome(&given, &rel(first_payoff(&x), Le, at_best.clone())), "always");
    assert_eq!(outcome(&both_positive(), &in_unit_interval(&best_share())), "always");
    let ties = Formula::implies(rel(first_payoff(&x), Eq, at_best), rel(x, Eq, best_share()));
    assert_eq!(outcome(&given, &ties), "always");
}

#[test]
fn a_wrong_maximiser_is_refuted_with_a_model() {
    let x = s("x");
    let mut given = both_positive();
    given.push(in_unit_interval(&x));
    given.push(rel(s("b"), Lt, s("a")));
    let wrong = s("a") / (n(2) * s("a") + s("b"));
    assert_eq!(outcome(&given, &rel(first_payoff(&x), Le, first_payoff(&wrong))), "sometimes");
}

fn derivative(e: &Expr) -> Expr {
    derive::derivative(e, &Symbol::new("x")).expect("a rational function of x")
}

/// `0 <= x < y < z <= 1`
fn three_in_order() -> Vec<Formula> {
    let (x, y, z) = (s("x"), s("y"), s("z"));
    let mut given = both_positive();
    given.extend([&x, &y, &z].map(in_unit_interval));
    given.push(rel(x, Lt, y.clone()));
    given.push(rel(y, Lt, z));
    given
}

/// No point lies as low as a point on its left and a point on its right.
fn no_valley(f: impl Fn(&Expr) -> Expr) -> Formula {
    let (x, y, z) = (s("x"), s("y"), s("z"));
    !Formula::and(vec![rel(f(&y), Le, f(&x)), rel(f(&y), Le, f(&z))])
}

fn product(x: &Expr) -> Expr {
    first_payoff(x) * second_payoff(x)
}

fn smaller(x: &Expr) -> Expr {
    Expr::Fun(Function::Min, vec![first_payoff(x), second_payoff(x)])
}

fn shares() -> Vec<Formula> {
    let mut given = both_positive();
    given.push(in_unit_interval(&s("x")));
    given
}

fn unequal_shares() -> Vec<Formula> {
    let mut given = shares();
    given.push(rel(s("a"), Ne, s("b")));
    given
}

#[test]
fn the_maximiser_of_a_minimum_with_a_root_in_it_is_proved() {
    let (x, d) = (s("x"), equal_share());
    let given = unequal_shares();
    assert_eq!(outcome(&given, &in_unit_interval(&d)), "always");
    assert_eq!(outcome(&given, &rel(first_payoff(&d), Eq, second_payoff(&d))), "always");
    assert_eq!(outcome(&given, &rel(smaller(&x), Le, smaller(&d))), "always");
    let ties = Formula::implies(rel(smaller(&x), Eq, smaller(&d)), rel(x.clone(), Eq, d.clone()));
    assert_eq!(outcome(&given, &ties), "always");
}

#[test]
fn a_formula_that_is_undefined_on_a_border_does_not_always_hold() {
    let (x, d) = (s("x"), equal_share());
    match decide(&shares(), &rel(smaller(&x), Le, smaller(&d)), &Budget::default()) {
        Decision::Sometimes { fails, .. } => {
            let at = fails.rational().expect("rational values");
            assert_eq!(at[&Symbol::new("a")], at[&Symbol::new("b")]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn payoffs_their_minimum_and_their_product_are_unimodal() {
    assert_eq!(outcome(&three_in_order(), &no_valley(first_payoff)), "always");
    assert_eq!(outcome(&three_in_order(), &no_valley(second_payoff)), "always");
    assert_eq!(outcome(&three_in_order(), &no_valley(smaller)), "always");
    assert_eq!(outcome(&three_in_order(), &no_valley(product)), "always");
}

#[test]
fn a_product_of_payoffs_has_one_maximiser() {
    let (x, y) = (s("x"), s("y"));
    let slope = derivative(&product(&x));
    let other = slope.substitute(&Symbol::new("x"), &y);
    let mut given = shares();
    given.push(in_unit_interval(&y));
    let both = Formula::and(vec![rel(slope.clone(), Eq, n(0)), rel(other, Eq, n(0))]);
    assert_eq!(outcome(&given, &Formula::implies(both, rel(x.clone(), Eq, y.clone()))), "always");
    let curved = rel(derivative(&slope), Lt, n(0));
    assert_eq!(outcome(&shares(), &Formula::implies(rel(slope.clone(), Eq, n(0)), curved)), "always");
    given.push(rel(x.clone(), Lt, y.clone()));
    let tie = Formula::and(vec![rel(product(&x), Eq, product(&y)), rel(slope, Eq, n(0))]);
    assert_eq!(outcome(&given, &!tie), "always");
}

#[test]
fn assumptions_that_contradict_each_other_are_vacuous() {
    let x = s("x");
    let given = [rel(pow(x.clone(), 2), Lt, x.clone()), rel(x.clone(), Gt, n(1))];
    assert_eq!(outcome(&given, &rel(x, Eq, n(7))), "vacuous");
}

#[test]
fn a_model_has_small_rational_numbers_where_there_is_room_for_them() {
    let (x, y) = (s("x"), s("y"));
    let f = Formula::and(vec![
        rel(pow(x.clone(), 2), Gt, n(2)),
        rel(x.clone(), Gt, n(0)),
        rel(pow(y.clone(), 2), Lt, x.clone()),
        rel(y, Gt, n(1)),
    ]);
    match find(&f, &Budget::default()) {
        Search::Found(m) => assert_eq!(m.to_string(), "x = 2, y = 4/3"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_model_on_a_curve_may_be_irrational() {
    let x = s("x");
    match find(&rel(pow(x, 2), Eq, n(2)), &Budget::default()) {
        Search::Found(m) => {
            assert_eq!(m.rational(), None);
            assert!(matches!(m.get(&Symbol::new("x")), Some(Coord::Algebraic(_))));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_set_without_interior_has_points_but_no_neighbourhood() {
    let (x, y) = (s("x"), s("y"));
    let line = rel(pow(x.clone() - y.clone(), 2), Le, n(0));
    assert!(matches!(find(&line, &Budget::default()), Search::Found(_)));
    assert!(matches!(find_open(&line, &Budget::default()), Search::Nowhere(_)));
    let region = rel(pow(x, 2), Le, y);
    assert!(matches!(find_open(&region, &Budget::default()), Search::Found(_)));
}

#[test]
fn a_term_that_is_not_algebraic_is_named() {
    let term = Expr::pow(s("x"), s("k"));
    match decide(&[], &rel(term.clone(), Gt, n(0)), &Budget::default()) {
        Decision::Unsupported(Untranslated::Unsupported { term: t }) => assert_eq!(t, term),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_budget_that_is_too_small_gives_no_answer() {
    let budget = Budget { steps: 2000, deadline: None };
    let d = decide(&three_in_order(), &no_valley(product), &budget);
    assert!(matches!(d, Decision::Unknown(Reason::Exhausted(_))), "{d:?}");
}

#[test]
fn solutions_far_from_the_first_samples_are_not_missed() {
    let (x, y) = (s("x"), s("y"));
    let cube = pow(x.clone(), 3);
    // Above x = 0 there are no roots at all: only the discriminant says where they begin.
    let by_discriminant = rel(pow(y.clone(), 2), Lt, cube.clone() - n(100));
    // Above x = 0 the root is negative: only the leading coefficient says where it comes back.
    let line = rel((cube.clone() - n(100)) * y.clone(), Gt, n(1));
    let by_coefficient = Formula::and(vec![line, rel(y.clone(), Gt, n(0))]);
    // Above x = 0 the two roots are in the wrong order: only their resultant says where it turns.
    let order = [rel(y.clone(), Gt, n(100) - cube.clone()), rel(y, Lt, cube - n(100))];
    let by_resultant = Formula::and(order.to_vec());
    for f in [by_discriminant, by_coefficient, by_resultant] {
        assert!(matches!(find(&f, &Budget::default()), Search::Found(_)), "{f:?}");
    }
}

/// A certificate with cells inside cells, and the question that it answers.
fn means() -> (Certificate, Vec<Formula>, Formula) {
    let (a, b, c) = (s("a"), s("b"), s("c"));
    let given: Vec<Formula> = [&a, &b, &c].map(|v| rel(v.clone(), Gt, n(0))).to_vec();
    let sum = pow(Expr::sum(vec![a.clone(), b.clone(), c.clone()]), 3);
    let conclusion = rel(sum, Ge, Expr::product(vec![n(27), a, b, c]));
    match decide(&given, &conclusion, &Budget::default()) {
        Decision::Always(certificate) => (certificate, given, conclusion),
        other => panic!("{other:?}"),
    }
}

fn accepted(certificate: &Certificate, given: &[Formula], conclusion: &Formula) -> bool {
    recheck(Claim::Always, certificate, given, conclusion, &Budget::default()).is_ok()
}

#[test]
fn a_certificate_survives_storage() {
    let (certificate, given, conclusion) = means();
    let text = serde_json::to_string(&certificate).expect("plain data");
    let back: Certificate = serde_json::from_str(&text).expect("what was written");
    assert_eq!(back, certificate);
    assert!(accepted(&back, &given, &conclusion));
}

#[test]
fn an_edited_certificate_is_refused() {
    let (certificate, given, conclusion) = means();
    for i in 0..certificate.cells.len() {
        let mut dropped = certificate.clone();
        dropped.cells.remove(i);
        assert!(!accepted(&dropped, &given, &conclusion), "without cell {i}");

        let mut moved = certificate.clone();
        moved.cells[i].sample = Coord::Rational(Rational::from(1000 + i as u32));
        if i + 1 < certificate.cells.len() {
            assert!(!accepted(&moved, &given, &conclusion), "cell {i} moved");
        }

        let Some(inside) = &certificate.cells[i].inside else { continue };
        for j in 0..inside.len() {
            let mut dropped = certificate.clone();
            dropped.cells[i].inside.as_mut().expect("cells inside").remove(j);
            assert!(!accepted(&dropped, &given, &conclusion), "without cell {i}/{j}");
        }
        for j in 0..certificate.cells[i].polys.len() {
            let mut changed = certificate.clone();
            let p = &changed.cells[i].polys[j];
            changed.cells[i].polys[j] = p + &Poly::one();
            assert!(!accepted(&changed, &given, &conclusion), "cell {i} with polynomial {j} changed");
        }
    }
}

#[test]
fn a_certificate_does_not_prove_another_statement() {
    let (certificate, given, _) = means();
    let (a, b, c) = (s("a"), s("b"), s("c"));
    let sum = pow(Expr::sum(vec![a.clone(), b.clone(), c.clone()]), 3);
    assert!(!accepted(&certificate, &given, &rel(sum, Ge, Expr::product(vec![n(28), a, b, c]))));
}
