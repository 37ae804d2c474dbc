//! Shares at and outside the ends of their domains, parameters without sense, objectives without an optimum.

use super::*;

#[test]
fn a_share_outside_its_domain_is_an_error() {
    let one = rational(1, 1);
    let with = parameters(one.clone(), one.clone(), rational(2, 1), rational(2, 1));
    let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
    let play = |s: f64| oracle.play(&BTreeMap::from([("s".into(), Float::with_val(64, s))]));
    assert_eq!(play(1.5).err(), Some(OptimumError::Share("s".into())));
    assert_eq!(oracle.play(&BTreeMap::new()).err(), Some(OptimumError::Share("s".into())));
    let nothing = play(0.0).expect("an equilibrium at the border");
    assert_eq!(nothing.choices[&"x".into()], 0);
    assert_eq!(play(1.0).expect("an equilibrium at the border").choices[&"x".into()], 0.5);
}

#[test]
fn a_share_among_the_parameters_is_fixed() {
    let mut with = parameters(rational(1, 1), rational(1, 1), rational(2, 1), rational(2, 1));
    with.insert("s".into(), rational(1, 2));
    let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
    let play = oracle.play(&BTreeMap::new()).expect("an equilibrium");
    assert_eq!(play.choices[&"y".into()], 0.5);
    let none = oracle.optimum(&Objective::new(utility("A")), Which::Max);
    assert!(matches!(none, Err(OptimumError::Unsupported(_))), "{none:?}");
}

#[test]
fn an_objective_without_a_share_in_it_is_flat() {
    let one = rational(1, 1);
    let with = parameters(one.clone(), one.clone(), rational(2, 1), rational(2, 1));
    let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
    let flat = oracle.optimum(&Objective::new(Expr::int(5)), Which::Max);
    assert_eq!(flat.err(), Some(OptimumError::Indifferent("s".into())));
    // With equal quadratic costs, the choice `y` is 1/2 whatever the share.
    let level = oracle.optimum(&Objective::new(sym("y")), Which::Max);
    assert_eq!(level.err(), Some(OptimumError::Indifferent("s".into())));
}

/// The two-stage game in which `B` also pays `e` for each unit that it adds.
fn with_entry_cost() -> Game {
    let mut game = two_stage();
    let entry = sym("e") * (sym("y") - sym("x"));
    game.payoffs[1].body = game.payoffs[1].body.clone() - entry;
    game
}

#[test]
fn a_minimum_at_which_a_player_starts_to_contribute_is_found() {
    let mut with = parameters(rational(2, 1), rational(1, 1), rational(2, 1), rational(2, 1));
    with.insert("e".into(), rational(1, 3));
    let oracle = Oracle::new(&with_entry_cost(), &with, 40).expect("a game that is handled");
    let least = oracle.optimum(&Objective::new(sym("y")), Which::Min).expect("a minimum");
    close(&least.share, &float(&rational(2, 3)), 40, "share");
    close(&least.value, &float(&rational(1, 6)), 40, "value");
    assert!(!least.at_border && least.digits >= 40, "{least:?}");
}

#[test]
fn an_objective_that_jumps_with_a_best_response_is_an_error() {
    let square = Expr::pow(sym("x"), Expr::int(2)) - Expr::int(1);
    let tilt = (sym("s") - Expr::ratio(1, 2)) * sym("x");
    let mut game = alone(tilt - Expr::pow(square, Expr::int(2)), vec![]);
    game.shares = vec![unit_share("s")];
    let oracle = Oracle::new(&game, &Parameters::new(), 40).expect("a game that is handled");
    let jumping = Objective::new(sym("x") - Expr::int(10) * sym("s"));
    assert_eq!(oracle.optimum(&jumping, Which::Max).err(), Some(OptimumError::Jump("s".into())));
}

#[test]
fn a_change_of_sign_by_a_jump_is_no_root() {
    let square = Expr::pow(sym("x"), Expr::int(2)) - Expr::int(1);
    let tilt = (sym("s") - Expr::ratio(1, 2)) * sym("x");
    let mut game = alone(tilt - Expr::pow(square, Expr::int(2)), vec![]);
    game.shares = vec![unit_share("s")];
    let oracle = Oracle::new(&game, &Parameters::new(), 40).expect("a game that is handled");
    let roots = oracle.roots(&Objective::new(sym("x")));
    assert_eq!(roots.err(), Some(OptimumError::NotConverged { variable: "s".into(), digits: 0 }));
}

#[test]
fn parameters_that_make_no_sense_give_errors_and_nothing_worse() {
    let costs = [rational(-1, 1), rational(0, 1), rational(1, 1)];
    let exponents = [rational(-1, 1), rational(0, 1), rational(1, 2), rational(1, 1), rational(3, 2)];
    for (a, b) in costs.iter().flat_map(|a| costs.iter().map(move |b| (a, b))) {
        for (p, q) in exponents.iter().flat_map(|p| exponents.iter().map(move |q| (p, q))) {
            let with = parameters(a.clone(), b.clone(), p.clone(), q.clone());
            let oracle = Oracle::new(&two_stage(), &with, 20).expect("a game that is handled");
            let found = oracle.optimum(&Objective::new(utility("A")), Which::Max);
            let sensible = *a > 0 && *b > 0 && *p > 1 && *q > 1;
            assert_eq!(found.is_ok(), sensible, "{with:?}: {found:?}");
        }
    }
}

#[test]
fn a_player_with_linear_costs_above_the_gain_stays_at_the_border() {
    let with = parameters(rational(1, 1), rational(1, 1), rational(2, 1), rational(1, 1));
    let oracle = Oracle::new(&two_stage(), &with, 40).expect("a game that is handled");
    let play = |s| oracle.play(&BTreeMap::from([("s".into(), Float::with_val(64, s))]));
    let choices = play(0.5).expect("an equilibrium").choices;
    assert_eq!((choices[&"x".into()].to_f64(), choices[&"y".into()].to_f64()), (0.25, 0.25));
    // At a share of nothing, each unit costs `B` what it gains.
    assert_eq!(play(0.0).err(), Some(OptimumError::Indifferent("y".into())));
}
