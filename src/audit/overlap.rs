//! Case distinctions that contradict themselves.
//!
//! A term's value is that of the first case that applies. A printed distinction says more: where
//! several of its conditions hold, their values have to agree, or the formula gives two values at
//! once. `else` applies only where no other case does and overlaps with none.

use crate::claim::Context;
use crate::expr::fold::fold_formula;
use crate::expr::{Case, Expr, Formula, Relation};
use crate::prove::Judgement;
use crate::prove::negation::negation_normal;

use super::Verdict;
use super::finding::{Finding, Sides};
use super::setting::Setting;

/// The finding that some cases of a printed formula overlap with different values, if they do or
/// if that could not be settled.
pub fn finding(
    prints: &Formula,
    hypotheses: &[Formula],
    context: &Context,
    setting: &Setting,
) -> Option<Finding> {
    let distinctions: Vec<&Expr> = prints.terms().into_iter().flat_map(distinctions).collect();
    distinctions.into_iter().find_map(|e| {
        // A term without a meaning has no cases to compare; its own judgement says so.
        let Ok(Expr::Cases(cases)) = context.term(e) else { return None };
        pairs(&cases).into_iter().find_map(|pair| disagreement(&pair, hypotheses, setting))
    })
}

/// Two cases that may apply at once.
struct Pair {
    both: Formula,
    first: Expr,
    second: Expr,
}

/// The finding that two cases disagree where both apply.
fn disagreement(pair: &Pair, hypotheses: &[Formula], setting: &Setting) -> Option<Finding> {
    let agree = Formula::eq(pair.first.clone(), pair.second.clone());
    let overlapping = [hypotheses, std::slice::from_ref(&pair.both)].concat();
    let there = match setting.judge(&overlapping, &agree) {
        Judgement::Holds(_) | Judgement::Vacuous(_) => return None,
        failing => failing,
    };
    // How much of the whole domain is affected; where that is not found out, how much of the overlap.
    let everywhere = Formula::or(vec![negation_normal(&!pair.both.clone()), agree]);
    let judgement = match setting.judge(hypotheses, &everywhere) {
        Judgement::Holds(_) | Judgement::Vacuous(_) => return None,
        Judgement::Unknown(_) => there,
        known => known,
    };
    if let Judgement::Unknown(_) = judgement {
        return Some(Finding::bare(
            Verdict::Undecided,
            "whether its overlapping cases agree was not settled",
        ));
    }
    let mut values = Sides::values(&pair.first, &pair.second);
    values.relation = Some(Relation::Eq);
    let mut finding = Finding::of(judgement, Some(&values));
    finding.story.insert(0, "two of its cases apply at once and give different values".into());
    Some(finding)
}

fn pairs(cases: &[Case]) -> Vec<Pair> {
    let mut pairs = vec![];
    for (i, a) in cases.iter().enumerate() {
        for b in &cases[i + 1..] {
            if let (Some(here), Some(there)) = (&a.condition, &b.condition) {
                let both = fold_formula(&Formula::and(vec![here.clone(), there.clone()]));
                pairs.push(Pair { both, first: a.value.clone(), second: b.value.clone() });
            }
        }
    }
    pairs
}

/// The case distinctions in a term, those inside others included.
fn distinctions(e: &Expr) -> Vec<&Expr> {
    let mut found: Vec<&Expr> = e.children().into_iter().flat_map(distinctions).collect();
    if matches!(e, Expr::Cases(_)) {
        found.push(e);
    }
    found
}
