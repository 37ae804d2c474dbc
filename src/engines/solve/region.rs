//! Where a function of several symbols is largest on a part of a box.
//!
//! Method: branch and bound in interval arithmetic with the monotonicity and concavity tests (Hansen
//! and Walster, *Global Optimization Using Interval Analysis*, 2nd ed. 2004, chapter 12). A cell is
//! dropped where a condition certainly fails, where the function is certainly smaller than at a place
//! already seen, or where it certainly rises towards a neighbour; what is left falls into clusters. A
//! maximum exists in one of them, and a cluster inside of the region on which the function is strictly
//! concave has only one.

use std::cmp::Ordering;

use rug::Rational;

use super::SolveError;
use super::jet::{Jet, Order, Slopes};
use crate::ball::Ball;
use crate::exact::{Meter, simplest_between};
use crate::expr::derive::derivative;
use crate::expr::fold::fold;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Symbol};

/// The precision at which cells are looked at.
const CELL_BITS: u32 = 96;
/// Cells that may be looked at in one search.
const MOST_CELLS: usize = 8_000;
/// Clusters are looked for among at most so many cells.
const MOST_LEFT: usize = 100;
/// How often the box is halved.
const LEVELS: usize = 80;
/// Places at which the function is looked at first, along each symbol.
const SAMPLES: u32 = 12;

/// A box and what holds of the places in it that count.
pub(super) struct Region {
    pub symbols: Vec<Symbol>,
    /// The ends of each symbol's closed range.
    pub ends: Vec<(Rational, Rational)>,
    /// Terms that are not negative at the places that count.
    pub conditions: Vec<Expr>,
}

/// A product that is to be largest.
pub(super) struct Goal {
    pub factors: Vec<Expr>,
    /// Whether only places count at which every factor is positive.
    pub positive: bool,
}

/// Where the largest value of a concave cluster lies.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    /// Between which numbers each symbol lies.
    pub sides: Vec<(Rational, Rational)>,
    /// Whether the symbol is at an end of its range.
    pub fixed: Vec<bool>,
}

impl Cluster {
    pub fn balls(&self, bits: u32) -> Option<Vec<Ball>> {
        self.sides.iter().map(|(a, b)| Ball::from_ends(a, b, bits).ok()).collect()
    }

    fn centre(&self) -> Vec<Rational> {
        self.sides.iter().map(|(a, b)| simple_inside(a, b)).collect()
    }

    /// The symbols that are not fixed.
    pub fn free(&self) -> Vec<usize> {
        (0..self.fixed.len()).filter(|i| !self.fixed[*i]).collect()
    }

    /// Whether two cells with the same symbols fixed at the same ends have a place in common.
    fn touches(&self, other: &Cluster) -> bool {
        let meet = |((a, b), (c, d)): (&(Rational, Rational), &(Rational, Rational))| a <= d && c <= b;
        self.fixed == other.fixed && self.sides.iter().zip(&other.sides).all(meet)
    }

    fn hull(&self, other: &Cluster) -> Cluster {
        let hull = |((a, b), (c, d)): (&(Rational, Rational), &(Rational, Rational))| {
            (a.min(c).clone(), b.max(d).clone())
        };
        let sides = self.sides.iter().zip(&other.sides).map(hull).collect();
        Cluster { sides, fixed: self.fixed.clone() }
    }
}

/// A short number in the middle half of an interval.
fn simple_inside(a: &Rational, b: &Rational) -> Rational {
    let quarter = Rational::from(b - a) / 4u32;
    let (low, high) = (Rational::from(a + &quarter), Rational::from(b - &quarter));
    simplest_between(Some(&low), Some(&high)).unwrap_or(low)
}

/// What is known of the product on a box.
struct Look {
    product: Jet,
    /// No factor that has to be positive certainly fails to be, nor does a condition.
    may_count: bool,
    /// Every place of the box counts, with room to move.
    counts: bool,
    /// Above all values at places that count.
    most: Ball,
    /// The slopes of every factor.
    factors: Option<Vec<Slopes>>,
    /// Conditions that may be met with equality, with the slopes by the symbols that they name.
    tight: Vec<Vec<Option<Ball>>>,
}

struct Search<'a> {
    region: &'a Region,
    goal: &'a Goal,
    meter: &'a Meter,
    /// The largest value seen at a place that counts.
    floor: Option<Ball>,
    left: usize,
}

/// The clusters among which the product is largest: it is so in one of them, and in none but these.
///
/// `Err`: [`SolveError::Disagreement`] if no place counts; no certain answer within the budget.
pub(super) fn clusters(region: &Region, goal: &Goal, meter: &Meter) -> Result<Vec<Cluster>, SolveError> {
    Search { region, goal, meter, floor: None, left: MOST_CELLS }.run()
}

impl Search<'_> {
    fn run(&mut self) -> Result<Vec<Cluster>, SolveError> {
        let whole = Cluster { sides: self.region.ends.clone(), fixed: vec![false; self.region.ends.len()] };
        self.sample_all();
        let mut cells = vec![whole];
        for level in 0..LEVELS {
            let mut kept: Vec<Cluster> = vec![];
            for cell in cells {
                kept.extend(self.pruned(cell)?);
            }
            if kept.is_empty() {
                return Err(match &self.floor {
                    None => SolveError::Disagreement,
                    Some(_) => SolveError::Undecided("where the largest value is"),
                });
            }
            // A place that is left at the first levels says little about where the others are.
            if level >= 2
                && kept.len() <= MOST_LEFT
                && let Some(found) = self.resolved(&kept)
            {
                return Ok(found);
            }
            cells = kept.into_iter().flat_map(|c| self.halves(c)).collect();
        }
        Err(self.undecided())
    }

    fn undecided(&self) -> SolveError {
        SolveError::Undecided(match self.floor {
            None => "whether some agreement gives every player more than without one",
            Some(_) => "that the largest value is attained at one place inside of what may be agreed on",
        })
    }

    fn sample_all(&mut self) {
        let n = self.region.ends.len() as u32;
        let Some(all) = SAMPLES.checked_pow(n).filter(|all| *all <= 20_000) else { return };
        for mut k in 0..all {
            let place = self.region.ends.iter().map(|(a, b)| {
                let step = k % SAMPLES;
                k /= SAMPLES;
                a.clone() + Rational::from(b - a) * Rational::from((2 * step + 1, 2 * SAMPLES))
            });
            self.sample(&place.collect::<Vec<_>>());
        }
    }

    fn sample(&mut self, place: &[Rational]) {
        let sides = place.iter().map(|q| (q.clone(), q.clone())).collect();
        let point = Cluster { sides, fixed: vec![true; place.len()] };
        if let Some(look) = self.look(&point, Order::First)
            && look.counts
            && self.floor.as_ref().is_none_or(|f| look.product.value.lo() > f.lo())
        {
            self.floor = Some(look.product.value);
        }
    }

    /// `None` if something may be undefined on the cell.
    fn look(&self, cell: &Cluster, order: Order) -> Option<Look> {
        let at = cell.balls(CELL_BITS)?;
        let jet = |e: &Expr| Jet::of(e, &self.region.symbols, &at, CELL_BITS, order);
        let zero = Ball::from_int(0, CELL_BITS);
        let (mut may_count, mut counts, mut tight) = (true, true, vec![]);
        for condition in &self.region.conditions {
            let jet = jet(condition)?;
            may_count &= *jet.value.hi() >= 0;
            if *jet.value.lo() <= 0 {
                counts = false;
                tight.push(self.slopes(condition, jet.slopes));
            }
        }
        let factors: Vec<Jet> = self.goal.factors.iter().map(jet).collect::<Option<_>>()?;
        let one = Jet::constant(Ball::from_int(1, CELL_BITS), at.len(), order);
        let product = factors.iter().try_fold(one, |product, f| product.mul(f))?;
        let mut most = product.value.clone();
        if self.goal.positive {
            may_count &= factors.iter().all(|f| *f.value.hi() > 0);
            counts &= factors.iter().all(|f| *f.value.lo() > 0);
            let ends = factors.iter().map(|f| f.value.upper_end().max(&zero));
            most = ends.into_iter().try_fold(Ball::from_int(1, CELL_BITS), |m, f| m.mul(&f).ok())?;
        }
        let factors = factors.into_iter().map(|f| f.slopes).collect();
        Some(Look { product, may_count, counts, most, factors, tight })
    }

    /// The slopes of a condition, a zero for each symbol that it does not name.
    fn slopes(&self, condition: &Expr, slopes: Option<Slopes>) -> Vec<Option<Ball>> {
        let zero = Ball::from_int(0, CELL_BITS);
        let of = |(i, x): (usize, &Symbol)| match condition.mentions(x) {
            true => slopes.as_ref().map(|s| s.first[i].clone()),
            false => Some(zero.clone()),
        };
        self.region.symbols.iter().enumerate().map(of).collect()
    }

    /// The cell, or what of it may hold the largest value.
    fn pruned(&mut self, mut cell: Cluster) -> Result<Option<Cluster>, SolveError> {
        loop {
            self.meter.charge(1)?;
            self.left = self.left.checked_sub(1).ok_or_else(|| self.undecided())?;
            let Some(look) = self.look(&cell, Order::First) else { return Ok(Some(cell)) };
            let beaten = self.floor.as_ref().is_some_and(|f| look.most.hi() < f.lo());
            if !look.may_count || beaten {
                return Ok(None);
            }
            let moved = cell.free().into_iter().find_map(|i| Some((i, look.rises(i, self.goal.positive)?)));
            let Some((i, upwards)) = moved else { return Ok(Some(cell)) };
            // From every place of the cell that counts a move in this direction keeps counting and
            // gains, as far as the cell reaches and, unless the range ends there, beyond.
            let (low, high) = &cell.sides[i];
            let end = if upwards { high } else { low }.clone();
            let of_range = if upwards { &self.region.ends[i].1 } else { &self.region.ends[i].0 };
            if end != *of_range {
                return Ok(None);
            }
            cell.sides[i] = (end.clone(), end);
            cell.fixed[i] = true;
        }
    }

    fn halves(&mut self, cell: Cluster) -> Vec<Cluster> {
        let relative = |i: &usize| {
            let ((a, b), (c, d)) = (&cell.sides[*i], &self.region.ends[*i]);
            Rational::from(b - a) / Rational::from(d - c)
        };
        let Some(widest) = cell.free().into_iter().max_by_key(relative) else { return vec![cell] };
        self.sample(&cell.centre());
        let (a, b) = cell.sides[widest].clone();
        let middle = Rational::from(&a + &b) / 2u32;
        let with = |side| {
            let mut part = cell.clone();
            part.sides[widest] = side;
            part
        };
        vec![with((a, middle.clone())), with((middle, b))]
    }

    /// The clusters of cells, if each holds one stationary place at most.
    fn resolved(&self, cells: &[Cluster]) -> Option<Vec<Cluster>> {
        let mut clusters: Vec<Vec<&Cluster>> = vec![];
        for cell in cells {
            let (near, mut rest): (Vec<_>, Vec<_>) =
                clusters.into_iter().partition(|c| c.iter().any(|other| other.touches(cell)));
            rest.push(near.into_iter().flatten().chain([cell]).collect());
            clusters = rest;
        }
        let hull = |all: &Vec<&Cluster>| {
            let first = (*all.first()?).clone();
            Some(all.iter().fold(first, |hull, c| hull.hull(c)))
        };
        let hulls: Vec<Cluster> = clusters.iter().map(hull).collect::<Option<_>>()?;
        hulls.into_iter().map(|h| if self.has_one_peak(&h) { Some(h) } else { self.corner(&h) }).collect()
    }

    /// Whether a largest value in the cluster is at its only stationary place.
    fn has_one_peak(&self, cluster: &Cluster) -> bool {
        let inside = |i: usize| {
            let ((a, b), (c, d)) = (&cluster.sides[i], &self.region.ends[i]);
            a > c && b < d
        };
        let free = cluster.free();
        let Some(look) = self.look(cluster, Order::Second) else { return false };
        let counts = look.counts && free.iter().all(|i| inside(*i));
        counts && look.product.slopes.is_some_and(|s| is_concave(&s, &free))
    }
}

impl Search<'_> {
    /// The corner of the range in a cluster on which the product is strictly concave, if it certainly
    /// does not rise from there: that it may be stationary there no slope in a cell shows.
    fn corner(&self, cluster: &Cluster) -> Option<Cluster> {
        let free = cluster.free();
        let mut place = cluster.clone();
        let mut signs = vec![];
        for i in &free {
            let ((a, b), (c, d)) = (&cluster.sides[*i], &self.region.ends[*i]);
            let (end, inwards) = match (a == c, b == d) {
                (true, false) => (c, Ordering::Greater),
                (false, true) => (d, Ordering::Less),
                _ => return None,
            };
            place.sides[*i] = (end.clone(), end.clone());
            place.fixed[*i] = true;
            signs.push((*i, inwards));
        }
        let look = self.look(cluster, Order::Second)?;
        let concave = look.counts && look.product.slopes.is_some_and(|s| is_concave(&s, &free));
        let ends = place.sides.iter().map(|(a, _)| Expr::Num(a.clone()));
        let at: Substitution = self.region.symbols.iter().cloned().zip(ends).collect();
        let product = Expr::Mul(self.goal.factors.clone());
        let rises = |(i, inwards): &(usize, Ordering)| {
            let slope = derivative(&product, &self.region.symbols[*i])?;
            match fold(&slope.substitute_all(&at)) {
                Expr::Num(q) => Some(q.cmp0() == *inwards),
                _ => None,
            }
        };
        (concave && signs.iter().all(|s| rises(s) == Some(false))).then_some(place)
    }
}

impl Look {
    /// The direction in which the product certainly rises with a symbol while places keep counting;
    /// whether that is upwards.
    fn rises(&self, i: usize, positive: bool) -> Option<bool> {
        let sign = |s: &Slopes| s.first[i].sign().filter(|o| o.is_ne());
        let whole = || sign(self.product.slopes.as_ref()?).filter(|_| !positive || self.counts);
        let each = || {
            let signs: Vec<_> = self.factors.as_ref()?.iter().map(sign).collect::<Option<_>>()?;
            signs.iter().all(|s| *s == signs[0]).then(|| signs[0]).filter(|_| positive)
        };
        let upwards = whole().or_else(each)? == Ordering::Greater;
        // A slope that is zero at one place only need not keep a condition beyond it.
        let away = if upwards { Ordering::Greater } else { Ordering::Less };
        let keeps = |s: &Vec<Option<Ball>>| {
            s[i].as_ref().is_some_and(|s| s.sign() == Some(away) || s.sign() == Some(Ordering::Equal))
        };
        self.tight.iter().all(keeps).then_some(upwards)
    }
}

/// Whether all second derivatives of these symbols together are certainly negative definite: all
/// pivots of Gaussian elimination of their negatives are positive, and with them all leading minors.
fn is_concave(slopes: &Slopes, free: &[usize]) -> bool {
    let rows = free.iter().map(|i| free.iter().map(|j| slopes.second[*i][*j].neg()).collect());
    let zeros = free.iter().map(|_| Ball::from_int(0, CELL_BITS)).collect();
    eliminated(rows.collect(), zeros).is_some()
}

/// Encloses every solution of `A x = b` for the matrices and vectors in the enclosures, by Gaussian
/// elimination without exchanges; `None` unless all pivots are positive.
pub(super) fn eliminated(mut a: Vec<Vec<Ball>>, mut b: Vec<Ball>) -> Option<Vec<Ball>> {
    let n = b.len();
    for k in 0..n {
        let (above, below) = a.split_at_mut(k + 1);
        let pivots = &above[k];
        if *pivots[k].lo() <= 0 {
            return None;
        }
        let start = b[k].clone();
        for (row, side) in below.iter_mut().zip(&mut b[k + 1..]) {
            let factor = row[k].div(&pivots[k]).ok()?;
            for (entry, pivot) in row.iter_mut().zip(pivots).skip(k + 1) {
                *entry = entry.sub(&factor.mul(pivot).ok()?).ok()?;
            }
            *side = side.sub(&factor.mul(&start).ok()?).ok()?;
        }
    }
    let mut x: Vec<Ball> = vec![];
    for k in (0..n).rev() {
        let known = x.iter().rev().zip(&a[k][k + 1..]);
        let rest = known.map(|(x, a)| a.mul(x).ok()).try_fold(b[k].clone(), |s, p| s.sub(&p?).ok())?;
        x.push(rest.div(&a[k][k]).ok()?);
    }
    x.reverse();
    Some(x)
}
