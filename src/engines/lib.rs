//! The mathematics of `proofread`: terms and their LaTeX, exact and certified arithmetic, proofs that
//! can be replayed, games and what solves them.
//!
//! A crate of its own, so that the compiler keeps to the one way of flow: nothing here can name a
//! paper's files, the symbolic layer, a report or the command line.

pub mod algorithm;
pub mod ball;
pub mod claim;
pub mod exact;
pub mod expr;
pub mod finite;
pub mod functions;
pub mod game;
pub mod optimum;
pub mod prove;
pub mod smt;
pub mod solve;
pub mod sums;
pub mod tex;
