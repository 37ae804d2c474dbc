//! The proof tree and its replay.

use serde::{Deserialize, Serialize};

use super::goal::Goal;
use super::steps::Step;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::certified::{self, Certificate, Region};
use crate::prove::question::failing;
use crate::prove::{identity, order, signs};

/// A step with the proofs of the goals that it leaves, in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Proof {
    pub step: Step,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Proof>,
}

/// Why a proof is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecheckError {
    #[error("a step does not apply to its goal")]
    Inapplicable,
    #[error("a step leaves {expected} goals, and {given} proofs are given")]
    Parts { expected: usize, given: usize },
    #[error("a goal is not literally true")]
    NotLiteral,
    #[error("a goal is not an equation")]
    NoEquation,
    #[error("an identity has exceptions")]
    Exceptions,
    #[error("the proof is nested too deep")]
    TooDeep,
    #[error(transparent)]
    Order(#[from] order::RecheckError),
    #[error(transparent)]
    Identity(#[from] identity::RecheckError),
    #[error(transparent)]
    Signs(#[from] signs::RecheckError),
    #[error(transparent)]
    Enclosed(#[from] certified::RecheckError),
}

/// Proofs that are nested deeper are not replayed.
const DEEPEST: usize = 100;

/// Re-establishes that the statement holds, its terms being defined, wherever the hypotheses do.
pub fn recheck(proof: &Proof, hypotheses: &[Formula], statement: &Formula) -> Result<(), RecheckError> {
    replay(proof, &Goal::new(hypotheses.to_vec(), statement), 0)
}

fn replay(proof: &Proof, goal: &Goal, depth: usize) -> Result<(), RecheckError> {
    if depth > DEEPEST {
        return Err(RecheckError::TooDeep);
    }
    let goals = proof.step.goals(goal).ok_or(RecheckError::Inapplicable)?;
    if goals.len() != proof.parts.len() {
        return Err(RecheckError::Parts { expected: goals.len(), given: proof.parts.len() });
    }
    settled(&proof.step, goal)?;
    goals.iter().zip(&proof.parts).try_for_each(|(goal, part)| replay(part, goal, depth + 1))
}

/// Re-checks the engine's answer in a step that settles its goal.
fn settled(step: &Step, goal: &Goal) -> Result<(), RecheckError> {
    let nowhere = |certificate: &order::Certificate, conditions: &Formula| {
        order::recheck(order::Claim::Never, certificate, &[], conditions, &order::Budget::default())
    };
    match step {
        Step::Literal if goal.statement != Formula::True => Err(RecheckError::NotLiteral),
        Step::Order(certificate) => {
            let failing = failing(&goal.hypotheses, &goal.statement).ok_or(RecheckError::Inapplicable)?;
            Ok(nowhere(certificate, &failing)?)
        }
        Step::Contradiction(certificate) => Ok(nowhere(certificate, &Formula::and(goal.hypotheses.clone()))?),
        Step::Identity(certificate) => {
            let (a, b) = equation(goal)?;
            let exceptions = identity::recheck(certificate, a, b, &goal.hypotheses)?;
            if exceptions.is_empty() { Ok(()) } else { Err(RecheckError::Exceptions) }
        }
        Step::Signs(certificate) => {
            Ok(signs::recheck_full(certificate, &goal.statement, &signs::Facts::new(&goal.hypotheses))?)
        }
        Step::Enclosed { bits, cover } => {
            let (formula, region) = boxed(goal).ok_or(RecheckError::Inapplicable)?;
            Ok(Certificate { formula, region, bits: *bits, cover: cover.clone() }.recheck()?)
        }
        _ => Ok(()),
    }
}

fn equation(goal: &Goal) -> Result<(&Expr, &Expr), RecheckError> {
    match &goal.statement {
        Formula::Rel(a, Relation::Eq, b) => Ok((a, b)),
        _ => Err(RecheckError::NoEquation),
    }
}

/// The goal as a formula on a closed box that holds all points at which the hypotheses hold;
/// `None` if the linear hypotheses bound no box.
pub(super) fn boxed(goal: &Goal) -> Option<(Formula, Region)> {
    let mut region = goal.region();
    let within = |f: &Formula, region: &Region| f.free().iter().all(|s: &Symbol| region.contains_key(s));
    if !within(&goal.statement, &region) {
        return None;
    }
    let given: Vec<Formula> = goal.hypotheses.iter().filter(|h| within(h, &region)).cloned().collect();
    let formula = Formula::implies(Formula::and(given), goal.statement.clone());
    let free = formula.free();
    region.retain(|s, _| free.contains(s));
    Some((formula, region))
}
