//! Solved profiles against closed forms and against the numeric oracle.

use rug::Rational;

use super::{Enclosure, Profile, Solution, SolveError, Solved, solve};
use crate::exact::Meter;
use crate::expr::{Expr, Symbol};

const DIGITS: u32 = 40;

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn num(x: &Rational) -> Expr {
    Expr::Num(x.clone())
}

/// The share is split between `A`, who pays `a x^p`, and `B`, who pays `b y^q`, for `x + y`.
pub(super) fn joint(a: &Rational, b: &Rational, p: &Rational, r: &Rational) -> Profile {
    let s = || Expr::sym("s");
    let t = || Expr::int(1) - s();
    let scale = |c: &Rational, k: &Rational| {
        let base = Expr::recip(num(k) * num(c));
        Expr::pow(base, num(&(k.clone() - 1u32).recip()))
    };
    let (x, y) = (scale(a, p), scale(b, r));
    let rise = |k: &Rational| num(&(k.clone() - 1u32).recip());
    let full = |k: &Rational| num(&(k.clone() / (k.clone() - 1u32)));
    let performance = x.clone() * Expr::pow(s(), rise(p)) + y.clone() * Expr::pow(t(), rise(r));
    let cost = |c: &Rational, x: &Expr, k: &Rational, s: Expr| {
        Expr::product(vec![num(c), Expr::pow(x.clone(), num(k)), Expr::pow(s, full(k))])
    };
    Profile {
        share: Symbol::new("s"),
        lower: q(0, 1),
        upper: q(1, 1),
        payoffs: vec![
            ("A".into(), s() * performance.clone() - cost(a, &x, p, s())),
            ("B".into(), t() * performance.clone() - cost(b, &y, r, t())),
        ],
        disagreement: vec![q(0, 1), q(0, 1)],
        performance: Some(performance),
        reported: vec![],
    }
}

pub(super) fn meter() -> Meter {
    Meter::new(100_000, None)
}

fn solved(profile: &Profile) -> Solved {
    solve(profile, DIGITS, &meter()).expect("a solution")
}

fn named<'a>(solved: &'a Solved, name: &str) -> &'a Solution {
    let found = solved.solutions.iter().find(|s| s.name == name);
    found.unwrap_or_else(|| panic!("{name} is missing: {:?}", solved.failures))
}

fn exact(solved: &Solved, name: &str) -> Rational {
    named(solved, name).share().exact().unwrap_or_else(|| panic!("{name} is not exact")).clone()
}

#[test]
fn quadratic_costs_give_the_closed_forms_exactly() {
    for (a, b) in [(q(1, 1), q(3, 1)), (q(3, 1), q(2, 1)), (q(1, 1_000_000), q(7, 3)), (q(5, 7), q(4, 9))] {
        let found = solved(&joint(&a, &b, &q(2, 1), &q(2, 1)));
        assert_eq!(found.failures, []);
        let powerful = if b < a { a.clone() / (a.clone() * 2u32 - &b) } else { q(1, 1) };
        assert_eq!(exact(&found, "powerful-A"), powerful);
        let powerful = if b < a { q(0, 1) } else { (b.clone() - &a) / (b.clone() * 2u32 - &a) };
        assert_eq!(exact(&found, "powerful-B"), powerful);
        assert_eq!(exact(&found, "vertical-monopoly"), b.clone() / (a.clone() + &b));
        let total: Vec<&str> = found.solutions.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(
            total,
            [
                "powerful-A",
                "powerful-B",
                "max-performance",
                "vertical-monopoly",
                "egalitarian",
                "nash",
                "kalai-smorodinsky"
            ]
        );
    }
}

#[test]
fn equal_quadratic_costs_are_solved_exactly_and_ties_are_said() {
    let found = solved(&joint(&q(1, 1), &q(1, 1), &q(2, 1), &q(2, 1)));
    assert_eq!(found.failures, []);
    for (name, share) in [("powerful-A", q(1, 1)), ("powerful-B", q(0, 1))] {
        assert_eq!(exact(&found, name), share);
    }
    for name in ["vertical-monopoly", "egalitarian", "nash", "kalai-smorodinsky"] {
        assert_eq!(exact(&found, name), q(1, 2), "{name}");
        assert!(!named(&found, name).ties);
        assert_eq!(named(&found, name).utilities[0].1.exact(), Some(&q(3, 16)));
    }
    let performance = named(&found, "max-performance");
    assert!(performance.ties);
    assert_eq!(performance.optimal[0].1.exact(), Some(&q(1, 1)));
    assert_eq!(performance.performance.as_ref().and_then(Enclosure::exact), Some(&q(1, 2)));
    let pareto = found.pareto.expect("the Pareto-optimal shares");
    assert_eq!((pareto[0].0.decimals(), pareto[0].1.decimals()), ("0", "1"));
}

#[test]
fn the_egalitarian_share_of_quadratic_costs_has_the_digits_of_its_closed_form() {
    let (a, b) = (q(3, 1), q(2, 1));
    let found = solved(&joint(&a, &b, &q(2, 1), &q(2, 1)));
    // (2a - b - sqrt(a^2 - ab + b^2)) / (3 (a - b)) = (4 - sqrt 7) / 3
    assert_eq!(named(&found, "egalitarian").share().decimals(), "0.4514162296451364698327947487869131914299");
    assert_eq!(named(&found, "egalitarian").share().exact(), None);
}

#[test]
fn an_irrational_optimum_of_a_cubic_cost_has_certain_digits() {
    let found = solved(&joint(&q(1, 1), &q(1, 1), &q(3, 1), &q(3, 1)));
    assert_eq!(exact(&found, "kalai-smorodinsky"), q(1, 2));
    let first = named(&found, "powerful-A");
    assert!(first.share().exact().is_none() && first.share().ball().width() < 1e-40);
    assert_eq!(first.share().decimals(), "0.8818539703952118913119148217701342102988");
}

#[test]
fn an_optimum_closer_to_an_end_than_the_digits_reach_is_told_from_the_end() {
    let found = solved(&joint(&q(1, 1_000_000), &q(1_000_000, 1), &q(6, 5), &q(6, 1)));
    let share = named(&found, "max-performance").share();
    assert_eq!(share.exact(), None);
    assert!(*share.ball().hi() < 1 && share.decimals().starts_with("0.99999999999999999999999999999999"));
}

#[test]
fn a_threefold_crossing_at_the_centre_is_found() {
    let found = solved(&joint(&q(417, 50), &q(417, 50), &q(3, 2), &q(3, 2)));
    assert_eq!(found.failures, []);
    assert_eq!(exact(&found, "egalitarian"), q(1, 2));
}

#[test]
fn two_equally_good_mirror_images_are_a_tie() {
    let found = solved(&joint(&q(1, 1), &q(1, 1), &q(6, 5), &q(6, 5)));
    let nash = named(&found, "nash");
    assert!(nash.ties && nash.optimal.len() == 2);
    assert_eq!(nash.share().decimals(), "0.08334930366653596820639576007034139572570");
    assert_eq!(found.pareto, Err(SolveError::ParetoNotCertified));
    let performance = named(&found, "max-performance");
    assert_eq!(performance.optimal.iter().map(|o| o.0.decimals()).collect::<Vec<_>>(), ["0", "1"]);
}

/// Players with the given payoffs over `[0, 1]`.
fn of(payoffs: Vec<Expr>, disagreement: Vec<Rational>) -> Profile {
    let players = ["A", "B", "C"].into_iter().map(Symbol::new);
    Profile {
        share: Symbol::new("s"),
        lower: q(0, 1),
        upper: q(1, 1),
        payoffs: players.zip(payoffs).collect(),
        disagreement,
        performance: None,
        reported: vec![],
    }
}

/// `n - m (s - z)^2`
fn hill(n: i64, m: i64, z: Rational) -> Expr {
    Expr::int(n) - Expr::int(m) * Expr::pow(Expr::sym("s") - num(&z), Expr::int(2))
}

#[test]
fn disagreement_cuts_the_pareto_set_and_moves_the_nash_solution() {
    let s = || Expr::sym("s");
    let found = solved(&of(vec![s(), Expr::int(1) - s()], vec![q(1, 5), q(2, 5)]));
    assert_eq!(found.failures, []);
    assert_eq!(exact(&found, "nash"), q(2, 5));
    assert_eq!(exact(&found, "egalitarian"), q(2, 5));
    assert_eq!(exact(&found, "kalai-smorodinsky"), q(2, 5));
    assert!(named(&found, "vertical-monopoly").ties);
    let pareto = found.pareto.expect("the Pareto-optimal shares");
    assert_eq!((pareto[0].0.exact(), pareto[0].1.exact()), (Some(&q(1, 5)), Some(&q(3, 5))));
}

#[test]
fn demands_that_cannot_be_met_together_leave_no_agreement() {
    let s = || Expr::sym("s");
    let found = solved(&of(vec![s(), Expr::int(1) - s()], vec![q(3, 5), q(3, 5)]));
    assert_eq!(found.pareto, Err(SolveError::NoAgreement));
    let failed: Vec<&str> = found.failures.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(failed, ["nash", "kalai-smorodinsky"]);
}

#[test]
fn shares_at_which_two_players_lose_are_no_nash_solution() {
    // Both gains are negative at 0 with a large product; they are positive around 3/4 only.
    let found = solved(&of(vec![hill(1, 16, q(3, 4)), hill(1, 16, q(3, 4))], vec![q(0, 1), q(0, 1)]));
    assert_eq!(exact(&found, "nash"), q(3, 4));
}

#[test]
fn three_players_have_equal_parts_only_by_chance() {
    let hills = |z| vec![hill(1, 1, q(0, 1)), hill(1, 1, z), hill(1, 1, q(1, 1))];
    let found = solved(&of(hills(q(1, 2)), vec![q(0, 1); 3]));
    assert_eq!(found.failures, [("kalai-smorodinsky".to_owned(), SolveError::NoEqualParts)]);
    let pareto = found.pareto.expect("the Pareto-optimal shares");
    assert_eq!((pareto[0].0.decimals(), pareto[0].1.decimals()), ("0", "1"));
}

#[test]
fn a_constant_payoff_makes_a_stretch_of_egalitarian_shares() {
    let found = solved(&of(vec![Expr::int(1), Expr::int(4) * Expr::sym("s")], vec![q(0, 1), q(0, 1)]));
    let egalitarian = named(&found, "egalitarian");
    assert!(egalitarian.ties);
    let [(from, to)] = egalitarian.optimal.as_slice() else { panic!("one stretch") };
    assert_eq!((from.exact(), to.exact()), (Some(&q(1, 4)), Some(&q(1, 1))));
}

#[test]
fn a_budget_that_runs_out_leaves_what_was_certified_and_says_what_was_not() {
    let profile = joint(&q(1, 1), &q(3, 2), &q(7, 3), &q(6, 5));
    let found = solve(&profile, DIGITS, &Meter::new(10, None)).expect("a solution");
    assert!(found.solutions.len() < 4 && found.solutions.len() + found.failures.len() == 7);
    assert!(found.failures.iter().all(|(_, why)| matches!(why, SolveError::Exhausted(_))));
}

#[test]
fn payoffs_that_are_no_power_sums_or_are_undefined_are_errors() {
    let s = || Expr::sym("s");
    let solve = |e: Expr| solve(&of(vec![e], vec![q(0, 1)]), DIGITS, &meter()).err();
    assert_eq!(solve(Expr::recip(s())), Some(SolveError::Undefined));
    assert_eq!(solve(Expr::sqrt(s() - Expr::int(2))), Some(SolveError::Undefined));
    let inside = Expr::sqrt(s() - Expr::ratio(1, 2));
    assert!(matches!(solve(inside), Some(SolveError::Unsupported(_))));
    assert!(matches!(solve(s() * Expr::sym("t")), Some(SolveError::Unsupported(_))));
    assert!(matches!(solve(Expr::pow(Expr::int(2), s())), Some(SolveError::Unsupported(_))));
    assert_eq!(solve(s()), None);
    assert_eq!(solve(Expr::recip(s() + Expr::int(1))), None);
    let backwards = Profile { lower: q(1, 1), upper: q(0, 1), ..of(vec![s()], vec![q(0, 1)]) };
    assert!(matches!(super::solve(&backwards, DIGITS, &meter()), Err(SolveError::Profile(_))));
}

#[test]
fn long_numbers_and_odd_exponents_are_solved_too() {
    let long = Rational::from((12_345_678_901_234_567_i64, 98_765_432_109_876_543_i64));
    for (p, r) in [(q(237, 100), q(319, 100)), (q(101, 100), q(2, 1)), (q(21, 2), q(11, 10))] {
        let found = solved(&joint(&long, &q(7, 5), &p, &r));
        assert!(found.failures.iter().all(|f| f.0 == "kalai-smorodinsky"), "{p} {r}: {:?}", found.failures);
    }
}
