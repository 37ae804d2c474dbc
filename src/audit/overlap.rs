//! Case distinctions that contradict themselves.
//!
//! A term's value is that of the first case that applies. A printed distinction says more: where
//! several of its conditions hold, their values have to agree, or the formula gives two values at
//! once. `else` applies only where no other case does and overlaps with none.

use std::cmp::Ordering;

use crate::claim::Context;
use crate::expr::fold::fold_formula;
use crate::expr::{Case, Expr, Formula, Relation};
use crate::prove::Judgement;
use crate::prove::evaluate::{Comparison, Point, Truth, compare, truth};

use super::Verdict;
use super::claims::witness_of;
use super::finding::{Finding, Sides};
use super::setting::Setting;

/// Precision up to which cases are compared at a point.
const BITS: u32 = 4096;

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
                let failing = except_where_none_overlap(failing, hypotheses, &cases, setting);
                let shown = witness_of(&failing).and_then(|at| two_values(&cases, &at));
                let mut finding = Finding::of(failing, shown.as_ref());
                finding.story.insert(0, "two of its cases apply at once and give different values".into());
                Some(finding)
            }
        }
    })
}

/// That any two cases agree where both apply.
fn agreement(cases: &[Case]) -> Formula {
    let agree = |(both, (a, b)): (Formula, (Expr, Expr))| Formula::implies(both, Formula::eq(a, b));
    Formula::and(overlaps(cases).into_iter().map(agree).collect())
}

/// The judgement on whether the cases agree: cases that never agree where they overlap do no harm
/// where they do not.
fn except_where_none_overlap(
    failing: Judgement,
    hypotheses: &[Formula],
    cases: &[Case],
    setting: &Setting,
) -> Judgement {
    let Judgement::Fails { witness, open, holds_at, never: true, evidence } = failing else { return failing };
    let apart = overlaps(cases).into_iter().map(|(both, _)| !both);
    let none_overlap: Vec<Formula> = hypotheses.iter().cloned().chain(apart).collect();
    let never = setting.tools().judge.satisfiable(&none_overlap) == Some(false);
    Judgement::Fails { witness, open, holds_at, never, evidence }
}

/// The values of two cases that apply at a point and certainly differ there.
fn two_values(cases: &[Case], at: &Point) -> Option<Sides> {
    let differ = |(both, values): &(Formula, (Expr, Expr))| {
        let (a, b) = values;
        truth(both, at, BITS) == Truth::True
            && !matches!(compare(a, b, at, BITS), Comparison::Ordered(Ordering::Equal))
    };
    let (_, (printed, actual)) = overlaps(cases).into_iter().find(differ)?;
    Some(Sides { printed, actual, relation: Some(Relation::Eq) })
}

/// Every two cases: where both apply, and their values.
fn overlaps(cases: &[Case]) -> Vec<(Formula, (Expr, Expr))> {
    let mut out = vec![];
    for (i, a) in cases.iter().enumerate() {
        for b in &cases[i + 1..] {
            if let (Some(here), Some(there)) = (&a.condition, &b.condition) {
                let both = Formula::and(vec![here.clone(), there.clone()]);
                out.push((both, (a.value.clone(), b.value.clone())));
            }
        }
    }
    out
}

/// The case distinctions in a term, those inside others included.
fn distinctions(e: &Expr) -> Vec<&Expr> {
    let mut found: Vec<&Expr> = e.children().into_iter().flat_map(distinctions).collect();
    if matches!(e, Expr::Cases(_)) {
        found.push(e);
    }
    found
}
