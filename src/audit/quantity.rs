//! Quantities that the numeric route can measure, and their agreement with what is printed or
//! derived at one draw of parameters.
//!
//! The measured side never sees a derived formula: it comes from nested optimisation of the
//! game's primitives, and so do the names (a player's best share) and the sets in it.

use std::cmp::Ordering;

use rug::{Float, Rational};

use crate::expr::substitute::{Substitution, fresh};
use crate::expr::{Expr, Extremum, Set, Symbol};
use crate::game::Game;
use crate::optimum::{Objective, Optimum, OptimumError, Oracle, Play, Which};
use crate::prove::evaluate::{Comparison, Point, Value, compare, refined};

use super::setting::Setting;

/// Precision up to which the printed side is evaluated.
const PRINTED_BITS: u32 = 4096;

/// What is printed or derived, with what it should equal in a form that can be measured.
#[derive(Clone, Debug)]
pub struct Quantity {
    pub stated: Stated,
    pub measured: Measurable,
}

/// The side of a quantity that is not measured: elementary, in shares and parameters.
#[derive(Clone, Debug)]
pub enum Stated {
    Value(Expr),
    /// The only root of a term in a variable at which it changes its sign.
    RootOf(Expr, Symbol),
}

/// Something that can be measured from a game's primitives, in the paper's terms.
#[derive(Clone, Debug)]
pub enum Measurable {
    /// The place of an optimum over a range of the bargained share, which is measured where it is
    /// the share's whole domain.
    Place { objective: Expr, which: Extremum, over: Set },
    /// A choice or payoff in equilibrium, at given shares.
    Value(Expr),
    /// The only root of a term in an unknown that ranges over the bargained share.
    Root { term: Expr, unknown: Symbol },
}

/// One draw of parameters, with the game solved there in numbers.
pub struct Draw<'a> {
    pub setting: &'a Setting<'a>,
    pub game: &'a Game,
    pub at: &'a Point,
    pub oracle: Oracle,
    /// Play at the draw's own shares.
    pub play: Result<Play, OptimumError>,
    pub digits: u32,
}

impl Draw<'_> {
    /// Digits of agreement of a quantity; `None` where it could not be measured.
    pub fn agreement(&self, quantity: &Quantity) -> Option<u32> {
        let measured = match &quantity.measured {
            Measurable::Place { over, .. } if !self.is_whole(over) => return None,
            Measurable::Place { objective, which, .. } => self.clear_optimum(objective, *which)?.share,
            Measurable::Value(term) => self.value(term)?,
            Measurable::Root { term, unknown } => self.root(term, unknown)?,
        };
        match &quantity.stated {
            Stated::Value(e) => self.closeness(e, &measured),
            Stated::RootOf(e, x) => Some(self.bracketing(e, x, &measured)),
        }
    }

    /// The optimum over the share's whole domain.
    fn optimum(&self, objective: &Expr, which: Extremum) -> Option<Optimum> {
        let which = if which.is_max() { Which::Max } else { Which::Min };
        self.oracle.optimum(&Objective::new(in_choices(objective, self.game)), which).ok()
    }

    /// The optimum, unless it is tied: ties say nothing about a formula that picks one place.
    fn clear_optimum(&self, objective: &Expr, which: Extremum) -> Option<Optimum> {
        self.optimum(objective, which).filter(|found| found.unique_hint)
    }

    fn is_whole(&self, range: &Set) -> bool {
        let share = self.game.shares.first();
        share.and_then(|s| Set::between_bounds(&s.symbol, &s.domain)).as_ref() == Some(range)
    }

    /// The measured value of a choice or a payoff.
    fn value(&self, term: &Expr) -> Option<Float> {
        in_play(term, self.game, self.play.as_ref().ok()?)
    }

    /// The root of a term in which largest and smallest values over sets are measured first;
    /// `None` if there is not exactly one.
    fn root(&self, term: &Expr, unknown: &Symbol) -> Option<Float> {
        let [only] = self.game.shares.as_slice() else { return None };
        let mut constants = vec![];
        let term = self.with_extrema_named(&in_choices(term, self.game), &mut constants)?;
        // Only now: an extremum over shares binds the share itself.
        let term = term.substitute(unknown, &Expr::Sym(only.symbol.clone()));
        let objective = Objective { expr: term, constants: constants.into_iter().collect() };
        let mut roots = self.oracle.roots(&objective).ok()?;
        (roots.len() == 1).then(|| roots.remove(0).share)
    }

    fn with_extrema_named(&self, term: &Expr, constants: &mut Vec<(Symbol, Float)>) -> Option<Expr> {
        if let Expr::Optimum { which, over, body, .. } = term {
            if which.is_arg() {
                return None;
            }
            let value = self.extremum(*which, over.as_deref(), body)?;
            let taken = constants.iter().map(|(s, _)| s.clone()).chain(self.at.keys().cloned()).collect();
            let name = fresh(&Symbol::new("m"), &taken);
            constants.push((name.clone(), value));
            return Some(Expr::Sym(name));
        }
        let mut failed = false;
        let mut inner = |e: &Expr| {
            self.with_extrema_named(e, constants).unwrap_or_else(|| {
                failed = true;
                e.clone()
            })
        };
        let out = term.map(&mut inner, &mut Clone::clone);
        (!failed).then_some(out)
    }

    /// The largest or smallest value of a payoff or choice over a set of shares.
    fn extremum(&self, which: Extremum, over: Option<&Set>, body: &Expr) -> Option<Float> {
        let whole = self.optimum(body, which)?;
        let Some(set) = over else { return Some(whole.value) };
        let (lower, upper) = self.ends(set)?;
        let inside = |x: &Float| *x >= lower && *x <= upper;
        let locally_best = whole.candidates.iter().filter(|(x, _)| inside(x)).map(|(_, v)| v.clone());
        let at_end = |x: &Float| in_play(body, self.game, &self.play_at(x)?);
        let mut values: Vec<Float> = locally_best.collect();
        values.extend([at_end(&lower)?, at_end(&upper)?]);
        let better = |a: Float, b: Float| if (a >= b) == which.is_max() { a } else { b };
        values.into_iter().reduce(better)
    }

    fn ends(&self, set: &Set) -> Option<(Float, Float)> {
        let interval = match set {
            Set::Named(name) => return self.ends(self.setting.sets.get(name)?),
            Set::Such(x, p) => Set::between_bounds(x, std::slice::from_ref(&**p))?,
            other => other.clone(),
        };
        let Set::Interval { lower: Some(a), upper: Some(b), .. } = interval else { return None };
        Some((self.place(&a)?, self.place(&b)?))
    }

    /// A share that is a literal or the name of an optimal one.
    fn place(&self, e: &Expr) -> Option<Float> {
        match e {
            Expr::Num(q) => Some(Float::with_val(self.bits(), q)),
            Expr::Sym(name) => match self.setting.definitions.get(name)? {
                Expr::Optimum { body, which, .. } if which.is_arg() => {
                    Some(self.clear_optimum(body, *which)?.share)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn play_at(&self, share: &Float) -> Option<Play> {
        let [only] = self.game.shares.as_slice() else { return None };
        self.oracle.play(&[(only.symbol.clone(), share.clone())].into()).ok()
    }

    fn bits(&self) -> u32 {
        working_bits(self.digits)
    }

    /// Decimal digits to which the stated term's value and the measured one agree, relative to the
    /// larger of the two and of one; at most the digits asked for.
    fn closeness(&self, stated: &Expr, measured: &Float) -> Option<u32> {
        let wanted = usize::try_from(self.digits).ok()? + 4;
        let stated = match refined(stated, self.at, wanted, PRINTED_BITS) {
            Value::Exact(q) => Float::with_val(measured.prec(), q),
            Value::Enclosed(ball) => Float::with_val(measured.prec(), ball.midpoint()?),
            Value::Undefined(_) | Value::Unknown => return None,
        };
        let difference = Float::with_val(measured.prec(), &stated - measured).abs();
        if difference.is_zero() {
            return Some(self.digits);
        }
        let size = Float::with_val(measured.prec(), stated.abs().max(&measured.clone().abs()));
        let relative = difference / size.max(&Float::with_val(64, 1));
        let agreeing = -relative.log10().to_f64();
        Some(if agreeing <= 0.0 { 0 } else { (agreeing as u32).min(self.digits) })
    }

    /// The most digits, at most those asked for, at which the term certainly has opposite signs
    /// on both sides of the measured place.
    fn bracketing(&self, term: &Expr, variable: &Symbol, measured: &Float) -> u32 {
        let Some(place) = measured.to_rational() else { return 0 };
        let sign = |x: Rational| {
            let mut at = self.at.clone();
            at.insert(variable.clone(), x);
            match compare(term, &Expr::int(0), &at, PRINTED_BITS) {
                Comparison::Ordered(o) if o != Ordering::Equal => Some(o),
                _ => None,
            }
        };
        let brackets = |digits: &u32| {
            let step = Rational::from((1, rug::Integer::from(rug::Integer::u_pow_u(10, *digits))));
            let sides = (sign(place.clone() - &step), sign(place.clone() + &step));
            matches!(sides, (Some(a), Some(b)) if a != b)
        };
        (1..=self.digits).rev().find(brackets).unwrap_or(0)
    }
}

/// The precision of numbers that carry this many digits.
pub fn working_bits(digits: u32) -> u32 {
    (f64::from(digits) * std::f64::consts::LOG2_10) as u32 + 128
}

/// The paper's names of optimal choices as the choices themselves.
fn in_choices(term: &Expr, game: &Game) -> Expr {
    let names: Substitution =
        game.moves().filter_map(|m| Some((m.optimal.clone()?, Expr::Sym(m.variable.clone())))).collect();
    term.substitute_all(&names)
}

fn in_play(term: &Expr, game: &Game, play: &Play) -> Option<Float> {
    match in_choices(term, game) {
        Expr::Sym(s) => play.choices.get(&s).cloned(),
        Expr::Apply { function, primes: 0, args } => {
            let payoff = game.payoff_named(&function)?;
            // At other places than its own it is not what is played for.
            let own = args.iter().map(Expr::as_sym).eq(payoff.parameters.iter().map(Some));
            if !own && !args.is_empty() && !payoff.parameters.is_empty() {
                return None;
            }
            play.payoffs.get(&payoff.player).cloned()
        }
        _ => None,
    }
}
