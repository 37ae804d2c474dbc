//! Polynomials in one variable: signs, Sturm sequences, isolation of real roots.

use std::cmp::Ordering;

use rug::{Integer, Rational};

use super::gcd::{gcd, pseudo_remainder};
use super::{Exhausted, Meter, Poly, Var};

/// A polynomial in one variable with integer coefficients, lowest first, without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UPoly {
    coeffs: Vec<Integer>,
}

/// A real root: a rational, or the only root of the polynomial it was isolated with in an open
/// interval at whose ends that polynomial does not vanish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Isolated {
    Rational(Rational),
    Between(Rational, Rational),
}

/// The result of [`UPoly::isolate`]: the roots in ascending order, and the squarefree polynomial
/// whose roots are those that are not rational numbers found as such.
pub struct Isolation {
    pub roots: Vec<Isolated>,
    pub rest: UPoly,
}

/// Leading coefficients with more bits than this are not searched for rational roots; such roots
/// stay isolated by an interval.
const RATIONAL_ROOT_BITS: u32 = 128;

impl UPoly {
    /// The polynomial with the given coefficients, lowest first.
    pub fn new(mut coeffs: Vec<Integer>) -> UPoly {
        while coeffs.last().is_some_and(|c| *c == 0) {
            coeffs.pop();
        }
        UPoly { coeffs }
    }
    /// A polynomial that has no variable but `v`; `None` if it has others.
    pub fn from_poly(p: &Poly, v: Var) -> Option<UPoly> {
        if p.main().is_some_and(|m| m > v) {
            return None;
        }
        let coeffs: Option<Vec<_>> = p.coeffs(v).iter().map(|c| c.as_const().cloned()).collect();
        Some(UPoly::new(coeffs?))
    }
    /// The same polynomial in the variable `v`.
    pub fn to_poly(&self, v: Var) -> Poly {
        Poly::from_coeffs(v, self.coeffs.iter().cloned().map(Poly::Const).collect())
    }
    /// The degree; 0 for constants and zero.
    pub fn degree(&self) -> usize {
        self.coeffs.len().saturating_sub(1)
    }
    /// The coefficients, lowest first.
    pub fn coeffs(&self) -> &[Integer] {
        &self.coeffs
    }
    /// The sign at a rational number.
    pub fn sign_at(&self, r: &Rational) -> Ordering {
        let (a, b) = (r.numer(), r.denom());
        let mut sum = Integer::new();
        let mut power = Integer::from(1);
        for c in self.coeffs.iter().rev() {
            sum *= a;
            sum += Integer::from(c * &power);
            power *= b;
        }
        sum.cmp0()
    }
    fn size(&self) -> u64 {
        self.coeffs.iter().map(|c| 1 + u64::from(c.significant_bits()) / 64).sum()
    }

    /// The real roots. Cost: polynomial in the degree and the length of the coefficients.
    pub fn isolate(&self, meter: &Meter) -> Result<Isolation, Exhausted> {
        let mut p = self.squarefree_part(meter)?;
        let mut rational = vec![];
        // A rational root met on a bisection point is divided out, and the search starts again.
        let mut between = loop {
            match p.descartes(meter)? {
                Ok(intervals) => break intervals,
                Err(root) => {
                    p = p.deflate(&root);
                    rational.push(root);
                }
            }
        };
        let mut open = vec![];
        for (lo, hi) in between.drain(..) {
            match p.rational_root_between(&lo, &hi, meter)? {
                Some(r) => rational.push(r),
                None => open.push((lo, hi)),
            }
        }
        for r in rational.iter().filter(|r| p.sign_at(r).is_eq()).cloned().collect::<Vec<_>>() {
            p = p.deflate(&r);
        }
        let mut roots: Vec<Isolated> = rational.into_iter().map(Isolated::Rational).collect();
        for (lo, hi) in open {
            roots.push(p.shrink_off(lo, hi, &roots, meter)?);
        }
        roots.sort_by(|a, b| a.low().cmp(b.low()));
        Ok(Isolation { roots, rest: p })
    }

    /// Shrinks an isolating interval until it contains none of the rational roots.
    fn shrink_off(
        &self,
        mut lo: Rational,
        mut hi: Rational,
        roots: &[Isolated],
        meter: &Meter,
    ) -> Result<Isolated, Exhausted> {
        let inside = |lo: &Rational, hi: &Rational| {
            roots.iter().any(|r| matches!(r, Isolated::Rational(r) if lo <= r && r <= hi))
        };
        while inside(&lo, &hi) {
            match self.bisect(&mut lo, &mut hi, meter)? {
                Some(r) => return Ok(Isolated::Rational(r)),
                None => continue,
            }
        }
        Ok(Isolated::Between(lo, hi))
    }

    /// Halves an isolating interval; the root itself if it is the midpoint.
    fn bisect(
        &self,
        lo: &mut Rational,
        hi: &mut Rational,
        meter: &Meter,
    ) -> Result<Option<Rational>, Exhausted> {
        let middle: Rational = Rational::from(&*lo + &*hi) / 2;
        meter.charge(self.size() * (1 + u64::from(middle.denom().significant_bits()) / 64))?;
        match self.sign_at(&middle) {
            Ordering::Equal => return Ok(Some(middle)),
            s if s == self.sign_at(hi) => *hi = middle,
            _ => *lo = middle,
        }
        Ok(None)
    }

    /// The rational root in an isolating interval, if the root there is rational: a rational root
    /// has a denominator that divides the leading coefficient.
    fn rational_root_between(
        &self,
        lo: &Rational,
        hi: &Rational,
        meter: &Meter,
    ) -> Result<Option<Rational>, Exhausted> {
        let lead = Integer::from(self.coeffs.last().expect("a polynomial with roots").abs_ref());
        if lead.significant_bits() > RATIONAL_ROOT_BITS {
            return Ok(None);
        }
        let (mut lo, mut hi) = (lo.clone(), hi.clone());
        while Rational::from(&hi - &lo) * &lead >= 1 {
            if let Some(r) = self.bisect(&mut lo, &mut hi, meter)? {
                return Ok(Some(r));
            }
        }
        // At most one multiple of 1/lead lies strictly inside.
        let candidate = Rational::from((Integer::from((lo * &lead).floor_ref()) + 1, lead));
        Ok((candidate < hi && self.sign_at(&candidate).is_eq()).then_some(candidate))
    }

    fn squarefree_part(&self, meter: &Meter) -> Result<UPoly, Exhausted> {
        let p = self.to_poly(0);
        let g = gcd(&p, &p.derivative(0), meter)?;
        let q = p.without_integer_content().divide(&g.normal()).unwrap_or(p);
        Ok(UPoly::from_poly(&q, 0).expect("one variable"))
    }

    /// The polynomial divided by `den x - num`; the rational is a root of it.
    fn deflate(&self, r: &Rational) -> UPoly {
        let factor = Poly::from_coeffs(
            0,
            vec![Poly::Const(Integer::from(-r.numer())), Poly::Const(r.denom().clone())],
        );
        let q = self.to_poly(0).normal().divide(&factor).expect("a root's factor divides (Gauss)");
        UPoly::from_poly(&q, 0).expect("one variable")
    }

    /// Isolating intervals of all roots of a squarefree polynomial, or a rational root that was
    /// met on the way (Collins and Akritas 1976).
    fn descartes(&self, meter: &Meter) -> Result<Result<Vec<(Rational, Rational)>, Rational>, Exhausted> {
        if self.degree() == 0 {
            return Ok(Ok(vec![]));
        }
        if self.coeffs[0] == 0 {
            return Ok(Err(Rational::new()));
        }
        let mut out = vec![];
        for negative in [true, false] {
            let p = if negative { self.mirrored() } else { self.clone() };
            let k = p.bound_exponent();
            let scaled = p.scaled_by_power_of_two(k);
            match scaled.unit_interval(meter)? {
                Ok(found) => out.extend(found.into_iter().map(|(lo, hi)| {
                    let (lo, hi) = (lo << k, hi << k);
                    if negative { (-hi, -lo) } else { (lo, hi) }
                })),
                Err(root) => {
                    let root = root << k;
                    return Ok(Err(if negative { -root } else { root }));
                }
            }
        }
        out.sort();
        Ok(Ok(out))
    }

    /// Isolates the roots in (0, 1), depth first with an explicit stack.
    fn unit_interval(&self, meter: &Meter) -> Result<Result<Vec<(Rational, Rational)>, Rational>, Exhausted> {
        let mut out = vec![];
        let mut stack = vec![(self.clone(), Rational::new(), Rational::from(1))];
        while let Some((p, lo, width)) = stack.pop() {
            meter.charge(p.size() * (1 + p.degree() as u64))?;
            let hi = Rational::from(&lo + &width);
            match p.variations_on_unit_interval() {
                0 => continue,
                // A root at an end of the interval is met as a bisection point of its parent, or
                // as zero; the ends 0 and 1 of the outermost interval are no roots.
                1 => {
                    out.push((lo, hi));
                    continue;
                }
                _ => {}
            }
            let half: Rational = width / 2;
            let middle = Rational::from(&lo + &half);
            let left = p.halved();
            let right = left.shifted_by_one();
            if right.coeffs[0] == 0 {
                return Ok(Err(middle));
            }
            stack.push((right, middle, half.clone()));
            stack.push((left, lo, half));
        }
        Ok(Ok(out))
    }

    fn mirrored(&self) -> UPoly {
        let flip = |(i, c): (usize, &Integer)| if i % 2 == 1 { Integer::from(-c) } else { c.clone() };
        UPoly { coeffs: self.coeffs.iter().enumerate().map(flip).collect() }
    }

    /// A `k` such that all roots have absolute value below `2^k` (Lagrange's bound, rounded up).
    fn bound_exponent(&self) -> u32 {
        let lead = self.coeffs.last().expect("not zero").significant_bits();
        let n = self.degree();
        let mut k = 1;
        for (i, c) in self.coeffs[..n].iter().enumerate().filter(|(_, c)| **c != 0) {
            // 2 |c/lead|^(1/(n-i)) <= 2^(1 + ceil((bits(c) - bits(lead) + 1)/(n-i)))
            let excess = (c.significant_bits() + 1).saturating_sub(lead);
            k = k.max(1 + excess.div_ceil((n - i) as u32));
        }
        k + 1
    }

    /// `p(2^k x)`
    fn scaled_by_power_of_two(&self, k: u32) -> UPoly {
        let coeffs =
            self.coeffs.iter().enumerate().map(|(i, c)| Integer::from(c << (k * i as u32))).collect();
        UPoly { coeffs }
    }

    /// `2^n p(x/2)`
    fn halved(&self) -> UPoly {
        let n = self.degree() as u32;
        let coeffs =
            self.coeffs.iter().enumerate().map(|(i, c)| Integer::from(c << (n - i as u32))).collect();
        UPoly { coeffs }
    }

    /// `p(x + 1)`
    fn shifted_by_one(&self) -> UPoly {
        let mut c = self.coeffs.clone();
        for i in 0..c.len() {
            for j in (i..c.len() - 1).rev() {
                let next = c[j + 1].clone();
                c[j] += next;
            }
        }
        UPoly { coeffs: c }
    }

    /// The sign variations of `(x+1)^n p(1/(x+1))`: an upper bound of the number of roots in
    /// (0, 1), exact when it is 0 or 1 (Descartes' rule of signs).
    fn variations_on_unit_interval(&self) -> usize {
        let reversed = UPoly { coeffs: self.coeffs.iter().rev().cloned().collect() };
        variations(reversed.shifted_by_one().coeffs.iter().map(|c| c.cmp0()))
    }

    /// The number of real roots, by Sturm's theorem: an independent check of [`UPoly::isolate`].
    pub fn count_roots(&self, meter: &Meter) -> Result<usize, Exhausted> {
        let chain = self.sturm_chain(meter)?;
        let at_infinity = |negative: bool| {
            variations(chain.iter().map(|p| {
                let s = p.coeffs.last().expect("not zero").cmp0();
                if negative && p.degree() % 2 == 1 { s.reverse() } else { s }
            }))
        };
        Ok(at_infinity(true) - at_infinity(false))
    }

    fn sturm_chain(&self, meter: &Meter) -> Result<Vec<UPoly>, Exhausted> {
        let p = self.to_poly(0);
        let mut chain = vec![p.clone(), p.derivative(0)];
        while let [.., a, b] = chain.as_slice()
            && b.degree() > 0
        {
            let (rest, e) = pseudo_remainder(a, b, 0, meter)?;
            let flip = e % 2 == 0 || b.lead_integer().cmp0().is_gt();
            let next = rest.without_integer_content();
            chain.push(if flip { -&next } else { next });
        }
        chain.retain(|p| !p.is_zero());
        Ok(chain.iter().map(|p| UPoly::from_poly(p, 0).expect("one variable")).collect())
    }
}

impl Isolated {
    fn low(&self) -> &Rational {
        match self {
            Isolated::Rational(r) => r,
            Isolated::Between(lo, _) => lo,
        }
    }
}

/// The number of sign changes in a sequence, zeros ignored.
pub fn variations(signs: impl Iterator<Item = Ordering>) -> usize {
    let kept: Vec<Ordering> = signs.filter(|s| s.is_ne()).collect();
    kept.windows(2).filter(|w| w[0] != w[1]).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};

    fn poly(cs: &[i64]) -> UPoly {
        UPoly::new(cs.iter().map(|c| Integer::from(*c)).collect())
    }

    #[test]
    fn rational_roots_are_found_as_rationals_among_irrational_ones() {
        // (2x - 1)(x + 3)^2 (x^2 - 2)
        let x = Poly::var(0);
        let p = &(&(&x.scale(&Integer::from(2)) - &Poly::int(1)) * &(&x + &Poly::int(3)).pow(2))
            * &(&x.pow(2) - &Poly::int(2));
        let u = UPoly::from_poly(&p, 0).expect("one variable");
        let found = u.isolate(&Meter::unlimited()).expect("unlimited");
        assert_eq!(found.rest, poly(&[-2, 0, 1]));
        assert_eq!(found.roots.len(), 4);
        assert_eq!(found.roots[0], Isolated::Rational(Rational::from(-3)));
        assert_eq!(found.roots[2], Isolated::Rational(Rational::from((1, 2))));
    }

    #[test]
    fn isolation_and_sturm_count_the_same_roots() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let meter = Meter::unlimited();
        for _ in 0..500 {
            let degree = rng.random_range(1..9);
            let p = poly(&(0..=degree).map(|_| rng.random_range(-6..=6)).collect::<Vec<_>>());
            if p.degree() == 0 {
                continue;
            }
            let found = p.isolate(&meter).expect("unlimited");
            assert_eq!(Ok(found.roots.len()), p.count_roots(&meter), "{:?}", p);
            for r in &found.roots {
                match r {
                    Isolated::Rational(r) => assert!(p.sign_at(r).is_eq()),
                    Isolated::Between(lo, hi) => {
                        assert_eq!(found.rest.sign_at(lo), found.rest.sign_at(hi).reverse());
                        assert!(found.rest.sign_at(lo).is_ne());
                    }
                }
            }
        }
    }
}
