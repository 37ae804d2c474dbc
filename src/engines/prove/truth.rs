//! Truth values and connectives.
//!
//! A formula is evaluated in three truth values (S. C. Kleene, *Introduction to Metamathematics*,
//! 1952, §64, strong tables) with `Undefined` as the third: an atom with an undefined side is
//! `Undefined`, its negation too, a conjunction with a false part is `False` and a disjunction
//! with a true part `True` whatever the rest. `Unknown` is not a fourth value but the lack of an
//! answer: any of the three may be the case.

use super::value::Value;
use crate::expr::{Expr, Formula, Relation};

/// What is known of a formula at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    True,
    False,
    /// Its truth hangs on a term that is certainly undefined.
    Undefined,
    Unknown,
}

/// What decides the atoms of a formula, at a point or on a whole box.
pub(super) trait Atoms {
    fn relation(&self, a: &Expr, r: Relation, b: &Expr) -> Truth;
    fn value(&self, e: &Expr) -> Value;
}

/// The truth value of a formula by those of its atoms.
pub(super) fn kleene(f: &Formula, atoms: &impl Atoms) -> Truth {
    match f {
        Formula::True => Truth::True,
        Formula::False => Truth::False,
        Formula::Rel(a, r, b) => atoms.relation(a, *r, b),
        Formula::Chain(first, rest) => {
            let lefts = std::iter::once(first).chain(rest.iter().map(|(_, e)| e));
            conjunction(lefts.zip(rest).map(|(left, (r, right))| atoms.relation(left, *r, right)))
        }
        // An undefined term belongs to no set and lies outside none, the reals included.
        Formula::In(a, s) => match atoms.value(a) {
            Value::Undefined(_) => Truth::Undefined,
            Value::Unknown => Truth::Unknown,
            _ => s.contains(a).map_or(Truth::Unknown, |f| kleene(&f, atoms)),
        },
        Formula::Not(p) => kleene(p, atoms).negated(),
        Formula::And(ps) => conjunction(ps.iter().map(|p| kleene(p, atoms))),
        Formula::Or(ps) => disjunction(ps.iter().map(|p| kleene(p, atoms))),
        Formula::Implies(p, q) => disjunction([kleene(p, atoms).negated(), kleene(q, atoms)].into_iter()),
        Formula::Iff(p, q) => match (kleene(p, atoms), kleene(q, atoms)) {
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            (Truth::Undefined, _) | (_, Truth::Undefined) => Truth::Undefined,
            (a, b) if a == b => Truth::True,
            _ => Truth::False,
        },
    }
}

impl Truth {
    /// The truth value of the negation: what is undefined stays undefined.
    pub fn negated(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            same => same,
        }
    }
}

fn conjunction(parts: impl Iterator<Item = Truth>) -> Truth {
    let (mut undefined, mut unknown) = (false, false);
    for t in parts {
        match t {
            Truth::False => return Truth::False,
            Truth::True => {}
            Truth::Undefined => undefined = true,
            Truth::Unknown => unknown = true,
        }
    }
    match (unknown, undefined) {
        (true, _) => Truth::Unknown,
        (_, true) => Truth::Undefined,
        _ => Truth::True,
    }
}

fn disjunction(parts: impl Iterator<Item = Truth>) -> Truth {
    conjunction(parts.map(Truth::negated)).negated()
}
