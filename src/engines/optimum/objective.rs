//! What is to be optimised or set to zero.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rug::{Float, Rational};

use super::OptimumError;
use super::frame::{Active, Frame, Side};
use super::jet::Jet;
use super::number::Scalar;
use super::primitives::Primitives;
use super::program::Program;
use crate::expr::fold::fold;
use crate::expr::substitute::Substitution;
use crate::expr::{Case, Expr, Formula, Function, Symbol};

/// A quantity of the game as a function of its share: a term over shares, choices, parameters
/// and payoffs, all at the equilibrium of the subgame that follows the bargain.
///
/// A payoff is written as its function without arguments or with the shares as arguments
/// (`U_A`, `U_A(s)`), or as the player's symbol. Further symbols may stand for numbers.
#[derive(Clone, Debug)]
pub struct Objective {
    pub expr: Expr,
    /// Numbers that the term refers to by name, such as a player's largest payoff.
    pub constants: BTreeMap<Symbol, Float>,
}

impl Objective {
    /// The objective that `expr` describes.
    pub fn new(expr: Expr) -> Objective {
        Objective { expr, constants: BTreeMap::new() }
    }
    /// The same objective with `symbol` standing for a number.
    #[must_use]
    pub fn with(mut self, symbol: Symbol, value: Float) -> Objective {
        self.constants.insert(symbol, value);
        self
    }
}

/// An objective with payoffs and parameters put in, and its compiled forms.
pub(super) struct Goal {
    quantity: Quantity,
    constants: Vec<(Symbol, Float)>,
    programs: RefCell<BTreeMap<Place, Rc<Program>>>,
}

/// What a goal measures.
enum Quantity {
    /// A term in the game's own symbols.
    Term(Expr),
    /// The slope of the payoff that decides a choice, by the choice.
    Condition(usize),
}

/// Sides of the shares and positions of the choices: what a program depends on.
type Place = (Vec<Side>, Vec<Active>);

impl Goal {
    /// The objective in the game's own symbols; `negated` turns a minimum into a maximum.
    pub fn new(
        objective: &Objective,
        primitives: &Primitives,
        parameters: &BTreeMap<Symbol, Rational>,
        negated: bool,
    ) -> Goal {
        let with: Substitution = parameters.iter().map(|(x, v)| (x.clone(), Expr::Num(v.clone()))).collect();
        let expanded = fold(&expand(&objective.expr, primitives, objective).substitute_all(&with));
        let expr = if negated { -expanded } else { expanded };
        let constants = objective.constants.iter().map(|(x, v)| (x.clone(), v.clone())).collect();
        Goal { quantity: Quantity::Term(expr), constants, programs: RefCell::default() }
    }

    /// The objective with every maximum, minimum, absolute value and case distinction decided
    /// as it is at a point of the game.
    pub fn piece(&self, frame: &Frame, active: &[Active], slots: &[Float], bits: u32) -> Option<Expr> {
        let all = self.slots(slots, bits);
        let value = |e: &Expr| self.compile(e, frame, active).ok()?.run(&all, bits);
        match &self.quantity {
            Quantity::Term(e) => decide(e, &value),
            Quantity::Condition(_) => None,
        }
    }

    /// Whether the objective has pieces at all.
    pub fn is_smooth(&self) -> bool {
        matches!(&self.quantity, Quantity::Term(e) if !has_pieces(e))
    }

    /// Another term in place of the objective's.
    pub fn replaced(&self, expr: Expr) -> Goal {
        self.measuring(Quantity::Term(expr))
    }

    /// The condition of a choice in place of the objective.
    pub fn condition(&self, choice: usize) -> Goal {
        self.measuring(Quantity::Condition(choice))
    }

    fn measuring(&self, quantity: Quantity) -> Goal {
        Goal { quantity, constants: self.constants.clone(), programs: RefCell::default() }
    }

    fn slots<N: Scalar>(&self, slots: &[N], cx: N::Context) -> Vec<N> {
        slots.iter().cloned().chain(self.constants.iter().map(|(_, v)| N::from_float(v, cx))).collect()
    }

    fn compile(&self, e: &Expr, frame: &Frame, active: &[Active]) -> Result<Program, OptimumError> {
        let first = frame.primitives.shares.len() + frame.primitives.choices.len();
        let constant = |x: &Symbol| self.constants.iter().position(|(c, _)| c == x).map(|i| first + i);
        frame.compile(e, active, &constant)
    }

    /// The program on coordinates and constants, compiled at the first call.
    fn program(&self, frame: &Frame, active: &[Active]) -> Result<Rc<Program>, OptimumError> {
        let key = (frame.sides.clone(), active.to_vec());
        if let Some(known) = self.programs.borrow().get(&key) {
            return Ok(known.clone());
        }
        let built = Rc::new(match &self.quantity {
            Quantity::Term(e) => self.compile(e, frame, active)?,
            Quantity::Condition(i) => frame.condition_program(*i, active)?,
        });
        self.programs.borrow_mut().insert(key, built.clone());
        Ok(built)
    }

    /// The value at a point.
    pub fn value<N: Scalar>(
        &self,
        frame: &Frame,
        active: &[Active],
        slots: &[N],
        cx: N::Context,
    ) -> Result<Option<N>, OptimumError> {
        Ok(self.program(frame, active)?.run(&self.slots(slots, cx), cx).filter(N::is_finite))
    }

    /// The series along the equilibrium path whose coordinates are `jets`.
    pub fn series<N: Scalar>(
        &self,
        frame: &Frame,
        active: &[Active],
        mut jets: Vec<Jet<N>>,
        cx: (N::Context, usize),
    ) -> Result<Option<Jet<N>>, OptimumError> {
        let constant = |(_, v): &(Symbol, Float)| Jet::constant(N::from_float(v, cx.0), cx.1);
        jets.extend(self.constants.iter().map(constant));
        let jet = self.program(frame, active)?.run(&jets, cx);
        Ok(jet.filter(|j| (0..=cx.1).all(|k| j.get(k).is_finite())))
    }
}

/// Puts payoffs in place of the names under which the objective refers to them.
fn expand(e: &Expr, primitives: &Primitives, objective: &Objective) -> Expr {
    let known = |x: &Symbol| objective.constants.contains_key(x) || primitives.is_variable(x);
    let at_shares = |args: &[Expr]| {
        args.is_empty() || args.iter().map(Expr::as_sym).eq(primitives.shares.iter().map(|s| Some(&s.symbol)))
    };
    let body = |name: &Symbol| primitives.payoff_named(name).map(|p| p.body.clone());
    let found = match e {
        Expr::Sym(x) if !known(x) => body(x),
        Expr::Apply { function, primes: 0, args } if at_shares(args) => body(function),
        _ => None,
    };
    let mut inner = |e: &Expr| expand(e, primitives, objective);
    found.unwrap_or_else(|| {
        e.map(&mut |e| expand(e, primitives, objective), &mut |f: &Formula| f.map(&mut inner))
    })
}

fn has_pieces(e: &Expr) -> bool {
    match e {
        Expr::Cases(_) | Expr::Fun(Function::Max | Function::Min | Function::Abs, _) => true,
        _ => e.children().into_iter().any(has_pieces),
    }
}

fn decide(e: &Expr, value: &dyn Fn(&Expr) -> Option<Float>) -> Option<Expr> {
    if !has_pieces(e) {
        return Some(e.clone());
    }
    match e {
        Expr::Fun(f @ (Function::Max | Function::Min), xs) => {
            let mut best: Option<(Float, &Expr)> = None;
            for x in xs {
                let v = value(x)?;
                let wins = |b: &Float| if *f == Function::Max { v > *b } else { v < *b };
                if best.as_ref().is_none_or(|(b, _)| wins(b)) {
                    best = Some((v, x));
                }
            }
            decide(best?.1, value)
        }
        Expr::Fun(Function::Abs, xs) => {
            let inner = decide(xs.first()?, value)?;
            Some(if value(&inner)? < 0 { -inner } else { inner })
        }
        Expr::Cases(cs) => decide(&cs.get(applying(cs, value)?)?.value, value),
        other => {
            let mut complete = true;
            let mut go = |x: &Expr| {
                decide(x, value).unwrap_or_else(|| {
                    complete = false;
                    x.clone()
                })
            };
            let decided = other.map(&mut go, &mut Formula::clone);
            complete.then_some(decided)
        }
    }
}

/// The index of the first case that applies: found by numbering the cases.
fn applying(cs: &[Case], value: &dyn Fn(&Expr) -> Option<Float>) -> Option<usize> {
    let numbered = cs
        .iter()
        .enumerate()
        .map(|(i, c)| Case { value: Expr::int(i as i64), condition: c.condition.clone() })
        .collect();
    value(&Expr::Cases(numbered))?.to_integer()?.to_usize()
}
