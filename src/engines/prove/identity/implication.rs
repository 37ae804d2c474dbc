//! Equations that follow from equations.

use serde::{Deserialize, Serialize};

use super::equation::{
    self, Case, Identity, Question, RecheckError, equal, prove_case, put_in, recheck_case,
};
use super::exception::conditions;
use super::solve::inversions;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::signs::{self, Facts, prove_where_defined};

/// A proof that an equation follows from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Implication {
    /// That the conclusion's terms are defined where the premise holds.
    pub defined: Vec<signs::Certificate>,
    pub argument: Argument,
}

/// How the conclusion follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Argument {
    /// The canonical numerator of the conclusion is a multiple of that of the premise without
    /// its nonzero factors, in every case.
    Multiple(Case),
    /// The premise gives `symbol = value`, and with that the conclusion's sides are equal.
    Isolated { symbol: Symbol, value: Expr, certificate: equation::Certificate },
}

/// Proves that wherever the facts and the premise hold (its terms being defined), the conclusion
/// holds with its terms defined. Both are equations.
pub fn implies(premise: &Formula, conclusion: &Formula, facts: &[Formula]) -> Option<Implication> {
    let (p, c) = (sides(premise)?, sides(conclusion)?);
    let given = given(premise, p, facts)?;
    let mut known = given.clone();
    let mut defined = vec![];
    for f in conditions(&[c.0, c.1])? {
        defined.push(prove_where_defined(&f, &Facts::new(&known))?);
        known.push(f);
    }
    if let Ok(case) = prove_case(&question(p, c), &Facts::new(&known), 0) {
        return Some(Implication { defined, argument: Argument::Multiple(case) });
    }
    let unknowns = premise.free();
    let argument = unknowns.iter().find_map(|x| {
        let value = forced(premise, x, &given)?;
        let put = |e: &Expr| e.substitute(x, &value);
        match equal(&put(c.0), &put(c.1), &put_in(&known, x, &value)) {
            Identity::Proved(certificate) => {
                Some(Argument::Isolated { symbol: x.clone(), value, certificate })
            }
            _ => None,
        }
    })?;
    Some(Implication { defined, argument })
}

/// Replays an implication.
pub fn recheck_implication(
    proof: &Implication,
    premise: &Formula,
    conclusion: &Formula,
    facts: &[Formula],
) -> Result<(), RecheckError> {
    let shape = || RecheckError::Shape;
    let (p, c) = (sides(premise).ok_or_else(shape)?, sides(conclusion).ok_or_else(shape)?);
    let given = given(premise, p, facts).ok_or_else(shape)?;
    let mut known = given.clone();
    let needed = conditions(&[c.0, c.1]).ok_or_else(shape)?;
    if needed.len() != proof.defined.len() {
        return Err(RecheckError::Shape);
    }
    for (f, certificate) in needed.into_iter().zip(&proof.defined) {
        signs::recheck(certificate, &f, &Facts::new(&known))?;
        known.push(f);
    }
    match &proof.argument {
        Argument::Multiple(case) => recheck_case(case, &question(p, c), &Facts::new(&known)),
        Argument::Isolated { symbol, value, certificate } => {
            if forced(premise, symbol, &given).as_ref() != Some(value) {
                return Err(RecheckError::Shape);
            }
            let put = |e: &Expr| e.substitute(symbol, value);
            let facts_there = put_in(&known, symbol, value);
            let left_out = equation::recheck(certificate, &put(c.0), &put(c.1), &facts_there)?;
            if left_out.is_empty() { Ok(()) } else { Err(RecheckError::Differ) }
        }
    }
}

fn question(p: (&Expr, &Expr), c: (&Expr, &Expr)) -> Question {
    Question::Follows((p.0.clone(), p.1.clone()), (c.0.clone(), c.1.clone()))
}

fn sides(f: &Formula) -> Option<(&Expr, &Expr)> {
    match f {
        Formula::Rel(a, Relation::Eq, b) => Some((a, b)),
        _ => None,
    }
}

/// The facts, the premise and that its terms are defined.
fn given(premise: &Formula, p: (&Expr, &Expr), facts: &[Formula]) -> Option<Vec<Formula>> {
    Some([facts, &conditions(&[p.0, p.1])?, std::slice::from_ref(premise)].concat())
}

/// What the premise forces the symbol to be, by steps whose side conditions are proved.
fn forced(premise: &Formula, x: &Symbol, given: &[Formula]) -> Option<Expr> {
    let (a, b) = sides(premise)?;
    let known = Facts::new(given);
    let steps = inversions(a, b, x, given)?;
    let mut needed = steps.iter().flat_map(|s| &s.conditions);
    let all = needed.all(|f| prove_where_defined(f, &known).is_some());
    all.then(|| steps.last().map(|s| s.right.clone())).flatten()
}
