//! How a statement fails that is not proved: on an open set, at a border or a point, or nowhere that is found.

use crate::expr::fold::fold_formula;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, defined};

use super::super::evaluate::{Point, Truth, truth};
use super::super::evidence::Proof;
use super::super::exceptions::{self, Candidates};
use super::super::negation::negation_normal;
use super::super::question::wrong;
use super::super::{Judge as _, Judgement, calculus, interior, order};
use super::asked::Possible;
use super::{Engines, evidence};

impl Engines {
    /// How a statement that was found to fail somewhere fails.
    pub(super) fn failure(
        &self,
        hypotheses: &[Formula],
        statement: &Formula,
        model: Option<order::Model>,
    ) -> Option<Judgement> {
        let wrong = wrong(hypotheses, statement)?;
        let violation = interior::violation(hypotheses, statement)?;
        if matches!(self.find_early(&violation), order::Search::Unknown(_))
            && let Some(witness) = self.open_failure(hypotheses, statement)
        {
            return Some(self.fails(hypotheses, statement, witness, true));
        }
        let somewhere_open = match self.find(&violation) {
            order::Search::Found(found) => Some(found),
            order::Search::Nowhere(_) => None,
            _ => return None,
        };
        if let Some(open) = somewhere_open {
            let goal = interior::failure(hypotheses, statement)?;
            let witness = self.witness(&goal, hypotheses).or_else(|| open.rational())?;
            return Some(self.fails(hypotheses, statement, witness, true));
        }
        let goal = Formula::and(vec![defined::formula_condition(statement)?, !statement.clone()]);
        // Where the statement is nowhere false but only undefined, there is no witness to look for.
        let somewhere_false = matches!(self.find(&wrong), order::Search::Found(_));
        let witness = somewhere_false.then(|| self.witness(&goal, hypotheses)).flatten();
        if let Some(at) = witness.as_ref().filter(|at| self.fails_around(&wrong, at)) {
            return Some(self.fails(hypotheses, statement, at.clone(), true));
        }
        let found = exceptions::exact(self, hypotheses, statement, &Candidates::of(hypotheses, statement));
        if let Some((exceptions, evidence)) = found {
            return Some(Judgement::Except { exceptions, witness, evidence });
        }
        let witness = witness.or_else(|| {
            let m = model.as_ref()?.rational()?;
            (truth(&wrong, &m, self.bits) == Truth::True).then_some(m)
        })?;
        Some(self.fails(hypotheses, statement, witness, false))
    }

    /// A point inside of what the hypotheses describe at which the statement fails strictly.
    pub(super) fn open_failure(&self, hypotheses: &[Formula], statement: &Formula) -> Option<Point> {
        let goal = interior::failure(hypotheses, statement)?;
        let strict: Vec<Formula> = hypotheses.iter().map(interior::of).collect();
        self.witness(&goal, &strict)
    }

    /// Whether the failure at a point is seen to be no matter of this one point or of a border.
    pub(super) fn fails_around(&self, wrong: &Formula, at: &Point) -> bool {
        interior::nudged(at, self.seed).iter().any(|near| truth(wrong, near, self.bits) == Truth::True)
    }

    pub(super) fn fails(
        &self,
        hypotheses: &[Formula],
        statement: &Formula,
        witness: Point,
        open: bool,
    ) -> Judgement {
        let holding = Formula::and([hypotheses, std::slice::from_ref(statement)].concat());
        let (holds_at, never) = match self.find_early(&holding) {
            order::Search::Nowhere(_) => (None, true),
            _ if self.nowhere_defined(hypotheses, statement) => (None, true),
            order::Search::Unknown(_) => match self.witness(statement, hypotheses) {
                None => (None, matches!(self.find(&holding), order::Search::Nowhere(_))),
                found => (found, false),
            },
            _ => (self.witness(statement, hypotheses), false),
        };
        if self.bears_out(hypotheses, statement, &witness) == Truth::Unknown {
            return Judgement::Unknown(vec!["it fails, at a point at which it cannot be evaluated".into()]);
        }
        let proof = Proof::Witness { at: witness.clone() };
        let evidence = vec![evidence(hypotheses, statement, proof)];
        Judgement::Fails { witness, open, holds_at, never, evidence }
    }

    /// An implication that fails at a point which leaves symbols of its premise open: at values of these at which
    /// the premise is met.
    pub(super) fn failing_in_full(
        &self,
        hypotheses: &[Formula],
        premise: &Formula,
        whole: &Formula,
        witness: Point,
        open: bool,
    ) -> Judgement {
        let values: Substitution = witness.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
        let there = |f: &Formula| fold_formula(&f.substitute_all(&values));
        let known: Vec<Formula> = hypotheses.iter().chain([premise]).map(there).collect();
        match self.sample(&known) {
            Some(rest) => {
                let full: Point = rest.into_iter().chain(witness).collect();
                self.fails(hypotheses, whole, full, open)
            }
            None => Judgement::Unknown(vec![
                "it fails where its premise is met, of which no point was found".into(),
            ]),
        }
    }

    /// Exceptions are thin, or the statement is undefined in them. Two sides may be equal on more than a border where
    /// they are written with absolute values or cases (`\sqrt{x} < \sqrt{|x|}`): then it fails there.
    pub(super) fn unless_wide(
        &self,
        hypotheses: &[Formula],
        statement: &Formula,
        judgement: Judgement,
    ) -> Judgement {
        let Judgement::Except { exceptions, .. } = &judgement else { return judgement };
        let all = |exception: &Formula| {
            Formula::and([hypotheses, &[exception.clone(), !statement.clone()]].concat())
        };
        let around = |exception: &Formula| {
            let at =
                self.witness(&!statement.clone(), &[hypotheses, std::slice::from_ref(exception)].concat())?;
            let wrong = all(exception);
            let is_wrong = |near: &Point| {
                let values: Substitution =
                    near.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
                matches!(self.possible(&[fold_formula(&wrong.substitute_all(&values))]), Possible::Yes)
            };
            interior::nudged(&at, self.seed).into_iter().find(is_wrong)
        };
        match exceptions.iter().find_map(around) {
            Some(near) => self.fails(hypotheses, statement, near, true),
            None => judgement,
        }
    }

    /// A witness evaluated again, as the re-check does, before anyone sees it.
    pub(super) fn bears_out(&self, hypotheses: &[Formula], statement: &Formula, witness: &Point) -> Truth {
        let fails = match truth(statement, witness, self.bits) {
            Truth::False | Truth::Undefined => Truth::True,
            other => other.negated(),
        };
        let all = hypotheses.iter().map(|h| truth(h, witness, self.bits)).chain([fails]);
        let worst = all.fold(Truth::True, |so_far, t| match (so_far, t) {
            (Truth::True | Truth::Unknown, Truth::False | Truth::Undefined) => Truth::False,
            (Truth::True, Truth::Unknown) => Truth::Unknown,
            _ => so_far,
        });
        assert!(
            worst != Truth::False,
            "a witness was found that does not bear out when it is evaluated again"
        );
        worst
    }

    pub(super) fn nowhere_defined(&self, hypotheses: &[Formula], statement: &Formula) -> bool {
        let Some(condition) = defined::formula_condition(statement) else { return false };
        let all = fold_formula(&Formula::and([hypotheses, &[condition]].concat()));
        matches!(self.possible(&[all]), Possible::No(_))
    }

    pub(super) fn counterexample(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        let unknown = |why: &str| Judgement::Unknown(vec![why.to_owned()]);
        let Some(condition) = defined::formula_condition(statement) else {
            return unknown("the statement has operators that no engine reads");
        };
        let goal = Formula::and(vec![condition.clone(), !statement.clone()]);
        let Some(witness) = self.witness(&goal, hypotheses) else {
            // A disjunction with a true part holds even where another part is undefined.
            let nowhere_true = |at: &Point| truth(statement, at, self.bits) == Truth::Undefined;
            return match self.undefined_on_a_region(hypotheses, &condition).filter(nowhere_true) {
                Some(witness) => self.fails(hypotheses, statement, witness, true),
                None => self.open(hypotheses, statement),
            };
        };
        let wrong = Formula::and([hypotheses, std::slice::from_ref(&goal)].concat());
        if self.fails_around(&wrong, &witness) {
            return self.fails(hypotheses, statement, witness, true);
        }
        // A proof outside a border is quicker than a search inside that finds nothing.
        if let Some(judgement) = self.border(hypotheses, statement, &witness) {
            return judgement;
        }
        match self.open_failure(hypotheses, statement) {
            Some(witness) => self.fails(hypotheses, statement, witness, true),
            None => self.fails(hypotheses, statement, witness, false),
        }
    }

    /// Neither proved nor refuted; where enclosures get anywhere, with the box that they leave over.
    pub(super) fn open(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        let mut tried = vec!["no proof and no counterexample was found".to_owned()];
        tried.extend(calculus::left_over(hypotheses, statement, &self.calculus_budget()));
        Judgement::Unknown(tried)
    }

    /// A point of a region with interior at whose points the condition of a statement's
    /// definedness certainly fails: there the statement says nothing, and so does not hold.
    pub(super) fn undefined_on_a_region(&self, hypotheses: &[Formula], condition: &Formula) -> Option<Point> {
        let goal = interior::of(&!condition.clone());
        let strict: Vec<Formula> = hypotheses.iter().map(interior::of).collect();
        self.witness(&goal, &strict)
    }

    /// A statement that fails at `witness` and was not seen to fail on an open set: the border
    /// outside which it is proved.
    pub(super) fn border(
        &self,
        hypotheses: &[Formula],
        statement: &Formula,
        witness: &Point,
    ) -> Option<Judgement> {
        Candidates::of(hypotheses, statement).into_iter().find_map(|c| {
            if truth(&c, witness, self.bits) != Truth::True
                || !exceptions::is_exceptional(self, hypotheses, statement, &c)
            {
                return None;
            }
            let outside: Vec<Formula> =
                hypotheses.iter().cloned().chain([negation_normal(&!c.clone())]).collect();
            match self.judge_plainly(&outside, statement) {
                Judgement::Holds(evidence) => {
                    Some(Judgement::Except { exceptions: vec![c], witness: Some(witness.clone()), evidence })
                }
                _ => None,
            }
        })
    }
}
