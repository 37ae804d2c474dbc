//! Stages at which several players choose at once and payoffs come in pieces: a quantity that is
//! clipped at zero or at one, the larger of two.
//!
//! An equilibrium is looked for on one piece of every payoff at a time, by the first-order conditions
//! there. It counts once it is proved, of the payoffs with all their pieces, that every other feasible
//! choice is worse for the player, the others' choices standing still. That there is no other is proved
//! from what it would have to satisfy: nobody gains by going over to what would be best on the piece, or
//! to the equilibrium's choice, or to half the own choice. (That an equilibrium withstands a deviation
//! is so of every deviation; these are enough where the question is settled, and where they are not the
//! stage counts as not solved.)

use std::collections::BTreeSet;

use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::{Substitution, fresh};
use crate::expr::{Case, Expr, Formula, Function, Relation, Symbol};
use crate::prove::{Evidence, identity};

use super::induction::InductionError;
use super::simultaneous::{Chooser, Found, Together};
use super::system;

/// The most combinations of pieces that are looked at.
const MOST_PIECES: usize = 256;

/// Whether a payoff is written in pieces that depend on the stage's choices.
pub(super) fn has_pieces(choosers: &[Chooser]) -> bool {
    choosers.iter().any(|c| choosers.iter().any(|o| is_in_pieces(&c.payoff, &o.m.variable)))
}

fn is_in_pieces(e: &Expr, x: &Symbol) -> bool {
    let piece = matches!(e, Expr::Cases(_) | Expr::Fun(Function::Max | Function::Min | Function::Abs, _));
    (piece && e.mentions(x)) || e.children().into_iter().any(|c| is_in_pieces(c, x))
}

/// The only equilibrium, and the proofs that it is the only one.
pub(super) fn equilibrium(stage: &Together) -> Result<(Found, Vec<Evidence>), InductionError> {
    let variables = stage.variables();
    let mut combinations: Vec<Vec<(Expr, Formula)>> = vec![vec![]];
    for c in stage.choosers {
        let pieces = pieces(&c.payoff);
        combinations = combinations
            .iter()
            .flat_map(|row| pieces.iter().map(|p| [row.as_slice(), std::slice::from_ref(p)].concat()))
            .collect();
        if combinations.len() > MOST_PIECES {
            return Err(stage.not_settled("there is an equilibrium, with so many pieces,"));
        }
    }
    for combination in &combinations {
        let slope = |(c, (body, _)): (&Chooser, &(Expr, Formula))| (stage.differentiate)(body, &c.m.variable);
        let slopes: Option<Vec<Expr>> = stage.choosers.iter().zip(combination).map(slope).collect();
        let Some(slopes) = slopes else { continue };
        let Ok(solutions) = system::solve(&slopes, &variables, stage.facts) else { continue };
        for mut values in solutions.values {
            for value in values.values_mut() {
                let short = identity::normal(value, stage.facts).unwrap_or_else(|| value.clone());
                *value = fold(&short);
            }
            let Some(evidence) = is_mutual(stage, &values, combination) else { continue };
            let found = Found { values, evidence };
            let shared = only(stage, &found.values, &slopes)
                .ok_or_else(|| stage.not_settled("there is no other equilibrium"))?;
            return Ok((found, shared));
        }
    }
    Err(stage.not_settled("an equilibrium inside of a piece is one against all pieces"))
}

/// The proofs that each choice is feasible, lies on its piece, and is the only best one against the
/// others on all pieces.
fn is_mutual(
    stage: &Together,
    values: &Substitution,
    combination: &[(Expr, Formula)],
) -> Option<Vec<Vec<Evidence>>> {
    let on_piece = Formula::and(combination.iter().map(|(_, f)| f.substitute_all(values)).collect());
    stage.proof(stage.facts, &on_piece)?;
    let one = |c: &Chooser| {
        let x = &c.m.variable;
        let from = Formula::and(c.m.from.iter().map(|f| f.substitute_all(values)).collect());
        let mut evidence = stage.proof(stage.facts, &from)?;
        let mut others = values.clone();
        let own = others.remove(x)?;
        let payoff = c.payoff.substitute_all(&others);
        let taken: BTreeSet<Symbol> = payoff.free().into_iter().chain(own.free()).collect();
        // The choice itself may be bounded by facts of its own name.
        let other = fresh(x, &taken.into_iter().chain([x.clone()]).collect());
        let point = Expr::Sym(other.clone());
        let at = |place: &Expr| fold(&payoff.substitute(x, place));
        let bounds = c.m.from.iter().map(|f| f.substitute(x, &point));
        let known: Vec<Formula> = stage.facts.iter().cloned().chain(bounds).collect();
        let worse = Formula::or(vec![
            Formula::eq(point.clone(), own.clone()),
            Formula::Rel(at(&point), Relation::Lt, at(&own)),
        ]);
        evidence.extend(stage.proof(&known, &worse)?);
        Some(evidence)
    };
    stage.choosers.iter().map(one).collect()
}

/// The proofs that who withstands some deviations has chosen the equilibrium.
fn only(stage: &Together, values: &Substitution, slopes: &[Expr]) -> Option<Vec<Evidence>> {
    let mut withstood = vec![];
    for (c, slope) in stage.choosers.iter().zip(slopes) {
        let x = &c.m.variable;
        let flat = system::solve(std::slice::from_ref(slope), std::slice::from_ref(x), stage.facts).ok();
        let flat = flat.iter().flat_map(|s| &s.values).filter_map(|v| v.get(x).cloned());
        let half = Expr::Mul(vec![Expr::ratio(1, 2), Expr::Sym(x.clone())]);
        let places: Vec<Expr> = flat.chain([values[x].clone(), half]).collect();
        for place in places {
            let reached = Formula::and(c.m.from.iter().map(|f| f.substitute(x, &place)).collect());
            let no_better = Formula::rel(c.payoff.substitute(x, &place), Relation::Le, c.payoff.clone());
            withstood.push(fold_formula(&Formula::or(vec![!reached, no_better])));
        }
    }
    let known: Vec<Formula> = stage.feasible().into_iter().chain(withstood).collect();
    let same = values.iter().map(|(x, value)| Formula::eq(Expr::Sym(x.clone()), value.clone()));
    stage.proof(&known, &Formula::and(same.collect()))
}

/// The pieces of a term: what it is, and where.
fn pieces(e: &Expr) -> Vec<(Expr, Formula)> {
    let whole = || vec![(e.clone(), Formula::True)];
    match e {
        Expr::Cases(cases) => {
            let mut not_before: Vec<Formula> = vec![];
            let mut out = vec![];
            for Case { value, condition } in cases {
                let here = condition.clone().unwrap_or(Formula::True).unchained();
                let only_here = Formula::and([not_before.as_slice(), std::slice::from_ref(&here)].concat());
                out.extend(refined(pieces(value), &only_here));
                not_before.push(!here);
            }
            out
        }
        Expr::Fun(which @ (Function::Max | Function::Min), args) => {
            let beats = if *which == Function::Max { Relation::Ge } else { Relation::Le };
            let one = |(i, a): (usize, &Expr)| {
                let others = args.iter().enumerate().filter(|(j, _)| *j != i);
                let wins = others.map(|(_, b)| Formula::rel(a.clone(), beats, b.clone())).collect();
                refined(pieces(a), &Formula::and(wins))
            };
            args.iter().enumerate().flat_map(one).collect()
        }
        Expr::Fun(Function::Abs, args) => {
            let [a] = args.as_slice() else { return whole() };
            let sign = |r| Formula::rel(a.clone(), r, Expr::int(0));
            let negative = pieces(a).into_iter().map(|(v, f)| (-v, f)).collect();
            [refined(pieces(a), &sign(Relation::Ge)), refined(negative, &sign(Relation::Le))].concat()
        }
        Expr::Add(xs) => combined(xs, &Expr::Add),
        Expr::Mul(xs) => combined(xs, &Expr::Mul),
        Expr::Pow(b, p) => combined(&[(**b).clone(), (**p).clone()], &|mut xs| {
            let p = xs.pop().expect("two");
            Expr::pow(xs.pop().expect("two"), p)
        }),
        _ => whole(),
    }
}

fn refined(pieces: Vec<(Expr, Formula)>, by: &Formula) -> Vec<(Expr, Formula)> {
    pieces.into_iter().map(|(v, f)| (v, Formula::and(vec![f, by.clone()]))).collect()
}

/// The pieces of a term with several parts; beyond the limit it is taken as a whole.
fn combined(parts: &[Expr], whole: &dyn Fn(Vec<Expr>) -> Expr) -> Vec<(Expr, Formula)> {
    let mut rows: Vec<(Vec<Expr>, Formula)> = vec![(vec![], Formula::True)];
    for part in parts {
        let pieces = pieces(part);
        if rows.len() * pieces.len() > MOST_PIECES {
            return vec![(whole(parts.to_vec()), Formula::True)];
        }
        rows = rows
            .iter()
            .flat_map(|(row, f)| {
                pieces.iter().map(move |(v, g)| {
                    (
                        [row.as_slice(), std::slice::from_ref(v)].concat(),
                        Formula::and(vec![f.clone(), g.clone()]),
                    )
                })
            })
            .collect();
    }
    rows.into_iter().map(|(row, f)| (whole(row), f)).collect()
}
