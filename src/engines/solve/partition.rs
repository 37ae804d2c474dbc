//! The signs of a sum of powers over the whole range, certified.
//!
//! Method: the leading terms decide on neighbourhoods of the two ends. What is left is divided,
//! geometrically where its ends differ much in size, until on each cell the enclosure of the
//! function has one sign, or that of its derivative has one and the signs at the cell's ends
//! tell whether there is a zero between them (Moore, *Interval Analysis*, 1966, chapter 7).

use std::cmp::Ordering;
use std::rc::Rc;

use rug::Rational;

use super::SolveError;
use super::curve::{Curve, Smooth, Zero, middle};
use super::ends::AtEnd;
use super::place::{End, Place};
use super::powersum::{PowerSum, Range};
use super::site::Site;
use crate::ball::Ball;
use crate::exact::{Meter, simplest_between};

/// The precision at which cells are looked at.
const CELL_BITS: u32 = 192;
/// The precisions at which the sign at a point is looked for before it is tested for zero.
const POINT_BITS: [u32; 2] = [128, 384];
/// Those after that.
const FINE_BITS: [u32; 2] = [1536, 6144];
/// Cells narrower than this part of their distance from the end are left undecided.
const NARROWEST: u32 = 48;
/// Cells narrower than this part of it are searched for a rational zero.
const NARROW: u32 = 8;
/// Neighbourhoods of the ends are looked for down to 2^-this of the range.
const NEAREST: u32 = 1 << 14;

/// A zero, or a cluster of undecided signs, between two stretches of one sign each.
#[derive(Clone)]
pub(super) struct Mark {
    pub(super) site: Site,
    /// The signs below and above; `None` between two clusters.
    pub(super) before: Option<Ordering>,
    pub(super) after: Option<Ordering>,
}

impl Mark {
    /// Whether nothing is known of the signs on this site.
    pub(super) fn is_cluster(&self) -> bool {
        matches!(self.site, Site::Cluster { .. })
    }
}

/// The signs of a function inside the range.
#[derive(Clone)]
pub(super) enum Partition {
    /// It is zero everywhere.
    Zero,
    /// It is zero at most at the marks, which are in order.
    Signs { first: Ordering, marks: Vec<Mark>, last: Ordering },
}

enum Item {
    Sign(Ordering),
    Site(Site),
}

impl Partition {
    /// The certified signs of `sum` inside the range.
    ///
    /// Cost: some hundred evaluations for a function with a few simple zeros. `Err`: the budget,
    /// or cancellations at an end that are too deep.
    pub(super) fn of(sum: &PowerSum, range: &Range, meter: &Meter) -> Result<Partition, SolveError> {
        if sum.is_identically_zero(range)? {
            return Ok(Partition::Zero);
        }
        let curve: Rc<dyn Curve> = Rc::new(Smooth::new(sum, range)?);
        let half = range.width() / 2u32;
        let mut borders = vec![];
        for end in [End::Lower, End::Upper] {
            borders.push(AtEnd::new(sum, range, end)?.reached(meter)?);
        }
        let [lower, upper] = [&borders[0], &borders[1]];
        let mut cells = Cells { sum, curve, range, end: End::Lower, items: vec![], meter };
        let mut items = vec![Item::Sign(lower.1)];
        let centre = cells.around(&half)?;
        cells.divide((&lower.0, Some(lower.1)), (&centre.near.0, centre.near.1))?;
        items.append(&mut cells.items);
        items.extend(centre.items());
        cells.end = End::Upper;
        let beyond = range.width() - &centre.far.0;
        cells.divide((&upper.0, Some(upper.1)), (&beyond, centre.far.1))?;
        items.extend(cells.items.drain(..).rev());
        items.push(Item::Sign(upper.1));
        collect(items)
    }

    /// Where the function may be zero, unless it is zero everywhere.
    pub(super) fn marks(&self) -> &[Mark] {
        match self {
            Partition::Zero => &[],
            Partition::Signs { marks, .. } => marks,
        }
    }
    /// The sites of the marks.
    pub(super) fn sites(&self) -> impl Iterator<Item = &Site> {
        self.marks().iter().map(|m| &m.site)
    }
}

impl AtEnd<'_> {
    /// A distance up to which the function has its leading sign, end excluded, and that sign.
    fn reached(&self, meter: &Meter) -> Result<(Rational, Ordering), SolveError> {
        let mut shift = 1;
        while shift <= NEAREST {
            meter.charge(1)?;
            let x = self.range.width() >> shift;
            if self.enclosure(&x, CELL_BITS).and_then(|b| b.sign()) == Some(self.sign) {
                return Ok((x, self.sign));
            }
            shift *= 2;
        }
        Err(SolveError::Undecided("the sign of a slope near an end of the range"))
    }
}

struct Cells<'a> {
    sum: &'a PowerSum,
    curve: Rc<dyn Curve>,
    range: &'a Range,
    end: End,
    items: Vec<Item>,
    meter: &'a Meter,
}

type Border<'a> = (&'a Rational, Option<Ordering>);

/// A point that divides a cell: two distances from the end, equal unless the function is zero at
/// the point; then it has one sign from the nearer of the two to the zero, and one from there to
/// the farther.
struct Around {
    near: (Rational, Option<Ordering>),
    zero: Option<Rational>,
    far: (Rational, Option<Ordering>),
}

impl Around {
    /// In the order of the distance from the end.
    fn items(&self) -> Vec<Item> {
        let Some(zero) = &self.zero else { return vec![] };
        let sign = |s: Option<Ordering>| s.map(Item::Sign);
        let site = Item::Site(Site::Exact(zero.clone()));
        [sign(self.near.1), Some(site), sign(self.far.1)].into_iter().flatten().collect()
    }
}

impl Cells<'_> {
    /// The items inside a cell, in the order of the distance from the end.
    fn divide(&mut self, near: Border<'_>, far: Border<'_>) -> Result<(), SolveError> {
        let ((lo, at_lo), (hi, at_hi)) = (near, far);
        if lo >= hi {
            return Ok(());
        }
        self.meter.charge(1)?;
        let x = Ball::from_ends(lo, hi, CELL_BITS).map_err(|_| SolveError::TooLarge)?;
        let place = Place { end: self.end, x };
        if let Some(sign) = self.curve.value(&place, CELL_BITS).and_then(|v| v.sign()) {
            self.items.push(Item::Sign(sign));
            return Ok(());
        }
        if let Some(slope) = self.curve.slope(&place, CELL_BITS) {
            if slope.sign().is_some_and(|s| s != Ordering::Equal)
                && let (Some(a), Some(b)) = (at_lo, at_hi)
            {
                self.monotone((lo, a), (hi, b));
                return Ok(());
            }
            if let Some(sign) = self.mean_value(lo, hi, &slope) {
                self.items.push(Item::Sign(sign));
                return Ok(());
            }
        }
        let width = Rational::from(hi - lo);
        if Rational::from(&width << NARROWEST) < *lo {
            let (lo, hi) = (lo.clone(), hi.clone());
            self.items.push(Item::Site(Site::Cluster { end: self.end, lo, hi }));
            return Ok(());
        }
        let middle = match self.rational_zero(lo, hi, &width) {
            Some(zero) => zero,
            None => middle(lo, hi),
        };
        let around = self.around(&middle)?;
        self.divide(near, (&around.near.0, around.near.1))?;
        self.items.extend(around.items());
        self.divide((&around.far.0, around.far.1), far)
    }

    /// The sign on a cell that the value in its middle and the slopes on it show (the mean value
    /// form; Moore, chapter 6).
    fn mean_value(&self, lo: &Rational, hi: &Rational, slope: &Ball) -> Option<Ordering> {
        let m = Rational::from(lo + hi) / 2u32;
        let radius = Rational::from(hi - lo) / 2u32;
        let place = Place { end: self.end, x: Ball::from_rational(&m, CELL_BITS).ok()? };
        let reach = Ball::from_ends(&Rational::from(-&radius), &radius, CELL_BITS).ok()?;
        self.curve.value(&place, CELL_BITS)?.add(&slope.mul(&reach).ok()?).ok()?.sign()
    }

    /// The distance of a zero inside a narrow cell, if the simplest rational in it is one. At a
    /// multiple zero the signs beside it are found from there only.
    fn rational_zero(&self, lo: &Rational, hi: &Rational, width: &Rational) -> Option<Rational> {
        if Rational::from(width << NARROW) > *lo {
            return None;
        }
        let (a, b) = (self.end.share(lo, self.range), self.end.share(hi, self.range));
        let simplest =
            if a < b { simplest_between(Some(&a), Some(&b)) } else { simplest_between(Some(&b), Some(&a)) };
        let zero = simplest.filter(|s| self.curve.vanishes(s))?;
        Some((zero - self.end.of(self.range)) * self.end.direction())
    }

    /// What is known at a distance from the end, and around it if the function is zero there.
    fn around(&self, x: &Rational) -> Result<Around, SolveError> {
        let sign = self.sign_at(x)?;
        if sign != Some(Ordering::Equal) {
            return Ok(Around { near: (x.clone(), sign), zero: None, far: (x.clone(), sign) });
        }
        let zero = self.end.share(x, self.range);
        // The zero is an end of either part of the range.
        let below = Range { lower: self.range.lower.clone(), upper: zero.clone() };
        let above = Range { lower: zero.clone(), upper: self.range.upper.clone() };
        let below = AtEnd::new(self.sum, &below, End::Upper)?.reached(self.meter)?;
        let above = AtEnd::new(self.sum, &above, End::Lower)?.reached(self.meter)?;
        let (near, far) = if self.end == End::Lower { (below, above) } else { (above, below) };
        Ok(Around { near: (x - near.0, Some(near.1)), zero: Some(zero), far: (x + far.0, Some(far.1)) })
    }

    /// The items of a cell on which the function is strictly monotone; it is not zero at the
    /// cell's ends, from which zeros were kept away.
    fn monotone(&mut self, (lo, a): (&Rational, Ordering), (hi, b): (&Rational, Ordering)) {
        self.items.push(Item::Sign(a));
        if a == b.reverse() {
            let zero = Zero::new(self.curve.clone(), self.end, a, lo.clone(), hi.clone());
            self.items.push(Item::Site(Site::Zero(zero)));
            self.items.push(Item::Sign(b));
        }
    }

    /// The sign at a distance from the end; `None` if a number that is not zero is too small.
    fn sign_at(&self, x: &Rational) -> Result<Option<Ordering>, SolveError> {
        let at = |bits: &u32| {
            let x = Ball::from_rational(x, *bits).ok()?;
            self.curve.value(&Place { end: self.end, x }, *bits)?.sign()
        };
        self.meter.charge(1)?;
        if let Some(sign) = POINT_BITS.iter().find_map(at) {
            return Ok(Some(sign));
        }
        if self.curve.vanishes(&self.end.share(x, self.range)) {
            return Ok(Some(Ordering::Equal));
        }
        Ok(FINE_BITS.iter().find_map(at))
    }
}

/// Stretches of one sign are joined; sites get the signs beside them.
fn collect(items: Vec<Item>) -> Result<Partition, SolveError> {
    let mut signs: Vec<Option<Ordering>> = vec![None];
    let mut sites: Vec<Site> = vec![];
    for item in items {
        match item {
            Item::Site(site) => {
                sites.push(site);
                signs.push(None);
            }
            Item::Sign(sign) => {
                let last = signs.last_mut().expect("there is always one stretch more than sites");
                if last.is_some_and(|s| s != sign) {
                    return Err(SolveError::Undecided("the signs of a slope contradict each other"));
                }
                *last = Some(sign);
            }
        }
    }
    let contradiction = SolveError::Undecided("the signs of a slope at the ends of the range");
    let first = signs[0].ok_or(contradiction.clone())?;
    let last = signs[sites.len()].ok_or(contradiction)?;
    let marks = sites
        .into_iter()
        .enumerate()
        .map(|(i, site)| Mark { site, before: signs[i], after: signs[i + 1] })
        .collect();
    Ok(Partition::Signs { first, marks, last })
}
