//! Claims: what a printed formula says, as statements that the engines can judge.
//!
//! * **Takes** printed terms and formulas in a paper's language, and the solved game they speak
//!   of.
//! * **Gives** elementary terms and formulas: payoffs and choices replaced by what they are in
//!   the subgame meant, derivatives taken, evaluation bars carried out, names defined.
//! * **May call** `expr` and `game`, and `tex` to print.

pub mod elaborate;
pub mod error;

pub use elaborate::{Context, LimitReading, Reading};
pub use error::ElaborateError;
