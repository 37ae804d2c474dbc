//! `proofread` audits the mathematics of a paper: it reads formulas as printed and says of each
//! whether it holds, for which parameters, and by what evidence.

pub mod algorithm;
pub mod archive;
pub mod audit;
pub mod ball;
pub mod cas;
pub mod claim;
pub mod cli;
pub mod coverage;
pub mod document;
pub mod exact;
pub mod expr;
pub mod figure;
pub mod finite;
pub mod functions;
pub mod game;
pub mod optimum;
pub mod page;
pub mod prove;
pub mod report;
pub mod smt;
pub mod solve;
pub mod sums;
pub mod tex;
