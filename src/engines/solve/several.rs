//! Solutions over several symbols at once.
//!
//! The place of a largest value is found among the clusters of [`super::region`] and narrowed down by
//! Newton's interval operator (Moore, *Interval Analysis*, 1966, chapter 7), in which the stationary
//! place of a strictly concave function stays.

use std::cell::RefCell;
use std::cmp::Ordering;

use rug::Rational;

use super::SolveError;
use super::bargain::{DIGITS, Solution, Solved};
use super::curve::MOST_BITS;
use super::enclosure::Enclosure;
use super::jet::{Jet, Order};
use super::region::{Cluster, Goal, Region, clusters, eliminated};
use crate::ball::Ball;
use crate::exact::{Meter, simplest_between};
use crate::expr::derive::derivative;
use crate::expr::fold::fold;
use crate::expr::substitute::Substitution;
use crate::expr::{Expr, Symbol};

/// The precisions at which places are told apart.
const COMPARE_BITS: [u32; 3] = [64, 256, 1024];
/// A rational place is recognised by a denominator of so many bits at most.
const RATIONAL_BITS: u32 = 64;
/// What is not looked for.
const NOT_LOOKED_FOR: &str = "this solution is not looked for where several bargained symbols are free";

/// What each player gets at each agreement on several symbols, all parameters put in.
#[derive(Clone, Debug)]
pub struct Several {
    /// The symbols with the ends of their closed ranges.
    pub shares: Vec<(Symbol, Rational, Rational)>,
    /// Terms that are not negative where an agreement can be made.
    pub conditions: Vec<Expr>,
    /// The payoff of each player as a term over the symbols.
    pub payoffs: Vec<(Symbol, Expr)>,
    /// What each player gets without an agreement, in the order of the payoffs.
    pub disagreement: Vec<Rational>,
    /// What counts as the performance of an outcome.
    pub performance: Option<Expr>,
    /// What else is asked for at each solution, by name.
    pub reported: Vec<(Symbol, Expr)>,
}

/// The solutions that maximise a product of terms: each player alone, the performance, all together and
/// Nash's, to `digits` significant digits; the others are among the failures.
///
/// Cost: up to some ten thousand evaluations for each. `Err`: the problem itself is at fault.
pub fn solve_several(problem: &Several, digits: u32, meter: &Meter) -> Result<Solved, SolveError> {
    if problem.shares.iter().any(|(_, lower, upper)| lower >= upper) {
        return Err(SolveError::Profile("the range of a share is empty or a single point"));
    }
    if problem.payoffs.is_empty() || problem.payoffs.len() != problem.disagreement.len() {
        return Err(SolveError::Profile("there must be one disagreement for each payoff"));
    }
    if !DIGITS.contains(&digits) {
        return Err(SolveError::Profile("between 1 and 1000 digits can be asked for"));
    }
    let solver = Solver::new(problem, digits, meter);
    let mut solved =
        Solved { solutions: vec![], failures: vec![], pareto: Err(SolveError::Undecided(NOT_LOOKED_FOR)) };
    for (name, goal) in goals(problem) {
        match solver.solution(&name, &goal) {
            Ok(solution) => solved.solutions.push(solution),
            Err(why) => solved.failures.push((name, why)),
        }
    }
    for name in ["egalitarian", "kalai-smorodinsky"] {
        solved.failures.push((name.into(), SolveError::Undecided(NOT_LOOKED_FOR)));
    }
    Ok(solved)
}

/// What the solutions maximise, by their names.
pub(super) fn goals(problem: &Several) -> Vec<(String, Goal)> {
    let sum = |e: Expr| Goal { factors: vec![e], positive: false };
    let alone =
        |(player, payoff): &(Symbol, Expr)| (format!("powerful-{}", player.typed()), sum(payoff.clone()));
    let mut goals: Vec<(String, Goal)> = problem.payoffs.iter().map(alone).collect();
    goals.extend(problem.performance.iter().map(|e| ("max-performance".into(), sum(e.clone()))));
    let total = Expr::Add(problem.payoffs.iter().map(|(_, e)| e.clone()).collect());
    goals.push(("vertical-monopoly".into(), sum(total)));
    let gains = problem.payoffs.iter().zip(&problem.disagreement);
    let factors = gains.map(|((_, e), outside)| e.clone() - Expr::Num(outside.clone())).collect();
    goals.push(("nash".into(), Goal { factors, positive: true }));
    goals
}

pub(super) struct Solver<'a> {
    problem: &'a Several,
    region: Region,
    digits: u32,
    meter: &'a Meter,
}

/// The place at which a product is largest.
struct Peak<'a> {
    symbols: &'a [Symbol],
    goal: &'a Goal,
    meter: &'a Meter,
    /// Narrower the more was asked of it.
    cluster: RefCell<Cluster>,
    /// The place itself, where it is known to be rational.
    exact: Option<Vec<Rational>>,
}

impl<'a> Solver<'a> {
    pub fn new(problem: &'a Several, digits: u32, meter: &'a Meter) -> Solver<'a> {
        let region = Region {
            symbols: problem.shares.iter().map(|(s, ..)| s.clone()).collect(),
            ends: problem.shares.iter().map(|(_, a, b)| (a.clone(), b.clone())).collect(),
            conditions: problem.conditions.clone(),
        };
        Solver { problem, region, digits, meter }
    }

    /// Where a goal is met best.
    pub fn solution(&self, name: &str, goal: &Goal) -> Result<Solution, SolveError> {
        let found = clusters(&self.region, goal, self.meter)?;
        let mut peaks: Vec<Peak> = vec![];
        for cluster in found {
            peaks.extend(Peak::new(&self.region.symbols, goal, self.meter, cluster)?);
        }
        let best = highest(peaks)?;
        let first = best.first().ok_or(SolveError::Undecided("where the largest value is"))?;
        let value = |e: &Expr| first.enclosure(e, self.digits);
        let named = |(x, e): &(Symbol, Expr)| Ok((x.clone(), value(e)?));
        let place = |peak: &Peak| {
            let of = |s: &Symbol| Ok((s.clone(), peak.enclosure(&Expr::Sym(s.clone()), self.digits)?));
            self.region.symbols.iter().map(of).collect::<Result<Vec<_>, SolveError>>()
        };
        let places = best.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let ties = places.len() > 1;
        Ok(Solution {
            name: name.to_owned(),
            agreement: places[0].clone(),
            utilities: self.problem.payoffs.iter().map(named).collect::<Result<_, SolveError>>()?,
            performance: self.problem.performance.as_ref().map(value).transpose()?,
            reported: self.problem.reported.iter().map(|(x, e)| (x.clone(), value(e).ok())).collect(),
            ties,
            optimal: places.iter().map(|p| (p[0].1.clone(), p[0].1.clone())).collect(),
            note: ties.then(|| note(&places)),
        })
    }
}

fn note(places: &[Vec<(Symbol, Enclosure)>]) -> String {
    let shown = |place: &Vec<(Symbol, Enclosure)>| {
        let values: Vec<String> = place.iter().map(|(_, e)| e.to_string()).collect();
        format!("({})", values.join(", "))
    };
    let all: Vec<String> = places.iter().map(shown).collect();
    format!("not unique: {}; the values are those at the first", all.join(", "))
}

/// Those of the places at which the product is largest.
fn highest(mut peaks: Vec<Peak>) -> Result<Vec<Peak>, SolveError> {
    for bits in COMPARE_BITS {
        if peaks.len() <= 1 {
            return Ok(peaks);
        }
        let mut left = vec![];
        for peak in peaks {
            // Where nothing is left of a cluster, there was no stationary place in it.
            if peak.refine(bits)? {
                left.push((peak.product(bits), peak));
            }
        }
        // All places of a cluster count, so that each value at them is one that can be had.
        let lows = left.iter().filter_map(|(value, _)| Some(value.as_ref()?.lo().clone()));
        let floor = lows.max_by(|a, b| a.total_cmp(b));
        let beaten = |value: &Option<Ball>| {
            value.as_ref().zip(floor.as_ref()).is_some_and(|(value, floor)| value.hi() < floor)
        };
        peaks = left.into_iter().filter(|(value, _)| !beaten(value)).map(|(_, peak)| peak).collect();
    }
    let exactly = |peak: &Peak| match fold(&peak.at(&Expr::Mul(peak.goal.factors.clone()))?) {
        Expr::Num(q) => Some(q),
        _ => None,
    };
    let values: Option<Vec<Rational>> = peaks.iter().map(exactly).collect();
    let Some(values) = values else {
        return Err(SolveError::Undecided("which of several agreements is best"));
    };
    let Some(most) = values.iter().max().cloned() else { return Ok(vec![]) };
    let mut values = values.into_iter();
    peaks.retain(|_| values.next().is_some_and(|v| v == most));
    peaks.sort_by(|a, b| a.exact.cmp(&b.exact));
    Ok(peaks)
}

impl<'a> Peak<'a> {
    /// `None` if there is no stationary place in the cluster.
    fn new(
        symbols: &'a [Symbol],
        goal: &'a Goal,
        meter: &'a Meter,
        cluster: Cluster,
    ) -> Result<Option<Peak<'a>>, SolveError> {
        let mut peak = Peak { symbols, goal, meter, cluster: RefCell::new(cluster), exact: None };
        if !peak.refine(2 * RATIONAL_BITS + 16)? {
            return Ok(None);
        }
        peak.exact = peak.recognised();
        Ok(Some(peak))
    }

    /// Narrows the place down to a width of `2^-bits`; `false` if nothing is left of it.
    fn refine(&self, bits: u32) -> Result<bool, SolveError> {
        let free = self.cluster.borrow().free();
        let narrow = Rational::from(1) >> bits;
        let mut working = bits + 64;
        while working <= MOST_BITS {
            let now = self.cluster.borrow().clone();
            let width =
                |c: &Cluster| free.iter().map(|i| Rational::from(&c.sides[*i].1 - &c.sides[*i].0)).max();
            let Some(wide) = width(&now).filter(|w| *w > narrow) else { return Ok(true) };
            self.meter.charge(1)?;
            let Some(next) = self.newton(&now, &free, working) else {
                working *= 2;
                continue;
            };
            let Some(next) = next else { return Ok(false) };
            if width(&next).is_some_and(|w| w * 4u32 > wide * 3u32) {
                working *= 2;
            }
            *self.cluster.borrow_mut() = next;
        }
        Err(SolveError::Undecided("a place could not be narrowed down further"))
    }

    /// What of the cluster may be stationary: an empty answer is a proof that nothing is. `None` if the
    /// operator says nothing at this precision.
    #[expect(clippy::option_option, reason = "no answer is something else than an empty one")]
    fn newton(&self, now: &Cluster, free: &[usize], bits: u32) -> Option<Option<Cluster>> {
        let boxed = now.balls(bits)?;
        let centre: Vec<Rational> = boxed.iter().map(Ball::midpoint).collect::<Option<_>>()?;
        // The middle of an enclosure of an end need not be that end.
        let middle = |i: usize| match free.contains(&i) {
            true => Ball::from_rational(&centre[i], bits).ok(),
            false => Some(boxed[i].clone()),
        };
        let at: Vec<Ball> = (0..centre.len()).map(middle).collect::<Option<_>>()?;
        let (here, there) = (self.jet(&boxed, bits)?.slopes?, self.jet(&at, bits)?.slopes?);
        let curvature = free.iter().map(|i| free.iter().map(|j| here.second[*i][*j].neg()).collect());
        let rise = free.iter().map(|i| there.first[*i].clone()).collect();
        let steps = eliminated(curvature.collect(), rise)?;
        let mut next = now.clone();
        for (i, step) in free.iter().zip(steps) {
            let moved = at[*i].add(&step).ok()?;
            let Some(left) = moved.intersect(&boxed[*i]) else { return Some(None) };
            next.sides[*i] = (left.lo().to_rational()?, left.hi().to_rational()?);
        }
        Some(Some(next))
    }

    fn jet(&self, at: &[Ball], bits: u32) -> Option<Jet> {
        let one = Jet::constant(Ball::from_int(1, bits), at.len(), Order::Second);
        let mut factors = self.goal.factors.iter().map(|f| Jet::of(f, self.symbols, at, bits, Order::Second));
        factors.try_fold(one, |product, f| product.mul(&f?))
    }

    fn product(&self, bits: u32) -> Option<Ball> {
        Some(self.jet(&self.cluster.borrow().balls(bits + 64)?, bits + 64)?.value)
    }

    /// The place as rational numbers, if it is one with small denominators.
    fn recognised(&self) -> Option<Vec<Rational>> {
        let cluster = self.cluster.borrow();
        let simplest = |(a, b): &(Rational, Rational)| match a.cmp(b) {
            Ordering::Less => simplest_between(Some(a), Some(b)),
            _ => Some(a.clone()),
        };
        let place: Vec<Rational> = cluster.sides.iter().map(simplest).collect::<Option<_>>()?;
        let is_short = |i: usize| place[i].denom().significant_bits() <= RATIONAL_BITS;
        let product = Expr::Mul(self.goal.factors.clone());
        let is_stationary = |i: usize| {
            let slope = derivative(&product, &self.symbols[i])?;
            Some(fold(&slope.substitute_all(&self.values(&place))) == Expr::int(0))
        };
        let exact = cluster.free().into_iter().all(|i| is_short(i) && is_stationary(i) == Some(true));
        exact.then_some(place)
    }

    fn values(&self, place: &[Rational]) -> Substitution {
        self.symbols.iter().cloned().zip(place.iter().map(|q| Expr::Num(q.clone()))).collect()
    }

    /// A term at the place, where that is rational.
    fn at(&self, e: &Expr) -> Option<Expr> {
        Some(fold(&e.substitute_all(&self.values(self.exact.as_ref()?))))
    }

    fn enclosure(&self, e: &Expr, digits: u32) -> Result<Enclosure, SolveError> {
        if let Some(Expr::Num(q)) = self.at(e) {
            return Enclosure::exactly(&q, digits);
        }
        Enclosure::of(digits, |bits| {
            let bits = bits + 64;
            self.refine(bits)?;
            let at = self.cluster.borrow().balls(bits + 64).ok_or(SolveError::TooLarge)?;
            Ok(Jet::of(e, self.symbols, &at, bits + 64, Order::First).map(|jet| jet.value))
        })
    }
}
