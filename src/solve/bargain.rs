//! The bargaining solutions of a profile of payoffs.

use std::cmp::Ordering;
use std::rc::Rc;

use rug::Rational;

use super::SolveError;
use super::enclosure::Enclosure;
use super::maximise::{Objective, best, peaks};
use super::pareto;
use super::partition::Partition;
use super::place::{Evaluator, Place};
use super::powersum::{PowerSum, Range};
use super::product::{self, LogSlope};
use super::radical::Surd;
use super::read::power_sum;
use super::site::Site;
use crate::ball::Ball;
use crate::exact::Meter;
use crate::expr::{Expr, Symbol};

/// The number of digits that may be asked for.
const DIGITS: std::ops::RangeInclusive<u32> = 1..=1000;

/// What each player gets at each share, all parameters put in.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The bargained share.
    pub share: Symbol,
    /// The ends of its closed range.
    pub lower: Rational,
    pub upper: Rational,
    /// The payoff of each player as a term over the share alone.
    pub payoffs: Vec<(Symbol, Expr)>,
    /// What each player gets without an agreement, in the order of the payoffs.
    pub disagreement: Vec<Rational>,
    /// What counts as the performance of an outcome.
    pub performance: Option<Expr>,
}

/// A solved profile.
#[derive(Clone, Debug)]
pub struct Solved {
    /// In the order `powerful-…` (one a player), `max-performance`, `vertical-monopoly`,
    /// `egalitarian`, `nash`, `kalai-smorodinsky`; those that failed are left out.
    pub solutions: Vec<Solution>,
    /// The names of the other solutions, and why they have no certified answer.
    pub failures: Vec<(String, SolveError)>,
    /// The Pareto-optimal shares among those at which nobody is below disagreement, as closed
    /// intervals.
    pub pareto: Result<Vec<(Enclosure, Enclosure)>, SolveError>,
}

/// One bargaining solution.
#[derive(Clone, Debug)]
pub struct Solution {
    pub name: String,
    /// The share; the smallest one where several are optimal.
    pub share: Enclosure,
    /// What each player gets there.
    pub utilities: Vec<(Symbol, Enclosure)>,
    pub performance: Option<Enclosure>,
    /// Whether several shares are optimal.
    pub ties: bool,
    /// All optimal shares, as closed intervals in order.
    pub optimal: Vec<(Enclosure, Enclosure)>,
    /// What a reader should know besides.
    pub note: Option<String>,
}

/// The optimal shares as intervals, mostly single points; never none.
type Optimal = Vec<(Site, Site)>;

/// Every bargaining solution of the profile and its Pareto set, to `digits` significant digits.
///
/// Cost: some thousand evaluations of the payoffs, each charged to the meter as a step.
/// `Err`: the profile itself is at fault, or its payoffs are not sums of products of rational
/// powers of linear terms that are defined on the whole closed range. What fails for one
/// solution only is in [`Solved::failures`].
pub fn solve(profile: &Profile, digits: u32, meter: &Meter) -> Result<Solved, SolveError> {
    let bargain = Bargain::new(profile, digits, meter)?;
    let mut solved = Solved { solutions: vec![], failures: vec![], pareto: Ok(vec![]) };
    let mut record = |name: String, optimal: Result<Optimal, SolveError>| match optimal
        .and_then(|optimal| bargain.solution(&name, &optimal))
    {
        Ok(solution) => solved.solutions.push(solution),
        Err(why) => solved.failures.push((name, why)),
    };
    for (i, (player, _)) in profile.payoffs.iter().enumerate() {
        record(format!("powerful-{}", player.typed()), bargain.powerful(i));
    }
    if let Some(performance) = &bargain.performance {
        record("max-performance".to_owned(), bargain.largest(&performance.sum));
    }
    record("vertical-monopoly".to_owned(), bargain.total().and_then(|sum| bargain.largest(&sum)));
    record("egalitarian".to_owned(), bargain.egalitarian());
    record("nash".to_owned(), bargain.nash());
    let pareto = pareto::set(&bargain);
    let equal_parts = pareto.clone().and_then(|set| pareto::kalai_smorodinsky(&bargain, &set));
    record("kalai-smorodinsky".to_owned(), equal_parts.map(|site| vec![(site.clone(), site)]));
    solved.pareto = pareto.and_then(|set| set.parts.iter().map(|(a, b)| bargain.interval(a, b)).collect());
    Ok(solved)
}

/// A profile in exact form.
pub(super) struct Bargain<'a> {
    pub(super) range: Range,
    pub(super) meter: &'a Meter,
    digits: u32,
    payoffs: Vec<(Symbol, Evaluator)>,
    performance: Option<Evaluator>,
    /// What each player gets above disagreement.
    pub(super) gains: Vec<Evaluator>,
    /// The signs of the derivatives of the gains.
    slopes: Vec<Result<Partition, SolveError>>,
}

impl<'a> Bargain<'a> {
    fn new(profile: &Profile, digits: u32, meter: &'a Meter) -> Result<Bargain<'a>, SolveError> {
        if profile.lower >= profile.upper {
            return Err(SolveError::Profile("the range of the share is empty or a single point"));
        }
        if profile.payoffs.is_empty() || profile.payoffs.len() != profile.disagreement.len() {
            return Err(SolveError::Profile("there must be one disagreement for each payoff"));
        }
        if !DIGITS.contains(&digits) {
            return Err(SolveError::Profile("between 1 and 1000 digits can be asked for"));
        }
        let range = Range { lower: profile.lower.clone(), upper: profile.upper.clone() };
        let read = |e: &Expr| power_sum(e, &profile.share, &range);
        let performance = profile.performance.as_ref().map(read).transpose()?;
        let (mut payoffs, mut gains) = (vec![], vec![]);
        let mut slopes: Vec<Result<Partition, SolveError>> = vec![];
        for ((player, e), outside) in profile.payoffs.iter().zip(&profile.disagreement) {
            let payoff = read(e)?;
            let gain = payoff.sub(&PowerSum::constant(Surd::rational(outside.clone())))?;
            // Players with the same gain share what is known of it: their peaks are the same.
            let twin = gains.iter().position(|g: &Evaluator| g.sum == gain);
            let slope = |d: PowerSum| Partition::of(&d, &range, meter);
            slopes.push(match twin {
                Some(i) => Result::clone(&slopes[i]),
                None => gain.derivative(&range).and_then(slope),
            });
            payoffs.push((player.clone(), Evaluator::new(payoff, &range)));
            gains.push(Evaluator::new(gain, &range));
        }
        let performance = performance.map(|sum| Evaluator::new(sum, &range));
        Ok(Bargain { range, meter, digits, payoffs, performance, gains, slopes })
    }

    pub(super) fn slope(&self, player: usize) -> Result<&Partition, SolveError> {
        self.slopes[player].as_ref().map_err(Clone::clone)
    }

    fn ends(&self) -> [Site; 2] {
        [Site::Exact(self.range.lower.clone()), Site::Exact(self.range.upper.clone())]
    }

    fn powerful(&self, player: usize) -> Result<Optimal, SolveError> {
        self.largest_of(&self.gains[player], self.slope(player)?)
    }

    /// The shares that are best for a player; none if all are equally good.
    pub(super) fn highest(&self, player: usize) -> Result<Vec<Site>, SolveError> {
        let sites = peaks(self.slope(player)?, &self.range);
        if sites.is_empty() { Ok(sites) } else { self.best(sites, &self.gains[player]) }
    }

    /// Whether a player certainly gets more at the site than at every share on the given side.
    pub(super) fn is_best_beyond(
        &self,
        player: usize,
        site: &Site,
        side: Ordering,
    ) -> Result<bool, SolveError> {
        let mut rivals = vec![];
        for peak in peaks(self.slope(player)?, &self.range) {
            if self.compare(&peak, site)? == side {
                rivals.push(peak);
            }
        }
        if rivals.is_empty() {
            return Ok(true);
        }
        rivals.insert(0, site.clone());
        let found = self.best(rivals, &self.gains[player])?;
        Ok(found.len() == 1 && self.compare(&found[0], site)? == Ordering::Equal)
    }

    fn total(&self) -> Result<PowerSum, SolveError> {
        self.payoffs.iter().try_fold(PowerSum::default(), |sum, (_, p)| sum.add(&p.sum))
    }

    fn largest(&self, sum: &PowerSum) -> Result<Optimal, SolveError> {
        let slope = Partition::of(&sum.derivative(&self.range)?, &self.range, self.meter)?;
        self.largest_of(&Evaluator::new(sum.clone(), &self.range), &slope)
    }

    /// Where a function with this derivative is largest.
    fn largest_of(&self, f: &Evaluator, slope: &Partition) -> Result<Optimal, SolveError> {
        if let Partition::Zero = slope {
            let [lower, upper] = self.ends();
            return Ok(vec![(lower, upper)]);
        }
        let found = self.best(peaks(slope, &self.range), f)?;
        Ok(found.into_iter().map(|s| (s.clone(), s)).collect())
    }

    pub(super) fn best(&self, sites: Vec<Site>, f: &Evaluator) -> Result<Vec<Site>, SolveError> {
        let (at, exact) = (|p: &Place, bits| f.at(p, bits), |s: &Rational| f.sum.value(s, &self.range));
        let difference = f.sum.sub(&f.sum.mirrored(&self.range))?;
        let symmetric = difference.is_identically_zero(&self.range)?;
        best(sites, &Objective { at: &at, exact: &exact, symmetric }, &self.range, self.meter)
    }

    /// Where the least gain is largest: at an end, where a gain is stationary, or where two
    /// gains are equal; between such shares the least gain is monotone.
    fn egalitarian(&self) -> Result<Optimal, SolveError> {
        let mut sites = self.ends().to_vec();
        let mut flat = false;
        // Players with the same gain are one.
        let known = |i: usize| self.gains[..i].iter().any(|g| g.sum == self.gains[i].sum);
        let different: Vec<usize> = (0..self.gains.len()).filter(|i| !known(*i)).collect();
        for (rank, &i) in different.iter().enumerate() {
            flat |= matches!(self.slope(i)?, Partition::Zero);
            sites.extend(self.slope(i)?.sites().cloned());
            for &j in &different[rank + 1..] {
                let difference = self.gains[i].sum.sub(&self.gains[j].sum)?;
                sites.extend(Partition::of(&difference, &self.range, self.meter)?.sites().cloned());
            }
        }
        let at = |p: &Place, bits| {
            let values: Option<Vec<Ball>> = self.gains.iter().map(|g| g.at(p, bits)).collect();
            values?.into_iter().reduce(|a, b| a.min(&b))
        };
        let exact = |s: &Rational| self.least_gain(s);
        let objective = Objective { at: &at, exact: &exact, symmetric: self.is_symmetric()? };
        let found = best(sites.clone(), &objective, &self.range, self.meter)?;
        match (found.first(), found.last()) {
            // Equal values at two neighbours enclose a stretch on which a constant gain is least.
            (Some(first), Some(last)) if flat && found.len() > 1 => {
                if self.count_between(&sites, first, last)? != found.len() {
                    return Err(SolveError::Undecided("the set of shares with the largest least gain"));
                }
                Ok(vec![(first.clone(), last.clone())])
            }
            _ => Ok(found.into_iter().map(|s| (s.clone(), s)).collect()),
        }
    }

    /// Whether there are two players who swap their gains when the share is mirrored in the
    /// centre of the range.
    pub(super) fn is_symmetric(&self) -> Result<bool, SolveError> {
        let [f, g] = self.gains.as_slice() else { return Ok(false) };
        f.sum.mirrored(&self.range).sub(&g.sum)?.is_identically_zero(&self.range)
    }

    fn least_gain(&self, s: &Rational) -> Result<Surd, SolveError> {
        let mut least = self.gains[0].sum.value(s, &self.range)?;
        for g in &self.gains[1..] {
            let value = g.sum.value(s, &self.range)?;
            let difference = value.add(&least.scale(&Rational::from(-1)))?;
            if difference.sign().ok_or(SolveError::TooLarge)? == Ordering::Less {
                least = value;
            }
        }
        Ok(least)
    }

    /// The number of different shares among the sites from `first` to `last`.
    fn count_between(&self, sites: &[Site], first: &Site, last: &Site) -> Result<usize, SolveError> {
        let mut inside: Vec<Site> = vec![];
        for site in sites {
            let site = site.recognised(&self.range, self.meter)?;
            if self.compare(&site, first)? == Ordering::Less
                || self.compare(&site, last)? == Ordering::Greater
            {
                continue;
            }
            let mut known = false;
            for other in &inside {
                known |= self.compare(&site, other)? == Ordering::Equal;
            }
            if !known {
                inside.push(site);
            }
        }
        Ok(inside.len())
    }

    /// Where the product of the gains is largest among the shares at which nobody loses. Where
    /// somebody's gain is zero the product is, so that a positive maximum lies at an end of the
    /// range or where the product is stationary.
    fn nash(&self) -> Result<Optimal, SolveError> {
        if self.gains.len() > 2 {
            return self.nash_of_many();
        }
        let one = PowerSum::constant(Surd::rational(Rational::from(1)));
        let product = self.gains.iter().try_fold(one, |product, g| product.mul(&g.sum))?;
        let slope = Partition::of(&product.derivative(&self.range)?, &self.range, self.meter)?;
        if let Partition::Zero = slope {
            return Err(SolveError::Undecided("the product of the gains is the same at every share"));
        }
        let mut gaining = vec![];
        for site in self.ends().iter().chain(slope.sites()) {
            if self.all_gain(site)? {
                gaining.push(site.clone());
            }
        }
        if gaining.is_empty() {
            return Err(SolveError::NoAgreement);
        }
        let found = self.best(gaining, &Evaluator::new(product, &self.range))?;
        Ok(found.into_iter().map(|s| (s.clone(), s)).collect())
    }

    /// The same where the product of the gains would have too many terms to be written out.
    fn nash_of_many(&self) -> Result<Optimal, SolveError> {
        let curve = Rc::new(LogSlope::new(&self.gains, &self.range)?);
        let sites = product::candidates(&curve, &self.range, self.meter)?;
        let (at, exact) = (|p: &Place, bits| curve.product(p, bits), |s: &Rational| curve.exact_product(s));
        let objective = Objective { at: &at, exact: &exact, symmetric: false };
        let found = best(sites, &objective, &self.range, self.meter)?;
        Ok(found.into_iter().map(|s| (s.clone(), s)).collect())
    }

    /// Whether every gain is positive at the site.
    fn all_gain(&self, site: &Site) -> Result<bool, SolveError> {
        let mut all = true;
        let mut unknown = false;
        for g in &self.gains {
            match self.sign(g, site)? {
                Some(Ordering::Greater) => {}
                Some(_) => all = false,
                None => unknown = true,
            }
        }
        if all && unknown {
            return Err(SolveError::Undecided("whether a player gains"));
        }
        Ok(all)
    }

    /// The sign of a function at a site.
    pub(super) fn sign(&self, f: &Evaluator, site: &Site) -> Result<Option<Ordering>, SolveError> {
        if let Site::Exact(s) = site {
            return Ok(f.sum.value(s, &self.range)?.sign());
        }
        for bits in [64, 256, 1024] {
            let place = site.place(&self.range, bits, self.meter)?;
            if let Some(sign) = f.at(&place, bits).and_then(|v| v.sign()) {
                return Ok(Some(sign));
            }
        }
        match site.recognised(&self.range, self.meter)? {
            Site::Exact(s) => Ok(f.sum.value(&s, &self.range)?.sign()),
            _ => Ok(None),
        }
    }

    pub(super) fn compare(&self, a: &Site, b: &Site) -> Result<Ordering, SolveError> {
        a.compare(b, &self.range, self.meter)
    }

    fn interval(&self, lower: &Site, upper: &Site) -> Result<(Enclosure, Enclosure), SolveError> {
        Ok((self.share(lower)?, self.share(upper)?))
    }

    fn share(&self, site: &Site) -> Result<Enclosure, SolveError> {
        if let Site::Exact(s) = site.recognised(&self.range, self.meter)? {
            return Enclosure::exactly(&s, self.digits);
        }
        Enclosure::of(self.digits, |bits| {
            let place = site.place(&self.range, bits, self.meter)?;
            // A share next to an end needs the digits that set it apart from the end as well.
            let gap = place.x.lo().get_exp().map_or(0, |e| (-e).max(0).unsigned_abs());
            Ok(place.share(&self.range, bits.saturating_add(gap)))
        })
    }

    fn value(&self, f: &Evaluator, site: &Site) -> Result<Enclosure, SolveError> {
        if let Site::Exact(s) = site.recognised(&self.range, self.meter)?
            && let Ok(value) = f.sum.value(&s, &self.range)
        {
            return match value.as_rational() {
                Some(q) => Enclosure::exactly(&q, self.digits),
                None => Enclosure::of(self.digits, |bits| Ok(value.ball(bits))),
            };
        }
        Enclosure::of(self.digits, |bits| Ok(f.at(&site.place(&self.range, bits, self.meter)?, bits)))
    }

    fn solution(&self, name: &str, optimal: &Optimal) -> Result<Solution, SolveError> {
        let site = &optimal[0].0;
        let shown = |(a, b): &(Site, Site)| self.interval(a, b);
        let optimal: Vec<_> = optimal.iter().map(shown).collect::<Result<_, _>>()?;
        let utilities = self.payoffs.iter().map(|(player, f)| Ok((player.clone(), self.value(f, site)?)));
        let ties = optimal.len() > 1 || optimal[0].0 != optimal[0].1;
        Ok(Solution {
            name: name.to_owned(),
            share: optimal[0].0.clone(),
            utilities: utilities.collect::<Result<_, SolveError>>()?,
            performance: self.performance.as_ref().map(|f| self.value(f, site)).transpose()?,
            ties,
            note: ties.then(|| note(&optimal)),
            optimal,
        })
    }
}

fn note(optimal: &[(Enclosure, Enclosure)]) -> String {
    let shown = |(a, b): &(Enclosure, Enclosure)| {
        if a == b { a.to_string() } else { format!("every share from {a} to {b}") }
    };
    let sets: Vec<String> = optimal.iter().map(shown).collect();
    format!("not unique: {}; the values are those at the smallest", sets.join(", "))
}
