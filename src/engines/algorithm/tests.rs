//! Functions put in, and how runs stop.

use rug::Rational;

use super::*;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::evaluate::Point;

fn x() -> Expr {
    Expr::sym("x")
}

fn square() -> Function {
    Function {
        name: Symbol::new("f"),
        parameters: vec![Symbol::new("a")],
        body: Expr::pow(Expr::sym("a"), Expr::int(2)),
    }
}

fn applied(primes: u32, arg: Expr) -> Expr {
    Expr::Apply { function: Symbol::new("f"), primes, args: vec![arg] }
}

/// `x ← to` for some rounds from `x = start`, and a question about it.
fn question(start: Expr, to: Expr, rounds: i64, invariant: Formula) -> Question {
    let program = Program {
        functions: vec![square()],
        data: vec![],
        state: vec![(Symbol::new("x"), start)],
        before: vec![(Symbol::new("y"), Symbol::new("x"))],
        counter: Some(Symbol::new("t")),
        rounds: Expr::int(rounds),
        steps: vec![Step::Set(vec![(Symbol::new("x"), to)])],
    };
    Question { program, invariant, when: When::AfterEachRound, assuming: vec![], runs: vec![Point::new()] }
}

fn end(q: &Question) -> (usize, End) {
    let unfolded = q.unfolded().expect("it can be put in");
    let ran = run(&Asked { written: q, unfolded: &unfolded }, &q.runs[0]);
    (ran.trace.len() - 1, ran.end)
}

#[test]
fn a_derivative_is_taken_before_arguments_are_put_in() {
    let inner = Expr::Mul(vec![Expr::int(3), x()]);
    let e = unfolded(&applied(1, inner), &[square()]).expect("it can be put in");
    let at = Point::from([(Symbol::new("x"), Rational::from(2))]);
    assert_eq!(crate::prove::evaluate::value(&e, &at, 64), crate::prove::evaluate::Value::Exact(12.into()));
}

#[test]
fn a_parameter_hides_a_definition_of_the_same_name() {
    let a = Function { name: Symbol::new("a"), parameters: vec![], body: Expr::int(7) };
    let e = unfolded(&applied(0, Expr::int(3)), &[square(), a]).expect("it can be put in");
    let nine = crate::prove::evaluate::value(&e, &Point::new(), 64);
    assert_eq!(nine, crate::prove::evaluate::Value::Exact(9.into()));
}

#[test]
fn a_function_that_needs_itself_is_an_error_rather_than_a_hang() {
    let f = Function { body: applied(0, Expr::sym("a")), ..square() };
    let said = unfolded(&applied(0, x()), &[f]).expect_err("it has no end");
    assert_eq!(said, "`f` is defined by itself");
}

#[test]
fn functions_deep_inside_one_another_are_an_error_rather_than_a_stack_overflow() {
    let name = |n: usize| Symbol::new(&format!("f_{{{n}}}"));
    let inner = |n: usize| match n {
        0 => x(),
        n => Expr::recip(Expr::int(1) + Expr::Sym(name(n - 1))),
    };
    let chain: Vec<Function> =
        (0..20_000).map(|n| Function { name: name(n), parameters: vec![], body: inner(n) }).collect();
    assert!(unfolded(&Expr::Sym(name(10)), &chain).is_ok());
    let said = unfolded(&Expr::Sym(name(19_999)), &chain).expect_err("it is too deep");
    assert_eq!(said, "functions are nested more than 16 deep");
}

#[test]
fn an_exact_border_is_decided_and_an_enclosed_one_is_not() {
    let at_most_three = |x: Expr| Formula::rel(x, Relation::Le, Expr::int(3));
    let exact = question(Expr::int(3), x(), 2, at_most_three(x()));
    assert_eq!(end(&exact), (2, End::Kept));
    // √2 · √2 · 3/2 is 3, which no enclosure says.
    let root = || Expr::sqrt(Expr::int(2));
    let enclosed = Expr::Mul(vec![root(), Expr::ratio(3, 2)]);
    let open = question(enclosed, x(), 2, at_most_three(Expr::Mul(vec![x(), root()])));
    assert!(matches!(end(&open), (2, End::Open(why)) if why.contains("not decided")));
}

#[test]
fn an_old_value_that_a_variable_still_has_is_that_variable() {
    let kept = Formula::rel(x(), Relation::Le, Expr::sym("y"));
    let q = question(Expr::sqrt(Expr::int(2)), x(), 1, kept.clone());
    // The assignment makes a new value of it, which is only known to lie in the same enclosure.
    assert!(matches!(end(&q), (1, End::Open(_))));
    let still = Question { program: Program { steps: vec![], ..q.program.clone() }, ..q };
    assert_eq!(end(&still), (1, End::Kept));
    let up = question(Expr::sqrt(Expr::int(2)), x() + Expr::int(1), 1, kept);
    assert!(matches!(end(&up), (1, End::Broken { .. })));
}

#[test]
fn a_number_too_long_to_be_kept_exactly_goes_on_as_an_enclosure() {
    let squared =
        question(Expr::ratio(3, 2), applied(0, x()), 16, Formula::rel(x(), Relation::Gt, Expr::sym("y")));
    assert_eq!(end(&squared), (16, End::Kept));
}

#[test]
fn a_term_without_a_value_ends_the_run_where_it_stands() {
    let reciprocal = Expr::recip(Expr::int(2) - Expr::sym("t"));
    let q = question(Expr::int(1), reciprocal, 5, Formula::rel(x(), Relation::Gt, Expr::int(0)));
    let (rounds, end) = end(&q);
    assert!(rounds == 1 && matches!(&end, End::Open(why) if why.contains("round 2")), "{end:?}");
}
