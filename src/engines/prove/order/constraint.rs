//! Boolean combinations of polynomial sign conditions.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::exact::{Exhausted, Meter, Point, Poly};
use crate::expr::Relation;

/// `poly R 0`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Atom {
    pub poly: Poly,
    pub relation: Relation,
}

/// A boolean combination of sign conditions without negations: two-valued at every real point.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tree {
    True,
    False,
    Atom(Atom),
    And(Vec<Tree>),
    Or(Vec<Tree>),
}

impl Tree {
    /// `poly R 0`, with constants decided and the polynomial normalised.
    pub fn atom(poly: &Poly, relation: Relation) -> Tree {
        if let Some(c) = poly.as_const() {
            return if relation.holds(c.cmp0()) { Tree::True } else { Tree::False };
        }
        let relation = if *poly.lead_integer() < 0 { relation.mirrored() } else { relation };
        Tree::Atom(Atom { poly: poly.normal(), relation })
    }

    /// The conjunction, flattened and without repetitions.
    pub fn and(parts: Vec<Tree>) -> Tree {
        let mut flat: Vec<Tree> = vec![];
        for p in parts {
            match p {
                Tree::True => {}
                Tree::False => return Tree::False,
                Tree::And(ps) => ps.into_iter().for_each(|p| push_new(&mut flat, p)),
                p => push_new(&mut flat, p),
            }
        }
        match flat.len() {
            0 => Tree::True,
            1 => flat.remove(0),
            _ => Tree::And(flat),
        }
    }

    /// The disjunction, flattened and without repetitions.
    pub fn or(parts: Vec<Tree>) -> Tree {
        let mut flat: Vec<Tree> = vec![];
        for p in parts {
            match p {
                Tree::False => {}
                Tree::True => return Tree::True,
                Tree::Or(ps) => ps.into_iter().for_each(|p| push_new(&mut flat, p)),
                p => push_new(&mut flat, p),
            }
        }
        match flat.len() {
            0 => Tree::False,
            1 => flat.remove(0),
            _ => Tree::Or(flat),
        }
    }

    /// The combination that holds exactly where this one fails.
    pub fn negated(&self) -> Tree {
        match self {
            Tree::True => Tree::False,
            Tree::False => Tree::True,
            Tree::Atom(a) => Tree::Atom(Atom { poly: a.poly.clone(), relation: a.relation.negated() }),
            Tree::And(ps) => Tree::or(ps.iter().map(Tree::negated).collect()),
            Tree::Or(ps) => Tree::and(ps.iter().map(Tree::negated).collect()),
        }
    }

    /// The combination with `<=` and `>=` made strict and equations false. Polynomials are not
    /// zero here (constants were decided), so that each atom's solutions and those of its strict
    /// form have the same interior.
    pub fn strictified(&self) -> Tree {
        self.rebuild(&|a| match a.relation {
            Relation::Eq => Tree::False,
            Relation::Le => Tree::atom(&a.poly, Relation::Lt),
            Relation::Ge => Tree::atom(&a.poly, Relation::Gt),
            _ => Tree::Atom(a.clone()),
        })
    }

    /// The combination with each atom replaced.
    pub fn rebuild(&self, f: &impl Fn(&Atom) -> Tree) -> Tree {
        match self {
            Tree::True | Tree::False => self.clone(),
            Tree::Atom(a) => f(a),
            Tree::And(ps) => Tree::and(ps.iter().map(|p| p.rebuild(f)).collect()),
            Tree::Or(ps) => Tree::or(ps.iter().map(|p| p.rebuild(f)).collect()),
        }
    }

    /// The combination with each polynomial replaced by one of the same sign.
    pub fn map(&self, f: &impl Fn(&Poly) -> Poly) -> Tree {
        self.rebuild(&|a| Tree::atom(&f(&a.poly), a.relation))
    }

    /// The atoms, without repetitions.
    pub fn atoms(&self) -> BTreeSet<&Atom> {
        let mut out = BTreeSet::new();
        self.collect_atoms(&mut out);
        out
    }

    fn collect_atoms<'a>(&'a self, out: &mut BTreeSet<&'a Atom>) {
        match self {
            Tree::True | Tree::False => {}
            Tree::Atom(a) => {
                out.insert(a);
            }
            Tree::And(ps) | Tree::Or(ps) => ps.iter().for_each(|p| p.collect_atoms(out)),
        }
    }

    /// The polynomials, without repetitions.
    pub fn polys(&self) -> BTreeSet<&Poly> {
        self.atoms().into_iter().map(|a| &a.poly).collect()
    }

    /// The atoms that the combination implies because they stand in its outermost conjunction.
    pub fn facts(&self) -> Vec<&Atom> {
        match self {
            Tree::Atom(a) => vec![a],
            Tree::And(ps) => ps.iter().filter_map(Tree::as_atom).collect(),
            _ => vec![],
        }
    }

    fn as_atom(&self) -> Option<&Atom> {
        match self {
            Tree::Atom(a) => Some(a),
            _ => None,
        }
    }

    /// The truth value where the sign of a polynomial may be unknown (Kleene's three values).
    pub fn truth(&self, sign: &mut impl FnMut(&Poly) -> Option<Ordering>) -> Option<bool> {
        match self {
            Tree::True => Some(true),
            Tree::False => Some(false),
            Tree::Atom(a) => sign(&a.poly).map(|s| a.relation.holds(s)),
            Tree::And(ps) => decide_all(ps, false, sign),
            Tree::Or(ps) => decide_all(ps, true, sign),
        }
    }

    /// Whether it holds at a point that has a coordinate for each of its variables.
    pub fn holds_at(&self, point: &mut Point, meter: &Meter) -> Result<bool, Exhausted> {
        let mut failure = None;
        let truth = self.truth(&mut |p| match point.sign(p, meter) {
            Ok(s) => Some(s),
            Err(e) => {
                failure = Some(e);
                None
            }
        });
        match (truth, failure) {
            (Some(t), _) => Ok(t),
            (None, e) => Err(e.unwrap_or(Exhausted::Steps)),
        }
    }
}

/// A conjunction (`absorbing` false) or disjunction (`absorbing` true) of three-valued truths.
fn decide_all(
    parts: &[Tree],
    absorbing: bool,
    sign: &mut impl FnMut(&Poly) -> Option<Ordering>,
) -> Option<bool> {
    let mut known = true;
    for p in parts {
        match p.truth(sign) {
            Some(t) if t == absorbing => return Some(absorbing),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!absorbing)
}

fn push_new(list: &mut Vec<Tree>, p: Tree) {
    if !list.contains(&p) {
        list.push(p);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negation_is_an_involution_that_exchanges_strict_and_weak() {
        let x = Poly::var(0);
        let t = Tree::and(vec![
            Tree::atom(&x, Relation::Gt),
            Tree::or(vec![Tree::atom(&Poly::var(1), Relation::Le), Tree::atom(&x, Relation::Eq)]),
        ]);
        assert_eq!(t.negated().negated(), t);
        assert_eq!(Tree::atom(&x, Relation::Gt).negated(), Tree::atom(&x, Relation::Le));
    }

    #[test]
    fn a_sign_change_of_the_polynomial_mirrors_the_relation() {
        let x = Poly::var(0);
        assert_eq!(Tree::atom(&-&x, Relation::Lt), Tree::atom(&x, Relation::Gt));
    }
}
