//! Claims that a quantity is strictly unimodal.

mod support;

use std::fs;

use proofread::audit::{Entry, Verdict};
use proofread::document::load;
use proofread::report::json::report;
use proofread::report::replayed::replayed;
use tempfile::TempDir;

/// What the audit says of a claim about the shape of a term over `x` in `[0,1]`.
fn judged(term: &str, assuming: &str) -> Entry {
    let outcome = support::audit(&support::papers(paper(term, assuming).path()));
    let replayed = replayed(&report(&outcome, false));
    assert_eq!(replayed.failures, [], "{term}");
    let mut entries = outcome.entries;
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

fn paper(term: &str, assuming: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    let text = format!(
        r"
[symbols]
'a' = '> 0'
'b' = '> 0'
'k' = '> 1'
'm' = '> 1'
'x' = '\in [0,1]'
[[claim]]
id = 'shape'
assuming = [{assuming}]
means = '{term}'
"
    );
    fs::write(dir.path().join("claims.toml"), text).expect("a file");
    dir
}

fn over_the_unit(term: &str, assuming: &str) -> Entry {
    judged(&format!(r"{term} strictly unimodal over x \in [0,1]"), assuming)
}

#[test]
fn monotone_concave_and_bent_curves_are_unimodal() {
    let story = |term, assuming| {
        let entry = over_the_unit(term, assuming);
        assert_eq!(entry.verdict, Verdict::Proved, "{term}: {entry:?}");
        entry.story[0].clone()
    };
    assert_eq!(story("a x + b x^3", ""), "it increases strictly");
    assert_eq!(story("-a x", ""), "it decreases strictly");
    assert_eq!(story("a x - b x^2", ""), "it is strictly concave");
    // Convex at first, or at last, and with a peak inside for some parameters.
    let bent = r"a x^{\frac{k}{k-1}} + b x (1 - x)^{\frac{1}{m-1}}";
    assert_eq!(story(bent, r"'k \ge 2', 'm \ge 2'"), "its slope is concave, and positive at the lower end");
    let mirrored = r"a (1 - x)^{\frac{k}{k-1}} + b (1 - x) x^{\frac{1}{m-1}}";
    let upper = "its slope is convex, and negative at the upper end";
    assert_eq!(story(mirrored, r"'k \ge 2', 'm \ge 2'"), upper);
}

#[test]
fn a_valley_and_a_plateau_are_counterexamples() {
    let refuted = |term, assuming| {
        let entry = over_the_unit(term, assuming);
        assert_eq!(entry.verdict, Verdict::Refuted, "{term}: {entry:?}");
        assert!(entry.counterexample.is_some(), "{entry:?}");
        entry
    };
    let entry = refuted(r"\left(x - \frac{1}{2}\right)^2", "");
    assert_eq!(entry.story, ["a valley: x₁ < x₂ < x₃"]);
    refuted("a", "");
    refuted(r"\min(x, \frac{1}{2})", "");
    // Below two an exponent can make the hump come before the end.
    refuted(r"a x^{\frac{k}{k-1}} + b x (1 - x)^{\frac{1}{m-1}}", r"'k < 2', 'm < 2'");
}

#[test]
fn what_is_unimodal_on_a_part_only_is_judged_on_the_part() {
    let on = |range: &str| judged(&format!(r"x - x^2 + a strictly unimodal over {range}"), "").verdict;
    assert_eq!(on(r"x \in [0, \frac{1}{4}]"), Verdict::Proved);
    assert_eq!(on(r"x \in [-5, 5]"), Verdict::Proved);
    // A border that is missing leaves it open where the highest point is.
    assert_eq!(on(r"x \in (0, 1)"), Verdict::Undecided);
}

#[test]
fn a_distinction_by_cases_may_jump_and_is_not_proved() {
    let jump = r"\begin{cases} x & x < \frac{1}{2} \\ 2 - x & x \ge \frac{1}{2} \end{cases}";
    assert_ne!(over_the_unit(jump, "").verdict, Verdict::Proved);
    let valley = r"\begin{cases} 1 - x & x < \frac{1}{2} \\ x & x \ge \frac{1}{2} \end{cases}";
    assert_eq!(over_the_unit(valley, "").verdict, Verdict::Refuted);
}

#[test]
fn what_is_not_a_variable_in_a_range_is_refused() {
    for wrong in
        ["x strictly unimodal over x", r"x strictly unimodal over x \ge 0", "x strictly unimodal over "]
    {
        let problems = load(&[paper(wrong, "").path().to_owned()]).expect_err(wrong);
        assert!(problems.iter().all(|p| p.place.is_some()), "{problems:?}");
    }
}

#[test]
fn that_a_curve_is_sometimes_not_unimodal_is_proved_by_one_valley() {
    let sometimes = |term: &str, assuming| {
        judged(&format!(r"{term} sometimes not strictly unimodal over x \in [0,1]"), assuming)
    };
    let entry = sometimes(r"(x - \frac{1}{2})^2 - a x", "");
    assert_eq!(entry.verdict, Verdict::Proved, "{entry:?}");
    assert!(entry.story[0].starts_with("a valley, x₁ < x₂ < x₃, at a = "), "{:?}", entry.story);
    let irrational = sometimes(r"x^k + (1 - x)^k", r"'k < 2'");
    assert_eq!(irrational.verdict, Verdict::Proved, "{irrational:?}");
    // It never has one.
    let never = sometimes(r"a x - b x^2", "");
    assert_eq!(never.verdict, Verdict::Refuted, "{never:?}");
    assert_eq!(never.story[0], "it always is: it is strictly concave");
}
