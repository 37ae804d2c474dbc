//! The engines: what decides whether a statement holds.
//!
//! * **Takes** elementary terms and statements of `expr`, and hypotheses about their symbols.
//! * **Gives** [`Judgement`]s with [`Evidence`] that can be re-checked.
//! * **May call** `expr`, `exact`, `ball`, and `tex` to print what was established.
//!
//! | room or file | what |
//! | --- | --- |
//! | `engines` | all engines together, cheapest first; exceptions and counterexamples |
//! | `order` | exact real algebra: polynomials, quotients, roots |
//! | `identity` | equality of terms with symbolic exponents |
//! | `signs` | structural sign rules |
//! | `certified` | branch and bound with enclosures over boxes |
//! | `calculus` | proof by monotonicity, with enclosures on boxes |
//! | `evaluate`, `approximate` | the value of a term at a point, certain or fast |
//! | `witness`, `sample` | counterexamples, made small; admissible points |
//! | `interior` | whether a statement fails on a set with interior |
//! | `exceptions` | the exact set at which a statement fails that holds elsewhere |
//! | `memory` | answers already given in this run |
//! | `effort` | the budget of a question for the engines that count no steps themselves |
//! | `question` | which hypotheses matter, and where a statement fails |
//! | `size` | questions that are too large to be asked |
//! | `judgement`, `evidence` | what an engine answers, and what stands behind it |

pub mod approximate;
pub mod calculus;
pub mod certified;
mod draw;
mod effort;
pub mod engines;
pub mod evaluate;
pub mod evidence;
mod exact_power;
mod exceptions;
pub mod identity;
mod interior;
pub mod judgement;
pub mod memory;
mod minimise;
pub mod negation;
pub mod order;
mod over_box;
mod question;
mod range;
pub mod recheck;
pub mod sample;
pub mod signs;
pub mod size;
mod truth;
mod value;
pub mod witness;

pub use engines::Engines;
pub use evidence::Evidence;
pub use judgement::{Differentiate, Judge, Judgement};
