//! What may be moved to an end of its range, and what may not.

use rug::Rational;

use super::{Agreement, Elsewhere, Ends};
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::Engines;

fn x() -> Expr {
    Expr::sym("x")
}

fn y() -> Expr {
    Expr::sym("y")
}

fn n(value: i64) -> Expr {
    Expr::int(value)
}

fn le(a: Expr, b: Expr) -> Formula {
    Formula::Rel(a, Relation::Le, b)
}

fn unit() -> Vec<Formula> {
    vec![le(n(0), x()), le(x(), n(1)), le(n(0), y()), le(y(), n(1))]
}

/// What is fixed, printed, and what is known of agreements elsewhere.
fn reduced(known: Vec<Formula>, payoffs: [Expr; 2]) -> (Vec<String>, Elsewhere) {
    let engines = Engines::default();
    let mut agreement = Agreement {
        free: vec![Symbol::new("x"), Symbol::new("y")],
        fixed: vec![],
        known,
        payoffs: payoffs.to_vec(),
        disagreement: vec![Rational::new(), Rational::new()],
        performance: None,
        reported: vec![],
        elsewhere: Elsewhere::NOTHING,
        judge: &engines,
    };
    agreement.reduce();
    let shown = |(x, e): &(Symbol, Expr)| format!("{x} = {}", crate::tex::plain(e));
    (agreement.fixed.iter().map(shown).collect(), agreement.elsewhere)
}

fn fixed(known: Vec<Formula>, payoffs: [Expr; 2]) -> Vec<String> {
    reduced(known, payoffs).0
}

fn with(more: Formula) -> Vec<Formula> {
    [unit(), vec![more]].concat()
}

#[test]
fn what_is_good_for_all_goes_to_its_upper_end_and_what_is_bad_to_its_lower_one() {
    assert_eq!(fixed(unit(), [x() * (n(1) - y()), x() * y()]), ["x = 1"]);
    assert_eq!(fixed(unit(), [y() - x(), n(2) - y() - x()]), ["x = 0"]);
    assert!(fixed(unit(), [x() + y(), y() - x() * y() - y()]).is_empty());
}

#[test]
fn an_end_that_does_not_belong_to_the_range_is_not_gone_to() {
    let open = vec![le(n(0), x()), Formula::Rel(x(), Relation::Lt, n(1)), le(n(0), y()), le(y(), n(1))];
    assert!(fixed(open, [x() - y() * y() * n(4) + y(), x() - y()]).iter().all(|f| !f.starts_with('x')));
}

#[test]
fn a_condition_between_symbols_is_the_end_where_it_comes_first() {
    assert_eq!(fixed(with(le(x() + y(), n(1))), [x(), y()]), ["x = −y + 1"]);
    assert_eq!(fixed(with(le(x(), y())), [x() - y(), n(2) + y()]), ["x = y"]);
    // It comes first for some values of the other symbol only.
    assert!(fixed(with(le(x() + y(), Expr::Num(Rational::from((3, 2))))), [x() - y(), y() + x()]).is_empty());
}

#[test]
fn a_condition_that_would_be_broken_on_the_way_keeps_a_symbol_where_it_is() {
    let away = x() - Expr::Num(Rational::from((1, 2)));
    let hole = Formula::Rel(away.clone() * away, Relation::Ge, Expr::Num(Rational::from((1, 16))));
    assert!(fixed(with(hole), [x() + y(), x() - y()]).iter().all(|f| !f.starts_with('x')));
}

#[test]
fn a_payoff_that_jumps_on_the_way_keeps_a_symbol_where_it_is() {
    // Its slope is positive wherever it has one; it falls across 1/2.
    let pole = Expr::recip(Expr::Num(Rational::from((1, 2))) - x());
    assert!(fixed(unit(), [pole + y(), x() - y()]).iter().all(|f| !f.starts_with('x')));
}

#[test]
fn an_equation_is_put_in() {
    let all = Formula::Rel(x() + n(2) * y(), Relation::Eq, n(1));
    assert_eq!(fixed(with(all), [x(), y()]), ["x = −2 y + 1"]);
}

#[test]
fn that_nothing_else_is_as_good_is_claimed_where_it_is_proved_only() {
    let (_, strict) = reduced(unit(), [x() + y(), x() - y()]);
    assert!(strict.nash_is_lower && strict.all_are_lower);
    // Where the second player gains, so does the product; the first one does not care.
    let (_, weak) = reduced(unit(), [n(1) - y() * y(), x() + y()]);
    assert!(weak.nash_is_lower && !weak.all_are_lower);
    let (found, idle) = reduced(unit(), [y(), n(1) - y()]);
    assert!(!found.is_empty() && !idle.nash_is_lower);
}

#[test]
fn the_tightest_conditions_are_the_ends() {
    let engines = Engines::default();
    let half = Expr::Num(Rational::from((1, 2)));
    let known = [unit(), vec![Formula::Rel(n(2) * x(), Relation::Lt, half), le(n(-3) * x(), n(-1))]].concat();
    let agreement = Agreement {
        free: vec![Symbol::new("x"), Symbol::new("y")],
        fixed: vec![],
        known,
        payoffs: vec![],
        disagreement: vec![],
        performance: None,
        reported: vec![],
        elsewhere: Elsewhere::NOTHING,
        judge: &engines,
    };
    let q = |n, d| Rational::from((n, d));
    let expected = Ends { lower: Some((q(1, 3), true)), upper: Some((q(1, 4), false)) };
    assert_eq!(agreement.ends(&Symbol::new("x")), Some(expected));
}
