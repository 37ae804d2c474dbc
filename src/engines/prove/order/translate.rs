//! Statements as boolean combinations of polynomial sign conditions.

use std::collections::BTreeMap;

use rug::Integer;
use rug::ops::Pow as _;

use super::constraint::Tree;
use crate::exact::gcd::gcd;
use crate::exact::{Exhausted, Meter, Poly, Var};
use crate::expr::{Case, Expr, Formula, Function, Relation, Set, Symbol, defined, fold};

/// What a variable of the translation stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Variable {
    /// A symbol of the statement.
    Symbol(Symbol),
    /// The root of the given index of a term of the statement (zero where the term is negative
    /// or undefined).
    Root(u32),
}

/// Why a statement was not translated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untranslated {
    /// A term that is not algebraic.
    #[error("a term is not algebraic")]
    Unsupported { term: Expr },
    /// A set that is only named.
    #[error("the set {} is not spelled out", .0.as_ref().map_or_else(String::new, |s| format!("`{s}`")))]
    NamedSet(Option<Symbol>),
    /// A power or a case distinction beyond what the engine takes on.
    #[error("a term is too large to expand")]
    TooLarge { term: Expr },
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
}

/// The largest exponent that is expanded, and the largest index of a root.
const LARGEST_EXPONENT: i64 = 64;
/// The largest number of branches of one term.
const MOST_BRANCHES: usize = 512;

/// A quotient of polynomials.
#[derive(Clone, Debug)]
struct Ratio {
    num: Poly,
    den: Poly,
}

/// A value and the condition under which the term is defined and has it.
#[derive(Clone, Debug)]
struct Branch {
    guard: Tree,
    value: Ratio,
}

/// Translates statements over a common set of variables. Every statement translated is the
/// conjunction of its own [`Tree`] and [`Translator::side_conditions`], which define the roots.
///
/// Semantics: the statement is brought to negation normal form; an atom with an undefined side is
/// then false. Each tree returned is two-valued, so that [`Tree::negated`] is its denial
/// everywhere, undefined points included. Roots are total functions in the side conditions: the
/// root variable is zero where the root is undefined, and the atom that uses it carries its
/// definedness as a guard.
pub struct Translator<'m> {
    variables: Vec<Variable>,
    of_symbol: BTreeMap<Symbol, Var>,
    of_root: BTreeMap<(Poly, Poly, u32), Var>,
    side: Vec<Tree>,
    meter: &'m Meter,
}

type Translated<T> = Result<T, Untranslated>;

impl<'m> Translator<'m> {
    /// A translator for statements about the given symbols (others are added as they come).
    pub fn new(symbols: impl IntoIterator<Item = Symbol>, meter: &'m Meter) -> Self {
        let mut t = Translator {
            variables: vec![],
            of_symbol: BTreeMap::new(),
            of_root: BTreeMap::new(),
            side: vec![],
            meter,
        };
        symbols.into_iter().for_each(|s| {
            t.variable(&s);
        });
        t
    }

    /// What the variables stand for.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The conditions that define the root variables.
    pub fn side_conditions(&self) -> Tree {
        Tree::and(self.side.clone())
    }

    fn variable(&mut self, s: &Symbol) -> Var {
        if let Some(v) = self.of_symbol.get(s) {
            return *v;
        }
        let v = self.variables.len() as Var;
        self.variables.push(Variable::Symbol(s.clone()));
        self.of_symbol.insert(s.clone(), v);
        v
    }

    /// The points where the statement holds.
    pub fn formula(&mut self, f: &Formula) -> Translated<Tree> {
        self.signed(&f.unchained(), true)
    }

    /// The negation normal form of `f` (`positive`) or of its denial, translated.
    fn signed(&mut self, f: &Formula, positive: bool) -> Translated<Tree> {
        let all = |me: &mut Self, ps: &[Formula]| -> Translated<Vec<Tree>> {
            ps.iter().map(|p| me.signed(p, positive)).collect()
        };
        Ok(match f {
            Formula::True => truth(positive),
            Formula::False => truth(!positive),
            Formula::Rel(a, r, b) => {
                let r = if positive { *r } else { r.negated() };
                self.relation(a, r, b)?
            }
            Formula::Chain(..) | Formula::In(..) => {
                let plain = f.unchained();
                if let Formula::In(_, set) = &plain {
                    return Err(Untranslated::NamedSet(name_in(set)));
                }
                self.signed(&plain, positive)?
            }
            Formula::Not(p) => self.signed(p, !positive)?,
            Formula::And(ps) if positive => Tree::and(all(self, ps)?),
            Formula::Or(ps) if !positive => Tree::and(all(self, ps)?),
            Formula::And(ps) | Formula::Or(ps) => Tree::or(all(self, ps)?),
            Formula::Implies(p, q) => {
                let (p, q) = (self.signed(p, !positive)?, self.signed(q, positive)?);
                if positive { Tree::or(vec![p, q]) } else { Tree::and(vec![p, q]) }
            }
            Formula::Iff(p, q) => {
                let same = Tree::and(vec![self.signed(p, true)?, self.signed(q, positive)?]);
                let other = Tree::and(vec![self.signed(p, false)?, self.signed(q, !positive)?]);
                Tree::or(vec![same, other])
            }
        })
    }

    fn relation(&mut self, a: &Expr, r: Relation, b: &Expr) -> Translated<Tree> {
        let (left, right) = (self.branches(a)?, self.branches(b)?);
        if left.len() * right.len() > MOST_BRANCHES {
            return Err(Untranslated::TooLarge { term: a.clone() });
        }
        let mut parts = vec![];
        for x in &left {
            for y in &right {
                let difference = self.add(&x.value, &negate(&y.value))?;
                let holds = sign_condition(&difference, r);
                parts.push(Tree::and(vec![x.guard.clone(), y.guard.clone(), holds]));
            }
        }
        Ok(Tree::or(parts))
    }

    /// The values of a term, each with the condition under which the term is defined and has it.
    fn branches(&mut self, e: &Expr) -> Translated<Vec<Branch>> {
        match e {
            Expr::Num(n) => Ok(vec![free(Ratio {
                num: Poly::Const(n.numer().clone()),
                den: Poly::Const(n.denom().clone()),
            })]),
            Expr::Sym(s) => {
                let v = self.variable(s);
                Ok(vec![free(Ratio { num: Poly::var(v), den: Poly::one() })])
            }
            Expr::Add(xs) => self.fold_terms(e, xs, Poly::zero(), Self::add),
            Expr::Mul(xs) => self.fold_terms(e, xs, Poly::one(), Self::multiply),
            Expr::Pow(b, p) => self.power(e, b, p),
            Expr::Fun(Function::Abs, xs) => self.absolute_value(e, &xs[0]),
            Expr::Fun(Function::Max, xs) => self.extremum(e, xs, Relation::Ge),
            Expr::Fun(Function::Min, xs) => self.extremum(e, xs, Relation::Le),
            Expr::Cases(cs) => self.cases(e, cs),
            other => Err(Untranslated::Unsupported { term: other.clone() }),
        }
    }

    fn fold_terms(
        &mut self,
        whole: &Expr,
        xs: &[Expr],
        neutral: Poly,
        combine: fn(&Self, &Ratio, &Ratio) -> Translated<Ratio>,
    ) -> Translated<Vec<Branch>> {
        let mut out = vec![free(Ratio { num: neutral, den: Poly::one() })];
        for x in xs {
            let next = self.branches(x)?;
            if out.len() * next.len() > MOST_BRANCHES {
                return Err(Untranslated::TooLarge { term: whole.clone() });
            }
            let mut product = vec![];
            for a in &out {
                for b in &next {
                    let guard = Tree::and(vec![a.guard.clone(), b.guard.clone()]);
                    if guard != Tree::False {
                        product.push(Branch { guard, value: combine(self, &a.value, &b.value)? });
                    }
                }
            }
            out = product;
        }
        Ok(out)
    }

    fn power(&mut self, whole: &Expr, base: &Expr, exponent: &Expr) -> Translated<Vec<Branch>> {
        let exponent = fold::fold(exponent);
        let Some(q) = exponent.as_num() else {
            return Err(Untranslated::Unsupported { term: whole.clone() });
        };
        let (n, index) = (q.numer().to_i64(), q.denom().to_i64());
        let (Some(n), Some(index)) = (n, index) else {
            return Err(Untranslated::TooLarge { term: whole.clone() });
        };
        if n.abs() > LARGEST_EXPONENT || index > LARGEST_EXPONENT {
            return Err(Untranslated::TooLarge { term: whole.clone() });
        }
        let mut out = vec![];
        for b in self.branches(base)? {
            let b = if index == 1 { b } else { self.root(&b, index as u32)? };
            let up = n.unsigned_abs() as u32;
            let value = Ratio { num: self.raise(&b.value.num, up)?, den: self.raise(&b.value.den, up)? };
            if n >= 0 {
                out.push(Branch { guard: b.guard, value });
            } else if !value.num.is_zero() {
                // The reciprocal of nothing but zero is defined nowhere, and has no branch.
                let guard = Tree::and(vec![b.guard, Tree::atom(&b.value.num, Relation::Ne)]);
                out.push(Branch { guard, value: Ratio { num: value.den, den: value.num } });
            }
        }
        Ok(out)
    }

    /// The root of the given index of a value, defined where the value is not negative.
    fn root(&mut self, b: &Branch, index: u32) -> Translated<Branch> {
        let base = self.cancel(b.value.num.clone(), b.value.den.clone())?;
        let guard = Tree::and(vec![b.guard.clone(), sign_condition(&base, Relation::Ge)]);
        if let (Some(num), Some(den)) = (base.num.as_const(), base.den.as_const())
            && let (Some(num), Some(den)) = (exact_root(num, index), exact_root(den, index))
        {
            return Ok(Branch { guard, value: Ratio { num: Poly::Const(num), den: Poly::Const(den) } });
        }
        let key = (base.num.clone(), base.den.clone(), index);
        let v = match self.of_root.get(&key) {
            Some(v) => *v,
            None => {
                let v = self.variables.len() as Var;
                self.variables.push(Variable::Root(index));
                self.of_root.insert(key, v);
                self.side.push(root_condition(v, &base, index));
                v
            }
        };
        Ok(Branch { guard, value: Ratio { num: Poly::var(v), den: Poly::one() } })
    }

    fn absolute_value(&mut self, whole: &Expr, x: &Expr) -> Translated<Vec<Branch>> {
        let mut out = vec![];
        let inner = self.branches(x)?;
        if 2 * inner.len() > MOST_BRANCHES {
            return Err(Untranslated::TooLarge { term: whole.clone() });
        }
        for b in inner {
            for (r, value) in [(Relation::Ge, b.value.clone()), (Relation::Lt, negate(&b.value))] {
                let guard = Tree::and(vec![b.guard.clone(), sign_condition(&b.value, r)]);
                out.push(Branch { guard, value });
            }
        }
        Ok(out)
    }

    /// `max` (`r` is `>=`) or `min` (`<=`): each argument where it stands in `r` to all others.
    fn extremum(&mut self, whole: &Expr, xs: &[Expr], r: Relation) -> Translated<Vec<Branch>> {
        let mut out: Vec<Branch> = vec![];
        for (i, x) in xs.iter().enumerate() {
            let next = self.branches(x)?;
            if i == 0 {
                out = next;
                continue;
            }
            if 2 * out.len() * next.len() > MOST_BRANCHES {
                return Err(Untranslated::TooLarge { term: whole.clone() });
            }
            let mut merged = vec![];
            for a in &out {
                for b in &next {
                    let difference = self.add(&a.value, &negate(&b.value))?;
                    let both = Tree::and(vec![a.guard.clone(), b.guard.clone()]);
                    for (rel, value) in [(r, &a.value), (r.negated(), &b.value)] {
                        let guard = Tree::and(vec![both.clone(), sign_condition(&difference, rel)]);
                        merged.push(Branch { guard, value: value.clone() });
                    }
                }
            }
            out = merged;
        }
        Ok(out)
    }

    /// The first case whose condition holds; a condition counts as failed only where its denial
    /// holds, and the condition of the case taken must be defined.
    fn cases(&mut self, whole: &Expr, cs: &[Case]) -> Translated<Vec<Branch>> {
        let mut earlier = vec![];
        let mut out = vec![];
        for c in cs {
            let here = c.condition.clone().unwrap_or(Formula::True).unchained();
            let needed = defined::formula_condition(&here)
                .ok_or_else(|| Untranslated::Unsupported { term: whole.clone() })?;
            let mut guards = earlier.clone();
            guards.push(self.formula(&needed)?);
            guards.push(self.signed(&here, true)?);
            earlier.push(self.signed(&here, false)?);
            let taken = Tree::and(guards);
            if taken == Tree::False {
                continue;
            }
            for b in self.branches(&c.value)? {
                out.push(Branch { guard: Tree::and(vec![taken.clone(), b.guard]), value: b.value });
            }
            if out.len() > MOST_BRANCHES {
                return Err(Untranslated::TooLarge { term: whole.clone() });
            }
        }
        Ok(out)
    }

    /// A power by repeated multiplication, each step paid for.
    fn raise(&self, p: &Poly, n: u32) -> Translated<Poly> {
        let mut out = Poly::one();
        for _ in 0..n {
            self.meter.charge(out.size() * p.size())?;
            out = &out * p;
        }
        Ok(out)
    }

    fn add(&self, a: &Ratio, b: &Ratio) -> Translated<Ratio> {
        if a.num.is_zero() {
            return Ok(b.clone());
        }
        if b.num.is_zero() {
            return Ok(a.clone());
        }
        let g = gcd(&a.den, &b.den, self.meter)?;
        let (p, q) = (exact(&a.den, &g), exact(&b.den, &g));
        self.meter.charge(a.num.size() * q.size() + b.num.size() * p.size())?;
        self.cancel(&(&a.num * &q) + &(&b.num * &p), &a.den * &q)
    }

    fn multiply(&self, a: &Ratio, b: &Ratio) -> Translated<Ratio> {
        self.meter.charge(a.num.size() * b.num.size() + a.den.size() * b.den.size())?;
        self.cancel(&a.num * &b.num, &a.den * &b.den)
    }

    /// The quotient in lowest terms: equal wherever the original denominator is not zero, which
    /// the guard of the branch demands.
    fn cancel(&self, num: Poly, den: Poly) -> Translated<Ratio> {
        let g = gcd(&num, &den, self.meter)?;
        let g = if *den.lead_integer() < 0 { -&g } else { g };
        Ok(Ratio { num: exact(&num, &g), den: exact(&den, &g) })
    }
}

fn exact(p: &Poly, d: &Poly) -> Poly {
    p.divide(d).expect("a common divisor divides")
}

/// The name that keeps a set from being spelled out.
fn name_in(set: &Set) -> Option<Symbol> {
    match set {
        Set::Named(s) => Some(s.clone()),
        Set::Union(ss) | Set::Intersection(ss) => ss.iter().find_map(name_in),
        _ => None,
    }
}

fn truth(t: bool) -> Tree {
    if t { Tree::True } else { Tree::False }
}

fn free(value: Ratio) -> Branch {
    Branch { guard: Tree::True, value }
}

fn negate(a: &Ratio) -> Ratio {
    Ratio { num: -&a.num, den: a.den.clone() }
}

/// `num/den R 0` where `den != 0` is known: the sign of the quotient is that of the product.
fn sign_condition(a: &Ratio, r: Relation) -> Tree {
    match r {
        Relation::Eq | Relation::Ne => Tree::atom(&a.num, r),
        _ => Tree::atom(&(&a.num * &a.den), r),
    }
}

/// `s^index = base` and `s >= 0` where the base is defined and not negative; `s = 0` elsewhere.
fn root_condition(v: Var, base: &Ratio, index: u32) -> Tree {
    let s = Poly::var(v);
    let power = &(&s.pow(index) * &base.den) - &base.num;
    let defined = Tree::and(vec![
        Tree::atom(&base.den, Relation::Ne),
        Tree::atom(&(&base.num * &base.den), Relation::Ge),
    ]);
    let root = Tree::and(vec![Tree::atom(&power, Relation::Eq), Tree::atom(&s, Relation::Ge)]);
    if defined == Tree::True {
        return root;
    }
    let elsewhere = Tree::and(vec![defined.negated(), Tree::atom(&s, Relation::Eq)]);
    Tree::or(vec![Tree::and(vec![defined, root]), elsewhere])
}

fn exact_root(n: &Integer, index: u32) -> Option<Integer> {
    if *n < 0 {
        return None;
    }
    let r = Integer::from(n.root_ref(index));
    (r.clone().pow(index) == *n).then_some(r)
}
