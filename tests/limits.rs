//! Limits, names without a closed form in statements, and claims made in words.

mod support;

use std::fs;

use proofread::audit::{Entry, Verdict};
use proofread::document::load;
use proofread::report::json::report;
use proofread::report::replayed::replayed;
use tempfile::TempDir;

/// A paper with the claims `says`, one each.
fn paper(claims: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    let text = format!(
        r"
[symbols]
'a' = '> 0'
'b' = '> 0'
'c' = '\ge 2'
'x' = 'real'
'p' = '\in [0,1]'
'y' = '\ge 0'
'z' = '\ge 0'
'A' = 'player'
'B' = 'player'
'u_A' = 'function'
'u_B' = 'function'
'p^N' = 'name'
'p^K' = 'name'

[game.g]
bargain = 'p'
stages = [
  {{ player = 'A', chooses = 'y', from = 'y \ge 0', optimal = 'y^*' }},
  {{ player = 'B', chooses = 'z', from = 'z \ge 0', optimal = 'z^*' }},
]
[game.g.payoffs]
A = 'u_A := p (y + z) - \frac{{a}}{{2}} y^2'
B = 'u_B := (1 - p) (y + z) - \frac{{b}}{{2}} z^2'

[[claim]]
id = 'def-nash'
kind = 'definition'
game = 'g'
prints = 'p^N = \arg\max_{{p \in [0,1]}} \left(u_A(p) u_B(p)\right)'

[[claim]]
id = 'def-even'
kind = 'definition'
defines = 'p^K'
game = 'g'
prints = 'u_A(p^K) = u_B(p^K)'

{claims}"
    );
    fs::write(dir.path().join("claims.toml"), text).expect("a file");
    dir
}

/// What the audit says of a claim in words; its certificates are replayed.
fn judged(says: &str) -> Entry {
    judged_in("", says)
}

fn judged_in(frame: &str, says: &str) -> Entry {
    let dir = paper(&format!("[[claim]]\nid = 'it'\n{frame}\nsays = '{says}'\n"));
    let outcome = support::audit(&support::papers(dir.path()));
    let replayed = replayed(&report(&outcome, false));
    assert_eq!(replayed.failures, [], "{says}");
    outcome.entries.into_iter().find(|e| e.id.ends_with("/it")).expect("the claim")
}

fn verdict(says: &str) -> (Verdict, String) {
    let entry = judged(says);
    let rate = entry.story.iter().find(|s| s.starts_with("lim")).cloned();
    (entry.verdict, rate.unwrap_or_default())
}

#[test]
fn limits_are_proved_by_a_rate_at_finite_and_infinite_goals() {
    for says in [
        r"\lim_{\frac{a}{b} \to 0} \frac{a}{a + b} = 0",
        r"\lim_{\frac{a}{b} \to \infty} \frac{a}{a + b} = 1",
        r"\lim_{a \to \infty} \frac{a}{a + b} = 1",
        r"\lim_{a \to 0} \frac{a}{a + b} = 0",
        r"\lim_{x \to -\infty} \frac{x^2 + 1}{2 x^2 - x} = \frac{1}{2}",
        r"\lim_{x \to 1} \frac{x^2 - 1}{x - 1} = 2",
        r"\lim_{x \to 2} x^2 = 4",
        // Like a square root.
        r"\lim_{a \to 0} \sqrt{a} = 0",
        r"\lim_{a \to 0} \frac{1}{2 + \sqrt{a}} < 1",
        // An irrational value.
        r"\lim_{a \to 0} \sqrt{2 + a} = \sqrt{2}",
        r"\lim_{\frac{a}{b} \to 0} \frac{\sqrt{a^2 + 5 b^2} - b}{2 b} = \frac{\sqrt{5} - 1}{2}",
        r"\lim_{a \to 0} \begin{cases} 1 & a < b \\ 2 & a \ge b \end{cases} = 1",
        r"1 < 1 + \lim_{a \to 0} \frac{1}{1 + a}",
    ] {
        let (verdict, story) = verdict(says);
        assert_eq!(verdict, Verdict::Proved, "{says}: {story}");
        assert!(story.contains("is at most"), "{says}: {story}");
    }
}

#[test]
fn a_wrong_limit_is_refuted_with_the_right_one() {
    let entry = judged(r"\lim_{a \to 0} \frac{a}{a + b} = \frac{1}{2}");
    assert_eq!(entry.verdict, Verdict::Refuted);
    assert_eq!(entry.correction.expect("the right one").plain, "lim[a → 0] a/(a + b) = 0");
    let shown = entry.counterexample.expect("both values");
    assert_eq!((shown.printed.as_str(), shown.actual.as_str()), ("0.5", "0"));
}

#[test]
fn what_has_no_limit_or_none_that_is_found_is_undecided() {
    for says in [
        // It grows; it depends on the way; its two sides differ; it is slower than a root.
        r"\lim_{a \to 0} \frac{1}{a} = 0",
        r"\lim_{a \to 0} \frac{b}{a + b} x = 0",
        r"\lim_{x \to 0} \frac{x}{|x|} = 1",
        r"\lim_{a \to 0} a^{\frac{1}{3}} = 0",
        r"\lim_{\frac{a}{b} \to 0} a = 0",
        // Nothing comes near the goal.
        r"\lim_{c \to 0} c = 0",
        r"\lim_{a \to -1} a = -1",
        // The goal moves with what goes there.
        r"\lim_{\frac{a}{b} \to a} a = 0",
    ] {
        let entry = judged(says);
        assert_eq!(entry.verdict, Verdict::Undecided, "{says}: {entry:?}");
    }
}

#[test]
fn a_peak_without_a_closed_form_is_an_unknown_with_its_equation() {
    let frame = "game = 'g'";
    let wide = judged_in(frame, r"0 < p^N < 1");
    assert_eq!(wide.verdict, Verdict::Proved, "{wide:?}");
    let limit = judged_in(frame, r"\lim_{\frac{a}{b} \to 0} p^N = \frac{3}{4}");
    assert_eq!(limit.verdict, Verdict::Proved, "{limit:?}");
    let narrow = judged_in(frame, r"p^N < \frac{1}{2}");
    assert_eq!(narrow.verdict, Verdict::Refuted, "{narrow:?}");
}

#[test]
fn a_name_that_an_equation_defines_has_the_value_of_its_only_root() {
    let frame = "game = 'g'";
    let inside = judged_in(frame, r"0 < p^K < 1");
    assert_eq!(inside.verdict, Verdict::Proved, "{inside:?}");
    let limit = judged_in(frame, r"\lim_{\frac{a}{b} \to 0} p^K = \frac{1}{3}");
    assert_eq!(limit.verdict, Verdict::Refuted, "{limit:?}");
}

#[test]
fn a_claim_in_words_is_shown_as_said_and_not_as_printed() {
    let entry = judged(r"a + b > a");
    assert_eq!((entry.prints.as_str(), entry.means.map(|m| m.plain).as_deref()), ("", Some("a + b > a")));
}

#[test]
fn what_is_said_in_words_has_nothing_printed_beside_it() {
    for beside in ["prints = 'a = b'", "means = 'nash'", "defines = 'p^N'"] {
        let dir = paper(&format!("[[claim]]\nid = 'it'\nsays = 'a > 0'\n{beside}\n"));
        let problems = load(&[dir.path().to_owned()]).expect_err(beside);
        assert_eq!(problems[0].problem.code(), "incomplete", "{problems:?}");
    }
}

#[test]
fn a_derivative_by_what_an_assumption_fixes_is_taken_before_the_value_is_put_in() {
    for (says, verdict) in [
        (r"\frac{\partial}{\partial x} x^2 = 2", Verdict::Proved),
        (r"\frac{\partial^2}{\partial x^2} (x^3 + a) = 6", Verdict::Proved),
        (r"\frac{\partial}{\partial x} x^2 = 0", Verdict::Refuted),
        (r"\left. x^2 \right|_{x = 3} = 9", Verdict::Proved),
    ] {
        assert_eq!(judged_in("assuming = ['x = 1']", says).verdict, verdict, "{says}");
    }
}

#[test]
fn a_game_solved_at_a_value_says_nothing_of_slopes_beside_it() {
    let frame = "game = 'g'\nassuming = ['a = 1']";
    let entry = judged_in(frame, r"\frac{\partial}{\partial a} u_A(p) = 0");
    assert_eq!(entry.verdict, Verdict::Undecided, "{entry:?}");
}
