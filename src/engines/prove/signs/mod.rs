//! Sign rules: which signs a term can take where some facts hold.
//!
//! * **Takes** elementary terms and statements of `expr`, and the facts (assumptions) under which
//!   they are read.
//! * **Gives** the set of signs of a term wherever it is defined ([`sign`]), proofs of relations,
//!   conjunctions, disjunctions, memberships and of definedness ([`prove`],
//!   [`prove_where_defined`]), as numbered lines that [`recheck`] replays.
//! * **May call** `expr` and the polynomials of `prove::identity`.
//!
//! Method: the sign calculus of products and powers; factorisation; substitution of a bounded
//! symbol by its bound plus a non-negative remainder, and of a symbol between two bounds by
//! Bernstein's homogeneous coordinates (Bernstein 1915; Pólya and Szegő, *Problems and Theorems
//! in Analysis* II, part 6), after which all coefficients have one sign; discriminants of
//! quadratics. All arithmetic is exact.
//!
//! What the re-check re-establishes: every line anew from its premises by its rule (the same
//! function that made it), and that the lines named settle every clause of the goal, including
//! the clauses that say that its terms are defined. What it trusts: that function, the
//! polynomial arithmetic, `expr::defined`, and the facts.

pub mod facts;
pub mod proof;
pub mod rules;
pub mod search;
pub mod shift;
pub mod signset;

pub use facts::Facts;
pub use proof::{Certificate, RecheckError, Sign, prove, prove_where_defined, recheck, recheck_full, sign};
pub use rules::{Line, Rule};
pub use signset::SignSet;

#[cfg(test)]
mod tests;
