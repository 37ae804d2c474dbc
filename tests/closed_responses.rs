//! Best responses in closed form.

mod support;

use std::fs;

use proofread::audit::{Entry, Verdict};
use proofread::report::json::report;
use proofread::report::replayed::replayed;
use tempfile::TempDir;

/// What the audit says of a printed best response to a payoff with positive `a`, `b` and a cost in `x`.
fn judged(payoff: &str, range: &str, prints: &str) -> Entry {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    let text = format!(
        r"
[symbols]
'a' = '> 0'
'b' = '> 0'
'x' = '\ge 0'
'x^*' = 'name'
'P' = 'player'
[game.g]
stages = [{{ player = 'P', chooses = 'x', from = '{range}', optimal = 'x^*' }}]
disagreement = {{ P = '0' }}
[game.g.payoffs]
P = 'U := {payoff}'
[[claim]]
id = 'it'
game = 'g'
prints = '{prints}'
means = 'equilibrium'
"
    );
    fs::write(dir.path().join("claims.toml"), text).expect("a file");
    let outcome = support::audit(&support::papers(dir.path()));
    assert_eq!(replayed(&report(&outcome, false)).failures, [], "{payoff}");
    outcome.entries.into_iter().next().expect("the claim")
}

#[test]
fn a_quadratic_condition_has_the_root_at_which_the_slope_falls() {
    let right = r"x^* = \frac{\sqrt{a^2 + 3 b} - a}{3 b}";
    assert_eq!(judged("x - a x^2 - b x^3", r"x \ge 0", right).verdict, Verdict::Proved);
    let wrong = r"x^* = \frac{\sqrt{a^2 + 3 b} + a}{3 b}";
    let entry = judged("x - a x^2 - b x^3", r"x \ge 0", wrong);
    assert_eq!(entry.verdict, Verdict::Refuted, "{:?}", entry.story);
    let correction = entry.correction.expect("the right response").plain;
    assert!(correction.contains('√'), "{correction}");
}

/// Convex at first: the slope falls at one of its zeros only, but not everywhere.
#[test]
fn a_payoff_that_is_not_concave_has_no_closed_response() {
    let printed = r"x^* = \frac{a + \sqrt{a^2 - 3 b}}{3}";
    let entry = judged("a x^2 - x^3 - b x", r"x \ge 0", printed);
    assert!(!matches!(entry.verdict, Verdict::Proved), "{:?}", entry.story);
}

/// The root may be out of reach: nobody may take less than 1.
#[test]
fn a_root_that_is_not_feasible_is_no_response() {
    let printed = r"x^* = \frac{\sqrt{a^2 + 3 b} - a}{3 b}";
    let entry = judged("x - a x^2 - b x^3", r"x \ge 1", printed);
    assert!(!matches!(entry.verdict, Verdict::Proved), "{:?}", entry.story);
}

/// The stationary point where it can be reached, and else the end in front of it.
#[test]
fn a_stationary_point_out_of_reach_is_clipped_to_the_end_in_front_of_it() {
    let half_line = r"x^* = \begin{cases} a - b & \text{if } a > b \\ 0 & \text{else} \end{cases}";
    assert_eq!(judged("(a - b) x - \\frac{x^2}{2}", r"x \ge 0", half_line).verdict, Verdict::Proved);
    let interval = r"x^* = \begin{cases} 0 & \text{if } a < b \\ 1 & \text{if } a > b + 1 \\ a - b & \text{else} \end{cases}";
    assert_eq!(judged("(a - b) x - \\frac{x^2}{2}", r"x \in [0, 1]", interval).verdict, Verdict::Proved);
    let entry = judged("(a - b) x - \\frac{x^2}{2}", r"x \ge 0", "x^* = a - b");
    assert_eq!(entry.verdict, Verdict::Refuted, "{:?}", entry.story);
}

/// Where it falls away from both ends, the stationary point is the worst choice.
#[test]
fn a_convex_payoff_is_not_clipped() {
    let printed = r"x^* = \begin{cases} 0 & \text{if } a < b \\ 1 & \text{if } a > b + 1 \\ a - b & \text{else} \end{cases}";
    let entry = judged("(b - a) x + \\frac{x^2}{2}", r"x \in [0, 1]", printed);
    assert!(!matches!(entry.verdict, Verdict::Proved), "{:?}", entry.story);
}
