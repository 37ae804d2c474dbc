//! One choice: peaks, borders, and what has no best response.

use super::*;

#[test]
fn the_higher_of_two_peaks_is_chosen() {
    let square = Expr::pow(sym("x"), Expr::int(2)) - Expr::int(1);
    let peaks = -Expr::pow(square, Expr::int(2));
    for (tilt, positive) in [(1, true), (-1, false)] {
        let body = peaks.clone() + Expr::ratio(tilt, 10) * sym("x");
        let x = &supplies(&alone(body, vec![])).expect("a maximum")["x"];
        assert_eq!(*x > 0, positive, "{x:.20}");
        // The slope -4x(x^2-1) + tilt/10 vanishes.
        let slope = Float::with_val(BITS, x * x) - 1u32;
        let slope = slope * x * -4i32 + float(&rational(tilt, 10));
        assert!(slope.abs() < 1e-40);
    }
}

#[test]
fn a_bounded_choice_may_lie_at_its_upper_border() {
    let unit = vec![Formula::In(sym("x"), Set::closed(Expr::int(0), Expr::ratio(1, 3)))];
    let body = sym("x") - Expr::pow(sym("x"), Expr::int(2));
    supplied(&alone(body.clone(), unit), &[("x", rational(1, 3))]);
    let open = vec![
        Formula::rel(sym("x"), Relation::Lt, Expr::ratio(1, 3)),
        Formula::rel(sym("x"), Relation::Ge, Expr::int(0)),
    ];
    assert_eq!(supplies(&alone(body.clone(), open)).err(), Some(OptimumError::OpenBorder("x".into())));
    let below = vec![Formula::rel(sym("x"), Relation::Le, Expr::ratio(1, 3))];
    supplied(&alone(body, below), &[("x", rational(1, 3))]);
}

#[test]
fn saturating_and_logarithmic_payoffs_are_solved() {
    let free = at_least("x", Expr::int(0));
    let log = Expr::Fun(Function::Ln, vec![Expr::int(1) + sym("x")]);
    supplied(&alone(log - Expr::ratio(1, 4) * sym("x"), free.clone()), &[("x", rational(3, 1))]);
    let saturating = Expr::int(1) - Expr::Fun(Function::Exp, vec![-sym("x")]);
    let x = &supplies(&alone(saturating - Expr::ratio(1, 4) * sym("x"), free)).expect("a maximum")["x"];
    close(x, &Float::with_val(BITS, 4).ln(), 40, "ln 4");
}

#[test]
fn what_has_no_best_response_is_an_error_that_names_the_choice() {
    let free = at_least("x", Expr::int(0));
    let flat = alone(Expr::int(3), free.clone());
    assert_eq!(supplies(&flat).err(), Some(OptimumError::Indifferent("x".into())));
    let unbound = alone(sym("x") * sym("w"), free.clone());
    assert_eq!(supplies(&unbound).err(), Some(OptimumError::Unbound("w".into())));
    let growing = alone(Expr::Fun(Function::Ln, vec![Expr::int(1) + sym("x")]), free);
    assert_eq!(supplies(&growing).err(), Some(OptimumError::Unbounded("x".into())));
    let empty = vec![
        Formula::rel(sym("x"), Relation::Ge, Expr::int(1)),
        Formula::rel(sym("x"), Relation::Le, Expr::int(0)),
    ];
    assert_eq!(supplies(&alone(-sym("x"), empty)).err(), Some(OptimumError::EmptyDomain("x".into())));
}

#[test]
fn a_kink_that_is_the_maximum_of_a_players_own_payoff_is_not_guessed() {
    let tent = -Expr::Fun(Function::Abs, vec![sym("x") - Expr::ratio(1, 3)]);
    let found = supplies(&alone(tent, at_least("x", Expr::int(0))));
    assert!(found.is_err(), "{found:?}");
}

#[test]
fn a_payoff_that_grows_without_end_is_an_error() {
    let one = rational(1, 1);
    let half = rational(1, 2);
    let oracle = Oracle::new(&two_stage(), &parameters(one.clone(), one.clone(), half, one + 1u32), 40)
        .expect("a game that is handled");
    let shares = BTreeMap::from([("s".into(), Float::with_val(200, 0.5))]);
    assert_eq!(oracle.play(&shares).err(), Some(OptimumError::Unbounded("x".into())));
}
