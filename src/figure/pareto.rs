//! Which agreements of a drawing are not Pareto-optimal.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rug::Rational;

use crate::audit::solution::{GameSolution, Offers};
use crate::document::Axis;
use crate::expr::Expr;
use crate::prove::evaluate::{Point, Value, value};
use crate::solve::Enclosure;

/// Bits of the enclosures.
const BITS: u32 = 128;

/// What is greyed along an axis of agreements.
#[derive(Clone, Debug)]
pub struct Shade {
    pub parts: Vec<(f64, f64)>,
    /// Whether it is all that is not Pareto-optimal; else what another agreement of the axis dominates.
    pub is_whole: bool,
}

impl Shade {
    /// From the certified Pareto set where there is one, else by comparing the agreements of the axis with each
    /// other: with payoffs that are clipped or have several peaks the solver gives none.
    pub fn of(solution: Option<&GameSolution>, offers: &Offers, share: &Axis) -> Shade {
        match solution.and_then(|game| outside(game, share)) {
            Some(parts) => Shade { parts, is_whole: true },
            None => Shade { parts: dominated(offers, share), is_whole: false },
        }
    }
}

/// The parts of an axis outside of the certified Pareto set.
fn outside(game: &GameSolution, share: &Axis) -> Option<Vec<(f64, f64)>> {
    let ends: BTreeSet<_> = share.values.iter().collect();
    let (low, high) = (ends.first()?.to_f64(), ends.last()?.to_f64());
    let middle = |e: &Enclosure| e.ball().midpoint().map(|m| m.to_f64());
    let mut out = vec![];
    let mut from = low;
    for (a, b) in game.solved.pareto.as_ref().ok()? {
        out.push((from, middle(a)?.min(high)));
        from = from.max(middle(b)?);
    }
    out.push((from, high));
    Some(out.into_iter().filter(|(a, b)| b > a).collect())
}

/// The parts of an axis around agreements than which another one of the axis is better for somebody and worse for
/// nobody, for certain. Quadratic in the number of agreements.
fn dominated(offers: &Offers, share: &Axis) -> Vec<(f64, f64)> {
    let values: Vec<&Rational> = share.values.iter().collect::<BTreeSet<_>>().into_iter().collect();
    let payoffs: Vec<Option<Vec<(Rational, Rational)>>> = values
        .par_iter()
        .map(|v| {
            let at = Point::from([(share.symbol.clone(), (*v).clone())]);
            offers.payoffs.iter().map(|(_, u)| bounds(u, &at)).collect()
        })
        .collect();
    let is_dominated = |own: &Option<Vec<(Rational, Rational)>>| {
        own.as_ref().is_some_and(|own| payoffs.iter().flatten().any(|other| dominates(other, own)))
    };
    let marks: Vec<bool> = payoffs.iter().map(is_dominated).collect();
    let places: Vec<f64> = values.iter().map(|v| v.to_f64()).collect();
    let border = |i: usize, j: usize| (places[i] + places[j]) / 2.0;
    let mut out: Vec<(f64, f64)> = vec![];
    for i in (0..marks.len()).filter(|i| marks[*i]) {
        let from = if i == 0 { places[i] } else { border(i - 1, i) };
        let to = if i + 1 == places.len() { places[i] } else { border(i, i + 1) };
        match out.last_mut().filter(|(_, end)| *end == from) {
            Some(last) => last.1 = to,
            None => out.push((from, to)),
        }
    }
    out
}

/// Two rationals between which a term certainly lies.
fn bounds(e: &Expr, at: &Point) -> Option<(Rational, Rational)> {
    match value(e, at, BITS) {
        Value::Exact(q) => Some((q.clone(), q)),
        Value::Enclosed(ball) => Some((ball.lo().to_rational()?, ball.hi().to_rational()?)),
        _ => None,
    }
}

/// Whether the first payoffs are no smaller than the second ones and one of them is larger, for certain.
fn dominates(a: &[(Rational, Rational)], b: &[(Rational, Rational)]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.0 >= b.1) && a.iter().zip(b).any(|(a, b)| a.0 > b.1)
}
