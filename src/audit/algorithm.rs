//! Claims about runs of algorithms: what the runs say of them, as findings.

use crate::algorithm::{Broken, Certificate, ENGINE, Judgement, When};
use crate::document::Invariant;
use crate::expr::Relation;
use crate::prove::Evidence;
use crate::prove::evaluate::Value;
use crate::tex;

use super::entry::{Counterexample, Entry, Holds, Shown, Verdict};
use super::finding::Finding;

/// Significant digits of the two sides of a counterexample.
const DIGITS: usize = 12;
/// The undecided runs that are told.
const TOLD: usize = 3;

/// Makes the runs of a claim and puts what is found into its entry.
pub fn judge(claim: &Invariant, entry: &mut Entry) {
    entry.prints = claim.invariant.text.trim().to_owned();
    entry.parsed = tex::plain_formula(&claim.invariant.value);
    let assumed =
        |f: &crate::expr::Formula| Shown { latex: tex::latex_formula(f), plain: tex::plain_formula(f) };
    entry.assuming = claim.question.assuming.iter().map(assumed).collect();
    finding(claim, crate::algorithm::judge(&claim.question)).into_entry(entry);
}

fn finding(claim: &Invariant, judgement: Judgement) -> Finding {
    let when = match claim.question.when {
        When::AfterEachRound => "after each round",
        When::AtTheEnd => "after the last round",
    };
    match judgement {
        Judgement::Broken(broken) => refuted(claim, *broken),
        Judgement::Kept { certificate, left_out } => {
            let runs = certificate.question.runs.len();
            let s = if runs == 1 { "" } else { "s" };
            let mut story = format!("it holds {when} of {runs} run{s} of `{}`: no proof", claim.algorithm);
            if left_out > 0 {
                story += &format!("; {left_out} that are not as assumed are left out");
            }
            Finding { evidence: vec![evidence(&certificate)], ..Finding::bare(Verdict::Supported, story) }
        }
        Judgement::Open(why) => Finding { story: told(&why), ..Finding::bare(Verdict::Undecided, "") },
    }
}

/// What is open, run by run.
fn told(why: &[String]) -> Vec<String> {
    let mut story: Vec<String> = why.iter().take(TOLD).cloned().collect();
    if why.len() > TOLD {
        story.push(format!("and {} more runs decide nothing", why.len() - TOLD));
    }
    story
}

fn refuted(claim: &Invariant, broken: Broken) -> Finding {
    let (breaking, all) = broken.of;
    let mut story = vec![format!("round {} of `{}` breaks it", broken.round, claim.algorithm)];
    story.extend(broken.certificate.trace().iter().map(|line| format!("round {line}")));
    if all > 1 {
        story.push(format!("{breaking} of {all} runs break it; this is the simplest of them"));
    }
    if !broken.open.is_empty() {
        story.push(format!("{} runs decide nothing", broken.open.len()));
    }
    let digits = |v: &Value| match v {
        Value::Undefined(reason) => format!("undefined ({})", reason.why),
        v => v.decimals(DIGITS).unwrap_or_else(|| "not evaluated".to_owned()),
    };
    let (printed, relation, actual) = match &broken.sides {
        Some((a, r, b)) => (digits(a), Some(*r), digits(b)),
        None => ("the invariant".to_owned(), None::<Relation>, "it is false there".to_owned()),
    };
    let counterexample = Counterexample { at: broken.at, relation, printed, actual, payoffs: None };
    Finding {
        holds: broken.kept.is_some().then_some(Holds::Sometimes),
        evidence: [Some(&broken.certificate), broken.kept.as_ref()]
            .into_iter()
            .flatten()
            .map(evidence)
            .collect(),
        counterexample: Some(counterexample),
        story,
        ..Finding::bare(Verdict::Refuted, "")
    }
}

fn evidence(certificate: &Certificate) -> Evidence {
    Evidence {
        engine: ENGINE.into(),
        statement: certificate.said(),
        certificate: serde_json::to_value(certificate).expect("certificates are plain data with string keys"),
    }
}
