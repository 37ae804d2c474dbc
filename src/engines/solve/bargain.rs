//! The bargaining solutions of a profile of payoffs.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use rug::Rational;

use super::SolveError;
use super::enclosure::Enclosure;
use super::jet::{Jet, Order};
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
use crate::expr::fold::fold;
use crate::expr::{Expr, Symbol};

/// The number of digits that may be asked for.
pub(super) const DIGITS: std::ops::RangeInclusive<u32> = 1..=1000;

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
    /// What else is asked for at each solution, by name.
    pub reported: Vec<(Symbol, Expr)>,
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
    /// What is agreed on, for each bargained symbol; the smallest where several are optimal.
    pub agreement: Vec<(Symbol, Enclosure)>,
    /// What each player gets there.
    pub utilities: Vec<(Symbol, Enclosure)>,
    pub performance: Option<Enclosure>,
    /// What else was asked for; nothing where it is not defined or has no certain digits.
    pub reported: Vec<(Symbol, Option<Enclosure>)>,
    /// Whether several shares are optimal.
    pub ties: bool,
    /// All optimal shares, as closed intervals in order.
    pub optimal: Vec<(Enclosure, Enclosure)>,
    /// What a reader should know besides.
    pub note: Option<String>,
}

impl Solution {
    /// What is agreed on for the first bargained symbol.
    pub fn share(&self) -> &Enclosure {
        &self.agreement[0].1
    }
}

/// The optimal shares as intervals, mostly single points; never none.
pub(super) type Optimal = Vec<(Site, Site)>;

/// Every bargaining solution of the profile and its Pareto set, to `digits` significant digits.
///
/// Cost: some thousand evaluations of the payoffs, each charged to the meter as a step.
/// `Err`: the profile itself is at fault, or its payoffs are not sums of products of rational
/// powers of linear terms that are defined on the whole closed range. What fails for one
/// solution only is in [`Solved::failures`].
pub fn solve(profile: &Profile, digits: u32, meter: &Meter) -> Result<Solved, SolveError> {
    let bargain = Bargain::new(profile, digits, meter)?;
    let mut solved = Solved { solutions: vec![], failures: vec![], pareto: Ok(vec![]) };
    let mut record = |name: String, found: Result<Solution, SolveError>| match found {
        Ok(solution) => solved.solutions.push(solution),
        Err(why) => solved.failures.push((name, why)),
    };
    let mut known: Vec<Result<Solution, SolveError>> = vec![];
    for (i, (player, _)) in profile.payoffs.iter().enumerate() {
        let name = format!("powerful-{}", player.typed());
        // What is best for one player is best for all with the same gain.
        let found = match bargain.first_like[i] {
            first if first < i => known[first].clone().map(|s| Solution { name: name.clone(), ..s }),
            _ => bargain.powerful(i).and_then(|optimal| bargain.solution(&name, &optimal)),
        };
        known.push(found.clone());
        record(name, found);
    }
    let mut solution = |name: &str, optimal: Result<Optimal, SolveError>| {
        record(name.to_owned(), optimal.and_then(|optimal| bargain.solution(name, &optimal)));
    };
    if let Some(performance) = &bargain.performance {
        solution("max-performance", bargain.largest(&performance.sum));
    }
    solution("vertical-monopoly", bargain.total().and_then(|sum| bargain.largest(&sum)));
    solution("egalitarian", bargain.egalitarian());
    solution("nash", bargain.nash());
    let pareto = pareto::set(&bargain);
    let equal_parts = pareto.clone().and_then(|set| pareto::kalai_smorodinsky(&bargain, &set));
    solution("kalai-smorodinsky", equal_parts.map(|site| vec![(site.clone(), site)]));
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
    share: Symbol,
    reported: Vec<(Symbol, Expr)>,
    /// What each player gets above disagreement.
    pub(super) gains: Vec<Evaluator>,
    /// The signs of the derivatives of the gains.
    slopes: Vec<Result<Partition, SolveError>>,
    /// For each player, the first one with the same gain.
    pub(super) first_like: Vec<usize>,
    /// The same for payoffs.
    first_paid_like: Vec<usize>,
    /// Where two players' gains are equal, as far as that was asked for.
    pub(super) crossings: RefCell<BTreeMap<(usize, usize), Vec<Site>>>,
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
        let (mut first_like, mut first_paid_like) = (vec![], vec![]);
        let (mut known, mut known_paid) = (BTreeMap::new(), BTreeMap::new());
        for (n, ((player, e), outside)) in profile.payoffs.iter().zip(&profile.disagreement).enumerate() {
            let payoff = read(e)?;
            let gain = payoff.sub(&PowerSum::constant(Surd::rational(outside.clone())))?;
            // Players with the same gain share what is known of it: their peaks are the same.
            let first = *known.entry(gain.clone()).or_insert(n);
            let slope = |d: PowerSum| Partition::of(&d, &range, meter);
            slopes.push(match slopes.get(first) {
                Some(known) => known.clone(),
                None => gain.derivative(&range).and_then(slope),
            });
            first_like.push(first);
            first_paid_like.push(*known_paid.entry(payoff.clone()).or_insert(n));
            payoffs.push((player.clone(), Evaluator::new(payoff, &range)));
            gains.push(Evaluator::new(gain, &range));
        }
        let performance = performance.map(|sum| Evaluator::new(sum, &range));
        let reported = profile.reported.clone();
        let share = profile.share.clone();
        Ok(Bargain {
            range,
            meter,
            digits,
            payoffs,
            performance,
            share,
            reported,
            gains,
            slopes,
            first_like,
            first_paid_like,
            crossings: RefCell::default(),
        })
    }

    pub(super) fn slope(&self, player: usize) -> Result<&Partition, SolveError> {
        self.slopes[player].as_ref().map_err(Clone::clone)
    }

    pub(super) fn ends(&self) -> [Site; 2] {
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

    /// Whether there are two players who swap their gains when the share is mirrored in the
    /// centre of the range.
    pub(super) fn is_symmetric(&self) -> Result<bool, SolveError> {
        let [f, g] = self.gains.as_slice() else { return Ok(false) };
        f.sum.mirrored(&self.range).sub(&g.sum)?.is_identically_zero(&self.range)
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
        Ok((self.shown(lower)?, self.shown(upper)?))
    }

    fn shown(&self, site: &Site) -> Result<Enclosure, SolveError> {
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

    /// Any term at a site, be it defined elsewhere or not.
    fn term(&self, e: &Expr, site: &Site) -> Result<Enclosure, SolveError> {
        if let Site::Exact(s) = site.recognised(&self.range, self.meter)?
            && let Expr::Num(q) = fold(&e.substitute(&self.share, &Expr::Num(s)))
        {
            return Enclosure::exactly(&q, self.digits);
        }
        let symbols = std::slice::from_ref(&self.share);
        Enclosure::of(self.digits, |bits| {
            let share = site.place(&self.range, bits, self.meter)?.share(&self.range, bits);
            let value = |at: Ball| Some(Jet::of(e, symbols, &[at], bits, Order::First)?.value);
            Ok(share.and_then(value))
        })
    }

    fn solution(&self, name: &str, optimal: &Optimal) -> Result<Solution, SolveError> {
        let site = &optimal[0].0;
        let shown = |(a, b): &(Site, Site)| self.interval(a, b);
        let optimal: Vec<_> = optimal.iter().map(shown).collect::<Result<_, _>>()?;
        let mut utilities: Vec<(Symbol, Enclosure)> = vec![];
        for ((player, f), first) in self.payoffs.iter().zip(&self.first_paid_like) {
            let value = match utilities.get(*first) {
                Some((_, known)) => known.clone(),
                None => self.value(f, site)?,
            };
            utilities.push((player.clone(), value));
        }
        let reported = self.reported.iter().map(|(name, e)| (name.clone(), self.term(e, site).ok()));
        let ties = optimal.len() > 1 || optimal[0].0 != optimal[0].1;
        Ok(Solution {
            name: name.to_owned(),
            agreement: vec![(self.share.clone(), optimal[0].0.clone())],
            utilities,
            performance: self.performance.as_ref().map(|f| self.value(f, site)).transpose()?,
            reported: reported.collect(),
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
