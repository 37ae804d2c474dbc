//! Points with real algebraic coordinates, and the exact sign of a polynomial there.

use std::cmp::Ordering;

use rug::{Integer, Rational};
use serde::{Deserialize, Serialize};

use super::gcd::{pseudo_division, pseudo_remainder};
use super::interval::sign_on;
use super::{Exhausted, Interval, Meter, Poly, Var};

/// A real algebraic coordinate of a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Coord {
    Rational(Rational),
    Algebraic(Root),
}

/// A root above the earlier coordinates of a point: the only root of `poly` (in its main variable,
/// the earlier variables standing at the earlier coordinates) in the open interval `(lo, hi)`. At
/// that point `poly` keeps its degree and is squarefree, and it does not vanish at `lo` and `hi`,
/// so that it changes its sign between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    pub poly: Poly,
    pub lo: Rational,
    pub hi: Rational,
}

impl Coord {
    /// The value, if it is known to be rational.
    pub fn as_rational(&self) -> Option<&Rational> {
        match self {
            Coord::Rational(r) => Some(r),
            Coord::Algebraic(_) => None,
        }
    }
    /// An interval that contains it.
    pub fn enclosure(&self) -> Interval {
        match self {
            Coord::Rational(r) => Interval::point(r),
            Coord::Algebraic(root) => Interval { lo: root.lo.clone(), hi: root.hi.clone() },
        }
    }
}

/// A point: coordinate `i` is the value of variable `i`. An algebraic coordinate is given above
/// the coordinates before it (a triangular set with a chosen real root).
#[derive(Clone, Debug, Default)]
pub struct Point {
    coords: Vec<Coord>,
}

/// What the evaluation of one term by interval arithmetic costs.
const STEPS_PER_TERM: u64 = 100;

/// Rounds of refinement before the exact test for zero.
const ROUNDS_BEFORE_EXACT_TEST: u32 = 2;

impl Point {
    /// The point without coordinates.
    pub fn new() -> Point {
        Point::default()
    }
    /// The number of coordinates.
    pub fn len(&self) -> usize {
        self.coords.len()
    }
    /// Whether it has no coordinates.
    pub fn is_empty(&self) -> bool {
        self.coords.is_empty()
    }
    /// The coordinates.
    pub fn coords(&self) -> &[Coord] {
        &self.coords
    }
    /// The variable of the coordinate that would be added next.
    pub fn next(&self) -> Var {
        self.coords.len() as Var
    }
    /// Adds a coordinate.
    pub fn push(&mut self, c: Coord) {
        self.coords.push(c);
    }
    /// Takes the last coordinate off.
    pub fn pop(&mut self) -> Option<Coord> {
        self.coords.pop()
    }

    /// The polynomial with the rational coordinates substituted, up to a positive factor.
    pub fn substitute(&self, p: &Poly) -> Poly {
        let mut out = p.clone();
        for v in p.variables() {
            if let Some(Coord::Rational(r)) = self.coords.get(v as usize) {
                out = out.at_rational(v, r);
            }
        }
        out.without_integer_content()
    }

    /// The sign of a polynomial at the point, whose coordinates cover its variables.
    ///
    /// Intervals first; then an exact test for zero by greatest common divisors above the earlier
    /// coordinates (Loos 1982); for a value that is not zero, refinement until the enclosure
    /// excludes zero.
    pub fn sign(&mut self, p: &Poly, meter: &Meter) -> Result<Ordering, Exhausted> {
        let p = self.substitute(p);
        if let Some(c) = p.as_const() {
            return Ok(c.cmp0());
        }
        let mut round = 0;
        loop {
            meter.charge(STEPS_PER_TERM * p.size())?;
            if let Some(s) = sign_on(&p, &self.coords) {
                return Ok(s);
            }
            if round == ROUNDS_BEFORE_EXACT_TEST && self.vanishes(&p, meter)? {
                return Ok(Ordering::Equal);
            }
            for v in p.variables() {
                self.refine(v, 4 + 4 * round, meter)?;
            }
            round += 1;
        }
    }

    /// Halves the isolating interval of a coordinate so many times.
    fn refine(&mut self, v: Var, halvings: u32, meter: &Meter) -> Result<(), Exhausted> {
        let place = v as usize;
        let mut coord = std::mem::replace(&mut self.coords[place], Coord::Rational(Rational::new()));
        let done = self.refine_above(v, &mut coord, halvings, meter);
        self.coords[place] = coord;
        done
    }

    /// Halves the isolating interval of a coordinate of variable `v` above the earlier ones.
    pub fn refine_above(
        &mut self,
        v: Var,
        coord: &mut Coord,
        halvings: u32,
        meter: &Meter,
    ) -> Result<(), Exhausted> {
        let Coord::Algebraic(root) = coord else { return Ok(()) };
        let at_end = self.sign(&root.poly.at_rational(v, &root.hi), meter)?;
        for _ in 0..halvings {
            let middle: Rational = Rational::from(&root.lo + &root.hi) / 2;
            meter.charge(root.poly.size() * (1 + u64::from(middle.denom().significant_bits()) / 64))?;
            match self.sign(&root.poly.at_rational(v, &middle), meter)? {
                Ordering::Equal => {
                    *coord = Coord::Rational(middle);
                    return Ok(());
                }
                s if s == at_end => root.hi = middle,
                _ => root.lo = middle,
            }
        }
        Ok(())
    }

    /// The exact test for zero; the polynomial is not constant and has only algebraic variables.
    fn vanishes(&mut self, p: &Poly, meter: &Meter) -> Result<bool, Exhausted> {
        let v = p.main().expect("not constant");
        let Coord::Algebraic(root) = self.coords[v as usize].clone() else {
            return Ok(self.sign(p, meter)?.is_eq());
        };
        let p = self.trim(p, v, meter)?;
        if p.degree_main(v) == 0 {
            return Ok(p.is_zero());
        }
        let g = self.gcd_above(&root.poly, &p, v, meter)?;
        if g.degree_main(v) == 0 {
            return Ok(false);
        }
        let low = self.sign(&g.at_rational(v, &root.lo), meter)?;
        let high = self.sign(&g.at_rational(v, &root.hi), meter)?;
        Ok(low != high)
    }

    /// The polynomial in `v` without the leading terms whose coefficients vanish at the point.
    pub fn trim(&mut self, p: &Poly, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
        let p = self.substitute(p);
        self.drop_vanishing(p, v, meter)
    }

    fn drop_vanishing(&mut self, mut p: Poly, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
        while !p.is_zero() && self.sign(p.lead(v), meter)?.is_eq() {
            let degree = p.degree_main(v);
            p = Poly::from_coeffs(v, p.coeffs(v)[..degree].to_vec());
        }
        Ok(p)
    }

    /// A greatest common divisor in `v` of two polynomials whose leading coefficients do not
    /// vanish at the point, up to a factor that does not vanish there; of degree 0 if they are
    /// coprime there.
    pub fn gcd_above(&mut self, a: &Poly, b: &Poly, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
        let (mut a, mut b) = (self.substitute(a), self.substitute(b));
        if a.degree_main(v) < b.degree_main(v) {
            std::mem::swap(&mut a, &mut b);
        }
        b = self.with_constant_lead(&b, v, meter)?;
        while b.degree_main(v) > 0 {
            let (rest, _) = pseudo_remainder(&a, &b, v, meter)?;
            let rest = self.reduce(&rest, v, meter)?;
            let rest = self.trim(&rest, v, meter)?;
            a = b;
            b = self.with_constant_lead(&rest, v, meter)?;
        }
        Ok(if b.is_zero() { a } else { Poly::one() })
    }

    /// The polynomial reduced modulo the defining polynomials of the algebraic coordinates below
    /// `v`, up to a factor that is positive at the point: the same value times a positive number.
    pub fn reduce(&mut self, p: &Poly, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
        let mut p = p.clone();
        for w in (0..v).rev() {
            let Some(Coord::Algebraic(root)) = self.coords.get(w as usize) else { continue };
            if p.degree_in(w) < root.poly.degree_main(w) {
                continue;
            }
            let modulus = root.poly.coeffs(w);
            let (lead, tail) = modulus.split_last().expect("a defining polynomial has a leading term");
            let mut cs = p.collect(w);
            let mut multiplied = 0;
            while cs.len() > tail.len() {
                let top = cs.pop().expect("longer than the tail");
                if top.is_zero() {
                    continue;
                }
                meter.charge(cs.iter().map(Poly::size).sum::<u64>() * lead.size())?;
                let offset = cs.len() - tail.len();
                for (i, c) in cs.iter_mut().enumerate() {
                    *c = &*c * lead;
                    if i >= offset {
                        *c = &*c - &(&top * &tail[i - offset]);
                    }
                }
                multiplied += 1;
            }
            let x = Poly::var(w);
            let odd = if multiplied % 2 == 1 { lead.clone() } else { Poly::one() };
            p = Poly::zero();
            for c in cs.iter().rev() {
                p = &(&p * &x) + c;
            }
            p = (&p * &odd).without_integer_content();
        }
        Ok(p)
    }

    /// A polynomial in `v` that is a positive multiple of `p` at the point and, where that can be
    /// reached, has an integer as its leading coefficient; that of `p` does not vanish at the
    /// point. It keeps the coefficients of remainder sequences above algebraic coordinates short.
    pub fn with_constant_lead(&mut self, p: &Poly, v: Var, meter: &Meter) -> Result<Poly, Exhausted> {
        let p = self.substitute(p);
        if p.degree_main(v) == 0 || p.lead(v).as_const().is_some() {
            return Ok(p);
        }
        let sign = self.sign(p.lead(v), meter)?;
        let content = p.content(v, meter)?;
        let p = p.divide(&content).expect("a content divides");
        let (p, _) = self.shorten(p, Poly::zero(), v, meter)?;
        let flip = self.sign(p.lead(v), meter)? != sign;
        Ok(if flip { -&p } else { p })
    }

    /// Multiplies both polynomials, the first with a leading coefficient in `v` that does not
    /// vanish at the point, by inverses of that coefficient.
    fn shorten(
        &mut self,
        mut p: Poly,
        mut companion: Poly,
        v: Var,
        meter: &Meter,
    ) -> Result<(Poly, Poly), Exhausted> {
        // Each coordinate may be met twice: once to shorten its defining polynomial.
        for _ in 0..2 * self.coords.len() {
            let Some(w) = p.lead(v).main() else { break };
            let inverse = self.inverse_up_to_lower(&p.lead(v).clone(), w, meter)?;
            meter.charge((p.size() + companion.size()) * inverse.size())?;
            (companion, p) = self.reduce_pair(&companion * &inverse, &p * &inverse, v, meter)?;
        }
        Ok((p, companion))
    }

    /// Reduces two polynomials below `v` with the same positive factor: as coefficients of one
    /// polynomial in a later variable.
    fn reduce_pair(&mut self, a: Poly, b: Poly, v: Var, meter: &Meter) -> Result<(Poly, Poly), Exhausted> {
        let marker = v.max(self.next()) + 1;
        let both = Poly::from_coeffs(marker, vec![a, b, Poly::one()]);
        let both = self.reduce(&both, v, meter)?;
        let both = self.substitute(&both);
        let cs = both.coeffs(marker);
        let common = Integer::from(cs[0].integer_content().gcd_ref(&cs[1].integer_content()));
        let divided = |p: &Poly| if common > 1 { p.divide(&Poly::Const(common.clone())) } else { None };
        Ok((
            divided(&cs[0]).unwrap_or_else(|| cs[0].clone()),
            divided(&cs[1]).unwrap_or_else(|| cs[1].clone()),
        ))
    }

    /// A polynomial `u` such that `u c` is, modulo the defining polynomial of the coordinate `w`,
    /// free of `w` and not zero at the point; `c` has main variable `w` and does not vanish there.
    /// Extended Euclid above the coordinates before `w`. One, where that meets a factor of the
    /// defining polynomial, which is then divided out, or a coordinate that became rational.
    fn inverse_up_to_lower(&mut self, c: &Poly, w: Var, meter: &Meter) -> Result<Poly, Exhausted> {
        let Coord::Algebraic(root) = self.coords[w as usize].clone() else {
            return Ok(Poly::one());
        };
        let (mut a, mut ua) = (root.poly.clone(), Poly::zero());
        let b = self.trim(c, w, meter)?;
        let (mut b, mut ub) = self.shorten(b, Poly::one(), w, meter)?;
        while b.degree_main(w) > 0 {
            let (q, rest, e) = pseudo_division(&a, &b, w, meter)?;
            let factor = b.lead(w).pow(e);
            meter.charge(ua.size() * factor.size() + q.size() * ub.size())?;
            let u = &(&ua * &factor) - &(&q * &ub);
            // Remainder and cofactor keep their relation: both are multiplied by the same number.
            let (rest, u) = self.reduce_pair(rest, u, w, meter)?;
            let rest = self.drop_vanishing(rest, w, meter)?;
            if rest.is_zero() {
                // `b` is a common factor of positive degree that does not vanish at the point: the
                // coordinate is a root of the other factor.
                let (cofactor, _, _) = pseudo_division(&root.poly, &b, w, meter)?;
                let poly = self.reduce(&cofactor, w, meter)?;
                if let Coord::Algebraic(r) = &mut self.coords[w as usize] {
                    r.poly = poly;
                }
                return Ok(Poly::one());
            }
            let (rest, u) = self.shorten(rest, u, w, meter)?;
            (a, b, ua, ub) = (b, rest, ub, u);
        }
        Ok(ub)
    }

    /// Lazard's evaluation: the polynomial in the next variable that remains when, coordinate by
    /// coordinate, the highest power of `x_i - s_i` is divided out before `x_i = s_i` is
    /// substituted. It is returned with the earlier variables still in place: its value at the
    /// point is the evaluation, up to a positive constant. `p` is not zero.
    ///
    /// Dividing `f` by `(x - s)^m` and substituting `s` is the `m`-th derivative at `s` over `m!`.
    pub fn lazard(&mut self, p: &Poly, meter: &Meter) -> Result<Poly, Exhausted> {
        let mut p = p.clone();
        for i in 0..self.coords.len() {
            while self.vanishes_on_prefix(&p, i, meter)? {
                meter.charge(p.size())?;
                p = p.derivative(i as Var).without_integer_content();
            }
        }
        Ok(p)
    }

    /// Whether all coefficients vanish, as a polynomial in the variables after `i`, at the first
    /// `i + 1` coordinates.
    fn vanishes_on_prefix(&mut self, p: &Poly, i: usize, meter: &Meter) -> Result<bool, Exhausted> {
        match p {
            Poly::Sum { var, coeffs } if *var as usize > i => {
                for c in coeffs {
                    if !self.vanishes_on_prefix(c, i, meter)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            p => Ok(self.sign(p, meter)?.is_eq()),
        }
    }
}
