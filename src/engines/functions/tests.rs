use super::*;
use crate::expr::{Expr, Formula, Relation, Scope, Symbol};
use crate::prove::{Engines, Judge, Judgement};
use crate::tex;

fn scope() -> Scope {
    let mut scope = Scope::new();
    for name in ["f", "g"] {
        let entry = crate::expr::Entry {
            symbol: Symbol::new(name),
            kind: crate::expr::Kind::Function,
            domain: vec![],
        };
        scope.declare(entry).expect("a new name");
    }
    for name in ["x", "y", "z", "a", "b"] {
        scope.variable(Symbol::new(name), vec![]);
    }
    scope
}

fn said(latex: &str) -> Formula {
    tex::parse_formula(latex, &scope()).expect("a formula").unchained()
}

/// A function of `x` on the half-line from zero.
fn any(name: &str, properties: &[Property], known: &[&str]) -> AnyFunction {
    AnyFunction {
        name: Symbol::new(name),
        parameters: vec![Symbol::new("x")],
        omitted: 0,
        domain: vec![said(r"x \ge 0")],
        properties: properties.iter().copied().collect(),
        known: known.iter().map(|k| said(k)).collect(),
    }
}

fn judged(functions: &[AnyFunction], hypotheses: &[&str], statement: &str) -> Judgement {
    let engines = Engines::default();
    let hypotheses: Vec<Formula> = hypotheses.iter().map(|h| said(h)).collect();
    WithFunctions::new(&engines, functions).judge(&hypotheses, &said(statement))
}

fn holds(functions: &[AnyFunction], hypotheses: &[&str], statement: &str) {
    let judgement = judged(functions, hypotheses, statement);
    assert!(matches!(judgement, Judgement::Holds(_)), "{statement}: {judgement:?}");
}

fn fails(functions: &[AnyFunction], hypotheses: &[&str], statement: &str) {
    let judgement = judged(functions, hypotheses, statement);
    assert!(matches!(judgement, Judgement::Fails { .. }), "{statement}: {judgement:?}");
}

use Property::{Concave, Convex, Differentiable, Increasing, NonDecreasing, NonNegative, Positive};

#[test]
fn equal_arguments_have_equal_values() {
    let f = [any("f", &[], &[])];
    holds(&f, &[r"a \ge 0", r"b \ge 0", "a = b"], "f(a) = f(b)");
    holds(&f, &[r"a \ge 0"], "f(a + a) = f(2a)");
    fails(&f, &[r"a \ge 0", r"b \ge 0"], "f(a) = f(b)");
}

#[test]
fn what_is_outside_of_the_domain_has_no_value() {
    let f = [any("f", &[], &[])];
    holds(&f, &[r"a \ge 0"], "f(a) = f(a)");
    let judgement = judged(&f, &[], "f(a) = f(a)");
    assert!(!matches!(judgement, Judgement::Holds(_)), "{judgement:?}");
    let judgement = judged(&f, &[r"a \ge 0"], r"f(\frac{1}{a}) = f(\frac{1}{a})");
    assert!(!matches!(judgement, Judgement::Holds(_)), "{judgement:?}");
}

#[test]
fn a_function_that_does_not_fall_keeps_the_order() {
    let f = [any("f", &[Differentiable, NonDecreasing], &[])];
    let order = [r"a \ge 0", r"b \ge a"];
    holds(&f, &order, r"f(a) \le f(b)");
    holds(&f, &order, r"f'(a) \ge 0");
    fails(&f, &order, "f(a) < f(b)");
    fails(&f, &[r"a \ge 0", "b > a"], "f(a) < f(b)");
    fails(&f, &order, r"f'(a) \le f'(b)");
    let f = [any("f", &[Increasing], &[])];
    holds(&f, &[r"a \ge 0", "b > a"], "f(a) < f(b)");
    // Only at equal points: no proof, and no region where it fails.
    let judgement = judged(&f, &order, "f(a) < f(b)");
    assert!(matches!(judgement, Judgement::Unknown(_)), "{judgement:?}");
}

#[test]
fn a_concave_function_lies_below_its_tangents_and_above_its_chords() {
    let concave = [any("f", &[Differentiable, Concave], &[])];
    let convex = [any("f", &[Differentiable, Convex], &[])];
    let order = [r"a \ge 0", r"b \ge a"];
    holds(&concave, &order, r"f(b) \le f(a) + f'(a)(b - a)");
    fails(&convex, &order, r"f(b) \le f(a) + f'(a)(b - a)");
    holds(&concave, &order, r"f'(a) \ge f'(b)");
    fails(&convex, &order, r"f'(a) \ge f'(b)");
    holds(&concave, &order, r"2 f(\frac{a + b}{2}) \ge f(a) + f(b)");
    fails(&convex, &order, r"2 f(\frac{a + b}{2}) \ge f(a) + f(b)");
}

#[test]
fn a_slope_that_nothing_says_exists_is_not_taken_to_exist() {
    let f = [any("f", &[NonDecreasing], &[])];
    let judgement = judged(&f, &[r"a \ge 0"], r"f'(a) \ge 0");
    assert!(matches!(judgement, Judgement::Unknown(_)), "{judgement:?}");
    // Where a premise speaks of it, it exists.
    holds(&f, &[r"a \ge 0", "f'(a) > 1"], "f'(a) > 0");
}

#[test]
fn what_else_is_known_holds_at_every_point_that_occurs() {
    let f = [any("f", &[NonDecreasing], &["f(0) = 0"])];
    holds(&f, &[r"a \ge 0"], r"f(a) \ge 0");
    let f = [any("f", &[], &[r"f(x) \ge x"])];
    holds(&f, &[r"a \ge 0"], r"f(a) \ge a");
    fails(&f, &[r"a \ge 0"], r"f(a) \ge a + 1");
}

#[test]
fn two_functions_are_two() {
    let both = [any("f", &[NonNegative], &[]), any("g", &[NonNegative], &[])];
    holds(&both, &[r"a \ge 0"], r"f(a) + g(a) \ge 0");
    fails(&both, &[r"a \ge 0"], "f(a) = g(a)");
}

#[test]
fn hypotheses_that_contradict_each_other_are_vacuous() {
    let f = [any("f", &[Positive], &["f(0) = 0"])];
    let judgement = judged(&f, &[r"a \ge 0"], "f(a) = 1");
    assert!(matches!(judgement, Judgement::Vacuous(_)), "{judgement:?}");
}

#[test]
fn where_no_member_meets_the_hypotheses_nothing_is_concluded() {
    // A function with three bends is none of the families.
    let f = [any("f", &[], &["f(0) = 0", "f(1) = 5", "f(2) = 0", "f(3) = 7"])];
    let judgement = judged(&f, &[], "f(1) > 4");
    let Judgement::Unknown(why) = judgement else { panic!("{judgement:?}") };
    assert!(why[0].contains("no function was found"), "{why:?}");
}

#[test]
fn that_no_member_is_as_declared_is_said() {
    let f = [any("f", &[Increasing], &[r"f(x) \le 0", r"f(0) \ge 0"])];
    let Judgement::Unknown(why) = judged(&f, &[r"a \ge 0"], "f(a) > 3") else { panic!("nothing is known") };
    assert!(why[0].ends_with("is as declared"), "{why:?}");
}

#[test]
fn a_counterexample_names_its_functions() {
    let f = [any("f", &[Differentiable, NonDecreasing], &[])];
    let Judgement::Fails { evidence, holds_at, never, .. } = judged(&f, &[r"a \ge 0"], "f'(a) > 1") else {
        panic!("some function is flatter")
    };
    assert!(!never && holds_at.is_none());
    let names = evidence[0].stands_for();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0].0, Symbol::new("[f(x)]"));
    assert_eq!(names[0].1, Expr::sym("x"));
}

#[test]
fn a_function_under_a_sum_or_in_a_set_is_left_alone() {
    let f = [any("f", &[], &[])];
    let inside = Formula::Rel(
        Expr::Over {
            gather: crate::expr::Gather::Sum,
            index: Symbol::new("i"),
            lower: Box::new(Expr::int(1)),
            upper: Box::new(Expr::sym("n")),
            body: Box::new(Expr::Apply {
                function: Symbol::new("f"),
                primes: 0,
                args: vec![Expr::sym("a_i")],
            }),
        },
        Relation::Eq,
        Expr::int(0),
    );
    let engines = Engines::default();
    let judgement = WithFunctions::new(&engines, &f).judge(&[], &inside);
    assert!(matches!(judgement, Judgement::Unknown(_)), "{judgement:?}");
}
