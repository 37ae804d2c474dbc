//! Where the product of several gains is largest, without multiplying it out.
//!
//! Method: branch and bound (Moore, *Interval Analysis*, 1966; Tucker, *Validated Numerics*, 2011,
//! chapter 5). A cell of the range is dropped where somebody certainly does not gain, or where the
//! product is certainly smaller than at a share already seen. On what is left the slope of the
//! product's logarithm has one sign or falls, so that each cell holds one stationary share at most.

use std::cmp::Ordering;
use std::rc::Rc;

use rug::Rational;

use super::SolveError;
use super::curve::{Curve, Zero, middle};
use super::place::{End, Evaluator, Place};
use super::powersum::{PowerSum, Range};
use super::radical::Surd;
use super::site::Site;
use crate::ball::Ball;
use crate::exact::Meter;

/// The precision at which cells are looked at.
const CELL_BITS: u32 = 192;
/// The precisions at which the sign at a point is looked for.
const POINT_BITS: [u32; 3] = [128, 384, 1536];
/// Cells narrower than this part of their distance from the end are left undecided.
const NARROWEST: u32 = 48;
/// As are cells at an end that are narrower than this part of the range.
const NEAREST: u32 = 1 << 10;
/// Shares looked at first: every distance from an end halved so many times.
const SAMPLES: u32 = 24;

/// `sum of g'/g` over gains `g`: the slope of the logarithm of their product.
pub(super) struct LogSlope {
    range: Range,
    /// Each gain with its first two derivatives.
    gains: Vec<[Evaluator; 3]>,
}

impl LogSlope {
    pub(super) fn new(gains: &[Evaluator], range: &Range) -> Result<LogSlope, SolveError> {
        let derivatives = |g: &Evaluator| {
            let first = g.sum.derivative(range)?;
            let second = first.derivative(range)?;
            let new = |sum: PowerSum| Evaluator::new(sum, range);
            Ok::<_, SolveError>([new(g.sum.clone()), new(first), new(second)])
        };
        let gains = gains.iter().map(derivatives).collect::<Result<_, _>>()?;
        Ok(LogSlope { range: range.clone(), gains })
    }

    /// The gains at a place.
    fn gains(&self, place: &Place, bits: u32) -> Option<Vec<Ball>> {
        self.gains.iter().map(|[g, ..]| g.at(place, bits)).collect()
    }

    /// The product of the gains at a place.
    pub(super) fn product(&self, place: &Place, bits: u32) -> Option<Ball> {
        let one = Ball::from_int(1, bits);
        self.gains(place, bits)?.iter().try_fold(one, |product, g| product.mul(g).ok())
    }

    /// The product at a share at which every gain is rational.
    pub(super) fn exact_product(&self, share: &Rational) -> Result<Surd, SolveError> {
        let mut product = Rational::from(1);
        for [g, ..] in &self.gains {
            product *= g.sum.value(share, &self.range)?.as_rational().ok_or(SolveError::TooLarge)?;
        }
        Ok(Surd::rational(product))
    }

    /// `g'/g` and `g''/g` of each gain, where all of them are positive.
    fn ratios(&self, place: &Place, bits: u32) -> Option<Vec<[Ball; 2]>> {
        let ratio = |[g, first, second]: &[Evaluator; 3]| {
            let gain = g.at(place, bits)?;
            if *gain.lo() <= 0 {
                return None;
            }
            Some([first.at(place, bits)?.div(&gain).ok()?, second.at(place, bits)?.div(&gain).ok()?])
        };
        self.gains.iter().map(ratio).collect()
    }
}

impl Curve for LogSlope {
    fn value(&self, place: &Place, bits: u32) -> Option<Ball> {
        let zero = Ball::from_int(0, bits);
        self.ratios(place, bits)?.iter().try_fold(zero, |sum, [first, _]| sum.add(first).ok())
    }
    fn slope(&self, place: &Place, bits: u32) -> Option<Ball> {
        let zero = Ball::from_int(0, bits);
        self.ratios(place, bits)?.iter().try_fold(zero, |sum, [first, second]| {
            // A square is never negative, which a product of two enclosures does not know.
            let square = first.abs().mul(&first.abs()).ok()?;
            sum.add(&second.sub(&square).ok()?).ok()
        })
    }
    fn vanishes(&self, share: &Rational) -> bool {
        let rational = |e: &Evaluator| e.sum.value(share, &self.range).ok()?.as_rational();
        let ratio = |[g, first, _]: &[Evaluator; 3]| {
            let gain = rational(g).filter(|g| *g > 0)?;
            Some(rational(first)? / gain)
        };
        let ratios: Option<Vec<Rational>> = self.gains.iter().map(ratio).collect();
        ratios.is_some_and(|all| all.into_iter().sum::<Rational>() == 0)
    }
}

/// The shares among which the product of positive gains is largest.
///
/// Cost: some thousand evaluations of all gains. `Err`: certainly or possibly no share with
/// positive gains only, the budget, or a product that could not be told from its largest value
/// on a whole stretch.
pub(super) fn candidates(
    curve: &Rc<LogSlope>,
    range: &Range,
    meter: &Meter,
) -> Result<Vec<Site>, SolveError> {
    let mut search = Search { curve: curve.clone(), range, meter, floor: None, kept: vec![] };
    let half = range.width() / 2u32;
    for end in [End::Lower, End::Upper] {
        for k in 0..SAMPLES {
            search.sample(end, &Rational::from(&half >> k));
            search.sample(end, &(Rational::from(&half >> k) * Rational::from((3, 4))));
        }
    }
    for end in [End::Lower, End::Upper] {
        search.divide(end, &Rational::new(), &half)?;
    }
    search.sites()
}

/// A cell that may hold the largest product.
struct Cell {
    end: End,
    lo: Rational,
    hi: Rational,
    /// The sign of the slope, where it is one; else the slope falls.
    slope: Option<Ordering>,
}

struct Search<'a> {
    curve: Rc<LogSlope>,
    range: &'a Range,
    meter: &'a Meter,
    /// The largest product seen, everybody gaining.
    floor: Option<Ball>,
    kept: Vec<Cell>,
}

impl Search<'_> {
    fn sample(&mut self, end: End, x: &Rational) {
        let Ok(x) = Ball::from_rational(x, CELL_BITS) else { return };
        let Some(gains) = self.curve.gains(&Place { end, x }, CELL_BITS) else { return };
        let one = Ball::from_int(1, CELL_BITS);
        let product =
            gains.iter().try_fold(one, |product, g| if *g.lo() > 0 { product.mul(g).ok() } else { None });
        if let Some(product) = product
            && self.floor.as_ref().is_none_or(|f| product.lo() > f.lo())
        {
            self.floor = Some(product);
        }
    }

    /// Whether the product is certainly not the largest anywhere at the place.
    fn is_beaten(&self, place: &Place) -> bool {
        let Some(gains) = self.curve.gains(place, CELL_BITS) else { return false };
        if gains.iter().any(|g| *g.hi() <= 0) {
            return true;
        }
        // What counts are shares at which all gain: the product of the largest gains bounds it.
        let one = Ball::from_int(1, CELL_BITS);
        let most = gains.iter().try_fold(one, |product, g| product.mul(&g.upper_end()).ok());
        matches!((most, &self.floor), (Some(most), Some(floor)) if most.hi() < floor.lo())
    }

    fn divide(&mut self, end: End, lo: &Rational, hi: &Rational) -> Result<(), SolveError> {
        self.meter.charge(1)?;
        let x = Ball::from_ends(lo, hi, CELL_BITS).map_err(|_| SolveError::TooLarge)?;
        let place = Place { end, x };
        if self.is_beaten(&place) {
            return Ok(());
        }
        let cell = |slope| Cell { end, lo: lo.clone(), hi: hi.clone(), slope };
        let sign = self.curve.value(&place, CELL_BITS).and_then(|v| v.sign());
        if sign.is_some_and(Ordering::is_ne) {
            self.kept.push(cell(sign));
            return Ok(());
        }
        let falls = self.curve.slope(&place, CELL_BITS).and_then(|v| v.sign()) == Some(Ordering::Less);
        if *lo > 0 && falls {
            self.kept.push(cell(None));
            return Ok(());
        }
        let narrow = if *lo > 0 {
            Rational::from(hi - lo) << NARROWEST < *lo
        } else {
            *hi < self.range.width() >> NEAREST
        };
        if narrow {
            return Err(SolveError::Undecided("where the product of the gains is largest"));
        }
        let m = middle(lo, hi);
        self.sample(end, &m);
        self.divide(end, lo, &m)?;
        self.divide(end, &m, hi)
    }

    /// The stationary shares that are maxima, and the ends of the range towards which the product
    /// rises.
    fn sites(&self) -> Result<Vec<Site>, SolveError> {
        let mut sites = vec![];
        for cell in &self.kept {
            let x = Ball::from_ends(&cell.lo, &cell.hi, CELL_BITS).map_err(|_| SolveError::TooLarge)?;
            if self.is_beaten(&Place { end: cell.end, x }) {
                continue;
            }
            let outwards = if cell.end == End::Lower { Ordering::Less } else { Ordering::Greater };
            match cell.slope {
                Some(sign) if cell.lo == 0 && sign == outwards => {
                    sites.push(Site::Exact(cell.end.of(self.range).clone()));
                }
                Some(_) => {}
                None => sites.extend(self.stationary(cell, outwards)?),
            }
        }
        if sites.is_empty() {
            return Err(if self.kept.is_empty() {
                SolveError::NoAgreement
            } else {
                SolveError::Undecided("where the product of the gains is largest")
            });
        }
        Ok(sites)
    }

    /// The zero of the falling slope on a cell, its ends included.
    fn stationary(&self, cell: &Cell, outwards: Ordering) -> Result<Option<Site>, SolveError> {
        let (near, far) = (self.sign_at(cell.end, &cell.lo)?, self.sign_at(cell.end, &cell.hi)?);
        let exact = |x: &Rational| Some(Site::Exact(cell.end.share(x, self.range)));
        if near == Ordering::Equal {
            return Ok(exact(&cell.lo));
        }
        if far == Ordering::Equal {
            return Ok(exact(&cell.hi));
        }
        // Towards the inside of the range from the near side, and back from the far side.
        let peak = near == outwards.reverse() && far == outwards;
        let zero = || Zero::new(self.curve.clone(), cell.end, near, cell.lo.clone(), cell.hi.clone());
        Ok(peak.then(|| Site::Zero(zero())))
    }

    fn sign_at(&self, end: End, x: &Rational) -> Result<Ordering, SolveError> {
        let at = |bits: &u32| {
            let x = Ball::from_rational(x, *bits).ok()?;
            self.curve.value(&Place { end, x }, *bits)?.sign()
        };
        if let Some(sign) = POINT_BITS.iter().find_map(at) {
            return Ok(sign);
        }
        if self.curve.vanishes(&end.share(x, self.range)) {
            return Ok(Ordering::Equal);
        }
        Err(SolveError::Undecided("whether the product of the gains is stationary"))
    }
}
