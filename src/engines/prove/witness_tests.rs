use std::cell::Cell;

use rug::Rational;

use super::*;
use crate::expr::{Expr, Relation, Set};

fn s(name: &str) -> Expr {
    Expr::sym(name)
}
fn rel(a: Expr, r: Relation, b: Expr) -> Formula {
    Formula::Rel(a, r, b)
}
fn positive(name: &str) -> Formula {
    rel(s(name), Relation::Gt, Expr::int(0))
}
fn differ(a: Expr, b: Expr) -> Formula {
    rel(a, Relation::Ne, b)
}
fn find(goal: &Formula, facts: &[Formula]) -> Point {
    let found = search(goal, facts, &Options::default()).expect("bears out");
    assert!(found.met > 0);
    found.witness.expect("there is a witness")
}
fn point(values: &[(&str, (i64, i64))]) -> Point {
    values.iter().map(|(n, v)| (Symbol::new(n), Rational::from(*v))).collect()
}

#[test]
fn a_wrong_identity_is_refuted_with_the_smallest_numbers_that_still_work() {
    let square = Expr::pow(s("a") + s("b"), Expr::int(2));
    let wrong = Expr::pow(s("a"), Expr::int(2)) + Expr::pow(s("b"), Expr::int(2));
    let facts = [positive("a"), positive("b")];
    assert_eq!(find(&differ(square, wrong), &facts), point(&[("a", (1, 1)), ("b", (1, 1))]));
}

#[test]
fn a_formula_that_fails_only_on_the_border_is_caught_there() {
    // t/t = 1 is undefined at t = 0 only.
    let quotient = s("t") / s("t");
    let goal = |at: &Point| disagree(&quotient, &Expr::int(1), at, 64);
    let facts = [Formula::In(s("t"), Set::closed(Expr::int(0), Expr::int(1)))];
    let symbols = BTreeSet::from([Symbol::new("t")]);
    let found = search_with(&goal, &symbols, &facts, &Options::default()).expect("bears out");
    assert_eq!(found.witness, Some(point(&[("t", (0, 1))])));
}

#[test]
fn a_failure_at_equal_parameters_is_found() {
    // (a^2 - b^2)/(a - b) is a + b except where a = b.
    let quotient = (Expr::pow(s("a"), Expr::int(2)) - Expr::pow(s("b"), Expr::int(2))) / (s("a") - s("b"));
    let goal = |at: &Point| disagree(&quotient, &(s("a") + s("b")), at, 64);
    let facts = [positive("a"), positive("b"), rel(s("a"), Relation::Ge, s("b") * Expr::ratio(1, 3))];
    let found = search_with(&goal, &quotient.free(), &facts, &Options::default()).expect("bears out");
    assert_eq!(found.witness, Some(point(&[("a", (1, 1)), ("b", (1, 1))])));
}

#[test]
fn terms_that_are_both_undefined_do_not_disagree() {
    let at = point(&[("x", (0, 1)), ("y", (2, 1))]);
    let (pole, root) = (Expr::recip(s("x")), Expr::sqrt(s("y")));
    assert_eq!(disagree(&pole, &Expr::recip(s("x") * s("y")), &at, 128), Truth::False);
    assert_eq!(disagree(&pole, &root, &at, 128), Truth::True);
    assert_eq!(disagree(&root, &pole, &at, 128), Truth::True);
    assert_eq!(disagree(&root, &Expr::int(1), &at, 128), Truth::True);
    let square = Expr::pow(root.clone(), Expr::int(2));
    assert_eq!(disagree(&square, &s("y"), &at, 128), Truth::Unknown);
    let perhaps = Expr::recip(square - s("y"));
    assert_eq!(disagree(&pole, &perhaps, &at, 128), Truth::Unknown);
    assert_eq!(is_defined(&perhaps, &at, 128), Truth::Unknown);
}

#[test]
fn a_goal_without_symbols_is_settled_by_one_draw() {
    let found = search(&rel(Expr::sqrt(Expr::int(2)), Relation::Gt, Expr::int(1)), &[], &Options::default());
    assert_eq!(found, Ok(Search { witness: Some(Point::new()), draws: 1, met: 1 }));
}

#[test]
fn extreme_ratios_are_tried_and_then_reduced() {
    let facts = [positive("a"), positive("b")];
    let found = find(&rel(s("a"), Relation::Gt, Expr::int(5000) * s("b")), &facts);
    let (a, b) = (&found[&Symbol::new("a")], &found[&Symbol::new("b")]);
    assert!(*a > Rational::from(5000 * b));
    assert!(
        *a.denom() == 1 && *b.numer() == 1 && found.values().map(|v| v.denom().to_f64()).sum::<f64>() < 1e4
    );
}

#[test]
fn equations_among_the_facts_are_solved() {
    let facts = [
        positive("a"),
        positive("b"),
        Formula::eq(s("c"), s("a") / (s("a") + s("b"))),
        Formula::Chain(s("d"), vec![(Relation::Eq, s("a") * Expr::int(2)), (Relation::Lt, s("b"))]),
    ];
    let found = find(&rel(s("c"), Relation::Lt, Expr::ratio(1, 4)), &facts);
    assert_eq!(found, point(&[("a", (1, 2)), ("b", (2, 1)), ("c", (1, 5)), ("d", (1, 1))]));
}

#[test]
fn chains_of_domains_are_met_without_luck() {
    let names = ["e", "c", "a", "d", "b"];
    let mut facts: Vec<Formula> = names.windows(2).map(|w| rel(s(w[0]), Relation::Lt, s(w[1]))).collect();
    facts.push(positive("e"));
    facts.push(rel(s("b"), Relation::Lt, Expr::ratio(1, 100)));
    let found =
        search(&Formula::False, &facts, &Options { tries: 200, ..Options::default() }).expect("sound");
    assert_eq!(found.witness, None);
    assert!(found.met > 50, "{found:?}");
}

#[test]
fn irrational_values_are_told_apart_by_enclosures() {
    let power = Expr::pow(s("x"), Expr::recip(s("k") - Expr::int(1)));
    let wrong = Expr::pow(s("x"), Expr::recip(s("k")));
    let facts = [positive("x"), rel(s("k"), Relation::Gt, Expr::int(1))];
    assert_eq!(find(&differ(power, wrong), &facts), point(&[("k", (2, 1)), ("x", (2, 1))]));
}

#[test]
fn a_true_identity_with_roots_has_no_witness() {
    let facts = [positive("x"), positive("y")];
    let goal = differ(Expr::sqrt(s("x")) * Expr::sqrt(s("y")), Expr::sqrt(s("x") * s("y")));
    let found = search(&goal, &facts, &Options { tries: 300, ..Options::default() }).expect("sound");
    assert_eq!(found.witness, None);
    assert!(found.met > 200, "{found:?}");
}

#[test]
fn contradictory_facts_are_met_by_no_draw() {
    let facts = [positive("x"), rel(Expr::pow(s("x"), Expr::int(3)), Relation::Lt, Expr::int(0))];
    let found = search(&Formula::True, &facts, &Options { tries: 300, ..Options::default() }).expect("sound");
    assert_eq!((found.witness, found.met, found.draws), (None, 0, 300));
}

#[test]
fn alternatives_and_implications_among_the_facts_are_followed() {
    let far = Formula::Or(vec![
        rel(s("x"), Relation::Gt, Expr::int(1000)),
        rel(s("x"), Relation::Lt, Expr::int(-1000)),
    ]);
    let then = Formula::implies(rel(s("x"), Relation::Lt, Expr::int(0)), Formula::eq(s("y"), s("x")));
    let found = find(
        &rel(s("y"), Relation::Lt, Expr::int(-5)),
        &[far, then, rel(s("x"), Relation::Lt, Expr::int(0))],
    );
    assert_eq!(found, point(&[("x", (-1001, 1)), ("y", (-1001, 1))]));
}

#[test]
fn a_goal_that_changes_its_mind_is_an_error_and_no_witness() {
    let calls = Cell::new(0);
    let goal = |_: &Point| {
        calls.set(calls.get() + 1);
        if calls.get() == 1 { Truth::True } else { Truth::False }
    };
    let symbols = BTreeSet::from([Symbol::new("x")]);
    let found = search_with(&goal, &symbols, &[], &Options::default());
    assert!(matches!(found, Err(WitnessError::DoesNotBearOut(_))));
}

#[test]
fn the_same_seed_gives_the_same_witness() {
    let facts = [positive("a"), positive("b"), positive("c")];
    let goal = rel(s("a") * s("b"), Relation::Gt, Expr::int(77) + s("c") * s("c") * s("c"));
    assert_eq!(find(&goal, &facts), find(&goal, &facts));
}
