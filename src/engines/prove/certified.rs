//! Proof by branch and bound: a formula at every point of a box of reals.
//!
//! * **Takes** a formula, a closed box with rational ends, a budget.
//! * **Gives** a certificate (how the box is cut into parts on each of which enclosures show the
//!   formula), a point at which the formula certainly fails, or the part left undecided.
//! * **May call** `expr`, `ball`.
//!
//! "Holds" means true: at a point where the formula is undefined it does not hold. Method:
//! bisection with interval enclosures (A. Neumaier, *Interval Methods for Systems of
//! Equations*, 1990, §5.6). A relation that is an equality somewhere inside a part, not at an
//! end of it, is never decided by enclosures: such claims end undecided.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use rug::Rational;
use serde::{Deserialize, Serialize};

use super::evaluate::{Point, Truth, truth};
use super::over_box::{Judge, Sides};
use super::range::{End, Range};
use crate::ball::Ball;
use crate::expr::{Formula, Symbol};

/// A closed box: the lower and upper end for each symbol.
pub type Region = BTreeMap<Symbol, (Rational, Rational)>;

/// The precision to which points are evaluated in search of a counterexample.
const POINT_BITS: u32 = 256;

/// The largest number of symbols whose corners are all looked at.
const MOST_CORNERS: usize = 8;

/// How much work may be done.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// The number of parts looked at.
    pub parts: usize,
    /// The precision of the enclosures.
    pub bits: u32,
    /// A safety net: when it has passed, the part in hand is left undecided.
    pub deadline: Option<Instant>,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { parts: 10_000, bits: 96, deadline: None }
    }
}

/// The end of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Proved(Certificate),
    /// A point of the box at which the formula is certainly not true, and whether it is `False`
    /// or `Undefined` there. The latter refutes nothing where it is a hypothesis of the formula
    /// that is undefined.
    Fails(Point, Truth),
    /// A part on which nothing was decided within the budget.
    Undecided(Region),
}

/// A proof that a formula holds at every point of a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub formula: Formula,
    pub region: Region,
    pub bits: u32,
    /// The tree of parts level by level, lower halves before upper ones.
    pub cover: Vec<Step>,
}

/// A node of the tree of parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Enclosures show the formula on the whole part.
    Holds,
    /// The part is cut where the symbol has this value; both halves include the cut.
    Cut(Symbol, Rational),
}

/// Why a certificate is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecheckError {
    #[error("the box has an end that is missing, out of order or too large")]
    Region,
    #[error("the parts do not cover the box: `{0}` steps are left over or missing")]
    Cover(usize),
    #[error("the cut of `{0}` lies outside the part that it cuts")]
    Cut(Symbol),
    #[error("enclosures do not show the formula on part {0}")]
    Part(usize),
}

/// Tries to prove that `f` is true at every point of `region`.
///
/// Deterministic. Cost: at most `budget.parts` evaluations of the formula and of its terms'
/// derivatives over a box, and as many at a point. A symbol without a side, an operator that is
/// not elementary and an empty side end `Undecided`.
pub fn prove_on_box(f: &Formula, region: &Region, budget: Budget) -> Outcome {
    let judge = Judge::new(budget.bits);
    let mut cover = vec![];
    let mut open = VecDeque::from([region.clone()]);
    if let Some(failure) = corners(region).into_iter().find_map(|at| failure(f, at)) {
        return failure;
    }
    while let Some(part) = open.pop_front() {
        let late = budget.deadline.is_some_and(|d| Instant::now() >= d);
        let Some(sides) = sides(&part, budget.bits).filter(|_| !late) else {
            return Outcome::Undecided(part);
        };
        if judge.truth(f, &sides) == Truth::True {
            cover.push(Step::Holds);
            continue;
        }
        if let Some(failure) = simplest_point(&part).and_then(|at| failure(f, at)) {
            return failure;
        }
        let cut = if cover.len() + open.len() + 1 < budget.parts { best_cut(f, &part) } else { None };
        let Some((s, at)) = cut else {
            return Outcome::Undecided(part);
        };
        let (lower, upper) = halves(&part, &s, &at);
        cover.push(Step::Cut(s, at));
        open.push_back(lower);
        open.push_back(upper);
    }
    Outcome::Proved(Certificate { formula: f.clone(), region: region.clone(), bits: budget.bits, cover })
}

impl Certificate {
    /// Evaluates every part again and follows the cuts from the whole box down: they cover it
    /// because each cut lies within the part that it divides.
    pub fn recheck(&self) -> Result<(), RecheckError> {
        let judge = Judge::new(self.bits);
        let mut open = VecDeque::from([self.region.clone()]);
        for (i, step) in self.cover.iter().enumerate() {
            let part = open.pop_front().ok_or(RecheckError::Cover(self.cover.len() - i))?;
            match step {
                Step::Holds => {
                    let sides = sides(&part, self.bits).ok_or(RecheckError::Region)?;
                    if judge.truth(&self.formula, &sides) != Truth::True {
                        return Err(RecheckError::Part(i));
                    }
                }
                Step::Cut(s, at) => {
                    let (lo, hi) = part.get(s).ok_or_else(|| RecheckError::Cut(s.clone()))?;
                    if at < lo || at > hi {
                        return Err(RecheckError::Cut(s.clone()));
                    }
                    let (lower, upper) = halves(&part, s, at);
                    open.push_back(lower);
                    open.push_back(upper);
                }
            }
        }
        if open.is_empty() { Ok(()) } else { Err(RecheckError::Cover(open.len())) }
    }
}

fn failure(f: &Formula, at: Point) -> Option<Outcome> {
    match truth(f, &at, POINT_BITS) {
        t @ (Truth::False | Truth::Undefined) => Some(Outcome::Fails(at, t)),
        Truth::True | Truth::Unknown => None,
    }
}

fn sides(part: &Region, bits: u32) -> Option<Sides> {
    part.iter().map(|(s, (lo, hi))| Some((s.clone(), Ball::from_ends(lo, hi, bits).ok()?))).collect()
}

fn halves(part: &Region, s: &Symbol, at: &Rational) -> (Region, Region) {
    let (mut lower, mut upper) = (part.clone(), part.clone());
    if let Some(side) = lower.get_mut(s) {
        side.1.clone_from(at);
    }
    if let Some(side) = upper.get_mut(s) {
        side.0.clone_from(at);
    }
    (lower, upper)
}

/// The corners of a box, if there are not too many; none of an empty one.
fn corners(region: &Region) -> Vec<Point> {
    if region.len() > MOST_CORNERS || region.values().any(|(lo, hi)| lo > hi) {
        return vec![];
    }
    region.iter().fold(vec![Point::new()], |points, (s, (lo, hi))| {
        let with = |v: &Rational| {
            let v = v.clone();
            points.iter().cloned().map(move |mut p| {
                p.insert(s.clone(), v.clone());
                p
            })
        };
        if lo == hi { with(lo).collect() } else { with(lo).chain(with(hi)).collect() }
    })
}

/// The simplest rationals within the sides.
fn simplest_point(part: &Region) -> Option<Point> {
    part.iter().map(|(s, (lo, hi))| Some((s.clone(), closed(lo, hi).simplest()?))).collect()
}

fn closed(lo: &Rational, hi: &Rational) -> Range {
    let end = |at: &Rational| Some(End { at: at.clone(), open: false });
    Range { lower: end(lo), upper: end(hi) }
}

/// The symbol of the formula with the relatively widest side, and a short rational well inside
/// that side; `None` if all sides are points.
fn best_cut(f: &Formula, part: &Region) -> Option<(Symbol, Rational)> {
    let free = f.free();
    let mut best: Option<(f64, &Symbol)> = None;
    for (s, (lo, hi)) in part.iter().filter(|(s, (lo, hi))| lo < hi && free.contains(*s)) {
        let width = relative_width(lo, hi);
        if best.is_none_or(|(w, _)| width > w) {
            best = Some((width, s));
        }
    }
    let (_, s) = best?;
    let (lo, hi) = &part[s];
    Some((s.clone(), middle(lo, hi)))
}

/// Only steers the search, and so may be rounded.
fn relative_width(lo: &Rational, hi: &Rational) -> f64 {
    let (a, b) = (lo.to_f64(), hi.to_f64());
    let size = a.abs().max(b.abs());
    let width = if a > 0.0 { (b / a).ln() } else { 2.0 * (b - a) / size };
    if width.is_finite() { width } else { f64::MAX }
}

/// A short rational strictly between: in the middle third, or around the geometric mean where
/// the ends differ in magnitude.
fn middle(lo: &Rational, hi: &Rational) -> Rational {
    let third = Rational::from(hi - lo) / 3;
    let mut range = closed(&(lo.clone() + &third), &(hi.clone() - &third));
    if *lo > 0 && *hi > Rational::from(4 * lo) {
        let mean = (lo.to_f64() * hi.to_f64()).sqrt();
        if let (Some(a), Some(b)) = (Rational::from_f64(mean / 1.25), Rational::from_f64(mean * 1.25))
            && a > *lo
            && b < *hi
            && a < b
        {
            range = closed(&a, &b);
        }
    }
    range.simplest().expect("the middle of a side that is no point is not empty")
}

#[cfg(test)]
#[path = "certified_tests.rs"]
mod tests;
