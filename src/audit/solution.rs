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
use crate::expr::{Expr, Extremum, Formula, Function, Gather, Scope, Set, Symbol};
use crate::game::extremum::{Problem, Tools, root};
use crate::game::{Game, InstanceError, Payoff};
use crate::prove::evaluate::{Point, Value, value};
use crate::solve::{Profile, SolveError, Solved, solve};
use crate::sums::instance::{Instance, number};

pub use super::parameters::parameters_of;
use super::parameters::{Given, complete};
use super::setting::{Dictionary, Setting};

/// Steps that solving one profile may take.
const STEPS: u64 = 2_000_000_000;
/// Precision up to which disagreement payoffs are evaluated.
const BITS: u32 = 1024;

/// A solved game.
pub struct GameSolution {
    pub parameters: Point,
    /// How many members a family has.
    pub size: usize,
    pub share: Symbol,
    /// The players, each member of a family for itself.
    pub players: Vec<Symbol>,
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
    #[error("`{symbol} = {value}` is no number of members; it is a natural number up to {most}")]
    Size { symbol: Symbol, value: Rational, most: usize },
    #[error(
        "`{symbol} = {value}` is too many members: every solution is given with every member's payoff, \
         for up to {most} members"
    )]
    Many { symbol: Symbol, value: Rational, most: usize },
    #[error("`{symbol}` is given, but with `{counted} = {size}` there is no such member")]
    Member { symbol: Symbol, counted: Symbol, size: usize },
    #[error("{0}")]
    Instance(#[from] InstanceError),
    #[error("the game bargains over {0} quantities; one is needed")]
    Shares(usize),
    #[error("the game was not solved symbolically: {0}")]
    Unsolved(String),
    #[error("{0}")]
    Elaborate(#[from] ElaborateError),
    #[error("{0}")]
    Solve(#[from] SolveError),
}

/// A game that was solved symbolically, for any parameters.
pub struct SolvedGame<'a> {
    scope: Scope,
    game: &'a Game,
    /// In the order of the game's, over the share and the parameters.
    payoffs: Vec<Expr>,
    performance: Option<Expr>,
}

impl<'a> SolvedGame<'a> {
    /// Solves a paper's game; one with families for any number of members. `parameters` are some for
    /// which it will be asked: what is wrong with them is said first.
    pub fn new(
        paper: &Paper,
        game: &'a PaperGame,
        parameters: &Point,
        tools: Tools,
    ) -> Result<SolvedGame<'a>, SolutionError> {
        let (scope, game) = (game.scope(&paper.symbols), &game.game);
        let shares = complete(game, &scope, parameters)?.game.shares.len();
        if shares != 1 {
            return Err(SolutionError::Shares(shares));
        }
        let general = setting(&scope, game, &[], tools);
        if let Some(Err(error)) = &general.solution {
            return Err(SolutionError::Unsolved(error.to_string()));
        }
        let over_share = |e: &Expr| general.with_context(&[], |c| c.term(e));
        let payoffs =
            game.payoffs.iter().map(|p| over_share(&payoff(&p.function))).collect::<Result<_, _>>()?;
        let performance = game.performance.as_ref().map(over_share).transpose()?;
        Ok(SolvedGame { scope, game, payoffs, performance })
    }

    /// The bargaining solutions at exact parameters, to `digits` certified digits, without closed forms.
    pub fn at(&self, parameters: &Point, digits: u32) -> Result<GameSolution, SolutionError> {
        let Given { game: instance, size, values } = complete(self.game, &self.scope, parameters)?;
        let [share] = instance.shares.as_slice() else {
            return Err(SolutionError::Shares(instance.shares.len()));
        };
        let (lower, upper) = range(&share.symbol, &share.domain)?;
        let with: Substitution = values.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
        let over_share = |e: &Expr, member: Option<(Symbol, usize)>| -> Result<Expr, SolutionError> {
            let letters = member.into_iter().collect();
            let here = Instance { ranges: self.scope.indices(), size, letters };
            let whole = here.term(e).ok_or_else(|| InstanceError::Partial(share.symbol.clone()))?;
            Ok(fold(&whole.substitute_all(&with)))
        };
        let mut payoffs = vec![];
        for (p, body) in self.game.payoffs.iter().zip(&self.payoffs) {
            match self.game.family(&p.player) {
                Some((_, letter)) => {
                    for k in 1..=size {
                        payoffs.push(over_share(body, Some((letter.clone(), k)))?);
                    }
                }
                None => payoffs.push(over_share(body, None)?),
            }
        }
        let payoffs = instance.players.iter().cloned().zip(payoffs).collect();
        let performance = self.performance.as_ref().map(|e| over_share(e, None)).transpose()?;
        let disagreement = outside(&instance, &with)?;
        let share = share.symbol.clone();
        let profile = Profile { share: share.clone(), lower, upper, payoffs, disagreement, performance };
        let solved = solve(&profile, digits, &Meter::new(STEPS, None))?;
        let players = instance.players;
        Ok(GameSolution { parameters: values, size, share, players, solved, closed_forms: BTreeMap::new() })
    }

    /// The same with closed forms, which are looked for with tools of their own: they are an extra, and
    /// nothing else waits for them long.
    pub fn with_closed_forms(&self, solution: GameSolution, tools: Tools) -> GameSolution {
        let closed_forms = closed_forms(&self.scope, self.game, solution.size, &solution.parameters, tools);
        GameSolution { closed_forms, ..solution }
    }
}

/// What each player gets without an agreement, in the order of the payoffs.
fn outside(game: &Game, with: &Substitution) -> Result<Vec<Rational>, SolutionError> {
    let of = |player: &Symbol| {
        let outside = game.disagreement.get(player).cloned().unwrap_or(Expr::int(0));
        match value(&fold(&outside.substitute_all(with)), &Point::new(), BITS) {
            Value::Exact(q) => Ok(q),
            _ => Err(SolveError::Unsupported("an irrational disagreement payoff").into()),
        }
    };
    game.players.iter().map(of).collect()
}

fn payoff(function: &Symbol) -> Expr {
    Expr::Apply { function: function.clone(), primes: 0, args: vec![] }
}

fn setting<'a>(scope: &Scope, game: &Game, assuming: &[Formula], tools: Tools<'a>) -> Setting<'a> {
    let differentiate = |e: &Expr, x: &Symbol| tools.algebra.derivative(e, x);
    Setting::new(scope.clone(), Some(game), assuming, Dictionary::default(), tools, &differentiate)
}

fn range(share: &Symbol, domain: &[Formula]) -> Result<(Rational, Rational), SolutionError> {
    let ends = match Set::between_bounds(share, domain) {
        Some(Set::Interval { lower: Some(Expr::Num(a)), upper: Some(Expr::Num(b)), .. }) => Some((a, b)),
        _ => None,
    };
    ends.ok_or(SolutionError::Solve(SolveError::Unsupported("a share without a bounded range")))
}

/// Closed forms in terms of the costs, for the given exponents; those of a family's members in
/// terms of the family, its sums for any number of members. None where the members of a family
/// have different exponents.
fn closed_forms(
    scope: &Scope,
    game: &Game,
    size: usize,
    values: &Point,
    tools: Tools,
) -> BTreeMap<String, Expr> {
    let Some(fixed) = fixed_exponents(game, size, values) else { return BTreeMap::new() };
    let setting = setting(scope, game, &fixed, tools);
    let over_share = |e: &Expr| setting.with_context(&[], |c| c.term(e)).ok();
    let payoffs: Option<Vec<Expr>> = game.payoffs.iter().map(|p| over_share(&payoff(&p.function))).collect();
    let (Some(payoffs), Some(share)) = (payoffs, game.shares.first()) else { return BTreeMap::new() };
    let Some(over) = Set::between_bounds(&share.symbol, &share.domain) else { return BTreeMap::new() };
    let place = |body: Expr| {
        // Candidates inside of the interval are roots of polynomials.
        if !is_rational_in(&body, &share.symbol) {
            return None;
        }
        let reading =
            Reading { which: Extremum::ArgMax, variable: share.symbol.clone(), over: over.clone(), body };
        setting.closed(&reading).map(|c| c.value)
    };
    let mut found = BTreeMap::new();
    let mut best = vec![];
    for (p, body) in game.payoffs.iter().zip(&payoffs) {
        let closed = place(body.clone());
        best.push(closed.as_ref().map(|at| body.substitute(&share.symbol, at)));
        match (closed, game.family(&p.player)) {
            (Some(c), Some((_, letter))) => found.extend((1..=size).filter_map(|k| {
                let player = p.player.reindexed(&letter, &number(k))?;
                Some((format!("powerful-{}", player.typed()), c.reindexed(&letter, &number(k))))
            })),
            (closed, _) => found.extend(closed.map(|c| (format!("powerful-{}", p.player.typed()), c))),
        }
    }
    if let Some(closed) = game.performance.as_ref().and_then(over_share).and_then(&place) {
        found.insert("max-performance".into(), closed);
    }
    // The other solutions measure gains over the disagreement; their closed forms are looked for
    // where that is zero.
    let together = game.payoffs.iter().zip(&payoffs).map(|(p, e)| together(game, p, e)).collect();
    if let Some(closed) = place(Expr::Add(together)) {
        found.insert("vertical-monopoly".into(), closed);
    }
    let rational = payoffs.iter().all(|u| is_rational_in(u, &share.symbol));
    if rational && game.disagreement.values().all(Expr::is_zero) && !game.has_families() {
        if let Some(closed) = place(Expr::Fun(Function::Min, payoffs.clone())) {
            found.insert("egalitarian".into(), closed);
        }
        if let Some(closed) = kalai_smorodinsky(&setting, &payoffs, &best, &share.symbol) {
            found.insert("kalai-smorodinsky".into(), closed);
        }
    }
    found
}

/// A player's payoff, or the sum of those of a family.
fn together(game: &Game, p: &Payoff, payoff: &Expr) -> Expr {
    match game.family(&p.player) {
        Some((range, index)) => Expr::Over {
            gather: Gather::Sum,
            index,
            lower: Box::new(Expr::int(1)),
            upper: Box::new(range.upper.clone()),
            body: Box::new(payoff.clone()),
        },
        None => payoff.clone(),
    }
}

/// What fixes the exponents of the payoffs; `None` if it is not the same for all members.
fn fixed_exponents(game: &Game, size: usize, values: &Point) -> Option<Vec<Formula>> {
    let exponents =
        parameters_of(game).into_iter().filter(|s| game.payoffs.iter().any(|p| in_exponent(&p.body, s)));
    let value = |s: &Symbol| match game.family(s) {
        None => values.get(s).cloned(),
        Some((_, letter)) => {
            let mut all = (1..=size).map(|k| values.get(&s.reindexed(&letter, &number(k))?));
            let first = all.next()??;
            all.all(|v| v == Some(first)).then(|| first.clone())
        }
    };
    exponents.map(|s| value(&s).map(|v| Formula::eq(Expr::Sym(s.clone()), Expr::Num(v)))).collect()
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

/// Whether powers of what involves `x` have whole exponents.
fn is_rational_in(e: &Expr, x: &Symbol) -> bool {
    let whole = match e {
        Expr::Pow(b, p) => p.as_int().is_some() || !b.mentions(x) && !p.mentions(x),
        _ => true,
    };
    whole && e.children().into_iter().all(|c| is_rational_in(c, x))
}

fn in_exponent(e: &Expr, s: &Symbol) -> bool {
    matches!(e, Expr::Pow(_, p) if p.mentions(s)) || e.children().into_iter().any(|c| in_exponent(c, s))
}
