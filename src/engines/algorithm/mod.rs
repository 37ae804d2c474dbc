//! Algorithms as state machines: run step by step, with an invariant looked at after every round.
//!
//! * **Takes** a [`Program`] (initial values, steps, a number of rounds, functions given by formulas) and a
//!   [`Question`]: an invariant, or what is said of the end, and the runs in which it is asked for.
//! * **Gives** a [`Judgement`], with the [`Certificate`]s that the re-check runs again.
//! * **May call** `expr`, `prove` to evaluate, `tex` to print.
//!
//! | file | what it does |
//! | --- | --- |
//! | `program` | the language, and what is asked |
//! | `unfold` | functions put in, derivatives taken |
//! | `machine` | one run |
//! | `judge` | many runs, the simplest one that breaks the invariant |
//! | `certificate` | what was found, for people and for the re-check |
//!
//! # What is certain
//!
//! A run starts from rational numbers. Values stay rational as long as they can and are enclosures from there
//! on ([`crate::prove::evaluate`]); a condition is followed only where it is decided for every number of the
//! enclosures. A run in which something is not decided is made again from its start with twice the precision,
//! up to [`MOST_BITS`]; what is open then is said to be open. So a state of a trace encloses the true one, and an
//! invariant that fails of all numbers in the enclosures fails.
//!
//! An invariant that every run keeps is supported by them, never proved.

mod certificate;
mod judge;
mod machine;
mod program;
mod unfold;

#[cfg(test)]
mod tests;

pub use certificate::{Certificate, ENGINE, Found, Row, accepted};
pub use judge::{Broken, Judgement, judge};
pub use machine::{Asked, End, Ran, run};
pub use program::{Function, Program, Question, Step, When};
pub use unfold::{unfolded, unfolded_formula};

/// The most rounds of a run.
pub const MOST_ROUNDS: u32 = 10_000;
/// The most passes that a loop may be allowed.
pub const MOST_PASSES: u32 = 10_000;
/// The most assignments of a run.
pub const MOST_ASSIGNMENTS: u32 = 200_000;
/// The most runs of a question.
pub const MOST_RUNS: usize = 2_000;
/// The precision at which a run is given up as undecided.
pub const MOST_BITS: u32 = 2048;
