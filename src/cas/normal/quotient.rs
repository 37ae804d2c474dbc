//! Quotients of polynomials, and polynomials in one unknown.

use rug::Rational;
use symbolica::atom::{Atom, AtomCore as _, AtomView};

use super::unsurveyed;
use crate::cas::decode::{decode, literal};
use crate::cas::degree;
use crate::cas::encode::{encode, number};
use crate::cas::worker::Refusal;
use crate::expr::Expr;

/// A rational term as an atom, every divisor of which is known not to vanish identically:
/// Symbolica panics on a divisor of zero that it does not see at once.
pub(super) fn settled(e: &Expr) -> Result<Atom, Refusal> {
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
pub(super) fn divided(n: &Atom, d: &Atom) -> Result<(Atom, Atom), Refusal> {
    let (top, bottom) = split(d)?;
    if top.is_zero() {
        return Err(Refusal::Undefined);
    }
    split(&(n * bottom / top))
}

/// Numerator and denominator, both expanded, without a common factor. Refused if a coefficient
/// is no real number, the degree too large, or the denominator zero.
pub(super) fn split(a: &Atom) -> Result<(Atom, Atom), Refusal> {
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

pub(super) fn mentions(a: &Atom, unknown: &Atom) -> bool {
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
pub(super) fn reduced(a: &Atom, unknown: &Atom, root: i64, base: &Atom) -> Result<Atom, Refusal> {
    let root = usize::try_from(root).map_err(|_| unsurveyed())?;
    let mut sum = Atom::num(0);
    for (power, c) in coefficients(a, unknown)? {
        let (times, rest) = (power / root, power % root);
        sum += c * base.pow(times as i64) * unknown.pow(rest as i64);
    }
    Ok(sum)
}

/// `A - B g` for `A + B g`.
pub(super) fn conjugate(d: &Atom, unknown: &Atom) -> Result<Atom, Refusal> {
    let mut sum = Atom::num(0);
    for (power, c) in coefficients(d, unknown)? {
        sum += if power % 2 == 1 { -(c * unknown) } else { c };
    }
    Ok(sum)
}
