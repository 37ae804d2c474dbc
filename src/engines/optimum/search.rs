//! Nested best responses in machine numbers.

use argmin::core::{CostFunction, Error, Executor, State as _};
use argmin::solver::brent::BrentRoot;

use super::OptimumError;
use super::crowd::Crowd;
use super::frame::{Active, Frame};

/// Relative accuracy of a root that the search returns.
const ROOT_TOLERANCE: f64 = 1e-15;
/// Iterations after which a root search stops where it is.
const ROOT_STEPS: u64 = 200;
/// Relative distance of the two points of a secant: the error of its zero is the square.
const SECANT_WIDTH: f64 = 1e-7;
/// Secants after which a solution counts as lost.
const SECANT_STEPS: usize = 6;
/// Rounds of best responses at a stage with several movers.
const ROUNDS: usize = 400;
/// How far two searches for the same best response may be apart.
const AGREEMENT: f64 = 1e-6;

/// A point of the game: coordinates of shares and choices, and which choices are on a border.
#[derive(Clone, Debug)]
pub(super) struct Position {
    pub slots: Vec<f64>,
    pub active: Vec<Active>,
    /// Whether no best response was found to have a rival that is as good.
    pub unique: bool,
    /// Which choices hold the solution of a neighbouring problem, to start from.
    warm: Vec<bool>,
    /// Whether each best response is searched for from scratch.
    patient: bool,
    /// The best responses that are known at these shares, whatever is chosen before.
    settled: Vec<bool>,
}

impl Position {
    /// A position with the shares' coordinates given and nothing known of the choices.
    pub fn cold(shares: &[f64], choices: usize) -> Position {
        let mut slots = shares.to_vec();
        slots.resize(shares.len() + choices, 0.0);
        let (active, warm) = (vec![Active::Interior; choices], vec![false; choices]);
        let settled = warm.clone();
        Position { slots, active, unique: true, warm, patient: false, settled }
    }

    /// Forgets what was known of best responses.
    fn forget(&mut self) {
        self.warm.fill(false);
        self.settled.fill(false);
    }
}

/// Subgame-perfect play at the shares of `position`, following the solution it holds where it
/// can. Local in what it follows: [`play`] checks.
pub(super) fn follow(frame: &Frame, position: &mut Position) -> Result<(), OptimumError> {
    position.settled.fill(false);
    respond(frame, 0, position)
}

/// Subgame-perfect play at the shares of `position`, from scratch. Each best response is then
/// searched for once more over its whole range with the later ones responding; if that changes
/// anything, everything is solved again without short cuts.
pub(super) fn play(frame: &Frame, position: &mut Position) -> Result<(), OptimumError> {
    position.forget();
    respond(frame, 0, position)?;
    for stage in 1..frame.primitives.stages.len() {
        let mut again = position.clone();
        again.forget();
        respond(frame, stage, &mut again)?;
        if !agree(position, &again) {
            position.forget();
            position.patient = true;
            respond(frame, 0, position)?;
            position.patient = false;
            return Ok(());
        }
    }
    Ok(())
}

/// Whether two positions are the same but for rounding.
pub(super) fn agree(a: &Position, b: &Position) -> bool {
    let close = |x: &f64, y: &f64| (x - y).abs() <= AGREEMENT * x.abs().max(y.abs());
    a.active == b.active && a.slots.iter().zip(&b.slots).all(|(x, y)| close(x, y))
}

fn respond(frame: &Frame, stage: usize, position: &mut Position) -> Result<(), OptimumError> {
    let Some(movers) = frame.primitives.stages.get(stage) else {
        return Ok(());
    };
    if let Some(crowd) = frame.crowd.as_ref().filter(|c| c.heads == stage) {
        return respond_one_by_one(crowd, position);
    }
    if let [only] = movers[..] {
        return best_response(frame, only, stage, position);
    }
    for _ in 0..ROUNDS {
        let before = position.clone();
        for &i in movers {
            best_response(frame, i, stage, position)?;
        }
        let settled = movers.iter().all(|&i| {
            let (x, y) = (before.slots[frame.slot(i)], position.slots[frame.slot(i)]);
            (x - y).abs() <= 1e-12 * y.abs()
        });
        if settled && before.active == position.active {
            return Ok(());
        }
    }
    let variable = movers.first().map(|i| frame.primitives.choices[*i].variable.clone());
    Err(variable.map_or_else(
        || OptimumError::Unsupported("a stage without moves".into()),
        |variable| OptimumError::NotConverged { variable, digits: 0 },
    ))
}

/// The best responses of movers who do not meet.
fn respond_one_by_one(crowd: &Crowd, position: &mut Position) -> Result<(), OptimumError> {
    let own = crowd.heads;
    for (j, seat) in crowd.seats().iter().enumerate() {
        let choice = own + j;
        if position.settled[choice] {
            continue;
        }
        let mut here = Position {
            slots: crowd.slots(j, &position.slots),
            active: crowd.active(j, &position.active),
            unique: position.unique,
            warm: vec![position.warm[choice]; own + 1],
            patient: position.patient,
            settled: vec![false; own + 1],
        };
        best_response(seat, own, own, &mut here)?;
        let slot = position.slots.len() - position.active.len() + choice;
        position.slots[slot] = here.slots[here.slots.len() - 1];
        position.active[choice] = here.active[own];
        position.unique = here.unique;
        position.warm[choice] = here.warm[own];
        position.settled[choice] = crowd.is_apart(j, &position.active)?;
    }
    Ok(())
}

/// One mover's problem: the choice, its stage and its slot.
struct Mover<'a> {
    frame: &'a Frame,
    choice: usize,
    stage: usize,
    slot: usize,
}

fn best_response(
    frame: &Frame,
    choice: usize,
    stage: usize,
    position: &mut Position,
) -> Result<(), OptimumError> {
    let mover = Mover { frame, choice, stage, slot: frame.slot(choice) };
    if position.warm[choice] && !position.patient && mover.near_previous(position)? {
        return Ok(());
    }
    mover.scan(position)?;
    position.warm[choice] = true;
    Ok(())
}

impl Mover<'_> {
    /// The mover's payoff slope at coordinate `t`, later choices responding; `None` where it has
    /// no value.
    fn slope(&self, t: f64, position: &mut Position) -> Result<Option<f64>, OptimumError> {
        self.put(t, Active::Interior, position);
        match respond(self.frame, self.stage + 1, position) {
            Ok(()) => {}
            // The later movers' problem may have no solution at points far from the optimum.
            Err(OptimumError::OutOfRange(_) | OptimumError::Undefined(_)) => return Ok(None),
            Err(e) => return Err(e),
        }
        let slope = self.frame.condition(self.choice, &position.active, &position.slots, ())?;
        Ok(slope.filter(|v| v.is_finite()))
    }

    fn put(&self, t: f64, active: Active, position: &mut Position) {
        position.slots[self.slot] = t;
        position.active[self.choice] = active;
    }

    fn settle(&self, t: f64, active: Active, position: &mut Position) -> Result<(), OptimumError> {
        self.put(t, active, position);
        respond(self.frame, self.stage + 1, position)
    }

    /// The length of the range at the earlier choices of `position`.
    fn width(&self, position: &Position) -> Result<Option<f64>, OptimumError> {
        match self.frame.width(self.choice, &position.active, &position.slots, ())? {
            None => Ok(None),
            Some(width) => width
                .filter(|w| w.is_finite())
                .map(Some)
                .ok_or_else(|| OptimumError::Undefined(format!("the range of `{}`", self.variable()))),
        }
    }

    fn variable(&self) -> crate::expr::Symbol {
        self.frame.primitives.choices[self.choice].variable.clone()
    }

    /// Follows the solution that `position` holds; whether that worked.
    fn near_previous(&self, position: &mut Position) -> Result<bool, OptimumError> {
        let (previous, active) = (position.slots[self.slot], position.active[self.choice]);
        let width = self.width(position)?.unwrap_or(f64::INFINITY);
        if active != Active::Interior {
            return self.still_on_border(active, width, position);
        }
        if let Some(t) = self.secant(previous, position)?.filter(|t| *t < width) {
            self.settle(t, Active::Interior, position)?;
            return Ok(true);
        }
        let mut factor = 1.25;
        for _ in 0..4 {
            let (a, b) = (previous / factor, previous * factor);
            let (a, b) = (a.min(b), a.max(b));
            if a == b || b >= width {
                return Ok(false);
            }
            let (fa, fb) = (self.slope(a, position)?, self.slope(b, position)?);
            if let (Some(fa), Some(fb)) = (fa, fb)
                && fa > 0.0
                && fb < 0.0
            {
                let Some(t) = self.root(a, b, position)? else { return Ok(false) };
                self.settle(t, Active::Interior, position)?;
                return Ok(true);
            }
            factor = factor * factor * factor;
        }
        Ok(false)
    }

    /// A zero of a falling slope close to `start`, by slopes at pairs of neighbouring points.
    fn secant(&self, start: f64, position: &mut Position) -> Result<Option<f64>, OptimumError> {
        let mut t = start;
        for _ in 0..SECANT_STEPS {
            let step = t * SECANT_WIDTH;
            let (Some(here), Some(there)) = (self.slope(t, position)?, self.slope(t + step, position)?)
            else {
                return Ok(None);
            };
            let change = -here * step / (there - here);
            if (there - here) * step >= 0.0 || change.is_nan() || change.abs() > 0.5 * t.abs() {
                return Ok(None);
            }
            t += change;
            if change.abs() <= SECANT_WIDTH * t.abs() {
                return Ok(Some(t));
            }
        }
        Ok(None)
    }

    fn still_on_border(
        &self,
        active: Active,
        width: f64,
        position: &mut Position,
    ) -> Result<bool, OptimumError> {
        if active == Active::Far {
            return Ok(false);
        }
        let mut falls = false;
        for t in [1e-100, 1e-30, 1e-12, 1e-6, 1e-2, 1.0, 1e3].into_iter().filter(|t| *t < width) {
            match self.slope(t, position)? {
                Some(f) if f > 0.0 => return Ok(false),
                Some(f) => falls |= f < 0.0,
                None => {}
            }
        }
        if falls {
            self.settle(0.0, Active::Near, position)?;
        }
        Ok(falls)
    }

    /// The best of all local maxima and borders.
    fn scan(&self, position: &mut Position) -> Result<(), OptimumError> {
        // Until it is decided, the choice counts as inside its range.
        self.put(0.0, Active::Interior, position);
        let width = self.width(position)?;
        let range = &self.frame.primitives.choices[self.choice].range;
        let bounded = range.lower.is_some() || range.upper.is_some();
        if width.is_some_and(|w| w < 0.0) {
            return Err(OptimumError::EmptyDomain(self.variable()));
        }
        if width == Some(0.0) {
            return self.settle(0.0, Active::Near, position);
        }
        let (mut signs, mut level) = (vec![], false);
        for t in grid(width, bounded) {
            match self.slope(t, position)? {
                Some(f) if f != 0.0 => signs.push((t, f > 0.0)),
                Some(_) => level = true,
                None => {}
            }
        }
        if signs.is_empty() && !level {
            return Err(OptimumError::OutOfRange(self.variable()));
        }
        let candidates = self.candidates(&signs, bounded, width.is_some(), position)?;
        self.choose(candidates, position)
    }

    fn candidates(
        &self,
        signs: &[(f64, bool)],
        bounded: bool,
        finite: bool,
        position: &mut Position,
    ) -> Result<Vec<(f64, Active)>, OptimumError> {
        let (Some(first), Some(last)) = (signs.first(), signs.last()) else {
            return Err(OptimumError::Indifferent(self.variable()));
        };
        if (!first.1 && !bounded) || (last.1 && !finite) {
            return Err(OptimumError::Unbounded(self.variable()));
        }
        let mut candidates = vec![];
        if !first.1 {
            // A slope that rises at the border has its zero below the smallest sample.
            if bounded && self.slope(0.0, position)?.is_some_and(|f| f > 0.0) {
                return Err(OptimumError::OutOfRange(self.variable()));
            }
            candidates.push((0.0, Active::Near));
        }
        for pair in signs.windows(2) {
            if pair[0].1 && !pair[1].1 {
                // Slopes of later responses that are followed may differ from those sampled.
                let found = self.root(pair[0].0, pair[1].0, position)?;
                let lost = || OptimumError::NotConverged { variable: self.variable(), digits: 0 };
                candidates.push((found.ok_or_else(lost)?, Active::Interior));
            }
        }
        if last.1 {
            candidates.push((0.0, Active::Far));
        }
        Ok(candidates)
    }

    fn choose(&self, candidates: Vec<(f64, Active)>, position: &mut Position) -> Result<(), OptimumError> {
        let choice = &self.frame.primitives.choices[self.choice];
        let only = candidates.len() == 1;
        let mut best: Option<(f64, Position)> = None;
        let mut tie = false;
        for (t, active) in candidates {
            let mut here = position.clone();
            self.settle(t, active, &mut here)?;
            let value =
                self.frame.gain(self.choice, &here.active, &here.slots, ())?.filter(|v| v.is_finite());
            let value = value.or(only.then_some(0.0)).ok_or_else(|| {
                OptimumError::Undefined(format!("the payoff of who chooses `{}`", self.variable()))
            })?;
            match &best {
                Some((other, _)) => {
                    let close = (value - other).abs() <= 1e-12 * value.abs().max(other.abs());
                    tie = close || (tie && value < *other);
                    if value > *other {
                        best = Some((value, here));
                    }
                }
                None => best = Some((value, here)),
            }
        }
        let (_, chosen) = best.ok_or_else(|| OptimumError::Unbounded(self.variable()))?;
        *position = chosen;
        position.unique &= !tie;
        let range = &choice.range;
        let near_closed = if range.lower.is_some() { range.lower_closed } else { range.upper_closed };
        match position.active[self.choice] {
            Active::Near if !near_closed => Err(OptimumError::OpenBorder(self.variable())),
            Active::Far if !range.upper_closed => Err(OptimumError::OpenBorder(self.variable())),
            _ => Ok(()),
        }
    }

    fn root(&self, a: f64, b: f64, position: &mut Position) -> Result<Option<f64>, OptimumError> {
        let cell = std::cell::RefCell::new(position);
        root(a, b, |t| {
            // A point without a value inside the bracket only slows the search down.
            self.slope(t, &mut cell.borrow_mut()).map(|f| f.unwrap_or(0.0))
        })
    }
}

/// The coordinates at which slopes are sampled: evenly in the logarithm, thin at the ends.
fn grid(width: Option<f64>, bounded: bool) -> Vec<f64> {
    let thin = |from: i32, to: i32| (from..to).step_by(4).map(|e| 10f64.powi(e));
    let dense = (-24..24).map(|e| 10f64.powf(f64::from(e) / 2.0));
    let mut points: Vec<f64> = thin(-300, -12).chain(dense).chain(thin(12, 301)).collect();
    if let Some(w) = width {
        points.retain(|t| *t < w / 32.0);
        points.extend((1..32).map(|k| w * f64::from(k) / 32.0));
        points.extend((2..16).map(|k| w * (1.0 - 10f64.powi(-k))));
    }
    if !bounded {
        let mirrored: Vec<f64> = points.iter().rev().map(|t| -t).collect();
        points.splice(0..0, mirrored);
    }
    points
}

/// A sign change of `f` between `a` and `b` by Brent's method, in the logarithm where both
/// ends have one sign. At most [`ROOT_STEPS`] steps. `None` if `f` has one sign at both ends: then
/// nothing is known of a zero between them.
pub(super) fn root(
    a: f64,
    b: f64,
    f: impl Fn(f64) -> Result<f64, OptimumError>,
) -> Result<Option<f64>, OptimumError> {
    let logarithmic = a * b > 0.0 && (b / a > 1.5 || a / b > 1.5);
    let sign = if a < 0.0 { -1.0 } else { 1.0 };
    let (from, to) = if logarithmic { (a.abs().ln(), b.abs().ln()) } else { (a, b) };
    // The ends exactly: next to a zero, rounding would change the sign for which they were chosen.
    let place = |u: f64| match u {
        u if u == from => a,
        u if u == to => b,
        u if logarithmic => sign * u.exp(),
        u => u,
    };
    // The tolerance of Brent's method is absolute.
    let tolerance = if logarithmic { ROOT_TOLERANCE } else { ROOT_TOLERANCE * a.abs().min(b.abs()) };
    let problem = Slope { f: |u| f(place(u)) };
    let solver = BrentRoot::new(from, to, tolerance);
    let run = Executor::new(problem, solver).configure(|s| s.max_iters(ROOT_STEPS)).timer(false).run();
    let best = match run {
        // The last point, not the one with the smallest value: `f` may jump across zero.
        Ok(result) => result.state().get_param().copied(),
        Err(e) => match e.downcast::<OptimumError>() {
            Ok(own) => return Err(own),
            // The method itself refuses an interval without a change of sign only.
            Err(_) => return Ok(None),
        },
    };
    Ok(best.map(place).filter(|t| t.is_finite()))
}

/// What the root search evaluates.
struct Slope<F> {
    f: F,
}

impl<F: Fn(f64) -> Result<f64, OptimumError>> CostFunction for Slope<F> {
    type Param = f64;
    type Output = f64;
    fn cost(&self, u: &f64) -> Result<f64, Error> {
        Ok((self.f)(*u)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_between_ends_of_one_sign_is_not_invented() {
        let shifted = |by: f64| root(1.0, 9.0, move |t| Ok(t - by));
        assert_eq!(shifted(20.0), Ok(None));
        assert!(shifted(4.0).is_ok_and(|t| t.is_some_and(|t| (t - 4.0).abs() < 1e-12)));
        let failing = root(1.0, 9.0, |_| Err(OptimumError::Undefined("a slope".into())));
        assert_eq!(failing, Err(OptimumError::Undefined("a slope".into())));
    }
}
