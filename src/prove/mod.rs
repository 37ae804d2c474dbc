//! The engines: what decides whether a statement holds.
//!
//! * **Takes** elementary terms and formulas of `expr`, facts about their symbols.
//! * **Gives** values, truth values, proofs with certificates, witnesses; each certain or absent.
//! * **May call** `expr`, `ball`.
//!
//! [`evaluate`] is what everything rests on that names a point: a term or a formula there, exact
//! or enclosed. [`witness`] searches for points, [`sample`] spreads them, [`certified`] proves
//! over boxes, [`approximate`] is for searching only. The method of each is in its own header.

pub mod approximate;
pub mod certified;
mod draw;
pub mod evaluate;
mod exact_power;
mod minimise;
mod over_box;
mod range;
pub mod sample;
mod truth;
mod value;
pub mod witness;
