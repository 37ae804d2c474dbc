//! The egalitarian solution: where the least gain is largest.

use std::cmp::Ordering;

use rug::Rational;

use super::SolveError;
use super::bargain::{Bargain, Optimal};
use super::maximise::{Objective, best};
use super::partition::Partition;
use super::place::Place;
use super::radical::Surd;
use super::site::Site;
use crate::ball::Ball;

/// The precisions at which gains at a share are compared with the least.
const POOREST_BITS: [u32; 3] = [64, 256, 1024];
/// How many players are looked at before all of them are.
const FEW: usize = 8;

impl Bargain<'_> {
    /// Where the least gain is largest.
    ///
    /// The least gain of some players bounds that of all from above. So a share that is the only
    /// best one for some players, and at which nobody else certainly gains less than the least of
    /// them, is the only best one for all. Players who do gain less there join those looked at,
    /// until nobody does: mostly two or three are enough (Kelley, *The cutting-plane method*, 1960).
    pub(super) fn egalitarian(&self) -> Result<Optimal, SolveError> {
        let different = self.different();
        let mut some = vec![different[0]];
        while some.len() < different.len().min(FEW) {
            // What is not certified or not unique for some is left to all together.
            let Ok(found) = self.egalitarian_among(&some) else { break };
            let [(from, to)] = found.as_slice() else { break };
            let single = matches!((from, to), (Site::Exact(a), Site::Exact(b)) if a == b)
                || matches!((from, to), (Site::Zero(a), Site::Zero(b)) if a.is_same(b));
            if !single {
                break;
            }
            match self.poorest(from, &some, &different)? {
                Some(poorest) => some.push(poorest),
                None => return Ok(found),
            }
        }
        self.egalitarian_among(&different)
    }

    /// One of each group of players with the same gain.
    fn different(&self) -> Vec<usize> {
        (0..self.gains.len()).filter(|i| self.first_like[*i] == *i).collect()
    }

    /// Among the players who are not known to gain at a site at least as much as the least of some,
    /// the one who gains least there.
    fn poorest(&self, site: &Site, some: &[usize], different: &[usize]) -> Result<Option<usize>, SolveError> {
        let mut open: Vec<usize> = different.iter().copied().filter(|i| !some.contains(i)).collect();
        let mut lowest = None;
        for bits in POOREST_BITS {
            self.meter.charge(1)?;
            let place = site.place(&self.range, bits, self.meter)?;
            let least = some.iter().map(|i| self.gains[*i].at(&place, bits)).collect::<Option<Vec<Ball>>>();
            let Some(least) = least.and_then(|all| all.into_iter().reduce(|a, b| a.min(&b))) else {
                continue;
            };
            let values: Vec<Option<Ball>> = open.iter().map(|i| self.gains[*i].at(&place, bits)).collect();
            let found = open.iter().zip(&values).filter_map(|(i, v)| Some((*i, v.as_ref()?.clone())));
            lowest = found.reduce(|a, b| if b.1.lo() < a.1.lo() { b } else { a }).map(|(i, _)| i);
            let below = |v: &Ball| v.hi() < least.lo();
            if values.iter().flatten().any(below) {
                return Ok(lowest);
            }
            let mut above = values.iter().map(|v| v.as_ref().is_some_and(|v| v.lo() >= least.hi()));
            open.retain(|_| !above.next().unwrap_or(false));
            if open.is_empty() {
                return Ok(None);
            }
        }
        Ok(lowest.filter(|i| open.contains(i)).or(open.first().copied()))
    }

    /// The same for different players: at an end, where a gain is stationary, or where two gains
    /// are equal; between such shares the least gain is monotone.
    fn egalitarian_among(&self, players: &[usize]) -> Result<Optimal, SolveError> {
        let mut sites = self.ends().to_vec();
        let mut flat = false;
        for (rank, &i) in players.iter().enumerate() {
            flat |= matches!(self.slope(i)?, Partition::Zero);
            sites.extend(self.slope(i)?.sites().cloned());
            for &j in &players[rank + 1..] {
                sites.extend(self.crossings(i, j)?);
            }
        }
        let at = |p: &Place, bits| {
            let values: Option<Vec<Ball>> = players.iter().map(|i| self.gains[*i].at(p, bits)).collect();
            values?.into_iter().reduce(|a, b| a.min(&b))
        };
        let exact = |s: &Rational| self.least_gain(players, s);
        let symmetric = players.len() == self.different().len() && self.is_symmetric()?;
        let objective = Objective { at: &at, exact: &exact, symmetric };
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

    /// The shares at which two gains are equal.
    fn crossings(&self, i: usize, j: usize) -> Result<Vec<Site>, SolveError> {
        let (i, j) = (i.min(j), i.max(j));
        let mut known = self.crossings.borrow_mut();
        if let Some(sites) = known.get(&(i, j)) {
            return Ok(sites.clone());
        }
        let difference = self.gains[i].sum.sub(&self.gains[j].sum)?;
        let partition = Partition::of(&difference, &self.range, self.meter)?;
        let sites: Vec<Site> = partition.sites().cloned().collect();
        known.insert((i, j), sites.clone());
        Ok(sites)
    }

    fn least_gain(&self, players: &[usize], s: &Rational) -> Result<Surd, SolveError> {
        let mut least = self.gains[players[0]].sum.value(s, &self.range)?;
        for i in &players[1..] {
            let value = self.gains[*i].sum.value(s, &self.range)?;
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
}
