//! Real arithmetic with error bounds: closed intervals of MPFR numbers, rounded outwards.
//!
//! * **Takes** rationals and a precision in bits.
//! * **Gives** [`Ball`]: an interval that certainly contains the exact result of every operation
//!   made on it, and the decimal digits of it that are certain.
//! * **May call** no other room (rug only).
//!
//! Method: the fundamental theorem of interval arithmetic with outward rounding (R. E. Moore,
//! *Interval Analysis*, 1966, chapter 3; IEEE 1788-2015, clause 4), on MPFR's correctly rounded
//! operations. An operation that is not defined on the whole of its operands, or that overflows,
//! is a [`BallError`]: no NaN and no infinity is ever an end of a ball.

mod decimal;
mod functions;
mod interval;

#[cfg(test)]
mod containment_tests;
#[cfg(test)]
mod samples;

pub use interval::Ball;

/// Why an operation has no ball as its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BallError {
    /// The divisor contains zero.
    #[error("the divisor may be zero")]
    DivisorMayBeZero,
    /// An operand reaches out of the operation's domain, named here.
    #[error("the operand of `{0}` may lie outside its domain")]
    Domain(&'static str),
    /// An end lies beyond MPFR's range of exponents.
    #[error("the result is too large to be represented")]
    Overflow,
    /// The ends given are not in order.
    #[error("the lower end lies above the upper end")]
    Disordered,
}
