//! Games: players who move in stages, and what each of them is paid.
//!
//! * **Takes** a [`Game`] as a paper's file describes it (elementary payoffs over choices, shares
//!   and parameters).
//! * **Gives** best responses, payoffs in every subgame, and the equilibrium, by backward
//!   induction (Osborne and Rubinstein, *A Course in Game Theory*, ch. 6); where several choose at
//!   once, by the Nash equilibrium of the stage (ch. 2).
//! * **May call** `expr`, `sums`, the engines of `prove`, and `tex` to print; algebra through a trait.

pub mod concept;
pub mod extremum;
pub mod induction;
pub mod instance;
pub mod model;
mod pieces;
mod simultaneous;
mod system;

pub use concept::Concept;
pub use induction::{Equilibrium, InductionError, Response};
pub use instance::InstanceError;
pub use model::{Game, Move, Payoff, Share, Stage};
