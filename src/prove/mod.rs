//! The engines: what decides whether a statement holds.

pub mod order;
