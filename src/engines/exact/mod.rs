//! Exact real algebra: what proofs rest on and the re-check replays.
//!
//! * **Takes** polynomials with integer coefficients and rational numbers.
//! * **Gives** [`Poly`] (arithmetic, gcd, squarefree decomposition, resultants, discriminants),
//!   [`UPoly`] (root isolation in one variable), [`Point`] (a point with real algebraic
//!   coordinates: the exact sign of a polynomial there, the real roots of a polynomial above it)
//!   and [`Meter`] (a budget that long computations draw on).
//! * **May call** rug only.
//!
//! Every answer is exact. Floating-point numbers occur in one place: an enclosure rounded outwards
//! on every operation may show that a number is positive or negative; that it is zero is only ever
//! concluded from exact arithmetic.
//!
//! Sources: Basu, Pollack, Roy, *Algorithms in Real Algebraic Geometry* (2nd ed., chapters 2, 8
//! and 10); Cohen, *A Course in Computational Algebraic Number Theory* (3.2, 3.3: subresultant
//! algorithm); Collins and Akritas, *Polynomial real root isolation using Descartes' rule of
//! signs* (SYMSAC 1976); Loos, *Computing in algebraic extensions* (1982); Mishra, *Algorithmic
//! Algebra* (chapter 8); Lazard, *An improved projection for cylindrical algebraic
//! decomposition* (1994) for the evaluation of a polynomial that vanishes above a point.

pub mod gcd;
pub mod interval;
pub mod meter;
pub mod modular;
mod notation;
pub mod point;
pub mod poly;
pub mod resultant;
mod ring;
pub mod root;
pub mod upoly;

pub use interval::{Interval, simplest_between};
pub use meter::{Exhausted, Meter};
pub use point::{Coord, Point};
pub use poly::{Poly, Var};
pub use root::Roots;
pub use upoly::UPoly;
