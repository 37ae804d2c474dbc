//! Places on the range, measured from the nearer end, and the evaluation of sums of powers there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rug::Rational;

use super::powersum::{PowerSum, Range};
use crate::ball::Ball;

/// From which end of the range a place is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Lower,
    Upper,
}

impl End {
    pub(super) fn of(self, range: &Range) -> &Rational {
        match self {
            End::Lower => &range.lower,
            End::Upper => &range.upper,
        }
    }
    /// `1` where the share rises with the distance from this end, else `-1`.
    pub(super) fn direction(self) -> i32 {
        match self {
            End::Lower => 1,
            End::Upper => -1,
        }
    }
    /// The share at distance `x` from this end.
    pub(super) fn share(self, x: &Rational, range: &Range) -> Rational {
        self.of(range).clone() + Rational::from(x * self.direction())
    }
}

/// Shares at the distances in `x` from an end; at most half the range away from it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) end: End,
    pub(super) x: Ball,
}

impl Place {
    /// The share `s` itself.
    pub(super) fn exactly(s: &Rational, range: &Range, bits: u32) -> Option<Place> {
        let (below, above) = (Rational::from(s - &range.lower), Rational::from(&range.upper - s));
        let (end, x) = if below <= above { (End::Lower, below) } else { (End::Upper, above) };
        Some(Place { end, x: Ball::from_rational(&x, bits).ok()? })
    }

    /// The distances of the shares from `z`.
    pub(super) fn distance(&self, z: &Rational, range: &Range) -> Option<Ball> {
        let at_end = Rational::from(self.end.of(range) - z) * range.direction(z);
        if at_end == 0 {
            return Some(self.x.clone());
        }
        let start = Ball::from_rational(&at_end, self.x.bits()).ok()?;
        let towards = range.direction(z) != self.end.direction();
        if towards { start.sub(&self.x).ok() } else { start.add(&self.x).ok() }
    }

    /// The shares as a ball of `bits` bits.
    pub(super) fn share(&self, range: &Range, bits: u32) -> Option<Ball> {
        let start = Ball::from_rational(self.end.of(range), bits).ok()?;
        match self.end {
            End::Lower => start.add(&self.x).ok(),
            End::Upper => start.sub(&self.x).ok(),
        }
    }
}

/// A sum of powers with its constants enclosed at the precisions it was asked for.
#[derive(Debug)]
pub(super) struct Evaluator {
    pub(super) sum: PowerSum,
    range: Range,
    compiled: RefCell<BTreeMap<u32, Option<Rc<Compiled>>>>,
}

#[derive(Debug)]
struct Compiled {
    powers: Vec<(Rational, Rational)>,
    terms: Vec<(Ball, Vec<usize>)>,
}

impl Evaluator {
    pub(super) fn new(sum: PowerSum, range: &Range) -> Evaluator {
        Evaluator { sum, range: range.clone(), compiled: RefCell::default() }
    }

    /// All values at the place; `None` if some may be undefined or out of range.
    pub(super) fn at(&self, place: &Place, bits: u32) -> Option<Ball> {
        let compiled =
            self.compiled.borrow_mut().entry(bits).or_insert_with(|| compile(&self.sum, bits)).clone()?;
        let powers = compiled.powers.iter().map(|(z, e)| power(&place.distance(z, &self.range)?, e));
        let powers: Vec<Ball> = powers.collect::<Option<_>>()?;
        let mut sum = Ball::from_int(0, bits);
        for (c, used) in &compiled.terms {
            let product = used.iter().try_fold(c.clone(), |product, i| product.mul(&powers[*i]).ok())?;
            sum = sum.add(&product).ok()?;
        }
        Some(sum)
    }
}

/// `x^e` for distances `x >= 0`.
pub(super) fn power(x: &Ball, e: &Rational) -> Option<Ball> {
    if *e == 1 { Some(x.clone()) } else { x.pow_rational(e).ok() }
}

fn compile(sum: &PowerSum, bits: u32) -> Option<Rc<Compiled>> {
    let mut powers: Vec<(Rational, Rational)> = vec![];
    let mut terms = vec![];
    for (factors, c) in &sum.terms {
        let mut used = vec![];
        for (z, e) in factors {
            let same = powers.iter().position(|(y, f)| y == z && f == e);
            used.push(same.unwrap_or(powers.len()));
            if same.is_none() {
                powers.push((z.clone(), e.clone()));
            }
        }
        terms.push((c.ball(bits)?, used));
    }
    Some(Rc::new(Compiled { powers, terms }))
}
