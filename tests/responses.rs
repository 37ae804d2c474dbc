//! Best responses in games whose payoffs have no formula: what binds them, and what does not.

mod support;

use std::fs;

use proofread::audit::{Entry, Verdict};
use tempfile::TempDir;

const GAME: &str = r"[symbols]
's' = '\in [0,1]'
'x' = '\ge 0'
[functions]
'f(y)' = { on = 'y \ge 0', is = ['differentiable', 'non-decreasing'] }
'g(y)' = { on = 'y \ge 0', is = ['differentiable', 'non-decreasing'] }
[game.work]
bargain = 's'
stages = [
  { player = 'B', chooses = 'x', from = 'x \ge 0' },
  { player = 'W', chooses = 'y', from = 'y \ge x', optimal = 'y^*', payoff = [PAYOFF] },
]
payoffs = { B = 'U_B := s f(y)', W = 'U_W := (1 - s) f(y) - g(y)' }
[[claim]]
id = 'it'
game = 'work'
given = ['s', 'x']
";

/// A folder with a paper of one file.
fn folder(text: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    fs::write(dir.path().join("claims.toml"), text).expect("a file");
    dir
}

/// What the audit says of a claim about a worker who answers a boss; `payoff` is supposed of the
/// worker's payoff.
fn judged(payoff: &str, says: &str) -> Entry {
    let claim = format!("says = '''{says}'''\n");
    let dir = folder(&format!("{}{claim}", GAME.replace("PAYOFF", payoff)));
    let outcome = support::audit(&support::papers(dir.path()));
    outcome.entries.into_iter().next().expect("the claim")
}

#[track_caller]
fn is(verdict: Verdict, payoff: &str, says: &str) {
    let entry = judged(payoff, says);
    assert_eq!(entry.verdict, verdict, "{says}: {:?}", entry.story);
}

const ATTAINED: &str = "'attained'";
const BOTH: &str = "'attained', 'strictly unimodal'";
const RISES: &str = r"(1 - s) f'(x) > g'(x) \implies y^* > x";
const FALLS: &str = r"(1 - s) f'(x) < g'(x) \implies y^* = x";

#[test]
fn a_payoff_that_rises_at_the_lower_end_has_its_maximum_above_it() {
    is(Verdict::Proved, BOTH, RISES);
    is(Verdict::Proved, BOTH, r"(1 - s) f(x) > g(x) \implies U_W > 0");
}

#[test]
fn a_maximum_that_nothing_says_exists_is_not_taken_to_exist() {
    is(Verdict::Undecided, "", RISES);
    is(Verdict::Undecided, "'strictly unimodal'", RISES);
}

#[test]
fn a_payoff_that_falls_at_the_lower_end_has_its_maximum_there_if_it_is_unimodal() {
    is(Verdict::Proved, BOTH, FALLS);
    is(Verdict::Undecided, ATTAINED, FALLS);
}

#[test]
fn a_payoff_that_is_flat_at_the_lower_end_may_still_rise_behind_it() {
    let entry = judged(BOTH, r"(1 - s) f'(x) \le g'(x) \implies y^* = x");
    assert_eq!(entry.verdict, Verdict::Conditional, "{:?}", entry.story);
    let fails = "it fails for f(y) = y², g(y) = y³, where s = 1/2, x = 0";
    assert_eq!(entry.story, ["it holds everywhere else", fails]);
    let exceptions: Vec<&str> = entry.exceptions.iter().map(|e| e.plain.as_str()).collect();
    assert_eq!(exceptions, ["(−s + 1) f′(x) = g′(x)"]);
}

#[test]
fn what_fails_beside_the_border_as_well_is_refuted() {
    let entry = judged(BOTH, r"(1 - s) f'(x) \le g'(x) \implies y^* > x");
    assert_eq!(entry.verdict, Verdict::Refuted, "{:?}", entry.story);
    assert!(entry.exceptions.is_empty(), "{:?}", entry.exceptions);
}

#[test]
fn what_is_supposed_of_a_payoff_for_nothing_is_said_at_its_place() {
    for (payoff, complaint) in [
        ("'bent'", "`bent` is nothing that can be supposed of a payoff"),
        ("'attained'", "`attained` is supposed of a payoff for nothing"),
    ] {
        let dir = folder(&format!(
            "[game.one]\nstages = [{{ player = 'A', chooses = 'x', from = 'x \\ge 0', payoff = [{payoff}] }}]\npayoffs = {{ A = 'U := -x^2' }}\n"
        ));
        let Err(said) = proofread::document::load(&[dir.path().to_owned()]) else { panic!("{payoff}") };
        assert!(format!("{said:?}").contains(complaint), "{said:?}");
    }
}
