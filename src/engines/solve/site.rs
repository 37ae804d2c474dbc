//! Shares that are known exactly, as zeros of a curve, or only roughly.

use std::cmp::Ordering;

use rug::Rational;

use super::SolveError;
use super::curve::Zero;
use super::place::{End, Place};
use super::powersum::Range;
use crate::ball::Ball;
use crate::exact::Meter;

/// The precisions at which two sites are told apart.
const COMPARE_BITS: [u32; 5] = [32, 96, 256, 512, 1024];

/// A share of the range.
#[derive(Clone)]
pub(super) enum Site {
    Exact(Rational),
    Zero(Zero),
    /// Some share between two distances from an end; it cannot be refined.
    Cluster {
        end: End,
        lo: Rational,
        hi: Rational,
    },
}

impl Site {
    /// The place, to `bits` bits of its distance from the nearer end.
    pub(super) fn place(&self, range: &Range, bits: u32, meter: &Meter) -> Result<Place, SolveError> {
        match self {
            Site::Exact(s) => Place::exactly(s, range, bits).ok_or(SolveError::TooLarge),
            Site::Zero(z) => z.place(bits, meter),
            Site::Cluster { end, lo, hi } => {
                let x = Ball::from_ends(lo, hi, bits).map_err(|_| SolveError::TooLarge)?;
                Ok(Place { end: *end, x })
            }
        }
    }

    /// The same site, exact if it is recognised as a rational number.
    pub(super) fn recognised(&self, range: &Range, meter: &Meter) -> Result<Site, SolveError> {
        Ok(match self {
            Site::Zero(z) => z.rational(range, meter)?.map_or_else(|| self.clone(), Site::Exact),
            _ => self.clone(),
        })
    }

    /// The order of two sites; `Err` if neither precision nor exactness tells.
    pub(super) fn compare(&self, other: &Site, range: &Range, meter: &Meter) -> Result<Ordering, SolveError> {
        if let (Site::Zero(a), Site::Zero(b)) = (self, other)
            && a.is_same(b)
        {
            return Ok(Ordering::Equal);
        }
        for bits in COMPARE_BITS {
            if let (Site::Exact(a), Site::Exact(b)) = (self, other) {
                return Ok(a.cmp(b));
            }
            let (a, b) = (self.place(range, bits, meter)?, other.place(range, bits, meter)?);
            if let Some(order) = order(&a, &b, range) {
                return Ok(order);
            }
            if bits == COMPARE_BITS[1] {
                let (a, b) = (self.recognised(range, meter)?, other.recognised(range, meter)?);
                if let (Site::Exact(a), Site::Exact(b)) = (a, b) {
                    return Ok(a.cmp(&b));
                }
            }
        }
        Err(SolveError::Undecided("two shares could not be told apart"))
    }
}

/// The order of all shares of one place against all of another.
fn order(a: &Place, b: &Place, range: &Range) -> Option<Ordering> {
    let order = if a.end == b.end {
        let order = a.x.compare(&b.x);
        if a.end == End::Lower { order } else { order.map(Ordering::reverse) }
    } else {
        let bits = a.x.bits().max(b.x.bits());
        a.share(range, bits)?.compare(&b.share(range, bits)?)
    };
    // Two equal points need not be equal numbers: they were rounded.
    order.filter(|o| *o != Ordering::Equal)
}
