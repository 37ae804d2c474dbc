//! Theorems about any payoffs: what a report says of them is held against its certificates.

mod support;

use std::fs;

use proofread::report::json::report;
use proofread::report::replayed::replayed;
use serde_json::Value;
use tempfile::TempDir;

const THEOREMS: &str = r"
[[theorem]]
id = 'two'
players = { A = 'U_A', B = 'U_B' }
payoffs = 'strictly unimodal'

[[theorem.clause]]
id = 'border'
says = 'w'
clause = 'for all x: optimal(x) and acceptable(x) iff between(x, peak(A), peak(B)) and U_A(x) > 0 and U_B(x) > 0'

[[theorem.clause]]
id = 'right'
says = 'w'
clause = 'for all x: optimal(x) and acceptable(x) iff between(x, peak(A), peak(B)) and U_A(x) \ge 0 and U_B(x) \ge 0'

[[theorem.clause]]
id = 'wrong'
says = 'w'
clause = 'for all x: optimal(x) implies U_A(x) > 0'

[[theorem.clause]]
id = 'some'
says = 'w'
clause = 'for some x: optimal(x) and U_A(x) < 0'
possible = true

[[theorem.clause]]
id = 'supposing'
says = 'w'
assuming = 'peak(A) = peak(B)'
clause = 'for all x: optimal(x) and acceptable(x) implies x = peak(A)'

[[theorem]]
id = 'many'
players = { A = 'U_A', B_i = 'U_{B_i}' }
family = 'i'
payoffs = 'strictly unimodal'
abstain = 'apart'

[[theorem.clause]]
id = 'ties'
says = 'w'
clause = 'for all x: U_A(x) > 0 and increasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and decreasing(U_{B_i}, x)) implies not optimal(x)'

[[theorem.clause]]
id = 'searched'
says = 'w'
clause = 'for all x: U_A(x) > 0 and increasing(U_A, x) and (for no i: U_{B_i}(x) > 0 and x \ge peak(B_i)) implies not optimal(x)'
";

fn audited() -> Value {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    fs::write(dir.path().join("theorems.toml"), THEOREMS).expect("a file");
    report(&support::audit(&support::papers(dir.path())), false)
}

/// The entry of a clause.
fn entry<'r>(report: &'r mut Value, id: &str) -> &'r mut Value {
    let entries = report["claims"].as_array_mut().expect("a list");
    entries.iter_mut().find(|e| e["id"].as_str().expect("an id").ends_with(id)).expect("the clause")
}

/// What the replay says of a report in which one entry was edited.
fn told(report: &Value, id: &str, edit: impl Fn(&mut Value)) -> String {
    let mut edited = report.clone();
    edit(entry(&mut edited, id));
    let counted = edited["claims"].as_array().expect("a list").clone();
    for (name, count) in edited["summary"].as_object_mut().expect("counts") {
        *count = counted.iter().filter(|c| c["verdict"] == name.as_str()).count().into();
    }
    let failures = replayed(&edited).failures;
    let [(of, why)] = &failures[..] else { panic!("{id}: {failures:?}") };
    assert!(of.ends_with(id), "{of}");
    why.clone()
}

#[test]
fn a_verdict_that_is_better_than_its_certificates_fails() {
    let mut report = audited();
    let verdicts: Vec<String> = ["border", "right", "wrong", "some", "supposing", "ties", "searched"]
        .map(|id| entry(&mut report, id)["verdict"].as_str().expect("a verdict").to_owned())
        .to_vec();
    assert_eq!(verdicts, ["conditional", "proved", "refuted", "proved", "proved", "refuted", "supported"]);
    assert_eq!(replayed(&report).failures, []);
    let proved = |e: &mut Value| e["verdict"] = "proved".into();
    let whole = "the verdict is `proved`, and no proof of the whole clause is given";
    assert_eq!(told(&report, "wrong", proved), whole);
    assert_eq!(told(&report, "searched", proved), whole);
    assert_eq!(told(&report, "border", proved), whole);
    assert_eq!(
        told(&report, "border", |e| {
            proved(e);
            e["exceptions"] = Value::Array(vec![]);
            e["evidence"].as_array_mut().expect("a list").remove(0);
        }),
        "the verdict is `proved`, and a certificate supposes `U_B(x) ≠ 0`, which the entry does not state"
    );
}

#[test]
fn a_proof_of_another_clause_or_of_half_of_it_is_none() {
    let report = audited();
    let whole = "the verdict is `proved`, and no proof of the whole clause is given";
    assert_eq!(told(&report, "right", |e| drop(e["evidence"].as_array_mut().expect("a list").pop())), whole);
    assert_eq!(told(&report, "right", |e| e["parsed"] = "for all x: optimal(x)".into()), whole);
    assert_eq!(told(&report, "some", |e| e["parsed"] = "for some x: optimal(x)".into()), whole);
    assert_eq!(
        told(&report, "supposing", |e| drop(e["assuming"].as_array_mut().expect("a list").pop())),
        "the verdict is `proved`, and a certificate supposes `peak(A) = peak(B)`, which the entry does not state"
    );
    assert_eq!(
        told(&report, "wrong", |e| e["parsed"] = "for all x: optimal(x) implies U_B(x) > 0".into()),
        "the verdict is `refuted`, and no payoffs are given that deny it"
    );
    assert_eq!(
        told(&report, "right", |e| e["assuming"] =
            Value::Array(vec!["each payoff is strictly concave".into()])),
        "the verdict is `proved`, and a certificate supposes that each payoff is strictly unimodal, which the entry does not state"
    );
}
