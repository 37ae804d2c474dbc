//! Piecewise linear payoffs on `[0, 1]`, and what players get in the end, abstaining allowed for.

use rug::Rational;
use serde::{Deserialize, Serialize};

use super::sentence::{Abstaining, Frame};

/// Payoffs through given values at given agreements, linear in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curves {
    /// In order, from 0 to 1.
    pub knots: Vec<Rational>,
    /// For each player the payoffs at the knots.
    pub values: Vec<Vec<Rational>>,
    /// What each member of a family adds to the leader's payoff at 0 and at 1, linear in between, if that
    /// is of interest.
    pub adds: Vec<(Rational, Rational)>,
}

/// `slope * x + constant`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub slope: Rational,
    pub constant: Rational,
}

impl Line {
    fn level(constant: Rational) -> Line {
        Line { slope: Rational::new(), constant }
    }
    pub fn at(&self, x: &Rational) -> Rational {
        Rational::from(&self.slope * x) + &self.constant
    }
}

/// An agreement, or an open interval of them, on which all that players get is linear.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub lo: Rational,
    /// Equal to `lo` for a single agreement.
    pub hi: Rational,
    pub payoffs: Vec<Line>,
    pub gets: Vec<Line>,
}

impl Cell {
    pub fn is_point(&self) -> bool {
        self.lo == self.hi
    }
}

impl Curves {
    /// Whether these are strictly unimodal payoffs on `[0, 1]` for so many players.
    pub fn are_unimodal(&self, players: usize) -> bool {
        let spans = self.knots.first().is_some_and(Rational::is_zero)
            && self.knots.last().is_some_and(|k| *k == 1)
            && self.knots.windows(2).all(|w| w[0] < w[1]);
        let unimodal = |v: &Vec<Rational>| {
            let falling = v.windows(2).position(|w| w[0] >= w[1]).unwrap_or(v.len() - 1);
            v.len() == self.knots.len() && v[falling..].windows(2).all(|w| w[0] > w[1])
        };
        spans && self.values.len() == players && self.values.iter().all(unimodal)
    }

    /// The knot at which a payoff is highest.
    pub fn peak(&self, player: usize) -> Rational {
        let values = &self.values[player];
        let highest = (0..values.len()).max_by(|a, b| values[*a].cmp(&values[*b])).unwrap_or(0);
        self.knots[highest].clone()
    }

    /// A payoff, everybody staying.
    pub fn payoff(&self, player: usize, x: &Rational) -> Rational {
        let upper = self.knots.iter().position(|k| k >= x).unwrap_or(self.knots.len() - 1);
        self.line(player, upper.max(1) - 1).at(x)
    }

    /// The line of a payoff behind a knot.
    fn line(&self, player: usize, knot: usize) -> Line {
        let [x, y] = [&self.knots[knot], &self.knots[knot + 1]];
        let [u, v] = [&self.values[player][knot], &self.values[player][knot + 1]];
        let slope = Rational::from(v - u) / Rational::from(y - x);
        let constant = u - Rational::from(&slope * x);
        Line { slope, constant }
    }

    /// The agreements and the intervals between them on which everything is linear.
    pub(super) fn cells(&self, frame: &Frame) -> Vec<Cell> {
        let mut ends = self.knots.clone();
        for player in 0..self.values.len() {
            for k in 0..self.knots.len() - 1 {
                let line = self.line(player, k);
                if line.slope.is_zero() {
                    continue;
                }
                let zero = Rational::from(-&line.constant) / &line.slope;
                if zero > self.knots[k] && zero < self.knots[k + 1] {
                    ends.push(zero);
                }
            }
        }
        ends.sort();
        ends.dedup();
        let mut out = vec![];
        for (k, end) in ends.iter().enumerate() {
            out.push(self.cell(frame, end.clone(), end.clone()));
            if let Some(next) = ends.get(k + 1) {
                out.push(self.cell(frame, end.clone(), next.clone()));
            }
        }
        out
    }

    fn cell(&self, frame: &Frame, lo: Rational, hi: Rational) -> Cell {
        let middle = Rational::from(&lo + &hi) / 2u32;
        let line = |player: usize| {
            if lo == hi {
                return Line::level(self.payoff(player, &lo));
            }
            let upper = self.knots.iter().position(|k| *k >= middle).unwrap_or(self.knots.len() - 1);
            self.line(player, upper.max(1) - 1)
        };
        let payoffs: Vec<Line> = (0..self.values.len()).map(line).collect();
        let gets = self.gets(frame, &payoffs, &middle, lo == hi);
        Cell { lo, hi, payoffs, gets }
    }

    /// What players get where their payoffs are these; nobody's changes its sign there.
    fn gets(&self, frame: &Frame, payoffs: &[Line], middle: &Rational, point: bool) -> Vec<Line> {
        let first = if frame.family().is_some() { frame.groups.len() - 1 } else { payoffs.len() };
        let abstains = |player: usize| player >= first && payoffs[player].at(middle) < 0;
        let apart = |player: usize| {
            if abstains(player) { Line::level(Rational::new()) } else { payoffs[player].clone() }
        };
        let players = 0..payoffs.len();
        match frame.abstaining {
            Abstaining::Nobody => payoffs.to_vec(),
            Abstaining::Apart => players.map(apart).collect(),
            Abstaining::Costing { .. } if (first..payoffs.len()).all(abstains) => {
                players.map(|_| Line::level(Rational::new())).collect()
            }
            Abstaining::Costing { leader } => {
                let mut out: Vec<Line> = players.map(apart).collect();
                for member in (first..payoffs.len()).filter(|m| abstains(*m)) {
                    let (from, to) = &self.adds[member - first];
                    out[leader].constant -= from;
                    let slope = Rational::from(to - from);
                    if point {
                        out[leader].constant -= slope * middle;
                    } else {
                        out[leader].slope -= slope;
                    }
                }
                out
            }
        }
    }
}
