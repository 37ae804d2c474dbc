//! Models: points at which a statement holds.

use std::collections::BTreeMap;
use std::fmt;

use rug::Rational;

use super::constraint::Tree;
use super::reduce::Step;
use super::translate::Variable;
use crate::exact::{Coord, Exhausted, Meter, Point, Poly, Roots, Var};
use crate::expr::Symbol;

/// A point at which a statement was evaluated exactly and holds.
#[derive(Clone, Debug)]
pub struct Model {
    /// What coordinate `i` of the point stands for.
    names: Vec<Variable>,
    point: Point,
}

impl Model {
    /// The value of a symbol; `None` if the statement does not mention it.
    pub fn get(&self, s: &Symbol) -> Option<&Coord> {
        let i = self.names.iter().position(|n| matches!(n, Variable::Symbol(t) if t == s))?;
        self.point.coords().get(i)
    }

    /// The symbols' values, if all of them are rational numbers.
    pub fn rational(&self) -> Option<BTreeMap<Symbol, Rational>> {
        let mut out = BTreeMap::new();
        for (name, c) in self.names.iter().zip(self.point.coords()) {
            if let Variable::Symbol(s) = name {
                out.insert(s.clone(), c.as_rational()?.clone());
            }
        }
        Some(out)
    }

    /// What the coordinates stand for, in order.
    pub fn names(&self) -> &[Variable] {
        &self.names
    }

    /// The point.
    pub fn point(&self) -> &Point {
        &self.point
    }

    /// Completes a point of the search to a model of the statement that it was reduced from;
    /// `None` if the statement does not hold there, which would be a defect of the search.
    pub fn complete(
        tree: &Tree,
        variables: &[Variable],
        steps: &[Step],
        order: &[Var],
        found: Point,
        meter: &Meter,
    ) -> Result<Option<Model>, Exhausted> {
        let mut point = found;
        let mut order = order.to_vec();
        while point.len() < order.len() {
            point.push(Coord::Rational(Rational::new()));
        }
        // Variables that dropped out of every polynomial are arbitrary.
        for v in 0..variables.len() as Var {
            if !order.contains(&v) && !steps.iter().any(|s| s.variable() == v) {
                order.push(v);
                point.push(Coord::Rational(Rational::new()));
            }
        }
        for step in steps.iter().rev() {
            let Some(c) = removed_value(step, &order, &mut point, meter)? else { return Ok(None) };
            order.push(step.variable());
            point.push(c);
        }
        let place = |v: Var| order.iter().position(|w| *w == v).expect("every variable has a place") as Var;
        let renamed = tree.map(&|p| p.rename(&place));
        if !renamed.holds_at(&mut point, meter)? {
            return Ok(None);
        }
        let names = order.iter().map(|v| variables[*v as usize].clone()).collect();
        Ok(Some(Model { names, point }))
    }
}

/// The value of a variable that a step removed, above the values of the others.
fn removed_value(
    step: &Step,
    order: &[Var],
    point: &mut Point,
    meter: &Meter,
) -> Result<Option<Coord>, Exhausted> {
    match step {
        Step::Scale { positive, .. } => {
            Ok(Some(Coord::Rational(Rational::from(if *positive { 1 } else { -1 }))))
        }
        Step::Substitute { num, den, .. } => {
            let place = |v: Var| order.iter().position(|w| *w == v).unwrap_or(order.len()) as Var;
            let equation = &(&Poly::var(point.next()) * &den.rename(&place)) - &num.rename(&place);
            match point.roots(&equation, meter)? {
                Roots::Some(mut roots) if roots.len() == 1 => Ok(roots.pop()),
                _ => Ok(None),
            }
        }
    }
}

impl Step {
    /// The variable that the step removed.
    pub fn variable(&self) -> Var {
        match self {
            Step::Substitute { variable, .. } | Step::Scale { variable, .. } => *variable,
        }
    }
}

impl fmt::Display for Model {
    /// `c_0 = 1, x = 2/3`; an irrational value as an interval that contains it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = BTreeMap::new();
        for (name, c) in self.names.iter().zip(self.point.coords()) {
            if let Variable::Symbol(s) = name {
                let value = match c {
                    Coord::Rational(r) => format!("{s} = {r}"),
                    Coord::Algebraic(root) => {
                        format!("{s} \\in ({}, {})", root.lo, root.hi)
                    }
                };
                parts.insert(s.clone(), value);
            }
        }
        f.write_str(&parts.into_values().collect::<Vec<_>>().join(", "))
    }
}
