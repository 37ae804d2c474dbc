//! Reports: what people and programs read of an audit.
//!
//! * **Takes** an [`crate::audit::Outcome`] (or the solution of a game).
//! * **Gives** text for terminals, JSON with a schema number, one claim's card.
//! * **May call** `audit`'s result types only.

pub mod card;
pub mod json;
pub mod solution;
pub mod text;
