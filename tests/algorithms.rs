//! Algorithms declared in a file, and claims about their runs.

mod support;

use std::fs;

use proofread::audit::{Entry, Holds, Verdict};
use proofread::document;
use proofread::report::json::report;
use proofread::report::replayed::replayed;
use proofread::report::story::story;
use serde_json::Value;
use tempfile::TempDir;

const DESCENT: &str = r"[algorithm.descent]
parameters = ['x_0', 'a']
losses = { 'f(x)' = '\frac{L}{2} x^2' }
where = { 'L' = '2' }
state = { 'x' = 'x_0' }
before = { 'x^{old}' = 'x' }
counter = 't'
rounds = 6
steps = [{ set = 'x', to = 'x - a \frac{\partial f(x)}{\partial x}' }]
";

fn folder(text: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    fs::write(dir.path().join("paper.toml"), "title = 'A paper'\n").expect("a file");
    fs::write(dir.path().join("claims.toml"), text).expect("a file");
    dir
}

fn whole(algorithm: &str, claim: &str) -> String {
    format!("{algorithm}[[claim]]\nid = 'it'\n{claim}\n")
}

fn outcome(text: &str) -> proofread::audit::Outcome {
    support::audit(&support::papers(folder(text).path()))
}

fn judged(algorithm: &str, claim: &str) -> Entry {
    outcome(&whole(algorithm, claim)).entries.into_iter().next().expect("the claim")
}

/// What is said of a file that cannot be read, with the piece it is said of.
#[track_caller]
fn complaint(algorithm: &str, claim: &str) -> (String, String) {
    let dir = folder(&whole(algorithm, claim));
    let problems = document::load(&[dir.path().to_owned()]).expect_err("a problem");
    let first = problems.first().expect("a problem");
    (first.to_string(), first.piece().unwrap_or_default().to_owned())
}

const NO_INCREASE: &str = r"algorithm = 'descent'
invariant = 'f(x) \le f(x^{old})'
";

#[test]
fn a_step_size_above_two_over_l_is_refuted_at_an_exact_round() {
    let entry = judged(
        DESCENT,
        &format!("{NO_INCREASE}runs = [{{ 'x_0' = ['2', '1/3', '1'], 'a' = ['11/10', '1/2'] }}]"),
    );
    assert_eq!((entry.verdict, entry.holds), (Verdict::Refuted, Some(Holds::Sometimes)));
    let c = entry.counterexample.expect("a counterexample");
    // Of the runs that break it in the first round, the one with the smallest numbers.
    assert_eq!(
        (c.place().as_str(), c.printed.as_str(), c.actual.as_str()),
        ("a = 11/10, x₀ = 1", "1.44", "1")
    );
    assert_eq!(entry.story[..3], ["round 1 of `descent` breaks it", "round 0: x = 1", "round 1: x = -6/5"]);
}

#[test]
fn below_it_descent_is_supported_and_never_proved() {
    let entry = judged(
        DESCENT,
        &format!(
            "{NO_INCREASE}draws = {{ seed = 5, number = 30, over = 64, from = {{ 'x_0' = ['-1', '1'], 'a' = ['1/64', '63/64'] }} }}"
        ),
    );
    assert_eq!(entry.verdict, Verdict::Supported);
    assert!(entry.story[0].contains("30 runs of `descent`: no proof"), "{:?}", entry.story);
}

#[test]
fn what_breaks_only_in_the_last_round_is_seen_there() {
    let claim = |invariant: &str| {
        judged(
            DESCENT,
            &format!("algorithm = 'descent'\n{invariant}\nruns = [{{ 'x_0' = '1', 'a' = '1/4' }}]"),
        )
    };
    let entry = claim(r"invariant = 'x > \frac{1}{64}'");
    assert_eq!(
        (entry.verdict, entry.story[0].as_str()),
        (Verdict::Refuted, "round 6 of `descent` breaks it")
    );
    assert_eq!(claim(r"invariant = 'x \ge \frac{1}{64}'").verdict, Verdict::Supported);
    assert_eq!(claim(r"finally = 'x = \frac{1}{64}'").verdict, Verdict::Supported);
    assert_eq!(claim(r"finally = 'x < \frac{1}{64}'").verdict, Verdict::Refuted);
    assert_eq!(claim("invariant = 't < 6'").story[0], "round 6 of `descent` breaks it");
}

const LOOP: &str = r"[algorithm.loop]
parameters = ['x_0']
state = { 'x' = 'x_0' }
rounds = 1
steps = [{ while = 'x \le 2', do = [{ set = 'x', to = 'x + \frac{2 - x}{2}' }], at-most = 20 }]
";

#[test]
fn a_loop_that_does_not_end_is_said_to_and_one_that_is_not_entered_ends() {
    let claim = |start: &str| {
        judged(LOOP, &format!("algorithm = 'loop'\ninvariant = 'x > 2'\nruns = [{{ 'x_0' = '{start}' }}]"))
    };
    let entry = claim("1");
    let told = "x₀ = 1: in round 1 the loop `while x ≤ 2` does not end within 20 passes";
    assert_eq!((entry.verdict, entry.story[0].as_str()), (Verdict::Undecided, told));
    assert_eq!(claim("3").verdict, Verdict::Supported);
}

#[test]
fn a_border_that_enclosures_do_not_decide_stops_the_run_and_an_exact_one_does_not() {
    let border = |threshold: &str| {
        let algorithm =
            LOOP.replace(r"x \le 2", &format!(r"x \le {threshold}")).replace(r"x + \frac{2 - x}{2}", "x + 1");
        judged(&algorithm, "algorithm = 'loop'\ninvariant = 'x > 2'\nruns = [{ 'x_0' = '2' }]")
    };
    // √8 / √2 is 2; √4 is known to be.
    let entry = border(r"\frac{\sqrt{8}}{\sqrt{2}}");
    assert_eq!(entry.verdict, Verdict::Undecided);
    assert!(
        entry.story[0].contains("it is not decided whether") && entry.story[0].contains("where x = 2"),
        "{:?}",
        entry.story
    );
    assert_eq!(border(r"\sqrt{4}").verdict, Verdict::Supported);
}

const LOGISTIC: &str = r"[symbols]
'n' = 'integer, \ge 1'
[indices]
i = '1, \ldots, n'
[algorithm.logistic]
parameters = ['a']
data = { 'z_i' = ['1', '-2', '1/2'], 's_i' = [1, -1, -1] }
losses = { 'f(x, y)' = '\frac{1}{3} \sum_{i=1}^{3} \ln(1 + \exp(-s_i (z_i x + y)))' }
state = { 'x' = '0', 'y' = '0' }
before = { 'x^{old}' = 'x', 'y^{old}' = 'y' }
rounds = 4
steps = [{ set = ['x', 'y'], to = ['x - a \frac{\partial f(x, y)}{\partial x}', 'y - a \frac{\partial f(x, y)}{\partial y}'] }]
";

#[test]
fn a_logistic_loss_on_a_data_set_descends_with_all_coordinates_at_once() {
    let claim = |a: &str| {
        judged(
            LOGISTIC,
            &format!(
                "algorithm = 'logistic'\ninvariant = 'f(x, y) < f(x^{{old}}, y^{{old}})'\nruns = [{{ 'a' = '{a}' }}]"
            ),
        )
    };
    assert_eq!(claim("1").verdict, Verdict::Supported);
    let entry = claim("50");
    assert_eq!(entry.verdict, Verdict::Refuted);
    // The mean of s (z x + y)/2 at 0: 50/3 · (1 + 2 − 1/2)/2 and 50/3 · (1 − 1 − 1)/2.
    assert!(entry.story.contains(&"round 1: x = 125/6, y = -25/3".to_owned()), "{:?}", entry.story);
}

#[test]
fn runs_that_are_not_as_assumed_are_left_out_and_none_left_decides_nothing() {
    let claim = |assumed: &str| {
        judged(
            DESCENT,
            &format!("{NO_INCREASE}assuming = ['{assumed}']\nruns = [{{ 'x_0' = '1', 'a' = ['1/2', '2'] }}]"),
        )
    };
    assert_eq!(claim(r"a \le 1").verdict, Verdict::Supported);
    assert_eq!(claim("a > 0").verdict, Verdict::Refuted);
    assert_eq!(claim("a > 5").verdict, Verdict::Undecided);
}

/// A report on a refuted claim and a supported one.
fn two_claims() -> Value {
    let runs = "runs = [{ 'x_0' = '1', 'a' = '11/10' }]";
    let text = format!(
        "{}[[claim]]\nid = 'kept'\n{NO_INCREASE}runs = [{{ 'x_0' = '1', 'a' = ['1/2', '1/3'] }}]\n",
        whole(DESCENT, &format!("{NO_INCREASE}{runs}"))
    );
    report(&outcome(&text), false)
}

#[test]
fn the_runs_of_a_report_are_made_again() {
    let again = replayed(&two_claims());
    assert_eq!((again.accepted, again.failures), (2, vec![]));
}

#[test]
fn an_edited_certificate_or_verdict_is_refused() {
    let report = two_claims();
    let edits: [(&str, &str, Value); 9] = [
        ("/claims/0/evidence/0/certificate/found/broken/round", "round", 2.into()),
        ("/claims/0/evidence/0/certificate/found/broken/trace/1/0/1", "trace", "-7/5".into()),
        ("/claims/0/evidence/0/certificate/found/broken/sides/0", "a side", "2".into()),
        ("/claims/0/evidence/0/certificate/question/when", "when", "at-the-end".into()),
        (
            "/claims/0/evidence/0/certificate/question/program/rounds",
            "rounds",
            serde_json::json!({"Sym": "a"}),
        ),
        ("/claims/0/counterexample/at/a", "the point", "6/5".into()),
        ("/claims/0/parsed", "the invariant", "x = 1".into()),
        ("/claims/1/verdict", "the verdict", "proved".into()),
        ("/claims/1/evidence/0/certificate/found/kept/ends/0/0", "the number of rounds", 7.into()),
    ];
    for (place, what, value) in edits {
        let mut edited = report.clone();
        let at = edited.pointer_mut(place).unwrap_or_else(|| panic!("no {place}: {report:#}"));
        assert_ne!(*at, value, "{what}");
        *at = value;
        if what == "the verdict" {
            edited["summary"]["supported"] = 0.into();
            edited["summary"]["proved"] = 1.into();
        }
        assert_eq!(replayed(&edited).failures.len(), 1, "{what}");
    }
}

#[test]
fn explain_shows_the_trace_and_both_sides() {
    let entry = judged(DESCENT, &format!("{NO_INCREASE}runs = [{{ 'x_0' = '1', 'a' = '11/10' }}]"));
    let story = story(&entry);
    for said in ["round 0: x = 1", "round 1: x = -6/5", "1.44 ≤ 1 does not hold", "a = 11/10, x₀ = 1"] {
        assert!(story.contains(said), "{said}: {story}");
    }
}

#[test]
fn bad_input_is_told_at_its_place() {
    let runs = "runs = [{ 'x_0' = '1', 'a' = '1/2' }]";
    let fine = format!("{NO_INCREASE}{runs}");
    let algorithm = |from: &str, to: &str| {
        assert!(DESCENT.contains(from), "{from}");
        complaint(&DESCENT.replace(from, to), &fine)
    };
    let said = |message: &str, piece: &str| (message.to_owned(), piece.to_owned());
    assert_eq!(algorithm("set = 'x'", "set = 'w'"), said("`w` is not a variable of the algorithm", "w"));
    assert_eq!(algorithm("to = 'x - a", "to = 'v - a").1, "v");
    let circular = algorithm(r"\frac{L}{2} x^2", "f(x) + 1");
    assert_eq!(circular, said("`f` is defined by itself", "f(x) + 1"));
    let rough = algorithm(r"\frac{L}{2} x^2", r"\left|x\right|");
    assert_eq!(rough, said("there is no term for the derivative of `f` by `x`", r"\left|x\right|"));
    assert_eq!(algorithm("rounds = 6", "rounds = -6").1, "-6");
    let bound = complaint(
        &LOOP.replace("at-most = 20", "at-most = -1"),
        "algorithm = 'loop'\ninvariant = 'x > 2'\nruns = [{ 'x_0' = '1' }]",
    );
    assert_eq!(bound, said("`at-most` is an integer, and an integer from 1 to 10000 was expected", "-1"));
    let claim = |claim: &str| complaint(DESCENT, claim);
    assert_eq!(
        claim(&format!("{NO_INCREASE}runs = [{{ 'x_0' = '1' }}]")).0,
        "the parameter `a` has no value here"
    );
    assert_eq!(claim(&fine.replace("'a'", "'b'")), said("`b` is not a parameter of the algorithm", "b"));
    assert_eq!(claim(&fine.replace("'descent'", "'decent'")).0, "there is no algorithm `decent`");
    assert_eq!(claim(&fine.replace("'1/2'", r"'\sqrt{2}'")).0, r"`\sqrt{2}` is no rational number");
}
