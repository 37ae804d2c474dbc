//! The truth of a sentence about piecewise linear payoffs on all of `[0, 1]`.
//!
//! Where nothing but atoms stands under a quantifier, the truth of what it binds changes only at
//! finitely many agreements: the ends of cells and of the Pareto set, the agreements that have a name,
//! and those at which a payoff is what it is at one of these names. One agreement between any two
//! of them stands for all there.

use rug::Rational;

use super::core::{Core, Point};
use super::curve::{Cell, Curves, Line};
use super::pareto::{Interval, disagreement_is_optimal, of_cells};
use super::sentence::Frame;

/// A quantifier under another one: truth is not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quantifier over agreements under another one")]
pub(super) struct Nested;

/// Payoffs with what follows from them.
pub(super) struct Continuum<'a> {
    curves: &'a Curves,
    cells: Vec<Cell>,
    pub pareto: Vec<Interval>,
    disagreement: bool,
}

impl<'a> Continuum<'a> {
    pub fn new(curves: &'a Curves, frame: &Frame) -> Continuum<'a> {
        let cells = curves.cells(frame);
        let (pareto, disagreement) = (of_cells(&cells), disagreement_is_optimal(&cells));
        Continuum { curves, cells, pareto, disagreement }
    }

    /// The truth of a sentence whose variables have values; optimality need not be unfolded.
    pub fn truth(&self, c: &Core, env: &mut Vec<Option<Rational>>) -> Result<bool, Nested> {
        self.under(c, env, false)
    }

    fn point(&self, p: &Point, env: &[Option<Rational>]) -> Rational {
        match p {
            Point::Variable(v) => env[*v].clone().expect("a variable is bound where it stands"),
            Point::Peak(player) => self.curves.peak(*player),
            Point::Zero => Rational::new(),
            Point::One => Rational::from(1),
        }
    }

    fn cell(&self, x: &Rational) -> &Cell {
        let holds = |c: &&Cell| if c.is_point() { c.lo == *x } else { c.lo < *x && *x < c.hi };
        self.cells.iter().find(holds).expect("the cells cover all agreements")
    }

    /// What dominates an agreement: another one, or disagreement (`None`).
    pub fn dominating(&self, x: &Rational) -> Option<Option<Rational>> {
        let now: Vec<Rational> = self.cell(x).gets.iter().map(|l| l.at(x)).collect();
        let better = |then: &[Rational]| {
            then.iter().zip(&now).all(|(t, n)| t >= n) && then.iter().zip(&now).any(|(t, n)| t > n)
        };
        let at = |y: &Rational| self.cell(y).gets.iter().map(|l| l.at(y)).collect::<Vec<_>>();
        let others = self.samples(&[Some(x.clone())]);
        let found = others.into_iter().find(|y| better(&at(y)));
        let nothing = vec![Rational::new(); now.len()];
        found.map(Some).or_else(|| better(&nothing).then_some(None))
    }

    fn under(&self, c: &Core, env: &mut Vec<Option<Rational>>, quantified: bool) -> Result<bool, Nested> {
        match c {
            Core::Place(a, r, b) => Ok(r.holds(self.point(a, env).cmp(&self.point(b, env)))),
            Core::Payoff { player, at, relation, other } => {
                let value = |p: &Point| self.curves.payoff(*player, &self.point(p, env));
                let other = other.as_ref().map_or_else(Rational::new, value);
                Ok(relation.holds(value(at).cmp(&other)))
            }
            Core::Gets { player, at, relation, other } => {
                let value = |p: &Point| {
                    let x = self.point(p, env);
                    self.cell(&x).gets[*player].at(&x)
                };
                let other = other.as_ref().map_or_else(Rational::new, value);
                Ok(relation.holds(value(at).cmp(&other)))
            }
            Core::Optimal(None) => Ok(self.disagreement),
            Core::Optimal(Some(x)) => {
                let x = self.point(x, env);
                Ok(self.pareto.iter().any(|i| i.contains(&x)))
            }
            Core::Not(p) => Ok(!self.under(p, env, quantified)?),
            Core::And(ps) => self.all(ps, env, quantified, true),
            Core::Or(ps) => Ok(!self.all(ps, env, quantified, false)?),
            Core::All(v, p) => self.everywhere(*v, p, env, quantified, true),
            Core::Some(v, p) => Ok(!self.everywhere(*v, p, env, quantified, false)?),
        }
    }

    /// Whether all parts have this truth.
    fn all(
        &self,
        parts: &[Core],
        env: &mut Vec<Option<Rational>>,
        quantified: bool,
        wanted: bool,
    ) -> Result<bool, Nested> {
        for p in parts {
            if self.under(p, env, quantified)? != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn everywhere(
        &self,
        v: usize,
        body: &Core,
        env: &mut Vec<Option<Rational>>,
        quantified: bool,
        wanted: bool,
    ) -> Result<bool, Nested> {
        if quantified {
            return Err(Nested);
        }
        let outer = env[v].take();
        for x in self.samples(env) {
            env[v] = Some(x);
            if self.under(body, env, true)? != wanted {
                env[v] = outer;
                return Ok(false);
            }
        }
        env[v] = outer;
        Ok(true)
    }

    fn samples(&self, env: &[Option<Rational>]) -> Vec<Rational> {
        let players = self.curves.values.len();
        let mut names: Vec<Rational> = env.iter().flatten().cloned().collect();
        names.extend((0..players).map(|p| self.curves.peak(p)));
        names.extend([0.into(), 1.into()]);
        let mut out = names.clone();
        out.extend(self.cells.iter().filter(|c| c.is_point()).map(|c| c.lo.clone()));
        out.extend(self.pareto.iter().flat_map(|i| [i.lo.clone(), i.hi.clone()]));
        for cell in self.cells.iter().filter(|c| !c.is_point()) {
            let mut meet = |line: &Line, level: &Rational| {
                if !line.slope.is_zero() {
                    let x = Rational::from(level - &line.constant) / &line.slope;
                    if cell.lo < x && x < cell.hi {
                        out.push(x);
                    }
                }
            };
            for player in 0..players {
                for name in &names {
                    meet(&cell.payoffs[player], &self.curves.payoff(player, name));
                    meet(&cell.gets[player], &self.cell(name).gets[player].at(name));
                }
            }
        }
        out.sort();
        out.dedup();
        let between: Vec<Rational> = out.windows(2).map(|w| Rational::from(&w[0] + &w[1]) / 2u32).collect();
        out.extend(between);
        out
    }
}
