//! Questions that nobody should ask: no panic, no overflow of the stack, no hang, no wrong answer.

use std::time::{Duration, Instant};

use proofread::expr::{Expr, Formula, Function, Relation, Symbol};
use proofread::prove::certified::{Budget as Parts, Outcome, Region, prove_on_box};
use proofread::prove::evaluate::{Point, Truth, truth};
use proofread::prove::order::{self, Budget, Search};
use proofread::prove::recheck::{Recheck, replay};
use proofread::prove::{Engines, Judge as _, Judgement};

fn engines() -> Engines {
    Engines {
        limit: Duration::from_secs(3),
        order_steps: 20_000_000,
        witness_tries: 100,
        ..Engines::default()
    }
}

fn positive(e: Expr) -> Formula {
    Formula::rel(e, Relation::Gt, Expr::int(0))
}

/// Runs on a stack as small as a worker thread's.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).expect("a thread");
    thread.join().expect("no panic");
}

#[test]
fn a_symbol_without_a_value_or_a_side_decides_nothing() {
    let statement = positive(Expr::sym("x") * Expr::sym("y"));
    let at = Point::from([(Symbol::new("x"), rug::Rational::from(1))]);
    assert_eq!(truth(&statement, &at, 128), Truth::Unknown);
    let side = (rug::Rational::from(1), rug::Rational::from(2));
    let region = Region::from([(Symbol::new("x"), side)]);
    assert!(matches!(prove_on_box(&statement, &region, Parts::default()), Outcome::Undecided(_)));
}

#[test]
fn a_symbol_without_a_domain_stands_for_every_real() {
    let judged = engines().judge(&[], &positive(Expr::sym("x")));
    assert!(matches!(judged, Judgement::Fails { open: true, .. }), "{judged:?}");
}

#[test]
fn an_exponent_that_is_not_rational_is_named_by_the_order_engine() {
    let statement = positive(Expr::pow(Expr::sym("x"), Expr::sqrt(Expr::int(2))));
    let Search::Unsupported(why) = order::find(&statement, &Budget::default()) else { panic!("supported") };
    assert!(!why.to_string().is_empty());
    // Where the base is positive the sign rules know better.
    let judged = engines().judge(&[positive(Expr::sym("x"))], &statement);
    assert!(matches!(judged, Judgement::Holds(_)), "{judged:?}");
}

#[test]
fn a_divisor_that_may_vanish_is_reported_as_the_exception() {
    let (x, y) = (Expr::sym("x"), Expr::sym("y"));
    let difference = x.clone() - y.clone();
    let squares = Expr::pow(x.clone(), Expr::int(2)) - Expr::pow(y.clone(), Expr::int(2));
    let statement = Formula::eq(squares / difference, x.clone() + y.clone());
    let Judgement::Except { exceptions, .. } = engines().judge(&[], &statement) else {
        panic!("no exception")
    };
    assert_eq!(exceptions, vec![Formula::eq(x, y)]);
}

#[test]
fn terms_nested_ten_thousand_deep_are_turned_away_on_a_worker_threads_stack() {
    type Deeper = fn(Expr) -> Expr;
    let deeper: [Deeper; 4] = [
        |e| e + Expr::sym("y"),
        |e| Expr::recip(e + Expr::int(1)),
        |e| Expr::Fun(Function::Abs, vec![e - Expr::int(1)]),
        |e| Expr::pow(e, Expr::int(2)),
    ];
    on_a_small_stack(move || {
        for deeper in deeper {
            // A term as deep as this overflows the stack when it is dropped.
            let f = std::mem::ManuallyDrop::new(positive((0..10_000).fold(Expr::sym("x"), |e, _| deeper(e))));
            assert!(matches!(engines().judge(&[], &f), Judgement::Unknown(_)));
            assert!(matches!(engines().judge_plainly(&[], &f), Judgement::Unknown(_)));
            assert_eq!(engines().satisfiable(std::slice::from_ref(&f)), None);
        }
    });
}

#[test]
fn statements_as_deep_as_the_limit_allows_are_judged_on_a_worker_threads_stack() {
    on_a_small_stack(|| {
        let sum = (0..190).fold(Expr::sym("x"), |e, _| e + Expr::sym("y"));
        assert!(matches!(engines().judge(&[], &positive(sum)), Judgement::Fails { .. }));
        let abs = |e: Expr| Expr::Fun(Function::Abs, vec![e]);
        let least = Formula::rel((0..8).fold(Expr::sym("x"), |e, _| abs(e)), Relation::Ge, Expr::int(0));
        assert!(matches!(engines().judge(&[], &least), Judgement::Holds(_)));
    });
}

#[test]
fn evidence_nested_without_end_is_refused() {
    let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(serde_json::from_str::<serde_json::Value>(&nested).is_err(), "the JSON reader stops first");
    let evidence = serde_json::json!({ "engine": "order", "statement": "true", "certificate": 7 });
    assert!(matches!(replay(&evidence), Recheck::Failed(_)));
}

#[test]
fn a_polynomial_of_a_megabyte_is_answered_in_bounded_time() {
    let names = ["x", "y", "z"].map(Expr::sym);
    let term = |i: i64| {
        let powers = (0..3).map(|j| Expr::pow(names[j].clone(), Expr::int(i / 20_i64.pow(j as u32) % 20)));
        Expr::Mul(std::iter::once(Expr::int(i % 7 - 3)).chain(powers).collect())
    };
    let polynomial = Expr::Add((0..40_000).map(term).collect());
    let statement = positive(polynomial);
    assert!(proofread::tex::plain_formula(&statement).len() > 500_000, "large enough");
    let start = Instant::now();
    let judged = engines().judge(&[], &statement);
    assert!(matches!(judged, Judgement::Unknown(_)), "it is turned away");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

/// `1 + 1/(2 + 1/(3 + ... x))`
fn continued_fraction(depth: i64, x: Expr) -> Expr {
    (1..=depth).rev().fold(x, |e, i| Expr::int(i) + Expr::recip(e))
}

#[test]
fn no_engine_works_much_beyond_its_limit() {
    let (x, y) = (Expr::sym("x"), Expr::sym("y"));
    let ln = |e: Expr| Expr::Fun(Function::Ln, vec![e]);
    let deep = Formula::eq(
        continued_fraction(60, ln(x.clone()) + y.clone()) * continued_fraction(50, ln(y.clone())),
        ln(x.clone()),
    );
    let sum = (0..40).fold(x.clone(), |e, i| Expr::pow(e + ln(Expr::sym(&format!("z_{i}"))), Expr::int(2)));
    for statement in [deep, positive(sum)] {
        let start = Instant::now();
        let engines = Engines { limit: Duration::from_secs(2), ..engines() };
        let _ = engines.judge(&[positive(x.clone()), positive(y.clone())], &statement);
        assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    }
}

#[test]
fn the_budget_of_steps_ends_a_question_alike_on_every_run() {
    let statement = Formula::eq(continued_fraction(30, Expr::sym("x")), Expr::sym("x"));
    let ask = |rule_steps| {
        let engines = Engines { rule_steps, order_steps: 10, ..engines() };
        format!("{:?}", engines.judge_plainly(&[positive(Expr::sym("x"))], &statement))
    };
    assert_eq!(ask(50), ask(50));
    assert!(ask(50).starts_with("Unknown"), "{}", ask(50));
}

#[test]
fn squares_of_squares_are_no_identity_and_no_overflow() {
    use proofread::prove::identity::{Identity, equal};
    let (x, y) = (Expr::sym("x"), Expr::sym("y"));
    for base in [x.clone(), x.clone() + y.clone(), Expr::recip(x), Expr::recip(y + Expr::int(1))] {
        let square = |e: Expr, _| Expr::pow(e, Expr::int(2));
        let product = |e: Expr, _| e.clone() * e;
        let power = (0..50).fold(base.clone(), square);
        assert!(matches!(equal(&power, &Expr::int(1), &[]), Identity::NotProved { .. }));
        let power = (0..18).fold(base, product);
        assert!(matches!(equal(&power, &Expr::int(1), &[]), Identity::NotProved { .. }));
    }
}

#[test]
fn absolute_values_and_denials_as_deep_as_the_limit_allows_are_answered_or_left_open() {
    on_a_small_stack(|| {
        let x = || Expr::sym("x");
        let abs = |e: Expr| Expr::Fun(Function::Abs, vec![e]);
        let pure = (0..190).fold(x(), |e, _| abs(e));
        let judged = engines().judge(&[], &Formula::rel(pure, Relation::Ge, Expr::int(0)));
        assert!(matches!(judged, Judgement::Holds(_) | Judgement::Unknown(_)), "{judged:?}");
        let shifted = (0..95).fold(x(), |e, _| abs(e - Expr::int(1)));
        let judged = engines().judge(&[], &Formula::rel(shifted, Relation::Ge, Expr::int(0)));
        assert!(matches!(judged, Judgement::Holds(_) | Judgement::Unknown(_)), "{judged:?}");
        // x > 189, or not (x > 188, or not (x > 187, or ...)): true from 189 on.
        let denied = (0..95)
            .fold(positive(x()), |f, i| !Formula::or(vec![f, Formula::rel(x(), Relation::Gt, Expr::int(i))]));
        let judged = engines().judge(&[], &denied);
        assert!(matches!(judged, Judgement::Fails { .. } | Judgement::Unknown(_)), "{judged:?}");
        let judged = engines().judge_plainly(&[], &Formula::implies(denied.clone(), denied));
        assert!(matches!(judged, Judgement::Holds(_) | Judgement::Unknown(_)), "{judged:?}");
    });
}
