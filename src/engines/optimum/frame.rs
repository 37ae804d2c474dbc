//! Equilibrium conditions in coordinates measured from the borders.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::OptimumError;
use super::crowd::Crowd;
use super::linear::collect;
use super::number::Number;
use super::primitives::{Choice, Pay, Primitives};
use super::program::{Places, Program, Slots};
use crate::expr::derive::derivative;
use crate::expr::fold::fold;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Symbol};

/// As many positions as an integer of 64 bits tells apart.
const MOST_CHOICES: usize = 40;

/// From which end of its range a variable is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Lower,
    Upper,
}

/// Where a choice lies in its range. The near border is the lower one, or the upper one where
/// there is no lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Active {
    Near,
    Interior,
    Far,
}

/// A game in coordinates: each share and each choice is a border plus or minus a coordinate, so
/// that what is close to a border keeps all its digits.
///
/// A choice close to its border is `x + t` with a tiny `t`; payoffs depend on `t` alone, after
/// cancellation in exact arithmetic, and machine numbers hold `t` to all their digits.
#[derive(Debug)]
pub(super) struct Frame {
    pub primitives: Rc<Primitives>,
    pub sides: Vec<Side>,
    /// Coordinates of the shares, then of the choices.
    coordinates: Vec<Symbol>,
    /// The slots of the coordinates.
    slots: Slots,
    /// The small games that a split game consists of.
    pub crowd: Option<Crowd>,
    /// By the choices' positions, read as digits to base three.
    systems: RefCell<BTreeMap<u64, Rc<System>>>,
    /// The game's own symbols in terms of coordinates, by the choices' positions.
    naturals: RefCell<BTreeMap<Vec<Active>, Rc<Substitution>>>,
}

/// The programs for one position of the choices in their ranges. All run on the coordinates.
#[derive(Debug)]
pub(super) struct System {
    /// For each choice, how its chooser's payoff changes with its coordinate when the later
    /// choices respond.
    pub conditions: Vec<Program>,
    pub payoffs: Vec<Program>,
    pub choices: Vec<Program>,
    /// The length of each choice's range, where it is finite.
    pub widths: Vec<Option<Program>>,
    /// The conditions as terms in coordinates.
    terms: Vec<Expr>,
}

impl Frame {
    /// The game measured from the given sides of its shares' ranges.
    pub fn new(primitives: Rc<Primitives>, sides: Vec<Side>) -> Frame {
        let mut taken: BTreeSet<Symbol> = primitives.payoffs.iter().flat_map(|p| p.body.free()).collect();
        taken.extend(primitives.choices.iter().map(|c| c.variable.clone()));
        taken.extend(primitives.shares.iter().map(|s| s.symbol.clone()));
        let count = primitives.shares.len() + primitives.choices.len();
        let coordinates = (0..)
            .map(|n| Symbol::new(&format!("\\coordinate_{{{n}}}")))
            .filter(|x| !taken.contains(x))
            .take(count)
            .collect();
        Frame::with_coordinates(primitives, sides, coordinates)
    }

    /// The same with symbols for the coordinates that occur nowhere else.
    pub fn with_coordinates(primitives: Rc<Primitives>, sides: Vec<Side>, coordinates: Vec<Symbol>) -> Frame {
        let slots = coordinates.iter().cloned().enumerate().map(|(i, x)| (x, i)).collect();
        let crowd = primitives.split.as_ref().map(|split| Crowd::new(split, &sides, &coordinates));
        let (systems, naturals) = (RefCell::default(), RefCell::default());
        Frame { primitives, sides, coordinates, slots, crowd, systems, naturals }
    }

    /// The slot of a choice's coordinate.
    pub fn slot(&self, choice: usize) -> usize {
        self.primitives.shares.len() + choice
    }

    /// The choices that are inside their ranges.
    pub fn interior(active: &[Active]) -> Vec<usize> {
        (0..active.len()).filter(|i| active[*i] == Active::Interior).collect()
    }

    /// The programs for choices positioned as `active`, built at the first call.
    pub fn system(&self, active: &[Active]) -> Result<Rc<System>, OptimumError> {
        let key = active.iter().fold(0, |key: u64, a| key.wrapping_mul(3) + *a as u64);
        if let Some(known) = self.systems.borrow().get(&key) {
            return Ok(known.clone());
        }
        if active.len() > MOST_CHOICES {
            return Err(OptimumError::Unsupported(format!(
                "a game of more than {MOST_CHOICES} choices, unless those of its last stage do not \
                 concern each other"
            )));
        }
        let built = Rc::new(self.build(active)?);
        self.systems.borrow_mut().insert(key, built.clone());
        Ok(built)
    }

    fn build(&self, active: &[Active]) -> Result<System, OptimumError> {
        let natural = self.natural(active);
        let express = |e: &Expr| collect(&e.substitute_all(&natural));
        let payoffs: Vec<Expr> = self.primitives.payoffs.iter().map(|p| express(&p.body)).collect();
        let terms = self.conditions(active, &payoffs)?;
        let compile = |e: &Expr| Program::new(e, &self.slots);
        let width = |c: &Choice| match (&c.range.lower, &c.range.upper) {
            (Some(a), Some(b)) => compile(&express(&(b.clone() - a.clone()))).map(Some),
            _ => Ok(None),
        };
        let choices = &self.primitives.choices;
        Ok(System {
            conditions: terms.iter().map(compile).collect::<Result<_, _>>()?,
            payoffs: payoffs.iter().map(compile).collect::<Result<_, _>>()?,
            choices: choices
                .iter()
                .map(|c| compile(&express(&Expr::Sym(c.variable.clone()))))
                .collect::<Result<_, _>>()?,
            widths: choices.iter().map(width).collect::<Result<_, _>>()?,
            terms,
        })
    }

    /// A term in the game's own symbols, compiled for choices positioned as `active`; symbols that
    /// are no coordinates stand where `others` says.
    pub fn compile(&self, e: &Expr, active: &[Active], others: Places) -> Result<Program, OptimumError> {
        let term = collect(&e.substitute_all(&self.natural(active)));
        Program::over(&term, &|x| self.slots.get(x).copied().or_else(|| others(x)))
    }

    /// How the chooser's payoff changes with a choice's coordinate when the later choices respond.
    pub fn condition<N: Number>(
        &self,
        choice: usize,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<N>, OptimumError> {
        match &self.crowd {
            Some(crowd) => crowd.condition(choice, active, slots, cx),
            None => Ok(self.system(active)?.conditions[choice].run(slots, cx)),
        }
    }

    /// The same as a program.
    pub fn condition_program(&self, choice: usize, active: &[Active]) -> Result<Program, OptimumError> {
        match &self.crowd {
            Some(_) => Program::new(&collect(&self.condition_term(choice, active)?), &self.slots),
            None => Ok(self.system(active)?.conditions[choice].clone()),
        }
    }

    /// The same as a term.
    pub fn condition_term(&self, choice: usize, active: &[Active]) -> Result<Expr, OptimumError> {
        match &self.crowd {
            Some(crowd) => crowd.condition_term(choice, active),
            None => Ok(self.system(active)?.terms[choice].clone()),
        }
    }

    /// What who makes a choice gets.
    pub fn gain<N: Number>(
        &self,
        choice: usize,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<N>, OptimumError> {
        match &self.crowd {
            Some(crowd) => crowd.gain(choice, active, slots, cx),
            None => {
                let payoff = self.primitives.choices[choice].payoff;
                Ok(self.system(active)?.payoffs[payoff].run(slots, cx))
            }
        }
    }

    /// The length of a choice's range, which may be undefined; `None` where it is infinite.
    pub fn width<N: Number>(
        &self,
        choice: usize,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<Option<N>>, OptimumError> {
        match &self.crowd {
            Some(crowd) => crowd.width(choice, active, slots, cx),
            None => Ok(self.system(active)?.widths[choice].as_ref().map(|w| w.run(slots, cx))),
        }
    }

    /// The value of a choice.
    pub fn choice<N: Number>(
        &self,
        choice: usize,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<N>, OptimumError> {
        match &self.crowd {
            Some(crowd) => crowd.choice(choice, active, slots, cx),
            None => Ok(self.system(active)?.choices[choice].run(slots, cx)),
        }
    }

    /// The values of all payoffs; `None` for one that is undefined.
    pub fn payoffs<N: Number>(
        &self,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Vec<Option<N>>, OptimumError> {
        let Some(crowd) = &self.crowd else {
            return Ok(self.system(active)?.payoffs.iter().map(|p| p.run(slots, cx)).collect());
        };
        // Who moves gets what the small games say; only the others' payoffs are compiled here.
        let choices = self.primitives.choices.iter().enumerate().rev();
        let movers: BTreeMap<usize, usize> = choices.map(|(i, c)| (c.payoff, i)).collect();
        let value = |(p, pay): (usize, &Pay)| match movers.get(&p) {
            Some(choice) => crowd.gain(*choice, active, slots, cx),
            None => Ok(self.compile(&pay.body, active, &|_| None)?.run(slots, cx)),
        };
        self.primitives.payoffs.iter().enumerate().map(value).collect()
    }

    /// Builds what the first question would need, for choices inside their ranges: a symbol
    /// without a value is found now.
    pub fn prepare(&self) -> Result<(), OptimumError> {
        if let Some(crowd) = &self.crowd {
            return crowd.seats().iter().try_for_each(Frame::prepare);
        }
        self.system(&vec![Active::Interior; self.primitives.choices.len()]).map(|_| ())
    }

    /// Shares and choices in terms of coordinates.
    fn natural(&self, active: &[Active]) -> Rc<Substitution> {
        if let Some(known) = self.naturals.borrow().get(active) {
            return known.clone();
        }
        let built = Rc::new(self.substitution(active));
        self.naturals.borrow_mut().insert(active.to_vec(), built.clone());
        built
    }

    fn substitution(&self, active: &[Active]) -> Substitution {
        let mut natural = Substitution::new();
        let coordinate = |i: usize| Expr::Sym(self.coordinates[i].clone());
        for (i, s) in self.primitives.shares.iter().enumerate() {
            let literal = |v: &Option<rug::Rational>| v.clone().map(Expr::Num);
            let value = match (self.sides[i], literal(&s.lower), literal(&s.upper)) {
                (Side::Upper, _, Some(b)) => b - coordinate(i),
                (_, Some(a), _) => a + coordinate(i),
                (_, None, _) => coordinate(i),
            };
            natural.insert(s.symbol.clone(), collect(&value));
        }
        for (i, c) in self.primitives.choices.iter().enumerate() {
            let t = coordinate(self.slot(i));
            let lower = c.range.lower.as_ref().map(|a| a.substitute_all(&natural));
            let upper = c.range.upper.as_ref().map(|b| b.substitute_all(&natural));
            let value = match (active[i], lower, upper) {
                (Active::Far, Some(_), Some(b)) | (_, None, Some(b)) => b - t,
                (_, Some(a), _) => a + t,
                (_, None, None) => t,
            };
            natural.insert(c.variable.clone(), collect(&value));
        }
        natural
    }

    /// By backward induction: the derivative of each chooser's payoff by the own coordinate,
    /// with the later choices inside their ranges responding as the implicit function theorem
    /// says (those on a border stay on it).
    fn conditions(&self, active: &[Active], payoffs: &[Expr]) -> Result<Vec<Expr>, OptimumError> {
        let mut conditions = vec![Expr::int(0); active.len()];
        let mut later: Vec<usize> = vec![];
        for stage in self.primitives.stages.iter().rev() {
            let matrix = self.jacobian(&later, &conditions)?;
            for &i in stage {
                let payoff = &payoffs[self.primitives.choices[i].payoff];
                let mut terms = vec![self.slope(payoff, i)?];
                let rhs = later.iter().map(|&j| Ok(fold(&-self.slope(&conditions[j], i)?)));
                let response = solve(matrix.clone(), rhs.collect::<Result<_, OptimumError>>()?);
                // Later choices inside their ranges that nothing determines (payoffs linear in
                // them) have no response: the condition is undefined.
                let nowhere = || vec![Expr::recip(Expr::int(0)); later.len()];
                let response = response.unwrap_or_else(nowhere);
                for (&j, r) in later.iter().zip(response) {
                    let term = fold(&(self.slope(payoff, j)? * r.clone()));
                    if !r.is_zero() {
                        terms.push(term);
                    }
                }
                conditions[i] = collect(&Expr::Add(terms));
            }
            later.extend(stage.iter().filter(|i| active[**i] == Active::Interior));
        }
        Ok(conditions)
    }

    fn jacobian(&self, at: &[usize], conditions: &[Expr]) -> Result<Vec<Vec<Expr>>, OptimumError> {
        at.iter().map(|&j| at.iter().map(|&k| self.slope(&conditions[j], k)).collect()).collect()
    }

    fn slope(&self, e: &Expr, choice: usize) -> Result<Expr, OptimumError> {
        derivative(e, &self.coordinates[self.slot(choice)])
            .ok_or_else(|| OptimumError::Unsupported("a payoff without a derivative".into()))
    }
}

/// Solves a linear system of terms by elimination. Pivots that are not literally zero are taken
/// to be non-zero; where one vanishes, the solution is undefined. `None` if all are literally
/// zero.
fn solve(mut rows: Vec<Vec<Expr>>, mut rhs: Vec<Expr>) -> Option<Vec<Expr>> {
    let n = rows.len();
    for k in 0..n {
        let pivot = (k..n).find(|&i| !rows[i][k].is_zero())?;
        rows.swap(k, pivot);
        rhs.swap(k, pivot);
        let (pivot_row, pivot_rhs) = (rows[k].clone(), rhs[k].clone());
        for i in (0..n).filter(|i| *i != k) {
            if rows[i][k].is_zero() {
                continue;
            }
            let by = rows[i][k].clone() / pivot_row[k].clone();
            for (cell, p) in rows[i].iter_mut().zip(&pivot_row).skip(k) {
                *cell =
                    if p.is_zero() { cell.clone() } else { fold(&(cell.clone() - by.clone() * p.clone())) };
            }
            rows[i][k] = Expr::int(0);
            if !pivot_rhs.is_zero() {
                rhs[i] = fold(&(rhs[i].clone() - by * pivot_rhs.clone()));
            }
        }
    }
    let quotient = |k: usize| {
        if rhs[k].is_zero() { Expr::int(0) } else { rhs[k].clone() / rows[k][k].clone() }
    };
    Some((0..n).map(quotient).collect())
}
