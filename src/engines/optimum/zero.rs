//! Refining an optimum or a root that lies between two samples.

use std::cmp::Ordering;
use std::rc::Rc;

use rug::Float;

use super::OptimumError;
use super::frame::{Active, Frame, Side};
use super::jet::Jet;
use super::newton::{along, refine};
use super::objective::Goal;
use super::oracle::{GUARD_DIGITS, Oracle};
use super::search::{Position, root};
use super::sweep::{Sample, Zero};

/// Steps after which the refinement of one point stops.
const STEPS: u32 = 120;
/// How far from a kink, relatively, the pieces that meet there are told apart.
const ASIDE: f64 = 1e-8;

/// A refined point.
#[derive(Clone)]
pub(super) struct Found {
    pub frame: Rc<Frame>,
    pub side: Side,
    pub position: Position,
    /// Coordinates in working precision.
    pub slots: Vec<Float>,
    pub digits: u32,
    pub at_border: bool,
}

/// An equilibrium in machine numbers and in working precision.
struct Neighbour {
    position: Position,
    slots: Vec<Float>,
}

impl Oracle {
    /// The equilibrium at an end of the domain.
    pub(super) fn border(&self, sample: &Sample) -> Result<Found, OptimumError> {
        if sample.v != 0.0 {
            return Err(OptimumError::OpenBorder(self.share_symbol()?));
        }
        let Sample { frame, side, position, .. } = sample.clone();
        let slots = self.precise(&frame, &position, &[Float::new(self.bits)])?;
        Ok(Found { frame, side, position, slots, digits: self.digits, at_border: true })
    }

    /// The share's value at a refined point.
    pub(super) fn share_value(&self, f: &Found) -> Result<Float, OptimumError> {
        let (a, b) = self.domain()?;
        Ok(match f.side {
            Side::Lower => a + &f.slots[0],
            Side::Upper => b - &f.slots[0],
        })
    }

    /// The maximum or root between two neighbouring samples whose signs differ.
    pub(super) fn between(
        &self,
        goal: &Goal,
        a: &Sample,
        b: &Sample,
        zero: Zero,
    ) -> Result<Found, OptimumError> {
        let (lower, upper) = self.domain()?;
        let exact = |v: f64| Float::with_val(self.bits, v);
        // Across the middle, both ends are measured from the side of the first.
        let other = if a.side == b.side { exact(b.v) } else { upper - lower - exact(b.v) };
        let ends = [(exact(a.v), a), (other, b)];
        let [(low, low_sample), (high, _)] = if ends[0].0 < ends[1].0 { ends } else { reversed(ends) };
        // A bracket that begins at an end of the domain begins close to it instead.
        let low = if low.is_zero() { Float::with_val(self.bits, &high * exact(1e-250)) } else { low };
        // Where machine numbers do not show the change of sign that working precision does, the
        // refinement begins in the middle: it stays inside the bracket, by signs that are precise.
        let near = self.near_root(goal, a, (low.to_f64(), high.to_f64()), zero)?;
        let near = near.unwrap_or_else(|| low.to_f64().sqrt() * high.to_f64().sqrt());
        let position = self.sample(&a.frame, near)?;
        // An objective rises from an end of a bracket to its maximum.
        let low_sign = match zero {
            Zero::Slope => Some(Ordering::Greater),
            Zero::Value => self.sign(goal, low_sample, zero, true)?.filter(|s| s.is_ne()),
        };
        let bracket = Bracket { low, high, low_sign, order: zero };
        let may_kink = !goal.is_smooth() || a.position.active != b.position.active;
        self.polish(goal, a, position, bracket, may_kink)
    }

    /// The zero in machine numbers; `None` where they show no change of sign.
    fn near_root(
        &self,
        goal: &Goal,
        start: &Sample,
        (low, high): (f64, f64),
        zero: Zero,
    ) -> Result<Option<f64>, OptimumError> {
        let current = std::cell::RefCell::new(start.position.clone());
        root(low, high, |v| {
            let next = self.follow(&start.frame, v, &current.borrow())?;
            let here = Sample::new(start.frame.clone(), start.side, v, next);
            let value = here.rough(goal, zero)?.map_or(0.0, |n| n.value);
            current.replace(here.position);
            Ok(value)
        })
    }

    /// Refines the zero close to `position`: of the slope where the objective is smooth; of what
    /// tells two pieces apart where two of them meet in a peak.
    fn polish(
        &self,
        goal: &Goal,
        sample: &Sample,
        mut position: Position,
        mut bracket: Bracket,
        may_kink: bool,
    ) -> Result<Found, OptimumError> {
        let frame = &sample.frame;
        let kink = if may_kink && bracket.order == Zero::Slope {
            self.kink(goal, frame, &mut position)?
        } else {
            None
        };
        let goal = match &kink {
            Some(difference) => {
                (bracket.low_sign, bracket.order) = (None, Zero::Value);
                difference
            }
            None => goal,
        };
        let (slots, digits) = self.newton(goal, frame, &position, bracket)?;
        Ok(Found { frame: frame.clone(), side: sample.side, position, slots, digits, at_border: false })
    }

    /// If the maximum close to `position` is a kink, the quantity that vanishes there: the
    /// difference of the objective's two pieces, or the condition of a choice that leaves its
    /// border (which `position` then holds at the border).
    ///
    /// `Err`: the two sides differ in more than that, or do not meet in a peak.
    fn kink(
        &self,
        goal: &Goal,
        frame: &Frame,
        position: &mut Position,
    ) -> Result<Option<Goal>, OptimumError> {
        let left = self.neighbour(frame, position.slots[0] * (1.0 - ASIDE))?;
        let right = self.neighbour(frame, position.slots[0] * (1.0 + ASIDE))?;
        let undefined = || OptimumError::Undefined("a piece of the objective".into());
        let piece = |n: &Neighbour| goal.piece(frame, &n.position.active, &n.slots, self.bits);
        let (a, b) = (piece(&left).ok_or_else(undefined)?, piece(&right).ok_or_else(undefined)?);
        let moved: Vec<usize> = (0..left.position.active.len())
            .filter(|i| left.position.active[*i] != right.position.active[*i])
            .collect();
        let difference = match (&moved[..], a == b) {
            ([], true) => return Ok(None),
            ([], false) => goal.replaced(a - b),
            ([i], true) => {
                let border = [&left, &right].map(|n| n.position.active[*i]);
                if !border.contains(&Active::Near) || !border.contains(&Active::Interior) {
                    return Err(self.not_converged(0)?);
                }
                position.active[*i] = Active::Near;
                position.slots[frame.slot(*i)] = 0.0;
                goal.condition(*i)
            }
            _ => return Err(self.not_converged(0)?),
        };
        for (n, expected) in [(&left, Ordering::Greater), (&right, Ordering::Less)] {
            let slope = self.slope(goal, frame, &n.position.active, &n.slots)?;
            if slope.and_then(|s| s.partial_cmp(&0)) != Some(expected) {
                return Err(self.not_converged(0)?);
            }
        }
        Ok(Some(difference))
    }

    fn neighbour(&self, frame: &Frame, v: f64) -> Result<Neighbour, OptimumError> {
        let position = self.sample(frame, v)?;
        let slots = self.precise(frame, &position, &[Float::with_val(self.bits, v)])?;
        Ok(Neighbour { position, slots })
    }

    fn not_converged(&self, digits: u32) -> Result<OptimumError, OptimumError> {
        Ok(OptimumError::NotConverged { variable: self.share_symbol()?, digits })
    }

    /// Newton's method in the share's coordinate, inside a bracket, with the choices refined at
    /// each step; the coordinates and the correct digits of the share.
    fn newton(
        &self,
        goal: &Goal,
        frame: &Frame,
        position: &Position,
        mut bracket: Bracket,
    ) -> Result<(Vec<Float>, u32), OptimumError> {
        let order = bracket.order.order() + 1;
        let wanted = (f64::from(self.digits + 2) * std::f64::consts::LOG2_10) as i32;
        let mut slots: Vec<Float> = position.slots.iter().map(|t| Float::with_val(self.bits, *t)).collect();
        let mut reached = 0;
        for _ in 0..STEPS {
            refine(frame, &position.active, &mut slots, self.bits, self.settled())?;
            let undefined = || OptimumError::Undefined("the objective near its optimum".into());
            let jets = along(frame, &position.active, &slots, self.bits, 0, order).ok_or_else(undefined)?;
            let series = goal.series(frame, &position.active, jets.clone(), (self.bits, order))?;
            let series = series.ok_or_else(undefined)?;
            let value = series.get(order - 1);
            bracket.narrow(&slots[0], value);
            let newton = bracket.newton(&slots[0], value, series.get(order), wanted);
            let next = newton.clone().unwrap_or_else(|| bracket.middle());
            let step = Float::with_val(self.bits, &next - &slots[0]);
            let gained = bits_gained(&slots[0], &step, self.bits);
            predict(&mut slots, &jets, &step);
            slots[0] = next;
            // Only a step that the slope asked for says how close the zero is, and only where
            // the slope falls is it a maximum.
            let is_wanted = bracket.order == Zero::Value || *series.get(order) < 0;
            if newton.is_some() && is_wanted {
                reached = reached.max(gained);
                if gained >= wanted {
                    refine(frame, &position.active, &mut slots, self.bits, self.settled())?;
                    return Ok((slots, decimal(gained).min(self.digits + GUARD_DIGITS / 2)));
                }
            }
        }
        Err(self.not_converged(decimal(reached))?)
    }
}

fn reversed<T>([a, b]: [T; 2]) -> [T; 2] {
    [b, a]
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

    /// Newton's next point, if it is inside or, but for the last bits beyond the `wanted`, where
    /// it was. `slope` is the series coefficient that follows `value`.
    fn newton(&self, v: &Float, value: &Float, slope: &Float, wanted: i32) -> Option<Float> {
        if slope.is_zero() {
            return None;
        }
        let step = Float::with_val(v.prec(), value / slope);
        let step = match self.order {
            Zero::Value => step,
            // The second coefficient is half the second derivative.
            Zero::Slope => step / 2u32,
        };
        let stays = bits_gained(v, &step, v.prec()) >= wanted;
        let next = Float::with_val(v.prec(), v - step);
        let inside = next > self.low && next < self.high;
        (inside || (stays && *v >= self.low && *v <= self.high)).then_some(next)
    }

    /// The middle, in the logarithm.
    fn middle(&self) -> Float {
        Float::with_val(self.low.prec(), &self.low * &self.high).sqrt()
    }
}

/// How much smaller in bits a step is than what it changes.
fn bits_gained(v: &Float, step: &Float, most: u32) -> i32 {
    match (v.get_exp(), step.get_exp()) {
        (Some(v), Some(step)) => v.saturating_sub(step).min(most as i32),
        _ => most as i32,
    }
}

fn decimal(bits: i32) -> u32 {
    (f64::from(bits.max(0)) * std::f64::consts::LOG10_2) as u32
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
