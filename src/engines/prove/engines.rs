//! All engines together, cheapest first, as one [`Judge`].
//!
//! A question is answered by the first engine that can: exact real algebra where everything is
//! algebraic, otherwise identities and sign rules; a refutation always carries a rational point
//! at which evaluation with error bounds confirms it. A proof and a confirmed counterexample to
//! the same statement cannot both come out: the first answer ends the question, and the audit's
//! numeric route looks at the result from outside.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::expr::fold::fold_formula;
use crate::expr::{Expr, Formula, Relation, defined};

use super::calculus;
use super::effort;
use super::evaluate::{Point, Truth, truth};
use super::evidence::{Certified, Proof};
use super::exceptions::{self, Candidates};
use super::identity::{self, Identity, Implication};
use super::interior;
use super::memory::Memory;
use super::negation::negation_normal;
use super::order;
use super::question::{excessive, failing, relevant, wrong};
use super::signs::{self, Facts};
use super::size;
use super::witness;
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

/// Whether conditions have a common point.
enum Possible {
    Yes,
    No(Box<order::Certificate>),
    Unknown,
}

/// Seed, tries and precision of a witness search.
type Limits = (u64, usize, u32);

/// Answers of the single engines. Other limits make another question, and an answer that may hang
/// on the clock is not kept.
#[derive(Debug, Default)]
pub struct Answers {
    order: Memory<(u64, Formula), order::Search>,
    witness: Memory<(Limits, Formula, Vec<Formula>), Option<Point>>,
    identity: Memory<(u64, Expr, Expr, Vec<Formula>), Identity>,
    implication: Memory<(u64, Formula, Formula, Vec<Formula>), Option<Implication>>,
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

    /// Where the conditions can be met, by exact real algebra.
    fn find(&self, conditions: &Formula) -> order::Search {
        match self.find_early(conditions) {
            order::Search::Unknown(_) => self.find_within(self.order_steps, conditions),
            settled => settled,
        }
    }

    /// The same, as far as a small part of the steps leads.
    fn find_early(&self, conditions: &Formula) -> order::Search {
        self.find_within(self.early_steps.min(self.order_steps), conditions)
    }

    fn find_within(&self, steps: u64, conditions: &Formula) -> order::Search {
        let question = (steps, conditions.clone());
        let settled = |found: &order::Search| !matches!(found, order::Search::Unknown(_));
        let budget = order::Budget { steps, deadline: self.deadline() };
        self.memory.order.recall(question, || order::find(conditions, &budget), settled)
    }

    /// Whether the conditions can be met: where that is no quick matter of algebra, a point that is
    /// found by trying says so as well.
    fn possible(&self, conditions: &[Formula]) -> Possible {
        let all = Formula::and(conditions.to_vec());
        let early = self.find_early(&all);
        let late = match early {
            order::Search::Unknown(_) | order::Search::Unsupported(_)
                if self.sample(conditions).is_some() =>
            {
                return Possible::Yes;
            }
            order::Search::Unknown(_) => self.find(&all),
            settled => settled,
        };
        match late {
            order::Search::Found(_) => Possible::Yes,
            order::Search::Nowhere(certificate) => Possible::No(Box::new(certificate)),
            _ => Possible::Unknown,
        }
    }

    /// Some rational point that satisfies all conditions.
    fn sample(&self, conditions: &[Formula]) -> Option<Point> {
        self.witness(&Formula::True, conditions)
    }

    /// A small rational point that satisfies the facts and at which `goal` is certainly true.
    ///
    /// Panics, as for every violated invariant, if a point that was found does not bear out when it
    /// is evaluated again; the audit's verdict is then `conflict`.
    pub fn witness(&self, goal: &Formula, facts: &[Formula]) -> Option<Point> {
        let options = witness::Options {
            seed: self.seed,
            tries: self.witness_tries,
            bits: self.bits,
            deadline: self.deadline(),
            ..witness::Options::default()
        };
        let limits = (self.seed, self.witness_tries, self.bits);
        let question = (limits, goal.clone(), facts.to_vec());
        let search = || {
            let found = witness::search(goal, facts, &options);
            found.unwrap_or_else(|defect| panic!("{defect}")).witness
        };
        // What was not found by the deadline may be found another time.
        let in_time =
            |found: &Option<Point>| found.is_some() || options.deadline.is_none_or(|d| Instant::now() < d);
        self.memory.witness.recall(question, search, in_time)
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

    /// How a statement that was found to fail somewhere fails.
    fn failure(
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
    fn open_failure(&self, hypotheses: &[Formula], statement: &Formula) -> Option<Point> {
        let goal = interior::failure(hypotheses, statement)?;
        let strict: Vec<Formula> = hypotheses.iter().map(interior::of).collect();
        self.witness(&goal, &strict)
    }

    /// Whether the failure at a point is seen to be no matter of this one point or of a border.
    fn fails_around(&self, wrong: &Formula, at: &Point) -> bool {
        interior::nudged(at, self.seed).iter().any(|near| truth(wrong, near, self.bits) == Truth::True)
    }

    fn fails(&self, hypotheses: &[Formula], statement: &Formula, witness: Point, open: bool) -> Judgement {
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

    /// A witness evaluated again, as the re-check does, before anyone sees it.
    fn bears_out(&self, hypotheses: &[Formula], statement: &Formula, witness: &Point) -> Truth {
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

    fn nowhere_defined(&self, hypotheses: &[Formula], statement: &Formula) -> bool {
        let Some(condition) = defined::formula_condition(statement) else { return false };
        let all = fold_formula(&Formula::and([hypotheses, &[condition]].concat()));
        matches!(self.possible(&[all]), Possible::No(_))
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

    fn equal(&self, a: &Expr, b: &Expr, hypotheses: &[Formula]) -> Identity {
        let question = (self.rule_steps, a.clone(), b.clone(), hypotheses.to_vec());
        self.within_own_budget(|budget| {
            let equal = || budget.run(|| identity::equal(a, b, hypotheses));
            self.memory.identity.recall(question, equal, |_| !budget.is_used_up())
        })
    }

    /// Work that is remembered has a budget of its own: what it answers must not depend on what was
    /// asked before.
    fn within_own_budget<T>(&self, work: impl FnOnce(&effort::Own) -> T) -> T {
        work(&effort::Own::new(self.rule_steps, self.deadline()))
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
        let question = (self.rule_steps, p.clone(), q.clone(), near.clone());
        let found = self.within_own_budget(|budget| {
            let implies = || budget.run(|| identity::implies(p, q, &near));
            self.memory.implication.recall(question, implies, |_| !budget.is_used_up())
        });
        if let Some(proof) = found {
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
            other => other,
        }
    }

    fn counterexample(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
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
    fn open(&self, hypotheses: &[Formula], statement: &Formula) -> Judgement {
        let mut tried = vec!["no proof and no counterexample was found".to_owned()];
        tried.extend(calculus::left_over(hypotheses, statement, &self.calculus_budget()));
        Judgement::Unknown(tried)
    }

    /// A point of a region with interior at whose points the condition of a statement's
    /// definedness certainly fails: there the statement says nothing, and so does not hold.
    fn undefined_on_a_region(&self, hypotheses: &[Formula], condition: &Formula) -> Option<Point> {
        let goal = interior::of(&!condition.clone());
        let strict: Vec<Formula> = hypotheses.iter().map(interior::of).collect();
        self.witness(&goal, &strict)
    }
}

fn evidence(hypotheses: &[Formula], statement: &Formula, proof: Proof) -> Evidence {
    Certified { hypotheses: hypotheses.to_vec(), statement: statement.clone(), proof, stands_for: vec![] }
        .into_evidence()
}

impl Engines {
    /// A statement that fails at `witness` and was not seen to fail on an open set: the border
    /// outside which it is proved.
    fn border(&self, hypotheses: &[Formula], statement: &Formula, witness: &Point) -> Option<Judgement> {
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

#[cfg(test)]
#[path = "engines_tests.rs"]
mod tests;
