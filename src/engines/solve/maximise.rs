//! The best among finitely many shares, certified.

use std::cmp::Ordering;

use rug::Rational;

use super::SolveError;
use super::partition::Partition;
use super::place::{End, Place};
use super::powersum::Range;
use super::radical::Surd;
use super::site::Site;
use crate::ball::Ball;
use crate::exact::Meter;

/// The precisions at which values are compared.
const VALUE_BITS: [u32; 6] = [64, 128, 256, 512, 1024, 2048];
/// The precision from which on equal values are suspected.
const TIE_BITS: u32 = 256;

/// What is maximised, enclosed at places and exact at rational shares where it can be.
pub(super) struct Objective<'a> {
    pub(super) at: &'a dyn Fn(&Place, u32) -> Option<Ball>,
    pub(super) exact: &'a dyn Fn(&Rational) -> Result<Surd, SolveError>,
    /// Whether it certainly has the same value at mirror images in the centre of the range.
    pub(super) symmetric: bool,
}

/// The sites at which a function with this derivative can be largest.
pub(super) fn peaks(slope: &Partition, range: &Range) -> Vec<Site> {
    let Partition::Signs { first, marks, last } = slope else { return vec![] };
    let mut sites = vec![];
    if *first == Ordering::Less {
        sites.push(Site::Exact(range.lower.clone()));
    }
    for mark in marks {
        let rises_after = !mark.is_cluster() && mark.after == Some(Ordering::Greater);
        let falls_before = !mark.is_cluster() && mark.before == Some(Ordering::Less);
        if !rises_after && !falls_before {
            sites.push(mark.site.clone());
        }
    }
    if *last == Ordering::Greater {
        sites.push(Site::Exact(range.upper.clone()));
    }
    sites
}

/// The best of the sites: several if their values are exactly equal, in order.
///
/// `Err`: two values can neither be told apart nor be shown equal, or the best one may lie
/// anywhere in a cluster.
pub(super) fn best(
    mut sites: Vec<Site>,
    objective: &Objective<'_>,
    range: &Range,
    meter: &Meter,
) -> Result<Vec<Site>, SolveError> {
    for bits in VALUE_BITS {
        if let [site] = sites.as_slice()
            && !matches!(site, Site::Cluster { .. })
        {
            return Ok(sites);
        }
        let mut values = vec![];
        for site in &sites {
            meter.charge(1)?;
            values.push((objective.at)(&site.place(range, bits, meter)?, bits));
        }
        // Compared, not copied: numbers of different precisions would be rounded.
        let largest = values.iter().flatten().map(Ball::lo).reduce(|a, b| if a >= b { a } else { b });
        if let Some(largest) = largest {
            let mut kept = values.iter().map(|v| v.as_ref().is_none_or(|v| v.hi() >= largest));
            sites.retain(|_| kept.next().unwrap_or(true));
        }
        if bits == TIE_BITS
            && let Some(tied) = tied(&sites, objective, range, meter)?
        {
            return Ok(tied);
        }
    }
    Err(SolveError::Undecided("which of several shares is the best"))
}

/// The sites in order, if their values are exactly equal: at rational shares, or at a pair of
/// mirror images.
fn tied(
    sites: &[Site],
    objective: &Objective<'_>,
    range: &Range,
    meter: &Meter,
) -> Result<Option<Vec<Site>>, SolveError> {
    if let ([Site::Zero(a), Site::Zero(b)], true) = (sites, objective.symmetric)
        && a.is_mirror_of(b, range)
    {
        let ordered = if a.end == End::Lower { [a, b] } else { [b, a] };
        return Ok(Some(ordered.map(|z| Site::Zero(z.clone())).to_vec()));
    }
    let mut shares = vec![];
    for site in sites {
        let Site::Exact(s) = site.recognised(range, meter)? else { return Ok(None) };
        shares.push(s);
    }
    shares.sort();
    shares.dedup();
    let Some(first) = shares.first() else { return Ok(None) };
    let value = (objective.exact)(first)?;
    for s in &shares[1..] {
        let difference = (objective.exact)(s)?.add(&value.scale(&Rational::from(-1)))?;
        if !difference.is_zero() {
            return Ok(None);
        }
    }
    Ok(Some(shares.into_iter().map(Site::Exact).collect()))
}
