//! Terms, hash-consed: equal terms are one node, and arguments come before what is made of them.

use std::collections::BTreeMap;

use rug::Rational;

use super::error::Fault;
use crate::expr::Relation;

/// The number of a term; larger than those of its arguments.
pub type Id = usize;

/// What kind of value a term has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    Bool,
    Real,
}

impl Sort {
    /// The name that the standard gives it.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Bool => "Bool",
            Sort::Real => "Real",
        }
    }
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    Truth(bool),
    Num(Rational),
    /// A declared constant.
    Constant(u32),
    /// A parameter of a definition; not in assertions.
    Parameter(u32, Sort),
    Add(Vec<Id>),
    Mul(Vec<Id>),
    Div(Id, Id),
    Pow(Id, u32),
    /// Of either sort.
    Ite(Id, Id, Id),
    Rel(Relation, Id, Id),
    /// No two of these real terms are equal.
    Distinct(Vec<Id>),
    Not(Id),
    And(Vec<Id>),
    Or(Vec<Id>),
    Iff(Id, Id),
}

impl Term {
    /// The arguments, in order.
    pub fn arguments(&self) -> Vec<Id> {
        match self {
            Term::Truth(_) | Term::Num(_) | Term::Constant(_) | Term::Parameter(..) => vec![],
            Term::Pow(a, _) | Term::Not(a) => vec![*a],
            Term::Div(a, b) | Term::Rel(_, a, b) | Term::Iff(a, b) => vec![*a, *b],
            Term::Ite(a, b, c) => vec![*a, *b, *c],
            Term::Add(xs) | Term::Mul(xs) | Term::Distinct(xs) | Term::And(xs) | Term::Or(xs) => xs.clone(),
        }
    }

    /// The term with each argument replaced.
    fn with(&self, to: &impl Fn(Id) -> Id) -> Term {
        let all = |xs: &[Id]| xs.iter().map(|x| to(*x)).collect();
        match self {
            Term::Truth(_) | Term::Num(_) | Term::Constant(_) | Term::Parameter(..) => self.clone(),
            Term::Pow(a, n) => Term::Pow(to(*a), *n),
            Term::Not(a) => Term::Not(to(*a)),
            Term::Div(a, b) => Term::Div(to(*a), to(*b)),
            Term::Rel(r, a, b) => Term::Rel(*r, to(*a), to(*b)),
            Term::Iff(a, b) => Term::Iff(to(*a), to(*b)),
            Term::Ite(a, b, c) => Term::Ite(to(*a), to(*b), to(*c)),
            Term::Add(xs) => Term::Add(all(xs)),
            Term::Mul(xs) => Term::Mul(all(xs)),
            Term::Distinct(xs) => Term::Distinct(all(xs)),
            Term::And(xs) => Term::And(all(xs)),
            Term::Or(xs) => Term::Or(all(xs)),
        }
    }
}

/// The most arguments that all terms together may have.
const MOST_ARGUMENTS: usize = 4_000_000;

/// Terms, each once.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    terms: Vec<Term>,
    sorts: Vec<Sort>,
    ids: BTreeMap<Term, Id>,
    arguments: usize,
}

impl Terms {
    /// The term.
    pub fn get(&self, id: Id) -> &Term {
        &self.terms[id]
    }
    /// Its sort.
    pub fn sort(&self, id: Id) -> Sort {
        self.sorts[id]
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Enters a term whose arguments are of the right sorts.
    pub fn add(&mut self, term: Term) -> Result<Id, Fault> {
        if let Some(id) = self.ids.get(&term) {
            return Ok(*id);
        }
        self.arguments += 1 + term.arguments().len();
        if self.arguments > MOST_ARGUMENTS {
            return Err(Fault::TooLarge);
        }
        let sort = match &term {
            Term::Num(_)
            | Term::Constant(_)
            | Term::Add(_)
            | Term::Mul(_)
            | Term::Div(..)
            | Term::Pow(..) => Sort::Real,
            Term::Parameter(_, sort) => *sort,
            Term::Ite(_, a, _) => self.sorts[*a],
            _ => Sort::Bool,
        };
        let id = self.terms.len();
        self.ids.insert(term.clone(), id);
        self.terms.push(term);
        self.sorts.push(sort);
        Ok(id)
    }

    /// Which terms the given ones are made of, themselves included.
    pub fn reachable(&self, roots: &[Id]) -> Vec<bool> {
        let mut needed = vec![false; self.terms.len()];
        roots.iter().for_each(|r| needed[*r] = true);
        for id in (0..self.terms.len()).rev().filter(|id| roots.iter().max() >= Some(id)) {
            if needed[id] {
                self.terms[id].arguments().into_iter().for_each(|a| needed[a] = true);
            }
        }
        needed
    }

    /// The term with its parameters replaced. Cost: the number of terms it is made of.
    pub fn instantiate(&mut self, body: Id, values: &[Id]) -> Result<Id, Fault> {
        let mut of: BTreeMap<Id, Id> = BTreeMap::new();
        let mut stack = vec![body];
        while let Some(id) = stack.last().copied() {
            if of.contains_key(&id) {
                stack.pop();
                continue;
            }
            let arguments = self.terms[id].arguments();
            let missing: Vec<Id> = arguments.into_iter().filter(|a| !of.contains_key(a)).collect();
            if !missing.is_empty() {
                stack.extend(missing);
                continue;
            }
            stack.pop();
            let new = match &self.terms[id] {
                Term::Parameter(i, _) => values[*i as usize],
                term => {
                    let term = term.with(&|a| of[&a]);
                    self.add(term)?
                }
            };
            of.insert(id, new);
        }
        Ok(of[&body])
    }
}
