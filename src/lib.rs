//! `proofread` audits the mathematics of a paper: it reads formulas as printed and says of each
//! whether it holds, for which parameters, and by what evidence.

pub mod expr;
pub mod game;
pub mod prove;
pub mod tex;
