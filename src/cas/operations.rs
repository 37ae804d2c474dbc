//! The operations, on the child's side.

use std::collections::BTreeSet;

use symbolica::atom::{Atom, AtomCore as _};
use symbolica::solve::SolveError;

use super::decode::decode;
use super::encode::{admit, encode, letter, letters};
use super::normal::{Fraction, coefficients};
use super::protocol::{Reply, Request};
use super::wire::{neutral, read_neutral, write_neutral};
use super::worker::Refusal;
use crate::expr::{Expr, Symbol};

/// Wakes Symbolica up; without its one licence this aborts.
pub fn start() {
    letters();
}

/// The reply to a request.
pub fn answer(request: &Request) -> Reply {
    match try_answer(request) {
        Ok(reply) => reply,
        Err(refusal) => refusal.into(),
    }
}

fn try_answer(request: &Request) -> Result<Reply, Refusal> {
    let nothing = BTreeSet::new();
    match request {
        Request::Derivative { of, by } => {
            let d = admit(&read(of)?)?.derivative(letter(*by)?);
            reply(&[decode(&d)?])
        }
        Request::Normal { of, positive } => reply(&[Fraction::of(&read(of)?, &set(positive))?.quotient()?]),
        Request::Fraction { of, positive } => {
            let f = Fraction::of(&read(of)?, &set(positive))?;
            reply(&[f.to_term(&f.numerator)?, f.to_term(&f.denominator)?])
        }
        Request::IsZero { of, positive } => {
            Ok(Reply::Zero(Fraction::of(&read(of)?, &set(positive))?.is_zero()))
        }
        Request::Expand { of } => reply(&[decode(&admit(&read(of)?)?.expand())?]),
        Request::Factor { of } => {
            let f = Fraction::of(&read(of)?, &nothing)?;
            reply(&[f.to_term(&(f.numerator.factor() / f.denominator.factor()))?])
        }
        Request::Collect { of, by } => {
            let x = Atom::var(letter(*by)?);
            reply(&[decode(&admit(&read(of)?)?.expand().collect::<i16>(x))?])
        }
        Request::Coefficients { of, by } => reply(&polynomial(&read(of)?, *by)?),
        Request::SolveLinear { equations, unknowns } => solve_linear(equations, unknowns),
    }
}

fn read(line: &str) -> Result<Expr, Refusal> {
    read_neutral(line).ok_or_else(|| Refusal::Outside("an unreadable term".into()))
}

fn set(places: &[usize]) -> BTreeSet<Symbol> {
    places.iter().map(|p| neutral(*p)).collect()
}

fn reply(terms: &[Expr]) -> Result<Reply, Refusal> {
    let lines: Option<Vec<String>> = terms.iter().map(write_neutral).collect();
    lines.map(Reply::Terms).ok_or_else(|| Refusal::Outside("a term of another kind".into()))
}

/// The coefficients of a polynomial in the symbol at `by`, the constant one first; at least one.
fn polynomial(e: &Expr, by: usize) -> Result<Vec<Expr>, Refusal> {
    let f = Fraction::of(e, &BTreeSet::new())?;
    let x = Atom::var(letter(by)?);
    if f.hides(by) || f.denominator.contains(&x) {
        return Err(Refusal::NotPolynomial);
    }
    let mut out: Vec<Expr> = vec![Expr::int(0)];
    for (power, c) in coefficients(&f.numerator, &x)? {
        if power >= out.len() {
            out.resize(power + 1, Expr::int(0));
        }
        out[power] = Fraction::of(&f.to_term(&(c / &f.denominator))?, &BTreeSet::new())?.quotient()?;
    }
    Ok(out)
}

fn solve_linear(equations: &[String], unknowns: &[usize]) -> Result<Reply, Refusal> {
    let equations: Vec<Expr> = equations.iter().map(|e| read(e)).collect::<Result<_, _>>()?;
    let unknown: BTreeSet<Symbol> = set(unknowns);
    let system: Vec<Atom> =
        equations.iter().map(|e| encode(&linear(e, unknowns, &unknown)?)).collect::<Result<_, _>>()?;
    let letters: Vec<Atom> = unknowns.iter().map(|p| letter(*p).map(Atom::var)).collect::<Result<_, _>>()?;
    let solution = Atom::solve_linear_system::<u16, _, _>(&system, &letters).map_err(|e| match e {
        SolveError::Underdetermined { .. } => Refusal::NoUniqueSolution,
        other => Refusal::Outside(other.to_string()),
    })?;
    let solution: Vec<Expr> = solution.iter().map(decode).collect::<Result<_, _>>()?;
    checked(&equations, unknowns, &unknown, solution)
}

/// The term written as a constant and multiples of the unknowns.
fn linear(e: &Expr, unknowns: &[usize], unknown: &BTreeSet<Symbol>) -> Result<Expr, Refusal> {
    let mut rest = e.clone();
    let mut terms = vec![];
    for place in unknowns {
        let c = polynomial(&rest, *place).map_err(|refusal| match refusal {
            Refusal::NotPolynomial => Refusal::NotLinear,
            other => other,
        })?;
        if c.len() > 2 || c.iter().skip(1).any(|c| !c.free().is_disjoint(unknown)) {
            return Err(Refusal::NotLinear);
        }
        let mut c = c.into_iter();
        rest = c.next().unwrap_or_else(|| Expr::int(0));
        terms.extend(c.map(|slope| slope * Expr::Sym(neutral(*place))));
    }
    terms.push(rest);
    Ok(Expr::Add(terms))
}

/// The solution, once it has been put into the equations.
fn checked(
    equations: &[Expr],
    unknowns: &[usize],
    unknown: &BTreeSet<Symbol>,
    solution: Vec<Expr>,
) -> Result<Reply, Refusal> {
    if solution.len() != unknowns.len() || solution.iter().any(|s| !s.free().is_disjoint(unknown)) {
        return Err(Refusal::NoUniqueSolution);
    }
    let with = unknowns.iter().map(|p| neutral(*p)).zip(solution.iter().cloned()).collect();
    for e in equations {
        if Fraction::of(&e.substitute_all(&with), &BTreeSet::new())?.is_zero() != Some(true) {
            return Err(Refusal::Outside("a solution that does not check".into()));
        }
    }
    reply(&solution)
}
