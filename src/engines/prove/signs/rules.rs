//! The rules by which a line of a sign derivation follows from earlier lines.

use std::collections::BTreeMap;

use rug::Rational;
use serde::{Deserialize, Serialize};

use super::proof::recheck_lines;
use super::shift::{Shifted, Step, signs_of_terms};
use super::{Facts, SignSet};
use crate::expr::fold::fold;
use crate::expr::{Expr, Formula, Function, Relation};
use crate::prove::identity::frac::Frac;
use crate::prove::identity::poly::Poly;

/// One line: wherever the facts hold and the term is defined, its sign is one of `signs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub term: Expr,
    pub signs: SignSet,
    pub rule: Rule,
    /// Numbers of earlier lines.
    pub premises: Vec<usize>,
}

/// Why a line holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// Every number has one of three signs.
    Unknown,
    /// A literal, or a polynomial whose sign a fact states.
    Fact,
    /// The signs of the parts of a sum.
    Sum,
    /// The signs of the parts of a product.
    Product,
    /// The signs of base and exponent.
    Power,
    /// The signs of a function's arguments; of `a - 1` for `ln a`.
    Function,
    /// The signs of the values of a case distinction.
    Cases,
    /// The term is `coefficient` times the product of the premises' terms to these powers.
    Factors { coefficient: Rational, exponents: Vec<i64> },
    /// The term is a polynomial; the premises sign its generators in order.
    Terms,
    /// After these steps the premises sign the left-over generators in order.
    Shift(Vec<Step>),
    /// The term is `a g^2 + b g + c`; the premises sign `a` and `4ac - b^2`.
    Quadratic { generator: Expr },
    /// The term is `r s + q` with `s` the square root of `p`; the premise signs `r`. For `q` of
    /// the sign opposite to `r` the term has the sign of `r` times that of `r^2 p - q^2`, which
    /// the derivation's last line signs under the additional fact on `q`.
    Root { generator: Expr, opposed: Vec<Line> },
    /// All premises are about this very term.
    Meet,
}

/// The signs that the rule gives `term` from the premises; `None` where it does not apply.
/// Search and re-check both make lines only through here.
pub fn apply(rule: &Rule, term: &Expr, premises: &[(&Expr, SignSet)], facts: &Facts) -> Option<SignSet> {
    match (rule, term) {
        (Rule::Unknown, _) => Some(SignSet::ANY),
        (Rule::Fact, _) => Some(facts.lookup(&polynomial(term)?)),
        (Rule::Sum, Expr::Add(xs)) => {
            about(premises, xs.iter())?;
            Some(premises.iter().fold(SignSet::ZERO, |acc, (_, s)| acc.plus(*s)))
        }
        (Rule::Product, Expr::Mul(xs)) => {
            about(premises, xs.iter())?;
            Some(premises.iter().fold(SignSet::POSITIVE, |acc, (_, s)| acc.times(*s)))
        }
        (Rule::Power, Expr::Pow(b, x)) => {
            about(premises, [&**b, &**x].into_iter())?;
            Some(power(premises[0].1, x, premises[1].1))
        }
        (Rule::Function, Expr::Fun(f, args)) => function(*f, args, premises),
        (Rule::Cases, Expr::Cases(cs)) => {
            about(premises, cs.iter().map(|c| &c.value))?;
            Some(premises.iter().fold(SignSet::NONE, |acc, (_, s)| acc.join(*s)))
        }
        (Rule::Factors { coefficient, exponents }, _) => product(term, coefficient, exponents, premises),
        (Rule::Terms, _) => {
            let p = polynomial(term)?;
            Some(signs_of_terms(&p, &generators(premises, p.generators().iter().map(|g| &**g))?))
        }
        (Rule::Shift(steps), _) => {
            let mut shifted = Shifted::new(polynomial(term)?);
            for step in steps {
                shifted = shifted.after(step, facts)?;
            }
            let left_over = shifted.left_over();
            Some(shifted.signs(&generators(premises, left_over.iter().map(|g| &**g))?))
        }
        (Rule::Quadratic { generator }, _) => quadratic(&polynomial(term)?, generator, premises),
        (Rule::Root { generator, opposed }, _) => root(term, generator, opposed, premises, facts),
        (Rule::Meet, _) => {
            about(premises, std::iter::repeat_n(term, premises.len()))?;
            Some(premises.iter().fold(SignSet::ANY, |acc, (_, s)| acc.meet(*s)))
        }
        _ => None,
    }
}

/// The term as a polynomial over its symbols, powers and functions.
pub fn polynomial(e: &Expr) -> Option<Poly> {
    Frac::of(e).filter(|f| f.denominator.is_empty()).map(|f| f.numerator)
}

/// The two quantities on which [`Rule::Quadratic`] rests.
pub fn leading_and_discriminant(p: &Poly, g: &Expr) -> Option<(Expr, Expr)> {
    match &p.coefficients(g)[..] {
        [c, b, a] => {
            let d = a.times(c).scaled(&Rational::from(4)).minus(&b.times(b));
            Some((a.to_expr(), d.to_expr()))
        }
        _ => None,
    }
}

/// Whether the premises are about these terms, one by one.
fn about<'a>(premises: &[(&Expr, SignSet)], terms: impl Iterator<Item = &'a Expr>) -> Option<()> {
    premises.iter().map(|(t, _)| *t).eq(terms).then_some(())
}

fn generators<'a>(
    premises: &[(&Expr, SignSet)],
    terms: impl Iterator<Item = &'a Expr>,
) -> Option<BTreeMap<Expr, SignSet>> {
    about(premises, terms)?;
    Some(premises.iter().map(|(t, s)| ((*t).clone(), *s)).collect())
}

fn power(base: SignSet, exponent: &Expr, exponent_signs: SignSet) -> SignSet {
    if let Some(n) = exponent.as_int() {
        return base.power(n);
    }
    let mut out = base.meet(SignSet::POSITIVE);
    // 0^x is 0 for x > 0 and undefined otherwise; a negative base is undefined.
    if SignSet::ZERO.within(base) && SignSet::POSITIVE.within(exponent_signs) {
        out = out.join(SignSet::ZERO);
    }
    out
}

fn function(f: Function, args: &[Expr], premises: &[(&Expr, SignSet)]) -> Option<SignSet> {
    match f {
        Function::Exp => Some(SignSet::POSITIVE),
        Function::Ln => {
            about(premises, std::iter::once(&above_one(args.first()?)))?;
            premises.first().map(|(_, s)| *s)
        }
        Function::Abs => {
            about(premises, args.iter())?;
            premises.first().map(|(_, s)| s.power(2))
        }
        Function::Max | Function::Min => {
            about(premises, args.iter())?;
            let (first, rest) = premises.split_first()?;
            Some(rest.iter().fold(first.1, |acc, (_, s)| extremum(f, acc, *s)))
        }
    }
}

fn extremum(f: Function, a: SignSet, b: SignSet) -> SignSet {
    // In the order of preference of a maximum; a minimum prefers the other way round.
    let mut order = [SignSet::POSITIVE, SignSet::ZERO, SignSet::NEGATIVE];
    if f == Function::Min {
        order.reverse();
    }
    let mut out = SignSet::NONE;
    for (i, x) in order.iter().enumerate() {
        for (j, y) in order.iter().enumerate() {
            if x.within(a) && y.within(b) {
                out = out.join(order[i.min(j)]);
            }
        }
    }
    out
}

/// `a - 1`, whose sign is that of `ln a`.
pub fn above_one(a: &Expr) -> Expr {
    fold(&(a.clone() - Expr::int(1)))
}

fn product(
    term: &Expr,
    coefficient: &Rational,
    exponents: &[i64],
    premises: &[(&Expr, SignSet)],
) -> Option<SignSet> {
    if exponents.len() != premises.len() {
        return None;
    }
    let mut value = Frac::constant(coefficient.clone());
    let mut signs = SignSet::of(coefficient);
    for (n, (t, s)) in exponents.iter().zip(premises) {
        value = value.small_times(&Frac::of(t)?.power(*n, &[])?)?;
        signs = signs.times(s.power(*n));
    }
    Frac::of(term)?.minus(&value).is_zero().then_some(signs)
}

fn quadratic(p: &Poly, g: &Expr, premises: &[(&Expr, SignSet)]) -> Option<SignSet> {
    let (a, d) = leading_and_discriminant(p, g)?;
    about(premises, [&a, &d].into_iter())?;
    let (a, d) = (premises[0].1, premises[1].1);
    let definite = a == SignSet::POSITIVE || a == SignSet::NEGATIVE;
    if !(definite && d.within(SignSet::AT_LEAST_ZERO)) {
        return Some(SignSet::ANY);
    }
    Some(if SignSet::ZERO.within(d) { a.join(SignSet::ZERO) } else { a })
}

/// What [`Rule::Root`] rests on: `r`, `q` and `r^2 p - q^2`.
pub fn root_parts(p: &Poly, g: &Expr) -> Option<(Expr, Expr, Expr)> {
    let Expr::Pow(radicand, x) = g else { return None };
    let half = x.as_num().is_some_and(|x| *x == Rational::from((1, 2)));
    match &p.coefficients(g)[..] {
        [q, r] if half => {
            let squares = Frac::of(radicand)?.times(&Frac::poly(r.times(r)));
            let difference = squares.minus(&Frac::poly(q.times(q)));
            Some((r.to_expr(), q.to_expr(), difference.to_expr()))
        }
        _ => None,
    }
}

/// The fact under which `q` has the sign opposite to `r`.
pub fn opposed_fact(q: &Expr, r: SignSet) -> Option<Formula> {
    let relation = match r {
        SignSet::POSITIVE => Relation::Lt,
        SignSet::NEGATIVE => Relation::Gt,
        _ => return None,
    };
    Some(Formula::Rel(q.clone(), relation, Expr::int(0)))
}

fn root(
    term: &Expr,
    g: &Expr,
    opposed: &[Line],
    premises: &[(&Expr, SignSet)],
    facts: &Facts,
) -> Option<SignSet> {
    let (r, q, difference) = root_parts(&polynomial(term)?, g)?;
    about(premises, [&r, g].into_iter())?;
    let (r_signs, s_signs) = (premises[0].1, premises[1].1);
    let fact = opposed_fact(&q, r_signs)?;
    recheck_lines(opposed, &facts.and(&[fact])).ok()?;
    let last = opposed.last().filter(|l| l.term == difference)?;
    // q of the same sign as r (or s positive) gives that sign; q = 0 that of r s.
    let q_signs = facts.lookup(&polynomial(&q)?);
    let mut out = last.signs.times(r_signs);
    if r_signs.meet(q_signs) != SignSet::NONE {
        out = out.join(r_signs);
    }
    if SignSet::ZERO.within(q_signs) {
        out = out.join(r_signs.times(s_signs));
    }
    Some(out)
}
