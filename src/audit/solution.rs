//! A game at given parameters: equilibrium payoffs over the bargained share, every bargaining
//! solution of them to certified digits, and closed forms where there are any.

use std::collections::BTreeMap;

use rug::Rational;
use thiserror::Error;

use crate::claim::{ElaborateError, Reading};
use crate::document::{Paper, PaperGame};
use crate::exact::Meter;
use crate::expr::fold::fold;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Extremum, Formula, Function, Kind, Scope, Set, Symbol};
use crate::game::Game;
use crate::game::extremum::{Problem, Tools, root};
use crate::prove::evaluate::{Point, Truth, Value, truth, value};
use crate::solve::{Profile, SolveError, Solved, solve};

use super::setting::{Dictionary, Setting};

/// Steps that solving one profile may take.
const STEPS: u64 = 2_000_000_000;
/// Precision up to which parameters are compared with their domains.
const BITS: u32 = 1024;

/// A solved game.
pub struct GameSolution {
    pub parameters: Point,
    pub share: Symbol,
    pub solved: Solved,
    /// The closed form of a solution in terms of the parameters, by its name.
    pub closed_forms: BTreeMap<String, Expr>,
}

/// Why a game was not solved at the given parameters.
#[derive(Debug, Error)]
pub enum SolutionError {
    #[error("`{0}` is no parameter of the game")]
    NoParameter(Symbol, Vec<Symbol>),
    #[error("the parameter `{0}` has no value")]
    Missing(Symbol),
    #[error("`{symbol} = {value}` is outside its domain, {domain}")]
    Domain { symbol: Symbol, value: Rational, domain: String },
    #[error("the game bargains over {0} quantities; one is needed")]
    Shares(usize),
    #[error("the game was not solved symbolically: {0}")]
    Unsolved(String),
    #[error("{0}")]
    Elaborate(#[from] ElaborateError),
    #[error("{0}")]
    Solve(#[from] SolveError),
}

/// Solves a paper's game at exact parameters, to `digits` certified digits.
pub fn at_parameters(
    paper: &Paper,
    game: &PaperGame,
    parameters: &Point,
    digits: u32,
    tools: Tools,
) -> Result<GameSolution, SolutionError> {
    let scope = game.scope(&paper.symbols);
    check_parameters(&game.game, &scope, parameters)?;
    let [share] = game.game.shares.as_slice() else {
        return Err(SolutionError::Shares(game.game.shares.len()));
    };
    let (lower, upper) = range(&share.symbol, &share.domain)?;
    let general = setting(&scope, &game.game, &[], tools);
    let values: Substitution = parameters.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
    let over_share = |e: &Expr| -> Result<Expr, SolutionError> {
        Ok(fold(&general.with_context(&[], |c| c.term(e))?.substitute_all(&values)))
    };
    if let Some(Err(error)) = &general.solution {
        return Err(SolutionError::Unsolved(error.to_string()));
    }
    let mut payoffs = vec![];
    let mut disagreement = vec![];
    for p in &game.game.payoffs {
        payoffs.push((p.player.clone(), over_share(&payoff(&p.function))?));
        let outside = game.game.disagreement.get(&p.player).cloned().unwrap_or(Expr::int(0));
        match value(&fold(&outside.substitute_all(&values)), &Point::new(), BITS) {
            Value::Exact(q) => disagreement.push(q),
            _ => return Err(SolveError::Unsupported("an irrational disagreement payoff").into()),
        }
    }
    let performance = game.game.performance.as_ref().map(over_share).transpose()?;
    let profile = Profile { share: share.symbol.clone(), lower, upper, payoffs, disagreement, performance };
    let solved = solve(&profile, digits, &Meter::new(STEPS, None))?;
    let closed_forms = closed_forms(&scope, &game.game, parameters, tools);
    Ok(GameSolution { parameters: parameters.clone(), share: share.symbol.clone(), solved, closed_forms })
}

fn payoff(function: &Symbol) -> Expr {
    Expr::Apply { function: function.clone(), primes: 0, args: vec![] }
}

fn setting<'a>(scope: &'a Scope, game: &Game, assuming: &[Formula], tools: Tools<'a>) -> Setting<'a> {
    let differentiate = |e: &Expr, x: &Symbol| tools.algebra.derivative(e, x);
    Setting::new(scope, Some(game), assuming, Dictionary::default(), tools, &differentiate)
}

/// The symbols that have to be given a value: those of the payoffs that are neither chosen nor
/// bargained over.
pub fn parameters_of(game: &Game) -> Vec<Symbol> {
    let mut symbols: std::collections::BTreeSet<Symbol> =
        game.payoffs.iter().flat_map(|p| p.body.free()).collect();
    symbols.extend(game.disagreement.values().flat_map(Expr::free));
    symbols.extend(game.performance.iter().flat_map(Expr::free));
    for s in game.choices().chain(game.shares.iter().map(|s| &s.symbol)) {
        symbols.remove(s);
    }
    symbols.into_iter().collect()
}

fn check_parameters(game: &Game, scope: &Scope, given: &Point) -> Result<(), SolutionError> {
    let needed = parameters_of(game);
    for symbol in given.keys() {
        if !needed.contains(symbol) {
            return Err(SolutionError::NoParameter(symbol.clone(), needed));
        }
    }
    for symbol in &needed {
        let Some(value) = given.get(symbol) else { return Err(SolutionError::Missing(symbol.clone())) };
        let Some(entry) = scope.entry(symbol).filter(|e| e.kind == Kind::Variable) else { continue };
        for f in &entry.domain {
            if truth(&f.unchained(), given, BITS) != Truth::True {
                return Err(SolutionError::Domain {
                    symbol: symbol.clone(),
                    value: value.clone(),
                    domain: crate::tex::plain_formula(f),
                });
            }
        }
    }
    Ok(())
}

fn range(share: &Symbol, domain: &[Formula]) -> Result<(Rational, Rational), SolutionError> {
    let ends = match Set::between_bounds(share, domain) {
        Some(Set::Interval { lower: Some(Expr::Num(a)), upper: Some(Expr::Num(b)), .. }) => Some((a, b)),
        _ => None,
    };
    ends.ok_or(SolutionError::Solve(SolveError::Unsupported("a share without a bounded range")))
}

/// Closed forms in terms of the costs, for the given exponents.
fn closed_forms(scope: &Scope, game: &Game, parameters: &Point, tools: Tools) -> BTreeMap<String, Expr> {
    let fixed: Vec<Formula> = parameters
        .iter()
        .filter(|(s, _)| game.payoffs.iter().any(|p| in_exponent(&p.body, s)))
        .map(|(s, v)| Formula::eq(Expr::Sym(s.clone()), Expr::Num(v.clone())))
        .collect();
    let setting = setting(scope, game, &fixed, tools);
    let over_share = |e: &Expr| setting.with_context(&[], |c| c.term(e)).ok();
    let payoffs: Option<Vec<Expr>> = game.payoffs.iter().map(|p| over_share(&payoff(&p.function))).collect();
    let (Some(payoffs), Some(share)) = (payoffs, game.shares.first()) else { return BTreeMap::new() };
    let Some(over) = Set::between_bounds(&share.symbol, &share.domain) else { return BTreeMap::new() };
    let place = |body: Expr| {
        let reading =
            Reading { which: Extremum::ArgMax, variable: share.symbol.clone(), over: over.clone(), body };
        setting.closed(&reading).map(|c| c.value)
    };
    let mut found = BTreeMap::new();
    let mut best = vec![];
    for (p, body) in game.payoffs.iter().zip(&payoffs) {
        let closed = place(body.clone());
        best.push(closed.as_ref().map(|at| body.substitute(&share.symbol, at)));
        found.extend(closed.map(|c| (format!("powerful-{}", p.player), c)));
    }
    if let Some(closed) = game.performance.as_ref().and_then(over_share).and_then(&place) {
        found.insert("max-performance".into(), closed);
    }
    // The other solutions measure gains over the disagreement; their closed forms are looked for
    // where that is zero.
    if let Some(closed) = place(Expr::Add(payoffs.clone())) {
        found.insert("vertical-monopoly".into(), closed);
    }
    if game.disagreement.values().all(Expr::is_zero) {
        if let Some(closed) = place(Expr::Fun(Function::Min, payoffs.clone())) {
            found.insert("egalitarian".into(), closed);
        }
        if let Some(closed) = kalai_smorodinsky(&setting, &payoffs, &best, &share.symbol) {
            found.insert("kalai-smorodinsky".into(), closed);
        }
    }
    found
}

/// The only share at which both players get the same part of their best payoff.
pub(super) fn kalai_smorodinsky(
    setting: &Setting,
    payoffs: &[Expr],
    best: &[Option<Expr>],
    share: &Symbol,
) -> Option<Expr> {
    let ([a, b], [Some(most_a), Some(most_b)]) = (payoffs, best) else { return None };
    let whole = Reading {
        which: Extremum::ArgMax,
        variable: share.clone(),
        over: setting.range(share)?,
        body: a.clone(),
    };
    let frame = setting.problem(&whole)?;
    let objective = fold(&(a.clone() / most_a.clone() - b.clone() / most_b.clone()));
    let closed = root(&Problem { objective, ..frame }, setting.tools())?;
    (closed.ties.is_empty() && closed.unsettled.is_empty()).then_some(closed.value)
}

fn in_exponent(e: &Expr, s: &Symbol) -> bool {
    matches!(e, Expr::Pow(_, p) if p.mentions(s)) || e.children().into_iter().any(|c| in_exponent(c, s))
}
