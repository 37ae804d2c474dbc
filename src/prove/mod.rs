//! The engines: what decides whether a statement holds.

pub mod approximate;
pub mod evaluate;
mod exact_power;
