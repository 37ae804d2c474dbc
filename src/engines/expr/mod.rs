//! The project's own terms: what a formula *is*, once its LaTeX has been read.
//!
//! * **Takes** nothing; other rooms build terms with the constructors here.
//! * **Gives** [`Expr`] (real-valued terms), [`Formula`] (statements about them), [`Symbol`]
//!   and [`Scope`] (names, their kinds and domains), substitution, differentiation, folding
//!   of constants and the conditions under which a term is defined.
//! * **May call** no other room.
//!
//! A term keeps the shape in which it was written: `a - b` is `Add[a, Mul[-1, b]]`, a fraction
//! is `Mul[a, Pow[b, -1]]`, and nothing is reordered or cancelled unless [`fold`] is asked to.
//!
//! Semantics. Terms denote real numbers and are *partial*: `1/0`, `log 0`, a power with a
//! negative base and an exponent that is not a literal integer, `0^e` with `e <= 0`, and a case
//! distinction none of whose conditions holds are undefined. A relation holds at a point only
//! where both its sides are defined ([`defined`] gives the condition).

pub mod defined;
pub mod derive;
pub mod family;
pub mod fold;
pub mod formula;
pub mod fraction;
pub mod scope;
pub mod substitute;
pub mod symbol;
pub mod term;

pub use family::IndexRange;
pub use formula::{Formula, Relation, Set};
pub use scope::{Entry, Kind, Scope};
pub use symbol::Symbol;
pub use term::{Case, Expr, Extremum, Function, Gather, Toward};
