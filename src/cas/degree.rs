//! How large the polynomials of a term can become.
//!
//! Symbolica keeps the exponents of polynomials in machine integers of a width that it does not
//! promise; terms whose exponents could come near are refused before they reach it.

use super::worker::Refusal;
use crate::expr::Expr;

/// The largest degree let through: fits sixteen bits with room to spare.
const LARGEST: u64 = 10_000;

/// Refuses a term that, written as one quotient of polynomials, could exceed the largest degree
/// in any symbol, and literal powers of literals beyond it.
pub fn check(e: &Expr) -> Result<(), Refusal> {
    let (n, d) = bound(e);
    match n.max(d) {
        degree if degree > LARGEST => Err(Refusal::Outside(format!("the degree may exceed {LARGEST}"))),
        _ => Ok(()),
    }
}

/// Bounds on the total degrees of numerator and denominator. A literal to a power counts like
/// a symbol, because its digits grow with the exponent.
fn bound(e: &Expr) -> (u64, u64) {
    match e {
        Expr::Num(v) if *v == 0 || v.clone().abs() == 1 => (0, 0),
        Expr::Num(_) | Expr::Sym(_) => (1, 0),
        Expr::Add(xs) => {
            let parts: Vec<(u64, u64)> = xs.iter().map(bound).collect();
            let d = parts.iter().fold(0u64, |sum, p| sum.saturating_add(p.1));
            let n = parts.iter().map(|p| p.0.saturating_add(d - p.1.min(d))).max();
            (n.unwrap_or(0), d)
        }
        Expr::Mul(xs) => xs
            .iter()
            .map(bound)
            .fold((0, 0), |(n, d), (m, c)| (u64::saturating_add(n, m), u64::saturating_add(d, c))),
        Expr::Pow(b, p) => {
            let (n, d) = bound(b);
            let Some(p) = p.as_num() else {
                let (m, c) = bound(p);
                return (n.max(m).max(1), d.max(c));
            };
            let times = p.clone().abs().ceil().numer().to_u64().unwrap_or(u64::MAX);
            // The denominator of a root multiplies the degree of everything beside it.
            let times = times.saturating_mul(p.denom().to_u64().unwrap_or(u64::MAX));
            let (n, d) = (n.saturating_mul(times), d.saturating_mul(times));
            if *p < 0 { (d, n) } else { (n, d) }
        }
        e => e.children().into_iter().map(bound).fold((1, 0), |(n, d), (m, c)| (n.max(m), d.max(c))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_degree_of_nested_powers_multiplies() {
        let x = Expr::sym("x");
        let e = Expr::pow(Expr::pow(x.clone(), Expr::int(200)) + Expr::int(1), Expr::int(200));
        assert!(check(&e).is_err());
        assert_eq!(check(&Expr::pow(x, Expr::int(200))), Ok(()));
    }

    #[test]
    fn the_denominators_of_a_sum_multiply() {
        let x = Expr::sym("x");
        let fraction = |n| Expr::recip(Expr::pow(x.clone(), Expr::int(4000)) + Expr::int(n));
        assert_eq!(check(&(fraction(1) + fraction(2))), Ok(()));
        assert!(check(&Expr::Add(vec![fraction(1), fraction(2), fraction(3)])).is_err());
    }
}
