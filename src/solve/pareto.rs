//! The Pareto set of payoffs with one peak each, and the Kalai-Smorodinsky solution on it.
//!
//! If every payoff rises strictly up to its peak and falls strictly after it, the Pareto-optimal
//! shares are those between the smallest and the largest peak: between them every move hurts the
//! player at one of the two, outside them a move towards them helps everybody (Moulin, *Axioms
//! of Cooperative Decision Making*, 1988, chapter 10). A share that dominates one at which
//! nobody is below disagreement is such a share too, so the set is cut with those.
//!
//! With two players more peaks are allowed, if between the two highest one payoff rises strictly
//! while the other falls, and at either of the two highest peaks the other player gets at least
//! as much as anywhere beyond it: then whatever lies outside is dominated by one of the peaks.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use rug::Rational;

use super::SolveError;
use super::bargain::Bargain;
use super::curve::{Curve, Zero};
use super::maximise::peaks;
use super::partition::{Mark, Partition};
use super::place::{End, Evaluator, Place};
use super::powersum::{PowerSum, Range};
use super::site::Site;
use crate::ball::Ball;
use crate::exact::Meter;

/// The precisions at which signs on the Pareto set are looked for.
const SIGN_BITS: [u32; 6] = [64, 128, 256, 512, 1024, 2048];

/// The Pareto-optimal shares at which nobody is below disagreement.
#[derive(Clone)]
pub(super) struct ParetoSet {
    pub(super) lower: Site,
    pub(super) upper: Site,
    peaks: Vec<Site>,
    /// The players with the smallest and the largest peak.
    extremes: (usize, usize),
}

/// The Pareto set. `Err`: payoffs with several peaks that are not covered by the two cases
/// above, nobody can be satisfied, or two of the shares that bound the set cannot be told apart.
pub(super) fn set(bargain: &Bargain<'_>) -> Result<ParetoSet, SolveError> {
    let players = 0..bargain.gains.len();
    let single: Result<Vec<Site>, SolveError> =
        players.map(|i| single_peak(bargain.slope(i)?, &bargain.range)).collect();
    let peaks = match single {
        Err(SolveError::ParetoNotCertified) => highest_peaks(bargain)?,
        other => other?,
    };
    let (mut left, mut right) = (0, 0);
    for i in 1..peaks.len() {
        if bargain.compare(&peaks[i], &peaks[left])? == Ordering::Less {
            left = i;
        }
        if bargain.compare(&peaks[i], &peaks[right])? == Ordering::Greater {
            right = i;
        }
    }
    let whole = (peaks[left].clone(), peaks[right].clone());
    let (mut lower, mut upper) = whole.clone();
    for i in 0..peaks.len() {
        let (from, to) = not_below(bargain, i, &whole)?;
        if bargain.compare(&from, &lower)? == Ordering::Greater {
            lower = from;
        }
        if bargain.compare(&to, &upper)? == Ordering::Less {
            upper = to;
        }
    }
    if bargain.compare(&lower, &upper)? == Ordering::Greater {
        return Err(SolveError::NoAgreement);
    }
    Ok(ParetoSet { lower, upper, peaks, extremes: (left, right) })
}

/// The share up to which a function with this derivative rises strictly and after which it
/// falls strictly.
fn single_peak(slope: &Partition, range: &Range) -> Result<Site, SolveError> {
    let Partition::Signs { first, marks, .. } = slope else { return Err(SolveError::ParetoNotCertified) };
    let mut signs = vec![Some(*first)];
    signs.extend(marks.iter().map(|m| m.after));
    let mut falling = signs.iter().skip_while(|s| **s == Some(Ordering::Greater));
    let certain = falling.all(|s| *s == Some(Ordering::Less)) && !marks.iter().any(Mark::is_cluster);
    match peaks(slope, range).as_slice() {
        [peak] if certain => Ok(peak.clone()),
        _ => Err(SolveError::ParetoNotCertified),
    }
}

/// The highest peaks of two players, if the Pareto set is certainly what lies between them: one
/// payoff rises there strictly while the other falls, and beyond either of the two peaks nobody
/// gets as much as there.
fn highest_peaks(bargain: &Bargain<'_>) -> Result<Vec<Site>, SolveError> {
    let mut found = vec![];
    for i in 0..bargain.gains.len() {
        match (bargain.highest(i)?.as_slice(), i) {
            ([peak], 0 | 1) => found.push(peak.clone()),
            _ => return Err(SolveError::ParetoNotCertified),
        }
    }
    let [first, second] = found.as_slice() else { return Err(SolveError::ParetoNotCertified) };
    let (left, right) = match bargain.compare(first, second)? {
        Ordering::Less => (0, 1),
        Ordering::Greater => (1, 0),
        // Everybody's best: it alone is optimal.
        Ordering::Equal => return Ok(found),
    };
    for i in [left, right] {
        for site in bargain.slope(i)?.sites() {
            let after = bargain.compare(site, &found[left])? == Ordering::Greater;
            if after && bargain.compare(site, &found[right])? == Ordering::Less {
                return Err(SolveError::ParetoNotCertified);
            }
        }
    }
    for (peak, other, beyond) in [(left, right, Ordering::Less), (right, left, Ordering::Greater)] {
        if !bargain.is_best_beyond(other, &found[peak], beyond)? {
            return Err(SolveError::ParetoNotCertified);
        }
    }
    Ok(found)
}

/// The part of an interval on which a gain is not negative, where that gain rises and then falls
/// on the interval.
fn not_below(
    bargain: &Bargain<'_>,
    player: usize,
    (lower, upper): &(Site, Site),
) -> Result<(Site, Site), SolveError> {
    let gain = &bargain.gains[player];
    let undecided = SolveError::Undecided("who gains at the border of the pareto set");
    let at_lower = bargain.sign(gain, lower)?.ok_or(undecided.clone())?;
    let at_upper = bargain.sign(gain, upper)?.ok_or(undecided.clone())?;
    let (mut from, mut to) = (lower.clone(), upper.clone());
    if at_lower != Ordering::Less && at_upper != Ordering::Less {
        return Ok((from, to));
    }
    let partition = Partition::of(&gain.sum, &bargain.range, bargain.meter)?;
    let mut marks = vec![];
    for mark in partition.marks() {
        if bargain.compare(&mark.site, lower)? == Ordering::Greater
            && bargain.compare(&mark.site, upper)? == Ordering::Less
        {
            marks.push(mark);
        }
    }
    if marks.iter().any(|m| m.is_cluster()) {
        return Err(undecided);
    }
    let nowhere = || if marks.is_empty() { SolveError::NoAgreement } else { undecided.clone() };
    if at_lower == Ordering::Less {
        let rise = marks.iter().find(|m| m.after == Some(Ordering::Greater));
        from = match rise {
            Some(mark) => mark.site.clone(),
            None if at_upper == Ordering::Equal => upper.clone(),
            None => return Err(nowhere()),
        };
    }
    if at_upper == Ordering::Less {
        let fall = marks.iter().rev().find(|m| m.before == Some(Ordering::Greater));
        to = match fall {
            Some(mark) => mark.site.clone(),
            None if at_lower == Ordering::Equal => lower.clone(),
            None => return Err(nowhere()),
        };
    }
    Ok((from, to))
}

/// The share of the Pareto set at which all gains are the same part of their largest on it.
///
/// `Err`: no such share (with three players or more), or largest gains that are not positive.
pub(super) fn kalai_smorodinsky(bargain: &Bargain<'_>, set: &ParetoSet) -> Result<Site, SolveError> {
    let ideals = (0..bargain.gains.len()).map(|i| ideal(bargain, set, i)).collect::<Result<Vec<_>, _>>()?;
    if bargain.compare(&set.lower, &set.upper)? == Ordering::Equal {
        return Ok(set.lower.clone());
    }
    if bargain.is_symmetric()? {
        // The pareto set and the ideal gains are symmetric as well.
        let centre = Rational::from(&bargain.range.lower + &bargain.range.upper) / 2u32;
        return Ok(Site::Exact(centre));
    }
    let (left, right) = set.extremes;
    let parts = |i: usize, j: usize| EqualParts::new(bargain, [(j, &ideals[j]), (i, &ideals[i])]);
    let found = equal_parts(parts(left, right)?, set, bargain)?;
    for i in (0..ideals.len()).filter(|i| *i != left && *i != right) {
        if let Site::Exact(s) = found.recognised(&bargain.range, bargain.meter)?
            && parts(left, i)?.vanishes(&s)
        {
            continue;
        }
        let other = parts(left, i)?;
        let differs = SIGN_BITS.iter().find_map(|bits| {
            let place = found.place(&bargain.range, *bits, bargain.meter).ok()?;
            other.value(&place, *bits)?.sign()
        });
        return Err(match differs {
            Some(_) => SolveError::NoEqualParts,
            None => SolveError::Undecided("whether all players can get the same part of their ideal gain"),
        });
    }
    Ok(found)
}

/// Where a player's gain is largest on the Pareto set; it must be positive there.
fn ideal(bargain: &Bargain<'_>, set: &ParetoSet, player: usize) -> Result<Site, SolveError> {
    let mut site = set.peaks[player].clone();
    if bargain.compare(&site, &set.lower)? == Ordering::Less {
        site = set.lower.clone();
    } else if bargain.compare(&site, &set.upper)? == Ordering::Greater {
        site = set.upper.clone();
    }
    let site = site.recognised(&bargain.range, bargain.meter)?;
    match bargain.sign(&bargain.gains[player], &site)? {
        Some(Ordering::Greater) => Ok(site),
        _ => Err(SolveError::Undecided("whether a player can gain anything")),
    }
}

/// The zero on the Pareto set of a curve that rises strictly on it.
fn equal_parts(curve: EqualParts, set: &ParetoSet, bargain: &Bargain<'_>) -> Result<Site, SolveError> {
    let range = &bargain.range;
    let sign_at =
        |s: &Rational| SIGN_BITS.iter().find_map(|b| curve.value(&Place::exactly(s, range, *b)?, *b)?.sign());
    let mut low = inner_border(&set.lower, Ordering::Less, &sign_at, bargain)?;
    let mut high = inner_border(&set.upper, Ordering::Greater, &sign_at, bargain)?;
    // The bracket is brought to one side of the centre, or close around it.
    let part = |n: u32| range.lower.clone() + range.width() * n / 8u32;
    for s in [part(4), part(3), part(5)] {
        if s <= low || s >= high {
            continue;
        }
        match sign_at(&s) {
            Some(Ordering::Less) => low = s,
            Some(Ordering::Greater) => high = s,
            Some(Ordering::Equal) => return Ok(Site::Exact(s)),
            None if curve.vanishes(&s) => return Ok(Site::Exact(s)),
            None => {}
        }
    }
    let end = if Rational::from(&low - &range.lower) < Rational::from(&range.upper - &high) {
        End::Lower
    } else {
        End::Upper
    };
    let (near, lo, hi) = match end {
        End::Lower => (Ordering::Less, low - &range.lower, high - &range.lower),
        End::Upper => (Ordering::Greater, range.upper.clone() - high, range.upper.clone() - low),
    };
    Ok(Site::Zero(Zero::new(Rc::new(curve), end, near, lo, hi)))
}

/// A rational share at the border of the Pareto set, on its inner side, where the curve already
/// has the sign that it has at the border.
fn inner_border(
    border: &Site,
    sign: Ordering,
    sign_at: &dyn Fn(&Rational) -> Option<Ordering>,
    bargain: &Bargain<'_>,
) -> Result<Rational, SolveError> {
    let range = &bargain.range;
    for bits in SIGN_BITS {
        let s = match border {
            Site::Exact(s) => s.clone(),
            _ => {
                let place = border.place(range, bits, bargain.meter)?;
                let outward = (sign == Ordering::Less) == (place.end == End::Lower);
                let x = if outward { place.x.hi() } else { place.x.lo() };
                place.end.share(&x.to_rational().ok_or(SolveError::TooLarge)?, range)
            }
        };
        if sign_at(&s) == Some(sign) {
            return Ok(s);
        }
    }
    Err(SolveError::Undecided("the gains at the border of the pareto set"))
}

/// `ideal_j * gain_i - ideal_i * gain_j`
struct EqualParts {
    range: Range,
    gains: [Evaluator; 2],
    slopes: [Evaluator; 2],
    ideals: [Site; 2],
    known: RefCell<BTreeMap<u32, Option<[Ball; 2]>>>,
}

impl EqualParts {
    fn new(bargain: &Bargain<'_>, players: [(usize, &Site); 2]) -> Result<EqualParts, SolveError> {
        let range = bargain.range.clone();
        let gain = |(i, _): (usize, &Site)| Evaluator::new(bargain.gains[i].sum.clone(), &range);
        let slope = |(i, _): (usize, &Site)| {
            Ok::<_, SolveError>(Evaluator::new(bargain.gains[i].sum.derivative(&range)?, &range))
        };
        Ok(EqualParts {
            gains: players.map(gain),
            slopes: [slope(players[0])?, slope(players[1])?],
            ideals: players.map(|(_, site)| site.clone()),
            known: RefCell::default(),
            range,
        })
    }

    /// The largest gains of the two.
    fn largest(&self, bits: u32) -> Option<[Ball; 2]> {
        if let Some(known) = self.known.borrow().get(&bits) {
            return known.clone();
        }
        let at = |i: usize| {
            // Bounded by the largest precision to which a zero is refined.
            let place = self.ideals[i].place(&self.range, bits, &Meter::unlimited()).ok()?;
            self.gains[i].at(&place, bits)
        };
        let found = at(0).and_then(|first| Some([first, at(1)?]));
        self.known.borrow_mut().insert(bits, found.clone());
        found
    }

    fn combined(&self, functions: &[Evaluator; 2], place: &Place, bits: u32) -> Option<Ball> {
        let [first, second] = self.largest(bits)?;
        let rising = functions[0].at(place, bits)?.mul(&second).ok()?;
        rising.sub(&functions[1].at(place, bits)?.mul(&first).ok()?).ok()
    }

    fn exact(&self, share: &Rational) -> Result<bool, SolveError> {
        let [Site::Exact(a), Site::Exact(b)] = &self.ideals else { return Ok(false) };
        let at = |f: &PowerSum, s: &Rational| f.value(s, &self.range);
        let [f, g] = [&self.gains[0].sum, &self.gains[1].sum];
        let first = at(f, share)?.mul(&at(g, b)?)?;
        let second = at(g, share)?.mul(&at(f, a)?)?;
        Ok(first.add(&second.scale(&Rational::from(-1)))?.is_zero())
    }
}

impl Curve for EqualParts {
    fn value(&self, place: &Place, bits: u32) -> Option<Ball> {
        self.combined(&self.gains, place, bits)
    }
    fn slope(&self, place: &Place, bits: u32) -> Option<Ball> {
        self.combined(&self.slopes, place, bits)
    }
    fn vanishes(&self, share: &Rational) -> bool {
        self.exact(share).unwrap_or(false)
    }
}
