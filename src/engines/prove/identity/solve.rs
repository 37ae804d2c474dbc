//! Equations solved for a symbol.

use serde::{Deserialize, Serialize};

use super::canon::Canon;
use super::equation::{Identity, RecheckError};
use super::exception::conditions;
use super::frac::Frac;
use super::oracle::Oracle;
use super::poly::Poly;
use super::print::printed;
use crate::expr::fold::{fold, fold_formula};
use crate::expr::{Expr, Formula, Function, Relation, Symbol};
use crate::prove::signs::{self, Facts, SignSet, prove, sign};

/// The one solution of an equation.
///
/// Wherever the facts and all `conditions` hold, `unknown = value` satisfies the facts and the
/// equation, and nothing else for the unknown does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    pub value: Expr,
    /// What could not be proved from the facts: none of them mentions the unknown.
    pub conditions: Vec<Formula>,
    pub certificate: SolutionCertificate,
}

/// How a solution was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SolutionCertificate {
    pub steps: Vec<Inversion>,
    /// The side conditions that were proved.
    pub proved: Vec<(Formula, signs::Certificate)>,
}

/// One equation of the chain, equivalent to the one before it under the side conditions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inversion {
    pub left: Expr,
    pub right: Expr,
    /// Needed for the equivalence of this equation with the one before.
    pub conditions: Vec<Formula>,
}

/// Solves an equation for a symbol by undoing sums, products, powers, logarithms and
/// exponentials, where the unknown occurs once, or once as a generator of the canonical form and
/// linearly there. `None` where it does not, or where a power cannot be undone in one way only.
pub fn isolate(equation: &Formula, unknown: &Symbol, facts: &[Formula]) -> Option<Solution> {
    let Formula::Rel(a, Relation::Eq, b) = equation else { return None };
    let all = [facts, &conditions(&[a, b])?].concat();
    let steps = inversions(a, b, unknown, &all)?;
    let value = tidy(&steps.last()?.right, &free_of(facts, unknown));
    let known = Facts::new(&free_of(facts, unknown));
    let mut needed: Vec<Formula> = steps.iter().flat_map(|s| s.conditions.clone()).collect();
    // The value must be admissible, and the equation defined there.
    needed.extend(conditions(&[&value])?);
    needed.extend(
        all.iter()
            .map(Formula::unchained)
            .filter(|f| f.free().contains(unknown))
            .map(|f| fold_formula(&f.substitute(unknown, &value))),
    );
    let (mut conditions, mut proved) = (vec![], vec![]);
    for c in needed {
        if c == Formula::True || conditions.contains(&c) || proved.iter().any(|(f, _)| *f == c) {
            continue;
        }
        match prove(&c, &known) {
            Some(certificate) => proved.push((c, certificate)),
            None => conditions.push(c),
        }
    }
    Some(Solution { value, conditions, certificate: SolutionCertificate { steps, proved } })
}

/// Replays a solution: the chain of equations is derived again and every proved side condition
/// re-checked.
pub fn recheck_solution(
    solution: &Solution,
    equation: &Formula,
    unknown: &Symbol,
    facts: &[Formula],
) -> Result<(), RecheckError> {
    let known = Facts::new(&free_of(facts, unknown));
    for (f, certificate) in &solution.certificate.proved {
        signs::recheck_full(certificate, f, &known)?;
    }
    let again = isolate(equation, unknown, facts).ok_or(RecheckError::Shape)?;
    if again == *solution { Ok(()) } else { Err(RecheckError::Differ) }
}

fn free_of(facts: &[Formula], unknown: &Symbol) -> Vec<Formula> {
    // A conjunction is split so that only its parts about the unknown are left out.
    let parts = facts.iter().flat_map(|f| match f.unchained() {
        Formula::And(fs) => fs,
        f => vec![f],
    });
    parts.filter(|f| !f.free().contains(unknown)).collect()
}

/// The equations from the given one to `unknown = value`.
pub(super) fn inversions(a: &Expr, b: &Expr, unknown: &Symbol, facts: &[Formula]) -> Option<Vec<Inversion>> {
    let zero = Expr::int(0);
    let difference = if b.is_zero() { a.clone() } else { fold(&(a.clone() - b.clone())) };
    let start = match (occurrences(a, unknown), occurrences(b, unknown)) {
        (1, 0) => Inversion { left: a.clone(), right: b.clone(), conditions: vec![] },
        (0, 1) => Inversion { left: b.clone(), right: a.clone(), conditions: vec![] },
        _ => linear_in_one_generator(&difference, unknown, facts).unwrap_or(Inversion {
            left: difference,
            right: zero,
            conditions: vec![],
        }),
    };
    if occurrences(&start.left, unknown) != 1 || start.right.mentions(unknown) {
        return None;
    }
    let mut steps = vec![start];
    while let Some(last) = steps.last().filter(|s| s.left.as_sym() != Some(unknown)) {
        let next = inverted(last, unknown, facts)?;
        steps.push(next);
    }
    Some(steps)
}

fn occurrences(e: &Expr, x: &Symbol) -> usize {
    match e {
        Expr::Sym(y) => usize::from(x == y),
        // A case distinction is not undone: one occurrence in a condition is one too many.
        Expr::Cases(_) if e.mentions(x) => 2,
        _ => e.children().into_iter().map(|c| occurrences(c, x)).sum(),
    }
}

/// Undoes the outermost operation on the left.
fn inverted(s: &Inversion, x: &Symbol, facts: &[Formula]) -> Option<Inversion> {
    let g = s.right.clone();
    let (left, right, conditions) = match &s.left {
        Expr::Add(xs) => {
            let (inner, others) = taken(xs, x)?;
            (inner, g - Expr::Add(others), vec![])
        }
        Expr::Mul(xs) => {
            let (inner, others) = taken(xs, x)?;
            let others = fold(&Expr::Mul(others));
            let nonzero = Formula::Rel(others.clone(), Relation::Ne, Expr::int(0));
            (inner, g / others, vec![nonzero])
        }
        Expr::Pow(b, p) if !p.mentions(x) => undone_power(b, p, g, facts)?,
        Expr::Fun(Function::Exp, a) => {
            let positive = Formula::Rel(g.clone(), Relation::Gt, Expr::int(0));
            (a[0].clone(), Expr::Fun(Function::Ln, vec![g]), vec![positive])
        }
        Expr::Fun(Function::Ln, a) => (a[0].clone(), Expr::Fun(Function::Exp, vec![g]), vec![]),
        _ => return None,
    };
    let conditions = conditions.iter().map(fold_formula).filter(|f| *f != Formula::True).collect();
    Some(Inversion { left, right: fold(&right), conditions })
}

fn taken(xs: &[Expr], x: &Symbol) -> Option<(Expr, Vec<Expr>)> {
    let at = xs.iter().position(|t| t.mentions(x))?;
    let mut others = xs.to_vec();
    Some((others.remove(at), others))
}

/// `b^p = g` as `b = …`, for `p` without the unknown.
fn undone_power(b: &Expr, p: &Expr, g: Expr, facts: &[Formula]) -> Option<(Expr, Expr, Vec<Formula>)> {
    let known = Facts::new(facts);
    let against = |e: &Expr, r| Formula::Rel(e.clone(), r, Expr::int(0));
    let root = |p: Expr| Expr::pow(g.clone(), fold(&Expr::recip(p)));
    let (at_least_zero, positive) = (against(&g, Relation::Ge), against(&g, Relation::Gt));
    if let Some(n) = p.as_int() {
        let base = sign(b, &known).signs;
        return match n {
            0 => None,
            -1 => Some((b.clone(), Expr::recip(g.clone()), vec![against(&g, Relation::Ne)])),
            _ if n % 2 != 0 && n > 0 => Some((b.clone(), root(p.clone()), vec![at_least_zero])),
            _ if n % 2 != 0 => Some((b.clone(), root(p.clone()), vec![positive])),
            _ if base.within(SignSet::AT_LEAST_ZERO) || base.within(SignSet::AT_MOST_ZERO) => {
                let up = if n > 0 { at_least_zero } else { positive };
                let value = root(p.clone());
                let value = if base.within(SignSet::AT_LEAST_ZERO) { value } else { -value };
                Some((b.clone(), value, vec![up]))
            }
            _ => None,
        };
    }
    // Here b >= 0 wherever the power is defined, and 0^p is 0.
    let up = if sign(p, &known).signs == SignSet::POSITIVE {
        vec![at_least_zero]
    } else {
        vec![positive, against(p, Relation::Ne)]
    };
    Some((b.clone(), root(p.clone()), up))
}

/// A shorter equal term where one is found: never one that is undefined somewhere else.
fn tidy(e: &Expr, facts: &[Formula]) -> Expr {
    let plain = fold(e);
    match super::normal_form(&plain, facts) {
        Some((short, Identity::Proved(_))) if short.size() <= plain.size() => short,
        _ => plain,
    }
}

/// `difference = 0` as `generator = …`, where the canonical form is linear in the only generator
/// that involves the unknown.
fn linear_in_one_generator(difference: &Expr, x: &Symbol, facts: &[Formula]) -> Option<Inversion> {
    let known = Facts::new(facts);
    let mut oracle = Oracle::searching(&known);
    let mut canon = Canon::new(&known, &mut oracle);
    let form = canon.forms(&[difference]).ok()?.remove(0);
    let g = only_generator(&form.numerator, x)?;
    let coefficients = form.numerator.coefficients(&g);
    let [rest, c] = &coefficients[..] else { return None };
    let mut print = |p: &Poly| printed(&Frac::poly(p.clone()), &mut canon);
    let (rest, c) = (print(rest), print(c));
    let nonzero = Formula::Rel(c.clone(), Relation::Ne, Expr::int(0));
    let right = fold(&(-rest / c));
    let conditions = if fold_formula(&nonzero) == Formula::True { vec![] } else { vec![nonzero] };
    Some(Inversion { left: g, right, conditions })
}

/// The only generator that involves the symbol.
fn only_generator(p: &Poly, x: &Symbol) -> Option<Expr> {
    let mut involved = p.generators().into_iter().filter(|g| g.mentions(x));
    let g = involved.next()?;
    involved.next().is_none().then(|| (*g).clone())
}

/// The two solutions of an equation that is quadratic in a symbol, the one with `+` before the
/// root first, and the unproved conditions under which they are all its real solutions: the
/// leading coefficient is not zero, the discriminant is not negative, the equation's terms are
/// defined at both. Facts about the unknown are not used: a root may lie outside its domain.
pub fn solve_quadratic(
    equation: &Formula,
    unknown: &Symbol,
    facts: &[Formula],
) -> Option<([Expr; 2], Vec<Formula>)> {
    let Formula::Rel(a, Relation::Eq, b) = equation else { return None };
    let all = [free_of(facts, unknown), conditions(&[a, b])?].concat();
    let known = Facts::new(&all);
    let mut oracle = Oracle::searching(&known);
    let mut canon = Canon::new(&known, &mut oracle);
    let form = canon.forms(&[&(a.clone() - b.clone())]).ok()?.remove(0);
    let g = only_generator(&form.numerator, unknown).filter(|g| g.as_sym() == Some(unknown))?;
    let coefficients = form.numerator.coefficients(&g);
    let [c, b1, a2] = &coefficients[..] else { return None };
    let four = rug::Rational::from(4);
    let d = b1.times(b1).minus(&a2.times(c).scaled(&four));
    let mut print = |p: &Poly| printed(&Frac::poly(p.clone()), &mut canon);
    let (lead, middle, inner) = (print(a2), print(&b1.scaled(&rug::Rational::from(-1))), print(&d));
    let root = Expr::sqrt(inner.clone());
    let twice = || Expr::Mul(vec![Expr::int(2), lead.clone()]);
    let roots = [fold(&((middle.clone() + root.clone()) / twice())), fold(&((middle - root) / twice()))];
    let mut needed =
        vec![Formula::Rel(lead, Relation::Ne, Expr::int(0)), Formula::Rel(inner, Relation::Ge, Expr::int(0))];
    // A root at which the equation is undefined is none of its solutions.
    for r in &roots {
        let defined = conditions(&[a, b]).into_iter().flatten();
        needed.extend(defined.map(|f| fold_formula(&f.substitute(unknown, r))));
    }
    let free = Facts::new(&free_of(facts, unknown));
    let mut open = vec![];
    for f in needed {
        if fold_formula(&f) != Formula::True && !open.contains(&f) && prove(&f, &free).is_none() {
            open.push(f);
        }
    }
    Some((roots, open))
}
