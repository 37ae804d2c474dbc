//! Judgements over the reals, held against symbols that take integer values only.
//!
//! What holds for all reals holds for all integers. A failure counts only at a point with integers in their
//! places, which has to be one at which the hypotheses about integers that it leaves out can be met as well. A
//! power of something that may be negative is not defined for a real exponent and may well be for an integer, so
//! nothing is concluded from its being undefined.

use std::collections::BTreeSet;

use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::evaluate::{Point, Truth, truth};
use crate::prove::{Judge, Judgement};

/// The numbers that are tried for an integer which a point leaves out.
const TRIED: [i64; 15] = [1, 2, 3, 0, -1, 4, 5, 6, 7, 8, -2, -3, 9, 10, -4];
/// How many integers at once.
const MOST: usize = 2;
/// Precision of evaluation.
const BITS: u32 = 256;

/// What is left of a judgement if `integers` take integer values only.
pub fn of_integers(
    judgement: Judgement,
    integers: &BTreeSet<Symbol>,
    hypotheses: &[Formula],
    statement: &Formula,
    judge: &dyn Judge,
) -> Judgement {
    let point = match &judgement {
        Judgement::Fails { witness, .. } => Some(witness),
        Judgement::Except { witness, .. } => witness.as_ref(),
        _ => return judgement,
    };
    let all: BTreeSet<Symbol> = hypotheses.iter().chain([statement]).flat_map(Formula::free).collect();
    let present: BTreeSet<&Symbol> = integers.iter().filter(|s| all.contains(*s)).collect();
    if present.is_empty() {
        return judgement;
    }
    let unknown = |why: &str| Judgement::Unknown(vec![why.to_owned()]);
    if hypotheses.iter().chain([statement]).any(|f| has_signed_power(f, &present, hypotheses, judge)) {
        return unknown(
            "a power of what may be negative, with an exponent that is an integer, is not judged to fail",
        );
    }
    if !is_integral(point, &present, hypotheses, statement) {
        return unknown("it fails for real values; for integers it is not known");
    }
    match judgement {
        Judgement::Fails { witness, open, holds_at, never, evidence } => {
            let whole = |at: &Point| present.iter().all(|s| at.get(*s).is_none_or(|v| *v.denom() == 1));
            Judgement::Fails { witness, open, holds_at: holds_at.filter(whole), never, evidence }
        }
        other => other,
    }
}

/// Whether a point of failure has integers in their places, and those that it leaves out can be found.
fn is_integral(
    point: Option<&Point>,
    integers: &BTreeSet<&Symbol>,
    hypotheses: &[Formula],
    statement: &Formula,
) -> bool {
    let stated = statement.free();
    let is_one = |s: &Symbol| integers.contains(s);
    let Some(point) = point else {
        let is_apart = |h: &Formula| h.free().iter().all(is_one) || !h.free().iter().any(is_one);
        return !stated.iter().any(is_one) && hypotheses.iter().all(is_apart);
    };
    let at = |s: &Symbol| point.get(s);
    if !integers.iter().all(|s| at(s).map_or(!stated.contains(*s), |v| *v.denom() == 1)) {
        return false;
    }
    let left_out: Vec<&Symbol> = integers.iter().filter(|s| at(s).is_none()).copied().collect();
    let about: Vec<&Formula> =
        hypotheses.iter().filter(|h| left_out.iter().any(|s| h.free().contains(*s))).collect();
    let named: BTreeSet<Symbol> = about.iter().flat_map(|h| h.free()).collect();
    let unplaced = |s: &Symbol| at(s).is_none() && !left_out.contains(&s);
    if left_out.len() > MOST || named.iter().any(unplaced) {
        return about.is_empty();
    }
    completions(point, &left_out).iter().any(|p| about.iter().all(|h| truth(h, p, BITS) == Truth::True))
}

/// A point with each choice of small integers for those that it leaves out.
fn completions(point: &Point, left_out: &[&Symbol]) -> Vec<Point> {
    left_out.iter().fold(vec![point.clone()], |points, s| {
        points.iter().flat_map(|p| TRIED.iter().map(|v| with(p, s, *v))).collect()
    })
}

fn with(point: &Point, symbol: &Symbol, value: i64) -> Point {
    let mut point = point.clone();
    point.insert(symbol.clone(), value.into());
    point
}

/// Whether a formula has a power with an integer symbol in its exponent and a base that is not proved to be positive.
fn has_signed_power(
    f: &Formula,
    integers: &BTreeSet<&Symbol>,
    hypotheses: &[Formula],
    judge: &dyn Judge,
) -> bool {
    let mut bases = vec![];
    f.terms().into_iter().for_each(|e| collect(e, integers, &mut bases));
    bases.into_iter().any(|base| {
        let positive = Formula::rel(base.clone(), Relation::Gt, Expr::int(0));
        !judge.proves(hypotheses, &positive)
    })
}

fn collect<'e>(e: &'e Expr, integers: &BTreeSet<&Symbol>, bases: &mut Vec<&'e Expr>) {
    if let Expr::Pow(base, exponent) = e
        && exponent.free().iter().any(|s| integers.contains(s))
    {
        bases.push(base);
    }
    e.children().into_iter().for_each(|c| collect(c, integers, bases));
}
