//! Search for a rational point that meets given facts and at which a goal is certainly true.
//!
//! * **Takes** a goal (a formula, or any function of a point), the facts, a seed, the number of
//!   draws.
//! * **Gives** the witness with the smallest numbers found, or none, and how many draws met the
//!   facts: none at all hints at facts that contradict each other.
//! * **May call** `expr`, and `ball` through evaluation.
//!
//! The order of search follows where formulas fail: borders of domains, equal parameters, small
//! numbers, extreme ratios; then random draws. A witness is made simpler as long as it stays
//! one, and evaluated afresh before it is given.

use std::collections::BTreeSet;
use std::time::Instant;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::draw::{Generator, in_exponents, tuples};
use super::evaluate::{Comparison, Point, Truth, Value, compare, refined, truth};
use super::minimise::minimise;
use crate::expr::{Expr, Formula, Symbol};

/// The precision up to which draws are evaluated; what is left open there is passed over.
pub(super) const SCAN_BITS: u32 = 256;

/// How to search.
#[derive(Clone, Debug)]
pub struct Options {
    /// The seed of the random draws: same seed, same witness.
    pub seed: u64,
    /// The number of draws.
    pub tries: usize,
    /// The precision up to which the witness is evaluated before it is given.
    pub bits: u32,
    /// Symbols to be kept small because they occur in exponents, besides those that are seen to
    /// do so in the formulas given.
    pub exponents: BTreeSet<Symbol>,
    /// A safety net: when it has passed nothing more is drawn, and a witness is not made simpler.
    pub deadline: Option<Instant>,
}

impl Options {
    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|d| Instant::now() >= d)
    }
}

impl Default for Options {
    fn default() -> Self {
        Options { seed: 0, tries: 2000, bits: 4096, exponents: BTreeSet::new(), deadline: None }
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    pub witness: Option<Point>,
    /// The points drawn.
    pub draws: usize,
    /// Those of them that met all facts.
    pub met: usize,
}

/// A defect of this program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// The witness failed its second evaluation.
    #[error("a witness was found that does not bear out when it is evaluated again")]
    DoesNotBearOut(Point),
}

/// Searches for a point at which `goal` is true and all `facts` are. Every free symbol of
/// either is given a value.
///
/// Cost: at most `tries` evaluations for the search and some thousand for the simplification,
/// at up to 256 bits each; one at up to `bits`.
pub fn search(goal: &Formula, facts: &[Formula], options: &Options) -> Result<Search, WitnessError> {
    let mut options = options.clone();
    options.exponents.extend(in_exponents(goal));
    let scan = |at: &Point| truth(goal, at, SCAN_BITS.min(options.bits));
    let afresh = |at: &Point| truth(goal, at, options.bits);
    run(&scan, &afresh, &goal.free(), facts, &options)
}

/// [`search`] for a goal that is not a formula; it has to be a function of the point alone, and
/// `True` has to be certain. `symbols` are those on which it depends.
pub fn search_with(
    goal: &dyn Fn(&Point) -> Truth,
    symbols: &BTreeSet<Symbol>,
    facts: &[Formula],
    options: &Options,
) -> Result<Search, WitnessError> {
    run(goal, goal, symbols, facts, options)
}

/// Whether the term is defined at a point: a goal for [`search_with`] when negated.
pub fn is_defined(e: &Expr, at: &Point, max_bits: u32) -> Truth {
    match refined(e, at, 1, max_bits) {
        Value::Exact(_) | Value::Enclosed(_) => Truth::True,
        Value::Undefined(_) => Truth::False,
        Value::Unknown => Truth::Unknown,
    }
}

/// Whether two terms disagree at a point: both defined and different, or just one defined. A
/// goal for [`search_with`].
pub fn disagree(a: &Expr, b: &Expr, at: &Point, max_bits: u32) -> Truth {
    match compare(a, b, at, max_bits) {
        Comparison::Ordered(o) if o.is_eq() => Truth::False,
        Comparison::Ordered(_) => Truth::True,
        Comparison::Unknown => Truth::Unknown,
        Comparison::Undefined(_) => match (is_defined(a, at, max_bits), is_defined(b, at, max_bits)) {
            (Truth::False, Truth::False) => Truth::False,
            (Truth::False, Truth::True) | (Truth::True, Truth::False) => Truth::True,
            _ => Truth::Unknown,
        },
    }
}

fn run(
    scan: &dyn Fn(&Point) -> Truth,
    afresh: &dyn Fn(&Point) -> Truth,
    symbols: &BTreeSet<Symbol>,
    facts: &[Formula],
    options: &Options,
) -> Result<Search, WitnessError> {
    let generator = Generator::new(facts, symbols, &options.exponents);
    let bits = SCAN_BITS.min(options.bits);
    let mut draws = Draws::new(&generator, options.seed, options.tries);
    let mut met = 0;
    while let Some(at) = draws.next().filter(|_| !options.is_late()) {
        let Some(at) = at.filter(|at| generator.admits(at, bits)) else {
            continue;
        };
        met += 1;
        if scan(&at) == Truth::True {
            let simplest = minimise(at, &generator, &|at| {
                !options.is_late() && generator.admits(at, bits) && scan(at) == Truth::True
            });
            if !generator.admits(&simplest, options.bits) || afresh(&simplest) != Truth::True {
                return Err(WitnessError::DoesNotBearOut(simplest));
            }
            return Ok(Search { witness: Some(simplest), draws: draws.count, met });
        }
    }
    Ok(Search { witness: None, draws: draws.count, met })
}

/// The sequence of distinct points that are tried: one half from the simplest combinations on,
/// the other random.
pub(super) struct Draws<'g, 'a> {
    generator: &'g Generator<'a>,
    rng: ChaCha8Rng,
    systematic: std::vec::IntoIter<Vec<usize>>,
    seen: BTreeSet<Point>,
    attempts: usize,
    pub count: usize,
}

impl<'g, 'a> Draws<'g, 'a> {
    pub fn new(generator: &'g Generator<'a>, seed: u64, tries: usize) -> Self {
        Draws {
            generator,
            rng: ChaCha8Rng::seed_from_u64(seed),
            systematic: tuples(generator.symbols.len(), tries / 2).into_iter(),
            seen: BTreeSet::new(),
            attempts: tries,
            count: 0,
        }
    }

    /// The next draw: `None` at the end, `Some(None)` if it led nowhere or was there before.
    pub fn next(&mut self) -> Option<Option<Point>> {
        self.attempts = self.attempts.checked_sub(1)?;
        self.count += 1;
        let rng = &mut self.rng;
        let atoms = self.generator.atoms(&mut |parts| rng.random_range(0..parts.len()));
        let mut order = self.generator.order(&atoms);
        let drawn = match self.systematic.next() {
            Some(indices) => {
                let mut indices = indices.into_iter();
                self.generator.draw(&atoms, &order, &mut |s, range, at| {
                    self.generator.candidates(s, range, at).into_iter().nth(indices.next().unwrap_or(0))
                })
            }
            None => {
                // Another symbol first now and then: later ones have less room.
                let start = self.rng.random_range(0..order.len().max(1));
                order.rotate_left(start);
                self.generator.draw(&atoms, &order, &mut |s, range, at| {
                    self.generator.random(s, range, at, &mut self.rng)
                })
            }
        };
        Some(drawn.filter(|at| self.seen.insert(at.clone())))
    }
}

#[cfg(test)]
#[path = "witness_tests.rs"]
mod tests;
