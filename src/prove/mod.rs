//! The engines: what decides whether a statement holds.

pub mod identity;
pub mod signs;
