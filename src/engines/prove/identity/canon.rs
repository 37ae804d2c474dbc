//! Canonical forms: fractions of polynomials over symbols and positive power products.

use std::collections::BTreeMap;

use rug::{Integer, Rational};

use super::exponent::parts;
use super::frac::{Frac, LARGEST_POLY, factors};
use super::oracle::Oracle;
use super::poly::{Poly, gcd};
use crate::expr::Expr;
use crate::expr::fold::fold;
use crate::prove::effort;
use crate::prove::signs::{Facts, SignSet};

/// How often refined bases and root indices may start a computation afresh.
const MOST_RESTARTS: usize = 60;
/// Primes up to this one are looked for in literals under powers.
const LARGEST_TRIAL_PRIME: u32 = 10_000;

/// Why no canonical form came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A polynomial that is not negative may vanish, and stands under a power whose rules need
    /// it positive: both cases must be looked at.
    Border(Poly),
    /// Bases or root indices were refined: start again.
    Restart,
    /// No rule applies.
    Unsupported(String),
}

/// What a power generator stands for: `base^exponent`, `value` being the base as a polynomial.
#[derive(Clone, Debug)]
pub struct Meaning {
    pub base: Expr,
    pub value: Poly,
    pub exponent: Frac,
}

/// One computation of canonical forms under fixed facts.
///
/// Every rule used holds at each point where the facts hold and the term is defined; signs of
/// bases come from the oracle only.
pub struct Canon<'o, 'f> {
    oracle: &'o mut Oracle<'f>,
    /// Pairwise coprime polynomials into which bases are split.
    known: Vec<Poly>,
    /// For a base and an exponent's unit `m`: the `l` of the generator `base^(m/l)`.
    scales: BTreeMap<(Expr, Expr), u32>,
    pub meanings: BTreeMap<Expr, Meaning>,
    /// `g^l = value` for root generators.
    relations: BTreeMap<Expr, (u32, Poly)>,
}

impl<'o, 'f> Canon<'o, 'f> {
    /// Computes with the sums that the facts sign as the first bases.
    pub fn new(facts: &Facts, oracle: &'o mut Oracle<'f>) -> Self {
        let mut known: Vec<Poly> = vec![];
        for p in facts.sums() {
            let Some((_, parts)) = factors(&p, &known) else { continue };
            for f in parts.into_keys().filter(|f| f.size() > 1 && f.size() <= 6) {
                if known.iter().all(|k| gcd(k, &f).as_constant().is_some()) {
                    known.push(f);
                }
            }
        }
        Canon {
            oracle,
            known,
            scales: BTreeMap::new(),
            meanings: BTreeMap::new(),
            relations: BTreeMap::new(),
        }
    }

    /// The canonical forms of several terms over common generators.
    pub fn forms(&mut self, terms: &[&Expr]) -> Result<Vec<Frac>, Stop> {
        for _ in 0..MOST_RESTARTS {
            self.meanings.clear();
            self.relations.clear();
            match terms.iter().map(|t| self.form(t)).collect() {
                Err(Stop::Restart) => {}
                other => return other,
            }
        }
        Err(Stop::Unsupported("the bases of powers could not be split into coprime ones".to_owned()))
    }
    /// The difference of two forms, with root relations applied.
    pub fn difference(&self, a: &Frac, b: &Frac) -> Frac {
        self.reduced(a.minus(b))
    }
    /// The factors of a polynomial over the known bases.
    pub fn factored(&self, p: &Poly) -> Option<(Rational, BTreeMap<Poly, u32>)> {
        factors(p, &self.known)
    }

    /// The signs of a term wherever it is defined.
    pub fn signs(&mut self, e: &Expr) -> SignSet {
        self.oracle.signs(e)
    }

    fn form(&mut self, e: &Expr) -> Result<Frac, Stop> {
        if effort::spend(1).is_none() {
            return Err(Stop::Unsupported("the effort allowed is used up".to_owned()));
        }
        let too_large = || Stop::Unsupported("a polynomial grew too large".to_owned());
        let out = match e {
            Expr::Num(n) => Frac::constant(n.clone()),
            Expr::Sym(_) => Frac::poly(Poly::generator(e.clone())),
            Expr::Add(xs) => {
                let mut acc = Frac::constant(0);
                for x in xs {
                    acc = acc.small_plus(&self.form(x)?).ok_or_else(too_large)?;
                }
                self.reduced(acc)
            }
            Expr::Mul(xs) => {
                let mut acc = Frac::constant(1);
                for x in xs {
                    acc = acc.small_times(&self.form(x)?).ok_or_else(too_large)?;
                }
                self.reduced(acc)
            }
            Expr::Pow(b, x) => self.power(b, x)?,
            Expr::Fun(f, args) => {
                let mut normal = vec![];
                for a in args {
                    normal.push(self.form(a)?.to_expr());
                }
                Frac::poly(Poly::generator(fold(&Expr::Fun(*f, normal))))
            }
            Expr::Cases(_) => Frac::poly(Poly::generator(fold(e))),
            _ => return Err(Stop::Unsupported("an operator stands where a term was expected".to_owned())),
        };
        if out.numerator.size() > LARGEST_POLY {
            return Err(too_large());
        }
        Ok(out)
    }

    fn power(&mut self, b: &Expr, x: &Expr) -> Result<Frac, Stop> {
        let base = self.form(b)?;
        match x.as_int() {
            Some(n) => self.integer_power(&base, n),
            None => {
                let exponent = self.form(x)?;
                self.raised(&base, &exponent)
            }
        }
    }
    fn integer_power(&self, base: &Frac, n: i64) -> Result<Frac, Stop> {
        if base.is_zero() && n < 0 {
            return Err(Stop::Unsupported("a division by zero".to_owned()));
        }
        let out = base.power(n, &self.known);
        out.map(|f| self.reduced(f))
            .ok_or_else(|| Stop::Unsupported("a literal exponent is too large".to_owned()))
    }

    /// `base^x` for `x` that is not a literal integer, so that `base > 0`, or `base = 0 < x`.
    fn raised(&mut self, base: &Frac, x: &Frac) -> Result<Frac, Stop> {
        if base.is_zero() {
            return Ok(Frac::constant(0));
        }
        let literal = x.as_constant();
        if let Some(n) = literal.as_ref().filter(|q| *q.denom() == 1).and_then(|q| q.numer().to_i64()) {
            return self.integer_power(base, n);
        }
        let Some(split) = self.oriented(base, literal.is_some())? else {
            return Ok(Frac::constant(0));
        };
        let mut out = self.literal_power(&split.content, x)?;
        for (p, n) in split.factors {
            let scaled = x.times(&Frac::constant(n));
            out = out.times(&self.atom_power(&p, &scaled)?);
        }
        Ok(self.reduced(out))
    }

    /// The base as a positive literal times powers of polynomials that are positive or, under
    /// literal exponents, not negative. `None` if a factor is known to vanish.
    fn oriented(&mut self, base: &Frac, literal: bool) -> Result<Option<Oriented>, Stop> {
        let (mut content, above) = factors(&base.numerator, &self.known).expect("the base is not zero");
        let below = base.denominator.iter().map(|(f, n)| (f.clone(), -i64::from(*n)));
        let all: Vec<(Poly, i64)> = above.into_iter().map(|(f, n)| (f, i64::from(n))).chain(below).collect();
        let (mut settled, mut weak, mut open) = (vec![], None, vec![]);
        for (f, n) in all {
            self.note_base(&f)?;
            let mut signs = self.oracle.signs(&f.to_expr());
            if n < 0 {
                // A denominator vanishes nowhere where the term is defined.
                signs = signs.meet(SignSet::NON_ZERO);
            }
            if signs == SignSet::ZERO {
                return Ok(None);
            }
            let oriented = if signs.within(SignSet::AT_MOST_ZERO) {
                content *= if n % 2 == 0 { 1 } else { -1 };
                f.scaled(&Rational::from(-1))
            } else if signs.within(SignSet::AT_LEAST_ZERO) {
                f
            } else {
                open.push((f, n));
                continue;
            };
            if SignSet::ZERO.within(signs) {
                weak = weak.or(Some(oriented.clone()));
            }
            settled.push((oriented, n));
        }
        match weak {
            Some(p) if !literal || !open.is_empty() => return Err(Stop::Border(self.meant(p))),
            _ => {}
        }
        if open.is_empty() && content < 0 {
            return Err(Stop::Unsupported("a power of a negative base".to_owned()));
        }
        if !open.is_empty() {
            settled.extend(self.whole(&mut content, open, literal)?);
        }
        Ok(Some(Oriented { content, factors: settled }))
    }

    /// Factors of unknown sign, kept together: with everything else positive their product is
    /// not negative wherever the power is defined. `a/b` is taken as `ab/b^2`.
    fn whole(
        &mut self,
        content: &mut Rational,
        open: Vec<(Poly, i64)>,
        literal: bool,
    ) -> Result<Vec<(Poly, i64)>, Stop> {
        let power = |n: i64| u32::try_from(n.unsigned_abs()).expect("an exponent of a factor is small");
        let mut product = Poly::constant(if *content < 0 { -1 } else { 1 });
        let mut square = Poly::constant(1);
        for (f, n) in &open {
            product = product.times(&f.power(power(*n)));
            if *n < 0 {
                square = square.times(&f.power(2 * power(*n)));
            }
        }
        content.abs_mut();
        if !literal && self.oracle.signs(&product.to_expr()) != SignSet::POSITIVE {
            return Err(Stop::Border(product));
        }
        let mut out = vec![(product, 1)];
        if square.as_constant().is_none() {
            out.push((square, -1));
        }
        Ok(out)
    }

    /// The base of the power, if the polynomial is a power generator by itself.
    fn meant(&self, p: Poly) -> Poly {
        let base = p.as_generator().and_then(|g| self.meanings.get(&**g)).map(|m| m.value.clone());
        base.unwrap_or(p)
    }

    /// Keeps the bases coprime: a common factor with an earlier one splits both.
    fn note_base(&mut self, f: &Poly) -> Result<(), Stop> {
        if f.size() < 2 || self.known.contains(f) {
            return Ok(());
        }
        for i in 0..self.known.len() {
            let g = gcd(&self.known[i], f);
            if g.as_constant().is_some() {
                continue;
            }
            let k = self.known.remove(i);
            let pieces = [k.exactly_over(&g), f.exactly_over(&g), Some(g)];
            for p in pieces.into_iter().flatten().map(|p| p.primitive().1) {
                if p.as_constant().is_none() && !self.known.contains(&p) {
                    self.known.push(p);
                }
            }
            return Err(Stop::Restart);
        }
        self.known.push(f.clone());
        Ok(())
    }

    fn literal_power(&mut self, content: &Rational, x: &Frac) -> Result<Frac, Stop> {
        let mut out = Frac::constant(1);
        for (integer, sign) in [(content.numer(), 1), (content.denom(), -1)] {
            for (p, n) in prime_powers(integer) {
                let scaled = x.times(&Frac::constant(sign * i64::from(n)));
                let value = Poly::constant(p.clone());
                out = out.times(&self.base_power(&Expr::Num(Rational::from(p)), &value, &scaled)?);
            }
        }
        Ok(out)
    }
    fn atom_power(&mut self, p: &Poly, x: &Frac) -> Result<Frac, Stop> {
        match p.as_generator().and_then(|g| self.meanings.get(&**g)).cloned() {
            // (a^p)^q = a^(pq) for a > 0
            Some(m) => {
                let exponent = m.exponent.times(x);
                self.base_power(&m.base, &m.value, &exponent)
            }
            None => self.base_power(&p.to_expr(), p, x),
        }
    }
    /// `base^x` as a product over the parts of the exponent.
    fn base_power(&mut self, base: &Expr, value: &Poly, x: &Frac) -> Result<Frac, Stop> {
        let (constant, units) = parts(x);
        let floor = constant.clone().floor();
        let whole = floor.numer().to_i64().filter(|n| n.abs() <= 1000);
        let whole = whole.ok_or_else(|| Stop::Unsupported("a literal exponent is too large".to_owned()))?;
        let mut out = self.integer_power(&Frac::poly(value.clone()), whole)?;
        let fraction = constant - floor;
        if fraction != 0 {
            out = out.times(&self.unit_power(base, value, &Frac::constant(1), &fraction)?);
        }
        for (unit, q) in units {
            out = out.times(&self.unit_power(base, value, &unit, &q)?);
        }
        Ok(self.reduced(out))
    }
    /// `base^(q unit)` as a power of the generator `base^(unit/l)`.
    fn unit_power(&mut self, base: &Expr, value: &Poly, unit: &Frac, q: &Rational) -> Result<Frac, Stop> {
        let too_large = || Stop::Unsupported("a literal exponent is too large".to_owned());
        let scale = self.scales.entry((base.clone(), unit.to_expr())).or_insert(1);
        let denominator = q.denom().to_u32().ok_or_else(too_large)?;
        if !scale.is_multiple_of(denominator) {
            let common = Integer::from(*scale).lcm(q.denom());
            *scale = common.to_u32().filter(|n| *n <= 1000).ok_or_else(too_large)?;
            return Err(Stop::Restart);
        }
        let l = *scale;
        let n = (q * Rational::from(l)).numer().to_i64();
        let n = n.filter(|n| n.abs() <= 1000).ok_or_else(too_large)?;
        let exponent = unit.times(&Frac::constant(Rational::from((1, l))));
        let g = Expr::pow(base.clone(), exponent.to_expr());
        if unit.as_constant().is_some() {
            self.relations.insert(g.clone(), (l, value.clone()));
        }
        self.meanings.insert(g.clone(), Meaning { base: base.clone(), value: value.clone(), exponent });
        Frac::poly(Poly::generator(g)).power(n, &[]).ok_or_else(too_large)
    }

    /// The fraction with `g^l = value` applied, and single roots moved out of the denominator.
    fn reduced(&self, f: Frac) -> Frac {
        let touched = |g: &Expr| self.relations.contains_key(g);
        let relevant = |p: &Poly| p.terms().any(|(m, _)| m.factors().iter().any(|(g, _)| touched(g)));
        if !relevant(&f.numerator) && !f.denominator.keys().any(relevant) {
            return f;
        }
        let mut out = Frac::constant(1);
        for (d, n) in &f.denominator {
            out = out.times(&self.reduced_denominator(d, *n));
        }
        out = out.times(&Frac::poly(self.reduced_poly(f.numerator)));
        Frac { numerator: self.reduced_poly(out.numerator), denominator: out.denominator }
    }
    /// `1/d^n`
    fn reduced_denominator(&self, d: &Poly, n: u32) -> Frac {
        let root = d.as_generator().and_then(|g| Some((g, self.relations.get(&**g)?)));
        let Some((g, (l, value))) = root else {
            return Frac { numerator: Poly::constant(1), denominator: BTreeMap::from([(d.clone(), n)]) };
        };
        let times = n.div_ceil(*l);
        let left = Poly::generator((**g).clone()).power(times * l - n);
        let over = Frac::poly(value.power(times)).inverted(&self.known).expect("a denominator is not zero");
        Frac::poly(left).times(&over)
    }
    fn reduced_poly(&self, mut p: Poly) -> Poly {
        loop {
            let high = p.generators().into_iter().find_map(|g| {
                let (l, value) = self.relations.get(&*g)?;
                (p.degree(&g) >= *l).then_some((g, *l, value))
            });
            let Some((g, l, value)) = high else { return p };
            let mut low = vec![Poly::zero(); l as usize];
            for (i, c) in (0u32..).zip(p.coefficients(&g)) {
                let here = &mut low[(i % l) as usize];
                *here = here.plus(&c.times(&value.power(i / l)));
            }
            p = Poly::from_coefficients(&g, &low);
        }
    }
}

/// A base split into a positive literal and oriented factors.
struct Oriented {
    content: Rational,
    factors: Vec<(Poly, i64)>,
}

/// Prime powers of a positive integer; a cofactor without small prime factors counts as a prime.
fn prime_powers(n: &Integer) -> Vec<(Integer, u32)> {
    let (mut rest, mut out) = (n.clone(), vec![]);
    let mut p = 2u32;
    while p <= LARGEST_TRIAL_PRIME && rest > 1 {
        let mut times = 0;
        while rest.is_divisible_u(p) {
            rest.div_exact_u_mut(p);
            times += 1;
        }
        if times > 0 {
            out.push((Integer::from(p), times));
        }
        p += if p == 2 { 1 } else { 2 };
    }
    if rest > 1 {
        out.push((rest, 1));
    }
    out
}
