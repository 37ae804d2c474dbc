use super::*;
use crate::expr::{Expr, Formula, Relation};

fn s(name: &str) -> Expr {
    Expr::sym(name)
}
fn n(i: i64) -> Expr {
    Expr::int(i)
}
fn pow(b: Expr, x: Expr) -> Expr {
    Expr::pow(b, x)
}
fn gt(x: &str, i: i64) -> Formula {
    Formula::rel(s(x), Relation::Gt, n(i))
}
fn unit(x: &str) -> Vec<Formula> {
    vec![Formula::rel(s(x), Relation::Ge, n(0)), Formula::rel(s(x), Relation::Le, n(1))]
}
fn usual() -> Vec<Formula> {
    [vec![gt("c_0", 0), gt("c_1", 0), gt("k_0", 1), gt("k_1", 1)], unit("d")].concat()
}
fn over(k: &str) -> Expr {
    Expr::recip(s(k) - n(1))
}
fn first() -> Expr {
    pow(s("d") / (s("k_0") * s("c_0")), over("k_0"))
}
fn second() -> Expr {
    pow((n(1) - s("d")) / (s("k_1") * s("c_1")), over("k_1"))
}
fn scale(i: i64) -> Expr {
    let (k, c) = (format!("k_{i}"), format!("c_{i}"));
    pow(n(1) / (s(&k) * s(&c)), over(&k))
}

fn exceptions(a: &Expr, b: &Expr, facts: &[Formula]) -> Vec<Formula> {
    let (certificate, exceptions) = match equal(a, b, facts) {
        Identity::Proved(c) => (c, vec![]),
        Identity::ProvedExcept { exceptions, certificate } => (certificate, exceptions),
        Identity::NotProved { normal_left, normal_right, reason } => {
            panic!("{reason}\n{normal_left:?}\n{normal_right:?}")
        }
    };
    assert_eq!(recheck(&certificate, a, b, facts), Ok(exceptions.clone()));
    assert!(recheck(&certificate, a, &(b.clone() + s("d")), facts).is_err());
    let text = serde_json::to_string(&certificate).expect("plain data");
    assert_eq!(serde_json::from_str::<Certificate>(&text).expect("plain data"), certificate);
    exceptions
}
fn proved(a: &Expr, b: &Expr, facts: &[Formula]) {
    assert_eq!(exceptions(a, b, facts), vec![]);
}
fn unproved(a: &Expr, b: &Expr, facts: &[Formula]) {
    assert!(matches!(equal(a, b, facts), Identity::NotProved { .. }));
}

#[test]
fn a_payoff_with_two_symbolic_exponents_has_its_closed_form() {
    let a = s("d") * (first() + second()) - s("c_0") * pow(first(), s("k_0"));
    let b = scale(0) * (n(1) - n(1) / s("k_0")) * pow(s("d"), s("k_0") * over("k_0"))
        + scale(1) * s("d") * pow(n(1) - s("d"), over("k_1"));
    proved(&a, &b, &usual());
    unproved(&a, &(b.clone() * n(2)), &usual());
    let wrong = scale(0) * (n(1) + n(1) / s("k_0")) * pow(s("d"), s("k_0") * over("k_0"))
        + scale(1) * s("d") * pow(n(1) - s("d"), over("k_1"));
    unproved(&a, &wrong, &usual());
}

#[test]
fn the_other_payoff_has_its_closed_form() {
    let rest = n(1) - s("d");
    let a = rest.clone() * (first() + second()) - s("c_1") * pow(first() + second() - first(), s("k_1"));
    let b = scale(1) * (n(1) - n(1) / s("k_1")) * pow(rest.clone(), s("k_1") * over("k_1"))
        + scale(0) * rest * pow(s("d"), over("k_0"));
    proved(&a, &b, &usual());
}

#[test]
fn a_derivative_is_collected_except_where_a_power_is_undefined() {
    let rest = n(1) - s("d");
    let lowered = pow(rest.clone(), over("k_1") - n(1));
    let a = s("A") * s("k_0") * over("k_0") * pow(s("d"), over("k_0"))
        + s("B") * (n(-1) * s("d") * over("k_1") * lowered.clone() + pow(rest.clone(), over("k_1")));
    let b = s("A") * s("k_0") * over("k_0") * pow(s("d"), over("k_0"))
        + s("B") * lowered * (rest.clone() - s("d") * over("k_1"));
    let mut facts = usual();
    let found = exceptions(&a, &b, &facts);
    assert_eq!(found.len(), 1);
    assert!(matches!(&found[0], Formula::And(fs) if fs.len() == 2 && fs[0] == Formula::eq(s("d"), n(1))));
    facts.push(Formula::rel(s("k_1"), Relation::Ge, n(2)));
    assert_eq!(exceptions(&a, &b, &facts), vec![Formula::eq(s("d"), n(1))]);
}

#[test]
fn a_quotient_of_rational_functions_is_equal_except_where_it_vanishes() {
    let two = || n(2);
    let a = n(-1) / (two() * s("c_1"))
        * Expr::recip((s("c_1") - two() * s("c_0")) / (two() * s("c_1") * s("c_0")));
    let b = s("c_0") / (two() * s("c_0") - s("c_1"));
    assert_eq!(exceptions(&a, &b, &usual()), vec![Formula::eq(s("c_1"), Expr::Mul(vec![n(2), s("c_0")]))]);
    unproved(&a, &(-b), &usual());
}

#[test]
fn a_rationalised_root_is_equal_except_where_the_denominator_vanishes() {
    let root = Expr::sqrt(s("a") * s("a") - s("a") * s("b") + s("b") * s("b"));
    let facts = [gt("a", 0), gt("b", 0)];
    let left = (n(2) * s("a") - s("b") - root.clone()) / (n(3) * (s("a") - s("b")));
    let right = s("a") / (n(2) * s("a") - s("b") + root);
    let found = exceptions(&left, &right, &facts);
    assert_eq!(found, vec![Formula::eq(s("a"), s("b"))]);
}

#[test]
fn literal_bases_are_split_into_primes() {
    proved(&pow(n(4), over("k_0")), &pow(pow(n(2), over("k_0")), n(2)), &usual());
    proved(&pow(n(2), over("k_0") + n(1)), &(n(2) * pow(n(2), over("k_0"))), &usual());
    proved(&(Expr::sqrt(n(2)) * Expr::sqrt(n(6))), &(n(2) * Expr::sqrt(n(3))), &[]);
}

#[test]
fn a_root_of_a_square_is_the_positive_root() {
    proved(&Expr::sqrt(pow(s("c_0"), n(2)) * s("c_1")), &(s("c_0") * Expr::sqrt(s("c_1"))), &usual());
    unproved(&Expr::sqrt(pow(s("x"), n(2))), &s("x"), &[]);
    let negative = [Formula::rel(s("x"), Relation::Le, n(0))];
    proved(&Expr::sqrt(pow(s("x"), n(2))), &(-s("x")), &negative);
}

#[test]
fn a_power_of_a_product_is_not_split_over_factors_of_unknown_sign() {
    let a = Expr::sqrt(s("x") * s("y"));
    let b = Expr::sqrt(s("x")) * Expr::sqrt(s("y"));
    let found = exceptions(&a, &b, &[]);
    assert!(!found.is_empty());
    unproved(&Expr::sqrt(s("x") * s("x") * s("y")), &(s("x") * Expr::sqrt(s("y"))), &[]);
}

#[test]
fn a_border_is_looked_at_by_itself() {
    // At d = 0 the left side is 0 and the right side is undefined or 0.
    let a = pow(s("d"), s("p"));
    let b = s("d") * pow(s("d"), s("p") - n(1));
    let facts = [vec![gt("p", 0)], unit("d")].concat();
    let found = exceptions(&a, &b, &facts);
    let vanishing = Formula::rel(s("p") + n(-1), Relation::Le, n(0));
    assert_eq!(found, vec![Formula::and(vec![Formula::eq(s("d"), n(0)), vanishing])]);
    // d^p / d^p is 1 except at d = 0.
    assert_eq!(exceptions(&(a.clone() / a), &n(1), &facts), vec![Formula::eq(s("d"), n(0))]);
}

#[test]
fn a_normal_form_joins_powers_of_one_base() {
    let e = s("d") * pow(s("d"), over("k_0"));
    let expected = pow(s("d"), Expr::Mul(vec![s("k_0"), pow(s("k_0") + n(-1), n(-1))]));
    assert_eq!(normal(&e, &usual()), Some(expected));
}

fn eq(a: Expr, b: Expr) -> Formula {
    Formula::eq(a, b)
}
fn solved(equation: &Formula, x: &str, facts: &[Formula], expected: &Expr) -> Vec<Formula> {
    let x = crate::expr::Symbol::new(x);
    let solution = isolate(equation, &x, facts).expect("an equation that can be solved");
    assert_eq!(recheck_solution(&solution, equation, &x, facts), Ok(()));
    let found = exceptions(&solution.value, expected, facts);
    assert_eq!(found, vec![], "{:?}", solution.value);
    solution.conditions
}

#[test]
fn a_first_order_condition_is_solved_for_a_shifted_power() {
    let facts =
        [vec![gt("c", 0), gt("k", 1), Formula::rel(s("x"), Relation::Ge, s("a"))], unit("d")].concat();
    let foc = eq(n(1) - s("d") - s("k") * s("c") * pow(s("x") - s("a"), s("k") - n(1)), n(0));
    let expected = s("a") + pow((n(1) - s("d")) / (s("k") * s("c")), over("k"));
    assert_eq!(solved(&foc, "x", &facts, &expected), vec![]);
}

#[test]
fn a_linear_equation_is_solved_unless_its_coefficient_may_vanish() {
    let equation = eq(s("x") / (n(2) * s("c_0")) + n(1) / (n(2) * s("c_1")) - s("x") / s("c_1"), n(0));
    let expected = s("c_0") / (n(2) * s("c_0") - s("c_1"));
    let x = crate::expr::Symbol::new("x");
    let solution = isolate(&equation, &x, &usual()).expect("linear");
    assert_eq!(solution.conditions.len(), 1, "{:?}", solution.conditions);
    let found = exceptions(&solution.value, &expected, &usual());
    assert_eq!(found.len(), 1);
}

#[test]
fn a_square_is_undone_only_where_the_sign_of_its_base_is_known() {
    let equation = eq(pow(s("x"), n(2)), s("c_0"));
    let x = crate::expr::Symbol::new("x");
    assert_eq!(isolate(&equation, &x, &usual()), None);
    let facts = [usual(), vec![Formula::rel(s("x"), Relation::Le, n(0))]].concat();
    assert_eq!(solved(&equation, "x", &facts, &-Expr::sqrt(s("c_0"))), vec![]);
}

#[test]
fn a_solution_outside_the_domain_is_not_claimed() {
    let facts = [usual(), vec![gt("x", 0)]].concat();
    let x = crate::expr::Symbol::new("x");
    let solution = isolate(&eq(s("x") + s("c_0"), n(0)), &x, &facts).expect("linear");
    assert!(!solution.conditions.is_empty());
}

#[test]
fn a_quadratic_has_two_roots_under_its_discriminant() {
    let equation = eq(s("c_0") * pow(s("x"), n(2)) + s("p") * s("x") - s("c_1"), n(0));
    let x = crate::expr::Symbol::new("x");
    let (roots, needed) = solve_quadratic(&equation, &x, &usual()).expect("quadratic");
    assert_eq!(needed, vec![]);
    for r in roots {
        let left = s("c_0") * pow(r.clone(), n(2)) + s("p") * r - s("c_1");
        proved(&left, &n(0), &usual());
    }
}

fn follows(premise: &Formula, conclusion: &Formula, facts: &[Formula]) -> bool {
    let Some(proof) = implies(premise, conclusion, facts) else { return false };
    assert_eq!(recheck_implication(&proof, premise, conclusion, facts), Ok(()));
    let text = serde_json::to_string(&proof).expect("plain data");
    let back: Implication = serde_json::from_str(&text).expect("plain data");
    assert_eq!(back, proof);
    true
}

#[test]
fn an_equation_follows_from_a_multiple_of_it_by_something_nonzero() {
    let facts = usual();
    let first = eq(s("x") / (n(2) * s("c_0")) + n(1) / (n(2) * s("c_1")) - s("x") / s("c_1"), n(0));
    let second = eq(s("x") * (s("c_1") - n(2) * s("c_0")) + s("c_0"), n(0));
    assert!(follows(&first, &second, &facts));
    assert!(follows(&second, &first, &facts));
    assert!(!follows(&first, &eq(s("x") * (s("c_1") - s("c_0")) + s("c_0"), n(0)), &facts));
    // The converse direction loses the solution p = 0.
    assert!(follows(&eq(s("x"), n(1)), &eq(s("p") * s("x"), s("p")), &facts));
    assert!(!follows(&eq(s("p") * s("x"), s("p")), &eq(s("x"), n(1)), &facts));
}

#[test]
fn a_conclusion_that_may_be_undefined_does_not_follow() {
    let second = eq(s("x") * (s("c_1") - n(2) * s("c_0")) + s("c_0"), n(0));
    let solved = eq(s("x"), s("c_0") / (n(2) * s("c_0") - s("c_1")));
    assert!(!follows(&second, &solved, &usual()));
    let apart = [usual(), vec![Formula::rel(s("c_1"), Relation::Ne, n(2) * s("c_0"))]].concat();
    assert!(follows(&second, &solved, &apart));
}

#[test]
fn a_power_equation_implies_its_solution_and_back() {
    let facts =
        [vec![gt("c", 0), gt("k", 1), Formula::rel(s("x"), Relation::Ge, s("a"))], unit("d")].concat();
    let foc = eq(n(1) - s("d") - s("k") * s("c") * pow(s("x") - s("a"), s("k") - n(1)), n(0));
    let value = s("a") + pow((n(1) - s("d")) / (s("k") * s("c")), over("k"));
    assert!(follows(&foc, &eq(s("x"), value.clone()), &facts));
    assert!(follows(&eq(s("x"), value.clone()), &foc, &facts));
    assert!(!follows(&foc, &eq(s("x"), value + n(1)), &facts));
}

/// Every number under `signs` in turn.
fn signs_in(v: &mut serde_json::Value, change: &mut dyn FnMut(&mut serde_json::Value)) {
    match v {
        serde_json::Value::Object(entries) => {
            for (key, inner) in entries.iter_mut() {
                if key == "signs" { change(inner) } else { signs_in(inner, change) }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|i| signs_in(i, change)),
        _ => {}
    }
}

#[test]
fn an_edited_certificate_is_rejected() {
    let a = s("d") * (first() + second()) - s("c_0") * pow(first(), s("k_0"));
    let b = scale(0) * (n(1) - n(1) / s("k_0")) * pow(s("d"), s("k_0") * over("k_0"))
        + scale(1) * s("d") * pow(n(1) - s("d"), over("k_1"));
    let facts = usual();
    let Identity::Proved(good) = equal(&a, &b, &facts) else { panic!("provable") };
    let plain = serde_json::to_value(&good).expect("plain data");
    let mut total = 0;
    signs_in(&mut plain.clone(), &mut |_| total += 1);
    assert!(total > 20);
    for target in 0..total {
        let (mut edited, mut at) = (plain.clone(), 0);
        signs_in(&mut edited, &mut |v| {
            if at == target {
                *v = serde_json::json!(v.as_u64().expect("a set of signs") ^ 2);
            }
            at += 1;
        });
        let bad: Certificate = serde_json::from_value(edited).expect("same shape");
        assert!(recheck(&bad, &a, &b, &facts).is_err(), "signs {target}");
    }
    let mut fewer = good.clone();
    fewer.conditions.pop();
    assert!(recheck(&fewer, &a, &b, &facts).is_err());
    let mut excepted = good.clone();
    excepted.conditions[0] = Condition::Excepted(Formula::eq(s("d"), n(2)));
    assert!(recheck(&excepted, &a, &b, &facts).is_err());
    let mut swapped = good;
    if let Case::Split { positive, zero, .. } = &mut swapped.case {
        std::mem::swap(positive, zero);
    } else {
        panic!("the borders are looked at");
    }
    assert!(recheck(&swapped, &a, &b, &facts).is_err());
    assert!(recheck(&swapped, &a, &b, &facts[..3]).is_err());
}

#[test]
fn a_power_too_large_to_expand_is_declined_at_once() {
    let sum = Expr::Add(["a", "b", "c", "d", "e", "f", "g", "h"].iter().map(|x| s(x)).collect());
    let start = std::time::Instant::now();
    unproved(&pow(sum.clone(), n(20)), &(pow(sum.clone(), n(19)) * sum), &[]);
    assert!(start.elapsed().as_secs() < 5);
}

#[test]
fn an_operator_is_declined() {
    let e = Expr::PlusMinus(Box::new(s("x")));
    unproved(&e, &e, &[]);
}

#[test]
fn a_term_too_large_to_expand_equals_itself() {
    let e = pow(s("a") + s("b"), n(5000));
    proved(&e, &e, &[]);
}
