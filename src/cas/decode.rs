//! Symbolica's terms as ours.
//!
//! Exact real numbers only: a complex, floating or infinite coefficient is a [`Refusal`].
//! The parts of sums and products are put into an order of ours, because Symbolica's own is
//! nowhere promised.

use std::cmp::Ordering;

use rug::Rational;
use symbolica::atom::{Atom, AtomView, Symbol as Letter};
use symbolica::coefficient::CoefficientView;

use super::encode::letters;
use super::wire::neutral;
use super::worker::Refusal;
use crate::expr::{Expr, Function};

/// The atom as a term.
pub fn decode(a: &Atom) -> Result<Expr, Refusal> {
    view(a.as_view())
}

/// The literal that an atom is, if it is an exact real one.
pub fn literal(a: AtomView<'_>) -> Option<Rational> {
    match a {
        AtomView::Num(n) => rational(n.get_coeff_view()).ok(),
        _ => None,
    }
}

fn view(a: AtomView<'_>) -> Result<Expr, Refusal> {
    Ok(match a {
        AtomView::Num(n) => Expr::Num(rational(n.get_coeff_view())?),
        AtomView::Var(v) => variable(v.get_symbol())?,
        AtomView::Fun(f) => {
            let args: Vec<Expr> = f.iter().map(view).collect::<Result<_, _>>()?;
            function(f.get_symbol(), args)?
        }
        AtomView::Pow(p) => {
            let (b, e) = p.get_base_exp();
            if is_euler(b) {
                return Ok(Expr::Fun(Function::Exp, vec![view(e)?]));
            }
            Expr::pow(view(b)?, view(e)?)
        }
        AtomView::Mul(m) => {
            let mut factors: Vec<Expr> = m.iter().map(view).collect::<Result<_, _>>()?;
            factors.sort_by(factor_order);
            Expr::Mul(factors)
        }
        AtomView::Add(s) => {
            let mut terms: Vec<Expr> = s.iter().map(view).collect::<Result<_, _>>()?;
            terms.sort_by(term_order);
            Expr::Add(terms)
        }
    })
}

fn is_euler(a: AtomView<'_>) -> bool {
    matches!(a, AtomView::Var(v) if v.get_symbol() == Letter::E)
}

fn variable(letter: Letter) -> Result<Expr, Refusal> {
    if letter == Letter::E {
        return Ok(Expr::Fun(Function::Exp, vec![Expr::int(1)]));
    }
    let place = letters().iter().position(|l| *l == letter);
    place.map(|i| Expr::Sym(neutral(i))).ok_or_else(|| Refusal::Outside(format!("`{}`", letter.get_name())))
}

fn function(name: Letter, mut args: Vec<Expr>) -> Result<Expr, Refusal> {
    match (args.pop(), args.is_empty()) {
        (Some(a), true) if name == Letter::LOG => Ok(Expr::Fun(Function::Ln, vec![a])),
        (Some(a), true) if name == Letter::EXP => Ok(Expr::Fun(Function::Exp, vec![a])),
        (Some(a), true) if name == Letter::SQRT => Ok(Expr::sqrt(a)),
        _ => Err(Refusal::Outside(format!("the function `{}`", name.get_name()))),
    }
}

fn rational(c: CoefficientView<'_>) -> Result<Rational, Refusal> {
    match c {
        CoefficientView::Natural(n, d, 0, _) => Ok(Rational::from((n, d))),
        CoefficientView::Large(re, im) if im.is_zero() => Ok(re.to_rat().to_multi_prec()),
        CoefficientView::Indeterminate | CoefficientView::Infinity(_) => Err(Refusal::Undefined),
        CoefficientView::Natural(..) | CoefficientView::Large(..) => {
            Err(Refusal::Outside("a complex number".into()))
        }
        _ => Err(Refusal::Outside("an inexact number".into())),
    }
}

/// Literals first, then what has a positive exponent, then divisors.
fn factor_order(a: &Expr, b: &Expr) -> Ordering {
    let class = |e: &Expr| match e {
        Expr::Num(_) => 0,
        Expr::Pow(_, p) if p.as_num().is_some_and(|p| *p < 0) => 2,
        _ => 1,
    };
    class(a).cmp(&class(b)).then_with(|| a.cmp(b))
}

/// By what is multiplied, its literal factor aside; the literal term last.
fn term_order(a: &Expr, b: &Expr) -> Ordering {
    let bare = |e: &Expr| match e {
        Expr::Mul(xs) if xs.first().is_some_and(|x| x.as_num().is_some()) => xs[1..].to_vec(),
        Expr::Mul(xs) => xs.clone(),
        e => vec![e.clone()],
    };
    let last = |e: &Expr| e.as_num().is_some();
    last(a).cmp(&last(b)).then_with(|| bare(a).cmp(&bare(b))).then_with(|| a.cmp(b))
}
