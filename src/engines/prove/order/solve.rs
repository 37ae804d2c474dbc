//! Satisfiability of a boolean combination of sign conditions.

use std::time::Instant;

use super::certificate::Certificate;
use super::constraint::Tree;
use super::cover::{Found, search};
use super::line::{Projection, Stop};
use super::model::Model;
use super::reduce::{reduce, variable_order};
use super::translate::Variable;
use crate::exact::{Exhausted, Meter, Var};

/// How much work may be done.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Steps (see [`Meter`]): the same answer on every machine.
    pub steps: u64,
    /// A safety net.
    pub deadline: Option<Instant>,
}

impl Default for Budget {
    /// Some seconds of work, half a minute at most.
    fn default() -> Self {
        Budget { steps: 1_000_000_000, deadline: None }
    }
}

impl Budget {
    /// A meter for one question.
    pub fn meter(&self) -> Meter {
        Meter::new(self.steps, self.deadline)
    }
}

/// A boolean combination and what its variables stand for.
#[derive(Clone, Debug)]
pub struct Problem {
    pub tree: Tree,
    pub variables: Vec<Variable>,
}

/// Why no answer was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    #[error("a polynomial vanishes identically above a sample point")]
    Nullified,
    #[error("a point that was found does not bear out")]
    NotBorneOut,
}

/// Whether a boolean combination can be satisfied.
#[derive(Clone, Debug)]
pub enum Answer {
    Sat(Model),
    Unsat(Certificate),
    Unknown(Reason),
}

/// Decides whether some real point satisfies the combination. Complete but for the budget; doubly
/// exponential in the number of variables at worst.
///
/// A model was evaluated exactly on the combination as given; a certificate is for
/// [`super::recheck::recheck_tree`].
pub fn satisfiable(problem: &Problem, meter: &Meter) -> Answer {
    satisfiable_by(problem, &[Projection::McCallum, Projection::Lazard], meter)
}

/// [`satisfiable`] with the given projections, each tried where those before it do not apply.
pub(super) fn satisfiable_by(problem: &Problem, projections: &[Projection], meter: &Meter) -> Answer {
    decide(problem, projections, meter).unwrap_or_else(|e| Answer::Unknown(Reason::Exhausted(e)))
}

fn decide(problem: &Problem, projections: &[Projection], meter: &Meter) -> Result<Answer, Exhausted> {
    let (steps, reduced) = reduce(problem.tree.clone(), meter)?;
    let order = variable_order(&reduced);
    let place = |v: Var| order.iter().position(|w| *w == v).expect("the order is complete") as Var;
    let renamed = reduced.map(&|p| p.rename(&place));
    if renamed == Tree::False {
        let projection = Projection::McCallum;
        return Ok(Answer::Unsat(Certificate { projection, steps, order, cells: vec![] }));
    }
    for &projection in projections {
        match search(&renamed, projection, meter) {
            Ok(Found::Covering(cells)) => {
                return Ok(Answer::Unsat(Certificate { projection, steps, order, cells }));
            }
            Ok(Found::Point(point)) => {
                let model = Model::complete(&problem.tree, &problem.variables, &steps, &order, point, meter)?;
                return Ok(model.map_or(Answer::Unknown(Reason::NotBorneOut), Answer::Sat));
            }
            Err(Stop::Exhausted(e)) => return Err(e),
            Err(Stop::Nullified) => {}
        }
    }
    Ok(Answer::Unknown(Reason::Nullified))
}
