//! Real terms as branches: sums, products, quotients, and a division by zero that is a function.

use std::cmp::Ordering;

use super::Translator;
use super::condition::{Sized, conjunction, joined};
use crate::exact::{Poly, Var};
use crate::expr::Relation;
use crate::prove::order::Tree;
use crate::smt::ratio::{Arithmetic, Ratio, Stop};
use crate::smt::term::{Id, Term};

/// The most branches of a term.
const MOST_BRANCHES: usize = 16;
/// The most dividends of divisors that may be zero.
const MOST_DIVIDENDS: usize = 32;

#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) guard: Tree,
    pub(super) value: Ratio,
}

impl Translator<'_> {
    /// The branches of a real term.
    pub(super) fn real(&mut self, term: &Term) -> Result<Vec<Branch>, Stop> {
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
    pub(super) fn fold(
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
    pub(super) fn same_dividends_have_same_values(&mut self) -> Result<(), Stop> {
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
    pub(super) fn sign_condition(&self, value: &Ratio, r: Relation) -> Result<Tree, Stop> {
        let by_numerator = matches!(r, Relation::Eq | Relation::Ne) || value.den.as_const().is_some();
        if by_numerator {
            return Ok(Tree::atom(&value.num, r));
        }
        Ok(Tree::atom(&self.arithmetic.times(&value.num, &value.den)?, r))
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

fn free(value: Ratio) -> Branch {
    Branch { guard: Tree::True, value }
}

fn push(branches: &mut Vec<Branch>, guard: Tree, value: Ratio) {
    if guard != Tree::False {
        branches.push(Branch { guard, value });
    }
}
