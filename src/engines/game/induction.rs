//! Backward induction (Osborne and Rubinstein, *A Course in Game Theory*, ch. 6).
//!
//! From the last stage to the first, each mover's best response is found from the first-order
//! condition and *proved* to be the unique global maximiser on the feasible set: the payoff is
//! continuous on the closed feasible set and strictly concave in its interior (second-order
//! condition), and the stationary point is feasible, or an end of the set is one from which the
//! payoff falls, or it depends which of these, and each is shown where it is so. A concave function has no other maximiser (Boyd and Vandenberghe, *Convex
//! Optimization*, 4.2.2 and 4.2.3). Where one of these cannot be proved,
//! the stage counts as not solved symbolically; nothing is assumed. A player with an index in its
//! name stands for a family, whose members move at the same time: each answers what was chosen
//! before, and where a payoff takes another member's choice of the same stage (or a sum of them)
//! the stage is not solved. A stage in which several players choose at once is
//! [`super::simultaneous`]'s.

use thiserror::Error;

use crate::expr::fold::fold;
use crate::expr::substitute::Substitution;
use crate::expr::{Case, Expr, Formula, Relation, Symbol};
use crate::prove::identity::{self, isolate, solve_quadratic};
use crate::prove::{Differentiate, Evidence, Judge, Judgement};
use crate::sums::linear;
use crate::tex::plain_symbol;

use super::simultaneous::{self, Chooser};
use super::{Game, Move, Stage};

/// One player's best response in a subgame.
#[derive(Clone, Debug)]
pub struct Response {
    pub player: Symbol,
    pub variable: Symbol,
    /// In terms of earlier choices, shares and parameters.
    pub value: Expr,
    /// What is best against whatever others choose at the same time, in terms of that; `None` where
    /// nobody else moves at this stage, or where it was not found.
    pub reaction: Option<Expr>,
    /// The proofs that it is the unique maximiser.
    pub evidence: Vec<Evidence>,
}

/// The best responses of all movers, in the order of play.
#[derive(Clone, Debug)]
pub struct Equilibrium {
    pub responses: Vec<Response>,
}

impl Equilibrium {
    /// The best response `variable`, in terms of earlier choices, shares and parameters.
    pub fn response(&self, variable: &Symbol) -> Option<&Expr> {
        self.responses.iter().find(|r| r.variable == *variable).map(|r| &r.value)
    }

    /// What is best against others' choices at the same time, in terms of these.
    pub fn reaction(&self, variable: &Symbol) -> Option<&Expr> {
        self.responses.iter().find(|r| r.variable == *variable).and_then(|r| r.reaction.as_ref())
    }

    /// Every choice on the equilibrium path, in terms of shares and parameters alone.
    pub fn path(&self) -> Substitution {
        let mut path = Substitution::new();
        for r in &self.responses {
            path.insert(r.variable.clone(), fold(&r.value.substitute_all(&path)));
        }
        path
    }
}

/// Why a game was not solved symbolically.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum InductionError {
    #[error("its payoffs are written with functions that have no formula")]
    AnyFunctions,
    #[error("the stage in which {variable} is chosen has several movers")]
    Simultaneous { variable: String },
    #[error("the range of {variable} depends on what is chosen at the same time")]
    Coupled { variable: String },
    #[error("the first-order conditions for {variables} have no single solution: their determinant is zero")]
    Singular { variables: String },
    #[error("the first-order conditions for {variables} were not solved together")]
    SystemNotSolved { variables: String },
    #[error("it was not proved that {what} of {variables}")]
    NotSettled { variables: String, what: &'static str },
    #[error("the player who chooses {variable} has no payoff")]
    NoPayoff { variable: String },
    #[error("the payoff cannot be differentiated by {variable}")]
    NotDifferentiable { variable: String },
    #[error("the first-order condition for {variable} was not solved")]
    NotSolved { variable: String },
    #[error("the feasible set of {variable} is not a half-line or an interval")]
    FeasibleSet { variable: String },
    #[error("it was not proved that the stationary point of {variable} is {what}")]
    NotProved { variable: String, what: &'static str },
}

/// Solves `game` for symbolic parameters. `facts` are the domains of the parameters and shares
/// and the assumptions made; `differentiate` takes derivatives.
pub fn solve(
    game: &Game,
    facts: &[Formula],
    judge: &dyn Judge,
    differentiate: &Differentiate,
) -> Result<Equilibrium, InductionError> {
    let (solved, error) = solve_last(game, facts, judge, differentiate);
    error.map_or(Ok(solved), Err)
}

/// Solves the last moves of a game, as far back as it goes, with why it does not go on.
pub fn solve_last(
    game: &Game,
    facts: &[Formula],
    judge: &dyn Judge,
    differentiate: &Differentiate,
) -> (Equilibrium, Option<InductionError>) {
    let mut later: Vec<Response> = vec![];
    for position in (0..game.stages.len()).rev() {
        match responses_at(game, position, &later, facts, judge, differentiate) {
            Ok(responses) => drop(later.splice(0..0, responses)),
            Err(error) => return (Equilibrium { responses: later }, Some(error)),
        }
    }
    (Equilibrium { responses: later }, None)
}

/// The best responses at a stage, `later` being those at the stages after it, in the order of play.
fn responses_at(
    game: &Game,
    position: usize,
    later: &[Response],
    facts: &[Formula],
    judge: &dyn Judge,
    differentiate: &Differentiate,
) -> Result<Vec<Response>, InductionError> {
    let stage = &game.stages[position];
    let mut known = facts.to_vec();
    for earlier in game.stages[..position].iter().flat_map(|s| &s.moves) {
        known.extend(earlier.from.iter().cloned());
    }
    let body = |m: &Move| {
        let payoff = game
            .payoff_of(&m.player)
            .ok_or_else(|| InductionError::NoPayoff { variable: plain_symbol(&m.variable) })?;
        // The last of them answers all before it, so that what is put in for it may name these.
        let body = later.iter().rev().fold(payoff.body.clone(), |b, r| played(game, &b, r));
        Ok(linear::normal(&fold(&body), &game.indices, &known))
    };
    if let [m] = stage.moves.as_slice() {
        return Ok(vec![best_response(m, &body(m)?, &known, judge, differentiate)?]);
    }
    if let Some(m) = stage.moves.iter().find(|m| !moves_alone(game, stage, m)) {
        return Err(InductionError::Simultaneous { variable: plain_symbol(&m.variable) });
    }
    let choosers = stage.moves.iter().map(|m| Ok(Chooser { m, payoff: body(m)? }));
    simultaneous::responses(&choosers.collect::<Result<Vec<_>, _>>()?, &known, judge, differentiate)
}

/// Whether a move is the only one of its player at the stage, and not that of a family.
fn moves_alone(game: &Game, stage: &Stage, m: &Move) -> bool {
    game.family(&m.variable).is_none() && stage.moves.iter().filter(|o| o.player == m.player).count() == 1
}

/// A payoff with a later response put in, for every member of its family.
fn played(game: &Game, payoff: &Expr, response: &Response) -> Expr {
    match game.family(&response.variable) {
        Some((range, letter)) => {
            payoff.substitute_family(range, &response.variable, &letter, &response.value)
        }
        None => payoff.substitute(&response.variable, &response.value),
    }
}

pub(super) fn best_response(
    m: &Move,
    payoff: &Expr,
    facts: &[Formula],
    judge: &dyn Judge,
    differentiate: &Differentiate,
) -> Result<Response, InductionError> {
    let x = &m.variable;
    let name = || plain_symbol(x);
    // What the members of a family choose together is no response of one to the others.
    if payoff.gathers(x) {
        return Err(InductionError::Simultaneous { variable: name() });
    }
    let slope = Slope::new(m, payoff, facts, judge, differentiate)?;
    let found = match slope.stationary() {
        Err(error) => slope.at_an_end().or_else(|| slope.clipped()).ok_or(error),
        found => found,
    };
    let (value, evidence) = found?;
    Ok(Response { player: m.player.clone(), variable: x.clone(), value, reaction: None, evidence })
}

/// The only place in the range `within`, given by bounds, at which a term is largest, with the proofs:
/// of a strictly concave term as of a payoff, of one that falls or rises throughout an end.
pub fn maximiser(
    variable: &Symbol,
    objective: &Expr,
    within: Formula,
    facts: &[Formula],
    judge: &dyn Judge,
    differentiate: &Differentiate,
) -> Option<(Expr, Vec<Evidence>)> {
    let m = Move {
        player: variable.clone(),
        variable: variable.clone(),
        from: vec![within],
        optimal: None,
        supposed: [].into(),
    };
    let slope = Slope::new(&m, objective, facts, judge, differentiate).ok()?;
    slope.stationary().ok().or_else(|| slope.at_an_end()).or_else(|| slope.throughout())
}

/// The slope of a payoff in the mover's choice, on the feasible set and inside of it.
pub(super) struct Slope<'a> {
    m: &'a Move,
    payoff: &'a Expr,
    pub first_order: Expr,
    second_order: Expr,
    facts: &'a [Formula],
    feasible: Vec<Formula>,
    inside: Vec<Formula>,
    judge: &'a dyn Judge,
}

/// A choice, and the proofs that it is the unique maximiser.
type Best = (Expr, Vec<Evidence>);

impl<'a> Slope<'a> {
    /// The slope of `payoff` under `facts`, which do not bound the choice itself.
    pub fn new(
        m: &'a Move,
        payoff: &'a Expr,
        facts: &'a [Formula],
        judge: &'a dyn Judge,
        differentiate: &Differentiate,
    ) -> Result<Slope<'a>, InductionError> {
        let name = || plain_symbol(&m.variable);
        let derivative = |e: &Expr| {
            let found = differentiate(e, &m.variable);
            found.ok_or_else(|| InductionError::NotDifferentiable { variable: name() })
        };
        let first_order = derivative(payoff)?;
        let second_order = derivative(&first_order)?;
        let interior = interior(m).ok_or_else(|| InductionError::FeasibleSet { variable: name() })?;
        let feasible: Vec<Formula> = facts.iter().chain(&m.from).cloned().collect();
        let inside: Vec<Formula> = facts.iter().chain(&interior).cloned().collect();
        Ok(Slope { m, payoff, first_order, second_order, facts, feasible, inside, judge })
    }

    /// The stationary point: found by isolating the choice or, where the slope is quadratic in it, the
    /// root at which a quadratic falls.
    fn stationary(&self) -> Result<Best, InductionError> {
        let x = &self.m.variable;
        let equation = Formula::eq(self.first_order.clone(), Expr::int(0));
        let isolated = isolate(&equation, x, &self.feasible).map(|s| (s.value, s.conditions));
        let falling = || {
            let ([_, falling], conditions) = solve_quadratic(&equation, x, &self.feasible)?;
            Some((falling, conditions))
        };
        let (value, conditions) = isolated
            .or_else(falling)
            .ok_or_else(|| InductionError::NotSolved { variable: plain_symbol(x) })?;
        let value = fold(&value);
        let value = identity::normal(&value, self.facts).unwrap_or(value);
        let mut evidence = vec![];
        for condition in &conditions {
            evidence.extend(self.proof(&self.feasible, condition, "the only one")?);
        }
        evidence.extend(self.feasibility(&value)?);
        evidence.extend(self.proof(self.facts, &equation.substitute(x, &value), "stationary")?);
        evidence.extend(self.concavity(self.payoff)?);
        Ok((value, evidence))
    }

    /// The stationary point where it lies in the feasible set, and where it lies beyond an end, that
    /// end, from which the payoff falls.
    fn clipped(&self) -> Option<Best> {
        let x = &self.m.variable;
        let equation = Formula::eq(self.first_order.clone(), Expr::int(0));
        let root = isolate(&equation, x, self.facts)?;
        let value = identity::normal(&fold(&root.value), self.facts).unwrap_or(root.value);
        let mut evidence = vec![];
        for condition in &root.conditions {
            evidence.extend(self.proof(self.facts, condition, "the only one").ok()?);
        }
        let (mut cases, mut inside) = (vec![], self.facts.to_vec());
        for (end, away) in ends(self.m) {
            let side = if away == Relation::Le { Relation::Lt } else { Relation::Gt };
            let beyond = Formula::Rel(value.clone(), side, end.clone());
            inside.push(Formula::Rel(value.clone(), side.negated(), end.clone()));
            let there = [self.facts, std::slice::from_ref(&beyond)].concat();
            let slope = fold(&self.first_order.substitute(x, &end));
            let falls = Formula::Rel(slope, away, Expr::int(0));
            evidence.extend(self.proof(&there, &falls, "an end").ok()?);
            evidence.extend(self.proof(&there, &self.in_range(&end), "feasible").ok()?);
            cases.push(Case { value: end, condition: Some(beyond) });
        }
        evidence.extend(self.proof(&inside, &self.in_range(&value), "feasible").ok()?);
        evidence.extend(self.proof(&inside, &equation.substitute(x, &value), "stationary").ok()?);
        evidence.extend(self.concavity(self.payoff).ok()?);
        evidence.extend(self.continuity(&self.first_order).ok()?);
        cases.push(Case { value, condition: None });
        Some((Expr::Cases(cases), evidence))
    }

    /// An end of the feasible set from which a concave payoff falls.
    fn at_an_end(&self) -> Option<Best> {
        ends(self.m).into_iter().find_map(|(end, away)| Some((end.clone(), self.best_at(&end, away).ok()?)))
    }

    /// The end towards which a continuous payoff rises throughout the inside of its range.
    fn throughout(&self) -> Option<Best> {
        ends(self.m).into_iter().find_map(|(end, away)| {
            let strictly = if away == Relation::Le { Relation::Lt } else { Relation::Gt };
            let toward = Formula::Rel(self.first_order.clone(), strictly, Expr::int(0));
            let evidence = [
                self.feasibility(&end).ok()?,
                self.proof(&self.inside, &toward, "an end").ok()?,
                self.continuity(self.payoff).ok()?,
            ];
            Some((end, evidence.concat()))
        })
    }

    /// The proofs that a concave payoff is largest at a place where its slope, a limit of slopes at
    /// an end, has the sign of a move away from it or is zero.
    pub fn best_at(&self, place: &Expr, away: Relation) -> Result<Vec<Evidence>, InductionError> {
        let slope = self.first_order.substitute(&self.m.variable, place);
        let falls = Formula::Rel(fold(&slope), away, Expr::int(0));
        let what = if away == Relation::Eq { "stationary" } else { "an end" };
        let mut evidence = self.feasibility(place)?;
        evidence.extend(self.proof(self.facts, &falls, what)?);
        evidence.extend(self.concavity(self.payoff)?);
        evidence.extend(self.continuity(&self.first_order)?);
        Ok(evidence)
    }

    fn feasibility(&self, value: &Expr) -> Result<Vec<Evidence>, InductionError> {
        self.proof(self.facts, &self.in_range(value), "feasible")
    }

    /// That a choice is a possible one.
    fn in_range(&self, value: &Expr) -> Formula {
        Formula::and(self.m.from.iter().map(|f| f.substitute(&self.m.variable, value)).collect())
    }

    /// Strict concavity inside, and continuity up to the border.
    fn concavity(&self, payoff: &Expr) -> Result<Vec<Evidence>, InductionError> {
        let concave = Formula::Rel(self.second_order.clone(), Relation::Lt, Expr::int(0));
        let mut evidence = self.proof(&self.inside, &concave, "a maximum: the second-order condition")?;
        evidence.extend(self.continuity(payoff)?);
        Ok(evidence)
    }

    fn continuity(&self, e: &Expr) -> Result<Vec<Evidence>, InductionError> {
        let mut evidence = vec![];
        for condition in continuity(e, &self.m.variable) {
            let what = "a maximum up to the border: continuity";
            evidence.extend(self.proof(&self.feasible, &condition, what)?);
        }
        Ok(evidence)
    }

    fn proof(
        &self,
        facts: &[Formula],
        goal: &Formula,
        what: &'static str,
    ) -> Result<Vec<Evidence>, InductionError> {
        match self.judge.judge_plainly(facts, goal) {
            Judgement::Holds(evidence) => Ok(evidence),
            _ => Err(InductionError::NotProved { variable: plain_symbol(&self.m.variable), what }),
        }
    }
}

/// The ends that belong to the feasible set, with the sign that the slope has to have there.
pub(super) fn ends(m: &Move) -> Vec<(Expr, Relation)> {
    let x = Expr::Sym(m.variable.clone());
    let bounds = m.from.iter().flat_map(|f| match f.unchained() {
        Formula::And(parts) => parts,
        one => vec![one],
    });
    let end = |f: Formula| match f {
        Formula::Rel(a, Relation::Ge, b) if a == x => Some((b, Relation::Le)),
        Formula::Rel(a, Relation::Le, b) if b == x => Some((a, Relation::Le)),
        Formula::Rel(a, Relation::Le, b) if a == x => Some((b, Relation::Ge)),
        Formula::Rel(a, Relation::Ge, b) if b == x => Some((a, Relation::Ge)),
        _ => None,
    };
    bounds.filter_map(end).collect()
}

/// The interior of a feasible set given by bounds on the choice: every bound made strict.
fn interior(m: &Move) -> Option<Vec<Formula>> {
    m.from
        .iter()
        .flat_map(|f| match f.unchained() {
            Formula::And(parts) => parts,
            one => vec![one],
        })
        .map(|f| match f {
            Formula::Rel(a, r, b) if one_side_is(&m.variable, &a, &b) => match r {
                Relation::Ge | Relation::Gt => Some(Formula::Rel(a, Relation::Gt, b)),
                Relation::Le | Relation::Lt => Some(Formula::Rel(a, Relation::Lt, b)),
                Relation::Eq | Relation::Ne => None,
            },
            _ => None,
        })
        .collect()
}

/// Whether one of the sides is the symbol itself and the other does not mention it.
fn one_side_is(x: &Symbol, a: &Expr, b: &Expr) -> bool {
    (a.as_sym() == Some(x) && !b.mentions(x)) || (b.as_sym() == Some(x) && !a.mentions(x))
}

/// Conditions under which the term is continuous in `x`: every power that involves `x` has a
/// natural exponent, or a non-negative base and a positive exponent that does not involve `x`.
/// A reciprocal asks for a base that is not zero. What is none of these (a case distinction) asks for
/// the impossible.
pub(super) fn continuity(e: &Expr, x: &Symbol) -> Vec<Formula> {
    if !e.mentions(x) {
        return vec![];
    }
    let zero = || Expr::int(0);
    match e {
        Expr::Num(_) | Expr::Sym(_) => vec![],
        Expr::Add(xs) | Expr::Mul(xs) => xs.iter().flat_map(|c| continuity(c, x)).collect(),
        Expr::Pow(b, p) if !p.mentions(x) => {
            let mut conditions = continuity(b, x);
            if p.as_int().is_some_and(|n| n < 0) {
                conditions.push(Formula::Rel((**b).clone(), Relation::Ne, zero()));
            } else if p.as_int().is_none() {
                conditions.push(Formula::Rel((**b).clone(), Relation::Ge, zero()));
                conditions.push(Formula::Rel((**p).clone(), Relation::Gt, zero()));
            }
            conditions
        }
        _ => vec![Formula::False],
    }
}
