//! What is assumed, as signs of polynomials.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::SignSet;
use crate::expr::defined;
use crate::expr::{Expr, Formula, Relation};
use crate::prove::identity::frac::{Frac, factors};
use crate::prove::identity::poly::Poly;

/// Assumptions, read as signs of primitive polynomials over symbols and over powers taken as
/// wholes. A statement that cannot be read so is kept but not used.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    formulas: Vec<Formula>,
    stated: Vec<Arc<Stated>>,
    known: BTreeMap<Poly, SignSet>,
}

impl Facts {
    /// The facts that `formulas` state.
    pub fn new(formulas: &[Formula]) -> Facts {
        Facts::default().and(formulas)
    }
    /// These facts and more.
    pub fn and(&self, more: &[Formula]) -> Facts {
        let read = more.iter().flat_map(|f| read(&f.unchained(), Defined::Include)).map(Stated::new);
        let stated: Vec<Arc<Stated>> = self.stated.iter().cloned().chain(read.map(Arc::new)).collect();
        let mut facts = Facts {
            formulas: [&self.formulas[..], more].concat(),
            stated: stated.clone(),
            known: BTreeMap::new(),
        };
        // A fact about a product tells of one factor once the others' signs are known, which
        // may be by a later fact: a few rounds.
        for _ in 0..3 {
            for s in &stated {
                facts.learn(s);
            }
        }
        facts
    }
    /// The statements as they were given.
    pub fn formulas(&self) -> &[Formula] {
        &self.formulas
    }
    /// Every primitive polynomial of known sign.
    pub fn known(&self) -> impl Iterator<Item = (&Poly, SignSet)> {
        self.known.iter().map(|(p, s)| (p, *s))
    }
    /// The polynomials of known sign that have more than one term.
    pub fn sums(&self) -> Vec<Poly> {
        self.known.keys().filter(|p| p.size() > 1).cloned().collect()
    }
    /// The signs that the facts state outright for a polynomial or a rational multiple of it.
    pub fn lookup(&self, p: &Poly) -> SignSet {
        let (content, q) = p.primitive();
        if q.is_zero() {
            return SignSet::ZERO;
        }
        if q.as_constant().is_some() {
            return SignSet::of(&content);
        }
        self.known.get(&q).map_or(SignSet::ANY, |s| s.times(SignSet::of(&content)))
    }
    /// Whether two facts about one polynomial contradict each other.
    pub fn contradictory(&self) -> bool {
        self.known.values().any(|s| *s == SignSet::NONE)
    }

    fn note(&mut self, p: Poly, s: SignSet) {
        if let Some(c) = p.as_constant() {
            if !SignSet::of(&c).within(s) {
                self.known.insert(p, SignSet::NONE);
            }
            return;
        }
        let entry = self.known.entry(p).or_insert(SignSet::ANY);
        *entry = entry.meet(s);
    }
    fn learn(&mut self, stated: &Stated) {
        let Stated { poly, signs: s, parts } = stated;
        let s = *s;
        self.note(poly.clone(), s);
        let mut rest = SignSet::POSITIVE;
        let mut unknown = vec![];
        for (f, n) in parts {
            if !SignSet::ZERO.within(s) {
                self.note(f.clone(), SignSet::NON_ZERO);
            }
            let here = self.lookup(f).power(i64::from(*n));
            if here == SignSet::POSITIVE || here == SignSet::NEGATIVE {
                rest = rest.times(here);
            } else {
                unknown.push((f, *n));
            }
        }
        if let [(f, 1)] = unknown[..] {
            self.note(f.clone(), s.times(rest));
        }
    }
}

/// The signs of a primitive polynomial and its factors.
#[derive(Debug)]
struct Stated {
    poly: Poly,
    signs: SignSet,
    parts: BTreeMap<Poly, u32>,
}

impl Stated {
    fn new((p, s): (Poly, SignSet)) -> Stated {
        let (content, poly) = p.primitive();
        let signs = if poly.is_zero() { s } else { s.times(SignSet::of(&content)) };
        let parts = factors(&poly, &[]).map(|(_, parts)| parts).unwrap_or_default();
        Stated { poly, signs, parts }
    }
}

/// Whether the definedness of a relation's terms is stated with it.
#[derive(Clone, Copy, PartialEq)]
enum Defined {
    Include,
    Ignore,
}

/// The signs of polynomials that a true statement implies.
fn read(f: &Formula, defined: Defined) -> Vec<(Poly, SignSet)> {
    match f {
        Formula::Rel(a, r, b) => {
            let mut out: Vec<_> = relation(a, *r, b).into_iter().collect();
            if defined == Defined::Include
                && let Some(c) = defined::formula_condition(f)
            {
                out.extend(read(&c, Defined::Ignore));
            }
            out
        }
        Formula::And(fs) => fs.iter().flat_map(|f| read(f, defined)).collect(),
        Formula::Or(fs) => either(fs, defined),
        // Where a side is undefined the negation holds too, so that it says nothing of signs.
        Formula::Not(inner) => match &**inner {
            Formula::Rel(a, r, b) if defined::formula_condition(inner) == Some(Formula::True) => {
                relation(a, r.negated(), b).into_iter().collect()
            }
            _ => vec![],
        },
        _ => vec![],
    }
}

fn relation(a: &Expr, r: Relation, b: &Expr) -> Option<(Poly, SignSet)> {
    let difference = Frac::of(a)?.minus(&Frac::of(b)?);
    // The sign of n/d is that of n times the factors of d of odd multiplicity.
    let odd = difference.denominator.iter().filter(|(_, n)| *n % 2 == 1);
    let p = odd.fold(difference.numerator.clone(), |acc, (f, _)| acc.times(f));
    Some((p, SignSet::of_relation(r)))
}

/// What every alternative implies: for each polynomial of the first, the join over all.
fn either(fs: &[Formula], defined: Defined) -> Vec<(Poly, SignSet)> {
    let alternatives: Vec<Facts> = fs
        .iter()
        .map(|f| {
            let mut facts = Facts::default();
            for (p, s) in read(f, defined) {
                let (content, q) = p.primitive();
                facts.note(q, s.times(SignSet::of(&content)));
            }
            facts
        })
        .filter(|facts| !facts.contradictory())
        .collect();
    let Some(first) = alternatives.first() else { return vec![] };
    first
        .known()
        .map(|(p, _)| (p.clone(), alternatives.iter().fold(SignSet::NONE, |acc, o| acc.join(o.lookup(p)))))
        .collect()
}
