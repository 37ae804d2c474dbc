//! The Pareto set of piecewise linear payoffs, exactly.
//!
//! On two cells, each an agreement or an interval on which everything is linear, that one agreement
//! dominates another is a system of linear inequalities in the two. Eliminating the dominating one (J.
//! B. J. Fourier; T. S. Motzkin) leaves an interval of agreements that are dominated. The Pareto set is
//! what none of these intervals holds. Quadratic in the number of cells.

use rug::Rational;
use serde::{Deserialize, Serialize};

use super::curve::{Cell, Curves, Line};
use super::sentence::Frame;

/// An interval of agreements; a single one if both ends are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    pub lo: Rational,
    pub lo_closed: bool,
    pub hi: Rational,
    pub hi_closed: bool,
}

impl Interval {
    /// Whether it holds an agreement.
    pub fn contains(&self, x: &Rational) -> bool {
        (*x > self.lo || self.lo_closed && *x == self.lo) && (*x < self.hi || self.hi_closed && *x == self.hi)
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.lo == self.hi {
            return write!(f, "{{{}}}", self.lo);
        }
        let (open, close) = (if self.lo_closed { '[' } else { '(' }, if self.hi_closed { ']' } else { ')' });
        write!(f, "{open}{}, {}{close}", self.lo, self.hi)
    }
}

/// The agreements that neither another one nor disagreement dominates, in order, as intervals apart
/// from each other.
pub fn pareto_set(curves: &Curves, frame: &Frame) -> Vec<Interval> {
    of_cells(&curves.cells(frame))
}

pub(super) fn of_cells(cells: &[Cell]) -> Vec<Interval> {
    let mut dominated = vec![];
    for cell in cells {
        let nothing = Line { slope: Rational::new(), constant: Rational::new() };
        let none = Cell {
            lo: Rational::new(),
            hi: Rational::new(),
            payoffs: vec![],
            gets: vec![nothing; cell.gets.len()],
        };
        for other in cells.iter().chain([&none]) {
            dominated.extend((0..cell.gets.len()).filter_map(|gains| domination(cell, other, gains)));
        }
    }
    outside(&dominated)
}

/// Whether disagreement is Pareto-optimal.
pub(super) fn disagreement_is_optimal(cells: &[Cell]) -> bool {
    // Everything is linear on a cell, so that it is dominated there by one of a few agreements.
    let dominates = |cell: &Cell, gains: usize| {
        let mut bounds = Bounds::of(cell);
        for (player, line) in cell.gets.iter().enumerate() {
            bounds.add(&line.slope, &line.constant, player == gains);
        }
        bounds.is_consistent()
    };
    !cells.iter().any(|c| (0..c.gets.len()).any(|p| dominates(c, p)))
}

/// The bounds of one unknown.
struct Bounds {
    lo: Rational,
    lo_open: bool,
    hi: Rational,
    hi_open: bool,
    impossible: bool,
}

impl Bounds {
    fn of(cell: &Cell) -> Bounds {
        let open = !cell.is_point();
        Bounds { lo: cell.lo.clone(), lo_open: open, hi: cell.hi.clone(), hi_open: open, impossible: false }
    }

    /// `slope * x + constant >= 0`, or `> 0`.
    fn add(&mut self, slope: &Rational, constant: &Rational, strict: bool) {
        if slope.is_zero() {
            self.impossible |= *constant < 0 || strict && constant.is_zero();
            return;
        }
        let end = Rational::from(-constant) / slope;
        if *slope > 0 {
            if end > self.lo {
                (self.lo, self.lo_open) = (end, strict);
            } else if end == self.lo {
                self.lo_open |= strict;
            }
        } else if end < self.hi {
            (self.hi, self.hi_open) = (end, strict);
        } else if end == self.hi {
            self.hi_open |= strict;
        }
    }

    fn is_consistent(&self) -> bool {
        !self.impossible && (self.lo < self.hi || self.lo == self.hi && !self.lo_open && !self.hi_open)
    }
}

/// A bound of the dominating agreement, linear in the dominated one.
struct Bound {
    slope: Rational,
    constant: Rational,
    strict: bool,
}

/// The agreements of a cell that some agreement of `other` dominates, `gains` being one who gains.
fn domination(cell: &Cell, other: &Cell, gains: usize) -> Option<Interval> {
    let mut bounds = Bounds::of(cell);
    let end = |x: &Rational| Bound { slope: Rational::new(), constant: x.clone(), strict: !other.is_point() };
    let (mut lower, mut upper) = (vec![end(&other.lo)], vec![end(&other.hi)]);
    for (player, (now, then)) in cell.gets.iter().zip(&other.gets).enumerate() {
        // then(y) - now(x) >= 0
        let strict = player == gains;
        let constant = Rational::from(&now.constant - &then.constant);
        if then.slope.is_zero() {
            bounds.add(&Rational::from(-&now.slope), &-constant, strict);
            continue;
        }
        let bound = Bound {
            slope: Rational::from(&now.slope / &then.slope),
            constant: constant / &then.slope,
            strict,
        };
        if then.slope > 0 { lower.push(bound) } else { upper.push(bound) }
    }
    for l in &lower {
        for u in &upper {
            let slope = Rational::from(&u.slope - &l.slope);
            let constant = Rational::from(&u.constant - &l.constant);
            bounds.add(&slope, &constant, l.strict || u.strict);
        }
    }
    bounds.is_consistent().then(|| Interval {
        lo: bounds.lo,
        lo_closed: !bounds.lo_open,
        hi: bounds.hi,
        hi_closed: !bounds.hi_open,
    })
}

/// What of `[0, 1]` none of the intervals holds.
fn outside(intervals: &[Interval]) -> Vec<Interval> {
    let mut ends: Vec<Rational> =
        intervals.iter().flat_map(|i| [i.lo.clone(), i.hi.clone()]).chain([0.into(), 1.into()]).collect();
    ends.sort();
    ends.dedup();
    let is_out = |x: &Rational| !intervals.iter().any(|i| i.contains(x));
    let mut out: Vec<Interval> = vec![];
    let mut reaches = false;
    for (k, end) in ends.iter().enumerate() {
        let here = is_out(end);
        if here {
            match out.last_mut().filter(|_| reaches) {
                Some(last) => last.hi_closed = true,
                None => {
                    out.push(Interval { lo: end.clone(), lo_closed: true, hi: end.clone(), hi_closed: true })
                }
            }
        }
        let Some(next) = ends.get(k + 1) else { break };
        reaches = is_out(&(Rational::from(end + next) / 2u32));
        if reaches {
            match out.last_mut().filter(|_| here) {
                Some(last) => (last.hi, last.hi_closed) = (next.clone(), false),
                None => out.push(Interval {
                    lo: end.clone(),
                    lo_closed: false,
                    hi: next.clone(),
                    hi_closed: false,
                }),
            }
        }
    }
    out
}
