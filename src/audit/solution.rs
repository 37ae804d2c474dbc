//! A game at given parameters: equilibrium payoffs over the bargained share, every bargaining
//! solution of them to certified digits, and closed forms where there are any.

use std::collections::{BTreeMap, BTreeSet};

use rug::Rational;
use thiserror::Error;

use crate::claim::{ElaborateError, Reading};
use crate::document::{Paper, PaperGame};
use crate::exact::Meter;
use crate::expr::fold::{fold, fold_formula};
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Extremum, Formula, Function, Gather, Relation, Scope, Set, Symbol};
use crate::game::extremum::{Problem, Tools, root};
use crate::game::{Game, InstanceError, Payoff};
use crate::prove::Judge;
use crate::prove::evaluate::{Point, Value, value};
use crate::prove::identity;
use crate::solve::{Enclosure, Profile, Several, Solution, SolveError, Solved, solve, solve_several};
use crate::sums::instance::{Instance, number};

use super::agreement::{Agreement, Elsewhere, Ends};
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
    /// What is bargained over.
    pub shares: Vec<Symbol>,
    /// What of it was proved to be at an end of its range, and where, in terms of the others.
    pub fixed: Vec<(Symbol, Expr)>,
    /// The names of what is reported besides.
    pub reported: Vec<Symbol>,
    /// The solutions of which it was not shown that there is no other one.
    pub others_possible: BTreeSet<String>,
    /// The players, each member of a family for itself.
    pub players: Vec<Symbol>,
    pub solved: Solved,
    /// The closed form of a solution in terms of the parameters, by its name.
    pub closed_forms: BTreeMap<String, Expr>,
}

impl GameSolution {
    /// What the Pareto set is given along: the one bargained symbol that is not fixed.
    pub fn along(&self) -> Option<&Symbol> {
        let mut free = self.shares.iter().filter(|x| self.fixed.iter().all(|(y, _)| y != *x));
        free.next().filter(|_| free.next().is_none())
    }
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
    #[error("the game bargains over nothing")]
    NoShare,
    #[error("no agreement meets the conditions under `subject-to`, or it could not be told that one does")]
    NoAgreement,
    #[error("the game was not solved symbolically: {0}")]
    Unsolved(String),
    #[error("{0}")]
    Elaborate(#[from] ElaborateError),
    #[error("{0}")]
    Solve(#[from] SolveError),
}

/// What the agreements of a game give at given parameters, as terms over what is bargained.
pub struct Offers {
    /// Of each player, each member of a family for itself.
    pub payoffs: Vec<(Symbol, Expr)>,
    /// What each player gets without an agreement, in the order of the payoffs.
    pub disagreement: Vec<Rational>,
    pub performance: Option<Expr>,
}

/// A game that was solved symbolically, for any parameters.
pub struct SolvedGame<'a> {
    scope: Scope,
    game: &'a Game,
    agreements: &'a [Formula],
    reported: &'a [(Symbol, Expr)],
    judge: &'a dyn Judge,
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
        tools: Tools<'a>,
    ) -> Result<SolvedGame<'a>, SolutionError> {
        let PaperGame { agreements, reported, .. } = game;
        let (scope, game) = (game.scope(&paper.symbols), &game.game);
        if complete(game, &scope, parameters)?.game.shares.is_empty() {
            return Err(SolutionError::NoShare);
        }
        let general = setting(&scope, game, agreements, tools);
        if let Some(Err(error)) = &general.solution {
            return Err(SolutionError::Unsolved(error.to_string()));
        }
        let over_share = |e: &Expr| general.with_context(&[], |c| c.term(e));
        let payoffs =
            game.payoffs.iter().map(|p| over_share(&payoff(&p.function))).collect::<Result<_, _>>()?;
        let performance = game.performance.as_ref().map(over_share).transpose()?;
        Ok(SolvedGame { scope, game, agreements, reported, judge: tools.judge, payoffs, performance })
    }

    /// The bargaining solutions at exact parameters, to `digits` certified digits, without closed forms.
    pub fn at(&self, parameters: &Point, digits: u32) -> Result<GameSolution, SolutionError> {
        let (Given { game: instance, size, values }, mut agreement) = self.agreement(parameters)?;
        agreement.closed()?;
        agreement.reduce();
        let mut solved = agreement.solve(&instance, digits)?;
        let shares: Vec<Symbol> = instance.shares.iter().map(|s| s.symbol.clone()).collect();
        let others_possible = agreement.judged(&mut solved, &shares);
        Ok(GameSolution {
            parameters: values,
            size,
            shares,
            fixed: agreement.fixed.clone(),
            reported: self.reported.iter().map(|(name, _)| name.clone()).collect(),
            others_possible,
            players: instance.players,
            solved,
            closed_forms: BTreeMap::new(),
        })
    }

    /// What every agreement gives at exact parameters.
    pub fn offers(&self, parameters: &Point) -> Result<Offers, SolutionError> {
        let (given, agreement) = self.agreement(parameters)?;
        let payoffs = given.game.players.into_iter().zip(agreement.payoffs).collect();
        Ok(Offers { payoffs, disagreement: agreement.disagreement, performance: agreement.performance })
    }

    /// What is bargained over at exact parameters.
    fn agreement(&self, parameters: &Point) -> Result<(Given, Agreement<'a>), SolutionError> {
        let given = complete(self.game, &self.scope, parameters)?;
        let Given { game: instance, size, values } = &given;
        let Some(first) = instance.shares.first() else { return Err(SolutionError::NoShare) };
        let with: Substitution = values.iter().map(|(s, v)| (s.clone(), Expr::Num(v.clone()))).collect();
        let over_share = |e: &Expr, member: Option<(Symbol, usize)>| -> Result<Expr, SolutionError> {
            let letters = member.into_iter().collect();
            let here = Instance { ranges: self.scope.indices(), size: *size, letters };
            let whole = here.term(e).ok_or_else(|| InstanceError::Partial(first.symbol.clone()))?;
            Ok(fold(&whole.substitute_all(&with)))
        };
        let mut payoffs = vec![];
        for (p, body) in self.game.payoffs.iter().zip(&self.payoffs) {
            match self.game.family(&p.player) {
                Some((_, letter)) => {
                    for k in 1..=*size {
                        payoffs.push(over_share(body, Some((letter.clone(), k)))?);
                    }
                }
                None => payoffs.push(over_share(body, None)?),
            }
        }
        let reported = self.reported.iter().map(|(name, e)| Ok((name.clone(), over_share(e, None)?)));
        let domains = instance.shares.iter().flat_map(|s| &s.domain).chain(self.agreements);
        let agreement = Agreement {
            free: instance.shares.iter().map(|s| s.symbol.clone()).collect(),
            fixed: vec![],
            known: parts(domains, &with),
            payoffs,
            disagreement: outside(instance, &with)?,
            performance: self.performance.as_ref().map(|e| over_share(e, None)).transpose()?,
            reported: reported.collect::<Result<_, SolutionError>>()?,
            elsewhere: Elsewhere::NOTHING,
            judge: self.judge,
        };
        Ok((given, agreement))
    }

    /// The same with closed forms, which are looked for with tools of their own: they are an extra, and
    /// nothing else waits for them long.
    pub fn with_closed_forms(&self, solution: GameSolution, tools: Tools) -> GameSolution {
        if self.game.shares.len() > 1 || !self.agreements.is_empty() {
            return solution;
        }
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

/// The conditions one by one, their parameters put in.
fn parts<'f>(conditions: impl Iterator<Item = &'f Formula>, with: &Substitution) -> Vec<Formula> {
    let one_by_one = conditions.flat_map(|f| match f.unchained() {
        Formula::And(parts) => parts,
        one => vec![one],
    });
    one_by_one.map(|f| fold_formula(&f.substitute_all(with))).filter(|f| *f != Formula::True).collect()
}

impl Agreement<'_> {
    /// `Err`: something else than what is bargained over has no value.
    fn closed(&self) -> Result<(), SolutionError> {
        let terms = self.reported.iter().flat_map(|(_, e)| e.free());
        let all = self.known.iter().flat_map(Formula::free).chain(terms);
        match all.into_iter().find(|s| !self.free.contains(s)) {
            Some(symbol) => Err(SolutionError::Missing(symbol)),
            None => Ok(()),
        }
    }

    /// The solutions over the one symbol that is left.
    fn solve(&self, instance: &Game, digits: u32) -> Result<Solved, SolutionError> {
        if self.is_possible() != Some(true) {
            return Err(SolutionError::NoAgreement);
        }
        let [share] = self.free.as_slice() else { return self.solve_several(instance, digits) };
        let (lower, upper) = match self.ends(share) {
            Some(Ends { lower: Some((lower, _)), upper: Some((upper, _)) }) => (lower, upper),
            _ => return Err(SolveError::Unsupported("a share without a bounded range").into()),
        };
        let profile = |payoffs: Vec<Expr>| Profile {
            share: share.clone(),
            lower: lower.clone(),
            upper: upper.clone(),
            payoffs: instance.players.iter().cloned().zip(payoffs).collect(),
            disagreement: self.disagreement.clone(),
            performance: self.performance.clone(),
            reported: self.fixed.iter().chain(&self.reported).cloned().collect(),
        };
        let meter = Meter::new(STEPS, None);
        match solve(&profile(self.payoffs.clone()), digits, &meter) {
            // Payoffs put together of others' may be the sums of powers only that they are equal to.
            Err(why) if !self.fixed.is_empty() => {
                let normal = |e: &Expr| identity::normal(e, &self.known);
                let payoffs = self.payoffs.iter().map(normal).collect::<Option<_>>().ok_or(why)?;
                Ok(solve(&profile(payoffs), digits, &meter)?)
            }
            solved => Ok(solved?),
        }
    }

    /// The solutions over the symbols that are left.
    fn solve_several(&self, instance: &Game, digits: u32) -> Result<Solved, SolutionError> {
        let unsupported = |what| SolutionError::Solve(SolveError::Unsupported(what));
        let mut shares = vec![];
        for x in &self.free {
            match self.ends(x) {
                Some(Ends { lower: Some((lower, _)), upper: Some((upper, _)) }) => {
                    shares.push((x.clone(), lower, upper));
                }
                _ => return Err(unsupported("a share without a bounded range")),
            }
        }
        let condition = |f: &Formula| match f {
            Formula::Rel(a, Relation::Le | Relation::Lt, b) => Some(b.clone() - a.clone()),
            Formula::Rel(a, Relation::Ge | Relation::Gt, b) => Some(a.clone() - b.clone()),
            _ => None,
        };
        let several = self.known.iter().filter(|f| f.free().len() > 1).map(condition);
        let conditions = several.collect::<Option<_>>();
        let problem = Several {
            shares,
            conditions: conditions.ok_or_else(|| unsupported("conditions that are no inequalities"))?,
            payoffs: instance.players.iter().cloned().zip(self.payoffs.clone()).collect(),
            disagreement: self.disagreement.clone(),
            performance: self.performance.clone(),
            reported: self.fixed.iter().chain(&self.reported).cloned().collect(),
        };
        Ok(solve_several(&problem, digits, &Meter::new(STEPS, None))?)
    }

    /// Puts what is fixed beside what was found, and drops what was found where it does not count. The
    /// names of the solutions that may not be the only ones.
    fn judged(&self, solved: &mut Solved, shares: &[Symbol]) -> BTreeSet<String> {
        let open_of = |x: &Symbol| -> Vec<Rational> {
            let ends = self.ends(x).unwrap_or_default();
            let both = [ends.lower, ends.upper].into_iter().flatten();
            both.filter_map(|(at, closed)| (!closed).then_some(at)).collect()
        };
        let first = self.free.first().map(open_of).unwrap_or_default();
        let at_open = |e: &Enclosure| first.iter().any(|q| e.ball().contains(q));
        let others_open = |(x, e): &(Symbol, Enclosure)| open_of(x).iter().any(|q| e.ball().contains(q));
        let dropped = |s: &Solution| {
            let reaches = s.optimal.iter().any(|(a, b)| at_open(a) || at_open(b));
            if reaches || s.agreement.iter().any(others_open) {
                return Some(SolveError::OpenEnd);
            }
            let unknown = s.name == "max-performance" && !self.elsewhere.performance_is_no_higher;
            unknown.then_some(SolveError::Undecided("the performance may be higher at other agreements"))
        };
        let mut others = BTreeSet::new();
        for mut s in std::mem::take(&mut solved.solutions) {
            if let Some(why) = dropped(&s) {
                solved.failures.push((s.name, why));
                continue;
            }
            // What is fixed was asked for first.
            let fixed = s.reported.drain(..self.fixed.len()).map(|(x, e)| Some((x, e?)));
            let Some(fixed) = fixed.collect::<Option<Vec<_>>>() else {
                solved.failures.push((s.name, SolveError::Undecided("the digits of a value")));
                continue;
            };
            s.agreement.extend(fixed);
            s.agreement.sort_by_key(|(symbol, _)| shares.iter().position(|x| x == symbol));
            let is_lower = match s.name.as_str() {
                "nash" => self.elsewhere.nash_is_lower,
                "max-performance" => self.elsewhere.performance_is_lower,
                _ => self.elsewhere.all_are_lower,
            };
            if let ([along], true) = (self.free.as_slice(), shares.len() > 1) {
                let of = crate::tex::plain_symbol(along);
                s.note = s.note.map(|note| format!("{of} is {note}"));
            }
            if !is_lower {
                others.insert(s.name.clone());
            }
            solved.solutions.push(s);
        }
        for (_, why) in solved.failures.iter_mut().filter(|_| shares.len() > 1) {
            if *why == SolveError::NoAgreement {
                *why = SolveError::Disagreement;
            }
        }
        let touches = |set: &Vec<(Enclosure, Enclosure)>| set.iter().any(|(a, b)| at_open(a) || at_open(b));
        if solved.pareto.as_ref().is_ok_and(touches) {
            solved.pareto = Err(SolveError::OpenEnd);
        }
        if solved.pareto.is_ok() && !self.elsewhere.someone_is_lower {
            solved.pareto = Err(SolveError::Elsewhere);
        }
        others
    }
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
    // What somebody loses by is no agreement, and its payoff nobody's best one.
    let within = whole.over.contains(&Expr::Sym(share.clone()))?.unchained();
    let known = [frame.facts.clone(), vec![within]].concat();
    let loses = |u: &&Expr| {
        !setting.tools().judge.proves(&known, &Formula::rel((*u).clone(), Relation::Ge, Expr::int(0)))
    };
    if payoffs.iter().any(|u| loses(&u)) {
        return None;
    }
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
