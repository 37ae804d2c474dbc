//! Normal forms: a quotient of two expanded polynomials without a common factor.
//!
//! What is not rational in a term (roots, powers with symbolic exponents, logarithms,
//! exponentials) is first replaced by unknowns, the *generators*, one for each base and each
//! independent part of its exponents: `x^{k+1/2}` is `g·h` with `g = x^k` and `h = x^{1/2}`. A
//! root has a relation, `h^2 = x`, by which numerator and denominator are reduced. This is the
//! representation by an algebraic tower of Geddes, Czapor and Labahn, *Algorithms for Computer
//! Algebra* (1992), chapter 3 and section 11.3, kept small: no algebraic dependence between
//! generators is looked for. Hence a numerator that vanishes proves the term zero, and one that
//! does not proves nothing unless the term has no generators.
//!
//! `b^{p+q} = b^p b^q` and `b^{pq} = (b^p)^q` for integer `q` hold wherever both sides are
//! defined: by the semantics of terms the base of a power with a non-integer exponent is
//! positive, or zero with positive exponents, where both sides are zero. `(ab)^p = a^p b^p` and
//! `ln ab = ln a + ln b` are used only where `a` is known to be positive: a positive literal, a
//! power with a non-integer exponent, a symbol that the caller says is positive, and sums,
//! products and powers of these.

use std::collections::BTreeSet;

use rug::{Integer, Rational};
use symbolica::atom::{Atom, AtomCore as _, AtomView};

use super::decode::{decode, literal};
use super::degree;
use super::encode::{LETTERS, encode, letter, number};
use super::wire::{MAX_SYMBOLS, neutral, place_of};
use super::worker::Refusal;
use crate::expr::{Expr, Function, Symbol};

/// The largest common denominator of the exponents over one base.
const LARGEST_ROOT: i64 = 64;

/// A term as a quotient of polynomials in its symbols and generators.
pub struct Fraction {
    pub numerator: Atom,
    pub denominator: Atom,
    generators: Generators,
}

impl Fraction {
    /// The normal form of a term, for positive values of the symbols in `positive`. [`Refusal::Undefined`] if its denominator vanishes identically.
    pub fn of(e: &Expr, positive: &BTreeSet<Symbol>) -> Result<Fraction, Refusal> {
        let mut generators = Generators { list: vec![], positive: positive.clone() };
        generators.survey(e)?;
        let (n, d) = generators.quotient(e)?;
        Ok(Fraction { numerator: n, denominator: d, generators })
    }

    /// Whether the term is zero wherever it is defined: `Some(true)` is certain, and so is
    /// `Some(false)`, which says that it is not zero everywhere.
    pub fn is_zero(&self) -> Option<bool> {
        match self.numerator.is_zero() {
            true => Some(true),
            false if self.generators.list.is_empty() => Some(false),
            false => None,
        }
    }

    /// A polynomial in symbols and generators as a term.
    pub fn to_term(&self, a: &Atom) -> Result<Expr, Refusal> {
        self.generators.restore(&decode(a)?)
    }

    /// Numerator over denominator as a term.
    pub fn quotient(&self) -> Result<Expr, Refusal> {
        let n = encode(&self.to_term(&self.numerator)?)?;
        let d = encode(&self.to_term(&self.denominator)?)?;
        decode(&(n / d))
    }

    /// Whether a generator depends on the symbol at `place`.
    pub fn hides(&self, place: usize) -> bool {
        let symbol = neutral(place);
        self.generators.list.iter().any(|g| match self.generators.restore(&g.value) {
            Ok(value) => value.mentions(&symbol),
            Err(_) => true,
        })
    }
}

/// A rational term as an atom, every divisor of which is known not to vanish identically:
/// Symbolica panics on a divisor of zero that it does not see at once.
fn settled(e: &Expr) -> Result<Atom, Refusal> {
    let all = |xs: &[Expr]| xs.iter().map(settled).collect::<Result<Vec<Atom>, Refusal>>();
    Ok(match e {
        Expr::Add(xs) => Atom::add_many(&all(xs)?),
        Expr::Mul(xs) => Atom::mul_many(&all(xs)?),
        Expr::Pow(b, p) => {
            let base = settled(b)?;
            match p.as_num() {
                Some(p) if *p < 0 => {
                    let (d, n) = divided(&Atom::num(1), &base)?;
                    (d / n).pow(number(&Rational::from(-p)))
                }
                Some(p) if *p == 0 => Atom::num(1),
                _ => base.pow(encode(p)?),
            }
        }
        leaf => encode(leaf)?,
    })
}

/// Numerator and denominator of a quotient. [`Refusal::Undefined`] if the divisor is zero.
fn divided(n: &Atom, d: &Atom) -> Result<(Atom, Atom), Refusal> {
    let (top, bottom) = split(d)?;
    if top.is_zero() {
        return Err(Refusal::Undefined);
    }
    split(&(n * bottom / top))
}

/// Numerator and denominator, both expanded, without a common factor. Refused if a coefficient
/// is no real number, the degree too large, or the denominator zero.
fn split(a: &Atom) -> Result<(Atom, Atom), Refusal> {
    degree::check(&decode(a)?)?;
    let together = a.together().cancel();
    let (mut n, mut d) = (vec![], vec![]);
    match together.as_view() {
        AtomView::Mul(m) => m.iter().for_each(|f| sort_factor(f, &mut n, &mut d)),
        f => sort_factor(f, &mut n, &mut d),
    }
    let (n, d) = (Atom::mul_many(&n).expand(), Atom::mul_many(&d).expand());
    // Whatever is not exact and finite is refused here.
    decode(&n)?;
    if decode(&d)?.is_zero() { Err(Refusal::Undefined) } else { Ok((n, d)) }
}

fn sort_factor(f: AtomView<'_>, n: &mut Vec<Atom>, d: &mut Vec<Atom>) {
    if let AtomView::Pow(p) = f
        && let Some(e) = literal(p.get_exp())
        && e < 0
    {
        d.push(p.get_base().to_owned().pow(number(&(-e))));
        return;
    }
    n.push(f.to_owned());
}

/// What stands for a power or a function.
struct Generator {
    /// What it is, in symbols and earlier generators: `b^{m/root}`, `ln a`, `exp(m/root)`.
    value: Expr,
    /// The base, canonical; `None` for exponentials and logarithms.
    base: Option<Expr>,
    /// `m`, canonical; the literal 1 for roots.
    exponent: Expr,
    root: i64,
}

pub(super) struct Generators {
    list: Vec<Generator>,
    /// The symbols that are known to be positive.
    pub(super) positive: BTreeSet<Symbol>,
}

/// What an exponential or a power is made of: an integer power of the base and powers of
/// generators.
struct Parts {
    whole: Rational,
    parts: Vec<(Expr, Rational)>,
}

impl Generators {
    /// Finds the generators of a term, inner ones first.
    fn survey(&mut self, e: &Expr) -> Result<(), Refusal> {
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
    fn quotient(&self, e: &Expr) -> Result<(Atom, Atom), Refusal> {
        let (mut n, mut d) = split(&settled(&self.replace(e)?)?)?;
        self.reduce_all(&mut n, &mut d)?;
        Ok((n, d))
    }

    /// The canonical form of a subterm whose generators are known.
    pub(super) fn canonical(&self, e: &Expr) -> Result<Expr, Refusal> {
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
    pub(super) fn meaning(&self, e: &Expr) -> Option<(Option<Expr>, Expr)> {
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
    fn restore(&self, e: &Expr) -> Result<Expr, Refusal> {
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

fn unsurveyed() -> Refusal {
    Refusal::Outside("a power that was not foreseen".into())
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

fn mentions(a: &Atom, unknown: &Atom) -> bool {
    a.contains(unknown)
}

/// The coefficients of a polynomial by the powers of `unknown`.
pub fn coefficients(a: &Atom, unknown: &Atom) -> Result<Vec<(usize, Atom)>, Refusal> {
    let mut out = vec![];
    for (key, c) in a.expand().coefficient_list::<i16>(std::slice::from_ref(unknown)) {
        let power = match key.as_view() {
            v if v.is_one() => Some(0),
            AtomView::Pow(p) if p.get_base() == unknown.as_view() => {
                literal(p.get_exp()).filter(|e| *e.denom() == 1).and_then(|e| e.numer().to_usize())
            }
            v if v == unknown.as_view() => Some(1),
            _ => None,
        };
        match power {
            Some(power) if !mentions(&c, unknown) => out.push((power, c)),
            _ => return Err(Refusal::NotPolynomial),
        }
    }
    Ok(out)
}

/// The polynomial with `unknown^root` replaced by `base` as often as possible.
fn reduced(a: &Atom, unknown: &Atom, root: i64, base: &Atom) -> Result<Atom, Refusal> {
    let root = usize::try_from(root).map_err(|_| unsurveyed())?;
    let mut sum = Atom::num(0);
    for (power, c) in coefficients(a, unknown)? {
        let (times, rest) = (power / root, power % root);
        sum += c * base.pow(times as i64) * unknown.pow(rest as i64);
    }
    Ok(sum)
}

/// `A - B g` for `A + B g`.
fn conjugate(d: &Atom, unknown: &Atom) -> Result<Atom, Refusal> {
    let mut sum = Atom::num(0);
    for (power, c) in coefficients(d, unknown)? {
        sum += if power % 2 == 1 { -(c * unknown) } else { c };
    }
    Ok(sum)
}
