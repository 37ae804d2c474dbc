//! The engines: what decides whether a statement holds.

pub mod approximate;
mod draw;
pub mod evaluate;
mod exact_power;
mod minimise;
mod range;
pub mod sample;
pub mod witness;
pub mod identity;
pub mod signs;
