//! A game with its parameters put in, as the search needs it.

use std::collections::{BTreeMap, BTreeSet};

use rug::Rational;

use super::OptimumError;
use super::crowd::Split;
use crate::expr::fold::fold;
use crate::expr::substitute::Substitution;
use crate::expr::{Case, Expr, Formula, Function, Relation, Symbol};
use crate::game::Game;

/// Lower and upper end of what a variable may be; `None` is infinite.
#[derive(Clone, Debug, Default)]
pub(super) struct Range {
    pub lower: Option<Expr>,
    pub upper: Option<Expr>,
    /// Whether the ends belong to the range.
    pub lower_closed: bool,
    pub upper_closed: bool,
}

/// A bargained share: a literal range.
#[derive(Clone, Debug)]
pub(super) struct ShareRange {
    pub symbol: Symbol,
    pub lower: Option<Rational>,
    pub upper: Option<Rational>,
    pub lower_closed: bool,
    pub upper_closed: bool,
}

/// A choice and the payoff that decides it.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub variable: Symbol,
    /// The index of the chooser's payoff.
    pub payoff: usize,
    pub range: Range,
}

/// A payoff over shares and choices, without maxima: these have become case distinctions.
#[derive(Clone, Debug)]
pub(super) struct Pay {
    pub player: Symbol,
    pub function: Symbol,
    pub body: Expr,
}

/// A game at exact parameters.
#[derive(Clone, Debug)]
pub(super) struct Primitives {
    pub shares: Vec<ShareRange>,
    /// In the order of play.
    pub choices: Vec<Choice>,
    /// The indices of the choices made at each stage.
    pub stages: Vec<Vec<usize>>,
    pub payoffs: Vec<Pay>,
    /// The game split, where its last movers do not meet.
    pub split: Option<Split>,
    /// Payoffs by the names of their players and functions.
    names: BTreeMap<Symbol, usize>,
    variables: BTreeSet<Symbol>,
}

impl Primitives {
    /// A game that is not split.
    pub fn whole(
        shares: Vec<ShareRange>,
        choices: Vec<Choice>,
        stages: Vec<Vec<usize>>,
        payoffs: Vec<Pay>,
    ) -> Primitives {
        let mut names = BTreeMap::new();
        for (i, p) in payoffs.iter().enumerate() {
            for name in [&p.function, &p.player] {
                names.entry(name.clone()).or_insert(i);
            }
        }
        let variables = choices.iter().map(|c| &c.variable).chain(shares.iter().map(|s| &s.symbol));
        let variables = variables.cloned().collect();
        Primitives { shares, choices, stages, payoffs, split: None, names, variables }
    }

    /// The payoff that a player or a function names.
    pub fn payoff_named(&self, name: &Symbol) -> Option<&Pay> {
        self.names.get(name).map(|i| &self.payoffs[*i])
    }

    /// Whether the symbol is a share or a choice.
    pub fn is_variable(&self, x: &Symbol) -> bool {
        self.variables.contains(x)
    }

    /// `Err`: a domain that is not an interval with solved ends, a player without a payoff.
    pub fn new(game: &Game, parameters: &BTreeMap<Symbol, Rational>) -> Result<Primitives, OptimumError> {
        let with: Substitution = parameters.iter().map(|(x, v)| (x.clone(), Expr::Num(v.clone()))).collect();
        let put = |e: &Expr| without_extrema(&fold(&e.substitute_all(&with)));
        let payoffs = game
            .payoffs
            .iter()
            .map(|p| Pay { player: p.player.clone(), function: p.function.clone(), body: put(&p.body) })
            .collect::<Vec<_>>();
        let mut shares = vec![];
        for share in &game.shares {
            let range = share_range(&share.symbol, &share.domain, &with)?;
            match parameters.get(&share.symbol) {
                None => shares.push(range),
                Some(fixed) if range.contains(fixed) => {}
                Some(_) => return Err(OptimumError::Share(share.symbol.clone())),
            }
        }
        let players: BTreeMap<&Symbol, usize> =
            payoffs.iter().enumerate().rev().map(|(i, p)| (&p.player, i)).collect();
        let (mut choices, mut stages) = (vec![], vec![]);
        for stage in &game.stages {
            let first = choices.len();
            for m in &stage.moves {
                let payoff = players.get(&m.player).copied().ok_or_else(|| {
                    OptimumError::Unsupported(format!("`{}`, a player without a payoff", m.player))
                })?;
                let range = range(&m.variable, &m.from, &with)?;
                choices.push(Choice { variable: m.variable.clone(), payoff, range });
            }
            stages.push((first..choices.len()).collect());
        }
        let mut game = Primitives::whole(shares, choices, stages, payoffs);
        game.split = Split::of(&game);
        Ok(game)
    }
}

impl ShareRange {
    fn contains(&self, value: &Rational) -> bool {
        let above = |a: &Rational| value > a || (self.lower_closed && value == a);
        let below = |b: &Rational| value < b || (self.upper_closed && value == b);
        self.lower.as_ref().is_none_or(above) && self.upper.as_ref().is_none_or(below)
    }
}

fn share_range(x: &Symbol, domain: &[Formula], with: &Substitution) -> Result<ShareRange, OptimumError> {
    let range = range(x, domain, with)?;
    let literal = |e: Option<Expr>| match e {
        None => Ok(None),
        Some(Expr::Num(n)) => Ok(Some(n)),
        Some(_) => Err(OptimumError::Unsupported(format!("a domain of `{x}` whose ends are not numbers"))),
    };
    let (lower, upper) = (literal(range.lower)?, literal(range.upper)?);
    if let (Some(a), Some(b)) = (&lower, &upper)
        && a >= b
    {
        return Err(OptimumError::EmptyDomain(x.clone()));
    }
    let (lower_closed, upper_closed) = (range.lower_closed, range.upper_closed);
    Ok(ShareRange { symbol: x.clone(), lower, upper, lower_closed, upper_closed })
}

fn range(x: &Symbol, domain: &[Formula], with: &Substitution) -> Result<Range, OptimumError> {
    let mut range = Range { lower_closed: true, upper_closed: true, ..Range::default() };
    let all = Formula::and(domain.iter().map(Formula::unchained).collect());
    let atoms = match all {
        Formula::And(ps) => ps,
        one => vec![one],
    };
    for atom in atoms {
        narrow(&mut range, x, &atom, with)?;
    }
    Ok(range)
}

fn narrow(range: &mut Range, x: &Symbol, atom: &Formula, with: &Substitution) -> Result<(), OptimumError> {
    let unsupported =
        || OptimumError::Unsupported(format!("the domain of `{x}`: expected bounds solved for it"));
    let (relation, bound) = match atom {
        Formula::True => return Ok(()),
        Formula::Rel(a, r, b) if a.as_sym() == Some(x) && !b.mentions(x) => (*r, b),
        Formula::Rel(a, r, b) if b.as_sym() == Some(x) && !a.mentions(x) => (r.mirrored(), a),
        _ => return Err(unsupported()),
    };
    let bound = fold(&bound.substitute_all(with));
    let (end, closed, tighter) = match relation {
        Relation::Ge | Relation::Gt => (&mut range.lower, &mut range.lower_closed, Function::Max),
        Relation::Le | Relation::Lt => (&mut range.upper, &mut range.upper_closed, Function::Min),
        Relation::Eq | Relation::Ne => return Err(unsupported()),
    };
    *closed &= matches!(relation, Relation::Ge | Relation::Le);
    *end = Some(match end.take() {
        None => bound,
        Some(earlier) => without_extrema(&fold(&Expr::Fun(tighter, vec![earlier, bound]))),
    });
    Ok(())
}

/// The same term with maxima, minima and absolute values as case distinctions, which have
/// derivatives case by case.
pub(super) fn without_extrema(e: &Expr) -> Expr {
    let inner = e.map(&mut without_extrema, &mut |f: &Formula| f.map(&mut without_extrema));
    match inner {
        Expr::Fun(Function::Max, xs) => extreme(xs, Relation::Ge),
        Expr::Fun(Function::Min, xs) => extreme(xs, Relation::Le),
        Expr::Fun(Function::Abs, xs) => {
            let pair = xs.into_iter().flat_map(|x| [x.clone(), -x]).collect();
            extreme(pair, Relation::Ge)
        }
        other => other,
    }
}

fn extreme(xs: Vec<Expr>, beats: Relation) -> Expr {
    let case = |i: usize| {
        let wins = xs[i + 1..].iter().map(|y| Formula::rel(xs[i].clone(), beats, y.clone())).collect();
        Case { value: xs[i].clone(), condition: (i + 1 < xs.len()).then(|| Formula::and(wins)) }
    };
    match xs.len() {
        1 => xs[0].clone(),
        n => Expr::Cases((0..n).map(case).collect()),
    }
}
