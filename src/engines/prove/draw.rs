//! Rational points that have a chance of meeting given facts, drawn first where papers fail:
//! borders of domains, equal parameters, small integers and simple fractions, extreme ratios.

use std::collections::BTreeSet;

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;
use rug::Rational;
use rug::ops::Pow as _;

use super::evaluate::{Point, Truth, truth};
use super::range::{Atom, Range, ranges};
use crate::expr::{Expr, Formula, Relation, Symbol};

/// Parameters and exponents in the order in which they are tried.
const SIMPLE: [(i64, i64); 24] = [
    (1, 1),
    (2, 1),
    (1, 2),
    (0, 1),
    (3, 1),
    (1, 3),
    (3, 2),
    (2, 3),
    (4, 1),
    (1, 4),
    (-1, 1),
    (4, 3),
    (3, 4),
    (5, 1),
    (1, 5),
    (-2, 1),
    (-1, 2),
    (5, 2),
    (2, 5),
    (10, 1),
    (1, 10),
    (9, 1),
    (100, 1),
    (1, 100),
];

/// The same for symbols that occur in exponents: numerator and denominator at most 8, to keep
/// powers cheap.
const SIMPLE_EXPONENTS: [(i64, i64); 16] = [
    (2, 1),
    (3, 1),
    (3, 2),
    (1, 1),
    (4, 1),
    (1, 2),
    (5, 2),
    (4, 3),
    (0, 1),
    (5, 1),
    (5, 4),
    (7, 2),
    (6, 1),
    (1, 3),
    (-1, 1),
    (8, 1),
];

/// Draws points for one list of facts.
pub(super) struct Generator<'a> {
    facts: &'a [Formula],
    unchained: Vec<Formula>,
    pub symbols: Vec<Symbol>,
    pub exponents: BTreeSet<Symbol>,
}

/// Chooses the value of a symbol within its range, given the values chosen before.
pub(super) type Pick<'p> = dyn FnMut(&Symbol, &Range, &Point) -> Option<Rational> + 'p;

impl<'a> Generator<'a> {
    /// A generator of values for `symbols` and the symbols of the facts.
    pub fn new(facts: &'a [Formula], symbols: &BTreeSet<Symbol>, exponents: &BTreeSet<Symbol>) -> Self {
        let mut all = symbols.clone();
        let mut exponents = exponents.clone();
        for f in facts {
            all.extend(f.free());
            exponents.extend(in_exponents(f));
        }
        let unchained = facts.iter().map(Formula::unchained).collect();
        Generator { facts, unchained, symbols: all.into_iter().collect(), exponents }
    }

    /// Whether the point certainly meets every fact.
    pub fn admits(&self, at: &Point, bits: u32) -> bool {
        self.facts.iter().all(|f| truth(f, at, bits) == Truth::True)
    }

    /// The relations of the facts; `choose` says which part of a disjunction of alternatives is
    /// to be met.
    pub fn atoms(&self, choose: &mut dyn FnMut(&[Formula]) -> usize) -> Vec<Atom> {
        let mut out = vec![];
        for f in &self.unchained {
            collect(f, choose, &mut out);
        }
        out
    }

    /// One point: symbols whose value is forced first, then in `order`, the value of each within
    /// what the atoms leave to it. `None` if a range is empty or `pick` gives up.
    pub fn draw(&self, atoms: &[Atom], order: &[Symbol], pick: &mut Pick<'_>) -> Option<Point> {
        let mut at = Point::new();
        while at.len() < order.len() {
            let known = ranges(atoms, &at)?;
            let open = || order.iter().filter(|s| !at.contains_key(*s));
            let forced = open().find_map(|s| Some((s.clone(), known.get(s)?.only()?.clone())));
            let (s, v) = match forced {
                Some(forced) => forced,
                None => {
                    let s = open().next().expect("some symbol has no value yet");
                    let range = known.get(s).cloned().unwrap_or_default();
                    let v = pick(s, &range, &at).filter(|v| range.contains(v))?;
                    (s.clone(), v)
                }
            };
            at.insert(s, v);
        }
        Some(at)
    }

    /// The symbols in the order in which values are given: those for which an equation can be
    /// solved come last.
    pub fn order(&self, atoms: &[Atom]) -> Vec<Symbol> {
        let mut solved: Vec<Symbol> = vec![];
        for a in atoms.iter().filter(|a| a.relation == Relation::Eq) {
            let mut candidates: Vec<Symbol> = a.left.as_sym().into_iter().cloned().collect();
            candidates.extend(a.right.as_sym().cloned());
            let free: BTreeSet<Symbol> = a.left.free().union(&a.right.free()).cloned().collect();
            candidates.extend(free.into_iter().rev());
            if let Some(s) = candidates.into_iter().find(|s| !solved.contains(s) && is_solvable(a, s)) {
                solved.push(s);
            }
        }
        let free = self.symbols.iter().filter(|s| !solved.contains(s)).cloned();
        free.chain(solved.iter().cloned()).collect()
    }

    /// Values to try for a symbol, the likeliest trouble first: the ends that belong to its
    /// range, the values of other symbols, simple numbers.
    pub fn candidates(&self, s: &Symbol, range: &Range, at: &Point) -> Vec<Rational> {
        let ends = [&range.lower, &range.upper].into_iter().flatten().filter(|e| !e.open);
        let mut out: Vec<Rational> = ends.map(|e| e.at.clone()).collect();
        let role = self.exponents.contains(s);
        out.extend(at.iter().filter(|(t, _)| self.exponents.contains(*t) == role).map(|(_, v)| v.clone()));
        let simple: &[(i64, i64)] = if role { &SIMPLE_EXPONENTS } else { &SIMPLE };
        out.extend(simple.iter().map(|v| Rational::from(*v)));
        out.extend(range.simplest());
        let mut seen = BTreeSet::new();
        out.retain(|v| range.contains(v) && seen.insert(v.clone()));
        out
    }

    /// A random value: a border, a value drawn before, a simple number, an extreme one, or any.
    pub fn random(&self, s: &Symbol, range: &Range, at: &Point, rng: &mut ChaCha8Rng) -> Option<Rational> {
        let candidates = self.candidates(s, range, at);
        let listed = |n: usize, rng: &mut ChaCha8Rng| {
            (!candidates.is_empty()).then(|| candidates[rng.random_range(0..candidates.len().min(n))].clone())
        };
        if self.exponents.contains(s) {
            return listed(usize::MAX, rng);
        }
        let wild = match rng.random_range(0..8) {
            0 | 1 => listed(4, rng),
            2 | 3 => listed(usize::MAX, rng),
            4 => near_end(range, rng),
            5 => beside(s, &self.exponents, at, rng).map(|v| v * power_of_ten(extreme(rng))),
            6 => Some(power_of_ten(extreme(rng))),
            _ => None,
        };
        wild.filter(|v| range.contains(v)).or_else(|| Some(anywhere(range, rng)))
    }
}

/// The symbols that occur in an exponent of the formula.
pub fn in_exponents(f: &Formula) -> BTreeSet<Symbol> {
    let mut out = BTreeSet::new();
    for t in f.unchained().terms() {
        collect_exponents(t, &mut out);
    }
    out
}

fn collect_exponents(e: &Expr, out: &mut BTreeSet<Symbol>) {
    if let Expr::Pow(_, exponent) = e {
        out.extend(exponent.free());
    }
    if let Expr::Cases(cs) = e {
        for f in cs.iter().filter_map(|c| c.condition.as_ref()) {
            out.extend(in_exponents(f));
        }
    }
    e.children().into_iter().for_each(|c| collect_exponents(c, out));
}

/// Whether the atom becomes linear in `s` once the other symbols have values.
fn is_solvable(a: &Atom, s: &Symbol) -> bool {
    let others = a.left.free().union(&a.right.free()).filter(|t| *t != s).cloned().collect::<Vec<_>>();
    // Values that no coefficient is likely to vanish at.
    let known: Point =
        others.into_iter().zip([7, 11, 13, 17, 19, 23, 29]).map(|(t, v)| (t, v.into())).collect();
    ranges(std::slice::from_ref(a), &known).is_some_and(|r| r.get(s).is_some_and(|r| r.only().is_some()))
}

fn collect(f: &Formula, choose: &mut dyn FnMut(&[Formula]) -> usize, out: &mut Vec<Atom>) {
    match f {
        Formula::Rel(a, r, b) => out.push(Atom { left: a.clone(), relation: *r, right: b.clone() }),
        Formula::And(ps) => ps.iter().for_each(|p| collect(p, choose, out)),
        Formula::Or(ps) if !ps.is_empty() => collect(&ps[choose(ps).min(ps.len() - 1)], choose, out),
        Formula::Implies(p, q) => {
            collect(&Formula::Or(vec![!(**p).clone(), (**q).clone()]), choose, out);
        }
        Formula::Iff(p, q) => {
            let (p, q) = ((**p).clone(), (**q).clone());
            let both = Formula::And(vec![p.clone(), q.clone()]);
            collect(&Formula::Or(vec![both, Formula::And(vec![!p, !q])]), choose, out);
        }
        Formula::Not(p) => collect_negation(p, choose, out),
        Formula::True | Formula::False | Formula::Or(_) | Formula::Chain(..) | Formula::In(..) => {}
    }
}

fn collect_negation(f: &Formula, choose: &mut dyn FnMut(&[Formula]) -> usize, out: &mut Vec<Atom>) {
    let negated = |ps: &[Formula]| ps.iter().map(|p| !p.clone()).collect::<Vec<_>>();
    match f {
        Formula::Rel(a, r, b) => {
            out.push(Atom { left: a.clone(), relation: r.negated(), right: b.clone() });
        }
        Formula::Not(p) => collect(p, choose, out),
        Formula::And(ps) => collect(&Formula::Or(negated(ps)), choose, out),
        Formula::Or(ps) => collect(&Formula::And(negated(ps)), choose, out),
        Formula::Implies(p, q) => {
            collect(p, choose, out);
            collect_negation(q, choose, out);
        }
        Formula::Iff(p, q) => {
            collect(&Formula::Iff(Box::new(!(**p).clone()), q.clone()), choose, out);
        }
        Formula::True | Formula::False | Formula::Chain(..) | Formula::In(..) => {}
    }
}

/// `10^n`
pub(super) fn power_of_ten(n: i32) -> Rational {
    Rational::from(10).pow(n)
}

fn extreme(rng: &mut ChaCha8Rng) -> i32 {
    [-6, -3, 3, 6][rng.random_range(0..4)]
}

/// The value of some other parameter.
fn beside(s: &Symbol, exponents: &BTreeSet<Symbol>, at: &Point, rng: &mut ChaCha8Rng) -> Option<Rational> {
    let others: Vec<&Rational> =
        at.iter().filter(|(t, _)| *t != s && !exponents.contains(*t)).map(|(_, v)| v).collect();
    (!others.is_empty()).then(|| others[rng.random_range(0..others.len())].clone())
}

/// A number just inside one end of the range.
fn near_end(range: &Range, rng: &mut ChaCha8Rng) -> Option<Rational> {
    let step = power_of_ten([-6, -3, -2, -1][rng.random_range(0..4)]);
    match (&range.lower, &range.upper) {
        (Some(a), Some(b)) => {
            let step = step * Rational::from(&b.at - &a.at);
            Some(if rng.random() { a.at.clone() + step } else { b.at.clone() - step })
        }
        (Some(a), None) => Some(a.at.clone() + step),
        (None, Some(b)) => Some(b.at.clone() - step),
        (None, None) => None,
    }
}

/// Any number inside a range that is not empty: evenly in a finite one, over six orders of
/// magnitude of the distance from its end in a half-infinite one.
pub(super) fn anywhere(range: &Range, rng: &mut ChaCha8Rng) -> Rational {
    let distance = Rational::from(rng.random_range(10..100)) * power_of_ten(rng.random_range(-4..3));
    match (&range.lower, &range.upper) {
        (Some(a), Some(b)) => {
            let parts = rng.random_range(2..=40);
            let share = Rational::from((rng.random_range(1..parts), parts));
            a.at.clone() + Rational::from(&b.at - &a.at) * share
        }
        (Some(a), None) => a.at.clone() + distance,
        (None, Some(b)) => b.at.clone() - distance,
        (None, None) if rng.random() => distance,
        (None, None) => -distance,
    }
}

/// Tuples of `length` indices, those with the smallest sum first, at most `limit` of them.
pub(super) fn tuples(length: usize, limit: usize) -> Vec<Vec<usize>> {
    let mut out = vec![];
    if length == 0 {
        return vec![vec![]];
    }
    let mut sum = 0;
    while out.len() < limit && sum <= SIMPLE.len() * length {
        extend_tuples(&mut vec![], length, sum, limit, &mut out);
        sum += 1;
    }
    out
}

fn extend_tuples(
    prefix: &mut Vec<usize>,
    length: usize,
    sum: usize,
    limit: usize,
    out: &mut Vec<Vec<usize>>,
) {
    if out.len() >= limit {
        return;
    }
    if prefix.len() + 1 == length {
        let mut whole = prefix.clone();
        whole.push(sum);
        out.push(whole);
        return;
    }
    for i in 0..=sum {
        prefix.push(i);
        extend_tuples(prefix, length, sum - i, limit, out);
        prefix.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_tuples_come_by_their_sum() {
        let all = tuples(2, 6);
        assert_eq!(all, [[0, 0], [0, 1], [1, 0], [0, 2], [1, 1], [2, 0]].map(Vec::from));
    }

    #[test]
    fn symbols_of_nested_exponents_are_found_in_conditions_too() {
        let power = Expr::pow(Expr::sym("x"), Expr::recip(Expr::sym("k") - Expr::int(1)));
        let f = Formula::eq(Expr::int(1) + power, Expr::sym("y"));
        assert_eq!(in_exponents(&f), BTreeSet::from([Symbol::new("k")]));
    }

    #[test]
    fn a_symbol_that_an_equation_fixes_is_drawn_last() {
        let [a, b, c] = ["a", "b", "c"].map(Expr::sym);
        let facts = [Formula::eq(a, b.clone() + c.clone()), Formula::eq(b, Expr::int(2) * c)];
        let none = BTreeSet::new();
        let g = Generator::new(&facts, &none, &none);
        let atoms = g.atoms(&mut |_| 0);
        assert_eq!(g.order(&atoms), ["c", "a", "b"].map(Symbol::new));
        let at = g.draw(&atoms, &g.order(&atoms), &mut |_, _, _| Some(Rational::from(5))).expect("solvable");
        assert_eq!(at[&Symbol::new("a")], 15);
        assert!(g.admits(&at, 64));
    }
}
