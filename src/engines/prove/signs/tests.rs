use super::*;
use crate::expr::{Expr, Formula, Relation};

fn s(name: &str) -> Expr {
    Expr::sym(name)
}
fn n(i: i64) -> Expr {
    Expr::int(i)
}
fn rel(a: Expr, r: Relation, b: Expr) -> Formula {
    Formula::rel(a, r, b)
}
fn facts(list: &[(&str, Relation, Expr)]) -> Facts {
    Facts::new(&list.iter().map(|(x, r, e)| rel(s(x), *r, e.clone())).collect::<Vec<_>>())
}
fn usual() -> Facts {
    use Relation::*;
    facts(&[("A", Gt, n(0)), ("k", Ge, n(2)), ("d", Gt, n(0)), ("d", Lt, n(1)), ("c", Gt, n(0))])
}

use SignSet as S;

#[test]
fn a_literal_bound_signs_a_difference() {
    let f = facts(&[("d", Relation::Ge, n(0)), ("d", Relation::Lt, n(1)), ("k", Relation::Ge, n(2))]);
    assert_eq!(sign(&(n(1) - s("d")), &f).signs, S::POSITIVE);
    assert_eq!(sign(&(s("k") - n(1)), &f).signs, S::POSITIVE);
    assert_eq!(sign(&(n(2) - s("k")), &f).signs, S::AT_MOST_ZERO);
    assert_eq!(sign(&(s("k") - n(3)), &f).signs, S::ANY);
    assert_eq!(sign(&(n(1) + s("d")), &f).signs, S::POSITIVE);
    assert_eq!(sign(&(n(2) - n(2) * s("d")), &f).signs, S::POSITIVE);
}

#[test]
fn a_difference_of_fractions_is_signed_over_its_common_denominator() {
    let e = Expr::recip(s("k") - n(1)) - n(1);
    let out = sign(&e, &usual());
    assert_eq!(out, Sign { signs: S::AT_MOST_ZERO, defined: true });
}

#[test]
fn a_second_derivative_with_a_symbolic_exponent_is_signed_term_by_term() {
    let r = Expr::recip(s("k") - n(1));
    let e = Expr::product(vec![
        s("A"),
        s("k") / (s("k") - n(1)),
        r.clone(),
        r.clone() - n(1),
        Expr::pow(s("d"), r - n(2)),
    ]);
    let goal = rel(e, Relation::Le, n(0));
    let certificate = prove(&goal, &usual()).expect("provable");
    assert_eq!(recheck(&certificate, &goal, &usual()), Ok(()));
    let text = serde_json::to_string(&certificate).expect("plain data");
    let back: Certificate = serde_json::from_str(&text).expect("plain data");
    assert_eq!(back, certificate);
}

#[test]
fn a_power_of_a_difference_that_a_fact_signs_is_positive() {
    let f = Facts::new(&[
        rel(s("k"), Relation::Gt, n(1)),
        rel(s("c"), Relation::Gt, n(0)),
        rel(s("x"), Relation::Gt, s("a")),
    ]);
    let e =
        Expr::product(vec![n(-1), s("k"), s("k") - n(1), s("c"), Expr::pow(s("x") - s("a"), s("k") - n(2))]);
    assert!(prove(&rel(e, Relation::Lt, n(0)), &f).is_some());
}

#[test]
fn an_edited_certificate_is_rejected() {
    let goal = rel(Expr::recip(s("k") - n(1)) - n(1), Relation::Le, n(0));
    let good = prove(&goal, &usual()).expect("provable");
    for i in 0..good.lines.len() {
        for signs in [S::NEGATIVE, S::ZERO, S::POSITIVE, S::NONE] {
            if good.lines[i].signs != signs {
                let mut bad = good.clone();
                bad.lines[i].signs = signs;
                assert!(recheck(&bad, &goal, &usual()).is_err(), "line {i} as {signs:?}");
            }
        }
    }
    let weaker = facts(&[("k", Relation::Gt, n(1))]);
    assert!(recheck(&good, &goal, &weaker).is_err());
    let other = rel(Expr::recip(s("k") - n(1)) - n(1), Relation::Lt, n(0));
    assert!(recheck(&good, &other, &usual()).is_err());
}

#[test]
fn bounds_chain_from_symbol_to_symbol() {
    use Relation::*;
    let f = Facts::new(&[rel(s("x"), Ge, s("y")), rel(s("y"), Gt, s("z")), rel(s("z"), Ge, n(0))]);
    assert_eq!(sign(&(s("x") - s("z")), &f).signs, S::POSITIVE);
    assert_eq!(sign(&s("x"), &f).signs, S::POSITIVE);
    assert_eq!(sign(&(s("y") - s("x")), &f).signs, S::AT_MOST_ZERO);
}

#[test]
fn a_positive_definite_form_is_positive_unless_all_vanishes() {
    let p = s("a") * s("a") - s("a") * s("b") + s("b") * s("b");
    assert_eq!(sign(&p, &Facts::new(&[])).signs, S::AT_LEAST_ZERO);
    assert_eq!(sign(&p, &facts(&[("b", Relation::Gt, n(0))])).signs, S::POSITIVE);
}

#[test]
fn a_product_of_shifted_bounds_is_signed() {
    let f = facts(&[("k", Relation::Gt, n(1)), ("l", Relation::Gt, n(1))]);
    assert_eq!(sign(&(s("k") * s("l") - n(1)), &f).signs, S::POSITIVE);
    assert_eq!(sign(&(s("k") * s("l") - s("k") - s("l")), &f).signs, S::ANY);
}

#[test]
fn a_weak_base_is_defined_under_a_positive_exponent_only() {
    let f = facts(&[("d", Relation::Ge, n(0)), ("k", Relation::Gt, n(1)), ("e", Relation::Ge, n(0))]);
    let power = |x: Expr| Expr::pow(s("d"), x);
    assert_eq!(sign(&power(Expr::recip(s("k") - n(1))), &f), Sign { signs: S::AT_LEAST_ZERO, defined: true });
    assert!(!sign(&power(s("e")), &f).defined);
}

#[test]
fn a_relation_between_undefined_terms_is_not_proved() {
    let f = Facts::new(&[]);
    let goal = rel(Expr::recip(s("x")) - Expr::recip(s("x")), Relation::Eq, n(0));
    assert!(prove(&goal, &f).is_none());
    assert!(prove_where_defined(&goal, &f).is_some());
}

#[test]
fn membership_and_connectives_are_split() {
    use crate::expr::Set;
    let inside = Formula::In(s("d"), Set::closed(n(0), n(1)));
    assert!(prove(&inside, &usual()).is_some());
    let either = Formula::or(vec![rel(s("d"), Relation::Lt, n(0)), rel(s("d"), Relation::Ge, n(0))]);
    assert!(prove(&either, &Facts::new(&[])).is_some());
    assert!(prove(&!inside, &usual()).is_none());
}

#[test]
fn a_fact_about_a_product_tells_of_the_factor() {
    let f =
        Facts::new(&[rel(s("a") * (s("b") - s("c")), Relation::Gt, n(0)), rel(s("a"), Relation::Gt, n(0))]);
    assert_eq!(sign(&(s("c") - s("b")), &f).signs, S::NEGATIVE);
}

#[test]
fn a_negated_fact_about_a_partial_term_is_not_used() {
    let not_positive = !rel(Expr::recip(s("x")), Relation::Gt, n(0));
    assert_eq!(sign(&s("x"), &Facts::new(&[not_positive])).signs, S::ANY);
}

#[test]
fn a_bound_on_both_sides_signs_what_neither_does_alone() {
    let f = facts(&[("d", Relation::Ge, n(0)), ("d", Relation::Le, n(1))]);
    assert_eq!(sign(&(s("d") - s("d") * s("d")), &f).signs, S::AT_LEAST_ZERO);
    assert_eq!(sign(&(n(2) - s("d")), &f).signs, S::POSITIVE);
    assert_eq!(sign(&(n(1) - s("d") + s("d") * s("d")), &f).signs, S::POSITIVE);
    assert_eq!(sign(&(n(1) - n(2) * s("d")), &f).signs, S::ANY);
}
