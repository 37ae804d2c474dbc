//! Functions whose zeros are sought, and their zeros as certified brackets.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use rug::Rational;

use super::SolveError;
use super::place::{End, Evaluator, Place};
use super::powersum::{PowerSum, Range};
use crate::ball::Ball;
use crate::exact::{Meter, simplest_between};

/// The precision beyond which no zero is refined.
pub(super) const MOST_BITS: u32 = 1 << 14;
/// The denominators up to which a zero is tried for being rational.
const RATIONAL_BITS: u32 = 48;

/// A differentiable function of the share inside the range.
pub(super) trait Curve {
    /// An enclosure of the values at the place.
    fn value(&self, place: &Place, bits: u32) -> Option<Ball>;
    /// An enclosure of the derivatives by the share at the place.
    fn slope(&self, place: &Place, bits: u32) -> Option<Ball>;
    /// Whether the function is certainly zero at this share.
    fn vanishes(&self, share: &Rational) -> bool;
    /// The function as a sum of powers, if it is one.
    fn sum(&self) -> Option<&PowerSum> {
        None
    }
}

/// A sum of powers without factors that vanish at the ends, and its derivative.
#[derive(Debug)]
pub(super) struct Smooth {
    range: Range,
    value: Evaluator,
    slope: Evaluator,
}

impl Smooth {
    pub(super) fn new(sum: &PowerSum, range: &Range) -> Result<Smooth, SolveError> {
        let sum = sum.without_end_factors(range);
        let slope = Evaluator::new(sum.derivative(range)?, range);
        Ok(Smooth { range: range.clone(), value: Evaluator::new(sum, range), slope })
    }
}

impl Curve for Smooth {
    fn value(&self, place: &Place, bits: u32) -> Option<Ball> {
        self.value.at(place, bits)
    }
    fn slope(&self, place: &Place, bits: u32) -> Option<Ball> {
        self.slope.at(place, bits)
    }
    fn vanishes(&self, share: &Rational) -> bool {
        self.value.sum.value(share, &self.range).is_ok_and(|v| v.is_zero())
    }
    fn sum(&self) -> Option<&PowerSum> {
        Some(&self.value.sum)
    }
}

/// The zero of a curve between two distances `0 <= lo < hi` from an end: the curve has opposite
/// signs at (or just inside) the two, and exactly one zero between them.
#[derive(Clone)]
pub(super) struct Zero {
    pub(super) curve: Rc<dyn Curve>,
    pub(super) end: End,
    /// The sign near the smaller distance.
    pub(super) near: Ordering,
    /// Where it was found; the only zero of the curve there.
    found: (Rational, Rational),
    /// Shared by the copies, so that what one learns the others know.
    known: Rc<RefCell<Known>>,
}

struct Known {
    bracket: (Rational, Rational),
    /// Whether it is rational, once that was looked into.
    rational: Option<Option<Rational>>,
}

impl Zero {
    pub(super) fn new(curve: Rc<dyn Curve>, end: End, near: Ordering, lo: Rational, hi: Rational) -> Zero {
        let known = Known { bracket: (lo.clone(), hi.clone()), rational: None };
        Zero { curve, end, near, found: (lo, hi), known: Rc::new(RefCell::new(known)) }
    }

    /// Whether the other is a copy of this zero.
    pub(super) fn is_same(&self, other: &Zero) -> bool {
        Rc::ptr_eq(&self.known, &other.known)
    }

    /// Whether the other is certainly the mirror image of this zero in the centre of the range.
    pub(super) fn is_mirror_of(&self, other: &Zero, range: &Range) -> bool {
        let (lo, hi) = self.bracket();
        let mirrored = || {
            let (f, g) = (self.curve.sum()?.mirrored(range), other.curve.sum()?);
            let same = f.sub(g).and_then(|d| d.is_identically_zero(range)).ok()?;
            Some(same || f.add(g).and_then(|d| d.is_identically_zero(range)).ok()?)
        };
        self.end != other.end && lo >= other.found.0 && hi <= other.found.1 && mirrored() == Some(true)
    }

    /// The distances between which the zero is known to lie.
    pub(super) fn bracket(&self) -> (Rational, Rational) {
        self.known.borrow().bracket.clone()
    }

    /// The place of the zero to `bits` bits of its distance from the end.
    pub(super) fn place(&self, bits: u32, meter: &Meter) -> Result<Place, SolveError> {
        self.refine(bits, meter)?;
        let (lo, hi) = self.bracket();
        let x = Ball::from_ends(&lo, &hi, bits + 32).map_err(|_| SolveError::TooLarge)?;
        Ok(Place { end: self.end, x })
    }

    /// The zero, if it is a rational with a denominator of moderate size.
    pub(super) fn rational(&self, range: &Range, meter: &Meter) -> Result<Option<Rational>, SolveError> {
        if let Some(known) = self.known.borrow().rational.clone() {
            return Ok(known);
        }
        self.refine(2 * RATIONAL_BITS + 16, meter)?;
        let (lo, hi) = self.bracket();
        let (a, b) = (self.end.share(&lo, range), self.end.share(&hi, range));
        let simplest = match a.cmp(&b) {
            Ordering::Equal => Some(a),
            Ordering::Less => simplest_between(Some(&a), Some(&b)),
            Ordering::Greater => simplest_between(Some(&b), Some(&a)),
        };
        let short = simplest.filter(|q| q.denom().significant_bits() <= RATIONAL_BITS);
        let found = short.filter(|q| self.curve.vanishes(q));
        self.known.borrow_mut().rational = Some(found.clone());
        Ok(found)
    }

    fn refine(&self, bits: u32, meter: &Meter) -> Result<(), SolveError> {
        let mut working = bits.max(64) + 32;
        loop {
            let (lo, hi) = self.bracket();
            let width = Rational::from(&hi - &lo);
            if Rational::from(&width << bits) <= lo {
                return Ok(());
            }
            meter.charge(1)?;
            let next = self.narrowed(&lo, &hi, working);
            let narrower = Rational::from(&next.1 - &next.0) * 4u32 <= Rational::from(&width * 3u32);
            // Far from narrow, the order of magnitude is found first.
            let closer = next.0 >= Rational::from(&lo * 2u32) && next.0 > 0;
            self.known.borrow_mut().bracket = next;
            if !narrower && !closer {
                working *= 2;
                if working > MOST_BITS {
                    return Err(SolveError::Undecided("a zero could not be narrowed down further"));
                }
            }
        }
    }

    /// A smaller bracket, by Newton's interval operator if the slope keeps its sign, and by the
    /// sign in the middle if that gains too little.
    fn narrowed(&self, lo: &Rational, hi: &Rational, bits: u32) -> (Rational, Rational) {
        let width = Rational::from(hi - lo);
        let mut best = (lo.clone(), hi.clone());
        // Newton pays once the bracket is narrow against its distance from the end.
        if *lo > 0
            && Rational::from(&width * 4u32) <= *lo
            && let Some((a, b)) = self.newton(lo, hi, bits)
        {
            best = (a, b);
        }
        if Rational::from(&best.1 - &best.0) * 2u32 <= width {
            return best;
        }
        // The middle may be the zero itself, whose sign no precision shows.
        let m = middle(&best.0, &best.1);
        let aside = middle(&best.0, &m);
        for m in [m, aside] {
            match self.sign_at(&m, bits) {
                Some(Ordering::Equal) => return (m.clone(), m),
                Some(s) if s == self.near => return (m, best.1),
                Some(_) => return (best.0, m),
                None => {}
            }
        }
        best
    }

    fn sign_at(&self, x: &Rational, bits: u32) -> Option<Ordering> {
        let x = Ball::from_rational(x, bits).ok()?;
        self.curve.value(&Place { end: self.end, x }, bits)?.sign()
    }

    fn newton(&self, lo: &Rational, hi: &Rational, bits: u32) -> Option<(Rational, Rational)> {
        let whole = Ball::from_ends(lo, hi, bits).ok()?;
        let m = Ball::from_rational(&middle(lo, hi), bits).ok()?;
        let slope = self.curve.slope(&Place { end: self.end, x: whole.clone() }, bits)?;
        let value = self.curve.value(&Place { end: self.end, x: m.clone() }, bits)?;
        let step = value.div(&slope).ok()?;
        // The slope is by the share; the distance from the upper end falls as the share rises.
        let next = match self.end {
            End::Lower => m.sub(&step).ok()?,
            End::Upper => m.add(&step).ok()?,
        };
        let next = next.intersect(&whole)?;
        let (a, b) = (next.lo().to_rational()?, next.hi().to_rational()?);
        Some((a.max(lo.clone()), b.min(hi.clone())))
    }
}

/// A short number strictly between `0 <= lo < hi`: near the geometric mean where they are far
/// apart in size.
pub(super) fn middle(lo: &Rational, hi: &Rational) -> Rational {
    if *lo == 0 {
        return shortened(&Rational::from(hi >> 16), hi);
    }
    if Rational::from(lo * 4u32) < *hi {
        let power = (size(lo) + size(hi)).div_euclid(2);
        let one = Rational::from(1);
        let mean = if power >= 0 { one << power.unsigned_abs() } else { one >> power.unsigned_abs() };
        if mean > *lo && mean < *hi {
            return mean;
        }
    }
    shortened(&(Rational::from(lo + hi) / 2u32), &Rational::from(hi - lo))
}

/// The binary exponent of `x > 0`, give or take one.
pub(super) fn size(x: &Rational) -> i32 {
    let bits = |n: u32| i32::try_from(n).unwrap_or(i32::MAX / 2);
    bits(x.numer().significant_bits()) - bits(x.denom().significant_bits())
}

/// A dyadic number within `scale / 4` of `x`, never further from zero than `x` by more.
fn shortened(x: &Rational, scale: &Rational) -> Rational {
    let digits = 20 - size(scale).min(size(x));
    let scaled = if digits >= 0 {
        Rational::from(x << digits.unsigned_abs())
    } else {
        Rational::from(x >> digits.unsigned_abs())
    };
    let whole = scaled.round();
    if digits >= 0 { whole >> digits.unsigned_abs() } else { whole << digits.unsigned_abs() }
}
