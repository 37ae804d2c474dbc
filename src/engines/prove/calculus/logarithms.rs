//! Logarithms of products and powers as sums, and of both sides of a relation.
//!
//! For positive numbers `ln (a^x b^y) = x ln a + y ln b`, and a relation holds between two positive numbers if
//! and only if it holds between their logarithms (Hardy, *A Course of Pure Mathematics*, §§ 210–212).

use std::collections::BTreeSet;

use super::goal::Goal;
use super::steps::has_cases;
use crate::expr::fold::fold;
use crate::expr::{Expr, Formula, Function, Relation, defined};

/// The goals that the statement is defined, that what a logarithm is taken of is positive, and the goal with
/// logarithms written out; of the relations in `of`, with the logarithms of both sides. A product one of whose
/// factors is a sum is written out only if `sums` says so: its factors may be negative and itself positive.
///
/// Hypotheses that are no relations are kept as they are.
pub(super) fn logarithms(goal: &Goal, of: &[Formula], sums: bool) -> Option<Vec<Goal>> {
    let elementary = |e: &Expr| e.is_elementary() && !has_cases(e);
    let relation = |f: &Formula| matches!(f, Formula::Rel(a, _, b) if elementary(a) && elementary(b));
    let known = |f: &Formula| *f == goal.statement || goal.hypotheses.contains(f);
    if !relation(&goal.statement) || !of.iter().all(|f| known(f) && relation(f)) {
        return None;
    }
    let mut bases = Bases { all: vec![], sums };
    let mut written = |f: &Formula| match f {
        Formula::Rel(a, r, b) if relation(f) => {
            let sides = if of.contains(f) {
                [bases.logarithm(a), bases.logarithm(b)]
            } else {
                [a, b].map(|e| bases.written_out(e))
            };
            let [a, b] = sides;
            Formula::Rel(a, *r, b)
        }
        other => other.clone(),
    };
    let statement = written(&goal.statement);
    let hypotheses: Vec<Formula> = goal.hypotheses.iter().map(written).collect();
    if statement == goal.statement && hypotheses == goal.hypotheses {
        return None;
    }
    let condition = defined::formula_condition(&goal.statement)?;
    let bases: BTreeSet<Expr> = bases.all.into_iter().collect();
    let positive = bases.into_iter().map(|b| Formula::Rel(b, Relation::Gt, Expr::int(0)));
    let aside = std::iter::once(condition).chain(positive);
    let aside = aside.map(|f| Goal::given(goal.hypotheses.clone(), &f));
    Some(aside.chain([Goal::given(hypotheses, &statement)]).collect())
}

/// The relations of which the search takes logarithms: those between products with a symbolic exponent, and
/// with one of them the statement.
pub(super) fn between_powers(goal: &Goal) -> Vec<Formula> {
    let sides = |f: &Formula| match f {
        Formula::Rel(a, _, b) if [a, b].into_iter().all(|e| is_product(e) && !e.is_zero()) => {
            Some([a.clone(), b.clone()])
        }
        _ => None,
    };
    let symbolic = |f: &&Formula| sides(f).is_some_and(|ab| ab.iter().any(has_symbolic_exponent));
    let mut out: Vec<Formula> = goal.hypotheses.iter().filter(symbolic).cloned().collect();
    let follows = !out.is_empty() && sides(&goal.statement).is_some();
    if follows || symbolic(&&goal.statement) {
        out.push(goal.statement.clone());
    }
    out
}

fn is_product(e: &Expr) -> bool {
    match e {
        Expr::Num(_) | Expr::Sym(_) | Expr::Pow(..) => true,
        Expr::Mul(xs) => xs.iter().all(is_product),
        _ => false,
    }
}

fn has_symbolic_exponent(e: &Expr) -> bool {
    match e {
        Expr::Pow(_, x) => x.as_num().is_none(),
        Expr::Mul(xs) => xs.iter().any(has_symbolic_exponent),
        _ => false,
    }
}

/// What logarithms are taken of.
struct Bases {
    all: Vec<Expr>,
    /// Whether products with factors that are sums are written out too.
    sums: bool,
}

impl Bases {
    /// The logarithm of a term, as a sum over its factors if none of them is a sum or sums may be factors.
    fn logarithm(&mut self, e: &Expr) -> Expr {
        match e {
            Expr::Mul(xs) if self.sums || is_product(e) => {
                Expr::Add(xs.iter().map(|x| self.logarithm(x)).collect())
            }
            Expr::Pow(b, x) => self.written_out(x) * self.logarithm(b),
            other => {
                self.all.push(other.clone());
                if other.is_one() { Expr::int(0) } else { Expr::Fun(Function::Ln, vec![other.clone()]) }
            }
        }
    }

    /// The term with its logarithms as sums.
    fn written_out(&mut self, e: &Expr) -> Expr {
        match e {
            Expr::Fun(Function::Ln, xs) if xs.len() == 1 && matches!(xs[0], Expr::Mul(_) | Expr::Pow(..)) => {
                fold(&self.logarithm(&xs[0]))
            }
            other => other.map(&mut |c| self.written_out(c), &mut Formula::clone),
        }
    }
}
