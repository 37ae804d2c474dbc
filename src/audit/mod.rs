//! The audit: every claim and every line of a paper, judged.
//!
//! * **Takes** loaded papers and options (seed, digits, time limit).
//! * **Gives** an [`Outcome`]: one [`Entry`] a claim and a line, with verdict and evidence.
//! * **May call** every room but `report` and `cli`.

mod agreement;
mod algebra;
mod algorithm;
pub mod claims;
pub mod entry;
mod existence;
mod finding;
mod frames;
mod frontier;
mod ids;
mod instances;
mod integers;
mod limit;
mod meaning;
mod meant;
mod measure;
mod named;
pub mod outcome;
mod overlap;
mod parameters;
mod quantity;
mod region;
mod response;
mod roots;
mod run;
mod setting;
mod shape;
mod slopes;
pub mod solution;
pub mod stages;
mod steps;
mod theorem;
mod wellposed;

pub use algebra::Symbolic;
pub use entry::{Counterexample, Entry, EntryKind, Holds, Measured, Payoffs, Severity, Shown, Verdict};
pub use ids::ids;
pub use outcome::Outcome;
pub use run::{Options, Progress, run};
pub use stages::{Stage, Stages};
pub use theorem::supposed;

/// Parameter draws of the numeric route, unless asked for otherwise.
pub const DRAWS: usize = 64;
