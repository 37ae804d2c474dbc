//! The order engine: statements of real algebra, decided.
//!
//! * **Takes** elementary, quantifier-free [`crate::expr::Formula`]s over polynomials, quotients,
//!   roots with literal indices, absolute values, maxima, minima and case distinctions.
//! * **Gives** [`decide()`] (does a conclusion hold wherever the assumptions hold?), [`find`] and
//!   [`find_open`] (a point, or a neighbourhood, where conditions hold), exact [`Model`]s,
//!   [`Certificate`]s and their independent [`recheck()`].
//! * **May call** `expr` and `exact`.
//!
//! Complete but for its budget: cylindrical algebraic coverings (Ábrahám, Davenport, England,
//! Kremer 2021) with McCallum's projection, and Lazard's where a polynomial vanishes identically
//! above a sample point. What the re-check re-establishes and which theorems it trusts is said in
//! [`mod@recheck`].

pub mod certificate;
pub mod constraint;
mod cover;
pub mod decide;
mod line;
pub mod model;
mod pool;
pub mod recheck;
pub mod reduce;
pub mod solve;
pub mod translate;

pub use certificate::{CellProof, Certificate};
pub use constraint::{Atom, Tree};
pub use decide::{Claim, Decision, Search, decide, find, find_open, recheck};
pub use line::Projection;
pub use model::Model;
pub use recheck::{RecheckError, recheck_tree};
pub use solve::{Answer, Budget, Problem, Reason, satisfiable};
pub use translate::{Translator, Untranslated, Variable};

#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod translate_tests;
