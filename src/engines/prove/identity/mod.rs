//! Equality of elementary terms with symbolic exponents.
//!
//! * **Takes** elementary terms and equations of `expr`, and the facts under which they are read.
//! * **Gives** [`equal`] (proved, proved except on exact sets, or nothing), [`normal`] (a readable
//!   canonical form), [`isolate`] and [`solve_quadratic`] (an equation solved for a symbol),
//!   [`implies`] (an equation from an equation), and certificates that [`recheck`],
//!   [`recheck_solution`] and [`recheck_implication`] replay.
//! * **May call** `expr` and `prove::signs`.
//!
//! Method: a term becomes a fraction of polynomials over its symbols and over power generators
//! `b^(m/l)`: bases are split into coprime factors that the sign rules prove positive, exponents
//! into an integer and fixed units, so that `x^(k/(k-1))` is `x` times `x^(1/(k-1))`; roots are
//! reduced by `s^l = b`. Two terms are equal where both are defined if the cross-multiplied
//! difference is the zero polynomial (Davenport, Siret and Tournier, *Computer Algebra*, 2.2–2.3;
//! for the power rules on positive reals, Hardy, *A Course of Pure Mathematics*, § 215). Where a
//! base may vanish, the border is put in and the equation proved there by itself.
//!
//! What the re-check re-establishes: the conditions of definedness and what became of each, every
//! sign by its rule, both canonical forms and their equality in every case, and that the cases
//! are exhaustive. What it trusts: the canonical form's code and the polynomial arithmetic (both
//! are run again, not believed), `expr`'s substitution, folding and conditions, and the facts.

pub mod canon;
pub mod equation;
pub mod exception;
pub mod exponent;
pub mod frac;
pub mod implication;
pub mod oracle;
pub mod poly;
pub mod print;
pub mod solve;

use crate::expr::{Expr, Formula};
use crate::prove::signs::Facts;

pub use equation::{Case, Certificate, Condition, Identity, RecheckError, equal, recheck};
pub use implication::{Argument, Implication, implies, recheck_implication};
pub use solve::{Inversion, Solution, SolutionCertificate, isolate, recheck_solution, solve_quadratic};

/// A readable canonical form that equals `e` wherever the facts hold and both are defined.
/// `None` where there is none or where it could not be proved equal to `e`.
pub fn normal(e: &Expr, facts: &[Formula]) -> Option<Expr> {
    let (form, identity) = normal_form(e, facts)?;
    (!matches!(identity, Identity::NotProved { .. })).then_some(form)
}

/// The canonical form printed, and what is known of its equality to `e`.
fn normal_form(e: &Expr, facts: &[Formula]) -> Option<(Expr, Identity)> {
    let conditions = exception::conditions(&[e])?;
    let form = equation::interior_normal(e, &Facts::new(facts).and(&conditions))?;
    let identity = equal(e, &form, facts);
    Some((form, identity))
}

#[cfg(test)]
mod random_tests;
#[cfg(test)]
mod tests;
