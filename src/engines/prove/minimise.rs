//! The smallest numbers with which a witness still is one.

use std::collections::BTreeSet;

use rug::{Integer, Rational};

use super::draw::Generator;
use super::evaluate::{Point, Truth, truth};
use super::range::{Atom, Range};
use crate::expr::Symbol;

/// The number of candidates that are looked at before the best so far is given.
const BUDGET: usize = 3000;

/// Every rational `p/q` with `|p| + q` up to this is tried for each coordinate.
const SIMPLE_HEIGHT: i64 = 12;

/// Makes the numbers of `at` smaller while `holds` stays true: one coordinate at a time, two
/// set equal, all scaled by a common factor. Symbols that equations fix follow along.
///
/// The result is a local minimum of the sum over the coordinates of |numerator| + denominator,
/// deterministic, found with at most 3000 calls of `holds`.
pub(super) fn minimise(at: Point, generator: &Generator<'_>, holds: &dyn Fn(&Point) -> bool) -> Point {
    let mut budget = BUDGET;
    let mut best = at;
    let simple = simple_numbers();
    while let Some(better) = improve(&best, generator, &simple, holds, &mut budget) {
        best = better;
    }
    best
}

/// The first cheaper point among the neighbours of `at` that still is a witness.
fn improve(
    at: &Point,
    generator: &Generator<'_>,
    simple: &[Rational],
    holds: &dyn Fn(&Point) -> bool,
    budget: &mut usize,
) -> Option<Point> {
    let atoms = generator
        .atoms(&mut |parts| parts.iter().position(|p| truth(p, at, 128) == Truth::True).unwrap_or(0));
    let cost = weight(at);
    let mut seen = BTreeSet::new();
    for wish in wishes(at, generator, simple) {
        if *budget == 0 {
            return None;
        }
        let Some(candidate) = follow(&wish, at, generator, &atoms) else {
            continue;
        };
        if weight(&candidate) >= cost || !seen.insert(candidate.clone()) {
            continue;
        }
        *budget -= 1;
        if holds(&candidate) {
            return Some(candidate);
        }
    }
    None
}

/// Values wished for some of the coordinates, the boldest first.
fn wishes(at: &Point, generator: &Generator<'_>, simple: &[Rational]) -> Vec<Point> {
    let mut out = vec![];
    let wish = |s: &Symbol, v: &Rational| Point::from([(s.clone(), v.clone())]);
    for (s, v) in at {
        let current = height(v);
        out.extend(simple.iter().filter(|c| height(c) < current).map(|c| wish(s, c)));
        out.extend(at.values().filter(|c| height(c) < current).map(|c| wish(s, c)));
        out.extend(convergents(v).iter().filter(|c| height(c) < current).map(|c| wish(s, c)));
    }
    for (i, (s, _)) in at.iter().enumerate() {
        for (t, _) in at.iter().skip(i + 1) {
            for c in simple.iter().take(12) {
                out.push(Point::from([(s.clone(), c.clone()), (t.clone(), c.clone())]));
            }
        }
    }
    let scaled: Vec<&Symbol> = at.keys().filter(|s| !generator.exponents.contains(*s)).collect();
    for v in at.values().filter(|v| **v != 0) {
        out.push(scaled.iter().map(|s| ((*s).clone(), Rational::from(&at[*s] / v))).collect());
    }
    out
}

/// The point nearest to `at` that has the wished coordinates and meets the atoms: other symbols
/// keep their value where that is possible and take the simplest otherwise.
fn follow(wish: &Point, at: &Point, generator: &Generator<'_>, atoms: &[Atom]) -> Option<Point> {
    let mut order: Vec<Symbol> = wish.keys().cloned().collect();
    order.extend(generator.order(atoms).into_iter().filter(|s| !wish.contains_key(s)));
    let out =
        generator.draw(atoms, &order, &mut |s: &Symbol, range: &Range, _: &Point| match wish.get(s) {
            Some(v) => Some(v.clone()),
            None => at.get(s).filter(|v| range.contains(v)).cloned().or_else(|| range.simplest()),
        })?;
    wish.iter().all(|(s, v)| out.get(s) == Some(v)).then_some(out)
}

fn height(q: &Rational) -> Integer {
    Integer::from(q.numer().abs_ref()) + q.denom()
}

fn weight(at: &Point) -> Integer {
    at.values().map(height).sum()
}

/// The rationals of small height, smallest first, positive before negative.
fn simple_numbers() -> Vec<Rational> {
    let mut out = vec![Rational::new()];
    for total in 2..=SIMPLE_HEIGHT {
        for denominator in 1..total {
            let q = Rational::from((total - denominator, denominator));
            if *q.denom() == denominator {
                out.push(q.clone());
                out.push(-q);
            }
        }
    }
    out
}

/// The convergents of the continued fraction of `q`.
fn convergents(q: &Rational) -> Vec<Rational> {
    let (mut before, mut last) = ((Integer::new(), Integer::from(1)), (Integer::from(1), Integer::new()));
    let mut rest = q.clone();
    let mut out = vec![];
    loop {
        let whole: Integer = rest.floor_ref().into();
        let next = (Integer::from(&whole * &last.0) + &before.0, Integer::from(&whole * &last.1) + &before.1);
        out.push(Rational::from(next.clone()));
        (before, last) = (last, next);
        rest -= whole;
        if rest == 0 {
            return out;
        }
        rest.recip_mut();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn convergents_end_at_the_number_itself() {
        let all = convergents(&Rational::from((355, 113)));
        assert_eq!(all, [(3, 1), (22, 7), (355, 113)].map(Rational::from));
        assert_eq!(convergents(&Rational::from((-1, 2))).last(), Some(&Rational::from((-1, 2))));
    }

    #[test]
    fn simple_numbers_are_in_lowest_terms_and_come_by_height() {
        let first: Vec<_> = simple_numbers().into_iter().take(7).collect();
        assert_eq!(first, [(0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2)].map(Rational::from));
    }
}
