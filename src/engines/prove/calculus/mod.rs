//! Proof by monotonicity and enclosures, for statements with logarithms, exponentials and powers
//! that are not algebraic.
//!
//! * **Takes** hypotheses and a statement of `expr`, a budget of goals and a deadline.
//! * **Gives** a [`Proof`]: a tree of steps, each of which reduces a goal to others or settles it,
//!   that [`recheck`] replays without any search.
//! * **May call** `expr` (its derivatives) and the other engines of `prove`.
//!
//! A goal is that a statement holds, with its terms defined, wherever its hypotheses do. Method: a
//! function that is defined on the way from a point to another, does not fall between them and is
//! not negative at the first is not negative at the second (the mean value theorem: Hardy, *A
//! Course of Pure Mathematics*, §§ 121–126). So a touching point is no obstacle: the goal is split
//! there, its value there is exact, and on either side the sign of the derivative is the next
//! goal. A symbol without bound needs no box: the derivative's sign does for the whole ray. What is
//! left over is settled by `order`, `identity` and `signs`, and on closed boxes by enclosures
//! ([`super::certified`]).
//!
//! What the re-check re-establishes: that each step applies to its goal, the goals that it leaves
//! (derivatives included, made again by the function that the search uses), and the answer of the
//! engine that settles each leaf, by that engine's own re-check. What it trusts: `expr`'s
//! substitution, folding, derivatives and conditions, the linear bounds propagation of `range`, and
//! what those engines trust. The steps are explained in [`steps`].

mod common_factor;
mod goal;
mod logarithms;
mod minimum;
mod naming;
mod proof;
mod search;
pub mod steps;

pub use goal::Goal;
pub use proof::{Proof, RecheckError, recheck};
pub use search::{Budget, left_over, prove};
pub use steps::Step;

#[cfg(test)]
mod tests;
