//! Case distinctions that contradict themselves.
//!
//! A term's value is that of the first case that applies. A printed distinction says more: where
//! several of its conditions hold, their values have to agree, or the formula gives two values at
//! once. `else` applies only where no other case does and overlaps with none.

use crate::claim::Context;
use crate::expr::fold::fold_formula;
use crate::expr::{Case, Expr, Formula};
use crate::prove::Judgement;

use super::Verdict;
use super::claims::witness_of;
use super::finding::{Finding, sides};
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
        let question = fold_formula(&agreement(&cases));
        match setting.judge(hypotheses, &question) {
            Judgement::Holds(_) | Judgement::Vacuous(_) => None,
            Judgement::Unknown(_) => {
                Some(Finding::bare(Verdict::Undecided, "whether its overlapping cases agree was not settled"))
            }
            failing => {
                let at = witness_of(&failing);
                let mut finding = Finding::of(failing, sides(&question, at.as_ref()).as_ref());
                finding.story.insert(0, "two of its cases apply at once and give different values".into());
                Some(finding)
            }
        }
    })
}

/// That any two cases agree where both apply.
fn agreement(cases: &[Case]) -> Formula {
    let mut parts = vec![];
    for (i, a) in cases.iter().enumerate() {
        for b in &cases[i + 1..] {
            if let (Some(here), Some(there)) = (&a.condition, &b.condition) {
                let both = Formula::and(vec![here.clone(), there.clone()]);
                parts.push(Formula::implies(both, Formula::eq(a.value.clone(), b.value.clone())));
            }
        }
    }
    Formula::and(parts)
}

/// The case distinctions in a term, those inside others included.
fn distinctions(e: &Expr) -> Vec<&Expr> {
    let mut found: Vec<&Expr> = e.children().into_iter().flat_map(distinctions).collect();
    if matches!(e, Expr::Cases(_)) {
        found.push(e);
    }
    found
}
