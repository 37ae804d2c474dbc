//! Equilibria along the domain of a share, and the signs of objectives there.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::rc::Rc;

use rug::Float;

use super::OptimumError;
use super::frame::{Active, Frame, Side};
use super::jet::Jet;
use super::newton::along;
use super::number::{Noisy, Scalar as _};
use super::objective::Goal;
use super::oracle::Oracle;
use super::search::{Position, agree, follow, play};
use crate::expr::Symbol;

/// The equilibrium at one coordinate of the share.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub frame: Rc<Frame>,
    pub side: Side,
    /// Distance from that side's end of the domain.
    pub v: f64,
    pub position: Position,
    /// The equilibrium path through it to first order, in rough and in working precision; what
    /// all objectives share.
    rough: OnceCell<Option<Vec<Jet<Noisy>>>>,
    precise: OnceCell<Path>,
}

/// Coordinates in working precision, and their series where they have one.
#[derive(Clone, Debug)]
struct Path {
    slots: Vec<Float>,
    jets: Option<Vec<Jet<Float>>>,
}

/// What is to vanish: an objective, or its slope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zero {
    Value,
    Slope,
}

impl Zero {
    /// The order of the series coefficient that is to vanish.
    pub fn order(self) -> usize {
        match self {
            Zero::Value => 0,
            Zero::Slope => 1,
        }
    }
}

/// A sample's number and a sign there.
pub(super) type Sign = (usize, Ordering);

/// Where the two halves of the domain meet: not a number at which a symmetric game has its
/// optimum.
const SPLIT: f64 = 0.4871;
/// Every how many samples the equilibrium is solved from scratch.
const FRESH: usize = 8;
/// What the relative error of a coordinate found by the search is taken to be.
const SEARCH_ERROR: f64 = 1e-12;

impl Oracle {
    pub(super) fn share_symbol(&self) -> Result<Symbol, OptimumError> {
        match &self.primitives.shares[..] {
            [only] => Ok(only.symbol.clone()),
            _ => Err(OptimumError::Unsupported(
                "an optimum over several shares or none; expected all but one to be set".into(),
            )),
        }
    }

    /// The ends of the share's domain.
    pub(super) fn domain(&self) -> Result<(Float, Float), OptimumError> {
        let symbol = self.share_symbol()?;
        let range = &self.primitives.shares[0];
        let (Some(a), Some(b)) = (&range.lower, &range.upper) else {
            let what = format!("an optimum over the unbounded domain of `{symbol}`");
            return Err(OptimumError::Unsupported(what));
        };
        Ok((Float::with_val(self.bits, a), Float::with_val(self.bits, b)))
    }

    /// Equilibria along the domain, in the order of the share.
    pub(super) fn samples(&self) -> Result<&[Sample], OptimumError> {
        if let Some(known) = self.samples.get() {
            return Ok(known);
        }
        let mut samples = self.half(Side::Lower, SPLIT)?;
        samples.reverse();
        samples.extend(self.half(Side::Upper, 1.0 - SPLIT)?);
        Ok(self.samples.get_or_init(|| samples))
    }

    /// Equilibria from the middle of the domain to one of its ends. Each is followed from the
    /// one before, and every few are also solved from scratch; if the two ever differ, all are
    /// solved from scratch.
    fn half(&self, side: Side, from: f64) -> Result<Vec<Sample>, OptimumError> {
        match self.walk(side, from, true)? {
            Some(samples) => Ok(samples),
            None => Ok(self.walk(side, from, false)?.unwrap_or_default()),
        }
    }

    /// `None` if following went astray.
    fn walk(&self, side: Side, from: f64, following: bool) -> Result<Option<Vec<Sample>>, OptimumError> {
        let (a, b) = self.domain()?;
        let width = (b - a).to_f64();
        let frame = self.frame(vec![side]);
        let range = &self.primitives.shares[0];
        let closed = if side == Side::Lower { range.lower_closed } else { range.upper_closed };
        let mut samples: Vec<Sample> = vec![];
        for (k, part) in distances(from, self.digits).into_iter().enumerate() {
            let v = part * width;
            if v == 0.0 && !closed {
                continue;
            }
            let previous = samples.last().filter(|_| following && v != 0.0);
            let followed = previous.and_then(|s| self.follow(&frame, v, &s.position).ok());
            let position = match followed {
                Some(followed) if k % FRESH != 0 => Ok(followed),
                Some(followed) => match self.sample(&frame, v) {
                    Ok(fresh) if !agree(&fresh, &followed) => return Ok(None),
                    other => other,
                },
                None => self.sample(&frame, v),
            };
            match position {
                Ok(position) => samples.push(Sample::new(frame.clone(), side, v, position)),
                // Ever closer to an end, magnitudes leave what machine numbers hold.
                Err(OptimumError::OutOfRange(_)) if part < 1e-12 && v != 0.0 => {}
                Err(e) => return Err(e),
            }
        }
        Ok(Some(samples))
    }

    /// The equilibrium at a coordinate of the share, from scratch.
    pub(super) fn sample(&self, frame: &Frame, v: f64) -> Result<Position, OptimumError> {
        let mut position = Position::cold(&[v], self.primitives.choices.len());
        play(frame, &mut position)?;
        Ok(position)
    }

    /// The equilibrium at a coordinate of the share, starting from a neighbouring one.
    pub(super) fn follow(&self, frame: &Frame, v: f64, from: &Position) -> Result<Position, OptimumError> {
        let mut position = from.clone();
        position.slots[0] = v;
        follow(frame, &mut position)?;
        Ok(position)
    }

    /// The signs of an objective, or of its slope by the share, at the samples: zeros and places
    /// where it is undefined left out; ends have no slope. Signs on which an answer rests, those
    /// that change and those at the ends, are confirmed in working precision.
    pub(super) fn signs(&self, goal: &Goal, zero: Zero) -> Result<Vec<Sign>, OptimumError> {
        let signs = self.all_signs(goal, zero, false)?;
        let samples = self.samples()?;
        for (k, (i, sign)) in signs.iter().enumerate() {
            let changes = |other: Option<&Sign>| other.is_none_or(|o| o.1 != *sign);
            let decisive = changes(signs.get(k + 1)) || k == 0 || changes(signs.get(k - 1));
            if decisive && self.sign(goal, &samples[*i], zero, true)? != Some(*sign) {
                return self.all_signs(goal, zero, true);
            }
        }
        Ok(signs)
    }

    fn all_signs(&self, goal: &Goal, zero: Zero, precisely: bool) -> Result<Vec<Sign>, OptimumError> {
        let mut signs = vec![];
        for (i, s) in self.samples()?.iter().enumerate() {
            if zero == Zero::Slope && s.v == 0.0 {
                continue;
            }
            if let Some(sign) = self.sign(goal, s, zero, precisely)?.filter(|s| s.is_ne()) {
                signs.push((i, sign));
            }
        }
        Ok(signs)
    }

    /// The sign of an objective or of its slope by the share; `Equal` where working precision
    /// does not tell it from zero, `None` where it is undefined.
    pub(super) fn sign(
        &self,
        goal: &Goal,
        s: &Sample,
        zero: Zero,
        precisely: bool,
    ) -> Result<Option<Ordering>, OptimumError> {
        let falls = zero == Zero::Slope && s.side == Side::Upper;
        let by_share = |sign: Ordering| if falls { sign.reverse() } else { sign };
        let rough = s.rough(goal, zero)?;
        if !precisely && let Some(sign) = rough.and_then(Noisy::sign) {
            return Ok(Some(by_share(sign)));
        }
        let Some(value) = self.precisely(goal, s, zero)? else {
            return Ok(None);
        };
        // The same error in working precision, with some bits to spare.
        let scale = rough.filter(|r| r.is_finite()).map_or(1.0, |r| r.error);
        let noise = Float::with_val(self.bits, scale) >> (self.bits - 64);
        let sign = if value.clone().abs() > noise { value.partial_cmp(&0) } else { Some(Ordering::Equal) };
        Ok(sign.map(by_share))
    }

    /// An objective, or its slope by the share's coordinate, at a sample.
    fn precisely(&self, goal: &Goal, s: &Sample, zero: Zero) -> Result<Option<Float>, OptimumError> {
        let (frame, active) = (&s.frame, &s.position.active);
        let path = match s.precise.get() {
            Some(known) => known,
            None => {
                let slots = self.precise(frame, &s.position, &[Float::with_val(self.bits, s.v)])?;
                let jets = along(frame, active, &slots, self.bits, 0, 1);
                s.precise.get_or_init(|| Path { slots, jets })
            }
        };
        match (zero, &path.jets) {
            (Zero::Value, _) => goal.value(frame, active, &path.slots, self.bits),
            (Zero::Slope, None) => Ok(None),
            (Zero::Slope, Some(jets)) => {
                let series = goal.series(frame, active, jets.clone(), (self.bits, 1))?;
                Ok(series.map(|j| j.get(1).clone()))
            }
        }
    }

    /// The slope of an objective by the share's coordinate at an equilibrium.
    pub(super) fn slope(
        &self,
        goal: &Goal,
        frame: &Frame,
        active: &[Active],
        slots: &[Float],
    ) -> Result<Option<Float>, OptimumError> {
        let Some(jets) = along(frame, active, slots, self.bits, 0, 1) else {
            return Ok(None);
        };
        Ok(goal.series(frame, active, jets, (self.bits, 1))?.map(|j| j.get(1).clone()))
    }

    /// Between two samples at which the objective rises, it must not have fallen: else it jumps,
    /// or has extrema that the samples do not show.
    pub(super) fn check_jumps(&self, goal: &Goal, signs: &[Sign]) -> Result<(), OptimumError> {
        let samples = self.samples()?;
        let value = |i: usize| samples[i].rough(goal, Zero::Value);
        for pair in signs.windows(2).filter(|p| p[0].1 == p[1].1) {
            let (Some(a), Some(b)) = (value(pair[0].0)?, value(pair[1].0)?) else {
                continue;
            };
            let change = if pair[0].1.is_gt() { b.value - a.value } else { a.value - b.value };
            let slack = a.error + b.error + 1e-9 * a.value.abs().max(b.value.abs());
            if change < -slack {
                return Err(OptimumError::Jump(self.share_symbol()?));
            }
        }
        Ok(())
    }
}

impl Sample {
    pub fn new(frame: Rc<Frame>, side: Side, v: f64, position: Position) -> Sample {
        Sample { frame, side, v, position, rough: OnceCell::new(), precise: OnceCell::new() }
    }

    /// The value or slope of the objective by the share's coordinate, with an estimate of its
    /// error.
    pub fn rough(&self, goal: &Goal, zero: Zero) -> Result<Option<Noisy>, OptimumError> {
        let (frame, active) = (&self.frame, &self.position.active);
        let slots = noisy(frame, &self.position);
        if zero == Zero::Value {
            return goal.value(frame, active, &slots, ());
        }
        let path = self.rough.get_or_init(|| along(frame, active, &slots, (), 0, 1));
        let Some(jets) = path.clone() else {
            return Ok(None);
        };
        Ok(goal.series(frame, active, jets, ((), 1))?.map(|j| *j.get(1)))
    }
}

/// The coordinates of a position with the errors that the search leaves.
fn noisy(frame: &Frame, position: &Position) -> Vec<Noisy> {
    let shares = frame.primitives.shares.len();
    let error = |i: usize, t: f64| {
        let searched = i >= shares && position.active[i - shares] == Active::Interior;
        if searched { SEARCH_ERROR * t.abs() } else { 0.0 }
    };
    position.slots.iter().enumerate().map(|(i, t)| Noisy { value: *t, error: error(i, *t) }).collect()
}

/// Distances from an end of the domain, as parts of its length, from the middle outwards.
fn distances(from: f64, digits: u32) -> Vec<f64> {
    const INNER: [f64; 17] =
        [0.44, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.06, 0.03, 0.01, 3e-3, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8];
    let last = -(digits.min(250) as i32 + 10);
    let outer = (0..).map(|k| -10 - 5 * k).take_while(|e| *e > last).chain([last]).map(|e| 10f64.powi(e));
    [from].into_iter().chain(INNER).chain(outer).chain([0.0]).collect()
}
