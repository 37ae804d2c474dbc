//! Where a term of one symbol seems to be smallest: a guess in double precision, for the search.

use std::collections::BTreeMap;

use rug::Rational;

use crate::expr::{Expr, Symbol};
use crate::prove::approximate::approximate;
use crate::prove::range::{End, Range};

/// Points on the first grid.
const GRID: i32 = 96;
/// Halvings of the bracket around the smallest.
const ROUNDS: usize = 60;

/// Simple rationals near the place in the range at which the term seems to be smallest: one as
/// near as can be told, where the term may vanish, and one well below and one well above it.
pub(super) fn around_minimum(e: &Expr, s: &Symbol, range: &Range) -> Option<[Rational; 3]> {
    let at = |x: f64| approximate(e, &BTreeMap::from([(s.clone(), x)])).unwrap_or(f64::INFINITY);
    let place = |i: f64| from_unit(range, i / f64::from(GRID));
    let best = (1..GRID).map(f64::from).min_by(|a, b| at(place(*a)).total_cmp(&at(place(*b))))?;
    let (mut low, mut high) = (best - 1.0, best + 1.0);
    for _ in 0..ROUNDS {
        let third = (high - low) / 3.0;
        if at(place(low + third)) <= at(place(high - third)) {
            high -= third;
        } else {
            low += third;
        }
    }
    let found = place((low + high) / 2.0);
    let (below, above) = (place((best - 3.0).max(0.5)), place((best + 3.0).min(f64::from(GRID) - 0.5)));
    let near = simple(found - 1e-5 * (1e-3 + found.abs()), found + 1e-5 * (1e-3 + found.abs()))?;
    let below = simple(below, (below + found) / 2.0)?;
    let above = simple((above + found) / 2.0, above)?;
    Some([near, below, above])
}

/// The range as the image of the open unit interval.
fn from_unit(range: &Range, u: f64) -> f64 {
    let end = |e: &Option<End>| e.as_ref().map(|e| e.at.to_f64());
    match (end(&range.lower), end(&range.upper)) {
        (Some(a), Some(b)) => a + (b - a) * u,
        (Some(a), None) => a + u / (1.0 - u),
        (None, Some(b)) => b - (1.0 - u) / u,
        (None, None) => (u - 0.5) / (u * (1.0 - u)),
    }
}

fn simple(a: f64, b: f64) -> Option<Rational> {
    let end = |x: f64| Some(End { at: Rational::from_f64(x)?, open: false });
    Range { lower: Some(end(a)?), upper: Some(end(b)?) }.simplest()
}
