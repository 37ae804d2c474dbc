//! The engines against answers that were not computed by them: exact evaluation at many points,
//! the solver Z3, and edited certificates.
//!
//! `PROOFREAD_ENGINE_CASES` draws more cases than the suite does, `PROOFREAD_ENGINE_SEED` others.

mod decide;
mod edit;
mod evaluate;
mod inputs;
mod judge;
mod powers;
mod random;
mod transcendental;
mod z3;

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}
