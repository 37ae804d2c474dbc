//! The audit: every claim and every line of a paper, judged.
//!
//! * **Takes** loaded papers and options (seed, digits, time limit).
//! * **Gives** an [`Outcome`]: one [`Entry`] a claim and a line, with verdict and evidence.
//! * **May call** every room but `report` and `cli`.

pub mod entry;
pub mod outcome;

pub use entry::{Counterexample, Entry, EntryKind, Holds, Measured, Severity, Shown, Verdict};
pub use outcome::Outcome;
