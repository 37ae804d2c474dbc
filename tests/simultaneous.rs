//! Stages at which several players choose at once.

mod support;

use std::fs;

use proofread::audit::{Entry, Verdict};
use proofread::report::json::report;
use proofread::report::replayed::replayed;
use tempfile::TempDir;

/// What is said of the one claim about a game whose stages, payoffs and further symbols are given.
fn judged(symbols: &str, stages: &[&str], payoffs: &[&str], claim: &str) -> Entry {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    let text = format!(
        "[symbols]\n{symbols}\n[game.g]\nstages = [{}]\n[game.g.payoffs]\n{}\n[[claim]]\nid = 'it'\ngame = 'g'\n{claim}\n",
        stages.join(", "),
        payoffs.join("\n"),
    );
    fs::write(dir.path().join("claims.toml"), text).expect("a file");
    let outcome = support::audit(&support::papers(dir.path()));
    assert_eq!(replayed(&report(&outcome, false)).failures, [], "{claim}");
    outcome.entries.into_iter().next().expect("the claim")
}

/// Players 1, 2, … who choose `x_1`, `x_2`, … at once, each from the same range.
fn at_once(players: usize, range: &str) -> String {
    let one = |k: usize| {
        let from = range.replace('x', &format!("x_{k}"));
        format!("{{ player = 'P_{k}', chooses = 'x_{k}', from = '{from}', optimal = 'x_{k}^*' }}")
    };
    format!("[{}]", (1..=players).map(one).collect::<Vec<_>>().join(", "))
}

/// The verdict on a printed equilibrium of a game in which everybody chooses at once.
fn equilibrium(symbols: &str, range: &str, payoffs: &[&str], prints: &str) -> Entry {
    let named: Vec<String> =
        payoffs.iter().zip(1..).map(|(p, k)| format!("P_{k} = 'U_{k} := {p}'")).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let claim = format!("prints = '{prints}'\nmeans = 'equilibrium'");
    judged(symbols, &[&at_once(payoffs.len(), range)], &named, &claim)
}

const MARKET: &str = "'b' = '> 0'\n'c' = '> 0'\n'a' = '> c'";

#[test]
fn two_sellers_of_quantities_have_a_third_of_the_market_each() {
    let payoffs = [r"x_1 (a - b (x_1 + x_2)) - c x_1", r"x_2 (a - b (x_1 + x_2)) - c x_2"];
    let right = equilibrium(MARKET, r"x \ge 0", &payoffs, r"x_1^* = \frac{a - c}{3 b}");
    assert_eq!(right.verdict, Verdict::Proved, "{:?}", right.story);
    assert_eq!(right.measured.as_ref().map(|m| m.worst_digits >= 30), Some(true), "{:?}", right.measured);
    let wrong = equilibrium(MARKET, r"x \ge 0", &payoffs, r"x_1^* = \frac{a - c}{2 b}");
    assert_eq!(wrong.verdict, Verdict::Refuted, "{:?}", wrong.story);
    assert!(wrong.correction.is_some());
}

#[test]
fn three_sellers_of_quantities_have_a_quarter_of_the_market_each() {
    let payoffs = [1, 2, 3].map(|k| format!("x_{k} (a - b (x_1 + x_2 + x_3)) - c x_{k}"));
    let payoffs = payoffs.each_ref().map(String::as_str);
    let entry = equilibrium(MARKET, r"x \ge 0", &payoffs, r"x_3^* = \frac{a - c}{4 b}");
    assert_eq!(entry.verdict, Verdict::Proved, "{:?}", entry.story);
}

/// With costs of their own, a seller may be better off with nothing to sell.
#[test]
fn an_equilibrium_that_is_one_for_some_parameters_only_is_none_in_closed_form() {
    let payoffs = [r"x_1 (a - x_1 - x_2) - c_1 x_1", r"x_2 (a - x_1 - x_2) - c_2 x_2"];
    let symbols = "'a' = '> 0'\n'c_1' = '> 0'\n'c_2' = '> 0'";
    let prints = r"x_1^* = \frac{a - 2 c_1 + c_2}{3}";
    let entry = equilibrium(symbols, r"x \ge 0", &payoffs, prints);
    assert_eq!(entry.verdict, Verdict::Undecided, "{:?}", entry.story);
    let symbols = "'c_1' = '> 0'\n'c_2' = '> 0'\n'a' = '> 2 c_1 + 2 c_2'";
    let entry = equilibrium(symbols, r"x \ge 0", &payoffs, prints);
    assert_eq!(entry.verdict, Verdict::Proved, "{:?}", entry.story);
}

const SUBSTITUTES: &str = "'a' = '> 0'\n'g' = '\\in [0, 1]'";
const PRICES: [&str; 2] =
    [r"P_1 = 'U_1(x_1, x_2) := x_1 (a - x_1 + g x_2)'", r"P_2 = 'U_2(x_1, x_2) := x_2 (a - x_2 + g x_1)'"];

#[test]
fn sellers_of_substitutes_set_prices_that_answer_each_other() {
    let stages = at_once(2, r"x \ge 0");
    let says = |claim: &str| judged(SUBSTITUTES, &[&stages], &PRICES, claim);
    let proved = |claim: &str| {
        let entry = says(claim);
        assert_eq!(entry.verdict, Verdict::Proved, "{claim}: {:?}", entry.story);
    };
    proved("prints = 'x_1^* = \\frac{a}{2 - g}'\nmeans = 'equilibrium'");
    // Against a given price of the other.
    proved("given = ['x_2']\nprints = 'x_1^* = \\frac{a + g x_2}{2}'\nmeans = 'equilibrium'");
    // Another price of one's own does not move the other's, who chooses at the same time.
    proved("given = ['x_1']\nsays = '\\frac{\\partial U_1}{\\partial x_1} = a + \\frac{a g}{2 - g} - 2 x_1'");
    proved(r"says = 'U_1(x_1^*, x_2^*) = \left(\frac{a}{2 - g}\right)^2'");
    proved(r"says = 'U_1(0, x_2^*) = 0'");
    let entry = says("prints = 'x_1^* = \\frac{a}{2 + g}'\nmeans = 'equilibrium'");
    assert_eq!(entry.verdict, Verdict::Refuted, "{:?}", entry.story);
}

#[test]
fn who_moves_first_is_answered_by_those_who_move_at_once_after_that() {
    let first = r"{ player = 'L', chooses = 'y', from = '0 \le y \le \frac{a - c}{b}', optimal = 'y^*' }";
    let stages = [first, &at_once(2, r"x \ge 0")];
    let payoffs = [
        r"L = 'V := y (a - b (y + x_1 + x_2)) - c y'",
        r"P_1 = 'U_1 := x_1 (a - b (y + x_1 + x_2)) - c x_1'",
        r"P_2 = 'U_2 := x_2 (a - b (y + x_1 + x_2)) - c x_2'",
    ];
    let claim =
        "prints = 'y^* = \\frac{a - c}{2 b}, \\quad x_1^* = \\frac{a - c}{6 b}'\nmeans = 'equilibrium'";
    let entry = judged(MARKET, &stages, &payoffs, claim);
    assert_eq!(entry.verdict, Verdict::Proved, "{:?}", entry.story);
}

/// Why a printed equilibrium was left open.
fn left_open(range: &str, payoffs: &[&str], prints: &str) -> String {
    let entry = equilibrium("'z' = 'real'", range, payoffs, prints);
    assert_eq!(entry.verdict, Verdict::Undecided, "{:?}", entry.story);
    entry.story.join("; ")
}

#[test]
fn a_pursuit_has_no_equilibrium_in_pure_strategies() {
    left_open(r"0 \le x \le 1", &["-(x_1 - x_2)^2", "(x_1 - x_2)^2"], r"x_1^* = \frac{1}{2}");
    // Everything is as good as anything against the other's half.
    let pennies = ["(2 x_1 - 1) (2 x_2 - 1)", "-(2 x_1 - 1) (2 x_2 - 1)"];
    left_open(r"0 \le x \le 1", &pennies, r"x_1^* = \frac{1}{2}");
}

#[test]
fn where_both_slopes_are_zero_need_be_no_maximum() {
    left_open(r"0 \le x \le 1", &["x_1^2 - x_1 + x_2", "-(x_2 - x_1)^2"], r"x_1^* = \frac{1}{2}");
}

#[test]
fn a_line_of_equilibria_is_none_in_closed_form() {
    let both = "-(x_1 + x_2 - 1)^2";
    left_open(r"0 \le x \le 1", &[both, both], r"x_1^* = \frac{1}{2}");
}

/// Both choose nothing, a half, or everything.
#[test]
fn one_of_several_equilibria_is_not_the_equilibrium() {
    let payoffs = [
        r"-\frac{1}{2} x_1^2 + 2 x_1 x_2 - \frac{1}{2} x_1",
        r"-\frac{1}{2} x_2^2 + 2 x_1 x_2 - \frac{1}{2} x_2",
    ];
    left_open(r"0 \le x \le 1", &payoffs, r"x_1^* = \frac{1}{2}");
}

/// To choose nothing is best against nothing, though the slope is undefined there.
#[test]
fn an_equilibrium_where_a_slope_is_undefined_is_not_overlooked() {
    left_open(r"x \ge 0", &[r"2 x_2 \sqrt{x_1} - x_1", "-(x_2 - x_1)^2"], r"x_1^* = 1");
}

#[test]
fn an_equilibrium_at_the_ends_is_found() {
    let payoffs = [r"\frac{1}{4} x_1 x_2 - x_1 - x_1^2", r"x_2 - \frac{1}{4} x_2^2 + x_1"];
    let entry = equilibrium("'z' = 'real'", r"0 \le x \le 1", &payoffs, r"x_1^* = 0, \quad x_2^* = 1");
    assert_eq!(entry.verdict, Verdict::Proved, "{:?}", entry.story);
    let entry = equilibrium("'z' = 'real'", r"0 \le x \le 1", &payoffs, r"x_2^* = \frac{1}{2}");
    assert_eq!(entry.verdict, Verdict::Refuted, "{:?}", entry.story);
}

#[test]
fn a_system_that_is_not_linear_is_solved_one_equation_after_the_other() {
    // The first condition is x_1 = x_2^2, the second x_2 = 1/2.
    let payoffs = [r"x_1 x_2^2 - \frac{1}{2} x_1^2", r"x_2 - x_2^2"];
    let entry = equilibrium("'z' = 'real'", r"x \ge 0", &payoffs, r"x_1^* = \frac{1}{4}");
    assert_eq!(entry.verdict, Verdict::Proved, "{:?}", entry.story);
}

#[test]
fn a_range_that_moves_with_a_choice_at_the_same_time_is_refused() {
    let stage = r"[{ player = 'P_1', chooses = 'x_1', from = 'x_1 \ge 0', optimal = 'x_1^*' }, { player = 'P_2', chooses = 'x_2', from = 'x_2 \ge x_1', optimal = 'x_2^*' }]";
    let payoffs = ["P_1 = 'U_1 := x_1 - x_1^2'", "P_2 = 'U_2 := 4 x_2 - x_2^2'"];
    let claim = "prints = 'x_2^* = 2'\nmeans = 'equilibrium'";
    let entry = judged("'z' = 'real'", &[stage], &payoffs, claim);
    let settled = [Verdict::Proved, Verdict::Refuted, Verdict::Conditional];
    assert!(!settled.contains(&entry.verdict), "{:?}", entry.story);
}

#[test]
fn a_price_that_does_not_fall_below_zero_leaves_the_equilibrium_where_it_is() {
    let price = r"\max\left(0, a - b (x_1 + x_2)\right)";
    let payoffs = [format!("x_1 {price} - c x_1"), format!("x_2 {price} - c x_2")];
    let payoffs = payoffs.each_ref().map(String::as_str);
    let entry = equilibrium(MARKET, r"x \ge 0", &payoffs, r"x_1^* = \frac{a - c}{3 b}");
    assert_eq!(entry.verdict, Verdict::Proved, "{:?}", entry.story);
}

#[test]
fn what_is_best_on_one_piece_and_worse_than_another_piece_is_no_equilibrium() {
    let first = r"\begin{cases} \frac{1}{2} x_1 - x_1^2 & x_1 \le \frac{1}{2} \\ 4 x_1 - 2 & x_1 > \frac{1}{2} \end{cases}";
    left_open(r"0 \le x \le 1", &[first, "-(x_2 - x_1)^2"], r"x_1^* = \frac{1}{4}");
}

/// What is no argument stays at the equilibrium.
#[test]
fn an_argument_does_not_move_who_chooses_at_the_same_time() {
    let stages = at_once(2, r"x \ge 0");
    let payoffs =
        [r"P_1 = 'U_1(x_1) := x_1 (a - x_1 + g x_2)'", r"P_2 = 'U_2(x_2) := x_2 (a - x_2 + g x_1)'"];
    let claim = r"says = 'U_1(a) = \frac{a^2 g}{2 - g}'";
    let entry = judged(SUBSTITUTES, &[&stages], &payoffs, claim);
    assert_eq!(entry.verdict, Verdict::Proved, "{:?}", entry.story);
}
