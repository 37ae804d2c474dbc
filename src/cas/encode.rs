//! Our terms as Symbolica's.
//!
//! Built through its programming interface, never by parsing text: its parser reads `0.1` as an
//! inexact number and `x<1` as a name. [`super::decode`] is the way back.

use std::sync::OnceLock;

use symbolica::atom::{Atom, AtomCore as _, Symbol as Letter};
use symbolica::symbol;

use super::decode::literal;
use super::degree;
use super::wire::{MAX_SYMBOLS, place_of};
use super::worker::Refusal;
use crate::expr::{Expr, Function};

/// The letters declared at the start: the request's symbols first, then as many for the powers
/// and functions that a normal form treats as unknowns. All are declared in one go, without
/// attributes, because Symbolica orders terms by the history of its letters.
pub const LETTERS: usize = 2 * MAX_SYMBOLS;

/// All letters, in order.
pub fn letters() -> &'static [Letter] {
    static LETTERS_IN_ORDER: OnceLock<Vec<Letter>> = OnceLock::new();
    LETTERS_IN_ORDER.get_or_init(|| (0..LETTERS).map(|i| symbol!(format!("x{i}"))).collect())
}

/// The letter at a place.
pub fn letter(place: usize) -> Result<Letter, Refusal> {
    letters().get(place).copied().ok_or_else(|| Refusal::Outside("too many unknowns".into()))
}

/// A term that came from outside as an atom. [`Refusal::Outside`] if its degree is too large
/// ([`degree`]).
pub fn admit(e: &Expr) -> Result<Atom, Refusal> {
    degree::check(e)?;
    encode(e)
}

/// The term as an atom. Symbolica simplifies as it builds; what it returns equals the term
/// wherever both are defined, and may be defined at more points.
pub fn encode(e: &Expr) -> Result<Atom, Refusal> {
    Ok(match e {
        Expr::Num(n) => number(n),
        Expr::Sym(s) => {
            let place = place_of(s).ok_or_else(|| Refusal::Outside(format!("unknown `{s}`")))?;
            Atom::var(letter(place)?)
        }
        Expr::Add(xs) => Atom::add_many(&list(xs)?),
        Expr::Mul(xs) => Atom::mul_many(&list(xs)?),
        Expr::Pow(b, p) => power(b, p)?,
        Expr::Fun(Function::Ln, xs) => encode(&xs[0])?.log(),
        Expr::Fun(Function::Exp, xs) => encode(&xs[0])?.exp(),
        _ => return Err(Refusal::Outside("not an elementary term".into())),
    })
}

/// The literal as an atom.
pub fn number(n: &rug::Rational) -> Atom {
    Atom::num(symbolica::domains::rational::Rational::from(n.clone()))
}

fn list(xs: &[Expr]) -> Result<Vec<Atom>, Refusal> {
    xs.iter().map(encode).collect()
}

fn power(b: &Expr, p: &Expr) -> Result<Atom, Refusal> {
    let base = encode(b)?;
    if p.is_zero() {
        // A literal exponent 0 gives 1 even at 0, where Symbolica says 0/0.
        return Ok(Atom::num(1));
    }
    let exponent = encode(p)?;
    if base.is_zero() {
        // Zero for positive exponents, undefined for all others.
        return match literal(exponent.as_view()) {
            Some(e) if e <= 0 => Err(Refusal::Undefined),
            _ => Ok(Atom::num(0)),
        };
    }
    Ok(base.pow(exponent))
}
