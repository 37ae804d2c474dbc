//! Backward induction (Osborne and Rubinstein, *A Course in Game Theory*, ch. 6).
//!
//! From the last stage to the first, each mover's best response is found from the first-order
//! condition and *proved* to be the unique global maximiser on the feasible set: the payoff is
//! continuous on the closed feasible set and strictly concave in its interior (second-order
//! condition), and the stationary point is feasible. A concave function has no other maximiser
//! (Boyd and Vandenberghe, *Convex Optimization*, 4.2.2). Where one of these cannot be proved,
//! the stage counts as not solved symbolically; nothing is assumed. A player with an index in its
//! name stands for a family, whose members move at the same time: each answers what was chosen
//! before, and where a payoff takes another member's choice of the same stage (or a sum of them)
//! the stage is not solved.

use thiserror::Error;

use crate::expr::fold::fold;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Formula, Relation, Symbol};
use crate::prove::identity::{self, isolate, solve_quadratic};
use crate::prove::{Differentiate, Evidence, Judge, Judgement};
use crate::sums::linear;
use crate::tex::plain_symbol;

use super::{Game, Move};

/// One player's best response in a subgame.
#[derive(Clone, Debug)]
pub struct Response {
    pub player: Symbol,
    pub variable: Symbol,
    /// In terms of earlier choices, shares and parameters.
    pub value: Expr,
    /// The first-order condition that it solves: a term that is zero there.
    pub first_order: Expr,
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
        match response_at(game, position, &later, facts, judge, differentiate) {
            Ok(response) => later.insert(0, response),
            Err(error) => return (Equilibrium { responses: later }, Some(error)),
        }
    }
    (Equilibrium { responses: later }, None)
}

/// The best response at a stage, `later` being those at the stages after it.
fn response_at(
    game: &Game,
    position: usize,
    later: &[Response],
    facts: &[Formula],
    judge: &dyn Judge,
    differentiate: &Differentiate,
) -> Result<Response, InductionError> {
    let stage = &game.stages[position];
    let [m] = stage.moves.as_slice() else {
        let variable = stage.moves.first().map_or("?".into(), |m| plain_symbol(&m.variable));
        return Err(InductionError::Simultaneous { variable });
    };
    let mut known = facts.to_vec();
    for earlier in game.stages[..position].iter().flat_map(|s| &s.moves) {
        known.extend(earlier.from.iter().cloned());
    }
    let payoff = game
        .payoff_of(&m.player)
        .ok_or_else(|| InductionError::NoPayoff { variable: plain_symbol(&m.variable) })?;
    let body = later.iter().fold(payoff.body.clone(), |b, r| played(game, &b, r));
    let body = linear::normal(&fold(&body), &game.indices, &known);
    best_response(m, &body, &known, judge, differentiate)
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

fn best_response(
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
    let first_order =
        differentiate(payoff, x).ok_or_else(|| InductionError::NotDifferentiable { variable: name() })?;
    let second_order = differentiate(&first_order, x)
        .ok_or_else(|| InductionError::NotDifferentiable { variable: name() })?;
    let interior = interior(m).ok_or_else(|| InductionError::FeasibleSet { variable: name() })?;

    let feasible: Vec<Formula> = facts.iter().chain(&m.from).cloned().collect();
    let inside: Vec<Formula> = facts.iter().chain(&interior).cloned().collect();
    let slope = Slope { first_order, second_order, feasible, inside };
    let root = slope.root(x, facts).ok_or_else(|| InductionError::NotSolved { variable: name() })?;
    let evidence = slope.established(m, payoff, &root, facts, judge)?;
    let (player, variable, first_order) = (m.player.clone(), x.clone(), slope.first_order);
    Ok(Response { player, variable, value: root.value, first_order, evidence })
}

/// The slope of a payoff in the mover's choice, on the feasible set and inside of it.
struct Slope {
    first_order: Expr,
    second_order: Expr,
    feasible: Vec<Formula>,
    inside: Vec<Formula>,
}

/// A zero of the slope, the only one under conditions.
struct Root {
    value: Expr,
    conditions: Vec<Formula>,
}

impl Slope {
    /// The zero of the slope that is found by isolating the choice or, of a slope that is quadratic in
    /// it, the root at which a quadratic falls.
    fn root(&self, x: &Symbol, facts: &[Formula]) -> Option<Root> {
        let equation = Formula::eq(self.first_order.clone(), Expr::int(0));
        let (value, conditions) = match isolate(&equation, x, &self.feasible) {
            Some(solution) => (solution.value, solution.conditions),
            None => {
                let ([_, falling], conditions) = solve_quadratic(&equation, x, &self.feasible)?;
                (falling, conditions)
            }
        };
        let value = fold(&value);
        Some(Root { value: identity::normal(&value, facts).unwrap_or(value), conditions })
    }

    /// The proofs that a root is the unique maximiser.
    fn established(
        &self,
        m: &Move,
        payoff: &Expr,
        root: &Root,
        facts: &[Formula],
        judge: &dyn Judge,
    ) -> Result<Vec<Evidence>, InductionError> {
        let x = &m.variable;
        let mut evidence = vec![];
        let mut establish =
            |facts: &[Formula], goal: Formula, what: &'static str| match judge.judge_plainly(facts, &goal) {
                Judgement::Holds(found) => {
                    evidence.extend(found);
                    Ok(())
                }
                _ => Err(InductionError::NotProved { variable: plain_symbol(x), what }),
            };
        for condition in &root.conditions {
            establish(&self.feasible, condition.clone(), "the only one")?;
        }
        let at_value = Formula::and(m.from.iter().map(|f| f.substitute(x, &root.value)).collect());
        establish(facts, at_value, "feasible")?;
        let zero = Formula::eq(self.first_order.clone(), Expr::int(0));
        establish(facts, zero.substitute(x, &root.value), "stationary")?;
        let concave = Formula::Rel(self.second_order.clone(), Relation::Lt, Expr::int(0));
        establish(&self.inside, concave, "a maximum: the second-order condition")?;
        for condition in continuity(payoff, x) {
            establish(&self.feasible, condition, "a maximum up to the border: continuity")?;
        }
        Ok(evidence)
    }
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
/// What is not such a power (a reciprocal, a case distinction) asks for the impossible.
fn continuity(e: &Expr, x: &Symbol) -> Vec<Formula> {
    if !e.mentions(x) {
        return vec![];
    }
    let zero = || Expr::int(0);
    match e {
        Expr::Num(_) | Expr::Sym(_) => vec![],
        Expr::Add(xs) | Expr::Mul(xs) => xs.iter().flat_map(|c| continuity(c, x)).collect(),
        Expr::Pow(b, p) if !p.mentions(x) => {
            let mut conditions = continuity(b, x);
            if p.as_int().is_none_or(|n| n < 0) {
                conditions.push(Formula::Rel((**b).clone(), Relation::Ge, zero()));
                conditions.push(Formula::Rel((**p).clone(), Relation::Gt, zero()));
            }
            conditions
        }
        _ => vec![Formula::False],
    }
}
