//! One game at exact parameters, solved numerically.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rug::{Float, Rational};

use super::OptimumError;
use super::frame::{Active, Frame, Side};
use super::newton::refine;
use super::primitives::{Primitives, ShareRange};
use super::search::{Position, play};
use super::sweep::Sample;
use crate::expr::Symbol;
use crate::game::Game;

/// Decimal digits carried beyond those asked for.
pub(super) const GUARD_DIGITS: u32 = 30;

/// Solves one game numerically from its primitives.
///
/// Everything it says is a measurement: no step of it is a proof. It stays in one thread; make
/// one oracle a draw.
pub struct Oracle {
    pub(super) primitives: Rc<Primitives>,
    pub(super) parameters: BTreeMap<Symbol, Rational>,
    pub(super) digits: u32,
    /// Working precision.
    pub(super) bits: u32,
    frames: RefCell<BTreeMap<Vec<Side>, Rc<Frame>>>,
    /// Equilibria along the share's domain, which all objectives share.
    pub(super) samples: OnceCell<Vec<Sample>>,
}

/// Subgame-perfect play.
#[derive(Clone, Debug)]
pub struct Play {
    /// The value of each choice variable.
    pub choices: BTreeMap<Symbol, Float>,
    /// What each player gets.
    pub payoffs: BTreeMap<Symbol, Float>,
    /// Whether no rival as good as a best response was seen.
    pub unique_hint: bool,
}

impl Oracle {
    /// The game at the given parameters, to be solved to `digits` decimal digits. A share that
    /// is given among the parameters is fixed at that value.
    ///
    /// `Err`: domains that are not intervals with solved ends, a player without a payoff, a
    /// payoff over symbols that have no value.
    pub fn new(
        game: &Game,
        parameters: &BTreeMap<Symbol, Rational>,
        digits: u32,
    ) -> Result<Oracle, OptimumError> {
        let primitives = Rc::new(Primitives::new(game, parameters)?);
        let bits = (f64::from(digits + GUARD_DIGITS) * std::f64::consts::LOG2_10).ceil() as u32;
        let (frames, samples) = (RefCell::default(), OnceCell::new());
        let oracle = Oracle { primitives, parameters: parameters.clone(), digits, bits, frames, samples };
        // A symbol without a value is found now rather than at the first question.
        let sides = vec![Side::Lower; oracle.primitives.shares.len()];
        oracle.frame(sides).prepare()?;
        Ok(oracle)
    }

    /// Subgame-perfect play at the bargained shares, to the oracle's digits.
    ///
    /// Best responses are searched for over their whole range in machine numbers (slopes sampled
    /// over some 600 orders of magnitude) and refined by Newton's method. A maximum narrower
    /// than the sampling is missed.
    ///
    /// `Err`: a share without a value or outside its domain, and whatever keeps a best response
    /// from existing or from being found.
    pub fn play(&self, shares: &BTreeMap<Symbol, Float>) -> Result<Play, OptimumError> {
        let mut sides = vec![];
        let mut coordinates = vec![];
        for range in &self.primitives.shares {
            let value = shares.get(&range.symbol).ok_or_else(|| OptimumError::Share(range.symbol.clone()))?;
            let (side, coordinate) = self.coordinate(range, value)?;
            sides.push(side);
            coordinates.push(coordinate);
        }
        let frame = self.frame(sides);
        let position = self.position(&frame, &coordinates)?;
        let slots = self.precise(&frame, &position, &coordinates)?;
        self.describe(&frame, &position, &slots)
    }

    /// The side of its range from which a share is measured, and its distance from there.
    fn coordinate(&self, range: &ShareRange, value: &Float) -> Result<(Side, Float), OptimumError> {
        let outside = || OptimumError::Share(range.symbol.clone());
        let from = |end: &Rational| Float::with_val(self.bits, value - end);
        let above = range.lower.as_ref().map(&from);
        let below = range.upper.as_ref().map(|b| -from(b));
        let inside = |distance: &Option<Float>, closed: bool| {
            distance.as_ref().is_none_or(|d| *d > 0 || (closed && d.is_zero()))
        };
        if !value.is_finite() || !inside(&above, range.lower_closed) || !inside(&below, range.upper_closed) {
            return Err(outside());
        }
        Ok(match (above, below) {
            (Some(a), Some(b)) if a <= b => (Side::Lower, a),
            (_, Some(b)) => (Side::Upper, b),
            (Some(a), None) => (Side::Lower, a),
            (None, None) => (Side::Lower, Float::with_val(self.bits, value)),
        })
    }

    /// The game measured from the given sides.
    pub(super) fn frame(&self, sides: Vec<Side>) -> Rc<Frame> {
        let mut frames = self.frames.borrow_mut();
        let build = || Rc::new(Frame::new(self.primitives.clone(), sides.clone()));
        frames.entry(sides.clone()).or_insert_with(build).clone()
    }

    /// Play in machine numbers at the shares' coordinates.
    pub(super) fn position(&self, frame: &Frame, shares: &[Float]) -> Result<Position, OptimumError> {
        let mut near = vec![];
        for (v, range) in shares.iter().zip(&self.primitives.shares) {
            let machine = v.to_f64();
            if !machine.is_finite() || (machine == 0.0 && !v.is_zero()) {
                return Err(OptimumError::OutOfRange(range.symbol.clone()));
            }
            near.push(machine);
        }
        let mut position = Position::cold(&near, self.primitives.choices.len());
        play(frame, &mut position)?;
        Ok(position)
    }

    /// The coordinates of a position to working precision, its borders checked.
    pub(super) fn precise(
        &self,
        frame: &Frame,
        position: &Position,
        shares: &[Float],
    ) -> Result<Vec<Float>, OptimumError> {
        let lift = |v: &f64| Float::with_val(self.bits, *v);
        let mut slots: Vec<Float> =
            shares.iter().cloned().chain(position.slots[shares.len()..].iter().map(lift)).collect();
        refine(frame, &position.active, &mut slots, self.bits, self.settled())?;
        self.check_borders(frame, position, &slots)?;
        Ok(slots)
    }

    /// The binary exponent of the last relative step of a refinement that is done: the next one
    /// would be some twice as small, below working precision.
    pub(super) fn settled(&self) -> i32 {
        self.bits as i32 * 3 / 5
    }

    /// A choice on its near border must not gain by leaving it. The search sampled slopes down
    /// to the smallest machine numbers; at the border itself the slope is looked at precisely.
    fn check_borders(&self, frame: &Frame, position: &Position, slots: &[Float]) -> Result<(), OptimumError> {
        let noise = Float::with_val(self.bits, Float::i_exp(1, -(self.bits as i32) / 2));
        for (i, active) in position.active.iter().enumerate() {
            if *active != Active::Near {
                continue;
            }
            // A range of length zero leaves no choice.
            let width = frame.width(i, &position.active, slots, self.bits)?.flatten();
            let slope = frame.condition(i, &position.active, slots, self.bits)?;
            if slope.is_some_and(|slope| slope > noise) && !width.is_some_and(|w| w.is_zero()) {
                return Err(OptimumError::OutOfRange(self.primitives.choices[i].variable.clone()));
            }
        }
        Ok(())
    }

    /// Choices and payoffs at the coordinates of an equilibrium.
    pub(super) fn describe(
        &self,
        frame: &Frame,
        position: &Position,
        slots: &[Float],
    ) -> Result<Play, OptimumError> {
        let mut choices = BTreeMap::new();
        for (i, c) in self.primitives.choices.iter().enumerate() {
            let value = frame.choice(i, &position.active, slots, self.bits)?;
            let value = value.ok_or_else(|| OptimumError::Undefined(format!("`{}`", c.variable)))?;
            choices.insert(c.variable.clone(), value);
        }
        let mut payoffs = BTreeMap::new();
        let values = frame.payoffs(&position.active, slots, self.bits)?;
        for (p, value) in self.primitives.payoffs.iter().zip(values) {
            let value =
                value.ok_or_else(|| OptimumError::Undefined(format!("the payoff `{}`", p.function)))?;
            payoffs.insert(p.player.clone(), value);
        }
        Ok(Play { choices, payoffs, unique_hint: position.unique })
    }
}
