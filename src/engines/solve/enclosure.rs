//! A number with the digits of it that are certain.

use std::fmt;

use rug::Rational;

use super::SolveError;
use super::curve::MOST_BITS;
use crate::ball::Ball;

/// A real number: exactly, or so narrowly enclosed that the digits asked for are certain.
#[derive(Clone, Debug, PartialEq)]
pub struct Enclosure {
    ball: Ball,
    exact: Option<Rational>,
    text: String,
}

impl Enclosure {
    /// The number that `at` encloses at every precision, to `digits` significant digits.
    ///
    /// `Err`: the enclosures do not become narrow enough.
    pub(super) fn of(
        digits: u32,
        mut at: impl FnMut(u32) -> Result<Option<Ball>, SolveError>,
    ) -> Result<Enclosure, SolveError> {
        let wanted = digits as usize;
        let mut bits = digits.saturating_mul(10) / 3 + 64;
        while bits <= MOST_BITS {
            if let Some(ball) = at(bits)?
                && let Some(text) = ball.decimals(wanted)
                && (significant(&text) >= wanted || ball.is_shown_exactly(wanted))
            {
                return Ok(Enclosure { ball, exact: None, text });
            }
            bits *= 2;
        }
        Err(SolveError::Undecided("the digits of a value"))
    }

    /// The rational number `q`.
    pub fn exactly(q: &Rational, digits: u32) -> Result<Enclosure, SolveError> {
        let size = q.denom().significant_bits().saturating_add(q.numer().significant_bits());
        // Long enough for every number whose decimals come to an end within the digits.
        let bits = digits.saturating_mul(4).saturating_add(size).saturating_add(64);
        let ball = Ball::from_rational(q, bits).map_err(|_| SolveError::TooLarge)?;
        let text = ball.decimals(digits as usize).ok_or(SolveError::TooLarge)?;
        Ok(Enclosure { ball, exact: Some(q.clone()), text })
    }

    /// The numbers among which it certainly is.
    pub fn ball(&self) -> &Ball {
        &self.ball
    }
    /// The number itself, where it is known to be rational.
    pub fn exact(&self) -> Option<&Rational> {
        self.exact.as_ref()
    }
    /// Its decimals: every digit printed is certain (cut off, or rounded where the expansion
    /// begins like that of a short decimal).
    pub fn decimals(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Enclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The number of digits from the first that is not zero.
fn significant(text: &str) -> usize {
    let mantissa = text.split('e').next().unwrap_or_default();
    let digits = mantissa.chars().filter(char::is_ascii_digit);
    digits.skip_while(|c| *c == '0').count()
}
