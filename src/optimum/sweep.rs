//! Optima and roots over the domain of a share.

use std::cmp::Ordering;
use std::rc::Rc;

use rug::Float;

use super::OptimumError;
use super::frame::{Active, Frame, Side};
use super::jet::Jet;
use super::newton::{along, refine};
use super::number::{Noisy, Scalar as _};
use super::objective::{Goal, Objective};
use super::oracle::{Oracle, Play};
use super::search::{Position, follow, play, root};
use crate::expr::Symbol;

/// Whether the largest or the smallest value is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Max,
    Min,
}

/// The optimum of an objective over the share's domain.
#[derive(Clone, Debug)]
pub struct Optimum {
    pub share: Float,
    pub value: Float,
    /// Estimated correct decimal digits of the share, from the last steps of the refinement.
    pub digits: u32,
    /// Whether the share is an end of its domain.
    pub at_border: bool,
    /// Whether nothing else was seen that is as good.
    pub unique_hint: bool,
    /// All local optima found, as (share, value), by share.
    pub candidates: Vec<(Float, Float)>,
    /// Play at the optimum.
    pub play: Play,
}

/// A root of an objective over the share's domain.
#[derive(Clone, Debug)]
pub struct Root {
    pub share: Float,
    /// Estimated correct decimal digits of the share.
    pub digits: u32,
    pub at_border: bool,
    /// Play at the root.
    pub play: Play,
}

/// The equilibrium at one coordinate of the share.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    frame: Rc<Frame>,
    side: Side,
    /// Distance from that side's end, as a part of the domain's length.
    v: f64,
    position: Position,
}

/// A refined point.
#[derive(Clone)]
struct Found {
    frame: Rc<Frame>,
    side: Side,
    position: Position,
    slots: Vec<Float>,
    digits: u32,
    at_border: bool,
}

/// The equation by which a point is refined: where a series coefficient vanishes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zero {
    Value,
    Slope,
}

impl Zero {
    fn order(self) -> usize {
        match self {
            Zero::Value => 0,
            Zero::Slope => 1,
        }
    }
}

/// Where the two halves of the domain meet: not a number at which a symmetric game has its
/// optimum.
const SPLIT: f64 = 0.4871;
/// Steps after which the refinement of one point stops.
const STEPS: u32 = 120;

impl Oracle {
    /// The place and value of the optimum of an objective over the domain of the game's only
    /// share, which must be an interval with two ends.
    ///
    /// The slope of the objective is sampled along the domain, evenly in its middle and ever
    /// closer to its ends; signs in doubt are settled in working precision. Maxima between
    /// samples of one sign are missed. Costs a few milliseconds for the first objective, about
    /// one for each further.
    ///
    /// `Err`: no share or several, no best response somewhere, an objective that is flat or
    /// undefined, an end that would be optimal but is not in the domain, no convergence.
    pub fn optimum(&self, objective: &Objective, which: Which) -> Result<Optimum, OptimumError> {
        let goal = Goal::new(objective, &self.primitives, &self.parameters, which == Which::Min);
        let samples = self.samples()?;
        let signs = self.signs(&goal, samples, Zero::Slope)?;
        let (Some(first), Some(last)) = (signs.first(), signs.last()) else {
            return Err(OptimumError::Indifferent(self.share_symbol()?));
        };
        let mut found = vec![];
        let mut failed = vec![];
        if first.1.is_lt() {
            found.push(self.border(&samples[0])?);
        }
        for pair in signs.windows(2).filter(|p| p[0].1.is_gt() && p[1].1.is_lt()) {
            let (a, b) = (&samples[pair[0].0], &samples[pair[1].0]);
            match self.between(&goal, a, b, Zero::Slope) {
                Ok(f) => found.push(f),
                Err(e) => failed.push((e, pair[0].0, pair[1].0)),
            }
        }
        if last.1.is_gt() {
            found.push(self.border(&samples[samples.len() - 1])?);
        }
        let plateau = signs.len() + 4 < samples.len();
        self.best(&goal, found, failed, which == Which::Min, plateau)
    }

    /// The roots of an objective over the domain of the game's only share, in ascending order:
    /// one for each change of sign between neighbouring samples, and ends at which it is zero.
    /// Roots without a change of sign, and pairs between two samples, are missed.
    ///
    /// `Err`: as [`Oracle::optimum`].
    pub fn roots(&self, objective: &Objective) -> Result<Vec<Root>, OptimumError> {
        let goal = Goal::new(objective, &self.primitives, &self.parameters, false);
        let samples = self.samples()?;
        let signs = self.signs(&goal, samples, Zero::Value)?;
        let is_zero_at = |i: usize| !signs.iter().any(|s| s.0 == i);
        let mut found = vec![];
        let last = samples.len() - 1;
        if samples[0].v == 0.0 && is_zero_at(0) {
            found.push(self.border(&samples[0])?);
        }
        for pair in signs.windows(2).filter(|p| p[0].1 != p[1].1) {
            found.push(self.between(&goal, &samples[pair[0].0], &samples[pair[1].0], Zero::Value)?);
        }
        if samples[last].v == 0.0 && is_zero_at(last) {
            found.push(self.border(&samples[last])?);
        }
        found.into_iter().map(|f| self.root_at(&f)).collect()
    }

    fn root_at(&self, f: &Found) -> Result<Root, OptimumError> {
        let play = self.describe(&f.frame, &f.position, &f.slots)?;
        Ok(Root { share: self.share_value(f)?, digits: f.digits, at_border: f.at_border, play })
    }

    fn share_symbol(&self) -> Result<Symbol, OptimumError> {
        match &self.primitives.shares[..] {
            [only] => Ok(only.symbol.clone()),
            _ => Err(OptimumError::Unsupported(
                "an optimum over several shares or none; expected all but one to be set".into(),
            )),
        }
    }

    /// The ends of the share's domain.
    fn domain(&self) -> Result<(Float, Float), OptimumError> {
        let symbol = self.share_symbol()?;
        let range = &self.primitives.shares[0];
        match (&range.lower, &range.upper) {
            (Some(a), Some(b)) => Ok((Float::with_val(self.bits, a), Float::with_val(self.bits, b))),
            _ => Err(OptimumError::Unsupported(format!("an optimum over the unbounded domain of `{symbol}`"))),
        }
    }

    fn share_value(&self, f: &Found) -> Result<Float, OptimumError> {
        let (a, b) = self.domain()?;
        Ok(match f.side {
            Side::Lower => a + &f.slots[0],
            Side::Upper => b - &f.slots[0],
        })
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

    /// Equilibria from the middle of the domain to one of its ends, each followed from the one
    /// before and every few solved from scratch.
    fn half(&self, side: Side, from: f64) -> Result<Vec<Sample>, OptimumError> {
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
            let previous = samples.last().filter(|_| k % 8 != 0 && v != 0.0);
            match self.sample(&frame, v, previous.map(|s| &s.position)) {
                Ok(position) => samples.push(Sample { frame: frame.clone(), side, v, position }),
                // Ever closer to an end, magnitudes leave what machine numbers hold.
                Err(OptimumError::OutOfRange(_)) if part < 1e-12 && v != 0.0 => {}
                Err(e) => return Err(e),
            }
        }
        Ok(samples)
    }

    fn sample(&self, frame: &Frame, v: f64, previous: Option<&Position>) -> Result<Position, OptimumError> {
        if let Some(p) = previous {
            let mut position = p.clone();
            position.slots[0] = v;
            follow(frame, &mut position)?;
            return Ok(position);
        }
        let mut position = Position::cold(&[v], self.primitives.choices.len());
        play(frame, &mut position)?;
        Ok(position)
    }

    /// The signs of an objective or of its slope (by the share, not by the coordinate) at the
    /// samples, where it has one; ends have no slope.
    fn signs(
        &self,
        goal: &Goal,
        samples: &[Sample],
        zero: Zero,
    ) -> Result<Vec<(usize, Ordering)>, OptimumError> {
        let mut signs = vec![];
        for (i, s) in samples.iter().enumerate() {
            if zero == Zero::Slope && s.v == 0.0 {
                continue;
            }
            if let Some(sign) = self.sign(goal, s, zero)? {
                let falls = zero == Zero::Slope && s.side == Side::Upper;
                signs.push((i, if falls { sign.reverse() } else { sign }));
            }
        }
        Ok(signs)
    }

    fn sign(&self, goal: &Goal, s: &Sample, zero: Zero) -> Result<Option<Ordering>, OptimumError> {
        let rough = rough(goal, &s.frame, &s.position, zero)?;
        if let Some(sign) = rough.and_then(Noisy::sign) {
            return Ok(Some(sign));
        }
        let shares = [Float::with_val(self.bits, s.v)];
        let slots = self.precise(&s.frame, &s.position, &shares)?;
        let Some(value) = self.coefficient(goal, &s.frame, &s.position.active, &slots, zero)? else {
            return Ok(None);
        };
        let scale = rough.filter(|r| r.is_finite()).map_or(1.0, |r| r.error);
        let noise = Float::with_val(self.bits, scale) >> (self.bits - 64);
        Ok(if value.clone().abs() > noise { value.partial_cmp(&0) } else { None })
    }

    fn coefficient(
        &self,
        goal: &Goal,
        frame: &Frame,
        active: &[Active],
        slots: &[Float],
        zero: Zero,
    ) -> Result<Option<Float>, OptimumError> {
        let order = zero.order();
        if order == 0 {
            return goal.value(frame, active, slots, self.bits);
        }
        let Some(jets) = along(frame, active, slots, self.bits, 0, order) else {
            return Ok(None);
        };
        Ok(goal.series(frame, active, jets, (self.bits, order))?.map(|j| j.get(order).clone()))
    }

    /// The equilibrium at an end of the domain.
    fn border(&self, sample: &Sample) -> Result<Found, OptimumError> {
        if sample.v != 0.0 {
            return Err(OptimumError::OpenBorder(self.share_symbol()?));
        }
        let Sample { frame, side, position, .. } = sample.clone();
        let slots = self.precise(&frame, &position, &[Float::new(self.bits)])?;
        Ok(Found { frame, side, position, slots, digits: self.digits, at_border: true })
    }

    /// The zero between two neighbouring samples whose signs differ.
    fn between(&self, goal: &Goal, a: &Sample, b: &Sample, zero: Zero) -> Result<Found, OptimumError> {
        let (lower, upper) = self.domain()?;
        let width = Float::with_val(self.bits, &upper - &lower);
        let exact = |v: f64| Float::with_val(self.bits, v);
        // Across the middle, both ends are measured from the side of the first.
        let other = if a.side == b.side { exact(b.v) } else { width - exact(b.v) };
        let (start, side, frame) = (a, a.side, a.frame.clone());
        let (mut low, mut high) = (exact(a.v), other);
        let rising = low < high;
        if !rising {
            std::mem::swap(&mut low, &mut high);
        }
        // A bracket that begins at an end of the domain begins close to it instead.
        let tiny = Float::with_val(self.bits, &high * Float::with_val(self.bits, 1e-250));
        let from = if low.is_zero() { tiny } else { low.clone() };
        let near = self.near_root(goal, &frame, &start.position, (from.to_f64(), high.to_f64()), zero)?;
        let position = self.sample(&frame, near, None)?;
        let low_sign = self.low_sign(goal, if rising { a } else { b }, zero)?;
        let mut bracket = Bracket { low: from, high, low_sign, order: zero };
        self.polish(goal, &frame, side, position, &mut bracket, zero)
    }

    /// The sign of what is to vanish at the end of a bracket that is closer to the end of the
    /// domain: there the objective rises towards its maximum.
    fn low_sign(&self, goal: &Goal, low: &Sample, zero: Zero) -> Result<Option<Ordering>, OptimumError> {
        match zero {
            Zero::Slope => Ok(Some(Ordering::Greater)),
            Zero::Value => self.sign(goal, low, zero),
        }
    }

    /// The zero in machine numbers.
    fn near_root(
        &self,
        goal: &Goal,
        frame: &Frame,
        start: &Position,
        (low, high): (f64, f64),
        zero: Zero,
    ) -> Result<f64, OptimumError> {
        let current = std::cell::RefCell::new(start.clone());
        root(low, high, |v| {
            let mut position = current.borrow_mut();
            position.slots[0] = v;
            follow(frame, &mut position)?;
            Ok(rough(goal, frame, &position, zero)?.map_or(0.0, |n| n.value))
        })
    }

    fn polish(
        &self,
        goal: &Goal,
        frame: &Rc<Frame>,
        side: Side,
        position: Position,
        bracket: &mut Bracket,
        zero: Zero,
    ) -> Result<Found, OptimumError> {
        let v = Float::with_val(self.bits, position.slots[0]);
        let kink = if zero == Zero::Slope { self.kink(goal, frame, &position, &v)? } else { None };
        let (slots, digits) = match kink {
            Some(difference) => {
                (bracket.low_sign, bracket.order) = (None, Zero::Value);
                let (slots, digits) = self.newton(&difference, frame, &position, v, bracket, Zero::Value)?;
                self.check_peak(goal, frame, &position, &slots)?;
                (slots, digits)
            }
            None => self.newton(goal, frame, &position, v, bracket, zero)?,
        };
        Ok(Found { frame: frame.clone(), side, position, slots, digits, at_border: false })
    }

    /// If different pieces of the objective hold on the two sides of `v`, their difference.
    fn kink(&self, goal: &Goal, frame: &Frame, p: &Position, v: &Float) -> Result<Option<Goal>, OptimumError> {
        if goal.is_smooth() {
            return Ok(None);
        }
        let piece = |factor: f64| -> Result<_, OptimumError> {
            let mut near = p.clone();
            near.slots[0] = v.to_f64() * factor;
            follow(frame, &mut near)?;
            let slots = self.precise(frame, &near, &[Float::with_val(self.bits, near.slots[0])])?;
            goal.piece(frame, &near.active, &slots, self.bits)
                .ok_or_else(|| OptimumError::Undefined("a piece of the objective".into()))
        };
        let (left, right) = (piece(1.0 - 1e-8)?, piece(1.0 + 1e-8)?);
        Ok((left != right).then(|| goal.replaced(left - right)))
    }

    /// At a kink, the objective must rise before it and fall after it.
    fn check_peak(
        &self,
        goal: &Goal,
        frame: &Frame,
        position: &Position,
        kink: &[Float],
    ) -> Result<(), OptimumError> {
        for (sign, expected) in [(-1, Ordering::Greater), (1, Ordering::Less)] {
            let mut slots = kink.to_vec();
            let aside = Float::with_val(self.bits, &slots[0] >> (self.bits / 3)) * sign;
            slots[0] += aside;
            refine(frame, &position.active, &mut slots, self.bits, self.settled())?;
            let slope = self.coefficient(goal, frame, &position.active, &slots, Zero::Slope)?;
            if slope.and_then(|s| s.partial_cmp(&0)) != Some(expected) {
                return Err(OptimumError::NotConverged { variable: self.share_symbol()?, digits: 0 });
            }
        }
        Ok(())
    }

    /// Newton's method in the share's coordinate, inside a bracket, with the choices refined at
    /// each step; the coordinates and the correct digits of the share.
    fn newton(
        &self,
        goal: &Goal,
        frame: &Frame,
        position: &Position,
        start: Float,
        bracket: &mut Bracket,
        zero: Zero,
    ) -> Result<(Vec<Float>, u32), OptimumError> {
        let order = zero.order() + 1;
        let goal_bits = (f64::from(self.digits + 2) * std::f64::consts::LOG2_10) as i32;
        let mut slots: Vec<Float> = position.slots.iter().map(|t| Float::with_val(self.bits, *t)).collect();
        slots[0] = start;
        let mut reached = 0;
        for _ in 0..STEPS {
            refine(frame, &position.active, &mut slots, self.bits, self.settled())?;
            let undefined = || OptimumError::Undefined("the objective near its optimum".into());
            let jets = along(frame, &position.active, &slots, self.bits, 0, order).ok_or_else(undefined)?;
            let series = goal.series(frame, &position.active, jets.clone(), (self.bits, order))?;
            let series = series.ok_or_else(undefined)?;
            let value = series.get(order - 1);
            bracket.narrow(&slots[0], value);
            let newton = bracket.newton(&slots[0], value, series.get(order), goal_bits);
            let next = newton.clone().unwrap_or_else(|| bracket.middle());
            let step = Float::with_val(self.bits, &next - &slots[0]);
            let gained = bits_gained(&slots[0], &step, self.bits);
            predict(&mut slots, &jets, &step);
            slots[0] = next;
            // Only a step that the slope asked for says how close the zero is, and only where
            // the slope falls is it a maximum.
            let is_maximum = zero == Zero::Value || *series.get(order) < 0;
            if newton.is_some() && is_maximum {
                reached = reached.max(gained);
                if gained >= goal_bits {
                    refine(frame, &position.active, &mut slots, self.bits, self.settled())?;
                    return Ok((slots, decimal(gained).min(self.digits + super::oracle::GUARD_DIGITS / 2)));
                }
            }
        }
        Err(OptimumError::NotConverged { variable: self.share_symbol()?, digits: decimal(reached) })
    }

    /// The best of the refined points.
    fn best(
        &self,
        goal: &Goal,
        found: Vec<Found>,
        failed: Vec<(OptimumError, usize, usize)>,
        negated: bool,
        plateau: bool,
    ) -> Result<Optimum, OptimumError> {
        let undefined = || OptimumError::Undefined("the objective at its optimum".into());
        let mut candidates = vec![];
        let mut best: Option<(Float, Found)> = None;
        for f in found {
            let value = goal.value(&f.frame, &f.position.active, &f.slots, self.bits)?.ok_or_else(undefined)?;
            candidates.push((self.share_value(&f)?, value.clone()));
            if best.as_ref().is_none_or(|(b, _)| value > *b) {
                best = Some((value, f));
            }
        }
        for (error, a, b) in failed {
            if !self.beaten(goal, best.as_ref().map(|(b, _)| b), a, b)? {
                return Err(error);
            }
        }
        let (value, f) = best.ok_or_else(undefined)?;
        let margin = Float::with_val(self.bits, value.clone().abs() >> (self.bits / 2));
        let rivals = candidates.iter().filter(|(_, v)| Float::with_val(self.bits, &value - v) <= margin);
        let play = self.describe(&f.frame, &f.position, &f.slots)?;
        let unique_hint = rivals.count() == 1 && play.unique_hint && !plateau;
        let signed = |v: Float| if negated { -v } else { v };
        Ok(Optimum {
            share: self.share_value(&f)?,
            digits: f.digits,
            at_border: f.at_border,
            unique_hint,
            candidates: candidates.into_iter().map(|(s, v)| (s, signed(v))).collect(),
            value: signed(value),
            play,
        })
    }

    /// Whether the objective around two samples is clearly below `best`, so that not having
    /// refined a maximum between them does no harm.
    fn beaten(&self, goal: &Goal, best: Option<&Float>, a: usize, b: usize) -> Result<bool, OptimumError> {
        let (Some(best), samples) = (best, self.samples()?) else {
            return Ok(false);
        };
        for s in [&samples[a], &samples[b]] {
            let Some(value) = rough(goal, &s.frame, &s.position, Zero::Value)? else {
                return Ok(false);
            };
            if value.value + 0.01 * value.value.abs() >= best.to_f64() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// An interval in which the zero lies.
struct Bracket {
    low: Float,
    high: Float,
    /// The sign of what vanishes, at the low end.
    low_sign: Option<Ordering>,
    /// What vanishes.
    order: Zero,
}

impl Bracket {
    /// Drops the part in which the sign at `v` says that the zero is not.
    fn narrow(&mut self, v: &Float, value: &Float) {
        match (value.partial_cmp(&0), self.low_sign) {
            (Some(sign), Some(low)) if sign.is_ne() && sign == low => self.low = v.clone(),
            (Some(sign), Some(_)) if sign.is_ne() => self.high = v.clone(),
            _ => {}
        }
    }
    /// Newton's next point, if it is inside or, but for the last `bits`, where it was.
    fn newton(&self, v: &Float, value: &Float, slope: &Float, bits: i32) -> Option<Float> {
        if slope.is_zero() {
            return None;
        }
        let step = Float::with_val(v.prec(), value / slope);
        let step = match self.order {
            Zero::Value => step,
            Zero::Slope => step / 2u32,
        };
        let stays = bits_gained(v, &step, v.prec()) >= bits;
        let next = Float::with_val(v.prec(), v - step);
        (stays || (next > self.low && next < self.high)).then_some(next)
    }

    /// The middle, in the logarithm.
    fn middle(&self) -> Float {
        mean(&self.low, &self.high)
    }
}

/// How much smaller in bits a step is than what it changes.
fn bits_gained(v: &Float, step: &Float, most: u32) -> i32 {
    match (v.get_exp(), step.get_exp()) {
        (Some(v), Some(step)) => v.saturating_sub(step).min(most as i32),
        _ => most as i32,
    }
}

/// Moves the choices along their series, as far as that leaves them on their side of the border.
fn predict(slots: &mut [Float], jets: &[Jet<Float>], step: &Float) {
    for (t, jet) in slots.iter_mut().zip(jets) {
        let moved = Float::with_val(t.prec(), jet.get(1) * step) + &*t;
        if (moved > 0) == (*t > 0) {
            *t = moved;
        }
    }
}

fn mean(a: &Float, b: &Float) -> Float {
    Float::with_val(a.prec(), a * b).sqrt()
}

fn decimal(bits: i32) -> u32 {
    (f64::from(bits.max(0)) * std::f64::consts::LOG10_2) as u32
}

/// The value or slope of the objective by the share's coordinate, with an estimate of its error.
fn rough(goal: &Goal, frame: &Frame, position: &Position, zero: Zero) -> Result<Option<Noisy>, OptimumError> {
    let order = zero.order();
    let inside = Frame::interior(&position.active);
    let shares = frame.primitives.shares.len();
    let noisy = |(i, t): (usize, &f64)| {
        let searched = i >= shares && inside.contains(&(i - shares));
        Noisy { value: *t, error: if searched { SEARCH_ERROR * t.abs() } else { 0.0 } }
    };
    let slots: Vec<Noisy> = position.slots.iter().enumerate().map(noisy).collect();
    if order == 0 {
        return goal.value(frame, &position.active, &slots, ());
    }
    let Some(jets) = along(frame, &position.active, &slots, (), 0, order) else {
        return Ok(None);
    };
    Ok(goal.series(frame, &position.active, jets, ((), order))?.map(|j| *j.get(order)))
}

/// What the relative error of a coordinate found by the search is taken to be.
const SEARCH_ERROR: f64 = 1e-12;

/// Distances from an end of the domain, as parts of its length, from the middle outwards.
fn distances(from: f64, digits: u32) -> Vec<f64> {
    const INNER: [f64; 17] = [
        0.44, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.06, 0.03, 0.01, 3e-3, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8,
    ];
    let last = -(digits.min(250) as i32 + 10);
    let outer = (0..).map(|k| -10 - 5 * k).take_while(|e| *e > last).chain([last]).map(|e| 10f64.powi(e));
    [from].into_iter().chain(INNER).chain(outer).chain([0.0]).collect()
}
