//! Assertions evaluated at a point: what stands behind `sat`.
//!
//! Each term is followed as it was read, at one point: of an `ite` the branch taken, of a quotient
//! the case that applies, with exact signs. Nothing of the translation is used but the list of
//! values for dividends over zero, which is an interpretation that the model may choose; it is
//! used as a function here too.

use std::cmp::Ordering;

use super::ratio::{Arithmetic, Ratio, Stop};
use super::term::{Id, Term, Terms};
use crate::exact::{Coord, Meter, Point, Poly, Var};

/// A point and what division by zero gives.
pub struct Interpretation {
    /// The values of the constants and of our own variables.
    pub point: Point,
    /// The coordinate of each declared constant.
    pub place: Vec<Var>,
    /// Dividends and their values over zero, in the variables of the point; extended by zero where
    /// a dividend is met that is not there.
    pub zeros: Vec<(Ratio, Ratio)>,
    /// Which of them were used.
    pub used: Vec<usize>,
}

#[derive(Clone)]
enum Value {
    Real(Ratio),
    Bool(bool),
}

/// Whether all assertions hold.
pub fn holds(terms: &Terms, assertions: &[Id], at: &mut Interpretation, meter: &Meter) -> Result<bool, Stop> {
    let needed = terms.reachable(assertions);
    let mut values: Vec<Option<Value>> = vec![None; terms.len()];
    let arithmetic = Arithmetic { meter };
    for id in (0..terms.len()).filter(|id| needed[*id]) {
        meter.charge(16)?;
        let value = at.value(terms.get(id), &values, &arithmetic)?;
        values[id] = Some(value);
    }
    Ok(assertions.iter().all(|a| truth(&values, *a)))
}

fn truth(values: &[Option<Value>], id: Id) -> bool {
    match &values[id] {
        Some(Value::Bool(b)) => *b,
        _ => unreachable!("a boolean argument was evaluated before"),
    }
}

fn ratio(values: &[Option<Value>], id: Id) -> &Ratio {
    match &values[id] {
        Some(Value::Real(r)) => r,
        _ => unreachable!("a real argument was evaluated before"),
    }
}

impl Interpretation {
    fn value(
        &mut self,
        term: &Term,
        values: &[Option<Value>],
        arithmetic: &Arithmetic<'_>,
    ) -> Result<Value, Stop> {
        let (truth, ratio) = (|id| truth(values, id), |id| ratio(values, id));
        Ok(match term {
            Term::Truth(t) => Value::Bool(*t),
            Term::Not(a) => Value::Bool(!truth(*a)),
            Term::And(xs) => Value::Bool(xs.iter().all(|x| truth(*x))),
            Term::Or(xs) => Value::Bool(xs.iter().any(|x| truth(*x))),
            Term::Iff(a, b) => Value::Bool(truth(*a) == truth(*b)),
            Term::Rel(r, a, b) => Value::Bool(r.holds(self.compare(ratio(*a), ratio(*b), arithmetic)?)),
            Term::Distinct(xs) => {
                for (i, a) in xs.iter().enumerate() {
                    for b in &xs[..i] {
                        if self.compare(ratio(*a), ratio(*b), arithmetic)?.is_eq() {
                            return Ok(Value::Bool(false));
                        }
                    }
                }
                Value::Bool(true)
            }
            Term::Ite(c, a, b) => {
                let taken = if truth(*c) { a } else { b };
                values[*taken].clone().expect("an argument was evaluated before")
            }
            Term::Num(n) => Value::Real(Ratio::number(n)),
            Term::Constant(i) => Value::Real(self.coordinate(self.place[*i as usize])),
            Term::Add(xs) => Value::Real(arithmetic.sum(xs.iter().map(|x| ratio(*x).clone()).collect())?),
            Term::Mul(xs) => {
                let mut out = Ratio { num: Poly::one(), den: Poly::one() };
                for x in xs {
                    out = arithmetic.multiply(&out, ratio(*x))?;
                }
                Value::Real(out)
            }
            Term::Pow(a, n) => Value::Real(arithmetic.power(ratio(*a), *n)?),
            Term::Div(a, b) => Value::Real(self.quotient(ratio(*a), ratio(*b), arithmetic)?),
            Term::Parameter(..) => unreachable!("assertions have no parameters"),
        })
    }

    /// The value of a coordinate: itself where it is rational, its variable otherwise.
    pub fn coordinate(&self, place: Var) -> Ratio {
        match self.point.coords().get(place as usize) {
            Some(Coord::Rational(r)) => Ratio::number(r),
            _ => Ratio::variable(place),
        }
    }

    fn sign(&mut self, p: &Poly, arithmetic: &Arithmetic<'_>) -> Result<Ordering, Stop> {
        Ok(self.point.sign(p, arithmetic.meter)?)
    }

    /// The order of two values whose denominators are not zero.
    fn compare(&mut self, a: &Ratio, b: &Ratio, arithmetic: &Arithmetic<'_>) -> Result<Ordering, Stop> {
        let left = arithmetic.times(&a.num, &b.den)?;
        let right = arithmetic.times(&b.num, &a.den)?;
        let difference = self.sign(&(&left - &right), arithmetic)?;
        if difference.is_eq() {
            return Ok(difference);
        }
        let positive = self.sign(&a.den, arithmetic)? == self.sign(&b.den, arithmetic)?;
        Ok(if positive { difference } else { difference.reverse() })
    }

    fn quotient(&mut self, a: &Ratio, b: &Ratio, arithmetic: &Arithmetic<'_>) -> Result<Ratio, Stop> {
        if self.sign(&b.num, arithmetic)?.is_ne() {
            return arithmetic.divide(a, b);
        }
        for i in 0..self.zeros.len() {
            let (dividend, value) = self.zeros[i].clone();
            let defined = self.sign(&dividend.den, arithmetic)?.is_ne();
            if defined && self.compare(a, &dividend, arithmetic)?.is_eq() {
                self.used.push(i);
                return Ok(value);
            }
        }
        self.used.push(self.zeros.len());
        let zero = Ratio { num: Poly::zero(), den: Poly::one() };
        self.zeros.push((a.clone(), zero.clone()));
        Ok(zero)
    }
}
