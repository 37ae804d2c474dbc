//! The engines: what decides whether a statement holds.

pub mod approximate;
pub mod certified;
mod draw;
pub mod evaluate;
mod exact_power;
mod minimise;
mod over_box;
mod range;
pub mod sample;
mod value;
pub mod witness;
pub mod identity;
pub mod signs;
pub mod order;
