//! Functions without a formula, of which only properties are known.
//!
//! * **Takes** declarations ([`AnyFunction`]) and questions whose terms apply such functions and
//!   their derivatives.
//! * **Gives** the same questions to the engines without them: a proof for every function with
//!   the properties, or a counterexample with functions that are named.
//! * **May call** `expr`, `tex` (for names) and the engines of `prove`.
//!
//! For a *proof*, each application becomes a symbol of its own with facts that bind it
//! ([`facts`]): what holds for all values that satisfy the facts holds for the values of every
//! function with the properties. For a *refutation*, members of families of functions take their
//! place ([`members`]), each property being proved of each member first. That the facts can be
//! met does not say that a function meets them: a proof counts where some member does.
//!
//! The certificate of a proof has the facts among its hypotheses, and takes them on trust.
//! Source: Rockafellar, *Convex Analysis*, § 24-25; Hardy, Littlewood, Pólya, *Inequalities*, § 3.18.

pub mod cubic;
mod declared;
mod facts;
mod judge;
pub mod members;

#[cfg(test)]
mod tests;

pub use declared::{AnyFunction, Property};
pub use judge::WithFunctions;
