use super::*;
use crate::expr::{Expr, Function};

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
