//! Intervals with rational ends, and simple rationals.

use std::cmp::Ordering;

use rug::float::Round;
use rug::ops::AddAssignRound as _;
use rug::{Float, Integer, Rational};

use super::{Coord, Poly};

/// A closed interval with rational ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    pub lo: Rational,
    pub hi: Rational,
}

impl Interval {
    /// The interval that holds one number.
    pub fn point(r: &Rational) -> Interval {
        Interval { lo: r.clone(), hi: r.clone() }
    }

    /// The common sign of its numbers, if they have one.
    pub fn sign(&self) -> Option<Ordering> {
        let sign = self.lo.cmp0();
        (sign == self.hi.cmp0()).then_some(sign)
    }

    fn times(&self, other: &Interval) -> Interval {
        if other.lo == other.hi {
            let (a, b) = (Rational::from(&self.lo * &other.lo), Rational::from(&self.hi * &other.lo));
            return if a <= b { Interval { lo: a, hi: b } } else { Interval { lo: b, hi: a } };
        }
        let mut ends = [
            Rational::from(&self.lo * &other.lo),
            Rational::from(&self.lo * &other.hi),
            Rational::from(&self.hi * &other.lo),
            Rational::from(&self.hi * &other.hi),
        ];
        ends.sort();
        let [lo, .., hi] = ends;
        Interval { lo, hi }
    }

    fn plus(self, other: &Interval) -> Interval {
        Interval { lo: self.lo + &other.lo, hi: self.hi + &other.hi }
    }

    /// An enclosure of the polynomial's value where each variable lies in the enclosure of its
    /// coordinate (Horner's scheme).
    pub fn of(p: &Poly, coords: &[Coord]) -> Interval {
        match p {
            Poly::Const(c) => Interval::point(&Rational::from(c)),
            Poly::Sum { var, coeffs } => {
                let x = coords[*var as usize].enclosure();
                let mut sum = Interval::point(&Rational::new());
                for c in coeffs.iter().rev() {
                    sum = sum.times(&x).plus(&Interval::of(c, coords));
                }
                sum
            }
        }
    }
}

/// An interval with floating-point ends, rounded outwards.
struct Rounded {
    lo: Float,
    hi: Float,
}

impl Rounded {
    fn of(p: &Poly, coords: &[Coord], bits: u32) -> Rounded {
        match p {
            Poly::Const(c) => Rounded {
                lo: Float::with_val_round(bits, c, Round::Down).0,
                hi: Float::with_val_round(bits, c, Round::Up).0,
            },
            Poly::Sum { var, coeffs } => {
                let x = Rounded::coordinate(&coords[*var as usize], bits);
                let mut parts = coeffs.iter().rev();
                let mut sum = Rounded::of(parts.next().expect("a leading coefficient"), coords, bits);
                for c in parts {
                    sum = sum.times(&x, bits);
                    if !c.is_zero() {
                        let c = Rounded::of(c, coords, bits);
                        sum.lo.add_assign_round(&c.lo, Round::Down);
                        sum.hi.add_assign_round(&c.hi, Round::Up);
                    }
                }
                sum
            }
        }
    }

    fn coordinate(c: &Coord, bits: u32) -> Rounded {
        let (lo, hi) = match c {
            Coord::Rational(r) => (r, r),
            Coord::Algebraic(root) => (&root.lo, &root.hi),
        };
        Rounded {
            lo: Float::with_val_round(bits, lo, Round::Down).0,
            hi: Float::with_val_round(bits, hi, Round::Up).0,
        }
    }

    fn times(&self, other: &Rounded, bits: u32) -> Rounded {
        let ends =
            [(&self.lo, &other.lo), (&self.lo, &other.hi), (&self.hi, &other.lo), (&self.hi, &other.hi)];
        let rounded = |round| ends.map(|(a, b)| Float::with_val_round(bits, a * b, round).0).into_iter();
        // Neither end is ever infinite or undefined: exponents of MPFR span 2^62.
        let lo = rounded(Round::Down).reduce(|a, b| if b < a { b } else { a });
        let hi = rounded(Round::Up).reduce(|a, b| if b > a { b } else { a });
        Rounded { lo: lo.expect("four products"), hi: hi.expect("four products") }
    }
}

/// The sign of a polynomial where each variable lies in the enclosure of its coordinate, if an
/// evaluation rounded outwards finds it to be the same throughout. The precision grows with that
/// of the coordinates, so that refining these ends in an answer for a value that is not zero.
pub fn sign_on(p: &Poly, coords: &[Coord]) -> Option<Ordering> {
    let length = |r: &Rational| r.denom().significant_bits() + r.numer().significant_bits();
    let finest = p.variables().into_iter().map(|v| match &coords[v as usize] {
        Coord::Rational(r) => length(r),
        Coord::Algebraic(root) => length(&root.lo).max(length(&root.hi)),
    });
    let value = Rounded::of(p, coords, 64 + 2 * finest.max().unwrap_or(0));
    if value.lo > 0 {
        Some(Ordering::Greater)
    } else if value.hi < 0 {
        Some(Ordering::Less)
    } else {
        None
    }
}

/// The rational with the smallest denominator (and then the smallest absolute value) strictly
/// between `lo` and `hi`; a missing end is infinite. `None` if the interval is empty.
pub fn simplest_between(lo: Option<&Rational>, hi: Option<&Rational>) -> Option<Rational> {
    match (lo, hi) {
        (None, None) => Some(Rational::new()),
        (Some(a), None) if *a < 0 => Some(Rational::new()),
        (Some(a), None) => Some(a.clone().floor() + 1u32),
        (None, Some(b)) if *b > 0 => Some(Rational::new()),
        (None, Some(b)) => Some(b.clone().ceil() - 1u32),
        (Some(a), Some(b)) if a >= b => None,
        (Some(a), Some(b)) if *a < 0 && *b > 0 => Some(Rational::new()),
        (Some(a), Some(b)) if *b <= 0 => Some(-simplest_positive(&Rational::from(-b), &Rational::from(-a))),
        (Some(a), Some(b)) => Some(simplest_positive(a, b)),
    }
}

/// The simplest rational strictly between `0 <= a < b`: continued fractions (Stern–Brocot tree).
fn simplest_positive(a: &Rational, b: &Rational) -> Rational {
    let floor = Integer::from(a.floor_ref());
    let next = Rational::from(&floor + Integer::from(1));
    if next < *b {
        return next;
    }
    // No integer lies strictly between: floor <= a < b <= floor + 1.
    let (low, high) = (Rational::from(a - &floor), Rational::from(b - &floor));
    let inner = if low == 0 {
        // 1/t for the simplest t > 1/high, an integer.
        high.recip().floor() + 1u32
    } else {
        simplest_positive(&high.recip(), &low.recip())
    };
    inner.recip() + floor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i64, d: i64) -> Rational {
        Rational::from((n, d))
    }

    #[test]
    fn a_sign_is_given_only_where_it_is_the_same_throughout() {
        let coord = |lo: Rational, hi: Rational| {
            let poly = &Poly::var(0).pow(2) - &Poly::int(2);
            vec![Coord::Algebraic(super::super::point::Root { poly, lo, hi })]
        };
        let p = &Poly::var(0).scale(&Integer::from(3)) - &Poly::int(4);
        assert_eq!(sign_on(&p, &coord(q(1, 1), q(2, 1))), None);
        assert_eq!(sign_on(&p, &coord(q(7, 5), q(3, 2))), Some(Ordering::Greater));
        assert_eq!(sign_on(&-&p, &coord(q(7, 5), q(3, 2))), Some(Ordering::Less));
        // 3 * 4/3 - 4 is zero, which rounding must not hide.
        assert_eq!(sign_on(&p, &coord(q(4, 3), q(3, 2))), None);
    }

    #[test]
    fn the_simplest_rational_between_two_has_the_smallest_denominator() {
        for (a, b, simplest) in [
            (q(1, 3), q(1, 2), q(2, 5)),
            (q(0, 1), q(1, 10), q(1, 11)),
            (q(-5, 2), q(-1, 2), q(-1, 1)),
            (q(314, 100), q(315, 100), q(22, 7)),
            (q(2, 1), q(3, 1), q(5, 2)),
        ] {
            assert_eq!(simplest_between(Some(&a), Some(&b)), Some(simplest));
        }
        assert_eq!(simplest_between(Some(&q(1, 1)), Some(&q(1, 1))), None);
    }
}
