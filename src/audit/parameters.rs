//! The parameters of a game: which there are, and whether the values given are in their domains.
//!
//! A game with families has as many members as its size says; a value for `c_i` is one for every
//! member without a value of its own.

use std::collections::{BTreeMap, BTreeSet};

use rug::Rational;

use crate::expr::{Formula, Kind, Scope, Symbol};
use crate::game::Game;
use crate::prove::evaluate::{Point, Truth, truth};
use crate::sums::instance::number;

use super::solution::SolutionError;

/// Precision up to which parameters are compared with their domains.
const BITS: u32 = 1024;
/// The largest number of members that is solved for.
const MOST_MEMBERS: usize = 1000;

/// A game with the number of its families' members and a value for every parameter.
#[derive(Debug)]
pub struct Given {
    /// Without families.
    pub game: Game,
    /// The number of members, where the game had families.
    pub size: usize,
    /// Every parameter's value, the number of members with them.
    pub values: Point,
}

/// The symbols that have to be given a value: those of the payoffs that are neither chosen nor
/// bargained over.
pub fn parameters_of(game: &Game) -> Vec<Symbol> {
    let mut symbols: BTreeSet<Symbol> = game.payoffs.iter().flat_map(|p| p.body.free()).collect();
    symbols.extend(game.disagreement.values().flat_map(crate::expr::Expr::free));
    symbols.extend(game.performance.iter().flat_map(crate::expr::Expr::free));
    symbols.extend(game.shares.iter().flat_map(|s| &s.domain).flat_map(Formula::free));
    for s in game.choices().chain(game.shares.iter().map(|s| &s.symbol)) {
        symbols.remove(s);
    }
    symbols.into_iter().collect()
}

/// The game at the parameters given.
///
/// `Err`: a number of members that is no natural number or that does not match the members given,
/// a parameter without a value or outside its domain, a symbol that is no parameter.
pub fn complete(game: &Game, scope: &Scope, given: &Point) -> Result<Given, SolutionError> {
    let (size, counted) = match game.size_symbol().filter(|_| game.has_families()) {
        Some(n) => (size(n, given, scope)?, Some(n)),
        None => (
            game.indices.iter().find_map(|r| r.upper.as_int()).map_or(1, |n| n.unsigned_abs() as usize),
            None,
        ),
    };
    let instance = if game.has_families() { game.instance(size)? } else { game.clone() };
    let needed: BTreeSet<Symbol> = parameters_of(&instance).into_iter().collect();
    let mut values = Point::new();
    // Values for every member first: a member's own value goes before them.
    for (symbol, value) in given {
        for member in members(game, symbol, size).into_iter().filter(|m| needed.contains(m)) {
            values.insert(member, value.clone());
        }
    }
    for (symbol, value) in given {
        if needed.contains(symbol) || counted == Some(symbol) {
            values.insert(symbol.clone(), value.clone());
        } else if !members(game, symbol, size).iter().any(|m| needed.contains(m)) {
            return Err(stranger(game, symbol, size, needed, counted));
        }
    }
    let domains = domains(game, scope, &needed, size);
    for symbol in &needed {
        let Some(value) = values.get(symbol) else { return Err(SolutionError::Missing(symbol.clone())) };
        for f in domains.get(symbol).into_iter().flatten() {
            if truth(&f.unchained(), &values, BITS) != Truth::True {
                return Err(outside(symbol, value, f));
            }
        }
    }
    Ok(Given { game: instance, size, values })
}

fn outside(symbol: &Symbol, value: &Rational, domain: &Formula) -> SolutionError {
    let domain = crate::tex::plain_formula(domain);
    SolutionError::Domain { symbol: symbol.clone(), value: value.clone(), domain }
}

/// The number of members.
fn size(n: &Symbol, given: &Point, scope: &Scope) -> Result<usize, SolutionError> {
    let value = given.get(n).ok_or_else(|| SolutionError::Missing(n.clone()))?;
    for f in scope.entry(n).iter().flat_map(|e| &e.domain) {
        if truth(&f.unchained(), given, BITS) != Truth::True {
            return Err(outside(n, value, f));
        }
    }
    let (symbol, most) = (n.clone(), MOST_MEMBERS);
    if *value.denom() != 1 || *value < 1 {
        return Err(SolutionError::Size { symbol, value: value.clone(), most });
    }
    let whole = value.numer().to_usize().filter(|size| *size <= MOST_MEMBERS);
    whole.ok_or_else(|| SolutionError::Many { symbol, value: value.clone(), most })
}

/// The members of the family that a symbol with an index letter stands for.
fn members(game: &Game, symbol: &Symbol, size: usize) -> Vec<Symbol> {
    let Some((_, letter)) = game.family(symbol) else { return vec![] };
    (1..=size).filter_map(|k| symbol.reindexed(&letter, &number(k))).collect()
}

/// What bounds each parameter: what is declared of it, and of the family of which it is a member.
fn domains(
    game: &Game,
    scope: &Scope,
    needed: &BTreeSet<Symbol>,
    size: usize,
) -> BTreeMap<Symbol, BTreeSet<Formula>> {
    let mut out: BTreeMap<Symbol, BTreeSet<Formula>> = BTreeMap::new();
    for entry in scope.entries().filter(|e| e.kind == Kind::Variable) {
        out.entry(entry.symbol.clone()).or_default().extend(entry.domain.iter().cloned());
        let Some((_, letter)) = game.family(&entry.symbol) else { continue };
        for k in 1..=size {
            let member = entry.symbol.reindexed(&letter, &number(k)).filter(|m| needed.contains(m));
            let Some(member) = member else { continue };
            let of_member = entry.domain.iter().map(|f| f.reindexed(&letter, &number(k)));
            out.entry(member).or_default().extend(of_member);
        }
    }
    out
}

/// Why a symbol that was given is no parameter: it may be a member beyond the last one.
fn stranger(
    game: &Game,
    symbol: &Symbol,
    size: usize,
    needed: BTreeSet<Symbol>,
    counted: Option<&Symbol>,
) -> SolutionError {
    let beyond = |head: &Symbol| {
        let letter = game.family(head)?.1;
        (size + 1..=size + MOST_MEMBERS)
            .any(|k| head.reindexed(&letter, &number(k)).as_ref() == Some(symbol))
            .then_some(())
    };
    match counted {
        Some(n) if parameters_of(game).iter().any(|head| beyond(head).is_some()) => {
            SolutionError::Member { symbol: symbol.clone(), counted: n.clone(), size }
        }
        _ => SolutionError::NoParameter(symbol.clone(), needed.into_iter().chain(counted.cloned()).collect()),
    }
}
