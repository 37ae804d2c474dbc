//! Sums, maxima and minima over families of any size.
//!
//! * **Takes** questions whose terms gather values over an index (`\sum_i 1/c_i`, `\max_i c_i`)
//!   with a symbolic number of members.
//! * **Gives** the same questions to the engines without them: a proof for every size, or a
//!   counterexample of one size.
//! * **May call** `expr` and the engines of `prove`.
//!
//! Two readings of a question are made. For a *proof*, each gathering becomes a symbol of its own
//! with facts that bind it ([`atoms`]): what holds for all values that satisfy the facts holds for
//! the sums in particular, whatever the number of members. For a *refutation*, the family is
//! written out for a small number of members ([`instance`]), and the engines look for a point
//! there. Nothing is concluded from a few sizes about all of them.
//!
//! Facts about a working letter (`c_{i'} > 0`) are facts about every member of the family.
//! Source: the linearity of finite sums, and that a sum of `n` terms each at least `b` is at least
//! `n b` (Hardy, Littlewood, Pólya, *Inequalities*, ch. I).

pub mod atoms;
pub mod instance;
mod judge;
pub mod linear;

#[cfg(test)]
mod tests;

pub use judge::WithSums;
