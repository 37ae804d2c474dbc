//! Points at which an optimum may lie, in closed form.

use rug::Integer;

use crate::expr::fold::fold;
use crate::expr::{Expr, Function, Symbol};

use super::{Algebra, Problem};

/// A candidate, with the terms at whose zeros it may start or cease to be feasible or defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub value: Expr,
    pub breaks: Vec<Expr>,
}

/// The largest degree whose coefficients are looked for.
const HIGHEST_DEGREE: usize = 6;

/// Candidates for the maximum of the problem's objective: stationary points of its pieces, points
/// where two pieces meet, and the ends of the interval.
pub fn of_maximum(problem: &Problem, algebra: &dyn Algebra) -> Vec<Candidate> {
    let pieces = pieces(&problem.objective);
    let mut found = vec![];
    for piece in &pieces {
        if let Some(slope) = algebra.derivative(piece, &problem.variable) {
            found.extend(of_root(&slope, problem, algebra));
        }
    }
    for (i, a) in pieces.iter().enumerate() {
        for b in &pieces[i + 1..] {
            found.extend(of_root(&(a.clone() - b.clone()), problem, algebra));
        }
    }
    let at = |piece: &Expr, x: &Expr| fold(&piece.substitute(&problem.variable, x));
    let ends: Vec<Expr> = pieces.iter().map(|p| at(p, &problem.lower) - at(p, &problem.upper)).collect();
    found.push(Candidate { value: problem.lower.clone(), breaks: ends.clone() });
    found.push(Candidate { value: problem.upper.clone(), breaks: ends });
    deduplicated(found)
}

/// Candidates for the roots of `term` in the problem's interval, where `term` is a polynomial of
/// degree one or two in the variable.
pub fn of_root(term: &Expr, problem: &Problem, algebra: &dyn Algebra) -> Vec<Candidate> {
    let Some(coefficients) = polynomial(term, &problem.variable, algebra) else { return vec![] };
    let at = |x: &Expr| fold(&term.substitute(&problem.variable, x));
    let ends = [at(&problem.lower), at(&problem.upper)];
    match coefficients.as_slice() {
        [c, b] => {
            let value = algebra.tidy(&(-c.clone() / b.clone()));
            vec![Candidate { value, breaks: [vec![b.clone()], ends.to_vec()].concat() }]
        }
        [c, b, a] => quadratic(a, b, c, &ends, algebra),
        _ => vec![],
    }
}

/// The smooth pieces of an objective: the arguments of an outermost minimum, or itself.
pub fn pieces(objective: &Expr) -> Vec<Expr> {
    match objective {
        Expr::Fun(Function::Min, xs) => xs.iter().flat_map(pieces).collect(),
        other => vec![other.clone()],
    }
}

/// The coefficients of `term` as a polynomial in `x`, constant first, after denominators that do
/// not involve `x` have been cleared; `None` if it is none of low degree.
pub fn polynomial(term: &Expr, x: &Symbol, algebra: &dyn Algebra) -> Option<Vec<Expr>> {
    let (numerator, denominator) = algebra.fraction(term)?;
    if denominator.mentions(x) {
        return None;
    }
    let mut coefficients = vec![];
    let mut derivative = numerator;
    let mut factorial = 1i64;
    for degree in 0..=HIGHEST_DEGREE {
        if degree > 0 {
            factorial *= i64::try_from(degree).expect("a low degree");
        }
        let at_zero = fold(&derivative.substitute(x, &Expr::int(0)));
        coefficients.push(algebra.tidy(&(at_zero / Expr::int(factorial))));
        derivative = algebra.tidy(&algebra.derivative(&derivative, x)?);
        if derivative.is_zero() {
            while coefficients.len() > 1 && coefficients.last().is_some_and(Expr::is_zero) {
                coefficients.pop();
            }
            return Some(with_whole_literals(coefficients, algebra));
        }
    }
    None
}

/// The coefficients times the least whole number that clears the fractions among their literals.
fn with_whole_literals(coefficients: Vec<Expr>, algebra: &dyn Algebra) -> Vec<Expr> {
    let mut multiple = Integer::from(1);
    coefficients.iter().for_each(|c| clear_literals(c, &mut multiple));
    let factor = Expr::Num(multiple.into());
    coefficients.into_iter().map(|c| algebra.tidy(&(factor.clone() * c))).collect()
}

fn clear_literals(e: &Expr, multiple: &mut Integer) {
    if let Some(n) = e.as_num() {
        multiple.lcm_mut(n.denom());
    }
    e.children().into_iter().for_each(|c| clear_literals(c, multiple));
}

/// Both roots of `a x^2 + b x + c`, each in the usual form and in the form that stays defined
/// where `a` vanishes.
fn quadratic(a: &Expr, b: &Expr, c: &Expr, ends: &[Expr], algebra: &dyn Algebra) -> Vec<Candidate> {
    let half = algebra.tidy(&(b.clone() / Expr::int(2)));
    let radicand =
        algebra.tidy(&(Expr::pow(half.clone(), Expr::int(2)) - Expr::Mul(vec![a.clone(), c.clone()])));
    let root = Expr::sqrt(radicand.clone());
    let mut breaks = vec![a.clone(), c.clone(), radicand, half.clone()];
    breaks.extend(ends.iter().cloned());
    let mut found = vec![];
    for sign in [1, -1] {
        let signed = Expr::Mul(vec![Expr::int(sign), root.clone()]);
        let below = fold(&(-half.clone() - signed.clone()));
        let above = fold(&(-half.clone() + signed));
        // c / (-b/2 -+ root) = (-b/2 +- root) / a, by Vieta.
        found.push(Candidate { value: fold(&(c.clone() / below)), breaks: breaks.clone() });
        found.push(Candidate { value: fold(&(above / a.clone())), breaks: breaks.clone() });
    }
    found
}

fn deduplicated(found: Vec<Candidate>) -> Vec<Candidate> {
    let mut kept: Vec<Candidate> = vec![];
    for c in found {
        match kept.iter_mut().find(|k| k.value == c.value) {
            Some(k) => k.breaks.extend(c.breaks),
            None => kept.push(c),
        }
    }
    kept
}
