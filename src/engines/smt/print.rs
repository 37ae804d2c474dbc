//! Models as text.
//!
//! A rational value is written as SMT-LIB writes it: `2.0`, `(/ 1.0 3.0)`, `(- 2.0)`. An irrational
//! one is written `(root-obj P n)`: the `n`-th real root, counted from one upwards, of the polynomial
//! `P` in `x`. Where it is only known above other irrational values, a comment says of which
//! polynomial in those it is the only root in which interval. Comments also say what division by
//! zero gives, where the model uses it.

use std::collections::BTreeSet;

use rug::{Integer, Rational};

use super::check::Interpretation;
use super::lexer::is_simple;
use super::ratio::{Ratio, Stop};
use crate::exact::point::Root;
use crate::exact::{Coord, Meter, Point, Poly, Roots, Var};

/// The model as `get-model` prints it. `names` are those of the declared constants.
pub fn model(names: &[String], at: &Interpretation, meter: &Meter) -> Result<String, Stop> {
    let mut lines = vec![];
    let mut told = BTreeSet::new();
    for (name, place) in names.iter().zip(&at.place) {
        match &at.point.coords()[*place as usize] {
            Coord::Rational(r) => lines.push(definition(name, &number(r))),
            Coord::Algebraic(root) => match univariate(&at.point, root, *place, meter)? {
                Some(text) => lines.push(definition(name, &text)),
                None => tell(*place, names, at, &mut told, &mut lines),
            },
        }
    }
    let used: BTreeSet<usize> = at.used.iter().copied().collect();
    for i in used {
        let (dividend, value) = &at.zeros[i];
        lines.push(match (constant(dividend), constant(value)) {
            (Some(a), Some(b)) => format!("  ; (/ {} 0.0) is {}", number(&a), number(&b)),
            _ => "  ; an irrational number divided by zero, or the value of a division by zero, is not shown"
                .into(),
        });
    }
    Ok(format!("(\n{}\n)", lines.join("\n")).replace("(\n\n)", "(\n)"))
}

fn definition(name: &str, value: &str) -> String {
    format!("  (define-fun {} () Real {value})", spelled(name))
}

fn spelled(name: &str) -> String {
    if is_simple(name) { name.to_owned() } else { format!("|{name}|") }
}

fn constant(r: &Ratio) -> Option<Rational> {
    Some(Rational::from((r.num.as_const()?, r.den.as_const()?)))
}

/// A rational number as a term.
fn number(r: &Rational) -> String {
    let size = Rational::from(r.abs_ref());
    let size = match *size.denom() == 1 {
        true => format!("{}.0", size.numer()),
        false => format!("(/ {}.0 {}.0)", size.numer(), size.denom()),
    };
    if *r < 0 { format!("(- {size})") } else { size }
}

/// A root of a polynomial whose other variables have rational values, as `(root-obj P n)`.
fn univariate(point: &Point, root: &Root, place: Var, meter: &Meter) -> Result<Option<String>, Stop> {
    let p = point.substitute(&root.poly);
    if p.variables() != [place] {
        return Ok(None);
    }
    let p = p.rename(&|_| 0);
    let mut line = Point::new();
    let Roots::Some(roots) = line.roots(&p, meter)? else { return Ok(None) };
    let own = Root { poly: p.clone(), lo: root.lo.clone(), hi: root.hi.clone() };
    for (i, mut other) in roots.into_iter().enumerate() {
        let mut own = Coord::Algebraic(own.clone());
        if line.compare(&mut own, &mut other, meter)?.is_eq() {
            return Ok(Some(format!("(root-obj {} {})", polynomial(&p, &|_| "x".into()), i + 1)));
        }
    }
    Ok(None)
}

/// Comments that define a coordinate, after those it is above.
fn tell(
    place: Var,
    names: &[String],
    at: &Interpretation,
    told: &mut BTreeSet<Var>,
    lines: &mut Vec<String>,
) {
    let Some(Coord::Algebraic(root)) = at.point.coords().get(place as usize) else { return };
    if !told.insert(place) {
        return;
    }
    let p = at.point.substitute(&root.poly);
    for v in p.variables().into_iter().filter(|v| *v != place) {
        tell(v, names, at, told, lines);
    }
    let name = |v: Var| match at.place.iter().position(|w| *w == v) {
        Some(i) => spelled(&names[i]),
        None => format!("!{v}"),
    };
    let (low, high) = (number(&root.lo), number(&root.hi));
    lines.push(format!(
        "  ; {} is the only root between {low} and {high} of {}",
        name(place),
        polynomial(&p, &name)
    ));
}

fn integer(n: &Integer) -> String {
    if *n < 0 { format!("(- {})", Integer::from(n.abs_ref())) } else { n.to_string() }
}

/// A polynomial as a term.
fn polynomial(p: &Poly, name: &impl Fn(Var) -> String) -> String {
    let mut terms: Vec<String> = p
        .terms()
        .into_iter()
        .rev()
        .map(|(c, exponents)| {
            let powers = exponents.iter().enumerate().filter(|(_, e)| **e > 0).map(|(v, e)| {
                let x = name(v as Var);
                if *e == 1 { x } else { format!("(^ {x} {e})") }
            });
            let mut factors: Vec<String> = powers.collect();
            if c != 1 || factors.is_empty() {
                factors.insert(0, integer(&c));
            }
            if factors.len() == 1 { factors.remove(0) } else { format!("(* {})", factors.join(" ")) }
        })
        .collect();
    if terms.len() == 1 { terms.remove(0) } else { format!("(+ {})", terms.join(" ")) }
}
