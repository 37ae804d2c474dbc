//! Systems of equations solved for several unknowns.
//!
//! Linear ones by fraction-free elimination over polynomials in the parameters (Bareiss, *Sylvester's
//! identity and multistep integer-preserving Gaussian elimination*, 1968; Gauss–Jordan form); others by
//! solving one equation after the other and putting its solutions into the rest.

use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::identity::frac::Frac;
use crate::prove::identity::poly::{Poly, gcd};
use crate::prove::identity::{isolate, solve_quadratic};

/// The solutions of a system.
pub(super) struct Solutions {
    /// Values of the unknowns; more than one where an equation is quadratic.
    pub values: Vec<Substitution>,
    /// Where these hold, for all values that the unknowns may take, there are no other solutions. No
    /// condition says that the values are solutions: an equation may be undefined there.
    pub conditions: Vec<Formula>,
}

/// Why a system has no solutions to show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsolved {
    /// It is linear, and its determinant is zero for all parameters.
    Singular,
    /// It is of no kind that is solved here.
    Other,
}

/// The most solutions that are looked at.
const MOST: usize = 8;

/// Solves `term = 0` for all `terms`, as many as there are unknowns; `facts` are about parameters only.
/// Cost: cubic in the number of unknowns where the system is linear, times the growth of its minors.
pub(super) fn solve(terms: &[Expr], unknowns: &[Symbol], facts: &[Formula]) -> Result<Solutions, Unsolved> {
    let one_each = terms.len() == unknowns.len();
    match Matrix::of(terms, unknowns).filter(|_| one_each) {
        Some(matrix) => matrix.solved(unknowns).ok_or(Unsolved::Singular),
        None => one_by_one(terms, unknowns, facts).ok_or(Unsolved::Other),
    }
}

/// A linear system, a row for each equation: the coefficients of the unknowns and, last, what their sum
/// is to be.
struct Matrix(Vec<Vec<Poly>>);

impl Matrix {
    /// `None` if an equation is not linear. A fraction is zero where it is defined and its numerator is.
    fn of(terms: &[Expr], unknowns: &[Symbol]) -> Option<Matrix> {
        let row = |term: &Expr| {
            let mut rest = Frac::of(&fold(term))?.numerator;
            let mut row = vec![];
            for x in unknowns.iter().cloned().map(Expr::Sym) {
                let mut coefficients = rest.coefficients(&x).into_iter();
                rest = coefficients.next()?;
                row.push(coefficients.next().unwrap_or_else(Poly::zero));
                if coefficients.next().is_some() {
                    return None;
                }
            }
            row.push(rest.scaled(&rug::Rational::from(-1)));
            let free = |p: &Poly| p.generators().iter().all(|g| unknowns.iter().all(|x| !g.mentions(x)));
            row.iter().all(free).then_some(row)
        };
        terms.iter().map(row).collect::<Option<_>>().map(Matrix)
    }

    /// `None` if the determinant is the zero polynomial.
    fn solved(self, unknowns: &[Symbol]) -> Option<Solutions> {
        let Matrix(mut rows) = self;
        let mut before = Poly::constant(1);
        for k in 0..rows.len() {
            let pivot = (k..rows.len()).find(|i| !rows[*i][k].is_zero())?;
            rows.swap(k, pivot);
            let by = rows[k].clone();
            for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
                let factor = row[k].clone();
                for (entry, above) in row.iter_mut().zip(&by) {
                    let crossed = by[k].times(entry).minus(&factor.times(above));
                    *entry = crossed.exactly_over(&before)?;
                }
            }
            before = by[k].clone();
        }
        let determinant = fold(&before.to_expr());
        let nonzero = fold_formula(&Formula::Rel(determinant, Relation::Ne, Expr::int(0)));
        let value = |(k, x): (usize, &Symbol)| {
            let row = &rows[k];
            (x.clone(), quotient(row.last().expect("a row has a last entry"), &row[k]))
        };
        Some(Solutions {
            values: vec![unknowns.iter().enumerate().map(value).collect()],
            conditions: if nonzero == Formula::True { vec![] } else { vec![nonzero] },
        })
    }
}

/// A quotient in lowest terms.
fn quotient(numerator: &Poly, denominator: &Poly) -> Expr {
    let common = gcd(numerator, denominator);
    let over = |p: &Poly| p.exactly_over(&common).unwrap_or_else(|| p.clone());
    let (above, below) = match (numerator.exactly_over(&common), denominator.exactly_over(&common)) {
        (Some(_), Some(_)) => (over(numerator), over(denominator)),
        _ => (numerator.clone(), denominator.clone()),
    };
    let (content, below) = below.primitive();
    fold(&(above.scaled(&content.recip()).to_expr() / below.to_expr()))
}

/// Solves the first equation that can be solved for an unknown, puts the solutions into the others, and
/// goes on with these.
fn one_by_one(terms: &[Expr], unknowns: &[Symbol], facts: &[Formula]) -> Option<Solutions> {
    let Some((x, others)) = unknowns.split_first() else {
        return Some(Solutions { values: vec![Substitution::new()], conditions: vec![] });
    };
    terms.iter().enumerate().filter(|(_, t)| t.mentions(x)).find_map(|(i, term)| {
        let (roots, mut conditions) = roots(term, x, facts)?;
        let mut values = vec![];
        for root in roots {
            let put = |t: &Expr| fold(&t.substitute(x, &root));
            let rest: Vec<Expr> =
                terms.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, t)| put(t)).collect();
            // What the unknown was put into may be linear now.
            let inner = solve(&rest, others, facts).ok()?;
            conditions.extend(inner.conditions);
            for mut found in inner.values {
                found.insert(x.clone(), fold(&root.substitute_all(&found)));
                values.push(found);
            }
        }
        (values.len() <= MOST).then_some(Solutions { values, conditions })
    })
}

/// All solutions of `term = 0` for `x`, and the conditions under which there are no others.
fn roots(term: &Expr, x: &Symbol, facts: &[Formula]) -> Option<(Vec<Expr>, Vec<Formula>)> {
    let equation = Formula::eq(term.clone(), Expr::int(0));
    if let Some(found) = isolate(&equation, x, facts) {
        return Some((vec![found.value], found.conditions));
    }
    let (both, conditions) = solve_quadratic(&equation, x, facts)?;
    Some((both.to_vec(), conditions))
}
