//! Assertions as one boolean combination of polynomial sign conditions.
//!
//! A real term is a list of branches: a quotient of polynomials, and the condition under which the
//! term has its value. The conditions of a term's branches exclude each other and one of them
//! always holds; under a branch's condition its denominator is not zero. Where there would be too
//! many branches, the term gets a variable of its own, which a side condition defines.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::ratio::{Arithmetic, Ratio, Stop};
use super::term::{Id, Sort, Term, Terms};
use crate::exact::{Meter, Poly, Var};
use crate::expr::{Relation, Symbol};
use crate::prove::order::{Problem, Tree, Variable};

/// The most branches of a term.
const MOST_BRANCHES: usize = 16;
/// The most dividends of divisors that may be zero.
const MOST_DIVIDENDS: usize = 32;
/// The largest number of nodes and the largest depth of a condition.
const LARGEST_TREE: u64 = 200_000;
const DEEPEST_TREE: u64 = 20_000;
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
struct Branch {
    guard: Tree,
    value: Ratio,
}

/// A condition with bounds on its size.
#[derive(Clone, Debug)]
struct Sized {
    tree: Tree,
    size: u64,
    depth: u64,
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

/// What is needed of a term.
#[derive(Clone, Copy, Debug, Default)]
struct Need {
    holds: bool,
    fails: bool,
    uses: u32,
    /// Its only use is as a summand, so that the sum takes its summands.
    absorbed: bool,
}

impl Need {
    fn any(self) -> bool {
        self.uses > 0
    }
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

/// What is needed of each term: arguments come before what is made of them, so that one way back
/// meets all users of a term before the term.
fn needs(terms: &Terms, assertions: &[Id]) -> Vec<Need> {
    let mut out = vec![Need::default(); terms.len()];
    for a in assertions {
        out[*a].holds = true;
        out[*a].uses += 1;
    }
    for id in (0..terms.len()).rev() {
        let Need { holds, fails, uses, .. } = out[id];
        if uses == 0 {
            continue;
        }
        let term = terms.get(id);
        for (i, a) in term.arguments().into_iter().enumerate() {
            let (h, f) = match term {
                Term::Not(_) => (fails, holds),
                Term::Iff(..) => (true, true),
                Term::Ite(..) if i == 0 => (true, true),
                _ => (holds, fails),
            };
            let need = &mut out[a];
            need.holds |= h;
            need.fails |= f;
            need.uses += 1;
        }
    }
    for id in 0..terms.len() {
        if let (Term::Add(xs), true) = (terms.get(id), out[id].any()) {
            for x in xs {
                out[*x].absorbed = out[*x].uses == 1 && matches!(terms.get(*x), Term::Add(_));
            }
        }
    }
    out
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

    /// The branches of a real term.
    fn real(&mut self, term: &Term) -> Result<Vec<Branch>, Stop> {
        let out = match term {
            Term::Num(n) => vec![Branch { guard: Tree::True, value: Ratio::number(n) }],
            Term::Constant(i) => vec![free(Ratio::variable(*i))],
            Term::Add(_) => return self.sum(term),
            Term::Mul(xs) => {
                let parts = xs.iter().map(|x| self.branches(*x).to_vec()).collect();
                self.fold(parts, |me, x, y| me.multiply(x, y))?
            }
            Term::Pow(a, n) => {
                let mut out = self.branches(*a).to_vec();
                for b in &mut out {
                    b.value = self.arithmetic.power(&b.value, *n)?;
                }
                out
            }
            Term::Div(a, b) => self.quotient(*a, *b)?,
            Term::Ite(c, a, b) => {
                let mut out = vec![];
                for (sense, value) in [(true, a), (false, b)] {
                    let guard = self.condition(*c, sense).tree;
                    for x in self.branches(*value) {
                        push(&mut out, conjunction(&guard, &x.guard), x.value.clone());
                    }
                }
                out
            }
            _ => unreachable!("not a real term of an assertion: {term:?}"),
        };
        term.arguments().into_iter().for_each(|a| self.done_with(a));
        self.named_if_many(out)
    }

    /// A sum, with the summands of the sums that are used nowhere else.
    fn sum(&mut self, term: &Term) -> Result<Vec<Branch>, Stop> {
        let (mut single, mut several) = (vec![], vec![]);
        let mut stack: Vec<Id> = term.arguments().into_iter().rev().collect();
        while let Some(id) = stack.pop() {
            if self.needs[id].absorbed {
                stack.extend(self.terms.get(id).arguments().into_iter().rev());
                continue;
            }
            match self.branches(id) {
                [only] if only.guard == Tree::True => single.push(only.value.clone()),
                branches => several.push(branches.to_vec()),
            }
            self.done_with(id);
        }
        let start = free(self.arithmetic.sum(single)?);
        several.insert(0, vec![start]);
        let out = self.fold(several, |me, x, y| me.add(x, y))?;
        self.named_if_many(out)
    }

    /// Combines branches of several terms, one of each.
    fn fold(
        &mut self,
        parts: Vec<Vec<Branch>>,
        combine: impl Fn(&Arithmetic<'_>, &Ratio, &Ratio) -> Result<Ratio, Stop>,
    ) -> Result<Vec<Branch>, Stop> {
        let mut parts = parts.into_iter();
        let mut out = parts.next().expect("an operation has an argument");
        for mut next in parts {
            if out.len() * next.len() > MOST_BRANCHES {
                out = self.named(out)?;
                next = self.named(next)?;
            }
            let mut product = vec![];
            for a in &out {
                for b in &next {
                    let guard = conjunction(&a.guard, &b.guard);
                    if guard != Tree::False {
                        product.push(Branch { guard, value: combine(&self.arithmetic, &a.value, &b.value)? });
                    }
                }
            }
            out = product;
        }
        Ok(out)
    }

    fn quotient(&mut self, a: Id, b: Id) -> Result<Vec<Branch>, Stop> {
        let (dividends, divisors) = (self.branches(a).to_vec(), self.branches(b).to_vec());
        let mut out = vec![];
        for x in &dividends {
            for y in &divisors {
                let both = conjunction(&x.guard, &y.guard);
                if both == Tree::False {
                    continue;
                }
                let divisor = &y.value.num;
                let never_zero = self.is_nowhere_zero(divisor);
                if !divisor.is_zero() {
                    let condition = if never_zero { Tree::True } else { Tree::atom(divisor, Relation::Ne) };
                    let value = self.arithmetic.divide(&x.value, &y.value)?;
                    push(&mut out, conjunction(&both, &condition), value);
                }
                if !never_zero {
                    let condition = conjunction(&both, &Tree::atom(divisor, Relation::Eq));
                    if condition != Tree::False {
                        let v = self.by_zero(&x.value)?;
                        push(&mut out, condition, Ratio::variable(v));
                    }
                }
            }
        }
        Ok(out)
    }

    /// The variable for the value of a dividend divided by zero.
    fn by_zero(&mut self, dividend: &Ratio) -> Result<Var, Stop> {
        if let Some((_, v)) = self.zeros.iter().find(|(d, _)| d == dividend) {
            return Ok(*v);
        }
        if self.zeros.len() == MOST_DIVIDENDS {
            return Err(Stop::TooLarge);
        }
        let v = self.fresh();
        self.zeros.push((dividend.clone(), v));
        Ok(v)
    }

    /// Division by zero is a function: where two dividends are defined and equal, so are their
    /// values.
    fn same_dividends_have_same_values(&mut self) -> Result<(), Stop> {
        for (i, (a, v)) in self.zeros.iter().enumerate() {
            for (b, w) in &self.zeros[..i] {
                let left = self.arithmetic.times(&a.num, &b.den)?;
                let right = self.arithmetic.times(&b.num, &a.den)?;
                self.side.push(Tree::or(vec![
                    Tree::atom(&a.den, Relation::Eq),
                    Tree::atom(&b.den, Relation::Eq),
                    Tree::atom(&(&left - &right), Relation::Ne),
                    Tree::atom(&(&Poly::var(*v) - &Poly::var(*w)), Relation::Eq),
                ]));
            }
        }
        Ok(())
    }

    /// Whether a polynomial is a product of numbers, of polynomials that are kept from zero and of
    /// one with even exponents, coefficients of one sign and a constant term.
    fn is_nowhere_zero(&self, p: &Poly) -> bool {
        let mut p = p.clone();
        for factor in self.nonzero {
            while p.as_const().is_none()
                && let Some(q) = p.divide(factor)
            {
                p = q;
            }
        }
        let terms = p.terms();
        let even = terms.iter().all(|(_, exponents)| exponents.iter().all(|e| e % 2 == 0));
        let constant = terms.iter().any(|(_, exponents)| exponents.is_empty());
        let signs = |s: Ordering| terms.iter().all(|(c, _)| c.cmp0() == s);
        even && constant && (signs(Ordering::Greater) || signs(Ordering::Less))
    }

    /// `value R 0`, where its denominator is not zero: the sign of the quotient is that of the
    /// product.
    fn sign_condition(&self, value: &Ratio, r: Relation) -> Result<Tree, Stop> {
        let by_numerator = matches!(r, Relation::Eq | Relation::Ne) || value.den.as_const().is_some();
        if by_numerator {
            return Ok(Tree::atom(&value.num, r));
        }
        Ok(Tree::atom(&self.arithmetic.times(&value.num, &value.den)?, r))
    }

    fn fresh(&mut self) -> Var {
        self.variables += 1;
        self.variables - 1
    }

    fn named_if_many(&mut self, branches: Vec<Branch>) -> Result<Vec<Branch>, Stop> {
        if branches.len() > MOST_BRANCHES { self.named(branches) } else { Ok(branches) }
    }

    /// A variable that has the value of the term with these branches.
    fn named(&mut self, branches: Vec<Branch>) -> Result<Vec<Branch>, Stop> {
        if branches.len() == 1 && branches[0].guard == Tree::True {
            return Ok(branches);
        }
        let v = self.fresh();
        let mut parts = vec![];
        for b in branches {
            let scaled = self.arithmetic.times(&Poly::var(v), &b.value.den)?;
            let equal = Tree::atom(&(&scaled - &b.value.num), Relation::Eq);
            parts.push(joined([Sized::of(b.guard), Sized::of(equal)], true)?);
        }
        self.side.push(joined(parts, false)?.tree);
        Ok(vec![free(Ratio::variable(v))])
    }
}

impl Sized {
    fn leaf(tree: Tree) -> Sized {
        Sized { tree, size: 1, depth: 1 }
    }

    fn of(tree: Tree) -> Sized {
        let (size, depth) = extent(&tree);
        Sized { tree, size, depth }
    }
}

fn extent(tree: &Tree) -> (u64, u64) {
    match tree {
        Tree::True | Tree::False | Tree::Atom(_) => (1, 1),
        Tree::And(ps) | Tree::Or(ps) => {
            ps.iter().map(extent).fold((1, 1), |(size, depth), (s, d)| (size + s, depth.max(d + 1)))
        }
    }
}

/// The conjunction (`all`) or disjunction.
fn joined(parts: impl IntoIterator<Item = Sized>, all: bool) -> Result<Sized, Stop> {
    let (mut size, mut depth, mut trees) = (1, 1, vec![]);
    for p in parts {
        size += p.size;
        depth = depth.max(p.depth + 1);
        if size > LARGEST_TREE || depth > DEEPEST_TREE {
            return Err(Stop::TooLarge);
        }
        trees.push(p.tree);
    }
    let tree = if all { Tree::and(trees) } else { Tree::or(trees) };
    Ok(match tree {
        Tree::True | Tree::False | Tree::Atom(_) => Sized::leaf(tree),
        tree => Sized { tree, size, depth },
    })
}

fn free(value: Ratio) -> Branch {
    Branch { guard: Tree::True, value }
}

fn push(branches: &mut Vec<Branch>, guard: Tree, value: Ratio) {
    if guard != Tree::False {
        branches.push(Branch { guard, value });
    }
}

/// The conjunction; false where two conjuncts on one polynomial exclude each other.
fn conjunction(a: &Tree, b: &Tree) -> Tree {
    let both = Tree::and(vec![a.clone(), b.clone()]);
    let mut possible: BTreeMap<&Poly, u8> = BTreeMap::new();
    for atom in both.facts() {
        let signs = [Ordering::Less, Ordering::Equal, Ordering::Greater];
        let allowed = (0..3).filter(|i| atom.relation.holds(signs[*i])).fold(0, |set, i| set | 1 << i);
        *possible.entry(&atom.poly).or_insert(7) &= allowed;
    }
    if possible.values().any(|set| *set == 0) { Tree::False } else { both }
}
