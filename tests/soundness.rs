//! Small papers that an unkind referee would write: statements that are true over the reals and false over the
//! integers, lines whose arrow points both ways, stages after stages, derivatives where there are none. Each was
//! judged wrongly once; `undecided` is no shame here, a wrong verdict is.

#[path = "support/program.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod program;

use std::fs;
use std::path::Path;

use program::{Ran, run};
use tempfile::TempDir;

/// The audit of a paper with one file.
fn audit(file: &str) -> (TempDir, Ran) {
    let dir = TempDir::new().expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/soundness").join(file);
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    fs::copy(&from, dir.path().join("a.toml")).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    let ran = run(dir.path(), ["check", ".", "--format", "json", "--no-timings"]);
    (dir, ran)
}

/// The verdicts on all entries, by their ids without the paper's name, in the file's order.
fn verdicts(file: &str) -> Vec<String> {
    let (_dir, ran) = audit(file);
    let report = ran.json();
    let claims = report["claims"].as_array().expect("claims");
    let told = |c: &serde_json::Value| {
        let id = c["id"].as_str().expect("an id");
        let id = id.split_once('/').map_or(id, |(_, rest)| rest);
        format!("{id} {}", c["verdict"].as_str().expect("a verdict"))
    };
    claims.iter().map(told).collect()
}

/// All undecided.
fn open(file: &str) {
    let settled: Vec<String> = verdicts(file).into_iter().filter(|v| !v.ends_with(" undecided")).collect();
    assert!(settled.is_empty(), "{file}: {settled:?}");
}

#[test]
fn who_moves_first_sees_through_all_stages_after_the_next() {
    let expected = ["wrong refuted", "right proved", "better refuted", "payoff proved"];
    assert_eq!(verdicts("later-stages.toml"), expected);
    assert_eq!(verdicts("later-stages-bargained.toml"), ["wrong refuted", "right proved", "w2 refuted"]);
}

#[test]
fn an_equivalence_is_one_both_ways_and_a_chain_is_a_premise() {
    let expected = [
        "chain-1/1 proved",
        "chain-1/2 refuted",
        "chain-1/3 proved",
        "chain-2/1 refuted",
        "chain-2/2 refuted",
        "chain-2/3 proved",
        "chain-3/1 refuted",
        "chain-3/2 proved",
        "chain-3/3 proved",
        "iff-1/1 refuted",
        "iff-1/2 refuted",
        "iff-2/1 refuted",
        "iff-2/2 refuted",
    ];
    assert_eq!(verdicts("lines.toml"), expected);
}

#[test]
fn what_real_numbers_do_says_nothing_against_integers() {
    open("integers.toml");
}

#[test]
fn rules_for_derivatives_odd_roots_and_empty_ranges_settle_nothing_by_themselves() {
    open("derivatives.toml");
}

#[test]
fn a_family_of_two_has_two_members_and_an_index_is_no_number() {
    open("families-of-two.toml");
    open("indices.toml");
}

#[test]
fn a_choice_that_is_an_argument_is_free_in_the_whole_formula_and_within_its_range() {
    let expected = [
        "range-1 proved",
        "range-2 proved",
        "arg-1 refuted",
        "arg-2 refuted",
        "arg-3 proved",
        "arg-4 proved",
        "arg-5 proved",
    ];
    assert_eq!(verdicts("held-choices.toml"), expected);
    assert_eq!(verdicts("one-choice.toml"), ["marginal proved", "at-zero proved"]);
    assert_eq!(verdicts("evaluated-slope.toml"), ["c proved"]);
}

#[test]
fn exceptions_are_thin_and_counterexamples_complete() {
    let expected = ["c undecided", "d conditional", "open-premise refuted", "nowhere refuted"];
    assert_eq!(verdicts("wide-exceptions.toml"), expected);
    let (_dir, ran) = audit("wide-exceptions.toml");
    let report = ran.json();
    let claims = report["claims"].as_array().expect("claims");
    let open = claims.iter().find(|c| c["id"].as_str().is_some_and(|id| id.ends_with("open-premise")));
    let at = open.expect("the claim")["counterexample"]["at"].as_object().expect("a point");
    assert!(["b", "x", "y"].iter().all(|s| at.contains_key(*s)), "{at:?}");
}

#[test]
fn nobody_loses_by_a_nash_solution() {
    open("nash-losses.toml");
}

#[test]
fn a_payoff_that_needs_itself_is_told_at_its_place() {
    let dir = TempDir::new().expect("a folder");
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/soundness/one-choice.toml"));
    let text = text.expect("the file").replace("u_A := b x - x^2", "u_A := b u_A - x^2");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    fs::write(dir.path().join("a.toml"), text).expect("a file");
    let ran = run(dir.path(), ["check", "."]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("the payoff of `A` needs itself"), "{}", ran.err);
}

#[test]
fn a_solution_that_relations_rule_out_is_not_proved() {
    open("bound-agreements.toml");
}

#[test]
fn a_mark_far_to_the_right_is_told_without_a_drawing() {
    let dir = TempDir::new().expect("a folder");
    let text = format!("[[claim]]\nid = 'x'\nprints = '1 + {} \\foo'\n", " ".repeat(70_000));
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    fs::write(dir.path().join("a.toml"), text).expect("a file");
    let ran = run(dir.path(), ["check", "."]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("at byte") && ran.err.contains("a.toml"), "{}", ran.err);
}
