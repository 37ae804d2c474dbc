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
    assert_eq!(
        outcome(&[], &rel(root.clone(), Eq, Expr::Fun(crate::expr::Function::Abs, vec![x.clone()]))),
        "always"
    );
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
        crate::expr::Case {
            value: a.clone() / (n(2) * a.clone() - b.clone()),
            condition: Some(rel(b.clone(), Lt, a.clone())),
        },
        crate::expr::Case { value: n(1), condition: Some(rel(b, Ge, a)) },
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

fn smaller(a: Expr, b: Expr) -> Expr {
    Expr::Fun(crate::expr::Function::Min, vec![a, b])
}

fn worse_off(x: &Expr) -> Expr {
    smaller(first_payoff(x), second_payoff(x))
}

fn timed(name: &str, assumptions: &[Formula], conclusion: &Formula) -> &'static str {
    let start = std::time::Instant::now();
    let budget = Budget::default();
    let d = decide(assumptions, conclusion, &budget);
    let t1 = start.elapsed();
    let (claim, c, r) = match d {
        Decision::Always(c) => (Claim::Always, c, "always"),
        Decision::Never(c) => (Claim::Never, c, "never"),
        Decision::Vacuous(c) => (Claim::Vacuous, c, "vacuous"),
        Decision::Sometimes { holds, fails } => {
            println!("{name}: sometimes {t1:?} holds {holds} fails {fails}");
            return "sometimes";
        }
        Decision::Unknown(why) => {
            println!("{name}: {why} {t1:?}");
            return "unknown";
        }
        Decision::Unsupported(why) => {
            println!("{name}: {why} {t1:?}");
            return "unsupported";
        }
    };
    let start = std::time::Instant::now();
    let ok = recheck(claim, &c, assumptions, conclusion, &budget);
    println!(
        "{name}: {r} {t1:?} cells {} {:?} recheck {ok:?} {:?} bytes {}",
        c.size(),
        c.projection,
        start.elapsed(),
        serde_json::to_string(&c).unwrap().len()
    );
    r
}

#[test]
fn workload() {
    let x = s("x");
    let y = s("y");
    let z = s("z");
    let mut given = both_positive();
    given.push(in_unit_interval(&x));
    let mut ne = given.clone();
    ne.push(rel(s("a"), Ne, s("b")));
    let d = equal_share();
    timed("best", &given, &rel(first_payoff(&x), Le, first_payoff(&best_share())));
    timed("equal in [0,1]", &ne, &in_unit_interval(&d));
    timed("equal payoffs", &ne, &rel(first_payoff(&d), Eq, second_payoff(&d)));
    timed("egal max", &ne, &rel(worse_off(&x), Le, worse_off(&d)));
    timed(
        "egal unique",
        &ne,
        &Formula::implies(rel(worse_off(&x), Eq, worse_off(&d)), rel(x.clone(), Eq, d.clone())),
    );
    timed("egal without ne", &given, &rel(worse_off(&x), Le, worse_off(&d)));
    timed("egal wrong sign", &ne, &rel(worse_off(&x), Le, first_payoff(&x)));
    let mut xyz = both_positive();
    for v in [&x, &y, &z] {
        xyz.push(in_unit_interval(v));
    }
    xyz.push(rel(x.clone(), Lt, y.clone()));
    xyz.push(rel(y.clone(), Lt, z.clone()));
    let valley = |f: &dyn Fn(&Expr) -> Expr| Formula::and(vec![rel(f(&y), Le, f(&x)), rel(f(&y), Le, f(&z))]);
    timed("U unimodal", &xyz, &!valley(&first_payoff));
    timed("V unimodal", &xyz, &!valley(&second_payoff));
    let product = |x: &Expr| first_payoff(x) * second_payoff(x);
    let px = crate::expr::derive::derivative(&product(&x), &crate::expr::Symbol::new("x")).unwrap();
    let pxx = crate::expr::derive::derivative(&px, &crate::expr::Symbol::new("x")).unwrap();
    timed("nash crit concave", &given, &Formula::implies(rel(px.clone(), Eq, n(0)), rel(pxx, Lt, n(0))));
    let py = px.substitute(&crate::expr::Symbol::new("x"), &y);
    let mut xy = given.clone();
    xy.push(in_unit_interval(&y));
    timed(
        "nash crit unique",
        &xy,
        &Formula::implies(
            Formula::and(vec![rel(px.clone(), Eq, n(0)), rel(py, Eq, n(0))]),
            rel(x.clone(), Eq, y.clone()),
        ),
    );
    xy.push(rel(x.clone(), Lt, y.clone()));
    timed(
        "nash two maximisers",
        &xy,
        &!Formula::and(vec![rel(product(&x), Eq, product(&y)), rel(px, Eq, n(0))]),
    );
    timed("nash unimodal", &xyz, &!valley(&product));
    timed("egal unimodal", &xyz, &!valley(&worse_off));
    let k = s("c") / (s("c") + s("d"));
    let _ = k;
}
