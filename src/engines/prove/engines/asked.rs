//! What the single engines answer, asked once and remembered.

use std::time::Instant;

use crate::expr::{Expr, Formula};

use super::super::evaluate::Point;
use super::super::identity::{self, Identity, Implication};
use super::super::memory::Memory;
use super::super::{effort, order, witness};
use super::Engines;

/// Whether conditions have a common point.
pub enum Possible {
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

impl Engines {
    /// Where the conditions can be met, by exact real algebra.
    pub(super) fn find(&self, conditions: &Formula) -> order::Search {
        match self.find_early(conditions) {
            order::Search::Unknown(_) => self.find_within(self.order_steps, conditions),
            settled => settled,
        }
    }

    /// The same, as far as a small part of the steps leads.
    pub(super) fn find_early(&self, conditions: &Formula) -> order::Search {
        self.find_within(self.early_steps.min(self.order_steps), conditions)
    }

    pub(super) fn find_within(&self, steps: u64, conditions: &Formula) -> order::Search {
        let question = (steps, conditions.clone());
        let settled = |found: &order::Search| !matches!(found, order::Search::Unknown(_));
        let budget = order::Budget { steps, deadline: self.deadline() };
        self.memory.order.recall(question, || order::find(conditions, &budget), settled)
    }

    /// Whether the conditions can be met: where that is no quick matter of algebra, a point that is
    /// found by trying says so as well.
    pub(super) fn possible(&self, conditions: &[Formula]) -> Possible {
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
    pub(super) fn sample(&self, conditions: &[Formula]) -> Option<Point> {
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

    pub(super) fn equal(&self, a: &Expr, b: &Expr, hypotheses: &[Formula]) -> Identity {
        let question = (self.rule_steps, a.clone(), b.clone(), hypotheses.to_vec());
        self.within_own_budget(|budget| {
            let equal = || budget.run(|| identity::equal(a, b, hypotheses));
            self.memory.identity.recall(question, equal, |_| !budget.is_used_up())
        })
    }

    /// Whether one equation follows from another.
    pub(super) fn implies(&self, p: &Formula, q: &Formula, hypotheses: &[Formula]) -> Option<Implication> {
        let question = (self.rule_steps, p.clone(), q.clone(), hypotheses.to_vec());
        self.within_own_budget(|budget| {
            let implies = || budget.run(|| identity::implies(p, q, hypotheses));
            self.memory.implication.recall(question, implies, |_| !budget.is_used_up())
        })
    }

    /// Work that is remembered has a budget of its own: what it answers must not depend on what was
    /// asked before.
    fn within_own_budget<T>(&self, work: impl FnOnce(&effort::Own) -> T) -> T {
        work(&effort::Own::new(self.rule_steps, self.deadline()))
    }
}
