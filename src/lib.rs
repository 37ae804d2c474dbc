//! `proofread` audits the mathematics of a paper: it reads formulas as printed and says of each
//! whether it holds, for which parameters, and by what evidence.
//!
//! Its mathematics is the crate `proofread-engines` in `engines/`, whose rooms are named here as if
//! they stood beside the others: what is here reads papers, puts questions and writes answers.

pub mod archive;
pub mod audit;
pub mod cas;
pub mod cli;
pub mod coverage;
pub mod document;
pub mod figure;
pub mod page;
pub mod report;

pub use proofread_engines::{
    algorithm, ball, claim, exact, expr, finite, functions, game, optimum, prove, smt, solve, sums, tex,
};
