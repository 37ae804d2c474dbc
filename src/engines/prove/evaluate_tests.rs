use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::expr::{Gather, Set, defined};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}
fn at(values: &[(&str, (i64, i64))]) -> Point {
    values.iter().map(|(s, v)| (Symbol::new(s), Rational::from(*v))).collect()
}
fn x() -> Expr {
    Expr::sym("x")
}
fn y() -> Expr {
    Expr::sym("y")
}
fn ln(e: Expr) -> Expr {
    Expr::Fun(Function::Ln, vec![e])
}
fn rel(a: Expr, r: Relation, b: Expr) -> Formula {
    Formula::Rel(a, r, b)
}
fn why(v: Value) -> Option<Why> {
    match v {
        Value::Undefined(r) => Some(r.why),
        _ => None,
    }
}

#[test]
fn roots_of_perfect_powers_stay_exact() {
    let p = at(&[("x", (9, 4))]);
    assert_eq!(value(&Expr::sqrt(x()), &p, 64), Value::Exact(q(3, 2)));
    assert_eq!(value(&Expr::pow(x(), Expr::ratio(-3, 2)), &p, 64), Value::Exact(q(8, 27)));
}

#[test]
fn an_irrational_value_is_enclosed_and_its_digits_are_certain() {
    let p = at(&[("x", (2, 1))]);
    let v = refined(&Expr::sqrt(x()), &p, 50, 4096);
    assert_eq!(v.decimals(50).as_deref(), Some("1.4142135623730950488016887242096980785696718753769…"));
    assert_eq!(value(&Expr::ratio(1, 3), &p, 64).decimals(6).as_deref(), Some("0.333333…"));
    assert_eq!(value(&Expr::ratio(1, 8), &p, 64).decimals(6).as_deref(), Some("0.125"));
    assert_eq!(value(&Expr::int(2000), &p, 64).decimals(6).as_deref(), Some("2000"));
    assert_eq!(value(&Expr::int(-2_000_000), &p, 64).decimals(3).as_deref(), Some("-2e6"));
    assert_eq!(value(&Expr::ratio(1, 10), &p, 64).decimals(6).as_deref(), Some("0.1"));
}

#[test]
fn every_way_to_be_undefined_is_told_apart() {
    let p = at(&[("x", (0, 1)), ("y", (-1, 1)), ("k", (2, 1))]);
    let cases = [
        (Expr::recip(x()), Why::DivisionByZero),
        (Expr::pow(x(), y()), Why::ZeroToNonPositivePower),
        (Expr::pow(x(), x()), Why::ZeroToNonPositivePower),
        (Expr::pow(y(), Expr::sym("k")), Why::NegativeBase),
        (Expr::sqrt(y()), Why::NegativeBase),
        (ln(x()), Why::LogarithmOfNonPositive),
        (
            Expr::Cases(vec![Case { value: x(), condition: Some(rel(x(), Relation::Lt, y())) }]),
            Why::NoCaseApplies,
        ),
    ];
    for (e, expected) in cases {
        assert_eq!(why(value(&e, &p, 64)), Some(expected), "{e:?}");
        // Strict: whatever contains it is undefined, zero times it included.
        assert_eq!(why(value(&(Expr::int(0) * e.clone()), &p, 64)), Some(expected));
        assert_eq!(why(value(&(e.clone() - e), &p, 64)), Some(expected));
    }
}

#[test]
fn zero_times_a_defined_number_is_exactly_zero() {
    let p = at(&[("x", (2, 1)), ("y", (0, 1))]);
    assert_eq!(value(&(y() * Expr::sqrt(x())), &p, 64), Value::Exact(q(0, 1)));
    assert_eq!(why(value(&Expr::recip(y() * Expr::sqrt(x())), &p, 64)), Some(Why::DivisionByZero));
}

#[test]
fn literal_natural_exponents_are_defined_everywhere() {
    let p = at(&[("x", (0, 1)), ("y", (-2, 1))]);
    assert_eq!(value(&Expr::pow(x(), Expr::int(0)), &p, 64), Value::Exact(q(1, 1)));
    assert_eq!(value(&Expr::pow(y(), Expr::int(3)), &p, 64), Value::Exact(q(-8, 1)));
    assert_eq!(value(&Expr::pow(y(), Expr::int(-3)), &p, 64), Value::Exact(q(-1, 8)));
    assert_eq!(value(&Expr::pow(x(), Expr::ratio(1, 2)), &p, 64), Value::Exact(q(0, 1)));
}

#[test]
fn a_relation_with_an_undefined_side_is_not_made_true_by_negation() {
    let p = at(&[("x", (0, 1))]);
    let atom = rel(Expr::recip(x()), Relation::Gt, Expr::int(1));
    assert_eq!(truth(&atom, &p, 256), Truth::Undefined);
    assert_eq!(truth(&Formula::Not(Box::new(atom.clone())), &p, 256), Truth::Undefined);
    let zero = rel(x(), Relation::Eq, Expr::int(0));
    assert_eq!(truth(&Formula::Or(vec![atom.clone(), zero.clone()]), &p, 256), Truth::True);
    assert_eq!(truth(&Formula::And(vec![atom.clone(), !zero.clone()]), &p, 256), Truth::False);
    assert_eq!(truth(&Formula::And(vec![atom.clone(), zero.clone()]), &p, 256), Truth::Undefined);
    assert_eq!(truth(&Formula::implies(atom.clone(), !zero), &p, 256), Truth::Undefined);
    assert_eq!(truth(&Formula::Iff(Box::new(atom.clone()), Box::new(atom)), &p, 256), Truth::Undefined);
}

#[test]
fn an_undefined_term_is_not_a_member_of_the_reals() {
    let p = at(&[("x", (0, 1))]);
    assert_eq!(truth(&Formula::In(Expr::recip(x()), Set::Reals), &p, 64), Truth::Undefined);
    assert_eq!(truth(&Formula::In(x(), Set::Reals), &p, 64), Truth::True);
    let unit = Set::closed(Expr::int(0), Expr::int(1));
    assert_eq!(truth(&Formula::In(x(), unit.clone()), &p, 64), Truth::True);
    assert_eq!(truth(&Formula::In(x() - Expr::int(1), unit), &p, 64), Truth::False);
    assert_eq!(truth(&Formula::In(x(), Set::Named(Symbol::new("S"))), &p, 64), Truth::Unknown);
}

#[test]
fn a_small_difference_is_found_by_more_precision_and_an_unprovable_equality_is_unknown() {
    let p = at(&[("x", (2, 1)), ("y", (3, 1))]);
    let tiny = Expr::pow(Expr::int(10), Expr::int(-100));
    let near = rel(Expr::sqrt(x()) + tiny, Relation::Gt, Expr::sqrt(x()));
    assert_eq!(truth(&near, &p, 4096), Truth::True);
    assert_eq!(truth(&near, &p, 128), Truth::Unknown);
    let same = rel(Expr::sqrt(x()) * Expr::sqrt(y()), Relation::Eq, Expr::sqrt(x() * y()));
    assert_eq!(truth(&same, &p, 1024), Truth::Unknown);
}

#[test]
fn a_term_equals_itself_where_it_is_defined_and_only_there() {
    let same = rel(ln(x()), Relation::Eq, ln(x()));
    assert_eq!(truth(&same, &at(&[("x", (3, 1))]), 64), Truth::True);
    assert_eq!(truth(&same, &at(&[("x", (0, 1))]), 64), Truth::Undefined);
    assert_eq!(compare(&ln(x()), &ln(x()), &at(&[("x", (2, 1))]), 64), Comparison::Ordered(Ordering::Equal));
}

#[test]
fn a_divisor_that_vanishes_only_perhaps_is_unknown_and_not_undefined() {
    let p = at(&[("x", (2, 1)), ("y", (3, 1))]);
    let difference = Expr::sqrt(x()) * Expr::sqrt(y()) - Expr::sqrt(x() * y());
    assert_eq!(value(&Expr::recip(difference), &p, 512), Value::Unknown);
}

#[test]
fn the_first_case_that_applies_gives_the_value() {
    let case = |v: i64, c: Option<Formula>| Case { value: Expr::int(v), condition: c };
    let e = Expr::Cases(vec![
        case(1, Some(rel(x(), Relation::Lt, Expr::int(0)))),
        case(2, Some(rel(x(), Relation::Lt, Expr::int(5)))),
        case(3, None),
    ]);
    for (v, expected) in [(-1, 1), (0, 2), (4, 2), (5, 3)] {
        assert_eq!(value(&e, &at(&[("x", (v, 1))]), 64), Value::Exact(q(expected, 1)));
    }
    let odd =
        Expr::Cases(vec![case(1, Some(rel(Expr::recip(x()), Relation::Gt, Expr::int(0)))), case(2, None)]);
    assert_eq!(value(&odd, &at(&[("x", (0, 1))]), 64), Value::Unknown);
}

#[test]
fn a_case_border_that_cannot_be_decided_is_bridged_only_where_both_cases_are_defined() {
    let p = at(&[("x", (2, 1)), ("y", (3, 1))]);
    let near = rel(Expr::sqrt(x()) * Expr::sqrt(y()), Relation::Le, Expr::sqrt(x() * y()));
    let two = |a: Expr, b: Expr| {
        Expr::Cases(vec![
            Case { value: a, condition: Some(near.clone()) },
            Case { value: b, condition: None },
        ])
    };
    let bridged = value(&two(Expr::int(1), Expr::int(2)), &p, 64).ball(64).expect("both are defined");
    assert!(bridged.contains(&q(1, 1)) && bridged.contains(&q(2, 1)));
    let broken = Expr::recip(x() - Expr::int(2));
    assert_eq!(value(&two(Expr::int(1), broken.clone()), &p, 64), Value::Unknown);
    assert_eq!(why(value(&two(broken.clone(), broken), &p, 64)), Some(Why::DivisionByZero));
}

#[test]
fn missing_symbols_and_operators_are_unknown() {
    assert_eq!(value(&x(), &Point::new(), 64), Value::Unknown);
    let sum = Expr::Over {
        gather: Gather::Sum,
        index: Symbol::new("i"),
        lower: Box::new(Expr::int(1)),
        upper: Box::new(Expr::int(3)),
        body: Box::new(x()),
    };
    assert_eq!(value(&sum, &at(&[("x", (1, 2))]), 64), Value::Exact(q(3, 2)));
    assert_eq!(value(&sum, &Point::new(), 64), Value::Unknown);
    let unbounded = sum.map(&mut |e| if e.is_one() { e.clone() } else { Expr::sym("n") }, &mut Clone::clone);
    assert_eq!(value(&unbounded, &at(&[("n", (1, 2))]), 64), Value::Unknown);
    assert_eq!(value(&Expr::Fun(Function::Ln, vec![]), &Point::new(), 64), Value::Unknown);
    assert_eq!(value(&Expr::Fun(Function::Max, vec![]), &Point::new(), 64), Value::Unknown);
}

#[test]
fn huge_exact_powers_become_enclosures_and_overflow_is_unknown() {
    let p = at(&[("x", (3, 2))]);
    assert!(matches!(value(&Expr::pow(x(), Expr::int(1 << 20)), &p, 64), Value::Enclosed(_)));
    assert_eq!(value(&Expr::pow(x(), Expr::int(1 << 40)), &p, 64), Value::Unknown);
}

#[test]
fn extremes_stay_exact_where_the_extreme_argument_is() {
    let p = at(&[("x", (2, 1))]);
    let e = Expr::Fun(Function::Max, vec![Expr::sqrt(x()), x(), Expr::int(1)]);
    assert_eq!(value(&e, &p, 64), Value::Exact(q(2, 1)));
}

fn random_term(rng: &mut ChaCha8Rng, depth: u32) -> Expr {
    if depth == 0 || rng.random_range(0..5) == 0 {
        return match rng.random_range(0..3) {
            0 => x(),
            1 => y(),
            _ => Expr::ratio(rng.random_range(-4..5), rng.random_range(1..4)),
        };
    }
    let mut sub = || random_term(rng, depth - 1);
    let (a, b) = (sub(), sub());
    match rng.random_range(0..9) {
        0 | 1 => a + b,
        2 => a - b,
        3 => a * b,
        4 => a / b,
        5 => Expr::sqrt(a),
        6 => Expr::pow(a, b),
        7 => ln(a),
        _ => Expr::Fun(Function::Max, vec![a, b]),
    }
}

/// Definedness by evaluation and by the condition that `expr` derives never contradict each
/// other, and a value never excludes the one in double precision.
#[test]
fn random_terms_agree_with_their_definedness_condition_and_with_double_precision() {
    let mut rng = ChaCha8Rng::seed_from_u64(20);
    let (mut defined_count, mut undefined_count, mut eligible, mut compared) = (0, 0, 0, 0);
    for _ in 0..20_000 {
        let e = random_term(&mut rng, 4);
        let p = at(&[
            ("x", (rng.random_range(-6..7), rng.random_range(1..4))),
            ("y", (rng.random_range(-3..4), rng.random_range(1..4))),
        ]);
        let v = value(&e, &p, 128);
        let condition = defined::condition(&e).expect("elementary");
        let predicted = truth(&condition, &p, 128);
        match &v {
            Value::Exact(_) | Value::Enclosed(_) => {
                defined_count += 1;
                assert!(matches!(predicted, Truth::True | Truth::Unknown), "{e:?} at {p:?}: {predicted:?}");
            }
            Value::Undefined(_) => {
                undefined_count += 1;
                assert_ne!(predicted, Truth::True, "{e:?} at {p:?}");
            }
            Value::Unknown => {}
        }
        let doubles = p.iter().map(|(s, q)| (s.clone(), q.to_f64())).collect();
        let approximation = crate::prove::approximate::approximate(&e, &doubles);
        if let (Some(b), Some(a)) = (v.ball(128), approximation)
            && a.abs() < 1e6
        {
            eligible += 1;
            let middle = b.midpoint().expect("of moderate size").to_f64();
            // Cancellation in double precision can lose most digits, seldom all of them.
            if (middle - a).abs() <= 1e-6 * (1.0 + a.abs()) {
                compared += 1;
            }
        }
    }
    assert!(defined_count > 5_000 && undefined_count > 1_000, "{defined_count} {undefined_count}");
    assert!(compared > 5_000 && compared * 100 >= eligible * 99, "{compared} of {eligible}");
}
