//! Optima and roots of an objective over the domain of a share.

use rug::Float;

use super::OptimumError;
use super::objective::{Goal, Objective};
use super::oracle::{Oracle, Play};
use super::sweep::Zero;
use super::zero::Found;

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
    /// Estimated correct decimal digits of the share's distance from the closer end of its
    /// domain, from the last step of the refinement; at an end, the digits asked for.
    pub digits: u32,
    /// Whether the share is an end of its domain.
    pub at_border: bool,
    /// Whether nothing else was seen that is as good.
    pub unique_hint: bool,
    /// All local optima found, as (share, value), in the order of the share but for the last,
    /// which may be its upper end.
    pub candidates: Vec<(Float, Float)>,
    /// Play at the optimum.
    pub play: Play,
}

/// A root of an objective over the share's domain.
#[derive(Clone, Debug)]
pub struct Root {
    pub share: Float,
    /// Estimated correct decimal digits, as for [`Optimum::digits`].
    pub digits: u32,
    pub at_border: bool,
    /// Play at the root.
    pub play: Play,
}

/// Interior samples without a sign beyond which an objective counts as flat somewhere.
const FLAT_SAMPLES: usize = 2;

impl Oracle {
    /// The place and value of the optimum of an objective over the domain of the game's only
    /// share, which must be an interval with two ends.
    ///
    /// The slope of the objective is sampled along the domain, evenly in its middle and ever
    /// closer to its ends; signs in doubt, and all on which the answer rests, are settled in
    /// working precision. Maxima between samples of one sign are missed. Costs a few
    /// milliseconds for the first objective, one or two for each further.
    ///
    /// `Err`: no share or several, no best response somewhere, an objective that is flat,
    /// undefined or jumps, an end that would be optimal but is not in the domain, no
    /// convergence.
    pub fn optimum(&self, objective: &Objective, which: Which) -> Result<Optimum, OptimumError> {
        let goal = Goal::new(objective, &self.primitives, &self.parameters, which == Which::Min);
        let samples = self.samples()?;
        let signs = self.signs(&goal, Zero::Slope)?;
        let (Some(first), Some(last)) = (signs.first(), signs.last()) else {
            return Err(OptimumError::Indifferent(self.share_symbol()?));
        };
        self.check_jumps(&goal, &signs)?;
        let (mut found, mut failed) = (vec![], vec![]);
        if first.1.is_lt() {
            found.push(self.border(&samples[0])?);
        }
        for pair in signs.windows(2).filter(|p| p[0].1.is_gt() && p[1].1.is_lt()) {
            let (a, b) = (pair[0].0, pair[1].0);
            match self.between(&goal, &samples[a], &samples[b], Zero::Slope) {
                Ok(f) => found.push(f),
                Err(e) => failed.push((e, a, b)),
            }
        }
        if last.1.is_gt() {
            found.push(self.border(&samples[samples.len() - 1])?);
        }
        let inside = samples.iter().filter(|s| s.v != 0.0).count();
        let flat = signs.len() + FLAT_SAMPLES < inside;
        let best = self.best(&goal, found, failed)?;
        self.report(best, which == Which::Min, flat)
    }

    /// The roots of an objective over the domain of the game's only share, in ascending order:
    /// one for each change of sign between neighbouring samples, and ends at which it is zero.
    /// Roots without a change of sign, and pairs between two samples, are missed.
    ///
    /// `Err`: as [`Oracle::optimum`].
    pub fn roots(&self, objective: &Objective) -> Result<Vec<Root>, OptimumError> {
        let goal = Goal::new(objective, &self.primitives, &self.parameters, false);
        let samples = self.samples()?;
        let signs = self.signs(&goal, Zero::Value)?;
        let vanishes = |i: usize| {
            let sign = self.sign(&goal, &samples[i], Zero::Value, true)?;
            Ok(samples[i].v == 0.0 && sign == Some(std::cmp::Ordering::Equal))
        };
        if signs.is_empty() {
            return Err(OptimumError::Indifferent(self.share_symbol()?));
        }
        let mut found = vec![];
        let last = samples.len() - 1;
        if vanishes(0)? {
            found.push(self.border(&samples[0])?);
        }
        for pair in signs.windows(2).filter(|p| p[0].1 != p[1].1) {
            found.push(self.between(&goal, &samples[pair[0].0], &samples[pair[1].0], Zero::Value)?);
        }
        if vanishes(last)? {
            found.push(self.border(&samples[last])?);
        }
        found.into_iter().map(|f| self.root_at(&f)).collect()
    }

    fn root_at(&self, f: &Found) -> Result<Root, OptimumError> {
        let play = self.describe(&f.frame, &f.position, &f.slots)?;
        Ok(Root { share: self.share_value(f)?, digits: f.digits, at_border: f.at_border, play })
    }

    /// The best of the refined points. Maxima that could not be refined do no harm if the
    /// objective around them is clearly lower.
    fn best(
        &self,
        goal: &Goal,
        found: Vec<Found>,
        failed: Vec<(OptimumError, usize, usize)>,
    ) -> Result<Best, OptimumError> {
        let undefined = || OptimumError::Undefined("the objective at its optimum".into());
        let mut candidates = vec![];
        let mut best: Option<(Float, Found)> = None;
        for f in found {
            let value = goal.value(&f.frame, &f.position.active, &f.slots, self.bits)?;
            let value = value.ok_or_else(undefined)?;
            candidates.push((self.share_value(&f)?, value.clone()));
            if best.as_ref().is_none_or(|(b, _)| value > *b) {
                best = Some((value, f));
            }
        }
        for (error, a, b) in failed {
            let beaten = match &best {
                Some((value, _)) => self.is_beaten(goal, value, a, b)?,
                None => false,
            };
            if !beaten {
                return Err(error);
            }
        }
        let (value, point) = best.ok_or_else(undefined)?;
        Ok(Best { value, point, candidates })
    }

    /// Whether the objective at two neighbouring samples is clearly below `best`.
    fn is_beaten(&self, goal: &Goal, best: &Float, a: usize, b: usize) -> Result<bool, OptimumError> {
        let samples = self.samples()?;
        for s in [&samples[a], &samples[b]] {
            let value = s.rough(goal, Zero::Value)?;
            let lower = value.is_some_and(|v| v.value + 0.01 * v.value.abs() + v.error < best.to_f64());
            if !lower {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn report(&self, best: Best, negated: bool, flat: bool) -> Result<Optimum, OptimumError> {
        let Best { value, point, candidates } = best;
        let margin = Float::with_val(self.bits, value.clone().abs() >> (self.bits / 2));
        let rivals = candidates.iter().filter(|(_, v)| Float::with_val(self.bits, &value - v) <= margin);
        let play = self.describe(&point.frame, &point.position, &point.slots)?;
        let unique_hint = rivals.count() == 1 && play.unique_hint && !flat;
        let signed = |v: Float| if negated { -v } else { v };
        Ok(Optimum {
            share: self.share_value(&point)?,
            digits: point.digits,
            at_border: point.at_border,
            unique_hint,
            candidates: candidates.into_iter().map(|(s, v)| (s, signed(v))).collect(),
            value: signed(value),
            play,
        })
    }
}

/// The best point, and all of them as (share, value).
struct Best {
    value: Float,
    point: Found,
    candidates: Vec<(Float, Float)>,
}
