//! Questions about statements.

use serde::{Deserialize, Serialize};

use super::certificate::Certificate;
use super::constraint::Tree;
use super::model::Model;
use super::recheck::{RecheckError, recheck_tree};
use super::solve::{Answer, Budget, Problem, Reason, satisfiable};
use super::translate::{Translator, Untranslated};
use crate::exact::Meter;
use crate::expr::Formula;

/// How a conclusion fares where the assumptions hold.
#[derive(Clone, Debug)]
pub enum Decision {
    /// The conclusion holds (and so is defined) wherever the assumptions hold.
    Always(Certificate),
    /// The conclusion holds nowhere where the assumptions hold.
    Never(Certificate),
    /// The conclusion holds at one point and does not at another; at the latter it is false or
    /// undefined.
    Sometimes {
        holds: Model,
        fails: Model,
    },
    /// Nothing satisfies the assumptions.
    Vacuous(Certificate),
    Unknown(Reason),
    Unsupported(Untranslated),
}

/// What a certificate of a [`Decision`] says cannot be satisfied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Claim {
    /// The assumptions together.
    Vacuous,
    /// The assumptions and the failure (or undefinedness) of the conclusion.
    Always,
    /// The assumptions and the conclusion.
    Never,
}

/// Where a condition can be met.
#[derive(Clone, Debug)]
pub enum Search {
    Found(Model),
    Nowhere(Certificate),
    Unknown(Reason),
    Unsupported(Untranslated),
}

/// The assumptions, alone or with the conclusion or its failure, as one problem.
pub fn problem(
    claim: Claim,
    assumptions: &[Formula],
    conclusion: &Formula,
    meter: &Meter,
) -> Result<Problem, Untranslated> {
    let (mut parts, mut symbols) = (vec![], conclusion.free());
    assumptions.iter().for_each(|a| symbols.extend(a.free()));
    let mut t = Translator::new(symbols, meter);
    for a in assumptions {
        parts.push(t.formula(a)?);
    }
    match claim {
        Claim::Vacuous => {}
        Claim::Always => parts.push(t.formula(conclusion)?.negated()),
        Claim::Never => parts.push(t.formula(conclusion)?),
    }
    parts.push(t.side_conditions());
    Ok(Problem { tree: Tree::and(parts), variables: t.variables().to_vec() })
}

/// Decides how a conclusion fares where the assumptions hold, for all real values of their
/// symbols.
///
/// An atom with an undefined side is false in whichever polarity it stands (negation normal form
/// first); `Always` needs the conclusion to be true, not merely its denial to be false. Each of
/// the up to three questions asked has the whole budget of steps.
pub fn decide(assumptions: &[Formula], conclusion: &Formula, budget: &Budget) -> Decision {
    let ask = |claim| -> Result<Answer, Untranslated> {
        let meter = budget.meter();
        let p = problem(claim, assumptions, conclusion, &meter)?;
        Ok(satisfiable(&p, &meter))
    };
    match outcome(ask) {
        Ok(decision) => decision,
        Err(e) => Decision::Unsupported(e),
    }
}

fn outcome(ask: impl Fn(Claim) -> Result<Answer, Untranslated>) -> Result<Decision, Untranslated> {
    let fails = match ask(Claim::Always)? {
        Answer::Sat(model) => model,
        Answer::Unknown(why) => return Ok(Decision::Unknown(why)),
        Answer::Unsat(certificate) => {
            return Ok(match ask(Claim::Vacuous)? {
                Answer::Sat(_) => Decision::Always(certificate),
                Answer::Unsat(certificate) => Decision::Vacuous(certificate),
                Answer::Unknown(why) => Decision::Unknown(why),
            });
        }
    };
    Ok(match ask(Claim::Never)? {
        Answer::Sat(holds) => Decision::Sometimes { holds, fails },
        Answer::Unsat(certificate) => Decision::Never(certificate),
        Answer::Unknown(why) => Decision::Unknown(why),
    })
}

/// Looks for a point where the conditions hold.
pub fn find(conditions: &Formula, budget: &Budget) -> Search {
    let meter = budget.meter();
    match problem(Claim::Never, &[], conditions, &meter) {
        Err(e) => Search::Unsupported(e),
        Ok(p) => match satisfiable(&p, &meter) {
            Answer::Sat(model) => Search::Found(model),
            Answer::Unsat(certificate) => Search::Nowhere(certificate),
            Answer::Unknown(why) => Search::Unknown(why),
        },
    }
}

/// Looks for a point around which the conditions hold on an open set: their sign conditions made
/// strict. `Found` is such a point. `Nowhere` says that there is none if the conditions contain no
/// roots; with roots, a weak inequality that is an equation on an open set is missed.
pub fn find_open(conditions: &Formula, budget: &Budget) -> Search {
    let meter = budget.meter();
    let mut t = Translator::new(conditions.free(), &meter);
    match t.formula(conditions) {
        Err(e) => Search::Unsupported(e),
        Ok(tree) => {
            let tree = Tree::and(vec![tree.strictified(), t.side_conditions()]);
            match satisfiable(&Problem { tree, variables: t.variables().to_vec() }, &meter) {
                Answer::Sat(model) => Search::Found(model),
                Answer::Unsat(certificate) => Search::Nowhere(certificate),
                Answer::Unknown(why) => Search::Unknown(why),
            }
        }
    }
}

/// Re-establishes what a certificate of [`decide`] says.
pub fn recheck(
    claim: Claim,
    certificate: &Certificate,
    assumptions: &[Formula],
    conclusion: &Formula,
    budget: &Budget,
) -> Result<(), RecheckError> {
    let meter = budget.meter();
    let p = problem(claim, assumptions, conclusion, &meter)
        .map_err(|e| RecheckError::Untranslated(e.to_string()))?;
    recheck_tree(certificate, &p.tree, &meter)
}
