//! Odd roots of negative numbers.
//!
//! The engines read a root as a power, which is undefined for a negative base; a real odd root is not. A failure
//! that may rest on the one reading is no failure in the other.

use crate::expr::{Expr, Formula, Relation};
use crate::prove::evaluate::{Truth, truth};
use crate::prove::{Judge, Judgement};

/// Precision of evaluation.
const BITS: u32 = 256;

/// What is left of a judgement if an odd root of a negative number may be a number.
pub fn either_way(
    judgement: Judgement,
    hypotheses: &[Formula],
    statement: &Formula,
    judge: &dyn Judge,
) -> Judgement {
    let point = match &judgement {
        Judgement::Fails { witness, .. } => Some(witness),
        Judgement::Except { witness, .. } => witness.as_ref(),
        _ => return judgement,
    };
    let mut bases = vec![];
    statement.terms().into_iter().for_each(|e| collect(e, &mut bases));
    let may_be_negative = |base: &&Expr| {
        let there = |r| Formula::rel((*base).clone(), r, Expr::int(0));
        match point.map(|at| truth(&there(Relation::Lt), at, BITS)) {
            Some(Truth::True) => true,
            Some(Truth::False) if matches!(judgement, Judgement::Fails { .. }) => false,
            _ => !judge.proves(hypotheses, &there(Relation::Ge)),
        }
    };
    if bases.iter().any(may_be_negative) {
        return Judgement::Unknown(vec![
            "an odd root of a negative number is not judged to be undefined".into(),
        ]);
    }
    judgement
}

/// The bases of powers whose exponents are fractions with odd denominators.
fn collect<'e>(e: &'e Expr, bases: &mut Vec<&'e Expr>) {
    if let Expr::Pow(base, exponent) = e
        && exponent.as_num().is_some_and(|p| *p.denom() != 1 && p.denom().is_odd())
    {
        bases.push(base);
    }
    e.children().into_iter().for_each(|c| collect(c, bases));
}
