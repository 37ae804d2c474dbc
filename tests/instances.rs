//! Claims about games with functions that have no formula, tried with functions of families.

mod support;

use std::fs;

use proofread::audit::{Entry, Verdict};
use proofread::report::json::report;
use proofread::report::replayed::replayed;
use tempfile::TempDir;

/// What the audit says of a claim about a game in which P chooses `x` and Q then `y`, from what P left.
fn judged(assuming: &str, says: &str) -> Entry {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    let text = format!(
        r"
[symbols]
's' = '\in [0,1]'
'x' = '\ge 0'
'y' = '\ge x'
'P' = 'player'
'Q' = 'player'
[functions]
'g(y)' = {{ on = 'y \ge 0', is = ['differentiable', 'non-decreasing'] }}
'f(x)' = {{ on = 'x \ge 0', is = ['differentiable', 'non-decreasing'] }}
'h(y;x)' = {{ on = ['y \ge x', 'x \ge 0'], is = ['differentiable', 'non-decreasing'] }}
[game.two]
bargain = 's'
disagreement = {{ P = '0', Q = '0' }}
stages = [
  {{ player = 'P', chooses = 'x', from = 'x \ge 0', optimal = 'x^*' }},
  {{ player = 'Q', chooses = 'y', from = 'y \ge x', optimal = 'y^*' }},
]
[game.two.payoffs]
P = 'U_P := s g(y) - f(x)'
Q = 'U_Q := (1-s) g(y) - h(y;x)'
[[claim]]
id = 'it'
game = 'two'
assuming = [{assuming}]
says = '''{says}'''
"
    );
    fs::write(dir.path().join("claims.toml"), text).expect("a file");
    let outcome = support::audit(&support::papers(dir.path()));
    assert_eq!(replayed(&report(&outcome, false)).failures, [], "{says}");
    outcome.entries.into_iter().next().expect("the claim")
}

#[test]
fn a_claim_about_best_responses_is_refuted_by_functions_that_are_named() {
    let entry = judged(r"'s = \frac{1}{2}'", "x^* > 0");
    assert_eq!(entry.verdict, Verdict::Refuted, "{:?}", entry.story);
    assert!(entry.story[0].starts_with("it fails for g(y) = "), "{:?}", entry.story);
    assert!(entry.evidence.len() > 1, "that the choices are best responses is shown");
}

#[test]
fn functions_that_miss_an_assumption_about_what_is_played_refute_nothing() {
    // Where Q gains by a first step, Q makes it: no member can deny that.
    let gains = r"'s = \frac{1}{2}', '''g'(x^*) > 2 h'(x^*; x^*)'''";
    let entry = judged(gains, "y^* > x^*");
    assert_eq!(entry.verdict, Verdict::Undecided, "{:?}", entry.story);
    assert!(entry.story.iter().any(|s| s.contains("were tried")), "{:?}", entry.story);
}

#[test]
fn an_assumption_about_a_name_is_one_about_what_it_stands_for() {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    let text = r"
[symbols]
'a' = '> 0'
'x' = '\ge 0'
'z' = 'name'
'P' = 'player'
[game.g]
stages = [{ player = 'P', chooses = 'x', from = 'x \ge 0', optimal = 'x^*' }]
disagreement = { P = '0' }
[game.g.payoffs]
P = 'U := x - a x^2'
[[claim]]
id = 'right'
game = 'g'
assuming = 'x^* > 5'
says = 'a < \frac{1}{10}'
[[claim]]
id = 'wrong'
game = 'g'
assuming = 'x^* > 5'
says = 'a > \frac{1}{10}'
[[claim]]
id = 'nothing'
game = 'g'
assuming = ['x^* > 5', 'a > 1']
says = 'a > 2'
[[claim]]
id = 'unknown'
game = 'g'
assuming = 'z > 5'
says = 'a > 2'
[[derivation]]
id = 'line'
game = 'g'
assuming = 'x^* > 5'
steps = 'a < 2'
";
    fs::write(dir.path().join("claims.toml"), text).expect("a file");
    let outcome = support::audit(&support::papers(dir.path()));
    let verdicts: Vec<Verdict> = outcome.entries.iter().map(|e| e.verdict).collect();
    use Verdict::{Proved, Refuted, Undecided, Vacuous};
    assert_eq!(verdicts, [Proved, Refuted, Vacuous, Undecided, Proved]);
    assert!(outcome.entries[3].story[0].contains("the assumption z > 5 is not understood"));
}
