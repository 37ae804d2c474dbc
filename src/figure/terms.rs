//! Figures of terms, and numbers to draw.

use crate::ball::Ball;
use crate::document::Axis;
use crate::expr::Expr;
use crate::prove::evaluate::{Point, value};

use super::{Field, NARROW, cells};

/// Bits of the enclosures.
const BITS: u32 = 128;

/// Each term at each point.
pub fn terms<'e>(terms: impl Iterator<Item = (&'e str, &'e Expr)>, at: &Point, axes: &[Axis]) -> Field {
    let points = cells(at, axes);
    let layer = |(name, e): (&str, &Expr)| (name.to_owned(), points.iter().map(|p| number(e, p)).collect());
    Field { layers: terms.map(layer).collect(), shaded: vec![] }
}

/// The value of a term as a number to draw; nothing where it has none or none that is certain enough.
pub fn number(e: &Expr, at: &Point) -> Option<f64> {
    drawn(&value(e, at, BITS).ball(BITS)?)
}

/// The middle of an enclosure far narrower than a pixel.
pub fn drawn(ball: &Ball) -> Option<f64> {
    let middle = ball.midpoint()?.to_f64();
    let narrow = ball.width().to_f64() <= NARROW * (1.0 + middle.abs());
    (narrow && middle.is_finite()).then_some(middle)
}
