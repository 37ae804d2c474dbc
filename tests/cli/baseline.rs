//! What changed since an earlier report.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::program::{Ran, SYMBOLS, add, paper, run};

fn claims(list: &[(&str, &str)]) -> String {
    let one = |(id, prints): &(&str, &str)| format!("[[claim]]\nid = '{id}'\nprints = '{prints}'\n");
    format!("{SYMBOLS}{}", list.iter().map(one).collect::<String>())
}

/// A paper with claims, audited into `old.json`, and then changed.
fn changed(before: &[(&str, &str)], now: &[(&str, &str)]) -> TempDir {
    let papers = paper(&claims(before));
    let report = run(papers.path(), ["check", "p", "--format", "json"]);
    fs::write(papers.path().join("old.json"), report.out).expect("a file");
    add(&papers, "p/a.toml", claims(now));
    papers
}

fn against(at: &Path, more: &[&str]) -> Ran {
    run(at, [&["check", "p", "--baseline", "old.json", "--no-timings"], more].concat())
}

const OLD: [(&str, &str); 3] = [("fine", "a = a"), ("known", "a = b"), ("old", "a > b")];

#[test]
fn findings_that_were_there_before_are_no_change() {
    let papers = changed(&OLD, &OLD);
    let ran = against(papers.path(), &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let expected = "0 changes since the baseline; 2 findings are as before\n3 entries: 1 proved, 2 refuted\n";
    assert_eq!(ran.out, expected);
    let junit = against(papers.path(), &["--format", "junit"]);
    assert_eq!(junit.code, Some(0), "{junit:?}");
    assert!(junit.out.contains("failures=\"0\"") && !junit.out.contains("<failure"), "{junit:?}");
}

#[test]
fn new_changed_fixed_and_gone_entries_are_told_apart() {
    let now = [("fine", "a = 2 a"), ("known", "a = a"), ("added", "a < b"), ("harmless", "b = b")];
    let papers = changed(&OLD, &now);
    let ran = against(papers.path(), &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let listed: Vec<&str> = ran.out.lines().take_while(|l| !l.is_empty()).collect();
    assert_eq!(
        listed,
        [
            "Changed since the baseline",
            "  p/fine   proved → refuted",
            "  p/known  refuted → proved",
            "  p/added  new → refuted",
            "  p/old    refuted → gone",
        ]
    );
    let json = against(papers.path(), &["--format", "json"]).json();
    let ids = |key: &str| -> Vec<String> {
        let list = json["baseline"][key].as_array().expect("a list");
        list.iter().map(|c| c["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(ids("new"), ["p/added"]);
    assert_eq!(ids("changed"), ["p/fine"]);
    assert_eq!(ids("fixed"), ["p/known"]);
    assert_eq!(ids("gone"), ["p/old"]);
    let junit = against(papers.path(), &["--format", "junit"]);
    assert!(junit.out.contains("tests=\"5\" failures=\"4\""), "{junit:?}");
    for message in [
        "worse: proved before, refuted now: at a = 1",
        "better: refuted before, proved now; write the baseline anew to accept it",
        "new: refuted: at ",
        "gone: refuted before, and there is no such entry any more; write the baseline anew to accept it",
    ] {
        assert!(junit.out.contains(&format!("message=\"{message}")), "{message}: {junit:?}");
    }
}

#[test]
fn what_became_better_is_told_as_such_and_a_new_baseline_accepts_it() {
    let papers = changed(&OLD, &[("fine", "a = a"), ("known", "a = a"), ("old", "a > b")]);
    let ran = against(papers.path(), &[]);
    assert!(
        ran.out.contains("1 change since the baseline, 1 for the better; 1 finding is as before"),
        "{ran:?}"
    );
    let junit = against(papers.path(), &["--format", "junit"]);
    assert_eq!(junit.code, Some(1), "a baseline that is out of date: {junit:?}");
    assert!(junit.out.contains("as before: refuted: at "), "{junit:?}");
    let report = run(papers.path(), ["check", "p", "--format", "json"]);
    fs::write(papers.path().join("old.json"), report.out).expect("a file");
    let accepted = against(papers.path(), &["--format", "junit"]);
    assert_eq!(accepted.code, Some(0), "{accepted:?}");
    assert!(!accepted.out.contains("<failure"), "{accepted:?}");
}

#[test]
fn a_finding_that_fails_in_another_way_is_a_change() {
    let border = r"a \frac{a - b}{a - b} = a";
    let papers = changed(&[("x", border)], &[("x", r"a \frac{a - 2 b}{a - 2 b} = a")]);
    let ran = against(papers.path(), &[]);
    assert!(ran.out.contains("p/x  conditional → conditional, in another way"), "{ran:?}");
    assert_eq!(ran.code, Some(1));
    let junit = against(papers.path(), &["--format", "junit"]);
    assert!(
        junit.out.contains("changed: conditional in another way than before: except where "),
        "{junit:?}"
    );
}

#[test]
fn only_what_is_wanted_is_compared() {
    let papers = changed(&OLD, &[("fine", "a = a")]);
    let ran = against(papers.path(), &["--only", "fine"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test]
fn what_is_no_report_is_an_error_before_anything_is_judged() {
    let papers = paper(&claims(&OLD));
    add(&papers, "text.json", "no json");
    add(&papers, "empty.json", "{}");
    add(&papers, "other.json", r#"{ "schema": 99, "claims": [] }"#);
    add(&papers, "deep.json", "[".repeat(100_000));
    for file in ["missing.json", "text.json", "empty.json", "other.json", "deep.json", "p"] {
        let ran = run(papers.path(), ["check", "p", "--baseline", file]);
        assert_eq!(ran.code, Some(2), "{file}: {ran:?}");
        assert!(ran.out.is_empty() && ran.err.contains("help: "), "{file}: {ran:?}");
    }
}
