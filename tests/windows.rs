//! Equivalences with bounds on one quantity: where the other side really holds.

mod support;

use std::fs;

use proofread::audit::{Entry, Verdict};
use proofread::report::json::report;
use proofread::report::replayed::replayed;
use tempfile::TempDir;

/// What the audit says of a claim about positive `a` and `b`; its certificates are replayed.
fn judged(says: &str) -> Entry {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    let text = format!("[symbols]\n'a' = '> 0'\n'b' = '> 0'\n[[claim]]\nid = 'it'\nsays = '{says}'\n");
    fs::write(dir.path().join("claims.toml"), text).expect("a file");
    let outcome = support::audit(&support::papers(dir.path()));
    let replayed = replayed(&report(&outcome, false));
    assert_eq!(replayed.failures, [], "{says}");
    outcome.entries.into_iter().next().expect("the claim")
}

#[track_caller]
fn corrected(says: &str, region: &str, root: Option<&str>) {
    let entry = judged(says);
    assert_eq!(entry.verdict, Verdict::Refuted, "{says}");
    let shown = entry.correction.map(|c| c.plain).unwrap_or_default();
    assert_eq!(shown.split_once(" ⇔ ").map(|(_, right)| right), Some(region), "{shown}: {:?}", entry.story);
    if let Some(root) = root {
        assert!(entry.story.iter().any(|s| s == root), "{:?}", entry.story);
    }
}

#[test]
fn a_wrong_window_is_corrected_with_the_exact_end_points() {
    corrected(
        r"a^2 < 2 b^2 \iff \frac{a}{b} < 1.5",
        "a/b < 1.4142135…",
        Some("it changes at a/b = 1.41421356237309504880168872420…, a root of (a/b)² − 2"),
    );
    corrected(r"\sqrt{a^2 + b^2} < a + \frac{b}{2} \iff \frac{a}{b} > 1", "a/b > 3/4", None);
    corrected(
        r"(a^2 - 2 b^2)(a^2 - 3 b^2) < 0 \iff 1 < \frac{a}{b} < 2",
        "1.4142135… < a/b < 1.7320508…",
        None,
    );
}

#[test]
fn a_single_value_at_which_it_fails_is_left_out() {
    corrected(r"(a - b)^2 (2 b - a) > 0 \iff \frac{a}{b} < 3", "(a/b < 2 and a/b ≠ 1)", None);
}

#[test]
fn what_does_not_depend_on_the_quantity_alone_has_no_window() {
    for says in [
        r"a < 1 \iff \frac{a}{b} < 2",
        r"a > b^2 \iff \frac{a}{b} < 2",
        // It never changes.
        r"a + b > 0 \iff \frac{a}{b} < 2",
    ] {
        let entry = judged(says);
        assert_eq!((entry.verdict, entry.correction.is_none()), (Verdict::Refuted, true), "{says}");
    }
}
