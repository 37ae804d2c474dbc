//! Claims that something holds for some value of a symbol.

mod support;

use std::fs;
use std::path::Path;

use proofread::audit::{Entry, Verdict};
use proofread::report::replayed::replayed;
use serde_json::Value;
use tempfile::TempDir;

const SYMBOLS: &str = r"[symbols]
'x' = '\in [0,1]'
'p' = '\in [0,1]'
's' = '\in [0,1]'
'u' = '\ge 0'
'v' = '\ge u'
'l' = '\ge 2'
[functions]
'f(v)' = { on = 'v \ge 0', is = ['differentiable', 'non-decreasing'] }
'g(u)' = { on = 'u \ge 0', is = ['differentiable', 'non-decreasing'] }
'h(v;u)' = { on = ['v \ge u', 'u \ge 0'], is = ['differentiable', 'non-decreasing'] }
[game.work]
bargain = 's'
stages = [
  { player = 'B', chooses = 'u', from = 'u \ge 0', optimal = 'u^*' },
  { player = 'W', chooses = 'v', from = 'v \ge u', optimal = 'v^*' },
]
payoffs = { B = 'U_B := s f(v) - g(u)', W = 'U_W := (1 - s) f(v) - h(v;u)' }
";

fn folder(claims: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    fs::write(dir.path().join("claims.toml"), format!("{SYMBOLS}{claims}")).expect("a file");
    dir
}

fn judged(claim: &str) -> Entry {
    let dir = folder(&format!("[[claim]]\nid = 'it'\n{claim}\n"));
    let outcome = support::audit(&support::papers(dir.path()));
    outcome.entries.into_iter().next().expect("the claim")
}

#[track_caller]
fn is(verdict: Verdict, story: &str, claim: &str) {
    let entry = judged(claim);
    assert_eq!((entry.verdict, entry.story.join("; ").as_str()), (verdict, story), "{claim}");
}

const NOTHING: &str = "no value was found, and no proof that there is none";

#[test]
fn a_value_at_which_it_holds_is_named() {
    is(
        Verdict::Proved,
        "it holds at x = 1/2",
        r"for-some = ['x']
says = 'x^2 = \frac{1}{4}'",
    );
    is(
        Verdict::Proved,
        "it holds at x = 1",
        r"for-some = ['x']
says = 'x \ge p'",
    );
}

#[test]
fn what_holds_for_no_value_is_refuted() {
    is(
        Verdict::Refuted,
        "it holds for no x",
        r"for-some = ['x']
says = 'x (1 - x) > \frac{1}{4}'",
    );
}

#[test]
fn what_holds_for_no_value_at_some_parameters_is_refuted_there() {
    is(
        Verdict::Refuted,
        "it holds for no x, where p = 1",
        r"for-some = ['x']
says = 'x > p'",
    );
}

#[test]
fn a_value_that_depends_on_the_parameters_is_not_found() {
    is(
        Verdict::Undecided,
        NOTHING,
        r"for-some = ['x']
says = 'x = \frac{p}{7}'",
    );
}

#[test]
fn what_is_assumed_is_assumed_for_all_values() {
    // p x <= 1/2 for all x is p <= 1/2.
    is(
        Verdict::Refuted,
        "it holds for no x, where p = 1/2",
        r"for-some = ['x']
assuming = ['p x \le \frac{1}{2}']
says = 'p + x \ge 2'",
    );
    is(
        Verdict::Undecided,
        NOTHING,
        r"for-some = ['x']
assuming = ['x > p']
says = 'x < p'",
    );
}

#[test]
fn no_agreement_has_both_of_two_movers_contribute_where_the_second_is_put_off_by_the_first() {
    let entry = judged(
        r"game = 'work'
for-some = ['s']
assuming = ['''f'(0) > l g'(0)''', '''f'(u^*) > l h'(u^*; u^*)''']
says = '0 < s < 1 \land 0 < u^* < v^*'",
    );
    assert_eq!(entry.verdict, Verdict::Refuted, "{:?}", entry.story);
    let functions = "it fails for f(v) = v, g(u) = u², h(v, u) = (1/4) (v − u)² + (1/2) u (v − u)/(u + 1)";
    assert_eq!(entry.story, [functions, "it holds for no s, where l = 2"]);
}

#[test]
fn a_refutation_for_all_values_needs_its_proof() {
    let dir = folder("[[claim]]\nid = 'it'\nfor-some = ['x']\nsays = 'x (1 - x) > \\frac{1}{4}'\n");
    let outcome = support::audit(&support::papers(dir.path()));
    let report = proofread::report::json::report(&outcome, false);
    assert_eq!(replayed(&report).failures, []);
    let without = |path: &str, value: Value| {
        let mut edited = report.clone();
        *edited.pointer_mut(path).expect("the place") = value;
        replayed(&edited).failures
    };
    assert_ne!(without("/claims/0/evidence", Value::Array(vec![])), []);
    assert_ne!(without("/claims/0/for_some", Value::Array(vec![])), []);
}

#[test]
fn what_cannot_be_for_some_value_is_said_at_its_place() {
    for (claim, complaint) in [
        ("for-some = ['y']\nsays = 'x = 1'", "Undeclared(\"y\")"),
        ("for-some = ['x']\nprints = 'x = 1'", "Missing"),
    ] {
        let dir = folder(&format!("[[claim]]\nid = 'it'\n{claim}\n"));
        let said = complaints(dir.path());
        assert!(said.contains(complaint), "{said}");
    }
}

fn complaints(path: &Path) -> String {
    match proofread::document::load(&[path.to_owned()]) {
        Ok(_) => "nothing".into(),
        Err(said) => format!("{said:?}"),
    }
}
