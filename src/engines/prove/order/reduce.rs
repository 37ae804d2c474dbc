//! Steps that remove variables before the search, and the order of the rest.
//!
//! Each step keeps satisfiability and is recorded, so that the re-check can verify that it was
//! allowed and repeat it:
//!
//! * *substitution*: the outermost conjunction contains `den v - num = 0`, where `den` is a
//!   constant or is kept from zero by another conjunct; `v` is replaced by `num/den` (each
//!   polynomial multiplied by an even power of `den`);
//! * *scaling*: with real weights `w`, every polynomial `p` satisfies
//!   `p(t^w1 x1, …, t^wn xn) = t^k p(x1, …, xn)` for some `k`, so that the signs of all
//!   polynomials are the same along each curve `t -> t^w x`, `t > 0`. If a conjunct says `v > 0`
//!   (or `v < 0`) and `w_v != 0`, each solution has a solution with `v = 1` (or `v = -1`) on its
//!   curve: put `t = |v|^(-1/w_v)`. Homogeneity in a set of variables is the case of weights 0, 1.

use std::collections::BTreeMap;

use rug::Rational;
use serde::{Deserialize, Serialize};

use super::constraint::Tree;
use crate::exact::{Exhausted, Meter, Poly, Var};
use crate::expr::Relation;

/// A step that removes a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// `variable` was replaced by `num/den`.
    Substitute { variable: Var, num: Poly, den: Poly },
    /// `variable` was set to 1 (`positive`) or -1; the weights are those of variables 0, 1, 2, …
    Scale { variable: Var, positive: bool, weights: Vec<Rational> },
}

/// Why a recorded step was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    #[error("a substitution is not one of the conjuncts")]
    NoSuchEquation,
    #[error("the denominator of a substitution may vanish")]
    DenominatorMayVanish,
    #[error("the statement is not homogeneous with the weights given")]
    NotHomogeneous,
    #[error("the variable that was scaled has no known sign")]
    SignUnknown,
}

/// The largest size that the power of a substituted term may reach, as a rough estimate.
const LARGEST_SUBSTITUTE: u64 = 100_000;

/// Removes variables as far as the steps above go; the steps taken, and what is left.
pub fn reduce(tree: Tree, meter: &Meter) -> Result<(Vec<Step>, Tree), Exhausted> {
    let mut steps = vec![];
    let mut tree = tree;
    loop {
        meter.charge(1)?;
        let Some(step) = next_substitution(&tree).or_else(|| next_scaling(&tree)) else {
            return Ok((steps, tree));
        };
        tree = apply(&step, &tree).expect("a step that was looked up applies");
        steps.push(step);
    }
}

/// Verifies that a step is allowed and takes it.
pub fn apply(step: &Step, tree: &Tree) -> Result<Tree, StepError> {
    match step {
        Step::Substitute { variable, num, den } => {
            let v = *variable;
            if num.mentions(v) || den.mentions(v) || den.is_zero() {
                return Err(StepError::NoSuchEquation);
            }
            let equation = Tree::atom(&(&(&Poly::var(v) * den) - num), Relation::Eq);
            if !tree.facts().into_iter().any(|a| Tree::Atom(a.clone()) == equation) {
                return Err(StepError::NoSuchEquation);
            }
            if den.as_const().is_none() && !is_kept_from_zero(tree, den) {
                return Err(StepError::DenominatorMayVanish);
            }
            Ok(tree.map(&|p| {
                let q = p.at_quotient(v, num, den);
                if p.degree_in(v) % 2 == 1 { &q * den } else { q }
            }))
        }
        Step::Scale { variable, positive, weights } => {
            if !tree.polys().into_iter().all(|p| is_homogeneous(p, weights)) {
                return Err(StepError::NotHomogeneous);
            }
            let weight = weights.get(*variable as usize);
            if weight.is_none_or(|w| *w == 0) || known_sign(tree, *variable) != Some(*positive) {
                return Err(StepError::SignUnknown);
            }
            let value = Rational::from(if *positive { 1 } else { -1 });
            Ok(tree.map(&|p| p.at_rational(*variable, &value)))
        }
    }
}

/// Whether a conjunct says that the polynomial is positive, negative or not zero.
fn is_kept_from_zero(tree: &Tree, p: &Poly) -> bool {
    let p = p.normal();
    tree.facts()
        .iter()
        .any(|a| a.poly == p && matches!(a.relation, Relation::Gt | Relation::Lt | Relation::Ne))
}

/// Whether a conjunct says that the variable is positive (`true`) or negative (`false`).
fn known_sign(tree: &Tree, v: Var) -> Option<bool> {
    let p = Poly::var(v);
    tree.facts().iter().filter(|a| a.poly == p).find_map(|a| match a.relation {
        Relation::Gt => Some(true),
        Relation::Lt => Some(false),
        _ => None,
    })
}

fn is_homogeneous(p: &Poly, weights: &[Rational]) -> bool {
    let mut degrees = p.terms().into_iter().map(|(_, exponents)| {
        let mut sum = Rational::new();
        for (v, e) in exponents.iter().enumerate() {
            if let Some(w) = weights.get(v) {
                sum += w * Rational::from(*e);
            }
        }
        sum
    });
    let first = degrees.next();
    degrees.all(|d| Some(&d) == first.as_ref())
}

fn next_substitution(tree: &Tree) -> Option<Step> {
    let mut best: Option<(u64, Step)> = None;
    let polys = tree.polys();
    for a in tree.facts().into_iter().filter(|a| a.relation == Relation::Eq) {
        for v in a.poly.variables() {
            let cs = a.poly.collect(v);
            let [rest, den] = cs.as_slice() else { continue };
            let size = rest.size() * if den.as_const().is_some() { 1 } else { 1 + den.size() };
            let degree = polys.iter().map(|p| p.degree_in(v)).max().unwrap_or(0) as u32;
            if size.saturating_pow(degree) > LARGEST_SUBSTITUTE
                || (den.as_const().is_none() && !is_kept_from_zero(tree, den))
            {
                continue;
            }
            if best.as_ref().is_none_or(|(s, _)| size < *s) {
                best = Some((size, Step::Substitute { variable: v, num: -rest, den: den.clone() }));
            }
        }
    }
    best.map(|(_, step)| step)
}

fn next_scaling(tree: &Tree) -> Option<Step> {
    let polys = tree.polys();
    let count = polys.iter().filter_map(|p| p.main()).max()? as usize + 1;
    let signed: Vec<(Var, bool)> =
        (0..count as Var).filter_map(|v| known_sign(tree, v).map(|s| (v, s))).collect();
    if signed.is_empty() {
        return None;
    }
    let mut rows = vec![];
    for p in polys {
        let terms = p.terms();
        let (_, first) = terms.first()?;
        for (_, exponents) in &terms[1..] {
            let at = |e: &[u32], v: usize| i64::from(e.get(v).copied().unwrap_or(0));
            rows.push((0..count).map(|v| Rational::from(at(exponents, v) - at(first, v))).collect());
        }
    }
    // The variable of largest degree first: setting it to one saves most.
    let mut signed: Vec<_> = signed
        .into_iter()
        .map(|(v, s)| (tree.polys().iter().map(|p| p.degree_in(v)).sum::<usize>(), v, s))
        .collect();
    signed.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let kernel = kernel(rows, count);
    signed.into_iter().find_map(|(_, variable, positive)| {
        let weights = kernel.iter().find(|w| w[variable as usize] != 0)?.clone();
        Some(Step::Scale { variable, positive, weights })
    })
}

/// A basis of the solutions of a homogeneous linear system (Gauss–Jordan elimination).
fn kernel(mut rows: Vec<Vec<Rational>>, count: usize) -> Vec<Vec<Rational>> {
    let mut pivots: BTreeMap<usize, usize> = BTreeMap::new();
    let mut done = 0;
    for column in 0..count {
        let Some(found) = (done..rows.len()).find(|r| rows[*r][column] != 0) else { continue };
        rows.swap(done, found);
        let inverse = rows[done][column].clone().recip();
        rows[done].iter_mut().for_each(|x| *x *= &inverse);
        let pivot_row = rows[done].clone();
        for (r, row) in rows.iter_mut().enumerate() {
            if r != done && row[column] != 0 {
                let factor = row[column].clone();
                for (x, p) in row.iter_mut().zip(&pivot_row) {
                    *x -= Rational::from(p * &factor);
                }
            }
        }
        pivots.insert(column, done);
        done += 1;
    }
    (0..count)
        .filter(|c| !pivots.contains_key(c))
        .map(|free| {
            let mut w = vec![Rational::new(); count];
            w[free] = Rational::from(1);
            for (column, row) in &pivots {
                w[*column] = Rational::from(-&rows[*row][free]);
            }
            w
        })
        .collect()
}

/// The variables in the order in which the search gives them values, first to last.
///
/// Brown's heuristic: the variable of lowest degree is eliminated first (and so comes last), ties
/// broken by the total degree and the number of the terms that contain it.
pub fn variable_order(tree: &Tree) -> Vec<Var> {
    let mut measures: BTreeMap<Var, (usize, usize, usize)> = BTreeMap::new();
    for p in tree.polys() {
        for (_, exponents) in p.terms() {
            let total: u32 = exponents.iter().sum();
            for (v, e) in exponents.iter().enumerate().filter(|(_, e)| **e > 0) {
                let m = measures.entry(v as Var).or_default();
                m.0 = m.0.max(*e as usize);
                m.1 = m.1.max(total as usize);
                m.2 += 1;
            }
        }
    }
    let mut order: Vec<Var> = measures.keys().copied().collect();
    order.sort_by_key(|v| std::cmp::Reverse((measures[v], *v)));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_is_homogeneous_in_two_positive_variables_loses_one_of_them() {
        let (a, b) = (Poly::var(0), Poly::var(1));
        let tree = Tree::and(vec![
            Tree::atom(&a, Relation::Gt),
            Tree::atom(&b, Relation::Gt),
            Tree::atom(&(&a.pow(2) - &(&a * &b)), Relation::Lt),
        ]);
        let (steps, left) = reduce(tree, &Meter::unlimited()).expect("unlimited");
        assert!(matches!(steps.as_slice(), [Step::Scale { .. }]));
        assert_eq!(left.polys().iter().filter_map(|p| p.main()).collect::<Vec<_>>().len(), 2);
    }

    #[test]
    fn a_scaling_with_wrong_weights_is_refused() {
        let (a, b) = (Poly::var(0), Poly::var(1));
        let tree = Tree::and(vec![Tree::atom(&a, Relation::Gt), Tree::atom(&(&a.pow(2) - &b), Relation::Lt)]);
        let weights = vec![Rational::from(1), Rational::from(1)];
        let step = Step::Scale { variable: 0, positive: true, weights };
        assert_eq!(apply(&step, &tree), Err(StepError::NotHomogeneous));
        let weights = vec![Rational::from(1), Rational::from(2)];
        assert!(apply(&Step::Scale { variable: 0, positive: true, weights }, &tree).is_ok());
    }
}
