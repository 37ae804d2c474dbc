//! Whether a line follows from the line before it, and by the reason that is printed.

use std::collections::BTreeSet;

use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::Judgement;
use crate::prove::identity::isolate;

use super::super::claims::witness_of;
use super::super::finding::{Finding, Sides, counterexample, shown_formula, sides};
use super::super::{Holds, Shown, Verdict};
use super::{Chain, Said};

impl Chain<'_, '_> {
    /// Whether `said` follows from `previous`; `None` where that cannot be asked.
    pub(super) fn follows(&self, previous: &Said, said: &Said) -> Option<Finding> {
        if self.definition_name(&previous.formula).is_some() {
            return None;
        }
        let (premise, conclusion) = (self.open(&previous.formula).ok()?, self.open(&said.formula).ok()?);
        let attempt = |hypotheses: &[Formula]| self.implication(hypotheses, &premise, &conclusion);
        let full = self.known();
        if self.judge().satisfiable(&[full.clone(), vec![premise.clone()]].concat()) != Some(false) {
            return Some(attempt(&full));
        }
        // The premise is impossible here. A line that says as much follows; for any other, ask again
        // where the premise is possible.
        if self.judge().satisfiable(std::slice::from_ref(&conclusion)) == Some(false) {
            return Some(attempt(&full));
        }
        let mut failed = None;
        for wider in self.wider_contexts() {
            if self.judge().satisfiable(&[wider.clone(), vec![premise.clone()]].concat()) != Some(true) {
                continue;
            }
            let finding = attempt(&wider);
            if finding.verdict == Verdict::Proved {
                return Some(finding);
            }
            failed = failed.or(Some(finding));
        }
        match failed {
            None => Some(attempt(&full)),
            Some(mut gap) => {
                gap.verdict = Verdict::Gap;
                gap.holds = Some(Holds::Always);
                gap.exceptions.clear();
                // What the failed attempt tells is about another context than the line's own.
                gap.story = vec![
                    "it follows only because the premise is impossible here; where the premise can hold, it fails"
                        .into(),
                ];
                Some(gap)
            }
        }
    }

    fn implication(&self, hypotheses: &[Formula], premise: &Formula, conclusion: &Formula) -> Finding {
        let statement = fold_formula(&Formula::implies(premise.clone(), conclusion.clone()));
        let judgement = self.setting.judge(hypotheses, &statement);
        let at = witness_of(&judgement);
        let conclusion_there = self.setting.as_it_fails(&conclusion.unchained(), &judgement);
        let shown = sides(&conclusion_there, at.as_ref());
        let mut finding = Finding::of(judgement, shown.as_ref());
        if finding.verdict == Verdict::Refuted {
            finding.correction = self.solved_for(premise, conclusion);
        }
        finding
    }

    /// Contexts with fewer hypotheses: without the range of the shares; in an argument by
    /// contradiction also without what the block assumes, and without either. The assumptions of
    /// other blocks are the case that they treat, and stay.
    fn wider_contexts(&self) -> Vec<Vec<Formula>> {
        let free: BTreeSet<Symbol> =
            self.setting.game.iter().flat_map(|g| g.shares.iter().map(|s| s.symbol.clone())).collect();
        let without_ranges: Vec<Formula> =
            self.hypotheses.iter().filter(|f| f.free().is_disjoint(&free)).cloned().collect();
        let mut wider = vec![[without_ranges.clone(), self.assumed.clone()].concat()];
        if self.block.contradicts {
            wider.push(self.hypotheses.clone());
            wider.push(without_ranges);
        }
        wider
    }

    /// A line `D[F] = c` after `D[G] = c`, with one operator `D`: it is read as `F = G`, and a
    /// line that holds although `F` and `G` differ holds for another reason.
    pub(super) fn other_reason(&self, previous: &Formula, said: &Formula, finding: Finding) -> Finding {
        let Some((variable, before, after)) = same_operator(previous, said) else { return finding };
        let context = self.context.holding(variable);
        let (Ok(before), Ok(after)) = (context.term(before), context.term(after)) else { return finding };
        let unspecified = |e: &Expr| !e.free().is_disjoint(&self.block.unspecified);
        if unspecified(&before) || unspecified(&after) {
            return finding;
        }
        let same = Formula::eq(before.clone(), after.clone());
        let Judgement::Fails { witness, evidence, .. } = self.setting.judge(&self.known(), &same) else {
            return finding;
        };
        let mut gap = finding;
        gap.verdict = Verdict::Gap;
        gap.holds = Some(Holds::Always);
        gap.counterexample = counterexample(&witness, Some(&Sides::values(&after, &before)));
        gap.evidence.extend(evidence);
        gap.story = vec![format!(
            "the line is true for another reason: the expressions under the operator differ ({} against {})",
            shown_formula(&Formula::eq(after.clone(), Expr::int(0))).plain.trim_end_matches(" = 0"),
            shown_formula(&Formula::eq(before.clone(), Expr::int(0))).plain.trim_end_matches(" = 0"),
        )];
        gap
    }

    /// For a conclusion `x = printed` that does not follow: what the premise gives for `x`.
    fn solved_for(&self, premise: &Formula, conclusion: &Formula) -> Option<Shown> {
        let Formula::Rel(Expr::Sym(x), Relation::Eq, _) = conclusion else { return None };
        let solution = isolate(premise, x, &self.known())?;
        let value = self.setting.readable(&solution.value);
        Some(shown_formula(&Formula::eq(Expr::Sym(x.clone()), value)))
    }

    pub(super) fn definition_name(&self, formula: &Formula) -> Option<Symbol> {
        match formula {
            Formula::Rel(Expr::Sym(name), Relation::Eq, Expr::Optimum { which, .. }) if which.is_arg() => {
                Some(name.clone())
            }
            _ => None,
        }
    }
}

/// For two equations with equal right sides whose left sides are one derivative (evaluated at
/// one place or not): its variable and the two terms differentiated.
fn same_operator<'f>(a: &'f Formula, b: &'f Formula) -> Option<(&'f Symbol, &'f Expr, &'f Expr)> {
    let (Formula::Rel(left, r, c), Formula::Rel(right, s, d)) = (a, b) else { return None };
    if r != s || c != d {
        return None;
    }
    match (left, right) {
        (Expr::At { body: p, variable: u, value: v }, Expr::At { body: q, variable: w, value: x })
            if (u, v) == (w, x) =>
        {
            derivatives(p, q)
        }
        _ => derivatives(left, right),
    }
}

fn derivatives<'f>(p: &'f Expr, q: &'f Expr) -> Option<(&'f Symbol, &'f Expr, &'f Expr)> {
    match (p, q) {
        (
            Expr::Derivative { body: f, variable: x, order: m },
            Expr::Derivative { body: g, variable: y, order: n },
        ) if (x, m) == (y, n) => Some((x, f, g)),
        _ => None,
    }
}
