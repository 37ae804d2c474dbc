//! Signs of polynomials over bounded symbols, by moving the bounds to zero.

use std::collections::BTreeMap;

use rug::Rational;
use serde::{Deserialize, Serialize};

use super::{Facts, SignSet};
use crate::expr::Expr;
use crate::prove::identity::frac::Frac;
use crate::prove::identity::poly::{Generator, Poly};

/// Past this many terms a substituted polynomial is given up.
const LARGEST: usize = 150;

/// One substitution for a generator `g`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// A fact about a polynomial `c g + r` with constant `c`: its value becomes the generator.
    Remainder { generator: Expr, fact: Expr },
    /// `l <= g <= u`: Bernstein's coordinates `g = (l v + u w)/(u - l)` with `v = u - g`,
    /// `w = g - l`.
    Between { generator: Expr, lower: Rational, upper: Rational },
}

/// A polynomial after substitutions, with the signs of the generators they brought in.
#[derive(Clone, Debug)]
pub struct Shifted {
    pub poly: Poly,
    fresh: BTreeMap<Expr, SignSet>,
    /// Pairs of which one at least is positive.
    pairs: Vec<(Expr, Expr)>,
}

impl Shifted {
    /// Nothing substituted yet.
    pub fn new(poly: Poly) -> Shifted {
        Shifted { poly, fresh: BTreeMap::new(), pairs: vec![] }
    }
    /// Whether a generator was brought in by a step.
    pub fn is_fresh(&self, g: &Expr) -> bool {
        self.fresh.contains_key(g)
    }
    /// The generators that no step has replaced or brought in.
    pub fn left_over(&self) -> Vec<Generator> {
        self.poly.generators().into_iter().filter(|g| !self.is_fresh(g)).collect()
    }

    /// The polynomial after one more step; `None` if the facts do not support the step.
    pub fn after(&self, step: &Step, facts: &Facts) -> Option<Shifted> {
        let mut out = self.clone();
        match step {
            Step::Remainder { generator, fact } => {
                let fact = Frac::of(fact).filter(|f| f.denominator.is_empty())?.numerator;
                let signs = facts.lookup(&fact);
                let (c, rest) = linear(&fact, generator)?;
                let t = out.bring("t", signs);
                let value = Poly::generator(t).minus(&rest).scaled(&c.recip());
                out.poly = self.poly.substituted(generator, &value);
            }
            Step::Between { generator, lower, upper } => {
                let g = Poly::generator(generator.clone());
                let above = facts.lookup(&g.minus(&Poly::constant(lower.clone())));
                let below = facts.lookup(&g.minus(&Poly::constant(upper.clone()))).negated();
                let apart = lower < upper;
                let bounded = [above, below].iter().all(|s| s.within(SignSet::AT_LEAST_ZERO));
                if !(apart && bounded) {
                    return None;
                }
                let (v, w) = (out.bring("v", below), out.bring("w", above));
                out.poly = bernstein(&self.poly, generator, (lower, upper), (&v, &w));
                out.pairs.push((v, w));
            }
        }
        (out.poly.size() <= LARGEST).then_some(out)
    }

    fn bring(&mut self, letter: &str, signs: SignSet) -> Expr {
        // `\sim` is how fresh symbols are spelled; the user's text has none in a name.
        let g = Expr::sym(&format!("\\sim {letter}_{{{}}}", self.fresh.len()));
        self.fresh.insert(g.clone(), signs);
        g
    }

    /// The signs of the polynomial, given those of the left-over generators.
    pub fn signs(&self, left_over: &BTreeMap<Expr, SignSet>) -> SignSet {
        let mut all = left_over.clone();
        all.extend(self.fresh.iter().map(|(g, s)| (g.clone(), *s)));
        signs_over_pairs(&self.poly, &mut all, &self.pairs)
    }
}

/// The join over the cases "v positive" and "w positive" of every pair.
fn signs_over_pairs(p: &Poly, signs: &mut BTreeMap<Expr, SignSet>, pairs: &[(Expr, Expr)]) -> SignSet {
    let Some(((v, w), rest)) = pairs.split_first() else { return signs_of_terms(p, signs) };
    let mut out = SignSet::NONE;
    for g in [v, w] {
        let before = signs[g];
        signs.insert(g.clone(), before.meet(SignSet::POSITIVE));
        if signs[g] != SignSet::NONE {
            out = out.join(signs_over_pairs(p, signs, rest));
        }
        signs.insert(g.clone(), before);
    }
    out
}

/// The signs of a sum of monomials, each signed by its generators; an unlisted generator may
/// have any sign.
pub fn signs_of_terms(p: &Poly, signs: &BTreeMap<Expr, SignSet>) -> SignSet {
    p.terms().fold(SignSet::ZERO, |acc, (m, c)| {
        let term = m.factors().iter().fold(SignSet::of(c), |acc, (g, n)| {
            let s = signs.get(&**g).copied().unwrap_or(SignSet::ANY);
            acc.times(s.power(i64::from(*n)))
        });
        acc.plus(term)
    })
}

/// `p = c g + rest` with constant nonzero `c`.
fn linear(p: &Poly, g: &Expr) -> Option<(Rational, Poly)> {
    match &p.coefficients(g)[..] {
        [rest, c] => Some((c.as_constant()?, rest.clone())),
        _ => None,
    }
}

fn bernstein(p: &Poly, g: &Expr, (l, u): (&Rational, &Rational), (v, w): (&Expr, &Expr)) -> Poly {
    let (v, w) = (Poly::generator(v.clone()), Poly::generator(w.clone()));
    let width = Rational::from(u - l);
    let value = v.scaled(l).plus(&w.scaled(u)).scaled(&width.clone().recip());
    let one = v.plus(&w).scaled(&width.recip());
    let n = p.degree(g);
    (0..)
        .zip(p.coefficients(g))
        .fold(Poly::zero(), |acc, (i, c)| acc.plus(&c.times(&value.power(i)).times(&one.power(n - i))))
}

/// The steps that the facts offer for a generator, best first: a rational interval, then every
/// linear fact.
pub fn steps_for(g: &Expr, facts: &Facts) -> Vec<Step> {
    let (mut lower, mut upper): (Option<Rational>, Option<Rational>) = (None, None);
    let mut out = vec![];
    for (p, s) in facts.known().filter(|(_, s)| *s != SignSet::ANY && *s != SignSet::NON_ZERO) {
        let Some((c, rest)) = linear(p, g) else { continue };
        out.push(Step::Remainder { generator: g.clone(), fact: p.to_expr() });
        if let Some(r) = rest.as_constant() {
            let bound = -r / &c;
            if s.within(SignSet::AT_LEAST_ZERO) {
                lower = Some(lower.map_or(bound.clone(), |b| b.max(bound)));
            } else {
                upper = Some(upper.map_or(bound.clone(), |b| b.min(bound)));
            }
        }
    }
    if let (Some(lower), Some(upper)) = (lower, upper)
        && lower < upper
    {
        out.insert(0, Step::Between { generator: g.clone(), lower, upper });
    }
    out
}
