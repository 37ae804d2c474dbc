//! The numeric oracle: a game's equilibrium and the optima of what it yields, measured from the
//! primitives.
//!
//! * **Takes** a [`Game`](crate::game::Game), exact parameters, and an [`Objective`] over its
//!   choices and payoffs. No derived formula.
//! * **Gives** digits: [`Play`] at given shares, the [`Optimum`] of an objective over the
//!   share's domain, the [`Root`]s of an equation. It measures; it proves nothing.
//! * **May call** `expr` and the primitives of `game`, argmin and rug.
//!
//! Method. Nested best responses are found in machine numbers by sampling the slope of each
//! mover's payoff (later movers responding) and Brent's method between signs that differ, then
//! refined in MPFR by Newton's method on the system of all first-order conditions. Slopes of
//! later best responses come from the implicit function theorem. All variables are measured from
//! the border of their range, symbolically, so that parameters of very different sizes cost no
//! digits. Optima over the share use power series along the equilibrium path. The movers of a last
//! stage who do not meet are solved one by one (`benches/players.rs` shows how the cost grows).
//!
//! Sources: R. P. Brent, *Algorithms for Minimization without Derivatives* (1973), ch. 4;
//! A. Griewank and A. Walther, *Evaluating Derivatives* (2nd ed.), ch. 13; Osborne and
//! Rubinstein, *A Course in Game Theory*, ch. 6.

mod crowd;
mod error;
mod extremum;
mod frame;
mod jet;
mod linear;
mod newton;
mod number;
mod objective;
mod oracle;
mod primitives;
mod program;
mod search;
mod sweep;
#[cfg(test)]
mod tests;
mod zero;

pub use error::OptimumError;
pub use extremum::{Optimum, Root, Which};
pub use objective::Objective;
pub use oracle::{Oracle, Play};
