//! Sums of products of powers of linear factors, with exact constants.

use std::collections::{BTreeMap, BTreeSet};

use rug::{Integer, Rational};

use super::SolveError;
use super::place::{Evaluator, Place};
use super::radical::Surd;

/// The largest natural power of a sum that is multiplied out.
const LARGEST_POWER: u32 = 64;
/// The largest degree of a polynomial that is tested for being zero.
const LARGEST_DEGREE: u32 = 512;
/// The precision at which a function is looked at before it is tested for being zero everywhere.
const PROBE_BITS: u32 = 256;
/// The largest number of terms.
const MOST_TERMS: usize = 4096;

/// The closed range of the share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) lower: Rational,
    pub(super) upper: Rational,
}

impl Range {
    /// The distance of `s` from `z`, positive inside the range: `s - z` for `z` at or below it,
    /// `z - s` for `z` at or above it, with the slope's sign.
    pub(super) fn direction(&self, z: &Rational) -> i32 {
        if *z <= self.lower { 1 } else { -1 }
    }
    pub(super) fn distance(&self, s: &Rational, z: &Rational) -> Rational {
        Rational::from(s - z) * self.direction(z)
    }
    pub(super) fn width(&self) -> Rational {
        Rational::from(&self.upper - &self.lower)
    }
    fn inside(&self, z: &Rational) -> bool {
        *z > self.lower && *z < self.upper
    }
}

/// Exponents of the distances from points outside the open range; none of them zero.
pub(super) type Factors = BTreeMap<Rational, Rational>;

/// `sum of c_i * product of |s - z|^e`, the `z` outside the open range, `c_i` exact and not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PowerSum {
    pub(super) terms: BTreeMap<Factors, Surd>,
}

impl PowerSum {
    pub(super) fn constant(c: Surd) -> PowerSum {
        let mut out = PowerSum::default();
        if !c.is_zero() {
            out.terms.insert(Factors::new(), c);
        }
        out
    }

    /// The share itself.
    pub(super) fn share(range: &Range) -> PowerSum {
        let zero = Rational::new();
        let z = if range.inside(&zero) { &range.lower } else { &zero };
        let slope = Surd::rational(Rational::from(range.direction(z)));
        let mut out = PowerSum::constant(Surd::rational(z.clone()));
        out.terms.insert(Factors::from([(z.clone(), Rational::from(1))]), slope);
        out
    }

    fn push(&mut self, factors: Factors, c: &Surd) -> Result<(), SolveError> {
        let sum = self.terms.get(&factors).map_or_else(|| Ok(c.clone()), |old| old.add(c))?;
        if sum.is_zero() {
            self.terms.remove(&factors);
        } else {
            self.terms.insert(factors, sum);
        }
        if self.terms.len() > MOST_TERMS { Err(SolveError::TooLarge) } else { Ok(()) }
    }

    pub(super) fn add(&self, other: &PowerSum) -> Result<PowerSum, SolveError> {
        let mut out = self.clone();
        for (f, c) in &other.terms {
            out.push(f.clone(), c)?;
        }
        Ok(out)
    }

    pub(super) fn sub(&self, other: &PowerSum) -> Result<PowerSum, SolveError> {
        self.add(&other.scale(&Surd::rational(Rational::from(-1)))?)
    }

    pub(super) fn scale(&self, k: &Surd) -> Result<PowerSum, SolveError> {
        self.mul(&PowerSum::constant(k.clone()))
    }

    pub(super) fn mul(&self, other: &PowerSum) -> Result<PowerSum, SolveError> {
        let mut out = PowerSum::default();
        for (f, c) in &self.terms {
            for (g, d) in &other.terms {
                out.push(times(f, g), &c.mul(d)?)?;
            }
        }
        Ok(out)
    }

    /// `self^e`, where the power is defined on the whole closed range.
    pub(super) fn power(&self, e: &Rational, range: &Range) -> Result<PowerSum, SolveError> {
        let whole = *e.denom() == 1;
        if whole && *e >= 0 && (self.terms.len() != 1 || *e == 0) {
            let n = e.numer().to_u32().filter(|n| *n <= LARGEST_POWER).ok_or(SolveError::TooLarge)?;
            let one = PowerSum::constant(Surd::rational(Rational::from(1)));
            return (0..n).try_fold(one, |product, _| product.mul(self));
        }
        let linear = if self.terms.len() > 1 { self.linear_factor(range)? } else { None };
        let base = linear.as_ref().unwrap_or(self);
        let mut terms = base.terms.iter();
        let (factors, c) = match (terms.next(), terms.next()) {
            (Some(term), None) => term,
            (None, _) if *e > 0 => return Ok(PowerSum::default()),
            (None, _) => return Err(SolveError::Undefined),
            _ => return Err(SolveError::Unsupported("a power of a sum that is not linear in the share")),
        };
        let at_end = |z: &Rational| *z == range.lower || *z == range.upper;
        if *e <= 0 && factors.keys().any(at_end) {
            return Err(SolveError::Undefined);
        }
        let raised = factors.iter().map(|(z, x)| (z.clone(), Rational::from(x * e)));
        Ok(PowerSum { terms: BTreeMap::from([(raised.collect(), c.power(e)?)]) })
    }

    /// The same function as one factor, if it is linear with rational coefficients and without
    /// a zero inside the range.
    pub(super) fn linear_factor(&self, range: &Range) -> Result<Option<PowerSum>, SolveError> {
        let (mut slope, mut value) = (Rational::new(), Rational::new());
        for (f, c) in &self.terms {
            let Some(c) = c.as_rational() else { return Ok(None) };
            match f.iter().next() {
                None => value += c,
                Some((z, e)) if f.len() == 1 && *e == 1 => {
                    let c = c * range.direction(z);
                    value -= Rational::from(&c * z);
                    slope += c;
                }
                _ => return Ok(None),
            }
        }
        if slope == 0 {
            return Ok(Some(PowerSum::constant(Surd::rational(value))));
        }
        let z = -value / &slope;
        if range.inside(&z) {
            return Ok(None);
        }
        slope *= range.direction(&z);
        let factors = Factors::from([(z, Rational::from(1))]);
        Ok(Some(PowerSum { terms: BTreeMap::from([(factors, Surd::rational(slope))]) }))
    }

    /// The derivative by the share, inside the range.
    pub(super) fn derivative(&self, range: &Range) -> Result<PowerSum, SolveError> {
        let mut out = PowerSum::default();
        for (f, c) in &self.terms {
            for (z, e) in f {
                let lowered = times(f, &Factors::from([(z.clone(), Rational::from(-1))]));
                out.push(lowered, &c.scale(&Rational::from(e * range.direction(z))))?;
            }
        }
        Ok(out)
    }

    /// The function divided by powers of the distances from the two ends, so that the smallest
    /// exponent of each is zero: the same signs inside the range.
    pub(super) fn without_end_factors(&self, range: &Range) -> PowerSum {
        let least = |z: &Rational| {
            self.terms.keys().map(|f| f.get(z).cloned().unwrap_or_default()).min().unwrap_or_default()
        };
        let ends = [&range.lower, &range.upper];
        let divisor: Factors = ends.iter().map(|z| ((*z).clone(), -least(z))).collect();
        PowerSum { terms: self.terms.iter().map(|(f, c)| (times(f, &divisor), c.clone())).collect() }
    }

    /// The value at a rational share of the closed range.
    pub(super) fn value(&self, s: &Rational, range: &Range) -> Result<Surd, SolveError> {
        let mut sum = Surd::default();
        for (f, c) in &self.terms {
            let mut product = c.clone();
            for (z, e) in f {
                product = product.mul(&Surd::rational(range.distance(s, z)).power(e)?)?;
            }
            sum = sum.add(&product)?;
        }
        Ok(sum)
    }

    /// The function of the share's mirror image in the centre of the range.
    #[must_use]
    pub(super) fn mirrored(&self, range: &Range) -> PowerSum {
        let ends = Rational::from(&range.lower + &range.upper);
        let image = |f: &Factors| f.iter().map(|(z, e)| (Rational::from(&ends - z), e.clone())).collect();
        PowerSum { terms: self.terms.iter().map(|(f, c)| (image(f), c.clone())).collect() }
    }

    /// Whether the function is zero on the whole range; exact.
    ///
    /// Products of powers whose exponents differ by more than integers are linearly independent
    /// over the rational functions (they differ in how they continue around the points `z`).
    pub(super) fn is_identically_zero(&self, range: &Range) -> Result<bool, SolveError> {
        let probe = range.lower.clone() + range.width() * Rational::from((3, 7));
        let somewhere = Place::exactly(&probe, range, PROBE_BITS)
            .and_then(|place| Evaluator::new(self.clone(), range).at(&place, PROBE_BITS));
        if somewhere.is_some_and(|value| !value.contains_zero()) {
            return Ok(false);
        }
        let points: BTreeSet<&Rational> = self.terms.keys().flat_map(BTreeMap::keys).collect();
        let exponent = |f: &Factors, z: &Rational| f.get(z).cloned().unwrap_or_default();
        let class = |f: &Factors| -> Vec<Rational> {
            points.iter().map(|z| exponent(f, z)).map(|e| e.clone() - Integer::from(e.floor_ref())).collect()
        };
        let mut classes: BTreeMap<Vec<Rational>, Vec<(&Factors, &Surd)>> = BTreeMap::new();
        for (f, c) in &self.terms {
            classes.entry(class(f)).or_default().push((f, c));
        }
        for terms in classes.values() {
            let mut sum: Vec<Surd> = vec![];
            for (f, c) in terms {
                let mut product = vec![(*c).clone()];
                for z in &points {
                    let least = terms.iter().map(|(g, _)| exponent(g, z)).min().unwrap_or_default();
                    let n = (exponent(f, z) - least).numer().to_u32();
                    let n = n.filter(|n| *n <= LARGEST_DEGREE).ok_or(SolveError::TooLarge)?;
                    for _ in 0..n {
                        product = times_distance(&product, z, range)?;
                    }
                }
                sum.resize(sum.len().max(product.len()), Surd::default());
                for (total, c) in sum.iter_mut().zip(&product) {
                    *total = total.add(c)?;
                }
            }
            if !sum.iter().all(Surd::is_zero) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A polynomial (coefficients from the constant up) times the distance from `z`.
fn times_distance(p: &[Surd], z: &Rational, range: &Range) -> Result<Vec<Surd>, SolveError> {
    let direction = range.direction(z);
    let mut out = vec![Surd::default(); p.len() + 1];
    for (i, c) in p.iter().enumerate() {
        out[i] = out[i].add(&c.scale(&Rational::from(z * -direction)))?;
        out[i + 1] = out[i + 1].add(&c.scale(&Rational::from(direction)))?;
    }
    Ok(out)
}

/// The product of two products of powers.
pub(super) fn times(f: &Factors, g: &Factors) -> Factors {
    let mut out = f.clone();
    for (z, e) in g {
        let sum = out.get(z).map_or_else(|| e.clone(), |old| Rational::from(old + e));
        if sum == 0 {
            out.remove(z);
        } else {
            out.insert(z.clone(), sum);
        }
    }
    out
}
