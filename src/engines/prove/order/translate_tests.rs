//! The semantics of the translation, at single points.

use rug::Rational;

use super::*;
use crate::exact::{Coord, Meter};
use crate::expr::{Case, Expr, Formula, Function, Relation, Relation::*, Set, Symbol};

fn x() -> Expr {
    Expr::sym("x")
}

fn n(k: i64) -> Expr {
    Expr::int(k)
}

fn rel(a: Expr, r: Relation, b: Expr) -> Formula {
    Formula::Rel(a, r, b)
}

/// Whether the statement (`denied`: its two-valued denial) holds at `x = value`.
fn holds(f: &Formula, value: Rational, denied: bool) -> bool {
    let meter = Meter::unlimited();
    let mut t = Translator::new([Symbol::new("x")], &meter);
    let tree = t.formula(f).expect("algebraic");
    let tree = if denied { tree.negated() } else { tree };
    let here = Tree::and(vec![
        Tree::and(vec![tree, t.side_conditions()]),
        t.formula(&rel(x(), Eq, Expr::Num(value))).expect("algebraic"),
    ]);
    let p = Problem { tree: here, variables: t.variables().to_vec() };
    matches!(satisfiable(&p, &meter), Answer::Sat(_))
}

/// For each value: does the statement hold there? Its denial must hold exactly elsewhere.
fn check(f: &Formula, expected: &[(i64, i64, bool)]) {
    for (num, den, truth) in expected {
        let value = Rational::from((*num, *den));
        assert_eq!(holds(f, value.clone(), false), *truth, "{f:?} at {value}");
        assert_eq!(holds(f, value.clone(), true), !truth, "the denial of {f:?} at {value}");
    }
}

#[test]
fn a_relation_with_an_undefined_side_is_false_and_so_is_its_written_denial() {
    let f = rel(Expr::recip(x()), Gt, n(0));
    check(&f, &[(1, 1, true), (-1, 1, false), (0, 1, false)]);
    check(&!f, &[(1, 1, false), (-1, 1, true), (0, 1, false)]);
}

#[test]
fn powers_with_rational_exponents_need_a_base_that_is_not_negative() {
    let cube_root = Expr::pow(x(), Expr::ratio(1, 3));
    check(&rel(cube_root, Eq, n(2)), &[(8, 1, true), (-8, 1, false)]);
    let power = Expr::pow(x(), Expr::ratio(-3, 2));
    check(&rel(power.clone(), Eq, Expr::ratio(1, 8)), &[(4, 1, true), (0, 1, false)]);
    check(&rel(power, Gt, n(0)), &[(4, 1, true), (0, 1, false), (-1, 1, false)]);
}

#[test]
fn the_zeroth_power_of_an_undefined_term_is_undefined() {
    let f = rel(Expr::pow(Expr::recip(x()), n(0)), Eq, n(1));
    check(&f, &[(3, 1, true), (0, 1, false)]);
}

#[test]
fn a_product_with_zero_is_undefined_where_its_factor_is() {
    let f = rel(n(0) * Expr::recip(x()), Eq, n(0));
    check(&f, &[(3, 1, true), (0, 1, false)]);
}

#[test]
fn the_first_case_that_applies_is_taken_and_without_one_the_term_is_undefined() {
    let case = |value, condition| Case { value, condition: Some(condition) };
    let e = Expr::Cases(vec![
        case(n(1), rel(x(), Lt, n(0))),
        case(n(2), rel(x(), Lt, n(1))),
        case(Expr::recip(x() - n(3)), rel(x(), Gt, n(2))),
    ]);
    check(&rel(e.clone(), Eq, n(1)), &[(-1, 1, true), (1, 2, false), (4, 1, true), (3, 2, false)]);
    check(&rel(e.clone(), Eq, n(2)), &[(1, 2, true), (-1, 1, false)]);
    check(&rel(e.clone(), Eq, e), &[(3, 2, false), (3, 1, false), (5, 2, true)]);
}

#[test]
fn absolute_values_maxima_and_minima_are_split_into_cases() {
    let abs = Expr::Fun(Function::Abs, vec![x() - n(1)]);
    check(&rel(abs, Eq, n(2)), &[(3, 1, true), (-1, 1, true), (1, 1, false)]);
    let max = Expr::Fun(Function::Max, vec![x(), n(1), n(2) * x() - n(3)]);
    check(&rel(max.clone(), Eq, n(1)), &[(0, 1, true), (1, 1, true), (2, 1, false)]);
    check(&rel(max, Eq, n(5)), &[(4, 1, true), (5, 1, false)]);
    // Undefined where any argument is.
    let min = Expr::Fun(Function::Min, vec![n(0), Expr::recip(x())]);
    check(&rel(min, Le, n(0)), &[(1, 1, true), (0, 1, false)]);
}

#[test]
fn chains_memberships_implications_and_equivalences_are_spelled_out() {
    let chain = Formula::Chain(n(0), vec![(Lt, x()), (Le, n(1))]);
    check(&chain, &[(0, 1, false), (1, 2, true), (1, 1, true), (2, 1, false)]);
    let member = Formula::In(x(), Set::closed(n(0), n(1)));
    check(&member, &[(0, 1, true), (2, 1, false)]);
    check(&Formula::implies(chain.clone(), rel(x(), Gt, Expr::ratio(1, 2))), &[(1, 4, false), (5, 1, true)]);
    let same = Formula::Iff(Box::new(chain), Box::new(member));
    check(&same, &[(0, 1, false), (1, 2, true), (7, 1, true)]);
}

#[test]
fn a_set_that_is_only_named_is_reported_by_its_name() {
    let meter = Meter::unlimited();
    let f = Formula::In(x(), Set::Union(vec![Set::Reals, Set::Named(Symbol::new("P"))]));
    let answer = Translator::new([], &meter).formula(&f);
    assert_eq!(answer, Err(Untranslated::NamedSet(Some(Symbol::new("P")))));
}

#[test]
fn nested_roots_are_defined_where_all_radicands_are() {
    // sqrt(1 - sqrt(x)): 0 <= x <= 1
    let e = Expr::sqrt(n(1) - Expr::sqrt(x()));
    check(&rel(e, Ge, n(0)), &[(0, 1, true), (1, 2, true), (1, 1, true), (2, 1, false), (-1, 1, false)]);
}

#[test]
fn a_root_in_a_model_is_the_non_negative_one() {
    let f = rel(Expr::sqrt(x()), Eq, n(3));
    match find(&f, &Budget::default()) {
        Search::Found(m) => {
            assert_eq!(m.get(&Symbol::new("x")), Some(&Coord::Rational(Rational::from(9))));
        }
        other => panic!("{other:?}"),
    }
}
