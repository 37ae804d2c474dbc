//! Sets that are printed as a game's Pareto set.

mod support;

use std::fs;

use proofread::audit::{Entry, Verdict};
use proofread::report::json::report;
use proofread::report::replayed::replayed;
use tempfile::TempDir;

const GAME: &str = r"
[symbols]
'a' = '\in [0,1]'
'b' = '\in [0,1]'
't' = '\in [0,1]'
'A' = 'player'
'B' = 'player'
'S' = 'name'
[game.split]
bargain = 't'
players = ['A', 'B']
disagreement = { A = '0', B = '0' }
stages = [{ player = 'A', chooses = 'x', from = 'x \ge 0' }]
[game.split.payoffs]
A = 'U_A := 2 a t - t^2 - x^2'
B = 'U_B := 1 - (t - b)^2'
";

/// What the audit says of a set that is printed as the Pareto set; its certificates are replayed.
/// The payoffs are largest at `a` and at `b`.
fn judged(set: &str) -> Entry {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    let claim =
        format!("[[claim]]\nid = 'it'\ngame = 'split'\nprints = 'S \\in {set}'\nmeans = 'pareto-set'\n");
    fs::write(dir.path().join("claims.toml"), format!("{GAME}{claim}")).expect("a file");
    let outcome = support::audit(&support::papers(dir.path()));
    let replayed = replayed(&report(&outcome, false));
    assert_eq!(replayed.failures, [], "{set}");
    outcome.entries.into_iter().next().expect("the claim")
}

#[test]
fn what_lies_between_the_peaks_is_the_pareto_set() {
    let entry = judged(r"\{t : \min(a, b) \le t \cap t \le \max(a, b)\}");
    assert_eq!(entry.verdict, Verdict::Proved, "{:?}", entry.story);
}

#[test]
fn a_set_with_a_dominated_member_is_refuted_and_corrected() {
    let entry = judged(r"\{t : t \le \max(a, b)\}");
    assert_eq!(entry.verdict, Verdict::Refuted, "{:?}", entry.story);
    assert_eq!(entry.story[0], "a member of the printed set is dominated");
    let shown = entry.correction.map(|c| c.plain).unwrap_or_default();
    assert_eq!(shown, "S ∈ {t : min(a, b) ≤ t and t ≤ max(a, b)}");
}

#[test]
fn a_set_without_an_agreement_that_nothing_dominates_is_refuted() {
    let entry = judged(r"\{t : a \le t \cap t \le b\}");
    assert_eq!(entry.verdict, Verdict::Refuted, "{:?}", entry.story);
    assert_eq!(entry.story[0], "an agreement outside of the printed set is not dominated");
}

#[test]
fn a_set_that_lacks_its_ends_is_right_but_for_them() {
    let entry = judged(r"\{t : \min(a, b) < t \cap t < \max(a, b)\}");
    assert_eq!(entry.verdict, Verdict::Conditional, "{:?}", entry.story);
    let exceptions: Vec<&str> = entry.exceptions.iter().map(|e| e.plain.as_str()).collect();
    assert_eq!(exceptions, ["t = min(a, b)", "t = max(a, b)"]);
}

#[test]
fn what_is_no_set_is_no_pareto_set() {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    let claim = "[[claim]]\nid = 'it'\ngame = 'split'\nprints = 'S = a'\nmeans = 'pareto-set'\n";
    fs::write(dir.path().join("claims.toml"), format!("{GAME}{claim}")).expect("a file");
    let outcome = support::audit(&support::papers(dir.path()));
    let entry = &outcome.entries[0];
    assert_eq!((entry.verdict, entry.story.len()), (Verdict::Undecided, 1), "{:?}", entry.story);
}
