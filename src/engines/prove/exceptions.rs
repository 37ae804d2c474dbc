//! The exact set at which a statement that otherwise holds fails.
//!
//! Candidates are the places where papers slip: zeros of denominators and of radicands, borders
//! of case distinctions and the gaps between them, closed borders of domains. A set of candidates
//! is reported only if it is proved that the statement holds everywhere outside it and fails
//! everywhere inside it.

use crate::expr::fold::{fold, fold_formula};
use crate::expr::{Expr, Formula, Relation, defined};

use super::interior;
use super::negation::negation_normal;
use super::{Evidence, Judge, Judgement};

/// Conditions at which a statement may fail.
#[derive(Clone, Debug, Default)]
pub struct Candidates(Vec<Formula>);

impl Candidates {
    /// The candidates that the shape of a statement and of its hypotheses suggests.
    pub fn of(hypotheses: &[Formula], statement: &Formula) -> Candidates {
        let mut found = vec![];
        for term in statement.terms() {
            gaps(term, &mut found);
        }
        if let Some(condition) = defined::formula_condition(statement) {
            for part in parts(&condition) {
                found.extend(parts_of_failure(&part));
            }
        }
        for f in statement.terms().into_iter().flat_map(conditions).chain(hypotheses.iter().cloned()) {
            borders(&f.unchained(), &mut found);
        }
        // A strict inequality may fail where its sides meet.
        borders(&statement.unchained(), &mut found);
        let mut distinct = vec![];
        for f in found.into_iter().map(|f| fold_formula(&f)) {
            if f != Formula::True && f != Formula::False && !distinct.contains(&f) {
                distinct.push(f);
            }
        }
        Candidates(distinct)
    }
}

impl IntoIterator for Candidates {
    type Item = Formula;
    type IntoIter = std::vec::IntoIter<Formula>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The exceptions outside which the statement is proved and inside which it is proved to fail.
pub fn exact(
    judge: &dyn Judge,
    hypotheses: &[Formula],
    statement: &Formula,
    candidates: &Candidates,
) -> Option<(Vec<Formula>, Vec<Evidence>)> {
    let outside = |chosen: &[Formula]| -> Vec<Formula> {
        hypotheses.iter().cloned().chain(chosen.iter().map(|c| !c.clone())).collect()
    };
    // Candidates everywhere inside which the statement fails.
    let failing: Vec<Formula> = candidates
        .0
        .iter()
        .filter(|c| {
            let inside = [hypotheses, std::slice::from_ref(*c)].concat();
            let holds_inside = [inside.clone(), vec![statement.clone()]].concat();
            judge.satisfiable(&inside) == Some(true)
                && judge.satisfiable(&holds_inside) == Some(false)
                && is_exceptional(judge, hypotheses, statement, c)
        })
        .cloned()
        .collect();
    proof(judge, &outside(&failing), statement)?;
    let mut needed = failing;
    for candidate in needed.clone().into_iter().rev() {
        let fewer: Vec<Formula> = needed.iter().filter(|c| **c != candidate).cloned().collect();
        if !fewer.is_empty() && proof(judge, &outside(&fewer), statement).is_some() {
            needed = fewer;
        }
    }
    let evidence = proof(judge, &outside(&needed), statement)?;
    Some((needed, evidence))
}

/// Whether a condition describes a set without interior, or one on which the statement is proved
/// to be undefined: a failure anywhere else is a refutation, no exception.
pub fn is_exceptional(judge: &dyn Judge, hypotheses: &[Formula], statement: &Formula, c: &Formula) -> bool {
    interior::is_thin(c)
        || defined::formula_condition(statement).is_some_and(|condition| {
            let defined = [hypotheses, &[c.clone(), condition]].concat();
            judge.satisfiable(&defined) == Some(false)
        })
}

fn proof(judge: &dyn Judge, hypotheses: &[Formula], statement: &Formula) -> Option<Vec<Evidence>> {
    match judge.judge_plainly(hypotheses, statement) {
        Judgement::Holds(evidence) => Some(evidence),
        _ => None,
    }
}

fn parts(f: &Formula) -> Vec<Formula> {
    match f {
        Formula::And(ps) => ps.iter().flat_map(parts).collect(),
        other => vec![other.clone()],
    }
}

/// What the failure of one condition looks like: `b != 0` fails at `b = 0`; `p >= 0` fails for
/// `p < 0`; a power's condition `b > 0 or b = 0 and p > 0` fails at `b = 0` and for `b < 0`.
fn parts_of_failure(f: &Formula) -> Vec<Formula> {
    match f {
        Formula::Rel(a, Relation::Gt, b) => vec![
            separated(Formula::Rel(a.clone(), Relation::Eq, b.clone())),
            separated(Formula::Rel(a.clone(), Relation::Lt, b.clone())),
        ],
        // A condition that is an equation is one way among others to be defined.
        Formula::Rel(_, Relation::Eq, _) => vec![],
        Formula::Rel(..) => vec![separated(negation_normal(&!f.clone()))],
        Formula::Or(ps) => ps.iter().flat_map(parts).flat_map(|p| parts_of_failure(&p)).collect(),
        _ => vec![],
    }
}

/// `k (a - b) = 0` as `a = b`: a constant factor dropped, negative terms brought to the right.
pub(super) fn separated(f: Formula) -> Formula {
    let Formula::Rel(left, relation, right) = &f else { return f };
    if !right.is_zero() {
        return f;
    }
    let factors = match left {
        Expr::Mul(xs) => xs.clone(),
        other => vec![other.clone()],
    };
    let positive_literal = |x: &Expr| x.as_num().is_some_and(|n| *n > 0);
    let mut rest: Vec<Expr> = factors.into_iter().filter(|x| !positive_literal(x)).collect();
    let [Expr::Add(terms)] = rest.as_mut_slice() else { return f };
    let negative = |t: &Expr| match t {
        Expr::Num(n) => *n < 0,
        Expr::Mul(xs) => xs.first().and_then(Expr::as_num).is_some_and(|n| *n < 0),
        _ => false,
    };
    let (minus, plus): (Vec<Expr>, Vec<Expr>) = terms.drain(..).partition(negative);
    let minus: Vec<Expr> = minus.into_iter().map(|t| fold(&-t)).collect();
    Formula::Rel(fold(&Expr::Add(plus)), *relation, fold(&Expr::Add(minus)))
}

/// The regions in which no case of a distinction in the term applies.
fn gaps(e: &Expr, out: &mut Vec<Formula>) {
    for child in e.children() {
        gaps(child, out);
    }
    let Expr::Cases(cs) = e else { return };
    let conditions: Option<Vec<&Formula>> = cs.iter().map(|c| c.condition.as_ref()).collect();
    if let Some(conditions) = conditions {
        let none = Formula::and(conditions.into_iter().map(|f| negation_normal(&!f.clone())).collect());
        out.push(tightened(none));
    }
}

/// `a >= b and a <= b` as `a = b`.
fn tightened(f: Formula) -> Formula {
    let Formula::And(ps) = &f else { return f };
    let [Formula::Rel(a, r, b), Formula::Rel(c, s, d)] = ps.as_slice() else { return f };
    let same = (a, b) == (c, d) && *s == r.mirrored();
    let crossed = (a, b) == (d, c) && s == r;
    if (same || crossed) && matches!(r, Relation::Le | Relation::Ge) {
        return Formula::eq(a.clone(), b.clone());
    }
    f
}

fn conditions(e: &Expr) -> Vec<Formula> {
    let mut out: Vec<Formula> = e.children().into_iter().flat_map(conditions).collect();
    if let Expr::Cases(cs) = e {
        out.extend(cs.iter().filter_map(|c| c.condition.clone()));
    }
    out
}

/// The equations at which the relations of a formula change.
fn borders(f: &Formula, out: &mut Vec<Formula>) {
    match f {
        Formula::Rel(a, r, b) if *r != Relation::Eq => out.push(Formula::eq(a.clone(), b.clone())),
        Formula::Not(p) => borders(p, out),
        Formula::And(ps) | Formula::Or(ps) => ps.iter().for_each(|p| borders(p, out)),
        Formula::Implies(p, q) | Formula::Iff(p, q) => {
            borders(p, out);
            borders(q, out);
        }
        _ => {}
    }
}
