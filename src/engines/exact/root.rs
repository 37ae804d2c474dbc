//! The real roots of a polynomial above a point, and their order.

use std::cmp::Ordering;

use rug::{Integer, Rational};

use super::gcd::{pseudo_division, pseudo_remainder};
use super::point::Root;
use super::upoly::{Isolated, variations};
use super::{Coord, Exhausted, Interval, Meter, Point, Poly, UPoly, Var, simplest_between};

/// The real roots of a polynomial in the next variable above a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// The polynomial vanishes identically above the point.
    Nullified,
    /// The distinct roots in ascending order.
    Some(Vec<Coord>),
}

/// What a Sturm bisection met.
enum Met {
    /// Isolating intervals of all roots.
    All(Vec<(Rational, Rational)>),
    /// A rational root at a bisection point.
    Rational(Rational),
}

impl Point {
    /// The real roots of `p` in the next variable, the earlier variables standing at the
    /// coordinates of the point.
    ///
    /// Above rational coordinates by Descartes' method; above algebraic ones by Sturm sequences
    /// with exact signs (Basu, Pollack, Roy, algorithms 10.4 and 10.14 in spirit).
    pub fn roots(&mut self, p: &Poly, meter: &Meter) -> Result<Roots, Exhausted> {
        let v = self.next();
        let p = self.reduce(&self.substitute(p), v, meter)?;
        let p = self.trim(&p, v, meter)?;
        if p.is_zero() {
            return Ok(Roots::Nullified);
        }
        // The content divides the leading coefficient, which does not vanish here.
        let p = p.divide(&p.content(v, meter)?).expect("a content divides");
        let p = self.with_constant_lead(&p, v, meter)?;
        if p.degree_main(v) == 0 {
            return Ok(Roots::Some(vec![]));
        }
        if let Some(u) = UPoly::from_poly(&p, v) {
            let found = u.isolate(meter)?;
            let rest = found.rest.to_poly(v);
            let coord = |r| match r {
                Isolated::Rational(r) => Coord::Rational(r),
                Isolated::Between(lo, hi) => Coord::Algebraic(Root { poly: rest.clone(), lo, hi }),
            };
            return Ok(Roots::Some(found.roots.into_iter().map(coord).collect()));
        }
        self.roots_by_sturm(p, v, meter)
    }

    fn roots_by_sturm(&mut self, mut p: Poly, v: Var, meter: &Meter) -> Result<Roots, Exhausted> {
        let mut rational: Vec<Rational> = vec![];
        let between = loop {
            if p.degree_main(v) == 0 {
                break vec![];
            }
            let chain = self.sturm_chain(&p, v, meter)?;
            let last = chain.last().expect("a chain starts with the polynomial").clone();
            if last.degree_main(v) > 0 {
                p = self.quotient(&p, &last, v, meter)?;
                continue;
            }
            match self.bisect_by_sturm(&p, &chain, v, meter)? {
                Met::All(found) => break found,
                Met::Rational(r) => {
                    let factor = Poly::from_coeffs(
                        v,
                        vec![Poly::Const(Integer::from(-r.numer())), Poly::Const(r.denom().clone())],
                    );
                    p = self.quotient(&p, &factor, v, meter)?;
                    rational.push(r);
                }
            }
        };
        let mut out: Vec<Coord> = rational.iter().cloned().map(Coord::Rational).collect();
        for (lo, hi) in between {
            let mut c = Coord::Algebraic(Root { poly: p.clone(), lo, hi });
            while let Coord::Algebraic(root) = &c
                && rational.iter().any(|r| root.lo <= *r && *r <= root.hi)
            {
                self.refine_above(v, &mut c, 1, meter)?;
            }
            out.push(c);
        }
        out.sort_by(|a, b| a.enclosure().lo.cmp(&b.enclosure().lo));
        Ok(Roots::Some(out))
    }

    /// The exact quotient above the point, up to a factor that does not vanish there.
    fn quotient(&mut self, p: &Poly, divisor: &Poly, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
        let (q, _, _) = pseudo_division(p, divisor, v, meter)?;
        let q = self.reduce(&q, v, meter)?;
        let q = self.trim(&q, v, meter)?;
        self.with_constant_lead(&q, v, meter)
    }

    /// The signed remainder sequence of `p` and its derivative above the point.
    fn sturm_chain(&mut self, p: &Poly, v: Var, meter: &Meter) -> Result<Vec<Poly>, Exhausted> {
        let mut chain = vec![p.clone(), p.derivative(v)];
        while let [.., a, b] = chain.as_slice()
            && b.degree_main(v) > 0
        {
            let (rest, e) = pseudo_remainder(a, b, v, meter)?;
            let lead = b.lead(v).clone();
            let positive = e % 2 == 0 || self.sign(&lead, meter)?.is_gt();
            let rest = self.reduce(&rest, v, meter)?;
            let rest = self.trim(&rest, v, meter)?;
            if rest.is_zero() {
                break;
            }
            let next = self.with_constant_lead(&rest, v, meter)?;
            chain.push(if positive { -&next } else { next });
        }
        Ok(chain)
    }

    fn variations_at(
        &mut self,
        chain: &[Poly],
        v: Var,
        x: &Rational,
        meter: &Meter,
    ) -> Result<usize, Exhausted> {
        let signs: Result<Vec<Ordering>, _> =
            chain.iter().map(|p| self.sign(&p.at_rational(v, x), meter)).collect();
        Ok(variations(signs?.into_iter()))
    }

    fn bisect_by_sturm(&mut self, p: &Poly, chain: &[Poly], v: Var, meter: &Meter) -> Result<Met, Exhausted> {
        let bound = self.root_bound(p, v, meter)?;
        let low = self.variations_at(chain, v, &Rational::from(-&bound), meter)?;
        let high = self.variations_at(chain, v, &bound, meter)?;
        let mut stack = vec![(Rational::from(-&bound), low, bound, high)];
        let mut out = vec![];
        while let Some((lo, at_lo, hi, at_hi)) = stack.pop() {
            match at_lo - at_hi {
                0 => continue,
                1 => {
                    out.push((lo, hi));
                    continue;
                }
                _ => {}
            }
            let middle: Rational = Rational::from(&lo + &hi) / 2;
            if self.sign(&p.at_rational(v, &middle), meter)?.is_eq() {
                return Ok(Met::Rational(middle));
            }
            let at_middle = self.variations_at(chain, v, &middle, meter)?;
            stack.push((lo, at_lo, middle.clone(), at_middle));
            stack.push((middle, at_middle, hi, at_hi));
        }
        out.sort();
        Ok(Met::All(out))
    }

    /// A number above the absolute value of every root (Cauchy's bound, rounded up to a power of
    /// two).
    fn root_bound(&mut self, p: &Poly, v: Var, meter: &Meter) -> Result<Rational, Exhausted> {
        let lead = p.lead(v).clone();
        let smallest = loop {
            self.sign(&lead, meter)?;
            let i = Interval::of(&lead, self.coords());
            match i.sign() {
                Some(Ordering::Greater) => break i.lo,
                Some(_) => break -i.hi,
                // The sign was found by the exact test, or at another enclosure: the leading
                // coefficient is not zero, so that finer enclosures settle it.
                None => self.refine_all(&lead, meter)?,
            }
        };
        let mut largest = Rational::new();
        for c in p.coeffs(v) {
            let i = Interval::of(c, self.coords());
            largest = largest.max(i.hi.abs()).max(i.lo.abs());
        }
        let bound: Rational = largest / smallest + 2;
        let bits = Integer::from(bound.ceil_ref()).significant_bits();
        Ok(Rational::from(Integer::from(1) << bits))
    }

    fn refine_all(&mut self, p: &Poly, meter: &Meter) -> Result<(), Exhausted> {
        for v in p.variables() {
            let prefix_top = self.pop_to(v);
            let mut c = self.pop().expect("the variable has a coordinate");
            let done = self.refine_above(v, &mut c, 8, meter);
            self.push(c);
            prefix_top.into_iter().rev().for_each(|c| self.push(c));
            done?;
        }
        Ok(())
    }

    fn pop_to(&mut self, v: Var) -> Vec<Coord> {
        let mut out = vec![];
        while self.len() > v as usize + 1 {
            out.push(self.pop().expect("longer than the variable's place"));
        }
        out
    }

    /// The order of two numbers above the point (coordinates of the next variable).
    pub fn compare(&mut self, a: &mut Coord, b: &mut Coord, meter: &Meter) -> Result<Ordering, Exhausted> {
        let v = self.next();
        match (&*a, &*b) {
            (Coord::Rational(x), Coord::Rational(y)) => return Ok(x.cmp(y)),
            (Coord::Rational(x), Coord::Algebraic(root)) => return self.place(x, root, v, meter),
            (Coord::Algebraic(root), Coord::Rational(y)) => {
                return Ok(self.place(y, root, v, meter)?.reverse());
            }
            (Coord::Algebraic(r), Coord::Algebraic(s)) if r == s => return Ok(Ordering::Equal),
            _ => {}
        }
        let mut tested = false;
        loop {
            let (Coord::Algebraic(r), Coord::Algebraic(s)) = (&*a, &*b) else {
                return self.compare(a, b, meter);
            };
            if r.hi <= s.lo {
                return Ok(Ordering::Less);
            }
            if s.hi <= r.lo {
                return Ok(Ordering::Greater);
            }
            if !tested {
                tested = true;
                if self.share_a_root(&r.clone(), &s.clone(), v, meter)? {
                    return Ok(Ordering::Equal);
                }
            }
            self.refine_above(v, a, 2, meter)?;
            self.refine_above(v, b, 2, meter)?;
        }
    }

    /// Whether two isolating intervals that overlap isolate the same number.
    fn share_a_root(&mut self, r: &Root, s: &Root, v: Var, meter: &Meter) -> Result<bool, Exhausted> {
        let g = self.gcd_above(&r.poly, &s.poly, v, meter)?;
        if g.degree_main(v) == 0 {
            return Ok(false);
        }
        // Each end of the overlap is an end of one of the two intervals, where the one polynomial,
        // and so its divisor, does not vanish; inside, the divisor has at most one simple root.
        let low = self.sign(&g.at_rational(v, (&r.lo).max(&s.lo)), meter)?;
        let high = self.sign(&g.at_rational(v, (&r.hi).min(&s.hi)), meter)?;
        Ok(low != high)
    }

    /// How a rational compares with a root.
    fn place(&mut self, x: &Rational, root: &Root, v: Var, meter: &Meter) -> Result<Ordering, Exhausted> {
        if *x <= root.lo {
            return Ok(Ordering::Less);
        }
        if *x >= root.hi {
            return Ok(Ordering::Greater);
        }
        let here = self.sign(&root.poly.at_rational(v, x), meter)?;
        if here.is_eq() {
            return Ok(Ordering::Equal);
        }
        let end = self.sign(&root.poly.at_rational(v, &root.hi), meter)?;
        Ok(if here == end { Ordering::Greater } else { Ordering::Less })
    }

    /// A simple rational strictly between two numbers `a < b` above the point; a missing one is
    /// infinite.
    pub fn between(
        &mut self,
        mut a: Option<Coord>,
        mut b: Option<Coord>,
        meter: &Meter,
    ) -> Result<Rational, Exhausted> {
        let v = self.next();
        loop {
            let low = a.as_ref().map(|c| c.enclosure());
            let high = b.as_ref().map(|c| c.enclosure());
            let width = |i: &Option<Interval>| {
                i.as_ref().map_or_else(Rational::new, |i| Rational::from(&i.hi - &i.lo))
            };
            let blur = width(&low).max(width(&high));
            let sharp = match (&low, &high) {
                (Some(l), Some(h)) => Rational::from(&h.lo - &l.hi) > blur * 8,
                _ => blur < Rational::from((1, 8)),
            };
            if sharp
                && let Some(r) = simplest_between(low.as_ref().map(|i| &i.hi), high.as_ref().map(|i| &i.lo))
            {
                return Ok(r);
            }
            for c in [&mut a, &mut b].into_iter().flatten() {
                self.refine_above(v, c, 2, meter)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rug::Float;

    use super::*;

    fn x(v: Var) -> Poly {
        Poly::var(v)
    }

    fn roots(point: &mut Point, p: &Poly) -> Vec<Coord> {
        match point.roots(p, &Meter::unlimited()) {
            Ok(Roots::Some(rs)) => rs,
            other => panic!("{other:?}"),
        }
    }

    /// The point with x0 = sqrt 2.
    fn root_of_two() -> Point {
        let mut point = Point::new();
        let c = roots(&mut point, &(&x(0).pow(2) - &Poly::int(2))).remove(1);
        point.push(c);
        point
    }

    #[test]
    fn a_value_that_vanishes_at_an_irrational_point_is_zero_exactly() {
        let m = Meter::unlimited();
        let mut point = root_of_two();
        let c = roots(&mut point, &(&x(1).pow(2) - &x(0))).remove(1);
        point.push(c);
        // x1^8 = x0^4 = 4
        assert_eq!(point.sign(&(&x(1).pow(8) - &Poly::int(4)), &m), Ok(Ordering::Equal));
        let nearly = &x(1).pow(8).scale(&Integer::from(1_000_000)) - &Poly::int(4_000_001);
        assert_eq!(point.sign(&nearly, &m), Ok(Ordering::Less));
    }

    #[test]
    fn roots_above_an_irrational_point_are_found_with_their_multiplicity_ignored() {
        let mut point = root_of_two();
        // (x1 - x0)^2 (x1 + 1) (x1^2 - 3)
        let p = &(&(&x(1) - &x(0)).pow(2) * &(&x(1) + &Poly::int(1))) * &(&x(1).pow(2) - &Poly::int(3));
        let found = roots(&mut point, &p);
        assert_eq!(found.len(), 4);
        assert_eq!(found[1], Coord::Rational(Rational::from(-1)));
    }

    #[test]
    fn a_polynomial_whose_coefficients_vanish_at_the_point_is_nullified() {
        let mut point = root_of_two();
        let factor = &x(0).pow(2) - &Poly::int(2);
        let p = &factor * &(&x(1) - &Poly::int(1));
        assert_eq!(point.roots(&p, &Meter::unlimited()), Ok(Roots::Nullified));
        // Lazard's evaluation divides the factor out and keeps the root at 1.
        let left = point.lazard(&(&factor.pow(2) * &(&x(1) - &Poly::int(1))), &Meter::unlimited());
        assert_eq!(roots(&mut point, &left.expect("unlimited")), vec![Coord::Rational(Rational::from(1))]);
    }

    #[test]
    fn the_same_number_isolated_by_two_polynomials_compares_equal() {
        let m = Meter::unlimited();
        let mut point = Point::new();
        let mut a = roots(&mut point, &(&x(0).pow(2) - &Poly::int(2))).remove(1);
        let mut b = roots(&mut point, &(&x(0).pow(4) - &Poly::int(4))).remove(1);
        let mut c = roots(&mut point, &(&x(0).pow(3) - &Poly::int(3))).remove(0);
        assert_eq!(point.compare(&mut a, &mut b, &m), Ok(Ordering::Equal));
        assert_eq!(point.compare(&mut a, &mut c, &m), Ok(Ordering::Less));
    }

    /// A point with one rational and three algebraic coordinates, each above the ones before it.
    fn tower() -> Point {
        let mut point = root_of_two();
        point.push(Coord::Rational(Rational::from((1, 2))));
        // x2^3 - x0 x2 - 1 - x1, then x3^2 - x2 - x0
        let cubic = &(&x(2).pow(3) - &(&x(0) * &x(2))) - &(&x(1) + &Poly::int(1));
        let c = roots(&mut point, &cubic).pop().expect("a cubic has a real root");
        point.push(c);
        let c = roots(&mut point, &(&x(3).pow(2) - &(&x(2) + &x(0)))).remove(0);
        point.push(c);
        point
    }

    /// The same point to 300 bits, by Newton's method.
    fn tower_in_floats() -> [Float; 4] {
        let two = Float::with_val(300, 2).sqrt();
        let half = Float::with_val(300, 0.5);
        let mut t = Float::with_val(300, 1.6);
        for _ in 0..12 {
            let value = Float::with_val(300, &t * &t) * &t - Float::with_val(300, &two * &t) - 1.5;
            let slope = Float::with_val(300, &t * &t) * 3 - &two;
            t -= value / slope;
        }
        let last = -Float::with_val(300, &t + &two).sqrt();
        [two, half, t, last]
    }

    fn in_floats(p: &Poly, at: &[Float]) -> Float {
        match p {
            Poly::Const(c) => Float::with_val(300, c),
            Poly::Sum { var, coeffs } => coeffs
                .iter()
                .rev()
                .fold(Float::with_val(300, 0), |sum, c| sum * &at[*var as usize] + in_floats(c, at)),
        }
    }

    #[test]
    fn signs_above_several_algebraic_coordinates_agree_with_three_hundred_bits() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(3);
        let (m, floats) = (Meter::unlimited(), tower_in_floats());
        let cubic = &(&x(2).pow(3) - &(&x(0) * &x(2))) - &(&x(1) + &Poly::int(1));
        let relations = [&x(0).pow(2) - &Poly::int(2), cubic, &x(3).pow(2) - &(&x(2) + &x(0))];
        for _ in 0..200 {
            let mut random = || {
                let mut p = Poly::int(rng.random_range(-5..=5));
                for _ in 0..3 {
                    let a = x(rng.random_range(0..4)).pow(rng.random_range(1..3));
                    p = &p + &(&(&a * &x(rng.random_range(0..4))) * &Poly::int(rng.random_range(-4..=4)));
                }
                p
            };
            let mut zero = Poly::zero();
            for r in &relations {
                zero = &zero + &(r * &random());
            }
            assert_eq!(tower().sign(&zero, &m), Ok(Ordering::Equal), "{zero}");
            let p = &zero + &random();
            let value = in_floats(&p, &floats);
            // Coefficients and powers are small: sixty digits are far more than enough.
            let expected =
                if value.clone().abs() < 1e-60 { Ordering::Equal } else { value.cmp0().expect("a number") };
            assert_eq!(tower().sign(&p, &m), Ok(expected), "{p}");
        }
    }

    #[test]
    fn roots_above_several_algebraic_coordinates_are_where_the_factors_vanish() {
        let m = Meter::unlimited();
        let mut point = tower();
        // (x4 - x3)^2 (x4 - x2) (x4 x0 - 3)
        let p = &(&(&x(4) - &x(3)).pow(2) * &(&x(4) - &x(2))) * &(&(&x(4) * &x(0)) - &Poly::int(3));
        let found = roots(&mut point, &p);
        assert_eq!(found.len(), 3);
        for factor in [&x(4) - &x(3), &x(4) - &x(2), &(&x(4) * &x(0)) - &Poly::int(3)] {
            let mut hits = 0;
            for c in &found {
                point.push(c.clone());
                hits += usize::from(point.sign(&factor, &m) == Ok(Ordering::Equal));
                point.pop();
            }
            assert_eq!(hits, 1, "{factor}");
        }
    }
}
