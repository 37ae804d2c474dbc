//! Why a printed term has no meaning in its context.

use thiserror::Error;

/// A printed term that the audit cannot give a meaning to.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ElaborateError {
    /// A name without a definition.
    #[error("{name} is not defined here")]
    Undefined { name: String },
    /// A function applied to more or fewer arguments than it has.
    #[error("{name} takes {expected} arguments, not {found}")]
    Arity { name: String, expected: usize, found: usize },
    /// A derivative that does not exist as a term.
    #[error("the derivative of {body} by {variable} cannot be taken")]
    NoDerivative { body: String, variable: String },
    /// An operator that varies what an assumption gives a value, in a game solved for that value.
    #[error("{variable} is given a value, and the game is solved for that value only")]
    Fixed { variable: String },
    /// An optimum for which no term is known.
    #[error("no closed form was found for the optimum over {variable}")]
    NoClosedForm { variable: String },
    /// A limit of which no value is known.
    #[error("no limit was found for {quantity}")]
    NoLimit { quantity: String },
    /// A choice whose best response is not known in closed form.
    #[error("the best response {variable} was not solved symbolically")]
    UnsolvedChoice { variable: String },
    /// A payoff or choice in a claim that names no game.
    #[error("{name} needs a game: the claim names none")]
    NoGame { name: String },
    /// Two values at once where one is needed.
    #[error("`\\pm` stands for two values; it is only read inside a set of candidates")]
    TwoValues,
    /// A gathering over something that is no declared index.
    #[error("the index {index} is not declared: say under [indices] what it runs through")]
    Index { index: String },
    /// One member of a family varied where all members are gathered.
    #[error("{variable} cannot be varied by itself: a sum takes every member of its family")]
    Gathered { variable: String },
}
