//! The numeric route: printed formulas against what the game's primitives give in numbers.
//!
//! One draw of parameters is solved once for all claims of a setting. The measured side never
//! sees a derived formula: it comes from nested optimisation of the primitives.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rug::{Float, Rational};

use crate::expr::{Expr, Formula, Symbol};
use crate::game::Game;
use crate::optimum::Oracle;
use crate::prove::evaluate::Point;
use crate::prove::sample::sample;

use super::quantity::{Draw, Quantity, working_bits};
use super::setting::Setting;
use super::{Entry, Measured, Options, Verdict};

/// Digits by which the last ones of a measurement may be off before it counts as a disagreement.
const SLACK_DIGITS: u32 = 3;

/// The agreement of each claim's quantities with the primitives, over the same draws. A claim
/// that states several is measured at a draw by the worst of them, and if all of them can be.
pub fn all(claims: &[&[Quantity]], setting: &Setting, options: &Options) -> Vec<Option<Measured>> {
    let Some(game) = &setting.game else { return vec![None; claims.len()] };
    let quantities: Vec<&Quantity> = claims.iter().copied().flatten().collect();
    let draws = draws(game, setting, options);
    let rows: Vec<Vec<Option<u32>>> = draws
        .par_iter()
        .map(|draw| {
            let each = at_draw(game, draw, &quantities, setting, options.digits);
            let mut rest = each.as_slice();
            let worst = |claim: &&[Quantity]| {
                let (own, others) = rest.split_at(claim.len());
                rest = others;
                own.iter().copied().min().flatten()
            };
            claims.iter().map(worst).collect()
        })
        .collect();
    (0..claims.len()).map(|c| summary(rows.iter().filter_map(|row| row[c]), options.digits)).collect()
}

/// What a measurement does to a verdict: a proof that it contradicts is a defect of the tool, and
/// an open question with which it agrees at every draw is `supported`. It never refutes.
pub fn reconcile(entry: &mut Entry) {
    let Some(measured) = &entry.measured else { return };
    if entry.verdict == Verdict::Proved && measured.disagreements > 0 {
        entry.verdict = Verdict::Conflict;
        entry.story.push(format!(
            "the proof and the numeric route contradict each other at {} of {} draws",
            measured.disagreements, measured.draws
        ));
    }
    if entry.verdict == Verdict::Undecided {
        if measured.disagreements == 0 {
            entry.verdict = Verdict::Supported;
            entry.story.push(format!("it agrees with the numeric route at all {} draws", measured.draws));
        } else {
            entry.story.push(format!(
                "the numeric route disagrees at {} of {} draws, which is no proof",
                measured.disagreements, measured.draws
            ));
        }
    }
}

fn summary(agreements: impl Iterator<Item = u32>, digits: u32) -> Option<Measured> {
    let all: Vec<u32> = agreements.collect();
    let worst = *all.iter().min()?;
    let disagreements = all.iter().filter(|d| **d + SLACK_DIGITS < digits).count();
    Some(Measured { draws: all.len(), digits, worst_digits: worst, disagreements })
}

/// Admissible values of the parameters and shares, spread over six orders of magnitude.
fn draws(game: &Game, setting: &Setting, options: &Options) -> Vec<Point> {
    let choices: BTreeSet<&Symbol> = game.choices().collect();
    let facts: Vec<Formula> =
        setting.facts.iter().filter(|f| f.free().iter().all(|s| !choices.contains(s))).cloned().collect();
    let symbols: BTreeSet<Symbol> = game
        .payoffs
        .iter()
        .flat_map(|p| p.body.free())
        .chain(game.shares.iter().map(|s| s.symbol.clone()))
        .filter(|s| !choices.contains(s))
        .collect();
    let used: Vec<Formula> =
        facts.into_iter().filter(|f| f.free().iter().all(|s| symbols.contains(s))).collect();
    let exponents: BTreeSet<Symbol> = game.payoffs.iter().flat_map(|p| in_exponents(&p.body)).collect();
    sample(&used, &symbols, &exponents, options.draws, options.seed)
}

fn in_exponents(e: &Expr) -> BTreeSet<Symbol> {
    let mut out: BTreeSet<Symbol> = e.children().into_iter().flat_map(in_exponents).collect();
    if let Expr::Pow(_, p) = e {
        out.extend(p.free());
    }
    out
}

/// Digits of agreement of each quantity at one draw; `None` where it could not be measured.
fn at_draw(
    game: &Game,
    at: &Point,
    quantities: &[&Quantity],
    setting: &Setting,
    digits: u32,
) -> Vec<Option<u32>> {
    let shares: BTreeSet<&Symbol> = game.shares.iter().map(|s| &s.symbol).collect();
    let parameters: BTreeMap<Symbol, Rational> =
        at.iter().filter(|(s, _)| !shares.contains(s)).map(|(s, v)| (s.clone(), v.clone())).collect();
    let Ok(oracle) = Oracle::new(game, &parameters, digits + SLACK_DIGITS) else {
        return vec![None; quantities.len()];
    };
    let bits = working_bits(digits);
    let own_shares = game
        .shares
        .iter()
        .filter_map(|s| Some((s.symbol.clone(), Float::with_val(bits, at.get(&s.symbol)?))))
        .collect();
    let play = oracle.play(&own_shares);
    let draw = Draw { setting, game, at, oracle, play, digits };
    quantities.iter().map(|q| draw.agreement(q)).collect()
}
