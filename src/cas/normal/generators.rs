//! Generators: what stands for a power with a non-integer exponent, an exponential or a logarithm.

use std::collections::BTreeSet;

use rug::{Integer, Rational};
use symbolica::atom::{Atom, AtomCore as _};

use super::quotient::{conjugate, divided, mentions, reduced, settled, split};
use super::unsurveyed;
use crate::cas::decode::decode;
use crate::cas::encode::{LETTERS, encode, letter};
use crate::cas::wire::{MAX_SYMBOLS, neutral, place_of};
use crate::cas::worker::Refusal;
use crate::expr::{Expr, Function, Symbol};

/// The largest common denominator of the exponents over one base.
const LARGEST_ROOT: i64 = 64;

/// What stands for a power or a function.
pub(super) struct Generator {
    /// What it is, in symbols and earlier generators: `b^{m/root}`, `ln a`, `exp(m/root)`.
    pub(super) value: Expr,
    /// The base, canonical; `None` for exponentials and logarithms.
    base: Option<Expr>,
    /// `m`, canonical; the literal 1 for roots.
    exponent: Expr,
    root: i64,
}

pub(in crate::cas) struct Generators {
    pub(super) list: Vec<Generator>,
    /// The symbols that are known to be positive.
    pub(in crate::cas) positive: BTreeSet<Symbol>,
}

/// What an exponential or a power is made of: an integer power of the base and powers of
/// generators.
struct Parts {
    whole: Rational,
    parts: Vec<(Expr, Rational)>,
}

impl Generators {
    /// Finds the generators of a term, inner ones first.
    pub(super) fn survey(&mut self, e: &Expr) -> Result<(), Refusal> {
        for c in e.children() {
            self.survey(c)?;
        }
        match e {
            Expr::Pow(_, p) if is_integer(p) => Ok(()),
            Expr::Pow(b, p) => {
                for (base, exponent) in self.pieces(b, p)? {
                    self.note(base, &exponent)?;
                }
                Ok(())
            }
            Expr::Fun(Function::Exp, xs) => {
                let exponent = self.canonical(&xs[0])?;
                self.note(None, &exponent)
            }
            Expr::Fun(Function::Ln, xs) => {
                let argument = self.canonical(&xs[0])?;
                if argument.as_num().is_some_and(|v| *v <= 0) {
                    return Err(Refusal::Undefined);
                }
                for (base, _) in self.split_base(&argument)? {
                    let Some(base) = base else { continue };
                    if self.logarithm(&base).is_none() {
                        let value = Expr::Fun(Function::Ln, vec![base]);
                        self.list.push(Generator { value, base: None, exponent: Expr::int(0), root: 1 });
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Makes sure that there are generators for a base with an exponent.
    fn note(&mut self, base: Option<Expr>, exponent: &Expr) -> Result<(), Refusal> {
        for (m, c) in parts(exponent, base.is_none())?.parts {
            let root = c.denom().to_i64().filter(|r| *r <= LARGEST_ROOT);
            let root = root.ok_or_else(|| Refusal::Outside(format!("a root of order {}", c.denom())))?;
            match self.place(base.as_ref(), &m) {
                Some(i) => self.widen(i, root)?,
                None => {
                    let mut g = Generator { value: Expr::int(0), base: base.clone(), exponent: m, root };
                    g.value = g.spelled();
                    self.list.push(g);
                }
            }
        }
        Ok(())
    }

    fn place(&self, base: Option<&Expr>, exponent: &Expr) -> Option<usize> {
        self.list.iter().position(|g| g.base.as_ref() == base && g.exponent == *exponent)
    }

    /// Lets generator `i` serve roots of order `root` as well. Its meaning changes, so that
    /// this may only happen while no later generator is written in terms of it.
    fn widen(&mut self, i: usize, root: i64) -> Result<(), Refusal> {
        let old = self.list[i].root;
        let common = Integer::from(old).lcm(&Integer::from(root)).to_i64().filter(|r| *r <= LARGEST_ROOT);
        let common = common.ok_or_else(|| Refusal::Outside("a root of too high an order".into()))?;
        if common == old {
            return Ok(());
        }
        let symbol = generator_symbol(i)?;
        let finer = Expr::pow(Expr::Sym(symbol.clone()), Expr::int(common / old));
        let finer = |e: &Expr| decode(&encode(&e.substitute(&symbol, &finer))?);
        for g in &mut self.list[i + 1..] {
            g.value = finer(&g.value)?;
            g.base = g.base.as_ref().map(finer).transpose()?;
            g.exponent = finer(&g.exponent)?;
        }
        self.list[i].root = common;
        self.list[i].value = self.list[i].spelled();
        Ok(())
    }

    /// Reduced numerator and denominator of a term whose generators are known.
    pub(super) fn quotient(&self, e: &Expr) -> Result<(Atom, Atom), Refusal> {
        let (mut n, mut d) = split(&settled(&self.replace(e)?)?)?;
        self.reduce_all(&mut n, &mut d)?;
        Ok((n, d))
    }

    /// The canonical form of a subterm whose generators are known.
    pub(in crate::cas) fn canonical(&self, e: &Expr) -> Result<Expr, Refusal> {
        let (n, d) = self.quotient(e)?;
        decode(&(n / d))
    }

    /// The term with generators in place of what they stand for.
    fn replace(&self, e: &Expr) -> Result<Expr, Refusal> {
        Ok(match e {
            Expr::Num(_) | Expr::Sym(_) => e.clone(),
            Expr::Add(xs) => Expr::Add(self.replace_each(xs)?),
            Expr::Mul(xs) => Expr::Mul(self.replace_each(xs)?),
            Expr::Pow(b, p) if is_integer(p) => Expr::pow(self.replace(b)?, (**p).clone()),
            Expr::Pow(b, p) => {
                let pieces = self.pieces(b, p)?;
                let product: Result<_, _> = pieces.iter().map(|(b, p)| self.product(b.as_ref(), p)).collect();
                Expr::Mul(product?)
            }
            Expr::Fun(Function::Exp, xs) => self.product(None, &self.canonical(&xs[0])?)?,
            Expr::Fun(Function::Ln, xs) => {
                let mut sum = vec![];
                for (base, times) in self.split_base(&self.canonical(&xs[0])?)? {
                    sum.push(match base {
                        Some(b) => {
                            times * Expr::Sym(generator_symbol(self.logarithm(&b).ok_or_else(unsurveyed)?)?)
                        }
                        None => times,
                    });
                }
                Expr::Add(sum)
            }
            _ => return Err(Refusal::Outside("not an elementary term".into())),
        })
    }

    fn replace_each(&self, xs: &[Expr]) -> Result<Vec<Expr>, Refusal> {
        xs.iter().map(|x| self.replace(x)).collect()
    }

    /// Base and exponent of the power that a generator stands for; a logarithm has none.
    pub(in crate::cas) fn meaning(&self, e: &Expr) -> Option<(Option<Expr>, Expr)> {
        let place = place_of(e.as_sym()?)?.checked_sub(MAX_SYMBOLS)?;
        let g = self.list.get(place)?;
        let exponent = Expr::Mul(vec![Expr::ratio(1, g.root), g.exponent.clone()]);
        (!matches!(g.value, Expr::Fun(Function::Ln, _))).then(|| (g.base.clone(), exponent))
    }

    fn logarithm(&self, argument: &Expr) -> Option<usize> {
        self.list.iter().position(|g| matches!(&g.value, Expr::Fun(Function::Ln, xs) if xs[0] == *argument))
    }

    /// A power as a product of powers of pieces, with canonical exponents.
    fn pieces(&self, b: &Expr, p: &Expr) -> Result<Vec<(Option<Expr>, Expr)>, Refusal> {
        let p = self.canonical(p)?;
        let base = self.canonical(b)?;
        if base.is_zero() {
            // Zero where the exponent is positive, undefined elsewhere.
            return match p.as_num() {
                Some(p) if *p <= 0 => Err(Refusal::Undefined),
                _ => Ok(vec![(Some(base), Expr::int(1))]),
            };
        }
        if base.as_num().is_some_and(|b| *b < 0) && p.as_num().is_some_and(|p| *p.denom() != 1) {
            return Err(Refusal::Undefined);
        }
        let split = self.split_base(&base)?;
        split.into_iter().map(|(b, times)| Ok((b, self.canonical(&(p.clone() * times))?))).collect()
    }

    fn product(&self, base: Option<&Expr>, exponent: &Expr) -> Result<Expr, Refusal> {
        let Parts { whole, parts } = parts(exponent, base.is_none())?;
        let mut factors = vec![];
        if let Some(b) = base {
            factors.push(Expr::pow(b.clone(), Expr::Num(whole)));
        }
        for (m, c) in parts {
            let i = self.place(base, &m).ok_or_else(unsurveyed)?;
            let power = c * Rational::from(self.list[i].root);
            factors.push(Expr::pow(Expr::Sym(generator_symbol(i)?), Expr::Num(power)));
        }
        Ok(Expr::Mul(factors))
    }

    /// Reduces both polynomials by the relations of all roots and clears square roots out of the
    /// denominator.
    fn reduce_all(&self, n: &mut Atom, d: &mut Atom) -> Result<(), Refusal> {
        for (i, g) in self.list.iter().enumerate().rev() {
            let Some(base) = g.radicand() else { continue };
            let unknown = Atom::var(letter(MAX_SYMBOLS + i)?);
            let base = encode(base)?;
            if !mentions(n, &unknown) && !mentions(d, &unknown) {
                continue;
            }
            let reduce = |a: &Atom| reduced(a, &unknown, g.root, &base);
            (*n, *d) = divided(&reduce(n)?, &reduce(d)?)?;
            if g.root == 2 && mentions(d, &unknown) {
                let conjugate = conjugate(d, &unknown)?;
                (*n, *d) = divided(&reduce(&(&*n * &conjugate))?, &reduce(&(&*d * &conjugate))?)?;
            }
        }
        Ok(())
    }

    /// The term with the generators' meanings put back, powers merged.
    pub(super) fn restore(&self, e: &Expr) -> Result<Expr, Refusal> {
        let mut e = e.clone();
        for (i, g) in self.list.iter().enumerate().rev() {
            let symbol = generator_symbol(i)?;
            e = put_back(&e, &symbol, g);
        }
        decode(&encode(&e)?)
    }
}

impl Generator {
    fn spelled(&self) -> Expr {
        let exponent = Expr::Mul(vec![Expr::ratio(1, self.root), self.exponent.clone()]);
        match &self.base {
            Some(b) => Expr::pow(b.clone(), exponent),
            None => Expr::Fun(Function::Exp, vec![exponent]),
        }
    }

    /// What `g^root` is, for a root.
    fn radicand(&self) -> Option<&Expr> {
        self.base.as_ref().filter(|_| self.exponent.is_one())
    }
}

fn put_back(e: &Expr, symbol: &Symbol, g: &Generator) -> Expr {
    match e {
        Expr::Sym(s) if s == symbol => g.value.clone(),
        Expr::Pow(b, p) if b.as_sym() == Some(symbol) => match &g.value {
            Expr::Pow(base, m) => Expr::pow((**base).clone(), Expr::Mul(vec![(**p).clone(), (**m).clone()])),
            Expr::Fun(Function::Exp, m) => {
                Expr::Fun(Function::Exp, vec![Expr::Mul(vec![(**p).clone(), m[0].clone()])])
            }
            other => Expr::pow(other.clone(), (**p).clone()),
        },
        other => other.map(&mut |c| put_back(c, symbol, g), &mut Clone::clone),
    }
}

fn generator_symbol(i: usize) -> Result<Symbol, Refusal> {
    match MAX_SYMBOLS + i {
        place if place < LETTERS => Ok(neutral(place)),
        _ => Err(Refusal::Outside("too many different powers".into())),
    }
}

fn is_integer(p: &Expr) -> bool {
    p.as_num().is_some_and(|p| *p.denom() == 1)
}

/// The integer part of an exponent and its other terms, each a literal times what it multiplies.
/// For an exponential the literal term is no root and stays whole.
fn parts(exponent: &Expr, exponential: bool) -> Result<Parts, Refusal> {
    let mut whole = Rational::new();
    let mut parts = vec![];
    for term in addends(exponent)? {
        match term {
            Expr::Num(n) if exponential => parts.push((Expr::int(1), n)),
            Expr::Num(n) => {
                let floor = n.clone().floor();
                if n != floor {
                    parts.push((Expr::int(1), Rational::from(&n - &floor)));
                }
                whole += floor;
            }
            Expr::Mul(mut xs) if xs.first().is_some_and(|x| x.as_num().is_some()) => {
                let Expr::Num(c) = xs.remove(0) else { return Err(unsurveyed()) };
                parts.push((if xs.len() == 1 { xs.remove(0) } else { Expr::Mul(xs) }, c));
            }
            term => parts.push((term, Rational::from(1))),
        }
    }
    Ok(Parts { whole, parts })
}

/// The terms of an exponent, split into partial fractions by each symbol of its denominator.
fn addends(exponent: &Expr) -> Result<Vec<Expr>, Refusal> {
    let mut atom = encode(exponent)?;
    let (_, d) = split(&atom)?;
    for place in decode(&d)?.free().iter().filter_map(place_of) {
        atom = atom.apart(letter(place)?);
    }
    Ok(match decode(&atom.expand())? {
        Expr::Add(xs) => xs,
        zero if zero.is_zero() => vec![],
        one => vec![one],
    })
}
