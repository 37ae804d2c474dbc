//! Reports: what people and programs read of an audit.
//!
//! * **Takes** an [`crate::audit::Outcome`] (or the solution of a game, or the coverage of a text).
//! * **Gives** text for terminals, JSON with a schema number, JUnit XML, one claim's card and
//!   its story; the replay of a report's evidence, and what changed since one.
//! * **May call** `audit`'s and `coverage`'s result types; the replay also the re-checks of `prove`, `finite`
//!   and `algorithm`.

pub mod baseline;
pub mod card;
pub mod coverage;
pub mod json;
pub mod junit;
mod models;
pub mod reading;
pub mod replayed;
mod runs;
pub mod solution;
pub mod story;
pub mod table;
pub mod text;
