//! The real line above a point, cut at the roots of the polynomials met so far.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::pool::{Id, Pool};
use crate::exact::{Coord, Exhausted, Meter, Point, Poly, Roots};

/// How polynomials are projected and what keeps them invariant on a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Projection {
    /// Order-invariance; no polynomial may vanish identically above a sample point (McCallum).
    McCallum,
    /// Valuation-invariance, with Lazard's evaluation above sample points.
    Lazard,
}

/// Why a step of the search stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    Exhausted(Exhausted),
    /// A polynomial vanishes identically above a sample point.
    Nullified,
}

impl From<Exhausted> for Stop {
    fn from(e: Exhausted) -> Self {
        Stop::Exhausted(e)
    }
}

/// A root on the line: stays the same when other roots are added.
pub type RootId = usize;

/// A place on the line: `2i` is the open gap below the `i`-th root, `2i + 1` the root itself.
pub type Place = usize;

/// The roots above a point of the polynomials entered so far, in order.
#[derive(Default)]
pub struct Line {
    roots: Vec<Coord>,
    order: Vec<RootId>,
    of: BTreeMap<Id, Vec<RootId>>,
}

/// A cell on the line: a root alone, or the open interval between two roots.
#[derive(Clone, Debug)]
pub struct Extent {
    pub lower: Option<RootId>,
    pub upper: Option<RootId>,
    /// Whether the cell is the root itself (`lower` and `upper` are equal).
    pub section: bool,
}

/// The polynomial whose roots above the point stand for those of `p`.
pub fn above(point: &mut Point, p: &Poly, how: Projection, meter: &Meter) -> Result<Vec<Coord>, Stop> {
    match (point.roots(p, meter)?, how) {
        (Roots::Some(roots), _) => Ok(roots),
        (Roots::Nullified, Projection::McCallum) => Err(Stop::Nullified),
        (Roots::Nullified, Projection::Lazard) => {
            let left = point.lazard(p, meter)?;
            match point.roots(&left, meter)? {
                Roots::Some(roots) => Ok(roots),
                Roots::Nullified => Err(Stop::Nullified),
            }
        }
    }
}

impl Line {
    /// Enters the roots of a polynomial above the point.
    pub fn enter(
        &mut self,
        id: Id,
        pool: &Pool,
        point: &mut Point,
        how: Projection,
        meter: &Meter,
    ) -> Result<(), Stop> {
        if self.of.contains_key(&id) {
            return Ok(());
        }
        let mut own = vec![];
        for mut root in above(point, pool.poly(id), how, meter)? {
            let place = self.find(&mut root, point, meter)?;
            own.push(if place % 2 == 1 {
                self.order[place / 2]
            } else {
                self.roots.push(root);
                self.order.insert(place / 2, self.roots.len() - 1);
                self.roots.len() - 1
            });
        }
        self.of.insert(id, own);
        Ok(())
    }

    /// Where a number lies.
    pub fn find(&mut self, x: &mut Coord, point: &mut Point, meter: &Meter) -> Result<Place, Exhausted> {
        let (mut low, mut high) = (0, self.order.len());
        while low < high {
            let middle = (low + high) / 2;
            let root = &mut self.roots[self.order[middle]];
            match point.compare(x, root, meter)? {
                Ordering::Equal => return Ok(2 * middle + 1),
                Ordering::Less => high = middle,
                Ordering::Greater => low = middle + 1,
            }
        }
        Ok(2 * low)
    }

    /// The roots of a polynomial that was entered.
    pub fn roots_of(&self, id: Id) -> &[RootId] {
        self.of.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The place of a root.
    pub fn place(&self, root: RootId) -> Place {
        2 * self.order.iter().position(|r| *r == root).expect("a root of this line") + 1
    }

    /// The largest place.
    pub fn end(&self) -> Place {
        2 * self.order.len()
    }

    /// The cell around a number on which none of the polynomials changes its sign.
    pub fn extent(&self, place: Place, ids: impl Iterator<Item = Id>) -> Extent {
        let mut below: Option<(Place, RootId)> = None;
        let mut above: Option<(Place, RootId)> = None;
        for id in ids {
            for root in self.roots_of(id) {
                let at = self.place(*root);
                if at <= place && below.is_none_or(|(p, _)| at > p) {
                    below = Some((at, *root));
                }
                if at >= place && above.is_none_or(|(p, _)| at < p) {
                    above = Some((at, *root));
                }
            }
        }
        let section = below.is_some_and(|(p, _)| p == place);
        Extent { lower: below.map(|(_, r)| r), upper: above.map(|(_, r)| r), section }
    }

    /// The places that a cell covers, first and last.
    pub fn places(&self, e: &Extent) -> (Place, Place) {
        let lower = e.lower.map(|r| self.place(r));
        let upper = e.upper.map(|r| self.place(r));
        match (e.section, lower, upper) {
            (true, Some(p), _) => (p, p),
            (_, l, u) => (l.map_or(0, |p| p + 1), u.map_or(self.end(), |p| p - 1)),
        }
    }

    /// A number that none of the cells contains, and whether it is a root; `None` if they cover
    /// the line. Rational numbers in open gaps are preferred, simple ones first.
    pub fn uncovered(
        &mut self,
        cells: impl Iterator<Item = Extent>,
        point: &mut Point,
        meter: &Meter,
    ) -> Result<Option<(Coord, Place)>, Exhausted> {
        let mut free: BTreeSet<Place> = (0..=self.end()).collect();
        for e in cells {
            let (a, b) = self.places(&e);
            (a..=b).for_each(|p| {
                free.remove(&p);
            });
        }
        let Some(start) = free.iter().copied().find(|p| p % 2 == 0) else {
            let section = free.first().copied();
            return Ok(section.map(|p| (self.roots[self.order[p / 2]].clone(), p)));
        };
        let mut last = start;
        while free.contains(&(last + 1)) {
            last += 1;
        }
        // The run from `start` to `last` is free; `start` is a gap.
        let low = start.checked_sub(1).map(|p| self.roots[self.order[p / 2]].clone());
        let end = if last % 2 == 0 { last + 1 } else { last };
        let high = self.order.get(end / 2).map(|r| self.roots[*r].clone());
        let r = point.between(low.clone(), high, meter)?;
        let mut sample = Coord::Rational(r);
        let place = self.find(&mut sample, point, meter)?;
        if place % 2 == 0 {
            return Ok(Some((sample, place)));
        }
        let next = self.order.get(start / 2).map(|r| self.roots[*r].clone());
        let r = point.between(low, next, meter)?;
        Ok(Some((Coord::Rational(r), start)))
    }
}
