//! Numbers and balls for the room's tests.

use rug::Rational;

use super::Ball;

pub fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

/// The ball from `a` to `b`, of 64 bits.
pub fn ball(a: i64, b: i64) -> Ball {
    Ball::from_ends(&q(a, 1), &q(b, 1), 64).expect("in order")
}
