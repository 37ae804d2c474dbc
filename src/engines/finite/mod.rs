//! Theorems about arbitrary payoffs of an agreement on `[0, 1]`, judged on finite models and exactly.
//!
//! * **Takes** a [`Frame`] (players, shapes of their payoffs, who may abstain), hypotheses and a
//!   clause, each a sentence of a small first-order language ([`Sentence`]).
//! * **Gives** a [`Judgement`]: proved, failing with payoffs to show for it, or supported up to a
//!   bound; and the [`Certificate`]s that the re-check replays.
//! * **May call** rug; nothing else of this program.
//!
//! | file | what it does |
//! | --- | --- |
//! | `sentence`, `parse` | the language and its reader |
//! | `core` | sentences with every family written out, their normal form, how many points they name |
//! | `layout`, `payoff` | all orders of named points; all order types of a payoff on them |
//! | `search` | finite models of a sentence |
//! | `curve`, `pareto`, `continuum` | payoffs on all of `[0, 1]`, piecewise linear: the Pareto set, the truth of a sentence |
//! | `border` | what a countermodel's failing may hang on |
//! | `judge` | verdicts |
//! | `recheck` | the replay, with an enumeration of its own |
//!
//! # What is assumed of payoffs
//!
//! A payoff is *strictly unimodal* if there is an agreement, its peak, up to which it strictly rises and
//! from which it strictly falls; an end point may be the peak. **Continuity is not assumed**: the
//! finite models are restrictions of arbitrary such functions. All counterexamples shown are
//! continuous, so a clause fails under the hypothesis `continuous` as well. A strictly concave
//! payoff has a peak only if it is continuous, which has to be supposed with it.
//!
//! Disagreement is worth 0 to everybody: payoffs are counted from it.
//!
//! # Why finite models prove
//!
//! No sentence compares payoffs of two players, so that a structure is: a linear order of points with
//! a least and a greatest one, and for each player an order type of values with the place of 0. Put the
//! negation of a clause in negation normal form. If no existential quantifier over points stands under
//! a universal one, then in a structure that satisfies the negation, the ends, the peaks and one
//! witness for each existential quantifier are a substructure that satisfies it too: atoms are
//! untouched and universal quantifiers have less to answer for (the class of Bernays, Schönfinkel and
//! Ramsey; Börger, Grädel and Gurevich, *The Classical Decision Problem*, 1997, ch. 6.2). If none
//! of the finitely many structures on so many points satisfies the negation, no payoffs do. The
//! converse fails: a finite model need not extend to the whole interval, so it counts as a
//! counterexample only once its piecewise linear interpolation is one.
//!
//! The same holds of the members of a family where no existential quantifier over members stands
//! under a universal one: then as many members suffice as there are such quantifiers, and what is
//! proved of these is proved of every number.

mod border;
mod continuum;
mod core;
mod curve;
mod judge;
mod layout;
mod pareto;
mod parse;
mod payoff;
pub mod recheck;
mod search;
mod sentence;

#[cfg(test)]
mod tests;

pub use curve::Curves;
pub use judge::{Certificate, Countermodel, Judgement, Question, judge};
pub use pareto::{Interval, pareto_set};
pub use parse::{Misread, parse};
pub use sentence::{Abstaining, Frame, Group, Relation, Sentence, Shape};

/// The most players that are named one by one, besides a family.
pub const MOST_PLAYERS: usize = 3;
/// The most members of a family that are tried.
pub const MOST_MEMBERS: usize = 2;
