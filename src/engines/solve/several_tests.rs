//! Solutions over two symbols against known ones, against a grid, and what is not certified.

use rug::Rational;

use super::several::{Solver, goals};
use super::{Several, Solution, SolveError, solve_several};
use crate::exact::Meter;
use crate::expr::{Expr, Symbol};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn x() -> Expr {
    Expr::sym("x")
}

fn y() -> Expr {
    Expr::sym("y")
}

fn n(value: i64) -> Expr {
    Expr::int(value)
}

fn root(e: Expr) -> Expr {
    Expr::pow(e, Expr::Num(q(1, 2)))
}

fn square(e: Expr) -> Expr {
    Expr::pow(e, n(2))
}

/// Two players over the unit square.
fn of(payoffs: [Expr; 2], disagreement: [Rational; 2]) -> Several {
    let share = |s: &str| (Symbol::new(s), q(0, 1), q(1, 1));
    Several {
        shares: vec![share("x"), share("y")],
        conditions: vec![],
        payoffs: ["A", "B"].map(Symbol::new).into_iter().zip(payoffs).collect(),
        disagreement: disagreement.to_vec(),
        performance: None,
        reported: vec![],
    }
}

fn zero() -> [Rational; 2] {
    [q(0, 1), q(0, 1)]
}

/// One solution only.
fn find(problem: &Several, name: &str) -> Result<Solution, SolveError> {
    let meter = Meter::new(10_000_000, None);
    let solver = Solver::new(problem, 40, &meter);
    let goal = goals(problem).into_iter().find(|(n, _)| n == name).expect("a goal with this name").1;
    solver.solution(name, &goal)
}

/// The agreement of a solution in decimals.
fn agreed(problem: &Several, name: &str) -> [String; 2] {
    let found = find(problem, name).unwrap_or_else(|why| panic!("{name}: {why}"));
    let [a, b] = found.agreement.as_slice() else { panic!("{name}: {:?}", found.agreement) };
    assert_eq!((a.0.to_string(), b.0.to_string()), ("x".to_owned(), "y".to_owned()));
    [a, b].map(|(_, e)| e.exact().map_or_else(|| e.to_string(), ToString::to_string))
}

fn why(problem: &Several, name: &str) -> SolveError {
    find(problem, name).expect_err("no certain answer")
}

/// Two goods are divided; what is not one's is the other's.
fn goods(a: i64, b: i64) -> [Expr; 2] {
    let first = n(a) * root(x()) + root(y());
    [first, root(n(1) - x()) + n(b) * root(n(1) - y())]
}

#[test]
fn two_goods_that_both_like_alike_are_halved() {
    let problem = of(goods(1, 1), zero());
    let half = format!("0.5{}", "0".repeat(39));
    assert_eq!(agreed(&problem, "nash"), [half.clone(), half]);
    assert_eq!(agreed(&problem, "powerful-A"), ["1", "1"]);
    assert_eq!(agreed(&problem, "powerful-B"), ["0", "0"]);
}

#[test]
fn an_inner_solution_has_the_digits_of_another_program() {
    // mpmath 1.3 at 60 digits: findroot on both derivatives of the product of the gains, from
    // (0.9, 0.19).
    let problem = of(goods(2, 3), [q(1, 2), q(1, 3)]);
    let expected = [
        "0.895761068235454493232874028468718991089479724",
        "0.192704645280775363469830583076035170355151698",
    ];
    for (found, expected) in agreed(&problem, "nash").iter().zip(expected) {
        assert_eq!(found[..41], expected[..41]);
    }
}

#[test]
fn a_rational_solution_is_recognised() {
    let problem = of([square(x()) * y(), (n(1) - x()) * square(n(1) - y())], zero());
    assert_eq!(agreed(&problem, "nash"), ["2/3", "1/3"]);
}

#[test]
fn a_symbol_that_is_good_for_both_goes_to_its_end() {
    let problem = of([x() + y(), n(1) - x() + square(y())], zero());
    assert_eq!(agreed(&problem, "nash"), ["1/2", "1"]);
    let both = of([x() + y(), n(2) * x() + square(y())], zero());
    assert_eq!(agreed(&both, "nash"), ["1", "1"]);
    // Where nothing is gained at the start, the product says nothing there, but both payoffs do.
    let from_nothing = of([x() + y(), x() + n(3) * y()], [q(1, 1), q(3, 2)]);
    assert_eq!(agreed(&from_nothing, "nash"), ["1", "1"]);
}

#[test]
fn an_end_that_no_machine_number_is_does_not_move_the_others() {
    let mut problem = of([x() + y(), n(1) - x() + square(y())], zero());
    problem.shares[1].2 = q(1, 3);
    assert_eq!(agreed(&problem, "nash"), ["7/18", "1/3"]);
}

#[test]
fn a_corner_at_which_a_payoff_just_stops_to_rise_is_found() {
    let to_the_end = x() * (n(2) - x()) + y();
    assert_eq!(agreed(&of([to_the_end, n(1)], zero()), "powerful-A"), ["1", "1"]);
    let both = n(1) - square(x()) - square(y()) + x() * y();
    assert_eq!(agreed(&of([both, n(1)], zero()), "powerful-A"), ["0", "0"]);
    // A saddle does not rise along either side of the corner, and is no maximum.
    let saddle = n(3) * x() * y() - square(x()) - square(y());
    assert_eq!(agreed(&of([saddle, n(1)], zero()), "powerful-A"), ["1", "1"]);
}

#[test]
fn two_losses_are_no_gain() {
    // The product of the gains would be largest where both lose most.
    let problem = of([x() + y(), x() * y()], [q(5, 1), q(5, 1)]);
    assert_eq!(why(&problem, "nash"), SolveError::Disagreement);
    let only_one = of([x() + y(), n(2) - x() - y()], [q(3, 2), q(1, 1)]);
    assert_eq!(why(&only_one, "nash"), SolveError::Disagreement);
}

#[test]
fn a_gain_of_nothing_at_most_is_not_certified() {
    let problem = of([x() + y(), n(2) - x() - y()], [q(1, 1), q(1, 1)]);
    assert!(matches!(why(&problem, "nash"), SolveError::Undecided(_)));
}

#[test]
fn a_stretch_of_equally_good_agreements_is_not_certified() {
    let problem = of([x() + y(), n(2) - x() - y()], zero());
    assert!(matches!(why(&problem, "nash"), SolveError::Undecided(_)));
    assert!(matches!(why(&problem, "vertical-monopoly"), SolveError::Undecided(_)));
}

#[test]
fn corners_that_are_equally_good_are_all_named() {
    let apart = n(1) + square(x() - y());
    let problem = of([apart.clone(), apart], zero());
    let nash = find(&problem, "nash").expect("a certain answer");
    assert!(nash.ties);
    assert_eq!(nash.note.as_deref(), Some("not unique: (0, 1), (1, 0); the values are those at the first"));
    assert_eq!(nash.utilities[0].1.exact(), Some(&q(2, 1)));
}

#[test]
fn the_higher_one_of_two_peaks_is_found() {
    // Two bumps along x, the one near 3/4 higher by a little.
    let bumps = |high: Rational| {
        let (a, b) = (x() - Expr::Num(q(1, 4)), x() - Expr::Num(q(3, 4)));
        n(1) - n(20) * square(a) * square(b) + x() * Expr::Num(high) - square(y() - Expr::Num(q(1, 3)))
    };
    let right: f64 =
        agreed(&of([bumps(q(1, 1000)), n(1)], zero()), "powerful-A")[0].parse().expect("a number");
    let left: f64 =
        agreed(&of([bumps(q(-1, 1000)), n(1)], zero()), "powerful-A")[0].parse().expect("a number");
    assert!((right - 0.75).abs() < 0.01 && (left - 0.25).abs() < 0.01, "{left} {right}");
    let same = of([bumps(q(0, 1)), n(1)], zero());
    assert!(find(&same, "powerful-A").is_ok_and(|s| s.ties));
}

#[test]
fn an_agreement_beyond_a_condition_is_not_taken() {
    let within = |condition: Expr| Several { conditions: vec![condition], ..of(goods(1, 1), zero()) };
    assert!(agreed(&within(Expr::Num(q(3, 2)) - x() - y()), "nash")[0].starts_with("0.5000"));
    // The best agreement is on the border then, which is not looked for.
    assert!(matches!(why(&within(Expr::Num(q(2, 5)) - x()), "nash"), SolveError::Undecided(_)));
    assert_eq!(why(&within(x() + y() - n(3)), "nash"), SolveError::Disagreement);
    // Both would go on if they could.
    let limit = vec![Expr::Num(q(2, 5)) - x()];
    let problem = Several { conditions: limit, ..of([x() + y(), x() + n(2) * y()], zero()) };
    assert!(matches!(why(&problem, "nash"), SolveError::Undecided(_)));
}

#[test]
fn a_place_where_a_payoff_is_not_defined_hides_nothing() {
    // Beyond 1/2 the root has no value; the payoff rises as far as it has one.
    let edge = Expr::pow(Expr::Num(q(1, 2)) - x(), Expr::Num(q(5, 2)));
    let problem = of([x() + y() + edge, n(1)], zero());
    assert!(matches!(why(&problem, "powerful-A"), SolveError::Undecided(_)));
}

#[test]
fn nowhere_on_a_grid_is_the_product_larger() {
    let mut certain = 0;
    for k in 0..24i64 {
        let c = |i: i64| n((k * 7 + i * 5) % 9 - 3);
        let form = |i: i64| {
            n(4) + c(i) * x() + c(i + 1) * y() + c(i + 2) * x() * y()
                - square(x() - Expr::Num(q((k + i) % 4, 4)))
                - n(2) * square(y() - Expr::Num(q((k * i) % 5, 5)))
        };
        let problem = of([form(1), form(4)], [q(1, 1), q(2, 1)]);
        let Ok(nash) = find(&problem, "nash") else { continue };
        certain += 1;
        let gains = |values: &[f64]| (values[0] - 1.0, values[1] - 2.0);
        let value = |a: i64, b: i64| -> Vec<f64> {
            let at = |e: &Expr| {
                let put = e.substitute(&"x".into(), &Expr::Num(q(a, 20)));
                match crate::expr::fold::fold(&put.substitute(&"y".into(), &Expr::Num(q(b, 20)))) {
                    Expr::Num(v) => v.to_f64(),
                    other => panic!("{other:?}"),
                }
            };
            problem.payoffs.iter().map(|(_, e)| at(e)).collect()
        };
        let found: Vec<f64> =
            nash.utilities.iter().map(|(_, e)| e.ball().midpoint().expect("bounded").to_f64()).collect();
        let (f, g) = gains(&found);
        assert!(f > 0.0 && g > 0.0);
        for (a, b) in (0..=20).flat_map(|a| (0..=20).map(move |b| (a, b))) {
            let (u, v) = gains(&value(a, b));
            assert!(u <= 0.0 || v <= 0.0 || u * v <= f * g + 1e-9, "{k}: {a} {b}");
        }
    }
    assert!(certain >= 16, "{certain}");
}

#[test]
fn what_is_asked_for_wrongly_is_an_error() {
    let wrong = [
        Several { disagreement: vec![], ..of(goods(1, 1), zero()) },
        Several { shares: vec![(Symbol::new("x"), q(1, 1), q(1, 1))], ..of(goods(1, 1), zero()) },
    ];
    for problem in wrong {
        assert!(matches!(solve_several(&problem, 40, &Meter::unlimited()), Err(SolveError::Profile(_))));
    }
    assert!(solve_several(&of(goods(1, 1), zero()), 0, &Meter::unlimited()).is_err());
    // A symbol without a value is no payoff.
    let strange = of([Expr::sym("z"), x()], zero());
    assert!(matches!(why(&strange, "nash"), SolveError::Undecided(_)));
}
