//! Why something is not solved.

use crate::exact::Exhausted;

/// Why a profile, or one solution of it, has no certified answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// The range of the share is empty, or the lists of players and disagreements differ.
    #[error("{0}")]
    Profile(&'static str),
    /// A payoff is no sum of products of powers of the share.
    #[error(
        "payoffs must be sums of products of rational powers of expressions linear in the share, not {0}"
    )]
    Unsupported(&'static str),
    /// A payoff is undefined somewhere on the range.
    #[error("a payoff is not defined on the whole range of the share")]
    Undefined,
    /// A constant is too long to be kept exactly.
    #[error("the constants of a payoff are too large to be kept exactly")]
    TooLarge,
    /// Two values could not be told apart, nor be shown equal.
    #[error("not certified: {0}")]
    Undecided(&'static str),
    /// The budget ran out.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// Nowhere do all players gain.
    #[error("no share gives every player more than without an agreement")]
    NoAgreement,
    /// What is best at a closed end is only approached where the end does not belong to the range.
    #[error("it would be at an end of the range that no agreement reaches")]
    OpenEnd,
    /// The same, where several symbols are bargained over.
    #[error("no agreement gives every player more than disagreement, and so they stay at that")]
    Disagreement,
    /// Agreements with other values of a symbol that was put at an end may be Pareto-optimal as well.
    #[error("pareto set not certified: agreements elsewhere may be optimal as well")]
    Elsewhere,
    /// The payoffs have several peaks and no one branch that dominates the others.
    #[error("pareto set not certified: a payoff has several peaks or is constant")]
    ParetoNotCertified,
    /// No share gives all players the same part of their ideal gain.
    #[error("no share gives all players the same part of their ideal gain")]
    NoEqualParts,
}
