//! Assertions as one boolean combination of polynomial sign conditions.
//!
//! A real term is a list of branches: a quotient of polynomials, and the condition under which the
//! term has its value. The conditions of a term's branches exclude each other and one of them
//! always holds; under a branch's condition its denominator is not zero. Where there would be too
//! many branches, the term gets a variable of its own, which a side condition defines.

mod condition;
mod need;
mod real;

use self::condition::{Sized, joined};
use self::need::{Need, needs};
use self::real::Branch;
use super::ratio::{Arithmetic, Ratio, Stop};
use super::term::{Id, Sort, Term, Terms};
use crate::exact::{Meter, Poly, Var};
use crate::expr::{Relation, Symbol};
use crate::prove::order::{Problem, Tree, Variable};

/// The most pairs of one `distinct`.
const MOST_PAIRS: usize = 20_000;

/// The assertions, translated.
#[derive(Debug)]
pub struct Translation {
    /// Satisfiable if and only if the assertions are. Variable `i` stands for declared constant `i`
    /// where there is one; the others are ours.
    pub problem: Problem,
    /// What division by zero gives: a dividend, and the variable that stands for its value.
    pub zeros: Vec<(Ratio, Var)>,
}

/// The name of variable `v` in a [`Problem`].
pub fn name_of(v: Var) -> Symbol {
    Symbol::new(&format!("v{v}"))
}

#[derive(Clone, Debug)]
enum Value {
    Real(Vec<Branch>),
    /// Where the term holds and where it fails, as far as they are needed.
    Bool {
        holds: Option<Sized>,
        fails: Option<Sized>,
    },
}

struct Translator<'a> {
    terms: &'a Terms,
    needs: Vec<Need>,
    values: Vec<Option<Value>>,
    /// Polynomials that are nowhere zero where the assertions hold.
    nonzero: &'a [Poly],
    variables: Var,
    zeros: Vec<(Ratio, Var)>,
    side: Vec<Tree>,
    arithmetic: Arithmetic<'a>,
}

/// Translates the assertions over so many declared constants.
///
/// A first pass finds polynomials that the assertions keep from zero; if there are divisors, a
/// second pass does not follow the branches where one of those is zero. It states them again, so
/// that what it leaves out is excluded by what it says.
pub fn translate(
    terms: &Terms,
    constants: usize,
    assertions: &[Id],
    meter: &Meter,
) -> Result<Translation, Stop> {
    let first = pass(terms, constants, assertions, &[], meter)?;
    if first.zeros.is_empty() {
        return Ok(first);
    }
    let kept: Vec<_> = first
        .problem
        .tree
        .facts()
        .into_iter()
        .filter(|a| matches!(a.relation, Relation::Ne | Relation::Lt | Relation::Gt))
        .cloned()
        .collect();
    let nonzero: Vec<Poly> = kept.iter().map(|a| a.poly.clone()).collect();
    let mut second = pass(terms, constants, assertions, &nonzero, meter)?;
    let mut parts: Vec<Tree> = kept.into_iter().map(Tree::Atom).collect();
    parts.push(second.problem.tree);
    second.problem.tree = Tree::and(parts);
    Ok(second)
}

fn pass(
    terms: &Terms,
    constants: usize,
    assertions: &[Id],
    nonzero: &[Poly],
    meter: &Meter,
) -> Result<Translation, Stop> {
    let mut t = Translator {
        terms,
        needs: needs(terms, assertions),
        values: vec![None; terms.len()],
        nonzero,
        variables: constants as Var,
        zeros: vec![],
        side: vec![],
        arithmetic: Arithmetic { meter },
    };
    for id in 0..terms.len() {
        if t.needs[id].any() && !t.needs[id].absorbed {
            meter.charge(16)?;
            let value = t.value(id)?;
            t.values[id] = Some(value);
        }
    }
    let mut parts = vec![];
    for a in assertions {
        parts.push(t.condition(*a, true));
    }
    let whole = joined(parts, true)?.tree;
    t.same_dividends_have_same_values()?;
    t.side.insert(0, whole);
    let variables = (0..t.variables).map(|v| Variable::Symbol(name_of(v))).collect();
    Ok(Translation { problem: Problem { tree: Tree::and(t.side), variables }, zeros: t.zeros })
}

impl Translator<'_> {
    fn value(&mut self, id: Id) -> Result<Value, Stop> {
        let term = self.terms.get(id);
        if self.terms.sort(id) == Sort::Real {
            return Ok(Value::Real(self.real(term)?));
        }
        let Need { holds, fails, .. } = self.needs[id];
        // Relations of real terms use the values of their arguments up: both senses at once.
        let (holds, fails) = match term {
            Term::Rel(r, a, b) => self.relation(*r, *a, *b, holds, fails)?,
            Term::Distinct(xs) => self.distinct(xs, holds, fails)?,
            _ => {
                let h = if holds { Some(self.connective(term, true)?) } else { None };
                let f = if fails { Some(self.connective(term, false)?) } else { None };
                (h, f)
            }
        };
        term.arguments().into_iter().for_each(|a| self.done_with(a));
        Ok(Value::Bool { holds, fails })
    }

    /// A use of a term is over; its value goes with the last one.
    fn done_with(&mut self, id: Id) {
        self.needs[id].uses -= 1;
        if self.needs[id].uses == 0 {
            self.values[id] = None;
        }
    }

    fn branches(&self, id: Id) -> &[Branch] {
        match &self.values[id] {
            Some(Value::Real(branches)) => branches,
            _ => unreachable!("a real argument was translated before"),
        }
    }

    /// Where a boolean argument holds (`sense`) or fails.
    fn condition(&self, id: Id, sense: bool) -> Sized {
        match &self.values[id] {
            Some(Value::Bool { holds, fails }) => {
                let wanted = if sense { holds } else { fails };
                wanted.clone().expect("both passes agree on what is needed")
            }
            _ => unreachable!("a boolean argument was translated before"),
        }
    }

    fn connective(&self, term: &Term, sense: bool) -> Result<Sized, Stop> {
        let of = |id: Id, s: bool| self.condition(id, s);
        match term {
            Term::Truth(t) => Ok(Sized::leaf(if *t == sense { Tree::True } else { Tree::False })),
            Term::Not(a) => Ok(of(*a, !sense)),
            Term::And(xs) => joined(xs.iter().map(|x| of(*x, sense)), sense),
            Term::Or(xs) => joined(xs.iter().map(|x| of(*x, sense)), !sense),
            Term::Iff(a, b) => {
                let both = joined([of(*a, true), of(*b, sense)], true)?;
                let neither = joined([of(*a, false), of(*b, !sense)], true)?;
                joined([both, neither], false)
            }
            Term::Ite(c, a, b) => {
                let then = joined([of(*c, true), of(*a, sense)], true)?;
                let other = joined([of(*c, false), of(*b, sense)], true)?;
                joined([then, other], false)
            }
            _ => unreachable!("not a connective: {term:?}"),
        }
    }

    #[allow(clippy::type_complexity)]
    fn relation(
        &mut self,
        r: Relation,
        a: Id,
        b: Id,
        holds: bool,
        fails: bool,
    ) -> Result<(Option<Sized>, Option<Sized>), Stop> {
        let minus: Vec<Branch> = self
            .branches(b)
            .iter()
            .map(|x| Branch { guard: x.guard.clone(), value: x.value.negated() })
            .collect();
        let left = self.branches(a).to_vec();
        let difference = self.fold(vec![left, minus], |me, x, y| me.add(x, y))?;
        let of = |me: &Self, r| -> Result<Sized, Stop> {
            let mut parts = vec![];
            for x in &difference {
                let sign = Sized::of(me.sign_condition(&x.value, r)?);
                parts.push(joined([Sized::of(x.guard.clone()), sign], true)?);
            }
            joined(parts, false)
        };
        let holds = if holds { Some(of(self, r)?) } else { None };
        let fails = if fails { Some(of(self, r.negated())?) } else { None };
        Ok((holds, fails))
    }

    #[allow(clippy::type_complexity)]
    fn distinct(
        &mut self,
        xs: &[Id],
        holds: bool,
        fails: bool,
    ) -> Result<(Option<Sized>, Option<Sized>), Stop> {
        if xs.len().saturating_mul(xs.len()) > 2 * MOST_PAIRS {
            return Err(Stop::TooLarge);
        }
        let (mut apart, mut equal) = (vec![], vec![]);
        for (i, a) in xs.iter().enumerate() {
            for b in &xs[..i] {
                let (h, f) = self.relation(Relation::Ne, *a, *b, holds, fails)?;
                apart.extend(h);
                equal.extend(f);
            }
        }
        let apart = if holds { Some(joined(apart, true)?) } else { None };
        let equal = if fails { Some(joined(equal, false)?) } else { None };
        Ok((apart, equal))
    }

    fn fresh(&mut self) -> Var {
        self.variables += 1;
        self.variables - 1
    }
}
