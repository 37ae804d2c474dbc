//! What a chain is about: whether `X = argmax …` says what `X` was defined to be.

use crate::claim::{ElaborateError, Reading};
use crate::expr::{Expr, Extremum, Formula, Relation, Symbol};
use crate::prove::Judgement;

use super::super::claims::witness_of;
use super::super::finding::{Finding, sides};
use super::super::{Verdict, wellposed};
use super::Chain;

impl Chain<'_, '_> {
    /// Whether `X = argmax …` says what `X` was defined to be.
    pub(super) fn definition(&self, formula: &Formula) -> Option<Finding> {
        let Formula::Rel(Expr::Sym(name), Relation::Eq, right @ Expr::Optimum { which, .. }) = formula else {
            return None;
        };
        if !which.is_arg() {
            return None;
        }
        if matches!(self.context.term(&Expr::Sym(name.clone())), Err(ElaborateError::Undefined { .. })) {
            let judged = wellposed::judge(formula, name, &self.block.given, self.setting);
            return Some(match judged {
                Ok(defined) => defined.judged.finding,
                Err(error) => Finding::bare(Verdict::Undecided, error.to_string()),
            });
        }
        Some(match self.maximises(name, right, *which) {
            Ok((judgement, statement)) => {
                let at = witness_of(&judgement);
                let shown = sides(&statement, at.as_ref());
                Finding::of(judgement, shown.as_ref())
            }
            Err(error) => self
                .repeated_definition(name, right)
                .unwrap_or_else(|| Finding::bare(Verdict::Undecided, error.to_string())),
        })
    }

    /// The finding that `name` is defined as the optimum `right`: over the same range, of an
    /// objective that is proved to be the same.
    fn repeated_definition(&self, name: &Symbol, right: &Expr) -> Option<Finding> {
        let reading = |e: &Expr| self.context.optimum(e).ok().flatten();
        let (defined, said) = (self.context.definitions.get(name).and_then(reading)?, reading(right)?);
        if (defined.which, &defined.variable, &defined.over) != (said.which, &said.variable, &said.over) {
            return None;
        }
        let same = Formula::eq(defined.body, said.body);
        let known = [self.known(), vec![said.over.contains(&Expr::Sym(said.variable))?.unchained()]].concat();
        let mut finding = Finding::of(self.setting.judge(&known, &same), None);
        if finding.verdict != Verdict::Proved {
            return None;
        }
        finding.story.push("it says what the name is defined to be".into());
        Some(finding)
    }

    /// Whether the quantity called `name` is the optimum `right`, against every other feasible
    /// point, from the definitions of both.
    fn maximises(
        &self,
        name: &Symbol,
        right: &Expr,
        which: Extremum,
    ) -> Result<(Judgement, Formula), ElaborateError> {
        let reading = self.context.optimum(right)?.expect("the term is an optimum");
        let value = self.context.term(&Expr::Sym(name.clone()))?;
        let variable = Expr::Sym(reading.variable.clone());
        let there = reading.body.substitute(&reading.variable, &value);
        let relation = if which.is_max() { Relation::Le } else { Relation::Ge };
        let feasible = |x: &Expr| reading.over.contains(x).map(|f| f.unchained());
        let undefined = || ElaborateError::Undefined { name: "the range of the optimum".into() };
        let mut hypotheses = self.known();
        hypotheses.extend(feasible(&variable));
        let best = Formula::Rel(reading.body.clone(), relation, there);
        if which.is_max()
            && let Some(proof) = self.concave_optimum(&reading, &value)
        {
            return Ok((proof, best));
        }
        let inside = feasible(&value).ok_or_else(undefined)?;
        let statement = Formula::and(vec![inside, best]);
        Ok((self.setting.judge(&hypotheses, &statement), statement))
    }

    /// A best response is the unique maximiser of its mover's payoff in the subgame; that was
    /// proved when the game was solved, and holds for the same objective here.
    fn concave_optimum(&self, reading: &Reading, value: &Expr) -> Option<Judgement> {
        let equilibrium = self.setting.equilibrium()?;
        let game = self.setting.game.as_ref()?;
        let response = equilibrium.responses.iter().find(|r| r.variable == reading.variable)?;
        let mut context = self.context.holding(&reading.variable);
        context.given.extend(game.choices().take_while(|c| **c != reading.variable).cloned());
        context.given.extend(game.shares.iter().map(|s| s.symbol.clone()));
        let payoff = &game.payoff_of(&response.player)?.function;
        let own = context.term(&Expr::Apply { function: payoff.clone(), primes: 0, args: vec![] }).ok()?;
        let known = self.known();
        let same = Formula::and(vec![
            Formula::eq(own, reading.body.clone()),
            Formula::eq(response.value.clone(), value.clone()),
        ]);
        match self.setting.judge(&known, &same) {
            Judgement::Holds(evidence) => {
                Some(Judgement::Holds([evidence, response.evidence.clone()].concat()))
            }
            _ => None,
        }
    }
}
