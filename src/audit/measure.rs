//! The numeric route: printed formulas against what the game's primitives give in numbers.
//!
//! One draw of parameters is solved once for all claims of a setting. The measured side never
//! sees a derived formula: it comes from nested optimisation of the primitives. A game with
//! families is measured with each number of members from one to eight, and a formula with a free
//! index for one of the members.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rug::{Float, Rational};

use crate::expr::{Expr, Formula, IndexRange, Symbol};
use crate::game::Game;
use crate::optimum::Oracle;
use crate::prove::evaluate::Point;
use crate::prove::sample::sample;
use crate::sums::instance::Instance;

use super::quantity::{Draw, Measurable, Quantity, Stated, working_bits};
use super::setting::Setting;
use super::{Entry, Measured, Options, Verdict};

/// Digits by which the last ones of a measurement may be off before it counts as a disagreement.
const SLACK_DIGITS: u32 = 3;
/// The largest number of members with which a family is measured.
const MOST_MEMBERS: usize = 8;

/// The agreement of each claim's quantities with the primitives, over the same draws. A claim
/// that states several is measured at a draw by the worst of them, and if all of them can be.
pub fn all(claims: &[&[Quantity]], setting: &Setting, options: &Options) -> Vec<Option<Measured>> {
    let Some(game) = &setting.game else { return vec![None; claims.len()] };
    let quantities: Vec<&Quantity> = claims.iter().copied().flatten().collect();
    let sizes = if game.has_families() { written_out(game, &quantities, setting, options) } else { None };
    let plain = || {
        let quantities = quantities.iter().map(|q| Some((*q).clone())).collect();
        vec![Sized { game: game.clone(), quantities, draws: draws(game, &setting.facts, options) }]
    };
    let sizes = sizes.unwrap_or_else(plain);
    let problems: Vec<(&Sized, &Point)> =
        sizes.iter().flat_map(|s| s.draws.iter().map(move |draw| (s, draw))).collect();
    let rows: Vec<Vec<Option<u32>>> = problems
        .par_iter()
        .map(|(sized, draw)| {
            let each = at_draw(sized, draw, setting, options.digits);
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

/// A game with so and so many members in its families, and what is measured of it; `None` for a
/// quantity that has no such form.
struct Sized {
    game: Game,
    quantities: Vec<Option<Quantity>>,
    draws: Vec<Point>,
}

/// The game and the quantities at each size and for each member that a free letter can mean. The
/// draws are shared out evenly.
fn written_out(
    game: &Game,
    quantities: &[&Quantity],
    setting: &Setting,
    options: &Options,
) -> Option<Vec<Sized>> {
    let ranges = setting.scope.indices();
    let most = if game.size_symbol().is_some() { MOST_MEMBERS } else { fixed_size(ranges)? };
    let sizes = if game.size_symbol().is_some() { 1..=most } else { most..=most };
    let share = options.draws.div_ceil(sizes.clone().count());
    let at_size = |size: usize| {
        let instance = game.instance(size).ok()?;
        let facts = Instance { ranges, size, letters: BTreeMap::new() }.hypotheses(&setting.facts)?;
        // No two sizes get the same draws.
        let seed = options.seed.wrapping_mul(MOST_MEMBERS as u64 + 1).wrapping_add(size as u64);
        let points = draws(&instance, &facts, &Options { draws: share, seed, ..options.clone() });
        let mut by_member: Vec<Vec<Point>> = vec![vec![]; size];
        points.into_iter().enumerate().for_each(|(k, point)| by_member[k % size].push(point));
        let of_member = |(k, draws): (usize, Vec<Point>)| {
            let letters = ranges.iter().flat_map(|r| &r.letters).map(|l| (l.clone(), k + 1)).collect();
            let here = Instance { ranges, size, letters };
            let quantities = quantities.iter().map(|q| of_instance(q, &here)).collect();
            Sized { game: instance.clone(), quantities, draws }
        };
        Some(by_member.into_iter().enumerate().map(of_member).collect::<Vec<_>>())
    };
    Some(sizes.map(at_size).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The number of members, where it is no symbol.
fn fixed_size(ranges: &[IndexRange]) -> Option<usize> {
    ranges.iter().find_map(|r| r.upper.as_int()).and_then(|n| usize::try_from(n).ok())
}

fn of_instance(q: &Quantity, at: &Instance<'_>) -> Option<Quantity> {
    let measured = match &q.measured {
        Measurable::Place { objective, which, over } => {
            Measurable::Place { objective: at.term(objective)?, which: *which, over: over.clone() }
        }
        Measurable::Value(term) => Measurable::Value(at.term(term)?),
        Measurable::Root { term, unknown } => {
            Measurable::Root { term: at.term(term)?, unknown: unknown.clone() }
        }
    };
    let stated = match &q.stated {
        Stated::Value(e) => Stated::Value(at.term(e)?),
        Stated::RootOf(e, x) => Stated::RootOf(at.term(e)?, x.clone()),
    };
    Some(Quantity { stated, measured })
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
fn draws(game: &Game, facts: &[Formula], options: &Options) -> Vec<Point> {
    let choices: BTreeSet<&Symbol> = game.choices().collect();
    let facts: Vec<&Formula> =
        facts.iter().filter(|f| f.free().iter().all(|s| !choices.contains(s))).collect();
    let symbols: BTreeSet<Symbol> = game
        .payoffs
        .iter()
        .flat_map(|p| p.body.free())
        .chain(game.shares.iter().map(|s| s.symbol.clone()))
        .filter(|s| !choices.contains(s))
        .collect();
    let used = about(&facts, &symbols);
    let exponents: BTreeSet<Symbol> = game.payoffs.iter().flat_map(|p| in_exponents(&p.body)).collect();
    sample(&used, &symbols, &exponents, options.draws, options.seed)
}

/// The facts about one of the symbols, or about one that such a fact is about.
fn about(facts: &[&Formula], symbols: &BTreeSet<Symbol>) -> Vec<Formula> {
    let mut linked = symbols.clone();
    loop {
        let is_linked = |f: &&&Formula| f.free().iter().any(|s| linked.contains(s));
        let used: Vec<&&Formula> = facts.iter().filter(is_linked).collect();
        let more: BTreeSet<Symbol> = used.iter().flat_map(|f| f.free()).collect();
        if more.is_subset(&linked) {
            return used.into_iter().map(|f| (*f).clone()).collect();
        }
        linked.extend(more);
    }
}

fn in_exponents(e: &Expr) -> BTreeSet<Symbol> {
    let mut out: BTreeSet<Symbol> = e.children().into_iter().flat_map(in_exponents).collect();
    if let Expr::Pow(_, p) = e {
        out.extend(p.free());
    }
    out
}

/// Digits of agreement of each quantity at one draw; `None` where it could not be measured.
fn at_draw(sized: &Sized, at: &Point, setting: &Setting, digits: u32) -> Vec<Option<u32>> {
    let Sized { game, quantities, .. } = sized;
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
    quantities.iter().map(|q| q.as_ref().and_then(|q| draw.agreement(q))).collect()
}
