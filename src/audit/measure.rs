//! The numeric route: printed formulas against what the game's primitives give in numbers.
//!
//! One draw of parameters is solved once for all claims of a setting. The measured side never
//! sees a derived formula: it comes from nested optimisation of the primitives.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rug::{Float, Rational};

use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Symbol};
use crate::game::Game;
use crate::optimum::{Objective, Optimum, OptimumError, Oracle, Play, Which};
use crate::prove::evaluate::{Point, Value, refined};
use crate::prove::sample::sample;

use super::claims::{Measurable, Quantity};
use super::setting::Setting;
use super::{Entry, Measured, Options, Verdict};

/// Digits by which the last ones of a measurement may be off before it counts as a disagreement.
const SLACK_DIGITS: u32 = 3;
/// Precision up to which the printed side is evaluated.
const PRINTED_BITS: u32 = 4096;

/// The agreement of each quantity with the primitives, over the same draws.
pub fn all(quantities: &[&Quantity], setting: &Setting, options: &Options) -> Vec<Option<Measured>> {
    let Some(game) = &setting.game else { return vec![None; quantities.len()] };
    let draws = draws(game, setting, options);
    let rows: Vec<Vec<Option<u32>>> =
        draws.par_iter().map(|draw| at_draw(game, draw, quantities, options.digits)).collect();
    (0..quantities.len()).map(|q| summary(rows.iter().filter_map(|row| row[q]), options.digits)).collect()
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
fn at_draw(game: &Game, draw: &Point, quantities: &[&Quantity], digits: u32) -> Vec<Option<u32>> {
    let shares: BTreeSet<&Symbol> = game.shares.iter().map(|s| &s.symbol).collect();
    let parameters: BTreeMap<Symbol, Rational> =
        draw.iter().filter(|(s, _)| !shares.contains(s)).map(|(s, v)| (s.clone(), v.clone())).collect();
    let Ok(oracle) = Oracle::new(game, &parameters, digits + SLACK_DIGITS) else {
        return vec![None; quantities.len()];
    };
    let play = play_at(&oracle, game, draw, digits);
    quantities
        .iter()
        .map(|q| match &q.measured {
            Measurable::Place { objective, which } => {
                let which = if which.is_max() { Which::Max } else { Which::Min };
                let objective = Objective::new(in_choices(objective, game));
                let found = oracle.optimum(&objective, which).ok().filter(is_clear)?;
                agreement(&q.printed, draw, &found.share, digits)
            }
            Measurable::Value(term) => {
                let measured = value_of(term, game, play.as_ref().ok()?)?;
                agreement(&q.printed, draw, &measured, digits)
            }
        })
        .collect()
}

/// Ties say nothing about a formula that picks one of the places.
fn is_clear(found: &Optimum) -> bool {
    found.unique_hint
}

fn play_at(oracle: &Oracle, game: &Game, draw: &Point, digits: u32) -> Result<Play, OptimumError> {
    let bits = (f64::from(digits) * std::f64::consts::LOG2_10) as u32 + 128;
    let shares = game
        .shares
        .iter()
        .filter_map(|s| Some((s.symbol.clone(), Float::with_val(bits, draw.get(&s.symbol)?))))
        .collect();
    oracle.play(&shares)
}

/// The paper's names of optimal choices as the choices themselves.
fn in_choices(term: &Expr, game: &Game) -> Expr {
    let names: Substitution =
        game.moves().filter_map(|m| Some((m.optimal.clone()?, Expr::Sym(m.variable.clone())))).collect();
    term.substitute_all(&names)
}

/// The measured value of a choice or a payoff.
fn value_of(term: &Expr, game: &Game, play: &Play) -> Option<Float> {
    match in_choices(term, game) {
        Expr::Sym(s) => play.choices.get(&s).cloned(),
        Expr::Apply { function, primes: 0, .. } => {
            let payoff = game.payoff_named(&function)?;
            play.payoffs.get(&payoff.player).cloned()
        }
        _ => None,
    }
}

/// Decimal digits to which the printed term's value and the measured one agree, relative to the
/// larger of the two and of one; at most `digits`.
fn agreement(printed: &Expr, at: &Point, measured: &Float, digits: u32) -> Option<u32> {
    let wanted = usize::try_from(digits).ok()? + 4;
    let printed = match refined(printed, at, wanted, PRINTED_BITS) {
        Value::Exact(q) => Float::with_val(measured.prec(), q),
        Value::Enclosed(ball) => Float::with_val(measured.prec(), ball.midpoint()?),
        Value::Undefined(_) | Value::Unknown => return None,
    };
    let difference = Float::with_val(measured.prec(), &printed - measured).abs();
    if difference.is_zero() {
        return Some(digits);
    }
    let size = Float::with_val(measured.prec(), printed.abs().max(&measured.clone().abs()));
    let relative = difference / size.max(&Float::with_val(64, 1));
    let agreeing = -relative.log10().to_f64();
    Some(if agreeing <= 0.0 { 0 } else { (agreeing as u32).min(digits) })
}
