use super::*;
use crate::expr::{Expr, Function};
use crate::prove::evaluate::Point;

fn x(name: &str) -> Expr {
    Expr::sym(name)
}

fn n(value: i64) -> Expr {
    Expr::int(value)
}

/// `x > 0` and `k > 1`.
fn facts() -> Vec<Formula> {
    vec![Formula::rel(x("x"), Relation::Gt, n(0)), Formula::rel(x("k"), Relation::Gt, n(1))]
}

fn judged(statement: Formula) -> Judgement {
    Engines::default().judge(&facts(), &statement)
}

#[test]
fn what_is_undefined_everywhere_holds_nowhere() {
    let below = Expr::pow(-x("x"), x("k"));
    let zero = Expr::recip(x("x") - x("x"));
    for nowhere in [below, zero] {
        let judgement = judged(Formula::eq(nowhere, x("x")));
        let Judgement::Fails { open, never, evidence, .. } = &judgement else { panic!("{judgement:?}") };
        assert!(*open && *never, "{judgement:?}");
        for e in evidence {
            let certificate = serde_json::from_value(e.certificate.clone()).expect("a certificate");
            assert_eq!(crate::prove::recheck::check(&certificate), Ok(()));
        }
    }
}

#[test]
fn what_is_undefined_on_a_region_is_not_left_undecided() {
    // Undefined for x > 3, and beyond the rules elsewhere.
    let ln = |e: Expr| Expr::Fun(Function::Ln, vec![e]);
    let (term, same) = (n(2) * ln(n(3) - x("x")), ln(Expr::pow(n(3) - x("x"), n(2))));
    let judgement = judged(Formula::eq(term, same));
    let Judgement::Fails { witness, open: true, never: false, .. } = &judgement else {
        panic!("{judgement:?}")
    };
    assert!(witness[&crate::expr::Symbol::new("x")] > 3);
}

#[test]
fn what_is_undefined_on_a_border_only_is_not_said_to_fail_on_a_region() {
    let statement = Formula::eq(Expr::pow(x("x") - n(1), n(2)) / (x("x") - n(1)), x("x") - n(1));
    let judgement = judged(statement);
    assert!(
        matches!(&judgement, Judgement::Except { exceptions, .. } if exceptions.len() == 1),
        "{judgement:?}"
    );
}

#[test]
fn touching_points_are_no_obstacle_to_all_engines_together() {
    let ln = |e: Expr| Expr::Fun(Function::Ln, vec![e]);
    let judgement = judged(Formula::rel(ln(x("x")), Relation::Le, x("x") - n(1)));
    let Judgement::Holds(evidence) = &judgement else { panic!("{judgement:?}") };
    assert_eq!(evidence[0].engine, "certified");
    let certificate = serde_json::from_value(evidence[0].certificate.clone()).unwrap();
    assert_eq!(crate::prove::recheck::check(&certificate), Ok(()));
}

#[test]
fn what_contradictory_hypotheses_imply_is_vacuous_whatever_rule_proves_it() {
    let ln = |e: Expr| Expr::Fun(Function::Ln, vec![e]);
    let hypotheses = [facts(), vec![Formula::rel(x("x"), Relation::Lt, n(0))]].concat();
    let statement = Formula::rel(ln(x("x")), Relation::Le, x("x") - n(1));
    let judgement = Engines::default().judge(&hypotheses, &statement);
    assert!(matches!(judgement, Judgement::Vacuous(_)), "{judgement:?}");
}

#[test]
#[should_panic(expected = "does not bear out")]
fn a_point_at_which_the_statement_holds_is_no_counterexample_but_a_defect() {
    let at = Point::from([("x", 2), ("k", 2)].map(|(s, v)| (crate::expr::Symbol::new(s), v.into())));
    Engines::default().fails(&facts(), &Formula::rel(x("x"), Relation::Gt, n(1)), at, true);
}

#[test]
#[should_panic(expected = "does not bear out")]
fn a_point_at_which_the_hypotheses_do_not_hold_is_a_defect_too() {
    let at = Point::from([("x", -2), ("k", 2)].map(|(s, v)| (crate::expr::Symbol::new(s), v.into())));
    Engines::default().fails(&facts(), &Formula::rel(x("x"), Relation::Gt, n(1)), at, true);
}

#[test]
fn what_is_left_open_on_a_box_is_reported_with_the_part_left_over() {
    // Equal at the root of x ln x = 1, which is no rational number.
    let ln = |e: Expr| Expr::Fun(Function::Ln, vec![e]);
    let square = Expr::pow(x("x") * ln(x("x")) - n(1), n(2));
    let hypotheses = [Formula::rel(x("x"), Relation::Ge, n(1)), Formula::rel(x("x"), Relation::Le, n(3))];
    let statement = Formula::rel(square, Relation::Gt, n(0));
    let judgement = Engines::default().judge(&hypotheses, &statement);
    let Judgement::Unknown(tried) = &judgement else { panic!("{judgement:?}") };
    assert!(tried.iter().any(|t| t.starts_with("undecided for x in [")), "{tried:?}");
}
