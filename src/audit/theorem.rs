//! Clauses of theorems about any payoffs: what `finite` says of them, as findings.

use std::collections::BTreeMap;

use rug::Rational;

use crate::document::{Clause, Theorem};
use crate::expr::Symbol;
use crate::finite::recheck::ENGINE;
use crate::finite::{Abstaining, Certificate, Countermodel, Frame, Interval, Judgement, Question, Sentence};
use crate::prove::Evidence;
use crate::tex::plain_symbol;

use super::entry::{Counterexample, Entry, Holds, Payoffs, Shown, Verdict};
use super::finding::Finding;

/// Judges a clause and puts what is found into its entry.
pub fn judge(theorem: &Theorem, clause: &Clause, entry: &mut Entry) {
    let frame = &theorem.frame;
    entry.prints = clause.says.value.trim().to_owned();
    entry.parsed = plain(&clause.clause.value, frame);
    entry.assuming = supposed(frame).into_iter().map(|l| Shown { plain: l.clone(), latex: l }).collect();
    let own = |s: &crate::document::Located<Sentence>| Shown {
        latex: s.text.clone(),
        plain: plain(&s.value, frame),
    };
    entry.assuming.extend(clause.assuming.iter().map(own));
    let question = Question {
        frame: frame.clone(),
        hypotheses: clause.assuming.iter().map(|s| s.value.clone()).collect(),
        clause: clause.clause.value.clone(),
        possible: clause.possible,
    };
    finding(frame, crate::finite::judge(&question)).into_entry(entry);
}

fn finding(frame: &Frame, judgement: Judgement) -> Finding {
    let about = if frame.continuous { "continuous payoffs" } else { "payoffs, continuous or not" };
    match judgement {
        Judgement::Vacuous(cs) => Finding {
            evidence: evidence(cs),
            ..Finding::bare(Verdict::Vacuous, "no payoffs satisfy the assumptions")
        },
        Judgement::Proved(cs) => Finding {
            holds: Some(Holds::Always),
            evidence: evidence(cs),
            ..Finding::bare(Verdict::Proved, format!("of all {about}: no finite model denies it"))
        },
        Judgement::Possible { model, certificate } => Finding {
            holds: Some(Holds::Always),
            evidence: evidence(vec![*certificate]),
            ..Finding::bare(
                Verdict::Proved,
                format!("by an example: {}", payoffs(frame, &model, &[]).words()),
            )
        },
        Judgement::Supported { bound, certificates } => Finding {
            evidence: evidence(certificates),
            ..Finding::bare(Verdict::Supported, format!("no counterexample; searched: {bound}"))
        },
        Judgement::Fails { model, pareto, openly, unless, proved, clean, bound, certificates } => {
            let set = shown_set(&pareto);
            let at: BTreeMap<Symbol, Rational> =
                model.at.iter().map(|(name, x)| (Symbol::new(name), x.clone())).collect();
            let counterexample = Counterexample {
                at,
                relation: None,
                printed: "the clause".into(),
                actual: format!("it is false of these payoffs, whose Pareto set is {set}"),
                payoffs: Some(payoffs(frame, &model, &pareto)),
            };
            // That it holds elsewhere has to be proved, and not only looked for.
            let is_border = proved && !openly && !unless.is_empty();
            let exceptions = if clean && is_border {
                unless.iter().map(|h| shown(&h.denied(), frame)).collect()
            } else {
                vec![]
            };
            let without: Vec<String> = unless.iter().map(|h| plain(h, frame)).collect();
            let supposing = without.join(" and ");
            let story = match (openly, unless.is_empty(), proved) {
                (true, ..) => "it fails of payoffs without ties".to_owned(),
                (false, true, _) => "it fails; no hypothesis was found under which it does not".to_owned(),
                (false, false, true) => format!("it fails on a border only: proved if {supposing}"),
                (false, false, false) => {
                    format!(
                        "it fails where {supposing} does not hold; elsewhere no counterexample was found; searched: {bound}"
                    )
                }
            };
            let verdict = if is_border { Verdict::Conditional } else { Verdict::Refuted };
            Finding {
                holds: (verdict == Verdict::Conditional).then_some(Holds::Sometimes),
                evidence: evidence(certificates),
                exceptions,
                counterexample: Some(counterexample),
                ..Finding::bare(verdict, story)
            }
        }
    }
}

fn evidence(certificates: Vec<Certificate>) -> Vec<Evidence> {
    let one = |c: Certificate| Evidence {
        engine: ENGINE.into(),
        statement: c.said(),
        certificate: serde_json::to_value(&c).expect("certificates are plain data with string keys"),
    };
    certificates.into_iter().map(one).collect()
}

/// Names as text.
fn named(name: &str) -> String {
    plain_symbol(&Symbol::new(name))
}

fn plain(s: &Sentence, frame: &Frame) -> String {
    s.plain(frame, &named)
}

fn shown(s: &Sentence, frame: &Frame) -> Shown {
    Shown { latex: s.plain(frame, &str::to_owned), plain: plain(s, frame) }
}

/// What is supposed of payoffs, for people, a line each.
pub fn supposed(frame: &Frame) -> Vec<String> {
    let shapes: Vec<&str> = frame.shapes.iter().map(|s| s.name()).collect();
    let continuous = if frame.continuous { "continuous and " } else { "" };
    let mut lines = vec![format!("each payoff is {continuous}{}", shapes.join(" or "))];
    let family = frame.family().map(|g| g.payoff.as_str()).unwrap_or_default();
    match frame.abstaining {
        Abstaining::Nobody => {}
        Abstaining::Apart => lines.push(format!("who would have {family} < 0 abstains and gets 0")),
        Abstaining::Costing { leader } => lines.push(format!(
            "who would have {family} < 0 abstains and gets 0, and {} loses what that member adds; without members there is no agreement",
            frame.groups[leader].name
        )),
    }
    lines
}

fn shown_set(pareto: &[Interval]) -> String {
    let parts: Vec<String> = pareto.iter().map(ToString::to_string).collect();
    if parts.is_empty() { "empty".into() } else { parts.join(" ∪ ") }
}

/// The payoffs of a model, and what they say of the agreements spoken of.
fn payoffs(frame: &Frame, model: &Countermodel, pareto: &[Interval]) -> Payoffs {
    let names = model.names(frame);
    let pairs =
        |values: &Vec<Rational>| model.curves.knots.iter().cloned().zip(values.iter().cloned()).collect();
    let lists = names.iter().zip(&model.curves.values).map(|((_, payoff), v)| (payoff.clone(), pairs(v)));
    let mut facts = vec![];
    let first = names.len() - model.curves.adds.len().min(names.len());
    for ((player, _), (from, to)) in names[first..].iter().zip(&model.curves.adds) {
        let amount = if from == to { from.to_string() } else { format!("(0, {from}) (1, {to})") };
        facts.push(format!("{} adds {amount} where it stays", named(player)));
    }
    for (name, x) in &model.at {
        facts.push(match model.dominating(frame, x) {
            None => format!("{} = {x} is Pareto-optimal", named(name)),
            Some(None) => format!("disagreement dominates {} = {x}", named(name)),
            Some(Some(y)) => format!("the agreement {y} dominates {} = {x}", named(name)),
        });
    }
    Payoffs { lists: lists.collect(), pareto: pareto.iter().map(ToString::to_string).collect(), facts }
}
