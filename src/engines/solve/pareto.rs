//! The Pareto set of payoffs with one peak each, and the Kalai-Smorodinsky solution on it.
//!
//! If every payoff rises strictly up to its peak and falls strictly after it, the Pareto-optimal
//! shares are those between the smallest and the largest peak: between them every move hurts the
//! player at one of the two, outside them a move towards them helps everybody (Moulin, *Axioms
//! of Cooperative Decision Making*, 1988, chapter 10). A share that dominates one at which
//! nobody is below disagreement is such a share too, so the set is cut with those.
//!
//! More peaks are allowed if between the outermost of the players' highest peaks the payoff of one
//! player rises strictly while that of another falls, and at either of the two outermost everybody
//! gets at least as much as anywhere beyond it: then whatever lies outside is dominated by one of
//! the two. Cut with the shares at which nobody loses, the set may come in several intervals.

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

type Interval = (Site, Site);

/// The Pareto-optimal shares at which nobody is below disagreement.
#[derive(Clone)]
pub(super) struct ParetoSet {
    /// Closed intervals in order, apart from each other; at least one.
    pub(super) parts: Vec<Interval>,
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
    let (left, right) = outermost(bargain, &peaks)?;
    let whole = (peaks[left].clone(), peaks[right].clone());
    let mut parts = vec![whole.clone()];
    for i in 0..peaks.len() {
        parts = common(bargain, &parts, &not_below(bargain, i, &whole)?)?;
    }
    if parts.is_empty() {
        return Err(SolveError::NoAgreement);
    }
    Ok(ParetoSet { parts, peaks, extremes: (left, right) })
}

/// What two unions of intervals have in common.
fn common(
    bargain: &Bargain<'_>,
    some: &[Interval],
    others: &[Interval],
) -> Result<Vec<Interval>, SolveError> {
    let mut out = vec![];
    for (a, b) in some {
        for (c, d) in others {
            let lower = if bargain.compare(a, c)? == Ordering::Less { c } else { a };
            let upper = if bargain.compare(b, d)? == Ordering::Greater { d } else { b };
            if bargain.compare(lower, upper)? != Ordering::Greater {
                out.push((lower.clone(), upper.clone()));
            }
        }
    }
    Ok(out)
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

/// The highest peaks of the players, if the Pareto set is certainly what lies between them: one
/// payoff rises there strictly while another falls, and beyond either of the two outermost peaks
/// nobody gets as much as there.
fn highest_peaks(bargain: &Bargain<'_>) -> Result<Vec<Site>, SolveError> {
    let mut found = vec![];
    for i in 0..bargain.gains.len() {
        match bargain.highest(i)?.as_slice() {
            [peak] => found.push(peak.clone()),
            _ => return Err(SolveError::ParetoNotCertified),
        }
    }
    let (left, right) = outermost(bargain, &found)?;
    // Everybody's best: it alone is optimal.
    if bargain.compare(&found[left], &found[right])? == Ordering::Equal {
        return Ok(found);
    }
    for i in [left, right] {
        if !turns_inside(bargain, i, &(found[left].clone(), found[right].clone()))?.is_empty() {
            return Err(SolveError::ParetoNotCertified);
        }
    }
    for (peak, beyond) in [(left, Ordering::Less), (right, Ordering::Greater)] {
        for other in (0..found.len()).filter(|i| *i != peak) {
            if !bargain.is_best_beyond(other, &found[peak], beyond)? {
                return Err(SolveError::ParetoNotCertified);
            }
        }
    }
    Ok(found)
}

/// The players with the smallest and the largest peak.
fn outermost(bargain: &Bargain<'_>, peaks: &[Site]) -> Result<(usize, usize), SolveError> {
    let (mut left, mut right) = (0, 0);
    for i in 1..peaks.len() {
        if bargain.compare(&peaks[i], &peaks[left])? == Ordering::Less {
            left = i;
        }
        if bargain.compare(&peaks[i], &peaks[right])? == Ordering::Greater {
            right = i;
        }
    }
    Ok((left, right))
}

/// Where a gain may turn strictly inside an interval.
fn turns_inside(
    bargain: &Bargain<'_>,
    player: usize,
    (lower, upper): &Interval,
) -> Result<Vec<Site>, SolveError> {
    let mut inside = vec![];
    for site in bargain.slope(player)?.sites() {
        if bargain.compare(site, lower)? == Ordering::Greater
            && bargain.compare(site, upper)? == Ordering::Less
        {
            inside.push(site.clone());
        }
    }
    Ok(inside)
}

/// The parts of an interval on which a gain is not negative.
fn not_below(bargain: &Bargain<'_>, player: usize, whole: &Interval) -> Result<Vec<Interval>, SolveError> {
    let (lower, upper) = whole;
    let gain = &bargain.gains[player];
    let undecided = SolveError::Undecided("who gains at the border of the pareto set");
    let at_lower = bargain.sign(gain, lower)?.ok_or(undecided.clone())?;
    let at_upper = bargain.sign(gain, upper)?.ok_or(undecided.clone())?;
    let hill = single_peak(bargain.slope(player)?, &bargain.range).is_ok()
        || turns_inside(bargain, player, whole)?.is_empty();
    if hill && at_lower.is_ge() && at_upper.is_ge() {
        return Ok(vec![whole.clone()]);
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
    // The signs of the stretches between the lower end, the marks and the upper end.
    let border = [at_lower, at_upper].into_iter().find(|s| s.is_ne());
    let first = marks.first().map_or(border, |m| m.before);
    let signs: Option<Vec<Ordering>> = std::iter::once(first).chain(marks.iter().map(|m| m.after)).collect();
    let places = std::iter::once(lower).chain(marks.iter().map(|m| &m.site)).chain([upper]);
    let zero_at = |k: usize| match k {
        0 => at_lower == Ordering::Equal,
        k if k == marks.len() + 1 => at_upper == Ordering::Equal,
        _ => true,
    };
    Ok(not_negative(&places.collect::<Vec<_>>(), &signs.ok_or(undecided)?, &zero_at))
}

/// The union of the stretches that are positive and of the places that are zero.
fn not_negative(places: &[&Site], signs: &[Ordering], zero_at: &dyn Fn(usize) -> bool) -> Vec<Interval> {
    let mut out: Vec<Interval> = vec![];
    let mut reaches = false;
    for (k, place) in places.iter().enumerate() {
        let before = k > 0 && signs[k - 1] == Ordering::Greater;
        let after = signs.get(k) == Some(&Ordering::Greater);
        if before && reaches {
            out.last_mut().expect("a positive stretch began").1 = (*place).clone();
        } else if before || after || zero_at(k) {
            out.push(((*place).clone(), (*place).clone()));
        }
        reaches = after;
    }
    out
}

/// The share of the Pareto set at which all gains are the same part of their largest on it.
///
/// `Err`: no such share (with three players or more), or largest gains that are not positive.
pub(super) fn kalai_smorodinsky(bargain: &Bargain<'_>, set: &ParetoSet) -> Result<Site, SolveError> {
    let [part] = set.parts.as_slice() else {
        return Err(SolveError::Undecided("equal parts on a pareto set of several intervals"));
    };
    let peaks = set.peaks.iter().enumerate();
    let ideals = peaks.map(|(i, peak)| ideal(bargain, part, i, peak)).collect::<Result<Vec<_>, _>>()?;
    if bargain.compare(&part.0, &part.1)? == Ordering::Equal {
        return Ok(part.0.clone());
    }
    if bargain.is_symmetric()? {
        // The pareto set and the ideal gains are symmetric as well.
        let centre = Rational::from(&bargain.range.lower + &bargain.range.upper) / 2u32;
        return Ok(Site::Exact(centre));
    }
    let (left, right) = set.extremes;
    let parts = |i: usize, j: usize| EqualParts::new(bargain, [(j, &ideals[j]), (i, &ideals[i])]);
    let found = equal_parts(parts(left, right)?, part, bargain)?;
    // Who gains what one of the two gains gets the same part.
    let like = |i: usize, j: usize| bargain.gains[i].sum == bargain.gains[j].sum;
    for i in (0..ideals.len()).filter(|i| !like(*i, left) && !like(*i, right)) {
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
fn ideal(bargain: &Bargain<'_>, part: &Interval, player: usize, peak: &Site) -> Result<Site, SolveError> {
    let (lower, upper) = part;
    let below = bargain.compare(peak, lower)? == Ordering::Less;
    let above = bargain.compare(peak, upper)? == Ordering::Greater;
    let turns = if below || above { turns_inside(bargain, player, part)? } else { vec![] };
    let site = match (below, above) {
        (false, false) => peak.clone(),
        _ if !turns.is_empty() => {
            let sites = [vec![lower.clone()], turns, vec![upper.clone()]].concat();
            let best = bargain.best(sites, &bargain.gains[player])?;
            best.into_iter().next().ok_or(SolveError::Undecided("the largest gain of a player"))?
        }
        (true, _) => lower.clone(),
        _ => upper.clone(),
    };
    let site = site.recognised(&bargain.range, bargain.meter)?;
    match bargain.sign(&bargain.gains[player], &site)? {
        Some(Ordering::Greater) => Ok(site),
        _ => Err(SolveError::Undecided("whether a player can gain anything")),
    }
}

/// The zero on the Pareto set of a curve that rises strictly on it.
fn equal_parts(curve: EqualParts, part: &Interval, bargain: &Bargain<'_>) -> Result<Site, SolveError> {
    let range = &bargain.range;
    let sign_at =
        |s: &Rational| SIGN_BITS.iter().find_map(|b| curve.value(&Place::exactly(s, range, *b)?, *b)?.sign());
    let mut low = inner_border(&part.0, Ordering::Less, &sign_at, bargain)?;
    let mut high = inner_border(&part.1, Ordering::Greater, &sign_at, bargain)?;
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
