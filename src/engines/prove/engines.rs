//! All engines together, cheapest first, as one [`Judge`].
//!
//! A question is answered by the first engine that can: exact real algebra where everything is
//! algebraic, otherwise identities and sign rules; a refutation always carries a rational point
//! at which evaluation with error bounds confirms it. A proof and a confirmed counterexample to
//! the same statement cannot both come out: the first answer ends the question, and the audit's
//! numeric route looks at the result from outside.

mod asked;
mod failing;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::expr::fold::fold_formula;
use crate::expr::{Formula, Relation};

use asked::{Answers, Possible};

use super::calculus;
use super::effort;
use super::evidence::{Certified, Proof};
use super::identity::Identity;
use super::interior;
use super::negation::negation_normal;
use super::order;
use super::question::{excessive, failing, relevant};
use super::signs::{self, Facts};
use super::size;
use super::{Evidence, Judge, Judgement};

/// The engines with their limits.
#[derive(Clone, Debug)]
pub struct Engines {
    pub seed: u64,
    /// Steps that one call of the order engine may take.
    pub order_steps: u64,
    /// Steps that it may take before a search for a point is worth more than another step.
    pub early_steps: u64,
    /// Steps that identities and sign rules may take for one question.
    pub rule_steps: u64,
    /// Wall-clock safety net for one question: what is not answered by then is unknown.
    pub limit: Duration,
    /// Points that one witness search may try.
    pub witness_tries: usize,
    /// Goals that one proof by monotonicity and enclosures may attempt.
    pub calculus_goals: usize,
    /// Precision up to which a comparison is pursued.
    pub bits: u32,
    /// What was answered so far; clones share it.
    pub memory: Arc<Answers>,
}

impl Default for Engines {
    fn default() -> Self {
        Engines {
            seed: 0,
            order_steps: 400_000_000,
            early_steps: 150_000_000,
            rule_steps: 100_000_000,
            limit: Duration::from_secs(60),
            witness_tries: 4_000,
            calculus_goals: calculus::Budget::default().goals,
            bits: 4096,
            memory: Arc::default(),
        }
    }
}

impl Judge for Engines {
    fn judge(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        if let Some(why) = excessive(hypotheses, statement) {
            return Judgement::Unknown(vec![why]);
        }
        self.within_limits(|| self.judged(hypotheses, statement))
    }

    fn judge_plainly(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        if let Some(why) = excessive(hypotheses, statement) {
            return Judgement::Unknown(vec![why]);
        }
        self.within_limits(|| {
            let statement = fold_formula(&statement.unchained());
            if let Formula::Implies(p, q) = &statement {
                return self.implication(hypotheses, p, q, &|h, s| self.judge_plainly(h, s));
            }
            let (hypotheses, far) = relevant(hypotheses, &statement);
            let judgement = self.plainly(&hypotheses, &statement);
            self.unless_contradicted(&far, &statement, judgement)
        })
    }

    fn satisfiable(&self, conditions: &[Formula]) -> Option<bool> {
        if conditions.iter().any(|c| size::excessive(c).is_some()) {
            return None;
        }
        let all: Vec<Formula> = conditions.iter().map(|c| fold_formula(&c.unchained())).collect();
        self.within_limits(|| match self.possible(&all) {
            Possible::Yes => Some(true),
            Possible::No(_) => Some(false),
            Possible::Unknown => None,
        })
    }
}

impl Engines {
    /// Answers a question; one that is asked in the course of another counts as a part of it.
    fn within_limits<T>(&self, answer: impl FnOnce() -> T) -> T {
        effort::within(self.rule_steps, Some(Instant::now() + self.limit), answer)
    }

    fn deadline(&self) -> Option<Instant> {
        effort::deadline().or_else(|| Some(Instant::now() + self.limit))
    }

    fn judged(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        let statement = fold_formula(&statement.unchained());
        if let Formula::Implies(p, q) = &statement {
            return self.implication(hypotheses, p, q, &|h, s| self.judge(h, s));
        }
        let (near, far) = relevant(hypotheses, &statement);
        let judgement = self.by_order(&near, &statement).unwrap_or_else(|| self.by_rules(&near, &statement));
        let judgement = self.unless_wide(&near, &statement, judgement);
        self.unless_contradicted(&far, &statement, judgement)
    }

    fn plainly(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        if let Formula::And(parts) = statement {
            return self.conjunction(hypotheses, parts, &|h, s| self.judge_plainly(h, s));
        }
        let Some(failing) = failing(hypotheses, statement) else {
            return Judgement::Unknown(vec!["the statement has operators that no engine reads".into()]);
        };
        match self.find(&failing) {
            order::Search::Nowhere(certificate) => self.proved_by_order(hypotheses, statement, certificate),
            order::Search::Found(_) => Judgement::Unknown(vec!["it fails somewhere".into()]),
            _ => match self.rules(hypotheses, statement) {
                Some(judgement) => self.unless_vacuous(hypotheses, judgement),
                None => Judgement::Unknown(vec!["no rule applies".into()]),
            },
        }
    }

    /// The judgement, unless the hypotheses that are independent of the statement contradict each
    /// other: then no point meets all of them, whatever was found about the others.
    fn unless_contradicted(&self, far: &[Formula], statement: &Formula, judgement: Judgement) -> Judgement {
        if far.is_empty() || matches!(judgement, Judgement::Vacuous(_) | Judgement::Unknown(_)) {
            return judgement;
        }
        match self.possible(far) {
            Possible::No(c) => Judgement::Vacuous(vec![evidence(far, statement, Proof::Contradiction(c))]),
            Possible::Yes => judgement,
            Possible::Unknown => {
                Judgement::Unknown(vec!["it is not known whether the assumptions can be met".into()])
            }
        }
    }

    /// Exact real algebra; `None` where the question is not algebraic or takes too long.
    fn by_order(&self, hypotheses: &[Formula], statement: &Formula) -> Option<Judgement> {
        let failing = failing(hypotheses, statement)?;
        let found = match self.find_early(&failing) {
            order::Search::Unknown(_) => {
                if let Some(witness) = self.open_failure(hypotheses, statement) {
                    return Some(self.fails(hypotheses, statement, witness, true));
                }
                // What takes long as a whole may be no matter in parts.
                if !matches!(statement, Formula::And(_))
                    && let Some(judgement) = self.rules(hypotheses, statement)
                {
                    return Some(self.unless_vacuous(hypotheses, judgement));
                }
                self.find(&failing)
            }
            settled => settled,
        };
        match found {
            order::Search::Nowhere(certificate) => {
                Some(self.proved_by_order(hypotheses, statement, certificate))
            }
            order::Search::Found(model) => self.failure(hypotheses, statement, Some(model)),
            _ => None,
        }
    }

    fn proved_by_order(
        &self,
        hypotheses: &[Formula],
        statement: &Formula,
        certificate: order::Certificate,
    ) -> Judgement {
        match self.possible(hypotheses) {
            Possible::No(c) => {
                Judgement::Vacuous(vec![evidence(hypotheses, statement, Proof::Contradiction(c))])
            }
            Possible::Yes => {
                Judgement::Holds(vec![evidence(hypotheses, statement, Proof::Order(Box::new(certificate)))])
            }
            Possible::Unknown => {
                Judgement::Unknown(vec!["it is not known whether the assumptions can be met".into()])
            }
        }
    }

    /// Identities and sign rules, then a search for a counterexample.
    fn by_rules(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        if let Formula::And(parts) = statement {
            return self.conjunction(hypotheses, parts, &|h, s| self.judge(h, s));
        }
        match self.rules(hypotheses, statement) {
            Some(judgement) => self.unless_vacuous(hypotheses, judgement),
            None => self.counterexample(hypotheses, statement),
        }
    }

    fn rules(&self, hypotheses: &[Formula], statement: &Formula) -> Option<Judgement> {
        if *statement == Formula::True {
            return Some(Judgement::Holds(vec![]));
        }
        if let Formula::Rel(a, Relation::Eq, b) = statement {
            match self.equal(a, b, hypotheses) {
                Identity::Proved(c) => {
                    let proof = Proof::Identity { exceptions: vec![], certificate: Box::new(c) };
                    return Some(Judgement::Holds(vec![evidence(hypotheses, statement, proof)]));
                }
                // A term that is defined nowhere is no exception to anything.
                Identity::ProvedExcept { exceptions, .. } if self.exhaust(hypotheses, &exceptions) => {
                    return None;
                }
                Identity::ProvedExcept { exceptions, certificate } => {
                    let proof = Proof::Identity {
                        exceptions: exceptions.clone(),
                        certificate: Box::new(certificate),
                    };
                    let found = evidence(hypotheses, statement, proof);
                    return Some(self.except_where_possible(hypotheses, exceptions, found));
                }
                Identity::NotProved { .. } => {}
            }
        }
        let facts = Facts::new(hypotheses);
        let proof = match signs::prove(statement, &facts) {
            Some(sign) => Proof::Signs(Box::new(sign)),
            // A proof that cannot be found takes longer to look for than a point of failure.
            None if self.open_failure(hypotheses, statement).is_some() => return None,
            None => Proof::Certified(Box::new(self.by_calculus(hypotheses, statement)?)),
        };
        Some(Judgement::Holds(vec![evidence(hypotheses, statement, proof)]))
    }

    /// Monotonicity and enclosures.
    fn by_calculus(&self, hypotheses: &[Formula], statement: &Formula) -> Option<calculus::Proof> {
        calculus::prove(hypotheses, statement, &self.calculus_budget())
    }

    fn calculus_budget(&self) -> calculus::Budget {
        let goals = self.calculus_goals;
        calculus::Budget { goals, deadline: self.deadline(), seed: self.seed, ..calculus::Budget::default() }
    }

    /// The exceptions of an identity without those that the hypotheses rule out.
    fn except_where_possible(
        &self,
        hypotheses: &[Formula],
        exceptions: Vec<Formula>,
        found: Evidence,
    ) -> Judgement {
        let mut evidence = vec![found];
        let mut possible = vec![];
        for e in exceptions {
            match self.plainly(hypotheses, &fold_formula(&negation_normal(&!e.clone()))) {
                Judgement::Holds(ruled_out) => evidence.extend(ruled_out),
                _ => possible.push(e),
            }
        }
        if possible.is_empty() {
            return Judgement::Holds(evidence);
        }
        Judgement::Except { exceptions: possible, witness: None, evidence }
    }

    /// Whether nothing is left of the domain outside the exceptions, or nothing but a border: what
    /// holds on a border only does not hold but for exceptions.
    fn exhaust(&self, hypotheses: &[Formula], exceptions: &[Formula]) -> bool {
        let outside = negation_normal(&!Formula::or(exceptions.to_vec()));
        let no_equations = !hypotheses.iter().any(|h| matches!(h, Formula::Rel(_, Relation::Eq, _)));
        if no_equations && interior::is_thin(&outside) {
            return true;
        }
        let rest = fold_formula(&Formula::and([hypotheses, &[outside]].concat()));
        matches!(self.find(&rest), order::Search::Nowhere(_))
    }

    fn unless_vacuous(&self, hypotheses: &[Formula], judgement: Judgement) -> Judgement {
        if !matches!(judgement, Judgement::Holds(_) | Judgement::Except { .. }) {
            return judgement;
        }
        match self.possible(hypotheses) {
            Possible::No(c) => {
                Judgement::Vacuous(vec![evidence(hypotheses, &Formula::False, Proof::Contradiction(c))])
            }
            Possible::Yes => judgement,
            Possible::Unknown => {
                Judgement::Unknown(vec!["no point was found that satisfies the assumptions".into()])
            }
        }
    }

    fn conjunction(
        &self,
        hypotheses: &[Formula],
        parts: &[Formula],
        judge: &dyn Fn(&[Formula], &Formula) -> Judgement,
    ) -> Judgement {
        let mut proofs = vec![];
        let mut except: Vec<Formula> = vec![];
        let mut at = None;
        let (mut failure, mut unknown) = (None, None);
        for part in parts {
            match judge(hypotheses, part) {
                Judgement::Holds(e) => proofs.extend(e),
                Judgement::Except { exceptions, witness, evidence } => {
                    proofs.extend(evidence);
                    except.extend(exceptions);
                    at = at.or(witness);
                }
                Judgement::Vacuous(e) => return Judgement::Vacuous(e),
                // A part that fails on an open set says more than one that fails at a point.
                found @ Judgement::Fails { open, .. } => {
                    if open || failure.is_none() {
                        failure = Some(found);
                    }
                    if open {
                        break;
                    }
                }
                other => unknown = unknown.or(Some(other)),
            }
        }
        if let Some(Judgement::Fails { witness, open, never, evidence, .. }) = failure {
            // Where one part holds, another may fail.
            let whole = Formula::and(parts.to_vec());
            let holds_at = if never { None } else { self.witness(&whole, hypotheses) };
            return Judgement::Fails { witness, open, holds_at, never, evidence };
        }
        match unknown {
            Some(unknown) => unknown,
            None if except.is_empty() => Judgement::Holds(proofs),
            None => Judgement::Except { exceptions: except, witness: at, evidence: proofs },
        }
    }

    fn implication(
        &self,
        hypotheses: &[Formula],
        p: &Formula,
        q: &Formula,
        judge: &dyn Fn(&[Formula], &Formula) -> Judgement,
    ) -> Judgement {
        let whole = Formula::implies(p.clone(), q.clone());
        let (near, far) = relevant(hypotheses, &whole);
        if let Some(proof) = self.implies(p, q, &near) {
            let found = vec![evidence(&near, &whole, Proof::Implication(Box::new(proof)))];
            let judgement = self.unless_vacuous(&near, Judgement::Holds(found));
            return self.unless_contradicted(&far, &whole, judgement);
        }
        // A premise with an undefined side is not met.
        let known = [hypotheses, std::slice::from_ref(p)].concat();
        match judge(&known, q) {
            // A premise that is never met makes the implication true, though of little use; the
            // caller looks at that separately.
            Judgement::Vacuous(evidence) => self.unless_vacuous(hypotheses, Judgement::Holds(evidence)),
            Judgement::Fails { witness, open, .. } if !p.free().iter().all(|s| witness.contains_key(s)) => {
                self.failing_in_full(hypotheses, p, &whole, witness, open)
            }
            other => other,
        }
    }
}

fn evidence(hypotheses: &[Formula], statement: &Formula, proof: Proof) -> Evidence {
    Certified { hypotheses: hypotheses.to_vec(), statement: statement.clone(), proof, stands_for: vec![] }
        .into_evidence()
}

#[cfg(test)]
#[path = "engines_tests.rs"]
mod tests;
