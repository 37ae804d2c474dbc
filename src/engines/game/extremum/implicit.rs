//! Optima without a closed form: the equation whose only root in the interval they are.

use crate::expr::fold::fold;
use crate::expr::{Expr, Formula, Relation};
use crate::prove::{Evidence, Judge, Judgement};

use super::candidates::polynomial;
use super::closed::other_point;
use super::{Problem, Tools};

/// A maximiser known as the only stationary point inside the interval.
#[derive(Clone, Debug)]
pub struct Implicit {
    /// The polynomial in the variable that is zero there, changing its sign, and at no other
    /// inner point.
    pub polynomial: Expr,
    pub evidence: Vec<Evidence>,
}

impl Implicit {
    /// That the polynomial is zero.
    pub fn equation(&self) -> Formula {
        Formula::eq(self.polynomial.clone(), Expr::int(0))
    }
}

/// Points of the interval, as fractions of its length, at which an inner value is compared with
/// the ends.
const PROBES: [(i64, i64); 3] = [(1, 2), (1, 3), (2, 3)];

/// Proves that the objective has exactly one maximiser and that it is the only stationary point
/// inside the interval: some inner point beats both ends, the objective is a polynomial in the
/// variable (so the maximum exists and is stationary), and two stationary points do not exist.
pub fn implicit_maximiser(problem: &Problem, tools: Tools) -> Option<Implicit> {
    polynomial(&problem.objective, &problem.variable, tools.algebra)?;
    let slope = tools.algebra.derivative(&problem.objective, &problem.variable)?;
    let mut evidence = beats_both_ends(problem, tools.judge)?;

    let other = other_point(problem);
    let strictly_inside = |x: &Expr| {
        vec![
            Formula::Rel(x.clone(), Relation::Gt, problem.lower.clone()),
            Formula::Rel(x.clone(), Relation::Lt, problem.upper.clone()),
        ]
    };
    let (x, y) = (Expr::Sym(problem.variable.clone()), Expr::Sym(other));
    let zero = Expr::int(0);
    let mut two = problem.facts.clone();
    two.extend(strictly_inside(&x));
    two.extend(strictly_inside(&y));
    two.push(Formula::eq(slope.clone(), zero.clone()));
    two.push(Formula::Rel(x, Relation::Lt, y.clone()));
    let second = Formula::Rel(fold(&slope.substitute(&problem.variable, &y)), Relation::Ne, zero.clone());
    match tools.judge.judge_plainly(&two, &second) {
        Judgement::Holds(found) | Judgement::Vacuous(found) => evidence.extend(found),
        _ => return None,
    }
    let coefficients = polynomial(&slope, &problem.variable, tools.algebra)?;
    Some(Implicit { polynomial: written(&coefficients, problem), evidence })
}

fn beats_both_ends(problem: &Problem, judge: &dyn Judge) -> Option<Vec<Evidence>> {
    let at = |x: &Expr| fold(&problem.objective.substitute(&problem.variable, x));
    PROBES.iter().find_map(|(n, d)| {
        let t = Expr::ratio(*n, *d);
        let inner = fold(&(problem.lower.clone() + t * (problem.upper.clone() - problem.lower.clone())));
        let better = Formula::and(vec![
            Formula::Rel(at(&inner), Relation::Gt, at(&problem.lower)),
            Formula::Rel(at(&inner), Relation::Gt, at(&problem.upper)),
        ]);
        match judge.judge_plainly(&problem.facts, &better) {
            Judgement::Holds(evidence) => Some(evidence),
            _ => None,
        }
    })
}

/// The polynomial with the given coefficients, highest power first.
fn written(coefficients: &[Expr], problem: &Problem) -> Expr {
    let x = Expr::Sym(problem.variable.clone());
    let terms = coefficients.iter().enumerate().rev().map(|(n, c)| {
        let power = Expr::pow(x.clone(), Expr::int(i64::try_from(n).expect("a low degree")));
        Expr::Mul(vec![c.clone(), power])
    });
    fold(&Expr::Add(terms.collect()))
}
