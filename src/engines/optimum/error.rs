//! Why a numeric solution could not be had.

use thiserror::Error;

use crate::expr::Symbol;

/// Why the oracle gives no answer. None of these says anything about a printed formula.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum OptimumError {
    /// The game or the objective has a form that the oracle does not solve.
    #[error("the numeric oracle does not handle {0}")]
    Unsupported(String),
    /// A symbol that is neither a share, a choice, a payoff, a parameter nor a constant.
    #[error("`{0}` has no value; expected a share, a choice, a payoff or a parameter that was set")]
    Unbound(Symbol),
    /// A share that the caller gave no value, or one outside its domain.
    #[error("the share `{0}` has no value in its domain")]
    Share(Symbol),
    /// A domain that leaves nothing to choose.
    #[error("the domain of `{0}` is empty")]
    EmptyDomain(Symbol),
    /// A payoff that keeps growing as far as numbers reach.
    #[error("the payoff of the player who chooses `{0}` has no maximum: it grows without end")]
    Unbounded(Symbol),
    /// A best response that would lie on a border which the domain leaves out.
    #[error("`{0}` has no best value: its domain leaves out the border on which it would lie")]
    OpenBorder(Symbol),
    /// Nothing depends on the variable.
    #[error("every value of `{0}` is equally good")]
    Indifferent(Symbol),
    /// An objective whose samples contradict its slopes.
    #[error("the objective jumps, or turns more often than it was sampled, as `{0}` varies")]
    Jump(Symbol),
    /// A term without a value where one is needed.
    #[error("{0} is undefined where it is needed")]
    Undefined(String),
    /// A magnitude that the search in machine numbers cannot represent.
    #[error("the value of `{0}` is too large or too small to be searched for")]
    OutOfRange(Symbol),
    /// Refinement did not reach the digits asked for.
    #[error("`{variable}` did not converge: {digits} digits reached")]
    NotConverged { variable: Symbol, digits: u32 },
}
